"""Photographs with faces whose boxes are known exactly, from portraits that packages ship."""

from data.kit.prints import *
