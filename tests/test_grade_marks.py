"""Marks by hand: what goes out goes in again, and the gradebook that holds them."""

import json
import random
import re
import sqlite3
from dataclasses import replace

import pytest
from grade_class import (
    HEAD,
    NAME,
    UNIT,
    empty_gradebook,
    folder_with_gradebook,
    graded,
    merged,
    outcome,
    table,
)

from tools.notebook.common import Problem
from tools.teach.grade import command, gradebook, marks, output, rows, term

ADA = f"ada,{UNIT},{NAME}"


@pytest.fixture
def out(tmp_path):
    return folder_with_gradebook(tmp_path)


def row(student="ada", task="double", points=1.0, of=2.0, review=False, **more):
    return rows.Row(student, UNIT, NAME, task, points, of, more.pop("reason", ""), review, **more)


def read(tmp_path, content):
    path = tmp_path / "marks.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return marks.read(path)


# ------------------------------------------------------------------ out and in again


def test_unread_answers_have_no_points_and_a_table_put_back_changes_nothing(out, capsys):
    graded(out, outcome("ada"), outcome("bob", why=""), outcome("'t Hooft", 0))
    before = (out / "grades.csv").read_text("utf-8")
    assert table(out)["a_why"]["points"] == "" and table(out)["a_why"]["needs review"] == "yes"
    assert table(out, "bob")["a_why"]["points"] == "0"  # no answer, nothing to read
    capsys.readouterr()
    merged(out, before)
    assert capsys.readouterr().out.startswith("0 marks merged")
    assert (out / "grades.csv").read_text("utf-8") == before
    with gradebook.opened(out / output.GRADEBOOK) as opened:
        assert not any(r.by_hand for r in gradebook.rows(opened))


def test_only_cells_that_changed_are_marks_by_hand(out, capsys):
    graded(out, outcome("ada"), outcome("bob"))
    text = (out / "grades.csv").read_text("utf-8")
    text = text.replace(f"{ADA},a_why,,4,,yes", f"{ADA},a_why,3.5,4,,yes")
    capsys.readouterr()
    merged(out, text)
    assert capsys.readouterr().out.startswith("1 marks merged")
    assert table(out)["a_why"]["points"] == "3.5" and not table(out)["a_why"]["needs review"]
    assert table(out, "bob")["a_why"]["needs review"] == "yes"
    with gradebook.opened(out / output.GRADEBOOK) as opened:
        assert [r.task for r in gradebook.rows(opened) if r.by_hand] == ["a_why"]
    graded(out, outcome("ada", 0, key="2"))  # graded anew: the automatic mark is automatic still
    assert table(out)["double"]["points"] == "0" and table(out)["a_why"]["points"] == "3.5"


CHANGED = {
    "ada": ("a_why", {"why": "Another reason."}),
    "bob": ("double", {"answer": "def double(x): ..."}),
    "carl": ("a_why", {"why": ""}),
}


def test_a_new_answer_after_a_mark_is_told_and_the_mark_stays(out):
    def handed_in(key, **changed):
        graded(out, *(outcome(s, key=key, **changed.get(s, {})) for s in CHANGED))

    def waiting():
        return [
            (s, t) for s in CHANGED for t, line in table(out, s).items() if line["needs review"]
        ]

    handed_in("1")
    lines = [f"{s},{UNIT},{NAME},a_why,3\n{s},{UNIT},{NAME},double,1" for s in CHANGED]
    merged(out, "\n".join([HEAD, *lines]))
    handed_in("2")  # the same answers under another grader
    assert waiting() == []
    changed = {student: change for student, (_, change) in CHANGED.items()}
    handed_in("3", **changed)
    expected = [(student, task) for student, (task, _) in CHANGED.items()]
    assert waiting() == expected
    for student, task in expected:
        found = table(out, student)
        assert found["a_why"]["points"] == "3" and found["double"]["points"] == "1"
        assert "has changed since it was marked" in found[task]["reason"]
        page = next((out / "feedback").glob(f"{student}-*.html")).read_text("utf-8")
        assert "waits for another look" in page
    handed_in("4", **changed)  # graded anew: still to be looked at
    assert waiting() == expected
    before = (out / "grades.csv").read_text("utf-8")
    merged(out, before)
    assert (out / "grades.csv").read_text("utf-8") == before
    merged(
        out, re.sub(r",yes,(\w+)$", r",,\1", before, flags=re.M)
    )  # looked at: the marks are right
    assert waiting() == [] and table(out)["a_why"]["points"] == "3"


