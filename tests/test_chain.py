"""The chain over small evidence: what is told, in which order, and what is never told."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence

import pytest
from news import article, evidence

from rag.answers import Abstention, Answer
from rag.chain import Told, ask_chain, events
from rag.claims import Provenance, Reason, Withheld
from rag.errors import ProviderError, ProviderFault
from rag.events import ClaimVerified, ClaimWithheld, Done, Retrieved
from rag.proposals import Missing, Note, Proposal, Statement
from rag.protocols import Generator
from rag.sources import Evidence, Query

EVIDENCE = evidence(article("The ferry sank on Monday. Four people died."))
TRUE = Statement("Four people died.", (2,))
FALSE = Statement("Five people died.", (2,))
MADE = Provenance("test", "rules", "0" * 12, "0")


class Given:
    """A generator that proposes what it was given."""

    prompt: str | None = None
    name = "given"

    def __init__(self, *proposals: Proposal | Exception) -> None:
        self.proposals = proposals
        self.taken = 0

    def write(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Proposal]:
        del question, evidence
        for proposal in self.proposals:
            self.taken += 1
            if isinstance(proposal, Exception):
                raise proposal
            yield proposal


class Mending(Given):
    """One that has a second try for what was withheld."""

    def __init__(self, *proposals: Proposal, second: Sequence[Proposal]) -> None:
        super().__init__(*proposals)
        self.second = second
        self.rounds: list[Sequence[Withheld]] = []

    def mend(self, question: str, evidence: Sequence[Evidence], withheld: Sequence[Withheld]) -> Iterator[Proposal]:
        del question, evidence
        self.rounds.append(withheld)
        yield from self.second


def told(generator: Generator, found: tuple[Evidence, ...] = EVIDENCE) -> Told:
    return ask_chain(lambda _: found, generator, lambda: MADE).invoke(Query("How many died?"))


def test_events_come_in_order_and_the_last_holds_the_answer() -> None:
    happened = told(Given(TRUE, FALSE, Missing("their names"), Note("half was read"))).events
    assert [type(event) for event in happened] == [Retrieved, ClaimVerified, ClaimWithheld, Done]
    answer = told(Given(TRUE, FALSE, Missing("their names"), Note("half was read"))).result
    assert isinstance(answer, Answer)
    assert [claim.text for claim in answer.claims] == ["Four people died."]
    assert (answer.missing, answer.notes) == (("their names",), ("half was read",))
    assert [item.reason for item in answer.withheld] == [Reason.FACTS]


def test_a_claim_is_told_before_the_next_statement_is_written() -> None:
    generator = Given(TRUE, FALSE)
    taken: list[int] = []
    for part in ask_chain(lambda _: EVIDENCE, generator, lambda: MADE).stream(Query("How many died?")):
        taken += [generator.taken for event in part.events if isinstance(event, ClaimVerified)]
    assert taken == [1]


def test_no_statement_is_told_before_its_gates_have_passed() -> None:
    for event in told(Given(FALSE, TRUE)).events:
        if isinstance(event, ClaimVerified):
            assert event.claim.text == TRUE.text


def test_what_was_withheld_is_tried_once_more_and_stays_on_record() -> None:
    generator = Mending(FALSE, second=[TRUE, Statement("Six people died.", (2,))])
    answer = told(generator).result
    assert [claim.text for claim in answer.claims] == [TRUE.text]
    assert [item.text for item in answer.withheld] == ["Five people died.", "Six people died."]
    assert len(generator.rounds) == 1


def test_nothing_goes_back_where_nothing_was_withheld() -> None:
    generator = Mending(TRUE, second=[])
    told(generator)
    assert not generator.rounds


def test_the_same_statement_is_said_once() -> None:
    assert len(told(Given(TRUE, TRUE)).result.claims) == 1


def test_without_evidence_nothing_is_written_and_the_question_is_missing() -> None:
    generator = Given(TRUE)
    result = told(generator, ()).result
    assert isinstance(result, Abstention)
    assert result.missing == ("How many died?",)
    assert generator.taken == 0


def test_claims_that_passed_before_a_fault_stand_and_the_rest_is_named() -> None:
    fault = ProviderError("gone", kind=ProviderFault.SERVER)
    result = told(Given(TRUE, fault)).result
    assert isinstance(result, Answer)
    assert [claim.text for claim in result.claims] == [TRUE.text]
    assert result.status == "partial"
    assert result.notes == ("the rest was not written: gone",)


def test_a_fault_before_any_statement_is_raised() -> None:
    with pytest.raises(ProviderError, match="gone"):
        told(Given(ProviderError("gone", kind=ProviderFault.SERVER)))


def test_closing_the_stream_ends_the_writing() -> None:
    generator = Given(TRUE, FALSE, FALSE)
    halt = threading.Event()
    chain = ask_chain(lambda _: EVIDENCE, generator, lambda: MADE, halt=halt)
    stream = events(chain, Query("How many died?"), halt)
    assert any(isinstance(event, ClaimVerified) for event in stream)
    stream.close()  # type: ignore[attr-defined]
    assert generator.taken == 1


def test_the_chain_answers_in_an_event_loop_and_in_a_batch() -> None:
    chain = ask_chain(lambda _: EVIDENCE, Given(TRUE), lambda: MADE)
    assert asyncio.run(chain.ainvoke(Query("How many died?"))).result.claims
    assert all(one.result.claims for one in chain.batch([Query("How many died?"), Query("Who died?")]))


def test_an_unfinished_stream_has_no_result() -> None:
    with pytest.raises(ValueError, match="not complete"):
        _ = Told(()).result
