"""What each person pulls a Fine-Gray estimate."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.blocks import halves
from navoutcomes.maths.hazards.fine_gray import FineGrayFit
from navoutcomes.maths.hazards.fine_gray_kernel import add_squares, group_information, score_rows
from navoutcomes.maths.hazards.fine_gray_rows import FineGrayRows, left_over
from navoutcomes.maths.hazards.fine_gray_weights import Flags, Observed
from navoutcomes.maths.hazards.partial_likelihood import within

BLOCK = 8_192


@dataclass(frozen=True)
class Expected:
    """Running totals that the score residuals are made of; see ``score_rows``.

    Shapes: met (slots, p + 1), upto, after (J, p + 1), mean (J, p).
    """

    met: Floats
    upto: Floats
    after: Floats
    mean: Floats


def expected(fitted: FineGrayFit) -> Expected:
    """The running totals at the estimate."""
    rows, sums, fixed = fitted.rows, fitted.end.sums, fitted.fixed
    seen, ended = fitted.end.risk[:, 1:], fitted.end.ending[:, 1:]
    drawn = np.column_stack([sums[:, 0], sums[:, 2, None] * seen - sums[:, 3, None] * ended])
    own = np.column_stack([sums[:, 1], sums[:, 3, None] * seen - sums[:, 4, None] * ended])
    mean = sums[:, 0, None] * seen - sums[:, 1, None] * ended
    mass = (fixed.number * fixed.mean)[:, None]
    upto = within(np.cumsum(drawn, axis=0), rows.first)
    after = left_over(rows.remain[:, None] * drawn, rows.first)
    return Expected(
        rows.met(upto, own, after), upto, after, np.divide(mean, mass, out=np.zeros_like(mean), where=mass > 0)
    )


def scores(fitted: FineGrayFit, at: Expected, group: Indices, out: Floats, low: int = 0) -> Floats:
    """Weighted score residuals of the rows from ``low`` on that ``group`` covers, added to ``out`` (groups, p).

    The weights of those who ended for another cause are taken as known, as R does with the rows of ``finegray``.
    """
    rows = fitted.rows
    score_rows(
        rows.x, fitted.centre, fitted.end.theta, rows.weight, rows.slot, rows.enter, at.met, at.upto, at.mean,
        group, low, low + len(group), out,
    )  # fmt: skip
    return out


def squared(fitted: FineGrayFit) -> Floats:
    """Sum of the squared scores of single rows, without a matrix of people. Shapes: (p, p)."""
    at, size = expected(fitted), len(fitted.centre)

    def half(low: int, high: int) -> Floats:
        meat, places, block = np.zeros((size, size)), np.arange(BLOCK, dtype=np.int64), np.empty((BLOCK, size))
        for begin in range(low, high, BLOCK):
            number = min(BLOCK, high - begin)
            block[:] = 0.0
            add_squares(scores(fitted, at, places[:number], block, begin), meat)
        return meat

    return np.asarray(sum(halves(len(fitted.rows.slot), 0, half)))


def added(fitted: FineGrayFit, group: Indices, groups: int) -> Floats:
    """Weighted score residuals added by group. Shapes: (groups, p)."""
    at, size = expected(fitted), len(fitted.centre)

    def half(low: int, high: int) -> Floats:
        return scores(fitted, at, codes[low:high], np.zeros((groups, size)), low)

    codes = np.array(group)
    return np.asarray(sum(halves(len(codes), groups * size, half)))


def own_information(fitted: FineGrayFit, group: Indices, groups: int) -> Floats:
    """Each group's part of the information. Shapes: (groups, p, p)."""
    rows, end, size = fitted.rows, fitted.end, len(fitted.centre)
    mean = expected(fitted).mean
    square = (mean[:, :, None] * mean[:, None, :]).reshape(len(mean), size * size)
    each = np.column_stack([np.ones(len(mean)), mean, square])
    upto = within(np.cumsum(end.sums[:, :1] * each, axis=0), rows.first)
    after = left_over(rows.remain[:, None] * end.sums[:, :1] * each, rows.first)
    met = rows.met(upto, end.sums[:, 1:2] * each, after)
    out = np.zeros((groups, size, size))
    group_information(rows.x, fitted.centre, end.theta, rows.slot, rows.enter, met, upto, np.array(group), out)
    return out


def with_censoring(
    fitted: FineGrayFit,
    seen: Observed,
    leave: Indices,
    ended: Flags,
    stratum: Indices,
    tied_stay: bool,
) -> Floats:
    """Score residuals of each row, with what estimating the chance of being censored adds. Shapes: (n, p).

    Arguments: those of ``observed``; nobody comes late. Reference: Fine & Gray 1999, section 3.3, eta + psi. With
    ``tied_stay`` the endings tied with a censoring are handled as in R ``cmprsk::crr``; without, psi is the derivative
    of the product limit itself.
    """
    rows, shape, size = fitted.rows, seen.remain.shape, fitted.rows.x.shape[1]
    at = expected(fitted)
    eta = scores(fitted, at, np.arange(len(leave), dtype=np.int64), np.zeros((len(leave), size)))
    key = stratum * shape[1] + leave
    away = rows.slot - 2 * rows.places
    kept = fitted.end.theta * np.append(rows.away_carry, 0.0)[np.maximum(away, -1)]
    columns = [kept, *(kept * (rows.x[:, j] - fitted.centre[j]) for j in range(size))]
    gone = np.stack([np.bincount(key, one, minlength=seen.remain.size).reshape(shape) for one in columns], axis=-1)
    gone = np.cumsum(gone, axis=1)
    later = at.after[_places(rows, shape)]
    pull = gone[..., 1:] * later[..., :1] - gone[..., :1] * later[..., 1:]
    if tied_stay:
        pull = np.concatenate([np.zeros((shape[0], 1, size)), pull[:, :-1]], axis=1)
        left = seen.at_risk
    else:
        left = seen.at_risk - seen.censored
    rate = np.divide(pull, left[..., None], out=np.zeros_like(pull), where=left[..., None] > 0)
    hazard = np.divide(seen.censored, seen.at_risk, out=np.zeros_like(left), where=seen.censored > 0)
    met = np.cumsum(rate * hazard[..., None], axis=1)
    if not tied_stay:
        met_before = met - rate * hazard[..., None]
        met = np.where(ended[:, None], met_before.reshape(-1, size)[key], met.reshape(-1, size)[key])
    else:
        met = met.reshape(-1, size)[key]
    return np.asarray(eta + np.where(ended[:, None], 0.0, rate.reshape(-1, size)[key]) - met)


def _places(rows: FineGrayRows, shape: tuple[int, ...]) -> Indices:
    """The last ending for the cause at or before each time of the whole grid. Shapes: (S, G)."""
    upto = np.zeros(shape, dtype=np.int64)
    for stratum, (low, high) in enumerate(zip(rows.first[:-1], rows.first[1:], strict=True)):
        upto[stratum] = low + np.searchsorted(rows.time[low + 1 : high], np.arange(shape[1]), side="right")
    return upto
