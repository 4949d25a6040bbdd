"""Marking answers one after the other: what there is to mark, whose share, what was decided, undo.

Several people may mark one book at once, each with a process of their own. A book is held for as
long as one mark takes to be entered, and what an answer's page has shown is compared with the book
first, so that nobody's mark is written over unseen.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tools.notebook.common import Notebook, Problem
from tools.teach.grade import by_hand, criteria, gradebook, history, marks, output, pages
from tools.teach.grade.by_hand import Book
from tools.teach.grade.policy import Policy, Rules, resolve
from tools.teach.grade.roster import Student
from tools.teach.grade.rows import FINGERPRINT, HALF, LETTERS, Place, Row, held
from tools.teach.grade.rubric import Criterion, criteria_of
from tools.teach.grade.tables import person
from tools.teach.grade.term import STATE, Term, piece_of

WAIT = 60.0  # seconds for which another marker, entering a mark, is waited for
HOW = "in the browser"
OFFERED = 9  # comments that are offered again, one a key
Asked = tuple[str, str, str]  # unit, notebook, task


@dataclass(frozen=True)
class Item:
    """One answer with its mark."""

    id: str  # stands for the place on pages
    row: Row
    answer: dict[str, Any]  # of its outcome: a question's, or a task's

    @property
    def seen(self) -> str:
        """What a page that shows it has seen of the book."""
        return held(self.row, self.row.student)


@dataclass(frozen=True)
class Question:
    """One question or task, with the answers of a share of the class."""

    place: Asked
    of: float
    items: list[Item]

    @property
    def waiting(self) -> list[Item]:
        """The answers that wait for a mark, or for another look."""
        return [item for item in self.items if item.row.review]


@dataclass(frozen=True)
class Decided:
    """What a person decides on one answer."""

    points: str  # as it was typed; "-" takes the mark back
    comment: str
    seen: str  # what the page had seen of the book
    criteria: tuple[float, ...] = ()  # points by criterion; none where only the sum is said


@dataclass(frozen=True)
class Done:
    """A change that can be taken back."""

    before: Item
    criteria: tuple[float, ...]
    seen: str  # what a page would have seen of the book after it


class Moved(Problem):
    """Somebody else has changed a mark since it was shown."""


@dataclass
class Session:
    """One person who marks."""

    out: Path
    who: str
    notebooks: Path  # where the model answers are
    share: tuple[int, int] = (1, 1)  # which of how many
    anonymous: bool = False
    marked: int = 0
    _key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _places: dict[str, Place] = field(default_factory=dict)
    _read: dict[Path, tuple[int, Any]] = field(default_factory=dict)
    _kept: tuple[int, Term] = field(default_factory=lambda: (-1, Term()))
    _done: list[Done] = field(default_factory=list)

    def __post_init__(self) -> None:
        with by_hand.at_hand(self.out, WAIT):
            pass  # it is whole, and up to date

    # ------------------------------------------------------------ reading

    def questions(self, unit: str | None = None) -> list[Question]:
        """Return what there is to mark, in order; answers in an order that is nobody's.

        That is all open questions, and tasks whose mark by hand has to be looked at again; of both,
        what counts by the policy.
        """
        with self._opened() as (opened, book):
            rules = self._rules({o["student"] for o in book.outcomes})
            found: dict[Asked, list[Item]] = {}
            for row, answer in self._rows(opened, book, unit):
                name = self._id(row.place)
                wanted = "verdict" not in answer or row.review
                wanted = name in self._places or (wanted and rules.counts(row.place))
                if wanted and self._is_mine(row.place):
                    self._places[name] = row.place
                    found.setdefault(row.place[1:], []).append(self._item(row, answer))
        return [
            Question(place, items[0].row.of, sorted(items, key=lambda item: _mixed(item.row.place)))
            for place, items in sorted(found.items())
        ]

    def find(self, name: str) -> tuple[Question, Item] | None:
        """Return an answer by the id that pages have of it, with its question."""
        if name not in self._places:
            self.questions()
        if (place := self._places.get(name)) is None:
            return None
        question = next((q for q in self.questions(place[1]) if q.place == place[1:]), None)
        item = next((i for i in question.items if i.id == name), None) if question else None
        return (question, item) if question and item else None

    def name(self, item: Item) -> str:
        """Return whose an answer is; "" where that is not to be known."""
        student = item.row.student
        return "" if self.anonymous else str(self._people().get(student, student))

    def marked_by(self, item: Item) -> history.Entry | None:
        """Return the last change of a mark, as far as the history knows one."""
        return history.last(history.read(self.out)).get(item.row.place)

    def question_text(self, place: Asked) -> str:
        """Return a question with its rubric, as students have it."""
        folder = self.out / "nbgrader" / "release" / place[0]
        path = folder / f"{place[1]}.ipynb"
        return pages.questions_of([Notebook(path)]).get(place, "") if path.is_file() else ""

    def model_answer(self, place: Asked) -> str:
        """Return the course's own answer to an open question; "" where it is not at hand."""
        path = self.notebooks / place[0] / f"{place[1]}.ipynb"
        for cell in Notebook(path).raw["cells"] if path.is_file() else ():
            block = cell["metadata"].get("nbgrader", {})
            if cell["cell_type"] == "markdown" and block.get("grade_id") == place[2]:
                return "".join(cell["source"])
        return ""

    def criteria(self, question: Question) -> list[Criterion]:
        """Return the parts of a question's rubric, as far as it can be read."""
        return criteria_of(self.question_text(question.place), question.of)

    def by_criterion(self, item: Item) -> tuple[float, ...]:
        """Return the points that an answer has by criterion; none where nobody said."""
        return criteria.of_row(criteria.read(self.out), item.row)

    def comments(self, question: Question) -> list[str]:
        """Return the comments on a question that anybody has given, the most frequent first."""
        given = Counter(i.row.comment for i in self._everybody(question.place) if i.row.comment)
        return [comment for comment, _ in given.most_common(OFFERED)]

    # ------------------------------------------------------------ marking

    def mark(self, item: Item, decided: Decided) -> bool:
        """Enter what was decided on an answer; return whether that changes anything.

        Raises Moved if the mark is another one than the page has seen, and Problem for what is no
        mark, or if another call holds the book.
        """
        place = item.row.place
        with self._held() as (opened, book):
            before = self._now(opened, book, place)
            line = _line(before.row, decided)
            found = marks.compare([before.row], [line])
            if found.moved:
                raise Moved("somebody else has changed this mark since the page showed it")
            had = self.by_criterion(before)
            if found.changes:
                after = self._enter(opened, book, found.changes[0], decided.criteria)
                self._done.append(Done(before, had, after.seen))
                self.marked += 1
            elif decided.criteria and decided.points:
                criteria.keep(self.out, place, decided.criteria)
        return bool(found.changes)

    def undo(self) -> Item | None:
        """Take the last change of this session back; None if there is none.

        Raises Moved if somebody has changed that mark since.
        """
        if not self._done:
            return None
        done = self._done[-1]
        with self._held() as (opened, book):
            row = done.before.row
            now = self._now(opened, book, row.place)
            if now.seen != done.seen:
                self._done.pop()
                raise Moved("somebody else has changed that mark since: it stays as it is")
            back = {"points"} if not row.by_hand else set()
            back |= {"comment"} if not row.comment else set()
            points = row.points if row.by_hand else None
            change = marks.Change(now.row, points, row.comment, frozenset(back))
            again = [row.place] if row.by_hand and row.review else []
            self._enter(opened, book, change, done.criteria, how=f"{HOW}, undone", again=again)
        self._done.pop()
        self.marked -= 1
        return done.before

    @property
    def can_undo(self) -> bool:
        """Say whether there is a change to take back."""
        return bool(self._done)

    def finish(self) -> bool:
        """Write tables and pages if marks are newer; return whether that was done.

        Raises Problem if another call holds the book: that one writes them.
        """
        copy, tables = self.out / output.BY_HAND, self.out / "grades.csv"
        there = copy.is_file() and tables.is_file()
        if there and copy.stat().st_mtime_ns <= tables.stat().st_mtime_ns:
            return False
        with by_hand.at_hand(self.out, WAIT) as book:
            output.write_pages(self.out, book.state)
        return True

    # ------------------------------------------------------------ the book

    @contextmanager
    def _opened(self) -> Iterator[tuple[Any, Book]]:
        """Open the gradebook to read in it."""
        with gradebook.opened(by_hand.see_it(self.out)) as opened:
            yield opened, self._book()

    @contextmanager
    def _held(self) -> Iterator[tuple[Any, Book]]:
        """Hold the book, made whole where another program or a call that died has left it."""
        path = by_hand.see_it(self.out)
        with by_hand.only_one(self.out, WAIT):
            gradebook.refuse_damaged(path)
            with gradebook.opened(path) as opened:
                as_left = gradebook.version(opened) == output.Written.read(self.out).version
            if not as_left:
                output.write_gradebook(self.out, output.read_state(self.out))
            book = self._book()
            if not all(outcome for _, outcome in self._read.values()):  # its marks would be lost
                raise Problem(f"{output.damaged(self.out)[0]}; nothing was changed")
            with gradebook.opened(path) as opened:
                yield opened, book

    def _enter(
        self,
        opened: Any,
        book: Book,
        change: marks.Change,
        points: tuple[float, ...],
        *,
        how: str = HOW,
        again: Sequence[Place] = (),
    ) -> Item:
        """Enter a change of one mark, and return what is in the book then.

        Somebody has still to look at the marks of ``again``.
        """
        place = change.row.place
        by_hand.enter(book, opened, [change], again)
        now = self._now(opened, book, place)
        parts = f": {' + '.join(f'{p:g}' for p in points)}" if points else ""
        history.note(self.out, [now.row], self.who, how + parts)
        criteria.keep(self.out, place, points)
        return now

    def _book(self) -> Book:
        """Return the outcomes as they are now; only what is new is read."""
        kept = sorted((self.out / "outcomes").glob("*/*.json"))
        self._read = {path: self._one(path) for path in kept}
        there = [o for path, (_, o) in self._read.items() if o and _is_at(self.out, path, o)]
        return Book(self.out, Term().state([]), sorted(there, key=piece_of))

    def _one(self, path: Path) -> tuple[int, Any]:
        try:
            when, known = path.stat().st_mtime_ns, self._read.get(path)
        except FileNotFoundError:  # of a student who has just been taken out
            return 0, None
        return known if known and known[0] == when else (when, output.read_outcome(path))

    def _term(self) -> Term:
        path = self.out / STATE
        when = path.stat().st_mtime_ns if path.is_file() else 0
        if self._kept[0] != when:
            self._kept = (when, Term.read(self.out))
        return self._kept[1]

    def _people(self) -> dict[str, Student]:
        return self._term().people

    def _rules(self, students: set[str]) -> Rules:
        """Return whose marks of what count, by the policy."""
        known = self._people()
        people = {student: person(student, known) for student in sorted({*students, *known})}
        return resolve(Policy.kept(self._term().policy), {}, {}, people)

    # ------------------------------------------------------------ rows

    def _rows(
        self, opened: Any, book: Book, unit: str | None = None
    ) -> Iterator[tuple[Row, dict[str, Any]]]:
        """Yield the marks on answers that are there, each with its answer."""
        there = {piece_of(o): o for o in book.outcomes if unit in (None, o["unit"])}
        for row in gradebook.rows(opened, None if unit is None else [unit]):
            if outcome := there.get(row.place[:3]):
                answers = {t["task"]: t for t in (*outcome["tasks"], *outcome["questions"])}
                if (answer := answers.get(row.task)) and answer["answer"]:
                    yield row, answer

    def _everybody(self, place: Asked) -> list[Item]:
        """Return all answers to a question, of all shares."""
        with self._opened() as (opened, book):
            rows = self._rows(opened, book, place[0])
            return [self._item(row, answer) for row, answer in rows if row.place[1:] == place]

    def _now(self, opened: Any, book: Book, place: Place) -> Item:
        for row, answer in self._rows(opened, book, place[1]):
            if row.place == place:
                return self._item(row, answer)
        raise Moved("this answer is no longer in the book: go on to the next")

    def _item(self, row: Row, answer: dict[str, Any]) -> Item:
        row = replace(row, answer=gradebook.answer_of(answer))
        return Item(self._id(row.place), row, answer)

    def _id(self, place: Place) -> str:
        """Return what stands for an answer on the pages of this session alone."""
        text = "\0".join(place).encode("utf-8", "backslashreplace")
        return hmac.new(self._key, text, "sha256").hexdigest()[:16]

    def _is_mine(self, place: Place) -> bool:
        """Say whether an answer is in this share: the same one whoever else comes later."""
        which, number = self.share
        return int(_mixed(place)[-12:], 16) % number == which - 1


