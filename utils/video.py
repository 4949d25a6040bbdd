"""Frames of a video file, one at a time, by OpenCV; a broken file is an error that names it."""

from data.core.video import Info, VideoError, frames, info

__all__ = ["Info", "VideoError", "frames", "info"]
