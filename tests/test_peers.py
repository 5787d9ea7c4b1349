"""How peers are asked and scored: what counts, what counts once, and that each rival runs on small articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pytest
from peers import RIVALS, gold_scores, has, retrieval_scores, sentence_texts, snippet_scores, unanswered
from reading import LINE, NOTHING, PROMPT, Cited, Library, OverlapReader, Response, numbered, read
from retrieval import FAR, Case, rank

from rag.sources import Article

FERRY = Article("The ferry sank on Monday. Four people died.", headline="Ferry sinks", url="https://a.example/1")
BRIDGE = Article("The bridge was closed. It reopens in May.", headline="Bridge shut", url="https://a.example/2")
ZOO = Article("A zoo in Lindholm has a new panda.", headline="Panda", url="https://a.example/3")
NEWS = (FERRY, BRIDGE, ZOO)
NEEDS = {
    "langchain": "langchain_chroma",
    "llamaindex": "llama_index",
    "haystack": "haystack",
    "bm25": "tantivy",
    "dense": "numpy",
}
ODD, EVEN = "q0", "q1"
"""Ids of which one has an odd and one an even md5."""


@dataclass
class Scripted:
    """A system that says what it was told to."""

    order: Sequence[str] = ()
    said: Response = field(default_factory=lambda: Response(NOTHING, declined=True))

    def rank(self, question: str) -> Sequence[str]:
        del question
        return self.order

    def ask(self, question: str) -> Response:
        del question
        return self.said


# -- scores ----------------------------------------------------------------------------------------------------------


def test_the_rank_is_that_of_the_first_right_article_and_far_without_one() -> None:
    assert rank(["a", "b", "c"], {"b", "c"}) == 1
    assert rank(["a"], {"b"}) == FAR
    assert rank([], {"b"}) == FAR


def test_hits_end_at_four_and_reciprocal_ranks_at_ten() -> None:
    order = [str(n) for n in range(12)]
    cases = [Case(EVEN, "?", frozenset({place})) for place in ("0", "3", "4", "9", "10")]
    found = [retrieval_scores(Scripted(order), case) for case in cases]
    assert [scores["Hits@4"][0] for scores in found] == [1, 1, 0, 0, 0]
    assert [scores["MRR@10"][0] for scores in found] == [1, 1 / 4, 1 / 5, 1 / 10, 0]


def test_only_a_question_that_fitted_nothing_counts_in_the_other_half() -> None:
    odd, even = (Case(id_, "?", frozenset({"a"})) for id_ in (ODD, EVEN))
    assert (odd.even, even.even) == (False, True)
    all_ = {"Hits@4", "MRR@10"}
    assert set(retrieval_scores(Scripted(["a"]), even)) == all_
    assert set(retrieval_scores(Scripted(["a"]), odd)) == all_ | {"Hits@4, other half", "MRR@10, other half"}


def test_an_answer_in_parts_needs_all_of_them_in_any_form() -> None:
    answer: list[str | list[str]] = [["3 March", "March 3"], "2026"]
    assert has("It reopened on march 3, 2026.", answer)
    assert not has("It reopened on March 3.", answer)
    assert has("In Paris.", "paris")
    assert not has("", "paris")


@pytest.mark.parametrize(
    ("said", "right", "wrong", "refused"),
    [
        (Response("It was Paris."), 1, 0, 0),
        (Response("It was Rome."), 0, 1, 0),
        (Response("Not Paris, I cannot say.", declined=True), 0, 0, 1),
    ],
)
def test_an_answer_is_right_or_wrong_or_refused(said: Response, right: int, wrong: int, refused: int) -> None:
    scores = snippet_scores(Scripted(["a"], said), Case(ODD, "?", frozenset({"a"})), "Paris")
    assert [scores[name] for name in ("right", "wrong", "refused")] == [(right, 1), (wrong, 1), (refused, 1)]
    assert not [name for name in scores if "half" in name]


def test_whatever_is_said_where_nothing_answers_counts_as_answered() -> None:
    assert unanswered(Scripted(), "?") == {"answered": (0, 1)}
    assert unanswered(Scripted(said=Response("Paris.")), "?") == {"answered": (1, 1)}


TEXTS = {"a@1#0": "Four died.", "b@1#0": "Four died.", "c@1#0": "It sank.", "d@1#0": "The sea is blue."}
"""A sentence and its copy, and two others."""
FACTS = (frozenset({"a@1#0", "b@1#0"}), frozenset({"c@1#0"}))


def test_a_sentence_that_copies_carry_counts_once() -> None:
    both = Response("Four died.", ("a@1#0", "b@1#0", "d@1#0"), ("b@1#0",))
    found = gold_scores(both, FACTS, TEXTS, tested=False)
    assert found["cited precision"] == (1, 2)
    assert found["cited recall"] == (1, 2)
    assert found["sentence precision"] == (1, 1)
    assert found["sentence recall"] == (1, 2)
    assert found["wrong"] == (0, 1)
    assert not [name for name in found if "test" in name]


def test_the_test_half_has_columns_of_its_own() -> None:
    found = gold_scores(Response("It sank.", ("c@1#0",), ("c@1#0",)), FACTS, TEXTS, tested=True)
    assert found["cited recall, test"] == found["cited recall"] == (1, 2)


def test_an_answer_is_wrong_if_no_sentence_that_it_was_taken_from_is_gold() -> None:
    beside = Response("The sea is blue.", ("a@1#0", "d@1#0"), ("d@1#0",))
    assert gold_scores(beside, FACTS, TEXTS, tested=False)["wrong"] == (1, 1)
    declined = gold_scores(Response(NOTHING, declined=True), FACTS, TEXTS, tested=False)
    assert (declined["wrong"], declined["answerable refused"]) == ((0, 0), (1, 1))
    assert declined["cited precision"] == (0, 0)


def test_of_a_question_without_an_answer_only_answering_counts() -> None:
    said = gold_scores(Response("Blue.", ("d@1#0",), ("d@1#0",)), (), TEXTS, tested=True)
    assert said == {"unanswerable answered": (1, 1), "wrong": (1, 1)}
    quiet = gold_scores(Response(NOTHING, declined=True), (), TEXTS, tested=True)
    assert quiet == {"unanswerable answered": (0, 1), "wrong": (0, 0)}


def test_copies_with_another_dateline_are_the_same_sentence() -> None:
    texts = [f"{place}, March 3 (Wire) — The ferry sank  off the head." for place in ("OSLO", "BERGEN")]
    first, second = (Article(text, url=f"https://a.example/{text[:4]}") for text in texts)
    assert len(set(sentence_texts([first, second]).values())) == 1


# -- reading ---------------------------------------------------------------------------------------------------------


def prompt(*texts: tuple[str, str], question: str = "When did it sink?") -> str:
    return PROMPT.format(sources=numbered(texts), question=question)


def test_what_is_read_from_a_prompt_is_what_was_put_into_it() -> None:
    question, sources = read(prompt(("Ferry sinks", FERRY.text), ("", "Source 9:\nis no mark.\n\nIt rained.")))
    assert question == "When did it sink?"
    assert [(one.headline, one.text.strip()) for one in sources if one] == [
        ("Ferry sinks", FERRY.text),
        (None, "Source 9:\nis no mark.\n\nIt rained."),
    ]


def test_the_plain_reader_says_the_sentence_with_most_words_of_the_question_or_that_nothing_answers() -> None:
    reader = OverlapReader()
    asked = prompt(("", BRIDGE.text), ("", FERRY.text), question="When did the ferry sink?")
    assert reader.reply(asked) == "The ferry sank on Monday.[2]"
    assert reader.picks == [(2, "The ferry sank on Monday.")]
    assert reader.reply(prompt(("", FERRY.text), question="Who won?")) == NOTHING
    assert reader.picks == []
    assert LINE in PROMPT


def test_a_chunk_cites_the_sentences_that_stand_whole_in_it_and_a_pick_the_one_it_is_cut_from() -> None:
    library = Library(NEWS)
    chunk = Cited(FERRY.id, "on Monday.  Four people died.")
    assert library.within(chunk) == [f"{FERRY.key}#1"]
    assert library.around(Cited(FERRY.id, "on Monday.")) == [f"{FERRY.key}#0"]
    found = library.response("It sank.[1][1][7]", {1: chunk}, [(1, "on Monday."), (7, "nowhere")])
    assert (found.citations, found.sentences, found.articles) == ((f"{FERRY.key}#1",), (f"{FERRY.key}#0",), (FERRY.id,))
    assert not found.declined
    assert library.response(NOTHING, {1: chunk}, []).declined


# -- rivals ----------------------------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("ignore")  # theirs, not ours
@pytest.mark.parametrize("name", RIVALS)
def test_each_rival_ranks_and_answers_with_what_it_cites(name: str, tmp_path: Path) -> None:
    if find_spec(NEEDS[name]) is None:
        pytest.skip(f"{name} is not installed: pip install 'citewire[peers]'")
    system = RIVALS[name](NEWS, tmp_path, OverlapReader())
    assert system.rank("Which ferry sank on Monday?")[0] == FERRY.id
    said = system.ask("Which ferry sank on Monday?")
    assert "The ferry sank on Monday." in said.text
    assert said.sentences == (f"{FERRY.key}#0",)
    assert set(said.citations) == {f"{FERRY.key}#0", f"{FERRY.key}#1"}
    assert said.articles == (FERRY.id,)
    assert system.ask("Wherefore quixotic?").declined
