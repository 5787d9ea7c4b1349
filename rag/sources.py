"""What the papers said: articles, their sentences, and the chunks they are searched by.

Values only. Rules live in the constructors, so no caller can forget them. Identity comes from content and place:
an article is its canonical URL (or, without one, its text), a version is the hash of a text, a sentence is
``article@version#n``.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

SHORT = 12
"""Hex digits of a hash that identify an article or a version inside ids (48 bits: one chance in 50,000 that any two
of 100,000 articles share an id)."""

_TRACKING = ("utm_", "mc_", "fbclid", "gclid", "dclid", "igshid", "cmpid", "ref_src")
_INDEX = re.compile(r"/index\.html?$", re.IGNORECASE)
_PORTS = {"http": ":80", "https": ":443"}


def canonical_url(url: str) -> str:
    """Return ``url`` in the form that identifies an article.

    Scheme and host in lower case, http as https, no default port, no fragment, no tracking parameters, no trailing
    slash or ``index.html``; other parameters keep their order.
    """
    parts = urlsplit(url.strip())
    host = parts.netloc.lower().removesuffix(_PORTS.get(parts.scheme.lower(), ""))
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not k.lower().startswith(_TRACKING)]
    scheme = "https" if parts.scheme.lower() in {"http", "https"} else parts.scheme.lower()
    return urlunsplit((scheme, host, _INDEX.sub("", parts.path).rstrip("/"), urlencode(kept), ""))


def _personal(text: str) -> bool:
    """Tell whether the writer of ``text`` speaks in the first person."""
    if sum(text.count(start) for start in ("I ", "I'", "I’", " my ")) < OWN:
        return False
    bare = _QUOTED.sub(' " ', text)
    if len(_FIRST_PERSON.findall(bare)) < OWN:
        return False  # before sentences are cut: this is asked of every article that is read
    sentences = [part for part in re.split(r"(?<=[.!?])\s+|\n+", bare) if len(part.split()) >= OWN]
    own = sum(bool(_FIRST_PERSON.search(part)) and not part.endswith("?") for part in sentences)
    return own >= OWN and own >= OWN_SHARE * len(sentences)


def _aware(moment: object, name: str) -> None:
    """Refuse what is no moment: a day alone, a text, a time without its zone."""
    if moment is not None and not isinstance(moment, datetime):
        msg = f"{name} must be a datetime, not {type(moment).__name__}"
        raise TypeError(msg)
    if moment is not None and moment.tzinfo is None:
        msg = f"{name} must have a time zone: {moment.isoformat()}"
        raise ValueError(msg)


def _several(names: object, name: str) -> None:
    if isinstance(names, str):
        msg = f"{name} must be several strings, not one: ({names!r},)"
        raise TypeError(msg)


def digest(text: str) -> str:
    """Return the sha256 of ``text`` in UTF-8, as 64 hex digits."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


