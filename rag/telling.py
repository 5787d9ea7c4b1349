"""Story to what is printed of it: sections chosen without a model, statements through the gates, concerns beside them.

With a chat model each section is written anew from the sentences chosen for it; what does not pass the gates goes back
once, and a section of which nothing passed falls back to its sentences, word for word. When all stories are told, the
model writes a few sentences over them, from what they print and nothing else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import TYPE_CHECKING

from rag.answers import BESIDES, Section, Story
from rag.chunking import token_counts
from rag.claims import Claim, Conflict, Position, Reason, Withheld
from rag.digest import Digest, digest
from rag.editing import both_sides, of_conflicts, of_sections, plain, plain_digest
from rag.errors import BudgetReached, ProviderError
from rag.framing import balance, framing
from rag.heard import shares
from rag.positions import published
from rag.proposals import Draft, Statement
from rag.protocols import Generator, Mender, Verifier
from rag.reading import NOTHING, Reading, read
from rag.sources import Evidence
from rag.stories import Group
from rag.twins import Twins
from rag.verification import check_all, judge_fault, refuted

if TYPE_CHECKING:
    from rag.clash import Clash
    from rag.wire import Kind, Unsaid

PARTS: dict[Kind, str] = {
    "facts": "What happened",
    "agreed": "What several sources agree on",
    "timeline": "What happened on which day",
    "single_source": "What one source alone reports",
    "said": "Who says what",
    "announced": "What is announced for later",
    "corrections": "What was corrected",
}
"""What a model is asked to write of each section; those besides the account are never written anew."""
AT_ONCE = 8
"""Most statements of a section that are written anew at once, as a model may propose ``rag.writing.POINTS``: a longer
section is written in parts."""
ACROSS = "What happened in each of these stories, in one sentence for each"
"""What a model is asked to write over all stories."""
EACH = 4
"""Most sentences of one story that are read for that."""
TOKENS = 4_000
"""Most tokens of them together, as ``rag.chunking`` counts them: the first of every story before the second of any."""


@dataclass(frozen=True, slots=True)
class Told:
    """One story as it was written, and what its writing left."""

    story: Story | None
    """None if nothing of it passed the gates."""
    withheld: tuple[Withheld, ...]
    notes: tuple[str, ...]
    writer: Generator | None
    error: ProviderError | BudgetReached | None
    """Why the model that was to write it did not."""
    settled: tuple[Evidence, ...] = ()
    """The sentences of its account that nothing printed disputes or overtook, in reading order."""


@dataclass(frozen=True, slots=True)
class Overview:
    """A few statements over all stories."""

    claims: tuple[Claim, ...] = ()
    withheld: tuple[Withheld, ...] = ()
    notes: tuple[str, ...] = ()
    failed: bool = False
    """Whether the model that was to write it did not."""


@dataclass(frozen=True, slots=True)
class _Checked:
    """One section after the gates."""

    section: Section
    withheld: tuple[Withheld, ...] = ()
    notes: tuple[str, ...] = ()
    written: bool = False
    """Whether a model's words stand in it."""


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells stories one at a time; several may be told at once."""

    topic: str | None
    verifier: Verifier | None
    strict: bool
    """Whether a statement that is not worded plainly is withheld."""
    twins: Twins | None = None
    """What tells repeats in other words."""

    def fills(self, group: Group, evidence: Sequence[Evidence], words: int) -> int:
        """Return how many of ``words`` words the account of ``group`` fills; all where something is left to tell."""
        found, _ = self._chosen(group, evidence, words, strict=self.strict)
        if "left_out" in found.sections:
            return words
        account = (one for kind, told in found.sections.items() if kind not in BESIDES for one in told)
        return sum(len(statement.text.split()) for statement in account)

    def tell(self, group: Group, evidence: Sequence[Evidence], words: int, writer: Generator | None) -> Told:
        """Return ``group`` told in about ``words`` words, by ``writer`` where there is one that does not fail."""
        title = group.title
        error: ProviderError | BudgetReached | None = None
        reading = NOTHING
        try:
            reading = read(evidence, words, writer)
            found, loaded = self._chosen(group, evidence, words, reading, strict=self.strict and writer is None)
            checked = [self._section(kind, chosen, evidence, writer) for kind, chosen in found.sections.items()]
            if writer is not None and not any(one.written for one in checked):
                error = judge_fault(item for one in checked for item in one.withheld)
        except (ProviderError, BudgetReached) as failure:
            error = failure
            found, loaded = self._chosen(group, evidence, words, reading, strict=self.strict)
            checked = [self._section(kind, chosen, evidence, None) for kind, chosen in found.sections.items()]
        notes = [*reading.notes, *(note for one in checked for note in one.notes)]
        if error is not None:
            notes.append(f"“{title}” is told in its sources' words: {error}")
        checked = [_both_sides(one, found.clashes) for one in checked]
        filled = tuple(one.section for one in checked if one.section.claims)
        claims = [claim for section in filled for claim in section.claims]
        conflicts = published(found.clashes, _disputed(filled), plainly=self.strict)
        quoted = frozenset(side.citation.sentence.id for conflict in conflicts for side in conflict.positions)
        told = frozenset(citation.sentence.id for claim in claims for citation in claim.citations)
        whose = shares(told | quoted, evidence, found.clashes)
        worded = (*of_sections(filled, title), *of_conflicts(conflicts, told))
        unheard = (*framing(claims, evidence, found.clashes, quoted), *balance(whose))
        concerns = (*worded, *unheard)
        withheld = (*loaded, *(item for one in checked for item in one.withheld))
        unsaid = _unsaid(found.unprinted, evidence, claims, quoted, withheld)
        story = Story(group.id, title, filled, group.sources, conflicts, concerns, whose, unsaid)
        return Told(story if filled else None, withheld, tuple(notes), writer, error, _settled(story, evidence))

    def across(self, told: Sequence[Told], writer: Generator) -> Overview:
        """Return what ``writer`` says over all of ``told``: a sentence a story, from one story alone, plainly worded.

        What is disputed stays in its story, where both sides are told. A model that fails here takes nothing from the
        stories.
        """
        chosen = _first(told)
        story_of = {item.sentence.id: place for place, one in enumerate(told) for item in one.settled}
        try:
            claims, withheld, notes = self._through(ACROSS, chosen, writer, "facts")
        except (ProviderError, BudgetReached) as error:
            return Overview(notes=(f"nothing was written over all stories: {error}",), failed=True)
        kept: dict[int, Claim] = {}
        refused = list(withheld)
        for claim in claims:
            stories = {story_of[citation.sentence.id] for citation in claim.citations}
            if len(stories) > 1:
                detail = "it joins sentences of several stories. Say each in a statement of its own."
                refused.append(Withheld(claim.text, Reason.POINTER, detail, claim.citations))
            else:
                kept.setdefault(stories.pop(), claim)
        plainly, loaded = plain(kept.values(), "facts")
        failed = not claims and judge_fault(withheld) is not None
        return Overview(tuple(plainly), (*refused, *loaded), notes, failed)

    def _chosen(
        self, group: Group, evidence: Sequence[Evidence], words: int, reading: Reading = NOTHING, *, strict: bool
    ) -> tuple[Digest, Sequence[Withheld]]:
        if strict:
            return plain_digest(group, evidence, words=words, topic=self.topic, reading=reading, twins=self.twins)
        return digest(group, evidence, words=words, topic=self.topic, reading=reading, twins=self.twins), ()

    def _section(
        self, kind: Kind, statements: Sequence[Statement], evidence: Sequence[Evidence], writer: Generator | None
    ) -> _Checked:
        """Return the section, what was withheld of it, and how it was made where a reader must know."""
        written = _Checked(Section(kind, ()))
        if writer is not None and kind not in BESIDES:
            written = self._written(kind, statements, evidence, writer)
            if written.section.claims:
                return written
        claims, refused = self._gated(Draft(tuple(statements)), evidence, kind)
        return _Checked(Section(kind, claims), (*written.withheld, *refused), written.notes)

    def _written(
        self, kind: Kind, statements: Sequence[Statement], evidence: Sequence[Evidence], writer: Generator
    ) -> _Checked:
        by_number = {item.number: item for item in evidence}
        parts = ([by_number[number] for number in part] for part in _parts(statements))
        through = [self._through(PARTS.get(kind, kind), chosen, writer, kind) for chosen in parts]
        claims = [claim for kept, _, _ in through for claim in kept]
        withheld = tuple(item for _, refused, _ in through for item in refused)
        notes = tuple(note for *_, said in through for note in said)
        named = {by_number[number].sentence.id: one for one in reversed(statements) for number in one.numbers}
        told = tuple(dict.fromkeys(_known(claim, named) for claim in claims))
        return _Checked(Section(kind, told), withheld, notes, written=bool(told))

    def _through(
        self, wanted: str, chosen: Sequence[Evidence], writer: Generator, kind: Kind
    ) -> tuple[tuple[Claim, ...], tuple[Withheld, ...], tuple[str, ...]]:
        """Return what ``writer`` says through the gates, what was withheld (it went back once), and notes."""
        draft = Draft.of(writer.write(wanted, chosen))
        claims, withheld = self._gated(draft, chosen, kind)
        notes = draft.notes
        if (wrong := refuted(withheld)) and isinstance(writer, Mender):
            again = Draft.of(writer.mend(wanted, chosen, wrong))
            mended, still = self._gated(again, chosen, kind)
            claims, withheld, notes = (*claims, *mended), (*withheld, *still), (*notes, *again.notes)
        return claims, withheld, notes

    def _gated(
        self, draft: Draft, evidence: Sequence[Evidence], kind: Kind
    ) -> tuple[tuple[Claim, ...], tuple[Withheld, ...]]:
        """Return the claims that pass the gates (strictly: and are plain), and what was withheld."""
        claims, refused = check_all(draft, evidence, self.verifier)
        if not self.strict:
            return claims, refused
        kept, loaded = plain(claims, kind)
        return tuple(kept), (*refused, *loaded)


def _parts(statements: Sequence[Statement]) -> list[tuple[int, ...]]:
    """Return the sentences of the statements by number, in as few parts of even size as ``AT_ONCE`` allows."""
    total, count = len(statements), ceil(len(statements) / AT_ONCE)
    parts = (statements[total * at // count : total * (at + 1) // count] for at in range(count))
    return [tuple(dict.fromkeys(number for one in part for number in one.numbers)) for part in parts]


def _unsaid(
    unprinted: Mapping[int, Unsaid],
    evidence: Sequence[Evidence],
    claims: Sequence[Claim],
    quoted: frozenset[str],
    withheld: Sequence[Withheld],
) -> dict[Unsaid, tuple[str, ...]]:
    """Return what no claim and no conflict cites, by why: what was chosen and did not pass or was not used, too."""
    shown = quoted | {citation.sentence.id for claim in claims for citation in claim.citations}
    refused = {citation.sentence.id for item in withheld for citation in item.citations}
    found: dict[Unsaid, list[str]] = defaultdict(list)
    for item in evidence:
        if item.sentence.id not in shown:
            chosen: Unsaid = "withheld" if item.sentence.id in refused else "unused"
            found[unprinted.get(item.number, chosen)].append(item.sentence.id)
    return {why: tuple(ids) for why, ids in found.items()}


def _both_sides(checked: _Checked, clashes: Sequence[Clash]) -> _Checked:
    """Return a section without the disputed claims whose other side did not pass."""
    if checked.section.kind != "disputed":
        return checked
    kept, withheld = both_sides(checked.section.claims, clashes)
    return _Checked(Section("disputed", tuple(kept)), (*checked.withheld, *withheld), checked.notes)


def _disputed(sections: Sequence[Section]) -> frozenset[str]:
    """Return the texts of the sentences that are printed as disputed."""
    claims = (claim for section in sections if section.kind == "disputed" for claim in section.claims)
    return frozenset(citation.sentence.text for claim in claims for citation in claim.citations)


def _known(claim: Claim, named: Mapping[str, Statement]) -> Claim:
    """Return a model's claim with what is known of the sentence that it was written from."""
    source = next((named[c.sentence.id] for c in claim.citations if c.sentence.id in named), None)
    return claim if source is None else replace(claim, note=source.note, known=source.known)


