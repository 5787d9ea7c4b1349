"""BABE, NeuS, AllSides and the background summaries to sentences, events and timelines."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import AliasChoices, Field, field_validator

from rag.evaluation.loaders.files import Row, find, rows


@dataclass(frozen=True, slots=True)
class Rated:
    """A sentence of news, and whether experts call it biased."""

    text: str
    biased: bool
    words: tuple[str, ...]
    """Which words they marked."""
    outlet: str
    topic: str
    leaning: str
    """``left``, ``center``, ``right`` or empty."""
    opinion: str


class _Sentence(Row):
    text: str
    biased: bool = Field(validation_alias=AliasChoices("biased", "label_bias"))
    outlet: str = ""
    topic: str = ""
    leaning: str = Field(default="", validation_alias=AliasChoices("leaning", "type"))
    opinion: str = Field(default="", validation_alias=AliasChoices("opinion", "label_opinion"))
    words: tuple[str, ...] = Field(default=(), validation_alias="biased_words")

    @field_validator("biased", mode="before")
    @classmethod
    def _told(cls, value: object) -> object:
        return {"Biased": True, "Non-biased": False}.get(value, value) if isinstance(value, str) else value

    @field_validator("words", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return ast.literal_eval(value) if isinstance(value, str) else value  # the CSV of the repository holds a list


def babe(path: str | Path | None = None) -> tuple[Rated, ...]:
    """Return the sentences of BABE; in the repository's own form, without those on which experts do not agree."""
    file = find("BABE", path, "babe.jsonl", "data/final_labels_SG2.csv", "final_labels_SG2.csv")
    form = _Agreed if file.suffix == ".csv" else _Sentence
    return tuple(
        Rated(one.text, one.biased, tuple(one.words), one.outlet, one.topic, one.leaning, one.opinion)
        for one in rows(file, form)
        if not isinstance(one, _Agreed) or one.agreed
    )


class _Agreed(_Sentence):
    biased: bool = Field(default=False, validation_alias="label_bias")
    agreed: bool = Field(default=True, validation_alias="label_bias")

    @field_validator("biased", mode="before")
    @classmethod
    def _told(cls, value: object) -> object:
        return value == "Biased"

    @field_validator("agreed", mode="before")
    @classmethod
    def _settled(cls, value: object) -> object:
        return value in {"Biased", "Non-biased"}


@dataclass(frozen=True, slots=True)
class Report:
    """One report of an event."""

    title: str
    text: str
    """Empty where the set has none."""
    stance: str = ""
    """``left``, ``center`` or ``right``; NeuS does not say."""
    outlet: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Reports of one event from several sides, and a neutral text about it."""

    id: str
    reports: tuple[Report, ...]
    neutral_title: str
    neutral: str
    day: datetime | None = None
    topic: str = ""


class _Report(Row):
    title: str
    text: str | None = None
    stance: str = ""
    outlet: str | None = None
    url: str | None = None

    def made(self) -> Report:
        """Return the report."""
        return Report(self.title, self.text or "", self.stance, self.outlet or "", self.url or "")


class _Event(Row):
    id: str | int
    reports: list[_Report] = Field(validation_alias=AliasChoices("sources", "articles"))
    neutral_title: str = Field(default="", validation_alias=AliasChoices("neutral_title", "issue"))
    neutral: str = Field(default="", validation_alias=AliasChoices("neutral_text", "roundup"))
    date: datetime | None = None
    topic: str | None = None


def neus(path: str | Path | None = None) -> tuple[Event, ...]:
    """Return the triplets of NeuS: reports from the left, centre and right in no order, and a neutral text."""
    return _events(find("NeuS", path, "neus.jsonl"))


def allsides(path: str | Path | None = None) -> tuple[Event, ...]:
    """Return events of AllSides with stance, outlet and the day of the event."""
    return _events(find("AllSides", path, "allsides_events.jsonl"))


def _events(file: Path) -> tuple[Event, ...]:
    return tuple(
        Event(
            str(one.id),
            tuple(report.made() for report in one.reports),
            one.neutral_title,
            one.neutral,
            one.date if one.date is None or one.date.tzinfo else one.date.replace(tzinfo=UTC),
            one.topic or "",
        )
        for one in rows(file, _Event)
    )


@dataclass(frozen=True, slots=True)
class Step:
    """What was new on a day of a long event, and what people wrote about all that went before."""

    date: str
    """As the set has it; two steps may be of one day."""
    update: str
    backgrounds: tuple[str, ...]
    """One for each writer, empty where there is none."""

    @property
    def text(self) -> str:
        """The update with line breaks where the set writes them out."""
        return self.update.replace("\\n", "\n").strip()

    @property
    def day(self) -> datetime:
        """The day, in UTC."""
        return datetime.fromisoformat(self.date[:10]).replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Timeline:
    """A long event by day."""

    event: str
    steps: tuple[Step, ...]


class _Step(Row):
    date: str
    update: str
    backgrounds: list[str]


class _Timeline(Row):
    event: str
    steps: list[_Step]


def background(path: str | Path | None = None) -> tuple[Timeline, ...]:
    """Return long events by day."""
    file = find("background summaries", path, "background_events.jsonl")
    return tuple(
        Timeline(
            one.event,
            tuple(Step(step.date, step.update, tuple(step.backgrounds)) for step in one.steps),
        )
        for one in rows(file, _Timeline)
    )
