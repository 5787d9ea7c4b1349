from __future__ import annotations

import io
import json
import os
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ReadError
from rag.readers import MAX_ARTICLE, MAX_FILE, Note, estimate, read
from rag.readers.cleaning import clean
from rag.readers.dates import moment
from rag.sentences import split
from rag.sources import Article

BODY = "The council met on Monday and voted for the budget after nine hours of debate. It passed by 7 to 4."
LETTER = (
    "Harbour wall closed after storm\nThe harbour master closed the wall on Monday after waves of six metres broke"
    " over it, and said that it would stay closed until Friday.\nBy Ann Lee\n"
)


def _only(place: Path | str, *, stdin: bytes | None = None) -> Article:
    found = list(read(place, stdin=io.BytesIO(stdin) if stdin is not None else None))
    assert len(found) == 1, found
    assert isinstance(found[0], Article), found
    return found[0]


def _errors(place: Path | str) -> list[ReadError]:
    return [item for item in read(place) if isinstance(item, ReadError)]


def _file(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


# -- text and Markdown


def test_plain_text_gives_headline_byline_and_body(tmp_path: Path) -> None:
    article = _only(_file(tmp_path, "a.txt", LETTER))
    assert article.headline == "Harbour wall closed after storm"
    assert article.byline == "Ann Lee"
    assert article.text.startswith("The harbour master")
    assert article.text.endswith("until Friday.")
    assert (article.outlet, article.published, article.url) == (None, None, None)


def test_the_first_seed_article_has_its_headline_on_top_and_its_byline_at_the_end(seeds: Path) -> None:
    article = _only(seeds / "000_79a3194f8b530b22.txt")
    assert article.headline == "NATO chief to meet Trump in Washington as Ukraine arms talks loom"
    assert article.byline == "Khagan Isayev"
    assert article.text.startswith("NATO Secretary-General Mark Rutte is set to arrive")
    assert article.text.endswith("we may hear tomorrow,” Hekster noted.")
    assert (article.outlet, article.published, article.url, article.labels) == (None, None, None, ())


def test_byline_under_the_headline_is_taken_off(tmp_path: Path) -> None:
    article = _only(_file(tmp_path, "a.txt", f"Budget passes\nBy Odalys Wren-Tapper and J. T. Marrick\n\n{BODY}\n"))
    assert (article.headline, article.byline, article.text) == (
        "Budget passes",
        "Odalys Wren-Tapper and J. T. Marrick",
        BODY,
    )


@pytest.mark.parametrize(
    "line", ["By Monday the town had given up", "By 2030 it will be done.", "By Friday", "By then nobody cared."]
)
def test_a_sentence_that_begins_with_by_stays_in_the_text(tmp_path: Path, line: str) -> None:
    article = _only(_file(tmp_path, "a.txt", f"{BODY}\n{line}\n"))
    assert article.byline is None
    assert article.text.endswith(line)


@pytest.mark.parametrize(
    "text",
    [
        f"{BODY}\nA second paragraph.",
        "The council met on Monday and voted for\nthe budget after nine hours of debate.\nIt passed by 7 to 4.",
        "Four of the eleven members of the city\nCouncil voted against it on Monday, and\none left the room.",
        "Only one line without a stop",
    ],
)
def test_a_first_line_that_is_no_headline_stays_in_the_text(tmp_path: Path, text: str) -> None:
    article = _only(_file(tmp_path, "a.txt", text))
    assert (article.headline, article.text) == (None, text)


def test_markdown_front_matter_is_read_by_its_common_names(tmp_path: Path) -> None:
    front = """---
title: "Budget: it passes"
author: [Ann Lee, Bo Roe]
publisher: The Ledger
date: 2026-03-03 09:15
canonical_url: https://ledger.example/budget
tags: fiction, opinion
---"""
    article = _only(_file(tmp_path, "a.md", f"{front}\n\n{BODY}\n\n* **bold** stays\n"))
    assert article.headline == "Budget: it passes"
    assert article.byline == "Ann Lee, Bo Roe"
    assert article.outlet == "The Ledger"
    assert article.published == datetime(2026, 3, 3, 9, 15, tzinfo=UTC)
    assert article.url == "https://ledger.example/budget"
    assert article.labels == ("fiction", "opinion")
    assert article.text == f"{BODY}\n\n* **bold** stays"


def test_front_matter_with_an_unquoted_colon_is_read_line_by_line_and_says_so(tmp_path: Path) -> None:
    path = _file(tmp_path, "a.md", f"---\nheadline: Correction: turnout\noutlet: Tide\n---\n{BODY}\n")
    article, note = list(read(path))
    assert isinstance(article, Article)
    assert (article.headline, article.outlet, article.text) == ("Correction: turnout", "Tide", BODY)
    assert isinstance(note, Note)
    assert "not YAML" in note.text


def test_front_matter_cannot_build_objects_or_grow(tmp_path: Path) -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{chr(98 + n)}: &{chr(98 + n)} [*{chr(97 + n)}, *{chr(97 + n)}]\n" for n in range(20)
    )
    article = _only(_file(tmp_path, "a.md", f"---\nheadline: !!python/object/apply:os.system ['x']\n{bomb}---\n{BODY}"))
    assert article.text == BODY


