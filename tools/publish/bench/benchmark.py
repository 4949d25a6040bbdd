"""A benchmark: a folder of ``benchmarks/`` and what its ``bench.toml`` says."""

from __future__ import annotations

import importlib.util
import sys
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

from tools.notebook.common import BUILD, ROOT, Problem, shown

BENCHMARKS = ROOT / "benchmarks"


@dataclass(frozen=True)
class Benchmark:
    """A folder of ``benchmarks/`` and what its ``bench.toml`` says."""

    folder: Path
    title: str
    peer: str
    python: str
    gigabytes: float
    unit: str
    compare: tuple[str, ...]
    quality: str
    slack: float
    metrics: tuple[dict[str, str], ...] = ()
    columns: dict[str, str] = field(default_factory=dict)  # what the columns of answers hold

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.name

    def against(self, row: str) -> str:
        """Return the peer's row that a row is compared with: the one of its group.

        A group is what stands before the colon of a row's name ("GAT: sparse words"); a row
        without a group of its own is compared with the first.
        """
        group = row.partition(":")[0]
        return next((r for r in self.compare if r.partition(":")[0] == group), self.compare[0])

    @property
    def result(self) -> Path:
        """Where the last measurement is kept."""
        return BUILD / "bench" / f"{self.name}.json"

    def task(self) -> ModuleType:
        """Return the module that writes the inputs and judges the answers."""
        path = self.folder / "task.py"
        if str(BENCHMARKS) not in sys.path:  # what several benchmarks share lies there
            sys.path.append(str(BENCHMARKS))
        spec = importlib.util.spec_from_file_location(f"bench_{self.name}", path)
        assert spec is not None and spec.loader is not None  # a file that ends in .py
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module


def all_benchmarks() -> list[Benchmark]:
    """Return the benchmarks of the course in order."""
    return [read(path.parent) for path in sorted(BENCHMARKS.glob("*/bench.toml"))]


def read(folder: Path) -> Benchmark:
    """Read a benchmark's ``bench.toml``; an error names the file and what is wrong."""
    path = folder / "bench.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        for several in ("compare", "metrics"):
            value = table.get(several, ())
            table[several] = (value,) if isinstance(value, str) else tuple(value)
        return Benchmark(folder=folder, **table)
    except (tomllib.TOMLDecodeError, TypeError) as error:
        raise Problem(f"{shown(path)} can't be read: {error}") from None


def select(names: list[str]) -> list[Benchmark]:
    """Return the benchmarks of these names, all of them for none."""
    known = {benchmark.name: benchmark for benchmark in all_benchmarks()}
    unknown = [name for name in names if name not in known]
    if unknown:
        have = ", ".join(known) or "none"
        raise Problem(f"there is no benchmark {', '.join(unknown)}; benchmarks/ has {have}")
    return [known[name] for name in dict.fromkeys(names)] if names else list(known.values())
