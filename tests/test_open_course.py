"""The course is open: a unit and a lesson more are two commands and two places, and all hold."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

from tools.notebook.common import ROOT

UNIT, LESSON = "11_trial", "11_trial/01_parabola"
LEFT_OUT = (".git", ".venv", "build", "work", "__pycache__", ".*_cache", "*.egg-info")
# What lists lessons, units or notebooks, and so has to hold for one more.
LISTS = (
    *(f"tests/test_{name}.py" for name in ("reported", "tools_glossary")),
    "tests/test_tools_launch.py",
    "data/core/test_cards.py",
    "tests/test_tools_report.py::test_page_and_readme_are_current",
)


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return a function that runs a command of a copy of the course."""
    folder = tmp_path_factory.mktemp("open") / "course"
    shutil.copytree(ROOT, folder, ignore=shutil.ignore_patterns(*LEFT_OUT))
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COURSE_")}
    environment |= {"PYTHONPATH": str(folder), "PYTHONUTF8": "1"}

    def run(*words):
        done = subprocess.run(
            [sys.executable, "-P", "-m", *words],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run.folder = folder
    return run


def prepared(text: str) -> str:
    """Return what `new` made with its TODO marks filled in, as an author would."""
    return re.sub(r"TODO:? ?(\w?)", lambda m: m[1].upper() or "It", text)


@pytest.mark.slow
def test_a_new_unit_with_a_lesson_is_part_of_everything(course):
    folder = course.folder
    course("tools", "new-unit", UNIT, "trial lessons")
    course("tools", "new", LESSON, "Fit a parabola")
    written = [
        *(folder / f"notebooks/{name}" for name in (f"{UNIT}/README.md", f"{LESSON}.ipynb")),
        *sorted((folder / "lessons" / UNIT).rglob("*.toml")),
    ]
    for path in written:
        path.write_text(prepared(path.read_text("utf-8")), "utf-8")
    course("tools", "run", "11/01", "--update")
    course("tools", "report")

    told = course("tools", "test", "11/01", "--only", "structure", "--only", "graded")
    assert "2 passed, 0 failed" in told
    course("pytest", "-q", "-p", "no:nbval", "-p", "no:cacheprovider", *LISTS)

    page = (folder / f"docs/results/{UNIT}.md").read_text("utf-8")
    assert "## 11/01 " in page and f"notebooks/{LESSON}.ipynb" in page
    assert "11/01" in (folder / "docs/results.md").read_text("utf-8")
    assert "11/01<br>Fit a parabola" in (folder / "docs/map.md").read_text("utf-8")
    assert "(11/01, The data)" in plain(folder / "docs/glossary.md")
    assert f"notebooks/{LESSON}.ipynb" in (folder / "docs/notebooks.md").read_text("utf-8")
    assert f"notebooks/{UNIT}/README.md" in (folder / "README.md").read_text("utf-8")
    course("tools", "book", "11/01")
    assert (folder / f"build/book/notebooks/{LESSON}.html").is_file()
    course("tools", "release", "11")
    given = folder / "build" / "release" / UNIT
    assert (given / f"notebooks/{LESSON}.ipynb").is_file()
    assert not list(given.rglob("wrong.toml"))


def plain(path):
    """Return a page's text without its links."""
    return re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", path.read_text("utf-8"))
