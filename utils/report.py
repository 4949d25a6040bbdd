"""What a notebook measured, beside what its report says.

``record`` keeps one number of the running notebook, ``table`` shows all of them next to
``lessons/``. Both write under ``build/``; only ``python course.py report --accept``
merges into ``results/``.
"""

from __future__ import annotations

import base64
import html
import io
import json
import math
import operator
import os
import re
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from data.core.files import ROOT, build_folder, write_text
from utils import _start, lessons
from utils import touch as figures

if TYPE_CHECKING:
    import matplotlib.figure
    import pandas as pd

RESULTS = ROOT / "results"
COLUMNS = ["metric", "reported", "measured", "data", "goal", "verdict"]
SHOWN = ("value", "sd", "n", "data")  # of what is recorded of a number
TIERS = {"real": "real", "sample": "drawn"}
DATA = ("real", "sample", "stand-in", "none")
_OPERATORS = {">=": operator.ge, "<=": operator.le}
MACHINE_UNITS = ("s", "ms", "frames/s", "MiB")  # of a reported number: of a machine unknown here
NEAR = 0.05  # of a reported value: farther than this is no match, however wide the spread


def record(
    name: str,
    value: float | list[float],
    *,
    data: str,
    sd: float | None = None,
    n: int | None = None,
    note: str | None = None,
    why: str | None = None,
) -> None:
    """Keep one measured number of the running notebook.

    Parameters
    ----------
    name : str
        Name of the metric as in ``lesson.toml``; a name that is not there is the course's
        own and is shown with no reported value.
    value : float or list of float
        The number, or its mean over ``n`` runs.
    data : {"real", "sample", "stand-in", "none"}
        What the number speaks of: the data set that the metric names, its stand-in drawn by the
        course, another set or network in place of the report's, or an architecture alone.
    sd : float, optional
        Standard deviation over ``n`` seeds, splits or folds (``ddof=1``).
    n : int, optional
        Number of runs behind ``value`` and ``sd``.
    note, why : str, optional
        How it was measured; why it falls short of the report or the goal.

    Raises
    ------
    RuntimeError
        If no notebook was started with ``utils.start``.
    ValueError
        If ``data`` is unknown, or the value is no finite number or list of them.
    """
    course = _running()
    if data not in DATA:
        raise ValueError(f"data={data!r} is not known; use one of {', '.join(map(repr, DATA))}.")
    entry: dict[str, Any] = {"value": _plain(name, value), "data": data}
    if sd is not None:
        entry["sd"] = _plain(name, sd)
    n = None if n is None else operator.index(n)  # a plain int of NumPy's
    entry |= {k: v for k, v in {"n": n, "note": note, "why": why}.items() if v is not None}
    course.recorded[name] = entry
    _write(course)


def finding(sentence: str, holds: bool, *, of: str | None = None) -> None:
    """Say what the output beside it shows, and keep whether it does.

    The sentence can then be written flatly: where it does not hold in the committed outputs, the
    test command fails; in another tier or profile it is printed as not holding there, and the
    results page shows it so. A cell that is run again says its sentence anew; that no two cells
    say the same, the structure check sees.

    Parameters
    ----------
    sentence : str
        What was seen, in words a reader may quote: "Without skip links the borders blur."
    holds : bool
        A comparison of what was measured, never a constant.
    of : str, optional
        What stands behind it, a number first: "12 trainings", "5 splits", "1 training". Left out
        where it is exact, such as a count or an identity.

    Raises
    ------
    ValueError
        The sentence is empty, ``holds`` is neither true nor false, or ``of`` does not begin with a
        number.
    """
    course = _running()
    sentence = " ".join(str(sentence).split())
    if not sentence:
        raise ValueError("a finding without a sentence: say what the output beside it shows")
    if not isinstance(holds, bool | np.bool_):
        raise ValueError(f"finding {sentence!r}: {holds!r} is neither true nor false; compare")
    if of is not None and not re.match(r"\d+ \w", of):
        raise ValueError(f'finding {sentence!r}: of={of!r} says no number; such as "5 splits"')
    course.findings[sentence] = bool(holds)
    course.stand_on.pop(sentence, None)
    if of is not None:
        course.stand_on[sentence] = of
    _write(course)
    behind = f" ({of})" if of else ""
    where = f"profile {course.profile}, data {course.data}"
    print(f"Finding{behind}: {sentence}" if holds else f"Does not hold here ({where}): {sentence}")


