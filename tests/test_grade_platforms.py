"""Tables of Moodle and Canvas: read in any language and letters, and written back the same."""

import csv
import io
import json
import random
import zipfile
from contextlib import suppress
from datetime import datetime

import nbformat
import pytest
from grade_class import NAME, UNIT, Desk, moodle, zipped

from tools.notebook.common import Problem
from tools.teach.grade import canvas, imports, platforms, roster, sheets, tables, term, worksheets
from tools.teach.grade.policy import Policy, Rule, Rules
from tools.teach.grade.roster import Student
from tools.teach.grade.totals import Total, Totals

DUE = datetime(2027, 5, 31, 18).timestamp()
PEOPLE = (
    ("101", "Ada Łove, Jr.", "ada@x.org"),
    ("007", "李 小龙", "li@x.org"),
    ("104", "Jürgen Groß", "jg@x.org"),
)
STUDENTS = [Student(*each) for each in PEOPLE]
FORMS = {
    "as downloaded": (b"\xef\xbb\xbf", "utf-8", ",", "\r\n", ""),
    "plain": (b"", "utf-8", ",", "\n", ""),
    "Excel": (b"\xff\xfe", "utf-16-le", "\t", "\r\n", ""),
    "big end": (b"\xfe\xff", "utf-16-be", ";", "\n", ""),
    "no mark": (b"", "utf-16-le", ";", "\n", ""),
    "sep": (b"\xef\xbb\xbf", "utf-8", ";", "\r\n", "sep=;\r\n"),
}


def heads_of(words):
    """Return a worksheet's headings with a language's words; the others are no words of it."""
    first = [words["id"][0], words["name"][0], words["email"][0], "Status", words["points"][0]]
    return [*first, words["most"][0], "X1", "X2", "Last\nmodified (x)", "X3"]


def sheet_of(heads, word="Participant ", most="9,00", form="plain", people=PEOPLE):
    """Return the bytes of a worksheet; a status and a comment have line ends and separators."""
    mark, letters, between, end, first = FORMS[form]
    text = io.StringIO(newline="")
    lines = [
        [f"{word}{n}", name, mail, "in;\nbits, \t x", "", most, "Yes", "-", "then", 'a "b"\nc']
        for n, name, mail in people
    ]
    csv.writer(text, delimiter=between, lineterminator=end).writerows([heads, *lines])
    return mark + (first + text.getvalue()).encode(letters)


