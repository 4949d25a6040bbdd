"""What tests share that run cells in the grader's sandbox: marks, and how one is made."""

import os
import textwrap
from dataclasses import replace
from unittest import mock

import pytest
from grade_course import CENTRE, QUICK, by_task, course, handed_in, job

from tools.notebook.tasks import tasks_among
from tools.teach.grade import fork_server, run_tasks, sandbox, submission
from tools.teach.grade.submission import examine

WHY_NOT = sandbox.why_not()
SANDBOXED = [
    pytest.mark.skipif(bool(WHY_NOT), reason=f"no sandbox here: {WHY_NOT}"),
    pytest.mark.slow,
]
# CI has bubblewrap: there, these tests may not be skipped in silence.
if os.environ.get("CI") and WHY_NOT:
    pytest.fail(f"the tests of the sandbox must run in CI: {WHY_NOT}", pytrace=False)


@pytest.fixture
def origin(request, monkeypatch):
    """Have sandboxes forked, or made from nothing; those that can't be forked are skipped."""
    kind = getattr(request, "param", "forked")
    if kind == "forked" and (reason := run_tasks.why_not_forked()):
        if os.environ.get("CI"):
            pytest.fail(f"sandboxes must be forked in CI, too: {reason}", pytrace=False)
        pytest.skip(f"no sandbox can be forked here: {reason}")
    if kind != "forked":
        monkeypatch.setattr(fork_server, "fork", mock.Mock(side_effect=fork_server.NotReady))
    return kind


both = pytest.mark.parametrize("origin", ["forked", "from nothing"], indirect=True)


def in_sandbox(test):
    """Mark a test that needs the sandbox."""
    skipped, slow = SANDBOXED
    return skipped(slow(test))


def graded(source, **options):
    """Grade a submission with an attack in its first task; the second is honest."""
    outcome = examine(job(handed_in(double=textwrap.dedent(source)), **options))
    tasks = by_task(outcome)
    assert tasks["centre"]["points"] == 3 and not outcome["refused"], outcome
    return tasks["double"]


def one_by_one(sources, limits=QUICK, **changes):
    """Grade cells for ``double`` as tasks of one notebook, whose last task is honest; by name.

    Each that fails leaves a sandbox behind that nobody uses again, so each is on its own.
    ``changes`` are other parts of the task, such as its test.
    """
    double, centre = tasks_among(course().cells, "")
    known = submission.unanswered(replace(double, **changes))
    tasks = {
        name: known | {"task": name, "answer": textwrap.dedent(source)}
        for name, source in sources.items()
    }
    honest = submission.unanswered(centre) | {"answer": CENTRE}
    run_tasks.run([*tasks.values(), honest], replace(limits, seconds=1000.0))
    assert honest["points"] == 3, honest
    return tasks


def cell(body):
    """Return a cell whose function ``double`` does what the lines of a text say."""
    lines = body.strip("\n").replace("\n", "\n    ")
    return f"import os, sys, threading, time\nimport numpy as np\ndef double(x):\n    {lines}"
