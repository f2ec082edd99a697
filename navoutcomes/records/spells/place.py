"""Where in the file does a finding about spells stand?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from navoutcomes.records.extract import Extract
from navoutcomes.records.sources.cells import Mask


@dataclass(frozen=True, eq=False, repr=False)
class Place:
    """The names of columns and the rows of the file behind the rows of a frame. Shapes: ``rows`` (n,)."""

    headers: Mapping[str, str]
    rows: NDArray[np.int64]
    heading: int

    @classmethod
    def of(cls, extract: Extract, rows: NDArray[np.int64]) -> Place:
        """The place of some rows of an extract."""
        return cls(extract.headers, rows, extract.heading)

    def found(self, mask: Mask | pd.Series[Any], *names: str) -> dict[str, Any]:
        """The facts of a finding: the columns as the file calls them, how many rows of how many, and which."""
        hit = np.asarray(mask, dtype=np.bool_)
        return {
            "column": [self.headers.get(name, name) for name in names],
            "count": int(hit.sum()),
            "total": len(hit),
            "rows": tuple(self.rows[hit].tolist()),
            "heading": self.heading,
        }
