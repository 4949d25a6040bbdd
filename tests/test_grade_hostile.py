"""Hostile submissions: each ends cleanly, with a reason, and takes nothing from anyone else.

Every attack sits in the cell ``double`` beside an honest ``centre``, so that the second task shows
whether the grader goes on. An attack that would be worth something answers rightly only if it was
refused: full points then mean that it failed.
"""

import os
import socket
import sys
import time
from dataclasses import replace

import psutil
import pytest
from grade_course import QUICK, SECRET, by_task, handed_in, job
from grade_sandboxed import SANDBOXED, both, cell, graded, one_by_one
from grade_sandboxed import origin as origin

from tools.teach.grade import accounting, fork_server, run_tasks, sandbox
from tools.teach.grade.submission import examine

pytestmark = [*SANDBOXED, pytest.mark.usefixtures("origin")]

# An honest task takes 0.2 s of processor time, most of it for NumPy, and a call next to none: a
# machine many times as slow keeps to these, and only what never ends uses all of them.
FEW = replace(QUICK, call_seconds=0.5, task_seconds=8.0, patience=60.0)
SOON = replace(FEW, patience=8.0)
# What ends by its memory is waited for.
MUCH = replace(QUICK, call_seconds=60.0, task_seconds=120.0)
NOTHING_MORE = {"timeout", "died", "memory", "output", "unreadable", "fail", "untestable"}


@both
def test_honest_work_gets_its_points_and_a_wrong_answer_none():
    assert graded("def double(x):\n    return 2 * x")["points"] == 2
    wrong = graded("def double(x):\n    return 6")
    assert (wrong["points"], wrong["verdict"]) == (0, "fail")
    assert wrong["reason"] == run_tasks.FAILS
    assert SECRET in wrong["detail"]  # for the instructor alone
    visible = graded("def double(x):\n    return 7")
    assert "expected 6, got 7" in visible["reason"] and SECRET not in visible["detail"]


# ------------------------------------------------------------------ too much of something


CROWD = """
for _ in range({number}):
    if os.fork() == 0:
        block = bytearray(os.urandom(1000)) * {size}
        time.sleep(1000)
time.sleep(1000)"""
THREADS = """
for _ in range(10_000):
    threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
return 2 * x"""
CATCHES = "while True:\n try:\n  while True: pass\n except BaseException: pass"
ANYHOW = {"timeout", "memory", "died", "unreadable", "fail"}
ENDLESS = {
    "loop": (cell("while True: pass"), {"timeout"}),
    "loop that catches all": (cell(CATCHES), {"timeout"}),
    "fork bomb": (cell("while True:\n try: os.fork()\n except OSError: pass"), ANYHOW),
    "threads": (cell(THREADS), ANYHOW),
    "write without end": (cell("while True: os.write(2, b'x' * 65_536)"), {"output"}),
    "recursion in C": (cell("sys.setrecursionlimit(10**9)\nreturn double(x)"), ANYHOW),
    "parentheses": ("double = " + "(" * 50_000, ANYHOW),
}
ASLEEP = {"sleep": (cell("time.sleep(1000)"), {"timeout"})}  # which ends by the clock alone
LARGE = {
    "10 GB in one process": (cell("return np.ones(10**10 // 8)[0] * 2 * x"), {"memory"}),
    "10 GB in eight processes": (cell(CROWD.format(number=8, size=300_000)), {"memory"}),
}


@pytest.mark.parametrize(("attacks", "limits"), [(ENDLESS, FEW), (ASLEEP, SOON), (LARGE, MUCH)])
def test_too_much_of_something_is_a_verdict(attacks, limits):
    tasks = one_by_one({name: source for name, (source, _) in attacks.items()}, limits)
    for name, (_, verdicts) in attacks.items():
        assert tasks[name]["points"] == 0 and tasks[name]["verdict"] in verdicts, tasks[name]


