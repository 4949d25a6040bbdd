"""Photographs with one to many faces, for detectors."""

from data.multiface.generator import photographs
