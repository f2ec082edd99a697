"""Links and families: the log-likelihood, deviance and Pearson's chi-square of each, at linear predictors.

``identity`` is the normal distribution, ``log`` the Poisson distribution, the others shares (a response between 0 and
1, its number of trials as the weight).
"""

from __future__ import annotations

import numpy as np
from scipy import special

from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.generalised.glm_kernel import CLOGLOG, IDENTITY, LOG, LOGIT, PROBIT

CODES = {"identity": IDENTITY, "logit": LOGIT, "cloglog": CLOGLOG, "probit": PROBIT, "log": LOG}
SHARES = ("logit", "cloglog", "probit")


def mean(link: str, linear: Floats) -> Floats:
    """The expected response. Shape of ``linear``."""
    if link == "identity":
        return linear
    if link == "log":
        return np.exp(linear)
    if link == "logit":
        return special.expit(linear)
    return -np.expm1(-np.exp(linear)) if link == "cloglog" else special.ndtr(linear)


def inverse(link: str, value: float) -> float:
    """The linear predictor at which ``value`` is expected."""
    if link == "identity":
        return value
    if link == "log":
        return float(np.log(value))
    if link == "logit":
        return float(special.logit(value))
    return float(np.log(-np.log1p(-value))) if link == "cloglog" else float(special.ndtri(value))


def log_likelihood(link: str, linear: Floats, response: Floats, weight: Floats) -> float:
    """The sum over rows; for least squares at the most likely spread. Shapes: (n,), (n,), (n,)."""
    if link == "identity":
        rest = float(weight @ (response - linear) ** 2)
        n = len(linear)
        with np.errstate(divide="ignore"):
            return float(-0.5 * n * (np.log(2 * np.pi * rest / n) + 1) + 0.5 * np.log(weight).sum())
    if link == "log":
        return float(weight @ (response * linear - np.exp(linear) - special.gammaln(response + 1)))
    if link == "logit":
        return float(weight @ (response * linear - np.maximum(linear, 0.0) - np.log1p(np.exp(-np.abs(linear)))))
    yes, no = _log_shares(link, linear)
    return float(weight @ (response * yes + (1 - response) * no))


def _log_shares(link: str, linear: Floats) -> tuple[Floats, Floats]:
    """Logarithms of the share and of its complement."""
    if link == "cloglog":
        rate = np.exp(linear)
        with np.errstate(divide="ignore"):
            return np.log(-np.expm1(-rate)), -rate
    return special.log_ndtr(linear), special.log_ndtr(-linear)


def deviance(link: str, linear: Floats, response: Floats, weight: Floats) -> float:
    """Twice the log-likelihood of a model with a number for each row less that of this one."""
    if link == "identity":
        return float(weight @ (response - linear) ** 2)
    if link == "log":
        own = special.xlogy(response, response) - response
        return float(2 * weight @ (own - response * linear + np.exp(linear)))
    own = special.xlogy(response, response) + special.xlog1py(1 - response, -response)
    return 2 * (float(weight @ own) - log_likelihood(link, linear, response, weight))


def pearson(link: str, linear: Floats, response: Floats, weight: Floats) -> float:
    """Pearson's chi-square: squared differences over the variances the family says."""
    expected = mean(link, linear)
    spread = np.ones(1) if link == "identity" else expected if link == "log" else expected * (1 - expected)
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(weight @ ((response - expected) ** 2 / spread))
