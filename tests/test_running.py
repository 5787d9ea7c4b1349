"""Runs are whole however often they are cut off, and comparisons say what their questions say."""

from __future__ import annotations

import csv
import json
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import BudgetReached, ReadError, UsageError
from rag.evaluation import reports
from rag.evaluation.comparing import compare, named
from rag.evaluation.datasets import Dataset, Question, load
from rag.evaluation.metrics import UNJUDGED, Metric, Value, exact_match
from rag.evaluation.resampling import draws, interval, means, resampled
from rag.evaluation.running import Run, run
from rag.evaluation.systems import Response

QUESTIONS = tuple(Question(f"q{n}", f"What is {n}?", (str(n),), part="dev" if n % 2 else "test") for n in range(6))
DATA = Dataset("numbers", QUESTIONS, source="made here")
EXACT = (Metric("exact", "here", exact_match, "answers"),)


class Counting:
    """A system that answers with the number, and counts how often it was asked."""

    def __init__(self, wrong: frozenset[str] = frozenset(), failing: frozenset[str] = frozenset()) -> None:
        self.wrong, self.failing = wrong, failing
        self.asked: list[str] = []

    def __call__(self, question: Question) -> Response:
        self.asked.append(question.id)
        if question.id in self.failing:
            msg = "<b>no\nluck</b>"
            raise RuntimeError(msg)
        return Response("nonsense" if question.id in self.wrong else question.answers[0], seconds=0.5)


def test_a_finished_run_asks_nothing_again_and_a_failed_question_is_asked_again(tmp_path: Path) -> None:
    system = Counting(failing=frozenset({"q2"}))
    first = run({"s": system}, DATA, tmp_path, metrics=EXACT)
    assert [record.question for record in first.failures("s")] == ["q2"]
    system.asked.clear()
    system.failing = frozenset()
    second = run({"s": system}, DATA, tmp_path, metrics=EXACT)
    assert system.asked == ["q2"]
    assert not second.failures("s")
    assert second.scores().loc[("s", "exact"), "questions"] == 6


def test_a_failed_question_has_no_value_and_is_counted(tmp_path: Path) -> None:
    done = run({"s": Counting(failing=frozenset({"q2"}))}, DATA, tmp_path, metrics=EXACT)
    row = done.frame().set_index("question").loc["q2"]
    assert str(row["failed"]) == "RuntimeError: <b>no\nluck</b>"
    assert str(row["exact"]) == "nan"
    (score,) = done.scores().reset_index().to_dict("records")
    assert (score["value"], score["questions"], score["inapplicable"]) == (1.0, 5, 1)
    assert "1 question failed" in done.to_markdown()
    assert "<b>no" not in done.to_html()


def test_a_limit_can_be_raised_and_what_is_there_is_kept(tmp_path: Path) -> None:
    system = Counting()
    assert len(run({"s": system}, DATA, tmp_path, metrics=EXACT, limit=2).frame()) == 2
    assert len(run({"s": system}, DATA, tmp_path, metrics=EXACT).frame()) == 6
    assert sorted(system.asked) == [question.id for question in QUESTIONS]


def test_half_a_line_of_a_run_that_was_cut_off_is_asked_again(tmp_path: Path) -> None:
    run({"s": Counting()}, DATA, tmp_path, metrics=EXACT, limit=3)
    path = tmp_path / "responses.jsonl"
    path.write_bytes(path.read_bytes()[:-20])
    system = Counting()
    done = run({"s": system}, DATA, tmp_path, metrics=EXACT, limit=3)
    assert system.asked == ["q2"]
    assert len(path.read_text(encoding="utf-8").splitlines()) == 3
    assert done.scores().loc[("s", "exact"), "value"] == 1.0


