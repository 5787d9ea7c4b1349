"""GGUF file to a chat endpoint on loopback.

llama.cpp (package ``xllamacpp``) reads the weights in a child process, ``python -m rag.llama PATH``, because a file can
take the process that reads it down. Tried with xllamacpp 2026.10.11549: truncated files and
flipped bytes in the description were refused cleanly, but ``llama.block_count`` 0 aborted (SIGABRT), a context of 2e9
tokens was killed (SIGKILL), and a file cut short while it was served ended in SIGBUS. The server's destructor hung in
1 of 3 runs of an edited file, so the child leaves without it. Here all that is an error with a file name, or a lost
connection. Flipped bytes among the weights themselves are seen by nobody: only the publisher's sha256 tells.

The child reads its order, with the key, from the first line of stdin (argv and the environment are for everyone to
read), prints its address as one JSON line, and ends when stdin closes: also when the parent is killed with SIGKILL.

Every path but ``/health`` wants the key, there is no web page, and nothing is fetched. llama.cpp has no switch that
removes its CORS headers (default: any origin is echoed); an empty list of origins makes them empty, which the Fetch
standard tells browsers to refuse (headers were checked, no browser).

Measured on two cores of an AMD EPYC without a GPU, SmolLM2-135M-Instruct Q4_1 (98 MB file), context 4096, one thread:
the server is built in 0.4 s at load 2.6 and 1.1-1.3 s at load 8-18 (clock around ``Server``), ``start`` took 1.1 s at
load 10. The child then holds 250 MB (VmHWM, Python included); llama.cpp in one process held 270 MB after prompts of
1,400 tokens. Gemma 3 270M
(253 MB file) and Qwen2.5-Coder-0.5B (466 MB) held 451 and 725 MB in an earlier measurement.
"""

from __future__ import annotations

import json
import os
import platform
import re
import secrets
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from threading import Event, Timer
from typing import IO, Any, NoReturn, Self, cast

from rag.errors import CitewireError, ModelMissing, ProviderError, ProviderFault, UsageError

PATIENCE = 300.0
"""Seconds in which weights must be loaded: tens of GB from a slow disk are minutes."""
_GOODBYE = 5.0
_MAGIC = b"GGUF"
_LOGGED = re.compile(r"^[\d.]+ E +(.*)", re.MULTILINE)
_INSTALL = "pip install 'citewire[local]'"
_AGAIN = "download it again and compare its size and sha256 with the publisher's"
_SMALLER = "a smaller or more quantised GGUF, or a shorter context"


def packaged(package: str) -> Path | None:
    """Return the weights that an installed package carries, None without them or without llama.cpp."""
    try:
        metadata.version("xllamacpp")
        files = metadata.files(package) or []
    except metadata.PackageNotFoundError:
        return None
    return next((Path(str(file.locate())) for file in files if file.name.endswith(".gguf")), None)


