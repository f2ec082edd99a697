"""What we may say: policies, protected counts, and values that may leave the room."""
