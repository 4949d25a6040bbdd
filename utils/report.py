"""What a notebook measured, beside what its source reports.

``record`` saves one number of the running notebook, ``check`` a claim about its output, and
``table`` shows all numbers beside the reported ones. They write below ``build/``; only
``python course.py report --accept`` writes ``results/full.json``.
"""

from __future__ import annotations

import base64
import html
import io
import json
import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from data.core.files import build_folder, write_text
from utils import _start, lessons, results
from utils import touch as figures
from utils._arguments import check_range, check_whole

if TYPE_CHECKING:
    import matplotlib.figure
    import pandas as pd

DATA = ("real", "sample", "stand-in", "none")
NOT_SO = "not so in this run"
RUN_FOLDER = "COURSE_RUN_DIR"


def record(
    name: str, value: float | list[float], *, data: str, sd: float | None = None,
    n: int | None = None, runs: list[float] | None = None, note: str | None = None,
    why: str | None = None,
) -> None:  # fmt: skip
    """Save one measured number of the running notebook, or its mean over ``n`` runs.

    Where ``lesson.toml`` has the ``name``, the number is compared with the reported value and the
    goal there. ``data`` says what was measured: "real", the data set of the source; "sample", the
    course's sample of it; "stand-in", another set or network in its place; "none", an architecture
    alone. ``sd`` is the standard deviation over ``n`` seeds, splits or folds (``ddof=1``), and
    ``runs`` are their values, of which the results page says how many reach the source's. ``note``
    says how it was measured, ``why`` why it falls short of the reported value or the goal.

    Raises RuntimeError if no notebook was started with ``utils.start``, and ValueError if ``data``
    is unknown, the value is not a finite number or a list of them, ``sd`` not one number of at
    least 0, or ``n`` no whole one of at least 1.
    """
    course = _running()
    if data not in DATA:
        raise ValueError(f"data={data!r} is not known; use one of {', '.join(map(repr, DATA))}.")
    entry: dict[str, Any] = {"value": _plain(name, value), "data": data}
    entry |= {
        k: _plain(f"{k} of {name}", v)
        for k, v in {"sd": sd, "n": n, "runs": runs}.items()
        if v is not None
    }
    check_range("[0, inf)", **{f"sd of {name}": entry.get("sd", 0)})
    check_whole(1, **{f"n of {name}": entry.get("n", 1)})
    entry |= {k: v for k, v in {"note": note, "why": why}.items() if v is not None}
    course.recorded[name] = entry
    _write(course)


def check(claim: str, holds: bool) -> None:
    """Print a claim about what was measured, and whether it holds in this run.

    The claim is one plain sentence, such as "The two means differ by less than two points.", and
    ``holds`` a comparison of measured values, never a constant. It has to hold in the profiles
    ``lesson`` and ``full``: ``python course.py test`` fails where it does not hold in the committed
    outputs. A quick run is too short to decide, and says so. A claim that is made several times, as
    in a loop, holds where it does each time.
    """
    course = _running()
    claim = " ".join(str(claim).split())
    course.findings[claim] = bool(holds) and course.findings.get(claim, True)
    _write(course)
    if holds:
        print(f"measured: {claim}")
    elif not course.decides:
        print(f"not decided by a quick run: {claim}")
    else:
        print(f"{NOT_SO} (profile {course.profile}, data {course.data}): {claim}")
        if (course.profile, course.data) != ("full", "real"):
            print("  With the course's own code it is so: look at what you wrote or changed above.")


@dataclass(frozen=True)
class Measured:
    """A number of a full run: its value, or a mean over ``n`` runs with their ``sd``."""

    value: float | list[float]
    sd: float  # standard deviation over the n seeds, splits or folds; nan where there is one
    n: int  # how many seeds, splits or folds
    data: str  # what it was measured on: "real", "sample", "stand-in" or "none"


def full(name: str) -> Measured:
    """Return a number of the running notebook's full run that was accepted last.

    A lesson shows it beside its own, for example real data beside synthetic ones. Raises
    LookupError where no accepted run has measured it. The full run itself, which is to measure
    it, gets nan.
    """
    course = _running()
    metrics = results.full_metrics(course.notebook)
    if name not in metrics:
        if course.profile == "full":
            return Measured(math.nan, math.nan, 1, "none")
        unit, notebook = course.notebook.split("/")
        raise LookupError(
            f"No accepted full run has measured {name!r}; measured were: "
            f"{', '.join(sorted(metrics)) or 'none'}. Authors measure it with `python course.py "
            f"run {unit[:2]}/{notebook[:2]} --profile full --data real` and `report --accept`."
        )
    entry = metrics[name]
    return Measured(entry["value"], entry.get("sd", math.nan), entry.get("n", 1), entry["data"])


