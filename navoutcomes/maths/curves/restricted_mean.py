"""Areas under step curves: mean time until exit, and mean time spent after an exit for a cause, up to a horizon.

Reference: Royston & Parmar 2013 (restricted mean); Andersen 2013 (time lost by cause).
"""

from __future__ import annotations

import numpy as np

from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.counting import Counts
from navoutcomes.maths.curves.kaplan_meier import kaplan_meier, remaining
from navoutcomes.maths.influence import Form, Total


def widths(time: Floats, horizon: float) -> Floats:
    """How long each step of a curve lasts within (0, horizon], shape (G,); before the first time is apart."""
    edge = np.append(time, np.inf)
    return np.clip(np.minimum(edge[1:], horizon) - np.maximum(edge[:-1], 0.0), 0.0, None)


def area(time: Floats, values: Floats, horizon: float, start: float) -> Floats:
    """Area under a step curve that begins at ``start``, from 0 to ``horizon``. Works on the last axis."""
    lead = min(max(float(time[0]), 0.0), horizon) if len(time) else horizon
    return start * lead + values @ widths(time, horizon)


def survival_area(counts: Counts, horizon: float) -> tuple[float, float]:
    """Mean time until exit up to the horizon, and its Greenwood-type variance (Klein & Moeschberger 4.5.1)."""
    curve = kaplan_meier(counts)
    mean = float(area(curve.time, curve.survival, horizon, 1.0))
    rest = np.cumsum((curve.survival * widths(curve.time, horizon))[::-1])[::-1]
    risk, left = remaining(counts)
    ended, within = counts.all_events, curve.time <= horizon
    use = within & (ended > 0) & (left > 0)
    variance = float(np.sum(rest[use] ** 2 * ended[use] / (risk[use] * left[use])))
    return mean, variance


def area_influence(time: Floats, horizon: float, inner: Form) -> Total:
    """The influence on an area, from that on its curve."""
    return inner.read(widths(time, horizon))


def events_by(counts: Counts, horizon: float) -> float:
    """Endings up to and including the horizon."""
    return float(counts.all_events[counts.time <= horizon].sum())
