"""The tasks of one notebook, judged in as few sandboxes as are enough for a fair verdict."""

import functools
import json
import os
import re
import socket
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from tools.notebook import names, processes
from tools.notebook.cells import partial_credit
from tools.teach.grade import fork_server
from tools.teach.grade.sandbox import Limits, Sandbox, why_not

HERE = Path(__file__).resolve().parent
NOTEBOOK = HERE.parents[1] / "notebook"
SHARED = [NOTEBOOK / name for name in ("bounds.py", "names.py", "shell.py", "wire.py")]
JUDGE = [HERE / "judge.py", NOTEBOOK / "explain.py", *SHARED]
WORKER = [HERE / "worker.py", *SHARED]
# Verdicts that an earlier task in the same process may have brought about.
AGAIN = {"fail", "died", "unreadable", "memory", "output"}
# Verdicts on what went wrong beside the answer itself.
ABNORMAL = {"died", "timeout", "unreadable", "memory", "output", "untestable"}


def run(tasks: list[dict[str, Any]], limits: Limits) -> None:
    """Judge the tasks that have an answer, and write the verdicts into them.

    A sandbox that a task has left unusable is replaced by a fresh one for the steps after it, and a
    step that fails after others is done again in a fresh one: what one task leaves behind in its
    process costs no other task its points.
    """
    end = time.monotonic() + limits.seconds * limits.patience
    left = limits.seconds
    while steps := steps_left(tasks):
        if left <= 0 or time.monotonic() >= end:
            reason = f"the notebook took more than {limits.seconds:g} s of processor time in all"
            if left > 0:
                most = limits.seconds * limits.patience
                reason = f"the notebook took more than {most:g} s of elapsed time in all"
            for task, part in steps:
                record_verdict(task, part, {"verdict": "timeout", "reason": reason})
            return
        verdicts, spent = one_round(steps, replace(limits, seconds=left), end)
        left -= spent
        if len(verdicts) > 1 and verdicts[-1]["verdict"] in AGAIN:
            verdicts.pop()
        for (task, part), verdict in zip(steps, verdicts, strict=False):
            if part == "visible" and verdict["verdict"] == "pass":
                task["visible_passed"] = True
            else:
                record_verdict(task, part, verdict)


def steps_left(tasks: list[dict[str, Any]]) -> list[tuple[dict[str, Any], str]]:
    """Return what is still to be judged: all visible tests before any that is hidden.

    A function could keep what a hidden test asks, and tell it in the error of a later task; so
    nothing that students read comes from their code once a hidden test has run.
    """
    left = [task for task in tasks if "verdict" not in task]
    visible = [(task, "visible") for task in left if "visible_passed" not in task]
    return visible + [(task, "whole") for task in left]


def record_verdict(task: dict[str, Any], part: str, verdict: dict[str, Any]) -> None:
    """Write a verdict into a task that has none yet.

    Students are told that a hidden test fails, and not how: an error, a crash or a long wait could
    be chosen by the code to tell what the test has asked. That is the instructor's to see.
    """
    if "verdict" in task:
        return
    task |= {k: v for k, v in verdict.items() if k in ("verdict", "reason", "detail")}
    if part == "whole" and task["verdict"] != "pass":
        reason, detail = task["reason"], task.get("detail", "")
        task["detail"] = detail if detail.startswith(reason) else f"{reason}\n{detail}".strip()
        task["reason"] = FAILS_AGAIN if task["visible"] == task["test"] else FAILS
    task["points"] = credit(task)


FAILS = "a hidden test fails"
FAILS_AGAIN = "a visible test passes at first and fails when it runs again"


def credit(task: dict[str, Any]) -> float:
    """Return the points of a judged task: all, none, or those for the visible tests alone."""
    if task["verdict"] == "pass":
        return task["of"]
    return min(partial_credit(task["test"]), task["of"]) if "visible_passed" in task else 0


