"""What changed between two documents: each statement is told with what became of it and the sentence that says so."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from news import ShelfArchive, article, evidence

from rag import schemas
from rag.answers import Briefing, Section, Story
from rag.changes import Change, Changes, Kind
from rag.claims import Citation, Claim, Provenance, Source
from rag.comparison import compare
from rag.overtaken import Watch
from rag.proposals import Statement
from rag.rendering import changes_html, changes_markdown, changes_text
from rag.seals import claim_certificate
from rag.sources import Article
from rag.verification import check

if TYPE_CHECKING:
    from rag.wire import BriefingWire

MADE = Provenance("extractive", "rules", "fp", "0.1.0")
FIRST = article(
    "A ferry struck the breakwater at Tarrow Head, killing at least two people, the coastguard said. "
    "The ferry had passed its annual inspection in November.",
    outlet="Pellon Wire",
    headline="Ferry hits breakwater at Tarrow Head",
    url="https://wire.example/1",
)
LOUD = article(
    "Eleven people were killed when a ferry ploughed into a harbour wall at Tarrow Head, a source told The Brazier. "
    "Prams were thrown across the deck.",
    outlet="The Brazier",
    headline="FERRY OF FEAR: eleven dead at Tarrow Head",
    url="https://brazier.example/1",
)


def later(text: str, day: int, *, outlet: str, headline: str, url: str) -> Article:
    made = article(text, outlet=outlet, headline=headline, url=url)
    return dataclasses.replace(made, published=datetime(2026, 3, day, 9, tzinfo=UTC))


RISEN = later(
    "The number of people killed in the ferry accident at Tarrow Head has risen to four, the hospital said.",
    4,
    outlet="Tarrow Gazette",
    headline="Ferry toll rises to four",
    url="https://gazette.example/1",
)
CORRECTION = later(
    "An earlier version of our report on the Tarrow Head ferry accident said that eleven people had been killed. "
    "That was wrong. Four people died, according to the hospital.",
    5,
    outlet="The Brazier",
    headline="Correction: Tarrow Head ferry accident",
    url="https://brazier.example/2",
)
NEWS = later(
    "The board opened a hearing on the ferry on Thursday, the harbour master said.",
    6,
    outlet="Free Tide",
    headline="Hearing opens",
    url="https://tide.example/1",
)


def briefing(*sources: Article, told: Sequence[tuple[Article, int]] = (), id: str = "s") -> BriefingWire:  # noqa: A002 - the field's word
    """A briefing of one story that tells these sentences of its articles, or all of them."""
    found = evidence(*sources)
    wanted = {(source.id, n) for source, n in told}
    claims = [
        check(Statement(item.sentence.text, (item.number,)), found)
        for item in found
        if not wanted or (item.article.id, item.sentence.n) in wanted
    ]
    kept = tuple(claim for claim in claims if isinstance(claim, Claim))
    assert len(kept) == len(claims)
    origins = tuple(Source(s.id, (s.outlet or "",), (s.id,)) for s in sources)
    story = Story(id, sources[0].headline or "", (Section("facts", kept),), origins) if sources else None
    return Briefing("Tarrow Head ferry", (story,) if story else (), MADE).to_dict()


def kinds(found: Changes) -> list[tuple[Kind, str, str]]:
    return [
        (change.kind, change.before.text if change.before else "", change.after.text if change.after else "")
        for change in found
    ]


def only(found: Changes, kind: Kind) -> Change:
    [change] = found.of(kind)
    return change


def test_a_statement_on_a_later_report_is_new_and_comes_before_what_did_not_change() -> None:
    found = compare(briefing(FIRST), briefing(FIRST, NEWS), ShelfArchive(FIRST, NEWS))
    assert kinds(found)[0] == (Kind.NEW, "", NEWS.text)
    assert [kind for kind, *_ in kinds(found)[1:]] == [Kind.UNCHANGED, Kind.UNCHANGED]


def test_a_newer_figure_supersedes_the_older_one_even_where_both_are_still_told() -> None:
    found = compare(briefing(FIRST), briefing(FIRST, RISEN), ShelfArchive(FIRST, RISEN))
    change = only(found, Kind.SUPERSEDED)
    assert change.before
    assert change.after
    assert "at least two people" in change.before.text
    assert change.after.text == RISEN.text
    assert change.why == "two then, four now"
    assert not found.of(Kind.NEW)


def test_a_newer_figure_that_the_newer_document_does_not_tell_is_cited_from_the_archive() -> None:
    after = briefing(FIRST, RISEN, told=[(FIRST, 1)])
    change = only(compare(briefing(FIRST), after, ShelfArchive(FIRST, RISEN)), Kind.SUPERSEDED)
    assert change.after
    assert change.after.citations[0].sentence.article == RISEN.id
    assert change.after.checks


def test_a_figure_that_was_overtaken_in_the_older_document_already_is_not_told_again() -> None:
    shelf = ShelfArchive(FIRST, RISEN, NEWS)
    found = compare(briefing(FIRST, RISEN), briefing(FIRST, RISEN, NEWS), shelf)
    assert [change.kind for change in found if change.kind is not Kind.UNCHANGED] == [Kind.NEW]


def test_a_figure_that_its_outlet_took_back_is_corrected_with_the_sentences_that_say_so() -> None:
    found = compare(briefing(FIRST, LOUD), briefing(FIRST, told=[(FIRST, 1)]), ShelfArchive(FIRST, LOUD, CORRECTION))
    change = only(found, Kind.CORRECTED)
    assert change.before
    assert change.before.text.startswith("Eleven people")
    assert change.after
    assert "That was wrong." in change.after.text
    assert change.why == "The Brazier took it back"


def test_a_correction_of_what_was_never_told_is_told_as_one() -> None:
    before = briefing(FIRST, told=[(FIRST, 1)])
    after = briefing(FIRST, CORRECTION, told=[(FIRST, 1), (CORRECTION, 0)])
    change = only(compare(before, after, ShelfArchive(FIRST, LOUD, CORRECTION)), Kind.CORRECTED)
    assert change.before is None


def test_a_correction_says_that_nothing_of_it_was_told_only_where_that_is_so() -> None:
    shelf = ShelfArchive(FIRST, LOUD, CORRECTION, NEWS)
    after = briefing(FIRST, CORRECTION, told=[(FIRST, 1), (CORRECTION, 0)])
    untold = only(compare(briefing(FIRST, told=[(FIRST, 1)]), after, shelf), Kind.CORRECTED)
    assert untold.why == "what it takes back was not told then"
    first_edition = only(compare(briefing(), after, shelf), Kind.CORRECTED)
    assert first_edition.why == ""
    elsewhere = dataclasses.replace(LOUD, outlet="Free Tide", url="https://tide.example/2")
    before = briefing(elsewhere, told=[(elsewhere, 0)])
    told_by_another = compare(before, after, ShelfArchive(FIRST, elsewhere, CORRECTION)).of(Kind.CORRECTED)
    assert [change.why for change in told_by_another if change.before is None] == [""]


def test_a_correction_of_an_unknown_outlet_stands_with_what_it_takes_back() -> None:
    loud, taken = (dataclasses.replace(source, outlet=None) for source in (LOUD, CORRECTION))
    before, after = briefing(FIRST, loud, told=[(loud, 0)]), briefing(FIRST, loud, taken, told=[(taken, 0)])
    [change] = [c for c in compare(before, after, ShelfArchive(FIRST, loud, taken)) if c.kind is not Kind.UNCHANGED]
    assert (change.kind, change.why) == (Kind.CORRECTED, "it was taken back")
    assert change.before
    assert change.before.text.startswith("Eleven people")
    assert change.after
    assert "An earlier version" in change.after.text


def test_a_sentence_that_reads_differently_in_a_new_version_is_corrected() -> None:
    shelf = ShelfArchive(FIRST)
    edited = article(
        FIRST.text.replace("at least two", "at least three"),
        outlet=FIRST.outlet,
        headline=FIRST.headline,
        url=FIRST.url,
    )
    shelf.put(edited)
    change = only(compare(briefing(FIRST), briefing(edited), shelf), Kind.CORRECTED)
    assert change.after
    assert "at least three people" in change.after.text


def test_a_new_version_that_left_a_sentence_as_it_was_leaves_the_statement_unchanged() -> None:
    shelf = ShelfArchive(FIRST)
    edited = article(FIRST.text + " More to follow.", outlet=FIRST.outlet, headline=FIRST.headline, url=FIRST.url)
    shelf.put(edited)
    after = briefing(edited, told=[(edited, 0), (edited, 1)])
    assert {change.kind for change in compare(briefing(FIRST), after, shelf)} == {Kind.UNCHANGED}


def test_a_sentence_that_a_new_version_dropped_is_withdrawn() -> None:
    shelf = ShelfArchive(LOUD)
    edited = article(LOUD.text.partition(" Prams")[0], outlet=LOUD.outlet, headline=LOUD.headline, url=LOUD.url)
    shelf.put(edited)
    change = only(compare(briefing(LOUD), briefing(edited), shelf), Kind.WITHDRAWN)
    assert change.before
    assert change.before.text.startswith("Prams")


def test_a_statement_of_a_removed_article_is_withdrawn() -> None:
    found = compare(briefing(FIRST, LOUD), briefing(FIRST), ShelfArchive(FIRST))
    assert {change.why for change in found.of(Kind.WITHDRAWN)} == {"its article was removed from the archive"}
    assert len(found.of(Kind.WITHDRAWN)) == 2


def test_a_statement_that_made_room_for_another_is_left_out_and_not_called_withdrawn() -> None:
    shelf = ShelfArchive(FIRST, NEWS)
    found = compare(briefing(FIRST), briefing(FIRST, NEWS, told=[(FIRST, 0), (NEWS, 0)]), shelf)
    assert only(found, Kind.LEFT_OUT).before
    assert not found.of(Kind.WITHDRAWN)


def test_a_statement_on_a_report_that_was_there_before_is_not_called_new() -> None:
    found = compare(briefing(FIRST, told=[(FIRST, 0)]), briefing(FIRST), ShelfArchive(FIRST))
    assert only(found, Kind.INCLUDED).after
    assert not found.news


def test_in_an_archive_without_the_articles_nothing_is_called_withdrawn() -> None:
    found = compare(briefing(FIRST, LOUD), briefing(FIRST), ShelfArchive())
    assert not found.of(Kind.WITHDRAWN)
    assert len(found.of(Kind.LEFT_OUT)) == 2


def test_stories_under_other_ids_are_matched_by_the_articles_they_share() -> None:
    found = compare(briefing(FIRST, id="old"), briefing(FIRST, RISEN, id="new"), ShelfArchive(FIRST, RISEN))
    assert only(found, Kind.SUPERSEDED)


def test_what_is_told_of_a_statement_keeps_the_certificate_it_was_printed_with() -> None:
    before, after = briefing(FIRST, LOUD), briefing(FIRST, RISEN)
    wire = compare(before, after, ShelfArchive(FIRST, LOUD, RISEN, CORRECTION)).to_dict()
    printed = {c["certificate"] for s in before["stories"] for section in s["sections"] for c in section["claims"]}
    told = [change["before"] for change in wire["changes"] if change["before"]]
    assert {claim["certificate"] for claim in told} == printed
    for claim in told:
        assert claim_certificate(claim, wire["citations"], wire["provenance_before"]) == claim["certificate"]
    for claim in (change["after"] for change in wire["changes"]):
        assert claim is None or claim["citations"]


def test_changes_read_back_from_their_wire_shape_are_the_same() -> None:
    found = compare(briefing(FIRST, LOUD), briefing(FIRST, RISEN), ShelfArchive(FIRST, RISEN, CORRECTION))
    assert Changes.from_dict(found.to_dict()) == found


def test_changes_fit_their_published_schema() -> None:
    found = compare(briefing(FIRST, LOUD), briefing(FIRST, RISEN), ShelfArchive(FIRST, RISEN, CORRECTION))
    wire = json.loads(json.dumps(found.to_dict()))
    jsonschema.validate(wire, schemas.schema("changes-1"), Draft202012Validator)  # pyright: ignore[reportUnknownMemberType]
    del wire["changes"][0]["why"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(wire, schemas.schema("changes-1"), Draft202012Validator)  # pyright: ignore[reportUnknownMemberType]


def test_a_change_without_a_statement_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a statement"):
        Change(Kind.NEW, None, None)


@given(
    st.sets(st.sampled_from(["FIRST", "LOUD", "RISEN", "CORRECTION", "NEWS"]), min_size=1),
    st.sets(st.sampled_from(["FIRST", "LOUD", "RISEN", "CORRECTION", "NEWS"]), min_size=1),
)
def test_every_older_statement_is_told_of_and_a_document_has_not_changed_from_itself(
    old: set[str], new: set[str]
) -> None:
    named = {"FIRST": FIRST, "LOUD": LOUD, "RISEN": RISEN, "CORRECTION": CORRECTION, "NEWS": NEWS}
    shelf = ShelfArchive(*named.values())
    before, after = (
        briefing(*(named[name] for name in sorted(names)), told=[(named[name], 0) for name in names])
        for names in (old, new)
    )
    alone = ShelfArchive(*(named[name] for name in sorted(old)))
    assert {change.kind for change in compare(before, before, alone)} == {Kind.UNCHANGED}
    found = compare(before, after, shelf)
    texts = {claim["text"] for section in before["stories"][0]["sections"] for claim in section["claims"]}
    assert {change.before.text for change in found if change.before} == texts
    fresh = {named[name].id for name in new - old}
    told = {c.sentence.article for change in found if change.after for c in change.after.citations}
    assert fresh <= told


def test_renderings_tell_what_is_new_and_do_not_repeat_what_did_not_change() -> None:
    found = compare(briefing(FIRST, LOUD), briefing(FIRST, RISEN), ShelfArchive(FIRST, LOUD, RISEN, CORRECTION))
    wire = found.to_dict()
    for text in (changes_text(wire, width=None), changes_markdown(wire), changes_html(wire), str(found)):
        assert "annual inspection" not in text
        assert "Corrected" in text
    assert "annual inspection" in changes_text(wire, everything=True, width=None)
    assert "\x1b" not in changes_text(wire)
    assert "[1]" in changes_text(wire)
    html = cast("str", vars(Changes)["_repr_html_"](found))
    assert "<script" not in html


def test_nothing_changed_is_said_in_so_many_words() -> None:
    same = briefing(FIRST)
    assert "Nothing has changed. 2 statements unchanged." in changes_text(
        compare(same, same, ShelfArchive(FIRST)).to_dict()
    )


def test_hostile_text_is_shown_and_never_interpreted() -> None:
    nasty = article(
        "The <script>alert(1)</script> mayor \x1b[31mspoke `]]>` on *Monday*, the council said.",
        outlet="<b>Post</b>",
        headline="<img src=x>\x1b[31m",
    )
    [item] = evidence(nasty)
    claim = Claim(nasty.text, (Citation.of(item.sentence, nasty),), ("pointer",))
    changes = tuple(Change(kind, claim, claim, "<script>why", "<script>story") for kind in Kind)
    wire = Changes("<script>topic", changes, "a", "b", MADE, MADE).to_dict()
    page = changes_html(wire, everything=True) + changes_html(wire, everything=True, bare=True)
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;" in page
    assert "\x1b" not in page + changes_text(wire, everything=True) + changes_markdown(wire, everything=True)
    assert "<script" not in changes_markdown(wire, everything=True).replace(r"\<script", "")


def test_a_correction_that_came_late_is_one_whatever_its_date() -> None:
    shelf = ShelfArchive(FIRST, LOUD, CORRECTION, NEWS)
    before = briefing(FIRST, LOUD, NEWS, told=[(FIRST, 1), (LOUD, 0), (NEWS, 0)])
    after = briefing(FIRST, CORRECTION, NEWS, told=[(FIRST, 1), (CORRECTION, 0), (NEWS, 0)])
    change = only(compare(before, after, shelf), Kind.CORRECTED)
    assert change.before
    assert change.before.text.startswith("Eleven people")


def test_of_reports_that_tell_their_day_alone_one_of_the_same_day_may_have_come_later() -> None:
    day = datetime(2026, 3, 4, tzinfo=UTC)
    first, risen = (dataclasses.replace(one, published=day) for one in (FIRST, RISEN))
    found = compare(briefing(first), briefing(first, risen), ShelfArchive(first, risen))
    assert only(found, Kind.NEW).after


def test_a_sentence_without_a_figure_is_taken_back_too() -> None:
    said = article(
        "The dockers' union said it had warned the owner about dust in the conveyor hall twice.",
        outlet="The Brazier",
        headline="Silo burns",
        url="https://brazier.example/3",
    )
    notice = later(
        "An earlier version of our report said the dockers' union had warned the owner about dust in the conveyor hall "
        "twice. It warned once.",
        5,
        outlet="The Brazier",
        headline="Correction: dust in the conveyor hall",
        url="https://brazier.example/4",
    )
    found = Watch(ShelfArchive(said, notice)).overtaken(Citation.of(evidence(said)[0].sentence, said))
    assert found
    assert found.why == "The Brazier took it back"
