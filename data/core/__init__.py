"""What every data set needs: its card, its files, its record, its cached sample, its pictures."""
