"""Grading untrusted notebooks: a sandbox that answers, a judge that asks, a book that is kept."""
