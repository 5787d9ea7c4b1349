"""Figures that a text sets against each other, totals that were reached, and days that were moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from news import evidence

from rag.clash import Kind
from rag.conflicts import clashes
from rag.sources import Article

FIRST = datetime(2026, 6, 8, 9, tzinfo=UTC)


def report(text: str, outlet: str = "Post", hours: int = 0) -> Article:
    return Article(text, outlet=outlet, published=FIRST + timedelta(hours=hours))


def found(*articles: Article) -> list[tuple[Kind, str, str]]:
    return [(clash.kind, clash.first.value, clash.second.value) for clash in clashes(evidence(*articles))]


def test_two_bodies_that_count_one_thing_in_neighbouring_sentences_dispute() -> None:
    text = (
        "The water board counts 120 burst pipes, all reported by its own crews. The Plumbers' Guild, which runs "
        "a telephone line for tenants, put the figure at 310, because it has private pipes as well."
    )

    assert found(report(text)) == [(Kind.DISPUTE, "120", "310")]


def test_what_a_text_calls_a_discrepancy_is_counted_two_ways() -> None:
    text = (
        "The mill speaks of 3,000 sacks of flour. Bexley, the largest of the bakeries it serves, said it alone had "
        "sent back 4,100 loaves. The discrepancy is easily explained: the bakery counts what it baked."
    )

    assert found(report(text)) == [(Kind.DEFINITION, "3,000", "4,100")]


def test_one_voice_with_two_figures_does_not_dispute_with_itself() -> None:
    text = (
        "The mill said it had sold 3,000 sacks of flour. The mill said it had sold 4,100 loaves as well. There is no "
        "discrepancy, it added."
    )

    assert found(report(text)) == []


def test_a_total_that_was_reached_updates_the_earlier_count() -> None:
    first = report("The clinic now counts 34 cases of measles, all of them confirmed in a laboratory.")
    later = report("The number of laboratory-confirmed cases has reached 41, the clinic said.", "Echo", 30)

    assert found(first, later) == [(Kind.UPDATE, "34", "41")]


@pytest.mark.parametrize("moved", ["brought forward the hearing to June 19", "postponed the hearing to July 2"])
def test_a_day_that_was_moved_updates_the_one_that_was_announced(moved: str) -> None:
    first = report("Judge Orla Finnick set the hearing for June 25 and sent the jurors home.")
    later = report(f"Judge Orla Finnick on Tuesday {moved}.", "Echo", 30)

    assert found(first, later) == [(Kind.UPDATE, "June 25", moved.split(" to ")[1])]


@pytest.mark.parametrize(
    "other",
    [
        "The pension office postponed the pay rise to July 2.",  # another thing
        "Judge Orla Finnick opened the hearing on June 19 in a smaller room.",  # not moved
        "Judge Orla Finnick postponed the hearing from June 12 to July 2.",  # from another day
    ],
)
def test_a_day_of_something_else_is_left_alone(other: str) -> None:
    first = report("Judge Orla Finnick set the hearing for June 25 and sent the jurors home.")

    assert found(first, report(other, "Echo", 30)) == []


def test_some_of_the_dead_are_not_the_toll() -> None:
    first = report("Forty of the deaths were in Wendle County, the sheriff said.")
    later = report("The storm has killed 120 people in Wendle County and beyond, the state said.", "Echo", 30)

    assert found(first, later) == []


def test_the_dead_of_a_country_that_is_not_named_are_not_those_of_several() -> None:
    several = report("The storm has killed at least 50 people in Orrow, Tessel and Marrow, officials said.")
    one = report("The country's information minister said 19 people were killed in the storm.", "Echo", 1)

    assert found(several, one) == []


def test_two_voices_side_by_side_give_one_act_two_times() -> None:
    text = (
        "The company says its control room rang the town at 4:10 p.m. on Monday. Ada Venn, the town's warden, told "
        "the radio that the first call came at 6:35 p.m."
    )

    assert found(report(text)) == [(Kind.DISPUTE, "4:10 p.m.", "6:35 p.m.")]


def test_two_voices_side_by_side_on_two_things_do_not_dispute() -> None:
    text = (
        "A vigil will be held in Wendle at 7:30 p.m., the parish said. In Orrow a vigil is planned for 6:30 p.m., the "
        "chapel said."
    )

    assert found(report(text)) == []


def test_a_number_that_a_report_brings_to_more_updates_the_count() -> None:
    first = report("Some 4,200 people were ordered to leave their homes below the Wendle dam on Monday, the town said.")
    later = report(
        "The order to leave was extended to a third village below Wendle dam, which brings the number of people told "
        "to leave to 6,800, the town said.",
        "Echo",
        20,
    )

    assert found(first, later) == [(Kind.UPDATE, "4,200", "6,800")]


def test_a_day_that_is_said_not_to_be_the_other_one_disputes_it() -> None:
    first = report("The sample was taken after the match against Wendle on June 4, according to the club.")
    later = report(
        "The sample was collected on June 7, during a visit to the training ground, and not after a match, said the "
        "laboratory's director.",
        "Echo",
        20,
    )

    assert found(first, later) == [(Kind.DISPUTE, "June 4", "June 7")]
