"""The results pages: an overview with a line a notebook, a page a unit, and the benchmarks.

All numbers come from ``results/`` and ``lessons/``.
"""

from collections import Counter
from pathlib import Path
from typing import Any

from tools.notebook.common import ROOT, all_notebooks
from tools.publish import bench
from tools.publish.glossary import anchor
from tools.publish.overview import by_unit, table, verdicts
from utils import lessons, results
from utils.code import REPRODUCTION

PAGE = ROOT / "docs" / "results.md"
FOLDER = ROOT / "docs" / "results"
BACK = "[All units](../results.md)\n"
HEADINGS = ["metric", "reported", "measured", "data", "goal", "part of the page", "verdict"]
INTRODUCTION = """\
# Reported and measured

Full runs of the notebooks are compared with {number} numbers: values that the sources report, and
goals of this course.

{verdicts}
These numbers have the verdict *short*:

{short}
## All notebooks

`python course.py report` writes these pages from [results/full.json](../results/full.json), which
has the last accepted full run of each notebook, and from the reported values and goals in
`lessons/`. *Code changed since* means that the notebook's training code is no longer what that run
executed.
"""


def pages() -> dict[Path, str]:
    """Return the text of each page by its file."""
    texts = {PAGE: overview()}
    for unit, notebooks in by_unit().items():
        sections = [section(n.name, f"{n.id} {n.title}", n.has_line) for n in notebooks]
        title = f"# {lessons.heading(unit)}: reported and measured\n\n{BACK}"
        texts[FOLDER / f"{unit}.md"] = "\n".join([title, *sections])
    columns = {name: benchmark.columns for name, benchmark in bench.all_benchmarks().items()}
    measured = results.accepted("bench", "benchmarks")
    sections = [bench.section(result, columns.get(name, {})) for name, result in measured.items()]
    texts[FOLDER / "benchmarks.md"] = "\n".join([f"# Beside other libraries\n\n{BACK}", *sections])
    return texts


def overview() -> str:
    """Return the page with a line a notebook: its verdicts, and the full run behind them."""
    rows, short, total, below = [], [], Counter[str](), 0
    for notebook in all_notebooks():
        counts = Counter(verdict for _, verdict in verdicts(notebook.name))
        run = results.full_run(notebook.name)
        total += counts
        heading = f"{notebook.id} {notebook.title}"
        link = f"[{heading}](results/{notebook.path.parent.name}.md#{anchor(heading)})"
        short += [[notebook.id, *cells] for cells in compared(notebook.name) if is_short(cells)]
        since = ", code changed since" if run and results.changed(notebook.name, run) else ""
        source = [loaded(run), run["finished"][:10], run["commit"] + since] if run else [""] * 3
        below += (own := below_line(notebook.name))
        rows.append([link, *numbers(counts), str(own or ""), *source])
    rows.append(["all notebooks", *numbers(total), str(below or ""), "", "", ""])
    headings = ["notebook", *results.VERDICTS, "of these in the reproduction"]
    headings += ["data of the full run", "date", "commit"]
    titles = [
        f"- {benchmark['title']}\n"
        for benchmark in results.accepted("bench", "benchmarks").values()
    ]
    peers = f"[Benchmarks](results/benchmarks.md) on the same work:\n\n{''.join(titles)}"
    meanings = [[name, str(total[name]), text] for name, text in results.VERDICTS.items()]
    introduction = INTRODUCTION.format(
        number=total.total(),
        verdicts=table(["verdict", "numbers", "meaning"], meanings),
        short=table(["notebook", *HEADINGS], short),
    )
    return "\n".join([introduction, table(headings, rows), peers])


