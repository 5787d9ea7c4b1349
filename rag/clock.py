"""Sentence to the times of day in it, each as the minutes that its words leave open.

    "shortly after 9 pm" -> 21:00 to 21:25; "about 8.30 in the evening" -> 20:15 to 20:45; "noon" -> 11:50 to 12:10

"5.40" is a time only with "a.m.", "o'clock" or a part of the day beside it, "17:40" only behind "at" and the like.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from rag.vocabulary import UNITS

DAY, HALF, HOUR = 1440, 720, 60
ROUNDED = ((HOUR, 10), (30, 7), (5, 3), (1, 1))
"""Minutes that a multiple of the first number leaves open on both sides: who says 9 pm may mean 8.55."""
ROUGH = ((HOUR, 30), (1, 15))
"""The same with "about"."""
SOON, OPEN = 25, 180
"""Minutes that "shortly after" leaves open on its side, and "after" alone."""
_HOURS = {word: hour for hour, word in enumerate(UNITS[:13]) if hour}
_NUMBER = rf"(?P<hour>\d{{1,2}}|{'|'.join(_HOURS)})"
_VAGUE = (
    r"(?P<vague>(?:shortly|just|soon|a little|a few minutes|minutes|moments|not long) (?:after|before|past)|"
    r"(?:at )?(?:about|around|approximately|roughly|some time around|sometime around)|"
    r"(?:at )?(?:nearly|almost)|after|before|by|until|till|from|since|to|between)"
)
_PART = r"(?:in the (?:early )?|(?:on )?(?:that |this |the same |\w+day )(?:early )?|last |at )"
_TIME = re.compile(
    rf"(?:\b{_VAGUE}\s+|\b(?P<at>at)\s+(?:precisely |exactly )?)?"
    rf"(?<![\w.:$€£,-])(?:(?P<word>noon|midday|midnight)\b|"
    rf"(?:(?P<past>half past|(?:a )?quarter past|(?:a )?quarter to) )?{_NUMBER}(?:(?P<mark>[:.])(?P<minute>[0-5]\d))?"
    rf"(?![\d%]|[.,:]\d)(?:\s?(?P<half>[ap]\.?\s?m\b\.?)| (?P<clock>o[’']clock)|(?P<hundred>\s?hours\b)|\b(?!\s?%))"
    rf"(?:,? {_PART}(?P<part>morning|afternoon|evening|night)\b)?)"
    r"(?:,? \(?(?P<zone>GMT|UTC|BST|CET|CEST|EST|EDT|ET|CST|CDT|CT|MST|MDT|MT|PST|PDT|PT|JST|AEST|AEDT|Eastern|Central|"
    r"Mountain|Pacific|[A-Z][a-z]+(?= time\b))\b(?: (?:Standard |Daylight )?[Tt]ime)?\)?)?",
    re.IGNORECASE,
)
_ZONES: dict[str, tuple[int, ...]] = {
    "GMT": (0,), "UTC": (0,), "BST": (60,), "CET": (60,), "CEST": (120,), "JST": (540,), "AEST": (600,), "AEDT": (660,),
    "EST": (-300,), "EDT": (-240,), "CST": (-360,), "CDT": (-300,), "MST": (-420,), "MDT": (-360,), "PST": (-480,),
    "PDT": (-420,), "ET": (-300, -240), "CT": (-360, -300), "MT": (-420, -360), "PT": (-480, -420),
    "EASTERN": (-300, -240), "CENTRAL": (-360, -300), "MOUNTAIN": (-420, -360), "PACIFIC": (-480, -420),
}  # fmt: skip
"""Minutes before or after UTC; without "standard" or "daylight" both are possible."""
_NOT_BEFORE = frozenset({"by", "until", "till", "from", "since", "to"})
"""Words before a time that bounds what went on, and is not when something happened."""
_NOON = {"noon": HALF, "midday": HALF, "midnight": 0}


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day as a text gives it."""

    text: str
    """The time itself, word for word, without what stands before it."""
    start: int
    end: int
    low: int
    """First minute after midnight that it can be, as its own clock shows it; below 0 it is of the day before."""
    high: int
    minute: int
    """The minute that stands there."""
    sure: bool
    """It is known which half of the day is meant."""
    zone: tuple[int, ...] | None
    """Minutes that its clock is ahead of UTC, or may be; empty if it names a zone that is not known; None if none."""
    span: tuple[int, int]
    """Where it stands with the words that belong to it: "shortly after", "at"."""

    def apart(self, other: Time) -> int | None:
        """Return the least minutes between both; None where it cannot be told."""
        if (self.zone is None) != (other.zone is None) or () in {self.zone, other.zone}:
            return None
        turn = DAY if self.sure and other.sure else HALF
        shifts = {theirs - ours for ours in self.zone or (0,) for theirs in other.zone or (0,)}
        return min(_gap(self, other, shift, turn) for shift in shifts)


