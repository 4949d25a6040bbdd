import json
import os
import re
import subprocess
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
from nbformat import v4

from data.shipped_photographs import SHIPPED
from tools.notebook import commit as commits
from tools.notebook.common import ROOT, Notebook, Problem, all_notebooks
from tools.notebook.outputs import sign
from tools.publish import accepted, course_map, glossary, overview, report
from tools.publish import results as page
from utils import lessons, results


def entry(value, data="real", **more):
    return {"value": value, "data": data, **more}


def result(metrics, data="real", **more):
    run = {"notebook": "98_trial/01_trial", "profile": "full", "data": data, "metrics": metrics}
    run |= {"datasets": {}, "findings": {}, "figures": [], "seconds": 12.0, "peak_mb": 800}
    run |= {"versions": {"keras": "3"}, "finished": "2026-11-20T1", "commit": "abc"}
    return run | more


@pytest.fixture
def accepted_run(tmp_path, monkeypatch):
    """Let results go to a folder of the test's own; return a reader of full.json."""
    monkeypatch.setattr(results, "RESULTS", tmp_path / "results")
    return lambda: results.full_run("98_trial/01_trial")


@pytest.mark.parametrize(
    ("run", "why"),
    [
        (result({"a": entry(1, "sample")}, "sample"), "the accepted run is on real data"),
        (result({"a": entry(1, "stand-in")}), "the accepted run measured a on real data"),
        (result({"a": entry(1), "b": entry(1, "sample")}), ""),
        (result({"renamed": entry(1)}), ""),
    ],
)
def test_a_run_on_lesser_data_takes_no_number_of_real_data_away(run, why):
    before = result({"a": entry(2), "b": entry(2, "none")})
    assert accepted.lesser(run, before) == why
    assert accepted.lesser(run, {}) == ""


TRIAL = json.dumps(
    {
        "metadata": {"course": {"code": {}}},
        "cells": [{"cell_type": "code", "source": "x = 1", "metadata": {}, "outputs": []}],
    }
)


def test_the_map_has_room_for_a_week_without_a_notebook_and_names_a_week_that_is_none(monkeypatch):
    last = [n for n in all_notebooks() if n.week == len(lessons.weeks())]
    places, tops = course_map.arranged(last)
    assert len({*tops}) == len(lessons.weeks()) + 1 and tops == sorted(tops)
    assert min(y for _, y in places.values()) == tops[-2]
    fewer = lessons.weeks()[:-1]
    monkeypatch.setattr(lessons, "weeks", lambda: fewer)
    with pytest.raises(Problem, match=f"{last[0].name}/lesson.toml"):
        course_map.arranged(last)


@pytest.fixture
def checkout(tmp_path, monkeypatch, accepted_run):
    """Return a git repository with one notebook and what it imports, and its commit."""
    monkeypatch.setattr(results, "code_hash", lambda notebook: "the code")
    monkeypatch.setattr(commits, "ROOT", tmp_path)
    monkeypatch.setattr(accepted, "ROOT", tmp_path)
    monkeypatch.setattr(accepted, "BUILD", tmp_path / "build")
    monkeypatch.setattr(accepted, "NOTEBOOKS", tmp_path / "notebooks")
    files = {"notebooks/98_trial/01_trial.ipynb": TRIAL, "utils/plots.py": "x = 1\n"}
    for name, text in (files | {".gitignore": "build\nresults\n"}).items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    author = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    for words in (("init", "-q"), ("add", "."), (*author, "commit", "-qm", "first")):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    return tmp_path, commits.head()


def ran(folder, commit, value=1, **more):
    """Leave the result of a run in the build folder."""
    path = folder / "build" / "results" / "98_trial__01_trial.full.real.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    content = result({"a": entry(value)}, commit=commit, finished=f"run {value}", **more)
    path.write_text(json.dumps({k: v for k, v in content.items() if v is not None}))


def test_asking_for_changes_writes_nothing_into_the_repository(checkout):
    folder, _ = checkout
    before = (folder / ".git/index").read_bytes()
    os.utime(folder / "utils/plots.py", (0, 0))  # plain `git status` would note the new time
    assert not commits.uncommitted("utils")
    assert (folder / ".git/index").read_bytes() == before


