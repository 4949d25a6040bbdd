"""What a call is told for all of a term: a policy, due dates, times of hand-ins."""

from __future__ import annotations

import argparse
from collections.abc import Iterable

from data.core.files import write_text
from tools.notebook.cells import grading, task_of
from tools.notebook.common import Problem, shown
from tools.teach.grade import handed_in, output, policy_file
from tools.teach.grade.kept import only_one
from tools.teach.grade.masters import notebooks_in
from tools.teach.grade.policy import Policy
from tools.teach.grade.roster import Roster, plain_id
from tools.teach.grade.rows import visible
from tools.teach.grade.term import Term


def write_sample(options: argparse.Namespace) -> int:
    """Write a file with every kind of rule, each of them commented out."""
    path = options.new_policy
    if path.exists():
        raise Problem(f"{shown(path)} is there already; name another file")
    write_text(path, policy_file.SAMPLE.read_text(encoding="utf-8"))
    print(f"{shown(path)} says nothing yet: take out the # of what you need, then --policy {path}")
    return 0


def apply(options: argparse.Namespace) -> int:
    """Take in a policy or times of hand-ins, and make totals anew; nothing is graded."""
    if options.late or options.late_penalty is not None:
        raise Problem("--late and --late-penalty go with submissions; a policy has both: [due]")
    out = options.out.absolute()
    known = [(n.path.parent.name, n.path.stem) for n in notebooks_in(options.notebooks.absolute())]
    output.see_gradebook(out)
    with only_one(out):
        term = Term.read(out)
        decide(term, options, known)
        term.write(out)
        state = output.read_state(out)
        output.write_pages(out, state)
    print(f"{shown(out)}/: tables and pages are written anew; marks stay as they were")
    return 0


def decide(term: Term, options: argparse.Namespace, known: Iterable[tuple[str, str]]) -> None:
    """Take in a policy and times of hand-ins, where a call names any.

    Raises Problem, before anything is changed, if there is a mistake in them.
    """
    known = list(known)
    units = list(dict.fromkeys(unit for unit, _ in known))
    if options.policy:

        def tasks(unit: str, notebook: str) -> list[str]:
            path = options.notebooks.absolute() / unit / f"{notebook}.ipynb"
            (found,) = [n for n in notebooks_in(path.parent.parent) if n.path == path]
            blocks = [grading(cell) for cell in found.content.cells]
            return [task_of(block["grade_id"]) for block in blocks if block.get("grade")]

        term.policy = policy_file.read(options.policy, known, tasks, class_of(term)).as_json()
        print(told(Policy.kept(term.policy), options.policy.name))
    for unit, times in handed_in.read(options.times, units).items():
        newer = set(map(plain_id, times))
        older = {k: t for k, t in term.told.get(unit, {}).items() if plain_id(k) not in newer}
        term.told[unit] = older | times
        print(f"{unit}: {len(times)} times of hand-ins")
        if odd := fit_nobody(term, unit, times):
            names = ", ".join(map(visible, odd[:5])) + ", ..." * (len(odd) > 5)
            print(f"course.py grade: {unit}: {len(odd)} of them fit nobody so far: {names}")
    see_dates(term)


def fit_nobody(term: Term, unit: str, names: Iterable[str]) -> list[str]:
    """Return which names of a table are nobody's who is on the roster or has handed a unit in."""
    roster, mine = Roster(term.people.values()), [v for v in term.versions if v.unit == unit]
    known = {text for v in mine for text in (v.student, v.number)}
    return [
        name for name in names if plain_id(name) not in known and not roster.find(plain_id(name))
    ]


def see_dates(term: Term) -> None:
    """See that clocks have the due dates that calls were told; raises Problem if they skip one."""
    if faults := term.due_by_dates()[1]:
        raise Problem(f"{faults[0]}; nothing was changed")


def class_of(term: Term) -> dict:
    """Return all whom a policy may name, if there is a roster; else nobody."""
    if not term.people:
        return {}
    return dict(term.state([]).people_of({v.student for v in term.versions}))


def told(policy: Policy, name: str) -> str:
    """Return in a line what a policy holds."""
    kinds = [rule.kind for rule in policy.rules]
    parts = [
        (len(policy.due), "due date", "due dates"),
        (kinds.count("extension"), "extension", "extensions"),
        (kinds.count("excused"), "excuse", "excuses"),
        (kinds.count("bonus"), "bonus", "bonuses"),
        (len(policy.withdrawn), "task withdrawn", "tasks withdrawn"),
        (len(policy.assigned), "unit assigned in part", "units assigned in part"),
    ]
    said = ", ".join(f"{n} {many if n > 1 else one}" for n, one, many in parts if n)
    return (
        f"{name}: {said or 'rules for all'}"
        if policy.as_json()
        else f"{name} says nothing: no policy holds"
    )


def see_no_contradiction(policy: Policy, dates: Iterable[str], percent: float | None) -> None:
    """See that options say nothing that a policy says, too; raises Problem if they do."""
    for unit in dates:
        if unit in policy.due:
            raise Problem(f"--late and {policy.name} both say when {unit} is due; take one out")
    if percent is not None and any("percent" in says for says in policy.late.values()):
        raise Problem(
            f"--late-penalty and {policy.name} both say what lateness costs: take one out"
        )
