"""Attacks on curves and between reports: when did somebody leave, and what did one report show that another hid?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from claims import Claim
from counting import NAMES, chosen, claims_of, of_curves, of_shares, printed, system_of, traits
from reading import EVERYBODY, Row, Table, drawn_points, tables
from worlds import ENDINGS, World

Steps = list[tuple[float, float]]
NONE = "still"
# Points (1/72 inch) below which two places of a drawing are one.
DRAWN = 0.02


def curves(world: World) -> Iterator[tuple[Table, str, str | None, list[Row]]]:
    """Every curve of every table: its group, its ending (None for all) and its rows in order of time."""
    for table in filter(of_curves, tables(world.root)):
        for group, ending in dict.fromkeys((row["group"], row.get("cause")) for row in table.rows):
            rows = [row for row in table.rows if row["group"] == group and row.get("cause") == ending]
            yield table, group, ending, sorted(rows, key=lambda row: float(row["time"]))


def steps(table: Table, rows: list[Row], name: str = "events") -> Steps:
    """Months at which something is counted, and how much."""
    found = ((float(row["time"]), table.numbers(row, name)) for row in rows)
    return [(month, number) for month, number in found if number]


def _where(group: str, ending: str | None) -> dict[str, str]:
    return traits(group) | (
        {} if ending in (None, *(() if ending in ENDINGS else (ending,))) else {"ending": str(ending)}
    )


def _between(found: Steps, where: dict[str, str]) -> list[Claim]:
    """Each step as what happened since the step before it."""
    before = 0.0
    claims = []
    for month, number in found:
        claims.append(Claim(number, number, where, (before, month)))
        before = month
    return claims


def steps_as_printed(world: World) -> list[Claim]:
    """The exits of each step, since the step before."""
    return [
        claim
        for table, group, ending, rows in curves(world)
        if ending is not None
        for claim in _between(steps(table, rows), _where(group, ending))
    ]


def steps_by_height(world: World) -> list[Claim]:
    """How far a curve rises times how many it is about: exact, where nobody was censored before."""
    found = []
    for table, group, ending, rows in curves(world):
        if ending is None or steps(table, rows, "censored"):
            continue
        size = max((table.numbers(row, "at_risk") or 0.0 for row in rows), default=0.0)
        heights = [(float(row["time"]), table.numbers(row, "estimate") or 0.0) for row in rows]
        rises = [(month, round((high - low) * size)) for (_, low), (month, high) in pairwise(heights)]
        found += _between([(month, number) for month, number in rises if number], _where(group, ending))
    return found


def censored_as_printed(world: World) -> list[Claim]:
    """Those who were only followed so long, step by step."""
    return [
        claim
        for table, group, ending, rows in curves(world)
        for claim in _between(steps(table, rows, "censored"), traits(group) | {"ending": NONE})
        if ending in (None, "job")
    ]


def at_risk_row(world: World) -> list[Claim]:
    """Those at risk now less those at risk then: everybody who left in between, whatever the ending."""
    found = []
    for table, group, _, rows in curves(world):
        sizes = [(float(row["time"]), table.numbers(row, "at_risk")) for row in rows]
        for (first, before), (second, after) in pairwise(sizes):
            if before is not None and after is not None and after < before:
                # At risk at a month are those who left in it or later.
                found.append(Claim(before - after, before - after, traits(group), (first - 1, second - 1)))
    return found


def last_ones(world: World) -> list[Claim]:
    """Those who are still there when the curve ends."""
    found = []
    for table, group, _, rows in curves(world):
        last = rows[-1]
        at_risk, events = table.numbers(last, "at_risk"), table.numbers(last, "events") or 0.0
        if at_risk is not None:
            left = at_risk - events - (table.numbers(last, "censored") or 0.0)
            found.append(Claim(left, left, traits(group), (float(last["time"]), np.inf)))
    return found


def days_drawn(world: World) -> list[Claim]:
    """Where a drawn curve steps between two months, somebody left on a day: such a place is one person told."""
    names = {f"{table.name}.svg" for table in filter(of_curves, tables(world.root))}
    return [
        Claim(1, 1, {"day": name})
        for name, points in drawn_points(world.root)
        if name in names and _steps_like(points) and not _on_months(points)
    ]


def _steps_like(points: list[tuple[float, float]]) -> bool:
    """Whether a path goes only across and up or down and does not come back, as a curve of steps."""
    level = [abs(x2 - x1) < DRAWN or abs(y2 - y1) < DRAWN for (x1, y1), (x2, y2) in pairwise(points)]
    return len(points) >= 6 and points[0] != points[-1] and all(level)


def _on_months(points: list[tuple[float, float]]) -> bool:
    """Whether its places can be whole months of some axis of at most five years. The last is where the axis ends."""
    places = np.array(sorted({round(x, 2) for x, _ in points}))[:-1]
    span = places[-1] - places[0]
    for months in range(1, 61):
        at = (places - places[0]) / span * months
        if np.abs(at - np.round(at)).max() * span / months < 4 * DRAWN:
            return True
    return False


def others_than_the_group(world: World) -> list[Claim]:
    """Everybody less one group, at months both know: the other group's exits."""
    found = []
    by: dict[tuple[str, str | None], Steps] = {}
    for table, group, ending, rows in curves(world):
        if table.report == min(one.report for one in tables(world.root)):
            by[group, ending] = steps(table, rows)
    for (group, ending), own in by.items():
        everybody = by.get((EVERYBODY, ending))
        if group not in ("Kvinne", "Mann") or not everybody or ending not in ENDINGS:
            continue
        other = {"Kvinne": "Mann", "Mann": "Kvinne"}[group]
        so_far = {month: sum(number for at, number in own if at <= month) for month, _ in own}
        known = sorted(set(so_far) & {month for month, _ in everybody})
        before, last = 0.0, (0.0, 0.0)
        for month in known:
            rest = sum(number for at, number in everybody if at <= month) - so_far[month]
            # The last few of a curve join its last step: there up to k - 1 of those counted may have left later.
            later = [world.threshold - 1 if month == steps_of[-1][0] else 0 for steps_of in (own, everybody)]
            least, most = rest - later[1], rest + later[0]
            where = {"sex": other, "ending": str(ending)}
            found.append(Claim(max(least - last[1], 0.0), most - last[0], where, (before, month)))
            before, last = month, (least, most)
    return found


