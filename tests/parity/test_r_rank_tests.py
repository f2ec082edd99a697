"""The log-rank family and Gray's test equal R ``survdiff``, the exact hypergeometric sums, and ``cmprsk``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from reference_files import over, same, study, without_gaps

import navoutcomes as nav

WEIGHTS: dict[str, dict[str, Any]] = {
    "logrank": {},
    "gehan_n": {"weights": "gehan"},
    "tarone_ware_sqrt_n": {"weights": "tarone-ware"},
    "peto_peto_Stilde": {"weights": "peto"},
    "modified_peto": {"weights": "modified-peto"},
    "fh_1_0": {"rho": 1},
    "fh_0_1": {"gamma": 1},
    "fh_1_1": {"weights": "fleming-harrington", "rho": 1, "gamma": 1},
    "fh_.5_.5": {"rho": 0.5, "gamma": 0.5},
    "fh_.5_2": {"rho": 0.5, "gamma": 2},
}


def compared(name: str, stratified: bool, **how: Any) -> nav.GroupTest:
    one = study(name)
    cohort = without_gaps(name) if stratified else one.cohort
    return cohort.logrank_test(by=one.spec["group"], strata=one.spec["strata"] if stratified else None, **how)


def _survdiff(name: str) -> Iterator[tuple[str, int]]:
    for kind in ("logrank", "logrank_stratified"):
        for one in study(name).results.get(kind, []):
            yield kind, one["rho"]


def _exact(name: str) -> Iterator[tuple[str, str]]:
    for kind in ("weighted_logrank_exact", "weighted_logrank_exact_stratified"):
        for weight in study(name).results.get(kind, {}):
            yield kind, weight


def _gray(name: str) -> Iterator[tuple[str, str]]:
    for kind in ("gray_test", "gray_test_stratified"):
        for cause in study(name).results.get(kind, {}).get("cause", []):
            yield kind, cause


@over("km", "name kind rho", _survdiff)
def test_the_log_rank_test_equals_survdiff(name: str, kind: str, rho: float) -> None:
    theirs = next(one for one in study(name).results[kind] if one["rho"] == rho)
    found = compared(name, kind.endswith("stratified"), rho=rho)
    table = found.table
    observed, expected = (table[table["measure"] == measure] for measure in ("observed", "expected"))
    assert [f"{study(name).spec['group']}={group}" for group in observed["group"]] == theirs["groups"]
    same(observed["at_risk"], theirs["n"])
    same(observed["estimate"], theirs["observed"])
    same(expected["estimate"], theirs["expected"])
    same(found.covariance, theirs["var"])
    same([found.statistic, found.df, found.p_value], [theirs["chisq"], theirs["df"], theirs["p"]])


@over("km", "name kind weight", _exact)
def test_every_weight_of_the_log_rank_family_equals_the_exact_sums(name: str, kind: str, weight: str) -> None:
    theirs = study(name).results[kind][weight]
    found = compared(name, kind.endswith("stratified"), **WEIGHTS[weight])
    assert found.table["group"].drop_duplicates().tolist() == theirs["groups"]
    same(found.score, theirs["Z"])
    same(found.covariance, theirs["V"])
    same([found.statistic, found.df, found.p_value], [theirs["chisq"], theirs["df"], theirs["p"]])


@over("cr", "name kind cause", _gray)
def test_grays_test_equals_cmprsk(name: str, kind: str, cause: str) -> None:
    one = study(name)
    theirs = one.results[kind]
    at = theirs["cause"].index(cause)
    found = one.cohort.gray_test(by=one.spec["group"], cause=f"cause{cause}", strata=theirs.get("strata"))
    same([found.statistic, found.p_value, found.df], [theirs["stat"][at], theirs["pv"][at], theirs["df"][at]])


@over("km", "name", lambda name: [()])
def test_every_weight_in_the_files_has_a_name_with_us(name: str) -> None:
    results = study(name).results
    for kind in ("weighted_logrank_exact", "weighted_logrank_exact_stratified"):
        assert set(results.get(kind, {})) <= set(WEIGHTS)
    for kind in ("logrank", "logrank_stratified"):
        assert all(set(one) == {"rho", "weight", "groups", "n", "observed", "expected", "chisq", "df", "p", "var"}
                   for one in results.get(kind, []))  # fmt: skip
