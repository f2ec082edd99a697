"""What may be put into a report, and under which name."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from navoutcomes.design.flow import Flow
from navoutcomes.errors import DesignProblem, DisclosureRefused
from navoutcomes.estimate.result import Result
from navoutcomes.notes import Log
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.release.released import Released
from navoutcomes.report.draft import inside
from navoutcomes.report.drawings import DRAWINGS
from navoutcomes.report.names import check_name


def check_entry(
    name: str, thing: Any, drawing: str, used: Collection[str], policy: DisclosurePolicy | None, draft: bool
) -> None:
    """Raises ``DisclosureRefused`` for what has not been released (but in a draft), ``DesignProblem`` for a bad or used
    name, an unknown drawing, what has no table, and a second disclosure rule."""
    if not isinstance(thing, Released) and not draft:
        raise DisclosureRefused("not_released", kind=type(thing).__name__)
    check_name(name)
    if name in used:
        raise DesignProblem("bundle_name_used", name=name)
    if drawing not in DRAWINGS:
        raise DesignProblem("choice_unknown", asked=drawing, known=DRAWINGS)
    if not isinstance(inside(thing), Result | Flow | Log):
        raise DesignProblem("no_table", kind=type(inside(thing)).__name__)
    if isinstance(thing, Released) and policy is not None and policy != thing.policy:
        raise DesignProblem("bundle_two_rules", first=policy.threshold, second=thing.policy.threshold)
