"""What the rounds say: rates, ratios to the peer, and their table."""

from __future__ import annotations

import statistics
from typing import Any

from rich.table import Table

from tools.publish.bench.benchmark import Benchmark
from utils.results import rounded, text


def answers(told: dict[str, dict[str, Any]]) -> dict[tuple[str, str], Any]:
    """Return the answer of every row of a round, by side and row."""
    return {
        (side, row): entry["answer"]
        for side, part in told.items()
        for row, entry in part["rows"].items()
    }


def rows_of(
    benchmark: Benchmark,
    rounds: list[dict[str, Any]],
    items: int,
    quality: dict[tuple[str, str], dict[str, float]],
) -> list[dict[str, Any]]:
    """Return each row's rate over the rounds, its ratio to the peer, and its quality."""
    rows = []
    for side, name in answers(rounds[0]):
        each = rates(rounds, side, name, items)
        reference = statistics.median(rates(rounds, "peer", benchmark.against(name), items))
        own = rounds[0][side]["rows"][name].get("items", items)
        cpu = [told[side]["rows"][name]["cpu_seconds"] / own for told in rounds]
        rows.append(
            {
                "side": side,
                "row": name,
                "rate": statistics.median(each),
                "lowest": min(each),
                "highest": max(each),
                "ratio": statistics.median(each) / reference,
                "cpu_ms": 1000 * statistics.median(cpu),
                "quality": quality[side, name],
            }
        )
    return rows


def rates(rounds: list[dict[str, Any]], side: str, row: str, items: int) -> list[float]:
    """Return items a second of one row, one a round; a row may be of another number of them."""
    entries = [told[side]["rows"][row] for told in rounds]
    return [entry.get("items", items) / entry["seconds"] for entry in entries]


def fastest_equal(
    benchmark: Benchmark, rows: list[dict[str, Any]], row: str
) -> dict[str, Any] | None:
    """Return the fastest of our rows in a row's group that is no worse than the peer's, or None."""
    against = benchmark.against(row)
    (peer,) = (r for r in rows if (r["side"], r["row"]) == ("peer", against))
    least = peer["quality"][benchmark.quality] - benchmark.slack
    equal = [
        r
        for r in rows
        if r["side"] == "ours"
        and benchmark.against(r["row"]) == against
        and r["quality"][benchmark.quality] >= least
    ]
    return max(equal, key=lambda r: r["rate"], default=None)


def metrics_of(
    benchmark: Benchmark, result: dict[str, Any], rounds: list[dict[str, Any]]
) -> dict[str, dict[str, Any]]:
    """Return the ratios that the lessons ask for, by notebook and name.

    The value is the ratio of medians; the standard deviation is that of the rounds' own ratios.
    """
    found: dict[str, dict[str, Any]] = {}
    for metric in benchmark.metrics:
        ours = rates(rounds, "ours", metric["row"], result["items"])
        against = benchmark.against(metric["row"])
        peer = rates(rounds, "peer", against, result["items"])
        entry = {
            "value": statistics.median(ours) / statistics.median(peer),
            "data": result["data"],
            "n": len(rounds),
            "note": note(benchmark, result, metric["row"]),
        }
        if len(rounds) > 1:
            entry["sd"] = statistics.stdev(a / b for a, b in zip(ours, peer, strict=True))
        found.setdefault(metric["notebook"], {})[metric["name"]] = entry
    return found


def note(benchmark: Benchmark, result: dict[str, Any], row: str) -> str:
    """Return how a row's ratio was measured, in one sentence, and the fastest row beside it."""
    version = result["versions"]["peer"].get(benchmark.peer, "")
    told = (
        f"times as fast as {benchmark.peer} {version}, {result['what']}, {result['threads']} "
        f"threads, {result['rounds']} rounds in turn"
    )
    best = fastest_equal(benchmark, result["rows"], row)
    if best and best["row"] != row:
        told += f"; fastest at equal {benchmark.quality}: {best['row']}, {best['ratio']:.3g} times"
    return told


def table(result: dict[str, Any]) -> Table:
    """Return a measurement as a table."""
    others = f"{100 * result['machine']['others']:.0f} %"
    left = "".join(f"\n{row} left out: {why}" for row, why in result["skipped"].items())
    shown_table = Table(
        title=f"{result['title']} (data {result['data']}, {result['threads']} threads)",
        caption=f"Medians of {result['rounds']} rounds, lowest to highest. Other work took "
        f"{others} of the machine.{left}",
        box=None,
        padding=(0, 1),
        title_justify="left",
        caption_justify="left",
    )
    for heading in headings(result):
        shown_table.add_column(heading, overflow="fold")
    for row in result["rows"]:
        shown_table.add_row(*cells(row))
    return shown_table


def headings(result: dict[str, Any]) -> list[str]:
    """Return the headings of a measurement's table."""
    quality = list(result["rows"][0]["quality"])
    return ["row", f"{result['unit']}/s", "spread", "ratio", "CPU ms", *quality]


def speeds(row: dict[str, Any]) -> list[str]:
    """Return the items a second of a row, from the slowest round to the fastest, and its ratio."""
    rate, low, high = (rounded(row[name], 3) for name in ("rate", "lowest", "highest"))
    return [rate, f"{low} to {high}", f"{row['ratio']:.2f}"]


def cells(row: dict[str, Any]) -> list[str]:
    """Return one row of a measurement's table."""
    return [
        f"{row['side']}: {row['row']}",
        *speeds(row),
        f"{row['cpu_ms']:.0f}",
        *(text(value) for value in row["quality"].values()),
    ]
