"""Measure briefings: on the four invented events of ``seeds/``, and story grouping on real ones.

    python benchmarks/briefing.py
    python benchmarks/briefing.py --words 400 --show
    python benchmarks/briefing.py --pairs benchmarks/pairs.json --choices 0
    CITEWIRE_BENCH=elsewhere/bench python benchmarks/briefing.py --neus static

Of each event's gold (``seeds/events.json``): facts of which a sentence that tells them is in the account, or anywhere
on the page but under what was left out; disputes of which two sides were found to clash, stand in one conflict as it is
printed, or are printed in full;
attributed sentences that were printed and kept their speaker; things announced that were found and that are on the
page; sentences of corrections printed; copies by B-cubed F1; statements without a citation, and statements that the
gates withheld.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, cast

import numpy as np
import yaml

REPOSITORY = Path(__file__).resolve().parent.parent
BENCH = Path(os.environ.get("CITEWIRE_BENCH", REPOSITORY.parent / "shared" / "bench"))
SEEDS = REPOSITORY / "seeds"
sys.path.insert(0, str(REPOSITORY))  # so that the script measures this checkout, installed or not

import recorded  # noqa: E402  the path above must come first

from rag.answers import BESIDES  # noqa: E402
from rag.attribution import speeches  # noqa: E402
from rag.claims import Withheld  # noqa: E402
from rag.digest import digest  # noqa: E402
from rag.embedded import BgeSmallEmbedder, StaticEmbedder  # noqa: E402
from rag.evaluation import loaders  # noqa: E402
from rag.pairing import paired  # noqa: E402
from rag.positions import published  # noqa: E402
from rag.proposals import Statement  # noqa: E402
from rag.provenance import age, roots  # noqa: E402
from rag.reading import Reading  # noqa: E402
from rag.sentences import split  # noqa: E402
from rag.sources import Article, Evidence, Sentence  # noqa: E402
from rag.stories import Group, group  # noqa: E402
from rag.timeline import announcements  # noqa: E402
from rag.verification import check  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rag.protocols import Vectors
    from rag.wire import Kind


class Fact(TypedDict):
    """What must be told, and every sentence that tells it fully by itself."""

    fact: str
    sentences: list[str]


class Dispute(TypedDict):
    """A question, and of each side every sentence that states its position."""

    about: str
    sides: list[list[str]]


class Correction(TypedDict):
    """What corrects what."""

    article: str
    corrects: str
    sentences: list[str]


class Event(TypedDict):
    """The gold of one event."""

    slug: str
    title: str
    articles: list[str]
    copies: list[list[str]]
    facts: list[Fact]
    disputes: list[Dispute]
    attributed: list[str]
    announced: list[str]
    corrections: list[Correction]


@dataclass(frozen=True, slots=True)
class Count:
    """So many of so many."""

    found: int
    of: int

    def __add__(self, other: Count) -> Count:
        return Count(self.found + other.found, self.of + other.of)

    @property
    def share(self) -> float:
        """The one over the other; 0 of nothing."""
        return self.found / self.of if self.of else 0.0

    def __str__(self) -> str:
        return f"{self.found}/{self.of} {self.share:.2f}" if self.of else "-"


def article(name: str, folder: Path = SEEDS) -> Article:
    """The article that the ``events.json`` of ``folder`` calls ``name``."""
    path, _, line = name.partition(":")
    raw = (folder / path).read_text("utf-8")
    if line:
        return _article(json.loads(raw.splitlines()[int(line) - 1]))
    if raw.startswith("---\n"):
        _, front, body = raw.split("---\n", 2)
        return _article({**yaml.safe_load(front), "text": body.strip()})
    first, byline, body = raw.split("\n", 2)
    return _article({"headline": first, "byline": byline.removeprefix("By "), "text": body.strip()})


def _article(row: Mapping[str, object]) -> Article:
    labels = row.get("labels") or ()
    marks = labels.split(", ") if isinstance(labels, str) else cast("Sequence[str]", labels)
    published = row.get("published")
    day = datetime.fromisoformat(published) if isinstance(published, str) else cast("datetime | None", published)
    text, title, byline, outlet, url = (
        cast("str | None", row.get(key)) for key in ("text", "headline", "byline", "outlet", "url")
    )
    return Article(text or "", title, byline, outlet, day, url, tuple(marks))


def evidence(articles: Sequence[Article], descent: Mapping[str, str]) -> list[Evidence]:
    """All sentences of ``articles``, earliest article first, numbered from 1."""
    found: list[Evidence] = []
    for source in sorted(articles, key=age):
        for n, (start, end) in enumerate(split(source.text)):
            sentence = Sentence(source.id, source.version, n, start, end, source.text[start:end])
            found.append(Evidence(len(found) + 1, sentence, source, None, descent[source.id]))
    return found


def _cited(statements: Iterable[Statement], texts: Mapping[int, str]) -> set[str]:
    """The texts of the sentences that ``statements`` print, or that agree with them."""
    return {texts[number] for statement in statements for number in (*statement.numbers, *statement.agreeing)}


def apart(sides: Sequence[Sequence[str]], shown: Iterable[str]) -> bool:
    """Whether what is shown has two sides of a dispute: two sentences, each of another side."""
    found = {text: {place for place, side in enumerate(sides) if text in side} for text in shown}
    return any(
        one != two and len(found[one] | found[two]) > 1 for one in found for two in found if found[one] and found[two]
    )


def measure(
    event: Event,
    words: int,
    *,
    show: bool,
    folder: Path = SEEDS,
    pairs: Sequence[recorded.Recorded] = (),
    chosen: Sequence[recorded.Place] = (),
) -> dict[str, Count]:
    """The counts of one event, with what a model paired and chose besides what rules do."""
    articles = [article(name, folder) for name in event["articles"]]
    descent = roots(articles)
    sentences = evidence(articles, descent)
    story = Group(tuple(sorted(articles, key=age)), descent)
    wanted = recorded.numbers(chosen, articles, sentences)
    besides = paired(recorded.pairs(pairs, articles, sentences), sentences, "a model")
    found = digest(story, sentences, words=words, reading=Reading(tuple(besides), wanted))
    sections = found.sections
    if show:
        print_briefing(event["title"], sections)
    statements = [statement for section in sections.values() for statement in section]
    texts = {item.number: item.sentence.text for item in sentences}
    told = _cited((s for kind, section in sections.items() if kind != "left_out" for s in section), texts)
    account = _cited((s for kind, section in sections.items() if kind not in BESIDES for s in section), texts)
    listed = [[side.evidence.sentence.text for side in (clash.first, clash.second)] for clash in found.clashes]
    disputed = _cited(sections.get("disputed", ()), texts)
    shown = {text for statement in sections.get("disputed", ()) for text in _cited([statement], texts)}
    blocks = [[s.citation.sentence.text for s in one.positions] for one in published(found.clashes, shown)]
    coming = {found.evidence.sentence.text for found in announcements(sentences)}
    keeps = [keeps_speaker(text, sections, texts) for text in event["attributed"] if text in told]
    corrected = [text for correction in event["corrections"] for text in correction["sentences"]]
    facts, disputes = [fact["sentences"] for fact in event["facts"]], [one["sides"] for one in event["disputes"]]
    return {
        "words, account": Count(
            _length(s for k, section in sections.items() if k not in BESIDES for s in section), words
        ),
        "words, page": Count(_length(statements), words),
        "facts, account": Count(sum(any(text in account for text in fact) for fact in facts), len(facts)),
        "facts, page": Count(sum(any(text in told for text in fact) for fact in facts), len(facts)),
        "disputes, listed": Count(sum(any(apart(sides, pair) for pair in listed) for sides in disputes), len(disputes)),
        "disputes, printed": Count(
            sum(any(apart(sides, block) for block in blocks) for sides in disputes), len(disputes)
        ),
        "disputes, in full": Count(sum(apart(sides, disputed) for sides in disputes), len(disputes)),
        "printed, in gold": Count(sum(any(apart(s, block) for s in disputes) for block in blocks), len(blocks)),
        "listed, in gold": Count(sum(any(apart(sides, pair) for sides in disputes) for pair in listed), len(listed)),
        "attributed kept": Count(sum(keeps), len(keeps)),
        "announced, ledger": Count(sum(text in coming for text in event["announced"]), len(event["announced"])),
        "announced, page": Count(sum(text in told for text in event["announced"]), len(event["announced"])),
        "corrections": Count(sum(text in told for text in corrected), len(corrected)),
        "uncited": Count(sum(not s.numbers for s in statements), len(statements)),
        "withheld": Count(sum(isinstance(check(s, sentences), Withheld) for s in statements), len(statements)),
    }


def _length(statements: Iterable[Statement]) -> int:
    return sum(len(statement.text.split()) for statement in statements)


def keeps_speaker(text: str, sections: Mapping[Kind, Sequence[Statement]], texts: Mapping[int, str]) -> bool:
    """Whether every statement that cites ``text`` names who says it, or does not stand as a fact."""
    return all(
        bool(speeches(statement.text)) or kind not in {"facts", "timeline", "single_source", "agreed"}
        for kind, section in sections.items()
        for statement in section
        if text in _cited([statement], texts)
    )


def b_cubed(found: Mapping[str, object], gold: Mapping[str, object]) -> float:
    """B-cubed F1 of two groupings of the same things."""

    def score(ours: Mapping[str, object], theirs: Mapping[str, object]) -> float:
        total = 0.0
        for thing in ours:
            mine = {other for other in ours if ours[other] == ours[thing]}
            total += sum(theirs[other] == theirs[thing] for other in mine) / len(mine)
        return total / len(ours)

    precision, recall = score(found, gold), score(gold, found)
    return 2 * precision * recall / (precision + recall)


def grouping(events: Sequence[Event], folder: Path = SEEDS) -> None:
    """Print copies and stories over all events together."""
    named = {name: article(name, folder) for event in events for name in event["articles"]}
    copies = {name: name for name in named} | {n: g[0] for event in events for g in event["copies"] for n in g}
    gold = {name: event["slug"] for event in events for name in event["articles"]}
    descent = roots(list(named.values()))
    print(f"copies, B-cubed F1             {b_cubed({n: descent[a.id] for n, a in named.items()}, copies):.3f}")
    for embedder in (StaticEmbedder(), BgeSmallEmbedder()):
        vectors = mean_vectors(list(named.values()), embedder)
        stories = group(list(named.values()), vectors, descent)
        ours = {a.id: s.id for s in stories for a in s.articles}
        found = {name: ours[a.id] for name, a in named.items()}
        name = type(embedder).__name__
        print(f"stories, B-cubed F1            {b_cubed(found, gold):.3f}  {name}, {len(stories)} stories")


def mean_vectors(articles: Sequence[Article], embedder: StaticEmbedder | BgeSmallEmbedder) -> Vectors:
    """The mean of each article's paragraph vectors, of length 1."""
    rows = [
        np.mean(embedder.embed_documents([p for p in f"{a.headline}\n\n{a.text}".split("\n\n") if p.strip()]), axis=0)
        for a in articles
    ]
    matrix = np.asarray(rows, dtype=np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def neus(name: str) -> None:
    """Print how well the NeuS triplets are grouped; pairs by tf-idf have F1 .691 with their best threshold."""
    triplets = [(number, source) for number, event in enumerate(loaders.neus(BENCH)) for source in event.reports]
    articles = [
        Article(text=source.text or source.title, headline=source.title, url=f"https://neus.example/{place}")
        for place, (_, source) in enumerate(triplets)
    ]
    vectors = mean_vectors(articles, {"static": StaticEmbedder, "bge": BgeSmallEmbedder}[name]())
    events = np.array([number for number, _ in triplets])
    same = (events[:, None] == events)[np.triu_indices(len(events), 1)]
    stories = {a.id: s.id for s in group(articles, vectors) for a in s.articles}
    ours = np.array([stories[a.id] for a in articles])
    joined = (ours[:, None] == ours)[np.triu_indices(len(events), 1)]
    b3 = b_cubed(stories, {a.id: int(e) for a, e in zip(articles, events, strict=True)})
    print(f"NeuS dev, {name}: pairs F1 {pair_f1(joined, same):.3f}, B-cubed F1 {b3:.3f}")


def pair_f1(found: np.ndarray, gold: np.ndarray) -> float:
    """F1 of two masks."""
    return float(2 * (found & gold).sum() / (found.sum() + gold.sum()))


def print_briefing(title: str, sections: Mapping[Kind, Sequence[Statement]]) -> None:
    """Print a briefing as a reader would see it, with notes and evidence numbers."""
    print(f"\n=== {title}")
    for kind, section in sections.items():
        print(f"-- {kind}")
        for statement in section:
            print(
                f"   {statement.text} {list(statement.numbers)}" + (f"  <{statement.note}>" if statement.note else "")
            )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--words", type=int, default=250, help="length of a briefing (default: %(default)s)")
    parser.add_argument("--show", action="store_true", help="print the briefings")
    parser.add_argument("--events", type=Path, default=SEEDS, help="folder with events.json (default: seeds)")
    parser.add_argument("--only", nargs="+", metavar="SLUG", help="of these events alone")
    parser.add_argument("--pairs", type=Path, help="what a model paired (conflicts.py), besides what rules find")
    parser.add_argument("--choices", type=int, help="with what a model chose to tell in this asking of choices.json")
    parser.add_argument("--neus", choices=("static", "bge"), help="measure story grouping on NeuS with this embedder")
    options = parser.parse_args()
    if options.neus:
        neus(options.neus)
        return
    events: list[Event] = json.loads((options.events / "events.json").read_text("utf-8"))
    events = [event for event in events if not options.only or event["slug"] in options.only]
    kept: Mapping[str, list[recorded.Recorded]] = recorded.load(options.pairs) if options.pairs else {}
    asking: int | None = options.choices
    chosen: Mapping[str, list[recorded.Place]] = {} if asking is None else recorded.choices()[asking]
    counts = {
        event["slug"]: measure(
            event,
            options.words,
            show=options.show,
            folder=options.events,
            pairs=kept.get(event["slug"], ()),
            chosen=chosen.get(event["slug"], ()),
        )
        for event in events
    }
    print(f"\n{'':22s}" + "".join(f"{slug:>18s}" for slug in counts) + f"{'all':>16s}")
    for name in next(iter(counts.values())):
        cells = [count[name] for count in counts.values()]
        print(f"{name:22s}" + "".join(f"{cell!s:>18s}" for cell in cells) + f"{sum(cells, Count(0, 0))!s:>16s}")
    grouping(events, options.events)


if __name__ == "__main__":
    main()
