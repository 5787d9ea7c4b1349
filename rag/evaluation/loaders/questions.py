"""RealTimeQA and RGB to questions with the articles that they are asked of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from itertools import product
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, field_validator

from rag.errors import ReadError, UsageError
from rag.evaluation.datasets import Dataset, Question
from rag.evaluation.loaders.files import PUBLISHED, Row, find, part_of, rows
from rag.readers.cleaning import clean
from rag.sources import Article

OUTLETS = {"cnn.com": "CNN", "usatoday.com": "USA Today", "theweek.com": "The Week"}
NONE = "None of the above"
YEAR = "2022"
"""The year whose gold articles are known; meant where none is named."""
Asking = Literal["retrieval", "open", "nota"]
Snippets = Literal["noise", "rejection", "counterfactual", "conflict"]
_ANY_YEAR = ("rtqa_*_questions.jsonl", "past/*/*_qa.jsonl", "*_qa.jsonl")
_DATED = re.compile(r"20\d\d[^_]*")
_LINK = re.compile(r'<a\s[^>]*href="([^"]+)"')


class _Asked(Row):
    question_id: str
    question: str = Field(validation_alias=AliasChoices("question", "question_sentence"))
    date: datetime = Field(validation_alias=AliasChoices("date", "question_date"))
    """The end of the day on which it was asked."""
    choices: tuple[str, ...]
    answer: tuple[int, ...] = Field(validation_alias=AliasChoices("answer_idx", "answer"))
    evidence: str = ""
    gcs: tuple[str, ...] = ()
    gold: tuple[str, ...] | None = None
    nota_choices: tuple[str, ...] = ()
    nota_answer_idx: tuple[int, ...] = ()

    @field_validator("date", mode="before")
    @classmethod
    def _end_of_day(cls, day: str) -> datetime:
        return _midnight(day).replace(hour=23, minute=59)


class _Found(Row):
    url: str
    title: str | None = None
    text: str | None = None
    published: str | None = Field(default=None, validation_alias=AliasChoices("published", "publish_date"))
    id: str = ""


class _Search(Row):
    question_id: str
    search_result: list[_Found]


class _Week:
    """Questions, the articles by the set's own ids, and what the search for each question found."""

    def __init__(self, path: str | Path | None, year: str) -> None:
        named = (
            f"rtqa_*{year or YEAR}*_questions.jsonl",
            f"past/{year or YEAR}/*_qa.jsonl",
            f"{year or YEAR}*_qa.jsonl",
        )
        self.file = find("RealTimeQA", path, *named, *(() if year else _ANY_YEAR))
        whole = path is None or not Path(path).is_file()
        self.weeks: Sequence[Path] = ()
        """The week's files in the repository's form; empty in ours."""
        self.asked: list[_Asked] = []
        self.articles: dict[str, Article] = {}
        self.found: dict[str, Sequence[str]] = {}
        if self.file.name.endswith("_qa.jsonl"):
            beside = sorted(one for one in self.file.parent.glob("*_qa.jsonl") if re.fullmatch(r"\d{8}_qa", one.stem))
            self.weeks = (beside if whole else ()) or [self.file]
            for week in self.weeks:
                self._add_week(week)
            return
        beside = find("RealTimeQA", self.file.parent, self.file.name.replace("_questions", "_articles"))
        self.articles |= {one.id: made for one in rows(beside, _Found) if (made := _article(one))}
        self._add(rows(self.file, _Asked))

    def _add(self, asked: Sequence[_Asked]) -> None:
        """Keep questions and what their search found; an id that the set gives twice is told apart by a number."""
        seen = Counter(one.question_id.partition("~")[0] for one in self.asked)
        for one in asked:
            seen[one.question_id] += 1
            again = f"~{seen[one.question_id]}" if seen[one.question_id] > 1 else ""
            self.asked.append(one.model_copy(update={"question_id": f"{one.question_id}{again}"}))
            self.found[self.asked[-1].question_id] = one.gcs

    def _add_week(self, week: Path) -> None:
        """Read a week's files in the repository: questions, the same with none of the above, what was found."""
        beside = {name: week.with_name(week.name.replace("_qa.", f"_{name}.")) for name in ("qa_nota", "gcs")}
        twins = rows(beside["qa_nota"], _Asked) if beside["qa_nota"].exists() else []
        nota = {one.question_id.removesuffix("_nota"): one for one in twins}
        found: dict[str, tuple[str, ...]] = {}
        for search in rows(beside["gcs"], _Search) if beside["gcs"].exists() else []:
            found[search.question_id] = tuple(one.url for one in search.search_result)
            made = {one.url: article for one in search.search_result if (article := _article(one))}
            self.articles = made | self.articles
        asked: list[_Asked] = []
        for one in rows(week, _Asked):
            twin = nota.get(one.question_id)
            more = {"nota_choices": twin.choices, "nota_answer_idx": twin.answer} if twin else {}
            asked.append(one.model_copy(update={**more, "gcs": found.get(one.question_id, ())}))
        self._add(asked)

    @property
    def year(self) -> str:
        """What the names of the file and its folder say: 2022, 2025h2, or a week as 20250103."""
        folder = self.file.parent.name if len(self.weeks) > 1 else ""
        found = _DATED.search(folder) or _DATED.search(self.file.stem)
        return found.group() if found else self.file.stem

    def gold(self, one: _Asked) -> list[str]:
        """Return the ids of the articles that answer a question; in the repository, of those that it links to."""
        if one.gold is not None:
            return [id_ for id_ in one.gold if id_ in self.articles]
        links = {unescape(link).partition("#")[0] for link in _LINK.findall(one.evidence)}
        return [id_ for id_ in self.articles if id_ in links]


