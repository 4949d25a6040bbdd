"""Whose work a file is: by a platform's number, by folders, by a class list, or nobody's."""

import io
import os
import time
import zipfile

import pytest

from tools.notebook.common import Problem
from tools.teach.grade import ownership, pages, submissions
from tools.teach.grade.ownership import Owner
from tools.teach.grade.students import Student
from tools.teach.grade.submission import Refused

KNOWN = [("06_graphs", "01_gat"), ("06_graphs", "02_ppi"), ("01_faces", "01_mtcnn")]
UNITS = ["06_graphs", "01_faces"]
MOODLE = "assignsubmission_file_"
CLASS = {
    s.id: s
    for s in (
        Student("1", "Ada", "Love", "ada@x.org"),
        Student("2", "Bob", "Berg", "bob@x.org"),
        Student("3", "Kim", "Lee", "kim.lee@x.org"),
        Student("4", "Kim", "Lee", "kl4@x.org"),
    )
}


def owned(places, people=None):
    """Return who has each place, or "nobody"; a part that ends in .zip is a zip."""
    found = []
    for place in places:
        parts = place.split("/")
        zips = frozenset(n for n, p in enumerate(parts) if p.endswith(".zip"))
        parts = [p.removesuffix(".zip") for p in parts]
        what = ownership.what(parts, KNOWN)
        assert not isinstance(what, str), (place, what)
        found.append(ownership.claim(parts, zips, what.before, UNITS))
    people = ownership.Students(people.values()) if people else None
    owners = ownership.owners(found, people)
    return [o.id if isinstance(o, Owner) else "nobody" for o in owners.of], owners


def zipped(path, members):
    """Write a zip of (name, content, day of January) lines."""
    with zipfile.ZipFile(path, "w") as archive:
        for name, content, day in members:
            content = packed(content) if isinstance(content, list) else content
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, day, 0, 0, 0)), content)
    return path


def packed(members):
    memory = io.BytesIO()
    zipped(memory, members)
    return memory.getvalue()


def graded(path, **options):
    """Return what is graded for whom, as text, and the rest of the collection."""
    collection = submissions.collect(path, KNOWN, **options)
    texts = {}
    for found in collection.found:
        try:
            texts[found.student, found.notebook] = found.load().decode()
        except Refused as refused:
            texts[found.student, found.notebook] = f"refused: {refused}"
    return texts, collection


# ------------------------------------------------------------------ platforms


@pytest.mark.parametrize(
    ("place", "student"),
    [
        (f"Ada Love_123_{MOODLE}/01_gat.ipynb", "Ada Love_123"),
        (f"Ada Love_123_{MOODLE}01_gat.ipynb", "Ada Love_123"),
        (f"Ada Love_123_{MOODLE}Copy of 01_gat.ipynb", "Ada Love_123"),
        (f"Ada Love_123_{MOODLE}ada_06_graphs.zip/06_graphs/01_gat.ipynb", "Ada Love_123"),
        (f"Ada Love_123_{MOODLE}hw_2024_11_05_x.zip/01_gat.ipynb", "Ada Love_123"),
        (f"Participant_77_{MOODLE}/01_gat.ipynb", "Participant_77"),
        (f"submissions/Ada Love_123_{MOODLE}/01_gat.ipynb", "Ada Love_123"),
        (f"Section A/06_graphs/Ada Love_123_{MOODLE}/01_gat.ipynb", "Ada Love_123"),
        (f"Section A.zip/Ada Love_123_{MOODLE}/pack.zip/01_gat.ipynb", "Ada Love_123"),
        ("loveada_77_991_01_gat-2.ipynb", "loveada_77"),
        ("loveada_LATE_77_991_Copy of 01_gat.ipynb", "loveada_77"),
        ("loveada_77_991_final_01_gat (1).ipynb", "loveada_77"),
        ("Section A/loveada_77_991_01_gat.ipynb", "loveada_77"),
        ("loveada_77_991_06_graphs.zip/01_gat.ipynb", "loveada_77"),
        ("loveada_77_991_Copy of ada_06_graphs (1).zip/06_graphs/01_gat.ipynb", "loveada_77"),
        ("anon_a1B2c_991_01_gat.ipynb", "anon_a1B2c"),
        ("LATE_anon_a1B2c_991_01_gat.ipynb", "anon_a1B2c"),
        ("anon_xxxxx_01_gat.ipynb", "anon_xxxxx"),
        ("anon_a1B2c_991_06_graphs.zip/06_graphs/01_gat.ipynb", "anon_a1B2c"),
    ],
)
def test_a_platform_s_number_is_the_student(place, student):
    assert owned([place])[0] == [student]


