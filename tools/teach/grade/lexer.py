"""Python's words, read in a time that grows with the text and no faster, whatever it holds.

The standard library's ``tokenize`` and Pygments' own lexer for Python take minutes over some short
texts (a cell of quotes and backslashes, one of lines with a space each), and ``tokenize`` raises
errors of its own over others. Students' text is read outside the sandbox here, so each rule below
takes what it has seen for good: quantifiers are possessive, and what is not closed ends with the
line or the text.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterator
from typing import Any

from pygments.lexer import RegexLexer
from pygments.token import Comment, Keyword, Name, Number, Operator, Punctuation, String, Text
from pygments.token import Whitespace as Space

PREFIX = r"(?i:[rbuf]|[bf]r|r[bf])?"
KEYWORDS = set(keyword.kwlist)
BUILTINS = {name for name in dir(builtins) if not name.startswith("_")}


class PythonWords(RegexLexer):
    """Splits any text into Python's words; there is no text that it fails on."""

    flags = re.MULTILINE
    tokens = {  # noqa: RUF012 (Pygments' own form)
        "root": [
            (r"[^\S\n]++", Space),
            (r"\n++", Space),
            (r"\\\n", Space),
            (r"#[^\n]*+", Comment.Single),
            (PREFIX + r'"""(?:[^"\\]++|\\[\s\S]?|"(?!""))*+(?:"""|\Z)', String),
            (PREFIX + r"'''(?:[^'\\]++|\\[\s\S]?|'(?!''))*+(?:'''|\Z)", String),
            (PREFIX + r'"(?:[^"\\\n]++|\\[\s\S]?)*+"?', String),
            (PREFIX + r"'(?:[^'\\\n]++|\\[\s\S]?)*+'?", String),
            (r"0[xXoObB][0-9a-fA-F_]++", Number),
            (r"(?:\d[\d_]*+\.?|\.\d)[\d_]*+(?:[eE][+-]?\d[\d_]*+)?[jJ]?", Number),
            (r"[^\W\d]\w*+", Name),
            (r"\*\*=?|//=?|>>=?|<<=?|->|:=|[-!=<>+*/%@&|^]=?|~", Operator),
            (r"\.\.\.|[()\[\]{},:;.]", Punctuation),
            (r"[\s\S]", Text),
        ]
    }

    def get_tokens_unprocessed(
        self, text: str, stack: tuple[str, ...] = ("root",)
    ) -> Iterator[tuple[int, Any, str]]:
        """Yield place, kind and text of each word."""
        for place, kind, word in super().get_tokens_unprocessed(text, stack):
            if kind is Name and word in KEYWORDS:
                kind = Keyword
            elif kind is Name and word in BUILTINS:
                kind = Name.Builtin
            yield place, kind, word


def placed(source: str) -> Iterator[tuple[int, Any, str]]:
    """Yield place, kind and text of the words of a source without carriage returns."""
    for place, kind, word in PythonWords().get_tokens_unprocessed(source):
        if kind not in Space and kind not in Comment:
            yield place, kind, word


def words(source: str) -> Iterator[tuple[Any, str]]:
    """Yield kind and text of the words of a source; spaces, comments and line ends are none."""
    for kind, word in PythonWords().get_tokens(source):
        if kind not in Space and kind not in Comment:
            yield kind, word
