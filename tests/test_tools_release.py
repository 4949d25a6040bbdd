"""The graded format is proved through nbgrader itself: release, hand in, autograde."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest

from tools.commands import FOR_STUDENTS
from tools.notebook import tasks
from tools.notebook.common import NOTEBOOKS, Notebook, Problem, all_notebooks, read
from tools.teach import generate, private, release, sheet

pytestmark = pytest.mark.xdist_group("nbgrader")  # one process shares what is graded once

UNIT, NAME = "01_faces", "04_eigenfaces_olivetti"
TASKS = tasks.tasks_of(Notebook(NOTEBOOKS / UNIT / f"{NAME}.ipynb"))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """Return an nbgrader course in which one notebook of the course is released."""
    folder = tmp_path_factory.mktemp("course")
    source = folder / "notebooks" / UNIT
    source.mkdir(parents=True)
    shutil.copy(NOTEBOOKS / UNIT / f"{NAME}.ipynb", source)
    generate.student_version(UNIT, folder, source=folder / "notebooks")
    return folder


def hand_in(course, student, solutions, answer=None):
    """Replace the released notebook's cells by a student's and hand it in.

    What is neither graded nor needed by a graded cell is left out: running it would take minutes.
    """
    content = read(course / "release" / UNIT / f"{NAME}.ipynb")
    content.cells = [
        cell
        for cell in content.cells
        if "nbgrader" in cell.metadata or {"imports", "given"} & set(cell.metadata.get("tags", ()))
    ]
    for cell in content.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if name in solutions:
            assert tasks.STUB in cell.source
            cell.source = solutions[name]
        if answer and cell.source == "YOUR ANSWER HERE":
            cell.source = answer
    path = course / "submitted" / student / UNIT / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    nbformat.write(content, path)


@pytest.fixture(scope="module")
def scores(course):
    """Return the automatic scores by student and cell, as nbgrader's gradebook has them."""
    from nbgrader.api import Gradebook

    solved = {task.name: task.solution for task in TASKS}
    wrong = solved | {TASKS[0].name: next(iter(TASKS[0].wrong.values()))}
    hand_in(course, "solved", solved, answer="Both leaks use what only the test may know.")
    hand_in(course, "emptied", {})
    hand_in(course, "wrong", wrong)
    generate.nbgrader(course, "autograde", UNIT, "--create", "--force")
    found = {}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        for student in ("solved", "emptied", "wrong"):
            notebook = book.find_submission_notebook(NAME, UNIT, student)
            found[student] = {grade.name: grade.auto_score for grade in notebook.grades}
    return found


@pytest.mark.slow
def test_released_notebook_has_stubs_locked_tests_and_no_secret(course):
    content = read(course / "release" / UNIT / f"{NAME}.ipynb")
    text = "\n".join(cell.source for cell in content.cells)
    assert text.count(tasks.STUB) == len(TASKS) == 2
    assert "SOLUTION" not in text and "HIDDEN" not in text
    by_id = {c.metadata.nbgrader.grade_id: c for c in content.cells if "nbgrader" in c.metadata}
    for task in TASKS:
        test = by_id[f"test_{task.name}"]
        assert not test.metadata.editable
        assert test.metadata.nbgrader.points == task.points
        assert test.source.strip() == task.visible.strip()
    answers = [
        c for c in content.cells if c.metadata.get("nbgrader", {}).get("grade_id", "")[:2] == "a_"
    ]
    assert [c.source for c in answers] == ["YOUR ANSWER HERE"]
    assert not any(cell.get("outputs") for cell in content.cells)


@pytest.mark.slow
def test_solved_gets_all_points_emptied_none_and_wrong_those_it_earned(scores):
    earned = {s: [scores[s][f"test_{task.name}"] for task in TASKS] for s in scores}
    points = [task.points for task in TASKS]
    assert earned["solved"] == points
    assert earned["emptied"] == [0, 0]
    assert earned["wrong"] == [0, *points[1:]]


@pytest.mark.slow
def test_an_answered_question_waits_for_a_person_and_an_empty_one_has_no_points(scores):
    (question,) = [name for name in scores["solved"] if name.startswith("a_")]
    assert scores["solved"][question] is None
    assert scores["emptied"][question] == 0


