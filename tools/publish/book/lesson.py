"""A notebook's page: what is given stands open, what a learner writes is folded away."""

from __future__ import annotations

import copy
import html
import re
from typing import Any

from tools.notebook import launch, quiz
from tools.notebook.cells import DRAWS, EXTRA, grading, is_question, is_solution, is_test, tags
from tools.notebook.common import Notebook
from tools.notebook.tasks import empty, without_hidden
from tools.publish.book import choices
from utils import touch

# Sphinx numbers headings by depth; what a page has beside its own text is written as HTML.
BAR = '<p class="lesson-bar">{}</p>'
STUDENT = (
    '<a href="../../downloads/{name}.ipynb" download>Download the student version</a>, or in the '
    "course's folder: <code>python course.py lab {number}</code>"
)
ANSWER = '<details class="answer">\n<summary>A model answer</summary>\n\n{}\n\n</details>'


def page(notebook: Notebook) -> Any:
    """Return the notebook as the book shows it; its file stays as it is."""
    content = copy.deepcopy(notebook.content)
    cells = [shown for cell in content.cells for shown in shown_as(cell)]
    title, _, rest = cells[0].source.partition("\n")
    cells[0].source = f"{title}\n\n{bar(notebook)}\n\n{rest}"
    quizzes = quiz.quizzes(notebook)
    for cell in cells:
        if cell.cell_type == "markdown":
            cell.source = choices.with_quizzes(cell.source, cell.id, quizzes)
        else:
            cell.outputs = [touched(output) for output in cell.outputs if not is_empty(output)]
    content.cells = cells
    return content


def bar(notebook: Notebook) -> str:
    """Return the line under the title: what it asks, the student version, and where it opens."""
    words = [
        f"<b>{notebook.id}</b>",
        f"{notebook.hours:g} hours",
        f"{notebook.points} points",
        STUDENT.format(name=notebook.name, number=notebook.id),
    ]
    for text, address in re.findall(r"\[([^]]+)\]\(([^)]+)\)", launch.links(notebook)):
        words.append(f'<a href="{html.escape(address)}">Open in {text}</a>')
    return BAR.format(" · ".join(words))


def shown_as(cell: Any) -> list[Any]:
    """Return what stands in the place of a cell."""
    if is_solution(cell):
        return [stub(cell), folded(cell, "Show the solution", "Hide the solution")]
    if is_test(cell):
        cell.source = without_hidden(cell.source).rstrip()
    if is_question(cell):
        cell.source = ANSWER.format(cell.source)
    if DRAWS in tags(cell):
        return [folded(cell, "Show the code that draws", "Hide the code that draws", "hide-input")]
    if cell.cell_type == "code" and cell.source.startswith(EXTRA):
        if any(touch.numbers_in(output.get("data", {})) for output in cell.get("outputs", [])):
            return [folded(cell, "Extra: show code", "Hide code", "hide-input")]
        what = "code and output" if cell.get("outputs") else "code"
        return [folded(cell, f"Extra: show {what}", f"Hide {what}")]
    return [cell]


def stub(cell: Any) -> Any:
    """Return the cell as a student finds it."""
    given = copy.deepcopy(cell)
    given.source, given.outputs, given.execution_count = empty(cell.source), [], None
    given.id = f"{cell.id}-given"
    return given


def folded(cell: Any, show: str, hide: str, tag: str = "") -> Any:
    """Return a cell behind a click: whole, or its code alone where there is no output."""
    words = {"code_prompt_show": show, "code_prompt_hide": hide}
    both = cell.metadata.get("mystnb", {}) | words
    tag = tag or ("hide-cell" if cell.get("outputs") else "hide-input")
    cell.metadata["mystnb"] = both
    cell.metadata["tags"] = [*cell.metadata.get("tags", []), tag]
    if grading(cell):  # the marks are for nbgrader's eyes
        cell.source = re.sub(
            r"^[ \t]*### (BEGIN|END) SOLUTION[^\n]*\n?", "", cell.source, flags=re.M
        )
    return cell


def is_empty(output: Any) -> bool:
    """Say whether an output has nothing that a page without Python can show."""
    return set(output.get("data", {"text": 1})) <= {"application/vnd.jupyter.widget-view+json"}


def touch_kinds(notebook: Notebook) -> list[str]:
    """Return the kinds of a notebook's figures to touch, in their order."""
    outputs = [o for cell in notebook.content.cells for o in cell.get("outputs", [])]
    found = [touch.numbers_in(output.get("data", {})) for output in outputs]
    return [one[0] for one in found if one]


def touched(output: Any) -> Any:
    """Return the numbers of a figure to touch as the element that the page's script begins with."""
    if found := touch.numbers_in(output.get("data", {})):
        output.data = {"text/html": touch.element(*found)}
    return output
