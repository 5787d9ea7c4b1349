"""Text to sentences.

In goes any text; out come the (start, end) offsets, in Unicode code points, of its sentences: ordered, never
overlapping, together all of the text but white space, with no white space at either end. A citation is such a slice.

nupunkt proposes cuts, one line at a time; the rules below move, drop and add some where news text goes wrong. A
sentence that is too long still holds what it is cited for, half a sentence misleads: in doubt, a rule joins.

The first call imports nupunkt and loads its model: 0.02 s, once a process. Time is linear in the text, whatever it is.
"""

import re
from collections.abc import Iterator
from importlib.metadata import version

_RULES = 3  # Raise it with every change that moves a cut: each version is stored with the label of what cut it.

SPLITTER = f"nupunkt-{'.'.join(version('nupunkt').split('.')[:2])}+rules-{_RULES}"
"""Names the model and the rules that made a set of sentences. Patch releases of nupunkt are taken to cut alike."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# How far the rules see to either side of a cut. Bounded, so that no input makes them slow; the longest sight needed is
# the speaker after a quoted question ("... the committee's senior Republican, asked").
_BEFORE, _AFTER, _LONGEST = 60, 90, 30

# nupunkt reads a whole word again for each stop inside it: a million exclamation marks would take 20 min. The head of a
# word longer than nearly any link is hidden from it; its tail stays, since only that can end a sentence.
_MONSTER = re.compile(r"\S{200,}")
_TAIL = 40

# Words that begin a sentence and do not continue a name. After "U.S.", "Inc.", "p.m." or "Vitamin D." only they count
# as a new sentence. Will, May, So, An, No and My are left out: they are names, too.
_STARTER = re.compile(
    r"[“‘\"'(\[]*(?:A|About|After|All|Also|Although|Among|And|Another|Are|As|At|Because|Before|Both|But|By|Can|Could"
    r"|Despite|Did|Do|Does|During|Each|Even|Every|Few|For|From|Had|Has|Have|He|Her|Here|His|How|However|I|If|In|Instead"
    r"|Is|It|Its|Last|Later|Like|Many|Meanwhile|More|Most|Moreover|Much|Nearly|Neither|Not|Now|Of|On|Once|One|Only|Or"
    r"|Other|Others|Our|Over|People|Perhaps|Police|She|Should|Since|Some|Still|Such|Than|That|The|Their|Then|There"
    r"|Therefore|These|They|This|Those|Though|Thousands|Three|Through|Thus|To|Two|Under|Unlike|Until|Was|We|Were|What"
    r"|When|Where|Whether|Which|While|Who|Why|With|Without|Would|Yet|You|Your)(?:[’'](?:s|re|ve|d|ll|t|m))?(?![\w’'.-])"
)

# The last word before a possible cut: the word itself, its stops, closing quotes and brackets.
_WORD = re.compile(r"(?P<word>.*?)(?P<stops>[.!?…]+)(?P<close>[\"”’»')\]]*)", re.DOTALL)
# A word whose full stop is a full stop. nupunkt, trained on law reports, has "reports", "month", "win", "so" and
# "cancer" as abbreviations or in fixed pairs, and lost some 400 ends in 800 articles of RealTimeQA 2022.
_PLAIN = re.compile(r"(?:.*[’'])?(?:[a-z]{2,}|[A-Z][a-z]{3,}|[A-Z]{3,})(?:[’'](?:s|t|re|ve|ll|d))?")
_ABBREVIATIONS = _words(
    "adm al amb apt approx assn assoc asst atty aug ave bldg blvd bros brig ca calif capt cf cmdr co col colo comdr"
    " conn corp cpl ct dec del dept det dist dr ed eds eg esp est etc ext feb fig figs fla fr ft gen gov govt hon hwy"
    " ibid ie inc insp inst jan jr kan ky la lb lt ltd maj mass md messrs mich min minn miss mo mont mr mrs ms mt mts"
    " neb nev no nos nov oct okla op ore oz pa para penn pfc ph pkwy pl pp pres prof pt pvt rd rep reps ret rev rt sat"
    " sec sen sens sep sept seq sgt sq sr st ste sun supt tel tenn tex treas univ va vol vols vs wash wis wyo"
)
# No sentence ends with these before a name or a number ("Lt. Gov. Smith") ...
_TITLES = _words(
    "Adm. Amb. Asst. Atty. Brig. Capt. Cmdr. Col. Cols. Cpl. Det. Dr. Drs. Gen. Gens. Gov. Govs. Hon. Insp. Lt. Maj."
    " Messrs. Mr. Mrs. Ms. Mx. Pfc. Prof. Pvt. Rep. Reps. Rev. Sen. Sens. Sgt. Sgts. Supt. cf. v. vs."
)
# ... with these before a number ("No. 4", "Sept. 11") ...
_NUMBERED = _words(
    "no. nos. n°. vol. vols. fig. figs. p. pp. art. arts. sec. secs. ch. rm. apt. ste. pt. jan. feb. mar. apr. jun."
    " jul. aug. sep. sept. oct. nov. dec. ext."
)
# ... or with these before a name that is no starter ("Ft. Bragg", but "on Main St. The suspect"; "E! News").
_HALVES = _words("St. Ste. Ft. Mt. Mts. Pt. E! Jeopardy! Yahoo!")
_JOINED = re.compile(r"[-–—/]")
_OMITTED = re.compile(r"[^\s.!?…](?:\s…|\s\.\.\.)\Z")  # "We ... Americans", but not "motivated. ... Americans"
_INITIALS = re.compile(r"(?:[A-Z]\.)+")  # "J. R. Smith", "U.S. Senate", "D.C. Circuit"
# "10 a.m. ET", "10 p.m. Friday"; "At 5 a.m. Mr. Smith went".
_ZONE = re.compile(
    r"(?:[ECMP][SD]?T|GMT|UTC|BST|IST|CES?T|JST|Eastern|Central|Mountain|Pacific|Local|(?:Mon|Tues|Wednes|Thurs|Fri|Satur"
    r"|Sun)days?|Jan|Feb|Mar(?:ch|\.)|Apr|May \d|June?|July?|Aug|Sept|Oct|Nov|Dec)\b"
)
# "... between 10 p.m. and 5 a.m. LoMetro has offered": a name with its verb; "before 8 a.m. Coffee cups were thrown": a
# capital with a small word. But "the 9 a.m. Eurostar was full", "at 8 a.m. London time", and on a live page "1:15 p.m.
# Trump leaves". Of some 120 such places in RealTimeQA some four are cut wrongly.
_CLOCK_NEXT = re.compile(
    r"(?!Mrs?\b|Ms\b|Dr\b)[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,2} "
    r"(?:has|have|had|is|was|were|are|will|would|did|said|says|told|plans|remains?|remained|stayed|saw)\b|"
    r"[A-Z][a-z]{3,},? (?!(?:time|morning|afternoon|evening|night)\b)[a-z]{3,}"
)
_CLOCK_HELD = re.compile(
    r"(?:\b(?:the|an?|its|his|her|their|this|that|every|each)\s|[’']s\s|\A)[\d:.]+\s[ap]\.m\.\Z", re.IGNORECASE
)
_CLOCK = re.compile(r"\d\s?[ap]\.m\.\Z")
_CLOCK_OPENER = re.compile(r"(?:\A|[.!?]\s)(?:At|By|Around|About|Before|After|Until|Since)\s[\d:]+\s[ap]\.m\.\Z")

# The sentence goes on: "...?: What we know", "? — he asked", the dash of a dateline; iPhone and eBay begin one.
_GOES_ON = re.compile(r"[,;:]|(?:—|–|--)\s|[(\[][a-z]")
_CAMEL = re.compile(r"[a-z]{1,2}[A-Z]")

# "Will it end?" Hekster asked. A capital pronoun or article in the speaker's place starts a new sentence instead.
_QUOTED = re.compile(r"[.!?…—-](?:\s?[”\"’']){1,3}\Z")
_NO_SPEAKER = _words("A An And But He It She That The They This We You")
_SPEECH = _words(
    "added adds asked asks concluded continued cried declared demanded exclaimed explained insisted joked noted"
    " observed posted quipped recalled replied responded said says shouted sang told tweeted wondered writes wrote"
    " yelled"
)
_CLAUSE = _words("a he her his it she that the there they this we")

# Closing marks a cut must not leave to the next sentence, and reference marks that follow a stop ("... 1805.[6] In").
_CLOSERS = re.compile(r"(?:[”»)\]]|[’'\"](?=[\s”»)\]]|\Z)){1,4}\s*")
_REFERENCES = re.compile(r"(?:\[(?:\d{1,3}|[a-z])\]){1,9}\s*")

# Cuts nupunkt misses: before a capital, a number or an opening quote, and where the space after the stop was lost
# ("ended.The"), but not in names of sites, files and accounts.
_MISSED = re.compile(r"[.!?…][\"”’»')\]]{0,3}\s+(?=[“‘\"'(\[]{0,3}[^\W_a-z])")
_GLUED = re.compile(
    r"(?<=[a-z]{2})[.!?][”’]?(?=[“‘]?(?!(?:Com|Net|Org)\b)(?:[A-Z][a-z]{2,}|A|As|At|He|I|If|In|It|On|We)[\s,’'])"
)
_ADDRESS = re.compile(r"(?:[/@#_\\]|www|\w\.\w+[.!?])\S*\Z")

# Lists that lost their line breaks: "• Milk • Eggs", "1. Milk 2. Eggs".
_BULLET = re.compile(r"\s(?=[•‣⁃◦▪●➤►]\s?\w)")
_ITEM = re.compile(r"(?<![^\s•‣⁃◦▪●➤►])(?:(?P<number>\d{1,2})|(?P<letter>[a-z]))(?P<style>\.?\)|\.)\s")
_MARK = re.compile(r"[\W_]*|[\s•‣⁃◦▪●➤►([*-]*(?:\d{1,3}|[A-Za-z])[.)]+")


def split(text: str) -> tuple[tuple[int, int], ...]:
    """Offsets of each sentence: `text[start:end]` is its text."""
    found: list[tuple[int, int]] = []
    offset = 0
    for line in text.splitlines(keepends=True):  # a line break ends a sentence: headlines and bylines have no stop
        found.extend((offset + start, offset + end) for start, end in _slices(line.rstrip()))
        offset += len(line)
    return tuple(found)


def _slices(line: str) -> list[tuple[int, int]]:
    """Trimmed pieces between the cuts. A bullet, number or symbol alone joins the next piece, or else the last."""
    found: list[tuple[int, int]] = []
    loose: tuple[int, int] | None = None
    begin = 0
    for cut in (*_cuts(line), len(line)):
        piece, start, begin = line[begin:cut], begin, cut
        body = piece.strip()
        if not body:
            continue
        start += len(piece) - len(piece.lstrip())
        end = start + len(body)
        start = loose[0] if loose else start
        if _MARK.fullmatch(body):
            loose = (start, end)
        else:
            found.append((start, end))
            loose = None
    if loose:
        found.append((found.pop()[0], loose[1]) if found else loose)
    return found


def _cuts(line: str) -> list[int]:
    """Where sentences begin inside a line, in order."""
    proposed = {_settled(line, cut) for cut in _proposals(line)}
    missed = {_settled(line, place) for place in _missed(line)}
    listed = {match.end() for match in _BULLET.finditer(line)}.union(_items(line))
    kept: list[int] = []
    for cut in sorted(proposed | missed | listed):
        before, after = line[max(0, cut - _BEFORE) : cut].rstrip(), line[cut : cut + _AFTER]
        if cut in listed or (after and (cut in proposed or _parts(before, after)) and not _joins(before, after)):
            kept.append(cut)
    return kept


def _proposals(line: str) -> Iterator[int]:
    """The cuts of nupunkt."""
    import nupunkt  # noqa: PLC0415  (a command that splits nothing does not pay for the model)

    readable = _MONSTER.sub(lambda word: "x" * (len(word[0]) - _TAIL) + word[0][-_TAIL:], line)
    return (start for start, _ in nupunkt.sent_spans(readable) if start)


def _missed(line: str) -> Iterator[int]:
    """Places that may be cuts and that nupunkt may not have seen as such."""
    for match in _MISSED.finditer(line):
        yield match.end()
    for match in _GLUED.finditer(line):
        if not _ADDRESS.search(line[max(0, match.start() - _BEFORE) : match.end()]):
            yield match.end()


def _settled(line: str, cut: int) -> int:
    """The cut, behind the closing quotes and reference marks that belong to the sentence before it."""
    for pattern in (_CLOSERS, _REFERENCES):
        if match := pattern.match(line, cut):
            cut = match.end()
    return cut


def _last(before: str) -> str:
    """The last word before a cut: "Mr." of "(Mr.", "Dec." of "19-Dec."."""
    word = before[-_LONGEST:].split()[-1:]
    return _JOINED.split(word[0])[-1].lstrip("“‘\"'([") if word else ""


def _parts(before: str, after: str) -> bool:
    """Whether a new sentence begins at a cut that nupunkt did not propose."""
    end = _WORD.fullmatch(_last(before))
    if not end or not end["word"]:
        return False
    if _STARTER.match(after) or (_CLOCK.search(before) and _CLOCK_NEXT.match(after) and not _CLOCK_HELD.search(before)):
        return True
    if end["close"].endswith((")", "]")) or end["stops"] in {"…", "...", "...."}:
        return False  # "(est.) Annual sales", "We... Americans"
    return not end["stops"].startswith(".") or bool(
        _PLAIN.fullmatch(end["word"]) and end["word"].lower() not in _ABBREVIATIONS
    )


def _joins(before: str, after: str) -> bool:
    """Whether the sentence goes on over the cut."""
    last = _last(before)
    if after[0].islower():  # "Yahoo! in", "... he said"
        return not _CAMEL.match(after)
    if last in _TITLES or _GOES_ON.match(after):
        return True
    if after[0].isdigit():
        return last.lower() in _NUMBERED
    if last.lower().endswith(("a.m.", "p.m.")) and (_ZONE.match(after) or _CLOCK_OPENER.search(before)):
        return True
    if last.endswith(".)") and last[:-2].lower() in _ABBREVIATIONS:  # "Gen. (ret.) John Roe"
        return not _STARTER.match(after)
    if after[0].isupper() and (last in _HALVES or _INITIALS.fullmatch(last) or _OMITTED.search(before)):
        return not _STARTER.match(after)
    return _speaks(before, after)


def _speaks(before: str, after: str) -> bool:
    """Whether `after` only says who spoke the words quoted before it."""
    quoted = _QUOTED.search(before, len(before) - 7)
    words = after.split()[:9]
    if not quoted or words[0] in _NO_SPEAKER or not words[0][0].isupper():
        return False
    for place, word in enumerate(words[1:], 1):
        verb = word.rstrip(".,:;")
        if verb in _SPEECH:
            clause = verb not in {"asked", "told"} and "".join(words[place + 1 : place + 2]) in _CLAUSE
            return word.endswith(".") if quoted[0].startswith(".") else not clause
        if word[0] in '“‘"' or (word[-1] in ".!?…" and not (word in _TITLES or _INITIALS.fullmatch(word))):
            return False
    return False


def _items(line: str) -> Iterator[int]:
    """Where the next items begin in a line that begins with the first item of a list."""
    expected: tuple[int, str] | None = None
    for item in _ITEM.finditer(line):
        number = int(item["number"]) if item["number"] else ord(item["letter"])
        if expected is None:
            if any(map(str.isalnum, line[: item.start()])):
                return
        elif (number, item["style"]) != expected:
            continue
        else:
            yield item.start()
        expected = (number + 1, item["style"])
