"""However a KOSTRA file is mangled, it is read or refused in four parts; nothing else ever comes out."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import navoutcomes as nav
from navoutcomes.records.kostra.layouts import layout, layouts
from navoutcomes.texts import LANGUAGES

FORMS = [("11CF", 2022), ("11CF", 2024), ("11CF", 2025), ("11F", 2023), ("11F", 2026)]
CHANGES = st.lists(
    st.tuples(st.sampled_from(("set", "cut", "add", "drop")), st.integers(0, 10**6), st.binary(min_size=1, max_size=8)),
    max_size=5,
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, int], bytes]:
    folder = tmp_path_factory.mktemp("kostra")
    return {(form, year): nav.write_kostra(folder, form, year, seed=4, persons=6).read_bytes() for form, year in FORMS}


def mangled(content: bytes, changes: list[tuple[str, int, bytes]]) -> bytes:
    for kind, place, more in changes:
        at = place % max(1, len(content))
        if kind == "set":
            content = content[:at] + more + content[at + len(more) :]
        elif kind == "cut":
            content = content[:at]
        elif kind == "add":
            content = content[:at] + more + content[at:]
        else:
            content = content[:at] + content[at + len(more) :]
    return content


@settings(max_examples=250, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(FORMS), st.sampled_from(FORMS), CHANGES, st.sampled_from(("error", "pad")))
def test_a_mangled_file_is_read_or_refused_in_four_parts(
    tmp_path: Path, whole: dict, held: tuple, asked: tuple, changes: list, short: str
) -> None:
    path = tmp_path / "file.dat"
    path.write_bytes(mangled(whole[held], changes))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            read = nav.read_kostra(path, *asked, short_records=short)
            table = (nav.kvp_programmes if asked[0] == "11CF" else nav.assistance_years)(read)
        except nav.DataProblem as problem:
            number = layout(*held).field("PERSON_FODSELSNR")
            assert number is not None
            rows = [row[number.place].decode().strip() for row in whole[held].split(b"\r\n") if row]
            for language in LANGUAGES:
                said = problem.text(language)
                assert all(part.strip() for part in problem.parts(language))
                assert not any(text in said for text in rows if text)
            return
    assert len(table.frame) <= len(read.frame)


@given(st.binary(max_size=2000))
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_refused_as_a_problem(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "file.dat"
    path.write_bytes(content)
    for one in layouts()[::5]:
        with pytest.raises(nav.DataProblem):
            nav.read_kostra(path, one.form, one.year, short_records="pad")
