"""Sentences to the claims among them that somebody denies or answers.

By saying so ("denied that it knew"), by referring to it ("rejected the accusation"), by following it, or by saying the
contrary of the same rare things elsewhere.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from rag.attribution import outside_quotations, quotations, speeches
from rag.clash import Clash, Kind, Side, between
from rag.corrections import is_correction
from rag.facts import names
from rag.figures import Figure
from rag.passages import published_before, same_paragraph, silent, speakers
from rag.turns import implied
from rag.vocabulary import ABOUT, PLAIN, SHORTEST, stem, telling, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rag.sources import Evidence

REACH = 8
"""Sentences between a claim and its denial in one article."""
SHORT = 5
"""Words of a sentence up to which it only denies: "Tessaly denied that."."""
NEXT = 3
"""Sentences after one that blames somebody in which they answer."""
STATED = 2
"""Telling words of what is denied, besides names, that a plain statement must have, all of them."""
_STATEMENT = (
    "accusations? claims? allegations? remarks? criticisms? charges? suggestions? arguments? reports? "
    "characteri[sz]ations? assertions?"
)
_CALLS = re.compile(  # what it calls it may stand in quotation marks
    r"\bcall(?:s|ed) (?=(?:an?|the|that) (?:figure|number|estimate|count|tally|claim|report|suggestion)s? (?:of|that)\b"
    r"[^;]{3,160}?\b(?:overstated|exaggerated|inflated|wrong|false|untrue|nonsense|misleading|fiction|absurd|ridiculous|"
    r"rubbish|baseless|unfounded)\b)"
)
_DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied) (?:that )?(?:it|he|she|they|(?!boarding|funding|housing)\w+ing)\b|"
    r"den(?:y|ies|ied) that (?=(?:the|an?|there|any|his|her|its|their|these|those|some|all|"
    r"[\w’'-]+(?: [\w’'-]+)? (?:was|were|is|are|had|has|have|would|will|did))\b)|"
    r"den(?:y|ies|ied) (?:an? |the |any |all )?(?:[a-z]+ )?(?:reports?|claims?|rumou?rs?|allegations?|accusations?|"
    r"suggestions?) (?:that|of)|"
    r"reject(?:s|ed) (?:claims?|"
    r"allegations?|reports?|accusations?)|"
    r"dismiss(?:es|ed) (?:claims?|a rumou?r|reports?|allegations?)|"
    r"(?:reject|dismiss|disput)(?:s|e|es|ed) (?:the |any |all |an? )?(?:idea|notion|suggestion|theory|assertion)s? "
    r"that|"
    r"disput(?:es|ed) that (?=\w+ \w)|(?:insist(?:s|ed)|maintain(?:s|ed)) (?:that )?(?:it|he|she|they) (?:never|"
    r"(?:had|has|have|did|was|were|is|are) (?:not|never))|(?:was|were|is|are) (?:wrong|false|untrue|"
    r"not true|baseless|unfounded)\b)",
    re.IGNORECASE,
)
_TOLD = re.compile(  # only what was told can be untrue; people and rulings are wrong in another sense
    r"\b(?:reports?|claims?|allegations?|accusations?|statements?|rumou?rs?|stor(?:y|ies)|figures?|numbers?|accounts?)\b",
    re.IGNORECASE,
)
_ANY = _STATEMENT.replace(" ", "|")
_ANSWERS = re.compile(
    r"\b(?:den(?:y|ies|ied)|reject(?:s|ed)|dismiss(?:es|ed)|disput(?:es|ed)|call(?:s|ed)|"
    r"push(?:es|ed) back (?:on|against)) "
    rf"(?:all |the |that |this |his |her |their |its |these |those )+(?:\w+ )?(?:{_ANY})\b|"
    r"\bden(?:y|ies|ied) (?:all )?allegations\b|\bdenied (?:this|that|it)[.;,]|"
    rf"^(?:(?:All|Both|Most|Some) of )?(?:the|these|those) (?:{_ANY}) (?:have been|were|are) "
    r"(?:debunked|denied|rejected|refuted|contradicted)\b|"
    r"\b(?:stress(?:es|ed)|maintain(?:s|ed)|insist(?:s|ed) on) (?:his|her|their|its) innocence\b",
    re.IGNORECASE,
)
_DOUBLE = re.compile(r"(?:\bnot|n[’']t|\bnever|\bneither|\bnor)\s+(?:\w+ )?$", re.IGNORECASE)
"""Before "deny", it is no denial."""
_IDLE = re.compile(r"\b(?:did|do|does|done|doing|took|taken?|taking) (?:nothing|no action)\b", re.IGNORECASE)
_ENDING = re.compile(r"(\w{4,}?)(?:ings?|ed|es|s)$")
_CUT = re.compile(r"[,;:“”\"]|\band (?:said|says|added|adds|called|accused)\b")
_NEGATES = re.compile(
    r"\b(?:no|not|never|nobody|none|nothing|den(?:y|ied|ies|ying)|without|wrong|false|untrue|baseless|unfounded|fake|"
    r"nonsense)\b|n[’']t\b",
    re.IGNORECASE,
)
_CLAIMS = re.compile(
    r"\b(?:claimed|alleged|alleges|argued|argues?|insisted|insists|contended|maintained) (?:on \w+day )?(?:that|it|"
    r"he|she|they|the|there|no|its)\b|"
    r"\baccused? (?:\w+ ){1,6}of\b",
    re.IGNORECASE,
)
_PLAINLY = re.compile(
    r"^(?:But )?(?!(?:He|She|It|They|We|I)\b)"
    r"(?:The|A|An|[A-Z][\w’'-]+)(?: [\w’'-]+){0,5}(?<! had)(?<! previously) (?:said|says|replied|"
    r"responded|countered)\b"
)
_THEIRS = re.compile(
    r"^(?:His|Her|Its|Their) (?:\w+ )?(?:spokes\w+|lawyers?|attorneys?|agent|office|representatives?|campaign|company) "
    r"(?:said|says|replied|responded|countered|told)\b"
)
"""Those who speak for whom the sentence before it is about."""
_CHARGED = re.compile(
    r"\b(?:alleg(?:ed|edly|ing|ations?)|accus(?:ed|ations?|ing)|investigat(?:ed|ions?|ing)|suspicion|suspected|"
    r"charged with|indicted|deemed|reports? that)\b"
)
"""What somebody is held to have done, on nobody's word."""
_MANY = frozenset("offici spokes lawyer attorn police milita army govern compan presid minist statem source".split())
"""Stems of what those who speak are called on both sides: officials of one are not those of the other."""
_BLAMES = re.compile(
    r"\b(?:blam(?:es|ed)|(?:la(?:id|ys)|puts?|pin(?:s|ned)|plac(?:es|ed)) (?:the )?(?:responsibility|blame|fault) "
    r"(?:on|at)|fault(?:s|ed)|point(?:s|ed) (?:the|a) finger at) (?:the )?"
    r"(?P<who>[A-Z][\w’'&-]*(?: [A-Z][\w’'&-]*){0,4})"
)
_REVEALS = re.compile(r"\b(?:has|have) (?:learned|learnt|established|found out|been told)\b|\bcan (?:now )?reveal\b")
"""What an outlet says on its own word, of somebody who may answer."""
_ALLEGED = re.compile(
    r"\b(?:allegedly|alleged|claimed|argued|argues?|accused)\b|"
    r"(?<!\bof )(?<!\bthe )(?<![’']s )\bclaims\b(?! (?:of|about|made|related|were|are|have|had|even)\b)",
    re.IGNORECASE,
)
_SUPPOSES = re.compile(r"\b(?:kn[eo]ws?|known|whether|if)\b", re.IGNORECASE)
"""With one of these, "was false" is not what the sentence says."""


