"""Curves in fractions, with their exact derivative for each person's weight: what the tests of truth are held against.

A ``Slope`` is a fraction and its derivatives; the rules of the four operations are those of school.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

import navoutcomes as nav


@dataclass(frozen=True)
class Slope:
    """A value and its derivative for the weight of each person."""

    value: Fraction
    slopes: tuple[Fraction, ...]

    def __add__(self, other: Slope) -> Slope:
        return Slope(self.value + other.value, tuple(a + b for a, b in zip(self.slopes, other.slopes, strict=True)))

    def __sub__(self, other: Slope) -> Slope:
        return Slope(self.value - other.value, tuple(a - b for a, b in zip(self.slopes, other.slopes, strict=True)))

    def __mul__(self, other: Slope) -> Slope:
        pairs = zip(self.slopes, other.slopes, strict=True)
        return Slope(self.value * other.value, tuple(a * other.value + self.value * b for a, b in pairs))

    def __truediv__(self, other: Slope) -> Slope:
        pairs = zip(self.slopes, other.slopes, strict=True)
        top, bottom = self.value, other.value
        return Slope(top / bottom, tuple((a * bottom - top * b) / bottom**2 for a, b in pairs))


@dataclass(frozen=True)
class Person:
    """Under observation in (entry, time]; ``ending`` None is still followed."""

    time: int
    ending: str | None
    entry: int = -1
    weight: Fraction = Fraction(1)
    group: str = "all"


def cohort(people: Sequence[Person], outcome: str = "job") -> nav.Cohort:
    """The same people through the public door; a column only where somebody needs it."""
    frame = pd.DataFrame([vars(person) for person in people])
    frame["weight"] = frame["weight"].astype(float)
    endings = {"followed": None, **{word: word for word in dict.fromkeys(frame["ending"].dropna())}}
    frame["ending"] = frame["ending"].fillna("followed")
    return nav.Cohort.from_frame(
        frame,
        time="time",
        ending="ending",
        outcome=outcome,
        endings=endings,
        entry="entry" if (frame["entry"] >= 0).any() else None,
        weight="weight" if (frame["weight"] != 1).any() else None,
        arm="group",
        unit="weeks",
    )


def curves(people: Sequence[Person], until: int) -> dict[str, Slope]:
    """Share still there (``stay``), hazard of any ending (``hazard``), and share that has left for each ending, by a
    time: one time after the other, as on paper."""
    size = len(people)

    def constant(value: int) -> Slope:
        return Slope(Fraction(value), (Fraction(0),) * size)

    def weighed(chosen: Sequence[int]) -> Slope:
        value = sum((people[at].weight for at in chosen), Fraction(0))
        return Slope(value, tuple(Fraction(int(at in chosen)) for at in range(size)))

    found = {"stay": constant(1), "hazard": constant(0)}
    found |= {person.ending: constant(0) for person in people if person.ending}
    for time in sorted({person.time for person in people if person.ending and person.time <= until}):
        risk = weighed([at for at, one in enumerate(people) if one.entry < time <= one.time])
        before = found["stay"]
        for ending in [name for name in found if name not in ("stay", "hazard")]:
            left = weighed([at for at, one in enumerate(people) if one.time == time and one.ending == ending])
            found[ending] = found[ending] + before * left / risk
            found["hazard"] = found["hazard"] + left / risk
            found["stay"] = found["stay"] - before * left / risk
    return found


def variance(curve: Slope, people: Sequence[Person]) -> Fraction:
    """The infinitesimal jackknife: the sum of squared (weight times derivative)."""
    return sum(((one.weight * slope) ** 2 for one, slope in zip(people, curve.slopes, strict=True)), Fraction(0))