def one_round(
    steps: list[tuple[dict[str, Any], str]], limits: Limits, end: float
) -> tuple[list[dict[str, Any]], float]:
    """Judge steps in order with one sandbox.

    Returns verdicts, at least one, and the seconds of processor time that the student's side took.
    """
    ours, theirs = socket.socketpair()
    work = json.dumps({"steps": steps, "limits": asdict(limits)}).encode()
    with (
        Sandbox(WORKER, limits, libraries=libraries(steps)) as worker,
        Sandbox(JUDGE, limits, libraries=fork_server.BASIC) as judge,
        tempfile.TemporaryFile() as given,
    ):
        given.write(work)
        given.seek(0)
        worker.python("worker.py", theirs.fileno(), json.dumps(asdict(limits)))
        theirs.close()
        read, write = os.pipe()
        handles = [ours.fileno(), worker.clock.fileno()]
        judge.python("judge.py", *handles, stdin=given.fileno(), stdout=write)
        os.close(write)
        ours.close()
        # A step runs a test at most twice.
        allowed = 2 * len(steps) * limits.task_seconds * limits.patience
        left = max(0.0, min(end - time.monotonic(), allowed))
        timer = threading.Timer(left + GRACE, judge.end, ["late"])
        timer.daemon = True
        timer.start()
        with open(read, "rb") as stream:
            text = stream.read()
        timer.cancel()
        judge.process.wait()
    return name_endings(verdicts_in(text), len(steps), worker, judge), worker.seconds


# What TensorFlow writes as it starts: beside a wrong answer it says nothing of the task.
LOG = re.compile(r"^(?:\d{4}-\d\d-\d\d [\d:.]+: [IWE] |[IWE]\d{4} |WARNING: All log).*\n?", re.M)
GRACE = 60.0  # seconds that a judge has beside its limits, to start and to write


def verdicts_in(text: bytes) -> list[dict[str, Any]]:
    """Return the verdicts that a judge wrote; it may have been ended in the midst of the last."""
    return [json.loads(line) for line in text[: text.rfind(b"\n") + 1].splitlines()]


def libraries(steps: Sequence[tuple[dict[str, Any], str]]) -> tuple[str, ...]:
    """Return the libraries that a sandbox of some tasks should have imported before it begins.

    A notebook that chooses the old Keras does so before TensorFlow's import, and gets none of it.
    """
    wanted = set()
    for task in {task["task"]: task for task, _ in steps}.values():
        needed = names.needed_imports(task["given_code"], task["solution"], task["adapter"])
        wanted |= names.imported(needed)
        if "legacy_keras" in task["given_code"].lower():
            return fork_server.BASIC
    packages = {name.partition(".")[0] for name in wanted}
    if packages & {"keras", "tensorflow"}:
        return fork_server.KERAS
    worth = {name for name in wanted if name.partition(".")[0] in fork_server.WORTH_IT}
    return (*fork_server.BASIC, *sorted(worth - {"numpy"}))


@functools.cache
def why_not_forked() -> str:
    """Return why sandboxes cannot be forked here; "" where one was forked on trial.

    A system may let bubblewrap make namespaces, and nobody inside of it.
    """
    if why_not():
        return why_not()
    ours, theirs = socket.socketpair()
    ours.close()  # the worker ends at once: nobody will ask it
    limits = Limits()
    with theirs, Sandbox(WORKER, limits, libraries=fork_server.BASIC) as sandbox:
        sandbox.python("worker.py", theirs.fileno(), json.dumps(asdict(limits)))
        code = sandbox.process.wait(timeout=fork_server.START)
    return sandbox.refusal or (sandbox.printed().strip()[-300:] if code else "")


def name_endings(verdicts: list[dict], steps: int, worker: Sandbox, judge: Sandbox) -> list[dict]:
    """Name what ended a sandbox from outside, and give a verdict where the judge gave none."""
    limits = worker.limits
    why = {
        "memory": ("memory", processes.TOO_MUCH_MEMORY),
        "files": ("memory", f"the code made more than {limits.files:,} files, folders and links"),
        "output": ("output", "the code printed too much"),
        "time": ("timeout", "the notebook used all its processor time"),
    }
    if worker.ended in why and verdicts and verdicts[-1]["verdict"] in ("died", "timeout"):
        ending, reason = why[worker.ended]
        verdicts[-1] |= {"verdict": ending, "reason": reason}
    # A judge that leaves steps undone of its own accord asks for a fresh sandbox for them.
    if len(verdicts) < steps and (not verdicts or judge.ended or judge.process.returncode):
        # The test itself did not end: an answer that costs too much to read or to compare.
        reason = "the test of the answers stopped early"
        if judge.ended == "late":
            reason = "testing the answers took too long"
        verdicts.append({"verdict": "untestable", "reason": reason, "detail": judge.printed()})
    for verdict in verdicts:
        printed = worker.printed() if verdict["verdict"] in ABNORMAL | {"fail"} else ""
        printed = LOG.sub("", printed) if verdict["verdict"] == "fail" else printed
        if text := printed.strip():
            verdict["detail"] = f"{verdict.get('detail', '')}\n{text[-1_000:]}".strip()
    return verdicts