def test_accept_asks_for_a_clean_tree_and_the_code_that_ran(checkout, accepted_run, capsys):
    folder, commit = checkout
    ran(folder, commit, code="the code")
    (folder / "utils" / "plots.py").write_text("x = 2\n")
    with pytest.raises(Problem, match="utils/plots.py"):
        accepted.accept()
    (folder / "utils" / "plots.py").write_text("x = 1\n")
    assert accepted.accept() == 0
    ran(folder, commit, value=2, code="other code")
    assert accepted.accept() == 1
    assert commit in capsys.readouterr().err
    assert accepted_run()["metrics"] == {"a": entry(1)} and accepted_run()["code"] == "the code"


@pytest.mark.parametrize(
    ("part", "change", "is_same"),
    [
        ("cell", {"outputs": [1], "execution_count": 3}, True),
        ("course", {"code": {"reproduction": {}}}, True),
        ("course", {"datasets": ["cora"]}, False),
        ("cell", {"source": "x = 2"}, False),
        ("cell", {"metadata": {"tags": ["training"]}}, False),
    ],
)
def test_of_a_notebook_only_what_runs_write_may_differ(checkout, part, change, is_same):
    path = "notebooks/98_trial/01_trial.ipynb"
    content = json.loads(TRIAL)
    {"cell": content["cells"][0], "course": content["metadata"]["course"]}[part].update(change)
    (checkout[0] / path).write_text(json.dumps(content))
    assert accepted.only_outputs(path) == is_same


def test_accept_takes_the_runs_that_are_named_and_no_other(checkout, accepted_run, monkeypatch):
    folder, commit = checkout
    known = [
        Notebook(folder / f"notebooks/98_trial/{name}.ipynb")
        for name in ("01_trial", "02_other", "03_third")
    ]
    monkeypatch.setattr(accepted, "select", lambda names: [n for n in known if n.id in names])
    ran(folder, commit)
    path = folder / "build/results/98_trial__01_trial.full.real.json"
    other = json.loads(path.read_text()) | {"notebook": "98_trial/02_other"}
    (path.parent / "98_trial__02_other.full.real.json").write_text(json.dumps(other))
    with pytest.raises(Problem, match="98/03"):
        accepted.accept(["98/01", "98/03"])
    assert accepted_run() == {}
    assert accepted.accept(["98/01"]) == 0  # that of 98/02 would be refused: there is no such page
    assert accepted_run()["metrics"] == {"a": entry(1)}


@pytest.mark.parametrize(
    ("commit", "reason"),
    [
        ("{0}+", "changes.* {0}"),
        ("", "unknown"),
        (None, ""),
        ("0123456789ab", "0123456789ab"),
    ],
)
def test_accept_refuses_what_no_commit_here_ran(checkout, commit, reason, capsys):
    folder, head = checkout
    ran(folder, commit and commit.format(head))
    assert accepted.accept() == 1
    message = capsys.readouterr().err
    assert re.search(f"98_trial/01_trial, data real: .*{reason.format(head)}", message)
    assert "python course.py run 98/01 --profile full --data real" in message
    assert results.accepted("full", "notebooks") == {}


