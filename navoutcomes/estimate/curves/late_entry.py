"""Where people come under observation late, the first few can carry the whole curve: who should look is told."""

from __future__ import annotations

import numpy as np

from navoutcomes.estimate.risk_table import RiskTable
from navoutcomes.notes import Log, warning

FEW, LATER = 10, 4


def late_entry(counts: RiskTable, group: str) -> Log:
    """What to remark about a curve of people with delayed entry.

    A warning where somebody leaves while fewer than ten are at risk and at least four times as many will be later, and
    a stronger one where everybody at risk leaves though others come later: the product is then 0 for good.
    Reference: Lai & Ying 1991 leave out such early times; here they are named, and the analyst decides.
    """
    if not counts.delayed:
        return Log()
    persons = counts.groups[group]
    risk, ended = persons.at_risk, persons.all_events
    peak = int(np.argmax(risk))
    largest = float(risk[peak])
    log = Log()
    emptied = np.flatnonzero((ended > 0) & (ended >= risk) & (np.append(risk[1:], 0.0)[::-1].cumsum()[::-1] > 0))
    if len(emptied):
        at = int(emptied[0])
        log += warning("curve_emptied", group=group, time=float(persons.time[at]), at_risk=int(risk[at]))
    thin = np.flatnonzero((ended > 0) & (risk < FEW) & (risk * LATER <= largest) & (np.arange(len(risk)) < peak))
    if len(thin):
        last = int(thin[-1])
        fewest = int(risk[thin].min())
        log += warning("thin_start", group=group, time=float(persons.time[last]), at_risk=fewest, largest=int(largest))
    return log
