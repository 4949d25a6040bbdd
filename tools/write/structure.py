"""Check the form of a notebook, and say what is wrong with which cell.

The rules are about the format, the graded cells, clean outputs, portability, alt texts, the size of
the file, the sections and the length of a page.
"""

import ast
import math
import os
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from nbformat import NotebookNode

from data.core import cards
from tools.notebook import cells, outputs, quiz
from tools.notebook.cells import is_adapter, is_test
from tools.notebook.common import Notebook, Problem
from tools.notebook.tasks import tasks_of
from tools.write.graded_rules import graded, parse, where
from utils.report import NOT_SO

TABLE_ROWS = ["You build", "You should know", "Data", "Time"]
SECTIONS = [
    *("Setup", "The method in", "In practice", "Open question", "Recap", "Exercises"),
    "Reproduction",
]
PRACTICE = "In practice"  # public calls, which run without this course
MOST_PRACTICE_LINES = 15
MOST_FULL = 2  # calls of report.full in a lesson
# What a student's copy does not have, so that a lesson does not refer to it.
NOT_FOR_STUDENTS = r"\*Reproduction\*|Beyond the source|[Bb]elow the line"
# Pages whose turn for *In practice*, and for what else a lesson may rest on, is still to come.
EARLIER_FORM = {"08/09", "09/04"}
MOST_FUNCTION_LINES, MOST_CELL_LINES = 20, 25
MOST_TASKS = 3
# Their times are of a machine without AVX-512 that had other work beside it.
TO_MEASURE_AGAIN = {
    *("01/01", "01/02", "01/03", "01/04", "01/05", "01/06", "02/01", "02/02", "02/03", "03/01"),
    *("04/01", "04/02", "05/01", "05/03", "06/01", "06/02", "06/03", "06/04", "06/05", "06/06"),
    *("06/07", "06/08", "07/01", "07/02", "07/03", "07/04", "07/05", "07/06", "07/07", "07/08"),
    *("07/09", "07/10", "08/01", "08/02", "08/03", "08/04", "08/05", "08/07", "08/08", "09/01"),
    *("09/02", "09/03", "10/01", "10/02", "10/03"),
}
ANSWER = 30  # minutes for the open question
FOUR_MINUTES = "four minutes"  # in the row *Time*: the lesson is worth more than two


@dataclass(frozen=True)
class Limits:
    """How large a lesson may be; a reproduction takes the room that its source asks for."""

    words: int  # of Markdown
    lines: int  # of code beside tests and adapters, without blank lines
    cells: int


LESSON = Limits(words=2_200, lines=300, cells=46)
EARLIER_LESSON = Limits(words=2_400, lines=340, cells=48)
MOST_BYTES = 2_000_000
QUICK_SECONDS = 12  # of the processor


def check(notebook: Notebook) -> list[str]:
    """Return the faults of a notebook's form; an empty list if there are none."""
    if not notebook.content.cells:
        return ["it has no cells"]
    return [fault for rule in RULES for fault in rule(notebook)]


def code_cells(notebook: Notebook) -> list[NotebookNode]:
    """Return the code cells in order."""
    return [c for c in notebook.content.cells if c.cell_type == "code"]


def lines(source: str) -> int:
    """Return how many lines of a text are not blank."""
    return sum(bool(line.strip()) for line in source.splitlines())


# ------------------------------------------------------------------ format, code and outputs


def metadata(notebook: Notebook) -> Iterator[str]:
    """Demand nbformat 4.5 with unique cell ids, the kernel python3, and the course's metadata."""
    content, meta = notebook.content, notebook.meta
    if (content.nbformat, content.nbformat_minor) < (4, 5):
        yield f"nbformat is {content.nbformat}.{content.nbformat_minor}; save it as 4.5"
    if content.metadata.get("kernelspec", {}).get("name") != "python3":
        yield "the kernel is not python3; choose 'Python 3 (ipykernel)' and save"
    ids = Counter(cell.get("id", "") for cell in notebook.raw["cells"])  # nbformat mends doubles
    if double := [name for name, n in ids.items() if n > 1]:
        yield f"several cells have the id {', '.join(double)}"
    if missing := {"id", "datasets", "networks", "prerequisites"} - meta.keys():
        yield f"metadata 'course' lacks {', '.join(sorted(missing))}"
    elif meta["id"] != notebook.id:
        yield f"metadata 'course' says id {meta['id']!r}; the file is {notebook.id!r}"
    elif (stated := sorted(meta["prerequisites"])) != (named := sorted(named_notebooks(notebook))):
        yield f"metadata 'course' has the prerequisites {stated}, 'You should know' names {named}"
    if unknown := set(notebook.needs) - cards.entries().keys():
        yield f"metadata 'course' names {', '.join(unknown)}: no such data set or network"
    code = "\n".join(cell.source for cell in code_cells(notebook))
    loaded = set(re.findall(r"\bdata\.load\(\s*\"(\w+)\"\s*\)", code))  # in every profile
    if unnamed := loaded - set(notebook.needs):
        yield f"it loads {', '.join(sorted(unnamed))}, which metadata 'course' does not name"


