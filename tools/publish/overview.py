"""What the course has, as tables: the README's units and docs/notebooks.md.

All of it comes from the notebooks and their lessons.
"""

from collections import Counter
from pathlib import Path
from typing import Any

from tools.notebook import launch, marked, sheets
from tools.notebook.common import NOTEBOOKS, ROOT, Notebook, all_notebooks, in_order
from tools.publish import pictures
from utils import lessons, results

README = ROOT / "README.md"
NOTEBOOKS_PAGE = ROOT / "docs" / "notebooks.md"
NOTEBOOKS_INTRODUCTION = """# The notebooks

Written by `python course.py report`: one row for each notebook, with the hours that it takes, the
notebooks that it builds on, its points, and its data sets.

"""


def pages() -> dict[Path, str]:
    """Return the README and the page of all notebooks, by their files."""
    of_units = {NOTEBOOKS / unit / "README.md": sheets.of_unit(unit) for unit in by_unit()}
    return {README: readme(), NOTEBOOKS_PAGE: notebooks_page()} | of_units


def by_unit() -> dict[str, list[Notebook]]:
    """Return the notebooks of each unit in the order in which they are worked, as on its sheet."""
    units: dict[str, list[Notebook]] = {n.unit: [] for n in all_notebooks()}
    for notebook in in_order(all_notebooks()):
        units[notebook.unit].append(notebook)
    return units


def unit_by_unit() -> list[Notebook]:
    """Return all notebooks, the units by their numbers and each in the order of its work."""
    return [notebook for notebooks in by_unit().values() for notebook in notebooks]


def table(headings: list[str], rows: list[list[str]]) -> str:
    """Return a table in Markdown."""
    return sheets.table([headings, *rows])


def readme() -> str:
    """Return the README with its table of units and its addresses as they are now."""
    text = README.read_text(encoding="utf-8")
    parts = {
        "get": launch.how_to_get(),
        "results": reached(),
        "units": launch.everything() + units_table().rstrip(),
    }
    return marked.filled(text, parts, "README.md")


def units_table() -> str:
    """Return the README's table: a row a unit, and one for all of them."""
    rows = []
    for unit, notebooks in by_unit().items():
        shown = pictures.of_unit(unit, notebooks)
        sheet = f"[{lessons.heading(unit)}](notebooks/{unit}/README.md)"
        if methods := lessons.unit(unit).get("methods"):
            sheet += f": {methods}"
        rows.append([pictures.link(shown, README, ""), sheet, *sizes(notebooks)])
    rows.append(["", "all", *sizes(all_notebooks())])
    return table(["", "unit", "notebooks", "hours", "points"], rows)


def verdicts(name: str) -> list[tuple[dict[str, Any], str]]:
    """Return a notebook's metrics that are compared with a number or a goal, with their verdicts.

    A number that stands in another row already (``same_as``) is not counted again.
    """
    measured = results.full_metrics(name)
    metrics = results.reported().get(name, {}).get("metrics", {})
    compared = {
        metric: entry
        for metric, entry in metrics.items()
        if {"reported", "goal", "miss"} & entry.keys() and "same_as" not in entry
    }
    return [(entry, results.verdict(measured.get(m), entry)) for m, entry in compared.items()]


def tally() -> dict[str, Counter[str]]:
    """Return how many numbers have each verdict, by who prints them: `results.PRINTED_BY`."""
    counts = {by: Counter[str]() for by in results.PRINTED_BY}
    for notebook in all_notebooks():
        for entry, verdict in verdicts(notebook.name):
            counts[entry.get("by", "ours")][verdict] += 1
    return counts


def reached() -> str:
    """Return what full runs have reached, for the README."""
    report, linked, ours = tally().values()
    met = ours["equal"] + ours["better"]
    return (
        "The course repeats the experiments of five student reports. "
        f"{printed('the reports print', report)} {printed('the pages they name print', linked)} "
        f"Of {ours.total()} counts and goals of our own, {met} are met. "
        "[What falls short](docs/results.md#what-falls-short) stands there with its reason."
    )


def printed(who: str, counts: Counter[str]) -> str:
    """Return a sentence on the numbers that somebody prints, by their verdicts."""
    words = {  # of our results, whose number alone changes
        "equal": "equal {}",
        results.WITHIN: "lie within two standard deviations of {}",
        "better": "are better than {}",
        "short": "miss {}",
        results.CONSTRUCTED: "equal {} by construction",
        results.OTHER: "cannot be compared with {} (other data, networks or machines)",
        "not run": "are missing for {}",
    }
    parts = [said.format(counts[name]) for name, said in words.items() if counts[name]]
    listed = " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))
    return f"Of {counts.total()} numbers that {who}, our results {listed or 'compare none'}."


def sizes(notebooks: list[Notebook]) -> list[str]:
    """Return how many notebooks there are, their hours and their points."""
    hours, points = sum(n.hours for n in notebooks), sum(n.points for n in notebooks)
    return [str(len(notebooks)), f"{hours:g}", str(points)]


def notebooks_page() -> str:
    """Return the page with a row a notebook."""
    rows = []
    for notebook in unit_by_unit():
        link = f"[{notebook.id} {notebook.title}](../notebooks/{notebook.name}.ipynb)"
        if opened := launch.binder(f"{notebook.name}.ipynb"):
            link = f"{link}<br>{opened}"
        before = ", ".join(notebook.prerequisites) or "none"
        _, hours, points = sizes([notebook])
        data = ", ".join(notebook.meta["datasets"])
        picture = pictures.link(notebook, NOTEBOOKS_PAGE, pictures.figure_of(notebook)[1])
        rows.append([picture, link, hours, before, points, data])
    headings = ["", "notebook", "hours", "builds on", "points", "[data](../data/README.md)"]
    return NOTEBOOKS_INTRODUCTION + table(headings, rows)
