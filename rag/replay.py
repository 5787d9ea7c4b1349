"""Replies kept: a chat model's answers to files, from files with no model, and remembered in the archive.

Each is a ``Chat`` around a ``Chat``. What is asked is known by its fingerprint, so that a changed prompt, sentence,
schema or model is another request.
"""

from __future__ import annotations

import json
import os
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from tempfile import mkstemp
from typing import Final, Literal, Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from rag.errors import ArchiveError, BudgetReached, ProviderError, ProviderFault, UsageError
from rag.protocols import Chat, Reply, Request
from rag.sources import digest

_BUDGET: Final = "budget_reached"


class Store(Protocol):
    """Where replies are remembered."""

    def recall(self, key: str) -> str | None:
        """Return the text under ``key``. Raises ArchiveError."""
        ...

    def remember(self, key: str, text: str) -> None:
        """Keep a text, in the place of one that is there. Raises ArchiveError."""
        ...


def fingerprint(model: str, request: Request) -> str:
    """Return what tells a request to ``model`` from any other: a sha256 over all that the reply depends on."""
    return digest(json.dumps([model, *_asked(request).values()], sort_keys=True))


class RememberedChat:
    """A chat model that is asked the same thing once, as long as the archive lasts, and by threads at the same time."""

    def __init__(self, inner: Chat, store: Store, *, fresh: bool = False, place: str = "") -> None:
        """Ask ``inner`` what ``store`` does not know; with ``fresh`` ask it everything, and remember.

        ``place`` is the address that answers: the same name elsewhere may be another model.
        """
        self._inner = inner
        self._store = store
        self._fresh = fresh
        self._place = place
        self._under_way: dict[str, Future[Reply | None]] = {}

    @property
    def name(self) -> str:
        """The inner model's."""
        return self._inner.name

    def reply(self, request: Request) -> Reply:
        """Return the remembered reply, without counts of tokens since none were used, or the inner model's.

        What another thread asks already is waited for, fresh or not; where it fails there, it is asked here. Memory
        that cannot be read or written costs a call and never an answer. Raises what the inner model raises.
        """
        key = fingerprint(f"{self.name} {self._place}".strip(), request)
        while True:
            ours: Future[Reply | None] = Future()
            said: Reply | None = None
            try:
                first = self._under_way.setdefault(key, ours)
                if first is ours:
                    said = self._said(key, request)
                    return said
            finally:  # also on Ctrl-C: nobody waits for what does not come
                if self._under_way.get(key) is ours:
                    del self._under_way[key]
                ours.set_result(said)
            if (shared := first.result()) is not None:
                return Reply(shared.text, 0, 0)

    def _said(self, key: str, request: Request) -> Reply:
        if not self._fresh:
            known: str | None = None
            with suppress(ArchiveError):
                known = self._store.recall(key)
            if known is not None and _fits(known, request):
                return Reply(known, 0, 0)
        reply = self._inner.reply(request)
        if _fits(reply.text, request):
            with suppress(ArchiveError):
                self._store.remember(key, reply.text)
        return reply


class _Fault(BaseModel):
    """An error that is part of an answer: evidence that was too long, a judge that did not answer."""

    model_config = ConfigDict(extra="forbid")
    kind: ProviderFault | Literal["budget_reached"]
    message: str
    hint: str

    def error(self) -> ProviderError | BudgetReached:
        if isinstance(self.kind, ProviderFault):
            return ProviderError(self.message, kind=self.kind, hint=self.hint)
        return BudgetReached(self.message, hint=self.hint)


class _Said(BaseModel):
    """The reply as it is in a file."""

    model_config = ConfigDict(extra="forbid")
    text: str
    read: int | None
    written: int | None


class _Recording(BaseModel):
    """One file: who was asked what, and what came of it."""

    model_config = ConfigDict(extra="forbid")
    model: str
    request: dict[str, object]
    reply: _Said | None = None
    fault: _Fault | None = None


