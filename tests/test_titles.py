"""The title of a story is the headline that is closest to what its reports are all about."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from news import reports

from rag import Newsroom
from rag.provenance import roots
from rag.sources import Article
from rag.stories import Group
from rag.titles import title

FIRST = datetime(2026, 3, 3, 9, tzinfo=UTC)
TEXT = (
    "A crane fell on a warehouse on the east quay on Tuesday, killing two people, the coastguard said. The crane was "
    "built in 1974 and had been due for repairs. The port is to reopen on Thursday, and Dockside Lifting said it had "
    "stopped work at 4 sites until each of its cranes was inspected by the board."
)


def report(headline: str | None, text: str = TEXT, hours: int = 0, *, labels: tuple[str, ...] = ()) -> Article:
    return Article(
        text,
        headline=headline,
        outlet=f"Paper {hours}",
        published=FIRST + timedelta(hours=hours),
        url=f"https://paper.example/{hours}",
        labels=labels,
    )


def titled(*articles: Article) -> str:
    return title(reports(Group(articles, roots(articles))))


def test_it_is_the_headline_that_shares_most_with_all_reports() -> None:
    wire = report("Crane falls on warehouse on east quay, two dead")
    trade = report("Shares slide after accident", "Shares of the owner of the crane on the east quay fell 4%.", 3)
    union = report("Union wants answers", "The crane on the east quay had been due for repairs, the union said.", 6)

    assert titled(wire, trade, union) == wire.headline


def test_a_correction_an_opinion_and_a_copy_give_no_title_while_there_is_another() -> None:
    wire = report("Crane falls")
    notice = report(
        "Correction: crane falls on warehouse on east quay",
        "Correction: the crane on the east quay was built in 1974.",
        2,
        labels=("correction",),
    )
    copy = report("Crane falls on warehouse on east quay", hours=3)

    assert titled(wire, notice, copy) == "Crane falls"
    assert titled(notice) == notice.headline


def test_a_headline_with_a_toll_gives_way_to_one_with_the_latest_toll() -> None:
    wire = report("Crane falls on warehouse on east quay, two dead")
    later = report("Toll of crane fall rises to five", "Five people have died, the hospital said.", 9)
    trade = report("Shares slide after accident", "Shares of the owner of the crane fell 4%.", 12)

    assert titled(wire, later, trade) == later.headline
    assert titled(wire, trade) == wire.headline, "nobody has a later one"


def test_the_sixth_victim_makes_six() -> None:
    wire = report("Crane falls on warehouse on east quay, five dead")
    later = report("Sixth person dies after crane falls on east quay", "A sixth person has died of the crane fall.", 9)

    assert titled(wire, later) == later.headline


@pytest.mark.parametrize(
    "headline",
    [
        "How a crane falls on a warehouse",
        "What we know about the crane and the warehouse on the east quay",
        "Did the crane on the east quay have to fall?",
        "Crane on east quay explained",
        "Here’s why the crane fell on the warehouse on the east quay",
        "Crane on east quay: five things neighbours should do",
        "Crane falls on warehouse on the east ...",
    ],
)
def test_a_piece_that_explains_or_a_headline_that_was_cut_off_gives_no_title(headline: str) -> None:
    wire = report("Crane falls")
    other = report(headline, hours=3)

    assert titled(wire, report(headline, f"{TEXT} It was built by Dockside.", 3)) == "Crane falls"
    assert titled(other) == headline


def test_a_body_and_a_name_are_no_question() -> None:
    who = report("WHO declares crane emergency on the east quay")
    assert titled(who, report("Shares slide after accident", "Shares of the owner fell 4%.", 3)) == who.headline


def test_the_newest_day_gives_the_title_without_its_site_and_an_address_gives_none() -> None:
    wire = report("Court closes swimming pool of Northby")
    told = "A court in Northby ordered the swimming pool opened again, and the council said that it would appeal."
    later = report("Court opens swimming pool of Northby | The Week ...", told, 48)
    slug = report("court opens swimming pool northby", told, 48)

    assert titled(wire, later) == "Court opens swimming pool of Northby"
    assert titled(wire, slug) == wire.headline


def test_a_headline_without_a_toll_stays_whatever_the_toll_is() -> None:
    wire = report("Crane falls on warehouse on east quay")
    later = report("Toll of crane fall rises to five", "Five people have died, the hospital said.", 9)

    assert titled(wire, later) == wire.headline


def test_a_story_without_headlines_has_no_title() -> None:
    assert titled(report(None)) == ""


def test_a_list_of_stories_and_a_briefing_title_the_same_story_alike(tmp_path: Path) -> None:
    seeds = Path(__file__).resolve().parent.parent / "seeds"
    with Newsroom.open(tmp_path) as room:
        room.add(seeds)
        listed = {outline.id: outline.headline for outline in room.stories()}
        told = [*room.brief(words=400, stories=5).stories, *room.brief("Lumarra breach", stories=1).stories]
        told += room.brief(story=told[0].id).stories

    assert len({story.id for story in told}) > 3
    assert [(story.id, story.headline) for story in told] == [(story.id, listed[story.id]) for story in told]


@pytest.mark.parametrize("headline", ["Crane falls: live updates, Thursday", "Crane on the east quay, live"])
def test_a_live_page_gives_no_title(headline: str) -> None:
    assert titled(report("Two die"), report(headline, f"{TEXT} It was built by Dockside.", 3)) == "Two die"
