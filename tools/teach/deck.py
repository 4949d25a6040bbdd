"""A notebook as the slides of a lecture: what stands on each, and what the speaker says.

A heading of level 1 or 2 begins a slide, a deeper one a slide below it. On a slide stand the
formulas, lists, tables and figures of its section and what was found; the text is for the speaker.
What is higher than a slide goes on to the next. Solutions and model answers are nowhere.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tools.notebook import quiz
from tools.notebook.cells import DRAWS, EXTRA, grading, is_question, tags
from tools.notebook.common import Notebook
from tools.notebook.tasks import tasks_of
from tools.teach import measure
from tools.teach.measure import Block
from tools.teach.pieces import Piece, pieces, plain

TASK = re.compile(r"Task: `(\w+)` \((\d+) points?\)")
QUESTION = re.compile(r"\*\*Open question \((\d+) points?\)\.\*\*\s*(.*)", re.S)
FINDING = re.compile(r"^(?:Finding:|\N{CHECK MARK}) (.+)$", re.M)
# Rows of the title's table that the speaker says.
TOLD = ("You build", "You should know", "Source", "Paper", "Data and licence", "Data")
LONGEST = 900  # letters of what a task or a question shows; the rest is said
LEADING = 220  # of the sentence that leads to a formula or a list
SHOWN = 300  # of a section that is one paragraph
MOST_OPENINGS = 5  # paragraphs of which a slide of text shows the beginning
LETTERS = "ABCDEFG"


@dataclass
class Slide:
    """One slide; ``below`` says that it stands under the one before, not beside it."""

    heading: str
    below: bool
    level: int = 2
    continued: bool = False
    blocks: list[Block] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def left(self) -> int:
        """Pixels of height that are free."""
        head = measure.heading(self.heading, self.level)
        return measure.HEIGHT - head - sum(block.height for block in self.blocks)


def slides(notebook: Notebook, *, code: bool = False) -> list[Slide]:
    """Return the slides of a notebook, in order; with ``code`` the cells that everyone reads too.

    Raises Problem if it names a picture that is not there.
    """
    return Deck(notebook, code).made


class Deck:
    """Slides while they are made, from the first cell to the last."""

    def __init__(self, notebook: Notebook, code: bool) -> None:
        self.notebook, self.code = notebook, code
        self.made: list[Slide] = []
        self.section = ""  # the heading to which what comes belongs
        self.said: list[str] = []  # text that waits for the block that it leads to
        self.printed: list[str] = []  # lines that cells of the section printed
        self.asked = {(one.cell, one.nth): one for one in quiz.quizzes(notebook)}
        self.calls = {task.name: signature(task.emptied) for task in tasks_of(notebook)}
        self.title(notebook.content.cells[0])
        for cell in notebook.content.cells[1:]:
            if cell.cell_type == "markdown" and not is_question(cell):
                self.text(cell)
            elif cell.cell_type == "code" and not grading(cell):
                self.output(cell)
        self.close()

    # ------------------------------------------------------------------ making slides

    def begin(self, heading: str, below: bool) -> None:
        """Begin a slide, and with it a section."""
        self.close()
        self.section, self.printed = heading, []
        self.made.append(Slide(heading, below))

    def close(self) -> None:
        """Let the last slide have what is still to be said, and not be empty."""
        if not self.made:
            return
        slide = self.made[-1]
        slide.notes += self.said
        self.said = []
        if all(block.kind == "quote" for block in slide.blocks):
            added = opening(slide.notes) if slide.notes else printed(self.printed)
            slide.blocks[:0] = [block for block in added if block.fits(slide.left)]

    def show(self, block: Block) -> None:
        """Put a block on the slide, or on the next one where it does not fit."""
        slide = self.made[-1]
        if slide.heading != self.section or (slide.blocks and not block.fits(slide.left)):
            again = any(one.heading == self.section for one in self.made)
            self.made.append(slide := Slide(self.section, True, continued=again))
        slide.blocks.append(block.within(slide.left))
        slide.notes += self.said
        self.said = []

    def aside(self, heading: str, blocks: list[Block]) -> Slide:
        """Add a slide of its own below the last one; the section goes on after it."""
        self.close()
        slide = Slide(heading, True)
        self.made.append(slide)
        slide.blocks += [block.within(slide.left) for block in blocks]
        return slide

    # ------------------------------------------------------------------ cells

    def title(self, cell: Any) -> None:
        """Make the title from the notebook's heading and teaser, and a slide of its objectives."""
        head, *rest = pieces(cell.source)
        teaser = [piece.text for piece in rest if piece.kind == "text"]
        rows = dict(re.findall(r"^\| *([^|]+?) *\| *(.*?) *\|$", cell.source, flags=re.M))
        first = Slide(head.text, False, level=1)
        first.blocks = [measure.text(plain(text)) for text in teaser]
        first.notes = [f"{n}: {plain(rows[n])}" for n in TOLD if n in rows]
        self.made.append(first)
        goals = [f"- {plain(goal)}" for goal in rows.get("Objectives", "").split("<br>") if goal]
        if goals:
            self.begin("What you will be able to do", True)
            self.show(measure.items(goals))
            self.close()

    def text(self, cell: Any) -> None:
        """Take in a cell of text."""
        nth, waiting = 0, iter(pieces(cell.source))
        for piece in waiting:
            if piece.kind == "heading":
                self.heading(piece, waiting)
            elif piece.text.startswith(quiz.CHECK):
                nth += 1
                self.check(piece, waiting, self.asked.get((cell.id, nth)))
            elif found := QUESTION.match(piece.text):
                heading = f"Discuss: an open question ({found[1]} points)"
                asked = plain(found[2])
                slide = self.aside(heading, [measure.text(sentences(asked, LONGEST))])
                slide.notes += [asked, *(plain(one.text) for one in waiting)]
            else:
                self.piece(piece)

    def heading(self, piece: Piece, waiting: Iterator[Piece]) -> None:
        """Begin a slide; a task's holds what it asks for, and all that belongs to it."""
        found = TASK.fullmatch(piece.text)
        if found is None:
            self.begin(piece.text, piece.level > 2)
            return
        told = f"**{found[2]} points** · `python course.py check {self.notebook.id}`"
        around = self.section
        self.begin(f"In class: `{found[1]}`", True)
        self.show(measure.text(told))
        if call := self.calls.get(found[1]):
            self.show(measure.parts("code", f"```python\n{call}\n```")[0])
        asked = plain(next(waiting, piece).text)
        self.said.append(asked)
        self.show(measure.text(sentences(asked, LONGEST)))
        for one in waiting:
            self.piece(one)
        self.close()
        self.section = around  # what the cells after the task show is of the section

    def piece(self, piece: Piece) -> None:
        """Show a formula, list, table or picture; let all else be said."""
        if piece.kind == "text":
            self.said.append(plain(piece.text))
        elif piece.kind == "folded":
            self.said.append(f"*{piece.title}:* {plain(piece.text)}")
        elif piece.kind == "picture":
            folder = self.notebook.path.parent
            self.show(measure.kept_picture(folder / piece.text, piece.title))
        elif piece.kind != "code" or self.code:
            self.lead(piece)
            for block in measure.parts(piece.kind, plain(piece.text)):
                self.show(block)

    def lead(self, piece: Piece) -> None:
        """Show the sentence before a formula, and one that ends in a colon before a list."""
        last = self.said[-1] if self.said else ""
        if last and (piece.kind == "formula" or (piece.kind == "list" and last.endswith(":"))):
            led = re.split(r"(?<=[.?!]) (?=[A-Z$])", last)[-1]
            if len(led) <= LEADING:
                self.show(measure.text(led))

    def check(self, piece: Piece, waiting: Iterator[Piece], asked: quiz.Quiz | None) -> None:
        """Make a slide of a question to the class; its answer is the speaker's."""
        words = plain(piece.text.removeprefix(quiz.CHECK).strip())
        blocks, notes = [measure.text(sentences(words, LONGEST))], [words]
        if asked:
            options = [f"- **{LETTERS[i]}** {plain(one[0])}" for i, one in enumerate(asked.options)]
            blocks = [measure.text(plain(asked.ask)), measure.items(options)]
            for letter, (_, right, why) in zip(LETTERS, asked.options, strict=False):
                notes.append(f"{letter} is {'right' if right else 'wrong'}: {plain(why)}")
        slide = self.aside("Check yourself", blocks)
        for one in waiting:
            if one.kind == "heading":
                slide.notes += notes
                self.heading(one, waiting)
                return
            notes.append(
                f"*Answer:* {plain(one.text)}" if one.kind == "folded" else plain(one.text)
            )
            if one.kind == "folded":
                break
        slide.notes += notes

    def output(self, cell: Any) -> None:
        """Show the figures and tables that a cell of the main line put out, and what it found."""
        if cell.source.startswith(EXTRA) or "imports" in tags(cell):
            return
        if self.code and DRAWS not in tags(cell):
            for block in measure.parts("code", f"```python\n{cell.source}\n```"):
                self.show(block)
        alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "image/png" in data:
                self.show(measure.picture("image/png", data["image/png"], alt))
            elif "<table" in data.get("text/html", ""):
                for block in measure.table_parts(data["text/html"]):
                    self.show(block)
            text = output.get("text", "")
            self.printed += [line for line in text.splitlines() if not FINDING.match(line)]
            for found in FINDING.findall(text):
                self.show(measure.quote(found))


