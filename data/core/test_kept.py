"""Samples that are drawn once: what is loaded again, what is drawn anew, what is never used."""

import ast
import os
from concurrent.futures import ThreadPoolExecutor
from importlib import metadata
from pathlib import Path
from threading import Thread

import numpy as np
import pytest

from data import lfw, olivetti
from data.core import kept
from data.dominant_speaker import ALSO
from tools.notebook.sources import names

KEPT = ("lfw", "lfw_100", "olivetti", "lung_cxr", "talking_faces")


class Drawer:
    """Draws two small arrays and counts how often it was asked."""

    def __init__(self, value: int = 3) -> None:
        self.value, self.times = value, 0

    def __call__(self) -> dict[str, np.ndarray]:
        self.times += 1
        return {"images": np.full((4, 5), self.value, np.float32), "names": np.array(["a", "bc"])}


@pytest.fixture
def program(tmp_path, monkeypatch) -> Path:
    """Keep samples in a folder of the test's own; they are drawn by one small file."""
    monkeypatch.setenv("COURSE_BUILD_DIR", str(tmp_path / "build"))
    source = tmp_path / "generator.py"
    source.write_text("draw the one way")
    monkeypatch.setattr(kept, "sources", lambda name: [source])
    return source


def files(tmp_path: Path) -> list[str]:
    found = (path.name for path in (tmp_path / "build").rglob("*") if path.is_file())
    return sorted(name for name in found if not name.endswith(".lock"))


def test_what_was_drawn_is_loaded_the_next_time(program, tmp_path):
    draw = Drawer()
    first, again = (kept.arrays("faces", draw, 0) for _ in range(2))
    assert draw.times == 1 and files(tmp_path) == ["0.npz"]
    assert sorted(again) == sorted(first) == ["images", "names"]
    for name in first:
        np.testing.assert_array_equal(first[name], again[name], strict=True)


def test_other_seeds_are_kept_beside_each_other(program, tmp_path):
    draw = Drawer()
    for _ in range(2):
        for told in ((0,), (1,), (1, "small")):
            kept.arrays("faces", draw, *told)
    assert draw.times == 3 and files(tmp_path) == ["0.npz", "1-small.npz", "1.npz"]


def test_two_checkouts_with_one_build_folder_keep_their_own_versions(program):
    for text, value in (("draw the one way", 3), ("draw the other way", 7)):
        program.write_text(text)
        assert (kept.arrays("faces", Drawer(value), 0)["images"] == value).all()
    unused = Drawer(9)
    for text, value in (("draw the one way", 3), ("draw the other way", 7)):
        program.write_text(text)
        assert (kept.arrays("faces", unused, 0)["images"] == value).all()
    assert unused.times == 0


@pytest.mark.parametrize("use", [lambda: kept.arrays("faces", Drawer(), 0), None])
def test_a_version_that_nobody_used_for_a_month_is_deleted(program, use):
    use = use or (lambda: kept.folder("faces"))
    versions = []
    for text in ("old", "old and used again", "new"):
        program.write_text(text)
        versions.append(kept.folder("faces"))
        kept.arrays("faces", Drawer(), 0)
    for version in versions[:2]:
        os.utime(version, (0, 0))
    program.write_text("old and used again")
    use()
    program.write_text("newest")
    use()
    assert [version.is_dir() for version in versions] == [False, True, True]


def test_a_folder_is_given_out_while_no_other_process_deletes(program):
    home = kept.folder("faces")
    waiting = Thread(target=kept.folder, args=("faces",))
    with kept._alone(home.parent):
        waiting.start()
        waiting.join(0.5)
        assert waiting.is_alive()
    waiting.join()


def test_changed_packages_and_files_draw_anew(program, tmp_path, monkeypatch):
    draw, picture = Drawer(), tmp_path / "picture.png"
    picture.write_bytes(b"one")
    kept.arrays("faces", draw, also=[picture])
    picture.write_bytes(b"two")
    kept.arrays("faces", draw, also=[picture])
    assert draw.times == 2
    monkeypatch.setattr(kept.metadata, "version", lambda name: f"{name} of tomorrow")
    kept.arrays("faces", draw, also=[picture])
    assert draw.times == 3


