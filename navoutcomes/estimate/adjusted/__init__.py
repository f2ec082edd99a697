"""Groups made comparable: weights, balance, standardisation, and errors that know the weights were estimated."""
