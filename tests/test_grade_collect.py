"""Whose work a file of an upload is, and which notebook: by platform, folder, list and metadata."""

import os
import sys
from datetime import datetime

import pytest
from grade_course import zipped

from tools.notebook.common import Problem
from tools.teach.grade import collect, pages, students, term, uploads
from tools.teach.grade.students import Student

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="graded on Linux and macOS alone")
KNOWN = [("06_graphs", "01_gat"), ("06_graphs", "02_ppi"), ("01_faces", "01_mtcnn")]
MOODLE = "assignsubmission_file_"
CLASS = {
    s.id: s
    for s in (
        Student("1", "Ada", "Love", "ada@x.org", "501"),
        Student("2", "Bob", "Berg", "bob@x.org"),
        Student("3", "Kim", "Lee", "kim.lee@x.org"),
        Student("4", "Kim", "Lee", "kl4@x.org", "504"),
        Student("5", "Jean-Luc", "Picard"),
        Student("6", "Luc", "Picard"),
    )
}


def day(number):
    """Return the noon of a day of January, in seconds."""
    return datetime(2024, 1, number, 12).timestamp()


def collected(folder, *paths, known=KNOWN, people=None):
    """Collect a zip of files, where a part that ends in .zip is a zip."""
    members = []
    for path in paths:
        *outer, name = path.split(".zip/")
        member = (name, "{}", day(1))
        for part in reversed(outer):
            member = (f"{part}.zip", zipped(member), day(1))
        members.append(member)
    (folder / "all.zip").write_bytes(zipped(*members))
    with uploads.opened(folder / "all.zip") as files:
        return collect.collect(files, folder / "all.zip", known, people)


def owners(folder, *paths, people=None):
    """Return whose each path is; "nobody" if that is not clear, and the file is listed."""
    others = ["1/01_mtcnn.ipynb"]  # so that there is somebody's work
    submissions, upload = collected(folder, *paths, *others, people=people)
    students = {s.path: s.student for s in submissions}
    assert students.keys() | {file.path for file in upload.left_out} == {*paths, *others}
    return " ".join(students.get(path, "nobody") for path in paths)


# ------------------------------------------------------------------ which student


BY_PATH = {
    f"AdaLove_123_{MOODLE}/01_gat.ipynb": "AdaLove_123",
    f"AdaLove_123_{MOODLE}hw_2024_11_05_x.zip/01_gat.ipynb": "AdaLove_123",
    "loveada_77_991_01_gat-2.ipynb": "loveada_77",
    "loveada_LATE_77_991_Copy of ada_06_graphs (1).zip/01_gat.ipynb": "loveada_77",
    "ada/06_graphs/old/01_gat.ipynb": "ada",
    "ada_06_graphs (1).zip/old/01_gat.ipynb": "ada",
    "ada/me_06_graphs.zip/06_graphs/01_gat.ipynb": "ada",  # as `check --pack` makes it
    "ada/homework.zip/01_gat.ipynb": "ada",
    # What lies within a student's folder or zip takes nobody's name
    f"Eve_7_{MOODLE}/Bob_2_{MOODLE}/bob_2_5_01_gat.ipynb": "Eve_7",
    f"Eve_7_{MOODLE}bob_06_graphs.zip/bob/01_gat.ipynb": "Eve_7",
    # Paths that can be read in two ways, or are no STUDENT/UNIT/NOTEBOOK.ipynb
    f"Bob_2_{MOODLE}_7_{MOODLE}/01_gat.ipynb": "nobody",
    "bob_5_77_991_01_gat.ipynb": "nobody",
    "A/ada/06_graphs/01_gat.ipynb": "nobody",
    "06_graphs/01_gat.ipynb": "nobody",
    "ada_01_gat.ipynb": "nobody",
}
BY_CLASS = {
    "1/01_gat.ipynb": "1",
    "ada@x.org/A/01_gat.ipynb": "1",
    "Love, Ada/01_gat.ipynb": "1",
    "ada_01_gat.ipynb": "1",
    f"Byron_501_{MOODLE}/01_gat.ipynb": "1",
    f"Group A-Ada Love_991_{MOODLE}/01_gat.ipynb": "1",  # a list without Moodle's numbers
    f"Group 2-Jean-Luc Picard_209_{MOODLE}/01_gat.ipynb": "5",  # not a group 2-Jean
    f"Group 2-A-Luc Picard_210_{MOODLE}/01_gat.ipynb": "6",
    f"Group-Kim Lee_991_{MOODLE}/01_gat.ipynb": "nobody",
    f"Kim Lee_504_{MOODLE}/01_gat.ipynb": "4",
    "loveada_991_5_01_gat.ipynb": "1",
    "kimlee_504_991_2024_01_gat.ipynb": "4",  # 991 is nobody: the list says how to read it
    "Kim Lee/01_gat.ipynb": "nobody",  # two of them
    f"Bob Berg_501_{MOODLE}/01_gat.ipynb": "nobody",  # one by number, another by name
    f"Byron_1_{MOODLE}/01_gat.ipynb": "nobody",  # may be an id by chance
    "zoe/ada/01_gat.ipynb": "nobody",
}


