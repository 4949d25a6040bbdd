"""Fixtures of the readers' tests: made-up files, and the local data folder where there is one.

A set has the name of its folder.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data.core import fetch
from utils import data

DATA_FOLDER = Path(os.environ.get("COURSE_DATA_DIR") or "none")  # other tests run without it


@pytest.fixture
def serve(request, monkeypatch):
    """Return a function that reads a folder of made-up files as the official ones of the set."""

    def read(folder, source="local"):
        served = fetch.Fetched(path=folder, source=source)
        monkeypatch.setattr(fetch, "fetch_tree", lambda name: served)
        return data.load(request.path.parent.name, tier="real")

    return read


@pytest.fixture
def real(request, monkeypatch):
    """Return the record of the official files, where the local data folder holds the set."""
    name = request.path.parent.name
    if not (DATA_FOLDER / name).is_dir():
        pytest.skip(f"COURSE_DATA_DIR holds no {name}")
    monkeypatch.setenv("COURSE_DATA_DIR", str(DATA_FOLDER))
    return data.load(name, tier="real")