@pytest.mark.parametrize(
    "place",
    [
        f"Bob_2_{MOODLE}_7_{MOODLE}/01_gat.ipynb",  # a display name in Moodle's form
        f"Eve_7_{MOODLE}Bob_2_{MOODLE}01_gat.ipynb",  # a file's name
        f"Ada Love_1_assignsubmission_zz_9_{MOODLE}/01_gat.ipynb",  # a mark that ends where one
        f"Ada Love_1_assignsubmission_9_{MOODLE}/01_gat.ipynb",  # begins
        f"bob_2_{MOODLE}_77_991_01_gat.ipynb",  # a display name at Canvas
        "bob_5_77_991_01_gat.ipynb",  # bob 5, or bob_5 77?
        "bob_5_12__77_991_01_gat.ipynb",
        "bob_5_12__LATE_77_991_06_graphs.zip/01_gat.ipynb",
    ],
)
def test_names_that_can_be_read_in_two_ways_are_nobodys(place):
    (student,), owners = owned([place])
    assert student == "nobody" and "the student's number may be" in owners.of[0]


@pytest.mark.parametrize(
    "forged",
    [
        f"Eve_7_{MOODLE}/Bob_2_{MOODLE}/01_gat.ipynb",  # a folder that Eve handed in
        f"Eve_7_{MOODLE}/bob_2_5_01_gat.ipynb",
        f"Eve_7_{MOODLE}/pack.zip/Bob_2_{MOODLE}/01_gat.ipynb",
        f"Eve_7_{MOODLE}bob_06_graphs.zip/bob/01_gat.ipynb",
    ],
)
def test_what_lies_within_a_student_s_folder_or_zip_is_theirs(forged):
    assert owned([f"Bob_2_{MOODLE}/01_gat.ipynb", forged])[0] == ["Bob_2", "Eve_7"]


@pytest.mark.parametrize(
    "forged", [f"eve/Bob_2_{MOODLE}/01_gat.ipynb", "Bob_2_06_graphs.zip/01_gat.ipynb"]
)
def test_a_folder_or_zip_beside_the_platform_s_takes_nobody_s_place(forged):
    students, owners = owned([f"Bob_2_{MOODLE}/01_gat.ipynb", forged])
    assert students[1] == "nobody", owners
    assert students[0] in ("Bob_2", "nobody")


def test_one_number_is_one_student_under_whatever_name():
    places = [f"Ada Love_1_{MOODLE}/01_gat.ipynb", f"Ada Byron_1_{MOODLE}/02_ppi.ipynb"]
    students, owners = owned([*places, f"Ada Love_9_{MOODLE}/02_ppi.ipynb"])
    assert students == ["Ada Byron_1", "Ada Byron_1", "Ada Love_9"]
    (note,) = owners.notes
    assert note == "1 stands beside 2 names, 'Ada Byron' and 'Ada Love': taken as one student"


# ------------------------------------------------------------------ folders


