"""``course.py report``: write the pages of results, and the other pages that are generated.

``--accept`` first merges the full runs below ``build/`` into ``results/full.json``. The pages are
docs/results.md and docs/results/, the README's table of units, docs/notebooks.md, the glossary and
the map. The tables in the notebooks' outputs are brought up to date as well.
"""

from __future__ import annotations

from pathlib import Path

from data.core.files import write_text
from tools.notebook import launch, outputs
from tools.notebook.common import (
    ROOT,
    Notebook,
    Parser,
    Problem,
    all_notebooks,
    units,
)
from tools.publish import accepted, glossary, pictures, results, roadmap
from utils import lessons

README = ROOT / "README.md"
TABLE = ROOT / "docs" / "notebooks.md"
# The README's generated parts stand between a mark that names them and one that ends them.
MARKS = "<!-- {part}: written by `python course.py report` -->", "<!-- /{part} -->"


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py report``."""
    p = Parser(
        prog="python course.py report",
        description="Write docs/results.md and its pages from results/full.json, the README's "
        "table of units, docs/notebooks.md, docs/glossary.md and docs/map.md, "
        "and bring the tables of results in the notebooks up to date.",
    )
    p.add_argument(
        "--accept",
        action="store_true",
        help="first merge the last full runs into results/full.json (from a clean tree)",
    )
    options = p.parse_args(argv)
    refused = accepted.accept() if options.accept else 0
    for notebook in all_notebooks():
        pictures.draw(notebook)
        if outputs.renew(notebook):
            print(f"wrote {notebook.name}")
    pictures.draw_opening(all_notebooks())
    for path, text in pages().items():
        write_text(path, text)
        print(f"wrote {path.relative_to(ROOT)}")
    return 1 if refused else 0


def pages() -> dict[Path, str]:
    """Return the generated files and what should be in them."""
    drawn = results.pages() | glossary.pages() | roadmap.pages()
    return drawn | {README: readme_drawn_anew(), TABLE: TOLD + notebooks_table()}


def readme_drawn_anew() -> str:
    """Return the README with its table of units and its addresses as they are now."""
    text = README.read_text(encoding="utf-8")
    parts = {
        "get": launch.how_to_get(),
        "units": units_table(),
        "alone": launch.install_line(),
    }
    for part, lines in parts.items():
        begin, end = (mark.format(part=part) for mark in MARKS)
        if begin not in text or end not in text:
            raise Problem(f"README.md lacks the marks {begin} and {end} around its {part}")
        head, _, rest = text.partition(begin)
        text = f"{head}{begin}\n{lines}\n{end}{rest.partition(end)[2]}"
    return text


def units_table() -> str:
    """Return the README's table in Markdown: a row a unit."""
    lines = ["| | unit | notebooks | hours | points |", "|---|---|---|---|---|"]
    for unit in units():
        inside = [n for n in all_notebooks() if n.path.parent.name == unit]
        shown = pictures.of_unit(unit, inside)
        picture = pictures.link(shown, README, alt=shown.title)
        sheet = f"[{lessons.heading(unit)}](notebooks/{unit}/README.md)"
        lines.append(f"| {picture} | {sheet} | {sizes(inside)} |")
    lines.append(f"| | all | {sizes(all_notebooks())} |")
    return launch.everything() + "\n".join(lines)


def sizes(notebooks: list[Notebook]) -> str:
    """Return three cells of a row: how many notebooks, their hours and their points."""
    hours, points = sum(n.hours for n in notebooks), sum(n.points for n in notebooks)
    return f"{len(notebooks)} | {hours:g} | {points}"


TOLD = """# The notebooks

Drawn by `python course.py report`: a row a notebook, with the hours that it takes, the notebooks
that come before it, its points, and its data sets.

"""


def notebooks_table() -> str:
    """Return the table of notebooks in Markdown."""
    lines = [
        "| | notebook | hours | before it | points | [data](../data/README.md) |",
        "|---|---|---|---|---|---|",
    ]
    return "\n".join(lines + [notebook_row(n) for n in all_notebooks()]) + "\n"


def notebook_row(notebook: Notebook) -> str:
    """Return one notebook's row."""
    link = f"[{notebook.id} {notebook.title}](../notebooks/{notebook.name}.ipynb)"
    before = ", ".join(notebook.prerequisites) or "none"
    if opened := launch.links(notebook):
        link = f"{link}<br>{opened}"
    return (
        f"| {pictures.link(notebook, TABLE)} | {link} | {notebook.hours:g} | {before} | "
        f"{notebook.points} | {', '.join(notebook.meta['datasets'])} |"
    )
