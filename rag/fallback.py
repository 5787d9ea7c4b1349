"""Two generators as one: the second writes where the budget does not let the first.

Nothing is swapped in silence: a note says so, and the name that provenance records is of what wrote.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.claims import Withheld
from rag.errors import BudgetReached
from rag.proposals import Note, Pair, Proposal
from rag.protocols import Chooser, Comparer, Generator, Mender
from rag.sources import Evidence


class Fallback:
    """Writes with ``first``, and with ``second`` once the budget is reached."""

    def __init__(self, first: Generator, second: Generator) -> None:
        self._first = first
        self._second = second
        self._writers: list[Generator] = [first]

    @property
    def name(self) -> str:
        """Whoever wrote: the first, the second, or both."""
        return ", ".join(writer.name for writer in self._writers)

    @property
    def prompt(self) -> str | None:
        """The first generator's."""
        return self._first.prompt

    def write(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Proposal]:
        """Propose what the first does; if it may not begin, what the second does. Raises ProviderError."""
        self._writers = [self._first]
        begun = False
        try:
            for proposal in self._first.write(question, evidence):
                begun = begun or not isinstance(proposal, Note)
                yield proposal
        except BudgetReached as reached:
            if begun:
                yield Note(f"{reached}: the rest was not written")
                return
            yield Note(f"{reached}: written by {self._second.name} instead of {self._first.name}")
            self._writers = [self._second]
            yield from self._second.write(question, evidence)

    def mend(self, question: str, evidence: Sequence[Evidence], withheld: Sequence[Withheld]) -> Iterator[Proposal]:
        """Let the first try again, as far as the budget goes. Raises ProviderError."""
        if self._writers == [self._first] and isinstance(self._first, Mender):
            try:
                yield from self._first.mend(question, evidence, withheld)
            except BudgetReached as reached:
                yield Note(f"{reached}: what was withheld was not tried again")

    def compare(self, evidence: Sequence[Evidence]) -> Iterator[Pair | Note]:
        """Let the first find what does not agree, where it does that. Raises ProviderError."""
        if isinstance(self._first, Comparer):
            yield from self._first.compare(evidence)

    def choose(self, evidence: Sequence[Evidence], words: int) -> Iterator[int | Note]:
        """Let the first say what is worth most, where it does that. Raises ProviderError."""
        if isinstance(self._first, Chooser):
            yield from self._first.choose(evidence, words)