@pytest.mark.parametrize(
    ("places", "students"),
    [
        (["ada/06_graphs/01_gat.ipynb", "bob/01_gat.ipynb"], "ada & bob"),
        (["submissions/ada/06_graphs/01_gat.ipynb", "submissions/bob/01_gat.ipynb"], "ada & bob"),
        (["submissions/ada/06_graphs/01_gat.ipynb", "submissions/bob/02_ppi.ipynb"], "ada & bob"),
        (["A/ada_06_graphs.zip/01_gat.ipynb", "A/b_06_graphs.zip/01_gat.ipynb"], "ada & b"),
        (["06_graphs/ada/01_gat.ipynb", "06_graphs/bob/01_gat.ipynb"], "ada & bob"),
        (["12_smith/01_gat.ipynb", "13_smith/06_graphs/01_gat.ipynb"], "12_smith & 13_smith"),
        (["ada/alo_06_graphs.zip/01_gat.ipynb", "bob/bb_06_graphs.zip/01_gat.ipynb"], "ada & bob"),
        (["ada_06_graphs.zip/old/01_gat.ipynb", "bob_06_graphs.zip/01_gat.ipynb"], "ada & bob"),
        (["Copy of ada_06_graphs.zip/01_gat.ipynb", "bob (1).zip/01_gat.ipynb"], "ada & bob"),
        (["ada/06_graphs/a/01_gat.ipynb", "ada/06_graphs/b/01_gat.ipynb"], "ada & ada"),
        (["ada/work/01_gat.ipynb", "ada/02_ppi.ipynb", "bob/01_gat.ipynb"], "ada & ada & bob"),
        (["/".join("abcdefghijkl") * 50 + "/01_gat.ipynb", "ada/01_gat.ipynb"], "a & ada"),
    ],
)
def test_the_outermost_folder_is_the_student(places, students):
    found, owners = owned(places)
    assert found == students.split(" & "), owners


@pytest.mark.parametrize(
    ("places", "students"),
    [
        (["ada/01_gat.ipynb", "x/old/01_gat.ipynb", "x/new/01_gat.ipynb"], "ada nobody nobody"),
        (["01_gat.ipynb", "06_graphs/01_gat.ipynb", "ada/01_gat.ipynb"], "nobody nobody ada"),
        # sections, which are no students
        (["A/ada/01_gat.ipynb", "A/bob/01_gat.ipynb", "B/01_gat.ipynb"], "nobody nobody B"),
        (["A/a_06_graphs.zip/01_gat.ipynb", "A/b_06_graphs.zip/01_gat.ipynb",
          "B/c_06_graphs.zip/01_gat.ipynb", "B/d_06_graphs.zip/01_gat.ipynb"], "nobody " * 4),
        (["A/ada/01_gat.ipynb", "A/bob/01_gat.ipynb", "A/01_gat.ipynb"], "ada bob nobody"),
    ],
)  # fmt: skip
def test_what_folders_do_not_tell_is_nobodys(places, students):
    found, owners = owned(places)
    assert found == students.split()
    assert all("STUDENT/UNIT/NOTEBOOK.ipynb" in o or "its place" in o
               for o in owners.of if isinstance(o, str))  # fmt: skip


def test_a_folder_around_all_is_told():
    _, owners = owned(["A/ada/01_gat.ipynb", "A/bob/01_gat.ipynb"])
    assert owners.notes == ["each folder within A is taken as a student"]


def test_names_of_any_kind_are_different_students_and_pages():
    names = ["x" * 400, "x" * 401, "a\nb", "a\\x0ab", "a\u2028b", "a\\x2028b", "A", "a"]
    names += ["\udcffx", "\\udcffx", "é", "e\u0301"]
    labels = [ownership.label(name) for name in names]
    assert len(set(labels)) == len({pages.page_name(text) for text in labels}) == len(names)
    assert all(len(text.encode()) < 200 for text in labels)


# ------------------------------------------------------------------ a class list


