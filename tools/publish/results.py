"""The results pages: an overview with a line a notebook, and the details by unit.

Everything is drawn from ``results/`` and ``lessons/``; no number is typed.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

from tools.notebook import sources
from tools.notebook.common import ROOT, Notebook, all_notebooks
from tools.publish import accepted, charts, growth
from tools.publish.bench import ratios
from tools.publish.bench.benchmark import all_benchmarks
from utils import report

PAGE = ROOT / "docs" / "results.md"
DETAILS = ROOT / "docs" / "results"
CHART = DETAILS / "verdicts.svg"
MET = ("matched", "better", "better once", "met")
REST = ("in its spread", "short", "not comparable", "not run")
KINDS = {  # of the numbers that a notebook is held to
    "count": "exact counts: parameters, layers, pictures, edges",
    "result": "results that the reports print: accuracies, losses",
    "machine": "times and memory that the reports print",
    "goal": "goals that the course set itself",
}
BACK = "[All units](../results.md)"
PEERS = "Bars on a logarithmic axis: how many times as fast as each peer the course does a work"
VERDICTS = (
    "*matched*: equal where it is exact, else within two standard deviations of the reported value "
    "(at least one test item) and within a twentieth of it; *in its spread*: within two standard "
    "deviations, but farther than a twentieth; *better*: ahead of the report in the mean of "
    "several trainings; *better once*: in one; *short*: of the report or of the goal; *met*: a "
    "goal of ours with no reported value; *not comparable*: measured on another set or network, "
    "or time and memory of a machine that nobody knows; *not run*: no run yet."
)


def pages() -> dict[Path, str]:
    """Return the pages and the chart, by file, with what should be in them."""
    full, quick = accepted.load("full"), accepted.load("quick")
    notebooks = all_notebooks()
    rows = {label(n.name): verdicts(n.name, full[n.name]) for n in notebooks if n.name in full}
    found = {PAGE: overview(full, quick), CHART: charts.svg(charts.verdicts, rows)}
    for unit in dict.fromkeys(notebook.path.parent.name for notebook in notebooks):
        parts = [
            f"# {unit}: reported and measured\n",
            "[All units](../results.md)\n",
            f"{VERDICTS}\n",
        ]
        for notebook in notebooks:
            if notebook.path.parent.name == unit:
                parts.append(notebook_section(notebook.name, full.get(notebook.name)))
                parts.append(findings(notebook, full, quick))
        found[DETAILS / f"{unit}.md"] = "\n".join(part for part in parts if part)
    parts = ["# Beside its peers\n", f"{BACK}\n", f"![{PEERS}](peers.svg)\n"]
    columns = {one.name: one.columns for one in all_benchmarks()}
    parts += [
        benchmark_section(result, columns.get(result["benchmark"], {}))
        for result in accepted.benchmarks().values()
    ]
    found[DETAILS / "benchmarks.md"] = "\n".join(parts)
    return found


def overview(full: dict[str, Any], quick: dict[str, Any]) -> str:
    """Return the first page: what the whole course reached, and one line a notebook."""
    asks = {notebook.name: asked(notebook) for notebook in all_notebooks()}
    names = list(asks)
    lines = [
        "# Reported and measured\n",
        "Drawn by `python course.py report` from `results/` and the lessons: the counts, results, "
        "times and goals that the course holds itself to, beside those of our full run; what else "
        "the source reports print stands on the units' pages. Full runs are on real data "
        f"but for {on_samples(full)}, whose real sets are not to be had; the table says "
        "of each set how much there was of it.\n",
        *headline(names, full),
        "![A bar a notebook, of how many of its numbers have which verdict]"
        "(results/verdicts.svg)\n",
        f"{VERDICTS}\n",
        f"{by_default(quick)}\n",
        "The last columns: what a quick run loads without a network connection, what the full run "
        "loaded, how long the whole of that run took on two cores, and how many of the findings "
        "that the notebook asks today either run was asked, and how many of those hold.\n",
        "| notebook | matched, better, met | in its spread | short | not comparable | not run | "
        "by default | full run's data | seconds | findings that hold (quick; full) |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [overview_row(name, full.get(name), quick.get(name, {}), asks[name]) for name in names]
    ratios = [
        f"[{result['title']}](results/benchmarks.md)" for result in accepted.benchmarks().values()
    ]
    lines += ["", "Beside peers on the same work: " + ", ".join(ratios) + "."] if ratios else []
    if growth.load():
        lines += [
            "",
            "Seconds against size of the core parts: [what it costs to grow](results/growth.md).",
        ]
    return "\n".join(lines) + "\n"


def headline(names: list[str], full: dict[str, Any]) -> list[str]:
    """Return a table of all verdicts by what kind of number they are on."""
    lines = [
        "| numbers held to | in all | " + " | ".join((*MET, *REST)) + " |",
        "|---" * (2 + len(MET) + len(REST)) + "|",
    ]
    for kind, told in KINDS.items():
        counts = sum((verdicts(name, full.get(name), kind) for name in names), Counter())
        cells = [str(counts[v] or "") for v in (*MET, *REST)]
        lines.append(f"| {told} | {counts.total()} | {' | '.join(cells)} |")
    return ["\n".join(lines) + "\n"]


def on_samples(full: dict[str, Any]) -> str:
    """Return the notebooks whose full run has drawn data, in a few words."""
    drawn = [
        f"{notebook.id} ({', '.join(n for n, d in sets.items() if d['data'] != 'real')})"
        for notebook in all_notebooks()
        if (sets := full.get(notebook.name, {}).get("datasets", {}))
        and any(d["data"] != "real" for d in sets.values())
    ]
    return ", ".join(drawn[:-1]) + " and " + drawn[-1] if len(drawn) > 1 else "".join(drawn)


def overview_row(name: str, result: dict[str, Any] | None, quick: dict[str, Any], asks: str) -> str:
    """Return a notebook's line."""
    link = f"[{label(name)}](results/{name.split('/')[0]}.md#{slug(name)})"
    counts = verdicts(name, result)
    good = ", ".join(f"{counts[v]} {v}" for v in MET if counts[v])
    good = good or ("" if counts else "held to no number")
    numbers = [str(counts[v] or "") for v in REST]
    seconds = f"{result['seconds']:.0f}" if result else ""
    said = [holding(run, asks) or "none yet" for run in (quick, result or {})]
    told = "; ".join(said) if asks else ""
    cells = [good, *numbers, default_of(quick), sets_of(result), seconds, told]
    return f"| {link} | {' | '.join(cells)} |"


