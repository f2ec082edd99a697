"""What could a study of this size have shown, and how large would it have to be? Asked before the data are opened.

For the smallest difference that would be worth acting on, never for the one that was seen: power reckoned from the seen
difference says nothing the p-value has not said.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.curves.incidence import IncidenceCurves
from navoutcomes.estimate.goals.asked import check_share, checked, exact, how, sizes_of, up
from navoutcomes.estimate.goals.worth import worth_of
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS
from navoutcomes.maths.power import (
    fisher_power,
    fisher_size,
    hazard_events,
    hazard_power,
    normal_power,
    normal_size,
    smallest_difference,
    spread_by_clusters,
)
from navoutcomes.notes import Log, Note, note, warning
from navoutcomes.records.origin import Origin


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class StudySize(Result):
    """Persons, endings, chances or differences: one row each, ``measure`` says which, ``group`` in which arm."""


@dataclass(frozen=True)
class Offices:
    """Persons come in offices: ``persons`` of each, alike by ``icc`` (the intraclass correlation, 0-1)."""

    persons: float
    icc: float

    def __post_init__(self) -> None:
        if self.persons < 1:
            raise DesignProblem("not_positive", argument="persons")
        check_share("icc", self.icc, open_ends=False)


@door
def size_needed(
    reference: float,
    other: float,
    power: float = 0.8,
    ratio: float = 1.0,
    offices: Offices | None = None,
    test: str | None = None,
    known: float = 1.0,
    level: float = 0.95,
) -> StudySize:
    """How many persons are needed to tell two shares apart?

    Arguments: ``reference`` and ``other`` the shares (0-1) in the two arms: what is expected without the programme, and
    the smallest share that would make it worth while; ``power`` the chance that the study finds it; ``ratio`` persons
    in the other arm for each in the reference arm; ``offices`` when offices, not persons, are given the programme;
    ``test`` fisher, normal, or None: Fisher's where the normal approximation asks for fewer than 100 in an arm;
    ``known`` the share (0-1) of persons whose ending, or whole follow-up until the time, will be known (the others
    count as if they had not been asked, which is on the safe side). When other endings compete, the shares are
    cumulative incidences: of all, not of those without another ending.
    Shapes: ``table`` has one row an arm (and one for the number of offices).
    Raises: ``DesignProblem`` for shares outside 0-1, or equal ones.
    Assumes: those who are lost are like the others.
    Reference: Fleiss 1981; Fisher 1935 (the number from which the exact power holds); Donner & Klar 2000.
    """
    checked(level, power, ratio, reference=reference, other=other)
    if reference == other:
        raise DesignProblem("no_difference_asked", argument="other")
    number = normal_size(reference, other, power, level, ratio)
    by_fisher = exact(test, number * min(1.0, ratio))
    if by_fisher:
        number = fisher_size(reference, other, power, level, ratio)
    return _size(
        number / _above_zero(known), ratio, offices, level, (how(by_fisher), note("power_asked", power=100 * power))
    )


@door
def size_needed_hazard(
    ratio: float,
    ended: float,
    power: float = 0.8,
    allocation: float = 0.5,
    offices: Offices | None = None,
    level: float = 0.95,
) -> StudySize:
    """How many endings, and how many persons, does a hazard ratio need?

    Arguments: ``ratio`` the smallest hazard ratio worth finding; ``ended`` the share (0-1) of all who are expected to
    end for the cause within the follow-up, when other endings compete and some are still there; ``power``;
    ``allocation`` share of persons in one of the arms; ``offices``.
    Shapes: ``table`` has a row for endings and one for persons of both arms.
    Raises: ``DesignProblem`` for a ratio that is not above 0 or is 1, or shares outside 0-1.
    Assumes: hazards are proportional (cause-specific; for the subdistribution the same number of endings holds).
    Reference: Schoenfeld 1983; Latouche, Porcher & Chevret 2004.
    """
    checked(level, power, 1.0, ended=ended, allocation=allocation)
    if ratio <= 0:
        raise DesignProblem("not_positive", argument="ratio")
    if ratio == 1:
        raise DesignProblem("no_difference_asked", argument="ratio")
    spread = 1.0 if offices is None else spread_by_clusters(offices.persons, offices.icc)
    events = hazard_events(ratio, power, level, allocation) * spread
    rows: list[dict[str, object]] = [
        {"group": "all", "measure": "endings needed", "estimate": up(events)},
        {"group": "all", "measure": "persons needed", "estimate": up(events / ended)},
    ]
    method = (note("power_schoenfeld"), note("power_asked", power=100 * power))
    return _of_offices(rows, up(events / ended), offices, level, method)


@door
def power(
    persons: Sequence[int],
    reference: float,
    other: float,
    offices: Offices | None = None,
    test: str | None = None,
    known: float = 1.0,
    level: float = 0.95,
) -> StudySize:
    """Which chance did a study of this size have to tell two shares apart?

    Arguments: ``persons`` in the reference arm and in the other; the rest as ``size_needed``. ``other`` is the smallest
    share that would have been worth finding, decided beforehand: never the share that was seen.
    Raises: as ``size_needed``, and for numbers of persons below 2.
    """
    sizes = sizes_of(persons)
    checked(level, 0.8, 1.0, reference=reference, other=other)
    spread = (1.0 if offices is None else spread_by_clusters(offices.persons, offices.icc)) / _above_zero(known)
    by_fisher = exact(test, min(sizes) / spread)
    worth = (int(sizes[0] / spread), int(sizes[1] / spread))
    chance = fisher_power(reference, other, worth, level) if by_fisher else normal_power(reference, other, worth, level)
    row = {"group": "all", "measure": "power", "estimate": chance, "at_risk": float(sum(sizes))}
    return _result([row], level, (how(by_fisher), note("power_not_seen")), _few(sum(sizes), offices))


@door
def power_hazard(ratio: float, endings: float, allocation: float = 0.5, level: float = 0.95) -> StudySize:
    """Which chance does so many endings give to find a hazard ratio? Arguments as ``size_needed_hazard``."""
    checked(level, 0.8, 1.0, allocation=allocation)
    if ratio <= 0 or endings <= 0:
        raise DesignProblem("not_positive", argument="ratio" if ratio <= 0 else "endings")
    chance = hazard_power(ratio, endings, level, allocation)
    row = {"group": "all", "measure": "power", "estimate": chance, "events": float(endings)}
    return _result([row], level, (note("power_schoenfeld"), note("power_not_seen")), Log())


@door
def detectable_difference(
    persons: Sequence[int] | IncidenceCurves,
    reference: float | None = None,
    power: float = 0.8,
    offices: Offices | None = None,
    level: float = 0.95,
    known: float = 1.0,
    at: float | None = None,
    cause: str | None = None,
) -> StudySize:
    """Which is the smallest difference a study of this size would find?

    Arguments: ``persons`` in the reference arm and in the other; ``reference`` the share expected there; ``power``;
    ``offices`` and ``known`` as in ``size_needed``. Instead of numbers: cumulative incidences of two arms with ``at`` a
    time and ``cause`` (None: the outcome); then each arm counts as the persons its own error is worth, so that endings
    that compete, those followed shorter and offices are in it, and ``reference`` (None) is the reference arm's share.
    Shapes: ``table`` has a row for a larger and one for a smaller share: the share, as ``estimate``; not a number where
    no share would be found.
    Raises: as ``size_needed``. Reference: the normal approximation, Fleiss 1981.
    """
    seen = isinstance(persons, IncidenceCurves)
    if isinstance(persons, IncidenceCurves):
        if offices is not None or known != 1:
            raise DesignProblem("precision_twice")
        sizes, worth, share = worth_of(persons, at, cause)
        reference = share if reference is None else reference
    else:
        sizes = sizes_of(persons)
        spread = (1.0 if offices is None else spread_by_clusters(offices.persons, offices.icc)) / _above_zero(known)
        worth = (sizes[0] / spread, sizes[1] / spread)
    if reference is None:
        raise DesignProblem("not_a_share", argument="reference")
    checked(level, power, 1.0, reference=reference)
    rows = []
    for side, measure in ((1, "smallest share found above"), (-1, "smallest share found below")):
        found = smallest_difference(reference, worth, power, level, side)
        rows.append({"group": "other arm", "measure": measure, "estimate": found if abs(found) <= 1 else float("nan"),
                     "at_risk": float(sizes[1])})  # fmt: skip
    method: tuple[Note, ...] = (how(by_fisher=False), note("power_asked", power=100 * power), note("power_not_seen"))
    if seen:
        method = (*method, note("power_of_curves", first=round(worth[0]), second=round(worth[1])))
    return _result(rows, level, method, _few(sum(sizes), offices))


def _above_zero(known: float) -> float:
    if not 0 < known <= 1:
        raise DesignProblem("not_a_share", argument="known")
    return known


def _size(number: float, ratio: float, offices: Offices | None, level: float, method: tuple[Note, ...]) -> StudySize:
    spread = 1.0 if offices is None else spread_by_clusters(offices.persons, offices.icc)
    first, second = up(number * spread), up(number * spread * ratio)
    rows: list[dict[str, object]] = [
        {"group": "reference arm", "measure": "persons needed", "estimate": first},
        {"group": "other arm", "measure": "persons needed", "estimate": second},
    ]
    return _of_offices(rows, first + second, offices, level, method)


def _of_offices(
    rows: list[dict[str, object]], persons: float, offices: Offices | None, level: float, method: tuple[Note, ...]
) -> StudySize:
    if offices is not None:
        number = up(persons / offices.persons)
        rows.append({"group": "all", "measure": "offices needed", "estimate": number})
        method = (*method, note("power_offices", persons=offices.persons, icc=offices.icc))
    return _result(rows, level, method, _few(persons, offices))


def _few(persons: float, offices: Offices | None) -> Log:
    if offices is None or persons / offices.persons >= FEWEST_CLUSTERS:
        return Log()
    return Log((warning("power_few_offices", fewest=FEWEST_CLUSTERS),))


def _result(rows: Sequence[dict[str, object]], level: float, method: tuple[Note, ...], findings: Log) -> StudySize:
    return StudySize(
        level=level, unit="", origin=Origin(), method=method, findings=findings, _table=tidy(pd.DataFrame(list(rows)))
    )
