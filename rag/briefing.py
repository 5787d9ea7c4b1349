"""Topic or window to a briefing: articles to stories, stories to sections, statements through the gates.

The sections are chosen without a model (``rag.digest``). With a chat model each section is written anew from the
sentences chosen for it; what does not pass the gates is withheld, and a section of which nothing passed falls back to
its sentences, word for word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.answers import Briefing, Section, Story
from rag.archive import SqlArchive
from rag.claims import Claim, Draft, Provenance, Statement, Withheld
from rag.conflicts import clashes
from rag.digest import digest, headline
from rag.editing import of_sections, plain, plain_digest
from rag.errors import UsageError
from rag.framing import framing
from rag.instructions import ordered
from rag.protocols import Generator, Mender, Verifier
from rag.questions import terms
from rag.searching import Searcher
from rag.sources import Article, Evidence, Query, Scope
from rag.stories import SAME_EVENT, Group, group
from rag.verification import check_all

if TYPE_CHECKING:
    from rag.wire import Kind

ARTICLES = 2_000
"""Most articles read for one briefing, the newest first."""
FOUND = 60
"""Passages read to find the articles of a topic."""
ABOUT = 0.5
"""Share of a topic's words that an article must hold to be about it."""
ALIKE = 0.14
"""Similarity from which two articles about one topic are one story: they share its words, so less of the rest is asked
of them than of any two articles (``rag.stories.SAME_EVENT``). All four topics of ``seeds/`` become one story each."""
LEAST = 60
"""Words below which a story tells too little to be a story: fewer stories are told instead."""
PARTS: dict[Kind, str] = {
    "facts": "What happened",
    "said": "Who says what",
    "disputed": "What is disputed, both sides",
    "single_source": "What one source alone reports",
    "announced": "What is announced for later",
    "corrections": "What was corrected",
}


@dataclass(frozen=True, slots=True)
class Brief:
    """What a briefing is to be about."""

    topic: str | None
    scope: Scope
    words: int
    """Length of the whole, in words."""
    stories: int
    """Most stories."""
    strict: bool = False
    """Whether a statement that is not worded plainly is withheld."""


