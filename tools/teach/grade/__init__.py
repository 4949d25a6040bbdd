"""``course.py grade``, in parts: a sandbox that answers, a judge that asks, the marks.

Students' code is untrusted. It runs in a sandbox without network (``sandbox.py``, ``worker.py``)
and is asked by a judge that alone holds the tests (``judge.py``); what they say to each other is
plain values (``notebook/wire.py``). Both are forked from a process that stands ready (``ready.py``)
and confine themselves (``confine.py``). Cells run as in a notebook (``notebook/shell.py``), so that
``check`` and ``grade`` agree. The course's side is made ready by ``masters.py``.

Files are found by ``submissions.py`` in what was uploaded (``uploads.py``), which asks ``whose.py``
whose they are (with the class's ``students.py``, if there is a list); which of them count
(``latest.py``) is kept over a whole term (``term.py``). What is still to grade (``left.py``) goes,
one notebook a piece of work (``job.py``, ``examine.py``, ``rounds.py``), to a Dask cluster
(``crew.py``). What comes back (``output.py``) goes into nbgrader's gradebook (``gradebook.py``),
where people add marks by hand in nbgrader's formgrader (``formgrader.py`` lays out what it shows).
From there marks go as ``rows.py`` into a table and pages (``pages.py``), and into the platform's
own table (``export.py``). ``command.py`` is the command, and ``selftest.py`` proves
all of it on the course itself.

Outside the sandbox, students' bytes and texts are read under bounds: archives in ``uploads.py``,
the notebook's JSON in ``examine.py``.
"""


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py grade``."""
    from tools.teach.grade import command  # not at the top: a worker needs its own part alone

    return command.main(argv)
