"""The protocol's questions and their answers, each checked before a notebook is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

import pandas as pd

from navoutcomes.design.protocol import Between, OneOf
from navoutcomes.errors import DesignProblem
from navoutcomes.report.starters.conditions import conditions, written
from navoutcomes.report.starters.shape import Shape

DESIGNS = ("job", "ips", "dropout")
QUESTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "job": ("question", "who", "time_zero", "arm", "reference", "outcome", "months", "cutoff", "adjust", "goal"),
        "ips": ("question", "who", "time_zero", "arm", "reference", "outcome", "months", "cutoff", "adjust", "goal"),
        "dropout": ("question", "who", "time_zero", "outcome", "months", "cutoff", "adjust", "goal"),
    }
)
MONTHS: Mapping[str, str] = MappingProxyType({"job": "6, 12", "ips": "12, 24, 36", "dropout": "3, 6"})
OUTCOMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"job": ("job", "education"), "ips": ("job",), "dropout": ("no_show",)}
)
REFERENCES = ("uten plass", "standard oppfølging", "standard", "kontroll", "vanlig oppfølging", "vanleg oppfølging")


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What is asked of whom. ``question`` is "" where the design's own words stand; ``goal`` 0 where none was set."""

    design: str
    question: str = ""
    who: tuple[Between | OneOf, ...] = ()
    time_zero: str = "start"
    arm: str = ""
    reference: str = ""
    outcome: tuple[str, ...] = ()
    months: tuple[float, ...] = ()
    cutoff: str = ""
    adjust: tuple[str, ...] = ()
    goal: float = 0.0


def usual(name: str, design: str, shape: Shape, so_far: Mapping[str, object]) -> str:
    """What Enter means: the usual answer for this design and this file, as one would write it. "" is none."""
    if name == "who":
        age = shape.has("age") if design == "job" else None
        return written((Between(shape.header(age), 16, 29),)) if age and shape.is_number(age) else ""
    if name == "time_zero":
        asked = ("decision_date", "start") if design == "job" else ("start",)
        return next((shape.header(one) for one in asked if one in shape.columns), "")
    if name == "arm":
        found = shape.has("arm")
        return shape.header(found) if found else ""
    if name == "reference":
        words = shape.words(str(so_far["arm"]))
        return next((word for word in words if word.casefold() in REFERENCES), words[-1] if words else "")
    if name == "outcome":
        return ", ".join(one for one in OUTCOMES[design] if one in shape.classes())
    if name == "adjust":
        return ", ".join(shape.header(one) for one in shape.terms(design) if one != so_far.get("arm"))
    return MONTHS[design] if name == "months" else ""


def understood(name: str, said: str, design: str, shape: Shape, so_far: Mapping[str, object]) -> object:
    """An answer as the notebook needs it. Raises: ``DesignProblem`` for one that cannot be asked of this file."""
    said = said.strip()
    return _READERS[name](said, shape, {"design": design, **so_far})


def _question(said: str, _shape: Shape, _so_far: Mapping[str, object]) -> str:
    return " ".join(said.split())


def _who(said: str, shape: Shape, _so_far: Mapping[str, object]) -> tuple[Between | OneOf, ...]:
    return conditions(said, shape)


def _time_zero(said: str, shape: Shape, _so_far: Mapping[str, object]) -> str:
    name = shape.column(said or "start")
    if not pd.api.types.is_datetime64_any_dtype(shape.spells.frame[name]):
        raise DesignProblem("starter_not_dates", column=said)
    return name


def _arm(said: str, shape: Shape, _so_far: Mapping[str, object]) -> str:
    if not said:
        raise DesignProblem("starter_no_arm", columns_found=[shape.header(one) for one in shape.columns])
    name = shape.column(said)
    if len(shape.words(name)) < 2 or shape.is_number(name):
        raise DesignProblem("starter_one_arm", column=said, count=len(shape.words(name)))
    return name


def _reference(said: str, shape: Shape, so_far: Mapping[str, object]) -> str:
    words = shape.words(str(so_far["arm"]))
    found = next((word for word in words if word.casefold() == said.casefold()), None)
    if found is None:
        raise DesignProblem("starter_reference", asked=said, known=words)
    return found


def _outcome(said: str, shape: Shape, _so_far: Mapping[str, object]) -> tuple[str, ...]:
    classes = {one.casefold(): one for one in shape.classes()}
    asked = [one.strip() for one in said.split(",") if one.strip()]
    unknown = [one for one in asked if one.casefold() not in classes]
    if unknown or not asked:
        number = shape.spells.frame["exit_class"].value_counts()
        known = [one for one in shape.classes() if number.get(one, 0) >= 5]
        raise DesignProblem("starter_outcome" if asked else "starter_no_outcome", asked=unknown, known=known)
    return tuple(dict.fromkeys(classes[one.casefold()] for one in asked))


def _months(said: str, _shape: Shape, _so_far: Mapping[str, object]) -> tuple[float, ...]:
    parts = [part for part in said.replace(";", ",").replace(" ", ",").split(",") if part]
    if not parts or not all(part.isdecimal() and 0 < int(part) <= 240 for part in parts):
        raise DesignProblem("starter_months", asked=said)
    return tuple(sorted({int(part) for part in parts}))


def _cutoff(said: str, _shape: Shape, _so_far: Mapping[str, object]) -> str:
    if not said:
        return ""
    parts = said.split(".")
    turned = "-".join(f"{part:0>2}" for part in reversed(parts)) if len(parts) == 3 else said
    day = _day(turned)
    if day is None:
        raise DesignProblem("starter_day", asked=said)
    return day.isoformat()


def _day(said: str) -> date | None:
    try:
        return date.fromisoformat(said)
    except ValueError:
        return None


def _adjust(said: str, shape: Shape, so_far: Mapping[str, object]) -> tuple[str, ...]:
    if said == "-":
        return ()
    names = [shape.column(part) for part in (one.strip() for one in said.split(",")) if part]
    return tuple(dict.fromkeys(name for name in names if name != so_far.get("arm")))


def _goal(said: str, _shape: Shape, _so_far: Mapping[str, object]) -> float:
    if not said:
        return 0.0
    try:
        value = float(said.replace("%", "").replace(" ", "").replace("\u00a0", "").replace(",", "."))
    except ValueError:
        value = -1.0
    share = value / 100 if value > 1 or "%" in said else value
    if not 0 < share < 1:
        raise DesignProblem("starter_goal_wrong", asked=said)
    return round(share, 6)


_READERS: Mapping[str, Callable[[str, Shape, Mapping[str, object]], object]] = MappingProxyType(
    {
        "question": _question,
        "who": _who,
        "time_zero": _time_zero,
        "arm": _arm,
        "reference": _reference,
        "outcome": _outcome,
        "months": _months,
        "cutoff": _cutoff,
        "adjust": _adjust,
        "goal": _goal,
    }
)
