"""Fixtures of the readers' tests: made-up files in the place of the official ones."""

from types import SimpleNamespace

import pytest
from PIL import Image

from data.core.fetch import Files
from utils import data


@pytest.fixture
def serve(request, monkeypatch, tmp_path):
    """Return a function that reads the files of the test's folder as the official ones of a set.

    It is the set in whose folder the test stands.
    """
    name = request.path.parent.name

    def read():
        monkeypatch.setattr(Files, "path", lambda files, file: tmp_path / file)
        monkeypatch.setattr(Files, "folder", lambda files: tmp_path)
        return data.load(name, data="real")

    return read


@pytest.fixture
def files(tmp_path):
    """Return the files of the test's folder as the official ones, for what packs a set."""
    return SimpleNamespace(path=lambda file: tmp_path / file)


@pytest.fixture
def picture(tmp_path):
    """Return a function that writes a picture of one colour into the test's folder."""

    def write(name, size, colour=0, mode="RGB", **options):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new(mode, size, colour).save(path, quality=95, **options)
        return path

    return write
