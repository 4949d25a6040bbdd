"""The graded format is proved through nbgrader itself: release, hand in, autograde."""

import errno
import os
import re
import shutil
import subprocess
import sys
import textwrap
import zipfile
from pathlib import Path
from unittest.mock import Mock

import nbformat
import pytest

from tools.learn import work
from tools.notebook import assignment, common, sheets, tasks
from tools.notebook.assignment import Assignment
from tools.notebook.cells import BEGIN, PLACEHOLDER, grading
from tools.notebook.common import NOTEBOOKS, Notebook, Problem, all_notebooks, read
from tools.publish.glossary import anchor
from tools.teach import generate, private, release
from tools.write.self_test import wrong_solutions
from utils import lessons

pytestmark = pytest.mark.xdist_group("nbgrader")  # one process shares a release

SMALL, LESSON = "03_activity", "01_har_conv1d"
ADAPTERS = "10_attributes_color"  # a unit whose tasks have some
SOLVED = Notebook(NOTEBOOKS / SMALL / f"{LESSON}.ipynb")
TASKS = tasks.tasks_of(SOLVED)
SOLUTIONS = {task.name: task.solution for task in TASKS}
PRIVATE = """\
rows = np.arange(22, dtype=np.int64).reshape(11, 2)
secret_of_the_instructor = np.stack([rows[0:5], rows[3:8], rows[6:11]])
np.testing.assert_array_equal(segment(rows, 5, 3), secret_of_the_instructor, strict=True)
"""