@pytest.mark.parametrize(
    ("place", "student"),
    [
        ("ada/01_gat.ipynb", "1"),
        ("Section A/Love, Ada/old/01_gat.ipynb", "1"),
        ("ada@x.org/06_graphs/01_gat.ipynb", "1"),
        ("1/01_gat.ipynb", "1"),
        ("ada_06_graphs.zip/06_graphs/01_gat.ipynb", "1"),
        ("ada_01_gat.ipynb", "1"),
        (f"Ada Love_1_{MOODLE}/01_gat.ipynb", "1"),
        (f"Ada Love_991_{MOODLE}/01_gat.ipynb", "1"),  # a list without Moodle's numbers
        (f"Group A-Ada Love_991_{MOODLE}/01_gat.ipynb", "1"),
        ("loveada_991_5_01_gat.ipynb", "1"),
        (f"Byron_1_{MOODLE}/01_gat.ipynb", "1"),
        (f"Kim Lee_4_{MOODLE}/01_gat.ipynb", "4"),
        ("kl4/01_gat.ipynb", "4"),
        ("bob_2_77_991_01_gat.ipynb", "2"),  # 77 is nobody: the list says how to read it
        ("anon_a1B2c_991_01_gat.ipynb", "anon_a1B2c"),
        ("Kim Lee/01_gat.ipynb", "nobody"),  # two of them
        (f"Kim Lee_77_{MOODLE}/01_gat.ipynb", "nobody"),
        (f"Bob Berg_1_{MOODLE}/01_gat.ipynb", "nobody"),  # one by number, another by name
        ("bob_2_1_991_01_gat.ipynb", "nobody"),
        ("zoe/01_gat.ipynb", "nobody"),
        (f"Zoe_77_{MOODLE}/01_gat.ipynb", "nobody"),
        ("01_gat.ipynb", "nobody"),
        (f"ada/Bob Berg_2_{MOODLE}/01_gat.ipynb", "nobody"),
        (f"ada/Zoe_77_{MOODLE}/01_gat.ipynb", "1"),
        ("1/bob/01_gat.ipynb", "nobody"),  # a section of the name 1, not the student 1
        ("ada/bob_01_gat.ipynb", "1"),
    ],
)
def test_a_class_list_says_who_is_who(place, student):
    assert owned([place], CLASS)[0] == [student]


def test_a_name_on_the_list_takes_nobody_s_place():
    places = [f"Bob Berg_2_{MOODLE}/01_gat.ipynb", f"Bob Berg_77_{MOODLE}/01_gat.ipynb"]
    students, owners = owned(places, CLASS)
    assert students == ["2", "nobody"]
    told = "the numbers 2 and 77 both have the name of Bob Berg (2) in the class list"
    assert owners.of[1] == told
    own = Student("2", "Bob", "Berg", lms_user_id="77")  # the platform's number is another one
    assert owned(["bergbob_77_991_01_gat.ipynb"], {"2": own})[0] == ["2"]
    places = [f"Bob Berg_{n}_{MOODLE}/01_gat.ipynb" for n in (76, 77)]
    assert owned(places, CLASS)[0] == ["nobody", "nobody"]
    places = [f"{n}/Bob Berg_{n}_{MOODLE}/01_gat.ipynb" for n in (76, 77)]
    assert owned(places, CLASS)[0] == ["2", "2"]  # two assignments: Moodle numbers anew in each


def test_marks_within_a_folder_that_holds_other_work_take_nobody_s_place():
    forged = [f"zoe/Bob Berg_2_{MOODLE}/01_gat.ipynb", "zoe/02_ppi.ipynb"]
    assert owned(["bob/01_gat.ipynb", *forged], CLASS)[0] == ["2", "nobody", "nobody"]
    # and one stray file in the folder around a download does not stop the class
    around = [f"in/Ada Love_1_{MOODLE}/01_gat.ipynb", f"in/Bob Berg_2_{MOODLE}/01_gat.ipynb"]
    assert owned([*around, "in/01_gat.ipynb"], CLASS)[0] == ["1", "2", "nobody"]
    assert owned([*around, "in/01_gat.ipynb"])[0] == ["Ada Love_1", "Bob Berg_2", "nobody"]
    assert owned([*around, "in/carl/01_gat.ipynb"])[0] == ["Ada Love_1", "Bob Berg_2", "carl"]


