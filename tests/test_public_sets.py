"""The public sets at hand, each read whole in every form that its loader offers: as many as there are known to be.

RealTimeQA is read once or twice for each of its years, not once for each task: 40 MB of articles take most of the time.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from rag.errors import ReadError, UsageError
from rag.evaluation import loaders
from rag.evaluation.datasets import Dataset
from rag.evaluation.loaders.questions import Asking, Snippets


def counts(found: Dataset) -> tuple[int, int, int, int]:
    """Return how many questions, articles, questions without an answer, and questions with gold articles."""
    asked = found.questions
    return (
        len(asked),
        len(found.articles),
        sum(one.unanswerable for one in asked),
        sum(bool(one.articles) for one in asked),
    )


def sound(found: Dataset) -> None:
    """Check what holds for every set of questions."""
    ids = {article.id for article in found.articles}
    assert len({one.id for one in found.questions}) == len(found.questions)
    assert all(one.text.strip() and one.part == "dev" for one in found.questions)
    assert all(one.articles <= ids for one in found.questions)
    assert all({id_.partition("@")[0] for id_ in one.sentences} <= ids for one in found.questions)
    assert not [one.id for one in found.questions if one.unanswerable and (one.answers or one.articles)]


@pytest.mark.parametrize(
    ("year", "task", "expected"),
    [
        ("2022", "retrieval", (206, 4787, 0, 206)),
        ("2022", "nota", (708, 4787, 173, 149)),
        ("2023q4", "nota", (327, 2305, 81, 0)),
        ("2025h2", "open", (296, 2480, 0, 0)),
        ("2025h2", "nota", (296, 2480, 86, 0)),
    ],
)
def test_realtimeqa(bench: Path, year: str, task: Asking, expected: tuple[int, int, int, int]) -> None:
    found = loaders.realtimeqa(bench, year, task=task)
    assert counts(found) == expected
    sound(found)
    assert all(one.asked and (one.answers or one.unanswerable) for one in found.questions)
    assert all(("One of:" in one.text) == (task == "nota") for one in found.questions)


def test_years_of_realtimeqa_without_gold_articles_measure_no_retrieval_and_say_what_does(bench: Path) -> None:
    with pytest.raises(UsageError, match="of no question there is known") as caught:
        loaders.realtimeqa(bench, "2023q4", task="retrieval")
    assert "2022" in caught.value.hint


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ("noise", (50, 487, 0, 50)),
        ("rejection", (50, 290, 50, 0)),
        ("counterfactual", (50, 489, 0, 0)),
        ("conflict", (50, 397, 0, 50)),
    ],
)
def test_rgb(bench: Path, task: Snippets, expected: tuple[int, int, int, int]) -> None:
    found = loaders.rgb(bench, task=task)
    assert counts(found) == expected
    sound(found)
    assert set(loaders.doctored(bench)) == {one.id for one in found.questions}


@pytest.mark.parametrize(
    ("load", "expected", "facts"),
    [(loaders.chunking, (220, 2, 0, 220), 398), (loaders.multihop, (500, 326, 71, 429), 1153)],
)
def test_questions_with_the_sentences_that_answer(
    bench: Path, load: Callable[[Path], Dataset], expected: tuple[int, int, int, int], facts: int
) -> None:
    found = load(bench)
    assert counts(found) == expected
    assert sum(len(one.facts) for one in found.questions) == facts
    sound(found)


@pytest.mark.parametrize(
    ("name", "rows", "supported"),
    [("faithbench", 260, 87), ("summedits", 377, 138), ("wice", 349, 115), ("frank", 671, 243)],
)
def test_statements_that_people_judged(bench: Path, name: str, rows: int, supported: int) -> None:
    found = loaders.SETS[name](bench)
    assert (len(found), sum(row.label for row in found), found.part) == (rows, supported, "dev")
    assert all(row.statement.strip() and row.sources and row.document for row in found)
    assert len({row.id for row in found}) == rows


def test_wording_events_and_timelines(bench: Path) -> None:
    rated = loaders.babe(bench)
    assert (len(rated), sum(one.biased for one in rated)) == (2612, 1293)
    assert all(len(event.reports) == 3 and event.neutral for event in loaders.neus(bench))
    assert [len(load(bench)) for load in (loaders.neus, loaders.allsides)] == [307, 473]
    stories = loaders.background(bench)
    assert (len(stories), sum(len(story.steps) for story in stories)) == (6, 407)
    assert all(step.day for story in stories for step in story.steps)


def test_pages_and_texts_that_are_cut_into_sentences(bench: Path) -> None:
    pages = loaders.extraction(bench)
    assert len(pages) == 80
    assert all(page.html.strip() and page.body.strip() for page in pages)
    texts, rules = loaders.sentseg(bench), loaders.sentseg(bench, which="golden")
    assert (len(texts), len(rules)) == (30, 48)
    assert all("".join(one.text.split()) == "".join("".join(one.sentences).split()) for one in texts)


def test_instructions_to_plant(bench: Path) -> None:
    attacks = loaders.bipia(bench)
    assert len(attacks) == 75
    articles = loaders.rgb(bench).articles[:75]
    planted = loaders.plant(articles, attacks)
    assert [one.article.text[one.start : one.end] for one in planted] == [one.text for one in attacks]


def test_every_set_that_is_published_has_a_loader_that_names_it(tmp_path: Path) -> None:
    calls: list[Callable[[Path], object]] = [
        *(loaders.realtimeqa, loaders.rgb, loaders.chunking, loaders.multihop, *loaders.SETS.values()),
        *(loaders.babe, loaders.neus, loaders.allsides, loaders.background, loaders.extraction, loaders.bipia),
        *(loaders.sentseg, lambda path: loaders.sentseg(path, which="golden")),
    ]
    told: list[str] = []
    for load in calls:
        with pytest.raises(ReadError) as caught:
            load(tmp_path)
        told.append(str(caught.value))
    assert {name for name in loaders.PUBLISHED if any(f"; {name} (" in one for one in told)} == set(loaders.PUBLISHED)
