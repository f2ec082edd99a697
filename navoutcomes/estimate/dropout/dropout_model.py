"""The logistic model behind ``dropout``, its coefficients' covariance, and everybody's columns with and without."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import expit

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.terms import Category, Interaction, Number, Spline, Term
from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.few_persons import too_few
from navoutcomes.estimate.regression.design_matrix import DesignMatrix, design_matrix
from navoutcomes.estimate.regression.glm import INTERCEPT, Belonging, Rule, rule_of, spoken_for, stopped
from navoutcomes.estimate.regression.logistic import penalised
from navoutcomes.maths.arrays import Floats, Indices
from navoutcomes.maths.generalised.firth import Profiled
from navoutcomes.maths.generalised.glm import Fit, fit
from navoutcomes.maths.generalised.glm_errors import Covariance, covariance
from navoutcomes.maths.generalised.glm_newton import Unfit
from navoutcomes.maths.generalised.glm_rows import Observations
from navoutcomes.maths.marginal import recentred
from navoutcomes.notes import Log, Note, note, warning


@dataclass(frozen=True)
class Contrasted:
    """One trait: its name, the columns (n, p) of everybody with it and without, and the places of its own columns."""

    name: str
    there: Floats
    here: Floats
    places: tuple[int, ...]


@dataclass(frozen=True)
class DropoutModel:
    """A logistic model of who dropped out. ``fitted`` or, where penalised, ``penalised`` is there, not both.

    Shapes: predicting (q,) coefficients of predicted shares, with ``spread``; given (q,) which may be spoken of.
    """

    seen: Observations
    belong: Belonging
    design: DesignMatrix
    profiles: pd.DataFrame
    names: tuple[str, ...]
    rule: Rule
    fitted: Fit | None
    penalised: Profiled | None
    predicting: Floats
    spread: Covariance
    given: np.ndarray
    method: tuple[Note, ...]
    findings: Log

    @property
    def share(self) -> Floats:
        """Everybody's predicted share. Shape (n,)."""
        return shares(self.seen.columns, self.predicting)

    def contrasts(self) -> list[Contrasted]:
        """Every trait with everybody's columns; a number that is not 0 and 1 is one unit more."""
        found, done = [], set()
        for term in self.design.terms:
            if isinstance(term, Interaction) or term.column in done:
                continue
            done.add(term.column)
            places = self._places(term.column)
            own = self.profiles[term.column]
            if isinstance(term, Category):
                reference, *levels = self.design.levels[term.column]
                for level in levels:
                    column = self.design.names.index(f"{term.column}: {level}")
                    found.append(self._one(f"{term.column}: {level}", term.column, level, reference, (column,)))
                continue
            numbers = own.astype(float)
            two = set(numbers.unique()) <= {0.0, 1.0}
            there, here = (numbers * 0 + 1, numbers * 0) if two else (numbers + 1, numbers)
            found.append(self._one(term.column, term.column, there, here, places))
        return found

    def _places(self, column: str) -> tuple[int, ...]:
        mine = [
            at
            for at, term in enumerate(self.design.terms)
            if isinstance(term, Number | Spline) and term.column == column
        ]
        return tuple(at for at, term in enumerate(self.design.term) if term in mine)

    def _one(self, name: str, column: str, there: Any, here: Any, places: tuple[int, ...]) -> Contrasted:
        values = [self.design.rows(self.profiles.assign(**{column: one})) for one in (there, here)]
        return Contrasted(name, values[0], values[1], places)


def shares(columns: Floats, coefficients: Floats) -> Floats:
    """Predicted shares. Shapes: (n, p), (p + 1,) -> (n,)."""
    return np.asarray(expit(coefficients[0] + columns @ coefficients[1:]))


def modelled(
    people: FollowUp,
    terms: Sequence[Term | str],
    first: Indices | None,
    response: Floats,
    errors: str | None,
    penalty: str | None,
    level: float,
    cause: str,
) -> DropoutModel:
    """The model, penalised where asked or where it has no top.

    Raises: ``DesignProblem`` for collinear terms; ``NumericalProblem`` where there is no answer, naming the terms.
    """
    design = design_matrix(people, terms)
    seen, belong, profiles = _persons(people, design, first, response)
    names = (INTERCEPT, *design.names)
    rule = rule_of(errors, belong)
    fitted, findings = None, rule.findings
    if penalty is None:
        try:
            fitted = fit(seen, "logit")
        except Unfit as unfit:
            if unfit.kind != "separated":
                raise stopped(unfit, names) from None
            findings += warning("dropout_separated", column=[names[at] for at in unfit.columns])
    found, method = None, [note("method_dropout", cause=cause), *rule.method]
    if fitted is not None:
        predicting, spread = fitted.coefficients, covariance(seen, fitted, rule.kind, belong.codes)
        given, more = spoken_for(seen.columns, names, 1, rule, belong, spread.df, silent=1)
        findings += more
    else:
        found, _ = penalised(seen, names, level)
        predicting, matrix = recentred(seen, found.coefficients, found.covariance)
        spread = Covariance(matrix, np.full(len(names), np.inf))
        alone = belong.codes is None and seen.weight is None
        rare, few = too_few(seen.columns, names[1:], penalised=True)
        given = alone & np.concatenate([[True], ~rare])
        findings += few
        method = [note("method_dropout", cause=cause), note("method_firth"), note("interval_profile")]
        method += [note("dropout_flic")]
        if not alone:
            findings += warning("dropout_firth_dependent")
    return DropoutModel(
        seen, belong, design, profiles, names, rule, fitted, found, predicting, spread, given, tuple(method), findings
    )


def _persons(
    people: FollowUp, design: DesignMatrix, first: Indices | None, response: Floats
) -> tuple[Observations, Belonging, pd.DataFrame]:
    weight, (codes, _, kind) = np.array(people.array("weight")), people.clusters()
    parts = [part for term in design.terms for part in (term.terms if isinstance(term, Interaction) else (term,))]
    profiles = pd.DataFrame({part.column: people.column(part.column) for part in parts}).reset_index(drop=True)
    columns = design.values
    codes = None if codes is None or kind == "person" else codes
    if first is not None:
        columns, weight, profiles = columns[first], weight[first], profiles.iloc[first].reset_index(drop=True)
        codes = None if codes is None else codes[first]
    unit = None if (weight == 1).all() else weight
    return Observations(np.ascontiguousarray(columns), response, unit), Belonging.of(codes, kind), profiles


def check_model(model: object) -> DropoutModel:
    """The model of a result. Raises ``DesignProblem`` where there is none."""
    found = getattr(model, "model", None)
    if not isinstance(found, DropoutModel):
        raise DesignProblem("calibration_needs_model", kind=type(model).__name__)
    return found
