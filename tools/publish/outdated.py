"""Which code decides the numbers of a notebook, and what of it is newer than its full run.

It is what its calls of ``report.record`` depend on: the statements of its cells from which the
recorded values come, the functions and classes of ``data`` and ``utils`` that these reach by name,
and what reads its data sets and builds its networks. It is compared by its syntax. Where a
definition stands makes no difference, nor do imports, graded tests, what is drawn, printed, told or
handed to a figure to touch, and the settings of the quick profile. Of ``course.dataset`` counts
what it said in the run.
"""

from __future__ import annotations

import ast
import io
import json
import tarfile
from collections.abc import Iterator, Set
from functools import cache
from pathlib import PurePath
from typing import Any

from data.core import cards
from tools.notebook import sources
from tools.notebook.common import ROOT, Notebook, all_notebooks
from tools.publish import accepted
from tools.publish.as_ran import as_ran
from utils import report

# Modules, packages and functions that show, fetch and keep, and change no number.
PLUMBING = {"report", "plots", "progress", "memory", "_start", "_files", "_quiet", "lessons"}
PLUMBING |= {
    "core.load",
    "archive",
    "cache",
    "cards",
    "download",
    "fetch",
    "files",
    "kept",
    "mirror",
}
PLUMBING |= {"record", "stamps", "sums", "checkpoints", "checkpoint", "stop_on_nan"}
PLUMBING |= {"file_of", "used", "networks", "catalogue", "_known"}
SHOWING = {"print", "sns", "display", "plt", "fig", "figure", "ax", "axes", "axis"}
FIGURES = {"figure", "subplots", "subplot_mosaic", "subfigures", "add_subplot", "image_grid"}
# Of what they are given they change nothing.
PURE = {"zip", "enumerate", "range", "len", "sorted", "reversed", "min", "max", "sum", "map", "any"}
PURE |= {"all", "abs", "round", "isinstance", "str", "int", "float", "list", "dict", "set", "tuple"}
PURE |= {
    "astype",
    "tolist",
    "copy",
    "reshape",
    "ravel",
    "transpose",
    "clip",
    "mean",
    "std",
    "numpy",
}
PURE |= {
    "items",
    "keys",
    "values",
    "get",
    "join",
    "split",
    "predict",
    "argsort",
    "argmax",
    "iterrows",
}
PURE_MODULES = {"np", "pd", "scipy"}
LONGEST = 60  # letters with which a statement is named
PARTS = ("own", "library")
Tree = dict[str, str]  # the text of modules by dotted name


def told() -> str:
    """Return what results/stale.json should hold: by notebook, the full run and what is newer.

    ``own`` is of its cells and of what reads or draws its data sets, ``library`` the modules that
    it shares with others. What git cannot tell, where it lacks a commit, stays as it was told.
    """
    known, found = report.kept("stale", "notebooks"), {}
    for notebook in all_notebooks():
        result = accepted.load("full").get(notebook.name)
        if result is None:
            continue
        differs = changed(notebook, result)
        entry = known.get(notebook.name)
        if differs is not None:
            entry = {"commit": result["commit"]}
            entry |= {part: sorted(n for p, n in differs if p == part) for part in PARTS}
        if entry and any(entry[part] for part in PARTS):
            found[notebook.name] = entry
    return json.dumps({"notebooks": found}, indent=1, ensure_ascii=False) + "\n"


def changed(notebook: Notebook, result: dict[str, Any]) -> set[tuple[str, str]] | None:
    """Return what decides a notebook's numbers and is other code than a result was measured with.

    Each is a part, as ``told`` has them, and a name. None where git does not know the result's
    commit, so that nothing can be said.
    """
    before = at(result["commit"], notebook)
    if before is None:
        return None
    here = code(notebook.raw), modules()
    old, new = (deciding(*state, result) for state in (before, here))
    return {(new | old)[syntax] for syntax in old.keys() ^ new.keys()}


