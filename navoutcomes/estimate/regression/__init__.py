"""From rows and terms to coefficients: hazards, shares, rates, times."""
