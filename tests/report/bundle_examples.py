"""Reports to look into: the whole example from the synthetic extract, and a small one that is quick to write."""

from __future__ import annotations

import json
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path

import numpy as np
import pandas as pd

import navoutcomes as nav

ROOT = Path(__file__).parents[2]
EXTRACT = ROOT / "data" / "synthetic" / "innsatsgjengen.csv"
LANGUAGES = ("nb", "nn", "en")
TITLE = nav.Text(nb="Hvor gikk de?", nn="Kvar gjekk dei?", en="Where did they go?")


def whole(folder: Path, language: str, extract: Path = EXTRACT) -> Path:
    """A report with every kind of block, figure and table."""
    spells = nav.Spells.from_extract(nav.read(extract))
    protocol = nav.Protocol(
        question=TITLE,
        eligibility=(nav.Between("start", date(2014, 1, 1), date(2016, 12, 31)),),
        time_zero="start",
        outcome="job",
        competing={"no_show": "no_show", "other": ("education", "imprisonment", "health", "other")},
        estimand=nav.Estimand(measure="cumulative incidence", at=(182, 365), population="referred"),
    )
    cohort = nav.Cohort.assemble(protocol, spells)
    incidence = nav.release(cohort.answer())
    offices = {"Øst": {"job": 40, "no_show": 2, "other": 60}, "Vest": {"job": 30, "no_show": 20, "other": 50}}
    offices["Nord"] = {"job": 9, "no_show": 30, "other": 40}
    hidden = nav.release(nav.from_counts(offices, origin=cohort.origin).proportion())
    with nav.Bundle(
        folder, protocol=protocol, language=language, title=TITLE, subtitle="Kap. 621", origin=cohort.origin
    ) as bundle:
        bundle.chapter("summary")
        bundle.say(protocol.question)
        bundle.say(nav.show.sentence(incidence, at=365, language=language), kind="emphasis")
        bundle.add("til-arbeid", incidence, cause="job", at=[182, 365])
        bundle.chapter("results")
        bundle.chapter("Mer", level=2)
        bundle.add("hvor", incidence, drawing="stacked", at=[182, 365])
        bundle.add("staying", nav.release(cohort.survival_curve(by="sex")), at=182)
        bundle.add("forskjell", nav.release(cohort.contrast(by="sex", reference="Mann", at=[182, 365])))
        bundle.add("kontor", hidden)
        bundle.add("test", nav.release(cohort.logrank_test(by="sex")))
        bundle.add("snitt", nav.release(cohort.restricted_mean(horizon=365, by="sex")))
        bundle.add("flyt", nav.release(cohort.flow))
        bundle.add("merknader", nav.release(spells.log))
        bundle.points(["a", TITLE])
        bundle.say("Liten skrift.", kind="note")
    return folder / language


def people(groups: tuple[str, ...] = ("a", "b"), synthetic: bool = True) -> nav.Cohort:
    rng = np.random.default_rng(4)
    number = 150 * len(groups)
    frame = pd.DataFrame({"group": np.repeat(groups, 150), "time": np.ceil(rng.gamma(1.5, 120, number))})
    frame["ending"] = rng.choice(["job", "other"], number)
    return nav.Cohort.from_frame(
        frame, time="time", ending="ending", censored="still", outcome="job", arm="group", reference=groups[0],
        origin=nav.Origin((("uttrekk.csv", "0" * 64),), date(2020, 6, 30), synthetic),
    )  # fmt: skip


def small(folder: Path, note: str = "", synthetic: bool = True, language: str = "nb") -> Path:
    """A report with one figure; ``note`` makes it another one."""
    with nav.Bundle(folder, language=language, title="Liten") as bundle:
        bundle.say(note or "Ingenting.")
        bundle.add("kurve", nav.release(people(("a",), synthetic).survival_curve()), at=182)
    return folder / language


def digests(bundle: Path) -> dict[str, str]:
    """Every file of a bundle but the manifest, and the sha256 of its bytes."""
    files = [path for path in bundle.rglob("*") if path.is_file() and path != bundle / "manifest.json"]
    return {path.relative_to(bundle).as_posix(): sha256(path.read_bytes()).hexdigest() for path in sorted(files)}


def is_whole(bundle: Path) -> bool:
    """Whether the manifest lists every file, with its right hash, and nothing else."""
    return json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))["outputs"] == digests(bundle)


if __name__ == "__main__":
    whole(Path(sys.argv[2]), sys.argv[3], Path(sys.argv[1]))
