"""The book: what a page shows and folds away, where its links lead, and that it builds."""

import base64
import io
import os
import re
import subprocess
import sys
from urllib.parse import unquote

import nbformat
import pages_in_browser as browser
import pytest
from PIL import Image

from tools.notebook import quiz
from tools.notebook.cells import (
    BEGIN,
    BEGIN_HIDDEN,
    below_line,
    is_solution,
    is_test,
    lesson_of,
)
from tools.notebook.common import ROOT, Notebook, Problem, all_notebooks, read
from tools.notebook.tasks import STUB
from tools.publish import course_map, overview, results
from tools.publish.book import lesson, mathml, pages, proofread, sources
from tools.publish.glossary import anchor
from utils import lessons, touch

# MyST asks Sphinx for something that Sphinx 11 will not have.
pytestmark = pytest.mark.filterwarnings("ignore:.*MystReferenceResolver.app")
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
    if fault:
        with pytest.raises(Problem):
            lesson.page(template)


def as_read(file):
    """Return the text of a page as Sphinx gets it."""
    site = sources.Sources(ROOT, {}, all_notebooks())
    site.known |= sources.markdown().keys()
    text = (ROOT / file).read_text(encoding="utf-8")
    return site.linked(pages.completed(file, text), file, file)


def test_the_first_page_has_all_its_parts_from_the_notebooks():
    text = pages.completed("docs/index.md", sources.markdown()["docs/index.md"])
    assert "<!--" not in text and text.count('<div class="touch" id="first-touch-') == 1
    links = re.findall(r"\(\.\./notebooks/([^)]+)\.ipynb\)", text.partition("## Ten weeks")[2])
    assert sorted(links) == sorted(n.name for n in all_notebooks())
    figures = [kind for n in all_notebooks() for kind, _ in lesson.figures_to_touch(n)]
    assert sorted(figures) == sorted(touch.TRY)  # every figure to touch is in one lesson


def test_every_notebook_has_a_week_and_none_is_before_what_it_builds_on():
    weeks = {n.id: n.week for n in all_notebooks()}
    assert set(weeks.values()) == set(range(1, len(lessons.weeks()) + 1))
    for notebook in all_notebooks():
        assert all(weeks[i] <= weeks[notebook.id] for i in notebook.follows)


@pytest.mark.as_committed
def test_each_sheet_has_the_hours_and_points_of_its_notebooks_in_the_order_of_the_course():
    for unit, own in overview.by_unit().items():
        sheet = sources.markdown()[f"notebooks/{unit}/README.md"]
        rows = re.findall(r"^\| \d+ \| \[(\w+)\]\([^|]*\| ([\d.]+) \| (\d+) \|", sheet, re.M)
        assert rows == [(n.path.stem, f"{n.hours:g}", str(n.points)) for n in own]


def test_a_shorter_term_has_each_notebook_once_after_those_that_it_builds_on():
    by_id, done = {n.id: n for n in all_notebooks()}, []
    for week in lessons.short_weeks():
        for lesson_id in week["lessons"]:
            assert lesson_id not in done and set(by_id[lesson_id].prerequisites) <= set(done)
            done.append(lesson_id)
    short = course_map.syllabuses().partition("### 6 weeks, ")[2]
    assert re.findall(r"^  (\d\d/\d\d)  ", short, re.M) == done


@pytest.mark.as_committed("03/01")
def test_links_to_headings_are_those_of_the_site_and_notebooks_follow_their_sheet():
    glossary = as_read("docs/glossary.md")
    assert "02_vae_mnist.ipynb#Look" not in glossary and ".ipynb#the-method-in-four" in glossary
    sheet = as_read("notebooks/03_activity/README.md")
    assert re.search(r"```{toctree}\n:hidden:\n\n03/01 [^\n]+ <01_har_conv1d>\n```", sheet)
    assert as_read("docs/map.md").count('<a href="../notebooks/') == len(all_notebooks())


def test_what_is_for_github_alone_has_a_place_on_the_site():
    for place, instead in sources.INSTEAD.items():
        for link in (place, instead):
            file, _, heading = link.partition("#")
            headings = re.findall(r"^#+ (.+)$", (ROOT / file).read_text(encoding="utf-8"), re.M)
            assert not heading or heading in map(anchor, headings), link


# ------------------------------------------------------------------ a site of one notebook

