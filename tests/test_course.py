"""The entry: what a newcomer types, with the set-up itself replaced by cheap stand-ins."""

import errno
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import zipfile

import pytest

import course
from tools import __main__ as entries
from tools.commands import COMMANDS, module_of
from tools.notebook import common


@pytest.fixture
def folder(tmp_path):
    """Return an empty folder for a repository, with course.py and what it reads."""
    shutil.copy(course.__file__, tmp_path)
    (tmp_path / "requirements.txt").write_text("numpy==2.0\n")
    (tmp_path / "pyproject.toml").write_text("[tool.setuptools]\npackages = ['utils']\n")
    return tmp_path


def entry_of(folder, calls, *, stand_in=True):
    """Return the course.py of a folder; a stand-in for its installation adds to a list."""
    spec = importlib.util.spec_from_file_location("entry", folder / "course.py")
    entry = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(entry)

    def install():
        calls.append("install")
        entry.PYTHON.parent.mkdir(parents=True, exist_ok=True)
        entry.PYTHON.touch()
        entry.ORIGIN.write_text(f"{folder}\n")

    if stand_in:
        entry.install = install
    return entry


def test_help_lists_every_command_without_any_package():
    command = [sys.executable, "-S", course.__file__, "--help"]
    safe = os.environ | {"PYTHONSAFEPATH": "1"}
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=safe)
    listed = re.findall(r"^  ([\w-]+) +\w", done.stdout, flags=re.M)
    assert listed == list(COMMANDS)


def test_help_of_a_command_installs_nothing(folder, capsys):
    entry = entry_of(folder, installs := [])
    for word in ("-h", "--help"):
        assert entry.main(["release", word]) == 0
        assert COMMANDS["release"] in capsys.readouterr().out
    assert installs == []


def test_unknown_command_is_named_and_ends_with_2(capsys):
    assert course.main(["rnu"]) == 2
    assert re.search("'rnu'.*'run'", capsys.readouterr().err)


def test_environment_is_made_once_and_again_when_what_it_holds_changes(folder):
    entry = entry_of(folder, installs := [])
    entry.prepare()
    (folder / ".venv" / "extra").touch()
    entry.prepare()
    assert len(installs) == 1
    (folder / "requirements.txt").write_text("numpy==2.1\n")
    entry.prepare()
    assert len(installs) == 2
    assert (folder / ".venv" / "extra").exists()  # brought up to date, not remade
    (folder / "pyproject.toml").write_text("[tool.setuptools]\npackages = ['utils', 'data']\n")
    entry.prepare()
    assert len(installs) == 3


def test_half_made_environment_is_made_again_after_one_message(folder, capsys):
    broken = entry_of(folder, [])
    broken.install = lambda: broken.run([sys.executable, "-c", "raise SystemExit(9)"])
    assert broken.main(["run"]) == 1
    message = capsys.readouterr().err
    assert "SystemExit(9)" in message and "exit code 9" in message
    (folder / ".venv").mkdir()
    (folder / ".venv" / "left-behind").touch()
    entry = entry_of(folder, installs := [])
    entry.prepare()
    assert installs == ["install"] and entry.READY.exists()
    assert not (folder / ".venv" / "left-behind").exists()


def test_what_a_linked_environment_leads_to_is_used_only_if_it_was_made_for_this_folder(
    folder, tmp_path_factory, capsys
):
    target = tmp_path_factory.mktemp("disk")
    (folder / ".venv").symlink_to(target, target_is_directory=True)
    entry = entry_of(folder, installs := [])
    entry.ORIGIN.write_text("another clone")
    entry.READY.write_text("its mark")
    assert entry.main(["run"]) == 1
    assert str(target) in capsys.readouterr().err
    assert (target / "course-ready").read_text() == "its mark" and not installs
    entry.ORIGIN.unlink()
    entry.READY.unlink()
    entry.prepare()
    assert installs == ["install"] and (folder / ".venv").is_symlink()
    assert (target / "course-ready").is_file()


def test_an_environment_whose_python_is_gone_is_made_again(folder):
    entry = entry_of(folder, installs := [])
    entry.prepare()
    entry.PYTHON.unlink()
    entry.PYTHON.symlink_to(folder / "gone" / "python")
    entry.prepare()
    assert len(installs) == 2 and not entry.PYTHON.is_symlink()
    (entry.VENV / "pyvenv.cfg").write_text(f"home = {folder / 'gone'}\nversion = 3.11.7\n")
    entry.prepare()
    assert len(installs) == 3 and not (entry.VENV / "pyvenv.cfg").exists()