def test_first_markdown_heading_is_the_headline(tmp_path: Path) -> None:
    article = _only(
        _file(tmp_path, "a.md", f"# Budget *passes* #\n\n*By Ann Lee*\n\n14 July 2025\n\n{BODY}\n\n## More\n")
    )
    assert (article.headline, article.byline) == ("Budget *passes*", "Ann Lee")
    assert article.published == datetime(2025, 7, 14, tzinfo=UTC)
    assert article.text == f"{BODY}\n\n## More"


def test_a_headline_repeated_in_the_text_is_kept_once(tmp_path: Path) -> None:
    article = _only(_file(tmp_path, "a.md", f"---\nheadline: Budget passes\n---\n# Budget passes\n\n{BODY}\n"))
    assert (article.headline, article.text) == ("Budget passes", BODY)


# -- dates


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-05", datetime(2026, 3, 5, tzinfo=UTC)),
        ("2026-03-05T09:15:00Z", datetime(2026, 3, 5, 9, 15, tzinfo=UTC)),
        ("2026-03-05 09:15 UTC", datetime(2026, 3, 5, 9, 15, tzinfo=UTC)),
        ("2026-03-05T09:15:00+02:00", datetime(2026, 3, 5, 9, 15, tzinfo=timezone(timedelta(hours=2)))),
        ("Mon, 14 Jul 2025 09:15:00 +0000", datetime(2025, 7, 14, 9, 15, tzinfo=UTC)),
        ("Mon, 14 Jul 2025 09:15:00 GMT", datetime(2025, 7, 14, 9, 15, tzinfo=UTC)),
        ("14 Jul 2025 09:15:00 EST", datetime(2025, 7, 14, 14, 15, tzinfo=UTC)),
        ("14 July 2025", datetime(2025, 7, 14, tzinfo=UTC)),
        ("July 14, 2025", datetime(2025, 7, 14, tzinfo=UTC)),
        ("Monday, July 14th, 2025 at 9:15 p.m.", datetime(2025, 7, 14, 21, 15, tzinfo=UTC)),
        ("3 March 2026, 09:15 UTC", datetime(2026, 3, 3, 9, 15, tzinfo=UTC)),
    ],
)
def test_exact_dates_are_read(text: str, expected: datetime) -> None:
    assert moment(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        *("03/04/2025", "3.4.25", "yesterday", "2026", "March 2026", "31 February 2026", "2026-13-01", "0001-01-01"),
        *("1772530000", "14 Jul 2025 09:15 CET", "14 July", "25:00", "Monday", "14 July 2025 13:00 pm", ""),
    ],
)
def test_a_date_that_is_not_exact_stays_unknown(text: str) -> None:
    assert moment(text) is None


def test_an_ambiguous_date_keeps_the_article_and_is_noted(tmp_path: Path) -> None:
    article, note = list(read(_file(tmp_path, "a.jsonl", json.dumps({"text": BODY, "date": "03/04/2025"}))))
    assert isinstance(article, Article)
    assert article.published is None
    assert isinstance(note, Note)
    assert "03/04/2025" in note.text
    assert note.place.endswith("a.jsonl:1")


