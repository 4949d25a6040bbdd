"""Hold a notebook to the course's anatomy, and say what to write where.

Every rule is a small function from a notebook to findings; a finding names the cell and the
remedy. ``course.py test`` fails on any finding.
"""

from __future__ import annotations

import ast
import io
import json
import re
import tokenize
from collections.abc import Iterator

from nbformat import NotebookNode

from data.core import cards
from tools.notebook import length, quiz
from tools.notebook.cells import BEGIN_HIDDEN, is_question, tags
from tools.notebook.common import Notebook
from tools.notebook.outputs import stale
from tools.notebook.tasks import tasks_of
from tools.write import finding_rules, graded_rules  # noqa: F401  (add their rules)
from tools.write.rules import RULES, Finding, code_cells, parse, rule, where
from utils import lessons

TABLE_ROWS = ("Objectives", "You should know", "Source", "Data and licence", "Time and memory")
SECTIONS = (
    "Look at the data",
    "Results beside the report",
    "Discussion",
    "Recap",
    "Exercises",
    "References",
)
LEAST_FIGURES, LEAST_WORDS, LEAST_TASKS, LEAST_QUESTIONS = 3, 700, 2, 1
MOST_BYTES, MOST_CELL_LINES, MOST_FUNCTION_LINES, MOST_PAGE_LINES = 1_000_000, 25, 30, 50
# What a colour lesson shows are photographs: a palette small enough for the limit is seen in them.
MORE_BYTES = {"10_attributes_color/03_image_colorization": 1_450_000}
LEAST_FINDINGS = 5
MOST_WORDS, MOST_LINES = 4_000, 550  # of the main line; aim at 3,500 and 450


def check(notebook: Notebook) -> list[Finding]:
    """Return what a notebook lacks; an empty list if nothing."""
    return [finding for one in RULES for finding in one(notebook)]


@rule
def format_and_kernel(notebook: Notebook) -> Iterator[Finding]:
    """Hold to nbformat 4.5 with unique cell ids, kernel python3, and the course's metadata."""
    content = notebook.content
    if (content.nbformat, content.nbformat_minor) < (4, 5):
        yield f"nbformat is {content.nbformat}.{content.nbformat_minor}; save it as 4.5"
    if content.metadata.get("kernelspec", {}).get("name") != "python3":
        yield "the kernel is not python3; choose 'Python 3 (ipykernel)' and save"
    ids = [c.get("id") for c in content.cells]
    for double in sorted({str(i) for i in ids if ids.count(i) > 1}):
        yield f"the cell id {double!r} is there twice; ids must differ"
    wanted = {"id", "datasets", "networks", "prerequisites", "budget"}
    if missing := wanted - notebook.meta.keys():
        yield f"metadata 'course' lacks {', '.join(sorted(missing))}"
    elif notebook.meta["id"] != notebook.id:
        yield f"metadata 'course' says id {notebook.meta['id']!r}; the file is {notebook.id!r}"


# What lesson.toml may say, and what it must.
LESSON_KEYS = {
    "hours",
    "week",
    "after",
    "longest",
    "picture",
    "short",
    "report",
    "term",
}
LESSON_MUST = {"hours": int | float, "week": int, "picture": str, "term": list}
MOST_SHORT = length.SHORT - 10  # minutes to read: the rest is for the task
REPORT_KEYS = {"section", "figures", "metrics", "printed"}


@rule
def lesson(notebook: Notebook) -> Iterator[Finding]:
    """Have a folder in ``lessons/`` that says what belongs to the notebook."""
    file, told = f"lessons/{notebook.name}/lesson.toml", notebook.lesson
    for key, kind in LESSON_MUST.items():
        if not isinstance(told.get(key), kind):
            yield f"{file} lacks {key}"
    for key in sorted(told.keys() - LESSON_KEYS):
        yield f"{file}: {key!r} is not known; its keys are {', '.join(sorted(LESSON_KEYS))}"
    for key in sorted(told.get("report", {}).keys() - REPORT_KEYS):
        yield f"{file}: report.{key} is not known; it has {', '.join(sorted(REPORT_KEYS))}"
    if (last := len(lessons.weeks())) and told.get("week") not in range(1, last + 1):
        yield f"{file}: week = {told.get('week')}; lessons/course.toml has 1 to {last}"
    if told.get("picture", "") not in ("", *(cell.get("id") for cell in code_cells(notebook))):
        yield f"{file}: there is no cell {told['picture']!r}, its picture"
    if "TODO" in str(told):
        yield f"{file}: replace its TODO marks"