def test_many_slow_calls_end_with_the_task():
    limits = replace(QUICK, call_seconds=2.0, task_seconds=3.0, patience=100.0)
    # Three calls take more than a task may.
    slow = cell(
        "end = time.process_time() + 1.25\nwhile time.process_time() < end: pass\nreturn 2 * x"
    )
    task = graded(slow, limits=limits)
    assert (task["points"], task["verdict"]) == (0, "timeout")
    assert task["detail"].endswith("s of processor time")  # for the instructor: a hidden test


def test_a_whole_notebook_has_a_limit_too():
    limits = replace(QUICK, seconds=1.0, patience=300.0)
    outcome = examine(job(handed_in(double=cell("while True: pass")), limits=limits))
    tasks = by_task(outcome)
    assert tasks["double"]["points"] == tasks["centre"]["points"] == 0
    assert tasks["double"]["verdict"] == tasks["centre"]["verdict"] == "timeout"
    assert " 1 s " in tasks["centre"]["reason"]


# ------------------------------------------------------------------ reaching out

TRY = """
import ctypes, mmap, os, socket
libc = ctypes.CDLL(None, use_errno=True)
def call(done):
    if done < 0:
        raise OSError(ctypes.get_errno())
def tried(action):
    try:
        action()
    except OSError:
        return False
    return True
"""


def refused(actions):
    """Return a cell that answers rightly only if all actions are refused."""
    return f"{TRY}\ndef double(x):\n" + "".join(
        f"    if tried(lambda: {action}): return 'did {number}'\n"
        for number, action in enumerate(actions)
    ) + "    return 2 * x\n"  # fmt: skip


def files(folder):
    """Return what writes to, or sees, files outside of the sandbox."""
    own = [sandbox.ROOT / name for name in ("utils/__init__.py", "utils/new.py", "new")]
    home = [folder / "new", os.path.expanduser("~/new"), f"{sys.prefix}/new"]
    system = ["/usr/new", "/new", "/dev/new", "/proc/sys/kernel/hostname", "/grader/wire.py"]
    places = [folder / "gradebook.db", *own, *home, *system]
    own_files = [sandbox.ROOT / name for name in ("notebooks", "tests", "pyproject.toml")]
    actions = [f"open({str(p)!r}, 'a').write('x')" for p in places]
    return actions + [f"os.stat({str(p)!r})" for p in (folder / "gradebook.db", *own_files)]


