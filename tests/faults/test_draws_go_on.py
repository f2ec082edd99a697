"""A bootstrap that is killed goes on where it stopped, and ends with the bits of one that was left alone."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import navoutcomes as nav
from navoutcomes.estimate import kept_draws
from tests.report.bundle_examples import people


def drawn(keep: Path | None = None, by: str | None = "group", seed: int = 5, replicates: int = 1000) -> pd.DataFrame:
    return people().bootstrap_restricted_mean(180, by=by, replicates=replicates, rng=seed, keep=keep).table


@pytest.mark.parametrize("part", [0.3, 0.6, 0.9])
def test_a_bootstrap_killed_at_any_part_goes_on_and_ends_with_the_same_bits(
    part: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = drawn()
    # Two groups of a thousand draws are twenty blocks.
    last, write = round(20 * part), kept_draws._write
    child = os.fork()
    if child == 0:
        try:
            done = []

            def dies(*everything: object) -> None:
                write(*everything)
                done.append(1)
                if len(done) == last:
                    os.kill(os.getpid(), signal.SIGKILL)

            kept_draws._write = dies
            drawn(tmp_path)
        finally:
            os._exit(0)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    assert list(tmp_path.glob("draws-*.npz"))
    blocks: list[int] = []
    monkeypatch.setattr(kept_draws, "_write", lambda *everything: (blocks.append(1), write(*everything)))
    again = drawn(tmp_path)
    # The first group's file is whole or partly there, the second's likewise: only what is missing is drawn.
    assert len(blocks) == 20 - last
    pd.testing.assert_frame_equal(alone, again, check_exact=True)
    assert list(tmp_path.iterdir()) == []


def test_other_people_another_seed_or_a_broken_file_never_get_kept_draws(tmp_path: Path) -> None:
    class Stop(Exception):
        pass

    write = kept_draws._write

    def stops(*everything: object) -> None:
        write(*everything)
        raise Stop

    kept_draws._write = stops
    try:
        for seed in (5, 6):
            with pytest.raises(Stop):
                drawn(tmp_path, by=None, seed=seed, replicates=200)
    finally:
        kept_draws._write = write
    files = sorted(tmp_path.glob("draws-*.npz"))
    assert len(files) == 2
    files[0].write_bytes(b"PK broken")
    for seed in (5, 6, 7):
        alone, kept = (drawn(place, by=None, seed=seed, replicates=200) for place in (None, tmp_path))
        pd.testing.assert_frame_equal(alone, kept, check_exact=True)
    assert not np.array_equal(drawn(by=None, seed=5)["std_error"], drawn(by=None, seed=6)["std_error"])


def test_without_a_seed_nothing_is_drawn_and_a_seed_is_said_in_table_and_manifest(tmp_path: Path) -> None:
    with pytest.raises(nav.DesignProblem) as refused:
        people().bootstrap_restricted_mean(180, replicates=200)
    assert refused.value.key == "generator_needed"
    found = people(("a",)).bootstrap_restricted_mean(180, replicates=200, rng=11)
    with nav.Bundle(tmp_path / "r", language="nb", draft=True) as report:
        report.add("tid", found, drawing="none")
    from tests.faults.elsewhere import manifest

    bundle = tmp_path / "r" / "internt-utkast-nb"
    assert manifest(bundle)["seeds"] == {"tid": 11}
    assert "Trukket med frø 11." in (bundle / "internt-utkast-rapport.html").read_text(encoding="utf-8")
    first, second = (nav.synthetic("innsatsgjengen").frame for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
