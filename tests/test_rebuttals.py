"""What one party says, and what another says against it: by referring to it, by counsel, as one of two accounts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from news import evidence

from rag.clash import Kind
from rag.conflicts import clashes
from rag.digest import digest
from rag.provenance import roots
from rag.sources import Article
from rag.stories import Group

FIRST = datetime(2026, 4, 7, 9, tzinfo=UTC)
WORDS = (Kind.DENIAL, Kind.REPLY, Kind.ACTOR)


def against(*texts: str) -> list[tuple[str, str]]:
    """Return the openings of what is stated and of what is said against it, in reports some hours apart."""
    reports = [
        Article(text, outlet=f"Paper {n}", published=FIRST + timedelta(hours=n), url=f"https://paper.example/{n}")
        for n, text in enumerate(texts)
    ]
    pairs = [(c.first.evidence.sentence.text, c.second.evidence.sentence.text) for c in clashes(evidence(*reports))
             if c.kind in WORDS]  # fmt: skip
    return [(" ".join(one.split()[:3]), " ".join(two.split()[:3])) for one, two in pairs]


WATERED = "The coach of Brannock Rovers, Ida Lusk, told reporters that the pitch had been watered on one side only."
DEPOT = "Deputy mayor Tove Sandal said the tram depot had cost the city 14 million crowns less than planned."
SWAPPED = "Two infusions were swapped on the ward, according to the author of the review, Dr. Lena Orme."
SOLD = "Regulators said Halvard Brisk had sold his shares two days before the profit warning."
FILTERS = (
    "The union of seat makers told this newspaper that managers at Corvane Motors cut changes of the paint shop's air "
    "filters from six a year to one.\n\n“The dust hung there,” said a former sprayer, Nils Aun.\n\n"
)
BOXES = "“They bought the vote with two stadium boxes,” said rival candidate Ottoline Fray."
SCALES = "Trading inspectors said the scales in the market hall gave four per cent too little."
ONSLOW = "Dr. Hale Onslow said that there were no nurses left for the night."
EBB = "The caretaker, Jon Ebb, said a clerk had asked him for the key at noon."
TAL = "The clerk, Mira Tal, said she had spent that day at home."


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (
            ((f"{WATERED}\n\nThe home club disputes that version. Its groundsman, Per Olane, said the sprinklers ran "
             "for six minutes on both halves."),),
            [("The coach of", "The home club"), ("The coach of", "Its groundsman, Per")],
        ),
        (
            (f"{DEPOT} Councillor Emeric Pohl has called the figure misleading.",),
            [("Deputy mayor Tove", "Councillor Emeric Pohl")],
        ),
        (
            (f"{SWAPPED}\n\nThe association of pharmacists contests the finding.",),
            [("Two infusions were", "The association of")],
        ),
        (
            (f"{BOXES}\n\nThe federation's president, Carl Besk, dismissed the idea.",),
            [("“They bought the", "The federation's president,")],
        ),
        (
            (f"{SCALES} The owner of the hall does not accept that this proves anything.",),
            [("Trading inspectors said", "The owner of")],
        ),
        (
            ((f"{SOLD} “Nobody is that lucky,” their chief counsel told the court.\n\nHis attorney, Mona Feld, said "
             "the sale had been ordered in March under a fixed plan."),),
            [("Regulators said Halvard", "His attorney, Mona")],
        ),
        (
            (f"{FILTERS}A spokesman for the carmaker insisted that the filters “are changed more often, not less”.",),
            [("The union of", "A spokesman for")],
        ),
        (
            (f"There are two versions of how the archive door came to be open. {EBB} {TAL}",),
            [("The caretaker, Jon", "The clerk, Mira")],
        ),
        (
            ((f"Doctors and the ministry disagree about why the ward was closed. {ONSLOW} The ministry said the roof "
             "leaked."),),
            [("Dr. Hale Onslow", "The ministry said")],
        ),
        (
            ("Goalkeeper Arvid Moll's account is that Sten Quill had pushed the referee in the tunnel.",
             "Sten Quill told the panel that Moll had pushed the referee."),
            [("Goalkeeper Arvid Moll's", "Sten Quill told")],
        ),
    ],
    ids=["version", "misleading", "contests", "idea", "accept", "attorney", "insisted", "versions", "disagree", "swap"],
)  # fmt: skip
def test_a_statement_stands_beside_what_another_party_says_against_it(
    texts: tuple[str, ...], told: list[tuple[str, str]]
) -> None:
    assert sorted(against(*texts)) == sorted(told)


@pytest.mark.parametrize(
    ("claim", "answer"),
    [
        ("Dock union officials say the crane was locked.", "Port company officials denied the claims."),
        (
            "The former mayor is being investigated on suspicion of selling plots.",
            "Her attorney, Mona Feld, stressed her innocence and called for a hearing.",
        ),
        (
            "The race was deemed a sham by those who rode it.",
            "The cycling federation disputed the characterization, saying that all had finished.",
        ),
        (
            "Candidate Halvard Brisk also asserted that 400 ballots were missing.",
            "All of those claims have been debunked by the county clerk.",
        ),
        (
            "Shares fell after a report that ministers had discussed a ban.",
            "The cabinet pushed back on the report, which named nobody.",
        ),
    ],
)
def test_who_rejects_what_the_sentence_before_says_answers_it(claim: str, answer: str) -> None:
    opening = "Rain fell on the town for most of the week."
    told = [(" ".join(claim.split()[:3]), " ".join(answer.split()[:3]))]
    assert against(f"{opening} {claim} {answer}") == told


@pytest.mark.parametrize(
    "before",
    [
        "This newspaper has asked the port company for comment on the allegations.",
        "The port opened in 1911 and has four cranes.",
    ],
)
def test_what_no_charge_comes_before_answers_nothing(before: str) -> None:
    assert against(f"{before} Port company officials denied the allegations.") == []


def test_who_is_accused_is_who_stands_beside_the_verb() -> None:
    allies = "Halvard Brisk admitted that some of his closest allies in the council should face allegations of theft."
    assert against(allies, "Halvard Brisk has denied all allegations.") == []
    assert against("Halvard Brisk faces allegations of theft.", "Halvard Brisk has denied all allegations.")


CRACKS = (
    "Welders began to close the Tallow Bridge on Monday. "
    "A union official alleged that the ministry knew of cracks in its pylons in March."
)


@pytest.mark.parametrize(
    "answer",
    [
        "The ministry insisted it had not known of any cracks in the pylons.",
        "Minister Pia Lund rejected the suggestion that the ministry knew of cracks in the pylons.",
        "The ministry disputes that it knew of cracks in the pylons in March.",
    ],
)
def test_who_denies_in_another_report_what_was_alleged_answers_it(answer: str) -> None:
    told = against(CRACKS, f"A ferry replaces the bridge. {answer}")

    assert told == [("A union official", " ".join(answer.split()[:3]))]


@pytest.mark.parametrize(
    "answer",
    [
        "The ministry insisted it had not known of the strike at the foundry.",
        "Minister Pia Lund rejected the suggestion that the welders should work on Sundays.",
        "The ministry insisted that cracks in the pylons had been known.",
    ],
)
def test_who_denies_something_else_in_another_report_answers_nothing(answer: str) -> None:
    assert against(CRACKS, f"A ferry replaces the bridge. {answer}") == []


def test_those_who_accuse_and_are_called_by_a_pronoun_after_their_denial_are_told_in_full() -> None:
    text = (
        "The fairground's owner accused inspector Dag Roe of asking for free rides. He denied it.\n\n"
        "She said that the inspector had a lamp. The guild disputes that account."
    )
    assert against(text) == [("The fairground's owner", "He denied it.")], "nobody knows who she is"


def test_what_is_said_against_an_answer_is_printed_behind_it() -> None:
    text = (
        "The scales in the market hall gave four per cent too little, according to inspector Maren Vole.\n\n"
        "Stallholder Ibb Norr does not accept that this proves anything. The scales, Norr said, had been moved that "
        "morning, and whoever moves a scale must set it anew. Ms. Vole dismissed the idea: the scales had been set "
        "twice in her presence, she said, and had been wrong both times."
    )
    article = Article(text, outlet="Paper", published=FIRST, url="https://paper.example/scales")
    found = digest(Group((article,), roots([article])), evidence(article), words=150)
    printed = " ".join(statement.text for statement in found.sections["disputed"])

    assert printed.index("too little") < printed.index("set it anew") < printed.index("dismissed the idea")


@pytest.mark.parametrize(
    "texts",
    [
        (f"{WATERED} The home club disputes that final with Calder on Sunday.",),
        (f"{WATERED} Ida Lusk disputes that version of the club's history which hangs in the hall.",),
        (f"{DEPOT} Councillor Emeric Pohl has called the figure encouraging.",),
        (f"{DEPOT} Tove Sandal has called the figure of last year misleading.",),
        (f"{SWAPPED}\n\nThe association of pharmacists contests the seat of its former chair.",),
        (f"{SWAPPED}\n\nThe association of pharmacists does not contest the finding.",),
        (f"{BOXES}\n\nThe federation's president, Carl Besk, dismissed the coach.",),
        (f"{BOXES}\n\nMs. Fray dismissed the idea of a second run.",),
        (f"{SCALES} The owner of the hall does not accept cards.",),
        (f"{SCALES} The owner of the hall accepts that this has to be put right.",),
        (("Regulators said trading in the shares was to resume on Monday. A spokeswoman for the exchange said that its "
         "doors would open at nine."),),
        ("Halvard Brisk said he would step down. His attorney, Mona Feld, said the board had thanked him.",),
        (f"{FILTERS}A spokesman for the carmaker said that a new paint shop would open in May.",),
        (f"{FILTERS}A spokesman for the carmaker insisted that its summer fair would not move.",),
        (f"There are two versions of the new tram, one with a low floor. {EBB} {TAL}",),
        (f"The accounts of the archive will be published in May. {EBB} {TAL}",),
        (f"Doctors and the ministry agree on why the ward was closed. {ONSLOW} The ministry said the roof leaked.",),
        ((f"Doctors and the ministry disagree about why the ward was closed. {ONSLOW} Dr. Onslow said that two of them "
         "were ill."),),
        ("Goalkeeper Arvid Moll's account is that Sten Quill had pushed the referee in the tunnel.",
         "Sten Quill told the panel that Moll had been injured in May."),
        ("Goalkeeper Arvid Moll's account is that Sten Quill had pushed the referee in the tunnel.",
         "Sten Quill told the panel that Moll had met a referee in the tunnel."),
    ],
)  # fmt: skip
def test_what_only_looks_like_an_answer_is_none(texts: tuple[str, ...]) -> None:
    assert against(*texts) == []


TOUR = (
    "According to the orchestra it was they who ended the tour. The hall tells the story differently: its head, Ada "
    "Venn, said her board had called it off the night before."
)
HONEY = (
    "The cook says that a jar of honey bought at the market made the guests ill. The food office cast doubt on the "
    "explanation put forward by the cook, and sent the jar to be tested."
)
DROWNED = "The sailor is thought to have drowned when the jetty broke, according to the lifeboat service."
STROKE = "An examination found a stroke; he had not drowned, as the lifeboat service first supposed."


@pytest.mark.parametrize(
    ("texts", "pair"),
    [
        ((TOUR,), ("According to the", "The hall tells")),
        ((HONEY,), ("The cook says", "The food office")),
        ((DROWNED, STROKE), ("The sailor is", "An examination found")),
    ],
)
def test_an_account_is_told_otherwise_doubted_or_was_only_first_had(
    texts: tuple[str, ...], pair: tuple[str, str]
) -> None:
    assert against(*texts) == [pair]


def test_what_somebody_first_thought_of_something_else_is_no_answer() -> None:
    first = "The sailor is thought to have lost his way in fog, according to the lifeboat service."
    later = "The jetty had not collapsed, as the lifeboat service first supposed."

    assert against(first, later) == []
