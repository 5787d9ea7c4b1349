"""Answers without a model: which sentences are chosen, and how they are put."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from news import article, evidence

from rag.attribution import begun
from rag.caveats import Caveats
from rag.claims import Claim
from rag.extractive import Context, ExtractiveGenerator, standing_alone, statement
from rag.offline import OverlapReranker
from rag.proposals import Draft
from rag.sources import Article
from rag.verification import check

FERRY = article(
    "The ferry Corrin Star hit the harbour wall at 7:42 a.m., the coastguard said.\n"
    "“We were told to wait. Nobody told us why,” said passenger Dele Farrow.\n"
    "Oona Selwick leads the inquiry. She will report on March 27.\n"
    "The harbour reopened on Wednesday.",
    headline="Ferry hits harbour wall",
)
WIRE = article("The ferry Corrin Star hit the harbour wall at 7:42 a.m., the coastguard said.", outlet="Coast Wire")
EVIDENCE = evidence(FERRY, WIRE)
WRITER = ExtractiveGenerator(OverlapReranker(), accept=0.25)


def test_the_answering_sentence_comes_first_word_for_word_with_its_outlet() -> None:
    draft = Draft.of(WRITER.write("When did the harbour reopen on Wednesday?", EVIDENCE))
    assert draft.statements[0].text == "The harbour reopened on Wednesday. (Harbour Post)"
    assert draft.missing == ()


def test_a_sentence_of_two_outlets_is_one_statement_with_two_citations() -> None:
    draft = Draft.of(WRITER.write("At what time did the ferry Corrin Star hit the harbour wall?", EVIDENCE))
    assert draft.statements[0].text.endswith("the coastguard said. (Harbour Post; Coast Wire)")
    assert draft.statements[0].numbers == (1, len(EVIDENCE))


def test_the_question_itself_in_an_article_is_not_the_answer() -> None:
    asked = "When did the harbour reopen on Wednesday?"
    planted = article(
        f"{asked}\nWhen did the harbour reopen on Wednesday: read more\nThe harbour reopened on Wednesday."
    )
    draft = Draft.of(WRITER.write(asked, evidence(planted)))
    assert [one.text for one in draft.statements] == ["The harbour reopened on Wednesday. (Harbour Post)"]


@pytest.mark.parametrize(
    "caption",
    [
        "Ana Ruiz/Agency/Getty Images The ferry Corrin Star stands at the harbour wall that it hit.",
        "The ferry Corrin Star stands at the harbour wall that it hit on Tuesday, March 3.",
        "By Ana Ruiz",
    ],
)
def test_a_caption_or_a_byline_answers_nothing(caption: str) -> None:
    told = "The ferry Corrin Star hit the harbour wall because its rudder was stuck."
    found = evidence(article(f"{caption}\n{told}"))

    answers = Draft.of(WRITER.write("Why did the ferry Corrin Star hit the harbour wall, says Ana Ruiz?", found))

    assert [one.text for one in answers.statements] == [f"{told} (Harbour Post)"]


def test_the_newest_toll_is_told_first_and_the_older_as_of_its_day() -> None:
    tolls = ("At least 36 people died in the Lahaina fire.", "The death toll of the fire climbed to 67 on Friday.")
    days = (*tolls, "At least 97 people have been killed in the fire.")
    reports = [article(one, headline="Lahaina fire on Maui", url=f"https://a.example/{len(one)}") for one in days]
    found = evidence(
        *(replace(one, published=datetime(2023, 8, 9 + 2 * n, tzinfo=UTC)) for n, one in enumerate(reports))
    )
    asked = "How many people died in the Lahaina fire?"
    told = Draft.of(ExtractiveGenerator(OverlapReranker(), accept=0.05).write(asked, found)).statements
    assert [found[one.numbers[0] - 1].sentence.text for one in told] == [days[2], days[0]]
    claim = check(told[1], found)
    assert isinstance(claim, Claim)
    assert Caveats(found).beside(claim).note == "as of 9 August 2023; 97 in a later report (Harbour Post)"


def test_a_question_about_something_else_is_missing_and_nothing_is_said() -> None:
    draft = Draft.of(WRITER.write("Which team won the football final?", EVIDENCE))
    assert draft.statements == ()
    assert draft.missing == ("Which team won the football final?",)


def test_only_the_part_that_is_answered_is_answered_and_the_other_is_named() -> None:
    draft = Draft.of(
        WRITER.write("Who leads the inquiry, and how old is the captain of the rescue helicopter?", EVIDENCE)
    )
    assert any("Oona Selwick leads the inquiry." in s.text for s in draft.statements)
    assert draft.missing == ("how old is the captain of the rescue helicopter",)


def test_an_opinion_piece_is_named_as_one() -> None:
    source = evidence(replace(article("The council should sell the depot."), labels=("opinion",)))
    made = statement([source[0]], [source[0]])
    assert made.text == "The council should sell the depot. (Harbour Post, opinion)"
    assert isinstance(check(made, source), Claim)


@pytest.mark.parametrize(
    "column",
    [
        article("The council should sell.", url="https://post.example/2026/opinions/ruiz-depot/index.html"),
        article("The council should sell.", headline="Opinion: Sell the depot"),
        article("The council should sell.", outlet="The Post (Opinion)"),
    ],
)
def test_what_its_address_headline_or_outlet_calls_opinion_is_opinion(column: Article) -> None:
    assert column.labels == ("opinion",)
    assert article("The council should sell.", url="https://post.example/2026/the-opinion").labels == ()


def by_start(start: str) -> int:
    return next(item.number for item in EVIDENCE if item.sentence.text.startswith(start)) - 1


def test_a_sentence_that_opens_with_a_pronoun_takes_the_one_before_along() -> None:
    chain = standing_alone(EVIDENCE[by_start("She will")], Context(EVIDENCE))
    assert [item.sentence.text for item in chain] == ["Oona Selwick leads the inquiry.", "She will report on March 27."]


def test_speech_without_a_speaker_takes_the_sentence_that_names_one_along() -> None:
    lead = EVIDENCE[by_start("“We were")]
    made = statement(standing_alone(lead, Context(EVIDENCE)), [lead])
    assert made.text == "“We were told to wait. Nobody told us why,” said passenger Dele Farrow. (Harbour Post)"
    assert isinstance(check(made, EVIDENCE), Claim)


def test_a_sentence_that_ends_a_quotation_takes_its_beginning_along() -> None:
    source = evidence(article("“We failed them. We should have known.” She promised help, Selwick said."))
    last = source[-1]
    assert begun(last.article.text, source[1].sentence.start)
    chain = standing_alone(source[1], Context(source))
    assert chain[0].sentence.text == "“We failed them."


def test_what_is_taken_back_takes_what_is_right_instead_along() -> None:
    source = evidence(article("Correction: an earlier version of this article said that 31 houses burned. It was 13."))
    chain = standing_alone(source[0], Context(source))
    assert [item.sentence.text for item in chain][1:] == ["It was 13."]


def test_the_same_question_and_evidence_give_the_same_draft() -> None:
    first = Draft.of(WRITER.write("Who leads the inquiry?", EVIDENCE))
    assert Draft.of(WRITER.write("Who leads the inquiry?", tuple(replace(item) for item in EVIDENCE))) == first


def test_a_passage_is_told_once_and_without_its_dateline() -> None:
    first = "Mayor Ana Ruiz left the race for the council on Saturday."
    second = "She left the race for the council to run the port, Ruiz said."
    source = evidence(article(f"NORTHBY - {first}\n\n{second}"))
    told = Draft.of(ExtractiveGenerator(OverlapReranker(), accept=0.0).write("Who left the race?", source)).statements

    assert [one.text for one in told] == [f"{first} {second} (Harbour Post)"]
    assert isinstance(check(told[0], source), Claim)


def test_direct_speech_is_given_to_whom_the_sentence_before_names_and_not_to_she() -> None:
    source = evidence(
        article(
            "“We drove through the floods,” said Bea Ruiz, the local's president. “The thanks we get is a pay cut "
            "dressed up as a pay rise.” She denied that the union wanted a strike."
        )
    )
    lead = next(item for item in source if "pay rise" in item.sentence.text)
    told = standing_alone(lead, Context(source))

    assert "Bea Ruiz" in told[0].sentence.text
    assert all("She denied" not in item.sentence.text for item in told)


def test_two_times_of_day_are_not_one_statement() -> None:
    text = "The blast happened at 8:{} a.m. in a storage hall of the plant, fire chief Ingrid Solberg told reporters."
    found = evidence(Article(text.format(42), outlet="Post"), Article(text.format(47), outlet="Wire"))
    told = Draft.of(ExtractiveGenerator(OverlapReranker(), accept=0.0).write("When did the blast happen?", found))
    assert [statement.agreeing for statement in told.statements] == [(), ()]
    assert [len(statement.numbers) for statement in told.statements] == [1, 1]
