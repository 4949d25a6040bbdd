"""Drawn people as newspapers show them: the whole head in colour, every day another picture."""

from drawing.portraits import *
