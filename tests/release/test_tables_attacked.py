"""An attacker of our own, who knows every sum that may be known, cannot pin a hidden small count."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import navoutcomes as nav

many = settings(max_examples=25, deadline=None)
LIMIT = 5
PUBLIC = ("estimate", "conf_low", "conf_high", "events")


def released(counts: np.ndarray, limit: int = LIMIT) -> tuple[np.ndarray, np.ndarray, nav.Released]:
    """Cells and row sums as they are shown (not a number where hidden)."""
    named = {
        f"office {row}": {f"cause {at}": int(one) for at, one in enumerate(line)} for row, line in enumerate(counts)
    }
    people = nav.from_counts(named if len(counts) > 1 else named["office 0"])
    safe = nav.release(people.proportion(), nav.DisclosurePolicy(threshold=limit))
    table = safe.table
    return (
        table["events"].to_numpy().reshape(counts.shape),
        table["at_risk"].to_numpy().reshape(counts.shape)[:, 0],
        safe,
    )


def known_sums(counts: np.ndarray, sizes: np.ndarray) -> list[tuple[np.ndarray, float]]:
    """Which sums of cells somebody may know: groups' sizes that are shown, the total, and another released table."""
    whole, parts = np.ones(counts.shape, dtype=bool), []
    for row in np.flatnonzero(~np.isnan(sizes)):
        parts.append((np.arange(len(counts))[:, None] == row) & whole)
    totals = released(counts.sum(axis=0, keepdims=True))[0][0]
    if len(counts) > 1:
        for column in np.flatnonzero(~np.isnan(totals)):
            parts.append((np.arange(counts.shape[1]) == column) & whole)
    return [(part, counts[part].sum()) for part in [*parts, whole]]


def reached(counts: np.ndarray, shown: np.ndarray, sizes: np.ndarray, goal: np.ndarray) -> tuple[float, float]:
    """Least and most that the sum over ``goal`` can be, by linear programming over every cell of the table."""
    sums = known_sums(counts, sizes)
    bounds = [(one, one) if one == one else (0, None) for one in shown.ravel()]
    rules = {"A_eq": np.array([part.ravel() for part, _ in sums], dtype=float), "b_eq": [total for _, total in sums]}
    least = linprog(goal.ravel().astype(float), **rules, bounds=bounds, method="highs")
    most = linprog(-goal.ravel().astype(float), **rules, bounds=bounds, method="highs")
    assert least.status == 0
    return float(least.fun), np.inf if most.status == 3 else -float(most.fun)


def drawn_table(seed: int, rows: int, columns: int, persons: int = 656) -> np.ndarray:
    rng = np.random.default_rng(seed)
    shares = np.outer(rng.dirichlet(np.ones(rows)), rng.dirichlet(np.full(columns, 0.7))).ravel()
    table = rng.multinomial(persons, shares).reshape(rows, columns)
    # A group in which everybody is alike is refused (B189): somebody in it is made to differ.
    alike = (columns > 1) & (table.max(axis=1) == table.sum(axis=1)) & (table.sum(axis=1) >= LIMIT)
    for row in np.flatnonzero(alike):
        most = int(table[row].argmax())
        table[row, most] -= 1
        table[row, (most + 1) % columns] += 1
    return table[table.sum(axis=1) > 0]


@many
@example(seed=822972, shape=(8, 7))
@given(st.integers(0, 10**6), st.sampled_from([(8, 7), (1, 7), (1, 3), (3, 2), (5, 1)]))
def test_every_hidden_small_count_could_be_any_small_number(seed: int, shape: tuple[int, int]) -> None:
    counts = drawn_table(seed, *shape)
    shown, sizes, _ = released(counts)
    for spot in np.argwhere((counts > 0) & (counts < LIMIT)):
        assert np.isnan(shown[tuple(spot)])
        goal = np.zeros(counts.shape, dtype=bool)
        goal[tuple(spot)] = True
        least, most = reached(counts, shown, sizes, goal)
        assert least <= 1
        assert most >= LIMIT - 1


@many
@given(st.integers(0, 10**6), st.sampled_from([(8, 7), (3, 2), (5, 1)]))
def test_the_size_of_a_group_of_few_could_be_any_small_number(seed: int, shape: tuple[int, int]) -> None:
    counts = drawn_table(seed, *shape, persons=120)
    shown, sizes, _ = released(counts)
    for row in np.flatnonzero((counts.sum(axis=1) > 0) & (counts.sum(axis=1) < LIMIT)):
        assert np.isnan(shown[row]).all()
        assert np.isnan(sizes[row])
        least, most = reached(counts, shown, sizes, np.arange(len(counts))[:, None] == np.full(counts.shape, row))
        assert least <= 1
        assert most >= LIMIT - 1


