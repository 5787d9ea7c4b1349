"""What a question asks."""

from __future__ import annotations

import pytest

from rag.errors import UsageError
from rag.questions import Want, asks, checked, offers, parts, restates, terms


@pytest.mark.parametrize(
    ("question", "want"),
    [
        ("How many people died?", Want.NUMBER),
        ("What is the death toll?", Want.NUMBER),
        ("What was the total number of strikers?", Want.NUMBER),
        ("By how much did the workforce shrink?", Want.NUMBER),
        ("How much did the recount cost?", Want.MONEY),
        ("By what share were the fares cut?", Want.SHARE),
        ("At what time did the ferry strike the wall?", Want.WHEN),
        ("By what date will the judge decide?", Want.WHEN),
        ("How long did the strike last?", Want.DURATION),
        ("How old is the captain?", Want.AGE),
        ("Who leads the inquiry?", Want.PERSON),
        ("What is the name of the engineer?", Want.PERSON),
        ("Who did the mayor defeat when he was elected?", Want.PERSON),
        ("Where was the tray found?", Want.PLACE),
        ("Why was there an election?", Want.REASON),
        ("Did the company pay?", Want.WHETHER),
        ("What happened to the crew member who got people out?", Want.OTHER),
    ],
)
def test_the_kind_of_answer_is_read_from_the_questions_own_word(question: str, want: Want) -> None:
    assert [part.wants for part in parts(question)] == [want]


def test_a_question_with_two_parts_is_cut_in_two_and_the_second_keeps_its_subject() -> None:
    first, second = parts("How many shops does Lumarra have, and how many customers has its U.S. arm?")
    assert first.text == "How many shops does Lumarra have"
    assert second.text == "how many customers has its U.S. arm"
    assert second.query.startswith("Lumarra: ")


def test_an_and_inside_a_noun_phrase_does_not_cut() -> None:
    assert len(parts("Who chairs the Oxbow and Teale inquiry?")) == 1
    assert len(parts("How big is the gap between the union and the city?")) == 1


def test_a_sentence_offers_only_what_the_question_did_not_bring() -> None:
    assert offers(Want.NUMBER, "Some 31 people were hurt.", "How many people were hurt?")
    assert not offers(Want.NUMBER, "The 31 people were hurt.", "How many of the 31 people were hurt badly?")
    assert not offers(Want.PERSON, "The inquiry met Oona Selwick.", "Who met Oona Selwick?")
    assert not offers(Want.AGE, "Captain Hallow made no statement.", "How old is Captain Hallow?")


@pytest.mark.parametrize(
    "text",
    [
        "How do solar panels work?",
        "How do solar panels work? (CNN)",
        "Who paid? And who did not?",
    ],
)
def test_a_text_of_questions_alone_states_nothing(text: str) -> None:
    assert asks(text)


@pytest.mark.parametrize(
    "text",
    [
        "Who paid? Lumarra did.",
        "Lumarra paid. Who else did?",
        "The senator asked: “Why now?”",
        "“Why now?” the senator asked.",
        "“Why now?”",
        "Nobody knows who paid (and how much?).",
        "",
    ],
)
def test_what_states_something_beside_a_question_is_no_question(text: str) -> None:
    assert not asks(text)


def test_a_sentence_that_begins_by_asking_the_question_over_restates_it_with_a_mark_or_without() -> None:
    question = "Who won the Tarrow regatta?"
    assert restates("Who won the Tarrow regatta: read all about it.", question)
    assert restates("who won the tarrow regatta", question)
    assert not restates("Who won the Tarrow regatta is unknown.", question)
    assert not restates("Ana Ruiz won the Tarrow regatta.", question)
    assert not restates("Asked who won the Tarrow regatta, she smiled.", question)
    assert not restates("Tarrow regatta, day two: Ruiz wins.", "Tarrow regatta day two"), (
        "words to search for ask nothing"
    )


def test_terms_fold_endings_and_drop_the_words_of_asking() -> None:
    assert terms("How many passengers did the ferry's passenger list name?") == {"passen", "ferry", "list"}


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("How many people died?", "The number of dead was eight.", "Forty-one people are being treated in hospital."),
        ("What is the death toll?", "Seven bodies were found.", "Eight people remain missing."),
        ("How many are missing?", "Six people are still missing.", "Nine people were killed."),
        ("How many people were injured?", "It left 44 wounded.", "Some 1,200 residents had to leave."),
    ],
)
def test_who_asks_for_the_dead_is_not_told_of_the_injured(question: str, answer: str, other: str) -> None:
    assert offers(Want.NUMBER, answer, question)
    assert not offers(Want.NUMBER, other, question)


def test_half_a_surrogate_pair_is_no_question() -> None:
    with pytest.raises(UsageError, match="not valid UTF-8"):
        checked("Who \ud800 died?")


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        (
            "How many children were killed in the explosion?",
            "Two children were among the dead.",
            "The explosion killed eight people.",
        ),
        ("How many tram drivers were killed?", "Three drivers died.", "Two people died on the tram."),
    ],
)
def test_who_asks_for_the_children_is_not_told_of_all(question: str, answer: str, other: str) -> None:
    assert offers(Want.NUMBER, answer, question)
    assert not offers(Want.NUMBER, other, question)


def test_who_asks_for_a_relative_is_told_of_one() -> None:
    asked = "Who is Jonas Reuter's wife?"
    assert offers(Want.PERSON, "Reuter is married to the painter Ida Holm.", asked)
    assert not offers(Want.PERSON, "Finance director Anette Ruud takes over from Reuter.", asked)
    assert offers(Want.PERSON, "Police arrested John Smith on Monday.", "Who killed the children?")


@pytest.mark.parametrize(
    ("want", "question", "answer", "other"),
    [
        (Want.PERSON, "Who won the race?", "Ana Ruiz won the race.", "It was won on Tuesday in Millbrook."),
        (Want.PERSON, "Who was arrested?", "The captain was arrested.", "Two were arrested at Millbrook on Monday."),
        (Want.PLACE, "Where was the debate held?", "It was held in Millbrook.", "The debate was held on Tuesday."),
        (Want.PLACE, "Which country seized a tanker?", "On Sunday Norway seized one.", "A navy seized one on Sunday."),
        (Want.NUMBER, "How many inmates escaped?", "At least 10 men escaped.", "The jailbreak was one of the largest."),
        (Want.NUMBER, "How many tests can be ordered?", "Four can be ordered.", "Covid-19 tests can be ordered."),
    ],
)  # fmt: skip
def test_days_places_and_figures_that_count_nothing_answer_nothing(
    want: Want, question: str, answer: str, other: str
) -> None:
    assert offers(want, answer, question)
    assert not offers(want, other, question)


def test_a_word_that_opens_a_sentence_is_a_name_where_its_article_has_it_as_one() -> None:
    asked = "Who founded Harbour Watch?"
    assert offers(Want.PERSON, "Ruiz founded Harbour Watch.", asked, "Police met Ana Ruiz. Ruiz founded Harbour Watch.")
    assert not offers(Want.PERSON, "Sailors founded Harbour Watch.", asked, "Many Sailors and sailors met.")


def test_months_are_no_verbs() -> None:
    assert not offers(Want.WHEN, "The court may rule as they march on.", "When will the court rule?")
