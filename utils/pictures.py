"""Pictures from files and archives as arrays of known shape and type, by Pillow and OpenCV."""

from data.core.pictures import as_rgb, read, read_grey, read_labels, shrink

__all__ = ["as_rgb", "read", "read_grey", "read_labels", "shrink"]
