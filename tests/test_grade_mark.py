"""Marks given in a browser: who is let in, what is entered, two at once, one killed, undo."""

import html
import json
import os
import re
import shutil
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from grade_class import HEAD, NAME, UNIT, graded, merged, outcome, table
from grade_marker import (
    ASKED,
    PEOPLE,
    STUDENTS,
    Marker,
    class_to_mark,
    released,
    rows,
    seen_on,
    session,
)

from tools.notebook.common import ROOT, Problem
from tools.teach.grade import by_hand, command, criteria, history, marking, output, pages, serve


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    return class_to_mark(tmp_path_factory.mktemp("class"))


@pytest.fixture
def out(made, tmp_path):
    return Path(shutil.copytree(made, tmp_path / "out"))


@pytest.fixture(autouse=True)
def _no_browser(monkeypatch):
    monkeypatch.setattr(serve.webbrowser, "open", lambda url: True)


@pytest.fixture
def eve(out):
    with Marker(session(out)) as marker:
        yield marker


# ------------------------------------------------------------------ who is let in


def test_only_who_knows_the_secret_is_let_in(eve):
    desk, item = eve.desk, eve.answers()[0]
    base = f"http://127.0.0.1:{desk.port}"
    for path in ("/", "/x/", f"/x/answer/{item.id}", f"/{desk.token}x/", "//", f"/x{desk.root}"):
        found = requests.get(base + path, timeout=120)
        assert (found.status_code, item.answer["answer"] in found.text) == (403, False)
        assert desk.token not in found.text
    data = {"points": "4", "seen": item.seen}
    found = requests.post(f"{base}/x/answer/{item.id}", data=data, timeout=120)
    assert found.status_code == 403 and not rows(eve.session.out)[item.row.student].by_hand
    assert eve.get("elsewhere").status_code == eve.get("answer/0123").status_code == 404


def test_a_page_of_another_name_is_refused(eve):
    port = eve.desk.port
    for header, value in (
        ("Host", "evil.example"),
        ("Host", "127.0.0.1"),
        ("Host", f"evil.example:{port}"),
        ("Origin", "http://evil.example"),
        ("Origin", "null"),
    ):
        found = eve.get(headers={header: value})
        assert found.status_code == 403 and "a_why" not in found.text
    assert eve.get(headers={"Host": f"localhost:{port}"}).status_code == 200


def test_it_listens_on_this_machine_alone_and_pages_load_nothing(eve, out):
    found = eve.get(f"answer/{eve.answers()[0].id}")
    policy = found.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert "http" not in policy and found.headers["Referrer-Policy"] == "same-origin"
    loaded = re.findall(r'(?:src|href|action)="([^"]*)"', found.text)
    assert loaded and all(address.startswith(eve.desk.root) for address in loaded)
    assert eve.get("mark.js").headers["Content-Type"].startswith("text/javascript")
    (leads,) = out.glob("mark-*.html")  # what the browser is given, in place of the secret
    assert leads.stat().st_mode & 0o077 == 0 and eve.desk.address in leads.read_text("utf-8")


# ------------------------------------------------------------------ a mark


def test_a_mark_is_in_the_book_at_once(eve, out):
    item = eve.answers()[0]
    found = eve.mark(item, "2.5", comment="Nearly,\r\nsee $x$", criterion=["2", ".5", ""])
    assert found.status_code == 200 and "Saved: 2.5 of 4." in found.text
    assert "Answer 2 of 10" in found.text  # the next that waits
    student = item.row.student
    row = rows(out)[student]
    assert (row.points, row.by_hand, row.review, row.comment) == (
        2.5,
        True,
        False,
        "Nearly,\nsee $x$",
    )
    entry = history.read(out)[-1]
    assert (entry.who, entry.how) == ("eve", "in the browser: 2 + 0.5 + 0")
    assert entry.place == (student, *ASKED) and entry.before["points"] is None
    assert student in (out / output.BY_HAND).read_text("utf-8")
    assert criteria.of_row(criteria.read(out), row) == (2.0, 0.5, 0.0)
    again = eve.get(f"answer/{item.id}").text
    assert re.findall(r'name="criterion"[^>]*value="([^"]*)"', again) == ["2", "0.5", "0"]
    assert "Nearly,\nsee $x$</textarea>" in again and "2.5 of 4, by eve." in again


