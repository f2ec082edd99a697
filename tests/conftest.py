"""Hypothesis draws the same examples each time, however slow the machine is: a red run stays red until it is mended.

With NAVOUTCOMES_EXAMPLES=1000 it draws others, and that many of each law.
"""

from __future__ import annotations

import os

from hypothesis import settings

HUNT = int(os.environ.get("NAVOUTCOMES_EXAMPLES", "0"))
settings.register_profile("steady", deadline=None, derandomize=not HUNT)
settings.load_profile("steady")
