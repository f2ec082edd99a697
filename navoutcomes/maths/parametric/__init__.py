"""Times with a shape: accelerated and spline models, exact likelihoods and Newton."""
