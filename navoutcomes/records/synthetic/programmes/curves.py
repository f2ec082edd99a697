"""The true cumulative incidence of each cause by day, exactly, for everybody or a part of the people."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType

import numpy as np

from navoutcomes.records.synthetic.programmes.model import Model, cells
from navoutcomes.records.synthetic.programmes.population import Floats


@cache
def curves(model: Model, horizon: int, arm: int = 0, among: str = "all") -> MappingProxyType[str, Floats]:
    """Share gone for each cause by the end of day 0, 1, ... ``horizon``, had everybody in ``among`` been in the arm.

    ``among``: ``all``; ``arm`` or ``no_arm`` (those who in fact got the programme, or did not); ``under_30``
    or ``30_and_over`` (strata); ``office 0``, ``office 1``, ...; a trait's name (those who have it).
    """
    people, weight = cells(model)
    part = weight * _belongs(model, among)
    here = part > 0
    people, part = {name: values[here] for name, values in people.items()}, part[here]
    hazards = model.hazards.daily(people, np.full(len(part), arm), model.modifier(people))
    out = model.hazards.incidence(hazards, part / part.sum(), horizon)
    out.setflags(write=False)
    return MappingProxyType(dict(zip(model.hazards.causes, out, strict=True)))


def share_of(model: Model, among: str) -> float:
    """The share of all people that a part makes up."""
    return float(cells(model)[1] @ _belongs(model, among))


def _belongs(model: Model, among: str) -> Floats:
    people, weight = cells(model)
    if among == "all":
        return np.ones(len(weight))
    if among in ("arm", "no_arm"):
        probability = model.probability(people)
        return probability if among == "arm" else 1 - probability
    youngest = np.array([stratum.ages[0] for stratum in model.population.strata])[people["stratum"]]
    if among in ("under_30", "30_and_over"):
        return np.asarray((youngest < 30) == (among == "under_30"), dtype=np.float64)
    if among.startswith("office "):
        return np.asarray(people["office"] == int(among.removeprefix("office ")), dtype=np.float64)
    return np.asarray(people[among], dtype=np.float64)


def pooled(model: Model, causes: tuple[str, ...], horizon: int, arm: int = 0, among: str = "all") -> Floats:
    """Share gone for any of some causes by each day. Shapes: (horizon + 1,)."""
    every = curves(model, horizon, arm, among)
    return np.asarray(np.sum([every[cause] for cause in causes], axis=0))


def area(curve: Floats, horizon: int) -> float:
    """Area under a curve of whole days from 0 to the horizon: the mean time lost to the cause, in days."""
    return float(curve[1:horizon].sum())
