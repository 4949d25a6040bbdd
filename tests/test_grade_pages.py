"""What people read: the table of marks, feedback, the overview."""

import re
from datetime import UTC, datetime

import nbformat
import pytest
from grade_class import HEAD, NAME, UNIT, graded, merged, outcome, table
from grade_class import out as out
from grade_course import block
from nbformat.v4 import new_markdown_cell, new_notebook
from pages_in_browser import PROGRAM, faults_of

from data.core.files import write_text
from tools.teach import showcase
from tools.teach.grade import cli, gradebook, pages, store

ADA, JAN, DORA = "ada_101", "jan_102", "104"
PEOPLE = [
    {"id": ADA, "first_name": "Ada", "last_name": "Love", "email": "ada@x.org"},
    {"id": JAN, "first_name": "Jan", "last_name": "'t Hooft", "email": "jan@x.org"},
    {"id": DORA, "first_name": "Dora", "last_name": "Absent", "email": "d@x.org"},
]
NOON = 1_811_786_400.0
STATE = {"people": PEOPLE, "times": [[ADA, UNIT, NAME, NOON], [JAN, UNIT, NAME, NOON + 90_000]]}


def page_of(out, student, folder="feedback"):
    return (out / folder / pages.page_name(student)).read_text("utf-8")


def test_a_class_with_somebody_who_handed_in_nothing(out):
    attention = graded(out, outcome(ADA, why=""), outcome(JAN, 0), **STATE)
    assert attention == [("absent", "Dora Absent (104)")]
    absent = {(row["reason"], row["points"]) for row in table(out, DORA).values()}
    assert absent == {("not handed in", "0")}
    assert "5 of 9 points" in page_of(out, ADA)
    assert re.search(r"At least 3 of 9 points; 1\s+answer ", page_of(out, JAN))
    with gradebook.opened(out / store.GRADEBOOK) as opened:
        who = opened.find_student(JAN)
        assert (who.first_name, who.last_name, who.email) == ("Jan", "'t Hooft", "jan@x.org")
        assert opened.find_student(DORA).last_name == "Absent"
        entry = opened.find_submission(UNIT, JAN)
        when = datetime.fromtimestamp(NOON + 90_000, UTC).replace(tzinfo=None)
        assert entry.score == 3.0 and entry.timestamp == when
    merged(out, f"{HEAD}\n{DORA},{UNIT},{NAME},double,1\n{JAN},{UNIT},{NAME},a_why,4\n")
    assert table(out, DORA)["double"]["points"] == "1"  # an oral exam
    # What hidden tests compare is for the instructor alone.
    secret = "in the test: assert double(-2.5) == -5.0"
    assert secret in page_of(out, JAN, "instructor")
    assert not any("-2.5" in path.read_text("utf-8") for path in (out / "feedback").iterdir())
    overview = (out / "overview.html").read_text("utf-8")
    assert f'href="instructor/{pages.page_name(JAN)}"' in overview


def test_the_overview_counts_who_solved_a_task_and_names_who_handed_in_nothing(out):
    graded(out, outcome(ADA), outcome(JAN, 0, why=""), **STATE)
    overview = (out / "overview.html").read_text("utf-8")
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.S) for row in overview.split("<tr>")]
    ada, jan, dora = (
        next(r for r in rows if r and name in r[0]) for name in ("Ada", "Jan", "Dora")
    )
    assert ada[1:] == ["5 + ?", "at least 5", "9", "1"] and jan[1:] == ["3", "3", "9", ""]
    assert dora[1:] == ["not handed in", "0", "9", ""]
    tasks = {row[1]: row[2:] for row in rows if len(row) == 6}
    assert tasks["<code>double</code>"] == ["1 of 2", "1.0", "2", ""]
    assert tasks["<code>a_why</code>"] == ["0 of 1", "0.0", "4", "1"]  # the other waits


def test_a_file_that_could_not_be_read_is_no_wrong_answer(out):
    damaged = outcome(JAN, 0, why="", refused="the file is empty")
    for task in damaged["tasks"]:
        task["points"] = 0
    graded(out, outcome(ADA), damaged, **STATE)
    overview = (out / "overview.html").read_text("utf-8")
    assert '<td class="n">refused</td>' in overview and "1 of 1</td>" in overview
    page = page_of(out, JAN)
    assert "Not graded: the file is empty." in page and "no answer" not in page


def test_a_question_stands_beside_its_answer(tmp_path):
    text = new_markdown_cell("## Open question\n\n**Open question (4 points).** Why? *Rubric.*")
    answer = new_markdown_cell("YOUR ANSWER HERE", metadata=block("a_why", grade=True, points=4))
    released = tmp_path / "nbgrader" / "release" / UNIT / f"{NAME}.ipynb"
    content = new_notebook(cells=[new_markdown_cell("# Small"), text, answer])
    write_text(released, nbformat.writes(content))
    solved = new_notebook(cells=[content.cells[0], text, new_markdown_cell("Because.")])
    solved.cells[2].metadata = block("a_why", grade=True, solution=True, points=4)
    write_text(tmp_path / "nbgrader" / "source" / UNIT / f"{NAME}.ipynb", nbformat.writes(solved))
    sheet = pages.sheet_of(tmp_path, UNIT, NAME, answers=False)
    assert sheet.title == "01 Small" and sheet.answers == {}
    assert pages.sheet_of(tmp_path, UNIT, NAME, answers=True).answers == {"a_why": "Because."}
    assert sheet.questions["a_why"].strip() == "<p>Why? <em>Rubric.</em></p>"


@pytest.mark.skipif(not PROGRAM, reason="needs Chromium")
def test_on_a_phone_no_word_is_broken_and_code_scrolls_in_its_box(tmp_path):
    for name in showcase.PAGES:
        text = (showcase.FOLDER / name).read_text("utf-8")
        policy = re.search(r"<meta http-equiv=.*>", text)[0]  # forbids the script that looks
        write_text(tmp_path / name, text.replace(policy, ""))
    faults = faults_of(tmp_path, list(showcase.PAGES))
    assert len(faults) == 4 and not any(faults.values()), faults


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=cmd()", "'=cmd()"),
        ("-1+2", "'-1+2"),
        ("a;=cmd()", "a;'=cmd()"),
        ('a" ,"=1+1', 'a" ,"\'=1+1'),
        ("a|  -2+3+cmd", "a|  '-2+3+cmd"),
        ("\uff1dcmd()", "'\uff1dcmd()"),
        ("[1.0, -2.5, -1e-05]", "[1.0, -2.5, -1e-05]"),
        ("\x1b[31mred\x07", "\\x1b[31mred\\x07"),
        ("\u202e=x", "\\u202e=x"),
    ],
)
def test_no_cell_is_a_formula_or_hides_what_it_is(text, cell):
    assert pages.defused(pages.visible(text)) == cell


def test_pages_and_terminal_show_escape_codes_and_overrides(out, capsys):
    evil = "\x1b]0;owned\x07 \u202egnp.exe"
    bad = outcome("ada", why=evil, refused=evil, notes=[evil], answer=f"# {evil}")
    attention = graded(out, bad, left_out=[evil])
    cli.summary([bad], 1, attention)
    texts = [p.read_text("utf-8") for p in out.rglob("*.html")]
    for text in (*texts, capsys.readouterr().out, (out / "grades.csv").read_text("utf-8")):
        assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", text)
    assert all("\\u202egnp.exe" in text for text in texts)
