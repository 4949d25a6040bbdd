"""For everybody: what all tools know of a notebook, its cells, its tasks and how it runs."""
