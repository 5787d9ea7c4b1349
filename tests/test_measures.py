"""What desks keep a running count of: the fire that grew, and what is another fire's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from news import article, evidence

from rag.clash import Clash, Kind
from rag.conflicts import clashes
from rag.figures import figures
from rag.measures import measure
from rag.scopes import parts
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
        ("It had maximum sustained wind speeds of 145 mph and higher gusts.", "wind mph"),
        ("The agency is short about 3,000 controllers.", "short controllers"),
        # what is no count of now
        ("None of the fires are 100% contained.", ""),
        ("The fire could burn 20,000 acres.", ""),
        ("A depression is named once its sustained winds reach 39 mph.", ""),
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


STORM = "Storm Ilka kills dozens"


@pytest.mark.parametrize(
    ("one", "two"),
    [
        pytest.param(
            "Some 19,283 people were evacuated from their homes in the province of Ost.",
            "Crews have evacuated 1,000 people from Varn since Ilka struck the island.",
            id="another place",
        ),
        pytest.param(
            "More than 500 people have been rescued in Ferl and Ost counties.",
            "More than 1,100 people have been rescued from southern Mareland.",
            id="counties and the country",
        ),
        pytest.param(
            "The storm could reach Category 4, which means sustained winds from 130 mph to 156 mph.",
            "Ilka has sustained winds of 140 mph, the centre said.",
            id="a range",
        ),
        pytest.param(
            "That number had risen to 180,000 customers without power.",
            "About 400,573 customers in Mareland were without power.",
            id="whose number it was is said before",
        ),
        pytest.param(
            "Harl Dun won the seat with 56% of the precincts reporting.",
            "Ana Ruiz leads Tom Sorn with 92% of the votes counted.",
            id="another race",
        ),
        pytest.param(
            "The guard rescued 68 people on Thursday.",
            "The guard rescued 90 people on Friday.",
            id="each day",
        ),
        pytest.param(
            "Over 1.2 million people remained without power in Mareland.",
            "Ilka flooded Mareland, leaving more than 2 million people without power.",
            id="those left and all that ever were",
        ),
        pytest.param(
            "Some 295 firefighters battle the fire.", "Nearly 300 firefighters battle the fire.", id="the same, rounded"
        ),
        pytest.param(
            "Crews have resolved 1.6 million outages in Mareland.",
            "Crews have repaired 1.2 million outages in Mareland.",
            id="what was mended",
        ),
        pytest.param(
            "Winds made the fire expand 500 acres overnight.",
            "The fire has burned 8,500 acres.",
            id="how much it grew",
        ),
    ],
)
def test_counts_of_two_places_days_or_things_are_none(one: str, two: str) -> None:
    assert found(report(one, headline=STORM), report(two, 1, "Echo", STORM)) == []


@pytest.mark.parametrize(
    ("one", "two", "values"),
    [
        pytest.param(
            "The Fell Fire stood at 13% containment.",
            "The Moor Fire is out. The Fell Fire has spread to the hills. The fire was 33% contained on Monday.",
            ("13%", "33%"),
            id="the fire named last",
        ),
        pytest.param(
            "As of Saturday, 1,000 people had been rescued along Mareland's coast.",
            "More than 1,100 people have been rescued from southern Mareland since Ilka struck.",
            ("1,000", "1,100"),
            id="one place in two wordings",
        ),
        pytest.param(
            "Police arrested 12 people at the march in Varn.",
            "Police have arrested 17 people at the march in Varn.",
            ("12", "17"),
            id="arrests of one place",
        ),
        pytest.param(
            "Five wildfires have burned more than 36,000 acres in Ost County.",
            "The Fell and Moor fires have burned over 40,000 acres in Ost County.",
            ("36,000", "40,000"),
            id="several fires together",
        ),
    ],
)
def test_a_count_of_one_place_or_fire_goes_on(one: str, two: str, values: tuple[str, str]) -> None:
    assert found(report(one, headline=STORM), report(two, 1, "Echo", STORM)) == [(Kind.UPDATE, *values)]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        pytest.param(
            "In southern Mareland, at least 15 people have died in the storm.",
            "Ilka pummelled Vessland on Tuesday, leaving at least 18 people dead.",
            id="two countries",
        ),
        pytest.param(
            "The death toll in Ost County rose to 34.",
            "The nationwide death toll from Ilka climbed to 49, with 27 of those deaths in Ost County.",
            id="one county and all",
        ),
        pytest.param(
            "South Mareland reported 46 deaths.",
            "The storm's death toll in North Mareland reached 115.",
            id="who counts his own",
        ),
        pytest.param(
            "Ilka left at least 20 people dead in Varn.",
            "Ilka has killed at least 62 people across several states.",
            id="a town and several states",
        ),
        pytest.param(
            "At least 45 people were killed in a missile attack on the port of Varn.",
            "Some 64 people were killed when two trains met in Varn, officials said.",
            id="another event",
        ),
        pytest.param(
            "The Fell Fire has killed at least eight people.",
            "The wildfires have killed at least 25 people, officials said.",
            id="one fire and all",
        ),
        pytest.param(
            "The number of dead rose to 81, officials said.",
            "Ilka: families mourn as crews search for more than 170 victims",
            id="those who are sought",
        ),
    ],
)
def test_the_dead_of_two_places_or_events_are_none(one: str, two: str) -> None:
    assert found(report(one, headline=STORM), report(two, 1, "Echo", STORM)) == []


@pytest.mark.parametrize(
    ("one", "two"),
    [
        pytest.param(
            "All three of the dead were over 70, the clinic in Varn said.",
            "The outbreak in Varn has killed 90 people, the clinic said.",
            id="how old they were",
        ),
        pytest.param(
            "Influenza kills some 10,000 people a year in Mareland, the ministry said.",
            "Influenza has killed 14,000 people in Mareland, the ministry said.",
            id="each year",
        ),
        pytest.param(
            "Influenza has killed 9,300 people in Mareland, the ministry said.",
            "Covid has killed 12,000 people in Mareland, the ministry said.",
            id="another disease",
        ),
        pytest.param(
            "Pellon will close 87 more shops in Mareland, it said.",
            "Pellon will close 150 more shops in Mareland, it said.",
            id="more than were closed before",
        ),
        pytest.param(
            "Crude oil has risen about $15 per barrel since Pellon's strike began.",
            "Crude oil closed at $119 per barrel after Pellon's strike began.",
            id="a change and a level",
        ),
        pytest.param(
            "The national average price of diesel is $4.88 a gallon, the motor club said.",
            "The national average price of petrol is $4.32 a gallon, the motor club said.",
            id="another fuel",
        ),
        pytest.param(
            "Get the Pellon wool coat in Varn for $90 (save $10)",
            "Get the Pellon wool coat in Varn for $99",
            id="what shops ask",
        ),
        pytest.param(
            "Some 15 children of Ost County lay in the chapel, Sheriff Lars Holm said.",
            "Some 13 children of Ost County lay unidentified in the chapel, Sheriff Lars Holm said.",
            id="all of them and those without a name",
        ),
        pytest.param(
            "In Varn the temperature reached 43.2 degrees. Ferl set its own record of 41.1 degrees, the office said.",
            "The office said more on Monday.",
            id="a record is no rival count",
        ),
    ],
)
def test_figures_of_two_kinds_are_none(one: str, two: str) -> None:
    assert found(report(one), report(two, 1, "Echo")) == []


@pytest.mark.parametrize("part", ["Ferl County", "Ferl Province", "Ferl district", "Ferl Island"])
def test_a_part_is_the_one_of_its_kind_named_before(part: str) -> None:
    kind = part.split()[1].lower()
    *_, last = evidence(article(f"Storms struck Ost. {part} fell dark. In all the {kind} has lost 20 people."))

    assert parts(figures(last)[0]) == {"Ferl"}


def test_the_day_told_later_is_no_earlier_day() -> None:
    saturday = report("By Saturday the storm Ilka had maximum sustained winds of 25 mph, the storm centre said.")
    friday = report("On Friday the storm Ilka had maximum sustained winds of 50 mph, the storm centre said.", 2, "Echo")

    assert found(saturday, friday) == []


def test_what_a_text_compares_is_shown_by_the_same_figure_of_the_same_thing() -> None:
    forecast = report("Ilka is forecast to pass Varn with winds of 100 mph in the morning.", headline=STORM)
    county = report("Ilka's surge was 12 feet at Varn. In Ost County 12 people died.", 1, "Mail", STORM)
    moved = report("Twenty-four people died in Ost County, up from 12.", 2, "Echo", STORM)
    fell = report("Ilka weakened, its sustained winds dropping from 100 to 90 mph.", 2, "Echo", STORM)

    assert found(county, moved) == [(Kind.UPDATE, "12", "Twenty-four")]
    assert found(forecast, fell) == []


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        # the figure that another text compares itself with is of another thing
        ("Entry by motorcycle will increase to $30 on Monday.", "Veldt will raise its weekly pass from $30 to $35."),
        ("Another 7% are not sure.", "The share against Ruiz has more than doubled, from 7% to 18%."),
        (
            "Leading 3-2, they were sent off by officials.",
            "A dive that earned her 31 points dropped Ruiz from 3 to 14.",
        ),
        # of another year
        (
            "In 1987, more than 20 people were killed in winds at Veldt.",
            "The winds of 1987 killed at least 22 people at Veldt.",
        ),
        # of one station, and of all
        ("At the Fuelmart in Madder regular gas was $3.16 a gallon.", "A gallon of regular gas now stands at $4.17."),
        # of all, and of one people
        (
            "More than 1,900 people have died since the raid.",
            "The Veldtian death toll since the raid climbed to 2,670.",
        ),
        # told to leave another fire
        ("At least 40 people were evacuated by bus on Monday.", "Over 1,070 people were evacuated from flooded farms."),
        # of nobody named
        (
            "No arrests have been made in the burglary, police say.",
            "Police arrested a man in the burglary case over a fence.",
        ),
    ],
)
def test_nothing_is_overtaken_by_what_is_of_another_thing(older: str, newer: str) -> None:
    assert found(report(older), report(newer, 1, "Echo")) == []


@pytest.mark.parametrize(
    ("older", "newer", "values"),
    [
        (
            "A poll of the Echo showed Ruiz was viewed favourably by 91% of Veldt members.",
            "She is viewed favourably by 80% of Veldt members, down from 91% in the autumn.",
            ("91%", "80%"),
        ),
        (
            "At least 31 people died in Erlen County as the storm buried Veldt.",
            "The storm's death toll has risen to 37 in Erlen County, which was days ago out of reach of crews.",
            ("31", "37"),
        ),
        (
            "The national average for regular gas was $4.00 a gallon on Sunday.",
            "The national average for regular gas rose to $4.17 a gallon, according to AAA.",
            ("$4.00", "$4.17"),
        ),
        (
            "No arrests have been made at the Veldt mill.",
            "Police have arrested a man at the Veldt mill.",
            ("", "Police have arrested"),
        ),
    ],
)
def test_what_is_of_one_thing_is_overtaken(older: str, newer: str, values: tuple[str, str]) -> None:
    assert (Kind.UPDATE, *values) in found(report(older), report(newer, 1, "Echo"))
