"""The student's side: runs their cells and their functions, inside the sandbox.

Nothing that this process says is believed: whatever it answers only means "my function returned
this". It is started as a file of its own (``python worker.py FD LIMITS``) with ``wire.py`` and
``names.py`` beside it.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import sys
import traceback
from typing import Any

import names
import wire

MESSAGE = 2_000  # characters of an error that are worth sending


def main(argv: list[str]) -> None:
    """Answer the judge until it goes away."""
    line = socket.socket(fileno=int(argv[0]))
    limit(json.loads(argv[1]))
    space: dict[str, Any] = {}
    while True:
        try:
            kind, values = wire.receive(line)
        except wire.Closed:
            return
        if kind == "begin":
            space = {"__name__": "__main__"}
            answer = begin(space, *values)
        else:
            answer = call(space, *values)
        wire.send(line, answer)


def limit(limits: dict[str, int]) -> None:
    """Bound this process and its children for good: hard limits cannot be raised again."""
    bounds = {
        resource.RLIMIT_AS: limits["memory"],
        resource.RLIMIT_NPROC: limits["processes"],
        resource.RLIMIT_FSIZE: limits["file"],
        resource.RLIMIT_CPU: limits["seconds"],
        resource.RLIMIT_NOFILE: 256,
        resource.RLIMIT_CORE: 0,
    }
    for kind, bound in bounds.items():
        hard = resource.getrlimit(kind)[1]
        bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (bound, bound))


def begin(space: dict[str, Any], before: str, solution: str, harness: str) -> bytes:
    """Run the course's own imports and givens, the student's cell, then the course's harness.

    The harness comes last, so that what it defines takes the place of a student's own.
    """
    try:
        needed = names.needed_imports(before, solution, harness)
        exec(compile(needed, "<given>", "exec"), space)
        exec(compile(solution, "<your cell>", "exec"), space)
        exec(compile(harness, "<harness>", "exec"), space)
    except BaseException as error:  # SystemExit and KeyboardInterrupt are answers like any other
        return failure(error)
    return wire.pack("ready")


def call(space: dict[str, Any], name: str, args: tuple, keywords: dict[str, Any]) -> bytes:
    """Call one of the functions that the student's cell, or the harness, has defined."""
    try:
        if name not in space:
            raise NameError(f"the cell does not define {name}")
        return wire.pack("value", space[name](*args, **keywords))
    except wire.NotPlain as error:
        return wire.pack("odd", str(error)[:MESSAGE])
    except BaseException as error:
        return failure(error)


def failure(error: BaseException) -> bytes:
    """Tell the kind of an error, its text, and the line of the student's cell."""
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.name and
             f.filename == "<your cell>"]  # fmt: skip
    if isinstance(error, SyntaxError) and error.filename in ("<your cell>", "<unknown>"):
        lines = [error.lineno]
    try:
        text = str(error)[:MESSAGE]
    except BaseException:
        text = "an error whose text cannot be read"
    kind = next((k.__name__ for k in type(error).__mro__ if k.__module__ == "builtins"), "Error")
    named = type(error).__name__[:100]
    return wire.pack("error", kind, named, text, int(lines[-1] or 0) if lines else 0)


if __name__ == "__main__":
    sys.path[:0] = [os.path.dirname(os.path.abspath(__file__))]
    main(sys.argv[1:])
