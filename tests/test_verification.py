"""The gates: what a generator proposes and what may be printed."""

from __future__ import annotations

import pytest
from news import article, evidence

from rag.claims import Claim, Reason, Verdict, Withheld
from rag.gates import CHECKS
from rag.proposals import Statement
from rag.protocols import Judgement
from rag.verification import check

FERRY = article(
    "The ferry Corrin Star hit the harbour wall at 7:42 a.m. on March 3, killing four people, the coastguard said.\n"
    "“We were told to wait. Nobody told us what for,” said passenger Dele Farrow.\n"
    "The operator, Brannel Line, denied that the steering gear had been faulty.\n"
    "Investigators led by Dr. Oona Selwick found no evidence that weather caused the accident.\n"
    "Marco Rubin will meet Pete Hegstad in Tarrow next week, according to the ministry.\n"
    "The repairs may cost $3.2 million, or 4.5% of the fleet's value.\n"
    "A union official alleged that inspectors were paid to look away.\n"
    "The harbour reopened on Wednesday.",
    headline="Four die as ferry strikes wall at Tarrow Head",
)
EVIDENCE = evidence(FERRY)


def number(start: str) -> int:
    return next(item.number for item in EVIDENCE if item.sentence.text.startswith(start))


def judge(text: str, *starts: str) -> Claim | Withheld:
    return check(Statement(text, tuple(number(start) for start in starts)), EVIDENCE)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("The ferry hit the harbour wall at 7:42 a.m., killing four, the coastguard said.", "The ferry"),
        (
            "The coastguard said that 4 people were killed when the Corrin Star hit the harbour wall on 3 March.",
            "The ferry",
        ),
        ("Dele Farrow, a passenger, said they were “told to wait”.", "“We were|Nobody told"),
        ("The operator denied that the steering gear had been faulty.", "The operator"),
        ("Investigators found no evidence that the weather caused the accident.", "Investigators"),
        ("The repairs may cost 3.2 million dollars.", "The repairs"),
        ("The harbour wall was hit by the ferry Corrin Star, the coastguard said.", "The ferry"),
        ("Brannel Line, the operator, denied a fault of the steering gear.", "The operator"),
        ("According to the ministry, Pete Hegstad and Marco Rubin will meet in Tarrow next week.", "Marco"),
        ("The harbour reopened on Wednesday.", "The harbour"),
        ("The harbour reopened on Wednesday. (Harbour Post)", "The harbour"),
    ],
)
def test_a_true_paraphrase_passes_every_gate(text: str, start: str) -> None:
    result = judge(text, *start.split("|"))
    assert isinstance(result, Claim), result
    assert result.checks == CHECKS


@pytest.mark.parametrize(
    ("text", "start", "reason"),
    [
        ("The ferry hit the harbour wall at 7:42 a.m., killing five, the coastguard said.", "The ferry", Reason.FACTS),
        ("The ferry hit the harbour wall at 8:42 a.m., the coastguard said.", "The ferry", Reason.FACTS),
        ("The ferry hit the harbour wall on March 13, the coastguard said.", "The ferry", Reason.FACTS),
        ("The ferry Merrin Star hit the harbour wall, the coastguard said.", "The ferry", Reason.FACTS),
        ("Selwick hit the harbour wall, the coastguard said.", "The ferry", Reason.FACTS),
        ("The repairs may cost 4.5 million.", "The repairs", Reason.FACTS),
        ("The repairs may cost €3.2 million.", "The repairs", Reason.FACTS),
        ("Marco Hegstad will be in Tarrow next week, according to the ministry.", "Marco", Reason.FACTS),
        ("“We were told to stay,” said Dele Farrow.", "“We were|Nobody told", Reason.QUOTE),
        ("The coastguard said that “four people” were killed.", "The ferry", Reason.QUOTE),
        (
            "The ferry Corrin Star hit the harbour wall on March 3, killing four people.",
            "The ferry",
            Reason.ATTRIBUTION,
        ),
        ("The coastguard admitted that four people were killed on the Corrin Star.", "The ferry", Reason.ATTRIBUTION),
        ("Inspectors were paid to look away.", "A union", Reason.ATTRIBUTION),
        ("The repairs cost $3.2 million.", "The repairs", Reason.ATTRIBUTION),
        ("They were told to wait and nobody told them what for.", "“We were", Reason.ATTRIBUTION),
        ("The operator said that the steering gear had been faulty.", "The operator", Reason.NEGATION),
        ("Investigators found evidence that weather caused the accident.", "Investigators", Reason.NEGATION),
        ("The harbour has not reopened on Wednesday.", "The harbour", Reason.NEGATION),
        ("After heavy rain the schools and markets closed.", "The harbour", Reason.UNSUPPORTED),
        ("The steering gear had been faulty.", "The operator", Reason.ATTRIBUTION),
    ],
)
def test_each_lie_is_withheld_with_its_own_reason(text: str, start: str, reason: Reason) -> None:
    result = judge(text, *start.split("|"))
    assert isinstance(result, Withheld), result
    assert result.reason is reason, result
    assert result.detail


