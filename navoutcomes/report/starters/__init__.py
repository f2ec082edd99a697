"""Room of new evaluations: a notebook for an office's own extract, and invented people of the same shape beside it."""
