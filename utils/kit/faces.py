"""Drawn faces: seeded people with expression, pose, light and exact landmarks."""

from drawing.faces import *
