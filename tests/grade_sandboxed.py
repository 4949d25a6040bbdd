"""Marks for tests that run cells in the grader's sandbox, and the two ways to make one."""

import os
from unittest import mock

import pytest

from tools.teach.grade import fork_server, run_tasks, sandbox

WHY_NOT = sandbox.why_not()
SANDBOXED = [
    pytest.mark.skipif(bool(WHY_NOT), reason=f"no sandbox here: {WHY_NOT}"),
    pytest.mark.slow,
]
WAYS = ("forked", "from nothing")
# CI has bubblewrap: there, these tests may not be skipped in silence.
if os.environ.get("CI") and WHY_NOT:
    pytest.fail(f"the tests of the sandbox must run in CI: {WHY_NOT}", pytrace=False)


@pytest.fixture
def way(request, monkeypatch):
    """Make sandboxes in one of the two ways; those that can't be forked here are skipped."""
    if request.param == "forked" and (reason := run_tasks.why_not_forked()):
        if os.environ.get("CI"):
            pytest.fail(f"sandboxes must be forked in CI, too: {reason}", pytrace=False)
        pytest.skip(f"no sandbox can be forked here: {reason}")
    if request.param != "forked":
        monkeypatch.setattr(fork_server, "fork", mock.Mock(side_effect=fork_server.NotReady))
    return request.param


both_ways = pytest.mark.parametrize("way", WAYS, indirect=True)
