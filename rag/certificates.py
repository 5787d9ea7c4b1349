"""A saved answer or briefing to what is wrong with it now.

Verification needs the archive and nothing else: no model, no index, no network. It reads the document as untrusted
data, and finds a byte that was changed (in a claim, a citation or anything else), a claim that does not pass the gates
it is said to have passed, an article whose text is not the cited one any more, and a sentence that is gone.
The hashes in a document show damage; they are not signatures: who can write the file can write the hash.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter, ValidationError

from rag.cited import Cited
from rag.claims import Citation, ordered
from rag.errors import UsageError
from rag.gates import GATES
from rag.misfits import placed
from rag.overtaken import Overtaken, Watch
from rag.protocols import Archive
from rag.seals import claim_certificate, document_digest
from rag.sources import SHORT, Article, Evidence, Sentence
from rag.wire import (
    AnswerWire,
    BriefingWire,
    CitationWire,
    ClaimWire,
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that does not hold."""

    problem: str
    claim: str = ""
    """The claim it concerns, as printed; empty if it concerns the document."""
    citation: str = ""
    """The key of the citation, empty if none."""

    def to_dict(self) -> dict[str, str]:
        """Return the fields as a dict."""
        return {"problem": self.problem, "claim": self.claim, "citation": self.citation}


@dataclass(frozen=True, slots=True)
class Since:
    """A claim that is true to what it cites, and was overtaken since.

    Its outlet corrected, changed or dropped it, or (``rag.later``) a later report of the story has another figure.
    """

    claim: str
    citation: str
    """The key of the citation that was overtaken."""
    found: Overtaken

    def to_dict(self) -> dict[str, object]:
        """Return the claim, the key, the reason, and the sentences that stand in its place."""
        after = [citation.to_dict() for citation in self.found.after]
        return {"claim": self.claim, "citation": self.citation, "why": self.found.why, "after": after}


@dataclass(frozen=True, slots=True)
class Verification:
    """The outcome of re-checking a document against the archive."""

    claims: int
    """Claims checked."""
    citations: int
    """Citations checked, those of withheld and nearest sentences included."""
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    """What holds but a reader may want to know, such as a newer version of an article."""
    corrected_since: tuple[Since, ...] = ()
    """Claims whose source was corrected or overtaken after they were written. A claim may hold and be listed here."""
    elsewhere: bool = False
    """Whether none of the cited articles is in the archive: it may be another than the one that was cited."""

    @property
    def current(self) -> bool:
        """True if nothing that it says was corrected since."""
        return not self.corrected_since

    @property
    def ok(self) -> bool:
        """True if nothing was found."""
        return not self.findings

    def to_dict(self) -> dict[str, object]:
        """Return the outcome as a dict."""
        return {
            "ok": self.ok,
            "claims": self.claims,
            "citations": self.citations,
            "findings": [finding.to_dict() for finding in self.findings],
            "notes": list(self.notes),
            "corrected_since": [since.to_dict() for since in self.corrected_since],
        }


def verify(document: Mapping[str, object], archive: Archive) -> Verification:
    """Check every citation and claim of ``document`` against ``archive``.

    Raises UsageError if it is not an answer or a briefing of a known schema.
    """
    wire = parse(document)
    told = tuple(claims(wire))
    broken: dict[str, str] = {}
    sound: dict[str, CitationWire] = {}
    notes: list[str] = []
    for key, citation in wire["citations"].items():
        problem, note = _untrue(citation, archive), ""
        if not problem:
            sound[key] = citation
            problem, note = _newer(citation, archive)
            if wire["provenance"]["as_of"] is not None:  # an older version was what was asked for
                problem, note = "", note or problem
        if problem:
            broken[key] = problem
        if note:
            notes.append(note)
    names = {citation["article"]: _name(citation) for citation in wire["citations"].values()}
    elsewhere = bool(names) and not any(archive.article(article) for article in names)
    findings = [_elsewhere(tuple(names.values()))] if elsewhere else []
    for claim in told:
        findings += _check_claim(claim, wire, broken, archive)
    findings += _check_conflicts(wire)
    reported = {finding.citation for finding in findings}
    findings += [Finding(problem, citation=key) for key, problem in broken.items() if key not in reported]
    if elsewhere:  # told once
        findings = [finding for finding in findings if finding.problem != broken.get(finding.citation)]
    if document_digest(document) != wire["digest"]:
        findings.append(Finding("the document was changed after it was written: its digest does not match"))
    since = tuple(_corrected_since(told, sound, archive))
    count = len(wire["citations"])
    return Verification(len(told), count, tuple(findings), tuple(dict.fromkeys(notes)), since, elsewhere)


def _corrected_since(
    told: Iterable[ClaimWire], citations: Mapping[str, CitationWire], archive: Archive
) -> Iterator[Since]:
    watch = Watch(archive)
    for claim in told:
        for key in claim["citations"]:
            if key in citations and (found := watch.overtaken(Citation.from_dict(citations[key]))):
                yield Since(claim["text"], key, found)
                break  # one is enough to look at the claim


def parse(document: Mapping[str, object]) -> AnswerWire | BriefingWire:
    """Read an answer or a briefing. Raises UsageError if it is not one of a known schema."""
    if not isinstance(document, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance] - a caller may be untyped
        msg = f"a {type(document).__name__} is no answer or briefing"
        raise UsageError(msg, hint="give what to_dict() or json.loads returned")
    schema = document.get("schema")
    try:
        if schema == "citewire/answer-1":
            return TypeAdapter(AnswerWire).validate_python(document, strict=True)
        if schema == "citewire/briefing-1":
            return TypeAdapter(BriefingWire).validate_python(document, strict=True)
    except ValidationError as error:
        msg = f"not a valid {schema} document: {placed(error)}"
        raise UsageError(msg, hint="save one with: citewire ask QUESTION --json > answer.json") from None
    msg = f"unknown schema {schema!r}: expected citewire/answer-1 or citewire/briefing-1"
    raise UsageError(msg, hint="save one with: citewire ask QUESTION --json > answer.json")


