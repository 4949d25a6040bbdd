"""The book: what a page shows and folds away, where its links lead, and that it builds."""

import os
import re
import subprocess
import sys

import pytest

from tools.notebook import quiz
from tools.notebook.cells import BEGIN, BEGIN_HIDDEN
from tools.notebook.common import ROOT, all_notebooks
from tools.notebook.tasks import STUB
from tools.publish.book import lesson, mathml, pages
from utils import lessons, touch

FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<!\\)\$([^$\n]+?)(?<!\\)\$", re.S)


@pytest.mark.parametrize("notebook", all_notebooks(), ids=lambda n: n.id)
def test_a_page_hides_solutions_and_shows_formulas_and_quizzes(notebook):
    page = lesson.page(notebook)
    for cell in page.cells:
        assert BEGIN_HIDDEN not in cell.source and BEGIN not in cell.source
        if cell.metadata.get("nbgrader", {}).get("solution"):
            folded = "hide-input" in cell.metadata.get("tags", []) or STUB in cell.source
            assert folded or cell.source.startswith('<details class="answer">')
        if cell.cell_type == "markdown":
            text = re.sub(r"```.*?```|`[^`]*`", "", cell.source, flags=re.S)
            for alone, inline in FORMULA.findall(text):
                assert mathml.converted(alone or inline, "block").startswith("<math")
    text = "\n".join(cell.source for cell in page.cells)
    for question in quiz.quizzes(notebook):  # each before the answer to its question
        start = text.index(f'<form class="quiz" id="quiz-{question.cell}-{question.nth}" hidden>')
        end = text.index("</form>", start)
        assert text[start:end].count('data-right="1"') == 1
        assert text[end:].partition("</summary>")[0].endswith("<summary>Answer")


QUIZ = """[[quiz]]
cell = "a"
ask = "Which?"
right = "one"
because = "For this reason it is one."
wrong.two = "That is too many."
wrong.none = "That is too few."
"""


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("", "", ""),
        ('"a"', '"b"', "cell 'b' has 0 times"),
        ('wrong.two = "That is too many."', "", "2 to 4 options"),
        ("wrong.two", "wrong.one", "'one' is right and wrong"),
    ],
)
def test_each_rule_of_a_quiz_finds_its_fault(template, old, new, fault):
    (lessons.folder(template.name) / "quiz.toml").write_text(QUIZ.replace(old, new))
    template.content.cells[0] |= {"id": "a", "source": "**Check yourself.** Which?"}
    faults = "\n".join(quiz.faults(template))
    assert fault in faults and bool(faults) == bool(fault)


def as_read(name):
    """Return the text of a page as Sphinx gets it."""
    path = next(ROOT.glob(f"{name}.*"))
    source = [path.read_text(encoding="utf-8")]
    pages.read(None, name, source)
    return source[0]


def test_the_first_page_has_all_its_parts_from_the_notebooks():
    text = as_read("docs/index")
    assert "<!--" not in text and text.count('<div class="touch" id="first-touch-') == 1
    links = re.findall(r"\(\.\./notebooks/([^)]+)\.ipynb\)", text.partition("## Ten weeks")[2])
    assert sorted(links) == sorted(n.name for n in all_notebooks())
    figures = [kind for n in all_notebooks() for kind, _ in lesson.figures_to_touch(n)]
    assert sorted(figures) == sorted(touch.TRY)  # every figure to touch is in one notebook


def test_every_notebook_has_a_week_and_none_is_before_what_it_builds_on():
    weeks = {n.id: n.lesson["week"] for n in all_notebooks()}
    assert set(weeks.values()) == set(range(1, len(lessons.weeks()) + 1))
    for notebook in all_notebooks():
        assert all(weeks[i] <= weeks[notebook.id] for i in notebook.follows)


def test_links_to_headings_are_those_of_the_site_and_notebooks_follow_their_sheet():
    glossary = as_read("docs/glossary")
    assert "02_vae_mnist.ipynb#Look" not in glossary and ".ipynb#the-method-in-four" in glossary
    sheet = as_read("notebooks/03_activity/README")
    assert re.search(r"```{toctree}\n:hidden:\n\n03/01 [^\n]+ <01_har_conv1d>\n```", sheet)
    assert "mermaid" not in as_read("docs/map") and "| builds on |" in as_read("docs/map")


@pytest.mark.slow
def test_the_book_builds_without_a_warning_and_loads_nothing_from_outside(tmp_path):
    environment = os.environ | {"COURSE_BUILD_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "tools", "book", "03/01"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    out = tmp_path / "book"
    page = (out / "notebooks" / "03_activity" / "01_har_conv1d.html").read_text(encoding="utf-8")
    assert "Show the solution" in page and "<math" in page and "<details" in page
    assert '<div class="touch" id="touch-' in page
    assert not re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="https?:', page)
    student = out / "downloads" / "03_activity" / "01_har_conv1d.ipynb"
    assert "# YOUR CODE HERE" in student.read_text(encoding="utf-8")
    assert (out / "_static" / mathml.FONT).stat().st_size > 100_000
    assert "microcontrol" in (out / "searchindex.js").read_text(encoding="utf-8")  # its stem
    assert not list(tmp_path.glob(".book.new"))
