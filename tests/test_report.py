import base64
import io
import json

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

import utils
from utils import _start, lessons, report, results, touch


def saved(tmp_path, data="sample"):
    path = tmp_path / "results" / f"98_trial__01_trial.lesson.{data}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_record_saves_value_spread_and_data(course, tmp_path, monkeypatch):
    report.record("accuracy", np.float32(0.5), data="sample", sd=0.25, n=np.int64(5), note="seeds")
    assert saved(tmp_path)["metrics"] == {
        "accuracy": {"value": 0.5, "sd": 0.25, "n": 5, "data": "sample", "note": "seeds"}
    }
    monkeypatch.setattr(_start, "_current", None)
    with pytest.raises(RuntimeError, match="utils.start"):
        report.record("accuracy", 0.5, data="sample")


def test_each_start_and_kind_of_data_has_its_own_numbers(course, tmp_path):
    report.record("old", 1, data="none")
    utils.start(course.notebook)
    report.record("accuracy", 0.5, data="sample")
    utils.start(course.notebook, data="real")
    report.record("accuracy", 0.7, data="real")
    assert list(saved(tmp_path)["metrics"]) == ["accuracy"]
    assert saved(tmp_path, "real")["metrics"]["accuracy"]["value"] == 0.7


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), "0.9", None, True, [1.0, np.nan], []]
)
def test_what_is_no_finite_number_is_refused(course, value):
    with pytest.raises(ValueError, match="accuracy = "):
        report.record("accuracy", value, data="sample")


@pytest.mark.parametrize(
    ("value", "saved_value"),
    [
        (np.array(0.5), 0.5),
        (np.array([1, 2]), [1, 2]),
        ([np.float32(0.5), np.array(3)], [0.5, 3]),
        ((1, 2.5), [1, 2.5]),
        (np.eye(2, dtype=int), [[1, 0], [0, 1]]),
    ],
)
def test_numbers_of_numpy_are_saved_as_plain_ones(course, tmp_path, value, saved_value):
    report.record("accuracy", value, data="sample", sd=np.array(0.25), n=np.array(5))
    entry = saved(tmp_path)["metrics"]["accuracy"]
    assert entry == {"value": saved_value, "sd": 0.25, "n": 5, "data": "sample"}


@pytest.mark.parametrize(
    "wrong",
    [
        *({"sd": np.nan}, {"sd": []}, {"sd": [0.1, 0.2]}, {"sd": -0.1}),
        *({"n": np.array(np.inf)}, {"n": [3]}, {"n": 0}, {"n": 2.5}),
    ],
)
def test_what_is_no_number_is_named(course, wrong):
    (name,) = wrong
    with pytest.raises(ValueError, match=f"{name} of accuracy"):
        report.record("accuracy", 0.5, data="sample", **wrong)


def test_figures_are_saved_from_full_runs_on_real_data_alone(course, tmp_path):
    fig, ax = plt.subplots()
    ax.plot([0, 1], [0, 1])
    report.figure(fig, "curve")
    assert not list(tmp_path.rglob("*.svg"))
    full = utils.start(course.notebook, profile="full", data="real")
    report.figure(fig, "curve")
    assert full.figures == ["curve.svg"]
    assert [p.name for p in tmp_path.rglob("*.svg")] == ["curve.svg"]
    assert not list(tmp_path.rglob("*.partial"))


def test_a_claim_is_printed_with_whether_it_holds_and_saved(course, capsys, tmp_path):
    report.check("Without skip  links\nthe borders blur.", np.bool_(True))
    report.check("A second round helps.", 0.86 > 0.9)
    first, second, *_ = capsys.readouterr().out.splitlines()
    assert first == "measured: Without skip links the borders blur."
    assert second == f"{report.NOT_SO} (profile lesson, data sample): A second round helps."
    report.check("A second round helps.", 0.91 > 0.9)  # as in a loop: once it did not
    assert [*saved(tmp_path)["findings"].values()] == [True, False]
    quick = utils.start(course.notebook, profile="quick")
    quick.pick(quick={}, lesson={})
    capsys.readouterr()
    report.check("A second round helps.", 0.86 > 0.9)
    assert report.NOT_SO not in (text := capsys.readouterr().out) and "quick" in text


def test_a_lesson_shows_a_number_of_the_accepted_full_run(course, monkeypatch, tmp_path):
    monkeypatch.setattr(results, "RESULTS", tmp_path)
    with pytest.raises(LookupError, match="'gap'.* run 98/01 --profile full"):
        report.full("gap")
    metrics = {"gap": {"value": 0.04, "sd": 0.01, "n": 3, "data": "real"}}
    metrics["count"] = {"value": 7, "data": "none"}
    full_runs = {"notebooks": {course.notebook: {"metrics": metrics}}}
    (tmp_path / "full.json").write_text(json.dumps(full_runs))
    assert report.full("gap") == report.Measured(0.04, 0.01, 3, "real")
    assert report.full("count").n == 1 and np.isnan(report.full("count").sd)
    with pytest.raises(LookupError, match="count, gap"):
        report.full("lost")
    utils.start(course.notebook, profile="full")
    assert np.isnan(report.full("lost").value)  # the run that is to measure it


