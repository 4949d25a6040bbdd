"""Policies: what clocks say, what lateness costs, who is excused, what a file may get wrong."""

import csv
import io
import json
import random
import zipfile
from argparse import Namespace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from grade_class import NAME, UNIT, Desk, moodle, zipped

from tools.notebook.common import Problem
from tools.teach.grade import (
    clock,
    command,
    handed_in,
    policies,
    policy_file,
    tables,
    term,
    totals,
    uploads,
)
from tools.teach.grade.latest import Version
from tools.teach.grade.policy import Late, Policy, Rules, resolve
from tools.teach.grade.roster import Student
from tools.teach.grade.rows import Row

BERLIN = ZoneInfo("Europe/Berlin")
KNOWN = [
    ("06_graph", "01_gat"),
    ("06_graph", "02_ppi"),
    ("06_graph", "03_walk"),
    ("07_video", "01_cut"),
]
PEOPLE = {
    "1": Student("1", "Ada Love", "ada@x.org", "A"),
    "2": Student("2", "Bob Ray", "bob@x.org", "A, B"),
    "3": Student("3", "Bob Ray", "bob.ray@x.org", "B"),
}


def moment(text):
    return datetime.fromisoformat(text).timestamp()


def read(tmp_path, text, people=None):
    path = tmp_path / "policy.toml"
    path.write_text(text, encoding="utf-8")
    return policy_file.read(path, KNOWN, lambda *_: ["attention", "mean"], people)


# ------------------------------------------------------------------ clocks


def test_a_date_is_the_end_of_that_day_where_the_zone_is():
    assert clock.due("2026-10-25", BERLIN) == moment("2026-10-25T23:00Z")  # a day of 25 hours
    assert clock.due("2026-10-24", BERLIN) == moment("2026-10-24T22:00Z")
    assert clock.due("2027-03-28", BERLIN) == moment("2027-03-28T22:00Z")
    assert clock.due("2027-05-31 18:00", BERLIN) == moment("2027-05-31T16:00Z")
    assert clock.due("2027-05-31 18:00+00:00", BERLIN) == moment("2027-05-31T18:00Z")
    cairo = ZoneInfo("Africa/Cairo")  # where midnight is skipped
    assert clock.due("2027-04-29", cairo) == moment("2027-04-29T22:00Z")
    assert clock.said_of(clock.due("2027-05-31", BERLIN), BERLIN) == (
        "the end of 2027-05-31 (Europe/Berlin)"
    )


def test_a_late_day_ends_at_the_due_time_of_the_clock():
    autumn, spring = clock.due("2026-10-24T18:00", BERLIN), clock.due("2027-03-27T18:00", BERLIN)
    for due, next_day in ((autumn, "2026-10-25"), (spring, "2027-03-28")):
        for said, days in (("17:59", 1), ("18:00", 1), ("18:01", 2)):
            when = datetime.fromisoformat(f"{next_day}T{said}").replace(tzinfo=BERLIN).timestamp()
            assert clock.days_begun(when, due, BERLIN) == days
    assert clock.lateness(moment("2026-10-25T17:00Z"), autumn, BERLIN) == clock.DAY  # 25 hours


def test_the_repeated_hour_makes_nobody_late():
    due = clock.due("2026-10-25T02:30", BERLIN)
    assert due == moment("2026-10-25T01:30Z")  # the second time that clocks say so
    first, second = clock.moments(datetime(2026, 10, 25, 2, 45), BERLIN)
    assert second - first == 3_600 and first < due < second
    assert clock.moments(datetime(2026, 10, 25, 4), BERLIN)[0] == moment("2026-10-25T03:00Z")
    with pytest.raises(ValueError, match="no time in Europe/Berlin: clocks skip it"):
        clock.due("2027-03-28T02:30", BERLIN)
    assert clock.moments(datetime(2027, 3, 28, 2, 30), BERLIN)[0] == moment("2027-03-28T00:30Z")


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "America/Havana", "UTC"])
def test_the_nth_late_day_ends_n_days_after_the_due_date(zone):
    dice, zone = random.Random(1), ZoneInfo(zone)
    for _ in range(300):
        due = 1_790_000_000 + dice.randrange(365 * 24 * 4) * 900.0
        days = dice.randint(1, 9)
        end = clock.moved(due, days, zone)
        assert clock.days_begun(end, due, zone) == days
        assert clock.days_begun(end + 1, due, zone) == days + 1
        assert abs(end - due - days * clock.DAY) <= 7_200
    assert clock.days_begun(due, due, zone) == 0
    assert clock.days_begun(1e18, due, zone) > 1e12  # a file of any date


def member(said, extra=b""):
    entry = zipfile.ZipInfo("x", said)
    entry.extra = extra
    return entry


def test_a_zip_may_say_a_moment_beside_what_its_clock_said():
    said = (2026, 10, 25, 2, 30, 0)
    assert uploads.clock_of(member(said)) == "2026-10-25T02:30:00"
    extra = b"\x01\x00\x02\x00zz" + b"UT\x05\x00\x03" + int(1.79e9).to_bytes(4, "little")
    assert moment(uploads.clock_of(member(said, extra))) == 1.79e9
    for cut in range(len(extra)):
        assert uploads.clock_of(member(said, extra[:cut])) == uploads.clock_of(member(said))
    assert uploads.clock_of(member((1980, 1, 1, 0, 0, 0))) == ""
    assert uploads.clock_of(member((2026, 13, 45, 0, 0, 0))) == ""


