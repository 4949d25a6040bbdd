"""The results pages: an overview with a line a notebook, and the details by unit.

Everything is drawn from ``results/`` and ``data/reported.toml``; no number is typed.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from pathlib import Path
from typing import Any

from tools.notebook.common import ROOT, UNITS, all_notebooks
from tools.publish import accepted, growth
from utils import report

PAGE = ROOT / "docs" / "results.md"
DETAILS = ROOT / "docs" / "results"
CHART = DETAILS / "verdicts.svg"
MET, SHORT = ("matched", "better", "met"), ("short",)
# Of a verdict, its colour: told apart by the colour-blind, and in grey.
COLOURS = {
    "better": "#0b4f8a",
    "matched": "#3f8fd0",
    "met": "#a6cfee",
    "short": "#e08214",
    "not comparable": "#9e9e9e",
    "not run": "#e3e3e3",
}
BACK = "[All units](../results.md)"
PEERS = "Bars on a logarithmic axis: how many times as fast as each peer the course does a work"
VERDICTS = (
    "*matched*: within two standard deviations of the reported value and at least one test item, "
    "or equal where it is exact; *better*, *short*: of the report or of the goal; *met*: a goal of "
    "ours with no reported value; *not comparable*: measured on another set or network; *not run*: "
    "no run yet."
)


def pages() -> dict[Path, str]:
    """Return the pages and the chart, by file, with what should be in them."""
    full, quick, names = (
        accepted.load("full"),
        accepted.load("quick"),
        {n.name for n in all_notebooks()},
    )
    expected = report.reported()
    found = {PAGE: overview(full, quick, names), CHART: chart(full)}
    for unit in UNITS:
        own = [name for name in expected if name.startswith(f"{unit}/")]
        parts = [
            f"# {unit}: reported and measured\n",
            "[All units](../results.md)\n",
            f"{VERDICTS}\n",
        ]
        for name in own:
            parts.append(notebook_section(name, expected[name], full.get(name), name in names))
            parts.append(findings(full.get(name, {}), quick.get(name, {})))
        found[DETAILS / f"{unit}.md"] = "\n".join(part for part in parts if part)
    parts = ["# Beside its peers\n", f"{BACK}\n", f"![{PEERS}](peers.svg)\n"]
    parts += [benchmark_section(result) for result in accepted.benchmarks().values()]
    found[DETAILS / "benchmarks.md"] = "\n".join(parts)
    return found


def overview(full: dict[str, Any], quick: dict[str, Any], names: set[str]) -> str:
    """Return the first page: what the whole course reached, and one line a notebook."""
    total = sum((verdicts(name, full.get(name)) for name in report.reported()), Counter())
    held = sum(total[v] for v in MET)
    lines = [
        "# Reported and measured\n",
        "Drawn by `python course.py report` from `results/` and `data/reported.toml`: every number "
        "that the source reports print, beside the full run on real data.\n",
        f"Of {total.total()} numbers that the course holds itself to, {held} are matched, "
        f"bettered or met, {total['short']} fall short, {total['not comparable']} were measured on "
        f"another set or network, and {total['not run']} were not run yet.\n",
        "![A bar a notebook: how many of its numbers are better, matched, met, short, not "
        "comparable and not run](results/verdicts.svg)\n",
        f"{VERDICTS}\n",
        "| notebook | matched, better, met | short | not comparable | not run | full run's data | "
        "seconds | findings that hold (quick; full) |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name in report.reported():
        lines.append(overview_row(name, full.get(name), quick.get(name, {}), name in names))
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


def overview_row(
    name: str, result: dict[str, Any] | None, quick: dict[str, Any], exists: bool
) -> str:
    """Return a notebook's line."""
    unit, notebook = name.split("/")
    link = f"[{unit[:2]}/{notebook.replace('_', ' ')}](results/{unit}.md#{slug(name)})"
    if not exists:
        return f"| {link} |  |  |  |  | not written yet |  |  |"
    counts = verdicts(name, result)
    good = ", ".join(f"{counts[v]} {v}" for v in MET if counts[v])
    numbers = [str(counts[v] or "") for v in ("short", "not comparable", "not run")]
    seconds = f"{result['seconds']:.0f}" if result else ""
    said = [holding(run) for run in (quick, result or {})]
    told = f"{said[0]}; {said[1]}" if any(said) else ""
    return f"| {link} | {good} | {' | '.join(numbers)} | {sets_of(result)} | {seconds} | {told} |"


def verdicts(name: str, result: dict[str, Any] | None) -> Counter[str]:
    """Count the verdicts on the numbers that a notebook is held to."""
    measured = (result or {}).get("metrics", {}) | report.beside_peers(name)
    metrics = report.reported().get(name, {}).get("metrics", {})
    told = [report.verdict(measured.get(metric), entry) for metric, entry in metrics.items()]
    return Counter(one for one in told if one)


def sets_of(result: dict[str, Any] | None) -> str:
    """Return the data sets of a full run with their tier and share, in a few words."""
    sets = (result or {}).get("datasets", {})
    return ", ".join(f"{n} ({d['data']}{part_of(d['fraction'])})" for n, d in sets.items())


