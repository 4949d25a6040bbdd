"""Fixtures of the readers' tests: made-up files in the place of the official ones.

A set has the name of its folder, or the one that its test module gives as SET.
"""

from __future__ import annotations

import pytest

from data.core import cards, fetch
from utils import data


@pytest.fixture
def serve(request, monkeypatch):
    """Return a function that reads a folder of made-up files as the official ones of a set."""
    name = getattr(request.module, "SET", request.path.parent.name)

    def read(folder):
        def served(entry, file):
            file = file or cards.get(entry).wanted[0].name
            return fetch.Fetched(folder / file, "local")

        monkeypatch.setattr(fetch, "fetch", served)
        monkeypatch.setattr(fetch, "fetch_tree", lambda entry: fetch.Fetched(folder, "local"))
        return data.load(name, tier="real")

    return read
