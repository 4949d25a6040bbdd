"""Fixtures of the tests that fetch: a tree with one made-up set, a mirror, a cache, no network."""

from __future__ import annotations

import hashlib

import pytest

from data.core import cards, download, stamps


@pytest.fixture
def entry(monkeypatch, tmp_path):
    """Write a tree with the one set `thing`; the files of its card are given as TOML lines."""
    path = tmp_path / "data" / "thing" / cards.CARD
    path.parent.mkdir(parents=True)
    monkeypatch.setattr(cards, "FOLDER", tmp_path / "data")
    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(download, "RETRY_WAITS", (0.01, 0.01))
    for known in ("_new", "_known"):
        monkeypatch.setattr(stamps, known, {})

    def write(*files, head=""):
        text = (
            '# a comment\n[thing]\ntitle = "T"\ntask = "t"\n'
            'licence = "L"\ncitation = "C"\nstatus = "download"\n'
            f'sample = "drawn things"\n{head}\n'
        )
        text += "".join(f"[[thing.files]]\n{file}\n\n" for file in files)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def mirror(monkeypatch, tmp_path):
    """Make a mirror's folder with its manifest; `sums` replaces single sums in it."""

    def make(files, sums=None, name="thing"):
        folder = tmp_path / "mirror" / name
        folder.mkdir(parents=True, exist_ok=True)
        lines = []
        for file, content in files.items():
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            (folder / file).write_bytes(content)
            right = hashlib.sha256(content).hexdigest()
            lines.append(f"{(sums or {}).get(file, right)}  ./{file}\n")
        (folder / "MANIFEST.sha256").write_text("".join(lines), encoding="utf-8")
        monkeypatch.setenv("COURSE_DATA_DIR", str(folder.parent))
        return folder

    return make


@pytest.fixture
def new_process():
    """Return a function that forgets what this process has seen; what is written down stays."""

    def forget():
        stamps._new.clear()
        stamps._known.clear()

    return forget
