"""Drawn people besides those of the sample, also with hair or another trait set by hand."""

from data.upv_gender import *
