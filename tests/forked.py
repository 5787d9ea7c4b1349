"""``citewire`` in a process of its own, forked from one that has loaded what commands load: that takes longer than most
commands do. All else is as the shell would have it: its own environment, folder, streams and end."""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import struct
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryFile

_LOADED = (
    "chromadb",
    "langchain.chat_models",
    "langchain_openai",
    "rag.chain",
    "rag.chroma",
    "rag.newsroom",
    "rag.editor",
    "rag.telling",
    "tantivy",
)
_NUMBER = struct.Struct("!i")


class Nursery:
    """Starts commands, one at a time."""

    def __init__(self) -> None:
        """Start the process that the commands are forked from."""
        self._channel, theirs = socket.socketpair()
        with theirs:
            self._parent = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())], pass_fds=[theirs.fileno()], stdout=subprocess.DEVNULL
            )

    def run(
        self, *arguments: str, stdin: bytes, env: dict[str, str], cwd: Path, timeout: float
    ) -> subprocess.CompletedProcess[bytes]:
        """Run ``citewire`` with these arguments; ``timeout`` in seconds. Raises subprocess.TimeoutExpired."""
        with TemporaryFile() as order, TemporaryFile() as given, TemporaryFile() as out, TemporaryFile() as err:
            order.write(json.dumps([arguments, env, str(cwd)]).encode())
            given.write(stdin)
            for file in (order, given):
                file.seek(0)
            socket.send_fds(self._channel, [b"!"], [file.fileno() for file in (order, given, out, err)])
            child = self._hear(timeout)
            try:
                status = self._hear(timeout)
            except TimeoutError:
                os.kill(child, signal.SIGKILL)
                self._hear(timeout)
                raise subprocess.TimeoutExpired(["citewire", *arguments], timeout) from None
            for file in (out, err):
                file.seek(0)
            return subprocess.CompletedProcess(["citewire", *arguments], status, out.read(), err.read())

    def close(self) -> None:
        """End the process that commands are forked from."""
        self._channel.close()
        self._parent.wait()

    def _hear(self, timeout: float) -> int:
        self._channel.settimeout(timeout)
        return int(_NUMBER.unpack(self._channel.recv(_NUMBER.size, socket.MSG_WAITALL))[0])


def _serve(channel: socket.socket) -> None:
    """Fork for every order, and return in the child, which has become what was ordered."""
    while True:
        word, files, _, _ = socket.recv_fds(channel, 1, 4)
        if not word:
            sys.exit()
        child = os.fork()
        if not child:
            _become(*files)
            return
        for file in files:
            os.close(file)
        channel.sendall(_NUMBER.pack(child))
        _, status = os.waitpid(child, 0)
        channel.sendall(_NUMBER.pack(os.waitstatus_to_exitcode(status)))


def _become(order: int, *streams: int) -> None:
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    with open(order, encoding="utf-8") as file:
        arguments, env, cwd = json.load(file)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.argv[1:] = arguments


if __name__ == "__main__":
    from importlib import import_module

    from rag.__main__ import main

    for name in _LOADED:
        import_module(name)
    gc.freeze()  # what is shared with the children stays shared
    _serve(socket.socket(fileno=int(sys.argv[1])))
    main()
