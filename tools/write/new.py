"""``course.py new``: a notebook from the template, complete but for its TODO texts."""

from __future__ import annotations

import os
import re

from data.core.files import write_text
from tools.notebook.common import (
    NOTEBOOKS,
    ROOT,
    Notebook,
    Parser,
    Problem,
    read,
    shown,
    write_notebook,
)
from tools.notebook.execute import execute
from tools.notebook.outputs import write_time
from tools.notebook.wrong import wrong_file
from utils import lessons

TEMPLATE = ROOT / "tools" / "write" / "template.ipynb"
NAME = re.compile(r"(?P<unit>\d\d_[a-z0-9_]+)/(?P<name>\d\d_[a-z0-9_]+)")
# Mistakes for the template's two tasks, to be replaced with the tasks.
MISTAKES = """\
[powers.off_by_one]
replace = "degree + 1.0"
by = "degree + 0.0"

[powers.wrong_axis]
replace = "x[:, None] ** np.arange(degree + 1.0)"
by = "(x[:, None] ** np.arange(degree + 1.0)).T"

[mean_squared_error.sum_for_mean]
replace = "np.mean"
by = "np.sum"

[mean_squared_error.visible_answer]
replace = "float(np.mean((predicted - true) ** 2))"
by = "2.0"
"""
LESSON = """\
# What belongs to the notebook of this name; CONTRIBUTING.md explains it.
hours = 2  # TODO: to read it and to solve its tasks
week = {week}  # of lessons/course.toml; not before that of a notebook on which it builds
picture = "fit-figure"  # the id of the cell whose figure stands for it

# Where a source report stands behind it: its section, figures and numbers.
# [report]
# section = "Question 1"
# figures = ["Figure 1: what it shows"]
# [report.metrics]
# test_accuracy = {{ reported = 0.91, where = "text" }}

[[term]]
name = "TODO: {name}"  # a term of the field as it stands in a sentence
heading = "The data"  # the section that explains it
text = "TODO: what it means, in a sentence or two."
"""


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py new``."""
    p = Parser(
        prog="python course.py new",
        description="Make a notebook from the template and run it once. It passes all checks; "
        "its TODO texts say what to write where.",
    )
    p.add_argument("name", help="unit and name, such as 06_graph_networks/02_gat_ppi")
    p.add_argument("title", help='its title, such as "Graph attention on proteins"')
    options = p.parse_args(argv)
    notebook = Notebook(NOTEBOOKS / f"{checked(options.name)}.ipynb")
    fill(notebook, options.title)
    folder = lessons.folder(notebook.name)
    write_text(folder / "lesson.toml", LESSON.format(name=notebook.name, week=len(lessons.weeks())))
    print(f"Write the TODO texts in {shown(notebook.path)} and {shown(folder)}/.")
    print(f"Store its outputs with `python course.py run --update {notebook.id}`.")
    print(f"Check it with `python course.py test {notebook.id}`; add it to its unit's README.md.")
    return 0


def checked(name: str) -> str:
    """Return a name that a new notebook may take.

    Raises Problem if it is no such name, its unit is unknown, or its number is taken.
    """
    match = NAME.fullmatch(name)
    if match is None:
        raise Problem(
            f"{name!r} is no name; write UNIT/NAME with two digits before each, "
            "such as 06_graph_networks/02_gat_ppi"
        )
    if match["unit"] not in (units := lessons.units()):
        raise Problem(
            f"there is no unit {match['unit']!r}; it is one of {', '.join(units)}, or made by "
            f'`python course.py new-unit {match["unit"]} "its title"`'
        )
    taken = sorted((NOTEBOOKS / match["unit"]).glob(f"{match['name'][:2]}_*.ipynb"))
    if taken:
        raise Problem(f"{taken[0].relative_to(ROOT)} is there already; choose another number")
    return name


def fill(notebook: Notebook, title: str) -> None:
    """Write the notebook, with outputs, and the wrong solutions of its tasks."""
    content = read(TEMPLATE)
    for cell in content.cells:
        cell.source = cell.source.replace("NOTEBOOK_TITLE", title)
        cell.source = cell.source.replace("NOTEBOOK_ID", notebook.id)
    content.metadata["course"]["id"] = notebook.id
    write_notebook(notebook.path, content)  # the running notebook looks for its own file
    done = execute(notebook.path, os.environ)
    if done.error:
        notebook.path.unlink()
        raise Problem(f"the new notebook fails at {done.error}")
    write_time(done.content, done.processor_seconds)
    write_notebook(notebook.path, done.content)
    write_text(wrong_file(notebook.name), MISTAKES)
