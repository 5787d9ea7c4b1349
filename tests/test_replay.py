"""Replies kept: recorded, replayed with no model, and remembered."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from news import article, evidence

from rag.errors import ArchiveLocked, BudgetReached, CitewireError, ProviderError, ProviderFault, UsageError
from rag.ledger import AccountBook
from rag.proposals import Note, Statement
from rag.protocols import Reply, Request
from rag.replay import RecordingChat, RememberedChat, ReplayingChat, fingerprint
from rag.writing import ChatGenerator, Selection, Wording

ASKED = Request("write", "0" * 64, "You write.", "Which ferry sank? — “Zwölf”", Wording)
CHANGES: dict[str, object] = {
    "task": "mend",
    "prompt": "1" * 64,
    "system": "You write well.",
    "user": "Which ferry?",
    "schema": Selection,
}


def worded(text: str) -> Reply:
    return Reply(json.dumps({"text": text}), 30, 5)


class Model:
    """Replies with what it is given, in order, and the last for ever."""

    def __init__(self, *replies: Reply | CitewireError, name: str = "openai:m") -> None:
        self.name = name
        self.asked: list[Request] = []
        self._replies = replies or (worded("The ferry sank."),)

    def reply(self, request: Request) -> Reply:
        self.asked.append(request)
        said = self._replies[min(len(self.asked), len(self._replies)) - 1]
        if isinstance(said, CitewireError):
            raise said
        return said


def changed(field: str) -> Request:
    return replace(ASKED, **{field: CHANGES[field]})


# -- recordings ------------------------------------------------------------------------------------------------------


def test_a_replay_says_what_was_recorded_byte_for_byte_and_under_the_same_name(tmp_path: Path) -> None:
    said = Reply('{"text":  "Zw\\u00f6lf “Boote”\\r\\n🚢 sank."}\n', 30, None)
    recorded = RecordingChat(Model(said, name="mistralai:x"), tmp_path / "new" / "folder").reply(ASKED)
    replay = ReplayingChat(tmp_path / "new" / "folder")
    assert replay.reply(ASKED) == recorded == said
    assert replay.name == "mistralai:x"


def test_a_recording_is_one_file_named_by_its_request_that_a_person_can_read_and_holds_nothing_else(
    tmp_path: Path,
) -> None:
    RecordingChat(Model(), tmp_path).reply(ASKED)
    (path,) = tmp_path.iterdir()
    assert path.name == f"{fingerprint('openai:m', ASKED)}.json"
    text = path.read_text(encoding="utf-8")
    assert "Which ferry sank? — “Zwölf”" in text
    assert json.loads(text) == {
        "model": "openai:m",
        "request": {
            "task": "write",
            "prompt": "0" * 64,
            "system": "You write.",
            "user": "Which ferry sank? — “Zwölf”",
            "schema": Wording.model_json_schema(),
        },
        "reply": {"text": '{"text": "The ferry sank."}', "read": 30, "written": 5},
        "fault": None,
    }


def test_a_whole_draft_is_replayed_with_the_halving_that_a_fault_made_necessary(tmp_path: Path) -> None:
    source = evidence(article("The ferry sank. Nobody died. The crew swam. The harbour is closed."))
    too_long = ProviderError("too long", kind=ProviderFault.CONTEXT_LENGTH, hint="-k 4")
    too_dear = BudgetReached("too dear", hint="wait")
    chosen = Reply('{"points": [{"sentences": [1]}], "missing": ["why"]}')
    model = Model(too_long, too_dear, chosen, worded("A ferry sank."))
    first = list(ChatGenerator(RecordingChat(model, tmp_path)).write("What sank?", source))
    assert first[:2] == [Note("the model read 1 of 4 sentences, the likeliest ones"), Statement("A ferry sank.", (1,))]
    assert list(ChatGenerator(ReplayingChat(tmp_path)).write("What sank?", source)) == first


@pytest.mark.parametrize(
    "fault",
    [
        ProviderError("refused", kind=ProviderFault.REFUSED, hint="another model"),
        BudgetReached("spent", hint="wait for 00:00 UTC"),
    ],
)
def test_a_fault_is_replayed_as_it_was(tmp_path: Path, fault: CitewireError) -> None:
    with pytest.raises(type(fault)):
        RecordingChat(Model(fault), tmp_path).reply(ASKED)
    with pytest.raises(type(fault), match=str(fault)) as caught:
        ReplayingChat(tmp_path).reply(ASKED)
    assert caught.value.hint == fault.hint
    assert getattr(caught.value, "kind", None) == getattr(fault, "kind", None)


def test_a_fault_takes_no_good_recording_away_and_a_good_one_replaces_it(tmp_path: Path) -> None:
    down = ProviderError("down", kind=ProviderFault.CONNECTION)
    for replies in ((down,), (worded("A ferry sank."),), (down,)):
        chat = RecordingChat(Model(*replies), tmp_path)
        if replies == (down,):
            with pytest.raises(ProviderError):
                chat.reply(ASKED)
        else:
            chat.reply(ASKED)
    assert ReplayingChat(tmp_path).reply(ASKED) == worded("A ferry sank.")


def test_what_is_asked_twice_in_one_run_is_answered_once_and_the_next_run_asks_again(tmp_path: Path) -> None:
    model = Model(worded("First."), worded("Second."))
    chat = RecordingChat(model, tmp_path)
    assert chat.reply(ASKED) == chat.reply(ASKED) == worded("First.")
    assert RecordingChat(model, tmp_path).reply(ASKED) == worded("Second.")
    assert ReplayingChat(tmp_path).reply(ASKED) == worded("Second.")


@pytest.mark.parametrize("field", list(CHANGES))
def test_any_other_request_has_no_replay_and_the_folder_and_the_way_to_record_are_named(
    tmp_path: Path, field: str
) -> None:
    RecordingChat(Model(), tmp_path).reply(ASKED)
    with pytest.raises(UsageError, match=tmp_path.name) as caught:
        ReplayingChat(tmp_path).reply(changed(field))
    assert f"--record {tmp_path}" in caught.value.hint


def test_a_folder_without_recordings_is_refused_at_once(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(UsageError, match="there are no recordings") as caught:
            ReplayingChat(folder)
        assert f"--record {folder}" in caught.value.hint


def test_of_recordings_of_two_models_one_must_be_named(tmp_path: Path) -> None:
    for name in ("openai:a", "openai:b"):
        RecordingChat(Model(worded(name), name=name), tmp_path).reply(ASKED)
    with pytest.raises(UsageError, match=r"recordings of openai:a, openai:b$") as caught:
        ReplayingChat(tmp_path)
    assert "--model openai:a" in caught.value.hint
    assert ReplayingChat(tmp_path, "openai:b").reply(ASKED) == worded("openai:b")


def test_a_model_that_was_not_recorded_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    RecordingChat(Model(), tmp_path).reply(ASKED)
    with pytest.raises(UsageError, match="recordings of openai:m, none of openai:other") as caught:
        ReplayingChat(tmp_path, "openai:other")
    assert "--model openai:m" in caught.value.hint


@pytest.mark.parametrize("damage", ["", "[]", '{"model": "openai:m"', '{"model": "openai:m", "request": {}, "key": 1}'])
def test_a_file_that_is_no_recording_is_named(tmp_path: Path, damage: str) -> None:
    RecordingChat(Model(), tmp_path).reply(ASKED)
    (path,) = tmp_path.iterdir()
    path.write_text(damage)
    with pytest.raises(UsageError, match=path.name) as caught:
        ReplayingChat(tmp_path, "openai:m").reply(ASKED)
    assert "delete this file" in caught.value.hint


@pytest.mark.parametrize("said", [None, {"text": '{"txt": 1}', "read": 1, "written": 1}])
def test_a_recorded_reply_that_its_request_does_not_allow_is_not_handed_on(
    tmp_path: Path, said: dict[str, object] | None
) -> None:
    RecordingChat(Model(), tmp_path).reply(ASKED)
    (path,) = tmp_path.iterdir()
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | {"reply": said}), encoding="utf-8")
    with pytest.raises(UsageError, match="no reply that is valid"):
        ReplayingChat(tmp_path).reply(ASKED)


def test_a_recording_that_cannot_be_written_names_the_folder_and_leaves_no_part_behind(tmp_path: Path) -> None:
    (tmp_path / f"{fingerprint('openai:m', ASKED)}.json").mkdir()
    with pytest.raises(UsageError, match=f"{tmp_path.name}: recordings cannot be written"):
        RecordingChat(Model(), tmp_path).reply(ASKED)
    assert [path.suffix for path in tmp_path.iterdir()] == [".json"]
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="recordings cannot be written"):
        RecordingChat(Model(), tmp_path / "file")


def test_who_replays_while_another_records_never_sees_half_a_file(tmp_path: Path) -> None:
    RecordingChat(Model(worded("x")), tmp_path).reply(ASKED)
    replay = ReplayingChat(tmp_path)
    lengths: set[int] = set()
    over = threading.Event()

    def read() -> None:
        while not over.is_set():
            lengths.add(len(replay.reply(ASKED).text))

    reader = threading.Thread(target=read)
    reader.start()
    for n in range(150):
        RecordingChat(Model(worded("x" * (1 + n % 2 * 300_000))), tmp_path).reply(ASKED)
    over.set()
    reader.join()
    assert lengths <= {len(worded("x").text), len(worded("x" * 300_001).text)}
    assert len(lengths) == 2


# -- memory ----------------------------------------------------------------------------------------------------------


class Shelf:
    """A ``Store`` in a dict."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def recall(self, key: str) -> str | None:
        return self.texts.get(key)

    def remember(self, key: str, text: str) -> None:
        self.texts[key] = text