def test_two_speakers_may_not_be_merged() -> None:
    result = judge("The coastguard said that Brannel Line was warned by Dele Farrow.", "“We were", "The operator")
    assert isinstance(result, Withheld)
    assert result.reason in {Reason.ATTRIBUTION, Reason.FACTS}


def test_invented_citation_withholds_the_claim_and_stays_visible() -> None:
    result = check(Statement("The harbour reopened on Wednesday.", (99,)), EVIDENCE)
    assert isinstance(result, Withheld)
    assert (result.reason, result.detail) == (Reason.POINTER, "there is no sentence 99")
    assert result.text == "The harbour reopened on Wednesday."


def test_a_statement_that_cites_nothing_is_withheld() -> None:
    result = check(Statement("The harbour reopened on Wednesday.", ()), EVIDENCE)
    assert isinstance(result, Withheld)
    assert result.reason is Reason.POINTER


def test_a_question_is_no_statement_though_it_stands_in_its_source_word_for_word() -> None:
    found = evidence(article("The toll is 5 euros. What will it be next year?"))
    claim = check(Statement(found[1].sentence.text, (2,)), found)
    assert isinstance(claim, Withheld)
    assert (claim.reason, claim.detail) == (Reason.UNSUPPORTED, "it asks, and states nothing")


def test_a_fragment_of_a_sentence_is_not_verbatim_and_keeps_no_licence_from_it() -> None:
    result = judge("the steering gear had been faulty.", "The operator")
    assert isinstance(result, Withheld)


def test_every_whole_sentence_passes_unless_it_is_speech_without_a_speaker() -> None:
    withheld = [
        r for i in EVIDENCE if isinstance(r := check(Statement(i.sentence.text, (i.number,)), EVIDENCE), Withheld)
    ]
    assert [item.text for item in withheld] == ["“We were told to wait."]
    assert withheld[0].reason is Reason.ATTRIBUTION


def test_the_middle_of_a_long_quotation_is_speech_though_it_has_no_marks() -> None:
    source = evidence(article("“We left early. The brakes had failed. Nobody was told,” Farrow said."))
    result = check(Statement("The brakes had failed.", (2,)), source)
    assert isinstance(result, Withheld)
    assert result.reason is Reason.ATTRIBUTION
    whole = check(Statement("The brakes had failed. Nobody was told,” Farrow said.", (2, 3)), source)
    assert isinstance(whole, Claim)


class FixedVerifier:
    name = "fixed"

    def __init__(self, verdict: Verdict) -> None:
        self._verdict = verdict

    def judge(self, statement: str, sentences: object) -> Judgement:
        return Judgement(self._verdict, None, f"read {len(statement)} characters and {sentences!r:.10}")


def test_a_verifier_that_fails_leaves_the_claim_unjudged_and_unprinted() -> None:
    statement = Statement("On Wednesday the harbour reopened.", (number("The harbour"),))
    result = check(statement, EVIDENCE, FixedVerifier(Verdict.UNJUDGED))
    assert isinstance(result, Withheld)
    assert result.reason is Reason.UNJUDGED


def test_a_verifier_that_agrees_is_named_among_the_checks() -> None:
    statement = Statement("On Wednesday the harbour reopened.", (number("The harbour"),))
    result = check(statement, EVIDENCE, FixedVerifier(Verdict.SUPPORTED))
    assert isinstance(result, Claim)
    assert result.checks == (*CHECKS, "fixed")


