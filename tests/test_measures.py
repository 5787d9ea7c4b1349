"""What desks keep a running count of: the fire that grew, and what is another fire's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from news import article, evidence

from rag.clash import Clash, Kind
from rag.conflicts import clashes
from rag.figures import figures
from rag.measures import measure
from rag.sources import Article


def report(text: str, day: int = 0, outlet: str = "Harbour Post", headline: str | None = None) -> Article:
    """A report of the day ``day`` after 3 March."""
    plain = article(text, outlet=outlet, headline=headline)
    assert plain.published is not None
    return Article(text=text, outlet=outlet, headline=headline, published=plain.published + timedelta(day))


def found(*reports: Article) -> list[tuple[Kind, str, str]]:
    """Each clash as its kind and two figures."""
    told: tuple[Clash, ...] = clashes(evidence(*reports))
    return [(clash.kind, clash.first.value, clash.second.value) for clash in told]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("The Fell Fire has burned more than 14,000 acres and forced thousands to leave.", "burned acre"),
        ("The 2,340-acre Fell Fire doubled in size over the weekend.", "burned acre"),
        ("The fire remained 10% contained on Sunday.", "contained"),
        ("Containment stood at 26%, the agency said.", "contained"),
        ("It destroyed at least 40 single-storey homes.", "destroyed homes"),
        ("More than 300 buildings were damaged or destroyed.", "hit structures"),
        ("Some 37,000 customers were without power across the county.", "without power customers"),
        ("Officials announced more than 150 arrests.", "arrested arrests"),
        ("The jackpot climbed to $2.04 billion on Tuesday.", "jackpot"),
        ("The lump sum for the jackpot was at $997.6 million.", "cash value"),
        ("The national average jumped to $4.87 a gallon on Monday.", "average price"),
        ("The agency is short about 3,000 controllers.", "short controllers"),
        # what is no count of now
        ("None of the fires are 100% contained.", ""),
        ("The fire could burn 20,000 acres.", ""),
        ("The jackpot is $150 million or less.", ""),
        ("The fire grew from 12,000 acres in a day.", ""),
        ("The jury found him guilty on seven of nine counts.", ""),
        ("About 20% of stations sell it below $4.50 a gallon on average.", ""),
    ],
)
def test_what_a_figure_measures(text: str, named: str) -> None:
    (item,) = evidence(article(text))

    measured = {found[1] for figure in figures(item) if (found := measure(figure)) is not None}

    assert measured == ({named} if named else set())


def test_a_count_is_overtaken_by_the_next_report_and_not_by_each() -> None:
    one = report("The Fell Fire has burned 6,555 acres, the agency said.")
    two = report("The fire has burned more than 14,000 acres near Ost.", 1, "Echo", "Fell Fire forces thousands out")
    three = report("The Fell Fire grew only slightly, to 18,532 acres.", 3, "Mail")

    assert found(one, two, three) == [(Kind.UPDATE, "6,555", "14,000"), (Kind.UPDATE, "14,000", "18,532")]


def test_what_is_mended_falls_and_what_only_grows_does_not() -> None:
    dark = report("More than 14,000 customers in Ost County were without power.")
    light = report("About 2,400 customers in Ost County are still without power.", 1, "Echo")
    rescued = report("The coastguard has rescued 850 people in central Ost.")
    part = report("At least 62 people were rescued in the county.", 1, "Echo")

    assert found(dark, light) == [(Kind.UPDATE, "14,000", "2,400")]
    assert found(rescued, part) == []


def test_another_fire_storm_or_place_is_none_of_it() -> None:
    told = report("The Fell Fire was 10% contained on Tuesday. The Moor Fire was 79% contained.", 0)
    later = report("The Fell Fire is 26% contained.", 1, "Echo")
    last_year = report("Last year more than 2.5 million acres were burned in Ost.", 0)
    now = report("The fire in Ost has burned 900,000 acres.", 1, "Echo")

    assert found(told, later) == [(Kind.UPDATE, "10%", "26%")]
    assert found(last_year, now) == []


def test_two_speakers_of_one_day_dispute_and_one_day_alone_tells_nothing() -> None:
    guard = report("Jon Hale of the guard said that 3,000 people had been evacuated.")
    mayor = report("The mayor, Ana Ruiz, said that 6,000 people had been evacuated.", 0, "Echo")
    bare = report("Some 6,000 people were evacuated.", 0, "Echo")

    assert found(guard, mayor) == [(Kind.DISPUTE, "3,000", "6,000")]
    assert found(guard, bare) == []


def test_rival_tolls_beside_each_other_are_disputed() -> None:
    text = (
        "At least 41 people were killed, according to state media. Rights groups say the death toll is as high as 76."
    )

    assert found(report(text)) == [(Kind.DISPUTE, "41", "76")]


def test_one_death_is_a_toll() -> None:
    first = report("At least one person has died in the storm off Tarrow, police said.")
    second = report("The storm off Tarrow has killed at least eight people, police said.", 1, "Echo")

    assert found(first, second) == [(Kind.UPDATE, "one", "eight")]
