"""Cora, as the benchmarks of graph networks share it."""

from cora_task import judge, make

__all__ = ["judge", "make"]