@pytest.fixture(scope="module")
def units(tmp_path_factory):
    """Return the nbgrader course in which every unit is released: making its book takes a while."""
    return tmp_path_factory.mktemp("units")


@pytest.mark.slow
@pytest.mark.parametrize("unit", sorted({n.path.parent.name for n in all_notebooks()}))
def test_every_unit_is_released_without_solutions(unit, units):
    folder = generate.student_version(unit, units)
    names = [n.path.name for n in all_notebooks() if n.path.parent.name == unit]
    assert sorted(path.name for path in folder.glob("*.ipynb")) == names
    for path in folder.glob("*.ipynb"):
        assert tasks.STUB in "\n".join(cell.source for cell in read(path).cells)


# ------------------------------------------------------------------ what students are given

SMALL, LESSON = "03_activity", "01_har_conv1d"
PRIVATE = """\
rows = np.arange(22, dtype=np.float32).reshape(11, 2)
np.testing.assert_array_equal(
    segment(rows, 5, 3), np.stack([rows[0:5], rows[3:8], rows[6:11]]), strict=True
)
secret_of_the_instructor = segment(rows, 11, 4)
np.testing.assert_array_equal(secret_of_the_instructor, rows[np.newaxis], strict=True)
whole = np.arange(8, dtype=np.int64).reshape(4, 2)
np.testing.assert_array_equal(segment(whole, 2, 2), whole.reshape(2, 2, 2), strict=True)
try:
    segment(rows, 12, 1)
except ValueError:
    pass
else:
    raise AssertionError("a window longer than the recording must raise ValueError")
"""


def private_tests(folder, name="segment.py", text=PRIVATE):
    """Write one file of private tests for the small unit."""
    path = folder / SMALL / LESSON / name
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return folder


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """Return a build folder in which the smallest unit is released with a private test."""
    tests = private_tests(tmp_path_factory.mktemp("private"))
    build = tmp_path_factory.mktemp("build")
    stale = build / "release" / SMALL
    stale.mkdir(parents=True)
    (stale / "left-from-last-year.py").touch()
    release.publish(SMALL, build, tests=tests)
    return build


@pytest.fixture
def folder(given, tmp_path):
    """Return what a student unpacks, in a place of its own."""
    with zipfile.ZipFile(given / "release" / f"{SMALL}.zip") as archive:
        archive.extractall(tmp_path)
    return tmp_path / SMALL


def call(folder, *words):
    """Run a command in the folder as its own course.py would, with its own tools and utils."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COURSE_")}
    return subprocess.run(
        [sys.executable, "-m", "tools", *words],
        cwd=folder,
        env=environment | {"PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )


def edit(folder, change):
    """Change the cells of the student's notebook by grade_id."""
    path = folder / "notebooks" / SMALL / f"{LESSON}.ipynb"
    content = read(path)
    for cell in content.cells:
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        cell.source = change.get(name, cell.source)
    nbformat.write(content, path)


@pytest.mark.slow
def test_the_folder_holds_what_students_need_and_no_more(given):
    root = given / "release" / SMALL
    names = {p.relative_to(root).as_posix() for p in root.rglob("*") if p.is_file()}
    assert {name for name in names if "/" not in name} == {
        *("README.md", "course.py", "pyproject.toml", "requirements.txt"),
        *("LICENSE", "LICENSE-docs"),
    }
    assert {name.split("/")[0] for name in names if "/" in name} == {
        *("notebooks", "docs", "utils", "tools", "data", "results", "lessons")
    }
    assert {n for n in names if n.startswith("docs/")} == {"docs/glossary.md"}
    assert {n for n in names if n.startswith("notebooks/")} == {f"notebooks/{SMALL}/{LESSON}.ipynb"}
    tools = {n for n in names if n.startswith("tools/")}
    assert tools >= {f"tools/learn/{name}.py" for name in ("lab", "run", "check", "data")}
    assert {n.split("/")[1] for n in tools if n.count("/") > 1} == {"learn", "notebook"}
    assert not any("__pycache__" in n or n.endswith(("wrong.toml", ".pyc")) for n in names)
    left = {p.name for p in (given / "release").iterdir()}
    assert left == {SMALL, f"{SMALL}.zip"}  # nothing half-made, and the old folder is gone