class RecordingChat:
    """A chat model whose replies are written to a folder, for ``ReplayingChat``.

    Faults are written too: a draft that halved its evidence because the model found it too long is replayed so. What
    is asked twice in one run is answered once, as it will be in a replay; what failed is asked again.
    """

    def __init__(self, inner: Chat, folder: Path) -> None:
        """Write what ``inner`` replies into ``folder``. Raises UsageError if that cannot be made."""
        self._inner = inner
        self._folder = folder
        self._said: dict[str, Reply] = {}
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _unwritable(folder, error) from None

    @property
    def name(self) -> str:
        """The inner model's."""
        return self._inner.name

    def reply(self, request: Request) -> Reply:
        """Return the inner model's reply when it is on disk. Raises what that raises, and UsageError."""
        key = fingerprint(self.name, request)
        if (said := self._said.get(key)) is not None:
            return said
        recording = _Recording(model=self.name, request=_asked(request))
        path = self._folder / f"{key}.json"
        try:
            reply = self._inner.reply(request)
        except (ProviderError, BudgetReached) as error:
            if not path.exists():  # a bad day does not take a good recording away
                kind = error.kind if isinstance(error, ProviderError) else _BUDGET
                fault = _Fault(kind=kind, message=str(error), hint=error.hint)
                _write(path, recording.model_copy(update={"fault": fault}))
            raise
        _write(path, recording.model_copy(update={"reply": _Said(**asdict(reply))}))
        self._said[key] = reply
        return reply


class ReplayingChat:
    """What a folder of recordings says, with no model: the same answer, byte for byte."""

    def __init__(self, folder: Path, name: str | None = None) -> None:
        """Answer from ``folder`` as the model ``name``, or as the one model that was recorded there.

        Raises UsageError if there are no recordings, none of ``name``, or of several models with no name given.
        """
        self._folder = folder
        self.name = _recorded_model(folder, name)

    def reply(self, request: Request) -> Reply:
        """Return the reply that was recorded, or raise the fault that was. Raises UsageError for any other request."""
        path = self._folder / f"{fingerprint(self.name, request)}.json"
        if not path.is_file():
            msg = f"{self._folder} holds no reply of {self.name} to this request ({request.task}, {path.name[:12]})"
            raise UsageError(msg, hint=f"question, articles or prompts have changed: {_again(self._folder)}")
        found = _read(path)
        if found.fault:
            raise found.fault.error()
        if found.reply is None or not _fits(found.reply.text, request):
            msg = f"{path}: no reply that is valid for its request"
            raise UsageError(msg, hint=f"delete this file, then {_again(self._folder)}")
        return Reply(**found.reply.model_dump())


def _recorded_model(folder: Path, name: str | None) -> str:
    """Return the model to replay. Raises UsageError."""
    names = sorted({_read(path).model for path in folder.glob("*.json")})
    if not names:
        msg = f"{folder}: there are no recordings"
        raise UsageError(msg, hint=_again(folder))
    if name in names:
        return name
    if name or len(names) > 1:
        msg = f"{folder}: recordings of {', '.join(names)}" + (f", none of {name}" if name else "")
        raise UsageError(msg, hint=f"name the model to replay: citewire ask ... --replay {folder} --model {names[0]}")
    return names[0]


def _asked(request: Request) -> dict[str, object]:
    return {
        "task": request.task,
        "prompt": request.prompt,
        "system": request.system,
        "user": request.user,
        "schema": request.schema.model_json_schema(),
    }


def _fits(text: str, request: Request) -> bool:
    try:
        request.schema.model_validate_json(text)
    except ValidationError:
        return False
    return True


def _read(path: Path) -> _Recording:
    try:
        return _Recording.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        msg = f"{path}: no recording of a reply"
        raise UsageError(msg, hint=f"delete this file, then {_again(path.parent)}") from None


def _write(path: Path, recording: _Recording) -> None:
    """Write a file that is whole or not there, whatever happens meanwhile. Raises UsageError."""
    text = json.dumps(recording.model_dump(mode="json"), ensure_ascii=False, indent=1)
    part: str | None = None
    try:
        handle, part = mkstemp(dir=path.parent, prefix=f".{path.stem[:12]}-", suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(text + "\n")
        Path(part).replace(path)
    except OSError as error:
        if part:
            Path(part).unlink(missing_ok=True)
        raise _unwritable(path.parent, error) from None


def _unwritable(folder: Path, error: OSError) -> UsageError:
    msg = f"{folder}: recordings cannot be written ({error.strerror or error})"
    return UsageError(msg, hint="name a folder that can be written with --record")


def _again(folder: Path) -> str:
    return f"record it again with a model: citewire ask ... --model PROVIDER:MODEL --record {folder}"
