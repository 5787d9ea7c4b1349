"""The whole, end to end, on the seed articles with the real models."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from rag import Abstention, Answer, Newsroom, Scope, Settings
from rag.answers import Briefing, answer_from_dict
from rag.attribution import quotations
from rag.claims import Claim
from rag.errors import UsageError
from rag.offline import EchoGenerator, LyingGenerator
from rag.protocols import Generator
from rag.sources import Article, Query


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    seeds = Path(__file__).parent.parent / "seeds"
    with Newsroom.open(tmp_path_factory.mktemp("archive")) as opened:
        done = opened.add(seeds)
        assert len(done.added) >= 25
        assert done.failed == ()
        yield opened


def with_generator(room: Newsroom, generator: Generator) -> Newsroom:
    return Newsroom(room.settings, generator=generator)


def every_claim(result: Answer | Abstention | Briefing) -> tuple[Claim, ...]:
    return result.claims


def assert_every_pointer_and_quote_is_exact(room: Newsroom, claims: tuple[Claim, ...]) -> None:
    for claim in claims:
        cited = " ".join(citation.sentence.text for citation in claim.citations)
        for citation in claim.citations:
            sentence = citation.sentence
            text = room.article(sentence.article, sentence.version).text
            assert text[sentence.start : sentence.end] == sentence.text
        outlets = [citation.outlet for citation in claim.citations if citation.outlet]
        for quotation in quotations(claim.text):
            said = quotation.text
            for outlet in outlets:
                said = said.replace(f" ({outlet})", "")
            assert said.strip(" ,.;:") in cited


QUESTIONS = (
    "How many people died in the Tarrow Head ferry accident?",
    "Did Lumarra pay the hackers?",
    "How big is Vellmar's budget hole according to the mayor, and how big according to the union's economist?",
    "What did Trump say when asked who had halted the Pentagon shipments?",
)


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answer_leads_back_to_its_sentences_and_verifies(room: Newsroom, question: str) -> None:
    result = room.ask(question)
    assert isinstance(result, Answer)
    assert_every_pointer_and_quote_is_exact(room, every_claim(result))
    wire = json.loads(json.dumps(result.to_dict()))
    assert room.verify(wire).ok
    assert answer_from_dict(wire) == result


def test_a_question_about_another_world_is_declined_with_the_nearest_sentences(room: Newsroom) -> None:
    result = room.ask("Who won the football World Cup in 1998?")
    assert isinstance(result, Abstention)
    assert result.missing == ("Who won the football World Cup in 1998?",)
    assert 1 <= len(result.nearest) <= 3
    assert room.verify(json.loads(json.dumps(result.to_dict()))).ok


@pytest.mark.parametrize("generator", [LyingGenerator(), EchoGenerator()], ids=["liar", "echo"])
@pytest.mark.parametrize("question", QUESTIONS)
def test_no_generator_gets_an_invalid_pointer_or_quote_printed(
    room: Newsroom, generator: Generator, question: str
) -> None:
    liar = with_generator(room, generator)
    result = liar.ask(question)
    assert_every_pointer_and_quote_is_exact(room, every_claim(result))
    assert "CANARY" not in json.dumps([claim.text for claim in result.claims])
    briefing = liar.brief("Lumarra breach")
    assert_every_pointer_and_quote_is_exact(room, every_claim(briefing))


def test_every_lie_is_withheld_and_kept_with_its_reason(room: Newsroom) -> None:
    liar = LyingGenerator()
    evidence = with_generator(room, liar).evidence  # the sentences that the liar is given

    told = liar.lies(evidence(Query(QUESTIONS[0])))
    result = with_generator(room, liar).ask(QUESTIONS[0])
    printed = {claim.text for claim in result.claims}
    assert len(told) >= 5
    assert not printed & {statement.text for name, statement in told.items() if name != "cites everything"}
    assert all(item.detail for item in result.withheld)


def test_a_briefing_is_cited_attributed_and_within_its_length(room: Newsroom) -> None:
    briefing = room.brief("Tarrow Head ferry", words=250)
    assert 150 <= briefing.words <= 260
    kinds = {section.kind for story in briefing.stories for section in story.sections}
    assert {"facts", "said", "disputed", "corrections"} <= kinds
    assert all(claim.citations for claim in briefing.claims)
    assert briefing.withheld == ()
    wire = [source for story in briefing.stories for source in story.sources if len(source.outlets) > 1]
    assert wire[0].outlets == ("Pellon Wire", "Tarrow Gazette", "The Ledgerline")
    assert room.verify(json.loads(json.dumps(briefing.to_dict()))).ok


def test_a_topic_brings_in_the_side_that_does_not_use_its_words(room: Newsroom) -> None:
    (story,) = room.brief("Tarrow Head ferry", words=250, stories=1).stories

    assert "Free Tide" in {outlet for source in story.sources for outlet in source.outlets}


def test_a_briefing_without_a_topic_tells_several_stories(room: Newsroom) -> None:
    briefing = room.brief(words=500, stories=4)
    assert len(briefing.stories) == 4
    assert briefing.words <= 520


def test_instructions_inside_an_article_are_never_told(room: Newsroom) -> None:
    for briefing in (room.brief("Lumarra breach", words=600), room.brief("ignore previous instructions", words=300)):
        assert "CANARY" not in briefing.text
        assert "SYSTEM" not in briefing.text


def test_a_scope_keeps_later_articles_and_other_outlets_out(room: Newsroom) -> None:
    scope = Scope(as_of=datetime(2026, 3, 3, 23, 59, tzinfo=UTC))
    early = room.ask("How many people died in the Tarrow Head ferry accident?", scope=scope)
    assert all(
        c.published and c.published <= datetime(2026, 3, 3, 23, 59, tzinfo=UTC)
        for claim in early.claims
        for c in claim.citations
    )
    only = room.ask("How many people died in the ferry accident?", scope=Scope(outlets=("tarrow gazette",)))
    assert {c.outlet for claim in only.claims for c in claim.citations} <= {"Tarrow Gazette"}


def test_the_same_question_gives_the_same_bytes(room: Newsroom) -> None:
    assert room.ask(QUESTIONS[0]).to_dict() == room.ask(QUESTIONS[0]).to_dict()


def test_langchain_gets_passages_verbatim_with_their_place(room: Newsroom) -> None:
    documents = room.as_retriever(k=4).invoke("ferry accident inquiry")
    assert len(documents) == 4
    for document in documents:
        place = document.metadata
        text = room.article(place["article"], place["version"]).text
        assert text[place["start"] : place["end"]] == document.page_content
    assert len(room.as_retriever().invoke("ferry", k=2)) == 2


def test_html_views_show_citations_and_hold_no_script(room: Newsroom) -> None:
    for view in (room.ask(QUESTIONS[0])._repr_html_(), room.brief("Lumarra breach")._repr_html_()):
        assert 'role="doc-noteref"' in view
        assert "<script" not in view.lower()


def test_an_empty_or_endless_question_is_a_usage_error(room: Newsroom) -> None:
    with pytest.raises(UsageError, match="empty"):
        room.ask("  ")
    with pytest.raises(UsageError, match="limit is 2,000"):
        room.ask("why " * 1000)
    with pytest.raises(UsageError, match="at least 60 words"):
        room.brief(words=5)


def test_a_model_is_never_contacted_without_a_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    settings = Settings.load(archive=tmp_path, model="openai:gpt-test")
    with Newsroom(settings) as room, pytest.raises(UsageError, match="OPENAI_API_KEY is not set"):
        room.ask("Who?")


def test_an_empty_archive_declines(tmp_path: Path) -> None:
    with Newsroom.open(tmp_path) as room:
        result = room.ask("Who chairs the inquiry?")
        assert isinstance(result, Abstention)
        assert result.nearest == ()
        assert room.brief().stories == ()


def test_wrong_arguments_say_so_and_an_empty_archive_is_not_called_damaged(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with Newsroom.open(tmp_path / "archive") as room:
        assert isinstance(room.ask("Who died?"), Abstention)
        assert not caplog.records
        room.add(Article("The ferry sank off Tarrow Head on Monday."))
        for call in (
            lambda: room.ask("Who sank?", k=0),
            lambda: room.passages(""),
            lambda: room.as_retriever().invoke("\ud800"),
            lambda: room.remove(Article("The ferry sank.")),  # pyright: ignore[reportArgumentType] - that is wrong
            lambda: room.article(""),
        ):
            with pytest.raises(UsageError) as caught:
                call()
            assert caught.value.hint


def test_an_older_edition_that_takes_the_place_of_a_newer_one_is_noted(tmp_path: Path) -> None:
    newer, older = (
        Article(text, url="https://post.example/rate", published=datetime(2026, 5, day, tzinfo=UTC))
        for text, day in (("The rate is 5 percent.", 2), ("The rate is 4 percent.", 1))
    )
    with Newsroom.open(tmp_path / "archive") as room:
        assert room.add(newer).notes == ()
        (note,) = room.add(older).notes
        assert "published 2026-05-01 00:00, it took the place of what was published 2026-05-02 00:00" in note
        assert room.add(newer).notes == ()


def test_a_room_is_opened_with_parts_of_ones_own_and_verifies_what_it_wrote(tmp_path: Path, seeds: Path) -> None:
    with Newsroom.open(tmp_path / "archive", generator=EchoGenerator()) as room:
        room.add(seeds)
        assert room.generator().name == EchoGenerator().name
        briefing = room.brief("Tarrow Head ferry", words=100)
        assert room.verify(briefing).ok
        assert room.verify(briefing.to_dict()) == room.verify(briefing)
