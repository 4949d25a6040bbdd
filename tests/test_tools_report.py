import base64
import io
import json
import subprocess

import nbformat
import pytest
from PIL import Image

from tools import lab, report
from tools.common import Problem, all_notebooks


def entry(value, data="real", **more):
    return {"value": value, "data": data, **more}


def result(metrics, tier="real", profile="full", **more):
    return {
        "notebook": "98_trial/01_trial",
        "profile": profile,
        "tier": tier,
        "metrics": metrics,
        "fraction": 1.0,
        "seconds": 12.0,
        "peak_mb": 800,
        "commit": "abc",
        **more,
    }


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """Let results go to a folder of the test's own; return a reader of full.json."""
    monkeypatch.setattr(report, "RESULTS", tmp_path / "results")

    def read(profile="full"):
        text = (tmp_path / "results" / f"{profile}.json").read_text(encoding="utf-8")
        return json.loads(text)["notebooks"]["98_trial/01_trial"]

    return read


def test_merge_keeps_profiles_apart(kept):
    report.merge(result({"a": entry(1)}))
    report.merge(result({"a": entry(2)}, profile="quick"))
    assert kept()["metrics"]["a"]["value"] == 1
    assert kept("quick")["metrics"]["a"]["value"] == 2


def test_a_lesser_tier_never_replaces_real(kept, capsys):
    report.merge(result({"a": entry(1), "count": entry(7, "none")}))
    report.merge(result({"a": entry(2, "sample"), "b": entry(3, "sample")}, "sample", seconds=1.0))
    assert kept()["metrics"]["a"]["value"] == 1
    assert kept()["metrics"]["b"]["value"] == 3
    assert (kept()["tier"], kept()["seconds"]) == ("real", 12.0)
    assert "a keeps its measurement" in capsys.readouterr().out


def test_real_replaces_all_that_a_lesser_tier_left(kept):
    report.merge(result({"a": entry(1, "sample"), "gone": entry(2, "sample")}, "sample"))
    report.merge(result({"a": entry(3)}))
    assert kept()["metrics"] == {"a": entry(3)}
    assert kept()["tier"] == "real"


def test_a_newer_real_run_replaces_an_older_one(kept):
    report.merge(result({"a": entry(1), "gone": entry(2)}))
    report.merge(result({"a": entry(3)}))
    assert kept()["metrics"] == {"a": entry(3)}


def repository(folder):
    """Make a git repository with one committed notebook folder."""
    (folder / "notebooks").mkdir()
    (folder / "notebooks" / "a.txt").write_text("a")
    who = ["-c", "user.name=a", "-c", "user.email=a@example.org"]
    for words in (["init", "-q"], ["add", "."], [*who, "commit", "-qm", "first"]):
        subprocess.run(["git", *words], cwd=folder, check=True)


def test_accept_asks_for_a_clean_tree(tmp_path, monkeypatch, kept):
    repository(tmp_path)
    monkeypatch.setattr(report, "ROOT", tmp_path)
    monkeypatch.setattr(report, "BUILD", tmp_path / "build")
    path = tmp_path / "build" / "results" / "x.json"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(result({"a": entry(1)})))
    (tmp_path / "notebooks" / "a.txt").write_text("b")
    with pytest.raises(Problem, match="commit or put away first: notebooks/a.txt"):
        report.accept()
    (tmp_path / "notebooks" / "a.txt").write_text("a")
    report.accept()
    assert kept()["metrics"] == {"a": entry(1)}


def test_accept_without_a_run_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "BUILD", tmp_path)
    with pytest.raises(Problem, match="nothing ran yet"):
        report.accept()


def test_page_shows_no_number_that_no_run_produced():
    expected = {"section": "Q", "metrics": {"a": {"reported": 0.5}}, "printed": {}}
    text = report.notebook_section("98_trial/01_trial", expected, None, exists=False)
    assert "| a | 0.5 |  |  |  | not run |" in text
    assert "not written yet" in text