class LockedShelf(Shelf):
    """Fails."""

    def recall(self, key: str) -> str | None:
        raise ArchiveLocked(key)

    def remember(self, key: str, text: str) -> None:
        raise ArchiveLocked(key + text)


def test_what_was_asked_once_is_known_to_the_next_process_and_uses_no_tokens(tmp_path: Path) -> None:
    model = Model()
    archive = AccountBook(tmp_path)
    assert RememberedChat(model, archive).reply(ASKED) == worded("The ferry sank.")
    archive.close()
    archive = AccountBook(tmp_path)
    assert RememberedChat(model, archive).reply(ASKED) == Reply(worded("The ferry sank.").text, 0, 0)
    assert len(model.asked) == 1
    archive.close()


@pytest.mark.parametrize("field", list(CHANGES))
def test_any_other_request_is_asked(field: str) -> None:
    model, shelf = Model(), Shelf()
    RememberedChat(model, shelf).reply(ASKED)
    RememberedChat(model, shelf).reply(changed(field))
    assert model.asked == [ASKED, changed(field)]


def test_another_model_and_the_same_name_at_another_address_are_asked() -> None:
    shelf = Shelf()
    for name, place in (("openai:m", ""), ("openai:n", ""), ("openai:m", "http://127.0.0.1:8080/v1")):
        model = Model(worded(f"{name} {place}"), name=name)
        chat = RememberedChat(model, shelf, place=place)
        assert chat.name == name
        assert chat.reply(ASKED) == worded(f"{name} {place}")


