"""Who may take part, as one would write it on a line: ``Alder = 16..29; Kommune = Fræna, Eide``."""

from __future__ import annotations

from datetime import date

import pandas as pd

from navoutcomes.design.protocol import Between, OneOf
from navoutcomes.errors import DesignProblem
from navoutcomes.report.starters.shape import Shape

RANGE = ".."


def conditions(said: str, shape: Shape) -> tuple[Between | OneOf, ...]:
    """The conditions of a line, parted by semicolons: a column with words, or with a range (either end may be open).

    Raises: ``DesignProblem`` for a line that cannot be read, a column that is not there, words nobody has, and a range
    of something that is neither numbers nor dates.
    """
    return tuple(_condition(part.strip(), shape) for part in said.split(";") if part.strip())


def written(given: tuple[Between | OneOf, ...]) -> str:
    """The line that says these conditions."""
    return "; ".join(
        f"{one.column} = {', '.join(one.words)}"
        if isinstance(one, OneOf)
        else f"{one.column} = {_end(one.low)}{RANGE}{_end(one.high)}"
        for one in given
    )


def as_code(one: Between | OneOf) -> str:
    """A condition as a line of the notebook."""
    if isinstance(one, OneOf):
        return f"nav.OneOf({', '.join(repr(word) for word in (one.column, *one.words))})"
    return f"nav.Between({one.column!r}, {_literal(one.low)}, {_literal(one.high)})"


def _condition(part: str, shape: Shape) -> Between | OneOf:
    said, sign, value = (one.strip() for one in part.partition("="))
    if not sign or not said or not value:
        raise DesignProblem("starter_who_line", asked=part)
    name = shape.column(said)
    if RANGE not in value:
        words = tuple(one.strip() for one in value.split(",") if one.strip())
        absent = [word for word in words if word not in shape.words(name)]
        if absent or not words:
            raise DesignProblem("starter_who_word", column=said, asked=absent, known=shape.words(name)[:12])
        return OneOf(name, *words)
    dates = pd.api.types.is_datetime64_any_dtype(shape.spells.frame[name])
    if not dates and not shape.is_number(name):
        raise DesignProblem("starter_who_range", column=said)
    low, high = (_bound(end.strip(), dates, part) for end in value.split(RANGE, 1))
    return Between(name, low, high)


def _bound(said: str, dates: bool, part: str) -> date | float | None:
    if not said:
        return None
    try:
        if dates:
            return date.fromisoformat(said)
        number = float(said.replace(",", "."))
    except ValueError:
        number = None
    if number is None:
        raise DesignProblem("starter_who_line", asked=part)
    return int(number) if number.is_integer() else number


def _end(limit: date | float | None) -> str:
    return "" if limit is None else limit.isoformat() if isinstance(limit, date) else f"{limit:g}"


def _literal(limit: date | float | None) -> str:
    return f"date({limit.year}, {limit.month}, {limit.day})" if isinstance(limit, date) else repr(limit)
