"""Codes of Nav, KOSTRA and the municipalities: what they mean, how they are recoded, where they cannot be trusted."""
