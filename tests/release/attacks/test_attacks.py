"""Forty attacks on random reports: no small count is worked out or pinned to 1..k-1; twelve planted leaks are seen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from attacks import ATTACKS
from claims import Claim, leaks, truth
from planted import PLANTED, K, world
from worlds import World, made

QUICK, MANY, BLOCK = 20, 500, 20
# Reports that once gave something away: a curve's end said too early, so that tables were held against nothing (1005,
# 1018); a merger nobody named, in one report (1033) and beside one of a few persons less (1015).
MUSEUM = (1005, 1015, 1018, 1033)


def attacked(seed: int, root: Path) -> tuple[World, dict[str, list[Claim]]]:
    own = made(seed, root)
    return own, {name: found for name, attack in ATTACKS.items() if (found := leaks(own, attack(own)))}


def test_there_are_forty_attacks() -> None:
    assert len(ATTACKS) == 40


@pytest.mark.parametrize("seed", (*range(QUICK), *MUSEUM))
def test_a_random_report_gives_no_small_count_away(seed: int, tmp_path: Path) -> None:
    _, found = attacked(seed, tmp_path)
    assert found == {}


@pytest.mark.full
@pytest.mark.parametrize("block", range(QUICK // BLOCK, MANY // BLOCK))
def test_five_hundred_reports_give_no_small_count_away(block: int, tmp_path: Path) -> None:
    for seed in range(block * BLOCK, (block + 1) * BLOCK):
        _, found = attacked(seed, tmp_path / str(seed))
        assert found == {}, seed


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_each_planted_leak_is_seen(plant: Callable[[World], None], tmp_path: Path) -> None:
    own = world(tmp_path)
    name = PLANTED[plant]
    plant(own)
    assert leaks(own, ATTACKS[name](own)), name


def test_the_attacks_are_right_about_what_may_be_seen(tmp_path: Path) -> None:
    """What is claimed from a report's own numbers is true of its people, or the attacks would prove nothing."""
    own = made(3, tmp_path)
    assert len(own.reports()) == 2
    found = [claim for claim in ATTACKS["tables: read_as_printed"](own) if np.isfinite(claim.high)]
    found += ATTACKS["curves: steps_as_printed"](own)
    assert len(found) > 12
    assert np.mean([abs(truth(own, claim) - claim.low) <= K for claim in found]) > 0.7
