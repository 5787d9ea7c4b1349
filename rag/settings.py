"""Settings: command line over environment (``CITEWIRE_...``) over a TOML file over defaults.

No secrets: keys stay in the providers' own environment variables.
"""

from __future__ import annotations

import difflib
import os
from pathlib import Path
from typing import Self

import platformdirs
from pydantic import ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from rag.errors import UsageError


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
    model: str | None = None
    """Chat model as ``provider:model``; without one, answers are extractive."""
    base_url: str | None = None
    """Endpoint of an OpenAI-compatible server."""
    chroma: str | None = None
    """URL of a Chroma server; without one, Chroma runs inside the process."""
    prompts: Path | None = None
    """Folder whose prompt files replace the shipped ones of the same name."""
    rerank: bool = True
    """Let the cross-encoder read the candidates."""
    lock_timeout: float = 10.0
    """Seconds to wait for another process that writes."""
    deadline: float = 60.0
    """Seconds for one call of a model, all its retries included."""

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
        try:
            return cls(**values)  # pyright: ignore[reportArgumentType] - pydantic checks them
        except ValidationError as error:
            first = error.errors()[0]
            name = ".".join(str(part) for part in first["loc"])
            if first["type"] == "extra_forbidden":
                near = difflib.get_close_matches(name, cls.model_fields, n=1)
                hint = f"did you mean {near[0]}?" if near else "settings are: " + ", ".join(cls.model_fields)
                msg = f"{config_file()}: there is no setting {name}"
                raise UsageError(msg, hint=hint) from None
            msg = f"setting {name}: {first['msg']}"
            raise UsageError(msg, hint=f"set CITEWIRE_{name.upper()} or {name} in {config_file()}") from None
        except ValueError as error:
            msg = f"{config_file()}: {error}"
            raise UsageError(msg, hint="mend the TOML file, or name another with CITEWIRE_CONFIG") from None