@pytest.mark.slow
def test_the_zip_is_the_folder_and_the_same_every_time(given, tmp_path):
    root = given / "release" / SMALL
    files = sorted(p for p in root.rglob("*") if p.is_file())
    with zipfile.ZipFile(given / "release" / f"{SMALL}.zip") as archive:
        assert archive.namelist() == [p.relative_to(root.parent).as_posix() for p in files]
        assert all(
            archive.read(i) == p.read_bytes()
            for i, p in zip(archive.infolist(), files, strict=True)
        )
        assert {i.date_time for i in archive.infolist()} == {release.DATE}
    release.write_zip(root, tmp_path / "again.zip")
    first = (given / "release" / f"{SMALL}.zip").read_bytes()
    assert (tmp_path / "again.zip").read_bytes() == first


@pytest.mark.slow
def test_no_file_holds_a_solution_a_hidden_test_or_a_model_answer(given):
    notebook = Notebook(NOTEBOOKS / SMALL / f"{LESSON}.ipynb")
    root = given / "release" / SMALL
    texts = {
        p: p.read_text(encoding="utf-8") for p in root.rglob("*") if p.suffix in (".py", ".md")
    }
    for path in root.rglob("*.ipynb"):
        texts[path] = "\n".join(c.source for c in read(path).cells)
    weights = ".npz"  # these hold no text
    files = [p for p in root.rglob("*") if p.is_file() and p.suffix != weights]
    kept = "\n".join(p.read_text(encoding="utf-8") for p in files)
    secrets = list(generate.secrets(notebook))
    assert {kind for _, kind, _ in secrets} == {"solution", "hidden tests", "model answer"}
    for name, kind, secret in secrets:
        assert secret.strip()
        if kind == "model answer":
            assert secret not in kept
        for path, text in texts.items():
            both = generate.blocks(secret) & generate.blocks(text)
            assert not both, f"{kind} of {name} in {path.name}"
    assert "secret_of_the_instructor" not in kept


@pytest.mark.slow
def test_private_tests_are_in_the_gradebook_and_the_others_kept(given):
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{given / 'nbgrader' / 'gradebook.db'}") as book:
        replaced = book.find_source_cell("test_segment", LESSON, SMALL).source
        kept = book.find_source_cell("test_recording_split", LESSON, SMALL).source
    own = {t.name: t for t in tasks.tasks_of(Notebook(NOTEBOOKS / SMALL / f"{LESSON}.ipynb"))}
    assert PRIVATE.strip() in replaced and own["segment"].visible.strip() in replaced
    hidden = generate.between(own["segment"].test, tasks.BEGIN_HIDDEN, tasks.END_HIDDEN)
    assert not generate.blocks(hidden) & generate.blocks(replaced)
    assert kept == own["recording_split"].test


def test_what_the_formatter_breaks_off_a_call_is_no_leak():
    call = (
        "np.testing.assert_allclose(\n    {0}(x),\n    y{0},\n    rtol=1e-9,\n    strict=True,\n)\n"
    )
    ours, theirs = generate.blocks(call.format("a")), generate.blocks(call.format("b"))
    assert ours and not ours & theirs


def test_the_words_around_a_call_that_should_raise_are_no_leak():
    test = (
        "try:\n    {0}\nexcept ValueError as e:\n    pass\nelse:\n    raise AssertionError\n{0}\n"
    )
    ours, theirs = generate.blocks(test.format("f(1)")), generate.blocks(test.format("f(2)"))
    assert ours and not ours & theirs


@pytest.mark.slow
def test_the_sheet_says_points_and_commands_and_its_links_lead_somewhere(given):
    root = given / "release" / SMALL
    text = (root / "README.md").read_text()
    for task in tasks.tasks_of(Notebook(NOTEBOOKS / SMALL / f"{LESSON}.ipynb")):
        assert re.search(rf"^\| 03/01 \| `{task.name}`: .+ \| {task.points} \|$", text, flags=re.M)
    assert re.search(r"^\| 03/01 \| open question: .+ \| 3 \|$", text, flags=re.M)
    assert "| | **in all** | **12** |" in text
    for command in ("lab", "check 03/01", "check --pack 03"):
        assert f"python course.py {command}" in text
    assert "**Hidden tests.**" in text and "build/YOURNAME_03_activity.zip" in text
    links = re.findall(r"\]\(([^)]+)\)", text)
    assert links and all((root / link).is_file() for link in links)


