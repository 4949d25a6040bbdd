"""The results pages: an overview with a line a notebook, a page a unit, and the benchmarks.

All numbers come from ``results/`` and ``lessons/``.
"""

from collections import Counter
from pathlib import Path
from typing import Any

from tools.notebook.common import ROOT
from tools.publish import bench
from tools.publish.glossary import anchor
from tools.publish.overview import by_unit, table, tally, unit_by_unit, verdicts
from utils import lessons, results

PAGE = ROOT / "docs" / "results.md"
FOLDER = ROOT / "docs" / "results"
BACK = "[All units](../results.md)\n"
HEADINGS = ["verdict", "number", "measured", "printed or goal", "remark"]
# How the verdicts are counted in the row of a notebook.
REACHED = ("equal", results.WITHIN, "better")
OPEN = (results.CONSTRUCTED, results.OTHER, "not run")
# What names of numbers abbreviate, as a person writes it.
ABBREVIATED = """AP AUC BlogCatalog CMC CNN Cora DeepWalk DIoU DIR ELBO F1 FPIR GCN HOG IoU KiB KL
MiB MLP MUTAG NME NMI NMS OKS PCA PCK PyG ReLU ResNet50 RMSE SVM"""
SPELLED = {word.lower(): word for word in ABBREVIATED.split()} | {
    "gradcam": "Grad-CAM",
    "ms": "milliseconds",
    "tsne": "t-SNE",
    "unet": "U-Net",
}
STAR = "A date with a star is that of a run whose training code was changed since. "
INTRODUCTION = """\
# Reported and measured

The sources are five student reports, which are not published, and pages, programs and papers that
they name. A number counts as reached where a report or such a page prints it; counts and goals of
our own stand apart. A number that is printed once is counted once.

{verdicts}
## What falls short

{why}
## All notebooks

*Reached* counts what a source prints and is equal, within or better; *open* what is so by
construction, cannot be compared or was not run; *own* our counts and goals that are met, of all.
{star}`python course.py report` writes these pages from [results/full.json](../results/full.json),
which has the last accepted full run of each notebook, and from the printed values and goals in
`lessons/`.

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
    rows, short = [], []
    for notebook in unit_by_unit():
        heading = f"{notebook.id} {notebook.title}"
        link = f"[{heading}](results/{notebook.path.parent.name}.md#{anchor(heading)})"
        short += [f"- {notebook.id}, {line}\n" for line in short_lines(notebook.name)]
        rows.append([link, *numbers(verdicts(notebook.name)), date(notebook.name)])
    total = tally()
    meanings = [
        [name, *(str(counts[name] or "") for counts in total.values()), text]
        for name, text in results.VERDICTS.items()
    ]
    every = [pair for notebook in unit_by_unit() for pair in verdicts(notebook.name)]
    rows.append(["all notebooks", *numbers(every), ""])
    introduction = INTRODUCTION.format(
        star=STAR if any(row[-1].endswith("*") for row in rows) else "",
        verdicts=table(["verdict", "reports", "linked", "ours", "meaning"], meanings),
        why="".join(short),
    )
    measured = results.accepted("bench", "benchmarks").values()
    titles = "".join(f"- {benchmark['title']}\n" for benchmark in measured)
    peers = f"\n## Beside other libraries\n\n[Benchmarks](results/benchmarks.md):\n\n{titles}"
    headings = ["notebook", "reached", "short", "open", "own", "full run"]
    return introduction + table(headings, rows) + peers


def words(name: str) -> str:
    """Return the name of a number in words: ``macro_f1`` is "macro F1"."""
    return " ".join(SPELLED.get(word, word) for word in name.split("_"))


def compared(name: str) -> dict[str, list[list[str]]]:
    """Return a row for each metric of a notebook, its cells as in ``HEADINGS``.

    The rows stand by who prints the number, as in ``results.PRINTED_BY``, and under "" where there
    is nothing to compare.
    """
    metrics = results.reported().get(name, {}).get("metrics", {})
    measured = results.full_metrics(name)
    rows: dict[str, list[list[str]]] = {by: [] for by in (*results.PRINTED_BY, "")}
    for metric in {**metrics, **measured}:
        entry, expected = measured.get(metric), metrics.get(metric, {})
        _, source, value, data, goal, verdict = results.row(metric, entry, expected)
        goal = goal.replace(">=", "at least").replace("<=", "at most")
        value += {"sample": " (synthetic data)", "stand-in": " (stand-in)"}.get(data, "")
        says = "; ".join(filter(None, (source, goal)))
        cells = [verdict, words(metric), value, says, remark(entry, expected, verdict)]
        rows[expected.get("by", "ours") if verdict else ""].append(cells)
    return rows


def remark(entry: dict[str, Any] | None, expected: dict[str, Any], verdict: str) -> str:
    """Return what a row's verdict rests on: the gap, why it is short, or what differs."""
    parts = [expected[key] for key in ("miss", "constructed", "other") if key in expected][:1]
    if verdict == "short" and not parts:
        parts.append((entry or {}).get("why") or expected.get("why", ""))
    if entry and verdict in (results.WITHIN, "short") and "reported" in expected:
        parts.insert(0, results.gap(entry, expected))
    if "same_as" in expected:
        parts.append(f"not counted: the same number as {words(expected['same_as'].split(':')[-1])}")
    return "; ".join(filter(None, parts))


def short_lines(name: str) -> list[str]:
    """Return a sentence for each number of a notebook that is short: the values, and why."""
    return [
        f"{metric}: {value} measured{f', {source} expected' if source else ''}. "
        f"{why[:1].upper()}{why[1:]}."
        for rows in compared(name).values()
        for verdict, metric, value, source, why in rows
        if verdict == "short"
    ]


def numbers(pairs: list[tuple[dict[str, Any], str]]) -> list[str]:
    """Return how many numbers are reached, short and open, and how many of ours are met, of all."""
    printed = Counter(verdict for entry, verdict in pairs if entry.get("by", "ours") != "ours")
    own = [verdict for entry, verdict in pairs if entry.get("by", "ours") == "ours"]
    sums = [sum(printed[verdict] for verdict in group) for group in (REACHED, ("short",), OPEN)]
    met = sum(verdict in REACHED for verdict in own)
    return [*(str(n or "") for n in sums), f"{met} of {len(own)}" if own else ""]


def date(name: str) -> str:
    """Return the date of a notebook's accepted run, with a star if its code is another now."""
    run = results.full_run(name)
    return run["finished"][:10] + " *" * results.changed(name, run) if run else ""


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
        parts.append(f"Source: student report {expected['report']}, {expected['section']}.\n")
    parts += [f"- **short**: {line}\n" for line in short_lines(name)]
    rows = compared(name)
    for by, title in results.PRINTED_BY.items():
        if rows[by]:
            parts += [f"{title}:\n", table(HEADINGS, rows[by])]
    if others := [row[1:3] for row in rows[""]]:
        parts += ["Measured without a value to compare:\n", table(["number", "measured"], others)]
    if printed := expected.get("printed", {}):
        others = [[words(name), results.row(name, None, e)[1]] for name, e in printed.items()]
        parts += [
            "What else the source prints:\n",
            table(["setting, shape or result", "value"], others),
        ]
    if run:
        parts.append(run_line(name, run))
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
