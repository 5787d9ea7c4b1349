"""Copies and events."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.provenance import copies, near, roots, signature
from rag.sources import Article
from rag.stories import Item, gathered, group, same_event

WIRE = (
    "HARBOUR CITY, March 3 (North Wire) — A crane fell on a warehouse on the east quay on Tuesday morning, killing two "
    "people and blocking the only road to the container terminal, the fire department said.\n\n"
    "The crane, which was built in 1974, had been due for repairs in April. Its operator, Dockside Lifting, said it "
    "had suspended work at all four of its sites. Forty workers were sent home on pay.\n\n"
    '"We heard a sound like a train," said Lena Osei, who drives a forklift. "Then there was dust, and then nobody '
    'said a word for a long time."\n\n'
    "The harbour authority opened an inquiry and asked for the crane's inspection records. The terminal is to "
    "reopen on Thursday, the authority said."
)
OTHER = (
    "The city council voted on Monday to close three libraries and to shorten the opening hours of five others. "
    "Readers who had waited outside since noon shouted from the gallery. The mayor said that the decision would save "
    "four million a year and that nobody would lose a job. A petition against it has been signed by nine thousand "
    "people so far, and the reading clubs of the east side want to take the matter to court before the summer."
)
FIRST = datetime(2026, 3, 3, 9, tzinfo=UTC)


def report(text: str, *, outlet: str = "Post", hours: int | None = 0, headline: str | None = None) -> Article:
    published = FIRST + timedelta(hours=hours) if hours is not None else None
    url = f"https://{outlet.lower().replace(' ', '')}.example/{hours}"
    return Article(text, outlet=outlet, published=published, url=url, headline=headline)


def paragraphs(*places: int) -> str:
    parts = WIRE.split("\n\n")
    return "\n\n".join(parts[place] for place in places)


def test_a_report_that_another_outlet_prints_has_the_agency_as_its_root() -> None:
    wire, local = report(WIRE, outlet="North Wire", hours=0), report(WIRE, outlet="Gazette", hours=1)

    assert roots([local, wire]) == {wire.id: wire.id, local.id: wire.id}


def test_a_shortened_report_with_a_paragraph_of_its_own_is_still_a_copy() -> None:
    wire = report(WIRE, outlet="North Wire")
    local = report(
        paragraphs(0, 1, 2) + "\n\nShares in Dockside Lifting fell by a tenth before noon.", outlet="Ledger", hours=2
    )

    assert roots([wire, local])[local.id] == wire.id


def test_an_agency_that_is_credited_is_the_root_even_if_its_own_date_is_unknown() -> None:
    wire, local = report(WIRE, outlet="North Wire", hours=None), report(WIRE, outlet="Gazette", hours=0)

    assert roots([wire, local])[local.id] == wire.id


def test_without_an_agency_the_earliest_is_the_root_and_an_undated_copy_never() -> None:
    text = WIRE.replace(" (North Wire)", "")
    late, undated, early = (report(text, outlet=o, hours=h) for o, h in (("A", 5), ("B", None), ("C", 1)))

    assert set(roots([late, undated, early]).values()) == {early.id}


def test_two_reports_that_share_one_quotation_are_no_copies() -> None:
    quoted = paragraphs(2) + " " + OTHER

    assert not copies(WIRE, quoted)


def test_a_signature_finds_its_copy_among_strangers() -> None:
    strangers = [signature(OTHER), signature(OTHER[200:]), signature(paragraphs(0, 1, 3))]

    assert near(signature(WIRE), strangers) == [2]
    assert near(signature(WIRE), []) == []


@settings(max_examples=30, deadline=None)
@given(st.text(min_size=1, max_size=300).filter(lambda text: bool(text.strip())))
def test_every_text_is_nearest_to_itself(text: str) -> None:
    assert near(signature(text), [signature(OTHER), signature(text)])[0] in {0, 1}
    assert 1 in near(signature(text), [signature(OTHER), signature(text)])


def vectors(*angles: float) -> np.ndarray:
    return np.array([[np.cos(angle), np.sin(angle)] for angle in angles], dtype=np.float32)


def test_reports_of_one_event_make_one_story_and_copies_count_once() -> None:
    wire, local = report(WIRE, outlet="North Wire"), report(WIRE, outlet="Gazette", hours=1)
    own = report(
        "A crane built in 1974 fell on a warehouse on the east quay and killed two people. " + paragraphs(3),
        outlet="Echo",
        hours=3,
    )
    library = report(OTHER, outlet="Echo", hours=4)

    stories = group([library, own, local, wire], vectors(1.5, 0.1, 0.0, 0.0))

    assert [[a.outlet for a in story.articles] for story in stories] == [["North Wire", "Gazette", "Echo"], ["Echo"]]
    assert [source.outlets for source in stories[0].sources] == [("North Wire", "Gazette"), ("Echo",)]


def test_the_same_words_a_year_later_are_another_story() -> None:
    now, later = report(OTHER), report(OTHER.replace("three", "four") + " Again.", outlet="Echo", hours=24 * 365)

    assert len(group([now, later], vectors(0.0, 0.0), {now.id: now.id, later.id: later.id})) == 2


def test_the_more_reports_there_are_the_more_it_takes_to_tell_of_one_event() -> None:
    asked = [same_event(reports) for reports in (0, 30, 60, 300, 20_000)]

    assert asked[0] == asked[1] < asked[2] < asked[3] == asked[4] < 1


def test_the_more_reports_one_event_has_the_less_it_takes_to_be_one_of_them() -> None:
    asked = [same_event(60, told) for told in (1.0, 2.0, 4.0, 8.0, 60.0)]

    assert asked == sorted(asked, reverse=True)
    assert asked[0] > asked[-1] > 0


def items(*days: float) -> list[Item]:
    return [Item(str(place), str(place), day) for place, day in enumerate(days)]


def cast(*likeness: tuple[int, float]) -> np.ndarray:
    """A row of length 1 for each report: how much it has of its event's direction; the rest is its own."""
    rows = np.zeros((len(likeness), 8 + len(likeness)), dtype=np.float32)
    for place, (event, share) in enumerate(likeness):
        rows[place, event], rows[place, 8 + place] = share, (1 - share**2) ** 0.5
    return rows


