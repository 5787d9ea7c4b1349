"""Printed sentences to the people whom one names by surname alone, with the name in full that its report gave before.

    "Actor Judy Davis won in 2001. ... Davis went on to win more." -> "Davis went ..." | {"Davis": "Actor Judy Davis"}

A reader of the page has not read the report. Whom a headline of the story, or an earlier sentence of the page, names is
known.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.facts import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rag.sources import Evidence

_GIVEN = r"(?<![\w’'-])(?!(?:{stop})\b)(?P<full>{given} {name})\b"
_ONES_OWN = r"(?:[A-Z][a-zà-ÿ’'-]+(?: [A-Z]\.| [A-Z][a-zà-ÿ’'-]+)?|[A-Z]\.(?: ?[A-Z]\.)?)"
_NO_GIVEN = (
    "The|A|An|In|On|At|By|For|From|To|And|But|Or|As|If|When|While|After|Before|With|Of|Mr|Mrs|Ms|Dr|Rep|Sen|Gov|"
    "President|Vice|Prime|Minister|Former|Chief|Justice|Judge|Sir|Lord|Lady|Prince|Princess|King|Queen|Pope|Police|"
    "Sheriff|Mayor|Governor|Senator|Secretary|General|Captain|Officer|Coach|North|South|East|West|New|Mount|Lake|"
    "Fort|Port|Los|San|Saint|St|White|Supreme|High|United|Hurricane|Tropical|Camp|Team|Will|Did|Is|Was|Are|Has"
)
_PERSON = (
    r"\b{name}(?:,? who| (?:said|says|told|added|wrote|testified|tweeted|argued|explained|posted|insisted))\b|"
    r"\b(?:said|says|added) {name}\b|\b{full}, (?:\d\d\b|who\b|an? [a-z]|the [a-z]|[DR]-)|"
    r"\b[a-z]+(?:er|or|ist|ian|man|woman|ess|star|chief|leader|president|attorney|spokesperson) {full}\b"
)
"""How the bearer of a name is told from a place or a body."""
_BEFORE = re.compile(r"(?:[A-Z][\w’'-]*\.?|\b[A-Z]\.) $")
"""What stands before a surname that does not stand alone."""
_ROLE = (
    r"(?:spokes\w+|chief|chair\w*|president|director|sheriff|attorney|officer|official|minister|secretary|senator|"
    r"lawmaker|coach|pitcher|quarterback|act(?:or|ress)|singer|analyst|economist|professor|researcher|scientist|author|"
    r"founder|executive|judge|prosecutor|manager|leader|agent|engineer|mediator|CEO)"
)
_AFTER = r"\b{full}(?:, \d\d)?, (?P<who>(?:an?|the) [^,.;:“”\"()\n]{{3,70}})[,.;]"
_BEFORE_IT = rf"\b(?P<who>(?:[A-Z][\w.&’'-]* ){{{{0,3}}}}(?:[a-z-]+ )?{_ROLE}) {{full}}\b"
"""Who somebody is, right behind or before the full name."""
_SURNAME = re.compile(r"(?P<name>[A-Z][\w’-]*[a-z])(?:[’']s)?,? (?=[a-z])")
_LONG = 3
"""Letters of a surname."""


def bare(item: Evidence, known: str) -> bool:
    """Tell whether a sentence opens with the surname of somebody whom its article named in full before it.

    ``known`` are the words of the headlines.
    """
    surname = _SURNAME.match(item.sentence.text)
    if surname is None or surname["name"] in known:
        return False
    before = item.article.text[: item.sentence.start]
    return re.search(rf"\b[A-Z][\w.’'-]+ {re.escape(surname['name'])}\b", before) is not None


def full_names(printed: Iterable[Sequence[Evidence]], known: str) -> Iterator[dict[str, str]]:
    """Yield for each printed run of sentences the surnames that nobody on the page explains, with the full names.

    ``known`` are the words of the headlines.
    """
    told = known
    for run in printed:
        text = " ".join(item.sentence.text for item in run)
        found: dict[str, str] = {}
        for name in names(text):
            alone = _BEFORE.search(text, 0, name.start) is None or (name.opens and not name.start)
            if len(name.word) < _LONG or not alone or re.match(r"\s+[A-Z]", text[name.start + len(name.word) :]):
                continue
            if re.search(rf"\b{re.escape(name.word)}\b", f"{told} {' '.join(found.values())}") is None:
                full = _in_full(name.word, run[0])
                if full and full not in text:
                    found[name.word] = _with_role(full, run[0].article.text)
        told = f"{told} {text} {' '.join(found.values())}"
        yield found


def _with_role(full: str, text: str) -> str:
    """Return a full name with who that is, as its report says it right beside it."""
    if after := re.search(_AFTER.format(full=re.escape(full)), text):
        return f"{full}, {after['who']}"
    before = re.search(_BEFORE_IT.format(full=re.escape(full)), text)
    return f"{before['who'].removeprefix('The ')} {full}" if before else full


def _in_full(name: str, item: Evidence) -> str:
    """Return the one full name before a sentence that ends with ``name`` and is a person's; empty for none or two."""
    before = item.article.text[: item.sentence.start]
    if re.search(rf"\b{re.escape(name.lower())}\b", item.article.text):
        return ""  # "the office"
    given = re.compile(_GIVEN.format(stop=_NO_GIVEN, given=_ONES_OWN, name=re.escape(name)))
    full = next((match["full"] for match in given.finditer(before)), "")
    if len({match["full"].split()[0] for match in given.finditer(item.article.text)}) > 1:
        return ""  # Ana Ruiz and her brother
    person = _PERSON.format(name=re.escape(name), full=re.escape(full))
    return full if full and re.search(person, item.article.text) else ""
