"""The order in which a term takes the notebooks: their weeks, and what comes before what."""

import graphlib

from tools.notebook.common import Notebook, Problem


def follows(notebook: Notebook) -> list[str]:
    """Return the numbers of the notebooks that come before one in the term.

    ``after`` in a lesson.toml names some of which nothing is taken for granted.
    """
    return sorted({*notebook.prerequisites, *notebook.lesson.get("after", [])})


def in_order(every: list[Notebook]) -> list[Notebook]:
    """Return notebooks by their weeks, each after what it builds on or follows.

    One without a week comes last. Raises Problem where some follow each other in a ring.
    """
    here = {n.id for n in every}
    before = {n.id: [i for i in follows(n) if i in here] for n in every}
    try:
        place = {i: k for k, i in enumerate(graphlib.TopologicalSorter(before).static_order())}
    except graphlib.CycleError as error:
        ring = ", ".join(error.args[1])
        raise Problem(f"{ring}: each comes after the one before it, so none can be first") from None
    return sorted(every, key=lambda n: (n.lesson.get("week", 99), place[n.id]))