@given(st.text(max_size=40))
def test_no_text_makes_the_date_reader_fail(text: str) -> None:
    found = moment(text)
    assert found is None or found.tzinfo is not None


# -- JSON


def test_json_lines_give_an_article_each_and_name_the_bad_line(tmp_path: Path) -> None:
    rows = [
        json.dumps(
            {"title": "One", "body": BODY, "author": {"name": "Ann Lee"}, "source": {"id": None, "name": "Tide"}}
        ),
        "",
        "{broken",
        json.dumps({"title": "no text"}),
        json.dumps({"articleBody": BODY, "publishedAt": "2026-03-03T11:20:00Z", "link": "http://x.example/a"}),
    ]
    first, third, fourth, fifth = read(_file(tmp_path, "a.jsonl", "\n".join(rows)))
    assert isinstance(first, Article)
    assert (first.headline, first.byline, first.outlet) == ("One", "Ann Lee", "Tide")
    assert isinstance(third, ReadError)
    assert str(third).startswith(f"{tmp_path / 'a.jsonl'}:3: it is not JSON")
    assert isinstance(fourth, ReadError)
    assert "a.jsonl:4: it has no text" in str(fourth)
    assert isinstance(fifth, Article)
    assert fifth.url == "http://x.example/a"


@pytest.mark.parametrize(
    ("field", "value", "keys"),
    [
        ("text", BODY, "text body content articleBody article_text maintext fullText"),
        ("headline", "Budget passes", "headline title og:title Headline"),
        ("byline", "Ann Lee", "byline author authors creator dc:creator"),
        ("outlet", "Tide", "outlet publication publisher newspaper source siteName source_name"),
        ("published", "2026-03-03", "published publishedAt datePublished pub_date published_date date"),
        ("url", "https://tide.example/a", "url link canonical_url permalink"),
    ],
)
def test_json_keys_are_known_by_their_synonyms(tmp_path: Path, field: str, value: str, keys: str) -> None:
    for key in keys.split():
        article = _only(_file(tmp_path, "a.json", json.dumps({"text": BODY, key: value})))
        found = article.published.date().isoformat() if field == "published" and article.published else None
        assert (found or getattr(article, field)) == value, key


@pytest.mark.parametrize("value", [None, "", " ", "unknown", "N/A", "-", 7, True, [], {}, [[1]], {"name": None}])
def test_what_a_record_does_not_say_stays_unknown(tmp_path: Path, value: object) -> None:
    names = ("headline", "author", "outlet", "url", "labels")
    record: dict[str, object] = {"text": BODY, **dict.fromkeys(names, value)}
    article = _only(_file(tmp_path, "a.json", json.dumps(record)))
    known = (article.headline, article.byline, article.outlet, article.published, article.url)
    assert known == (None,) * 5
    assert article.labels == ()


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_json_document_holds_one_article_or_a_list(tmp_path: Path, *, wrapped: bool) -> None:
    rows = [{"text": BODY}, {"text": f"{BODY} More."}]
    document = {"status": "ok", "articles": rows} if wrapped else rows
    many = _file(tmp_path, "many.json", json.dumps(document, indent=1))
    one = _file(tmp_path, "one.json", json.dumps({"text": BODY}, indent=1))
    assert [item.text for item in read(many) if isinstance(item, Article)] == [BODY, f"{BODY} More."]
    assert _only(one).text == BODY


def test_an_address_as_source_is_the_url_and_not_the_outlet(tmp_path: Path) -> None:
    record = {"text": BODY, "source": "https://tide.example/a", "hostname": "tide.example"}
    article = _only(_file(tmp_path, "a.json", json.dumps(record)))
    assert (article.url, article.outlet) == ("https://tide.example/a", "tide.example")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/2026/a", "http://[::1", "file:///etc/passwd"])
def test_what_is_no_web_address_is_left_out_and_noted(tmp_path: Path, url: str) -> None:
    article, note = list(read(_file(tmp_path, "a.json", json.dumps({"text": BODY, "url": url}))))
    assert isinstance(article, Article)
    assert article.url is None
    assert isinstance(note, Note)


