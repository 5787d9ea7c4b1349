"""Cited sentences to what has overtaken them since: a new version of their article, or a correction by their outlet.

A citation stays true to its own version for ever. This says what a reader must know besides, with the sentences that
say it. Rules are made to miss rather than to accuse: a correction is read as being about an article only if it names
what the article names, was published later, and takes back a figure that stands in the cited sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from rag.claims import Citation
from rag.corrections import corrections, may_correct, withdrawn
from rag.facts import days, numbers
from rag.passages import same_paragraph
from rag.protocols import Archive
from rag.sources import Article, Evidence, Scope
from rag.vocabulary import ABOUT, telling, words

if TYPE_CHECKING:
    from collections.abc import Sequence

ALIKE = 0.6
"""How alike two sentences of two versions are, by their words, for one to be the other as edited. By reading: an edited
figure or name leaves 0.8 and more, two sentences of one article on one matter reach 0.5."""
SHARED = 0.5
"""Share of a correction's headline that the corrected article must have, in telling words: at least two of them."""
GONE = "its article has a newer version without this sentence"
_LABELS = telling("correction corrections clarification article story report earlier version")
_RIGHT = 3
"""Sentences of a correction from the one that takes a figure back: what is right stands in them."""


@dataclass(frozen=True, slots=True)
class Overtaken:
    """A cited sentence that its outlet has changed, dropped or taken back since."""

    before: Citation
    after: tuple[Citation, ...]
    """The sentences that say so, or that stand in its place; none if the sentence is only gone."""
    why: str


class Watch:
    """Looks for what has overtaken sentences, reading each outlet's corrections once."""

    def __init__(self, archive: Archive) -> None:
        self._archive = archive
        self._corrections: dict[str, list[list[Evidence]]] = {}

    def overtaken(self, citation: Citation) -> Overtaken | None:
        """Return what has overtaken a cited sentence; None if nothing has, or if its article is not here."""
        cited = self._archive.article(citation.sentence.article, citation.sentence.version)
        current = self._archive.article(citation.sentence.article)
        if cited is None or current is None:
            return None
        if current.version != cited.version and citation.sentence.text not in current.text:
            return self._edited(citation, current)
        return self._taken_back(citation, cited)

    def _edited(self, citation: Citation, current: Article) -> Overtaken | None:
        sentences = self._archive.sentences(current)
        old = words(citation.sentence.text)
        scored = [(_alike(old, words(s.text)), -abs(s.n - citation.sentence.n), s) for s in sentences]
        best = max(scored, key=lambda found: found[:2], default=None)
        if best is not None and _figures(best[2].text) == _figures(citation.sentence.text) and best[0] == 1:
            return None  # other quotation marks, another space
        if best is None or best[0] < ALIKE:
            return Overtaken(citation, (), GONE)
        return Overtaken(citation, (Citation.of(best[2], current),), "its article has a newer version")

    def _taken_back(self, citation: Citation, cited: Article) -> Overtaken | None:
        item = Evidence(1, citation.sentence, cited)
        if not cited.outlet:
            return None
        for correction in self._of(cited.outlet):
            article = correction[0].article
            later = cited.published and article.published and article.published > cited.published
            if later and article.id != cited.id and concerns(correction, cited):
                together = [item, *correction]
                if 1 in withdrawn(together):
                    run = _paragraph(correction)
                    after = tuple(Citation.of(one.sentence, article) for one in run)
                    return Overtaken(citation, after, f"{article.outlet} took it back")
        return None

    def _of(self, outlet: str) -> list[list[Evidence]]:
        """Return the corrections of an outlet, each from the sentence that takes something back, newest first."""
        if outlet not in self._corrections:
            found: list[list[Evidence]] = []
            for article in filter(may_correct, self._archive.articles(Scope(outlets=(outlet,)))):
                numbered = enumerate(self._archive.sentences(article), start=2)
                evidence = [Evidence(number, sentence, article) for number, sentence in numbered]
                if taking := corrections(evidence):
                    found.append([item for item in evidence if item.number >= taking[0].number])
            self._corrections[outlet] = found
        return self._corrections[outlet]


def concerns(correction: Sequence[Evidence], article: Article) -> bool:
    """Tell whether a correction is about ``article``: it names what that names, and its day where it gives one."""
    first = correction[0]
    named = telling(first.article.headline or first.sentence.text) - _LABELS
    if not named:
        named = telling(first.sentence.text) - _LABELS
    shared = named & telling(f"{article.headline or ''} {article.text}")
    if len(shared) < min(len(named), ABOUT - 1) or len(shared) < SHARED * len(named):
        return False
    given = [day for day in days(first.sentence.text) if "published" in first.sentence.text[: day.start].split(";")[-1]]
    published = article.published
    return not given or published is None or any(day.matches(published.date()) for day in given)


def _paragraph(correction: Sequence[Evidence]) -> list[Evidence]:
    """Return the sentence that takes a figure back and what follows it in its paragraph: what is right."""
    first = correction[0]
    return [item for item in correction[:_RIGHT] if item is first or same_paragraph(first, item)]


def _figures(text: str) -> list[str]:
    return [*(str(number.value) for number in numbers(text)), *(day.text for day in days(text))]


def _alike(one: Sequence[str], two: Sequence[str]) -> float:
    return SequenceMatcher(None, one, two, autojunk=False).ratio() if one and two else 0.0
