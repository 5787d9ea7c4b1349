"""Topic or window to a briefing: articles to stories, stories to sections, statements through the gates.

The sections are chosen without a model (``rag.digest``). With a chat model each section is written anew from the
sentences chosen for it; what does not pass the gates is withheld, and a section of which nothing passed falls back to
its sentences, word for word. Last it writes a few sentences over all stories.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

from rag.answers import OVERVIEW, Briefing
from rag.archive import SqlArchive
from rag.background import side_by_side
from rag.claims import Provenance
from rag.errors import UsageError
from rag.gathering import gather
from rag.grouping import Grouping
from rag.neutrality import ACCURACY
from rag.protocols import Generator, Verifier
from rag.questions import terms
from rag.searching import Searcher
from rag.shares import LEAST, share
from rag.sources import Article, Query, Scope
from rag.stories import Group
from rag.telling import Overview, Teller, Told
from rag.twins import Twins
from rag.verification import unjudged

ARTICLES = 2_000
"""Most articles read for one briefing, the newest first."""
FOUND = 60
"""Passages read to find the articles of a topic."""
ABOUT = 0.5
"""Share of a topic's words that an article must hold to be about it."""
ALIKE = 0.135
"""Likeness from which two stories are told as one where they share a topic: they share its words, so less of the rest
is asked of them than of any two (``rag.stories.same_event``). All four topics of ``seeds/`` become one story each."""
ASKED = 8
"""Stories that the cross-encoder is asked about at most."""
OPENING = 1500
"""Characters of an article in which one of a story must hold all words of a topic, where any story does."""


@dataclass(frozen=True, slots=True)
class Brief:
    """What a briefing is to be about."""

    topic: str | None
    scope: Scope
    words: int
    """Length of the whole, in words."""
    stories: int
    """Most stories."""
    story: str | None = None
    """Id of the one story that it is to be about, or the start of it."""
    strict: bool = False
    """Whether a statement that is not worded plainly is withheld."""


