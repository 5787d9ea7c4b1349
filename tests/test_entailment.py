"""The verifier that ships: what it says of a statement, what it does not need a model for, and what it is made of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

import pytest

from rag.claims import Verdict
from rag.embedded import BgeSmallEmbedder, MiniLMReranker
from rag.entailment import AllOf, Calibration, EmbeddedVerifier, contradiction, shipped, verbatim
from rag.offline import AgreeableVerifier, HashEmbedder, OverlapReranker
from rag.protocols import Judgement
from rag.support import LOWER_IS_BETTER, MEASUREMENTS, OVERALL, measure, missing_facts

SENTENCES = (
    "The harbour of Lunden reopened on Wednesday after a storm that sank four trawlers.",
    "Mayor Ida Farrow said the repairs had cost 3 million euros.",
    "No passengers were on board when the ferry broke loose.",
)
PARAPHRASE = "Lunden's harbour reopened on Wednesday, after a storm had sunk four trawlers."
INVENTED = "The airport of Marbella stays closed because pilots demand higher wages from Qantas."


class Untouchable:
    """A reranker and embedder that must not be asked."""

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        raise AssertionError((question, texts))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        raise AssertionError(texts)

    def embed_query(self, text: str) -> list[float]:
        raise AssertionError(text)


@pytest.fixture(scope="module")
def verifier() -> EmbeddedVerifier:
    return EmbeddedVerifier(MiniLMReranker(), BgeSmallEmbedder())


@pytest.fixture
def offline() -> EmbeddedVerifier:
    return EmbeddedVerifier(OverlapReranker(), HashEmbedder())


@pytest.fixture
def wordless() -> EmbeddedVerifier:
    return EmbeddedVerifier(Untouchable(), Untouchable())


def test_a_close_paraphrase_is_supported(verifier: EmbeddedVerifier) -> None:
    judged = verifier.judge(PARAPHRASE, SENTENCES)
    assert judged.verdict is Verdict.SUPPORTED
    assert judged.score is not None
    assert shipped().threshold <= judged.score < 1


def test_an_invented_statement_is_unsupported_and_the_reason_lists_what_is_missing(verifier: EmbeddedVerifier) -> None:
    judged = verifier.judge(INVENTED, SENTENCES)
    assert judged.verdict is Verdict.UNSUPPORTED
    assert judged.why.startswith("the cited sentences do not contain Marbella, Qantas (support 0.")


def test_the_same_input_gets_the_same_judgement_to_the_last_bit(verifier: EmbeddedVerifier) -> None:
    first = verifier.judge(PARAPHRASE, SENTENCES)
    assert EmbeddedVerifier(MiniLMReranker(), BgeSmallEmbedder()).judge(PARAPHRASE, SENTENCES) == first


def test_a_copied_sentence_is_supported_without_asking_a_model(wordless: EmbeddedVerifier) -> None:
    for statement in (SENTENCES[1], " ".join(SENTENCES[:2]), SENTENCES[1].replace(" ", "  ")):
        judged = wordless.judge(statement, SENTENCES)
        assert (judged.verdict, judged.score) == (Verdict.SUPPORTED, 1.0)


@pytest.mark.parametrize("statement", ["the ferry broke loose", f"{SENTENCES[0]} {SENTENCES[2]}", ""])
def test_a_fragment_a_gap_or_nothing_is_not_verbatim(statement: str) -> None:
    assert not verbatim(statement, SENTENCES)


def test_typographic_and_straight_marks_are_one_text() -> None:
    assert verbatim('"We\'re late," he said - twice.', ["“We’re late,” he said – twice."])


def test_another_number_in_a_near_equal_sentence_is_a_contradiction(wordless: EmbeddedVerifier) -> None:
    judged = wordless.judge("Mayor Ida Farrow said the repairs had cost 5 million euros.", SENTENCES)
    assert judged.verdict is Verdict.CONTRADICTED
    assert judged.why == "the cited sentence has 3 million where the statement has 5 million"


def test_a_negation_on_one_side_of_near_equal_sentences_is_a_contradiction(wordless: EmbeddedVerifier) -> None:
    dropped = wordless.judge("Passengers were on board when the ferry broke loose.", SENTENCES)
    added = wordless.judge("Mayor Ida Farrow never said the repairs had cost 3 million euros.", SENTENCES)
    assert (dropped.verdict, added.verdict) == (Verdict.CONTRADICTED, Verdict.CONTRADICTED)
    assert dropped.why == "the cited sentence negates what the statement says"
    assert added.why == "the statement negates what the cited sentence says"


@pytest.mark.parametrize(
    "statement",
    [
        PARAPHRASE,
        "Repairs cost 5 million.",  # too little in common with a sentence to be about the same thing
        "The mayor Ida Farrow said the repairs had cost three million euros.",
        "No passengers were on board when the ferry broke loose on Wednesday.",
    ],
)
def test_what_does_not_clash_with_a_near_equal_sentence_is_no_contradiction(statement: str) -> None:
    assert contradiction(statement, SENTENCES) == ""


def test_a_number_that_another_cited_sentence_has_is_no_contradiction() -> None:
    sentences = ["The fire killed 12 people in the old town.", "Later figures put the dead at 14."]
    assert contradiction("The fire killed 14 people in the old town.", sentences) == ""
    assert contradiction("The fire killed 15 people in the old town.", sentences) != ""


class Broken(Untouchable):
    """A model whose session died."""

    def score(self, question: str, texts: Sequence[str]) -> list[float]:
        msg = f"no session for {len(question)} characters and {len(texts)} texts"
        raise RuntimeError(msg)


def test_a_model_that_fails_leaves_the_statement_unjudged_with_its_message() -> None:
    judged = EmbeddedVerifier(Broken(), HashEmbedder()).judge(PARAPHRASE, SENTENCES)
    assert (judged.verdict, judged.score) == (Verdict.UNJUDGED, None)
    assert "RuntimeError: no session" in judged.why


@pytest.mark.parametrize(
    ("statement", "sentences"), [("", SENTENCES), ("  ", SENTENCES), (PARAPHRASE, ()), (PARAPHRASE, (" ",))]
)
def test_nothing_is_unsupported_and_nothing_supports_nothing(
    wordless: EmbeddedVerifier, statement: str, sentences: tuple[str, ...]
) -> None:
    assert wordless.judge(statement, sentences).verdict is Verdict.UNSUPPORTED


@pytest.mark.parametrize("statement", ["?", "…", "1 2 3", "word " * 3000, "a\0b\ud800c", "Ünïcödé «x»"])
def test_odd_statements_are_judged_and_never_raise(offline: EmbeddedVerifier, statement: str) -> None:
    judged = offline.judge(statement, SENTENCES)
    assert judged.verdict in {Verdict.SUPPORTED, Verdict.UNSUPPORTED}
    assert judged.score is not None
    assert 0 <= judged.score <= 1


def test_a_summary_is_as_weak_as_its_weakest_sentence() -> None:
    def measured(statement: str) -> dict[str, float]:
        return measure(statement, SENTENCES, OverlapReranker(), HashEmbedder())

    both, good, bad = measured(f"{PARAPHRASE} {INVENTED}"), measured(PARAPHRASE), measured(INVENTED)
    for name in MEASUREMENTS:
        worse = max if name in LOWER_IS_BETTER else min
        assert both[name] == pytest.approx(worse(good[name], bad[name])), name


def test_pairs_of_words_add_up_over_a_summary_and_likeness_is_the_mean() -> None:
    def measured(statement: str) -> dict[str, float]:
        return measure(statement, SENTENCES, OverlapReranker(), HashEmbedder())

    both, good, bad = measured(f"{PARAPHRASE} {INVENTED}"), measured(PARAPHRASE), measured(INVENTED)
    assert set(both) == {*MEASUREMENTS, *OVERALL}
    assert both["joints"] == good["joints"] + bad["joints"]
    assert both["alike"] == pytest.approx((good["within"] + bad["within"]) / 2)


@pytest.mark.parametrize(
    ("statement", "joints"),
    [
        (SENTENCES[0], 0),
        ("The harbour of Lunden reopened on Wednesday.", 0),
        ("The harbour of Marbella reopened on Wednesday.", 2),  # "of Marbella", "Marbella reopened"
        ("Trawlers reopened the harbour.", 2),
    ],
)
def test_a_joint_is_a_pair_of_neighbours_that_no_sentence_has(statement: str, joints: int) -> None:
    assert measure(statement, SENTENCES, OverlapReranker(), HashEmbedder())["joints"] == joints


@pytest.mark.parametrize(
    ("statement", "foretells"),
    [
        ("The harbour will reopen on Wednesday.", 1),
        ("The harbour reopened on Wednesday.", 0),
        ("The ferry will sail again in June.", 0),  # a cited sentence says so
        ("“The harbour will reopen,” she said on Wednesday.", 0),  # what is quoted is the quote gate's
    ],
)
def test_what_no_sentence_has_as_to_come_is_foretold(statement: str, foretells: int) -> None:
    sentences = (*SENTENCES, "The ferry will sail again in June.")
    assert measure(statement, sentences, OverlapReranker(), HashEmbedder())["foretold"] == foretells


def test_missing_facts_are_dates_times_numbers_and_names_by_value() -> None:
    source = "On 3 May 2024 at 9 a.m. eleven people of the United Nations met in Oslo."
    assert missing_facts("By May 3, 11 people of the UN met at 9:00 in Oslo.", source) == []
    assert missing_facts("By May 4, 12 people met at 9:30 in Bergen.", source) == ["May 4", "9:30", "12", "Bergen"]


def test_more_support_in_any_measurement_never_lowers_the_probability() -> None:
    middle = {name: mean for name, (_, mean, _) in shipped().weights.items()}
    for name, (_, mean, scale) in shipped().weights.items():
        better = middle | {name: mean - scale if name in LOWER_IS_BETTER else mean + scale}
        assert shipped().probability(better) > shipped().probability(middle), name


def test_the_weights_say_what_they_were_fitted_on_and_by_which_command() -> None:
    raw = (files("rag") / "entailment.json").read_bytes()
    data = json.loads(raw)
    assert data["command"] == "python benchmarks/verifier.py --fit"
    assert (data["reranker"], data["embedder"]) == (MiniLMReranker.name, BgeSmallEmbedder.name)
    assert set(data["features"]) <= {*MEASUREMENTS, *OVERALL}
    assert 0 < data["threshold"] < 1
    assert shipped().sha256 == hashlib.sha256(raw).hexdigest()


def test_the_weights_were_fitted_on_the_data_that_lies_there_now(bench: Path) -> None:
    recorded = json.loads((files("rag") / "entailment.json").read_bytes())["data"]
    assert len(recorded) == 3
    for name, expected in recorded.items():
        assert hashlib.sha256((bench / "dev" / name).read_bytes()).hexdigest() == expected, name


def test_the_name_changes_with_the_weights(offline: EmbeddedVerifier) -> None:
    other = Calibration.parse((files("rag") / "entailment.json").read_bytes() + b"\n")
    assert offline.name == f"entailment:{shipped().sha256[:8]}"
    assert EmbeddedVerifier(OverlapReranker(), HashEmbedder(), other).name != offline.name


class Fixed:
    def __init__(self, verdict: Verdict, score: float | None = None, name: str = "fixed") -> None:
        self.name = name
        self._judgement = Judgement(verdict, score, f"{name} says {verdict.value}")

    def judge(self, statement: str, sentences: Sequence[str]) -> Judgement:
        assert statement
        assert sentences
        return self._judgement


YES, NO = Fixed(Verdict.SUPPORTED, 0.9, "yes"), Fixed(Verdict.UNSUPPORTED, 0.2, "no")
CLASH, UNSURE = Fixed(Verdict.CONTRADICTED, None, "clash"), Fixed(Verdict.UNJUDGED, None, "unsure")


@pytest.mark.parametrize(
    ("verifiers", "expected"),
    [
        ([YES, NO, CLASH], "no says unsupported"),
        ([YES, CLASH, NO], "clash says contradicted"),
        ([UNSURE, NO], "no says unsupported"),
        ([YES, UNSURE, YES], "unsure says unjudged"),
        ([Fixed(Verdict.SUPPORTED, None, "certain"), YES], "yes says supported"),
    ],
)
def test_of_several_the_first_objection_counts_then_the_one_that_could_not_judge(
    verifiers: list[Fixed], expected: str
) -> None:
    assert AllOf(verifiers).judge("x", ["y"]).why == expected


def test_of_several_those_behind_an_objection_are_not_asked(wordless: EmbeddedVerifier) -> None:
    assert AllOf([NO, wordless]).judge(PARAPHRASE, SENTENCES).verdict is Verdict.UNSUPPORTED


def test_several_are_named_together_and_none_judges_nothing() -> None:
    assert AllOf([YES, AgreeableVerifier()]).name == "yes+agreeable"
    assert AllOf([]).judge("x", ["y"]).verdict is Verdict.UNJUDGED
