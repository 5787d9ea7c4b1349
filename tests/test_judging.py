"""A chat model as a judge: what it sees, and that silence is not consent."""

from __future__ import annotations

import pytest
from news import article, evidence
from pydantic import BaseModel

from rag.claims import Claim, Reason, Verdict, Withheld
from rag.errors import ProviderError, ProviderFault
from rag.gates import CHECKS
from rag.judging import ChatVerifier, Ruling
from rag.offline import ScriptedChat
from rag.proposals import Statement
from rag.protocols import Request
from rag.verification import check

EVIDENCE = evidence(article("The harbour reopened on Wednesday. The mayor said the wall had held."))


@pytest.mark.parametrize("verdict", ["supported", "unsupported", "contradicted"])
def test_the_verdict_of_the_model_is_the_verdict(verdict: str) -> None:
    chat = ScriptedChat(lambda _: Ruling.model_validate({"verdict": verdict, "why": "because"}))
    judgement = ChatVerifier(chat).judge("It reopened.", ["The harbour  reopened."])
    assert (judgement.verdict, judgement.score, judgement.why) == (Verdict(verdict), None, "because")
    assert "- The harbour reopened.\n" in chat.requests[0].user


def test_a_judge_that_fails_leaves_the_statement_unjudged_and_unprinted() -> None:
    def script(_: Request) -> BaseModel:
        msg = "gone"
        raise ProviderError(msg, kind=ProviderFault.SERVER)

    judge = ChatVerifier(ScriptedChat(script))
    result = check(Statement("On Wednesday the harbour reopened.", (1,)), EVIDENCE, judge)
    assert isinstance(result, Withheld)
    assert result.reason is Reason.UNJUDGED
    assert "gone" in result.detail


def test_a_claim_says_which_judge_read_it() -> None:
    judge = ChatVerifier(ScriptedChat(lambda _: Ruling(verdict="supported", why=""), name="openai:x"))
    claim = check(Statement("On Wednesday the harbour reopened.", (1,)), EVIDENCE, judge)
    assert isinstance(claim, Claim)
    assert claim.checks == (*CHECKS, "judge:openai:x")


def test_a_citation_is_kept_only_where_the_claim_needs_it() -> None:
    claim = check(Statement("The harbour reopened on Wednesday.", (1, 2)), EVIDENCE)
    assert isinstance(claim, Claim)
    assert [citation.sentence.n for citation in claim.citations] == [0]


def test_of_two_citations_that_each_carry_half_both_stay() -> None:
    text = "The harbour reopened on Wednesday, and the mayor said the wall had held."
    claim = check(Statement(text, (1, 2)), EVIDENCE)
    assert isinstance(claim, Claim)
    assert [citation.sentence.n for citation in claim.citations] == [0, 1]


def test_a_claim_of_two_sentences_word_for_word_keeps_a_citation_for_each() -> None:
    text = "The harbour reopened on Wednesday. The mayor said the wall had held. (Harbour Post)"
    claim = check(Statement(text, (1, 2)), EVIDENCE)
    assert isinstance(claim, Claim)
    assert [citation.sentence.n for citation in claim.citations] == [0, 1]
