import base64
import io
import json

import matplotlib.pyplot as plt
import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter
from PIL import Image

import utils
from utils import report, touch


def kept(tmp_path, profile="quick"):
    path = tmp_path / "results" / f"98_trial__01_trial.{profile}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def test_record_keeps_value_spread_and_tier(course, tmp_path):
    report.record("accuracy", np.float32(0.5), data="sample", sd=0.25, n=np.int64(5), note="seeds")
    assert kept(tmp_path)["metrics"] == {
        "accuracy": {"value": 0.5, "sd": 0.25, "n": 5, "data": "sample", "note": "seeds"}
    }


def test_a_new_start_forgets_what_was_recorded(course, tmp_path):
    report.record("old", 1, data="none")
    utils.start(course.notebook)
    report.record("new", 2, data="none")
    assert list(kept(tmp_path)["metrics"]) == ["new"]


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), "0.9", None, True, [1.0, np.nan], []]
)
def test_what_is_no_finite_number_is_refused(course, value):
    with pytest.raises(ValueError, match="accuracy = .* is not a finite number"):
        report.record("accuracy", value, data="sample")


def test_unknown_tier_is_refused(course):
    with pytest.raises(ValueError, match="'fake' is not known"):
        report.record("accuracy", 0.5, data="fake")


def test_record_without_a_course_says_what_to_do():
    with pytest.raises(RuntimeError, match="utils.start"):
        report.record("accuracy", 0.5, data="sample")


@pytest.mark.parametrize(
    ("entry", "expected", "verdict"),
    [
        (None, {"reported": 0.9}, "not run"),
        ({"value": 0.9, "data": "sample"}, {"reported": 0.9}, "not comparable"),
        ({"value": 0.9, "data": "stand-in"}, {"reported": 0.9}, "not comparable"),
        ({"value": 0.9, "data": "sample"}, {"goal": ">= 0.8", "tier": "sample"}, "met"),
        ({"value": 12075, "data": "none"}, {"reported": 12075, "exact": True}, "matched"),
        ({"value": 12076, "data": "none"}, {"reported": 12075, "exact": True}, "short"),
        ({"value": 0.88, "sd": 0.02, "data": "real"}, {"reported": 0.9}, "matched"),
        ({"value": 0.80, "sd": 0.02, "data": "real"}, {"reported": 0.9}, "short"),
        ({"value": 0.96, "sd": 0.02, "data": "real"}, {"reported": 0.9}, "better"),
        ({"value": 0.8917, "data": "real"}, {"reported": 0.9, "test_items": 120}, "matched"),
        ({"value": 0.96, "data": "real"}, {"reported": 0.9}, "better once"),
        ({"value": 0.05, "sd": 0.02, "data": "real"}, {"reported": 0.03}, "in its spread"),
        ({"value": 3.0, "data": "real"}, {"reported": 8.0, "unit": "ms"}, "not comparable"),
        ({"value": 9.0, "data": "real"}, {"goal": "<= 8", "unit": "ms"}, "short"),
        ({"value": 0.96, "data": "real"}, {"goal": ">= 0.97"}, "short"),
        ({"value": 0.98, "data": "real"}, {"goal": ">= 0.97"}, "met"),
        ({"value": 0.99, "data": "real"}, {"reported": 0.85, "goal": ">= 0.995"}, "short"),
        ({"value": 0.5, "data": "real"}, {"note": "beside it"}, ""),
        ({"value": [0.5, 0.6], "data": "real"}, {"reported": [0.46, 0.47]}, "better once"),
        ({"value": [0.5, 0.4], "data": "real"}, {"reported": [0.46, 0.47]}, "short"),
        ({"value": [0.98, 0.97], "data": "real"}, {"goal": ">= 0.97"}, "met"),
        ({"value": [0.98, 0.96], "data": "real"}, {"goal": ">= 0.97"}, "short"),
        ({"value": [0.1, 0.3], "data": "real"}, {"goal": "<= 0.2"}, "short"),
        ({"value": [0.6196, 0.6273], "data": "real"}, {"reported": [0.627, 0.6196]}, "short"),
        ({"value": 1.04e-5, "data": "real"}, {"reported": 1e-5}, "matched"),
        ({"value": 0.4, "data": "real"}, {"reported": 1e-5, "better": "lower"}, "short"),
        ({"value": 1234568.4, "data": "real"}, {"reported": 1234568}, "matched"),
        ({"value": 1234570, "data": "real"}, {"reported": 1234568, "better": "lower"}, "short"),
    ],
)
def test_verdict(entry, expected, verdict):
    assert report.verdict(entry, expected) == verdict