@pytest.mark.parametrize(("expected", "people"), [(BY_PATH, None), (BY_CLASS, CLASS)])
def test_the_first_part_of_a_path_or_the_class_list_says_who_it_is(tmp_path, expected, people):
    assert {path: owners(tmp_path, path, people=people) for path in expected} == expected


ZIPS = {  # zips of one folder, and whose they are
    ("me_06_graphs.zip", "me_06_graphs (1).zip", "06_graphs.zip"): "ada ada ada",
    ("one.zip", "one (2).zip"): "ada ada",
    ("ada.zip", "bob.zip"): "nobody nobody",
    ("ada_06_graphs.zip", "bob_06_graphs.zip"): "nobody nobody",
}


@pytest.mark.parametrize("names", ZIPS)
def test_zips_of_one_notebook_in_one_folder_may_be_of_a_group(tmp_path, names):
    paths = [f"ada/{name}/06_graphs/01_gat.ipynb" for name in names]
    assert owners(tmp_path, *paths) == ZIPS[names]
    units = "ada/first.zip/01_gat.ipynb", "ada/second.zip/02_ppi.ipynb"
    assert owners(tmp_path, *units) == "ada ada"


def test_of_two_numbers_with_one_name_the_one_on_the_list_counts(tmp_path):
    ada = [f"Ada Love_{n}_{MOODLE}/01_gat.ipynb" for n in (76, 501)]
    assert owners(tmp_path, *ada, people=CLASS) == "nobody 1"
    bob = [f"Bob Berg_{n}_{MOODLE}/01_gat.ipynb" for n in (76, 77)]
    assert owners(tmp_path, *bob, people=CLASS) == "nobody nobody"


def test_of_students_with_one_name_each_is_named_and_the_others_work_is_graded(tmp_path):
    twins = [f"Kim Lee_{n}_{MOODLE}/01_gat.ipynb" for n in (76, 77)]
    submissions, upload = collected(tmp_path, *twins, "3/01_gat.ipynb", people=CLASS)
    assert [s.student for s in submissions] == ["3"]
    for file in upload.left_out:
        assert all(word in file.reason for word in ("two", "'Kim Lee'", "(3)", "(4)", "ID/"))


def test_an_upload_without_a_submission_names_its_files(tmp_path):
    with pytest.raises(Problem, match=r"zoe/01_gat.ipynb: .*'zoe'"):
        collected(tmp_path, "zoe/01_gat.ipynb", people=CLASS)


def test_names_of_any_kind_are_different_students_and_pages():
    names = ["x" * 400, "x" * 401, "a\nb", "a\\x0ab", "A", "a", "\udcffx", "\\udcffx",
             "é", "e\u0301", "李" * 100]  # fmt: skip
    labels = [collect.label(name) for name in names]
    assert len(set(labels)) == len({pages.page_name(text) for text in labels}) == len(names)
    assert all(len(text.encode()) < 250 and text.isprintable() for text in labels)


# ------------------------------------------------------------------ which notebook


SAME = [("week-1", "lab"), ("week-2", "lab"), ("week-2", "lab-1")]
NOTEBOOKS = {  # of the names of a course: its own, or equal ones in two units
    "01_gat-Copy1": ("06_graphs", "01_gat"),
    "Kopie von 01_gat (2)": ("06_graphs", "01_gat"),
    "Mueller_01_Gat_FINAL-3": ("06_graphs", "01_gat"),
    "homework": None,
    "01_gat2": None,
    "01_gat_and_02_ppi": None,
    "week-1/lab": ("week-1", "lab"),
    "week-2 (1)/lab (2)": ("week-2", "lab"),
    "week-2/lab-1": ("week-2", "lab-1"),  # which is no copy
    "lab": None,
}


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_name_of_a_file_and_of_its_unit_say_which_notebook_it_is(tmp_path, name):
    known, other = [*KNOWN, *SAME], "bob/01_gat.ipynb"
    submissions, upload = collected(tmp_path, f"ada/{name}.ipynb", other, known=known)
    means = {s.student: (s.unit, s.notebook) for s in submissions}
    assert means.get("ada") == NOTEBOOKS[name]
    assert len(upload.left_out) == (NOTEBOOKS[name] is None)


