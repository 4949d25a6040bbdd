"""What runs, checks, grades and publishes the notebooks; notebooks never import it."""