@pytest.mark.parametrize(
    ("number", "unit"),
    [(0.94, 0.01), (1e-5, 1e-5), (2.5e-5, 1e-6), (30, 1.0), (1200000.0, 1.0), (8.0, 1.0)],
)
def test_a_reported_number_is_known_to_its_last_digit(number, unit):
    assert report._last_digit(number) == pytest.approx(unit)


def test_a_goal_that_is_not_understood_is_refused():
    with pytest.raises(ValueError, match="at least"):
        report.meets(1.0, "at least 0.5")


def test_table_shows_numbers_that_the_report_does_not_have(course):
    report.record("own_number", 0.123456, data="sample", sd=0.01, n=3)
    text = repr(report.table())
    assert "profile quick, data sample" in text
    assert "own_number" in text and "0.1235 ± 0.01 (n = 3)" in text


def test_table_s_html_escapes(course):
    report.record("a<b", 1, data="none")
    assert "a&lt;b" in report.table()._repr_html_()


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


def test_a_setting_is_never_better_or_worse():
    threshold = {"reported": 1.65, "setting": True}
    for value in (1.5, 1.65, 1.75):
        assert report.verdict({"value": value, "data": "real"}, threshold) == "not comparable"


# ------------------------------------------------------------------ findings and the full run


def test_a_claim_is_printed_with_its_tick_and_kept(course, capsys, tmp_path):
    report.check("Without skip  links\nthe borders blur.", np.bool_(True))
    report.check("A second round helps.", 0.86 > 0.9)
    first, second = capsys.readouterr().out.splitlines()
    assert first == "\u2713 Without skip links the borders blur."
    assert second == "\u2717 Not so with profile quick, data sample: A second round helps."
    assert kept(tmp_path)["findings"] == {
        "Without skip links the borders blur.": True,
        "A second round helps.": False,
    }


@pytest.mark.parametrize(
    ("claim", "holds", "wrong"),
    [("", True, "needs a sentence"), ("Links help.", 0.9, "0.9 is not a truth value")],
)
def test_a_check_without_a_claim_or_a_comparison_is_refused(course, claim, holds, wrong):
    with pytest.raises(ValueError, match=wrong):
        report.check(claim, holds)


def test_a_finding_is_printed_and_kept(course, capsys):
    report.finding("Without skip  links\nthe borders blur.", np.bool_(True))
    report.finding("A second round helps.", 0.86 > 0.9)
    out = capsys.readouterr().out
    assert "Finding: Without skip links the borders blur." in out
    assert "Does not hold here (profile quick, data sample): A second round helps." in out
    kept = json.loads(report.result_path(course.notebook, "quick").read_text("utf-8"))
    assert kept["findings"] == {
        "Without skip links the borders blur.": True,
        "A second round helps.": False,
    }


def test_a_finding_says_how_many_trainings_stand_behind_it(course, capsys):
    report.finding("Links help.", np.bool_(True), of="12 trainings")
    report.finding("In this run they help.", True, of="1 training")
    assert "Finding (12 trainings): Links help." in capsys.readouterr().out
    kept = json.loads(report.result_path(course.notebook, "quick").read_text("utf-8"))
    assert kept["stand_on"] == {
        "Links help.": "12 trainings",
        "In this run they help.": "1 training",
    }
    with pytest.raises(ValueError, match="says no number"):
        report.finding("They help often.", True, of="many trainings")


@pytest.mark.parametrize(("sentence", "holds"), [("", True), ("  ", True), ("Seen.", 0.3)])
def test_what_is_no_finding(course, sentence, holds):
    with pytest.raises(ValueError, match="without a sentence|neither true nor false"):
        report.finding(sentence, holds)


def test_a_cell_that_is_run_again_says_its_finding_anew(course):
    report.finding("Links help.", True, of="3 trainings")
    report.finding("Links help.", False)
    kept = json.loads(report.result_path(course.notebook, "quick").read_text("utf-8"))
    assert kept["findings"] == {"Links help.": False}
    assert not kept.get("stand_on")


