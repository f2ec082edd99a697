"""Who may be known as whom: identity numbers and protected people found, pseudonyms made, files linked on them."""