# ------------------------------------------------------------------ points

WHERE = ("ada", "06_graph", "01_gat")
DUE = moment("2027-05-31T18:00Z")


def row(points, of=10.0, where=WHERE, task="t", **more):
    return Row(*where, task, points, of, "", **{"review": False} | more)


def one(points=8.0, days=0.0, **late):
    """Return the total of a notebook of 10 points that is some days late."""
    found = Rules(Policy(timezone="UTC", late={"": late}), {"06_graph": DUE})
    (total,) = totals.by_notebook([row(points)], {WHERE: DUE + days * clock.DAY}, found).values()
    return total


@pytest.mark.parametrize(
    ("days", "late", "points", "told"),
    [
        (0, {"percent": 10}, 8, ""),
        (0.01, {}, 8, "that costs nothing"),
        (0.01, {"percent": 10}, 7, "10 % of 10 points for each of 1 day begun: 1 point less."),
        (1.5, {"percent": 10}, 6, "for each of 2 days begun: 2 points less."),
        (1.5, {"percent": 10, "of": "earned"}, 6.4, "of the 8 points earned"),
        (9.5, {"percent": 10, "at_most_percent": 50}, 3, "at most 50 %: 5 points less."),
        (9.5, {"percent": 10}, 0, "no more than was earned: 8 points less."),
        (9.5, {"percent": 10, "each": "once"}, 7, "10 % of 10 points: 1 point less."),
        (2.5 / 24, {"percent": 10, "each": "hour"}, 5, "each of 3 hours begun"),
        (0.01, {"percent": 10, "grace_minutes": 15}, 8, ""),
        (1.01, {"percent": 10, "grace_minutes": 15}, 7, "1 day begun"),
        (1.02, {"percent": 10, "grace_minutes": 15}, 6, "2 days begun"),
        (3, {"closed_after_days": 3}, 8, "costs nothing"),
        (3.1, {"closed_after_days": 3}, 0, "later than 3 days, it counts nothing."),
    ],
)
def test_what_lateness_costs(days, late, points, told):
    total = one(days=days, **late)
    assert total.points == pytest.approx(points)
    assert (total.late > 0) == bool(told) and told in " ".join(total.notes)


def random_rules(dice, **more):
    late = {"percent": dice.choice([0, 10, 35]), "at_most_percent": dice.choice([50, 100])}
    late |= {"each": dice.choice(policy_file.EACH), "of": dice.choice(policy_file.OF)}
    late |= {"grace_minutes": dice.choice([0, 30])}
    late |= {"closed_after_days": 4} if dice.random() < 0.3 else {}
    return Policy(timezone="UTC", late={"": late}, **more)


def unit_of(table, times, policy, people=None):
    people = people or {"ada": Student("ada")}
    found = totals.by_notebook(table, times, resolve(policy, {"06_graph": DUE}, {}, people))
    return found.units["ada", "06_graph"]


def random_unit(dice):
    """Return rows of three notebooks of equal points, and when they were handed in."""
    table, times = [], {}
    for _, notebook in KNOWN[:3]:
        where = ("ada", "06_graph", notebook)
        table += [row(dice.choice([0, 2, 5, 10]), 10, where, task) for task in "ab"]
        times[where] = DUE + dice.choice([-1, 0.3, 1.2, 3, 6]) * clock.DAY
    return table, times


@pytest.mark.parametrize("seed", range(40))
def test_totals_stay_within_their_bounds_and_a_favour_costs_nobody(seed):
    dice = random.Random(seed)
    table, times = random_unit(dice)
    policy = random_rules(dice, drop_lowest={"06_graph": dice.choice([0, 1, 2])})
    total = unit_of(table, times, policy)
    assert 0 <= total.points <= total.of and total.penalty >= 0

    def with_rule(kind, **given):
        rule = policy_file.Rule(kind, "", ("ada",), (), "06_graph", **given)
        changed = {**vars(policy), "rules": (rule,)}
        return unit_of(table, times, Policy(**changed))

    longer = with_rule("extension", days=dice.choice([0.5, 2, 30]))
    assert longer.points >= total.points - 1e-9 and longer.late <= total.late
    more = with_rule("bonus", points=3.0)
    assert more.points == pytest.approx(min(total.points + 3, total.of))
    excused = with_rule("excused", notebook="01_gat")
    rest = [r for r in table if r.notebook != "01_gat"]
    assert excused == unit_of(rest, times, policy)
    assert with_rule("excused").aside == totals.IS_EXCUSED
    # An answer that waits: whatever its mark will be, there will be at least what is told now.
    number = dice.randrange(len(table))
    waiting = [row(0, 10, r.place[:3], r.task, review=True) if n == number else r
               for n, r in enumerate(table)]  # fmt: skip
    told = unit_of(waiting, times, policy)
    assert (told.waiting, told.of) == (1, total.of)
    assert told.points <= total.points + 1e-9


def test_the_lowest_is_left_out_so_that_the_share_is_best():
    places = [("ada", "06_graph", n) for n in ("01_gat", "02_ppi", "03_walk")]
    table = [row(2, 4, places[0]), row(10, 20, places[1]), row(9, 10, places[2])]
    found = totals.by_notebook(table, {}, Rules(Policy(drop_lowest={"06_graph": 1})))
    assert [found[w].aside for w in places] == ["", totals.LEFT_OUT, ""]
    total = found.units["ada", "06_graph"]
    assert (total.points, total.of) == (11, 14)
    assert "best without it" in found[places[1]].notes[0] and found[places[1]].points == 10
    many = totals.by_notebook(table, {}, Rules(Policy(drop_lowest={"06_graph": 9})))
    assert sum(not t.aside for t in many.values()) == 1


