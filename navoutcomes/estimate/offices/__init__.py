"""Offices compared: observed beside expected, and arms given by chance to whole offices."""