def claims(wire: AnswerWire | BriefingWire) -> Iterator[ClaimWire]:
    """Return all claims of a document in reading order."""
    if wire["schema"] == "citewire/answer-1":
        yield from wire["claims"]
    else:
        yield from wire.get("overview", ())
        for story in wire["stories"]:
            for section in story["sections"]:
                yield from section["claims"]


def _elsewhere(names: Sequence[str]) -> Finding:
    if len(names) == 1:
        return Finding(f"article {names[0]} is not in the archive")
    return Finding(f"none of the {len(names)} cited articles is in the archive")


def _check_conflicts(wire: AnswerWire | BriefingWire) -> Iterator[Finding]:
    """Each side's figure, and what is printed of its sentence, stands in the sentence; the sentences were checked."""
    for story in wire["stories"] if wire["schema"] == "citewire/briefing-1" else ():
        for side in (side for conflict in story.get("conflicts", ()) for side in conflict["positions"]):
            citation = wire["citations"].get(side["citation"])
            if citation is None:
                yield Finding(f"citation {side['citation']} is not in the document", citation=side["citation"])
            else:
                parts = side.get("parts", [])
                told = (side["value"], side["speaker"], *parts)
                wrong = next((text for text in told if text not in citation["text"]), None)
                if wrong is None and not ordered(parts, citation["text"]):
                    wrong = " … ".join(parts)
                if wrong is not None:
                    yield Finding(f"“{wrong}” is not in the cited sentence", citation=side["citation"])


def _untrue(citation: CitationWire, archive: Archive) -> str:
    """Return in what a citation is not true to the version that it names; empty if it is."""
    name = _name(citation)
    cited = archive.article(citation["article"], citation["version"])
    if cited is None:
        known = archive.article(citation["article"])
        return f"article {name}: this version is gone" if known else f"article {name} is not in the archive"
    if cited.version != citation["version"]:
        return f"article {name}: the archived text is not the text that was cited"
    if cited.text[citation["start"] : citation["end"]] != citation["text"]:
        return f"article {name}: the quoted text is not what stands at {citation['start']}-{citation['end']}"
    sentence = _sentence(citation, cited, archive)
    if sentence is None:
        return f"{citation['sentence']} is not a sentence at {citation['start']}-{citation['end']}"
    if about := _metadata_changed(citation, cited):
        return f"article {name}: its {about} is not what the citation says"
    return ""


def _newer(citation: CitationWire, archive: Archive) -> tuple[str, str]:
    """Return what is wrong with a citation since its article has a newer version, and what is worth a note."""
    name, current = _name(citation), archive.article(citation["article"])
    if current is not None and current.version != citation["version"]:
        if citation["text"] not in current.text:
            return f"article {name} has changed: its newer version does not hold this sentence", ""
        return "", f"article {name} has a newer version, which still holds the cited sentence"
    return "", ""


def _name(citation: CitationWire) -> str:
    return f"{citation['article']} ({citation['headline'] or 'no headline'})"


def _sentence(citation: CitationWire, article: Article, archive: Archive) -> Sentence | None:
    for sentence in archive.sentences(article):
        if (sentence.id, sentence.start, sentence.end) == (citation["sentence"], citation["start"], citation["end"]):
            return sentence
    return None


def _metadata_changed(citation: CitationWire, article: Article) -> str:
    published = article.published.isoformat() if article.published else None
    pairs = (
        ("headline", citation["headline"], article.headline),
        ("outlet", citation["outlet"], article.outlet),
        ("date", citation["published"], published),
        ("URL", citation["url"], article.url),
    )
    return next((name for name, cited, archived in pairs if cited != archived), "")


def _check_claim(
    claim: ClaimWire, wire: AnswerWire | BriefingWire, broken: Mapping[str, str], archive: Archive
) -> Iterator[Finding]:
    text = claim["text"]
    if not claim["citations"]:
        yield Finding("it cites nothing", text)
        return
    for key in claim["citations"]:
        if key not in wire["citations"]:
            yield Finding(f"citation {key} is not in the document", text, key)
            return
        if key in broken:
            yield Finding(broken[key], text, key)
    if claim_certificate(claim, wire["citations"], wire["provenance"]) != claim["certificate"]:
        yield Finding("it was changed after it was written: its certificate does not match", text)
    if not any(key in broken for key in claim["citations"]):
        cited = Cited(tuple(_evidence(wire["citations"][key], archive) for key in claim["citations"]))
        for name, _, gate in GATES:
            if name in claim["checks"] and (detail := gate(text, cited)):
                yield Finding(f"it does not pass the check “{name}”: {detail}", text)


def _evidence(citation: CitationWire, archive: Archive) -> Evidence:
    article = archive.article(citation["article"], citation["version"])
    sentence = _sentence(citation, article, archive) if article else None
    if article is None or sentence is None:  # _check_citation has found both
        msg = f"{citation['sentence']} vanished from the archive while it was checked"
        raise UsageError(msg, hint=f"citewire show {citation['article']} --version {citation['version'][:SHORT]}")
    return Evidence(0, sentence, article)
