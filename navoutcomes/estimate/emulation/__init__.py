"""Comparisons that need care with time and attendance: clones, sequential trials, adherence, bounds."""
