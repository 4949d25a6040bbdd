"""Quizzes: what a self-check of a notebook is as a choice, from a lesson's quiz.toml.

In the notebook a question stands with its folded answer. Where the answer is a number or a choice,
``quiz.toml`` turns it into options; the book shows them before the folded answer and says of each,
once it is chosen, why it is right or wrong.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tools.notebook.common import Notebook, read_toml
from utils import lessons

CHECK = "**Check yourself.**"
KEYS = {"cell", "nth", "ask", "right", "because", "wrong"}
FEWEST, MOST = 2, 4  # options that are wrong: at least one trap, and no guessing among many


@dataclass(frozen=True)
class Quiz:
    """One question with its options, in the order in which they are shown.

    ``nth`` says which "Check yourself" of the cell it belongs to, from 1. ``options`` are a text,
    whether it is right, and why, each.
    """

    cell: str
    nth: int
    ask: str
    options: tuple[tuple[str, bool, str], ...]


def quizzes(notebook: Notebook) -> list[Quiz]:
    """Return the quizzes of a notebook; none where it has no file."""
    return [made(table) for table in tables(notebook)]


def tables(notebook: Notebook) -> list[dict[str, Any]]:
    """Return the tables of a notebook's quiz.toml."""
    return read_toml(lessons.folder(notebook.name) / "quiz.toml").get("quiz", [])


def made(table: dict[str, Any]) -> Quiz:
    """Return a quiz whose options stand in an order that says nothing, and never changes."""
    options = [(table["right"], True, table["because"])]
    options += [(text, False, why) for text, why in table["wrong"].items()]
    options.sort(key=lambda one: hashlib.sha256((table["ask"] + one[0]).encode()).digest())
    return Quiz(table["cell"], table.get("nth", 1), table["ask"], tuple(options))


def faults(notebook: Notebook) -> Iterator[str]:
    """Yield what is wrong with a notebook's quiz.toml."""
    texts = {c["id"]: c.source for c in notebook.content.cells if c.cell_type == "markdown"}
    for number, table in enumerate(tables(notebook), 1):
        for fault in faults_of(table, texts):
            yield f"lessons/{notebook.name}/quiz.toml, quiz {number}: {fault}"


def faults_of(table: dict[str, Any], texts: dict[str, str]) -> Iterator[str]:
    """Yield what is wrong with one quiz, given the texts of the notebook by cell."""
    if unknown := (KEYS ^ table.keys()) - {"nth"}:
        yield f"it lacks or does not know {', '.join(sorted(unknown))}"
        return
    text, wrong = texts.get(table["cell"], ""), table["wrong"]
    if not 1 <= table.get("nth", 1) <= text.count(CHECK):
        yield f"cell {table['cell']!r} has {text.count(CHECK)} times {CHECK!r}"
    if not isinstance(wrong, dict) or not FEWEST <= len(wrong) <= MOST:
        yield f"[quiz.wrong] has {FEWEST} to {MOST} options, each with why it is wrong"
    elif table["right"] in wrong:
        yield f"{table['right']!r} is right and wrong"
    elif not all(str(why).strip() for why in (table["because"], *wrong.values())):
        yield "each option says why it is right or wrong"
