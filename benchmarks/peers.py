"""Measure citewire beside other ways to ask the same articles, with the same vectors and no network.

    pip install 'citewire[peers]'
    python benchmarks/peers.py --work DIR                  # all systems; indexes stay in DIR
    python benchmarks/peers.py --work DIR --only haystack  # one system; the report shows all that DIR has

RealTimeQA 2022 and RGB measure retrieval; RGB and ``seeds/`` measure answers, and what is said where nothing answers:
the 27 questions of ``seeds/`` without an answer, and the 50 of RGB with only the snippets that RGB calls negative. That
last set is no clean one: RGB means that the answer's string is missing, some of those snippets answer in other words,
and of the 50 answers 4 stand in a negative of another question. Who answers there is not always wrong. No hosted model
is at hand, so every rival has the same stand-in as a generator (``reading``): first citewire's own writer,
lent to it, so that what differs is retrieval and the unit of citation; then, in the last tables, a plain one. A rival
cites chunks. Its citations are scored twice: all sentences that stand whole in the chunks it cites, and only the
sentences that its answer was taken from, which no rival reports; a sentence that several copies carry counts once.
Intervals are 95%, of citewire minus the rival, by 5,000 paired resamples of the questions.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NoReturn, TypedDict

sys.path.insert(0, str(Path(__file__).resolve().parent))
os.environ |= {
    "ANONYMIZED_TELEMETRY": "False",
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "LANGSMITH_TRACING": "false",
    "LANGCHAIN_TRACING_V2": "false",
    "TOKENIZERS_PARALLELISM": "false",
}  # before any of them is imported

from reading import ExtractiveReader, OverlapReader, Reader, Response, System
from retrieval import REPOSITORY, Case, rank, realtimeqa, rgb
from rivals import Bm25, Dense, Haystack, LangChainChain, LlamaIndexCitations
from standings import report

from rag import calibration
from rag.attribution import dateline
from rag.evaluation.gold import load
from rag.evaluation.loaders.files import find, text_of
from rag.extractive import ExtractiveGenerator
from rag.newsroom import Newsroom
from rag.readers.cleaning import clean
from rag.retrieval import RememberingReranker
from rag.sentences import split
from rag.settings import Settings
from rag.sources import Article, Query

Pair = tuple[float, float]
"""What one question adds to a metric: above the line, and below it."""
Scored = dict[str, Pair]
Make = Callable[[Sequence[Article], Path, Reader], System]
RIVALS: Mapping[str, Make] = {
    "langchain": LangChainChain,
    "llamaindex": LlamaIndexCitations,
    "haystack": Haystack,
    "bm25": Bm25,
    "dense": Dense,
}
PACKAGES = (
    *("citewire", "chromadb", "langchain-core", "langchain-chroma", "langchain-text-splitters"),
    *("llama-index-core", "llama-index-vector-stores-chroma", "haystack-ai", "tantivy"),
)
Answers = str | list[str | list[str]]


class Row(TypedDict):
    """One line of RGB, what is read here."""

    id: int
    query: str
    answer: Answers
    positive: list[str]
    negative: list[str]


@dataclass(frozen=True, slots=True)
class Set:
    """Articles, questions, and what is asked of a system for each."""

    name: str
    articles: Sequence[Article]
    questions: Sequence[tuple[str, Callable[[System], Scored]]]
    """Id, and what scores it."""
    answers: bool
    """Whether anything is generated."""


class Ours:
    """citewire as it is installed: without a chat model."""

    def __init__(self, articles: Sequence[Article], folder: Path) -> None:
        """Add ``articles`` to the archive in ``folder``; what is there is not added twice."""
        self._room = Newsroom(Settings(archive=folder, embedder="static"))
        self._room.add(*articles)

    def rank(self, question: str) -> Sequence[str]:
        """Return article ids, best first."""
        return self._room._current.searcher().ranked(Query(question, k=10)).articles  # noqa: SLF001

    def ask(self, question: str) -> Response:
        """Return the answer; citations are sentences already."""
        result = self._room.ask(question)
        cited = [one.sentence for claim in result.claims for one in claim.citations]
        ids = tuple(dict.fromkeys(one.id for one in cited))
        articles = tuple(dict.fromkeys(one.article for one in cited))
        return Response(" ".join(claim.text for claim in result.claims), ids, ids, articles, declined=not cited)


# -- questions -------------------------------------------------------------------------------------------------------


def retrieval_scores(system: System, case: Case) -> Scored:
    """Hits@4 and MRR@10; of RealTimeQA also on the half that decided no constant."""
    place = rank(system.rank(case.question), case.gold)
    found = {"Hits@4": (float(place < 4), 1.0), "MRR@10": (1 / (place + 1) if place < 10 else 0.0, 1.0)}
    if not case.even:
        found |= {f"{name}, other half": pair for name, pair in found.items()}
    return found


def has(text: str, answer: Answers) -> bool:
    """Tell whether a text holds an answer: all parts of it, any form of each, as RGB's own scorer wants it."""
    parts = answer if isinstance(answer, list) else [answer]
    forms = [part if isinstance(part, list) else [part] for part in parts]
    return all(any(form.lower() in text.lower() for form in part) for part in forms)