def named_notebooks(notebook: Notebook) -> set[str]:
    """Return the numbers of the notebooks that the row 'You should know' names or links to."""
    row = re.search(r"^\| You should know \|.*", notebook.content.cells[0].source, re.M)
    words = row[0] if row else ""
    links = re.findall(r"(?:\.\./(\d\d)\w*/)?(\d\d)_\w+\.ipynb", words)
    linked = {f"{unit or notebook.id[:2]}/{number}" for unit, number in links}
    return linked | set(re.findall(r"\b\d\d/\d\d\b", words))


def lesson(notebook: Notebook) -> Iterator[str]:
    """Demand agreement with the lesson's folder: hours, week, picture and terms, and the quiz."""
    file, facts = f"lessons/{notebook.name}/lesson.toml", notebook.lesson
    if missing := {"hours", "picture", "term"} - facts.keys():
        yield f"{file} lacks {', '.join(sorted(missing))}"
    try:
        _ = notebook.week
    except Problem as problem:
        yield str(problem)
    row = re.search(r"^\| Time \|.*\b(\d+) including", notebook.content.cells[0].source, re.M)
    if not row:
        yield 'the row "Time" does not say "40 minutes to read, 90 including the tasks"'
    elif facts.get("hours") != (whole := math.ceil((int(row[1]) + ANSWER) / 30) / 2):
        yield f"{file}: hours are {whole:g}: the row Time, and half an hour for the open question"
    if facts.get("picture", "") not in ("", *(cell.id for cell in code_cells(notebook))):
        yield f"{file}: there is no code cell {facts['picture']!r} for its picture"
    yield from quiz.faults(notebook)


def code(notebook: Notebook) -> Iterator[str]:
    """Demand portable code, the outputs of one clean run, and figures that are described."""
    # Below the line they are of a full run, which may still be to come.
    above = [c for c in code_cells(notebook) if c.source.strip() and not cells.is_below(c)]
    counts = [cell.execution_count for cell in above]
    if counts != list(range(1, len(counts) + 1)):
        yield "its cells were not run once from top to bottom; run `course.py run --update` on it"
    yield from outputs.stale(notebook)
    for cell in code_cells(notebook):
        for rule in (portability, clean_output, alt_text):
            yield from (f"{where(notebook, cell)}: {fault}" for fault in rule(cell))


# What ruff does not see, by a pattern of a line; notebooks/ruff.toml has what it refuses.
FORBIDDEN = {
    r"^\s*[!%]": "shell and magic lines do not run everywhere; use Python",
    r"[\"'](?:/(?:home|Users|root|tmp|usr|mnt|data|content)/|[A-Za-z]:\\\\)": (
        "this is an absolute path; load data with utils.data"
    ),
    r"https?://[^\s\"']+\.(?:zip|gz|h5|npz|pkl)": "only utils.data may use the network",
    r"(?:cmap ?= ?|set_cmap\()[\"'](?:jet|rainbow|hsv)\b|\bcm\.(?:jet|rainbow|hsv)\b": (
        "colour-blind readers can't read this colour map; use viridis or cividis"
    ),
    r"weights=[\"']imagenet": "load pretrained weights with utils.weights",
}


def portability(cell: NotebookNode) -> Iterator[str]:
    """Run on another machine as it does here."""
    for pattern, reason in FORBIDDEN.items():
        if match := re.search(pattern, cell.source, flags=re.M):
            yield f"{match[0].strip()!r}: {reason}"


def clean_output(cell: NotebookNode) -> Iterator[str]:
    """Demand outputs without an error, a warning, or a folder of one machine."""
    for output in cell.outputs:
        if output.output_type == "error":
            yield f"its output is an error ({output.ename})"
        if "Warning" in (text := output.get("text", "")):
            yield "its output contains a warning; remove the cause"
        if re.search(r"(?<![\w.:/])/(?:home|Users|root|tmp|mnt)/", text):
            yield "its output names a folder of this machine"


def alt_text(cell: NotebookNode) -> Iterator[str]:
    """Demand a sentence for each figure that describes it to those who can't see it."""
    alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
    carried = {
        output.metadata.get(kind, {}).get("alt", "")
        for output in cell.outputs
        for kind in output.get("data", {})
        if kind.startswith("image/")
    }
    if carried and len(alt.split()) < 6:
        yield "describe its figure with a sentence in the metadata mystnb.image.alt"
    elif carried - {alt}:
        yield "its figure carries another text than mystnb.image.alt; run `course.py run --update`"


