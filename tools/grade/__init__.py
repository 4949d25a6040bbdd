"""``course.py grade``, in parts: a sandbox that answers, a judge that asks, a book that is kept.

Students' code is untrusted. It runs in a sandbox without network (``sandbox.py``, ``worker.py``)
and is asked by a judge that alone holds the tests (``judge.py``); what they say to each other is
plain values (``tools/wire.py``). Cells run as in a notebook (``tools/shell.py``), so that ``check``
and ``grade`` agree; ``agree.py`` proves it. Files are found by ``submissions.py`` and go, one
notebook a piece of work (``examine.py``), to a Dask cluster (``crew.py``); marks go into nbgrader's
gradebook (``book.py``), and from there into tables and pages (``pages.py``). ``command.py`` is the
command.
"""


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py grade``."""
    from tools.grade import command  # not at the top: a worker needs its own part alone

    return command.main(argv)