def by_default(quick: dict[str, dict[str, Any]]) -> str:
    """Say what the quick runs on the sample rest on: real, shipped by packages, or drawn."""
    used = {name: origin for run in quick.values() for name, origin in run["datasets"].items()}
    real = [default_of({"datasets": {n: o}}) for n, o in sorted(used.items()) if is_real(o)]
    drawn = len(used) - len(real)
    networks = sorted({f"`{name}`" for run in quick.values() for name in run["networks"]})
    counts = Counter(kind_of(run) for run in quick.values())
    return (
        f"By default, without a network connection, the {len(quick)} notebooks load {len(used)} "
        f"data sets. {len(real)} of them are real, since packages ship them: {', '.join(real)}; "
        f"{drawn} are drawn, and each card says why ([data/README.md](../data/README.md)). The "
        f"pretrained networks are real as well: {', '.join(networks)}. So {counts['real']} "
        f"notebooks rest on real data alone, {counts['both']} use drawn data with something real, "
        f"a set or a network, and {counts['drawn']} drawn data alone."
    )


def is_real(origin: dict[str, Any]) -> bool:
    """Say whether a set is what its owners published, whole or in part."""
    return origin["data"] == "real"


def kind_of(run: dict[str, Any]) -> str:
    """Return whether a run rests on what is real, on what is drawn, or on both."""
    real = {is_real(origin) for origin in run["datasets"].values()}
    real |= {True} if run["networks"] else set()
    return "both" if len(real) == 2 else "real" if real == {True} else "drawn"


def default_of(run: dict[str, Any]) -> str:
    """Return what a run on the sample uses, in a few words."""
    told = [
        f"{n} ({'real' if is_real(d) else 'drawn'}{part_of(d['fraction'])})"
        for n, d in run.get("datasets", {}).items()
    ]
    return ", ".join([*told, *run.get("networks", [])])


def label(name: str) -> str:
    """Return the name of a notebook as a line or a bar shows it."""
    unit, notebook = name.split("/")
    return f"{unit[:2]}/{notebook.replace('_', ' ')}"


def verdicts(name: str, result: dict[str, Any] | None, kind: str = "") -> Counter[str]:
    """Count the verdicts on the numbers that a notebook is held to, or on those of one kind."""
    measured = (result or {}).get("metrics", {}) | report.beside_peers(name)
    metrics = report.reported().get(name, {}).get("metrics", {})
    told = [
        report.verdict(measured.get(metric), entry)
        for metric, entry in metrics.items()
        if kind in ("", kind_of_number(entry))
    ]
    return Counter(one for one in told if one)


