"""Text to how sure it is and whether it has happened: hedges, what is still to come, what is done."""

from __future__ import annotations

import re

from rag.attribution import outside_quotations, quotations
from rag.vocabulary import telling

HEDGES = frozenset(
    "alleged allegedly reportedly suspected purported purportedly apparently supposedly accused rumoured rumored "
    "unconfirmed believed thought may might could likely unlikely possibly perhaps expected would preliminary "
    "speculation potential potentially probably".split()
)
"""Words that make a statement less than a fact."""

_AHEAD = re.compile(
    r"\b(?:will|would|shall|(?:is|are|was|were) (?:\w+ )?to|going to|(?:plan|intend|expect|aim|hope|want|promise|vow)\w* to|"
    r"(?:is|are) (?:\w+ )?(?:expected|set|due|scheduled|planned) to)\s+(?:(?:not|also|soon|then|now|\w+ly)\s+)*(?:be\s+)?(?P<verb>[a-z]{3,})\b|"
    r"[’']ll\s+(?P<short>[a-z]{3,})\b",
    re.IGNORECASE,
)
_STILL_AHEAD = re.compile(
    r"\b(?:will|would|shall|may|might|could|can|should|to (?:be|have)|going|plan\w*|intend\w*|intention|expect\w*|schedul\w*|due|set|likely|"
    r"forecast\w*|predict\w*|propos\w*|promis\w*|next|tomorrow|upcoming|if)\b|[’']ll\b",
    re.IGNORECASE,
)
_HALF = re.compile(r"[;:]|,\s+(?:and|but)\b|\b(?:but|while|although|though|whereas)\b", re.IGNORECASE)
_PART = re.compile(r"[,;:.]|\b(?:and|but|while|although|though|whereas)\b", re.IGNORECASE)
_PAST = {
    "begin": "began", "break": "broke", "bring": "brought", "build": "built", "buy": "bought", "choose": "chose",
    "come": "came", "cost": "cost", "cut": "cut", "draw": "drew", "fall": "fell", "find": "found", "get": "got",
    "give": "gave", "grow": "grew", "hit": "hit", "hold": "held", "keep": "kept", "lay": "laid", "lead": "led",
    "leave": "left", "lose": "lost", "make": "made", "meet": "met", "pay": "paid", "put": "put", "quit": "quit",
    "rise": "rose", "run": "ran", "sell": "sold", "send": "sent", "set": "set", "shut": "shut", "speak": "spoke",
    "spend": "spent", "stand": "stood", "take": "took", "win": "won", "withdraw": "withdrew", "write": "wrote",
}  # fmt: skip

