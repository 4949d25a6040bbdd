"""``python -m tools.teach.showcase``: what the site shows of marking, in ``docs/showcase/``.

A made-up class hands in one unit, right and wrong, and the grader grades it as any other. Call this
again when the pages of the grader have changed, which a test notices; it needs the sandbox.
"""

import itertools
import re
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

from data.core.files import write_text
from tools.learn.work import unsolved
from tools.notebook.cells import grading
from tools.notebook.common import ROOT, Notebook, select, write_notebook
from tools.notebook.tasks import tasks_of
from tools.teach.grade import cli
from tools.teach.grade.gradebook import GRADEBOOK, opened
from tools.write.self_test import wrong_solutions

FOLDER = ROOT / "docs" / "showcase"
PAGES = ("overview.html", "feedback.html")
NOTEBOOK = "03/01"
SHOWN = "student-05"  # has a right, a wrong and a marked answer
STUDENTS = 12
VAGUE = (
    "I would ask whether the 200,000 windows overlap, because then a test window is nearly a copy "
    "of a training window. I would also ask how large the network is."
)
COMMENT = "The overlap is a good question. Which number on the page makes you ask it?"


def main() -> int:
    """Grade the made-up class, mark some of its answers, and save two pages."""
    (notebook,) = select([NOTEBOOK])
    with tempfile.TemporaryDirectory() as scratch:
        handed_in, out = Path(scratch, "class"), Path(scratch, "grade")
        for number, student in enumerate(students()):
            if number % 6 != 5:  # two of them hand in nothing
                path = handed_in / student / f"{notebook.name}.ipynb"
                write_notebook(path, answered(notebook, number))
        names = "".join(f"{s},Student,{s[-2:]},\n" for s in students())
        write_text(Path(scratch, "class.csv"), f"id,first_name,last_name,email\n{names}")
        where = ["--out", str(out)]
        cli.main([str(handed_in), "--students", f"{scratch}/class.csv", *where])
        mark(out / GRADEBOOK, notebook)
        cli.main(["--feedback", *where])
        save(out)
    return 0


def students() -> list[str]:
    """Return the names of the class."""
    return [f"student-{number:02}" for number in range(1, STUDENTS + 1)]


def answered(notebook: Notebook, number: int) -> Any:
    """Return a notebook as the student with a number handed it in: some answers are wrong."""
    content, solutions = unsolved(notebook), {}
    for k, task in enumerate(tasks_of(notebook)):
        wrong = itertools.cycle(wrong_solutions(task).values())
        chosen = next(itertools.islice(wrong, number, None))
        solution = re.sub(r" *### (BEGIN|END) SOLUTION\n?", "", task.solution)
        solutions[task.name] = chosen if (number + 2 * k) % 3 == 0 else solution
    for cell in content.cells:
        cell_id = grading(cell).get("grade_id")
        if cell_id in solutions:
            cell.source = solutions[cell_id]
        elif grading(cell).get("grade") and cell.cell_type == "markdown" and number % 5 != 3:
            model = next(c for c in notebook.content.cells if grading(c).get("grade_id") == cell_id)
            cell.source = VAGUE if number % 2 == 0 else model.source
    return content


def mark(gradebook: Path, notebook: Notebook) -> None:
    """Mark the answers of the first half of the class by hand, as formgrader does."""
    unit, _, name = notebook.name.partition("/")
    with opened(gradebook) as book:
        for submission in book.assignment_submissions(unit):
            student = submission.student.id
            if student > students()[STUDENTS // 2]:
                continue
            page = book.find_submission_notebook(name, unit, student)
            for grade in (g for g in page.grades if g.needs_manual_grade):
                vague = int(student[-2:]) % 2
                grade.manual_score, grade.needs_manual_grade = (1 if vague else 3), False
                comment = next(c for c in page.comments if c.name == grade.name)
                comment.manual_comment = COMMENT if vague else ""
        book.db.commit()


def save(out: Path) -> None:
    """Copy the overview, without its links to other pages, and the feedback of one student."""
    FOLDER.mkdir(exist_ok=True)
    overview, feedback = (FOLDER / name for name in PAGES)
    text = (out / "overview.html").read_text(encoding="utf-8")
    write_text(overview, re.sub(r"<a [^>]*>(.*?)</a>", r"\1", text))
    shutil.copyfile(next((out / "feedback").glob(f"{SHOWN}*.html")), feedback)


if __name__ == "__main__":
    sys.exit(main())