def _is_at(out: Path, path: Path, outcome: dict[str, Any]) -> bool:
    return path == output.outcome_path(out, *piece_of(outcome))


def _mixed(place: Place) -> str:
    """Return what puts answers into an order that no name decides."""
    return hashlib.sha256("\0".join(place).encode("utf-8", "backslashreplace")).hexdigest()


def _line(row: Row, decided: Decided) -> marks.Line:
    """Return what was decided as a line of a table that had seen what the page has."""
    comment = decided.comment.replace("\r\n", "\n").strip()
    cells = dict(zip(marks.NEEDED[:4], row.place, strict=True))
    cells |= {"points": decided.points, "comment": comment or ("-" if row.comment else "")}
    # The first half, of what cells said, is nobody's: a page has its fields filled in.
    cells[FINGERPRINT] = LETTERS[0] * HALF + decided.seen
    return marks.Line("your mark", cells)


def share_of(text: str) -> tuple[int, int]:
    """Return which of how many shares a text such as ``2/3`` means.

    Raises Problem if it is none.
    """
    first, _, second = text.partition("/")
    with suppress(ValueError):
        which, number = int(first), int(second)
        if 1 <= which <= number <= 100:
            return which, number
    raise Problem(
        f"--share {text!r} is no share; 2/3 means the second of three, and each marker takes "
        "another one"
    )
