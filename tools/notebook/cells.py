"""What a cell says of itself: its tags, and its part in grading, as nbgrader's metadata has it."""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbformat import NotebookNode

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
BEGIN_HIDDEN, END_HIDDEN = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
DRAWS = "draws"  # the tag of a cell that only draws
OPENS = "opens"  # the tag of a cell whose one picture a page shows at its top and not again
REPRODUCTION = "reproduction"  # the tag of the cells below the line, which students do not get
LINE = "## Reproduction"  # how the first of them begins
PARTIAL = "### PARTIAL CREDIT"
PLACEHOLDER = "YOUR ANSWER HERE"  # what students find where a model answer stood
DEFINITION = re.compile(r"^(?:async +)?(?:def|class) +(\w+)", re.M)


def tags(cell: NotebookNode) -> list[str]:
    """Return a cell's tags."""
    return cell.metadata.get("tags", [])


def is_below(cell: NotebookNode) -> bool:
    """Say whether a cell stands below the line, in the reproduction of the source."""
    return REPRODUCTION in tags(cell)


def above_line(cells: Iterable[NotebookNode]) -> list[NotebookNode]:
    """Return the cells of the lesson; of a page without a line, all cells."""
    return [cell for cell in cells if not is_below(cell)]


def below_line(cells: Iterable[NotebookNode]) -> list[NotebookNode]:
    """Return the cells of the reproduction; of a page without a line, none."""
    return [cell for cell in cells if is_below(cell)]


def lesson_of(content: NotebookNode) -> NotebookNode:
    """Return a copy of a notebook that ends above its line: what students are given."""
    lesson = copy.deepcopy(content)
    lesson.cells = above_line(lesson.cells)
    return lesson


def comes_before(cell: NotebookNode) -> bool:
    """Say whether every task of the notebook may use what this cell imports or defines."""
    return bool({"imports", "given"} & set(tags(cell)))


def grading(cell: NotebookNode) -> dict[str, Any]:
    """Return a cell's nbgrader metadata."""
    return cell.metadata.get("nbgrader", {})


def is_solution(cell: NotebookNode) -> bool:
    """Say whether a student writes code here."""
    return cell.cell_type == "code" and bool(grading(cell).get("solution"))


def is_graded(cell: NotebookNode) -> bool:
    """Say whether a cell carries points."""
    return bool(grading(cell).get("grade"))


def is_test(cell: NotebookNode) -> bool:
    """Say whether a cell holds the locked tests of a task."""
    return cell.cell_type == "code" and is_graded(cell)


def is_question(cell: NotebookNode) -> bool:
    """Say whether a cell holds the answer to an open question."""
    return cell.cell_type == "markdown" and is_graded(cell)


def points(cell: NotebookNode) -> int:
    """Return the points of a graded cell."""
    return int(grading(cell).get("points", 0))


def is_adapter(cell: NotebookNode) -> bool:
    """Say whether a cell is an adapter: it makes functions, for the tests, of a student's code."""
    return cell.cell_type == "code" and "adapter" in tags(cell)


def test_of(task: str) -> str:
    """Return the grade_id of the test cell of a task."""
    return f"test_{task}"


def adapter_of(task: str) -> str:
    """Return the grade_id of the adapter cell of a task."""
    return f"adapter_{task}"


def task_name(name: str) -> str:
    """Return the task, or the open question, that the grade_id of a graded cell means."""
    return name.removeprefix("test_")


def partial_credit(test: str) -> float:
    """Return the points for which passing the visible tests is enough, as a test cell says."""
    match = re.search(rf"^{PARTIAL}: *(\d+(?:\.\d+)?) *$", test, re.M)
    return float(match[1]) if match else 0.0


def heading_of(cells: list[NotebookNode], cell: NotebookNode) -> str:
    """Return the heading above a cell or, if it has one, its own last one; "" without any.

    A line of code that begins with ``#`` is no heading: what is fenced off does not count.
    """
    heading = ""
    for candidate in cells:
        if candidate.cell_type == "markdown":
            text = re.sub(r"^(```|~~~).*?^\1", "", candidate.source, flags=re.S | re.M)
            heading = (re.findall(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", text, flags=re.M) or [heading])[-1]
        if candidate is cell:
            break
    return heading


def text_above(cells: list[NotebookNode], cell: NotebookNode) -> NotebookNode | None:
    """Return the Markdown cell directly above a cell, such as the text of a task or question."""
    place = next(number for number, other in enumerate(cells) if other is cell)
    above = cells[place - 1] if place else None
    return above if above is not None and above.cell_type == "markdown" else None


def is_answered(text: str) -> bool:
    """Say whether there is an answer to an open question."""
    return text.strip() not in ("", PLACEHOLDER)


def fingerprint(source: str) -> str:
    """Return the SHA-256 of a cell's text, in which the ends of lines do not count."""
    text = "\n".join(line.rstrip() for line in source.splitlines()).strip("\n")
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


# ------------------------------------------------------------------ cells that may hold anything


def name_of(cell: dict[str, Any]) -> str:
    """Return the grade_id of a cell; "" where it has none."""
    metadata = cell.get("metadata")
    block = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    name = block.get("grade_id") if isinstance(block, dict) else None
    return name if isinstance(name, str) else ""


def text_of(cell: dict[str, Any]) -> str:
    """Return the text of a cell; "" where it holds something else."""
    source = cell.get("source", "")
    if isinstance(source, list) and all(isinstance(part, str) for part in source):
        return "".join(source)
    return source if isinstance(source, str) else ""


def defined(cell: dict[str, Any]) -> list[str]:
    """Return the functions and classes that a cell defines at its top."""
    return DEFINITION.findall(text_of(cell))
