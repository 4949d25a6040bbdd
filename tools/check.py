"""``course.py check``: what a student runs before handing in."""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import zipfile
from pathlib import Path

from tools.common import BUILD, ROOT, Notebook, Problem, all_notebooks, select, shown
from tools.graded import tasks
from tools.structure import grading

SECONDS = 120


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py check``."""
    p = argparse.ArgumentParser(
        prog="python course.py check",
        description="Run the visible tests of a notebook and list what is unsolved. "
        "A check that passes here is no grade: hidden tests and open questions come later.",
    )
    p.add_argument("notebook", nargs="?", help="a path, or numbers such as 06/01")
    p.add_argument("--pack", metavar="UNIT", help="make the zip of a unit that is handed in")
    options = p.parse_args(argv)
    if bool(options.notebook) == bool(options.pack):
        raise Problem("name a notebook to check, or --pack a unit")
    return pack(options.pack) if options.pack else check(find(options.notebook))


def find(name: str) -> Notebook:
    """Return the notebook that a path or a number means."""
    path = Path(name)
    if path.suffix == ".ipynb":
        if not path.is_file():
            raise Problem(f"there is no file {name}")
        notebook = Notebook(path.resolve())
        notebook.raw  # noqa: B018  (a file that is no notebook is told here, in one line)
        return notebook
    found = select([name])
    if len(found) > 1:
        raise Problem(f"{name!r} means {len(found)} notebooks; name one, such as {found[0].id}")
    return found[0]


def check(notebook: Notebook) -> int:
    """Run a notebook's visible tests in a process of their own and print the outcome."""
    results = outcomes(notebook)
    if not results:
        print(f"{notebook.path.name} has no graded task")
        return 0
    good = sum(not r["error"] for r in results)
    for r in results:
        if not r["error"]:
            print(f"  passes    {r['task']} ({r['points']} points)")
        elif r["error"].startswith("NotImplementedError"):
            print(f"  unsolved  {r['task']} ({r['points']} points)")
        else:
            print(f"  fails     {r['task']} ({r['points']} points): {r['error'][:300]}")
    for question in unanswered(notebook):
        print(f"  open      {question}: the answer is still empty")
    print(f"{good} of {len(results)} tasks pass their visible tests")
    return 0 if good == len(results) else 1


def outcomes(notebook: Notebook) -> list[dict]:
    """Run the tasks in a process that may hang or die without harm."""
    command = [sys.executable, "-m", "tools.graded", str(notebook.path)]
    try:
        done = subprocess.run(
            command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise Problem(
            f"the tests of {notebook.path.name} took longer than {SECONDS} s; "
            "is there a loop that does not end?",
            exit_code=1,
        ) from None
    results = [json.loads(line) for line in done.stdout.splitlines() if line.startswith('{"task"')]
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise Problem(f"the tests of {notebook.path.name} could not be run: {last}", exit_code=1)
    return results


def unanswered(notebook: Notebook) -> list[str]:
    """Return the open questions whose answer is empty or still the placeholder."""
    return [
        grading(c)["grade_id"]
        for c in notebook.content.cells
        if c.cell_type == "markdown"
        and grading(c).get("grade")
        and c.source.strip() in ("", "YOUR ANSWER HERE")
    ]


def pack(unit: str) -> int:
    """Write the unit's notebooks into one zip, and say what is unsolved in them."""
    chosen = [n for n in all_notebooks() if unit.rstrip("/") in (n.path.parent.name, n.id[:2])]
    if not chosen:
        units = sorted({n.path.parent.name for n in all_notebooks()})
        raise Problem(f"there is no unit {unit!r}; it is one of {', '.join(units)}")
    left = sum(bool(r["error"]) for n in chosen for r in outcomes(n) if tasks(n))
    target = BUILD / f"{chosen[0].path.parent.name}.zip"
    target.parent.mkdir(exist_ok=True)
    partial = target.with_suffix(".partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
        for n in chosen:
            archive.write(n.path, n.name + ".ipynb")
    partial.replace(target)
    print(f"{len(chosen)} notebooks packed into {shown(target)}")
    if left:
        print(
            f"{left} tasks in it do not pass their visible tests; "
            "`python course.py check NOTEBOOK` lists them"
        )
    return 0
