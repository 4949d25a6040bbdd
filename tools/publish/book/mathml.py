"""Formulas as MathML, which browsers set themselves: no script, and nothing to load."""

import html
import re
from pathlib import Path
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.util import logging

FONT = "STIXTwoMath.woff"
LONG = 60  # characters of LaTeX that may be wider than a telephone
# Latin, Greek, punctuation, arrows, operators, and the alphabets of formulas.
LETTERS = "U+0020-017F,U+02B0-03FF,U+2000-2BFF,U+1D400-1D7FF"
# The name of a function is set apart from what it is of, unless a bracket does that.
NAME = re.compile(
    r"(<m[io]>(?:ln|log|exp|sin|cos|tanh|det)</m[io]>)"
    r"(?=<m(?!o[^>]*>(?:[\[{,;.]|&#x0002[89C]|&#x0005B)|space))"
)
# A bar as it is written; browsers stretch one of a pair to the height of what stands beside it.
BAR = re.compile(r"<mo>(?=(?:\||‖|&#x0*(?:7C|2016);)</mo>)")
# Brackets that the converter does not know in a chosen size, and what it takes in their place.
SIZED = re.compile(r"(\\[Bb]igg?[lr])\s*\\([lr](?:floor|ceil))\b")
BRACKETS = {"lfloor": "⌊", "rfloor": "⌋", "lceil": "⌈", "rceil": "⌉"}


def convert_all(app: Any, doctree: nodes.document) -> None:
    """Convert the formulas of a page once it is read, and warn of one that can't be converted."""
    for node in doctree.findall(lambda n: isinstance(n, nodes.math | nodes.math_block)):
        display = "inline" if isinstance(node, nodes.math) else "block"
        try:
            node["mathml"] = converted(node.astext(), display)
        except ValueError as error:
            node["mathml"] = html.escape(node.astext())
            logging.getLogger(__name__).warning("%s", error, location=node)


def inline(translator: Any, node: Any) -> None:
    """Write a formula that stands in a line."""
    math = node["mathml"]
    if len(node.astext()) > LONG:  # the browser breaks no formula: this one scrolls by itself
        math = f'<span class="long-formula" tabindex="0">{math}</span>'
    translator.body.append(math)
    raise nodes.SkipNode


def block(translator: Any, node: Any) -> None:
    """Write a formula that stands alone; a wide one scrolls by itself."""
    label = "a formula that can be scrolled sideways"
    opening = f'<div class="formula" role="group" tabindex="0" aria-label="{label}">'
    translator.body.append(f"{opening}{node['mathml']}</div>\n")
    raise nodes.SkipNode


def converted(formula: str, display: str) -> str:
    """Return a formula of LaTeX as MathML.

    Raises ValueError if it is no formula that the converter knows, or if a command or a separator
    is left, which would stand there as text.
    """
    tidy = re.sub(r"\s+", " ", formula).strip()
    tidy = SIZED.sub(lambda m: m[1] + BRACKETS[m[2]], tidy)
    try:
        math = convert(tidy, display=display)
    except Exception as error:  # the converter's own, of a dozen kinds without a common one
        raise ValueError(f"the formula {tidy!r} can't be converted: {error!r}") from error
    if left := re.search(r"<m\w+[^>]*>(?:\\|&(?!#?\w+;))[^<]*</m\w+>", math):
        raise ValueError(f"the formula {tidy!r} has a command that is not known: {left[0]}")
    math = BAR.sub(r'<mo stretchy="false">', math)
    return NAME.sub(r"\1<mspace width='0.167em'/>", math)


def write_font(folder: Path) -> None:
    """Write the part of STIX Two Math that formulas need: not every machine has such a font."""
    import ziamath
    from fontTools import subset

    font = Path(ziamath.__file__).parent / "fonts" / "STIXTwoMath-Regular.ttf"
    options = ["--flavor=woff", "--layout-features=*", "--notdef-outline"]
    subset.main([str(font), *options, f"--unicodes={LETTERS}", f"--output-file={folder / FONT}"])