def file(tmp_path, content, name="sheet.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def state_of(people=STUDENTS, numbers=(), canvas_files=()):
    kept = [{"id": s.id, "name": s.name, "email": s.email, "group": s.group} for s in people]
    return term.State(people=kept, numbers=list(numbers), canvas=list(canvas_files))


def totals(students, points=7.5, of=9.0, name=NAME, **more):
    return Totals({(s, UNIT, name): Total(points, of, **more) for s in students}, Rules())


# ------------------------------------------------------------------ Moodle


@pytest.mark.parametrize("language", platforms.LANGUAGES)
def test_a_worksheet_is_read_and_written_back_in_each_language(tmp_path, language):
    words = platforms.LANGUAGES[language]
    for form, word in [(f, w) for f in FORMS for w in words["participant"]]:
        given = sheet_of(heads_of(words), word, form=form)
        path = file(tmp_path, given)
        assert list(roster.read(path).values()) == STUDENTS, form
        worksheets.take_in(tmp_path, [str(path)], None, {UNIT: {"101", "007"}}, [UNIT])
        made = imports.grades(tmp_path, totals(["101", "104"]), state_of())
        assert made.notes == []
        before = sheets.of_bytes("", given)
        after = sheets.of_bytes("", made.files[f"moodle_{UNIT}.csv"])
        assert FORMS[form] == (after.mark, after.letters, after.between, after.end, after.first)
        wanted = [list(row) for row in before.rows]
        wanted[1][4] = wanted[3][4] = "7,5"  # as Moodle there writes numbers
        assert after.rows == wanted


def test_columns_of_an_unknown_language_are_known_by_their_place(tmp_path):
    heads = [f"Wort {n}" for n in range(10)]
    path = file(tmp_path, sheet_of(heads, "Schüler·"))
    assert list(roster.read(path).values()) == STUDENTS
    form = platforms.form_of(sheets.read(path))
    assert (form.platform, form.points, form.most, form.participant) == ("Moodle", 4, 5, "Schüler·")
    blind = [["Wort 1", "Wort 2", "Wort 3", "Wort 4"]]
    blind += [[f"Schüler·{n}", "abgegeben", "", "9"] for n, _, _ in PEOPLE]
    form = platforms.form_of(sheets.Sheet("blind.csv", blind))
    assert (form.platform, form.name, form.email, form.points) == ("Moodle", -1, -1, 2)


def test_ids_of_ones_own_are_left_as_they_are(tmp_path):
    text = "id,name,year\ns0101,Ada,2027\ns0007,Bob,2027\n"
    assert list(roster.read(file(tmp_path, text))) == ["s0101", "s0007"]
    text = "id;name\n0007;Ada\n0012;Bob\n"
    assert list(roster.read(file(tmp_path, text))) == ["0007", "0012"]


@pytest.mark.parametrize(
    "text",
    [
        "id,name,group,year\ns902,Ada Love,1,2027\ns901,Bob Ray,2,2027\n",
        "ID;Name;phone;year\ns902;Ada Love;;2027\ns901;Bob Ray;;2027\n",
        "id,name,email,attempts,credits\ns902,Ada Love,a@x.org,1,5\ns901,Bob Ray,b@x.org,,5\n",
        "id,first name,last name,tries,year\ns902,Ada,Love,,7\ns901,Bob,Ray,,7\n",
        "number,name,id,tries,year\nx1,Ada Love,s902,,7\nx2,Bob Ray,s901,,7\n",
    ],
)
def test_a_roster_of_ones_own_is_no_worksheet_whatever_its_numbers(tmp_path, text):
    path = file(tmp_path, text)
    assert [(s.id, s.name) for s in roster.read(path).values()] == [
        ("s902", "Ada Love"), ("s901", "Bob Ray"),
    ]  # fmt: skip
    worksheets.take_in(tmp_path, [], path, {UNIT: {"901", "902"}}, [UNIT])
    assert not (tmp_path / worksheets.KEPT).exists()


def test_what_a_spreadsheet_spoilt_is_refused(tmp_path):
    for spoilt in ("1.23E+05", "1,23e+11", "4E5"):
        with pytest.raises(Problem, match="line 3 .Bob.: .* makes of a long number"):
            roster.read(file(tmp_path, f'id;name\n7;Ada\n"{spoilt}";Bob\n'))


def test_what_is_in_no_known_column_is_told(tmp_path, capsys):
    roster.read(file(tmp_path, "id,Rufname,Telefon\n1,Ada,11\n2,Bob,12\n"))
    told = capsys.readouterr().out
    assert "sheet.csv has no names and no e-mails in a column that is known" in told
    assert "the others are Rufname, Telefon: if it is one of these, name it name or email" in told
    roster.read(file(tmp_path, "id,name\n1,Ada\n"))
    assert capsys.readouterr().out == ""
    with pytest.raises(Problem, match=r"its first line is 'Kennung;Wer'\); it needs id.* Name the"):
        roster.read(file(tmp_path, "Kennung;Wer\nx1;Ada\ny2;Bob\n"))


def test_names_are_no_formulas_and_come_back_as_they_were(tmp_path):
    people = (("101", "=HYPERLINK(1)", "a@x.org"), ("102", "'t Hooft", "b@x.org"))
    words = platforms.LANGUAGES["en"]
    path = file(tmp_path, sheet_of(heads_of(words), most="9", people=people))
    worksheets.take_in(tmp_path, [str(path)], None, {UNIT: {"101"}}, [UNIT])
    students = list(roster.read(path).values())
    found = imports.grades(tmp_path, totals(["101"]), state_of(students))
    text = found.files[f"moodle_{UNIT}.csv"].decode()
    assert "Participant 101,'=HYPERLINK(1)," in text and "Participant 102,'t Hooft," in text
    assert list(found.files) == [f"moodle_{UNIT}.csv"]
    columns = {(UNIT, ""): UNIT}  # the grader's own for Canvas is a roster, too
    own = tables.canvas_csv(columns, totals(["101"]), found.platform)
    assert "'=HYPERLINK(1),101" in own
    again = roster.read(file(tmp_path, own))
    assert [(s.id, s.name) for s in again.values()] == [each[:2] for each in people[:1]]


def test_twins_and_strangers_have_no_line_of_another(tmp_path):
    people = (("1", "Kim Lee", "k@x.org"), ("2", "Kim Lee", "kim@x.org"), ("3", "Zoe", ""))
    path = file(tmp_path, sheet_of(heads_of(platforms.LANGUAGES["de"]), people=people))
    worksheets.take_in(tmp_path, [f"01={path}"], None, {}, [UNIT])
    own = [Student("m1", "Kim Lee"), Student("m2", "Kim Lee", "kim@x.org"), Student("m3", "Zoe")]
    made = imports.grades(tmp_path, totals(["m1", "m2", "m3"], of=100.0), state_of(own))
    rows = sheets.of_bytes("", made.files[f"moodle_{UNIT}.csv"]).lines
    assert [row[4] for row in rows] == ["", "7,5", "7,5"]
    assert made.notes == [
        f"moodle_{UNIT}.csv: the highest grade in Moodle is 9, and {UNIT} has 100 points: give "
        "the assignment that maximum grade, and download the worksheet anew",
        f"no line of moodle_{UNIT}.csv is for m1 (1 in all)",
    ]


def test_a_highest_grade_that_is_no_number_is_told(tmp_path):
    people = [Student("101"), Student("104")]
    for most, told in (("", "blank"), ("Good", "Good"), ("20.00", "20")):
        path = file(tmp_path, sheet_of(heads_of(platforms.LANGUAGES["en"]), most=most))
        worksheets.take_in(tmp_path, [f"01={path}"], None, {}, [UNIT])
        made = imports.grades(tmp_path, totals(["101", "104"]), state_of(people))
        assert made.notes == [
            f"moodle_{UNIT}.csv: the highest grade in Moodle is {told}, and {UNIT} has 9 points: "
            "give the assignment that maximum grade, and download the worksheet anew"
        ]


def test_lines_of_one_number_are_nobodys_and_told(tmp_path):
    people = (("77", "Ada", ""), ("77", "Bob", ""), ("78", "Cleo", ""))
    path = file(tmp_path, sheet_of(heads_of(platforms.LANGUAGES["en"]), people=people))
    worksheets.take_in(tmp_path, [f"01={path}"], None, {}, [UNIT])
    class_ = [Student("1", "Ada"), Student("2", "Bob"), Student("3", "Cleo")]
    made = imports.grades(tmp_path, totals(["1", "2", "3"]), state_of(class_))
    rows = sheets.of_bytes("", made.files[f"moodle_{UNIT}.csv"]).lines
    assert [row[4] for row in rows] == ["", "", "7,5"]
    assert made.notes == [
        f"moodle_{UNIT}.csv has several lines for 77 (1 in all): none of them is filled in",
        f"no line of moodle_{UNIT}.csv is for 1, 2 (2 in all)",
    ]


def test_a_worksheet_of_another_assignment_is_not_filled_in(tmp_path):
    path = file(tmp_path, sheet_of(heads_of(platforms.LANGUAGES["de"]), "Teilnehmer/in"))
    units = [UNIT, "02_other"]
    worksheets.take_in(tmp_path, [], path, {UNIT: {"901", "902"}, "02_other": set()}, units)
    assert not (tmp_path / worksheets.KEPT).exists()
    with pytest.raises(Problem, match="01_small or of 02_other: say --worksheet 01=sheet.csv"):
        worksheets.take_in(tmp_path, [str(path)], None, {u: {"901"} for u in units}, units)
    with pytest.raises(Problem, match="no unit '05' of 01_small, 02_other"):
        worksheets.take_in(tmp_path, [f"05={path}"], None, {}, units)
    own = file(tmp_path, "id,name\n1,Ada\n", "class.csv")
    for text in (str(own), f"01={own}"):
        with pytest.raises(Problem, match="is no worksheet of Moodle and no gradebook export"):
            worksheets.take_in(tmp_path, [text], None, {UNIT: set()}, units)
    assert not (tmp_path / worksheets.KEPT).exists()


def test_an_export_of_canvas_is_that_whatever_unit_is_named(tmp_path):
    path = file(tmp_path, EXPORT, "grades.csv")
    worksheets.take_in(tmp_path, [f"01={path}"], None, {UNIT: set()}, [UNIT])
    assert [each.name for each in (tmp_path / worksheets.KEPT).iterdir()] == ["canvas.csv"]
    for text in (EXPORT, "id,name,email\n77,Ada,a@x.org\n"):  # as earlier versions kept them
        (tmp_path / worksheets.KEPT / f"moodle_{UNIT}.csv").write_text(text, "utf-8")
        made = imports.grades(tmp_path, totals(["77"]), state_of([Student("77")]))
        assert list(made.files) == ["canvas.csv"] and made.notes == []


# ------------------------------------------------------------------ Canvas

EXPORT = f"""\
Student,ID,SIS User ID,SIS Login ID,Section,Notes,{NAME} (4711),Essay (4712),Current Score
,,,,,,Manual Posting,,
    Points Possible,,,,,,9.00,20.00,(read only)
"Love, Ada",77,0012,ada,Group 1,x,,N/A,
"小龙, 李",78,0013,li,Group 1,,5.00,7,
"Groß, Jürgen",79,0014,jg,Group 2,,6.00,,
"Student, Test",80,,{"0af3" * 10},Group 1,,,,
"""


def test_canvass_export_is_a_roster_without_its_own_lines(tmp_path):
    found = roster.read(file(tmp_path, EXPORT, "grades.csv"))
    assert list(found) == ["77", "78", "79"]
    assert found["77"] == Student("77", "Love, Ada", "ada", "Group 1")
    split = (
        "LastName,FirstName,ID,SIS Login ID,Section\n,,,,\nLove,Ada,77,ada,1\nStudent,Test,8,,\n"
    )
    assert roster.read(file(tmp_path, split))["77"].name == "Ada Love"
    assert len(roster.read(file(tmp_path, split))) == 1


@pytest.mark.parametrize("between", [",", ";"])
def test_canvass_export_is_filled_in_and_keeps_what_has_no_points(tmp_path, between):
    path = file(tmp_path, EXPORT.replace(",", between).replace(f'"Love{between}', '"Love,'))
    worksheets.take_in(tmp_path, [str(path)], None, {UNIT: set()}, [UNIT])
    people = [Student("77", "Love, Ada"), Student("78"), Student("79")]
    each = {**totals(["77"]), **totals(["78"], waiting=1), **totals(["79"], 0.0)}
    mine = Totals(each, Rules())
    made = imports.grades(tmp_path, mine, state_of(people))
    rows = sheets.of_bytes("", made.files["canvas.csv"]).rows
    assert rows[0] == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", f"{NAME} (4711)"]
    assert [row[5] for row in rows[1:]] == ["9.00", "7.5", "5.00", "0"]
    assert made.notes == [] and b"Test" not in made.files["canvas.csv"]


def test_an_assignment_is_known_by_the_name_in_its_name():
    def meant(*titles):
        heads = ["Student", "ID", "Section", *(f"{t} ({n})" for n, t in enumerate(titles))]
        places = [("06_graph", "01_gat"), ("06_graph", "02_ppi"), ("07_video", "01_gat")]
        return canvas.meant(sheets.Sheet("x", [heads]), places)

    assert meant("06_graph", "Essay") == {("06_graph", ""): [3]}
    assert meant("Week 3: 02 PPI, graded", "01_gat") == {("06_graph", "02_ppi"): [3]}
    assert meant("06_graph 01_gat", "07_video/01_gat") == {
        ("06_graph", "01_gat"): [3], ("07_video", "01_gat"): [4],
    }  # fmt: skip
    assert meant("06_graph quiz", "06_graph again") == {("06_graph", ""): [3, 4]}
    assert meant("06_graph quiz", "06 Graph", "06_graph again") == {("06_graph", ""): [4]}
    own = ["Student", "ID", "Section", "06_graph", "02_ppi", "my 01_gat", "06_graph 01_gat"]
    places = [("06_graph", "01_gat"), ("06_graph", "02_ppi")]
    assert canvas.meant(sheets.Sheet("x", [own]), places) == {
        ("06_graph", ""): [3], ("06_graph", "02_ppi"): [4], ("06_graph", "01_gat"): [6],
    }  # fmt: skip


GRAPH = [("06_graph", "01_gat"), ("06_graph", "02_ppi")]


def into_canvas(tmp_path, heads, most, ends=(), rules=None):
    """Return what two students' totals of two notebooks make of an export with these columns."""
    text = f"Student,ID,SIS User ID,SIS Login ID,Section,{heads}\n    Points Possible,,,,,{most}\n"
    blank = "," * heads.count(",")
    path = file(tmp_path, f"{text}Ada,77,,ada,G,{blank}\nBob,78,,bob,G,{blank}\n", "g.csv")
    worksheets.take_in(tmp_path, [str(path)], None, {}, ["06_graph"])
    notebooks = {(s, *place): Total(7.5, 10.0) for s in ("77", "78") for place in GRAPH}
    files = [["77", *GRAPH[0], f"ada_77_1_x{end}"] for end in ends]
    state = state_of([Student("77", "Ada"), Student("78", "Bob")], canvas_files=files)
    made = imports.grades(tmp_path, Totals(notebooks, rules or Rules()), state)
    rows = sheets.of_bytes("", made.files["canvas.csv"]).rows
    return {head: row for head, *row in zip(*(row[5:] for row in rows), strict=True)}, made.notes


NONE = "in its name: name it so in Canvas and export anew, or choose it when Canvas asks"


def test_a_notebook_without_a_column_gets_one_and_is_told(tmp_path):
    found, notes = into_canvas(tmp_path, "01_gat (1)", "10", [".ipynb"])
    assert found == {"01_gat (1)": ["10", "7.5", "7.5"], "02_ppi": ["10", "7.5", "7.5"]}
    assert notes == [f"canvas.csv has no assignment with 02_ppi {NONE}"]
    found, notes = into_canvas(tmp_path, "01_gat (1)", "10", [".zip"])  # and none of the unit
    assert list(found) == ["01_gat (1)", "02_ppi"] and len(notes) == 1


def test_a_units_own_column_comes_before_those_that_name_a_notebook(tmp_path):
    found, notes = into_canvas(tmp_path, "06_graph (1),Quiz on 01_gat (2)", "20,5", [".zip"])
    assert (found, notes) == ({"06_graph (1)": ["20", "15", "15"]}, [])
    found, notes = into_canvas(tmp_path, "06_graph (1)", "20", [".ipynb"])
    assert (found, notes) == ({"06_graph (1)": ["20", "15", "15"]}, [])


def test_of_several_columns_the_exact_name_counts_or_none(tmp_path):
    found, notes = into_canvas(tmp_path, "06_graph quiz (2),06_graph (1)", "5,20")
    assert (found, notes) == ({"06_graph (1)": ["20", "15", "15"]}, [])
    found, notes = into_canvas(tmp_path, "06_graph quiz (2),My 06_graph (1)", "5,20")
    assert found == {"06_graph": ["20", "15", "15"]}
    assert notes == [
        "canvas.csv has more than one assignment with 06_graph in its name, 06_graph quiz (2) and "
        "My 06_graph (1): name one of them 06_graph alone in Canvas and export anew, or choose it "
        "when Canvas asks"
    ]


def test_an_assignment_without_points_in_canvas_is_known_and_told(tmp_path):
    found, notes = into_canvas(tmp_path, "06_graph (1),06_graph Current Score", ",(read only)")
    assert found == {"06_graph (1)": ["", "15", "15"]}
    assert notes == [
        "canvas.csv: 06_graph (1) has no points in Canvas, and 20 here: give the assignment as many"
    ]


def test_one_point_and_one_day_are_no_more_than_one():
    assert Rule("bonus", "", ("77",), (), UNIT, points=1.0).said == f"{UNIT}: 1 point on top"
    assert Rule("extension", "", ("77",), (), UNIT, days=1).said == f"{UNIT}: 1 day more"
    assert Rule("extension", "", ("77",), (), UNIT, days=0.5).said == f"{UNIT}: 0.5 days more"


def test_what_columns_of_notebooks_lack_is_told(tmp_path):
    bonus = Rule("bonus", "", ("77",), (), "06_graph", "01_gat", points=2.0)
    policy = Policy(rules=(bonus,), drop_lowest={"06_graph": 1})
    rules = Rules(policy, mine={"77": [bonus]})
    found, notes = into_canvas(tmp_path, "01_gat (1),02_ppi (2)", "10,10", rules=rules)
    assert [each[1:] for each in found.values()] == [["7.5", "7.5"]] * 2
    told = [
        "canvas.csv has columns of the notebooks of 06_graph, and none for a bonus: add it in "
        "Canvas for 77 (2 points) (1 in all)",
        "canvas.csv has columns of the notebooks of 06_graph, with those that drop_lowest leaves "
        "out for 77, 78 (2 in all): let Canvas leave them out, too",
    ]
    assert notes == told
    (tmp_path / worksheets.KEPT / "canvas.csv").unlink()  # without an export
    notebooks = {(s, *place): Total(7.5, 10.0) for s in ("77", "78") for place in GRAPH}
    state = state_of([Student("77"), Student("78")], canvas_files=[["77", *GRAPH[0], "a.ipynb"]])
    made = imports.grades(tmp_path, Totals(notebooks, rules), state)
    assert (list(made.files), made.notes) == (["canvas.csv"], told)
    found, notes = into_canvas(tmp_path, "06_graph (1)", "10", rules=rules)
    assert (found, notes) == ({"06_graph (1)": ["10", "9.5", "7.5"]}, [])


def test_an_export_without_the_assignment_is_told(tmp_path):
    path = file(tmp_path, EXPORT.replace(NAME, "Homework").replace("9.00", "10"))
    worksheets.take_in(tmp_path, [str(path)], None, {UNIT: set()}, [UNIT])
    made = imports.grades(tmp_path, totals(["77"]), state_of([Student("77")]))
    assert made.notes == [
        f"canvas.csv has no assignment with {UNIT} in its name: name it so in Canvas and export "
        "anew, or choose it when Canvas asks"
    ]
    assert made.files["canvas.csv"].decode().splitlines()[0].endswith(f"Section,{UNIT}")


# ------------------------------------------------------------------ from end to end


@pytest.fixture
def desk(tmp_path, monkeypatch):
    return Desk(tmp_path, monkeypatch)


def test_a_class_of_moodle_in_german(desk, tmp_path):
    words = platforms.LANGUAGES["de"]
    content = sheet_of(heads_of(words), "Teilnehmer/in", form="Excel")
    first = zipped(
        tmp_path / "first.zip",
        (moodle("Ada Łove, Jr.", 101), {"why": ""}, DUE),
        (moodle("李 小龙", "007"), {"double": 0, "why": ""}, DUE),
    )
    desk(first, "--roster", file(tmp_path, content, "Bewertungen.csv"))
    found = sheets.read(desk.out / "import" / f"moodle_{UNIT}.csv")
    assert found.headings == sheets.of_bytes("", content).headings
    assert [line[4] for line in found.lines] == ["5", "3", "0"]
    assert found.letters == "utf-16-le" and found.lines[0][0] == "Teilnehmer/in101"
    with zipfile.ZipFile(desk.out / "import" / f"moodle_{UNIT}_feedback.zip") as archive:
        assert [n.split("_")[1] for n in archive.namelist()] == ["007", "101", "104"]
    other = zipped(tmp_path / "next.zip", (moodle("Jürgen Groß", 904, "02_other"), {}, DUE))
    before = (desk.out / "import" / f"moodle_{UNIT}.csv").read_bytes()
    desk(other)  # no word of the worksheet: it is kept
    assert (desk.out / "import" / f"moodle_{UNIT}.csv").read_bytes() == before


def test_twins_are_told_apart_by_the_worksheets_addresses(desk, tmp_path):
    people = (("71", "Kim Lee", "kim1@x.org"), ("72", "Kim Lee", "kim2@x.org"))
    class_ = file(
        tmp_path, "id,name,email\n0001,Kim Lee,kim1@x.org\n0002,Kim Lee,kim2@x.org\n", "c"
    )
    sheet = file(tmp_path, sheet_of(heads_of(platforms.LANGUAGES["en"]), people=people))
    both = zipped(
        tmp_path / "first.zip",
        (moodle("Kim Lee", 71), {"why": ""}, DUE),
        (moodle("Kim Lee", 72), {"double": 0, "why": ""}, DUE),
    )
    desk(both, "--roster", class_, "--worksheet", sheet)
    found = sheets.read(desk.out / "import" / f"moodle_{UNIT}.csv")
    assert [line[4] for line in found.lines] == ["5", "3"]
    marks = csv.DictReader((desk.out / "students.csv").open(encoding="utf-8"))
    assert [(line["student"], line["points"]) for line in marks] == [("0001", "5"), ("0002", "3")]


def test_a_class_of_canvas_with_single_notebooks(desk, tmp_path):
    single = zipped(
        tmp_path / "submissions.zip",
        (f"loveada_77_991_{NAME}-1.ipynb", {"why": ""}, DUE),
        (f"grossjurgen_LATE_79_993_{NAME}.ipynb", {"double": 0, "why": ""}, DUE),
    )
    desk.notebooks = one_unit(desk.notebooks)
    desk(single, "--roster", file(tmp_path, EXPORT, "grades.csv"))
    rows = sheets.read(desk.out / "import" / "canvas.csv").rows
    assert [row[-1] for row in rows] == [f"{NAME} (4711)", "9.00", "5", "0", "3"]
    path = desk.out / "import" / f"canvas_{UNIT}--{NAME}_feedback.zip"
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        cells = nbformat.reads(archive.read(names[1]).decode(), as_version=4).cells
    assert names == [
        f"grossjurgen_LATE_79_993_{NAME}.ipynb", f"loveada_77_991_{NAME}-1.ipynb",
    ]  # fmt: skip
    assert "Feedback for Love, Ada" in cells[0].source and "5 of 9 points" in cells[1].source
    assert all(cell.source.startswith("~~~text\n") for cell in cells)
    assert cells[2].source.splitlines()[1] == "double: 2 of 2 points"


def test_a_class_of_canvas_with_zips(desk, tmp_path):
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr(f"{UNIT}/{NAME}.ipynb", json.dumps({"why": ""}))
    path = tmp_path / "submissions.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(f"loveada_77_991_ada_{UNIT}.zip", inner.getvalue())
    desk(path)
    heads = (desk.out / "import" / "canvas.csv").read_text("utf-8").splitlines()[0]
    assert heads == f"Student,ID,SIS User ID,SIS Login ID,Section,{UNIT}"
    with zipfile.ZipFile(desk.out / "import" / f"canvas_{UNIT}_feedback.zip") as archive:
        (name,) = archive.namelist()
        content = io.BytesIO(archive.read(name))
    assert name == f"loveada_77_991_ada_{UNIT}.zip"
    with zipfile.ZipFile(content) as archive:
        assert "Feedback for loveada_77" in archive.read("feedback.html").decode()


def test_a_students_text_stays_text_in_feedback():
    assert canvas.fenced("~~~\n# big\n~~~~~") == "~~~~~~text\n~~~\n# big\n~~~~~\n~~~~~~"


def one_unit(notebooks):
    """Leave the course one unit, so that a notebook's name alone tells it."""
    (notebooks / "02_other" / f"{NAME}.ipynb").unlink()
    return notebooks


def test_no_bytes_are_more_than_told(tmp_path, capsys):
    dice = random.Random(7)
    known = [sheet_of(heads_of(platforms.LANGUAGES["de"]), form=form) for form in FORMS]
    known.append(EXPORT.encode())
    for _ in range(300):
        content = bytearray(dice.choice(known))
        for _ in range(dice.randrange(1, 6)):
            at = dice.randrange(len(content))
            content[at : at + dice.randrange(20)] = dice.randbytes(dice.randrange(4))
        path = file(tmp_path, bytes(content))
        with suppress(Problem):
            roster.read(path)
            worksheets.take_in(tmp_path, [str(path)], path, {UNIT: {"101"}}, [UNIT])
            imports.grades(tmp_path, totals(["101", "77"]), state_of())
    capsys.readouterr()
