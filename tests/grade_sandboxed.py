"""Marks for tests that run cells in the grader's sandbox."""

import os

import pytest

from tools.teach.grade import sandbox

WHY_NOT = sandbox.why_not()
SANDBOXED = [
    pytest.mark.skipif(bool(WHY_NOT), reason=f"no sandbox here: {WHY_NOT}"),
    pytest.mark.slow,
]
# CI has bubblewrap: there, these tests may not be skipped in silence.
if os.environ.get("CI") and WHY_NOT:
    pytest.fail(f"the tests of the sandbox must run in CI: {WHY_NOT}", pytrace=False)
