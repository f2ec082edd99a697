"""A notebook in a project of its own, small enough to be run many times."""

from __future__ import annotations

from pathlib import Path

import nbformat

PARAMETERS = 'extract = "data/uttrekk.csv"\nhorizon = 180\nreports = "reports"\nlanguage = "nb"'
CELLS = (
    "from pathlib import Path\nimport navoutcomes as nav",
    "spells = nav.Spells.from_extract(nav.read(extract))",
    "cohort = nav.Cohort.assemble(nav.Protocol(question='?', time_zero='start', outcome='job'), spells)",
    "mean = nav.release(cohort.restricted_mean(horizon))",
    "with nav.Bundle(Path(reports) / 'liten', language=language, title='Liten', origin=cohort.origin) as bundle:\n"
    "    bundle.add('snitt', mean, drawing='none')",
)


def project(folder: Path, cells: tuple[str, ...] = CELLS, parameters: str = PARAMETERS) -> Path:
    """The notebook, its data, and the mark of a project."""
    (folder / "data").mkdir(parents=True)
    (folder / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
    rows = [f"P-{one};{1 + one % 28:02}.01.2019;{1 + one % 27:02}.{2 + one % 9:02}.2019;Arbeid" for one in range(120)]
    text = "Løpenummer;fom;tom;Sluttårsak\n" + "\n".join(rows) + "\n"
    (folder / "data" / "uttrekk.csv").write_text(text, encoding="utf-8")
    book = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    book.cells = [nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]}, id="p")]
    for at, cell in enumerate(cells):
        book.cells += [
            nbformat.v4.new_markdown_cell(f"## {at + 1}. Steg", id=f"m{at}"),
            nbformat.v4.new_code_cell(cell, id=f"c{at}"),
        ]
    nbformat.write(book, folder / "liten.ipynb")
    return folder / "liten.ipynb"
