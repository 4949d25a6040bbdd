"""Formulas as MathML, which browsers set themselves: no script, and nothing to load."""

import re
from pathlib import Path
from typing import Any

from docutils.nodes import SkipNode
from latex2mathml.converter import convert

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


def inline(translator: Any, node: Any) -> None:
    """Write a formula that stands in a line."""
    math = converted(node.astext(), "inline")
    if len(node.astext()) > LONG:  # the browser breaks no formula: this one scrolls by itself
        math = f'<span class="long-formula" tabindex="0">{math}</span>'
    translator.body.append(math)
    raise SkipNode


def block(translator: Any, node: Any) -> None:
    """Write a formula that stands alone; a wide one scrolls by itself."""
    label = "a formula that can be scrolled sideways"
    opening = f'<div class="formula" role="group" tabindex="0" aria-label="{label}">'
    translator.body.append(f"{opening}{converted(node.astext(), 'block')}</div>\n")
    raise SkipNode


def converted(formula: str, display: str) -> str:
    """Return a formula of LaTeX as MathML.

    Raises ValueError if a command or a separator is left: it would stand there as text.
    """
    tidy = re.sub(r"\s+", " ", formula).strip()
    tidy = SIZED.sub(lambda m: m[1] + BRACKETS[m[2]], tidy)
    math = convert(tidy, display=display)
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
