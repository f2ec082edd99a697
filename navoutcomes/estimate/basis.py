"""How many persons, and how many who ended, stand behind each number of a model: what may be said of it outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from navoutcomes.design.follow_up import FollowUp
from navoutcomes.maths.arrays import Floats, Indices

LEVEL = ": "


@dataclass(frozen=True)
class Cell:
    """Persons on one side of a column of two values, or in an arm; ``ended`` of them for the cause."""

    term: str
    persons: int
    ended: int


@dataclass(frozen=True)
class Basis:
    """``cells`` of arms and of columns of two values, the persons of the model, its endings and its columns."""

    cells: tuple[Cell, ...]
    persons: int
    ended: int
    columns: int


def basis_of(
    x: Floats,
    names: Sequence[str],
    ended: np.ndarray,
    arm: Indices | None = None,
    arms: Sequence[str] = (),
    person: Indices | None = None,
) -> Basis:
    """The cells of a design. Shapes: x (n, p); ended (n,) bool; arm (n,) codes of ``arms``, each crossed with columns
    of two values as models of single arms are; person (n,) who each row is of, where a person may have several."""

    def many(chosen: np.ndarray) -> int:
        return int(chosen.sum()) if person is None else len(np.unique(person[chosen]))

    cells = []
    groups = [np.ones(len(ended), dtype=bool)] if arm is None else [arm == code for code in range(len(arms))]
    for group, name in zip(groups, arms or ("",), strict=True):
        if arm is not None:
            cells.append(Cell(name, many(group), many(ended & group)))
        for place, term in enumerate(names):
            column = x[:, place]
            low = column.min(initial=0.0)
            if not np.isin(column, (low, column.max(initial=0.0))).all():
                continue
            for side in (column > low, column <= low):
                cells.append(Cell(term, many(side & group), many(side & group & ended)))
        for trait, (_, rest) in references(x, names).items():
            cells.append(Cell(trait, many(rest & group), many(rest & group & ended)))
    whole = many(np.ones(len(ended), dtype=bool))
    return Basis(tuple(cells), whole, many(ended), x.shape[1] + max(len(arms) - 1, 0))


def references(x: Floats, names: Sequence[str]) -> dict[str, tuple[list[int], np.ndarray]]:
    """Of each trait with several levels its columns, and who has the level that is in none of them: every other level
    is compared with it. Shapes: x (n, p) -> by trait (own columns, (n,) bool)."""
    traits: dict[str, list[int]] = {}
    for place, name in enumerate(names):
        trait, found, _ = name.partition(LEVEL)
        if found:
            traits.setdefault(trait, []).append(place)
    several = {trait: own for trait, own in traits.items() if len(own) > 1}
    return {trait: (own, (x[:, own] == 0).all(axis=1)) for trait, own in several.items()}


def together(found: Sequence[Basis], columns: int) -> Basis:
    """What stands behind several models of the same persons at once: each cell of each, the fewest endings."""
    cells = tuple(cell for one in found for cell in one.cells)
    return Basis(cells, min(one.persons for one in found), min(one.ended for one in found), columns)


def persons_of(people: FollowUp) -> Indices | None:
    """Who each row is of; None where every person has one row. Shape (n,)."""
    return pd.factorize(people.rows["person"])[0].astype(np.int64) if people.repeated else None
