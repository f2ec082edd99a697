"""Generalised linear models: logit, complementary log-log and probit of shares, Poisson rates, and least squares.

Rows are read once a step, in blocks; a large model first finds its way on every hundredth and every tenth row, so that
few steps over all of them are left. Inside, columns are centred and scaled; ``Fit.back`` brings coefficients home.

Reference: McCullagh & Nelder 1989; R ``glm``. Standard errors are in ``glm_errors``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy import linalg

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.blocks import halves
from navoutcomes.maths.generalised.glm_kernel import derivatives, predict, sums
from navoutcomes.maths.generalised.glm_linear import least_squares
from navoutcomes.maths.generalised.glm_links import CODES, inverse, log_likelihood
from navoutcomes.maths.generalised.glm_newton import Unfit, newton
from navoutcomes.maths.generalised.glm_rows import LADDER, Frame, Observations, framed

NOTHING = np.zeros(0)
SEPARATED = 1e-3


@dataclass(frozen=True)
class Fit:
    """A fitted model; q coefficients, the intercept first where there is one.

    Shapes: coefficients (q,); inner (q,) and inverse (q, q) those of the standardised columns and the inverse of their
    expected information; linear, residual, working (n,) linear predictor, weighted derivative of the log-likelihood in
    it and weighted information about it; model_covariance (q, q). ``dispersion`` is 1 but for least squares.
    """

    link: str
    coefficients: Floats
    inner: Floats
    inverse: Floats
    frame: Frame
    linear: Floats
    residual: Floats
    working: Floats
    dispersion: float
    log_likelihood: float
    steps: int

    @property
    def model_covariance(self) -> Floats:
        """The covariance the family says. Shape (q, q)."""
        return self.dispersion * self.home(self.inverse)

    def home(self, covariance: Floats) -> Floats:
        """A covariance of inner coefficients as one of the outer. Shapes: (q, q) -> (q, q)."""
        found = self.frame.back @ covariance @ self.frame.back.T
        return np.asarray((found + found.T) / 2)


@dataclass(frozen=True)
class Pass:
    """One look at all rows. Shapes: linear, residual, working (n,) as in ``Fit``; score (q,); information (q, q)."""

    linear: Floats
    residual: Floats
    working: Floats
    score: Floats
    information: Floats


def fit(seen: Observations, link: str = "logit", start: Floats | None = None) -> Fit:
    """The coefficients under which the responses are most likely.

    Arguments: ``link`` one of ``CODES``: identity, logit, cloglog, probit (shares), log (counts); ``start`` (q,).
    Raises: ``Unfit`` for collinear columns, separation (with the columns concerned) or no convergence.
    """
    frame = framed(seen)
    if link == "identity":
        target = seen.response if seen.offset is None else seen.response - seen.offset
        found = least_squares(seen.columns, target, seen.weight, seen.intercept, frame.back)
        at = look(seen, frame, link, found.inner)
        rest = len(seen) - len(found.inner)
        spread = found.squares / rest if rest > 0 else float("nan")
        return _made(seen, link, frame, found.coefficients, found.inner, found.inverse, at, spread, 1)
    inner = _climbed(seen, link, frame, _begin(seen, link)) if start is None else linalg.solve(frame.back, start)
    looks: list[Pass] = []
    inner, steps = newton(_scores(seen, frame, link, looks), inner, partial(separated_along, seen, frame, link))
    near = link in ("logit", "log") and len(seen) > 10 * LADDER
    at = looks[0] if near else look(seen, frame, link, inner)
    return _made(seen, link, frame, frame.back @ inner, inner, linalg.inv(at.information), at, 1.0, steps)


def look(seen: Observations, frame: Frame, link: str, inner: Floats, observed: bool = False) -> Pass:
    """All rows at inner coefficients. Shapes: inner (q,)."""
    n, q = len(seen), len(inner)
    linear, residual, working = np.empty(n), np.empty(n), np.empty(n)
    over = 1 / frame.scale

    def half(low: int, high: int) -> tuple[Floats, Floats]:
        score, square, rows = np.empty(q), np.empty((q, q)), slice(low, high)
        columns, offset = seen.columns[rows], NOTHING if seen.offset is None else seen.offset[rows]
        weight = NOTHING if seen.weight is None else seen.weight[rows]
        predict(columns, offset, frame.centre, over, inner, linear[rows])
        derivatives(linear[rows], seen.response[rows], weight, CODES[link], observed, residual[rows], working[rows])
        sums(columns, residual[rows], working[rows], frame.centre, over, score, square)
        return score, square

    parts = halves(n, q * q, half)
    score, information = np.sum([a for a, _ in parts], axis=0), np.sum([b for _, b in parts], axis=0)
    return Pass(linear, residual, working, score, information)


def separated_along(seen: Observations, frame: Frame, link: str, move: Floats) -> Indices | None:
    """Positions of the coefficients along which the fit gets better for ever, if ``move`` points that way.

    So it does when no row is fitted worse by going there and some rows are fitted better. The intercept follows along
    and is not counted. Shapes: move (q,) -> (d,).
    """
    lead = int(seen.intercept)
    own = move[lead:] / frame.scale
    along = seen.columns @ own - frame.centre @ own + (move[0] if lead else 0.0)
    farthest = float(np.abs(along).max(initial=0.0))
    if not 0 < farthest < np.inf:
        return None
    along, y, here = along / farthest, seen.response, seen.mass > 0
    worse = np.where(y <= 0, along, np.abs(along) if link == "log" else np.where(y >= 1, -along, np.abs(along)))
    if (worse[here] > SEPARATED).any():
        return None
    return (lead + np.flatnonzero(np.abs(move[lead:]) > 0.01 * np.abs(move).max())).astype(np.int64)


def _scores(
    seen: Observations, frame: Frame, link: str, looks: list[Pass]
) -> Callable[[Floats], tuple[Floats, Floats]]:
    """What Newton asks for; the last look is kept in ``looks``."""

    def evaluate(inner: Floats) -> tuple[Floats, Floats]:
        looks[:] = [look(seen, frame, link, inner, observed=link == "cloglog")]
        return looks[0].score, looks[0].information

    return evaluate


def _begin(seen: Observations, link: str) -> Floats:
    """No associations, and the mean response as everybody's."""
    inner = np.zeros(seen.columns.shape[1] + int(seen.intercept))
    if seen.intercept:
        total = float(seen.mass @ seen.response)
        if link == "log" and seen.offset is not None:
            inner[0] = np.log(total / float(seen.mass @ np.exp(seen.offset)))
        else:
            inner[0] = inverse(link, total / float(seen.mass.sum()))
    return inner


