"""Every input that once broke the reading is read or refused in our own words."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable
from pathlib import Path

import broken_files
import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "words"))
sys.path.insert(0, str(Path(__file__).parents[1] / "fuzz"))

import safe_reading

CASES = {
    name: make
    for name, make in inspect.getmembers(broken_files, inspect.isfunction)
    if make.__module__ == "broken_files"
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_what_once_broke_the_reading_no_longer_does(name: str) -> None:
    make: Callable[[], bytes] = CASES[name]
    assert safe_reading.judge(name.split("_")[0], make())
