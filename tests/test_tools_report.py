import json
import re
import subprocess

import nbformat
import pytest

from data.core import cards
from data.shipped_photographs import SHIPPED
from tools.notebook import commit as commits
from tools.notebook import common
from tools.notebook.common import ROOT, Problem, all_notebooks
from tools.publish import accepted, overview, pictures, report
from tools.publish import results as page
from utils import results


def entry(value, data="real", **more):
    return {"value": value, "data": data, **more}


def result(metrics, tier="real", profile="full", **more):
    return {
        "notebook": "98_trial/01_trial",
        "profile": profile,
        "tier": tier,
        "metrics": metrics,
        "datasets": {},
        "findings": {},
        "figures": [],
        "seconds": 12.0,
        "peak_mb": 800,
        "versions": {"keras": "3"},
        "finished": "2026-11-20T1",
        "commit": "abc",
        **more,
    }


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Let results go to a folder of the test's own; return a reader of full.json."""
    monkeypatch.setattr(results, "RESULTS", tmp_path / "results")
    return lambda: results.full_run("98_trial/01_trial")


@pytest.mark.parametrize(
    ("run", "why"),
    [
        (result({"a": entry(1, "sample")}, "sample"), "the accepted run is on real data"),
        (result({"a": entry(1, "sample")}), "the accepted run measured a on real data"),
        (result({"a": entry(1, "stand-in")}), "the accepted run measured a on real data"),
        (result({"a": entry(1), "b": entry(1, "sample")}), ""),
        (result({"renamed": entry(1)}), ""),
    ],
)
def test_a_run_on_lesser_data_takes_no_number_of_real_data_away(run, why):
    before = result({"a": entry(2), "b": entry(2, "none")})
    assert accepted.lesser(run, before) == why
    assert accepted.lesser(run, {}) == ""


def git(folder, *words):
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    done = subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)
    return done.stdout.decode().strip()


@pytest.fixture
def checkout(tmp_path, monkeypatch, kept):
    """Return a git repository with one notebook and what it imports, and its commit."""
    monkeypatch.setattr(results, "code_hash", lambda notebook: "the code")
    for name in ("ROOT", "BUILD", "NOTEBOOKS"):
        folder = {"ROOT": "", "BUILD": "build", "NOTEBOOKS": "notebooks"}[name]
        for module in (common, accepted, commits):
            if hasattr(module, name):
                monkeypatch.setattr(module, name, tmp_path / folder)
    lesson = tmp_path / "notebooks" / "98_trial" / "01_trial.ipynb"
    lesson.parent.mkdir(parents=True)
    cells = [nbformat.v4.new_code_cell("from utils import plots", id="a")]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), lesson)
    (tmp_path / "utils").mkdir()
    for name in ("__init__", "plots", "other"):
        (tmp_path / "utils" / f"{name}.py").write_text("x = 1\n")
    (tmp_path / ".gitignore").write_text("build\nresults\n")
    for words in (["init", "-q"], ["add", "."], ["commit", "-qm", "first"]):
        git(tmp_path, *words)
    return tmp_path, git(tmp_path, "rev-parse", "--short=12", "HEAD")


def ran(folder, commit, value=1, **more):
    """Leave the result of a run in the build folder."""
    path = folder / "build" / "results" / "98_trial__01_trial.full.real.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = result({"a": entry(value)}, commit=commit, finished=f"run {value}", **more)
    path.write_text(json.dumps({k: v for k, v in content.items() if v is not None}))


def test_accept_asks_for_a_clean_tree(checkout, kept):
    folder, commit = checkout
    ran(folder, commit)
    (folder / "utils" / "other.py").write_text("x = 2\n")
    with pytest.raises(Problem, match=r"commit or put away first: utils/other.py"):
        accepted.accept()
    (folder / "utils" / "other.py").write_text("x = 1\n")
    assert accepted.accept() == 0
    assert kept()["metrics"] == {"a": entry(1)}


AGAIN = "run it again: python course.py run 98/01 --profile full --data real"


@pytest.mark.parametrize(
    ("commit", "told"),
    [
        ("{0}+", "it ran code that commit {0} does not have"),
        ("", "no commit is known for what ran"),
        (None, "its run did not end"),
        ("0123456789ab", "its commit 0123456789ab is not part of this branch"),
    ],
)
def test_accept_refuses_what_no_commit_here_ran(checkout, commit, told, capsys):
    folder, head = checkout
    ran(folder, commit and commit.format(head))
    assert accepted.accept() == 1
    said = capsys.readouterr().err
    assert f"refused 98_trial/01_trial, data real: {told.format(head)}" in said and AGAIN in said
    assert results.accepted("full", "notebooks") == {}


