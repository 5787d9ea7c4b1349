"""Who says it: quotations, speakers, verbs."""

from __future__ import annotations

import pytest

from rag.attribution import dateline, quotations, speakerless, speeches
from rag.modality import hedges


@pytest.mark.parametrize(
    ("text", "verb", "speaker"),
    [
        ("“We have to,” Trump said last Monday.", "said", "Trump"),
        ("“No,” said Mayor Ana Ruiz, who chairs the board.", "said", "Mayor Ana Ruiz"),
        ("Twelve people died, police said.", "said", "police"),
        ("According to NATO sources, the talks go on.", "according to", "NATO sources"),
        (
            "NATO correspondent Kysia Hekster noted that the allies have called for more.",
            "noted",
            "NATO correspondent Kysia Hekster",
        ),
        ("Mr. Smith, the mayor, said he was sorry.", "said", "Mr. Smith, the mayor"),
        (
            '"The board knew," the union\'s Dr. J. R. Lindqvist told the Post.',
            "told",
            "the union's Dr. J. R. Lindqvist",
        ),
        ("Ivey put it this way: “Never again.”", ":", "Ivey put it this way"),
        ("She added that the talks go on.", "added", "She"),
        ("Larkham, the largest of the shops that sold it, said the shelves were empty.", "said", "Larkham"),
        ("The guild, which speaks for bakers, said flour was dear.", "said", "The guild"),
        ("Police closed two roads and said a third would follow.", "said", "Police"),
        ("The hospital lost power and reported damage to a wing.", "reported", "The hospital"),
        (
            "Corin Foods, which owns the mill, kept its 140 workers and said that it would rebuild.",
            "said",
            "Corin Foods",
        ),
    ],
)
def test_the_speaker_and_the_verb_are_read(text: str, verb: str, speaker: str) -> None:
    found = speeches(text)
    assert [(speech.verb, speech.speaker) for speech in found] == [(verb, speaker)]


@pytest.mark.parametrize(
    "text",
    [
        "The United States will send four tanks.",
        "The strike continued on Tuesday.",
        "The report of the board was published.",
        "He was told nothing.",
        "Rutte is expected to arrive on Monday.",
        "“They said no and I said yes.”",
    ],
)
def test_what_is_not_speech_is_not_read_as_speech(text: str) -> None:
    assert speeches(text) == ()


def test_a_verb_that_judges_is_known_by_its_past_form() -> None:
    assert [speech.loaded for speech in speeches("The minister admits that it failed, and Ruiz said so.")] == [
        "admitted",
        None,
    ]


def test_quotations_are_found_with_any_marks_and_across_a_cut() -> None:
    assert [q.text for q in quotations('He said "no" and “yes”, and ‘may be’.')] == ["no", "yes", "may be"]
    assert [q.text for q in quotations("“One. Two.")] == ["One. Two."]
    assert [q.text for q in quotations("Three,” she said.")] == ["Three,"]
    assert [q.text for q in quotations('You could hear it go."')] == ["You could hear it go."]
    assert [q.text for q in quotations("The union’s ‘people’s budget’ failed.")] == ["people’s budget"]


def test_speech_without_a_speaker_is_noticed_from_its_paragraph() -> None:
    text = "A deckhand spoke.\n“One came. Two left. Three stayed,” said Farrow.\nThe end."
    assert speakerless(text, text.index("Two"), text.index(" Three"))
    assert speakerless(text, text.index("“One"), text.index(" Two"))
    assert not speakerless(text, text.index("Three"), text.index("\nThe end"))
    assert not speakerless(text, text.index("The end"))


def test_hedges_inside_a_quotation_are_the_speakers_own() -> None:
    assert hedges("It may rain, he said.") == {"may"}
    assert hedges("“It may rain,” he said.") == frozenset()


@pytest.mark.parametrize(
    "text",
    [
        "Defense Forces (DF) ground soldiers attacked early on Friday.",
        "Speaker Ana Ruiz (D-Calif.) said that she would vote.",
        "NATO – the alliance – met on Monday.",
        "COVID-19 — the disease — has spread.",
    ],
)
def test_what_only_looks_like_a_dateline_is_part_of_the_sentence(text: str) -> None:
    assert dateline(text) == 0


@pytest.mark.parametrize(
    "line",
    [
        "WASHINGTON ‒ ",
        "LOS ANGELES − ",
        "WENDLE, June 8 (North Wire) ― ",
        "WASHINGTON - ",
        "Oslo (North Wire) — ",
        "ARDLEY, May 8 (NWA) - ",
        "KELBURY, Marlshire - ",
    ],
)
def test_a_dateline_is_known_by_any_dash(line: str) -> None:
    assert dateline(f"{line}The mayor opened the bridge.") == len(line)


@pytest.mark.parametrize(
    "text",
    [
        "A federal judge denied Ruiz's bid to avoid testifying.",
        "The league opened an inquiry into its handling of abuse claims.",
        "Tuesday's alarming inflation report was the last before the vote.",
        "Officers rounded up 12 people believed to be in the country illegally.",
        "It has an alarm that should warn nurses.",
    ],
)
def test_a_ruling_a_noun_and_a_passive_are_no_speech(text: str) -> None:
    assert speeches(text) == ()


@pytest.mark.parametrize("text", ["Ruiz denied the claim.", "“It was late,” Ruiz claims.", "Ruiz believed the story."])
def test_the_same_words_are_speech_where_somebody_speaks(text: str) -> None:
    assert [speech.speaker for speech in speeches(text)] == ["Ruiz"]
