"""Several ways to end at once: log shares relative to one of them, linear in columns. Newton and sandwiches of our own.

Parameters lie ending by ending, each with its intercept first. With two endings everything is the logistic model's.
Reference: Agresti 2013, section 8.1; the leverage of a row is a matrix, HC3 divides by one less it (Cook 1982).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import linalg
from scipy.special import logsumexp

from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.generalised.glm_errors import Covariance
from navoutcomes.maths.generalised.glm_newton import newton
from navoutcomes.maths.generalised.glm_rows import Observations, framed
from navoutcomes.maths.generalised.sandwich import CLUSTERS, bias_reduced, cluster_factor, from_scores, row_factor

SEPARATED = 1e-3


@dataclass(frozen=True)
class MultinomialFit:
    """J endings less one, q coefficients each.

    Shapes: coefficients (J - 1, q); inverse ((J - 1)q, (J - 1)q) of standardised columns, full (n, q); share (n, J),
    the reference last; residual (n, J - 1); mass (n,); back (q, q) brings coefficients home.
    """

    coefficients: Floats
    inverse: Floats
    share: Floats
    full: Floats
    residual: Floats
    mass: Floats
    back: Floats
    log_likelihood: float
    steps: int

    @property
    def home(self) -> Floats:
        """From standardised to own coefficients, of all endings."""
        return np.kron(np.eye(len(self.coefficients)), self.back)


def fit(columns: Floats, code: Indices, endings: int, weight: Floats | None = None) -> MultinomialFit:
    """Arguments: ``code`` (n,) 0.. of each person's ending, the last one being the reference; ``weight`` (n,) or None.

    Raises: ``Unfit`` for collinear columns, separation or no convergence; its columns are places among all parameters.
    """
    seen = Observations(columns, (code == 0).astype(float), weight)
    frame, mass = framed(seen), seen.mass
    full = np.column_stack([np.ones(len(code)), (columns - frame.centre) / frame.scale])
    others, q = endings - 1, full.shape[1]
    was = np.eye(endings)[code]

    def share(at: Floats) -> Floats:
        linear = np.column_stack([full @ at.reshape(others, q).T, np.zeros(len(code))])
        return np.asarray(np.exp(linear - logsumexp(linear, axis=1, keepdims=True)))

    def evaluate(at: Floats) -> tuple[Floats, Floats]:
        found = share(at)
        score = ((was - found)[:, :others] * mass[:, None]).T @ full
        return score.ravel(), _information(full, found[:, :others], mass)

    def watch(move: Floats) -> Indices | None:
        return _separated(full, code, mass, move.reshape(others, q))

    start = np.zeros((others, q))
    start[:, 0] = np.log(was[:, :others].T @ mass / (was[:, others] @ mass))
    at, steps = newton(evaluate, start.ravel(), watch)
    found = share(at)
    return MultinomialFit(
        coefficients=at.reshape(others, q) @ frame.back.T,
        inverse=linalg.inv(_information(full, found[:, :others], mass)),
        share=found,
        full=full,
        residual=(was - found)[:, :others],
        mass=mass,
        back=frame.back,
        log_likelihood=float(mass @ np.log(found[np.arange(len(code)), code])),
        steps=steps,
    )


def covariance(model: MultinomialFit, kind: str = "hc3", cluster: Indices | None = None) -> Covariance:
    """As ``glm_errors.covariance``, of all coefficients, ending by ending."""
    home, size, n = model.home, len(model.inverse), len(model.full)
    if kind == "model":
        return Covariance(home @ model.inverse @ home.T, np.full(size, np.inf))
    if kind not in CLUSTERS:
        scores = _scores(model, _corrected(model, kind))
        factor = row_factor(kind, n, model.full.shape[1])
        return Covariance(home @ from_scores(model.inverse, scores) @ home.T * factor, np.full(size, np.inf))
    if cluster is None:
        raise ValueError(f"{kind} needs clusters")
    number = int(cluster.max()) + 1
    rows = _scores(model, model.residual)
    scores = np.column_stack([np.bincount(cluster, rows[:, j], minlength=number) for j in range(size)])
    if kind != "cr2":
        factor = cluster_factor(kind, number, n, model.full.shape[1])
        return Covariance(home @ from_scores(model.inverse, scores) @ home.T * factor, np.full(size, number - 1.0))
    held = np.empty((number, size, size))
    for at in range(number):
        own = cluster == at
        held[at] = _information(model.full[own], model.share[own, :-1], model.mass[own])
    return Covariance(*bias_reduced(model.inverse, scores, held, home))


def _scores(model: MultinomialFit, residual: Floats) -> Floats:
    """Each row's score. Shapes: (n, J - 1) -> (n, (J - 1) q)."""
    weighted = residual * model.mass[:, None]
    return np.asarray((weighted[:, :, None] * model.full[:, None, :]).reshape(len(residual), -1))


def _corrected(model: MultinomialFit, kind: str) -> Floats:
    """Residuals divided by what each row's own say leaves of them: all of it for hc3, its root for hc2."""
    if kind in ("hc0", "hc1"):
        return model.residual
    share, others, q = model.share[:, :-1], len(model.coefficients), model.full.shape[1]
    spread = _spread(share) * model.mass[:, None, None]
    blocks = model.inverse.reshape(others, q, others, q)
    own = np.einsum("ia,japb,ib->ijp", model.full, blocks, model.full, optimize=True)
    left = np.eye(others) - spread @ own
    if kind == "hc3":
        return np.asarray(np.linalg.solve(left, model.residual[:, :, None])[:, :, 0])
    values, vectors = np.linalg.eig(left)
    root = (vectors / np.sqrt(values)[:, None, :]) @ np.linalg.inv(vectors)
    return np.asarray((root @ model.residual[:, :, None])[:, :, 0].real)


def _spread(share: Floats) -> Floats:
    """diag(p) - p p' of every row. Shapes: (n, J - 1) -> (n, J - 1, J - 1)."""
    return np.asarray(share[:, :, None] * np.eye(share.shape[1]) - share[:, :, None] * share[:, None, :])


def _information(full: Floats, share: Floats, mass: Floats) -> Floats:
    others, q = share.shape[1], full.shape[1]
    found = np.empty((others, q, others, q))
    for j in range(others):
        for k in range(j + 1):
            working = mass * (share[:, j] * (j == k) - share[:, j] * share[:, k])
            found[j, :, k] = found[k, :, j] = (full * working[:, None]).T @ full
    return found.reshape(others * q, others * q)


def _separated(full: Floats, code: Indices, mass: Floats, move: Floats) -> Indices | None:
    """Places of coefficients along which the fit gets better for ever: nobody's own ending falls behind another."""
    along = np.column_stack([full @ move.T, np.zeros(len(code))])
    ahead = along[np.arange(len(code)), code][:, None] - along
    farthest = float(np.abs(ahead).max(initial=0.0))
    if not 0 < farthest < np.inf or (ahead[mass > 0] < -SEPARATED * farthest).any():
        return None
    far = np.abs(move) > 0.01 * np.abs(move).max()
    slopes = far.copy()
    slopes[:, 0] = False
    return np.flatnonzero((slopes if slopes.any() else far).ravel()).astype(np.int64)
