"""``course.py grade``, in parts: a sandbox that answers, a judge that asks, the marks.

Students' code is untrusted. It runs in a sandbox without network (``sandbox.py``, ``worker.py``)
and is asked by a judge that alone holds the tests (``judge.py``); what they say to each other is
plain values (``notebook/wire.py``). Both are forked from a process that stands ready
(``fork_server.py``), and confine themselves (``forked_child.py``, with the filter of system calls
of ``seccomp.py``); what they use is counted by ``accounting.py``. Cells run as in a notebook
(``notebook/shell.py``), so that ``check`` and ``grade`` agree. The course's side of an assignment
is made ready by ``assignments.py``.

``uploads.py`` reads the files of a folder or zip, and ``collect.py`` says whose they are and which
notebooks (by the class list of ``students.py``, if there is one). ``term.py`` records them over a
whole term. What is still to grade (``pending.py``) goes, one notebook a job (``job.py``,
``examine.py``, ``run_tasks.py``), to a Dask cluster (``scheduler.py``). What comes back
(``output.py``, with the files and the lock of ``store.py``) goes into nbgrader's gradebook
(``gradebook.py``), where people add marks by hand in nbgrader's formgrader (``formgrader.py`` lays
out what it shows). From there marks go as ``rows.py`` into a table and pages (``pages.py``), and
into the platform's own table (``export.py``). ``cli.py`` is the command, and ``selftest.py`` proves
all of it on the course itself.

Outside the sandbox, students' bytes and texts are read under bounds: archives in ``uploads.py``,
the id in a notebook's metadata in ``collect.py``, its cells in ``examine.py``.
"""


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py grade``."""
    from tools.teach.grade import cli  # not at the top: a worker needs its own part alone

    return cli.main(argv)
