"""Which share would have left, had everybody been in the one arm, or in the other? By models of the outcome."""

from __future__ import annotations

from collections.abc import Sequence

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.terms import Term
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.adjusted.answer import Asking, answered, as_they_are, few_endings
from navoutcomes.estimate.adjusted.models import ByHazards, ByOdds
from navoutcomes.estimate.adjusted.people import adjusting, followed_to, wanted
from navoutcomes.estimate.adjusted.result import AdjustedEffects, check_errors
from navoutcomes.estimate.adjusted.weights import population
from navoutcomes.estimate.adjusted.weights_checks import arms_meet
from navoutcomes.estimate.draws import Seed
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.maths.weighting import TARGETS
from navoutcomes.notes import note

MODELS = ("cox", "logistic")


@door
def standardise(
    people: FollowUp,
    terms: Sequence[Term | str] | None = None,
    at: float | Sequence[float] | None = None,
    cause: str | None = None,
    model: str = "cox",
    target: str = "ATE",
    by: str = "arm",
    reference: str | None = None,
    separate: bool = True,
    errors: str | None = None,
    level: float = 0.95,
    replicates: int = 1000,
    rng: Seed = None,
) -> AdjustedEffects:
    """Which share would have left for a cause by stated times in each arm, had the arms had the same people?

    Everybody's share is worked out from models of the outcome as if they were in the one arm, then in the other, and
    averaged (the g-formula).
    Arguments: ``terms`` values from ``design.terms``, None: those the protocol adjusts for; ``at`` times in the
    follow-up's unit (None: the protocol's); ``cause`` an ending (None: the outcome); ``model`` ``cox`` (one Cox model
    for each ending, put together) or ``logistic`` (of who had ended so by then, where that is known of all);
    ``target`` whose traits are averaged over: ``ATE`` everybody's, ``ATT`` those of the arm that is not the reference,
    ``ATC`` the reference's; ``by`` a column of arms; ``reference`` None: the protocol's; ``separate`` models for each
    arm, so that nothing is assumed of how the arms differ over time (False: one model with a column an arm); ``errors``
    None, ``lin-wei`` or ``bootstrap`` (needs ``rng``, and 40 offices in each arm where there are offices).
    Shapes: ``table`` as in ``AdjustedEffects``.
    Raises: ``DesignProblem`` for a time beyond an arm's follow-up, an arm or terms that do not exist;
    ``NumericalProblem`` where a model has no answer, naming arm, ending and columns.
    Assumes: the models are right; what decides both arm and outcome is among the terms; censoring says nothing about
    what is to come, given the terms.
    Errors: the influence function, with that of the models in it; by offices with t, none below six.
    Reference: Robins 1986; Ozenne et al. 2020.
    """
    check_level(level)
    check_errors(errors, ("lin-wei", "bootstrap"))
    if model not in MODELS:
        raise DesignProblem("choice_unknown", asked=str(model), known=MODELS)
    if target not in TARGETS[:3]:
        raise DesignProblem("choice_unknown", asked=str(target), known=TARGETS[:3])
    given, asked = adjusting(people, terms, by, reference), wanted(people, at, cause)
    arms_meet(given)
    if target != "ATE" and len(given.arms) != 2:
        raise DesignProblem("weights_of_two_arms", column=by, arms=given.arms)
    make: ByHazards | ByOdds
    if model == "logistic":
        if given.delayed:
            raise DesignProblem("seen_late", count=int((given.followed.enter >= 0).sum()), total=given.size)
        make = ByOdds(given, asked, target, separate)
    else:
        followed_to(given, asked.times)
        make = ByHazards(given, asked, target, separate)
    told = [note(f"method_standardised_{model}"), note("models_by_arm" if separate else "models_together")]
    columns = len(given.columns)
    return answered(
        people,
        given,
        asked,
        make,
        as_they_are(given, asked),
        Asking(errors, level, replicates, rng),
        target,
        [*told, population(target, given.arms)],
        few_endings(given, asked, columns),
    )
