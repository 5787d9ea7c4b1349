"""Articles to proposed questions, each with the sentence that answers it. None of them is gold before a person said so.

Without a chat model they are made of the sentences' own words (``asking``). A model proposes more freely, and the gates are
the same in spirit: the answer stands in the sentence it names, not in the question, and the question names only what
the article names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from rag.errors import ProviderError
from rag.evaluation.asking import LONGEST, questions, told
from rag.facts import days, name_keys, names, numbers, times
from rag.instructions import address, for_models, ordered
from rag.prompting import Prompt, load, numbered
from rag.protocols import Chat, Request
from rag.sources import Article, Evidence, Sentence, digest
from rag.verification import harmless
from rag.writing import SINGLE

EACH = 4
"""Questions that a model may propose of one article."""
READ = 60
"""Sentences of an article that a model is shown, the first ones: news is told first."""
_POINTS = re.compile(
    r"\b(?:the|this) (?:article|text|passage|report|sentence)s?\b|^(?:did|does|do|is|was|were|are) (?:he|she|it|they)\b",
    re.IGNORECASE,
)


class Proposed(BaseModel):
    """A question of a model."""

    model_config = ConfigDict(extra="forbid")
    question: str
    answer: str
    sentence: int


class Drafted(BaseModel):
    """What a model must reply."""

    model_config = ConfigDict(extra="forbid")
    questions: list[Proposed] = Field(json_schema_extra={"maxItems": EACH})


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposed question."""

    question: str
    answer: str
    pattern: str
    sentence: Sentence
    article: Article
    by: str
    """``extractive`` or the chat model's name."""
    prompt: str | None = None
    """sha256 of the prompt file, None without a model."""

    def to_row(self) -> dict[str, object]:
        """Return it as a row of a questions file, marked as not accepted."""
        name = digest(f"{self.question}|{self.sentence.id}")
        return {
            "id": f"draft-{name[:10]}",
            "split": "dev" if int(name[-8:], 16) % 2 else "test",
            "kind": "single",
            "accepted": False,
            "question": self.question,
            "answerable": True,
            "answer": self.answer,
            "facts": [[self.sentence.text]],
            "sentences": [[self.sentence.id]],
            "drafted": {"by": self.by, "pattern": self.pattern, "prompt": self.prompt},
        }


@dataclass(frozen=True, slots=True)
class Refused:
    """A proposal of a model that did not pass the gates, or a reply that was none."""

    question: str
    why: str


Read = Callable[[Article], Sequence[Sentence]]
"""Article to its sentences."""


def extractive(articles: Iterable[Article], read: Read, most: int, known: Iterable[str] = ()) -> list[Draft]:
    """Return up to ``most`` questions made of sentences, none of ``known``; templates before gaps, kinds mixed.

    Of a sentence that several articles carry, and of a question that several sentences answer, one draft is made.
    """
    pool: list[Draft] = []
    seen = {_key(question) for question in known}
    for article in articles:
        for sentence in read(article):
            if ordered(article.text, sentence.start, sentence.end):
                continue
            for asked in questions(sentence.text, article.text):
                if _key(asked.question) not in seen:
                    seen.add(_key(asked.question))
                    pool.append(Draft(asked.question, asked.answer, asked.pattern, sentence, article, "extractive"))
    return _mixed(pool, most)


def _mixed(pool: Sequence[Draft], most: int) -> list[Draft]:
    """Choose one at a time: the kind that was asked least, then the article that was asked least."""
    kinds: Counter[str] = Counter()
    places: Counter[str] = Counter()
    chosen: list[Draft] = []
    left: list[Draft] = list(pool)
    while left and len(chosen) < most:
        best = min(
            range(len(left)),
            key=lambda n: (left[n].pattern == "cloze", kinds[left[n].pattern], places[left[n].article.id], n),
        )
        one = left[best]
        chosen.append(one)
        kinds[one.pattern] += 1
        places[one.article.id] += 1
        left = [other for other in left if _key(other.sentence.text) != _key(one.sentence.text)]
    return chosen


def by_model(
    articles: Iterable[Article],
    read: Read,
    chat: Chat,
    *,
    known: Iterable[str] = (),
    prompts: Callable[[str], Prompt] = load,
) -> Iterator[Draft | Refused]:
    """Yield the model's proposals, an article at a time, as they pass the gates or do not.

    A reply that is none is told and the next article asked. Raises ProviderError, BudgetReached.
    """
    prompt = prompts("draft")
    seen = {_key(question) for question in known}
    for article in articles:
        evidence = [Evidence(n, sentence, article) for n, sentence in enumerate(read(article), start=1)][:READ]
        fit = harmless(evidence)
        if not fit:
            continue
        proposals = _proposed(article, fit, chat, prompt)
        if isinstance(proposals, Refused):
            yield proposals
            continue
        shown = {item.number: item for item in fit}
        for proposal in proposals:
            result = gated(proposal, shown, article)
            if isinstance(result, str):
                yield Refused(proposal.question, result)
            elif _key(result[0]) not in seen:
                seen.add(_key(result[0]))
                yield Draft(*result, "model", shown[proposal.sentence].sentence, article, chat.name, prompt.hash)


def _proposed(article: Article, fit: Sequence[Evidence], chat: Chat, prompt: Prompt) -> Sequence[Proposed] | Refused:
    """Return what the model proposes for an article; Refused if this reply is none, or it gives none for this one."""
    headline = " ".join((article.headline or "none").split())
    values = {
        "headline": "none" if for_models(headline) else headline,
        "evidence": numbered(fit),
        "most": str(EACH),
    }
    try:
        reply = chat.reply(Request("draft", prompt.hash, *prompt.fill(values), Drafted))
        return Drafted.model_validate_json(reply.text).questions[:EACH]
    except ValidationError:
        return Refused("", "the reply is not what was asked for")
    except ProviderError as error:
        if error.kind not in SINGLE:
            raise
        return Refused("", f"the model gave no questions: {error}")


def gated(proposal: Proposed, shown: Mapping[int, Evidence], article: Article) -> tuple[str, str] | str:
    """Return question and answer in one line each, or why they are refused."""
    asked, answer = " ".join(proposal.question.split()), " ".join(proposal.answer.split()).strip(" .")
    item = shown.get(proposal.sentence)
    known = "\n".join(filter(None, (article.text, article.headline, article.byline, article.outlet)))
    if item is None:
        return "it names a sentence that was not shown"
    if not answer or not re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", " ".join(item.sentence.text.split())):
        return "the answer does not stand in its sentence"
    if told(asked, answer):
        return "the question tells its answer"
    if not asked.endswith("?") or len(asked) > LONGEST:
        return "it is not one short question"
    if _POINTS.search(asked):
        return "it does not stand alone"
    if any(name.key not in name_keys(known) for name in names(asked) if not name.opens):
        return "it names what the article does not name"
    if not _figures_of(asked, known):
        return "a figure or date in it is not in the article"
    if address(asked, known) or for_models(asked):
        return "it gives an address, or orders to a language model"
    return asked, answer


def _figures_of(asked: str, known: str) -> bool:
    counted = all(any(n.matches(other) for other in numbers(known)) for n in numbers(asked))
    dated = all(any(day.matches(other) for other in days(known)) for day in days(asked))
    return counted and dated and times(asked) <= times(known)


def _key(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))
