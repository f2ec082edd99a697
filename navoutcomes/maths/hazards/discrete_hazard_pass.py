"""One look at all people in all their periods, a chunk at a time: score and information, or scores by cluster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.blocks import halves
from navoutcomes.maths.generalised.glm_kernel import cluster_sums
from navoutcomes.maths.hazards.discrete_hazard_kernel import (
    CLOGLOG,
    LOG,
    LOGIT,
    add_up,
    add_up_by_cluster,
    cells,
    endings,
    expect_exposed,
    expect_odds,
    expect_rates,
    logarithms,
    prepare,
)
from navoutcomes.maths.hazards.discrete_hazard_rows import PeriodFrame, PersonPeriods

LINKS = {"logit": LOGIT, "cloglog": CLOGLOG, "log": LOG}
NO_PLACES = np.zeros(0, dtype=np.int64)
FEWEST, WIDE, CHUNK = 32, 512, 120_000
# Larger products BLAS shares out over threads of its own, and two halves then wait for each other.
ALONE = 250_000


@dataclass(frozen=True)
class Chunk:
    """Some people in all periods. Shapes: x (S B, p + 1); shifts (S B, v); t, expected, working (S, M, B); begin, end,
    place, weight, gain, rest (S B,); ``rows`` of them are people, from ``low``. The next chunk overwrites them."""

    low: int
    rows: int
    begin: Indices
    end: Indices
    place: Indices
    weight: Floats
    x: Floats
    shifts: Floats
    t: Floats
    expected: Floats
    working: Floats
    gain: Floats


@dataclass(frozen=True)
class Look:
    """Shapes: score (q,); information (q, q); rest (n,) each row's endings less expected ones."""

    score: Floats
    information: Floats
    rest: Floats
    log_likelihood: float


