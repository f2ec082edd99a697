"""What is estimated from a risk table alone: curves, quantiles, restricted means, tests."""
