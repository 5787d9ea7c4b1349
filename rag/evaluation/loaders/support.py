"""WiCE, SummEdits, FaithBench and FRANK to statements with their source, and whether people call them supported."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from pydantic import AliasChoices, Field

from rag.errors import ReadError
from rag.evaluation.loaders.files import PUBLISHED, Row, find, fit, items, parsed, part_of, rows, text_of
from rag.sentences import split

FINE = ("Consistent", "Benign", "Questionable", "Unwanted")
"""FaithBench's labels from the best to the worst; the first two count as supported."""
_JOINED = re.compile(r"([.!?])([A-Z])")


@dataclass(frozen=True, slots=True)
class Labelled:
    """A statement, what it should be supported by, and what people say."""

    id: str
    statement: str
    sources: tuple[str, ...]
    """Sentences, in order."""
    label: bool
    """Whether they support it in full."""
    document: str
    """Text of what it is about: rows of one document are not independent."""
    group: str = ""
    """The set's own, finer label."""
    gold: tuple[frozenset[int], ...] = ()
    """Sets of places in ``sources``, each of which suffices; WiCE only."""
    scores: Mapping[str, float] = field(default_factory=dict[str, float])
    """What the set stores beside it: the outputs of detectors, or the share of sentences that are factual."""


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Rows, and where they come from."""

    name: str
    rows: tuple[Labelled, ...]
    source: str = ""
    part: str = ""
    """``dev``, ``test`` or empty."""

    def __iter__(self) -> Iterator[Labelled]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def hash(self) -> str:
        """sha256 of statements, sources and labels."""
        total = hashlib.sha256()
        for row in self.rows:
            total.update(json.dumps([row.id, row.statement, row.sources, row.label]).encode())
        return total.hexdigest()


def _made(name: str, file: Path, found: Sequence[Labelled]) -> LabelledSet:
    if not found:
        reason = "there is no row in it"
        raise ReadError(reason, place=str(file))
    return LabelledSet(name, tuple(found), PUBLISHED[name].source, part_of(file))


class _Claim(Row):
    claim: str
    evidence: list[str]
    label: str
    supporting: list[list[int]] = Field(validation_alias="supporting_sentences")
    id: str = ""
    meta: Mapping[str, object] = Field(default_factory=dict[str, object])


def wice(path: str | Path | None = None) -> LabelledSet:
    """Return claims of Wikipedia; only those supported in full count, and ``gold`` has what to cite."""
    file = find("WiCE", path, "wice_claim.jsonl", "data/entailment_retrieval/claim/dev.jsonl", "dev.jsonl")
    found: list[Labelled] = []
    for one in rows(file, _Claim):
        kept = [place for place, text in enumerate(one.evidence) if text.strip()]
        place_of = {old: new for new, old in enumerate(kept)}
        sources = tuple(one.evidence[place] for place in kept)
        gold = tuple(frozenset(place_of[i] for i in chosen if i in place_of) for chosen in one.supporting if chosen)
        id_ = one.id or str(one.meta.get("id", ""))
        found.append(Labelled(id_, one.claim, sources, one.label == "supported", "\n".join(sources), one.label, gold))
    return _made("WiCE", file, found)


class _Edit(Row):
    id: str
    doc: str
    summary: str
    label: int
    edits: tuple[str, ...] = Field(default=(), validation_alias="edit_types")


def summedits(path: str | Path | None = None) -> LabelledSet:
    """Return news summaries, edited; ``group`` has the kinds of edit."""
    file = find(
        "SummEdits-news", path, "summedits_news.jsonl", "data/summedits/summedits_news.json", "summedits_news.json"
    )
    return _made(
        "SummEdits-news",
        file,
        [
            Labelled(one.id, one.summary, cut(one.doc), one.label == 1, one.doc, "+".join(one.edits) or "none")
            for one in rows(file, _Edit)
        ],
    )


class _Annotation(Row):
    label: list[str]


class _Sample(Row):
    source: str
    summary: str
    id: str = ""
    number: int = Field(default=0, validation_alias="sample_id")
    worst: str = Field(default="", validation_alias="worst_label")
    annotations: tuple[_Annotation, ...] = ()
    scores: dict[str, float | str | None] = Field(default={}, validation_alias=AliasChoices("detectors", "metadata"))


def faithbench(path: str | Path | None = None) -> LabelledSet:
    """Return summaries by language models; Consistent and Benign count as supported, the worst annotation decides."""
    file = find("FaithBench", path, "faithbench.jsonl", "data_for_release/batch_*.json", "batch_*.json")
    found: list[Labelled] = []
    for id_, one in _samples(file):
        worst = one.worst or _worst([label for each in one.annotations for label in each.label])
        scores = {n: float(s) for n, s in one.scores.items() if not isinstance(s, str | None) and n != "raw_sample_id"}
        fine = worst in FINE[:2]
        found.append(Labelled(id_, one.summary, cut(one.source), fine, one.source, worst, (), scores))
    return _made("FaithBench", file, found)


def _samples(file: Path) -> Iterator[tuple[str, _Sample]]:
    if not file.name.startswith("batch_"):
        yield from ((one.id, one) for one in rows(file, _Sample))
        return
    for batch in sorted(file.parent.glob("batch_*.json")):
        raw = parsed(text_of(batch), batch)
        listed = raw.get("samples") if isinstance(raw, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        for number, sample in enumerate(items(json.dumps(listed), batch), start=1):
            one = fit(sample, _Sample, f"{batch}, sample {number}")
            yield f"{batch.stem}:{one.number}", one


def _worst(labels: Sequence[str]) -> str:
    ranks = [FINE.index(name) for label in labels if (name := label.partition(".")[0]) in FINE]
    return FINE[max(ranks, default=0)]


class _Marked(Row):
    article: str = Field(validation_alias=AliasChoices("article_id", "hash"))
    model: str = Field(validation_alias=AliasChoices("model", "model_name"))
    factuality: float = Field(validation_alias=AliasChoices("factuality", "Factuality"))
    summary: str = ""
    dataset: str = ""
    id: str = ""
    split: str = ""


class _Text(Row):
    id: str = Field(validation_alias=AliasChoices("article_id", "hash"))
    text: str = Field(validation_alias="article")
    model: str = Field(default="", validation_alias="model_name")
    summary: str = ""


def frank(path: str | Path | None = None) -> LabelledSet:
    """Return summaries of CNN/DM and BBC articles; those without any error count as supported.

    In the repository's own form only the validation half is read. BBC articles lack blanks between sentences: they are
    put in before the text is cut.
    """
    file = find("FRANK", path, "frank.jsonl", "data/human_annotations.json", "human_annotations.json")
    published = file.name == "human_annotations.json"
    beside = "benchmark_data.json" if published else file.name.replace("frank", "frank_articles")
    texts = rows(find("FRANK", file.parent, beside), _Text)
    articles = {one.id: one.text for one in texts}
    summaries = {(one.id, one.model): one.summary for one in texts}
    found: list[Labelled] = []
    for one in rows(file, _Marked):
        summary = one.summary or summaries.get((one.article, one.model), "")
        if one.article not in articles or not summary or (published and one.split == "test"):
            continue
        group = one.dataset or ("bbc" if one.article.isdigit() else "cnndm")
        text = articles[one.article]
        sources = cut(_JOINED.sub(r"\1 \2", text) if group == "bbc" else text)
        id_, scores = one.id or f"{one.article}:{one.model}", {"factuality": one.factuality}
        found.append(Labelled(id_, summary, sources, one.factuality >= 1, text, group, (), scores))
    return _made("FRANK", file, found)


@lru_cache(maxsize=2048)
def cut(text: str) -> tuple[str, ...]:
    """Return the sentences of a source."""
    pieces = (text[start:end].strip() for start, end in split(text))
    return tuple(piece for piece in pieces if piece)


class _Own(Row):
    statement: str
    sources: str | tuple[str, ...]
    label: bool
    document: str = ""
    id: str = ""
    group: str = ""


def labelled(path: str | Path) -> LabelledSet:
    """Return a user's own labels: JSON lines of ``statement``, ``sources`` (sentences, or a text) and ``label``.

    ``document`` tells rows of one document; without it, equal sources do.
    """
    file = Path(path)
    found: list[Labelled] = []
    for number, one in enumerate(rows(file, _Own), start=1):
        sources = cut(one.sources) if isinstance(one.sources, str) else one.sources
        document = one.document or "\n".join(sources)
        found.append(Labelled(one.id or str(number), one.statement, sources, one.label, document, one.group))
    if not found:
        reason = "there is no row in it"
        hint = '{"statement": "...", "sources": ["..."], "label": true} is a line'
        raise ReadError(reason, place=str(file), hint=hint)
    return LabelledSet(file.stem, tuple(found), str(file))


SETS: Mapping[str, Callable[[str | Path | None], LabelledSet]] = {
    "faithbench": faithbench,
    "summedits": summedits,
    "wice": wice,
    "frank": frank,
}
"""Public sets by the name that a command takes."""
