"""A published study on the scale on which studies are put together: its value and its variance."""

from __future__ import annotations

from math import exp, log, sqrt
from typing import NamedTuple

from navoutcomes.errors import DesignProblem
from navoutcomes.maths.intervals import critical
from navoutcomes.records.published_studies import Published

# How far from the middle of its interval, in standard errors, an estimate may lie before somebody should look.
LOPSIDED = 0.2


class Studied(NamedTuple):
    """``value`` and ``error`` on the pooling scale (the logarithm of a ratio), the estimate with its interval as it is
    printed, and what had to be done: ``halved`` counts, an interval that is ``lopsided``."""

    value: float
    error: float
    estimate: float
    low: float
    high: float
    halved: bool = False
    lopsided: bool = False


def studied(study: Published, place: int, level: float) -> Studied:
    """The numbers of one study. ``place`` is its position, for a message.

    An interval is read as symmetric on the scale of the estimate; its width gives the error. Of counts the error is
    Katz', Woolf's or that of a difference, with half a person in each cell where one is empty.
    """
    if study.counts is not None:
        return _counted(study, place, level)
    low, high = study.interval or (0.0, 0.0)
    first, middle, last = (log(one) if study.ratio else one for one in (low, float(study.estimate or 0.0), high))
    error = (last - first) / (2 * critical(study.level))
    lopsided = abs((first + last) / 2 - middle) > LOPSIDED * error
    if study.level == level:
        return Studied(middle, error, float(study.estimate or 0.0), low, high, lopsided=lopsided)
    return _printed(study.ratio, middle, error, level, False, lopsided)


def _counted(study: Published, place: int, level: float) -> Studied:
    a, n, c, m = (float(one) for one in study.counts or (0, 1, 0, 1))
    empty = 0 in (a, n - a, c, m - c)
    if empty and study.ratio and (a + c == 0 or (a == n and c == m)):
        raise DesignProblem("study_no_endings", place=place)
    if empty:
        a, n, c, m = a + 0.5, n + 1, c + 0.5, m + 1
    p, q = a / n, c / m
    if study.measure == "risk ratio":
        value, error = log(p / q), sqrt(1 / a - 1 / n + 1 / c - 1 / m)
    elif study.measure == "odds ratio":
        value, error = log(p / (1 - p) * (1 - q) / q), sqrt(1 / a + 1 / (n - a) + 1 / c + 1 / (m - c))
    else:
        value, error = p - q, sqrt(p * (1 - p) / n + q * (1 - q) / m)
    return _printed(study.ratio, value, error, level, empty, False)


def _printed(ratio: bool, value: float, error: float, level: float, halved: bool, lopsided: bool) -> Studied:
    reach = critical(level) * error
    numbers = (value, value - reach, value + reach)
    estimate, low, high = (exp(one) if ratio else one for one in numbers)
    return Studied(value, error, estimate, low, high, halved=halved, lopsided=lopsided)
