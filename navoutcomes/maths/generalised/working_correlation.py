"""How alike rows that belong together are taken to be: a guess that makes estimates sharper and need not be right.

Rows stand block by block, in order within each. No matrix as large as a block is ever made: turning the rows of a
block so that the working correlation becomes none (``whitened``) is a sum over the block, or a look at the row before.

Reference: Liang & Zeger 1986; Yan & Fine 2004 (the correlation from all pairs, as R ``geepack``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize

from navoutcomes.maths.arrays import Floats, Indices

KINDS = ("independence", "exchangeable", "ar1")
HIGHEST, GRID, CLOSE = 0.999, 401, 1e-14


@dataclass(frozen=True)
class Blocks:
    """Rows block by block. Shapes: begin (B + 1,) where each begins and ends; place (n,) whole steps since the first
    row of the block, increasing within it."""

    begin: Indices
    place: Indices

    @property
    def sizes(self) -> Indices:
        """Rows of each block. Shape (B,)."""
        return np.diff(self.begin)

    def sums(self, values: Floats) -> Floats:
        """By block. Shapes: (n, ...) -> (B, ...)."""
        return np.asarray(np.add.reduceat(values, self.begin[:-1], axis=0))

    def spread(self, values: Floats) -> Floats:
        """Each block's value to its rows. Shapes: (B, ...) -> (n, ...)."""
        return np.repeat(values, self.sizes, axis=0)


@dataclass(frozen=True)
class Alike:
    """``alpha`` the correlation of two rows (of two neighbouring ones for ar1), ``scale`` how many times as much rows
    spread as the family says; ``limited`` whether alpha was held inside what such blocks can have."""

    alpha: float
    scale: float
    limited: bool = False


def alike(kind: str, blocks: Blocks, rest: Floats, root: Floats) -> Alike:
    """Scale and correlation by moments over all pairs.

    Shapes: rest (n,) Pearson residuals times ``root`` (n,), the square root of the weight.
    """
    scale = float(rest @ rest) / float(root @ root)
    if kind == "independence" or scale == 0:
        return Alike(0.0, scale)
    if kind == "exchangeable":
        pairs = float((blocks.sums(root) ** 2).sum() - root @ root)
        if pairs <= 0:
            return Alike(0.0, scale)
        found = float((blocks.sums(rest) ** 2).sum() - rest @ rest) / pairs / scale
        lowest = -HIGHEST / max(int(blocks.sizes.max()) - 1, 1)
    else:
        found, lowest = _decay(*_by_lag(blocks, rest, root), scale), -HIGHEST
    held = min(max(found, lowest), HIGHEST)
    return Alike(held, scale, held != found)


def whitened(kind: str, blocks: Blocks, alpha: float, values: Floats) -> Floats:
    """Rows turned so that those of a block are no longer correlated. Shapes: (n, k) -> (n, k)."""
    if kind == "independence" or alpha == 0:
        return values
    if kind == "exchangeable":
        size = blocks.sizes
        left = 1 - np.sqrt((1 - alpha) / (1 + (size - 1) * alpha))
        mean = blocks.sums(values) * (left / size)[:, None]
        return np.asarray((values - blocks.spread(mean)) / np.sqrt(1 - alpha))
    follows, steps = _follows(blocks)
    near = alpha ** steps.astype(float)
    turned = np.array(values)
    turned[follows] -= near[:, None] * values[follows - 1]
    turned[follows] /= np.sqrt(1 - near**2)[:, None]
    return turned


def _follows(blocks: Blocks) -> tuple[Indices, Indices]:
    """Rows that are not the first of their block, and how many steps after the row before."""
    first = np.zeros(len(blocks.place), dtype=bool)
    first[blocks.begin[:-1]] = True
    rows = np.flatnonzero(~first)
    return rows, blocks.place[rows] - blocks.place[rows - 1]


def _by_lag(blocks: Blocks, rest: Floats, root: Floats) -> tuple[Floats, Floats]:
    """Sums of products of all pairs of rows of a block, and of their weights, by how far apart they are."""
    longest = int(blocks.place.max(initial=0))
    product, mass = np.zeros(longest + 1), np.zeros(longest + 1)
    block = np.repeat(np.arange(len(blocks.sizes)), blocks.sizes)
    for shift in range(1, int(blocks.sizes.max(initial=1))):
        early = np.flatnonzero(block[shift:] == block[:-shift])
        late = early + shift
        apart = blocks.place[late] - blocks.place[early]
        product += np.bincount(apart, rest[early] * rest[late], minlength=longest + 1)
        mass += np.bincount(apart, root[early] * root[late], minlength=longest + 1)
    return product[1:], mass[1:]


def _decay(product: Floats, mass: Floats, scale: float) -> float:
    """The alpha whose powers are nearest to the correlations at each lag, pair by pair."""
    here = mass > 0
    if not here.any():
        return 0.0
    lag = 1 + np.flatnonzero(here)
    seen, mass = product[here] / mass[here] / scale, mass[here]

    def slope(alpha: float) -> float:
        return float((mass * lag * alpha ** (lag - 1.0)) @ (seen - alpha**lag))

    # The sum of squares may have several bottoms where lags disagree: the deepest of a fine grid, then its own.
    tried = np.linspace(-HIGHEST, HIGHEST, GRID)
    misfit = ((seen - tried[:, None] ** lag) ** 2) @ mass
    best = int(misfit.argmin())
    low, high = tried[max(best - 1, 0)], tried[min(best + 1, GRID - 1)]
    if slope(low) * slope(high) > 0:
        return float(tried[best])
    return float(optimize.brentq(slope, low, high, xtol=CLOSE, rtol=CLOSE))
