"""Like solutions are found whatever their names are, and common ones are nobody's."""

import html
import re
import time

import pytest

from tools.teach.grade import alike, lexer, pages, similar
from tools.teach.grade.roster import Student

WHERE = ("u", "n", "f")
RELEASED = '''def f(x, width):
    """Return running means."""
    # YOUR CODE HERE
    raise NotImplementedError("replace this line by your solution")
'''
LOOP = '''def f(x, width):
    """Return running means."""
    total = np.cumsum(np.concatenate([[0.0], x]))
    found = []
    for k in range(len(total) - width + 1):
        found.append((total[k + width] - total[k]) / width)
    return np.array(found)
'''
SHORT = "def f(x, width):\n    return np.convolve(x, np.ones(width), 'valid') / width\n"
OTHER = """def f(x, width):
    rows = np.lib.stride_tricks.sliding_window_view(x, width)
    weights = np.full((width, 1), 1.0 / width)
    answer = rows @ weights
    return answer.ravel() if answer.size else np.zeros(0)
"""


def pairs(**sources):
    outcomes = [
        {"student": s, "unit": "u", "notebook": "n", "tasks": [{"task": "f", "answer": source}]}
        for s, source in sources.items()
    ]
    found = similar.alike(outcomes, {WHERE: RELEASED})
    return {(p.first, p.second): p.share for p in found}


def test_renaming_comments_and_layout_hide_nothing():
    changed = LOOP.replace("total", "acc").replace("found", "result").replace("k", "index")
    changed = changed.replace("    ", "  ").replace("0.0", "0.").replace("means.", "averages!")
    changed = changed.replace("return np", "# done\n  return np")
    assert pairs(ada=LOOP, bob=changed, carl=OTHER) == {("ada", "bob"): 1.0}


def test_different_solutions_are_not_alike():
    assert pairs(ada=LOOP, carl=OTHER) == {}


def test_what_was_released_is_nobodys_own():
    assert similar.runs(RELEASED, RELEASED) == set()
    assert pairs(ada=RELEASED, bob=RELEASED) == {}
    longer = RELEASED + "\n" + "\n".join(f"    y = x + {n}" for n in range(2))
    assert pairs(ada=longer, bob=longer) == {}  # too few runs to say anything


def test_what_many_share_is_nobodys_own():
    many = {f"s{n:02}": LOOP for n in range(20)}
    assert pairs(**many) == {}


def test_a_copy_inside_a_longer_solution_is_found():
    longer = LOOP.replace(
        "    return", "    print('checked', len(found), width, x.shape)\n    return"
    )
    assert pairs(ada=LOOP, bob=longer)["ada", "bob"] > 0.9


def test_short_solutions_and_broken_ones_are_left_alone():
    assert pairs(ada="return", bob="return", carl="def f(:", dora="def f(:\n  '''") == {}
    assert isinstance(pairs(ada=SHORT, bob=SHORT), dict)


def test_too_long_solutions_are_not_compared():
    padded = LOOP + "#" * similar.LONGEST
    assert pairs(ada=padded, bob=padded, carl=LOOP) == {}


# ------------------------------------------------------------------ what students may write

HARD = {  # texts over which tokenize or Pygments' own lexer take minutes, or raise errors
    "quotes": "'" * 99_000,
    "quotes of both kinds": "'\"" * 8_000,
    "a quote a line": "'\n" * 8_000,
    "quotes and backslashes": "'\\" * 49_500,
    "open texts": "'\\\n" * 5_000,
    "an open text of many lines": '"""' + "\n'" * 8_000,
    "a text that ends in a backslash": "\"'''\\",
    "lines of a space": "\n " * 8_000,
    "spaces at ends": " \n" * 8_000,
    "open f-strings": 'f"{' * 5_000,
    "brackets": "([{" * 5_000,
    "digits": "1_" * 8_000,
    "letters": "e" * 20_000,
    "signs": "1+" * 8_000,
    "operators of HTML": "&<" * 8_000,
    "carriage return before a letter": "# a\ré",
    "lone surrogate": "x = '\ud800'",
    "zeros": "\0" * 4_000,
}