def test_any_table_put_back_unchanged_changes_nothing(tmp_path):
    dice = random.Random(7)
    letters = "'=+-@;,\t|:\"\n a1é\u202e\x1b\uff1d"
    for _ in range(150):
        names = {"".join(dice.choices(letters, k=dice.randint(1, 6))) for _ in range(8)}
        marked = []
        for name in sorted(names):
            by_hand, review = dice.random() < 0.5, dice.random() < 0.5
            points = dice.choice([0.0, 1 / 3, 2.0, 2.5, 1e-7, 12.0])
            text = "".join(dice.choices(letters, k=9))
            marked.append(row(name, "double", points, 10.0, review, reason=text, comment=text,
                            by_hand=by_hand))  # fmt: skip
        if len({rows.as_cell(r.student) for r in marked}) < len(marked):
            continue  # a control character and its escape, side by side
        lines = read(tmp_path, rows.grades_csv(marked))
        assert marks.compare(marked, lines) == marks.Compared([], [], [])
        assert [marks._row_of(line, marks._known(marked), {}) for line in lines] == marked


@pytest.mark.parametrize("name", ["'t Hooft", "=cmd()", "'=x", "-5", "O'Neil", "''''", "@ada;=1"])
@pytest.mark.parametrize("typed", [True, False])
def test_a_name_that_begins_like_a_formula_is_found(tmp_path, name, typed):
    one, other = row(name), row("'" + name)
    cell = name if typed else rows.as_cell(name)
    text = rows.as_csv(HEAD.split(","), []) + ",".join([f'"{cell}"', UNIT, NAME, "double", "2"])
    found = marks.compare([one], read(tmp_path, text)).changes
    assert [(c.row, c.points) for c in found] == [(one, 2.0)]
    assert rows.as_cell(one.student) != rows.as_cell(other.student)


# ------------------------------------------------------------------ how tables are written


LINE = f"ada;{UNIT};{NAME};double;1,5;Well done, ada"
SHEETS = {
    "semicolons and decimal commas": f"{HEAD.replace(',', ';')};comment\n{LINE}\n".encode(),
    "a byte-order mark": f"\ufeff{HEAD},comment\n{ADA},double,1.5,\"Well done, ada\"\n".encode(),
    "UTF-16": f"{HEAD},comment\n".replace(",", "\t").encode("utf-16")
    + LINE.replace(";", "\t").encode("utf-16-le"),
    "Windows' ends of lines": f"{HEAD},comment\r\n\r\n{ADA},double,1.5,\"Well done, ada\"\r\n"
    .encode(),
    "other order, capitals, empty lines": "Task,Points ,UNIT,Notebook,Student,x,Comment\n,,,,,,\n"
    f"double,1.50,{UNIT},{NAME},ada,,\"Well done, ada\"\n".encode(),
}  # fmt: skip


@pytest.mark.parametrize("name", SHEETS)
def test_tables_as_spreadsheets_save_them(tmp_path, name):
    lines = read(tmp_path, SHEETS[name])
    (change,) = marks.compare([row()], lines).changes
    assert (change.points, change.comment) == (1.5, "Well done, ada")


def test_empty_cells_that_excel_leaves_out_at_the_end_are_empty(tmp_path):
    text = f"{HEAD},comment,needs review\n{ADA},double,2\n"
    (change,) = marks.compare([row()], read(tmp_path, text)).changes
    assert (change.points, change.comment) == (2.0, "")