def private_tests(folder, name="segment.py", text=PRIVATE):
    """Write one file of private tests for the small unit."""
    path = folder / SMALL / LESSON / name
    path.parent.mkdir(parents=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """Return a build folder in which the smallest unit is released with a private test."""
    tests = private_tests(tmp_path_factory.mktemp("private"))
    build = tmp_path_factory.mktemp("build")
    stale = build / "release" / SMALL
    stale.mkdir(parents=True)
    (stale / "left-from-last-year.py").touch()
    release.publish(assignment.get(SMALL), build, tests=tests)
    return build


def written_in(content, solutions):
    """Return a student's notebook with these cells by grade_id."""
    for cell in content.cells:
        cell.source = solutions.get(grading(cell).get("grade_id"), cell.source)
    return content


@pytest.mark.slow
def test_autograde_gives_points_for_right_solutions_and_leaves_answers_to_a_person(given):
    from nbgrader.api import Gradebook

    mutant = next(iter(wrong_solutions(TASKS[0]).values()))
    wrong = {"a_split": "Ask who wore it.", TASKS[0].name: mutant}
    course = given / "nbgrader"
    for student, solutions in {"empty": {}, "wrong": SOLUTIONS | wrong}.items():
        content = written_in(read(course / "release" / SMALL / f"{LESSON}.ipynb"), solutions)
        # What its tasks need, without TensorFlow: quick.
        content.cells = [nbformat.v4.new_code_cell("import numpy as np")] + [
            c for c in content.cells if grading(c)
        ]
        path = course / "submitted" / student / SMALL / f"{LESSON}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(content, path)
    generate.nbgrader(course, "autograde", SMALL, "--create", "--force")
    expected = {task.name: task.points for task in TASKS}
    with Gradebook(f"sqlite:///{course / 'gradebook.db'}") as book:
        empty, wrong = (
            {g.name: g.auto_score for g in book.find_submission_notebook(LESSON, SMALL, who).grades}
            for who in ("empty", "wrong")
        )
        private_test = book.find_source_cell("test_segment", LESSON, SMALL).source
    assert empty == {"a_split": 0} | {f"test_{name}": 0 for name in expected}
    expected[TASKS[0].name] = 0
    assert wrong == {"a_split": None} | {f"test_{name}": p for name, p in expected.items()}
    (segment,) = [task for task in TASKS if task.name == "segment"]
    assert PRIVATE.strip() in private_test and segment.visible.strip() in private_test
    (hidden,) = [text for name, _, text in generate.secrets(SOLVED) if name == "test_segment"]
    assert not generate.blocks(hidden) & generate.blocks(private_test)


def of_unit(unit):
    return [n for n in all_notebooks() if n.path.parent.name == unit]


@pytest.mark.parametrize("notebook", all_notebooks(), ids=lambda n: n.id)
def test_every_notebook_is_given_without_solutions(notebook):
    from nbgrader.preprocessors import CheckCellMetadata

    student = Notebook(notebook.path)
    student.__dict__["content"] = work.unsolved(notebook)
    CheckCellMetadata().preprocess(student.content, {})
    assert list(generate.leaks(of_unit(notebook.path.parent.name), student)) == []
    cells = {grading(c).get("grade_id", ""): c for c in student.content.cells}
    assert all(c.source == PLACEHOLDER for name, c in cells.items() if name.startswith("a_"))
    locked = tasks.describe(student.content.cells)["locked"]
    for task in tasks.tasks_of(notebook):
        test = cells[f"test_{task.name}"]
        if task.adapter:
            assert cells[f"adapter_{task.name}"].source == task.adapter
            assert f"adapter_{task.name}" in locked
        assert f"test_{task.name}" in locked
        assert tasks.STUB in cells[task.name].source
        assert not test.metadata.editable and grading(test)["points"] == task.points
        assert test.source.strip() == task.visible.strip()


@pytest.mark.slow
def test_nbgrader_makes_the_same_of_a_unit_with_adapters(tmp_path):
    folder = generate.student_version(assignment.get(ADAPTERS), tmp_path)
    assert len(list(folder.glob("*.ipynb"))) == len(of_unit(ADAPTERS))
    for notebook in of_unit(ADAPTERS):
        contents = (read(folder / notebook.path.name), work.unsolved(notebook))
        released, given = ([(c.source, grading(c)) for c in each.cells] for each in contents)
        assert [c for c in released if c[1]] == [c for c in given if c[1]]


@pytest.mark.slow
def test_the_folder_holds_what_students_need_and_the_zip_is_the_same_every_time(given, tmp_path):
    root, first = given / "release" / SMALL, given / "release" / f"{SMALL}.zip"
    files = sorted(p for p in root.rglob("*") if p.is_file())
    names = {p.relative_to(root).as_posix() for p in files}
    top = {"README.md", "course.py", "pyproject.toml", "requirements.txt", "LICENSE"}
    top |= {
        "notebooks",
        "docs",
        "utils",
        "tools",
        "data",
        "drawing",
        "results",
        "lessons",
        "LICENSE-docs",
    }
    assert {name.split("/")[0] for name in names} == top
    own = {n for n in names if n.startswith(("docs/", "notebooks/"))}
    assert own == {"docs/glossary.md", f"notebooks/{SMALL}/{LESSON}.ipynb"}
    inside = {n.split("/")[1] for n in names if n.startswith("tools/") and n.count("/") > 1}
    assert inside == {"learn", "notebook"}
    # Of the sets in the course, it has the cards of all and the values of those that it uses.
    assert {"data/har/har.npz", "data/har/LICENSE", "data/cora/card.toml"} <= names
    assert not {"data/cora/cora.npz", "data/esol/esol.csv"} & names
    assert not any("__pycache__" in n or n.endswith(("wrong.toml", ".pyc")) for n in names)
    left = {p.name for p in (given / "release").iterdir()}
    assert left == {SMALL, f"{SMALL}.zip"}  # nothing half-made, and the old folder is gone
    with zipfile.ZipFile(first) as archive:
        contents = {i.filename: archive.read(i) for i in archive.infolist()}
    assert contents == {p.relative_to(root.parent).as_posix(): p.read_bytes() for p in files}
    os.utime(files[0])  # another date
    release.write_zip(root, tmp_path / "again.zip")
    assert (tmp_path / "again.zip").read_bytes() == first.read_bytes()


@pytest.mark.slow
def test_no_file_holds_a_solution_a_hidden_test_or_a_model_answer(given):
    secrets = list(generate.secrets(SOLVED))
    assert {kind for _, kind, _ in secrets} == {"solution", "hidden tests", "model answer"}
    for path in (given / "release" / SMALL).rglob("*.*"):
        if path.suffix == ".ipynb":
            text = "\n".join(cell.source for cell in read(path).cells)
        elif path.suffix in (".py", ".md", ".json", ".toml", ".txt"):
            text = path.read_text(encoding="utf-8")
        else:
            continue
        assert "secret_of_the_instructor" not in text
        for name, kind, secret in secrets:
            assert kind != "model answer" or secret not in text
            shared = generate.blocks(secret) & generate.blocks(text)
            assert not shared, f"{kind} of {name} in {path.name}"


@pytest.mark.parametrize("unit", lessons.units())
@pytest.mark.as_committed
def test_a_unit_has_a_sheet_that_agrees_with_its_notebooks(unit):
    assert not list(sheets.faults(sheets.in_unit(unit)))
    text = (NOTEBOOKS / unit / "README.md").read_text(encoding="utf-8")
    assert f"python course.py check --pack {unit[:2]}" in text


def test_what_a_sheet_lacks_stops_the_release(template, monkeypatch):
    monkeypatch.setattr(sheets, "NOTEBOOKS", template.path.parents[1])
    monkeypatch.setattr(sheets, "all_notebooks", lambda: [template])
    unit = Assignment("98_trial", (template,))
    monkeypatch.setattr(release, "chosen", lambda *_: [unit])
    toml = lessons.folder(template.name) / "lesson.toml"
    toml.write_text(f'{toml.read_text()}[tasks]\npowers = "x"\ngone = "z"\n')
    marks = "".join(f"<!-- {p}: by `course.py report` -->\n<!-- /{p} -->\n" for p in sheets.PARTS)
    template.path.with_name("README.md").write_text(marks)
    with pytest.raises(Problem) as problem:
        release.main(["98"])
    lines = str(problem.value).splitlines()
    for words in (("TODO", "title"), ("asks",), ("mean_squared_error", "open_question"), ("gone",)):
        assert any(all(word in line for word in words) for line in lines), words
    assert "course.py report" in lines[-1]


def test_no_hint_offers_what_a_release_has_not():
    offers = [
        cell.source
        for notebook in all_notebooks()
        for cell in notebook.content.cells
        if cell.cell_type == "markdown" and "course.solution" in cell.source
    ]
    rest = [release.OFFER.sub("", text) for text in offers]
    assert offers and not [text for text in rest if "solution(" in text or "tuck" in text]


@pytest.fixture
def assigned(tmp_path, monkeypatch):
    """Let chosen assignments be written into a folder of the test's own; return their file."""
    own = tmp_path / "units"
    shutil.copytree(NOTEBOOKS / SMALL, own / SMALL)
    shutil.copytree(NOTEBOOKS / ADAPTERS, own / ADAPTERS)
    for module in (assignment, common, release):
        monkeypatch.setattr(module, "NOTEBOOKS", own)
    return own / assignment.FILE


def names_of(*words, **options):
    chosen = release.chosen(list(words), *map(options.get, ("name", "week", "short")))
    return {a.name: [n.id for n in a.notebooks] for a in chosen}


def test_an_assignment_is_a_unit_a_notebook_or_what_is_chosen(assigned):
    assert names_of("03") == {SMALL: ["03/01"]}
    assert names_of("10/02") == {"bilinear_car_models": ["10/02"]}
    assert names_of("10/03", "03", name="week1") == {"week1": ["03/01", "10/03"]}
    assert set(names_of()) == {SMALL, ADAPTERS}
    assert names_of(week=1) == {"week1": ["03/01"]}
    assert names_of(week=5, short=True) == {"short_week5": ["10/01"]}


def test_a_notebook_belongs_to_one_assignment_which_is_remembered(assigned):
    (week,) = release.chosen(["10/03", "03"], "week1", None, False)
    assignment.remember(week)
    assigned.write_text(assigned.read_text() + "due = 2026-12-08\n")
    found = assignment.get("week1")
    assert [n.id for n in found.notebooks] == ["03/01", "10/03"]
    assert found.due.isoformat().startswith("2026-12-08T23:59")
    assignment.remember(found)
    assert assignment.get("week1") == found and "week1" in names_of()
    for words, said in {("10/03",): "week1", ("10",): "10/03 is in week1"}.items():
        with pytest.raises(Problem, match=said):
            names_of(*words)


@pytest.mark.parametrize(
    ("words", "options", "said"),
    [
        (["03"], {"name": "1 week"}, "letter"),
        ([], {"name": "week1"}, "release 01/04"),
        (["03"], {"week": 1}, "not both"),
        ([], {"week": 12}, "1 to 10"),
        ([], {"short": True}, "--week 1"),
        (["03_activty"], {}, f"did you mean {SMALL}"),
        (["03/07"], {}, "03/01"),
    ],
)
def test_what_is_no_assignment_is_told(assigned, words, options, said):
    with pytest.raises(Problem, match=said):
        names_of(*words, **options)


@pytest.mark.parametrize("text", ["[w]\ndue = 'soon'", "w = 3", "[w]\nnotebooks = ['x']", "[w"])
def test_a_damaged_list_of_assignments_is_told_with_its_place(assigned, text):
    assigned.write_text(text)
    with pytest.raises(Problem, match=r"assignments.toml"):
        names_of("03")


@pytest.mark.slow
def test_a_chosen_assignment_has_a_sheet_its_notebooks_and_no_more(assigned, tmp_path):
    (week,) = release.chosen(["10/03", "03"], "week1", None, False)
    root = release.publish(week, tmp_path / "build")
    text = (root / "README.md").read_text(encoding="utf-8")
    assert "check --pack week1" in text and "| 10/03 | `color_table`" in text
    assert all((root / link).is_file() for link in re.findall(r"\]\((?!#)([^)#]+)", text))
    assert {n.parent.name for n in root.glob("notebooks/*/*.ipynb")} == {SMALL, ADAPTERS}
    assert len(list(root.glob("notebooks/*/*.ipynb"))) == 2
    assert not list(root.glob("notebooks/**/README.md"))


@pytest.mark.slow
def test_links_lead_to_what_students_have(given):
    root = given / "release" / SMALL
    for page in (root / "README.md", root / "docs" / "glossary.md"):
        links = re.findall(r"\]\((?!#)([^)#]+)", page.read_text(encoding="utf-8"))
        assert links and all((page.parent / link).is_file() for link in links)
    opening = read(root / "notebooks" / SMALL / f"{LESSON}.ipynb").cells[0].source
    anchors = re.findall(r"\]\(\.\./\.\./docs/glossary\.md#([^)]+)\)", opening)
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), flags=re.M)
    assert anchors and set(anchors) <= {anchor(heading) for heading in headings}


