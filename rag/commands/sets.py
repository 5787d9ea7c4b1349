"""``realtimeqa:PATH`` as typed to questions, ``wice:PATH`` to judged claims; what ``--help`` says of public sets."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from typer.core import TyperCommand

from rag.commands.console import bar, say
from rag.commands.options import Models, room_of, valid
from rag.errors import ReadError, UsageError

if TYPE_CHECKING:
    from typer._click.core import Context
    from typer._click.formatting import HelpFormatter

    from rag.evaluation.datasets import Dataset
    from rag.evaluation.loaders import LabelledSet
    from rag.evaluation.loaders.named import Named

ARCHIVE = "archive"
"""Folder in a run's own that holds the articles of a public set."""
_NOTE = """None comes with citewire: download
it and keep to its licence. PATH is its file, a folder with it, or a clone of its
repository; without :PATH it is looked for in CITEWIRE_BENCH."""


class AsksSets(TyperCommand):
    """A command whose help ends with the public sets of questions; they are loaded only when help is asked for."""

    def format_epilog(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the list."""
        from rag.evaluation.loaders.named import QUESTIONS  # noqa: PLC0415

        del ctx
        formatter.write("\n".join(["", f"DATASET may be a public set of questions. {_NOTE}", *_lines(QUESTIONS), ""]))


class JudgesSets(TyperCommand):
    """A command whose help ends with the public sets of claims that people judged."""

    def format_epilog(self, ctx: Context, formatter: HelpFormatter) -> None:
        """Write the list."""
        from rag.evaluation.loaders.named import LABELLED  # noqa: PLC0415

        del ctx
        formatter.write("\n".join(["", f"SET may be a public set of judged claims. {_NOTE}", *_lines(LABELLED), ""]))


def _lines(sets: Mapping[str, Named]) -> Iterator[str]:
    """Yield what a person has to know of each set: what it is, where it is published, its licence, what it takes."""
    for name, one in sets.items():
        what, where, licence = one.published.what, one.published.where, one.published.licence
        yield from (f"\n  {name}:PATH", f"    {what}", f"    {where}", f"    licence: {licence}")
        for number, (task, told) in enumerate(one.tasks.items()):
            yield f"    --task {task}{'' if number else ' (or none)'}: {told}"
        if one.years:
            yield f"    --year {one.years}"


def questions_of(text: str, task: str | None, year: str | None) -> Dataset:
    """Return the questions of a file, or of a public set with its articles. Raises UsageError, ReadError."""
    from rag.evaluation import datasets  # noqa: PLC0415 - 0.3 s
    from rag.evaluation.loaders import named  # noqa: PLC0415

    found = named.parsed(valid("DATASET", text))
    if found is not None:
        with _told(found[0]):
            return named.questions(*found, task=task or "", year=year or "")
    if task or year:
        msg = f"{'--task' if task else '--year'} is for public sets, and {text} is none"
        raise UsageError(msg, hint=f"one of {', '.join(named.QUESTIONS)} with :PATH, or leave it out")
    if Path(text).is_dir():
        msg = f"{text} is a folder"
        raise UsageError(msg, hint=f"of a public set, its name comes first: {next(iter(named.QUESTIONS))}:{text}")
    return datasets.load(text)


def labelled_of(text: str, path: Path | None) -> LabelledSet:
    """Return the claims of a file of one's own, or of a public set. Raises UsageError, ReadError."""
    from rag.evaluation.loaders import SETS, labelled, named  # noqa: PLC0415 - 0.3 s

    found = named.parsed(valid("SET", text))
    if found is None:
        if not Path(text).is_file():
            msg = f"{text} is no known set and no file"
            raise UsageError(msg, hint=f"one of {', '.join(SETS)}, or a file of statement, sources and label")
        return labelled(text)
    name, beside = found
    if name not in SETS:
        msg = f"{name} is a set of questions, not of claims that people judged"
        raise UsageError(msg, hint=f"citewire eval {text}")
    if path and beside:
        msg = f"the path stands twice: {beside} and {path}"
        raise UsageError(msg, hint=f"citewire eval judge {name}:{beside}")
    with _told(name):
        return SETS[name](path or beside)


@contextmanager
def _told(name: str) -> Generator[None]:
    """Say of a file that does not fit, which says so itself, what was expected in its place."""
    from rag.evaluation.loaders.named import ALL  # noqa: PLC0415

    try:
        yield
    except ReadError as error:
        where = ALL[name].published.where
        error.hint = error.hint or f"give the file of {name} itself, or a folder with it, in the form of {where}"
        raise


def stocked(dataset: Dataset, folder: Path, models: Models) -> Path:
    """Return an archive in the folder of a run that holds all articles of a public set, adding what it lacks."""
    place = folder / ARCHIVE
    with room_of(place, models, create=True) as room:
        lacking = {one.id for one in dataset.articles} - {one.id for one in room.articles()}
        if lacking:
            say(f"adding {len(lacking):,} articles of {dataset.name} to {place}; they are needed once")
            with bar("Adding", len(lacking)) as progress:
                room.add(*(one for one in dataset.articles if one.id in lacking), progress=progress)
    return place
