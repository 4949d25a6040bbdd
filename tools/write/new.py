"""``course.py new``: a notebook, a unit or a data set from a template, complete but for TODOs."""

import re
from pathlib import Path
from typing import Any

from data.core import cards
from data.core.files import write_text
from tools.notebook.common import NOTEBOOKS, Notebook, Parser, Problem, read, shown, write_notebook
from utils import lessons

HERE = Path(__file__).resolve().parent
UNIT, NOTEBOOK = r"(\d\d)_[a-z0-9_]+", r"(\d\d_[a-z0-9_]+)/(\d\d)_[a-z0-9_]+"
DATA = r"data/([a-z][a-z0-9_]*)"
HELP = """\
UNIT/NOTEBOOK makes a notebook and the folder of its lesson. It runs as it is; `test` names each
TODO until you have written its text; `report` writes its rows into the unit's README.md.
UNIT makes a unit: its assignment sheet and its folder of lessons. data/NAME makes the folder of a
data set: its card, reader, sample and tests."""


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py new``."""
    p = Parser(
        prog="python course.py new",
        description="Make a notebook, a unit or a data set. Its TODO texts say what to write.",
        epilog=HELP,
    )
    p.add_argument("name", help="such as 06_graph_networks/09_pooling, 11_flow or data/road_signs")
    p.add_argument("title", nargs="?", default="", help='such as "Pooling on graphs"')
    options = p.parse_args(argv)
    name, title = options.name, options.title.strip()
    if match := re.fullmatch(DATA, name):
        data_set(match[1])
    elif not title or '"' in title or "\n" in title:
        raise Problem(f"write a title after {name}: one line, without quotation marks in it")
    elif match := re.fullmatch(UNIT, name):
        unit(name, match[1], title)
    elif match := re.fullmatch(NOTEBOOK, name):
        notebook(Notebook(NOTEBOOKS / f"{name}.ipynb"), match[1], match[2], title)
    else:
        raise Problem(
            f"{name!r} is no name; write UNIT/NOTEBOOK or UNIT, with two digits before each, such "
            "as 06_graph_networks/09_pooling, or data/NAME in small letters"
        )
    return 0


def notebook(new: Notebook, unit: str, number: str, title: str) -> None:
    """Write a notebook and its lesson; Problem if there is no such unit or one of that number."""
    if unit not in lessons.units():
        raise Problem(
            f"there is no unit {unit!r}. The units are {', '.join(lessons.units())}. Make another "
            f'with `python course.py new {unit} "its title"`'
        )
    if taken := sorted((NOTEBOOKS / unit).glob(f"{number}_*.ipynb")):
        raise Problem(f"{shown(taken[0])} is there already; choose another number")
    content = read(HERE / "template.ipynb")
    for cell in content.cells:
        cell.source = cell.source.replace("NOTEBOOK_TITLE", title)
        cell.source = cell.source.replace("NOTEBOOK_ID", new.id)
    content.metadata["course"]["id"] = new.id
    write_notebook(new.path, content)
    folder = lessons.folder(new.name)
    fill("lesson", folder, name=new.name, week=len(lessons.weeks()))
    print(f"Write the TODO texts in {shown(new.path)} and {shown(folder)}/.")
    print(f"Store its outputs with `python course.py run --update {new.id}`.")
    print(f"Write its rows into {shown(new.path.parent)}/README.md by `python course.py report`.")
    print(f"Check it with `python course.py test {new.id}`, which names what is still to be done.")


def unit(name: str, number: str, title: str) -> None:
    """Write a unit's sheet and its folder of lessons; Problem if its number is taken."""
    if taken := [unit for unit in lessons.units() if unit[:2] == number]:
        raise Problem(f"there is a unit {taken[0]} already; choose another number")
    sheet, card = NOTEBOOKS / name, lessons.folder(name)
    fill("sheet", sheet, number=number, title=title)
    fill("unit", card, title=title)
    print(f"Write the TODO texts in {shown(sheet)}/README.md and {shown(card)}/unit.toml.")
    print(f'Make a notebook with `python course.py new {name}/01_name "Its title"`.')


def data_set(name: str) -> None:
    """Write the folder of a data set; Problem if the name is taken."""
    folder = cards.FOLDER / name
    if folder.exists() or name in cards.entries():
        raise Problem(f"there is {shown(folder)} or a card of that name already")
    fill("dataset", folder, name=name, kind=name.title().replace("_", ""))
    print(f"Write the TODO texts in {shown(folder)}/; the test of all cards names those that stay.")
    print(f"Fetch it with `python course.py data fetch {name}`.")
    print(f"Check it with `python course.py test {shown(folder)}`.")
    print("Write its card into data/README.md with `python course.py report`.")


def fill(template: str, folder: Path, **words: Any) -> None:
    """Write the files of a template into a folder, with the words for what it leaves open."""
    for path in sorted((HERE / "templates" / template).glob("*.txt")):
        write_text(folder / path.stem, path.read_text(encoding="utf-8").format(**words))
