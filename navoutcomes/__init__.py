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
    "records.columns.mapping": ("ColumnMapping",),
    "records.spells.side_by_side": ("check_together",),
    "records.columns.codebook": ("Codebook", "Column"),
    "records.kostra.files": ("KostraExtract", "read_kostra"),
    "records.kostra.assistance": (
        "assistance_conditions",
        "assistance_exemptions",
        "assistance_sanctions",
        "assistance_years",
        "kostra_support",
    ),
    "records.kostra.programmes": ("kvp_exits", "kvp_programmes"),
    "records.kostra.relapse": ("kvp_relapse",),
    "records.kostra.waiting": ("kvp_waiting",),
    "records.kostra.write": ("write_kostra",),
    "records.codes.lists": ("Code", "CodeList", "code_list"),
    "records.codes.participations": ("participations",),
    "records.codes.quality": ("ReasonShares", "completion_rate", "exit_reason_quality", "job_rate_by_reason"),
    "records.codes.recoding": ("recode",),
    "records.spells.stays": ("Spells",),
    "records.spells.algebra": ("gaps", "intersect", "merge", "subtract", "union"),
    "records.periods": ("split_calendar",),
    "records.spells.follow_up_rows": ("split_follow_up",),
    "records.model.tables": ("Field", "TableSchema", "data_model", "table_schema"),
    "records.model.findings": ("Finding", "Findings"),
    "records.model.register_tables": ("RegisterTables", "check_table", "check_tables", "episodes"),
    "records.months.panel": ("MonthPanel",),
    "records.months.employment": ("employment_months",),
    "records.months.job_definitions": ("JobDefinition", "exit_reason", "register_month", "sustained"),
    "records.months.first_jobs": ("first_jobs",),
    "records.codes.official_exits": ("NavExits", "nav_exit"),
    "records.months.outcomes": ("Outcomes", "with_event_dates"),
    "records.months.spells": ("months_from_spells", "spells_from_months"),
    "records.origin": ("Origin",),
    "records.identity.link": ("Linked", "Matches", "link"),
    "records.identity.pseudonyms": ("pseudonymise",),
    "records.identity.secret_key": ("new_key",),
    "records.published": ("Fact", "fact", "facts"),
    "records.published_studies": ("Published", "published_studies"),
    "estimate.evidence.meta_analysis": ("MetaAnalysis", "meta_analysis"),
    "records.synthetic.extracts": (
        "synthetic",
        "synthetic_names",
        "synthetic_tables",
        "synthetic_truth",
        "write_synthetic",
    ),
    "records.synthetic.programmes.truth": ("SyntheticTruth",),
    "design.protocol": ("Arms", "Between", "OneOf", "Protocol"),
    "design.estimand": ("Estimand",),
    "design.terms": ("Category", "Interaction", "Number", "Spline"),
    "design.flow": ("Flow",),
    "design.follow_up": ("FollowUp",),
    "cohort": ("Cohort", "CountedCohort", "from_counts"),
    "design.time_zero": ("baseline_arms", "time_zero"),
    "design.landmark": ("landmark",),
    "design.emulate_trials": ("trial_people",),
    "estimate.emulation.immortal_time": ("ImmortalTime", "immortal_time_check"),
    "estimate.emulation.emulation": ("Emulation", "emulate"),
    "estimate.emulation.sequential_trials": ("sequential_trials",),
    "estimate.emulation.adherence": ("Adherence", "attended_effect", "effects_by_adherence"),
    "estimate.emulation.lock_in": ("LockIn", "lock_in"),
    "estimate.emulation.e_values": ("EValues", "e_value"),
    "estimate.emulation.tipping_point": ("TippingPoint", "tipping_point"),
    "estimate.emulation.bounds": ("Bounds", "bounds"),
    "estimate.two_by_two": ("TwoByTwo", "two_by_two"),
    "estimate.adjusted.contrast": ("adjusted_contrast", "adjusted_restricted_mean"),
    "estimate.adjusted.incidence": ("AdjustedIncidence", "adjusted_incidence"),
    "estimate.adjusted.mean": ("mean_difference",),
    "estimate.adjusted.result": ("AdjustedEffects",),
    "estimate.adjusted.balance": ("Balance", "balance"),
    "estimate.adjusted.doubly_robust": ("doubly_robust",),
    "estimate.adjusted.standardise": ("standardise",),
    "estimate.adjusted.weights": ("Weights", "weights"),
    "estimate.answer": ("answer",),
    "estimate.dropout.calibration": ("Calibration", "Tenths", "calibration"),
    "estimate.regression.cause_specific": ("CauseSpecific", "cause_specific"),
    "estimate.regression.cox": ("CoxRegression", "cox"),
    "estimate.regression.cox_checks": (
        "ConcordanceResult",
        "ProportionalHazardsTest",
        "concordance",
        "proportional_hazards_test",
        "residuals",
    ),
    "estimate.regression.predict": ("ProfileCurves", "predict"),
    "estimate.contrast": ("Effects", "contrast"),
    "estimate.regression.fine_gray": ("SubdistributionRegression", "fine_gray"),
    "estimate.regression.fine_gray_curves": ("PredictedIncidence", "predict_incidence"),
    "estimate.curves.bands": ("ConfidenceBands", "confidence_bands"),
    "estimate.curves.bootstrap": ("BootstrappedMeans", "bootstrap_restricted_mean"),
    "estimate.dropout.dropout": ("Dropout", "dropout"),
    "estimate.regression.discrete_hazard": ("DiscreteHazards", "discrete_hazard"),
    "estimate.regression.gee": ("MarginalRegression", "gee"),
    "estimate.regression.logistic": ("LogisticRegression", "logistic"),
    "estimate.regression.poisson": ("PoissonRegression", "poisson"),
    "estimate.rates": ("Rates", "rates"),
    "estimate.reconcile": ("reconcile",),
    "report.denominators": ("check_denominators",),
    "estimate.curves.fixed_time": ("fixed_time_test", "restricted_mean_test"),
    "estimate.curves.hazard": ("HazardCurves", "cumulative_hazard"),
    "estimate.curves.incidence": ("IncidenceCurves", "cumulative_incidence"),
    "estimate.regression.multinomial": ("MultinomialRegression", "multinomial"),
    "estimate.states.multistate": ("StateCurves", "multistate"),
    "estimate.states.multistate_time": ("StateTimes", "time_in_state"),
    "estimate.curves.pseudo_values": ("pseudo_values",),
    "estimate.regression.pseudo_values_regression": ("PseudoRegression", "pseudo_regression"),
    "estimate.states.recurrent": ("MeanCounts", "recurrent"),
    "estimate.states.recurrent_cox": ("andersen_gill", "prentice_williams_peterson", "wei_lin_weissfeld"),
    "estimate.states.recurrent_rows": ("Repeats",),
    "estimate.states.transitions": ("Transitions",),
    "estimate.states.transitions_leaving": ("leaving",),
    "estimate.checks.findings": ("Checks", "checks"),
    "estimate.offices.office_comparison": ("OfficeComparison", "office_comparison"),
    "estimate.offices.permutation": ("PermutationTest", "permutation_test"),
    "estimate.curves.pairwise": ("PairwiseTests", "pairwise_tests"),
    "estimate.curves.quantiles": ("Quantiles", "quantiles"),
    "design.target": ("Target",),
    "estimate.goals.cost": ("CostPerOutcome", "ExplainedDeviation", "cost_per_outcome", "explained_deviation"),
    "estimate.goals.indicator": ("Indicator", "indicator"),
    "estimate.goals.scorecard": ("Scorecard", "scorecard"),
    "estimate.goals.power": (
        "Offices",
        "StudySize",
        "detectable_difference",
        "power",
        "power_hazard",
        "size_needed",
        "size_needed_hazard",
    ),
    "estimate.regression.parametric": ("ParametricRegression", "parametric"),
    "estimate.regression.parametric_times": ("PredictedTimes", "predict_times"),
    "estimate.curves.rank_tests": ("GroupTest", "gray_test", "logrank_test"),
    "estimate.curves.restricted_mean": ("RestrictedMeans", "restricted_mean"),
    "estimate.risk_table": ("RiskTable", "risk_table"),
    "estimate.shares": ("Shares", "proportion", "simultaneous_shares"),
    "estimate.curves.survival": ("SurvivalCurves", "survival_curve"),
    "release.guard": ("withdraw",),
    "release.policy": ("DisclosurePolicy",),
    "release.released": ("Released", "release"),
    "show.attempt": ("NotShown", "attempt"),
    "show.lint": ("Lint", "Slip", "lint"),
    "report.bundle": ("Bundle",),
    "report.particulars": ("Particulars",),
    "report.names": ("file_name",),
    "report.reproduce": ("Reproduction", "reproduce"),
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
