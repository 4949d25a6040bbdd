"""The code of a notebook as a run took it, where ``course.dataset`` chose between two tiers.

What a run loaded stands in its result. So a notebook that takes the report's own pictures where
they lie is, for a run that had none, the notebook that draws them.
"""

from __future__ import annotations

import ast
from typing import Any, cast


def as_ran(cells: str, datasets: dict[str, dict[str, Any]]) -> ast.Module:
    """Return the code that ran where ``course.dataset`` chose the tiers that a result was taken in.

    In the place of its answer stands the tier, and branches that hang on it alone are gone.
    """
    return cast(ast.Module, AsRan(datasets).visit(ast.parse(cells)))


class AsRan(ast.NodeTransformer):
    """Puts in what ``course.dataset`` said in a run, and leaves the branches that it took."""

    def __init__(self, datasets: dict[str, dict[str, Any]]) -> None:
        self.tiers = {name: origin["data"] for name, origin in datasets.items()}
        self.known: dict[str, ast.Constant] = {}

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Leave no body empty."""
        super().generic_visit(node)
        body = getattr(node, "body", None)
        if body == []:
            body.append(ast.Pass())
        return node

    def visit_Assign(self, node: ast.Assign) -> ast.stmt | None:
        """Remember and drop ``TIER = course.dataset("name")``."""
        call, target = node.value, node.targets[0]
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "dataset":
            tier = self.tiers.get(getattr(call.args[0], "value", ""))
            if tier and isinstance(target, ast.Name):
                self.known[target.id] = ast.Constant(tier)
                return None
        return cast(ast.stmt, self.generic_visit(node))

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Put in the tier."""
        return self.known.get(node.id, node) if isinstance(node.ctx, ast.Load) else node

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        """Answer a question about the tier."""
        self.generic_visit(node)
        sides = [n.value for n in (node.left, *node.comparators) if isinstance(n, ast.Constant)]
        if len(node.ops) > 1 or len(sides) < 2:
            return node
        same = sides[0] == sides[1]
        answers = {ast.Eq: ast.Constant(same), ast.NotEq: ast.Constant(not same)}
        return answers.get(type(node.ops[0]), node)

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        """Leave out what an answer decides or has no part in."""
        self.generic_visit(node)
        ends = isinstance(node.op, ast.Or)
        if any(answer(one) is ends for one in node.values):
            return ast.Constant(ends)
        node.values = [one for one in node.values if answer(one) is None]
        return node if len(node.values) > 1 else (node.values or [ast.Constant(not ends)])[0]

    def visit_If(self, node: ast.If) -> ast.stmt | list[ast.stmt]:
        """Leave the branch that was taken."""
        self.generic_visit(node)
        took = answer(node.test)
        return node if took is None else node.body if took else node.orelse

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        """Leave the value that was taken."""
        self.generic_visit(node)
        took = answer(node.test)
        return node if took is None else node.body if took else node.orelse


def answer(node: ast.expr) -> bool | None:
    """Return a truth value that stands in the code; None of any other expression."""
    value = node.value if isinstance(node, ast.Constant) else None
    return value if isinstance(value, bool) else None
