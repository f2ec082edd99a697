"""Shares, their differences and their ratios equal R (``binom.test``, Hmisc, Newcombe's method 10, log-Wald)."""

from __future__ import annotations

import numpy as np
import pytest
from reference_files import FOLDER, MISSING, numbers, raw, same

import navoutcomes as nav

PAIRS = {
    "risk difference": ("rd", "rd_newcombe_hybrid"),
    "risk ratio": ("rr", "rr_ci_log"),
    "odds ratio": ("or", "or_ci_woolf"),
}
SINGLE = raw("props")["results"]["single"] if FOLDER else []
TWO = raw("props")["results"]["two_sample"] if FOLDER else []
NOTHING = [pytest.param({}, marks=MISSING, id="no folder")]


def _labelled(one: dict, *keys: str) -> str:
    return " ".join([*(str(one[key]) for key in keys), one["label"]]) if one else "no folder"


@pytest.mark.parametrize("interval", ["wilson", "clopper-pearson"])
@pytest.mark.parametrize("one", SINGLE or NOTHING, ids=lambda one: _labelled(one, "x", "n"))
def test_a_share_has_the_interval_of_r(one: dict, interval: str) -> None:
    found = nav.proportion(one["x"], one["n"], interval=interval).table.iloc[0]
    same(found["estimate"], one["p"])
    same(found[["conf_low", "conf_high"]], one[interval.replace("-", "_")])


@pytest.mark.parametrize("measure", PAIRS)
@pytest.mark.parametrize("one", TWO or NOTHING, ids=lambda one: _labelled(one, "x1", "n1", "x2", "n2"))
def test_two_shares_are_compared_as_in_r(one: dict, measure: str) -> None:
    """Where an arm has no event or nothing else, R's script gives no ratio; with an event in one arm the ratio of
    risks has a value all the same, and the odds ratio has none."""
    people = nav.from_counts(
        {
            "first": {"event": one["x1"], "none": one["n1"] - one["x1"]},
            "second": {"event": one["x2"], "none": one["n2"] - one["x2"]},
        }
    )
    found = people.contrast(measure=measure, reference="second").table.iloc[0]
    estimate, limits = PAIRS[measure]
    if limits in one:
        same(found["estimate"], one[estimate])
        same(found[["conf_low", "conf_high"]], numbers(one[limits]))
    else:
        assert 0 in (one["x1"], one["x2"]) or one["n1"] == one["x1"]
        assert np.isnan(found["conf_low"])
