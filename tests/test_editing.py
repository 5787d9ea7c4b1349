"""What an editor would question is listed; strictly, it is withheld, said anew, or replaced by the next best."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from conftest import Command
from news import article, evidence

from rag import Newsroom
from rag.answers import Briefing, Section
from rag.claims import Claim, Reason, Withheld
from rag.conflicts import clashes
from rag.editing import both_sides, of_sections, plain, plain_digest
from rag.fairness import Concern
from rag.neutrality import concerns
from rag.proposals import Draft, Proposal, Statement
from rag.sources import Evidence
from rag.stories import Group
from rag.telling import Teller
from rag.verification import check

TEXT = (
    "Ruiz claimed that 14 trams were late on Monday. Ruiz refused to say who had sold the depot. "
    "The council voted 7 to 4 for the budget on Tuesday."
)
FOUND = evidence(article(TEXT))
LOADED = Statement("Ruiz claimed that 14 trams were late on Monday.", (1,))
SAID = Statement("Ruiz said that 14 trams were late on Monday.", (1,))


class Writer:
    """A model that says what it is given, and what it is given second when it is asked to mend."""

    name, prompt = "given", None

    def __init__(self, *first: Proposal, second: Sequence[Proposal] = ()) -> None:
        self.first, self.second = first, second
        self.refused: list[Withheld] = []

    def write(self, question: str, evidence: Sequence[Evidence]) -> Iterator[Proposal]:
        del question, evidence
        yield from self.first

    def mend(self, question: str, evidence: Sequence[Evidence], withheld: Sequence[Withheld]) -> Iterator[Proposal]:
        del question, evidence
        self.refused += withheld
        yield from self.second


def section(writer: Writer, *, strict: bool) -> tuple[list[str], list[Withheld]]:
    told = Teller(None, None, strict)._section("said", [LOADED], FOUND, writer)
    return [claim.text for claim in told.section.claims], list(told.withheld)


def claim(statement: Statement) -> Claim:
    passed = check(statement, FOUND)
    assert isinstance(passed, Claim)
    return passed


def test_a_loaded_statement_is_printed_unless_plain_wording_is_asked_for() -> None:
    assert section(Writer(LOADED), strict=False) == ([LOADED.text], [])


def test_strictly_it_goes_back_once_with_the_words_and_the_rule() -> None:
    writer = Writer(LOADED, second=[SAID])
    printed, withheld = section(writer, strict=True)

    assert printed == [SAID.text]
    assert [(item.text, item.reason) for item in withheld] == [(LOADED.text, Reason.WORDING)]
    assert writer.refused == withheld
    assert withheld[0].detail.startswith("“claimed”: ")
    assert withheld[0].detail.endswith(" It is to be said plainly.")


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        (Statement("Ruiz said that 40 trams were late on Monday.", (1,)), Reason.FACTS),
        (Statement("On Monday 14 trams were late.", (1,)), Reason.ATTRIBUTION),
        (Statement("Clearly, Ruiz said that 14 trams were late on Monday.", (1,)), Reason.WORDING),
        (LOADED, Reason.WORDING),
    ],
)
def test_a_rewording_passes_the_same_gates_and_must_be_plain(second: Statement, reason: Reason) -> None:
    printed, withheld = section(Writer(LOADED, second=[second]), strict=True)

    assert printed == []
    assert any(item.text == second.text and item.reason is reason for item in withheld[1:])


def test_what_no_writer_says_plainly_is_not_printed_word_for_word_either() -> None:
    printed, withheld = section(Writer(), strict=True)

    assert printed == []
    assert [item.reason for item in withheld] == [Reason.WORDING]


def test_an_outlet_that_corrects_itself_may_say_we() -> None:
    found = evidence(article("We said that ten ships sank and that was wrong."))
    draft = Draft((Statement(found[0].sentence.text, (1,)),))
    claims = [result for s in draft.statements if isinstance(result := check(s, found), Claim)]

    assert len(plain(claims, "corrections")[0]) == 1
    assert [item.reason for item in plain(claims, "facts")[1]] == [Reason.WORDING]


def test_of_a_statement_and_its_denial_neither_is_printed_where_the_other_was_withheld() -> None:
    found = evidence(article("The union accused Ruiz of selling 14 trams. Ruiz denied the accusation."))
    accused, denied = (check(Statement(item.sentence.text, (item.number,)), found) for item in found)
    assert isinstance(accused, Claim)
    assert isinstance(denied, Claim)
    against = clashes(found)

    assert both_sides([accused, denied], against) == ([accused, denied], [])
    for alone in (accused, denied):
        kept, withheld = both_sides([alone], against)
        assert kept == []
        assert [(item.text, item.reason) for item in withheld] == [(alone.text, Reason.ONE_SIDED)]


def test_strictly_a_denial_goes_with_the_statement_that_was_not_plain() -> None:
    text = (
        "The board met on the east quay on Monday and heard 12 reports of broken cranes. "
        "The union falsely claimed on Monday that Dockside Lifting had saved on 12 inspections of the cranes. "
        "Dockside Lifting denied the claim and said that its cranes on the east quay were inspected 12 times."
    )
    found = evidence(article(text))
    told, _ = plain_digest(Group((found[0].article,), {}), found, words=120, topic=None)
    printed = " ".join(one.text for section in told.sections.values() for one in section)

    assert "heard 12 reports" in printed
    assert "denied" not in printed
    assert "claimed" not in printed


def test_what_a_headline_quotes_in_single_marks_is_the_speakers_wording() -> None:
    assert of_sections((), "Ruiz leaves race: 'This is not my time'") == ()
    assert [each.words for each in of_sections((), "Ruiz slams rivals' plan for the port's future")] == ["slams"]


def test_concerns_come_in_reading_order_with_the_claim_they_stand_in() -> None:
    found = of_sections([Section("said", (claim(LOADED),))], "Mayor in shameful climbdown")

    assert [(each.rule, each.words, each.claim) for each in found] == [
        ("loaded", "shameful", "Mayor in shameful climbdown"),
        ("assertive", "claimed", LOADED.text),
    ]
    assert all(each.why for each in found)


def test_concerns_survive_the_wire_and_older_files_have_none_of_their_reasons() -> None:
    concern = Concern("assertive", "claimed", "why", LOADED.text)
    assert Concern.from_dict(concern.to_dict()) == concern
    assert Concern.from_dict({"rule": "assertive", "words": "claimed", "claim": ""}).why == ""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    with Newsroom.open(tmp_path_factory.mktemp("archive")) as opened:
        opened.add(*sorted((Path(__file__).parent.parent / "seeds").glob("lumarra-breach/*.*")))
        yield opened


def test_a_briefing_lists_its_concerns_and_a_strict_one_prints_plain_statements_instead(room: Newsroom) -> None:
    loose, strict = (room.brief("Lumarra breach", words=250, stories=1, strict=wanted) for wanted in (False, True))
    questioned = [each for story in loose.stories for each in story.concerns if each.claim and each.rule != "one_sided"]
    withheld = {item.text for item in strict.withheld if item.reason is Reason.WORDING}

    quoted = {side.citation.sentence.text for one in loose.stories[0].conflicts for side in one.positions}

    assert questioned
    assert {each.claim for each in questioned} - {loose.stories[0].headline} <= withheld | quoted
    assert not withheld & {one.text for one in strict.claims}
    assert not [c for story in strict.stories for c in of_sections(story.sections)]
    assert strict.words >= 0.9 * loose.words
    assert Briefing.from_dict(json.loads(json.dumps(loose.to_dict()))) == loose
    assert room.verify(json.loads(json.dumps(strict.to_dict()))).ok


def test_strict_conflicts_keep_every_side_and_quote_no_loaded_word(room: Newsroom) -> None:
    loose, strict = (room.brief("Lumarra breach", words=250, stories=1, strict=wanted) for wanted in (False, True))
    sides = [side for one in strict.stories[0].conflicts for side in one.positions]
    whole = [side for one in loose.stories[0].conflicts for side in one.positions]
    cut = [side for side in sides if side.parts is not None]

    assert {(side.citation.sentence.id, side.role) for side in sides} == {
        (s.citation.sentence.id, s.role) for s in whole
    }
    assert cut
    assert all(side.parts is None for side in whole)
    assert ("manner", "flatly denied") in {(each.rule, each.words) for each in loose.stories[0].concerns}
    assert not [side for side in sides if side.parts is None and concerns(side.citation.sentence.text)]
    blocks = str(strict).partition("Stated and denied")[2].partition("Sources")[0]
    assert "… denied that it had paid anyone." in blocks
    assert "stated: two insiders; The Brazier, 10 April 2026" in blocks
    assert not concerns(blocks)


def test_the_command_takes_strict_and_shows_what_it_withheld(citewire: Command) -> None:
    seeds = Path(__file__).parent.parent / "seeds"
    citewire("add", *(str(path) for path in sorted(seeds.glob("lumarra-breach/*.*"))))
    loose = citewire("brief", "Lumarra breach", "--words", "250", "--stories", "1")
    strict = citewire("brief", "Lumarra breach", "--words", "250", "--stories", "1", "--strict", "--show-withheld")

    assert (loose.returncode, strict.returncode) == (0, 0)
    assert "Wording to look at" in loose.stdout
    assert "Wording to look at" not in strict.stdout
    assert "it is not worded plainly: “" in strict.stdout