def test_names_of_the_course_may_look_like_copies():
    known = [("week-1", "lab"), ("week-2", "lab"), ("week-2", "lab-1")]
    told = {}
    for place in ("week-1/lab.ipynb", "week-2 (1)/lab (2).ipynb", "week-2/lab-1.ipynb"):
        what = ownership.what(place.split("/"), known)
        told[place] = (what.unit, what.notebook, what.version)
    assert list(told.values()) == [
        ("week-1", "lab", 0),
        ("week-2", "lab", 2),
        ("week-2", "lab-1", 0),
    ]


def test_a_number_that_the_list_lacks_is_nobody_s_where_it_has_the_others():
    places = [f"Ada Love_1_{MOODLE}/01_gat.ipynb", f"Kim Lee_3_{MOODLE}/01_gat.ipynb"]
    students, owners = owned([*places, f"Bob Berg_77_{MOODLE}/01_gat.ipynb"], CLASS)
    assert students == ["1", "3", "nobody"]
    assert "the name of Bob Berg (2), but the number 77 is not in the class list" in owners.of[2]


def test_a_class_list_lists_who_is_missing_and_who_is_unknown(tmp_path):
    path = zipped(tmp_path / "all.zip", [
        ("ada/01_gat.ipynb", "a", 1), ("Byron_2_" + MOODLE + "/01_gat.ipynb", "b", 1),
        ("zoe/01_gat.ipynb", "z", 1)])  # fmt: skip
    texts, collection = graded(path, people=CLASS)
    assert texts == {("1", "01_gat"): "a", ("2", "01_gat"): "b"}
    assert {time.localtime(f.time)[:3] for f in collection.found} == {(2024, 1, 1)}
    assert collection.left_out == ["zoe/01_gat.ipynb: 'zoe' means no one student in the class list"]
    assert collection.notes == ["Bob Berg (2) hands in under the name 'Byron'"]
    assert submissions.missing({"1", "2"}, CLASS) == [
        "2 of 4 in the class list have no notebook here: Kim Lee (3), Kim Lee (4)"
    ]


# ------------------------------------------------------------------ the latest


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (("ada/z_pack.zip", [("01_gat.ipynb", "old", 20)], 1), ("ada/01_gat.ipynb", "new", 2)),
        (("ada/01_gat.ipynb", "old", 1), ("ada/a.zip", [("01_gat.ipynb", "new", 1)], 2)),
        (("ada/old_01_gat.ipynb", "old", 1), ("ada/01_gat.ipynb", "new", 2)),
        (("ada/old_01_gat.ipynb", "old", 1), ("ada/01_gat.ipynb", "new", 1)),  # the very name
        (("ada/01_gat-Copy1.ipynb", "old", 1), ("ada/01_gat.ipynb", "new", 2)),
        (("ada/01_gat - Copy (2).ipynb", "old", 1), ("ada/01_gat copy.ipynb", "new", 2)),
        (("ada/01_gat.ipynb", "old", 1), ("ada/01_gat (1).ipynb", "new", 1)),
        (("ada/01_gat (2).ipynb", "old", 1), ("ada/01_gat (10).ipynb", "new", 1)),
        (("ada/01_gat (9).ipynb", "old", 1), ("ada/Copy of 01_gat.ipynb", "new", 2)),
        (("ada/06_graphs/v2/01_gat.ipynb", "old", 1), ("ada/06_graphs/v1/01_gat.ipynb", "new", 2)),
        (("lo_7_20_01_gat.ipynb", "old", 1), ("lo_7_100_01_gat.ipynb", "new", 1)),
        (("lo_7_100_01_gat.ipynb", "new", 1), ("lo_7_20_01_gat-3.ipynb", "old", 2)),
        (("ada/06_graphs (9).zip", [("01_gat.ipynb", "old", 1)], 1),
         ("ada/06_graphs.zip", [("01_gat.ipynb", "new", 1)], 2)),
        (("ada/06_graphs.zip", [("a/01_gat.ipynb", "new", 2), ("b/01_gat.ipynb", "old", 1)], 3),
         ("ada/06_graphs/02_ppi.ipynb", "other", 3)),
    ],
)  # fmt: skip
def test_the_latest_counts_by_its_time_and_the_others_are_listed(tmp_path, first, second):
    for order in ((first, second), (second, first)):
        texts, collection = graded(zipped(tmp_path / "all.zip", order))
        assert [t for (_, n), t in texts.items() if n == "01_gat"] == ["new"]
        (line,) = collection.left_out
        named = first == ("ada/old_01_gat.ipynb", "old", 1) and second[2] == 1
        which = "the one of the notebook's own name" if named else "the later"
        assert f"handed in 06_graphs/01_gat again, {which} counts" in line