def snippet_scores(system: System, case: Case, answer: Answers) -> Scored:
    """Of an answerable question of RGB: retrieval, and whether the answer holds what was asked."""
    said = system.ask(case.question)
    right = not said.declined and has(said.text, answer)
    wrong = not said.declined and not right
    return {
        **{name: pair for name, pair in retrieval_scores(system, case).items() if "half" not in name},
        "right": (float(right), 1.0),
        "wrong": (float(wrong), 1.0),
        "refused": (float(said.declined), 1.0),
    }


def gold_scores(said: Response, facts: Sequence[frozenset[str]], texts: Mapping[str, str], *, tested: bool) -> Scored:
    """Of a question of ``seeds/``: citations by ALCE with the sentence as unit, refusals, wrong answers.

    A sentence that copies of one report carry counts once, right or wrong, whoever cites it how often: ``texts`` has
    each by its id. An answer is wrong if no sentence that it was taken from is gold.
    """
    facts = [frozenset(texts[one] for one in fact) for fact in facts]
    gold = frozenset(one for fact in facts for one in fact)
    said = replace(said, citations=_texts(said.citations, texts), sentences=_texts(said.sentences, texts))
    wrong = float(not said.declined and not gold & {*said.sentences})
    if not facts:
        return {"unanswerable answered": (float(not said.declined), 1.0), "wrong": (wrong, float(not said.declined))}
    found: Scored = {"answerable refused": (float(said.declined), 1.0), "wrong": (wrong, float(not said.declined))}
    for unit, ids in (("cited", said.citations), ("sentence", said.sentences)):
        part: Scored = {
            f"{unit} precision": (float(len(gold & {*ids})), float(len({*ids}))),
            f"{unit} recall": (float(sum(bool(fact & {*ids}) for fact in facts)), float(len(facts))),
        }
        found |= part
        if tested:
            found |= {f"{name}, test": pair for name, pair in part.items()}
    return found


def _texts(ids: Sequence[str], texts: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts.get(one, one) for one in ids))


def sentence_texts(articles: Sequence[Article]) -> dict[str, str]:
    """Return the text of each sentence by its id, without a dateline: copies differ in that."""
    found: dict[str, str] = {}
    for article in articles:
        for number, (start, end) in enumerate(split(article.text)):
            text = article.text[start:end]
            found[f"{article.key}#{number}"] = " ".join(text[dateline(text) :].split())
    return found


def sets(work: Path) -> list[Set]:
    """Read all sets."""
    rows: list[Row] = [json.loads(line) for line in text_of(find("RGB", None, "rgb_en_fact.jsonl")).splitlines()]
    articles, cases = realtimeqa(0)
    snippets, snippet_cases = rgb()
    wrong = {
        one.id: one for row in rows for text in row["negative"] if text.strip() for one in [Article(clean(text)[0])]
    }
    with Newsroom(Settings(archive=work / "seeds" / "ours", embedder="static")) as room:
        room.add(REPOSITORY / "seeds")
        seeds = room.articles()
    texts = sentence_texts(seeds)
    return [
        Set("rtqa", articles, [(c.id, lambda s, c=c: retrieval_scores(s, c)) for c in cases], answers=False),
        Set(
            "rgb",
            snippets,
            [
                (case.id, lambda s, case=case, row=row: snippet_scores(s, case, row["answer"]))
                for case, row in zip(snippet_cases, rows, strict=True)
            ],
            answers=True,
        ),
        Set(
            "rgb-negative",
            list(wrong.values()),
            [(str(row["id"]), lambda s, row=row: unanswered(s, row["query"])) for row in rows],
            answers=True,
        ),
        Set(
            "seeds",
            seeds,
            [
                (
                    one.id,
                    lambda s, one=one: gold_scores(s.ask(one.question), one.facts, texts, tested=one.split == "test"),
                )
                for one in load(REPOSITORY / "seeds" / "questions.jsonl")
            ],
            answers=True,
        ),
    ]


