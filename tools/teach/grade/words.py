"""Texts as they are compared, whoever wrote them."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """Return a text without what differs between spellings: case, accents, signs and spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if c.isalnum())