@lru_cache(maxsize=4096)
def clock(text: str) -> tuple[Time, ...]:
    """Return the times of day in ``text`` at which something happened, in order; of "9 pm (2000 GMT)" the first."""
    matches = [match for match in _TIME.finditer(text) if _is_time(match, text)]
    found: list[Time] = []
    ends: list[int] = []
    for place, match in enumerate(matches):
        again = place and match.start() > 0 and text[ends[-1] : match.start()].strip(" ,") == "("
        ends.append(match.end())
        if not again and (match["vague"] or "").lower() not in _NOT_BEFORE:
            time = _read(match)
            if time is not None:
                found.append(time)
    bounds = [(a, b) for a, b in pairwise(matches) if text[a.end() : b.start()].strip(" ,") in {"and", "to", "-", "–"}]
    ranged = {match.start(name) for pair in bounds for match in pair for name in ("hour", "word")}
    return tuple(time for time in found if time.start not in ranged)


def _is_time(match: re.Match[str], text: str) -> bool:
    if match["word"]:
        return True
    digits = match["hour"].isdigit()
    if digits and (int(match["hour"]) >= 24 or (match["hundred"] and not match["minute"])):  # noqa: PLR2004 - a clock
        return False
    if match["half"] or match["clock"]:
        return True
    if match["part"]:
        return bool(match["minute"] or match["at"] or match["vague"] or match["past"])
    led = bool(match["at"] or match["vague"])
    if match["mark"] == ":":
        return led or bool(match["zone"] and match["zone"].upper() in _ZONES)
    named = text[match.start("hour") : match.end("hour")]
    return bool(match["past"] and (digits or named) and led)


def _read(match: re.Match[str]) -> Time | None:
    name = "word" if match["word"] else "past" if match["past"] else "hour"
    minute, sure = _minute(match)
    if minute is None:
        return None
    low, high = _open(minute, (match["vague"] or "").lower())
    zone = (match["zone"] or "").upper()
    known = None if not zone or zone == "LOCAL" else _ZONES.get(zone, ())
    end = max(match.end(group) for group in ("word", "hour", "minute", "half", "clock"))
    text = match.string[match.start(name) : end]
    text = text if text.count(".") != 1 or match["mark"] == "." else text.rstrip(".")  # "9 pm." ends its sentence
    return Time(text, match.start(name), end, minute + low, minute + high, minute, sure, known, match.span())


def _minute(match: re.Match[str]) -> tuple[int | None, bool]:
    """Return the minute after midnight, and whether the half of the day is known."""
    if match["word"]:
        return _NOON[match["word"].lower()], True
    named = match["hour"].lower()
    hour = int(named) if named.isdigit() else _HOURS[named]
    past = (match["past"] or "").lower()
    minute = 30 if "half" in past else 15 if "past" in past else -15 if past else int(match["minute"] or 0)
    half, part = (match["half"] or "")[:1].lower(), (match["part"] or "").lower()
    if hour > HALF // HOUR or named.startswith("0") or not (hour or half):
        return hour * HOUR + minute, True
    late = half == "p" or (not half and (part in {"afternoon", "evening"} or (part == "night" and 5 < hour < 12)))  # noqa: PLR2004 - hours
    if hour > 12:  # noqa: PLR2004 - a clock
        return None, False
    return hour % 12 * HOUR + HALF * late + minute, bool(half or part)


def _open(minute: int, vague: str) -> tuple[int, int]:
    """Return how many minutes earlier and later than ``minute`` it may have been."""
    about = next(slack for step, slack in ROUGH if minute % step == 0)
    exact = next(slack for step, slack in ROUNDED if minute % step == 0)
    if vague.endswith(("about", "around", "approximately", "roughly")):
        return -about, about
    if vague in {"after", "before"}:
        return (0, OPEN) if vague == "after" else (-OPEN, 0)
    if vague.endswith(("after", "past")):
        return 0, SOON
    if vague.endswith(("before", "nearly", "almost")):
        return -SOON, 0
    return -exact, exact


def _gap(one: Time, two: Time, shift: int, turn: int) -> int:
    """Return the minutes between two spans on a dial of ``turn`` minutes; 0 where they meet."""
    gaps: list[int] = []
    for around in range(-2 * DAY, 2 * DAY + 1, turn):
        low, high = one.low + shift + around, one.high + shift + around
        gaps.append(max(0, two.low - high, low - two.high))
    return min(gaps)
