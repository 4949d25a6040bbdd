"""The course's own solutions get full points in the sandbox, with what their imports name."""

import pytest
from grade_course import by_task
from grade_sandboxed import SANDBOXED

from tools.notebook.common import all_notebooks
from tools.notebook.tasks import tasks_of
from tools.teach.grade.submission import Job, examine

pytestmark = [SANDBOXED[0], pytest.mark.xdist_group("Keras in sandboxes")]
# An adapter loads a framework, for seconds.
NOTEBOOKS = [
    pytest.param(n, marks=pytest.mark.slow if any(t.adapter for t in tasks_of(n)) else (), id=n.id)
    for n in all_notebooks()
]


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_solutions_get_all_points(notebook):
    unit, name = notebook.name.split("/")
    text = notebook.path.read_text(encoding="utf-8")
    tasks = by_task(examine(Job("solved", unit, name, text.encode(), text)))
    assert {task.name for task in tasks_of(notebook)} == set(tasks)
    assert {n: t["reason"] for n, t in tasks.items() if t["points"] != t["of"]} == {}
