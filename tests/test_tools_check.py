"""What a student reads of their own copy: solved, edited, missing, doubled, without an end."""

import json
import os
import re
import sys
import zipfile

import nbformat
import psutil
import pytest

from tools.learn import check, work
from tools.notebook import bounds, common, handed_in, matching, processes, tasks
from tools.notebook.cells import grading
from tools.notebook.common import Notebook, Problem, select
from tools.teach.grade import uploads
from tools.teach.grade.sandbox import Limits
from tools.teach.grade.submission import Refused, raw_notebook

PASSES = {"error": "", "explained": []}
RIGHT = "return x[:, None] ** np.arange(degree + 1.0)"


@pytest.fixture
def student(template, monkeypatch, tmp_path):
    """Return a released notebook, and let this folder know what it was released with."""
    for cell in template.content.cells:
        cell.source = tasks.without_hidden(tasks.empty(cell.source))
        if grading(cell).get("grade_id", "").startswith("a_"):
            cell.source = "YOUR ANSWER HERE"
    nbformat.write(template.content, template.path)
    record = tmp_path / "release.json"
    released = {template.name: tasks.describe(template.content.cells)}
    record.write_text(json.dumps({"notebooks": released}))
    for module in (check, work):
        monkeypatch.setattr(module, "RELEASED", record)
    for module in (common, work):
        monkeypatch.setattr(module, "NOTEBOOKS", tmp_path / "notebooks")
    monkeypatch.setattr(common, "ROOT", tmp_path)
    monkeypatch.setattr(common, "BUILD", tmp_path / "build")
    return template


def index(notebook, grade_id):
    return [grading(c).get("grade_id") for c in notebook.content.cells].index(grade_id)


def change(notebook, **sources):
    """Write the notebook with some graded cells changed, and return it as read again."""
    for grade_id, source in sources.items():
        notebook.content.cells[index(notebook, grade_id)].source = source
    nbformat.write(notebook.content, notebook.path)
    return Notebook(notebook.path)


def add(notebook, place, source):
    """Put a cell of the student's own into the notebook."""
    notebook.content.cells.insert(place, nbformat.v4.new_code_cell(source))


def message(capsys, *words):
    """Run `check`, which finds something to do, and return what it prints."""
    capsys.readouterr()
    assert check.main([str(word) for word in words]) == 1
    return capsys.readouterr().out


def test_missing_and_split_cells_are_named_with_the_remedy(student, capsys):
    add(student, index(student, "test_powers"), "print('a cell of my own is allowed')")
    change(student)
    assert matching.Finding.MISSING not in message(capsys, student.path)
    add(student, index(student, "powers") + 1, f"    {RIGHT}")
    change(student, powers="def powers(x, degree):")
    assert message(capsys, student.path).count(f"powers (2 points): {check.SPLIT}") == 1
    del student.content.cells[index(student, "powers")]
    change(student)
    text = message(capsys, student.path)
    assert f"powers: {matching.Finding.MISSING}" in text


def test_a_copy_elsewhere_is_compared_with_what_the_course_gives(tmp_path, capsys):
    given = select(["05/02"])[0]
    content = work.unsolved(given)
    lost = tasks.tasks_of(given)[0].name
    content.cells = [c for c in content.cells if not grading(c).get("grade_id", "").endswith(lost)]
    nbformat.write(content, tmp_path / given.path.name)
    text = message(capsys, tmp_path / given.path.name)
    assert f"{lost}: {matching.Finding.MISSING}" in text
    assert f"0 of {len(tasks.tasks_of(given))} tasks pass" in text


