"""The pages of a notebook: its lesson, and below its line the reproduction of the source.

What is given stands open. Solutions, tests and adapters are folded away.
"""

import copy
import html
import re
from typing import Any

from nbformat.v4 import new_markdown_cell

from tools.notebook import launch, quiz
from tools.notebook.cells import (
    DRAWS,
    above_line,
    below_line,
    is_adapter,
    is_question,
    is_solution,
    is_test,
    tags,
)
from tools.notebook.common import Notebook, Problem
from tools.notebook.tasks import empty, without_hidden
from tools.publish.glossary import anchor
from utils import touch

# Sphinx numbers headings by depth; what a page has beside its own text is written as HTML.
BAR = (
    '<p class="lesson-bar"><b>{n.id}</b> · {hours} with the open question · {n.points} points · '
    '<a href="../../downloads/{n.name}.ipynb" download>Download the student version</a>, or in the '
    "course's folder: <code>python course.py lab {n.id}</code>{opens}</p>"
)
# Links are written as the notebook's file would have them; the site leads them to its pages.
END_OF_LESSON = """\
::::{{div}} lesson-bar
This lesson has a [reproduction of its source]({n.path.name}#Reproduction): all numbers and figures
of the source that this course reproduces, beside the values that the source reports.
::::"""
BEGIN_OF_REPRODUCTION = """\
# Reproduction: {n.title}

::::{{div}} lesson-bar
**{n.id}** · This page goes on where [the lesson]({n.path.name}) ends, and uses its code ·
[All results of {n.id}](../../docs/results/{n.path.parent.name}.md#{section})
::::

{rest}"""
# A heading of the third level becomes one of the second, because the page has its own title.
HIGHER = re.compile(r"(?P<code>```.*?```)|^#(?=##+ )", re.S | re.M)
ANSWER = '<details class="answer">\n<summary>A model answer</summary>\n\n{}\n\n</details>'
ASKED = '<div class="asked">\n\n{}\n\n</div>'
OPTION = (
    '<div><label><input type="radio" name="{name}" data-right="{right:d}" aria-label="{label}">'
)


def page(notebook: Notebook) -> Any:
    """Return the lesson of a notebook as the site shows it; its file stays as it is."""
    content = copy.deepcopy(notebook.content)
    content.cells = as_on_site(notebook, above_line(content.cells))
    title, _, rest = content.cells[0].source.partition("\n")
    content.cells[0].source = f"{title}\n\n{bar(notebook)}\n\n{rest}"
    if notebook.has_line:
        content.cells.append(new_markdown_cell(END_OF_LESSON.format(n=notebook), id="end"))
    return content


def reproduction(notebook: Notebook) -> Any:
    """Return what stands below the line of a notebook, with the headings of a page of its own."""
    content = copy.deepcopy(notebook.content)
    content.cells = as_on_site(notebook, below_line(content.cells))
    for cell in content.cells:
        if cell.cell_type == "markdown":
            cell.source = HIGHER.sub(lambda match: match["code"] or "", cell.source)
    _, _, rest = content.cells[0].source.partition("\n")
    section = anchor(f"{notebook.id} {notebook.title}")
    content.cells[0].source = BEGIN_OF_REPRODUCTION.format(n=notebook, section=section, rest=rest)
    return content


def as_on_site(notebook: Notebook, cells: list[Any]) -> list[Any]:
    """Return cells of a notebook as the site shows them.

    Raises Problem if a quiz of the notebook has no place in it, or is none.
    """
    if faults := list(quiz.faults(notebook)):
        raise Problem(f"lessons/{notebook.name}/{faults[0]}")
    cells = [part for cell in cells for part in parts_of(cell)]
    quizzes = quiz.quizzes(notebook)
    for cell in cells:
        if cell.cell_type == "markdown":
            cell.source = with_quizzes(cell.source, [q for q in quizzes if q.cell == cell.id])
        for output in cell.get("outputs", []):
            if figure := touch.numbers_in(output.get("data", {})):  # as its script begins with it
                output.data = {"text/html": touch.element(*figure)}
    return cells


def bar(notebook: Notebook) -> str:
    """Return the line under the title: its size, the student version, and where it opens."""
    links = re.findall(r"\[([^]]+)\]\(([^)]+)\)", launch.binder(f"{notebook.name}.ipynb"))
    opens = [f' · <a href="{html.escape(address)}">Open in {text}</a>' for text, address in links]
    hours = f"{notebook.hours:g} hour{'s' * (notebook.hours != 1)}"
    return BAR.format(n=notebook, hours=hours, opens="".join(opens))


def parts_of(cell: Any) -> list[Any]:
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
        return [folded(cell, "the tests")]
    if is_adapter(cell):
        return [folded(cell, "the adapter")]
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
    """Return kind and numbers of the figures to touch of a lesson, in their order."""
    cells = above_line(notebook.content.cells)
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    figures = [touch.numbers_in(output.get("data", {})) for output in outputs]
    return [figure for figure in figures if figure]


# ------------------------------------------------------------------ quizzes


def with_quizzes(text: str, quizzes: list[quiz.Quiz]) -> str:
    """Return a cell's text with its quizzes, each before the folded answer to its question.

    A quiz asks its question itself; the one of the notebook is for a reader without scripts.
    """
    first, *parts = text.split(quiz.CHECK)
    parts = [quiz.CHECK + part for part in parts]
    for quiz_ in quizzes:
        question, folded_answer, answer = parts[quiz_.nth - 1].partition("\n<details>")
        asked = ASKED.format(question.rstrip())
        parts[quiz_.nth - 1] = f"{asked}\n\n{form(quiz_)}\n{folded_answer}{answer}"
    return "".join([first, *parts])


def form(quiz_: quiz.Quiz) -> str:
    """Return a quiz as HTML around its texts, which Sphinx reads; it stays hidden without scripts.

    A choice has a name of its own, since a formula gives it none.
    """
    name = f"quiz-{quiz_.cell}-{quiz_.nth}"
    parts = [
        f'<form class="quiz" id="{name}" hidden><fieldset><legend>',
        f"{quiz.CHECK} {quiz_.ask}",
        "</legend>",
    ]
    for text, right, why in quiz_.options:
        label = html.escape(re.sub("[$`]", "", text))
        parts += [OPTION.format(name=name, right=right, label=label), text]
        parts += ['</label>\n<div class="why" hidden>', why, "</div></div>"]
    return "\n\n".join([*parts, '<div class="verdict" role="status"></div></fieldset></form>'])
