"""What goes wrong around a sandbox: told of the submissions it concerns, and of no other."""

import json
import os
import signal
import sys
import threading
import time
from pathlib import Path
from unittest import mock

import pytest
from grade_course import handed_in, job
from grade_sandboxed import in_sandbox

from tools.notebook.common import Problem
from tools.teach.grade import accounting, scheduler
from tools.teach.grade.run_tasks import verdicts_in

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="graded on Linux and macOS alone")
WHOLE = [{"task": task, "verdict": "pass"} for task in ("double", "centre")]


def test_verdicts_count_up_to_the_one_in_which_a_judge_was_ended():
    written = "".join(json.dumps(verdict) + "\n" for verdict in WHOLE).encode()
    for size in (len(written), len(written) - 1, 3, 0):
        assert verdicts_in(written[:size]) == WHOLE[: written[:size].count(b"\n")]


def outcome_of(work, verdict="pass"):
    parts = {"refused": "", "notes": [], "questions": []}
    return work.head | parts | {"tasks": [{"verdict": verdict}]}


# What workers run in place of ``examine``: functions of this module, since they are sent by name.

LOCK, RUNNING, BESIDE, TWO = threading.Lock(), set(), {}, threading.Event()


def slowly(work, earlier=None):
    with LOCK:
        RUNNING.add(work.student)
        BESIDE[work.student, bool(earlier)] = len(RUNNING)
        if len(RUNNING) == 2:
            TWO.set()
    TWO.wait(300)  # the first for the second, and nobody after them
    time.sleep(0.02)
    with LOCK:
        RUNNING.discard(work.student)
    slow, endless = work.student < "d", work.student == "a"
    return outcome_of(work, "timeout" if endless or (slow and not earlier) else "pass")


UNUSABLE = {
    "nothing": lambda work: None,
    "another's": lambda work: outcome_of(work) | {"student": "z"},
    "another version": lambda work: outcome_of(work) | {"key": "0"},
    "error": lambda work: 1 / 0,
}


def unusably(work, earlier=None):
    return UNUSABLE.get(work.student, outcome_of)(work)


@pytest.fixture(scope="module")
def client():
    """Return a client of a cluster of two workers that are threads of this process."""
    from distributed import Client, LocalCluster

    options = {"processes": False, "dashboard_address": None}
    cluster = LocalCluster(n_workers=2, threads_per_worker=1, **options)
    with cluster, Client(cluster) as connected:
        yield connected


@pytest.mark.xdist_group("one cluster")
def test_what_took_too_long_is_confirmed_with_nothing_beside_it(client, monkeypatch):
    monkeypatch.setattr(scheduler, "examine", slowly)
    jobs = [lambda s=s: job(student=s) for s in "abcdefgh"]
    verdicts = {o["student"]: o["tasks"][0]["verdict"] for o in scheduler.run(client, jobs)}
    assert verdicts == dict.fromkeys("bcdefgh", "pass") | {"a": "timeout"}
    again = {student: number for (student, again), number in BESIDE.items() if again}
    assert again == {"a": 1, "b": 1, "c": 1}
    assert max(BESIDE.values()) == 2


@pytest.mark.xdist_group("one cluster")
def test_an_outcome_of_other_work_concerns_its_author_alone(client, monkeypatch):
    monkeypatch.setattr(scheduler, "examine", unusably)
    jobs = [lambda s=s: job(student=s) for s in ["ada", *UNUSABLE, "bob"]]
    outcomes = {o["student"]: "failed" in o for o in scheduler.run(client, jobs)}
    assert outcomes == dict.fromkeys(UNUSABLE, True) | {"ada": False, "bob": False}


@in_sandbox
def test_killed_workers_lose_no_submission():
    slow = "import time\ndef double(x):\n    time.sleep(0.1)\n    return 2 * x"
    jobs = [lambda n=n: job(handed_in(double=slow), student=f"s{n}") for n in range(8)]
    with scheduler.cluster(2, None) as client:
        workers, outcomes = list(client.run(os.getpid).values()), []
        for outcome in scheduler.run(client, jobs):
            outcomes.append(outcome)
            if workers:
                os.kill(workers.pop(), signal.SIGKILL)
    assert sorted(o["student"] for o in outcomes) == [f"s{n}" for n in range(8)]
    for outcome in outcomes:
        assert {t["points"] for t in outcome["tasks"]} == {2, 3}


def test_a_scheduler_that_is_not_there_or_lost_is_named(monkeypatch):
    from distributed import CancelledError

    client = mock.Mock()  # of a scheduler that has no workers, or is lost while it works
    client.scheduler.address = "tcp://there:8786"
    client.wait_for_workers.side_effect = TimeoutError
    client.scheduler_info.return_value = {"workers": {"w": {"nthreads": 1}}}
    monkeypatch.setattr(scheduler, "ANSWER", 0.5)
    nobody = scheduler.cluster(1, "tcp://127.0.0.1:9")
    with pytest.raises(Problem, match="Dask scheduler"), nobody:
        pass
    with pytest.raises(Problem, match="tcp://there:8786 .*`dask worker tcp"):
        scheduler.see_workers(client)
    for fault in (TimeoutError, CancelledError):
        monkeypatch.setattr("distributed.wait", mock.Mock(side_effect=fault))
        with pytest.raises(Problem, match="tcp://there:8786"):
            list(scheduler.run(client, [job]))
    held = mock.Mock(status="pending")  # done, but the only worker that had it is dead
    held.result.side_effect = TimeoutError
    monkeypatch.setattr("distributed.wait", lambda *_, **__: ({held}, set()))
    client.submit.return_value = held
    with pytest.raises(Problem, match="tcp://there:8786 has no workers"):
        list(scheduler.run(client, [job]))


@pytest.mark.filterwarnings("error:Sending large graph")
def test_a_large_file_is_sent_without_a_word_of_dask(capfd):
    with scheduler.cluster(1, None) as client:
        assert client.submit(len, bytes(24_000_000)).result(timeout=300) == 24_000_000
    assert capfd.readouterr() == ("", "")


def test_who_has_no_certificate_of_the_cluster_is_refused():
    from distributed import Client
    from distributed.security import Security

    with scheduler.cluster(1, None) as client:
        address = client.scheduler.address
        assert address.startswith("tls://127.0.0.1:")
        assert client.submit(sum, [1, 2]).result(timeout=300) == 3
        for stranger, keys in (
            (address.replace("tls:", "tcp:"), {}),
            (address, {"security": Security.temporary()}),
        ):
            with pytest.raises(OSError, match="closed|TLS certificate does not match"):
                Client(stranger, timeout=2, **keys)


# ------------------------------------------------------------------ control groups


MOUNT = "29 24 0:26 {top} /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"


@pytest.mark.parametrize(
    ("group", "top", "expected"),
    [
        ("/user.slice/vte.scope", "/", Path("/sys/fs/cgroup/user.slice/vte.scope")),
        ("/docker/1234/inner", "/docker/1234", Path("/sys/fs/cgroup/inner")),
        ("/../other", "/", None),  # outside of what a container has mounted
    ],
)
def test_the_own_control_group_is_found(group, top, expected, tmp_path):
    other = "1 0 0:1 / /cg/memory ro - cgroup cgroup rw,memory\n"  # of version 1
    (tmp_path / "cgroup").write_text(f"4:memory:/a\n0::{group}\n", encoding="utf-8")
    (tmp_path / "mountinfo").write_text(other + MOUNT.replace("{top}", top), encoding="utf-8")
    assert accounting.own_group(tmp_path / "cgroup", tmp_path / "mountinfo") == expected
