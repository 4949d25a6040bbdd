"""The book: what a page shows and folds away, where its links lead, and that it builds."""

import json
import os
import re
import subprocess
import sys

import nbformat
import pytest
from grade_course import SECRET, course

from tools.notebook import launch, quiz
from tools.notebook.cells import BEGIN, BEGIN_HIDDEN
from tools.notebook.common import NOTEBOOKS, ROOT, Notebook, Problem, all_notebooks
from tools.notebook.tasks import STUB
from tools.publish import book
from tools.publish.book import api, browser, choices, landing, lesson, links, mathml, meta, source
from utils import lessons, touch

NAMES = {n.id: n.name for n in all_notebooks()}
FORMULA = re.compile(r"\$\$(.+?)\$\$|(?<!\\)\$([^$\n]+?)(?<!\\)\$", re.S)


def notebook_of(content, name="06_graph_networks/07_small"):
    """Return a notebook that is in no file."""
    content.metadata["course"] = {"id": "06/07"}
    found = Notebook(NOTEBOOKS / f"{name}.ipynb")
    found.__dict__["content"] = content
    return found


def test_a_task_is_shown_as_given_with_its_solution_behind_a_click():
    page = lesson.page(notebook_of(course()), NAMES)
    cells = [
        c for c in page.cells if "double" in c.metadata.get("nbgrader", {}).get("grade_id", "")
    ]
    given, solved, test = cells
    assert given.source == "def double(x):\n    return 2 * x"  # no marks: nothing to take out
    assert "hide-input" in solved.metadata.tags
    assert solved.metadata.mystnb.code_prompt_show == "Show the solution"
    assert SECRET not in test.source and "double(3) == 6" in test.source
    assert page.cells[-1].source.startswith('<details class="answer">')


@pytest.mark.parametrize("notebook", all_notebooks(), ids=lambda n: n.id)
def test_no_page_shows_a_hidden_test_or_an_unfolded_solution(notebook):
    for cell in lesson.page(notebook, NAMES).cells:
        assert BEGIN_HIDDEN not in cell.source and BEGIN not in cell.source
        if cell.metadata.get("nbgrader", {}).get("solution") and cell.cell_type == "code":
            folded = {"hide-cell", "hide-input"} & set(cell.metadata.get("tags", []))
            assert folded or STUB in cell.source


def test_an_extra_cell_folds_with_its_output():
    small = course()
    out = nbformat.v4.new_output("stream", text="3")
    small.cells.append(nbformat.v4.new_code_cell("# extra\nprint(3)", outputs=[out]))
    cell = lesson.page(notebook_of(small), NAMES).cells[-1]
    assert cell.metadata.tags == ["hide-cell"]
    assert cell.metadata.mystnb.code_prompt_show == "Extra: show code and output"


def test_a_module_is_a_page_of_what_its_docstrings_say(tmp_path, monkeypatch):
    (tmp_path / "shapes.py").write_text(
        '"""Shapes: `a` and 2 * b."""\n'
        "def area(w: float, h: float = 1.0) -> float:\n"
        '    """Return w * h.\n\n    Parameters\n    ----------\n    w, h : float\n'
        "        Sides, in pixels_2.\n\n    Examples\n    --------\n    >>> area(2, 3)\n    6\n"
        '    """\n'
        'def _hidden():\n    """Nobody reads this."""\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(api, "UTILS", tmp_path)
    found = api.module_pages()
    assert list(found) == ["utils/README.md", "utils/shapes.md"]
    assert "[utils.shapes](shapes.md) | Shapes: `a` and 2 \\* b." in found["utils/README.md"]
    assert found["utils/shapes.md"] == (
        "# utils.shapes\n\nShapes: `a` and 2 \\* b.\n\n## area\n\n"
        "```python\nutils.shapes.area(w: float, h: float = 1.0) -> float\n```\n\n"
        "Return w \\* h.\n\n**Parameters**\n\n`w, h` : float\n: Sides, in pixels\\_2.\n\n"
        "**Examples**\n\n```pycon\n>>> area(2, 3)\n6\n```\n"
    )


def test_what_a_module_hands_on_stands_on_its_page():
    page = api.module_pages()["utils/masks.md"]
    assert "\n## check\n\n```python\nutils.masks.check(\n    mask: " in page


def test_the_notebook_itself_stays_as_it_is():
    content = course()
    before = nbformat.writes(content)
    notebook = notebook_of(content)
    before = nbformat.writes(content)
    lesson.page(notebook, NAMES)
    assert nbformat.writes(content) == before


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("as in 06/01.", "as in [06/01](../06_graph_networks/01_gat_cora.ipynb)."),
        ("`06/01` and $06/01$", "`06/01` and $06/01$"),
        ("[06/01](x.ipynb) 16/01 a/06/01", "[06/01](x.ipynb) 16/01 a/06/01"),
        ("12/12 of them, 99/01", "12/12 of them, 99/01"),
    ],
)
def test_numbers_of_notebooks_become_links(text, shown):
    assert lesson.named(text, NAMES) == shown


