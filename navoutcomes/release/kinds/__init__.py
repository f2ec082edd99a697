"""A rule for each kind of result: how it may leave the room, or what to ask instead. ``rules.py`` has them all."""
