"""Archive to its stories: each article is put into one when stories are first asked for, and stays there.

    articles without a story -> features -> likely pairs -> linkage with the stories there are -> one decision, stored

Nothing is decided while articles are added. A decision is one transaction: two processes that decide at once agree on
the first, a killed one leaves what was there, and a reader that may not write decides for itself each time.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from rag.archive import SqlArchive
from rag.errors import ArchiveError, UsageError
from rag.likeness import Features, Lead, features, furniture, rows
from rag.linkage import horizon
from rag.outlines import Outline, outline, report, weight
from rag.provenance import age
from rag.sources import SHORT, Article, Scope, digest
from rag.stories import LOWEST, Group, Item, day, gathered
from rag.storybook import Decision, Place
from rag.titles import READ, title

TRIES = 3
"""Decisions that are made anew because another process was first."""
TEXTS = 500
"""Articles whose texts are held at once."""
CONTEXT = 500
"""Other articles that are looked at when stories of one topic are compared, the newest."""
DAY = 86_400.0
log = logging.getLogger(__name__)


class Grouping:
    """The stories of one archive."""

    def __init__(self, archive: SqlArchive, embedder: str) -> None:
        """Group the articles of ``archive``; ``embedder`` names the stored vectors to compare them by."""
        self._archive = archive
        self._embedder = embedder
        self._seen = -1
        self._stories: dict[str, str] = {}

    def outlines(self, scope: Scope, *, story: str | None = None, most: int | None = None) -> list[Outline]:
        """Return the stories that articles of ``scope`` tell, those with most roots first, then the latest.

        With ``story`` that one alone, with ``most`` no more than so many.
        """
        told = self._told(scope)
        found = sorted((outline(id_, told[id_]) for id_ in told if story in {None, id_}), key=weight)[:most]
        titles = self._titled({one.id: told[one.id] for one in found})
        return [replace(one, headline=titles[one.id]) for one in found]

    def titles(self, scope: Scope, stories: Collection[str]) -> dict[str, str]:
        """Return the titles of ``stories``, as the articles of ``scope`` tell them."""
        told = self._told(scope)
        return self._titled({story: told[story] for story in stories if story in told})

    def _titled(self, told: Mapping[str, Sequence[Place]]) -> dict[str, str]:
        read = [place.article for places in told.values() for place in places[:READ]]
        stored = self._archive.stored_features(read)
        return {story: title([report(place, stored) for place in places]) for story, places in told.items()}

    def _told(self, scope: Scope) -> dict[str, list[Place]]:
        """Return the places of each story within ``scope``, earliest first."""
        stories = self.assigned()
        told: dict[str, list[Place]] = defaultdict(list)
        for place in self._archive.places(scope):
            if story := stories.get(place.article):
                told[story].append(place)
        return told

    def groups(
        self, articles: Sequence[Article], *, alike: float | None = None, as_of: datetime | None = None
    ) -> list[Group]:
        """Return ``articles`` by their stories; those in none are left out.

        Stories of which these articles are ``alike`` are told as one, under the id of the oldest. With ``as_of`` they
        are the versions of then; an article is in the story of its newest one.
        """
        stories = self.assigned()
        descent = self._archive.roots((article.id for article in articles), as_of)
        within = sorted((article for article in articles if stories.get(article.id)), key=age)
        told: dict[str, list[Article]] = defaultdict(list)
        for article in within:
            told[stories[article.id]].append(article)
        for first, *others in self._related(within, stories, descent, alike) if alike is not None else ():
            told[first] += [article for other in others for article in told.pop(other)]
        return [Group(tuple(sorted(members, key=age)), descent, story) for story, members in told.items()]

    def _related(
        self, articles: Sequence[Article], stories: Mapping[str, str], descent: Mapping[str, str], alike: float
    ) -> list[list[str]]:
        """Return the stories of which ``articles`` are ``alike``, the oldest first.

        Others of the archive stand beside them when words and vectors are weighed: among articles of one topic alone,
        its words would tell nothing.
        """
        ids = [article.id for article in articles]
        others = [place.article for place in self._archive.places() if place.article not in {*ids}][-CONTEXT:]
        stored = self._archive.stored_features([*ids, *others])
        others = [article for article in others if article in stored]
        compared = [
            Features.from_bytes(stored[article.id]) if article.id in stored else features(Lead.of(article))
            for article in articles
        ]
        compared += [Features.from_bytes(stored[article]) for article in others]
        matrix, keys = rows(compared, self._archive.mean_vectors([*ids, *others], self._embedder))
        items = [Item(a.id, descent.get(a.id, a.id), day(a), stories[a.id]) for a in articles]
        order = self._archive.founded()
        return [
            sorted({stories[ids[n]] for n in members}, key=lambda story: (order.get(story, len(order)), story))
            for members in gathered(items, matrix[: len(ids)], keys[: len(ids)], alike=alike, settled=False)
        ]

    def find(self, start: str) -> str:
        """Return the story whose id, or an older id of which, or an article of which starts with ``start``.

        Raises UsageError if there is none, or more than one.
        """
        stories = self.assigned()
        joined = self._archive.joined(start)
        alive = {story for story in stories.values() if story}
        if start in alive:
            return start
        found = {story for story in alive if story.startswith(start)}
        found |= {into for story, into in joined.items() if into in alive and story.startswith(start)}
        found = found or {story for article, story in stories.items() if story and article.startswith(start)}
        if len(found) != 1:
            some = ", ".join(sorted(found)[:3])
            msg = f"{start} is the start of {len(found)} ids: {some}" if found else f"there is no story {start}"
            raise UsageError(msg, hint="citewire stories")
        return found.pop()

    def assigned(self) -> dict[str, str]:
        """Return the story of every visible article, empty for furniture; those that have none are put into one."""
        generation = self._archive.generation
        if generation != self._seen:
            self._stories, self._seen = self._assigned(), generation
        return self._stories

    def _assigned(self) -> dict[str, str]:
        stories: dict[str, str] = {}
        for _ in range(TRIES):
            since, places = self._archive.decisions, self._archive.places()
            stories = {place.article: place.story for place in places if place.decided and place.story is not None}
            if len(stories) == len(places):
                break
            decision = self._decide(places)
            stories |= {article: story for article, (_, story, _) in decision.memberships.items()}
            stories = {article: decision.joined.get(story, story) for article, story in stories.items()}
            stories = {article: "" if story in decision.retired else story for article, story in stories.items()}
            try:
                if self._archive.decide(decision, since):
                    break
            except ArchiveError as error:
                log.info("stories are not stored: %s", error)
                break
        return stories

    def _decide(self, places: Sequence[Place]) -> Decision:
        """Return stories for the articles that have none, and which of the others are joined by them."""
        fresh = [place for place in places if not place.decided]
        known = [place for place in _around(places, fresh) if place.decided and place.story]
        stored = self._archive.stored_features([place.article for place in known])
        compared = [Features.from_bytes(stored[place.article]) for place in known]
        leads = self._leads(fresh)
        fresh = [place for place in fresh if place.article in leads]
        seen = [*known, *fresh]
        common = furniture(
            [*(item.paragraphs for item in compared), *(leads[place.article].page for place in fresh)],
            [place.root for place in seen],
            [place.host for place in seen],
        )
        compared += [features(leads[place.article], common) for place in fresh]
        refused = {place.article for place, item in zip(seen, compared, strict=True) if item.empty}
        retired = _retired(known, compared, common)
        kept = [n for n, place in enumerate(seen) if place.article not in refused and place.story not in retired]
        seen_kept, items = [seen[n] for n in kept], [_item(seen[n]) for n in kept]
        matrix, keys = rows(
            [compared[n] for n in kept],
            self._archive.mean_vectors([place.article for place in seen_kept], self._embedder),
        )
        grouped = [[seen_kept[n] for n in members] for members in gathered(items, matrix, keys)] if items else []
        names, founded, joined = self._named(grouped, {place.story for place in places if place.decided})
        blobs = {place.article: item.to_bytes() for place, item in zip(seen, compared, strict=True)}
        told = {p.article: (p.version, names.get(p.article, ""), blobs[p.article]) for p in fresh}
        return Decision(told, founded, joined, sorted(retired))

    def _leads(self, places: Sequence[Place]) -> dict[str, Lead]:
        """Return what is read of the articles that are still the version that was seen."""
        versions = {place.article: place.version for place in places}
        ids = list(versions)
        found: dict[str, Lead] = {}
        for start in range(0, len(ids), TEXTS):
            for article in self._archive.articles(ids=ids[start : start + TEXTS]):
                if article.version == versions.get(article.id):
                    found[article.id] = Lead.of(article)
        return found

    def _named(
        self, grouped: Iterable[Sequence[Place]], alive: set[str | None]
    ) -> tuple[dict[str, str], list[str], dict[str, str]]:
        """Return the story of each article, the new stories, and those that are part of an older one now."""
        order = self._archive.founded()
        taken = {*order}
        names: dict[str, str] = {}
        founded: list[str] = []
        joined: dict[str, str] = {}
        for places in grouped:
            if all(place.decided for place in places):
                continue
            there = sorted({p.story for p in places if p.decided and p.story}, key=lambda story: order.get(story, 0))
            left = [p.story for p in places if p.story and p.story not in alive]  # only an old version was in it
            story = next(iter([*there, *left]), "")
            if not story:
                story = next((p.article for p in places if p.article not in taken), "") or _other(places[0], taken)
                founded.append(story)
            taken.add(story)
            alive.add(story)
            joined |= dict.fromkeys(there[1:], story)
            names |= {place.article: story for place in places}
        return names, founded, joined


def _around(places: Sequence[Place], fresh: Sequence[Place]) -> list[Place]:
    """Return the places that are near enough in time to ``fresh`` to be like one of it; an unknown day is near."""
    days = [place.instant for place in fresh if place.instant is not None]
    if len(days) < len(fresh):
        return list(places)
    reach = horizon(LOWEST) * DAY
    low, high = min(days) - reach, max(days) + reach
    return [place for place in places if place.instant is None or low <= place.instant <= high]


def _retired(known: Sequence[Place], compared: Sequence[Features], common: frozenset[int]) -> set[str]:
    """Return the stories of which every article turned out to be furniture."""
    news: set[str] = set()
    bare: set[str] = set()
    for place, item in zip(known, compared, strict=False):
        (bare if common.issuperset(item.paragraphs.tolist()) else news).add(place.story or "")
    return bare - news


def _item(place: Place) -> Item:
    day = place.instant / DAY if place.instant is not None else float("nan")
    story = place.story if place.decided else None
    return Item(place.article, place.root, day, story, None if place.decided else place.story)


def _other(place: Place, taken: set[str]) -> str:
    """Return an id for a story whose articles have all given theirs to another one."""
    name = digest(f"{place.article}@{place.version}")
    while name[:SHORT] in taken:
        name = digest(name)
    return name[:SHORT]