def curve_less_table(world: World) -> list[Claim]:
    """Those who ended so by the table, less those who had by the end of the curve: who left after it."""
    found, totals = [], {}
    for table in filter(of_shares, tables(world.root)):
        for row in table.rows:
            totals[table.report, row["group"], row["cause"]] = table.numbers(row, "events")
    for table, group, ending, rows in curves(world):
        total = totals.get((table.report, group, str(ending)))
        if total is not None:
            shown = sum(number for _, number in steps(table, rows))
            last = max((month for month, _ in steps(table, rows)), default=0.0)
            found.append(Claim(total - shown, total - shown, _where(group, ending), (last, np.inf)))
    return found


CURVES = (
    steps_as_printed, steps_by_height, censored_as_printed, at_risk_row, last_ones, days_drawn, others_than_the_group,
    curve_less_table,
)  # fmt: skip
assert len(CURVES) == 8


# --- between reports: six -------------------------------------------------------------------------------------------


def _reports(world: World) -> tuple[list[Table], list[Table]]:
    found = tables(world.root)
    names = sorted({one.report for one in found})
    first = names[0] if names else ""
    return [one for one in found if one.report == first], [one for one in found if one.report != first]


def _cells(found: list[Table]) -> dict[tuple[str, str], float]:
    return {
        (row["group"], row["cause"]): number
        for table in filter(of_shares, found)
        for row in table.rows
        if (number := table.numbers(row, "events")) is not None
    }


def shown_there_hidden_here(world: World) -> list[Claim]:
    """A cell that one report hides and the other shows, of nearly the same people."""
    first, second = map(_cells, _reports(world))
    return [
        Claim(number, number, traits(group) | {"ending": ending})
        for (group, ending), number in (first | second).items()
    ]


def reports_together(world: World) -> list[Claim]:
    """A linear programme over both reports, whose people differ by at most two."""
    first, second = _reports(world)
    names = {one.report for one in second}
    return claims_of(world, system_of(world, [*first, *second], dict.fromkeys(names, 2.0)))


def who_was_added(world: World) -> list[Claim]:
    """The same cell in both: the difference is the person who came or went, and how that person ended."""
    first, second = map(_cells, _reports(world))
    changed = [one for one in first if one in second and first[one] != second[one]]
    groups = [one for one in changed if one[0] in NAMES]
    # With two tables of the same two reports, the person's traits and ending are known.
    return [Claim(1, 1, {"added": f"{group} {ending}"}) for group, ending in groups]


def merger_in_the_other(world: World) -> list[Claim]:
    """The merged municipality of the later report less the part that the earlier one shows."""
    first, second = map(_cells, _reports(world))
    found = []
    for one, other in (("Eide", "Fræna"), ("Fræna", "Eide")):
        for ending in ENDINGS:
            whole, part = second.get(("Hustadvika", ending)), first.get((one, ending))
            if whole is not None and part is not None and first.get((other, ending)) is None:
                found.append(Claim(max(whole - part, 0), whole - part, {"office": other, "ending": ending}))
    return found


def curves_of_both(world: World) -> list[Claim]:
    """The same curve in both reports, step by step: where they differ, one person's month is told."""
    known: dict[tuple[str, str | None], dict[str, Steps]] = {}
    for table, group, ending, rows in curves(world):
        known.setdefault((group, ending), {})[table.report] = steps(table, rows)
    found = []
    for (group, ending), own in known.items():
        if len(own) == 2 and ending is not None:
            one, other = own.values()
            if [month for month, _ in one] == [month for month, _ in other] and one != other:
                found.append(Claim(1, 1, {"added": f"{group} {ending}"}))
    return found


def split_in_the_other(world: World) -> list[Claim]:
    """One report's total less the other report's groups but one."""
    first, second = _reports(world)
    known = system_of(world, [])
    for table in filter(of_shares, [*first, *second]):
        loose = 2.0 if table in second else 0.0
        for row in table.rows:
            if table.numbers(row, "events") is not None:
                for mask, low, high in printed(table, row, loose):
                    known.know(mask, low, high)
    asked = [
        {name: group, "ending": ending}
        for name in ("office", "sex")
        for group in sorted(world.people[name].unique())
        for ending in ENDINGS
        if 0 < world.count(**{name: group}, ending=ending) < world.threshold
    ]
    return [Claim(*known.reach(chosen(where)), where) for where in asked[:12]]


DIFFERENCES = (
    shown_there_hidden_here, reports_together, who_was_added, merger_in_the_other, curves_of_both, split_in_the_other,
)  # fmt: skip
assert len(DIFFERENCES) == 6