@pytest.mark.parametrize(
    ("found", "shown"),
    [
        ("[IoU](../../docs/glossary.md#iou)", "[IoU](#term-iou)"),
        ("[x](../06_graph_networks/01_gat_cora.ipynb)", None),
        ("[x](../06_graph_networks/99_gone.ipynb#A)", "x"),
        ("[x](../../docs/teaching.md)", None),
        ("[x](../../course.py)", "x"),
        ("[x](https://example.org/a#b)", None),
        ("![x](../../results/figures/a.svg)", None),
    ],
)
def test_links_lead_into_the_book_or_become_words(found, shown, monkeypatch):
    monkeypatch.setattr(launch, "repository", lambda: "")
    place = "notebooks/06_graph_networks/07_small.ipynb"
    fragments = {name: {} for name in NAMES.values()}
    assert source.linked(found, place, fragments) == (shown or found)


def test_a_file_of_the_repository_is_linked_where_that_is_known(monkeypatch):
    monkeypatch.setattr(launch, "repository", lambda: "owner/name")
    told = source.linked("[x](../course.py) [y](../data)", "docs/teaching.md", {})
    assert told == (
        "[x](https://github.com/owner/name/blob/main/course.py) "
        "[y](https://github.com/owner/name/tree/main/data)"
    )


def test_a_heading_of_another_notebook_is_found_by_its_jupyter_name():
    notebook = next(n for n in all_notebooks() if n.id == "04/02")
    found = source.headings(notebook)
    assert found["The-bound,-in-four-steps"] == "the-bound-in-four-steps"
    told = source.linked(
        "[x](../notebooks/04_generative/02_vae_mnist.ipynb#The-bound,-in-four-steps)",
        "docs/glossary.md",
        {notebook.name: found},
    )
    assert told.endswith("02_vae_mnist.ipynb#the-bound-in-four-steps)")


def test_every_formula_of_the_course_is_set():
    count = 0
    for notebook in all_notebooks():
        for cell in notebook.raw["cells"]:
            if cell["cell_type"] != "markdown":
                continue
            text = re.sub(r"```.*?```|`[^`]*`", "", "".join(cell["source"]), flags=re.S)
            for alone, inline in FORMULA.findall(text):
                assert mathml.converted(alone or inline, "block").startswith("<math")
                count += 1
    assert count > 1000


def test_objectives_are_set_apart():
    small = course()
    small.cells[
        0
    ].source += "\n\n| | |\n|---|---|\n| Objectives | see<br>say |\n| Source | a<br>b |"
    text = lesson.page(notebook_of(small), NAMES).cells[0].source
    assert '| Objectives | <span class="item">see</span><span class="item">say</span> |' in text
    assert "| a<br>b |" in text


def test_results_have_titles_and_links_in_the_place_of_file_names():
    name = "06_graph_networks/07_mlp_vs_gcn"
    text = f"# 06_graph_networks: reported and measured\n\n## {name}\n"
    told = source.results_page(text, "06_graph_networks")
    assert told.startswith("# 06 Graph networks: reported and measured\n")
    assert "\n## 06/07 MLP against GCN" in told and f"(../../notebooks/{name}.ipynb)" in told
    (anchor,) = re.findall(r"^\((\w+)\)=$", told, flags=re.M)
    line = f"[06/07](results/06_graph_networks.md#{anchor})"
    assert source.results_page(line, "results") == f"[06/07](#{anchor})"


def test_the_search_is_given_every_term_with_its_first_sentence(tmp_path):
    book.write_terms(tmp_path)
    text = (tmp_path / "terms.js").read_text(encoding="utf-8")
    found = json.loads(text.removeprefix("window.COURSE_TERMS = ").rstrip(";\n"))
    assert len(found) > 150 and all(len(one) == 3 for one in found)
    (attention,) = (one for one in found if one[0] == "attention")
    assert attention[1] == "attention" and attention[2].startswith("A weighted mean whose")
    assert not any(mark in text for mark in ("](", "**", "$"))


