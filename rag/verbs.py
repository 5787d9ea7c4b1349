"""The verbs that report speech, and what each says besides: word lists, in English."""

from __future__ import annotations

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
    "estimates believes believed thinks thought hopes hoped fears feared doubts doubted criticised criticized".split()
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
    "criticized": "criticised",
}  # fmt: skip

QUOTING = frozenset(
    "continued continues concluded concludes joked quipped posted tweeted reminded reminds reads read".split()
)
"""Verbs that report speech only beside direct speech: a strike continues too."""

SPEECH = NEUTRAL | LOADED | QUOTING


def past(verb: str) -> str:
    """Return the past form of a loaded verb, in lower case: "claims" is "claimed"."""
    return _ROOTS.get(verb, verb)