def kind_of_number(entry: dict[str, Any]) -> str:
    """Return which of ``KINDS`` a number is that a notebook is held to."""
    if entry.get("exact"):
        return "count"
    if "reported" not in entry:
        return "goal"
    return "machine" if entry.get("unit") in report.MACHINE_UNITS else "result"


def sets_of(result: dict[str, Any] | None) -> str:
    """Return the data sets of a full run with their tier and share, in a few words."""
    sets = (result or {}).get("datasets", {})
    return ", ".join(f"{n} ({d['data']}{part_of(d['fraction'])})" for n, d in sets.items())


def holding(result: dict[str, Any], asks: str) -> str:
    """Return how many findings of a run hold, of those that the notebook still asks; or empty."""
    said = result.get("findings", {})
    found = [holds for sentence, holds in said.items() if re.fullmatch(asks, sentence)]
    return f"{sum(found)} of {len(found)}" if found else ""


def findings(
    notebook: Notebook, full: dict[str, dict[str, Any]], quick: dict[str, dict[str, Any]]
) -> str:
    """Return the findings that a notebook asks for, with where they hold."""
    runs = [kept.get(notebook.name, {}) for kept in (quick, full)]
    both = [run.get("findings", {}) for run in runs]
    asks = asked(notebook)
    sentences = [s for s in dict.fromkeys([*both[0], *both[1]]) if re.fullmatch(asks, s)]
    if not sentences:
        return ""
    words = {True: "holds", False: "does not hold", None: "not asked"}
    rows = [
        f"| {text}{behind(text, runs)} | {words[both[0].get(text)]} | {words[both[1].get(text)]} |"
        for text in sentences
    ]
    of_quick = report.tiers(runs[0]) if runs[0] else "sample"
    of_full = report.tiers(runs[1]) if runs[1] else "real"
    head = f"| finding | quick, {of_quick} | full, {of_full} |"
    lines = ["\nFindings:\n", head, "|---|---|---|", *rows]
    if any(run.get(text) is None for run in both for text in sentences):
        lines += ["", "*not asked*: that run does not ask it, or is older than the sentence."]
    return "\n".join(lines) + "\n"


def behind(sentence: str, runs: list[dict[str, Any]]) -> str:
    """Return how many trainings, splits or draws stand behind a finding, in brackets."""
    told = dict.fromkeys(
        run["stand_on"][sentence] for run in runs if sentence in run.get("stand_on", {})
    )
    return f" ({'; full: '.join(told)})" if told else ""


def asked(notebook: Notebook) -> str:
    """Return a pattern of the findings in a notebook's cells; their values may be any."""
    return pattern(tuple(cell for cell in sources.code(notebook.raw) if "finding(" in cell))


