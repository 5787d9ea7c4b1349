"""Small articles for tests: text in, evidence out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from rag.likeness import Lead, features
from rag.sentences import split
from rag.sources import Article, Chunk, Evidence, Scope, Sentence
from rag.stories import Group
from rag.titles import Report


def article(
    text: str, *, outlet: str | None = "Harbour Post", headline: str | None = None, url: str | None = None
) -> Article:
    """An article of 3 March 2026, a Tuesday."""
    return Article(text=text, outlet=outlet, headline=headline, url=url, published=datetime(2026, 3, 3, 9, tzinfo=UTC))


def sentences(source: Article) -> tuple[Sentence, ...]:
    """Its sentences as the splitter cuts them."""
    return tuple(
        Sentence(source.id, source.version, n, start, end, source.text[start:end])
        for n, (start, end) in enumerate(split(source.text))
    )


def evidence(*sources: Article) -> tuple[Evidence, ...]:
    """All sentences of ``sources``, numbered from 1."""
    found = [(sentence, source) for source in sources for sentence in sentences(source)]
    return tuple(Evidence(number, sentence, source) for number, (sentence, source) in enumerate(found, start=1))


def reports(group: Group) -> list[Report]:
    """The articles of a story as a title is chosen from them."""
    return [
        Report(
            one.headline or "",
            group.roots.get(one.id, one.id),
            bool({"opinion", "correction"} & {*one.labels}) or group.roots.get(one.id, one.id) != one.id,
            frozenset(features(Lead.of(one)).words.tolist()),
            one.published.timestamp() if one.published else None,
        )
        for one in group.articles
    ]


class ShelfArchive:
    """Articles held in a dict, as an ``Archive``: what certificates and chains read."""

    def __init__(self, *articles: Article) -> None:
        self.versions: dict[str, list[Article]] = {}
        for source in articles:
            self.put(source)

    def put(self, source: Article) -> None:
        """Make ``source`` the visible version of its article."""
        self.versions.setdefault(source.id, []).append(source)

    def article(self, id: str, version: str | None = None) -> Article | None:  # noqa: A002 - the protocol's word
        """The visible version, or the one whose hash starts with ``version``."""
        known = self.versions.get(id, [])
        if version is None:
            return known[-1] if known else None
        return next((source for source in known if source.version.startswith(version)), None)

    def articles(self, scope: Scope | None = None) -> list[Article]:
        """The visible versions, of the outlets of ``scope``."""
        outlets = {name.casefold() for name in scope.outlets} if scope else set[str]()
        current = [known[-1] for known in self.versions.values()]
        return [source for source in current if not outlets or (source.outlet or "").casefold() in outlets]

    def sentences(self, article: Article) -> tuple[Sentence, ...]:
        """As the splitter cuts them."""
        return sentences(article)

    def chunks(self, ids: Iterable[str]) -> Mapping[str, Chunk]:
        """None: nothing here is searched by chunk."""
        assert not list(ids)
        return {}
