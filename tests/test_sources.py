"""What an article and a scope refuse."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from rag.sources import Article, Scope


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        ({"headline": "\ud800"}, ValueError, "headline must not hold half of a surrogate pair"),
        ({"outlet": "Post\udfff"}, ValueError, "outlet must not hold"),
        ({"published": datetime(2026, 3, 1)}, ValueError, "time zone"),  # noqa: DTZ001 - that is what is wrong
        ({"published": date(2026, 3, 1)}, TypeError, "published must be a datetime, not date"),
        ({"published": "2026-03-01"}, TypeError, "not str"),
        ({"labels": "opinion"}, TypeError, "labels must be several strings"),
    ],
)
def test_an_article_says_which_field_is_off(wrong: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        Article("The ferry sank.", **wrong)


@pytest.mark.parametrize(
    ("wrong", "error", "said"),
    [
        ({"outlets": "Pellon Wire"}, TypeError, "outlets must be several strings, not one"),
        ({"since": date(2026, 3, 1)}, TypeError, "a date bound must be a datetime"),
        ({"as_of": datetime(2026, 3, 1)}, ValueError, "time zone"),  # noqa: DTZ001 - that is what is wrong
    ],
)
def test_a_scope_says_what_is_off(wrong: dict[str, Any], error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        Scope(**wrong)
    assert Scope(outlets=("Pellon Wire",), since=datetime(2026, 3, 1, tzinfo=UTC))
