"""Runs to plots as inline SVG: no script, nothing to fetch, ids that do not meet those of another plot on the page.

Colours and markers are those of ``rag.charts``; systems differ in both.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from rag.charts import COLOURS, MARKERS, RULE
from rag.evaluation.abstention import curve
from rag.evaluation.needed import need

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from rag.evaluation.runs import Run

DASHES = ("-", "--", "-.", ":")
_LOOK = {
    "svg.fonttype": "path",
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "axes.axisbelow": True,
}
_NAMES = re.compile(r'(\bid="|url\(#|href="#)')
Interval = tuple[float, float, float]
"""Mean and its bounds."""


def scores(rows: Sequence[tuple[str, Mapping[str, Interval]]], systems: Sequence[str], name: str) -> str:
    """Draw a dot with its interval for each metric (a row) and system, on a scale from 0 to 1."""
    step = 0.8 / max(1, len(systems))

    def draw(axes: Axes) -> None:
        for place, system in enumerate(systems):
            there = [(line, values[system]) for line, (_, values) in enumerate(rows) if system in values]
            heights = [line - 0.4 + step * (place + 0.5) for line, _ in there]
            means = np.array([value for _, (value, _, _) in there])
            spread = np.array([(value - low, high - value) for _, (value, low, high) in there]).reshape(-1, 2).T
            colour, marker = COLOURS[place % len(COLOURS)], MARKERS[place % len(MARKERS)]
            axes.errorbar(means, heights, xerr=np.maximum(spread, 0), fmt="none", ecolor=colour, capsize=3)
            axes.scatter(means, heights, s=36, zorder=3, label=short(system), color=colour, marker=marker)
        axes.set(xlim=(-0.02, 1.02), xlabel="mean over questions, 95% bootstrap interval")
        axes.set_yticks(range(len(rows)), [label for label, _ in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.grid(visible=False, axis="y")

    height = 1.3 + max(0.34, 0.2 * len(systems)) * len(rows)
    return _svg(draw, (7.6, height), name, f"Scores of {', '.join(systems)}", legend=len(systems) > 1)


def risk_coverage(run: Run, name: str) -> str:
    """Draw the share of wrong answers against the share of questions answered, the surest first; empty without any."""
    total = len(run.questions)
    curves = {
        system: curve(run.confidence(system, run.questions), run.column(system, "wrong", run.questions), total)
        for system in run.systems
    }
    if not any(coverage.size for coverage, _ in curves.values()):
        return ""

    def draw(axes: Axes) -> None:
        for place, (system, (coverage, risk)) in enumerate(curves.items()):
            if coverage.size:
                colour, dash = COLOURS[place % len(COLOURS)], DASHES[place % len(DASHES)]
                axes.plot(coverage, risk, dash, color=colour, linewidth=1.8, label=short(system))
                axes.plot(coverage[-1], risk[-1], MARKERS[place % len(MARKERS)], color=colour)
        axes.set(xlim=(0, 1), ylim=(0, 1))
        axes.set_xlabel("coverage: share of all questions answered, the surest first")
        axes.set_ylabel("risk: share of these that are wrong")

    return _svg(draw, (7.6, 4.2), name, "Risk-coverage curve", legend=True)


def latency(run: Run, name: str) -> str:
    """Draw the share of questions that were answered within so many seconds; empty without any measured."""
    taken = {
        system: np.sort([r.seconds for q in run.questions if (r := run.response(system, q.id)) and r.seconds > 0])
        for system in run.systems
    }
    if not any(seconds.size for seconds in taken.values()):
        return ""

    def draw(axes: Axes) -> None:
        for place, (system, seconds) in enumerate(taken.items()):
            if seconds.size:
                share = np.arange(1, seconds.size + 1) / seconds.size
                colour, dash = COLOURS[place % len(COLOURS)], DASHES[place % len(DASHES)]
                axes.step(seconds, share, dash, where="post", color=colour, linewidth=1.8, label=short(system))
        axes.set(xscale="log", ylim=(0, 1.02))
        axes.set_xlabel("seconds from question to answer (logarithmic)")
        axes.set_ylabel("share answered by then")
        axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axes.xaxis.set_minor_formatter(lambda value, _: f"{value:g}" if f"{value:e}"[0] in "25" else "")

    return _svg(draw, (7.6, 3.6), name, "Time to answer", legend=True)


def short(system: str, most: int = 34) -> str:
    """Return a name that fits a legend; a dollar sign is no formula."""
    name = system if len(system) <= most else f"{system[: most - 1]}…"
    return name.replace("$", r"\$").lstrip("_") or "?"


def _svg(draw: Callable[[Axes], None], size: tuple[float, float], name: str, label: str, *, legend: bool) -> str:
    need("matplotlib")
    from html import escape  # noqa: PLC0415

    import matplotlib as mpl  # noqa: PLC0415 - an extra, 0.3 s
    from matplotlib.figure import Figure  # noqa: PLC0415

    with mpl.rc_context():
        for key, value in {**_LOOK, "svg.hashsalt": name}.items():
            mpl.rcParams[key] = value  # pyright: ignore[reportArgumentType] - its keys are a list of literals
        figure = Figure(figsize=size, layout="constrained", facecolor="white")
        axes = figure.subplots()
        draw(axes)
        if legend:
            figure.legend(loc="outside upper left", ncols=2, frameon=False, fontsize=10)
        file = io.StringIO()
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    svg = file.getvalue()
    drawn = _NAMES.sub(rf"\g<1>{name}-", svg[svg.index("<svg") :].strip())
    return drawn.replace("<svg ", f'<svg role="img" aria-label="{escape(label, quote=True)}" ', 1)