def check(claim: str, holds: bool) -> None:
    """Print a claim about the output beside it, and whether it holds.

    ``python course.py test`` fails where a claim does not hold with the settings of the committed
    outputs. With other settings it is printed as not holding there.

    Parameters
    ----------
    claim : str
        One plain sentence, such as "The two means differ by less than two points."
    holds : bool
        A comparison of measured values, never a constant.

    Raises
    ------
    ValueError
        If the claim is empty, or ``holds`` is neither true nor false.
    """
    course = _running()
    claim = " ".join(str(claim).split())
    if not claim:
        raise ValueError("report.check needs a sentence: write what the output beside it shows.")
    if not isinstance(holds, bool | np.bool_):
        raise ValueError(f"report.check({claim!r}): {holds!r} is not a truth value; compare.")
    course.findings[claim] = bool(holds)
    _write(course)
    where = f"profile {course.profile}, data {course.data}"
    print(f"\N{CHECK MARK} {claim}" if holds else f"\N{BALLOT X} Not so with {where}: {claim}")


@dataclass(frozen=True)
class Table:
    """Rows with a caption that shows as a table in a notebook and as text elsewhere."""

    caption: str
    frame: pd.DataFrame
    ran: dict[str, Any]  # of which run it is; goes along in the output's metadata

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return {}, {"course": self.ran}

    def __repr__(self) -> str:
        columns = [[name, *self.frame[name]] for name in self.frame]
        widths = [max(map(len, column)) for column in columns]
        lines = zip(*columns, strict=True)
        rows = ("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)
        return "\n".join([self.caption, *rows])

    def _repr_html_(self) -> str:
        head = f"<caption>{html.escape(self.caption)}</caption>"
        body = self.frame.to_html(index=False, border=0, justify="left")
        return body.replace("<thead>", f"{head}\n  <thead>", 1)


def table() -> Table:
    """Return the running notebook's numbers beside the reported ones, ready to be displayed.

    Returns
    -------
    Table
        One row a metric: reported, measured, data, goal, verdict, and the same of the full run.
    """
    course = _running()
    if course.recorded or course.findings:
        _write(course)  # once more: what was loaded since the last number counts too
    metrics = [
        {"metric": name} | {key: entry[key] for key in SHOWN if key in entry}
        for name, entry in course.recorded.items()
    ]
    about = {"notebook": course.notebook, "profile": course.profile, "data": course.data}
    return table_of(about | {"metrics": metrics})


def table_of(ran: dict[str, Any]) -> Table:
    """Return the table of a run as results/ and the reported numbers are now.

    Parameters
    ----------
    ran : dict
        What ``table`` leaves in the metadata of its output: ``notebook``, ``profile``, ``data``
        and the list ``metrics`` of what was recorded, in order.
    """
    import pandas as pd

    name, measured = ran["notebook"], {one["metric"]: one for one in ran["metrics"]}
    expected = reported().get(name, {}).get("metrics", {})
    full = full_run(name)
    rows = []
    for metric in dict.fromkeys([*expected, *measured, *full["metrics"]]):
        held_to = expected.get(metric, {})
        told = row(metric, measured.get(metric), held_to)
        rows.append([*told, *full_cells(full["metrics"].get(metric), held_to)])
    frame = pd.DataFrame(rows, columns=[*COLUMNS, "full run", "its verdict"])
    caption = f"{name}: reported and measured (profile {ran['profile']}, data {ran['data']})"
    return Table(f"{caption}{full['told']}", frame, ran)


def full_run(notebook: str) -> dict[str, Any]:
    """Return what the accepted full run of a notebook measured, and ratios beside peers.

    Returns
    -------
    dict
        ``metrics`` as in results/full.json, empty where it never ran; ``told``, what a caption
        says of the run: its day, its data, and whether the notebook's code is newer.
    """
    entry = kept("full", "notebooks").get(notebook, {})
    told = f"; full run on {tiers(entry)} data of {entry['finished'][:10]}" if entry else ""
    newer = kept("stale", "notebooks").get(notebook, {})
    if newer.get("own") and newer["commit"] == entry.get("commit"):
        told += f", of older code than this (commit {entry['commit']})"
    return {"metrics": entry.get("metrics", {}) | beside_peers(notebook), "told": told}


def tiers(entry: dict[str, Any]) -> str:
    """Return of what data a result is: real, drawn, or both."""
    data = {one["data"] for one in entry.get("datasets", {}).values()} or {entry["tier"]}
    return " and ".join(name for one, name in TIERS.items() if one in data)


def beside_peers(notebook: str) -> dict[str, Any]:
    """Return the ratios to peers, of results/bench.json, that are numbers of a notebook."""
    found = (one["metrics"].get(notebook, {}) for one in kept("bench", "benchmarks").values())
    return {name: entry for metrics in found for name, entry in metrics.items()}


def kept(name: str, part: str) -> dict[str, Any]:
    """Return what is accepted in a file of results/; empty where it is not there."""
    path = RESULTS / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))[part] if path.is_file() else {}