NETWORK = [
    "socket.create_connection(('127.0.0.1', {port}), 1)",
    "socket.create_connection(('1.1.1.1', 53), 1)",
    "socket.socket(socket.AF_INET)",
    "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)",
    "socket.socket(40)",  # virtual machine sockets
    "socket.socket(socket.AF_PACKET, socket.SOCK_RAW)",
    "socket.socket(socket.AF_UNIX).connect({name})",
]
RIGHTS = [
    "call(libc.unshare(0x10000000))",  # a user namespace
    "call(libc.unshare(0x00020000))",  # mounts
    "call(libc.mount(b'none', b'/tmp', b'tmpfs', 0, None))",
    "call(libc.ptrace(16, os.getppid(), 0, 0))",
    "call(libc.syscall(425, 8, 0))",  # io_uring
    "call(libc.umount2(b'/tmp', 2))",  # to see what is below
    "call(libc.umount2(b'/proc', 2))",
    "call(libc.setns(os.open('/proc/1/ns/mnt', os.O_RDONLY), 0))",
    "call(libc.syscall(310, 1, 0, 0, 0, 0, 0))",  # another process's memory
    "os.chroot('/proc/1/root')",
    "os.setuid(0)",
    "os.chroot('/tmp')",
    "socket.sethostname('mine')",
]
HELD_BY_NO_PROCESS = [
    "call(libc.shmget(0, 4096, 0o1600))",
    "os.memfd_create('x')",
    "call(libc.syscall(447, 0))",  # memfd_secret
    "mmap.mmap(-1, 4096)",
    "mmap.mmap(-1, 4096, flags=mmap.MAP_SHARED | mmap.MAP_ANONYMOUS | 0x4000)",
    "mmap.mmap(os.open('/dev/zero', os.O_RDWR), 4096)",
    "socket.socketpair()",
    "socket.socket(socket.AF_UNIX)",
    "os.setsid()",  # the scheduler gives a session a share of its own
]
HONEST = """
    import mmap, multiprocessing, os
    def double(x):
        mmap.mmap(-1, 4096, flags=mmap.MAP_PRIVATE)[0] = 1
        shared = multiprocessing.RawValue("i", 0)  # in a file in /dev/shm
        ours, theirs = multiprocessing.Pipe(duplex=False)
        if os.fork() == 0:
            shared.value = 2
            theirs.send(x)
            os._exit(0)
        os.wait()
        return ours.recv() * shared.value
"""
SIGHT = f"""
    import os, pathlib
    def contents(path):
        try:
            return pathlib.Path(path).read_bytes()
        except OSError:
            return b""
    def double(x):
        processes = [p for p in os.listdir("/proc") if p.isdigit()]
        if len(processes) > 4:
            return "sees other processes"
        for process in processes:
            for name in ("environ", "cmdline"):
                if b"token-55c1" in contents(f"/proc/{{process}}/{{name}}"):
                    return "sees the token"
        if "token-55c1" in str(os.environ):
            return "has the token"
        root = {str(sandbox.ROOT)!r}
        if not set(os.listdir(root)) <= {{"utils", "data", "drawing", ".venv"}}:
            return f"sees {{os.listdir(root)}}"
        marked = {SECRET[:6]!r}.encode() + b"-7f3a91"
        for top in ("/grader", "/tmp", "/mnt", "/dev/shm", f"{{root}}/utils", f"{{root}}/data"):
            for folder, inner, files in os.walk(top):
                inner[:] = [name for name in inner if os.path.join(folder, name) != root]
                for name in files:
                    if marked in contents(os.path.join(folder, name)):
                        return "sees the hidden test in " + folder
        return 2 * x
"""
BOUNDS = """
    import os, resource
    def double(x):
        status = open("/proc/self/status").read()
        caps = [line.split()[1] for line in status.splitlines() if line.startswith("Cap")]
        checks = {
            "uid": os.getuid() != 0,
            "capabilities": all(int(c, 16) == 0 for c in caps),
            "no new privileges": "NoNewPrivs:\\t1" in status,
            "filter": "Seccomp:\\t2" in status,
            "limits": all(
                resource.getrlimit(kind)[1] != resource.RLIM_INFINITY
                for kind in (resource.RLIMIT_AS, resource.RLIMIT_NPROC, resource.RLIMIT_FSIZE,
                             resource.RLIMIT_CPU, resource.RLIMIT_NOFILE)
            ),
        }
        return 2 * x if all(checks.values()) else str(checks)
"""
FULL_SCRATCH = """
    import os
    def double(x):
        for place in ("/tmp", "/dev/shm"):
            try:
                with open(f"{place}/filled", "wb") as file:
                    for _ in range(100):
                        file.write(bytes(10**6))
            except OSError as error:
                assert "space" in str(error) or "large" in str(error)
            else:
                return "wrote 100 MB"
            os.unlink(f"{place}/filled")
        return 2 * x
"""


@both
def test_what_reaches_out_of_the_sandbox_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("GRADER_TOKEN", "token-55c1")
    fork_server.close_all()  # so that the next one starts with the token around
    (tmp_path / "gradebook.db").write_text("marks")
    attacks = {
        "files": refused(files(tmp_path)),
        "rights": refused(RIGHTS),
        "held by no process": refused(HELD_BY_NO_PROCESS),
        "honest": HONEST,
        "sight": SIGHT,
        "bounds": BOUNDS,
        "full scratch": FULL_SCRATCH,
    }
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket(socket.AF_UNIX) as hidden:
        hidden.bind("")  # Linux chooses a name
        hidden.listen()
        places = {"port": server.getsockname()[1], "name": hidden.getsockname()}
        attacks["network"] = refused([action.format_map(places) for action in NETWORK])
        tasks = one_by_one(attacks)
    assert {name: t["reason"] for name, t in tasks.items() if t["points"] != 2} == {}
    assert (tmp_path / "gradebook.db").read_text() == "marks"
    assert not (tmp_path / "new").exists()


