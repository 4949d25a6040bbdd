"""How notebooks are run: ``--profile`` and ``--data``, and what a kernel gets for them."""

import argparse
import os
from pathlib import Path

from tools.notebook import common
from tools.notebook.common import UTF_8, Problem, cores

KERNEL_OPTIONS = [
    # What a library in C++ writes stays in the terminal: TensorFlow announces its own start there,
    # in six lines that no setting of its own silences.
    "--IPKernelApp.capture_fd_output=False",
    # The notebook's folder is searched last, which is "": a student's own `utils.py` hides nothing.
    "--IPKernelApp.exec_lines="
    "(lambda path: path.__setitem__(slice(None), [*filter(None, path), '']))"
    "(__import__('sys').path)",
]
DEFAULT_JOBS = "default: one for each core, and with the quick profile one more; at most 4"
# Limits end what hangs. A machine five times as slow as a laptop of two cores meets none of them.
CELL_SECONDS = 10 * 60


def add(parser: argparse.ArgumentParser, usual_profile: str = "quick") -> None:
    """Add ``--profile`` and ``--data``, which win over the environment."""
    effort = (
        "effort: quick executes each cell, lesson is what students run, full measures for hours"
    )
    sample = "data source: sample needs no network, real loads the official files"
    for name, choices, usual, what in (
        ("profile", ("quick", "lesson", "full"), usual_profile, effort),
        ("data", ("sample", "real"), "sample", sample),
    ):
        chosen = os.environ.get(f"COURSE_{name.upper()}") or usual
        if chosen not in choices:
            raise Problem(
                f"COURSE_{name.upper()}={chosen!r} is not known; use {', '.join(choices)}"
            )
        parser.add_argument(f"--{name}", choices=choices, default=chosen, help=what)


def environment(options: argparse.Namespace, places: int = 1) -> dict[str, str]:
    """Return the environment of a kernel that runs with the chosen switches.

    Jupyter and IPython settings of the person are left out, so that every run is alike. Where
    ``places`` notebooks run at a time they share the cores: linear algebra that starts as many
    threads as there are cores in each of them is slower than one thread each.
    """
    threads = str(max(1, cores() // places))
    # A relative folder means one beside the person who calls, not beside the notebook.
    folders = {
        name: str(Path(os.environ[name]).expanduser().absolute())
        for name in ("COURSE_DATA_DIR", "COURSE_CACHE_DIR")
        if os.environ.get(name)
    }
    ipython = common.BUILD / "ipython"
    ipython.mkdir(parents=True, exist_ok=True)
    return {
        "OMP_NUM_THREADS": threads,
        "OPENBLAS_NUM_THREADS": threads,
        "TF_NUM_INTRAOP_THREADS": threads,
        "TF_NUM_INTEROP_THREADS": threads,
        **os.environ,
        **UTF_8,
        **folders,
        "COURSE_BUILD_DIR": str(common.BUILD),
        "COURSE_PROFILE": options.profile,
        "COURSE_DATA": options.data,
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "JUPYTER_PREFER_ENV_PATH": "1",
        "JUPYTER_PLATFORM_DIRS": "1",
        "IPYTHONDIR": str(ipython),
        "PYTHONHASHSEED": "0",
    }


def default_jobs(profile: str) -> int:
    """Return how many notebooks or tests run at the same time where ``--jobs`` is not given.

    With the quick profile there is one more than there are cores, since each waits at times for a
    kernel, a sandbox or a limit. In full, a notebook shares no core, so that the time that is
    written down is its own. More than 4 may not fit into the memory.
    """
    return min(4, cores() + (profile == "quick"))
