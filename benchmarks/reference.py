"""Text and what people wrote to how close the one is to the other, and how calm.

"Four dead in crash" + "A crash killed four." -> words, recall, F1, facts, arousal, concerns
"""

from __future__ import annotations

import csv
import sys
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from math import nan
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from baselines import tokens

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # so that it measures this checkout

from rag.facts import name_keys, names, numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

CHARGED = 0.15
"""How far from the middle the valence of a positive or negative word is: .65 and .35, as in NeuS."""
MEASURES = ("words", "R1 recall", "R1", "R2", "RL", "facts", "arousal", "concerns")
Lexicon = dict[str, tuple[float, float]]
"""Word to valence and arousal."""


class _Score(Protocol):
    @property
    def recall(self) -> float: ...
    @property
    def fmeasure(self) -> float: ...


class _Scorer(Protocol):
    def score(self, target: str, prediction: str) -> Mapping[str, _Score]: ...


@dataclass(frozen=True, slots=True)
class Judge:
    """Text and reference to the numbers of ``MEASURES``."""

    rouge: _Scorer
    lexicon: Lexicon

    def __call__(self, text: str, reference: str) -> list[float]:
        """Return one number for each measure; nan where it cannot be had."""
        rouge = self.rouge.score(reference, text)
        return [
            len(text.split()),
            rouge["rouge1"].recall,
            *(rouge[name].fmeasure for name in ("rouge1", "rouge2", "rougeL")),
            facts(text, reference),
            self.arousal(text, reference) if self.lexicon else nan,
            concerns(text),
        ]

    def arousal(self, text: str, reference: str) -> float:
        """Return the arousal of the charged words that only ``text`` has."""
        own = {self.base(word) for word in tokens(text)} - {self.base(word) for word in tokens(reference)}
        found = [self.lexicon[word] for word in own if word in self.lexicon]
        return sum(arousal for valence, arousal in found if abs(valence - 0.5) > CHARGED)

    def base(self, word: str) -> str:
        """Return what ``word`` is a form of where the lexicon has that and not the form; NeuS asks WordNet."""
        if word in self.lexicon:
            return word
        ways = (
            *((word[:-3] + "y", "ies"), (word[:-2], "es"), (word[:-1], "s")),
            *(
                (word[:-3] + "y", "ied"),
                (word[:-2], "ed"),
                (word[:-1], "ed"),
                (word[:-3], "ing"),
                (word[:-3] + "e", "ing"),
            ),
        )
        return next((base for base, ending in ways if word.endswith(ending) and base in self.lexicon), word)


def scorer() -> _Scorer:
    """Return ROUGE-1, -2 and -L of ``rouge-score``, stemmed."""
    if find_spec("rouge_score") is None:
        sys.exit("rouge-score is not installed: pip install -e '.[bench]'")
    made = cast("Callable[..., _Scorer]", import_module("rouge_score.rouge_scorer").RougeScorer)
    return made(["rouge1", "rouge2", "rougeL"], use_stemmer=True)


def facts(text: str, reference: str) -> float:
    """Return the share of the numbers and names of ``reference`` that are in ``text``; nan if it has none."""
    values = {number.value for number in numbers(reference)}
    called = {name.key for name in names(reference) if not name.opens}
    if not values and not called:
        return nan
    found = len(values & {number.value for number in numbers(text)}) + len(called & name_keys(text))
    return found / (len(values) + len(called))


def concerns(text: str) -> float:
    """Return concerns of ``rag.neutrality`` per 100 words; nan where this checkout has none, or no text is given."""
    if find_spec("rag.neutrality") is None or not text:
        return nan
    found = cast("Callable[[str], Sequence[object]]", import_module("rag.neutrality").concerns)
    return 100 * len(found(text)) / len(text.split())


def lexicon(path: Path | None) -> Lexicon:
    """Read the ratings of Warriner and others (CSV, 1 to 9) or NRC-VAD (tabs, 0 to 1); empty without a file."""
    if path is None or not path.exists():
        print("no --lexicon: arousal is left out. Its file is for research and not shipped: see benchmarks/neutral.py.")
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        if "\t" in file.readline():
            rows = (line.split("\t") for line in path.read_text("utf-8").splitlines() if not line.startswith("Word\t"))
            return {row[0]: (float(row[1]), float(row[2])) for row in rows}
        file.seek(0)
        return {
            row["Word"].lower(): ((float(row["V.Mean.Sum"]) - 1) / 8, (float(row["A.Mean.Sum"]) - 1) / 8)
            for row in csv.DictReader(file)
        }
