"""Runs and comparisons to text, Markdown, JSON and one HTML page with plots.

Every mean stands with its interval and the number of questions it rests on; what was not judged is counted beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from rag import rendering
from rag.evaluation import judges
from rag.evaluation.needed import need
from rag.evaluation.systems import REMEMBERED
from rag.neutrality import ACCURACY
from rag.rendering.markdown import escape

if TYPE_CHECKING:
    from rag.evaluation.comparing import Comparison, Difference
    from rag.evaluation.datasets import Question
    from rag.evaluation.metrics import Group
    from rag.evaluation.runs import Run

GROUPS: Mapping[Group, str] = {
    "answers": "Answers",
    "citations": "Citations",
    "faithfulness": "Faithfulness, by a judge",
    "abstention": "Declining",
    "retrieval": "Retrieval",
    "neutrality": "Neutrality",
    "cost": "Time and cost",
}
WORDING_ERROR = (
    f"Concerns are what wording rules find: against the annotators of {ACCURACY.data} ({ACCURACY.sentences:,} "
    f"sentences, benchmarks/neutrality.py) they have macro-F1 {ACCURACY.macro_f1:.3f}, miss {ACCURACY.missed:.0%} of "
    f"what is biased and flag {ACCURACY.flagged:.0%} of what is not."
)
SAYS = {
    "exact_match": "the whole answer is an accepted one",
    "token_f1": "words shared with the accepted answer",
    "answer_recall": "an accepted answer stands in the text",
    "rouge_l": "longest common subsequence with the accepted answer",
    "citation_precision": "cited sentences that answer the question",
    "citation_recall": "needed facts that are cited",
    "citation_f1": "of the two; 0 for a declined question that has an answer",
    "article_citation_precision": "cited articles that answer the question",
    "article_citation_recall": "needed facts whose article is cited",
    "article_citation_f1": "of the two",
    "pointer_validity": "citations that point to the text they print",
    "quote_validity": "quotations that stand in a cited sentence",
    "attribution_kept": "claims that leave a statement with its speaker",
    "faithfulness": "judge's score of each claim given what it cites",
    "support_recall": "claims that what they cite supports",
    "support_precision": "citations that a claim needs",
    "support_f1": "of the two",
    "answered": "questions answered: the coverage",
    "wrong": "answers with nothing right in them",
    "correct_refusal": "unanswerable questions that were declined",
    "false_refusal": "answerable questions that were declined",
    "aurc": "area under the risk-coverage curve, up to the coverage reached",
    "fact_recall@5": "needed facts in the first 5 sentences",
    "fact_recall@10": "needed facts in the first 10 sentences",
    "concerns_per_claim": "wordings that an editor would question",
    "seconds": "from question to answer",
    "tokens": "read and written by a chat model",
    "dollars": "at list prices",
}
Cell = tuple[float, float, float, int, int]
"""Mean, its bounds, questions with a value, questions unjudged."""


@dataclass(frozen=True, slots=True)
class Line:
    """One metric of all systems."""

    metric: str
    lower: bool
    """It is better when lower."""
    cells: Mapping[str, Cell]

    @property
    def label(self) -> str:
        """Name and direction."""
        return f"{self.metric} {'↓' if self.lower else '↑'}"


def lines(run: Run, part: str | None = None) -> dict[str, list[Line]]:
    """Return the scores by group."""
    table = cast("dict[tuple[str, str], dict[str, float]]", run.scores(part).to_dict("index"))
    metrics = {m.name: (m.group, m.better == "lower") for m in run.config.metrics} | {"aurc": ("abstention", True)}
    found: dict[str, list[Line]] = {}
    for group, title in GROUPS.items():
        for name, (of, lower) in metrics.items():
            cells = {system: _cell(table[system, name]) for system in run.systems if (system, name) in table}
            if of == group and cells:
                found.setdefault(title, []).append(Line(name, lower, cells))
    return found


def text(run: Run, part: str | None = None) -> str:
    """Return the scores for a terminal."""
    groups = lines(run, part)
    shown = [_shown(cell) for group in groups.values() for line in group for cell in line.cells.values()]
    width = max(20, *(len(one) for one in (*shown, *map(rendering.line, run.systems)))) + 2
    rows = ["".join([f"{'':<32}", *(f"{rendering.line(system):<{width}}" for system in run.systems), "questions"])]
    for title, group in groups.items():
        rows += ["", title]
        for line in group:
            cells = "".join(f"{_shown(line.cells.get(system)):<{width}}" for system in run.systems)
            rows.append(f"  {line.label:<30}{cells}{_resting(line, run.systems)}")
    return "\n".join(["\n".join(rows), "", *notes(run)])


def markdown(run: Run) -> str:
    """Return the report as Markdown."""
    parts = [f"# Evaluation: {escape(run.config.dataset)}", *(escape(note) for note in notes(run))]
    head = ["metric", *(escape(system) for system in run.systems), "questions", "what it says"]
    for title, group in lines(run).items():
        rows = [_row(head), _row(["---"] * len(head))]
        for line in group:
            cells = [_shown(line.cells.get(system)) for system in run.systems]
            rows.append(
                _row([f"`{line.metric}` {'↓' if line.lower else '↑'}", *cells, _resting(line, run.systems), says(line)])
            )
        parts += [f"## {title}", "\n".join(rows)]
    for system in run.systems:
        wrong = [f"- {escape(kind)}: {escape(question.text)}" for kind, question, _ in mistakes(run, system)]
        if wrong:
            parts += [f"## What went wrong: {escape(system)}", "\n".join(wrong)]
    return "\n\n".join(parts) + "\n"


def notes(run: Run) -> list[str]:
    """Return what a reader must know beside the figures."""
    config, asked = run.config, run.questions
    empty = sum(question.unanswerable for question in asked)
    versions = ", ".join(f"{name} {version}" for name, version in config.versions.items())
    counted = f"{len(asked)} questions, {empty} of them unanswerable"
    found = [
        f"{counted}; means with 95% bootstrap intervals (seed {config.seed}); ↑ higher is better, ↓ lower is better.",
        f"Data {config.data[:12]}; {versions}; {config.parallel} at once.",
    ]
    if names := sorted({metric.judge for metric in config.metrics if metric.judge}):
        errors = "; ".join(f"{name} ({judges.error_of(name)})" for name in names)
        found.append(
            f"Faithfulness and support are the opinion of {errors}. "
            "A claim that stands word for word in what it cites is not judged and counts as 1."
        )
        if any(str(made.get("verifier", "")) not in {"", "rules"} for made in config.systems.values()):
            found.append("Citewire withholds claims that its verifier rejects: the same judge finds no more of them.")
    if any(metric.group == "neutrality" for metric in config.metrics):
        found.append(WORDING_ERROR)
    for system in run.systems:
        responses = [one for question in asked if (one := run.response(system, question.id))]
        said, recalled = len(responses), sum(REMEMBERED in one.extra for one in responses)
        failed, judged = len(run.failures(system)), _unjudged(run, system)
        if failed:
            found.append(
                f"{system}: {rendering.count(failed, 'question')} failed and will be asked again by the next run."
            )
        if said + failed < len(asked):
            found.append(f"{system}: {len(asked) - said - failed} questions were not asked yet.")
        if recalled:
            found.append(
                f"{system}: {rendering.count(recalled, 'answer')} from replies that the archive remembers: "
                "what they took was not measured; --fresh and another folder ask again."
            )
        if judged:
            found.append(
                f"{system}: {rendering.count(judged, 'answer')} not judged; the next run asks the judge again."
            )
    return found


def mistakes(run: Run, system: str) -> Iterator[tuple[str, Question, str]]:
    """Yield what went wrong, the question, and what was said to it."""
    for question in run.questions:
        record = run.records.get((system, question.id))
        if record and record.failed:
            yield "failed", question, f"{record.failed.kind}: {record.failed.message}"
        elif record and record.response:
            if run.value(system, question.id, "wrong") == 1:
                kind = "answered, though nothing answers it" if question.unanswerable else "wrong"
                yield kind, question, record.response.text
            elif run.value(system, question.id, "false_refusal") == 1:
                yield "declined, though there is an answer", question, ""


def says(line: Line) -> str:
    """Return what a metric says, in words."""
    kind, _, measure = line.metric.partition("_")
    return SAYS.get(line.metric, f"{measure.replace('_', ' ')} over {kind}s" if kind in {"sentence", "article"} else "")


def document(run: Run) -> dict[str, object]:
    """Return config, scores and notes for JSON."""
    scores = run.scores().reset_index()
    return {
        "schema": "citewire/evaluation-1",
        "config": run.config.model_dump(mode="json", exclude={"schema_"}),
        "scores": cast("list[object]", json.loads(scores.to_json(orient="records", double_precision=6))),
        "notes": notes(run),
    }


def html(run: Run) -> str:
    """Return the report as one page with its plots."""
    from rag.evaluation.pages import page  # noqa: PLC0415 - matplotlib behind it

    return page(run)


def save(run: Run) -> None:
    """Write the report into the folder in every form, and every value as CSV."""
    need()
    (run.folder / "report.md").write_text(markdown(run), encoding="utf-8")
    (run.folder / "report.html").write_text(html(run), encoding="utf-8")
    (run.folder / "report.json").write_text(json.dumps(document(run), indent=1) + "\n", encoding="utf-8")
    run.frame().to_csv(run.folder / "values.csv", index=False)


def compared(comparison: Comparison) -> str:
    """Return a comparison as Markdown, which a terminal shows as well."""
    c = comparison
    name = {"a": c.a, "b": c.b, "": "-"}
    rows = [_row(["metric", f"a: {c.a}", f"b: {c.b}", "b - a", "95% interval", "pairs", "better"])]
    rows.append(_row(["---"] * 7))
    rows += [_row(_compared(one, name[one.winner])) for one in c.differences]
    told = (
        f"{c.questions} questions of {c.dataset}, paired bootstrap, {c.resamples:,} resamples, seed {c.seed}. "
        "Where the interval holds 0, neither is called better. Of twenty metrics one differs by chance."
    )
    return "\n".join(_aligned(rows)) + f"\n\n{told}"


def _compared(one: Difference, better: str) -> list[str]:
    values = [f"{figure(one.a)}", f"{figure(one.b)}", f"{figure(one.difference, signed=True)}"]
    bounds = f"{figure(one.low, signed=True)} to {figure(one.high, signed=True)}"
    return [f"{one.metric} {'↓' if one.better == 'lower' else '↑'}", *values, bounds, str(one.pairs), better]


def _aligned(rows: Sequence[str]) -> list[str]:
    """Return the rows of a table with columns of one width."""
    cells = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    rule = ["-" * width for width in widths]
    body = [rule if set("".join(row)) == {"-"} else row for row in cells]
    return [_row([cell.ljust(width) for cell, width in zip(row, widths, strict=True)]) for row in body]


def _cell(row: Mapping[str, float]) -> Cell:
    return (row["value"], row["low"], row["high"], int(row["questions"]), int(row["unjudged"]))


def figure(value: float, *, signed: bool = False) -> str:
    """Return a number with three digits after the point, or as many as tell it from 0; large ones with none."""
    sign = "+" if signed else ""
    size = abs(value)
    if size >= 100:  # noqa: PLR2004 - tokens, not shares
        return f"{value:{sign},.0f}"
    return f"{value:{sign}.3f}" if size >= 0.001 or size == 0 else f"{value:{sign}.1g}"  # noqa: PLR2004


def _shown(cell: Cell | None) -> str:
    if cell is None:
        return "–"
    value, low, high, questions, _ = cell
    return f"{figure(value)} [{figure(low)}, {figure(high)}]" if questions else "unjudged"


def _resting(line: Line, systems: Sequence[str]) -> str:
    """Return the questions that the means rest on, in the order of the systems; one number where they do not differ."""
    given = [_counted(line.cells.get(system)) for system in systems]
    return given[0] if len(set(given)) == 1 else " / ".join(given)


def _counted(cell: Cell | None) -> str:
    if cell is None:
        return "–"
    *_, questions, unjudged = cell
    return f"{questions}{f' ({unjudged} unjudged)' if unjudged else ''}"


def _unjudged(run: Run, system: str) -> int:
    found = (run.valued.get((system, question.id)) for question in run.questions)
    return sum(any(value == "unjudged" for value in one.values.values()) for one in found if one)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
