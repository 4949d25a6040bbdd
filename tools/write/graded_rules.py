"""Rules on graded cells: tasks are announced, paired with tests, and hold across processes."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator

from nbformat import NotebookNode

from tools.notebook.cells import (
    BEGIN,
    BEGIN_HIDDEN,
    END,
    END_HIDDEN,
    grading,
    harness_of,
    is_graded,
    is_harness,
    is_solution,
    is_test,
    points,
    test_of,
)
from tools.notebook.common import Notebook
from tools.notebook.quiz import CHECK
from tools.notebook.tasks import tasks_of
from tools.write.rules import Finding, defined, parse, rule, where

LEAST_SELF_CHECKS = 3


@rule
def tasks(notebook: Notebook) -> Iterator[Finding]:
    """Pair every solution with its locked test, in nbgrader's terms."""
    cells = notebook.content.cells
    for i, cell in enumerate(cells):
        meta = grading(cell)
        if meta and meta.get("schema_version") != 3:
            yield f"{where(notebook, cell)}: nbgrader schema_version must be 3"
        if is_solution(cell):
            followers = cells[i + 1 : i + 3]
            harness = followers.pop(0) if followers and is_harness(followers[0]) else None
            yield from solution_cell(notebook, cell, harness is not None)
            test = test_of(meta["grade_id"])
            if not followers or grading(followers[0]).get("grade_id") != test:
                yield f"{where(notebook, cell)}: its test {test!r} must be the next cell"
            elif harness is not None:
                yield from harness_cell(notebook, cell, harness, followers[0])
        if is_test(cell):
            yield from test_cell(notebook, cell)
        before = cells[i - 1] if i else None
        if is_harness(cell) and (before is None or not is_solution(before)):
            yield f"{where(notebook, cell)}: a harness cell stands directly after a solution cell"
        if str(meta.get("grade_id")).startswith(harness_of("")) and not is_harness(cell):
            yield f"{where(notebook, cell)}: a harness is a code cell with the tag 'harness'"


@rule
def announced(notebook: Notebook) -> Iterator[Finding]:
    """Announce every task in the text before it, and let the reader check what he understood."""
    cells = notebook.content.cells
    worth = {task.name: task.points for task in tasks_of(notebook)}
    for before, cell in itertools.pairwise(cells):
        name = grading(cell).get("grade_id")
        if not is_solution(cell) or name not in worth:
            continue
        text = before.source if before.cell_type == "markdown" else ""
        heading = f"### Task: `{name}` ({worth[name]} point{'s' if worth[name] != 1 else ''})"
        if heading not in text.splitlines():
            yield f"{where(notebook, cell)}: the text before it must hold the line '{heading}'"
        if [name for name in folded(text) if name.startswith("Hint")] != ["Hint 1", "Hint 2"]:
            yield (
                f"{where(notebook, cell)}: the text before it needs two hints, each folded in "
                "<details> with <summary>Hint 1</summary>, then <summary>Hint 2</summary>"
            )
    texts = [c.source for c in cells if c.cell_type == "markdown"]
    asked = [t for t in texts if CHECK in t and "Answer" in folded(t)]
    if len(asked) < LEAST_SELF_CHECKS:
        yield (
            f"{len(asked)} texts with '{CHECK}', a question and a folded "
            f"<summary>Answer</summary>; at least {LEAST_SELF_CHECKS}"
        )


@rule
def errors(notebook: Notebook) -> Iterator[Finding]:
    """Show students a case of each error that a docstring names, and name what is expected."""
    tests = {grading(c).get("grade_id"): c for c in notebook.content.cells if is_test(c)}
    for task in tasks_of(notebook):
        spot = where(notebook, tests[test_of(task.name)])
        for name in sorted(task.errors - expected(task.visible)):
            yield f"{spot}: the docstring names {name}; show a case in the visible part"
        for name in sorted(expected(task.test) - task.errors):
            yield f"{spot}: it expects {name}; name it in the docstring, under 'Raises'"


EXPECTS = ("contextlib.suppress", "np.testing.assert_raises", "np.testing.assert_raises_regex")


