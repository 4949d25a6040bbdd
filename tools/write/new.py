"""``course.py new``: a notebook from the template, complete but for its TODO marks."""

from __future__ import annotations

import re

from data.core.files import write_text
from tools.notebook.common import (
    NOTEBOOKS,
    ROOT,
    UNITS,
    Notebook,
    Parser,
    Problem,
    read,
    write_notebook,
)
from tools.notebook.execute import clean, execute, start_kernel
from tools.notebook.tasks import WRONG

TEMPLATE = ROOT / "tools" / "write" / "template.ipynb"
NAME = re.compile(r"(?P<unit>\d\d_[a-z0-9_]+)/(?P<name>\d\d_[a-z0-9_]+)")
# Mistakes for the template's two tasks, to be replaced with the tasks.
MISTAKES = {
    "powers/off_by_one.py": """\
def powers(x, degree):
    return x[:, None] ** np.arange(degree + 0.0)
""",
    "powers/wrong_axis.py": """\
def powers(x, degree):
    return (x[:, None] ** np.arange(degree + 1.0)).T
""",
    "mean_squared_error/sum_for_mean.py": """\
def mean_squared_error(predicted, true):
    return float(np.sum((predicted - true) ** 2))
""",
    "mean_squared_error/visible_answer.py": """\
def mean_squared_error(predicted, true):
    return 2.0
""",
}
SHEET = """\
# {unit}

TODO: what this assignment is about, in a paragraph.

| notebook | points |
|---|---|
| {name} | TODO |

Hand in: `python course.py check --pack {unit}` makes the zip. TODO: rubric of the open questions.
"""


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py new``."""
    p = Parser(
        prog="python course.py new",
        description="Make a notebook from the template and run it once. It passes the structure "
        "check but for its TODO marks.",
    )
    p.add_argument("name", help="unit and name, such as 06_graph_networks/02_gat_ppi")
    p.add_argument("title", help='its title, such as "Graph attention on proteins"')
    options = p.parse_args(argv)
    notebook = Notebook(NOTEBOOKS / f"{checked(options.name)}.ipynb")
    fill(notebook, options.title)
    print(f"made {notebook.path.relative_to(ROOT)}, wrong solutions for its two tasks")
    sheet = notebook.path.parent / "README.md"
    if not sheet.is_file():
        unit, name = notebook.name.split("/")
        write_text(sheet, SHEET.format(unit=unit, name=name))
        print(f"made {sheet.relative_to(ROOT)}, the unit's assignment sheet")
    print("Fill in the TODO marks, then")
    print(f"  python course.py run --update {notebook.id}")
    print(f"  python course.py test {notebook.id}")
    return 0


def checked(name: str) -> str:
    """Return a name that a new notebook may take.

    Raises
    ------
    Problem
        If it is no such name, its unit is unknown, or its number is taken.
    """
    match = NAME.fullmatch(name)
    if match is None:
        raise Problem(
            f"{name!r} is no name; write UNIT/NAME with two digits before each, "
            "such as 06_graph_networks/02_gat_ppi"
        )
    if match["unit"] not in UNITS:
        raise Problem(f"there is no unit {match['unit']!r}; it is one of {', '.join(UNITS)}")
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
    try:
        execute(content, start_kernel(notebook.path.parent), lambda message: None)
    except BaseException:
        notebook.path.unlink()
        raise
    clean(content)
    write_notebook(notebook.path, content)
    for name, source in MISTAKES.items():
        write_text(WRONG / notebook.name / name, source)