_UNDONE = re.compile(
    r"\b(?:charged with|on suspicion of|(?:faces?|facing|denies|denied) (?:\w+ )?(?:charges?|allegations?) (?:of|that)|"
    r"wanted (?:for|in)|on trial for|accused of|indicted (?:for|on)|"
    r"tr(?:y|ies|ied|ying) to|attempt(?:s|ed|ing)? to|whether|if|offer(?:s|ed)? to|threaten(?:s|ed)? to|should|must|"
    r"could|may|might)\b"
)
"""Before what nobody says was done: charged, tried, supposed, possible."""
_APPROVAL = (
    r"(?:[\w-]+ ){0,3}(?:approval|review|vote|ratification|clearance|agreement|consent|inspection|outcome|confirmation)"
)
_CONDITIONAL = re.compile(
    r"(?:^|[.!?]\s|[,:]\s|\b(?:that|but|and)\s)(?P<first>[Ii]f\b(?:[^;.?!]|\.(?=\s?\d)){3,160}?,)(?P<then>[^.;?!]+)|"
    r"(?P<before>[^.;:?!]+?\b(?!(?:even|as|only|what|see|seen|know\w*|say|said|sure|clear|unclear|ask\w*|tell|decid\w+|wonder\w*|"
    r"determin\w+|question\w*|matter|and|or|but|that|doubt\w*)\b)[\w’%]+)"
    rf"(?P<last>,? (?:(?:if|unless)\b(?! (?:not|any|ever|possible|needed|necessary|appropriate)\b)|provided that|as long as|on condition that|"
    rf"(?:subject to|pending)(?= {_APPROVAL}))\b[^,;.]{{3,120}})"
)
_CLAUSE = re.compile(r"[,;:()–—]|\b(?:and|or|but|while|which|who|that|because|when|after|before)\b")
_CONDITION = re.compile(
    r"\b(?:if|unless|provided|as long as|condition\w*|whether|should (?=the|he|she|it|they|any|[A-Z])|when|once|depend\w*|subject to|"
    r"pending|threat\w*|in case|without|until)\b",
    re.IGNORECASE,
)
_QUOTE_MARKS = re.compile(r"[“”\"]")
_QUESTION = re.compile(
    r"(?:(?:^|[,:.!?—–] )(?i:should|could|would|will|can|is|are|was|were|did|do|does|has|have|had)|\b(?:Should|Could|Would|Will|Can|Is|Are|"
    r"Was|Were|Did|Do|Does|Has|Have|Had)) (?:not )?(?:I|we|you|he|she|it|they|there|the|this|that|these|those|[A-Z][\w’]+)\b[^.!?:;]*\?"
)
_ASKS = re.compile(r"\b(?:ask\w*|question\w*|whether|wonder\w*|quer\w+|rhetoric\w*|if)\b|\?", re.IGNORECASE)
_HALF_TOLD, _MOST = 0.5, 0.75
"""Shares of the words of what is conditional, or asked, that a statement tells which has it as a fact."""
_WOULD = re.compile(r"\b(?:could|would|may|might)\b")
_ABLE = re.compile(r"\b(?:can|could|may|might) (?:also |still )?([a-z]{4,})")
_SURE = re.compile(r"\b(?:will|shall) (?:also |still )?([a-z]{4,})")
_WILL = re.compile(
    r"\b(?:will|shall) (?:(?:also|soon|then|again|(?!apply|supply|comply|reply|rely)\w+ly) )?(?:be )?([a-z]{3,})"
)
_WILL_BE = re.compile(r"\bwill (?:(?:soon|then|eventually|\w+ly) )?(?:be|become) (?:the|an?|its|[\w’]+s)\b")
_IS_NOW = re.compile(r"\b(?:is|are) now\b|\b(?:became|has become|have become)\b|\balready\b")
_TELLING = 4
"""Letters of a word by which two forms of it are told to be one; shorter ones tell nothing."""
_NEXT = 3
"""Words behind it that it bears on."""
_WORD = re.compile(r"[^\W\d_](?:[\w’'-]*\w)?", re.UNICODE)


def hedges(text: str) -> frozenset[str]:
    """Return the hedging words of ``text`` outside direct speech, in lower case."""
    return frozenset(word.lower() for word in _WORD.findall(outside_quotations(text))) & HEDGES


def undone(text: str) -> dict[str, str]:
    """Return the openings (four letters) of the words of ``text`` that only stand behind what makes them undone, by it.

    Of "charged with killing Hale" that is "kill". Direct speech is passed over.
    """
    bare = outside_quotations(text)
    found: dict[str, str] = {}
    for match in _UNDONE.finditer(bare):
        clause = _PART.split(bare[match.end() :], maxsplit=1)[0]
        telling = [word.lower() for word in _WORD.findall(clause) if len(word) >= _TELLING]
        found |= {word[:_TELLING]: match.group() for word in telling[:_NEXT]}
    plain = _WORD.findall(_UNDONE.sub(" ", bare).lower())
    counts = {opening: sum(word.startswith(opening) for word in plain) for opening in found}
    return {opening: by for opening, by in found.items() if counts[opening] == 1}


def foretold(text: str) -> frozenset[str]:
    """Return the verbs that ``text`` has as still to come, outside direct speech: "reopen" of "will reopen"."""
    found = _AHEAD.finditer(outside_quotations(text))
    return frozenset((match["verb"] or match["short"]).lower() for match in found)


def happened(text: str, verbs: frozenset[str], *, anywhere: bool = False) -> frozenset[str]:
    """Return those of ``verbs`` that a clause of ``text`` has as done and not as to come.

    With ``anywhere`` it is enough that a clause has the word and nothing else of what is to come.
    """
    parts = _PART.split(outside_quotations(text)) if anywhere else _HALF.split(outside_quotations(text))
    words = {word.lower() for part in parts if not _STILL_AHEAD.search(part) for word in _WORD.findall(part)}
    return frozenset(verb for verb in verbs if words & _pasts(verb))


