"""The gates: a statement and the sentences it cites to what is wrong, each for one reason.

They are deterministic and know nothing of the generator: what a hosted model writes and what is copied from the source
pass the same ones.

What they do not do: tell whether a paraphrase says the same thing as its source when it uses the same names, numbers
and words. That is the work of a ``Verifier``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from rag.attribution import Speech, joined_speakers, judgements, quotations, speeches
from rag.bindings import misplaced, weekdays_meant
from rag.cited import COMMON, Cited, content, coverage, plain, verbatim
from rag.claims import Reason
from rag.facts import Name, days, name_keys, names, numbers, times
from rag.modality import firmer
from rag.opposites import opposed
from rag.parties import outer
from rag.passages import silent
from rag.qualifiers import requalified
from rag.roles import exchanged, given_away, moved_number, turned_round
from rag.turned import other_half, rounded, turned

CHECKS = ("pointer", "quote", "facts", "attribution", "negation", "overlap")
"""The deterministic gates in the order in which they run; a verifier's name follows when one ran."""

MINIMUM_OVERLAP = 0.5
"""Share of a statement's content words that must stand in the sentences it cites. Half is what a loose but true
paraphrase keeps; a statement hung on the wrong sentence keeps a fifth (``tests/test_verification.py``)."""

_SHORT = 5  # letters; "sued" and "Red" are too short to be told by their ending
_NEGATION = re.compile(
    r"\b(?:not|no(?! (?:more|less|fewer|later|earlier|sooner|further|higher|lower) than)|never|none|neither|nor|without|cannot|nobody|nothing|deny|denies|denied|denying|refus\w+|reject\w+|"
    r"declin(?:e|es|ed|ing)(?= to (?!(?:[a-z]+ ){0,2}\$?\d)[a-z]| (?:[a-z]+ ){0,2}(?:comment|offer|request|invit|interview|bid))|"
    r"fail(?:s|ed|ing)? to|lack(?:s|ed|ing)|unable|(?<=has )yet to|(?<=have )yet to|(?<=had )yet to)\b|n['’]t\b",
    re.IGNORECASE,
)
_WANTING = re.compile(r"lack|unable|yet", re.IGNORECASE)
"""What says that something is not there, of the very next word."""
_TOO = re.compile(r"\btoo [a-z]+ to\b")
"""A negation in other words: "too ill to appear", "unable to appear"."""
_DATE_WORDS = frozenset(
    "january february march april may june july august september october november december jan feb mar apr jun jul aug "
    "sep sept oct nov dec".split()
)

Gate = Callable[[str, Cited], str]
"""Statement and cited sentences to what is wrong; empty if nothing is."""
_RULES = (moved_number, given_away, turned_round, exchanged, turned, requalified, misplaced)
"""What facts and names of a paraphrase are asked of besides standing in the sources."""


def quote_gate(statement: str, cited: Cited) -> str:
    """Every quotation in the statement stands word for word inside a quotation of a cited sentence."""
    if verbatim(statement, cited):
        return ""
    spoken = [plain(quotation.text) for quotation in quotations(cited.joined)]
    bare = plain(cited.joined)
    for quotation in quotations(statement):
        wanted = plain(quotation.text).strip(" ,.;:")
        first = wanted[:1].swapcase() + wanted[1:]
        if wanted not in bare and first not in bare:
            return f"“{quotation.text}” is not in the cited sentences word for word"
        if not any(wanted in heard or first in heard for heard in spoken):
            return f"“{quotation.text}” is not a quotation in the cited sentences"
    return ""


def facts_gate(statement: str, cited: Cited) -> str:
    """Every number, date, time and name of the statement is in the cited sentences.

    Or in what their articles say of themselves: headline, outlet, byline, date of publication. Numbers stay with the
    things that they are numbers of, and deeds with those who did them.
    """
    source, about = cited.joined, cited.about
    known_days = days(source)
    published = [a.published.date() for a in cited.articles if a.published]
    for day in days(statement):
        if not any(day.matches(other) for other in (*known_days, *published)):
            return f"the cited sentences do not give the date {day.text}"
    known_times = times(source)
    if missing := times(statement) - known_times:
        return f"the cited sentences do not give the time {min(missing) // 60}:{min(missing) % 60:02d}"
    known, years = (*numbers(source), *numbers(about)), {d.year for d in known_days}
    for number in (number for number in numbers(statement) if number.value not in years):
        if not (any(number.matches(other) for other in known) or rounded(statement, number, known)):
            return f"the cited sentences do not contain {number.text}"
    if wrong := _names_missing(statement, source, about, weekdays_meant(source, published)):
        return wrong
    return (
        ""
        if verbatim(statement, cited)
        else next((bad for rule in _RULES if (bad := rule(statement, cited.texts))), "")
    )


