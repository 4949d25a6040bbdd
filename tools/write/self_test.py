"""The self-test of graded tasks, and the wrong solutions that it tries.

It proves for every task that the solution passes, and that the emptied and the wrong ones fail:
by the visible part of the test, since a student who is told that an answer passes has no reason to
look at it again.
"""

from collections.abc import Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from tools.notebook import processes
from tools.notebook.common import Notebook, Problem, read_toml, shown
from tools.notebook.tasks import UNSOLVED, Task, outcome, tasks_of
from utils import lessons

# A wrong solution must fail by its answer; these would fail for a reason of no interest.
OTHER_ERRORS = ("Syntax", "Indentation", "Name", "Import", "ModuleNotFound", "NotImplemented")
VISIBLE_ANSWER = "visible_answer"  # begins the name of one that knows the visible values by heart
NOT_BY_ITS_ANSWER = tuple(f"{name}Error" for name in OTHER_ERRORS)


def problems(
    notebook: Notebook, least_wrong: int = 2, only: Collection[str] | None = None
) -> list[str]:
    """Return what is wrong with the tasks of a notebook, or those that are named."""
    found = []
    for task in tasks_of(notebook):
        if only is None or task.name in only:
            found += [f"{task.name}: {problem}" for problem in solution_problems(task)]
            found += wrong_problems(task, least_wrong)
    return found


def solution_problems(task: Task) -> Iterator[str]:
    """Prove that the solution passes, and that the emptied cell does not."""
    if error := outcome(task, task.solution, task.test, warn="error"):
        yield f"the solution fails its own test: {error}"
    if error := outcome(task, task.solution, task.visible):
        yield f"the solution fails the visible part of its test: {error}"
    if (error := outcome(task, task.emptied, task.visible)) != UNSOLVED:
        yield f"the emptied cell must raise NotImplementedError, not {error or 'pass'}"


def wrong_problems(task: Task, least: int) -> Iterator[str]:
    """Prove that the wrong solutions of a task fail, and by their answers."""
    try:
        wrong = wrong_solutions(task)
    except Problem as error:
        if least:  # those of the course need not fit what a teacher has changed
            yield str(error)
        return
    if len(wrong) < least:
        file = shown(wrong_file(task.notebook))
        yield f"{task.name}: {len(wrong)} wrong solutions in {file}; write at least {least}"
    for mistake, source in wrong.items():
        said = f"{task.name}: the wrong solution '{mistake}'"
        by_heart = mistake.startswith(VISIBLE_ANSWER)
        failure = outcome(task, source, task.test if by_heart else task.visible)
        if not failure:
            part = "test" if by_heart else "visible part of the test"
            yield f"{said} passes; the {part} must catch it"
        elif failure.startswith(NOT_BY_ITS_ANSWER):
            yield f"{said} fails for another reason: {failure}"


def problems_by_notebook(
    notebooks: list[Notebook],
    workers: int = 2,
    least_wrong: int = 2,
    only: Mapping[str, Collection[str]] | None = None,
) -> dict[str, list[str]]:
    """Self-test notebooks, each in a process of its own, with a limit on the time.

    With ``only``, the names of tasks by notebook, the others are left out. Returns problems by
    notebook; an empty list where all is well.
    """

    def in_process(notebook: Notebook) -> list[str]:
        named = only and only[notebook.name]
        try:
            fresh = Notebook(notebook.path, notebook.copied_from)  # it is read in the process
            return processes.run_in_process(problems, fresh, least_wrong, named)
        except BrokenProcessPool:
            return [f"a task crashed, took too much memory, or more than {processes.SECONDS} s"]
        except BaseException as error:  # such as SystemExit
            return [f"its tasks could not be run: {type(error).__name__}: {error}"]

    with ThreadPoolExecutor(workers) as places:
        texts = list(places.map(in_process, notebooks))
    return dict(zip((n.name for n in notebooks), texts, strict=True))


def wrong_file(notebook: str) -> Path:
    """Return where the wrong solutions of a notebook are kept."""
    return lessons.folder(notebook) / "wrong.toml"


def wrong_solutions(task: Task) -> dict[str, str]:
    """Return the wrong solutions of a task, by their mistake, from a lesson's wrong.toml.

    A lesson's folder is not in a student's release; there, no task has wrong solutions. Raises
    Problem if an entry is not of the form, or the solution does not have a text that is replaced,
    or has it twice.
    """
    path, sources = wrong_file(task.notebook), {}
    for mistake, entry in read_toml(path).get(task.name, {}).items():
        source = task.solution
        for part in entry if isinstance(entry, list) else [entry]:
            # A text of several lines begins and ends beside its quotes or a line away from them.
            text = {key: value.strip("\n") for key, value in part.items()}
            where = f"{shown(path)}, {task.name}.{mistake}"
            if text.keys() == {"whole"}:
                source = text["whole"]
            elif text.keys() != {"replace", "by"}:
                raise Problem(f"{where}: it needs 'replace' and 'by', or 'whole'")
            elif (n := source.count(text["replace"])) == 1:
                source = source.replace(text["replace"], text["by"])
            else:
                raise Problem(f"{where}: the solution has {text['replace']!r} {n} times, not once")
        sources[mistake] = source
    return sources
