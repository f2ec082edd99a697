"""Loops compiled to machine code when first called: numba is imported by whoever first needs a kernel, not before."""

from __future__ import annotations

import functools
import logging
import threading
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from navoutcomes.texts import say

logger = logging.getLogger("navoutcomes")
PATIENCE = 1.0

P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """The function, compiled for the kinds of its arguments on the first call and kept on disk where that can be done.

    Assumes: the function uses arrays and numbers only, calls no other Python function, and is always called with the
    same kinds of arguments (float64, int64 and bool arrays in C order).
    """
    kernels: list[Callable[..., Any]] = []

    @functools.wraps(function)
    def call(*arguments: P.args, **named: P.kwargs) -> R:
        if not kernels:
            kernels.append(_kernel(function, arguments))
        found: R = kernels[0](*arguments, **named)
        return found

    return call


def _kernel(function: Callable[..., Any], arguments: tuple[Any, ...]) -> Callable[..., Any]:
    """Compiled before it runs, so that a cache that cannot be read or written never stops a run half-way."""
    import numba

    told = threading.Timer(PATIENCE, lambda: logger.info(say("words", "compiling")))
    told.daemon = True
    told.start()
    try:
        return _compiled(numba, function, arguments)
    finally:
        told.cancel()


def _compiled(numba: Any, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Callable[..., Any]:
    kinds = tuple(numba.typeof(one) for one in arguments)
    for kept in (True, False):
        try:
            kernel: Callable[..., Any] = numba.njit(function, cache=kept, nogil=True, error_model="numpy")
            kernel.compile(kinds)  # type: ignore[attr-defined]
        except (OSError, RuntimeError, EOFError, ValueError):
            if not kept:
                raise
            logger.debug("the compile cache could not be used for %s", function.__name__)
        else:
            return kernel
    raise AssertionError("unreachable")