def compared(name: str) -> list[list[str]]:
    """Return a row for each metric of a notebook: measured, expected, and why it is short."""
    metrics = results.reported().get(name, {}).get("metrics", {})
    measured = results.full_metrics(name)
    rows = [results.row(m, measured.get(m), metrics.get(m, {})) for m in {**metrics, **measured}]
    for cells in rows:
        cells.insert(-1, measured.get(cells[0], {}).get("part", ""))
        reasons = [entry.get(cells[0], {}).get("why") for entry in (measured, metrics)]
        if cells[-1] == "short" and (why := reasons[0] or reasons[1]):
            cells[-1] += f": {why}"
    return rows


def below_line(name: str) -> int:
    """Return how many of a notebook's compared numbers its reproduction has measured."""
    measured = results.full_metrics(name)
    metrics = results.reported().get(name, {}).get("metrics", {})
    compared = [metric for metric, entry in metrics.items() if {"reported", "goal"} & entry.keys()]
    parts = [measured.get(metric, {}).get("part") for metric in compared]
    return parts.count(REPRODUCTION)


def is_short(cells: list[str]) -> bool:
    """Say whether a row's verdict is that the measured value misses the expected one."""
    return cells[-1].startswith("short")


def numbers(counts: Counter[str]) -> list[str]:
    """Return a cell a verdict: how many there are, empty for none."""
    return [str(counts[verdict] or "") for verdict in results.VERDICTS]


def loaded(run: dict[str, Any]) -> str:
    """Return the data sets of a run, each with its source and its share of the official set."""
    texts = []
    for name, sources in run["datasets"].items():
        for source, origin in sources.items():
            fraction = origin["fraction"]
            partial = fraction is not None and fraction < 1
            share = f", {100 * fraction:.2g} % of it" if partial else ""
            texts.append(f"{name} ({results.SOURCES[source]}{share})")
    made = {metric["data"] for metric in run["metrics"].values()}
    if "sample" in made and not any("sample" in sources for sources in run["datasets"].values()):
        texts.append("made in the notebook (synthetic)")
    return ", ".join(texts)


def section(name: str, heading: str, has_line: bool = False) -> str:
    """Return a notebook's part of its unit's page: the run, the tables, claims and figures.

    Where the notebook ``has_line``, what stands below its line has a link of its own.
    """
    expected, run = results.reported().get(name, {}), results.full_run(name)
    links = f"[The notebook](../../notebooks/{name}.ipynb)"
    if has_line:
        links += f" · [Its reproduction](../../notebooks/{name}.ipynb#Reproduction)"
    parts = [f"## {heading}\n", f"{links}\n"]
    if "section" in expected:
        parts.append(f"Source: {expected.get('report', '')}, {expected['section']}.\n")
    if run:
        parts.append(run_line(name, run))
    if rows := compared(name):
        parts.append(table(HEADINGS, rows))
    if printed := expected.get("printed", {}):
        rows = [[setting, results.row(setting, None, e)[1]] for setting, e in printed.items()]
        parts += ["Settings, shapes and other results of the source:\n", table(["", "value"], rows)]
    claims = run.get("findings", {})
    if failed := [f"- {claim}\n" for claim, holds in claims.items() if not holds]:
        head = f"{len(failed)} of the run's {len(claims)} checked claims did not hold:"
        parts.append(f"{head}\n\n{''.join(failed)}")
    for path in sorted((results.RESULTS / "figures" / name).glob("*.svg")):
        alt = f"{path.stem.replace('_', ' ')} of the full run of {name}"
        parts.append(f"![{alt}](../../results/figures/{name}/{path.name})\n")
    return "\n".join(parts)


def run_line(name: str, run: dict[str, Any]) -> str:
    """Return which run the numbers come from: data, time, memory and versions."""
    text = results.describe(name, run)
    versions = ", ".join(f"{package} {version}" for package, version in run["versions"].items())
    parts = [loaded(run), f"{run['seconds']:.0f} s", f"{run['peak_mb'] / 1000:.1f} GB", versions]
    return f"{text[0].upper()}{text[1:]}: {'; '.join(filter(None, parts))}.\n"
