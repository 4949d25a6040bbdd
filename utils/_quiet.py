"""TensorFlow's import, without the lines about the machine that it writes to standard error.

They name CUDA drivers that are missing and oneDNN, ask for nothing, and stand below a student's
first cell. C++ writes them before it reads a setting, so that ``TF_CPP_MIN_LOG_LEVEL`` does not
silence them. During this import, file descriptor 2 leads into a temporary file; if the import
fails, its text is printed after all, and the error is raised as ever. Afterwards TensorFlow's own
logger writes errors alone.
"""

import contextlib
import logging
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType


class QuietFinder(MetaPathFinder):
    """Finds TensorFlow where Python would find it, and silences its import."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return how TensorFlow is imported; None for every other module."""
        spec = PathFinder.find_spec(name, path, target) if name == "tensorflow" else None
        if spec is None or spec.loader is None:
            return None  # Python goes on with its other finders
        execute = spec.loader.exec_module

        def execute_silently(module: ModuleType) -> None:
            with silent_if_it_succeeds():
                execute(module)
            # Such as its advice on graphs that are built again, when several models are trained.
            logging.getLogger("tensorflow").setLevel(logging.ERROR)

        spec.loader.exec_module = execute_silently  # type: ignore[method-assign]
        return spec


def install() -> None:
    """Silence the import of TensorFlow in this process, if it is still to come."""
    if not any(isinstance(finder, QuietFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, QuietFinder())


@contextlib.contextmanager
def silent_if_it_succeeds() -> Iterator[None]:
    """Collect what is written to file descriptor 2, and write it there only after an error."""
    try:
        collected, original = tempfile.TemporaryFile(), os.dup(2)  # noqa: SIM115
    except OSError:  # there is no standard error, or no place for a file
        yield
        return
    failed = True
    with collected:
        _flush()
        os.dup2(collected.fileno(), 2)
        try:
            yield
            failed = False
        finally:
            _flush()
            os.dup2(original, 2)
            os.close(original)
            if failed:
                collected.seek(0)
                with open(2, "wb", closefd=False) as errors:
                    errors.write(collected.read())


def _flush() -> None:
    if sys.stderr is not None:  # a Python without a console, such as pythonw, has none
        sys.stderr.flush()