def test_every_package_that_draws_what_is_kept_counts():
    packages = metadata.packages_distributions()
    sets = {path.parent.name for path in kept.DATA.glob("*/*.py") if "kept." in path.read_text()}
    found = set()
    for path in {path for name in sets - {"core"} for path in kept.sources(name)} | set(ALSO):
        for module in names(path.read_text(encoding="utf-8"), "data"):
            found |= set(packages.get(module.partition(".")[0], ()))
    assert {"numpy", "pillow", "scipy"} <= found - {"deep-vision-course"} <= set(kept.PACKAGES)


@pytest.mark.parametrize("share", [0.0, 0.5, 0.98])
def test_a_file_that_ends_too_early_is_never_used(program, tmp_path, share):
    kept.arrays("faces", Drawer(3), 0)
    (path,) = (tmp_path / "build").rglob("0.npz")
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    assert (kept.arrays("faces", Drawer(7), 0)["images"] == 7).all()
    assert (kept.arrays("faces", Drawer(9), 0)["images"] == 7).all()  # mended


def test_changed_bytes_are_noticed(program, tmp_path):
    kept.arrays("faces", Drawer(3), 0)
    (path,) = (tmp_path / "build").rglob("0.npz")
    content = path.read_bytes()
    three = np.float32(3).tobytes()
    path.write_bytes(content.replace(three * 20, three * 19 + np.float32(4).tobytes()))
    assert path.read_bytes() != content
    assert (kept.arrays("faces", Drawer(7), 0)["images"] == 7).all()


def test_what_is_cut_off_while_it_is_written_has_no_final_name(program, tmp_path, monkeypatch):
    def crash(path, **arrays):
        Path(path).write_bytes(b"half")
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(np, "savez", crash)
        kept.arrays("faces", Drawer(3), 0)
    assert files(tmp_path) == []
    assert (kept.arrays("faces", Drawer(7), 0)["images"] == 7).all()


def test_of_several_that_need_it_at_once_one_draws(program, tmp_path):
    draw = Drawer(3)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: kept.arrays("faces", draw, 0), range(8)))
    assert all((one["images"] == 3).all() for one in found)
    assert (draw.times, files(tmp_path)) == (1, ["0.npz"])


def test_a_folder_that_takes_no_files_only_costs_time(program, tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("COURSE_BUILD_DIR", str(tmp_path / "file"))
    draw = Drawer()
    for _ in range(2):
        assert (kept.arrays("faces", draw, 0)["images"] == 3).all()
    assert draw.times == 2
    elsewhere = kept.folder("faces")
    assert elsewhere.is_dir() and tmp_path not in elsewhere.parents
    assert kept.folder("faces") == elsewhere


@pytest.mark.parametrize("name", KEPT)
def test_the_sources_are_all_that_a_generator_imports_of_ours(name):
    sources = kept.sources(name)
    told = [path.relative_to(kept.DATA).as_posix() for path in sources]
    assert f"{name}/generator.py" in told and "kit/faces.py" in told
    assert not [one for one in told if "test_" in one]
    modules = {"data." + one.removesuffix(".py").replace("/", ".") for one in told}
    for path in sources:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module.startswith(("data.", "utils")):
                imported = {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
                assert imported & modules or node.module == "data.core.kept", (path, node.module)


def test_the_second_olivetti_does_not_draw(tmp_path, monkeypatch):
    from data.olivetti import generator

    monkeypatch.setenv("COURSE_BUILD_DIR", str(tmp_path))
    draw = generator.olivetti_like
    monkeypatch.setattr(generator, "olivetti_like", lambda seed: draw(2, 2, seed=seed))
    first = olivetti.sample()
    monkeypatch.setattr(generator, "olivetti_like", None)
    again = olivetti.sample()
    np.testing.assert_array_equal(again.images, first.images, strict=True)
    np.testing.assert_array_equal(again.person, np.array([0, 0, 1, 1]), strict=True)


def test_the_second_lfw_does_not_draw_its_faces(tmp_path, monkeypatch):
    monkeypatch.setenv("COURSE_BUILD_DIR", str(tmp_path))
    plan = lfw.generator.shots
    monkeypatch.setattr(lfw.generator, "shots", lambda seed: plan((2, 1), seed))
    first = lfw.sample()
    monkeypatch.setattr(lfw.Shot, "face", None)
    again = lfw.sample()
    np.testing.assert_array_equal(again.faces, first.faces, strict=True)
    assert again.originals == first.originals