@pytest.mark.slow
def test_check_in_the_folder_reports_unsolved_and_solved(given, tmp_path):
    with zipfile.ZipFile(given / "release" / f"{SMALL}.zip") as archive:
        archive.extractall(tmp_path)
    folder = tmp_path / SMALL
    path = folder / "notebooks" / SMALL / f"{LESSON}.ipynb"
    environment = {k: v for k, v in os.environ.items() if not k.startswith("COURSE_")}
    environment["PYTHONPATH"] = str(folder)  # its own tools and utils

    def check(*words, **solutions):
        nbformat.write(written_in(read(path), solutions), path)
        command = [sys.executable, "-m", "tools", "check", *words]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    code, text = check("03/01")
    states = re.findall(r"^  (unsolved|open) ", text, flags=re.M)
    assert code == 1 and states == ["unsolved"] * len(TASKS) + ["open"], text
    code, text = check("--pack", "03", "--name=ada", **SOLUTIONS, a_split="Ask who wore it.")
    assert code == 0 and f"{len(TASKS)} of {len(TASKS)} tasks pass" in text
    assert "  note " not in text and "  mend " not in text
    with zipfile.ZipFile(folder / "build" / "ada_03_activity.zip") as archive:
        assert archive.namelist() == [f"{SMALL}/{LESSON}.ipynb"]


