"""People in periods: the baseline, what varies by period, and which periods say anything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.terms import Interaction, Number, Spline, Term
from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.basis import Basis, basis_of, persons_of, together
from navoutcomes.estimate.regression.design_matrix import DesignMatrix, design_matrix, label
from navoutcomes.estimate.regression.glm import INTERCEPT
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.hazards.discrete_hazard_rows import PersonPeriods
from navoutcomes.maths.hazards.discrete_hazard_time import AtRisk, periods_at_risk
from navoutcomes.maths.splines import natural_spline
from navoutcomes.notes import Log, Note, note, warning

EACH = "each period"
PERIOD = "period"
Baseline = str | Number | Spline
Bend = Number | Spline


@dataclass(frozen=True)
class Periods:
    """People laid out in periods, for one ending. ``kept`` (M,) are the periods in which some end and some stay;
    ``names`` (q,) of the coefficients, the first ``starts`` of the baseline; ``at_risk``, ``events`` (all periods,)."""

    rows: PersonPeriods
    kept: Indices
    names: tuple[str, ...]
    starts: int
    at_risk: Floats
    events: Floats


@dataclass(frozen=True)
class Asked:
    """The terms of a model: columns alike in all periods, those that vary by period, and how."""

    design: DesignMatrix
    varying: Indices
    bend: Bend | None


def asked(people: FollowUp, terms: Sequence[Term | str]) -> Asked:
    """Terms apart from their interactions with the period.

    Raises: ``DesignProblem`` for an interaction with the period whose other part is no term of the model, or for two
    different ways to vary.
    """
    plain = [one for one in terms if not _by_period(one)]
    crossed = [one for one in terms if isinstance(one, Interaction) and _by_period(one)]
    design = design_matrix(people, plain)
    bends = {part for one in crossed for part in one.terms if _is_period(part)}
    if len(bends) > 1:
        raise DesignProblem("ways_to_vary", count=len(bends))
    columns: list[int] = []
    for one in crossed:
        others = [part for part in one.terms if not _is_period(part)]
        other = others[0] if len(others) == 1 else Interaction(*others)
        if other not in design.terms:
            raise DesignProblem("interaction_without_parts", column=[label(other)])
        place = design.terms.index(other)
        columns += [at for at, term in enumerate(design.term) if term == place]
    bend = next(iter(bends), None)
    return Asked(design, np.array(columns, dtype=np.int64), bend if isinstance(bend, Number | Spline) else None)


def _by_period(term: Term | str) -> bool:
    return isinstance(term, Interaction) and any(_is_period(part) for part in term.terms)


def _is_period(term: object) -> bool:
    return isinstance(term, Number | Spline) and term.column == PERIOD


def baseline_columns(baseline: Baseline, periods: Indices) -> tuple[Floats, tuple[str, ...]]:
    """Columns of the baseline over the periods (from 0), and their names. Raises ``DesignProblem`` for another kind."""
    number = periods + 1.0
    if isinstance(baseline, str):
        if baseline != EACH:
            raise DesignProblem("choice_unknown", asked=baseline, known=(EACH, "Number", "Spline"))
        return np.eye(len(periods)), tuple(f"{PERIOD} {one + 1}" for one in periods)
    bent, names = _bent(baseline, number)
    return np.column_stack([np.ones(len(periods)), bent]), (INTERCEPT, *names)


def _bent(term: Bend, number: Floats) -> tuple[Floats, tuple[str, ...]]:
    if isinstance(term, Number):
        return (number - term.centre)[:, None], (term.column,)
    basis = natural_spline(number, np.asarray(term.knots, dtype=float))
    return basis, tuple(f"{term.column}, spline {at + 1}" for at in range(basis.shape[1]))


def when_at_risk(people: FollowUp, length: float) -> AtRisk:
    """Who is at risk in which period, and in which anybody ends."""
    time, entry = people.array("time"), people.array("entry")
    person = pd.factorize(people.rows["person"])[0].astype(np.int64) if people.repeated else None
    return periods_at_risk(entry, time, people.causes() >= 0, length, person)


def laid_out(people: FollowUp, what: Asked, at: AtRisk, cause: str, baseline: Baseline) -> Periods:
    """People in the periods that say something of one ending.

    With a hazard for each period, those where nobody ends (hazard 0) or everybody does (hazard 1) say nothing of the
    terms and are left out. Raises: ``DesignProblem`` where nobody ends for the cause.
    """
    why = _endings(people, at)
    place = np.where(why == people.endings.index(cause), at.place, -1)
    if not (place >= 0).any():
        raise DesignProblem("no_events", cause=cause, total=len(place), known=people.endings)
    last = int(at.end.max())
    came = np.bincount(at.begin, minlength=last + 1) - np.bincount(at.end, minlength=last + 1)
    at_risk = np.cumsum(came)[:last].astype(float)
    events = np.bincount(place[place >= 0], minlength=last).astype(float)
    each = isinstance(baseline, str)
    kept = np.flatnonzero((events > 0) & (events < at_risk)) if each else np.arange(last)
    if not len(kept):
        raise DesignProblem("periods_alike", cause=cause)
    before = np.concatenate([[0], np.cumsum(np.isin(np.arange(last), kept))]).astype(np.int64)
    inside = np.isin(place, kept) & (place >= 0)
    basis, starts = baseline_columns(baseline, kept)
    bends, bent = (np.zeros((len(kept), 0)), ()) if what.bend is None else _bent(what.bend, kept + 1.0)
    design = what.design
    varying = tuple(f"{design.names[int(v)]} × {name}" for v in what.varying for name in bent)
    rows = PersonPeriods(
        columns=design.values,
        begin=before[at.begin],
        end=before[at.end],
        place=np.where(inside, before[np.maximum(place, 0)], -1),
        weight=np.array(people.array("weight")),
        basis=basis,
        varying=what.varying,
        bends=bends,
    )
    return Periods(rows, kept, (*starts, *design.names, *varying), len(starts), at_risk, events)


def behind(people: FollowUp, what: Asked, at: AtRisk, causes: Sequence[str], columns: int) -> Basis:
    """Persons at risk in some period, and those of them who ended for each cause in one."""
    why, there, person = _endings(people, at), at.end > at.begin, persons_of(people)
    person = None if person is None else person[there]
    x, terms = what.design.values[there], what.design.names
    ended = [((why == people.endings.index(name)) & (at.place >= 0))[there] for name in causes]
    return together([basis_of(x, terms, one, person=person) for one in ended], columns)


def _endings(people: FollowUp, at: AtRisk) -> Indices:
    """The ending of each row, given to the row in force when its period began. Shape (n,)."""
    why = people.causes()
    if not people.repeated:
        return why
    # At most one row of a person ends, so a person's ending is the largest of their places.
    codes = pd.factorize(people.rows["person"])[0]
    own = np.full(int(codes.max()) + 1, -1, dtype=np.int64)
    np.maximum.at(own, codes, why)
    found: Indices = np.where(at.place >= 0, own[codes], why)
    return found


def remarks(at: AtRisk, rows: int) -> Log:
    """What was lost because periods are whole."""
    found: list[Note] = []
    if at.parts:
        found.append(note("parts_of_periods", count=at.parts, total=rows))
    if at.lost:
        found.append(warning("endings_lost_in_periods", count=at.lost, total=rows))
    return Log(tuple(found))