# ------------------------------------------------------------------ ending things

ENDS = {
    "os._exit": cell("os._exit(0)"),
    "kill everyone": cell("os.kill(-1, 9)\nreturn 'lives'"),
    "segmentation fault": cell("__import__('ctypes').string_at(0)"),
    "close everything": cell("os.closerange(3, 200)\nreturn 2 * x"),
    "SystemExit": cell("raise SystemExit(0)"),
    "KeyboardInterrupt": cell("raise KeyboardInterrupt"),
    "message that is no UTF-8": cell("raise ValueError('\\ud800' * 100_000)"),
    "error that lies": (
        "class E(Exception):\n    def __str__(self): raise E\ndef double(x):\n    raise E"
    ),
}


def alive(mark):
    """Return the processes with this word in their command."""
    return [p for p in psutil.process_iter(["cmdline"]) if mark in (p.info["cmdline"] or ())]


@both
def test_nothing_lives_on(origin):
    mark = f"grading-daemon-4711-{origin}"
    source = f"""
    import os, sys, time
    def double(x):
        if os.fork() == 0:
            os.setpgid(0, 0)
            if os.fork() == 0:
                code = "import time; time.sleep(600)"
                os.execv(sys.executable, [sys.executable, "-c", code, {mark!r}])
            os._exit(0)
        time.sleep(0.5)
        return 2 * x
    """
    assert graded(source)["points"] == 2
    end = time.monotonic() + 120
    while (left := alive(mark)) and time.monotonic() < end:  # killed, it takes a moment to end
        time.sleep(0.05)
    assert left == []


# ------------------------------------------------------------------ lying

LIES = {
    "patched asserts": """
        import builtins, numpy as np
        np.testing.assert_array_equal = np.testing.assert_allclose = lambda *a, **k: None
        np.array_equal = np.allclose = lambda *a, **k: True
        builtins.AssertionError = type("Never", (Exception,), {})
        def double(x):
            return 0
    """,
    "always equal": """
        class Equal(int):
            def __eq__(self, other): return True
            __hash__ = int.__hash__
        def double(x):
            return Equal(1)
    """,
    "always true array": """
        import numpy as np
        class Always(np.ndarray):
            def __eq__(self, other): return True
            def __array_function__(self, *a): return True
        def double(x):
            return np.zeros(3).view(Always)
    """,
    "huge array": cell("return np.zeros(2 * 10**7)"),
    "huge text": cell("return 'x' * 10**8"),
    "huge number": cell("return 1 << 10**7"),
    "nested": cell("a = []\nfor _ in range(10**5): a = [a]\nreturn a"),
    "looks for the tests": cell(
        "import gc; return [o for o in gc.get_objects() if isinstance(o, str) and '-7f3a91' in o]"
    ),
    "reads the test's frame": """
        import sys, gc
        def double(x):
            frame = sys._getframe()
            while frame:
                if "expected" in frame.f_locals:
                    return frame.f_locals["expected"]
                frame = frame.f_back
            return None
    """,
}


FRAMES = {
    "lengths that lie": "struct.pack('!IQ', 2**32 - 1, 2**63)",
    "header in utf-16": "framed('[\"value\", []]'.encode('utf-16'))",
    "deep JSON": "framed(b'[' * 900_000)",
    "many brackets": "framed(b'[\"value\",[[\"list\",[' + b'[],' * 200_000 + b'[]]]]]')",
    "object array": 'framed(b\'["value", [["array", "|O", [1]]]]\', b"x" * 8)',
    "pass": "framed(b'[\"pass\", []]') * 5",
    "error of a forged kind": 'framed(b\'["error", [["str", "Lost"], ["str", ""]]]\')',
    "colliding keys": (
        "framed(json.dumps(['value', [['set', [['int', hex(i * (2**61 - 1))] "
        "for i in range(30_000)]]]]).encode())"
    ),
}