class LlamaServer:
    """An OpenAI endpoint for one GGUF file, alive between ``start`` and ``close`` or inside ``with``.

    ``threads``: the physical cores unless given. On a machine that others use give 1: at load 5 two threads wait for
    each other (Gemma 3 270M: 3.5-14 tokens/s) while one keeps its pace (19-32); SmolLM2 at load 8-18: 2-4 and 12-14.
    """

    def __init__(
        self, gguf: Path, *, context: int = 4096, threads: int | None = None, patience: float = PATIENCE
    ) -> None:
        self._gguf = gguf
        self._context = context
        self._threads = threads
        self._patience = patience
        self._process: subprocess.Popen[bytes] | None = None
        self.model_name = gguf.stem
        """What to call the model: it is served under this name, its folder is told to nobody."""
        self.base_url = ""
        """``http://127.0.0.1:PORT/v1`` while it runs, else empty."""
        self.key = ""
        """The key of this run, else empty."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def start(self) -> None:
        """Load the weights and set ``base_url`` and ``key``.

        Raises UsageError if the file cannot be served or already is, ModelMissing without xllamacpp, ProviderError if
        loading takes longer than ``patience``.
        """
        if self._process is not None:
            msg = f"{self._gguf} is already served at {self.base_url}"
            raise UsageError(msg, hint="use the server that runs, or close it first")
        self._check()
        key = secrets.token_urlsafe(32)
        order = {
            "key": key,
            "name": self.model_name,
            "context": self._context,
            "threads": self._threads or physical_cores(),
            "patience": self._patience,
        }
        with tempfile.TemporaryFile() as log:
            self._process = process = _child(self._gguf, log)
            try:
                address, late = _hear(process, json.dumps(order), self._patience)
            except BaseException:
                self.close()
                raise
            if address is None:
                self.close()
                raise self._failed(process.returncode, log, late=late)
        self.base_url, self.key = f"{address}/v1", key

    def close(self) -> None:
        """Stop the child, which frees its memory. Does nothing if none runs."""
        process, self._process = self._process, None
        self.base_url = self.key = ""
        if process is None:
            return
        with process:  # closes the other pipe and waits
            with suppress(OSError):
                cast("IO[bytes]", process.stdin).close()
            try:
                process.wait(_GOODBYE)
            except BaseException as error:
                process.kill()
                if not isinstance(error, subprocess.TimeoutExpired):
                    raise

    def _check(self) -> None:
        """Refuse what can be told without llama.cpp."""
        if self._context < 1 or (self._threads is not None and self._threads < 1):
            msg = f"a context of {self._context} tokens and {self._threads} threads: both must be at least 1"
            raise UsageError(msg, hint="leave them out for 4096 tokens and one thread for each core")
        if self._gguf.is_dir():
            msg = f"{self._gguf} is a folder, not a GGUF file"
            raise UsageError(msg, hint=f"name a file in it: ls {self._gguf}/*.gguf")
        try:
            with self._gguf.open("rb") as file:
                magic = file.read(len(_MAGIC))
        except OSError as error:
            msg = f"{self._gguf} cannot be read: {error.strerror or error}"
            raise UsageError(msg, hint="check the path and its permissions") from None
        if magic != _MAGIC:
            msg = f"{self._gguf} is not a GGUF file: it starts with {magic!r} instead of {_MAGIC!r}"
            raise UsageError(msg, hint="download the model in GGUF format: other formats must be converted first")
        if find_spec("xllamacpp") is None:
            msg = f"{self._gguf} needs xllamacpp, which is not installed"
            raise ModelMissing(msg, hint=_INSTALL)

    def _failed(self, status: int, log: IO[bytes], *, late: bool) -> CitewireError:
        """Say why the child did not come up."""
        if late:
            msg = f"{self._gguf} was not loaded within {self._patience:g} s"
            return ProviderError(msg, kind=ProviderFault.TIMEOUT, hint=f"try {_SMALLER}")
        log.seek(0)
        reason = _reason(log.read().decode("utf-8", "replace"))
        if reason.startswith(("ImportError", "ModuleNotFoundError")):
            return ModelMissing(f"{self._gguf} needs xllamacpp, which does not load: {reason}", hint=_INSTALL)
        what = f"{self._gguf} with a context of {self._context} tokens"
        if "insufficient memory" in reason:
            return UsageError(f"{what} does not fit into memory", hint=f"try {_SMALLER}")
        if status == -9:  # noqa: PLR2004 - SIGKILL has no name on Windows
            return UsageError(f"{what} was killed while it loaded: memory may be short", hint=f"try {_SMALLER}")
        if status < 0:
            msg = f"{self._gguf} is damaged or not supported: llama.cpp crashed ({_signal(-status)})"
            return UsageError(msg, hint=_AGAIN)
        return UsageError(f"{self._gguf} is damaged or not supported: {reason}", hint=_AGAIN)


def physical_cores() -> int:
    """Return how many physical cores this process may use; where the system does not tell, how many it should have."""
    if sys.platform == "linux":
        topology = "/sys/devices/system/cpu/cpu{}/topology/thread_siblings_list"
        usable = os.sched_getaffinity(0)
        with suppress(OSError):
            return len({Path(topology.format(cpu)).read_text(encoding="ascii") for cpu in usable})
        return len(usable)
    logical = os.cpu_count() or 1
    return logical if platform.machine().lower() in {"arm64", "aarch64"} else max(1, logical // 2)


def _child(gguf: Path, log: IO[bytes]) -> subprocess.Popen[bytes]:
    """Start ``python -m rag.llama``. It finds what we find, looks for nothing in the working folder, gets no keys."""
    places = [*filter(None, sys.path), str(Path(__file__).resolve().parent.parent)]
    ours = {name: value for name, value in os.environ.items() if not name.endswith("_API_KEY")}
    env = ours | {"PYTHONPATH": os.pathsep.join(places), "GGML_NO_BACKTRACE": "1"}  # an abort would start gdb
    command = [sys.executable, "-P", "-m", "rag.llama", str(gguf.absolute())]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=log, env=env)  # noqa: S603 - our own module


def _hear(process: subprocess.Popen[bytes], order: str, patience: float) -> tuple[str | None, bool]:
    """Give the order; return the address, None if the child ended before it had one, and whether time ran out."""
    late = Event()

    def end() -> None:
        late.set()
        process.kill()

    timer = Timer(patience, end)
    timer.start()
    try:
        with suppress(OSError):  # dead already: the empty line says so
            stdin = cast("IO[bytes]", process.stdin)
            stdin.write(order.encode() + b"\n")
            stdin.flush()
        line = cast("IO[bytes]", process.stdout).readline()
    finally:
        timer.cancel()
    if late.is_set() or not line:
        return None, late.is_set()
    return str(cast("dict[str, object]", json.loads(line))["address"]), False


def _reason(log: str) -> str:
    """Return llama.cpp's first error, else the last line, without the control characters that a file can put there."""
    found = _LOGGED.search(log)
    lines = log.strip().splitlines() or ["it gave no reason"]
    return "".join(char for char in (found[1] if found else lines[-1]) if char.isprintable())[:300]


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


