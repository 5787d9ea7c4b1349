"""Topic or window to a briefing: articles to stories, stories to sections, statements through the gates.

The sections are chosen without a model (``rag.digest``). With a chat model each section is written anew from the
sentences chosen for it; what does not pass the gates is withheld, and a section of which nothing passed falls back to
its sentences, word for word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from rag.answers import BESIDES, Briefing, Section, Story
from rag.archive import SqlArchive
from rag.claims import Claim, Draft, Provenance, Statement, Withheld
from rag.conflicts import published
from rag.digest import digest, headline
from rag.errors import ProviderError, UsageError
from rag.instructions import ordered
from rag.protocols import Generator, Mender, Verifier
from rag.questions import terms
from rag.searching import Searcher
from rag.sources import Article, Evidence, Query, Scope
from rag.stories import SAME_EVENT, Group, group
from rag.verification import check, check_all

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
    "agreed": "What several sources agree on",
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


@dataclass(frozen=True, slots=True)
class _Told:
    """One story as it was written, and what its writing left."""

    story: Story | None
    """None if nothing of it passed the gates."""
    withheld: list[Withheld]
    notes: list[str]
    writer: Generator | None
    error: ProviderError | None


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
        provenance: Callable[[Sequence[Generator]], Provenance],
        *,
        writer: Callable[[], Generator] | None = None,
        verifier: Verifier | None = None,
        parallel: int = 1,
    ) -> Briefing:
        """Return the briefing; one without stories means that nothing matched.

        ``writer`` makes a chat model's generator for each story, of which ``parallel`` are written at once;
        ``provenance`` is asked at the end for who wrote. A story whose model fails is told in its sources' words, and
        the others stay: the briefing names it in ``unwritten``. What a model replied before is remembered, so writing
        again asks for no more than what failed.

        Raises UsageError if the length makes no sense, ProviderError if the chat model fails in every story.
        """
        if brief.words < LEAST or brief.stories < 1:
            msg = f"a briefing needs at least {LEAST} words and one story"
            raise UsageError(msg, hint="citewire brief --words 300 --stories 5")
        groups = self._groups(brief)[: max(1, min(brief.stories, brief.words // LEAST))]
        shares = _shares(groups, brief.words)
        tell = partial(self._tell, brief.topic, verifier=verifier)
        if writer is None:
            told = [tell(group, words, None) for group, words in zip(groups, shares, strict=True)]
        else:
            with ThreadPoolExecutor(parallel, "story") as pool:
                told = list(pool.map(tell, groups, shares, [writer() for _ in groups]))
        failed = [one for one in told if one.error is not None]
        if failed and len(failed) == len(told) and failed[0].error:
            raise failed[0].error
        return Briefing(
            brief.topic,
            tuple(one.story for one in told if one.story),
            provenance([one.writer for one in told if one.writer and not one.error]),
            tuple(item for one in told for item in one.withheld),
            tuple(dict.fromkeys(note for one in told for note in one.notes)),
            tuple(one.story.id for one in failed if one.story),
        )

    def _tell(
        self, topic: str | None, told: Group, words: int, writer: Generator | None, *, verifier: Verifier | None
    ) -> _Told:
        evidence = self._evidence(told)
        found = digest(told, evidence, words=words, topic=topic)
        title, conflicts = headline(told, evidence), tuple(map(published, found.clashes))
        error: ProviderError | None = None
        try:
            checked = [
                _section(kind, statements, evidence, None if kind in BESIDES else writer, verifier)
                for kind, statements in found.sections.items()
            ]
        except ProviderError as failure:
            error = failure
            checked = [_section(kind, chosen, evidence, None, verifier) for kind, chosen in found.sections.items()]
        notes = [note for _, _, section_notes in checked for note in section_notes]
        if error is not None:
            notes.append(f"“{title}” is told in its sources' words: {error}")
        filled = tuple(section for section, _, _ in checked if section.claims)
        story = Story(told.id, title, filled, told.sources, conflicts) if filled else None
        return _Told(story, [item for _, held, _ in checked for item in held], notes, writer, error)

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


def _section(
    kind: Kind,
    statements: Sequence[Statement],
    evidence: Sequence[Evidence],
    chat: Generator | None,
    verifier: Verifier | None,
) -> tuple[Section, list[Withheld], tuple[str, ...]]:
    """Return the section, what was withheld of it, and how it was made where a reader must know."""
    withheld: list[Withheld] = []
    notes: tuple[str, ...] = ()
    if chat is not None:
        by_number = {item.number: item for item in evidence}
        cited = dict.fromkeys(number for statement in statements for number in statement.numbers)
        chosen = [by_number[number] for number in cited]
        wanted = PARTS.get(kind, kind)
        draft = Draft.of(chat.write(wanted, chosen))
        claims, refused = check_all(draft, chosen, verifier)
        withheld, notes = [*refused], draft.notes
        if refused and isinstance(chat, Mender):
            again = Draft.of(chat.mend(wanted, chosen, refused))
            mended, still = check_all(again, chosen, verifier)
            claims, withheld, notes = (*claims, *mended), [*withheld, *still], (*notes, *again.notes)
        if claims:
            named = {by_number[number].sentence.id: one for one in reversed(statements) for number in one.numbers}
            return Section(kind, tuple(dict.fromkeys(_known(claim, named) for claim in claims))), withheld, notes
    results = [check(statement, evidence, verifier) for statement in statements]
    withheld += [result for result in results if isinstance(result, Withheld)]
    return Section(kind, tuple(result for result in results if isinstance(result, Claim))), withheld, notes


def _known(claim: Claim, named: Mapping[str, Statement]) -> Claim:
    """Return a model's claim with what is known of the sentence that it was written from."""
    source = next((named[c.sentence.id] for c in claim.citations if c.sentence.id in named), None)
    return claim if source is None else replace(claim, note=source.note, known=source.known)
