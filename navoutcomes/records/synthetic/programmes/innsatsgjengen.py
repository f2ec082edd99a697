"""Innsatsgjengen beside the other programmes: the same people and the same truth as its committed files."""

from __future__ import annotations

from datetime import date
from functools import cache

import pandas as pd

from navoutcomes.records.synthetic.innsatsgjengen import EXTRACTED, SEED, extract_of, kept_people
from navoutcomes.records.synthetic.people import draw_people
from navoutcomes.records.synthetic.programmes.estimands import Row
from navoutcomes.records.synthetic.programmes.programme import Programme, Tables
from navoutcomes.records.synthetic.programmes.truth import SyntheticTruth
from navoutcomes.records.synthetic.truth import CAUSES, HORIZONS, OTHER_CLASSES, PERSONS, SLOPES, STAYS, TEAMS
from navoutcomes.records.synthetic.truth import truth as model_truth

NAME = "innsatsgjengen"


def people(size: int | None, seed: int) -> pd.DataFrame:
    """The 656 with the published endings, or any ``size`` people of the model without the quotas."""
    if size is None:
        return kept_people(seed)
    drawn = draw_people(size + size // 500 + 8, seed)
    return drawn.drop_duplicates("person", ignore_index=True).head(size)


def tables(drawn: pd.DataFrame, _seed: int, read: date) -> Tables:
    """One table."""
    return {NAME: extract_of(drawn.sort_values("person", ignore_index=True), read)}


@cache
def truth() -> SyntheticTruth:
    """The documented incidences of the three endings, and what they are in the end."""
    known = model_truth()
    rows: list[Row] = []
    for cause in CAUSES:
        rows += [("risk", cause, "all", "all", day, float(known.incidence(cause, day))) for day in HORIZONS]
    rows += [("share", cause, "all", "all", max(HORIZONS), known.share(cause)) for cause in CAUSES]
    described = {
        "cause_model": {"kind": "multinomial logit", "intercepts": known.intercepts, "slopes": SLOPES, "teams": TEAMS},
        "stays": STAYS,
        "other_classes": OTHER_CLASSES,
        "persons": PERSONS,
    }
    return SyntheticTruth(NAME, ("FR005", "FR007", "FR009"), described, True, tuple(rows))


PROGRAMME = Programme(
    NAME, PERSONS, SEED, EXTRACTED, people, tables, truth, "Avsluttet dato", "Avslutningsårsak", "Henvist dato"
)
