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

from tools.learn import job, record, run
from tools.notebook import common, forked
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
    for module in (common, job, record):
        monkeypatch.setattr(module, "BUILD", build)
    monkeypatch.setenv("COURSE_BUILD_DIR", str(build))
    return tmp_path / "notebooks"


@pytest.fixture(params=["fresh", "forked"])
def kernels(request, monkeypatch):
    """Let the kernels of a run start each by itself, or be forked from one process."""
    if request.param == "forked" and not forked.POSSIBLE:
        pytest.skip("kernels are forked on Linux alone")
    monkeypatch.setattr(run, "MANY", 1 if request.param == "forked" else 1000)
    monkeypatch.setattr(forked, "LIBRARIES", ("fractions", "ipykernel.kernelapp"))


@pytest.mark.slow
def test_a_failing_notebook_names_its_cell_and_the_others_go_on(place, kernels, capsys):
    write(place, "91_a/01_good", START, 'report.record("own", 3, data="none")')
    write(place, "91_a/02_bad", "x = 1", "1 / 0", "print('never')")
    write(place, "91_a/03_dead", "import os\nos._exit(9)")
    (place / "91_a" / "04_torn.ipynb").write_text("{")
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


def test_figures_are_outputs_of_their_cells(place, kernels):
    draw = "import matplotlib.pyplot as plt\nfig, ax = plt.subplots()\nplt.show()"
    write(place, "91_a/01_figure", START, draw)
    write(
        place, "91_a/02_old_keras", "import sys\nprint('fractions' in sys.modules)  # legacy_keras"
    )
    assert run.main([]) == 0
    folder = place.parent / "build/executed/quick-sample/91_a"
    outputs = json.loads((folder / "01_figure.ipynb").read_text())["cells"][2]["outputs"]
    assert [list(output["data"]) for output in outputs] == [["image/png", "text/plain"]]
    assert "False" in (folder / "02_old_keras.ipynb").read_text()  # its kernel was not forked


@pytest.mark.slow
def test_limits_stop_a_notebook_and_say_which(place, kernels, monkeypatch, capsys):
    with monkeypatch.context() as patch:
        patch.setattr(run, "NOTEBOOK_SECONDS", 10)
        write(place, "01_a/01_loop", "while True: pass")
        assert run.main([]) == 1
    assert "it may hang (--no-limits lets it go on)" in capsys.readouterr().out
    monkeypatch.setattr(run, "NOTEBOOK_MB", 300)
    write(place, "01_a/01_loop", "x = bytearray(400_000_000)\nimport time; time.sleep(1000)")
    assert run.main([]) == 1
    assert "more than the 300 MB that a notebook may take" in capsys.readouterr().out


@pytest.mark.slow
def test_a_cell_that_does_not_end_is_stopped(place, kernels, monkeypatch, capsys):
    monkeypatch.setattr(job, "CELL_SECONDS", 5)
    write(place, "01_a/01_loop", "while True: pass")
    assert run.main([]) == 1
    assert "CellTimeoutError" in capsys.readouterr().out


BUSY = "import time\nwhile time.process_time() < {}: pass"
CHILD = "import subprocess, sys\nsubprocess.run([sys.executable, '-c', {!r}])"


def test_processor_time_counts_children_and_not_the_imports_or_waiting(place, kernels, capsys):
    work = [CHILD.format(BUSY.format(1)), "import time; time.sleep(2)"]
    write(place, "01_a/01_busy", *work, imports=BUSY.format(4))
    assert run.main([]) == 0
    told = re.findall(r"processor ([\d.]+) s, imports ([\d.]+) s", capsys.readouterr().out)
    assert len(told) == 2 and told[0] == told[1]  # the line of the notebook, and the summary
    processor, imports = map(float, told[0])
    assert 1 <= processor < 4 <= imports