def holding(result: dict[str, Any]) -> str:
    """Return how many findings of a run hold, of how many; empty where it has none."""
    found = result.get("findings", {})
    return f"{sum(found.values())} of {len(found)}" if found else ""


def findings(full: dict[str, Any], quick: dict[str, Any]) -> str:
    """Return the findings of a notebook with where they hold."""
    both = [run.get("findings", {}) for run in (quick, full)]
    sentences = list(dict.fromkeys([*both[0], *both[1]]))
    if not sentences:
        return ""
    words = {True: "holds", False: "does not hold", None: "not asked"}
    rows = [
        f"| {text} | {words[both[0].get(text)]} | {words[both[1].get(text)]} |"
        for text in sentences
    ]
    head = "| finding | quick, sample | full, real |"
    return "\n".join(["\nFindings:\n", head, "|---|---|---|", *rows]) + "\n"


def slug(name: str) -> str:
    """Return the anchor that a heading with a notebook's name gets on the web."""
    return re.sub(r"[^\w\- ]", "", name.lower()).replace(" ", "-")


def chart(full: dict[str, Any]) -> str:
    """Draw the verdicts of all written notebooks as SVG, a bar each.

    It is written out, not plotted: the same results make the same bytes wherever it is drawn.
    """
    rows = [(name, verdicts(name, full.get(name))) for name in report.reported() if name in full]
    most = max((sum(counts.values()) for _, counts in rows), default=1)
    left, bar, scale, top = 250, 16, 420 / most, 40
    height = top + len(rows) * (bar + 6) + 36
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {height}" '
        f'font-family="sans-serif" font-size="12" role="img">',
        "<title>Verdicts on the numbers of each notebook</title>",
        f'<rect width="720" height="{height}" fill="white"/>',
    ]
    x = 20.0
    for verdict, colour in COLOURS.items():
        parts.append(f'<rect x="{x}" y="12" width="12" height="12" fill="{colour}"/>')
        parts.append(f'<text x="{x + 17}" y="22">{verdict}</text>')
        x += 36 + 7 * len(verdict)
    for i, (name, counts) in enumerate(rows):
        y, x = top + i * (bar + 6), float(left)
        unit, notebook = name.split("/")
        label = html.escape(f"{unit[:2]}/{notebook.replace('_', ' ')}")
        parts.append(f'<text x="{left - 8}" y="{y + 12}" text-anchor="end">{label}</text>')
        for verdict, colour in COLOURS.items():
            width = counts[verdict] * scale
            if width:
                place = f'x="{x:.1f}" y="{y}" width="{width:.1f}" height="{bar}"'
                parts.append(f'<rect {place} fill="{colour}" stroke="white"/>')
            x += width
    bottom = top + len(rows) * (bar + 6) + 14
    for number in range(0, most + 1, max(1, most // 6)):
        at = left + number * scale
        parts.append(f'<text x="{at:.1f}" y="{bottom}" text-anchor="middle">{number}</text>')
    parts.append(f'<text x="{left + 210}" y="{bottom + 16}" text-anchor="middle">numbers</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def notebook_section(
    name: str, expected: dict[str, Any], result: dict[str, Any] | None, exists: bool
) -> str:
    """Return one notebook's part of the page."""
    lines = [f"\n## {name}\n"]
    if "section" in expected:
        lines.append(f"Report {expected.get('report', '')}, {expected['section']}.")
    if not exists:
        lines.append("\nThis notebook is not written yet.")
    if result:
        lines.append(run_line(result))
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


def benchmark_section(result: dict[str, Any]) -> str:
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
        spread = f"{row['lowest']:.3g} to {row['highest']:.3g}"
        numbers = [f"{row['rate']:.3g}", spread, f"{row['ratio']:.2f}"]
        told = [row["side"], row["row"], *numbers, *map(report.text, row["quality"].values())]
        lines.append("| " + " | ".join(told) + " |")
    return "\n".join(lines) + "\n"


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


ALL = "100 % of the official set"


def part_of(fraction: float | None) -> str:
    """Return what is said of a real set that is not whole."""
    return f", {100 * fraction:.2g} % of it" if fraction is not None and fraction < 1 else ""


def remarks(metrics: dict[str, Any], measured: dict[str, Any]) -> list[str]:
    """Return the notes under a table: how measured, and why short."""
    lines = [""]
    for name, entry in measured.items():
        told = " ".join(filter(None, (entry.get("note"), entry.get("why"))))
        told = re.sub(r"^not in the report(?:[;,:.]\s*|$)", "", told)  # its empty cell says so
        if told:
            lines.append(f"- `{name}`: {told}")
    for name, entry in metrics.items():
        if "note" in entry:
            lines.append(f"- `{name}`, as held to: {entry['note']}")
    return lines


def printed(numbers: dict[str, Any]) -> list[str]:
    """Return what the report prints besides: settings, shapes, console lines."""
    if not numbers:
        return []
    lines = ["", "Also printed in the report (settings, shapes, console lines; not held to):", ""]
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
