"""Rules on findings: what rests on one run says so, and a recap claims nothing else."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import combinations_with_replacement

from tools.notebook.common import Notebook
from tools.notebook.sources import finding_calls
from tools.write.rules import Finding, code_cells, parse, rule, where

COMPARES = re.compile(
    r"\b(more|less|fewer|better|worse|larger|smaller|lower|higher|farther|faster|slower|closer|best|"
    r"worst|beats?|gains?|loses?|half of|(?:a|one|two|three) (?:third|quarter)s?|times as|hardly|"
    r"nearly)\b"
)
FILL = frozenset(
    "a an the of and or in on to is are was were it its that this with for by as at from be not "
    "no one two three more less than so but both each all any has have had does do can which what "
    "who when where whose their they them there here into out over under after before between "
    "also only still even if then about".split()
)
LEAST_SHARED = 0.5  # of a recap sentence's words, with the two findings that share most together


def findings_of(source: str) -> Iterator[tuple[str, str]]:
    """Yield each finding's sentence in some code, and what stands behind it where that is plain."""
    for call in finding_calls(parse(source) or ast.Module([], [])):
        texts = [n.value for n in ast.walk(call.args[0]) if isinstance(n, ast.Constant)]
        of = [k.value.value for k in call.keywords if isinstance(k.value, ast.Constant)]
        yield " ".join(t for t in texts if isinstance(t, str)), str(of[0]) if of else ""


@rule
def findings_of_one_run(notebook: Notebook) -> Iterator[Finding]:
    """Let a sentence that rests on one training say so."""
    for cell in code_cells(notebook):
        for sentence, of in findings_of(cell.source):
            said = re.search(r"\b[Ii]n this (?:run|training|draw|split)\b", sentence)
            if of.startswith("1 ") and not said:
                yield f"{where(notebook, cell)}: of one run; say 'in this run' in the finding"


@rule
def findings_said_once(notebook: Notebook) -> Iterator[Finding]:
    """Say a sentence once: of two cells with the same, the later hides what the first found."""
    said: set[str] = set()
    for cell in code_cells(notebook):
        for sentence, _ in findings_of(cell.source):
            if sentence in said:
                yield f"{where(notebook, cell)}: the finding {sentence!r} stands twice"
            said.add(sentence)


@rule
def recap_of_findings(notebook: Notebook) -> Iterator[Finding]:
    """Compare nothing in the recap that no finding compared.

    A sentence that compares is held against the two findings that share most of its words; so a
    claim that no cell computes is noticed, though not one that turns a finding round.
    """
    found = [
        content_words(sentence)
        for cell in code_cells(notebook)
        for sentence, _ in findings_of(cell.source)
    ]
    for cell in notebook.content.cells:
        if cell.cell_type != "markdown" or not cell.source.startswith("## Recap"):
            continue
        for sentence in re.split(r"(?<=[.?])\s+|^- ", cell.source, flags=re.M):
            words = content_words(sentence)
            if not COMPARES.search(without_formulas(sentence)) or not words:
                continue
            pairs = combinations_with_replacement(found, 2)
            shared = max((len(words & (a | b)) for a, b in pairs), default=0)
            if shared < LEAST_SHARED * len(words):
                yield f"recap: no finding says {sentence.strip()!r}; add one, or take it out"


def without_formulas(text: str) -> str:
    """Return some text without what stands between dollar signs."""
    return re.sub(r"\$[^$]*\$", " ", text)


def content_words(text: str) -> set[str]:
    """Return the words of some text that carry meaning, without their endings, and its numbers."""
    words = re.findall(r"[a-z]+|\d+(?:\.\d+)?", without_formulas(text).lower())
    plain = [w for w in words if w.isdigit() or (len(w) > 1 and w not in FILL)]
    return {re.sub(r"(?:ies|es|s|ed|ing)$", "", w) for w in plain}
