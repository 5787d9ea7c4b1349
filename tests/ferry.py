"""Three reports of a ferry that hit a pier, from three outlets on three days."""

from __future__ import annotations

from datetime import UTC, datetime

from rag.sources import Article

TOPIC = "harbour ferry"


def report(text: str, day: int, outlet: str, *, headline: str = "Harbour ferry") -> Article:
    return Article(
        text,
        headline=headline,
        outlet=outlet,
        published=datetime(2026, 3, day, 9, tzinfo=UTC),
        url=f"https://{outlet.lower().replace(' ', '')}.example/{day}",
    )


FIRST = report("The harbour ferry hit the pier at Quay Nine, killing two people, the coastguard said.", 3, "Post")
GULLS = report(
    "A harbour ferry captain blamed the gulls for the crash, according to the union Deckhands United.",
    4,
    "Secret Gazette",
    headline="Captain of the harbour ferry blames gulls",
)
HEARING = report("A hearing on the harbour ferry opens in April, the board said on Thursday.", 5, "Free Tide")