def test_a_page_describes_itself_and_names_its_picture_where_the_site_is_known(
    tmp_path, monkeypatch
):
    notebook = next(n for n in all_notebooks() if n.id == "06/01")
    monkeypatch.setattr(launch, "repository", lambda: "")
    told = meta.tags(notebook)
    assert re.search(r'<meta name="description" content="[A-Z][^"<]{40,250}">', told)
    assert f'<meta property="og:title" content="{notebook.title}">' in told
    assert "og:image" not in told
    meta.write_pictures(tmp_path / "none")
    assert not (tmp_path / "none").exists()
    monkeypatch.setattr(launch, "repository", lambda: "owner/name")
    (image,) = re.findall(r'og:image" content="([^"]+)"', meta.tags(notebook))
    assert image == f"https://owner.github.io/name/_static/pictures/{notebook.name}.png"
    meta.write_pictures(tmp_path)
    assert (tmp_path / f"{notebook.name}.png").stat().st_size > 1000
    for one in all_notebooks():
        assert 40 <= len(meta.teaser(one)) <= 400 and "](" not in meta.teaser(one)


def test_an_unknown_command_is_told():
    with pytest.raises(ValueError, match=r"command that is not known.*\\nosuch"):
        mathml.converted(r"\nosuch{x}", "inline")


def test_a_separator_that_is_left_over_is_told():
    with pytest.raises(ValueError, match="a command that is not known.*>&<"):
        mathml.converted("a & b", "inline")


def test_aligned_lines_become_rows_of_a_table():
    lines = r"\begin{aligned} \text{one} && a &= b \\ \text{two} && c &= d \end{aligned}"
    found = mathml.converted(lines, "block")
    assert found.count("<mtr>") == 2 and found.count("<mtd") == 8
    assert "{" not in found and "&#x0007B;" in mathml.converted(r"\Bigl\{ x \Bigr\}", "inline")


def test_every_quiz_of_the_course_is_shown_before_its_answer():
    count = 0
    for notebook in all_notebooks():
        if not (asked := quiz.quizzes(notebook)):
            continue
        text = "\n".join(c.source for c in lesson.page(notebook, NAMES).cells)
        for one in asked:
            start = text.index(f'<form class="quiz" id="quiz-{one.cell}-{one.nth}" hidden>')
            end = text.index("</form>", start)
            assert "\n\n" not in text[start:end] and text[start:end].count('data-right="1"') == 1
            assert text[end:].partition("</summary>")[0].endswith("<summary>Answer")
            count += 1
    assert count >= 100


def test_the_text_of_an_option_is_safe_and_set():
    told = choices.shown("$x < 1$, `a<b`, **no**, *so* & <i>")
    assert told.startswith("<math") and "<code>a&lt;b</code>" in told
    assert told.endswith("<b>no</b>, <i>so</i> &amp; &lt;i&gt;")


GOOD = {
    "cell": "a", "ask": "Which?", "right": "one", "because": "For this reason it is one.",
    "wrong": {"two": "That is too many.", "none": "That is too few."},
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, None),
        ({"cell": "b"}, "there is no Markdown cell 'b'"),
        ({"nth": 2}, "cell 'a' has 1 times"),
        ({"wrong": {"two": "Too many."}}, "2 to 4 options"),
        ({"wrong": {"one": "No.", "two": "No."}}, "'one' is right and wrong"),
        ({"because": "So."}, "does not say why"),
        ({"because": " "}, "because is empty"),
        ({"ask": "x" * 300}, "ask has 300 characters; at most 240"),
        ({"asks": "x"}, "'asks' is not known"),
    ],
)
def test_a_quiz_is_held_to_its_form(change, told):
    texts = {"a": "**Check yourself.** Which?\n\n<details>"}
    found = list(quiz.faults_of(GOOD | change, texts))
    assert (found == []) if told is None else any(told in fault for fault in found)
    lacking = {key: value for key, value in GOOD.items() if key != "right"}
    assert list(quiz.faults_of(lacking, texts)) == ["it lacks right"]


def test_options_stand_in_an_order_of_their_own():
    places = set()
    for k in range(40):
        options = quiz.made(GOOD | {"ask": f"Which of {k}?"}).options
        places.add([right for _, right, _ in options].index(True))
    assert places == {0, 1, 2}


def test_functions_are_set_apart_from_what_they_are_of():
    assert "<mspace" in mathml.converted(r"\ln p", "inline")
    assert "<mspace" not in mathml.converted(r"\ln(p)", "inline")


# ------------------------------------------------------------------ the first page


def test_the_weeks_hold_every_notebook_once_after_what_it_builds_on():
    text = landing.weeks({n.id: n for n in all_notebooks()})
    links = re.findall(r"\(notebooks/([^)]+)\.ipynb\)", text)
    assert sorted(links) == sorted(NAMES.values()) and text.count("\n| ") == 11


@pytest.mark.parametrize(
    ("week", "told"),
    [(None, "week = None; lessons/course.toml has"), (99, "week = 99"), (1, "is before that of")],
)
def test_weeks_that_leave_out_or_turn_round_are_refused(monkeypatch, week, told):
    usual = lessons.lesson
    changed = {"week": week} if week else {}
    monkeypatch.setattr(
        lessons,
        "lesson",
        lambda name: changed if name.startswith("10_attributes_color/02") else usual(name),
    )
    with pytest.raises(Problem, match=told):
        landing.in_weeks(all_notebooks())


