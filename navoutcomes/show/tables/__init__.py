"""Kinds of results as heads and rows of printed cells: one file a family, gathered by ``show/table.py``."""
