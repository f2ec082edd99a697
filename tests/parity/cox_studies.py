"""R's Cox models from the reference folder, each with its people as our cohort and its formula as our terms."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import navoutcomes as nav
from tests.parity.reference_files import FOLDER, names, raw

# What the files do not say: whose weights, whose clusters.
CLUSTERS = {("cox_lung", "cluster_inst"): "inst", ("cox_rossi_timevarying", "cluster"): "id"}
# R took the rows of the other two models for people of their own.
PERSONS = {("cox_rossi_timevarying", "cluster"): "id"}
ORDERED = {"tgrade": ("I", "II", "III")}


@dataclass(frozen=True, eq=False)
class CoxStudy:
    """One model of R: its numbers, and what our verbs need to make them."""

    stored: dict[str, Any]
    frame: pd.DataFrame
    cohort: nav.Cohort
    terms: tuple[Any, ...]
    strata: str | None
    columns: tuple[str, ...]

    @property
    def order(self) -> list[int]:
        """Where each of R's coefficients stands among our columns."""
        return [self.columns.index(name) for name in self.stored["terms"]]


def cox_cases() -> list[tuple[str, str]]:
    """File and model, every one."""
    return [(name, key) for name in names("cox") for key, one in raw(name)["results"].items() if "ties" in one]


@cache
def cox_study(name: str, key: str) -> CoxStudy:
    """The people and the terms of one stored model."""
    stored = listed(raw(name)["results"][key])
    frame = prepared(pd.read_csv(Path(str(FOLDER), raw(name)["dataset_csv"])), name)
    left, right = re.sub(r"\s+", " ", stored["formula"]).split("~")
    variables = [one.strip() for one in right.split("+")]
    strata = next((one[7:-1] for one in variables if one.startswith("strata(")), None)
    variables = [one for one in variables if not one.startswith("strata(")]
    arguments = [one.strip() for one in re.search(r"Surv\((.*)\)", left)[1].split(",")]
    used = [*variables, *([strata] if strata else []), *([CLUSTERS[name, key]] if (name, key) in CLUSTERS else [])]
    frame["event_"] = event(frame, arguments[-1])
    frame = frame.dropna(subset=[*used, "event_"]).reset_index(drop=True)
    if key in ("w", "w_rob"):
        frame["weight_"] = frame["ecog.ps"].astype(float)
    roles = {"weight": "weight_"} if key in ("w", "w_rob") else {}
    roles |= {"entry": arguments[0]} if len(arguments) == 3 else {}
    roles |= {"cluster": CLUSTERS[name, key]} if (name, key) in CLUSTERS else {}
    roles |= {"person": PERSONS[name, key]} if (name, key) in PERSONS else {}
    terms, columns = [], []
    for variable in variables:
        made, labels = term(frame, variable, stored["terms"])
        terms += made
        columns += labels
    cohort = nav.Cohort.from_frame(
        frame, time=arguments[-2], ending="event_", endings={0: None, 1: "event"}, outcome="event", **roles
    )
    return CoxStudy(stored, frame, cohort, tuple(terms), strata, tuple(columns))


def listed(stored: dict[str, Any]) -> dict[str, Any]:
    """R writes vectors of one as numbers; here they are lists again."""
    several = ("terms", "coef", "se", "robust_se", "z", "p", "hr", "hr_lower", "hr_upper", "vcov")
    found = dict(stored)
    for name in several:
        if found.get(name) is not None:
            found[name] = np.atleast_1d(found[name]).tolist()
    found["vcov"] = np.atleast_2d(found["vcov"]).tolist()
    return found


def prepared(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """Columns that R's script made."""
    if name == "cox_channing":
        frame = frame[frame["ageentry"] < frame["age"]].reset_index(drop=True)
    if name == "cox_km_kidney":
        frame["z"] = (frame["type"] == 2).astype(float)
    if name == "cox_pharmacoSmoking":
        frame["t2"] = frame["ttr"].where(frame["ttr"] > 0, 0.5)
    return frame


def event(frame: pd.DataFrame, text: str) -> pd.Series:
    """Who ended, from ``status``, ``status == 1`` or ``status != 0``."""
    parts = re.split(r"\s*(==|!=)\s*", text)
    values = frame[parts[0]]
    if len(parts) == 3:
        return (values == int(parts[2])).astype(int) if parts[1] == "==" else (values != int(parts[2])).astype(int)
    return (values == values.max()).astype(int)


def term(frame: pd.DataFrame, variable: str, wanted: list[str]) -> tuple[list[Any], list[str]]:
    """Our terms for one variable, and R's names of the columns they make, in our order."""
    if variable in wanted:
        return [nav.Number(variable)], [variable]
    if f"{variable}.L" in wanted:
        place = frame[variable].map({name: at for at, name in enumerate(ORDERED[variable])})
        for suffix, values in (("L", [-1, 0, 1]), ("Q", [1, -2, 1])):
            contrast = np.asarray(values, dtype=float)
            frame[f"{variable}.{suffix}"] = (contrast / np.linalg.norm(contrast))[place]
        made = [f"{variable}.L", f"{variable}.Q"]
        return [nav.Number(one) for one in made], made
    frame[variable] = frame[variable].astype(str)
    levels = sorted(frame[variable].unique())
    reference = next(level for level in levels if f"{variable}{level}" not in wanted)
    others = [level for level in levels if level != reference]
    return [nav.Category(variable, reference=reference)], [f"{variable}{level}" for level in others]
