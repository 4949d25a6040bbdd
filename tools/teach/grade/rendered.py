"""Answers and questions as a notebook shows them: Markdown, formulas, pictures; nothing acts.

A student wrote it, and a person who gives marks looks at it. So HTML stays text, no link can be
followed, a picture is one that the answer itself carries, and a formula is MathML of named
elements and attributes. Nothing is loaded.
"""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote
from xml.etree import ElementTree

from markupsafe import Markup, escape

from tools.publish.book.mathml import as_known
from tools.teach.grade.examine import PICTURES
from tools.teach.grade.rows import visible

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

LONGEST = 2_000  # characters of a formula; a longer one is shown as it was typed
MOST = 200  # formulas of a text that are set
BASE64 = re.compile(r"[A-Za-z0-9+/\s]+={0,2}\s*")
# A macro may unfold to any length.
MACRO = re.compile(r"\\(?:re|provide)?newcommand|\\[gex]?def\b|\\let\b|\\DeclareMathOperator")
ELEMENTS = set(
    "math mrow mi mn mo ms mtext mspace mfrac msqrt mroot msub msup msubsup munder mover "
    "munderover mtable mtr mtd mlabeledtr mstyle mpadded mphantom menclose mmultiscripts "
    "mprescripts none".split()
)
ATTRIBUTES = set(
    "display displaystyle scriptlevel mathvariant stretchy fence form separator lspace rspace "
    "minsize maxsize movablelimits columnalign rowspacing columnspacing columnlines rowlines "
    "linethickness accent accentunder width notation largeop symmetric".split()
)


def shown(text: str, pictures: Mapping[str, Mapping[str, str]] | None = None) -> Markup:
    """Return Markdown as HTML that neither runs nor loads anything.

    ``pictures`` are what the text's cell carries: base64 by name and kind (``image/png``).
    """
    env = {"pictures": pictures or {}, "formulas": 0}
    return Markup(visible(_markdown().render(visible(text), env)))


def line(text: str) -> Markup:
    """Return Markdown of one line as HTML that may stand within a line."""
    env: dict[str, Any] = {"pictures": {}, "formulas": 0}
    return Markup(visible(_markdown().renderInline(visible(text), env)))


@functools.cache
def _markdown() -> MarkdownIt:
    """Return the reader of Markdown."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.amsmath import amsmath_plugin
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    found = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    # As Jupyter does: "$5 and $6" are two prices.
    dollarmath_plugin(found, allow_space=False, double_inline=True)
    amsmath_plugin(found)
    for kind in ("math_inline", "math_inline_double", "math_block", "amsmath"):
        found.add_render_rule(kind, _formula)
    for name, rule in {"image": _picture, "link_open": _nothing, "link_close": _address}.items():
        found.add_render_rule(name, rule)
    return found


# ------------------------------------------------------------------ links and pictures


def _nothing(renderer: Any, tokens: Sequence[Any], place: int, options: Any, env: Any) -> str:
    return ""


def _address(renderer: Any, tokens: Sequence[Any], place: int, options: Any, env: Any) -> str:
    """Write where a link leads behind its words, for whoever wants to go there."""
    opening = next(
        t
        for t in reversed(tokens[:place])
        if t.type == "link_open" and t.level == tokens[place].level
    )
    return str(Markup(' <span class="note">({})</span>').format(opening.attrs.get("href", "")))


def _picture(renderer: Any, tokens: Sequence[Any], place: int, options: Any, env: Any) -> str:
    """Write a picture that the answer carries, or what stands for another one."""
    token = tokens[place]
    source, words = str(token.attrs.get("src", "")), token.content
    if address := _carried(source, env["pictures"]):
        return str(Markup('<img src="{}" alt="{}">').format(address, words or "a picture"))
    told = source if len(source) <= 200 else f"{source[:200]}..."
    return str(
        Markup('<span class="note">[a picture that is not in the answer: {} ({})]</span>').format(
            words, told
        )
    )


def _carried(source: str, pictures: Mapping[str, Mapping[str, str]]) -> str:
    """Return the data of a picture that is in the answer as an address; "" for any other."""
    if source.startswith("attachment:"):
        found = pictures.get(unquote(source.removeprefix("attachment:")), {})
        kind, content = next(iter(found.items()), ("", ""))
    else:
        head, _, content = source.partition(";base64,")
        kind, content = head.removeprefix("data:"), unquote(content)
    if kind not in PICTURES or not BASE64.fullmatch(content):
        return ""
    return f"data:{kind};base64,{''.join(content.split())}"


# ------------------------------------------------------------------ formulas


def _formula(renderer: Any, tokens: Sequence[Any], place: int, options: Any, env: Any) -> str:
    """Write a formula; one that can't be read stands there as it was typed."""
    token = tokens[place]
    alone = token.type != "math_inline"
    env["formulas"] += 1
    found = mathml(token.content, alone=alone) if env["formulas"] <= MOST else None
    if found is None:
        mark = "" if token.type == "amsmath" else "$$" if alone else "$"
        return str(Markup("<code>{}</code>").format(f"{mark}{token.content}{mark}"))
    return f'<div class="formula" tabindex="0">{found}</div>\n' if alone else str(found)


@functools.lru_cache(maxsize=2_000)
def mathml(formula: str, *, alone: bool) -> Markup | None:
    r"""Return a formula of LaTeX as MathML, or None where it can't be set.

    Examples
    --------
    >>> mathml(r"\text{<b>}", alone=False)
    Markup('<math display="inline"><mrow><mtext>&lt;b&gt;</mtext></mrow></math>')
    """
    from latex2mathml.converter import convert_to_element

    if len(formula) > LONGEST or MACRO.search(formula):
        return None
    try:
        tree = convert_to_element(as_known(formula), display="block" if alone else "inline")
        _tame(tree)
    except Exception:  # whatever the converter stumbles over, the text is there to be read
        return None
    return Markup(ElementTree.tostring(tree, encoding="unicode"))


def _tame(tree: ElementTree.Element) -> None:
    """Take out of a formula all but the named elements and attributes.

    Raises ValueError for another element, or a command that the converter does not know.
    """
    for element in tree.iter():
        if element.tag not in ELEMENTS:
            raise ValueError(f"{escape(element.tag)} is no part of a formula")
        element.attrib = {k: v for k, v in element.attrib.items() if k in ATTRIBUTES}
        # The converter writes characters as "&#x0002B;" and leaves it to its reader to tell them.
        element.text = html.unescape(element.text or "")
        element.tail = ""
        if re.match(r"\\\w", element.text):
            raise ValueError(f"{element.text} is not known")
