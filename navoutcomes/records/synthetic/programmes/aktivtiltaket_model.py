"""Aktivtiltaket: everybody on social assistance in Fræna and Eide in 2019, and an offer of a place some of them got.

The 262 recipients, 88 of them under 30, are published; the people, the offers and what came of them are invented. Those
under 30 have a duty, and the office chooses by what the extract shows. Those over 30 come of their own will, which the
extract does not show: there the comparison misleads, and no adjustment can mend it.
"""

from __future__ import annotations

from datetime import date

from navoutcomes.records.synthetic.programmes.hazards import Hazards
from navoutcomes.records.synthetic.programmes.model import Assignment, Model
from navoutcomes.records.synthetic.programmes.population import Months, Population, Stratum

FRAENA, FRAENA_YOUNG, EIDE, EIDE_YOUNG = 210, 72, 52, 16
SIZE = FRAENA + EIDE
QUOTAS = (FRAENA_YOUNG, FRAENA - FRAENA_YOUNG, EIDE_YOUNG, EIDE - EIDE_YOUNG)
STRATA = ("Fræna under 30", "Fræna 30 and over", "Eide under 30", "Eide 30 and over")
UNDER_30 = (0, 2)
FIRST, LAST, CLOSES = date(2019, 1, 2), date(2019, 9, 30), date(2019, 12, 31)

MODEL = Model(
    population=Population(
        strata=tuple(
            Stratum(name, count / SIZE, (18, 29) if place in UNDER_30 else (30, 61))
            for place, (name, count) in enumerate(zip(STRATA, QUOTAS, strict=True))
        ),
        months=Months(mean=4.0, per_year=0.15, most=36),
        traits={"woman": 0.43, "reduced": 0.35, "keen": 0.40},
    ),
    hazards=Hazards(
        cuts=(0.0, 30.0, 91.0, 183.0, 365.0),
        monthly={
            "job": (0.050, 0.050, 0.045, 0.035, 0.020),
            "education": (0.012, 0.012, 0.016, 0.012, 0.006),
            "benefit": (0.002, 0.004, 0.007, 0.009, 0.009),
            "other": (0.005, 0.005, 0.005, 0.005, 0.005),
        },
        slopes={
            "job": {"age": -0.10, "months": -0.45, "reduced": -0.70, "keen": 0.50},
            "education": {"age": -0.60, "months": -0.20, "keen": 0.30},
            "benefit": {"age": 0.30, "reduced": 1.20},
        },
        effect={"job": (-0.55, -0.55, 0.35, 0.50, 0.35), "education": (-0.30, -0.10, 0.50, 0.40, 0.20)},
    ),
    first=FIRST,
    last=LAST,
    assignment=Assignment(
        shares=(0.60, 0.18, 0.60, 0.18),
        slopes={"age": -0.25, "months": 0.55, "reduced": -0.60},
        own={1: {"keen": 1.40}, 3: {"keen": 1.40}},
    ),
    arms=("Uten plass", "Aktivtiltaket"),
    extra=("delay", "shows", "quits", "stayed", "late", "amount", "group", "percent"),
)
