"""Who stops coming? Differences, ratios and odds ratios of one ending, beside the shares of everybody who began."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.terms import Term
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.basis import Basis, basis_of
from navoutcomes.estimate.counted import CountedPeople
from navoutcomes.estimate.curves.incidence import IncidenceCurves, cumulative_incidence
from navoutcomes.estimate.dropout.dropout_model import DropoutModel, modelled
from navoutcomes.estimate.dropout.dropout_shares import MINUS, Rows, Shared, shares_of_counts, shares_of_people
from navoutcomes.estimate.dropout.dropout_terms import odds_ratios, risk_differences, risk_ratios
from navoutcomes.estimate.regression.logistic import ended_by
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.regression.regression import by_term
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.notes import Log, Note, note


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class Dropout(Result):
    """Who stops coming. ``events`` of ``persons`` ended with ``cause`` by ``at`` (infinite: whenever they ended).

    ``table``: first shares (0-1) of everybody, then for each term the risk difference, risk ratio and odds ratio.
    ``penalised`` whether the model is Firth's; ``model`` what ``calibration`` looks at, None without terms.
    """

    cause: str
    at: float
    persons: int
    events: int
    penalised: bool = False
    model: DropoutModel | None = field(default=None, repr=False)
    people: Any = field(default=None, repr=False)

    @property
    def basis(self) -> Basis:
        """How many persons stand behind each term."""
        if self.model is None:
            return Basis((), self.persons, self.events, 0)
        return basis_of(self.model.seen.columns, self.model.design.names, self.model.seen.response > 0)

    @property
    def over_time(self) -> IncidenceCurves:
        """When they stop coming: the share that has left in each way by each time, the endings competing.

        Raises: ``DesignProblem`` for people known as counts, who have no times.
        """
        return cumulative_incidence(self.people)

    @property
    def covariance(self) -> pd.DataFrame:
        """Covariance of the log odds, rows and columns by term. A copy; empty without terms."""
        if self.model is None:
            return pd.DataFrame()
        return by_term(self.model.spread.matrix, self.model.names)


@door
def dropout(
    people: FollowUp | CountedPeople | Mapping[str, int],
    terms: Sequence[Term | str] = (),
    cause: str = "no_show",
    at: float | None = None,
    errors: str | None = None,
    penalty: str | None = None,
    level: float = 0.95,
) -> Dropout:
    """Who stops coming, of all who were referred or began: which share, and how it differs between people?

    Arguments: ``people`` a cohort, or counts (shares only); ``terms`` values from ``design.terms`` (a bare name is a
    number), at time zero, none for the shares alone; ``cause`` the ending that is to stop coming; ``at`` a time in the
    follow-up's unit (None: the protocol's, where it has one; else everybody must have ended); ``errors`` None (below),
    ``model``, ``hc0`` to ``hc3``, ``cr0``, ``cr1`` or ``cr2``; ``penalty`` ``firth`` to penalise in any case (None:
    where a term separates completely); ``level`` 0-1.
    Of each term: the risk difference, averaged over everybody as if all had the trait and as if none had (of a number:
    one unit more for everybody), with the delta method and who happened to be there; the risk ratio from a modified
    Poisson regression; the odds ratio from a logistic regression. An interaction has ratios only.
    Errors when None: HC3; with offices CR2 with Satterthwaite's degrees of freedom, of each number's own. With
    fewer than six offices, a trait found in one office or two persons, or fewer than four degrees of freedom,
    nothing but the estimate is given. ``model`` takes the people as they are, as R does, and leaves HC0 to the risk
    ratio (a Poisson model's own errors are too large for shares). Separation: Firth's likelihood with profile
    intervals of the odds ratios, FLIC for the predicted shares; the risk ratio is then averaged too. Firth's
    intervals are for independent, unweighted persons; others get the estimates only.
    Shapes: ``table`` one row a share, and one a term and measure; for ratios ``std_error`` is that of the logarithm.
    Group ``all`` is everybody; a minus sign and the ending (``no_show``) those who did not drop out, never shown alone.
    Raises: ``DesignProblem`` where dropouts were not counted (completers only), where somebody's status at ``at`` is
    not known, or all or nobody ended so (with terms), for collinear terms.
    Assumes: the models' forms; a difference between people is not what the trait does.
    Reference: Zou 2004; Zou & Donner 2013; Lane & Nelder 1982; Firth 1993; Heinze & Schemper 2002; Puhr et al. 2017.
    """
    check_level(level)
    if penalty not in (None, "firth"):
        raise DesignProblem("choice_unknown", asked=str(penalty), known=("firth",))
    if not isinstance(people, FollowUp):
        return _of_counts(people, terms, cause, level)
    if cause not in people.endings:
        raise DesignProblem("dropout_completers_only", asked=cause, known=people.endings)
    rows, shared, findings, when = shares_of_people(people, cause, at, errors, level)
    method = [_shares_told(rows, shared, cause)]
    model = None
    if terms:
        _, _, first, response = ended_by(people, cause, at)
        model = modelled(people, terms, first, response, errors, penalty, level, cause)
        made = [*risk_differences(model, level), *risk_ratios(model, level), *odds_ratios(model, level)]
        rows += [{**row, "cause": cause} for row in made]
        method += [*model.method]
        findings = findings + Log(tuple(one for one in model.findings if one not in findings))
    return Dropout(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=tuple(method),
        findings=findings,
        randomised=people.protocol.randomised,
        cause=cause,
        at=when,
        persons=shared.persons,
        events=shared.events,
        penalised=model is not None and model.penalised is not None,
        model=model,
        people=people,
        _table=tidy(pd.DataFrame(rows)),
    )


def _of_counts(people: CountedPeople | Mapping[str, int], terms: Sequence[object], cause: str, level: float) -> Dropout:
    if terms:
        raise DesignProblem("people_without_times", kind=type(people).__name__)
    counts = people if isinstance(people, CountedPeople) else CountedPeople.from_counts(people)
    rows, shared = shares_of_counts(counts, cause, level)
    told = _shares_told(rows, shared, cause)
    return Dropout(
        level=level,
        unit="",
        origin=counts.origin,
        method=(told, note("interval_wilson")),
        cause=cause,
        at=np.inf,
        persons=shared.persons,
        events=shared.events,
        people=counts,
        _table=tidy(pd.DataFrame(rows)),
    )


def _shares_told(rows: Rows, shared: Shared, cause: str) -> Note:
    """Whom the shares are of; the row of those who stayed is named only where it is there."""
    if any(MINUS in str(row["group"]) for row in rows):
        return note("method_dropout_shares", persons=shared.persons, completers=shared.completers, cause=cause)
    return note("method_dropout_share", persons=shared.persons)
