"""People with a question, followed from time zero: the type every estimator starts from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import numpy as np
import pandas as pd

from navoutcomes.design.assemble import assemble, chosen
from navoutcomes.design.audit import Audit
from navoutcomes.design.coded import Coded, causes, coded, level_codes
from navoutcomes.design.empty_levels import empty_levels
from navoutcomes.design.flow import Flow
from navoutcomes.design.people import Roles, check_once, people
from navoutcomes.design.people import named as named
from navoutcomes.design.protocol import Arms, Protocol
from navoutcomes.design.weight_kinds import SAMPLING, by_type, check_weight_type
from navoutcomes.errors import DataProblem, door
from navoutcomes.notes import Log
from navoutcomes.records.origin import Origin
from navoutcomes.records.spells.stays import Spells


@dataclass(frozen=True, repr=False, eq=False)
class FollowUp:
    """One row a person-interval (entry, time], with a named ending or still followed.

    ``rows`` (a copy) has the columns person, arm, entry, time, ending, weight, cluster, strata; time is in ``unit``
    from time zero; an empty ``ending`` is still followed; an empty ``entry`` is under observation from the start, so
    that an exit at time 0 is at risk at 0. ``covariates`` (a copy) holds every other column. ``flow`` says who came in
    and who fell out, ``audit`` prints what an evaluator asks first.
    """

    protocol: Protocol
    unit: str
    origin: Origin
    flow: Flow
    log: Log
    _rows: pd.DataFrame = field(repr=False)
    _covariates: pd.DataFrame = field(repr=False)

    @classmethod
    @door
    def from_frame(
        cls,
        frame: pd.DataFrame,
        time: str,
        ending: str,
        *,
        outcome: str,
        endings: Mapping[Any, str | None] | None = None,
        censored: str | None = None,
        entry: str | None = None,
        person: str | None = None,
        arm: str | None = None,
        reference: str | None = None,
        weight: str | None = None,
        weight_type: str | None = None,
        cluster: str | None = None,
        strata: str | None = None,
        unit: str = "days",
        question: str = "",
        randomised: bool = False,
        origin: Origin | None = None,
    ) -> Self:
        """Who was followed, for how long, and how did it end: from a frame with one row a person(-interval).

        Arguments: column names of ``frame``; ``endings`` maps its values to words and None to "still followed";
        ``censored`` names that word where the column already holds words; ``outcome`` is the ending of interest, the
        other words compete; ``entry`` is delayed entry, in the same ``unit`` as ``time``; ``reference`` the arm others
        are compared with; ``randomised`` whether chance decided the arm; ``weight_type`` ``sampling`` (a row is one
        person who counts for ``weight``) or ``frequency`` (a row is so many persons), needed for whole numbers.
        Raises: ``DataProblem`` or ``DesignProblem`` naming column and row positions; nothing is dropped in silence.
        """
        frame, weight = by_type(frame, weight, weight_type, person)
        roles = Roles(time, ending, entry, person, arm, weight, cluster, strata)
        rows, names, log = people(frame, roles, outcome, endings, censored)
        protocol = Protocol(
            question=question,
            outcome=outcome,
            competing=tuple(name for name in names if name != outcome),
            arms=None if arm is None or reference is None else Arms(arm, reference),
            randomised=randomised,
        )
        covariates = frame.reset_index(drop=True).copy()
        kept = rows["weight"].to_numpy() > 0
        return cls(
            protocol=protocol,
            unit=unit,
            origin=origin or Origin(),
            flow=Flow(int(rows["person"].nunique())),
            log=log + empty_levels(frame, (arm, strata, cluster), protocol.arms).notes,
            _rows=rows[kept].reset_index(drop=True),
            _covariates=covariates[kept].reset_index(drop=True),
        )

    @classmethod
    @door
    def assemble(
        cls,
        protocol: Protocol,
        spells: Spells,
        *,
        cluster: str | None = None,
        weight: str | None = None,
        weight_type: str | None = None,
        strata: str | None = None,
        events: Mapping[str, str] | None = None,
        priority: Sequence[str] = (),
        same_day: str = "include",
        missing_start: str = "error",
        crossover: str = "error",
        drop_prior_events: bool = False,
    ) -> Self:
        """Who meets the protocol, followed from its time zero in days: from the spells of a register.

        Arguments: ``cluster``, ``weight`` and ``strata`` name columns of the spells, ``weight_type="sampling"`` says
        that whole numbers are weights and not persons; ``events`` gives endings that
        stand in date columns of their own (``{"job": "job_date"}``), ``priority`` which of two on one day counts,
        ``drop_prior_events`` ignores those before time zero; ``same_day`` is what to do with an ending on the day of
        time zero: ``include`` it at 0, count it at ``half`` a day, or ``exclude`` the person; ``missing_start``
        (``error``, ``exclude``, ``register_opens``) what to do without a time zero; ``crossover`` (``error``,
        ``first_arm``, ``time_varying``) with a person seen in two arms one after the other: followed in the first, or
        in each from the day it began, a row for each, until the outcome or the last spell's end.
        Raises: ``DataProblem`` and ``DesignProblem``; see ``design.assemble``.
        """
        check_weight_type(spells.frame, weight, weight_type, (SAMPLING,))
        asked = {"same_day": same_day, "missing_start": missing_start, "crossover": crossover}
        rules = chosen(events, priority, drop_prior_events=drop_prior_events, **asked)
        made = assemble(protocol, spells, {"cluster": cluster, "weight": weight, "strata": strata}, rules)
        return cls(
            protocol=protocol,
            unit="days",
            origin=spells.origin,
            flow=made.flow,
            log=spells.log + made.log.notes,
            _rows=made.rows,
            _covariates=made.covariates,
        )

    @property
    def rows(self) -> pd.DataFrame:
        """One row a person-interval, the standard columns. A copy."""
        return self._rows.copy()

    @property
    def covariates(self) -> pd.DataFrame:
        """Every other column, in the order of ``rows``. A copy."""
        return self._covariates.copy()

    def array(self, name: str) -> np.ndarray:
        """A standard column of numbers (time, entry, weight) that cannot be written to. Shape (n,)."""
        view = self._rows[name].to_numpy(dtype=float).view()
        view.flags.writeable = False
        return view

    def causes(self) -> np.ndarray:
        """How each row ended, as a place in ``endings``; -1 still followed. Shape (n,)."""
        return causes(self._rows, self.endings)

    def clusters(self) -> tuple[np.ndarray | None, int, str]:
        """Which rows belong together: codes (n,) or None, how many clusters, and ``none``, ``person`` or ``office``."""
        return self.coded.cluster, self.coded.clusters, self.coded.clustered

    @cached_property
    def coded(self) -> Coded:
        """The rows as whole numbers on one grid."""
        return coded(self._rows, self.endings)

    @cached_property
    def _levels(self) -> dict[str | None, tuple[np.ndarray, tuple[str, ...]]]:
        """Columns that were asked for as groups before."""
        return {}

    def __post_init__(self) -> None:
        """Coded at once, so that the first question costs no more than the second."""
        _ = self.coded
        arms = self.protocol.arms
        if arms is not None and self._rows["arm"].notna().all() and list(self._covariates).count(arms.column) == 1:
            self.levels(arms.column)

    @cached_property
    def repeated(self) -> bool:
        """Whether somebody has several rows."""
        return bool(self._rows["person"].duplicated().any())

    @property
    def endings(self) -> tuple[str, ...]:
        """The ways to end, the outcome first."""
        return self.protocol.endings

    @property
    def persons(self) -> int:
        """How many persons."""
        return int(self._rows["person"].nunique())

    @property
    def audit(self) -> Audit:
        """Persons, endings, follow-up and what was repaired, to be printed."""
        return Audit.of(self)

    def column(self, name: str, copy: bool = True) -> pd.Series:
        """One column by name: a standard one (``arm``) or a covariate. Raises ``DataProblem`` where there is none.

        Without ``copy`` it is the people's own and must not be written to.
        """
        for frame in (self._covariates, self._rows):
            if name in frame.columns and (frame is self._covariates or frame[name].notna().any()):
                check_once(frame, name)
                return frame[name].copy() if copy else frame[name]
        found = list(self._covariates.columns)
        raise DataProblem("columns_missing", column=[name], columns_found=found, count=1)

    def levels(self, by: str | None) -> tuple[np.ndarray, tuple[str, ...]]:
        """Group of each row as a position, and the groups' names in order; one group named ``all`` without ``by``.

        Order: the arms' reference first; else a category's own order; else numbers by size and words by alphabet.
        """
        arms = self.protocol.arms
        if by == "arm" and arms is not None and "arm" not in self._covariates and arms.column in self._covariates:
            by = arms.column
        if by in self._levels:
            return self._levels[by]
        alone = np.zeros(len(self._rows), dtype=np.int64), ["all"]
        codes, ordered = alone if by is None else level_codes(self.column(by, copy=False))
        if codes.min(initial=0) < 0:
            bad = np.flatnonzero(codes < 0)
            raise DataProblem(
                "cells_empty", column=by, rows=[int(one) for one in bad], count=len(bad), total=len(codes)
            )
        if arms is not None and by in ("arm", arms.column):
            order = sorted(range(len(ordered)), key=lambda at: named(ordered[at]) != arms.reference)
            codes, ordered = np.argsort(order)[codes], [ordered[at] for at in order]
        codes.flags.writeable = False
        self._levels[by] = codes, tuple(named(one) for one in ordered)
        return self._levels[by]

    def __repr__(self) -> str:
        return self.audit.text()

    def _repr_html_(self) -> str:
        return self.audit._repr_html_()
