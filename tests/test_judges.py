"""A judge's own error: how it is measured, kept, and printed beside what the judge says."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from conftest import Command
from hypothesis import given
from hypothesis import strategies as st
from scripted import CANARY, Asked, Said, ScriptedServer, completion, error, respond

from rag.claims import Verdict
from rag.errors import ReadError
from rag.evaluation.judges import Measurement, area, balanced, beside, error_of, interval, measure, store, stored
from rag.evaluation.loaders import Labelled, LabelledSet
from rag.protocols import Judgement

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer


@dataclass(frozen=True, slots=True)
class Scripted:
    """A judge that says what it is told to."""

    says: Callable[[str], Judgement]
    name: str = "scripted"

    def judge(self, statement: str, sentences: Sequence[str]) -> Judgement:
        assert sentences
        return self.says(statement)


YES, NO = Judgement(Verdict.SUPPORTED, 0.9, ""), Judgement(Verdict.UNSUPPORTED, 0.1, "")
FAILED = Judgement(Verdict.UNJUDGED, None, "no reply")
ROWS = [("a", True), ("b", True), ("c", True), ("d", False), ("e", False)]


def data(rows: Sequence[tuple[str, bool]] = ROWS, name: str = "FaithBench") -> LabelledSet:
    made = [Labelled(text, text, ("It rained.",), label, f"document {n % 3}") for n, (text, label) in enumerate(rows)]
    return LabelledSet(name, tuple(made), part="dev")


def test_balanced_accuracy_is_the_mean_of_both_shares_told_right() -> None:
    found = measure(Scripted(lambda text: YES if text in "abd" else NO), data())
    assert found.accuracy == pytest.approx((2 / 3 + 1 / 2) / 2, abs=1e-4)
    assert found.area == pytest.approx((2 / 3 * 1 / 2) + (2 / 3 * 1 / 2 + 1 / 3 * 1 / 2) / 2, abs=1e-4)
    assert (found.rows, found.of, found.supported, found.documents, found.unjudged) == (5, 5, 3, 3, 0)


def test_a_failed_verdict_is_counted_and_is_neither_right_nor_wrong() -> None:
    found = measure(Scripted(lambda text: FAILED if text == "a" else YES if text in "bc" else NO), data())
    assert (found.unjudged, found.accuracy) == (0.2, 1.0)
    assert str(found) == "balanced accuracy 1.00 on FaithBench dev, 20% unjudged"


def test_whoever_measures_is_told_which_rows_were_not_judged_and_why() -> None:
    lost: list[tuple[str, str]] = []
    judge = Scripted(lambda text: FAILED if text in "ae" else YES)
    measure(judge, data(), failed=lambda row, why: lost.append((row.id, why)))
    assert lost == [("a", "no reply"), ("e", "no reply")]


def test_a_judge_that_always_fails_has_no_figure() -> None:
    found = measure(Scripted(lambda _: FAILED), data())
    assert (found.accuracy, found.interval, found.area, found.unjudged) == (None, None, None, 1.0)
    assert str(found) == "no balanced accuracy on FaithBench dev: 100% unjudged"


def test_contradicted_counts_as_not_supported_and_without_probabilities_there_is_no_area() -> None:
    contradicted = Judgement(Verdict.CONTRADICTED, None, "")
    supported = Judgement(Verdict.SUPPORTED, None, "")
    found = measure(Scripted(lambda text: supported if text in "abc" else contradicted), data())
    assert (found.accuracy, found.area) == (1.0, None)


def test_the_embedded_verifier_is_marked_where_its_weights_have_seen_the_rows() -> None:
    says = {name: measure(Scripted(lambda _: YES, name), data()).seen for name in ("judge:x", "judge:x+entailment:12")}
    assert says == {"judge:x": "unseen", "judge:x+entailment:12": "fitted"}
    assert measure(Scripted(lambda _: YES, "entailment:12"), data(name="FRANK")).seen == "unseen"


def test_a_limit_reads_rows_spread_over_the_set_and_the_text_says_so() -> None:
    read: list[str] = []
    judge = Scripted(lambda text: read.append(text) or (YES if text in "abc" else NO))
    assert "2 of 5 rows of FaithBench dev" in str(measure(judge, data(), limit=2))
    assert read == ["a", "c"]


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.sampled_from("xyz")), min_size=4))
def test_the_interval_lies_between_0_and_1_and_one_document_has_none(rows: list[tuple[bool, bool, str]]) -> None:
    labels, said = np.array([row[0] for row in rows], float), np.array([row[1] for row in rows], bool)
    documents = [row[2] for row in rows]
    if np.isnan(balanced(labels, said)):
        return
    found = interval(labels, said, documents)
    assert (found is None) == (len(set(documents)) == 1)
    assert found is None or 0 <= found[0] <= found[1] <= 1


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=2))
def test_the_area_is_the_share_of_pairs_in_the_right_order(rows: list[tuple[bool, int]]) -> None:
    yes, no = [score for label, score in rows if label], [score for label, score in rows if not label]
    found = area(np.array([row[0] for row in rows], float), np.array([row[1] for row in rows], float))
    if not yes or not no:
        assert np.isnan(found)
        return
    pairs = [1.0 if one > other else 0.5 if one == other else 0.0 for one in yes for other in no]
    assert found == pytest.approx(sum(pairs) / len(pairs))


def made(**changed: object) -> Measurement:
    one = measure(Scripted(lambda text: YES if text in "ab" else NO), data())
    return one.model_copy(update={"accuracy": 0.634, **changed})


def test_a_score_is_printed_with_the_error_of_its_judge() -> None:
    known = [made(), made(data="WiCE", accuracy=0.9), made(judge="other", accuracy=0.5)]
    said = beside("faithfulness", 0.914, "scripted", known)
    assert said == "faithfulness .91 (judge: balanced accuracy .63 on FaithBench dev)"


def test_a_figure_on_rows_that_the_judge_was_fitted_on_is_taken_last_and_says_so() -> None:
    fitted, unseen = made(seen="fitted"), made(data="FRANK", accuracy=0.7)
    assert error_of("scripted", [fitted, unseen]) == "judge: balanced accuracy .70 on FRANK dev"
    assert error_of("scripted", [fitted]).endswith("on FaithBench dev, on which it was fitted")


def test_a_judge_that_was_not_measured_says_so_beside_its_score() -> None:
    assert beside("faithfulness", 1.0, "judge:x", []) == (
        "faithfulness 1.00 (judge: its error was not measured, citewire eval judge faithbench does)"
    )


def test_measurements_are_kept_and_a_new_one_replaces_the_old_one_of_the_same_set(tmp_path: Path) -> None:
    file = tmp_path / "new" / "judges.json"
    store(made(), file)
    store(made(seen="fitted"), file)
    store(made(accuracy=0.8), file)
    ours = [one for one in stored(file) if one.judge == "scripted"]
    assert sorted((one.seen, one.accuracy) for one in ours) == [("fitted", 0.634), ("unseen", 0.8)]


def test_a_damaged_file_of_measurements_is_named(tmp_path: Path) -> None:
    (tmp_path / "judges.json").write_text("[{]")
    with pytest.raises(ReadError, match=r"judges\.json: not a file of measurements"):
        stored(tmp_path / "judges.json")


def test_the_shipped_measurements_are_of_the_verifier_that_ships_and_of_rows_it_had_not_seen(tmp_path: Path) -> None:
    from rag.entailment import shipped  # noqa: PLC0415

    ours = [one for one in stored(tmp_path / "none.json") if one.judge == f"entailment:{shipped().sha256[:8]}"]
    assert {one.data for one in ours} >= {"FaithBench", "SummEdits-news", "WiCE"}
    assert all(one.seen != "fitted" for one in ours)


def test_the_shipped_measurements_are_of_the_data_at_hand(bench: Path, tmp_path: Path) -> None:
    from rag.evaluation.loaders import SETS  # noqa: PLC0415

    hashes = {found.name: found.hash for load in SETS.values() for found in [load(bench)]}
    kept = [one for one in stored(tmp_path / "none.json") if one.part == "dev"]
    assert kept
    assert all(one.hash == hashes[one.data] for one in kept)


def test_the_command_measures_a_judge_on_labels_of_ones_own_and_keeps_the_figure(
    citewire: Command, tmp_path: Path
) -> None:
    rows = [
        {"statement": "The harbour reopened.", "sources": ["The harbour reopened."], "label": True, "document": "a"},
        {"statement": "The moon is a cheese of 9 tonnes.", "sources": ["It rained in May."], "label": False},
    ]
    (tmp_path / "own.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    done = citewire("eval", "judge", "own.jsonl", "--verifier", "embedded", "--write", "kept.json")
    assert (done.returncode, done.stdout.splitlines()[0].split(": ", 1)[1]) == (0, "balanced accuracy 1.00 on own")
    listed = json.loads(citewire("eval", "judge", "--write", "kept.json", "--json").stdout)
    assert "own" in {one["data"] for one in listed}


MODEL_ROWS = [
    {"id": "true", "statement": "The harbour reopened.", "sources": ["It reopened on Friday."], "label": True},
    {"id": "false", "statement": "The mill burnt down.", "sources": ["It rained in May."], "label": False},
    {"id": "contrary", "statement": "It rained in June.", "sources": ["It was dry."], "label": False},
    {"id": "garbled", "statement": "The zoo has a panda.", "sources": ["A panda came."], "label": True},
    {"id": "refused", "statement": "The pier is shut.", "sources": ["The pier closed."], "label": True},
    {"id": "broken", "statement": "The wall fell.", "sources": ["The wall is down."], "label": False},
]


def measured_by(
    httpserver: HTTPServer, citewire: Command, tmp_path: Path, replies: Callable[[Asked], Said]
) -> tuple[subprocess.CompletedProcess[str], ScriptedServer]:
    """Measure a chat model at a server of this machine on ``MODEL_ROWS``."""
    (tmp_path / "own.jsonl").write_text("".join(json.dumps(row) + "\n" for row in MODEL_ROWS))
    server = ScriptedServer(httpserver, replies)
    call = ("own.jsonl", "--model", "openai:gpt-test", "--verifier", "judge", "--write", "kept.json", "--json")
    env = {"OPENAI_API_KEY": CANARY, "CITEWIRE_BASE_URL": server.url, "CITEWIRE_DEADLINE": "20"}
    return citewire("eval", "judge", *call, env=env), server


def test_a_chat_model_is_measured_over_http_and_each_way_to_fail_leaves_a_row_unjudged(
    httpserver: HTTPServer, citewire: Command, tmp_path: Path
) -> None:
    def replies(asked: Asked) -> Said:
        if "panda" in asked.user:
            return "The statement is supported."
        if "pier" in asked.user:
            return respond(completion(None, refusal="I cannot help with that."))
        if "wall" in asked.user:
            return respond(error("invalid_request_error"), 400)
        verdict = "supported" if "harbour" in asked.user else "contradicted" if "June" in asked.user else "unsupported"
        return {"verdict": verdict, "why": "so it reads"}

    done, server = measured_by(httpserver, citewire, tmp_path, replies)
    assert done.returncode == 0, done.stderr
    (found,) = json.loads(done.stdout)
    assert (found["judge"], found["rows"], found["unjudged"]) == ("judge:openai:gpt-test", 6, 0.5)
    assert (found["accuracy"], found["area"]) == (1.0, None), "a failure is neither right nor wrong"
    assert "3 of 6 rows were not judged; the first, garbled: the judge gave no verdict" in done.stderr
    assert CANARY not in done.stderr + done.stdout + (tmp_path / "kept.json").read_text("utf-8")
    assert all(asked.task == "judge" for asked in server.asked)
    assert all(str(row["statement"]) in "".join(asked.user for asked in server.asked) for row in MODEL_ROWS)


def test_a_chat_model_that_never_judges_has_no_figure_and_the_command_says_that_it_failed(
    httpserver: HTTPServer, citewire: Command, tmp_path: Path
) -> None:
    done, _ = measured_by(httpserver, citewire, tmp_path, lambda _: respond(error("invalid_api_key"), 401))
    (found,) = json.loads(done.stdout)
    assert (done.returncode, found["accuracy"], found["unjudged"]) == (5, None, 1.0)
    assert "6 of 6 rows were not judged" in done.stderr


def test_a_chat_model_that_says_yes_to_all_is_at_one_half(
    httpserver: HTTPServer, citewire: Command, tmp_path: Path
) -> None:
    done, _ = measured_by(httpserver, citewire, tmp_path, lambda _: {"verdict": "supported", "why": "yes"})
    (found,) = json.loads(done.stdout)
    assert (done.returncode, found["accuracy"], found["unjudged"], found["seen"]) == (0, 0.5, 0.0, "unseen")


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("own.jsonl",), 2, "no known set and no file"),
        (("faithbench", "nowhere"), 3, "https://github.com/vectara/FaithBench"),
    ],
)
def test_a_set_that_is_not_there_ends_with_what_to_do(
    citewire: Command, arguments: tuple[str, ...], code: int, told: str
) -> None:
    done = citewire("eval", "judge", *arguments)
    assert done.returncode == code
    assert told in done.stderr