def signature(stub: str) -> str:
    """Return how the function of a task is called; empty where it is a class."""
    functions = [n for n in ast.parse(stub).body if isinstance(n, ast.FunctionDef)]
    return f"{functions[-1].name}({ast.unparse(functions[-1].args)})" if functions else ""


def opening(notes: list[str]) -> list[Block]:
    """Return what a slide shows whose section is text alone: where its paragraphs begin."""
    spoken = [one for one in notes if not one.startswith("*")] or notes
    if len(spoken) == 1:
        return [measure.text(sentences(spoken[0], SHOWN))]
    return [measure.items([f"- {sentences(one, 1)}" for one in spoken[:MOST_OPENINGS]])]


def printed(lines: list[str]) -> list[Block]:
    """Return what a slide shows whose section has neither text nor figures: what it printed."""
    shown = "\n".join(lines[: measure.CODE_LINES])
    return measure.parts("code", f"```\n{shown}\n```") if lines else []


def sentences(text: str, most: int) -> str:
    """Return the first sentences of a text, as many as ``most`` letters hold, at least one."""
    kept = ""
    for one in re.split(r"(?<=[.?!:]) +(?=[A-Z$`*(])", text):
        if kept and len(kept) + len(one) > most:
            break
        kept = f"{kept} {one}".strip()
    return kept
