"""Marks in the gradebook: those given by hand stay, and accidents to the file cost none."""

import re
import sqlite3

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
from tools.teach.grade import cli, gradebook, pages, store, term

ADA = f"ada,{UNIT},{NAME}"


@pytest.fixture
def out(tmp_path):
    return folder_with_gradebook(tmp_path)


def test_a_mark_by_hand_stays_when_the_notebook_is_graded_again(out):
    graded(out, outcome("ada"), outcome("bob", why=""))
    assert table(out)["a_why"]["points"] == "" and table(out)["a_why"]["needs review"] == "yes"
    assert table(out, "bob")["a_why"]["points"] == "0"  # no answer, nothing to read
    merged(out, f"{HEAD},comment\n{ADA},a_why,3.5,Nearly\n")
    graded(out, outcome("ada", 0, key="2"))
    found = table(out)
    assert (found["a_why"]["points"], found["a_why"]["needs review"]) == ("3.5", "")
    assert found["a_why"]["reason"] == "Nearly" and found["double"]["points"] == "0"
    assert table(out, "bob")["double"]["points"] == "2"


def test_extra_credit_of_formgrader_counts_once(out):
    graded(out, outcome("ada"))
    with gradebook.opened(out / store.GRADEBOOK) as opened:
        entry = opened.find_submission_notebook(NAME, UNIT, "ada")
        (grade,) = (g for g in entry.grades if g.name == "a_why")
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 2.0, 1.0, False
        opened.db.commit()
    for _ in range(2):
        assert cli.main(["--feedback", "--out", str(out)]) == 0
        assert table(out)["a_why"]["points"] == "3"


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
    merged(out, "\n".join([HEAD, *lines]))  # looked at: the marks are right
    assert waiting() == [] and table(out)["a_why"]["points"] == "3"


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
    assert pages.defused(pages.visible(text)) == cell


def test_pages_and_terminal_show_escape_codes_and_overrides(out, capsys):
    evil = "\x1b]0;owned\x07 \u202egnp.exe"
    bad = outcome("ada", why=evil, refused=evil, notes=[evil], answer=f"# {evil}")
    attention = graded(out, bad, left_out=[evil])
    cli.summary([bad], 1, attention)
    texts = {str(p.relative_to(out)): p.read_text("utf-8") for p in out.rglob("*.html")}
    for text in (*texts.values(), capsys.readouterr().out, (out / "grades.csv").read_text("utf-8")):
        assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", text)
    assert all("\\u202egnp.exe" in text for text in texts.values())


# ------------------------------------------------------------------ accidents


def copies(out):
    return sorted((out / store.BACKUPS).glob("*.db"))


def test_a_copy_that_is_put_back_gets_what_it_lacks(out):
    graded(out, outcome("ada"))
    merged(out, f"{HEAD}\n{ADA},a_why,1\n")
    graded(out, outcome("bob", 0))
    before = table(out), table(out, "bob")
    (out / store.GRADEBOOK).write_bytes(copies(out)[-1].read_bytes())
    with gradebook.opened(out / store.GRADEBOOK) as opened:
        assert [r.student for r in gradebook.rows(opened) if r.by_hand] == ["ada"]
        assert not any(r.student == "bob" for r in gradebook.rows(opened))
    graded(out)
    assert (table(out), table(out, "bob")) == before


def interrupted(*_):
    raise KeyboardInterrupt