INQUIRY = article(
    "It cut its maintenance staff from 64 to 41 in 2024, according to its own annual report.\n"
    "Rescuers in three lifeboats took everyone off the ship within 90 minutes.\n"
    "The ferry had passed its annual inspection in November.\n"
    "It was the first fatal ferry accident on the Sull route since 1998.\n"
    "It was carrying 214 passengers and 17 crew on Tuesday.\n"
    "Brannel Line carried 1.1 million passengers last year.\n"
    "Aldwater Group, which owns Brannel Line, set aside $1.5 million for the victims.\n"
    "Shares in Pellon Holdings, the parent of Merrin Lines, fell 5.1% by midday.\n"
    "Aldwater shares closed down 2.3% on Monday and have lost 11% since the accident.\n"
    "The company has now offered the bereaved a hardship fund of $1.2 million.\n"
    "Members on five other ships will vote on a refusal to sail.\n"
    "The ballot closes on March 20.\n"
    "The harbour was closed to all traffic and is due to reopen on Thursday.\n"
    "Nine patients had been sent home by noon.\n"
    "Analysts put most of the cost on the insurers.\n"
    "Thirty-eight people were injured, according to the hospital’s medical director, Dr. Femi Castellane.\n"
    "A report of eleven deaths is false, the harbour master, Josephine Quayle-Burr, told the Gazette.\n"
    "Brannel Line denies that the ship was unsafe.\n"
    "Ana Ruiz denies that the harbour was unsafe.\n"
    "“A speed is not a cause,” Oona Selwick said.\n"
    "J. T. Marrick said deck officers had filed reports on February 9 and February 20.\n"
    "Captain Hallow is expected to give evidence at the hearing.\n"
    "A train runs from Pellon to Tarrow on Fridays."
)
INQUIRY_EVIDENCE = evidence(INQUIRY)