def attribution_gate(statement: str, cited: Cited) -> str:
    """What a source has on somebody's word stays on that person's word.

    In a verb that judges no more than the source's, and as uncertain as it was.
    """
    ours = (*speeches(statement), *judgements(statement))
    if verbatim(statement, cited):
        spoken_only = all(silent(item) for item in cited.evidence)
        return "it is direct speech, and neither it nor what it cites says whose" if spoken_only else ""
    carried = max(cited.evidence, key=lambda item: coverage(statement, item.sentence.text))
    carrier = carried.sentence.text
    theirs = speeches(carrier)
    if theirs and not ours:
        who = theirs[0].speaker or "a speaker"
        return f"the source has this from {who} (“{theirs[0].verb}”); the statement has it as fact"
    if not ours and silent(carried):
        return "the source has this in direct speech; the statement has it as fact"
    teller = outer(carrier)
    if teller is not None and ours and not any(_tells(speech, teller, theirs) for speech in ours):
        return f"the source has this from {teller.speaker} (“{teller.verb}”); the statement leaves that out"
    spoken = {speech.loaded for text in cited.texts for speech in speeches(text)}
    for speech in ours:
        if speech.loaded and speech.loaded not in spoken:
            return f"“{speech.verb}” judges more than the source's wording"
    if wrong := _wrong_speaker(statement, cited, _carrier(statement, cited)):
        return wrong
    return firmer(statement, carrier, cited.joined, said=bool(ours))


def negation_gate(statement: str, cited: Cited) -> str:
    """A negation of the source stays, none is added, and no word says the contrary of the source's."""
    if verbatim(statement, cited):
        return ""
    carrier = max(cited.texts, key=lambda text: coverage(statement, text))
    ours, theirs = _NEGATION.search(statement), _NEGATION.search(carrier)
    denied = [_around(text, match) for text in cited.texts for match in _NEGATION.finditer(text)]
    if ours and not denied and not _TOO.search(cited.joined):
        return f"“{ours.group()}” is not in the cited sentences"
    for match in _NEGATION.finditer(statement):
        clause = _around(statement, match)
        if clause and not any(clause & other for other in denied):
            return f"the cited sentences have no “{match.group()}” there"
    if theirs and not ours and not _TOO.search(statement):
        elsewhere = {w for text in cited.texts if not _NEGATION.search(text) for w in content(text)}
        near = 1 if _WANTING.match(theirs.group()) else 3
        after = [word for word in content(_clause(carrier[theirs.end() :]))[:near] if word not in elsewhere]
        if any(word in content(statement) for word in after):
            return f"the source says “{theirs.group()} {' '.join(after)}”; the statement drops the negation"
    return opposed(statement, cited.texts)


_CLAUSE = re.compile(r"[,;:.—“”\"]|\b(?:but|while|although|though|whereas)\b")


def _clause(text: str) -> str:
    return _CLAUSE.split(text, maxsplit=1)[0]


def _around(text: str, match: re.Match[str]) -> frozenset[str]:
    """Return the content words of the clause that a negation stands in."""
    before = _CLAUSE.split(text[: match.start()])[-1]
    return frozenset(content(before)) | frozenset(content(_clause(text[match.end() :])))


def overlap_gate(statement: str, cited: Cited) -> str:
    """The statement shares enough of its words with the sentences it cites for them to be about the same thing."""
    share = coverage(statement, f"{cited.joined} {cited.about}")
    if share < MINIMUM_OVERLAP:
        return f"only {share:.0%} of its words are in the cited sentences"
    return ""


GATES: tuple[tuple[str, Reason, Gate], ...] = (
    ("quote", Reason.QUOTE, quote_gate),
    ("facts", Reason.FACTS, facts_gate),
    ("attribution", Reason.ATTRIBUTION, attribution_gate),
    ("negation", Reason.NEGATION, negation_gate),
    ("overlap", Reason.UNSUPPORTED, overlap_gate),
)


def _names_missing(statement: str, source: str, about: str, weekdays: frozenset[str]) -> str:
    known = name_keys(source) | name_keys(about) | weekdays | {w for d in days(source) for w in d.text.lower().split()}
    found = names(statement)
    for position, name in enumerate(found):
        following = found[position + 1] if position + 1 < len(found) else None
        beside = following is not None and not statement[name.start + len(name.word) : following.start].strip(" .")
        if name.key in known or all(part in known for part in name.key.split("-")):
            if beside and following and (wrong := _altered_name(name, following, source)):
                return wrong
        elif name.key in _DATE_WORDS and days(statement):
            continue  # part of a date that was compared as one
        elif not (name.opens and _ordinary(name.key) and not beside):
            return f"the cited sentences do not name {name.word}"
    return ""


