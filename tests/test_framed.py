"""Figures among the same words in two reports, and those that count two things all the same."""

from __future__ import annotations

from datetime import timedelta

import pytest
from news import article, evidence

from rag.clash import Kind
from rag.conflicts import clashes
from rag.sources import Article


def report(text: str, day: int = 0, outlet: str = "Harbour Post") -> Article:
    """A report of the day ``day`` after 3 March."""
    plain = article(text, outlet=outlet)
    assert plain.published is not None
    return Article(text=text, outlet=outlet, published=plain.published + timedelta(day))


def found(one: str, two: str, day: int = 1) -> list[tuple[Kind, str, str]]:
    """Each clash of two reports as its kind and two figures."""
    told = clashes(evidence(report(one), report(two, day, "Echo")))
    return [(clash.kind, clash.first.value, clash.second.value) for clash in told]


@pytest.mark.parametrize(
    ("one", "two", "values"),
    [
        (
            "The film earned a stellar 96% score on the review site Sour Plums.",
            "It now holds a near perfect 97% score on review site Sour Plums.",
            ("96%", "97%"),
        ),
        (
            "The Ost Aviation Administration is short about 3,000 trained radar technicians.",
            "The OAA is about 3,500 radar technicians short of full staffing.",
            ("3,000", "3,500"),
        ),
        (
            "There are now 10 provinces where the average price of bread is 5 crowns.",
            "There are now 16 provinces with an average bread price of 5 crowns or above.",
            ("10", "16"),
        ),
        (
            "Lumarra's stock dropped 30% when the market opened on Wednesday.",
            "Lumarra's stock dropped 35% on Wednesday as the market fell.",
            ("30%", "35%"),
        ),
        (
            "The storm is moving north with maximum sustained winds of at least 85 mph.",
            "The storm has maximum sustained winds of more than 130 mph.",
            ("85", "130"),
        ),
    ],
)
def test_a_later_report_with_another_figure_among_the_same_words_updates(
    one: str, two: str, values: tuple[str, str]
) -> None:
    assert found(one, two) == [(Kind.UPDATE, *values)]


