"""Is anything of a person's still alive in this process? A walk through every object Python can reach.

The search itself must not keep what it looks for alive, so texts are looked for back to front: plant ``mirrored`` ones.
``left_alone`` runs a few lines in a fresh interpreter and walks there, where no test holds the numbers.
"""

from __future__ import annotations

import gc
import io
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).resolve().parent
NO_TEXT = (bool, float, complex, type(None), type)

_PRELUDE = """
import json, sys, warnings
sys.path.insert(0, sys.argv[1])
from no_identity_left import holders
mirrored, args = json.loads(sys.argv[2]), sys.argv[3:]
warnings.simplefilter("ignore")
kept = {}
def walk():
    found = holders(mirrored)
    walks.append(found)
walks = []
def stopped(call):
    try:
        call()
    except Exception as problem:
        kept[len(kept)] = problem
        walk()
        return getattr(problem, "key", repr(problem))
    walk()
    return ""
said = []
"""


def mirror(text: str) -> str:
    """A text back to front."""
    return text[::-1]


def holders(mirrored: Sequence[str]) -> list[str]:
    """The types of the live objects that hold one of these texts, as text, bytes, elements of arrays or whole numbers.

    ``mirrored`` are the texts back to front. Everything reachable from what the garbage collector tracks is looked at:
    also frames and tracebacks, closures, numpy arrays of any type (and what they are views of), pandas and Arrow
    columns, buffers and files in memory.
    """
    gc.collect()
    numbers = {int(text[::-1]) for text in mirrored if text.isdigit()}
    backwards = [text.encode() for text in mirrored]
    seen: set[int] = set()
    found: list[str] = []
    unbuffered: set[type] = set(NO_TEXT)
    stack: list[Any] = gc.get_objects()
    seen.update(map(id, (seen, stack, found, unbuffered, numbers, backwards, mirrored, *mirrored, *backwards)))
    while stack:
        one = stack.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if any(_holds(piece, backwards, numbers) for piece in _pieces(one, unbuffered)):
            found.append(type(one).__qualname__)
        if isinstance(one, np.ndarray):
            if one.dtype.hasobject:
                stack.extend(one.ravel().tolist() if one.dtype.fields is None else ())
            if one.base is not None:
                stack.append(one.base)
        stack.extend(gc.get_referents(one))
    return found


def left_alone(lines: str, *args: str, planted: Iterable[str]) -> tuple[list[list[str]], list[Any]]:
    """Run lines of Python in a fresh interpreter: what each ``walk()`` in them found, and what they ``said.append``ed.

    ``args`` reach the lines as ``args``. ``stopped(call)`` calls, keeps the exception alive, walks, and gives its key.
    """
    mirrored = json.dumps([mirror(text) for text in planted])
    script = f"{_PRELUDE}\n{lines}\nprint(json.dumps([walks, said]))"
    command = [sys.executable, "-c", script, str(HERE), mirrored, *args]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    walks, said = json.loads(done.stdout.splitlines()[-1])
    return walks, said


def _pieces(one: Any, unbuffered: set[type]) -> Iterator[Any]:
    """What an object itself holds, as bytes, whole numbers or arrays of numbers; its referents come later."""
    kind = type(one)
    if kind is str:
        yield one.encode("utf-8", "replace")
    elif kind is int:
        yield one
    elif isinstance(one, np.ndarray):
        if one.dtype.kind in "iuf":
            yield one
        elif not one.dtype.hasobject:
            yield one.tobytes()
    elif isinstance(one, io.BytesIO):
        yield one.getvalue()
    elif isinstance(one, io.StringIO):
        yield one.getvalue().encode("utf-8", "replace")
    elif str(kind.__module__).startswith("pyarrow") and hasattr(one, "buffers"):
        yield from (memoryview(buffer).tobytes() for buffer in one.buffers() if buffer is not None)
    elif kind not in unbuffered:
        try:
            yield memoryview(one).tobytes()
        except (TypeError, ValueError, BufferError, NotImplementedError):
            unbuffered.add(kind)


def _holds(piece: Any, backwards: list[bytes], numbers: set[int]) -> bool:
    if isinstance(piece, int):
        return piece in numbers
    if isinstance(piece, np.ndarray):
        return bool(numbers) and bool(np.isin(piece, list(numbers)).any())
    if len(piece) < 4:
        return False
    texts = (piece, piece.replace(b"\0", b"")) if b"\0" in piece else (piece,)
    return any(wanted in text[::-1] for text in texts for wanted in backwards)
