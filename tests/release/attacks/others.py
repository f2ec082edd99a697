"""Attacks on models, on metadata and notebooks, and on messages and logs."""

from __future__ import annotations

import json
import math
import re

from claims import Claim
from counting import chosen, system_of
from reading import manifests, tables, words, workbooks
from worlds import ENDINGS, World


def told(where: str) -> Claim:
    """Something that must not be seen was seen."""
    return Claim(1, 1, {"seen": where})


# --- models: four ---------------------------------------------------------------------------------------------------


def rows_of(world: World, name: str) -> list[tuple[object, dict[str, str]]]:
    return [
        (table, row)
        for table in tables(world.root)
        if name in (table.rows[0] if table.rows else {})
        for row in table.rows
    ]


def counts_behind_a_model(world: World) -> list[Claim]:
    """The number of people or endings that stands beside a coefficient."""
    found = []
    for table, row in rows_of(world, "term"):
        for name in ("events", "at_risk"):
            number = table.numbers(row, name)  # type: ignore[attr-defined]
            if number is not None and 0 < number < world.threshold:
                found.append(told(f"{name} of {row['term']}"))
    return found


def endings_from_an_interval(world: World) -> list[Claim]:
    """The width of a hazard ratio's interval says how many ended: 1/a + 1/b. With one group's number, the other's."""
    found = []
    for table, row in rows_of(world, "term"):
        low, high = table.numbers(row, "conf_low"), table.numbers(row, "conf_high")  # type: ignore[attr-defined]
        if not low or not high or low <= 0 or "ratio" not in row.get("measure", "ratio"):
            continue
        spread = (math.log(high) - math.log(low)) / (2 * 1.959964)
        total = system_of(world, tables(world.root)).reach(chosen({"ending": "job"}))
        if total[0] != total[1] or spread <= 0:
            continue
        # a + b = total and 1/a + 1/b = spread squared: the smaller root, to the nearest person, if it is exact enough.
        product = total[0] / spread**2
        inside = total[0] ** 2 - 4 * product
        if inside >= 0:
            fewer = (total[0] - math.sqrt(inside)) / 2
            for sex in ("Kvinne", "Mann"):
                found.append(Claim(math.floor(fewer), math.ceil(fewer), {"sex": sex, "ending": "job"}))
    return found


def observed_at_an_office(world: World) -> list[Claim]:
    """An office's observed share times its people."""
    found = []
    for table, row in rows_of(world, "measure"):
        share, size = table.numbers(row, "estimate"), table.numbers(row, "at_risk")  # type: ignore[attr-defined]
        if "observed" in row["measure"] and share is not None and size and row["group"] in traits_known(world):
            count = share * size
            if abs(count - round(count)) < 0.02:
                found.append(Claim(round(count), round(count), {"office": row["group"], "ending": "job"}, (0, 12)))
    return found


def traits_known(world: World) -> set[str]:
    return set(world.people["office"])


def unknown_office_from_the_rest(world: World) -> list[Claim]:
    """Everybody less the offices that are shown, when one is left out."""
    found = []
    for table in tables(world.root):
        shown = {
            row["group"]: table.numbers(row, "at_risk") for row in table.rows if "observed" in row.get("measure", "")
        }
        missing = set(world.people["office"]) - set(shown)
        if shown and len(missing) == 1 and None not in shown.values():
            rest = len(world.people) - sum(number or 0.0 for number in shown.values())
            found.append(Claim(rest, rest, {"office": missing.pop()}))
    return found


MODELS = (counts_behind_a_model, endings_from_an_interval, observed_at_an_office, unknown_office_from_the_rest)
assert len(MODELS) == 4


# --- metadata and notebooks: six ------------------------------------------------------------------------------------


def canaries_in_files(world: World) -> list[Claim]:
    """A person's own name or number in any file, also inside the zipped ones."""
    return [told(name) for name, text in words(world.root) if "CANARY" in text]


def canaries_in_cells(world: World) -> list[Claim]:
    """A person in a cell, a comment, a hidden name or a property of a workbook."""
    return [told(name) for name, text in workbooks(world.root) if "CANARY" in text]


