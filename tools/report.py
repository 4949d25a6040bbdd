"""``course.py report``: what was measured beside what the reports say.

``--accept`` merges what ran under ``build/`` into ``results/``; without it, ``docs/results.md``
and the README's findings and table are drawn from what is there, and the glossary and the map of
the course are written.
"""

from __future__ import annotations

import base64
import html
import io
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from filelock import FileLock
from PIL import Image
from rich.table import Table

from data.core import cards, fetch
from tools import glossary, highlights, launch, roadmap
from tools.common import (
    BUILD,
    NOTEBOOKS,
    ROOT,
    Notebook,
    Parser,
    Problem,
    all_notebooks,
    one_line_high,
)
from tools.sources import changed, reaches
from utils import report
from utils._files import write_text

RESULTS = ROOT / "results"
README = ROOT / "README.md"
PICTURES = ROOT / "docs" / "pictures"
PICTURE_WIDTH = 320
# The README's generated parts stand between a mark that names them and one that ends them.
MARKS = "<!-- {part}: written by `python course.py report` -->", "<!-- /{part} -->"
# What a number speaks of, from least to most.
WORTH = {"sample": 0, "stand-in": 1, "real": 2, "none": 2}
# What a run of a notebook depends on.
WATCHED = ("notebooks", "utils", "data", "requirements.txt", "pyproject.toml")


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py report``."""
    p = Parser(
        prog="python course.py report",
        description="Draw docs/results.md and the README's findings and table from results/, and "
        "write docs/glossary.md and docs/map.md.",
    )
    p.add_argument(
        "--accept",
        action="store_true",
        help="first merge what ran since into results/ (from a clean tree)",
    )
    p.add_argument(
        "--check",
        action="store_true",
        help="change nothing; exit 1 if the page or the table is stale",
    )
    options = p.parse_args(argv)
    if options.check:
        stale = [path for path, text in pages().items() if path.read_text("utf-8") != text]
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale; run `python course.py report`")
        return 1 if stale else 0
    refused = accept() if options.accept else 0
    for notebook in all_notebooks():
        draw_picture(notebook)
    for path, text in pages().items():
        write_text(path, text)
        print(f"wrote {path.relative_to(ROOT)}")
    return 1 if refused else 0


def pages() -> dict[Path, str]:
    """Return the generated files and what should be in them."""
    from tools import growth, peers, results

    drawn = results.pages() | peers.pages() | growth.pages() | glossary.pages() | roadmap.pages()
    return drawn | {README: readme_drawn_anew()} | launch.pages()


def accept() -> int:
    """Merge the results of the last runs into ``results/``; return how many were refused.

    Raises
    ------
    Problem
        If nothing ran, or the tree is not clean.
    """
    found = sorted((BUILD / "results").glob("*.json"))
    if not found:
        raise Problem("nothing ran yet: build/results/ is empty; start with `course.py run`")
    if dirty := uncommitted():
        raise Problem(
            "results are accepted from a clean tree, so that their commit says what ran; "
            f"commit or put away first: {dirty}"
        )
    RESULTS.mkdir(exist_ok=True)
    refused = 0
    with FileLock(str(BUILD / "results.lock")):
        for path in found:
            result = json.loads(path.read_text(encoding="utf-8"))
            before = load(result["profile"]).get(result["notebook"], {})
            if "finished" in result and before.get("finished") == result["finished"]:
                continue  # accepted before
            if why := unfit(result):
                print(f"refused {result['notebook']}, {result['profile']}: {why}", file=sys.stderr)
                refused += 1
            else:
                merge(result)
                figures(result)
    return refused


def unfit(result: dict[str, Any]) -> str:
    """Return why a result is not that of the code that is checked out, and what to do about it.

    Empty where it is: its commit is an ancestor, and neither the notebook nor what it imports or
    loads has changed since.
    """
    notebook = Notebook(NOTEBOOKS / f"{result['notebook']}.ipynb")
    if not notebook.path.is_file():
        return "there is no such notebook; delete its file in build/results/"
    switches = f"--profile {result['profile']} --data {result['tier']}"
    again = f"run it again: python course.py run {notebook.id} {switches}"
    commit = result.get("commit")
    if commit is None:
        return f"its run did not end; {again}"
    if not commit:
        return f"no commit is known for what ran; in a git checkout, {again}"
    if commit.endswith("+"):
        return f"it ran code that commit {commit[:-1]} does not have; {again}"
    if not reaches(commit):
        return f"its commit {commit} is not part of this branch; merge that one, or {again}"
    if differs := changed(notebook, commit):
        more = f" and {len(differs) - 3} more" if len(differs) > 3 else ""
        return f"since its commit {commit} {', '.join(differs[:3])}{more} changed; {again}"
    return ""


def uncommitted(watched: tuple[str, ...] = WATCHED) -> str:
    """Return what git sees changed in what a run depends on; empty where all is committed."""
    git = shutil.which("git")
    if not git:
        raise Problem("results are accepted from a git checkout, and git is not installed")
    done = subprocess.run(
        [git, "status", "--porcelain", "--", *watched],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise Problem("results are accepted from a git checkout; this folder is none")
    return ", ".join(line[3:] for line in done.stdout.splitlines()[:5])


def merge(result: dict[str, Any]) -> None:
    """Merge one notebook's result; a lesser tier never replaces a better one."""
    path = RESULTS / f"{result['profile']}.json"
    kept = {"profile": result["profile"], "notebooks": {}}
    if path.is_file():
        kept = json.loads(path.read_text(encoding="utf-8"))
    name = result["notebook"]
    before = kept["notebooks"].get(name, {})
    metrics, refused = better_metrics(before.get("metrics", {}), result["metrics"])
    for metric in refused:
        print(f"{name}: {metric} keeps its measurement on better data")
    lesser = before.get("tier") == "real" and result["tier"] != "real"
    entry = (
        before if lesser else {k: v for k, v in result.items() if k not in ("notebook", "profile")}
    )
    kept["notebooks"][name] = {**entry, "metrics": metrics}
    kept["notebooks"] = dict(sorted(kept["notebooks"].items()))
    write_text(path, json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    print(f"{name}: {len(result['metrics'])} numbers, {result['profile']}, {result['tier']}")


def better_metrics(before: dict[str, Any], now: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the merged metrics, and the names of those that kept their old value."""
    refused = [
        m
        for m, entry in now.items()
        if m in before and WORTH[entry["data"]] < WORTH[before[m]["data"]]
    ]
    # A better tier sweeps out what lesser ones left; the notebook no longer records other names.
    top = max((WORTH[e["data"]] for e in now.values()), default=0)
    old = {m: e for m, e in before.items() if m in refused or WORTH[e["data"]] > top}
    return {**{m: e for m, e in now.items() if m not in refused}, **old}, refused


def figures(result: dict[str, Any]) -> None:
    """Copy the figures of a full run on real data beside the results."""
    if (result["profile"], result["tier"]) != ("full", "real"):
        return
    source = BUILD / "figures" / result["notebook"]
    for path in sorted(source.glob("*.svg")):
        target = RESULTS / "figures" / result["notebook"] / path.name
        write_text(target, path.read_text(encoding="utf-8"))


def load(profile: str) -> dict[str, Any]:
    """Return the accepted results of a profile by notebook."""
    path = RESULTS / f"{profile}.json"
    return json.loads(path.read_text(encoding="utf-8"))["notebooks"] if path.is_file() else {}


def benchmarks() -> dict[str, Any]:
    """Return the accepted measurements beside peers by benchmark."""
    path = RESULTS / "bench.json"
    return json.loads(path.read_text(encoding="utf-8"))["benchmarks"] if path.is_file() else {}


def summary_table(names: list[str], profile: str, tier: str) -> Table:
    """Return the table at the end of a run: held numbers of the notebooks that ran."""
    table = Table(
        title=f"Reported and measured (profile {profile}, data {tier})",
        box=None,
        padding=(0, 1),
        title_justify="left",
    )
    for heading in ("number", "reported", "measured", "data", "verdict"):
        table.add_column(heading, overflow="fold")
    for name in sorted(names):
        path = report.result_path(name, profile)
        measured = json.loads(path.read_text(encoding="utf-8"))["metrics"] if path.is_file() else {}
        expected = report.reported().get(name, {}).get("metrics", {})
        table.add_row(one_line_high(Notebook(Path(f"{name}.ipynb")).label), style="bold")
        for metric in (m for m in expected if m in measured):
            row = report.row(metric, measured[metric], expected[metric])
            del row[4]  # the goal stands in docs/results.md; a terminal is narrow
            table.add_row(f"  {row[0]}", *row[1:])
    return table


def readme_drawn_anew() -> str:
    """Return the README with its findings and its table of notebooks as they are now."""
    text = README.read_text(encoding="utf-8")
    for part, lines in {"findings": readme_findings(), "notebooks": readme_table()}.items():
        begin, end = (mark.format(part=part) for mark in MARKS)
        if begin not in text or end not in text:
            raise Problem(f"README.md lacks the marks {begin} and {end} around its {part}")
        head, _, rest = text.partition(begin)
        text = f"{head}{begin}\n{lines}\n{end}{rest.partition(end)[2]}"
    return text


def readme_findings() -> str:
    """Return the findings with which the book begins as a list in Markdown."""
    return "\n".join(
        f"- **{title}.** {text} ([{notebook.id} {notebook.title}](notebooks/{notebook.name}.ipynb))"
        for notebook, _, title, text in highlights.told(all_notebooks(), load("full"))
    )


def readme_table() -> str:
    """Return the table of notebooks in Markdown."""
    lines = [
        "| | notebook | hours | before it | points | its real data |",
        "|---|---|---|---|---|---|",
    ]
    lines += [readme_row(n) for n in all_notebooks()]
    return launch.everything() + "\n".join(lines)


def readme_row(notebook: Notebook) -> str:
    """Return one notebook's row."""
    meta = notebook.meta
    link = f"[{notebook.id} {notebook.title}](notebooks/{notebook.name}.ipynb)"
    before = ", ".join(meta.get("prerequisites", [])) or "none"
    if opened := launch.links(notebook):
        link = f"{link}<br>{opened}"
    return (
        f"| {picture_link(notebook)} | {link} | {meta.get('hours', '')} | {before} | "
        f"{notebook.points} | {data_size(notebook.needs)} |"
    )


def picture_path(notebook: Notebook) -> Path:
    """Where the notebook's picture for the README is kept."""
    return PICTURES / f"{notebook.name.replace('/', '__')}.png"


def picture_cell(notebook: Notebook) -> Any:
    """Return the cell that the notebook's metadata names as its picture, or None."""
    wanted = notebook.meta.get("picture")
    return next((c for c in notebook.content.cells if wanted and c.get("id") == wanted), None)


def picture_link(notebook: Notebook) -> str:
    """Return the picture of a notebook, taken from its own outputs, as HTML for the README."""
    cell = picture_cell(notebook)
    if cell is None:
        return ""
    alt = html.escape(cell.metadata.get("mystnb", {}).get("image", {}).get("alt", ""), quote=True)
    source = picture_path(notebook).relative_to(ROOT).as_posix()
    return f'<img src="{source}" width="{PICTURE_WIDTH // 2}" alt="{alt}">'


def draw_picture(notebook: Notebook) -> None:
    """Write the small picture of a notebook from the outputs that are committed in it.

    Raises
    ------
    Problem
        If the cell that the metadata names has no picture.
    """
    if not notebook.meta.get("picture"):
        return
    cell = picture_cell(notebook)
    outputs = cell.get("outputs", []) if cell else []
    found = [o.data["image/png"] for o in outputs if "image/png" in o.get("data", {})]
    if not found:
        cell_id = notebook.meta["picture"]
        raise Problem(
            f"{notebook.name}: metadata course.picture names {cell_id!r}, which is no "
            "cell with a figure"
        )
    image = Image.open(io.BytesIO(base64.b64decode(found[0]))).convert("RGB")
    height = round(image.height * PICTURE_WIDTH / image.width)
    path = picture_path(notebook)
    path.parent.mkdir(parents=True, exist_ok=True)
    small = image.resize((PICTURE_WIDTH, height), Image.Resampling.LANCZOS)
    small.quantize(64).save(path.with_suffix(".part"), format="png", optimize=True)
    path.with_suffix(".part").replace(path)


def data_size(names: list[str]) -> str:
    """Return the size of what a notebook would download, from its cards.

    What ships with a dependency or has no address is not downloaded; a size that nobody states
    makes the sum a lower bound.
    """
    items = [item for name in names for item in cards.get(name).downloads]
    if not items:
        return "nothing to fetch"
    known = sum(item.size or 0 for item in items)
    if not known:
        return "size not known"
    return ("" if all(item.size for item in items) else "at least ") + fetch.human(known)
