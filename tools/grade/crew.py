"""Many workers: submissions as tasks of a Dask cluster, local or by address."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from itertools import islice
from typing import Any

from tools.common import Problem
from tools.grade.examine import Job, examine, is_doubtful

RETRIES = 3  # workers that one submission may lose before it is left to a person
GONE = "the connection to the Dask scheduler was lost before it was graded; grade once more"
AHEAD = 8  # submissions a worker that wait in the cluster; the others stay with their files


@contextmanager
def cluster(jobs: int, address: str | None) -> Iterator[Any]:
    """Connect to a cluster, or start one of ``jobs`` processes on this machine."""
    import dask
    from distributed import Client, LocalCluster

    for name in ("distributed", *(f"distributed.{n}" for n in ("client", "nanny", "worker"))):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    dask.config.set({"distributed.scheduler.allowed-failures": RETRIES})
    if address:
        try:
            client = Client(address, timeout="10s")
        except (OSError, ValueError) as error:
            raise Problem(f"no Dask scheduler answers at {address}: {error}") from None
        with client:
            yield client
        return
    with (
        LocalCluster(
            n_workers=jobs,
            threads_per_worker=1,
            processes=True,
            dashboard_address="127.0.0.1:0",
            host="127.0.0.1",
            silence_logs=logging.CRITICAL,
        ) as local,
        Client(local) as client,
    ):
        yield client


def run(client: Any, jobs: Iterable[Callable[[], Job]]) -> Iterator[dict[str, Any]]:
    """Yield outcomes as they come; few submissions are in memory at any time.

    A worker that dies has its submission done again by another; one that kills worker after
    worker, or that nothing came back for, comes back as an outcome that needs a person. What took
    too long is graded again when the rest is done, with no other beside it on its machine.
    """
    from distributed import as_completed

    waiting = iter(jobs)
    places = max(1, sum(worker["nthreads"] for worker in _workers(client)))
    pool = as_completed([_submit(client, make) for make in islice(waiting, places * AHEAD)])
    again = []
    for future in pool:
        outcome = _outcome(future)
        if places > 1 and is_doubtful(outcome):
            again.append((future.make, outcome))
        else:
            yield outcome
        for make in islice(waiting, 1 if client.status == "running" else 0):
            pool.add(_submit(client, make))
    yield from _alone(client, iter(again))
    for make in waiting:
        yield head_of(make()) | {"failed": GONE}


def _alone(client: Any, again: Iterator[tuple[Callable[[], Job], dict]]) -> Iterator[dict]:
    """Yield new outcomes of doubtful ones, graded one at a time on each machine."""
    from distributed import as_completed

    hosts = {worker["host"] for worker in _workers(client)} or {""}
    first = zip(hosts, again, strict=False) if client.status == "running" else ()
    pool = as_completed([_submit(client, *one, host) for host, one in first])
    for future in pool:
        yield _outcome(future)
        for one in islice(again, 1 if client.status == "running" else 0):
            pool.add(_submit(client, *one, future.host))
    for make, _ in again:
        yield head_of(make()) | {"failed": GONE}


def _workers(client: Any) -> list[dict[str, Any]]:
    if client.status != "running":
        return []
    return list(client.scheduler_info()["workers"].values())


def _submit(client: Any, make: Callable[[], Job], before: Any = None, host: str = "") -> Any:
    job = make()
    key = f"{'again' if before else 'grade'}-{job.key}"
    where = {"workers": [host], "allow_other_workers": True} if host else {}
    future = client.submit(examine, job, before, key=key, pure=False, **where)
    future.make, future.head, future.host = make, head_of(job), host
    return future


def head_of(job: Job) -> dict[str, str]:
    """Return what an outcome begins with: whose it is."""
    return {"student": job.student, "unit": job.unit, "notebook": job.notebook, "key": job.key}


def _outcome(future: Any) -> dict[str, Any]:
    """Return what came back, or why nothing of use did: that is told of this submission alone."""
    try:
        outcome, told = future.result(), ""
    except CancelledError:
        outcome, told = None, GONE
    except Exception as error:
        outcome, told = None, f"the grader failed on it ({type(error).__name__}: {error})"[:300]
    if not told and not _is_whole(outcome, future.head):
        told = f"a worker sent no whole outcome ({outcome!r:.100}): has it this very version?"
    return future.head | {"failed": told} if told else outcome


def _is_whole(outcome: Any, head: dict[str, str]) -> bool:
    """Say whether an outcome is of this very work, and has all that is written into books."""
    parts = {"refused": str, "notes": list, "tasks": list, "questions": list}
    return (
        isinstance(outcome, dict)
        and outcome.items() >= head.items()
        and all(isinstance(outcome.get(name), kind) for name, kind in parts.items())
    )
