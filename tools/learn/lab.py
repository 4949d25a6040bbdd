"""``course.py lab``: open JupyterLab on the learner's copies, or on the solved notebooks."""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

from data.core import cards
from data.core.files import write_text
from tools.commands import RELEASED
from tools.learn import data as catalogue
from tools.learn import work
from tools.notebook.common import (
    BUILD,
    KERNEL_OPTIONS,
    ROOT,
    Notebook,
    Parser,
    Problem,
    add_switches,
    all_notebooks,
    select,
    shown,
    switches,
    unknown_option,
)

PORT = 8888
# nbgrader's menus and pages are for whoever grades with a gradebook: here they lead nowhere.
GRADERS = ("formgrader", "validate_assignment", "assignment_list", "course_list")
SETTINGS = {
    "labconfig/page_config.json": {"disabledExtensions": {"@jupyter/nbgrader": True}},
    "labconfig/default_setting_overrides.json": {
        "@jupyterlab/notebook-extension:tracker": {
            "codeCellConfig": {"lineNumbers": True, "lineWrap": False}  # `check` names lines
        },
        "@jupyterlab/docmanager-extension:plugin": {
            "defaultViewers": {"markdown": "Markdown Preview"}  # sheets are read, not edited
        },
        "@jupyterlab/apputils-extension:notification": {
            "fetchNews": "false",
            "checkForUpdates": False,  # its version is pinned
        },
    },
    "jupyter_server_config.d/nbgrader.json": {
        "ServerApp": {
            "jpserver_extensions": {f"nbgrader.server_extensions.{n}": False for n in GRADERS}
        }
    },
    "jupyter_server_config.json": {
        # A kernel warns on the terminal where its messages are not encrypted: so they are.
        "MappingKernelManager": {"transport_encryption": "auto"},
        # What is named in work/.before/, .given/ and .solved/ can be opened; lists leave it out.
        "ContentsManager": {"allow_hidden": True},
    },
}


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py lab``."""
    p = Parser(
        prog="python course.py lab",
        description="Open JupyterLab on your notebooks, or on one unit or notebook. In a clone "
        "of the course they are copies without solutions, in work/, made on first use. With "
        "--data real it offers to fetch what is missing. Other options, as --name=value, go to "
        "JupyterLab.",
    )
    p.add_argument("name", nargs="?", help="a unit or a notebook, such as 06 or 06/01")
    if RELEASED.is_file():  # there are no others
        p.set_defaults(solved=False, copies=False)
    else:
        p.add_argument("--copies", action="store_true", help="make the copies and open nothing")
        p.add_argument(
            "--solved", action="store_true", help="open read-only copies of the solved notebooks"
        )
    p.add_argument("--port", type=int, help=f"where it listens (default: {PORT}, or the next free)")
    p.add_argument("--ip", default="localhost", help="the address that it listens on")
    p.add_argument("--no-browser", action="store_true", help="open no browser")
    add_switches(p)
    known, rest = p.parse_known_args(argv)
    refuse_unknown(rest, p.names())
    chosen = select([known.name] if known.name else [])
    if known.copies:
        notebooks_to_open(solved=False)
        return 0
    if known.data == "real":
        offer(chosen)
    port = free_port(known.ip, known.port)
    folder = notebooks_to_open(known.solved)
    return serve(known, port, first_page(chosen, folder, known.name), rest)


def refuse_unknown(rest: list[str], ours: list[str]) -> None:
    """Refuse what neither this command nor JupyterLab takes: a misspelt option would do nothing.

    Raises Problem if there is such a word.
    """
    if not rest:
        return
    from jupyterlab.labapp import LabApp  # a second, which only this case costs

    theirs = (*LabApp.aliases, *LabApp.flags)
    names = [*ours, *(f"--{name}" if len(name) > 1 else f"-{name}" for name in theirs)]
    for word in rest:
        name = word.partition("=")[0]
        if not word.startswith("-"):
            raise Problem(f"{word!r} is not understood; write JupyterLab's options --name=value")
        if name not in names and not re.fullmatch(r"--\w+(\.\w+)+", name):
            raise Problem(unknown_option(word, names))


def notebooks_to_open(solved: bool) -> Path:
    """Bring the copies up to date, say what changed, and return their folder."""
    every = all_notebooks()  # of all, whatever is opened: their pages link to one another
    if solved:
        folder = work.write_solved(every)
        print(f"course.py lab: the solved notebooks are read-only copies in {shown(folder)}/")
        return folder
    if not RELEASED.is_file():
        for line in work.prepare(every):
            print(f"course.py lab: {line}")
    return work.place()


def first_page(chosen: list[Notebook], folder: Path, name: str | None) -> str:
    """Return the path of JupyterLab's URL: a notebook, a unit's sheet, or the list of all."""
    units = {n.path.parent.name for n in chosen}
    of_unit = (name or "").rstrip("/").zfill(2) in (*units, *(u[:2] for u in units))
    if name and len(chosen) == 1 and not of_unit:
        page = folder / f"{chosen[0].name}.ipynb"
    elif RELEASED.is_file():
        page = ROOT / "README.md"
    else:
        page = (folder / units.pop() if len(units) == 1 else folder) / "README.md"
    if not page.is_file():
        return f"/lab/tree/{quote(folder.relative_to(ROOT).as_posix())}"
    return f"/lab/tree/{quote(page.relative_to(ROOT).as_posix())}"


def serve(options: argparse.Namespace, port: int, page: str, rest: list[str]) -> int:
    """Hand over to JupyterLab; Ctrl-C is its own to answer."""
    environment = switches(options)
    for name in ("IPYTHONDIR", "PYTHONHASHSEED", "JUPYTER_PREFER_ENV_PATH"):
        environment.pop(name, None)  # a person's own settings count here
    token = os.environ.get("JUPYTER_TOKEN") or secrets.token_hex(16)
    environment["JUPYTER_TOKEN"] = token
    settings = str(settings_folder())
    for name in ("JUPYTER_CONFIG_PATH", "JUPYTER_PATH"):  # a person's own settings come after ours
        environment[name] = os.pathsep.join(filter(None, [settings, os.environ.get(name)]))
    command = [
        *(sys.executable, "-P", "-m", "jupyterlab", "--log-level=ERROR"),
        "--LabApp.log_level=ERROR",
        *(f"--ServerApp.ip={options.ip}", f"--ServerApp.port={port}"),
        *("--ServerApp.port_retries=0", f"--ServerApp.root_dir={ROOT}"),
        f"--LabApp.default_url={page}",
    ]
    if options.no_browser:
        command.append("--no-browser")
    if options.ip not in ("localhost", "127.0.0.1", "::1"):
        print("course.py lab: others in the network reach it, and what passes is not encrypted")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        print("course.py lab: you are root, so everything in a notebook runs as root")
        command.append("--allow-root")
    print(
        f"course.py lab: http://{options.ip}:{port}{page}?token={token}\n"
        f"profile {options.profile}, data {options.data}; Ctrl-C asks whether to end it, n goes on",
        flush=True,
    )
    if os.name != "nt":
        os.chdir(ROOT)
        # In this process's place: Ctrl-C and its answer, and a kill, reach JupyterLab alone.
        os.execve(command[0], [*command, *rest], environment)
    server = subprocess.Popen([*command, *rest], env=environment, cwd=ROOT)
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:
            continue  # JupyterLab got it as well, and asks


def settings_folder() -> Path:
    """Write the settings of this course's JupyterLab and its kernel, and return their folder."""
    from ipykernel.kernelspec import RESOURCES, get_kernel_dict

    folder = BUILD / "jupyter"
    kernel = {"kernels/python3/kernel.json": get_kernel_dict(KERNEL_OPTIONS)}
    shutil.copytree(RESOURCES, folder / "kernels/python3", dirs_exist_ok=True)  # its icons
    for name, content in (SETTINGS | kernel).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_text(folder / name, json.dumps(content, indent=1) + "\n")
    return folder


