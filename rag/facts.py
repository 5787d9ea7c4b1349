"""Text to the facts that a reader would check: numbers, dates and names.

Everything is compared by value, not by spelling: "11" and "eleven" are one number, "3.2 million" is
3200000, "14 July" and "July 14" are one date, "US", "U.S." and "United States" one name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from rag.vocabulary import TENS, UNITS

_SMALL = {word: value for value, word in enumerate(UNITS)} | {
    word: value * 10 for value, word in enumerate(TENS, start=2)
}
_SCALES = {
    "hundred": 100, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "dozen": 12, "m": 10**6, "b": 10**9, "bn": 10**9, "tn": 10**12, "k": 10**3,
}  # fmt: skip
_WORDS = "|".join(sorted(_SMALL, key=len, reverse=True))
_SCALE_WORDS = "hundred|thousand|million|billion|trillion|dozen"
_DIGITS = re.compile(
    r"(?P<currency>US\$|A\$|C\$|[$€£¥])?\s?(?<![\w.,])(?P<digits>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
    r"(?:[-\s]?(?P<scale>hundred|thousand|million|billion|trillion|dozen)\b|(?P<short>m|bn|tn|k|(?(currency)b|(?!)))\b)?"
    r"(?P<percent>\s?%|[-\s]per\s?cent\b)?(?P<ordinal>st|nd|rd|th)?(?![\d])",
    re.IGNORECASE,
)
_SPELLED = re.compile(
    rf"\b(?:(?:a|an)\s(?={_SCALE_WORDS})|(?:{_WORDS})\b)(?:[-\s](?:and\s)?(?:{_WORDS}|{_SCALE_WORDS})\b|(?:{_SCALE_WORDS})\b)*"
    r"(?P<percent>[-\s]per\s?cent\b)?",
    re.IGNORECASE,
)
_PARTS = {
    "half": Decimal("0.5"),
    "½": Decimal("0.5"),
    "quarter": Decimal("0.25"),
    "¼": Decimal("0.25"),
    "¾": Decimal("0.75"),
}
_DENOMINATORS = {"thirds": 3, "quarters": 4, "fifths": 5}
_FRACTION = re.compile(  # "half a million", "a quarter of a million", "two and a half million", "1½ million", "two thirds"
    rf"(?:\b(?:an? )?(?P<of>half|quarter) (?:of )?an? |\b(?:(?P<whole>\d+|{_WORDS}) and an? (?P<and>half|quarter) )|"
    rf"(?P<digits>\b\d+)?(?P<vulgar>[½¼¾])\s?)(?P<scale>{_SCALE_WORDS})\b|"
    r"\b(?P<many>two|three|four)[- ](?P<parts>thirds|quarters|fifths)\b",
    re.IGNORECASE,
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sept sep", "october oct", "november nov", "december dec",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = r"(?P<month>Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|Jun(?:e|\.)?|Jul(?:y|\.)?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
_YEAR = r"(?:,?\s+(?P<year>(?:19|20)\d\d))?"
_DATES = (
    re.compile(rf"\b{_MONTH}\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:){_YEAR}"),
    re.compile(rf"\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?!\w){_YEAR}"),
    re.compile(r"\b(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)\b"),
)
_PAIR_END = r"(?=[.,;:)]|\s*$|\s+(?:and|in|at|to|by|when|while|as|after|before|from|for|with|but)\b)"
_NEXT = re.compile(
    rf"(?:(?:,?\s+(?:and|or|to)\s+)|\s?[–-]\s?)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b(?![:.,]\d|\s?%){_YEAR}{_PAIR_END}"
)
_FIRST = re.compile(r"(?<![\w$€£.,])(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:\s+(?:and|or|to)\s+|\s?[–-]\s?)$")
"""The other day of "February 9 and 20", and of "9 and 20 February"."""
_CLOCK = re.compile(r"\b(\d{1,2})(?:[:.](\d\d))?\s?([ap])\.?m\b\.?|\b(\d{1,2}):(\d\d)\b", re.IGNORECASE)
_NAME = re.compile(r"(?:[A-Z]\.){2,}|[^\W\d_](?:[\w’'&]*\w)?(?:\.(?=\w\.))?", re.UNICODE)
_POSSESSIVE = re.compile(r"[’']s$", re.IGNORECASE)


_CLAUSE = re.compile(r"[,;:—–()]\s|\s(?:and|but|while|when|after|because|which|who|that)\s", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Number:
    """A quantity as stated."""

    value: Decimal
    unit: str
    """``%``, a currency sign, or empty."""
    text: str
    start: int

    def matches(self, other: Number) -> bool:
        """Tell whether both state one quantity: same value, and units that do not disagree."""
        return self.value == other.value and (self.unit == other.unit or not (self.unit and other.unit))


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day as stated, its year unknown where the text gives none."""

    month: int
    day: int
    year: int | None
    text: str
    start: int

    def matches(self, other: Day | date) -> bool:
        """Tell whether both can be one day."""
        years_agree = self.year is None or other.year is None or self.year == other.year
        return (self.month, self.day) == (other.month, other.day) and years_agree