@pytest.mark.slow
def test_the_glossary_s_links_lead_to_what_students_have(given):
    root = given / "release" / SMALL
    text = (root / "docs" / "glossary.md").read_text(encoding="utf-8")
    links = re.findall(r"\]\(\.\./([^)#]+)", text)
    assert set(links) == {f"notebooks/{SMALL}/{LESSON}.ipynb"}
    opening = read(root / links[0]).cells[0].source
    asked = re.findall(r"\]\(\.\./\.\./docs/glossary\.md#([^)]+)\)", opening)
    assert asked and all(f'<a id="{anchor}">' in text for anchor in asked)


@pytest.mark.slow
def test_course_py_offers_students_their_commands_only(folder):
    done = subprocess.run(
        [sys.executable, "course.py"], cwd=folder, capture_output=True, text=True, check=True
    )
    offered = re.findall(r"^  (\w+) +\w", done.stdout, flags=re.M)
    assert sorted(offered) == sorted(FOR_STUDENTS)
    for name in FOR_STUDENTS:
        done = call(folder, name, "--help")
        assert done.returncode == 0, done.stderr
    for name in ("grade", "report"):  # students have the second, since run reads it
        done = call(folder, name, "--help")
        assert done.returncode == 2 and f"{name} is no part of this release" in done.stderr


@pytest.mark.slow
def test_check_in_the_folder_tells_unsolved_solved_and_edited(folder):
    done = call(folder, "check", "03/01")
    assert done.returncode == 1, done.stderr
    assert re.findall(r"^  (unsolved|open) ", done.stdout, flags=re.M) == ["unsolved"] * 3 + [
        "open"
    ]
    own = tasks.tasks_of(Notebook(NOTEBOOKS / SMALL / f"{LESSON}.ipynb"))
    edit(folder, {task.name: task.solution for task in own} | {"a_split": "Ask who wore it."})
    done = call(folder, "check", "03/01")
    assert done.returncode == 0
    assert done.stdout.endswith(
        "3 of 3 tasks pass their visible tests\n"
        "what can be seen from here is done; `python course.py progress` says what is next\n"
    )
    assert "  note " not in done.stdout and "  mend " not in done.stdout
    edit(folder, {"test_segment": "assert True"})
    done = call(folder, "check", "03/01")
    assert done.returncode == 1 and "'test_segment' was edited" in done.stdout


@pytest.mark.slow
def test_pack_in_the_folder_makes_the_zip_that_grading_expects(folder):
    done = call(folder, "check", "--pack", "03", "--name", "ada")
    assert done.returncode == 0, done.stderr
    assert "notebooks packed into build/ada_03_activity.zip: 1" in done.stdout
    with zipfile.ZipFile(folder / "build" / "ada_03_activity.zip") as archive:
        assert archive.namelist() == [f"{SMALL}/{LESSON}.ipynb"]


# ------------------------------------------------------------------ what is refused


def test_units_are_named_by_number_or_name():
    assert release.chosen(["06", "notebooks/03_activity/"]) == [SMALL, "06_graph_networks"]
    assert release.chosen([]) == sorted({n.path.parent.name for n in all_notebooks()})
    with pytest.raises(Problem, match="no unit '11'; it is one of 01_faces"):
        release.chosen(["06", "11"])


def test_a_unit_without_notebooks_is_told(monkeypatch):
    here = [n for n in all_notebooks() if n.path.parent.name == SMALL]
    monkeypatch.setattr(release, "all_notebooks", lambda: here)
    with pytest.raises(Problem, match="unit 06_graph_networks has no notebooks yet"):
        release.main(["06"])


def test_a_target_that_can_not_be_written_is_told(tmp_path):
    (tmp_path / "release").touch()
    with pytest.raises(Problem, match=r"03_activity can't be written to .*COURSE_BUILD_DIR"):
        release.publish(SMALL, tmp_path)


def test_a_failed_swap_leaves_the_old_folder(tmp_path):
    old = tmp_path / "unit"
    old.mkdir()
    (old / "kept").touch()
    with pytest.raises(OSError, match="nowhere"):
        release.swap(tmp_path / "nowhere", old, tmp_path / "aside")
    assert (old / "kept").exists()