def every_table(counts: np.ndarray, shown: np.ndarray, sizes: np.ndarray) -> list[tuple[int, ...]]:
    """All tables of whole numbers that agree with what is shown, one by one."""
    spots = np.argwhere(np.isnan(shown))
    sums = [(part, int(total - shown[part & ~np.isnan(shown)].sum())) for part, total in known_sums(counts, sizes)]
    found: list[tuple[int, ...]] = []

    def fill(values: tuple[int, ...], left: tuple[int, ...]) -> None:
        if len(values) == len(spots):
            if not any(left):
                found.append(values)
            return
        over = [bool(part[tuple(spots[len(values)])]) for part, _ in sums]
        for value in range(min(rest for rest, here in zip(left, over, strict=True) if here) + 1):
            fill((*values, value), tuple(rest - value * here for rest, here in zip(left, over, strict=True)))

    fill((), tuple(rest for _, rest in sums))
    return found


@pytest.mark.parametrize(
    "counts",
    [
        [[4, 20, 9]],
        [[1, 2, 11]],
        [[3, 9], [20, 30]],
        [[4, 6, 8], [7, 30, 5]],
        [[1, 6, 0], [7, 9, 5]],
        [[2, 8], [6, 5], [9, 1]],
    ],
)
def test_small_tables_counted_out_one_by_one(counts: list[list[int]]) -> None:
    table = np.array(counts)
    shown, sizes, _ = released(table)
    possible = np.array(every_table(table, shown, sizes))
    assert len(possible)
    hidden = np.isnan(shown)
    for at, value in enumerate(table[hidden]):
        if 0 < value < LIMIT:
            assert set(range(1, LIMIT)) <= set(possible[:, at].tolist())


def test_the_attacker_does_break_a_table_where_only_small_counts_are_hidden() -> None:
    counts = np.array([[3, 40, 60], [50, 20, 30]])
    shown = np.where(counts < LIMIT, np.nan, counts)
    goal = np.array([[True, False, False], [False, False, False]])
    assert reached(counts, shown, counts.sum(axis=1).astype(float), goal) == (3, 3)


def test_a_table_with_one_small_count_is_not_hidden_whole() -> None:
    shown, sizes, safe = released(np.array([[147, 3, 506]]))
    assert np.isnan(shown[0]).tolist() == [True, True, False]
    assert sizes.tolist() == [656]
    assert "2" in safe.decisions.text("en")


def test_a_small_office_does_not_hide_the_others() -> None:
    counts = np.array([[1, 2, 0], [40, 50, 60], [70, 80, 9], [90, 30, 20]])
    shown, sizes, _ = released(counts)
    assert np.isnan(sizes).tolist() == [True, False, False, True]
    assert np.isnan(shown).sum(axis=1).tolist() == [3, 0, 0, 3]


def test_what_is_hidden_has_no_number_of_any_kind() -> None:
    table = released(drawn_table(7, 8, 7))[2].table
    hidden = table["events"].isna()
    assert hidden.sum() > 5
    assert table.loc[hidden, list(PUBLIC)].isna().all().all()
    shown = table[~hidden]
    assert np.allclose(shown["estimate"], shown["events"] / shown["at_risk"])
    assert not ((shown["events"] > 0) & (shown["events"] < LIMIT)).any()


@pytest.mark.parametrize(("name", "limit"), [("nav_internal", 5), ("nav_statistics", 4), ("ssb", 3), ("acro", 10)])
def test_the_limit_is_the_first_count_that_may_be_shown(name: str, limit: int) -> None:
    policy = nav.DisclosurePolicy.preset(name)
    for number in (limit - 1, limit):
        people = nav.from_counts({"job": number, "no_show": 60, "other": 70})
        events = nav.release(people.proportion(), policy).table["events"]
        assert events.isna().any() == (number < limit)


def test_a_zero_is_shown_unless_the_rule_hides_zeros() -> None:
    people = nav.from_counts({"job": 0, "no_show": 60, "other": 70})
    assert nav.release(people.proportion()).table["events"].tolist() == [0, 60, 70]
    strict = nav.DisclosurePolicy(zeros_shown=False)
    assert nav.release(people.proportion(), strict).table["events"].isna().sum() == 2


def test_published_numbers_stand_and_are_said_to_be_published() -> None:
    people = nav.from_counts({"job": 1, "no_show": 3, "other": 8}, already_public=True)
    safe = nav.release(people.proportion())
    assert safe.table["events"].tolist() == [1, 3, 8]
    assert safe.decisions.keys() == ("already_public",)


def test_one_share_of_a_small_rest_is_hidden_too() -> None:
    assert nav.release(nav.proportion(97, 100)).table["events"].isna().all()
    assert nav.release(nav.proportion(50, 100)).table["events"].tolist() == [50]
    only = nav.from_counts({"job": 97, "no_show": 3}).proportion(cause="job")
    assert nav.release(only).table[list(PUBLIC)].isna().all().all()


def test_too_few_persons_in_all_are_no_table() -> None:
    with pytest.raises(nav.DisclosureRefused) as refused:
        nav.release(nav.from_counts({"job": 1, "no_show": 2}).proportion())
    assert refused.value.key == "share_of_few"
    assert "3" not in refused.value.parts("en")[0]
