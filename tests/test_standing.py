"""Which sentences can be read alone."""

from __future__ import annotations

import pytest
from news import article, evidence

from rag.standing import closed, is_fact, is_said, leans, recalls, unspecified


@pytest.mark.parametrize(
    "text",
    [
        "Fourteen were rejected because they were not signed.",
        "Thirty-two more were hurt on the lower deck.",
        "The office said on Friday that it had received no such report.",
        "She denied this.",
        "The union says it has no plans for one.",
        "If authorized for use, it would be the first such pill.",
        "The union put the number at 6,000.",
        "The returning officer granted the request.",
        "On Tuesday, it fell below the level of March.",
        "In the past week, they met with the mayor.",
        "On Monday, it was 1,179.",
        "Shortly after, the board closed the harbour.",
        "Two days later, Ruiz resigned.",
        "Now that last link to the island has been shut.",
        "Ana Ruiz, a nurse from Wendle, is one of those voters.",
        "The deal was praised by nobody.",
        "The two dated for several years.",
        "All have emerged as key figures in the inquiry.",
        "A year prior, the council had held its first hearing on it.",
        "Sales began two years later.",
        "Another 625 flights were delayed, and another 12 were cancelled.",
        "“Veldt hosts many of them,” said the official.",
        "The women in attendance took part in a programme.",
        "The transactions will not affect other stores.",
    ],
)
def test_a_sentence_that_points_at_another_needs_it(text: str) -> None:
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "Four people died, according to the hospital.",
        "Eleven members of the council voted for the plan.",
        "City engineers have closed the bridge.",
        "On Tuesday, it was announced that the harbour would close.",
        "This week, it became clear that the ferry was overloaded.",
        "A week after sailing, the ferry is back.",
        "Two days later than planned, the port opened.",
        "The deal with Solmar was praised by nobody.",
        "The company has reset all passwords.",
        "Voters in Wendle said that those voters who queued were let in.",
        "Wendle voted on Friday, and this fishing town chose a new mayor.",
    ],
)
def test_a_sentence_that_names_what_it_counts_stands_alone(text: str) -> None:
    assert not leans(text)


@pytest.mark.parametrize(
    ("before", "text", "needs"),
    [
        ("The guild has asked the company to pay for overtime.", "Lumarra has agreed to the overtime.", True),
        ("Two boats were sent out.", "Lumarra has agreed to the overtime.", False),
        (
            "The guild has asked the company to pay for overtime.",
            "Lumarra, which runs 640 shops, has agreed to the overtime for its staff until the summer.",
            False,
        ),
    ],
)
def test_a_short_sentence_needs_the_one_that_tells_what_it_takes_for_known(
    before: str, text: str, *, needs: bool
) -> None:
    assert recalls(text, before) is needs


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("The act passed after it was changed for members who argued that it went too far.", True),
        ("The members argued that it went too far.", False),
        ("We only see three full moons a year.", False),
        ("Walton's estimated fortune is $60 billion.", True),
        ("The governor declared a state of emergency for the county.", True),
    ],
)
def test_what_happened_is_a_fact_though_somebody_in_it_says_something(text: str, *, fact: bool) -> None:
    (item,) = evidence(article(text))

    assert is_fact(item) is fact
    assert not (fact and is_said(item))


def test_what_only_leads_over_to_the_next_sentence_is_no_fact() -> None:
    found = evidence(
        article("Activists of the Harbour Party went further. The court went further than that and closed it.")
    )

    assert [is_fact(item) for item in found] == [False, True]


@pytest.mark.parametrize(
    "text",
    [
        "Crewe's lawyer, Fiona Garside, said last night that this was false.",
        "Haslam said the claim was untrue.",
        "An appeal panel must then rule within 60 days.",
        "Many carried photographs of children.",
        "Most are from out of town.",
        "Autopsies were ordered for both, the coroner said.",
        "The person died of injuries in Wendle, the agency said.",
        "Afterwards, Ruiz spoke.",
        "By the afternoon, rain fell on all of Wendle.",
        "Bea Sandoval would not confirm the numbers.",
        "The announcement comes hours after Ana Ruiz travelled to Wendle.",
        "The former guerrilla won by a slim margin.",
        "There are at least two reasons why, analysts in Wendle said.",
        "Morland, for example, was down 5% on Tuesday.",
    ],
)
def test_what_speaks_of_what_was_just_told_leans_on_it(text: str) -> None:
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "The man who shot Ruiz was jailed.",
        "By Wednesday afternoon, rain fell on Wendle.",
        "The pilots of both helicopters died.",
        "Ruiz said the bridge was safe.",
        "Many people carried photographs of children.",
        "The panel will rule in May.",
    ],
)
def test_what_names_what_it_speaks_of_stands_alone(text: str) -> None:
    assert not leans(text)


@pytest.mark.parametrize(
    ("text", "headlines", "needs"),
    [
        ("The bridge had been closed since Tuesday.", "Migrants leave the camp", True),
        ("The bridge had been closed since Tuesday.", "Storm shuts the bridge of Veldt", False),
        ("The bridge of Veldt had been closed since Tuesday.", "Migrants leave the camp", False),
        ("The three nations' joint bid won.", "Veldt hosts the cup", True),
        ("The government had been warned.", "Migrants leave the camp", False),
    ],
)
def test_a_thing_that_nothing_tells_from_others_needs_what_names_it(text: str, headlines: str, *, needs: bool) -> None:
    assert unspecified(text, headlines) is needs


def test_a_quotation_that_goes_on_elsewhere_is_not_closed() -> None:
    assert closed("“We are late,” she said. “We know.”")
    assert not closed("Ruiz added: “I am not saying that we are more at fault than he is.")
    assert not closed('Ruiz added: "I am not saying that we are more at fault than he is.')
