"""``citewire eval judge``: how often a judge agrees with people, which stands beside each score that it gives."""

from __future__ import annotations

import json
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from rag.commands.console import put, say
from rag.commands.options import Archive, Json, Models, settings_of, valid
from rag.errors import Exit, UsageError

if TYPE_CHECKING:
    from rag.evaluation.judges import Measurement
    from rag.evaluation.loaders import LabelledSet


def judge(
    models: Models,
    data: Annotated[
        str | None,
        typer.Argument(metavar="SET", help="faithbench, summedits, wice, frank, or your own file", show_default=False),
    ] = None,
    path: Annotated[
        Path | None, typer.Argument(help="Where your download of it is [CITEWIRE_BENCH]", show_default=False)
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
    """Measure the judge that --verifier names against labels of people; without SET, list what was measured."""
    from rag.equipment import Equipment  # noqa: PLC0415 - 0.3 s
    from rag.evaluation import judges  # noqa: PLC0415

    if data is None:
        _list(judges.stored(*filter(None, [write])), as_json=as_json)
        return
    labelled = _labelled(valid("SET", data), path)
    with closing(Equipment(settings_of(archive, models))) as equipment:  # needs no archive, and makes none
        verifier = equipment.verifier
        if verifier is None:
            msg = "the rules judge nothing: there is no judge to measure"
            raise UsageError(msg, hint="--verifier embedded, judge or onnx:FOLDER")
        lost: list[tuple[str, str]] = []
        found = judges.measure(
            verifier, labelled, limit=limit, progress=_progress, failed=lambda row, why: lost.append((row.id, why))
        )
    _list([found], as_json=as_json)
    if lost:
        from rag.rendering import line  # noqa: PLC0415

        say(line(f"{len(lost)} of {found.rows} rows were not judged; the first, {lost[0][0]}: {lost[0][1]}"))
    say(f"{labelled.source}")
    if found.seen == "fitted":
        say("its weights were fitted on these rows, so these figures flatter it; frank it has not seen")
    say(f"kept in {judges.store(found, write)}")
    if found.accuracy is None:
        raise typer.Exit(Exit.PROVIDER)


def _labelled(data: str, path: Path | None) -> LabelledSet:
    from rag.evaluation.loaders import SETS, labelled  # noqa: PLC0415

    if data in SETS:
        return SETS[data](path)
    if not Path(data).is_file():
        msg = f"{data} is no known set and no file"
        raise UsageError(msg, hint=f"one of {', '.join(SETS)}, or a file of statement, sources and label")
    return labelled(data)


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
