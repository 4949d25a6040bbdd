"""Samples that are drawn once: what is loaded again, what is drawn again, what is never used."""

import ast
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from data.core import samples
from data.core.files import ROOT

CACHED = [
    path.parent.name
    for path in sorted(samples.DATA.glob("*/__init__.py"))
    if "samples.cache" in path.read_text(encoding="utf-8")
]

# What generators import beside that: it decides no number of a sample.
CHANGE_NOTHING = ("data.core.files", "data.core.progress")


class Drawer:
    """Draws two small arrays and counts how often it was asked."""

    def __init__(self, value: int = 3) -> None:
        self.value, self.times = value, 0

    def __call__(self) -> dict[str, np.ndarray]:
        self.times += 1
        return {"images": np.full((4, 5), self.value, np.float32), "names": np.array(["a", "bc"])}


@pytest.fixture
def program(tmp_path, monkeypatch) -> Path:
    """Cache samples in a folder of the test's own; they are drawn by one small file."""
    monkeypatch.setenv("COURSE_SAMPLES_DIR", str(tmp_path / "build"))
    source = tmp_path / "generator.py"
    source.write_text("draw the one way")
    monkeypatch.setattr(samples, "sources", lambda name: [source])
    return source


def files(tmp_path: Path) -> list[str]:
    paths = (path for path in (tmp_path / "build").rglob("*") if path.is_file())
    return sorted(path.name for path in paths if path.suffix != ".lock")


def test_what_was_drawn_is_loaded_the_next_time(program, tmp_path):
    draw = Drawer()
    for _ in range(2):
        for arguments in ((0,), (1,), (1, "small")):
            first, again = (samples.cached_arrays("faces", draw, *arguments) for _ in range(2))
            assert sorted(again) == sorted(first) == ["images", "names"]
            for name in first:
                np.testing.assert_array_equal(first[name], again[name], strict=True)
    assert draw.times == 3 and files(tmp_path) == ["0.npz", "1-small.npz", "1.npz"]


def test_tests_share_the_samples_of_other_commands(program, tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_BUILD_DIR", str(tmp_path / "other"))
    assert samples.cache_folder("faces").is_relative_to(tmp_path / "build")
    monkeypatch.delenv("COURSE_SAMPLES_DIR")
    assert samples.cache_folder("faces").is_relative_to(tmp_path / "other" / "samples")


def test_changed_packages_and_files_draw_again(program, tmp_path, monkeypatch):
    draw, picture = Drawer(), tmp_path / "picture.png"
    for content in (b"one", b"two"):
        program.write_bytes(content)
        samples.cached_arrays("faces", draw)
    assert draw.times == 2
    monkeypatch.setattr(samples.metadata, "version", lambda name: f"{name} of tomorrow")
    samples.cached_arrays("faces", draw)
    assert draw.times == 3
    folders = set()
    for content in (b"one", b"two"):
        picture.write_bytes(content)
        folders.add(samples.cache_folder("faces", also=[picture]))
    assert len(folders) == 2


def test_of_several_that_need_it_at_once_one_draws(program, tmp_path):
    draw = Drawer(3)
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: samples.cached_arrays("faces", draw, 0), range(8)))
    assert all((arrays["images"] == 3).all() for arrays in results)
    assert (draw.times, files(tmp_path)) == (1, ["0.npz"])


@pytest.mark.parametrize("name", CACHED)
def test_the_sources_are_all_that_a_generator_imports_of_ours(name):
    sources = [path.relative_to(ROOT).as_posix() for path in samples.sources(name)]
    assert {f"data/{name}/{f}.py" for f in ("__init__", "generator")} < {*sources}
    modules = {path.removesuffix(".py").replace("/", ".") for path in sources}
    programs = (path for path in samples.sources(name) if path.suffix == ".py")
    for path in (path for path in programs if path.name != "__init__.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module.startswith(
                ("data.", "drawing", "utils")
            ):
                imported = {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
                assert imported & modules or node.module in CHANGE_NOTHING, (path, node.module)


def test_an_interrupted_file_has_no_final_name(program, tmp_path, monkeypatch):
    def crash(path, **arrays):
        Path(path).write_bytes(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(np, "savez", crash)
        samples.cached_arrays("faces", Drawer(3), 0)
    assert files(tmp_path) == []