def test_a_killed_run_goes_on_and_no_question_is_asked_twice(tmp_path: Path) -> None:
    code = """
import sys
from pathlib import Path
from rag.evaluation.datasets import load
from rag.evaluation.running import run
from rag.evaluation.systems import Response
folder, wait = Path(sys.argv[1]), sys.argv[2] == "wait"
def ask(question):
    if wait and question.id == "q3":
        print("asked", flush=True)
        sys.stdin.read()
    with (folder / "asked").open("a") as log:
        log.write(question.id + " ")
    return Response(question.answers[0])
run({"s": ask}, load(folder / "data.jsonl"), folder / "run")
"""
    lines = [json.dumps(question.to_dict()) for question in QUESTIONS]
    (tmp_path / "data.jsonl").write_text("\n".join(lines), encoding="utf-8")
    command = [sys.executable, "-c", code, str(tmp_path)]
    with subprocess.Popen([*command, "wait"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"asked\n"
        child.send_signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
    assert (tmp_path / "asked").read_text(encoding="utf-8").split() == ["q0", "q1", "q2"]
    subprocess.run([*command, "go on"], check=True)
    assert (tmp_path / "asked").read_text(encoding="utf-8").split() == [question.id for question in QUESTIONS]
    assert Run.open(tmp_path / "run").scores().loc[("s", "exact_match"), "value"] == 1.0


def test_a_reached_budget_ends_the_run_and_keeps_what_was_said(tmp_path: Path) -> None:
    def ask(question: Question) -> Response:
        if question.id == "q2":
            msg = "no money"
            raise BudgetReached(msg)
        return Response(question.answers[0])

    with pytest.raises(BudgetReached):
        run({"s": ask}, DATA, tmp_path, metrics=EXACT)
    system = Counting()
    run({"s": system}, DATA, tmp_path, metrics=EXACT)
    assert system.asked[0] == "q2"
    assert not {"q0", "q1"} & {*system.asked}


def test_no_more_questions_are_under_way_than_were_allowed(tmp_path: Path) -> None:
    busy, most, lock, two = 0, 0, threading.Lock(), threading.Barrier(2)

    def ask(question: Question) -> Response:
        nonlocal busy, most
        with lock:
            busy += 1
            most = max(most, busy)
        two.wait(timeout=30)  # passes only if two are under way
        with lock:
            busy -= 1
        return Response(question.answers[0])

    run({"s": ask}, DATA, tmp_path, metrics=EXACT, parallel=2)
    assert most == 2
    with pytest.raises(UsageError, match="1 to 32"):
        run({"s": ask}, DATA, tmp_path, metrics=EXACT, parallel=33)


def test_other_questions_or_another_model_are_not_mixed_into_a_run(tmp_path: Path) -> None:
    run({"s": Counting()}, DATA, tmp_path, metrics=EXACT, about={"s": {"model": "one"}})
    with pytest.raises(UsageError, match="other questions"):
        run({"s": Counting()}, Dataset("other", QUESTIONS[:2]), tmp_path, metrics=EXACT)
    with pytest.raises(UsageError, match=r"made otherwise \(model\)"):
        run({"s": Counting()}, DATA, tmp_path, metrics=EXACT, about={"s": {"model": "two"}})
    run({"t": Counting()}, DATA, tmp_path, metrics=EXACT)
    assert Run.open(tmp_path).systems == ("s", "t")


def judging(say: Callable[[], Value], name: str = "judge") -> tuple[Metric, ...]:
    return (Metric("faithful", "here", lambda _q, _r: say(), "faithfulness", judge=name),)


def test_what_a_judge_said_is_not_asked_again_and_what_it_failed_on_is(tmp_path: Path) -> None:
    said: list[Value] = []

    def fail() -> Value:
        said.append(None)
        return UNJUDGED

    def judge() -> Value:
        said.append(0.5)
        return 0.5

    first = run({"s": Counting()}, DATA, tmp_path, metrics=judging(fail), limit=2)
    assert len(said) == 2
    (score,) = first.scores().reset_index().to_dict("records")
    assert (score["questions"], score["unjudged"]) == (0, 2)
    assert first.frame()["unjudged"].tolist() == ["faithful"] * 2
    assert "2 answers not judged" in first.to_markdown()
    run({"s": Counting()}, DATA, tmp_path, metrics=judging(judge), limit=2)
    run({"s": Counting()}, DATA, tmp_path, metrics=judging(judge), limit=2)
    assert len(said) == 4
    run({"s": Counting()}, DATA, tmp_path, metrics=judging(judge, "another judge"), limit=2)
    assert len(said) == 6


def test_a_run_that_is_opened_is_the_run_that_was_written(tmp_path: Path) -> None:
    done = run({"s": Counting(wrong=frozenset({"q1"}))}, DATA, tmp_path, metrics=EXACT, seed=3)
    done.save()
    again = Run.open(tmp_path)
    assert again == done
    assert again.scores().equals(done.scores())
    assert again.config.data == DATA.hash
    assert again.config.versions["ir-measures"]
    assert again.scores("dev").loc[("s", "exact"), "value"] == pytest.approx(2 / 3)
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    assert page.count("<svg") >= 2
    assert not re.search(r"<script|src=|href=\"http", page)
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len({*ids})
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["scores"][0]["metric"] == "exact"
    with (tmp_path / "values.csv").open(encoding="utf-8", newline="") as file:
        assert [row["exact"] for row in csv.DictReader(file)] == ["1.0", "0.0", "1.0", "1.0", "1.0", "1.0"]
    with pytest.raises(UsageError, match="holds no run"):
        Run.open(tmp_path / "nothing")


def test_a_system_that_declines_all_cites_nothing_and_one_that_answers_without_citations_is_not_measured_by_them(
    tmp_path: Path,
) -> None:
    data = Dataset("facts", (Question("q", "?", ("four",), (frozenset({"a@1#0"}),)),))
    said = {
        "cites": Response("four", ("a@1#0",)),
        "declines": Response("", declined=True),
        "talks": Response("four"),
    }
    done = run({name: lambda _, name=name: said[name] for name in said}, data, tmp_path)
    scores = done.scores()["value"].to_dict()
    assert {name: scores.get((name, "citation_f1")) for name in said} == {"cites": 1, "declines": 0, "talks": None}
    assert scores["declines", "citation_recall"] == 0
    assert ("declines", "fact_recall@5") not in scores
    shown = next(line for line in reports.text(done).splitlines() if "citation_recall" in line)
    assert re.split(r"\s{2,}", shown.strip())[1:] == ["1.000 [1.000, 1.000]", "0.000 [0.000, 0.000]", "–", "1 / 1 / –"]


def test_a_wide_figure_does_not_run_into_the_next_column(tmp_path: Path) -> None:
    slow = Response("four", seconds=123.4)
    slower = Response("four", seconds=1_234_567.0)
    data = Dataset("two", (Question("q", "?", ("four",)), Question("r", "?", ("four",))))
    done = run({"s": lambda question: slow if question.id == "q" else slower}, data, tmp_path)
    (shown,) = [line for line in reports.text(done).splitlines() if line.startswith("  seconds")]
    assert shown.endswith("[123, 1,234,567]  2")


def test_a_score_of_wording_stands_beside_the_error_of_its_rules(tmp_path: Path) -> None:
    data = Dataset("one", (Question("q", "?", ("four",)),))
    every = run({"s": lambda _: Response("four")}, data, tmp_path / "all")
    exact = run({"s": lambda _: Response("four")}, data, tmp_path / "exact", metrics=EXACT)
    assert reports.WORDING_ERROR in reports.text(every)
    assert reports.WORDING_ERROR not in reports.text(exact)


# -- comparing


def test_a_comparison_is_paired_and_turns_round_with_its_sides(tmp_path: Path) -> None:
    good = run({"good": Counting()}, DATA, tmp_path / "a", metrics=EXACT)
    bad = run({"bad": Counting(wrong=frozenset({"q0", "q1", "q2", "q3", "q4"}))}, DATA, tmp_path / "b", metrics=EXACT)
    (there,) = compare(bad, good).differences
    (back,) = compare(good, bad).differences
    assert (there.a, there.b, there.difference) == pytest.approx((1 / 6, 1.0, 5 / 6))
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert (there.winner, back.winner, there.pairs) == ("b", "a", 6)
    (same,) = compare(good, good).differences
    assert (same.difference, same.low, same.high, same.winner) == (0, 0, 0, "")
    assert compare(bad, good) == compare(bad, good)
    assert compare(bad, good).frame().loc["exact", "winner"] == "b"
    assert "| exact ↑" in compare(bad, good).to_markdown()


def test_runs_of_different_questions_and_unclear_systems_are_refused(tmp_path: Path) -> None:
    one = run({"s": Counting(), "t": Counting()}, DATA, tmp_path / "a", metrics=EXACT)
    two = run({"u": Counting(), "v": Counting()}, DATA, tmp_path / "b", metrics=EXACT)
    other = run({"s": Counting()}, Dataset("other", QUESTIONS[:2]), tmp_path / "c", metrics=EXACT)
    with pytest.raises(UsageError, match="different questions"):
        compare(one, other)
    with pytest.raises(UsageError, match="which systems"):
        compare(one, two)
    assert compare(one, one).a == "s"
    assert named(f"{tmp_path / 'a'}:t")[1] == "t"
    with pytest.raises(UsageError, match="no system 'x'"):
        named(f"{tmp_path / 'a'}:x")


@given(st.lists(st.floats(0, 1) | st.just(float("nan")), min_size=1, max_size=20), st.integers(0, 9))
def test_an_interval_lies_within_the_values_and_is_the_same_for_a_seed(values: list[float], seed: int) -> None:
    column = np.array(values)[:, None]
    samples = resampled(lambda weights: means(column, weights), len(values), seed=seed, resamples=200)
    low, high = (float(bound[0]) for bound in interval(samples))
    again = resampled(lambda weights: means(column, weights), len(values), seed=seed, resamples=200)
    assert np.array_equal(samples, again, equal_nan=True)
    there = [value for value in values if value == value]  # noqa: PLR0124 - NaN differs from itself
    if there:
        assert min(there) - 1e-9 <= low <= high <= max(there) + 1e-9
    else:
        assert np.isnan(low)


def test_every_resample_has_as_many_questions_and_blocks_change_nothing() -> None:
    rows = np.vstack(list(draws(3000, resamples=1000)))
    assert rows.shape == (1000, 3000)
    assert (rows.sum(axis=1) == 3000).all()


# -- datasets


def test_the_seeds_are_a_dataset_and_a_written_question_is_read_back(seeds: Path, tmp_path: Path) -> None:
    data = load(seeds / "questions.jsonl")
    assert len(data.questions) == 106
    assert sum(question.unanswerable for question in data.questions) == 27
    assert {question.part for question in data.questions} == {"dev", "test"}
    path = tmp_path / "again.jsonl"
    path.write_text("\n".join(json.dumps(question.to_dict()) for question in data.questions), encoding="utf-8")
    assert load(path).questions == data.questions
    assert load(path).hash == data.hash


def test_a_table_of_questions_is_read(tmp_path: Path) -> None:
    path = tmp_path / "gold.csv"
    path.write_text(
        "Question,answer,sentences,unanswerable\n"
        '"How many, all told?",four|4,a@v#1|b@v#2;c@v#3,\n'
        "Who won in Lima?,,,yes\n",
        encoding="utf-8-sig",
    )
    first, second = load(path).questions
    assert (first.text, first.answers) == ("How many, all told?", ("four", "4"))
    assert first.facts == (frozenset({"a@v#1", "b@v#2"}), frozenset({"c@v#3"}))
    assert (first.id, second.unanswerable) == ("q2", True)


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("a.jsonl", '{"question": "x", "answer": "y"}\n{"question": "x"}\n', r"a\.jsonl:2: it has no answer"),
        ("a.jsonl", '{"question": "x", "unanswerable": true, "sentences": [["a@v#1"]]}', ":1: an unanswerable"),
        ("a.jsonl", '{"question": "x", "id": "1", "answer": "y"}\n' * 2, ":2: the id '1' stands twice"),
        (
            "a.jsonl",
            '{"question": "x", "answer": "y", "asof": "2026-03-01"}\n',
            ":1: there is no key asof; did you mean as_of?",
        ),
        ("a.jsonl", '{"question": "x"', ":1: not JSON"),
        ("a.jsonl", "\n", "there is no question"),
        ("a.csv", "answer\nx\n", ":1: there is no column question"),
        ("a.csv", "question,answer\nWhy?,\n", ":2: it has no answer"),
        ("a.csv", "question,unanswerable\nWhy?,perhaps\n", ":2: unanswerable"),
    ],
)
def test_a_wrong_line_is_named_with_what_is_wrong(tmp_path: Path, name: str, text: str, problem: str) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(ReadError, match=problem):
        load(tmp_path / name)


def test_the_moment_of_a_question_has_the_name_that_ask_gives_it(tmp_path: Path) -> None:
    row = {"question": "How many died?", "answer": "two"}
    for key in ("asked", "as_of"):
        (tmp_path / f"{key}.jsonl").write_text(json.dumps({**row, key: "2026-03-03T23:00:00Z"}), encoding="utf-8")
        (question,) = load(tmp_path / f"{key}.jsonl").questions
        assert question.asked == datetime(2026, 3, 3, 23, tzinfo=UTC)
