"""Many workers: submissions as tasks of a Dask cluster, local or by address."""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from tools.notebook.common import Problem
from tools.teach.grade.submission import INCONCLUSIVE, Job, examine

RETRIES = 3  # workers that one submission may lose before it is left to a person
AHEAD = 8  # submissions a worker that wait in the cluster; the others stay with their files
ANSWER = 120  # seconds for a scheduler to answer, or for its first worker to come
PATIENCE = 30  # seconds without an outcome, after which workers are looked for


@contextmanager
def cluster(jobs: int, address: str | None) -> Iterator[Any]:
    """Connect to a cluster, or start one of ``jobs`` processes on this machine."""
    import dask
    from distributed import Client, LocalCluster

    for name in [n for n in logging.root.manager.loggerDict if n.startswith("distributed")]:
        # What a person must know is raised as a Problem.
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    dask.config.set({"distributed.scheduler.allowed-failures": RETRIES})
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 TB"})  # files are large
    if address:
        try:
            client = Client(address, timeout=ANSWER)
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
            security=True,  # a certificate of its own: other accounts reach that address, too
            silence_logs=logging.CRITICAL,
        ) as local,
        Client(local) as client,
    ):
        yield client


def see_workers(client: Any) -> None:
    """Wait for a worker; a scheduler without any would take work and never do it."""
    try:
        client.wait_for_workers(1, timeout=ANSWER)
    except TimeoutError:
        raise Problem(
            f"the Dask scheduler at {client.scheduler.address} has no workers. The results so far "
            f"are saved: start `dask worker {client.scheduler.address}` where this environment and "
            "bubblewrap are installed, and try again"
        ) from None


def run(client: Any, jobs: Iterable[Callable[[], Job]]) -> Iterator[dict[str, Any]]:
    """Yield outcomes as they come; few submissions are in memory at any time.

    A worker that dies has its submission done again by another; one that kills worker after worker
    comes back as an outcome that needs a person. What took too long is graded again when the rest
    is done, one at a time with no other beside it. Raises Problem if the scheduler is gone, or has
    no workers any more.
    """
    workers = client.scheduler_info()["workers"].values()
    places, again = max(1, sum(worker["nthreads"] for worker in workers)), []
    for future in _finished(client, ((make, None) for make in jobs), places * AHEAD):
        outcome = _outcome(client, future)
        verdicts = {task["verdict"] for task in outcome.get("tasks", [])}
        if places > 1 and verdicts & INCONCLUSIVE:
            again.append((future.make, outcome))
        else:
            yield outcome
    for future in _finished(client, again, 1):
        yield _outcome(client, future)


def _finished(client: Any, work: Iterable[tuple[Any, Any]], at_once: int) -> Iterator[Any]:
    """Yield pieces of work, each a job and its outcome before, as they are done."""
    from distributed import CancelledError, wait

    waiting = iter(work)
    pool = {_submit(client, *piece) for piece in islice(waiting, at_once)}
    while pool:
        try:
            done, pool = wait(pool, timeout=PATIENCE, return_when="FIRST_COMPLETED")
        except TimeoutError:
            see_workers(client)
            continue
        except CancelledError:
            raise Problem(
                f"the Dask scheduler at {client.scheduler.address} does not answer. Results "
                "so far are saved: start it again with its workers, and try again"
            ) from None
        yield from done
        pool |= {_submit(client, *piece) for piece in islice(waiting, len(done))}


def _submit(client: Any, make: Callable[[], Job], earlier: Any = None) -> Any:
    job = make()
    key = f"{'again' if earlier else 'grade'}-{job.key}"
    future = client.submit(examine, job, earlier, key=key, pure=False)
    future.make, future.head = make, job.head
    return future


def _outcome(client: Any, future: Any) -> dict[str, Any]:
    """Return what came back, or why nothing of use did: that is said of this submission alone."""
    try:
        outcome, failure = _answer(client, future), ""
    except Problem:  # there are no workers any more
        raise
    except Exception as error:
        outcome, failure = None, f"the grader failed on it ({type(error).__name__}: {error})"[:300]
    # The head names the files of the grader, too: a worker that has others sends another one.
    if not failure and not (isinstance(outcome, dict) and outcome.items() >= future.head.items()):
        failure = (
            f"a worker sent an unexpected outcome ({outcome!r:.100}): does it run this version?"
        )
    return future.head | {"failed": failure} if failure else outcome


def _answer(client: Any, future: Any) -> Any:
    """Fetch what a worker has found; if that worker dies before it is fetched, another does it."""
    while True:
        try:
            return future.result(timeout=PATIENCE)
        except TimeoutError:
            if future.status == "error":  # the work itself has raised it
                raise
            see_workers(client)
