"""Checks of graded cells: solution, adapter and test stand together, and tests are strict."""

import ast
import re
from collections.abc import Iterator

from nbformat import NotebookNode

from tools.notebook import cells
from tools.notebook.cells import grading, is_adapter, is_solution, is_test
from tools.notebook.common import Notebook

# Calls that a test must not make, by the whole name of what is called, and the reason.
REFUSED = {
    r"np\.(allclose|array_equal|isclose)": "broadcasts; use np.testing with strict=True",
    r"(.*\.)?(all|any)": "is true for an empty answer; use np.testing with strict=True",
    r"print|display": "writes an output; a test cell stays silent",
    r".*(random\.seed|set_random_seed|set_state|setstate|printoptions|catch_warnings|filter"
    r"warnings|simplefilter)": "does not reach the function, which runs in another process",
    r"id|inspect\.(signature|getsource)": "differs between processes",
}


def where(notebook: Notebook, cell: NotebookNode) -> str:
    """Return how to find a cell: its number and id."""
    return f"cell {notebook.content.cells.index(cell) + 1} ({cell.get('id', 'no id')})"


def parse(source: str) -> ast.Module:
    """Return a cell's syntax tree, empty for what is not plain Python."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.Module([], [])


def graded(notebook: Notebook) -> Iterator[str]:
    """Pair every solution with its announcement, its adapter if it has one, and its locked test."""
    every = notebook.content.cells
    for index, cell in enumerate(every):
        faults: Iterator[str] = iter(())
        if is_solution(cell):
            before = every[index - 1].source if index else ""
            faults = solution(before, cell, every[index + 1 : index + 3])
        elif is_test(cell):
            faults = test(cell)
        elif is_adapter(cell) and not (index and is_solution(every[index - 1])):
            faults = iter(["an adapter cell must stand directly after a solution cell"])
        yield from (f"{where(notebook, cell)}: {fault}" for fault in faults)


def solution(before: str, cell: NotebookNode, after: list[NotebookNode]) -> Iterator[str]:
    """Check the cell that a student fills in, and what stands around it."""
    name, source = grading(cell)["grade_id"], cell.source
    if source.count(cells.BEGIN) != 1 or source.count(cells.END) != 1:
        yield f"mark the solution with one '{cells.BEGIN}' and one '{cells.END}'"
    if after and is_adapter(after[0]):
        adapter = after.pop(0)
        id_ = cells.adapter_of(name)
        if grading(adapter).get("grade_id") != id_ or not grading(adapter).get("locked"):
            yield f"its adapter cell must be locked and have the grade_id {id_!r}"
        if any(isinstance(node, ast.Assert) for node in ast.walk(parse(adapter.source))):
            yield "its adapter runs beside the student's code: return values; assert in the test"
    elif name not in {n.name for n in parse(source).body if isinstance(n, ast.FunctionDef)}:
        yield f"it must define a function {name!r}, as its grade_id says, or have an adapter cell"
    if not after or grading(after[0]).get("grade_id") != cells.test_of(name):
        yield f"its test {cells.test_of(name)!r} must be the next cell"
        return
    worth = cells.points(after[0])
    heading = f"### Task: `{name}` ({worth} point{'s' if worth != 1 else ''})"
    if heading not in before.splitlines():
        yield f"the text before it must hold the line '{heading}'"


def test(cell: NotebookNode) -> Iterator[str]:
    """Check the locked tests of a task: what they compare must hold across processes."""
    if not grading(cell).get("locked") or grading(cell).get("solution"):
        yield "a test cell must be locked, and must not be a solution"
    if not 1 <= cells.points(cell) <= 5:
        yield f"give it 1 to 5 points, not {grading(cell).get('points')}"
    visible, _, hidden = cell.source.partition(cells.BEGIN_HIDDEN)
    if cells.END_HIDDEN not in hidden:
        yield f"it needs '{cells.BEGIN_HIDDEN}' and '{cells.END_HIDDEN}'"
    if "assert" not in visible or "assert" not in hidden:
        yield "assert something in the visible part and in the hidden part"
    yield from lenient(cell.source)


def lenient(source: str) -> Iterator[str]:
    """Yield what in the code of a test lets a wrong answer pass, or fails a right one."""
    tree = parse(source)
    last = tree.body[-1] if tree.body else None
    if isinstance(last, ast.Expr) and "assert" not in ast.unparse(last):
        yield "its last line is a value, which nbgrader takes for points; assert instead"
    for node in ast.walk(tree):
        reason = ""
        if isinstance(node, ast.Compare) and any(
            isinstance(o, ast.Is | ast.IsNot) for o in node.ops
        ):
            reason = "'is' differs between processes; compare values"
        elif isinstance(node, ast.Lambda):
            reason = "a function can't pass between processes, as argument or as answer"
        elif isinstance(node, ast.Call):
            reason = lenient_call(node)
        if reason:
            yield f"line {getattr(node, 'lineno', '?')}: {reason}"


def lenient_call(call: ast.Call) -> str:
    """Return why a test must not make a call; empty where it may."""
    name = ast.unparse(call.func)
    strict = any(k.arg == "strict" and ast.unparse(k.value) == "True" for k in call.keywords)
    if name.endswith(("assert_allclose", "assert_array_equal")) and not strict:
        return f"{name} needs strict=True, which compares shape and dtype too"
    reasons = [why for pattern, why in REFUSED.items() if re.fullmatch(pattern, name, re.S)]
    return f"{name} {reasons[0]}" if reasons else ""
