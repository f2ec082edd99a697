"""What we may say: policies, protected counts, and values that may leave the room.

The floor and its verb have one name. Python hangs a floor on the package as soon as anything on it is imported, so the
floor itself answers when it is called: ``nav.release(curves)`` works however ``nav.release`` was reached.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class Gate(ModuleType):
    """This floor as the verb it is named after."""

    def __call__(self, result: Any, policy: Any = None, sums: Any = None) -> Any:
        """May this leave the room? See ``navoutcomes.release.released.release``."""
        from navoutcomes.release.released import release

        return release(result, policy, sums)


sys.modules[__name__].__class__ = Gate