class Desk:
    """Writes briefings from one archive."""

    def __init__(self, archive: SqlArchive, searcher: Searcher, embedder: str) -> None:
        """Read ``archive``, find topics through ``searcher``; ``embedder`` names the stored vectors to group by."""
        self._archive = archive
        self._searcher = searcher
        self._embedder = embedder

    def write(
        self,
        brief: Brief,
        provenance: Callable[[], Provenance],
        *,
        chat: Generator | None = None,
        verifier: Verifier | None = None,
    ) -> Briefing:
        """Return the briefing; one without stories means that nothing matched. ``provenance`` is asked at the end.

        Raises UsageError if the length makes no sense, ProviderError if the chat model fails.
        """
        if brief.words < LEAST or brief.stories < 1:
            msg = f"a briefing needs at least {LEAST} words and one story"
            raise UsageError(msg, hint="citewire brief --words 300 --stories 5")
        groups = self._groups(brief)[: max(1, min(brief.stories, brief.words // LEAST))]
        withheld: list[Withheld] = []
        notes: list[str] = []
        stories: list[Story] = []
        for told, words in zip(groups, _shares(groups, brief.words), strict=True):
            evidence = self._evidence(told)
            if brief.strict and chat is None:
                sections, loaded = plain_digest(told, evidence, words=words, topic=brief.topic)
                withheld += loaded
            else:
                sections = digest(told, evidence, words=words, topic=brief.topic)
            writers = Writers(chat, verifier, strict=brief.strict)
            checked = [_section(kind, statements, evidence, writers) for kind, statements in sections.items()]
            withheld += [item for _, draft_withheld, _ in checked for item in draft_withheld]
            notes += [note for _, _, draft_notes in checked for note in draft_notes]
            filled = tuple(section for section, _, _ in checked if section.claims)
            if filled:
                stories.append(_story(told, filled, evidence))
        return Briefing(brief.topic, tuple(stories), provenance(), tuple(withheld), tuple(dict.fromkeys(notes)))

    def _groups(self, brief: Brief) -> list[Group]:
        if brief.topic is None:
            articles = self._archive.articles(brief.scope)[:ARTICLES]
            return self._grouped(articles, SAME_EVENT)
        articles, rank = self._matching(brief.topic, brief.scope)
        return sorted(
            self._grouped(articles, ALIKE), key=lambda told: -sum(1 / (1 + rank.get(a.id, 99)) for a in told.articles)
        )

    def _matching(self, topic: str, scope: Scope) -> tuple[list[Article], Mapping[str, int]]:
        """Return the articles about ``topic``, near-copies included, and the place at which retrieval found them."""
        ranked = self._searcher.ranked(Query(topic, scope, FOUND)).articles
        rank = {article: place for place, article in enumerate(ranked)}
        found = {article.id for article in self._archive.articles(scope, ids=list(ranked)) if about(topic, article)}
        roots = self._archive.roots(found)
        family = found | self._archive.descendants(set(roots.values()))
        articles = [article for article in self._archive.articles(scope, ids=sorted(family)) if about(topic, article)]
        return articles[:ARTICLES], rank

    def _grouped(self, articles: Sequence[Article], alike: float) -> list[Group]:
        if not articles:
            return []
        vectors = self._archive.mean_vectors([article.id for article in articles], self._embedder)
        return group(articles, vectors, alike=alike)

    def _evidence(self, told: Group) -> tuple[Evidence, ...]:
        rows = [
            (article, sentence)
            for article in told.articles
            for sentence in self._archive.sentences(article)
            if not ordered(article.text, sentence.start, sentence.end)
        ]
        return tuple(
            Evidence(number, sentence, article, root=told.roots.get(article.id, article.id))
            for number, (article, sentence) in enumerate(rows, start=1)
        )


def about(topic: str, article: Article) -> bool:
    """Tell whether ``article`` holds enough of the topic's words to be about it."""
    wanted = terms(topic)
    if not wanted:
        return True
    return len(wanted & terms(f"{article.headline or ''} {article.text}")) >= ABOUT * len(wanted)


def _shares(groups: Sequence[Group], words: int) -> list[int]:
    """Share the length by the number of independent sources, each story its least."""
    weights = [len(told.sources) for told in groups]
    spare = words - LEAST * len(groups)
    return [LEAST + spare * weight // max(1, sum(weights)) for weight in weights]


def _story(told: Group, sections: tuple[Section, ...], evidence: Sequence[Evidence]) -> Story:
    """Return the story with what an editor would look at in it."""
    title = headline(told, evidence)
    claims = [claim for section in sections for claim in section.claims]
    found = (*of_sections(sections, title), *framing(claims, evidence, clashes(evidence)))
    return Story(told.id, title, sections, told.sources, found)


@dataclass(frozen=True, slots=True)
class Writers:
    """Who writes and who judges."""

    chat: Generator | None
    verifier: Verifier | None
    strict: bool

    def checked(
        self, draft: Draft, chosen: Sequence[Evidence], kind: Kind
    ) -> tuple[tuple[Claim, ...], tuple[Withheld, ...]]:
        """Return the claims of ``draft`` that pass the gates (strictly: and are plain), and what was withheld."""
        claims, refused = check_all(draft, chosen, self.verifier)
        if not self.strict:
            return claims, refused
        kept, loaded = plain(claims, kind)
        return tuple(kept), (*refused, *loaded)


def _section(
    kind: Kind, statements: Sequence[Statement], evidence: Sequence[Evidence], writers: Writers
) -> tuple[Section, list[Withheld], tuple[str, ...]]:
    """Return the section, what was withheld of it, and how it was made where a reader must know."""
    withheld: list[Withheld] = []
    notes: tuple[str, ...] = ()
    if (chat := writers.chat) is not None:
        by_number = {item.number: item for item in evidence}
        cited = dict.fromkeys(number for statement in statements for number in statement.numbers)
        chosen = [by_number[number] for number in cited]
        wanted = PARTS.get(kind, kind)
        draft = Draft.of(chat.write(wanted, chosen))
        claims, refused = writers.checked(draft, chosen, kind)
        withheld, notes = [*refused], draft.notes
        if refused and isinstance(chat, Mender):
            again = Draft.of(chat.mend(wanted, chosen, refused))
            mended, still = writers.checked(again, chosen, kind)
            claims, withheld, notes = (*claims, *mended), [*withheld, *still], (*notes, *again.notes)
        if claims:
            return Section(kind, tuple(dict.fromkeys(claims))), withheld, notes
    verbatim, refused = writers.checked(Draft(tuple(statements)), evidence, kind)
    return Section(kind, verbatim), [*withheld, *refused], notes
