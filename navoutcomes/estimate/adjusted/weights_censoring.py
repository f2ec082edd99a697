"""Who is like those who were lost? The hazard of being censored in each arm, and weights that make up for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from navoutcomes.estimate.adjusted.people import Adjusting
from navoutcomes.estimate.regression.cox_solved import solved_in_arm
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.counting import FROM_START
from navoutcomes.maths.hazards.cox import CoxFit, CoxRows
from navoutcomes.maths.standardised import profile_hazards, pulled_through
from navoutcomes.maths.weighted_incidence import Followed

LARGEST = 700.0


@dataclass(frozen=True)
class Lost:
    """The hazard of being censored in one arm: ``rows`` (n,) of the people, ``model`` None where nobody was.

    ``new`` (n, G) each person's increments; censorings at a time come after its endings.
    """

    rows: Indices
    model: CoxFit | None
    x: Floats
    new: Floats

    @property
    def often(self) -> Floats:
        """One over the share not yet censored just before each time, as long as they are there. Shape (n, G)."""
        passed = np.cumsum(self.new, axis=1) - self.new
        return np.exp(np.minimum(passed, LARGEST))

    def pulled(self, worth: Floats) -> Floats:
        """Pull of each row of the arm on a number, from what each increment is worth to it. (n, G) -> (n,)."""
        if self.model is None:
            return np.zeros(len(self.rows))
        both = np.zeros((len(worth), 2 * worth.shape[1]))
        both[:, 1::2] = worth
        return pulled_through(self.model, self.x, both)

    def worth_of_weights(self, over_time: Floats) -> Floats:
        """What each increment is worth where the weight at each time is worth so much (weight and all). (n, G)."""
        later = np.cumsum(over_time[:, ::-1], axis=1)[:, ::-1]
        return np.asarray(later - over_time)


def lost(given: Adjusting, arm: int, x: Floats, columns: tuple[str, ...]) -> Lost:
    """Cox's model of being censored within one arm. Shapes: x (n, p) of all people."""
    rows = given.within(arm)
    seen = given.followed.take(rows)
    # Who is censored last of all is lost to no number before that: most often the register closed.
    censored = (seen.cause < 0) & (seen.leave < seen.leave.max())
    if not censored.any():
        return Lost(rows, None, x[rows], np.zeros((len(rows), len(seen.time))))
    model = solved_in_arm(_rows(seen, censored, x[rows], given.weight[rows]), columns, given.arms[arm], "")
    # Nobody is lost once they left; what such hazards would have been is not needed, and may be without limit.
    here = np.arange(len(seen.time)) < (seen.leave + (seen.cause < 0))[:, None]
    return Lost(rows, model, x[rows], np.where(here, profile_hazards(model, x[rows])[:, 1::2], 0.0))


def _rows(seen: Followed, censored: np.ndarray, x: Floats, weight: Floats) -> CoxRows:
    """People on a grid with two places a time: endings first, censorings after."""
    return CoxRows(
        x=np.ascontiguousarray(x),
        leave=2 * seen.leave + (seen.cause < 0),
        enter=np.where(seen.enter == FROM_START, FROM_START, 2 * seen.enter + 1),
        event=censored.astype(float),
        weight=np.ascontiguousarray(weight),
        offset=np.zeros(len(weight)),
        first=np.array([0, 2 * len(seen.time)], dtype=np.int64),
    )
