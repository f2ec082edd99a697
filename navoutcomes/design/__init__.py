"""What we ask: the question as a frozen protocol, and the people it is asked of, followed from time zero."""
