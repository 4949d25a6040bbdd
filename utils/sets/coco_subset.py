"""COCO's objects in photographs: a box, a class and a mask of each."""

from data.coco_subset import *
