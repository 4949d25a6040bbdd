import json
import os
import re
import signal
import subprocess
import sys
import time

import nbformat
import psutil
import pytest

from tools.learn import run
from tools.notebook import common, execute
from tools.notebook.common import Problem

START = 'import utils\nfrom utils import report\nutils.start("{name}")\n'


def write(folder, name, *sources, imports="", **course):
    """Write a notebook of a few code cells."""
    path = folder / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    number = f"{path.parent.name[:2]}/{path.stem[:2]}"
    title = nbformat.v4.new_markdown_cell("# T\n\n| | |\n|---|---|\n| Time | an hour to read |")
    cells = [title, *(nbformat.v4.new_code_cell(s.replace("{name}", name)) for s in sources)]
    if imports:
        tags = {"tags": ["imports"]}
        cells.insert(1, nbformat.v4.new_code_cell(imports, metadata=tags))
    meta = {"course": {"id": number, **course}}
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=meta)
    nbformat.write(notebook, path)


@pytest.fixture
def place(tmp_path, monkeypatch):
    """Return an empty notebooks folder that ``run`` takes for the course's."""
    build = tmp_path / "build"
    monkeypatch.setattr(common, "NOTEBOOKS", tmp_path / "notebooks")
    for module in (common, run):
        monkeypatch.setattr(module, "BUILD", build)
    monkeypatch.setenv("COURSE_BUILD_DIR", str(build))
    return tmp_path / "notebooks"


@pytest.mark.slow
def test_a_failing_notebook_names_its_cell_and_the_others_go_on(place, capsys):
    write(place, "91_a/01_good", START, 'report.record("own", 3, data="none")')
    write(place, "91_a/02_bad", "x = 1", "1 / 0", "print('never')")
    write(place, "91_a/03_dead", "import os\nos._exit(9)")
    (place / "91_a" / "04_torn.ipynb").write_text("{")
    (place / "91_a" / "utils.py").write_text("a student's own file hides no package of the course")
    assert run.main(["--jobs", "2"]) == 1
    text = capsys.readouterr().out
    assert "FAILED 91_a/02_bad" in text and "cell 3" in text
    assert "ZeroDivisionError: division by zero" in text
    assert "FAILED 91_a/03_dead" in text and "the kernel died" in text
    assert "FAILED 91_a/04_torn" in text and "can't be read as a notebook" in text
    assert "1 of 4 notebooks ran" in text
    result = json.loads(
        (place.parent / "build/results/91_a__01_good.quick.sample.json").read_text()
    )
    assert result["metrics"]["own"]["value"] == 3
    assert result["seconds"] > 0 and result["peak_mb"] > 20 and result["versions"]["numpy"]
    executed = place.parent / "build/executed/quick-sample/91_a/02_bad.ipynb"
    assert "ZeroDivisionError" in executed.read_text()


@pytest.mark.slow
def test_a_run_on_real_data_leaves_the_numbers_of_the_sample(place):
    write(place, "91_a/01_good", START, 'report.record("own", 3, data="none")')
    for words in ([], ["--data", "real"]):
        assert run.main(words) == 0
    files = {path.name for path in (place.parent / "build" / "results").iterdir()}
    assert files == {f"91_a__01_good.quick.{data}.json" for data in ("sample", "real")}


def test_figures_are_outputs_of_their_cells(place):
    draw = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nplt.show()"
    write(place, "91_a/01_figure", START, draw)
    assert run.main([]) == 0
    folder = place.parent / "build/executed/quick-sample/91_a"
    outputs = json.loads((folder / "01_figure.ipynb").read_text())["cells"][2]["outputs"]
    assert [list(output["data"]) for output in outputs] == [["image/png", "text/plain"]]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("module", "limit", "told"),
    [(run, "NOTEBOOK_SECONDS", "it may hang"), (execute, "CELL_SECONDS", "CellTimeoutError")],
)
def test_what_does_not_end_is_stopped(place, monkeypatch, capsys, module, limit, told):
    monkeypatch.setattr(module, limit, 10)
    write(place, "01_a/01_loop", "while True: pass")
    assert run.main([]) == 1
    text = capsys.readouterr().out
    assert "cell 2" in text and told in text


