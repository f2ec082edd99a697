"""In which form is each date cell written, and which year, month and day does it name?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from navoutcomes.records.rules import date_pattern, days_in_month
from navoutcomes.records.sources.cells import Mask

Numbers = NDArray[np.int64]
ZONE = ZoneInfo("Europe/Oslo")
NO_DATE = np.datetime64("NaT", "D")
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar jan january",
            "februar feb february febr",
            "mars mar march",
            "april apr",
            "mai may",
            "juni jun june",
            "juli jul july",
            "august aug",
            "september sep sept",
            "oktober okt october oct",
            "november nov",
            "desember des december dec",
        ),
        start=1,
    )
    for name in names.split()
}

_TIME = (
    r"(?:(?:T|\s+)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"\s*(?P<zone>[Zz]|[+-]\d{2}(?::?\d{2})?)?)?"
)
_YMD = r"(?P<year>\d{4})%s(?P<month>\d{1,2})%s(?P<day>\d{1,2})" + _TIME
_DMY = r"(?P<day>\d{1,2})%s(?P<month>\d{1,2})%s(?P<year>%s)" + _TIME
_MONTH = "(?P<month_name>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + ")"
_YEAR = r"(?P<year>\d{4}|\d{2})"


@dataclass(frozen=True)
class Form:
    """A way to write dates. ``order`` is open where day and month could change places; ``named`` has month names."""

    name: str
    pattern: re.Pattern[str]
    order_open: bool = False
    named: bool = False
    whole_number: bool = False
    chosen: bool = False


def _form(name: str, pattern: str, **traits: bool) -> Form:
    return Form(name, re.compile(pattern, re.IGNORECASE), **traits)


FORMS = (
    _form("dd.mm.yyyy", _DMY % (r"\.\s*", r"\.\s*", r"\d{4}")),
    _form("yyyy-mm-dd", _YMD % ("-", "-")),
    _form("yyyy/mm/dd", _YMD % ("/", "/")),
    _form("yyyy.mm.dd", _YMD % (r"\.", r"\.")),
    _form("dd.mm.yy", _DMY % (r"\.\s*", r"\.\s*", r"\d{2}")),
    _form("dd/mm/yyyy", _DMY % ("/", "/", r"\d{4}"), order_open=True),
    _form("dd-mm-yyyy", _DMY % ("-", "-", r"\d{4}"), order_open=True),
    _form("dd/mm/yy", _DMY % ("[/-]", "[/-]", r"\d{2}"), order_open=True),
    _form("d. month yyyy", r"(?P<day>\d{1,2})\.?[\s-]*" + _MONTH + r"\.?[\s,-]*" + _YEAR, named=True),
    _form("month d yyyy", _MONTH + r"\.?\s*(?P<day>\d{1,2})[\s.,]+" + _YEAR, named=True),
    _form("yyyymmdd", r"(?P<year>(?:19|20)\d{2})(?P<month>0[1-9]|1[0-2])(?P<day>\d{2})", whole_number=True),
    _form("ddmmyyyy", r"(?P<day>\d{2})(?P<month>\d{2})(?P<year>(?:19|20)\d{2})", whole_number=True),
)


@dataclass(frozen=True, eq=False, repr=False)
class Written:
    """The distinct cells of a column taken apart. Shapes: all (k,); ``form`` indexes ``forms``, -1 is none of them.

    ``seconds`` since midnight and ``zone`` in seconds east of Greenwich, missing (nan) where no zone is written.
    """

    forms: tuple[Form, ...]
    form: NDArray[np.int64]
    year: Numbers
    month: Numbers
    day: Numbers
    two_digit: Mask
    seconds: Numbers
    zone: NDArray[np.float64]

    def of(self, trait: str) -> Mask:
        """Which cells are written in a form with this trait?"""
        having = np.array([bool(getattr(form, trait)) for form in self.forms] + [False])
        return np.asarray(having[self.form], dtype=np.bool_)


def take_apart(text: pd.Series[Any], date_format: str | None) -> Written:
    """Which form is each cell written in? A format the caller names is tried first. Shapes: (k,) in, (k,) out."""
    forms: tuple[Form, ...] = FORMS
    if date_format is not None:
        forms = (Form(date_format, date_pattern(date_format), chosen=True), *FORMS)
    size = len(text)
    form = np.full(size, -1, np.int64)
    parts = {name: np.zeros(size, np.int64) for name in ("year", "month", "day", "seconds")}
    two_digit, zone = np.zeros(size, np.bool_), np.full(size, np.nan)
    filled = (text != "").to_numpy()
    for position, one in enumerate(forms):
        left = np.flatnonzero(filled & (form < 0))
        if not len(left):
            break
        hits = text.iloc[left].str.fullmatch(one.pattern).to_numpy(np.bool_)
        at = left[hits]
        if not len(at):
            continue
        pieces = text.iloc[at].str.extract(one.pattern)
        form[at] = position
        for name in ("year", "month", "day"):
            if name in pieces:
                parts[name][at] = pieces[name].astype(np.int64)
        if "month_name" in pieces:
            parts["month"][at] = pieces["month_name"].str.lower().map(MONTHS)
        two_digit[at] = pieces["year"].str.len().to_numpy() == 2
        if "hour" in pieces:
            parts["seconds"][at], zone[at] = _seconds(pieces), _east(pieces["zone"])
    return Written(forms, form, two_digit=two_digit, zone=zone, **parts)


def possible(written: Written) -> Mask:
    """Which cells name a day there is, at a time of day there is?"""
    day_exists = (written.day >= 1) & (written.day <= days_in_month(written.year, written.month))
    in_time = (written.seconds >= 0) & (written.seconds < 86400) & (written.year >= 1)
    return np.asarray((written.form >= 0) & day_exists & in_time, dtype=np.bool_)


def days(written: Written, sound: Mask) -> NDArray[np.datetime64]:
    """The calendar date in Norway of each sound cell; the others are missing.

    A time of day without a zone is Norwegian time. Shapes: (k,) of datetime64[D]; any year from 1 to 9999 fits.
    """
    found = np.full(len(sound), NO_DATE)
    year, month, day = (part[sound] for part in (written.year, written.month, written.day))
    months = (year - 1970).astype("timedelta64[Y]") + np.datetime64("1970", "Y")
    months = months.astype("datetime64[M]") + (month - 1).astype("timedelta64[M]")
    found[sound] = months.astype("datetime64[D]") + (day - 1).astype("timedelta64[D]")
    zoned = sound & np.isfinite(written.zone) & (written.year > 1800) & (written.year < 9999)
    if zoned.any():
        moment = found[zoned].astype("datetime64[s]") + (written.seconds[zoned] - written.zone[zoned]).astype("m8[s]")
        local = pd.DatetimeIndex(moment).tz_localize("UTC").tz_convert(ZONE).tz_localize(None)
        found[zoned] = local.to_numpy().astype("datetime64[D]")
    return found


def _seconds(pieces: pd.DataFrame) -> Numbers:
    hour, minute, second = (pieces[name].fillna("0").astype(np.int64) for name in ("hour", "minute", "second"))
    wrong = (minute > 59) | (second > 59)
    return np.asarray((hour * 3600 + minute * 60 + second).mask(wrong, -1), dtype=np.int64)


def _east(zone: pd.Series[Any]) -> NDArray[np.float64]:
    """Seconds east of Greenwich; missing where no zone is written."""
    written = zone.fillna("")
    digits = written.str.replace(r"\D", "", regex=True)
    hours, minutes = (("0" + digits.str[at : at + 2]).astype(np.float64).to_numpy() for at in (0, 2))
    east = (hours * 3600 + minutes * 60) * np.where(written.str.startswith("-"), -1.0, 1.0)
    return np.where(written == "", np.nan, east)