def test_what_waits_in_a_notebook_that_is_left_out_so_far_is_waited_for():
    table = [row(8), row(5, where=("ada", "06_graph", "02_ppi"))]
    third = ("ada", "06_graph", "03_walk")
    table += [row(3, 3, third), row(0, 7, third, "q", review=True)]
    policy = Policy(drop_lowest={"06_graph": 1})
    found = totals.by_notebook(table, {}, Rules(policy))
    total = found.units["ada", "06_graph"]
    assert (total.waiting, tables.points(total), totals.told_points(total)) == (
        1,
        "",
        "at least 13",
    )
    assert found[third].notes == ("Left out of the total, so far, which is best without it.",)
    assert unit_of([*table[:3], row(7, 7, third, "q")], {}, policy).points == 18


@pytest.mark.parametrize("seed", range(40))
def test_no_mark_takes_a_total_below_what_there_is_at_least(seed):
    dice = random.Random(seed)
    places = [("ada", "06_graph", n) for n in ("01_gat", "02_ppi", "03_walk")]
    table = [
        row(dice.randint(0, of), of, where, task)
        for where in places
        for task, of in (("a", dice.randint(1, 20)), ("b", dice.randint(1, 5)))
    ]
    given = policy_file.Rule("bonus", "", ("ada",), (), "06_graph", points=3.0)
    policy = Policy(
        drop_lowest={"06_graph": dice.choice([1, 2])},
        rules=(given,) * dice.randint(0, 1),
        may_exceed=dice.random() < 0.5,
    )
    hidden = set(dice.sample(range(6), 2))
    waiting = [
        row(0, r.of, r.place[:3], r.task, review=True) if n in hidden else r
        for n, r in enumerate(table)
    ]
    told = unit_of(waiting, {}, policy)
    assert told.waiting == 2 and told.points <= unit_of(table, {}, policy).points + 1e-9


def test_what_is_withdrawn_wholly_is_no_notebook_to_keep_and_no_grade():
    second = ("ada", "06_graph", "02_ppi")
    table = [row(0), row(0, 10, second, "bad")]
    gone = [
        policy_file.Withdrawn(*where[1:], task) for where, task in ((second, "bad"), (WHERE, "t"))
    ]
    policy = Policy(drop_lowest={"06_graph": 1}, withdrawn=(gone[0],))
    total = unit_of(table, {}, policy)
    assert (total.points, total.of, total.aside) == (0, 10, "")
    total = unit_of(table, {}, Policy(withdrawn=tuple(gone)))
    assert total.aside == tables.points(total) == totals.WITHDRAWN
    assert tables.scaled(total, 10, "") == tables.in_canvas(total, 10) == ""


def test_totals_are_over_what_was_assigned():
    table = [row(5, 10, ("ada", "06_graph", n)) for n in ("01_gat", "02_ppi", "03_walk")]
    found = totals.by_notebook(table, {}, Rules(Policy(assigned={"06_graph": ["01_gat"]})))
    assert (found.units["ada", "06_graph"].points, found.units["ada", "06_graph"].of) == (5, 10)
    assert found["ada", "06_graph", "02_ppi"].notes == ("Not assigned: it counts in no total.",)


def test_a_withdrawn_task_counts_for_nobody_or_for_all_who_handed_in():
    bob = ("bob", *WHERE[1:])
    table = [row(0, 3, WHERE, "bad"), row(2, 5), row(0, 3, bob, "bad"), row(0, 5, bob)]
    withdrawn = policy_file.Withdrawn("06_graph", "01_gat", "bad", reason="unclear")
    found = totals.by_notebook(table, {}, Rules(Policy(withdrawn=(withdrawn,))), {WHERE})
    assert [(t.points, t.of) for t in found.values()] == [(2, 5), (0, 5)]
    assert found[WHERE].notes == ("bad: withdrawn: counts for nobody (unclear).",)
    withdrawn = policy_file.Withdrawn("06_graph", "01_gat", "bad", full=True)
    found = totals.by_notebook(table, {}, Rules(Policy(withdrawn=(withdrawn,))), {WHERE})
    assert [(t.points, t.of) for t in found.values()] == [(5, 8), (0, 8)]


def test_a_bonus_may_lift_a_unit_above_its_points_only_if_said():
    given = policy_file.Rule(
        "bonus", "", ("ada",), (), "06_graph", "01_gat", points=4.0, reason="a find"
    )
    kept = unit_of([row(8)], {}, Policy(rules=(given,)))
    assert (kept.points, kept.bonus, kept.of) == (10, 2, 10)
    assert kept.notes == (
        "4 points on top, 06_graph/01_gat: a find.",
        "06_graph is at most 10 points with them: 2 of them count.",
    )
    free = unit_of([row(8)], {}, Policy(rules=(given,), may_exceed=True))
    assert (free.points, free.bonus, free.of) == (12, 4, 10)


