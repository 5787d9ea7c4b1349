"""Whom a printed sentence names by surname alone is told in full beside it, once, and nobody else is."""

from __future__ import annotations

from news import article, evidence

from rag.fullnames import bare, full_names
from rag.sources import Evidence

REPORT = (
    "The actress Judy Davis won in 2001. Davis went on to earn four more. The Veldt House passed a bill. "
    "The house is old. House prices rose. Mayor Ruiz spoke. Ruiz said it was late."
)


def told(*texts: str, known: str = "") -> list[dict[str, str]]:
    by_text = {item.sentence.text: item for item in evidence(article(REPORT))}
    return list(full_names([[by_text[text]] for text in texts], known))


def test_a_surname_is_told_in_full_once() -> None:
    davis = "Davis went on to earn four more."

    assert told(davis, davis) == [{"Davis": "actress Judy Davis"}, {}]


def test_nobody_is_told_whom_the_page_or_a_headline_names() -> None:
    assert told("The actress Judy Davis won in 2001.", "Davis went on to earn four more.") == [{}, {}]
    assert told("Davis went on to earn four more.", known="Davis wins again") == [{}]


def test_neither_a_body_nor_an_office_is_a_given_name() -> None:
    assert told("House prices rose.", "Ruiz said it was late.") == [{}, {}]


def test_initials_are_a_given_name() -> None:
    text = "J. T. Ruiz, the secretary of the union, spoke. Ruiz told a meeting that it was late."

    assert [*full_names([[evidence(article(text))[-1]]], "")] == [{"Ruiz": "J. T. Ruiz, the secretary of the union"}]


def test_of_two_with_one_surname_nobody_is_told() -> None:
    text = "Singer Ana Ruiz spoke. Her brother, engineer Bo Ruiz, was there. Ruiz said it was late."

    assert [*full_names([[evidence(article(text))[2]]], "")] == [{}]


def test_a_bare_surname_opens_a_sentence_whose_report_had_it_in_full() -> None:
    found: list[Evidence] = [*evidence(article(REPORT))]

    assert [bare(item, "") for item in found[:2]] == [False, True]
    assert not bare(found[1], "Davis wins again")


def test_who_it_is_is_told_as_the_report_does() -> None:
    text = (
        "Veldt Power spokesman Jeff Ruiz said it was late. Ana Lind, 28, a former student of the school, was hurt. "
        "Ruiz said it was dark. Lind spoke of it, said Ana Lind."
    )
    found = evidence(article(text))

    assert [*full_names([[found[2]], [found[3]]], "")] == [{"Ruiz": "Veldt Power spokesman Jeff Ruiz"}, {}]
    found = evidence(article(text.replace(", said Ana Lind", ", who said so")))
    assert [*full_names([[found[3]]], "")] == [{"Lind": "Ana Lind, a former student of the school"}]
