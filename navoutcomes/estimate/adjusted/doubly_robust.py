"""Which share would have left for a cause in each arm: right when either of two sets of models is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.adjusted.answer import Asking, answered, as_they_are, few_endings
from navoutcomes.estimate.adjusted.contrast import censored_by
from navoutcomes.estimate.adjusted.people import followed_to, wanted
from navoutcomes.estimate.adjusted.result import AdjustedEffects, check_errors
from navoutcomes.estimate.adjusted.robust import ByBoth
from navoutcomes.estimate.adjusted.standardise import MODELS
from navoutcomes.estimate.adjusted.weights import Weights, as_weights
from navoutcomes.estimate.adjusted.weights_recipe import Recipe
from navoutcomes.estimate.draws import Seed
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.notes import note


@door
def doubly_robust(
    people: FollowUp,
    weights: Weights,
    at: float | Sequence[float] | None = None,
    cause: str | None = None,
    model: str = "cox",
    censoring: Weights | None = None,
    errors: str | None = None,
    level: float = 0.95,
    replicates: int = 1000,
    rng: Seed = None,
) -> AdjustedEffects:
    """Which share would have left for a cause by stated times in each arm, had the arms had the same people?

    Everybody's share from models of the outcome in each arm, corrected by what happened to those who were in it, by
    their weights (augmented inverse probability weighting; those lost are made up for by a model of being censored).
    Arguments: ``weights`` of kind iptw, whose terms serve every model; ``at`` times in the follow-up's unit (None: the
    protocol's); ``cause`` an ending (None: the outcome); ``model`` ``cox`` (for each ending and for being censored) or
    ``logistic`` (where everybody's status is known); ``censoring`` weights of kind ipcw, whose
    terms are then those of the model of being censored; ``errors`` None, ``lin-wei`` or ``bootstrap``.
    Shapes: ``table`` as in ``AdjustedEffects``; a share may fall a little outside 0-1 in small samples.
    Raises: as ``standardise``; ``DesignProblem`` for other weights, and where people enter late.
    Assumes: the outcome models are right, or those of arm and censoring are; what decides both arm and outcome, or both
    censoring and outcome, is among the terms.
    Errors: the influence function with that of every model in it, so that they hold when one set of models is wrong.
    Reference: Robins, Rotnitzky & Zhao 1994; Ozenne et al. 2020.
    """
    check_level(level)
    check_errors(errors, ("lin-wei", "bootstrap"))
    if model not in MODELS:
        raise DesignProblem("choice_unknown", asked=str(model), known=MODELS)
    made = as_weights(people, weights)
    if made.kind != "iptw":
        raise DesignProblem("weights_of_kind", asked=made.kind, known=("iptw",))
    given, asked = made.given, wanted(people, at, cause)
    if given.delayed:
        late = int((given.followed.enter >= 0).sum())
        raise DesignProblem("seen_late", count=late, total=given.size)
    if model == "cox":
        followed_to(given, asked.times)
    traits, _, findings = censored_by(people, made, censoring)
    recipe = Recipe(made.kind, made.target, made.recipe.truncate)
    result = answered(
        people,
        given,
        asked,
        ByBoth(given, asked, recipe, model == "cox", traits),
        as_they_are(given, asked),
        Asking(errors, level, replicates, rng),
        made.target,
        [note(f"method_doubly_robust_{model}"), *(one for one in made.method if one.key != "weights_stabilised")],
        made.findings + findings.notes + few_endings(given, asked, len(given.columns)).notes,
    )
    _inside(result)
    return result


def _inside(result: AdjustedEffects) -> None:
    """Raises ``DesignProblem`` for a share far outside 0-1: the weights of a few decide."""
    table = result.table
    shares = table.loc[table["measure"] == "adjusted risk", "estimate"].to_numpy()
    if ((shares < -0.1) | (shares > 1.1)).any():
        raise DesignProblem(
            "share_outside", count=int(((shares < -0.1) | (shares > 1.1)).sum()), total=int(np.size(shares))
        )