def test_another_python_uses_the_environment_that_is_there(folder, monkeypatch):
    entry = entry_of(folder, installs := [])
    entry.prepare()
    entry.ORIGIN.write_text(f"{folder} (3, 11, 7)\n")  # as an earlier course.py wrote it
    monkeypatch.setattr(sys, "version_info", (3, 12, 1, "final", 0))
    again = entry_of(folder, installs)
    again.prepare()
    assert installs == ["install"]
    (folder / "requirements.txt").write_text("numpy==2.1\n")
    (folder / ".venv" / "extra").touch()
    again.prepare()
    assert len(installs) == 2 and (folder / ".venv" / "extra").exists()


def test_its_own_python_never_removes_the_environment(folder, monkeypatch, capsys):
    entry = entry_of(folder, installs := [])
    entry.prepare()
    monkeypatch.setattr(sys, "prefix", str(folder / ".venv"))
    (folder / "requirements.txt").write_text("numpy==2.1\n")
    entry.prepare()
    assert len(installs) == 2
    entry.READY.unlink()
    capsys.readouterr()
    assert entry.main(["run"]) == 1
    message = capsys.readouterr().err
    assert sys._base_executable in message and len(message.splitlines()) == 1
    assert len(installs) == 2 and entry.PYTHON.is_file()


@pytest.mark.parametrize("uv", [None, "/a/uv"])
def test_a_complete_environment_is_brought_up_to_date_where_it_is(folder, monkeypatch, uv):
    entry, commands = entry_of(folder, []), []
    entry.prepare()
    monkeypatch.setattr(shutil, "which", lambda name: uv)
    real = entry_of(folder, [], stand_in=False)
    monkeypatch.setattr(real, "run", commands.append)
    (folder / "requirements.txt").write_text("numpy==2.1\n")
    real.prepare()
    assert real.PYTHON.is_file() and real.is_ready()
    assert not any("venv" in command for command in commands)
    assert str(folder / "requirements.txt") in commands[0] and str(folder) in commands[1]


BACKEND = """import pathlib, sys, zipfile
def build_editable(folder, *_):
    name, info = "small_course-1.0-py3-none-any.whl", "small_course-1.0.dist-info"
    files = {"small_course.pth": f"{pathlib.Path.cwd()}\\n"}
    files[f"{info}/METADATA"] = "Metadata-Version: 2.1\\nName: small-course\\nVersion: 1.0\\n"
    files[f"{info}/WHEEL"] = "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    files[f"{info}/RECORD"] = "".join(f"{file},,\\n" for file in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
    return name
"""


