"""One contract for each seam, run on everything that fills it."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from news import evidence

from rag.archive import SqlArchive
from rag.chroma import ChromaIndex
from rag.claims import Verdict
from rag.embedded import BgeSmallEmbedder, MiniLMReranker, StaticEmbedder
from rag.errors import IndexDamaged
from rag.exact import ExactIndex, Rows
from rag.indexing import Indexer
from rag.lexical import LexicalIndex
from rag.offline import (
    AgreeableVerifier,
    EchoGenerator,
    HashEmbedder,
    LyingGenerator,
    MemoryIndex,
    OverlapReranker,
)
from rag.proposals import Draft
from rag.protocols import Embedder, Entry, Generator, Index, Judgement, Reranker, Verifier
from rag.sources import Article, Chunk, Scope, digest

EMBEDDER = HashEmbedder()
SUBJECTS = ("ferry", "bridge", "tunnel", "airport", "museum", "stadium")
NO_SCOPE = Scope()
NONE: set[int] = set()


def story(n: int, *, text: str = "") -> Article:
    """Story ``n`` is of the 1 + n-th of March, by one of two papers; the last has no date."""
    day = datetime(2026, 3, 1 + n, 9, tzinfo=UTC) if n < len(SUBJECTS) - 1 else None
    outlet = "Harbour Post" if n % 2 == 0 else "Daily Quay"
    body = text or "The {0} opened again: {0}, {0}, {0}.".format(SUBJECTS[n])
    return Article(text=body, outlet=outlet, published=day, url=f"https://x.example/{n}")


def entry(article: Article) -> Entry:
    chunk = Chunk(article.id, article.version, 0, 0, 0, 0, len(article.text))
    return Entry(chunk, article, EMBEDDER.matrix([article.text])[0])


# -- indexes ---------------------------------------------------------------------------------------------------------


class Archived:
    """An exact index with the archive that feeds it: adding and removing is that keeper's work."""

    def __init__(self, folder: Path) -> None:
        self.archive = SqlArchive(folder)
        self.indexer = Indexer(self.archive, EMBEDDER, EMBEDDER.name, folder)

        def load() -> Rows:
            table = self.archive.vector_table(EMBEDDER.name)
            return table.ids, table.articles, table.matrix

        self.index = ExactIndex(load, lambda: self.archive.generation, self.archive.allowed)

    def add(self, entries: Sequence[Entry]) -> None:
        with self.indexer.writing():
            list(self.indexer.add([item.article for item in entries]))
        self.index.add(entries)

    def remove(self, chunks: Collection[str]) -> None:
        for chunk in chunks:
            self.archive.remove(chunk.partition("@")[0])
        self.index.remove(chunks)

    def search(self, query: Sequence[float], k: int, scope: Scope) -> list[tuple[str, float]]:
        return self.index.search(query, k, scope)

    def ids(self) -> set[str]:
        return self.index.ids()

    def clear(self) -> None:
        for article in self.archive.articles():
            self.archive.remove(article.id)
        self.index.clear()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Chroma server, as a user starts one."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).parent / "chroma"), "run", "--path", str(tmp_path_factory.mktemp("server"))]
    process = subprocess.Popen(
        [*command, "--host", "127.0.0.1", "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(600):
            assert process.poll() is None
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@dataclass(frozen=True)
class Case:
    """An index and what it is asked with."""

    index: Index[Any]
    asked: Callable[[str], Any]


@pytest.fixture(params=["exact", "chroma", "server", "lexical", "memory"])
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Case]:
    if request.param == "lexical":
        yield Case(LexicalIndex(tmp_path / "lexical"), str)
    elif request.param == "memory":
        yield Case(MemoryIndex(), EMBEDDER.embed_query)
    elif request.param == "exact":
        keeper = Archived(tmp_path / "archive")
        yield Case(keeper, EMBEDDER.embed_query)
        keeper.archive.close()
    else:
        place = request.getfixturevalue("server") if request.param == "server" else tmp_path / "chroma"
        chroma = ChromaIndex(place, collection=f"citewire-{digest(str(tmp_path))[:12]}")
        yield Case(chroma, EMBEDDER.embed_query)
        chroma.clear()
        chroma.close()


@pytest.fixture
def filled(case: Case) -> Case:
    case.index.add([entry(story(n)) for n in range(len(SUBJECTS))])
    return case


def name(n: int) -> str:
    return entry(story(n)).chunk.id


def test_an_index_finds_what_is_asked_for_first(filled: Case) -> None:
    for n, subject in enumerate(SUBJECTS):
        hits = filled.index.search(filled.asked(f"{subject} {subject}"), 3, NO_SCOPE)
        assert hits[0][0] == name(n)
        scores = [score for _, score in hits]
        assert scores == sorted(scores, reverse=True)
        assert len(hits) <= 3
        assert len({chunk for chunk, _ in hits}) == len(hits)


def test_an_index_knows_its_ids_and_gives_no_more_than_it_has(filled: Case) -> None:
    assert filled.index.ids() == {name(n) for n in range(len(SUBJECTS))}
    assert len(filled.index.search(filled.asked("opened again"), 100, NO_SCOPE)) == len(SUBJECTS)


def test_adding_an_entry_again_replaces_it(filled: Case) -> None:
    before = filled.index.search(filled.asked("ferry opened again"), 10, NO_SCOPE)
    filled.index.add([entry(story(0)), entry(story(1))])
    assert filled.index.search(filled.asked("ferry opened again"), 10, NO_SCOPE)[0][0] == before[0][0]
    assert len(filled.index.search(filled.asked("opened again"), 100, NO_SCOPE)) == len(SUBJECTS)
    assert len(filled.index.ids()) == len(SUBJECTS)


def test_what_is_removed_is_not_found_and_an_unknown_id_is_no_error(filled: Case) -> None:
    filled.index.remove([name(0), "nobody@000000000000+7"])
    assert name(0) not in filled.index.ids()
    hits = filled.index.search(filled.asked("ferry opened again"), 10, NO_SCOPE)
    assert name(0) not in {chunk for chunk, _ in hits}
    assert len(hits) == len(SUBJECTS) - 1


@pytest.mark.parametrize(
    ("scope", "wanted"),
    [
        (Scope(since=datetime(2026, 3, 3, 9, tzinfo=UTC)), {2, 3, 4}),
        (Scope(until=datetime(2026, 3, 2, 9, tzinfo=UTC)), {0, 1}),
        (Scope(as_of=datetime(2026, 3, 2, 8, 59, 59, tzinfo=UTC)), {0}),
        (Scope(outlets=("HARBOUR post",)), {0, 2, 4}),
        (Scope(outlets=("Harbour Post", "daily quay")), {0, 1, 2, 3, 4, 5}),
        (Scope(outlets=("Daily Quay",), since=datetime(2026, 3, 3, tzinfo=UTC)), {3}),
        (Scope(outlets=("Nobody's News",)), NONE),
        (Scope(since=datetime(2030, 1, 1, tzinfo=UTC)), NONE),
    ],
)
def test_a_scope_lets_in_what_is_within_it_and_nothing_else(filled: Case, scope: Scope, wanted: set[int]) -> None:
    hits = filled.index.search(filled.asked("opened again"), 10, scope)
    assert {chunk for chunk, _ in hits} == {name(n) for n in wanted}


def test_a_cleared_index_is_empty_and_can_be_filled_again(filled: Case) -> None:
    filled.index.clear()
    try:
        assert filled.index.ids() == set()
    except IndexDamaged as error:
        assert error.hint == "citewire doctor --fix"  # noqa: PT017 - lost is as good as empty
    filled.index.add([entry(story(3))])
    assert filled.index.ids() == {name(3)}
    assert filled.index.search(filled.asked("airport"), 5, NO_SCOPE)[0][0] == name(3)


@pytest.fixture(scope="module")
def lexical(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    index = LexicalIndex(tmp_path_factory.mktemp("words"))
    index.add([entry(story(n)) for n in range(len(SUBJECTS))])
    return index


ODD = [
    "", " ", "?", '"', '""', "'", "(", "AND", "OR NOT", "a:b", "headline:", "*", "ferry~9", "ferry^1e9", "[a TO b]",
    "{", "\\", "+ferry -ferry", "the", "\0", "\ud800", "a" * 100_000, "ferry " * 5_000, "日本語", "🚢", "\u202e", "1/0",
]  # fmt: skip


@pytest.mark.parametrize("query", ODD, ids=range(len(ODD)))
def test_no_odd_query_of_words_raises(lexical: LexicalIndex, query: str) -> None:
    assert isinstance(lexical.search(query, 5, NO_SCOPE), list)
    assert isinstance(lexical.search_articles(query, 5, Scope(outlets=("x:y", '"'))), list)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(query=st.text())
def test_no_query_of_words_raises(lexical: LexicalIndex, query: str) -> None:
    for chunk, _ in lexical.search(query, 5, NO_SCOPE):
        assert chunk in lexical.ids()


def test_a_missing_index_says_how_to_make_it_anew(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="missing") as of_vectors:
        ChromaIndex(tmp_path / "no").search(EMBEDDER.embed_query("ferry"), 3, NO_SCOPE)
    with pytest.raises(IndexDamaged, match="missing") as of_words:
        LexicalIndex(tmp_path / "no").search("ferry", 3, NO_SCOPE)
    assert of_vectors.value.hint == of_words.value.hint == "citewire doctor --fix"
    assert not (tmp_path / "no").exists()


# -- embedders -------------------------------------------------------------------------------------------------------

TEXTS = ["The ferry sank.", "A bridge opened on Tuesday, said the mayor of the town.", "Rain.", "", "日本", "x" * 5000]


@pytest.fixture(scope="module", params=[StaticEmbedder, BgeSmallEmbedder, HashEmbedder], ids=lambda kind: kind.name)
def embedder(request: pytest.FixtureRequest) -> Embedder:
    return request.param()


def test_vectors_have_length_one_and_those_of_queries_the_same_size(embedder: Embedder) -> None:
    rows = np.asarray(embedder.embed_documents(TEXTS[:3]))
    assert np.allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-5)
    assert rows.shape[1] == len(embedder.embed_query("Who sank?")) == getattr(embedder, "dimensions", 0)
    assert np.isclose(np.linalg.norm(embedder.embed_query("Who sank?")), 1.0, atol=1e-5)


def test_a_text_has_the_same_vector_to_the_bit_in_any_company(embedder: Embedder) -> None:
    together = embedder.embed_documents(TEXTS)
    assert together == [embedder.embed_documents([text])[0] for text in TEXTS]
    assert together[::-1] == embedder.embed_documents(TEXTS[::-1])
    assert embedder.embed_documents([]) == []


def test_a_fresh_embedder_makes_the_same_vectors(embedder: Embedder) -> None:
    assert type(embedder)().embed_documents(TEXTS[:2]) == embedder.embed_documents(TEXTS[:2])


def test_a_text_is_nearer_to_its_own_query_than_to_another(embedder: Embedder) -> None:
    rows = np.asarray(embedder.embed_documents(["The ferry sank near the pier.", "The bank raised its rates."]))
    scores = rows @ np.asarray(embedder.embed_query("ferry sank"))
    assert scores[0] > scores[1]


# -- rerankers -------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[MiniLMReranker, OverlapReranker], ids=lambda kind: kind.name)
def reranker(request: pytest.FixtureRequest) -> Reranker:
    return request.param()


def test_the_answer_is_relevant_and_an_unrelated_text_is_not(reranker: Reranker) -> None:
    texts = ["Bananas are yellow.", "The old ferry sank on Tuesday near the pier."]
    scores = reranker.score("When did the ferry sank?", texts)
    assert scores[1] > 0 > scores[0]


def test_a_relevance_is_the_same_to_the_bit_in_any_company(reranker: Reranker) -> None:
    together = reranker.score("What sank?", TEXTS)
    assert together == [reranker.score("What sank?", [text])[0] for text in TEXTS]
    assert reranker.score("What sank?", []) == []
    assert len(reranker.score("", TEXTS)) == len(TEXTS)


# -- generators and verifiers ----------------------------------------------------------------------------------------

EVIDENCE = evidence(story(0, text="The ferry sank with 14 aboard. It was old."), story(1))


@pytest.mark.parametrize("generator", [EchoGenerator(), LyingGenerator()], ids=lambda one: one.name)
def test_a_generator_has_a_name_and_proposes_a_draft(generator: Generator) -> None:
    assert generator.name
    assert generator.prompt is None
    draft = Draft.of(generator.write("What sank?", EVIDENCE))
    assert draft == Draft.of(generator.write("What sank?", EVIDENCE))
    assert draft.statements
    assert isinstance(Draft.of(generator.write("What sank?", ())), Draft)


def test_the_echo_cites_what_it_says() -> None:
    for statement in Draft.of(EchoGenerator(2).write("What sank?", EVIDENCE)).statements:
        (number,) = statement.numbers
        assert EVIDENCE[number - 1].sentence.text == statement.text


@pytest.mark.parametrize("verifier", [AgreeableVerifier()], ids=lambda one: one.name)
def test_a_verifier_has_a_name_and_gives_a_judgement(verifier: Verifier) -> None:
    judged = verifier.judge("The ferry sank.", ["The ferry sank."])
    assert isinstance(judged, Judgement)
    assert judged.verdict in set(Verdict)
    assert judged.why
    assert verifier.name
    assert isinstance(verifier.judge("", []), Judgement)