def chunks(
    seen: PersonPeriods, frame: PeriodFrame, link: str, inner: Floats, observed: bool, first: int, last: int
) -> Iterator[Chunk]:
    """The people from row ``first`` to ``last``. ``observed``: the information as seen instead of expected (cloglog
    only: they differ nowhere else)."""
    alpha, beta, bent = frame.split(seen, inner)
    periods, p, hazard = len(alpha), len(beta), np.exp(alpha)
    wide = max(FEWEST, min(WIDE, ALONE // (periods * (p + 1)), ALONE // 30 // (p + 1)))
    wide = max(1, min(wide, last - first))
    tables = max(1, min(CHUNK // (periods * wide), -(-(last - first) // wide)))
    room = tables * wide
    x, odds, gain = np.empty((room, p + 1)), np.empty(room), np.empty(room)
    t, expected, working = (np.empty((tables, periods, wide)) for _ in range(3))
    slopes, over = np.concatenate([[0.0], beta]), 1 / frame.scale
    for low in range(first, last, room):
        rows = slice(low, min(low + room, last))
        columns = seen.columns[rows]
        prepare(columns, frame.centre, over, slopes, x, odds)
        shifts = _padded(columns[:, seen.varying] * over[seen.varying], room)
        place, weight = _padded(seen.place[rows], room, -1), _padded(seen.weight[rows], room)
        begin = end = NO_PLACES
        cells(odds, hazard, shifts, bent, t)
        if seen.edges is None or seen.entry is None or seen.time is None:
            begin, end = _padded(seen.begin[rows], room), _padded(seen.end[rows], room)
            (expect_odds if link == "logit" else expect_rates)(t, begin, end, weight, expected, working)
        else:
            entry, time = _padded(seen.entry[rows], room), _padded(seen.time[rows], room)
            expect_exposed(t, entry, time, seen.edges, weight, expected, working)
        endings(t, place, weight, LINKS[link], observed, working, gain)
        yield Chunk(low, len(columns), begin, end, place, weight, x, shifts, t, expected, working, gain)


def _padded(values: np.ndarray, room: int, empty: int = 0) -> np.ndarray:
    """With places for nobody at the end, where there are fewer than a chunk has room for."""
    if len(values) == room:
        return values
    found = np.full((room, *values.shape[1:]), empty, dtype=values.dtype)
    found[: len(values)] = values
    return found


def look(
    seen: PersonPeriods, frame: PeriodFrame, link: str, inner: Floats, observed: bool = False, likelihood: bool = False
) -> Look:
    """Score and information in the inner coefficients, and the log-likelihood where it is asked for."""
    periods, p, free = len(seen.basis), seen.columns.shape[1], len(seen.varying)
    rest = np.empty(len(seen))

    def half(first: int, last: int) -> tuple[tuple[Floats, Floats, Floats, Floats], float]:
        missed, crossed = np.zeros((1 + free, periods)), np.zeros((1 + free, periods, p + 1))
        slope, square = np.zeros(p + 1), np.zeros((p + 1, p + 1))
        left: Floats | None = None
        logs = 0.0
        for one in chunks(seen, frame, link, inner, observed, first, last):
            left = np.empty(len(one.gain)) if left is None else left
            add_up(
                one.expected, one.working, one.gain, one.place, one.shifts, one.x, missed, slope, crossed, square, left
            )
            rest[one.low : one.low + one.rows] = left[: one.rows]
            logs += _logarithms(one, link) if likelihood else 0.0
        return (missed, slope, crossed, square), logs

    parts = halves(len(seen), (1 + free) * periods * (p + 1), half)
    missed, slope, crossed, square = (np.sum([part[k] for part, _ in parts], axis=0) for k in range(4))
    score = np.concatenate([seen.basis.T @ missed[0], slope[1:], (missed[1:] @ seen.bends).ravel()])
    value = float(sum(logs for _, logs in parts)) + _level(seen, link, rest) if likelihood else float("nan")
    return Look(score, _assembled(seen, frame, crossed, square[1:, 1:]), rest, value)


def cluster_scores(
    seen: PersonPeriods, frame: PeriodFrame, link: str, inner: Floats, rest: Floats, cluster: Indices, clusters: int
) -> Floats:
    """Sums of inner scores by cluster. Shapes: rest (n,) of ``look``; cluster (n,) codes -> (clusters, q)."""
    shape = (1 + len(seen.varying), clusters, len(seen.basis))

    def half(first: int, last: int) -> tuple[Floats, Floats]:
        missed, slopes = np.zeros(shape), np.zeros((clusters, seen.columns.shape[1]))
        for one in chunks(seen, frame, link, inner, True, first, last):
            codes = cluster[one.low : one.low + one.rows]
            add_up_by_cluster(one.expected, one.gain, one.place, one.shifts, codes, one.rows, missed)
        part = slice(first, last)
        cluster_sums(seen.columns[part], rest[part], cluster[part], frame.centre, 1 / frame.scale, slopes)
        return missed, slopes

    parts = halves(len(seen), int(np.prod(shape)), half)
    missed, slopes = np.sum([a for a, _ in parts], axis=0), np.sum([b for _, b in parts], axis=0)
    return np.hstack([missed[0] @ seen.basis, slopes, *(one @ seen.bends for one in missed[1:])])


def log_likelihood(seen: PersonPeriods, frame: PeriodFrame, link: str, inner: Floats, rest: Floats) -> float:
    """The sum over people and periods; for rates without what no coefficient moves. Shapes: rest (n,) of ``look``."""

    def half(first: int, last: int) -> float:
        return sum(_logarithms(one, link) for one in chunks(seen, frame, link, inner, True, first, last))

    return float(sum(halves(len(seen), 0, half))) + _level(seen, link, rest)


def _logarithms(one: Chunk, link: str) -> float:
    return logarithms(one.t, one.begin, one.end, one.place, one.weight, LINKS[link], one.rows)


def _level(seen: PersonPeriods, link: str, rest: Floats) -> float:
    """Of rates: less the expected endings, which are the endings less what is left of them."""
    return float(rest.sum() - seen.weight[seen.place >= 0].sum()) if link == "log" else 0.0


def _assembled(seen: PersonPeriods, frame: PeriodFrame, crossed: Floats, square: Floats) -> Floats:
    """The information from sums by period. Shapes: crossed (1 + v, M, p + 1); square (p, p) -> (q, q)."""
    k, p, d = seen.sizes
    ways = seen.bends.shape[1]
    found = np.zeros((k + p + d, k + p + d))
    found[:k, :k] = seen.basis.T @ (crossed[0][:, :1] * seen.basis)
    found[:k, k : k + p] = seen.basis.T @ crossed[0][:, 1:]
    found[k : k + p, k : k + p] = square
    for v in range(len(seen.varying)):
        own = slice(k + p + v * ways, k + p + (v + 1) * ways)
        found[:k, own] = seen.basis.T @ (crossed[v + 1][:, :1] * seen.bends)
        found[k : k + p, own] = crossed[v + 1][:, 1:].T @ seen.bends
        for u, other in enumerate(seen.varying):
            # Varying columns are scaled but not centred: a constant times a bend need not lie in the baseline.
            both = crossed[v + 1][:, 1 + other] + frame.centre[other] / frame.scale[other] * crossed[v + 1][:, 0]
            found[own, k + p + u * ways : k + p + (u + 1) * ways] = seen.bends.T @ (both[:, None] * seen.bends)
    return np.asarray(np.triu(found) + np.triu(found, 1).T)
