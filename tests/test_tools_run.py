import _thread
import argparse
import errno
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import Future
from unittest.mock import Mock

import nbformat
import psutil
import pytest

from tools.learn import run
from tools.notebook import common, outputs, switches
from tools.notebook.common import Notebook, Problem

START = 'import utils\nfrom utils import report\nutils.start("{name}")\n'


def write(folder, name, *sources, imports="", **course):
    """Write a notebook of a few code cells."""
    path = folder / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    number = f"{path.parent.name[:2]}/{path.stem[:2]}"
    title = nbformat.v4.new_markdown_cell("# T\n\n| | |\n|---|---|\n| Time | an hour to read |")
    cells = [nbformat.v4.new_code_cell(s.replace("{name}", name)) for s in (imports, *sources)]
    cells[0].metadata["tags"] = ["imports"]
    cells = [title, *cells[not imports :]]
    meta = {"course": {"id": number, **course}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=meta)
    nbformat.write(notebook, path)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Return an empty notebooks folder that ``run`` takes for the course's."""
    build = tmp_path / "build"
    monkeypatch.setattr(common, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(common, "BUILD", build)
    monkeypatch.setenv("COURSE_BUILD_DIR", str(build))
    return tmp_path / "notebooks"


@pytest.mark.slow
@pytest.mark.xdist_group("fork server")
def test_a_failing_notebook_names_its_cell_and_the_others_go_on(place, capsys):
    write(place, "91_a/01_good", START, 'report.record("own", 3, data="none")')
    write(place, "91_a/02_bad", "x = 1", "1 / 0", "print('never')")
    write(place, "91_a/03_dead", "import os\nos._exit(9)")
    (place / "91_a" / "04_torn.ipynb").write_text("{")
    (place / "91_a" / "05_empty.ipynb").write_text("{}")
    (place / "91_a" / "utils.py").write_text("a student's own file hides no package of the course")
    assert run.main(["--jobs", "2"]) == 1
    text = capsys.readouterr().out
    assert "FAILED 91_a/02_bad" in text and "cell 3" in text
    assert "ZeroDivisionError: division by zero" in text
    assert "FAILED 91_a/03_dead" in text and "the kernel died" in text
    assert "FAILED 91_a/04_torn" in text and "FAILED 91_a/05_empty" in text
    assert "1 of 5 notebooks ran" in text
    file = place.parent / "build/results/91_a__01_good.quick.sample.json"
    result = json.loads(file.read_text())
    assert result["metrics"]["own"]["value"] == 3
    assert result["seconds"] > 0 and result["peak_mb"] > 20 and result["versions"]["numpy"]
    folder = place.parent / "build/executed/quick-sample/91_a"
    assert "ZeroDivisionError" in (folder / "02_bad.failed.ipynb").read_text()


@pytest.mark.parametrize(
    ("error", "advice"),
    [
        (FileNotFoundError(errno.ENOENT, "No such file", "/a/b"), "/a/b'"),
        (PermissionError(errno.EACCES, "Permission denied", "/a/b"), "make that folder writable"),
        (OSError(errno.ENOSPC, "No space left"), "free some space and call again"),
    ],
)
def test_what_to_do_about_a_file_is_said_where_it_helps(place, monkeypatch, error, advice):
    monkeypatch.setattr(run, "execute", Mock(side_effect=error))
    write(place, "91_a/01_good", START)
    options = argparse.Namespace(profile="quick", data="sample", update=False)
    done = run.execute_one(Notebook(place / "91_a/01_good.ipynb"), options, {})
    assert done.error.endswith(advice)


FULL = """report.record("own", {value}, data="none")
import matplotlib.pyplot as plt
report.figure(plt.figure(figsize=({value}, 1)), "curve")"""


def test_an_earlier_result_stays_until_its_successor_is_complete(place):
    words = ["--profile", "full", "--data", "real"]
    files = [
        place.parent / "build" / name
        for name in (
            "results/91_a__01_good.full.real.json",
            "figures/91_a/01_good/curve.svg",
            "executed/full-real/91_a/01_good.ipynb",
        )
    ]
    write(place, "91_a/01_good", START, FULL.format(value=1))
    assert run.main(words) == 0
    before = [file.read_bytes() for file in files]
    write(place, "91_a/01_good", START, FULL.format(value=2), "1 / 0")
    assert run.main(words) == 1
    assert [file.read_bytes() for file in files] == before
    assert "ZeroDivisionError" in files[2].with_suffix(".failed.ipynb").read_text()
    write(place, "91_a/01_good", START, FULL.format(value=3))
    assert run.main(words) == 0
    assert json.loads(files[0].read_text())["metrics"]["own"]["value"] == 3
    assert all(file.read_bytes() != old for file, old in zip(files, before, strict=True))
    assert not files[2].with_suffix(".failed.ipynb").exists()


def test_figures_are_outputs_of_their_cells_in_the_executed_copy_alone(place):
    draw = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nplt.show()"
    write(place, "91_a/01_figure", START, draw)
    assert run.main([]) == 0
    executed = nbformat.read(place.parent / "build/executed/quick-sample/91_a/01_figure.ipynb", 4)
    assert [[*output.data] for output in executed.cells[2].outputs] == [["image/png", "text/plain"]]
    assert not nbformat.read(place / "91_a/01_figure.ipynb", 4).cells[2].outputs


@pytest.mark.parametrize(("profile", "code"), [("quick", 0), ("lesson", 1), ("full", 1)])
def test_a_claim_that_does_not_hold_fails_a_run_that_decides(place, capsys, profile, code):
    claim = 'report.check("Two is more than three.", 2 > 3)'
    pick = START.replace("utils.start", "course = utils.start") + "course.pick(quick={}, lesson={})"
    write(place, "91_a/01_claim", pick, claim)
    assert run.main(["--profile", profile]) == code
    said = "does not hold: 91_a/01_claim: Two is more than three." in capsys.readouterr().out
    assert said == (code == 1)


@pytest.mark.slow
def test_what_does_not_end_is_stopped(place, monkeypatch, capsys):
    monkeypatch.setattr(switches, "CELL_SECONDS", 10)
    write(place, "01_a/01_long", "import time; time.sleep(3000)")
    assert run.main([]) == 1
    text = capsys.readouterr().out
    assert "cell 2" in text and "CellTimeoutError" in text


BUSY = "import time\nwhile time.process_time() < {}: pass"
CHILD = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', {!r}])"


def test_update_writes_the_processor_time_without_the_imports_or_waiting(place, capsys):
    told = "import os; assert os.environ['COURSE_COMMITTED']"  # figures then have few colours
    work = [CHILD.format(BUSY.format(1)), "import time; time.sleep(2)", told]
    write(place, "01_a/01_busy", *work, imports=BUSY.format(4))
    assert run.main(["--update"]) == 0
    line, summary = re.findall(r"processor ([\d.]+) s, imports ([\d.]+) s", capsys.readouterr().out)
    assert line == summary
    processor, imports = map(float, line)
    assert 1 <= processor < 4 <= imports
    content = nbformat.read(place / "01_a/01_busy.ipynb", 4)
    assert re.search(r"\| Time \| an hour to read; runs in [1-4] s \|$", content.cells[0].source)
    assert content.metadata.course.seconds == {"quick": pytest.approx(processor, abs=0.06)}


def with_line(place, name):
    """Tag the last cell of a notebook, and put the heading of the line before it."""
    path = place / f"{name}.ipynb"
    content = nbformat.read(path, 4)
    tag = {"metadata": {"tags": ["reproduction"]}}
    content.cells[-1].metadata["tags"] = ["reproduction"]
    content.cells[-1].outputs = [nbformat.v4.new_output("stream", text="of a full run")]
    content.cells[-1].execution_count = 9
    content.cells.insert(-1, nbformat.v4.new_markdown_cell("## Reproduction", **tag))
    content.cells[0].source += "\n\n![a dot](attachment:dot.png)"
    content.cells[1].id = "dot"
    nbformat.write(content, path)


def test_update_runs_the_lesson_for_its_outputs_and_all_cells_once_more_in_quick(place):
    draw = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nplt.show()"
    profile = "import os\nprint(os.environ['COURSE_PROFILE'])"
    note = f"lesson=open({str(place / 'ran')!r}, 'a').write(os.environ['COURSE_PROFILE'])"
    write(place, "01_a/01_line", draw, profile, note)
    with_line(place, "01_a/01_line")
    assert run.main(["--update"]) == 0
    content = nbformat.read(place / "01_a/01_line.ipynb", 4)
    assert content.cells[2].outputs[0].text == "lesson\n"
    assert content.cells[-1].outputs[0].text == "of a full run"  # below the line, as it was
    assert [c.execution_count for c in content.cells if c.cell_type == "code"] == [1, 2, 3]
    assert (place / "ran").read_text() == "quick"
    assert content.metadata.course.seconds.keys() == {"lesson", "quick"}
    assert content.metadata.course.code == {"lesson": ""}
    assert content.cells[0].attachments["dot.png"]["image/png"]
    assert run.main(["--profile", "full"]) == 0
    assert (place / "ran").read_text() == "quickfull"


def test_a_picture_of_the_first_screen_is_not_shown_again_by_a_cell_that_opens():
    title = nbformat.v4.new_markdown_cell("# A\n\n![a dot](attachment:dot.png)")
    image = nbformat.v4.new_output("display_data", {"image/png": "AAAA", "text/plain": "<Figure>"})
    about = {"tags": ["draws", "opens"], "mystnb": {"image": {"alt": "a dot"}}}
    cell = nbformat.v4.new_code_cell("plt.show()", id="dot", outputs=[image], metadata=about)
    content = nbformat.v4.new_notebook(cells=[title, cell])
    for _ in range(2):  # the second time it is found where the first has put it
        outputs.write_picture(content)
        assert title.attachments == {"dot.png": {"image/png": "AAAA"}}
        assert cell.outputs[0].data == {"text/plain": outputs.SHOWN_ABOVE}
        assert outputs.figure_in(content, "dot") == ("AAAA", "a dot")
    cell.outputs = []  # the cell has not run
    with pytest.raises(Problem, match="dot"):
        outputs.write_picture(content)


def start_run(place, *words):
    """Start a run in a process of its own, which takes the place for the course's notebooks."""
    # What a shell starts in the background ignores Ctrl-C, and so would what this test starts.
    code = (
        "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "import sys; from pathlib import Path; from tools.learn import run\n"
        "from tools.notebook import common\n"
        f"common.NOTEBOOKS = Path({str(place)!r})\nsys.exit(run.main({list(words)!r}))"
    )
    return subprocess.Popen(
        [sys.executable, "-c", code], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )


def until(condition):
    """Wait until something is so."""
    end = time.monotonic() + 600
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


@pytest.mark.skipif(os.name == "nt", reason="signals to one process")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_run_that_is_stopped_takes_its_kernels_along(place, number, code):
    write(place, "01_a/01_long", "import time; time.sleep(3000)")
    process = start_run(place)
    parent = psutil.Process(process.pid)
    until(lambda: parent.children(recursive=True))
    family = parent.children(recursive=True)
    process.send_signal(number)
    _, errors = process.communicate(timeout=300)
    assert process.returncode == code
    assert ("course.py run: stopped" in errors) == (number == signal.SIGINT)
    _, alive = psutil.wait_procs(family, timeout=300)
    assert not alive


def test_a_signal_just_before_a_wait_is_not_lost():
    """``interrupt_main`` leaves a mark as such a signal does, and wakes no thread that waits."""
    handler = signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Timer(0.5, _thread.interrupt_main).start()
    with pytest.raises(KeyboardInterrupt):
        list(run.as_they_end([Future()]))
    signal.signal(signal.SIGINT, handler)


@pytest.mark.parametrize("name", ["6/1", "06/1", "work/06_graph_networks/01_gat_cora"])
def test_names_that_a_person_types_are_understood(name):
    assert [n.id for n in common.select([name])] == ["06/01"]


@pytest.mark.parametrize("content", ["{}", "[]", '{"cells": 1, "metadata": {}}'])
def test_a_file_that_is_no_notebook_is_named(tmp_path, content):
    path = tmp_path / "01_a.ipynb"
    path.write_text(content)
    for read in (lambda n: n.meta, lambda n: n.title, lambda n: n.content):
        with pytest.raises(Problem, match="01_a.ipynb"):
            read(common.Notebook(path))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("--update --profile full", "--update"),
        ("--update --profile quick", "--update"),
        ("07/09", "'07/09'"),
        ("--profle full", "--profle.* --profile"),
        ("--profile ful", "--profile.*'ful'"),
        ("--nonsense", "--nonsense.*`python course.py run --help`"),
    ],
)
def test_bad_input_and_a_misspelt_option_need_one_line(place, words, expected):
    write(place, "01_a/01_good", "x = 1")
    with pytest.raises(Problem, match=expected) as caught:
        run.main(words.split())
    assert len(str(caught.value).splitlines()) == 1


def test_update_begins_with_the_longest_and_keeps_what_was_done_when_it_is_killed(place):
    write(place, "01_a/01_short", "import time; time.sleep(3000)", seconds={"quick": 5})
    write(place, "01_a/02_long", "print(6 * 7)", seconds={"quick": 12})
    process = start_run(place, "--update", "--jobs", "1")
    # The whole output as JSON writes it: a cell's random id may hold the two digits as well.
    until(lambda: '"42\\n"' in (place / "01_a/02_long.ipynb").read_text())
    process.kill()
    process.communicate()
    content = nbformat.read(place / "01_a/02_long.ipynb", 4)
    assert content.cells[1].outputs[0].text == "42\n"
