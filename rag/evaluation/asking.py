"""Sentence to the questions that it answers: when, how many, where, who, and the gap of a cloze.

Each question is made of the sentence's own words, and its answer stands in the sentence and not in the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.attribution import dateline
from rag.evaluation.clauses import PAST, Clause, clause, small, spoken
from rag.facts import names, numbers
from rag.standing import leans

_MONTH = r"(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_TIME = r"\d{1,2}(?:[:.]\d\d)?\s?[ap]\.?m\b\.?"
_DAY = rf"(?:{_WEEKDAY}(?:, {_MONTH} \d{{1,2}})?(?: (?:morning|afternoon|evening|night))?|{_MONTH} \d{{1,2}}(?:, (?:19|20)\d\d)?|\d{{1,2}} {_MONTH}(?: (?:19|20)\d\d)?)"
_WHEN = re.compile(
    rf"\b(?P<word>on|at|in|by|since|until) (?P<when>(?:about |around )?(?:{_TIME}|{_DAY}|{_MONTH}(?: (?:19|20)\d\d)?|(?:19|20)\d\d))(?![\w’'])"
)
_ANY_TIME = re.compile(rf"\b(?:{_TIME}|{_DAY}|{_MONTH})", re.IGNORECASE)
_WHERE = re.compile(r"\b(?:in|near|off) (?P<where>(?:the )?[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,3})$")
_BOUND = re.compile(
    r"^(?:at least|more than|no fewer than|about|around|nearly|almost|roughly|some|over|up to|an estimated)$"
)
_COUNTED = re.compile(r"^ (?P<noun>(?:[a-z-]+ ){0,2}?(?:people|men|women|children|crew|[a-z-]{3,}s))\b(?P<after>.*)$")
_STOPS = re.compile(r"\b(?:times|points?|years? old|percent|per cent)\b")
_PERSON = re.compile(
    r"^(?:(?:Dr|Mr|Mrs|Ms|Prof|Sen|Judge|Capt)\.? )?[A-Z][\w’'-]+(?: [A-Z]\.)?(?: [A-Z][\w’'-]+){1,2}$"
)
_SHORTEST_CLOZE, _LONGEST_CLOZE = 8, 32
"""Words of a sentence that a gap is cut into."""
LONGEST = 200
"""Characters of a question; a longer one tells more than it asks."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with the answer that its sentence gives."""

    question: str
    answer: str
    pattern: str
    """``when``, ``how many``, ``how much``, ``where``, ``who``, ``who said`` or ``cloze``."""


def questions(sentence: str, article: str) -> Iterator[Asked]:
    """Yield the questions that a sentence of ``article`` (its text) answers and that stand without the article."""
    found = [] if leans(sentence) else [*_parsed(sentence, article), *_cloze(sentence)]
    yield from (asked for asked in found if fit(asked.question, asked.answer))


def fit(question: str, answer: str) -> bool:
    """Tell whether a question names something, is short, ends as one, and does not give its answer away."""
    named = any(not name.opens for name in names(question))
    return named and len(question) <= LONGEST and question.endswith(("?", "”?")) and not told(question, answer)


def told(question: str, answer: str) -> bool:
    """Tell whether the answer, or a name or number that is its core, stands in the question."""
    flat, said = _flat(question), _flat(answer)
    core = {name.key for name in names(answer) if not name.opens or len(answer.split()) > 1} & {
        n.key for n in names(question)
    }
    counted = any(a.matches(q) for a in numbers(answer) for q in numbers(question))
    return not said or f" {said} " in f" {flat} " or bool(core - {"the", "a"}) or counted


def _flat(text: str) -> str:
    return " ".join(re.findall(r"[\w$€£%]+", text.lower()))


def _parsed(sentence: str, article: str) -> Iterator[Asked]:
    said = spoken(sentence, article)
    if said is None:
        return
    main = clause(said, article)
    if main is not None:
        yield from _when(main)
        yield from _count(main)
        yield from _where(main)
        yield from _subject(main, article)
    if said.speaker and (opened := small(said.content, article)) and main is not None:
        yield Asked(f"Who {said.verb} that {opened}?", said.speaker, "who said")


