"""The student's side: runs their cells and their functions, inside the sandbox.

Nothing that this process says is believed: whatever it answers only means "my function returned
this". It is started as a file of its own (``python worker.py FD LIMITS``) with ``wire.py``,
``names.py``, ``shell.py`` and ``bounds.py`` beside it.
"""

import io
import json
import os
import resource
import socket
import sys
import traceback
from typing import Any

import bounds
import names
import numpy as np
import wire
from shell import Shell

MESSAGE = 2_000  # characters of an error that are worth sending


def main(argv: list[str]) -> None:
    """Bind this process to its limits for good, and answer the judge."""
    line = socket.socket(fileno=int(argv[0]))
    limit(json.loads(argv[1]))
    bounds.share_cores()
    pair_by_pipes()
    serve(line)


def serve(line: socket.socket) -> None:
    """Answer the judge until it goes away."""
    shell = Shell()
    while True:
        try:
            kind, values = wire.receive(line)
        except wire.Closed:
            return
        if kind == "begin":
            shell = Shell()
        with shell.as_main():
            answer = begin(shell, *values) if kind == "begin" else call(shell.space, *values)
        wire.send(line, answer)


def limit(limits: dict[str, Any]) -> None:
    """Bound this process and its children for good: hard limits cannot be raised again."""
    bounds.bound_memory(limits["memory"])
    most = {
        resource.RLIMIT_NPROC: limits["processes"],
        resource.RLIMIT_FSIZE: limits["file"],
        resource.RLIMIT_CPU: int(limits["seconds"]) + 1,
        resource.RLIMIT_NOFILE: 256,
        resource.RLIMIT_CORE: 0,
    }
    for kind, bound in most.items():
        hard = resource.getrlimit(kind)[1]
        bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        resource.setrlimit(kind, (bound, bound))


class End(io.FileIO):
    """One end of a pipe, with what asyncio asks of one of a pair of sockets."""

    recv, send = io.FileIO.read, io.FileIO.write

    def setblocking(self, flag: bool) -> None:
        """Let reading and writing wait or not."""
        os.set_blocking(self.fileno(), flag)

    def detach(self) -> int:
        """Return the pipe by another number, for somebody else to close."""
        number = os.dup(self.fileno())
        self.close()
        return number


def pair_by_pipes() -> None:
    """Give asyncio a pipe in the place of a pair of sockets, where the sandbox refuses those.

    It wakes its loop by such a pair, and sends bytes in one direction alone; without one there is
    no top-level ``await`` and no ``%%bash``. The kernel bounds what a pipe holds. Whoever else asks
    for sockets is refused, as the filter does.
    """
    refused = socket.socketpair

    def pair(*arguments: Any, **named: Any) -> tuple[Any, Any]:
        if not sys._getframe(1).f_globals.get("__name__", "").startswith("asyncio."):
            return refused(*arguments, **named)
        read, write = os.pipe()
        return End(read), End(write, "w")

    try:
        for end in refused():
            end.close()
    except PermissionError:
        socket.socketpair = pair


def begin(shell: Shell, given_code: str, solution: str, adapter: str) -> bytes:
    """Run the course's own imports and givens, the student's cell, then the course's adapter.

    The adapter comes last, so that what it defines takes the place of a student's own.
    """
    try:
        needed = names.needed_imports(given_code, solution, adapter)
        shell.run(needed, "<given>")
        shell.run(solution, "<your cell>")
        shell.run(adapter, "<adapter>")
    except BaseException as error:  # SystemExit and KeyboardInterrupt are answers like any other
        return wire.pack(*failure(error))
    return wire.pack("ready")


def call(
    space: dict[str, Any], name: str, args: tuple, keywords: dict[str, Any], errors: dict[str, Any]
) -> bytes:
    """Call one of the functions that the student's cell, or the adapter, has defined.

    ``errors`` is what the test says to ``np.errstate``. Arguments that the call has changed go back
    with the answer.
    """
    sent = wire.pack("arguments", args, keywords)
    try:
        try:
            if name not in space:
                raise NameError(f"the cell does not define {name}")
            with np.errstate(**errors):
                answer = "value", wire.travelled(space[name](*args, **keywords))
        except wire.NotPlain:
            raise
        except BaseException as error:
            answer = failure(error)
        return wire.pack(*answer, changed_arguments(args, keywords, sent))
    except wire.NotPlain as error:
        return wire.pack("not plain", str(error)[:MESSAGE])


def changed_arguments(args: tuple, keywords: dict[str, Any], sent: bytes) -> list[Any] | None:
    """Return the arguments where they are no longer what was sent, else None."""
    try:
        same = wire.pack("arguments", args, keywords) == sent
        return None if same else wire.travelled([list(args), keywords])
    except BaseException as error:  # what was put into them may be anything
        raise wire.NotPlain(f"a changed argument can't be read ({type(error).__name__})") from None


def failure(error: BaseException) -> tuple[Any, ...]:
    """Tell the kind of an error, its text, and the line of the student's cell."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == "<your cell>"]
    if isinstance(error, SyntaxError) and error.filename in ("<your cell>", "<unknown>"):
        lines = [error.lineno]
    try:
        text = str(error)[:MESSAGE]
    except BaseException:
        text = "an error whose text cannot be read"
    known = ("builtins", "numpy.linalg", "numpy.exceptions")
    kind = next((k.__name__ for k in type(error).__mro__ if k.__module__ in known), "Error")
    named, line = type(error).__name__[:100], int(lines[-1] or 0) if lines else 0
    return "error", kind, named, text, line


if __name__ == "__main__":
    sys.path[:0] = [os.path.dirname(os.path.abspath(__file__))]
    main(sys.argv[1:])