def test_tables_are_written_at_the_end(out, capsys):
    with Marker(session(out)) as eve:
        student = eve.answers()[0].row.student
        eve.mark(eve.answers()[0], "3")
        assert table(out, student)["a_why"]["points"] == ""
    serve.tell_end(eve.session)
    assert "1 marks by eve are in the gradebook; tables and pages in " in capsys.readouterr().out
    assert table(out, student)["a_why"]["points"] == "3"
    assert not eve.session.finish()  # nothing is newer
    assert not list(out.glob("mark-*.html"))


def test_a_question_is_gone_through_to_its_end(eve, out):
    found = eve.get()
    assert '<td class="n">10</td>' in found.text
    for item in eve.answers():
        found = eve.mark(item, "4", comment="Good" if item.row.student < "s03" else "")
    assert "None of 01_small/01_small/a_why waits." in html.unescape(found.text)
    assert {row.points for row in rows(out).values()} == {4.0}
    assert 'data-comment="Good"' in eve.get(f"answer/{item.id}").text  # to be given again


def test_what_is_no_mark_is_told_and_what_was_typed_stays(eve, out):
    item = eve.answers()[0]
    for points in ("7", "-1", "x", "nan", "1e400", "<b>"):
        found = eve.mark(item, points, comment="<i>words</i>", criterion=["2", "", ""])
        assert found.status_code == 422
        assert f"your mark: {points!r} is no mark from 0 to 4" in html.unescape(found.text)
        assert "&lt;i&gt;words&lt;/i&gt;</textarea>" in found.text and "<b>" not in found.text
    assert not rows(out)[item.row.student].by_hand


def test_criteria_that_do_not_make_up_the_points_are_not_kept(eve, out):
    item = eve.answers()[0]
    for parts, kept in (
        (["2", "0.7", "0.3"], True),
        (["2", "1", "1"], False),  # another sum
        (["5", "-1", "-1"], False),
        (["2", "1"], False),
        (["x", "", "nan"], False),
    ):
        assert eve.mark(item, "3", criterion=parts).status_code == 200
        assert bool(criteria.read(out)) == kept
        eve.mark(item, "", then="back")


def test_nothing_typed_changes_nothing(eve, out):
    before = (out / history.HISTORY).read_bytes()
    assert "Nothing was changed." in eve.mark(eve.answers()[0], "").text
    assert (out / history.HISTORY).read_bytes() == before


def test_a_mark_and_a_comment_are_taken_back(eve, out):
    item = eve.answers()[0]
    eve.mark(item, "3", comment="Good", criterion=["2", "1", "0"])
    found = eve.mark(item, "3", comment="", then="back")
    assert "The mark is taken back." in found.text and "Answer 1 of 10" in found.text
    row = rows(out)[item.row.student]
    assert (row.by_hand, row.review, row.comment) == (False, True, "") and not criteria.read(out)


def test_an_answer_that_has_changed_is_looked_at_again(out):
    merged(out, f"{HEAD}\ns03,{UNIT},{NAME},a_why,2\ns03,{UNIT},{NAME},double,1\n")
    graded(out, outcome("s03", why="Another.", answer="def double(x): return x", key="2"))
    released(out)
    with Marker(session(out)) as eve:
        tasks = {q.place[2]: q for q in eve.session.questions()}
        assert [i.row.student for i in tasks["double"].items] == ["s03"]  # its code is shown
        assert '<span class="code">' in eve.get(f"answer/{tasks['double'].items[0].id}").text
        (item,) = (i for i in tasks["a_why"].items if i.row.student == "s03")
        assert "The answer has changed since" in eve.get(f"answer/{item.id}").text
        eve.mark(item, "2")
    assert (rows(out)["s03"].points, rows(out)["s03"].review) == (2.0, False)


def test_another_call_that_holds_the_book_is_told(eve, out, monkeypatch):
    monkeypatch.setattr(marking, "WAIT", 0)
    with by_hand.only_one(out):
        found = eve.mark(eve.answers()[0], "3", comment="Kept")
    assert found.status_code == 422 and "Not saved: another call is grading into" in found.text
    assert "Kept</textarea>" in found.text and not any(row.by_hand for row in rows(out).values())


