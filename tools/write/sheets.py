"""What keeps a unit from being released: TODOs, and a sheet that its notebooks contradict."""

import re
from collections.abc import Iterator

from tools.notebook.cells import above_line, grading, is_graded, points, task_name
from tools.notebook.common import NOTEBOOKS, Notebook, all_notebooks

TODO = "TODO"
NOTEBOOK_ROW = re.compile(r"^\| \d+ \| \[\w+\]\((\d\d)\w+\.ipynb\).*?\| ([\d.]+) \| (\d+) \|", re.M)
TASK_ROW = re.compile(r"^\| (\d\d) \| `?(\w+|open question)`?:.*\| *(\d*) *\|$", re.M)


def faults(unit: str) -> Iterator[str]:
    """Say what a unit's sheet, ``README.md``, lacks, and which texts of its pages are to write."""
    text = (NOTEBOOKS / unit / "README.md").read_text(encoding="utf-8")
    if TODO in text:
        yield "README.md: a TODO is left"
    rows = {number: row for number, *row in NOTEBOOK_ROW.findall(text)}
    tasks = TASK_ROW.findall(text)
    here = {n.path.stem[:2]: n for n in all_notebooks() if n.path.parent.name == unit}
    for number in sorted({*rows, *(task[0] for task in tasks)} - here.keys()):
        yield f"README.md has rows of notebook {number}, which is not there"
    for number, notebook in here.items():
        if left := [
            c.get("id", "?") for c in above_line(notebook.content.cells) if TODO in c.source
        ]:
            yield f"{notebook.path.name}: a TODO is left in {', '.join(left)}"
        listed = [f"{name} {worth}".strip() for n, name, worth in tasks if n == number]
        if listed != (graded := tasks_of(notebook)):
            said = "; ".join(listed) or "nothing"
            yield f"README.md lists of {number}: {said}. In the notebook: {'; '.join(graded)}"
        facts = [f"{notebook.hours:g}", str(notebook.points)]
        if (row := rows.get(number, ["no", "no"])) != facts:
            yield (
                f"README.md gives {number} {row[0]} hours and {row[1]} points; it has {facts[0]} "
                f"and {facts[1]}"
            )


def tasks_of(notebook: Notebook) -> list[str]:
    """Return the graded cells of a notebook with their points, as a sheet lists them."""
    return [
        f"{task_name(grading(c)['grade_id']) if c.cell_type == 'code' else 'open question'} "
        f"{points(c)}"
        for c in notebook.content.cells
        if is_graded(c)
    ]
