"""What does a code of Nav, of KOSTRA or of a municipality's own mean? Labels, exit classes and other spellings.

Facts from ``nav_codes.csv``, one code a row with its source. A word that is no code is refused; one that comes near is
proposed, never put in.
"""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib import resources
from pathlib import Path

from navoutcomes.errors import DataProblem, door, named
from navoutcomes.records.columns.codebook import EXIT_CLASSES, plain
from navoutcomes.texts import Text

PROGRAMME = "programme"
PROGRAMME_SETS = ("tiltakskode", "arena_tiltakskode_legacy", "municipal_programme")
STAGES = ("not_started", "waiting", "at_risk", "ended", "not_job", "activity")
COLUMNS = ("code", "nb", "nn", "en")
SUGGESTIONS, NEAR = 3, 0.7


@dataclass(frozen=True)
class Code:
    """One code: its ``label`` in three languages, the exit class or stage it stands for, and how else it is written.

    ``arena`` are codes in Arena, ``former`` older codes, ``misspelt`` spellings that systems in use write.
    """

    code: str
    label: Text
    exit_class: str | None = None
    arena: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    misspelt: tuple[str, ...] = ()
    source: str = ""

    @property
    def other_spellings(self) -> tuple[str, ...]:
        """Everything that means this code but the code itself."""
        return (*self.arena, *self.former, *self.misspelt)


@dataclass(frozen=True)
class CodeList:
    """The codes a column may hold. ``codes`` in the order of the source.

    Raises: ``DataProblem`` when a code stands twice.
    """

    name: str
    codes: tuple[Code, ...] = field(repr=False)

    def __post_init__(self) -> None:
        keys = [plain(code.code) for code in self.codes]
        twice = [code.code for code, key in zip(self.codes, keys, strict=True) if keys.count(key) > 1]
        if twice:
            raise DataProblem("codes_twice", codes=self.name, twice=tuple(dict.fromkeys(twice)))

    @cached_property
    def _meanings(self) -> dict[str, tuple[Code, ...]]:
        """Everything that is understood, as ``plain`` writes it, and the codes it can mean: codes before labels and
        other spellings."""
        meanings: dict[str, list[Code]] = {}
        for code in self.codes:
            for word in (*code.other_spellings, code.label.nb, code.label.nn, code.label.en):
                if code not in meanings.setdefault(plain(word), []):
                    meanings[plain(word)].append(code)
        meanings |= {plain(code.code): [code] for code in self.codes}
        return {word: tuple(codes) for word, codes in meanings.items()}

    def meaning(self, word: str) -> tuple[Code, ...]:
        """The codes a word can mean: one, several (a code of Arena that has been divided), or none."""
        key = plain(word)
        return self._meanings.get(key, ()) if key else ()

    @door
    def code(self, word: str) -> Code:
        """The code a word means. Capital letters, spaces and underscores do not matter.

        Raises: ``DataProblem`` when it means none, with what comes near, and when it means several.
        """
        found = self.meaning(word)
        if len(found) > 1:
            raise DataProblem("code_ambiguous_word", codes=self.name, choices=tuple(one.code for one in found))
        if not found:
            raise DataProblem("code_unknown_word", codes=self.name, near=self.near(word) or ("–",))
        return found[0]

    def near(self, word: str) -> tuple[str, ...]:
        """The codes a word comes near to, nearest first; never more than three."""
        matches = difflib.get_close_matches(plain(word), list(self._meanings), n=2 * SUGGESTIONS, cutoff=NEAR)
        codes = dict.fromkeys(code.code for match in matches for code in self._meanings[match])
        return tuple(codes)[:SUGGESTIONS]

    @door
    def extended(self, codes: Iterable[Code] | str | Path) -> CodeList:
        """The list with codes of one's own: as ``Code`` values, or a csv file with the columns code, nb, nn and en.

        The file is UTF-8 with comma or semicolon; ``exit_class`` may be a fifth column.
        Raises: ``DataProblem`` when a code is there already, or when the file lacks a column or a label.
        """
        more = _from_file(Path(codes)) if isinstance(codes, str | Path) else tuple(codes)
        return replace(self, codes=(*self.codes, *more))


@door
def code_list(name: str) -> CodeList:
    """Which codes are there? ``programme`` (current, retired in Arena, and municipal), or a set of its own.

    Sets: tiltakskode, arena_tiltakskode_legacy, municipal_programme, deltaker_status, deltaker_aarsak,
    arena_deltakerstatus, arena_aarsak, innsatsgruppe, hovedmal, formidlingsgruppe, kvp_status, kvp_exit, kostra_vklo,
    kostra_arbsit, kostra_trygdesit, kostra_vilkar, kostra_unntak_20a, kostra_sanksjon, nav_status_6m, opphav,
    avtale_annullert_grunn. Raises: ``DataProblem`` naming them for any other name.
    """
    sets = _sets()
    if name == PROGRAMME:
        return CodeList(name, tuple(code for one in PROGRAMME_SETS for code in sets[one]))
    if name not in sets:
        raise DataProblem("option_not_understood", option="code_list", allowed=(PROGRAMME, *sets))
    return CodeList(name, sets[name])


@cache
def _sets() -> dict[str, tuple[Code, ...]]:
    text = resources.files(__package__).joinpath("nav_codes.csv").read_text(encoding="utf-8")
    gathered: dict[str, list[Code]] = {}
    for row in csv.DictReader(line for line in io.StringIO(text) if not line.startswith("#")):
        spellings = [one.split(":", 1) for one in row["aliases"].split("|") if one]
        kinds = {kind: tuple(word for one, word in spellings if one == kind) for kind in ("arena", "old", "misspelt")}
        code = Code(
            row["code"],
            Text(row["nb"], row["nn"], row["en"]),
            row["class"] or None,
            kinds["arena"],
            kinds["old"],
            kinds["misspelt"],
            row["source"],
        )
        gathered.setdefault(row["codeset"], []).append(code)
    return {name: tuple(codes) for name, codes in gathered.items()}


def _from_file(path: Path) -> tuple[Code, ...]:
    file = named(path.name)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise DataProblem("codes_file_unreadable", file=file, columns=COLUMNS) from None
    separator = ";" if text.partition("\n")[0].count(";") >= len(COLUMNS) - 1 else ","
    rows = list(csv.DictReader(io.StringIO(text), delimiter=separator))
    if not rows or not set(COLUMNS) <= set(rows[0]):
        raise DataProblem("codes_file_unreadable", file=file, columns=COLUMNS)
    classes = [(row.get("exit_class") or "").strip() for row in rows]
    bad = [
        at
        for at, (row, one) in enumerate(zip(rows, classes, strict=True), start=2)
        if any(not (row[name] or "").strip() for name in COLUMNS) or (one and one not in EXIT_CLASSES)
    ]
    if bad:
        raise DataProblem("codes_file_row", file=file, columns=COLUMNS, rows=bad, count=len(bad), total=len(rows))
    return tuple(
        Code(row["code"].strip(), Text(*(row[name].strip() for name in ("nb", "nn", "en"))), one or None, source=file)
        for row, one in zip(rows, classes, strict=True)
    )