def test_accept_refuses_what_ran_before_its_code_changed(checkout, kept, capsys):
    folder, first = checkout
    ran(folder, first, code="the code")
    assert accepted.accept() == 0
    assert kept()["metrics"] == {"a": entry(1)} and kept()["code"] == "the code"
    ran(folder, first, value=2, code="other code")
    assert accepted.accept() == 1
    told = f"since its commit {first} the notebook's code changed; {AGAIN}"
    assert told in capsys.readouterr().err
    assert kept()["metrics"] == {"a": entry(1)}


def test_accept_copies_figures_of_accepted_full_runs_alone(checkout):
    folder, commit = checkout
    drawn = folder / "build" / "figures" / "98_trial" / "01_trial" / "curve.svg"
    drawn.parent.mkdir(parents=True)
    drawn.write_text("<svg/>")
    (drawn.parent / "of_an_older_run.svg").write_text("<svg/>")
    ran(folder, f"{commit}+", figures=["curve.svg"])
    accepted.accept()
    assert not list((folder / "results").rglob("*.svg"))
    copy = folder / "results" / "figures" / "98_trial" / "01_trial" / "curve.svg"
    copy.parent.mkdir(parents=True)
    (copy.parent / "before.svg").write_text("<svg/>")
    ran(folder, commit, figures=["curve.svg"])
    accepted.accept()
    assert [*(folder / "results").rglob("*.svg")] == [copy]


def test_page_shows_measured_beside_reported_with_its_reason(kept, monkeypatch):
    expected = {"section": "Q", "metrics": {"a": {"reported": 0.5}}, "printed": {}}
    monkeypatch.setattr(results, "reported", lambda: {"98_trial/01_trial": expected})
    before = page.section("98_trial/01_trial", "98/01 Trial")
    assert "| a | 0.5 |  |  |  | not run |" in before
    part = {"real": {"source": "local", "fraction": 5 / 7349}}
    both = {"sample": {"source": "generated", "fraction": None}, "real": {"fraction": 1.0}}
    ran = result(
        {"a": entry(0.4, sd=0.01, n=5, why="The split is harder."), "own": entry(3)},
        datasets={"pets": part, "points": both},
        findings={"It holds.": True, "It does not.": False},
    )
    accepted.merge(ran)
    text = page.section("98_trial/01_trial", "98/01 Trial")
    assert "| a | 0.5 | 0.4 ± 0.01 (n = 5) | real |  | short: The split is harder. |" in text
    assert "| own |  | 3 | real |  |  |" in text
    assert "Full run of 2026-11-20 on real and synthetic data, commit abc: " in text
    sets = "pets (real, 0.068 % of it), points (synthetic), points (real)"
    assert f"{sets}; 12 s; 0.8 GB; keras 3." in text
    assert "1 of the run's 2 checked claims did not hold:\n\n- It does not.\n" in text
    assert page.count("98_trial/01_trial") == {"short": 1}


def test_page_and_readme_are_current():
    for path, text in report.pages().items():
        assert path.read_text(encoding="utf-8") == text, "run `python course.py report`"


def test_the_tables_lead_to_all_pages_and_to_files_that_are_there():
    notebooks = {n.path for n in all_notebooks()}
    sheets = {path.parent / "README.md" for path in notebooks}
    for table, pages in ((overview.NOTEBOOKS_PAGE, notebooks), (overview.README, sheets)):
        text = table.read_text(encoding="utf-8")
        targets = re.findall(r'\]\((?!https?:|#)([^)#]+)|<img src="([^"]+)"', text)
        there = {(table.parent / (link or picture)).resolve() for link, picture in targets}
        assert [str(path) for path in there if not path.exists()] == []
        assert pages <= there


@pytest.mark.parametrize("notebook", all_notebooks(), ids=lambda n: n.id)
def test_every_notebook_has_a_picture_for_its_table(notebook):
    assert pictures.figure_of(notebook)[1]  # it is described
    assert pictures.place(notebook).stat().st_size < 100_000


def test_every_photograph_and_every_set_that_may_be_shown_has_its_credit():
    text = (ROOT / "docs" / "credits.md").read_text(encoding="utf-8")
    for name, photograph in SHIPPED.items():
        assert f"| {name.replace('_', ' ')} |" in text and f" | {photograph.credit} |" in text
    for entry in cards.entries().values():
        if entry.may_be_shown and entry.name != "shipped_photographs":
            assert f"- {entry.title} (" in text