def realtimeqa(path: str | Path | None = None, year: str = "", *, task: Asking = "open") -> Dataset:
    """Return the questions of ``year`` (2022, 2023q4, 2025h2) with all articles that any search found.

    Without a year 2022 is meant, or what else there is; a path to one file means that file.

    ``retrieval`` keeps those whose article is known; ``open`` those for which a search found something at all (for the
    others nothing in the archive may answer); ``nota`` those again, with the choices in the text and the right one
    taken out of every fourth: there the right answer is to decline. The articles were found by searching for these very
    questions: easier than an open archive.
    """
    _known(task, Asking, "task")
    week = _Week(path, year)
    part = part_of(week.file)
    made: list[Question] = []
    for one in week.asked:
        gold = frozenset(week.articles[id_].id for id_ in week.gold(one))
        if not (gold if task == "retrieval" else week.found.get(one.question_id)):
            continue
        text, answers = _choosing(one) if task == "nota" else (one.question, _right(one.choices, one.answer))
        if task == "nota" and not one.nota_choices:
            continue
        lacks = task == "nota" and not answers
        made.append(Question(one.question_id, text, answers, (), frozenset() if lacks else gold, lacks, one.date, part))
    if not made:
        msg = f"{week.file}: of no question there is known what {task} needs"
        raise UsageError(msg, hint="only 2022 has gold articles: the task open, or the year 2022")
    left = len(week.asked) - len(made)
    source = f"{PUBLISHED['RealTimeQA'].source}; {left} of {len(week.asked)} questions left out"
    return Dataset(f"realtimeqa-{week.year}-{task}", tuple(made), tuple(week.articles.values()), source)


@dataclass(frozen=True, slots=True)
class Search:
    """What there is to read for one question."""

    found: tuple[Article, ...]
    """What a search engine found then, best first."""
    gold: tuple[Article, ...]
    """What answers it; empty where that is not known."""


def searches(path: str | Path | None = None, year: str = "") -> Mapping[str, Search]:
    """Return for each question, by its id, what the search for it found, and its gold articles."""
    week = _Week(path, year)
    return {
        one.question_id: Search(
            tuple(week.articles[id_] for id_ in week.found[one.question_id] if id_ in week.articles),
            tuple(week.articles[id_] for id_ in week.gold(one)),
        )
        for one in week.asked
    }


def _right(choices: Sequence[str], places: Sequence[int]) -> tuple[str, ...]:
    return tuple(choices[place] for place in places if 0 <= place < len(choices))


