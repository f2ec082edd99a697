"""The second gate: adjustment terms become columns of numbers, and remember how, so that new people get the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp, named
from navoutcomes.design.measured import refuse_measured_late
from navoutcomes.design.people import positions
from navoutcomes.design.terms import Category, Interaction, Number, Spline, Term
from navoutcomes.errors import DataProblem, DesignProblem
from navoutcomes.maths.arrays import Floats
from navoutcomes.maths.blocks import halves
from navoutcomes.maths.splines import natural_spline
from navoutcomes.notes import Log, warning

COLLINEAR = 1e-9
ROWS = 4_096
Column = Callable[[str], pd.Series]


@dataclass(frozen=True)
class DesignMatrix:
    """Adjustment terms as columns. ``names`` (p,) of the columns, ``term`` (p,) which term each belongs to; ``dropped``
    what was the same for everybody and has no column.

    Shapes: values (n, p), C order.
    """

    terms: tuple[Term, ...]
    names: tuple[str, ...]
    term: tuple[int, ...]
    levels: dict[str, tuple[str, ...]]
    values: Floats
    dropped: tuple[str, ...] = ()

    @property
    def remarks(self) -> Log:
        """A warning that names what was the same for everybody and was taken out."""
        return Log((warning("terms_dropped", column=list(self.dropped)),)) if self.dropped else Log()

    def rows(self, profiles: pd.DataFrame) -> Floats:
        """The same columns for other people. Shapes: profiles one row a profile -> (m, p).

        Raises: ``DataProblem`` for a column that is missing or a level nobody had when the model was fitted.
        """

        def column(name: str) -> pd.Series:
            if name not in profiles.columns:
                raise DataProblem("columns_missing", column=[name], columns_found=list(profiles.columns), count=1)
            return profiles[name]

        parts = [one for term in self.terms for one in _columns(term, column, self.levels)]
        kept = [values for name, values in parts if name not in self.dropped]
        return np.column_stack(kept) if kept else np.empty((len(profiles), 0))


def design_matrix(people: FollowUp, terms: Sequence[Term | str], drop_constant: bool = False) -> DesignMatrix:
    """Terms as columns of numbers for every row of people.

    Arguments: ``terms`` values from ``design.terms``; a bare name is ``Number(name)`` and must hold numbers;
    ``drop_constant`` leaves out columns that are the same for everybody, where others remain: the caller says so with
    ``remarks``.
    Raises: ``DataProblem`` for a column that is missing, holds empty cells or no numbers; ``DesignProblem`` for no
    terms, a reference nobody has, a column that is the same for everybody or was measured after entry, an interaction
    without its parts.
    """
    chosen = tuple(Number(one) if isinstance(one, str) else one for one in terms)
    if not chosen:
        raise DesignProblem("terms_needed")
    for term in chosen:
        _parts_present(term, chosen)
    refuse_measured_late(people, (one.column for term in chosen for one in _simple(term)))
    levels = {one.column: _levels(people, one) for one in _categories(chosen)}
    names, place, columns = [], [], []

    def column(name: str) -> pd.Series:
        return people.column(name, copy=False)

    for at, term in enumerate(chosen):
        for name, values in _columns(term, column, levels):
            names.append(name)
            place.append(at)
            columns.append(values)
    still = [name for name, values in zip(names, columns, strict=True) if _still(values)]
    alone = [label(one) for one in _categories(chosen) if len(levels[one.column]) == 1]
    if len(still) == len(names) or (still and not drop_constant):
        raise DesignProblem("term_constant", column=[*still, *alone])
    kept = [at for at, name in enumerate(names) if name not in still]
    return DesignMatrix(
        chosen,
        tuple(names[at] for at in kept),
        tuple(place[at] for at in kept),
        levels,
        _side_by_side([columns[at] for at in kept]),
        (*still, *alone),
    )


def label(term: Term) -> str:
    """A term's own name, as in tests of a whole term."""
    if isinstance(term, Interaction):
        return " × ".join(label(one) for one in term.terms)
    return term.column