@pytest.fixture
def full(course, monkeypatch, tmp_path):
    """Accept a full run of the course's notebook, and what is newer; return what does that."""
    monkeypatch.setattr(report, "RESULTS", tmp_path)

    def accept(tier="real", older=()):
        metrics = {
            "accuracy": {"value": 0.9, "sd": 0.01, "n": 5, "data": "real"},
            "own": {"value": 7, "data": "sample"},
        }
        sets = {"one": {"data": tier}}
        run = {"metrics": metrics, "finished": "2026-11-20T1", "commit": "abc", "tier": "real"}
        newer = {"commit": "abc", "own": [*older], "library": ["utils.boxes"]}
        ratio = {"metrics": {course.notebook: {"ratio": {"value": 3.0, "data": "real"}}}}
        for name, part, content in (
            ("full", "notebooks", {course.notebook: run | {"datasets": sets}}),
            ("stale", "notebooks", {course.notebook: newer}),
            ("bench", "benchmarks", {"peer": ratio}),
        ):
            (tmp_path / f"{name}.json").write_text(json.dumps({part: content}))

    return accept


def test_the_table_shows_the_full_run_beside_this_one(course, full, monkeypatch):
    full()
    expected = {"accuracy": {"reported": 0.85}, "ratio": {"goal": ">= 2"}}
    monkeypatch.setattr(report, "reported", lambda: {course.notebook: {"metrics": expected}})
    report.record("accuracy", 0.7, data="sample", why="A short run.")
    table = report.table()
    assert list(table.frame)[-2:] == ["full run", "its verdict"]
    rows = {row["metric"]: row for _, row in table.frame.iterrows()}
    assert list(rows) == ["accuracy", "ratio", "own"]
    assert rows["accuracy"]["verdict"] == "not comparable"
    assert rows["accuracy"]["full run"] == "0.9 ± 0.01 (n = 5)"
    assert rows["accuracy"]["its verdict"] == "better"
    assert (rows["ratio"]["full run"], rows["ratio"]["its verdict"]) == ("3", "met")
    assert (rows["own"]["measured"], rows["own"]["full run"]) == ("", "7 (sample)")
    assert table.caption.endswith("; full run on real data of 2026-11-20")


def test_a_table_is_made_again_from_what_its_output_carries(course, full):
    report.record("accuracy", 0.7, data="sample", n=3, why="A short run.")
    data, metadata = DisplayFormatter().format(report.table())
    full()
    again = report.table_of(json.loads(json.dumps(metadata["course"])))
    assert list(again.frame.iloc[0, :4]) == ["accuracy", "", "0.7 (n = 3)", "sample"]
    assert repr(report.table()) == repr(again) != data["text/plain"]
    assert "of 2026-11-20</caption>" in again._repr_html_()


@pytest.mark.parametrize(
    ("tier", "older", "told"),
    [
        ("sample", [], "; full run on drawn data of 2026-11-20"),
        (
            "real",
            ["fit"],
            "; full run on real data of 2026-11-20, of older code than this (commit abc)",
        ),
    ],
)
def test_the_caption_says_on_which_data_and_of_which_code_the_full_run_is(
    course, full, tier, older, told
):
    full(tier, older)
    assert report.table().caption.endswith(told)


def test_numbers_to_touch_are_handed_over_as_text_and_pictures(monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw: shown.append(data))
    grey = np.array([[0, 255]], np.uint8)
    rows, long = np.array([[1.23456, 2], [3, 4]]), [[0.5] * 21, [1, 2]]
    report.touch("boxes", width=2, name="a", rows=rows, long=long, png=grey)
    page = shown[0].pop("text/html")
    ((mime, handed),) = shown[0].items()
    assert mime == "application/vnd.course.boxes+json"
    assert page == touch.frame("boxes", handed)
    png = handed.pop("png")
    assert handed == {
        "width": 2,
        "name": "a",
        "rows": [{"numbers": "1.235 2"}, {"numbers": "3 4"}],
        "long": [{"numbers": " ".join(["0.5"] * 21)}, [1, 2]],
    }
    file = io.BytesIO(base64.b64decode(png.removeprefix("data:image/png;base64,")))
    np.testing.assert_array_equal(np.asarray(Image.open(file)), grey)


@pytest.mark.parametrize(
    ("number", "digits", "shown"),
    [(129.3, 2, "130"), (27_853.2, 4, "27,850"), (99.96, 3, "100"), (0.0127, 2, "0.013")],
)
def test_rounded_numbers_have_no_exponent_above_one(number, digits, shown):
    assert report.rounded(number, digits) == shown
