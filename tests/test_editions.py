"""Printed briefings: the last few of each request are kept, and an article that is removed leaves no word in them."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest
from ferry import FIRST, GULLS, HEARING, TOPIC
from hypothesis import given
from hypothesis import strategies as st

from rag import Newsroom
from rag.answers import Briefing
from rag.archive import SqlArchive
from rag.changes import Kind
from rag.claims import Provenance
from rag.connection import FILE
from rag.editions import KEPT, EditionBook, Mark, Request
from rag.errors import UsageError
from rag.redaction import MASK, without

MADE = Provenance("extractive", "rules", "fp", "0.1.0")
AT = datetime(2026, 3, 3, 9, tzinfo=UTC)


def keep(book: EditionBook, request: Request, at: datetime = AT, made: str = "") -> None:
    book.keep(request, Briefing(request.topic, (), MADE).to_dict(), None, at=at, mark=Mark(1, 1), made=made)


@pytest.fixture
def book(tmp_path: Path) -> EditionBook:
    return EditionBook(tmp_path)


def test_the_window_the_spacing_and_the_order_of_outlets_make_no_other_request() -> None:
    assert Request("Harbour  ferry", ("A", "b")).key == Request("harbour ferry", ("B", "a")).key
    others = [Request("harbour"), Request(TOPIC), Request(TOPIC, ("A",)), Request(TOPIC, story="x"), Request()]
    assert len({request.key for request in (*others, Request(TOPIC, place="/srv"))}) == 6


def test_the_last_edition_of_a_request_is_found_and_no_other(book: EditionBook) -> None:
    keep(book, Request(TOPIC))
    keep(book, Request("strike"))
    keep(book, Request(TOPIC), AT + timedelta(days=1), made="two")
    last = book.last(Request(TOPIC))
    assert last
    assert (last.at, last.made, last.document["topic"]) == (AT + timedelta(days=1), "two", TOPIC)
    assert book.last(Request("budget")) is None
    assert [one.request.topic for one in book.all()] == [TOPIC, "strike", TOPIC]


def test_so_many_editions_of_a_request_are_kept_and_those_of_others_stay(book: EditionBook) -> None:
    keep(book, Request("strike"))
    for n in range(KEPT + 3):
        keep(book, Request(TOPIC), made=str(n))
    assert [one.made for one in book.of(Request(TOPIC))] == [str(n) for n in reversed(range(3, KEPT + 3))]
    assert book.last(Request("strike"))


def test_editions_of_the_same_text_have_names_of_their_own(book: EditionBook) -> None:
    keep(book, Request(TOPIC))
    keep(book, Request(TOPIC))
    assert len({one.name for one in book.all()}) == 2


def test_keeping_an_edition_is_no_news(tmp_path: Path) -> None:
    archive, book = SqlArchive(tmp_path), EditionBook(tmp_path)
    before = archive.generation
    keep(book, Request(TOPIC))
    assert archive.generation == before
    assert book.last(Request(TOPIC))


def test_an_older_archive_gets_the_table_when_it_is_opened(tmp_path: Path) -> None:
    EditionBook(tmp_path).close()
    db = sqlite3.connect(tmp_path / FILE)
    db.execute("DROP TABLE editions")
    db.commit()
    db.close()
    book = EditionBook(tmp_path)
    keep(book, Request(TOPIC))
    assert book.last(Request(TOPIC))


def test_the_next_edition_tells_what_arrived_since_however_old_it_is(tmp_path: Path) -> None:
    with Newsroom.open(tmp_path) as room:
        room.add(FIRST, HEARING)
        first = room.edition(TOPIC)
        assert first.first
        assert {change.kind for change in first.changes} == {Kind.NEW}
        room.add(GULLS)
        second = room.edition(TOPIC)
        assert not second.first
        [change] = second.changes.news
        assert change.kind is Kind.NEW
        assert change.after
        assert change.after.citations[0].outlet == "Secret Gazette"  # published before what was told already
        assert second.changes.since == first.at
        third = room.edition(TOPIC)
        assert {change.kind for change in third.changes} == {Kind.UNCHANGED}


def test_a_removed_article_leaves_no_word_in_stored_editions_and_is_withdrawn_in_the_next(tmp_path: Path) -> None:
    with Newsroom.open(tmp_path) as room:
        room.add(FIRST, GULLS)
        edition = room.editor.edition(Request(TOPIC), lambda: room.brief(TOPIC))
        assert edition.changes.news
        room.editor.keep(edition)
        assert "gulls" in str(edition.briefing)
        room.remove(GULLS.id)
        stored = json.dumps([[one.document, one.changes] for one in room.editor.book.all()])
        for word in ("gulls", "Deckhands", "secretgazette.example"):
            assert word not in stored
        assert "coastguard" in stored
        after = room.edition(TOPIC).changes
        assert after.of(Kind.WITHDRAWN)
        assert "(removed with its article)" in str(after)
        assert MASK not in str(after)
    for file in tmp_path.glob(f"{FILE}*"):
        assert b"Deckhands" not in file.read_bytes()


def test_an_article_that_came_after_a_removal_is_new(tmp_path: Path) -> None:
    with Newsroom.open(tmp_path) as room:
        room.add(FIRST, GULLS)
        room.edition(TOPIC)
        room.remove(GULLS.id)
        room.add(HEARING)
        assert [
            change.after.citations[0].outlet for change in room.edition(TOPIC).changes.of(Kind.NEW) if change.after
        ] == ["Free Tide"]


def test_two_documents_are_compared_and_other_things_refused(tmp_path: Path) -> None:
    with Newsroom.open(tmp_path) as room:
        room.add(FIRST)
        before = room.brief(TOPIC)
        room.add(HEARING)
        after = room.brief(TOPIC)
        found = room.diff(before.to_dict(), after)  # pyright: ignore[reportArgumentType] - a TypedDict is a mapping
        assert [change.kind for change in found.news] == [Kind.NEW]
        asked = room.ask("What did the harbour ferry hit?")
        assert {change.kind for change in room.diff(asked, asked)} == {Kind.UNCHANGED}
        with pytest.raises(UsageError, match="cannot be compared"):
            room.diff(asked, after)
        with pytest.raises(UsageError, match="unknown schema"):
            room.diff({}, after)


_words = st.lists(st.sampled_from("alpha beta gamma delta epsilon zeta eta theta".split()), min_size=4, max_size=8)


@given(st.lists(_words, min_size=1, max_size=4), _words)
def test_whatever_stands_where_nothing_of_the_article_is_left(secret: list[list[str]], other: list[str]) -> None:
    sentences = ["Secret " + " ".join(words) for words in secret]
    text = ". ".join(sentences)
    cited = {"article": "gone", "text": sentences[0], "headline": "Secret headline here", "url": "https://secret"}
    kept = {"article": "other", "text": " ".join(other), "headline": None, "url": None}
    document = {
        "citations": {"1": cited, "2": kept},
        "stories": [
            {
                "headline": "Secret headline here",
                "claims": [{"text": f"Paraphrase of Secret {n}", "citations": ["1", "2"]} for n in other],
            }
        ],
        "ledger": {"anything": [sentences[-1], {"deep": sentences[0]}]},
        "claims": [{"text": " ".join(other), "citations": ["2"], "certificate": "x"}],
    }
    found = without(document, "gone", {text, "Secret headline here"})
    assert "ecret" not in json.dumps(found)
    assert cast("dict[str, object]", found["citations"])["2"] == kept
    assert found["claims"] == document["claims"]
    told = cast("dict[str, dict[str, str]]", found["citations"])["1"]["text"]
    assert told == MASK * len(sentences[0])


def test_a_document_that_has_nothing_of_an_article_is_left_as_it_is() -> None:
    document = {"citations": {"1": {"article": "other", "text": "One two three four"}}, "topic": "ferry"}
    assert without(document, "gone", {"Five six seven eight"}) == document


def test_who_spoke_in_a_removed_article_is_named_no_more_and_still_counted() -> None:
    of = {"of": "speaker", "cited": 0, "found": 2}
    shares = [{**of, "name": "Ruiz", "against": ["Hale"]}, {**of, "name": "Hale", "against": ["Ruiz"]}]
    concern = {"rule": "heard_less", "words": "Ruiz", "claim": "", "why": "beside Hale, none of 6"}
    quoting = {"rule": "one_sided", "words": "Hale", "claim": "x", "why": "“The ship was late, Ruiz …” is printed"}
    story = {"shares": shares, "concerns": [concern, quoting]}
    told = without({"stories": [story], "citations": {}}, "gone", {"The ship was late, Ruiz said on Monday."})

    assert "Ruiz" not in str(told)
    assert "Hale" in str(told)
    assert without({"stories": [story]}, "gone", {"Other words entirely here"})["stories"] == [story]
