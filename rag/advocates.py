"""Sentences of a story to what somebody is said to have done, and what those who speak for them say of it.

    "The bureau said Ruiz had tried to send money abroad. ... His lawyer said the money was for a doctor."

That something is an accusation is often not said: another party says what somebody did, and their counsel answers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.attribution import outside_quotations
from rag.clash import Clash, Kind, Side, between
from rag.corrections import is_correction
from rag.facts import names
from rag.passages import same_paragraph
from rag.turns import unclear, voices
from rag.vocabulary import PLAIN, stem, telling, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rag.sources import Evidence

NEAR = 4
"""Sentences between an accusation and counsel who answer it."""
REACH = 8
"""The same where the answer names its matter, and insists."""
_FOR = (
    r"(?:lawyers?|attorneys?|solicitors?|barristers?|counsel|spokes(?:man|woman|person|people|men|women)|"
    r"representatives?)"
)
_SAY = r"(?:said|says|told|argue[sd]?|insist(?:s|ed)|maintain(?:s|ed)|contend(?:s|ed)|counter(?:s|ed)|repli(?:es|ed))"
_INSISTS = r"(?:insist(?:s|ed)|maintain(?:s|ed)|counter(?:s|ed)|contend(?:s|ed))"
_COUNSEL = re.compile(
    rf"^(?:But |Yet )?(?:(?P<whose>His|Her|Its|Their) (?:[\w-]+ ){{0,2}}{_FOR}|"
    rf"(?P<defence>Defen[cs]e (?:{_FOR}|counsel)|The defen[cs]e)|"
    rf"(?:A|An|The|One of the)? ?(?:[\w-]+ )?{_FOR} for (?P<client>(?:the )?[\w.’'&-]+(?: [A-Z][\w.’'&-]+){{0,3}})|"
    rf"(?P<owner>(?:[A-Z][\w.&-]+ ){{0,3}}[A-Z][\w.&-]+)[’']s? (?:[\w-]+ )?{_FOR})"
    rf"(?: [A-Z][\w.’'-]+){{0,3}}(?:, [^,]{{2,60}},)? (?P<verb>{_SAY})\b"
)
"""Who speaks for somebody: "His attorney, Mona Feld, said", "A spokeswoman for the firm insisted"."""
_ACCUSERS = re.compile(
    r"\b(?:prosecut(?:ors?|ion)|police|detectives?|investigators?|regulators?|bureau|unions?|inspectors?|auditors?|"
    r"authorities|minister|ministry|attorney general|commission|agency|lawsuits?|suits?|complaint|indictment|charges|"
    r"campaigners|critics|residents|workers|employees|nurses|parents|families|victims?|plaintiffs?|whistle-?blowers?|"
    r"watchdog|officials|sheriff|deputies)\b",
    re.IGNORECASE,
)
_SAID = re.compile(
    rf"\b(?:{_SAY}(?: (?:us|reporters|the \w+|this \w+|jurors))?|alleg(?:es?|ed)|claim(?:s|ed)|"
    r"according to)\b(?: on \w+day)?(?: that)? (?=(?P<subject>[^,;:—–]+))"
)
_DID = re.compile(
    r"(?P<who>(?:[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3}|bosses|managers|directors|owners|executives|the "
    r"(?:company|firm|club|group|hospital|school|operator|owner|carmaker|bank|airline)|he|she|it|they)"
    r"(?:, [^,]{2,40},)?(?: at [A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*){0,3})?)"
    r" (?:\w+ly )?(?:(?:had|has|have) (?:\w+ly )?(?!been (?:injured|killed|taken)\b)[a-z]+|[a-z]+ed|cut|put|let|hit|"
    r"took|gave|sold|hid|kept|ran|paid|made|broke|drove|shot|stole|knew|left|told|sent|spent|withheld|misled)\b"
)
"""Somebody, and what they did."""
_ACCUSES = re.compile(
    r"\b(?:accus(?:es?|ed|ing)|alleg(?:es?|ed|ing) (?:that|he|she|they|it|the|[A-Z])|"
    r"charg(?:ed|ing) (?:him|her|them|it|with)|indicted)\b(?! by\b)"
)
_SUITS = re.compile(r"\b(?:(?:law)?suits?|su(?:es|ed|ing)|plaintiffs?|complaint)\b")
"""With one of these, both have lawyers, and "her attorney" may be of whoever accuses."""
_IDLE = re.compile(
    r"\b(?:declin(?:ed|es)|comment(?:ed)?|respond(?:ed)?|reached|appeal(?:s|ed|ing)?|cooperat\w+|grateful|pleased|"
    r"disappoint\w+|review\w*|aware|thank\w*|condolences|sorry|apologi\w+|regrets?|committed|priority|confident|"
    r"look(?:s|ing)? forward|would (?:not )?(?:be|plead|make|surrender|fight)|will)\b",
    re.IGNORECASE,
)
"""What is said beside the matter."""
_CONTRARY = re.compile(
    r"\b(?:not|no|never|nobody|nothing|none|neither|without|innocent|false|wrong|untrue|baseless|rather|instead|only|"
    r"merely|simply|den(?:y|ies|ied)|self-defen[cs]e)\b|n[’']t\b",
    re.IGNORECASE,
)
_PICKS_UP = re.compile(r"\bsa(?:id|ys) (?:that )?the (?P<noun>[a-z]{3,}) (?:was|were|is|had|has|been)\b")
"""What takes for known what was told before: "said the money was"."""


def advocates(evidence: Sequence[Evidence]) -> Iterator[Clash]:
    """Yield what somebody is said to have done, with the answer of those who speak for them."""
    place = {(item.article.id, item.sentence.n): item for item in evidence}
    for item in evidence:
        match = None if is_correction(item) else _COUNSEL.match(item.sentence.text)
        if match is None or _IDLE.search(item.sentence.text):
            continue
        near = [o for step in range(1, REACH + 1) if (o := place.get((item.article.id, item.sentence.n - step)))]
        stated = next((other for other in near if _accuses(other) and not voices(item) & voices(other)), None)
        if stated is not None and _answers(item, match, stated, near):
            about = sorted(_matter(stated) & _matter(item))
            yield between(Kind.REPLY, Side("", stated), Side("", item), about)


def _accuses(item: Evidence) -> bool:
    """Tell whether an accuser says what somebody did."""
    text = outside_quotations(item.sentence.text)
    if is_correction(item) or unclear(item):
        return False
    return any(
        (said[0].startswith("alleg") or _ACCUSERS.search(text[: said.start()])) and _DID.match(said["subject"])
        for said in _SAID.finditer(text)
    ) or bool(_ACCUSES.search(text) and _ACCUSERS.search(text))


def _answers(item: Evidence, match: re.Match[str], stated: Evidence, near: Sequence[Evidence]) -> bool:
    """Tell whether counsel answers an accusation: of their client, near it or in its words."""
    text, steps = item.sentence.text, item.sentence.n - stated.sentence.n
    accused = outside_quotations(stated.sentence.text)
    if match["whose"] in {"His", "Her"} and _SUITS.search(accused):
        return False
    client = match["client"] or match["owner"] or ""
    if client[:1].isupper() and not {n.key for n in names(client)} & {n.key for n in names(accused)}:
        return False
    shared = _matter(stated) & _matter(item)
    if shared and re.search(rf"\b{_INSISTS}\b", match["verb"]):
        return True
    if steps > NEAR or sum(not same_paragraph(b, a) for a, b in zip([item, *near], near[:steps], strict=False)) > 1:
        return False
    return bool(shared or _CONTRARY.search(text) or _PICKS_UP.search(text))


def _matter(item: Evidence) -> frozenset[str]:
    """Return the stems of what a sentence tells, without names and those who speak."""
    text = item.sentence.text
    called = {stem(name.word) for name in names(text) if not name.opens}
    roles = frozenset(stem(word) for word in words(text) if word in PLAIN or re.fullmatch(_FOR, word))
    return telling(text) - called - roles - voices(item)
