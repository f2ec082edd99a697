"""A Cox model within one arm, or a refusal that names the arm and the columns."""

from __future__ import annotations

import numpy as np

from navoutcomes.errors import NumericalProblem
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.counting import FROM_START
from navoutcomes.maths.hazards.cox import CoxFit, CoxRows, fit
from navoutcomes.maths.weighted_incidence import Followed

ENDLESS = 8.0
FLAT = 1e-9


def hazard_rows(seen: Followed, x: Floats, weight: Floats, cause: int) -> CoxRows:
    """People for a model of one ending; every other ending stops observation."""
    return CoxRows(
        x=np.ascontiguousarray(x),
        leave=seen.leave,
        enter=np.where(seen.enter == FROM_START, FROM_START, seen.enter),
        event=(seen.cause == cause).astype(float),
        weight=np.ascontiguousarray(weight),
        offset=np.zeros(len(weight)),
        first=np.array([0, len(seen.time)], dtype=np.int64),
    )


def solved_in_arm(rows: CoxRows, columns: tuple[str, ...], arm: str, cause: str) -> CoxFit:
    """The fit. Raises ``NumericalProblem`` naming arm, ending (empty: being censored) and columns."""
    model = fit(rows)
    bad = _trouble(model, columns)
    if bad:
        key = "arm_model_without_top" if cause else "arm_model_of_censoring"
        facts = {"cause": cause} if cause else {}
        raise NumericalProblem(key, column=bad, arm=arm, **facts)
    return model


def _trouble(model: CoxFit, columns: tuple[str, ...]) -> list[str]:
    """Columns without information, or whose coefficient runs away; all of them where no answer was found."""
    information = model.end.information
    if not np.isfinite(information).all():
        return list(columns)
    once = np.maximum(model.spread**2 * float(model.fixed.number.sum()), 0.0)
    reach = np.ptp(model.rows.x, axis=0)
    flat = (np.diag(information) < 1e-4 * once) & (np.abs(model.end.beta) * reach > ENDLESS)
    still = (reach == 0) | (once <= 0)
    if (flat | still).any():
        return [columns[at] for at in np.flatnonzero(flat | still)]
    size = np.sqrt(np.diag(information))
    values, vectors = np.linalg.eigh(information / np.outer(size, size))
    if values[0] < FLAT:
        return [columns[at] for at in np.flatnonzero(np.abs(vectors[:, 0]) > 0.1)]
    return [] if model.settled else list(columns)
