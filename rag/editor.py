"""A request to the next edition of its briefing: written now, with what changed since the last one.

Also compares any two saved documents. An edition is kept when whoever printed it says so; until then the next one is
compared with the one before, and tells rather too much than too little.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, cast

from rag.answers import Abstention, Answer, Briefing
from rag.archive import SqlArchive
from rag.certificates import parse
from rag.changes import Changes
from rag.claims import Citation
from rag.comparison import compare
from rag.editions import EditionBook, Kept, Mark, Request, name_of
from rag.errors import UsageError

if TYPE_CHECKING:
    from rag.wire import BriefingWire

Document = Answer | Abstention | Briefing | Mapping[str, object]
Clock = Callable[[], datetime]


def _now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)  # as feeds and readers get it


@dataclass(frozen=True)
class Edition:
    """A briefing as it was written for a request, and what changed since the last edition of it.

    Without slots, so that it is compared only when somebody asks.
    """

    request: Request
    briefing: Briefing
    last: Kept | None
    """The edition before, None if this is the first."""
    at: datetime
    mark: Mark
    made: str
    compared: Callable[[], Changes]

    @cached_property
    def changes(self) -> Changes:
        """Compared with the last edition; in the first one every statement is new."""
        return self.compared()

    @property
    def first(self) -> bool:
        """True if there is nothing to compare with."""
        return self.last is None

    @property
    def name(self) -> str:
        """What it is listed by."""
        return name_of(self.request, self.briefing.to_dict(), self.last)


class Editor:
    """Writes editions of one archive and compares documents that cite it."""

    def __init__(self, archive: SqlArchive, book: EditionBook, *, clock: Clock = _now) -> None:
        """Keep editions in ``book``, which is that of ``archive``."""
        self._archive = archive
        self.book = book
        self._clock = clock

    def edition(self, request: Request, write: Callable[[], Briefing], *, made: str = "") -> Edition:
        """Return the next edition of ``request``; ``write`` writes its briefing. It is not kept yet."""
        last, mark = self.book.last(request), self.book.mark()
        briefing = write()
        return Edition(request, briefing, last, self._clock(), mark, made, partial(self._compared, briefing, last))

    def _compared(self, briefing: Briefing, last: Kept | None) -> Changes:
        wire = briefing.to_dict()
        if last is None:
            return compare(_empty(wire), wire, self._archive)
        fresh = self.book.since(last.mark)

        def arrived(citation: Citation) -> bool:
            return (citation.sentence.article, citation.sentence.version) in fresh

        return compare(last.document, wire, self._archive, arrived=arrived, since=last.at)

    def keep(self, edition: Edition) -> None:
        """Keep an edition that was printed: the next one is compared with it."""
        document = edition.briefing.to_dict()
        changes = edition.changes.to_dict() if "changes" in vars(edition) else None
        self.book.keep(edition.request, document, changes, at=edition.at, mark=edition.mark, made=edition.made)

    def diff(self, before: Document, after: Document) -> Changes:
        """Return what changed between two answers or two briefings. Raises UsageError if they are not that."""
        old, new = (parse(wire_of(document)) for document in (before, after))
        if old["schema"] != new["schema"]:
            msg = f"{old['schema']} and {new['schema']} cannot be compared"
            raise UsageError(msg, hint="give two briefings, or two answers")
        try:
            return compare(old, new, self._archive)
        except (KeyError, ValueError) as error:
            msg = f"not a sound document: {error}"
            raise UsageError(msg, hint="citewire verify FILE says what is wrong with it") from None


def wire_of(document: Document) -> Mapping[str, object]:
    """Return an answer or briefing as it is saved."""
    if isinstance(document, Answer | Abstention | Briefing):
        return cast("Mapping[str, object]", document.to_dict())
    return document


def _empty(wire: BriefingWire) -> BriefingWire:
    """Return a briefing that tells nothing."""
    return {**wire, "stories": [], "citations": {}, "withheld": [], "digest": ""}
