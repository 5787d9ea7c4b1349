"""What a model's tokens cost: list prices that ship with a date, a user's own file over them, nothing for local models.

A price that is not known is None and is said to be unknown. It is never 0.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rag.errors import UsageError
from rag.misfits import placed

MILLION = 1_000_000
_DATED = re.compile(r"-(?:\d{4}-\d{2}-\d{2}|20\d{6})$")
"""How OpenAI and Anthropic name the state of a model on one day; it costs what the model costs."""


class Price(BaseModel):
    """US dollars per million tokens."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    input: float = Field(ge=0, allow_inf_nan=False)
    output: float = Field(ge=0, allow_inf_nan=False)

    def of(self, read: int, written: int) -> float:
        """Return the dollars for so many tokens of request and reply."""
        return (read * self.input + written * self.output) / MILLION


FREE = Price(input=0, output=0)
"""Of a model on this machine."""


class _PriceFile(BaseModel):
    """A file of prices, shipped or the user's own."""

    model_config = ConfigDict(extra="forbid")
    models: dict[str, Price]
    as_of: date | None = None
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Prices:
    """What each model costs, as far as is known."""

    listed: Mapping[str, Price]
    """List prices at the providers' own addresses."""
    as_of: date
    """When the list was made."""
    note: str
    own: Mapping[str, Price]
    """The user's prices: they hold at any address, and before everything else."""

    def of(self, model: str, base_url: str | None = None) -> Price | None:
        """Return the price of ``provider:model``, None if it is unknown.

        At an address that is not the provider's own, only the user knows what a model costs. On this machine a model is
        free, unless it has the name of a listed one: then a proxy may stand there.
        """
        for name in (model, _DATED.sub("", model)):
            if name in self.own:
                return self.own[name]
        listed = self.listed.get(model) or self.listed.get(_DATED.sub("", model))
        if model.partition(":")[0] == "local" or (base_url and listed is None and _on_this_machine(base_url)):
            return FREE
        return None if base_url and not _on_this_machine(base_url) else listed


def load(own: Path | None = None) -> Prices:
    """Read the shipped list, and the user's file (JSON or TOML, of the same form) over it.

    Raises UsageError if that file is not there or is not a list of prices.
    """
    shipped = _PriceFile.model_validate_json(resources.files("rag").joinpath("prices.json").read_bytes())
    if shipped.as_of is None:
        raise AssertionError
    return Prices(shipped.models, shipped.as_of, shipped.note, _read(own).models if own else {})


def dollars(amount: float | None) -> str:
    """Return an amount as a person reads it; small ones with the digits that tell them from nothing."""
    if amount is None:
        return "price unknown"
    return f"${amount:,.2f}" if amount >= 1 or amount == 0 else f"${amount:.4f}" if amount >= 0.0001 else "< $0.0001"  # noqa: PLR2004


def _read(path: Path) -> _PriceFile:
    try:
        text = path.read_text(encoding="utf-8")
        return _PriceFile.model_validate(tomllib.loads(text) if path.suffix == ".toml" else json.loads(text))
    except OSError as error:
        raise _wrong(path, error.strerror or str(error)) from None
    except ValidationError as error:
        raise _wrong(path, placed(error)) from None
    except (ValueError, RecursionError) as error:  # not UTF-8, not JSON, not TOML
        raise _wrong(path, str(error)) from None


def _wrong(path: Path, reason: str) -> UsageError:
    form = '{"models": {"openai:gpt-5-mini": {"input": 0.25, "output": 2}}} is the form, in dollars per million tokens'
    return UsageError(f"{path}: no list of prices: {reason}", hint=form)


def _on_this_machine(base_url: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