TRIAL = "98_trial/01_trial"
FIRST = """\
# The first page

## Install and begin

## What each unit gives

```{toctree}
teaching
results/98_trial
../notebooks/98_trial/01_trial
../reproduction/98_trial/01_trial
```
"""
GUIDE = """\
# For instructors

The [README](../README.md#the-units) has a table of [units](../notebooks/98_trial/01_trial.ipynb),
and the [licence](../LICENSE-docs) is a file. The code `[x](../README.md#no-link)` is no link.

## Marks

See the [setup](../notebooks/98_trial/01_trial.ipynb#Setup) and the
[sources](../notebooks/98_trial/01_trial.ipynb#References), and $x^2$.
"""


@pytest.fixture
def trial(template, monkeypatch, tmp_path):
    """Return the texts of a site around the template's notebook, which has a reproduction."""
    monkeypatch.setattr(proofread, "WORK", tmp_path / "check")
    monkeypatch.setattr(pages, "completed", lambda file, text: text)
    cells = template.content.cells
    cells[0]["attachments"] = {"fit-figure.png": {"image/png": png()}}
    cells[-1].source += "\n\n[Setup](#Setup), [References](#References), [itself](#Reproduction)"
    cells[-1].source += ", [the guide](../../docs/teaching.md#marks)\n\n#### A part\n\nIt is small."
    section = results.section(TRIAL, f"{template.id} {template.title}", has_line=True)
    return {
        "docs/index.md": FIRST,
        "docs/teaching.md": GUIDE,
        "docs/results/98_trial.md": f"# Reported and measured\n\n{section}",
    }


def png():
    """Return a small picture in base64."""
    data = io.BytesIO()
    Image.new("RGB", (4, 3)).save(data, "png")
    return base64.b64encode(data.getvalue()).decode("ascii")


def test_a_site_without_faults_has_none(trial, template):
    assert proofread.faults_of(trial, [template]) == []


@pytest.mark.parametrize(
    ("cell", "up", "place"),
    [
        (None, "", "docs/teaching.md:"),
        (1, "../../docs/", f'notebooks/{TRIAL}.ipynb, under "Setup": '),
        (-1, "../../docs/", f'reproduction/{TRIAL}.ipynb, under "A part": '),
    ],
    ids=["text", "lesson", "reproduction"],
)
def test_the_check_finds_each_kind_of_fault(trial, template, cell, up, place):
    faults = {
        f"[a page]({up}no_page.md)": "no_page.md",
        f"[a heading]({up}teaching.md#no-heading)": "no-heading",
        f"[the README]({up}../README.md#nothing)": "nothing",
        f"![a picture]({up}no_picture.png)": "no_picture.png",
        "![attached](attachment:nowhere.png)": "attachment:nowhere.png",
        "$\\nocommand{x}$": "nocommand",
        "$\\left( x$": "left( x",
    }
    text = "\n\n".join(["", *faults])
    if cell is None:
        trial["docs/teaching.md"] += text
    else:
        template.content.cells[cell].source += text
    found = proofread.faults_of(trial, [template])
    assert len(found) == len(faults)
    for words in faults.values():
        assert sum(fault.startswith(place) and words in fault for fault in found) == 1, words


def test_links_lead_to_the_part_of_a_notebook_that_has_the_heading(trial, template, tmp_path):
    sources.write(tmp_path, trial, [template])
    texts = {path.relative_to(tmp_path).as_posix(): path for path in tmp_path.rglob("*")}
    guide = texts["docs/teaching.md"].read_text(encoding="utf-8")
    assert "[README](index.md#what-each-unit-gives)" in guide
    assert f"[sources](../reproduction/{TRIAL}.ipynb#references)" in guide
    assert f"[setup](../notebooks/{TRIAL}.ipynb#setup)" in guide
    assert "`[x](../README.md#no-link)`" in guide and "LICENSE-docs" in texts
    results_page = texts["docs/results/98_trial.md"].read_text(encoding="utf-8")
    assert f"(../../reproduction/{TRIAL}.ipynb)" in results_page
    lesson_text, below = (read(texts[f"{f}/{TRIAL}.ipynb"]) for f in ("notebooks", "reproduction"))
    assert f"](../../reproduction/{TRIAL}.ipynb)" in lesson_text.cells[-1].source
    assert below.cells[0].source.startswith(f"# Reproduction: {template.title}\n")
    last = below.cells[-1].source
    assert f"[Setup](../../notebooks/{TRIAL}.ipynb#setup), [References](#references)" in last
    assert last.startswith("## References") and "### A part" in last
    assert "(01_trial/fit-figure.png)" in lesson_text.cells[0].source
    assert texts[f"notebooks/{TRIAL}/fit-figure.png"].read_bytes() == base64.b64decode(png())


