"""What came of executed notebooks. Standard library only, for both sides of a benchmark."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path


def ran(executed: Iterable[Path]) -> tuple[int, int]:
    """Return how many code cells of executed notebooks ran without an error, and how many are."""
    good = total = 0
    for path in executed:
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["cell_type"] == "code":
                failed = any(output["output_type"] == "error" for output in cell["outputs"])
                good += cell["execution_count"] is not None and not failed
                total += 1
    return good, total
