"""Drawn roads in place of the photographs."""

from data.coco_subset.generator import roads_of

__all__ = ["roads_of"]
