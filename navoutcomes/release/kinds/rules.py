"""The rule of every kind of result that may leave. A kind stands here by itself: none inherits its parent's rule."""

from __future__ import annotations

from typing import Any

from navoutcomes.design.flow import Flow
from navoutcomes.errors import DisclosureRefused
from navoutcomes.estimate.adjusted.balance import Balance
from navoutcomes.estimate.adjusted.result import AdjustedEffects
from navoutcomes.estimate.adjusted.weights import Weights
from navoutcomes.estimate.contrast import Effects
from navoutcomes.estimate.curves.bands import ConfidenceBands
from navoutcomes.estimate.curves.bootstrap import BootstrappedMeans
from navoutcomes.estimate.curves.hazard import HazardCurves
from navoutcomes.estimate.curves.incidence import IncidenceCurves
from navoutcomes.estimate.curves.pairwise import PairwiseTests
from navoutcomes.estimate.curves.quantiles import Quantiles
from navoutcomes.estimate.curves.rank_tests import GroupTest
from navoutcomes.estimate.curves.restricted_mean import RestrictedMeans
from navoutcomes.estimate.curves.survival import SurvivalCurves
from navoutcomes.estimate.dropout.calibration import Calibration, Tenths
from navoutcomes.estimate.dropout.dropout import Dropout
from navoutcomes.estimate.emulation.adherence import Adherence
from navoutcomes.estimate.emulation.bounds import Bounds
from navoutcomes.estimate.emulation.e_values import EValues
from navoutcomes.estimate.emulation.emulation import Emulation
from navoutcomes.estimate.emulation.lock_in import LockIn
from navoutcomes.estimate.emulation.tipping_point import TippingPoint
from navoutcomes.estimate.evidence.meta_analysis import MetaAnalysis
from navoutcomes.estimate.goals.cost import CostPerOutcome, ExplainedDeviation
from navoutcomes.estimate.goals.indicator import Indicator
from navoutcomes.estimate.goals.power import StudySize
from navoutcomes.estimate.goals.scorecard import Scorecard
from navoutcomes.estimate.offices.office_comparison import OfficeComparison
from navoutcomes.estimate.offices.permutation import PermutationTest
from navoutcomes.estimate.rates import Rates
from navoutcomes.estimate.regression.cause_specific import CauseSpecific
from navoutcomes.estimate.regression.cox import CoxRegression
from navoutcomes.estimate.regression.cox_checks import ConcordanceResult, ProportionalHazardsTest
from navoutcomes.estimate.regression.discrete_hazard import DiscreteHazards
from navoutcomes.estimate.regression.fine_gray import SubdistributionRegression
from navoutcomes.estimate.regression.fine_gray_curves import PredictedIncidence
from navoutcomes.estimate.regression.gee import MarginalRegression
from navoutcomes.estimate.regression.logistic import LogisticRegression
from navoutcomes.estimate.regression.multinomial import MultinomialRegression
from navoutcomes.estimate.regression.parametric import ParametricRegression
from navoutcomes.estimate.regression.poisson import PoissonRegression
from navoutcomes.estimate.regression.predict import ProfileCurves
from navoutcomes.estimate.regression.pseudo_values_regression import PseudoRegression
from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.estimate.shares import Shares
from navoutcomes.estimate.states.multistate import StateCurves
from navoutcomes.estimate.states.multistate_time import StateTimes
from navoutcomes.estimate.states.recurrent import MeanCounts
from navoutcomes.estimate.two_by_two import TwoByTwo
from navoutcomes.notes import Log, note
from navoutcomes.records.codes.quality import ReasonShares
from navoutcomes.release.costs import costs, deviation
from navoutcomes.release.kinds import anew, comparisons, counted, emulated, goals, modelled, tested
from navoutcomes.release.models import (
    ModelTable,
    adjusted,
    by_cause,
    dropout,
    model_check,
    offices,
    regression,
    study_size,
)
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.release.remarks import masked


def _e_values(result: EValues, policy: DisclosurePolicy) -> tuple[Any, Log]:
    return emulated.e_values(result, policy, protected)


def _studies(result: MetaAnalysis, policy: DisclosurePolicy) -> tuple[MetaAnalysis, Log]:
    """Published numbers are facts; own numbers beside them leave as they would alone."""
    if result.own is None:
        return result, Log((note("already_public"),))
    own, decisions = protected(result.own, policy)
    return result.beside(own), decisions


def _released_before(result: ModelTable, _: DisclosurePolicy) -> tuple[Any, Log]:
    raise DisclosureRefused("table_of_a_released", kind=result.kind)


RULES: dict[type, Any] = {
    RiskTable: anew.table,
    IncidenceCurves: anew.curves,
    SurvivalCurves: anew.curves,
    HazardCurves: anew.curves,
    ConfidenceBands: anew.curves,
    Quantiles: anew.curves,
    RestrictedMeans: anew.means,
    BootstrappedMeans: anew.drawn_means,
    Effects: anew.effects,
    LockIn: anew.effects,
    TwoByTwo: anew.effects,
    GroupTest: tested.test,
    PairwiseTests: tested.pairs,
    Shares: counted.shares,
    ReasonShares: counted.reasons,
    Flow: counted.flow,
    Log: masked,
    CoxRegression: regression,
    LogisticRegression: regression,
    PoissonRegression: regression,
    SubdistributionRegression: regression,
    MultinomialRegression: regression,
    ParametricRegression: regression,
    DiscreteHazards: regression,
    PseudoRegression: modelled.pseudo,
    ProfileCurves: modelled.profiles,
    PredictedIncidence: modelled.profiles,
    StateCurves: modelled.stepped,
    MeanCounts: modelled.stepped,
    MarginalRegression: regression,
    CauseSpecific: by_cause,
    ProportionalHazardsTest: model_check,
    ConcordanceResult: model_check,
    AdjustedEffects: adjusted,
    Dropout: dropout,
    Calibration: comparisons.calibration,
    Tenths: comparisons.tenths,
    Balance: comparisons.balance,
    Weights: comparisons.weights,
    Rates: comparisons.rates,
    StateTimes: comparisons.state_times,
    PermutationTest: comparisons.permutation,
    OfficeComparison: offices,
    Emulation: emulated.emulation,
    Adherence: emulated.adherence,
    Bounds: emulated.unknown_outcomes,
    TippingPoint: emulated.unknown_outcomes,
    EValues: _e_values,
    Indicator: goals.indicators,
    Scorecard: goals.scorecards,
    CostPerOutcome: costs,
    ExplainedDeviation: deviation,
    StudySize: study_size,
    MetaAnalysis: _studies,
    ModelTable: _released_before,
}


def protected(result: Any, policy: DisclosurePolicy) -> tuple[Any, Log]:
    """A result by its rule. Raises ``KeyError`` for a kind without one."""
    safe, decisions = RULES[type(result)](result, policy)
    return safe, decisions
