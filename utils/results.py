"""What full runs measured, what the sources report, and how the two compare.

``results/full.json`` has one entry a notebook: the full run that was accepted last. Only
``python course.py report --accept`` writes it. ``lesson.toml`` has the reported values and goals.
"""

import json
import operator
from decimal import Decimal
from typing import Any

import numpy as np

from data.core.files import ROOT
from utils import code, lessons

RESULTS = ROOT / "results"
WITHIN, CONSTRUCTED, OTHER = "within", "by construction", "other data"
VERDICTS = {
    "equal": "the values agree to the last digit that is printed, or differ by one test item",
    WITHIN: "the measured mean is at most two of its standard deviations away from the printed "
    "value (of a single run, two of those that its test items alone explain); the gap is printed",
    "better": "the measured value is better than the printed value, or it reaches the goal",
    "short": "the measured value is worse than the printed value, or it misses the goal",
    CONSTRUCTED: "the number was arranged to come out so, which proves nothing",
    OTHER: "it was measured on other data, with another network or on another machine than the "
    "printed value, so that the two cannot be compared",
    "not run": "no full run has measured it",
}
# Who prints a number: one of the five reports; a page, program or paper that a report names; or
# nobody but this course, which counted it. Goals are the course's own as well.
PRINTED_BY = {"report": "The report", "linked": "A linked page", "ours": "Counts and goals of ours"}
MOST_SHOWN = 8  # numbers of a measured list; a longer one is a curve, and its figure shows it
SOURCES = {"real": "real", "sample": "synthetic"}  # the data sources, as a caption names them
_GOALS = {">=": operator.ge, "<=": operator.le}


