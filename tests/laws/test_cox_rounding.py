"""Sums that nearly cancel: somebody a hundred billion times heavier comes late and leaves early; few are at risk."""

from __future__ import annotations

import numpy as np
from cox_by_hand import People

from navoutcomes.maths.hazards.cox import CoxRows, step


def nasty(seed: int, size: int = 400) -> tuple[CoxRows, People, np.ndarray]:
    """Whole days; offsets from -8 to 8, and one of 25 whose short stay lies in the middle."""
    roll = np.random.default_rng(seed)
    time = roll.integers(2, 60, size)
    entry = np.where(roll.random(size) < 0.7, np.minimum(roll.integers(0, 55, size), time - 1), -1)
    offset = roll.uniform(-8, 8, size)
    time[0], entry[0], offset[0] = 30, 25, 25.0
    x = np.column_stack([roll.normal(size=size), roll.integers(0, 2, size)]) + 1e4
    event = (roll.random(size) < 0.5).astype(float)
    event[0] = 0.0
    rows = CoxRows(
        np.ascontiguousarray(x),
        time.astype(np.int64),
        entry.astype(np.int64),
        event,
        np.ones(size),
        offset,
        np.array([0, 60]),
    )
    people = People(time.astype(float), entry.astype(float), event.astype(int), x, np.ones(size))
    return rows, people, offset


def long_score(people: People, offset: np.ndarray, beta: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Score and information in extended precision, ending by ending, Efron's ties."""
    wide = np.longdouble
    x = people.x.astype(wide) - people.x.mean(axis=0).astype(wide)
    theta = np.exp(offset.astype(wide) + x @ beta.astype(wide))
    score, information = np.zeros(2, dtype=wide), np.zeros((2, 2), dtype=wide)
    for _, time in people.endings():
        there = (people.entry < time) & (time <= people.time)
        ends = there & (people.time == time) & (people.event == 1)
        tied = int(ends.sum())
        score += x[ends].sum(axis=0)
        for place in range(tied):
            mass = theta * (there - ends * (wide(place) / tied))
            mean = mass @ x / mass.sum()
            score -= mean
            information += (x * (mass / mass.sum())[:, None]).T @ x - np.outer(mean, mean)
    return score.astype(float), information.astype(float)


def test_score_and_information_agree_with_extended_precision() -> None:
    for seed in range(8):
        rows, people, offset = nasty(seed)
        beta = np.array([0.1, -0.3])
        found = step(rows, rows.fixed(), beta, 0.0)
        score, information = long_score(people, offset, beta)
        scale = np.sqrt(np.diag(information))
        np.testing.assert_allclose(found.score / scale, score / scale, atol=1e-8)
        np.testing.assert_allclose(
            found.information / np.outer(scale, scale), information / np.outer(scale, scale), atol=1e-8
        )


def test_nobody_is_at_risk_below_zero() -> None:
    for seed in range(8):
        rows, _, _ = nasty(seed)
        found = step(rows, rows.fixed(), np.array([0.1, -0.3]), 0.0)
        ended = rows.fixed().number > 0
        assert (found.risk[ended, 0] >= found.ending[ended, 0] * (1 - 1e-9)).all()
        assert np.isfinite(found.sums).all()
