"""``citewire eval judge``: how often a judge agrees with people, which stands beside each score that it gives."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.commands.console import put, say
from rag.commands.options import Archive, Json, Models, settings_of
from rag.commands.sets import labelled_of
from rag.errors import Exit, UsageError

if TYPE_CHECKING:
    from rag.evaluation.judges import Measurement
    from rag.evaluation.loaders import LabelledSet
    from rag.settings import Settings


def judge(
    models: Models,
    data: Annotated[
        str | None,
        typer.Argument(
            metavar="SET",
            help="faithbench, summedits, wice or frank, with :PATH of your download (below), or your own file",
            show_default=False,
        ),
    ] = None,
    path: Annotated[
        Path | None, typer.Argument(metavar="PATH", help="The same as :PATH [CITEWIRE_BENCH]", show_default=False)
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", help="Judge so many rows, evenly spread", min=1, show_default=False)
    ] = None,
    write: Annotated[
        Path | None, typer.Option("--write", help="Keep the result in this file", show_default="your own")
    ] = None,
    archive: Archive = None,
    as_json: Json = False,
) -> None:
    """Measure the judge that --verifier names against labels of people; without SET, list what was measured.

    Your own file has JSON lines of statement, sources (sentences, or a text) and label (true or false).
    """
    from rag.evaluation import judges  # noqa: PLC0415 - 0.3 s

    if data is None:
        _list(judges.stored(*filter(None, [write])), as_json=as_json)
        return
    labelled = labelled_of(data, path)
    found, lost = _measured(settings_of(archive, models), labelled, limit)
    _list([found], as_json=as_json)
    if lost:
        say(lost)
    say(labelled.source)
    if found.seen == "fitted":
        say("its weights were fitted on these rows, so these figures flatter it; frank it has not seen")
    say(f"kept in {judges.store(found, write)}")
    if found.accuracy is None:
        if found.unjudged:
            raise typer.Exit(Exit.PROVIDER)
        say("all rows that were read are of one kind: balanced accuracy needs both, so read more with --limit")


def _measured(settings: Settings, labelled: LabelledSet, limit: int | None) -> tuple[Measurement, str]:
    """Let the judge that is set read the rows; say on how many it failed, and why. Raises UsageError without one."""
    from rag.equipment import Equipment  # noqa: PLC0415 - 0.3 s
    from rag.evaluation import judges  # noqa: PLC0415
    from rag.rendering import line  # noqa: PLC0415

    lost: list[tuple[str, str]] = []
    with closing(Equipment(settings)) as equipment:  # needs no archive, and makes none
        verifier = equipment.verifier
        if verifier is None:
            msg = "the rules judge nothing: there is no judge to measure"
            raise UsageError(msg, hint="--verifier embedded, judge or onnx:FOLDER")
        found = judges.measure(
            verifier, labelled, limit=limit, progress=_progress, failed=lambda row, why: lost.append((row.id, why))
        )
    if not lost:
        return found, ""
    return found, line(f"{len(lost)} of {found.rows} rows were not judged; the first, {lost[0][0]}: {lost[0][1]}")


def _progress(done: int, of: int) -> None:
    if sys.stderr.isatty():
        print(f"\r{done} of {of}", end="\n" if done == of else "", file=sys.stderr, flush=True)  # noqa: T201


def _list(found: tuple[Measurement, ...] | list[Measurement], *, as_json: bool) -> None:
    from rag.rendering import line  # noqa: PLC0415

    if as_json:
        put(json.dumps([one.model_dump(mode="json") for one in found], ensure_ascii=False))
        return
    if not found:
        say("no judge was measured yet: citewire eval judge faithbench")
    for one in found:
        put(line(f"{one.judge}: {one}"))
        bounds = f"95% interval [{one.interval[0]:.3f}, {one.interval[1]:.3f}]" if one.interval else "no interval"
        area = "no probabilities" if one.area is None else f"area under the curve {one.area:.3f}"
        put(
            f"  {bounds} over {one.documents} documents; {area}; {one.supported} of {one.rows} rows supported; "
            f"{one.unjudged:.1%} unjudged; {one.seen}, {one.measured}, data {one.hash[:12]}"
        )
