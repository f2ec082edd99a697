"""Two thousand random groups of people with ties, entry, weights, strata and offices: the arithmetic against the loops.

The verbs are held against the arithmetic elsewhere; here it is the arithmetic alone, so that so many take seconds.
"""

from __future__ import annotations

import numpy as np
import pytest
from by_hand import CAUSES, hazard, incidence, mean_time, rows_of, survival
from cox_by_hand import People, log_likelihood, score
from test_estimates_second_implementation import drawn

from navoutcomes.maths.counting import gather, tally
from navoutcomes.maths.curves.aalen_johansen import aalen_johansen
from navoutcomes.maths.curves.kaplan_meier import kaplan_meier
from navoutcomes.maths.curves.nelson_aalen import nelson_aalen
from navoutcomes.maths.curves.restricted_mean import survival_area
from navoutcomes.maths.hazards.cox import CoxRows, fit
from navoutcomes.maths.hazards.cox_residuals import added, cluster_pulls, score_residuals

GROUPS = 2_000
CODE = {"followed": -1, "job": 0, "other": 1}


@pytest.mark.parametrize("part", range(4))
def test_curves_of_two_thousand_groups(part: int) -> None:
    for seed in range(part, GROUPS, 4):
        entry, weight = bool(seed & 4), bool(seed & 8)
        frame = drawn(10_000 + seed)
        rows = rows_of(frame, entry, weight)
        mass = [row.weight for row in rows]
        late = np.where(frame["entry"] > 0, frame["entry"], np.nan).astype(float) if entry else None
        if entry:
            rows = [row._replace(entry=row.entry if row.entry > 0 else -1) for row in rows]
        cells = gather(
            frame["time"], frame["ending"].map(CODE), 2, late, frame["weight"] if weight else None, frame["office"]
        )
        counts = tally(cells, weighted=weight)
        stay, left = kaplan_meier(counts).survival, aalen_johansen(counts).incidence
        for at in {0, len(counts.time) // 2, len(counts.time) - 1}:
            time = float(counts.time[at])
            assert stay[at] == pytest.approx(survival(rows, mass, time), abs=1e-10), seed
            for place, cause in enumerate(CAUSES):
                assert left[place][at] == pytest.approx(incidence(rows, mass, time, cause), abs=1e-10), seed
        if not entry:
            last = float(frame["time"].max())
            area, _ = survival_area(counts, last)
            assert area == pytest.approx(mean_time(rows, mass, last, None), abs=1e-9), seed
            whole = nelson_aalen(counts).hazard[:, -1]
            for place, cause in enumerate(CAUSES):
                assert whole[place] == pytest.approx(hazard(rows, mass, last, cause), abs=1e-9), seed


@pytest.mark.parametrize("part", range(4))
def test_cox_models_of_two_thousand_groups(part: int) -> None:
    """Score nothing at the top, likelihood and score the loops' where x says nothing, pulls that add by office."""
    settled = 0
    for seed in range(part, GROUPS, 4):
        roll = np.random.default_rng(20_000 + seed)
        size = int(roll.integers(15, 30))
        time = roll.integers(1, 7, size)
        entry = (
            np.where(roll.random(size) < 0.5, np.minimum(roll.integers(0, 4, size), time - 1), 0)
            if seed & 4
            else 0 * time
        )
        x = np.column_stack([roll.integers(0, 2, size), np.round(roll.normal(size=size), 2)]).astype(float)
        stratum = roll.integers(0, 2, size) if seed & 16 else 0 * time
        people = People(
            time.astype(float),
            np.where(entry > 0, entry, -1).astype(float),
            (roll.random(size) < 0.7).astype(int),
            x,
            roll.choice([0.5, 1.0, 1.7, 3.0], size) if seed & 8 else np.ones(size),
            stratum,
        )
        if people.event.sum() < 4:
            continue
        rows = CoxRows(
            x,
            stratum * 8 + time,
            np.where(entry > 0, stratum * 8 + entry, -1),
            people.event.astype(float),
            people.weight,
            np.zeros(size),
            np.arange(0, 8 * (stratum.max() + 2), 8),
            efron=not seed & 32,
        )
        model = fit(rows)
        nothing = np.zeros(2)
        assert model.start.log_likelihood == pytest.approx(log_likelihood(people, nothing, rows.efron), rel=1e-9), seed
        assert model.start.score == pytest.approx(score(people, nothing, rows.efron), abs=1e-8), seed
        if not model.settled or np.abs(model.end.beta).max() > 8:
            continue
        settled += 1
        assert score(people, model.end.beta, rows.efron) == pytest.approx(nothing, abs=1e-7), seed
        office = roll.integers(0, 4, size)
        pulls = added(score_residuals(model) * people.weight[:, None], office, 4)
        np.testing.assert_allclose(cluster_pulls(model, office, 4), pulls, atol=1e-9)
        np.testing.assert_allclose(pulls.sum(axis=0), 0.0, atol=1e-7)
    assert settled > 0.9 * GROUPS / 4
