"""What a data set has besides its record, such as constants, clips or measures: a module a set.

A module here hands on all names of the folder in ``data``: there ``data`` is a package, and in a
notebook it is ``utils.data`` alone. Records come from ``utils.data.load``.
"""