_SURROGATE = re.compile("[\ud800-\udfff]")
_OPINION = re.compile(r"^(?:opinion|editorial|op-ed|commentary)\s*[:|–—]", re.IGNORECASE)
_COLUMNS = frozenset({"opinion", "opinions", "commentisfree", "editorial", "editorials", "op-ed", "columnists"})
"""Sections of papers that print what somebody thinks, as their addresses name them."""
_COLUMNIST = re.compile(r"\b(?:columnist|opinion (?:writer|editor))\b", re.IGNORECASE)
_QUOTED = re.compile(r"“[^”]*(?:”|$)|\"[^\"\n]*(?:\"|\n|$)|‘[^’\n]*(?:’|$)")
_FIRST_PERSON = re.compile(
    r"(?<![\w.’'-])(?:I(?=[’'](?:m|ve|d|ll)\b| [a-z])|[Ii]n my (?:view|opinion|mind)\b|[Tt]o my mind\b)"
)
OWN, OWN_SHARE = 3, 0.1
"""Sentences in which the writer says "I" outside of quotation marks, and their share of all, from which an article is
told in the first person. With a share of .08, 33 of 1,330 articles of RealTimeQA are: by reading columns, personal
stories, reviews and talks, and three reports with a quotation that does not end."""
_CORRECTION = re.compile(
    r"^(?:corrections?|clarifications?)(?:\s*[:|–—-]|\s+(?:and|to|of)\b|$)|"
    r"[:|–—]\s*(?:a |our )?(?:correction|clarification)s?$",
    re.IGNORECASE,
)
_NOTICES = frozenset({"correction", "corrections", "clarifications", "corrections-and-clarifications"})
"""Sections of papers that say what was wrong in them."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it was read. What its file did not say is None.

    Raises ValueError if the text is blank or holds NUL, if any field holds a lone surrogate, or if ``published`` has no
    time zone; TypeError if ``published`` is no datetime, or ``labels`` are one string.
    """

    text: str
    """The body, without headline and byline. Citations are slices of it."""
    headline: str | None = None
    byline: str | None = None
    outlet: str | None = None
    published: datetime | None = None
    url: str | None = None
    labels: tuple[str, ...] = ()
    """Free marks such as ``fiction``, ``opinion``, ``correction``. One whose address, headline, byline or outlet says
    that it is opinion, or that its writer tells in the first person, is marked so; one whose address or headline says
    that it is a correction, too."""
    id: str = field(init=False)
    version: str = field(init=False)
    """sha256 of the text."""

    def __post_init__(self) -> None:
        if not self.text.strip():
            msg = "an article needs text"
            raise ValueError(msg)
        if "\0" in self.text:
            msg = "article text must not hold NUL"
            raise ValueError(msg)
        for name in ("text", "headline", "byline", "outlet", "url"):
            if _SURROGATE.search(getattr(self, name) or ""):
                msg = f"{name} must not hold half of a surrogate pair"
                raise ValueError(msg)
        _aware(self.published, "published")
        _several(self.labels, "labels")
        if "opinion" not in self.labels and self._is_opinion():
            object.__setattr__(self, "labels", (*self.labels, "opinion"))
        if "correction" not in self.labels and self._is_correction():
            object.__setattr__(self, "labels", (*self.labels, "correction"))
        object.__setattr__(self, "version", digest(self.text))
        object.__setattr__(self, "id", digest(canonical_url(self.url) if self.url else self.text)[:SHORT])

    def _is_opinion(self) -> bool:
        headed = _OPINION.search(self.headline or "") or (self.outlet or "").endswith("(Opinion)")
        known = bool(headed or _COLUMNIST.search(self.byline or "")) or not _COLUMNS.isdisjoint(self._folders())
        return known or _personal(self.text)

    def _is_correction(self) -> bool:
        return bool(_CORRECTION.search((self.headline or "").strip())) or not _NOTICES.isdisjoint(self._folders())

    def _folders(self) -> list[str]:
        return urlsplit(self.url or "").path.lower().split("/")[:-1]

    def __hash__(self) -> int:
        """Return the hash of what it is known by: its text is long."""
        return hash((self.id, self.version))

    @property
    def credit(self) -> str | None:
        """What stands in brackets behind a sentence of it: its outlet, and that it is opinion where it is so labelled.

        None without an outlet, or with one whose name would not be read back from between brackets.
        """
        if self.outlet is None or {*"();"} & {*self.outlet}:
            return None
        return f"{self.outlet}, opinion" if "opinion" in self.labels else self.outlet

    @property
    def key(self) -> str:
        """``article@version``: this text of this article."""
        return f"{self.id}@{self.version[:SHORT]}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """An exact slice of one version of an article.

    Raises ValueError if the offsets do not fit the text.
    """

    article: str
    version: str
    """sha256 of the article's text."""
    n: int
    """Position in the article, from 0."""
    start: int
    """First code point in the article's text."""
    end: int
    """One past the last code point."""
    text: str
    """``article.text[start:end]``."""

    def __post_init__(self) -> None:
        if self.start < 0 or self.n < 0 or self.end - self.start != len(self.text) or not self.text:
            msg = f"sentence {self.n} [{self.start}:{self.end}] does not fit its text of {len(self.text)} characters"
            raise ValueError(msg)

    @property
    def id(self) -> str:
        """``article@version#n``."""
        return f"{self.article}@{self.version[:SHORT]}#{self.n}"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole consecutive sentences of one version of an article: the unit of search."""

    article: str
    version: str
    n: int
    """Position in the article, from 0."""
    first: int
    """Number of its first sentence."""
    last: int
    """Number of its last sentence."""
    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.first <= self.last and 0 <= self.start < self.end):
            msg = f"chunk {self.n} has sentences {self.first}..{self.last}, characters {self.start}..{self.end}"
            raise ValueError(msg)

    @property
    def id(self) -> str:
        """``article@version+n``."""
        return f"{self.article}@{self.version[:SHORT]}+{self.n}"


@dataclass(frozen=True, slots=True)
class Scope:
    """Which articles may answer. All empty: every article.

    With a date bound, articles without a date are left out: their date is unknown, not convenient.
    Raises ValueError if a bound has no time zone, TypeError if it is no datetime, or ``outlets`` are one string.
    """

    since: datetime | None = None
    """Published at or after."""
    until: datetime | None = None
    """Published at or before."""
    as_of: datetime | None = None
    """Answer as if asked then: nothing published later, and of each article the version that was known then."""
    outlets: tuple[str, ...] = ()
    """Names of outlets, compared without case."""

    def __post_init__(self) -> None:
        for bound in (self.since, self.until, self.as_of):
            _aware(bound, "a date bound")
        _several(self.outlets, "outlets")

    @property
    def latest(self) -> datetime | None:
        """The earlier of ``until`` and ``as_of``."""
        return min((b for b in (self.until, self.as_of) if b is not None), default=None)

    def __bool__(self) -> bool:
        return bool(self.since or self.until or self.as_of or self.outlets)


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked, and of which articles."""

    question: str
    scope: Scope = field(default_factory=Scope)
    k: int = 12
    """Passages to read."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk that retrieval found, with its article and its sentences."""

    chunk: Chunk
    article: Article
    sentences: tuple[Sentence, ...]
    score: float
    """Higher is better; comparable within one retrieval only."""
    root: str
    """Id of the article that this one's text descends from; its own id unless it is a near-copy."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A numbered sentence that a generator may cite."""

    number: int
    """What a draft cites it by, from 1."""
    sentence: Sentence
    article: Article
    score: float | None = None
    """Relevance to the question (reranker logit), None where it was not scored."""
    root: str = ""
    """Provenance root of its article; the article's own id where empty."""

    def __hash__(self) -> int:
        """Return the hash of its number and place."""
        return hash((self.number, self.sentence.version, self.sentence.start))
