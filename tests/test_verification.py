"""The gates: what a generator proposes and what may be printed."""

from __future__ import annotations

import pytest
from news import article, evidence

from rag.claims import Claim, Reason, Statement, Verdict, Withheld
from rag.gates import CHECKS
from rag.protocols import Judgement
from rag.verification import check

FERRY = article(
    "The ferry Corrin Star hit the harbour wall at 7:42 a.m. on March 3, killing four people, the coastguard said.\n"
    "“We were told to wait. Nobody told us what for,” said passenger Dele Farrow.\n"
    "The operator, Brannel Line, denied that the steering gear had been faulty.\n"
    "Investigators led by Dr. Oona Selwick found no evidence that weather caused the accident.\n"
    "Marco Rubin will meet Pete Hegstad in Tarrow next week, according to the ministry.\n"
    "The repairs may cost $3.2 million, or 4.5% of the fleet's value.\n"
    "A union official alleged that inspectors were paid to look away.\n"
    "The harbour reopened on Wednesday.",
    headline="Four die as ferry strikes wall at Tarrow Head",
)
EVIDENCE = evidence(FERRY)


def number(start: str) -> int:
    return next(item.number for item in EVIDENCE if item.sentence.text.startswith(start))


def judge(text: str, *starts: str) -> Claim | Withheld:
    return check(Statement(text, tuple(number(start) for start in starts)), EVIDENCE)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("The ferry hit the harbour wall at 7:42 a.m., killing four, the coastguard said.", "The ferry"),
        (
            "The coastguard said that 4 people were killed when the Corrin Star hit the harbour wall on 3 March.",
            "The ferry",
        ),
        ("Dele Farrow, a passenger, said they were “told to wait”.", "“We were|Nobody told"),
        ("The operator denied that the steering gear had been faulty.", "The operator"),
        ("Investigators found no evidence that the weather caused the accident.", "Investigators"),
        ("The repairs may cost 3.2 million dollars.", "The repairs"),
        ("The harbour wall was hit by the ferry Corrin Star, the coastguard said.", "The ferry"),
        ("Brannel Line, the operator, denied a fault of the steering gear.", "The operator"),
        ("According to the ministry, Pete Hegstad and Marco Rubin will meet in Tarrow next week.", "Marco"),
        ("The harbour reopened on Wednesday.", "The harbour"),
        ("The harbour reopened on Wednesday. (Harbour Post)", "The harbour"),
    ],
)
def test_a_true_paraphrase_passes_every_gate(text: str, start: str) -> None:
    result = judge(text, *start.split("|"))
    assert isinstance(result, Claim), result
    assert result.checks == CHECKS


@pytest.mark.parametrize(
    ("text", "start", "reason"),
    [
        ("The ferry hit the harbour wall at 7:42 a.m., killing five, the coastguard said.", "The ferry", Reason.FACTS),
        ("The ferry hit the harbour wall at 8:42 a.m., the coastguard said.", "The ferry", Reason.FACTS),
        ("The ferry hit the harbour wall on March 13, the coastguard said.", "The ferry", Reason.FACTS),
        ("The ferry Merrin Star hit the harbour wall, the coastguard said.", "The ferry", Reason.FACTS),
        ("Selwick hit the harbour wall, the coastguard said.", "The ferry", Reason.FACTS),
        ("The repairs may cost 4.5 million.", "The repairs", Reason.FACTS),
        ("The repairs may cost €3.2 million.", "The repairs", Reason.FACTS),
        ("Marco Hegstad will be in Tarrow next week, according to the ministry.", "Marco", Reason.FACTS),
        ("“We were told to stay,” said Dele Farrow.", "“We were|Nobody told", Reason.QUOTE),
        ("The coastguard said that “four people” were killed.", "The ferry", Reason.QUOTE),
        (
            "The ferry Corrin Star hit the harbour wall on March 3, killing four people.",
            "The ferry",
            Reason.ATTRIBUTION,
        ),
        ("The coastguard admitted that four people were killed on the Corrin Star.", "The ferry", Reason.ATTRIBUTION),
        ("Inspectors were paid to look away.", "A union", Reason.ATTRIBUTION),
        ("The repairs cost $3.2 million.", "The repairs", Reason.ATTRIBUTION),
        ("They were told to wait and nobody told them what for.", "“We were", Reason.ATTRIBUTION),
        ("The operator said that the steering gear had been faulty.", "The operator", Reason.NEGATION),
        ("Investigators found evidence that weather caused the accident.", "Investigators", Reason.NEGATION),
        ("The harbour has not reopened on Wednesday.", "The harbour", Reason.NEGATION),
        ("After heavy rain the schools and markets closed.", "The harbour", Reason.UNSUPPORTED),
        ("The steering gear had been faulty.", "The operator", Reason.ATTRIBUTION),
    ],
)
def test_each_lie_is_withheld_with_its_own_reason(text: str, start: str, reason: Reason) -> None:
    result = judge(text, *start.split("|"))
    assert isinstance(result, Withheld), result
    assert result.reason is reason, result
    assert result.detail


