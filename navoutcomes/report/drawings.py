"""Which figure a released result has in a report, and what it is called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from navoutcomes.design.flow import Flow
from navoutcomes.estimate.adjusted.result import AdjustedEffects
from navoutcomes.estimate.contrast import Effects
from navoutcomes.estimate.curves.incidence import IncidenceCurves
from navoutcomes.estimate.curves.survival import SurvivalCurves
from navoutcomes.estimate.emulation.lock_in import LockIn
from navoutcomes.estimate.evidence.meta_analysis import MetaAnalysis
from navoutcomes.estimate.offices.office_comparison import OfficeComparison
from navoutcomes.estimate.result import Result
from navoutcomes.records.origin import Origin
from navoutcomes.release.released import Released
from navoutcomes.report.draft import inside
from navoutcomes.show.curves import incidence_curves, survival_curves
from navoutcomes.show.drawn import DrawnAxes
from navoutcomes.show.flow_chart import flow_chart
from navoutcomes.show.forest import forest
from navoutcomes.show.forest_studies import forest_studies
from navoutcomes.show.funnel import funnel
from navoutcomes.show.lock_in import lock_in_chart
from navoutcomes.show.stacked import shares_over_time
from navoutcomes.show.words import ending, word

DRAWINGS = ("default", "stacked", "none")


def drawn(
    released: Released[Any] | Any,
    at: float | Sequence[float] | None,
    cause: str | None,
    drawing: str,
    title: str | None,
    language: str,
    origin: Origin | None,
) -> DrawnAxes | None:
    """The figure of a result, None where it has none. ``origin`` is for a flow, which does not know its own."""
    result = inside(released)
    axes: Any = None
    if isinstance(result, IncidenceCurves) and drawing == "stacked":
        axes = shares_over_time(released, at=at, language=language, title=title)
    elif isinstance(result, IncidenceCurves):
        axes = incidence_curves(released, cause=cause, at=at, language=language, title=title)
    elif isinstance(result, SurvivalCurves):
        axes = survival_curves(released, at=at, language=language, title=title)
    elif isinstance(result, LockIn):
        axes = lock_in_chart(released, language=language, title=title)
    elif isinstance(result, Effects | AdjustedEffects):
        axes = forest(released, language=language, title=title)
    elif isinstance(result, MetaAnalysis):
        axes = forest_studies(released, language=language, title=title)
    elif isinstance(result, OfficeComparison):
        axes = funnel(released, language=language, title=title)
    elif isinstance(result, Flow):
        axes = flow_chart(released, language=language, title=title, origin=origin)
    return axes if isinstance(axes, DrawnAxes) else None


def label(result: Any, cause: str | None, language: str) -> str:
    """What a result is called, with the ending that is drawn."""
    kind = result.named if isinstance(result, Result) else type(result).__name__
    name = word(f"result_{kind}", language)
    return name if cause is None else f"{name}: {ending(cause, language)}"
