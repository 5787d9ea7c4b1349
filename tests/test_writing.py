"""A chat model as a writer: what it is shown, what it may do with it, and what is given back to it."""

from __future__ import annotations

import pytest
from news import article, evidence
from pydantic import BaseModel

from rag.claims import Reason, Withheld
from rag.errors import BudgetReached, ProviderError, ProviderFault
from rag.offline import ScriptedChat
from rag.proposals import Draft, Missing, Note, Statement
from rag.protocols import Mender, Request
from rag.verification import check
from rag.writing import MENDED, ChatGenerator, Mended, Point, Selection, Wording, likeliest

EVIDENCE = evidence(article("The ferry sank on Monday. Four people died. The captain said the fog was thick."))


def choose(*points: list[int], missing: tuple[str, ...] = ()) -> Selection:
    return Selection(points=[Point(sentences=numbers) for numbers in points], missing=list(missing))


def scripted(selection: Selection, wording: str = "Four people died.", mended: Mended | None = None) -> ScriptedChat:
    replies: dict[str, BaseModel] = {"select": selection, "write": Wording(text=wording)}
    return ScriptedChat(lambda request: (replies | ({"mend": mended} if mended else {}))[request.task])


def test_each_point_is_worded_from_its_own_sentences_alone() -> None:
    chat = scripted(choose([1], [2], missing=("who steered",)))
    proposals = list(ChatGenerator(chat).write("What happened, and who steered?", EVIDENCE))
    assert proposals == [
        Statement("Four people died.", (1,)),
        Statement("Four people died.", (2,)),
        Missing("who steered"),
    ]
    first, second = (request.user for request in chat.requests if request.task == "write")
    assert "The ferry sank" in first
    assert "Four people" not in first
    assert "Four people" in second


def test_a_sentence_that_does_not_exist_stays_in_what_is_cited_and_is_withheld() -> None:
    (some, none) = ChatGenerator(scripted(choose([2, 99], [77]))).write("What happened?", EVIDENCE)
    for proposal in (some, none):
        assert isinstance(proposal, Statement)
        result = check(proposal, EVIDENCE)
        assert isinstance(result, Withheld)
        assert result.reason is Reason.POINTER


def test_evidence_too_long_for_the_model_is_halved_by_score_and_a_note_says_so() -> None:
    def script(request: Request) -> BaseModel:
        if request.task == "select" and request.user.count("\n[") > 2:
            msg = "too long"
            raise ProviderError(msg, kind=ProviderFault.CONTEXT_LENGTH)
        return choose([2]) if request.task == "select" else Wording(text="Four people died.")

    draft = Draft.of(ChatGenerator(ScriptedChat(script)).write("What happened?", EVIDENCE))
    assert draft.notes == ("the model read 2 of 3 sentences, the likeliest ones",)
    assert draft.statements == (Statement("Four people died.", (2,)),)


def test_a_budget_that_no_amount_of_evidence_fits_is_reported() -> None:
    def script(_: Request) -> BaseModel:
        msg = "0.01 of 0.01 dollars are spent"
        raise BudgetReached(msg)

    chat = ScriptedChat(script)
    with pytest.raises(BudgetReached):
        list(ChatGenerator(chat).write("What happened?", EVIDENCE))
    assert len(chat.requests) == 3, "with three, two and one sentence"


def test_a_statement_that_was_cut_off_is_noted_and_the_others_stand() -> None:
    def script(request: Request) -> BaseModel:
        if request.task == "select":
            return choose([1], [2])
        if "The ferry" in request.user:
            msg = "cut off"
            raise ProviderError(msg, kind=ProviderFault.INCOMPLETE)
        return Wording(text="Four people died.")

    proposals = list(ChatGenerator(ScriptedChat(script)).write("What happened?", EVIDENCE))
    assert proposals == [Note("one statement was not written: cut off"), Statement("Four people died.", (2,))]


def test_another_fault_is_not_taken_for_length() -> None:
    def script(_: Request) -> BaseModel:
        msg = "no"
        raise ProviderError(msg, kind=ProviderFault.AUTH)

    chat = ScriptedChat(script)
    with pytest.raises(ProviderError):
        list(ChatGenerator(chat).write("What happened?", EVIDENCE))
    assert len(chat.requests) == 1


def test_what_was_withheld_goes_back_once_with_its_reason_and_its_sentences() -> None:
    chat = scripted(choose([2]), mended=Mended(text="Four  people died.", sentences=[2]))
    generator = ChatGenerator(chat)
    assert isinstance(generator, Mender)
    failed = check(Statement("Five people died.", (2,)), EVIDENCE)
    assert isinstance(failed, Withheld)
    assert list(generator.mend("How many died?", EVIDENCE, (failed,))) == [Statement("Four people died.", (2,))]
    (request,) = chat.requests
    assert "Statement: Five people died." in request.user
    assert failed.detail in request.user
    assert "The ferry sank" not in request.user


def test_an_empty_mending_proposes_nothing_and_mendings_are_bounded() -> None:
    chat = scripted(choose([2]), mended=Mended(text=" ", sentences=[]))
    failed = Withheld("Five people died.", Reason.FACTS, "no 5")
    assert not list(ChatGenerator(chat).mend("How many?", EVIDENCE, (failed,) * (MENDED + 3)))
    assert len(chat.requests) == MENDED


def test_the_likeliest_sentences_stay_in_their_order() -> None:
    assert [item.number for item in likeliest(EVIDENCE, 2)] == [1, 2]


def test_the_prompt_hash_changes_with_any_of_the_prompts() -> None:
    chat = scripted(choose([1]))
    shipped = ChatGenerator(chat)
    from rag.prompting import Prompt, load  # noqa: PLC0415

    own = ChatGenerator(chat, lambda name: Prompt(name, "x", load(name).user) if name == "mend" else load(name))
    assert shipped.prompt != own.prompt
