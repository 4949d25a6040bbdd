"""One bar for long work."""

from utils import progress


def test_a_bar_counts_and_goes_away(capsys):
    bar = progress.bar(3, "reading")
    bar.update(2)
    bar.close()
    assert bar.n == 2 and "reading" in capsys.readouterr().err


def test_in_a_notebook_a_bar_ends_as_one_line(monkeypatch):
    shown = []
    monkeypatch.setattr(progress, "_in_kernel", lambda: True)
    monkeypatch.setattr(progress._Line, "__init__", lambda self: None)
    monkeypatch.setattr(progress._Line, "end", lambda self, line: shown.append(line))
    with progress.bar(2, "following", "clip") as bar:
        bar.update(2)
    assert shown[-1] == "following: 2 clips"
