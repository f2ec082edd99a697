"""How do the invented people end, and when? Cause-specific hazards, constant between a few days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from navoutcomes.records.synthetic.programmes.population import Floats, People, Whole

MONTH = 30.4375
NEVER = 10**6


@dataclass(frozen=True)
class Hazards:
    """Hazards a month of each cause from each day in ``cuts`` on, for the reference person; and what changes them.

    ``slopes``: log hazard ratios of covariates, by cause; a covariate is a name of the population (``age`` in tens of
    years from 30, ``months`` in twelves). ``offices``: log hazard ratios of offices 0, 1, ... ``effect``: log hazard
    ratio of the arm, by cause and piece, times the person's ``modifier``.
    """

    cuts: tuple[float, ...]
    monthly: Mapping[str, tuple[float, ...]]
    slopes: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    offices: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    effect: Mapping[str, tuple[float, ...]] = field(default_factory=dict)

    @property
    def causes(self) -> tuple[str, ...]:
        """The ways to end."""
        return tuple(self.monthly)

    @property
    def covariates(self) -> frozenset[str]:
        """Which covariates matter, ``office`` among them."""
        named = {name for slopes in self.slopes.values() for name in slopes}
        return frozenset(named | ({"office"} if self.offices else set()))

    def daily(self, people: People, arm: NDArray, modifier: NDArray | float = 1.0) -> Floats:
        """Hazards a day. Shapes: arrays (n,), arm (n,) -> (causes, n, pieces)."""
        exposed = (np.asarray(arm, dtype=float) * modifier)[:, None]
        made = []
        for cause, monthly in self.monthly.items():
            log = np.log(np.array(monthly) / MONTH)[None, :] + linear(self.slopes.get(cause, {}), people)[:, None]
            if cause in self.offices:
                log = log + np.array(self.offices[cause])[people["office"]][:, None]
            if cause in self.effect:
                log = log + exposed * np.array(self.effect[cause])[None, :]
            made.append(np.exp(log))
        return np.stack(made)

    def draw(self, hazards: Floats, time: Floats, cause: Floats) -> tuple[Whole, NDArray[np.str_]]:
        """Whole days until the end and its cause, from two uniforms a person.

        Shapes: (causes, n, pieces), (n,) -> (n,).
        Whole days are the continuous time rounded up, so that the share out by day d is exactly the distribution at d.
        """
        total = hazards.sum(axis=0)
        widths = np.diff(self.cuts)
        gathered = np.concatenate([np.zeros((len(time), 1)), np.cumsum(total[:, :-1] * widths, axis=1)], axis=1)
        asked = -np.log1p(-time)
        piece = (asked[:, None] >= gathered[:, 1:]).sum(axis=1)
        rows = np.arange(len(time))
        days = np.array(self.cuts)[piece] + (asked - gathered[rows, piece]) / total[rows, piece]
        shares = np.cumsum(hazards[:, rows, piece] / total[rows, piece], axis=0)
        which = np.minimum((cause >= shares).sum(axis=0), len(self.causes) - 1)
        return np.clip(np.ceil(days), 1, NEVER).astype(np.int64), np.array(self.causes)[which]

    def incidence(self, hazards: Floats, weight: Floats, horizon: int) -> Floats:
        """Share of the weighted people who have left for each cause by the end of each day: exact, no simulation.

        Shapes: hazards (causes, c, pieces), weight (c,) -> (causes, horizon + 1), the first column 0.
        """
        total, alive = hazards.sum(axis=0), np.array(weight, dtype=float)
        out = np.zeros((len(self.causes), horizon + 1))
        ends = (*self.cuts[1:], float(horizon))
        for piece, (begin, end) in enumerate(zip(self.cuts, ends, strict=True)):
            shares = hazards[:, :, piece] / total[:, piece]
            stays = np.exp(-total[:, piece])
            for day in range(int(begin) + 1, int(min(end, horizon)) + 1):
                left = alive * stays
                out[:, day] = out[:, day - 1] + shares @ (alive - left)
                alive = left
        return out

    def with_effect(self, cause: str, pieces: slice, value: float) -> Hazards:
        """The same hazards with another effect in some pieces."""
        effect = np.array(self.effect[cause], dtype=float)
        effect[pieces] = value
        return replace(self, effect={**self.effect, cause: tuple(map(float, effect))})


def linear(slopes: Mapping[str, float], people: People) -> Floats:
    """The sum of log ratios for each person; age in tens of years from 30, months in twelves. Shapes: (n,)."""
    total = np.zeros(len(people["age"]))
    for name, slope in slopes.items():
        values = people[name].astype(float)
        total += slope * ((values - 30) / 10 if name == "age" else values / 12 if name == "months" else values)
    return total
