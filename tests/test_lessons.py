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
