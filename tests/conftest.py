"""Hypothesis draws the same examples each time, however slow the machine is: a red run stays red until it is mended.

With NAVOUTCOMES_EXAMPLES=1000 it draws others, and that many of the laws in ``tests/laws/some_people.py``.
"""

from __future__ import annotations

import os

from hypothesis import settings

settings.register_profile("steady", deadline=None, derandomize="NAVOUTCOMES_EXAMPLES" not in os.environ)
settings.load_profile("steady")
