"""A few seconds of mangled files; `make fuzz` goes on for as long as one likes."""

from __future__ import annotations

import gzip

import mangled
import pytest
import safe_reading
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

few = settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("kind", mangled.KINDS)
def test_a_sound_file_of_each_kind_is_read(kind: str) -> None:
    assert safe_reading.judge(kind, mangled.whole(kind)) == "read"


@few
@given(mangled.files())
def test_a_mangled_file_is_read_or_refused_in_our_own_words(file: tuple[str, bytes]) -> None:
    assert safe_reading.judge(*file)


@few
@given(mangled.tables())
def test_a_table_of_nonsense_is_read_or_refused_in_our_own_words(content: bytes) -> None:
    assert safe_reading.judge("csv", content)


@settings(few, max_examples=20)
@given(st.binary(max_size=400), st.sampled_from(mangled.KINDS))
def test_bytes_of_no_meaning_are_refused(content: bytes, kind: str) -> None:
    assert safe_reading.judge(kind, content)
    assert safe_reading.judge("gz", gzip.compress(content, mtime=0))


def test_a_leak_a_hang_and_a_foreign_exception_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def leaks(*_: object, **__: object) -> None:
        raise mangled_problem()

    def fails(*_: object, **__: object) -> None:
        raise ValueError(mangled.PLANTED)

    def hangs(*_: object, **__: object) -> None:
        while True:
            pass

    def mangled_problem() -> Exception:
        return safe_reading.nav.DataProblem("file_empty", file=mangled.PLANTED, bytes=0)

    monkeypatch.setattr(safe_reading, "SECONDS", 1)
    for reader, kind in ((leaks, AssertionError), (fails, ValueError), (hangs, AssertionError)):
        monkeypatch.setattr(safe_reading.nav, "read", reader)
        with pytest.raises(kind):
            safe_reading.judge("csv", mangled.whole("csv"))
