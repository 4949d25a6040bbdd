"""Landscapes with one sight each: a lighthouse, a fir, a castle, a balloon."""

from data.kit.sights import *
