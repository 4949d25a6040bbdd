"""Which commit is checked out, and whether what a notebook computes is as that commit has it."""

import shutil
import subprocess

from tools.notebook.common import ROOT

# What the run of any notebook depends on, beside the notebook and its lesson.
SHARED = ("utils", "data", "drawing", "requirements.txt", "pyproject.toml")


def git(*arguments: str) -> str | None:
    """Return what a git command prints; None without git, outside a checkout, or if it fails."""
    if not (program := shutil.which("git")):
        return None
    # Without a lock, which a run that is stopped would leave in the repository.
    command = [program, "--no-optional-locks", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=False)
    return done.stdout if done.returncode == 0 else None


def head() -> str:
    """Return the commit that is checked out, in twelve digits; empty where none is known."""
    return (git("rev-parse", "--short=12", "HEAD") or "").strip()


def uncommitted(*paths: str) -> list[str]:
    """Return the files below some paths that differ from the commit; all where none is known."""
    changes = git("status", "--porcelain", "--", *paths)
    return [line[3:] for line in changes.splitlines()] if changes is not None else [*paths]


def commit_of(notebook: str) -> str:
    """Return the commit that a notebook runs as, with ``+`` where its files differ from it."""
    own = (f"notebooks/{notebook}.ipynb", f"lessons/{notebook}")
    return head() + "+" * bool(head() and uncommitted(*own, *SHARED))


def reaches(commit: str) -> bool:
    """Say whether a commit is the one that is checked out, or an ancestor of it."""
    return git("merge-base", "--is-ancestor", commit, "HEAD") is not None