def _altered_name(first: Name, second: Name, source: str) -> str:
    """Catch "Marco Hegseth" where the source has Marco Rubio and Pete Hegseth: both words are known, the pair is not."""
    there = names(source)
    after = {b.key for a, b in pairwise(there) if a.key == first.key and _adjacent(a, b, source)}
    before = {a.key for a, b in pairwise(there) if b.key == second.key and _adjacent(a, b, source)}
    alone = sum(name.key == first.key for name in there) > len(after)
    if after & before:
        return ""  # "Mayor Ruiz" of Mayor Ana Ruiz
    if after and before and not alone and second.key not in after and first.key not in before:
        return f"the cited sentences do not name {first.word} {second.word}"
    return ""


def _adjacent(first: Name, second: Name, text: str) -> bool:
    return not text[first.start + len(first.word) : second.start].strip(" .")


def _ordinary(key: str) -> bool:
    """Tell whether a word that opens a sentence is an ordinary word: known as one, or built like one."""
    return key in COMMON or (
        len(key) > _SHORT and key.endswith(("ing", "ed", "ly", "ers", "ors", "ists", "ments", "tions"))
    )


def _carrier(statement: str, cited: Cited) -> str:
    """Return the cited sentence that what is said comes from: the one with the quotation, else the most similar."""
    said = quotations(statement)
    if said:
        longest = plain(max((quotation.text for quotation in said), key=len)).strip(" ,.;:")
        holding = [text for text in cited.texts if longest in plain(text)]
        if holding:
            return holding[0]
    return max(cited.texts, key=lambda text: coverage(statement, text))


def _wrong_speaker(statement: str, cited: Cited, carrier: str) -> str:
    ours = [speech for speech in _spoken(statement) if speech.words]
    own = [speech for speech in _spoken(carrier) if speech.words]
    one = len({speech.names or speech.words for speech in ours}) == 1
    theirs = own if one and own else [speech for text in cited.texts for speech in _spoken(text)]
    outlets = frozenset(word for a in cited.articles if a.outlet for word in name_keys(a.outlet))
    said_by_pronoun = any(not speech.words for text in cited.texts for speech in speeches(text))
    everywhere = name_keys(cited.joined)
    for speech in ours:
        if wrong := _not_both(speech, theirs, statement, cited) or other_half(speech.words, statement, carrier):
            return wrong
        wanted = speech.names or speech.words
        heard = frozenset(word for t in theirs for word in (t.names if speech.names else t.words))
        if wanted & (heard | outlets) or _the_body(speech, own, carrier):
            continue
        if said_by_pronoun and not own and wanted & everywhere:
            continue  # "he added": the person is named elsewhere in the cited sentences
        return f"the cited sentences do not have this from {speech.speaker}"
    return ""


def _tells(speech: Speech, teller: Speech, theirs: Sequence[Speech]) -> bool:
    """Tell whether a statement's ``speech`` can be that of who tells its whole source: not one that stands within it."""
    within = [
        other for other in theirs if other != teller and other.verb == speech.verb and speech.words <= other.words
    ]
    return bool(speech.words & teller.words) or not within


def _spoken(text: str) -> tuple[Speech, ...]:
    return (*speeches(text), *judgements(text))


_BODIES = frozenset(
    "company firm operator carrier airline bank agency authority board ministry department group union council "
    "commission hospital club party regulator manufacturer maker retailer publisher owner body organisation "
    "organization business charity spokesman spokeswoman spokesperson".split()
)
_BODY_NAMES = _BODIES | frozenset(
    "line lines inc corp corporation ltd plc llc co holdings airlines airways railways rail motors energy systems "
    "technologies partners media industries services bureau office police court university institute association "
    "federation committee foundation trust society".split()
)


def _the_body(speech: Speech, own: Sequence[Speech], carrier: str) -> bool:
    """Tell whether "the company" is the one organisation that the source has it from."""
    speakers = {other.names for other in own}
    if speech.names or not speech.words <= _BODIES or len(speakers) != 1:
        return False
    (named,) = speakers
    lower = frozenset(word.lower() for word in re.findall(r"\w+", carrier))
    thing = len(named) == 1 and lower & {"it", "its"} and not lower & {"he", "she", "his", "her"}
    return bool(named) and bool(named & _BODY_NAMES or thing) and not (named & _BODIES) - speech.words


def _not_both(speech: Speech, theirs: Sequence[Speech], statement: str, cited: Cited) -> str:
    """Catch "Ruiz and Hale said" where only one of them did: each needs a cited sentence that has it from them."""
    heard = frozenset(word for one in theirs for word in one.words)
    said = frozenset(content(statement)) - {word[:6] for word in speech.words}
    for person in joined_speakers(speech):
        if person & heard:
            continue
        own = [text for text in cited.texts if any(person & one.words for one in speeches(text))]
        if not any(len(said & {*content(text)}) >= MINIMUM_OVERLAP * len(said) for text in own):
            return f"the cited sentences do not have this from {' '.join(sorted(person))}"
    return ""
