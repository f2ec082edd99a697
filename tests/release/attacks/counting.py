"""Attacks on tables: every printed number is an equation in unknown counts, and a linear programme answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import Any

import numpy as np
from claims import Claim
from reading import EVERYBODY, Row, Table, tables
from scipy.optimize import linprog
from worlds import ENDINGS, MERGED, OFFICES, World

Key = tuple[str, str]
SEXES = ("Kvinne", "Mann")
NAMES = {**dict.fromkeys(OFFICES, "office"), "Hustadvika": "merged", **dict.fromkeys(SEXES, "sex")}
PEOPLE = np.array(list(product(OFFICES, SEXES, ENDINGS)), dtype=object)
SECRETS = 24


def traits(group: str) -> dict[str, str]:
    """What a group's label says of those in it; everybody has no trait."""
    return {} if group == EVERYBODY else {NAMES[group]: group}


def chosen(where: dict[str, Any]) -> np.ndarray:
    """Which of the unknown counts (office, sex, ending) these traits add up."""
    mask = np.ones(len(PEOPLE), dtype=bool)
    for name, value in where.items():
        place = {"office": 0, "sex": 1, "ending": 2, "merged": 0}[name]
        own = [MERGED.get(one, one) == value if name == "merged" else one == value for one in PEOPLE[:, place]]
        mask &= np.array(own)
    return mask


def secrets(world: World, by: Iterable[str]) -> Iterator[dict[str, Any]]:
    """The small counts of a table by one trait and ending."""
    for name in by:
        for group in sorted(world.people[name].unique()):
            for ending in ENDINGS:
                where = {name: group, "ending": ending}
                if 0 < world.count(**where) < world.threshold:
                    yield where


def of_shares(table: Table) -> bool:
    """Whether a table counts endings, and not times."""
    return bool(table.rows) and {"cause", "events", "at_risk"} <= set(table.rows[0]) and "time" not in table.rows[0]


def of_curves(table: Table) -> bool:
    """Whether a table is of curves: events and censorings at times."""
    return bool(table.rows) and {"time", "events", "censored", "at_risk"} <= set(table.rows[0])


class System:
    """Unknown counts of people by office, sex and ending, and what is known of their sums."""

    def __init__(self) -> None:
        self.low: list[float] = []
        self.high: list[float] = []
        self.rows: list[np.ndarray] = []

    def know(self, mask: np.ndarray, low: float, high: float) -> None:
        self.rows.append(mask.astype(float))
        self.low.append(low)
        self.high.append(high)

    def reach(self, mask: np.ndarray) -> tuple[float, float]:
        """How few and how many there can be; nothing and everything when what is known does not agree."""
        if not self.rows:
            return 0.0, np.inf
        left = np.vstack([*self.rows, *(-row for row in self.rows)])
        right = np.array([*self.high, *(-one for one in self.low)])
        keep = np.isfinite(right)
        ends = []
        for sign in (1.0, -1.0):
            found = linprog(sign * mask.astype(float), A_ub=left[keep], b_ub=right[keep] + 1e-7, bounds=(0, None))
            if found.status == 3:
                ends.append(np.inf)
            elif found.status != 0:
                return 0.0, np.inf
            else:
                ends.append(abs(found.fun))
        return float(np.ceil(ends[0] - 1e-5)), float(np.floor(ends[1] + 1e-5)) if np.isfinite(ends[1]) else np.inf


def printed(table: Table, row: Row, slack: float = 0.0) -> Iterator[tuple[np.ndarray, float, float]]:
    """What one row of shares says: its events, its group's size, and its share times the size."""
    where = traits(row["group"])
    cell = chosen(where | {"ending": row["cause"]})
    events, size, share = (table.numbers(row, name) for name in ("events", "at_risk", "estimate"))
    if size is not None:
        yield chosen(where), size - slack, size + slack
    if events is not None:
        yield cell, events - slack, events + slack
    if share is not None and size is not None:
        yield cell, round(share * size) - slack, round(share * size) + slack