@dataclass(frozen=True, slots=True)
class _Denied:
    """What a sentence denies."""

    words: str
    """Those that deny it."""
    said: str
    """All that they may be about, and """
    about: str
    """the clause of it that they are about."""


def denials(evidence: Sequence[Evidence], figures: Sequence[Figure]) -> Iterator[Clash]:
    """A sentence that denies, with the sentence of somebody else that comes closest to what it denies."""
    counts: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    for figure in figures:
        counts[figure.evidence.number].append((figure.text, figure.value, _counted(figure)))
    for item in evidence:
        found = _denied_in(item)
        if found is None or _bare(found.about):
            continue
        values = {(value, unit) for text, value, unit in counts.get(item.number, ()) if text in found.said}
        same = {o.number: sum((v, unit) in values for _, v, unit in counts.get(o.number, ())) for o in evidence}
        ranked = [(_denied(item, other, found.about, same[other.number]), -other.number, other) for other in evidence]
        score, _, best = max(ranked, key=lambda row: row[:2])
        if score:
            shared = tuple(sorted(telling(found.about) & telling(best.sentence.text)))
            yield _denial(Kind.DENIAL, shared, best, item, found.words)


def _denied_in(item: Evidence) -> _Denied | None:
    """Return what a sentence denies, if it says so and names it."""
    text = item.sentence.text
    match = None if is_correction(item) else _DENIES.search(outside_quotations(text)) or _CALLS.search(text)
    if match is None or _DOUBLE.search(text, 0, match.start()):
        return None
    backwards = match.group().lower().startswith(("was", "were", "is", "are"))
    said = text[: match.start()] if backwards else text[match.end() :]
    about = _CUT.split(said)[-1 if backwards else 0]
    empty = backwards and (not _TOLD.search(about) or _SUPPOSES.search(about))
    return None if empty else _Denied(match.group().rstrip(), said, about)


