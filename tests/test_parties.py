"""Who is named as the one who says it: whole names and offices, word for word, or nobody."""

from __future__ import annotations

import pytest

from rag.parties import denier, party


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("The dam held 40 million litres, Mayor Ana Ruiz said.", "Mayor Ana Ruiz"),
        ("Mayor Ana Ruiz, who took office last year, said the dam was safe.", "Mayor Ana Ruiz"),
        ("In that reply the company said that the alarms had been tested.", "the company"),
        ("One of them, Ricky Tolland, claimed that the dam had been moved.", "Ricky Tolland"),
        ("The owners paid the bill in secret, two insiders have claimed.", "two insiders"),
        ("Police estimated that 2,500 people came.", "Police"),
        ("The postal service said it had no record of this.", "The postal service"),
        ("The dam is full, according to the U.N.", "the U.N."),
        ("Ruiz said on Monday that the dam was full, but again denied that it leaked.", "Ruiz"),
        (
            "A passenger, who asked not to be named, claimed that no alarm sounded.",
            "A passenger, who asked not to be named",
        ),
        (
            "An official, who spoke on condition of anonymity, told the Post so.",
            "An official, who spoke on condition of anonymity",
        ),
    ],
)
def test_a_speaker_is_named_whole_and_without_what_was_read_into_the_name(text: str, named: str) -> None:
    assert party(text) == named
    assert named in text


@pytest.mark.parametrize(
    "text",
    [
        "She said that the dam held 40 million litres.",
        "The premier pressed Congress to act in order to avert a default, he said.",
        "The dam held 40 million litres.",
        "Log files show that it broke on January 19, two weeks earlier than the company claims.",
        "The study has $9.6 million, about half of what the mayor claims.",
        "Mayor Ana Ruiz said the dam held, and Councillor Bo Hale said it did not.",
        "It fulfils a pledge critics said would cost the town $4 million.",
        "Flooding left two people dead as Southern states assessed the damage.",
        "The bill added $50 million to the fund.",
        "Marsh Hale, a farmer who claims that the dam broke, went home.",
    ],
)
def test_nobody_is_named_for_a_pronoun_a_comparison_a_clause_or_one_of_two(text: str) -> None:
    assert party(text) == ""


def test_who_speaks_in_the_next_clause_did_not_give_the_figure() -> None:
    text = "A recount cut the lead to 43 votes, and the losing side said it would go to court."

    assert party(text, "43") == ""
    assert party(text) == "the losing side"


def test_a_figure_is_that_of_whom_it_is_according_to_and_not_of_who_speaks_next() -> None:
    text = "Asked about the toll – it has passed 8,300, according to the Health Ministry – Ruiz said it was “too high”."

    assert party(text, "8,300") == "the Health Ministry"
    assert party("It made 19 knots, according to Dr. Ana Ruiz, the lead investigator.", "19") == "Dr. Ana Ruiz"


@pytest.mark.parametrize(
    ("text", "words", "named"),
    [
        ("Brannel Line on Monday rejected claims that it had ignored a warning.", "rejected claims", "Brannel Line"),
        ("The company called that allegation untrue.", "called that allegation", "The company"),
        ("Lumarra flatly denied that it had paid anyone.", "denied that it", "Lumarra"),
        (
            "President Ana Ruiz, meanwhile, dismisses that suggestion.",
            "dismisses that suggestion",
            "President Ana Ruiz",
        ),
        ("In a statement on Friday, Ruiz again denied the claim.", "denied the claim", "Ruiz"),
        ("A report that the dam broke was wrong, Dr. Ana Ruiz told the call.", "was wrong", "Dr. Ana Ruiz"),
        ("He denied the claim.", "denied the claim", ""),
    ],
)
def test_who_denies_stands_before_the_denying_words_or_speaks_alone(text: str, words: str, named: str) -> None:
    assert denier(text, words) == named