@pytest.fixture
def accept(course, monkeypatch, tmp_path):
    """Return a function that accepts a full run of the course's notebook and a ratio."""
    monkeypatch.setattr(results, "RESULTS", tmp_path)
    monkeypatch.setattr(results, "code_hash", lambda notebook: "as it is")

    def write(sources, code, own):
        metrics = {
            "accuracy": {"value": 0.9, "sd": 0.01, "n": 5, "data": "real"},
            "own": {"value": 7, "data": own},
        }
        run = {"metrics": metrics, "finished": "2026-11-20T1", "commit": "abc", "data": "real"}
        run |= {"datasets": {"one": {source: {} for source in sources}}, "code": code}
        full = {"notebooks": {course.notebook: run}}
        ratio = {"metrics": {course.notebook: {"ratio": {"value": 3.0, "data": "real"}}}}
        (tmp_path / "full.json").write_text(json.dumps(full))
        (tmp_path / "bench.json").write_text(json.dumps({"benchmarks": {"library": ratio}}))

    return write


def test_the_table_shows_the_full_run_beside_this_one(accept, monkeypatch):
    accept(["real"], "as it is", own="sample")  # made in the notebook
    expected = {"accuracy": {"reported": 0.85}, "ratio": {"goal": ">= 2"}, "own": {}}
    monkeypatch.setattr(lessons, "reported", lambda name: {"metrics": expected})
    report.record("accuracy", 0.7, data="sample", why="A short run.")
    table = report.table()
    assert list(table.frame) == ["number", "source", "this run", "full run"]
    assert table.frame.to_numpy().tolist() == [
        ["accuracy", "0.85", "0.7", "0.9 ± 0.01 (n = 5)"],
        ["ratio", "", "", "3"],
        ["own", "", "", "7 (sample)"],
    ]
    mixed = "; full run of 2026-11-20 on real and synthetic data, commit abc"
    assert table.caption.endswith(mixed)
    accept(["sample", "real"], "as it was", own="none")
    assert report.table().caption.endswith(f"{mixed}, code changed since")
    accept(["real"], "as it is", own="none")
    assert report.table().caption.endswith("; full run of 2026-11-20 on real data, commit abc")


def test_the_table_of_a_full_run_has_goals_and_verdicts_and_the_benchmarks(accept, monkeypatch):
    accept(["real"], "as it is", own="none")
    why = "fewer epochs"
    expected = {"accuracy": {"reported": 0.85, "why": why}, "ratio": {"goal": ">= 2"}}
    monkeypatch.setattr(lessons, "reported", lambda name: {"metrics": expected})
    utils.start("98_trial/01_trial", profile="full", data="real")
    report.record("accuracy", 0.7, data="real")
    table = report.table()
    assert list(table.frame) == ["number", "source", "goal", "measured", "verdict"]
    assert table.frame.to_numpy().tolist() == [
        ["accuracy", "0.85", "", "0.7", f"short: {why}"],
        ["ratio", "", ">= 2", "3", "better"],
    ]


def test_numbers_to_touch_become_text_and_pictures(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    grey = np.array([[0, 255]], np.uint8)
    rows, lists = np.array([[1.23456, 2], [3, 4]]), [np.array([0.5]), [1, 2]]
    report.touch("boxes", width=2, rows=rows, lists=lists, png=grey)
    content = shown[0]["application/vnd.course.boxes+json"]
    assert shown[0]["text/html"] == touch.frame("boxes", content)
    png, lists = content.pop("png"), [{"numbers": "0.5"}, [1, 2]]
    rows = [{"numbers": "1.235 2"}, {"numbers": "3 4"}]
    assert content == {"width": 2, "rows": rows, "lists": lists}
    counts = np.array([123456, -7]), np.array([True, False]), np.array([1234567.0, 0.5])
    texts, scalars = np.array(["a", "b"]), [np.array(3), np.float64(0.25), np.int64(123456)]
    report.touch("boxes", counts=[*counts, counts[0][None]], texts=texts, scalars=scalars)
    assert json.loads(json.dumps(shown[1]["application/vnd.course.boxes+json"])) == {
        "counts": [{"numbers": "123456 -7"}, {"numbers": "1 0"}, {"numbers": "1.235e+06 0.5"},
                   [{"numbers": "123456 -7"}]],
        "texts": ["a", "b"],
        "scalars": [3, 0.25, 123456],
    }  # fmt: skip
    file = io.BytesIO(base64.b64decode(png.removeprefix("data:image/png;base64,")))
    np.testing.assert_array_equal(np.asarray(Image.open(file)), grey)
