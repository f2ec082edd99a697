"""IPS and standard follow-up: who is referred where, and an effect that is there for two years and gone after three.

The size and the difference at 24 and 36 months are those of SE-KLAR (167 and 101 people, 12 percentage points, none), a
trial of supported employment in Nav's own offices. The offices, teams, specialists and people are invented.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from scipy import optimize

from navoutcomes.records.synthetic.programmes.curves import curves
from navoutcomes.records.synthetic.programmes.hazards import Hazards
from navoutcomes.records.synthetic.programmes.model import Assignment, Model
from navoutcomes.records.synthetic.programmes.population import Months, Population, Stratum

IPS, STANDARD = 167, 101
DIFFERENCE_24, DIFFERENCE_36 = 0.12, 0.0
MONTHS_24, MONTHS_36 = 730, 1096
FIRST, LAST = date(2018, 3, 1), date(2019, 9, 30)
CLOSES = date(2019, 12, 31)
FIDELITY = (109, 104, 101, 97, 92, 88, 83, 78)
COME = (0.93, 0.90, 0.88, 0.86, 0.84, 0.80, 0.76, 0.70)
CUTS = (0.0, 91.0, 183.0, 365.0, 548.0, 730.0, 913.0)
EARLY, LATE = slice(0, 5), slice(5, 7)
EARLY_EFFECT, LATE_EFFECT = 0.44138728802095906, -3.202605287266859
STAYS_IN_WORK, BACK_TO_WORK = 0.955, 0.085

_PLAIN = Model(
    population=Population(
        strata=(Stratum("all", 1.0, (20, 54)),),
        months=Months(mean=7.0, per_year=0.25, most=36),
        offices=(0.17, 0.15, 0.14, 0.13, 0.12, 0.11, 0.10, 0.08),
        traits={"woman": 0.46, "health": 0.50},
        by_office={"comes": COME},
    ),
    hazards=Hazards(
        cuts=CUTS,
        monthly={
            "job": (0.020, 0.028, 0.030, 0.026, 0.026, 0.046, 0.050),
            "benefit": (0.001, 0.002, 0.003, 0.005, 0.006, 0.007, 0.007),
            "other": (0.002, 0.002, 0.002, 0.002, 0.002, 0.002, 0.002),
        },
        slopes={
            "job": {"age": -0.12, "months": -0.35, "health": -0.45, "comes": 0.30},
            "benefit": {"age": 0.45, "months": 0.20, "health": 0.70},
        },
        offices={"job": (0.10, -0.05, 0.15, 0.00, -0.20, 0.05, -0.15, 0.20)},
        effect={"job": (0.0,) * 7},
    ),
    first=FIRST,
    last=LAST,
    assignment=Assignment(
        shares=(IPS / (IPS + STANDARD),),
        slopes={"age": -0.15, "months": 0.45, "health": 0.70},
        offices=(0.1, -0.2, 0.3, 0.0, -0.1, 0.2, -0.3, 0.1),
    ),
    arms=("Standard oppfølging", "IPS"),
    carried_by="comes",
    strength=tuple(round(1 + (score - 94) / 40, 4) for score in FIDELITY),
    extra=(
        "team",
        "specialist",
        "met",
        "stayed",
        "left",
        "prior",
        "before",
        "percent",
        "wage",
        "subsidy",
        "begun",
    ),
)


def model() -> Model:
    """The model with its calibrated effect. The same object every time, so that what is computed of it is kept."""
    return _MODEL


def difference(asked: Model, day: int) -> float:
    """By how much IPS changes the risk of a first job by a day, among all referred."""
    return float(curves(asked, day, 1)["job"][day] - curves(asked, day, 0)["job"][day])


def calibrated() -> tuple[float, float]:
    """The early and the late effect found again: the difference is 0.12 at 24 and 0 at 36 months."""
    early = optimize.brentq(lambda log: difference(_with(log, 0.0), MONTHS_24) - DIFFERENCE_24, 0.2, 0.8, xtol=1e-11)
    late = optimize.brentq(lambda log: difference(_with(early, log), MONTHS_36) - DIFFERENCE_36, -4.0, -2.0, xtol=1e-11)
    return early, late


def _with(early: float, late: float) -> Model:
    hazards = _PLAIN.hazards.with_effect("job", EARLY, early).with_effect("job", LATE, late)
    return replace(_PLAIN, hazards=hazards)


_MODEL = _with(EARLY_EFFECT, LATE_EFFECT)
