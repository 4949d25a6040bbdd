"""Assignment sheets: the tables are written from the pages, the prose around them by a person.

What a table says of a page stands in the page, for hours and points, and in its ``lesson.toml``:
``asks``, its question, and ``tasks``, what each task wants. ``report`` writes the tables into the
sheets of the units. The sheet of an assignment that an instructor has chosen is written whole.
"""

import copy
import re
from collections.abc import Iterable, Iterator
from typing import Any

from data.core import cards
from data.core.cards import AVAILABILITIES
from tools.notebook.cells import above_line, grading, is_graded, points, task_name
from tools.notebook.common import NOTEBOOKS, Notebook, all_notebooks, in_order
from tools.notebook.marked import filled

TODO = "TODO"
QUESTION = "open_question"  # in ``tasks``: what a page asks in words
PARTS = ("notebooks", "tasks")
CHOSEN = """\
# {title}

This assignment has {count}. It takes about {hours:g} hours and is worth {points} points.

{notebooks}
## Before you start

The first table of each notebook says what you should know.

## What to do

Work through each notebook from top to bottom. Fill in the cells marked `YOUR CODE HERE` and \
`YOUR ANSWER HERE`, and leave all other cells as they are. Undo the changes that an exercise asks \
for.

{tasks}
Each function has visible tests below it; hidden tests use other inputs. The docstring and the \
text of the task state shapes, types and special cases.

## What to hand in

First run each notebook from top to bottom.

```
python course.py check {first}
python course.py check --pack {name}
```

The first command runs the visible tests of one notebook and lists what is unsolved, unanswered or \
wrongly changed. The second packs the notebooks of this assignment into the zip file that you hand \
in.

## How it is marked

- **Functions**: a function earns all its points if it passes the visible and the hidden tests, \
and otherwise none. The tests compare values, shapes and types.
- **Open questions**: the rubric below each question says what earns its points. Five to ten \
sentences are enough. Numbers from the notebook count as reasons; opinions do not.
- **Exercises** at the end of a notebook carry no points.
"""


def of_unit(unit: str) -> str:
    """Return the sheet of a unit with its two tables as they are now."""
    text = (NOTEBOOKS / unit / "README.md").read_text(encoding="utf-8")
    return filled(text, tables(in_unit(unit)), f"notebooks/{unit}/README.md")


def of_chosen(name: str, title: str, notebooks: Iterable[Notebook]) -> str:
    """Return the sheet of an assignment that an instructor has put together, for its release."""
    own = list(notebooks)
    folders = {notebook.name: f"notebooks/{notebook.unit}/" for notebook in own}
    return CHOSEN.format(
        name=name,
        title=title,
        count=f"{len(own)} notebooks" if len(own) > 1 else "one notebook",
        hours=sum(notebook.hours for notebook in own),
        points=sum(notebook.points for notebook in own),
        first=own[0].id,
        notebooks=notebooks_table(own, folders),
        tasks=tasks_table(own),
    )


def in_unit(unit: str) -> list[Notebook]:
    """Return the notebooks of a unit in the order of work, but for those that are left out."""
    return [notebook for notebook in in_order(all_notebooks()) if notebook.unit == unit]


def tables(notebooks: list[Notebook]) -> dict[str, str]:
    """Return the two tables of a sheet by the names of their marks."""
    return dict(zip(PARTS, (notebooks_table(notebooks, {}), tasks_table(notebooks)), strict=True))


def notebooks_table(notebooks: list[Notebook], folders: dict[str, str]) -> str:
    """Return a row for each notebook: its question, hours, points and data.

    ``folders`` say by its name where a notebook lies; without, it is beside the sheet.
    """
    rows = [["Order", "Notebook", "Hours", "Points", "Real data"]]
    for order, notebook in enumerate(notebooks, 1):
        link = f"[{notebook.path.stem}]({folders.get(notebook.name, '')}{notebook.path.name})"
        asks = notebook.lesson.get("asks", TODO)
        facts = [f"{notebook.hours:g}", str(notebook.points), data_of(notebook)]
        rows.append([str(order), f"{link}: {asks}", *facts])
    return table(rows)