def test_json_of_another_kind_is_an_error_by_name_and_passed_over_in_a_folder(tmp_path: Path) -> None:
    questions = _file(tmp_path, "questions.jsonl", '{"question": "Who?"}\n{"question": "When?"}\n')
    _file(tmp_path, "a.txt", LETTER)
    [error] = _errors(questions)
    assert "has a text" in str(error)
    article, note = list(read(tmp_path))
    assert isinstance(article, Article)
    assert isinstance(note, Note)
    assert "questions.jsonl" in note.text


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, "nonsense", "{}", "[]", "null", "1" * 9_000])
def test_hostile_json_is_an_error(tmp_path: Path, text: str) -> None:
    for name in ("a.json", "a.jsonl"):
        assert len(_errors(_file(tmp_path, name, text))) == 1


# -- places


def test_a_folder_is_read_in_order_without_hidden_and_other_files(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", ".hidden/x.txt", ".x.txt", "README.md", "LICENSE.txt"):
        _file(tmp_path, name, LETTER.replace("six", name))
    _file(tmp_path, "photo.jpg", b"\xff\xd8\x00")
    *articles, note = read(tmp_path)
    assert [item.text.split("waves of ")[1].split(" metres")[0] for item in articles if isinstance(item, Article)] == [
        "b.txt",
        "a/z.txt",
    ]
    assert isinstance(note, Note)
    assert all(name in note.text for name in ("README.md", "LICENSE.txt", "photo.jpg"))


def test_a_folder_loop_is_not_followed(tmp_path: Path) -> None:
    _file(tmp_path, "a.txt", LETTER)
    (tmp_path / "loop").symlink_to(tmp_path)
    assert len([item for item in read(tmp_path) if isinstance(item, Article)]) == 1


def test_standard_input_may_be_text_json_or_json_lines() -> None:
    rows = b'{"text": "One fact."}\n{"text": "Another fact."}\n'
    found = list(read("-", stdin=io.BytesIO(rows)))
    assert [item.text for item in found if isinstance(item, Article)] == ["One fact.", "Another fact."]
    assert _only("-", stdin=b'{\n "text": "One fact."\n}').text == "One fact."
    assert _only("-", stdin=LETTER.encode()).byline == "Ann Lee"
    assert _only("-", stdin=b"[Updated] The wall fell on Monday.").text.startswith("[Updated]")


def test_a_pipe_is_read_like_standard_input() -> None:
    reading, writing = os.pipe()
    os.write(writing, LETTER.encode())
    os.close(writing)
    try:
        assert _only(f"/dev/fd/{reading}").byline == "Ann Lee"
    finally:
        os.close(reading)


def test_estimate_counts_files_and_lines(tmp_path: Path) -> None:
    _file(tmp_path, "a.txt", LETTER)
    _file(tmp_path, "b.jsonl", '{"text": "x"}\n' * 7)
    assert estimate(tmp_path) == 8
    assert estimate("-", tmp_path / "missing.jsonl") == 2


# -- bad input

BAD: dict[str, tuple[str, bytes, str]] = {
    "empty file": ("a.txt", b"", "it is empty"),
    "white space": ("a.txt", b" \n\t\n", "it is empty"),
    "only front matter": ("a.md", b"---\ntitle: x\n---\n", "it holds no text"),
    "only invisible characters": ("a.txt", "\u200b\u2066\U000e0041".encode(), "it holds no text"),
    "binary": ("a.txt", bytes(range(256)) * 8, "it looks binary"),
    "binary behind the mark of UTF-8": ("a.md", b"\xef\xbb\xbf\x01\x02\x03\x04abc", "it looks binary"),
    "binary that begins like UTF-16": ("a.md", b"\xff\xfe\x80\x81\x02\x03", "the rest looks binary"),
    "UTF-16 for private use": ("a.md", "\ufeff\ue000\ue001 \ue002".encode("utf-16-be"), "the rest looks binary"),
    "RTF": ("a.txt", b"{\\rtf1\\ansi It rained.}", "it is an RTF file"),
    "compressed": ("a.txt", b"\x1f\x8b\x08" + os.urandom(64), "it is a gzip file"),
    "PDF": ("a.txt", b"%PDF-1.7\n%\xe2\xe3", "it is a PDF"),
    "UTF-16 without mark": ("a.txt", LETTER.encode("utf-16-le"), "UTF-16 without a byte order mark"),
    "Cyrillic in another encoding": ("a.txt", ("Привет, мир. " * 20).encode("cp1251"), "encoding is not recognised"),
    "Shift JIS": ("a.txt", ("東京で地震がありました。" * 20).encode("shift-jis"), "encoding is not recognised"),
    "cut UTF-16": ("a.txt", LETTER.encode("utf-16")[:-1], "its first bytes say UTF-16"),
    "other kind": ("a.docx", b"x", ".docx files are not read"),
    "empty JSON Lines": ("a.jsonl", b"", "it is empty"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_file_is_one_error_with_its_name_and_reason(tmp_path: Path, case: str) -> None:
    name, data, reason = BAD[case]
    [error] = _errors(_file(tmp_path, name, data))
    assert error.place == str(tmp_path / name)
    assert reason in error.reason


def test_files_over_the_limits_are_refused_unread(tmp_path: Path) -> None:
    for name, size, limit in (
        ("a.txt", MAX_ARTICLE, "20 MB"),
        ("a.json", MAX_FILE, "50 MB"),
        ("b.txt", MAX_FILE, "20 MB"),
    ):
        path = tmp_path / name
        with path.open("wb") as stream:
            stream.truncate(size + 1)
        [error] = _errors(path)
        assert limit in error.reason


def test_a_line_may_not_be_longer_than_an_article_but_the_next_one_is_read(tmp_path: Path) -> None:
    rows = f'{{"text": "{"x" * (MAX_ARTICLE + 1)}"}}\n{{"text": "One fact."}}\n'
    error, article = list(read(_file(tmp_path, "a.jsonl", rows)))
    assert isinstance(error, ReadError)
    assert "20 MB" in error.reason
    assert isinstance(article, Article)


def test_missing_path_is_an_error_that_names_it() -> None:
    for place in ("no/such/file.txt", "no\0such", "~nobody-here/x.txt"):
        assert [error.place for error in _errors(place)] == [place]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_unreadable_folder_is_an_error_and_the_rest_goes_in(tmp_path: Path) -> None:
    _file(tmp_path, "a.txt", LETTER)
    closed = _file(tmp_path, "closed/b.txt", LETTER).parent
    closed.chmod(0)
    try:
        found = list(read(tmp_path))
    finally:
        closed.chmod(0o700)
    assert [error.reason for error in found if isinstance(error, ReadError)] == ["permission denied"]
    assert any(isinstance(item, Article) for item in found)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_files_read_the_same(tmp_path: Path, encoding: str) -> None:
    text = "Die Brücke in “Köln” bleibt gesperrt.\r\nDas sagte die Stadt.\r"
    article = _only(_file(tmp_path, "a.txt", text.encode(encoding)))
    assert article.text == "Die Brücke in “Köln” bleibt gesperrt.\nDas sagte die Stadt."


def test_windows_text_is_read_and_the_guess_is_said(tmp_path: Path) -> None:
    article, note = list(read(_file(tmp_path, "a.txt", "The café’s owner said “no”. He left.".encode("cp1252"))))
    assert isinstance(article, Article)
    assert article.text == "The café’s owner said “no”. He left."
    assert isinstance(note, Note)
    assert "Windows-1252" in note.text


def test_damaged_utf8_is_read_and_said(tmp_path: Path) -> None:
    data = ("The café’s “owner” said “no” – and “never”. " * 5).encode() + b"\xe2\x80"
    article, note = list(read(_file(tmp_path, "a.txt", data)))
    assert isinstance(article, Article)
    assert isinstance(note, Note)
    assert "damaged UTF-8" in note.text


# -- cleaning


def test_invisible_and_control_characters_are_removed() -> None:
    text, doubts = clean("a\x1b[31mb\x07\u202ec\u200bd\ufeff\u00ade\U000e0049\U000e0067f\x9b2Jg\u2028h")
    assert text == "abcdefg\nh"
    assert len(doubts) == 1
    assert "tag characters" in doubts[0]


def test_every_blank_within_a_line_is_a_space() -> None:
    text, doubts = clean("the\u00a0Jan.\u202f6\u2009riot")

    assert (text, doubts) == ("the Jan. 6 riot", ())


def test_joiners_stay_where_they_join() -> None:
    for text in ("👩‍👩‍👧", "می‌خواهم", "❤️‍🔥"):
        assert clean(text)[0] == text
    assert clean("a\u200db\u200c")[0] == "ab"
    assert clean("é" + "\ufe00\ufe01\ufe02" + "é")[0] == "éé"


def test_half_a_surrogate_pair_is_replaced_and_said(tmp_path: Path) -> None:
    article, note = list(read(_file(tmp_path, "a.jsonl", '{"text": "A cut emoji \\ud83d here."}')))
    assert isinstance(article, Article)
    assert article.text == "A cut emoji \ufffd here."
    assert isinstance(note, Note)
    assert "surrogate" in note.text


def _round_trips(text: str) -> None:
    """Whatever the text, it becomes an article whose sentences are slices of it, or is refused with a reason."""
    record = json.dumps({"text": text, "title": text, "author": text, "source": text, "date": text, "url": text})
    for place in (record.encode(), text.encode("utf-8", "replace")):
        found = [item for item in read("-", stdin=io.BytesIO(place)) if not isinstance(item, Note)]
        assert len(found) == 1
        if isinstance(article := found[0], Article):
            assert clean(article.text)[0] == article.text
            spans = split(article.text)
            assert all(article.text[start:end].strip() == article.text[start:end] for start, end in spans)
            rest = "".join(
                article.text[end:start]
                for end, start in zip((0, *(e for _, e in spans)), (*(s for s, _ in spans), None), strict=True)
            )
            assert not rest.strip()


@given(st.text(alphabet=st.characters(), max_size=200))
def test_any_text_round_trips_as_an_article_or_is_refused(text: str) -> None:
    _round_trips(text)


@given(st.text(alphabet="aé\u200c\u200d\ufe0f\ufe00\u0301\u037e\u212a\x1b[31m\u202e\ud800", max_size=30))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = clean(text)[0]
    assert clean(once)[0] == once


def test_naughty_strings_round_trip(corpora: Path) -> None:
    for text in json.loads((corpora / "blns.json").read_text(encoding="utf-8")):
        _round_trips(text)


def test_naughty_strings_become_text_and_headline_as_they_stand(corpora: Path) -> None:
    strings: list[str] = json.loads((corpora / "blns.json").read_text(encoding="utf-8"))
    unknown = {"", "-", "null", "none", "n/a", "unknown"}
    for naughty in strings:
        seen = clean(naughty)[0].strip()
        record = json.dumps({"title": naughty, "text": f"{BODY}\n{naughty}"})
        article = next(item for item in read("-", stdin=io.BytesIO(record.encode())) if isinstance(item, Article))
        assert article.text == f"{BODY}\n{clean(naughty)[0]}".strip()
        if seen.lower() not in unknown and "://" not in seen and len(seen) < 500:
            assert article.headline == " ".join(seen.split())


def test_a_header_without_its_rules_is_read_and_a_colon_in_a_text_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "Headline: Mayor opens bridge: at last\nOutlet: The Post\nPublished: 2026-03-02T10:00:00Z\n"
        "URL: https://post.example/a\n\nThe mayor opened the bridge on Monday.\n"
    )
    (article,) = read(tmp_path / "a.txt")
    assert isinstance(article, Article)
    assert (article.headline, article.outlet, article.url) == (
        *("Mayor opens bridge: at last", "The Post"),
        "https://post.example/a",
    )
    assert article.published == datetime(2026, 3, 2, 10, tzinfo=UTC)
    assert article.text == "The mayor opened the bridge on Monday."
    (tmp_path / "b.txt").write_text("Source: unknown. That is what the file said.\n\nThe mayor kept it.\n")
    (other,) = read(tmp_path / "b.txt")
    assert isinstance(other, Article)
    assert other.text.startswith("Source: unknown.")


@pytest.mark.parametrize("place", ["", " "])
def test_an_empty_path_is_not_this_folder(place: str) -> None:
    (error,) = read(place)
    assert isinstance(error, ReadError)
    assert "the path is empty" in str(error)
