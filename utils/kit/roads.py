"""Drawn roads: pedestrians, cars and motorcycles with their boxes and masks."""

from drawing.roads import *
