"""A length shared among stories."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import Newsroom
from rag.answers import BESIDES, Briefing, Story
from rag.settings import Settings
from rag.shares import FULL, LEAST, share

stories = st.lists(st.tuples(st.integers(1, 12), st.integers(5, 900)), min_size=1, max_size=8)
"""Of each story the number of its sources, and how many words there are to tell."""


def told(rows: list[tuple[int, int]], words: int) -> list[int]:
    shares = share([weight for weight, _ in rows], words, lambda place, length: min(length, rows[place][1]))
    return [min(length, material) for length, (_, material) in zip(shares, rows, strict=True)]


@given(stories, st.integers(0, 2_000))
def test_a_length_is_filled_where_there_is_material(rows: list[tuple[int, int]], more: int) -> None:
    words = LEAST * len(rows) + more

    filled = sum(told(rows, words))

    material = sum(material for _, material in rows)
    assert filled >= min(FULL * words - len(rows), FULL * material)


@given(stories, st.integers(0, 2_000), st.integers(0, 2_000))
def test_more_words_tell_no_less_of_any_story(rows: list[tuple[int, int]], more: int, further: int) -> None:
    words = LEAST * len(rows) + more

    less, greater = told(rows, words), told(rows, words + further)

    assert all(after >= before - 1 for before, after in zip(less, greater, strict=True))


def test_what_a_thin_story_cannot_fill_goes_to_the_others_by_their_sources() -> None:
    rows = [(4, 900), (2, 900), (3, 30)]

    assert told(rows, 630) == [380, 220, 30]


def test_words_over_are_nobodys_where_no_story_has_more() -> None:
    assert told([(1, 20), (1, 30)], 300) == [20, 30]


@pytest.fixture(scope="module")
def room(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Newsroom:
    room = Newsroom(Settings(archive=tmp_path_factory.mktemp("shares")))
    room.add(seeds)
    return room


def account(story: Story) -> int:
    told = (claim for section in story.sections if section.kind not in BESIDES for claim in section.claims)
    return sum(len(claim.text.split()) for claim in told)


TOPICS = (None, "ferry Tarrow", "hospital", "police")


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("words", [60, 100, 150, 300, 600])
def test_a_briefing_fills_its_length(room: Newsroom, topic: str | None, words: int) -> None:
    told = sum(map(account, room.brief(topic, words=words).stories))

    assert FULL * words <= told <= words


@pytest.mark.parametrize("topic", TOPICS)
def test_with_the_same_stories_more_words_tell_more_of_each(room: Newsroom, topic: str | None) -> None:
    briefings = [room.brief(topic, words=words, stories=2) for words in (150, 300, 600, 1_000)]

    told = [{story.id: account(story) for story in briefing.stories} for briefing in briefings]
    assert len({frozenset(each) for each in told}) == 1
    assert all(less[story] <= more[story] for less, more in pairwise(told) for story in less)


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("words", [80, 300, 1_000])
def test_every_sentence_is_told_or_stands_beside_or_is_left_out_for_a_reason(
    room: Newsroom, words: int, *, strict: bool
) -> None:
    briefing = room.brief("ferry Tarrow", words=words, strict=strict)

    (story,) = briefing.stories
    claims = [claim for section in story.sections for claim in section.claims]
    shown = {citation.sentence.id for claim in claims for citation in claim.citations}
    shown |= {side.citation.sentence.id for conflict in story.conflicts for side in conflict.positions}
    unprinted = [sentence for ids in story.unprinted.values() for sentence in ids]
    articles = [article for source in story.sources for article in source.articles]
    read = {sentence.id for article in articles for sentence in room.sentences(room.article(article))}
    assert len(unprinted) == len({*unprinted})
    assert not shown & {*unprinted}
    assert shown | {*unprinted} == read
    assert Briefing.from_dict(briefing.to_dict()) == briefing
