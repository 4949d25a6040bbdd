"""What ``course.py lab`` opens, and with which options."""

import json
import os
import socket
import sys
from pathlib import Path

import pytest
import zmq
from ipykernel.kernelapp import IPKernelApp
from jupyter_client.kernelspec import KernelSpecManager
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


def test_a_number_after_port_is_no_unit(started, capsys):
    with socket.create_server(("localhost", 0)) as server:
        port = server.getsockname()[1]
    run("--port", str(port), "--no-browser", "--solved", "06")
    line, environment = started[0]
    assert f"--ServerApp.port={port}" in line and "--no-browser" in line
    assert "--LabApp.default_url=/lab/tree/notebooks/06_graph_networks/README.md" in line
    token = environment["JUPYTER_TOKEN"]
    told = capsys.readouterr().out
    assert told.count("http") == 1 and f":{port}/lab/tree/notebooks/06" in told and token in told


def test_graders_menus_are_off_and_sheets_are_rendered(started):
    run("--no-browser")
    folder = started[0][1]["JUPYTER_CONFIG_PATH"].split(os.pathsep)[0]
    page = json.loads(Path(folder, "labconfig", "page_config.json").read_text(encoding="utf-8"))
    assert page["disabledExtensions"]["@jupyter/nbgrader"]
    names = ("labconfig/default_setting_overrides.json", "jupyter_server_config.d/nbgrader.json")
    assert all(os.path.isfile(f"{folder}/{name}") for name in names)


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


def test_what_libraries_write_at_their_start_stays_out_of_the_notebook(started):
    run("--no-browser")
    folder = Path(started[0][1]["JUPYTER_PATH"].split(os.pathsep)[0])
    spec = KernelSpecManager(kernel_dirs=[str(folder / "kernels")]).get_kernel_spec("python3")
    kernel = IPKernelApp()
    kernel.parse_command_line(spec.argv[spec.argv.index("-f") :])
    assert spec.argv[0] == sys.executable and not kernel.capture_fd_output


def jupyterlab_schema(name):
    package, _, plugin = name.partition(":")
    path = Path(get_app_dir()) / "schemas" / package / f"{plugin}.json"
    return json.loads(path.read_text(encoding="utf-8"))["properties"]


@pytest.mark.parametrize("ip", ["0.0.0.0", "192.0.2.1"])
def test_an_address_that_others_reach_is_told(started, capsys, monkeypatch, ip):
    monkeypatch.setattr(lab, "free_port", lambda ip, port: 8888)
    run("--ip", ip, "--no-browser")
    assert "others in the network reach it" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--prot 8899", "no option --prot; did you mean --port"),
        ("--prot=8899", "no option --prot; did you mean --port"),
        ("--profil full", "no option --profil; did you mean --profile"),
        ("06 --no-brwser", "no option --no-brwser; did you mean --no-browser"),
        ("--debugg", "no option --debugg; did you mean --debug"),
        ("-z", "no option -z"),
    ],
)
def test_a_misspelt_option_is_told_in_one_line(started, words, told):
    with pytest.raises(Problem, match=told) as caught:
        lab.main(words.split())
    assert len(str(caught.value).splitlines()) == 1 and not started


def test_jupyterlabs_own_options_are_known(started):
    run("--debug", "-y", "--ServerApp.quit_button=False", "--certfile=a.pem")
    assert started[0][0][-4:] == [
        "--debug",
        "-y",
        "--ServerApp.quit_button=False",
        "--certfile=a.pem",
    ]


def test_other_options_go_to_jupyterlab_and_stray_words_do_not(started):
    run("--ServerApp.quit_button=False")
    assert "--ServerApp.quit_button=False" in started[0][0]
    with pytest.raises(Problem, match="'8899' is not understood"):
        lab.main(["06", "8899"])


def test_what_is_opened_first():
    one = [n for n in all_notebooks() if n.id == "06/01"]
    unit = [n for n in all_notebooks() if n.id[:2] == "06"]
    assert lab.first_page(one, NOTEBOOKS, "06/01").endswith("06_graph_networks/01_gat_cora.ipynb")
    assert (
        lab.first_page(unit, NOTEBOOKS, "06") == "/lab/tree/notebooks/06_graph_networks/README.md"
    )
    assert lab.first_page(all_notebooks(), NOTEBOOKS, None) == "/lab/tree/notebooks"
    alone = [Notebook(ROOT / "notebooks" / "03_activity" / "01_har_conv1d.ipynb")]
    for name in ("03", "3", "03_activity/"):
        assert lab.first_page(alone, NOTEBOOKS, name).endswith("03_activity/README.md")


def test_a_taken_port_is_told_and_the_next_is_found():
    with socket.create_server(("localhost", 0)) as server:
        taken = server.getsockname()[1]
        with pytest.raises(Problem, match=f"port {taken} of localhost can.t be used.* --port"):
            lab.free_port("localhost", taken)
        assert lab.free_port("localhost", None) != taken


def test_switches_reach_the_kernels_and_missing_data_is_offered(started, monkeypatch, capsys):
    monkeypatch.setattr(lab, "missing", lambda notebook: ["cora"])
    run("06/01", "--profile", "full", "--data", "real", "--no-browser")
    environment = started[0][1]
    assert (environment["COURSE_PROFILE"], environment["COURSE_DATA"]) == ("full", "real")
    assert "python course.py data fetch cora" in capsys.readouterr().out


def test_data_is_fetched_only_after_a_yes(monkeypatch):
    fetched = []
    monkeypatch.setattr(lab, "missing", lambda notebook: ["cora"])
    monkeypatch.setattr(lab.catalogue, "main", fetched.append)
    monkeypatch.setattr(lab.sys.stdin, "isatty", lambda: True, raising=False)
    some = all_notebooks()[:2]
    monkeypatch.setattr("builtins.input", lambda text: "n")
    lab.offer(some)
    assert fetched == []
    monkeypatch.setattr("builtins.input", lambda text: "y")
    lab.offer(some)
    assert fetched == [["fetch", "cora"]]
