"""What counts as a job stands under every figure and table that counts jobs."""

from __future__ import annotations

import numpy as np
import pandas as pd

import navoutcomes as nav
from navoutcomes.notes import note


def test_the_definition_stands_in_footers_and_notes_in_each_language() -> None:
    said = note("interval_wilson")
    frame = pd.DataFrame({"time": np.arange(1, 61), "ending": [1, 0] * 30})
    origin = nav.Origin(definitions=(said,))
    people = nav.Cohort.from_frame(frame, "time", "ending", endings={0: None, 1: "job"}, outcome="job", origin=origin)
    curves = people.cumulative_incidence()
    for language in ("nb", "nn", "en"):
        assert said.text(language) in nav.show.incidence_curves(curves, language=language).drawn.footer
        assert said.text(language) in nav.show.table(curves, language=language).notes
        assert said.text(language) in nav.show.table(nav.release(curves), language=language).notes
