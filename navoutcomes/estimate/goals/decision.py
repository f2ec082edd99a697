"""Is a goal reached, with which certainty, and how many persons would it take to tell?"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil, isfinite, log, nan, sqrt

from scipy import optimize, stats

from navoutcomes.design.target import Target
from navoutcomes.maths.intervals import critical
from navoutcomes.maths.power import one_share_size
from navoutcomes.notes import Log, note, warning

MET, NOT_MET, UNDECIDED = "met", "not met", "cannot be decided"
POWER = 0.8
FARTHEST = 40.0
Limits = tuple[float, float, float]


def decided(
    target: Target, value: Limits, persons: int, needed: int | None, spread: float = 1.0
) -> tuple[str, int | None, Log]:
    """The verdict of an interval, the persons a safe one would need, and what to remark.

    ``spread`` is how many times more persons are needed than when each is followed to the end and stands alone.
    """
    _, low, high = value
    if not (isfinite(low) and isfinite(high)):
        return UNDECIDED, None, Log((warning("indicator_no_interval"),))
    near, far = (low, high) if target.upwards else (high, low)
    if target.reached(near):
        return MET, None, Log()
    if not target.reached(far):
        return NOT_MET, None, Log()
    return UNDECIDED, needed, too_few(target, persons, needed, spread)


def too_few(target: Target, persons: int, needed: int | None, spread: float = 1.0) -> Log:
    """What is remarked where it cannot be decided: with the persons it would take, where that can be reckoned."""
    if needed is None:
        return Log((note("indicator_undecided", persons=persons),))
    key = "indicator_too_few" if persons < needed else "indicator_too_near"
    log = Log((note(key, persons=persons, needed=needed, points=round(100 * target.worthwhile, 1)),))
    return log + note("indicator_spread", times=round(spread, 1)) if round(spread, 1) > 1 else log


def size_for(target: Target, before: float | None, level: float, spread: float = 1.0) -> int | None:
    """Persons for a safe verdict, reckoned from the worthwhile distance, never from the seen one; None where the limit,
    or the share beyond it, is none. ``before`` is the baseline of a goal of change."""
    limit = target.limit
    if target.scale != "share":
        limit = float(before or 0) + limit if target.scale == "percentage points" else float(before or 0) * (1 + limit)
    beyond = limit + target.worthwhile if target.upwards else limit - target.worthwhile
    if not (0 < limit < 1 and 0 < beyond < 1):
        return None
    return ceil(one_share_size(limit, beyond, POWER, level) * spread - 1e-9)


def chance_of_share(share: float, persons: int, limit: float) -> float:
    """p-value of the score test of a counted share against a limit, which Wilson's interval turns round."""
    if not 0 < limit < 1:
        return nan if share == limit else 0.0
    return _two_sided((share - limit) / sqrt(limit * (1 - limit) / persons))


def chance_of_ratio(ratio: float, limit: float, error: float) -> float:
    """p-value of a ratio against a limit, on the logarithmic scale."""
    if ratio <= 0 or limit <= 0 or not isfinite(error):
        return nan
    return _two_sided((log(ratio) - log(limit)) / error)


def chance_by_interval(limits: Callable[[float], Limits], limit: float) -> float:
    """p-value by turning an interval round: the level at which its end meets the limit. ``limits`` is of a quantile."""
    value = limits(1.0)[0]
    if value == limit:
        return 1.0
    side = 1 if value > limit else 2

    def beyond(z: float) -> float:
        return (limits(z)[side] - limit) * (1 if side == 1 else -1)

    if beyond(FARTHEST) > 0:
        return 0.0
    return _two_sided(float(optimize.brentq(beyond, 0.0, FARTHEST, xtol=1e-10)))


def chance_of_curve(value: Limits, limit: float, level: float) -> float:
    """p-value of a share off a curve, by its own interval on the scale log(-log(1 - share)); the decision at the
    interval's level is the interval's own."""
    share, low, high = value
    near = low if share > limit else high
    if not all(0 < one < 1 for one in (share, near, limit)) or near == share:
        inside = low <= limit <= high
        return nan if inside or not isfinite(low + high) else 1 - level
    return _two_sided(critical(level) * (_cloglog(share) - _cloglog(limit)) / (_cloglog(share) - _cloglog(near)))


def _cloglog(share: float) -> float:
    return log(-log(1 - share))


def _two_sided(z: float) -> float:
    return float(2 * stats.norm.sf(abs(z)))