def test_of_several_extensions_the_latest_counts_and_one_to_a_notebook_is_its_own():
    text = {"06_graph": "2027-05-31", "06_graph/02_ppi": "2027-06-10T12:00"}
    rules = [
        policy_file.Rule("extension", "", (), ("b",), "06_graph", "", days=3),
        policy_file.Rule("extension", "", ("Ada Love", "2"), (), "", "", until="2027-06-09"),
    ]
    found = resolve(Policy("p", "Europe/Berlin", text, rules=tuple(rules)), {}, {}, PEOPLE)

    def said(student, notebook):
        return clock.said_of(found.due_of((student, "06_graph", notebook)), None)[:10]

    assert clock.on_clock(found.due_of(("3", "06_graph", "01_gat")), BERLIN) == datetime(2027, 6, 4)
    assert clock.on_clock(found.due_of(("3", "06_graph", "02_ppi")), BERLIN) == datetime(
        2027, 6, 13, 12
    )
    for student in ("1", "2"):
        due = found.due_of((student, "06_graph", "01_gat"))
        assert clock.on_clock(due, BERLIN) == datetime(2027, 6, 10)
    assert found.due_of(("1", "07_video", "01_cut")) is None
    assert not found.doubts


# ------------------------------------------------------------------ the file


def test_the_sample_says_nothing_and_is_right_once_its_signs_are_taken_out(tmp_path):
    sample = policy_file.SAMPLE.read_text("utf-8")
    assert read(tmp_path, sample).as_json() == {}
    lines = [
        line.removeprefix("# ") if " = " in line or "# [" in line else line
        for line in sample.splitlines()
    ]
    full = "\n".join(lines).replace("attention_coefficients", "attention")
    found = read(tmp_path, full)
    assert [rule.kind for rule in found.rules] == ["extension", "excused", "bonus"]
    assert found.late["07_video"] == {"percent": 20} and found.may_exceed
    assert Late(**found.late[""]).closed_after_days == 7 and len(found.late[""]) == 6
    assert found.withdrawn[0].full and found.assigned == {"06_graph": ["01_gat", "02_ppi"]}
    assert Policy.kept(json.loads(json.dumps(found.as_json()))) == found


WHO = 'student = "1"\n'
MISTAKES = {
    "dues = 1": r"there is no key 'dues'.*is due meant\?",
    "[due]\n06 = 31.5": r"\[due\] 06 = 31.5: it is no date; write 2027-05-31",
    '[due]\n06 = "31.5.2027"': "'31.5.2027' is no date; write 2027-05-31",
    "[due]\n06 = 0027-05-31": "'0027-05-31' is no date of a term; write the year in full",
    "[due]\n06 = 2027-5-31": r"is no TOML \(.*line 2, .*'06 = 2027-5-31'.*dates are written 2027",
    "[due]\n06/02 = 2027-05-31": "is no TOML .*names with a / and texts stand in quotes",
    "[due]\n08 = 2027-05-31": r"\[due\] 08: unit: there is no '08'; there are 06_graph, 07_video",
    '[due]\n"06/09" = 2027-05-31': "notebook of 06_graph: there is no '09'; there are 01_gat",
    "[due]\n06 = 2027-05-31\n06_graph = 2027-06-01": r"06_graph: 06 says it, too: 06_graph",
    'timezone = "Europe/Berln"\n': r"no time zone 'Europe/Berln'.*is Europe/Berlin or",
    "timezone = 1": "timezone = 1: there is no time zone",
    'timezone = "Europe/Berlin"\n[due]\n06 = "2027-03-28T02:30"': "clocks skip it",
    "[late]\ngrace_minutes = -5": r"grace_minutes = -5: it has to be a number of 0 or more",
    "[late]\npercent = 120": "percent = 120: it has to be a number of 0 or more and at most 100",
    "[late]\npercent = nan": "percent = nan: it has to be a number",
    "[late]\npercent = true": "percent = true: it has to be a number",
    "[late]\nclosed_after_days = 1.5": "closed_after_days = 1.5: it has to be a whole number of 0",
    '[late]\neach = "week"': "each = 'week': it has to be 'day' or 'hour' or 'once'",
    "[late]\npercents = 1": r"\[late\]: there is no key 'percents'.*is percent meant",
    "[late]\npercent = 20\nat_most_percent = 10": "at_most_percent = 10 is less than percent = 20",
    "[late.06]\npercent = 20\n[late.06_graph]\npercent = 10": "06_graph is there twice",
    "late = 5": r"late = 5: it has to be a table: \[late\]",
    "[assigned]\n06 = []": 'it has to be a list of notebooks, such as',
    '[assigned]\n06 = ["09"]': r"\[assigned\] 06 = \['09'\]: notebook: there is no '09'",
    "[drop_lowest]\n06 = 3": "06_graph has 3 notebooks that count, and one has to be left",
    '[assigned]\n06 = ["01"]\n[drop_lowest]\n06 = 1': "06_graph has 1 notebooks that count",
    '[assigned]\n06 = ["01"]\n[due]\n"06/02" = 2027-05-31': r"\[assigned\] has 01_gat of 06_graph",
    "may_exceed = 1": "may_exceed = 1: it has to be true or false",
    "extension = 3": r"each has to be a table below a line \[\[extension\]\]",
    "[[extension]]\ndays = 2": r"\[\[extension\]\] number 1: whose is it\?",
    "[[extension]]\n" + WHO: "until = DATE or days = NUMBER; it has neither: give one",
    "[[extension]]\nuntil = 2027-06-01\ndays = 1\n" + WHO: "it has both: take one out",
    "[[extension]]\ndays = 0\n" + WHO: r"number 1 \(1\): days = 0: it has to be a number above 0",
    "[[extension]]\ndays = 1e9\n" + WHO: "days = 1000000000.0: it has to be",
    '[[extension]]\nuntil = "soon"\n' + WHO: "until = 'soon': 'soon' is no date",
    '[[extension]]\ndays = 1\nstudent = "zoe"': "student 'zoe' is nobody on the roster",
    '[[extension]]\ndays = 1\nstudent = "Ada Lovw"': "is Ada Love meant",
    '[[extension]]\ndays = 1\nstudent = "Bob Ray"': "student 'Bob Ray' is 2 students: write the id",
    '[[extension]]\ndays = 1\ngroup = "C"': "group 'C' is no group of the roster",
    "[[excused]]\nstudent = 1": r"student = 1: it has to be a text in quotes",
    "[[excused]]\nwhere = 6\n" + WHO: "6 has to be a text, such as",
    "[[bonus]]\npoints = 2\n" + WHO: 'it needs where = "06"',
    "[[bonus]]\nwhere = '06'\n" + WHO: "it needs points = NUMBER",
    "[[bonus]]\nwhere = '06'\npoints = -1\n" + WHO: "points = -1: it has to be a number above 0",
    "[[withdrawn]]\ntask = '06/01'": "it needs task = .06/02:name_of_the_task.; it has '06/01'",
    "[[withdrawn]]\ntask = '06/01:atention'": "there is no 'atention'; .*is attention meant",
    "[[withdrawn]]\ntask = '06/01:mean'\ncounts_for = 'all'": "to be 'nobody' or 'everybody'",
    2 * "[[withdrawn]]\ntask = '06/01:mean'\n": "06_graph/01_gat/mean is there twice",
    f"[[extension]]\n{WHO}days = 1\n[[excused]]\n{WHO}": r"number 1 \(1\): .* on student 1 and",
    f"[[extension]]\n{WHO}days = 1\n[[extension]]\nstudent=['2', '1']\ndays = 2": "take one out",
    2 * f"[[bonus]]\nwhere = '06'\npoints = 1\n{WHO}": "is on student 1 and 06_graph, too",
    "\x00": "is no TOML",
    "a = " + "[" * 5000: "is no TOML",
}  # fmt: skip


