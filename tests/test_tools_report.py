import argparse
import base64
import io
import json
import re
import subprocess

import nbformat
import pytest
from PIL import Image

from data.core import cards
from data.shipped_photographs import SHIPPED
from tools.learn import job, record
from tools.notebook import common, sources
from tools.notebook.common import NOTEBOOKS, ROOT, Problem, all_notebooks, units
from tools.publish import accepted, pictures, report
from tools.publish import results as page
from utils import lessons, results


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


def test_a_run_takes_the_place_of_the_last_one(kept):
    accepted.merge(result({"a": entry(1), "gone": entry(2)}))
    accepted.merge(result({"a": entry(3)}, commit="def"))
    assert kept()["metrics"] == {"a": entry(3)}
    assert (kept()["commit"], kept()["code"]) == ("def", "")
    assert not {"notebook", "profile", "figures"} & kept().keys()


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
        for module in (common, accepted, sources):
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


def test_accept_refuses_a_commit_of_another_branch(checkout, capsys):
    folder, _ = checkout
    git(folder, "switch", "-qc", "other")
    git(folder, "commit", "-qm", "other", "--allow-empty")
    ran(folder, git(folder, "rev-parse", "--short=12", "HEAD"))
    git(folder, "switch", "-q", "-")
    assert accepted.accept() == 1
    assert "is not part of this branch" in capsys.readouterr().err


def test_accept_refuses_what_ran_before_its_sources_changed(checkout, kept, capsys):
    folder, first = checkout
    (folder / "utils" / "other.py").write_text("x = 2\n")  # no source of this notebook
    git(folder, "commit", "-qam", "second")
    ran(folder, first)
    assert accepted.accept() == 0
    assert kept()["metrics"] == {"a": entry(1)} and kept()["code"] == "the code"
    (folder / "utils" / "plots.py").write_text("x = 2\n")
    git(folder, "commit", "-qam", "third")
    assert accepted.accept() == 0  # it was accepted before
    ran(folder, first, value=2)
    assert accepted.accept() == 1
    assert f"since its commit {first} utils/plots.py changed; {AGAIN}" in capsys.readouterr().err
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


def test_accept_refuses_a_notebook_that_is_not_there(checkout, capsys):
    folder, commit = checkout
    ran(folder, commit, notebook="98_trial/02_gone")
    assert accepted.accept() == 1
    assert "there is no such notebook" in capsys.readouterr().err


def test_accept_without_a_run_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(accepted, "BUILD", tmp_path)
    with pytest.raises(Problem, match="no full run is in build/results/"):
        accepted.accept()


@pytest.fixture
def reported(monkeypatch):
    expected = {"section": "Q", "metrics": {"a": {"reported": 0.5}}, "printed": {}}
    monkeypatch.setattr(results, "reported", lambda: {"98_trial/01_trial": expected})


def test_page_shows_no_number_that_no_run_produced(reported, kept):
    assert "| a | 0.5 |  |  |  | not run |" in page.section("98_trial/01_trial", "98/01 Trial")


def test_page_shows_measured_beside_reported_with_its_reason(reported, kept):
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
    assert page.run_cells("98_trial/01_trial") == [sets, "2026-11-20", "abc"]


def test_page_says_that_the_code_changed_since_the_run(reported, kept, monkeypatch):
    accepted.merge(result({}))
    monkeypatch.setattr(results, "code_hash", lambda notebook: "new code")
    assert "commit abc, code changed since: " in page.section("98_trial/01_trial", "98/01 Trial")
    assert page.run_cells("98_trial/01_trial")[-1] == "abc, code changed since"


def test_a_run_that_recorded_nothing_has_its_page(template, kept, monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_BUILD_DIR", str(tmp_path / "build"))
    options = argparse.Namespace(profile="full", data="real", update=False)
    monkeypatch.setattr(record, "note_path", lambda notebook, options: tmp_path / "note.json")
    monkeypatch.setattr(record, "what_ran", lambda job: "abc")
    record.finish(job.Job(template, 1, 1, state="done", seconds=12.0, peak_mb=800), options)
    (path,) = (tmp_path / "build" / "results").iterdir()
    accepted.merge(json.loads(path.read_text(encoding="utf-8")))
    assert kept()["datasets"] == kept()["findings"] == {}
    assert "on real data, commit abc: 12 s; 0.8 GB; tensorflow" in page.section(
        template.name, "A title"
    )
    assert template.name == "98_trial/01_trial" and page.run_cells(template.name)[0] == ""


def test_page_and_readme_are_current():
    for path, text in report.pages().items():
        assert path.read_text(encoding="utf-8") == text, "run `python course.py report`"


@pytest.mark.parametrize(
    ("table", "pages"),
    [
        (report.TABLE, {n.path for n in all_notebooks()}),
        (report.README, {NOTEBOOKS / unit / "README.md" for unit in units()}),
    ],
    ids=["notebooks", "README"],
)
def test_the_tables_lead_to_all_pages_and_to_files_that_are_there(table, pages):
    text = table.read_text(encoding="utf-8")
    targets = [
        *re.findall(r"\]\((?!https?:|#)([^)#]+)", text),
        *re.findall(r'<img src="([^"]+)"', text),
    ]
    there = [(table.parent / target).resolve() for target in targets]
    assert [str(path) for path in there if not path.exists()] == []
    assert pages <= set(there)


@pytest.mark.parametrize("notebook", all_notebooks(), ids=lambda n: n.id)
def test_every_notebook_has_a_picture_for_its_table(notebook):
    assert pictures.cell_of(notebook) is not None
    assert pictures.place(notebook).stat().st_size < 100_000


def test_picture_is_taken_from_the_notebook_s_own_output(template, tmp_path, monkeypatch):
    file = lessons.folder(template.name) / "lesson.toml"
    stream = io.BytesIO()
    Image.new("RGB", (640, 400), "white").save(stream, format="png")
    cell = next(c for c in template.content.cells if c.id == "fit-figure")
    data = {"image/png": base64.b64encode(stream.getvalue()).decode()}
    cell.outputs = [nbformat.v4.new_output("display_data", data=data)]
    pictures.draw(template)
    assert Image.open(pictures.place(template)).size == (320, 200)
    file.write_text('picture = "nowhere"')
    with pytest.raises(Problem, match="'nowhere'"):
        pictures.draw(template)


def test_readme_without_its_marks_is_told(tmp_path, monkeypatch):
    (tmp_path / "README.md").write_text("# Title\n")
    monkeypatch.setattr(report, "README", tmp_path / "README.md")
    with pytest.raises(Problem, match="lacks the marks"):
        report.readme_drawn_anew()


def test_every_photograph_and_every_set_that_may_be_shown_has_its_credit():
    text = (ROOT / "docs" / "credits.md").read_text(encoding="utf-8")
    for name, photograph in SHIPPED.items():
        assert f"| {name.replace('_', ' ')} | {photograph.shows} | {photograph.credit} |" in text
    for entry in cards.entries().values():
        if entry.may_be_shown and entry.name != "shipped_photographs":
            assert f"- {entry.title} (" in text
