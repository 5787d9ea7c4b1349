"""Pictures: what is drawn is what is in the values, in our style whatever the user's."""

# pyright: reportUnknownMemberType=false

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from matplotlib import style

from rag import charts
from rag.answers import Story
from rag.claims import Citation, Conflict, Position, Source
from rag.errors import UsageError
from rag.neutrality import RULES
from rag.sentences import split
from rag.sources import Article, Sentence

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PLAIN = "The bridge was closed on Monday."
COLOURED = "Clearly, the disastrous bridge was closed on Monday."


def article(outlet: str | None, day: int | None, text: str = PLAIN) -> Article:
    published = datetime(2026, 3, day, 9, tzinfo=UTC) if day else None
    return Article(text, outlet=outlet, published=published, url=f"https://{outlet}.example/{day}")


def position(value: str, outlet: str, day: int | None, speaker: str = "") -> Position:
    text = f"There were {value} of them."
    source = article(outlet, day, text)
    ((start, end),) = split(text)
    return Position(value, speaker, Citation.of(Sentence(source.id, source.version, 0, start, end, text), source))


def story(*sources: tuple[Article, ...]) -> Story:
    made = tuple(
        Source(group[0].id, tuple(one.outlet or "" for one in group), tuple(one.id for one in group))
        for group in sources
    )
    return Story("s", "Bridge closed", (), made)


def labels(figure: Figure) -> list[str]:
    return [label.get_text() for label in figure.axes[0].get_yticklabels()]


def words(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.axes[0].texts]


def png(figure: Figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()


def test_each_origin_has_a_full_mark_and_each_copy_a_hollow_one() -> None:
    wire, copy, other = article("Wire", 3), article("Gazette", 4), article("Tide", 5)
    figure = charts.reports(story((wire, copy), (other,)), [wire, copy, other])
    assert labels(figure) == ["Wire", "Gazette", "Tide"]
    faces = [line.get_markerfacecolor() for line in figure.axes[0].lines if line.get_marker() in charts.MARKERS]
    assert [face == charts.PAPER for face in faces] == [False, True, False]


def test_an_article_without_a_date_is_named_and_without_any_date_nothing_is_drawn() -> None:
    wire, undated = article("Wire", 3), article(None, None)
    figure = charts.reports(story((wire,), (undated,)), [wire, undated])
    assert "1 without a date" in figure.axes[0].get_xlabel()
    with pytest.raises(UsageError, match="has a date"):
        charts.reports(story((undated,)), [undated])


def test_a_figure_has_a_row_in_order_of_first_publication_with_those_who_say_it() -> None:
    first = Conflict("update", "dead", (position("two", "Wire", 3, "the coastguard"), position("four", "Gazette", 5)))
    second = Conflict("correction", "dead", (position("Eleven", "Brazier", 4), position("four", "Gazette", 5)))
    figure = charts.figures([first, second], "The toll")
    assert labels(figure) == ["two", "eleven", "four"]
    assert words(figure) == ["the coastguard (Wire)", "Brazier", "Gazette"]
    with pytest.raises(UsageError, match="no figure"):
        charts.figures([Conflict("update", "dead", (position("two", "Wire", None),))], "The toll")


def test_wording_is_counted_by_group_and_the_most_coloured_stands_on_top() -> None:
    figure = charts.wording({"coloured": [COLOURED], "plain": [PLAIN]}, ours="plain")
    assert labels(figure) == ["plain", "coloured"]
    assert words(figure)[0] == "0"
    assert int(words(figure)[1]) >= 2
    assert [label.get_fontweight() for label in figure.axes[0].get_yticklabels()] == ["bold", "normal"]


def test_no_two_rules_look_alike() -> None:
    looks = {
        (number % len(charts.COLOURS), (number + number // len(charts.COLOURS)) % len(charts.HATCHES))
        for number in range(len(RULES))
    }
    assert len(looks) == len(RULES)


def test_a_dark_style_of_the_user_changes_nothing() -> None:
    texts = {"coloured": [COLOURED], "plain": [PLAIN]}
    ours = png(charts.wording(texts))
    with style.context("dark_background"):
        assert png(charts.wording(texts)) == ours
