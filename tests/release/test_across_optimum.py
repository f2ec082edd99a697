"""How much is hidden besides the small counts, beside the least that could be: a mixed integer programme's optimum."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from across_optimum import optimum
from scipy.optimize import linprog

import navoutcomes as nav
from navoutcomes.release.suppress import suppressed

LIMIT = 5
BOUND = 1.5


def drawn(seed: int, rows: int, columns: int, persons: int) -> np.ndarray | None:
    """A table of offices and reasons whose sums are all large enough to be shown; None where they are not."""
    rng = np.random.default_rng(seed)
    shares = np.outer(rng.dirichlet(np.ones(rows)), rng.dirichlet(np.full(columns, 0.7))).ravel()
    table = rng.multinomial(persons, shares).reshape(rows, columns)
    return table if min(table.sum(axis=0).min(), table.sum(axis=1).min()) >= LIMIT else None


def losses(seeds: range, shape: tuple[int, int], persons: int, wanted: int) -> np.ndarray:
    """Persons hidden besides the small counts, ours and the least, one row a table; also the optimum's proven bound."""
    found = []
    for seed in seeds:
        table = drawn(seed, *shape, persons)
        if table is None:
            continue
        hidden, _ = suppressed(table.astype(float), nav.DisclosurePolicy())
        small = (table > 0) & (table < LIMIT)
        least, bound, proved = optimum(table, LIMIT, 60)
        assert proved
        found.append((float(table[hidden & ~small].sum()), least, bound))
        if len(found) == wanted:
            break
    assert len(found) == wanted
    return np.array(found)


def worked_out(table: np.ndarray, hidden: np.ndarray) -> bool:
    """Whether a small count cannot be both 1 and 4, all sums known."""
    rows, columns = table.shape
    sums = np.vstack([np.kron(np.eye(rows), np.ones(columns)), np.kron(np.ones(rows), np.eye(columns))])
    bounds = [
        (None if gone else one, None if gone else one) for one, gone in zip(table.ravel(), hidden.ravel(), strict=True)
    ]
    bounds = [(0, None) if low is None else (low, high) for low, high in bounds]
    for at in np.flatnonzero((table.ravel() > 0) & (table.ravel() < LIMIT)):
        goal = np.eye(table.size)[at]
        low = linprog(goal, A_eq=sums, b_eq=sums @ table.ravel(), bounds=bounds).fun
        high = -linprog(-goal, A_eq=sums, b_eq=sums @ table.ravel(), bounds=bounds).fun
        if low > 1 + 1e-6 or high < LIMIT - 1 - 1e-6:
            return True
    return False


def test_the_optimum_is_the_optimum_of_a_table_tried_out_one_by_one() -> None:
    table = np.array([[3, 12, 9], [14, 6, 11], [8, 20, 7]])
    least, _, proved = optimum(table, LIMIT, 30)
    spots = [spot for spot in np.ndindex(table.shape) if table[spot] >= LIMIT]
    tried = []
    for number in range(len(spots) + 1):
        for some in combinations(spots, number):
            hidden = table < LIMIT
            for spot in some:
                hidden[spot] = True
            if not worked_out(table, hidden):
                tried.append(sum(table[spot] for spot in some))
        if number == 4 and tried:
            break
    assert proved
    assert least == min(tried)


def test_six_tables_hide_little_more_than_the_least() -> None:
    found = losses(range(200), (8, 7), 656, 6)
    assert found[:, 0].sum() <= 1.2 * found[:, 1].sum()
    assert (found[:, 1] >= found[:, 2] - 1e-6).all()
    assert (found[:, 0] >= found[:, 1] * 0.99 - 1e-6).all()


@pytest.mark.full
def test_fifty_seven_tables_hide_at_most_half_as_much_again_as_the_least() -> None:
    found = losses(range(400), (8, 7), 656, 57)
    assert found[:, 0].sum() <= 1.1 * found[:, 1].sum()
    # A table that needs only zeros hidden, which cost nobody, is no ratio.
    some = found[:, 1] > 0
    assert (found[some, 0] <= BOUND * found[some, 1] + 1e-9).all()
