"""Embedders for tests that say what they were asked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rag.offline import HashEmbedder

if TYPE_CHECKING:
    from rag.protocols import Vectors


class Counting(HashEmbedder):
    """Notes how many documents it was given; the probe of the settings is a query and none of them."""

    def __init__(self) -> None:
        self.texts = 0

    def matrix(self, texts: Sequence[str]) -> Vectors:
        self.texts += len(texts)
        return super().matrix(texts)

    def embed_query(self, text: str) -> list[float]:
        return HashEmbedder().embed_query(text)
