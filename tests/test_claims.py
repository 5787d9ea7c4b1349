"""The rules that live in the values: what an answer cannot hold."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from news import article, evidence

from rag.answers import Abstention, Answer, Briefing, Section, Story, answer_from_dict
from rag.claims import Citation, Claim, Conflict, Position, Provenance, Reason, Source, Verdict, Withheld
from rag.fairness import Concern
from rag.sources import Article, Chunk, Scope, Sentence, canonical_url

SOURCE = article(
    "The harbour reopened on Wednesday. Two ferries sailed.", url="https://post.example/a", headline="Open"
)
FIRST, SECOND = (Citation.of(item.sentence, item.article) for item in evidence(SOURCE))
MADE = Provenance("extractive", "none", "fp", "0.1.0", as_of=datetime(2026, 3, 4, tzinfo=UTC))
CLAIM = Claim("The harbour reopened on Wednesday.", (FIRST,), ("pointer",), note="single source")
CONFLICT = Conflict("update", "ferries", (Position("Two", "", SECOND), Position("Wednesday", "", FIRST)))
CONCERN = Concern("stance", "reopened", "why", "The harbour reopened on Wednesday.")
WITHHELD = Withheld("Ten sank.", Reason.FACTS, "the cited sentences do not contain Ten", (SECOND,))


def test_an_answer_survives_the_wire_unchanged() -> None:
    answer = Answer("When?", (CLAIM,), MADE, ("why",), (WITHHELD,), (SECOND,))
    wire = json.loads(json.dumps(answer.to_dict()))
    assert answer_from_dict(wire) == answer
    assert wire["status"] == "partial"
    assert wire["citations"]["1"]["text"] == "The harbour reopened on Wednesday."
    assert wire["withheld"][0]["citations"] == wire["nearest"] == ["2"]


def test_an_abstention_survives_the_wire_unchanged() -> None:
    abstention = Abstention("Why?", MADE, ("why",), (FIRST,), (WITHHELD,))
    assert answer_from_dict(json.loads(json.dumps(abstention.to_dict()))) == abstention
    assert (abstention.status, abstention.text, abstention.claims) == ("declined", "", ())


def test_a_briefing_survives_the_wire_unchanged_and_counts_its_words() -> None:
    story = Story(
        "s1",
        "Open",
        (Section("facts", (CLAIM,)),),
        (Source(SOURCE.id, ("Harbour Post",), (SOURCE.id,)),),
        (CONFLICT,),
        (CONCERN,),
    )
    briefing = Briefing("harbour", (story,), MADE, (WITHHELD,))
    assert Briefing.from_dict(json.loads(json.dumps(briefing.to_dict()))) == briefing
    assert (briefing.words, briefing.text) == (5, CLAIM.text)


def test_a_supported_claim_needs_a_citation_and_a_check() -> None:
    with pytest.raises(ValueError, match="needs a citation and a check"):
        Claim("The harbour reopened.", (), ("pointer",))
    with pytest.raises(ValueError, match="needs a citation and a check"):
        Claim("The harbour reopened.", (FIRST,), ())
    with pytest.raises(ValueError, match="needs text"):
        Claim(" ", (FIRST,), ("pointer",))


@pytest.mark.parametrize("verdict", [Verdict.UNJUDGED, Verdict.UNSUPPORTED, Verdict.CONTRADICTED])
def test_an_answer_refuses_a_claim_that_is_not_supported(verdict: Verdict) -> None:
    doubtful = Claim("The harbour reopened.", (FIRST,), (), verdict)
    with pytest.raises(ValueError, match="only supported claims"):
        Answer("When?", (doubtful,), MADE)
    with pytest.raises(ValueError, match="only supported claims"):
        Section("facts", (doubtful,))
    with pytest.raises(ValueError, match="needs a claim"):
        Answer("When?", (), MADE)


def test_a_citation_of_another_text_is_refused() -> None:
    with pytest.raises(ValueError, match="is not a sentence of"):
        Citation.of(FIRST.sentence, article("Another text altogether."))


def test_a_sentence_that_does_not_fit_its_offsets_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        Sentence("a", "v", 0, 0, 5, "four")
    with pytest.raises(ValueError, match="chunk 0"):
        Chunk("a", "v", 0, 3, 2, 0, 5)


def test_an_article_needs_text_and_a_time_zone() -> None:
    with pytest.raises(ValueError, match="needs text"):
        Article(" \n")
    with pytest.raises(ValueError, match="NUL"):
        Article("a\0b")
    with pytest.raises(ValueError, match="time zone"):
        Article("a", published=datetime(2026, 3, 4))  # noqa: DTZ001 - the point of the test
    with pytest.raises(ValueError, match="time zone"):
        Scope(since=datetime(2026, 3, 4))  # noqa: DTZ001 - the point of the test


def test_one_article_under_two_spellings_of_its_url_is_one() -> None:
    first = article("Old text.", url="HTTP://Post.example:80/a/?utm_source=x#top")
    second = article("New text.", url="https://post.example/a")
    assert first.id == second.id
    assert first.version != second.version
    assert canonical_url("https://post.example/a?id=2&utm_medium=m") == "https://post.example/a?id=2"


def test_a_citation_key_that_is_nowhere_is_refused() -> None:
    wire = Answer("When?", (CLAIM,), MADE).to_dict()
    wire["claims"][0]["citations"] = ["7"]
    with pytest.raises(ValueError, match="citation '7' is not in the document"):
        answer_from_dict(wire)
