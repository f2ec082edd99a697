"""R's robust score test: the pull of each person or office where no trait matters, added up and squared."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from navoutcomes.maths.hazards.cox_residuals import cluster_pulls
from tests.parity.cox_studies import cox_cases, cox_study
from tests.parity.reference_files import FOLDER, MISSING, raw

pytestmark = [] if FOLDER else [MISSING]
ROBUST = [one for one in cox_cases() if raw(one[0])["results"][one[1]]["robust_score"]]


@pytest.mark.parametrize(("name", "key"), ROBUST, ids=["-".join(one) for one in ROBUST])
def test_robust_score(name: str, key: str) -> None:
    study = cox_study(name, key)
    model = study.cohort.cox(study.terms, ties=study.stored["ties"], strata=study.strata, errors="lin-wei").model
    at_nothing = replace(model, end=model.start)
    codes, number, _ = study.cohort.clusters()
    if codes is None:
        codes, number = np.arange(len(model.rows.event)), len(model.rows.event)
    pulls = cluster_pulls(at_nothing, codes, number)
    score = pulls.sum(axis=0)
    statistic = float(score @ np.linalg.solve(pulls.T @ pulls, score))
    theirs = study.stored["robust_score"]
    np.testing.assert_allclose(statistic, theirs[0], rtol=1e-8)
    assert len(score) == theirs[1]
    np.testing.assert_allclose(stats.chi2.sf(statistic, len(score)), theirs[2], rtol=1e-6)


def test_there_are_three() -> None:
    assert len(ROBUST) == 3
