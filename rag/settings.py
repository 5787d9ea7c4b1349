"""Settings: command line over environment (``CITEWIRE_...``) over a TOML file over defaults.

No secrets: keys stay in the providers' own environment variables.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from rag.errors import UsageError
from rag.misfits import misfit


def config_file() -> Path:
    """Return the configuration file: ``CITEWIRE_CONFIG``, or ``config.toml`` in the user's configuration folder."""
    named = os.environ.get("CITEWIRE_CONFIG")
    return Path(named) if named else platformdirs.user_config_path("citewire") / "config.toml"


class Settings(BaseSettings):
    """What can be set. Each field is also ``CITEWIRE_<NAME>`` in the environment."""

    model_config = SettingsConfigDict(env_prefix="CITEWIRE_", env_ignore_empty=True, extra="forbid", frozen=True)

    archive: Path = platformdirs.user_data_path("citewire")
    """Folder of the archive."""
    embedder: str = "static"
    """``static`` (WordLlama, thousands of chunks a second), ``bge`` (bge-small, better and slower), or any LangChain
    embeddings as ``provider:model``."""
    dimensions: int | None = Field(default=None, ge=1)
    """Dimensions to ask a hosted embedder for, where it can give fewer."""
    model: str | None = None
    """Chat model as ``provider:model``, or ``local:FILE.gguf``; without one, answers are extractive."""
    base_url: str | None = None
    """Endpoint of an OpenAI-compatible server."""
    chroma: str | None = None
    """URL of a Chroma server; without one, Chroma runs inside the process."""
    prompts: Path | None = None
    """Folder whose prompt files replace the shipped ones of the same name."""
    rerank: bool = True
    """Let the cross-encoder read the candidates."""
    repeats: bool = True
    """Let bge-small tell what a briefing would tell twice in other words."""
    risk: float = Field(default=0.3, ge=0, le=1)
    """Share of wrong answers to put up with, without a chat model: lower declines more (``rag.calibration``)."""
    verifier: str = "embedded"
    """What judges a statement besides the rules: ``rules`` (nothing), ``embedded``, ``judge`` (the chat model),
    ``onnx:FOLDER`` (an NLI or MiniCheck model), or several joined with ``+``, of which each must agree."""
    reply_tokens: int = Field(default=4000, ge=16)
    """Most tokens of one reply."""
    context: int = Field(default=4096, ge=512)
    """Tokens that a local model reads at once."""
    threads: int | None = Field(default=None, ge=1)
    """Threads of a local model; all cores if it is not set. On a shared machine 1 is quickest."""
    call_cost: float | None = Field(default=None, ge=0)
    """US dollars that one call may cost at most."""
    day_cost: float | None = Field(default=None, ge=0)
    """US dollars that the calls of one day (UTC) may cost."""
    call_tokens: int | None = Field(default=None, ge=1)
    """Tokens that one call may use at most, request and reply."""
    day_tokens: int | None = Field(default=None, ge=1)
    """Tokens that the calls of one day (UTC) may use."""
    prices: Path | None = None
    """JSON or TOML file of prices, over the list that ships."""
    fallback: bool = True
    """Write without the model once a budget is reached; off, that is an error."""
    fresh: bool = False
    """Ask the model again what it has answered before."""
    record: Path | None = None
    """Folder to write the model's replies to."""
    replay: Path | None = None
    """Folder to take the model's replies from: no model is asked."""
    lock_timeout: float = Field(default=10.0, ge=0)
    """Seconds to wait for another process that writes."""
    deadline: float = Field(default=60.0, gt=0)
    """Seconds for one call of a model, all its retries included."""

    @field_validator("archive", "record", "replay", "prompts", "prices")
    @classmethod
    def _home(cls, path: Path | None) -> Path | None:
        """Read ``~`` as a shell would."""
        return path.expanduser() if path else path

    @field_validator("base_url", "chroma")
    @classmethod
    def _address(cls, url: str | None) -> str | None:
        """Refuse what is not an address, and an address with a password in it: settings are printed and shared."""
        parts = urlsplit(url or "http://none")
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            msg = "an address such as http://127.0.0.1:8080/v1 is needed"
            raise ValueError(msg)
        if parts.username is not None:
            msg = "a user name or key does not belong into an address; set the provider's own environment variable"
            raise ValueError(msg)
        return url

    @field_validator("embedder")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in {"static", "bge"} and not all(name.partition(":")):
            msg = "static, bge or PROVIDER:MODEL is needed"
            raise ValueError(msg)
        return name

    @field_validator("verifier")
    @classmethod
    def _judges(cls, names: str) -> str:
        for name in names.split("+"):
            if name not in {"rules", "embedded", "judge"} and not (name.startswith("onnx:") and name != "onnx:"):
                msg = f"{name!r} is none of rules, embedded, judge, onnx:FOLDER"
                raise ValueError(msg)
        return names

    @field_validator("model")
    @classmethod
    def _model(cls, name: str | None) -> str | None:
        if name and name != "extractive" and not all(name.partition(":")):
            msg = "extractive or PROVIDER:MODEL is needed, such as openai:gpt-5-mini"
            raise ValueError(msg)
        return name

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read arguments, environment and the TOML file, in this order."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, toml_file=config_file())

    @classmethod
    def load(cls, **values: object) -> Self:
        """Read all sources. Raises UsageError that names the wrong setting and, for a typing error, the right one."""
        _check_names(cls.model_fields)
        try:
            return cls(**values)  # pyright: ignore[reportArgumentType] - pydantic checks them
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            if first["type"] == "extra_forbidden":
                near = difflib.get_close_matches(name, cls.model_fields, n=1)
                hint = f"did you mean {near[0]}?" if near else "settings are: " + ", ".join(cls.model_fields)
                place = f"{name}: " if name in values else f"{config_file()}: "
                msg = f"{place}there is no setting {name}"
                raise UsageError(msg, hint=hint) from None
            msg = f"setting {name}: {misfit(error)}"
            raise UsageError(msg, hint=f"set CITEWIRE_{name.upper()} or {name} in {config_file()}") from None
        except ValueError as error:
            msg = f"{config_file()}: {error}"
            raise UsageError(msg, hint="mend the TOML file, or name another with CITEWIRE_CONFIG") from None


def _check_names(known: Iterable[str]) -> None:
    """Refuse a configuration file that was named and is not there, and a variable that is a setting misspelt.

    Other ``CITEWIRE_`` variables pass: benchmarks and debugging have their own. Raises UsageError.
    """
    named = os.environ.get("CITEWIRE_CONFIG")
    if named and not Path(named).is_file():
        msg = f"CITEWIRE_CONFIG: there is no file {named}"
        raise UsageError(msg, hint="unset it, or name a TOML file")
    right = [f"CITEWIRE_{name.upper()}" for name in known]
    for name in os.environ:
        if name.startswith("CITEWIRE_") and name not in right:
            near = difflib.get_close_matches(name, right, n=1, cutoff=0.9)
            if near and near[0] not in os.environ:
                msg = f"{name}: there is no such setting"
                raise UsageError(msg, hint=f"did you mean {near[0]}?")


def check_key(provider: str) -> None:
    """Raise UsageError for a key that no header can carry: a client would write it into its log."""
    variable = f"{provider.upper()}_API_KEY"
    held = os.environ.get(variable, "")
    if any(not "!" <= char <= "~" for char in held):
        msg = f"{variable} holds a space, a line end or a letter that no key has"
        raise UsageError(msg, hint=f"set {variable} anew, without what was copied along")