def _bare(about: str) -> bool:
    """Tell whether what is denied is only pointed at: "Ruiz's claim was false"."""
    named = frozenset(name.word.lower() for name in names(about))
    return not matter(_TOLD.sub("", about), named) and _TOLD.search(about) is not None


@lru_cache(maxsize=4096)
def matter(text: str, without: frozenset[str] = frozenset()) -> frozenset[str]:
    """Return the roots of the telling words: of "ignored warnings" two are in "warned twice and did nothing"."""
    bare = (word.removesuffix("’s").removesuffix("'s") for word in words(_IDLE.sub("ignored", text)))
    told = (word for word in bare if word not in PLAIN and word not in without)
    return frozenset(_ENDING.sub(r"\1", word)[:6] for word in told if len(word) >= SHORTEST)


def _denied(item: Evidence, other: Evidence, about: str, same: int) -> float:
    """Return how likely ``other``, with as many figures the ``same``, states what ``item`` denies; 0 if it does not."""
    own = other.number == item.number or (speakers(other) and speakers(other) <= speakers(item))
    text = _IDLE.sub("ignored", other.sentence.text)
    denies = _NEGATES.search(text) or _CALLS.search(text)
    if own or denies or is_correction(other) or published_before(item, other):
        return 0.0
    said, theirs = matter(about), matter(text)
    plain = matter(about, frozenset(name.word.lower() for name in names(about)))
    shared = said & theirs
    alleged = bool(_ALLEGED.search(text))
    spoken = bool(quotations(text)) and bool(speakers(other))
    stated = bool(speakers(other)) and len(plain) >= STATED and plain <= theirs
    close = other.article.id == item.article.id and 0 < item.sentence.n - other.sentence.n <= REACH
    enough = (
        (same and len(shared) + 2 * same >= ABOUT - 1)
        or (alleged and plain & shared and (len(shared) >= ABOUT - 1 or (close and 2 * len(shared) >= len(said))))
        or stated
        or (spoken and len(plain & shared) >= max(ABOUT - 1, len(plain) / 2))
    )
    return len(shared) / (len(said) + 2) + same + (0.2 if close else 0) if enough else 0.0


def _counted(figure: Figure) -> str:
    """Return what a figure counts; "eleven deaths" and "eleven people were killed" count one thing."""
    return "dead" if figure.unit.startswith(("death", "fatal")) else figure.unit


