"""Import TensorFlow without its start-up notices.

TensorFlow's libraries write a few lines about processor features straight to the file descriptor
of standard error while they load, before any setting of theirs can stop it. A notebook would keep
them as output. ``install`` lets that one import run with the descriptor held aside; lines that
are not known notices are written out afterwards.
"""

from __future__ import annotations

import contextlib
import importlib.abc
import importlib.machinery
import os
import re
import sys
import tempfile
from collections.abc import Iterator
from types import ModuleType
from typing import Any

NOTICES = re.compile(
    rb"WARNING: All log messages before absl::InitializeLog"
    rb"|I\d{4} [\d:.]+\s+\d+ [\w.]+:\d+\] "  # absl's lines of level INFO
    rb"|To enable the following instructions"
)


def install() -> None:
    """Prepare for the first import of TensorFlow; without effect if it is imported already."""
    if "tensorflow" not in sys.modules and not any(isinstance(f, _Finder) for f in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder(importlib.abc.MetaPathFinder):
    """Finds TensorFlow as everyone else does, and quietens its loader."""

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Return TensorFlow's spec with a quiet loader; None for all other modules."""
        if name != "tensorflow":
            return None
        sys.meta_path.remove(self)
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        if spec is not None and spec.loader is not None:
            run = spec.loader.exec_module

            def quietly(module: ModuleType) -> None:
                with held_aside():
                    run(module)

            spec.loader.exec_module = quietly  # type: ignore[method-assign]
        return spec


@contextlib.contextmanager
def held_aside() -> Iterator[None]:
    """Keep what is written to the descriptor of standard error; pass on all but the notices."""
    sys.stderr.flush()
    kept = os.dup(2)
    try:
        with tempfile.TemporaryFile() as file:
            os.dup2(file.fileno(), 2)
            try:
                yield
            finally:
                os.dup2(kept, 2)
                file.seek(0)
                rest = [line for line in file if not NOTICES.match(line)]
                if rest:
                    os.write(2, b"".join(rest))
    finally:
        os.close(kept)
