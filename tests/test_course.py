"""The entry: what a newcomer types, with the set-up itself replaced by cheap stand-ins."""

import errno
import importlib
import os
import re
import subprocess
import sys

import pytest

import course
from tools import __main__ as entries
from tools.commands import COMMANDS, module_of
from tools.notebook import common


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Let course.py take an empty folder for the repository."""
    monkeypatch.setattr(course, "ROOT", tmp_path)
    monkeypatch.setattr(course, "LINK", tmp_path / ".venv")
    use(monkeypatch, tmp_path / ".venv")
    monkeypatch.setattr(course, "REQUIREMENTS", tmp_path / "requirements.txt")
    monkeypatch.setattr(course, "PROJECT", tmp_path / "pyproject.toml")
    (tmp_path / "requirements.txt").write_text("numpy==2.0\n")
    (tmp_path / "pyproject.toml").write_text("[tool.setuptools]\npackages = ['utils']\n")
    return tmp_path


def use(monkeypatch, environment):
    """Let course.py make the environment in a folder."""
    for name, file in {"VENV": "", "READY": "course-ready", "ORIGIN": "course-folder"}.items():
        monkeypatch.setattr(course, name, environment / file)


@pytest.fixture
def installs(monkeypatch, folder):
    """Replace the installation by one that adds to a list."""
    calls = []

    def install():
        calls.append("install")
        course.python().parent.mkdir(parents=True, exist_ok=True)
        course.python().touch()
        course.ORIGIN.write_text(course.origin())

    monkeypatch.setattr(course, "install", install)
    return calls


def test_help_lists_every_command_without_any_package():
    command = [sys.executable, "-S", course.__file__, "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    listed = re.findall(r"^  ([\w-]+) +\w", done.stdout, flags=re.M)
    assert listed == list(COMMANDS)


def test_unknown_command_is_named_and_ends_with_2(capsys):
    assert course.main(["rnu"]) == 2
    assert "no command 'rnu'; did you mean 'run'?" in capsys.readouterr().err


def test_environment_is_made_once_and_again_when_what_it_holds_changes(folder, installs):
    course.prepare()
    (folder / ".venv" / "extra").touch()
    course.prepare()
    assert len(installs) == 1
    (folder / "requirements.txt").write_text("numpy==2.1\n")
    course.prepare()
    assert len(installs) == 2
    assert (folder / ".venv" / "extra").exists()  # brought up to date, not remade
    (folder / "pyproject.toml").write_text("[tool.setuptools]\npackages = ['utils', 'data']\n")
    course.prepare()
    assert len(installs) == 3


def test_half_made_environment_is_made_again_after_one_message(folder, installs, capsys):
    fails = [sys.executable, "-c", "raise SystemExit(9)"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(course, "install", lambda: course.run(fails))
        assert course.main(["run"]) == 1
    message = capsys.readouterr().err
    assert "SystemExit(9) ...` ended with exit code 9" in message and "call again" in message
    (folder / ".venv").mkdir()
    (folder / ".venv" / "left-behind").touch()
    course.prepare()
    assert installs == ["install"] and course.READY.exists()
    assert not (folder / ".venv" / "left-behind").exists()


def test_what_a_linked_environment_leads_to_is_used_only_if_it_was_made_for_this_folder(
    folder, installs, tmp_path_factory, monkeypatch, capsys
):
    target = tmp_path_factory.mktemp("disk")
    (folder / ".venv").symlink_to(target, target_is_directory=True)
    use(monkeypatch, target)
    (target / "course-folder").write_text("another clone")
    (target / "course-ready").write_text("its mark")
    assert course.main(["run"]) == 1
    assert "holds something that was not made for this folder" in capsys.readouterr().err
    assert (target / "course-ready").read_text() == "its mark" and not installs
    (target / "course-folder").unlink()
    (target / "course-ready").unlink()
    course.prepare()
    assert installs == ["install"] and (folder / ".venv").is_symlink()
    assert (target / "course-ready").is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="a lock of Windows is the process's own")
def test_the_installer_of_a_killed_call_holds_the_lock_until_it_ends(folder):
    with course.only_one():
        command = [sys.executable, "-c", "input()"]
        installer = subprocess.Popen(command, stdin=subprocess.PIPE, close_fds=False)
    with open(folder / ".venv.lock", "a+", encoding="utf-8") as file:
        assert not course.locked(file)
        installer.communicate(b"\n")
        assert course.locked(file)


def test_another_python_is_refused_with_the_known_ones(monkeypatch, capsys):
    monkeypatch.setattr(course, "PYTHONS", ((3, 90), (3, 91)))
    assert course.main(["run"]) == 2
    assert "the course needs 3.90 to 3.91" in capsys.readouterr().err


def test_a_folder_that_can_not_be_written_is_one_line(monkeypatch, capsys):
    class Command:
        def main(words):
            raise OSError(errno.EROFS, "Read-only file system", "/a/folder")

    monkeypatch.setattr(entries.importlib, "import_module", lambda name: Command)
    monkeypatch.setenv("KERAS_HOME", "/a/person")
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert entries.main(["run"]) == 2
    message = "course.py run: /a/folder can't be written (Read-only file system)"
    assert message in capsys.readouterr().err
    assert os.environ["KERAS_BACKEND"] == "tensorflow"  # a person's own settings do not count
    assert os.environ["KERAS_HOME"] == str(common.BUILD / "keras")


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_every_command_reads_well(command, capsys):
    with pytest.raises(SystemExit) as ended:
        importlib.import_module(module_of(command)).main(["--help"])
    assert not ended.value.code
    text = capsys.readouterr().out
    assert text.startswith("usage: python course.py " + command)
    assert len(text.splitlines()) >= 5
