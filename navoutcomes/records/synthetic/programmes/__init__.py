"""Invented people in every programme of the house's five documents: one file a programme, drawn from one engine."""