def test_within_a_student_s_own_zip_the_notebook_s_own_name_counts(tmp_path):
    for old in ("old_01_gat.ipynb", "Copy of my 01_gat.ipynb"):
        inner = [("06_graphs/01_gat.ipynb", "new", 1), (f"06_graphs/{old}", "old", 2)]
        texts, collection = graded(zipped(tmp_path / "all.zip", [("ada.zip", inner, 3)]))
        assert texts == {("ada", "01_gat"): "new"}
        (line,) = collection.left_out
        assert "the one of the notebook's own name counts: ada.zip/06_graphs/01_gat.ipynb" in line
    inner = [("01_gat.ipynb", "old", 1), ("01_gat (1).ipynb", "new", 2)]  # copies are no others
    texts, _ = graded(zipped(tmp_path / "all.zip", [("ada.zip", inner, 3)]))
    assert texts == {("ada", "01_gat"): "new"}


def test_in_folders_the_time_of_the_file_counts(tmp_path):
    for name, day in (("01_gat (7).ipynb", 1), ("Copy of 01_gat.ipynb", 3), ("01_gat.ipynb", 2)):
        path = tmp_path / "ada" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"day {day}")
        os.utime(path, (0, time.mktime((2024, 1, day, 12, 0, 0, 0, 0, -1))))
    texts, collection = graded(tmp_path)
    assert texts == {("ada", "01_gat"): "day 3"}
    assert collection.left_out[0] == (
        "ada/01_gat (7).ipynb: ada handed in 06_graphs/01_gat again, the later counts: "
        "ada/Copy of 01_gat.ipynb, 2024-01-03 12:00; this is of 2024-01-01 12:00"
    )


def test_files_of_one_time_and_name_have_to_be_one(tmp_path):
    unequal = [("06_graphs/a/01_gat.ipynb", "a", 1), ("06_graphs/b/01_gat.ipynb", "b", 1)]
    equal = [("06_graphs/a/01_gat.ipynb", "a", 1), ("06_graphs/b/01_gat.ipynb", "a", 1)]
    path = zipped(tmp_path / "all.zip", [("ada.zip", unequal, 1), ("bob.zip", equal, 1)])
    texts, _ = graded(path)
    assert texts["bob", "01_gat"] == "a"
    assert texts["ada", "01_gat"] == (
        "refused: 2 files of one date (2024-01-01 00:00) may be it: "
        "ada.zip/06_graphs/a/01_gat.ipynb and ada.zip/06_graphs/b/01_gat.ipynb; "
        "leave the one that counts"
    )


def test_two_members_of_one_name_are_two_versions(tmp_path):
    with pytest.warns(UserWarning, match="Duplicate name"):
        path = zipped(
            tmp_path / "a.zip", [("ada/01_gat.ipynb", t, d) for t, d in (("new", 2), ("old", 1))]
        )
    assert graded(path)[0] == {("ada", "01_gat"): "new"}


def test_a_class_of_nobody_says_why(tmp_path):
    path = zipped(tmp_path / "all.zip", [("zoe/01_gat.ipynb", "z", 1)])
    with pytest.raises(Problem, match="'zoe' means no one student in the class list"):
        graded(path, people=CLASS)