def test_a_leak_is_reported_wherever_it_stands():
    student = Notebook(Path("unit/student.ipynb"))
    student.__dict__["content"] = work.unsolved(SOLVED)
    title, code = student.content.cells[:2]
    clean = title.source
    assert list(generate.leaks([SOLVED], student)) == []
    for name, kind, secret in generate.secrets(SOLVED):
        title.source = f"{clean}\n\n{textwrap.indent(secret, '    ')}"
        assert f"{kind} of '{name}'" in "\n".join(generate.leaks([SOLVED], student))
    title.source = BEGIN
    code.outputs = [nbformat.v4.new_output("stream", text="c = 3")]
    marker, output = generate.leaks([SOLVED], student)
    assert BEGIN in marker and "outputs" in output


def test_private_tests_that_the_solution_does_not_pass_stop_the_release(tmp_path):
    tests = private_tests(tmp_path / "tests", text="assert segment(np.ones((4, 1)), 2, 2) == 7\n")
    source = private.source_with(assignment.get(SMALL), tmp_path / "source", tests)
    with pytest.raises(Problem, match=r"segment: "):
        private.prove(assignment.get(SMALL), source, tests)


@pytest.mark.parametrize(
    ("error", "message"),
    [(Problem("It failed"), "It failed"), (PermissionError(errno.EACCES, "x"), "COURSE_BUILD_DIR")],
)
def test_a_failed_release_leaves_the_old_folder(tmp_path, monkeypatch, error, message):
    old = tmp_path / "release" / SMALL / "old"
    old.parent.mkdir(parents=True)
    old.touch()
    monkeypatch.setattr(release, "assemble", Mock(side_effect=error))
    monkeypatch.setattr(generate, "student_version", Mock())
    with pytest.raises(Problem, match=message):
        release.publish(assignment.get(SMALL), tmp_path)
    assert [p.name for p in (tmp_path / "release").iterdir()] == [SMALL] and old.exists()


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("segmnt.py", PRIVATE, "segment"),
        ("segment.py", "assert (", "line 1"),
        ("segment.py", "", "assert"),
        ("segment.py", "### END HIDDEN TESTS\nassert True", "END HIDDEN TESTS"),
        ("segment.py", "x = 1\nassert np.allclose(x, 1)", "line 2: np.allclose"),
        ("segment.py", b"assert '\xff'", "UTF-8"),
    ],
)
def test_private_tests_that_can_not_be_trusted_are_refused(tmp_path, name, text, reason):
    tests = private_tests(tmp_path, name, text)
    with pytest.raises(Problem, match=reason) as caught:
        private.source_with(assignment.get(SMALL), tmp_path / "source", tests)
    assert str(tmp_path / SMALL / LESSON / name) in str(caught.value)
    assert not (tmp_path / "source").exists()
