"""Which column means what, when the office calls it something of its own? A small file to edit, safe to read."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from navoutcomes.errors import DataProblem, named
from navoutcomes.records.columns.codebook import KINDS, plain

T = TypeVar("T")
SETTING = "NAVOUTCOMES_CONFIG"
OWN_NAME, LEFT_OUT = "", "-"
_TEXTS = (str, list)
OPTIONS: Mapping[str, tuple[type, ...]] = MappingProxyType(
    {
        "sheet": (str,),
        "header_row": (int,),
        "extracted": (str,),
        "date_format": (str, dict),
        "pivot_year": (int, dict),
        "excel_serial": (bool,),
        "decimal": (str, dict),
        "thousands": (str, dict),
        "missing": _TEXTS,
        "missing_dates": (list,),
        "window": (list,),
        "end_inclusive": (bool,),
        "blank_id": (str,),
        "repair_mojibake": (bool,),
        "melt": _TEXTS,
    }
)
_LINE = re.compile(r"line (\d+)")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True)
class ColumnMapping:
    """What the columns of a file are, as an office has written it down.

    ``columns`` from headers to standard names ("" keeps the header as the name, "-" leaves the column out), ``kinds``
    from headers to one of ``id date number integer word flag``, ``read`` options of ``nav.read`` by name, ``words``
    from headers to the office's own words for a cell and the words they are to be read as ("" leaves a word as it is).
    """

    columns: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    kinds: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    read: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    file: str = ""
    words: Mapping[str, Mapping[str, str]] = field(default_factory=lambda: _NOTHING)

    def target(self, header: str) -> str | None:
        """The standard name of a header, or None when nothing is said of it."""
        return _of(self.columns, header)

    def kind(self, header: str) -> str | None:
        """The kind of a column, or None when nothing is said of it."""
        return _of(self.kinds, header)

    def read_as(self, header: str) -> Mapping[str, str]:
        """The words of a column that are to be read as others."""
        said = _of(self.words, header) or {}
        return {word: meant for word, meant in said.items() if meant}

    def absent(self, headers: tuple[str, ...]) -> list[str]:
        """Headers the mapping speaks of and the file does not have."""
        there = {plain(header) for header in headers}
        spoken = dict.fromkeys((*self.columns, *self.kinds, *self.words))
        return [header for header in spoken if plain(header) not in there]


def mapping_of(given: str | Path | Mapping[str, Any] | ColumnMapping | None) -> ColumnMapping:
    """The mapping a caller gives: a TOML file, its content as a mapping, or none; then the office's own file, when the
    variable NAVOUTCOMES_CONFIG names one.

    Raises: ``DataProblem`` when the file is not there, is no TOML, has keys or values that mean nothing, or, for the
    office's own file, belongs to somebody else.
    """
    if isinstance(given, ColumnMapping):
        return given
    if isinstance(given, Mapping):
        return _checked(given, "mapping=")
    if given is None:
        office = os.environ.get(SETTING)
        return _read(_own(Path(office))) if office else ColumnMapping()
    return _read(Path(given))


def with_options(options: dict[str, Any], defaults: Mapping[str, Any], mapping: ColumnMapping) -> dict[str, Any]:
    """The caller's options, and where the caller said nothing, what the mapping says."""
    said = {name: value for name, value in mapping.read.items() if options[name] == defaults[name]}
    for name in ("missing", "missing_dates", "window", "melt"):
        if isinstance(said.get(name), list):
            said[name] = tuple(said[name])
    return options | said


def _read(path: Path) -> ColumnMapping:
    file = named(path.name)
    if not _is_there(path):
        raise DataProblem("file_not_found", file=file)
    content, line = None, "?"
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except (UnicodeDecodeError, OSError):
        line = "1"
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        line = found[1] if found else "?"
    except RecursionError:
        line = "?"
    if content is None:
        raise DataProblem("mapping_no_toml", file=file, line=line)
    return _checked(content, file)


def _own(path: Path) -> Path:
    """The file, when it is the user's own: on POSIX somebody else's settings could point anywhere."""
    if not _is_there(path):
        raise DataProblem("settings_not_found", path=_path(path), setting=SETTING)
    if hasattr(os, "geteuid") and path.stat().st_uid != os.geteuid():
        raise DataProblem("settings_not_yours", path=_path(path), setting=SETTING)
    return path


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _path(path: Path) -> str:
    text = str(path)
    return text if len(text) <= 200 else f"…{text[-199:]}"


def _checked(content: Mapping[str, Any], file: str) -> ColumnMapping:
    parts = ("columns", "kinds", "read", "words")
    unknown = [key for key in content if key not in parts or not isinstance(content[key], Mapping)]
    unknown += [f"read.{key}" for key in content.get("read", {}) if not unknown and key not in OPTIONS]
    if unknown:
        raise DataProblem("mapping_keys_unknown", file=file, columns=unknown, allowed=(*parts, *OPTIONS))
    columns, kinds, read, words = (dict(content.get(part, {})) for part in parts)
    wrong = [f"columns.{key}" for key, value in columns.items() if not isinstance(value, str)]
    wrong += [f"kinds.{key}" for key, value in kinds.items() if value not in KINDS]
    wrong += [f"read.{key}" for key, value in read.items() if not _fits(key, value)]
    wrong += [f"words.{key}" for key, value in words.items() if not _translates(value)]
    if wrong:
        raise DataProblem("mapping_values_wrong", file=file, columns=wrong, kinds=KINDS)
    return ColumnMapping(columns, kinds, read, file, words)


def _fits(key: str, value: Any) -> bool:
    """Is the value of the right kind? True is no whole number."""
    return isinstance(value, OPTIONS[key]) and (bool in OPTIONS[key] or not isinstance(value, bool))


def _translates(value: Any) -> bool:
    """Does it say which word becomes which?"""
    return isinstance(value, Mapping) and all(isinstance(word, str) for word in value.values())


def _of(said: Mapping[str, T], header: str) -> T | None:
    if header in said:
        return said[header]
    alike = [value for key, value in said.items() if plain(key) == plain(header) != ""]
    return alike[0] if len(alike) == 1 else None
