"""The class: the table that nbgrader imports, and whom a name or a number means."""

import pytest
from grade_class import UNIT, Desk, moodle, table, zipped

from tools.notebook.common import Problem
from tools.teach.grade import gradebook, store, students
from tools.teach.grade.students import Student

CLASS = """id,first_name,last_name,email,lms_user_id
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
        CLASS,
        "\ufeff" + CLASS.replace('"Berg, Jr."', "Berg' Jr.").replace(",", ";").replace("'", ","),
        CLASS.replace("id,", "section,ID,", 1).replace("11,", "A,11,").replace("012,", "B,012,"),
    ],
    ids=["as it is imported", "by a spreadsheet", "with another column"],
)
def test_the_table_that_nbgrader_imports_is_read(tmp_path, text):
    assert list(students.read(written(tmp_path, text)).values()) == [
        Student("11", "Ada", "Love", "ada@x.org", "501"),
        Student("012", "Bob Ray", "Berg, Jr.", "b.berg@x.org", ""),
    ]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("name,email\nAda,a@x\n", "'name', 'email'"),
        ("id,first_name\n1,Ada\n1,Bob\n", "class.csv, line 3"),
        ("id,first_name\n1.23E+05,Ada\n", "class.csv, line 2"),
        ("id\n", "class.csv"),
        ("id,first_name\n1,Zo\udceb\n", "class.csv"),  # no UTF-8
    ],
)
def test_what_is_no_class_list_is_an_error(tmp_path, text, where):
    with pytest.raises(Problem, match=where):
        students.read(written(tmp_path, text))


def test_a_class_list_gives_names_to_the_gradebook(tmp_path, monkeypatch):
    desk = Desk(tmp_path, monkeypatch)
    upload = zipped(tmp_path / "all.zip", (moodle("Ada Love", 4001), {"why": ""}, 1.8e9))
    desk(upload, "--students", written(tmp_path, CLASS))
    assert table(desk.out, "11")["double"]["points"] == "2"
    assert table(desk.out, "012")["double"]["reason"] == "not handed in"
    with gradebook.opened(desk.out / store.GRADEBOOK) as opened:
        who = opened.find_student("11")
        assert (who.first_name, who.last_name, who.lms_user_id) == ("Ada", "Love", "501")
        assert opened.find_submission(UNIT, "11").score == 5
