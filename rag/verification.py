"""Draft to claims: the gates, cheap to dear, then a verifier, then what is not needed is dropped.

A statement that does not pass is withheld with the reason and kept; nothing is repaired. The list of checks on every
claim says what ran.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from rag.cited import Cited, content, coverage, verbatim
from rag.claims import Citation, Claim, Reason, Verdict, Withheld
from rag.errors import BudgetReached, ProviderError
from rag.gates import CHECKS, GATES
from rag.instructions import address, for_models, ordered
from rag.proposals import Draft, Statement
from rag.protocols import Verifier
from rag.questions import asks
from rag.sources import Evidence
from rag.tracing import span

LONGEST = 2_000
"""Characters of a statement that is not a source's own sentence."""


def check(statement: Statement, evidence: Sequence[Evidence], verifier: Verifier | None = None) -> Claim | Withheld:
    """Return the statement as a supported claim, or withheld with the first gate it did not pass.

    Of a claim only those citations are kept that it needs (``_necessary``).
    """
    by_number = {item.number: item for item in evidence}
    numbers_cited = tuple(dict.fromkeys(statement.numbers))
    known = tuple(by_number[number] for number in numbers_cited if number in by_number)
    if not numbers_cited:
        return Withheld(statement.text, Reason.POINTER, "it cites nothing")
    if invented := [number for number in numbers_cited if number not in by_number]:
        return Withheld(statement.text, Reason.POINTER, f"there is no sentence {invented[0]}", _citations(known))
    sources = tuple(item for item in known if not gives_orders(item))
    if len(sources) < len(known):
        number = next(item.number for item in known if item not in sources)
        detail = f"sentence {number} gives orders to language models: it is no source"
        return Withheld(statement.text, Reason.POINTER, detail, _citations(sources))
    cited = Cited(known)
    if unfit := _unfit(statement.text, cited):
        return Withheld(statement.text, Reason.UNSUPPORTED, unfit, _citations(known))
    if verbatim(statement.text, cited):
        verifier = None  # a sentence supports itself
    if failed := _fails(statement.text, cited, verifier):
        reason, detail, fault = failed
        return Withheld(statement.text, reason, detail, _citations(known), fault)
    checks = (*CHECKS, verifier.name) if verifier is not None else CHECKS
    needed = _necessary(statement.text, cited, verifier).evidence
    agreeing = [by_number[number] for number in statement.agreeing if number in by_number]
    kept = dict.fromkeys((*needed, *(item for item in agreeing if not gives_orders(item))))
    return Claim(statement.text, _citations(tuple(kept)), checks, note=statement.note, known=statement.known)


def gives_orders(item: Evidence) -> bool:
    """Tell whether a sentence speaks to language models and not to readers (``rag.instructions``)."""
    return ordered(item.article.text, item.sentence.start, item.sentence.end)


def harmless(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Return the sentences that give no orders to a language model: the others are no source."""
    return [item for item in evidence if not gives_orders(item)]


def _unfit(text: str, cited: Cited) -> str:
    """Return why ``text`` is not printed whatever its sources say; empty if it may be."""
    outlets = (article.outlet or "" for article in cited.articles)
    if found := address(text, " ".join((cited.joined, *outlets))):
        return f"it holds an address or a tag, and an answer's links are its citations: {found}"
    if for_models(text):
        return "it gives orders to language models"
    if asks(text):
        return "it asks, and states nothing"
    if len(text) > LONGEST and not verbatim(text, cited):
        return f"it has {len(text):,} characters; a statement is one sentence"
    return ""


def unjudged(withheld: Iterable[Withheld]) -> tuple[str, ...]:
    """Return a note for each way in which statements could not be judged: nobody knows whether they are supported."""
    counted = Counter(item.detail for item in withheld if item.reason is Reason.UNJUDGED)
    return tuple(f"{number} of the statements could not be judged: {detail}" for detail, number in counted.items())


def refuted(withheld: Iterable[Withheld]) -> tuple[Withheld, ...]:
    """Return what something is wrong with: it may be written anew. What was not judged may be right as it is."""
    return tuple(item for item in withheld if item.reason is not Reason.UNJUDGED)


def judge_fault(withheld: Iterable[Withheld]) -> ProviderError | BudgetReached | None:
    """Return the first fault for which a statement was not judged."""
    return next((item.fault for item in withheld if item.fault is not None), None)


def _fails(
    text: str, cited: Cited, verifier: Verifier | None
) -> tuple[Reason, str, ProviderError | BudgetReached | None] | None:
    """Return the reason and the detail of the first gate that ``text`` does not pass, and the fault of a judge."""
    for name, reason, gate in GATES:
        with span(f"gate.{name}"):
            detail = gate(text, cited)
        if detail:
            return reason, detail, None
    if verifier is None:
        return None
    with span("gate.verifier", verifier=verifier.name):
        judgement = verifier.judge(text, cited.texts)
    if judgement.verdict is Verdict.SUPPORTED:
        return None
    return Reason(judgement.verdict.value), judgement.why, judgement.fault


def _necessary(text: str, cited: Cited, verifier: Verifier | None) -> Cited:
    """Leave out, the least similar first, each sentence without which ``text`` passes all the same.

    So a list of five citations does not hide the one that counts (the drop-one test of ALCE, Gao et al. 2023, section
    4.2, which calls such a citation irrelevant).
    """
    whole = verbatim(text, cited)  # then each sentence of it needs its own citation
    wanted = set(content(text))
    for item in sorted(cited.evidence, key=lambda item: (coverage(text, item.sentence.text), -item.number)):
        fewer = Cited(tuple(other for other in cited.evidence if other is not item))
        if not fewer.evidence or verbatim(text, fewer) != whole:
            continue
        if wanted & set(content(item.sentence.text)) - set(content(f"{fewer.joined} {fewer.about}")):
            continue  # some of its words stand nowhere else
        if _fails(text, fewer, verifier) is None:
            cited = fewer
    return cited


def _citations(evidence: Sequence[Evidence]) -> tuple[Citation, ...]:
    return tuple(Citation.of(item.sentence, item.article) for item in evidence)


def check_all(
    draft: Draft, evidence: Sequence[Evidence], verifier: Verifier | None = None
) -> tuple[tuple[Claim, ...], tuple[Withheld, ...]]:
    """Return the claims of ``draft`` in its order, and what was withheld."""
    results = [check(statement, evidence, verifier) for statement in draft.statements if statement.text.strip()]
    claims = tuple(result for result in results if isinstance(result, Claim))
    return claims, tuple(result for result in results if isinstance(result, Withheld))