@pytest.mark.parametrize("name", HARD)
def test_hard_texts_are_read_in_little_time_and_size(name):
    began = time.process_time()
    source = HARD[name]
    shown = pages.code(pages.shortened(source))
    assert pairs(ada=source, bob=source) == {} and similar.runs(source, LOOP) is not None
    assert time.process_time() - began < 5  # tokenize and Pygments: more than 10
    assert len(shown) < 300_000
    inner = html.unescape(re.sub(r"<[^>]*>", "", shown))
    assert inner.rstrip("\n") == pages.shortened(source).replace("\r", "\n").rstrip("\n")


def test_words_of_python_are_what_they_are():
    source = """def f(x: int = 0x1F) -> str:
    return rb'a\\'b' + f'''{x}
''' // 1.5e-3 ** .5j  # é
"""
    assert [w for _, w in lexer.words(source)] == [
        *("def", "f", "(", "x", ":", "int", "=", "0x1F", ")", "->", "str", ":", "return"),
        *("rb'a\\'b'", "+", "f'''{x}\n'''", "//", "1.5e-3", "**", ".5j"),
    ]
    shown = pages.code(source)
    assert '<span class="k">def</span>' in shown and '<span class="c1"># é</span>' in shown
    assert '<span class="nb">int</span>' in shown


def test_long_answers_say_that_they_are_cut():
    assert pages.shortened("x" * 20_000) == "x" * 20_000
    assert pages.shortened("x" * 20_001).endswith("xx\n… cut after 20,000 characters")


# ------------------------------------------------------------------ side by side


def handed_in(**sources):
    return [
        {"student": s, "unit": "u", "notebook": "n", "tasks": [{"task": "f", "answer": source}]}
        for s, source in sources.items()
    ]


def side_by_side(people=None, times=None, **sources):
    outcomes, released = handed_in(**sources), {WHERE: RELEASED}
    found = similar.alike(outcomes, released)
    text = alike.page(found, outcomes, released, people or {}, times or {}, None)
    return text, similar.shown(outcomes, released, found)


def test_what_is_alike_is_marked_and_what_was_given_is_not():
    renamed = LOOP.replace("total", "acc") + "\nother = [1, 2, 3, 4, 5, 6, 7]\n"
    _, (pair,) = side_by_side(ada=LOOP, bob=renamed, carl=OTHER)
    for parts, source in ((pair.first, LOOP), (pair.second, renamed)):
        assert "".join(text for _, text in parts) == source
        marked = " ".join(text for kind, text in parts if kind == similar.ALIKE_TEXT)
        given = "".join(text for kind, text in parts if kind == similar.GIVEN)
        assert "np.cumsum(np.concatenate([[0.0], x]))" in marked and "other" not in marked
        assert "def f(x, width):" in given and "def" not in marked
        assert not any(text.isspace() for kind, text in parts if kind)


@pytest.mark.parametrize("name", HARD)
def test_hard_texts_are_cut_into_what_they_were(name):
    began = time.process_time()
    source = HARD[name]
    parts = similar.parts(source, RELEASED, {("name",) * similar.RUN})
    assert "".join(text for _, text in parts) == source.replace("\r", "\n")
    assert time.process_time() - began < 5


def test_hostile_names_and_code_are_text_on_the_page_of_pairs():
    bad = LOOP + "\n# </pre><script>alert(1)</script> \u202e <img src=x onerror=alert(2)>\n"
    people = {"ada": Student("ada", "<b onclick='x'>Ada</b>")}
    times = {("ada", "u", "n"): 1e18, ("bob", "u", "n"): 1_811_786_400.0}
    page, _ = side_by_side(people, times, ada=bad, bob=LOOP)
    assert "<script" not in page and "<img" not in page and "<b " not in page
    assert "\u202e" not in page and "&lt;script&gt;alert(1)" in page
    assert "default-src 'none'" in page and "http" not in page.replace("http-equiv", "")
    assert re.search(r"handed in 2027-0[56]-\d\d", page) and page.count("handed in") == 1


def test_the_page_says_how_many_pairs_there_are_and_shows_the_most_alike(monkeypatch):
    monkeypatch.setattr(alike, "MOST", 1)
    page, found = side_by_side(ada=LOOP, bob=LOOP, carl=LOOP)
    assert len(found) == 3 and page.count("<details") == 1
    assert "3 pairs, of which the 1 most alike stand here" in " ".join(page.split())
    empty, _ = side_by_side(ada=LOOP, carl=OTHER)
    assert "None are." in empty
