"""One sentence told twice, with two figures."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from news import evidence

from rag.clash import Kind, Side
from rag.conflicts import clashes
from rag.digest import digest
from rag.provenance import age, roots
from rag.sources import Article, Evidence
from rag.stories import Group

FIRST = datetime(2026, 3, 3, 9, tzinfo=UTC)
COPIED = (
    " Firemen pumped the cellar dry until midnight. The market hall stays shut until the end of the month, "
    "its manager said. Mayor Odile Brandt thanked the volunteers who had carried the stalls outside. Nobody knows yet "
    "why the main burst."
)


def report(text: str, outlet: str, hours: int = 0) -> Article:
    return Article(text, outlet=outlet, published=FIRST + timedelta(hours=hours), url=f"https://{outlet}.example/")


def found(*articles: Article) -> list[tuple[Kind, str, str]]:
    descent = roots(articles)
    told = [Evidence(e.number, e.sentence, e.article, None, descent[e.article.id]) for e in evidence(*articles)]
    return [(clash.kind, clash.first.value, clash.second.value) for clash in clashes(told)]


def test_a_later_count_by_the_same_authority_updates_the_earlier() -> None:
    one = report("Six sheep drowned when the Ostra burst its banks at Wendle on Monday, the vet said.", "Post")
    two = report("Fourteen sheep drowned when the Ostra burst its banks at Wendle on Monday, the vet said.", "Echo", 9)

    assert found(one, two) == [(Kind.UPDATE, "Six", "Fourteen")]


def test_two_who_give_two_sums_for_one_thing_dispute() -> None:
    one = report("The repair of the Wendle bridge will cost $3 million, the engineer said.", "Post")
    two = report("The repair of the Wendle bridge will cost $8 million, the treasurer said.", "Echo", 30)

    assert found(one, two) == [(Kind.DISPUTE, "$3 million", "$8 million")]


def test_another_place_day_span_or_week_is_another_thing() -> None:
    one = report("The flood of the Ostra in Wendle closed 12 shops on Monday, the council said.", "Post")
    others = (
        "The flood of the Ostra in Birkham closed 31 shops on Monday, the trade union said.",
        "The flood of the Ostra in Wendle closed 31 shops on Sunday, the trade union said.",
        "The flood of the Ostra in Wendle closed 31 shops for two weeks from Monday, the trade union said.",
        "The flood of the Ostra in Wendle closed 31 more shops on Monday, the trade union said.",
    )

    assert [found(one, report(text, "Echo", 30)) for text in others] == [[], [], [], []]
    assert found(one, report("The flood in Wendle closed 31 shops on Monday, the trade union said.", "Echo", 200)) == []


def test_a_figure_that_is_new_each_day_is_no_conflict() -> None:
    one = report("The army fired 120 rockets at Wendle overnight, the governor said.", "Post")
    two = report("The army fired 90 rockets at Wendle overnight, the general said.", "Echo", 24)

    assert found(one, two) == []


def test_a_copy_with_a_newer_figure_updates_its_root_and_a_late_copy_of_the_old_one_does_not() -> None:
    old, new = (f"The burst main in Wendle flooded {n} cellars on Monday, police said.{COPIED}" for n in ("12", "31"))
    first, second = report(old, "Post"), report(new, "Echo", 12)

    assert found(first, second) == [(Kind.UPDATE, "12", "31")]
    assert found(first, second, report(old, "Tide", 20)) == [(Kind.UPDATE, "12", "31")]


def test_a_story_opens_with_its_newest_copy_and_what_its_figure_was() -> None:
    old, new = (f"{n} people died when a main burst in Wendle on Monday, police said.{COPIED}" for n in ("Five", "Six"))
    articles = (report(old, "Post"), report(new, "Echo", 12))
    descent = roots(articles)
    told = [Evidence(e.number, e.sentence, e.article, None, descent[e.article.id]) for e in evidence(*articles)]

    sections = digest(Group(tuple(sorted(articles, key=age)), descent), told, words=250).sections

    assert len({*descent.values()}) == 1
    assert sections["facts"][0].text.startswith("Six people")
    assert sections["facts"][0].note == "five in an earlier report"


def test_a_short_updated_copy_says_what_the_figure_was() -> None:
    wire = "VENDLE, March 3 (Pellon Wire) — {} pupils were hurt when a roof fell, police said." + COPIED
    articles = (report(wire.format("Nine"), "Post"), report(wire.format("Eleven"), "Echo", 5))
    descent = roots(articles)
    told = [Evidence(e.number, e.sentence, e.article, None, descent[e.article.id]) for e in evidence(*articles)]

    sections = digest(Group(tuple(sorted(articles, key=age)), descent), told, words=250).sections

    notes = {s.text.split()[0]: s.note for section in sections.values() for s in section if "pupils" in s.text}
    assert notes == {"Eleven": "nine in an earlier report"}


def test_a_name_keeps_its_capital_in_a_note() -> None:
    item = evidence(report("Sixtus Vale spoke.", "Post"))[0]

    assert Side("Sixtus Vale", item).quoted == "Sixtus Vale"
