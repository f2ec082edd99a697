"""What leaves the room: a bundle of figures, tables and documents, whole or not at all, the same bytes each time."""