@cache
def modules() -> Tree:
    """Return the text of the modules of ``data`` and ``utils`` as they lie here."""
    files = [path for top in ("data", "utils") for path in (ROOT / top).rglob("*.py")]
    return {dotted(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in files}


def at(commit: str, notebook: Notebook) -> tuple[str, Tree] | None:
    """Return a notebook's code and the modules as a commit has them; None where it is not known."""
    own = notebook.path.relative_to(ROOT).as_posix()
    packed = sources.git("archive", commit, own, "data/*.py", "utils/*.py", text=False)
    if packed is None:
        return None
    with tarfile.open(fileobj=io.BytesIO(packed)) as files:
        found = {item.name: files.extractfile(item).read() for item in files if item.isfile()}
    cells = code(json.loads(found.pop(own)))
    return cells, {dotted(PurePath(name)): text.decode() for name, text in found.items()}


def dotted(path: PurePath) -> str:
    """Return the name by which a file is imported."""
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def code(raw: dict[str, Any]) -> str:
    """Return the code of a notebook without its graded tests and its figures to touch."""
    cells = [cell for cell in raw["cells"] if cell["cell_type"] == "code"]
    cells = [cell for cell in cells if not cell["metadata"].get("nbgrader", {}).get("grade")]
    texts = ["".join(cell["source"]) for cell in cells]
    return "\n".join(text for n, text in enumerate(texts) if not only_touched(texts, n))


def only_touched(texts: list[str], place: int) -> bool:
    """Say whether a cell makes a figure to touch, and nothing that a later cell needs."""
    if "report.touch(" not in texts[place] or "report.record(" in texts[place]:
        return False
    trees = [cell_parsed(text) for text in texts[place:]]
    made = {name for name, stores in cell_names(trees[0]) if stores}
    return not cell_needed(trees[1:], made)


def deciding(cells: str, tree: Tree, result: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Return the syntax of what decides a notebook's numbers, each with its part and its name."""
    own = Module(as_ran(cells, result["datasets"]), "")
    found, waiting, sets = {}, [], set()
    for statement in own.deciding():
        found[ast.dump(statement)] = "own", label(statement)
        waiting += own.reaches(statement)
    for name, origin in result["datasets"].items():
        card = cards.get(name)
        sets.add(folder := f"data.{card.folder.name}")
        part = card.sample_shipped and origin["source"] == "shipped"
        what = "sample" if part or origin["data"] == "sample" else "read"
        waiting += [(folder, what), (folder, f"{what}_{name}")]
    seen = set()
    while waiting:
        place, name = waiting.pop()
        if (place, name) in seen or PLUMBING & {name, *place.split("."), place.partition(".")[2]}:
            continue
        seen.add((place, name))
        if place.endswith("weights") and name in ("load", "build"):
            waiting += [(f"data.weights.{network}", "NETWORKS") for network in result["networks"]]
        if place not in tree:  # a class of the course, whose method or field it is
            waiting += [place.rpartition(".")[::2]] if "." in place else []
            continue
        module = parsed(tree[place], place)
        waiting += [module.imports[name]] if name in module.imports else []
        if name not in module.imports and name not in module.defines:
            waiting += [(star, name) for star in module.stars]
        own = ".".join(place.split(".")[:2]) in sets
        for statement in module.defines.get(name, ()):
            found[syntax(statement)] = ("own", name) if own else ("library", place)
            waiting += module.reaches(statement)
    return found


@cache
def syntax(statement: ast.stmt) -> str:
    """Return what a statement is compared by; those of ``utils`` are asked for many notebooks."""
    return ast.dump(statement)


def label(statement: ast.stmt) -> str:
    """Return a name for a statement of a notebook."""
    if isinstance(statement, ast.Assign):
        return ", ".join(map(ast.unparse, statement.targets))
    told = getattr(statement, "name", "") or ast.unparse(statement).partition("\n")[0]
    return told if len(told) <= LONGEST else f"{told[: LONGEST - 1]}…"


class Module:
    """A module, or the cells of a notebook: what it defines, and what it takes from others."""

    def __init__(self, tree: ast.Module, name: str) -> None:
        every = [*ast.walk(tree)]
        brought = [n for n in every if isinstance(n, ast.Import | ast.ImportFrom)]
        self.name, self.imports = name, dict(imported(brought))
        stars = [n.module for n in brought if n.names[0].name == "*"]
        self.stars = [name for name in stars if ours(name or "")]
        self.modules = {a.asname or a.name.partition(".")[0] for n in brought for a in n.names}
        drawn = [n.targets for n in every if isinstance(n, ast.Assign) and shows(n.value)]
        body = (
            Plain(self.imports, names(*(target for targets in drawn for target in targets)))
            .visit(tree)
            .body
        )
        self.body = [s for s in body if not isinstance(s, ast.Import | ast.ImportFrom)]
        self.defines: dict[str, list[ast.stmt]] = {}
        for statement in self.body:
            for one in bound(statement):
                self.defines.setdefault(one, []).append(statement)

    def reaches(self, statement: ast.stmt) -> Iterator[tuple[str, str]]:
        """Yield the module and the name of all that a statement takes from the course."""
        for node in nodes(statement):
            if isinstance(node, ast.Name):
                if hasattr(node, "place"):
                    yield node.place
                elif self.name and node.id in self.defines:
                    yield self.name, node.id

    def deciding(self) -> list[ast.stmt]:
        """Return the statements that what is recorded depends on, from the last to the first."""
        inner = {s.name: reads(s) for s in self.body if isinstance(s, DEFINITIONS)}
        kept, needed, pure = [], {"record"}, PURE | PURE_MODULES
        for function in (s for s in self.body if isinstance(s, ast.FunctionDef)):
            given = {n.arg for n in nodes(function) if isinstance(n, ast.arg)}
            if not given & set().union(*(bound(s) | handed_on(s, pure) for s in function.body)):
                pure |= {function.name}
        for statement in reversed(self.body):
            if isinstance(statement, DEFINITIONS):
                continue
            if isinstance(statement, ast.Assign) and is_figure(statement.value):
                needed -= bound(statement)
                continue
            taken = whole(reads(statement), inner) - self.modules
            written = bound(statement)
            if "record" in taken or needed & written or needed & handed_on(statement, pure):
                kept.append(statement)
                if isinstance(statement, ast.Assign):  # what they were before does not count
                    needed -= names(*statement.targets) & written - handed_on(statement, pure)
                needed |= taken
        used = whole(set().union(*map(reads, kept)), inner)
        return kept + [s for s in self.body if isinstance(s, DEFINITIONS) and s.name in used]


DEFINITIONS = (ast.FunctionDef, ast.ClassDef)


def whole(found: set[str], inner: dict[str, set[str]]) -> set[str]:
    """Return names with all that the functions and classes among them take."""
    while more := set().union(*(inner[name] for name in found if name in inner)) - found:
        found = found | more
    return found


@cache
def parsed(text: str, name: str) -> Module:
    """Return a module, which many notebooks and commits share."""
    return Module(ast.parse(text), name)


def imported(brought: list[ast.stmt]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Yield the names that imports give to what is of the course, and what that is."""
    for node in brought:
        if isinstance(node, ast.ImportFrom) and ours(node.module or ""):
            yield from ((a.asname or a.name, (node.module, a.name)) for a in node.names)
        elif isinstance(node, ast.Import):
            for alias in filter(lambda a: ours(a.name), node.names):
                place, _, name = alias.name.rpartition(".") if alias.asname else ("", "", "")
                yield alias.asname or ours(alias.name), (place, name or ours(alias.name))


def ours(name: str) -> str:
    """Return the package of the course in which a module stands; empty for another's."""
    top = name.partition(".")[0]
    return top if top in ("data", "utils") else ""


class Plain(ast.NodeTransformer):
    """Takes out of code what changes no number, and in which module a name stands."""

    def __init__(self, imports: dict[str, tuple[str, str]], drawn: set[str]) -> None:
        self.imports, self.drawn = imports, drawn

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Leave no trace of the statements that are dropped."""
        super().generic_visit(node)
        if isinstance(getattr(node, "body", None), list):
            node.body = [one for one in node.body if not isinstance(one, ast.Pass)]
        return node

    def visit_Name(self, node: ast.Name) -> ast.Name:
        """Remember what an imported name means."""
        if node.id in self.imports:
            node.place = self.imports[node.id]
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Let ``boxes.iou`` be ``iou``, whatever the module is called."""
        self.generic_visit(node)
        place = getattr(node.value, "place", None)
        if place is None:
            return node
        name = ast.Name(node.attr, node.ctx)
        name.place = ".".join(filter(None, place)), node.attr
        return name

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        """Drop docstrings, and what is printed or drawn."""
        self.generic_visit(node)
        told = isinstance(node.value, ast.Constant) or shows(node.value, self.drawn)
        return ast.Pass() if told else node

    def visit_Assign(self, node: ast.Assign) -> ast.stmt:
        """Drop the course's own checkpoints, which a full run does not load, and quick settings."""
        if [getattr(target, "id", "") for target in node.targets] == ["quick"]:
            return ast.Pass()
        self.generic_visit(node)
        call = node.value
        own = getattr(getattr(call, "func", None), "attr", "") == "checkpoint"
        return ast.Pass() if own and "of" not in {k.arg for k in call.keywords} else node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.stmt:
        """Drop what is added to the quick profile's settings."""
        self.generic_visit(node)
        return ast.Pass() if getattr(node.target, "id", "") == "quick" else node

    def visit_Call(self, node: ast.Call) -> ast.Call:
        """Drop the quick profile's settings, and the words beside a number."""
        self.generic_visit(node)
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        out = {"pick": ("quick",), "record": ("note", "why")}.get(name, ())
        node.keywords = [k for k in node.keywords if k.arg not in out]
        return node

    def visit_arg(self, node: ast.arg) -> ast.arg:
        """Drop its type."""
        return ast.arg(node.arg)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        """Drop the type of what it returns; and ``items``, which counts what a set has."""
        node.returns = None
        return ast.Pass() if node.name == "items" else self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> ast.Raise:
        """Drop what it says."""
        return ast.Raise()


def shows(node: ast.expr, drawn: Set[str] = frozenset()) -> bool:
    """Say whether an expression is a call that only draws, prints or asserts."""
    if not isinstance(node, ast.Call):
        return False
    root = root_of(node)
    place = getattr(root, "place", ("", ""))[0].split(".")
    told = {"plots", "report"} & {*place} and root.id != "record"
    asserted = {"confirm", "testing"} & {getattr(n, "attr", "") for n in ast.walk(node.func)}
    return bool(root.id in SHOWING | drawn or told or asserted)


def is_figure(node: ast.expr) -> bool:
    """Say whether an expression makes a figure or its axes, on which no number depends."""
    func = getattr(node, "func", None)
    return getattr(func, "attr", getattr(func, "id", "")) in FIGURES and shows(node)


def root_of(node: ast.expr) -> ast.Name:
    """Return the name with which a call begins, such as ``a`` of ``a.b(c).d()``; "" if none."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node if isinstance(node, ast.Name) else ast.Name("")


@cache
def nodes(statement: ast.stmt) -> list[ast.AST]:
    """Return the nodes of a statement, which is asked about in several ways."""
    return [*ast.walk(statement)]


@cache
def bound(statement: ast.stmt) -> set[str]:
    """Return the names that a statement binds or writes into."""
    if isinstance(statement, DEFINITIONS):
        return {statement.name}
    passing = [n.target for n in nodes(statement) if isinstance(n, ast.comprehension | ast.For)]
    stored = [n for n in nodes(statement) if isinstance(getattr(n, "ctx", None), ast.Store)]
    return names(*stored) - names(*passing)


def handed_on(statement: ast.stmt, pure: set[str]) -> set[str]:
    """Return the names that a statement hands to calls which may change what they mean.

    A bare call does something to what it is given, by whatever module; one whose answer is taken
    may do nothing else.
    """
    if isinstance(statement, DEFINITIONS):
        return set()
    found = set()
    for call in (n for n in nodes(statement) if isinstance(n, ast.Call)):
        root, name = root_of(call).id, getattr(call.func, "attr", "")
        bare = isinstance(statement, ast.Expr) and root in PURE_MODULES
        if (bare or not {root, name} & pure) and not shows(call):
            found |= names(*call.args, *(k.value for k in call.keywords)) | {root}
    return found


@cache
def reads(statement: ast.stmt) -> set[str]:
    """Return the names that a statement takes from others."""
    own = {n.arg for n in nodes(statement) if isinstance(n, ast.arg)}
    named = [n for n in nodes(statement) if isinstance(n, ast.Name)]
    own |= {n.id for n in named if isinstance(n.ctx, ast.Store)}
    return {n.id for n in named} - own


def names(*within: ast.AST) -> set[str]:
    """Return the names in some code."""
    return {n.id for node in within for n in ast.walk(node) if isinstance(n, ast.Name)}


def cell_parsed(source: str) -> ast.Module:
    """Return the syntax of a cell, empty where it is none of Python's."""
    try:
        return ast.parse(source)
    except SyntaxError:
        return ast.Module([], [])


def cell_needed(trees: list[ast.Module], made: set[str]) -> set[str]:
    """Return which of the names later code reads before it binds them anew."""
    found, waiting = set(), set(made)
    for tree in trees:
        for name, stores in cell_names(tree):
            if name in waiting:
                waiting.remove(name)
                found |= set() if stores else {name}
    return found


def cell_names(node: ast.AST) -> Iterator[tuple[str, bool]]:
    """Yield the names in code in the order in which they are met, and whether they are bound."""
    if isinstance(node, ast.Name):
        yield node.id, isinstance(node.ctx, ast.Store)
    elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda):
        yield from cell_inner(node)
    else:
        for part in cell_in_order(node):
            yield from cell_names(part)


def cell_inner(node: ast.FunctionDef | ast.ClassDef | ast.Lambda) -> Iterator[tuple[str, bool]]:
    """Yield what a definition takes from outside, then its own name."""
    own = {n.arg for n in ast.walk(node) if isinstance(n, ast.arg)}
    inside = [n for n in ast.walk(node) if isinstance(n, ast.Name)]
    own |= {n.id for n in inside if isinstance(n.ctx, ast.Store)}
    yield from ((n.id, False) for n in inside if n.id not in own)
    if not isinstance(node, ast.Lambda):
        yield node.name, True


def cell_in_order(node: ast.AST) -> list[ast.AST]:
    """Return the parts of a statement or an expression as Python comes to them."""
    parts = [*ast.iter_child_nodes(node)]
    first: list[ast.AST]
    if isinstance(node, ast.For | ast.comprehension):
        first = [node.iter, node.target]
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        first = [*node.generators]
    elif isinstance(node, ast.Assign | ast.AugAssign):
        first = [node.value]
    else:
        return parts
    return first + [part for part in parts if part not in first]
