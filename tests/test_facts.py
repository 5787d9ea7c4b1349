"""Numbers, dates, times and names, by value."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.facts import days, name_keys, names, numbers, times


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("11 people", 11, ""),
        ("Eleven people", 11, ""),
        ("twenty-three people", 23, ""),
        ("1,400 jobs", 1400, ""),
        ("$3.2 million", 3_200_000, "$"),
        ("US$3.2m", 3_200_000, "$"),
        ("4.5%", "4.5", "%"),
        ("4.5 per cent", "4.5", "%"),
        ("forty percent", 40, "%"),
        ("two hundred and five thousand", 205_000, ""),
        ("a dozen boats", 12, ""),
        ("5bn", 5_000_000_000, ""),
        ("the 3rd time", 3, ""),
        ("a 12-year-old", 12, ""),
    ],
)
def test_a_quantity_is_read_however_it_is_written(text: str, value: object, unit: str) -> None:
    assert [(number.value, number.unit) for number in numbers(text)] == [(Decimal(str(value)), unit)]


def test_numbers_of_dates_and_times_are_not_quantities() -> None:
    assert numbers("At 6:40 a.m. on July 14, 2025, and at 18:30 on 3 May") == ()
    assert times("At 6:40 a.m. and at 18:30") == {400, 1110}


@pytest.mark.parametrize("text", ["July 14, 2025", "14 July 2025", "14th of July 2025", "2025-07-14", "Jul. 14, 2025"])
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    assert [(day.year, day.month, day.day) for day in days(f"It was {text} when")] == [(2025, 7, 14)]


def test_a_day_without_a_year_matches_any_year_and_no_other_day() -> None:
    (stated,) = days("on July 14")
    assert stated.matches(days("14 July 2025")[0])
    assert not stated.matches(days("15 July 2025")[0])


def test_the_modal_may_is_no_month() -> None:
    assert days("It may 5 times fail") == ()


def test_names_know_whether_they_open_a_sentence() -> None:
    found = {
        name.word: name.opens for name in names("Officials met Dr. Oona Selwick. “Never,” U.S. Secretary Rubio said.")
    }
    assert found == {"Officials": True, "Dr": False, "Oona": False, "Selwick": False, "Never": True, "U.S": True,
                     "Secretary": False, "Rubio": False}  # fmt: skip


def test_short_and_long_names_are_one() -> None:
    assert {"us", "eu", "selwick"} <= name_keys("The United States and the European Union heard Selwick’s report")
    assert "msb" in name_keys("the Marine Safety Board")
    assert {"united", "states"} <= name_keys("U.S. officials")


@given(st.integers(min_value=0, max_value=10**9))
def test_any_number_with_thousands_separators_is_read_as_itself(value: int) -> None:
    assert [number.value for number in numbers(f"about {value:,} people")] == [value]


@given(st.text())
def test_no_text_breaks_the_readers(text: str) -> None:
    for number in numbers(text):
        assert number.text in text or number.text.strip() in text
    assert all(text[name.start : name.start + len(name.word)] == name.word for name in names(text))
    days(text)
    times(text)
    name_keys(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("half a million people", 500_000),
        ("a quarter of a million", 250_000),
        ("two and a half million people", 2_500_000),
        ("1½ million", 1_500_000),
        ("$1.5tn", 1_500_000_000_000),
        ("two thirds of voters", Decimal("0.67")),
        ("three-quarters of it", Decimal("0.75")),
    ],
)
def test_a_fraction_is_one_number(text: str, value: object) -> None:
    assert [number.value for number in numbers(text)] == [value]
