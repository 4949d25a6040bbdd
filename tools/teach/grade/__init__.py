"""``course.py grade``: students' notebooks, run in a sandbox, judged, and written as marks.

Students' code is untrusted. It runs in a sandbox (``sandbox.py``, ``worker.py``) and is asked by a
judge that alone holds the tests (``judge.py``), in plain values (``notebook/wire.py``). Both are
forked (``fork_server.py``), confine themselves (``forked_child.py``, ``seccomp.py``) and are
counted (``accounting.py``). Cells run as in ``check`` (``notebook/shell.py``).

``uploads.py`` reads the files of a folder or zip, and ``collect.py`` says whose they are and which
notebooks, by the class list of ``students.py`` if there is one. ``term.py`` records them. What is
to grade goes to a Dask cluster (``scheduler.py``), one notebook a job
(``submission.py``, ``run_tasks.py``) with the course's side of it (``assignments.py``). Outcomes
are files (``store.py``), and go from there into nbgrader's gradebook (``gradebook.py``), where
people add marks (``formgrader.py``). From it come feedback (``pages.py``) and platforms' tables
(``export.py``). ``cli.py`` is the command.
"""


def main(argv: list[str]) -> int:
    """Run the command line of ``course.py grade``."""
    from tools.teach.grade import cli  # not at the top: a worker needs its own part alone

    return cli.main(argv)
