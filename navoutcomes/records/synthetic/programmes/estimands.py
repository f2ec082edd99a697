"""Rows of true numbers: risks, differences and mean times, with and without the programme, and as naively compared."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from navoutcomes.records.synthetic.programmes.curves import area, pooled
from navoutcomes.records.synthetic.programmes.model import Model
from navoutcomes.records.synthetic.programmes.population import Floats

Row = tuple[Any, ...]
TIMES = (91, 183, 365, 548, 730, 1096)


def risks(model: Model, outcomes: Iterable[tuple[str, ...]], times: tuple[int, ...], among: str = "all") -> list[Row]:
    """Risk and mean time lost to each outcome without any arm, for everybody or a part of the people.

    An outcome is a tuple of causes, counted together.
    """
    rows: list[Row] = []
    for causes in outcomes:
        curve = pooled(model, causes, max(times), 0, among)
        rows += _one_arm(curve, "+".join(causes), "all", among, times)
    return rows


def contrasts(
    model: Model, outcomes: Iterable[tuple[str, ...]], times: tuple[int, ...], among: tuple[str, ...] = ("all",)
) -> list[Row]:
    """Risks in both arms, their differences and ratios and mean times, for each part of the people named in ``among``.

    The last rows of an outcome are what people see who compare the arms as they were (``crude risk difference``): those
    who got the programme with it, against those who did not without it.
    """
    rows: list[Row] = []
    horizon, both = max(times), f"{model.arms[1]} - {model.arms[0]}"
    for causes in outcomes:
        cause = "+".join(causes)
        for part in among:
            without, with_it = (pooled(model, causes, horizon, arm, part) for arm in (0, 1))
            rows += _one_arm(without, cause, model.arms[0], part, times) + _one_arm(
                with_it, cause, model.arms[1], part, times
            )
            rows += _differences(with_it, without, cause, both, part, times)
        seen = pooled(model, causes, horizon, 1, "arm") - pooled(model, causes, horizon, 0, "no_arm")
        rows += [("crude risk difference", cause, both, "as they were", time, float(seen[time])) for time in times]
    return rows


def _one_arm(curve: Floats, cause: str, group: str, among: str, times: tuple[int, ...]) -> list[Row]:
    rows: list[Row] = [("risk", cause, group, among, time, float(curve[time])) for time in times]
    return rows + [("restricted mean time lost", cause, group, among, time, area(curve, time)) for time in times]


def _differences(
    with_it: Floats, without: Floats, cause: str, both: str, among: str, times: tuple[int, ...]
) -> list[Row]:
    rows: list[Row] = []
    for time in times:
        gained = area(with_it, time) - area(without, time)
        rows += [
            ("risk difference", cause, both, among, time, float(with_it[time] - without[time])),
            ("risk ratio", cause, both, among, time, float(with_it[time] / without[time])),
            ("restricted mean time lost difference", cause, both, among, time, gained),
        ]
    return rows
