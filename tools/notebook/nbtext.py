"""Print a notebook as text for ``git diff``: cells, tags, grading, and short text outputs.

Standard library only, so that any Python can be git's textconv::

    git config diff.ipynb.textconv "python tools/notebook/nbtext.py"

Pictures and execution counts are left out: they change with every run and say nothing in a diff.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LONGEST = 40  # lines of one output


def lines(notebook: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a notebook's text form."""
    course = notebook.get("metadata", {}).get("course", {})
    yield f"course: {json.dumps(course, sort_keys=True)}"
    for cell in notebook.get("cells", []):
        yield ""
        yield heading(cell)
        yield from text(cell.get("source", "")).splitlines()
        for output in cell.get("outputs", []):
            yield from shown(output)


def heading(cell: dict[str, Any]) -> str:
    """Return the line that opens a cell."""
    meta = cell.get("metadata", {})
    words = ["# %%", cell.get("cell_type", "?"), cell.get("id", "")]
    if meta.get("tags"):
        words.append(f"tags={','.join(meta['tags'])}")
    for key in ("nbgrader", "mystnb"):
        if meta.get(key):
            words.append(f"{key}={json.dumps(meta[key], sort_keys=True)}")
    return " ".join(word for word in words if word)


def shown(output: dict[str, Any]) -> Iterator[str]:
    """Yield an output: its text in full, what is no text by its kind."""
    data = output.get("data", {})
    words = text(output.get("text", data.get("text/plain", ""))).splitlines()
    if output.get("output_type") == "error":
        words = [f"{output.get('ename')}: {output.get('evalue')}"]
    if any(kind.startswith("image/") for kind in data):
        words = ["(a picture)"]
    yield from (f"#> {word}" for word in words[:LONGEST])
    if len(words) > LONGEST:
        yield f"#> ({len(words) - LONGEST} lines more)"


def text(value: str | list[str]) -> str:
    """Return a notebook's string, which may be a list of lines."""
    return value if isinstance(value, str) else "".join(value)


def main(argv: list[str]) -> int:
    """Print the notebook ``argv[0]``; what can't be read as one is printed as it is."""
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    raw = Path(argv[0]).read_bytes().decode("utf-8", errors="replace")
    try:
        print("\n".join(lines(json.loads(raw))))
    except (json.JSONDecodeError, AttributeError, TypeError):
        print(raw, end="")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