@lru_cache(maxsize=8192)
def numbers(text: str) -> tuple[Number, ...]:
    """Return the quantities in ``text``, in order, without those that are part of a date or a time of day."""
    bare = _blank(text, [(d.start, d.start + len(d.text)) for d in days(text)])
    bare = _blank(bare, [match.span() for match in _CLOCK.finditer(bare)])
    found = [Number(_fraction(match), "", match.group(), match.start()) for match in _FRACTION.finditer(bare)]
    bare = _blank(bare, [(n.start, n.start + len(n.text)) for n in found])
    for match in _DIGITS.finditer(bare):
        value = Decimal(match["digits"].replace(",", ""))
        scale = (match["scale"] or match["short"] or "").lower()
        unit = "%" if match["percent"] else (match["currency"] or "").upper().removeprefix("US")
        text_found = match.group().lstrip()
        found.append(Number(value * _SCALES.get(scale, 1), unit, text_found.rstrip(), match.end() - len(text_found)))
    for match in _SPELLED.finditer(_blank(bare, [(n.start, n.start + len(n.text) + 1) for n in found])):
        phrase = match.group()
        if phrase.lower() != "one":  # a pronoun more often than a number
            unit = "%" if match["percent"] else ""
            found.append(Number(_spelled(phrase), unit, phrase, match.start()))
    return tuple(sorted(found, key=lambda number: number.start))


def clause(text: str, start: int, end: int) -> str:
    """Return the clause of ``text`` around what stands from ``start`` to ``end``, up to the commas and conjunctions next to that."""
    first = max((match.end() for match in _CLAUSE.finditer(text, 0, start)), default=0)
    following = _CLAUSE.search(text, end)
    return text[first : following.start() if following else len(text)]


@lru_cache(maxsize=8192)
def days(text: str) -> tuple[Day, ...]:
    """Return the calendar days in ``text``, in order."""
    found: dict[int, Day] = {}
    for pattern in _DATES:
        for match in pattern.finditer(text):
            month = match["month"].lower().rstrip(".")
            number = int(month) if month.isdigit() else _MONTHS[month]
            day, year = int(match["day"]), match.groupdict().get("year")
            free = all(not (d.start <= match.start() < d.start + len(d.text)) for d in found.values())
            if free and 1 <= day <= 31 and 1 <= number <= 12:  # noqa: PLR2004 - a calendar
                found[match.start()] = Day(number, day, int(year) if year else None, match.group(), match.start())
    for one in tuple(found.values()):
        if (match := _NEXT.match(text, one.start + len(one.text))) and one.text[:1].isalpha():
            year = int(match["year"]) if match["year"] else one.year
            _put(found, one.month, int(match["day"]), year, match["day"], match.start("day"))
        elif one.text[:1].isdigit() and "-" not in one.text and (match := _FIRST.search(text[: one.start])):
            _put(found, one.month, int(match["day"]), one.year, match["day"], match.start("day"))
    return tuple(found[start] for start in sorted(found))


def _put(found: dict[int, Day], month: int, day: int, year: int | None, text: str, start: int) -> None:
    if start not in found and 1 <= day <= 31:  # noqa: PLR2004 - a calendar
        found[start] = Day(month, day, year, text, start)


@lru_cache(maxsize=8192)
def times(text: str) -> frozenset[int]:
    """Return the times of day in ``text``, in minutes after midnight."""
    found: set[int] = set()
    for hour, minute, half, hour24, minute24 in _CLOCK.findall(text):
        if half:
            found.add((int(hour) % 12 + 12 * (half.lower() == "p")) * 60 + int(minute or 0))
        else:
            found.add(int(hour24) * 60 + int(minute24))
    return frozenset(found)


