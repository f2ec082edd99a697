"""Curves from counts: products, sums, their errors, bands and tests."""
