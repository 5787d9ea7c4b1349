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


def test_accounts_that_differ_on_how_many_are_a_dispute_of_the_two_that_follow() -> None:
    text = (
        "The port and the union gave very different accounts of how many had stopped work. The port said 40% of the "
        "crane drivers had. The union said 85% of its members had."
    )

    assert (Kind.DISPUTE, "40%", "85%") in found(report(text))
    assert found(report(text.partition(". ")[2])) == []


@pytest.mark.parametrize(
    ("told", "pair"),
    [
        ("Ostrel has widened the recall to 6,100 boilers from 4,800.", ("4,800", "6,100")),
        ("The bill will be closer to 75 million crowns than to the 60 million mentioned first.", None),
    ],
)
def test_a_figure_that_a_text_puts_in_the_place_of_another_updates_it(told: str, pair: tuple[str, str] | None) -> None:
    first = report("Ostrel is recalling 4,800 boilers at a cost of 60 million crowns.")

    updates = [(one, two) for kind, one, two in found(first, report(told, "Lantern", 26)) if kind is Kind.UPDATE]

    assert updates == [pair or ("60 million", "75 million")]
    assert found(report(told)) == [], "nobody had told the older one"


def test_a_number_that_rises_counts_what_it_is_the_number_of() -> None:
    first = report("Ostrel is recalling boilers in 14 countries.")
    second = Article(
        "The number of countries rises to 17, a spokeswoman said.",
        "Ostrel recall widens",
        outlet="Lantern",
        published=FIRST + timedelta(hours=26),
    )

    assert found(first, second) == [(Kind.UPDATE, "14", "17")]


def test_what_came_to_another_figure_is_no_rival_of_one() -> None:
    text = "The board employs 212 people, 14 more than before. Her critics put the number of inspectors at 61."

    assert found(report(text)) == []


@pytest.mark.parametrize(
    ("first", "second", "pair"),
    [
        (
            "The Traders' Guild estimated the loss to shops at 7 million pounds a day.",
            "The Traders' Guild has revised its estimate of the loss to shops down to £4.5m a day.",
            ("7 million", "£4.5m"),
        ),
        (
            "Lindmoor Trams has offered 3.1%.",
            "Lindmoor Trams improved its offer on Tuesday, to 4.2%.",
            ("3.1%", "4.2%"),
        ),
    ],
)
def test_what_a_party_revises_updates_what_it_had_put_it_at(first: str, second: str, pair: tuple[str, str]) -> None:
    assert found(report(first), report(second, "Lantern", 26)) == [(Kind.UPDATE, *pair)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "The white balls have to be from 1 to 69, the lottery said.",
            "There are balls numbered from 1 to 69, and one from 1 to 26.",
        ),
        ("Tickets cost from $9 to $40, the theatre said.", "The movie has tickets from $9 to $55, the theatre said."),
        (
            "It lasted 21 days from December 16 to January 6.",
            "The second longest lasted from December 16 to January 6.",
        ),
        (
            "Harassment rose by 40% after May 7, police said.",
            "Data show that harassment rose by 40% from May 7 to May 23.",
        ),
        (
            "A valve put the tank under 60 bar of pressure rather than the 20 bar of pressure that Kerr hoped for.",
            "The valve put it under 60 bar of pressure rather than the 20 bar of pressure that Kerr hoped for.",
        ),
    ],
    ids=["numbered", "prices", "days", "days of a rise", "both have both"],
)
def test_a_span_is_no_change(first: str, second: str) -> None:
    assert found(report(first), report(second, "Echo", 30)) == []


def test_what_was_raised_from_one_figure_to_another_is() -> None:
    first = report("A pass for a week costs $30 today.")
    second = report("The park will increase the price of a pass from $30 to $35, it said.", "Echo", 30)
    assert found(first, second) == [(Kind.UPDATE, "$30", "$35")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (
            "Sanna Island officials reported two deaths on Thursday.",
            "The storm's death toll rose to at least 32 people, the police said.",
        ),
        (
            "Lee County Sheriff Ana Ruiz said at least five deaths have been confirmed in the storm.",
            "At least 14 deaths in the storm have been confirmed, and the toll is expected to grow.",
        ),
        (
            "The storm killed two people near the pier. In all, nine people died in the storm.",
            "The storm killed 12 people, police said.",
        ),
        (
            "In the camp the attacks killed 3,600 children, the ministry said.",
            "In the camp the attacks killed 9,800 people, the ministry said.",
        ),
        ("• Ohio: Three people have died in the storm.", "More than 50 people have died in the storm."),
        (
            "In Sorland, 19 people died in the storm.",
            "More than 50 people died in the storm in Sorland, Elmland and Norr.",
        ),
        (
            "The county now has reported 35 deaths in the storm.",
            "In South Elmland 46 deaths in the storm have been reported.",
        ),
    ],
    ids=[
        "island",
        "county",
        "lower of one report",
        "children",
        "item of a list",
        "one of three",
        "a county without a name",
    ],
)
def test_the_dead_of_a_part_are_not_those_of_the_whole(first: str, second: str) -> None:
    assert found(report(first), report(second, "Echo", 30)) == []


def test_numbers_of_an_address_are_no_figures() -> None:
    wrong = report(
        "Correction: an earlier report misstated the toll. https://post.example/news/2026/03/749557002/ 12 people died."
    )
    assert found(report("Police say 14 people died. https://echo.example/2026/05/2056256002/", "Echo", 30), wrong) == []


def test_a_figure_that_was_wrong_elsewhere_on_a_page_of_corrections_is_not_wrong_here() -> None:
    page = (
        "An earlier version of a report on rents gave 6%, which is wrong. The boat race is on Sunday. "
        "The Norr council wants an increase of 6% in fares for harbour ferries. The name of the mayor is Ana Ruiz. "
        "The Norr council wants fares for harbour ferries with an increase of 36% from June."
    )
    assert found(report(page)) == []


def test_what_is_estimated_is_not_each_figure_behind_it() -> None:
    first = report("Few new vehicles are 100% made in Elmland, with all auto parts from Elmland, Fenn said.")
    second = report(
        "A bank is increasing its estimate on how much makers will have to raise the prices of new vehicles to offset "
        "the 25% tariff that Elmland has on any vehicles or auto parts.",
        "Echo",
        30,
    )
    assert found(first, second) == []


def test_an_estimate_of_how_many_were_taken_is_no_count_of_others() -> None:
    text = (
        "The gunmen abducted an estimated 240 people from the valley. The Red Cross, citing figures from Norr, said "
        "that 950 people had been wounded there, including 826 children."
    )
    assert found(report(text)) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "Senators plan a vote to reopen the government before the holiday.",
            "The speaker cancelled the plans of the Senators for a vote.",
        ),
        (
            "The shop is expected to reopen after the storm left cars on the road.",
            "Plows pass cars abandoned on the road in the storm.",
        ),
    ],
)
def test_what_is_reopened_is_not_what_was_called_off(before: str, after: str) -> None:
    assert found(report(before), report(after, "Echo", 30)) == []
