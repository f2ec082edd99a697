"""What each column is and what its cells say: names, dates, numbers, words."""
