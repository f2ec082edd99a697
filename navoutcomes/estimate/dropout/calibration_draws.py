"""How much better a model looks on its own people than on others: persons drawn again, the model fitted anew."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.dropout.calibration_people import scores, slope_of
from navoutcomes.estimate.dropout.dropout_model import DropoutModel, shares
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.generalised.firth import profiled
from navoutcomes.maths.generalised.glm import fit
from navoutcomes.maths.generalised.glm_newton import Unfit
from navoutcomes.maths.generalised.glm_rows import Observations
from navoutcomes.maths.marginal import recentred

FEWEST_OFFICES = 40


@dataclass(frozen=True)
class Optimism:
    """Means over samples of what a model shows on its sample less what it shows on everybody."""

    slope: float
    brier: float
    area: float
    replicates: int
    failed: int


def optimism(model: DropoutModel, replicates: int, rng: np.random.Generator) -> Optimism:
    """Raises ``DesignProblem`` for fewer than 40 offices, or where no sample had a model."""
    seen, codes = model.seen, model.belong.codes
    members: list[Indices] | None = None
    if codes is not None:
        if model.belong.clusters < FEWEST_OFFICES:
            raise DesignProblem("calibration_few_offices", clusters=model.belong.clusters, fewest=FEWEST_OFFICES)
        members = [np.flatnonzero(codes == at) for at in range(model.belong.clusters)]
    found = []
    for _ in range(replicates):
        rows = _drawn(len(seen), members, rng)
        one = _gained(seen, rows, model.penalised is not None)
        if one is not None:
            found.append(one)
    if not found:
        raise DesignProblem("calibration_no_sample", replicates=replicates)
    slope, brier, area = np.mean(found, axis=0)
    return Optimism(float(slope), float(brier), float(area), len(found), replicates - len(found))


def _drawn(size: int, members: list[Indices] | None, rng: np.random.Generator) -> Indices:
    if members is None:
        return rng.integers(0, size, size)
    return np.concatenate([members[at] for at in rng.integers(0, len(members), len(members))])


def _gained(seen: Observations, rows: Indices, penalty: bool) -> tuple[float, float, float] | None:
    """None where the sample has no model: a term that is the same for all, or nobody who dropped out."""
    happened, columns = seen.response[rows], np.ascontiguousarray(seen.columns[rows])
    if happened.min() == happened.max() or (columns.min(axis=0) == columns.max(axis=0)).any():
        return None
    try:
        coefficients = _fitted(Observations(columns, happened), penalty)
        own, everybody = shares(columns, coefficients), shares(seen.columns, coefficients)
        slopes = slope_of(own, happened) - slope_of(everybody, seen.response)
    except Unfit:
        return None
    here, there = scores(own, happened), scores(everybody, seen.response)
    return slopes, here.brier - there.brier, here.area - there.area


def _fitted(seen: Observations, penalty: bool) -> Floats:
    """As the model itself was fitted; a sample that separates is penalised too."""
    if not penalty:
        try:
            return fit(seen, "logit").coefficients
        except Unfit as unfit:
            if unfit.kind != "separated":
                raise
    found = profiled(seen, "logit", intervals=False)
    return recentred(seen, found.coefficients, found.covariance)[0]
