"""Sentence to the part of it that says when something will be, where it says that something will.

    "The board said it will publish its report on March 27." -> "will publish its report on March 27."

What is hoped in vain, asked, polled or predicted is announced by nobody.
"""

from __future__ import annotations

import re

from rag.vocabulary import WEEKDAY

_PLANNED = (
    r"(?:is|are|was|were) (?:also |now |still )?(?:set|due|scheduled|expected|planned|slated|supposed|going) (?:to|"
    r"for|on|in|by|at)\b"
    r"|(?:is|are) to (?!(?:blame|an?|the|its|his|her|their)\b)[a-z]+"
    r"|(?:has|have) (?:been (?:set|scheduled|planned)|until)\b"
    r"|(?<!a )(?<!the )(?<!any )(?<!no )(?:plans?|intends?|aims?|hopes?|promised|vowed|"
    r"agreed(?! to (?:pass|adopt|approve|in|on|at|by|last)\b)|pledged) to\b"
    r"(?! (?:an?|the|it|its|his|her|their|this|that|these|those|some|all|two|three)\b)"
    r"|expects? (?:[^,;]{1,40} )?to\b|(?<!fall )(?:planned|scheduled|slated|due) (?:for|on|in|by)\b|(?:will|"
    r"shall)(?! have\b| be (?:difficult|hard|tough|interesting)\b)\b|[’']ll\b"
)
_FUTURE = re.compile(
    rf"\b(?:{_PLANNED}|(?<!I )would(?! have\b| be (?:wrong|better|enough|unfair|foolish|equal|equivalent|worth)| not\b|"
    rf" rather\b| like\b| say\b))",
    re.IGNORECASE,
)
_PLAN = re.compile(  # what is called a plan was made: "unveiled a 10-year plan to end the delays"
    r"\b(?:an?|his|her|its|the) (?:[\w-]*[^\Ws] ){0,3}(?:plan|promise|agreement|pledge|aim|hope) to\b", re.IGNORECASE
)
_CALENDAR = re.compile(  # "Shareholders meet on May 21"
    r"\b(?<!the )(?<!an )(?<!a )(?:closes?|opens?|begins?|starts?|meets?|votes?|ends?|expires?|takes? place|goes|"
    r"go) (?:[a-z]+ ){0,3}?(?:on|by|until) (?:\w+day, )?(?=[A-Z][a-z]{2,8}\.? \d|\d{1,2} [A-Z])"
)
_SET = re.compile(  # "set sentencing for November 6"
    r"\b(?:set|fixed|booked|moved|brought forward|postponed|put (?:back|off)|pushed back|adjourned|delayed|rescheduled|"
    r"deferred)\b[^;:]{0,60}?\b(?:for|to|until|till) (?:\w+day, )?(?=[A-Z][a-z]{2,8}\.? \d|\d{1,2} [A-Z])"
)
_ON_DAY = re.compile(  # "Red Cup Day is Thursday", "has set a Tuesday hearing"
    r"\b(?:is|are|opens?|begins?|starts?|returns?|airs|kicks? off|takes? place|meets?|votes?|arrives?|"
    rf"launch(?:es)?|closes?|ends?) (?:back )?(?:on )?(?={WEEKDAY})(?!\w+[’'])|"
    rf"\bset (?:an? |the )?{WEEKDAY} (?:[a-z]+ )?(?:hearing|vote|meeting|deadline|trial|debate|session)\b"
)
_CALLED = re.compile(  # "invited both to talks on Friday", "called its chief executive to give evidence on 27 April"
    r"\b(?:invit(?:ed|es)|summon(?:ed|s)|call(?:ed|s)|subpoena(?:ed|s)|order(?:ed|s)|accepted an invitation)\b"
    r"[^;:]{0,60}?\bto (?:talks|(?:an? |the |fresh |further )?(?:meetings?|hearings?|summits?|interviews?)|testify|"
    r"appear|give evidence|answer questions)\b"
    r"(?=[^;:]{0,40}?\b(?:on|at|by|until) (?:[A-Z][a-z]{2,8}day|[A-Z][a-z]{2,8}\.? \d|\d{1,2} [A-Z]))"
)
_GOES = (
    r"(?:begins?|opens?|starts?|faces?|hosts?|meets?|visits?|travels?|departs?|leaves|heads?|returns?|kicks? off|"
    r"takes? on)"
)
_THEN = re.compile(  # "begins the season with a match at noon today", "on Wednesday departs Washington"
    rf"\b{_GOES}\b(?=[^,;:]{{0,110}}\b(?:today|tonight|this (?:afternoon|evening))\b)|"
    rf"\b(?:on )?{WEEKDAY} {_GOES}\b"
)
_WAYS = (_FUTURE, _CALENDAR, _SET, _CALLED, _ON_DAY, _THEN)
_OCCASION = re.compile(
    r"\b(?:is|are) (?:also |now )?(?:set|due|scheduled|slated) to\b|"
    r"\bwill (?:also )?(?:join|meet|host|face|appear|attend|travel|visit|perform|headline|kick off|deliver|speak|"
    r"testify|hold|take (?:the|on|center|centre|part)|premiere|air)\b|"
    r"\b(?:travels?|heads?) to [A-Z][\w.’' ]+,? (?:[\w.]+ )?(?:for|to (?:face|meet|take on)) an?\b|\bhits the road\b"
)
"""What will be once, on a day that is not told."""
_FAR = re.compile(
    r"\b(?:next|coming|later|until|20\d\d|months?|years?|spring|summer|autumn|fall|winter|term|weekly|daily|each|every|if)\b"
)
"""Beside what may not have come for long."""
_ASKS = re.compile(
    r"\b(?:what|whether|(?<!, )who|how|why)\W+(?:\w+\W+){0,5}$", re.IGNORECASE
)  # "did not say what would happen in 2027"
_FORESEEN = re.compile(  # "found that fires will be more frequent by 2050": nobody announces that
    r"\b(?:predict(?:s|ed)|forecast(?: that|ed)|projected|(?<!an )estimate(?:s that|d)|found|finds?|show(?:s|ed)|"
    r"suggest(?:s|ed)?|believe[sd]?|thinks?|thought|feared|unlikely that|"
    r"(?:voters|respondents|adults|those (?:asked|polled|surveyed)) (?:[a-z]+ ){0,2}(?:say|said))\b[^,;:]{0,90}$|"
    r"\bhad (?:hoped|expected|thought|feared|planned|intended|wanted)\b[^,;:]{0,140}$|"
    r"\bpredict(?:s|ed)\b[^;:]{0,160}$|\b(?:poll|survey)\b[^;:]*\b(?:said|say|found|show(?:s|ed)?)\b[^;:]*$|"
    r"\b(?:no chance|den(?:y|ies|ied|ying)|(?:not|n[’']t) expect|(?:postpon|cancel|scrap|delay)[a-z]*|"
    r"call(?:s|ed)? off)\b[^,;:]{0,90}$",
    re.IGNORECASE,
)
_WHY = re.compile(
    r"\b(?:why|because|how)\b|, who\b|, but (?:(?:then|later|on \w+) )?(?:he|did|had|was|[a-z]+ed)\b", re.IGNORECASE
)
"""What opens a clause that does not say when: "would find out why it fell in April"."""
_UNLESS = re.compile(r"^(?:was|were) [^,;:]* if\b")  # "was to go to court if the deal did not close by Friday"
_ACTED = re.compile(r"\b(?:said|told|had|was|were|[a-z]{3,}ed)\b")  # "On Thursday, Ruiz denied it and said he would go"
_CLAUSE = re.compile(r", (?:which|who|whose)\b[^,]*,")
_OPENING = re.compile(r"^(?:On|By|From|In|At|Next|This|Later|Within|After)\b[^,]{1,40},")
_WAS_DUE = re.compile(
    r"\b(?P<had>had been|was|were) (?:also |still |originally |first )?"
    r"(?:set|due|scheduled|expected|planned|slated|supposed|going|to)\b"
)
_AHEAD = re.compile(  # "faces a hearing on", "must appear on", "go to the polls on"
    r"\b(?:faces?|go(?:es)? (?:to|on|back)|heads? to|travels? to|returns? to|resumes?|meets?|(?:has|have) an?|must|may|"
    r"might|could(?! have)|can|should(?! have)|needs? to|(?:told|ordered|asked) to|warn(?:s|ed)? of)\b[^,;:.]{0,60}$"
)
LATELY = 2
"""Days since the last such weekday up to which "was due on Monday" may have been that one."""


