"""What a story's printed sentences leave out of its reports."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st
from news import evidence

from rag.claims import Citation, Claim
from rag.conflicts import clashes
from rag.framing import balance, framing
from rag.heard import shares
from rag.sources import Article, Evidence

ACCUSED = "The union accused Dockside Lifting of saving on 12 inspections."
DENIED = "Dockside Lifting denied the accusation."


def report(outlet: str, sentences: int, *, labels: tuple[str, ...] = ()) -> Article:
    text = " ".join(
        f"The port at Hale took in {n} tonnes of grain for {outlet} on Monday." for n in range(2, sentences + 2)
    )
    return Article(text, outlet=outlet, published=datetime(2026, 3, 3, tzinfo=UTC), labels=labels)


def claims(found: tuple[Evidence, ...], *numbers: int) -> list[Claim]:
    chosen = [item for item in found if item.number in numbers]
    return [Claim(item.sentence.text, (Citation.of(item.sentence, item.article),), ("pointer",)) for item in chosen]


def rules(printed: list[Claim], found: tuple[Evidence, ...]) -> list[tuple[str, str]]:
    return [(each.rule, each.words) for each in balance(shares(cited(printed), found, ()))]


def cited(printed: list[Claim]) -> frozenset[str]:
    return frozenset(citation.sentence.id for claim in printed for citation in claim.citations)


def test_an_outlet_with_far_more_than_its_share_is_named_with_the_figures() -> None:
    found = evidence(report("Wire", 20), report("Echo", 20), report("Tide", 20))
    concerns = balance(shares(cited(claims(found, *range(1, 9))), found, ()))

    assert ("overweight", "Wire") in [(each.rule, each.words) for each in concerns]
    assert concerns[0].why.startswith("none of 8 cited sentences are from it, and 20 of the 60")


def test_an_outlet_that_chance_would_not_have_passed_over_is_left_out() -> None:
    found = evidence(report("Wire", 10), report("Echo", 10))

    assert ("left_out", "Echo") in rules(claims(found, *range(1, 8)), found)
    assert rules(claims(found, 1, 2, 3, 4, 11, 12, 13), found) == []


def test_few_printed_sentences_say_nothing_of_outlets() -> None:
    found = evidence(report("Wire", 10), report("Echo", 10))

    assert rules(claims(found, 1, 2, 3), found) == []


def test_opinion_is_nobodys_share() -> None:
    found = evidence(report("Wire", 10), report("Echo", 10, labels=("opinion",)))

    assert rules(claims(found, *range(1, 8)), found) == []


def test_copies_of_a_report_are_the_share_of_its_origin() -> None:
    wire, echo, tide = report("Wire", 10), report("Echo", 10), report("Tide", 10)
    found = tuple(
        Evidence(e.number, e.sentence, e.article, None, wire.id if e.article.id == echo.id else e.article.id)
        for e in evidence(wire, echo, tide)
    )

    whose = shares(cited(claims(found, 1, 2, 11)), found, ())
    assert [(each.name, each.cited, each.cited_of, each.found, each.found_of) for each in whose] == [
        ("Tide", 0, 3, 10, 20),
        ("Wire", 3, 3, 10, 20),
    ]


def test_an_accusation_without_its_denial_is_one_sided() -> None:
    found = evidence(
        Article(
            f"{ACCUSED} {DENIED}", outlet="Echo", published=datetime(2026, 3, 3, tzinfo=UTC), url="https://e.example/1"
        )
    )
    disputes = clashes(found)
    (concern,) = framing(claims(found, 1), found, disputes)

    assert (concern.rule, concern.words, concern.claim) == ("one_sided", "Dockside Lifting", ACCUSED)
    assert DENIED in concern.why
    assert framing(claims(found, 1, 2), found, disputes) == ()
    assert framing([], found, disputes) == ()
    assert framing(claims(found, 1), found, disputes, frozenset({found[1].sentence.id})) == ()


def test_an_outlet_that_is_quoted_in_a_conflict_is_not_left_out() -> None:
    found = evidence(report("Wire", 10), report("Echo", 10))
    printed = claims(found, *range(1, 8))

    assert rules(printed, found) == [("left_out", "Echo")]
    assert balance(shares(cited(printed) | {found[15].sentence.id}, found, ())) == ()


def test_an_outlet_with_far_less_than_its_share_is_named() -> None:
    found = evidence(report("Wire", 20), report("Echo", 20))

    assert rules(claims(found, *range(1, 12), 21), found) == [("underweight", "Echo")]
    assert rules(claims(found, *range(1, 7), 21, 22, 23), found) == []


def test_of_two_who_contradict_each_other_the_one_who_is_hardly_cited_is_named_with_the_figures() -> None:
    union = [f"The union said crane {n} was unsafe." for n in range(6)]
    company = [f"Dockside Lifting said crane {n} was tested in May." for n in range(6)]
    found = evidence(Article(" ".join([ACCUSED, DENIED, *union, *company]), outlet="Echo"))
    disputes = clashes(found)
    ours = claims(found, 1, *range(3, 8))

    (concern,) = balance(shares(cited(ours), found, disputes))
    assert (concern.rule, concern.words) == ("heard_less", "Dockside Lifting")
    assert concern.why == (
        "beside The union, none of 6 cited sentences are theirs, and 7 of the 14 that the articles have"
    )
    assert balance(shares(cited(claims(found, 1, 2, 3, 9, 10)), found, disputes)) == ()
    assert balance(shares(cited(ours), found, ())) == ()


@given(st.sets(st.integers(1, 24)))
def test_outlets_that_change_names_change_concerns_with_them(numbers: set[int]) -> None:
    one, two = report("Wire", 12), report("Echo", 12)
    there, back = evidence(one, two), evidence(two, one)
    turned = {n + 12 if n <= 12 else n - 12 for n in numbers}

    assert sorted(rules(claims(there, *numbers), there)) == sorted(rules(claims(back, *turned), back))