@rule
def short_way(notebook: Notebook) -> Iterator[Finding]:
    """Name the sections and the task of the short way, which leave time for the task."""
    file, told = f"lessons/{notebook.name}/lesson.toml", notebook.lesson.get("short")
    if told is None:
        yield f"{file}: short = [headings of the idea, then the name of a task] is missing"
        return
    *sections, task = told
    texts = "\n".join(c.source for c in notebook.content.cells if c.cell_type == "markdown")
    headings = set(re.findall(r"(?m)^#{2,4} +(.*?) *$", texts))
    for heading in sections:
        if heading not in headings:
            yield f"{file}: short names the heading {heading!r}, which is not there"
    if task not in {t.name for t in tasks_of(notebook)}:
        yield f"{file}: short ends in {task!r}, which is no task"
    minutes = length.of_sections(notebook.content, sections).minutes
    if not 0 < minutes <= MOST_SHORT:
        yield f"{file}: the sections of short take {minutes} minutes to read; 1 to {MOST_SHORT}"


@rule
def asked(notebook: Notebook) -> Iterator[Finding]:
    """Turn self-checks into quizzes whose every option says why."""
    yield from quiz.faults(notebook)


@rule
def needs(notebook: Notebook) -> Iterator[Finding]:
    """Name the cards of what the notebook loads, and none that it never mentions."""
    source = "\n".join(c.source for c in notebook.content.cells if c.cell_type == "code")
    for kind, key in (("dataset", "datasets"), ("weights", "networks")):
        for name in notebook.meta.get(key, []):
            entry = cards.entries().get(name)
            if entry is None or entry.kind != kind:
                yield f"metadata 'course' names {name!r} among its {key}; no such card is there"
            elif kind == "dataset" and f'"{entry.loaded_as or name}"' not in source:
                yield f"metadata 'course' names the data set {name!r}; no cell loads it"


@rule
def said_by_outputs(notebook: Notebook) -> Iterator[Finding]:
    """Say what outputs show in findings that are executed, and show the full run."""
    sources = ["".join(c.source) for c in notebook.content.cells]
    asked = sum(source.count("report.finding(") for source in sources)
    if asked < LEAST_FINDINGS:
        yield (
            f"{asked} findings; at least {LEAST_FINDINGS}: report.finding('what was seen.', "
            "comparison) beside the output that the text speaks of"
        )
    if not any(re.search(r"^#{2,3} With the real data", s, flags=re.M) for s in sources):
        yield "no section 'With the real data' after report.table(): the full run's figures"


@rule
def size(notebook: Notebook) -> Iterator[Finding]:
    """Stay under the size that GitHub shows and a reviewer can load."""
    n, most = notebook.path.stat().st_size, MORE_BYTES.get(notebook.name, MOST_BYTES)
    if n > most:
        yield (
            f"{n / 1e6:.2f} MB with outputs; at most {most / 1e6:g} MB (fewer or smaller "
            f"figures, or plots.show_compact; the largest outputs: {heaviest(notebook)})"
        )


def heaviest(notebook: Notebook, most: int = 3) -> str:
    """Return the cells whose outputs take most, with their kilobytes."""
    sizes = {
        where(notebook, cell): sum(len(json.dumps(output)) for output in cell.get("outputs", []))
        for cell in code_cells(notebook)
    }
    largest = sorted(sizes, key=lambda spot: -sizes[spot])[:most]
    return ", ".join(f"{spot} {sizes[spot] / 1e3:.0f} kB" for spot in largest)


@rule
def title(notebook: Notebook) -> Iterator[Finding]:
    """Open with a title, a teaser and the table of facts."""
    first = notebook.content.cells[0] if notebook.content.cells else None
    if first is None or first.cell_type != "markdown" or not first.source.startswith("# "):
        yield "cell 1 must be Markdown that begins with '# Title'"
        return
    before = first.source.partition("\n| ")[0]
    if len(before.split()) < 30:
        yield "cell 1: write a teaser of 30 words or more between the title and the table"
    rows = re.findall(r"^\| *([^|]+?) *\|", first.source, flags=re.M)
    for row in TABLE_ROWS:
        if row not in rows:
            yield f"cell 1: the table lacks the row '| {row} | ... |'"


