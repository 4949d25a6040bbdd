"""Photographs to colour: ten to train on, eight grey ones to try, three more in colour."""

from data.colorization import *