def test_a_side_report_joins_where_events_have_many_reports_and_stays_alone_where_most_have_one() -> None:
    column = (0, 0.17)  # .136 to each report of its event: less than is asked for before the archive has told
    told = [*[(0, 0.8)] * 8, column]
    often = [(event, 0.8) for event in (1, 2, 3) for _ in range(8)]
    once = [(8 + n, 0.0) for n in range(24)]
    rows = {
        name: cast(*told, *((event % 8, share) for event, share in rest))
        for name, rest in (("often", often), ("once", once))
    }

    groups = {
        name: gathered(items(*[0.0] * len(there)), there, [{1: 1.0} for _ in there]) for name, there in rows.items()
    }

    assert list(range(9)) in groups["often"]
    assert list(range(8)) in groups["once"]


def test_two_events_of_a_kind_that_several_reports_tell_stay_two_and_a_single_report_between_them_does_not() -> None:
    rows = np.zeros((6, 3), dtype=np.float32)
    rows[:3] = [0.6, 0.8, 0.0]
    rows[3:] = [0.6, 0.0, 0.8]  # .36 across, 1 within

    several = gathered(items(*[0.0] * 6), rows, [{1: 1.0} for _ in rows], alike=0.3)
    single = gathered(items(*[0.0] * 4), rows[:4], [{1: 1.0} for _ in rows[:4]], alike=0.3)

    assert several == [[0, 1, 2], [3, 4, 5]]
    assert single == [[0, 1, 2, 3]]


def test_the_order_of_articles_does_not_change_the_stories() -> None:
    articles = [
        report(WIRE, outlet="North Wire"),
        report(WIRE, outlet="Gazette", hours=1),
        report(OTHER, outlet="Echo", hours=2),
    ]
    angles = [0.0, 0.1, 1.5]
    forwards = group(articles, vectors(*angles))
    backwards = group(articles[::-1], vectors(*angles[::-1]))

    assert [story.articles for story in forwards] == [story.articles for story in backwards]


@pytest.mark.parametrize("articles", [[], [report(OTHER)]])
def test_none_and_one_article_are_grouped_as_they_are(articles: list[Article]) -> None:
    assert [list(s.articles) for s in group(articles, vectors(*[0.0] * len(articles)))] == [[a] for a in articles]
