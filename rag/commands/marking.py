"""The conversation of ``citewire eval label``: a question, numbered sentences, and what a person types."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from rag.commands.console import complain, put, say, width
from rag.commands.options import valid
from rag.commands.screen import HELP, SHORT, bold, dim, green, typed
from rag.errors import UsageError
from rag.evaluation.finding import Finder, Found
from rag.evaluation.labelling import Book, Item, Marks, Status
from rag.evaluation.marks import FACTS, mark
from rag.rendering import count, line, when

PAGE = 8
"""Sentences shown at once."""
_WORDS = {
    "y": "ok", "yes": "ok", "none": "n", "skip": "s", "back": "b", "quit": "q", "reject": "x", "more": "m", "list": "l",
    "help": "h", "?": "h", "exit": "q", "": "empty",
}  # fmt: skip


class Session:
    """Questions, one after another."""

    def __init__(self, items: Sequence[Item], book: Book, finder: Finder) -> None:
        self._items = items
        self._book = book
        self._finder = finder
        self._skipped: set[str] = set()
        self._place = 0
        self._found: list[Found] = []
        self._shown = 0

    def run(self, at: str | None = None) -> None:
        """Ask until all is decided, input ends, or the person quits."""
        self._opening(at)
        while self._place < len(self._items):
            marks = self._open()
            while marks is not None:
                text = typed()
                if text is None or _WORDS.get(text.lower(), text.lower()) == "q":
                    return self._closing()
                try:
                    marks = self._take(valid("what was typed", text), marks)
                except UsageError as error:
                    complain(error)
        return self._closing()

    @property
    def _item(self) -> Item:
        return self._items[self._place]

    def _opening(self, at: str | None) -> None:
        if at is not None:
            places = [n for n, item in enumerate(self._items) if item.id == at]
            if not places:
                msg = f"there is no question with the id {at}"
                raise UsageError(msg, hint="leave out --at, or give an id of the questions file")
            self._place = places[0]
            return
        self._skipped = {item.id for item in self._items if self._book.of(item).status == "skipped"}
        if all(self._book.decided(item) or item.id in self._skipped for item in self._items):
            self._skipped.clear()
        self._place = self._next(-1)
        done = sum(self._book.decided(item) for item in self._items)
        if done and self._place < len(self._items):
            put(f"going on: {done} of {len(self._items)} are decided\n")

    def _next(self, place: int) -> int:
        """Return the place of the next question that is open, from the first one on behind the last."""
        order = (*range(place + 1, len(self._items)), *range(max(place, 0)))
        wanted = (n for n in order if not self._book.decided(self._items[n]) and self._items[n].id not in self._skipped)
        return next(wanted, len(self._items))

    def _open(self) -> Marks:
        """Find sentences for the question, those that are marked first, and show it."""
        marks = self._book.of(self._item)
        named = {one: self._finder.named(one) for fact in marks.facts for one in fact}
        if lost := [one for one, found in named.items() if found is None]:
            say(f"note: {count(len(lost), 'marked sentence')} not in this archive: left out")
            marks = replace(marks, facts=_without(marks.facts, lost))
        first = {one: found for one, found in named.items() if found is not None}
        rest = [one for one in self._finder.answering(marks.question) if one.sentence.id not in first]
        self._found = [*first.values(), *rest]
        self._shown = min(len(self._found), max(PAGE, len(first)))
        self._show(marks)
        return marks

    # -- what is typed -------------------------------------------------------------------------------------------

    def _take(self, text: str, marks: Marks) -> Marks | None:
        """Do what was typed; return the marks, None when the question is left."""
        word, _, rest = text.partition(" ")
        word = _WORDS.get(word.lower(), word.lower() if word.isalpha() and word not in FACTS else word)
        if text[0:1] in {"/", "="}:
            word, rest = text[0], text[1:]
        leaving: dict[str, Callable[[Marks], Marks | None]] = {
            "ok": self._accept, "n": self._none, "x": self._reject, "s": self._skip, "b": self._back,
        }  # fmt: skip
        if word in leaving and not rest:
            return leaving[word](marks)
        if word in {"h", "l", "m", "empty"}:
            self._tell(word, marks)
        elif word == "/":
            self._search(rest.strip(), marks)
        elif word == "v":
            self._context(rest, marks)
        elif word == "=":
            return self._keep(replace(marks, answer=line(rest)))
        elif word == "w":
            return self._reword(line(rest), marks)
        elif word == "clear":
            return self._keep(replace(marks, facts=()))
        else:
            return self._keep(replace(marks, facts=mark(marks.facts, text, [one.sentence.id for one in self._found])))
        return marks

    def _tell(self, word: str, marks: Marks) -> None:
        if word == "h":
            put(HELP)
        elif word == "l":
            self._show(marks)
        elif word == "empty":
            put(SHORT)
        else:
            first, self._shown = self._shown, min(len(self._found), self._shown + PAGE)
            put(self._listed(range(first, self._shown), marks) or "that is all: / and some words find more")

    def _search(self, words: str, marks: Marks) -> None:
        if not words:
            msg = "nothing to look for"
            raise UsageError(msg, hint="/ ferry toll")
        places = [self._number(one) for one in self._finder.holding(words)[:PAGE]]
        put(self._listed(places, marks) or "no sentence with these words was found")

    def _context(self, text: str, marks: Marks) -> None:
        if not text.strip().isdecimal() or not 1 <= int(text) <= len(self._found):
            msg = f"v needs the number of a sentence, 1 to {len(self._found)}"
            raise UsageError(msg, hint="v 1")
        one = self._found[int(text) - 1]
        put(f"{bold(line(one.article.headline or 'no headline'))}  {dim(one.article.id)}")
        put(self._listed([self._number(each) for each in self._finder.around(one)], marks))

    def _number(self, one: Found) -> int:
        """Return the place of a sentence in what was found; it is put at the end if it is new."""
        known = [each.sentence.id for each in self._found]
        if one.sentence.id not in known:
            rest = self._found[self._shown :]
            self._found[self._shown :] = [one]
            self._shown += 1
            self._found += rest
            return self._shown - 1
        place = known.index(one.sentence.id)
        if place >= self._shown:  # numbers that were seen stay; this one gets the next
            self._found.insert(self._shown, self._found.pop(place))
            self._shown += 1
            return self._shown - 1
        return place

    def _reword(self, question: str, marks: Marks) -> Marks:
        if not question:
            msg = "the question is empty"
            raise UsageError(msg, hint="w When was the ferry found?")
        return self._keep(replace(marks, question=question))

    def _keep(self, marks: Marks) -> Marks:
        kept = self._book.keep(self._item, replace(marks, status="open"), _now())
        put(self._summary(kept))
        return kept

    # -- what leaves the question --------------------------------------------------------------------------------

    def _accept(self, marks: Marks) -> None:
        if not marks.facts:
            msg = "no sentence is marked"
            raise UsageError(msg, hint="1 marks the first sentence; n says that nothing answers it; x rejects it")
        facts: list[tuple[str, ...]] = []
        texts: dict[str, str] = {}
        taken = 0
        for fact in marks.facts:
            ids: list[str] = []
            for found in filter(None, map(self._finder.named, fact)):
                copies = self._finder.copies(found)
                taken += len({one.sentence.id for one in copies} - {*fact})
                ids += [one.sentence.id for one in (found, *copies)]
                texts |= {one.sentence.id: one.sentence.text for one in (found, *copies)}
            facts.append(tuple(dict.fromkeys(ids)))
        self._book.decide(self._item, replace(marks, facts=tuple(facts), status="answered"), _now(), texts)
        also = f", with {count(taken, 'copy')} word for word".replace("copys", "copies") if taken else ""
        self._leave(f"recorded: {count(len(facts), 'fact')}, {count(sum(map(len, marks.facts)), 'sentence')}{also}")

    def _none(self, marks: Marks) -> None:
        if marks.facts:
            msg = "sentences are marked as answering it"
            raise UsageError(msg, hint="clear takes all marks off; then n")
        self._decide(marks, "unanswerable", "recorded: nothing answers it")

    def _reject(self, marks: Marks) -> None:
        self._decide(marks, "rejected", "rejected: it is not in the gold file")

    def _decide(self, marks: Marks, status: Status, said: str) -> None:
        self._book.decide(self._item, replace(marks, status=status), _now(), {})
        self._leave(said)

    def _skip(self, marks: Marks) -> None:
        if self._book.decided(self._item):
            return self._leave("left as it was decided")
        self._book.keep(self._item, replace(marks, status="skipped"), _now())
        self._skipped.add(self._item.id)
        return self._leave("skipped: it comes again")

    def _leave(self, said: str) -> None:
        put(f"{green(said)}\n")
        self._place = self._next(self._place)

    def _back(self, _: Marks) -> None:
        if self._place == 0:
            msg = "this is the first question"
            raise UsageError(msg, hint="s goes on")
        self._place -= 1

    # -- the screen ----------------------------------------------------------------------------------------------

    def _show(self, marks: Marks) -> None:
        item = self._item
        state = marks.status if self._book.decided(item) else "draft: accept, reword or reject it" if item.draft else ""
        put(dim(f"question {self._place + 1} of {len(self._items)}  {line(item.id)}{f'  [{state}]' if state else ''}"))
        put(bold(line(marks.question)))
        note = item.row.get("note")
        if isinstance(note, str) and note:
            put(dim(f"note: {line(note)}"))
        put("")
        put(self._listed(range(self._shown), marks) or "the archive has nothing near it: / and some words look again")
        put("")
        put(self._summary(marks))
        put(dim(SHORT))

    def _listed(self, places: Sequence[int], marks: Marks) -> str:
        return "\n".join(self._line(place, marks) for place in places)

    def _line(self, place: int, marks: Marks) -> str:
        one = self._found[place]
        letters = "".join(FACTS[n] for n, fact in enumerate(marks.facts) if one.sentence.id in fact)
        opening = f"{place + 1:>3} {letters:<2}"
        text, wide = line(one.sentence.text), width()
        lines = textwrap.wrap(text, max(20, wide - 7)) if wide else [text]
        published = one.article.published
        told = f"{line(one.article.outlet or 'outlet unknown')}, {when(published.isoformat() if published else None)}"
        body = "\n       ".join(lines)
        return f"{green(opening) if letters else opening} {body}\n       {dim(told)}"

    def _summary(self, marks: Marks) -> str:
        numbers = {one.sentence.id: n for n, one in enumerate(self._found, start=1)}
        told = [
            f"{FACTS[n]}: {', '.join(str(numbers[one]) for one in fact if one in numbers)}"
            for n, fact in enumerate(marks.facts)
        ]
        decided = self._book.decided(self._item)
        what = "proposed" if self._book.of(self._item) is self._item.proposed and not decided else "marked"
        parts = [f"{what} {'; '.join(told)}" if told else "nothing marked"]
        parts += [f"answer: {line(marks.answer)}"] if marks.answer else []
        parts += [f"question: {line(marks.question)}"] if marks.question != self._item.question else []
        parts += ["ok makes it gold"] if told and not decided else []
        return " | ".join(parts)

    def _closing(self) -> None:
        statuses = [self._book.of(item).status for item in self._items if self._book.decided(item)]
        counted = {name: statuses.count(name) for name in ("answered", "unanswerable", "rejected")}
        told = ", ".join(f"{many} {name}" for name, many in counted.items() if many)
        put(f"{len(statuses)} of {len(self._items)} decided{f' ({told})' if told else ''}: {self._book.path}")
        if len(statuses) < len(self._items):
            say("the same command goes on from here")


def _without(facts: tuple[tuple[str, ...], ...], lost: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    kept = (tuple(one for one in fact if one not in lost) for fact in facts)
    return tuple(fact for fact in kept if fact)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
