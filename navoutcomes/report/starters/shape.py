"""What an extract looks like to somebody who is about to ask a question of it: columns, kinds, common words."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from navoutcomes.errors import DataWarning, DesignProblem
from navoutcomes.records.columns.codebook import EXIT_CLASSES, plain
from navoutcomes.records.extract import Extract, read
from navoutcomes.records.spells.stays import Spells
from navoutcomes.records.synthetic.extracts import synthetic

MODELS: Mapping[str, str] = MappingProxyType(
    {"job": "aktivtiltaket", "ips": "ips_and_standard", "dropout": "innsatsgjengen"}
)
MODEL_TERMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "job": ("Måneder på sosialhjelp før", "Nedsatt arbeidsevne"),
        "ips": ("Alder ved start", "Kjønn", "Psykiske helseplager", "Måneder på sosialhjelp før"),
        "dropout": ("Kjønn", "Fødselsår", "Måneder på sosialhjelp før"),
    }
)
USUAL_TERMS = ("age", "sex")
OFFICES = ("office", "Team", "Kommune", "municipality_no", "Kontor")
NO_ENDING = ("censored", "administrative", "never_started", "exclude")
COMMON = 5


@dataclass(frozen=True, eq=False)
class Shape:
    """An extract and its spells, with the questions a new evaluation asks of them."""

    extract: Extract
    spells: Spells

    @classmethod
    def of_model(cls, design: str) -> Shape:
        """The invented people the design is tried on."""
        return cls._of(synthetic(MODELS[design]))

    @classmethod
    def of_file(cls, data: Path, mapping: Path | None) -> Shape:
        """An office's own file. Raises: ``DataProblem`` when it cannot be read; then nothing is written."""
        return cls._of(read(data, mapping=mapping))

    @classmethod
    def _of(cls, extract: Extract) -> Shape:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DataWarning)
            return cls(extract, Spells.from_extract(extract))

    @property
    def columns(self) -> list[str]:
        """The names columns have after reading."""
        return [str(name) for name in self.spells.frame.columns]

    def column(self, said: str) -> str:
        """The column somebody means, by its header in the file or its name. Raises: ``DesignProblem``."""
        by_header = {plain(header): name for name, header in self.extract.headers.items()}
        by_name = {plain(name): name for name in self.columns}
        found = by_name.get(plain(said)) or by_header.get(plain(said))
        if found is None or found not in self.columns:
            headers = [self.extract.headers.get(name, name) for name in self.columns]
            raise DesignProblem("starter_column", column=said, columns_found=headers)
        return found

    def has(self, said: str) -> str | None:
        """The same, or None."""
        try:
            return self.column(said)
        except DesignProblem:
            return None

    def header(self, name: str) -> str:
        """What the office calls a column."""
        return str(self.extract.headers.get(name, name))

    def is_number(self, name: str) -> bool:
        """Does the column hold numbers?"""
        values = self.spells.frame[name]
        return pd.api.types.is_numeric_dtype(values) and not pd.api.types.is_bool_dtype(values)

    def words(self, name: str) -> tuple[str, ...]:
        """The words of a column that at least five rows have, the most common first."""
        number = self.spells.frame[name].dropna().astype(str).value_counts()
        return tuple(str(word) for word in number.index[number >= COMMON])

    def classes(self) -> tuple[str, ...]:
        """The exit classes of the file, or its own words where it has others."""
        return tuple(sorted({str(one) for one in self.spells.frame["exit_class"].dropna().unique()} - {*NO_ENDING}))

    def own_words(self) -> bool:
        """Does the file speak of endings in words only the office knows?"""
        return not set(self.classes()) <= set(EXIT_CLASSES)

    def office(self) -> str:
        """The column that tells offices apart, "" when there is none."""
        return next((found for said in OFFICES if (found := self.has(said))), "")

    def terms(self, design: str) -> tuple[str, ...]:
        """What such an evaluation usually adjusts for, as far as the file has it."""
        usual = dict.fromkeys(found for said in (*MODEL_TERMS[design], *USUAL_TERMS) if (found := self.has(said)))
        chosen = [name for name in usual if name in {self.has(said) for said in MODEL_TERMS[design]}]
        return tuple(chosen) if len(chosen) > 1 else tuple(usual)
