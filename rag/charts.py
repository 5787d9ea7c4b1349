"""Reports, disputed figures and wording to pictures, by ``matplotlib``: for notebooks and pages.

Each function returns a ``Figure`` of its own: ``pyplot`` and its global state are not touched, and who looks at it
decides where it goes. A picture stands on light paper of its own, so that it reads the same in a light and in a dark
notebook. Colours are Okabe and Ito's (2008), told apart by people who do not see red and green alike; no meaning
hangs on a colour alone.
"""

# pyright: reportUnknownMemberType=false

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import wraps
from importlib.util import find_spec
from typing import TYPE_CHECKING, ParamSpec

from rag.errors import ModelMissing, UsageError
from rag.neutrality import RULES, concerns

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from rag.answers import Story
    from rag.claims import Conflict
    from rag.sources import Article

Given = ParamSpec("Given")

INK, QUIET, PAPER, RULE = "#16181d", "#5a5f69", "#fbfaf7", "#d8dbe0"
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9", "#5a5f69")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")
HATCHES = ("", "//", "..", "xx", "\\\\", "++", "--")
STYLE: Mapping[str, object] = {
    "figure.facecolor": PAPER, "axes.facecolor": PAPER, "savefig.facecolor": PAPER,
    "text.color": INK, "axes.labelcolor": INK, "axes.titlecolor": INK, "xtick.color": QUIET, "ytick.color": INK,
    "axes.edgecolor": RULE, "axes.spines.top": False, "axes.spines.right": False, "grid.color": RULE,
    "axes.titlelocation": "left", "axes.titlesize": 12, "axes.titleweight": "bold", "axes.titlepad": 12,
    "font.size": 10, "hatch.linewidth": 0.6, "figure.dpi": 110, "legend.frameon": False, "axes.axisbelow": True,
}  # fmt: skip
"""What differs from matplotlib's own defaults; what a user has set for other plots does not count here."""
_WEEK, _YEAR = 8, 300  # days: below them each day, or each year, needs no name
PER = 1000
"""Words by which wording is counted: about three articles."""


def ready() -> None:
    """Raise ModelMissing without the package that draws."""
    if find_spec("matplotlib") is None:
        msg = "charts need matplotlib, which is not installed"
        raise ModelMissing(msg, hint="python -m pip install 'citewire[eval]'")


def _styled(draw: Callable[Given, Figure]) -> Callable[Given, Figure]:
    """Let a function draw in our style; ticks are made while that holds, or they would take the user's."""

    @wraps(draw)
    def styled(*given: Given.args, **named: Given.kwargs) -> Figure:
        ready()
        from matplotlib import style  # noqa: PLC0415 - slow to import

        with style.context(["default", dict(STYLE)]):  # pyright: ignore[reportArgumentType] - its keys are literals
            figure = draw(*given, **named)
            figure.draw_without_rendering()
        return figure

    return styled


@_styled
def reports(story: Story, articles: Sequence[Article]) -> Figure:
    """Draw who reported a story when: a full mark for each origin, a hollow one for whoever carried it.

    ``articles`` holds those of the story; one without a date is named below. Raises UsageError if none has one.
    """
    known = {article.id: article for article in articles}
    dated = {key: _day(one.published) for key, one in known.items() if one.published}
    rows = list(dict.fromkeys(known[key].outlet or "no outlet" for source in story.sources for key in source.articles))
    if not dated:
        msg = "none of these articles has a date"
        raise UsageError(msg, hint="citewire stories shows which have")
    figure, axes = _figure(7.5, 1.2 + 0.45 * len(rows), "Who reported when")
    for number, source in enumerate(story.sources):
        colour = COLOURS[number % len(COLOURS)]
        places = [(dated[key], rows.index(known[key].outlet or "no outlet")) for key in source.articles if key in dated]
        axes.plot([at for at, _ in places], [row for _, row in places], color=colour, linewidth=1, zorder=2)
        for place, (at, row) in enumerate(places):
            face = colour if place == 0 else PAPER
            axes.plot([at], [row], MARKERS[number % len(MARKERS)], ms=9, mfc=face, mec=colour, mew=1.6, zorder=3)
    axes.set_yticks(range(len(rows)), rows)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    _days(axes)
    undated = sum(key not in dated for source in story.sources for key in source.articles)
    note = f"; {undated} without a date" if undated else ""
    axes.set_xlabel(f"published (UTC){note} · full: an origin, hollow: carries the origin that its line leads to")
    return figure


