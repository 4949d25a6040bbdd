import base64
import io
import json
import re
import subprocess

import nbformat
import pytest
from PIL import Image

from data.core import cards
from tools.notebook import common, sources
from tools.notebook.common import Problem, all_notebooks
from tools.publish import accepted, outdated, pictures, report, results
from utils import lessons


def entry(value, data="real", **more):
    return {"value": value, "data": data, **more}


def result(metrics, tier="real", profile="full", **more):
    return {
        "notebook": "98_trial/01_trial",
        "profile": profile,
        "tier": tier,
        "metrics": metrics,
        "figures": [],
        "fraction": 1.0,
        "seconds": 12.0,
        "peak_mb": 800,
        "commit": "abc",
        **more,
    }


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Let results go to a folder of the test's own; return a reader of full.json."""
    monkeypatch.setattr(accepted, "RESULTS", tmp_path / "results")

    def read(profile="full"):
        text = (tmp_path / "results" / f"{profile}.json").read_text(encoding="utf-8")
        return json.loads(text)["notebooks"]["98_trial/01_trial"]

    return read


def test_merge_keeps_profiles_apart(kept):
    accepted.merge(result({"a": entry(1)}))
    accepted.merge(result({"a": entry(2)}, profile="quick"))
    assert kept()["metrics"]["a"]["value"] == 1
    assert kept("quick")["metrics"]["a"]["value"] == 2


def test_a_lesser_tier_never_replaces_real(kept, capsys):
    accepted.merge(result({"a": entry(1), "count": entry(7, "none")}))
    accepted.merge(
        result({"a": entry(2, "sample"), "b": entry(3, "sample")}, "sample", seconds=1.0)
    )
    assert kept()["metrics"]["a"]["value"] == 1
    assert kept()["metrics"]["b"]["value"] == 3
    assert (kept()["tier"], kept()["seconds"]) == ("real", 12.0)
    assert "a keeps its measurement" in capsys.readouterr().out


def test_a_shipped_part_never_replaces_the_whole_set(kept, capsys):
    accepted.merge(result({"a": entry(2), "gone": entry(5)}, "sample"))
    accepted.merge(result({"a": entry(1), "count": entry(7, "none")}))
    assert kept()["metrics"] == {"a": entry(1), "count": entry(7, "none")}
    accepted.merge(result({"a": entry(2), "count": entry(7, "none")}, "sample"))
    assert kept()["metrics"]["a"]["value"] == 1 and kept()["tier"] == "real"
    assert "a keeps its measurement" in capsys.readouterr().out


def test_real_replaces_all_that_a_lesser_tier_left(kept):
    accepted.merge(result({"a": entry(1, "sample"), "gone": entry(2, "sample")}, "sample"))
    accepted.merge(result({"a": entry(3)}))
    assert kept()["metrics"] == {"a": entry(3)}
    assert kept()["tier"] == "real"


def test_a_newer_real_run_replaces_an_older_one(kept):
    accepted.merge(result({"a": entry(1), "gone": entry(2)}))
    accepted.merge(result({"a": entry(3)}))
    assert kept()["metrics"] == {"a": entry(3)}


def git(folder, *words):
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    done = subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True)
    return done.stdout.decode().strip()


@pytest.fixture
def checkout(tmp_path, monkeypatch, kept):
    """Return a git repository with one notebook and what it imports, and its commit."""
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
    path = folder / "build" / "results" / "98_trial__01_trial.full.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = result({"a": entry(value)}, commit=commit, finished=f"run {value}", **more)
    path.write_text(json.dumps({k: v for k, v in content.items() if v is not None}))


def test_a_quick_run_on_real_data_is_left_out(checkout, kept, capsys):
    folder, commit = checkout
    ran(folder, commit, profile="quick")
    assert accepted.accept() == 0
    assert not (accepted.RESULTS / "quick.json").exists()
    assert "quick results are those of the sample" in capsys.readouterr().out


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
    assert f"refused 98_trial/01_trial, full: {told.format(head)}" in said and AGAIN in said
    assert accepted.load("full") == {}


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
    assert kept()["metrics"] == {"a": entry(1)}
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
    with pytest.raises(Problem, match="nothing ran yet"):
        accepted.accept()


@pytest.fixture
def reported(monkeypatch):
    expected = {"section": "Q", "metrics": {"a": {"reported": 0.5}}, "printed": {}}
    monkeypatch.setattr(results.report, "reported", lambda: {"98_trial/01_trial": expected})


def test_page_shows_no_number_that_no_run_produced(reported):
    text = results.notebook_section("98_trial/01_trial", None)
    assert "| a | 0.5 |  |  |  | not run |" in text


