"""Every kind of result, and everything a public verb gives back, has a rule at the gate or is refused with advice."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Iterator

import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.errors import Problem
from navoutcomes.estimate.result import Result
from navoutcomes.release.kinds.refused import REFUSED, refusal
from navoutcomes.release.kinds.rules import RULES

# What only other kinds are made of.
ABSTRACT = {"Result", "Curves", "SteppedCurves", "Regression", "WithBaseline"}
# Questions, rules, words and codes: about nobody, so there is nothing to release.
ABOUT_NOBODY = {
    "Arms", "Between", "OneOf", "Protocol", "Estimand", "Category", "Interaction", "Number", "Spline", "Target",
    "Offices", "Origin", "Note", "Text", "Bundle", "DisclosurePolicy", "Released", "Code", "CodeList", "Codebook",
    "Column", "ColumnMapping", "Fact", "Published", "Field", "TableSchema", "Finding", "JobDefinition", "Lint", "Slip",
    "DataProblem", "DataWarning", "DesignProblem", "DisclosureRefused", "NumericalProblem", "Problem", "Account",
    "Accounts", "Budget", "Reproduction", "Particulars", "NotShown",
}  # fmt: skip


def modules() -> Iterator[object]:
    for found in pkgutil.walk_packages(nav.__path__, "navoutcomes."):
        if "__main__" not in found.name:
            yield importlib.import_module(found.name)


def below(kind: type) -> Iterator[type]:
    for one in kind.__subclasses__():
        yield one
        yield from below(one)


def kinds() -> set[type]:
    """Results of the package, public types, and what public verbs say they give back."""
    list(modules())
    found = {one for one in below(Result) if one.__module__.startswith("navoutcomes.")}
    for name in nav.__all__:
        value = getattr(nav, name)
        if inspect.isclass(value):
            found.add(value)
        elif inspect.isfunction(value):
            found |= set(given_back(value))
    return {one for one in found if one.__module__.startswith("navoutcomes.")}


def given_back(verb: object) -> Iterator[type]:
    plain = inspect.unwrap(verb)  # type: ignore[arg-type]
    hint = typing.get_type_hints(plain, {**plain.__globals__, **vars(typing)}).get("return")
    for one in (hint, *typing.get_args(hint)):
        if inspect.isclass(one):
            yield one


def ruled(kind: type) -> bool:
    return kind in RULES or any(one in REFUSED for one in kind.__mro__)


def test_every_kind_has_a_rule_of_its_own_or_is_refused() -> None:
    known = ABSTRACT | ABOUT_NOBODY
    without = sorted(one.__qualname__ for one in kinds() if one.__name__ not in known and not ruled(one))
    assert without == []


def test_no_kind_has_both_a_rule_and_a_refusal() -> None:
    assert RULES.keys() & REFUSED.keys() == set()
    assert not any(one.__name__ in ABSTRACT for one in RULES)


def test_a_new_kind_does_not_pass_by_its_parents_rule() -> None:
    class Own(nav.Effects):
        pass

    assert not ruled(Own)
    own = Own(level=0.95, unit="days", origin=nav.Origin())
    with pytest.raises(nav.DesignProblem) as refused:
        nav.release(own)
    assert refused.value.key == "cannot_release"


@pytest.mark.parametrize("kind", sorted(REFUSED, key=lambda one: one.__name__))
@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_a_refusal_says_what_to_ask_instead(kind: type, language: str) -> None:
    empty = object.__new__(kind)
    problem = refusal(empty)
    assert isinstance(problem, Problem)
    assert problem.key == "kind_stays"
    what, _, why, fix = problem.parts(language)
    assert kind.__name__ in what
    assert len(why) > 20
    assert any(one in fix for one in ("frigi", "Frigi", "elease"))


def test_frames_of_residuals_and_pseudo_values_are_no_results() -> None:
    frame = pd.DataFrame({"residual": [0.1, 0.2]})
    with pytest.raises(nav.DesignProblem):
        nav.release(frame)