def _when(main: Clause) -> Iterator[Asked]:
    found = list(_WHEN.finditer(main.rest))
    if len(found) != 1 or len(_ANY_TIME.findall(main.rest)) > 1:
        return
    one = found[0]
    what = {"by": "By when", "since": "Since when", "until": "Until when"}.get(one["word"], "When")
    if re.search(r"\d\s?[ap]\.?m", one["when"]):
        what = "At what time" if one["word"] == "at" else what
    yield Asked(main.ask(what, f"{main.rest[: one.start()]} {main.rest[one.end() :]}"), one["when"], "when")


def _count(main: Clause) -> Iterator[Asked]:
    """Ask for the figure right behind the verb."""
    for number in numbers(main.rest)[:1]:
        start = main.rest.find(number.text, number.start)
        bound, after = main.rest[:start].strip(), main.rest[start + len(number.text) :]
        if (bound and not _BOUND.match(bound)) or _STOPS.search(main.rest):
            continue
        answer = f"{bound} {number.text}".strip()
        if number.unit == "%":
            if main.helper in {"is", "was"} and not main.verb and not after.strip(" ."):
                yield Asked(main.ask("What", ""), answer, "how much")
            elif main.past in {"rose", "fell", "increased", "dropped", "grew"}:
                yield Asked(main.ask("By how much", after), answer, "how much")
        elif number.unit:
            if main.verb and not re.match(r"\s?(?:[a-z]+s?\b)?-|^ [a-z]+s?$", after):
                yield Asked(main.ask("How much", after), answer, "how much")
        elif (noun := _COUNTED.match(after)) and main.verb and not re.search(r"\d", noun["after"]):
            yield Asked(main.ask(f"How many {noun['noun']}", noun["after"]), answer, "how many")


def _where(main: Clause) -> Iterator[Asked]:
    found = _WHERE.search(main.rest)
    if found and not re.search(_MONTH, found["where"]) and (main.verb or main.rest[: found.start()].strip()):
        yield Asked(main.ask("Where", main.rest[: found.start()]), found["where"], "where")


def _subject(main: Clause, article: str) -> Iterator[Asked]:
    count = next(iter(numbers(main.subject)), None)
    if count and not count.unit and count.start == 0:
        noun = main.subject[len(count.text) :].strip()
        if noun and not noun.startswith(("of ", "-")) and (main.verb or main.rest):
            yield Asked(main.ask_subject(f"How many {noun}"), count.text, "how many")
    elif _PERSON.match(main.subject) and _human(main.subject, article) and (main.verb or main.rest):
        yield Asked(main.ask_subject("Who"), main.subject, "who")


def _human(name: str, article: str) -> bool:
    """Tell whether the article has the name with a title, as a speaker with a profession, or with "Mr." before it."""
    last = re.escape(name.rsplit(maxsplit=1)[-1])
    titled = re.match(r"(?:Dr|Mr|Mrs|Ms|Prof|Sen|Judge|Capt)\b", name)
    called = re.search(
        rf"\b(?:Mr|Mrs|Ms|Dr)\.? {last}\b|{re.escape(name)}, (?:\d\d\b|an? [a-z]+|who\b|the (?:\w+ )?[a-z]+(?:er|or|man|woman|tive|ry|ent)\b)",
        article,
    )
    return bool(titled or called)


def _cloze(sentence: str) -> Iterator[Asked]:
    """Cut a figure or a time out of a sentence that is short enough and has no speech in it."""
    body = " ".join(sentence[dateline(sentence) :].split())
    if (
        not _SHORTEST_CLOZE <= len(body.split()) <= _LONGEST_CLOZE
        or re.search(r"[“”\"‘;]", body)
        or not body.endswith(".")
    ):
        return
    if time := re.search(rf"\b{_TIME}", body):
        yield _gap(
            "time",
            body,
            time.start(),
            time.group().rstrip() if not body.endswith(time.group()) else time.group().rstrip("."),
        )
        return
    for number in numbers(body)[:1]:
        start = body.find(number.text, number.start)
        if (
            not re.fullmatch(r"(?:19|20)\d\d", number.text)
            and not re.search(r"(?:[-–]|No\. )$", body[:start])
            and any(w in PAST for w in body.split())
        ):
            kind = "percentage" if number.unit == "%" else "sum" if number.unit else "number"
            yield _gap(kind, body, start, number.text)


def _gap(kind: str, body: str, start: int, answer: str) -> Asked:
    return Asked(f"Which {kind} is left out here: “{body[:start]}___{body[start + len(answer) :]}”?", answer, "cloze")