@cache  # it stands on two pages
def pattern(cells: tuple[str, ...]) -> str:
    """Return a pattern of the findings in some cells."""
    calls = [call.args[0] for cell in cells for call in sources.finding_calls(ast.parse(cell))]
    told = [node for call in calls for node in ast.walk(call)]
    texts = [[n] for n in told if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    texts += [n.values for n in told if isinstance(n, ast.JoinedStr)]
    return "|".join(
        "".join(
            re.escape(re.sub(r"\s+", " ", part.value)) if isinstance(part, ast.Constant) else ".*"
            for part in parts
        )
        for parts in texts
    )


def slug(name: str) -> str:
    """Return the anchor that a heading with a notebook's name gets on the web."""
    return re.sub(r"[^\w\- ]", "", name.lower()).replace(" ", "-")


def notebook_section(name: str, result: dict[str, Any] | None) -> str:
    """Return one notebook's part of the page."""
    lines, expected = [f"\n## {name}\n"], report.reported().get(name, {})
    if "section" in expected:
        lines.append(f"Report {expected.get('report', '')}, {expected['section']}.")
    if result:
        lines += [run_line(result), *newer(name, result)]
    metrics = expected.get("metrics", {})
    measured = (result or {}).get("metrics", {}) | report.beside_peers(name)
    if metrics or measured:
        lines += [
            "",
            "| number | reported | measured | data | goal | verdict |",
            "|---|---|---|---|---|---|",
        ]
        for metric in [*metrics, *(m for m in measured if m not in metrics)]:
            row = report.row(metric, measured.get(metric), metrics.get(metric, {}))
            lines.append("| " + " | ".join(row) + " |")
        lines += remarks(metrics, measured)
    lines += printed(expected.get("printed", {}))
    lines += pictures(name)
    return "\n".join(lines) + "\n"


def benchmark_section(result: dict[str, Any], columns: dict[str, str]) -> str:
    """Return one benchmark's part of the page."""
    versions = "; ".join(
        f"{side}: " + ", ".join(f"{name} {version}" for name, version in packages.items())
        for side, packages in result["versions"].items()
    )
    machine = result["machine"]
    quality = list(result["rows"][0]["quality"])
    heads = ["side", "row", f"{result['unit']} a second", "spread", "ratio", *quality]
    lines = [
        f"\n## Benchmark: {result['title']}\n",
        f"{result['items']} {result['unit']} ({result['data']}: {result['what']}), "
        f"{result['threads']} threads, {result['rounds']} rounds in turn on {machine['cores']} "
        f"cores of {machine['processor']}; commit {result['commit']}; {versions}.\n",
        "| " + " | ".join(heads) + " |",
        "|" + "---|" * len(heads),
    ]
    for row in result["rows"]:
        told = [row["side"], row["row"], *ratios.speeds(row)]
        told += map(report.text, row["quality"].values())
        lines.append("| " + " | ".join(told) + " |")
    told = "; ".join(f"*{name}*: {text}" for name, text in columns.items())
    return "\n".join([*lines, "", f"{told}."] if told else lines) + "\n"


def run_line(result: dict[str, Any]) -> str:
    """Return what kind of run the numbers come from."""
    every = result.get("datasets", {})
    sets = ", ".join(
        f"{n} ({d['data']}, {d['source']}{part_of(d['fraction'])})" for n, d in every.items()
    )
    versions = ", ".join(f"{n} {v}" for n, v in result.get("versions", {}).items())
    commit = result["commit"] or "unknown"
    least = "the least complete set" if len(every) > 1 else "the official set"
    parts = [f"{result['seconds']:.0f} s, {result['peak_mb'] / 1000:.1f} GB"]
    if result["fraction"] is not None:
        share = 100 * result["fraction"]
        parts[0] += f", {share:.2g} % of {least}" if share < 100 else f", {ALL}"
    parts += [sets] if sets else []
    return f"\nFull run: {'; '.join([*parts, f'commit {commit}', versions])}."


def newer(name: str, result: dict[str, Any]) -> list[str]:
    """Return what of a notebook's code is newer than its full run, as results/stale.json has it."""
    entry = report.kept("stale", "notebooks").get(name, {})
    if entry.get("commit") != result["commit"]:
        return []
    heads = {
        "own": "Training or data code of this notebook",
        "library": "Code that other notebooks share",
    }
    return [
        f"\n{head} has changed since commit {entry['commit']}: "
        + ", ".join(f"`{one}`" for one in entry[part])
        + "."
        for part, head in heads.items()
        if entry[part]
    ]


ALL = "100 % of the official set"


def part_of(fraction: float | None) -> str:
    """Return what is said of a real set that is not whole."""
    return f", {100 * fraction:.2g} % of it" if fraction is not None and fraction < 1 else ""


def remarks(metrics: dict[str, Any], measured: dict[str, Any]) -> list[str]:
    """Return the notes under a table: how measured, and why short."""
    notes = []
    for name, entry in measured.items():
        notes.append((f"`{name}`", "; ".join(filter(None, (entry.get("note"), entry.get("why"))))))
    for name, entry in metrics.items():
        held = ", as held to" if {"reported", "goal"} & {*entry} else ""
        notes.append((f"`{name}`{held}", entry.get("note", "")))
    without = re.compile(r"^not in the report(?:[;,:.]\s*|$)")  # the row's empty cell says so
    return ["", *(f"- {head}: {told}" for head, note in notes if (told := without.sub("", note)))]


def printed(numbers: dict[str, Any]) -> list[str]:
    """Return what the report prints besides: settings, shapes, console lines."""
    if not numbers:
        return []
    lines = ["", "Also printed in the report, not held to:", ""]
    for name, entry in numbers.items():
        note = f" ({entry['note']})" if "note" in entry else ""
        unit = f" {entry['unit']}" if "unit" in entry else ""
        lines.append(f"- `{name}`: {report.text(entry['reported'])}{unit}{note}")
    return lines


def pictures(name: str) -> list[str]:
    """Return the figures of the full run."""
    folder = accepted.RESULTS / "figures" / name
    lines = []
    for path in sorted(folder.glob("*.svg")):
        title = path.stem.replace("_", " ")
        lines += [
            "",
            f"![{title} of the full run of {name}](../../{path.relative_to(ROOT).as_posix()})",
        ]
    return lines
