"""The harness that looks for canaries finds them where they would show."""

from __future__ import annotations

import logging
import warnings
from functools import partial
from typing import Any

import pytest
from canaries import NAME, NUMBER, PLANTED, accepted, no_leak, refused, shown_frames

from navoutcomes.errors import DataProblem, DataWarning, door
from navoutcomes.notes import Log, note
from navoutcomes.records.identity.identifiers import holds_identity_number


def _stops(**facts: Any) -> None:
    raise DataProblem("file_empty", file="x.csv", bytes=0, **facts)


@door
def _trimmed(cell: str) -> None:
    held = cell
    raise DataProblem("file_empty", file="x.csv", bytes=len(held) * 0)


def _chatters(cell: str) -> None:
    logging.getLogger("somewhere").debug("read %s", cell)
    _stops()


def _warns(cell: str) -> None:
    warnings.warn(cell, DataWarning, stacklevel=1)
    _stops()


def _prints(cell: str) -> None:
    print(cell)
    _stops()


class _Result:
    def __init__(self, cell: str) -> None:
        self.log = Log((note("separator_found", file="x.csv", separator=cell),))

    def __repr__(self) -> str:
        return "counts only"


def test_the_planted_text_holds_a_real_synthetic_number_that_alone_would_be_refused() -> None:
    assert NUMBER in PLANTED and NAME in PLANTED
    assert holds_identity_number(NUMBER)
    assert not holds_identity_number(PLANTED)


@pytest.mark.parametrize("speaks", [_chatters, _warns, _prints])
@pytest.mark.parametrize("canary", [NAME, NUMBER, PLANTED])
def test_a_canary_in_a_log_a_warning_or_on_the_screen_is_found(speaks: Any, canary: str) -> None:
    with pytest.raises(AssertionError, match="a person's value"):
        refused(partial(speaks, canary))


def test_a_canary_in_the_facts_is_found() -> None:
    with pytest.raises(AssertionError, match="a person's value"):
        refused(partial(_stops, cell=PLANTED))


def test_a_canary_in_a_remark_is_found_and_so_is_silence() -> None:
    with pytest.raises(AssertionError):
        accepted(partial(_Result, PLANTED))
    with pytest.raises(AssertionError, match="was accepted"):
        refused(partial(_Result, ""))


def test_a_door_leaves_no_frame_that_holds_people() -> None:
    assert refused(partial(_trimmed, PLANTED)).key == "file_empty"


def test_local_variables_of_library_frames_are_looked_at() -> None:
    import json

    try:
        json.loads(f'"{PLANTED}', object_hook=dict)
    except ValueError as error:
        error.__context__ = None
        with pytest.raises(AssertionError):
            no_leak(shown_frames(error))