def replies(evidence: Sequence[Evidence]) -> Iterator[Clash]:
    """An allegation, and what answers it by referring to it or by following it."""
    by_place = {(item.article.id, item.sentence.n): item for item in evidence}
    for item in evidence:
        ours, found = outside_quotations(item.sentence.text), _denied_in(item)
        bare = found is not None and _bare(found.about)
        answers = _ANSWERS.search(ours)
        refers = found.words if found and bare else answers.group() if answers else ""
        who = (_stems(speakers(item)) | (telling(ours[: answers.start()]) if answers else frozenset[str]())) - _MANY
        known = who or bare or (answers and answers.start() == 0)
        near = (by_place.get((item.article.id, item.sentence.n - step)) for step in range(1, REACH if refers else 2))
        nearest = by_place.get((item.article.id, item.sentence.n - 1))
        before = [o for o in near if o and (_said(o) or (refers and o is nearest and _charges(o)))]
        before = [o for o in before if not who & _stems(speakers(o)) and "comment" not in o.sentence.text]
        before = [
            o for o in before if _party(who, o) or not who & implied(o, by_place.get((o.article.id, o.sentence.n - 1)))
        ]
        alleged = [other for other in before if _alleges(other)]
        if not known or is_correction(item) or (answers and _DOUBLE.search(ours, 0, answers.start())):
            continue
        answer = by_place.get((item.article.id, item.sentence.n + 1))
        if refers and answer is not None and (denied := _met(answer, item, before)):
            yield _denial(Kind.DENIAL, (), denied, item, refers)
            yield _denial(Kind.REPLY, (), denied, answer, "")
        elif refers:
            last = [o for o in before if o is nearest and not silent(o) and not _NEGATES.search(o.sentence.text)]
            yield from (_denial(Kind.DENIAL, (), other, item, refers) for other in (alleged or last)[:1])
        elif alleged and not _party(who, alleged[0]) and same_paragraph(alleged[0], item) and _PLAINLY.match(ours):
            named = {stem(name.word) for name in names(alleged[0].sentence.text)}
            about = (telling(alleged[0].sentence.text) & telling(ours)) - named  # two may speak of one man
            yield from (_denial(Kind.REPLY, sorted(about), other, item, "") for other in alleged[:1] if about)


def _met(answer: Evidence, item: Evidence, before: Sequence[Evidence]) -> Evidence | None:
    """Return what those who deny it in so many words go on to speak of: "denied that. “No report was received”"."""
    if len(words(item.sentence.text)) > SHORT or not (
        quotations(answer.sentence.text) and same_paragraph(item, answer)
    ):
        return None
    shared = {o.number: len(telling(o.sentence.text) & telling(answer.sentence.text)) for o in before}
    best = max(before, key=lambda o: shared[o.number], default=None)
    return best if best is not None and shared[best.number] >= STATED else None


def answers_for(evidence: Sequence[Evidence]) -> Iterator[Clash]:
    """What is alleged or revealed of somebody, and the next sentence, in which those who speak for them answer."""
    for before, item in pairwise(evidence):
        follows = before.article.id == item.article.id and same_paragraph(before, item)
        if follows and _THEIRS.match(item.sentence.text) and (_alleges(before) or _reveals(before)):
            yield _denial(Kind.REPLY, (), before, item, "")
    by_place = {(item.article.id, item.sentence.n): item for item in evidence}
    for blames in evidence:
        blamed = _BLAMES.search(outside_quotations(blames.sentence.text))
        who = _stems(frozenset(words(blamed["who"]))) - _MANY if blamed else frozenset[str]()
        near = (by_place.get((blames.article.id, blames.sentence.n + step)) for step in range(1, NEXT + 1))
        said = telling(blames.sentence.text) - who
        answer = next((i for i in near if i and who & _stems(speakers(i)) and said & telling(i.sentence.text)), None)
        if answer is not None and not is_correction(blames):
            yield _denial(Kind.REPLY, (), blames, answer, "")


def _charges(item: Evidence) -> bool:
    """Tell whether a sentence tells, on nobody's word, what somebody is held to have done."""
    return bool(_CHARGED.search(outside_quotations(item.sentence.text)))


def _reveals(item: Evidence) -> bool:
    return _REVEALS.search(outside_quotations(item.sentence.text)) is not None


def _stems(said: frozenset[str]) -> frozenset[str]:
    return frozenset(stem(word) for word in said)


def _alleges(item: Evidence) -> bool:
    return bool(_CLAIMS.search(outside_quotations(item.sentence.text)))


def _party(who: frozenset[str], other: Evidence) -> bool:
    """Tell whether those who speak are spoken of in ``other``, too: their own side, not the other one."""
    return bool(who & frozenset(map(stem, words(other.sentence.text))))


def _said(item: Evidence) -> bool:
    return bool(speeches(item.sentence.text)) or silent(item)


def _denial(kind: Kind, about: Iterable[str], first: Evidence, second: Evidence, word: str) -> Clash:
    return between(kind, Side("", first), Side(word, second), about)