def _load(gguf: str, order: dict[str, Any]) -> str:
    """Start llama.cpp's server in this process and return its address."""
    xlc = cast("Any", import_module("xllamacpp"))
    params = xlc.CommonParams()
    params.model.path = gguf
    params.model_alias = {order["name"]}
    params.n_ctx = order["context"]
    params.n_parallel = 1
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = order["threads"]
    params.cache_ram_mib = 0  # else it keeps up to 8 GB of old prompts
    params.verbosity = 1  # errors
    params.hostnames, params.port = ["127.0.0.1"], 0
    params.api_keys = [order["key"]]
    params.ui = params.endpoint_slots = False
    params.offline = True
    params.cors_origins = params.cors_methods = params.cors_headers = ""
    params.cors_credentials, params.cors_origins_explicit = False, True
    globals()["_server"] = server = xlc.Server(params)  # it lives as long as this process
    return str(server.listening_address)


def _serve(gguf: str) -> NoReturn:
    """Be the child."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which closes stdin
    report = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever C++ prints is log
    order = cast("dict[str, Any]", json.loads(sys.stdin.buffer.readline()))
    if sys.platform != "win32":  # loading holds the GIL: nobody hears that the parent is gone, but the kernel counts
        signal.alarm(int(order["patience"]) + 2)
    address = _load(gguf, order)
    if sys.platform != "win32":
        signal.alarm(0)
    report.write(json.dumps({"address": address}) + "\n")
    report.flush()
    sys.stdin.buffer.read()
    os._exit(0)  # at once, also in the middle of a reply


if __name__ == "__main__":
    _serve(sys.argv[1])
