"""The attacks' own files are found by name, as those of the other folders are."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
