"""navoutcomes: do our programmes get people into work? From register extract to signed-off report.

The public names load when first used, so that ``import navoutcomes as nav`` is cheap. Start with ``nav.read`` (a file),
``nav.Cohort.from_frame`` (a frame with one row a person) or ``nav.from_counts`` (numbers from a document).
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

__version__ = "0.1.0"

_PUBLIC = {
    "records.extract": ("Extract", "read"),
    "records.inspection": ("Inspection", "inspect_source"),
    "records.mapping": ("ColumnMapping",),
    "records.side_by_side": ("check_together",),
    "records.codebook": ("Codebook", "Column"),
    "records.kostra": ("KostraExtract", "read_kostra"),
    "records.kostra_assistance": (
        "assistance_conditions",
        "assistance_exemptions",
        "assistance_sanctions",
        "assistance_years",
        "kostra_support",
    ),
    "records.kostra_programmes": ("kvp_exits", "kvp_programmes"),
    "records.kostra_relapse": ("kvp_relapse",),
    "records.kostra_waiting": ("kvp_waiting",),
    "records.kostra_write": ("write_kostra",),
    "records.nav_codes": ("Code", "CodeList", "code_list"),
    "records.nav_codes_exits": ("participations",),
    "records.nav_codes_quality": ("ReasonShares", "completion_rate", "exit_reason_quality", "job_rate_by_reason"),
    "records.nav_codes_read": ("recode",),
    "records.spells": ("Spells",),
    "records.spell_algebra": ("gaps", "intersect", "merge", "subtract", "union"),
    "records.periods": ("split_calendar",),
    "records.follow_up_rows": ("split_follow_up",),
    "records.data_model": ("Field", "TableSchema", "data_model", "table_schema"),
    "records.model_findings": ("Finding", "Findings"),
    "records.register_tables": ("RegisterTables", "check_table", "check_tables", "episodes"),
    "records.month_panel": ("MonthPanel",),
    "records.employment": ("employment_months",),
    "records.job_definitions": ("JobDefinition", "exit_reason", "register_month", "sustained"),
    "records.first_jobs": ("first_jobs",),
    "records.nav_exits": ("NavExits", "nav_exit"),
    "records.outcomes": ("Outcomes", "with_event_dates"),
    "records.month_spells": ("months_from_spells", "spells_from_months"),
    "records.origin": ("Origin",),
    "records.link": ("Linked", "Matches", "link"),
    "records.pseudonyms": ("pseudonymise",),
    "records.secret_key": ("new_key",),
    "records.published": ("Fact", "fact", "facts"),
    "records.synthetic": ("synthetic", "synthetic_names", "synthetic_tables", "synthetic_truth", "write_synthetic"),
    "records.programmes.truth": ("SyntheticTruth",),
    "design.protocol": ("Arms", "Between", "OneOf", "Protocol"),
    "design.estimand": ("Estimand",),
    "design.terms": ("Category", "Interaction", "Number", "Spline"),
    "design.flow": ("Flow",),
    "design.follow_up": ("FollowUp",),
    "cohort": ("Cohort", "CountedCohort", "from_counts"),
    "design.time_zero": ("baseline_arms", "time_zero"),
    "design.landmark": ("landmark",),
    "design.emulate_trials": ("trial_people",),
    "estimate.immortal_time": ("ImmortalTime", "immortal_time_check"),
    "estimate.emulation": ("Emulation", "emulate"),
    "estimate.sequential_trials": ("sequential_trials",),
    "estimate.adherence": ("Adherence", "attended_effect", "effects_by_adherence"),
    "estimate.lock_in": ("LockIn", "lock_in"),
    "estimate.e_values": ("EValues", "e_value"),
    "estimate.tipping_point": ("TippingPoint", "tipping_point"),
    "estimate.bounds": ("Bounds", "bounds"),
    "estimate.two_by_two": ("TwoByTwo", "two_by_two"),
    "estimate.adjusted_contrast": ("adjusted_contrast", "adjusted_restricted_mean"),
    "estimate.adjusted_incidence": ("AdjustedIncidence", "adjusted_incidence"),
    "estimate.adjusted_mean": ("mean_difference",),
    "estimate.adjusted_result": ("AdjustedEffects",),
    "estimate.balance": ("Balance", "balance"),
    "estimate.doubly_robust": ("doubly_robust",),
    "estimate.standardise": ("standardise",),
    "estimate.weights": ("Weights", "weights"),
    "estimate.answer": ("answer",),
    "estimate.calibration": ("Calibration", "Tenths", "calibration"),
    "estimate.cause_specific": ("CauseSpecific", "cause_specific"),
    "estimate.cox": ("CoxRegression", "cox"),
    "estimate.cox_checks": (
        "ConcordanceResult",
        "ProportionalHazardsTest",
        "concordance",
        "proportional_hazards_test",
        "residuals",
    ),
    "estimate.predict": ("ProfileCurves", "predict"),
    "estimate.contrast": ("Effects", "contrast"),
    "estimate.fine_gray": ("SubdistributionRegression", "fine_gray"),
    "estimate.fine_gray_curves": ("PredictedIncidence", "predict_incidence"),
    "estimate.bands": ("ConfidenceBands", "confidence_bands"),
    "estimate.bootstrap": ("BootstrappedMeans", "bootstrap_restricted_mean"),
    "estimate.dropout": ("Dropout", "dropout"),
    "estimate.discrete_hazard": ("DiscreteHazards", "discrete_hazard"),
    "estimate.logistic": ("LogisticRegression", "logistic"),
    "estimate.poisson": ("PoissonRegression", "poisson"),
    "estimate.rates": ("Rates", "rates"),
    "estimate.reconcile": ("reconcile",),
    "estimate.fixed_time": ("fixed_time_test", "restricted_mean_test"),
    "estimate.hazard": ("HazardCurves", "cumulative_hazard"),
    "estimate.incidence": ("IncidenceCurves", "cumulative_incidence"),
    "estimate.multinomial": ("MultinomialRegression", "multinomial"),
    "estimate.multistate": ("StateCurves", "multistate"),
    "estimate.multistate_time": ("StateTimes", "time_in_state"),
    "estimate.pseudo_values": ("pseudo_values",),
    "estimate.pseudo_values_regression": ("PseudoRegression", "pseudo_regression"),
    "estimate.recurrent": ("MeanCounts", "recurrent"),
    "estimate.recurrent_cox": ("andersen_gill", "prentice_williams_peterson", "wei_lin_weissfeld"),
    "estimate.recurrent_rows": ("Repeats",),
    "estimate.transitions": ("Transitions",),
    "estimate.transitions_leaving": ("leaving",),
    "estimate.checks": ("Checks", "checks"),
    "estimate.office_comparison": ("OfficeComparison", "office_comparison"),
    "estimate.permutation": ("PermutationTest", "permutation_test"),
    "estimate.pairwise": ("PairwiseTests", "pairwise_tests"),
    "estimate.quantiles": ("Quantiles", "quantiles"),
    "design.target": ("Target",),
    "estimate.indicator": ("Indicator", "indicator"),
    "estimate.scorecard": ("Scorecard", "scorecard"),
    "estimate.power": (
        "Offices",
        "StudySize",
        "detectable_difference",
        "power",
        "power_hazard",
        "size_needed",
        "size_needed_hazard",
    ),
    "estimate.parametric": ("ParametricRegression", "parametric"),
    "estimate.parametric_times": ("PredictedTimes", "predict_times"),
    "estimate.rank_tests": ("GroupTest", "gray_test", "logrank_test"),
    "estimate.restricted_mean": ("RestrictedMeans", "restricted_mean"),
    "estimate.risk_table": ("RiskTable", "risk_table"),
    "estimate.shares": ("Shares", "proportion", "simultaneous_shares"),
    "estimate.survival": ("SurvivalCurves", "survival_curve"),
    "release.policy": ("DisclosurePolicy",),
    "release.released": ("Released", "release"),
    "report.bundle": ("Bundle",),
    "errors": ("DataProblem", "DataWarning", "DesignProblem", "DisclosureRefused", "NumericalProblem", "Problem"),
    "notes": ("Log", "Note"),
    "texts": ("Text", "use_language"),
}
_HOME = {name: module for module, names in _PUBLIC.items() for name in names}
_ROOMS = ("show",)

__all__ = sorted([*_HOME, *_ROOMS, "__version__"])  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name in _ROOMS:
        return import_module(f"navoutcomes.{name}")
    if name not in _HOME:
        raise AttributeError(f"module 'navoutcomes' has no attribute '{name}'")
    value = getattr(import_module(f"navoutcomes.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