@pytest.mark.parametrize("text", MISTAKES, ids=range(len(MISTAKES)))
def test_each_mistake_is_one_line_with_the_value(tmp_path, text):
    with pytest.raises(Problem, match=MISTAKES[text]) as told:
        read(tmp_path, text, PEOPLE)
    assert len(str(told.value).splitlines()) <= 2


def test_all_mistakes_are_told_at_once_and_files_that_are_none(tmp_path):
    text = "x = 1\n[due]\n09 = 2027-05-31\n[late]\npercent = -1\n[[bonus]]\npoints = 1\n"
    with pytest.raises(Problem, match="has 4 mistakes, and nothing was changed"):
        read(tmp_path, text)
    (tmp_path / "latin.toml").write_bytes(b"# \xe4")
    for name, told in (
        ("latin.toml", "not in UTF-8"),
        ("none.toml", "No such file"),
        (".", "can't"),
    ):
        with pytest.raises(Problem, match=told):
            policy_file.read(tmp_path / name, KNOWN, lambda *_: [])
    assert read(tmp_path, "\ufeff# from an editor\r\n").as_json() == {}


def test_whom_nobody_fits_is_told_without_a_roster_and_refused_with_one(tmp_path):
    text = "[[excused]]\nstudent = 'zoe'\n[[extension]]\ndays = 1\nwhere = '06'\nstudent = '1'\n"
    found = resolve(read(tmp_path, text), {}, {}, PEOPLE)
    assert found.doubts == [
        "policy.toml, [[excused]] number 1 (zoe): student 'zoe' is nobody in the book; so far it "
        "does nothing",
        "policy.toml, [[extension]] number 1 (1): 06_graph has no due date that it could extend; "
        "give one below [due]",
    ]
    text = (
        "[due]\n06 = 2027-05-31\n[[extension]]\nuntil = 2027-05-30\nwhere = '06'\nstudent = '1'\n"
    )
    (doubt,) = resolve(read(tmp_path, text), {}, {}, PEOPLE).doubts
    assert "2027-05-30 is not after the due date" in doubt


SPELLED = {
    "1": Student("1", "Ada Love", "ada@x.org", "A+"),
    "11": Student("11", "Cy", "", "Intro, Section 1"),
    "1-1": Student("1-1", "Di", "", "A-"),
}


def given(kind, who, **more):
    text = {"bonus": "where = '06'\npoints = 1\n", "extension": "days = 1\n"}.get(kind, "")
    return f"[[{kind}]]\n{who}\n{text}"


def test_people_are_compared_however_they_are_spelled(tmp_path):
    by_name, by_id, by_group = "student = 'Ada Love'", "student = '1'", "group = 'a+'"
    for first, second in ((by_name, by_id), (by_group, by_id)):
        with pytest.raises(Problem, match="number 1 .* is on student 1 and 06_graph, too"):
            read(tmp_path, given("bonus", first) + given("bonus", second), SPELLED)
    with pytest.raises(Problem, match="is on student 1 and all units, too"):
        read(tmp_path, given("extension", by_name) + given("excused", by_id), SPELLED)
    # Where nobody was known yet, it is told
    policy = read(tmp_path, given("bonus", by_name) + given("bonus", by_id))
    (doubt,) = resolve(policy, {}, {}, SPELLED).doubts
    assert "1 has it by [[bonus]] number 1 (Ada Love), too, and gets both" in doubt
    # A group's date and its member's excuse may both be meant
    read(tmp_path, given("extension", by_group) + given("excused", by_id), SPELLED)


