"""Re-checking a saved document: what was altered is found, and named."""

from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from news import ShelfArchive, article, evidence

from rag.answers import Answer, Briefing, Section, Story
from rag.certificates import parse, verify
from rag.claims import Citation, Claim, Conflict, Position, Provenance
from rag.errors import UsageError
from rag.proposals import Statement
from rag.seals import claim_certificate, document_digest
from rag.sources import Article
from rag.verification import check

SOURCE = article(
    "The ferry hit the wall at 7:42 a.m., the coastguard said. Four people died, the coastguard said.",
    url="https://post.example/a",
    headline="Four die",
)
MADE = Provenance("extractive", "none", "fp", "0.1.0")


def document(source: Article = SOURCE) -> dict[str, Any]:
    found = evidence(source)
    claims = [check(Statement(item.sentence.text, (item.number,)), found) for item in found]
    answer = Answer("When?", tuple(claim for claim in claims if isinstance(claim, Claim)), MADE)
    return json.loads(json.dumps(answer.to_dict()))


def reseal(wire: dict[str, Any]) -> None:
    """Recompute every hash, as a forger would."""
    for claim in wire["claims"]:
        claim["certificate"] = claim_certificate(claim, wire["citations"], wire["provenance"])
    wire["digest"] = document_digest(wire)


def test_an_untouched_document_verifies() -> None:
    outcome = verify(document(), ShelfArchive(SOURCE))
    assert outcome.ok
    assert (outcome.claims, outcome.citations) == (2, 2)


ARTICLES = (
    article("The mayor said the cut would close a shortfall of $18 million.", outlet="Courier"),
    article("A study puts the real shortfall at $9.6 million, the union said.", outlet="Tide"),
)


def briefing() -> dict[str, Any]:
    one, two = evidence(*ARTICLES)
    claim = check(Statement(one.sentence.text, (1,)), (one, two))
    assert isinstance(claim, Claim)
    cited = [Citation.of(item.sentence, item.article) for item in (one, two)]
    conflict = Conflict(
        "dispute",
        "shortfall",
        (
            Position("$18 million", "The mayor", cited[0], "one"),
            Position("$9.6 million", "the union", cited[1], "other"),
        ),
    )
    story = Story("s", "A shortfall", (Section("facts", (claim,)),), (), (conflict,))
    return json.loads(json.dumps(Briefing(None, (story,), MADE).to_dict()))


def test_a_briefing_with_its_conflicts_verifies_and_reads_back_as_it_was() -> None:
    wire = briefing()

    assert verify(wire, ShelfArchive(*ARTICLES)).ok
    assert Briefing.from_dict(wire).to_dict() == wire  # pyright: ignore[reportArgumentType]


def test_a_briefing_of_before_conflicts_had_parts_verifies_and_reads_back_as_it_was() -> None:
    wire = briefing()
    for side in wire["stories"][0]["conflicts"][0]["positions"]:
        del side["role"]
    wire["digest"] = document_digest(wire)

    assert verify(wire, ShelfArchive(*ARTICLES)).ok
    assert Briefing.from_dict(wire).to_dict() == wire  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(("field", "value"), [("value", "$8.6 million"), ("speaker", "the mayor's wife")])
def test_an_altered_side_of_a_conflict_is_found_even_when_the_digest_was_made_anew(field: str, value: str) -> None:
    wire = briefing()
    wire["stories"][0]["conflicts"][0]["positions"][1][field] = value
    wire["digest"] = document_digest(wire)
    found = verify(wire, ShelfArchive(*ARTICLES))

    assert [finding.problem for finding in found.findings] == [f"“{value}” is not in the cited sentence"]


@pytest.mark.parametrize("parts", [["of $18 million", "The mayor said"], ["the cut would cost"]])
def test_parts_of_a_sentence_that_are_not_in_it_in_their_order_are_found(parts: list[str]) -> None:
    wire = briefing()
    side = wire["stories"][0]["conflicts"][0]["positions"][0]
    side["parts"] = ["The mayor said", "a shortfall of $18 million."]
    wire["digest"] = document_digest(wire)
    assert verify(wire, ShelfArchive(*ARTICLES)).ok
    assert Briefing.from_dict(wire).to_dict() == wire  # pyright: ignore[reportArgumentType]

    side["parts"] = parts
    wire["digest"] = document_digest(wire)
    assert not verify(wire, ShelfArchive(*ARTICLES)).ok


def set_claim(wire: dict[str, Any]) -> None:
    wire["claims"][1]["text"] = "Five people died, the coastguard said."


def set_quote(wire: dict[str, Any]) -> None:
    wire["citations"]["2"]["text"] = "Five people died, the coastguard said."


def set_start(wire: dict[str, Any]) -> None:
    wire["citations"]["2"]["start"] -= 1


def set_outlet(wire: dict[str, Any]) -> None:
    wire["citations"]["2"]["outlet"] = "Another Post"


def set_key(wire: dict[str, Any]) -> None:
    wire["claims"][1]["citations"] = ["9"]


