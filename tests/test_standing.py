"""Which sentences can be read alone."""

from __future__ import annotations

import pytest

from rag.standing import leans


@pytest.mark.parametrize(
    "text",
    [
        "Fourteen were rejected because they were not signed.",
        "Thirty-two more were hurt on the lower deck.",
        "The office said on Friday that it had received no such report.",
        "She denied this.",
    ],
)
def test_a_sentence_that_points_at_another_needs_it(text: str) -> None:
    assert leans(text)


@pytest.mark.parametrize(
    "text",
    [
        "Four people died, according to the hospital.",
        "Eleven members of the council voted for the plan.",
        "City engineers have closed the bridge.",
    ],
)
def test_a_sentence_that_names_what_it_counts_stands_alone(text: str) -> None:
    assert not leans(text)