def test_a_fresh_reply_is_asked_for_and_replaces_the_remembered_one() -> None:
    shelf = Shelf()
    RememberedChat(Model(worded("Old.")), shelf).reply(ASKED)
    assert RememberedChat(Model(worded("New.")), shelf, fresh=True).reply(ASKED) == worded("New.")
    assert RememberedChat(Model(worded("Never.")), shelf).reply(ASKED).text == worded("New.").text


@pytest.mark.parametrize("stored", ["", "{", '{"text": 1}', '{"text": "a", "more": 1}', "null"])
def test_a_remembered_text_that_is_no_valid_reply_is_asked_for_again_and_replaced(stored: str) -> None:
    shelf, model = Shelf(), Model()
    RememberedChat(model, shelf).reply(ASKED)
    (key,) = shelf.texts
    shelf.texts[key] = stored
    assert RememberedChat(model, shelf).reply(ASKED) == worded("The ferry sank.")
    assert shelf.texts[key] == worded("The ferry sank.").text
    assert len(model.asked) == 2


@pytest.mark.parametrize(
    "said", [Reply('{"text": "cut', 1, 1), ProviderError("no", kind=ProviderFault.REFUSED), BudgetReached("no")]
)
def test_neither_a_fault_nor_half_a_reply_is_remembered(said: Reply | CitewireError) -> None:
    shelf = Shelf()

    def ask(ask_it: Callable[[Request], Reply]) -> Reply | CitewireError:
        try:
            return ask_it(ASKED)
        except CitewireError as error:
            return error

    assert ask(RememberedChat(Model(said), shelf).reply) is said
    assert shelf.texts == {}