def test_a_gradebook_that_is_gone_is_written_anew_with_the_marks_of_its_newest_copy(out, capsys):
    graded(out, outcome("ada"), outcome("bob", 0), outcome("carl"))
    marks = [f"{ADA},a_why,3,Good", f"bob,{UNIT},{NAME},double,1,", f"carl,{UNIT},{NAME},a_why,2,"]
    merged(out, "\n".join([f"{HEAD},comment", *marks]))
    with gradebook.opened(out / store.GRADEBOOK) as opened:
        opened.find_grade("a_why", NAME, UNIT, "ada").extra_credit = 0.5
        opened.db.commit()
    assert cli.main(["--feedback", "--out", str(out)]) == 0
    before = {student: table(out, student) for student in ("ada", "bob")}
    store.back_up(out)
    (out / store.GRADEBOOK).unlink()
    assert gradebook.is_lost(out)
    (out / store.GRADEBOOK).write_bytes(empty_gradebook())
    capsys.readouterr()
    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(gradebook, "note", interrupted)  # a call that ends early loses nothing
        graded(out)
    graded(out, outcome("carl", why="Another reason.", key="2"))
    assert "3 marks given by hand are back" in capsys.readouterr().out
    assert {student: table(out, student) for student in before} == before
    assert before["ada"]["a_why"]["points"] == "3.5"
    carl = table(out, "carl")["a_why"]
    assert (carl["points"], carl["needs review"]) == ("2", "yes")  # of another answer
    graded(out)
    assert "marks given by hand are back" not in capsys.readouterr().out


def test_copies_are_kept_of_what_has_changed_and_old_ones_go(out, monkeypatch):
    monkeypatch.setattr(store, "COPIES", 3)
    for number in range(5):
        graded(out, outcome("ada", number % 2, key=str(number)))
        graded(out)
    assert len(copies(out)) == 3
    path = out / store.GRADEBOOK
    store.back_up(out)
    newest = copies(out)[-1]
    store.back_up(out)
    assert len(copies(out)) == 3 and copies(out)[-1] == newest
    with gradebook.opened(copies(out)[-1]) as copy, gradebook.opened(path) as opened:
        assert gradebook.rows(copy) == gradebook.rows(opened)


def test_a_student_who_was_removed_by_nbgrader_is_graded_again(out):
    graded(out, outcome("ada"), outcome("bob"))
    with gradebook.opened(out / store.GRADEBOOK) as opened:
        opened.remove_student("ada")
    graded(out)
    assert table(out)["double"]["points"] == "2"


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
    damage(out / store.GRADEBOOK)
    calls = (gradebook.is_lost, lambda out: cli.main(["--feedback", "--out", str(out)]))
    for call in calls:
        with pytest.raises(Problem, match=r"gradebook.db can't be used: .* Move it away"):
            call(out)


def test_a_fault_in_the_gradebook_while_it_is_open_is_told(out):
    graded(out, outcome("ada"))
    told = "can't be used: no such table: grade"
    with pytest.raises(Problem, match=told), gradebook.opened(out / store.GRADEBOOK) as opened:
        opened.engine.raw_connection().execute("DROP TABLE grade")
        gradebook.rows(opened)


def test_a_gradebook_without_the_unit_is_told(out):
    with pytest.raises(Problem, match="has no 09_other/01_small, of which 'ada' has results"):
        graded(out, outcome("ada", unit="09_other"))


def test_a_damaged_file_is_named(out):
    graded(out, outcome("ada"))
    path = out / term.STATE
    path.write_text('{"half', encoding="utf-8")
    with pytest.raises(Problem, match=rf"{re.escape(path.name)} is damaged .* or delete it"):
        gradebook.update(out)


def test_pages_are_not_written_beside_a_damaged_outcome(out):
    graded(out, outcome("ada"), outcome("bob"))
    before = (out / "grades.csv").read_text("utf-8")
    path = store.outcome_path(out, "bob", UNIT, NAME)
    path.write_text('{"half', encoding="utf-8")
    with pytest.raises(Problem, match=f"{path.name} is damaged .*nothing was changed"):
        cli.main(["--feedback", "--out", str(out)])
    assert (out / "grades.csv").read_text("utf-8") == before


def test_what_was_left_out_stays_listed_when_pages_are_written_again(out):
    lines = ["notes.txt: no notebook"]
    failed = [{"student": "zoe", "unit": UNIT, "notebook": NAME, "failed": "it broke"}]
    graded(out, outcome("ada"), left_out=lines, failed=failed)
    line = list(table(out, "zoe")["double"].values())
    assert line[3:] == ["double", "", "2", "not graded: it broke", "yes"]
    assert cli.main(["--feedback", "--out", str(out)]) == 0
    page = (out / "overview.html").read_text("utf-8")
    assert "notes.txt: no notebook" in page and "it broke" in page
