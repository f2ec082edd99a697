"""The numbers of R that the project carries itself, and the people they are about."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import lifelines.datasets
import pandas as pd

import navoutcomes as nav

FOLDER = Path(__file__).parent / "frozen"
R: dict[str, Any] = json.loads((FOLDER / "r_numbers.json").read_text(encoding="utf-8"))
ENDINGS = {0: None, 1: "j", 2: "x", 3: "o"}
SHIPPED = {
    "rossi": (lifelines.datasets.load_rossi, "week", "arrest", "fin", "wexp"),
    "lung": (lifelines.datasets.load_lung, "time", "status", "sex", None),
    "gbsg2": (lifelines.datasets.load_gbsg2, "time", "cens", "horTh", "menostat"),
    "waltons": (lifelines.datasets.load_waltons, "T", "E", "group", None),
    "psychiatric": (lifelines.datasets.load_psychiatric_patients, "T", "C", "sex", None),
}


@cache
def oracle() -> pd.DataFrame:
    """656 simulated persons: weekly ties, three endings, delayed entry, weights, 12 offices."""
    return pd.read_csv(FOLDER / "oracle_656.csv")


@cache
def people(entry: bool = False, weights: bool = False, offices: bool = False, arm: int | None = None) -> nav.Cohort:
    """They as a cohort."""
    frame = oracle()
    frame = frame if arm is None else frame[frame["arm"] == arm]
    return nav.Cohort.from_frame(
        frame,
        time="t",
        ending="ev",
        endings=ENDINGS,
        outcome="j",
        entry="entry" if entry else None,
        weight="w" if weights else None,
        cluster="office" if offices else None,
    )


def variant(key: str) -> nav.Cohort:
    """The cohort of a key such as ``aj_entry_weights_offices``."""
    arm = int(key[-1]) if "arm_" in key else None
    return people("entry" in key, "weights" in key, "offices" in key, arm)


@cache
def shipped(name: str) -> nav.Cohort:
    """A data set that the Python package lifelines carries."""
    load, time, status, _, _ = SHIPPED[name]
    frame = load()
    if name == "psychiatric":
        frame = frame.assign(end=frame["Age"] + frame["T"])
        frame = frame[frame["Age"] < frame["end"]]
        return nav.Cohort.from_frame(frame, "end", status, endings={0: None, 1: "event"}, outcome="event", entry="Age")
    return nav.Cohort.from_frame(frame, time, status, endings={0: None, 1: "event"}, outcome="event")
