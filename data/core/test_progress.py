"""One bar for long work, in a terminal and in a notebook."""

import time

import pytest

from data.core import progress


@pytest.fixture
def outputs(monkeypatch):
    """Be a notebook that nobody compares, and return the lines that its one output shows in turn.

    None is shown before anything is written.
    """

    class Handle:
        def update(self, shown, raw):
            lines.append(shown["text/plain"])

    def display(shown, raw, display_id):
        lines.append(shown["text/plain"])
        return Handle()

    lines = []
    monkeypatch.setattr("IPython.display.display", display)
    monkeypatch.setattr(progress, "_in_kernel", lambda: True)
    monkeypatch.setattr(progress, "_is_compared", lambda: False)
    return lines


def test_a_bar_counts_and_goes_away(capsys):
    bar = progress.bar(3, "reading")
    bar.update(2)
    bar.close()
    assert bar.n == 2 and "reading" in capsys.readouterr().err


def test_in_a_notebook_a_bar_ends_as_one_line(outputs):
    with progress.bar(2, "following", "clip") as bar:
        bar.update(2)
    assert outputs[0].startswith("following:   0%") and outputs[-1] == "following: 2 clips"


def test_quick_work_shows_nothing(outputs, monkeypatch, capsys):
    assert list(progress.counted("abc", 3, "drawing 3 faces")) == ["a", "b", "c"]
    assert outputs == []
    monkeypatch.setattr(progress, "_in_kernel", lambda: False)
    assert list(progress.counted("abc", 3, "drawing 3 faces")) == ["a", "b", "c"]
    assert capsys.readouterr().err == ""


def slowly(items):
    for item in items:
        time.sleep(0.3)
        yield item


def test_slow_work_is_named_in_words(outputs, monkeypatch):
    monkeypatch.setattr(progress, "DELAY", 0.2)
    assert "".join(progress.counted(slowly("abc"), 3, "drawing 3 faces")) == "abc"
    assert (
        outputs[0].startswith("drawing 3 faces:  67%") and outputs[-1] == "drawing 3 faces: done\n"
    )


def test_work_that_is_broken_off_is_not_done(outputs, monkeypatch):
    monkeypatch.setattr(progress, "DELAY", 0.2)
    for item in (work := progress.counted(slowly("abc"), 3, "drawing 3 faces")):
        if item == "c":
            work.close()
    assert outputs[-1] == "drawing 3 faces: stopped\n"


@pytest.mark.parametrize("name", ["COURSE_COMMITTED", "PYTEST_CURRENT_TEST"])
def test_outputs_that_are_compared_hold_no_trace_of_it(outputs, monkeypatch, name):
    monkeypatch.undo()
    for each in ("COURSE_COMMITTED", "PYTEST_CURRENT_TEST"):
        monkeypatch.delenv(each, raising=False)
    assert not progress._is_compared()
    monkeypatch.setenv(name, "1")
    monkeypatch.setattr(progress, "_in_kernel", lambda: True)
    monkeypatch.setattr(progress, "DELAY", 0.2)
    assert "".join(progress.counted(slowly("abc"), 3, "drawing 3 faces")) == "abc"
    assert outputs == []
