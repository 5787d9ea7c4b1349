"""Wording that a careful editor would question."""

from __future__ import annotations

import json
import re
from hashlib import md5
from importlib import resources
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.evaluation import loaders
from rag.neutrality import ACCURACY, FILE, RULES, Wording, concerns
from rag.rendering import scrutiny

_PIECES = st.sampled_from(
    [
        *"Clearly the Radical radical mayor claimed “disastrous” so-called , . ’s said Ruiz we US I".split(),
        *('"', "ſtrongman", "İ", "e\u0301", "of course", "lies in", "\n", "refused to say", "the left"),
    ]
)


def found(text: str) -> list[tuple[str, str]]:
    return [(concern.rule, concern.words) for concern in concerns(text)]


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        ("The horrific plan passed on Monday.", "loaded", "horrific"),
        ("The council passed a disgraceful budget.", "loaded", "disgraceful"),
        ("The minister gave a terrible speech.", "judgement", "terrible"),
        ("Clearly, the vote was lost.", "booster", "Clearly"),
        ("The vote was lost, of course.", "booster", "of course"),
        ("The vote shows how we live.", "self", "we"),
        ("The mayor will undoubtedly resign.", "booster", "undoubtedly"),
        ("The strongman met the delegation.", "epithet", "strongman"),
        ("The so-called reform passed.", "epithet", "so-called"),
        ("It shows why the left is losing.", "epithet", "the left"),
        ("Ruiz boasted that the plan would pass.", "assertive", "boasted"),
        ("Ruiz claimed that the plan would pass.", "assertive", "claimed"),
        ("Ruiz claimed that he lives in Northby.", "assertive", "claimed"),
        ("Ruiz admitted that the plan was late.", "factive", "admitted"),
        ("Ruiz slammed the plan.", "manner", "slammed"),
        ("Shockingly, the plan passed.", "stance", "Shockingly"),
        ("The plan was supposedly late.", "hedge", "supposedly"),
        ("Ruiz refused to say when the plan would pass.", "implicative", "refused to say"),
    ],
)
def test_each_rule_names_its_words_and_says_why(text: str, rule: str, words: str) -> None:
    (concern,) = concerns(text)
    assert (concern.rule, concern.words) == (rule, words)
    assert concern.why


@pytest.mark.parametrize(
    "text",
    [
        "Two people were killed and eleven hurt when a ferry struck a pier in Hale on Monday, police said.",
        "The central bank raised its key rate by a quarter of a point to 4.5 percent.",
        "Initial jobless claims fell to 210,000 last week.",
        "Unemployment claims fell last week.",
        "The group claimed responsibility for the attack.",
        "The fighting has claimed hundreds of lives.",
        "The plan covers one group, i.e. the drivers of night buses.",
        "Crude oil rose 2 percent.",
        "They have the right to vote, and turned the right way.",
        "The Radical Party won nine seats.",
        "He was admitted to hospital on Friday.",
        "US officials met in Geneva.",
        "Carlos Alcaraz Defeats Casper Ruud To Win The US Open Final",
        "NASA Scrubs Second Artemis I Launch Attempt in Elmland",
        "In World War I, soldiers of the colony died.",
        "The report covers extreme weather in Spain.",
        "Four people were killed and a bridge was destroyed in the attack.",
        "Police declined to comment.",
        "Renwick-Ode did not concede.",
        "The senator conceded the race on Tuesday.",
        "A massive storm hit the weak economy.",
        "The company denied the accusation and accused the union of lying in a letter.",
        "The Republican leader said (I-Vt.) was right.",
        "",
    ],
)
def test_plain_reports_raise_no_concern(text: str) -> None:
    assert not concerns(text)


@pytest.mark.parametrize("text", ["The Day I Met The Mayor Of Elmland Was Cold", "When I saw it, he left."])
def test_a_writer_who_speaks_is_heard_in_a_headline_as_well(text: str) -> None:
    assert [found.words for found in concerns(text)] == ["I"]


def test_words_in_quotation_marks_are_the_speakers() -> None:
    text = "Ruiz called it “a horrific, disgraceful farce”."
    assert not concerns(text)
    assert {concern.words for concern in concerns(text, quoted_ok=False)} >= {"horrific", "disgraceful", "farce"}


@pytest.mark.parametrize(
    "text",
    [
        "Ruiz said the plan was disastrous.",
        "The plan is disastrous, Ruiz said.",
        "The plan is disastrous, said Mayor Ana Ruiz.",
        "According to the mayor, the plan is disastrous.",
        "He said the plan was disastrous.",
        "Ruiz called the plan disastrous.",
        "They held up what they see as a misguided plan.",
        "Ruiz left the talks, calling the plan disastrous.",
    ],
)
def test_a_verdict_of_a_named_speaker_is_not_ours(text: str) -> None:
    assert not concerns(text)


def test_a_verdict_of_nobody_in_particular_stays_ours() -> None:
    assert found("Critics say the plan is disastrous.") == [("loaded", "disastrous")]
    assert found("Many critics left, calling the plan disastrous.") == [("loaded", "disastrous")]


def test_the_verdict_of_one_sentence_does_not_excuse_the_next() -> None:
    assert found("Ruiz said the plan was late. It is a disastrous plan.") == [("loaded", "disastrous")]


def test_the_loaded_verb_is_ours_even_if_the_speech_is_not() -> None:
    assert found("Ruiz boasted that the disastrous plan was dead.") == [("assertive", "boasted")]


