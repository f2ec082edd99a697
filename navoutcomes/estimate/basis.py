"""How many persons, and how many who ended, stand behind each number of a model: what may be said of it outside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from navoutcomes.maths.arrays import Floats, Indices


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
) -> Basis:
    """The cells of a design. Shapes: x (n, p); ended (n,) bool; arm (n,) codes of ``arms``, each crossed with columns
    of two values as models of single arms are."""
    cells = []
    groups = [np.ones(len(ended), dtype=bool)] if arm is None else [arm == code for code in range(len(arms))]
    for group, name in zip(groups, arms or ("",), strict=True):
        if arm is not None:
            cells.append(Cell(name, int(group.sum()), int((ended & group).sum())))
        for place, term in enumerate(names):
            column = x[:, place]
            low = column.min(initial=0.0)
            if not np.isin(column, (low, column.max(initial=0.0))).all():
                continue
            for side in (column > low, column <= low):
                cells.append(Cell(term, int((side & group).sum()), int((side & group & ended).sum())))
    return Basis(tuple(cells), len(ended), int(ended.sum()), x.shape[1] + max(len(arms) - 1, 0))