def test_two_speakers_may_not_be_merged() -> None:
    result = judge("The coastguard said that Brannel Line was warned by Dele Farrow.", "“We were", "The operator")
    assert isinstance(result, Withheld)
    assert result.reason in {Reason.ATTRIBUTION, Reason.FACTS}


def test_invented_citation_withholds_the_claim_and_stays_visible() -> None:
    result = check(Statement("The harbour reopened on Wednesday.", (99,)), EVIDENCE)
    assert isinstance(result, Withheld)
    assert (result.reason, result.detail) == (Reason.POINTER, "there is no sentence 99")
    assert result.text == "The harbour reopened on Wednesday."


def test_a_statement_that_cites_nothing_is_withheld() -> None:
    result = check(Statement("The harbour reopened on Wednesday.", ()), EVIDENCE)
    assert isinstance(result, Withheld)
    assert result.reason is Reason.POINTER


def test_a_fragment_of_a_sentence_is_not_verbatim_and_keeps_no_licence_from_it() -> None:
    result = judge("the steering gear had been faulty.", "The operator")
    assert isinstance(result, Withheld)


def test_every_whole_sentence_passes_unless_it_is_speech_without_a_speaker() -> None:
    withheld = [
        r for i in EVIDENCE if isinstance(r := check(Statement(i.sentence.text, (i.number,)), EVIDENCE), Withheld)
    ]
    assert [item.text for item in withheld] == ["“We were told to wait."]
    assert withheld[0].reason is Reason.ATTRIBUTION


def test_the_middle_of_a_long_quotation_is_speech_though_it_has_no_marks() -> None:
    source = evidence(article("“We left early. The brakes had failed. Nobody was told,” Farrow said."))
    result = check(Statement("The brakes had failed.", (2,)), source)
    assert isinstance(result, Withheld)
    assert result.reason is Reason.ATTRIBUTION
    whole = check(Statement("The brakes had failed. Nobody was told,” Farrow said.", (2, 3)), source)
    assert isinstance(whole, Claim)


class FixedVerifier:
    name = "fixed"

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict

    def judge(self, statement: str, sentences: object) -> Judgement:
        return Judgement(self._verdict, None, f"read {len(statement)} characters and {sentences!r:.10}")


def test_a_verifier_that_fails_leaves_the_claim_unjudged_and_unprinted() -> None:
    statement = Statement("On Wednesday the harbour reopened.", (number("The harbour"),))
    result = check(statement, EVIDENCE, FixedVerifier(Verdict.UNJUDGED))
    assert isinstance(result, Withheld)
    assert result.reason is Reason.UNJUDGED


def test_a_verifier_that_agrees_is_named_among_the_checks() -> None:
    statement = Statement("On Wednesday the harbour reopened.", (number("The harbour"),))
    result = check(statement, EVIDENCE, FixedVerifier(Verdict.SUPPORTED))
    assert isinstance(result, Claim)
    assert result.checks == (*CHECKS, "fixed")
