"""Articles to stories: which tell of one event.

Copies of one report belong together (``rag.provenance``) and count once. Beyond that, articles are joined by how close
their words and their vectors are (``rag.likeness``) and how far apart they were published, in average linkage
(``rag.linkage``), which does not chain: "ferry" and "bus" do not meet through one column on transport. How close they
must be is learnt from the archive: where nine reports tell of each event, a column or a correction is asked for less
than where most events are told once. What is in a story already stays in it.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rag.claims import Source
from rag.likeness import Lead, features, rows
from rag.linkage import TIGHT, Unit, horizon, link, pairs
from rag.partition import Partition
from rag.provenance import age, roots

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rag.protocols import Vectors
    from rag.sources import Article

TYPICAL = 6.0
"""Reports of one event that are expected before an archive has told. With three, an archive of two events of nine
articles each (``orrowmere-trout``, ``tessaly-trial``) is never seen to have so many (B-cubed .69; .95 with 4 to 6);
with four or five one of six such events is not (``benchmarks/events``: 18 stories; 10 with 6, 11 with 8). NeuS and
AllSides are grouped alike with each."""
LEAST = 0.165
STEEPER = 0.05
"""Average likeness that is asked for where two reports are of one event by odds of ``ODDS``, and what is added with the
logarithm as the odds fall. On parts of 5 to 40 even events of NeuS and AllSides (static, some with bge-small), whole
and with one report alone of most events, mean F1 was .853 with .03, .856 with .04, .858 with .05, .860 with .06, .859
with .07, before ``rag.linkage`` kept stories of their own apart; the dev events come together from .05 on."""
ODDS = 2 / 29
"""Those of three reports of each event among 30 reports."""
FEW = 30
"""Reports under which fewer do not ask for less: the same is best among 15 as among 30."""
LOWEST = 0.12
"""What is asked for at least: nothing gains from less. At most it is ``TIGHT``, as among 300 reports so among 700."""
TELLING = 10
"""Reports from which an archive tells how many there are of one event."""
LOOKS = 4
"""Times that stories are gathered at most, each time by the odds that the last ones show."""
NEARLY = 0.002
"""Difference in what is asked for that is not worth another look."""
STAYS = 0.5
"""Share of it from which an article whose text has changed stays in its story."""


@dataclass(frozen=True, slots=True)
class Group:
    """The articles of one story."""

    articles: tuple[Article, ...]
    """Earliest first."""
    roots: Mapping[str, str]
    """Article id to the id of its root."""
    story: str = ""
    """Id of the story in its archive; without one, that of its earliest article."""
    title: str = ""
    """The headline of one of its articles (``rag.titles``); chosen where its archive is at hand."""

    @property
    def id(self) -> str:
        """Id of the story."""
        return self.story or self.articles[0].id

    @property
    def sources(self) -> tuple[Source, ...]:
        """Its provenance roots, those that most outlets carried first."""
        carried: dict[str, list[Article]] = defaultdict(list)
        for article in self.articles:
            carried[self.roots.get(article.id, article.id)].append(article)
        found = [
            Source(
                root,
                tuple(dict.fromkeys(a.outlet for a in members if a.outlet)),
                tuple(a.id for a in sorted(members, key=lambda a: a.id != root)),
            )
            for root, members in carried.items()
        ]
        return tuple(sorted(found, key=lambda source: -len(source.articles)))


@dataclass(frozen=True, slots=True)
class Item:
    """What is known of an article before it is grouped."""

    article: str
    root: str
    day: float
    """Days since 1970, NaN where it has no date."""
    story: str | None = None
    """The story it is in, None if it is new."""
    before: str | None = None
    """Of a new version: the story that the last one was in."""


def group(
    articles: Sequence[Article],
    vectors: Vectors,
    descent: Mapping[str, str] | None = None,
    *,
    alike: float | None = None,
) -> list[Group]:
    """Return the stories that ``articles`` tell, those with most independent roots first, then the latest.

    ``vectors`` has a row of length 1 for each article, the mean of its chunks'. ``descent`` is what ``roots`` returned.
    ``alike`` is the average likeness from which two groups are one story; without it, that of ``same_event``.
    """
    descent = descent if descent is not None else roots(articles)
    items = [Item(article.id, descent.get(article.id, article.id), day(article)) for article in articles]
    matrix, keys = rows([features(Lead.of(article)) for article in articles], vectors)
    stories = [
        Group(tuple(sorted((articles[place] for place in members), key=age)), descent)
        for members in gathered(items, matrix, keys, alike=alike)
    ]
    return sorted(stories, key=_weight)


def same_event(reports: int, told: float = TYPICAL) -> float:
    """Return the average likeness from which two groups among ``reports`` independent ones tell of one event.

    ``told`` is how many reports the story of a report has on average, itself included. The lower the odds that two
    reports tell of one event, the more evidence is asked for, by their logarithm.
    """
    odds = max(told - 1, 1e-6) / (max(reports, FEW) - 1)
    return min(max(LEAST - STEEPER * math.log(odds / ODDS), LOWEST), TIGHT)


def day(article: Article) -> float:
    """Return when ``article`` was published in days since 1970, NaN if that is unknown."""
    return article.published.timestamp() / 86_400 if article.published else float("nan")


def gathered(
    items: Sequence[Item],
    matrix: Vectors,
    keys: Sequence[Mapping[int, float]],
    *,
    alike: float | None = None,
    settled: bool = True,
) -> list[list[int]]:
    """Return the places in ``items`` of each group; those of one story stay together.

    ``matrix`` and ``keys`` are what ``rag.likeness.rows`` returned. Where stories are ``settled``, two of them are only
    joined by a new article. Without ``alike``, stories are first told apart as in an archive with ``TYPICAL`` reports
    of each event, then by how many these show.
    """
    reports = len({item.root for item in items})
    asked = alike if alike is not None else same_event(reports)
    groups = _gathered(items, matrix, keys, asked, settled=settled)
    for _ in range(LOOKS - 1):
        if alike is not None or reports < TELLING:
            break
        learnt = same_event(reports, _told(items, groups))
        if abs(learnt - asked) < NEARLY:
            break
        asked = learnt
        groups = _gathered(items, matrix, keys, asked, settled=settled)
    return groups


def _told(items: Sequence[Item], groups: Sequence[Sequence[int]]) -> float:
    """Return how many reports the story of a report has on average.

    The largest story counts as if it were as large as the next: two events that were taken for one at first would make
    it easier for others to be.
    """
    sizes = sorted(len({items[place].root for place in members}) for members in groups)
    sizes = [*sizes[:-1], sizes[-2]] if len(sizes) > 1 else sizes
    return sum(size * size for size in sizes) / sum(sizes)


def _gathered(
    items: Sequence[Item], matrix: Vectors, keys: Sequence[Mapping[int, float]], alike: float, *, settled: bool
) -> list[list[int]]:
    start = _started(items, matrix, alike)
    units = [_unit([items[place] for place in members], matrix[members], settled=settled) for members in start]
    unit_of = {place: number for number, members in enumerate(start) for place in members}
    fresh = [place for place, item in enumerate(items) if item.story is None or not settled]
    found = pairs(keys, [item.day for item in items], fresh, horizon(alike))
    likely = {(unit_of[first], unit_of[second]) for first, second in found}
    grouped = link(units, {(min(pair), max(pair)) for pair in likely}, alike)
    return [sorted(place for number in numbers for place in start[number]) for numbers in grouped]


def _started(items: Sequence[Item], matrix: Vectors, alike: float) -> list[list[int]]:
    """Return what belongs together from the start: articles of one story, copies, and a new version with its story."""
    joined = Partition(len(items))
    first: dict[tuple[str, str], int] = {}
    for place, item in enumerate(items):
        if item.story is not None:
            joined.join(place, first.setdefault(("story", item.story), place))
        joined.join(place, first.setdefault(("root", item.root), place))
    members: dict[str, list[int]] = defaultdict(list)
    for place, item in enumerate(items):
        if item.story is not None:
            members[item.story].append(place)
    for place, item in enumerate(items):
        others = members.get(item.before or "", [])
        if others and float((matrix[others] @ matrix[place]).mean()) >= STAYS * alike:
            joined.join(place, others[0])
    return joined.groups()


def _unit(items: Sequence[Item], matrix: Vectors, *, settled: bool) -> Unit:
    """Return a group as linkage takes it: what was copied counts once."""
    families: dict[str, list[int]] = defaultdict(list)
    for place, item in enumerate(items):
        families[item.root].append(place)
    row = np.sum([matrix[places].mean(axis=0) for places in families.values()], axis=0)
    days = [item.day for item in items if not math.isnan(item.day)]
    middle = sum(days) / len(days) if days else float("nan")
    return Unit(row, len(families), middle, not settled or any(item.story is None for item in items))


def _weight(story: Group) -> tuple[int, float, str]:
    latest = max((a.published.timestamp() for a in story.articles if a.published), default=0.0)
    return (-len(story.sources), -latest, story.id)
