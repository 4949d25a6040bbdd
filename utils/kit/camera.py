"""What a camera does to a picture: exposure, tint, blur, the sensor's noise, whole numbers."""

from drawing.camera import *
