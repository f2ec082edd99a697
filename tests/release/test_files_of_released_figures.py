"""Files of released figures hold nothing but what the released table says, whatever the exact numbers are."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.design.flow import Flow
from navoutcomes.notes import note
from navoutcomes.report.figures import write_figure
from navoutcomes.report.tables import write_csv

MONTH = 30.4375


def people(shift: int = 0, size: int = 120) -> nav.Cohort:
    """Exits on some day of their month; another ``shift`` is another day of the same month, for everybody."""
    roll = np.random.default_rng(4)
    month = roll.integers(1, 13, 2 * size)
    day = roll.integers(0, 28, 2 * size)
    first = np.floor((month - 1) * MONTH) + 1
    frame = pd.DataFrame(
        {
            "time": first + (day + shift) % 28,
            "ending": roll.choice(["job", "other"], 2 * size),
            "group": np.repeat(["a", "b"], size),
        }
    )
    return nav.Cohort.from_frame(frame, "time", "ending", outcome="job", censored="none", arm="group", reference="a")


def lock_in_figure(safe: Any) -> Any:
    draw = getattr(nav.show, "lock_in_chart", nav.show.forest)
    return draw(safe, language="nb")


FROM_COUNTS: dict[str, tuple[Callable[[nav.Cohort], Any], Callable[[Any], Any]]] = {
    "incidence": (
        lambda who: who.cumulative_incidence(by="group"),
        lambda safe: nav.show.incidence_curves(safe, at=182, language="nb"),
    ),
    "survival": (
        lambda who: who.survival_curve(by="group"),
        lambda safe: nav.show.survival_curves(safe, at=182, language="nb"),
    ),
    "stacked": (
        lambda who: who.cumulative_incidence(),
        lambda safe: nav.show.shares_over_time(safe, at=182, language="nb"),
    ),
    "forest": (
        lambda who: who.contrast(at=[182, 365]),
        lambda safe: nav.show.forest(safe, language="nb"),
    ),
    "lock in": (lambda who: who.lock_in(horizon=365), lock_in_figure),
}


def written(axes: Any, safe: nav.Released, folder: Path) -> dict[str, bytes]:
    """Every file of a figure and its table, and the alternative text."""
    folder.mkdir()
    write_figure(axes, folder, "figure")
    if hasattr(safe.result, "table"):
        write_csv(safe, folder / "table.csv", "nb")
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())} | {"alt": axes.drawn.alt.encode()}


@pytest.mark.parametrize("name", sorted(FROM_COUNTS))
def test_other_days_of_the_same_months_give_the_same_files_to_the_byte(name: str, tmp_path: Path) -> None:
    ask, draw = FROM_COUNTS[name]
    files = []
    for place, shift in enumerate((0, 11)):
        safe = nav.release(ask(people(shift)))
        files.append(written(draw(safe), safe, tmp_path / str(place)))
    exact = [ask(people(shift)).table["estimate"] for shift in (0, 11)]
    assert not np.array_equal(exact[0].to_numpy()[:9], exact[1].to_numpy()[:9])
    assert set(files[0]) >= {"figure.svg", "figure.pdf", "figure.png", "alt"}
    assert files[0] == files[1]


def numbers_drawn(axes: Any) -> set[float]:
    """Data positions of every point and line on the axes, but of lines across it."""
    found: set[float] = set()
    for line in axes.get_lines():
        if len(line.get_xdata()) <= 2:
            found |= {float(one) for one in np.asarray(line.get_xdata(), dtype=float)}
    return found


def shown(numbers: pd.Series, scale: float) -> set[float]:
    return {round(scale * float(one), 6) for one in numbers.dropna()}


def arms(size: int = 300) -> nav.Cohort:
    roll = np.random.default_rng(8)
    age = np.round(roll.normal(40, 9, size))
    arm = np.where(roll.random(size) < 1 / (1 + np.exp(-(age - 40) / 12)), "new", "old")
    frame = pd.DataFrame({"time": np.ceil(roll.exponential(200, size)).clip(1, 400), "arm": arm, "age": age})
    frame["ending"] = roll.choice(["job", "other"], size)
    frame["sick"] = (roll.random(size) < 0.4).astype(float)
    return nav.Cohort.from_frame(frame, "time", "ending", outcome="job", censored="none", arm="arm", reference="old")


def test_a_love_plot_draws_the_rounded_differences_only(tmp_path: Path) -> None:
    who = arms()
    exact = who.balance(who.weights(["age"]), terms=["age", "sick"])
    safe = nav.release(exact)
    axes = nav.show.love_plot(safe, language="nb")
    assert axes.drawn.released
    allowed = {round(float(one), 6) for one in safe.result.differences.to_numpy().ravel()} | {0.0, 0.1, -0.1, 1.0}
    assert numbers_drawn(axes) <= allowed
    unrounded = {round(float(one), 6) for one in exact.differences.to_numpy().ravel() if abs(one) > 1e-6}
    assert not unrounded & numbers_drawn(axes)
    files = written(axes, safe, tmp_path / "f")
    assert b"utkast" not in files["figure.svg"]
    assert max(len(one) for one in re.findall(r"0,\d+", files["alt"].decode())) <= 4


def test_an_adjusted_forest_draws_the_released_numbers_only() -> None:
    safe = nav.release(arms().standardise(["age"], at=[182, 300]))
    rows = safe.table[safe.table["measure"] == "adjusted risk difference"]
    axes = nav.show.forest(safe, language="nb")
    allowed = {0.0, 1.0}
    for column in ("estimate", "conf_low", "conf_high"):
        allowed |= shown(rows[column], 100.0)
    assert numbers_drawn(axes) <= allowed


def test_a_funnel_draws_released_offices_only_and_its_limits_from_rounded_numbers() -> None:
    roll = np.random.default_rng(4)
    sizes = [60, 45, 38, 30, 7]
    office = np.repeat([f"K{place}" for place in range(len(sizes))], sizes)
    frame = pd.DataFrame({"time": roll.integers(1, 90, len(office)), "office": office})
    frame["ending"] = (roll.random(len(office)) < 0.5).astype(int)
    frame.loc[frame["ending"] == 0, "time"] = 100
    who = nav.Cohort.from_frame(frame, "time", "ending", endings={0: None, 1: "job"}, outcome="job", cluster="office")
    exact = who.office_comparison(at=99)
    safe = nav.release(exact)
    axes = nav.show.funnel(safe, language="nb")
    offices = set(safe.table["group"])
    assert "K4" not in offices
    points = [line for line in axes.get_lines() if line.get_marker() in ("o", "s")]
    drawn = {float(one) for line in points for one in line.get_ydata()}
    assert drawn
    assert drawn <= shown(safe.table.query("measure == 'difference in shares'")["estimate"], 100.0)
    for name in ("dispersion", "between", "share", "one"):
        value = getattr(safe.result, name)
        assert value == pytest.approx(float(f"{value:.3g}"), rel=1e-12)
    assert safe.result.one != exact.one


def test_a_flow_chart_says_the_pooled_losses_only(tmp_path: Path) -> None:
    flow = Flow(656)
    for place, lost in enumerate((3, 40, 2)):
        flow = flow.then(note("flow_own_reason", reason=f"reason {place}"), flow.end - lost)
    safe = nav.release(flow)
    axes = nav.show.flow_chart(safe, language="nb")
    files = written(axes, safe, tmp_path / "f")
    texts = " ".join(text.get_text() for text in (*axes.texts, *axes.figure.texts)) + files["alt"].decode()
    counts = {int(one) for one in re.findall(r"(?<![\d,])\d+(?![\d,])", texts)}
    assert {656, 611} <= counts
    assert not {653, 613} & counts
