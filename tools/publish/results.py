"""The results pages: an overview with a line a notebook, a page a unit, and the benchmarks.

All numbers come from ``results/`` and ``lessons/``.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

from tools.notebook.common import ROOT, Notebook, all_notebooks
from tools.publish.bench import all_benchmarks, speeds
from tools.publish.glossary import anchor
from utils import lessons, results

PAGE = ROOT / "docs" / "results.md"
FOLDER = ROOT / "docs" / "results"
BACK = "[All units](../results.md)\n"
HEADINGS = ("metric", "reported", "measured", "data", "goal", "verdict")
INTRODUCTION = """\
# Reported and measured

`python course.py report` writes these pages from [results/full.json](../results/full.json), which
has the last accepted full run of each notebook, and from the reported values and goals in
`lessons/`. The verdicts are:

{verdicts}

*Code changed since* means that the notebook's training code is no longer what that run executed.
"""


def pages() -> dict[Path, str]:
    """Return the text of each page by its file."""
    every = all_notebooks()
    found = {PAGE: overview(every), FOLDER / "benchmarks.md": benchmarks()}
    for unit in dict.fromkeys(n.path.parent.name for n in every):
        own = [n for n in every if n.path.parent.name == unit]
        sections = [section(n.name, f"{n.id} {n.title}") for n in own]
        head = f"# {lessons.heading(unit)}: reported and measured\n\n{BACK}"
        found[FOLDER / f"{unit}.md"] = "\n".join([head, *sections])
    return found


def table(headings: list[str] | tuple[str, ...], rows: list[list[str]]) -> str:
    """Return a table in Markdown."""
    lines = [headings, ["---"] * len(headings), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


# ------------------------------------------------------------------ the overview


def overview(every: list[Notebook]) -> str:
    """Return the page with a line a notebook."""
    meanings = "\n".join(f"- *{verdict}*: {text};" for verdict, text in results.VERDICTS.items())
    counts = {n.name: count(n.name) for n in every}
    total = sum(counts.values(), Counter())
    headings = ["notebook", *results.VERDICTS, "data of the full run", "date", "commit"]
    rows = [[link(n), *numbers(counts[n.name]), *run_cells(n.name)] for n in every]
    rows.append(["all notebooks", *numbers(total), "", "", ""])
    listed = [f"- {one['title']}\n" for one in results.accepted("bench", "benchmarks").values()]
    found = f"[Benchmarks](results/benchmarks.md) on the same work:\n\n{''.join(listed)}"
    introduction = INTRODUCTION.format(verdicts=f"{meanings[:-1]}.")
    return "\n".join([introduction, table(headings, rows), found])


def count(name: str) -> Counter[str]:
    """Count the verdicts on the metrics of a notebook that have a reported value or a goal."""
    measured = results.full_metrics(name)
    metrics = results.reported().get(name, {}).get("metrics", {})
    held_to = {m: e for m, e in metrics.items() if {"reported", "goal"} & e.keys()}
    return Counter(results.verdict(measured.get(m), e) for m, e in held_to.items())


def numbers(counts: Counter[str]) -> list[str]:
    """Return a cell a verdict: how many there are, empty for none."""
    return [str(counts[verdict] or "") for verdict in results.VERDICTS]


def run_cells(name: str) -> list[str]:
    """Return data, date and commit of a notebook's full run, empty where there is none."""
    run = results.full_run(name)
    if not run:
        return ["", "", ""]
    since = ", code changed since" if results.changed(name, run) else ""
    return [loaded(run), run["finished"][:10], f"{run['commit']}{since}"]


def loaded(run: dict[str, Any]) -> str:
    """Return the data sets of a run, each with its source and its share of the official set."""
    return ", ".join(
        f"{name} ({results.SOURCES[source]}{share(origin['fraction'])})"
        for name, sources in run["datasets"].items()
        for source, origin in sources.items()
    )


def share(fraction: float | None) -> str:
    """Return the share of the official data set that was there, where it was not whole."""
    return f", {100 * fraction:.2g} % of it" if fraction is not None and fraction < 1 else ""