def test_other_ids_and_groups_are_others(tmp_path):
    twice = given("bonus", "student = ['1', '1']")
    text = twice + given("bonus", "student = '1-1'") + given("bonus", "student = '11'")
    assert sorted(resolve(read(tmp_path, text, SPELLED), {}, {}, SPELLED).mine) == [
        "1",
        "1-1",
        "11",
    ]
    for group, ids in (("A+", ["1"]), ("a-", ["1-1"]), ("Intro, Section 1", ["11"]),
                       ("section 1", ["11"]), ("Section-1", ["11"])):  # fmt: skip
        policy = read(tmp_path, given("bonus", f"group = '{group}'"), SPELLED)
        assert list(resolve(policy, {}, {}, SPELLED).mine) == ids
    with pytest.raises(Problem, match="group 'A' is no group"):  # it may be either
        read(tmp_path, given("bonus", "group = 'A'"), SPELLED)


def test_what_does_nothing_is_told(tmp_path):
    due = "[due]\n06 = 2027-05-31\n'06/02' = 2027-06-10\n"
    ada = "[[extension]]\nstudent = '1'\n"
    for text, told in (
        (f"{due}{ada}where = '06/02'\nuntil = 2027-06-05\n", "2027-06-05 is not after the due"),
        (f"{due}{ada}until = 2027-05-01\n", "2027-05-01 is not after the due date"),
        (f"{due}{ada}until = 2027-06-05\n", ""),
        (f"{due}{ada}where = '06'\nuntil = 2027-06-05\n", ""),
        (f"{ada}days = 3\n", "no unit has a due date that it could extend"),
        (given("excused", "student = 'Ada Love'") + given("bonus", "student = '1'"),
         "excused from it: 1"),
        (due + given("excused", "student = 'Cy'") + f"{ada}where = '06'\ndays = 1\n", ""),
        (due + given("excused", "student = 'Ada Love'") + f"{ada}where = '06'\ndays = 1\n",
         "excused from it: 1; it does nothing there"),
    ):  # fmt: skip
        doubts = resolve(read(tmp_path, text), {}, {}, SPELLED).doubts
        assert told in " ".join(doubts) and len(doubts) == bool(told), text


# ------------------------------------------------------------------ when work was handed in


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Monday, 31 May 2027, 6:05 PM", "2027-05-31T18:05:00"),
        ("Monday, 31 May 2027, 12:05 AM", "2027-05-31T00:05:00"),
        ("Monday, 31 May 2027, 18:05", "2027-05-31T18:05:00"),
        ("Montag, 1. März 2027, 18:05", "2027-03-01T18:05:00"),
        ("31 Dezember 2027, 08:05", "2027-12-31T08:05:00"),
        ("2027-05-31T18:05:00Z", "2027-05-31T18:05:00+00:00"),
        ("2027-05-31 18:05", "2027-05-31T18:05:00"),
    ],
)
def test_times_of_platforms_are_read(text, found):
    assert handed_in.iso(text) == found


def test_tables_of_hand_ins_are_read_or_told(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text(
        "Identifier,Full name,Last modified (submission)\n"
        'Participant 11,Ada,"Monday, 31 May 2027, 6:05 PM"\nParticipant 12,Bob,-\n',
        encoding="utf-8",
    )
    units = ["06_graph", "07_video"]
    assert handed_in.read([f"06={path}"], units) == {
        "06_graph": {"Participant 11": "2027-05-31T18:05:00"}
    }
    text = "sep=;\nid;handed in\n11;2027-05-31T18:05\n11;2027-05-31 18:05\n;-\n"
    for letters in ("utf-8", "utf-16"):
        path.write_bytes(text.encode(letters))
        assert handed_in.of_table(path) == {"11": "2027-05-31T18:05:00"}
    for word in (f"08={path}", str(path)):
        with pytest.raises(Problem, match="write the unit before the table"):
            handed_in.read([word], units)
    for text, told in (
        ("id,when\n1,2027\n", "needs a column id .* and one of handed in"),
        ("", "needs a column id"),
        (
            "id,handed in\n1,lundi 31 mai\n",
            "line 2: 'lundi 31 mai' is no time; write it as 2027-05",
        ),
        ("id;handed in\n1;2027-05-31\n", "line 2: '2027-05-31' is no time"),
        ("id,handed in\n1,32 May 2027, 18:05\n", "line 2"),
        ("id,handed in\n1,1. marraskuu 2027, 18:05\n", "line 2: .* is no time"),
        ("id,handed in\n1.1E+01,2027-05-31T18:05\n", "line 2: '1.1E.01' is what a spreadsheet"),
        ("id,handed in\n,2027-05-31T18:05\n", "line 2: there is no id"),
        ("id,handed in\n1,2027-05-31T18:05\n1,2027-05-31T18:06\n", "line 3: '1' is there twice"),
        ("id,handed in,Handed in\n1,,\n", "has the column 'handed in' twice"),
        ("id,handed in\n1,0001-01-01T00:00\n", "line 2: '0001-01-01T00:00' is no time"),
        ("id,handed in\n1,9999-12-31T23:59\n", "line 2: '9999-12-31T23:59' is no time"),
        ("id,handed in\n1," + "x" * 200_000, "field larger than field limit"),
    ):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(Problem, match=told):
            handed_in.read([f"06={path}"], units)


# ------------------------------------------------------------------ a term

CHANGE = datetime(2026, 10, 24, 18).timestamp()  # the due date, on the clock of this machine


@pytest.fixture
def desk(tmp_path, monkeypatch):
    return Desk(tmp_path, monkeypatch)


def lines(path):
    return list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))


