"""Accelerated failure time models: log t = x'b + intercept + scale * z, with late entry and scales by stratum.

The likelihood of a row is the density at its ending, the chance of ending between two times, or the survivor at its
exit, over the survivor at its entry.
Parameters: terms (p), intercept, log scales (S; none where the scale is 1), and the shape where the family has one.
Reference: Kalbfleisch & Prentice 2002, chapter 3; R ``survival::survreg`` without entry.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.hazards.fine_gray_weights import Flags
from navoutcomes.maths.parametric.aft_between import between
from navoutcomes.maths.parametric.aft_newton import Chosen, Likelihood, Look, Part
from navoutcomes.maths.parametric.aft_shapes import EXTREME, GAMMA, LOGISTIC, NORMAL, Shape, by_shape

# Beyond it the generalised gamma has an end that all but one stay before; people who pull there have no shape.
WIDEST_SHAPE = 6.0
FAMILIES: dict[str, Shape] = {
    "exponential": EXTREME,
    "weibull": EXTREME,
    "log-normal": NORMAL,
    "log-logistic": LOGISTIC,
    "generalised gamma": GAMMA,
}


@dataclass(frozen=True)
class AftRows:
    """People as the likelihood wants them.

    Shapes: x (n, p), measured from centre (p,); log_time (n,); entry (n,), 0 from the start; event (n,) bool; stratum
    (n,) codes of the scale; since (n,) the earlier of the two times an ending came between, 0 where it may have been
    any time before, not a number for the others.
    """

    x: Floats
    centre: Floats
    log_time: Floats
    entry: Floats
    event: Flags
    stratum: Indices
    strata: int
    since: Floats

    def only(self, chosen: Chosen) -> AftRows:
        """Some of the rows, their terms measured from 0."""
        return AftRows(
            self.x[chosen] - self.centre,
            np.zeros(len(self.centre)),
            self.log_time[chosen],
            self.entry[chosen],
            self.event[chosen],
            self.stratum[chosen],
            self.strata,
            self.since[chosen],
        )


def aft(rows: AftRows, family: str) -> Likelihood:
    """The log-likelihood of a family as a function of its parameters."""
    return Likelihood(len(rows.log_time), lambda chosen: _of(rows.only(chosen), family))


def _of(rows: AftRows, family: str) -> Part:
    """The log-likelihood of rows whose terms are measured from 0."""
    shape, size = FAMILIES[family], rows.x.shape[1]
    scaled, shaped = family != "exponential", family == "generalised gamma"
    late, vague = np.flatnonzero(rows.entry > 0), np.flatnonzero(~np.isnan(rows.since))
    exact = rows.event.copy()
    exact[vague] = False
    ended, stays = np.flatnonzero(exact), np.flatnonzero(~rows.event)
    groups = np.zeros((len(rows.x), rows.strata if scaled else 0))
    if scaled:
        groups[np.arange(len(rows.x)), rows.stratum] = 1.0
    ones = np.ones((len(rows.x), 1))
    blocks = (np.column_stack([rows.x, ones]), groups, ones[:, : int(shaped)])
    first, last = size + 1, size + 1 + groups.shape[1]

    def look(at: Floats) -> Look | None:
        eta = rows.x @ at[:size] + at[size]
        log_scale = groups @ at[first:last] if scaled else np.zeros(len(eta))
        q = float(at[last]) if shaped else 0.0
        if np.abs(log_scale).max() > 50 or abs(q) > WIDEST_SHAPE:
            return None
        total = np.zeros((10, len(eta)))
        with np.errstate(all="ignore"):
            for chosen, times, sign, density in (
                (ended, rows.log_time[ended], 1.0, True),
                (stays, rows.log_time[stays], 1.0, False),
                (late, np.log(rows.entry[late]), -1.0, False),
            ):
                if len(chosen):
                    part = _part(shape, shaped, times, eta[chosen], log_scale[chosen], q, density)
                    total[:, chosen] += sign * part
            if len(vague):
                total[:, vague] += _vague(rows, vague, shape, shaped, eta, log_scale, q)
        if not np.isfinite(total).all():
            return None
        score = np.column_stack([block * total[kind + 1, :, None] for kind, block in enumerate(blocks)])
        second = total[4:][np.array([[0, 1, 3], [1, 2, 4], [3, 4, 5]])]

        def bend(weight: Floats) -> Floats:
            found = [[np.empty(0)] * 3 for _ in range(3)]
            for a, left in enumerate(blocks):
                for b in range(a, 3):
                    found[a][b] = -(left.T @ (blocks[b] * (weight * second[a, b])[:, None]))
                    found[b][a] = found[a][b].T
            return np.block(found)

        return Look(total[0], score, bend)

    return look


def _vague(
    rows: AftRows, vague: Indices, shape: Shape, shaped: bool, eta: Floats, log_scale: Floats, q: float
) -> Floats:
    """Endings between two times, as ``_part``. Shapes: vague (k,); eta, log_scale (n,) -> (10, k)."""
    low, since = np.zeros((10, len(vague))), rows.since[vague] > 0
    some = vague[since]
    low[:, since] = _part(shape, shaped, np.log(rows.since[some]), eta[some], log_scale[some], q, False)
    times = rows.log_time[vague]
    return between(low, _part(shape, shaped, times, eta[vague], log_scale[vague], q, False))


def _part(
    family: Shape, shaped: bool, log_time: Floats, eta: Floats, log_scale: Floats, q: float, density: bool
) -> Floats:
    """Density (of t, not of log t) or survivor at a time: the value; its derivatives in eta, log scale and shape; the
    second ones in eta eta, eta scale, scale scale, eta shape, scale shape, shape shape. Shapes: (m,) -> (10, m).
    """
    inverse = np.exp(-log_scale)
    z = (log_time - eta) * inverse
    own = family.density if density else family.survivor
    value, once, twice = own(z, q)
    none = np.zeros_like(z)
    in_q, in_qq, in_zq = by_shape(own, z, q) if shaped else (none, none, none)
    parts = (
        value - (log_scale + log_time if density else 0.0),
        -once * inverse,
        -z * once - (1.0 if density else 0.0),
        in_q,
        twice * inverse**2,
        (once + z * twice) * inverse,
        z * once + z * z * twice,
        -in_zq * inverse,
        -z * in_zq,
        in_qq,
    )
    return np.stack(parts)


def started(rows: AftRows, family: str, weight: Floats) -> Floats:
    """Where to begin: everybody alike, at the mean and spread of the logarithms."""
    middle = float(weight @ rows.log_time / weight.sum())
    away = rows.log_time - middle
    spread = float(np.sqrt(weight @ np.multiply(away, away, out=away) / weight.sum()))
    scales = [] if family == "exponential" else [np.log(max(spread, 1e-3))] * rows.strata
    return np.array([*np.zeros(rows.x.shape[1]), middle, *scales])