def test_page_shows_measured_beside_reported_with_its_reason():
    expected = {"section": "Q", "metrics": {"a": {"reported": 0.5}}, "printed": {}}
    ran = result({"a": entry(0.4, sd=0.01, n=5, why="A harder split.")})
    text = report.notebook_section("98_trial/01_trial", expected, ran, exists=True)
    assert "| a | 0.5 | 0.4 ± 0.01 (n = 5) | real |  | short |" in text
    assert "- `a`: A harder split." in text
    assert "12 s, 0.8 GB, 100 % of the official set; commit abc" in text


def test_page_says_which_set_was_not_whole():
    part = {"data": "real", "source": "mirror", "fraction": 5 / 7349}
    whole = {"data": "real", "source": "mirror", "fraction": 1.0}
    ran = result({}) | {"fraction": 5 / 7349, "datasets": {"pets": part, "streets": whole}}
    text = report.run_line(ran)
    assert "0.068 % of the least complete set; pets (real, mirror, 0.068 % of it), streets" in text
    assert "79 % of the official set" in report.run_line(result({}) | {"fraction": 0.7925})


def test_page_and_readme_are_current():
    for path, text in report.pages().items():
        assert path.read_text(encoding="utf-8") == text, "run `python course.py report`"


@pytest.mark.parametrize("notebook", all_notebooks(), ids=lambda n: n.id)
def test_every_notebook_has_a_picture_for_the_readme(notebook):
    assert report.picture_cell(notebook) is not None
    assert report.picture_path(notebook).stat().st_size < 100_000


def test_picture_is_taken_from_the_notebook_s_own_output(template, tmp_path, monkeypatch):
    monkeypatch.setattr(report, "PICTURES", tmp_path)
    stream = io.BytesIO()
    Image.new("RGB", (640, 400), "white").save(stream, format="png")
    cell = next(c for c in template.content.cells if c.id == "fit-figure")
    data = {"image/png": base64.b64encode(stream.getvalue()).decode()}
    cell.outputs = [nbformat.v4.new_output("display_data", data=data)]
    template.content.metadata.course.picture = "fit-figure"
    report.draw_picture(template)
    assert Image.open(report.picture_path(template)).size == (320, 200)
    template.content.metadata.course.picture = "nowhere"
    with pytest.raises(Problem, match="'nowhere'"):
        report.draw_picture(template)


def test_readme_without_its_marks_is_told(tmp_path, monkeypatch):
    (tmp_path / "README.md").write_text("# Title\n")
    monkeypatch.setattr(report, "README", tmp_path / "README.md")
    with pytest.raises(Problem, match="lacks the marks"):
        report.readme_with_table()


def test_lab_starts_on_the_unit_with_the_switches(monkeypatch):
    calls = []

    def start(command, env, check):
        calls.append((command, env))
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(lab.subprocess, "run", start)
    monkeypatch.setattr(lab, "missing", lambda path: ["cora"])
    unit = all_notebooks()[0].path.parent
    assert lab.main([unit.name, "--profile", "full", "--data", "real", "--no-browser"]) == 0
    command, env = calls[0]
    assert command[-2:] == [str(unit), "--no-browser"]
    assert (env["COURSE_PROFILE"], env["COURSE_DATA"]) == ("full", "real")


def test_lab_fetches_only_after_a_yes(monkeypatch, tmp_path):
    (tmp_path / "a.ipynb").touch()
    fetched = []
    monkeypatch.setattr(lab, "missing", lambda path: ["cora"])
    monkeypatch.setattr(lab.catalogue, "main", fetched.append)
    monkeypatch.setattr(lab.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda text: "n")
    lab.offer(tmp_path)
    assert fetched == []
    monkeypatch.setattr("builtins.input", lambda text: "y")
    lab.offer(tmp_path)
    assert fetched == [["fetch", "cora"]]
