"""Which networks the folders beside this file build, and which of them can be had now."""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module

from data.core import cards, fetch
from data.core.cards import UnknownDataset, unknown_message
from data.core.fetch import human_size
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


def at_hand(name: str, *, top: bool = True) -> bool:
    """Return whether a network of ``networks()`` can be loaded without a download.

    Its file lies in the local data folder or the cache, or a package ships it; no checksum is
    computed yet.
    """
    network = known(name)
    listed = [cards.get(entry) for entry in network.entries or (name,)]
    file = network.file_for(top)
    return any(card.shipped or fetch.at_hand(card, card.file(file)) for card in listed)


def choose(own: str, otherwise: str, *, tier: str, top: bool = False) -> tuple[str, str]:
    """Return the network that a notebook takes, and a line that says so: ``Course.network``.

    The report's own in the real tier where its file is at hand, else the one that stands in.
    """
    network, card = known(own), cards.get(own)
    if tier == "real" and at_hand(own, top=top):
        return own, f"network {own}, the report's own"
    known(otherwise)
    size = card.file(network.file_for(top)).size
    size_text = f" ({human_size(size)})" if size else ""
    have = "the real tier takes it once it is" if tier == "sample" else "to take it, have it"
    return otherwise, (
        f"network {otherwise}, in place of the report's {own}{size_text}; {have} here:\n"
        f"python course.py data fetch {own}"
    )
