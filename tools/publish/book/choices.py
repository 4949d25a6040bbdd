"""Self-checks that answer: the quizzes of a lesson, beside the questions of its notebook."""

from __future__ import annotations

import html
import re

from tools.notebook.quiz import CHECK, Quiz
from tools.publish.book import mathml

MARKS = re.compile(r"\$([^$]+)\$|`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*")


def with_quizzes(text: str, cell: str, quizzes: list[Quiz]) -> str:
    """Return a cell's text with its quizzes, each before the folded answer to its question."""
    own = {one.nth: one for one in quizzes if one.cell == cell}
    parts = text.split(CHECK)
    for nth, one in own.items():
        question, folded, answer = parts[nth].partition("\n<details>")
        parts[nth] = f"{question.rstrip()}\n\n{form(one)}\n{folded}{answer}"
    return CHECK.join(parts)


def form(one: Quiz) -> str:
    """Return a quiz as HTML without an empty line; without scripts it stays hidden."""
    name = f"quiz-{one.cell}-{one.nth}"
    rows = [
        f'<label><input type="radio" name="{name}" data-right="{int(right)}"{read_out(text)}> '
        f"<span>{shown(text)}</span></label><p class='why' hidden>{shown(why)}</p>"
        for text, right, why in one.options
    ]
    return "\n".join(
        [
            f'<form class="quiz" id="{name}" hidden><fieldset>',
            f"<legend>{shown(one.ask)}</legend>",
            *rows,
            '<p class="verdict" role="status"></p>',
            "</fieldset></form>",
        ]
    )


def read_out(text: str) -> str:
    """Return the name of an option that is a formula alone, which gives no label any words."""
    alone = re.fullmatch(r"\$([^$]+)\$", text)
    return f' aria-label="{html.escape(alone[1])}"' if alone else ""


def shown(text: str) -> str:
    """Return a line of Markdown as HTML: formulas, code, bold and italic words."""
    parts, last = [], 0
    line = " ".join(text.split())
    for mark in MARKS.finditer(line):
        parts.append(html.escape(line[last : mark.start()], quote=False))
        formula, code, bold, italic = mark.groups()
        if formula:
            parts.append(mathml.converted(formula, "inline"))
        elif code:
            parts.append(f"<code>{html.escape(code, quote=False)}</code>")
        else:
            tag = "b" if bold else "i"
            parts.append(f"<{tag}>{html.escape(bold or italic, quote=False)}</{tag}>")
        last = mark.end()
    return "".join([*parts, html.escape(line[last:], quote=False)])