def system_of(world: World, found: Iterable[Table], slack: dict[str, float] | None = None) -> System:
    """Everything the tables of shares say, and what the curves say of their last month."""
    known = System()
    # Offices that nobody of these people belongs to.
    for office in OFFICES:
        if office not in set(world.people["office"]):
            known.know(chosen({"office": office}), 0, 0)
    for table in found:
        loose = (slack or {}).get(table.report, 0.0)
        for row in table.rows:
            if of_shares(table):
                for mask, low, high in printed(table, row, loose):
                    known.know(mask, low, high)
        if of_curves(table):
            _so_far(known, table, loose)
    return known


def _so_far(known: System, table: Table, loose: float) -> None:
    """At least as many have ended as the curve shows; its first row says how many there are."""
    sums: dict[Key, float] = {}
    sizes: dict[str, float] = {}
    for row in table.rows:
        events, size = table.numbers(row, "events"), table.numbers(row, "at_risk")
        if "cause" in row and events is not None:
            sums[row["group"], row["cause"]] = sums.get((row["group"], row["cause"]), 0.0) + events
        if size is not None:
            sizes[row["group"]] = max(sizes.get(row["group"], 0.0), size)
    for (group, ending), least in sums.items():
        if ending in ENDINGS:
            known.know(chosen(traits(group) | {"ending": ending}), least - loose, np.inf)
    for group, size in sizes.items():
        known.know(chosen(traits(group)), size - loose, size + loose)


def claims_of(world: World, known: System, by: Iterable[str] = ("office", "merged", "sex")) -> list[Claim]:
    """What the linear programme says about each small count."""
    asked = list(secrets(world, by))[:SECRETS]
    return [Claim(*known.reach(chosen(where)), where) for where in asked]


# --- tables: twelve -------------------------------------------------------------------------------------------------


def read_as_printed(world: World) -> list[Claim]:
    """A small number that simply stands there."""
    return [
        Claim(value, value, traits(row["group"]) | {"ending": row["cause"]})
        for table in tables(world.root)
        if of_shares(table)
        for row in table.rows
        if (value := table.numbers(row, "events")) is not None
    ]


def from_share(world: World) -> list[Claim]:
    """A share times the size of its group."""
    return [
        Claim(round(share * size), round(share * size), traits(row["group"]) | {"ending": row["cause"]})
        for table in tables(world.root)
        if of_shares(table)
        for row in table.rows
        if (share := table.numbers(row, "estimate")) is not None and (size := table.numbers(row, "at_risk")) is not None
    ]


def from_interval(world: World) -> list[Claim]:
    """The share whose Wilson interval is the one that is printed."""
    found = []
    for table in filter(of_shares, tables(world.root)):
        for row in table.rows:
            low, high = table.numbers(row, "conf_low"), table.numbers(row, "conf_high")
            size = table.numbers(row, "at_risk") or _size(world, table, row["group"])
            if low is None or high is None or not size:
                continue
            z2 = 1.959964**2
            share = ((low + high) / 2 * (1 + z2 / size)) - z2 / (2 * size)
            count = round(share * size)
            found.append(Claim(count, count, traits(row["group"]) | {"ending": row["cause"]}))
    return found


def _size(world: World, table: Table, group: str) -> float | None:
    sizes = [
        other.numbers(row, "at_risk") for other in tables(world.root) for row in other.rows if row.get("group") == group
    ]
    return max((one for one in sizes if one is not None), default=None)


def rest_of_row(world: World) -> list[Claim]:
    """A group's size less the endings that are shown, when one is hidden."""
    return _rest(world, "group", "cause")


def rest_of_column(world: World) -> list[Claim]:
    """Everybody who ended so, less the groups that are shown, when one is hidden."""
    return _rest(world, "cause", "group")


def _rest(world: World, line: str, across: str) -> list[Claim]:
    found = []
    for table in filter(of_shares, tables(world.root)):
        for name in {row[line] for row in table.rows}:
            rows = [row for row in table.rows if row[line] == name]
            hidden = [row for row in rows if table.numbers(row, "events") is None]
            total = _total(world, table, line, name)
            if len(hidden) == 1 and total is not None:
                rest = total - sum(table.numbers(row, "events") or 0 for row in rows)
                found.append(Claim(rest, rest, traits(hidden[0]["group"]) | {"ending": hidden[0]["cause"]}))
    return found


