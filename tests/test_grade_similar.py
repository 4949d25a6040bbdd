"""Like solutions are found whatever their names are, and common ones are nobody's."""

from tools.grade import similar

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