def _settled(story: Story, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Return the sentences of the account without those of a conflict; of a change, what stands now is settled."""
    by_id = {item.sentence.id: item for item in evidence}
    open_ = {side.citation.sentence.id for conflict in story.conflicts for side in _open(conflict)}
    told = (claim for section in story.sections if section.kind not in BESIDES for claim in section.claims)
    cited = dict.fromkeys(citation.sentence.id for claim in told for citation in claim.citations)
    return tuple(by_id[sentence] for sentence in cited if sentence in by_id and sentence not in open_)


def _open(conflict: Conflict) -> list[Position]:
    """Return the sides that do not stand: all of them, but of what changed the last figure."""
    changed = conflict.kind in {"update", "correction"}
    stands = [side for side in conflict.positions if changed and side.role in {"later", "instead"}][-1:]
    return [side for side in conflict.positions if side not in stands]


def _first(told: Sequence[Told]) -> list[Evidence]:
    """Return the first settled sentences of each story within ``TOKENS``, story by story, numbered anew."""
    rows = [(line, place, item) for place, one in enumerate(told) for line, item in enumerate(one.settled[:EACH])]
    rows.sort(key=lambda row: row[:2])
    fit: list[tuple[int, int, Evidence]] = []
    left = TOKENS
    for row, tokens in zip(rows, token_counts([item.sentence.text for *_, item in rows]), strict=True):
        if tokens <= left:
            fit.append(row)
            left -= tokens
    fit.sort(key=lambda row: (row[1], row[0]))
    return [replace(item, number=number, score=None) for number, (*_, item) in enumerate(fit, start=1)]
