"""What every regression gives: one row a term on the model's own scale, ratios, and the covariance by term."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import stats

from navoutcomes.estimate.basis import Basis
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.maths.arrays import Floats
from navoutcomes.notes import Log, warning

PER_TERM = 10
# None: Firth's where the likelihood has no top, and a warning that says so.
PENALTIES = (None, "firth", "none")


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Regression(Result):
    """A fitted model. ``table`` has one row a term with estimate, standard error and interval on the model's own scale.

    ``measure`` names that scale and ``ratio`` what it becomes when exponentiated (empty where it has no such meaning).
    """

    measure: str
    ratio: str = ""
    log_likelihood: float = float("nan")
    _basis: Callable[[], Basis] | None = field(default=None)
    _covariance: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def basis(self) -> Basis | None:
        """How many persons stand behind each term; None where nobody can say. Counted when it is asked for."""
        return self._basis() if self._basis else None

    @property
    def covariance(self) -> pd.DataFrame:
        """Covariance of the estimates, rows and columns by term. A copy."""
        return self._covariance.copy()

    @property
    def coefficients(self) -> pd.Series:
        """The estimates by term. A copy."""
        return pd.Series(self._table["estimate"].to_numpy(), index=self._table["term"].to_numpy(), name="estimate")

    @property
    def ratios(self) -> pd.DataFrame:
        """The table exponentiated: ratios with their intervals; ``std_error`` stays that of the logarithm."""
        found = self._table.copy()
        for name in ("estimate", "conf_low", "conf_high"):
            with np.errstate(over="ignore"):
                found[name] = np.exp(found[name])
        found["measure"] = self.ratio
        return found


def few_for_terms(events: int, terms: int) -> Log:
    """A finding where there are fewer than ten endings a term, as with a term for each of ninety offices."""
    if events >= PER_TERM * terms:
        return Log()
    return Log((warning("few_endings_for_terms", endings=events, terms=terms, fewest=PER_TERM),))


def coefficient_table(
    names: tuple[str, ...],
    estimate: Floats,
    covariance: Floats,
    measure: str,
    level: float,
    df: Floats | float = np.inf,
    cause: str = "",
    given: bool | np.ndarray = True,
) -> pd.DataFrame:
    """One row a term: estimate, standard error, Wald statistic, p-value and interval.

    Arguments: ``df`` degrees of freedom of Student's t, infinite for the normal; ``given`` False leaves p-values and
    intervals empty (too few clusters to speak beyond them).
    Shapes: names, estimate (p,); covariance (p, p); df, given () or (p,).
    """
    error = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = estimate / error
    df = np.broadcast_to(np.asarray(df, dtype=float), estimate.shape)
    reach = stats.t.ppf(0.5 + level / 2, df) * error
    empty = np.full(estimate.shape, np.nan)
    frame = {
        "term": list(names),
        "measure": measure,
        "estimate": estimate,
        "std_error": error,
        "statistic": statistic,
        "p_value": np.where(given, 2 * stats.t.sf(np.abs(statistic), df), empty),
        "conf_low": np.where(given, estimate - reach, empty),
        "conf_high": np.where(given, estimate + reach, empty),
    }
    return tidy(pd.DataFrame({"cause": cause, **frame} if cause else frame))


def by_term(matrix: Floats, names: tuple[str, ...]) -> pd.DataFrame:
    """A (p, p) matrix with its terms on both sides."""
    return pd.DataFrame(matrix, index=list(names), columns=list(names))
