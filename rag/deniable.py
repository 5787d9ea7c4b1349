"""A sentence and a denial to whether the one can be what the other denies.

    "Veldtpost sued, alleging that Ruiz lied." | "Veldtpost denies his claims."                the same party: no
    "Ana Ruiz was charged with fraud." | "Bo Mazza was charged, too; he pleaded not guilty."   another: no
    "A lawyer warned of a charge over the march." | "Ruiz denied all wrongdoing."              nothing is claimed: no

These are asked of every pair, whatever rule found it (``rag.conflicts``).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rag.facts import name_keys
from rag.parties import called, denier
from rag.vocabulary import PLAIN

if TYPE_CHECKING:
    from rag.sources import Evidence

_DENIES = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|disput(?:es?|ed)|reject(?:s|ed)?|dismiss(?:es|ed)?|refut(?:es?|ed)|maintain(?:s|ed)|"
    r"insist(?:s|ed)|plead(?:ed|s)?|call(?:s|ed))\b"
)
_HIMSELF = (
    r"(?: \w+ly| has| had| have| previously| again)?(?: \w+ly)? (?:called|accus(?:es|ed)|alleg(?:es|ed)|su(?:es|ed)|"
    r"respond(?:s|ed) with|claim(?:s|ed)|argu(?:es|ed)|warn(?:s|ed)|told|sa(?:ys|id)|suggest(?:s|ed)|"
    r"testif(?:ies|ied)|takes (?:the )?stand)\b"
)
"""After a name, what its bearer says."""
_SOMEBODY_NEAR = re.compile(r"\b(?:to|of|by|for|with|against)(?: [\w.’'-]+){0,3} $")
"""Before a name, somebody who belongs to its bearer: "an aide to U.S. Rep. Ruiz said"."""
_REJECTS = re.compile(r"\b(?:rebut(?:s|ted)?|debunk\w*|discredited|(?:no|zero|any) basis|without (?:any )?basis)\b")
"""In a sentence that takes the claim for untrue itself."""
_PROPOSES = re.compile(r"\bsuggest(?:s|ed)\b.*\bshould\b|\bwarn(?:s|ed|ing) of\b|\bissued an? (?:\w+ )*warning\b")
"""In a sentence that asks for something or fears it; it claims nothing, but where it """
_ACCUSES = re.compile(r"\b(?:accus|alleg|claim)(?:es?|ed|s|ing)\b")
"""accuses as well."""
_BEARER = re.compile(r"[A-Z][\w’'-]+ (?:[A-Z]\.? )?(?P<last>[A-Z][\w’'-]+)")
_CHARGED = re.compile(r"\bcharged\b")
_PLEADS = re.compile(r"\bplead(?:ed|s)? not guilty\b")
_GROUPS = PLAIN | frozenset("officials police company government spokesman spokeswoman former lawyers".split())
"""Words of a party that another one may be called by as well."""


def deniable(claim: Evidence, denial: Evidence, words: str = "") -> bool:
    """Tell whether ``claim`` can be what ``denial`` denies, with these ``words`` where they are known."""
    text, answer = claim.sentence.text, denial.sentence.text
    found = _DENIES.search(answer)
    who = called(denier(answer, words or (found.group() if found else ""))) - _GROUPS
    rejects = _REJECTS.search(text) or (_PROPOSES.search(text) and not _ACCUSES.search(text))
    return not (rejects or any(_says(name, text) for name in who) or _of_another(text, answer))


def _says(name: str, text: str) -> bool:
    """Tell whether the bearer of ``name``, or of what it is short for, is who speaks in ``text``."""
    if re.search(rf"\b{re.escape(name)}\b", text, re.IGNORECASE) is None:
        return name in name_keys(text)  # "FAA"
    spoken = re.finditer(rf"\b{re.escape(name)}{_HIMSELF}", text, re.IGNORECASE)
    return any(_SOMEBODY_NEAR.search(text, 0, match.start()) is None for match in spoken)


def _of_another(text: str, answer: str) -> bool:
    """Tell whether one man is charged, and another pleads not guilty, by the names with which both begin."""
    first, second = _BEARER.match(text), _BEARER.match(answer)
    if first is None or second is None or not (_CHARGED.search(text) and _PLEADS.search(answer)):
        return False
    return second["last"] not in text and first["last"] not in answer
