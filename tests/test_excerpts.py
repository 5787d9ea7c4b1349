"""What may be printed of a sentence that is not worded plainly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.excerpts import excerpt
from rag.neutrality import concerns

_PIECES = st.sampled_from(
    "The disgraceful horrific mayor claimed that “a disaster” — 12 ships not flatly denied clearly Ruiz . it".split()
)


def test_a_plain_sentence_is_printed_whole() -> None:
    assert excerpt("The ship was late, Ruiz said.", "late", "Ruiz") is None


@pytest.mark.parametrize(
    ("text", "value", "speaker", "parts"),
    [
        ("The mayor’s disastrous plan cost $4 million.", "$4 million", "", ("The mayor’s", "plan cost $4 million.")),
        ("Lumarra flatly denied that it had paid.", "", "Lumarra", ("Lumarra", "denied that it had paid.")),
        ("Ruiz claimed that the ship was late.", "", "Ruiz", ("the ship was late.",)),
        ("One of them, Ruiz, claimed that the ship was late.", "", "Ruiz", ("the ship was late.",)),
        ("The ship was late again, Ruiz has claimed.", "", "Ruiz", ("The ship was late again",)),
        ("“The disgraceful ship was late,” Ruiz claimed.", "", "Ruiz", ("“The disgraceful ship was late,”",)),
        ("The toll was at 12 on Monday, a horror for the town.", "12", "", ("The toll was at 12 on Monday",)),
        ("Records show 12 ships in May, more than the firm claims.", "12", "", ("Records show 12 ships in May",)),
    ],
)
def test_what_an_editor_may_leave_out_is_left_out(text: str, value: str, speaker: str, parts: tuple[str, ...]) -> None:
    assert excerpt(text, value, speaker) == parts


@pytest.mark.parametrize(
    ("text", "value", "speaker"),
    [
        ("The plan for the harbour is a disaster.", "", ""),
        ("Ruiz slammed the offer of the union as too low.", "", "Ruiz"),
        ("Ruiz falsely claimed that the ship was late.", "", "Ruiz"),
        ("Ruiz claimed that the ship was late.", "", ""),
        ("Apparently the ship was late on Monday.", "", ""),
        ("The ship was late on Monday, a disgrace if it is true.", "", ""),
        ("The cost is $18 million, he insisted, and the study is wrong.", "$18 million", ""),
        ("The ship was late on Monday, a horror that cost $4 million.", "$4 million", ""),
        ("Ilka Dorn, a night porter, had walked four miles by the time I met her.", "", ""),
        ("The mob attacked the police on Monday.", "", ""),
    ],
)
def test_what_carries_the_sentence_or_its_doubt_or_its_speaker_stays_so_that_nothing_is_printed(
    text: str, value: str, speaker: str
) -> None:
    assert excerpt(text, value, speaker) == ()


@given(st.lists(_PIECES, max_size=14).map(" ".join))
def test_parts_stand_word_for_word_in_order_and_are_plain(text: str) -> None:
    parts = excerpt(text, "", "Ruiz")
    place = 0
    for part in parts or ():
        place = text.index(part, place) + len(part)
    assert (parts is None) == (not concerns(text))
    assert not concerns(" … ".join(parts or ()))


@pytest.mark.parametrize(
    "text",
    [
        "Hale repeated the baseless allegation that Ruiz took 300 bribes in Kelbury.",
        "Hale told the debunked story that 300 people died in Kelbury.",
    ],
)
def test_what_says_that_it_is_untrue_is_not_cut_out(text: str) -> None:
    assert not excerpt(text)
