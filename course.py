#!/usr/bin/env python3
"""One entry to the course: set it up, run it, test it, open it.

    python course.py run        execute the notebooks and show what they measured
    python course.py test       prove that everything still works
    python course.py lab        open JupyterLab on your notebooks

Only the standard library is used here, and in the list of commands (``tools/commands.py``). The
first call makes ``.venv`` and installs the pinned requirements; every command then runs inside it.
"""

from __future__ import annotations

import contextlib
import difflib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
if getattr(sys.flags, "safe_path", False):  # PYTHONSAFEPATH is set
    sys.path.insert(0, str(ROOT))
from tools.commands import (  # noqa: E402
    COMMANDS,
    DISK,
    DOWNLOAD,
    FIRST_FOR,
    hand_over,
    offered,
)

LINK = ROOT / ".venv"  # the folder itself, or a link to one on another disk
VENV = LINK.resolve()
REQUIREMENTS = ROOT / "requirements.txt"
PROJECT = ROOT / "pyproject.toml"
READY = VENV / "course-ready"  # written last: an environment without it is not complete
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
# In the name of a setting of pip or uv, that it says how to reach packages
REACHES = re.compile("INDEX|LINK|PROXY|CERT|TLS|HOST|CACHE|TIMEOUT|RETRIES|KEYRING|OFFLINE|_CONFIG")
USED = ROOT / ".venv.used"  # each command holds a lock on it as long as it runs
USERS = 1000  # commands that may run at a time on Windows
ORIGIN = VENV / "course-folder"  # scripts in .venv hold their folder's path: a moved one is remade
PYTHONS = ((3, 11), (3, 13))
# Of Python's own variables those that change nothing that code does: with PYTHONOPTIMIZE, for
# example, every test would pass.
HARMLESS = {
    f"PYTHON{name}"
    for name in (
        "UNBUFFERED",
        "DONTWRITEBYTECODE",
        "PYCACHEPREFIX",
        "FAULTHANDLER",
        "HASHSEED",
        "IOENCODING",
    )
}


