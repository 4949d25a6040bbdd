"""A notebook's page: what is given stands open, what a learner writes is folded away."""

import copy
import html
import re
from typing import Any

from tools.notebook import launch, quiz
from tools.notebook.cells import DRAWS, is_question, is_solution, is_test, tags
from tools.notebook.common import Notebook
from tools.notebook.tasks import empty, without_hidden
from utils import touch

# Sphinx numbers headings by depth; what a page has beside its own text is written as HTML.
BAR = (
    '<p class="lesson-bar"><b>{n.id}</b> · {n.hours:g} hours · {n.points} points · '
    '<a href="../../downloads/{n.name}.ipynb" download>Download the student version</a>, or in the '
    "course's folder: <code>python course.py lab {n.id}</code>{opens}</p>"
)
ANSWER = '<details class="answer">\n<summary>A model answer</summary>\n\n{}\n\n</details>'
OPTION = (
    '<div><label><input type="radio" name="{name}" data-right="{right:d}" aria-label="{label}">'
)


def page(notebook: Notebook) -> Any:
    """Return the notebook as the book shows it; its file stays as it is."""
    content = copy.deepcopy(notebook.content)
    content.cells = [shown for cell in content.cells for shown in shown_as(cell)]
    title, _, rest = content.cells[0].source.partition("\n")
    content.cells[0].source = f"{title}\n\n{bar(notebook)}\n\n{rest}"
    quizzes = quiz.quizzes(notebook)
    for cell in content.cells:
        if cell.cell_type == "markdown":
            cell.source = with_quizzes(cell.source, [q for q in quizzes if q.cell == cell.id])
        for output in cell.get("outputs", []):
            if figure := touch.numbers_in(output.get("data", {})):  # as its script begins with it
                output.data = {"text/html": touch.element(*figure)}
    return content


def bar(notebook: Notebook) -> str:
    """Return the line under the title: its size, the student version, and where it opens."""
    links = re.findall(r"\[([^]]+)\]\(([^)]+)\)", launch.binder(f"{notebook.name}.ipynb"))
    opens = [f' · <a href="{html.escape(address)}">Open in {text}</a>' for text, address in links]
    return BAR.format(n=notebook, opens="".join(opens))


def shown_as(cell: Any) -> list[Any]:
    """Return what stands in the place of a cell."""
    if is_solution(cell):  # as a student finds it, and the solution behind a click
        stub = copy.deepcopy(cell)
        stub.source, stub.outputs, stub.execution_count = empty(cell.source), [], None
        stub.id = f"{cell.id}-given"
        marks = r"^[ \t]*### (BEGIN|END) SOLUTION[^\n]*\n?"  # for nbgrader alone
        cell.source = re.sub(marks, "", cell.source, flags=re.M)
        return [stub, folded(cell, "the solution")]
    if is_test(cell):
        cell.source = without_hidden(cell.source).rstrip()
    if is_question(cell):
        cell.source = ANSWER.format(cell.source)
    if DRAWS in tags(cell):
        return [folded(cell, "the code that draws")]
    return [cell]


def folded(cell: Any, what: str) -> Any:
    """Return a cell whose code is behind a click."""
    prompts = {"code_prompt_show": f"Show {what}", "code_prompt_hide": f"Hide {what}"}
    cell.metadata["mystnb"] = cell.metadata.get("mystnb", {}) | prompts
    cell.metadata["tags"] = [*tags(cell), "hide-input"]
    return cell


def figures_to_touch(notebook: Notebook) -> list[tuple[str, Any]]:
    """Return kind and numbers of a notebook's figures to touch, in their order."""
    outputs = [output for cell in notebook.content.cells for output in cell.get("outputs", [])]
    figures = [touch.numbers_in(output.get("data", {})) for output in outputs]
    return [figure for figure in figures if figure]


# ------------------------------------------------------------------ quizzes


def with_quizzes(text: str, quizzes: list[quiz.Quiz]) -> str:
    """Return a cell's text with its quizzes, each before the folded answer to its question."""
    parts = text.split(quiz.CHECK)
    for quiz_ in quizzes:
        question, folded_answer, answer = parts[quiz_.nth].partition("\n<details>")
        parts[quiz_.nth] = f"{question.rstrip()}\n\n{form(quiz_)}\n{folded_answer}{answer}"
    return quiz.CHECK.join(parts)


def form(quiz_: quiz.Quiz) -> str:
    """Return a quiz as HTML around its texts, which Sphinx reads; it stays hidden without scripts.

    A choice has a name of its own, since a formula gives it none.
    """
    name = f"quiz-{quiz_.cell}-{quiz_.nth}"
    parts = [f'<form class="quiz" id="{name}" hidden><fieldset><legend>', quiz_.ask, "</legend>"]
    for text, right, why in quiz_.options:
        label = html.escape(re.sub("[$`]", "", text))
        parts += [OPTION.format(name=name, right=right, label=label), text]
        parts += ['</label>\n<div class="why" hidden>', why, "</div></div>"]
    return "\n\n".join([*parts, '<div class="verdict" role="status"></div></fieldset></form>'])
