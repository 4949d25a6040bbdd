"""The accepted results: ``results/full.json``, which ``report --accept`` alone writes."""

import json
import sys
from typing import Any

from filelock import FileLock

from data.core.files import write_text
from tools.notebook.commit import SHARED, head, reaches, uncommitted
from tools.notebook.common import BUILD, NOTEBOOKS, Notebook, Problem
from utils import results

LEFT_OUT = ("notebook", "profile", "figures")  # of a run's result: full.json says it elsewhere
WATCHED = ("notebooks", "lessons", *SHARED)  # what the runs of all notebooks depend on


def accept() -> int:
    """Merge the last full runs into ``results/full.json``; return how many were refused.

    Raises Problem if no notebook ran in full, or the tree is not clean.
    """
    result_files = sorted((BUILD / "results").glob("*.full.*.json"))
    if not result_files:
        raise Problem("no full run is in build/results/; start with `course.py run --profile full`")
    refuse_changes()
    refused = 0
    with FileLock(str(BUILD / "results.lock")):
        for path in result_files:
            run = json.loads(path.read_text(encoding="utf-8"))
            before = results.full_run(run["notebook"])
            if "finished" in run and before.get("finished") == run["finished"]:
                continue  # accepted before
            if why := unfit(run) or lesser(run, before):
                print(f"refused {run['notebook']}, data {run['tier']}: {why}", file=sys.stderr)
                refused += 1
            else:
                merge(run)
                copy_figures(run)
    return refused


def unfit(run: dict[str, Any]) -> str:
    """Return why a run is not one of the code that is checked out, and what to do about it.

    Empty where it is: its commit is an ancestor, and the notebook's code has not changed since.
    """
    notebook = Notebook(NOTEBOOKS / f"{run['notebook']}.ipynb")
    if not notebook.path.is_file():
        return "there is no such notebook; delete its file in build/results/"
    again = f"run it again: python course.py run {notebook.id} --profile full --data {run['tier']}"
    commit = run.get("commit")
    if commit is None:
        return f"its run did not end; {again}"
    if not commit:
        return f"the commit of its code is unknown; in a git checkout, {again}"
    if commit.endswith("+"):
        return f"it ran with changes that are not in commit {commit[:-1]}; {again}"
    if not reaches(commit):
        return f"its commit {commit} is not part of this branch; merge that commit, or {again}"
    if run.get("code") not in (None, results.code_hash(run["notebook"])):
        return f"the notebook's code has changed since commit {commit}; {again}"
    return ""


def lesser(run: dict[str, Any], before: dict[str, Any]) -> str:
    """Return which accepted metrics were measured on real data and would be lost; or nothing."""
    real = [m for m, entry in before.get("metrics", {}).items() if entry["data"] == "real"]
    if run["tier"] != "real" and before.get("tier") == "real":
        return "the accepted run is on real data"
    lost = [m for m in real if run["metrics"].get(m, {}).get("data") in ("sample", "stand-in")]
    return f"the accepted run measured {', '.join(lost)} on real data" if lost else ""


def refuse_changes(watched: tuple[str, ...] = WATCHED) -> None:
    """Raise Problem where what ran may not be what a commit has."""
    if not head():
        raise Problem("results are accepted from a git checkout, and this folder is not one")
    if changes := uncommitted(*watched):
        raise Problem(
            "results are accepted from a clean tree, so that their commit is the code that ran; "
            f"commit or stash first: {', '.join(changes[:5])}"
        )


def merge(run: dict[str, Any]) -> None:
    """Put a run in the place of the notebook's last one, with the hash of its training code."""
    name = run["notebook"]
    entry = {key: value for key, value in run.items() if key not in LEFT_OUT}
    every = results.accepted("full", "notebooks") | {
        name: entry | {"code": results.code_hash(name)}
    }
    write("full", {"notebooks": dict(sorted(every.items()))})
    print(f"{name}: {len(run['metrics'])} numbers, data {run['tier']}")


def write(name: str, content: dict[str, Any]) -> None:
    """Write a file of ``results/``."""
    text = json.dumps(content, indent=1, ensure_ascii=False)
    write_text(results.RESULTS / f"{name}.json", text + "\n")


def copy_figures(run: dict[str, Any]) -> None:
    """Copy the figures of a full run on real data beside the results, and delete older ones."""
    if run["tier"] != "real":
        return
    source, home = (top / "figures" / run["notebook"] for top in (BUILD, results.RESULTS))
    for name in sorted({*run["figures"]}):
        write_text(home / name, (source / name).read_text(encoding="utf-8"))
    for path in home.glob("*.svg"):
        if path.name not in run["figures"]:
            path.unlink()