def test_who_passes_and_has_answered_is_sent_through_the_notebook_to_its_end(student, capsys):
    error = "float(np.mean((predicted - true) ** 2))"
    solved = {
        "powers": f"def powers(x, degree):\n    {RIGHT}\n",
        "mean_squared_error": f"def mean_squared_error(predicted, true):\n    return {error}\n",
    }
    assert check.main([str(change(student, **solved).path)]) == 0
    text, end = capsys.readouterr().out, "now run"
    assert "2 of 2 tasks pass" in text and "has no answer yet" in text and end not in text
    answered = change(student, a_degree="More columns can only bring the fit nearer.")
    assert check.main([str(answered.path)]) == 0
    text = capsys.readouterr().out
    assert end in text and "course.py progress" in text
    for cell in answered.content.cells:
        cell |= {"execution_count": 1} if cell.cell_type == "code" else {}
    assert check.main([str(change(answered).path)]) == 0
    assert end not in capsys.readouterr().out


CAUGHT = """while True:
        try:
            1
        except BaseException:
            pass"""
IN_C = "return sum(range(10**18))"  # Python can't interrupt it


@pytest.mark.parametrize("limit", ["SECONDS", "BUSY_SECONDS"])
def test_a_loop_without_end_costs_its_own_task_alone(student, monkeypatch, limit):
    monkeypatch.setattr(check, limit, 1.0)
    copy = change(
        student,
        powers=f"def powers(x, degree):\n    {IN_C}\n",
        mean_squared_error=f"def mean_squared_error(a, b):\n    {CAUGHT}\n",
    )
    first, second = check.outcomes(copy, check.given(copy))
    for result in (first, second):
        assert re.search(r"\b1(\.0)? s\b.*loop", result["error"])
        assert ("processor" in result["error"]) == (limit == "BUSY_SECONDS")
    assert first["explained"] == [f"line 2 of your cell: {IN_C}"]
    assert second["explained"][0].startswith("line ")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such timer")
def test_what_waits_uses_no_processor_time(student, monkeypatch):
    monkeypatch.setattr(check, "BUSY_SECONDS", 1.5)
    source = f"def powers(x, degree):\n    import time; time.sleep(2)\n    {RIGHT}\n"
    assert failed(change(student, powers=source))[0] == ""


def failed(copy):
    """Return the first task of a copy as `check` finds it: the error, then what explains it."""
    result = check.outcomes(copy, check.given(copy))[0]
    return result["error"], result["explained"]


def test_a_recursion_that_takes_all_memory_is_ended_with_the_words_of_grade(student, monkeypatch):
    monkeypatch.setattr(check, "MEMORY", 1_000_000_000)
    source = "import sys\nsys.setrecursionlimit(10**9)\ndef powers(x, degree):\n"
    error, _ = failed(change(student, powers=f"{source}    return powers(x, degree)"))
    assert processes.TOO_MUCH_MEMORY in error and "loop" in error
    assert processes.MEMORY == Limits().all_memory


@pytest.mark.skipif(sys.platform != "linux", reason="bounds of memory are Linux's")
def test_an_array_that_grade_would_refuse_is_refused(student):
    source = "def powers(x, degree):\n    return np.ones(10**10 // 8)"
    assert failed(change(student, powers=source))[0].startswith("MemoryError")
    assert bounds.ADDRESS_SPACE == Limits().memory


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("import ctypes; ctypes.string_at(0)", "recursion"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "memory"),
        ("import os; os.write(2, b'std::bad_alloc\\n'); os.abort()", "memory"),
    ],
)
def test_a_crash_is_no_call_that_ends_python(student, line, says):
    error, explained = failed(change(student, powers=f"def powers(x, degree):\n    {line}\n"))
    assert says in error and "exit()" not in error
    assert [text[:7] for text in explained] == (["line 2 "] if "kill" not in line else [])


@pytest.mark.parametrize("end", ["os._exit(1)", "return 3"])
def test_what_a_task_has_started_ends_with_it(student, tmp_path, end):
    source = f"""def powers(x, degree):
    import os, subprocess, sys
    line = [sys.executable, "-c", "import time; time.sleep(1000)"]
    with open({str(tmp_path / "pid")!r}, "w") as file:
        file.write(str(subprocess.Popen(line, start_new_session=True).pid))
    {end}
"""
    assert failed(change(student, powers=source))[0]
    child = int((tmp_path / "pid").read_text())
    _, alive = psutil.wait_procs([p for p in psutil.process_iter() if p.pid == child], 60)
    assert not alive


