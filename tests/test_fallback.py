"""When the budget is reached: who writes then, and what the reader is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from news import article, evidence

from rag.claims import Reason, Withheld
from rag.errors import BudgetReached
from rag.fallback import Fallback
from rag.offline import EchoGenerator
from rag.proposals import Missing, Note, Proposal, Statement
from rag.sources import Evidence

EVIDENCE = evidence(article("The ferry sank on Monday."))
ECHO = EchoGenerator(1)


class Spender:
    """Says what it was given until the money is gone."""

    name = "dear"
    prompt: str | None = "0" * 64

    def __init__(self, *first: Proposal, broke: bool = True) -> None:
        self.first = first
        self.broke = broke

    def write(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Proposal]:
        del question, evidence
        yield from self.first
        if self.broke:
            msg = "0.05 of 0.05 dollars are spent"
            raise BudgetReached(msg)

    def mend(self, question: str, evidence: Sequence[Evidence], withheld: Sequence[Withheld]) -> Iterator[Proposal]:
        del question, evidence, withheld
        msg = "0.05 of 0.05 dollars are spent"
        raise BudgetReached(msg)
        yield


def test_what_may_not_begin_is_written_by_the_second_which_is_named() -> None:
    both = Fallback(Spender(Note("read 2 of 9")), ECHO)
    proposals = list(both.write("What sank?", EVIDENCE))
    assert proposals == [
        Note("read 2 of 9"),
        Note("0.05 of 0.05 dollars are spent: written by echo instead of dear"),
        Statement("The ferry sank on Monday.", (1,)),
    ]
    assert both.name == "echo"


def test_what_was_begun_is_kept_and_the_rest_is_said_to_be_missing() -> None:
    both = Fallback(Spender(Statement("A ferry sank.", (1,))), ECHO)
    proposals = list(both.write("What sank?", EVIDENCE))
    assert proposals[-1] == Note("0.05 of 0.05 dollars are spent: the rest was not written")
    assert both.name == "dear"


def test_within_the_budget_the_second_is_silent() -> None:
    both = Fallback(Spender(Missing("why"), broke=False), ECHO)
    assert list(both.write("Why?", EVIDENCE)) == [Missing("why")]
    assert (both.name, both.prompt) == ("dear", "0" * 64)


def test_a_second_try_that_is_too_dear_is_left_and_said() -> None:
    both = Fallback(Spender(), ECHO)
    failed = Withheld("Five ferries sank.", Reason.FACTS, "no 5")
    assert list(both.mend("What sank?", EVIDENCE, [failed])) == [
        Note("0.05 of 0.05 dollars are spent: what was withheld was not tried again")
    ]
