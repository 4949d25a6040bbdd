"""For who learns: open the notebooks, run them, check tasks, fetch data; a release has these."""
