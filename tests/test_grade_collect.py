"""Whose work a file of an upload is, and which notebook: by platform, folder, list and metadata."""

import io
import json
import os
import sys
import time
import zipfile

import pytest

from tools.notebook.common import Problem
from tools.teach.grade import collect, pages, term
from tools.teach.grade.students import Student
from tools.teach.grade.submission import Refused

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
        Student("5", "Jo-Ada"),
    )
}


def zipped(*members):
    """Return a zip of (name, content, day of January); a content that is a list is a zip too."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        for name, content, day in members:
            content = zipped(*content) if isinstance(content, list) else content
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, day, 0, 0, 0)), content)
    return memory.getvalue()


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def collected(folder, *paths, known=KNOWN, people=None):
    """Collect a zip of files, where a part that ends in .zip is a zip; return also the upload."""
    members = []
    for path in paths:
        *outer, name = path.split(".zip/")
        member = [(name, "{}", 1)]
        for part in reversed(outer):
            member = [(f"{part}.zip", member, 1)]
        members += member
    return collect.collect(write(folder / "all.zip", zipped(*members)), known, people)


def owners(folder, *paths, people=None):
    """Return whose each path is; "nobody" if that is not clear."""
    try:
        found, upload = collected(folder, *paths, people=people)
    except Problem:
        return ["nobody"] * len(paths)
    students = {one.path: one.student for one in found}
    assert students.keys() | {line.partition(": ")[0] for line in upload.left_out} == {*paths}
    return [students.get(path, "nobody") for path in paths]


def graded(path, **options):
    """Return what is graded for whom, as text, and the lines about other files."""
    recorded = term.Term()
    texts = {}
    for one in recorded.add(*collect.collect(path, KNOWN, **options)):
        try:
            texts[one.student, one.notebook] = one.load().decode()
        except Refused as refused:
            texts[one.student, one.notebook] = f"refused: {refused}"
    return texts, recorded.state([]).left_out


# ------------------------------------------------------------------ platforms


@pytest.mark.parametrize(
    ("path", "student"),
    [
        (f"Ada Love_123_{MOODLE}/01_gat.ipynb", "Ada Love_123"),
        (f"Ada Love_123_{MOODLE}01_gat.ipynb", "Ada Love_123"),
        (f"Ada Love_123_{MOODLE}Copy of 01_gat.ipynb", "Ada Love_123"),
        (f"Ada Love_123_{MOODLE}hw_2024_11_05_x.zip/01_gat.ipynb", "Ada Love_123"),
        (f"Participant_77_{MOODLE}/01_gat.ipynb", "Participant_77"),
        (f"submissions/Ada Love_123_{MOODLE}/01_gat.ipynb", "Ada Love_123"),
        (f"Section A/06_graphs/Ada Love_123_{MOODLE}/01_gat.ipynb", "Ada Love_123"),
        (f"Section A.zip/Ada Love_123_{MOODLE}/pack.zip/01_gat.ipynb", "Ada Love_123"),
        ("loveada_77_991_01_gat-2.ipynb", "loveada_77"),
        ("loveada_LATE_77_991_Copy of 01_gat.ipynb", "loveada_77"),
        ("Section A/loveada_77_991_final_01_gat (1).ipynb", "loveada_77"),
        ("loveada_77_991_06_graphs.zip/01_gat.ipynb", "loveada_77"),
        ("loveada_77_991_Copy of ada_06_graphs (1).zip/06_graphs/01_gat.ipynb", "loveada_77"),
        # Names that can be read in two ways: a display name in a platform's form, or a file's.
        (f"Bob_2_{MOODLE}_7_{MOODLE}/01_gat.ipynb", "nobody"),
        (f"Eve_7_{MOODLE}Bob_2_{MOODLE}01_gat.ipynb", "nobody"),
        (f"Ada Love_1_assignsubmission_zz_9_{MOODLE}/01_gat.ipynb", "nobody"),
        (f"Ada Love_1_assignsubmission_9_{MOODLE}/01_gat.ipynb", "nobody"),
        (f"bob_2_{MOODLE}_77_991_01_gat.ipynb", "nobody"),
        ("bob_5_77_991_01_gat.ipynb", "nobody"),
        ("bob_5_12__LATE_77_991_06_graphs.zip/01_gat.ipynb", "nobody"),
    ],
)
def test_a_platforms_number_is_the_student(tmp_path, path, student):
    assert owners(tmp_path, path) == [student]


@pytest.mark.parametrize(
    "forged",
    [
        f"Eve_7_{MOODLE}/Bob_2_{MOODLE}/01_gat.ipynb",  # a folder that Eve handed in
        f"Eve_7_{MOODLE}/bob_2_5_01_gat.ipynb",
        f"Eve_7_{MOODLE}/pack.zip/Bob_2_{MOODLE}/01_gat.ipynb",
        f"Eve_7_{MOODLE}bob_06_graphs.zip/bob/01_gat.ipynb",
    ],
)
def test_what_lies_within_a_students_folder_or_zip_is_theirs(tmp_path, forged):
    assert owners(tmp_path, f"Bob_2_{MOODLE}/01_gat.ipynb", forged) == ["Bob_2", "Eve_7"]


@pytest.mark.parametrize(
    "forged", [f"eve/Bob_2_{MOODLE}/01_gat.ipynb", "Bob_2_06_graphs.zip/01_gat.ipynb"]
)
def test_a_folder_or_zip_of_a_student_takes_no_others_name(tmp_path, forged):
    students = owners(tmp_path, f"Bob_2_{MOODLE}/01_gat.ipynb", forged)
    assert students[1] == "nobody" and students[0] in ("Bob_2", "nobody")
    own = ["ada/06_graphs/01_gat.ipynb", "bob/01_gat.ipynb"]
    assert owners(tmp_path, *own, f"eve/bob/{forged}") == ["ada", "bob", "nobody"]


# ------------------------------------------------------------------ folders


@pytest.mark.parametrize(
    ("paths", "students"),
    [
        (["ada/06_graphs/01_gat.ipynb", "bob/01_gat.ipynb"], "ada bob"),
        (["A/ada/06_graphs/01_gat.ipynb", "A/bob/06_graphs/02_ppi.ipynb"], "ada bob"),
        (["A/ada/06_graphs/01_gat.ipynb", "B/bob/06_graphs/02_ppi.ipynb"], "ada bob"),
        (["06_graphs/ada/01_gat.ipynb", "06_graphs/bob/01_gat.ipynb"], "ada bob"),
        (["12_smith/01_gat.ipynb", "13_smith/06_graphs/01_gat.ipynb"], "12_smith 13_smith"),
        (["ada_06_graphs.zip/old/01_gat.ipynb", "bob_06_graphs (1).zip/01_gat.ipynb"], "ada bob"),
        (["ada/06_graphs/a/01_gat.ipynb", "ada/06_graphs/b/02_ppi.ipynb"], "ada ada"),
        # What is not STUDENT/UNIT/NOTEBOOK.ipynb, or not beside the others
        (["ada/01_gat.ipynb", "x/old/01_gat.ipynb", "x/new/01_gat.ipynb"], "ada nobody nobody"),
        (["ada/01_gat.ipynb", "bob/x/06_graphs/01_gat.ipynb"], "ada nobody"),
        (["01_gat.ipynb", "06_graphs/02_ppi.ipynb", "ada/01_gat.ipynb"], "nobody nobody ada"),
        (["A/ada/06_graphs/01_gat.ipynb", "B/ada/06_graphs/02_ppi.ipynb"], "nobody nobody"),
        (["A/a_06_graphs.zip/01_gat.ipynb", "A/b_06_graphs.zip/01_gat.ipynb"], "nobody nobody"),
        (["A/ada/06_graphs/01_gat.ipynb", "A/bob/06_graphs/01_gat.ipynb", "A/02_ppi.ipynb"],
         "ada bob nobody"),
        ([f"in/Ada_1_{MOODLE}/01_gat.ipynb", f"in/Bob_2_{MOODLE}/01_gat.ipynb", "in/01_gat.ipynb"],
         "Ada_1 Bob_2 nobody"),
    ],
)  # fmt: skip
def test_the_folder_around_a_unit_is_the_student(tmp_path, paths, students):
    assert owners(tmp_path, *paths) == students.split()


def test_names_of_any_kind_are_different_students_and_pages():
    names = ["x" * 400, "x" * 401, "a\nb", "a\\x0ab", "a\u2028b", "a\\x2028b", "A", "a"]
    names += ["\udcffx", "\\udcffx", "é", "e\u0301"]
    labels = [collect.label(name) for name in names]
    assert len(set(labels)) == len({pages.page_name(text) for text in labels}) == len(names)
    assert all(len(text.encode()) < 250 and text.isprintable() for text in labels)


# ------------------------------------------------------------------ a class list


@pytest.mark.parametrize(
    ("path", "student"),
    [
        ("ada/01_gat.ipynb", "1"),
        ("Section A/Love, Ada/old/01_gat.ipynb", "1"),
        ("ada@x.org/06_graphs/01_gat.ipynb", "1"),
        ("1/01_gat.ipynb", "1"),
        ("ada_06_graphs.zip/06_graphs/01_gat.ipynb", "1"),
        ("ada_01_gat.ipynb", "1"),
        (f"Byron_501_{MOODLE}/01_gat.ipynb", "1"),
        (f"Ada Love_991_{MOODLE}/01_gat.ipynb", "1"),  # a list without Moodle's numbers
        (f"Group A-Ada Love_991_{MOODLE}/01_gat.ipynb", "1"),
        (f"Jo-Ada_991_{MOODLE}/01_gat.ipynb", "5"),
        ("loveada_991_5_01_gat.ipynb", "1"),
        (f"Kim Lee_504_{MOODLE}/01_gat.ipynb", "4"),
        ("kl4/01_gat.ipynb", "4"),
        ("ada_501_77_991_01_gat.ipynb", "1"),  # 77 is nobody: the list says how to read it
        ("ada/bob_01_gat.ipynb", "1"),
        ("Kim Lee/01_gat.ipynb", "nobody"),  # two of them
        (f"Kim Lee_77_{MOODLE}/01_gat.ipynb", "nobody"),
        (f"Bob Berg_501_{MOODLE}/01_gat.ipynb", "nobody"),  # one by number, another by name
        (f"Byron_1_{MOODLE}/01_gat.ipynb", "nobody"),  # may be an id by chance
        ("ada_501_504_991_01_gat.ipynb", "nobody"),
        ("bob_5_77_991_01_gat.ipynb", "nobody"),
        ("zoe/01_gat.ipynb", "nobody"),
        (f"Zoe_77_{MOODLE}/01_gat.ipynb", "nobody"),
        ("01_gat.ipynb", "nobody"),
        (f"ada/Bob Berg_2_{MOODLE}/01_gat.ipynb", "nobody"),
        ("1/bob/01_gat.ipynb", "nobody"),
    ],
)
def test_a_class_list_says_who_is_who(tmp_path, path, student):
    assert owners(tmp_path, path, people=CLASS) == [student]


def test_of_two_numbers_with_one_name_the_one_on_the_list_counts(tmp_path):
    ada = [f"Ada Love_{n}_{MOODLE}/01_gat.ipynb" for n in (76, 501, 77)]
    assert owners(tmp_path, *ada, people=CLASS) == ["nobody", "1", "nobody"]
    bob = [f"Bob Berg_{n}_{MOODLE}/01_gat.ipynb" for n in (76, 77)]
    assert owners(tmp_path, *bob, people=CLASS) == ["nobody", "nobody"]
    two = [f"{n}/Bob Berg_{n}_{MOODLE}/01_gat.ipynb" for n in (76, 77)]
    assert owners(tmp_path, *two, people=CLASS) == ["2", "2"]  # each assignment has its numbers


def test_a_number_in_anothers_folder_takes_no_place_of_its_student(tmp_path):
    forged = f"eve_x/Ada Love_501_{MOODLE}/01_gat.ipynb"
    assert owners(tmp_path, forged, "ada/01_gat.ipynb", people=CLASS) == ["nobody", "1"]
    own = f"Ada Love_501_{MOODLE}/01_gat.ipynb"
    assert owners(tmp_path, own, forged, people=CLASS) == ["1", "nobody"]


def test_who_is_not_on_the_list_is_named(tmp_path):
    found, upload = collected(tmp_path, "ada/01_gat.ipynb", "zoe/01_gat.ipynb", people=CLASS)
    assert [one.student for one in found] == ["1"]
    (line,) = upload.left_out
    assert line.startswith("zoe/01_gat.ipynb: ") and "'zoe'" in line
    with pytest.raises(Problem, match=r"no submission in .*\n  zoe/01_gat.ipynb: .*'zoe'"):
        collected(tmp_path, "zoe/01_gat.ipynb", people=CLASS)


# ------------------------------------------------------------------ which notebook


def notebook(number, before=b""):
    return before + json.dumps({"cells": [], "metadata": {"course": {"id": number}}}).encode()


@pytest.mark.parametrize(
    "name",
    ["01_gat", "01_gat (1)", "01_gat-Copy1", "Kopie von 01_gat", "Copy of Copy of 01_gat",
     "01_gat - Kopie", "01_gat - Kopie (2)", "01_gat_Mueller", "01_gat_final", "01_gat_1",
     "01_GAT", "Mueller_01_Gat_FINAL-3"],
)  # fmt: skip
def test_a_name_that_holds_the_notebooks_name_says_which_it_is(tmp_path, name):
    found, upload = collected(tmp_path, f"ada/{name}.ipynb")
    assert [one.key for one in found] == [("ada", "06_graphs", "01_gat")]
    assert upload.left_out == []


@pytest.mark.parametrize("name", ["homework", "01_gat2", "101_gat", "01_gat_and_02_ppi", "gat"])
def test_else_the_notebooks_own_metadata_says_it(tmp_path, name):
    for before in (b"", b"\xef\xbb\xbf"):
        write(tmp_path / "in" / "ada" / f"{name}.ipynb", notebook("06/02", before))
        found, _ = collect.collect(tmp_path / "in", KNOWN)
        assert [one.key for one in found] == [("ada", "06_graphs", "02_ppi")]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", notebook("09/09"), notebook(["06/01"]), b'{"metadata": [1]}', b"[" * 200_000,
     b'{"metadata": {"course": {"id": "06/01"}}, "cells": [' + b"[]," * 1_000_001 + b"1]}"],
)  # fmt: skip
def test_a_notebook_that_nothing_names_is_listed_and_its_student_is_in_the_tables(
    tmp_path, content
):
    write(tmp_path / "in" / "ada" / "homework.ipynb", content)
    write(tmp_path / "in" / "bob" / "01_gat.ipynb", b"{}")
    write(tmp_path / "in" / "bob" / "notes.txt", b"")
    found, upload = collect.collect(tmp_path / "in", KNOWN)
    assert [one.student for one in found] == ["bob"]
    assert [line.partition(": ")[0] for line in upload.left_out] == [
        "ada/homework.ipynb",
        "bob/notes.txt",
    ]
    recorded = term.Term()
    recorded.add(found, upload)
    state = recorded.state([])
    assert state.unclear.keys() == {"ada"} and "ada" in state.people


def test_who_handed_in_something_else_is_in_the_tables(tmp_path):
    paths = [f"Bob_2_{MOODLE}/01_gat.ipynb", f"Eve_7_{MOODLE}/homework.pdf", "readme.txt"]
    _, upload = collected(tmp_path, *paths, f"Kim_8_{MOODLE}/broken.zip", "docs/a.txt")
    assert {student: other for student, (other, _) in upload.unclear.items()} == {
        "Eve_7": True,
        "Kim_8": False,
    }


def test_few_files_of_a_student_are_opened_for_their_metadata(tmp_path):
    members = [(f"{n:03}.ipynb", notebook("06/01"), 1) for n in range(200)]
    path = write(tmp_path / "all.zip", zipped(("ada.zip", members, 1), ("bob.zip", members, 1)))
    found, _ = collect.collect(path, KNOWN)
    assert [one.student for one in found].count("ada") == collect.LOOKED_INTO
    assert [one.student for one in found].count("bob") == collect.LOOKED_INTO


SAME = [("06_graphs", "01_start"), ("03_activity", "01_start"), ("03_activity", "02_more")]


@pytest.mark.parametrize(
    ("path", "unit"),
    [
        ("ada/06_graphs/01_start.ipynb", "06_graphs"),
        ("ada/03_activity/old/06_graphs/01_start.ipynb", "06_graphs"),
        (f"Ada L_1_{MOODLE}/03_activity (1)/01_start.ipynb", "03_activity"),
        ("love_7_12_06_graphs-2.zip/01_start.ipynb", "06_graphs"),
        ("ada/01_start.ipynb", None),
    ],
)
def test_of_equal_names_the_units_folder_says_which_it_is(tmp_path, path, unit):
    found, upload = collected(tmp_path, path, "bob/02_more.ipynb", known=SAME)
    assert [one.unit for one in found if one.notebook == "01_start"] == [unit] * bool(unit)
    assert len(upload.left_out) == (not unit)


def test_names_of_the_course_may_look_like_copies(tmp_path):
    known = [("week-1", "lab"), ("week-2", "lab"), ("week-2", "lab-1")]
    paths = ["a/week-1/lab.ipynb", "a/week-2 (1)/lab (2).ipynb", "a/week-2/lab-1.ipynb"]
    found, _ = collected(tmp_path, *paths, known=known)
    keys = {one.path: (one.unit, one.notebook, one.copy) for one in found}
    assert [keys[path] for path in paths] == [
        ("week-1", "lab", 0),
        ("week-2", "lab", 2),
        ("week-2", "lab-1", 0),
    ]


# ------------------------------------------------------------------ the latest


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("ada/06_graphs.zip", [("01_gat.ipynb", "old", 20)], 1), ("ada/01_gat.ipynb", "new", 2)),
        (("ada/01_gat.ipynb", "old", 1), ("ada/06_graphs.zip", [("01_gat.ipynb", "new", 1)], 2)),
        (("ada/old_01_gat.ipynb", "old", 1), ("ada/01_gat.ipynb", "new", 1)),  # the very name
        (("ada/01_gat-Copy1.ipynb", "old", 1), ("ada/01_gat.ipynb", "new", 2)),
        (("ada/01_gat.ipynb", "old", 1), ("ada/01_gat-Copy1.ipynb", "new", 2)),
        (("ada/01_gat - Copy (2).ipynb", "old", 1), ("ada/01_gat copy.ipynb", "new", 2)),
        (("ada/01_gat.ipynb", "old", 1), ("ada/01_gat (1).ipynb", "new", 1)),
        (("ada/01_gat (2).ipynb", "old", 1), ("ada/01_gat (10).ipynb", "new", 1)),
        (("ada/01_gat (9).ipynb", "old", 1), ("ada/Copy of 01_gat.ipynb", "new", 2)),
        (("ada/06_graphs/v2/01_gat.ipynb", "old", 1), ("ada/06_graphs/v1/01_gat.ipynb", "new", 2)),
        (("lo_7_20_01_gat.ipynb", "old", 1), ("lo_7_100_01_gat.ipynb", "new", 1)),
        (("lo_7_100_01_gat.ipynb", "new", 1), ("lo_7_20_01_gat-3.ipynb", "old", 2)),
        (("lo_7_12_06_graphs.zip", [("01_gat.ipynb", "old", 9)], 1),
         ("lo_7_13_06_graphs-1.zip", [("01_gat.ipynb", "new", 1)], 1)),
    ],
)  # fmt: skip
def test_the_latest_counts_and_the_others_are_listed(tmp_path, first, second):
    for order in ((first, second), (second, first)):
        texts, left_out = graded(write(tmp_path / "all.zip", zipped(*order)))
        assert list(texts.values()) == ["new"]
        (line,) = left_out
        assert "handed in 06_graphs/01_gat again" in line


def test_within_a_students_own_zip_the_notebooks_own_name_counts(tmp_path):
    for old in ("old_01_gat.ipynb", "Copy of my 01_gat.ipynb", "01_gat_backup.ipynb"):
        inner = [("06_graphs/01_gat.ipynb", "new", 1), (f"06_graphs/{old}", "old", 2)]
        texts, _ = graded(write(tmp_path / "all.zip", zipped(("ada.zip", inner, 3))))
        assert texts == {("ada", "01_gat"): "new"}
    inner = [("01_gat.ipynb", "old", 1), ("01_gat (1).ipynb", "new", 2)]  # copies are no others
    texts, _ = graded(write(tmp_path / "all.zip", zipped(("ada.zip", inner, 3))))
    assert texts == {("ada", "01_gat"): "new"}


def test_in_folders_the_time_of_the_file_counts(tmp_path):
    for name, day in (("01_gat (7).ipynb", 1), ("Copy of 01_gat.ipynb", 3), ("01_gat.ipynb", 2)):
        path = write(tmp_path / "ada" / name, f"day {day}".encode())
        os.utime(path, (0, time.mktime((2024, 1, day, 12, 0, 0, 0, 0, -1))))
    texts, left_out = graded(tmp_path)
    assert texts == {("ada", "01_gat"): "day 3"}
    assert "2024-01-01 12:00" in left_out[0] and "2024-01-03 12:00" in left_out[0]


def test_files_of_one_time_and_name_have_to_be_one(tmp_path):
    unequal = [("06_graphs/a/01_gat.ipynb", "a", 1), ("06_graphs/b/01_gat.ipynb", "b", 1)]
    equal = [("06_graphs/a/01_gat.ipynb", "a", 1), ("06_graphs/b/01_gat.ipynb", "a", 1)]
    both = zipped(("ada.zip", unequal, 1), ("bob.zip", equal, 1))
    texts, _ = graded(write(tmp_path / "all.zip", both))
    assert texts["bob", "01_gat"] == "a"
    assert texts["ada", "01_gat"].startswith("refused: 2 files of one date (2024-01-01 00:00)")


def test_two_members_of_one_name_are_two_versions(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = zipped(("ada/01_gat.ipynb", "new", 2), ("ada/01_gat.ipynb", "old", 1))
    assert graded(write(tmp_path / "a.zip", content))[0] == {("ada", "01_gat"): "new"}


def test_what_is_left_out_is_listed_in_few_lines_of_each(tmp_path):
    around = f"in/Eve_7_{MOODLE}"
    paths = [f"{around}/{n}/01_mtcnn.ipynb/{n}.txt" for n in range(3_000)]
    paths += [f"in/eve/{'x' * 5_000}", f"in/Ada_9_{MOODLE}/01_mtcnn.ipynb"]
    paths += [f"in/Bob_8_{MOODLE}{n}.txt" for n in range(11)]
    _, upload = collected(tmp_path, *paths)
    assert len(upload.left_out) == 10 + 10 + 1 and upload.more == 2_991
    assert max(map(len, upload.left_out)) < 400
