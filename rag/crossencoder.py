"""Statement and sentences to a judgement, by a cross-encoder that the user brings.

A folder with an ONNX export, ``tokenizer.json`` beside it, and ``config.json`` where the export has labels. Read are
models of natural language inference (three labels, or two: the one called entailment counts) and detectors of the
MiniCheck kind (two labels "supported" and not, or one logit). The sentences are the premise, the statement the
hypothesis.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false
# onnxruntime has no types.

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol, cast

from rag.claims import Verdict
from rag.errors import ModelMissing, UsageError
from rag.protocols import Judgement

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

MAX_TOKENS = 512
MAX_CHARACTERS = 20_000
"""Cut before tokenising, so that a sentence of megabytes costs no minutes."""
SUPPORTING = frozenset({"entailment", "entails", "entailed", "supported", "support", "consistent", "faithful"})
CONTRADICTING = frozenset({"contradiction", "contradicts", "contradicted", "refuted", "refutes"})
_PLACES = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")
_HINT = "export it with: optimum-cli export onnx --task text-classification --model NAME FOLDER"


class OnnxVerifier:
    """Judges with the model in ``path``: a folder, or the ``.onnx`` file in it.

    ``labels`` names the outputs in order where ``config.json`` does not. The files are looked at when this is built,
    and wrong ones raise then; the model is loaded by the first statement.
    """

    def __init__(self, path: str | Path, labels: Sequence[str] | None = None, *, threshold: float = 0.5) -> None:
        if not 0 < threshold < 1:
            msg = f"threshold is {threshold}, and must lie between 0 and 1"
            raise UsageError(msg)
        self._file = _weights(Path(path))
        self._vocabulary = _beside(self._file, "tokenizer.json")
        if self._vocabulary is None:
            msg = f"{self._file.parent}: there is no tokenizer.json beside {self._file.name}"
            raise ModelMissing(msg, hint=_HINT)
        self._labels = [label.lower() for label in (labels or _configured(self._file))]
        self._supporting = _supporting(self._labels, self._file)
        self._contradicting = next((n for n, label in enumerate(self._labels) if label in CONTRADICTING), None)
        self._threshold = threshold
        self._lock = Lock()

    @property
    def name(self) -> str:
        """``onnx:`` and the name of the folder."""
        folder = self._file.parent
        return f"onnx:{folder.parent.name if folder.name == 'onnx' else folder.name}"

    def judge(self, statement: str, sentences: Sequence[str]) -> Judgement:
        """Return a judgement; a model that fails makes it UNJUDGED."""
        if not statement.strip():
            return Judgement(Verdict.UNSUPPORTED, None, "the statement is empty")
        if not any(sentence.strip() for sentence in sentences):
            return Judgement(Verdict.UNSUPPORTED, None, "there is no sentence that could support it")
        try:
            chances = self._chances(statement, " ".join(sentences))
        except Exception as error:  # noqa: BLE001 - a verifier never raises, whatever its model does
            return Judgement(Verdict.UNJUDGED, None, f"{self.name} failed: {type(error).__name__}: {error}")
        score = chances[self._supporting]
        why = f"support {score:.2f}, threshold {self._threshold:.2f}"
        if score >= self._threshold:
            return Judgement(Verdict.SUPPORTED, score, why)
        if self._contradicting is not None and chances[self._contradicting] == max(chances):
            return Judgement(Verdict.CONTRADICTED, score, f"contradiction {chances[self._contradicting]:.2f}, {why}")
        return Judgement(Verdict.UNSUPPORTED, score, why)

    def _chances(self, statement: str, premise: str) -> list[float]:
        """Return the probability of each label."""
        import numpy as np  # noqa: PLC0415 - heavy: only when a model is used

        with self._lock:
            session, tokenizer = self._loaded
        encoding = tokenizer.encode(premise[:MAX_CHARACTERS], statement[:MAX_CHARACTERS])
        known = {
            "input_ids": encoding.ids,
            "attention_mask": encoding.attention_mask,
            "token_type_ids": encoding.type_ids,
        }
        columns = {one.name: np.array([known[one.name]], np.int64) for one in session.get_inputs()}
        logits = [float(logit) for logit in session.run(None, columns)[0][0]]
        if len(logits) != max(1, len(self._labels)):
            msg = f"{self._file} has {len(logits)} outputs, its labels are {self._labels}"
            raise UsageError(msg)
        if not all(map(math.isfinite, logits)):
            msg = f"{self._file} gave {logits}"
            raise ValueError(msg)
        if len(logits) == 1:
            return [0.5 * (1 + math.tanh(logits[0] / 2))]
        powers = [math.exp(logit - max(logits)) for logit in logits]
        return [power / math.fsum(powers) for power in powers]

    @cached_property
    def _loaded(self) -> tuple[_Session, Tokenizer]:
        import onnxruntime  # noqa: PLC0415
        from tokenizers import Tokenizer  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        options.add_session_config_entry("session.x64quantprecision", "1")  # int8 saturates on AVX2 without it
        session = onnxruntime.InferenceSession(str(self._file), options, providers=["CPUExecutionProvider"])
        tokenizer = Tokenizer.from_file(str(self._vocabulary))
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS, strategy="longest_first")
        return cast("_Session", session), tokenizer


class _Input(Protocol):
    name: str


class _Session(Protocol):
    """What is used of onnxruntime's InferenceSession, which has no types."""

    def get_inputs(self) -> Sequence[_Input]: ...

    def run(self, output_names: None, input_feed: Mapping[str, NDArray[np.int64]]) -> list[NDArray[np.float32]]: ...


def _weights(path: Path) -> Path:
    if path.is_file():
        return path
    if not path.is_dir():
        msg = f"{path}: there is no such folder or file"
        raise ModelMissing(msg, hint=_HINT)
    for place in _PLACES:
        if (path / place).is_file():
            return path / place
    msg = f"{path}: there is none of {', '.join(_PLACES)} in it"
    raise ModelMissing(msg, hint=_HINT)


def _beside(weights: Path, name: str) -> Path | None:
    """Return a file in the folder of the weights, or above it where that folder is called ``onnx``."""
    folders = [weights.parent, *([weights.parent.parent] if weights.parent.name == "onnx" else [])]
    return next((folder / name for folder in folders if (folder / name).is_file()), None)


def _configured(weights: Path) -> list[str]:
    """Return the labels in ``config.json`` in the order of the outputs; none if there is no such file."""
    config = _beside(weights, "config.json")
    if config is None:
        return []
    try:
        data = cast("object", json.loads(config.read_text("utf-8")))
        if not isinstance(data, dict):
            raise TypeError  # noqa: TRY301 - told below
        named = cast("dict[str, dict[str, str]]", data).get("id2label") or {}
        return [str(named[key]) for key in sorted(named, key=int)]
    except (OSError, ValueError, TypeError, AttributeError) as error:
        msg = f"{config}: cannot read id2label: {error or 'not an object'}"
        raise UsageError(msg, hint="pass labels=[...] in the order of the outputs") from error


def _supporting(labels: Sequence[str], weights: Path) -> int:
    """Return which output means support."""
    if len(labels) <= 1:
        return 0
    found = [n for n, label in enumerate(labels) if label in SUPPORTING]
    if len(found) == 1:
        return found[0]
    msg = (
        f"{weights.parent}: one of the labels {', '.join(labels)} must be called one of {', '.join(sorted(SUPPORTING))}"
    )
    raise UsageError(msg, hint="pass labels=[...] in the order of the outputs, such as ['unsupported', 'supported']")
