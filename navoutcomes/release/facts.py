"""What a released result says about how many: counts that are shown, and where one is not.

Where a count is hidden nothing of its size is kept but whether it was small, which an attack must know to be a proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from math import inf, isnan, nan

from navoutcomes.records.municipalities import MADE_OF, MERGED, REFORMS, successors

EVERY = ""
ANY = "\x00any"
FLOW = "\x00flow"
CENSORED = "\x00censored"
# Those of a group who had ended so by a day, and the others: groups within groups.
YES, NO = "\x00yes", "\x00no"
ALWAYS = inf
Sums = Mapping[str, Iterable[str]]
Parts = tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Count:
    """How many of a group had ended so by a month; ``shown`` is not a number where it is hidden.

    ``group`` and ``ending`` EVERY: all of them (the size of the group); ANY: who had any ending. ``month`` ALWAYS: at
    any time. ``printed`` is false for a sum that stands nowhere but may be known to a reader. ``drawn`` the month in
    which the last step of a curve is drawn, when its number holds only at the end.
    """

    group: str = EVERY
    ending: str = EVERY
    month: float = ALWAYS
    shown: float = nan
    small: bool = False
    printed: bool = True
    drawn: float = 0.0

    def __post_init__(self) -> None:
        # One and the same nan, so that equal statements are equal.
        object.__setattr__(self, "shown", nan if isnan(self.shown) else float(self.shown))
        object.__setattr__(self, "small", bool(self.small))

    @property
    def hidden(self) -> bool:
        """Whether the number is kept back."""
        return isnan(self.shown)

    @property
    def spot(self) -> tuple[str, str, float]:
        """Which count it is."""
        return self.group, self.ending, self.month


@dataclass(frozen=True)
class Population:
    """Whose counts they are: sha256 of the files, how many persons, and a programme's name where there is no file."""

    sources: tuple[str, ...]
    persons: int
    words: str = ""

    def related(self, other: Population) -> bool:
        """Whether persons of one may be in the other: another programme has others."""
        names = {self.words, other.words}
        return len(names) == 1 or ("" in names and FLOW not in names)

    def alike(self, other: Population) -> bool:
        """Whether these may be the same persons."""
        files = self.sources == other.sources or not self.sources or not other.sources
        return self.persons == other.persons and files and self.related(other)


@dataclass(frozen=True)
class Stated:
    """Everything one result says about how many.

    ``by`` and ``groups`` the division it uses (all its groups, shown or not); ``parts`` groups that are sums of others;
    ``steps`` what the steps of a curve say, month by month (``counts`` has where it ends). ``gives`` what it can give
    up beside others: ``cells`` (more of its counts), ``steps`` (of a curve), ``nothing``. ``ended`` whether everybody
    has an ending. ``cut`` the month at which a curve must end for the sake of others.
    """

    population: Population
    by: str
    groups: tuple[str, ...]
    endings: tuple[str, ...]
    counts: tuple[Count, ...]
    parts: Parts = ()
    steps: tuple[Count, ...] = ()
    gives: str = "nothing"
    ended: bool = False
    cut: float = ALWAYS

    def hiding(self, spots: Iterable[tuple[str, str, float]]) -> Stated:
        """The same with more counts hidden; a group whose size is hidden shows no count at all, and one that is told by
        a day goes whole."""
        gone = set(spots)
        sizes = {count.group for count in self.counts if count.group and not count.ending and count.spot in gone}
        if self.dated:
            offices = {office_of(group) for group, _, _ in gone} - {EVERY}
            sizes = {one.group for one in self.counts if office_of(one.group) in offices}
        kept = (replace(one, shown=nan) if one.spot in gone or one.group in sizes else one for one in self.counts)
        return replace(self, counts=tuple(kept))

    def until(self, month: float) -> Stated:
        """The same curve ended at a month: what is drawn later is not said."""
        some, steps = (
            tuple(one for one in every if one.month == ALWAYS or (one.drawn or one.month) <= month)
            for every in (self.counts, self.steps)
        )
        return replace(self, counts=some, steps=steps, cut=month)

    @property
    def dated(self) -> bool:
        """Whether it tells of each group who had ended by a day and who had not."""
        return any(name.endswith(YES) for name in self.groups)

    @property
    def whole(self) -> tuple[str, ...]:
        """Groups that are no sum of other groups."""
        sums = {name for name, _ in self.parts}
        return tuple(name for name in self.groups if name not in sums)


def office_of(group: str) -> str:
    """The group itself, or the one that it is within."""
    return group.partition("\x00")[0]


def parts_among(groups: Iterable[str], sums: Sums | None = None) -> Parts:
    """Groups that are sums of others: as the caller names them, and municipalities before and after a reform.

    A municipality is known by a number first in the group's name, as ``1579`` or ``1579 Hustadvika``; one that took a
    name of its own also by that, when all its parts are there.
    """
    names = tuple(groups)
    named = {whole: parts for whole, parts in MERGED.items() if whole in names and set(parts) <= set(names)}
    asked = {whole: tuple(dict.fromkeys(parts)) for whole, parts in (sums or {}).items() if whole in names}
    found = named | asked
    codes = _numbered(names)
    for whole, name in codes.items():
        merged = [codes[one] for one in codes if one != whole and _became(one, whole)]
        if merged and name not in found:
            found[name] = tuple(merged)
    return tuple(sorted(found.items()))


def unnamed_mergers(groups: Iterable[str]) -> Parts:
    """Municipalities that are no group here but all of whose parts are: their counts stand in tables of other years.

    They are named so that no group of anybody's has the name.
    """
    names = tuple(groups)
    codes = _numbered(names)
    by_name = {whole: parts for whole, parts in MERGED.items() if whole not in names and set(parts) <= set(names)}
    by_code = {
        whole: tuple(codes[part] for part in parts)
        for whole, parts in MADE_OF.items()
        if whole not in codes and set(parts) <= set(codes)
    }
    return tuple((f"\x01{whole}", parts) for whole, parts in sorted((by_name | by_code).items()))


def _numbered(names: Iterable[str]) -> dict[str, str]:
    """Group names by the municipality number they begin with."""
    return {name[:4]: name for name in names if name[:4].isdigit() and not name[4:5].isdigit()}


def _became(code: str, whole: str) -> bool:
    return any(successors(code, year) == (whole,) for year in REFORMS)
