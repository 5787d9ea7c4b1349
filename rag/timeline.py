"""Sentences to the days they tell of: what happened on which day, and what is announced for later.

A sentence announces something when it says that it will, is due or is planned to happen. When it says on which day,
that day is resolved from the date of publication; where two days are possible, none is. Of what happened, the last
such day up to publication is meant. The resolved day orders and labels statements. It is never written into one.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from rag.attribution import dateline, outside_quotations
from rag.facts import days
from rag.foreseen import ahead, future, lapsed, occasion
from rag.vocabulary import UNTRUE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rag.sources import Evidence

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = re.compile(  # "Good Friday", "a Sunday in June" and "Friday week" are no days of this week
    r"\b(?P<next>next |this |the following |last )?"
    r"(?P<other>(?:bloody|good|black|ash|palm|easter|cyber|super|maundy|holy|giving|a|an|every|each|another|previous|ago|"
    r"ago on|week on|some|most) )?"
    r"(?P<day>" + "|".join(_WEEKDAYS) + r")(?P<own>[’']s|"
    r" week\b|(?-i: (?:Times|Mail|Telegraph|Mirror|Express|Post|Night)\b))?\b",
    re.IGNORECASE,
)
_HOUR = re.compile(r"\s+(?:morning|afternoon|evening|night)\b")
"""After a weekday that is the day of publication: it is meant."""
_MONTH_DAY = (
    rf"(?:{'|'.join(calendar.month_name[1:])})\s+\d{{1,2}}\b|\d{{1,2}}\s+(?:{'|'.join(calendar.month_name[1:])})\b"
)
_NEAR = (
    (re.compile(r"\btomorrow\b", re.IGNORECASE), 1),
    (re.compile(r"\b(?:(?<!USA )today|tonight|this (?:morning|afternoon|evening))\b", re.IGNORECASE), 0),
)
_NOW = re.compile(
    r"\b(?:almost here|(?:hours|days|weeks) away|(?<=the )current(?= )|scheduled to perform)\b|"
    r"\b(?:is|are|remains?) (?:still )?(?:hospitali[sz]ed|at large|at risk|missing|facing|about to|"
    r"in (?:critical condition|intensive care)|under (?:[\w-]+ ){0,4}(?:alerts?|warnings?|watch(?:es)?))\b|"
    r"\b(?:now|currently|so far|to date|tonight|(?<!USA )today|this (?:morning|afternoon|evening)|since dawn|"
    r"(?:is|are|stands|remains?) (?:(?:at|about|only|just|still) ){0,2}\d+(?= ?(?:%|per ?cent)|\.\d)|"
    r"orders? (?:covers?|remains?)|"
    r"(?:is|are|remains?) (?:still )?(?:in (?:effect|force|place)|under (?:orders?|evacuation|control)))\b",
    re.IGNORECASE,
)
_UNKNOWN = re.compile(
    r"\b(?:not (?:(?:yet|immediately|publicly) )?(?:been )?(?:known|clear|determined|established|identified|named)|"
    r"unknown|unclear|yet to be (?:determined|established|identified|named|confirmed)|under investigation)\b",
    re.IGNORECASE,
)
"""What a report could not tell, and a later one may."""
_AGO = ((re.compile(r"\byesterday\b", re.IGNORECASE), 1), _NEAR[1])
_SINCE = re.compile(  # a day that bounds what is told, and is not its day
    rf"\b(?:since|until|till|through|before|after|by|from|between)\s+(?:(?:late|early|last) )?(?:on )?"
    rf"(?:(?:{'|'.join(_WEEKDAYS)})\b|{_MONTH_DAY})",
    re.IGNORECASE,
)
_ATTRIBUTE = re.compile(  # "the Jan. 6 attack" was on that day, and what is told of it is not
    rf"\b(?:the|a|that|this)\s(?:{'|'.join(calendar.month_name[1:])}|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
    r"\s+\d{1,2},?\s+(?!(?:deadline|hearing|trial|election|primary|vote|referendum|meeting|summit|session|launch|"
    r"start|opening|debate|date|expiry|strike|rally|and|or|to|but|at|in|for|was|is|were|are|will|when)\b)(?=[a-z])"
)
_INVITES = re.compile(  # "invited both to talks on Friday": the Friday to come, or the last one
    r"\b(?:invit\w+|call(?:s|ed)? (?:for|on)|summon\w*|urg\w+|request\w*|demand\w*|s(?:eeks?|ought)|propos\w+|"
    r"invitation|ask(?:s|ed)? [^,;:]{1,60}?\bto|agreed|accept\w*)\b[^,;:]{0,60}$",
    re.IGNORECASE,
)
_TOLD_ON = re.compile(  # the day of what was said or done: "Musk said (in a note) Thursday", "killed Tuesday"
    rf"(?<!be )(?<!been )\b(?:said|told|(?!scheduled|planned|expected|slated)[a-z]+ed|announcing (?:\w+ ){{1,3}}?)"
    rf"(?:\s+(?:in|via|at|on) (?:an?|the|his|her|its) (?:[\w-]+ ){{0,2}}?[\w-]+)?"
    rf"\s*(?:on |late |early )?(?:{'|'.join(_WEEKDAYS)})\b",
    re.IGNORECASE,
)
_TIME = re.compile(
    rf"\b(?:{'|'.join(_WEEKDAYS)}|(?-i:{'|'.join(calendar.month_name[1:])}|(?:Jan|Feb|Mar|Apr|Aug|Sept?|Oct|"
    rf"Nov|Dec)\.)(?= \d|\W|$)"
    r"|next (?:week|month|year|spring|summer|autumn|winter)|(?:later )?this (?:week|month|year|spring|summer|"
    r"autumn|winter)"
    r"|the end of (?:the|this|next|[A-Z][a-z]+) ?(?:week|month|year)?|within (?:\w+[- ]){1,3}(?:hours|days|weeks|"
    r"months|years)"
    r"|in (?:two|three|four|five|six|ten|\d+) (?:hours|days|weeks|months|years)|(?:by|in|from|until) (?:20\d\d|"
    r"spring|summer|autumn|winter)"
    r"|tomorrow|tonight|this (?:evening|afternoon)|at noon|once \w+|in due course)\b",
    re.IGNORECASE,
)


SOON = 60
"""Days after publication in which a day of the month without a year is still to come."""
RECENT = 31
"""Days before publication in which a day of the month without a year is still this year's: "March 3" in an article of
March 9 is past, in one of November it is next year's."""