def _climbed(seen: Observations, link: str, frame: Frame, inner: Floats) -> Floats:
    """A start from every hundredth and then every tenth row, where there are enough."""
    for step in (100, 10):
        if len(seen) < step * LADDER:
            continue
        part = seen.every(step)
        try:
            inner, _ = newton(_scores(part, frame, link, []), inner, tolerance=1e-3)
        except Unfit:
            continue
    return inner


def _made(
    seen: Observations,
    link: str,
    frame: Frame,
    outer: Floats,
    inner: Floats,
    inverse_information: Floats,
    at: Pass,
    dispersion: float,
    steps: int,
) -> Fit:
    return Fit(
        link=link,
        coefficients=outer,
        inner=inner,
        inverse=inverse_information,
        frame=frame,
        linear=at.linear,
        residual=at.residual,
        working=at.working,
        dispersion=dispersion,
        log_likelihood=_log_likelihood(seen, link, at.linear),
        steps=steps,
    )


def _log_likelihood(seen: Observations, link: str, linear: Floats) -> float:
    """In halves where it is a sum over rows: least squares has a spread of its own."""
    if link == "identity":
        return log_likelihood(link, linear, seen.response, seen.mass)

    def half(low: int, high: int) -> float:
        rows = slice(low, high)
        mass = np.ones(high - low) if seen.weight is None else seen.weight[rows]
        return log_likelihood(link, linear[rows], seen.response[rows], mass)

    return float(sum(halves(len(seen), 0, half)))
