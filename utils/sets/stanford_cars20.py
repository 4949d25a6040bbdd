"""Cars of twenty models, cropped and scaled to 250x250, to be told apart by their model."""

from data.stanford_cars20 import *
