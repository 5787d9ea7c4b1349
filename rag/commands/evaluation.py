"""``citewire eval``: questions with known answers to scores, and two runs to their difference."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.core import TyperGroup

from rag.commands import judges, labelling
from rag.commands.console import put, say
from rag.commands.options import Archive, Json, Models, grouped, refuse_empty, room_of, settings_of
from rag.commands.sets import AsksSets, JudgesSets, questions_of, stocked
from rag.errors import Exit, UsageError

if TYPE_CHECKING:
    from typer._click.core import Context

    from rag.evaluation.datasets import Dataset
    from rag.evaluation.grounding import Shelf
    from rag.evaluation.runs import Run
    from rag.settings import Settings


class _Group(TyperGroup):
    """``citewire eval DATASET`` is ``citewire eval run DATASET``."""

    def parse_args(self, ctx: Context, args: list[str]) -> list[str]:
        """Put the word ``run`` before what is not the name of a command."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_Group,
    help="Score answers on questions with known answers: citewire eval DATASET. DATASET is a file of your own, or a "
    "public set that you have downloaded, as realtimeqa:PATH or rgb:PATH; a judge is measured on faithbench:PATH, "
    "summedits:PATH, wice:PATH or frank:PATH. citewire eval run --help and citewire eval judge --help say where "
    "each is to be had, and under which licence.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """Options that say what is asked, and of whom."""

    systems: Annotated[
        str, typer.Option("--systems", help="extractive, model, PROVIDER:MODEL or local:FILE.gguf, with commas")
    ] = "extractive"
    limit: Annotated[int | None, typer.Option("--limit", help="Only the first N questions", min=1)] = None
    part: Annotated[str | None, typer.Option("--part", help="Only this part: dev or test", show_default=False)] = None
    task: Annotated[
        str | None, typer.Option("--task", help="Of a public set: what is asked of it, below", show_default=False)
    ] = None
    year: Annotated[
        str | None, typer.Option("--year", help="Of a public set: 2022, 2025h2 ..., below", show_default=False)
    ] = None


@dataclass(frozen=True, slots=True)
class Work:
    """Options that say where a run is kept, how it is done and how it is scored."""

    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Folder of the run", show_default="eval-DATASET")
    ] = None
    parallel: Annotated[int, typer.Option("--parallel", help="Questions at once", min=1, max=32)] = 1
    seed: Annotated[int, typer.Option("--seed", help="Of the intervals")] = 0
    judge: Annotated[
        str | None,
        typer.Option("--judge", help="rules (none), embedded, judge or onnx:FOLDER", show_default="the verifier"),
    ] = None


def run(
    dataset: Annotated[
        str,
        typer.Argument(metavar="DATASET", help="Gold questions: JSONL, or CSV; or a public set, NAME:PATH (below)"),
    ],
    models: Models,
    choice: Choice,
    work: Work,
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """Ask every question of DATASET and score what is said (the word "run" may be left out).

    The same command goes on where it was cut off; nothing is asked twice. 3 means that some questions failed.

    A public set brings its articles: without --archive they go into an archive in the folder of the run.
    """
    from rag.evaluation import reports, running  # noqa: PLC0415 - 0.3 s
    from rag.evaluation.needed import need  # noqa: PLC0415

    need()
    asked = _part(questions_of(dataset, choice.task, choice.year), choice.part)
    folder = work.output or Path(f"eval-{asked.name}")
    running.refuse_other(folder, asked.hash)
    place = stocked(asked, folder, models) if asked.articles and archive is None else archive
    with room_of(place, models) as room:
        refuse_empty(room)
    done = _asked(asked, folder, settings_of(place, models), choice, work)
    done.save()
    put(json.dumps(done.to_dict(), ensure_ascii=False) if as_json else reports.text(done))
    say(f"written to {folder}: report.html, report.md, report.json, values.csv")
    if any(done.failures(system) for system in done.systems):
        raise typer.Exit(Exit.PARTIAL)


def _asked(asked: Dataset, folder: Path, settings: Settings, choice: Choice, work: Work) -> Run:
    """Open the archive, the systems and the judge, and ask."""
    from rag.evaluation import rooms, running  # noqa: PLC0415 - 0.3 s
    from rag.evaluation.grounding import grounding  # noqa: PLC0415
    from rag.evaluation.metrics import DEFAULT  # noqa: PLC0415

    names = [name.strip() for name in choice.systems.split(",") if name.strip()]
    with ExitStack() as stack:
        ours = stack.enter_context(rooms.systems(settings, names))
        _check_gold(asked, ours.shelf)
        verifier, equipment = rooms.judge_of(settings, work.judge)
        stack.callback(equipment.close)
        progress = stack.enter_context(_progress(len(asked.questions[: choice.limit]) * len(ours.asks)))
        return running.run(
            ours.asks,
            asked,
            folder,
            metrics=(*DEFAULT, *grounding(ours.shelf, verifier)),
            limit=choice.limit,
            parallel=work.parallel,
            seed=work.seed,
            about=ours.about,
            progress=progress,
        )


def compare(
    a: Annotated[str, typer.Argument(metavar="RUN_A", help="Folder of a run, or FOLDER:SYSTEM")],
    b: Annotated[str, typer.Argument(metavar="RUN_B", help="The same; the difference is B - A")],
    seed: Annotated[int, typer.Option("--seed", help="Of the resamples")] = 0,
    as_json: Json = False,
) -> None:
    """Say on which metrics one system is better than another, with paired bootstrap intervals."""
    from rag.evaluation import comparing  # noqa: PLC0415 - 0.3 s

    (first, one), (second, other) = comparing.named(a), comparing.named(b)
    if bool(one) != bool(other):
        run_, name = (first, other) if other else (second, one)
        one, other = one or _one(run_.systems, a, name), other or _one(run_.systems, b, name)
    found = comparing.compare(first, second, (one, other) if one else None, seed=seed)
    put(json.dumps(found.to_dict(), ensure_ascii=False) if as_json else found.to_markdown())


for name, command, kind in (
    ("run", run, AsksSets),
    ("compare", compare, None),
    ("judge", judges.judge, JudgesSets),
    ("label", labelling.label, None),
    ("draft", labelling.draft, None),
):
    app.command(name, cls=kind)(grouped(command))


def _one(systems: Sequence[str], place: str, name: str) -> str:
    """Return the system of a run that is named without one: its only one, or the one of the same name."""
    if len(systems) == 1:
        return systems[0]
    if name in systems:
        return name
    msg = f"which system of {place}? it holds {', '.join(systems)}"
    raise UsageError(msg, hint=f"citewire eval compare {place}:{systems[0]} ...")


def _part(dataset: Dataset, part: str | None) -> Dataset:
    """Return the questions of one part. Raises UsageError if there are none."""
    if part is None:
        return dataset
    chosen = tuple(question for question in dataset.questions if question.part == part)
    if not chosen:
        there = ", ".join(sorted({question.part or "(none)" for question in dataset.questions}))
        msg = f"{dataset.source} has no questions of the part {part!r}; its parts are: {there}"
        raise UsageError(msg, hint="leave out --part")
    return replace(dataset, name=f"{dataset.name}-{part}", questions=chosen)


def _check_gold(dataset: Dataset, shelf: Shelf) -> None:
    """Say which gold sentences the archive does not hold. Raises UsageError if it holds none of them."""
    gold = {id for question in dataset.questions for id in (*question.sentences, *question.articles)}
    lost = sorted(id for id in gold if shelf.text(id) is None)
    if gold and len(lost) == len(gold):
        msg = f"the archive holds none of the {len(gold)} gold sentences of {dataset.source}"
        ours = "leave out --archive: an archive with the set's articles is made in the folder of the run"
        raise UsageError(
            msg, hint=ours if dataset.articles else "citewire add PATH with the articles that the questions are about"
        )
    if lost:
        some = ", ".join(lost[:3])
        say(f"{len(lost)} of {len(gold)} gold sentences are not in the archive and cannot be found: {some} ...")


@contextmanager
def _progress(total: int) -> Generator[Callable[[int, int], None]]:
    """Show how many answers there are: a bar on a terminal, elsewhere a line for each tenth."""
    if not sys.stderr.isatty():
        step = max(1, total // 10)
        yield lambda done, of: say(f"{done} of {of}") if done % step == 0 and of > step else None
        return
    from rich.console import Console  # noqa: PLC0415 - 0.05 s
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task("answers", total=total)
        yield lambda done, of: shown.update(task, completed=done, total=of)
