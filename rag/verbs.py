"""The verbs and phrases that report speech, what each says besides, and where they report none: lists, in English."""

from __future__ import annotations

import re

NEUTRAL = frozenset(
    "said says say saying told tells tell added adds add stated states state noted notes note wrote writes write reported "
    "reports report replied replies answered asked asks explained explains observed observes remarked commented "
    "recalled testified declared announced announces describes described testifies expects".split()
)
"""Verbs that report speech and judge nothing: one may stand for another."""

LOADED = frozenset(
    "claimed claims claim admitted admits admit conceded concedes concede confessed confesses insisted insists insist "
    "boasted boasts bragged alleged alleges allege denied denies deny warned warns warn argued argues argue accused "
    "accuses accuse vowed vows blasted slammed lashed complained complains acknowledged acknowledges revealed reveals "
    "refused refuses threatened threatens demanded demands urged urges promised promises suggested suggests implied "
    "implies contended contends maintained maintains asserted asserts hinted hints predicted predicts estimated "
    "estimates believes believed believe contend predict thinks thought hopes hoped fears feared doubts doubted criticised "
    "criticized".split()
)
"""Verbs that report speech and say more than that it was said: only the source may choose one."""

_ROOTS = {
    "admits": "admitted", "admit": "admitted", "claims": "claimed", "claim": "claimed", "concedes": "conceded",
    "concede": "conceded", "confesses": "confessed", "insists": "insisted", "insist": "insisted", "boasts": "boasted",
    "alleges": "alleged", "allege": "alleged", "denies": "denied", "deny": "denied", "warns": "warned", "warn": "warned",
    "argues": "argued", "argue": "argued", "accuses": "accused", "accuse": "accused", "vows": "vowed",
    "complains": "complained", "acknowledges": "acknowledged", "reveals": "revealed", "refuses": "refused",
    "threatens": "threatened", "demands": "demanded", "urges": "urged", "promises": "promised",
    "suggests": "suggested", "implies": "implied", "contends": "contended", "maintains": "maintained",
    "asserts": "asserted", "hints": "hinted", "predicts": "predicted", "estimates": "estimated",
    "believes": "believed", "thinks": "thought", "hopes": "hoped", "fears": "feared", "doubts": "doubted",
    "criticized": "criticised", "believe": "believed", "contend": "contended", "predict": "predicted",
}  # fmt: skip

QUOTING = frozenset(
    "continued continues concluded concludes joked quipped posted tweeted reminded reminds reads read".split()
)
"""Verbs that report speech only beside direct speech: a strike continues too."""

SPEECH = NEUTRAL | LOADED | QUOTING

_ACCORDING = re.compile(
    r"\b(?:according to|in the (?:words|opinion|view) of)\s+(?P<who>(?:\b(?:Dr|Mrs?|Ms|Prof|Sen|Rep|Gov|Gen|Capt|Col|Lt|Sgt|St|[A-Z])\.|[^,.;:—–]){2,90}"
    r"(?:,\s(?:(?:Dr|Mrs?|Ms|Prof)\.?\s)?(?-i:[A-Z])[\w’'-]+(?:\s(?-i:[A-Z])[\w’'-]*\.?){1,3}(?=[,.;]|$))?)",
    re.IGNORECASE,
)
_TAIL = re.compile(  # ", prosecutors claim." and ", the suit claims."
    r",\s+(?P<who>(?:(?:the|some|many|most) )?(?:[a-z-]+ ){0,2}[a-z-]+s) "
    r"(?=(?:claim|report|fear|estimate|suspect|hope|reckon|believe|contend|predict|think|note)(?:[.,;]|$))"
)
_ONE = re.compile(
    r",\s+(?P<who>(?:the|its|his|her|an?) (?:[\w-]+ ){0,2}?[\w-]+) "
    r"(?=(?:claims|reports|fears|estimates|suspects|hopes|reckons|believes|notes)(?:[.;]|$))"
)
_HEARD = re.compile(
    r"\b(?P<who>(?:[Aa]n?|[Tt]he) (?:[\w’'-]+ ){0,3}?(?:jury|jurors|court|inquest|inquiry|tribunal|hearing)) "
    r"(?:(?:has |had |also )?heard|(?:was|were) told)\b"
)
HEARSAY = (_ACCORDING, _TAIL, _ONE, _HEARD)
"""On whose word something stands, where no verb of speech says so: ``who``."""

NOUNS = frozenset(
    "claim claims report reports note notes state states demands promises estimates fears hopes add".split()
)
"""Those among them that may be nouns, or else no speech."""

HEDGING = frozenset({"alleged", "claimed", "reported"})
"""Participles that say on whose word it stands as an adjective, too: "an alleged thief"."""

_REFUSED = re.compile(  # what a court or an office that denies it does not call untrue
    r"(?:\s+[\w.’'-]+){0,6}?\s+(?:bids?|requests?|motions?|appeals?|applications?|petitions?|permission|access|entry|visas?|"
    r"bail|parole)\b"
)
_PROCLAIMED = re.compile(
    r"\s+(?:an? |the )?(?:\w+ )?(?:state|emergency|victory|war|independence|bankruptcy|disaster|holiday|winner)\b"
)
"""What is done by declaring it."""
_TAKEN = re.compile(
    r"\s+(?!that\b|he\b|she\b|it\b|they\b)(?:\S+ ){0,4}?"
    r"(?:prizes?|titles?|lives|gold|silver|bronze|medals?|victory|victories|wins?|jackpots?|seats?|crown|trophy)\b"
    r"(?!\s+(?:was|is|were|are|had|has|have|would|will|could)\b)"
)
_BELIEVED = dict.fromkeys(("believed", "thought"), re.compile(r"\s+to (?:be|have)\b"))
FORMERLY = re.compile(r"\b(?:first|initially|originally) (?:said|told|claimed|insisted|maintained|argued)\b")
"""Before what somebody no longer says: what they say now is no answer of another."""
UNSPOKEN = {
    "declared": _PROCLAIMED,
    **dict.fromkeys(("claimed", "claims", "claim"), _TAKEN),
    "denied": _REFUSED,
    "slammed": re.compile(r"\s+(?:the (?:door|brakes|phone)|into|shut|against)\b"),
    **dict.fromkeys(
        ("refused", "refuses"),
        re.compile(
            r"(?: on \w+day)? to (?!say|comment|answer|discuss|confirm|deny|"
            r"disclose|speak|name|identify|elaborate|talk|tell|explain|acknowledge|admit|accept|apologi|believe|recogni|rule)"
        ),
    ),
    **dict.fromkeys(
        ("added", "adds", "add"),
        re.compile(
            r"\s+(?:to (?!(?:\w+ing\b|that\b|reporters|lawmakers|the (?:crowd|audience|court))\b)|(?:an|another|two|three|"
            r"[$€£]?\d|[A-Z][a-z]+ )(?!.*\b(?:is|are|was|were|has|had|will|would)\b))"
        ),
    ),
    **dict.fromkeys(("contended", "contends", "contend"), re.compile(r"\s+with\b")),
    **_BELIEVED,
}
"""Verbs of speech with what follows where nobody speaks: "denied the bid", "12 people believed to be"."""


def past(verb: str) -> str:
    """Return the past form of a loaded verb, in lower case: "claims" is "claimed"."""
    return _ROOTS.get(verb, verb)