@pytest.mark.parametrize("alter", [set_claim, set_quote, set_start, set_outlet, set_key])
@pytest.mark.parametrize("forge", [False, True])
def test_an_altered_claim_is_named_even_when_its_hashes_were_made_anew(
    alter: Callable[[dict[str, Any]], None], *, forge: bool
) -> None:
    wire = document()
    alter(wire)
    if forge and alter is not set_key:
        reseal(wire)
    outcome = verify(wire, ShelfArchive(SOURCE))
    assert not outcome.ok
    assert {finding.claim for finding in outcome.findings if finding.claim} == {wire["claims"][1]["text"]}


@given(st.data())
def test_any_single_changed_character_of_the_file_is_found(data: st.DataObject) -> None:
    text = json.dumps(document(), ensure_ascii=False)
    place = data.draw(st.integers(0, len(text) - 1))
    letter = data.draw(st.characters(exclude_categories=["Cs", "Cc"]).filter(lambda c: c != text[place]))
    altered = text[:place] + letter + text[place + 1 :]
    try:
        wire = json.loads(altered)
    except ValueError:
        return
    if wire == document():  # another spelling of the same document
        return
    try:
        assert not verify(wire, ShelfArchive(SOURCE)).ok
    except UsageError:
        return


def test_an_article_that_was_removed_is_named() -> None:
    outcome = verify(document(), ShelfArchive())
    assert not outcome.ok
    assert [f.problem for f in outcome.findings] == [f"article {SOURCE.id} ({SOURCE.headline}) is not in the archive"]


def test_a_newer_version_without_the_sentence_is_a_finding_and_with_it_a_note() -> None:
    shelf = ShelfArchive(SOURCE)
    shelf.put(article(SOURCE.text.replace("Four", "Five"), url=SOURCE.url, headline=SOURCE.headline))
    outcome = verify(document(), shelf)
    assert [finding.claim for finding in outcome.findings] == ["Four people died, the coastguard said."]
    assert "newer version does not hold this sentence" in outcome.findings[0].problem
    assert len(outcome.notes) == 1
    assert "still holds" in outcome.notes[0]


def test_what_is_not_an_answer_is_refused_with_the_command_that_makes_one() -> None:
    for wrong in ({}, {"schema": "citewire/answer-2"}, {"schema": "citewire/answer-1", "claims": 3}):
        with pytest.raises(UsageError) as caught:
            verify(wrong, ShelfArchive())
        assert "--json" in caught.value.hint


def test_a_document_is_not_changed_by_being_verified() -> None:
    wire = document()
    before = copy.deepcopy(wire)
    verify(wire, ShelfArchive(SOURCE))
    assert wire == before


def test_a_claim_whose_figure_was_taken_back_later_holds_and_is_flagged_with_the_correction() -> None:
    said = article(
        "Eleven people were killed when a ferry hit the wall at Tarrow Head, a source said. Prams were thrown about.",
        url="https://post.example/f",
        headline="Eleven dead at Tarrow Head",
    )
    correction = dataclasses.replace(
        article(
            "An earlier version of our report on the ferry at Tarrow Head said that eleven people had been killed. "
            "That was wrong. Four people died.",
            url="https://post.example/c",
            headline="Correction: ferry at Tarrow Head",
        ),
        published=datetime(2026, 3, 5, tzinfo=UTC),
    )
    outcome = verify(document(said), ShelfArchive(said, correction))
    assert outcome.ok
    [since] = outcome.corrected_since
    assert since.claim.startswith("Eleven people")
    assert [citation.sentence.text for citation in since.found.after][1] == "That was wrong."
    assert not outcome.current
    assert json.loads(json.dumps(outcome.to_dict()))["corrected_since"][0]["after"][0]["article"] == correction.id

    elsewhere = dataclasses.replace(
        correction, headline="Correction: bus crash in Vellmar", url="https://post.example/d"
    )
    by_another = dataclasses.replace(correction, outlet="Free Tide", url="https://tide.example/d")
    before_it = dataclasses.replace(
        correction, published=datetime(2026, 3, 1, tzinfo=UTC), url="https://post.example/e"
    )
    for other in (elsewhere, by_another, before_it):
        assert verify(document(said), ShelfArchive(said, other)).current


def test_a_sentence_that_a_newer_version_changed_is_shown_as_it_reads_now() -> None:
    shelf = ShelfArchive(SOURCE)
    edited = article(SOURCE.text.replace("Four", "Five"), url=SOURCE.url, headline=SOURCE.headline)
    shelf.put(edited)
    [since] = verify(document(), shelf).corrected_since
    assert [citation.sentence.text for citation in since.found.after] == ["Five people died, the coastguard said."]


def test_a_sentence_that_a_newer_version_only_spaced_anew_was_not_corrected() -> None:
    shelf = ShelfArchive(SOURCE)
    shelf.put(article(SOURCE.text.replace("people died", "people  died"), url=SOURCE.url, headline=SOURCE.headline))
    assert verify(document(), shelf).current


def test_an_altered_citation_is_a_finding_and_not_a_correction() -> None:
    wire = document()
    set_quote(wire)
    outcome = verify(wire, ShelfArchive(SOURCE))
    assert not outcome.ok
    assert outcome.current


@pytest.mark.parametrize("document", [[], "{}", None, 3])
def test_what_is_no_document_is_a_wrong_call(document: object) -> None:
    with pytest.raises(UsageError, match="is no answer or briefing"):
        parse(document)  # pyright: ignore[reportArgumentType] - that is what is wrong
