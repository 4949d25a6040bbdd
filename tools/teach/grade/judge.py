"""The course's side: runs the tests, with the student's functions behind a socket.

It alone holds hidden tests and expected values. The functions that a solution cell defines, or the
adapter after it where there is one, are proxies here: they send plain arguments into the sandbox
and take plain values back; no adapter runs in this process. It is started
as a file of its own (``python judge.py FD CLOCK``), reads its work as JSON from standard input and
writes one line of JSON a task to standard output.
"""

import builtins
import contextlib
import functools
import json
import os
import select
import socket
import struct
import sys
import time
import traceback
import warnings
from typing import Any

import bounds
import explain
import names
import numpy as np
import wire
from shell import Shell

MESSAGE = 2_000
POLL = 0.05  # seconds between two looks at the clock of the other side


class Lost(BaseException):
    """No further task can be asked in this sandbox; not an Exception, so that no test catches it.

    The verdict is "died", "timeout" or "unreadable".
    """

    def __init__(self, verdict: str, text: str) -> None:
        super().__init__(text)
        self.verdict = verdict


class StudentError(Exception):
    """An error of a kind that this process does not know."""


class Asked:
    """The other side of the socket, and the time it may take.

    The file ``clock`` holds the processor time of its sandbox so far, as a double. Of ``limits``
    count ``call_seconds`` and ``task_seconds`` of processor time, and ``patience``: as many times
    as long may it take by the clock on the wall.
    """

    def __init__(self, line: socket.socket, clock: int, limits: dict[str, Any]) -> None:
        self.line, self.clock, self.limits = line, clock, limits
        self.end = self.processor_end = 0.0
        self.in_place = False
        self.changed: set[str] = set()
        self.usual = np.geterr()

    def start(self, *, in_place: bool) -> None:
        """Begin the clocks of a task.

        With ``in_place``, what a function does to its arguments is done to the test's own, as in a
        notebook; without, it got copies. ``changed`` names the functions that do such a thing.
        """
        allowed = self.limits["task_seconds"]
        self.processor_end = self.spent() + allowed
        self.end = time.monotonic() + allowed * self.limits["patience"]
        self.in_place, self.changed = in_place, set()

    def spent(self) -> float:
        """Return the processor time of the other side so far."""
        return struct.unpack("d", os.pread(self.clock, 8, 0))[0]

    def has_more(self) -> bool:
        """Say whether something lies there that no question was asked for."""
        self.line.setblocking(False)
        try:
            return self.line.recv(1, socket.MSG_PEEK) != b""
        except BlockingIOError:
            return False
        except OSError:
            return True

    def call(self, name: str, /, *args: Any, **keywords: Any) -> Any:
        """Return what a function answers, or raise its error."""
        # Only what the test itself has set: the student's cell may have called np.seterr.
        errors = dict(np.geterr().items() - self.usual.items())
        word, answer = self.ask("call", name, args, keywords, errors)
        if word in ("value", "error") and answer:
            match answer.pop():
                case None:
                    pass
                case [list(), dict()] as changed:
                    self.changed.add(name)
                    if self.in_place:
                        wire.put_back([list(args), keywords], changed)
                case _:
                    raise Lost("unreadable", "the answer is malformed")
        return result(word, answer)

    def ask(self, kind: str, *values: Any) -> tuple[str, list[Any]]:
        """Send a message and return the one that comes back."""
        frame = wire.pack(kind, *values, exact=True)
        # Loading a framework belongs to the first message of a task, not to a call.
        allowed = self.limits["task_seconds" if kind == "begin" else "call_seconds"]
        patience = allowed * self.limits["patience"]
        deadline = min(self.end, time.monotonic() + patience)
        processor_deadline = min(self.processor_end, self.spent() + allowed)
        try:
            wire.send(self.line, frame, deadline)
            while not select.select([self.line], [], [], POLL)[0]:
                if self.spent() > processor_deadline:
                    raise Lost("timeout", f"no answer within {allowed:g} s of processor time")
                if time.monotonic() > deadline:
                    break
            return wire.receive(self.line, deadline)
        except wire.Closed:
            raise Lost("died", "the process of the code ended without an answer") from None
        except wire.TooSlow:
            raise Lost("timeout", f"no answer within {patience:g} s of elapsed time") from None
        except wire.WireError as error:
            raise Lost("unreadable", str(error)) from None


def result(word: str, answer: list[Any]) -> Any:
    """Turn an answer into the value, or raise the error, that it stands for."""
    match word, answer:
        case "ready", []:
            return None
        case "value", [value]:
            return value
        case "not plain", [str(text)]:
            raise wire.NotPlain(f"{wire.NOT_PLAIN}: {text}")
        case "error", [str(kind), str(named), str(text), int(line)]:
            raise rebuilt(kind, named, text, line)
    raise Lost("unreadable", "the answer is malformed")