@pytest.mark.parametrize("tags", [{}, {"tags": []}])
def test_the_imports_are_the_course_s_own_as_in_grading(student, capsys, tags):
    place = next(n for n, c in enumerate(student.content.cells) if c.metadata.get("tags"))
    student.content.cells[place].metadata = tags
    copy = change(student, powers=f"def powers(x, degree):\n    {RIGHT}\n")
    assert "passes    powers" in message(capsys, copy.path)
    copy.content.cells[place].source = "import math, numpy\n"
    copy = change(copy, powers=f"def powers(x, degree):\n    math.pi\n    {RIGHT}\n")
    text = message(capsys, copy.path)
    assert "fails     powers (2 points): NameError" in text and "math" in text
    assert check.CHANGED in text


def test_given_code_that_is_changed_or_deleted_is_named(student, capsys):
    assert "given cells" not in message(capsys, student.path)
    cells = {cell.id: cell for cell in student.content.cells}
    cells["fit-figure"].source = cells["fit-figure"].source.replace("powers(x, 2)", "powers(x, 3)")
    student.content.cells.remove(cells["experiment-errors"])
    text = message(capsys, change(student).path)
    assert re.search(r"changed: .*`weights, .*powers\(x, 2\)", text)
    assert re.search(r"deleted: .*`def held_out_errors", text)


def test_a_call_that_ends_python_is_no_pass(student, capsys):
    copy = change(
        student,
        powers="def powers(x, degree):\n    import os; os._exit(0)\n",
        mean_squared_error="def mean_squared_error(a, b):\n    raise SystemExit\n",
    )
    text = message(capsys, copy.path)
    for name in ("powers", "mean_squared_error"):  # the task after it is run all the same
        assert f"fails     {name}" in text
    assert text.count("exit()") == 2 and "0 of 2 tasks pass" in text


def test_what_a_function_prints_changes_no_outcome(student, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "cp1252")  # as a terminal of Windows may have it
    forged = '\\n{"task": "mean_squared_error", "error": ""}'
    source = f"""def powers(x, degree):
    print('\u03b1 \u2713 without an end of line', end='')
    import os; os.write(1, b'\\xff')
    print('{forged}')
    {RIGHT}
"""
    copy = change(student, powers=source)
    first, second = check.outcomes(copy, check.given(copy))
    assert first == {"task": "powers", "points": 2, "error": "", "explained": []}
    assert second["task"] == "mean_squared_error"
    assert second["error"].startswith("NotImplementedError")


def test_pack_holds_unit_and_notebook_and_lists_what_is_left(student, capsys):
    record = json.loads(check.RELEASED.read_text())
    record["notebooks"]["98_trial/02_gone"] = {"cells": {}, "locked": {}, "given": []}
    check.RELEASED.write_text(json.dumps(record))
    change(student, powers=f"def powers(x, degree):\n    {RIGHT}\n")
    os.utime(student.path, (0, 0))  # as a zip from another time zone may leave it
    assert check.main(["--pack", "98", "--name", "Ada Love"]) == 0
    checked, left = capsys.readouterr().out.split("notebooks packed into")
    assert "1 of 2 tasks pass" in checked and "notebooks/98_trial/02_gone.ipynb" in checked
    assert "has no answer yet" in left and "sentences" in left
    assert re.search(r"(\d+) of \1 code cells have not run without an error", left)
    with zipfile.ZipFile(common.BUILD / "ada_love_98_trial.zip") as archive:
        assert archive.namelist() == ["98_trial/01_trial.ipynb"]
        assert archive.read("98_trial/01_trial.ipynb") == student.path.read_bytes()
    assert [p.name for p in common.BUILD.iterdir()] == ["ada_love_98_trial.zip"]