@dataclass(frozen=True)
class Table:
    """Rows with a caption, shown as a table in a notebook and as text elsewhere."""

    caption: str
    frame: pd.DataFrame
    run: dict[str, Any]  # what `table_of` makes the table of; saved in the output's metadata

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        return {}, {"course": self.run}

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

    A row has a metric's name, the value that the source reports, and what this run and the
    accepted full run measured. In a full run it has the goal, what the run measured, and the
    verdict.
    """
    course = _running()
    _write(course)  # again: data sets that were loaded since the last number belong to it
    shown = ("value", "sd", "n", "data", "why")
    metrics = [
        {"metric": name} | {key: entry[key] for key in shown if key in entry}
        for name, entry in course.recorded.items()
    ]
    run = {"notebook": course.notebook, "profile": course.profile, "data": course.data}
    return table_of(run | {"metrics": metrics})


def table_of(run: dict[str, Any]) -> Table:
    """Return the table of a run, as ``table`` describes it in the metadata of its output."""
    import pandas as pd

    name = run["notebook"]
    measured = {entry["metric"]: entry for entry in run["metrics"]}
    expected = lessons.reported(name).get("metrics", {})
    accepted = results.full_metrics(name)
    names = dict.fromkeys([*expected, *measured])
    if run["profile"] == "full":
        caption = f"A full run, data {run['data']}"
        columns = ["number", "source", "goal", "measured", "verdict"]
        metrics = accepted | measured  # benchmarks, which no run of a page measures, are accepted
        rows = [_full_row(m, metrics.get(m), expected.get(m, {})) for m in names]
    else:
        caption = f"This run: profile {run['profile']}, data {run['data']}"
        if full_run := results.full_run(name):
            caption += f"; {results.describe(name, full_run)}"
        columns = ["number", "source", "this run", "full run"]
        both = ((m, measured.get(m), accepted.get(m), expected.get(m, {})) for m in names)
        rows = [_row(*entries) for entries in both]
    return Table(caption, pd.DataFrame(rows, columns=columns), run)


def _full_row(name: str, entry: dict[str, Any] | None, fields: dict[str, Any]) -> list[str]:
    _, source, value, data, goal, verdict = results.row(name, entry, fields)
    why = fields.get("miss") or (entry or {}).get("why") or fields.get("why")
    verdict += f": {why}" if verdict == "short" and why else ""
    return [name, source, goal, with_data(value, data), verdict]


def _row(
    name: str,
    entry: dict[str, Any] | None,
    accepted: dict[str, Any] | None,
    fields: dict[str, Any],
) -> list[str]:
    _, source, value, *_ = results.row(name, entry, fields)
    _, _, full_value, data, *_ = results.row(name, accepted, fields)
    return [name, source, value, with_data(full_value, data)]


def with_data(value: str, data: str) -> str:
    """Return a measured value with what it was measured on, where that is not the source's data."""
    return value + ("" if data in ("", "real", "none") else f" ({data})")


def figure(fig: matplotlib.figure.Figure, name: str) -> None:
    """Save a figure of a full run on real data as SVG for the results page; else do nothing.

    Curves, heatmaps of confusion, ROC curves and point clouds only: never a picture of a data
    set, or anything that shows a person.
    """
    course = _running()
    if course.profile != "full" or course.data != "real":
        return
    path = _run_folder() / "figures" / course.notebook / f"{name}.svg"
    svg = io.StringIO()
    fig.savefig(svg, format="svg", metadata={"Date": None})
    write_text(path, svg.getvalue())
    course.figures.append(path.name)
    _write(course)


def touch(kind: str, **numbers: Any) -> None:
    """Show a figure that answers: a reader moves what the picture of this cell holds still.

    It works in JupyterLab while the notebook runs, and in the book, which makes it of the same
    numbers. Without scripts the cell's picture stands there alone.

    ``kind`` names a figure of ``utils/touch/``. The numbers are text, numbers or arrays; floats in
    arrays are rounded to four digits. A picture of uint8, (height, width) or (height, width, 3),
    becomes a PNG, and a JPEG under the name ``photo``.
    """
    from IPython.display import display

    content = {
        name: _as_picture(value, "JPEG") if name == "photo" else _as_json(value)
        for name, value in numbers.items()
    }
    display({figures.mime(kind): content, "text/html": figures.frame(kind, content)}, raw=True)


def _as_json(value: Any) -> Any:
    if isinstance(value, np.generic | np.ndarray) and value.ndim == 0:
        value = value.item()
    if isinstance(value, np.ndarray) and value.ndim == 1 and value.dtype.kind in "biuf":
        form = ".4g" if value.dtype.kind == "f" else "d"
        return {"numbers": " ".join(format(v, form) for v in value)}  # a list has a line a number
    if isinstance(value, np.ndarray) and value.dtype == np.uint8:
        return _as_picture(value, "PNG")
    return [*map(_as_json, value)] if isinstance(value, list | np.ndarray) else value


def _as_picture(pixels: np.ndarray, form: str) -> str:
    """Return pixels (h, w) or (h, w, 3), uint8, as an address that holds the picture itself."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(pixels).save(file, form, optimize=True, quality=80)
    return f"data:image/{form.lower()};base64," + base64.b64encode(file.getvalue()).decode()


def result_path(notebook: str, profile: str, data: str) -> Path:
    """Return where the numbers of a notebook's last run with these two switches are saved."""
    return _run_folder() / "results" / f"{notebook.replace('/', '__')}.{profile}.{data}.json"


def _run_folder() -> Path:
    """Return where a notebook writes; `run` takes it from there when the notebook has ended."""
    return Path(os.environ.get(RUN_FOLDER) or build_folder())


def result_of(course: _start.Course) -> dict[str, Any]:
    """Return what is saved of a run: its switches, what it loaded, and what it measured."""
    return {
        "notebook": course.notebook,
        "profile": course.profile,
        "data": course.data,
        "seed": course.seed,
        "datasets": course.datasets,
        "networks": list(course.networks),
        "findings": course.findings,
        "decides": course.decides,
        "figures": course.figures,
        "metrics": course.recorded,
    }


def _plain(what: str, value: Any) -> Any:
    value = value.tolist() if isinstance(value, np.ndarray | np.generic) else value
    if isinstance(value, list | tuple) and value:
        return [_plain(what, v) for v in value]
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{what} = {value!r} is not a finite number, so it can't be recorded.")
    return value


def _running() -> _start.Course:
    course = _start.current()
    if course is None:
        raise RuntimeError('No notebook is running: call course = utils.start("06/01") first.')
    return course


def _write(course: _start.Course) -> None:
    text = json.dumps(result_of(course), indent=1, ensure_ascii=False)
    write_text(result_path(course.notebook, course.profile, course.data), text + "\n")
