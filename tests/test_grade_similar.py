"""Like solutions are found whatever their names are, and common ones are nobody's."""

import html
import re
import time

import pytest

from tools.teach.grade import lexer, pages, similar

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
    assert time.process_time() - began < 1  # tokenize and Pygments: more than 10
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