def cost(notebook: Notebook) -> Iterator[str]:
    """Demand a small file, times that are known, and in CI a quick run."""
    if (size := notebook.path.stat().st_size) > MOST_BYTES:
        yield (
            f"{size / 1e6:.2f} MB with outputs; at most {MOST_BYTES / 1e6:g} MB: draw fewer or "
            "smaller figures"
        )
    unknown = [name for name in budgets(notebook) if outputs.seconds_of(notebook, name) is None]
    for profile in unknown:
        yield f"the time of its {profile} run is not known; run `course.py run --update` on it"
    # Elsewhere a slow machine is no fault of the page.
    if os.environ.get("CI") and notebook.id not in TO_MEASURE_AGAIN:
        yield from slow(notebook)


def budgets(notebook: Notebook) -> dict[str, int]:
    """Return how many seconds a run of each profile may take."""
    minutes = 4 if FOUR_MINUTES in notebook.content.cells[0].source else 2
    return {"quick": QUICK_SECONDS, "lesson": 60 * minutes}


def slow(notebook: Notebook) -> Iterator[str]:
    """Say which runs took too long, by the times of the run that wrote the outputs."""
    for profile, budget in budgets(notebook).items():
        if (seconds := outputs.seconds_of(notebook, profile) or 0) > budget:
            yield f"its {profile} run takes {seconds:g} s; at most {budget:g} s"


# ------------------------------------------------------------------ order and length


def order(notebook: Notebook) -> Iterator[str]:
    """Demand title and table, imports and settings at the beginning, and the sections in order."""
    texts = [c.source for c in notebook.content.cells if c.cell_type == "markdown"]
    if not texts or not texts[0].startswith("# "):
        yield "cell 1 must begin with '# Title'"
    elif set(TABLE_ROWS) - set(re.findall(r"^\| *([^|]+?) *\|", texts[0], flags=re.M)):
        yield f"cell 1: the table must have the rows {', '.join(TABLE_ROWS)}"
    tags = [cell.metadata.get("tags", [])[:1] for cell in code_cells(notebook)[:2]]
    if tags != [["imports"], ["settings"]]:
        yield "the first code cell needs the tag 'imports', the second the tag 'settings'"
    headings = iter(re.findall(r"^## +(.+)", "\n".join(texts), flags=re.M))
    asked = [s for s in SECTIONS if s != PRACTICE or notebook.id not in EARLIER_FORM]
    for section in asked:
        if not any(heading.startswith(section) for heading in headings):
            yield f"'## {section}' is missing, or not in the order {', '.join(asked)}"
            break


def line(notebook: Notebook) -> Iterator[str]:
    """Demand one line: `## Reproduction` and every cell after it carry the tag, no other does."""
    every = notebook.content.cells
    places = [i for i, cell in enumerate(every) if cells.is_below(cell)]
    heads = [i for i, cell in enumerate(every) if is_line(cell)]
    if not places and not heads:
        return
    if len(heads) != 1:
        yield f"{len(heads)} cells begin with '{cells.LINE}'; one does on a page with a line"
        return
    wrong = set(places) ^ set(range(heads[0], len(every)))
    for i in sorted(wrong):
        state = "carries" if i in places else "lacks"
        yield (
            f"{where(notebook, every[i])}: it {state} the tag '{cells.REPRODUCTION}', which "
            f"'{cells.LINE}' and all cells after it carry"
        )
    for cell in every[heads[0] :]:
        if cells.grading(cell):
            yield f"{where(notebook, cell)}: a task, test or question below the line"
        if "nbval-check-output" in cells.tags(cell):
            yield (
                f"{where(notebook, cell)}: 'nbval-check-output' below the line, where the outputs "
                "are of a full run"
            )
    if later := re.findall(r"^## +(.+)", text_of(every[heads[0] + 1 :]), flags=re.M):
        yield f"'## {later[0]}' comes after '{cells.LINE}', which is the last section"


def is_line(cell: NotebookNode) -> bool:
    """Say whether a cell begins with the heading of the reproduction."""
    return cell.cell_type == "markdown" and re.match(rf"{cells.LINE}\b", cell.source) is not None


def text_of(part: list[NotebookNode]) -> str:
    """Return the Markdown of some cells."""
    return "\n".join(cell.source for cell in part if cell.cell_type == "markdown")


def length(notebook: Notebook) -> Iterator[str]:
    """Demand that the lesson, its cells, and all functions and cells of code are short."""
    every = notebook.content.cells
    most = EARLIER_LESSON if notebook.id in EARLIER_FORM else LESSON
    above = cells.above_line(every)
    for n, limit, what in (
        (len(text_of(above).split()), most.words, "words of Markdown"),
        (sum(lines(cell.source) for cell in own_code(above)), most.lines, "lines beside tests"),
        (len(above), most.cells, "cells"),
    ):
        if n > limit:
            yield f"{n:,} {what}; at most {limit:,}"
    for cell in own_code(every):
        yield from (f"{where(notebook, cell)}: {fault}" for fault in long_code(cell))
    if (n := len(tasks_of(notebook))) > MOST_TASKS:
        yield f"{n} tasks; at most {MOST_TASKS}"


