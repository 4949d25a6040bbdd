"""Six speakers on a stage: the report's task, in drawn clips, and crops of its very speakers."""

from data.dominant_speaker import *
from drawing.speakers import SPEAKERS