def inquire(text: str, start: str) -> Claim | Withheld:
    number = next(item.number for item in INQUIRY_EVIDENCE if item.sentence.text.startswith(start))
    return check(Statement(text, (number,)), INQUIRY_EVIDENCE)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("It cut its maintenance staff from 41 to 64 in 2024, according to its own annual report.", "It cut"),
        ("A train runs from Tarrow to Pellon on Fridays.", "A train"),
        ("Rescuers in three lifeboats took some people off the ship within 90 minutes.", "Rescuers"),
        ("The ferry had failed its annual inspection in November.", "The ferry"),
        ("It was the last fatal ferry accident on the Sull route since 1998.", "It was the first"),
        ("It was carrying more than 214 passengers and 17 crew on Tuesday.", "It was carrying"),
        ("It was carrying 214 passengers and only 17 crew on Tuesday.", "It was carrying"),
        ("It was carrying up to 214 passengers on Tuesday.", "It was carrying"),
        ("Brannel Line carried 1.1 million passengers a month.", "Brannel Line carried"),
        ("Brannel Line carried 1.1 million passengers this year.", "Brannel Line carried"),
        ("Brannel Line, which owns Aldwater Group, set aside $1.5 million for the victims.", "Aldwater Group"),
        ("Aldwater Group, which Brannel Line owns, set aside $1.5 million for the victims.", "Aldwater Group"),
        ("Shares in Merrin Lines, the parent of Pellon Holdings, fell 5.1% by midday.", "Shares"),
        ("Aldwater shares have lost 2.3% since the accident and closed down 11% on Monday.", "Aldwater shares"),
        ("The company has now paid the bereaved a hardship fund of $1.2 million.", "The company"),
        ("Members on five other ships voted on a refusal to sail.", "Members"),
        ("The ballot opens on March 20.", "The ballot"),
        ("The harbour was closed to all traffic and reopened on Thursday.", "The harbour"),
        ("All patients had been sent home by noon.", "Nine"),
        ("Nearly all patients had been sent home by noon.", "Nine"),
        ("Analysts put little of the cost on the insurers.", "Analysts"),
        ("The company denies that the harbour was unsafe.", "Ana Ruiz"),
        ("J. T. Marrick said deck officers had filed reports on February 9 and 21.", "J. T."),
        ("The ballot closes on March 20, see evil.com", "The ballot"),
        ("The ballot closes on March 20, says press@evil.com", "The ballot"),
    ],
)
def test_what_says_the_contrary_in_the_same_words_is_withheld(text: str, start: str) -> None:
    assert isinstance(inquire(text, start), Withheld)


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("Its maintenance staff was cut to 41 from 64 in 2024, according to its own annual report.", "It cut"),
        ("On Fridays a train runs to Tarrow from Pellon.", "A train"),
        ("Rescuers in three lifeboats needed no more than 90 minutes to take everybody off the ship.", "Rescuers"),
        ("Everyone was taken off the ship in less than 90 minutes by rescuers in three lifeboats.", "Rescuers"),
        ("In November the ferry passed its annual inspection.", "The ferry"),
        ("Since 1998 it was the first fatal accident of a ferry on the Sull route.", "It was the first"),
        ("About 214 passengers and 17 crew were carried on Tuesday.", "It was carrying"),
        ("Last year Brannel Line carried 1.1 million passengers.", "Brannel Line carried"),
        ("Brannel Line's parent Aldwater Group set aside $1.5 million for the victims.", "Aldwater Group"),
        ("Aldwater Group, the owner of Brannel Line, set aside $1.5 million for the victims.", "Aldwater Group"),
        ("Since the accident Aldwater shares have lost 11%, and they closed down 2.3% on Monday.", "Aldwater shares"),
        ("The bereaved were offered a hardship fund of $1.2 million.", "The company"),
        ("A ballot is open until March 20, when it closes.", "The ballot"),
        ("The harbour was closed to all traffic and should reopen on Thursday.", "The harbour"),
        ("By noon, nine patients had been sent home.", "Nine"),
        (
            "The hospital's medical director, Femi Castellane, put the number of people injured at 38.",
            "Thirty-eight",
        ),
        ("Josephine Quayle-Burr, the harbour master, called the report of eleven deaths false.", "A report"),
        ("The company denied that the ship was unsafe.", "Brannel Line denies"),
        ("Oona Selwick said that “a speed is not a cause”.", "“A speed"),
        ("J. T. Marrick said deck officers had filed reports on February 9 and 20.", "J. T."),
        ("Captain Hallow will probably give evidence at the hearing.", "Captain"),
    ],
)
def test_the_same_matter_in_other_words_passes(text: str, start: str) -> None:
    result = inquire(text, start)
    assert isinstance(result, Claim), result


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        ("Ruiz killed Hale, prosecutors claim.", "Ruiz killed Hale."),
        ("A jury heard that Ruiz killed Hale.", "Ruiz killed Hale."),
        ("The dam is unsafe, in the opinion of Ruiz.", "The dam is unsafe."),
        ("Ruiz was charged with killing Hale.", "Ruiz killed Hale."),
        ("Ruiz was arrested on suspicion of killing Hale.", "Ruiz killed Hale."),
        ("Ruiz faces charges of stealing 300 votes.", "Ruiz stole 300 votes."),
        ("Ruiz tried to kill Hale.", "Ruiz killed Hale."),
        ("The jury must decide whether Ruiz killed Hale.", "Ruiz killed Hale."),
        ("Ruiz said the dam could fail.", "Ruiz said the dam failed."),
        ("Ruiz asked whether the dam was unsafe.", "Ruiz said the dam was unsafe."),
        ("Ruiz's rival said the plan was dead.", "Ruiz said the plan was dead."),
        ("A lawyer for Hale said the deal was fair.", "Hale said the deal was fair."),
        ("The World Health Organization (WHO) said Ruiz hid it.", "Ruiz said the World Health Organization hid it."),
        ("Crew reported a fault twice, the union alleged on Thursday.", "Crew reported a fault twice."),
        ("The vote was 7 to 4 after nine hours.", "The vote was 4 to 7 after nine hours."),
        (
            "Trams will run every 20 minutes instead of every 12.",
            "Trams will run every 12 minutes instead of every 20.",
        ),
        ("The budget cuts spending on buses by 4.5%.", "The budget raises spending on buses by 4.5%."),
        (
            "A report of deaths is false, Josephine Burr told us.",
            "Josephine Burr told us that a report of deaths is true.",
        ),
        ("If the result stands, the Alliance will hold 50 of the seats.", "The Alliance will hold 50 of the seats."),
        ("Local 4 said it would strike from Monday, unless talks resume.", "Local 4 said it would strike from Monday."),
        ("Under the law he can impose a fine of up to 4%.", "Under the law he will impose a fine of 4%."),
        ("Both reports, he said, described a late rudder.", "Both reports described a late rudder."),
        ("Hale was sentenced to 12 years in prison for fraud.", "Hale was sentenced to 12 months in prison for fraud."),
        ("Ruiz said the bridge was safe, and Hale said it would close in May.", "Hale said the bridge was safe."),
        (
            "Ms. Lohmeyer said the ship was making 14 knots. Dr. Oona Selwick read 19 knots from the recorder.",
            "Ms. Lohmeyer said the ship was making 19 knots.",
        ),
    ],
)
def test_no_word_of_somebody_and_no_charge_becomes_a_fact(source: str, statement: str) -> None:
    told = evidence(article(source))
    assert isinstance(check(Statement(statement, tuple(item.number for item in told)), told), Withheld)


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        ("Ruiz, who tried to flee, was arrested on Monday.", "Ruiz was arrested on Monday."),
        ("Ruiz said the dam could fail.", "Ruiz said that the dam might fail."),
        ("Police said Ruiz must appear in court.", "Ruiz must appear in court, police said."),
        ("The World Health Organization (WHO) said Ruiz hid it.", "The World Health Organization said Ruiz hid it."),
        (
            "Crew reported a fault twice, the union alleged on Thursday.",
            "The union alleged crew reported a fault twice.",
        ),
        ("Both reports, he said, described a late rudder.", "He said both reports described a late rudder."),
        ("The vote was 7 to 4 after nine hours.", "After nine hours the vote was 7 to 4."),
        (
            "If the result stands, the Alliance will hold 50 seats.",
            "The Alliance will hold 50 seats if the result stands.",
        ),
        ("If the result stands, the Alliance will hold 50 seats.", "The Alliance would hold 50 seats."),
        ("Hale got a 12-year term for fraud.", "For fraud Hale got 12 years."),
        ("Ruiz said the bridge was safe, and Hale said it would close in May.", "Ruiz said the bridge was safe."),
        ("Ruiz said the bridge was safe, and Hale said it would close.", "Hale said the bridge would close."),
        ("The mayor said the bridge was safe and would stay open.", "The mayor said the bridge would stay open."),
    ],
)
def test_what_keeps_its_word_and_its_doubt_passes(source: str, statement: str) -> None:
    told = evidence(article(source))
    assert isinstance(check(Statement(statement, tuple(item.number for item in told)), told), Claim)


