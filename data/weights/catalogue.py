"""Which networks the folders beside this file build."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from data.core import cards
from data.core.cards import UnknownDataset, unknown_message
from data.weights.network import Network


@lru_cache(maxsize=1)
def networks() -> dict[str, Network]:
    """Return what the folders below ``data/weights/`` build, by name."""
    folders = sorted(path.parent.name for path in cards.FOLDER.glob("weights/*/__init__.py"))
    found: dict[str, Network] = {}
    for folder in folders:
        found |= import_module(f"data.weights.{folder}").NETWORKS
    return found


def known(name: str) -> Network:
    """Return how a network is made; UnknownDataset names close matches."""
    if name not in networks():
        where = "the networks that utils.weights builds"
        raise UnknownDataset(unknown_message(name, sorted(networks()), where))
    return networks()[name]