def free_port(ip: str, wanted: int | None) -> int:
    """Return a port that nobody listens on: the one that is wanted, or the first after 8888.

    Raises Problem if the wanted port, or every one that is tried, is taken.
    """
    ports = range(PORT, PORT + 50) if wanted is None else [wanted]
    for port in ports:
        try:
            with socket.create_server((ip, port)):
                return port
        except OSError as error:
            reason = error
    raise Problem(
        f"port {ports[-1]} of {ip} can't be used, perhaps by a lab that still runs ({reason}); "
        "choose another with --port, or leave --port out"
    )


def offer(notebooks: list[Notebook]) -> None:
    """Ask whether to fetch the real data that notebooks name and that is missing."""
    names = sorted({name for notebook in notebooks for name in missing(notebook)})
    if not names:
        return
    print(f"not here yet: {', '.join(names)}")
    if not sys.stdin.isatty():
        print(f"fetch it with: python course.py data fetch {' '.join(names)}")
        return
    if input("Fetch it now? The size is said first. [y/N] ").strip().lower() in ("y", "yes"):
        catalogue.main(["fetch", *names])


def missing(notebook: Notebook) -> list[str]:
    """Return the data sets of a notebook that would have to be downloaded."""
    entries = [cards.get(name) for name in notebook.needs]
    return [entry.name for entry in entries if "download" in catalogue.where(entry)]