def _columns(term: Term, column: Column, levels: dict[str, tuple[str, ...]]) -> list[tuple[str, Floats]]:
    if isinstance(term, Interaction):
        made: list[tuple[str, Floats]] = [("", np.ones(1))]
        for one in term.terms:
            made = [
                (f"{left} × {right}" if left else right, a * b)
                for left, a in made
                for right, b in _columns(one, column, levels)
            ]
        return made
    if isinstance(term, Category):
        return _indicators(term, column(term.column), levels[term.column])
    numbers = _numbers(term.column, column(term.column))
    if isinstance(term, Number):
        return [(term.column, numbers - term.centre if term.centre else numbers)]
    basis = natural_spline(numbers, np.asarray(term.knots, dtype=float))
    return [(f"{term.column}, spline {at + 1}", basis[:, at]) for at in range(basis.shape[1])]


def _numbers(name: str, values: pd.Series) -> Floats:
    if pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values):
        if not pd.api.types.is_bool_dtype(values):
            raise DesignProblem("term_not_numbers", column=name)
        values = values.astype(float)
    numbers = np.ascontiguousarray(values.to_numpy(dtype=float, na_value=np.nan))
    if not np.isfinite(numbers.sum()) and not np.isfinite(numbers).all():
        bad = ~np.isfinite(numbers)
        raise DataProblem("not_a_number", column=name, rows=positions(bad), count=int(bad.sum()), total=len(numbers))
    return numbers


def _indicators(term: Category, values: pd.Series, levels: tuple[str, ...]) -> list[tuple[str, Floats]]:
    words = pd.Categorical(values)
    known = {name: place for place, name in enumerate(levels)}
    lookup = np.array([*(known.get(named(one), -1) for one in words.categories), -1], dtype=np.int64)
    codes = lookup[words.codes]
    unknown = codes < 0
    if unknown.any():
        raise DataProblem(
            "level_unknown", column=term.column, rows=positions(unknown), count=int(unknown.sum()), total=len(codes)
        )
    return [
        (f"{term.column}: {name}", (codes == place).astype(float)) for place, name in enumerate(levels) if place > 0
    ]


def _levels(people: FollowUp, term: Category) -> tuple[str, ...]:
    """The levels people have, the reference first."""
    _, names = people.levels(term.column)
    if term.reference not in names:
        raise DesignProblem("reference_unknown", column=term.column, asked=term.reference, known=names)
    return (term.reference, *(name for name in names if name != term.reference))


def _simple(term: Term) -> tuple[Number | Category | Spline, ...]:
    return term.terms if isinstance(term, Interaction) else (term,)


def _categories(terms: Sequence[Term]) -> list[Category]:
    flat = [part for term in terms for part in (term.terms if isinstance(term, Interaction) else (term,))]
    return [one for one in flat if isinstance(one, Category)]


def _parts_present(term: Term, terms: Sequence[Term]) -> None:
    if isinstance(term, Interaction):
        absent = [label(one) for one in term.terms if one not in terms]
        if absent:
            raise DesignProblem("interaction_without_parts", column=absent)
    elif not isinstance(term, Number | Category | Spline):
        raise DesignProblem("choice_unknown", asked=type(term).__name__, known=("Number", "Category", "Spline"))


def _side_by_side(columns: Sequence[Floats]) -> Floats:
    """Columns as a matrix in C order, filled some rows at a time so that they stay in the cache."""
    matrix = np.empty((len(columns[0]), len(columns)))

    def half(low: int, high: int) -> None:
        for begin in range(low, high, ROWS):
            end = min(begin + ROWS, high)
            for at, values in enumerate(columns):
                matrix[begin:end, at] = values[begin:end]

    halves(len(matrix), 0, half)
    return matrix


def _still(values: Floats) -> bool:
    first = values[:1]
    return bool((values[:1_000] == first).all() and (values == first).all())


def collinear(information: Floats, names: Sequence[str]) -> None:
    """Raises ``DesignProblem`` naming terms whose information the terms before them already hold.

    Shapes: information (p, p), symmetric.
    """
    size = np.sqrt(np.maximum(np.diag(information), 0.0))
    left = information / np.where(size > 0, np.outer(size, size), 1.0)
    left = left.copy()
    dead = []
    for at, name in enumerate(names):
        if size[at] == 0 or left[at, at] < COLLINEAR:
            dead.append(name)
            continue
        left = left - np.outer(left[:, at], left[at]) / left[at, at]
    if dead:
        raise DesignProblem("terms_collinear", column=dead)
