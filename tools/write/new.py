"""``course.py new``: a notebook from the template, complete but for its TODO texts."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from data.core.files import write_text
from tools.notebook.common import NOTEBOOKS, Notebook, Parser, Problem, read, shown, write_notebook
from utils import lessons

HERE = Path(__file__).resolve().parent
NAME = re.compile(r"(\d\d_[a-z0-9_]+)/(\d\d)_[a-z0-9_]+")


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py new``."""
    p = Parser(
        prog="python course.py new",
        description="Make a notebook from the template, and the folder of its lesson. Once it has "
        "run it passes all checks; its TODO texts say what to write where.",
    )
    p.add_argument("name", help="unit and name, such as 06_graph_networks/02_gat_ppi")
    p.add_argument("title", help='its title, such as "Graph attention on proteins"')
    options = p.parse_args(argv)
    notebook = Notebook(NOTEBOOKS / f"{options.name}.ipynb")
    refuse(options.name)
    content = read(HERE / "template.ipynb")
    for cell in content.cells:
        cell.source = cell.source.replace("NOTEBOOK_TITLE", options.title)
        cell.source = cell.source.replace("NOTEBOOK_ID", notebook.id)
    content.metadata["course"]["id"] = notebook.id
    write_notebook(notebook.path, content)
    folder, week = lessons.folder(notebook.name), len(lessons.weeks())
    for file in ("lesson.toml", "wrong.toml"):
        write_text(folder / file, filled(f"lesson/{file}", name=notebook.name, week=week))
    print(f"Write the TODO texts in {shown(notebook.path)} and {shown(folder)}/.")
    print(f"Store its outputs with `python course.py run --update {notebook.id}`.")
    print(f"Check it with `python course.py test {notebook.id}`; add it to its unit's README.md.")
    return 0


def refuse(name: str) -> None:
    """Raise Problem if a name is none, its unit is unknown, or its number is taken."""
    match = NAME.fullmatch(name)
    if match is None:
        raise Problem(
            f"{name!r} is no name; write UNIT/NAME with two digits before each, "
            "such as 06_graph_networks/02_gat_ppi"
        )
    unit, number = match.groups()
    if unit not in lessons.units():
        raise Problem(
            f"there is no unit {unit!r}; it is one of {', '.join(lessons.units())}, or made by "
            f'`python course.py new-unit {unit} "its title"`'
        )
    if taken := sorted((NOTEBOOKS / unit).glob(f"{number}_*.ipynb")):
        raise Problem(f"{shown(taken[0])} is there already; choose another number")


def filled(name: str, /, **words: Any) -> str:
    """Return a template with the words for what it leaves open."""
    text = (HERE / "templates" / f"{name}.txt").read_text(encoding="utf-8")
    return text.format(**words)
