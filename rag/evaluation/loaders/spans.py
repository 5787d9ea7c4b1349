"""Chunking and MultiHop-RAG to questions whose gold are the sentences that a span or a fact lies in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from pydantic import AliasChoices, Field, field_validator

from rag.evaluation.datasets import Dataset, Question
from rag.evaluation.loaders.files import PUBLISHED, Row, find, part_of, rows, text_of
from rag.sentences import split
from rag.sources import Article, Sentence


class _Span(Row):
    start: int = Field(validation_alias="start_index")
    end: int = Field(validation_alias="end_index")


class _Asked(Row):
    question: str
    corpus: str = Field(validation_alias="corpus_id")
    references: list[_Span]

    @field_validator("references", mode="before")
    @classmethod
    def _parsed(cls, value: object) -> object:
        return json.loads(value) if isinstance(value, str) else value  # the CSV of the repository holds JSON


class _Corpus(Row):
    id: str = Field(validation_alias="corpus_id")
    text: str


def chunking(path: str | Path | None = None) -> Dataset:
    """Return questions on long texts; each sentence that a gold span touches is a fact that is needed."""
    file = find("chunking", path, "chunking_questions.jsonl", "**/questions_df.csv")
    texts = _corpora(file)
    articles = {name: Article(text, headline=name) for name, text in texts.items()}
    cut = {name: sentences(article) for name, article in articles.items()}
    made: list[Question] = []
    for number, row in enumerate(rows(file, _Asked)):
        if row.corpus not in articles:
            continue
        touched = {
            one.id: one
            for span in row.references
            for one in cut[row.corpus]
            if one.start < span.end and span.start < one.end
        }
        facts = tuple(frozenset({id_}) for id_ in touched)
        gold = frozenset({articles[row.corpus].id})
        made.append(Question(f"{row.corpus}-{number}", row.question, (), facts, gold, part=part_of(file)))
    return Dataset("chunking", tuple(made), tuple(articles.values()), PUBLISHED["chunking"].source)


def _corpora(file: Path) -> Mapping[str, str]:
    if file.suffix == ".csv":
        return {one.stem: text_of(one) for one in sorted((file.parent / "corpora").glob("*.md"))}
    beside = find("chunking", file.parent, file.name.replace("_questions", "_corpora"))
    return {row.id: row.text for row in rows(beside, _Corpus)}


class _Fact(Row):
    title: str
    url: str
    text: str = Field(validation_alias=AliasChoices("fact", "body"))
    source: str | None = None
    published: datetime | None = Field(default=None, validation_alias="published_at")


class _Hop(Row):
    query: str
    answer: str
    kind: str = Field(validation_alias="question_type")
    evidence: list[_Fact] = Field(validation_alias=AliasChoices("evidence", "evidence_list"))
    id: str = ""


def multihop(path: str | Path | None = None) -> Dataset:
    """Return questions over several articles; those of type null have no answer.

    Without the corpus (``corpus.json`` of the repository) the articles are the gold facts alone, joined by address:
    nothing distracts, so scores are not those of the paper. A fact that its article does not hold word for word counts
    by its article alone.
    """
    file = find("MultiHop-RAG", path, "multihoprag500.jsonl", "dataset/MultiHopRAG.json", "MultiHopRAG.json")
    asked = rows(file, _Hop)
    corpus = file.with_name("corpus.json")
    beside = file.with_name("multihoprag500_facts.jsonl")
    if corpus.exists():
        told: Iterable[_Fact] = rows(corpus, _Fact)
    else:
        told = rows(beside, _Fact) if beside.exists() else [fact for one in asked for fact in one.evidence]
    articles = _joined(told)
    cut = {url: sentences(article) for url, article in articles.items()}
    made: list[Question] = []
    for number, one in enumerate(asked):
        lacks = one.kind == "null_query"
        facts = tuple(_holding(fact, articles, cut) for fact in one.evidence if fact.url in articles)
        gold = frozenset(articles[fact.url].id for fact in one.evidence if fact.url in articles)
        answers = () if lacks else (one.answer,)
        kept = tuple(fact for fact in facts if fact)
        made.append(Question(one.id or str(number), one.query, answers, kept, gold, lacks, part=part_of(file)))
    return Dataset("multihop", tuple(made), tuple(articles.values()), PUBLISHED["MultiHop-RAG"].source)


def _joined(facts: Iterable[_Fact]) -> dict[str, Article]:
    texts: dict[str, dict[str, None]] = {}
    first: dict[str, _Fact] = {}
    for fact in facts:
        texts.setdefault(fact.url, {})[fact.text.strip()] = None
        first.setdefault(fact.url, fact)
    return {
        url: Article(
            "\n".join(filter(None, texts[url])), one.title, outlet=one.source, published=_zoned(one.published), url=url
        )
        for url, one in first.items()
        if any(texts[url])
    }


def _zoned(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment and not moment.tzinfo else moment


def _holding(fact: _Fact, articles: Mapping[str, Article], cut: Mapping[str, tuple[Sentence, ...]]) -> frozenset[str]:
    """Return the ids of the sentences that a fact lies in, any of which counts."""
    start = articles[fact.url].text.find(fact.text.strip())
    end = start + len(fact.text.strip())
    return frozenset(one.id for one in cut[fact.url] if start >= 0 and one.start < end and start < one.end)


def sentences(article: Article) -> tuple[Sentence, ...]:
    """Return the sentences of an article, as an archive would cut it."""
    return tuple(
        Sentence(article.id, article.version, n, start, end, article.text[start:end])
        for n, (start, end) in enumerate(split(article.text))
    )