def test_two_reports_of_one_day_dispute() -> None:
    one = "The school shelters 163 families in temporary housing, including 48 children."
    two = "It is used as temporary housing and shelter for 163 families, including 47 children."

    assert found(one, two, day=0) == [(Kind.DISPUTE, "48", "47")]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        pytest.param(
            "The film made $124 million at home in its opening weekend. With Monday it made $156 million.",
            "The film made an estimated $156 million at home in its opening weekend.",
            id="the other report knows both",
        ),
        pytest.param(
            "The film made $124 million at home in its three-day opening weekend.",
            "The film made $156 million at home in its four-day opening weekend.",
            id="another span",
        ),
        pytest.param(
            "A wind gust of 95 mph was measured near the harbour.",
            "Sustained winds of 72 mph were measured near the harbour.",
            id="gusts and sustained winds",
        ),
        pytest.param(
            "About 20% of stations in the country sell for less, Sorn said.",
            "And about 10% of stations across the country sell for more.",
            id="less and more",
        ),
        pytest.param(
            "Lumarra shares climbed almost 3% in early trading.",
            "Telvane shares climbed almost 8% in early trading.",
            id="two companies",
        ),
        pytest.param(
            "Shares of the software company rallied 4.5% on Friday. Other shares fell.",
            "Shares of the mining company rallied 15% on Friday. Other shares fell.",
            id="changes of what has no name",
        ),
        pytest.param(
            "The region supplies about 27% of the oil that the EU imports.",
            "The region supplies about 3% of the oil that the US imports.",
            id="two powers",
        ),
        pytest.param(
            "In Veldt, about 285 flights were canceled by noon, the airport said.",
            "In Ost, about 90 flights were canceled by noon, the airport said.",
            id="two places",
        ),
        pytest.param(
            "The storm grew to a Category 5 storm over the warm water of the gulf.",
            "The storm grew to a Category 13 storm over the warm water of the gulf.",
            id="numbers in names",
        ),
        pytest.param(
            "The jewels are worth an estimated $102.63 million, the prosecutor Ila Sorn said.",
            "The jewels are worth $102 million, the prosecutor Ila Sorn said.",
            id="one cut off",
        ),
        pytest.param(
            "As of 10:45 a.m. the tracker counted 198 delays at Ost Airport.",
            "As of 3:45 p.m. the tracker counted 185 delays at Ost Airport.",
            id="hours of two days",
        ),
        pytest.param(
            "Ilsen completed 16 passes for 266 yards in the first half.",
            "Ilsen completed 18 passes for 142 yards in the first half.",
            id="matches",
        ),
        pytest.param(
            "About 240 people were taken hostage in the raid.",
            "About 30 children were taken hostage in the raid.",
            id="whom it counts",
        ),
        pytest.param(
            "The ticket for the grand tour costs $34.10 at the harbour office.",
            "The ticket for the grand tour could cost $48 at the harbour office.",
            id="what may be",
        ),
        pytest.param(
            "A kilo of rice costs 14 crowns at the central market, traders said.",
            "A kilo of beans costs 22 crowns at the central market, traders said.",
            id="two goods",
        ),
        pytest.param(
            "The rebels released 40 prisoners in the exchange at the border.",
            "The government released 110 prisoners in the exchange at the border.",
            id="two parties",
        ),
        pytest.param(
            "The hospital in the capital admitted 34 patients with heat stroke.",
            "The hospital in the port city admitted 12 patients with heat stroke.",
            id="two places without a name",
        ),
        pytest.param(
            "The fleet has 48 buses on the harbour route, the operator said.",
            "The fleet has 11 electric buses on the harbour route, the operator said.",
            id="a part",
        ),
        pytest.param(
            "The council approved 60 million crowns for the new tram line.",
            "The council approved 18 million crowns for the first stage of the new tram line.",
            id="a stage",
        ),
        pytest.param(
            "The province counted 520 damaged houses after the flood, officials said.",
            "Of these, 75 houses after the flood were beyond repair, officials said.",
            id="some of these",
        ),
        pytest.param(
            "The union wants a pay rise of 12% for its 30,000 members.",
            "The railway offered a pay rise of 5% to the union's 30,000 members.",
            id="asked and offered",
        ),
        pytest.param(
            "The ferry line carries 3,000 passengers a day between the islands.",
            "The ferry line carried 21,000 passengers between the islands during the festival.",
            id="a day and in all",
        ),
        pytest.param(
            "The clinic treated 45 children for measles on Monday, doctors said.",
            "The clinic treated 130 children for measles since the outbreak began, doctors said.",
            id="a day and since",
        ),
        pytest.param(
            "In the 1990s the village had 900 inhabitants and a school.",
            "The village now has 310 inhabitants and a school.",
            id="another decade",
        ),
        pytest.param(
            "A 34-year-old man was arrested at the scene of the shooting.",
            "A 19-year-old man was arrested at the scene of the shooting.",
            id="ages",
        ),
        pytest.param(
            "The bill passed with 61 votes in the lower chamber after a long debate.",
            "The bill passed with 33 votes in the upper chamber after a long debate.",
            id="two chambers",
        ),
        pytest.param(
            "The old theatre had 900 seats and a stage of oak.",
            "The new theatre has 1,400 seats and a stage of oak.",
            id="old and new",
        ),
    ],
)
def test_figures_that_count_two_things_are_none(one: str, two: str) -> None:
    assert found(one, two) == []


def test_what_was_foreseen_is_not_disputed_by_what_came() -> None:
    one = "Analysts had predicted sales of 310 million crowns for the quarter."
    two = "The company reported sales of 275 million crowns for the quarter."

    assert found(one, two, day=0) == []


@pytest.mark.parametrize(
    ("one", "two", "values"),
    [
        (
            "The bridge cost 80 million crowns to build, the ministry said.",
            "The bridge cost 95 million crowns to build, the auditors said.",
            ("80 million", "95 million"),
        ),
        (
            "The government claimed that 12 soldiers had surrendered at the bridge.",
            "The rebels claimed that 40 soldiers had surrendered at the bridge.",
            ("12", "40"),
        ),
        (
            "According to the ruling party, 20,000 supporters marched to the palace.",
            "According to the opposition, 90,000 supporters marched to the palace.",
            ("20,000", "90,000"),
        ),
        (
            "The storm toppled 1,400 trees in the park.",
            "The storm felled 1,900 trees in the park.",
            ("1,400", "1,900"),
        ),
    ],
)
def test_who_says_it_and_the_verb_may_differ_where_all_other_words_are_the_same(
    one: str, two: str, values: tuple[str, str]
) -> None:
    assert found(one, two, day=0) == [(Kind.DISPUTE, *values)]
