"""R's stored results, read from the folder that NAVOUTCOMES_REFERENCE names, and the same people as our cohorts.

The data sets stay in that folder: their licences do not let them into the project. ``frozen/`` holds what does.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav

FOLDER = os.environ.get("NAVOUTCOMES_REFERENCE") or None
MISSING = pytest.mark.skip(reason="NAVOUTCOMES_REFERENCE names no folder with R's results")
TOLERANCE = 1e-8
INTERVALS = {"plain": "plain", "log": "log", "loglog": "log-log", "logit": "logit", "arcsin": "arcsine"}


@dataclass(frozen=True, eq=False)
class Study:
    """One file of results: R's numbers, what was estimated, and the people."""

    name: str
    results: dict[str, Any]
    frame: pd.DataFrame
    cohort: nav.Cohort

    @property
    def spec(self) -> dict[str, Any]:
        return self.results["spec"]

    @property
    def weighted(self) -> bool:
        return self.spec.get("weights") is not None

    def curve(self, name: str) -> tuple[str | None, str, dict[str, Any]]:
        """The column to group by (None for everybody), the group's name with us, and R's numbers."""
        if name == "overall":
            return None, "all", self.results["overall"]
        return self.spec["group"], name.split("=", 1)[1], self.results["by_group"][name]

    @property
    def curves(self) -> list[str]:
        return ["overall", *self.results.get("by_group", {})]


def names(start: str) -> list[str]:
    """Every file of results that begins so; none where the folder is not there."""
    if FOLDER is None:
        return []
    return sorted(path.stem for path in Path(FOLDER, "reference").glob(f"{start}_*.json"))


@cache
def raw(name: str) -> dict[str, Any]:
    """A file of results as it is."""
    return json.loads(Path(str(FOLDER), "reference", f"{name}.json").read_text(encoding="utf-8"))


@cache
def study(name: str) -> Study:
    """A file of results with its people, prepared as R's script prepared them."""
    stored = raw(name)
    results = next(iter(stored["results"].values()))
    spec, frame = results["spec"], pd.read_csv(Path(str(FOLDER), stored["dataset_csv"]))
    if "codes" in spec:
        if name == "cr_melanoma":
            frame["ulc"] = (frame["ulcer"] == "present").astype(int)
        endings = {0: None, 1: "cause1", 2: "cause2"}
        return Study(name, results, frame, cohort(frame, spec, endings, "cause1"))
    if spec["status"] == "dead":
        frame["dead"] = (frame["status"] > 0).astype(int)
    if spec["status"] == "event":
        frame["event"] = frame["spell"]
    if spec["entry"]:
        # R drops who enters at or after the exit in silence; we refuse, so they are taken out here.
        frame = frame[frame[spec["entry"]] < frame[spec["time"]]].reset_index(drop=True)
    ones = set(frame[spec["status"]]) == {1, 2}
    endings = {1: None, 2: "event"} if ones else {0: None, 1: "event"}
    return Study(name, results, frame, cohort(frame, spec, endings, "event"))


def cohort(frame: pd.DataFrame, spec: dict[str, Any], endings: dict[int, str | None], outcome: str) -> nav.Cohort:
    return nav.Cohort.from_frame(
        frame,
        time=spec["time"],
        ending=spec["status"],
        endings=endings,
        outcome=outcome,
        entry=spec.get("entry"),
        weight=spec.get("weights"),
    )


@cache
def without_gaps(name: str) -> nav.Cohort:
    """The people whose stratum is known: R leaves the others out of a stratified test in silence, we refuse them."""
    one = study(name)
    known = one.frame[one.frame[one.spec["strata"]].notna()]
    return cohort(known, one.spec, dict(zip((0, 1, 2), _meaning(one), strict=False)), one.cohort.protocol.outcome)


def _meaning(one: Study) -> tuple[str | None, ...]:
    values = set(one.frame[one.spec["status"]])
    if "codes" in one.spec:
        return None, "cause1", "cause2"
    return ("event", None, "event") if values == {1, 2} else (None, "event")


def over(start: str, arguments: str, parts: Callable[[str], Iterable[tuple[Any, ...]]]) -> pytest.MarkDecorator:
    """Parametrise a test over every file and its parts; one skipped test without the folder."""
    found = [
        pytest.param(name, *part, id=" ".join((name, *map(str, part)))) for name in names(start) for part in parts(name)
    ]
    nothing = pytest.param(*[""] * len(arguments.split()), marks=MISSING, id="no folder")
    return pytest.mark.parametrize(arguments.split(), found or [nothing])


def whole(name: str) -> list[tuple[()]]:
    """A file as its only part."""
    return [()]


def numbers(values: Any) -> np.ndarray:
    """R's values as floats; null is not a number."""
    flat = np.asarray(values, dtype=object)
    return np.array([np.nan if one is None else float(one) for one in flat.ravel()]).reshape(flat.shape)


def same(ours: Any, theirs: Any, tolerance: float = TOLERANCE) -> None:
    """Equal to R: relative above 1, absolute below, and not a number in the same places."""
    np.testing.assert_allclose(
        np.asarray(ours, dtype=float), numbers(theirs), rtol=tolerance, atol=tolerance, equal_nan=True
    )


def pick(table: pd.DataFrame, group: str, times: Sequence[float], cause: str | None = None) -> pd.DataFrame:
    """The rows of a group (and cause) at stated times, in that order."""
    table = table[table["group"] == group]
    table = table if cause is None else table[table["cause"] == cause]
    return table.set_index("time").loc[list(times)]
