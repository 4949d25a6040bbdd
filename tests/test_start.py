import json
import os
import random
import subprocess
import sys

import numpy as np
import pytest

import utils
from utils import _start, lessons

NAME = "98_trial/01_trial"


def test_argument_wins_over_environment_and_environment_over_default(monkeypatch, capsys):
    monkeypatch.delenv("COURSE_PROFILE", raising=False)
    assert utils.start(NAME).profile == "lesson"  # students' own
    text = capsys.readouterr().out
    assert "profile lesson · data sample · seed 0" in text
    assert _start.MACHINES in text
    utils.start(NAME, trains=False)
    assert _start.MACHINES not in capsys.readouterr().out
    monkeypatch.setenv("COURSE_PROFILE", "full")
    monkeypatch.setenv("COURSE_DATA", "real")
    course = utils.start(NAME)
    assert (course.profile, course.data) == ("full", "real")
    course = utils.start(NAME, profile="quick", data="sample")
    assert (course.profile, course.data) == ("quick", "sample")


def test_an_unknown_switch_is_named_with_the_known_ones(monkeypatch):
    with pytest.raises(ValueError, match="profile='fast'.*'quick'.*'lesson'.*'full'"):
        utils.start(NAME, profile="fast")
    monkeypatch.setenv("COURSE_DATA", "fake")
    with pytest.raises(ValueError, match="COURSE_DATA='fake'"):
        utils.start(NAME)


def test_same_seed_gives_the_same_numbers():
    utils.start(NAME, seed=3)
    first = (random.random(), np.random.rand())  # noqa: NPY002
    utils.start(NAME, seed=3)
    assert (random.random(), np.random.rand()) == first  # noqa: NPY002


def test_pick_gives_the_profile_s_values_as_attributes():
    quick, lesson, full = dict(epochs=2, seeds=1), dict(epochs=9, seeds=3), dict(epochs=30, seeds=5)

    def picked(profile, **sizes):
        course = utils.start(NAME, profile=profile)
        return course.pick(**sizes).epochs, course.decides

    three = dict(quick=quick, lesson=lesson, full=full)
    assert picked("quick", **three) == (2, False)
    assert picked("lesson", **three) == (9, True)
    assert picked("full", **three) == (30, True)
    assert picked("full", quick=quick, lesson=lesson) == (9, True)
    # A page that has no lesson yet: its quick run is what students see.
    assert picked("lesson", quick=quick, full=full) == (2, True)
    assert picked("quick", quick=quick, full=full) == (2, True)
    # A second pick, for the reproduction, does not let a short lesson decide.
    course = utils.start(NAME, profile="quick")
    course.pick(**three)
    course.pick(quick=quick, full=full)
    assert not course.decides
    with pytest.raises(ValueError, match="seeds"):
        picked("quick", quick=quick, lesson=lesson, full=dict(epochs=2))
    with pytest.raises(ValueError, match="lesson="):
        picked("quick", quick=quick)


@pytest.mark.parametrize("name", ["06/01", "06_graphs/01_gat"])
def test_numbers_and_names_stand_for_a_notebook_of_the_course(tmp_path, monkeypatch, name):
    monkeypatch.setattr(lessons, "FOLDER", tmp_path)
    (tmp_path / "06_graphs" / "01_gat").mkdir(parents=True)
    (tmp_path / "06_graphs" / "01_gat" / "lesson.toml").touch()
    assert _start.full_name(name) == "06_graphs/01_gat"
    with pytest.raises(ValueError, match="'06/03'"):
        _start.full_name("06/03")


def test_a_set_that_few_have_is_real_where_its_files_are(tmp_path, monkeypatch, capsys):
    def chosen(source):
        """Return from which source a course takes a set, and the line that says so."""
        course = utils.start(NAME, data=source)
        capsys.readouterr()
        return course.dataset("forged_faces"), capsys.readouterr().out

    monkeypatch.setenv("COURSE_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))
    for source in ("sample", "real"):
        taken, message = chosen(source)
        assert taken == "sample" and message.endswith("COURSE_DATA_DIR/forged_faces\n")
    for top in ("fakes_dataset", "synthetic_dataset"):
        (tmp_path / "forged_faces" / top).mkdir(parents=True)
    assert chosen("sample")[0] == "sample"
    assert chosen("real") == ("real", "forged_faces: the real files\n")


def test_other_settings_of_keras_and_matplotlib_are_replaced(tmp_path):
    wanted = {"floatx": "float64", "backend": "jax", "image_data_format": "channels_first"}
    (tmp_path / "keras.json").write_text(json.dumps(wanted))
    code = """
import utils, keras, matplotlib
utils.start("06/01")
print(matplotlib.rcParams["text.usetex"], matplotlib.rcParams["font.size"])
print(keras.layers.Conv2D(1, 3).data_format, keras.layers.Dense(1).dtype, keras.config.backend())
"""
    (tmp_path / "matplotlibrc").write_text("text.usetex: True\nfont.size: 30\n")
    environment = os.environ | {"KERAS_HOME": str(tmp_path), "KERAS_BACKEND": "torch"}
    environment["MPLCONFIGDIR"] = str(tmp_path)
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.stdout.endswith("False 10.0\nchannels_last float32 tensorflow\n")


def test_a_file_that_hides_the_data_package_is_named(tmp_path):
    (tmp_path / "data.py").touch()
    code = f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import utils"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert f"{tmp_path / 'data.py'} hides the course's package" in done.stderr
