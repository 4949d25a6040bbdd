"""Clips of faces as video files: honest and forged ones, and one with several people."""

from data.talking_faces import *