def full_cells(entry: dict[str, Any] | None, expected: dict[str, Any]) -> list[str]:
    """Return what the full run measured, and its verdict; two empty cells where it did not."""
    if entry is None:
        return ["", ""]
    told = row("", entry, expected)
    data = "" if entry["data"] in ("real", "none") else f" ({entry['data']})"
    return [told[2] + data, told[-1]]


def figure(fig: matplotlib.figure.Figure, name: str) -> None:
    """Save a figure of a full run on real data as SVG for the results page; else do nothing.

    Curves, heatmaps of confusion, ROC curves and point clouds only: never a picture of a data
    set, or anything that shows a person.
    """
    course = _running()
    if course.profile != "full" or course.data != "real":
        return
    path = build_folder() / "figures" / course.notebook / f"{name}.svg"
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    fig.savefig(partial, format="svg", metadata={"Date": None})
    os.replace(partial, path)
    course.figures.append(path.name)
    _write(course)


def touch(kind: str, **numbers: Any) -> None:
    """Show a figure that answers: a reader moves what the picture of this cell holds still.

    It works in JupyterLab while the notebook runs, and in the book, which makes it of the same
    numbers. Without scripts the cell's picture stands there alone.

    Parameters
    ----------
    kind : str
        Which figure of ``utils/touch/`` is made of them; ValueError if there is none.
    **numbers
        Text, numbers or arrays. Floats are rounded to four digits. A picture of uint8,
        (height, width) or (height, width, 3), is handed over as a PNG, and as a JPEG under the
        name ``photo``, or one that begins with ``photo_``.
    """
    from IPython.display import display

    handed = {
        name: _as_picture(value, "JPEG") if _is_photo(name, value) else _handed(value)
        for name, value in numbers.items()
    }
    display({figures.mime(kind): handed, "text/html": figures.frame(kind, handed)}, raw=True)


def _is_photo(name: str, value: Any) -> bool:
    picture = isinstance(value, np.ndarray) and value.dtype == np.uint8 and value.ndim in (2, 3)
    return picture and (name == "photo" or name.startswith("photo_"))


def _handed(value: Any) -> Any:
    if isinstance(value, list) and value and isinstance(value[0], list | np.ndarray):
        return [*map(_handed, value)]
    if isinstance(value, list) and len(value) > 20 and all(isinstance(v, float) for v in value):
        value = np.array(value)
    if not isinstance(value, np.ndarray):
        return value
    if value.ndim > 1 and value.dtype != np.uint8:
        return [*map(_handed, value)]
    if value.ndim == 1:  # as text: the file has a line for each number of a list
        return {"numbers": " ".join(f"{v:.4g}" for v in value)}
    return _as_picture(value, "PNG")


def _as_picture(pixels: np.ndarray, form: str) -> str:
    """Return pixels (h, w) or (h, w, 3), uint8, as an address that holds the picture itself."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, form, optimize=True, quality=80)
    return f"data:image/{form.lower()};base64," + base64.b64encode(file.getvalue()).decode()


def verdict(entry: dict[str, Any] | None, expected: dict[str, Any]) -> str:
    """Judge one measured number against the reported one and the goal.

    Parameters
    ----------
    entry : dict or None
        ``{"value": ..., "data": ..., "sd": ...}`` as ``record`` keeps it; None if not run.
    expected : dict
        The metric's entry in ``lesson.toml``.

    Returns
    -------
    str
        ``matched`` (within two standard deviations and at least one test item, and no farther than
        a twentieth of the value; or equal where ``exact``), ``in its spread`` (farther, but still
        within two standard deviations: they are wide), ``better`` (in the mean of several
        trainings), ``better once`` (in one), ``short`` (of the report or of the goal), ``met`` (a
        goal with no reported value), ``not comparable`` (another tier or network than the metric
        speaks of, time or memory of another machine, or a setting that was found: no value of it
        is better than another), ``not run``, or ``""`` (nothing to compare with).
    """
    if entry is None:
        return "not run"
    wanted = "sample" if expected.get("tier") == "sample" else "real"
    if not expected or not ({"reported", "goal"} & expected.keys()):
        return ""
    of_machine = "reported" in expected and expected.get("unit") in MACHINE_UNITS
    if entry["data"] not in (wanted, "none") or expected.get("setting") or of_machine:
        return "not comparable"
    if "goal" in expected and not meets(entry["value"], expected["goal"]):
        return "short"
    return _against_reported(entry, expected) if "reported" in expected else "met"


def meets(value: float | list[float], goal: str) -> bool:
    """Say whether a value meets a goal such as ``">= 0.97"``; of a list, every value must.

    Raises
    ------
    ValueError
        If the goal is not ``>=`` or ``<=`` and a number.
    """
    sign, _, bound = goal.partition(" ")
    if sign not in _OPERATORS:
        raise ValueError(f"goal {goal!r} is not understood; write '>= number' or '<= number'.")
    return bool(np.all(_OPERATORS[sign](np.asarray(value, float), float(bound))))


def reported() -> dict[str, Any]:
    """Return every number that the reports print, by notebook; one without a report is left out."""
    found = {name: lessons.reported(name) for name in lessons.names()}
    return {name: told for name, told in found.items() if told}


def result_path(notebook: str, profile: str) -> Path:
    """Return where the numbers of a notebook's last run are kept."""
    return build_folder() / "results" / f"{notebook.replace('/', '__')}.{profile}.json"