def test_a_failing_release_leaves_the_old_one(tmp_path, monkeypatch):
    old = tmp_path / "release" / SMALL
    old.mkdir(parents=True)
    (old / "kept").touch()

    def broken(*args, **keywords):
        raise Problem("nbgrader failed")

    monkeypatch.setattr(generate, "student_version", broken)
    with pytest.raises(Problem, match="nbgrader failed"):
        release.publish(SMALL, tmp_path)
    assert [p.name for p in (tmp_path / "release").iterdir()] == [SMALL]
    assert (old / "kept").exists()


SOLUTION = "a = x + 1\nb = a * 2\nc = b - x\nreturn c"
RESULT = nbformat.v4.new_output("stream", text="c = 3")
ANSWER = "Both groups were photographed by the same person, so the split tells nothing of others."


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda cells: cells[0].update(source=f"if x:\n{SOLUTION}\n"), "3 lines of the solution"),
        (lambda cells: cells[0].update(source="assert f(1)\nassert f(2)\n\nassert f(3)"), "hidden"),
        (lambda cells: cells[0].update(source=f"Hint:\n{ANSWER}"), "a line of the model answer"),
        (lambda cells: cells[0].update(source="### BEGIN SOLUTION"), "still holds '### BEGIN SOL"),
        (lambda cells: cells[0].update(outputs=[RESULT]), "still has outputs"),
        (lambda cells: None, None),
    ],
)
def test_leaks_are_found_wherever_they_stand(change, told):
    cell, notebook = nbformat.v4.new_code_cell, nbformat.v4.new_notebook
    solution, test = {"grade_id": "f", "solution": True}, {"grade_id": "test_f", "grade": True}
    hidden = "### BEGIN HIDDEN TESTS\nassert f(1)\nassert f(2)\nassert f(3)\n### END HIDDEN TESTS"
    marked = f"def f(x):\n### BEGIN SOLUTION\n{SOLUTION}\n### END SOLUTION"
    answer = {"grade_id": "a_f", "grade": True, "solution": True}
    original = [
        cell(marked, metadata={"nbgrader": solution}),
        cell(f"assert f(0)\n{hidden}", metadata={"nbgrader": test}),
        nbformat.v4.new_markdown_cell(ANSWER, metadata={"nbgrader": answer}),
    ]
    student = [cell("assert f(0)\nassert f(1)"), cell("a = x + 1\nb = a * 2")]
    change(student)
    before, after = Notebook(Path("unit/a.ipynb")), Notebook(Path("unit/b.ipynb"))
    before.__dict__["content"] = notebook(cells=original)
    after.__dict__["content"] = notebook(cells=student)
    found = list(generate.leaks([before], after))
    assert [told in f for f in found] == [True] if told else found == []


def test_links_that_lead_nowhere_become_words(tmp_path):
    place = tmp_path / "notebooks" / SMALL
    place.mkdir(parents=True)
    (place / "01_here.ipynb").touch()
    text = (
        "[a](01_here) [b](01_here.ipynb#part) [c](../06_graph_networks/01_gat_cora.ipynb) "
        "![d](../../docs/d.png) [e](https://example.org/x) [f](#f) [g](../../../../etc/passwd)"
    )
    inside = f"notebooks/{SMALL}/01_here.ipynb"
    assert sheet.relink(text, SMALL, tmp_path) == (
        f"[a]({inside}) [b]({inside}#part) c  [e](https://example.org/x) [f](#f) g"
    )


# ------------------------------------------------------------------ private hidden tests


@pytest.fixture
def lesson():
    return Notebook(NOTEBOOKS / SMALL / f"{LESSON}.ipynb")


def test_replace_hidden_keeps_the_rest_and_any_text(lesson):
    task = tasks.tasks_of(lesson)[0]
    replaced = tasks.replace_hidden(task.test, "assert '\\1' == r'\\g<0>'\n")
    assert tasks.without_hidden(replaced) == task.visible
    assert generate.between(replaced, tasks.BEGIN_HIDDEN, tasks.END_HIDDEN) == (
        "assert '\\1' == r'\\g<0>'\n"
    )
    with pytest.raises(Problem, match="has 0 pairs of '### BEGIN HIDDEN TESTS'"):
        tasks.replace_hidden(task.visible, "assert True")