def unanswered(system: System, question: str) -> Scored:
    """Of a question that RGB has no answer for among its negatives: whether it was answered, rightly or not."""
    return {"answered": (float(not system.ask(question).declined), 1.0)}


# -- running ---------------------------------------------------------------------------------------------------------


def closed() -> list[str]:
    """Refuse every connection from here on, and return the list of those that were tried."""
    tried: list[str] = []

    def refuse(*words: object, **named: object) -> NoReturn:
        tried.append(f"{words[-1]}{named or ''}")
        msg = "benchmarks/peers.py has closed the network"
        raise OSError(msg)

    socket.socket.connect = socket.socket.connect_ex = refuse
    socket.create_connection = socket.getaddrinfo = refuse
    return tried


def measure(make: Callable[[], System], part: Set) -> dict[str, object]:
    """Build a system over a set and score each question."""
    began = time.perf_counter()
    system = make()
    built = time.perf_counter() - began
    scores: dict[str, Scored] = {}
    began = time.perf_counter()
    for id_, score in part.questions:
        scores[id_] = score(system)
    took = time.perf_counter() - began
    print(f"{part.name:14s}{built:7.0f} s to build, {1000 * took / len(scores):5.0f} ms a question", flush=True)
    return {"build": built, "each": took / len(scores), "scores": scores}


def run(name: str, work: Path, parts: Sequence[Set], *, keep: bool) -> None:
    """Measure one system on ``parts``, and keep what came out."""
    kept: dict[str, dict[str, object]] = {}
    print(f"-- {name}", flush=True)
    for part in parts:
        folder = work / part.name / name
        folder.mkdir(parents=True, exist_ok=True)
        if name == "ours":
            kept[part.name] = measure(lambda part=part, folder=folder: Ours(part.articles, folder), part)
            continue
        for suffix, reader in readers(work).items() if part.answers else [("", OverlapReader())]:
            kept[part.name + suffix] = measure(
                lambda part=part, folder=folder, reader=reader: RIVALS[name](part.articles, folder, reader), part
            )
    if not keep:
        return
    place = work / "records"
    place.mkdir(exist_ok=True)
    (place / f"{name}.json").write_text(json.dumps({"data": fingerprint(parts), "versions": versions(), "sets": kept}))


def readers(work: Path) -> dict[str, Reader]:
    """Return the stand-ins by what their sets are called: citewire's writer by its defaults, and the plain one."""
    room = Newsroom(Settings(archive=work / "seeds" / "ours", embedder="static"))
    accept = calibration.threshold(room.settings.risk, calibration.shipped().curve)
    return {"": ExtractiveReader(writer=ExtractiveGenerator(_reranker(room), accept=accept)), "-plain": OverlapReader()}


_shared: list[RememberingReranker] = []


def _reranker(room: Newsroom) -> RememberingReranker:
    """Return the cross-encoder; what it has read for one rival it need not read for the next."""
    if not _shared:
        _shared.append(RememberingReranker(room.equipment.reranker, most=1_000_000))
    return _shared[0]


def fingerprint(parts: Sequence[Set]) -> str:
    """Return a hash of all articles and questions."""
    names = [*(f"{one.id}{one.version}" for part in parts for one in part.articles)]
    names += [f"{part.name}{id_}" for part in parts for id_, _ in part.questions]
    return hashlib.sha256("\n".join(names).encode()).hexdigest()[:12]


def versions() -> dict[str, str]:
    """Return what is installed."""
    found: dict[str, str] = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def main() -> None:
    """Measure, and print the report of all that was measured on the same data."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", type=Path, required=True, help="folder for indexes and records")
    parser.add_argument("--only", nargs="+", choices=("ours", *RIVALS), help="measure these only")
    parser.add_argument("--sets", nargs="+", help="try these sets only; nothing is kept")
    parser.add_argument("--report", action="store_true", help="measure nothing, print the report again")
    options = parser.parse_args()
    tried = closed()
    parts = sets(options.work)
    parts = [part for part in parts if part.name in (options.sets or part.name)]
    for name in () if options.report else options.only or ("ours", *RIVALS):
        run(name, options.work, parts, keep=not options.sets)
    print(f"connections tried: {len(tried)} {' '.join(tried[:3])}")
    print(report(options.work / "records", fingerprint(parts)))


if __name__ == "__main__":
    main()
