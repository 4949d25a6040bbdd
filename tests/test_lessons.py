"""Files of lessons, data sets and benchmarks that somebody wrote wrongly."""

import pytest

from data.core import cards
from tools import __main__ as entries
from tools.notebook import common
from tools.publish import bench
from utils import lessons

NAME = "98_trial/01_trial"
READERS = {
    "lesson.toml": lambda folder: lessons.lesson(NAME),
    "wrong.toml": lambda folder: common.read_toml(folder / "wrong.toml"),
    "card.toml": lambda folder: cards.read_card(folder / "card.toml"),
    "bench.toml": lambda folder: bench.read(folder / "bench.toml"),
}


@pytest.mark.parametrize("file", READERS)
@pytest.mark.parametrize("text", [b"\nhours = one", b"\nhours = '\xe4'"])
def test_a_typing_error_is_one_line_that_names_the_file(template, monkeypatch, capsys, file, text):
    folder = lessons.folder(NAME)
    (folder / file).write_bytes(text)

    class Command:
        @staticmethod
        def main(argv):
            READERS[file](folder)

    monkeypatch.setattr(entries.importlib, "import_module", lambda name: Command)
    assert entries.main(["report"]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("course.py report: ") and f"{NAME}/{file}" in line
    assert "line 2" in line or "position" in line


def test_a_file_that_is_missing_says_nothing():
    assert lessons.lesson("98_trial/09_draft") == {}
    assert common.read_toml(lessons.folder("98_trial/09_draft") / "wrong.toml") == {}


def leave_out(text):
    """Write into course.toml what the course does without."""
    file = lessons.FOLDER / "course.toml"
    file.write_text(f"leave_out = {text}\n{file.read_text()}")


@pytest.mark.as_committed
def test_what_course_toml_leaves_out_is_in_no_list(template, monkeypatch):
    monkeypatch.setattr(common, "NOTEBOOKS", template.path.parents[1])
    assert lessons.names() == [NAME] and len(common.all_notebooks()) == 1
    leave_out('["98/01"]')
    assert lessons.names() == [] and common.all_notebooks() == []


@pytest.mark.as_committed
@pytest.mark.parametrize("text", ['"6/8"', "[4]", '["04_generative"]'])
def test_what_is_no_number_is_not_left_out(template, text):
    leave_out(text)
    with pytest.raises(lessons.LessonError, match='leave_out = .*"06/08"'):
        lessons.names()
