import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.sentences import SPLITTER, split

REPOSITORY = Path(__file__).resolve().parent.parent
BENCH = Path(os.environ.get("CITEWIRE_BENCH", REPOSITORY.parent / "shared" / "bench"))
NAUGHTY = BENCH.parent / "corpora" / "blns.json"


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


def check_law(text: str) -> None:
    reached = 0
    for start, end in split(text):
        assert reached <= start < end <= len(text)
        assert not text[reached:start].strip()
        assert text[start:end] == text[start:end].strip()
        reached = end
    assert not text[reached:].strip()


# Each entry lists the sentences of a text that has one space between them.
ONE_SPACE_BETWEEN = {
    "question and speaker": ["“Will it end?” Hekster asked.", "Nobody knew."],
    "comma and speaker": ["“We have to,” Trump said last Monday.", "“They need it.”", "He clarified that."],
    "exclamation and titled speaker": ['"No!" Mr. Smith said.', "He left."],
    "full stop and bare speaker": ['"It is what it is." Heron said.', "She left."],
    "long speaker": ["“Why?” Sen. Mary-Jo O’Neil, R-Ohio, asked the panel.", "“Because.”"],
    "lower-case speaker": ["“Is it over?” the president asked.", "‘Yes.’"],
    "question and a clause of its own": ["“Why?”", "Trump said he would leave."],
    "question and a new quotation": ["She asked, “Who?”", "“Me,” he said."],
    "pronoun after a quotation": ['He said "This is great."', "He said it twice."],
    "stop and curly double quote": ["“It is over.”", "Then he left."],
    "stop and curly single quote": ["He wrote ‘It is over.’", "Then he left."],
    "stop in brackets": ["(It rained.)", "We left."],
    "titles": ["Lt. Gov. Jane Doe met Sens. Ted Roe and Ann Poe, Reps. Al Coe and Dr. Ray Moe.", "They spoke."],
    "title before brackets": ["She met Gen. (ret.) John Roe.", "They spoke."],
    "rank with a no-break space": ["They met Sgt.\xa0Jones.", "Then they left."],
    "places": ["Ft. Bragg and St. Paul are far from Mt. Fuji.", "That is so."],
    "street at the end": ["He was born on Main St.", "The suspect fled."],
    "months and numbers": [
        "The No. 4 seed lost on Sept. 11 on p. 55.",
        "The No. 5 seed won between Nov. 1 and Dec. 22.",
    ],
    "range of months": ["It is open Nov. 19-Dec. 22.", "Gallery hours are short."],
    "institutions": ["The U.S. Senate and the U.N. Security Council met the U.K. Supreme Court.", "They agreed."],
    "country at the end": ["He lives in the U.S.", "How about you?"],
    "capital at the end": ["Thousands came to D.C.", "His aide stayed."],
    "case": ["Roe v. Wade and Roe vs. Wade are one case.", "It fell."],
    "initials": ["J. R. Smith met Harry S. Truman.", "They spoke."],
    "letter at the end": ["They stuck to Plan B.", "The plan failed."],
    "company": ["Apple Inc. shares fell.", "It sued Google Inc.", "The suit failed."],
    "suffix": ["Martin Luther King Jr. Day is on Monday.", "He met John Smith Jr.", "He left."],
    "clock": ["It opens at 2:17 p.m. ET and at 10 a.m. Friday.", "It closes at 4 p.m.", "The rest is at 3 a.m."],
    "clock before a name": [
        "They work from 10 p.m. to 5 a.m.",
        "Lindmoor Trams has offered more.",
        "It will meet them.",
    ],
    "clock of a name": ["It left after the 9 a.m. Eurostar was full."],
    "clock before a sentence": ["It hit the wall just before 8 a.m.", "Coffee cups and prams were thrown about."],
    "clock of somebody": ["The mayor's 2 a.m. Twitter posts made news."],
    "clock of a place": ["The bank opens at 8 a.m. London time on Monday."],
    "clock of a live page": ["1:15 p.m. Marlow leaves for the coast."],
    "clock at the start": ["At 5 a.m. Mr. Smith went to the bank.", "He left."],
    "decimals": ["It fell 3.5 percent to $1.2 billion.", "Oil rose 0.4%.", "It cost $35.", "3 people came."],
    "dateline with a wire": ["KESSEL POINT, March 3 (Meridian Wire) — Officials said the dam held.", "It did."],
    "dateline with a capital": ["WASHINGTON, D.C. (AP) — The Senate voted.", "It passed."],
    "dateline with a state": ["WAUKESHA, Wis. — Sunday was a milestone.", "It rained."],
    "dateline with a date": ["LONDON, Sept. 4 (Reuters) - Shares fell.", "Oil rose."],
    "dash": ["He came — after a pause – to the point -- and left.", "She stayed."],
    "dash after an exclamation": ["From group to final even! – and one bad result is nothing.", "They know."],
    "ellipsis": ["He left … and came back... then left.", "She stayed."],
    "omission": ["“We ... Americans want this.”", "Then he left."],
    "omission after a stop": ["“It is bad. ...", "Haven’t we moved on?”"],
    "name with an exclamation mark": ["She works at Yahoo! in sales and saw Jeopardy! Masters.", "He did not."],
    "name in lower case": ["Shares fell.", "iPhone sales fell, too.", "eBay rose."],
    "words the model takes for abbreviations": [
        "It was a win.",
        "He died of cancer last month.",
        "Police saw reports.",
    ],
    "reference mark": ["He stayed until 1805.[6]", "An idle student, he left.[7][8]", "Then he came back."],
    "closing quote after a space": ["“He asked, ‘Is it so?’ ”", "The room was still."],
    "bullets": ["• Milk and honey.", "• Eggs", "• Bread"],
    "numbered list": ["1. The first item", "2. The second item", "3. The third item"],
    "address": ["See https://example.org/a.The?b=1.Foo and www.example.com for more.", "The end."],
}