def main(argv: list[str]) -> int:
    """Prepare the environment and hand over to the command."""
    if not argv or argv[0] in ("-h", "--help", "help"):
        print(usage())
        return 0
    command, rest = argv[0], argv[1:]
    if command not in offered():
        close = difflib.get_close_matches(command, offered(), n=1, cutoff=0.5)
        hint = f"; did you mean {close[0]!r}?" if close else "."
        print(f"course.py: there is no command {command!r}{hint}\n\n{usage()}", file=sys.stderr)
        return 2
    if not PYTHONS[0] <= sys.version_info[:2] <= PYTHONS[1]:
        low, high = (".".join(map(str, v)) for v in PYTHONS)
        print(
            f"course.py: this is Python {sys.version.split()[0]}; the course needs {low} to "
            f"{high}. Get one from https://www.python.org/downloads/ and start the course with it, "
            f"for example: python{high} course.py {command}. Where uv is installed, it brings one: "
            f"uv run --no-project --python {high} course.py {command}",
            file=sys.stderr,
        )
        return 2
    if {"-h", "--help"} & set(rest) and not is_ready():
        print(
            f"python course.py {command}: {COMMANDS[command]}.\n\nIts options are listed once the "
            "environment is there. `python course.py data list` makes it: it downloads "
            f"{DOWNLOAD} and needs {DISK} of disk."
        )
        return 0
    try:
        used = hold()
    except OSError as error:
        print(f"course.py: the environment could not be made: {error}", file=sys.stderr)
        if error.errno:  # else the message is this file's own, and says what to do
            print(f"Check that {VENV.parent} can be written to, then call again.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("course.py: stopped; the next call continues from here", file=sys.stderr)
        return 130
    if used:
        os.set_inheritable(used.fileno(), True)  # the command goes on holding it
    # -P: the tools are those of this course, not a folder `tools` where the caller happens to be.
    return hand_over([str(PYTHON), "-P", "-m", "tools", command, *rest], environment())


def usage() -> str:
    """Return the text of ``--help``."""
    lines = ["usage: python course.py COMMAND [OPTIONS]"]
    for name, text in offered().items():
        lines += ["", FIRST_FOR[name]] if name in FIRST_FOR else []
        lines.append(f"  {name:<8}  {text}")
    lines += [
        "",
        "python course.py COMMAND --help explains a command. The first call takes some minutes:",
        f"it downloads {DOWNLOAD} into .venv and needs {DISK} of disk. `rm -r .venv` removes the",
        "environment, and `uv cache clean` or `pip cache purge` what was downloaded.",
    ]
    return "\n".join(lines)


def hold():
    """Prepare ``.venv``, and return a file whose lock keeps other calls from removing it.

    There is none in a folder where nobody may write, and on a disk that knows no locks.
    """
    for _ in range(3):
        prepare()
        with contextlib.suppress(OSError):
            USED.touch()
        if not USED.is_file():
            return None
        file = open(USED, "rb")  # noqa: SIM115  (it stays open)
        if locked(file, shared=True) and is_ready():
            return file
        file.close()  # it was removed between two of these lines
        time.sleep(0.5)
    return None


def prepare() -> None:
    """Make ``.venv`` if it is missing, stale or half-made; say what is done."""
    if is_ready():
        return
    began = time.monotonic()
    with only_one():
        if is_ready():
            return
        usable = READY.is_file() and made_here() and has_python()
        if LINK.is_symlink() and VENV.is_dir() and any(VENV.iterdir()) and not made_here():
            raise OSError(
                f".venv is a link to {VENV}, which holds something that was not made for this "
                "folder; nothing was changed. Let the link lead to an empty folder, or remove it"
            )
        if VENV.exists() and not usable:
            remove()
        READY.unlink(missing_ok=True)
        install()
        READY.write_text(fingerprint(), encoding="utf-8")
    say(f"the environment is ready after {time.monotonic() - began:.0f} s")


def is_ready() -> bool:
    """Return whether the environment is complete, and made of what is asked for now.

    It has a Python of its own: which one calls does not matter.
    """
    complete = READY.is_file() and READY.read_text(encoding="utf-8").strip() == fingerprint()
    return complete and has_python()


def made_here() -> bool:
    """Return whether the environment was made for this folder."""
    text = ORIGIN.read_text(encoding="utf-8") if ORIGIN.is_file() else ""
    # An earlier form names the Python behind the folder.
    return re.sub(r" \(\d+, \d+, \d+\)$", "", text.strip()) == str(ROOT)


def has_python() -> bool:
    """Return whether the environment's Python is there, and the one that it was made of."""
    settings = VENV / "pyvenv.cfg"
    text = settings.read_text(encoding="utf-8") if settings.is_file() else ""
    home = re.search(r"^home *= *(.+)$", text, re.M)  # where Windows has a copy and no link
    return PYTHON.is_file() and (not home or Path(home[1].strip()).is_dir())


def remove() -> None:
    """Remove an environment that can't be used; refuse to remove the Python that runs this."""
    if Path(sys.prefix).resolve() == VENV:
        raise OSError(
            f".venv has to be made anew, and {sys.executable} belongs to it; nothing was changed. "
            f"Call course.py with another Python, such as {sys._base_executable}"
        )
    with open(USED, "ab") as file:
        if not locked(file):
            raise OSError(
                ".venv has to be made anew, and another course.py command uses it, such as an open "
                "lab; nothing was changed. End that command, then call again"
            )
        if any(VENV.iterdir()):
            say("removing a .venv that is incomplete, has lost its Python or is another folder's")
        READY.unlink(missing_ok=True)  # what is removed in part is not complete
        shutil.rmtree(VENV)


def fingerprint() -> str:
    """Return what the environment depends on, as one hash."""
    import tomllib  # here: the Pythons that main refuses have none

    digest = hashlib.sha256(REQUIREMENTS.read_bytes())
    packages = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["tool"]["setuptools"]
    digest.update(repr(packages).encode())  # .venv knows where each package of the course lies
    digest.update(str(ROOT).encode())
    return digest.hexdigest()


def install() -> None:
    """Install the pinned requirements, with their bytecode, and the course itself.

    A complete environment is brought up to date where it is. uv, if it is on the PATH, also takes
    out packages that are no longer asked for.
    """
    uv = shutil.which("uv")
    if not VENV.exists():
        say(f"making .venv with Python {sys.version.split()[0]}")
        by_uv = [uv, "venv", "--quiet", "--seed", "--python", sys.executable]
        run([*(by_uv if uv else [sys.executable, "-m", "venv"]), str(VENV)])
        ORIGIN.write_text(f"{ROOT}\n", encoding="utf-8")
    say(f"downloading {DOWNLOAD} and installing it into {LINK.name} ({DISK} of disk in all)")
    quiet = [] if sys.stderr.isatty() else ["--quiet"]  # a person sees how far it is
    own = ["--no-deps", "--no-build-isolation", "-e", str(ROOT)]
    if uv:
        options = ["--python", str(PYTHON), *quiet]
        pins = ["--require-hashes", "--compile-bytecode", str(REQUIREMENTS)]
        run([uv, "pip", "sync", *options, *pins])
        run([uv, "pip", "install", *options, *own])
    else:
        pip = [str(PYTHON), "-m", "pip", "install", *quiet, "--disable-pip-version-check"]
        # As uv does: GraKeL works with Python 3.13 and declares an older one.
        run([*pip, "--ignore-requires-python", "--require-hashes", "-r", str(REQUIREMENTS)])
        run([*pip, *own])


@contextlib.contextmanager
def only_one():
    """Hold a lock beside ``.venv``, so that two first calls do not make it at once.

    The system lets go of it when the process ends, however it ends. What installs holds it too:
    where this process alone is killed, the next call waits until the installer has ended as well.
    """
    with open(ROOT / ".venv.lock", "a+", encoding="utf-8") as file:
        if not locked(file):
            say("another call is making the environment; waiting for it")
            while not locked(file):
                time.sleep(0.5)
        os.set_inheritable(file.fileno(), True)
        yield


def locked(file, *, shared=False) -> bool:
    """Try to lock an open file, for this process alone or beside others that share it."""
    # Windows has no shared locks: who shares takes a byte, who does not takes all of them.
    for place in range(USERS if shared and os.name == "nt" else 1):
        with contextlib.suppress(OSError):
            if os.name == "nt":
                import msvcrt

                file.seek(place)
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1 if shared else USERS)
            else:
                import fcntl

                fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            return True
    return False


