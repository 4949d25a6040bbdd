"""Seeded generators of drawn and made data: honest miniatures of the real sets."""
