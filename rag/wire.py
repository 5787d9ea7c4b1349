"""The shapes on the wire: what ``--json`` and ``to_dict()`` hold.

One source for three uses: pyright checks what we build, pydantic checks what we are given, and the published JSON
Schemas in ``rag/schemas`` are generated from here. Additions are fine, renames are not.
"""

from __future__ import annotations

from typing import Literal, NotRequired

from typing_extensions import TypedDict  # pydantic reads typing's own only from Python 3.12 on

Reason = Literal[
    "pointer",
    "quote",
    "facts",
    "attribution",
    "negation",
    "unsupported",
    "contradicted",
    "unjudged",
    "wording",
    "one_sided",
]
Kind = Literal[
    "facts", "said", "agreed", "disputed", "single_source", "timeline", "announced", "corrections", "left_out"
]
Unsaid = Literal["length", "repeated", "copied", "answered", "taken_back", "aside", "dependent", "withheld", "unused"]
"""Why a sentence of a story is not printed."""
ConflictKind = Literal["dispute", "denial", "reply", "speaker", "actor", "definition", "update", "correction"]
ShareOf = Literal["outlet", "speaker"]
Role = Literal["stated", "denied", "answered", "first", "later", "taken_back", "instead", "one", "other"]


class CitationWire(TypedDict):
    """A sentence of the archive, with all that is needed to check it without us."""

    sentence: str
    article: str
    version: str
    start: int
    end: int
    text: str
    headline: str | None
    outlet: str | None
    published: str | None
    url: str | None


class ClaimWire(TypedDict):
    """A statement that passed its checks; ``citations`` are keys of the document's ``citations``."""

    text: str
    verdict: Literal["supported"]
    checks: list[str]
    citations: list[str]
    note: NotRequired[str]
    speaker: NotRequired[str]
    """Who says it, as the source names them."""
    verb: NotRequired[str]
    """The source's verb for it."""
    day: NotRequired[str]
    """ISO date of what it tells, read off its words and the day of publication."""
    origins: NotRequired[int]
    """Independent reports that tell it."""
    certificate: str
    """sha256 over this claim, the sentences it cites and what made it: a changed byte shows. Not a signature."""


class WithheldWire(TypedDict):
    """A statement that did not pass, and why."""

    text: str
    reason: Reason
    detail: str
    citations: list[str]


class ProvenanceWire(TypedDict):
    """What made the document."""

    generator: str
    verifier: str
    prompt: str | None
    index: str
    as_of: str | None
    citewire: str


class AnswerWire(TypedDict):
    """An answer, whole or partial, or a declined question."""

    schema: Literal["citewire/answer-1"]
    question: str
    status: Literal["answered", "partial", "declined"]
    missing: list[str]
    claims: list[ClaimWire]
    citations: dict[str, CitationWire]
    withheld: list[WithheldWire]
    nearest: list[str]
    notes: NotRequired[list[str]]
    """How it was made, where a reader must know: written from fewer sentences, or without the model."""
    provenance: ProvenanceWire
    digest: str
    """sha256 over the rest of the document."""


class SectionWire(TypedDict):
    """Claims of one kind."""

    kind: Kind
    claims: list[ClaimWire]


class SourceWire(TypedDict):
    """One provenance root: an original report and the outlets that carried it."""

    root: str
    outlets: list[str]
    articles: list[str]


class ConcernWire(TypedDict):
    """What a careful editor would look at: a wording, or whom the story leaves out."""

    rule: str
    words: str
    claim: str
    """The text of the claim, headline or quoted sentence that it stands in; empty if it concerns the whole story."""
    why: NotRequired[str]


class ShareWire(TypedDict):
    """How many of the cited sentences are one outlet's or speaker's, beside how many of the articles' own."""

    of: ShareOf
    name: str
    cited: int
    cited_of: int
    cited_share: float
    found: int
    found_of: int
    found_share: float
    against: NotRequired[list[str]]
    """Who disputes what this speaker says, or is disputed."""