def accepted(name: str, part: str) -> dict[str, Any]:
    """Return what a file of ``results/`` holds; empty where the file does not exist."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))[part] if path.is_file() else {}


def full_run(notebook: str) -> dict[str, Any]:
    """Return the accepted full run of a notebook; empty where there is none."""
    return accepted("full", "notebooks").get(notebook, {})


def full_metrics(notebook: str) -> dict[str, Any]:
    """Return the metrics of the accepted full run, and the ratios to other libraries."""
    metrics = dict(full_run(notebook).get("metrics", {}))
    for benchmark in accepted("bench", "benchmarks").values():
        metrics |= benchmark["metrics"].get(notebook, {})
    return metrics


def describe(notebook: str, run: dict[str, Any]) -> str:
    """Return the data, date and commit of an accepted run, and whether the code changed since."""
    used = {source for each in run["datasets"].values() for source in each}
    used |= {metric["data"] for metric in run["metrics"].values()}  # some pages draw their own
    data = " and ".join(name for source, name in SOURCES.items() if source in used)
    on = f" on {data} data" if data else ""
    text = f"full run of {run['finished'][:10]}{on}, commit {run['commit']}"
    return text + (", code changed since" if changed(notebook, run) else "")


def changed(notebook: str, run: dict[str, Any]) -> bool:
    """Say whether the training code of a notebook is not what an accepted run was made with."""
    now = code_hash(notebook)
    return bool(now) and now != run["code"]


def code_hash(notebook: str) -> str:
    """Return the checksum of a notebook's training code, as `utils.code` has it.

    It is empty where no cell has the tag ``training``, or where the notebook is not in this folder.
    """
    return code.training_code(ROOT / "notebooks" / f"{notebook}.ipynb")


def reported() -> dict[str, Any]:
    """Return the reported values and goals of each notebook that has any, by its name."""
    return {name: values for name in lessons.names() if (values := lessons.reported(name))}


def row(name: str, entry: dict[str, Any] | None, expected: dict[str, Any]) -> list[str]:
    """Return a row of a table: metric, reported, measured, data, goal, verdict.

    Of a measured list with more than ``MOST_SHOWN`` numbers, it says only how many they are.
    """
    unit = f" {expected['unit']}" if "unit" in expected else ""
    source = text(expected["reported"]) + unit if "reported" in expected else ""
    measured = ""
    if entry:
        value = entry["value"]
        many = isinstance(value, list) and len(value) > MOST_SHOWN
        measured = f"{len(value)} numbers" if many else text(value)
        measured += f" ± {rounded(entry['sd'], 2)}" if "sd" in entry else ""
        measured += unit + (f" (n = {entry['n']})" if entry.get("n", 1) > 1 else "")
    data, goal = entry["data"] if entry else "", expected.get("goal", "")
    return [name, source, measured, data, goal, verdict(entry, expected)]


def verdict(entry: dict[str, Any] | None, expected: dict[str, Any]) -> str:
    """Compare one measured value with the printed one and the goal: one of ``VERDICTS``.

    The ``entry`` is as ``report.record`` saves it, None if not run; ``expected`` is the metric's in
    ``lesson.toml``, where ``miss``, ``constructed`` and ``other`` say why a verdict needs no
    arithmetic. Without a printed value and a goal, the verdict is "".
    """
    if entry is None:
        return "not run"
    if "miss" in expected:
        return "short"
    if not {"reported", "goal"} & expected.keys():
        return ""
    if "constructed" in expected:
        return CONSTRUCTED
    if entry["data"] not in ("real", "none") or "other" in expected:
        return OTHER
    if "goal" in expected and not meets(entry["value"], expected["goal"]):
        return "short"
    return _beside_printed(entry, expected) if "reported" in expected else "better"


def _beside_printed(entry: dict[str, Any], expected: dict[str, Any]) -> str:
    gaps = gaps_of(entry, expected)
    if gaps is None:
        return OTHER
    if expected.get("exact"):
        return "equal" if np.all(gaps == 0) else "short"
    precision = min(map(_last_digit, np.atleast_1d(expected["reported"]))) / 2
    if items := expected.get("test_items"):
        precision = max(precision, 1 / items)
    spread = max(precision, 2 * chance(entry, expected))
    for verdict, tolerance in (("equal", precision), (WITHIN, spread)):
        if np.all(np.abs(gaps) <= tolerance):
            return verdict
    return "better" if np.all(gaps >= -spread) else "short"


def gaps_of(entry: dict[str, Any], expected: dict[str, Any]) -> np.ndarray | None:
    """Return by how much measured values are better than the printed ones; worse is negative.

    It is None where the two are not equally many.
    """
    values = np.atleast_1d(np.asarray(entry["value"], float))
    targets = np.atleast_1d(np.asarray(expected["reported"], float))
    if values.shape != targets.shape:
        return None
    lower = expected.get("better") == "lower" or expected.get("goal", "").startswith("<=")
    return (targets - values) if lower else (values - targets)


def chance(entry: dict[str, Any], expected: dict[str, Any]) -> float:
    """Return a measured value's standard deviation: over its runs, or a single accuracy's own.

    An accuracy p on n test items has the deviation sqrt(p (1 - p) / n) from the choice of items.
    """
    if "sd" in entry or "test_items" not in expected:
        return float(entry.get("sd", 0.0))
    share = float(np.clip(np.mean(entry["value"]), 0, 1))
    return float(np.sqrt(share * (1 - share) / expected["test_items"]))


def gap(entry: dict[str, Any], expected: dict[str, Any]) -> str:
    """Return how far a mean is from the printed value, and whether a single run reached it.

    Of runs whose values are not saved it can be said where none did: among n values with the
    standard deviation s, none is farther than s (n - 1) / sqrt(n) from their mean.
    """
    gaps = gaps_of(entry, expected)
    if gaps is None:
        return ""
    worst, n = float(gaps[np.argmax(np.abs(gaps))]), entry.get("n", 1)
    said = f"gap {rounded(abs(worst), 2)}"
    if "runs" in entry:
        each = [gaps_of(entry | {"value": run}, expected) for run in entry["runs"]]
        reached = sum(bool(np.all(one >= 0)) for one in each if one is not None)
        return f"{said}; {reached} of {n} runs reach it"
    farthest = entry.get("sd", 0.0) * (n - 1) / np.sqrt(n)
    return f"{said}; no single run reaches it" if n > 1 and worst < -farthest else said


def _last_digit(number: float | str) -> float:
    """Return the unit of the last of at most six printed digits: 0.01 of 0.94, 1 of 1234568.

    A text keeps zeros at its end: 0.1 of "1.0".
    """
    printed = number if isinstance(number, str) else f"{number:.6g}"
    exponent = int(Decimal(printed).as_tuple().exponent)
    return min(max(10.0**exponent, 10.0 ** (Decimal(printed).adjusted() - 5)), 1.0)


def meets(value: float | list[float], goal: str) -> bool:
    """Say whether a value meets a goal such as ``">= 0.97"``; of a list, every value must."""
    if goal[:2] not in _GOALS:
        raise ValueError(f"the goal {goal!r} has to begin with >= or <=.")
    return bool(np.all(_GOALS[goal[:2]](np.asarray(value, float), float(goal[2:]))))


def text(value: Any) -> str:
    """Return a number, or a list of numbers, as a table shows it."""
    if isinstance(value, list):
        return ", ".join(map(text, value))
    if isinstance(value, str):
        return value
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return rounded(value, 4)


def rounded(number: float, digits: int) -> str:
    """Return a number rounded to some leading digits; large numbers are written out."""
    short = f"{number:.{digits}g}"
    return f"{int(float(short)):,}" if "e+" in short else short
