"""What every data set needs once: cards, tiers, fetching, sums, archives, records, provenance."""
