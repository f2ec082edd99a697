"""Mangle files of every kind for some minutes, and keep what makes reading fail.

    python tests/fuzz/run.py --minutes 30 [--seed 1] [--engine atheris]

Each failure's bytes are written below build/fuzz with the line that failed; a case for tests/museum is made by hand
from it. Hypothesis draws the files; with ``--engine atheris`` (its package is the extra ``fuzz``) the bytes of a
libFuzzer run decide what is drawn, guided by which lines of the readers were reached.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "words"), str(HERE.parents[1])]
FOUND = HERE.parents[1] / "build" / "fuzz"


def main() -> int:
    """Run; the exit code says whether anything was found."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--minutes", type=float, default=30)
    asked.add_argument("--seed", type=int, default=None)
    asked.add_argument("--engine", choices=("hypothesis", "atheris"), default="hypothesis")
    given = asked.parse_args()
    if given.engine == "atheris":
        return guided(given.minutes)
    return drawn(given.minutes, random.randrange(1 << 32) if given.seed is None else given.seed)


def drawn(minutes: float, seed: int) -> int:
    """Hypothesis draws, a thousand files at a time, each thousand from a seed of its own."""
    import mangled
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    print(f"seed {seed}, {minutes:g} minutes")
    ends, tally, failures = time.monotonic() + 60 * minutes, Counter(), {}
    calm = settings(max_examples=1000, deadline=None, database=None, phases=(Phase.generate,),
                    suppress_health_check=list(HealthCheck))  # fmt: skip
    round_number = 0
    while time.monotonic() < ends:

        @seeded(seed + round_number)
        @calm
        @given(mangled.files())
        def one(file: tuple[str, bytes]) -> None:
            if time.monotonic() < ends:
                tally[outcome(*file, failures)] += 1

        one()
        round_number += 1
        print(f"{sum(tally.values())} files, {len(failures)} failures", flush=True)
    for key, times in tally.most_common():
        print(f"{times:7} {key}")
    return 1 if failures else 0


def outcome(kind: str, content: bytes, failures: dict[str, str]) -> str:
    """What came of one file; a failure is written down once for each line of the package it came from."""
    import safe_reading

    try:
        return f"{kind}: {safe_reading.judge(kind, content)}"
    except Exception as error:
        frames = [one for one in traceback.extract_tb(error.__traceback__) if "navoutcomes" in one.filename]
        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "safe_reading"
        name = f"{type(error).__name__} at {place}"
        if name not in failures:
            FOUND.mkdir(parents=True, exist_ok=True)
            stem = hashlib.sha256(content).hexdigest()[:12]
            (FOUND / f"{stem}.{kind}").write_bytes(content)
            failures[name] = stem
            print(f"FOUND {name}: {FOUND / stem}.{kind}\n{traceback.format_exc()[-1500:]}", flush=True)
        return f"{kind}: FAILED {name}"


def guided(minutes: float) -> int:
    """libFuzzer decides which bytes are drawn from, by the lines of the readers they reach."""
    import atheris

    with atheris.instrument_imports(include=["navoutcomes"]):
        import navoutcomes.records.extract  # noqa: F401
    import mangled

    failures: dict[str, str] = {}

    def one(data: bytes) -> None:
        provider = atheris.FuzzedDataProvider(data)
        kind = provider.PickValueInList(list(mangled.KINDS))
        changes = [
            (
                provider.PickValueInList(["flip", "put", "write", "drop", "double", "end"]),
                provider.ConsumeIntInRange(0, 1 << 20),
                provider.ConsumeIntInRange(1, 200),
                provider.PickValueInList([*mangled.TOKENS, *(text.encode() for text in mangled.CELLS)]),
            )
            for _ in range(provider.ConsumeIntInRange(1, 6))
        ]
        outcome(kind, mangled.cut(mangled.whole(kind), changes), failures)

    # Atheris keeps 25 kB of what it traced for each file; the readers themselves keep nothing.
    options = [f"-max_total_time={int(60 * minutes)}", "-max_len=4096", "-len_control=0", "-rss_limit_mb=8192"]
    atheris.Setup([sys.argv[0], *options], one)
    atheris.Fuzz()
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
