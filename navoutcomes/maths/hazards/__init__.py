"""Likelihoods and sums of hazard models: Cox, Fine-Gray, periods."""
