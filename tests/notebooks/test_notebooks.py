"""Every notebook runs top to bottom, without a network and without a warning, and says what it should."""

from __future__ import annotations

import base64
import json
import re
import time
from hashlib import sha256
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest

from navoutcomes.errors import DataProblem
from navoutcomes.report.manifest import digest
from navoutcomes.report.notebook import parameters, run
from navoutcomes.report.text_of import text_of
from navoutcomes.show.lint import lint

ROOT = Path(__file__).parents[2]
NOTEBOOKS = ROOT / "notebooks"
CODE = {
    "group", "cause", "term", "measure", "time", "estimate", "std_error", "statistic", "p_value", "conf_low",
    "conf_high", "at_risk", "events", "censored", "exit_class", "published", "what_became", "job", "no_show", "other",
    "low", "high",
}  # fmt: skip
START, INNSATS = NOTEBOOKS / "00_start_here.ipynb", NOTEBOOKS / "01_innsatsgjengen.ipynb"
# The kernel is a process of its own and talks over the loopback; Python loads this before anything else in it.
NO_NETWORK = """
import socket

def guarded(name):
    real = getattr(socket.socket, name)
    def only_here(self, address, *rest):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in ("127.0.0.1", "localhost", "::1"):
            raise OSError("no network in tests")
        return real(self, address, *rest)
    setattr(socket.socket, name, only_here)

for name in ("connect", "connect_ex", "sendto"):
    guarded(name)

looked_up = socket.getaddrinfo
def only_local(host, *rest, **words):
    if host not in (None, "", b"", "localhost", "127.0.0.1", "::1"):
        raise OSError("no network in tests")
    return looked_up(host, *rest, **words)
socket.getaddrinfo = only_local
"""