@rule
def opening_code(notebook: Notebook) -> Iterator[Finding]:
    """Have one import block, then the settings in one visible cell."""
    cells = code_cells(notebook)
    for place, tag in enumerate(("imports", "settings")):
        if len(cells) <= place or tag not in tags(cells[place]):
            yield f"code cell {place + 1} must carry the tag '{tag}'"
    if len(cells) < 2:
        return
    if "utils.start(" not in cells[1].source:
        yield f'{where(notebook, cells[1])}: call course = utils.start("{notebook.id}", seed=0)'
    if "course.pick(" not in cells[1].source:
        spot = where(notebook, cells[1])
        yield f"{spot}: put the numbers into settings = course.pick(quick=..., full=...)"
    for cell in cells[1:]:
        tree = parse(cell.source)
        nodes = ast.walk(tree) if tree else ()
        if any(isinstance(n, ast.Import | ast.ImportFrom) for n in nodes) and "imports" not in tags(
            cell
        ):
            yield f"{where(notebook, cell)}: move the import to the imports cell at the top"


@rule
def sections(notebook: Notebook) -> Iterator[Finding]:
    """Have the sections that every notebook has, in their order."""
    found = [
        m
        for c in notebook.content.cells
        if c.cell_type == "markdown"
        for m in re.findall(r"^## (.+?) *$", c.source, flags=re.M)
    ]
    place = -1
    for section in SECTIONS:
        if section not in found:
            yield f"there is no section '## {section}'"
        elif found.index(section) < place:
            yield f"the section '## {section}' stands too early; the order is {', '.join(SECTIONS)}"
        else:
            place = found.index(section)
    if "report.table()" not in "\n".join(c.source for c in code_cells(notebook)):
        yield "no cell shows report.table()"


@rule
def recap(notebook: Notebook) -> Iterator[Finding]:
    """Let the recap mirror the objectives, one bullet each."""
    cells = [c.source for c in notebook.content.cells if c.cell_type == "markdown"]
    row = re.search(r"^\| *Objectives *\|(.*)\|$", cells[0] if cells else "", flags=re.M)
    text = next((c for c in cells if re.search(r"^## Recap", c, flags=re.M)), None)
    if row is None or text is None:
        return
    objectives = len([o for o in row[1].split("<br>") if o.strip()])
    bullets = len(re.findall(r"^[-*] ", text.partition("## Recap")[2], flags=re.M))
    if objectives != bullets:
        yield f"the recap has {bullets} bullets for {objectives} objectives; mirror them one by one"


@rule
def amounts(notebook: Notebook) -> Iterator[Finding]:
    """Have enough figures, words, graded tasks and open questions."""
    figures = sum(has_figure(c) for c in code_cells(notebook))
    words = sum(
        len(re.findall(r"[A-Za-zÀ-ÿ]{2,}", c.source))
        for c in notebook.content.cells
        if c.cell_type == "markdown"
    )
    for name, have, least in (
        ("figures in its outputs", figures, LEAST_FIGURES),
        ("words of prose", words, LEAST_WORDS),
        ("graded tasks", len(tasks_of(notebook)), LEAST_TASKS),
        ("open questions", sum(map(is_question, notebook.content.cells)), LEAST_QUESTIONS),
    ):
        if have < least:
            yield f"{have} {name}; at least {least}"


def has_figure(cell: NotebookNode) -> bool:
    """Say whether a code cell put out a picture."""
    return any(
        "image/png" in o.get("data", {}) or "image/svg+xml" in o.get("data", {})
        for o in cell.get("outputs", [])
    )


@rule
def length_to_read(notebook: Notebook) -> Iterator[Finding]:
    """Be read in an hour. One that was longer when this was asked may only become shorter."""
    long = length.of(notebook.content)
    limits = lessons.lesson(notebook.name).get("longest", (0, 0))
    for name, have, before, most in zip(
        ("words", "lines of code"), long, limits, (MOST_WORDS, MOST_LINES), strict=True
    ):
        if have > max(before, most):
            yield (
                f"{have:,} {name} in its main line; at most {max(before, most):,}: cut, let a part "
                "begin with '# extra', or make a notebook of it"
            )


@rule
def lengths(notebook: Notebook) -> Iterator[Finding]:
    """Keep cells and functions short enough to read at one go.

    A statement that is broken over several lines counts once: the formatter breaks them. Of a test,
    what students see and what stays hidden from them count each by itself.
    """
    for cell in code_cells(notebook):
        spot, ends = where(notebook, cell), statement_ends(cell.source)
        for part in cell.source.split(BEGIN_HIDDEN):
            if (n := len(statement_ends(part))) > MOST_CELL_LINES:
                yield f"{spot}: {n} statements; at most {MOST_CELL_LINES} (one idea a cell)"
            if (lines := len(part.splitlines())) > MOST_PAGE_LINES:
                yield f"{spot}: {lines} lines; at most {MOST_PAGE_LINES} (one idea a cell)"
        for node in ast.walk(parse(cell.source) or ast.Module([], [])):
            if isinstance(node, ast.FunctionDef):
                n = sum(node.lineno <= end <= (node.end_lineno or end) for end in ends)
                if n > MOST_FUNCTION_LINES:
                    yield f"{spot}: {node.name} has {n} statements; at most {MOST_FUNCTION_LINES}"


