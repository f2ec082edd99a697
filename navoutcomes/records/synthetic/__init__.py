"""Invented people in the files of an office, with the truth beside them: one file a programme, one engine."""
