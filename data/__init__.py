"""The package of data sets: a folder a set or a family of sets.

Such a folder holds its card (``card.toml``), the type of its record and the reader of its official
files (``__init__.py``), its seeded sample (``generator.py``) and their tests; or, in place of the
sample, the values of a small set with an open licence (a packed file, and ``pack.py``, which makes
it). Generators draw with the package ``drawing``. Notebooks load a set through ``utils.data``.
``core`` is what all sets need once, ``weights`` the pretrained networks. ``python course.py new
data/NAME`` begins a folder.
"""
