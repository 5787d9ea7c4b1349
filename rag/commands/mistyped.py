"""A call that typer refuses to what is wrong with it, in our words, where we know more than typer does."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from rag.errors import UsageError

if TYPE_CHECKING:
    from typer._click.core import Context

_EXTRA = "Got unexpected extra argument"
_WHOLE = {"question": "question", "topic": "topic"}
"""Arguments that are a sentence or a few words, by the name of the parameter."""
_SPECIAL = frozenset('"$`\\!')
"""What a shell reads inside double quotes."""


def explained(error: Exception) -> UsageError | None:
    """Return what to say of an error of typer's; None where typer says it well."""
    context: Context | None = getattr(error, "ctx", None)
    if context is None:
        return None
    if str(getattr(error, "message", "")).startswith(_EXTRA):
        return _unquoted(context)
    if type(error.__cause__).__name__ != "ValidationError":
        return None
    from pydantic import ValidationError  # noqa: PLC0415 - loaded if it raised this

    from rag.misfits import misfit  # noqa: PLC0415

    cause, parameter = error.__cause__, getattr(error, "param", None)
    if parameter is None or not isinstance(cause, ValidationError):
        return None
    name = max(parameter.opts, key=len) if parameter.param_type_name == "option" else parameter.metavar
    return UsageError(f"{name}: {misfit(cause)}", hint=f"{context.command_path} --help")


def _unquoted(context: Context) -> UsageError | None:
    """Say of a question or a topic without quotes how it is typed."""
    name = next((name for name in _WHOLE if name in context.params), None)
    if name is None:
        return None
    words, options = _split(context, sys.argv[len(context.command_path.split()) :])
    call = " ".join([context.command_path, _quoted(" ".join(words)), *map(shlex.quote, options)])
    return UsageError(f"the {_WHOLE[name]} is several words: put it in quotes", hint=call)


def _split(context: Context, typed: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the words of a call and its options with their values."""
    words: list[str] = []
    options: list[str] = []
    takes = dict(_options(context))
    rest = iter(typed)
    for word in rest:
        if word.startswith("-") and word != "-":
            options.append(word)
            if takes.get(word):
                options += [value for value in [next(rest, None)] if value is not None]
        else:
            words.append(word)
    return words, options


def _options(context: Context) -> Iterator[tuple[str, bool]]:
    """Yield the options of a command, and whether each takes a value."""
    flags: Mapping[str, bool]
    for parameter in context.command.params:
        flags = {name: not getattr(parameter, "is_flag", False) for name in parameter.opts}
        yield from flags.items()


def _quoted(text: str) -> str:
    """Return a text in quotes as a person types them."""
    return shlex.quote(text) if _SPECIAL & set(text) else f'"{text}"'