@pytest.mark.parametrize(
    ("sets", "networks", "kind", "told"),
    [
        ({"digits": ("real", 1.0)}, [], "real", "digits (real)"),
        ({"mnist": ("real", 1 / 14)}, [], "real", "mnist (real, 7.1 % of it)"),
        ({"cora": ("sample", None)}, [], "drawn", "cora (drawn)"),
        ({"cora": ("sample", None)}, ["mtcnn"], "both", "cora (drawn), mtcnn"),
        (
            {"cora": ("sample", None), "digits": ("real", 1.0)},
            [],
            "both",
            "cora (drawn), digits (real)",
        ),
        ({}, [], "drawn", ""),
    ],
)
def test_what_a_run_rests_on_by_default(sets, networks, kind, told):
    named = {name: {"data": data, "fraction": part} for name, (data, part) in sets.items()}
    run = {"datasets": named, "networks": networks}
    assert (results.kind_of(run), results.default_of(run)) == (kind, told)


def test_a_notebook_without_a_report_has_its_page(monkeypatch):
    monkeypatch.setattr(results.report, "reported", dict)
    text = results.notebook_section("98_trial/01_trial", result({"own": entry(3)}))
    assert "| own |  | 3 | real |  |  |" in text
    pages = str(results.pages())
    assert all(notebook.name in pages for notebook in all_notebooks())


def test_page_shows_measured_beside_reported_with_its_reason(reported):
    ran = result({"a": entry(0.4, sd=0.01, n=5, why="A harder split.")})
    text = results.notebook_section("98_trial/01_trial", ran)
    assert "| a | 0.5 | 0.4 ± 0.01 (n = 5) | real |  | short |" in text
    assert "- `a`: A harder split." in text
    assert "12 s, 0.8 GB, 100 % of the official set; commit abc" in text


def test_page_says_what_is_newer_than_the_full_run(monkeypatch):
    newer = {"98_trial/01_trial": {"commit": "abc", "own": ["fit"], "library": ["utils.boxes"]}}
    monkeypatch.setattr(results.report, "kept", lambda name, part: newer)
    told = results.newer("98_trial/01_trial", result({}))
    assert "this notebook has changed since commit abc: `fit`" in told[0]
    assert "share has changed since commit abc: `utils.boxes`" in told[1]
    assert results.newer("98_trial/01_trial", result({}, commit="def")) == []


def test_findings_that_no_cell_asks_for_any_more_are_left_out(checkout):
    folder, _ = checkout
    cell = (
        'report.finding(f"It is {floor} times as fast.", 1 > 0)\nreport.finding("Two " "parts.", x)'
    )
    path = folder / "notebooks" / "98_trial" / "01_trial.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell)]), path)
    notebook = common.Notebook(path)
    found = {"It is 50 times as fast.": True, "Two parts.": False, "A third one.": True}
    full = {notebook.name: result({}, findings=found, datasets={"a": {"data": "sample"}})}
    text = results.findings(notebook, full, {})
    assert "| It is 50 times as fast. | not asked | holds |" in text
    assert "| Two parts. | not asked | does not hold |" in text
    assert "third" not in text and "| full, drawn |" in text


def test_page_says_which_set_was_not_whole():
    part = {"data": "real", "source": "mirror", "fraction": 5 / 7349}
    whole = {"data": "real", "source": "mirror", "fraction": 1.0}
    ran = result({}) | {"fraction": 5 / 7349, "datasets": {"pets": part, "streets": whole}}
    text = results.run_line(ran)
    assert "0.068 % of the least complete set; pets (real, mirror, 0.068 % of it), streets" in text
    assert "79 % of the official set" in results.run_line(result({}) | {"fraction": 0.7925})


def test_what_is_newer_than_the_full_runs_is_told_as_it_is():
    assert report.STALE.read_text(encoding="utf-8") == outdated.told(), "run `course.py report`"


def test_page_and_readme_are_current():
    for path, text in report.pages().items():
        assert path.read_text(encoding="utf-8") == text, "run `python course.py report`"


@pytest.mark.parametrize("table", [report.TABLE, report.README], ids=lambda path: path.name)
def test_the_tables_lead_to_every_notebook_and_to_files_that_are_there(table):
    text = table.read_text(encoding="utf-8")
    targets = [
        *re.findall(r"\]\((?!https?:|#)([^)#]+)", text),
        *re.findall(r'<img src="([^"]+)"', text),
    ]
    there = [(table.parent / target).resolve() for target in targets]
    assert [str(path) for path in there if not path.exists()] == []
    assert {n.path for n in all_notebooks()} <= set(there)


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


@pytest.mark.parametrize(
    ("name", "files", "size"),
    [
        ("ppi", ["ppi.zip"], "7.1 MB"),  # its other file is another form of it, which none reads
        ("cora_linqs", ["cora.tgz"], "at most 7.9 MB"),  # what is read of it; packed it is smaller
        ("upv_gender", [], "no public address: `upv_gender`"),
        ("digits", [], "nothing to fetch"),
    ],
)
def test_the_size_of_a_set_is_that_of_what_is_downloaded(name, files, size):
    assert [item.name for item in cards.get(name).downloads] == files
    assert report.data_size([name]) == size
