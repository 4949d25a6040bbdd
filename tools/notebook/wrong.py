"""Wrong solutions: what a mistake replaces in the solution of a task, from a lesson's wrong.toml.

A lesson's folder is not in a student's release; there, no task has wrong solutions.
"""

from collections.abc import Collection
from pathlib import Path

from tools.notebook.common import Problem, read_toml, shown
from utils import lessons


def wrong_file(notebook: str) -> Path:
    """Return where the wrong solutions of a notebook are kept."""
    return lessons.folder(notebook) / "wrong.toml"


def mutants(notebook: str, task: str, solution: str) -> dict[str, str]:
    """Return the wrong solutions of a task, by their mistake.

    Raises Problem if an entry is not of the form, or the solution does not have a text that is
    replaced, or has it twice.
    """
    path = wrong_file(notebook)
    sources, faults = {}, []
    for mistake, entry in read_toml(path).get(task, {}).items():
        source = solution
        for part in entry if isinstance(entry, list) else [entry]:
            # A text of several lines begins and ends beside its quotes or a line away from them.
            text = {key: value.strip("\n") for key, value in part.items()}
            if text.keys() == {"whole"}:
                source = text["whole"]
            elif text.keys() != {"replace", "by"}:
                faults.append(f"{task}.{mistake}: it needs 'replace' and 'by', or 'whole'")
            elif (n := source.count(text["replace"])) == 1:
                source = source.replace(text["replace"], text["by"])
            else:
                what = "take more of what is around it" if n else "put what it has now"
                faults.append(
                    f"{task}.{mistake}: the solution has {text['replace']!r} {n} times and not "
                    f"once; {what}"
                )
        sources[mistake] = source
    if faults:
        raise Problem("\n".join(f"{shown(path)}, {fault}" for fault in faults))
    return sources


def strangers(notebook: str, tasks: Collection[str]) -> list[str]:
    """Return what is wrong with entries for tasks that the notebook does not have."""
    path = wrong_file(notebook)
    return [
        f"{shown(path)}, {task}: the notebook has no such task; it has {', '.join(tasks)}"
        for task in read_toml(path)
        if task not in tasks
    ]
