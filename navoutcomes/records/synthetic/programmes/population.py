"""Who could have been referred? Covariates with known shares, drawn by inverting uniforms, and every combination."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
People = dict[str, NDArray]


@dataclass(frozen=True)
class Stratum:
    """A part of the people with a fixed share: ``ages`` from the youngest to the oldest, both included."""

    name: str
    share: float
    ages: tuple[int, int]


@dataclass(frozen=True)
class Months:
    """Whole months on social assistance before time zero: the whole part of an exponential with a cap.

    Its mean is ``mean + per_year * (age - 18)``; nobody has more than ``most``, nor more than since the eighteenth
    birthday.
    """

    mean: float
    per_year: float
    most: int

    def means(self, age: NDArray) -> Floats:
        """Mean of the exponential, by age."""
        return np.asarray(self.mean + self.per_year * (np.asarray(age, dtype=float) - 18))

    def caps(self, age: NDArray) -> Whole:
        """Largest possible number, by age."""
        return np.minimum(self.most, 12 * (np.asarray(age, dtype=np.int64) - 18))


@dataclass(frozen=True)
class Population:
    """People by stratum, age, months on social assistance, yes/no traits and office.

    ``traits`` are independent of everything else; ``by_office`` are traits whose share differs by office (0, 1, ...).
    ``age_power`` above 1 makes the young the most numerous within a stratum.
    """

    strata: tuple[Stratum, ...]
    months: Months
    offices: tuple[float, ...] = (1.0,)
    traits: Mapping[str, float] = field(default_factory=dict)
    by_office: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    age_power: float = 1.3

    @property
    def uniforms(self) -> tuple[str, ...]:
        """How many uniforms a person takes, by name."""
        return ("stratum", "age", "months", "office", *self.traits, *self.by_office)

    def draw(self, u: Mapping[str, Floats]) -> People:
        """People from uniforms. Shapes: every array (n,)."""
        stratum = chosen(u["stratum"], np.array([one.share for one in self.strata]))
        low = np.array([one.ages[0] for one in self.strata])[stratum]
        span = np.array([one.ages[1] + 1 - one.ages[0] for one in self.strata])[stratum]
        age = low + np.minimum(span * u["age"] ** self.age_power, span - 1).astype(np.int64)
        months = np.minimum(-self.months.means(age) * np.log1p(-u["months"]), self.months.caps(age)).astype(np.int64)
        office = chosen(u["office"], np.array(self.offices))
        people: People = {"stratum": stratum, "age": age, "months": months, "office": office}
        people |= {name: (u[name] < share).astype(np.int64) for name, share in self.traits.items()}
        return people | {
            name: (u[name] < np.array(share)[office]).astype(np.int64) for name, share in self.by_office.items()
        }

    def cells(self, using: tuple[str, ...]) -> tuple[People, Floats]:
        """Every combination of stratum, age and of the names in ``using``, and its share of all people.

        Shapes: arrays (c,); shares sum to 1. Names left out, ``months`` too, are 0 in every cell.
        """
        parts = [self._ages_and_months(place, "months" in using) for place in range(len(self.strata))]
        stratum, age, months, weight = (np.concatenate(column) for column in zip(*parts, strict=True))
        people: People = {"stratum": stratum, "age": age, "months": months, "office": np.zeros(len(age), np.int64)}
        if "office" in using:
            people, weight = _crossed(people, weight, "office", np.tile(self.offices, (len(age), 1)))
        for name in (*self.traits, *self.by_office):
            if name not in using:
                people[name] = np.zeros(len(weight), np.int64)
                continue
            by_office = name in self.by_office
            yes = (
                np.array(self.by_office[name])[people["office"]]
                if by_office
                else np.full(len(weight), self.traits[name])
            )
            people, weight = _crossed(people, weight, name, np.stack([1 - yes, yes], axis=1))
        kept = weight > 0
        return {name: values[kept] for name, values in people.items()}, weight[kept]

    def _ages_and_months(self, place: int, apart: bool) -> tuple[Whole, Whole, Whole, Floats]:
        stratum = self.strata[place]
        ages = np.arange(stratum.ages[0], stratum.ages[1] + 1)
        share = np.diff((np.arange(len(ages) + 1) / len(ages)) ** (1 / self.age_power))
        if not apart:
            return np.full(len(ages), place), ages, np.zeros(len(ages), np.int64), stratum.share * share
        months = np.arange(self.months.most + 1)
        cap = self.months.caps(ages)[:, None]
        at_least = np.where(months <= cap, np.exp(-months / self.months.means(ages)[:, None]), 0.0)
        monthly = at_least - np.append(at_least[:, 1:], np.zeros((len(ages), 1)), axis=1)
        weight = (stratum.share * share[:, None] * monthly).ravel()
        age, month = (grid.ravel() for grid in np.meshgrid(ages, months, indexing="ij"))
        kept = weight > 0
        return np.full(kept.sum(), place), age[kept], month[kept], weight[kept]


def chosen(uniform: Floats, shares: Floats) -> Whole:
    """Which of K classes each uniform falls in. Shapes: (n,), (K,) -> (n,)."""
    return np.asarray(np.searchsorted(np.cumsum(shares)[:-1], uniform, side="right"), dtype=np.int64)


def _crossed(people: People, weight: Floats, name: str, shares: Floats) -> tuple[People, Floats]:
    """Each cell once for each value of a new covariate. Shapes: shares (c, V)."""
    values = shares.shape[1]
    wider = {key: np.repeat(column, values) for key, column in people.items()}
    wider[name] = np.tile(np.arange(values), len(weight))
    return wider, (weight[:, None] * shares).ravel()