def test_accept_copies_the_figures_of_the_run_and_deletes_older_ones(checkout):
    folder, commit = checkout
    source, home = (
        folder / top / "figures" / "98_trial" / "01_trial" for top in ("build", "results")
    )
    for path in (source / "curve.svg", source / "of_another_run.svg", home / "before.svg"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("<svg/>")
    ran(folder, commit, figures=["curve.svg"])
    accepted.accept()
    assert [*(folder / "results").rglob("*.svg")] == [home / "curve.svg"]


def test_a_run_whose_figure_is_missing_changes_no_numbers(checkout, accepted_run, capsys):
    folder, commit = checkout
    ran(folder, commit)
    accepted.accept()
    ran(folder, commit, value=2, figures=["lost.svg"])
    assert accepted.accept() == 1 and "lost.svg" in capsys.readouterr().err
    assert accepted_run()["metrics"] == {"a": entry(1)}


def test_numbers_that_a_run_no_longer_measures_are_named(checkout, accepted_run, capsys):
    folder, commit = checkout
    accepted.merge(result({name: entry(0) for name in ("a", "old", "older")}, code="the code"))
    ran(folder, commit)
    capsys.readouterr()
    assert accepted.accept() == 0
    assert "98_trial/01_trial: no longer measured: old, older" in capsys.readouterr().out
    assert accepted_run()["metrics"] == {"a": entry(1)}
    ran(folder, commit, value=2)
    assert accepted.accept() == 0 and "no longer" not in capsys.readouterr().out


def page_with_line(outputs=(), below="report.figure(fig, 'curve')", other="plt.imshow(face)"):
    """Return a notebook of a lesson and, below the line, two cells that draw."""
    tag = {"metadata": {"tags": ["reproduction"]}}
    head = v4.new_markdown_cell("# T"), v4.new_code_cell("x = 1", id="lesson")
    line = v4.new_markdown_cell("## Reproduction", id="line", **tag)
    cells = [v4.new_code_cell(s, id=i, **tag) for i, s in (("curve", below), ("face", other))]
    for cell in cells:
        cell.outputs = [*outputs]
    return v4.new_notebook(cells=[*head, line, *cells], metadata={"course": {"id": "98/01"}})


def shown_below(folder):
    content = nbformat.read(folder / "notebooks/98_trial/01_trial.ipynb", 4)
    return [[*output.data] for cell in content.cells[3:] for output in cell.outputs]


@pytest.fixture
def lined(checkout):
    """Return a checkout whose notebook has a line, and a function that leaves a full run of it."""
    folder, _ = checkout
    path = folder / "notebooks/98_trial/01_trial.ipynb"
    nbformat.write(page_with_line(), path)
    author = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *author, "commit", "-qam", "line"], cwd=folder, check=True)
    commit = commits.head()

    def run(value=1, **more):
        ran(folder, commit, value, **more)
        picture = v4.new_output("display_data", {"image/png": "AAAA", "text/plain": "Figure"})
        content = page_with_line([picture])
        sign(content, {"finished": f"run {value}", "code": "the code"})
        copy = folder / "build/executed/full-real/98_trial/01_trial.ipynb"
        copy.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(content, copy)

    return folder, run


def test_accept_writes_the_outputs_below_the_line_without_photographs(lined):
    folder, run = lined
    faces = {"lfw": {"real": {"source": "local", "fraction": 1.0}}}
    run(datasets=faces)
    assert accepted.accept() == 0
    assert shown_below(folder) == [["image/png", "text/plain"], ["text/plain"]]
    notebook = Notebook(folder / "notebooks/98_trial/01_trial.ipynb")
    assert notebook.meta["code"]["reproduction"] == {"finished": "run 1", "code": "the code"}
    run(2, datasets={"cora": {"real": {"source": "shipped", "fraction": 1.0}}})
    assert accepted.accept() == 0  # only outputs differ from the commit
    assert shown_below(folder) == [["image/png", "text/plain"]] * 2


