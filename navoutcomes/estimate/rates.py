"""How many leave for each cause per person-time? Rates by group and by band of time, their differences and ratios."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.contrast import named_reference
from navoutcomes.estimate.rates_compared import Cell, compared, interval_of
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.result import Result, Row, tidy
from navoutcomes.estimate.risk_table import FEWEST_CLUSTERS
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.rates import band_of, person_time, pulls
from navoutcomes.notes import Log, Note, note, warning

DAYS = {"days": 1.0, "weeks": 7.0, "months": 365.25 / 12, "years": 365.25}
MEASURES = ("rate", "rate difference", "rate ratio")
INTERVALS = (None, "exact", "log", "score")
USED = ("group", "cause", "term", "measure", "time", "estimate", "std_error", "p_value", "conf_low", "conf_high",
        "at_risk", "events")  # fmt: skip


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Rates(Result):
    """Rates and what is made of two of them; ``at_risk`` is person-time in ``time_unit``, rates per ``per`` of it;
    ``persons`` how many each group has."""

    per: float
    time_unit: str
    bands: tuple[float, ...] = ()
    persons: tuple[tuple[str, int], ...] = ()


@door
def rates(
    people: FollowUp,
    by: str | None = None,
    cause: str | None = None,
    bands: Sequence[float] | None = None,
    per: float = 100.0,
    unit: str | None = None,
    measure: str | Sequence[str] = "rate",
    reference: str | None = None,
    interval: str | None = None,
    level: float = 0.95,
) -> Rates:
    """How many leave for each cause per person-time under observation?

    Arguments: ``by`` a column; ``cause`` one ending (None: each); ``bands`` times in the follow-up's unit at which the
    rate may change: ``(30, 90)`` gives (0, 30], (30, 90] and what is left; ``per`` how much person-time a rate is for,
    in ``unit``: days, weeks, months (30.4375 days) or years (None: the follow-up's own); ``measure`` one or several of
    rate, rate difference and rate ratio, each group against ``reference`` (None: the protocol's); ``interval`` None
    (exact below 50 events, else on the log scale), ``exact``, ``log`` or ``score``; ``level`` 0-1.
    With weights or offices the error is the jackknife over persons or offices, on the log scale, Student's t on offices
    less one; below six offices no interval. Where every office stands in one group, two groups are compared on offices
    less two. Differences are MOVER of the two intervals; ratios of few events exact, given their sum.
    Shapes: ``table`` one row a group, cause, band and measure; ``time`` where the band ends; ``events`` of ``at_risk``
    units of person-time, both of persons. For a ratio ``std_error`` is that of its logarithm.
    Raises: ``DesignProblem`` for names that do not exist, bands that do not rise, an exact interval of weights.
    Assumes: the rate is the same throughout a band and group. Person-time is counted as (entry, time]; who leaves at 0
    is an event without time.
    Reference: Garwood 1936; Rothman, Greenland & Lash 2008.
    """
    check_level(level)
    measures = (measure,) if isinstance(measure, str) else tuple(measure)
    _check(people, measures, interval, cause, per)
    factor, time_unit = _unit(people, unit)
    edges = band_edges(people, bands)
    group, names = people.levels(by)
    arms = people.protocol.arms
    if reference is None and arms is not None and by in ("arm", arms.column):
        reference = arms.reference
    compare = [one for one in measures if one != "rate"]
    if compare:
        sizes = {name: int((group == at).sum()) for at, name in enumerate(names)}
        reference = named_reference(sizes, reference, str(by))
    cells = _cells(people, group, names, edges, factor, (cause,) if cause is not None else people.endings)
    rows, findings, how = [], _few(cells, cells[0].kind), dict[Note, None]()
    for cell in cells:
        if "rate" in measures:
            low, high, key = interval_of(cell, interval, level)
            how[note(key)] = None
            rows.append(_row(cell, "rate", cell.rate, cell.std_error, low, high, float("nan"), per))
    for one in compare:
        for cell in cells:
            if cell.group == reference:
                continue
            base = next(c for c in cells if (c.group, c.cause, c.band) == (reference, cell.cause, cell.band))
            found = compared(one, cell, base, interval, level)
            how[note(found.key)] = None
            rows.append(_row(cell, one, found.estimate, found.std_error, found.low, found.high, found.p_value, per))
    table = pd.DataFrame(rows, columns=list(Row._fields))[list(USED)]
    return Rates(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=(note("method_rates", per=f"{per:g}", unit=time_unit), *how),
        findings=findings,
        reference=reference,
        randomised=people.protocol.randomised,
        per=per,
        time_unit=time_unit,
        bands=tuple(float(one) for one in edges[1:-1]),
        persons=_persons(people, group, names),
        _table=tidy(table if bands is not None else table.drop(columns=["term", "time"])),
    )


def _persons(people: FollowUp, group: Indices, names: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    codes, _, kind = people.clusters()
    who = np.arange(len(group)) if kind != "person" or codes is None else codes
    return tuple((name, len(np.unique(who[group == at]))) for at, name in enumerate(names))


def _check(people: FollowUp, measures: tuple[str, ...], interval: str | None, cause: str | None, per: float) -> None:
    """Raises ``DesignProblem`` for what cannot be asked."""
    for asked, known in (*((one, MEASURES) for one in measures), (interval, INTERVALS)):
        if asked not in known:
            raise DesignProblem("choice_unknown", asked=str(asked), known=[one for one in known if one])
    if not isinstance(people, FollowUp):
        raise DesignProblem("people_without_times", kind=type(people).__name__)
    if cause is not None and cause not in people.endings:
        raise DesignProblem("cause_unknown", asked=cause, known=people.endings)
    if not (np.isfinite(per) and per > 0):
        raise DesignProblem("choice_unknown", asked=f"{per:g}", known=("per > 0",))


def _unit(people: FollowUp, unit: str | None) -> tuple[float, str]:
    """How many of the follow-up's units one unit is, and its name."""
    if unit is None or unit == people.unit:
        return 1.0, people.unit
    if unit not in DAYS or people.unit not in DAYS:
        known = tuple(DAYS) if people.unit in DAYS else (people.unit,)
        raise DesignProblem("choice_unknown", asked=unit, known=known)
    return DAYS[unit] / DAYS[people.unit], unit


def band_edges(people: FollowUp, bands: Sequence[float] | None) -> Floats:
    """0, the times at which a new band begins, and the end of follow-up."""
    last = float(people.array("time").max())
    inner = np.asarray([] if bands is None else list(bands), dtype=float)
    inner = inner[1:] if len(inner) and inner[0] == 0 else inner
    if not (np.isfinite(inner).all() and (np.diff(np.concatenate([[0.0], inner])) > 0).all()):
        raise DesignProblem("bands_must_rise")
    inner = inner[inner < last]
    return np.concatenate([[0.0], inner, [last]])


def _cells(
    people: FollowUp, group: Indices, names: tuple[str, ...], edges: Floats, factor: float, causes: Sequence[str]
) -> list[Cell]:
    """One cell a group, cause and band."""
    time, weight, why = people.array("time"), people.array("weight"), people.causes()
    entry = np.nan_to_num(people.array("entry"), nan=0.0)
    codes, clusters, kind = people.clusters()
    weighted = bool((weight != 1).any())
    length, band = person_time(entry, time, edges), band_of(time, edges)
    length /= factor
    del entry
    found = []
    for name_at, name in enumerate(names):
        here = group == name_at
        own = None if codes is None else codes[here]
        for cause in causes:
            ended = (why == people.endings.index(cause)) & here
            for m in range(len(edges) - 1):
                events = (ended & (band == m))[here].astype(float)
                seen, stayed, pulled = pulls(events, length[here, m], weight[here], own, clusters)
                found.append(
                    Cell(
                        group=name,
                        cause=cause,
                        band=m,
                        low=float(edges[m]),
                        high=float(edges[m + 1]),
                        last=m == len(edges) - 2,
                        events=float(events.sum()),
                        length=float(length[here, m].sum()),
                        rate=seen / stayed if stayed > 0 else float("nan"),
                        pulls=pulled,
                        weighted=weighted,
                        kind=kind,
                        offices=0 if own is None else len(np.unique(own)),
                        all_offices=clusters,
                    )
                )
    return found


def _few(cells: list[Cell], clustered: str) -> Log:
    """What to say of groups with too few offices."""
    if clustered != "office":
        return Log()
    few = {cell.group: cell.offices for cell in cells if cell.offices < FEWEST_CLUSTERS}
    return Log(tuple(warning("few_clusters", group=one, clusters=few[one], fewest=FEWEST_CLUSTERS) for one in few))


def _row(
    cell: Cell, measure: str, estimate: float, error: float, low: float, high: float, p_value: float, per: float
) -> Row:
    scale = 1.0 if measure == "rate ratio" else per
    return Row(
        group=cell.group,
        cause=cell.cause,
        term=f"> {cell.low:g}" if cell.last else f"({cell.low:g}, {cell.high:g}]",
        measure=measure,
        time=cell.high,
        estimate=estimate * scale,
        std_error=error * scale,
        p_value=p_value,
        conf_low=low * scale,
        conf_high=high * scale,
        at_risk=cell.length,
        events=cell.events,
    )
