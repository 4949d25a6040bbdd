"""A file that cannot be graded, and how large one may be."""

MAX_BYTES = 25_000_000


class Refused(Exception):
    """A file that cannot be graded; the text says why."""