def lapsed(text: str, ago: int) -> bool:
    """Tell whether what was due on a bare weekday, last ``ago`` days before the report, may be past or off."""
    due = _WAS_DUE.search(text)
    return due is not None and (due["had"] == "had been" or 0 < ago <= LATELY)


def ahead(before: str) -> bool:
    """Tell whether the weekday that follows ``before`` is still to come, though no "will" says so."""
    return _AHEAD.search(before) is not None


def occasion(bare: str) -> bool:
    """Tell whether a sentence announces what is soon, and once, without its day: "Ruiz will take the stage"."""
    return _OCCASION.search(bare) is not None and _FAR.search(bare) is None


def future(bare: str) -> str:
    """Return the part of a sentence that says when something will be, empty where none does.

    It is what follows the first word of the future, and the phrase that opens the sentence.
    """
    bare = _PLAN.sub(lambda plan: " " * len(plan.group()), bare)
    found = next((f for pattern in _WAYS if (f := pattern.search(bare)) is not None), None)
    if found is not None and _UNLESS.search(bare[found.start() :]):
        return ""
    if found is None or _ASKS.search(bare[: found.start()]) or _FORESEEN.search(bare[: found.start()]):
        return ""
    bare = bare[: why.start()] if (why := _WHY.search(bare, found.end())) is not None else bare
    opening = _OPENING.match(bare)
    if opening is None or _ACTED.search(_CLAUSE.sub(" ", bare[opening.end() - 1 : found.start()])):
        return bare[found.start() :]
    return f"{opening.group()} {bare[found.start() :]}"
