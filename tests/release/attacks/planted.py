"""Twelve leaks made on purpose, each with the attack that must see it: otherwise the attacks are asleep."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import matplotlib as mpl
import numpy as np
from worlds import ENDINGS, World, drawn_people

K = 5
# People with a small count in Fræna that is hidden alone, and others beside.
SEED = 48
Line = dict[str, object]


def world(root: Path) -> World:
    """People with small counts in most offices, and no report yet."""
    return World(drawn_people(SEED), root, K, (), ())


def shares(own: World, by: str, hide: bool = True) -> list[Line]:
    """A table of endings as it should be shown: small counts, and one beside each, have a symbol."""
    rows: list[Line] = []
    for group in sorted(own.people[by].unique()):
        counts = {ending: own.count(**{by: group}, ending=ending) for ending in ENDINGS}
        size = sum(counts.values())
        small = {ending for ending, number in counts.items() if 0 < number < K}
        beside = sorted((one for one in ENDINGS if one not in small), key=lambda one: counts[one])[: len(small) == 1]
        for ending, number in counts.items():
            shown = not hide or ending not in small | set(beside)
            share = number / size
            low, high = _wilson(number, size)
            cells = {"estimate": share, "conf_low": low, "conf_high": high, "at_risk": size, "events": number}
            rows.append(
                {"group": group, "cause": ending} | (cells if shown else dict.fromkeys(cells, "*") | {"at_risk": size})
            )
    return rows


def _wilson(number: int, size: int) -> tuple[float, float]:
    z2, share = 1.959964**2, number / size
    middle = (share + z2 / (2 * size)) / (1 + z2 / size)
    half = np.sqrt(z2) * np.sqrt(share * (1 - share) / size + z2 / (4 * size**2)) / (1 + z2 / size)
    return middle - half, middle + half


def small_row(own: World, rows: list[Line], by: str) -> Line:
    """A row whose count is small and hidden."""
    return next(
        row for row in rows
        if row["events"] == "*" and 0 < own.count(**{by: row["group"]}, ending=row["cause"]) < own.threshold
    )  # fmt: skip


def written(own: World, report: str, name: str, rows: list[Line]) -> None:
    """A table where a report would have it."""
    place = own.root / report / "nb" / "tables"
    place.mkdir(parents=True, exist_ok=True)
    with (place / f"{name}.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def exact_curve(own: World) -> list[Line]:
    """A curve by month with every ending where it was, and everybody who was followed no longer."""
    rows: list[Line] = []
    left, share, stay = len(own.people), 0.0, 1.0
    for month in range(1, int(own.people["month"].max()) + 1):
        events = own.count(month=month, ending="job")
        gone, censored = own.count(month=month), own.count(month=month, ending="still")
        share += stay * events / left
        stay *= 1 - (gone - censored) / left
        rows.append({"group": "all", "cause": "job", "time": month, "estimate": share, "at_risk": left,
                     "events": events, "censored": censored})  # fmt: skip
        left -= gone
    return rows


def without(rows: list[Line], *names: str) -> list[Line]:
    return [row | dict.fromkeys(names, "*") for row in rows]


def count_left_in(own: World) -> None:
    written(own, "a", "kontor", shares(own, "office", hide=False))


def symbol_lifted(own: World) -> None:
    rows = shares(own, "office")
    small = small_row(own, rows, "office")
    for row in rows:
        if row["group"] == small["group"] and row is not small:
            row["events"] = own.count(office=row["group"], ending=row["cause"])
    written(own, "a", "kontor", rows)


def share_left_in(own: World) -> None:
    rows = shares(own, "office")
    small = small_row(own, rows, "office")
    small["estimate"] = own.count(office=small["group"], ending=small["cause"]) / float(str(small["at_risk"]))
    written(own, "a", "kontor", rows)


def interval_left_in(own: World) -> None:
    rows = shares(own, "office")
    small = small_row(own, rows, "office")
    number = own.count(office=small["group"], ending=small["cause"])
    small["conf_low"], small["conf_high"] = _wilson(number, int(str(small["at_risk"])))
    written(own, "a", "kontor", rows)


def merger_beside_its_part(own: World) -> None:
    rows = shares(own, "office", hide=False)
    kept = [row for row in rows if row["group"] != "Fræna"]
    merged = [row for row in shares(own, "merged", hide=False) if row["group"] == "Hustadvika"]
    written(own, "a", "kontor", kept + merged)


def other_report_shows_it(own: World) -> None:
    written(own, "a", "kontor", shares(own, "office"))
    written(own, "b", "kontor", shares(own, "office", hide=False))


def steps_of_one(own: World) -> None:
    written(own, "a", "kurve", without(exact_curve(own), "at_risk", "censored"))


def censored_exactly(own: World) -> None:
    written(own, "a", "kurve", without(exact_curve(own), "at_risk", "events", "estimate"))


def at_risk_exactly(own: World) -> None:
    written(own, "a", "kurve", without(exact_curve(own), "events", "censored", "estimate"))


def curve_by_days(own: World) -> None:
    from matplotlib.figure import Figure

    written(own, "a", "kurve", without(exact_curve(own), "events", "censored", "estimate", "at_risk"))
    days = np.sort(own.people["time"].to_numpy())[:: len(own.people) // 60]
    figure = Figure()
    figure.subplots().step(days, np.arange(len(days)) / len(own.people), where="post")
    place = own.root / "a" / "nb" / "figures"
    place.mkdir(parents=True)
    with mpl.rc_context({"path.simplify": False}):
        figure.savefig(place / "kurve.svg")


def name_in_a_manifest(own: World) -> None:
    place = own.root / "a" / "nb"
    place.mkdir(parents=True)
    told = {"decisions": {}, "note": str(own.people["person"].iloc[0])}
    (place / "manifest.json").write_text(json.dumps(told), encoding="utf-8")


def register_with_a_small_count(own: World) -> None:
    (own.root / "a").mkdir(parents=True)
    counts = [["office", "Eide", "job", 3, True]]
    told = {"version": 1, "released": [{"report": "a", "tables": [{"counts": counts}]}]}
    (own.root / "release-register.json").write_text(json.dumps(told), encoding="utf-8")


PLANTED: dict[Callable[[World], None], str] = {
    count_left_in: "tables: read_as_printed",
    symbol_lifted: "tables: one_table",
    share_left_in: "tables: from_share",
    interval_left_in: "tables: from_interval",
    merger_beside_its_part: "tables: merged_less_parts",
    other_report_shows_it: "differences: shown_there_hidden_here",
    steps_of_one: "curves: steps_as_printed",
    censored_exactly: "curves: censored_as_printed",
    at_risk_exactly: "curves: at_risk_row",
    curve_by_days: "curves: days_drawn",
    name_in_a_manifest: "metadata: canaries_in_files",
    register_with_a_small_count: "metadata: small_numbers_remembered",
}