def rebuilt(kind: str, named: str, text: str, line: int) -> Exception:
    """Return an error of the same kind, so that a test may expect it."""
    place = f"line {line} of the cell" if line else ""
    places = (builtins, np.linalg, np.exceptions)
    known: Any = next((getattr(p, kind) for p in places if hasattr(p, kind)), None)
    try:
        # Those that end an iteration are meant for the interpreter itself.
        if not issubclass(known, Exception) or kind in ("StopIteration", "StopAsyncIteration"):
            raise TypeError
        error = known(text)
    except TypeError:  # it is no kind of error, or is built from more than a text
        return StudentError(f"{named}: {text}" + (f" ({place})" if place else ""))
    own = named if named != known.__name__ else ""
    if note := ", ".join(filter(None, [own, place])):
        error.add_note(note)
    error.line = line  # of the student's cell
    return error


def judge(task: dict[str, str], part: str, asked: Asked) -> dict[str, Any]:
    """Return the verdict on a part of a task: its visible tests, or all of them.

    Each part has to hold as it runs in a notebook, and with copies of the arguments, so that no
    function makes a test compare with what it wrote there.
    """
    visible = part == "visible"
    test = task["visible" if visible else "test"]
    verdict = verdict_on(task, test, asked, in_place=visible)
    if verdict["verdict"] == "pass" and asked.changed:
        verdict = verdict_on(task, test, asked, in_place=not visible)
    if verdict["verdict"] == "unsolved" and not visible:  # some of it is solved: an answer fails
        verdict["verdict"] = "fail"
    return verdict


def verdict_on(task: dict[str, str], test: str, asked: Asked, *, in_place: bool) -> dict[str, Any]:
    """Run a test: "pass", "fail", "unsolved", or what ended the sandbox."""
    asked.start(in_place=in_place)
    shell, answer = Shell(), task["answer"]
    try:
        result(*asked.ask("begin", task["given_code"], answer, task["adapter"]))
        shell.run(names.needed_imports(task["given_code"], test), "<given>")
        asked_for = names.functions(task["adapter"] or task["solution"])
        shell.space |= {name: functools.partial(asked.call, name) for name in asked_for}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            shell.run(test, "<test>")
    except Lost as lost:
        return {"verdict": lost.verdict, "reason": str(lost)}
    except MemoryError as error:
        return {
            "verdict": "memory",
            "reason": "the memory limit is exceeded",
            "detail": text_of(error),
        }
    except Exception as error:
        line = getattr(error, "line", 0)
        if isinstance(error, NotImplementedError) and names.is_stub(answer, line, str(error)):
            reason = "the task is not solved"
            return {"verdict": "unsolved", "reason": reason, "detail": text_of(error)}
        return failed(test, error, sorted(asked.changed))
    return {"verdict": "pass", "reason": ""}


def failed(test: str, error: Exception, changed: list[str]) -> dict[str, Any]:
    """Tell a failed test, and its line; ``changed`` are functions that change their arguments."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno or 1 for frame in frames if frame.filename == "<test>"]
    detail = text_of(error)
    if lines and isinstance(error, AssertionError):
        with contextlib.suppress(Lost):
            detail = explain.in_words(error, test)[:MESSAGE] or detail
    if lines:
        where = "".join(explain.short([explain.statement(test, lines[0])]))
        comment = explain.comment_above(test, lines[0])
        detail = "\n".join([detail, *comment, f"in the test: {where}"])
    if changed:
        detail += f"\n{', '.join(changed)} changes its arguments in place: work on copies"
    return {"verdict": "fail", "reason": detail, "detail": detail}


def text_of(error: Exception) -> str:
    """Return an error as one text."""
    notes = "".join(f" [{note}]" for note in getattr(error, "__notes__", ()))
    text = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return explain.plain(text + notes)[:MESSAGE]


def main(argv: list[str]) -> None:
    """Judge parts of tasks in order, as long as each leaves the sandbox as good as new.

    What fails may have left anything behind: processes that listen too, patched modules. The tasks
    after it get a fresh sandbox.
    """
    work = json.load(sys.stdin)
    bounds.bound_memory(work["limits"]["judge_memory"])
    line = socket.socket(fileno=int(argv[0]))
    asked = Asked(line, int(argv[1]), work["limits"])
    verdicts = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what a test prints, answers among it, is no verdict
    unsolved: dict[str, dict[str, Any]] = {}
    for number, (task, part) in enumerate(work["steps"]):
        if number and asked.has_more():
            return  # what nobody asked for; the step after it gets a fresh sandbox
        verdict = unsolved.get(task["task"]) or judge(task, part, asked)
        print(json.dumps(verdict | {"task": task["task"]}), file=verdicts, flush=True)
        if verdict["verdict"] == "unsolved":
            unsolved[task["task"]] = verdict
        elif verdict["verdict"] != "pass":
            return


if __name__ == "__main__":
    sys.path[:0] = [os.path.dirname(os.path.abspath(__file__))]
    main(sys.argv[1:])
