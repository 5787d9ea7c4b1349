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
        "CIUDAD ACUÑA, Mexico — ",
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


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Northline Electric first said the line had been off.", "Northline Electric"),
        ("Smith has since said he was wrong.", "Smith"),
        ("The ministry initially said nobody was hurt.", "The ministry"),
        ("The family said no.", "The family"),
        ("Two of them were well, said its medical director, Dr. Ines Kovar.", "its medical director, Dr. Ines Kovar"),
        ("Sen. Ted Cruz (R-Texas) said the bill would cost 4,000 jobs.", "Sen. Ted Cruz"),
        ("The World Health Organization (WHO) said the virus had spread.", "The World Health Organization"),
        ("Ana Ruiz – a nurse from Kelbury – said Hale lied.", "Ana Ruiz"),
        ("Ruiz killed Hale, prosecutors claim.", "prosecutors"),
        ("The dam is unsafe, the union fears.", "the union"),
        ("A jury heard that Ruiz killed Hale.", "A jury"),
        ("The court was told Ruiz killed Hale.", "The court"),
        ("Experts predict the dam will fail.", "Experts"),
    ],
)
def test_a_speaker_is_read_without_what_stands_around_the_name(text: str, speaker: str) -> None:
    assert [speech.speaker for speech in speeches(text)] == [speaker]


@pytest.mark.parametrize(
    "text",
    [
        "She slammed the door on the plan.",
        "The agency refused on Tuesday to approve the drug.",
        "The court heard the appeal of its handling of abuse claims.",
    ],
)
def test_a_deed_is_no_speech(text: str) -> None:
    assert not [speech for speech in speeches(text) if speech.verb in {"slammed", "refused", "claims"}]


def test_a_relative_or_lawyer_is_not_who_they_speak_of() -> None:
    assert speeches("Ruiz's rival said no.")[0].words == {"rival"}
    assert speeches("A lawyer for Hale said no.")[0].words == {"lawyer"}
    assert speeches("Macy's said no.")[0].words == {"macy"}


@pytest.mark.parametrize(
    ("text", "speaks"),
    [
        ("Poor weather added to the problems later in the week.", False),
        ("Veldt now has to contend with the best team of the country.", False),
        ("Ruiz can now add Silver Cup to her list.", False),
        ("The bank added 300 jobs in March.", False),
        ("Ruiz added Tuesday that the ship was late.", True),
        ("Ruiz added to reporters that it was late.", True),
        ("The officials added Boris Lind was fine.", True),
        ("He added 12 people were missing.", True),
    ],
)
def test_who_adds_a_thing_or_contends_with_it_says_nothing(text: str, *, speaks: bool) -> None:
    assert bool(speeches(text)) is speaks
