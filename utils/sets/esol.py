"""Molecules as SMILES, their descriptors, and the way to an RDKit molecule."""

from data.esol import *
