"""Many workers: submissions as tasks of a Dask cluster, local or by address."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from tools.common import Problem
from tools.grade.examine import Job, examine

RETRIES = 3  # workers that one submission may lose before it is left to a person
AHEAD = 8  # submissions a worker that wait in the cluster; the others stay with their files
PATIENCE = 30  # seconds without an outcome or a worker, after which there is something to say


@contextmanager
def cluster(jobs: int, address: str | None) -> Iterator[Any]:
    """Connect to a cluster, or start one of ``jobs`` processes on this machine."""
    import dask
    from distributed import Client, LocalCluster

    for name in [n for n in logging.root.manager.loggerDict if n.startswith("distributed")]:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # what matters is told as a Problem
    dask.config.set({"distributed.scheduler.allowed-failures": RETRIES})
    if address:
        try:
            client = Client(address, timeout="10s")
        except (OSError, ValueError) as error:
            raise Problem(f"no Dask scheduler answers at {address}: {error}") from None
        with client:
            see_workers(client)
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


def see_workers(client: Any) -> None:
    """Wait for a worker; a scheduler without any would take work and never do it."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE / 3)
    except TimeoutError:
        raise Problem(
            f"the Dask scheduler at {client.scheduler.address} has no workers. What was graded is "
            f"kept: start `dask worker {client.scheduler.address}` where this environment and "
            "bubblewrap are, and call again"
        ) from None


def run(client: Any, jobs: Iterable[Callable[[], Job]]) -> Iterator[dict[str, Any]]:
    """Yield outcomes as they come; few submissions are in memory at any time.

    A worker that dies has its submission done again by another; one that kills worker after
    worker comes back as an outcome that needs a person.

    Raises
    ------
    Problem
        If the scheduler is gone, or has no workers any more.
    """
    from distributed import CancelledError, wait

    waiting = iter(jobs)
    places = max(1, sum(w["nthreads"] for w in client.scheduler_info()["workers"].values()))
    pool = {_submit(client, job) for job in _take(waiting, places * AHEAD)}
    while pool:
        try:
            done, pool = wait(pool, timeout=PATIENCE, return_when="FIRST_COMPLETED")
        except TimeoutError:
            see_workers(client)
            continue
        except CancelledError:
            raise Problem(
                f"the Dask scheduler at {client.scheduler.address} is gone. What was graded is "
                "kept: start it again with its workers, and call this again"
            ) from None
        for future in done:
            yield _outcome(future)
        pool |= {_submit(client, job) for job in _take(waiting, len(done))}


def _take(source: Iterator[Callable[[], Job]], number: int) -> Iterator[Job]:
    for _, make in zip(range(number), source, strict=False):
        yield make()


def _submit(client: Any, job: Job) -> Any:
    future = client.submit(examine, job, key=f"grade-{job.key}", pure=False)
    future.job = (job.student, job.unit, job.notebook, job.key)
    return future


def _outcome(future: Any) -> dict[str, Any]:
    error = future.exception()
    if error is None:
        return future.result()
    student, unit, notebook, key = future.job
    told = f"the grader failed on it ({type(error).__name__}: {error})"[:300]
    return {"student": student, "unit": unit, "notebook": notebook, "key": key, "failed": told}
