"""Which notebook, which parameters, which code: told by the runner to the kernel, and written into every manifest.

No path of a machine gets in: a notebook is named within its project, and a parameter that leads elsewhere is named
without its value and has to be given again.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import sys
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path, PureWindowsPath
from typing import Any

from navoutcomes.records.identity.identifiers import holds_identity_number

RUN = "NAVOUTCOMES_RUN"
# The parameter of a notebook that says where its reports go: a place, and no part of what they say.
REPORTS = "reports"
PROJECT = ("pyproject.toml", "environment.yml", ".git")
SOURCES = (".py", ".toml", ".csv", ".typ", ".css", ".xml", ".html")


def told(notebook: Path, cells: list[str], parameters: Mapping[str, Any]) -> str:
    """What the kernel is told of the run, as json."""
    notebook = notebook.resolve()
    root = project_of(notebook)
    known = {name: value for name, value in parameters.items() if name != REPORTS}
    withheld = sorted(name for name, value in known.items() if not _portable(value, notebook.parent, root))
    return json.dumps(
        {
            "notebook": notebook.relative_to(root).as_posix(),
            "sha256": code_of(cells),
            "parameters": {name: value for name, value in known.items() if name not in withheld},
            "withheld": withheld,
        }
    )


def current() -> dict[str, Any]:
    """The run this process is a part of; empty for a notebook that is run by hand."""
    try:
        run = json.loads(os.environ.get(RUN, "{}"))
    except ValueError:
        return {}
    return run if isinstance(run, dict) else {}


def code_of(cells: list[str]) -> str:
    """The checksum of a notebook's code; its words and its outputs make no numbers."""
    return hashlib.sha256(json.dumps(cells, ensure_ascii=False).encode()).hexdigest()


def project_of(notebook: Path) -> Path:
    """The folder of the project a notebook belongs to, else its own."""
    found = (folder for folder in notebook.parents if any((folder / mark).exists() for mark in PROJECT))
    return next(found, notebook.parent)


def machine() -> str:
    """System and processor family, as linux-x86_64: what wheels are made for, and nothing of whose it is."""
    return f"{sys.platform}-{platform.machine().lower()}"


@cache
def package_sha256() -> str:
    """The checksum of this package's own code and texts, whatever line breaks the disk has."""
    found = hashlib.sha256()
    root = Path(str(resources.files("navoutcomes")))
    for path in sorted(root.rglob("*"), key=lambda path: path.relative_to(root).as_posix()):
        if path.suffix in SOURCES and path.is_file():
            found.update(path.relative_to(root).as_posix().encode() + b"\0")
            found.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return found.hexdigest()


def _portable(value: Any, beside: Path, root: Path) -> bool:
    if not isinstance(value, str):
        return True
    windows = PureWindowsPath(value)
    if windows.drive or windows.root or value.startswith("~") or holds_identity_number(value):
        return False
    if "/" not in value and "\\" not in value:
        return True
    return Path(os.path.normpath(beside / value.replace("\\", "/"))).is_relative_to(root)
