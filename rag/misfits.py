"""What pydantic finds wrong with a value, in our words: a person reads it beside the name of an option or a setting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pydantic import ValidationError

_SHOWN = 60
"""Characters of a value that are repeated."""
_WORDS: Mapping[str, str] = {
    "missing": "it is missing",
    "string_too_short": "it is empty",
    "string_type": "text is needed",
    "extra_forbidden": "there is no such name",
    "json_invalid": "not JSON: {error}",
    "list_type": "a list is needed",
    "tuple_type": "a list is needed",
    "frozen_set_type": "a list is needed",
    "dict_type": "names with values in braces are needed",
    "model_type": "names with values in braces are needed",
    "int_parsing": "{value} is not a whole number",
    "int_type": "{value} is not a whole number",
    "int_from_float": "{value} is not a whole number",
    "float_parsing": "{value} is not a number",
    "float_type": "{value} is not a number",
    "bool_parsing": "{value} is neither true nor false",
    "bool_type": "{value} is neither true nor false",
    "greater_than": "{value} is too little: it must be more than {gt:g}",
    "greater_than_equal": "{value} is too little: the least is {ge:g}",
    "less_than": "{value} is too much: it must be less than {lt:g}",
    "less_than_equal": "{value} is too much: the most is {le:g}",
}
"""What is said for each of pydantic's types of errors; for others its own sentence stands, without its manners."""
_MANNERS = (("Value error, ", ""), ("Assertion failed, ", ""), ("Input should be ", "it should be "))


def misfit(error: ValidationError) -> str:
    """Return what is wrong with the first value that does not fit."""
    first = error.errors()[0]
    value = first["input"]
    shown = repr(value)[:_SHOWN] if isinstance(value, str) else str(value)[:_SHOWN]
    if words := _WORDS.get(first["type"]):
        return words.format_map({"value": shown, **first.get("ctx", {})})
    text = first["msg"]
    for theirs, ours in _MANNERS:
        text = text.replace(theirs, ours, 1) if text.startswith(theirs) else text
    return text


def placed(error: ValidationError) -> str:
    """Return the same behind the field that it concerns, where there is one."""
    where = ".".join(str(part) for part in error.errors()[0]["loc"])
    return f"{where}: {misfit(error)}" if where else misfit(error)