def students(desk):
    return {line["name"]: line for line in lines(desk.out / "students.csv")}


def page(desk, name):
    (found,) = (desk.out / "feedback").glob(f"{name}*.html")
    return " ".join(found.read_text("utf-8").split())


POLICY = f"""
timezone = "Europe/Berlin"
[due]
01 = "2026-10-24 18:00"
[late]
percent = 10
[[extension]]
student = "Bob Berg_12"
where = "01"
days = 1
reason = "ill"
[[excused]]
student = "Carl_13"
[[bonus]]
student = "Dora_14"
where = "01"
points = 3
reason = "found a mistake"
[[withdrawn]]
task = "01/{NAME}:double"
counts_for = "everybody"
"""


def a_class(tmp_path):
    def at(said):  # on the clock of this machine, which is what a zip has
        return datetime.fromisoformat(said).timestamp()

    return zipped(
        tmp_path / "class.zip",
        (moodle("Ada", 11), {"double": 0, "why": ""}, at("2026-10-25T17:30")),
        (moodle("Bob Berg", 12), {"why": ""}, at("2026-10-25T17:59")),
        (moodle("Carl", 13), {"why": ""}, at("2026-11-02T18:00")),
        (moodle("Dora", 14), {"why": "Because."}, at("2026-10-23T18:00")),
    )


def test_a_policy_from_its_file_to_tables_pages_and_platforms(desk, tmp_path, capsys):
    path, upload = tmp_path / "policy.toml", a_class(tmp_path)
    desk(upload)
    assert students(desk)["Ada"]["points"] == "3"
    path.write_text(POLICY, encoding="utf-8")
    own = ["--out", str(desk.out), "--notebooks", str(desk.notebooks)]
    assert command.main(["--policy", str(path), *own]) == 0
    told = capsys.readouterr().out
    assert "1 due date, 1 extension, 1 excuse, 1 bonus, 1 task withdrawn" in told
    found = students(desk)
    # 2 points for the withdrawn task, less 10 % of 9 for one day, though it has 25 hours
    assert (found["Ada"]["points"], found["Ada"]["late penalty"]) == ("4.1", "0.9")
    assert (found["Bob Berg"]["points"], found["Bob Berg"]["late penalty"]) == ("5", "")
    assert (found["Carl"]["points"], found["Carl"]["of"]) == ("excused", "0")
    assert found["Dora"]["points"] == "" and found["Dora"]["at least"] == "8"
    canvas = (desk.out / "import" / "canvas.csv").read_text("utf-8")
    assert "Carl,13,,,,EX" in canvas and "Ada,11,,,,4.1" in canvas and "Dora,14,,,,\n" in canvas
    grades = {r["Full name"]: r["Grade"] for r in lines(desk.out / "import" / f"moodle_{UNIT}.csv")}
    assert grades == {"Ada": "4.1", "Bob Berg": "5", "Carl": "", "Dora": ""}
    assert "4.1 of 9 points" in page(desk, "Ada")
    assert (
        "23 h 30 min after the due date, 2026-10-24 18:00 (Europe/Berlin): 10 % of 9 points for "
        "each of 1 day begun: 0.9 points less." in page(desk, "Ada")
    )
    assert "withdrawn: all points for everybody who handed it in" in page(desk, "Ada")
    assert "Due for you at 2026-10-25 18:00 (Europe/Berlin) (ill)." in page(desk, "Bob")
    assert "Excused: it counts in no total." in page(desk, "Carl")
    assert "At least 8 of 9 points" in page(desk, "Dora")
    assert "3 points on top, 01_small: found a mistake." in page(desk, "Dora")
    overview = (desk.out / "overview.html").read_text("utf-8")
    assert (
        "Carl_13, all units: excused" in overview and "Ada_11, 01_small/01_small: 23 h" in overview
    )
    assert len(desk.graded) == 4  # nothing was graded anew


def test_a_sample_is_written_and_never_over_another_file(tmp_path):
    path = tmp_path / "new.toml"
    assert command.main(["--new-policy", str(path)]) == 0
    with pytest.raises(Problem, match="is there already"):
        command.main(["--new-policy", str(path)])
    assert read(tmp_path, path.read_text("utf-8")).as_json() == {}


def test_the_time_of_a_download_is_told_and_a_table_of_hand_ins_counts(desk, tmp_path):
    members = [(moodle(f"S{n}", 10 + n), {"why": ""}, CHANGE + 90_000 + n) for n in range(5)]
    upload = zipped(tmp_path / "class.zip", *members)
    desk(upload, "--late", "2026-10-24T18:00", "--late-penalty", 10)
    told = "all 5 notebooks have times within ten minutes, after the due date: is that when the zip"
    assert told in (desk.out / "overview.html").read_text("utf-8")
    sheet = tmp_path / "sheet.csv"
    rows = [f'Participant {10 + n},"Saturday, {20 + n} October 2026, 6:05 PM"' for n in range(5)]
    heads = "Identifier,Last modified (submission)"
    sheet.write_text("\n".join([heads, *rows]), encoding="utf-8")
    own = ["--out", str(desk.out), "--notebooks", str(desk.notebooks)]
    command.main(["--times", f"01={sheet}", *own])
    assert told not in (desk.out / "overview.html").read_text("utf-8")
    assert [s["late penalty"] for s in students(desk).values()] == ["", "", "", "", "0.9"]
    desk(upload)  # and they hold on
    assert [s["late penalty"] for s in students(desk).values()] == ["", "", "", "", "0.9"]


