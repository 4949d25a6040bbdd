"""Drawn people: whole bodies in scenes, with their joints and masks, and crops of single people."""

from drawing.bodies import *
