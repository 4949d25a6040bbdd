"""Forged faces: how to go on with fewer of them."""

from data.forged_faces import *
