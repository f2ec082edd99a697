"""Generalised linear models: steps, links, errors for people and offices, Firth."""
