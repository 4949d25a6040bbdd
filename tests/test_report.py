import base64
import io
import json

import matplotlib.pyplot as plt
import numpy as np
import pytest
from PIL import Image

import utils
from utils import lessons, report, results, touch


def saved(tmp_path, data="sample"):
    path = tmp_path / "results" / f"98_trial__01_trial.quick.{data}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_record_keeps_value_spread_and_tier(course, tmp_path):
    report.record("accuracy", np.float32(0.5), data="sample", sd=0.25, n=np.int64(5), note="seeds")
    assert saved(tmp_path)["metrics"] == {
        "accuracy": {"value": 0.5, "sd": 0.25, "n": 5, "data": "sample", "note": "seeds"}
    }


def test_each_start_and_tier_has_its_own_numbers(course, tmp_path):
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
    with pytest.raises(ValueError, match="accuracy = .* is not a finite number"):
        report.record("accuracy", value, data="sample")


def test_record_without_a_course_says_what_to_do():
    with pytest.raises(RuntimeError, match="utils.start"):
        report.record("accuracy", 0.5, data="sample")


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


# ------------------------------------------------------------------ claims and the full run


def test_a_claim_is_printed_with_its_tick_and_saved(course, capsys, tmp_path):
    report.check("Without skip  links\nthe borders blur.", np.bool_(True))
    report.check("A second round helps.", 0.86 > 0.9)
    first, second, remedy = capsys.readouterr().out.splitlines()
    assert first == "\u2713 Without skip links the borders blur."
    assert second == "\u2717 Not so with profile quick, data sample: A second round helps."
    assert "what you wrote" in remedy
    assert saved(tmp_path)["findings"] == {
        "Without skip links the borders blur.": True,
        "A second round helps.": False,
    }


def test_a_check_without_a_claim_or_a_comparison_is_refused(course):
    with pytest.raises(ValueError, match="needs a sentence"):
        report.check("", True)
    with pytest.raises(ValueError, match="0.9 is not a truth value"):
        report.check("Links help.", 0.9)


@pytest.fixture
def full(course, monkeypatch, tmp_path):
    """Accept a full run of the course's notebook and a ratio; return what does that."""
    monkeypatch.setattr(results, "RESULTS", tmp_path)
    monkeypatch.setattr(results, "code_hash", lambda notebook: "as it is")

    def accept(sources=("real",), code="as it is"):
        metrics = {
            "accuracy": {"value": 0.9, "sd": 0.01, "n": 5, "data": "real"},
            "own": {"value": 7, "data": "sample"},
        }
        run = {"metrics": metrics, "finished": "2026-11-20T1", "commit": "abc", "tier": "real"}
        run |= {"datasets": {"one": {source: {} for source in sources}}, "code": code}
        ratio = {"metrics": {course.notebook: {"ratio": {"value": 3.0, "data": "real"}}}}
        for name, part, content in (
            ("full", "notebooks", {course.notebook: run}),
            ("bench", "benchmarks", {"library": ratio}),
        ):
            (tmp_path / f"{name}.json").write_text(json.dumps({part: content}))

    return accept


def test_the_table_shows_the_full_run_beside_this_one(course, full, monkeypatch):
    full()
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
    assert table.caption.endswith("; full run of 2026-11-20 on real data, commit abc")


@pytest.mark.parametrize(
    ("sources", "code", "ends"),
    [
        (["sample", "real"], "as it is", "on real and synthetic data, commit abc"),
        ([], "as it was", "on real data, commit abc, code changed since"),
    ],
)
def test_the_caption_says_on_which_data_and_of_which_code_the_full_run_is(
    course, full, sources, code, ends
):
    full(sources, code)
    assert report.table().caption.endswith(f"; full run of 2026-11-20 {ends}")


def test_numbers_to_touch_become_text_and_pictures(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    grey = np.array([[0, 255]], np.uint8)
    rows, long = np.array([[1.23456, 2], [3, 4]]), [[0.5] * 21, [1, 2]]
    report.touch("boxes", width=2, name="a", rows=rows, long=long, png=grey)
    page = shown[0].pop("text/html")
    ((mime, content),) = shown[0].items()
    assert mime == "application/vnd.course.boxes+json"
    assert page == touch.frame("boxes", content)
    png = content.pop("png")
    assert content == {
        "width": 2,
        "name": "a",
        "rows": [{"numbers": "1.235 2"}, {"numbers": "3 4"}],
        "long": [{"numbers": " ".join(["0.5"] * 21)}, [1, 2]],
    }
    file = io.BytesIO(base64.b64decode(png.removeprefix("data:image/png;base64,")))
    np.testing.assert_array_equal(np.asarray(Image.open(file)), grey)
