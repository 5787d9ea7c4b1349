"""Measure adding articles: articles a second, where the time goes, and what bge costs beside the bare model.

    python benchmarks/ingest.py
    python benchmarks/ingest.py --articles 500 --bge 0

For static: seconds of each step inside ``Newsroom.add``, measured around the functions that do them; what is left over
is everything else, below zero where steps run side by side. For bge: the texts of the same chunks go through
onnxruntime alone, in the way that is fastest on this machine (single runs on a thread per core); then ``Newsroom.add``
embeds and stores them; then the bare model once more, so that a machine that slows down in between shows. The ratio of
the rates is what a user pays for the rest.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# onnxruntime has no types.

from __future__ import annotations

import argparse
import functools
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent))

from retrieval import news

from rag import cutting, descent, embedded
from rag.archive import SqlArchive
from rag.chroma import ChromaIndex
from rag.chunking import embedded_text
from rag.embedding import Embedding
from rag.lexical import LexicalIndex
from rag.newsroom import Newsroom
from rag.settings import Settings
from rag.sources import Article

RATIO = 0.8
"""Least rate of the embedder inside ``add``, as a share of the bare model's."""
STEPS = (
    ("sentences", cutting, "split"),
    ("chunks", cutting, "chunk"),
    ("near-copy signature", cutting, "signature"),
    ("near-copy comparison", descent.Shelf, "near"),
    ("near-copy texts", descent, "copies"),
    ("embedding", Embedding, "_embed"),
    ("vectors to SQL", SqlArchive, "store_vectors"),
    ("vectors from SQL", SqlArchive, "vectors"),
    ("versions to SQL", SqlArchive, "put"),
    ("versions visible", SqlArchive, "publish"),
    ("full text", LexicalIndex, "add"),
    ("Chroma", ChromaIndex, "add"),
)
"""Name, owner and attribute of what is timed; none of them calls another."""


@contextmanager
def timed() -> Generator[dict[str, float]]:
    """Time the steps while they run; yields seconds by name."""
    spent: defaultdict[str, float] = defaultdict(float)

    def around(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(*args: Any, **options: Any) -> Any:  # noqa: ANN401 - wraps functions of any kind
            began = time.perf_counter()
            try:
                return function(*args, **options)
            finally:
                spent[name] += time.perf_counter() - began

        return run

    with ExitStack() as stack:
        for name, owner, attribute in STEPS:
            stack.enter_context(patch.object(owner, attribute, around(name, getattr(owner, attribute))))
        yield spent


def add(articles: Sequence[Article], embedder: str) -> tuple[float, float, dict[str, float], int]:
    """Add articles to a fresh archive: seconds in all, of processor time, seconds by step, chunks."""
    with (
        tempfile.TemporaryDirectory(prefix="citewire-bench-") as place,
        Newsroom(Settings(archive=Path(place), embedder=embedder)) as room,
    ):
        room.equipment.embedder.embed_query("warm")
        with timed() as spent:
            began, used = time.perf_counter(), time.process_time()
            room.add(*articles)
            took, work = time.perf_counter() - began, time.process_time() - used
        return took, work, dict(spent), room.status().chunks


def texts_of(articles: Sequence[Article]) -> list[str]:
    """The texts that ``add`` will embed, each once, as it does."""
    found: dict[str, None] = {}
    for article in articles:
        chunks = cutting.cut(article).chunks
        found |= dict.fromkeys(embedded_text(article, one) for one in chunks)
    return list(found)


def bare(texts: Sequence[str]) -> tuple[float, float]:
    """Texts a second through onnxruntime and the tokenizer alone, and texts a second of processor time."""
    import numpy as np  # noqa: PLC0415
    import onnxruntime  # noqa: PLC0415
    from tokenizers import Tokenizer  # noqa: PLC0415

    weights, vocabulary = (part.path() for part in embedded.BGE)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
    tokenizer = Tokenizer.from_file(str(vocabulary))
    tokenizer.no_padding()
    tokenizer.enable_truncation(embedded.MAX_TOKENS)

    def one(text: str) -> None:
        encoding = tokenizer.encode(text)
        columns = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        session.run(None, {name: np.array([ids], np.int64) for name, ids in columns.items()})

    one(texts[0])
    with ThreadPoolExecutor(embedded._cores()) as pool:  # noqa: SLF001 - as many as the embedder takes
        began, used = time.perf_counter(), time.process_time()
        list(pool.map(one, texts))
        return len(texts) / (time.perf_counter() - began), len(texts) / (time.process_time() - used)


def report(name: str, count: int, took: float, spent: dict[str, float], chunks: int) -> None:
    """Print rates and the share of each step, largest first."""
    print(f"{name}: {count} articles, {chunks} chunks in {took:.1f} s: {count / took:.1f} articles/s, ", end="")
    print(f"{chunks / took:.0f} chunks/s")
    rest = took - sum(spent.values())
    for step, seconds in sorted([*spent.items(), ("everything else", rest)], key=lambda pair: -pair[1]):
        print(f"  {step:22s}{seconds:8.2f} s{100 * seconds / took:7.1f} %")


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=1000, help="articles to add with static (default: %(default)s)")
    parser.add_argument("--bge", type=int, default=150, help="articles to add with bge, 0 for none (default: 150)")
    options = parser.parse_args()
    articles = list(news("2022"))
    if options.articles:
        took, _, spent, chunks = add(articles[: options.articles], "static")
        report("static", options.articles, took, spent, chunks)
    if options.bge:
        part = articles[: options.bge]
        texts = texts_of(part)
        before, lean = bare(texts)
        took, work, spent, chunks = add(part, "bge")
        after, late = bare(texts)
        report("bge", options.bge, took, spent, chunks)
        inside, whole = len(texts) / spent["embedding"], len(texts) / took
        raw = (before + after) / 2
        print(f"  bare onnxruntime {before:.1f} texts/s before, {after:.1f} after; mean {raw:.1f}")
        print(f"  embedding inside add {inside:.1f} texts/s: ratio {inside / raw:.2f} (at least {RATIO})")
        print(f"  add as a whole {whole:.1f} texts/s: ratio {whole / raw:.2f} (at least {RATIO})")
        share = len(texts) / work / ((lean + late) / 2)
        print(
            f"  add as a whole by processor time, which other work hardly moves: ratio {share:.2f} (at least {RATIO})"
        )


if __name__ == "__main__":
    main()
