"""Photographs with faces whose boxes are known exactly, from pictures that scikit-image ships."""

from data.kit.prints import *