class AccuracyWire(TypedDict):
    """How well the rules of wording agree with people."""

    data: str
    sentences: int
    macro_f1: float
    missed: float
    """Of the sentences that people call biased."""
    flagged: float
    """Of the other sentences."""


class PositionWire(TypedDict):
    """One side of a conflict; ``value`` stands word for word in the cited sentence."""

    value: str
    speaker: str
    citation: str
    role: NotRequired[Role]
    """Its part in the conflict."""
    parts: NotRequired[list[str]]
    """What is printed of the cited sentence, word for word and in order, where plain wording alone was asked for; none
    where too little of it is plain. Without it the whole sentence is printed."""


class ConflictWire(TypedDict):
    """What sources do not agree on, or what changed between them, each side cited."""

    kind: ConflictKind
    about: str
    """What figures count; may be empty."""
    positions: list[PositionWire]
    found_by: NotRequired[str]
    """The chat model that paired its sentences; not there where rules did."""


class StoryWire(TypedDict):
    """One event as several articles tell it."""

    id: str
    headline: str
    sections: list[SectionWire]
    sources: list[SourceWire]
    conflicts: NotRequired[list[ConflictWire]]
    concerns: list[ConcernWire]
    shares: NotRequired[list[ShareWire]]
    """Whose sentences are cited, by outlet and by speaker."""
    unprinted: NotRequired[dict[Unsaid, list[str]]]
    """The sentences that were read and are in no section and no conflict, by why."""


class BriefingWire(TypedDict):
    """A briefing over many articles."""

    schema: Literal["citewire/briefing-1"]
    topic: str | None
    overview: NotRequired[list[ClaimWire]]
    """What a chat model wrote over all stories, at most a statement for each."""
    stories: list[StoryWire]
    wording: NotRequired[AccuracyWire]
    """How far the rules can be trusted that found the concerns about wording, or withheld for it."""
    citations: dict[str, CitationWire]
    withheld: list[WithheldWire]
    notes: NotRequired[list[str]]
    unwritten: NotRequired[list[str]]
    """Stories that a chat model failed on: they are told in their sources' words. ``overview`` where that failed."""
    provenance: ProvenanceWire
    digest: str
    """sha256 over the rest of the document."""


ChangeKind = Literal["new", "superseded", "corrected", "withdrawn", "included", "left_out", "unchanged"]


class ChangeWire(TypedDict):
    """One statement, as the older document and as the newer one has it."""

    kind: ChangeKind
    story: str
    """Headline of its story; empty in an answer."""
    before: ClaimWire | None
    after: ClaimWire | None
    """What stands in its place, from the newer document or from the archive."""
    why: str


class ChangesWire(TypedDict):
    """What changed between two documents."""

    schema: Literal["citewire/changes-1"]
    topic: str | None
    """Topic of the newer briefing, or question of the newer answer."""
    before: str
    """Digest of the older document."""
    after: str
    """Digest of the newer document."""
    since: str | None
    """When the older document was made, where that is known."""
    changes: list[ChangeWire]
    citations: dict[str, CitationWire]
    provenance: ProvenanceWire
    """What made the newer document."""
    provenance_before: ProvenanceWire
    """What made the older document: the certificates of what stood in it are over this."""
    digest: str
    """sha256 over the rest of the document."""


class SpanWire(TypedDict):
    """A sentence by its place."""

    sentence: str
    start: int
    end: int


class ArticleRowWire(TypedDict):
    """An article without its text, as ``list --json`` prints it."""

    article: str
    version: str
    headline: str | None
    outlet: str | None
    published: str | None
    url: str | None
    byline: str | None
    labels: list[str]


class ArticleWire(ArticleRowWire):
    """An article as ``show --json`` prints it."""

    text: str
    sentences: list[SpanWire]


class StoryRowWire(TypedDict):
    """A story without its text, as ``stories --json`` prints it."""

    story: str
    headline: str
    articles: list[str]
    """Ids, earliest first."""
    outlets: list[str]
    roots: int
    """Independent reports: copies count once."""
    first: str | None
    last: str | None
