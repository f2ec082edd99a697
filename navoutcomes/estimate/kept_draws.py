"""Draws in blocks that can be kept on disk: a run that dies goes on where it stopped, and ends with the same bits."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from navoutcomes.maths.arrays import Floats

BLOCK = 100
Draw = Callable[[int], tuple[Floats, int]]


@dataclass(frozen=True)
class Kept:
    """Where finished draws are kept: a file a question, named by the checksum of what was asked."""

    folder: Path

    def file(self, asked: Sequence[Any], roll: np.random.Generator) -> Path:
        """The file of one question; other people, another horizon or another seed have another one."""
        found = hashlib.sha256(json.dumps(_state(roll), sort_keys=True).encode())
        for one in asked:
            found.update(one.tobytes() if isinstance(one, np.ndarray) else repr(one).encode())
            found.update(b"\0")
        return self.folder / f"draws-{found.hexdigest()[:20]}.npz"


def in_blocks(draw: Draw, replicates: int, roll: np.random.Generator, file: Path | None = None) -> tuple[Floats, int]:
    """``draw`` asked for a block at a time until there are ``replicates``; what ``file`` holds is not drawn again.

    Shapes: draw(size) gives (q, size) and a count; the answer is (q, replicates) and the sum of the counts.
    """
    found, few = _read(file, roll)
    done = sum(block.shape[1] for block in found)
    while done < replicates:
        size = min(BLOCK, replicates - done)
        block, short = draw(size)
        found.append(block)
        done, few = done + size, few + short
        if file is not None:
            _write(file, np.concatenate(found, axis=1), few, roll)
    return np.concatenate(found, axis=1), few


def forget(files: Sequence[Path]) -> None:
    """Remove what was kept, once the answer is there."""
    for file in files:
        with suppress(OSError):
            file.unlink()


def _read(file: Path | None, roll: np.random.Generator) -> tuple[list[Floats], int]:
    """Finished draws, and the generator moved on to where it stood after them."""
    if file is None or not file.is_file():
        return [], 0
    try:
        with np.load(file, allow_pickle=False) as kept:
            draws, few, state = kept["draws"], int(kept["few"]), json.loads(str(kept["state"]))
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        return [], 0
    roll.bit_generator.state = _arrays(state)
    return [draws], few


def _write(file: Path, draws: Floats, few: int, roll: np.random.Generator) -> None:
    """Whole or not at all: written beside and renamed."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f".{file.stem}-{os.getpid()}.npz")
    with beside.open("wb") as handle:
        np.savez(handle, draws=draws, few=np.int64(few), state=np.str_(json.dumps(_state(roll))))
    beside.replace(file)


def _state(roll: np.random.Generator) -> Any:
    return _plain(roll.bit_generator.state)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return {"array": value.tolist(), "dtype": str(value.dtype)} if isinstance(value, np.ndarray) else value


def _arrays(value: Any) -> Any:
    if isinstance(value, dict) and value.keys() == {"array", "dtype"}:
        return np.array(value["array"], dtype=value["dtype"])
    return {name: _arrays(one) for name, one in value.items()} if isinstance(value, dict) else value