@pytest.mark.slow
def test_changed_leaves_out_what_ran_well_and_resume_does_the_rest(place, capsys):
    write(place, "01_a/01_good", "x = 1")
    write(place, "01_a/02_bad", "1 / 0")
    assert run.main([]) == 1
    capsys.readouterr()
    assert run.main(["--changed"]) == 1
    assert "1 notebook, 1 unchanged" in capsys.readouterr().out
    write(place, "01_a/02_bad", "1 / 1")
    assert run.main(["--resume"]) == 0
    assert "1 of 1 notebooks ran" in capsys.readouterr().out
    with pytest.raises(Problem, match="nothing undone") as caught:
        run.main(["--resume"])
    assert caught.value.exit_code == 0
    write(place, "01_a/01_good", "x = 2")
    assert run.main(["--changed"]) == 0
    assert "1 notebook, 1 unchanged" in capsys.readouterr().out


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
    """Return the processes that a run started, once the executing one and its kernel are there."""
    parent = psutil.Process(process.pid)
    until(lambda: len(parent.children(recursive=True)) >= 2)
    return parent.children(recursive=True)


@pytest.mark.skipif(os.name == "nt", reason="signals to one process")
def test_ctrl_c_ends_kernels_and_says_how_to_go_on(place):
    write(place, "01_a/01_long", "import time; time.sleep(3000)")
    process = start_run(place)
    family = family_of(process)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=300)
    assert process.returncode == 130
    assert "`run --resume` goes on" in told
    _, alive = psutil.wait_procs(family, timeout=300)
    assert not alive


def test_a_killed_run_takes_its_kernels_along_and_is_resumed(place):
    write(place, "01_a/01_short", "x = 1", seconds=50)
    write(place, "01_a/02_long", "import time; time.sleep(3000)", seconds=40)
    write(place, "01_a/03_later", "x = 1", seconds=30)
    process = start_run(place, "--jobs", "1", "--no-limits")
    state = place.parent / "build" / "run.json"
    until(lambda: state.is_file() and len(json.loads(state.read_text())["left"]) == 2)
    family = family_of(process)
    process.kill()
    process.communicate()
    _, alive = psutil.wait_procs(family, timeout=300)
    assert not alive
    write(place, "01_a/02_long", "x = 2")
    jobs = run.plan(common.parse(run.parser(), ["--resume"]))
    assert [one.notebook.name for one in jobs] == ["01_a/02_long", "01_a/03_later"]


def test_longest_notebook_goes_first(place):
    write(place, "01_a/01_short", "x = 1", processor_seconds=5)
    write(place, "01_a/02_long", "x = 1", processor_seconds=12)
    jobs = run.plan(common.parse(run.parser(), []))
    assert [one.notebook.path.stem for one in jobs] == ["02_long", "01_short"]


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
        ("--resume", "no run to resume"),
        ("--profle full", "there is no option --profle; did you mean --profile?"),
        ("--profil full", "there is no option --profil; did you mean --profile?"),
        ("--profile ful", "invalid choice: 'ful' .* did you mean full?"),
        ("--jobs many", "argument --jobs: invalid int value: 'many'"),
        ("--nonsense", r"there is no option --nonsense \(`python course.py run --help`"),
    ],
)
def test_bad_input_and_a_misspelt_option_are_told_in_one_line(place, words, told):
    write(place, "01_a/01_good", "x = 1")
    with pytest.raises(Problem, match=told) as caught:
        run.main(words.split())
    assert len(str(caught.value).splitlines()) == 1


@pytest.mark.parametrize("names", [["01_one"], ["01_one", "02_two"]])
def test_the_notebooks_that_run_at_a_time_share_the_cores(place, names, monkeypatch):
    monkeypatch.delenv("TF_NUM_INTRAOP_THREADS", raising=False)  # these tests share them as well
    told = "import os\nprint('threads', os.environ['TF_NUM_INTRAOP_THREADS'])"
    for name in names:
        write(place, f"91_a/{name}", START, told)
    assert run.main(["--jobs", "2"]) == 0
    share = max(1, common.cores() // len(names))
    for name in names:
        executed = place.parent / "build/executed/quick-sample/91_a" / f"{name}.ipynb"
        assert f"threads {share}" in executed.read_text()


def test_update_keeps_what_was_done_when_the_run_is_killed(place):
    write(place, "01_a/01_short", "print(6 * 7)", seconds=50)
    write(place, "01_a/02_long", "import time; time.sleep(3000)", seconds=40)
    process = start_run(place, "--update", "--no-limits")
    # The whole output as JSON writes it: a cell's random id may hold the two digits as well.
    until(lambda: '"42\\n"' in (place / "01_a/01_short.ipynb").read_text())
    process.kill()
    process.communicate()
    content = nbformat.read(place / "01_a/01_short.ipynb", 4)
    assert content.cells[1].outputs[0].text == "42\n"