def _pasts(verb: str) -> set[str]:
    regular = (
        f"{verb}d" if verb.endswith("e") else f"{verb.removesuffix('y')}ied" if verb.endswith("y") else f"{verb}ed"
    )
    past = {_PAST.get(verb, regular), f"{verb}{verb[-1]}ed"}
    return past | {verb} if verb.endswith("ed") else past - {verb}  # "will be published"


def _unconditional(statement: str, source: str) -> str:
    """Return the condition of ``source`` that ``statement`` tells its rest without; empty if it has none, or keeps it."""
    bare, open_to = _QUOTE_MARKS.sub("", source), _WOULD.search(outside_quotations(statement))
    if _CONDITION.search(statement):
        return ""
    quoted = [_plain(quotation.text).strip(" ,.") for quotation in quotations(statement)]
    told = telling(statement)
    for match in _CONDITIONAL.finditer(bare):
        condition = (match["first"] or match["last"]).strip(" ,")
        main = match["then"] or _CLAUSE.split(match["before"])[-1]
        if open_to and condition[:2].lower() == "if":
            continue
        whole = match.group() if match["first"] else main + condition
        if any(quote.count(" ") > 1 and quote in _plain(whole) for quote in quoted):
            return condition
        terms, rest = telling(condition), telling(main)
        if len(told & terms) >= _HALF_TOLD * len(terms):
            continue  # "those who got a grant"
        if rest and len(told & rest) >= (_HALF_TOLD if match["first"] else _MOST) * len(rest):
            return condition
    return ""


def _plain(text: str) -> str:
    return _QUOTE_MARKS.sub("", text).lower()


def _asked(statement: str, source: str) -> str:
    """Return the question of ``source`` that ``statement`` has as told; empty if it has none, or keeps it one."""
    if _ASKS.search(statement):
        return ""
    told = telling(statement)
    for match in _QUESTION.finditer(_QUOTE_MARKS.sub("", source)):
        asked = telling(match.group())
        if len(asked) > 1 and len(asked & told) >= _MOST * len(asked):
            return match.group().strip()
    return ""


def firmer(statement: str, source: str, sources: str, *, said: bool) -> str:
    """Return what ``statement`` has as surer, or more done, than the ``source`` that it comes from; empty if nothing.

    ``sources`` are all that it cites; with ``said`` it says on whose word it stands, which is a hedge.
    """
    if (hedged := hedges(source)) and not (hedges(statement) or said):
        return f"the source says “{min(hedged)}”; the statement has it as certain"
    left, ours = undone(source), undone(statement)
    told = {word[:_TELLING] for word in _WORD.findall(statement.lower())} - ours.keys()
    unsure = sorted(by for opening, by in left.items() if opening in told)
    if unsure and not hedges(statement):
        return f"the source says “{unsure[0]}”; the statement has it as done"
    if dropped := _unconditional(statement, source):
        return f"the source says “{dropped}”; the statement leaves that out"
    if question := _asked(statement, source):
        return f"the source asks “{question}”; the statement has it as told"
    able = {match[1] for match in _ABLE.finditer(source)} - {match[1] for match in _SURE.finditer(sources)}
    if done := sorted(able & {match[1] for match in _SURE.finditer(statement)}):
        return f"the source says that “{done[0]}” is possible; the statement has it as certain"
    ahead = foretold(source) - happened(sources, foretold(source), anywhere=True)
    if done := sorted(happened(statement, ahead)):
        return f"the source has “{done[0]}” as still to come; the statement has it as done"
    coming = {match[1] for match in _WILL.finditer(outside_quotations(statement))} - foretold(sources) - {"need", "use"}
    coming = {verb for verb in coming if not re.search(rf"\b(?:is|are|be|being|now) (?:\w+ )?{verb}\b", sources)}
    if not _STILL_AHEAD.search(outside_quotations(sources)) and (past := sorted(happened(sources, frozenset(coming)))):
        return f"the source has “{past[0]}” as done; the statement has it as still to come"
    if _WILL_BE.search(source) and _IS_NOW.search(statement) and not _STILL_AHEAD.search(outside_quotations(statement)):
        return "the source has it as still to come; the statement has it as done"
    return ""