WRONG = {
    "two lines for one task": (f"{HEAD}\n{ADA},double,1\n\n{ADA},double,2\n",
                               "line 4: line 2 is on the same task"),
    "a short line": (f"{HEAD}\n{ADA},double,1\nada,{UNIT}\n",
                     "line 3: it has 2 cells, and none for notebook, task, points"),
    "no points": (f"{HEAD}\n{ADA},double\n", "line 2: it has 4 cells, and none for points"),
    "a long line": (f"{HEAD}\n{ADA},double,1,5\n", "line 2: it has 6 cells, and the first line 5"),
    "a huge field": (f"{HEAD},comment\n{ADA},double,1,\n{ADA},centre,1,{'x' * 200_000}\n",
                     "line 3: field larger than field limit"),
    "an open quotation mark": (f'{HEAD},comment\n{ADA},double,1,"open\n\n',
                               "line 2: unexpected end of data"),
    "Latin-1": (f"{HEAD},comment\n{ADA},double,1,".encode() + b"sch\xf6n\n",
                "line 2: b'\\xf6' is not UTF-8"),
    "no columns": ("a,b\n1,2\n", "lacks the columns student, unit, notebook, task, points"),
    "a column twice": (f"{HEAD},Points\n", "has the column points twice"),
    "nothing": ("\n\n", "is empty"),
    "not a number": (f"{HEAD}\n{ADA},double,two\n", "line 2: 'two' is no mark from 0 to 2"),
    "underscores": (f"{HEAD}\n{ADA},double,1_0\n", "line 2: '1_0' is no mark"),
    "below": (f"{HEAD}\n{ADA},double,-1\n", "line 2: '-1' is no mark"),
    "after a text of several lines": (f'{HEAD},comment\n{ADA},double,1,"a\nb"\nzoe,u,n,t,1,\n',
                                      "line 4: nothing of 'zoe'"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_table_is_told_with_its_line(tmp_path, name):
    content, told = WRONG[name]
    with pytest.raises(Problem, match=re.escape(told)):
        marks.compare([row()], read(tmp_path, content))


def test_comments_alone_are_merged_and_the_answer_still_waits(out, capsys):
    graded(out, outcome("ada"))
    merged(out, f"{HEAD},comment\n{ADA},a_why,,See me\n")
    assert re.search("^0 marks merged .* 1 comments", capsys.readouterr().out, re.M)
    assert table(out)["a_why"]["needs review"] == "yes"
    assert "See me" in next((out / "feedback").glob("ada-*.html")).read_text("utf-8")


# ------------------------------------------------------------------ formulas and hidden letters


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a;=cmd()", "a;'=cmd()"),
        ("a\t@x", "a\t'@x"),
        ("a\n=1", "a\n'=1"),
        ('a" ,"=1+1', 'a" ,"\'=1+1'),
        ("a|  -2+3+cmd", "a|  '-2+3+cmd"),
        ("\uff1dcmd()", "'\uff1dcmd()"),
        ("[1.0, -2.5, -1e-05]", "[1.0, -2.5, -1e-05]"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("\u202e=x", "\\u202e=x"),
        ("\r=x", "\\r=x"),
        ("\x9b31m", "\\x9b31m"),
    ],
)
def test_no_cell_is_a_formula_or_hides_what_it_is(text, cell):
    assert rows.as_cell(text) == cell


def test_pages_and_terminal_show_escape_codes_and_overrides(out, capsys):
    evil = "\x1b]0;owned\x07 \u202egnp.exe"
    bad = outcome("ada", why=evil, refused=evil, notes=[evil], answer=f"# {evil}")
    attention = graded(out, bad, left_out=[evil])
    command.summary(out, [bad], 1, attention, 1.0)
    texts = {str(p.relative_to(out)): p.read_text("utf-8") for p in out.rglob("*.html")}
    for text in (*texts.values(), capsys.readouterr().out, (out / "grades.csv").read_text("utf-8")):
        assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", text)
    assert all("\\u202egnp.exe" in text for text in texts.values())


# ------------------------------------------------------------------ accidents


def test_a_gradebook_that_is_gone_is_written_anew_with_the_marks_by_hand(out, capsys):
    graded(out, outcome("ada"), outcome("bob", 0))
    merged(out, f"{HEAD},comment\n{ADA},a_why,3,=Good\nbob,{UNIT},{NAME},double,0,Look again\n")
    graded(out, outcome("ada", key="2", why="Other."))
    before = (out / "grades.csv").read_text("utf-8")
    (out / output.GRADEBOOK).unlink()
    assert "is gone; it is written anew" in output.gone(out)
    (out / output.GRADEBOOK).write_bytes(empty_gradebook())
    graded(out)
    assert (out / "grades.csv").read_text("utf-8") == before
    assert "1 marks given by hand are back" in capsys.readouterr().out


def test_an_older_gradebook_gets_what_it_lacks(out, capsys):
    graded(out, outcome("ada"))
    merged(out, f"{HEAD}\n{ADA},a_why,1\n")
    backup = (out / output.GRADEBOOK).read_bytes()
    merged(out, f"{HEAD},comment\n{ADA},a_why,2,Better\n{ADA},double,1,Why?\n")
    graded(out, outcome("bob", 0))
    before = table(out)["double"], table(out, "bob")
    (out / output.GRADEBOOK).write_bytes(backup)
    capsys.readouterr()
    merged(out, f"{HEAD}\n{ADA},centre,2\n")
    assert "2 marks given by hand are back" in capsys.readouterr().out
    assert (table(out)["double"], table(out, "bob")) == before
    assert [table(out)[task]["points"] for task in ("centre", "a_why")] == ["2", "2"]
    (out / output.WRITTEN).write_text('{"ada/01_small/01_small": "key"}', encoding="utf-8")
    graded(out)  # as an older grader has left it
    assert table(out)["double"] == before[0]


def cut(path):
    path.write_bytes(path.read_bytes()[:6000])


def garble(path):
    content = path.read_bytes()
    path.write_bytes(content[:5000] + b"\xff" * 20_000 + content[25_000:])


def other_tables(path):
    path.unlink()
    with sqlite3.connect(path) as found:
        found.execute("CREATE TABLE cats (name)")
    found.close()


DAMAGES = [cut, garble, other_tables, lambda p: p.write_bytes(b""), lambda p: p.write_text("x")]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_gradebook_is_told(out, damage):
    damage(out / output.GRADEBOOK)
    calls = (output.gone, lambda out: command.main(["--manual", "m.csv", "--out", str(out)]))
    for call in calls:
        with pytest.raises(Problem, match=r"gradebook.db can't be used: .* or move it away"):
            call(out)


def test_a_fault_in_the_gradebook_while_it_is_open_is_told(out):
    told = "can't be used: no such table: grade"
    with pytest.raises(Problem, match=told), gradebook.opened(out / output.GRADEBOOK) as opened:
        opened.engine.raw_connection().execute("DROP TABLE grade")
        gradebook.rows(opened)


def test_a_gradebook_without_the_unit_is_told(out):
    with pytest.raises(Problem, match="knows no 09_other/01_small, of which ada has results"):
        graded(out, outcome("ada", unit="09_other"))


@pytest.mark.parametrize("name", ["written", "state"])
def test_a_damaged_file_is_named(out, name):
    graded(out, outcome("ada"))
    path = {"written": out / output.WRITTEN, "state": out / term.STATE}[name]
    path.write_text('{"half', encoding="utf-8")
    with pytest.raises(Problem, match=rf"{re.escape(path.name)} is damaged .* or delete it"):
        output.write_gradebook(out, output.read_state(out))


def test_marks_are_not_merged_beside_a_damaged_outcome(out):
    graded(out, outcome("ada"), outcome("bob"))
    before = (out / "grades.csv").read_text("utf-8")
    path = output.outcome_path(out, "bob", UNIT, NAME)
    path.write_text('{"half', encoding="utf-8")
    with pytest.raises(Problem, match=f"{path.name} is damaged .*nothing was changed"):
        merged(out, before)
    assert (out / "grades.csv").read_text("utf-8") == before


def test_what_was_left_out_stays_listed_after_marks_are_merged(out):
    lines = ["notes.txt: no notebook"]
    failed = [{"student": "zoe", "unit": UNIT, "notebook": NAME, "failed": "it broke"}]
    graded(out, outcome("ada"), left_out=lines, failed=failed)
    line = list(table(out, "zoe")["double"].values())
    assert line[3:-1] == ["double", "", "2", "not graded: it broke", "yes"]
    merged(out, f"{HEAD}\n{ADA},double,1\n")
    page = (out / "overview.html").read_text("utf-8")
    assert "notes.txt: no notebook" in page and "it broke" in page


def test_kept_marks_are_exact(out):
    rows = [row(points=1 / 3, by_hand=True, comment="=a\n\u202e", review=True), row("bob")]
    assert json.loads(marks.by_hand_as_json(rows)) == [
        {"place": ["ada", UNIT, NAME, "double"], "points": 1 / 3, "comment": "=a\n\u202e",
         "review": True}
    ]  # fmt: skip
    graded(out, outcome("ada"))
    with gradebook.opened(out / output.GRADEBOOK) as opened:
        marks.restore(opened, gradebook.rows(opened), marks.by_hand_as_json(rows))
        found = {r.place: r for r in gradebook.rows(opened)}
    assert found[rows[0].place] == replace(rows[0], reason="")
