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
from tools.notebook import common
from tools.notebook.common import NOTEBOOKS, Problem, select


@pytest.fixture
def run(monkeypatch, tmp_path):
    """Return a function that calls `lab`, up to where JupyterLab would replace this process.

    The function returns the command line and the environment that JupyterLab would have.
    """
    calls = []

    def execve(_, line, environment):
        calls.append((line, environment))
        raise SystemExit(0)

    def run(*words):
        with pytest.raises(SystemExit):
            lab.main([*words, "--no-browser"])
        return calls.pop()

    monkeypatch.setattr(os, "name", "posix")
    monkeypatch.setattr(lab.os, "execve", execve)
    monkeypatch.setattr(lab.os, "chdir", lambda _: None)
    monkeypatch.setattr(common, "BUILD", tmp_path / "build")
    monkeypatch.setattr(work, "prepare", lambda chosen: [f"{len(chosen)} copied"])
    monkeypatch.delenv("JUPYTER_TOKEN", raising=False)
    return run


def test_the_terminal_shows_errors_alone_and_lines_are_numbered(run):
    line, environment = run()
    assert "--log-level=ERROR" in line and "--LabApp.log_level=ERROR" in line
    folder = Path(environment["JUPYTER_CONFIG_PATH"].split(os.pathsep)[0])
    server = json.loads((folder / "jupyter_server_config.json").read_text())
    policy = AsyncMappingKernelManager(config=Config(server)).transport_encryption
    assert policy == "auto" and zmq.has("curve")  # else a kernel warns of it
    assert server["ContentsManager"]["allow_hidden"]  # messages name work/.before/ and .given/
    overrides = json.loads((folder / "labconfig/default_setting_overrides.json").read_text())
    schema = Path(get_app_dir()) / "schemas/@jupyterlab/notebook-extension/tracker.json"
    known = json.loads(schema.read_text(encoding="utf-8"))["properties"]["codeCellConfig"]
    cells = overrides["@jupyterlab/notebook-extension:tracker"]["codeCellConfig"]
    assert cells == known["default"] | {"lineNumbers": True}


def test_the_terminal_names_the_copy_and_how_to_come_back_and_restore(run, capsys):
    run("06/01")
    text = capsys.readouterr().out
    assert "work/06_graph_networks/01_gat_cora.ipynb" in text
    assert "lab again" in text and "work/README.md" in text
    assert "work/.given/" in work.INDEX and "move your copy away" in work.INDEX


def test_other_options_go_to_jupyterlab_and_stray_words_do_not(run):
    assert "--ServerApp.quit_button=False" in run("--ServerApp.quit_button=False")[0]
    with pytest.raises(Problem, match="'8899'"):
        lab.main(["06", "8899"])


@pytest.mark.parametrize(
    ("name", "page"),
    [
        ("06/01", "06_graph_networks/01_gat_cora.ipynb"),
        ("06", "06_graph_networks/README.md"),
        ("3", "03_activity/README.md"),  # of one notebook alone
        ("03_activity/", "03_activity/README.md"),
        (None, "README.md"),
    ],
)
def test_what_is_opened_first(name, page):
    chosen = select([name] if name else [])
    assert lab.first_page(chosen, NOTEBOOKS, name) == f"/lab/tree/notebooks/{page}"


def test_a_taken_port_is_named_and_the_next_is_tried():
    with socket.create_server(("localhost", 0)) as server:
        taken = server.getsockname()[1]
        with pytest.raises(Problem, match=f"port {taken} of localhost.* --port"):
            lab.free_port("localhost", taken)
        assert lab.free_port("localhost", None) != taken


def test_an_address_may_be_of_ipv6_and_what_is_no_address_is_not_blamed_on_a_lab(run, capsys):
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    line, _ = run("--ip", "::1")
    (port,) = (word.partition("=")[2] for word in line if word.startswith("--ServerApp.port="))
    assert f"http://[::1]:{port}/lab" in capsys.readouterr().out
    assert lab.free_port("*", None) >= lab.PORT
    for ip in ("203.0.113.1", "no address"):
        with pytest.raises(Problem, match=ip) as caught:
            lab.free_port(ip, None)
        assert "another lab" not in str(caught.value)


def test_switches_reach_the_kernels_and_missing_data_is_named(run, monkeypatch, capsys):
    monkeypatch.setattr(lab, "where", lambda entry: "downloaded")
    _, environment = run("06/01", "--profile", "full", "--data", "real")
    assert (environment["COURSE_PROFILE"], environment["COURSE_DATA"]) == ("full", "real")
    assert "python course.py data fetch cora" in capsys.readouterr().out


def test_only_what_can_be_fetched_is_to_be_fetched(monkeypatch):
    places = {
        "cora": "local + downloaded",
        "lfw": "by hand",
        "signs": "not to be had",
        "esol": "local",
    }
    monkeypatch.setattr(lab, "where", lambda entry: places[entry.name])
    fetch, *others = lab.missing_data(places)
    assert fetch.endswith("data fetch cora")
    assert [line.split()[0] for line in others] == ["lfw", "signs"]
    assert "https://" in others[0] and "not to be had" in others[1]