@pytest.fixture(autouse=True)
def _offline(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Kernels started by a test have no network but the loopback."""
    place = tmp_path_factory.mktemp("offline")
    (place / "sitecustomize.py").write_text(NO_NETWORK)
    monkeypatch.setenv("PYTHONPATH", str(place))


def outputs(book: Any) -> list[Any]:
    return [one for cell in book.cells if cell.cell_type == "code" for one in cell.outputs]


def pictures(book: Any) -> list[tuple[bytes, str]]:
    """Pictures that are shown, each with its alternative text ("" where it has none)."""
    shown = [one for one in outputs(book) if "image/png" in one.get("data", {})]
    return [
        (base64.b64decode(one["data"]["image/png"]), one.get("metadata", {}).get("image/png", {}).get("alt", ""))
        for one in shown
    ]


def said(book: Any) -> str:
    texts = [one.get("text", "") or one.get("data", {}).get("text/plain", "") for one in outputs(book)]
    return "\n".join(texts)


def test_a_cell_that_reaches_out_is_stopped(tmp_path: Path) -> None:
    for reach in ("socket.create_connection(('192.0.2.1', 80), 2)", "socket.getaddrinfo('example.org', 80)"):
        book = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
        cell = f"import socket\ntry:\n    {reach}\nexcept OSError as refused:\n    print(refused)"
        book.cells.append(nbformat.v4.new_code_cell(cell, id="a"))
        nbformat.write(book, tmp_path / "out.ipynb")
        assert said(run(tmp_path / "out.ipynb")) == "no network in tests\n"


def test_a_warning_is_a_failure_when_a_notebook_is_run_strictly(tmp_path: Path) -> None:
    book = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    book.cells.append(nbformat.v4.new_code_cell("import warnings\nwarnings.warn('x')\n'done'", id="a"))
    nbformat.write(book, tmp_path / "warns.ipynb")
    run(tmp_path / "warns.ipynb")
    with pytest.raises(DataProblem) as refused:
        run(tmp_path / "warns.ipynb", strict=True)
    assert refused.value.facts["kind"] == "UserWarning"


def test_every_notebook_here_is_run_by_a_test() -> None:
    """Each is named in one of the files here."""
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    found = [path.name for path in NOTEBOOKS.rglob("*.ipynb") if "checkpoint" not in path.name]
    assert len(found) >= 2
    assert [name for name in found if f'"{name}"' not in tests] == []


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_first_notebook_runs_in_each_language(language: str) -> None:
    before = digest(START)
    started = time.monotonic()
    book = run(START, {"language": language}, strict=True)
    assert time.monotonic() - started < 120
    assert digest(START) == before
    shown = pictures(book)
    assert len(shown) == 3
    assert sum(len(alt) > 60 for _, alt in shown) == 2
    assert all(len(picture) > 10_000 for picture, _ in shown)
    word = {"nb": "uten støtte", "nn": "utan støtte", "en": "no aid"}[language]
    assert word in shown[0][1]
    assert not any("Internt utkast" in alt or "Internal draft" in alt for _, alt in shown)
    sentence = {"nb": "Forskjell i andel", "nn": "Skilnad i del", "en": "Risk difference"}[language]
    assert sentence in said(book)


def test_the_evaluation_runs_ends_at_the_published_shares_and_writes_its_reports(tmp_path: Path) -> None:
    """One run, as it takes its time; every statement about it has a function of its own."""
    before, started = digest(INNSATS), time.monotonic()
    book = run(INNSATS, {"reports": str(tmp_path)}, strict=True)
    assert time.monotonic() - started < 120
    assert digest(INNSATS) == before
    shows_its_figures(book)
    ends_at_the_published_shares(book)
    has_no_heading_of_code(book)
    assert {path.name for path in tmp_path.iterdir()} == {"innsatsgjengen", "release-register.json"}
    for language in ("nb", "nn", "en"):
        is_whole(tmp_path / "innsatsgjengen" / language, language)
        speaks_of_no_effect(tmp_path / "innsatsgjengen" / language)
        proof_reads(tmp_path / "innsatsgjengen" / language, language)
    says_the_numbers_of_its_tables(tmp_path / "innsatsgjengen" / "nb")


def shows_its_figures(book: Any) -> None:
    shown = pictures(book)
    assert len(shown) == 4
    assert all(alt.startswith("Syntetiske data. ") and len(picture) > 10_000 for picture, alt in shown)
    assert not [one for one in outputs(book) if one.output_type == "error" or one.get("name") == "stderr"]
    written = nbformat.read(INNSATS, as_version=4)
    assert [cell.id for cell in book.cells] == [cell.id for cell in written.cells]
    changed = [one for one, other in zip(book.cells, written.cells, strict=True) if one.source != other.source]
    assert [cell.metadata.get("tags") for cell in changed] == [["parameters"]]


def ends_at_the_published_shares(book: Any) -> None:
    """The table of all who are followed to the end has the published counts and shares."""
    shown = [
        table for one in outputs(book) for table in [one.get("data", {}).get("text/html", "")] if "<table" in table
    ]
    cells = [re.findall(r"<t[dh][^>]*>([^<]*)</t[dh]>", row) for table in shown for row in table.split("<tr>")]
    ends = {tuple(row[1:4]) for row in cells if row[:1] == ["540\u00a0dager"]}
    published = (("Arbeid", 147), ("Manglende oppmøte", 192), ("Andre årsaker", 317))
    assert ends == {(name, str(n), f"{100 * n / 656:.1f}\u00a0%".replace(".", ",")) for name, n in published}


def has_no_heading_of_code(book: Any) -> None:
    """Tables are headed in Norwegian: no name of a result's column stands at the head of one."""
    shown = [one.get("data", {}).get("text/html", "") for one in outputs(book)]
    heads = {head.strip() for table in shown for head in re.findall(r"<th[^>]*>([^<]*)</th>", table)}
    assert len(heads) > 5
    assert heads & CODE == set()


def is_whole(bundle: Path, language: str) -> None:
    manifest = json.loads((bundle / "manifest.json").read_text(encoding="utf-8"))
    files = {path.relative_to(bundle).as_posix() for path in bundle.rglob("*") if path.is_file()}
    assert files - {"manifest.json"} == set(manifest["outputs"])
    for name, expected in manifest["outputs"].items():
        assert sha256((bundle / name).read_bytes()).hexdigest() == expected
    assert manifest["language"] == language
    assert manifest["synthetic"] is True
    assert {"rapport.docx", "rapport.html", "rapport.pdf"} <= files


def speaks_of_no_effect(bundle: Path) -> None:
    html = (bundle / "rapport.html").read_text(encoding="utf-8")
    body = re.sub(r"<[^>]*>|data:[^\"]*", " ", html[html.index("<body>") :])
    assert len(body) > 2000
    assert not re.search(r"effekt|førte til|\bvirkning|\beffects?\b|led to|caused", body, re.IGNORECASE)


def proof_reads(bundle: Path, language: str) -> None:
    """No English word in Norwegian, no claimed cause, no share of an unnamed number."""
    assert lint(text_of(bundle / "rapport.html"), language).slips == ()


def says_the_numbers_of_its_tables(bundle: Path) -> None:
    """A difference that gave way to what the report shows already is told as it stands there."""
    table = pd.read_csv(bundle / "tables" / "kvinner-og-menn.csv")
    said = [f"{100 * value:.1f}".replace(".", ",").replace("-", "−") for value in table["estimate"]]
    text = text_of(bundle / "rapport.html").replace("\u00a0", " ")
    assert len(said) == 3
    assert [one for one in said if f" {one} prosentpoeng" not in text] == []


def test_parameters_are_known_before_a_run() -> None:
    assert parameters(START) == {"language": "nb"}
    assert set(parameters(INNSATS)) == {"extract", "early_extract", "reports", "language"}
