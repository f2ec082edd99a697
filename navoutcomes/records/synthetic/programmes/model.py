"""The model behind one programme's invented people: who they are, who gets the programme, and how they end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
from scipy import optimize, special

from navoutcomes.records.synthetic.programmes.calendar import Days, dates, weekdays
from navoutcomes.records.synthetic.programmes.hazards import Hazards, linear
from navoutcomes.records.synthetic.programmes.population import Floats, People, Population

PSEUDONYMS = 2**32
SUMMER = ("-06-", "-07-")


@dataclass(frozen=True)
class Assignment:
    """Who gets the programme: a logit with ``slopes``, shifts by office, and a share to hit in each stratum.

    ``own`` are slopes that hold in some strata only, by the stratum's place.
    """

    shares: tuple[float, ...]
    slopes: Mapping[str, float] = field(default_factory=dict)
    offices: tuple[float, ...] = ()
    own: Mapping[int, Mapping[str, float]] = field(default_factory=dict)

    def log_odds(self, people: People) -> Floats:
        """Log odds without the strata's intercepts. Shapes: (n,)."""
        total = linear(self.slopes, people)
        if self.offices:
            total = total + np.array(self.offices)[people["office"]]
        for place, slopes in self.own.items():
            total = total + np.where(people["stratum"] == place, linear(slopes, people), 0.0)
        return total


@dataclass(frozen=True, eq=False)
class Model:
    """Everything from which people are drawn and true numbers are computed.

    ``first`` and ``last``: the window of time zero, a weekday drawn evenly. ``arms``: the words for without and with
    the programme. ``carried_by``: the trait only whose holders the effect touches (those who would come), and
    ``strength``: how strong it is at each office. The trait ``summer``, when the population has it, says that time zero
    lies in June or July. ``extra``: names of further uniforms for what is written beside the model.
    """

    population: Population
    hazards: Hazards
    first: date
    last: date
    assignment: Assignment | None = None
    arms: tuple[str, str] = ("without", "with")
    carried_by: str | None = None
    strength: tuple[float, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def days(self) -> Days:
        """The possible days of time zero, all equally likely (weekly meetings thin them out elsewhere)."""
        return weekdays(self.first, self.last)

    @property
    def uses(self) -> tuple[str, ...]:
        """Which covariates must be kept apart to know hazards and assignment exactly."""
        names = set(self.hazards.covariates)
        if self.assignment is not None:
            names |= {*self.assignment.slopes, *(one for own in self.assignment.own.values() for one in own)}
            names |= {"office"} if self.assignment.offices else set()
        names |= {self.carried_by} if self.carried_by else set()
        names |= {"office"} if self.strength or names & set(self.population.by_office) else set()
        return tuple(sorted(names))

    def modifier(self, people: People) -> Floats:
        """By what the effect on the log hazard is multiplied, for each person. Shapes: (n,)."""
        made = np.ones(len(people["age"]))
        if self.carried_by:
            made = made * people[self.carried_by]
        if self.strength:
            made = made * np.array(self.strength)[people["office"]]
        return made

    def probability(self, people: People) -> Floats:
        """Probability of getting the programme, for each person. Shapes: (n,)."""
        if self.assignment is None:
            return np.zeros(len(people["age"]))
        return np.asarray(special.expit(self.assignment.log_odds(people) + intercepts(self)[people["stratum"]]))


@cache
def cells(model: Model) -> tuple[People, Floats]:
    """Every kind of person in the model, with shares. Shapes: (c,)."""
    return model.population.cells(model.uses)


@cache
def intercepts(model: Model) -> Floats:
    """The assignment's intercept in each stratum, found so that the stated shares are exact. Shapes: (strata,)."""
    if model.assignment is None:
        return np.zeros(len(model.population.strata))
    people, weight = cells(model)
    log_odds = model.assignment.log_odds(people)
    found = []
    for place, share in enumerate(model.assignment.shares):
        here = people["stratum"] == place
        part, odds = weight[here] / weight[here].sum(), log_odds[here]

        def missed(intercept: float, part: Floats = part, odds: Floats = odds, share: float = share) -> float:
            return float(part @ special.expit(odds + intercept) - share)

        found.append(optimize.brentq(missed, -30, 30, xtol=1e-13))
    return np.array(found)


def draw(model: Model, n: int, seed: int) -> pd.DataFrame:
    """The first n people of a seed, one row each: the same however many are drawn.

    Columns: person (pseudonym), start (time zero), days and cause of the end, arm (0/1), the covariates, and the extra
    uniforms under their names with a ``u_`` in front.
    """
    names = ("person", "start", "time", "cause", "arm", *model.population.uniforms, *model.extra)
    spare = n // 500 + 8
    drawn = np.random.Generator(np.random.PCG64(seed)).random((n + spare, len(names)))
    u = dict(zip(names, drawn.T, strict=True))
    people = model.population.draw(u)
    start = model.days[(len(model.days) * u["start"]).astype(np.int64)]
    if "summer" in people:
        people["summer"] = np.array([str(day)[4:8] in SUMMER for day in start], dtype=np.int64)
    arm = (u["arm"] < model.probability(people)).astype(np.int64)
    hazards = model.hazards.daily(people, arm, model.modifier(people))
    days, cause = model.hazards.draw(hazards, u["time"], u["cause"])
    own = {
        "person": [f"P-{int(part * PSEUDONYMS):08X}" for part in u["person"]],
        "start": dates(start),
        "days": days,
        "cause": cause,
        "arm": arm,
    }
    more = {f"u_{name}": u[name] for name in ("person", *model.extra)}
    # Pseudonyms are numbers below 2**32, so some of very many people share one.
    return pd.DataFrame(own | people | more).drop_duplicates("person", ignore_index=True).head(n)


def summer_share(first: date, last: date) -> float:
    """The share of the possible days of time zero that lie in June and July."""
    days = weekdays(first, last)
    return float(np.mean([str(day)[4:8] in SUMMER for day in days]))
