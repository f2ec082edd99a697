"""The two kinds of arrays the arithmetic speaks in."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Indices = NDArray[np.signedinteger[Any]]
