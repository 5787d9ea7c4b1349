"""What an archive holds, and what became of what was added to it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from rag.errors import ReadError


@dataclass(frozen=True, slots=True)
class Added:
    """What became of what was added."""

    added: tuple[str, ...] = ()
    """Ids of new articles."""
    updated: tuple[str, ...] = ()
    """Ids of articles of which a new version came."""
    unchanged: tuple[str, ...] = ()
    failed: tuple[ReadError, ...] = ()
    """What could not become an article, by file or line."""
    notes: tuple[str, ...] = ()
    """Doubts about what was read."""

    @property
    def stored(self) -> bool:
        """Whether anything that was given is in the archive now, be it that it was there before."""
        return bool(self.added or self.updated or self.unchanged)


@dataclass(frozen=True, slots=True)
class Status:
    """What an archive holds and how it is searched."""

    path: str
    articles: int
    versions: int
    chunks: int
    pending: int
    """Versions that a crash left unindexed; the next ``add`` finishes them."""
    generation: int
    embedder: str
    fingerprint: str
    """Of the index that is there; empty if there is none."""
    search: str
    """``exact`` or ``chroma``."""
    model: str

    def to_dict(self) -> dict[str, object]:
        """Return the fields as a dict."""
        return asdict(self)
