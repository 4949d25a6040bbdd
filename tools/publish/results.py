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
HEADINGS = ["verdict", "number", "measured", "source or goal"]
# How the verdicts are counted in the row of a notebook.
REACHED, OPEN = ("equal", "better", results.WITHIN), ("not comparable", "not run")
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

The sources are five student reports, which are not published, and a few papers and programs that
they follow. {parts} {short} are short, and {open} cannot be compared or were not run.

{verdicts}
## What falls short

{why}
## All notebooks

*Reached* counts what is equal, better or within two standard deviations; *open* counts what cannot
be compared or was not run. {star}`python course.py report` writes these pages from
[results/full.json](../results/full.json), which has the last accepted full run of each notebook,
and from the reported values and goals in `lessons/`.

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
    rows, short, total = [], [], Counter[str]()
    for notebook in unit_by_unit():
        counts = Counter(verdict for _, verdict in verdicts(notebook.name))
        total += counts
        heading = f"{notebook.id} {notebook.title}"
        link = f"[{heading}](results/{notebook.path.parent.name}.md#{anchor(heading)})"
        short += [f"- {notebook.id}, {line}\n" for line in short_lines(notebook.name)]
        rows.append([link, *numbers(counts), date(notebook.name)])
    rows.append(["all notebooks", *numbers(total), ""])
    meanings = [[name, str(total[name]), text] for name, text in results.VERDICTS.items()]
    has_star = any(row[-1].endswith("*") for row in rows)
    introduction = INTRODUCTION.format(
        parts=tally()[0],
        star=STAR if has_star else "",
        short=total["short"],
        open=sum(total[name] for name in OPEN),
        verdicts=table(["verdict", "numbers", "meaning"], meanings),
        why="".join(short),
    )
    measured = results.accepted("bench", "benchmarks").values()
    titles = "".join(f"- {benchmark['title']}\n" for benchmark in measured)
    peers = f"\n## Beside other libraries\n\n[Benchmarks](results/benchmarks.md):\n\n{titles}"
    return introduction + table(["notebook", "reached", "short", "open", "full run"], rows) + peers


def words(name: str) -> str:
    """Return the name of a number in words: ``macro_f1`` is "macro F1"."""
    return " ".join(SPELLED.get(word, word) for word in name.split("_"))


def compared(name: str) -> list[list[str]]:
    """Return a row for each metric of a notebook: its cells as in ``HEADINGS``, and why."""
    metrics = results.reported().get(name, {}).get("metrics", {})
    measured, rows = results.full_metrics(name), []
    for metric in {**metrics, **measured}:
        entry, expected = measured.get(metric), metrics.get(metric, {})
        _, source, value, data, goal, verdict = results.row(metric, entry, expected)
        goal = goal.replace(">=", "at least").replace("<=", "at most")
        value += " (synthetic data)" if data == "sample" else ""
        why = (entry or {}).get("why") or expected.get("why", "")
        rows.append([verdict, words(metric), value, "; ".join(filter(None, (source, goal))), why])
    return rows


def short_lines(name: str) -> list[str]:
    """Return a sentence for each number of a notebook that is short: the values, and why."""
    return [
        f"{metric}: {value} measured, {source} expected. {why[:1].upper()}{why[1:]}."
        for verdict, metric, value, source, why in compared(name)
        if verdict == "short"
    ]


def numbers(counts: Counter[str]) -> list[str]:
    """Return how many verdicts are reached, short and open; empty for none."""
    groups = (REACHED, ("short",), OPEN)
    return [str(sum(counts[verdict] for verdict in group) or "") for group in groups]


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
    if judged := [row[:-1] for row in rows if row[0]]:
        parts.append(table(HEADINGS, judged))
    if others := [row[1:3] for row in rows if not row[0]]:
        parts += ["Measured without a value to compare:\n", table(["number", "measured"], others)]
    if printed := expected.get("printed", {}):
        rows = [[words(name), results.row(name, None, e)[1]] for name, e in printed.items()]
        parts += [
            "What else the source prints:\n",
            table(["setting, shape or result", "value"], rows),
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
