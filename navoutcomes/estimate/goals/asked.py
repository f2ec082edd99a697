"""What is asked of a study size: checked shares and sizes, and which test is reckoned."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from navoutcomes.errors import DesignProblem
from navoutcomes.estimate.regression.precision import check_level
from navoutcomes.notes import Note, note

TESTS = ("fisher", "normal")
SMALL = 100


def exact(test: str | None, smallest: float) -> bool:
    """Whether Fisher's test is reckoned: by name, or where the smallest arm is small."""
    if test is not None and test not in TESTS:
        raise DesignProblem("choice_unknown", asked=test, known=TESTS)
    return test == "fisher" or (test is None and smallest < SMALL)


def how(by_fisher: bool) -> Note:
    """Which test was reckoned."""
    return note("power_fisher" if by_fisher else "power_normal")


def checked(level: float, power: float, ratio: float, **shares: float) -> None:
    """Raises ``DesignProblem`` for a level or shares outside 0-1 or a ratio that is not above 0."""
    check_level(level)
    for name, share in {"power": power, **shares}.items():
        check_share(name, share)
    if ratio <= 0:
        raise DesignProblem("not_positive", argument="ratio")


def check_share(name: str, value: float, open_ends: bool = True) -> None:
    """Raises ``DesignProblem`` for what is no share; 0 and 1 count with ``open_ends=False``."""
    inside = 0 < value < 1 if open_ends else 0 <= value <= 1
    if not inside:
        raise DesignProblem("not_a_share", argument=name)


def sizes_of(persons: Sequence[int]) -> tuple[int, int]:
    """The persons of two arms."""
    sizes = tuple(int(one) for one in persons)
    if len(sizes) != 2 or min(sizes) < 2:
        raise DesignProblem("two_arms_needed", argument="persons")
    return sizes[0], sizes[1]


def up(number: float) -> float:
    """The next whole number."""
    return float(ceil(number - 1e-9))