def _choosing(one: _Asked) -> tuple[str, tuple[str, ...]]:
    """Return the question with its choices, and the right one: none where it is none of them."""
    offered = "\n".join(f"- {choice}" for choice in one.nota_choices if choice != NONE)
    right = _right(one.nota_choices, one.nota_answer_idx)
    return f"{one.question}\nOne of:\n{offered}", tuple(answer for answer in right if answer != NONE)


def _midnight(day: str) -> datetime:
    """Read 2022/01/31, or 2025-07-31 as some weeks have it."""
    return datetime.strptime(day.replace("-", "/"), "%Y/%m/%d").replace(tzinfo=UTC)


def _article(row: _Found) -> Article | None:
    """Return an article as the readers would make it, None if it has no text."""
    text, _ = clean(row.text or "")
    if not text.strip():
        return None
    try:
        published = _midnight(row.published or "")
    except ValueError:
        published = None
    url = row.url if "://" in row.url else f"https://{row.url}"
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    outlet = OUTLETS.get(".".join(host.split(".")[-2:]), host)
    return Article(text, headline=clean(row.title or "")[0] or None, outlet=outlet, published=published, url=url)


class _Snippets(Row):
    id: int
    query: str
    answer: str | list[str | list[str]]
    fakeanswer: str | list[str | list[str]] = ""
    positive: list[str]
    positive_wrong: tuple[str, ...] = ()
    negative: list[str]


def rgb(path: str | Path | None = None, *, task: Snippets = "noise") -> Dataset:
    """Return RGB's questions of facts, asked of the snippets of all of them together.

    ``noise``: snippets that answer among others that do not. ``rejection``: only those that do not, so nothing is
    answerable. ``counterfactual``: doctored snippets, which tell something else (``doctored``), among useless ones.
    ``conflict``: right and doctored ones side by side. The right ones are gold; ``counterfactual`` has no gold.
    """
    _known(task, Snippets, "task")
    file = _rgb(path)
    articles: dict[str, Article] = {}
    made: list[Question] = []
    for row in rows(file, _Snippets):
        right = _snippets(row.positive if task in {"noise", "conflict"} else ())
        wrong = _snippets(row.positive_wrong if task in {"counterfactual", "conflict"} else ())
        noise = _snippets(row.negative if task != "conflict" else ())
        articles |= {one.id: one for one in [*right, *wrong, *noise]}
        gold, lacks = frozenset(one.id for one in right), task == "rejection"
        answers = () if lacks else _strings(row.answer)
        made.append(Question(str(row.id), row.query, answers, (), gold, lacks, None, part_of(file)))
    if not made:
        reason = "there is no question in it"
        raise ReadError(reason, place=str(file))
    return Dataset(f"rgb-{task}", tuple(made), tuple(articles.values()), PUBLISHED["RGB"].source)


def doctored(path: str | Path | None = None) -> Mapping[str, tuple[str, ...]]:
    """Return for each question of RGB, by its id, what its doctored snippets say in the place of the answer."""
    file = _rgb(path)
    return {str(row.id): _strings(row.fakeanswer) for row in rows(file, _Snippets)}


def _rgb(path: str | Path | None) -> Path:
    return find("RGB", path, "rgb_en_fact.jsonl", "data/en_fact.json", "en_fact.json")


def _snippets(texts: Sequence[str]) -> list[Article]:
    return [Article(clean(text)[0]) for text in texts if text.strip()]


def _strings(answer: str | Sequence[str | Sequence[str]]) -> tuple[str, ...]:
    """Return the accepted strings: of an answer in parts, each way of saying all of them."""
    parts = [answer] if isinstance(answer, str) else answer
    ways = [(part,) if isinstance(part, str) else tuple(part) for part in parts]
    return tuple(dict.fromkeys(", ".join(way) for way in product(*ways) if all(way)))


def _known(value: str, choices: object, what: str) -> None:
    if value not in get_args(choices):
        msg = f"{what} {value!r} is unknown"
        raise UsageError(msg, hint=f"one of {', '.join(get_args(choices))}")
