"""What the overview says of tasks, groups and hand-ins."""

import random
import statistics
from zoneinfo import ZoneInfo

import pytest

from tools.teach.grade import analysis
from tools.teach.grade.clock import DAY
from tools.teach.grade.rows import Row
from tools.teach.grade.totals import Total

BERLIN = ZoneInfo("Europe/Berlin")


def row(student, task, points, of=4.0, **more):
    return Row(student, "u", "n", task, points, of, "", **{"review": False} | more)


def everything(_):
    return True


def test_tasks_come_by_difficulty_with_their_discrimination():
    dice = random.Random(0)
    able = {f"s{n}": dice.random() for n in range(30)}
    table = [row(s, "fits", 4 * (a > 0.5)) for s, a in able.items()]
    table += [row(s, "turned", 4 * (a < 0.2)) for s, a in able.items()]
    table += [row(s, "steep", 8 * a, 8.0) for s, a in able.items()]
    table += [row(s, "all", 4) for s in able]
    found = {item.name[4:]: item for item in analysis.items(table, everything)}
    assert list(found) == sorted(found, key=lambda name: found[name].mean)
    assert found["all"].r is None and (found["all"].mean, found["all"].full) == (1, 1)
    assert found["fits"].r > 0.3 and found["turned"].r < -0.3
    by_task = {t: [r.points for r in table if r.task == t] for t in found}
    rest = [sum(points) for points in zip(*(by_task[t] for t in found if t != "fits"), strict=True)]
    assert found["fits"].r == pytest.approx(statistics.correlation(by_task["fits"], rest))
    assert (found["fits"].number, found["fits"].pairs) == (30, 30)


def test_what_says_nothing_is_left_blank_or_out():
    few = [row(f"s{n}", t, n % 3) for n in range(9) for t in "ab"]
    assert [item.r for item in analysis.items(few, everything)] == [None, None]
    alone = [row(f"s{n}", "a", n % 3) for n in range(20)]
    assert [(item.r, item.pairs) for item in analysis.items(alone, everything)] == [(None, 0)]
    open_one = row("s0", "why", 0, review=True)
    blank = [row(f"s{n}", "why", 0) for n in range(1, 9)]
    assert analysis.items([open_one, *blank], everything) == []
    assert analysis.items(few, lambda r: r.task == "a")[0].number == 9
    assert analysis.items([], everything) == []


def test_groups_are_compared_by_shares_of_those_who_handed_in():
    totals = {"a": Total(5, 10, late=1), "b": Total(0, 10), "c": Total(4, 4, 2), "d": Total(0, 0)}
    named = {"a": "A", "b": "A", "c": "B", "d": ""}
    found = {g.name: g for g in analysis.groups(named, totals, {"a", "c", "d"})}
    assert (found["A"].students, found["A"].handed_in, found["A"].mean) == (2, 1, 0.5)
    assert (found["A"].late, found["B"].waiting, found["B"].median) == (1, 2, 1)
    assert found["no group"].mean is None
    assert analysis.groups(dict.fromkeys("ab", ""), totals, "ab") == []


def test_hand_ins_by_day_from_each_students_due_date_or_by_date():
    due = 1_792_857_600.0  # 2026-10-24 18:00 in Berlin, before clocks change
    away = [-60 * DAY, -1.5 * DAY, -0.1, 0.0, 1.0, 1.03 * DAY, 1.1 * DAY, 90 * DAY]
    times = {(str(n), "u", "n"): due + each for n, each in enumerate(away)}
    (found,) = analysis.hand_ins(times, lambda _: due, BERLIN)
    counted = {name: number for name, number in found.bars if number}
    assert found.due and found.number == len(away)
    minus = "\N{MINUS SIGN}"
    assert counted == {f"<{minus}5": 1, f"{minus}2": 1, f"{minus}1": 2, "+1": 2, "+2": 1, ">+3": 1}
    (found,) = analysis.hand_ins(times, lambda _: None, BERLIN)
    assert not found.due and dict(found.bars)["10-24"] == 3
    many = {(str(n), "u", "n"): due + n * DAY for n in range(30)} | {("x", "u", "n"): 1e18}
    (found,) = analysis.hand_ins(many, lambda _: None, BERLIN)
    assert len(found.bars) == analysis.DATES and found.number == 31
