"""The accepted results: ``results/full.json``, which ``report --accept`` alone writes."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from filelock import FileLock

from data.core import cards
from data.core.files import write_text
from tools.notebook import outputs
from tools.notebook.commit import SHARED, git, head, reaches, uncommitted
from tools.notebook.common import BUILD, NOTEBOOKS, ROOT, Notebook, Problem, select
from utils import results

LEFT_OUT = (
    "notebook",
    "profile",
    "figures",
    "decides",
)  # of a run's result: full.json says it elsewhere
START = "start with `course.py run NN/NN --profile full`"
WATCHED = ("notebooks", "lessons", *SHARED)  # what the runs of all notebooks depend on


def accept(names: list[str] | None = None) -> int:
    """Merge the last full runs into ``results/full.json``; return how many were refused.

    With names, such as 06/01, only the runs of these notebooks. Raises Problem if one of them, or
    without names all, did not run in full, or the tree is not clean.
    """
    runs = full_runs(names or [])
    refuse_changes()
    refused, fit = 0, []
    with FileLock(str(BUILD / "results.lock")):
        for run in runs:
            before = results.full_run(run["notebook"])
            if "finished" in run and before.get("finished") == run["finished"]:
                fit.append(run)  # accepted before, perhaps without all its outputs
            elif why := unfit(run) or lesser(run, before):
                print(f"refused {run['notebook']}, data {run['data']}: {why}", file=sys.stderr)
                refused += 1
            else:
                # Stopped between any two steps, the next call does what is left to do.
                copy_figures(run)
                merge(run)
                if dropped := sorted({*before.get("metrics", {})} - {*run["metrics"]}):
                    print(f"{run['notebook']}: no longer measured: {', '.join(dropped)}")
                fit.append(run)
        for run in fit:
            delete_other_figures(run)
            write_outputs(run)
    return refused


def full_runs(names: list[str]) -> list[dict[str, Any]]:
    """Return the full runs in ``build/results/``, all of them or those of some notebooks."""
    files = sorted((BUILD / "results").glob("*.full.*.json"))
    runs = [json.loads(path.read_text(encoding="utf-8")) for path in files]
    if names:
        asked = {notebook.name: notebook.id for notebook in select(names)}
        runs = [run for run in runs if run["notebook"] in asked]
        if missing := {*asked} - {run["notebook"] for run in runs}:
            ids = ", ".join(sorted(asked[name] for name in missing))
            raise Problem(f"no full run of {ids} is in build/results/; {START}")
    if not runs:
        raise Problem(f"no full run is in build/results/; {START}")
    return runs


def unfit(run: dict[str, Any]) -> str:
    """Return why a run is not one of the code that is checked out, and what to do about it.

    Empty where it is: its commit is an ancestor, and the notebook's code has not changed since.
    """
    notebook = Notebook(NOTEBOOKS / f"{run['notebook']}.ipynb")
    if not notebook.path.is_file():
        return "there is no such notebook; delete its file in build/results/"
    again = f"run it again: python course.py run {notebook.id} --profile full --data {run['data']}"
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
    if lost := [path.name for path in made_figures(run) if not path.is_file()]:
        return f"its figures {', '.join(lost)} are not in build/figures/ any more; {again}"
    return ""


def lesser(run: dict[str, Any], before: dict[str, Any]) -> str:
    """Return which numbers of real data a run would replace by ones of samples; "" if none."""
    real = [m for m, entry in before.get("metrics", {}).items() if entry["data"] == "real"]
    if run["data"] != "real" and before.get("data") == "real":
        return "the accepted run is on real data"
    lost = [m for m in real if run["metrics"].get(m, {}).get("data") in ("sample", "stand-in")]
    return f"the accepted run measured {', '.join(lost)} on real data" if lost else ""


def refuse_changes(watched: tuple[str, ...] = WATCHED) -> None:
    """Raise Problem where what ran may not be what a commit has.

    A notebook of which only outputs differ from the commit is as it was: those outputs may be what
    an earlier call wrote.
    """
    if not head():
        raise Problem("results are accepted from a git checkout, and this folder is not one")
    if changes := [file for file in uncommitted(*watched) if not only_outputs(file)]:
        raise Problem(
            "results are accepted from a clean tree, so that their commit is the code that ran; "
            f"commit or stash first: {', '.join(changes[:5])}"
        )


def only_outputs(file: str) -> bool:
    """Say whether a file is a notebook that differs from the commit in what runs write alone."""
    path = ROOT / file
    if (
        path.suffix != ".ipynb"
        or not path.is_file()
        or (old := git("show", f"HEAD:{file}")) is None
    ):
        return False
    return without_outputs(old) == without_outputs(path.read_text(encoding="utf-8"))


def without_outputs(text: str) -> dict[str, Any]:
    """Return a notebook's content without outputs, and without which code made them."""
    content = json.loads(text)
    content["metadata"].get("course", {}).pop("code", None)
    for cell in content["cells"]:
        cell |= {"outputs": [], "execution_count": None}
    return content


