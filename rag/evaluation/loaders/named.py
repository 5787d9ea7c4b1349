"""What a command calls a public set to what it loads: ``realtimeqa:PATH`` to questions, ``wice:PATH`` to judged claims.

A name alone means the data in ``CITEWIRE_BENCH``.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from rag.errors import UsageError
from rag.evaluation.datasets import Dataset
from rag.evaluation.loaders.files import PUBLISHED, Published
from rag.evaluation.loaders.questions import Asking, Snippets, realtimeqa, rgb
from rag.evaluation.loaders.spans import chunking, multihop
from rag.evaluation.loaders.support import SETS


@dataclass(frozen=True, slots=True)
class Named:
    """A public set as a command knows it."""

    published: Published
    tasks: Mapping[str, str]
    """What can be asked of it, and what that is; the first is meant where none is named. Empty if there is but one."""
    years: str = ""
    """Which years there are; empty where it has none."""
    load: Callable[[Path | None, str, str], Dataset] | None = None
    """Path, task and year to questions; None for labelled claims (``support.SETS``)."""


QUESTIONS: Mapping[str, Named] = {
    "realtimeqa": Named(
        PUBLISHED["RealTimeQA"],
        {
            "open": "all questions for which the search of the time found something",
            "retrieval": "those whose article is known, 2022 only",
            "nota": "with choices, of which sometimes none is right: then declining is",
        },
        "2022 (else what PATH has), 2023q4, 2025h2 and so on, as PATH calls them",
        lambda path, task, year: realtimeqa(path, year, task=cast("Asking", task)),
    ),
    "rgb": Named(
        PUBLISHED["RGB"],
        {
            "noise": "right and useless snippets",
            "rejection": "useless ones only, so that declining is right",
            "counterfactual": "doctored and useless ones",
            "conflict": "right and doctored ones",
        },
        "",
        lambda path, task, _year: rgb(path, task=cast("Snippets", task)),
    ),
    "multihop": Named(PUBLISHED["MultiHop-RAG"], {}, "", lambda path, _task, _year: multihop(path)),
    "chunking": Named(PUBLISHED["chunking"], {}, "", lambda path, _task, _year: chunking(path)),
}
"""Sets of questions, for ``citewire eval``."""
LABELLED: Mapping[str, Named] = {
    name: Named(PUBLISHED[called], {})
    for name, called in zip(SETS, ("FaithBench", "SummEdits-news", "WiCE", "FRANK"), strict=True)
}
"""Sets of claims that people judged, for ``citewire eval judge``."""
ALL: Mapping[str, Named] = {**QUESTIONS, **LABELLED}
"""All of them."""


def parsed(text: str) -> tuple[str, Path | None] | None:
    """Return name and path of ``NAME:PATH`` or ``NAME``; None if the text names no set, or a file that is there.

    Raises UsageError for a name that is nearly one.
    """
    name, colon, rest = text.partition(":")
    if Path(text).is_file():
        return None
    if name in ALL:
        if colon and not rest:
            msg = f"{text} names no path"
            raise UsageError(msg, hint=f"{name}:PATH, where your download of {ALL[name].published.where} is")
        return name, Path(rest).expanduser() if rest else None
    near = difflib.get_close_matches(name.lower(), ALL, n=1)
    if near and (colon or not Path(name).suffix):
        msg = f"there is no public set {name!r}"
        raise UsageError(msg, hint=f"did you mean {near[0]}{colon}{rest}?")
    return None


def questions(name: str, path: Path | None, *, task: str = "", year: str = "") -> Dataset:
    """Return the questions of a set.

    Raises UsageError for a set of claims, for a task that it has not, for a year where it has none.
    Raises ReadError for what is not there, or does not fit, with its file and line.
    """
    one = QUESTIONS.get(name)
    if one is None or one.load is None:
        msg = f"{name} is a set of claims that people judged, not of questions"
        raise UsageError(msg, hint=f"citewire eval judge {name}{f':{path}' if path else ''}")
    if task and task not in one.tasks:
        msg = f"{name} has no task {task!r}" if one.tasks else f"{name} has one task only"
        raise UsageError(msg, hint=f"--task {', '.join(one.tasks)}" if one.tasks else "leave out --task")
    if year and not one.years:
        msg = f"{name} has no years"
        raise UsageError(msg, hint="leave out --year")
    return one.load(path, task or next(iter(one.tasks), ""), year)
