"""Story A1: two years' files give P(started within 60 days) with an interval in five lines, and it is the truth."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import navoutcomes as nav
from navoutcomes.records.kostra.world import started_within


@pytest.fixture
def key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("keys") / "key"
    nav.new_key(path)
    return path


@pytest.mark.filterwarnings("ignore::navoutcomes.DataWarning")
def test_a1_five_lines_give_the_share_that_began_within_60_days(tmp_path: Path, key: Path) -> None:
    for year in (2024, 2025):
        nav.write_kostra(tmp_path, "11CF", year, persons=1500)
    files = [nav.read_kostra(tmp_path / f"kostra-11cf-{year}.dat", "11CF", year, key=key) for year in (2024, 2025)]
    waiting = nav.kvp_waiting(files)
    people = nav.Cohort.from_frame(
        waiting.frame, "days", "ending", outcome="started", censored="waiting", person="person", origin=waiting.origin
    )
    at_60 = people.cumulative_incidence().at(60).iloc[0]
    assert at_60["conf_low"] < started_within(60) < at_60["conf_high"]
    assert at_60["conf_high"] - at_60["conf_low"] < 0.05
    assert at_60["estimate"] == pytest.approx((waiting.frame["days"] <= 60).mean(), abs=1e-12)
    assert people.origin.synthetic
    assert people.persons == len(waiting.frame) > 2000


@pytest.mark.filterwarnings("ignore::navoutcomes.DataWarning")
def test_without_settling_quick_starters_make_waits_look_short(tmp_path: Path, key: Path) -> None:
    """The last applicants of a year are in its file only if they began quickly: the trap ``settled`` is for."""
    path = nav.write_kostra(tmp_path, "11CF", 2025, persons=20_000)
    file = nav.read_kostra(path, "11CF", 2025, key=key)
    share = {days: (nav.kvp_waiting(file, settled=days).frame["days"] <= 30).mean() for days in (0, 180)}
    late = nav.kvp_waiting(file, settled=0).frame
    last = late[late["registered_date"] > "2025-12-01"]
    assert share[180] == pytest.approx(started_within(30), abs=0.015)
    assert share[0] > share[180] + 0.005
    assert (last["days"] <= 30).all()


@pytest.mark.filterwarnings("ignore::navoutcomes.DataWarning")
def test_the_five_lines_of_the_page_run_and_are_five(
    tmp_path: Path, key: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "kostra.md").read_text(encoding="utf-8")
    lines = re.findall(r"```python\n(.*?)```", page, re.DOTALL)[0]
    assert len(ast.parse(lines).body) == 5  # lines of code: a long one may be folded
    monkeypatch.chdir(tmp_path)
    for year in (2024, 2025):
        nav.write_kostra(".", "11CF", year)
    names = {"key": key}
    exec(lines, names)
    share = names["share"].iloc[0]  # type: ignore[attr-defined]
    assert 0 < share["conf_low"] < share["estimate"] < share["conf_high"] < 1