def test_a_notebook_comes_after_what_it_follows_without_building_on_it(monkeypatch):
    usual, name = lessons.lesson, "01_faces/04_eigenfaces_olivetti"

    def with_after(after):
        changed = {**usual(name), "after": after}
        monkeypatch.setattr(lessons, "lesson", lambda n: changed if n == name else usual(n))
        return [n.id for n in landing.in_weeks(all_notebooks())]

    assert (order := with_after([])).index("01/04") < order.index("05/01")
    assert (order := with_after(["05/01"])).index("05/01") < order.index("01/04")
    with pytest.raises(Problem, match="01/04, 01/05, 01/04: each comes after the one before"):
        with_after(["01/05"])  # which builds on 01/04
    with pytest.raises(Problem, match="after names 99/01, no notebook"):
        with_after(["99/01"])


# ------------------------------------------------------------------ the site


def test_links_that_lead_nowhere_and_silent_pictures_are_told(tmp_path):
    (tmp_path / "a.html").write_text(
        '<p id="here"><a href="b.html#there">1</a><a href="b.html#gone">2</a><a href="c.html">3</a>'
        '<a href="https://example.org/x">4</a><img src="p.png"><a href="#here">5</a>',
        encoding="utf-8",
    )
    (tmp_path / "b.html").write_text('<p id="there"><a href="d%20e.txt">1</a>', encoding="utf-8")
    (tmp_path / "d e.txt").touch()
    assert links.broken(tmp_path) == [
        "a.html: the picture p.png has no words (alt)",
        "a.html: b.html#gone names no place of that page",
        "a.html: c.html is not there",
        "a.html: p.png is not there",
    ]


@pytest.mark.slow
def test_the_book_builds_without_a_warning_and_loads_nothing_from_outside(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "tools", "book", "03/01", "--out", str(tmp_path / "book")],
        cwd=ROOT,
        env=os.environ | {"COURSE_BUILD_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    out = tmp_path / "book"
    page = (out / "notebooks" / "03_activity" / "01_har_conv1d.html").read_text(encoding="utf-8")
    assert "Show the solution" in page and "<math" in page and "<details" in page
    assert not re.findall(r'<(?:script|link|img)[^>]+(?:src|href)="https?:', page)
    student = out / "downloads" / "03_activity" / "01_har_conv1d.ipynb"
    assert "# YOUR CODE HERE" in student.read_text(encoding="utf-8")
    assert (out / "_static" / mathml.FONT).stat().st_size > 100_000
    assert "microcontrol" in (out / "searchindex.js").read_text(encoding="utf-8")  # its stem
    assert not list(tmp_path.glob(".book.new"))


def test_a_site_without_a_browser_is_told(tmp_path, monkeypatch):
    pytest.importorskip("playwright")
    monkeypatch.setattr(browser.shutil, "which", lambda name: None)
    with pytest.raises(Problem, match="no browser here: none of chromium"):
        browser.browse(tmp_path, {})


def test_the_first_page_opens_with_a_figure_to_touch_and_its_finding():
    notebook, text = landing.opening_figure(all_notebooks())
    assert notebook is not None and notebook.id == "03/01"
    assert text.startswith("## Can you") and text.count('<div class="touch" id="first-touch-') == 1
    assert '<script type="application/json">' in text and "(notebooks/03_activity/01_" in text
    shares = re.findall(r"\d\d\.\d\xa0%", text.partition("| synthetic recordings")[2])
    assert len(shares) == 6 and "99.0\xa0%" in shares  # test_accuracy in results/full.json
    assert landing.opening_figure([n for n in all_notebooks() if n.id != "03/01"]) == (None, "")


# ------------------------------------------------------------------ figures to touch


def test_numbers_of_a_figure_become_the_element_that_the_script_begins_with():
    small, numbers = course(), {"quantity": "distance"}
    out = nbformat.v4.new_output("display_data", data={touch.mime("roc"): numbers})
    small.cells.append(nbformat.v4.new_code_cell("# extra\nx", outputs=[out]))
    cell = lesson.page(notebook_of(small), NAMES).cells[-1]
    assert cell.outputs[0].data == {"text/html": touch.element("roc", numbers)}
    assert cell.metadata.tags == ["hide-input"]  # its code is folded, the figure stands open


def test_every_kind_is_handed_over_by_one_notebook():
    handed = [kind for notebook in all_notebooks() for kind in lesson.touch_kinds(notebook)]
    assert sorted(handed) == sorted(touch.TRY)
