"""What a sentence is worth telling."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from news import evidence

from rag.desk import Desk
from rag.provenance import roots
from rag.sources import Article, Evidence
from rag.worth import measured, worth

HERE = Path(__file__).resolve().parent.parent
TUESDAY = datetime(2026, 3, 3, 9, tzinfo=UTC)
FERRY = (
    "The ferry of Tarrow Head sank on Tuesday with 31 people on board. The ferry had sailed from Tarrow Head at noon. "
    "The coastguard closed the harbour of Tarrow Head. Tarrow Head has had a ferry for a century. The ferry was built "
    "in Osse. The sea was calm at Tarrow Head. A second ferry was sent to Tarrow Head. The ferry is owned by Solmar."
)


def desk(*texts: str, days: int = 0) -> Desk:
    articles = [
        Article(text, outlet=f"Outlet {n}", published=TUESDAY + timedelta(days=n * days))
        for n, text in enumerate(texts)
    ]
    descent = roots(articles)
    found = [Evidence(e.number, e.sentence, e.article, None, descent[e.article.id]) for e in evidence(*articles)]
    return Desk(tuple(found), None, 250)


def of(laid: Desk, beginning: str) -> float:
    item = next(one for one in laid.evidence if one.sentence.text.startswith(beginning))
    return worth(measured(item, laid.coverage, laid.place(item)))


def test_what_ships_was_fitted_on_the_data_that_is_here() -> None:
    kept = json.loads(files("rag").joinpath("worth.json").read_text("utf-8"))
    known = {"wanted.json": HERE / "benchmarks" / "wanted.json", "events.json": HERE / "seeds" / "events.json"}

    assert kept["data"] == {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in known.items()}


def test_every_measurement_has_a_weight() -> None:
    laid = desk(FERRY)
    kept = json.loads(files("rag").joinpath("worth.json").read_text("utf-8"))

    assert set(kept["features"]) == set(measured(laid.evidence[0], laid.coverage, laid.place(laid.evidence[0])))


def test_a_report_tells_first_what_matters() -> None:
    text = "The ferry of Tarrow Head sank on Tuesday."
    first, last = desk(f"{text} {FERRY}"), desk(f"{FERRY} {text}")

    assert of(first, text) > 2 * of(last, text)


def test_the_other_items_of_a_newsletter_are_worth_little() -> None:
    jet = "A jet crashed in the north on Tuesday, and 13 people were killed."
    jets = f"{jet} The jet had left Yell at dawn. Nobody on the ground was hurt. The runway in Yell was closed."
    amid = "The coastguard found 13 people in the water on Tuesday, and sent them to two wards."
    laid = desk(f"{FERRY} {jets}", FERRY.replace("The coastguard closed", f"{amid} The coastguard closed"))

    assert of(laid, jet) < 0.5 * of(laid, amid)


def test_the_newest_report_is_worth_more_than_an_old_one() -> None:
    laid = desk(FERRY, FERRY.replace("sank", "went down"), days=7)
    old, new = "The ferry of Tarrow Head sank", "The ferry of Tarrow Head went down"
    same_day = desk(FERRY, FERRY.replace("sank", "went down"))

    assert of(laid, new) / of(laid, old) > 1.1 * of(same_day, new) / of(same_day, old)


@pytest.mark.parametrize("name", ["Ruiz", "Okafor"])
def test_who_is_named_makes_no_difference(name: str) -> None:
    laid = desk(f"{name} closed the harbour of Tarrow Head on Tuesday. {FERRY}")

    assert of(laid, name) == pytest.approx(
        of(desk(f"Hale closed the harbour of Tarrow Head on Tuesday. {FERRY}"), "Hale")
    )
