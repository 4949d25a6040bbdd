"""How long a notebook is to read, and which cells only draw."""

import nbformat
import pytest

from tools.notebook import length

DRAW = "fig, ax = plt.subplots()\nfor x in (1, 2):\n    ax.plot(x, y)\nplt.show()"


def notebook(*cells):
    made = [
        nbformat.v4.new_code_cell(c[1:].strip())
        if c[0] == ">"
        else nbformat.v4.new_markdown_cell(c)
        for c in cells
    ]
    return nbformat.v4.new_notebook(cells=made)


def test_what_is_folded_does_not_count():
    text = "Two words, $x + y$ and\n$$ z = 1 $$ [a link](of/many/words.md).\n"
    hint = "<details>\n<summary>Hint</summary>\n\nOf no length.\n\n</details>"
    content = notebook(text + hint, "> a = 1\n\nb = 2  # why", "> # extra\nc = 3\nd = 4")
    assert length.of(content) == (5, 2)
    assert length.Length(4000, 550).minutes == 48


def test_a_function_that_shows_makes_its_calls_drawings():
    content = notebook("> def show(x):\n    ax.plot(x)\n    plt.show()", "> show(y)", "> z = 1")
    assert [cell.source for cell in length.drawing(content)] == ["show(y)"]


def test_tests_do_not_count_and_solutions_do():
    content = notebook("> a = 1", "> b = 2", "> c = 3")
    content.cells[1].metadata["nbgrader"] = {"grade": True, "locked": True}
    content.cells[2].metadata["nbgrader"] = {"grade": False, "solution": True}
    assert length.of(content).lines == 2


@pytest.mark.parametrize(
    ("cell", "later", "only"),
    [
        (DRAW, "z = 1", True),
        (DRAW, "fig, ax = plt.subplots()\nax.plot(1)", True),
        (DRAW, "for x in range(2):\n    y[x]", True),
        (DRAW, "total = [x for x in y]", True),
        (DRAW, "def f(x):\n    return x", True),
        (DRAW, "ax.plot(1)", False),
        (DRAW, "x = x + 1", False),
        (DRAW, "def f():\n    return fig", False),
        (DRAW + "\nprint(1)", "z = 1", False),
        (DRAW + '\nreport.finding("It is so.", x > y)', "z = 1", False),
        (DRAW + '\nreport.figure(fig, "curves")', "z = 1", True),
        ("def f():\n    plt.show()", "f()", False),
        ("a = 1", "b = 2", False),
        ("!ls", "b = 2", False),
    ],
)
def test_a_cell_only_draws_where_nothing_later_needs_it(cell, later, only):
    content = notebook(f"> {cell}", f"> {later}")
    assert (content.cells[0] in list(length.drawing(content))) == only
    length.fold(content)
    told = content.cells[0].metadata
    assert told.get("jupyter") == ({"source_hidden": True} if only else None)
    content.cells[1].source = "ax.plot(x)\nf()"
    length.fold(content)
    assert "jupyter" not in told and length.DRAWS not in told.get("tags", [])