def test_a_full_disk_is_told_and_the_mark_is_saved_again(eve, out, monkeypatch):
    item = eve.answers()[0]

    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(by_hand, "write_text", full)
        found = eve.mark(item, "3", comment="Kept")
    assert found.status_code == 500 and "Perhaps not saved: [Errno 28] No space" in found.text
    assert "Kept</textarea>" in found.text
    assert eve.mark(item, "3", comment="Kept!").status_code == 200
    eve.session.finish()
    row = rows(out)[item.row.student]
    assert (row.points, row.comment) == (3.0, "Kept!")
    assert "Kept!" in (out / output.BY_HAND).read_text("utf-8")


def test_an_answer_of_who_was_taken_out_is_told(eve, out):
    item = eve.answers()[0]
    command.main(["--take-out", item.row.student, "--out", str(out)])
    found = eve.post(f"answer/{item.id}", points="3", seen=item.seen)
    assert found.status_code == 404 and item.row.student not in rows(out)


# ------------------------------------------------------------------ several markers


def test_two_markers_do_not_overwrite_each_other(eve, out):
    with Marker(session(out, "dan")) as dan:
        item = eve.answers()[0]
        twin = next(i for i in dan.answers() if i.row.place == item.row.place)
        assert twin.id != item.id  # an address of one tells nothing to the other
        seen = seen_on(eve.get(f"answer/{item.id}").text)
        dan.mark(twin, "1", comment="Dan's <b>")
        found = eve.post(f"answer/{item.id}", points="4", comment="Mine", seen=seen)
        told = html.unescape(found.text)
        assert found.status_code == 409 and 'role="alert"' in told
        assert 'says now: 1 of 4 by hand, "Dan\'s <b>" (dan: in the browser)' in told
        assert 'name="points" inputmode="decimal" autocomplete="off" value="4"' in told
        assert rows(out)[item.row.student].points == 1.0
        again = eve.post(f"answer/{item.id}", points="4", comment="Mine", seen=seen_on(found.text))
        assert again.status_code == 200 and rows(out)[item.row.student].points == 4.0
    assert [e.who for e in history.read(out) if e.place == item.row.place] == [
        "the grader",
        "dan",
        "eve",
    ]


def test_a_table_and_a_page_notice_each_other(eve, out, capsys):
    item = eve.answers()[0]
    text = (out / "grades.csv").read_text("utf-8")
    student = item.row.student
    line = next(x for x in text.splitlines() if x.startswith(f"{student},") and ",a_why," in x)
    eve.mark(item, "3")
    (out / "old.csv").write_text(text.replace(line, line.replace(",a_why,,", ",a_why,1,")), "utf-8")
    assert command.main(["--manual", str(out / "old.csv"), "--out", str(out)]) == 1
    assert "the line says 1; the gradebook says 3, by hand" in capsys.readouterr().out
    seen = seen_on(eve.get(f"answer/{item.id}").text)
    merged(out, f"{HEAD}\n{student},{UNIT},{NAME},a_why,2\n")
    assert eve.post(f"answer/{item.id}", points="4", seen=seen).status_code == 409


def test_markers_at_once_lose_nothing(out):
    shares = [session(out, f"marker {k}", share=(k, 3)) for k in (1, 2, 3)]

    def all_of(one):
        items = one.questions()[0].items
        for item in items:
            one.mark(item, marking.Decided("3", one.who, item.seen))
        return [item.row.student for item in items]

    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(all_of, shares))
    assert sorted(s for part in done for s in part) == STUDENTS  # each once
    assert {s: (row.points, row.comment) for s, row in rows(out).items()} == {
        s: (3.0, one.who) for one, part in zip(shares, done, strict=True) for s in part
    }
    assert sum(entry.how == "in the browser" for entry in history.read(out)) == len(STUDENTS)
    assert shares[0].finish() and table(out, "s00")["a_why"]["points"] == "3"


