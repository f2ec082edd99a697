"""How results are shown: figures that draw what was estimated, tables, and sentences. Computes nothing.

``nav.show.incidence_curves(curves)``, ``survival_curves``, ``shares_over_time``, ``forest``, ``flow_chart`` take a
result
(released or not) and return matplotlib Axes that show themselves in a notebook; ``table`` and ``sentence`` return
values.
"""

from __future__ import annotations

from navoutcomes.show.curves import incidence_curves, survival_curves
from navoutcomes.show.drawn import Drawn, DrawnAxes
from navoutcomes.show.flow_chart import flow_chart
from navoutcomes.show.forest import forest
from navoutcomes.show.forest_studies import forest_studies
from navoutcomes.show.funnel import funnel
from navoutcomes.show.lock_in import lock_in_chart
from navoutcomes.show.love import love_plot
from navoutcomes.show.sentence import sentence
from navoutcomes.show.stacked import shares_over_time
from navoutcomes.show.table import PrintedTable, table

__all__ = [
    "Drawn",
    "DrawnAxes",
    "PrintedTable",
    "flow_chart",
    "forest",
    "forest_studies",
    "funnel",
    "incidence_curves",
    "lock_in_chart",
    "love_plot",
    "sentence",
    "shares_over_time",
    "survival_curves",
    "table",
]
