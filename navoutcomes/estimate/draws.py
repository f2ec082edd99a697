"""Nothing is random without a generator that the analyst names."""

from __future__ import annotations

import numpy as np

from navoutcomes.errors import DesignProblem
from navoutcomes.notes import Note, note

Seed = np.random.Generator | int | None


def generator(rng: Seed) -> np.random.Generator:
    """The generator, or one from a seed. Raises ``DesignProblem`` for none, and for what is neither."""
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, int | np.integer) and not isinstance(rng, bool) and rng >= 0:
        return np.random.default_rng(rng)
    raise DesignProblem("generator_needed")


def seeded(rng: Seed) -> tuple[Note, ...]:
    """The seed as a remark, for tables and manifests; a generator's beginning is the analyst's own to keep."""
    return () if rng is None or isinstance(rng, np.random.Generator) else (note("seed_used", seed=int(rng)),)


def check_replicates(replicates: int, fewest: int = 100) -> None:
    """Raises ``DesignProblem`` for too few repeated draws to read a tail from."""
    if isinstance(replicates, bool) or not isinstance(replicates, int | np.integer) or replicates < fewest:
        raise DesignProblem("choice_unknown", asked=str(replicates), known=(f"replicates >= {fewest}",))