def expected(test: str) -> set[str]:
    """Return the errors that a test expects, by their last name: ``LinAlgError``."""
    kinds: list[ast.expr] = []
    for node in ast.walk(parse(test) or ast.Module([], [])):
        if isinstance(node, ast.ExceptHandler) and node.type:
            kinds += node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in EXPECTS:
            kinds += node.args
    names = {ast.unparse(kind).rpartition(".")[2] for kind in kinds}
    return {name for name in names if name.endswith(("Error", "Exception"))}


def folded(text: str) -> list[str]:
    """Return the summaries of what a text folds away; of none where one is not closed."""
    found = re.findall(r"<details>\n<summary>([^<]*)</summary>\n\n.*?\n\n</details>", text, re.S)
    return found if len(found) == text.count("<details>") == text.count("</details>") else []


def solution_cell(notebook: Notebook, cell: NotebookNode, has_harness: bool) -> Iterator[Finding]:
    """Check the cell that a student fills in."""
    name = grading(cell)["grade_id"]
    if grading(cell).get("locked") or is_graded(cell):
        yield f"{where(notebook, cell)}: a solution cell is neither locked nor graded itself"
    if cell.source.count(BEGIN) != 1 or cell.source.count(END) != 1:
        yield f"{where(notebook, cell)}: mark the solution with one '{BEGIN}' and one '{END}'"
    tree = parse(cell.source)
    found = defined(tree, ast.FunctionDef | ast.ClassDef)
    functions = [n.name for n in found if isinstance(n, ast.FunctionDef)]
    if name not in functions and not has_harness:
        yield (
            f"{where(notebook, cell)}: grade_id {name!r} must be the name of the function; what is "
            f"no function of plain values needs a harness cell {harness_of(name)!r} after it"
        )
    for one in found:
        if not ast.get_docstring(one):
            spot = where(notebook, cell)
            yield f"{spot}: {one.name} needs a docstring (shapes, dtype, range)"


# What travels between the processes of the grader, as annotations name it.
PLAIN = set(
    "None bool int float complex str bytes list tuple dict set frozenset np ndarray numpy".split()
)


def harness_cell(
    notebook: Notebook, solution: NotebookNode, harness: NotebookNode, test: NotebookNode
) -> Iterator[Finding]:
    """Check the locked cell whose functions a test asks in place of a student's own code."""
    spot, meta = where(notebook, harness), grading(harness)
    name = harness_of(grading(solution)["grade_id"])
    if meta.get("grade_id") != name:
        yield f"{spot}: the grade_id of this harness must be {name!r}"
    if not meta.get("locked") or meta.get("solution") or is_graded(harness):
        yield f"{spot}: a harness cell is locked, and neither a solution nor graded"
    tree, asked = parse(harness.source), parse(test.source)
    if tree is None or asked is None:
        yield f"{spot}: it and its test must be valid Python"
        return
    functions = [f for f in defined(tree, ast.FunctionDef) if not f.name.startswith("_")]
    names = {f.name for f in functions}
    if not names:
        yield f"{spot}: a harness defines functions, which the test asks"
    for function in functions:
        yield from harness_function(spot, function)
    if any(
        isinstance(n, ast.Assert) or getattr(n, "attr", "") == "testing" for n in ast.walk(tree)
    ):
        yield f"{spot}: it runs beside the student's code: return values, and assert in the test"
    used = {n.id for n in ast.walk(asked) if isinstance(n, ast.Name)}
    if names and not names & used:
        yield f"{where(notebook, test)}: it asks none of {', '.join(sorted(names))}"
    own = {n.name for n in defined(parse(solution.source), ast.FunctionDef | ast.ClassDef)}
    for twice in sorted(own & {n.name for n in defined(tree, ast.FunctionDef | ast.ClassDef)}):
        yield f"{spot}: it takes the place of {twice}, which the solution cell defines; rename it"
    for direct in sorted((own - names) & used):
        yield (
            f"{where(notebook, test)}: it uses {direct}, which stays in the student's process; "
            f"ask a function of {name!r}"
        )


def type_names(annotation: ast.expr) -> set[str]:
    """Return the names in an annotation: of ``np.ndarray | None``, np and ndarray."""
    nodes = list(ast.walk(annotation))
    names = {n.id for n in nodes if isinstance(n, ast.Name)}
    return names | {n.attr for n in nodes if isinstance(n, ast.Attribute)}