def test_a_share_stays_with_its_marker(out):
    def share(k, n):
        return {i.row.student for q in session(out, share=(k, n)).questions() for i in q.items}

    before = [share(k, 3) for k in (1, 2, 3)]
    graded(out, *(outcome(f"late{n}") for n in range(5)), people=PEOPLE)
    after = [share(k, 3) for k in (1, 2, 3)]
    assert all(mine < {*now} or mine == now for mine, now in zip(before, after, strict=True))
    assert sum(map(len, after)) == 15 and share(1, 1) == set().union(*after)


@pytest.mark.parametrize("text", ["0/2", "3/2", "2", "a/b", "1/0", "1/2/3", ""])
def test_what_is_no_share_is_refused(text):
    with pytest.raises(Problem, match="is no share; 2/3 means the second of three"):
        marking.share_of(text)


def test_a_share_of_nothing_is_refused():
    with pytest.raises(Problem, match="it goes with --mark"):
        command.main(["--history", "ada", "--share", "1/2"])
    with pytest.raises(Problem, match="name one of: .* --mark; "):
        command.main(["--mark", "--history", "ada"])


def test_without_a_book_nothing_is_served(tmp_path):
    with pytest.raises(Problem, match="there is no gradebook in"):
        command.main(["--mark", "--out", str(tmp_path)])


def test_without_names_no_page_tells_one(out):
    with Marker(session(out, anonymous=True)) as eve:
        pages = [eve.get().text] + [eve.get(f"answer/{i.id}").text for i in eve.answers()]
        pages.append(eve.mark(eve.answers()[0], "9").text)
    assert not [p for p in pages for s in STUDENTS if s in p or f"Name of {s}" in p]
    with Marker(session(out)) as dan:
        item = dan.answers()[0]
        assert f"Name of {item.row.student}" in dan.get(f"answer/{item.id}").text


# ------------------------------------------------------------------ undo


def test_undo_goes_back_step_by_step(eve, out):
    first, second = eve.answers()[:2]
    merged(out, f"{HEAD},comment\n{second.row.student},{UNIT},{NAME},a_why,1,Before\n")
    start = rows(out)
    eve.mark(first, "4", criterion=["2", "1", "1"])
    eve.mark(first, "3", criterion=["2", "1", "0"])
    eve.mark(second, "2", comment="")
    assert "Undone: the mark is what it was." in eve.post("undo").text
    assert rows(out)[second.row.student] == start[second.row.student]
    eve.post("undo")
    assert rows(out)[first.row.student].points == 4.0
    assert criteria.read(out)[first.row.student] == {"/".join(ASKED): [2.0, 1.0, 1.0]}
    eve.post("undo")
    assert rows(out) == start and not criteria.read(out) and eve.session.marked == 0
    assert "There is nothing to undo." in eve.post("undo").text
    assert [e.how for e in history.read(out)[-3:]] == [
        "in the browser, undone", "in the browser, undone: 2 + 1 + 1", "in the browser, undone",
    ]  # fmt: skip


def test_undo_leaves_what_another_has_changed(eve, out):
    item = eve.answers()[0]
    eve.mark(item, "4")
    merged(out, f"{HEAD}\n{item.row.student},{UNIT},{NAME},a_why,1\n")
    assert "Not undone: somebody else has changed that mark" in eve.post("undo").text
    assert rows(out)[item.row.student].points == 1.0


def test_undo_of_an_answer_that_was_looked_at_asks_again(out):
    merged(out, f"{HEAD}\ns03,{UNIT},{NAME},a_why,2\n")
    graded(out, outcome("s03", why="Another.", key="2"))
    one = session(out)
    (item,) = (i for i in one.questions()[0].items if i.row.student == "s03")
    assert one.mark(item, marking.Decided("2", "", item.seen))
    assert one.undo() == item and rows(out)["s03"] == item.row.__class__(
        **vars(item.row) | {"answer": ""}
    )


# ------------------------------------------------------------------ killed