def merge(run: dict[str, Any]) -> None:
    """Put a run in the place of the notebook's last one, with the hash of its training code."""
    name = run["notebook"]
    entry = {key: value for key, value in run.items() if key not in LEFT_OUT}
    every = results.accepted("full", "notebooks") | {
        name: entry | {"code": results.code_hash(name)}
    }
    write("full", {"notebooks": dict(sorted(every.items()))})
    print(f"{name}: {len(run['metrics'])} numbers, data {run['data']}")


def write(name: str, content: dict[str, Any]) -> None:
    """Write a file of ``results/``."""
    text = json.dumps(content, indent=1, ensure_ascii=False)
    write_text(results.RESULTS / f"{name}.json", text + "\n")


def figures_of(notebook: str) -> Path:
    """Return where the figures of a notebook's accepted full run are."""
    return results.RESULTS / "figures" / notebook


def made_figures(run: dict[str, Any]) -> list[Path]:
    """Return the figures that a full run on real data has left, which are to be copied."""
    folder = BUILD / "figures" / run["notebook"]
    return [folder / name for name in sorted({*run["figures"]}) if run["data"] == "real"]


def copy_figures(run: dict[str, Any]) -> None:
    """Copy the figures of a run beside the results."""
    for path in made_figures(run):
        write_text(figures_of(run["notebook"]) / path.name, path.read_text(encoding="utf-8"))


def delete_other_figures(run: dict[str, Any]) -> None:
    """Delete the figures of earlier runs on real data."""
    for path in figures_of(run["notebook"]).glob("*.svg") if run["data"] == "real" else ():
        if path.name not in run["figures"]:
            path.unlink()


def write_outputs(run: dict[str, Any]) -> None:
    """Write what an accepted run put out below the line into the notebook."""
    notebook = Notebook(NOTEBOOKS / f"{run['notebook']}.ipynb")
    path = BUILD / "executed" / f"full-{run['data']}" / f"{run['notebook']}.ipynb"
    if not path.is_file() or not notebook.path.is_file() or not notebook.has_line:
        return
    executed = Notebook(path).content
    made = executed.metadata["course"].get("run", {}).get("finished")
    before = notebook.meta.get("code", {}).get("reproduction", {}).get("finished")
    if made != run.get("finished") or before == made:
        return  # a later run has taken the place of that copy, or its outputs are there
    outputs.write_reproduction(notebook, executed, shows(run))
    print(f"{run['notebook']}: outputs below the line")


def shows(run: dict[str, Any]) -> Callable[[Any], bool]:
    """Return a function that says of a cell whether its pictures may be committed.

    They may where every set that the run loaded may be shown, and in a cell that hands its figure
    to `report.figure`, which takes no picture of a data set.
    """
    shown = all(
        source != "real" or origin["source"] == "shipped" or cards.get(name).may_be_shown
        for name, sources in run["datasets"].items()
        for source, origin in sources.items()
    )
    return lambda cell: shown or "report.figure(" in cell.source