def test_a_sentence_that_alone_has_some_of_the_words_stays_cited() -> None:
    told = evidence(article("Nine people were taken to hospital on Monday. Bakers returned to work on Tuesday."))
    found = check(Statement("Nine people were taken to hospital, and bakers returned to work.", (1, 2)), told)
    assert isinstance(found, Claim)
    assert len(found.citations) == 2


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        ("Jets may fly up to 180 miles.", "Jets may fly at least 180 miles."),
        ("Jets will fly 180 miles on one charge.", "Jets will fly 180 kilometres on one charge."),
        ("Snow of 4 feet fell in Tarrow.", "Snow of 4 inches fell in Tarrow."),
        ("The ban takes effect in a year.", "The ban takes effect in a month."),
        ("Fires burned thousands of homes in Tarrow.", "Fires burned dozens of homes in Tarrow."),
        ("Ruiz’s rating fell 18 percentage points in May.", "Ruiz’s rating fell 18 percent in May."),
        ("Ruiz’s rating fell by 18% in May.", "Ruiz’s rating fell by 18 percentage points in May."),
        ("Sull is the third-largest port of the country.", "Sull is the largest port of the country."),
        ("Sull is the largest port of the country.", "Sull is the second-largest port of the country."),
        ("Sull is one of the most dangerous ports.", "Sull is the most dangerous port."),
        ("One of the big losers was Clive Ruiz.", "The big loser was Clive Ruiz."),
        ("Some of the city’s pools have closed.", "The city’s pools have closed."),
        ("Several shelters are open in Tarrow.", "All shelters are open in Tarrow."),
        ("The wave killed between 500 and 1,500 people.", "The wave killed 1,500 people."),
        ("Snow of 4 to 7 inches fell in Tarrow.", "Snow of 7 inches fell in Tarrow."),
        ("Trailing are Ruiz (32%, down from 34%) and Hale (19%).", "Trailing is Ruiz (34%, up from 32%)."),
        ("The fare from Sull was $367, against $329 in May.", "The fare from Sull was $329, up from $367 in May."),
        ("Temperatures will stay above average.", "Temperatures will stay below average."),
    ],
)
def test_a_figure_or_a_rank_keeps_its_unit_its_place_and_its_ends(source: str, statement: str) -> None:
    told = evidence(article(source))
    assert isinstance(check(Statement(statement, tuple(item.number for item in told)), told), Withheld)


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        ("Jets may fly up to 180 miles.", "Jets may fly 180 miles at most."),
        ("It lasted 30 years in Tarrow.", "In Tarrow it lasted for 30 years."),
        ("Ruiz leads by 1.5 percentage points.", "Ruiz leads by 1.5 points."),
        ("Sull is the third-largest port of the country.", "The country’s third-largest port is Sull."),
        ("Sull is the largest port of the country.", "Sull is one of the largest ports of the country."),
        ("Some of the city’s pools have closed.", "Some city pools have closed."),
        ("The wave killed between 500 and 1,500 people.", "The wave killed at least 500 people."),
        ("The wave killed between 500 and 1,500 people.", "From 500 to 1,500 people were killed by the wave."),
        ("The fare was $367, up from $329 in May.", "The fare rose to $367 from $329 in May."),
        ("The moon will be 221,817 miles from Tarrow.", "The moon will be about 222,000 miles from Tarrow."),
        ("The hall lacks a formal plan.", "The hall has no formal plan."),
        ("Ruiz was unable to win the vote.", "Ruiz failed to win the vote."),
        ("Shares of Brannel declined 11.7% in May.", "Shares of Brannel fell 11.7% in May."),
        ("A player in Sull claimed the $2 million prize.", "The $2 million prize went to a player in Sull."),
    ],
)
def test_a_figure_or_a_rank_may_be_said_in_other_words(source: str, statement: str) -> None:
    told = evidence(article(source))
    result = check(Statement(statement, tuple(item.number for item in told)), told)
    assert isinstance(result, Claim), result


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        (
            "Ana Ruiz suffered a shocking 6-1, 6-4 loss to Oona Hale of Sull.",
            "Ana Ruiz beat Oona Hale of Sull 6-1, 6-4.",
        ),
        ("Tarrow beat Pellon 5-0 in the opening game.", "Tarrow lost the opening game 5-0 to Pellon."),
        ("A poll puts Hale 1.5 points ahead of Ruiz.", "A poll puts Ruiz 1.5 points ahead of Hale."),
        (
            "Treasury Secretary Janet Hale met the economic adviser Brian Ruiz.",
            "Janet Hale met Treasury Secretary Brian Ruiz.",
        ),
        (
            "Ruiz visited after riots in Tarrow and a shooting at a school in Pellon.",
            "Ruiz visited after riots in Pellon and a shooting at a school in Tarrow.",
        ),
        (
            "Jets fly 180 miles with existing batteries and 500 miles with larger batteries.",
            "Jets fly 500 miles with existing batteries and 180 miles with larger batteries.",
        ),
        (
            "Crews cleared the harbour on Saturday. Ana Ruiz opened a school in Pellon on Thursday.",
            "Ana Ruiz opened a school in Pellon on Saturday.",
        ),
        ("Crews cleared the harbour on Monday.", "Crews cleared the harbour on Tuesday."),
        (
            "Roads reopened in Tarrow on Thursday. Power was restored in Pellon on Friday.",
            "Power was restored in Tarrow on Friday.",
        ),
        (
            "Sull signed Dele Farrow on Friday. Tarrow signed Oona Hale on Monday.",
            "Tarrow signed Dele Farrow.",
        ),
        (
            "Sull recorded 58 measles cases and one death. Tarrow recorded nine cases.",
            "Tarrow recorded 58 measles cases.",
        ),
    ],
)
def test_a_name_stays_in_its_place(source: str, statement: str) -> None:
    told = evidence(article(source))
    assert isinstance(check(Statement(statement, tuple(item.number for item in told)), told), Withheld)


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        (
            "Ana Ruiz suffered a shocking 6-1, 6-4 loss to Oona Hale of Sull.",
            "Oona Hale of Sull beat Ana Ruiz 6-1, 6-4.",
        ),
        ("Tarrow beat Pellon 5-0 in the opening game.", "Pellon lost the opening game 5-0 to Tarrow."),
        ("Treasury Secretary Janet Hale met Ana Ruiz.", "Ana Ruiz met Secretary Hale."),
        (
            "Ruiz visited after riots in Tarrow and a shooting at a school in Pellon.",
            "Ruiz visited after a shooting at a school in Pellon and riots in Tarrow.",
        ),
        (
            "Crews cleared the harbour on Saturday. Ana Ruiz opened a school in Pellon on Thursday.",
            "On Thursday Ana Ruiz opened a school in Pellon, and on Saturday crews cleared the harbour.",
        ),
        (
            "Sull signed Dele Farrow on Friday. Tarrow signed Oona Hale on Monday.",
            "Tarrow signed Oona Hale on Monday, and Sull signed Dele Farrow on Friday.",
        ),
        (
            "Sull sued Tarrow in May. Pellon sued Brannel in June.",
            "Tarrow was sued by Sull in May.",
        ),
        ("Crews cleared the harbour today.", "Crews cleared the harbour on Tuesday."),
        ("Crews cleared the harbour yesterday.", "Crews cleared the harbour on Monday."),
        ("Crews cleared the harbour on March 1.", "Crews cleared the harbour on Sunday, March 1."),
    ],
)
def test_a_name_may_stand_elsewhere_in_the_sentence(source: str, statement: str) -> None:
    told = evidence(article(source))
    result = check(Statement(statement, tuple(item.number for item in told)), told)
    assert isinstance(result, Claim), result


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        ("“If people were dying, sure, I’d do that,” Ruiz said.", "“Sure, I’d do that,” Ruiz said."),
        ("“If people were dying, sure, I’d do that,” Ruiz said.", "Ruiz said that “people were dying.”"),
        (
            "Ruiz argued that if Sull took the plan, “Pellon would accept those terms,” an aide said.",
            "Ruiz argued that “Pellon would accept those terms,” an aide said.",
        ),
        (
            "A law on force does not shield people from trial if a bystander is hurt, the court ruled.",
            "A law on force does not shield people from trial, the court ruled.",
        ),
        ("The merger is due to close in May, pending approval by Sull.", "The merger is due to close in May."),
        ("Ruiz asked supporters, “Should I run for mayor?”", "Ruiz told supporters that he should run for mayor."),
        ("The county applied again for aid in 2018.", "The county will apply again for aid in 2018."),
        ("Sull will soon be the largest port.", "Sull is now the largest port."),
        ("Fans clashed after Tarrow lost the game.", "Fans clashed because Tarrow lost the game."),
        ("The hall lacks a formal plan.", "The hall has a formal plan."),
        ("Ruiz was unable to win the vote.", "Ruiz was able to win the vote."),
    ],
)
def test_a_condition_a_question_and_what_came_after_stay_what_they_are(source: str, statement: str) -> None:
    told = evidence(article(source))
    assert isinstance(check(Statement(statement, tuple(item.number for item in told)), told), Withheld)


@pytest.mark.parametrize(
    ("source", "statement"),
    [
        ("“If people were dying, sure, I’d do that,” Ruiz said.", "Ruiz said he would do that if people were dying."),
        ("If you held a grant, you can get up to $20,000.", "Those who held a grant can get up to $20,000."),
        ("Ruiz asked supporters, “Should I run for mayor?”", "Ruiz asked supporters whether he should run for mayor."),
        ("Visitors are required to wear masks.", "Visitors will be required to wear masks."),
        ("Fans clashed after Tarrow lost the game.", "Fans clashed following the game that Tarrow lost."),
    ],
)
def test_a_condition_and_a_question_may_be_said_in_other_words(source: str, statement: str) -> None:
    told = evidence(article(source))
    result = check(Statement(statement, tuple(item.number for item in told)), told)
    assert isinstance(result, Claim), result
