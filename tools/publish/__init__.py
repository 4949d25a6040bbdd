"""For who reads: pages of results, map and glossary, the book, and measurements beside peers."""
