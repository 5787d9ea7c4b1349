"""The parties of a story change places, or names, and the wording about them does not move."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from news import reports
from test_digest import seed_stories, story

from rag.answers import BESIDES
from rag.digest import digest
from rag.editing import plain_digest, wordings
from rag.neutrality import concerns
from rag.proposals import Statement
from rag.sources import Evidence
from rag.stories import Group
from rag.titles import title
from rag.verification import check
from rag.wire import Kind

PARTIES: list[list[tuple[str, str]]] = [
    [("Greta Lohmeyer", "Colm Marrick"), ("Lohmeyer", "Marrick"), ("company", "union")],
    [("Corwin Hask", "Harriet Nwosu-Blyth"), ("Hask", "Nwosu-Blyth"), ("mayor", "union")],
    [("Lumarra", "Greywater"), ("lumarra-refund", "greywater-refund"), ("Kessling", "Obando-Strand")],
    [
        ("Ines Calloway-Brandt", "Tobias Renwick-Ode"),
        ("Calloway-Brandt", "Renwick-Ode"),
        ("Civic Alliance", "Harbour Party"),
    ],
]
"""Of each event of ``seeds/events.json``, who stands against whom: a name for a name, an office for an office."""
LEADERS = [
    ("Lohmeyer", "Marrick"),
    ("Hask", "Nwosu-Blyth"),
    ("Kessling", "Obando-Strand"),
    ("Calloway-Brandt", "Renwick-Ode"),
]
NAMES = st.sampled_from("Okafor Nguyen Smith Wu Featherstonehaugh Petrov Lindqvist Said-Noor Moreau Tanaka".split())
"""Short and long, plain and double-barrelled, one with a speech verb in it."""
EVENTS = seed_stories()
EACH = pytest.mark.parametrize("event", range(4), ids=["ferry", "strike", "breach", "recount"])


def other_way_round(pairs: list[tuple[str, str]]) -> dict[str, str]:
    other = {a: b for pair in pairs for a, b in (pair, pair[::-1])}
    return other | {a[0].upper() + a[1:]: b[0].upper() + b[1:] for a, b in other.items()}


def renamed(text: str, names: Mapping[str, str]) -> str:
    listed = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    return re.sub(rf"(?<![\w-])(?:{listed})(?![\w-])", lambda match: names[match.group()], text)


def retold(event: int, names: Mapping[str, str]) -> tuple[Group, list[Evidence]]:
    """The event with other names, in texts and headlines alike."""
    articles = EVENTS[event][0].articles
    return story(
        *(
            replace(one, text=renamed(one.text, names), headline=one.headline and renamed(one.headline, names))
            for one in articles
        )
    )


def printed(told: tuple[Group, list[Evidence]], words: int) -> list[tuple[str, str, str]]:
    """What is told; of what was left out, "Mayor Hask" trading with a name without an office decides near ties.

    For the same reason without who is told in full in a note: an office says that of "Mayor Hask".
    """
    group, found = told
    sections = digest(group, found, words=words).sections
    notes = {
        s.note: "; ".join(part for part in s.note.split("; ") if " is " not in part) for s in chain(*sections.values())
    }
    told_of = ((kind, s) for kind, section in sections.items() if kind != "left_out" for s in section)
    return sorted((kind, s.text, notes[s.note]) for kind, s in told_of)


def account(sections: Mapping[Kind, Sequence[Statement]]) -> int:
    """Words of what counts towards the length."""
    return sum(len(s.text.split()) for kind, section in sections.items() if kind not in BESIDES for s in section)


def in_other_names(rows: list[tuple[str, str, str]], names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    return sorted((kind, renamed(text, names), renamed(note, names)) for kind, text, note in rows)


@EACH
@pytest.mark.parametrize("words", [120, 250, 800])
def test_a_digest_prints_the_same_of_both_parties_when_they_change_places(event: int, words: int) -> None:
    names = other_way_round(PARTIES[event])
    before, after = EVENTS[event], retold(event, names)

    assert [item.sentence.text for item in before[1]] != [item.sentence.text for item in after[1]]
    assert printed(after, words) == in_other_names(printed(before, words), names)
    assert title(reports(after[0])) == renamed(title(reports(before[0])), names)


@EACH
def test_the_concerns_are_the_same_when_the_parties_change_places(event: int) -> None:
    names = other_way_round(PARTIES[event])
    texts = [item.sentence.text for item in EVENTS[event][1]]
    questioned = [[(each.rule, renamed(each.words, names)) for each in concerns(text)] for text in texts]

    assert any(questioned)
    assert [[(each.rule, each.words) for each in concerns(renamed(text, names))] for text in texts] == questioned


@EACH
def test_plain_wording_withholds_the_same_of_both_parties(event: int) -> None:
    names = other_way_round(PARTIES[event])
    (one, ours), (two, theirs) = EVENTS[event], retold(event, names)
    kept, withheld = plain_digest(one, ours, words=250, topic=None)
    kept_of_others, withheld_of_others = plain_digest(two, theirs, words=250, topic=None)

    assert sorted(renamed(item.text, names) for item in withheld) == sorted(item.text for item in withheld_of_others)
    assert sorted(renamed(s.text, names) for section in kept.sections.values() for s in section) == sorted(
        s.text for section in kept_of_others.sections.values() for s in section
    )


@settings(max_examples=8, deadline=None)
@given(st.integers(0, 3), st.lists(NAMES, min_size=2, max_size=2, unique=True))
def test_what_the_parties_are_called_does_not_matter(event: int, called: list[str]) -> None:
    names = dict(zip(LEADERS[event], called, strict=True))

    assert printed(retold(event, names), 250) == in_other_names(printed(EVENTS[event], 250), names)


@EACH
@pytest.mark.parametrize("words", [120, 250, 800])
@pytest.mark.parametrize(
    ("one", "other"), [("Zebbet Quorn Thessal", "Ostrel Kirvan Delph"), ("Lodge of Quorn", "League of Delph")]
)
def test_names_of_as_many_words_change_places_and_nothing_moves(event: int, words: int, one: str, other: str) -> None:
    """With more words in one of them some statements do move, as ARCHITECTURE.md says: length is counted in words."""
    there, back = (
        retold(event, dict(zip(LEADERS[event], called, strict=True))) for called in ((one, other), (other, one))
    )

    assert printed(back, words) == in_other_names(printed(there, words), {one: other, other: one})


@pytest.mark.parametrize(
    "speaker", ["Ruiz", "Ms. Okonjo-Reed", "the company", "The mayor", "Two unions", "Brannel Line"]
)
@pytest.mark.parametrize("verb", ["claimed", "admitted", "slammed", "refused to say"])
def test_whoever_speaks_a_loaded_verb_is_found(speaker: str, verb: str) -> None:
    assert [each.words for each in concerns(f"On Monday, {speaker} {verb} that the ship was late.")] == [verb]


@EACH
@pytest.mark.parametrize("words", [60, 250, 600])
def test_a_plain_digest_has_no_concern_and_hardly_loses_length(event: int, words: int) -> None:
    group, found = EVENTS[event]
    told, withheld = plain_digest(group, found, words=words, topic=None)
    plain: list[tuple[Kind, Statement]] = [(kind, s) for kind, section in told.sections.items() for s in section]
    full = digest(group, found, words=words).sections

    assert plain
    assert not [s.text for kind, s in plain if wordings(s.text, kind)]
    assert not {item.text for item in withheld} & {s.text for _, s in plain}
    assert all(check(s, found) for _, s in plain)
    assert account(told.sections) >= 0.9 * account(full)
