"""People with marked joints in photographs: a few of CrowdPose and COCO, or drawn scenes."""

from data.pose_samples import *
