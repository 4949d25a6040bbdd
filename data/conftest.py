"""Fixtures of the readers' tests: made-up files, and the local data folder where there is one.

A set has the name of its folder, or the one that its test module gives as SET.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from data.core import cards, fetch, load
from utils import data

DATA_FOLDER = Path(os.environ.get("COURSE_DATA_DIR") or "none")  # other tests run without it


@pytest.fixture
def set_name(request):
    """Return the name of the set that a module tests."""
    return getattr(request.module, "SET", request.path.parent.name)


@pytest.fixture
def serve(set_name, monkeypatch):
    """Return a function that reads a folder of made-up files as the official ones of a set."""

    def read(folder, name=set_name):
        def served(entry, file):
            file = file or cards.get(entry).wanted[0].name
            return fetch.Fetched(folder / file, "local")

        monkeypatch.setattr(fetch, "fetch", served)
        monkeypatch.setattr(fetch, "fetch_tree", lambda entry: fetch.Fetched(folder, "local"))
        return data.load(name, tier="real")

    return read


@pytest.fixture
def real(set_name, monkeypatch):
    """Return the record of the official files, where the local data folder holds the set."""
    folder = load.find(set_name).local_folder
    if not (DATA_FOLDER / folder).is_dir():
        pytest.skip(f"COURSE_DATA_DIR holds no {folder}")
    monkeypatch.setenv("COURSE_DATA_DIR", str(DATA_FOLDER))
    return data.load(set_name, tier="real")
