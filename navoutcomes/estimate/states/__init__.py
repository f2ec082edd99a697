"""People who move between states, and endings that come again."""