NEAR = timedelta(days=3)
"""Time between two reports from which they may tell of two days, where neither says on which day (as ``retold``)."""


@dataclass(frozen=True, slots=True)
class Announcement:
    """A sentence that says what will happen."""

    evidence: Evidence
    day: date | None
    """The day it is announced for, None where the text does not fix one."""


def announcements(evidence: Iterable[Evidence]) -> tuple[Announcement, ...]:
    """Return the announcements among ``evidence``: those with a day first, in its order, then the others."""
    found = [item for item in map(announcement, evidence) if item is not None]
    return tuple(sorted(found, key=lambda item: (item.day or date.max, item.evidence.number)))


def announcement(item: Evidence) -> Announcement | None:
    """Return what ``item`` announces, or None.

    Its "will" must stand outside of quotation marks, where it is a plan and not a figure of speech, and with it must
    stand when. What was to be before publication is no announcement.
    """
    when = future(outside_quotations(item.sentence.text))
    when = _TOLD_ON.sub(" ", _ATTRIBUTE.sub(" ", when))
    if not when:
        return None
    published = item.article.published.date() if item.article.published else None
    day = resolve(when, published)
    ago = (published - day).days % len(_WEEKDAYS) if published and day and not days(when) else None
    if ago is not None and lapsed(item.sentence.text, ago):
        return None
    if published is not None and day is None and (_past(when, published) or not _TIME.search(when)):
        return None
    return Announcement(item, day) if day or _TIME.search(when) else None


def resolve(text: str, published: date | None) -> date | None:
    """Return the one future day that ``text`` names, None where it names none or several.

    A day of the month without a year is the next such day after publication; so is a bare weekday. Without a date of
    publication only a full date is resolved.
    """
    named = {found for found in (_dated(day.month, day.day, day.year, published) for day in days(text)) if found}
    if published is not None:
        ahead = {day for day in named if day >= published}
        if len(ahead) == 1:
            return ahead.pop()
        if named:
            return min(ahead) if ahead and not re.search(r"\b(?:or|between)\b", text) else None
        relative = {published + timedelta(offset) for pattern, offset in _NEAR if pattern.search(text)}
        relative |= _weekdays(text, published)
        return relative.pop() if len(relative) == 1 else None
    return named.pop() if len(named) == 1 else None


def due(item: Evidence) -> date | None:
    """Return the day by which what ``item`` says will be has come, None where it says no such thing or not when.

    Unlike that of an announcement it may be the day of publication: said on a Sunday, "on Sunday" is today.
    """
    published = item.article.published.date() if item.article.published else None
    when = _TOLD_ON.sub(" ", _ATTRIBUTE.sub(" ", future(outside_quotations(item.sentence.text))))
    if published is None or not when:
        return None
    named = {found for found in (_dated(day.month, day.day, day.year, published) for day in days(when)) if found}
    found = {day for day in named if day >= published}
    found |= {published + timedelta(offset) for pattern, offset in _NEAR if pattern.search(when)}
    for match in () if named else (one for one in _WEEKDAY.finditer(when) if not one["other"]):
        later = (match["next"] or "").strip().lower() in {"next", "the following"}
        found.add(published + timedelta((_WEEKDAYS.index(match["day"].lower()) - published.weekday()) % 7 + 7 * later))
    if re.search(r"\bthis week(?:end)?\b", when, re.IGNORECASE):
        found.add(published + timedelta(6 - published.weekday()))
    return max(found, default=None)


