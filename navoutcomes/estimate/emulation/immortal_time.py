"""Is somebody compared by what they did later? The unfair number beside fair ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.landmark import from_landmark
from navoutcomes.design.start_times import one_row_each, start_times, suspected_starts, unit_text
from navoutcomes.design.terms import Term
from navoutcomes.errors import DesignProblem, NumericalProblem, door
from navoutcomes.estimate.regression.cox import cox
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.estimate.result import Result, tidy
from navoutcomes.maths.arrays import Floats
from navoutcomes.notes import Log, note, warning

EXPOSED = "__begun"
NAIVE, VARYING, FROM = "ever against never (not valid)", "time-varying", "landmark"


@dataclass(frozen=True, kw_only=True, repr=False, eq=False)
class ImmortalTime(Result):
    """Hazard ratios of those who began against those who had not: the unfair one, and fair ones.

    ``late`` of ``persons`` began after time zero; ``wait`` is their mean time until then, in ``unit``. ``fair`` says
    whether nobody did.
    """

    late: int
    persons: int
    wait: float

    @property
    def fair(self) -> bool:
        """Whether groups made of who began were known at time zero."""
        return self.late == 0


@door
def immortal_time_check(
    people: FollowUp,
    start: str | None = None,
    landmarks: float | Sequence[float] | None = None,
    terms: Sequence[Term | str] = (),
    cause: str | None = None,
    level: float = 0.95,
) -> ImmortalTime:
    """Did the treated have to stay in order to be treated, and how much does that alone make of the difference?

    Who begins after time zero cannot have left before: their time until then is immortal. Counted as the treated
    group's, it makes them look slower to leave, whatever the programme does.
    Arguments: ``start`` a column of times since time zero, or of dates, empty for who never began; None looks for
    columns of dates that are filled in one arm only; ``landmarks`` times at which the fair comparison starts anew
    (None: the median wait); ``terms`` to adjust for; ``cause`` an ending (None: the outcome); ``level`` 0-1.
    Shapes: ``table`` has one row a way of comparing, with the hazard ratio of those who began; the first is not valid
    and is there to be looked at.
    Raises: ``DesignProblem`` where several columns may be the start, several rows a person, or no endings.
    Reference: Suissa 2008; Anderson, Cain & Gelber 1983; Therneau & Grambsch 2000, section 3.7.
    """
    one_row_each(people)
    check_level(level)
    column = start or _found(people)
    if column is None:
        return _nothing(people, level)
    begun = start_times(people, column)
    late = np.isfinite(begun) & (begun > 0)
    wait = float(begun[late].mean()) if late.any() else 0.0
    marks = [float(one) for one in np.atleast_1d(np.asarray(_marks(begun, late, landmarks), dtype=float))]
    ever = _with(people, np.isfinite(begun).astype(float))
    rows = [_row(ever, NAIVE, 0.0, terms, cause, level), _row(_split(people, begun), VARYING, 0.0, terms, cause, level)]
    for at in marks:
        moved, there = from_landmark(people, at)
        rows.append(_row(_with(moved, (begun[there] <= at).astype(float)), FROM, at, terms, cause, level))
    return ImmortalTime(
        level=level,
        unit=people.unit,
        origin=people.origin,
        method=(note("method_immortal_time", column=column),),
        findings=_findings(people, column, int(late.sum()), wait, rows),
        late=int(late.sum()),
        persons=len(begun),
        wait=wait,
        _table=tidy(pd.DataFrame(rows)),
    )


def _found(people: FollowUp) -> str | None:
    """The one column that looks like a start after time zero. Raises ``DesignProblem`` where several do."""
    found = suspected_starts(people)
    if len(found) > 1:
        raise DesignProblem("several_start_columns", column=list(found), count=len(found))
    return found[0] if found else None


def _nothing(people: FollowUp, level: float) -> ImmortalTime:
    return ImmortalTime(
        level=level,
        unit=people.unit,
        origin=people.origin,
        findings=Log((note("no_start_column", number=len(people.covariates.columns)),)),
        late=0,
        persons=people.persons,
        wait=0.0,
        _table=tidy(pd.DataFrame({"term": [], "measure": [], "time": [], "estimate": []})),
    )


def _marks(begun: Floats, late: np.ndarray, asked: float | Sequence[float] | None) -> float | Sequence[float]:
    if asked is not None:
        return asked
    return float(np.median(begun[late])) if late.any() else ()


def _with(people: FollowUp, exposed: Floats) -> FollowUp:
    covariates = people.covariates.assign(**{EXPOSED: exposed})
    return replace(people, _covariates=covariates)


def _split(people: FollowUp, begun: Floats) -> FollowUp:
    """Those who begin on the way make two rows: not begun until then, begun after it."""
    rows, others = people.rows, people.covariates
    entry = rows["entry"].to_numpy(dtype=float)
    on_the_way = np.isfinite(begun) & (begun > np.where(np.isnan(entry), 0.0, entry))
    before, after = rows[on_the_way].copy(), rows[on_the_way].copy()
    before["time"] = after["entry"] = begun[on_the_way]
    before["ending"] = None
    whole = rows[~on_the_way]
    ending = pd.Categorical(
        [*whole["ending"], *before["ending"], *after["ending"]], categories=rows["ending"].cat.categories
    )
    ended = [one.drop(columns="ending") for one in (whole, before, after)]
    made = pd.concat(ended, ignore_index=True)
    made["ending"] = ending
    exposed = np.concatenate(
        [np.isfinite(begun[~on_the_way]), np.zeros(len(before), dtype=bool), np.ones(len(after), dtype=bool)]
    )
    kept = pd.concat([others[~on_the_way], others[on_the_way], others[on_the_way]], ignore_index=True)
    kept[EXPOSED] = exposed.astype(float)
    return replace(people, _rows=made[list(rows.columns)], _covariates=kept)


def _row(
    people: FollowUp, way: str, at: float, terms: Sequence[Term | str], cause: str | None, level: float
) -> dict[str, object]:
    """The hazard ratio one way; empty where the likelihood has no top, or all are in one group."""
    events = int((people.rows["ending"] == (cause or people.endings[0])).sum())
    row: dict[str, object] = {
        "cause": cause or people.endings[0],
        "term": way,
        "measure": "hazard ratio",
        "time": at,
        "at_risk": float(people.persons),
        "events": float(events),
    }
    try:
        model = cox(people, [EXPOSED, *terms], cause=cause, level=level)
    except (DesignProblem, NumericalProblem) as problem:
        if problem.key not in ("term_constant", "monotone_likelihood", "not_converged", "no_events", "terms_collinear"):
            raise
        return row | dict.fromkeys(("estimate", "std_error", "conf_low", "conf_high"), float("nan"))
    found = model.ratios[model.ratios["term"] == EXPOSED].iloc[0]
    return row | {name: float(found[name]) for name in ("estimate", "std_error", "conf_low", "conf_high")}


def _findings(people: FollowUp, column: str, late: int, wait: float, rows: list[dict[str, object]]) -> Log:
    total = len(people.array("time"))
    if not late:
        return Log((note("no_immortal_time", column=column, total=total),))
    naive, right = (round(float(str(row["estimate"])), 2) for row in rows[:2])
    said = warning(
        "immortal_time_found",
        column=column,
        count=late,
        total=total,
        wait=round(wait, 1),
        unit=unit_text(people.unit),
        naive=naive,
        right=right,
    )
    return Log((said, note("hazard_ratio_average")))
