"""The face: people with a question, and the verbs they answer to. Data live below, verbs are borrowed from above."""

from __future__ import annotations

from dataclasses import dataclass

from navoutcomes.design.emulate_trials import trial_people
from navoutcomes.design.follow_up import FollowUp
from navoutcomes.design.landmark import landmark
from navoutcomes.design.time_zero import baseline_arms
from navoutcomes.estimate.adjusted.balance import balance
from navoutcomes.estimate.adjusted.contrast import adjusted_contrast, adjusted_restricted_mean
from navoutcomes.estimate.adjusted.doubly_robust import doubly_robust
from navoutcomes.estimate.adjusted.incidence import adjusted_incidence
from navoutcomes.estimate.adjusted.mean import mean_difference
from navoutcomes.estimate.adjusted.standardise import standardise
from navoutcomes.estimate.adjusted.weights import weights
from navoutcomes.estimate.answer import answer
from navoutcomes.estimate.checks.findings import checks
from navoutcomes.estimate.contrast import contrast
from navoutcomes.estimate.counted import CountedPeople
from navoutcomes.estimate.curves.bands import confidence_bands
from navoutcomes.estimate.curves.bootstrap import bootstrap_restricted_mean
from navoutcomes.estimate.curves.fixed_time import fixed_time_test, restricted_mean_test
from navoutcomes.estimate.curves.hazard import cumulative_hazard
from navoutcomes.estimate.curves.incidence import cumulative_incidence
from navoutcomes.estimate.curves.pairwise import pairwise_tests
from navoutcomes.estimate.curves.pseudo_values import pseudo_values
from navoutcomes.estimate.curves.quantiles import quantiles
from navoutcomes.estimate.curves.rank_tests import gray_test, logrank_test
from navoutcomes.estimate.curves.restricted_mean import restricted_mean
from navoutcomes.estimate.curves.survival import survival_curve
from navoutcomes.estimate.dropout.dropout import dropout
from navoutcomes.estimate.emulation.adherence import attended_effect, effects_by_adherence
from navoutcomes.estimate.emulation.bounds import bounds
from navoutcomes.estimate.emulation.emulation import emulate
from navoutcomes.estimate.emulation.immortal_time import immortal_time_check
from navoutcomes.estimate.emulation.lock_in import lock_in
from navoutcomes.estimate.emulation.sequential_trials import sequential_trials
from navoutcomes.estimate.emulation.tipping_point import tipping_point
from navoutcomes.estimate.offices.office_comparison import office_comparison
from navoutcomes.estimate.offices.permutation import permutation_test
from navoutcomes.estimate.rates import rates
from navoutcomes.estimate.regression.cause_specific import cause_specific
from navoutcomes.estimate.regression.cox import cox
from navoutcomes.estimate.regression.discrete_hazard import discrete_hazard
from navoutcomes.estimate.regression.fine_gray import fine_gray
from navoutcomes.estimate.regression.gee import gee
from navoutcomes.estimate.regression.logistic import logistic
from navoutcomes.estimate.regression.multinomial import multinomial
from navoutcomes.estimate.regression.parametric import parametric
from navoutcomes.estimate.regression.poisson import poisson
from navoutcomes.estimate.regression.pseudo_values_regression import pseudo_regression
from navoutcomes.estimate.risk_table import risk_table
from navoutcomes.estimate.shares import proportion, simultaneous_shares
from navoutcomes.estimate.two_by_two import two_by_two


@dataclass(frozen=True, repr=False, eq=False)
class Cohort(FollowUp):
    """People who meet the protocol, followed from time zero."""

    adjusted_contrast = adjusted_contrast
    adjusted_incidence = adjusted_incidence
    adjusted_restricted_mean = adjusted_restricted_mean
    answer = answer
    balance = balance
    doubly_robust = doubly_robust
    mean_difference = mean_difference
    standardise = standardise
    weights = weights
    attended_effect = attended_effect
    baseline_arms = baseline_arms
    bounds = bounds
    effects_by_adherence = effects_by_adherence
    emulate = emulate
    immortal_time_check = immortal_time_check
    landmark = landmark
    lock_in = lock_in
    sequential_trials = sequential_trials
    tipping_point = tipping_point
    trial_people = trial_people
    two_by_two = two_by_two
    cause_specific = cause_specific
    bootstrap_restricted_mean = bootstrap_restricted_mean
    confidence_bands = confidence_bands
    checks = checks
    contrast = contrast
    cox = cox
    cumulative_hazard = cumulative_hazard
    cumulative_incidence = cumulative_incidence
    discrete_hazard = discrete_hazard
    dropout = dropout
    fine_gray = fine_gray
    gee = gee
    fixed_time_test = fixed_time_test
    gray_test = gray_test
    logistic = logistic
    logrank_test = logrank_test
    multinomial = multinomial
    office_comparison = office_comparison
    pairwise_tests = pairwise_tests
    parametric = parametric
    permutation_test = permutation_test
    poisson = poisson
    proportion = proportion
    quantiles = quantiles
    pseudo_regression = pseudo_regression
    pseudo_values = pseudo_values
    rates = rates
    restricted_mean = restricted_mean
    restricted_mean_test = restricted_mean_test
    risk_table = risk_table
    simultaneous_shares = simultaneous_shares
    survival_curve = survival_curve


@dataclass(frozen=True, repr=False, eq=False)
class CountedCohort(CountedPeople):
    """People known only as counts. Verbs that need times refuse and say what is missing."""

    bootstrap_restricted_mean = bootstrap_restricted_mean
    bounds = bounds
    tipping_point = tipping_point
    two_by_two = two_by_two
    confidence_bands = confidence_bands
    contrast = contrast
    dropout = dropout
    cumulative_hazard = cumulative_hazard
    cumulative_incidence = cumulative_incidence
    fixed_time_test = fixed_time_test
    gray_test = gray_test
    logrank_test = logrank_test
    pairwise_tests = pairwise_tests
    proportion = proportion
    quantiles = quantiles
    restricted_mean = restricted_mean
    restricted_mean_test = restricted_mean_test
    risk_table = risk_table
    simultaneous_shares = simultaneous_shares
    survival_curve = survival_curve


from_counts = CountedCohort.from_counts