def undated(item: Evidence) -> bool:
    """Tell whether ``item`` announces something that is soon, and not for which day."""
    return due(item) is None and occasion(outside_quotations(item.sentence.text))


def passing(item: Evidence) -> bool:
    """Tell whether what a sentence tells is so as seen from the day of its report: it foresees, or says "now"."""
    bare = outside_quotations(item.sentence.text)
    return bool(future(bare) or _NOW.search(bare) or _UNKNOWN.search(bare))


def lasting(item: Evidence) -> bool:
    """Tell whether a sentence tells a state that holds for a while from the day of its report: "is at large"."""
    return _NOW.search(outside_quotations(item.sentence.text)) is not None


def unknown(item: Evidence) -> bool:
    """Tell whether a sentence says that something was not known when it was written."""
    return _UNKNOWN.search(outside_quotations(item.sentence.text)) is not None


def happened(item: Evidence) -> date | None:
    """Return the one day on which what ``item`` tells happened, None where its text fixes none or announces something.

    A weekday is the last one up to publication, a day of the month without a year the last such day.
    """
    published = item.article.published.date() if item.article.published else None
    text = item.sentence.text
    bare = outside_quotations(text)[dateline(text) :]
    if published is None or future(bare) or UNTRUE.search(bare):
        return None
    bare = _SINCE.sub(" ", _ATTRIBUTE.sub(" ", bare))
    found = {past for day in days(bare) if (past := _last(day.month, day.day, day.year, published)) is not None}
    if not found:
        found = {published - timedelta(ago) for pattern, ago in _AGO if pattern.search(bare)}
        for match in _WEEKDAY.finditer(bare):
            if match["own"] or match["other"]:
                continue  # "Tuesday's accident" is not what the sentence tells
            if (match["next"] or "").strip().lower() in {"last", "next", "the following"}:
                return None  # said on a Tuesday, "last Monday" was yesterday or a week ago
            ago = (published.weekday() - _WEEKDAYS.index(match["day"].lower())) % 7
            if ago == len(_WEEKDAYS) - 1 or ahead(bare[: match.start()]) or _INVITES.search(bare, 0, match.start()):
                return None  # tomorrow, or today where the reporter is
            found.add(published - timedelta(ago))
    return found.pop() if len(found) == 1 else None


def one_day(first: Evidence, second: Evidence) -> bool:
    """Tell whether what two sentences tell, as done or as to come, can be of one day."""
    ours, theirs = _day(first), _day(second)
    if ours is not None and theirs is not None:
        return ours == theirs
    a, b = first.article.published, second.article.published
    return a is None or b is None or abs(a - b) <= NEAR


def _day(item: Evidence) -> date | None:
    told = announcement(item)
    return told.day if told is not None else happened(item)


def _last(month: int, day: int, year: int | None, published: date) -> date | None:
    """Return the last such day up to publication, None where there is no such day."""
    for candidate in (year,) if year is not None else (published.year, published.year - 1):
        try:
            found = date(candidate, month, day)
        except ValueError:
            continue
        if found <= published:
            return found
        if year is None and found <= published + timedelta(SOON):
            return None  # to come, and not a year ago
    return None


def _past(when: str, published: date) -> bool:
    """Tell whether all days and years named lie before publication."""
    years = [int(year) for year in re.findall(r"\b(20\d\d)\b", when)]
    named = [_dated(day.month, day.day, day.year, published) for day in days(when)]
    return (bool(named) and all(day is not None and day < published for day in named)) or (
        bool(years) and max(years) < published.year
    )


def _dated(month: int, day: int, year: int | None, published: date | None) -> date | None:
    if year is None and published is None:
        return None
    years = (year,) if year is not None or published is None else (published.year, published.year + 1)
    for candidate in years:
        try:
            found = date(candidate or 1, month, day)
        except ValueError:
            continue
        if year is not None or published is None or found >= published - timedelta(days=RECENT):
            return found
    return None


def _weekdays(text: str, published: date) -> set[date]:
    found: set[date] = set()
    for match in _WEEKDAY.finditer(text):
        if match["own"] or match["other"] or (match["next"] or "").strip().lower() == "last":
            continue
        day = _WEEKDAYS.index(match["day"].lower())
        later = (match["next"] or "").strip().lower() in {"next", "the following"}
        if later and day >= published.weekday():
            return set()  # said on a Monday, "next Friday" is in four days or in eleven
        left = (day - published.weekday()) % 7
        if left or _HOUR.match(text, match.end()):
            found.add(published + timedelta(left))  # on its own weekday it may be today or a week away
    return found
