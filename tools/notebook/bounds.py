"""Bounds of a process that runs a student's functions: the same in ``check`` and in ``grade``.

It is copied into a sandbox: the standard library alone.
"""

import os
import random
import sys

ADDRESS_SPACE = 4_000_000_000  # bytes that one process may map
CORES = 4
# One thread a pool is enough for small networks, maps 1 GB less and sums in one order.
FEW_THREADS = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "MALLOC_ARENA_MAX": "2",
}


def share_cores() -> None:
    """Keep to a few cores, drawn by chance so that processes spread over the machine.

    A framework starts threads by the number of cores: for one Keras fit on 64 of them, 200 threads
    that map 3.5 GB, which meets the bound. On four it is 23 threads and 2.1 GB.
    """
    if hasattr(os, "sched_setaffinity"):  # Linux alone has it
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, random.sample(cores, min(CORES, len(cores))))


def bound_memory(most: int = ADDRESS_SPACE) -> None:
    """Let this process and its children map so many bytes for good; elsewhere than on Linux, any.

    An array that is too large raises MemoryError then, and the computer goes on.
    """
    if sys.platform == "linux":
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