BUSY = "import time\nwhile time.process_time() < {}: pass"
CHILD = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', {!r}])"


def test_processor_time_counts_children_and_not_the_imports_or_waiting(place, capsys):
    work = [CHILD.format(BUSY.format(1)), "import time; time.sleep(2)"]
    write(place, "01_a/01_busy", *work, imports=BUSY.format(4))
    assert run.main([]) == 0
    told = re.findall(r"processor ([\d.]+) s, imports ([\d.]+) s", capsys.readouterr().out)
    assert len(told) == 2 and told[0] == told[1]  # the line of the notebook, and the summary
    processor, imports = map(float, told[0])
    assert 1 <= processor < 4 <= imports


def test_update_writes_outputs_and_processor_time(place):
    write(place, "01_a/01_good", "print(6 * 7)")
    before = (place / "01_a/01_good.ipynb").read_text()
    assert run.main([]) == 0
    assert (place / "01_a/01_good.ipynb").read_text() == before
    assert run.main(["--update"]) == 0
    content = nbformat.read(place / "01_a/01_good.ipynb", 4)
    assert content.cells[1].outputs[0].text == "42\n"
    assert content.cells[0].source.endswith("| Time | an hour to read; runs in 1 s |")
    assert 0 <= content.metadata.course.processor_seconds < 2


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


def family_of(process):
    """Return the processes that a run started, once a kernel is there."""
    parent = psutil.Process(process.pid)
    until(lambda: len(parent.children(recursive=True)) >= 1)
    return parent.children(recursive=True)


@pytest.mark.skipif(os.name == "nt", reason="signals to one process")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGKILL, -9)])
def test_a_run_that_is_stopped_takes_its_kernels_along(place, number, code):
    write(place, "01_a/01_long", "import time; time.sleep(3000)")
    process = start_run(place)
    family = family_of(process)
    process.send_signal(number)
    _, told = process.communicate(timeout=300)
    assert process.returncode == code
    assert ("course.py run: stopped" in told) == (number == signal.SIGINT)
    _, alive = psutil.wait_procs(family, timeout=300)
    assert not alive


def test_longest_notebook_goes_first(place, capsys):
    write(place, "01_a/01_short", "x = 1", processor_seconds=5)
    write(place, "01_a/02_long", "x = 1", processor_seconds=12)
    assert run.main(["--jobs", "1"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("done")]
    assert [line.split()[1] for line in lines] == ["01_a/02_long", "01_a/01_short"]


@pytest.mark.parametrize(
    ("name", "found"),
    [("6/1", ["06/01"]), ("06/1", ["06/01"]), ("work/06_graph_networks/01_gat_cora", ["06/01"])],
)
def test_names_that_a_person_types_are_understood(name, found):
    assert [n.id for n in common.select([name])] == found


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("--jobs 0", "--jobs 0"),
        ("--update --profile full", "--update writes"),
        ("07/09", "'07/09' is no notebook"),
        ("--profle full", "there is no option --profle; did you mean --profile?"),
        ("--profil full", "there is no option --profil; did you mean --profile?"),
        ("--profile ful", "invalid choice: 'ful'"),
        ("--jobs many", "argument --jobs: invalid int value: 'many'"),
        ("--nonsense", r"there is no option --nonsense \(`python course.py run --help`"),
    ],
)
def test_bad_input_and_a_misspelt_option_are_told_in_one_line(place, words, told):
    write(place, "01_a/01_good", "x = 1")
    with pytest.raises(Problem, match=told) as caught:
        run.main(words.split())
    assert len(str(caught.value).splitlines()) == 1


def test_update_keeps_what_was_done_when_the_run_is_killed(place):
    write(place, "01_a/01_short", "print(6 * 7)", seconds=50)
    write(place, "01_a/02_long", "import time; time.sleep(3000)", seconds=40)
    process = start_run(place, "--update")
    # The whole output as JSON writes it: a cell's random id may hold the two digits as well.
    until(lambda: '"42\\n"' in (place / "01_a/01_short.ipynb").read_text())
    process.kill()
    process.communicate()
    content = nbformat.read(place / "01_a/01_short.ipynb", 4)
    assert content.cells[1].outputs[0].text == "42\n"
