from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import UsageError
from rag.settings import Settings, config_file


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration file of one's own, empty."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"CITEWIRE_{name.upper()}", raising=False)
    path = tmp_path / "config.toml"
    path.touch()
    monkeypatch.setenv("CITEWIRE_CONFIG", str(path))
    return path


def test_defaults_need_no_key_and_no_network() -> None:
    settings = Settings.load()
    assert (settings.embedder, settings.model, settings.chroma, settings.base_url) == ("static", None, None, None)
    assert settings.archive.name == "citewire"


def test_arguments_win_over_environment_and_environment_over_the_file(
    config: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config.write_text('embedder = "bge"\ndeadline = 5\nlock_timeout = 1\n', encoding="utf-8")
    monkeypatch.setenv("CITEWIRE_DEADLINE", "6")
    monkeypatch.setenv("CITEWIRE_LOCK_TIMEOUT", "2")
    settings = Settings.load(lock_timeout=3)
    assert (settings.embedder, settings.deadline, settings.lock_timeout) == ("bge", 6, 3)


def test_an_empty_variable_is_an_unset_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEWIRE_MODEL", "")
    monkeypatch.setenv("CITEWIRE_DEADLINE", "")
    assert Settings.load().model is None


def test_an_unknown_key_is_an_error_with_a_suggestion(config: Path) -> None:
    config.write_text('embeder = "bge"\n', encoding="utf-8")
    with pytest.raises(UsageError, match="no setting embeder") as caught:
        Settings.load()
    assert "embedder" in caught.value.hint
    assert str(config) in str(caught.value)


def test_a_misspelt_variable_is_an_error_and_a_foreign_one_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEWIRE_BENCH", "/x")
    monkeypatch.setenv("CITEWIRE_DEBUG", "1")
    Settings.load()
    monkeypatch.setenv("CITEWIRE_EMBEDER", "bge")
    with pytest.raises(UsageError) as caught:
        Settings.load()
    assert caught.value.hint == "did you mean CITEWIRE_EMBEDDER?"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("deadline", "soon", "'soon' is not a number"),
        ("deadline", "0", "'0' is too little: it must be more than 0"),
        ("threads", "two", "'two' is not a whole number"),
        ("risk", "3", "'3' is too much: the most is 1"),
        ("rerank", "perhaps", "'perhaps' is neither true nor false"),
        ("embedder", "word2vec", "PROVIDER:MODEL"),
        ("model", "gpt", "PROVIDER:MODEL"),
        ("base_url", "ftp://x", "address"),
        ("chroma", "localhost", "address"),
        ("base_url", "https://user:secret@x.example/v1", "environment variable"),
    ],
)
def test_a_wrong_value_names_its_setting(monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str) -> None:
    monkeypatch.setenv(f"CITEWIRE_{name.upper()}", value)
    with pytest.raises(UsageError, match=f"setting {name}: .*{says}") as caught:
        Settings.load()
    assert f"CITEWIRE_{name.upper()}" in caught.value.hint
    assert "secret" not in str(caught.value)


def test_a_broken_file_is_named(config: Path) -> None:
    config.write_text("embedder = \n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"config\.toml"):
        Settings.load()


def test_a_named_file_that_is_not_there_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CITEWIRE_CONFIG", str(tmp_path / "none.toml"))
    with pytest.raises(UsageError, match="there is no file"):
        Settings.load()
    assert config_file().name == "none.toml"


def test_no_setting_holds_a_secret() -> None:
    words = [word for name in Settings.model_fields for word in name.split("_")]
    assert not {"key", "token", "secret", "password"} & set(words)


def test_a_wrong_argument_is_not_blamed_on_the_file_and_a_tilde_is_home(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=r"^modle: there is no setting modle") as caught:
        Settings.load(modle="x")
    assert "model" in caught.value.hint
    monkeypatch.setenv("HOME", "/somewhere")
    assert Settings.load(archive="~/news").archive == Path("/somewhere/news")
