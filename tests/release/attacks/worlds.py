"""Reports at random about invented people whose secrets are known, written to disk as an office would write them."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import navoutcomes as nav

MONTH = 30.4375
ENDINGS = ("job", "no_show", "other", "still")
OFFICES = ("Aukra", "Eide", "Fræna", "Gjemnes", "Molde", "Vestnes")
MERGED = {"Eide": "Hustadvika", "Fræna": "Hustadvika"}
LANGUAGES = ("nb", "nn", "en")
PRESETS = {3: "ssb", 4: "nav_statistics", 5: "nav_internal", 10: "acro"}


@dataclass(frozen=True)
class World:
    """The people (one row each) and the reports about them: folders under ``root``; ``refused`` what never left."""

    people: pd.DataFrame
    root: Path
    threshold: int
    refused: tuple[str, ...]
    said: tuple[str, ...]

    def reports(self) -> list[Path]:
        """Every report's folder, the oldest first."""
        return sorted({path.parent for path in self.root.rglob("manifest.json")})

    def count(self, **where: Any) -> int:
        """How many people have these traits."""
        chosen = np.ones(len(self.people), dtype=bool)
        for name, value in where.items():
            chosen &= (self.people[name] == value).to_numpy()
        return int(chosen.sum())


def drawn_people(seed: int) -> pd.DataFrame:
    """From 60 to 700 persons in offices of unlike size, with rare endings, and names that must never be seen."""
    rng = np.random.default_rng(seed)
    size = int(np.exp(rng.uniform(np.log(60), np.log(700))))
    offices = OFFICES[: rng.integers(3, 7)]
    shares = rng.dirichlet(np.full(len(offices), 1.2))
    chances = rng.dirichlet([3.0, 0.7, 2.0, 0.5])
    days = np.ceil(rng.gamma(rng.uniform(1, 2), rng.uniform(60, 200), size))
    people = pd.DataFrame(
        {
            "person": [f"CANARY-{seed}-{number:04d}" for number in range(size)],
            "office": rng.choice(np.array(offices, dtype=object), size, p=shares),
            "sex": rng.choice(np.array(["Kvinne", "Mann"], dtype=object), size, p=[0.4, 0.6]),
            "time": days.clip(1, 900),
            "ending": rng.choice(np.array(ENDINGS, dtype=object), size, p=chances),
        }
    )
    people["merged"] = people["office"].replace(MERGED)
    people["month"] = np.maximum(np.ceil(people["time"] / MONTH - 1e-9), 1).astype(int)
    return people


def cohort_of(people: pd.DataFrame, name: str) -> nav.Cohort:
    """The people as a cohort, from an extract of this name."""
    return nav.Cohort.from_frame(
        people.assign(woman=(people["sex"] == "Kvinne").astype(float)), time="time", ending="ending", censored="still",
        outcome="job", person="person", arm="sex", reference="Kvinne", cluster="office",
        origin=nav.Origin(((f"{name}.csv", f"{len(people):064x}"),), None, True),
    )  # fmt: skip


def counted(people: pd.DataFrame, by: str, cohort: nav.Cohort) -> Any:
    """How many ended how, by a trait, as a table of shares."""
    rows = {str(group): own["ending"].value_counts().to_dict() for group, own in people.groupby(by)}
    return nav.from_counts(rows, by=by, origin=cohort.origin).proportion()


def made(seed: int, root: Path) -> World:
    """Two reports from one folder: this year's, and one after a change (a person more, a merger, another split)."""
    rng = np.random.default_rng(seed + 10_000)
    people = drawn_people(seed)
    threshold = int(rng.choice(sorted(PRESETS)))
    refused: list[str] = []
    said: list[str] = []
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        _report(people, root / "a", rng, threshold, refused, said, later=False)
        later = people.drop(index=rng.choice(len(people), int(rng.integers(0, 3)), replace=False))
        _report(later.reset_index(drop=True), root / "b", rng, threshold, refused, said, later=True)
    said += [str(one.message) for one in heard]
    return World(people, root, threshold, tuple(refused), tuple(said))


def _report(
    people: pd.DataFrame,
    folder: Path,
    rng: np.random.Generator,
    threshold: int,
    refused: list[str],
    said: list[str],
    later: bool,
) -> None:
    cohort = cohort_of(people, folder.name)
    groups = "merged" if later else "office"
    ways: dict[str, Callable[[], Any]] = {
        "alle": cohort.cumulative_incidence,
        "kjonn": lambda: cohort.cumulative_incidence(by="sex"),
        "kontor-tid": lambda: cohort.survival_curve(by="office"),
        "kontor": lambda: counted(people, groups, cohort),
        "kjonn-slutt": lambda: counted(people, "sex", cohort),
        "forskjell": lambda: cohort.contrast(by="sex", reference="Kvinne", at=[182, 365]),
        "modell": lambda: cohort.cox(["woman"]),
        "rang": lambda: cohort.logrank_test(by="sex"),
        "snitt": lambda: cohort.restricted_mean(horizon=300, by="sex"),
        "kvantil": lambda: cohort.quantiles(by="sex"),
        "kontorene": lambda: cohort.office_comparison(at=365, by="office"),
        "flyt": lambda: cohort.flow,
    }
    chosen = sorted(rng.choice(sorted(ways), int(rng.integers(4, 8)), replace=False))
    policy = nav.DisclosurePolicy.preset(PRESETS[threshold])
    language = str(rng.choice(LANGUAGES))
    try:
        with nav.Bundle(folder, language=language, title="Rapport", origin=cohort.origin) as report:
            for name in chosen:
                try:
                    safe = nav.release(ways[name](), policy)
                    said.append(repr(safe))
                    report.add(name, safe)
                except nav.Problem as problem:
                    refused.append(name)
                    said.append(problem.text(language))
            report.say("Ferdig.")
    except nav.Problem as problem:
        refused.append(folder.name)
        said.append(problem.text(language))
