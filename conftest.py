"""Fixtures that several tests share."""

from __future__ import annotations

import gc

import nbformat
import pytest

from tools.notebook import common
from utils import _start, lessons

gc.disable()  # until all tests are known: what is imported and collected by then stays


LEFT_OUT = lessons.left_out
lessons.left_out = list  # type: ignore[assignment] # nothing, when tests are collected, too


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Give a test all lessons, but for one of the generated pages, which is ``as_committed``.

    Those follow what course.toml leaves out. A test is skipped where a lesson that it names is.
    """
    marker = item.get_closest_marker("as_committed")
    lessons.left_out = LEFT_OUT if marker else list  # type: ignore[assignment]
    if marker and any(map(lessons.is_left_out, marker.args)):
        pytest.skip(f"course.toml leaves out {', '.join(marker.args)}")


@pytest.hookimpl(tryfirst=True)  # before xdist looks for groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker is left alone with it at the end.

    What a module's tests share, a network or a graded class, is made once: one worker runs them.
    """
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    for item in (item for item in items if isinstance(item, pytest.Function)):
        fixtures = item._fixtureinfo.name2fixturedefs.values()
        shared = any(definitions[-1].scope == "module" for definitions in fixtures)
        if shared and item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.nodeid.partition("::")[0]))


def pytest_collection_finish() -> None:
    """Let Python look for garbage again, but not among what was there before the first test."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def shared_cache(tmp_path_factory):
    """Return a cache folder that all tests share: synthetic data in it is made once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(autouse=True)
def plain_switches(monkeypatch, shared_cache):
    """Every test begins with no switch set, no course running and a cache of the tests' own."""
    for name in ("COURSE_PROFILE", "COURSE_DATA", "COURSE_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("COURSE_CACHE_DIR", str(shared_cache))
    monkeypatch.setattr(_start, "_current", None)


@pytest.fixture
def course(monkeypatch, tmp_path):
    """Return a running course that records into a folder of the test's own."""
    monkeypatch.setenv("COURSE_BUILD_DIR", str(tmp_path))
    return _start.start("98_trial/01_trial")


@pytest.fixture
def template(tmp_path, monkeypatch):
    """Return a notebook made from the template, in a folder of the test's own, with its lesson."""
    monkeypatch.setattr(lessons, "FOLDER", tmp_path / "lessons")
    file = lessons.folder("98_trial/01_trial") / "lesson.toml"
    file.parent.mkdir(parents=True)
    file.write_text('hours = 2\nweek = 1\npicture = "fit-figure"\nterm = []\n')
    (lessons.FOLDER / "course.toml").write_text('[[week]]\ntitle = "First steps"\n')
    content = common.read(common.ROOT / "tools" / "write" / "template.ipynb")
    content.metadata["course"]["id"] = "98/01"
    for cell in content.cells:
        cell.source = cell.source.replace("NOTEBOOK_ID", "98_trial/01_trial")
    path = tmp_path / "notebooks" / "98_trial" / "01_trial.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(content, path)
    return common.Notebook(path)
