"""People at random for the gate: every unit, several groups and causes, censoring, late entry, weights, clusters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from hypothesis import strategies as st

import navoutcomes as nav

DAYS = {"days": 1.0, "weeks": 7.0, "months": 30.4375}
PRESETS = {"nav_internal": 5, "nav_statistics": 4, "ssb": 3, "acro": 10}
CAUSES = ("job", "no_show", "other")


@dataclass(frozen=True)
class Drawn:
    """A frame with one row a stay, and how it was made."""

    frame: pd.DataFrame
    unit: str
    causes: tuple[str, ...]
    entry: bool
    weight: bool
    cluster: str

    @property
    def cohort(self) -> nav.Cohort:
        return nav.Cohort.from_frame(
            self.frame,
            time="time",
            ending="ending",
            endings={"still": None, **{cause: cause for cause in self.causes}},
            outcome=self.causes[0],
            entry="entry" if self.entry else None,
            person="person" if self.cluster == "person" else None,
            arm="group",
            reference=str(self.frame["group"].iloc[0]),
            weight="weight" if self.weight else None,
            cluster="office" if self.cluster == "office" else None,
            unit=self.unit,
        )

    def months(self, column: str = "time") -> np.ndarray:
        """Whole months, by the definition and not by the package: day 1-30 is month 1, time 0 too."""
        days = self.frame[column].to_numpy(dtype=float) * DAYS[self.unit]
        return np.maximum(np.ceil(days / 30.4375 - 1e-9), 1)


@st.composite
def people(draw: st.DrawFn, late: bool | None = None, simple: bool = False, stays: bool = False) -> Drawn:
    """Sizes, shares and switches are drawn; the rows come from one seed."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    sizes = draw(st.lists(st.integers(3, 140), min_size=1, max_size=3))
    causes = CAUSES[: draw(st.integers(1, 3))]
    unit = draw(st.sampled_from(sorted(DAYS)))
    entry = draw(st.booleans()) if late is None else late
    cluster = "person" if stays else "none" if simple else draw(st.sampled_from(["none", "person", "office"]))
    weight = not simple and draw(st.booleans())
    rare = draw(st.sampled_from([0.02, 0.1, 0.33]))
    censored = draw(st.sampled_from([0.0, 0.05, 0.4]))
    longest = draw(st.sampled_from([200, 700, 2000])) / DAYS[unit]
    frames = [_group(rng, f"g{place}", size, causes, (rare, censored, longest)) for place, size in enumerate(sizes)]
    frame = pd.concat(frames, ignore_index=True)
    frame["person"] = np.arange(len(frame))
    frame["office"] = rng.integers(0, draw(st.sampled_from([3, 12])), len(frame))
    frame["weight"] = rng.uniform(0.2, 3.0, len(frame))
    frame["entry"] = np.where(rng.random(len(frame)) < 0.6, 0.0, np.floor(frame["time"] * rng.random(len(frame))))
    if cluster == "person":
        entry, frame = True, _split(frame, rng)
    return Drawn(frame, unit, causes, entry, weight, cluster)


def _group(
    rng: np.random.Generator, name: str, size: int, causes: tuple[str, ...], how: tuple[float, float, float]
) -> pd.DataFrame:
    rare, censored, longest = how
    chances = np.array([1.0] + [rare] * (len(causes) - 1))
    time = np.ceil(rng.gamma(1.3, longest / 4, size).clip(1, longest))
    ending = rng.choice(np.array(causes, dtype=object), size, p=chances / chances.sum())
    ending[rng.random(size) < censored] = "still"
    return pd.DataFrame({"group": name, "time": time, "ending": ending})


def _split(frame: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Some persons were away for a while: two rows, the first ending with nothing."""
    away = (frame["time"] - frame["entry"] > 6) & (rng.random(len(frame)) < 0.3)
    first, second = frame[away].copy(), frame[away].copy()
    length = (first["time"] - first["entry"]).to_numpy()
    first["time"] = first["entry"] + np.floor(length / 3)
    first["ending"] = "still"
    second["entry"] = first["time"] + 2
    return pd.concat([frame[~away], first, second], ignore_index=True)