def test_an_hour_that_clocks_skip_is_refused_in_either_order_and_locks_nothing(desk, tmp_path):
    path, upload = tmp_path / "policy.toml", a_class(tmp_path)
    path.write_text('timezone = "Europe/Berlin"\n', encoding="utf-8")
    own = ["--out", str(desk.out), "--notebooks", str(desk.notebooks)]
    skipped = "2027-03-28T02:30"
    told = f"--late 01_small={skipped}: .* no time in Europe/Berlin: clocks skip it; write another"
    desk(upload, "--policy", path)
    state = desk.out / term.STATE
    before = state.read_bytes()
    with pytest.raises(Problem, match=told):
        desk(upload, "--late", f"01={skipped}")
    assert state.read_bytes() == before
    path.write_text('timezone = "UTC"\n', encoding="utf-8")
    desk(upload, "--late", f"01={skipped}", "--policy", path)
    before = state.read_bytes()
    path.write_text('timezone = "Europe/Berlin"\n', encoding="utf-8")
    with pytest.raises(Problem, match=told):
        command.main(["--policy", str(path), *own])
    assert state.read_bytes() == before
    path.write_text('timezone = "Europe/Berlin"\n[due]\n01 = 2027-03-28\n', encoding="utf-8")
    assert command.main(["--policy", str(path), *own]) == 0


def test_a_book_with_a_time_of_no_term_takes_the_table_that_is_mended(desk, tmp_path):
    own = ["--out", str(desk.out), "--notebooks", str(desk.notebooks)]
    desk(a_class(tmp_path), "--late", "2026-10-24T18:00", "--late-penalty", "10")
    kept = json.loads((desk.out / term.STATE).read_text("utf-8"))
    kept["told"] = {UNIT: {"11": "0001-01-01T00:00:00"}}
    (desk.out / term.STATE).write_text(json.dumps(kept), encoding="utf-8")
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("id,handed in\n11,2026-10-24T17:00\n", encoding="utf-8")
    assert command.main(["--times", f"01={sheet}", *own]) == 0
    assert students(desk)["Ada"]["late penalty"] == ""


@pytest.mark.parametrize("percent", ["-10", "nan", "1000"])
def test_a_penalty_is_a_percentage(percent):
    with pytest.raises(Problem, match="write a number from 0 to 100"):
        command.main(["x.zip", f"--late-penalty={percent}"])


def test_a_table_of_hand_ins_goes_by_ids_of_the_roster_or_by_numbers_and_tells_who_is_neither(
    tmp_path, capsys
):
    people = {"11": Student("11", "Ada"), "12": Student("12", "Bob"), "13": Student("13", "Cy")}
    ada, bob = (
        Version(student, UNIT, NAME, "", (1.0, 1.0), exact=True, number=number)
        for student, number in (("11", "12"), ("12", "11"))  # each has the other's id as number
    )
    sheet = tmp_path / "sheet.csv"

    def day_of(version, *rows):
        sheet.write_text("\n".join(["id,handed in", *rows]), encoding="utf-8")
        book = term.Term(versions=[ada, bob], people=people)
        options = Namespace(policy=None, times=[f"01={sheet}"])
        policies.decide(book, options, [(UNIT, NAME)])
        return clock.on_clock(term.Times(book).of(version), None).day

    own = ("11,2027-05-01T18:00", "12,2027-05-02T18:00")
    assert [day_of(who, *own) for who in (ada, bob)] == [1, 2]
    assert day_of(ada, "Ada,2027-05-01T18:00", "Bob,2027-05-02T18:00") == 1
    moodles = [f"Participant {row}" for row in own]
    assert [day_of(who, *moodles) for who in (ada, bob)] == [2, 1]
    assert "fit nobody" not in capsys.readouterr().out
    day_of(ada, *own, "zoe,2027-05-02T18:00")
    assert "1 of them fit nobody so far: zoe" in capsys.readouterr().out


def test_who_is_excused_from_all_is_not_missed(desk, tmp_path):
    people = tmp_path / "class.csv"
    people.write_text("id,name\n11,Ada\n15,Eve\n16,Finn\n", encoding="utf-8")
    path = tmp_path / "policy.toml"
    path.write_text("[[excused]]\nstudent = 'Eve'\n", encoding="utf-8")
    upload = zipped(tmp_path / "class.zip", (moodle("Ada", 11), {"why": ""}, CHANGE))
    desk(upload, "--roster", people, "--policy", path)
    overview = (desk.out / "overview.html").read_text("utf-8")
    assert "1 of 3 on the roster have no notebook here: Finn (16)" in overview
    assert {r["reason"] for r in lines(desk.out / "grades.csv") if r["student"] == "15"} == {
        "excused"
    }
    path.write_text("[[excused]]\nstudent = 'Evee'\n", encoding="utf-8")
    with pytest.raises(Problem, match="'Evee' is nobody on the roster; is Eve meant"):
        desk(upload, "--policy", path)
