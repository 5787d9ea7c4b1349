"""Words to chunks and articles: two full-text indexes by tantivy, with English stems.

Chunks answer "where is it said"; whole articles answer "what is this about", which a short chunk cannot tell (MRR on
RealTimeQA .679 without, .696 with the article ranking, ``benchmarks/retrieval.py``). Both are derived from the archive.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# tantivy has stubs with holes.

from __future__ import annotations

import os
import re
import shutil
from collections import Counter
from collections.abc import Collection, Generator, Iterable, Sequence
from contextlib import contextmanager
from functools import cache
from math import log
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rag.errors import IndexDamaged
from rag.protocols import Entry
from rag.sources import Article, Chunk, Scope

ANALYZER = "tantivy-en_stem-1"
"""Part of the index fingerprint."""
FIX = "citewire doctor --fix"
_WORD = re.compile(r"\w+", re.UNICODE)
_STOP = frozenset(
    "a about above after again all also am an and any are as at be because been before being below between both but by "
    "can could did do does doing down during each few for from further had has have having he her here hers him his how "
    "i if in into is it its itself just me more most my no nor not now of off on once only or other our out over own s "
    "same she should so some such t than that the their them then there these they this those through to too under until "
    "up very was we were what when where which while who whom why will with would you your week recently following".split()
)
_HEAP = 64_000_000  # bytes of a writer: 15 MB is tantivy's least, more means fewer segments
_FAR = 2**62
_LOCK = ".tantivy-meta.lock"
_K1, _B = 1.2, 0.75
"""Of BM25, as tantivy has them."""


class LexicalIndex:
    """An ``Index`` that is asked with words."""

    def __init__(self, folder: Path) -> None:
        """Use the index in ``folder``, which is made at the first ``add``."""
        self._folder = folder
        self._open: dict[str, Any] = {}
        self._links: TemporaryDirectory[str] | None = None

    def add(self, entries: Sequence[Entry]) -> None:
        """Write chunks and their articles durably. Raises IndexDamaged."""
        articles = {entry.article.id: entry.article for entry in entries}
        with self._writer("chunks") as writer:
            for entry in entries:
                writer.delete_documents_by_term("id", entry.chunk.id)
                body = entry.article.text[entry.chunk.start : entry.chunk.end]
                writer.add_document(_document(entry.chunk.id, entry.article, body))
        with self._writer("articles") as writer:
            for article in articles.values():
                writer.delete_documents_by_term("id", article.id)
                writer.add_document(_document(article.id, article, article.text))

    def rewrite(self, parts: Iterable[Sequence[tuple[Chunk, Article]]]) -> None:
        """Write all of it anew, in one step: no file of it holds a word of what was removed. Raises IndexDamaged."""
        with self._writer("chunks") as chunks, self._writer("articles") as articles:
            for writer in (chunks, articles):
                writer.delete_all_documents()
            for rows in parts:
                for chunk, article in rows:
                    chunks.add_document(_document(chunk.id, article, article.text[chunk.start : chunk.end]))
                for article in {article.id: article for _, article in rows}.values():
                    articles.add_document(_document(article.id, article, article.text))

    def remove(self, chunks: Collection[str]) -> None:
        """Forget chunks by id; what is not there is no error."""
        if chunks and self._exists("chunks"):
            with self._writer("chunks") as writer:
                for chunk in chunks:
                    writer.delete_documents_by_term("id", chunk)

    def search(self, query: str, k: int, scope: Scope) -> list[tuple[str, float]]:
        """Return chunk ids by BM25, best first. Raises IndexDamaged if the index is missing or unreadable."""
        return self._search("chunks", query, k, scope)

    def search_articles(self, query: str, k: int, scope: Scope) -> list[tuple[str, float]]:
        """Return article ids by BM25, best first. Raises IndexDamaged if the index is missing or unreadable."""
        return self._search("articles", query, k, scope)

    def score(self, query: str, texts: Sequence[tuple[str, str]], level: str = "chunks") -> list[float]:
        """Return the BM25 that each headline and body would have in the index, beside texts of their own length.

        Raises IndexDamaged.
        """
        fields = [[Counter(_stems(field)) for field in fields] for fields in zip(*texts, strict=True)]
        with self._damaged():
            searcher = self._index(level).searcher()
            found = [0.0] * len(texts)
            for name, counts in zip(("headline", "body"), fields, strict=False):
                mean = sum(count.total() for count in counts) / len(counts) or 1.0
                for stem in [stem for word in _asked(query) for stem in _stems(word)]:
                    frequency = min(searcher.doc_freq(name, stem), searcher.num_docs)  # it counts deleted ones
                    rarity = log(1 + (searcher.num_docs - frequency + 0.5) / (frequency + 0.5))
                    for place, count in enumerate(counts):
                        length = _K1 * (1 - _B + _B * count.total() / mean)
                        found[place] += rarity * (1 + _K1) * count[stem] / (count[stem] + length)
            return found

    def ids(self, level: str = "chunks") -> set[str]:
        """Return all ids of chunks, or of ``articles``. Raises IndexDamaged."""
        with self._damaged():
            import tantivy  # noqa: PLC0415 - imported where it is used

            index = self._index(level)
            searcher = index.searcher()
            hits = searcher.search(tantivy.Query.all_query(), max(1, searcher.num_docs)).hits
            return {searcher.doc(address)["id"][0] for _, address in hits}

    def count(self) -> int:
        """Return the number of chunks; 0 if there is no index. Raises IndexDamaged if it is unreadable."""
        if not self._exists("chunks"):
            return 0
        with self._damaged():
            return int(self._index("chunks").searcher().num_docs)

    def clear(self) -> None:
        """Forget everything."""
        self._open.clear()
        shutil.rmtree(self._folder, ignore_errors=True)

    def reload(self) -> None:
        """See what another process has written."""
        for index in self._open.values():
            index.reload()

    def _search(self, level: str, query: str, k: int, scope: Scope) -> list[tuple[str, float]]:
        words = _asked(query)
        if not words:
            return []
        with self._damaged():
            index = self._index(level)
            text = " ".join(f'"{word}"' for word in words)
            asked = index.parse_query(text, ["headline", "body"])
            searcher = index.searcher()
            hits = searcher.search(self._within(index, asked, scope), k).hits
            return [(searcher.doc(address)["id"][0], float(score)) for score, address in hits]

    def _within(self, index: Any, asked: Any, scope: Scope) -> Any:  # noqa: ANN401 - tantivy's types
        if not scope:
            return asked
        from tantivy import FieldType, Occur, Query  # noqa: PLC0415 - imported where it is used

        clauses = [(Occur.Must, asked)]
        if scope.since or scope.latest:
            low = _millis(scope.since.timestamp()) if scope.since else -_FAR
            high = _millis(scope.latest.timestamp()) if scope.latest else _FAR
            clauses.append((Occur.Must, Query.range_query(index.schema, "published", FieldType.Integer, low, high)))
        if scope.outlets:
            names = [outlet.casefold() for outlet in scope.outlets]
            terms = [(Occur.Should, Query.term_query(index.schema, "outlet", name)) for name in names]
            clauses.append((Occur.Must, Query.boolean_query(terms)))
        return Query.boolean_query(clauses)

    def _exists(self, level: str) -> bool:
        return (self._folder / level / "meta.json").exists()

    def _index(self, level: str, *, create: bool = False) -> Any:  # noqa: ANN401 - tantivy's type
        if level not in self._open:
            if not create and not self._exists(level):
                msg = f"the full-text index in {self._folder} is missing"
                raise IndexDamaged(msg, hint=FIX)
            import tantivy  # noqa: PLC0415 - imported where it is used

            path = self._folder / level
            path.mkdir(parents=True, exist_ok=True)
            self._open[level] = tantivy.Index(_schema(), path=str(self._lockable(path)))
        self._lockable(self._folder / level)
        self._open[level].reload()
        return self._open[level]

    def _lockable(self, place: Path) -> Path:
        """Return ``place``, or where its lock cannot be written a folder of links to its files: reading takes the lock."""
        lock = place / _LOCK
        if os.access(lock if lock.exists() else place, os.W_OK):
            return place
        self._links = self._links or TemporaryDirectory(prefix="citewire-", ignore_cleanup_errors=True)
        beside = Path(self._links.name, place.name)
        beside.mkdir(exist_ok=True)
        for file in place.resolve().iterdir():
            if not (file.name.endswith(".lock") or (beside / file.name).exists()):
                (beside / file.name).symlink_to(file)
        return beside

    @contextmanager
    def _writer(self, level: str) -> Generator[Any]:
        with self._damaged():
            writer = self._index(level, create=True).writer(_HEAP, 1)
            yield writer
            writer.commit()
            writer.garbage_collect_files()
            writer.wait_merging_threads()
            self._open[level].reload()

    @contextmanager
    def _damaged(self) -> Generator[None]:
        """Turn what tantivy raises into IndexDamaged; where bytes are wrong it may panic, which is no Exception."""
        try:
            yield
        except IndexDamaged:
            raise
        except BaseException as error:
            if not isinstance(error, (ValueError, OSError)) and type(error).__name__ != "PanicException":
                raise
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            msg = f"the full-text index in {self._folder} cannot be used: {reason}"
            full = any(sign in reason for sign in ("No space left", "File too large"))
            raise IndexDamaged(msg, hint="free some space, then run the same command again" if full else FIX) from None


def _asked(query: str) -> list[str]:
    words = _WORD.findall(query.lower())
    return ([word for word in words if word not in _STOP] or words)[:256]


def _stems(text: str) -> list[str]:
    return _analyzer().analyze(text)


@cache
def _analyzer() -> Any:  # noqa: ANN401 - tantivy's type
    """Return what "en_stem" is to tantivy."""
    from tantivy import Filter, TextAnalyzerBuilder, Tokenizer  # noqa: PLC0415 - imported where it is used

    builder = TextAnalyzerBuilder(Tokenizer.simple())
    for step in (Filter.remove_long(40), Filter.lowercase(), Filter.stemmer("English")):
        builder = builder.filter(step)
    return builder.build()


def _schema() -> Any:  # noqa: ANN401 - tantivy's type
    import tantivy  # noqa: PLC0415 - imported where it is used

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("headline", tokenizer_name="en_stem")
    builder.add_text_field("body", tokenizer_name="en_stem")
    builder.add_text_field("outlet", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("published", indexed=True, fast=True)
    return builder.build()


def _document(id: str, article: Article, body: str) -> Any:  # noqa: A002, ANN401 - the field's word, tantivy's type
    import tantivy  # noqa: PLC0415 - imported where it is used

    document = tantivy.Document()
    document.add_text("id", id)
    document.add_text("headline", article.headline or "")
    document.add_text("body", body)
    if article.outlet:
        document.add_text("outlet", article.outlet.casefold())
    if article.published:
        document.add_integer("published", _millis(article.published.timestamp()))
    return document


def _millis(seconds: float) -> int:
    return round(seconds * 1000)
