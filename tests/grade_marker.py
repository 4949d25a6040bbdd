"""A class whose open answers wait, and people who mark them, each with pages of their own."""

import asyncio
import re
import threading
from pathlib import Path

import nbformat
import requests
from grade_class import NAME, UNIT, folder_with_gradebook, graded, outcome
from grade_course import course
from nbformat.v4 import new_markdown_cell

from data.core.files import write_text
from tools.teach.grade import gradebook, marking, output, serve

STUDENTS = [f"s{n:02d}" for n in range(10)]
PEOPLE = [{"id": s, "name": f"Name of {s}", "email": "", "group": ""} for s in STUDENTS]
ASKED = (UNIT, NAME, "a_why")
QUESTION = (
    "## Open question\n\nWhy is $\\sum_i (a_i - \\bar a) = 0$?\n\n"
    "*Rubric: 2 points for the sum $\\sum_i a_i$; 1 point for the mean; 1 point for an example.*"
)


def released(out):
    """Give the question words and a rubric, as students have them."""
    notebook = course()
    notebook.cells.insert(-1, new_markdown_cell(QUESTION))
    write_text(out / "nbgrader" / "release" / UNIT / f"{NAME}.ipynb", nbformat.writes(notebook))


def class_to_mark(out):
    """Fill an output folder."""
    folder_with_gradebook(out)
    graded(out, *(outcome(s, why=f"Since {s[1:]}.") for s in STUDENTS), people=PEOPLE)
    released(out)
    return out


def session(out, who="eve", **more):
    return marking.Session(out, who, Path("/nowhere"), **more)


class Marker:
    """A person with a browser, whose pages another thread serves."""

    def __init__(self, session):
        self.session, self.desk = session, serve.Desk(session)
        self.thread = threading.Thread(target=lambda: asyncio.run(serve.serve(self.desk)))

    def __enter__(self):
        self.thread.start()
        while not self.desk.port:
            assert self.thread.is_alive()
        return self

    def __exit__(self, *_):
        self.post("finish")
        self.thread.join(20)
        assert not self.thread.is_alive()

    def get(self, path="", **more):
        return requests.get(self.desk.address + path, timeout=120, **more)

    def post(self, path, **data):
        return requests.post(self.desk.address + path, data=data, timeout=120)

    def answers(self):
        (question,) = self.session.questions()
        return question.items

    def mark(self, item, points="", **more):
        """Fill in the form of an answer's page, and send it."""
        page = self.get(f"answer/{item.id}").text
        return self.post(f"answer/{item.id}", points=points, **({"seen": seen_on(page)} | more))


def seen_on(page):
    return re.search(r'name="seen" value="(\w+)"', page)[1]


def rows(out):
    with gradebook.opened(out / output.GRADEBOOK) as opened:
        return {row.student: row for row in gradebook.rows(opened) if row.task == "a_why"}