def test_accept_that_was_stopped_goes_on_at_the_next_call(lined, monkeypatch, accepted_run):
    folder, run = lined
    run()
    for step in ("merge", "write_outputs"):
        with monkeypatch.context() as patch:
            patch.setattr(accepted, step, lambda run: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                accepted.accept()
        assert (accepted_run() == {}) == (step == "merge") and shown_below(folder) == []
    assert accepted.accept() == 0
    assert accepted_run()["finished"] == "run 1" and shown_below(folder)[0][0] == "image/png"


def test_a_cell_that_was_changed_since_the_run_gets_no_outputs(lined):
    folder, run = lined
    run(datasets={})
    path = folder / "notebooks/98_trial/01_trial.ipynb"
    nbformat.write(page_with_line(other="plt.imshow(other_face)"), path)
    author = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    subprocess.run(["git", *author, "commit", "-qam", "later"], cwd=folder, check=True)
    assert accepted.accept() == 0
    assert shown_below(folder) == [["image/png", "text/plain"]]  # of the other cell alone


def test_accept_does_not_take_the_outputs_of_another_run(lined):
    folder, run = lined
    run(2)
    ran(folder, commits.head(), value=1)
    assert accepted.accept() == 0
    assert shown_below(folder) == []


def test_page_shows_measured_beside_reported_with_its_reason(accepted_run, monkeypatch):
    expected = {"report": "000", "section": "Q", "metrics": {}, "printed": {}}
    expected["metrics"]["a"] = {"reported": "0.5", "by": "report"}
    monkeypatch.setattr(results, "reported", lambda: {"98_trial/01_trial": expected})
    before = page.section("98_trial/01_trial", "98/01 Trial")
    assert "| not run | a |  | 0.5 |" in before and "The report:" in before
    part = {"real": {"source": "local", "fraction": 5 / 7349}}
    both = {"sample": {"source": "generated", "fraction": None}, "real": {"fraction": 1.0}}
    ran = result(
        {"a": entry(0.4, sd=0.01, n=5, why="it is harder"), "own_f1": entry(3)},
        datasets={"pets": part, "points": both},
        findings={"It holds.": True, "It does not.": False},
    )
    accepted.merge(ran)
    text = page.section("98_trial/01_trial", "98/01 Trial")
    assert "| short | a | 0.4 ± 0.01 (n = 5) | 0.5 |" in text
    assert "0.5 expected. Gap 0.1; no single run reaches it; it is harder." in text
    assert "| own F1 | 3 |" in text
    assert re.search("2026-11-20 .*real and synthetic.* abc: ", text)
    sets = "pets (real, 0.068 % of it), points (synthetic), points (real)"
    assert f"{sets}; 12 s; 0.8 GB; keras 3." in text
    assert re.search(r"1 of .* 2 .*:\n\n- It does not\.\n", text)
    assert [verdict for _, verdict in overview.verdicts("98_trial/01_trial")] == ["short"]
    trial = Notebook(Path("98_trial/01_trial.ipynb"))
    monkeypatch.setattr(overview, "all_notebooks", lambda: [trial])
    assert "Of 1 numbers that the reports print, our results miss 1." in overview.reached()


@pytest.mark.as_committed
def test_page_and_readme_are_current():
    for path, text in report.pages().items():
        assert path.read_text(encoding="utf-8") == text, "run `python course.py report`"


@pytest.mark.as_committed
def test_the_tables_lead_to_all_pages_and_to_files_that_are_there():
    notebooks = {n.path for n in all_notebooks()}
    sheets = {path.parent / "README.md" for path in notebooks}
    for table, pages in ((overview.NOTEBOOKS_PAGE, notebooks), (overview.README, sheets)):
        text = table.read_text(encoding="utf-8")
        targets = re.findall(r'\]\((?!https?:|#)([^)#]+)|<img src="([^"]+)"', text)
        there = {(table.parent / (link or picture)).resolve() for link, picture in targets}
        assert [str(path) for path in there if not path.exists()] == []
        assert pages <= there


def test_every_photograph_that_a_package_ships_has_its_credit():
    text = (ROOT / "docs" / "credits.md").read_text(encoding="utf-8")
    for name, photograph in SHIPPED.items():
        assert f"| {name.replace('_', ' ')} |" in text and f" | {photograph.credit} |" in text


@pytest.mark.as_committed
def test_links_between_pages_lead_to_a_file_and_a_heading():
    folders = (".", "docs", "docs/results", "data", "notebooks/*")
    paths = [path for folder in folders for path in ROOT.glob(f"{folder}/*.md")]
    pages = {path: path.read_text(encoding="utf-8") for path in paths}
    for notebook in all_notebooks():
        cells = (c for c in notebook.raw["cells"] if c["cell_type"] == "markdown")
        pages[notebook.path] = "\n".join("".join(cell["source"]) for cell in cells)
    broken = []
    for path, text in pages.items():
        prose = re.sub(r"(?s)```.*?```|`[^`\n]*`", "", text)
        for link in re.findall(r"\]\((?!<?https?:|attachment:)([^)\s]*)\)", prose):
            name, _, heading = unquote(link).partition("#")
            target = (path.parent / name).resolve() if name else path
            plain = re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", pages.get(target, ""))  # without links
            headings = re.findall(r"^#+ (.+?) *$", plain, flags=re.M)
            # Jupyter's anchors keep capitals and points.
            own = {h.replace(" ", "-") for h in headings if target.suffix == ".ipynb"}
            known = own | set(map(glossary.anchor, headings))
            if not target.exists() or (heading and heading not in known):
                broken.append(f"{path.relative_to(ROOT)}: {link}")
    assert broken == []
