"""Does it come back faster for some: hazard ratios of repeated events, with errors by person or office."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from navoutcomes.design.flow import Flow
from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.people import STANDARD
from navoutcomes.design.protocol import Protocol
from navoutcomes.design.terms import Term
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.regression.cox import CoxRegression, cox
from navoutcomes.estimate.states.recurrent_rows import Repeats, as_repeats
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.curves.multistate import NOTHING
from navoutcomes.notes import note

NUMBER = "event number"
CLOCKS = ("total", "gap")


@door
def andersen_gill(
    people: Repeats,
    terms: Sequence[Term | str],
    cause: str | None = None,
    ties: str = "efron",
    errors: str | None = None,
    level: float = 0.95,
) -> CoxRegression:
    """How much more often does it happen to people with one trait, however often it has happened before?

    Every event counts alike. Arguments: ``terms`` as in ``cox``; ``cause`` the kind of event (None: the only one that
    comes back); ``ties`` ``efron`` or ``breslow``; ``errors`` None (by person; by office with clusters), ``lin-wei`` or
    ``model`` (events of one person independent).
    Shapes: as ``cox``.
    Raises: as ``cox``; ``DesignProblem`` where several kinds come back and none is named.
    Assumes: the rate at a time does not depend on how many events there were before, but for the terms; hazards are
    proportional.
    Reference: Andersen & Gill 1982; Lin, Wei, Yang & Ying 2000.
    """
    people = as_repeats(people)
    name = _cause(people, cause)
    made = people.intervals
    follow_up = _follow_up(people, name, _start(made.time[made.begin]), made.time[made.stop], _number(people, name)[0])
    return _fitted(follow_up, terms, name, ties, errors, level, None, "method_andersen_gill")


@door
def prentice_williams_peterson(
    people: Repeats,
    terms: Sequence[Term | str],
    cause: str | None = None,
    clock: str = "total",
    pooled: int | None = None,
    ties: str = "efron",
    errors: str | None = None,
    level: float = 0.95,
) -> CoxRegression:
    """How much more often does the next one come to people with one trait, of those who have had as many?

    The first event, the second and so on have hazards of their own. Arguments as ``andersen_gill``; ``clock`` ``total``
    (time since time zero) or ``gap`` (time since the event before); ``pooled`` from this number on the events share one
    hazard (few people have many).
    Shapes, Raises: as ``andersen_gill``.
    Assumes: hazards are proportional within event numbers. Who has had many events is a selected few: a ratio compares
    people with the same past, not the arms of a trial.
    Reference: Prentice, Williams & Peterson 1981.
    """
    people = as_repeats(people)
    if clock not in CLOCKS:
        raise DesignProblem("choice_unknown", asked=clock, known=CLOCKS)
    name = _cause(people, cause)
    made = people.intervals
    number, since = _number(people, name)
    number = number if pooled is None else np.minimum(number, pooled)
    zero = since if clock == "gap" else np.zeros(len(since))
    begin, stop = made.time[made.begin] - zero, made.time[made.stop] - zero
    follow_up = _follow_up(people, name, _start(begin), stop, number)
    return _fitted(follow_up, terms, name, ties, errors, level, NUMBER, f"method_pwp_{clock}")


@door
def wei_lin_weissfeld(
    people: Repeats,
    terms: Sequence[Term | str],
    events: int,
    cause: str | None = None,
    ties: str = "efron",
    errors: str | None = None,
    level: float = 0.95,
) -> CoxRegression:
    """How much sooner do people with one trait have their first event, their second, ..., each counted from time zero?

    Everybody is at risk of every event from the start. Arguments as ``andersen_gill``; ``events`` how many are looked
    at; terms are those of a person's first row.
    Shapes, Raises: as ``andersen_gill``; ``DesignProblem`` for a person whom nobody saw for a while.
    Assumes: hazards are proportional for each event; the ratio is the same for all.
    Reference: Wei, Lin & Weissfeld 1989.
    """
    people = as_repeats(people)
    name = _cause(people, cause)
    made = people.intervals
    if made.apart.any() or events < 1:
        raise DesignProblem("choice_unknown", asked=f"events={events}", known=("events >= 1", 'gaps="error"'))
    order = np.lexsort((made.begin, made.person))
    first = order[np.flatnonzero(np.diff(made.person[order], prepend=-1))]
    last = order[np.flatnonzero(np.diff(made.person[order], append=-1))]
    happened = people.kind == people.events.index(name)
    number = _number(people, name)[0]
    time = np.tile(made.time[made.stop[last]], (events, 1))
    kind = np.full(time.shape, NOTHING)
    hit = np.flatnonzero(happened & (number <= events))
    place = number[hit] - 1, np.searchsorted(made.person[first], made.person[hit])
    time[place], kind[place] = made.time[made.stop[hit]], people.events.index(name)
    begin = _start(np.tile(made.time[made.begin[first]], events))
    waits = np.repeat(np.arange(1, events + 1), len(first))
    follow_up = _follow_up(people, name, begin, time.ravel(), waits, np.tile(first, events), kind.ravel())
    return _fitted(follow_up, terms, name, ties, errors, level, NUMBER, "method_wlw")


def _cause(people: Repeats, cause: str | None) -> str:
    known = [word for word in people.events if word not in people.terminal]
    if cause is None and len(known) == 1:
        return known[0]
    if cause not in known:
        raise DesignProblem("cause_unknown", asked=str(cause), known=known)
    return cause


def _number(people: Repeats, cause: str) -> tuple[Indices, Floats]:
    """Which event of the kind each row waits for (1, 2, ...), and since when it does."""
    made = people.intervals
    order = np.lexsort((made.begin, made.person))
    hit = (people.kind == people.events.index(cause))[order]
    new = np.diff(made.person[order], prepend=-1) != 0
    earlier = np.cumsum(hit) - hit
    at_start = np.flatnonzero(new)
    stretch = np.cumsum(new) - 1
    number = 1 + earlier - earlier[at_start][stretch]
    # The clock starts with the person's first row, and again at every event.
    begins = new | np.append(False, hit[:-1])
    started = np.where(new, made.begin[order], np.roll(made.stop[order], 1))
    since = made.time[started[begins]][np.cumsum(begins) - 1]
    back = np.empty(len(order), dtype=np.int64)
    back[order] = np.arange(len(order))
    return number[back], since[back]


def _start(begin: Floats) -> Floats:
    return np.where(begin > 0, begin, np.nan)


def _follow_up(
    people: Repeats,
    cause: str,
    entry: Floats,
    time: Floats,
    number: Indices,
    chosen: Indices | None = None,
    kind: Indices | None = None,
) -> FollowUp:
    """The rows as people with a question; ``chosen`` rows and ``kind`` of ending of each where they differ."""
    chosen = np.arange(len(people.kind)) if chosen is None else chosen
    kind = people.kind if kind is None else kind
    standard = people.rows.iloc[chosen].reset_index(drop=True)
    words = [*people.events, None]
    rows = pd.DataFrame(
        {
            "person": standard["person"],
            "arm": pd.NA,
            "entry": entry,
            "time": time,
            "ending": pd.Categorical([words[one] for one in kind], categories=list(people.events)),
            "weight": standard["weight"],
            "cluster": standard.get("cluster", pd.NA),
            "strata": pd.NA,
        }
    )
    covariates = people.covariates.iloc[chosen].reset_index(drop=True).assign(**{NUMBER: number})
    others = tuple(word for word in people.events if word != cause)
    asked = Protocol(question="", outcome=cause, competing=others)
    flow = Flow(people.persons)
    return FollowUp(asked, people.unit, people.origin, flow, people.log, rows[list(STANDARD)], covariates)


def _fitted(
    people: FollowUp,
    terms: Sequence[Term | str],
    cause: str,
    ties: str,
    errors: str | None,
    level: float,
    strata: str | None,
    method: str,
) -> CoxRegression:
    own = "robust" if errors is None and people.clusters()[2] != "office" else errors
    found = cox(people, terms, cause=cause, ties=ties, strata=strata, errors=own, level=level)
    return replace(found, method=(note(method), *found.method))
