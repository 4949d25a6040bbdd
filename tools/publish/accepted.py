"""What was measured and accepted: ``results/``, which ``report --accept`` alone merges into."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import Any

from filelock import FileLock

from data.core.files import write_text
from tools.notebook.common import BUILD, NOTEBOOKS, ROOT, Notebook, Problem
from tools.notebook.sources import changed_since, reaches

RESULTS = ROOT / "results"
NOT_KEPT = ("notebook", "profile", "figures")  # of a result: they are where it is kept
# What a number speaks of, from least to most.
WORTH = {"sample": 0, "stand-in": 1, "part": 2, "real": 3, "none": 3}
# What a run of a notebook depends on.
WATCHED = ("notebooks", "lessons", "utils", "data", "requirements.txt", "pyproject.toml")


def accept() -> int:
    """Merge the results of the last runs into ``results/``; return how many were refused.

    Raises Problem if nothing ran, or the tree is not clean.
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
            if (result["profile"], result["tier"]) == ("quick", "real"):
                print(f"left out {result['notebook']}: quick results are those of the sample")
                continue
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
    if differs := changed_since(notebook, commit):
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
    lesser = before.get("tier") == "real" and result["tier"] != "real"
    metrics, refused = better_metrics(before.get("metrics", {}), result["metrics"], lesser)
    for metric in refused:
        print(f"{name}: {metric} keeps its measurement on better data")
    entry = before if lesser else {k: v for k, v in result.items() if k not in NOT_KEPT}
    kept["notebooks"][name] = {**entry, "metrics": metrics}
    kept["notebooks"] = dict(sorted(kept["notebooks"].items()))
    write_text(path, json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
    print(f"{name}: {len(result['metrics'])} numbers, {result['profile']}, {result['tier']}")


def better_metrics(
    before: dict[str, Any], now: dict[str, Any], lesser: bool = False
) -> tuple[dict[str, Any], list[str]]:
    """Return the merged metrics, and the names of those that kept their old value.

    ``lesser``: now is of the sample, before of the official files; what a dependency ships of them
    is real data as well, and less of it.
    """
    worth = WORTH | {"real": WORTH["part"]} if lesser else WORTH
    refused = [
        m
        for m, entry in now.items()
        if m in before and worth[entry["data"]] < WORTH[before[m]["data"]]
    ]
    # A better tier sweeps out what lesser ones left; the notebook no longer records other names.
    top = max((worth[e["data"]] for e in now.values()), default=0)
    old = {m: e for m, e in before.items() if m in refused or WORTH[e["data"]] > top}
    return {**{m: e for m, e in now.items() if m not in refused}, **old}, refused


def figures(result: dict[str, Any]) -> None:
    """Copy the figures of a full run on real data beside the results; older ones go."""
    if (result["profile"], result["tier"]) != ("full", "real"):
        return
    source, home = (top / "figures" / result["notebook"] for top in (BUILD, RESULTS))
    for name in sorted({*result["figures"]}):
        write_text(home / name, (source / name).read_text(encoding="utf-8"))
    for path in home.glob("*.svg"):
        if path.name not in result["figures"]:
            path.unlink()


def load(profile: str) -> dict[str, Any]:
    """Return the accepted results of a profile by notebook."""
    path = RESULTS / f"{profile}.json"
    return json.loads(path.read_text(encoding="utf-8"))["notebooks"] if path.is_file() else {}


def benchmarks() -> dict[str, Any]:
    """Return the accepted measurements beside peers by benchmark."""
    path = RESULTS / "bench.json"
    return json.loads(path.read_text(encoding="utf-8"))["benchmarks"] if path.is_file() else {}
