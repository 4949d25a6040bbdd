"""What ``course.py lab`` opens, and with which options."""

import json
import os
import socket
from pathlib import Path

import pytest
import zmq
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from jupyterlab.commands import get_app_dir
from traitlets.config import Config

from tools.learn import lab, work
from tools.notebook.common import NOTEBOOKS, ROOT, Notebook, Problem, all_notebooks


@pytest.fixture
def started(monkeypatch, tmp_path):
    """Return the command lines and environments that would replace this process."""
    calls = []

    def execve(_, line, environment):
        calls.append((line, environment))
        raise SystemExit(0)

    monkeypatch.setattr(os, "name", "posix")
    monkeypatch.setattr(lab.os, "execve", execve)
    monkeypatch.setattr(lab.os, "chdir", lambda _: None)
    monkeypatch.setattr(lab, "BUILD", tmp_path / "build")
    monkeypatch.setattr(work, "prepare", lambda chosen: [f"{len(chosen)} copied"])
    monkeypatch.setattr(work, "write_solved", lambda chosen: NOTEBOOKS)
    monkeypatch.delenv("JUPYTER_TOKEN", raising=False)
    return calls


def run(*words):
    with pytest.raises(SystemExit):
        lab.main(list(words))


def test_the_terminal_is_left_to_errors_and_lines_are_numbered(started):
    run("--no-browser")
    line, environment = started[0]
    assert "--log-level=ERROR" in line and "--LabApp.log_level=ERROR" in line
    folder = Path(environment["JUPYTER_CONFIG_PATH"].split(os.pathsep)[0])
    server = json.loads((folder / "jupyter_server_config.json").read_text())
    policy = AsyncMappingKernelManager(config=Config(server)).transport_encryption
    assert policy == "auto" and zmq.has("curve")  # else a kernel warns of it
    assert server["ContentsManager"]["allow_hidden"]  # messages name work/.before/ and .given/
    overrides = json.loads((folder / "labconfig/default_setting_overrides.json").read_text())
    name = "@jupyterlab/notebook-extension:tracker"
    known = jupyterlab_schema(name)["codeCellConfig"]["default"]
    assert overrides[name]["codeCellConfig"] == known | {"lineNumbers": True}


def jupyterlab_schema(name):
    package, _, plugin = name.partition(":")
    path = Path(get_app_dir()) / "schemas" / package / f"{plugin}.json"
    return json.loads(path.read_text(encoding="utf-8"))["properties"]


def test_other_options_go_to_jupyterlab_and_stray_words_do_not(started):
    run("--ServerApp.quit_button=False")
    assert "--ServerApp.quit_button=False" in started[0][0]
    with pytest.raises(Problem, match="'8899' is one word too many"):
        lab.main(["06", "8899"])


def test_what_is_opened_first():
    one = [n for n in all_notebooks() if n.id == "06/01"]
    unit = [n for n in all_notebooks() if n.id[:2] == "06"]
    assert lab.first_page(one, NOTEBOOKS, "06/01").endswith("06_graph_networks/01_gat_cora.ipynb")
    assert (
        lab.first_page(unit, NOTEBOOKS, "06") == "/lab/tree/notebooks/06_graph_networks/README.md"
    )
    assert lab.first_page(all_notebooks(), NOTEBOOKS, None) == "/lab/tree/notebooks/README.md"
    alone = [Notebook(ROOT / "notebooks" / "03_activity" / "01_har_conv1d.ipynb")]
    for name in ("03", "3", "03_activity/"):
        assert lab.first_page(alone, NOTEBOOKS, name).endswith("03_activity/README.md")


def test_a_taken_port_is_told_and_the_next_is_found():
    with socket.create_server(("localhost", 0)) as server:
        taken = server.getsockname()[1]
        with pytest.raises(Problem, match=f"port {taken} of localhost can.t be used.* --port"):
            lab.free_port("localhost", taken)
        assert lab.free_port("localhost", None) != taken


def test_switches_reach_the_kernels_and_missing_data_is_named(started, monkeypatch, capsys):
    monkeypatch.setattr(lab, "where", lambda entry: "download")
    run("06/01", "--profile", "full", "--data", "real", "--no-browser")
    environment = started[0][1]
    assert (environment["COURSE_PROFILE"], environment["COURSE_DATA"]) == ("full", "real")
    assert "python course.py data fetch cora" in capsys.readouterr().out