@_styled
def figures(conflicts: Sequence[Conflict], about: str) -> Figure:
    """Draw which figure stood where on which day: one row a value, in order of first publication.

    Positions without a value or a date are left out. Raises UsageError if none is left.
    """
    said: dict[tuple[str, float], dict[str, None]] = defaultdict(dict)
    for position in (position for conflict in conflicts for position in conflict.positions):
        if position.value and (at := position.citation.published):
            outlet = position.citation.outlet or "no outlet"
            speaker = f"{position.speaker} ({outlet})" if position.speaker else outlet
            said[position.value.lower(), _day(at)][speaker] = None
    if not said:
        msg = "these conflicts name no figure with a date"
        raise UsageError(msg, hint="take those of kind dispute, update or correction")
    places = sorted(said, key=lambda place: place[1])
    rows = list(dict.fromkeys(value for value, _ in places))
    figure, axes = _figure(7.5, 1.3 + 0.6 * len(rows), about)
    half = (places[0][1] + places[-1][1]) / 2
    for value, at in places:
        row, late = rows.index(value), at > half
        axes.plot([at], [row], "o", ms=9, color=COLOURS[0], zorder=3)
        where, side = (-4 if late else 4, 8), "right" if late else "left"
        axes.annotate("\n".join(said[value, at]), (at, row), where, textcoords="offset points", ha=side, size=9)
    axes.set_yticks(range(len(rows)), rows)
    axes.set_ylim(len(rows) - 0.5, -0.9)
    axes.grid(axis="y")
    _days(axes)
    axes.set_xlabel("published (UTC)")
    return figure


@_styled
def wording(texts: Mapping[str, Sequence[str]], *, ours: str = "") -> Figure:
    """Draw how often an editor would question the wording of each group of texts, by the rule that questions it.

    Counted per thousand words by ``rag.neutrality``: what a quoted or named speaker says is the speaker's. ``ours``
    is the group that is set in bold.
    """
    counts = {name: Counter(found.rule for text in group for found in concerns(text)) for name, group in texts.items()}
    words = {name: sum(len(text.split()) for text in group) for name, group in texts.items()}
    rules = sorted({rule for found in counts.values() for rule in found}, key=RULES.index)
    rows = sorted(texts, key=lambda name: _rate(counts[name].total(), words[name]))
    figure, axes = _figure(7.5, 1.6 + 0.42 * len(rows), "Wording that an editor would question")
    ends = dict.fromkeys(rows, 0.0)
    for rule in rules:
        number = RULES.index(rule)  # a rule looks the same in every picture
        parts = [_rate(counts[name][rule], words[name]) for name in rows]
        colour = COLOURS[number % len(COLOURS)]
        hatch = HATCHES[(number + number // len(COLOURS)) % len(HATCHES)]  # no two rules look alike
        lefts = [ends[name] for name in rows]
        axes.barh(rows, parts, left=lefts, height=0.62, label=rule, color=colour, hatch=hatch, edgecolor=PAPER)
        ends = {name: ends[name] + part for name, part in zip(rows, parts, strict=True)}
    for row, (name, label) in enumerate(zip(rows, axes.get_yticklabels(), strict=True)):
        axes.annotate(f"{counts[name].total()}", (ends[name], row), (5, 0), textcoords="offset points", va="center")
        label.set_fontweight("bold" if name == ours else "normal")
    axes.set_xlabel(f"per {PER:,} words; the number at the end of a bar is how many there are")
    axes.set_xlim(0, max([*ends.values(), 1.0]) * 1.08)
    if rules:
        axes.legend(loc="lower right", title="rule", alignment="left")
    return figure


def _day(at: datetime) -> float:
    """Return days since 1970, which is how matplotlib counts."""
    return at.timestamp() / 86_400


def _rate(count: int, words: int) -> float:
    return PER * count / words if words else 0.0


def _days(axes: Axes) -> None:
    """Label the axis by days, whatever the span."""
    from matplotlib.dates import AutoDateLocator, DateFormatter, DayLocator  # noqa: PLC0415 - slow to import

    low, high = (float(edge) for edge in axes.get_xlim())
    span = high - low
    margin = max(span * 0.06, 0.2)
    axes.set_xlim(math.floor(low - margin), math.ceil(high + margin))
    axes.xaxis.set_major_locator(DayLocator() if span < _WEEK else AutoDateLocator(minticks=3, maxticks=8))
    axes.xaxis.set_major_formatter(DateFormatter("%d %b" if span < _YEAR else "%b %Y"))


def _figure(width: float, height: float, title: str) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow to import

    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.subplots()
    axes.set_title(title)
    return figure, axes
