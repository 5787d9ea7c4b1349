"""What reports of one event disagree on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from news import evidence

from rag.claims import Citation, Position
from rag.clash import Clash, Kind, Side, between
from rag.conflicts import clashes
from rag.corrections import corrections, withdrawn
from rag.matters import alone
from rag.positions import published
from rag.sources import Article, Evidence

FIRST = datetime(2026, 3, 3, 9, tzinfo=UTC)


def report(text: str, outlet: str = "Post", hours: int = 0, *, labels: tuple[str, ...] = ()) -> Article:
    return Article(text, outlet=outlet, published=FIRST + timedelta(hours=hours), labels=labels)


def only(*articles: Article) -> Clash:
    found = clashes(evidence(*articles))
    assert len(found) == 1, found
    return found[0]


def sides(clash: Clash) -> tuple[str, str]:
    return clash.first.value, clash.second.value


def test_what_stands_instead_of_a_figure_is_what_the_correction_says() -> None:
    first = report(
        "Eleven people were killed when the ferry hit the wall, a source said. The coastguard put the toll at two.",
    )
    notice = report(
        "Correction: an earlier version of our report on the ferry said that eleven people were killed. That was "
        "wrong. Four people died.",
        hours=48,
        labels=("correction",),
    )
    told = [sides(clash) for clash in clashes(evidence(first, notice)) if clash.kind is Kind.CORRECTION]

    assert ("Eleven", "two") not in told


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (
            "A blast killed at least two workers at the silo.",
            "The death toll at the silo rose to five.",
            ("two", "five"),
        ),
        ("At least 11 people have died in Northby.", "There are 24 confirmed deaths in Northby.", ("11", "24")),
        ("Two miners were hurt at Northby.", "Officials counted nine injuries at Northby.", ("Two", "nine")),
    ],
)
def test_a_toll_is_one_whatever_its_reports_call_it(before: str, after: str, told: tuple[str, str]) -> None:
    found = only(report(before), report(after, "Echo", 24))

    assert (found.kind, sides(found)) == (Kind.UPDATE, told)


def test_two_sums_for_one_shortfall_are_a_dispute() -> None:
    one = report("The mayor said the cut would close a shortfall of $18 million.", "Courier")
    two = report("A study puts the real shortfall at $9.6 million, the union said.", "Tide", 8)

    found = only(one, two)

    assert found.kind is Kind.DISPUTE
    assert sides(found) == ("$18 million", "$9.6 million")


def test_a_figure_that_a_text_sets_against_another_is_a_dispute_in_one_article() -> None:
    found = only(report("The city said 38% of bus services ran. The union said the true figure was closer to 15%."))

    assert (found.kind, sides(found)) == (Kind.DISPUTE, ("38%", "15%"))


def test_the_other_sides_figure_is_shown_where_it_was_first_reported() -> None:
    rally = report("Six thousand people filled the square on Saturday, the union said.", "Tide")
    police = report(
        "Police estimated that 2,500 people took part in the rally. The union put the number at 6,000.", "Courier", 9
    )

    found = only(rally, police)

    assert found.first.evidence.article.outlet == "Tide"
    assert sides(found) == ("Six thousand", "2,500")


def test_a_toll_that_rose_is_an_update_and_no_dispute() -> None:
    early = report("A ferry struck the quay on Tuesday, killing at least two people, the coastguard said.", "Wire")
    late = report("The number of people killed on the ferry has risen to four, the hospital said.", "Gazette", 20)

    found = only(early, late)

    assert (found.kind, sides(found)) == (Kind.UPDATE, ("two", "four"))


def test_a_figure_given_as_up_from_another_updates_the_earlier_report() -> None:
    early = report("The chain said the records of 1.2 million customers were copied.", "Wire")
    late = report(
        "The chain said that 1.9 million customers were hit, up from the figure of 1.2 million it gave first.",
        "Echo",
        90,
    )

    found = only(early, late)

    assert (found.kind, sides(found)) == (Kind.UPDATE, ("1.2 million", "1.9 million"))


@pytest.mark.parametrize(
    ("one", "two"),
    [
        (
            "The Senate passed a nearly $500 billion bill for shops on Friday.",
            "The Senate passed a $484 billion bill for shops on Friday.",
        ),
        ("The House passed a $1.37 trillion spending bill.", "The House passed a $1.4 trillion spending bill."),
        ("Prices rose 0.9% in June from May.", "Prices rose 5.4% in June from a year ago."),
        ("Fifteen people were hurt in the shooting.", "At least 12 people were hurt in the shooting, police said."),
        ("About 145,000 people use the trams.", "Some 2,500 people marched on Saturday."),
        ("The raise would cost the city $11 million.", "A buyer offered $14 million for the land."),
        ("The minister had COVID-19 in May.", "The minister had 3 visitors in May."),
        ("The storm killed three people in Cuba.", "The storm killed 19 people in Florida, the sheriff said."),
        ("Crews found 12 people dead in Lee County.", "Crews found 30 more people dead in Lee County."),
        ("The quake of 1999 killed 40 people in Izmit.", "The quake killed six people in Izmit on Tuesday."),
        ("A blast killed a man aged 44 in Leith on Friday.", "A blast killed seven people in Leith on Friday."),
        ("Strikes killed 130 Palestinians in Gaza.", "Strikes killed 9 Israelis in Gaza, the army said."),
        ("Six to eight trams ran on the east line.", "The union said ten trams ran on the east line."),
        (
            "The country put tariffs on $34 billion of goods in July, the minister said.",
            "The country put new tariffs on $60 billion of goods, the envoy said.",
        ),
    ],
)
def test_figures_that_round_bound_or_concern_other_things_do_not_clash(one: str, two: str) -> None:
    assert clashes(evidence(report(one, "A"), report(two, "B", 1))) == ()


def test_copies_of_one_report_do_not_dispute_with_each_other() -> None:
    wire, local = report("Turnout was 57.3%.", "Wire"), report("Turnout was 53.7%.", "Tide", 2)
    found = [Evidence(e.number, e.sentence, e.article, None, wire.id) for e in evidence(wire, local)]

    assert clashes(found) == ()


def test_a_figure_that_its_outlet_took_back_is_a_correction_and_withdrawn() -> None:
    wrong = report("Turnout was 53.7%.", "Tide")
    right = report("Turnout was 57.3%.", "Wire")
    notice = report(
        "Correction: an earlier version of an article said that turnout was 53.7%; it was 57.3%.",
        "Tide",
        90,
        labels=("correction",),
    )
    found = evidence(wrong, right, notice)

    assert [clash.kind for clash in clashes(found)] == [Kind.CORRECTION]
    assert withdrawn(found) == {1}
    assert [item.number for item in corrections(found)] == [3]


def test_a_denial_is_shown_with_what_it_denies() -> None:
    claim = report("Bosses at the chain secretly paid hackers $3.2 million, two insiders have claimed.", "Blaze")
    denial = report(
        "A report that the company paid $3.2 million to the attackers was wrong, the chief executive said.", "Echo", 60
    )

    found = only(claim, denial)

    assert found.kind is Kind.DENIAL
    assert found.first.evidence.article.outlet == "Blaze"


def test_an_accusation_and_its_denial_three_sentences_on_belong_together() -> None:
    found = only(
        report(
            "His agent alleged that depot staff had known about the tray since Thursday. “Somebody decided that "
            "these votes "
            "could wait,” the agent said. The postal service denied the accusation and promised its records."
        )
    )

    assert found.kind is Kind.DENIAL
    assert found.first.evidence.sentence.n == 0


def test_an_argument_and_the_answer_after_it_are_a_reply() -> None:
    found = only(
        report(
            "Councillor Edda Marchmain argued that the city could have drawn on its reserve fund. The mayor's "
            "office said "
            "the reserve was meant for emergencies."
        )
    )

    assert found.kind is Kind.REPLY


def test_no_alarm_and_all_alarms_are_contrary_without_a_denial() -> None:
    passenger = report("A passenger claimed that no alarm sounded on the lower deck.", "Blaze")
    company = report("The company said that alarms on all decks were working.", "Gazette", 9)

    found = only(passenger, company)

    assert (found.kind, found.first.evidence.article.outlet) == (Kind.REPLY, "Blaze")
    own = report("The company claimed that no alarm sounded on the lower deck.", "Blaze")
    assert clashes(evidence(own, company)) == (), "nobody replies to himself"
    broken = report("The company said that alarms on all decks were not working.", "Gazette", 9)
    assert clashes(evidence(passenger, broken)) == (), "they agree"


def test_the_yes_and_the_no_to_a_question_of_the_text_are_a_reply() -> None:
    text = (
        "Will there be a second walkout? The union says it has no plans for one. An official of the city said he "
        "expected a second walkout in April."
    )
    assert only(report(text)).kind is Kind.REPLY
    assert clashes(evidence(report(text.replace("Will there be a second walkout? ", "")))) == ()
    assert clashes(evidence(report(text.replace("has no plans for", "is preparing for")))) == ()


def test_a_quotation_with_two_speakers_is_noticed() -> None:
    one = report('"We were told to wait, and nobody told us what for," said Hanna Voss, a nurse.', "Blaze")
    two = report("“We were told to wait, and nobody told us what for,” said Dele Farrow, a teacher.", "Gazette", 20)

    assert only(one, two).kind is Kind.SPEAKER


def test_an_office_may_be_the_person_who_is_named_elsewhere() -> None:
    one = report('"We were told to wait, and nobody told us what for," the senator said.', "Blaze")
    two = report("“We were told to wait, and nobody told us what for,” said Dele Farrow, a teacher.", "Gazette", 20)

    assert clashes(evidence(one, two)) == ()


def test_the_same_speaker_quoted_twice_is_no_clash() -> None:
    one = report('"We were told to wait, and nobody told us what for," said Hanna Voss, a nurse.', "Blaze")
    two = report("“We were told to wait, and nobody told us what for,” Voss said.", "Gazette", 20)

    assert clashes(evidence(one, two)) == ()


def test_figures_that_were_counted_differently_are_told_apart_from_a_dispute() -> None:
    one = report("The mayor said the cut would close a shortfall of $18 million, including pensions.", "Courier")
    two = report("A study puts the real shortfall at $9.6 million, excluding pensions, the union said.", "Tide", 8)
    plain = report("The mayor said the cut would close a shortfall of $18 million.", "Courier")
    same = report("A study puts the real shortfall at $9.6 million, the union said.", "Tide", 8)

    assert only(one, two).kind is Kind.DEFINITION
    assert only(plain, same).kind is Kind.DISPUTE


def test_a_clash_is_printed_with_the_part_of_each_side_who_says_it_and_a_citation_of_its_sentence() -> None:
    one = report("The mayor said the cut would close a shortfall of $18 million.", "Courier")
    two = report("A study puts the real shortfall at $9.6 million, the union said.", "Tide", 8)

    (conflict,) = published([only(one, two)])

    assert (conflict.kind, conflict.about) == ("dispute", "shortfall")
    assert [(p.role, p.value, p.speaker, p.citation.outlet) for p in conflict.positions] == [
        ("one", "$18 million", "The mayor", "Courier"),
        ("other", "$9.6 million", "the union", "Tide"),
    ]


def test_a_figure_that_was_taken_back_comes_before_what_is_right_whichever_was_reported_first() -> None:
    right = report("Turnout was 57.3%.", "Wire")
    wrong = report("Turnout was 53.7%.", "Tide", 1)
    notice = report(
        "Correction: an earlier version of an article said that turnout was 53.7%; it was 57.3%.",
        "Tide",
        9,
        labels=("correction",),
    )

    (conflict,) = published(clashes(evidence(right, wrong, notice)))

    assert (conflict.kind, conflict.about) == ("correction", "Turnout")
    assert [(p.role, p.value) for p in conflict.positions] == [("taken_back", "53.7%"), ("instead", "57.3%")]


def test_two_who_speak_of_one_person_do_not_answer_each_other() -> None:
    text = "Bo Hale claimed that she was fired for words on Ana Ruiz. The Post said it let go a critic of Ana Ruiz."

    assert clashes(evidence(report(text))) == ()
    assert only(report(text.replace("a critic", "Hale for words on the dam, not"))).kind is Kind.REPLY


def test_an_outlet_updates_what_it_measured_and_does_not_dispute_with_itself() -> None:
    noon = report("Maximum sustained winds of the storm off Tarrow are near 85 mph with higher gusts.", "Post")
    one = report("Maximum sustained winds of the storm off Tarrow are near 120 mph with higher gusts.", "Post", 1)
    two = report("Maximum sustained winds of the storm off Tarrow are near 120 mph with higher gusts.", "Echo", 0)

    assert only(noon, one).kind is Kind.UPDATE
    assert only(noon, two).kind is Kind.DISPUTE


def test_a_toll_that_rose_to_less_is_of_another_place() -> None:
    state = report("At least 115 people were killed by the storm, officials said.", "Post")
    part = report("The toll of the storm rises to 105 killed.", "Echo", 30)

    assert clashes(evidence(state, part)) == ()


def test_a_number_in_a_list_of_many_is_not_where_a_figure_was_first_reported() -> None:
    arms = report("The aid has 25,000 helmets, 100 drones, 5,000 rifles, 400 guns and 6,000 missiles.", "Wire")
    told = report(
        "Russia said 498 of its men were killed. The true number is closer to 6,000, Bo Hale said.", "Post", 9
    )

    assert {side.evidence.article.outlet for side in (only(arms, told).first, only(arms, told).second)} == {"Post"}


def test_an_earlier_version_of_a_bill_takes_nothing_back() -> None:
    bill = report(
        "The bill adds $50 billion, double the amount that an earlier version of the legislation had.", "Wire"
    )
    notice = report("An earlier version of this report said that the bill adds $15 billion.", "Wire", 9)

    assert corrections(evidence(bill)) == ()
    assert len(corrections(evidence(notice))) == 1


def test_those_who_speak_for_somebody_answer_what_an_outlet_reveals_of_them() -> None:
    told = report(
        "The Post has learned that Ana Ruiz was skiing when the dam broke. Her spokesman said she had led the rescue "
        "by telephone.",
    )
    found = only(told)

    assert found.kind is Kind.REPLY
    assert found.second.evidence.sentence.text.startswith("Her spokesman")


def test_who_speaks_for_somebody_answers_nothing_that_was_only_told() -> None:
    told = report("Ana Ruiz was skiing when the dam broke. Her spokesman said she had led the rescue by telephone.")

    assert clashes(evidence(told)) == ()


def test_a_figure_that_is_not_in_the_cited_sentence_is_no_position() -> None:
    item = evidence(report("The dam held 40 million litres."))[0]

    with pytest.raises(ValueError, match="50"):
        Position("50", "", Citation.of(item.sentence, item.article))


def test_who_insists_is_answered_by_the_no_beside_it() -> None:
    text = (
        "Norvale Rail insists that the crossing lights were flashing. Ada Brink, a signaller, said they never came on."
    )

    assert only(report(text)).kind is Kind.REPLY
    wish = text.replace("the crossing lights were flashing", "the crossing lights not be blamed")
    assert clashes(evidence(report(wish))) == (), "a wish is nothing that was so"
    same = text.replace("Ada Brink, a signaller,", "Norvale Rail")
    assert clashes(evidence(report(same))) == (), "nobody answers himself"
    repeated = "Norvale Rail insists that nobody can close it. “The town cannot close it,” Ada Brink, a lawyer, said."
    assert clashes(evidence(report(repeated))) == (), "both say no"


def test_nobody_died_against_the_dead_that_another_counts() -> None:
    text = "The maker maintains that nobody has died. The patients' league said it knows of three deaths."

    assert only(report(text)).kind is Kind.REPLY
    elsewhere = "No deaths were reported in Varn, the mayor said. Two people died in Tarrow, the health office said."
    assert clashes(evidence(report(elsewhere))) == ()


def test_a_report_that_another_outlet_denies_is_told_with_the_denial() -> None:
    told = report("Mayor Ines Tarn ordered the lights to be cut on Monday, an aide told the Lantern.", "Lantern")
    denied = report("Mayor Ines Tarn denied a report that she had ordered the lights to be cut.", "Post", 20)

    found = only(told, denied)

    assert (found.kind, found.first.evidence.article.outlet) == (Kind.DENIAL, "Lantern")


def test_a_bare_denial_is_of_what_its_own_next_words_are_about() -> None:
    text = (
        "Two divers told the Post that they had warned the port in writing about rust at the gate. “They were told "
        "twice,” one said. “They said it could wait.”\n\nThe port denied that. “No letter about rust at the gate has "
        "reached us,” its spokesman, Ole Fenn, said."
    )

    found = [clash for clash in clashes(evidence(report(text))) if clash.kind in {Kind.DENIAL, Kind.REPLY}]

    assert {clash.first.evidence.sentence.text[:10] for clash in found} == {"Two divers"}
    assert {clash.second.evidence.sentence.text[:8] for clash in found} == {"The port", "“No lett"}


def test_what_is_rejected_in_quotation_marks_is_rejected() -> None:
    text = (
        "Geologists at Oxley University put the slide at three million tonnes, the company at one. “We do not "
        "recognise that figure,” said Ole Fenn, the company's spokesman."
    )

    found = [clash for clash in clashes(evidence(report(text))) if clash.kind is Kind.DENIAL]

    assert [clash.second.value for clash in found] == ["We do not recognise that figure"]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Eleven people have died, the rescue service said.", "Fourteen people are now confirmed dead."),
        ("Two people were killed, the coastguard said.", "The death toll from the slide rose to seven overnight."),
    ],
)
def test_a_bare_toll_is_of_the_place_that_its_headline_names(first: str, second: str) -> None:
    one = Article(f"Rain fell on. {first}", "Ardley slide: rescuers count the dead", outlet="Post", published=FIRST)
    two = Article(
        f"Rain fell on. {second}", "Ardley: toll rises", outlet="Lantern", published=FIRST + timedelta(hours=24)
    )

    assert only(one, two).kind is Kind.UPDATE
    flood = f"Rain fell on. {second}"
    elsewhere = Article(flood, "Bexford flood: toll rises", outlet="Lantern", published=FIRST + timedelta(hours=24))
    assert clashes(evidence(one, elsewhere)) == ()


def test_a_figure_that_had_been_reported_replaces_none() -> None:
    nine = report("Nine people were killed in the Ardley slide, the rescue service said.", "Post")
    old = report("Two people were killed in the Ardley slide, the agency had reported on Monday.", "Lantern", 20)
    four = report("Three people were killed in the Ardley slide, the agency had reported on Monday.", "Mail", 21)

    assert not [clash for clash in clashes(evidence(nine, old, four)) if clash.kind is Kind.UPDATE]


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        ("Ada Brink said she had no plans to step down.", "Ada Brink handed in her resignation at noon.", "handed in"),
        ("Ole Fenn, 58, is on a ventilator at Bexley General.", "Ole Fenn died in hospital on Friday.", "died"),
        (
            "The council hopes that the Ardley goose fair can still go ahead.",
            "The Ardley goose fair was called off on Friday, the council said.",
            "called off",
        ),
        (
            "Brink said no arrests had been made over the Ardley fire.",
            "Police have arrested a man over the Ardley fire.",
            "Police",
        ),
    ],
)
def test_a_state_of_affairs_is_replaced_by_what_came_of_it(before: str, after: str, word: str) -> None:
    old, new = report(before), report(after, "Lantern", 30)

    found = only(old, new)

    assert (found.kind, found.first.evidence.article.outlet) == (Kind.UPDATE, "Post")
    assert found.second.value.startswith(word)
    assert clashes(evidence(report(before, hours=30), report(after, "Lantern"))) == (), "it was told before"


@pytest.mark.parametrize(
    "after",
    [
        "Ada Brink was urged to quit by the opposition.",
        "Ada Brink should have resigned, the union said.",
        "Ole Fenn resigned at noon, to the surprise of Ada Brink.",
        "A second deputy also resigned, Ada Brink said.",
    ],
)
def test_nothing_came_of_what_somebody_else_did_or_wants(after: str) -> None:
    old = report("Ada Brink said she had no plans to step down.")

    assert not [clash for clash in clashes(evidence(old, report(after, "Lantern", 30))) if clash.kind is Kind.UPDATE]


def test_who_is_blamed_answers() -> None:
    text = (
        "Ada Brink laid the blame on Dovetail Rail, which runs the crossing. Its director was away on Monday. Dovetail "
        "Rail said the crossing had been left unlit on her order."
    )

    assert only(report(text)).kind is Kind.REPLY
    assert clashes(evidence(report(text.replace("laid the blame on", "had lunch with")))) == ()


def test_a_figure_that_is_called_overstated_is_denied() -> None:
    first = report("The site puts the number of leaked returns at 1.4 million, its editor, Dana Low, said.", "Site")
    second = report("Joan Prewitt called a figure of 1.4 million leaked returns “wildly overstated”.", "Post", 3)

    assert only(first, second).kind is Kind.DENIAL


def test_counts_of_the_missing_fall() -> None:
    reports = (
        report("Eleven workers were still missing on Monday after the blast at the Halvern plant.", "Post"),
        report("Eight people remain missing at the Halvern plant, police said.", "Ledger", 24),
        report("Three people are still missing at the Halvern plant.", "Wire", 72),
    )
    found = [(clash.kind, *sides(clash)) for clash in clashes(evidence(*reports))]
    assert found == [(Kind.UPDATE, "Eleven", "Eight"), (Kind.UPDATE, "Eight", "Three")]
    (conflict,) = published(clashes(evidence(*reports)))
    assert [position.value for position in conflict.positions] == ["Eleven", "Eight", "Three"]


def test_an_offer_that_was_raised_replaces_an_offer_and_no_other_share() -> None:
    reports = (
        report(
            "Tram drivers in Orsund will walk out after 83 percent of those voting backed a strike, they said. The "
            "union of the Orsund drivers wants a 7 percent pay rise. The operator of the Orsund trams has offered the "
            "drivers 3.5 percent."
        ),
        report(
            "The operator of the Orsund trams raised its offer to 4.2 percent, but the drivers' union rejected it.",
            "Ledger",
            24,
        ),
    )
    assert [sides(clash) for clash in clashes(evidence(*reports))] == [("3.5 percent", "4.2 percent")]


@pytest.mark.parametrize("opening", ["", "TARROW HEAD, March 3 (Wire) — "])
def test_a_figure_is_told_of_the_report_that_had_it_first_and_not_of_its_copy(opening: str) -> None:
    text = (
        "Two people were killed when a ferry struck the wall at Tarrow Head, the coastguard said. The ferry, the Maren "
        "Dale, was on its way from Brannel with 84 people on board. The cause of the accident is not known yet."
    )
    wire, copy = report(f"{opening}{text}", "Wire"), report(f"{text} Other ferries waited in port.", "Ledger", 1)
    later = report("Four people were killed at Tarrow Head, the hospital said.", "Post", 30)
    items = tuple(replace(item, root=wire.id if item.article is copy else "") for item in evidence(wire, copy, later))
    for order in (items, tuple(reversed(items))):
        (clash,) = [clash for clash in clashes(order) if clash.kind is Kind.UPDATE]
        assert clash.first.evidence.article.outlet == "Wire"


CRASH = "The train crash in Kelbury killed 12 people on Monday, police said."


@pytest.mark.parametrize(
    "later",
    [
        "Officials denied that 20 people died in the train crash in Kelbury on Monday.",
        "It is not true that 20 people died in the train crash in Kelbury.",
        "Earlier reports that 20 people died in the train crash in Kelbury were wrong.",
        "A faster train would have killed 30 people in the train crash in Kelbury.",
        "The death toll from the train crash in Kelbury could rise to 30.",
        "Up to 20 people died in the train crash in Kelbury.",
        "A second Kelbury train crash on Wednesday killed 14 people.",
        "At least 42 people are dead or injured after the train crash in Kelbury.",
        "Fourteen people have been killed in crashes in Kelbury this year.",
        "The train crash in Kelbury killed 14 people on Tuesday, police said.",
    ],
)
def test_what_nobody_says_happened_there_is_no_newer_toll(later: str) -> None:
    found = clashes(evidence(report(CRASH), report(later, "Times", 24)))
    assert not [clash for clash in found if clash.kind is Kind.UPDATE]


@pytest.mark.parametrize(
    "later",
    [
        "The train crash in Kelbury killed 14 people, officials said on Tuesday.",
        "The death toll in the Kelbury train crash rose to 14 on Tuesday, police said.",
        "More than 14 people died in the train crash in Kelbury.",
        "KELBURY, May 9 (Meridian) — The train crash in Kelbury has now killed 14 people.",
    ],
)
def test_a_newer_toll_of_the_same_day_is_an_update(later: str) -> None:
    assert only(report(CRASH), report(later, "Times", 24)).kind is Kind.UPDATE


@pytest.mark.parametrize(
    ("later", "replaced"),
    [
        ("Councillor Ana Ruiz died on Tuesday, the hospital said.", True),
        ("The councillor, Ana Ruiz, has died.", True),
        ("Hale spoke for Ana Ruiz, who died on Tuesday.", False),
        ("Reports that Councillor Ruiz had died are false, the hospital said.", False),
        ("Ruiz nearly died in the crash.", False),
        ("Ruiz's brother died in the crash.", False),
        ("Ruiz's drummer, Tom Hale, died on Tuesday.", False),
        ("Hale, shot with Ruiz, died.", False),
        ("Hours after Ruiz was shot, Hale died.", False),
    ],
)
def test_only_who_died_has_died(later: str, *, replaced: bool) -> None:
    earlier = "Councillor Ana Ruiz was in critical condition on Monday after the crash."
    found = clashes(evidence(report(earlier), report(later, "Times", 24)))
    assert bool(found) is replaced


def test_the_day_on_which_something_was_postponed_is_not_its_new_day() -> None:
    set_for = "The trial of former mayor Tom Hale over the Kelbury bridge contract is scheduled for March 10."
    put_off = "The trial of former mayor Tom Hale over the Kelbury bridge contract was postponed {}."
    assert not clashes(evidence(report(set_for), report(put_off.format("on March 4 by the judge"), "Times", 24)))
    assert sides(only(report(set_for), report(put_off.format("until Friday, March 20"), "Times", 24)))[1] == "March 20"


def test_who_is_told_of_through_a_he_is_not_the_speaker() -> None:
    [clash] = clashes(
        evidence(
            report(
                "“The agency moved the goalposts,” its chief, Tobias Renner, said. He said that officials had promised "
                "approval in 2024.\n\nSolt denied that. No such promise was made, she said."
            )
        )
    )
    [found] = published([clash])
    assert [position.speaker for position in found.positions] == ["", "Solt"]


def test_what_a_party_no_longer_says_is_disputed_by_nobody() -> None:
    text = (
        "Did a power line start it?\n\nNobody can say yet. Northline Electric first said the line had been off since "
        "noon. It now says that power was restored. The company maintains that this did not start the fire."
    )
    assert not clashes(evidence(report(text)))


def test_two_counts_of_one_crowd_are_set_against_each_other() -> None:
    crowd = "Police put the crowd at 3,200. Organisers said that more than 8,000 had come."
    assert sides(only(report(crowd))) == ("3,200", "8,000")


def test_what_is_answered_in_the_same_breath_does_not_stand_alone() -> None:
    claim, first, second = (
        "He said officials had promised it.",
        "Solt denied that.",
        "Prof Solt denied that.",
    )
    story = report(f"{claim} {first}")
    copy = report(f"{claim} {second}", "Times")
    found = [
        between(Kind.DENIAL, Side("", one), Side("denied", two), ()) for one, two in (evidence(story), evidence(copy))
    ]
    assert alone([{claim, second}], found) == frozenset()
    assert alone([{claim}], found) == {0}
