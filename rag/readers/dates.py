"""Written dates to moments. What is ambiguous or incomplete stays unknown: a date is never invented.

Read are ISO 8601, RFC 2822 and dates with the month in English words. A date without a time is midnight, and one
without a time zone is UTC; renderings show midnight UTC as a date alone.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<month{0}>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WRITTEN = re.compile(
    r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,?\s+)?"
    rf"(?:(?P<day1>\d{{1,2}})(?:st|nd|rd|th)?\s+{_MONTH.format(1)},?\s+(?P<year1>\d{{4}})"
    rf"|{_MONTH.format(2)}\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year2>\d{{4}}))"
    r"(?:(?:,?\s+(?:at\s+)?|T)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"(?:\s*(?P<half>[ap])\.?m\.?)?(?:\s*(?P<zone>(?:UTC|GMT|UT|Z|[ECMP][SD]T)?\s*(?:[+-]\d{2}:?\d{2})?))?)?",
    re.IGNORECASE,
)
_ISO = re.compile(r"\d{4}-?\d{2}-?\d{2}(?:[T\s].*)?|\d{4}-?W\d{2}.*", re.IGNORECASE)
_ISO_ZONE = re.compile(r"\s*(?:UTC|GMT)\Z|(?<=\d)\s+(?=[+-]\d{2}:?\d{2}\Z)", re.IGNORECASE)
_ZONES = {"E": -5, "C": -6, "M": -7, "P": -8}
_YEARS = range(1600, 2200)
"""Newspapers begin in 1605."""


def moment(text: str) -> datetime | None:
    """Return when ``text`` says, or None where it does not say it exactly."""
    text = text.strip()
    try:
        found = _iso(text) if _ISO.fullmatch(text) else _written(text)
        if found is None or found.year not in _YEARS:
            return None
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    except ValueError:  # 31 February, hour 25
        return None


def dated(text: str) -> bool:
    """Whether ``text`` is a date and nothing else."""
    return moment(text) is not None


def _iso(text: str) -> datetime:
    return datetime.fromisoformat(_ISO_ZONE.sub(lambda zone: "+00:00" if zone[0].strip() else "", text))


def _written(text: str) -> datetime | None:
    match = _WRITTEN.fullmatch(text)
    if not match:
        return None
    month = _MONTHS.index((match["month1"] or match["month2"])[:3].lower()) + 1
    hour = int(match["hour"] or 0)
    if match["half"]:
        if not 1 <= hour <= 12:  # noqa: PLR2004 - the face of a clock
            return None
        hour = hour % 12 + (12 if match["half"].lower() == "p" else 0)
    return datetime(
        int(match["year1"] or match["year2"]),
        month,
        int(match["day1"] or match["day2"]),
        hour,
        int(match["minute"] or 0),
        int(match["second"] or 0),
        tzinfo=_zone(match["zone"] or ""),
    )


def _zone(text: str) -> timezone:
    """``GMT``, ``EST`` or ``+0200``; none is UTC."""
    name, digits = text.strip().upper(), re.search(r"([+-])(\d{2}):?(\d{2})\Z", text)
    if digits:
        offset = timedelta(hours=int(digits[2]), minutes=int(digits[3]))
        return timezone(-offset if digits[1] == "-" else offset)
    if len(name) == 3 and name[0] in _ZONES and name.endswith("T"):  # noqa: PLR2004 - EST, EDT
        return timezone(timedelta(hours=_ZONES[name[0]] + (name[1] == "D")))
    return UTC
