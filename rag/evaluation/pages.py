"""A run to one HTML page: tables, plots, and what went wrong. No script, nothing remote, every text escaped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING

from rag import rendering
from rag.evaluation import plots
from rag.evaluation.reports import Line, figure, lines, mistakes, notes, says
from rag.rendering.stylesheet import FRAGMENT

if TYPE_CHECKING:
    from rag.evaluation.datasets import Question
    from rag.evaluation.runs import Run

_PLOTTED = ("Answers", "Citations", "Faithfulness, by a judge", "Declining", "Retrieval")
_MOST = 200
"""Mistakes that a page lists of one system; all of them are in ``values.csv``."""
_STYLE = """<style>
.citewire.cw-run{max-width:62rem;margin:0 auto;padding:2.5rem 1.25rem 4rem}
.cw-run .cw-wide{overflow-x:auto;margin:.6em 0}
.cw-run table{border-collapse:collapse;font:.86em/1.45 var(--cw-sans);font-variant-numeric:tabular-nums}
.cw-run caption{text-align:start;font-weight:600;padding:.4em 0}
.cw-run th,.cw-run td{padding:.3em 1.1em .3em 0;text-align:start;vertical-align:top}
.cw-run tr{border-bottom:1px solid var(--cw-rule)}
.cw-run thead th{color:var(--cw-quiet);font-weight:600}
.cw-run tbody th{font-weight:400;white-space:nowrap}
.cw-run td span{color:var(--cw-quiet);white-space:nowrap}
.cw-run figure{margin:1.2em 0}
.cw-run figure svg{max-width:100%;height:auto;background:#fff;border-radius:6px}
.cw-run figcaption{color:var(--cw-quiet);font:.82em/1.5 var(--cw-sans)}
.cw-run details{margin:.8em 0;color:var(--cw-ink)}
.cw-run summary{cursor:pointer}
</style>"""


def page(run: Run) -> str:
    """Return the whole page."""
    title = f"Evaluation: {rendering.line(run.config.dataset)}"
    tables = lines(run)
    parts = [
        f'<h1 class="cw-title">{_safe(title)}</h1>',
        *(f"<p>{_safe(note)}</p>" for note in notes(run)),
        *_figures(run, tables),
        *(_table(group, rows, run.systems) for group, rows in tables.items()),
        *(_wrong(run, system) for system in run.systems),
        _made(run),
    ]
    body = "\n".join(part for part in parts if part)
    return rendering.page(f'{FRAGMENT}\n{_STYLE}\n<section class="citewire cw-run">\n{body}\n</section>', title)


def _figures(run: Run, tables: Mapping[str, Sequence[Line]]) -> Iterator[str]:
    for number, title in enumerate(name for name in _PLOTTED if name in tables):
        rows = [
            (line.label, {system: cell[:3] for system, cell in line.cells.items() if cell[3]}) for line in tables[title]
        ]
        yield _figure(plots.scores(rows, run.systems, f"cw-s{number}"), f"{title}: each mean with its 95% interval.")
    yield _figure(
        plots.risk_coverage(run, "cw-risk"),
        "Risk and coverage: how many answers are wrong if only the surest are given. Each line ends where the system "
        "declines the rest.",
    )
    yield _figure(plots.latency(run, "cw-time"), f"Time to answer, {run.config.parallel} at once.")


def _figure(svg: str, caption: str) -> str:
    return f"<figure>{svg}<figcaption>{_safe(caption)}</figcaption></figure>" if svg else ""


def _table(title: str, rows: Sequence[Line], systems: Sequence[str]) -> str:
    head = "".join(f'<th scope="col">{_safe(name)}</th>' for name in ("metric", *systems, "what it says"))
    body = "\n".join(
        f'<tr><th scope="row"><code>{_safe(line.label)}</code></th>'
        + "".join(_cell(line, system) for system in systems)
        + f"<td>{_safe(says(line))}</td></tr>"
        for line in rows
    )
    name = _safe(title)
    return (
        f'<div class="cw-wide" tabindex="0" role="group" aria-label="{name}"><table><caption>{name}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cell(line: Line, system: str) -> str:
    cell = line.cells.get(system)
    if cell is None:
        return "<td>–</td>"
    value, low, high, questions, unjudged = cell
    beside = f", {unjudged} unjudged" if unjudged else ""
    if not questions:
        return f"<td>{unjudged} unjudged</td>"
    return f"<td>{figure(value)} <span>{figure(low)} to {figure(high)}<br>{questions} questions{beside}</span></td>"


def _wrong(run: Run, system: str) -> str:
    found = list(mistakes(run, system))
    if not found:
        return ""
    items = "\n".join(_item(*one) for one in found[:_MOST])
    more = f"<p>{len(found) - _MOST} more are in values.csv.</p>" if len(found) > _MOST else ""
    return (
        f"<details><summary>What went wrong: {_safe(system)} ({len(found)})</summary><ul>{items}</ul>{more}</details>"
    )


def _item(kind: str, question: Question, said: str) -> str:
    accepted = " / ".join(question.answers)
    beside = (f"<br>{_safe(text)}" for text in (said, f"accepted: {accepted}" if accepted else "") if text)
    return f"<li><b>{_safe(kind)}</b>: {_safe(question.text)}{''.join(beside)}</li>"


def _made(run: Run) -> str:
    rows = [("dataset", run.config.source), ("sha256 of the data", run.config.data), ("begun", run.config.started)]
    for system, made in run.config.systems.items():
        rows += [(f"{system}: {name}", str(value)) for name, value in made.items()]
    sources = {metric.source: None for metric in run.config.metrics}
    items = "".join(f"<li>{_safe(name)}: {_safe(value)}</li>" for name, value in rows if value)
    read = "".join(f"<li>{_safe(source)}</li>" for source in sources)
    return (
        f"<details><summary>What was run</summary><ul>{items}</ul></details>"
        f"<details><summary>Where the metrics are defined</summary><ul>{read}</ul></details>"
    )


def _safe(text: str) -> str:
    return escape(rendering.line(text), quote=True)
