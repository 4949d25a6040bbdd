"""Fixtures of the readers' tests: made-up files in the place of the official ones.

A set has the name of its folder, or the one that its test module gives as SET.
"""

from __future__ import annotations

import pytest

from data.core.fetch import Files
from utils import data


@pytest.fixture
def serve(request, monkeypatch):
    """Return a function that reads a folder of made-up files as the official ones of a set."""
    name = getattr(request.module, "SET", request.path.parent.name)

    def read(folder):
        monkeypatch.setattr(Files, "path", lambda files, file: folder / file)
        monkeypatch.setattr(Files, "folder", lambda files: folder)
        return data.load(name, tier="real")

    return read
