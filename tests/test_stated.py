"""What somebody plainly states, and what somebody else denies in other reports; counts that a text calls earlier."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from news import evidence

from rag.clash import Kind
from rag.conflicts import clashes
from rag.sources import Article

FIRST = datetime(2026, 3, 3, 9, tzinfo=UTC)


def found(*texts: str) -> list[tuple[Kind, str, str]]:
    articles = [
        Article(text, outlet=f"Outlet {n}", published=FIRST + timedelta(days=n), url=f"https://{n}.example/")
        for n, text in enumerate(texts)
    ]
    return [(clash.kind, clash.first.value, clash.second.value) for clash in clashes(evidence(*articles))]


@pytest.mark.parametrize(
    ("stated", "denied", "word"),
    [
        (
            "The brakes of the lift were worn, engineer Tova Lund said.",
            "Owner Piet Maas denied that the brakes of the lift were worn.",
            "denied that",
        ),
        (
            "The brewery dumped solvent into the canal, warden Iris Holt said.",
            "The brewery denied that it dumped solvent into the canal.",
            "denied that it",
        ),
        (
            "The brewery dumped solvent into the canal, warden Iris Holt said.",
            "The brewery rejected claims that it had dumped solvent into the canal.",
            "rejected claims",
        ),
    ],
)
def test_a_plain_statement_meets_the_denial_that_names_all_of_it(stated: str, denied: str, word: str) -> None:
    assert found(stated, denied) == [(Kind.DENIAL, "", word)]


def test_a_statement_with_half_of_what_is_denied_is_not_it() -> None:
    stated = "The brewery cleaned the canal on Sunday, warden Iris Holt said."

    assert found(stated, "The brewery denied that it dumped solvent into the canal.") == []


def test_what_follows_the_denial_in_its_sentence_is_not_denied() -> None:
    stated = "The club admits farmers and nurses, its porter Iris Holt said."

    assert found(stated, "Piet Maas denied that the club had strict rules and said it admits farmers and nurses.") == []


def test_a_count_that_a_text_calls_earlier_is_an_update_of_the_report_that_gave_it() -> None:
    old = "The hail that fell on Ansby on Monday broke 40 greenhouses, the growers said. Roads were white."
    new = "Hail broke 95 greenhouses in Ansby, the growers said on Thursday, raising an earlier estimate of 40."

    assert found(old, new) == [(Kind.UPDATE, "40", "95")]
