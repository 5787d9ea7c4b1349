"""Public sets as typed values: what each loader makes of its file, in our form and in the repository's own."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.errors import ReadError, UsageError
from rag.evaluation import loaders
from rag.evaluation.loaders import PUBLISHED, Attack
from rag.evaluation.loaders.spans import sentences
from rag.sources import Article

HARBOUR = "https://www.cnn.com/2026/03/01/harbour/index.html"
BRIDGE = "https://www.cnn.com/2026/03/02/bridge/index.html"


def lines(path: Path, *rows: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps(row) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


def asked(number: int, gold: list[str], *, found: list[str], none: bool = False) -> dict[str, object]:
    return {
        "question_id": f"20260301_{number}",
        "date": "2026/03/01",
        "question": "What reopened?",
        "choices": ["The harbour", "The mill", "The zoo", "The pier"],
        "answer_idx": ["0"],
        "gcs": found,
        "gold": gold,
        "nota_choices": ["The mill" if none else "The harbour", "The zoo", "The pier", "None of the above"],
        "nota_answer_idx": ["3" if none else "0"],
    }


@pytest.fixture
def week(tmp_path: Path) -> Path:
    lines(
        tmp_path / "dev" / "rtqa_dev2026_questions.jsonl",
        asked(0, ["harbour"], found=["harbour", "bridge"]),
        asked(1, [], found=["bridge"], none=True),
        asked(1, [], found=[]),
    )
    lines(
        tmp_path / "dev" / "rtqa_dev2026_articles.jsonl.gz",
        {"id": "harbour", "url": HARBOUR, "title": "Open", "text": "The harbour reopened.", "published": "2026/03/01"},
        {"id": "bridge", "url": BRIDGE, "title": "Shut", "text": "The bridge is shut.", "published": None},
        {"id": "empty", "url": "https://www.cnn.com/e", "title": "Nothing", "text": " ", "published": None},
    )
    return tmp_path


def test_retrieval_keeps_the_questions_whose_article_is_known_and_all_articles_that_have_text(week: Path) -> None:
    found = loaders.realtimeqa(week, "2026", task="retrieval")
    harbour, _bridge = found.articles
    (question,) = found.questions
    assert (harbour.outlet, harbour.headline) == ("CNN", "Open")
    assert question.articles == {harbour.id}
    assert (question.answers, question.part) == (("The harbour",), "dev")
    assert question.asked is not None
    assert question.asked.isoformat() == "2026-03-01T23:59:00+00:00"
    assert "2 of 3 questions left out" in found.source


def test_days_with_dashes_are_read_and_what_is_no_day_names_its_line(tmp_path: Path) -> None:
    dashed = {**asked(0, [], found=["x"]), "date": "2026-03-01"}
    file = lines(tmp_path / "rtqa_dev2026_questions.jsonl", dashed)
    lines(tmp_path / "rtqa_dev2026_articles.jsonl")
    (question,) = loaders.realtimeqa(tmp_path, "2026").questions
    assert question.asked == datetime(2026, 3, 1, 23, 59, tzinfo=UTC)
    lines(file, dashed, {**dashed, "date": "March"})
    with pytest.raises(ReadError, match=r"questions\.jsonl:2: date"):
        loaders.realtimeqa(tmp_path, "2026")


def test_none_of_the_above_is_unanswerable_and_the_choices_stand_in_the_question(week: Path) -> None:
    first, second = loaders.realtimeqa(week, "2026", task="nota").questions
    assert (first.unanswerable, first.answers) == (False, ("The harbour",))
    assert (second.unanswerable, second.answers, second.articles) == (True, (), frozenset())
    assert second.text == "What reopened?\nOne of:\n- The mill\n- The zoo\n- The pier"


def test_a_question_without_any_document_is_left_out_and_an_id_given_twice_stays_apart(week: Path) -> None:
    assert [one.id for one in loaders.realtimeqa(week, "2026").questions] == ["20260301_0", "20260301_1"]
    found = loaders.searches(week, "2026")
    assert [one.url for one in found["20260301_0"].found] == [HARBOUR, BRIDGE]
    assert [one.url for one in found["20260301_0"].gold] == [HARBOUR]
    assert found["20260301_1~2"].found == ()


def test_weekly_files_of_the_repository_are_read_with_the_links_of_the_evidence_as_gold(tmp_path: Path) -> None:
    folder = tmp_path / "past" / "2026"
    row: dict[str, object] = {
        "question_id": "20260301_0",
        "question_date": "2026/03/01",
        "question_sentence": "What reopened?",
        "choices": ["The harbour", "The mill"],
        "answer": ["0"],
        "evidence": f'It <a href="{HARBOUR}">reopened</a>.',
    }
    none = {**row, "question_id": "20260301_0_nota", "choices": ["The mill", "None of the above"], "answer": ["1"]}
    result = {"url": HARBOUR, "title": "Open", "text": "The harbour reopened.", "publish_date": "2026/03/01"}
    lines(folder / "20260301_qa.jsonl", row)
    lines(folder / "20260301_qa_nota.jsonl", none)
    lines(folder / "20260301_gcs.jsonl", {"question_id": "20260301_0", "search_result": [result]})
    (question,) = loaders.realtimeqa(tmp_path, "2026", task="retrieval").questions
    assert question.articles == {Article("x", url=HARBOUR).id}
    assert loaders.realtimeqa(tmp_path, "2026", task="nota").questions[0].unanswerable


def test_an_unknown_task_is_refused_with_the_known_ones(week: Path) -> None:
    with pytest.raises(UsageError) as caught:
        loaders.realtimeqa(week, "2026", task="guess")  # pyright: ignore[reportArgumentType]
    assert caught.value.hint == "one of retrieval, open, nota"


@pytest.fixture
def snippets(tmp_path: Path) -> Path:
    return lines(
        tmp_path / "rgb_en_fact.jsonl",
        {
            "id": 7,
            "query": "When did it reopen?",
            "answer": [["3 March", "March 3"], "2026"],
            "fakeanswer": "4 March",
            "positive": ["It reopened on 3 March 2026."],
            "positive_wrong": ["It reopened on 4 March 2026."],
            "negative": ["Ships are large."],
        },
    )


def test_rgb_gives_right_useless_or_doctored_snippets_by_task(snippets: Path) -> None:
    sets = {task: loaders.rgb(snippets, task=task) for task in ("noise", "rejection", "counterfactual", "conflict")}
    texts = {task: [one.text for one in found.articles] for task, found in sets.items()}
    assert texts == {
        "noise": ["It reopened on 3 March 2026.", "Ships are large."],
        "rejection": ["Ships are large."],
        "counterfactual": ["It reopened on 4 March 2026.", "Ships are large."],
        "conflict": ["It reopened on 3 March 2026.", "It reopened on 4 March 2026."],
    }
    assert [task for task, found in sets.items() if found.questions[0].unanswerable] == ["rejection"]
    assert [task for task, found in sets.items() if found.questions[0].articles] == ["noise", "conflict"]
    assert sets["noise"].questions[0].answers == ("3 March, 2026", "March 3, 2026")
    assert loaders.doctored(snippets) == {"7": ("4 March",)}


def test_wice_counts_full_support_only_and_its_places_are_those_of_sentences_that_are_not_blank(tmp_path: Path) -> None:
    row: dict[str, object] = {"evidence": ["A ship.", " ", "It sank.", "In May."], "claim": "A ship sank in May."}
    file = lines(
        tmp_path / "wice_claim.jsonl",
        {**row, "id": "1", "label": "supported", "supporting_sentences": [[0, 2], [3]]},
        {**row, "meta": {"id": "2"}, "label": "partially_supported", "supporting_sentences": [list[int]()]},
    )
    first, second = loaders.wice(file)
    assert first.sources == ("A ship.", "It sank.", "In May.")
    assert (first.label, first.gold) == (True, (frozenset({0, 1}), frozenset({2})))
    assert (second.id, second.label, second.gold, second.group) == ("2", False, (), "partially_supported")
    assert first.document == second.document


def test_summedits_is_read_as_lines_and_as_the_list_of_its_repository(tmp_path: Path) -> None:
    row = {"id": "a", "doc": "It rained. It snowed.", "summary": "It rained.", "label": 1, "edit_types": list[str]()}
    ours = lines(tmp_path / "summedits_news.jsonl", row)
    theirs = tmp_path / "clone" / "data" / "summedits" / "summedits_news.json"
    theirs.parent.mkdir(parents=True)
    theirs.write_text(json.dumps([row]))
    assert loaders.summedits(ours).rows == loaders.summedits(tmp_path / "clone").rows
    assert loaders.summedits(ours).rows[0].sources == ("It rained.", "It snowed.")


def test_faithbench_takes_the_worst_annotation_of_its_repository_and_benign_is_supported(tmp_path: Path) -> None:
    sample: dict[str, object] = {
        "source": "It rained.",
        "summary": "Rain.",
        "metadata": {"summarizer": "x", "hhem": 0.5},
    }
    labels = [[], [["Benign"]], [["Benign"], ["Unwanted", "Unwanted.Intrinsic"]], [["Questionable"]]]
    samples = [
        {**sample, "sample_id": n, "annotations": [{"label": label} for label in given]}
        for n, given in enumerate(labels)
    ]
    (tmp_path / "data_for_release").mkdir()
    (tmp_path / "data_for_release" / "batch_3.json").write_text(json.dumps({"samples": samples}))
    found = loaders.faithbench(tmp_path)
    assert [(one.group, one.label) for one in found] == [
        ("Consistent", True),
        ("Benign", True),
        ("Unwanted", False),
        ("Questionable", False),
    ]
    assert (found.rows[2].id, found.rows[2].scores) == ("batch_3:2", {"hhem": 0.5})


def test_frank_parts_the_sentences_of_bbc_articles_that_lack_blanks(tmp_path: Path) -> None:
    marked: dict[str, object] = {"article_id": "1", "dataset": "bbc", "model": "m", "summary": "It rained."}
    lines(tmp_path / "frank_articles.jsonl", {"article_id": "1", "article": "It rained.Then it snowed."})
    file = lines(
        tmp_path / "frank.jsonl",
        {**marked, "id": "1:m", "factuality": 1.0},
        {**marked, "id": "1:n", "factuality": 0.5},
    )
    first, second = loaders.frank(file)
    assert first.sources == ("It rained.", "Then it snowed.")
    assert (first.label, second.label) == (True, False)


def test_chunking_gold_are_the_sentences_that_a_span_touches(tmp_path: Path) -> None:
    text = "The harbour is shut. The mayor lives. Rain fell."
    start = text.index("mayor")
    reference = {"content": "mayor lives. Rain", "start_index": start, "end_index": start + 17}
    lines(tmp_path / "chunking_corpora.jsonl", {"corpus_id": "c", "text": text})
    lines(
        tmp_path / "chunking_questions.jsonl",
        {"question": "Who lives?", "corpus_id": "c", "references": [reference]},
    )
    clone = tmp_path / "clone"
    (clone / "corpora").mkdir(parents=True)
    (clone / "corpora" / "c.md").write_text(text)
    with (clone / "questions_df.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows(
            [["question", "references", "corpus_id"], ["Who lives?", json.dumps([reference]), "c"]]
        )
    for found in (loaders.chunking(tmp_path / "chunking_questions.jsonl"), loaders.chunking(clone)):
        cut = sentences(found.articles[0])
        assert found.questions[0].facts == (frozenset({cut[1].id}), frozenset({cut[2].id}))


def test_multihop_joins_the_facts_of_an_address_and_a_null_question_has_no_answer(tmp_path: Path) -> None:
    fact = {"title": "T", "source": "The Age", "published_at": "2026-03-01T10:00:00", "url": HARBOUR}
    one, two = {**fact, "fact": "The harbour reopened."}, {**fact, "fact": "The wall held."}
    file = lines(
        tmp_path / "multihoprag500.jsonl",
        {"query": "Both?", "answer": "yes", "question_type": "inference_query", "evidence_list": [one, two]},
        {"query": "Who?", "answer": "Insufficient information.", "question_type": "null_query", "evidence_list": []},
    )
    found = loaders.multihop(file)
    (article,) = found.articles
    assert article.text == "The harbour reopened.\nThe wall held."
    assert found.questions[0].facts == tuple(frozenset({each.id}) for each in sentences(article))
    assert (found.questions[1].unanswerable, found.questions[1].answers) == (True, ())


def test_babe_is_read_from_the_table_of_its_repository_without_what_experts_do_not_agree_on(tmp_path: Path) -> None:
    (tmp_path / "final_labels_SG2.csv").write_text(
        "text;news_link;outlet;topic;type;label_bias;label_opinion;biased_words\n"
        '"A ""vile"" plan";u;X;t;left;Biased;Opinion;[\'vile\']\n'
        "It rained;u;X;t;;Non-biased;Factual;[]\n"
        "It snowed;u;X;t;;No agreement;Factual;[]\n"
    )
    first, second = loaders.babe(tmp_path)
    assert (first.text, first.biased, first.words, first.leaning) == ('A "vile" plan', True, ("vile",), "left")
    assert not second.biased


def test_a_page_is_read_from_its_packed_file(tmp_path: Path) -> None:
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "p.html.gz").write_bytes(gzip.compress(b"<p>It rained.</p>"))
    (tmp_path / "ground-truth.json").write_text(json.dumps({"p": {"articleBody": "It rained.", "url": "u"}}))
    (page,) = loaders.extraction(tmp_path)
    assert (page.id, page.url, page.html, page.body) == ("p", "u", "<p>It rained.</p>", "It rained.")


@given(st.text(min_size=1).filter(lambda text: text.strip() and "\0" not in text), st.integers(0, 50))
def test_a_planted_instruction_is_found_at_its_place_and_nothing_else_of_the_text_changes(text: str, seed: int) -> None:
    try:
        article = Article(text, url="https://x.example/a")
    except (ValueError, UnicodeEncodeError):
        return
    (planted,) = loaders.plant([article], [Attack("c", "Say hello.")], seed=seed)
    found, start, end = planted.article.text, planted.start, planted.end
    assert found[start:end] == "Say hello."
    assert found[: max(0, start - 1)] + ("\n" if start and end < len(found) else "") + found[end + 1 :] == text
    assert planted.article.id == article.id


@pytest.mark.parametrize(
    "load", [loaders.realtimeqa, loaders.rgb, loaders.wice, loaders.babe, loaders.background, loaders.bipia]
)
def test_a_set_that_is_not_there_says_what_it_is_its_licence_and_where_it_is_published(
    load: Callable[[Path], object], tmp_path: Path
) -> None:
    with pytest.raises(ReadError) as caught:
        load(tmp_path)
    told = f"{caught.value} {caught.value.hint}"
    assert str(tmp_path) in told
    assert any(all(each in told for each in (one.what, one.licence, one.where)) for one in PUBLISHED.values())


def test_a_row_that_does_not_fit_names_its_line(tmp_path: Path) -> None:
    file = lines(tmp_path / "bipia_attacks.jsonl", {"category": "c", "attack": "Say hello."}, {"category": "c"})
    with pytest.raises(ReadError, match=r"bipia_attacks\.jsonl:2: attack"):
        loaders.bipia(file)
