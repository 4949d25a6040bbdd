"""Quizzes: what a self-check of a notebook is as a choice, from a lesson's quiz.toml.

In the notebook a question stands with its folded answer. Where the answer is a number or a choice,
``quiz.toml`` turns it into options; the book shows them before the folded answer and says of each,
once it is chosen, why it is right or wrong.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from tools.notebook.common import Notebook, Problem, read_toml, shown
from utils import lessons

CHECK = "**Check yourself.**"
FEWEST, MOST = 2, 4  # options that are wrong: at least one trap, and no guessing among many


@dataclass(frozen=True)
class Quiz:
    """The question of a "Check yourself", the ``nth`` of its cell from 1, as quiz.toml has it.

    ``wrong`` has the wrong options, and why each of them is wrong.
    """

    cell: str
    ask: str
    right: str
    because: str
    wrong: dict[str, str]
    nth: int = 1

    @property
    def options(self) -> list[tuple[str, bool, str]]:
        """Each option, whether it is right, and why; in an order that says nothing and stays."""
        options = [(self.right, True, self.because)]
        options += [(text, False, why) for text, why in self.wrong.items()]
        return sorted(options, key=lambda o: hashlib.sha256((self.ask + o[0]).encode()).digest())


def quizzes(notebook: Notebook) -> list[Quiz]:
    """Return the quizzes of a notebook; none where it has no file."""
    path = lessons.folder(notebook.name) / "quiz.toml"
    try:
        return [Quiz(**table) for table in read_toml(path).get("quiz", [])]
    except TypeError as error:  # something is missing or unknown, which the error names
        raise Problem(f"{shown(path)}: {error}") from None


def faults(notebook: Notebook) -> Iterator[str]:
    """Yield what is wrong with a notebook's quizzes."""
    texts = {c["id"]: c.source for c in notebook.content.cells if c.cell_type == "markdown"}
    for quiz in quizzes(notebook):
        where, times = f"quiz.toml, {quiz.ask!r}:", texts.get(quiz.cell, "").count(CHECK)
        if not 1 <= quiz.nth <= times:
            yield f"{where} cell {quiz.cell!r} has {times} times {CHECK!r}"
        if not FEWEST <= len(quiz.wrong) <= MOST:
            yield f"{where} [quiz.wrong] has {FEWEST} to {MOST} options, each with why it is wrong"
        if quiz.right in quiz.wrong:
            yield f"{where} {quiz.right!r} is right and wrong"