def test_a_memory_that_fails_costs_a_call_and_no_answer() -> None:
    model = Model()
    for asked in (1, 2):
        assert RememberedChat(model, LockedShelf()).reply(ASKED) == worded("The ferry sank.")
        assert len(model.asked) == asked


class Crowd:
    """A model that is asked by several threads, and does not reply before all are there, or its patience is over."""

    name = "openai:m"

    def __init__(self, threads: int, *replies: Reply | BaseException, patience: float = 0.5) -> None:
        self.asked: list[Request] = []
        self.met: list[bool] = []
        self._patience = patience
        self._all = threading.Event()
        self._threads = threads
        self._replies = replies

    def reply(self, request: Request) -> Reply:
        self.asked.append(request)
        said = self._replies[min(len(self.asked), len(self._replies)) - 1]
        if len(self.asked) == self._threads:
            self._all.set()
        self.met.append(self._all.wait(self._patience))
        if isinstance(said, BaseException):
            raise said
        return said


def at_once(chat: RememberedChat, *requests: Request) -> list[Reply | BaseException]:
    """Return what each request came to, asked in a thread of its own."""
    told: list[Reply | BaseException] = []
    start = threading.Barrier(len(requests))

    def ask(request: Request) -> None:
        start.wait()
        try:
            told.append(chat.reply(request))
        except BaseException as error:  # noqa: BLE001 - Ctrl-C is one of them
            told.append(error)

    threads = [threading.Thread(target=ask, args=(request,), daemon=True) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return told


@pytest.mark.parametrize(("shelf", "fresh"), [(Shelf(), False), (Shelf(), True), (LockedShelf(), False)])
def test_what_several_threads_ask_at_once_is_paid_once(shelf: Shelf, *, fresh: bool) -> None:
    paid = worded("The ferry sank.")
    model = Crowd(4, paid)
    told = at_once(RememberedChat(model, shelf, fresh=fresh), *[ASKED] * 4)
    assert model.asked == [ASKED]
    assert told.count(paid) == 1
    assert told.count(Reply(paid.text, 0, 0)) == 3


@pytest.mark.parametrize("fault", [ProviderError("busy", kind=ProviderFault.RATE_LIMITED), KeyboardInterrupt()])
def test_where_the_first_of_several_threads_fails_the_next_one_asks_for_the_others(fault: BaseException) -> None:
    paid = worded("The ferry sank.")
    model = Crowd(4, fault, paid)
    told = at_once(RememberedChat(model, LockedShelf()), *[ASKED] * 4)
    assert len(model.asked) == 2
    assert told.count(fault) == 1
    assert told.count(paid) == 1
    assert told.count(Reply(paid.text, 0, 0)) == 2


def test_a_thread_waits_for_no_other_request_than_its_own() -> None:
    model = Crowd(2, worded("The ferry sank."), worded("Seven."), patience=5)
    told = at_once(RememberedChat(model, Shelf()), ASKED, changed("user"))
    assert model.met == [True, True]
    assert told.count(worded("The ferry sank.")) == told.count(worded("Seven.")) == 1


def test_a_fresh_reply_is_asked_for_again_when_nobody_asks_any_more() -> None:
    model = Model(worded("Old."), worded("New."))
    chat = RememberedChat(model, Shelf(), fresh=True)
    assert [chat.reply(ASKED), chat.reply(ASKED)] == [worded("Old."), worded("New.")]


def test_what_failed_once_is_asked_again_in_the_same_run(tmp_path: Path) -> None:
    model = Model(ProviderError("busy", kind=ProviderFault.RATE_LIMITED), worded("Seven."))
    chat = RecordingChat(model, tmp_path)
    with pytest.raises(ProviderError):
        chat.reply(ASKED)
    assert chat.reply(ASKED) == chat.reply(ASKED) == worded("Seven.")
    assert len(model.asked) == 2
