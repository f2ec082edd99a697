"""Those in one state as people with a question: how long do they stay, and where do they go?"""

from __future__ import annotations

import numpy as np
import pandas as pd

from navoutcomes.design.flow import Flow
from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.people import STANDARD
from navoutcomes.design.protocol import Protocol
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.states.transitions import Transitions, as_transitions

CLOCKS = ("total", "gap")


@door
def leaving(people: Transitions, state: str, outcome: str | None = None, clock: str = "total") -> FollowUp:
    """Who is in a state, for how long, and where do they go from there: people for every other verb.

    Hazard ratios of a transition are ``cox(leaving(people, "KVP"), terms, cause="work")``.
    Arguments: ``state`` the state that is left; ``outcome`` the state asked for (None: the first that people go to),
    the others compete; ``clock`` ``total`` (time since time zero, with late entry into the state) or ``gap`` (time
    since the state was entered, or since the person was first seen in it).
    Shapes: one row a person-interval in the state; a person who comes back has several.
    Raises: ``DesignProblem`` for a state that nobody leaves, or an outcome that nobody goes to from it.
    Assumes: with ``gap``, that time since entry into the state is what matters; with ``total``, time since time zero.
    Reference: Putter, Fiocco & Geskus 2007.
    """
    people = as_transitions(people)
    if clock not in CLOCKS:
        raise DesignProblem("choice_unknown", asked=clock, known=CLOCKS)
    goes = [people.states[end] for begin, end in people.pairs if people.states[begin] == state]
    if not goes:
        left = [people.states[place] for place in np.unique(people.pairs[:, 0])]
        raise DesignProblem("choice_unknown", asked=state, known=left)
    if outcome is not None and outcome not in goes:
        raise DesignProblem("cause_unknown", asked=outcome, known=goes)
    outcome = goes[0] if outcome is None else outcome
    made, place = people.intervals, people.states.index(state)
    here = people.state == place
    zero = _entered(people)[here] if clock == "gap" else np.zeros(int(here.sum()))
    begin, stop = made.time[made.begin[here]] - zero, made.time[made.stop[here]] - zero
    standard = people.rows[here].reset_index(drop=True)
    endings = (outcome, *(one for one in goes if one != outcome))
    rows = pd.DataFrame(
        {
            "person": standard["person"],
            "arm": pd.NA,
            "entry": np.where(begin > 0, begin, np.nan),
            "time": stop,
            "ending": pd.Categorical(standard["state_to"], categories=list(endings)),
            "weight": standard["weight"],
            "cluster": standard.get("cluster", pd.NA),
            "strata": pd.NA,
        }
    )
    asked = Protocol(question="", outcome=outcome, competing=endings[1:])
    covariates = people.covariates[here].reset_index(drop=True)
    flow = Flow(int(standard["person"].nunique()))
    return FollowUp(asked, people.unit, people.origin, flow, people.log, rows[list(STANDARD)], covariates)


def _entered(people: Transitions) -> np.ndarray:
    """When the person of each row came into the state the row is in, or was first seen in it. Shape (n,)."""
    made = people.intervals
    stays = ~made.apart & (people.state[made.before] == people.state[made.next])
    began = np.ones(len(people.state), dtype=bool)
    began[made.next[stays]] = False
    first = began[made.order]
    found = np.empty(len(first))
    found[made.order] = made.time[made.begin[made.order[first]]][np.cumsum(first) - 1]
    return found
