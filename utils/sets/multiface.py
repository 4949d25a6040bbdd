"""Photographs with one to many faces, for detectors."""

from data.photographs.generator import photographs
