"""What samples are drawn with, for notebooks that draw for themselves.

A module here hands on all names of the one in ``drawing``: there ``data`` is a package, and
in a notebook it is ``utils.data`` alone.
"""