def test_private_copy_changes_the_named_task_and_not_the_course(lesson, tmp_path):
    before = [c.source for c in lesson.content.cells]
    content = private.copy_with(lesson, private_tests(tmp_path))
    changed = [
        c.metadata.nbgrader.grade_id
        for c, source in zip(content.cells, before, strict=True)
        if c.source != source
    ]
    assert changed == ["test_segment"]
    assert [c.source for c in lesson.content.cells] == before
    for tests in (None, tmp_path / SMALL):  # no folder, and one that holds nothing for it
        same = private.copy_with(lesson, tests)
        assert [c.source for c in same.cells] == before


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("segmnt.py", PRIVATE, "names no task of .*; write TASK.py with one of segment, recor"),
        ("segment.txt", PRIVATE, "names no task"),
        ("segment.py", "assert (", "is not valid Python"),
        ("segment.py", "return 3  # assert", "is not valid Python"),
        ("segment.py", "", "asserts nothing"),
        ("segment.py", "### END HIDDEN TESTS\nassert True", "holds the mark"),
        ("segment.py", "assert True\nsegment(1, 2, 3)", "its last line is a value"),
        ("segment.py", "x = 1\nassert np.allclose(x, 1)", "line 2: np.allclose broadcasts"),
        ("segment.py", "np.random.seed(0)\nassert segment(1, 2, 3)", "line 1: np.random.seed does"),
        ("segment.py", "with warnings.catch_warnings():\n    assert True", "line 1: .* not reach"),
    ],
)
def test_private_tests_that_can_not_be_trusted_are_refused(lesson, tmp_path, name, text, told):
    with pytest.raises(Problem, match=told) as caught:
        private.copy_with(lesson, private_tests(tmp_path, name, text))
    assert str(tmp_path / SMALL / LESSON / name) in str(caught.value)


def test_private_tests_in_the_wrong_place_are_refused(lesson, tmp_path):
    def copied(tests):
        return private.source_with(SMALL, tmp_path / "source", NOTEBOOKS, tests)

    with pytest.raises(Problem, match="there is no folder .*nowhere with private tests"):
        copied(tmp_path / "nowhere")
    (tmp_path / "a" / "03_activty").mkdir(parents=True)
    with pytest.raises(Problem, match="03_activty names none of 01_faces"):
        copied(tmp_path / "a")
    (tmp_path / "b" / SMALL / "01_har").mkdir(parents=True)
    with pytest.raises(Problem, match="01_har names none of 01_har_conv1d"):
        copied(tmp_path / "b")
    (tmp_path / "c" / SMALL).mkdir(parents=True)
    (tmp_path / "c" / SMALL / "segment.py").write_text(PRIVATE)
    with pytest.raises(Problem, match="segment.py belongs into a folder"):
        copied(tmp_path / "c")
    bytes_only = private_tests(tmp_path / "d") / SMALL / LESSON / "segment.py"
    bytes_only.write_bytes(b"assert '\xff'")
    with pytest.raises(Problem, match="segment.py can't be read"):
        copied(tmp_path / "d")
    assert not (tmp_path / "source").exists()


@pytest.mark.slow
def test_a_private_test_that_the_solution_fails_stops_the_release(lesson, tmp_path):
    tests = private_tests(tmp_path / "tests", text="assert segment(np.ones((4, 1)), 2, 2) == 7\n")
    source = private.source_with(SMALL, tmp_path / "source", NOTEBOOKS, tests)
    with pytest.raises(Problem, match=r"(?s)self-test fails.*segment: the solution fails"):
        private.prove(SMALL, source, tests)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("ended = __import__('os')._exit(3)", "ended their process"),
        ("while True: pass", "took lon"),
    ],
)
def test_a_private_test_that_ends_python_or_never_ends_is_named(
    lesson, tmp_path, monkeypatch, line, told
):
    monkeypatch.setattr(tasks, "SECONDS", 8)
    tests = private_tests(tmp_path / "tests", text=f"assert 1 == 1\n{line}\n")
    source = private.source_with(SMALL, tmp_path / "source", NOTEBOOKS, tests)
    with pytest.raises(Problem, match=rf"segment: its solution and test {told}"):
        private.prove(SMALL, source, tests)