FORGED = """
import json, os, stat, struct
def framed(header, raw=b""):
    return struct.pack("!IQ", len(header), len(raw)) + header + raw
def double(x):
    for handle in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(handle).st_mode):
                data = {frame}
                while data:
                    data = data[os.write(handle, data):]
        except OSError:
            pass
    return None
"""
WORTHLESS = {
    "ends": ENDS,
    "lies": LIES,
    "frames": {name: FORGED.replace("{frame}", frame) for name, frame in FRAMES.items()},
}


@both
@pytest.mark.parametrize("kind", WORTHLESS)
def test_ending_lying_and_forged_frames_are_worth_nothing_and_end_nothing_else(kind):
    for name, task in one_by_one(WORTHLESS[kind]).items():
        assert task["points"] == 0 and task["verdict"] in NOTHING_MORE, (name, task)


# ------------------------------------------------------------------ beside and around the limits


UNWAITED = """
import os, signal, time
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
def double(x):
    while True:
        read, write = os.pipe()
        if os.fork() == 0:
            end = time.process_time() + 0.2
            while time.process_time() < end: pass
            os._exit(0)
        os.close(write)
        os.read(read, 1)  # until the child is gone
        os.close(read)
"""
BURNT = ("timeout", "no answer within 1 s of processor time")
FILES = ("memory", "the code made more than 1,000 files, folders and links")
HELD = ("memory", "all processes together took more memory than allowed")
BURN = "for _ in range(4):\n if os.fork() == 0:\n  while True: pass\ntime.sleep(1000)"
LINKS = "for n in range(10**6): os.mkdir(f'/dev/shm/{n}'); os.symlink('x', f'/dev/shm/{n}/x')"
BURNERS = {
    "sleeps and is no burner": (cell("time.sleep(1.25)\nreturn 2 * x"), ("pass", "")),
    "burns in children": (cell(BURN), BURNT),
    "burns in children that nobody waits for": (UNWAITED, BURNT),
    "many files": (cell("for n in range(10**6): open(f'/tmp/{n}', 'w').close()"), FILES),
    "many folders and links in /dev/shm": (cell(LINKS), FILES),
    "memory in children": (cell(CROWD.format(number=4, size=100_000)), HELD),
}


# By control group where one can be made, and process by process.
@pytest.mark.parametrize("parent", [None, *filter(None, [accounting.parent()])])
def test_all_processes_count_however_they_are_counted(parent, monkeypatch):
    monkeypatch.setattr(accounting, "parent", lambda: parent)
    limits = replace(FEW, call_seconds=1.0, files=1_000, all_memory=250_000_000)
    tasks = one_by_one({name: source for name, (source, _) in BURNERS.items()}, limits)
    verdicts = {name: (task["verdict"], task["reason"]) for name, task in tasks.items()}
    assert verdicts == {name: expected for name, (_, expected) in BURNERS.items()}


def test_a_course_inside_a_folder_that_is_seen_stays_out(monkeypatch):
    """A Python in /opt/conda, say, with the course in /opt/conda/course."""
    root = str(sandbox.ROOT)
    monkeypatch.setattr(sandbox, "python_folders", lambda: [str(sandbox.ROOT.parent), sys.prefix])
    words = sandbox.command([], QUICK)
    binds = [words[i + 2] for i, word in enumerate(words) if word == "--ro-bind"]
    hidden = next(i for i, w in enumerate(words) if w == "--tmpfs" and words[i + 1] == root)
    at = {path: words.index(path, 0) for path in binds}
    assert at[str(sandbox.ROOT.parent)] < hidden
    after = [words[i + 2] for i in range(hidden, len(words)) if words[i] == "--ro-bind"]
    own = {f"{root}/{package}" for package in sandbox.PACKAGES}
    assert set(after) == own | {p for p in [sys.prefix] if p.startswith(f"{root}/")}