def harness_function(spot: str, function: ast.FunctionDef) -> Iterator[Finding]:
    """Check that a function of a harness says that it takes and returns plain values."""
    of = function.args
    arguments = [*of.posonlyargs, *of.args, *of.kwonlyargs]
    parts = [(a.arg, a.annotation) for a in arguments] + [("its answer", function.returns)]
    for name, annotation in parts:
        if annotation is None:
            yield f"{spot}: {function.name}: annotate {name} with a plain type"
        elif odd := sorted(type_names(annotation) - PLAIN):
            yield f"{spot}: {function.name}: {name} is {', '.join(odd)}, which does not travel"
    if function.returns and ast.unparse(function.returns) == "bool":
        yield f"{spot}: {function.name} decides beside the student's code; return what it compares"
    if not ast.get_docstring(function):
        yield f"{spot}: {function.name} needs a docstring (shapes, dtype, range)"


def test_cell(notebook: Notebook, cell: NotebookNode) -> Iterator[Finding]:
    """Check the locked tests of a task: what they compare must hold across processes."""
    meta, spot = grading(cell), where(notebook, cell)
    if not meta.get("locked") or meta.get("solution"):
        yield f"{spot}: a test cell is locked and holds no solution"
    if not 1 <= points(cell) <= 5:
        yield f"{spot}: give it 1 to 5 points, not {meta.get('points')}"
    visible, _, hidden = cell.source.partition(BEGIN_HIDDEN)
    if END_HIDDEN not in hidden:
        yield f"{spot}: it needs '{BEGIN_HIDDEN}' and '{END_HIDDEN}'"
    if "assert" not in visible or "assert" not in hidden:
        yield f"{spot}: assert something in the visible part and in the hidden part"
    tree = parse(cell.source)
    if tree is None:
        yield f"{spot}: it is not valid Python"
        return
    if isinstance(tree.body[-1], ast.Expr) and not is_assertion(tree.body[-1].value):
        yield f"{spot}: its last line is a value, which nbgrader takes for points; assert instead"
    for node in ast.walk(tree):
        if reason := unstable(node):
            yield f"{spot}, line {getattr(node, 'lineno', '?')}: {reason}"


def is_assertion(node: ast.expr) -> bool:
    """Say whether an expression is a call of numpy.testing."""
    return isinstance(node, ast.Call) and "assert" in ast.unparse(node.func)


def unstable(node: ast.AST) -> str | None:
    """Return why a construct in a test can't be trusted, or None."""
    if isinstance(node, ast.Compare) and any(isinstance(o, ast.Is | ast.IsNot) for o in node.ops):
        return "'is' differs between processes; compare values"
    if isinstance(node, ast.Lambda):
        return "no callables as arguments or answers: they can't pass between processes"
    if isinstance(node, ast.Call):
        return unstable_call(node)
    return None


def unstable_call(node: ast.Call) -> str | None:
    """Return why a call in a test can't be trusted, or None."""
    name = ast.unparse(node.func)
    strict = any(k.arg == "strict" and ast.unparse(k.value) == "True" for k in node.keywords)
    if name.endswith(("np.allclose", "np.array_equal", "np.isclose")):
        return (
            f"{name} broadcasts, and is true for an empty answer; use np.testing with strict=True"
        )
    if name.endswith((".all", "np.all", ".any", "np.any")) or name in ("all", "any"):
        return f"{name} is true for an empty answer; use np.testing with strict=True"
    if name.endswith(("assert_allclose", "assert_array_equal")) and not strict:
        return f"{name} needs strict=True, which compares shape and dtype too"
    if name in ("print", "display"):
        return "a test cell stays silent"
    if name.endswith(("random.seed", "set_random_seed", "set_state", "setstate")):
        return f"{name} does not reach the function in grading; pass it a seed or a generator"
    if name.endswith(("printoptions", "catch_warnings", "simplefilter", "filterwarnings")):
        return f"{name} does not reach the function in grading"
    if name in ("id", "inspect.signature", "inspect.getsource"):
        return f"{name} differs between processes"
    return None