def paths_and_clocks(world: World) -> list[Claim]:
    """Where and by whom the report was made."""
    here = str(world.root)
    return [told(name) for name, text in words(world.root) if here in text or "/tmp/" in text or "/home/" in text]


def small_numbers_remembered(world: World) -> list[Claim]:
    """A small count in the register beside the reports."""
    found = []
    for file in sorted(world.root.rglob("release-register.json")):
        for entry in json.loads(file.read_text(encoding="utf-8"))["released"]:
            for table in entry["tables"]:
                for one in table.get("counts", []):
                    if isinstance(one[3], int | float) and 0 < one[3] < world.threshold:
                        found.append(told(file.name))
    return found


def sheets_and_parts_nobody_sees(world: World) -> list[Claim]:
    """Comments, revisions, embedded data or hidden text in a document."""
    found = []
    for name, text in words(world.root):
        if re.search(r"comments\.xml|embeddings/|customXml/item", name) and "CANARY" in text:
            found.append(told(name))
        if name.endswith("document.xml") and re.search(r"<w:(del|ins|vanish|comment)\b", text):
            found.append(told(name))
    return found


def words_of_pictures(world: World) -> list[Claim]:
    """A small number of persons in an alternative text, a title, a description or a footnote of a picture."""
    found = []
    few = "|".join(str(number) for number in range(1, world.threshold))
    pattern = re.compile(rf"(?<![\d,.\u00a0\u202f])({few}) (?:person|personer|personar|persons|people)\b")
    for name, text in words(world.root):
        if name.endswith((".svg", ".png", ".html")) or "document.xml" in name:
            plain = re.sub(r"<style.*?</style>|data:[^\"')]+|d=\"[^\"]*\"", "", text, flags=re.DOTALL)
            for spot in pattern.finditer(plain):
                # The rule itself may be said: "at least 5 persons", "fewer than 5".
                if not re.search(
                    r"(?:minst|færre enn|inntil|under|least|fewer than|up to|mindre enn)\s*$", plain[: spot.start()]
                ):
                    found.append(told(f"{name}: {spot.group(1)}"))
    return found


METADATA = (
    canaries_in_files, canaries_in_cells, paths_and_clocks, small_numbers_remembered, sheets_and_parts_nobody_sees,
    words_of_pictures,
)  # fmt: skip
assert len(METADATA) == 6


# --- messages and logs: four ----------------------------------------------------------------------------------------


def canaries_in_messages(world: World) -> list[Claim]:
    """A person in a refusal, a warning or a printed result."""
    return [told(text[:60]) for text in world.said if "CANARY" in text]


def small_counts_in_messages(world: World) -> list[Claim]:
    """A refusal or a warning that says how few there were."""
    few = "|".join(str(number) for number in range(1, world.threshold))
    said = re.compile(
        rf"\b(?:bare|berre|only|har|has|er det|are)\s+({few})\s+"
        r"(?:person|personer|personar|persons|people|avslutning\w*|endings)\b"
    )
    return [told(text[:80]) for text in world.said if said.search(text)]


def small_counts_in_decisions(world: World) -> list[Claim]:
    """What was done to protect a result, as the manifest tells it, with how few it was done for."""
    found = []
    few = "|".join(str(number) for number in range(1, world.threshold))
    said = re.compile(rf"\b(?:bare|berre|only)\s+({few})\s")
    for told_of in manifests(world.root):
        found += [told(str(name)) for name, notes in dict(told_of["decisions"]).items() if said.search(" ".join(notes))]  # type: ignore[call-overload]
    return found


def printed_results(world: World) -> list[Claim]:
    """A small number in the table of a released result as it is printed in a notebook."""
    found = []
    names = set(ENDINGS)
    for text in world.said:
        for line in text.splitlines():
            parts = line.split()
            if (
                len(parts) > 3
                and names & set(parts[:4])
                and parts[-1].isdigit()
                and 0 < int(parts[-1]) < world.threshold
            ):
                found.append(told(line[:60]))
    return found


MESSAGES = (canaries_in_messages, small_counts_in_messages, small_counts_in_decisions, printed_results)
assert len(MESSAGES) == 4