def own_code(part: list[NotebookNode]) -> list[NotebookNode]:
    """Return the cells of code that are neither a test nor an adapter."""
    return [c for c in part if c.cell_type == "code" and not (is_test(c) or is_adapter(c))]


def practice(notebook: Notebook) -> Iterator[str]:
    """Demand that *In practice* is a few lines of public calls, which run without the course."""
    part = section(cells.above_line(notebook.content.cells), PRACTICE)
    if notebook.id in EARLIER_FORM or not part:
        return
    code = own_code(part)
    if not code:
        yield f"'## {PRACTICE}' has no cell of code"
    if (n := sum(lines(cell.source) for cell in code)) > MOST_PRACTICE_LINES:
        yield f"'## {PRACTICE}' has {n} lines of code; at most {MOST_PRACTICE_LINES}"
    ours = {"course"} | names_from_utils(notebook)
    for cell in code:
        if used := sorted(ours & names_in(cell.source)):
            yield (
                f"{where(notebook, cell)}: '## {PRACTICE}' uses {', '.join(used)}, which nobody "
                "has who takes these lines home"
            )


def section(part: list[NotebookNode], heading: str) -> list[NotebookNode]:
    """Return the cells from a heading to the next one of its level; empty without it."""
    inside, found = False, []
    for cell in part:
        if cell.cell_type == "markdown" and (head := re.match(r"## +(.+)", cell.source)):
            inside = head[1].startswith(heading)
        found += [cell] if inside else []
    return found


def names_in(source: str) -> set[str]:
    """Return the names that code uses."""
    return {node.id for node in ast.walk(parse(source)) if isinstance(node, ast.Name)}


def names_from_utils(notebook: Notebook) -> set[str]:
    """Return the names that a notebook imports from the course's own package."""
    names = set()
    for cell in code_cells(notebook):
        for node in ast.walk(parse(cell.source)):
            module = getattr(node, "module", None) or ""
            if isinstance(node, ast.Import | ast.ImportFrom):
                named = [(a.asname or a.name.partition(".")[0], a.name) for a in node.names]
                names |= {name for name, full in named if f"{module or full}.".startswith("utils.")}
    return names


def rests_on_itself(notebook: Notebook) -> Iterator[str]:
    """Demand a lesson that imports what it uses, and speaks of nothing that students lack.

    Where it shows pictures of the course, its table says their licence.
    """
    if notebook.id in EARLIER_FORM:
        return
    for entry in (cards.entries().get(name) for name in notebook.needs):
        if entry and entry.published and entry.licence not in notebook.content.cells[0].source:
            yield f"cell 1: the row Data does not say the licence of {entry.name}: {entry.licence}"
    above = cells.above_line(notebook.content.cells)
    code = [c for c in above if c.cell_type == "code"]
    used: set[str] = set().union(*(names_in(cell.source) for cell in code))
    for node in ast.walk(parse(code[0].source)) if code else ():
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = {alias.asname or alias.name.partition(".")[0] for alias in node.names}
            if unused := sorted(names - used - {"utils"}):
                yield f"the lesson imports {', '.join(unused)}, which it does not use"
    for cell in above:
        if cell.cell_type == "markdown" and (named := re.search(NOT_FOR_STUDENTS, cell.source)):
            yield f"{where(notebook, cell)}: students do not get what '{named[0]}' speaks of"
    n = sum(cell.source.count("report.full(") for cell in code)
    if n > MOST_FULL:
        yield f"{n} calls of report.full in the lesson; at most {MOST_FULL}"


def long_code(cell: NotebookNode) -> Iterator[str]:
    """Say which functions of a cell are too long, or the cell itself."""
    parts = [("the cell", cell.source, MOST_CELL_LINES)]
    for node in ast.walk(parse(cell.source)):
        if isinstance(node, ast.FunctionDef):
            source = ast.get_source_segment(cell.source, node) or ""
            parts.append((node.name, source, MOST_FUNCTION_LINES))
    for name, source, most in parts:
        if (n := lines(source)) > most:
            yield f"{name} has {n} lines; at most {most}"


def claims(notebook: Notebook) -> Iterator[str]:
    """Demand claims that hold in the committed outputs."""
    for cell in code_cells(notebook):
        text = "".join(output.get("text", "") for output in cell.outputs)
        if NOT_SO in text:
            yield f"{where(notebook, cell)}: a claim does not hold in its output"


RULES = (
    *(metadata, lesson, graded, code, cost, order, line, length, practice, rests_on_itself),
    claims,
)
