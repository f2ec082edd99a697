"""How far has a long reading come? Shown on stderr when it takes more than a moment."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any, Self

PATIENCE = 1.0
LONG = 5_000_000


class Progress:
    """A bar that appears after a second of work on something large, and goes away when the work is done.

    ``total`` is in bytes, rows or whatever ``at`` counts; below ``long`` of them nothing is ever shown.
    """

    def __init__(self, file: str, total: int, long: int = LONG) -> None:
        self._file, self._total, self._long = file, total, long
        self._bar: Any = None

    def __enter__(self) -> Self:
        if self._total >= self._long:
            from tqdm import tqdm

            form = "{desc}: {percentage:3.0f} % |{bar}| {elapsed}"
            self._bar = tqdm(
                total=self._total, desc=self._file, file=sys.stderr, delay=PATIENCE, leave=False, bar_format=form
            )
        return self

    def at(self, done: int) -> None:
        """So much is done."""
        if self._bar is not None:
            self._bar.update(max(0, min(done, self._total) - self._bar.n))

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if self._bar is not None:
            self._bar.close()