def test_of_very_many_files_few_are_listed(tmp_path):
    paths = [f"eve/{n}/{'x' * 5_000}.txt" for n in range(200)]
    _, upload = collected(tmp_path, *paths, "bob/01_gat.ipynb")
    assert len(upload.left_out) == 10
    assert max(len(str(file)) for file in upload.left_out) < 500


# ------------------------------------------------------------------ the latest


def graded(path):
    """Return what is graded for whom, as text."""
    with uploads.opened(path) as files:
        work = term.Term().add(*collect.collect(files, path, KNOWN))
        return {s.student: s.load().decode() for s in work}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("ada/06_graphs.zip", zipped(("01_gat.ipynb", "old", day(20))), day(1)),
         ("ada/01_gat.ipynb", "new", day(2))),
        (("ada/01_gat (2).ipynb", "old", day(1)), ("ada/Copy of 01_gat.ipynb", "new", day(2))),
        (("ada_7_20_01_gat-3.ipynb", "old", day(1)), ("ada_7_100_01_gat.ipynb", "new", day(1))),
        (("ada/06_graphs.zip", zipped(("a/01_gat.ipynb", "old", day(1))), day(3)),
         ("ada/06_graphs.zip", zipped(("b/01_gat.ipynb", "new", day(2))), day(3))),
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_latest_counts(tmp_path, first, second):
    for order in ((first, second), (second, first)):
        (tmp_path / "all.zip").write_bytes(zipped(*order))
        assert list(graded(tmp_path / "all.zip").values()) == ["new"]


def test_in_folders_the_time_of_the_file_counts(tmp_path):
    (tmp_path / "ada").mkdir()
    for name, number in (("01_gat (7).ipynb", 1), ("Copy of 01_gat.ipynb", 3), ("01_gat.ipynb", 2)):
        (tmp_path / "ada" / name).write_text(f"day {number}")
        os.utime(tmp_path / "ada" / name, (0, 86_400 * number))
    assert graded(tmp_path) == {"ada": "day 3"}


# ------------------------------------------------------------------ the class list

LIST = """id,first_name,last_name,email,lms_user_id
11,Ada,Love,ada@x.org,501
012,Bob Ray,"Berg, Jr.",b.berg@x.org,
"""


def written(tmp_path, text):
    path = tmp_path / "class.csv"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    return path


@pytest.mark.parametrize(
    "text",
    [
        LIST,
        "\ufeff" + LIST.replace('"Berg, Jr."', "Berg' Jr.").replace(",", ";").replace("'", ","),
        LIST.replace(
            LIST.partition("\n")[0], "ID number,First name,Surname,Email address,lms_user_id"
        ),
        LIST.replace("id,", "section,ID,", 1).replace("11,", "A,11,").replace("012,", "B,012,"),
    ],
)
def test_the_table_that_nbgrader_imports_is_read(tmp_path, text):
    assert list(students.read(written(tmp_path, text)).values()) == [
        Student("11", "Ada", "Love", "ada@x.org", "501"),
        Student("012", "Bob Ray", "Berg, Jr.", "b.berg@x.org", ""),
    ]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("name,email\nAda,a@x\n", "no column `id`.*'name', 'email'"),
        ("id,first_name\n1,Ada\n1,Bob\n", "class.csv, line 3"),
        (LIST.replace("Love", "Love, Countess"), "line 2.*'Countess'"),
        (LIST.replace("ada@x.org", "ada@x.org,Ltd,GB"), "line 2"),
        ("id,first_name\n1.23E+05,Ada\n", "class.csv, line 2"),
        ("", "class.csv"),
        ("id\n", "class.csv"),
        ("id,first_name\n1,Zo\udceb\n", "class.csv"),  # no UTF-8
    ],
)
def test_what_is_no_class_list_is_an_error(tmp_path, text, where):
    with pytest.raises(Problem, match=where):
        students.read(written(tmp_path, text))