def test_a_noun_is_no_speech_verb() -> None:
    assert not found("The claims of both sides were heard.")
    assert found("Ruiz claims that both sides were heard.") == [("assertive", "claims")]


def test_a_long_text_takes_no_longer_per_word() -> None:
    text = "The council met. The disastrous plan is late. Ruiz said so. Critics disagree with it. "
    assert len(concerns(text * 2000)) == 2000 * len(concerns(text)) > 0


def test_a_headline_in_capitals_is_read_all_the_same() -> None:
    assert ("loaded", "Disastrous") in found("Mayor Defends Disastrous Budget After Vote")


def test_the_parties_may_change_places_and_the_concerns_do_not_move() -> None:
    text = "Critics say that {} made an outrageous claim against {}."
    assert found(text.format("Democrats", "Republicans")) == found(text.format("Republicans", "Democrats"))


@given(st.one_of(st.text(), st.lists(_PIECES).map(" ".join), st.lists(_PIECES).map("".join)), st.booleans())
def test_offsets_slice_to_the_words_and_never_overlap(text: str, quoted_ok: bool) -> None:  # noqa: FBT001
    all_of_them = concerns(text, quoted_ok=quoted_ok)
    for concern in all_of_them:
        assert text[concern.start : concern.end] == concern.words != ""
        assert concern.rule in RULES
    assert all(left.end <= right.start for left, right in pairwise(all_of_them))


@given(st.lists(_PIECES).map(" ".join))
def test_leaving_quotations_out_only_takes_concerns_away(text: str) -> None:
    places = {place for c in concerns(text, quoted_ok=False) for place in range(c.start, c.end)}
    assert all(concern.start in places for concern in concerns(text))


def test_a_concern_cannot_be_changed() -> None:
    concern = Wording("loaded", "vile", 0, 4, "why")
    with pytest.raises(AttributeError):
        concern.words = "plain"  # pyright: ignore[reportAttributeAccessIssue]


def test_no_entry_stands_twice_in_one_list() -> None:
    lists = json.loads(resources.files("rag").joinpath(FILE).read_text(encoding="utf-8"))
    assert set(lists) == set(RULES)
    for rule in lists.values():
        entries = [word for line in rule["words"] for word in line.split()] + rule["phrases"]
        assert len(entries) == len(set(entries))
        assert all(entry == entry.lower() for entry in entries)


def test_every_rule_has_the_fields_term_and_is_printed_in_plain_words() -> None:
    lists = json.loads(resources.files("rag").joinpath(FILE).read_text(encoding="utf-8"))
    assert all(rule["term"] and rule["why"] for rule in lists.values())
    assert set(RULES) | scrutiny.FRAMING == set(scrutiny.RULES)


def test_anonymous_sources_are_no_named_speaker() -> None:
    assert found("Two insiders have said the plan was disastrous.") == [("loaded", "disastrous")]
    assert not found("The media regulator said the plan was disastrous.")


def test_the_error_that_is_printed_is_the_one_that_was_measured() -> None:
    results = Path(__file__).parent.parent / "benchmarks" / "results" / "neutrality.md"
    table = results.read_text(encoding="utf-8")
    score = re.search(r"any concern +(0\.\d+)", table)
    size = re.search(rf"{ACCURACY.data}: (\d+) sentences", table)
    error = re.search(r"misses (\d+)% of biased, flags (\d+)% of others", table)
    assert score
    assert size
    assert error
    assert (score[1], size[1]) == (f"{ACCURACY.macro_f1:.3f}", str(ACCURACY.sentences))
    assert error.groups() == (f"{100 * ACCURACY.missed:.0f}", f"{100 * ACCURACY.flagged:.0f}")


def test_the_error_that_is_printed_is_the_one_of_these_rules(bench: Path) -> None:
    rows = [
        row for row in loaders.babe(bench) if int(md5(row.text.encode(), usedforsecurity=False).hexdigest(), 16) % 2
    ]
    biased, other = ([bool(concerns(row.text)) for row in rows if row.biased is label] for label in (True, False))
    assert len(rows) == ACCURACY.sentences
    assert 1 - sum(biased) / len(biased) == pytest.approx(ACCURACY.missed, abs=0.0005)
    assert sum(other) / len(other) == pytest.approx(ACCURACY.flagged, abs=0.0005)


@pytest.mark.parametrize(("part", "missed", "flagged"), [("dev", 4, 1), ("second", 1, 1)])
def test_invented_sentences_are_told_from_plain_ones_with_the_same_words(part: str, missed: int, flagged: int) -> None:
    """Written before the idioms were: 38 of 48 and 14 of 18 were missed, 4 and 3 plain ones flagged.

    The idioms were made on ``dev``; ``second`` then missed 10 and flagged 1, and was mended as well.
    """
    listed = json.loads((Path(__file__).parent / "wordings.json").read_text(encoding="utf-8"))[part]
    assert [text for text in listed["loaded"] if not concerns(text)][missed:] == []
    assert [text for text in listed["plain"] if concerns(text)][flagged:] == []


def test_an_idiom_is_told_in_its_own_words_and_by_its_own_rule() -> None:
    assert found("The bank owned up to the errors.") == [("factive", "owned up to")]
    assert found("The mayor rammed the budget through the council.") == [("judgement", "rammed the budget through")]
    assert not found("Ruiz said the chain had secretly paid the hackers.")