def environment() -> dict[str, str]:
    """Return the environment of a command that runs inside ``.venv``."""
    values = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON") or k in HARMLESS}
    # nbgrader calls its helpers by bare name: they are found through the PATH.
    values["PATH"] = str(PYTHON.parent) + os.pathsep + values.get("PATH", "")
    values["VIRTUAL_ENV"] = str(VENV)
    values.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    return values | {"PYTHONUTF8": "1"}  # files and pipes are UTF-8 on Windows too


def run(command: list[str]) -> None:
    """Run one step of the set-up, which inherits the lock; its messages are shown as they are.

    A person's settings of pip and uv count where they say how to reach packages, and nowhere else.
    """
    values = {
        name: value
        for name, value in environment().items()
        if not name.startswith(("PIP_", "UV_")) or REACHES.search(name)
    }
    values |= {"PIP_USER": "0", "PIP_REQUIRE_HASHES": "0"}  # in place of what pip.conf says
    done = subprocess.run(command, check=False, cwd=ROOT, close_fds=False, env=values)
    if done.returncode:
        raise OSError(
            f"`{' '.join(command[:6])} ...` ended with exit code {done.returncode} (its messages "
            f"are above). Check the network, the free disk space ({DISK}) and what your files "
            "pip.conf or uv.toml ask for, then call again: the next call completes the rest."
        )


def say(text: str) -> None:
    """Print one line of progress."""
    print(f"course: {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