@pytest.mark.parametrize("expected", ONE_SPACE_BETWEEN.values(), ids=ONE_SPACE_BETWEEN.keys())
def test_news_is_cut_between_sentences_and_nowhere_else(expected: list[str]) -> None:
    assert sentences(" ".join(expected)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The talks ended.The minister left.", ["The talks ended.", "The minister left."]),
        ("“We left.”The minister stayed.", ["“We left.”", "The minister stayed."]),
        ("The talks ended.“We left,” he said.", ["The talks ended.", "“We left,” he said."]),
        ("It runs on asp.Net today.", ["It runs on asp.Net today."]),
        ("He writes as @john.Smith today.", ["He writes as @john.Smith today."]),
        ("He met Mrs.Smith today.", ["He met Mrs.Smith today."]),
    ],
)
def test_lost_space_after_a_full_stop_is_a_cut_except_in_names(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\n\n\n", "\u2028", "\u2029", "\x85", "\x0b", "\x0c"])
def test_line_break_is_always_a_cut(newline: str) -> None:
    lines = ["Talks on Mr.", "Smith, who", "said: no", "and left"]
    assert sentences(newline.join(lines)) == lines


def test_lone_closing_quote_goes_back_to_its_sentence() -> None:
    assert sentences("He asked, ‘Did you?’ ” She did.") == ["He asked, ‘Did you?’ ”", "She did."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rains. 👉 The sun comes.", ["It rains.", "👉 The sun comes."]),
        ("It rains. 👉", ["It rains. 👉"]),
        ("1.         A list of one", ["1.         A list of one"]),
        ("* * *", ["* * *"]),
    ],
)
def test_symbols_alone_are_no_sentence_beside_words(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@pytest.mark.parametrize("text", ["", " ", "\n\r\n\t\u2028\xa0", "\x1c\x1d"])
def test_blank_text_has_no_sentences(text: str) -> None:
    assert split(text) == ()


def test_offsets_count_code_points() -> None:
    assert split("😀 It rained. We left 👉🏽. So?") == ((0, 12), (13, 24), (25, 28))


PIECES = st.sampled_from(
    [
        *(
            "“",
            "”",
            "‘",
            "’",
            '"',
            "'",
            "(",
            ")",
            "[",
            "]",
            ".",
            "!",
            "?",
            "…",
            "...",
            ". . .",
            ",",
            ";",
            ":",
            "—",
            "-",
        ),
        *(
            " ",
            " ",
            " ",
            "  ",
            "\n",
            "\r\n",
            "\t",
            "\xa0",
            "\u2028",
            "\u200b",
            "\ufeff",
            "\0",
            "\ud800",
            "•",
            "👉",
            "*",
        ),
        *(
            "He",
            "left",
            "Smith",
            "said",
            "asked",
            "iPhone",
            "The",
            "in",
            "I",
            "Mr.",
            "U.S.",
            "D.C.",
            "No.",
            "Sept.",
            "4",
        ),
        *("p.m.", "ET", "ended.The", "[6]", "1.", "2)", "a.", "https://example.org/a.The", "Yahoo!", "(AP) —", "$3.50"),
    ]
)


@given(st.text())
@settings(deadline=None)
def test_sentences_of_any_text_are_exact_ordered_and_lose_nothing(text: str) -> None:
    check_law(text)


@given(st.lists(PIECES, max_size=40).map("".join))
@settings(deadline=None, max_examples=300)
def test_sentences_of_broken_news_are_exact_ordered_and_lose_nothing(text: str) -> None:
    check_law(text)


@given(st.lists(PIECES, max_size=12).map(" ".join), st.lists(PIECES, max_size=12).map(" ".join))
@settings(deadline=None)
def test_lines_do_not_know_of_each_other(above: str, below: str) -> None:
    shifted = tuple((start + len(above) + 1, end + len(above) + 1) for start, end in split(below))
    assert split(f"{above}\n{below}") == split(above) + shifted


@pytest.mark.parametrize(
    "unit", ["!", ".", ".)", "x", " ", "\n", ". ", '" ', ".[1] ", "ended.The ", "1. ", "\ud800", "(["]
)
def test_endless_repetition_is_split_without_complaint(unit: str) -> None:
    check_law(unit * (200_000 // len(unit)))  # with quadratic time this would not come back


@pytest.mark.skipif(not NAUGHTY.exists(), reason="the shared corpora are not on this machine")
def test_naughty_strings_are_split_without_complaint() -> None:
    for text in json.loads(NAUGHTY.read_text(encoding="utf-8")):
        check_law(text)


PROBE = (
    "OSLO (AP) — Gov. Ann Roe left at 5 p.m. Friday. “Why?” Bo Poe asked. The U.S. Army said so.It is No. 1.[2] Then\n"
    "It ran to 5 a.m. Bo Poe has said.\n"
    "“it ended.” Plan B. The rest ... Now Yahoo! Finance has 1. That ’ is (all.) Then 2. Inc. The 3. St. Paul. • iPhone"
)


def test_moved_cut_shows_in_the_label_that_collections_carry() -> None:
    cuts = hashlib.sha256(repr(split(PROBE)).encode()).hexdigest()[:12]
    assert (SPLITTER, cuts) == ("nupunkt-0.8+rules-3", "7120a61c594b"), (
        "cuts moved: raise _RULES, then pin the new pair here"
    )


def test_import_does_not_load_the_model() -> None:
    code = "import sys, rag.sentences; sys.exit('nupunkt' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, check=False).returncode == 0