def tasks_table(notebooks: list[Notebook]) -> str:
    """Return a row for each task and question: what the learner writes, and its points."""
    rows = [["Notebook", "What you write", "Points"]]
    units = {notebook.unit for notebook in notebooks}
    for notebook in notebooks:
        number = notebook.id if len(units) > 1 else notebook.id[3:]
        wanted = notebook.lesson.get("tasks", {})
        for name, worth in graded(notebook):
            said = "open question" if name == QUESTION else f"`{name}`"
            rows.append([number, f"{said}: {wanted.get(name, TODO)}", str(worth)])
    return table(rows)


def table(rows: list[list[str]]) -> str:
    """Return a table in Markdown; its first row are the headings."""
    lines = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def data_of(notebook: Notebook) -> str:
    """Return which data sets a notebook uses, by how a reader comes to their real files."""
    places: dict[str, list[str]] = {place: [] for place in AVAILABILITIES}
    for name in notebook.meta["datasets"]:
        places[cards.get(name).availability].append(f"[{name}](../../data/README.md#{name})")
    return "; ".join(f"{p}: {', '.join(names)}" for p, names in places.items() if names) or "none"


def graded(notebook: Notebook) -> list[tuple[str, int]]:
    """Return the tasks of a notebook and its open question, with their points, in order."""
    cells = [cell for cell in notebook.content.cells if is_graded(cell)]
    return [
        (task_name(grading(c)["grade_id"]) if c.cell_type == "code" else QUESTION, points(c))
        for c in cells
    ]


def headed(content: Any) -> Any:
    """Return a notebook's content whose headings give the points of the graded cells below them."""
    content = copy.deepcopy(content)
    for place, cell in enumerate(content.cells):
        if not is_graded(cell):
            continue
        heading = r"(\*\*(?:Open question|Question)) \(\d+ points?\)"
        if cell.cell_type == "code":
            heading = rf"^(### Task: `{task_name(grading(cell)['grade_id'])}`) \(\d+ points?\)$"
        worth = f"{points(cell)} point{'s' if points(cell) != 1 else ''}"
        above = [c for c in content.cells[:place] if re.search(heading, c.source, re.M)]
        for text in above[-1:]:  # the nearest
            text.source = re.sub(heading, rf"\g<1> ({worth})", text.source, flags=re.M)
    return content


def faults(notebooks: Iterable[Notebook]) -> Iterator[str]:
    """Say what is still to be written in notebooks, in their lessons, or in their units' sheets."""
    own = list(notebooks)
    for notebook in own:
        if left := [
            c.get("id", "?") for c in above_line(notebook.content.cells) if TODO in c.source
        ]:
            yield f"{notebook.name}: a TODO is left in {', '.join(left)}"
        yield from unwritten(notebook)
    for unit in sorted({notebook.unit for notebook in own}):
        file = f"notebooks/{unit}/README.md"
        text = (NOTEBOOKS / unit / "README.md").read_text(encoding="utf-8")
        if TODO in text:
            yield f"{file}: a TODO is left"
        elif text != of_unit(unit):
            yield f"{file} is not as its notebooks are: write it by `python course.py report`"


def unwritten(notebook: Notebook) -> Iterator[str]:
    """Say what a lesson's toml lacks of what the sheet says of the notebook, or has too much."""
    file, wanted = f"lessons/{notebook.name}/lesson.toml", notebook.lesson.get("tasks", {})
    if "asks" not in notebook.lesson:
        yield f"{file} lacks 'asks', the question of the page"
    names = [name for name, _ in graded(notebook)]
    if missing := [name for name in names if name not in wanted]:
        yield f"{file}, tasks: it does not say what is written for {', '.join(missing)}"
    if unknown := [name for name in wanted if name not in names]:
        yield f"{file}, tasks: the notebook has no task {', '.join(unknown)}"
