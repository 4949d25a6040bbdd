import json
import shutil

import pytest

from tools.learn import check
from tools.notebook import processes, tasks, wrong
from tools.notebook.common import Notebook, all_notebooks
from utils import lessons


@pytest.fixture
def powers(template):
    return tasks.tasks_of(template)[0]


def test_tasks_are_read_from_the_notebook(template):
    found = tasks.tasks_of(template)
    assert [(t.name, t.points) for t in found] == [("powers", 2), ("mean_squared_error", 1)]


def test_a_solution_that_warns_fails_since_nbgrader_would_give_no_points(powers):
    warns = "import warnings\n" + powers.solution.replace(
        "    ###", "    warnings.warn('x')\n    ###"
    )
    assert tasks.outcome(powers, warns, powers.test) == ""
    assert tasks.outcome(powers, warns, powers.test, warn="error").startswith("UserWarning")


@pytest.fixture
def kept(monkeypatch, tmp_path, template):
    """Return a function that keeps wrong solutions of the template, and self-tests it."""
    monkeypatch.setattr(lessons, "FOLDER", tmp_path / "lessons")

    def self_test(text, **options):
        path = wrong.wrong_file(template.name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return "\n".join(tasks.self_test(template, **options))

    return self_test


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[powers.one]\nwhole = 'def powers(): 0'", "powers: 1 wrong solutions in"),
        ("[powers.same]\nreplace = '+ 1.0'\nby = '+ 1'", "the wrong solution 'same' passes"),
        ("[powers.typo]\nreplace = 'np.arange'\nby = 'npp.arange'", "another reason: NameError"),
        ("[powers.a]\nreplace = '+ 2.0'\nby = ''", "powers.a: the solution has '+ 2.0' 0 times"),
        ("[powers.a]\nreplace = 'degree'\nby = '3'", "'degree' 4 times and not once; take more"),
        ("[cubes.a]\nwhole = 'x'", "cubes: the notebook has no such task; it has powers, mean_"),
    ],
)
def test_self_test_tells_what_is_wrong_with_wrong_solutions(kept, text, told):
    assert told in kept(text)


def test_a_wrong_solution_replaces_several_texts_or_the_whole(kept, powers, template):
    kept("""
[[powers.both]]
replace = '''
    return x[:, None]'''
by = '''
    x = 2 * x
    return x[:, None]
'''

[[powers.both]]
replace = "+ 1.0"
by = ""

[powers.whole]
whole = "def powers(x, degree): return x"
""")
    assert powers.wrong["both"] == powers.solution.replace("+ 1.0", "").replace(
        "    return", "    x = 2 * x\n    return"
    )
    assert powers.wrong["whole"] == "def powers(x, degree): return x"


def test_a_crash_or_a_hang_is_told_as_that_and_costs_no_other_its_verdict(
    monkeypatch, tmp_path, template
):
    bodies = {
        "01_crash": "__import__('os')._exit(3)",
        "02_hang": "__import__('time').sleep(1000)",
        "03_good": "return x[:, None] ** np.arange(degree + 1.0)",
    }
    notebooks = []
    for name, body in bodies.items():
        student(template, lambda _, body=body: f"def powers(x, degree):\n    {body}")
        notebooks.append(Notebook(shutil.copy(template.path, tmp_path / f"{name}.ipynb")))
    processes.run_in_process(int)  # the process that others are forked from is ready now
    monkeypatch.setattr(tasks, "SECONDS", 20)
    found = tasks.self_test_all(
        notebooks, least_wrong=0, only={n.name: ["powers"] for n in notebooks}
    )
    crash, hang, good = found.values()
    assert crash == [f"powers: its solution and test {processes.DIED}"]
    assert hang == ["powers: its solution and test took longer than 20 s"]
    assert good == []


@pytest.mark.parametrize("notebook", all_notebooks(), ids=lambda n: n.id)
def test_every_graded_task_of_the_course_has_points_and_a_visible_test(notebook):
    for task in tasks.tasks_of(notebook):
        assert 1 <= task.points <= 5
        assert "assert" in task.visible


def student(template, change):
    cell = next(c for c in template.content.cells if c.id == "powers")
    cell.source = change(cell.source)
    content = json.dumps(template.content)
    template.path.write_text(content)
    return Notebook(template.path)


def test_check_tells_solved_from_unsolved_and_wrong(template, capsys):
    notebook = student(template, tasks.empty)
    assert check.main([str(notebook.path)]) == 1
    text = capsys.readouterr().out
    assert "unsolved  powers" in text and "passes    mean_squared_error" in text
    notebook = student(template, lambda s: s.replace(tasks.STUB, "return x"))
    assert check.main([str(notebook.path)]) == 1
    assert "fails     powers" in capsys.readouterr().out