def link(notebook: Notebook) -> str:
    """Return a link to a notebook's section on the page of its unit."""
    heading = f"{notebook.id} {notebook.title}"
    return f"[{heading}](results/{notebook.path.parent.name}.md#{anchor(heading)})"


# ------------------------------------------------------------------ a notebook's section


def section(name: str, heading: str) -> str:
    """Return a notebook's part of its unit's page: the run, the tables, claims and figures."""
    expected, run = results.reported().get(name, {}), results.full_run(name)
    parts = [f"## {heading}\n", f"[The notebook](../../notebooks/{name}.ipynb)\n"]
    if "section" in expected:
        parts.append(f"Source: {expected.get('report', '')}, {expected['section']}.\n")
    if run:
        parts.append(run_line(name, run))
    metrics, measured = expected.get("metrics", {}), results.full_metrics(name)
    if rows := [row(m, measured.get(m), metrics.get(m, {})) for m in {**metrics, **measured}]:
        parts.append(table(HEADINGS, rows))
    if printed := expected.get("printed", {}):
        rows = [[setting, results.row(setting, None, e)[1]] for setting, e in printed.items()]
        parts += ["Settings, shapes and other results of the source:\n", table(["", "value"], rows)]
    claims = run.get("findings", {})
    if failed := [f"- {claim}\n" for claim, holds in claims.items() if not holds]:
        head = f"{len(failed)} of the run's {len(claims)} checked claims did not hold:"
        parts.append(f"{head}\n\n{''.join(failed)}")
    return "\n".join(parts + figures(name))


def run_line(name: str, run: dict[str, Any]) -> str:
    """Return which run the numbers come from: data, time, memory and versions."""
    text = results.describe(name, run)
    versions = ", ".join(f"{package} {version}" for package, version in run["versions"].items())
    parts = [loaded(run), f"{run['seconds']:.0f} s", f"{run['peak_mb'] / 1000:.1f} GB", versions]
    return f"{text[0].upper()}{text[1:]}: {'; '.join(filter(None, parts))}.\n"


def row(metric: str, entry: dict[str, Any] | None, expected: dict[str, Any]) -> list[str]:
    """Return a metric's row; where it is short, with the sentence that says why."""
    cells = results.row(metric, entry, expected)
    if cells[-1] == "short" and entry and entry.get("why"):
        cells[-1] += f": {entry['why']}"
    return cells


def figures(name: str) -> list[str]:
    """Return the figures of a notebook's full run."""
    paths = sorted((results.RESULTS / "figures" / name).glob("*.svg"))
    return [
        f"![{path.stem.replace('_', ' ')} of the full run of {name}]"
        f"(../../results/figures/{name}/{path.name})\n"
        for path in paths
    ]


# ------------------------------------------------------------------ benchmarks


def benchmarks() -> str:
    """Return the page with a table a benchmark."""
    columns = {name: one.columns for name, one in all_benchmarks().items()}
    parts = [f"# Beside other libraries\n\n{BACK}"]
    for name, result in results.accepted("bench", "benchmarks").items():
        parts.append(benchmark(result, columns.get(name, {})))
    return "\n".join(parts)


def benchmark(result: dict[str, Any], columns: dict[str, str]) -> str:
    """Return the section of one benchmark."""
    versions = "; ".join(
        f"{side}: {', '.join(f'{package} {version}' for package, version in packages.items())}"
        for side, packages in result["versions"].items()
    )
    machine, quality = result["machine"], list(result["rows"][0]["quality"])
    rows = [
        [
            each["side"],
            each["row"],
            *speeds(each),
            *map(results.text, each["quality"].values()),
        ]
        for each in result["rows"]
    ]
    parts = [
        f"## Benchmark: {result['title']}\n",
        f"{result['items']} {result['unit']} ({result['data']}: {result['what']}), "
        f"{result['threads']} threads, {result['rounds']} rounds in turn on {machine['cores']} "
        f"cores of {machine['processor']}; commit {result['commit']}; {versions}.\n",
        table(["side", "row", f"{result['unit']} a second", "spread", "ratio", *quality], rows),
    ]
    if columns:
        parts.append("; ".join(f"*{name}*: {text}" for name, text in columns.items()) + ".\n")
    return "\n".join(parts)