class Desk:
    """Writes briefings from one archive."""

    def __init__(self, archive: SqlArchive, searcher: Searcher, embedder: str, twins: Twins | None = None) -> None:
        """Read ``archive``, find topics through ``searcher``; ``embedder`` names the stored vectors to group by.

        ``twins`` tells what would be told twice in other words.
        """
        self._twins = twins
        self._archive = archive
        self._searcher = searcher
        self._grouping = Grouping(archive, embedder)

    def write(
        self,
        brief: Brief,
        provenance: Callable[[Sequence[Generator]], Provenance],
        *,
        writer: Callable[[], Generator] | None = None,
        verifier: Verifier | None = None,
        parallel: int = 1,
    ) -> Briefing:
        """Return the briefing; one without stories means that nothing matched.

        ``writer`` makes a chat model's generator for each story, of which ``parallel`` are written at once;
        ``provenance`` is asked at the end for who wrote. A story whose model fails is told in its sources' words, and
        the others stay: the briefing names it in ``unwritten``. Where it wrote two stories or more it writes an
        overview of them last. What a model replied before is remembered, so writing again asks for no more than what
        failed.

        Raises UsageError if the length makes no sense, ProviderError or BudgetReached if the chat model fails in every
        story.
        """
        _check(brief)
        found = self._groups(brief, brief.stories)
        groups = found[: max(1, brief.words // LEAST)]
        evidence = [gather(self._archive, group) for group in groups]
        teller = Teller(brief.topic, verifier, brief.strict, self._twins)
        weights = [len(group.sources) for group in groups]
        shares = share(weights, brief.words, lambda at, words: teller.fills(groups[at], evidence[at], words))
        if writer is None:
            told = [teller.tell(*one, None) for one in zip(groups, evidence, shares, strict=True)]
        else:
            each = list(zip(groups, evidence, shares, [writer() for _ in groups], strict=True))
            told = side_by_side(lambda one: teller.tell(*one), each, parallel)
        failed = [one for one in told if one.error is not None]
        if failed and len(failed) == len(told) and failed[0].error:
            raise failed[0].error
        written = [one for one in told if one.story and one.writer and not one.error]
        above = teller.across(written, writer()) if writer and len(written) > 1 else Overview()
        withheld = (*above.withheld, *(item for one in told for item in one.withheld))
        return Briefing(
            brief.topic,
            tuple(one.story for one in told if one.story),
            provenance([one.writer for one in told if one.writer and not one.error]),
            withheld,
            tuple(
                dict.fromkeys(
                    (
                        *above.notes,
                        *(n for one in told for n in one.notes),
                        *unjudged(withheld),
                        *_untold(found, groups, told),
                        *self._unknown(brief.scope),
                    )
                )
            ),
            (*([OVERVIEW] if above.failed else []), *(one.story.id for one in failed if one.story)),
            above.claims,
            ACCURACY,
        )

    def _groups(self, brief: Brief, most: int) -> list[Group]:
        """Return the stories to tell: the one that was asked for, those of the topic, or those of most roots."""
        if brief.topic is not None:
            articles, rank = self._matching(brief.topic, brief.scope)
            found = self._grouping.groups(articles, alike=ALIKE, as_of=brief.scope.as_of)
            found = [group for group in found if any(opens_with(brief.topic, one) for one in group.articles)] or found
            found = sorted(found, key=lambda told: -sum(1 / (1 + rank.get(a.id, 99)) for a in told.articles))
            asked = found[: max(most, ASKED)]
            found = [group for group in asked if self._searcher.about(brief.topic, group.articles)][:most]
            titles = self._grouping.titles(brief.scope, [group.id for group in found])
            return [replace(group, title=titles.get(group.id, "")) for group in found]
        wanted = None if brief.story is None else self._grouping.find(brief.story)
        return [
            replace(group, title=one.headline)
            for one in self._grouping.outlines(brief.scope, story=wanted, most=most)
            for group in self._grouping.groups(
                self._archive.articles(brief.scope, ids=one.articles[-ARTICLES:]), as_of=brief.scope.as_of
            )
        ]

    def _unknown(self, scope: Scope) -> Iterator[str]:
        """Yield the outlets of ``scope`` that no article is by, with the name that is nearest."""
        unknown = [name for name in scope.outlets if not self._archive.allowed(Scope(outlets=(name,)))]
        if not unknown:
            return
        lines = self._archive.datelines(self._archive.allowed(Scope())).values()
        known = sorted({outlet for _, outlet in lines if outlet})
        for name in unknown:
            near = get_close_matches(name, known, 1)
            yield f"no article is by “{name}”{f'; there is “{near[0]}”' if near else ''}"

    def _matching(self, topic: str, scope: Scope) -> tuple[list[Article], Mapping[str, int]]:
        """Return the articles about ``topic``, near-copies included, and the place at which retrieval found them."""
        ranked = self._searcher.ranked(Query(topic, scope, FOUND)).articles
        rank = {article: place for place, article in enumerate(ranked)}
        found = {article.id for article in self._archive.articles(scope, ids=list(ranked)) if about(topic, article)}
        roots = self._archive.roots(found, scope.as_of)
        family = found | self._archive.descendants(set(roots.values()), scope.as_of)
        relatives = self._archive.articles(scope, ids=sorted(family))
        articles = [article for article in relatives if article.id in found or about(topic, article)]
        rest = self._rest({article.id for article in articles}, scope)
        return [*articles, *self._archive.articles(scope, ids=rest)][:ARTICLES], rank

    def _rest(self, found: set[str], scope: Scope) -> list[str]:
        """Return what else tells the stories of which half was found: one side may not use the topic's words."""
        stories = self._grouping.assigned()
        told: dict[str, set[str]] = defaultdict(set)
        for article in self._archive.allowed(scope):
            if story := stories.get(article):
                told[story].add(article)
        whole = (members for members in told.values() if 2 * len(members & found) >= len(members))
        return sorted(article for members in whole for article in members - found)


def about(topic: str, article: Article) -> bool:
    """Tell whether ``article`` holds enough of the topic's words to be about it."""
    wanted = terms(topic)
    if not wanted:
        return True
    return len(wanted & terms(f"{article.headline or ''} {article.text}")) >= ABOUT * len(wanted)


def opens_with(topic: str, article: Article) -> bool:
    """Tell whether the headline and the opening of ``article`` hold all of the topic's words."""
    return terms(topic) <= terms(f"{article.headline or ''} {article.text[:OPENING]}")


def _untold(found: Sequence[Group], groups: Sequence[Group], told: Sequence[Told]) -> Iterator[str]:
    """Yield what a reader must know of stories of which nothing is told."""
    if len(groups) < len(found):
        room = f"{len(groups)} of {len(found)} stories are told: the others had no room (--words {LEAST * len(found)})"
        yield room
    for group, one in zip(groups, told, strict=True):
        if one.story is None and all("opinion" in article.labels for article in group.articles):
            yield f"“{group.title}” is told by opinion pieces alone, and what they say is not reported"


def _check(brief: Brief) -> None:
    """Raise UsageError for what excludes itself, and for a length that makes no sense."""
    if brief.topic is not None and brief.story is not None:
        msg = "a topic and a story exclude each other"
        raise UsageError(msg, hint="citewire brief --story ID, or citewire brief TOPIC")
    if brief.words < LEAST or brief.stories < 1:
        msg = f"a briefing needs at least {LEAST} words and one story"
        raise UsageError(msg, hint="citewire brief --words 300 --stories 5")
