"""The entry: what a newcomer types, with the set-up itself replaced by cheap stand-ins."""

import errno
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time

import pytest

import course
from tools import __main__ as entries
from tools.commands import COMMANDS, module_of
from tools.notebook import common

# In place of uv: it makes a Python that says what it was asked, then writes until it is let go.
SLOW_UV = """
import pathlib, sys, time
folder = pathlib.Path(".venv")
if sys.argv[1] == "venv":
    (folder / "bin").mkdir(parents=True)
    (folder / "bin" / "python").write_text("#!/bin/sh\\necho $*\\n")
    (folder / "bin" / "python").chmod(0o755)
elif sys.argv[2] == "sync":
    (folder / "1").write_text("written")
    end = time.monotonic() + 600
    while not pathlib.Path("go").exists() and time.monotonic() < end:
        (folder / "2").write_text("written")
        time.sleep(0.05)
"""


def entry(*words):
    return subprocess.run(
        [sys.executable, str(common.ROOT / "course.py"), *words],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Let course.py take an empty folder for the repository."""
    monkeypatch.setattr(course, "ROOT", tmp_path)
    monkeypatch.setattr(course, "LINK", tmp_path / ".venv")
    monkeypatch.setattr(course, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(course, "READY", tmp_path / ".venv" / "course-ready")
    monkeypatch.setattr(course, "ORIGIN", tmp_path / ".venv" / "course-folder")
    monkeypatch.setattr(course, "REQUIREMENTS", tmp_path / "requirements.txt")
    monkeypatch.setattr(course, "PROJECT", tmp_path / "pyproject.toml")
    (tmp_path / "requirements.txt").write_text("numpy==2.0\n")
    (tmp_path / "pyproject.toml").write_text("[tool.setuptools]\npackages = ['utils']\n")
    return tmp_path


def installs(monkeypatch, folder):
    """Replace the installation by one that counts."""
    calls = []

    def install():
        calls.append("install")
        course.python().parent.mkdir(parents=True, exist_ok=True)
        course.python().touch()
        course.ORIGIN.write_text(course.origin())

    monkeypatch.setattr(course, "install", install)
    return calls


def test_help_lists_every_command_that_is_there():
    done = entry("--help")
    assert done.returncode == 0
    listed = re.findall(r"^  ([\w-]+) +\w", done.stdout, flags=re.M)
    assert listed == list(COMMANDS)
    for name in listed:
        assert importlib.util.find_spec(module_of(name))


def test_the_entry_starts_without_any_package():
    command = [sys.executable, "-S", str(common.ROOT / "course.py"), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == entry("--help").stdout


def test_unknown_command_is_named_and_ends_with_2():
    done = entry("rnu")
    assert done.returncode == 2
    assert "no command 'rnu'; did you mean 'run'?" in done.stderr


def test_environment_is_made_once_and_again_when_what_it_holds_changes(folder, monkeypatch):
    calls = installs(monkeypatch, folder)
    course.prepare()
    (folder / ".venv" / "kept").touch()
    course.prepare()
    assert len(calls) == 1
    (folder / "requirements.txt").write_text("numpy==2.1\n")
    course.prepare()
    assert len(calls) == 2
    assert (folder / ".venv" / "kept").exists()  # brought up to date, not remade
    (folder / "pyproject.toml").write_text("[tool.setuptools]\npackages = ['utils', 'data']\n")
    course.prepare()
    assert len(calls) == 3


def test_half_made_environment_is_made_again(folder, monkeypatch):
    calls = installs(monkeypatch, folder)

    def broken():
        calls.append("broken")
        raise OSError("disk full")

    monkeypatch.setattr(course, "install", broken)
    with pytest.raises(OSError, match="disk full"):
        course.prepare()
    assert not course.READY.exists()
    (folder / ".venv").mkdir(exist_ok=True)
    (folder / ".venv" / "left-behind").touch()
    installs_again = installs(monkeypatch, folder)
    course.prepare()
    assert installs_again == ["install"] and course.READY.exists()
    assert not (folder / ".venv" / "left-behind").exists()


def test_what_a_linked_environment_leads_to_is_used_only_if_it_was_made_for_this_folder(
    folder, tmp_path_factory, monkeypatch, capsys
):
    calls, target = installs(monkeypatch, folder), tmp_path_factory.mktemp("disk")
    (folder / ".venv").symlink_to(target, target_is_directory=True)
    for name, file in {"VENV": "", "READY": "course-ready", "ORIGIN": "course-folder"}.items():
        monkeypatch.setattr(course, name, target / file)
    (target / "course-folder").write_text("another clone")
    (target / "course-ready").write_text("its mark")
    assert course.main(["run"]) == 1
    assert "holds something that was not made for this folder" in capsys.readouterr().err
    assert (target / "course-ready").read_text() == "its mark" and not calls
    (target / "course-folder").unlink()
    (target / "course-ready").unlink()
    course.prepare()
    assert calls == ["install"] and (folder / ".venv").is_symlink()
    assert (target / "course-ready").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in for uv is a POSIX script")
def test_call_after_a_killed_one_waits_for_the_installer_that_it_left(tmp_path):
    shutil.copy(course.__file__, tmp_path)
    (tmp_path / "requirements.txt").write_text("numpy==2.0\n")
    (tmp_path / "pyproject.toml").write_text("[tool.setuptools]\n")
    uv = tmp_path / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text(f"#!{sys.executable}\n{SLOW_UV}")
    uv.chmod(0o755)
    call = {
        "args": [sys.executable, str(tmp_path / "course.py"), "run"],
        "env": os.environ | {"PATH": f"{uv.parent}{os.pathsep}{os.environ['PATH']}"},
        "stderr": subprocess.PIPE,
        "stdout": subprocess.PIPE,
        "text": True,
    }
    first = subprocess.Popen(**call)
    while not (tmp_path / ".venv" / "1").exists() and first.poll() is None:
        time.sleep(0.05)
    first.kill()  # and not the installer
    second = subprocess.Popen(**call)
    told = second.stderr.readline()
    (tmp_path / "go").touch()  # the installer ends, and the next one does not wait
    first.communicate()
    said, rest = second.communicate()
    assert second.returncode == 0, rest
    assert said == "-P -m tools run\n"
    assert "waiting for it" in told and "half-made" in rest


def test_failed_set_up_ends_with_1_and_one_message(folder, monkeypatch, capsys):
    fails = [sys.executable, "-c", "raise SystemExit(9)"]
    monkeypatch.setattr(course, "install", lambda: course.run(fails))
    assert course.main(["run"]) == 1
    message = capsys.readouterr().err
    assert "SystemExit(9) ...` ended with exit code 9" in message and "call again" in message


def test_another_python_is_refused_with_the_known_ones(monkeypatch, capsys):
    monkeypatch.setattr(course, "PYTHONS", ((3, 90), (3, 91)))
    assert course.main(["run"]) == 2
    assert "the course needs 3.90 to 3.91" in capsys.readouterr().err


def test_what_can_not_be_written_is_told_in_one_line(monkeypatch, capsys):
    class Command:
        def main(words):
            raise OSError(errno.EROFS, "Read-only file system", "/a/folder")

    monkeypatch.setattr(entries.importlib, "import_module", lambda name: Command)
    monkeypatch.setenv("KERAS_HOME", "/a/person")
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert entries.main(["run"]) == 2
    told = "course.py run: /a/folder can't be written (Read-only file system)"
    assert told in capsys.readouterr().err
    assert os.environ["KERAS_BACKEND"] == "tensorflow"  # a person's own settings do not count
    assert os.environ["KERAS_HOME"] == str(common.BUILD / "keras")


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {"lab"}))
def test_help_of_every_command_reads_well(command):
    done = subprocess.run(
        [sys.executable, "-m", "tools", command, "--help"],
        capture_output=True,
        text=True,
        check=False,
        cwd=common.ROOT,
    )
    assert done.returncode == 0
    assert done.stdout.startswith("usage: python course.py " + command)
    assert len(done.stdout.splitlines()) >= 5
