"""Headers that end with a year are taken apart as the plain words of the rule say, and in no time."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from navoutcomes.records.sources.wide import in_years

# The rule as a pattern, for headers short enough for it.
RULE = re.compile(r"(?P<stem>.*?[^\W\d_].*?)[\s_.-]*(?P<year>(?:19|20)[0-9]{2})", re.DOTALL)
header = st.text("aÆ1 _.-", max_size=6).flatmap(
    lambda start: st.sampled_from(("2015", "1999", "2215", "215", "20x5", "2016")).map(lambda year: start + year)
)


@given(st.lists(header, max_size=6))
def test_years_are_found_as_the_pattern_finds_them(headers: list[str]) -> None:
    found = in_years(headers)
    matches = {at: RULE.fullmatch(text) for at, text in enumerate(headers)}
    years = {at: int(match["year"]) for at, match in matches.items() if match}
    for places in found.values():
        assert len(places) > 1
        assert all(years[at] == year for year, at in places.items())
    stems = {re.sub(r"[\W_]", "", match["stem"]).casefold() for match in matches.values() if match}
    assert len(found) <= len(stems)


def test_stems_and_years() -> None:
    headers = ["utfall_2015", "utfall-2016", "Utfall 2017", "2015", "__2016", "kode 1 2015", "kode 1.2016", "x2015"]
    assert in_years(headers) == {"utfall": {2015: 0, 2016: 1, 2017: 2}, "kode1": {2015: 5, 2016: 6}}


def test_a_very_long_header_is_no_matter() -> None:
    assert in_years(["a" * 100_000, "a" * 100_000 + "2015", "a" * 100_000 + "2016"]).keys() == {"a" * 100_000}