def test_the_results_of_a_unit_list_its_reproductions(template, monkeypatch):
    monkeypatch.setattr(pages, "by_unit", lambda: {"98_trial": [template]})
    text = pages.completed("docs/results/98_trial.md", "# Reported and measured\n")
    assert f"{{toctree}}\n:hidden:\n\n98/01 reproduction <../../reproduction/{TRIAL}>\n" in text
    nbformat.write(lesson_of(template.content), template.path)
    monkeypatch.setattr(pages, "by_unit", lambda: {"98_trial": [Notebook(template.path)]})
    assert "toctree" not in pages.completed("docs/results/98_trial.md", "# Reported\n")


def test_what_students_write_and_how_it_is_tested_is_folded(template):
    adapter = {"cell_type": "code", "id": "a", "source": "", "outputs": [], "execution_count": 1}
    adapter = nbformat.from_dict(adapter | {"metadata": {"tags": ["adapter"]}})
    template.content.cells.insert(2, adapter)
    shown = {cell.id: cell.metadata for cell in lesson.page(template).cells}
    for cell in template.content.cells:
        what = "the solution" if is_solution(cell) else "the tests" if is_test(cell) else ""
        if what := "the adapter" if cell is adapter else what:
            assert shown[cell.id]["mystnb"]["code_prompt_show"] == f"Show {what}"
            assert "hide-input" in shown[cell.id]["tags"]
    below = [cell.id for cell in below_line(template.content.cells)]
    assert below and not set(below) & shown.keys()


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Return the folder of a site with one lesson, as the command builds it."""
    build = tmp_path_factory.mktemp("build")
    command = [sys.executable, "-m", "tools", "book", "03/01"]
    environment = os.environ | {"COURSE_BUILD_DIR": str(build)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not (build / "book-work").exists()
    return build / "book"


@pytest.mark.slow
@pytest.mark.as_committed("03/01")
def test_the_book_builds_without_a_warning_and_loads_nothing_from_outside(site):
    page = (site / "notebooks" / "03_activity" / "01_har_conv1d.html").read_text(encoding="utf-8")
    assert "Show the solution" in page and "<math" in page and "<details" in page
    assert '<div class="touch" id="touch-' in page and page.count('<meta name="description"') == 1
    assert not re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="https?:', page)
    student = site / "downloads" / "03_activity" / "01_har_conv1d.ipynb"
    assert "# YOUR CODE HERE" in student.read_text(encoding="utf-8")
    assert (site / "_static" / mathml.FONT).stat().st_size > 100_000
    assert "microcontrol" in (site / "searchindex.js").read_text(encoding="utf-8")  # its stem


LOOKED_AT = [
    *("docs/index.html", "docs/showcase.html", "docs/results.html", "docs/glossary.html"),
    "notebooks/03_activity/01_har_conv1d.html",
]


@pytest.mark.slow
@pytest.mark.as_committed("03/01")
def test_files_that_pages_of_the_site_link_are_there(site):
    missing = []
    for page in LOOKED_AT:
        text = (site / page).read_text(encoding="utf-8")
        for link in re.findall(r'(?:href|src)="([^":#?]+)', text):
            target = (site / page).parent / unquote(link)
            of_a_lesson = re.search(r"(notebooks|reproduction)/\w+/\d", link)  # this site has one
            if not target.exists() and not of_a_lesson:
                missing.append(f"{page}: {link}")
    assert missing == []


@pytest.mark.slow
@pytest.mark.skipif(not browser.PROGRAM, reason="there is no Chromium to look at pages with")
def test_pages_fit_a_telephone_and_a_laptop_and_their_boxes_are_closed(site):
    found = browser.faults_of(site, LOOKED_AT)
    assert len(found) == 2 * len(LOOKED_AT)
    assert {page: faults for page, faults in found.items() if faults} == {}