def test_an_edited_test_counts_as_little_as_in_grading(student, capsys):
    wrong = "def mean_squared_error(a, b):\n    return 0\n"
    copy = change(
        student,
        powers=f"def powers(x, degree):\n    {RIGHT}\n",
        mean_squared_error=wrong,
        test_powers="assert False",
        test_mean_squared_error="assert True",
    )
    text = message(capsys, copy.path)
    assert "passes    powers" in text and "fails     mean_squared_error" in text
    assert f"note      test_powers, test_mean_squared_error: {matching.Finding.EDITED}" in text


def test_a_task_without_its_test_cell_is_judged_by_the_original(student, capsys):
    lost = index(student, "test_mean_squared_error")
    del student.content.cells[lost]
    copy = change(student, mean_squared_error="def mean_squared_error(a, b):\n    return 0\n")
    text = message(capsys, copy.path)
    assert "fails     mean_squared_error" in text
    assert f"note      test_mean_squared_error: {matching.Finding.MISSING_LOCKED}" in text


@pytest.mark.parametrize("name", ["98-01 FINAL (2)", "02_trial"])
def test_a_name_that_grade_does_not_know_is_to_be_mended(student, capsys, monkeypatch, name):
    monkeypatch.setattr(check, "run_tasks", lambda folder, tasks: {t.name: PASSES for t in tasks})
    change(student, a_degree="More columns can only bring the fit nearer.")
    path = student.path.with_stem(name)
    student.path.rename(path)
    text = message(capsys, path)
    assert "2 of 2 tasks pass" in text and "now run" not in text
    assert (
        re.search("  mend  .*no notebook has this name", text) and f"{student.name}.ipynb" in text
    )
    known = path.with_stem("Ada_01_TRIAL (2)")
    path.rename(known)
    assert check.main([str(known)]) == 0
    assert "mend" not in capsys.readouterr().out
    assert check.given(Notebook(known)) == check.originals()[student.name]


@pytest.fixture
def with_output(student, monkeypatch):
    """Return a function that stores an output in the student's answered notebook."""
    monkeypatch.setattr(check, "run_tasks", lambda folder, tasks: {t.name: PASSES for t in tasks})

    def store(text):
        cell = student.content.cells[index(student, "powers")]
        cell.outputs = [nbformat.v4.new_output("stream", text=text)]
        change(student, a_degree="More columns can only bring the fit nearer.")

    return store


@pytest.mark.parametrize("output", ["x" * 26_000_000, "[" * 1_000_001], ids=["bytes", "lists"])
def test_large_outputs_are_read_past_as_in_grade(student, capsys, with_output, output):
    with_output(output)
    assert raw_notebook(uploads.read_notebook(student.path.read_bytes))["cells"]
    assert check.main([str(student.path)]) == 0 and "mend" not in capsys.readouterr().out


def test_check_and_pack_name_the_limit_of_a_file(student, capsys, with_output, monkeypatch):
    with_output("x" * 2_000_000)
    for limit in ("MAX_FILE", "MAX_BYTES"):
        with monkeypatch.context() as patch:
            patch.setattr(handed_in, limit, 1_000)
            with pytest.raises(Refused) as refused:
                raw_notebook(student.path.read_bytes())
            for words in ([str(student.path)], ["--pack", "98"]):
                assert check.main(words) == ("--pack" not in words)
                text = capsys.readouterr().out
                assert f"  mend      {refused.value}" in text and "now run" not in text


def test_a_damaged_notebook_is_named_with_the_remedy_and_not_packed(student):
    student.path.write_text("{ half a notebook")
    with pytest.raises(Problem, match=student.path.name):
        check.main(["--pack", "98"])
    assert not common.BUILD.exists()


def test_a_damaged_record_of_the_release_is_named_with_the_remedy(student):
    check.RELEASED.write_text("{ half a record")
    with pytest.raises(Problem, match="release.json"):
        check.main([str(student.path)])
