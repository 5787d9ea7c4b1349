"""What went wrong in a run, to be opened one by one: question, gold, answer, evidence, what was withheld and why.

    from rag.evaluation.browsing import mistakes_of
    mistakes_of(run, "extractive", shelf.text)

HTML for a notebook: each mistake folds out by ``<details>``, without script. Nothing of an article is interpreted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, cast

from rag import rendering
from rag.evaluation.datasets import Question
from rag.evaluation.reports import mistakes
from rag.evaluation.runs import Run
from rag.rendering.stylesheet import FRAGMENT

if TYPE_CHECKING:
    from rag.evaluation.systems import Response
    from rag.wire import AnswerWire

Text = Callable[[str], str | None]
"""Id of a sentence to its text, None if there is none."""
READ = 12
"""Sentences shown of those that were read, the likeliest; gold among the others is named with its place."""
_STYLE = """<style>
.citewire.cw-errors{max-width:52em}
.citewire.cw-errors details{color:var(--cw-ink);font:inherit;margin:.35em 0;padding-left:.2em}
.cw-errors summary{cursor:pointer;padding:.2em 0}
.citewire.cw-errors details details{margin-left:1.1em;font-size:.94em}
.cw-errors .citewire.citewire{padding:.2em 0 .2em 1.1em;font-size:1em}
.cw-errors .citewire .cw-title{display:none}
.cw-errors ol li::marker{color:var(--cw-quiet)}
</style>"""


@dataclass(frozen=True, slots=True)
class Mistakes:
    """The mistakes of one system in a run, as a notebook shows them."""

    html: str
    count: int

    def __len__(self) -> int:
        return self.count

    def _repr_html_(self) -> str:
        return self.html

    def __str__(self) -> str:
        return f"{rendering.count(self.count, 'mistake')}; a notebook shows them"


def mistakes_of(run: Run, system: str, text: Text) -> Mistakes:
    """Return what ``system`` got wrong in ``run``; ``text`` gives a sentence by its id (``Shelf.text``)."""
    page = _Page(run, system, text)
    items = [page.item(*found) for found in mistakes(run, system)]
    asked = rendering.count(len(run.questions), "question")
    head = f"<p><b>{_safe(system)}</b>: {len(items)} of {asked} went wrong. Open one.</p>"
    body = "\n".join((head, *items))
    html = f'{FRAGMENT}\n{_STYLE}\n<section class="citewire cw-errors" aria-label="Mistakes">\n{body}\n</section>'
    return Mistakes(html, len(items))


@dataclass(frozen=True, slots=True)
class _Page:
    run: Run
    system: str
    text: Text

    def item(self, kind: str, question: Question, said: str) -> str:
        response = self.run.response(self.system, question.id)
        told = self._told(question, response) if response else (f"<p>{_safe(said)}</p>",)
        parts = "\n".join(part for part in (*self._gold(question), *told) if part)
        return f"<details><summary><b>{_safe(kind)}</b>: {_safe(question.text)}</summary>\n{parts}\n</details>"

    def _gold(self, question: Question) -> Iterator[str]:
        if question.unanswerable:
            yield "<p>Gold: no article answers it.</p>"
        elif question.answers:
            yield f"<p>Gold: {_safe(' / '.join(question.answers))}</p>"
        for number, fact in enumerate(question.facts, 1):
            which = f"fact {number} of {len(question.facts)}" if len(question.facts) > 1 else "the fact"
            yield _folded(f"Gold sentences: any of these tells {which}", (self._sentence(id) for id in sorted(fact)))

    def _told(self, question: Question, response: Response) -> Iterator[str]:
        document = cast("AnswerWire | None", response.extra.get("document"))
        if document:
            held = len(document["withheld"])
            name = (
                f"The answer, {rendering.count(held, 'statement')} withheld" if held else "The answer, nothing withheld"
            )
            yield f"<details open><summary>{name}</summary>{rendering.answer_html(document, withheld=True)}</details>"
        elif response.text:
            yield f"<p>Answer: {_safe(response.text)}</p>"
        read = tuple(dict.fromkeys(id for id in response.retrieved if "#" in id))
        yield _folded(
            f"Evidence: the likeliest of {rendering.count(len(read), 'sentence')} that were read",
            (f"{self._mark(id, question, response)}{self._sentence(id)}" for id in read[:READ]),
        )
        for fact in question.facts:
            yield _place(fact, read)

    def _mark(self, id: str, question: Question, response: Response) -> str:  # noqa: A002 - the field's own word
        gold, cited = id in question.sentences, id in response.citations
        words = [word for word, there in (("gold", gold), ("cited", cited)) if there]
        return f"<b>{', '.join(words)}</b>: " if words else ""

    def _sentence(self, id: str) -> str:  # noqa: A002
        return f'{_safe(self.text(id) or "(not in this archive)")} <span class="cw-quiet">{_safe(id)}</span>'


def _place(fact: frozenset[str], read: tuple[str, ...]) -> str:
    """Say where the first gold sentence of a fact stood among those that were read, if not among the first."""
    places = [place for place, id in enumerate(read, 1) if id in fact]
    if not places:
        return "<p>No gold sentence was read: retrieval missed it.</p>"
    return f"<p>The first gold sentence stood at place {places[0]} of the evidence.</p>" if places[0] > READ else ""


def _folded(title: str, items: Iterator[str]) -> str:
    listed = "\n".join(f'<li dir="auto">{item}</li>' for item in items)
    return f"<details><summary>{_safe(title)}</summary><ol>{listed}</ol></details>" if listed else ""


def _safe(text: str) -> str:
    return escape(rendering.line(text), quote=True)
