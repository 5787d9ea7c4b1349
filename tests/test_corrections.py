"""What an outlet took back is not told as fact, and stands beside what it says is right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from news import evidence

from rag.clash import Kind
from rag.conflicts import clashes
from rag.corrections import corrections, withdrawn
from rag.digest import digest
from rag.positions import published
from rag.provenance import roots
from rag.sources import Article
from rag.stories import Group

FIRST = datetime(2026, 6, 8, 9, tzinfo=UTC)
STORY = (
    "The council leader took a 4,500-crown watch from a builder, the Lantern has learned. A receipt from the jeweller "
    "shows the gift was bought in May. Planning votes have been postponed."
)
NOTICE = (
    'In an article of June 8 under the headline "Leader took watch from builder" we reported that the council leader '
    "took a watch worth 4,500 crowns from a builder. This was incorrect.\n\nThe watch was a gift to the council's "
    "retired clerk, paid for by her colleagues. We apologise for the error."
)


def article(text: str, headline: str, hours: int = 0, *, outlet: str = "Lantern", url: str | None = None) -> Article:
    return Article(text, headline, outlet=outlet, published=FIRST + timedelta(hours=hours), url=url)


WRONG = article(STORY, "Leader took watch from builder")
RIGHT = article(NOTICE, "Correction: council leader", 30)


def withdrawn_texts(*articles: Article) -> list[str]:
    found = evidence(*articles)
    return [item.sentence.text for item in found if item.number in withdrawn(found)]


@pytest.mark.parametrize(
    ("headline", "url"),
    [
        ("Correction: council leader", None),
        ("The council leader's watch: a correction", None),
        ("Corrections and clarifications", None),
        ("The council leader's watch", "https://lantern.example/corrections/watch"),
    ],
)
def test_a_correction_is_known_by_its_headline_or_its_address(headline: str, url: str | None) -> None:
    assert "correction" in article(NOTICE, headline, url=url).labels


@pytest.mark.parametrize("headline", ["Correctional officers strike", "Course correction for the bank", "Correct"])
def test_other_headlines_are_no_corrections(headline: str) -> None:
    assert "correction" not in article(STORY, headline).labels


def test_a_figure_that_was_taken_back_is_known_in_other_words() -> None:
    assert withdrawn_texts(WRONG, RIGHT) == [STORY.split(". ", maxsplit=1)[0] + "."]


def test_a_statement_without_a_figure_is_taken_back_too() -> None:
    said = article(
        "Goalkeeper Ota Brinde was sent off for biting a steward, witnesses said. The match ended 1-1.", "Bite"
    )
    notice = article(
        "The report said that the goalkeeper Ota Brinde was sent off for biting a steward. In fact he was substituted "
        "with a sore knee.",
        "Correction: Ota Brinde",
        12,
    )

    assert withdrawn_texts(said, notice) == [said.text.split(". ")[0] + "."]


def test_another_outlet_and_a_later_article_take_nothing_back() -> None:
    elsewhere = article(STORY, "Leader took watch from builder", outlet="Post")
    later = article(STORY, "Leader took watch from builder", 60)

    assert withdrawn_texts(elsewhere, later, RIGHT) == []


def test_what_was_wrong_and_what_is_right_are_one_conflict_and_one_statement() -> None:
    found = [clash for clash in clashes(evidence(WRONG, RIGHT)) if clash.kind is Kind.CORRECTION]
    told = digest(Group((WRONG, RIGHT), roots((WRONG, RIGHT))), evidence(WRONG, RIGHT)).sections

    (one,) = found
    assert one.first.evidence.sentence.text.startswith("The council leader took")
    assert one.second.evidence.sentence.text.startswith("The watch was a gift")
    assert told["corrections"][0].text.endswith("paid for by her colleagues.")
    assert not any("4,500-crown" in s.text for section in told.values() for s in section)


def test_each_matter_of_a_notice_is_a_correction_of_its_own() -> None:
    notice = article(
        "The report said that the bridge cost 40 million crowns. In fact it cost 14 million.\n\nWe also said that the "
        "mayor opened it. It was opened by the bridge's welders.",
        "Correction: the bridge",
        12,
    )

    assert [item.sentence.text.split()[1] for item in corrections(evidence(notice))] == ["report", "also"]


def test_a_columnist_is_known_by_the_byline() -> None:
    column = Article("I like the new bridge. It has a fine arch.", "The bridge", "Ada Venn, columnist", "Lantern")

    assert "opinion" in column.labels


def test_what_is_told_in_the_first_person_is_opinion() -> None:
    letter = Article(
        "I like the new bridge. I cross it daily. In my view it is too narrow. The mayor sold the view.", "Bridge"
    )
    quoted = Article(
        "“I like it. I cross it daily. I think it is too narrow,” said Ada Venn. The bridge opened.", "Bridge"
    )
    asked = Article("Can I cross it? Can I stop on it? Do I pay? The bridge has four lanes and is free.", "Bridge")

    assert "opinion" in letter.labels
    assert "opinion" not in quoted.labels
    assert "opinion" not in asked.labels


def test_what_a_column_announces_is_not_announced() -> None:
    column = Article(
        "I shall stand on the bridge on June 12 with a bucket. The toll house will close on June 14, I hear.",
        "The bridge",
        "Ada Venn, columnist",
        "Lantern",
        FIRST,
    )
    report = article(
        "The bridge opened on Monday after two years of work, the council said. It has four lanes.", "Open"
    )
    told = digest(Group((report, column), roots((report, column))), evidence(report, column)).sections

    assert "announced" not in told


def test_what_was_taken_back_is_told_before_what_stands_instead() -> None:
    (conflict,) = published(clashes(evidence(WRONG, RIGHT)))

    assert [position.role for position in conflict.positions] == ["taken_back", "instead"]


def test_what_a_correction_says_holds_is_not_taken_back() -> None:
    notice = article(
        "Correction: we said that the bridge opened on June 1; it opened on June 2. We also said that the bridge cost "
        "4,500 crowns. We do not think that this needs to be corrected.",
        "Correction: the bridge",
        12,
    )
    told = article("The new bridge cost 4,500 crowns, the council said.", "Bridge opens")

    assert withdrawn_texts(told, notice) == []


@pytest.mark.parametrize("label", ["Correction, 9 June", "Clarification", "Corrections and clarifications"])
def test_a_notice_at_the_foot_of_a_report_is_a_correction_however_it_is_headed(label: str) -> None:
    notice = article(f"Trains ran.\n\n{label}: Monday's Post gave the riders as 140,000. It is 410,000.", "Trains")

    assert [item.sentence.n for item in corrections(evidence(notice))] == [1]


@pytest.mark.parametrize(
    ("first", "outlet", "taken"),
    [
        ("Mayor Ines Tarn ordered the lights to be cut, an aide told us.", "Lampwatch", True),
        ("Mayor Ines Tarn ordered the lights to be cut, an aide told us.", "Post", False),
        ("Lampwatch said Mayor Ines Tarn had ordered the lights to be cut.", "Post", True),
        ("The lights went out at nine.", "Lampwatch", False),
    ],
)
def test_what_its_outlet_or_speaker_took_down_is_withdrawn_whoever_tells_it(
    first: str,
    outlet: str,
    taken: bool,  # noqa: FBT001 - a column of the table
) -> None:
    before = article(first, "Lights", outlet=outlet)
    told = "Lampwatch, meanwhile, took down its report that Mayor Ines Tarn had ordered the lights to be cut."
    after = article(told, "Deal", 40)

    found = evidence(before, after)

    assert bool(withdrawn(found)) is taken
    assert [item.sentence.text for item in corrections(found)] == [told]


@pytest.mark.parametrize(
    "opening", ["CORRECTION: On Friday we", "Putting it right: On Friday we", "In a story on Friday, Lantern"]
)
def test_a_notice_under_a_report_takes_back_what_it_says_was_reported(opening: str) -> None:
    wrong = article("Ole Fenn was jailed in 2017 for possessing a shotgun, police files show.", "Who is Ole Fenn?")
    notice = article(
        f"Crowds met at noon.\n\n{opening} reported that Ole Fenn had been jailed for possessing a shotgun. That was "
        "wrong: it was another man of that name.",
        "Lanterns for Ole Fenn",
        30,
    )
    stands = article(notice.text.replace("That was wrong", "It is in the files"), "Lanterns for Ole Fenn", 30)
    unclear = article(notice.text.replace("That was wrong", "It is not clear why"), "Lanterns for Ole Fenn", 30)

    assert withdrawn_texts(wrong, notice) == [wrong.text]
    assert withdrawn_texts(wrong, stands) == []
    assert withdrawn_texts(wrong, unclear) == []


def test_a_report_whose_story_was_taken_down_loses_its_opening_too() -> None:
    text = "A grandmother died of mould at the clinic. Ida Tarn, 76, went in for a hip. The clinic opened in 1908."
    wrong = article(text, "Mould kills gran", outlet="Beacon")
    notice = article(
        "The Beacon has withdrawn its claim that Ida Tarn was killed by mould.", "Mould", 30, outlet="Post"
    )

    assert withdrawn_texts(wrong, notice) == [sentence + "." for sentence in text.rstrip(".").split(". ")[:2]]


def test_what_has_another_figure_was_not_taken_back_and_what_is_right_is_its_figure() -> None:
    first = article(
        "An explosion tore through the plant in Port Halvern, killing at least four people. It was heard for miles.",
        "Four dead in Port Halvern explosion",
    )
    live = article("Two more bodies were found in Port Halvern, which brings the number of dead to nine.", "Live", 24)
    notice = article(
        "Our live coverage on June 9 said that nine people had died in the explosion in Port Halvern. The police "
        "have since said that one person was counted twice. The number of dead was eight, not nine.",
        "Correction: explosion in Port Halvern",
        48,
    )
    assert withdrawn_texts(first, live, notice) == [live.text]
    told = [clash for clash in clashes(evidence(first, live, notice)) if clash.kind is Kind.CORRECTION]
    assert {clash.second.evidence.sentence.text for clash in told} == {"The number of dead was eight, not nine."}


FIRE = (
    "The fire in Kelbury killed 12 people on Monday, police said. It destroyed 40 homes along the harbour. The council "
    "has opened a shelter for families."
)


@pytest.mark.parametrize(
    ("notice", "taken"),
    [
        ("An earlier version of this article misspelled the name of one of the 12 people killed.", []),
        ("An earlier version of this article gave the wrong day for the fire that killed 12 people.", []),
        ("Clarification: The mayor's remarks about the fire that killed 12 people were made on Tuesday.", []),
        ("Correction: Twelve people died in the fire in Kelbury, not 14 as earlier reported.", []),
        ("Correction: This article was updated to say that 12 people died, not 14.", []),
        ("An earlier version of this article said the fire destroyed 45 homes, not 40 homes.", []),
        ("The mayor wrongly said that 12 people had died in the fire.", []),
        (
            "An earlier version of this article said that 12 people were killed. The toll is 11.",
            ["The fire in Kelbury"],
        ),
        ("Correction: An earlier report misstated the number of homes. It was 41, not 40.", ["It destroyed 40"]),
        ("We incorrectly reported that the fire destroyed 40 homes.", ["It destroyed 40"]),
    ],
)
def test_only_the_figure_that_was_wrong_is_taken_back(notice: str, taken: list[str]) -> None:
    told = withdrawn_texts(article(f"{FIRE}\n\n{notice}", "Fire in Kelbury"))
    assert [text[: len(start)] for text, start in zip(told, taken, strict=True)] == taken


def test_the_headline_that_a_notice_names_takes_no_figure_back() -> None:
    story = article(
        "Three workers were killed in the silo. The union had warned of dust twice.", "Three killed in silo"
    )
    notice = article(
        "Correction: An earlier version of our report “Three killed in silo” said the union had warned of dust twice. "
        "It warned once.",
        "Correction: silo",
        6,
    )
    assert withdrawn_texts(story, notice) == ["The union had warned of dust twice."]
