"""Announcements and their days. Articles of ``news`` are of Tuesday, 3 March 2026."""

from __future__ import annotations

from datetime import date

import pytest
from news import article, evidence

from rag.timeline import announcement, announcements, happened, passing, resolve

PUBLISHED = date(2026, 3, 3)


def announced(text: str) -> date | str | None:
    found = announcement(evidence(article(text))[0])
    return found.day if found else "nothing"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The board will publish its report on March 27.", date(2026, 3, 27)),
        ("The harbour is due to reopen on Thursday.", date(2026, 3, 5)),
        ("A hearing has been set for April 14 in the courthouse.", date(2026, 4, 14)),
        ("The parish said a service would be held on Sunday.", date(2026, 3, 8)),
        ("Shareholders meet on May 21.", date(2026, 5, 21)),
        ("The vote is scheduled for tomorrow.", date(2026, 3, 4)),
        ("On January 9, the court will hear the case.", date(2027, 1, 9)),
        ("The shop, which was to open by April 20, will now stay closed until April 27.", date(2026, 4, 27)),
        ("The board will vote before the March 9 deadline.", date(2026, 3, 9)),
        ("The judge set sentencing for March 27 and sent the jurors home.", date(2026, 3, 27)),
        ("The board postponed the vote by two weeks, to March 19.", date(2026, 3, 19)),
        ("On Thursday, the board, which was formed in May, will vote.", date(2026, 3, 5)),
        ("The mediator, who ended the last strike, will meet both on Friday because they asked.", date(2026, 3, 6)),
        ("The mediator said she had invited both sides to talks on Friday.", date(2026, 3, 6)),
        ("The committee has called the owner, Greta Lohm, to give evidence on 27 March.", date(2026, 3, 27)),
        ("Supporters will rally on Tuesday night at the harbour.", date(2026, 3, 3)),
        ("Two routes will end in July.", None),
        ("The works will end by the end of the month, Ruiz said at a news conference Thursday.", None),
        ("The survey of the wreck will begin on March 9, but nobody is sure.", date(2026, 3, 9)),
        ("The findings will be released by the end of the month.", None),
    ],
)
def test_what_is_to_come_is_found_with_its_day(text: str, day: date | None) -> None:
    assert announced(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "The harbour was closed on Monday.",
        "He did not say what would happen in 2027.",
        'A clerk called it "a thing that will cost us in June".',
        "A plan to rebuild the quay by March 9 was dropped.",
        "Nobody will be told.",
        "In January, the mayor unveiled a 10-year plan to end the delays.",
        "Both chambers agreed to pass a bill on Tuesday to free the files.",
        "The ferry was due to sail on February 27.",
        "I would sell the land, which was valued in 2025.",
        "The committee will look into the March 9 attack on the depot.",
        "Both sides agreed to a truce on Monday, ending a war of 11 days.",
        "The party had hoped that inflation would carry it to a majority in November.",
        "Gas was $4.11 then, which would be equal to $5.40 today.",
        "It will be difficult for Ruiz to win on Monday.",
        "Overall, 52% of likely voters say they plan to support Ruiz in Tuesday's runoff.",
        "It is unlikely that the bank will raise rates next week.",
        "Ruiz said the state would find out why a dam that was safe in March fell in May.",
        "The mediator will be Sorcha Vane, who settled the last strike in four days.",
        "On Thursday, Ruiz denied the charge and said she would go on working.",
        "The study found that such fires will be a third more frequent by 2050.",
        "The closer they are to a year, there may be more room in August.",
        "The bid is below the price that Ruiz agreed to in April.",
        "It averts a case that was set to go to trial if the sale did not close by Friday.",
        "In a poll for the Echo, those who opposed the toll said 2-1 that jobs will be more important in November.",
        "The bank predicted that the price of a barrel, the highest yet, will be $140 by June.",
        "Ruiz said there was no chance that Lind would resign on March 9.",
        "Ruiz denies reports that she is expected to step down on March 9.",
        "The board postponed a meeting scheduled for March 14 in Wendle.",
        "Work will go on, the board said in a news release Thursday.",
        "Officials said it would take a few days, but then appeared to backtrack late on Thursday.",
    ],
)
def test_what_is_not_announced_for_a_time_to_come_is_left_out(text: str) -> None:
    assert announced(text) == "nothing"


@pytest.mark.parametrize(
    "text", ["next Friday", "on Tuesday", "on Thursday or on Friday", "March 9 or March 10", "soon"]
)
def test_a_day_that_could_be_two_is_none(text: str) -> None:
    assert resolve(text, PUBLISHED) is None


def test_without_a_date_of_publication_only_a_full_date_is_a_day() -> None:
    assert resolve("on Thursday", None) is None
    assert resolve("on March 27", None) is None
    assert resolve("on March 27, 2026", None) == date(2026, 3, 27)


def test_announcements_are_ordered_by_their_day() -> None:
    found = announcements(
        evidence(article("Trams will stop in July. Talks resume on March 9. A ruling is due on March 6."))
    )

    assert found[0].day == date(2026, 3, 6)
    assert found[-1].day is None


@pytest.mark.parametrize(
    "text",
    [
        "Voters go to the polls on Sunday in Kelbury.",
        "Mayor Ana Ruiz faces a hearing on Thursday.",
        "Hale could be freed on Thursday.",
        "Hale must appear in court on Thursday.",
        "Ruiz travels to Paris on Thursday.",
        "Forecasters warn of snow on Thursday.",
        "Soldiers shot 13 people dead on Bloody Sunday.",
        "The Good Friday Agreement ended it.",
        "The Sunday Times won a prize.",
        "He was arrested on a Saturday in June.",
        "It fell the previous Friday.",
        "A report that a firefighter died on Monday is false.",
    ],
)
def test_what_is_to_come_and_what_is_no_day_of_that_week_happened_on_none(text: str) -> None:
    assert happened(evidence(article(text))[0]) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The bridge fell on Sunday.", date(2026, 3, 1)),
        ("Ruiz, who may run again, resigned on Monday.", date(2026, 3, 2)),
    ],
)
def test_what_is_told_of_a_weekday_happened_on_it(text: str, day: date) -> None:
    assert happened(evidence(article(text))[0]) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The trial had been due to start on Friday at Kelbury court.", "nothing"),
        ("The flight was due to land in Tarrow on Sunday but was held up by fog.", "nothing"),
        ("He was due to appear in court on Thursday.", date(2026, 3, 5)),
        ("The board will meet next Monday.", date(2026, 3, 9)),
        ("The hearing will be next Thursday.", None),
    ],
)
def test_what_was_due_on_a_weekday_may_be_past(text: str, day: date | str | None) -> None:
    assert announced(text) == day


@pytest.mark.parametrize(
    "text", ["Containment is at 15%.", "Evacuation orders cover Pine Notch.", "About 2,700 people are under orders."]
)
def test_a_state_of_things_passes(text: str) -> None:
    assert passing(evidence(article(text))[0])
