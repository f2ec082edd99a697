"""What files and databases hold: from bytes to cells, before any cell has a meaning."""
