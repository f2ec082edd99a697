"""Shares and mean times of weighted people, by arm: what differs when the arms are made alike?"""

from __future__ import annotations

from collections.abc import Sequence

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.adjusted.answer import Asking, answered, as_they_are, few_endings
from navoutcomes.estimate.adjusted.models import ByHazards
from navoutcomes.estimate.adjusted.people import Wanted, followed_to, wanted
from navoutcomes.estimate.adjusted.result import AdjustedEffects, check_errors
from navoutcomes.estimate.adjusted.spread import ERRORS
from navoutcomes.estimate.adjusted.weighted import ByWeights, Traits
from navoutcomes.estimate.adjusted.weights import Weights, as_weights
from navoutcomes.estimate.draws import Seed
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.notes import Log, Note, note

METHODS = ("weighting", "g-formula")


@door
def adjusted_contrast(
    people: FollowUp,
    weights: Weights,
    at: float | Sequence[float] | None = None,
    cause: str | None = None,
    censoring: Weights | None = None,
    errors: str | None = None,
    level: float = 0.95,
    replicates: int = 1000,
    rng: Seed = None,
) -> AdjustedEffects:
    """How much larger or smaller is the share that has left for a cause in one arm, when weights make the arms alike?

    Arguments: ``weights`` from ``weights`` (iptw, overlap, entropy); ``at`` times in the follow-up's unit (None: the
    protocol's); ``cause`` an ending (None: the outcome); ``censoring`` weights of kind ipcw, for those who were lost;
    ``errors`` None (weights as the estimates they are), ``fixed`` (weights as known, as R), ``lin-wei`` (the normal
    multiplier with offices), or ``bootstrap``: persons, or whole offices, drawn ``replicates`` times with ``rng``, and
    the weights made again.
    Shapes: ``table`` as in ``AdjustedEffects``: shares, differences and ratios, with the unadjusted.
    Raises: ``DesignProblem`` for weights of other people, times beyond an arm's follow-up, and a percentile interval
    over fewer than 40 offices in an arm.
    Assumes: as ``weights``; the limits of truncated weights are taken as known.
    Reference: Lunceford & Davidian 2004; Aalen-Johansen of weighted people; Robins & Finkelstein 2000 (ipcw).
    """
    asked = wanted(people, at, cause)
    return weighted(people, weights, censoring, asked, Asking(errors, level, replicates, rng))


@door
def adjusted_restricted_mean(
    people: FollowUp,
    weights: Weights,
    horizon: float | Sequence[float],
    cause: str | None = None,
    method: str = "weighting",
    censoring: Weights | None = None,
    errors: str | None = None,
    level: float = 0.95,
    replicates: int = 1000,
    rng: Seed = None,
) -> AdjustedEffects:
    """How much longer until exit, or with ``cause`` how much time since an exit for it, when the arms are made alike?

    Arguments: ``weights`` of whom the answer speaks and the terms; ``horizon`` in the follow-up's unit, one or several;
    ``cause`` an ending, or None for the time until any; ``method`` ``weighting`` or ``g-formula`` (Cox models of each
    ending by the terms of the weights, averaged over the weights' target); ``censoring`` and the rest as in
    ``adjusted_contrast``.
    Shapes: ``table`` as in ``AdjustedEffects``, in units of time.
    Raises: as ``adjusted_contrast``; the g-formula of overlap or entropy weights does not exist.
    Reference: Andersen 2013; Conner et al. 2019 (weights); Robins 1986 (g-formula).
    """
    asked = wanted(people, horizon, cause, "survival" if cause is None else "lost", "horizon")
    asking = Asking(errors, level, replicates, rng)
    if method == "weighting":
        return weighted(people, weights, censoring, asked, asking)
    return modelled(people, weights, censoring, asked, asking, method)


def weighted(
    people: FollowUp, weights: Weights, censoring: Weights | None, asked: Wanted, asking: Asking
) -> AdjustedEffects:
    """Numbers of weighted people."""
    check_level(asking.level)
    check_errors(asking.errors, ERRORS)
    made = as_weights(people, weights)
    if made.weighed is None:
        raise DesignProblem("weights_of_kind", asked=made.kind, known=("iptw", "overlap", "entropy"))
    followed_to(made.given, asked.times)
    traits, method, findings = censored_by(people, made, censoring)
    given, crude = made.given, as_they_are(made.given, asked)
    make = ByWeights(given, asked, made.recipe, traits, asking.errors == "fixed")
    told = [note("method_adjusted_weights"), *made.method, *method]
    return answered(people, given, asked, make, crude, asking, made.target, told, made.findings + findings.notes)


def modelled(
    people: FollowUp, weights: Weights, censoring: Weights | None, asked: Wanted, asking: Asking, method: str
) -> AdjustedEffects:
    """Numbers from models, for whom the weights speak."""
    check_level(asking.level)
    check_errors(asking.errors, ("lin-wei", "bootstrap"))
    if method not in METHODS:
        raise DesignProblem("choice_unknown", asked=str(method), known=METHODS)
    made = as_weights(people, weights)
    if made.kind != "iptw" or censoring is not None:
        raise DesignProblem("weights_of_kind", asked=made.kind, known=("iptw", "censoring=None"))
    followed_to(made.given, asked.times)
    given = made.given
    told = [note("method_standardised_cox"), note("models_by_arm"), made.method[1]]
    make, few = ByHazards(given, asked, made.target, True), few_endings(given, asked, len(given.columns))
    return answered(people, given, asked, make, as_they_are(given, asked), asking, made.target, told, few)


def censored_by(
    people: FollowUp, made: Weights, censoring: Weights | None
) -> tuple[Traits | None, tuple[Note, ...], Log]:
    """The traits of the model of being censored, and what is said of it. Raises ``DesignProblem`` for other weights."""
    if censoring is None:
        return None, (), Log()
    gone = as_weights(people, censoring)
    if gone.kind != "ipcw" or gone.by != made.by:
        raise DesignProblem("weights_of_kind", asked=gone.kind, known=("ipcw",))
    return Traits(gone.given.x, gone.given.columns), gone.method[:1], gone.findings
