"""Mistakes of a run, opened one by one: gold, answer, evidence, what was withheld; no script, nothing interpreted."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.answers import Abstention, Answer
from rag.claims import Citation, Claim, Provenance, Reason, Withheld
from rag.evaluation.browsing import Mistakes, mistakes_of
from rag.evaluation.datasets import Dataset, Question
from rag.evaluation.running import run
from rag.evaluation.systems import Response
from rag.sentences import split
from rag.sources import Article, Evidence, Sentence

TEXT = "The ferry hit the wall. The words <script>alert(1)</script> were painted on it. Dr. Selwick leads the inquiry."
SOURCE = Article(TEXT, headline="Ferry", outlet="Gazette", url="https://gazette.example/1")
SENTENCES = [
    Sentence(SOURCE.id, SOURCE.version, n, start, end, TEXT[start:end]) for n, (start, end) in enumerate(split(TEXT))
]
TEXTS = {sentence.id: sentence.text for sentence in SENTENCES}
MADE = Provenance("extractive", "rules", "", "0")


def answer(question: str, cited: int) -> Answer:
    citation = Citation.of(SENTENCES[cited], SOURCE)
    held = Withheld("Nine leads it & more.", Reason.FACTS, "the cited sentences do not contain Nine", (citation,))
    return Answer(question, (Claim(citation.sentence.text, (citation,), ("pointer",)),), MADE, withheld=(held,))


def ask(question: Question) -> Response:
    read = [Evidence(n, sentence, SOURCE, float(-n)) for n, sentence in enumerate(SENTENCES)]
    if question.id == "fails":
        msg = "the line was cut"
        raise OSError(msg)
    if question.id == "declined":
        return Response.of(Abstention(question.text, MADE, (question.text,)), read[:1])
    cited = {"right": 2}.get(question.id, 1)
    return Response.of(answer(question.text, cited), read)


@pytest.fixture
def found(tmp_path: Path) -> Mistakes:
    gold = (frozenset({SENTENCES[2].id}),)
    questions = (
        Question("right", "Who leads the inquiry?", ("Selwick",), gold),
        Question("wrong", "Who leads <b>it</b>?", ("Selwick",), gold),
        Question("declined", "Who is in charge?", ("Selwick",), gold),
        Question("nothing", "Who painted it?", unanswerable=True),
        Question("fails", "Who cut the line?", ("nobody",)),
    )
    return mistakes_of(run({"ours": ask}, Dataset("gold", questions), tmp_path / "run"), "ours", TEXTS.get)


def item(found: Mistakes, question: str) -> str:
    (part,) = [part for part in found.html.split("\n<details><summary><b>") if f"</b>: {question}" in part]
    return part


def test_only_mistakes_are_listed_and_counted(found: Mistakes) -> None:
    assert len(found) == 4
    assert "4 of 5 questions went wrong" in found.html
    assert "Who leads the inquiry?</summary>" not in found.html


def test_a_wrong_answer_opens_to_gold_evidence_and_withheld_claims(found: Mistakes) -> None:
    told = item(found, "Who leads &lt;b&gt;it&lt;/b&gt;?")
    assert "Gold: Selwick" in told
    assert "1 statement withheld" in told
    assert "the cited sentences do not contain Nine" in told
    assert "<b>gold</b>: Dr. Selwick leads the inquiry." in told
    assert "<b>cited</b>: The words &lt;script&gt;" in told


def test_a_gold_sentence_that_was_not_read_is_told(found: Mistakes) -> None:
    assert "retrieval missed it" in item(found, "Who is in charge?")
    assert "retrieval missed it" not in item(found, "Who leads &lt;b&gt;it&lt;/b&gt;?")


def test_an_unanswerable_question_and_a_failed_one_say_what_they_are(found: Mistakes) -> None:
    assert "no article answers it" in item(found, "Who painted it?")
    assert "the line was cut" in item(found, "Who cut the line?")


def test_nothing_of_an_article_or_a_question_is_interpreted(found: Mistakes) -> None:
    assert "<script" not in found.html
    assert "<b>it</b>" not in found.html
    assert found.html.count("<details") == found.html.count("</details>")
