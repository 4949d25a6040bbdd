"""What draws synthetic pictures, for the samples of `data` and for notebooks: see README.md.

It imports nothing else of the course. What takes long to draw is cached: `data.core.samples`.
"""