def _against_reported(entry: dict[str, Any], expected: dict[str, Any]) -> str:
    value, target = entry["value"], expected["reported"]
    if expected.get("exact"):
        return "matched" if value == target else "short"
    values = np.atleast_1d(np.asarray(value, float))
    targets = np.atleast_1d(np.asarray(target, float))
    if values.shape != targets.shape:
        return "not comparable"
    gap = (values - targets) * (-1 if _lower_is_better(expected) else 1)
    one_item = 1 / expected["test_items"] if "test_items" in expected else 0.0
    printed = min(map(_last_digit, targets))  # 0.627 beside 0.6196 was printed without its zero
    slack = max(2 * entry.get("sd", 0.0), one_item, 0.5 * printed)
    if np.all(np.abs(gap) <= slack):
        near = np.all(np.abs(gap) <= np.maximum(NEAR * np.abs(targets), one_item))
        return "matched" if near or "sd" not in entry else "in its spread"
    if not np.all(gap >= -slack):
        return "short"
    return "better" if "sd" in entry else "better once"


def _lower_is_better(expected: dict[str, Any]) -> bool:
    if "goal" in expected:
        return expected["goal"].startswith("<=")
    return expected.get("better") == "lower"


def _last_digit(number: float) -> float:
    """Return the unit of the last printed digit, at most six of them: 0.94 is known to 0.01.

    Of a whole number that is 1, whatever its size.
    """
    return min(10.0 ** int(Decimal(f"{number:.6g}").as_tuple().exponent), 1.0)


def row(name: str, entry: dict[str, Any] | None, expected: dict[str, Any]) -> list[str]:
    """Return one line of a table: metric, reported, measured, data, goal, verdict."""
    told = text(expected.get("reported"))
    unit = expected.get("unit", "")
    told += f" {unit}" if told and unit else ""
    if entry is None:
        return [name, told, "", "", expected.get("goal", ""), "not run"]
    shown = text(entry["value"])
    shown += f" ± {rounded(entry['sd'], 2)}" if "sd" in entry else ""
    shown += f" {unit}" if unit else ""
    shown += f" (n = {entry['n']})" if entry.get("n", 1) > 1 else ""
    return [name, told, shown, entry["data"], expected.get("goal", ""), verdict(entry, expected)]


def text(value: Any) -> str:
    """Return a number, or a list of them, as a reader wants it."""
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(map(text, value))
    if isinstance(value, str):
        return value
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return rounded(value, 4)


def rounded(number: float, digits: int) -> str:
    """Return a number rounded to some leading digits; large ones are written out."""
    short = f"{number:.{digits}g}"
    return f"{int(float(short)):,}" if "e+" in short else short


def _plain(name: str, value: Any) -> Any:
    if isinstance(value, list | tuple | np.ndarray) and len(value):
        return [_plain(name, v) for v in value]
    number = value.item() if isinstance(value, np.generic) else value
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        raise ValueError(f"{name} = {value!r} is not a finite number, so it can't be recorded.")
    return number


def _running() -> _start.Course:
    course = _start.current()
    if course is None:
        raise RuntimeError(
            'No notebook is running: call course = utils.start("06/01") before utils.report.'
        )
    return course


def _write(course: _start.Course) -> None:
    real = [d["fraction"] for d in course.datasets.values() if d["data"] == "real"]
    content = {
        "notebook": course.notebook,
        "profile": course.profile,
        "tier": course.data,
        "seed": course.seed,
        "fraction": min(real, default=None),  # of the least complete real set
        "datasets": course.datasets,
        "networks": list(course.networks),
        "checkpoints": course.checkpoints,
        "findings": course.findings,
        "stand_on": course.stand_on,
        "figures": course.figures,
        "metrics": course.recorded,
    }
    text = json.dumps(content, indent=1, ensure_ascii=False)
    write_text(result_path(course.notebook, course.profile), text + "\n")