def statement_ends(source: str) -> list[int]:
    """Return the lines on which statements end, headers such as ``for ...:`` among them."""
    if parse(source) is None:
        return []
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [token.end[0] for token in tokens if token.type == tokenize.NEWLINE]


FORBIDDEN = (
    (r"^\s*[!%]", "shell and magic lines do not run everywhere; use Python"),
    (
        r"(?:\"|')(?:/(?:home|Users|root|tmp|usr|mnt|data|content)/|[A-Za-z]:\\\\)",
        "an absolute path; go through utils.data",
    ),
    (
        r"\brequests\.|\burllib\b|\burlopen\b|https?://[^\s\"']+\.(?:zip|gz|h5|npz|pkl)",
        "the network is reached through utils.data only",
    ),
    (r"filterwarnings|simplefilter", "do not silence warnings; mend their cause"),
    (
        r"\bjet\b|\brainbow\b|\bhsv\b",
        "a colour map that is not colour-blind safe; viridis or cividis is",
    ),
    (r"weights=[\"']imagenet", "take pretrained weights through utils.weights"),
    (r"^\s*(?:from|import) data\b", "data is utils.data here; see utils.kit and utils.sets"),
    (r"\bsys\.path\b", "utils is installed; no path needs changing"),
)


@rule
def forbidden(notebook: Notebook) -> Iterator[Finding]:
    """Refuse what would not run on another machine."""
    for cell in code_cells(notebook):
        for pattern, reason in FORBIDDEN:
            if found := re.search(pattern, cell.source, flags=re.M):
                yield f"{where(notebook, cell)}: {found[0].strip()!r}: {reason}"


@rule
def outputs(notebook: Notebook) -> Iterator[Finding]:
    """Be committed with outputs of a clean run, in order, without errors or warning noise."""
    counts = [c.execution_count for c in code_cells(notebook) if c.source.strip()]
    if counts != list(range(1, len(counts) + 1)):
        yield "its cells were not run once from top to bottom; run `course.py run --update` on it"
    for cell in code_cells(notebook):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                yield f"{where(notebook, cell)}: its output is an error ({output.ename})"
            text = output.get("text", "") if output.output_type == "stream" else ""
            if "Warning" in text:
                yield f"{where(notebook, cell)}: its output holds a warning; mend its cause"
            if re.search(r"(?<![\w.:/])/(?:home|Users|root|tmp|mnt)/", text):
                yield f"{where(notebook, cell)}: its output names a folder of this machine"


@rule
def told_anew(notebook: Notebook) -> Iterator[Finding]:
    """Tell of results/ and of trained weights what they are now."""
    yield from stale(notebook)


@rule
def alt_texts(notebook: Notebook) -> Iterator[Finding]:
    """Give every figure a sentence for those who can't see it."""
    for cell in code_cells(notebook):
        alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
        if has_figure(cell) and len(alt.split()) < 6:
            spot = where(notebook, cell)
            yield f"{spot}: describe its figure in metadata mystnb.image.alt (a sentence)"
        elif any(alt != told for told in output_alts(cell)):
            spot = where(notebook, cell)
            yield (
                f"{spot}: its figure carries another text than mystnb.image.alt; "
                "`python course.py run --update` writes it"
            )


def output_alts(cell: NotebookNode) -> list[str]:
    """Return the alternative text that each picture among a cell's outputs carries itself."""
    return [
        output.metadata.get(kind, {}).get("alt", "")
        for output in cell.get("outputs", [])
        for kind in output.get("data", {})
        if kind.startswith("image/")
    ]


@rule
def placeholders(notebook: Notebook) -> Iterator[Finding]:
    """Leave no TODO behind."""
    for cell in notebook.content.cells:
        if found := re.search(r"\bTODO\b.*", cell.source):
            yield f"{where(notebook, cell)}: {found[0][:70]}"


@rule
def stable_outputs(notebook: Notebook) -> Iterator[Finding]:
    """Have some text outputs that nbval compares."""
    if not any("nbval-check-output" in tags(c) for c in code_cells(notebook)):
        yield "no cell carries the tag 'nbval-check-output' (shapes, counts, seeded integers)"
