"""Who stops coming: shares, models, and how good the models are."""
