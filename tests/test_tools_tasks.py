import json
import re
from dataclasses import replace

import pytest

from tools.notebook import processes, tasks
from tools.notebook.common import Notebook
from tools.write import self_test


@pytest.fixture
def powers(template):
    return tasks.tasks_of(template)[0]


def test_a_solution_that_warns_fails_since_nbgrader_would_give_no_points(powers):
    warns = powers.solution.replace("    ###", "    __import__('warnings').warn('x')\n    ###")
    assert tasks.outcome(powers, warns, powers.test) == ""
    assert tasks.outcome(powers, warns, powers.test, warn="error").startswith("UserWarning")


def test_what_an_import_of_all_names_brings_is_known_to_solution_and_test(powers):
    given = replace(powers, given_code=f"{powers.given_code}\nfrom math import *")
    assert tasks.outcome(given, f"factorial(3)\n{powers.solution}", powers.visible) == ""
    assert tasks.outcome(given, powers.solution, f"assert factorial(3) == 6\n{powers.test}") == ""


@pytest.fixture
def findings(template):
    """Return a function that writes wrong solutions of the template, and self-tests it."""

    def found(text):
        self_test.wrong_file(template.name).write_text(text)
        return "\n".join(self_test.problems(template))

    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[powers.one]\nwhole = 'def powers(): 0'", "powers: 1 wrong"),
        ("[powers.same]\nreplace = '+ 1.0'\nby = '+ 1'", "powers: .*'same'"),
        ("[powers.typo]\nreplace = 'np.arange'\nby = 'npp.arange'", "powers: .*'typo'.* NameError"),
        (
            "[powers.unseen]\nreplace = 'x[:, None] **'\nby = 'abs(x)[:, None] **'",
            "'unseen' passes; the visible part",
        ),
        ("[powers.a]\nreplace = '+ 2.0'\nby = ''", r"powers\.a: .*'\+ 2\.0' 0 "),
    ],
)
def test_self_test_tells_what_is_wrong_with_wrong_solutions(findings, text, expected):
    assert re.search(expected, findings(text))


def test_a_wrong_solution_replaces_several_texts_or_the_whole(findings, powers):
    findings("""[[powers.both]]
replace = '''
return x'''
by = '''
return 2 * x
'''

[[powers.both]]
replace = "+ 1.0"
by = ""

[powers.whole]
whole = "def powers(x, degree): return x"
""")
    both = powers.solution.replace("+ 1.0", "").replace("return x", "return 2 * x")
    assert self_test.wrong_solutions(powers) == {
        "both": both,
        "whole": "def powers(x, degree): return x",
    }


@pytest.mark.slow
@pytest.mark.xdist_group("fork server")
def test_a_crash_or_a_hang_costs_no_other_its_verdict(monkeypatch, tmp_path, template):
    bodies = {
        "01_crash": "__import__('os')._exit(3)",
        "02_hang": "__import__('time').sleep(1000)",
        "03_good": "return x[:, None] ** np.arange(degree + 1.0)",
    }
    notebooks = []
    for name, body in bodies.items():
        cell = next(c for c in template.content.cells if c.id == "powers")
        cell.source = f"def powers(x, degree):\n    {body}"
        notebooks.append(Notebook(tmp_path / f"{name}.ipynb"))
        notebooks[-1].path.write_text(json.dumps(template.content))
    processes.run_in_process(int)  # the process that others are forked from is ready now
    monkeypatch.setattr(processes, "SECONDS", 8)
    only = {n.name: ["powers"] for n in notebooks}
    found = self_test.problems_by_notebook(notebooks, least_wrong=0, only=only)
    assert [len(problems) for problems in found.values()] == [1, 1, 0]
    assert all("8 s" in problem for problems in found.values() for problem in problems)