def amounts(text: str) -> frozenset[Decimal | str]:
    """Return the values of the numbers in ``text`` and its times of day: what two sentences must share to say the same."""
    return frozenset((*(number.value for number in numbers(text)), *(f"{minute} min" for minute in times(text))))


@dataclass(frozen=True, slots=True)
class Name:
    """A capitalised word."""

    word: str
    """As it stands, without possessive."""
    key: str
    """What it is compared by."""
    start: int
    opens: bool
    """It stands where any word has a capital: at the start of a sentence or a quotation."""


_OPENERS = frozenset('.!?:“”"‘…•—–([')
_ABBREVIATION = re.compile(r"(?:\b[A-Z]|\b(?:Mr|Mrs|Ms|Dr|Prof|Sen|Rep|Gov|Lt|Col|Gen|Capt|Sgt|St|No))\.$")
_SAME = {"u.s": "us", "u.s.a": "us", "usa": "us", "u.k": "uk", "u.n": "un", "e.u": "eu", "america": "us", "american": "us",
         "americans": "us", "britain": "uk", "british": "uk"}  # fmt: skip
_LONG = {"united states": "us", "united kingdom": "uk", "united nations": "un", "european union": "eu"}


@lru_cache(maxsize=8192)
def names(text: str) -> tuple[Name, ...]:
    """Return the capitalised words of ``text``, in order."""
    found: list[Name] = []
    for match in _NAME.finditer(text):
        word = _POSSESSIVE.sub("", match.group()).rstrip("’'.")
        if word and word[0].isupper():
            before = text[: match.start()].rstrip()
            opens = not before or (before[-1] in _OPENERS and not _ABBREVIATION.search(before))
            key = word.lower()
            found.append(Name(word, _SAME.get(key, key), match.start(), opens))
    return tuple(found)


def name_keys(text: str) -> frozenset[str]:
    """Return every word of ``text`` as a name could be compared with it, and the short forms of its long names."""
    keys = {_POSSESSIVE.sub("", match.group().lower()).rstrip("’'.") for match in _NAME.finditer(text)}
    keys |= {part for key in keys for part in key.split("-")}
    lower = text.lower()
    keys |= {short for long, short in _LONG.items() if long in lower}
    keys |= {_SAME[key] for key in keys if key in _SAME}
    for short, long in (
        ("us", "united states"),
        ("uk", "united kingdom"),
        ("un", "united nations"),
        ("eu", "european union"),
    ):
        if short in keys:
            keys |= set(long.split())
    return frozenset(keys | _initials(text))


def _initials(text: str) -> set[str]:
    """Return the acronyms that runs of two to six capitalised words could be shortened to."""
    words = [(m.group()[0].lower(), m.group()[0].isupper()) for m in _NAME.finditer(text)]
    found: set[str] = set()
    for start in range(len(words)):
        for length in range(2, 7):
            run = words[start : start + length]
            if len(run) == length and all(upper for _, upper in run):
                found.add("".join(letter for letter, _ in run))
    return found


def _fraction(match: re.Match[str]) -> Decimal:
    """Return the value of "two and a half million", and of "two thirds" as .67."""
    if match["parts"]:
        return round(Decimal(_SMALL[match["many"].lower()]) / _DENOMINATORS[match["parts"].lower()], 2)
    whole = (match["whole"] or match["digits"] or "0").lower()
    part = _PARTS[(match["of"] or match["and"] or match["vulgar"]).lower()]
    return ((int(whole) if whole.isdigit() else _SMALL[whole]) + part) * _SCALES[match["scale"].lower()]


def _spelled(phrase: str) -> Decimal:
    """Return the value of number words: "two hundred and five thousand" is 205000."""
    total, current = 0, 0
    for word in re.findall(r"[a-z]+", phrase.lower()):
        if word in _SMALL:
            current += _SMALL[word]
        elif word in _SCALES:
            scaled = (current or 1) * _SCALES[word]
            total, current = (total, scaled) if _SCALES[word] <= 100 else (total + scaled, 0)  # noqa: PLR2004
    return Decimal(total + current)


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    parts = list(text)
    for start, end in spans:
        parts[start:end] = " " * (min(end, len(parts)) - start)
    return "".join(parts)
