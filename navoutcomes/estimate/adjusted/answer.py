"""What every adjusted verb does once it knows how its numbers are made: errors, intervals, the unadjusted beside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.estimate.adjusted.people import Adjusting, Wanted
from navoutcomes.estimate.adjusted.result import AdjustedEffects, rows_of, table_of
from navoutcomes.estimate.adjusted.spread import Made, spread_of
from navoutcomes.estimate.adjusted.weighted import ByWeights
from navoutcomes.estimate.adjusted.weights import population
from navoutcomes.estimate.basis import Basis, Cell, basis_of
from navoutcomes.estimate.draws import Seed
from navoutcomes.notes import Log, Note, warning


@dataclass(frozen=True)
class Asking:
    """How it is to be answered: ``errors`` None, ``fixed``, ``lin-wei`` or ``bootstrap``; ``level``; draws."""

    errors: str | None
    level: float
    replicates: int
    rng: Seed


def answered(
    people: FollowUp,
    given: Adjusting,
    asked: Wanted,
    make: Made,
    crude: Made,
    asking: Asking,
    target: str,
    method: Sequence[Note],
    findings: Log,
) -> AdjustedEffects:
    """The result. ``make`` gives the adjusted numbers, ``crude`` the same unadjusted."""
    spread = spread_of(given, asking.errors, asking.level, make, asking.replicates, asking.rng)
    found = make(None)
    rows, more = rows_of(given, asked, found, spread, "adjusted ")
    plain = spread_of(given, None if asking.errors == "bootstrap" else asking.errors, asking.level, crude, 0, None)
    unadjusted, _ = rows_of(given, asked, crude(None), plain, "")
    return AdjustedEffects(
        level=asking.level,
        unit=people.unit,
        origin=people.origin,
        method=(*method, *spread.method),
        findings=findings + more.notes,
        reference=given.arms[0],
        randomised=people.protocol.randomised,
        target=target,
        population=population(target, given.arms),
        outcome=asked.name,
        area=asked.area,
        replicates=asking.replicates if asking.errors == "bootstrap" else 0,
        pulls=found.pull,
        basis=_basis(given, asked),
        _table=table_of(rows + unadjusted),
    )


def _basis(given: Adjusting, asked: Wanted) -> Basis:
    """Columns by what had happened at the last time, arms by what had at every time."""
    seen = given.followed
    for_it = seen.cause >= 0 if asked.cause is None else seen.cause == asked.cause
    by_then = [for_it & (seen.time[seen.leave] <= time * (1 + 1e-12)) for time in sorted(asked.times)]
    found = basis_of(given.x, given.columns, by_then[-1], given.arm, given.arms)
    sooner = [
        Cell(name, int((given.arm == arm).sum()), int((ended & (given.arm == arm)).sum()))
        for ended in by_then[:-1]
        for arm, name in enumerate(given.arms)
    ]
    return replace(found, cells=found.cells + tuple(sooner))


def as_they_are(given: Adjusting, asked: Wanted) -> ByWeights:
    """The unadjusted numbers."""
    return ByWeights(given, asked, None)


def few_endings(given: Adjusting, asked: Wanted, columns: int) -> Log:
    """A finding for each arm with fewer than ten endings a column: the models lean on few."""
    found = Log()
    for arm, name in enumerate(given.arms):
        cause = given.followed.cause[given.within(arm)]
        ended = int(((cause >= 0) if asked.cause is None else cause == asked.cause).sum())
        if columns and ended < 10 * columns:
            found = found + warning("few_endings_a_column", group=name, events=ended, terms=columns)
    return found
