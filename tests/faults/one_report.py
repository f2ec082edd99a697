"""Run as a program: the example report, written on a machine with another clock, language, processor or screen."""

from __future__ import annotations

import datetime
import json
import locale
import logging
import sys
import time
from importlib import import_module
from pathlib import Path

CLOCKS = {"new year": "2026-12-31T22:59:59.900000+00:00", "summer time": "2026-03-29T00:59:59.900000+00:00"}


def stop_the_clock(at: str) -> None:
    """Every clock of Python stands still at a moment; packages are loaded first, as some wait for it to go."""
    for package in ("numpy", "pandas", "scipy.stats", "matplotlib.figure", "openpyxl", "typst"):
        import_module(package)
    moment = datetime.datetime.fromisoformat(at)
    seconds, local, world = moment.timestamp(), time.localtime, time.gmtime

    class AnyDay(type):
        def __instancecheck__(cls, thing: object) -> bool:
            return isinstance(thing, cls.__mro__[1])

    class Stopped(datetime.datetime, metaclass=AnyDay):
        @classmethod
        def now(cls, tz: datetime.tzinfo | None = None) -> datetime.datetime:
            return cls.fromtimestamp(seconds, tz)

        today = utcnow = now

    class StoppedDay(datetime.date, metaclass=AnyDay):
        @classmethod
        def today(cls) -> datetime.date:
            return cls.fromtimestamp(seconds)

    time.time, time.time_ns = lambda: seconds, lambda: int(seconds * 1e9)
    time.localtime = lambda of=None: local(seconds if of is None else of)
    time.gmtime = lambda of=None: world(seconds if of is None else of)
    datetime.datetime, datetime.date = Stopped, StoppedDay


def main(extract: Path, folder: Path, language: str, clock: str) -> dict[str, object]:
    if clock:
        stop_the_clock(CLOCKS[clock])
    locale.setlocale(locale.LC_ALL, "")
    from tests.report.bundle_examples import people, whole

    said: list[str] = []
    logging.getLogger("navoutcomes").addHandler(handler := logging.Handler())
    handler.emit = lambda record: said.append(record.getMessage())
    whole(folder, language, extract)
    model = people().contrast(by="group", at=[182])
    return {
        "point": locale.localeconv()["decimal_point"],
        "numbers": [float(one) for one in model.table[["estimate", "std_error"]].to_numpy().ravel()],
        "said": said,
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4])))
