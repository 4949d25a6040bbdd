"""Who is in the class, and whom a name in a file's place means."""

import pytest

from tools.notebook.common import Problem
from tools.teach.grade import roster
from tools.teach.grade.roster import Roster, Student

CLASS = "id,name,email,group\n11,Ada Love,ada@x.org,A\n12,Bob Ray Berg,b.berg@x.org,B\n"


def written(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "class.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize(
    "text",
    [
        CLASS,
        "\ufeff" + CLASS.replace(",", ";").replace("\n", "\r\n"),
        CLASS.replace(",", "\t").replace("id\tname", "ID\tFull name"),
        "Identifier,Full name,Email address,Groups\n"
        "Participant 11,Ada Love,ada@x.org,A\nTeilnehmer/in12,Bob Ray Berg,b.berg@x.org,B\n",
        "Student,ID,SIS User ID,SIS Login ID,Section\n"
        'Ada Love,11,u1,ada@x.org,A\n"Bob Ray Berg",12,u2,b.berg@x.org,B\n,,,,\n',
    ],
)
def test_tables_of_people_and_platforms_are_read(tmp_path, text):
    assert list(roster.read(written(tmp_path, text)).values()) == [
        Student("11", "Ada Love", "ada@x.org", "A"),
        Student("12", "Bob Ray Berg", "b.berg@x.org", "B"),
    ]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "has no students, or no column 'id'"),
        ("name,email\nAda,a@x\n", "no column 'id' \\(its first line is 'name,email'\\)"),
        ("id,name\n1,Ada\n1,Bob\n", "line 3 \\(Bob\\): the id '1' is there twice"),
        ("id,name\n,Ada\n", "line 2 \\(Ada\\): there is no id"),
        ("id,name\n1," + "x" * 200_000, "no CSV that can be read"),
        ("id,name\n1," + "x" * 6_000_000, "larger than 5 MB"),
    ],
)
def test_what_is_no_roster_is_told(tmp_path, text, told):
    with pytest.raises(Problem, match=told):
        roster.read(written(tmp_path, text))


@pytest.mark.parametrize("ids", [("MAT 1234", "MAT 5678"), ("MAT/1", "PHY/1"), ("A 1", "B 1")])
def test_ids_of_ones_own_keep_their_letters(tmp_path, ids):
    text = "id,name\n" + "".join(f"{each},N{n}\n" for n, each in enumerate(ids))
    found = roster.read(written(tmp_path, text))
    assert tuple(found) == ids
    class_ = Roster(found.values())
    assert [class_.find(each.replace("/", "-")).id for each in ids] == list(ids)
    assert [roster.plain_id(each) for each in ids] == list(ids)


def test_a_roster_in_other_letters_is_told(tmp_path):
    with pytest.raises(Problem, match="save it as CSV in UTF-8"):
        roster.read(written(tmp_path, "id,name\n1,Zoë\n", "latin-1"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("11", "11"),
        ("ada@x.org", "11"),
        ("ADA", "11"),
        ("Love, Ada", "11"),
        ("loveada", "11"),  # as Canvas writes it
        ("bergbobray", "12"),
        ("Zoe\u0308 Lee", "13"),  # as macOS writes it
        ("zoe_lee", "13"),
        ("Lee", None),  # a part of a name is no name
        ("Kim Lee", None),  # two of them
        ("14", "14"),
        ("kim2", "15"),
        ("", None),
        ("_", None),
    ],
)
def test_names_mean_one_student_or_none(text, found):
    known = Roster(
        [
            Student("11", "Ada Love", "ada@x.org"),
            Student("12", "Bob Ray Berg"),
            Student("13", "Zo\u00eb Lee"),
            Student("14", "Kim Lee"),
            Student("15", "Lee Kim", "kim2@x.org"),
        ]
    )
    student = known.find(text)
    assert (student and student.id) == found
