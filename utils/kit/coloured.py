"""Scenes whose colours follow from shape and texture, but for a few things of either colour."""

from data.kit.coloured import *