def _total(world: World, table: Table, line: str, name: str) -> float | None:
    if line == "group":
        return _size(world, table, name)
    for other in filter(of_shares, tables(world.root)):
        rows = [row for row in other.rows if row["cause"] == name]
        counts = [other.numbers(row, "events") for row in rows]
        if other.name != table.name and counts and None not in counts:
            return sum(one for one in counts if one is not None)
    return None


def one_table(world: World) -> list[Claim]:
    """A linear programme over each table by itself."""
    return [
        claim
        for table in filter(of_shares, tables(world.root))
        for claim in claims_of(world, system_of(world, [table]))
    ]


def one_report(world: World) -> list[Claim]:
    """A linear programme over all tables of one report."""
    found = []
    for report in sorted({table.report for table in tables(world.root)})[:1]:
        own = [table for table in tables(world.root) if table.report == report and of_shares(table)]
        found += claims_of(world, system_of(world, own))
    return found


def with_curves(world: World) -> list[Claim]:
    """The tables, and how many have ended so far by the curves of the same report."""
    report = min((table.report for table in tables(world.root)), default="")
    return claims_of(world, system_of(world, [table for table in tables(world.root) if table.report == report]))


def sizes_by_elsewhere(world: World) -> list[Claim]:
    """A hidden size of a group, from any other table or curve that shows it."""
    known = system_of(world, tables(world.root)[:0])
    for table in tables(world.root):
        for row in table.rows:
            size = table.numbers(row, "at_risk")
            if size is not None and row.get("group") in NAMES and of_shares(table):
                known.know(chosen(traits(row["group"])), size, size)
    return [
        Claim(*known.reach(chosen({name: group})), {name: group})
        for name in ("office", "sex")
        for group in sorted(world.people[name].unique())
        if 0 < world.count(**{name: group}) < world.threshold
    ]


def all_alike(world: World) -> list[Claim]:
    """A group in which everybody ended in one way: nobody ended in another, and who is in it is known."""
    return [
        Claim(size, size, traits(row["group"]) | {"ending": row["cause"]})
        for table in filter(of_shares, tables(world.root))
        for row in table.rows
        if table.numbers(row, "estimate") == 1.0 and (size := table.numbers(row, "at_risk")) is not None
    ]


def merged_less_parts(world: World) -> list[Claim]:
    """A merged municipality less the part that is shown."""
    found, shown = [], {}
    for table in filter(of_shares, tables(world.root)):
        for row in table.rows:
            if (events := table.numbers(row, "events")) is not None:
                shown[row["group"], row["cause"]] = events
    for one, other in (("Eide", "Fræna"), ("Fræna", "Eide")):
        for ending in ENDINGS:
            if ("Hustadvika", ending) in shown and (one, ending) in shown and (other, ending) not in shown:
                rest = shown["Hustadvika", ending] - shown[one, ending]
                found.append(Claim(rest, rest, {"office": other, "ending": ending}))
    return found


def complement(world: World) -> list[Claim]:
    """One less the shares that are shown, times the size, when one ending is hidden."""
    found = []
    for table in filter(of_shares, tables(world.root)):
        for group in {row["group"] for row in table.rows}:
            rows = [row for row in table.rows if row["group"] == group]
            hidden = [row for row in rows if table.numbers(row, "estimate") is None]
            size = _size(world, table, group)
            if len(hidden) == 1 and size:
                rest = round((1 - sum(table.numbers(row, "estimate") or 0 for row in rows)) * size)
                found.append(Claim(rest, rest, traits(group) | {"ending": hidden[0]["cause"]}))
    return found


TABLES = (
    read_as_printed, from_share, from_interval, rest_of_row, rest_of_column, one_table, one_report, with_curves,
    sizes_by_elsewhere, all_alike, merged_less_parts, complement,
)  # fmt: skip
assert len(TABLES) == 12
