"""Every file of R's results is reproduced by a test here, or stands in a short list with a reason."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from reference_files import FOLDER, MISSING, raw

pytestmark = [] if FOLDER else [MISSING]
# The files of these kinds are all walked through by ``over`` or ``names``, every result of each.
WALKED = {"aft", "cox", "cr", "km", "tg"}
LATER = {
    "glm_petersen_panel": "Driscoll-Kraay and panel-corrected errors belong to series of spending by office and year",
}
# Results inside files that are read.
PARTS_LATER = {
    ("glm_ate_cd_nsw_mixtape", "wilcox"): "rank sums of amounts are not offered: a difference of means is asked for",
    ("glm_ate_daag_nswdemo", "wilcox"): "rank sums of amounts are not offered: a difference of means is asked for",
    ("glm_ate_wd_jtrain3", "wilcox"): "rank sums of amounts are not offered: a difference of means is asked for",
    ("glm_firth_sex2", "note"): "a remark",
    ("balance_lalonde", "note"): "a remark",
    ("glm_petersen", "NW_panel"): "Driscoll-Kraay errors belong to series of spending by office and year",
    ("power_logrank", "n_total"): "nobody says over how long they were recruited",
    ("glm_rossi_discrete_time", "rows"): "how many rows R made; none are made here",
    (
        "glm_rossi_logit",
        "rr_logbinomial",
    ): "a log-binomial model often has no top; Poisson with robust errors is offered",
    (
        "props",
        "mantelhaenszel_UCB",
        "mcnemar_agresti",
        "fisher_rxc_jobsat",
    ): "no table of three ways, and no pairs, here",
    ("props", "p_adjust"): "Holm's is the one offered: test_estimates_tests.py",
    ("pseudo_jackknife_rossi", "note"): "a remark",
    ("pseudo_veteran", "note"): "a remark",
}


def named() -> set[str]:
    """Every text constant in the tests of this folder, but for docstrings and this file."""
    found: set[str] = set()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path == Path(__file__):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        said = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said:
                found.add(node.value)
    return found


def files() -> list[str]:
    return sorted(path.stem for path in Path(str(FOLDER), "reference").glob("*.json"))


def test_every_file_is_named_or_has_a_reason() -> None:
    texts = named()
    for kind in WALKED:
        assert kind in texts, f"nothing walks through the files {kind}_*"
    left = [name for name in files() if name not in texts and name.split("_")[0] not in WALKED]
    assert set(left) <= set(LATER)


def test_every_result_in_a_file_that_is_not_walked_through_is_named_or_has_a_reason() -> None:
    texts = named()
    excused = {(name, key) for name, *keys in PARTS_LATER for key in keys}
    left = [
        (name, key)
        for name in files()
        if name not in LATER and name.split("_")[0] not in WALKED
        for key in raw(name)["results"]
        if key not in texts and (name, key) not in excused
    ]
    assert left == []


@pytest.mark.parametrize("name", sorted({name for name, *_ in PARTS_LATER} | set(LATER)))
def test_no_reason_has_outlived_its_file(name: str) -> None:
    assert name in files()
    for excused in (keys for one, *keys in PARTS_LATER if one == name):
        assert set(excused) <= set(raw(name)["results"])