STEPS = {
    "before it": (marking.marks, "apply"),
    "in the gradebook": (output.gradebook, "ask_again"),
    "before the copy": (by_hand.marks, "by_hand_as_json"),
    "before the seal": (output.gradebook, "set_version"),
    "in the seal": (output, "write_text"),
    "before the history": (history, "note"),
    "in the history": (history, "write_text"),
    "before the criteria": (criteria, "keep"),
}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="a copy of this process is killed")
@pytest.mark.parametrize("step", STEPS)
def test_a_marker_who_is_killed_leaves_the_book_whole(out, monkeypatch, step):
    one = session(out)
    first, second = one.questions()[0].items[:2]
    merged(out, f"{HEAD}\n{first.row.student},{UNIT},{NAME},a_why,1\n")
    one = session(out)
    first, second = one.questions()[0].items[:2]
    child = os.fork()
    if not child:
        monkeypatch.setattr(*STEPS[step], lambda *_, **__: os._exit(9))
        one.mark(first, marking.Decided("3", "Good", first.seen, (2.0, 1.0, 0.0)))
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    kept = rows(out)[first.row.student]
    assert (kept.points, kept.comment) in ((1.0, ""), (3.0, "Good"))
    other = session(out, "dan")
    assert rows(out)[first.row.student] == kept  # what is in it stays
    assert other.mark(second, marking.Decided("2", "", second.seen))
    assert other.finish()
    assert table(out, first.row.student)["a_why"]["points"] == f"{kept.points:g}"
    copy = {tuple(i["place"]): i["points"] for i in json.loads((out / output.BY_HAND).read_text())}
    assert copy == {first.row.place: kept.points, second.row.place: 2.0}
    assert history.last(history.read(out))[first.row.place].after["points"] == kept.points


def test_feedback_says_how_a_mark_is_made_up(out):
    one = session(out)
    first, second = one.questions()[0].items[:2]
    one.mark(first, marking.Decided("2.5", "", first.seen, (2.0, 0.5, 0.0)))
    one.mark(second, marking.Decided("3", "", second.seen, (2.0, 1.0, 0.0)))
    merged(out, f"{HEAD}\n{second.row.student},{UNIT},{NAME},a_why,1\n")  # the parts are of before
    told = [
        (out / "feedback" / pages.page_name(item.row.student)).read_text("utf-8")
        for item in (first, second)
    ]
    assert "<li>0.5 of 1: the mean</li><li>0 of 1: an example</li>" in told[0]
    assert "of 1: the mean" not in told[1]


def test_who_is_taken_out_leaves_no_criteria(out):
    one = session(out)
    item = one.questions()[0].items[0]
    one.mark(item, marking.Decided("3", "", item.seen, (2.0, 1.0, 0.0)))
    assert item.row.student in criteria.read(out)
    command.main(["--take-out", item.row.student, "--out", str(out)])
    assert not criteria.read(out)
    assert one.find(item.id) is None


# ------------------------------------------------------------------ the command itself


def restore_ctrl_c():
    """Let Ctrl-C end this process as it does in a terminal."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def started(out):
    """Start the command; returns its process and a session of requests at its address."""
    own = {"BROWSER": "true", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "tools", "grade", "--mark", "--out", str(out), "--by", "eve"],
        cwd=ROOT,
        env=os.environ | own,
        stdout=subprocess.PIPE,
        text=True,
        # A shell that starts the tests in the background makes all below them ignore Ctrl-C.
        preexec_fn=None if os.name == "nt" else restore_ctrl_c,
    )
    return process, re.search(r"http:\S+", process.stdout.readline())[0]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="signals of Unix")
def test_the_command_is_killed_and_the_next_one_goes_on(out):
    process, address = started(out)
    try:
        page = requests.get(address, timeout=120).text
        answer = address + re.search(r"answer/\w+", page)[0]
        seen = seen_on(requests.get(answer, timeout=120).text)
        data = {"points": "3", "seen": seen}
        assert requests.post(answer, data=data, timeout=120).status_code == 200
    finally:
        process.kill()
        process.communicate()
    (student,) = (s for s, row in rows(out).items() if row.by_hand)
    assert table(out, student)["a_why"]["points"] == ""
    process, address = started(out)
    requests.get(address, timeout=120)
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=120)
    assert "0 marks by eve are in the gradebook; tables and pages in " in told
    assert process.returncode == 0 and table(out, student)["a_why"]["points"] == "3"