def wheel(folder, name, version, source=""):
    """Write a wheel of one module; return its line of pinned requirements."""
    path, info = folder / f"{name}-{version}-py3-none-any.whl", f"{name}-{version}.dist-info"
    files = {f"{name}.py": source or f"VERSION = {version!r}"}
    files[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    files[f"{info}/WHEEL"] = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{info}/RECORD"] = "".join(f"{file},,\n" for file in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
    return f"{name}=={version} --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}\n"


@pytest.fixture(params=["pip", "uv"])
def links(request, monkeypatch, tmp_path):
    """Return the folder that pip, or uv, installs from: no network, and settings that hinder."""
    program = common.find_uv() if request.param == "uv" else None
    monkeypatch.setattr(shutil, "which", lambda name: program)
    folder = tmp_path / "links"
    folder.mkdir()
    for name in ("pip", "setuptools", "wheel"):  # uv seeds an environment with them
        wheel(folder, name, "1.0")
    for name in [n for n in os.environ if n.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    no = {"PIP_NO_INDEX": "1", "UV_NO_INDEX": "1", "UV_OFFLINE": "1", "UV_NO_CONFIG": "1"}
    no |= {"PIP_NO_CACHE_DIR": "1"}
    no |= {"UV_CACHE_DIR": str(tmp_path / "cache")}
    for name, value in (no | dict.fromkeys(("PIP_FIND_LINKS", "UV_FIND_LINKS"), folder)).items():
        monkeypatch.setenv(name, str(value))
    # What a person has set for other work, in a variable or in a file.
    (tmp_path / "pip.conf").write_text("[global]\nuser = true\nrequire-hashes = true\n")
    (tmp_path / "constraints.txt").write_text("leaf==7.0\n")
    theirs = {"PIP_CONFIG_FILE": tmp_path / "pip.conf", "UV_EXCLUDE_NEWER": "2020-01-01"}
    theirs |= dict.fromkeys(("PIP_CONSTRAINT", "UV_CONSTRAINT"), tmp_path / "constraints.txt")
    for name, value in (theirs | {"PIP_USER": "1", "PIP_TARGET": tmp_path / "other"}).items():
        monkeypatch.setenv(name, str(value))
    return folder


@pytest.mark.slow
def test_the_pinned_requirements_are_installed_once_and_their_hashes_count(folder, links, capfd):
    build = "[build-system]\nrequires = []\nbuild-backend = 'backend'\n"
    about = "[project]\nname = 'small-course'\nversion = '1.0'\n"
    (folder / "pyproject.toml").write_text(f"{build}{about}[tool.setuptools]\n")
    (folder / "own.py").write_text("from leaf import VERSION\nprint(VERSION)")
    pins = folder / "requirements.txt"
    pins.write_text(wheel(links, "backend", "1.0", BACKEND) + wheel(links, "leaf", "1.0"))
    entry = entry_of(folder, [], stand_in=False)
    entry.prepare()
    assert entry.is_ready() and entry.READY.read_text() == entry.fingerprint()
    own = [str(entry.PYTHON), "-P", "-c", "import own"]
    assert subprocess.check_output(own, text=True) == "1.0\n"

    calls, run = [], entry.run
    entry.run = lambda command: calls.append(command) or run(command)
    entry.prepare()
    assert calls == []
    right = pins.read_text().splitlines(keepends=True)[0] + wheel(links, "leaf", "2.0")
    digest = right.strip()[-64:]
    pins.write_text(right.replace(digest, 64 * "0"))
    with pytest.raises(OSError, match="exit code 1"):
        entry.prepare()
    assert not entry.is_ready() and len(calls) == 1 and digest in capfd.readouterr().err
    pins.write_text(right)
    entry.prepare()
    assert entry.is_ready() and subprocess.check_output(own, text=True) == "2.0\n"


HOLDER = """import importlib.util, os, sys
spec = importlib.util.spec_from_file_location("entry", {path!r})
entry = importlib.util.module_from_spec(spec)
spec.loader.exec_module(entry)
entry.prepare = lambda: None
used = entry.hold()
os.set_inheritable(used.fileno(), True)
os.execv(sys.executable, [sys.executable, "-c", "print(flush=True); input()"])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="there, course.py itself holds the lock")
def test_an_environment_that_a_command_uses_is_not_removed(folder, capsys):
    entry = entry_of(folder, installs := [])
    entry.prepare()
    code = HOLDER.format(path=str(folder / "course.py"))
    command = [sys.executable, "-c", code]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, cwd=os.getcwd(), **pipes) as user:
        user.stdout.readline()  # another program runs in its process by now
        assert entry.hold() is not None  # a second command may run beside it
        entry.READY.unlink()
        (folder / ".venv" / "in use").touch()
        capsys.readouterr()
        assert entry.main(["run"]) == 1
        message = capsys.readouterr().err
        assert ".venv" in message and len(message.splitlines()) == 1
        assert installs == ["install"] and (folder / ".venv" / "in use").exists()
        user.communicate(b"\n")
    entry.prepare()
    assert len(installs) == 2 and not (folder / ".venv" / "in use").exists()


def test_variables_that_change_what_python_does_reach_no_command(folder, monkeypatch):
    theirs = {"PYTHONPATH": "/a/folder", "PYTHONOPTIMIZE": "1", "PYTHONWARNINGS": "error"}
    for name, value in theirs.items():
        monkeypatch.setenv(name, value)
    code = f"import os, sys; sys.exit(len({set(theirs)} & {{*os.environ}}))"
    entry_of(folder, []).run([sys.executable, "-c", code])


@pytest.mark.skipif(sys.platform == "win32", reason="a lock of Windows is the process's own")
def test_the_installer_of_a_killed_call_holds_the_lock_until_it_ends(folder):
    entry = entry_of(folder, [])
    with entry.only_one():
        command = [sys.executable, "-c", "input()"]
        installer = subprocess.Popen(command, stdin=subprocess.PIPE, close_fds=False)
    with open(folder / ".venv.lock", "a+", encoding="utf-8") as file:
        assert not entry.locked(file)
        installer.communicate(b"\n")
        assert entry.locked(file)


def test_another_python_is_refused_with_the_known_ones(monkeypatch, capsys):
    monkeypatch.setattr(course, "PYTHONS", ((3, 90), (3, 91)))
    assert course.main(["run"]) == 2
    assert "3.90 to 3.91" in capsys.readouterr().err


READ_ONLY = OSError(errno.EROFS, "Read-only file system", "/a/folder")
FULL = OSError(errno.ENOSPC, "No space left on device")  # of a file that is open already


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (READ_ONLY, "/a/folder .*Read-only file system"),
        (FULL, "No space left on device"),
    ],
)
def test_a_file_that_can_not_be_used_is_one_line(monkeypatch, capsys, error, message):
    class Command:
        def main(words):
            raise error

    monkeypatch.setattr(entries.importlib, "import_module", lambda name: Command)
    monkeypatch.setenv("KERAS_HOME", "/a/person")
    monkeypatch.setenv("KERAS_BACKEND", "jax")
    assert entries.main(["run"]) == 2
    assert re.search(f"^course.py run: .*{message}", capsys.readouterr().err)
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
