"""The appendices of a form: tables and their files, codebook, methods, TARGET checklist, run log."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from navoutcomes.design.protocol import Protocol
from navoutcomes.design.terms import Interaction
from navoutcomes.report.blocks import Block, FigureBlock, Heading, Paragraph, TableBlock
from navoutcomes.report.chapters import FORMS, Written, chapter_name, governor, in_order, numbered, unwritten
from navoutcomes.report.methods import Added, methods
from navoutcomes.report.particulars import Particulars, day_text
from navoutcomes.report.run_log import run_log
from navoutcomes.report.target_checklist import Stated, target_checklist
from navoutcomes.show.lettering import one_line
from navoutcomes.show.table import PrintedTable
from navoutcomes.show.words import ending, term_name, word
from navoutcomes.texts import spoken

logger = logging.getLogger("navoutcomes")
# Rows of a table that still stands in its chapter.
LONGEST = 20
APPENDICES = ("tables", "codebook", "methods", "target", "run_log")


@dataclass(frozen=True)
class Run:
    """All that a report is made from: ``facts`` are the manifest's, ``written`` the chapters' blocks."""

    form: str | None
    language: str
    protocol: Protocol | None
    added: Sequence[Added]
    written: Sequence[Written]
    facts: dict[str, Any]
    about: Particulars

    @property
    def missing(self) -> tuple[str, ...]:
        """What nobody has written, in words."""
        return missing(self.form, self.written, self.about, self.language)


def missing(form: str | None, written: Sequence[Written], about: Particulars, language: str) -> tuple[str, ...]:
    """The chapters of a form that nobody has written in, and the particulars that were left out."""
    if form is None:
        return ()
    chapters = [
        word("missing_chapter", language, number=FORMS[form].index(one), name=chapter_name(form, one, language))
        for one in unwritten(written, form)
    ]
    return (*chapters, *(word(f"particular_{fact}", language) for fact in about.left_out))


def tell_missing(run: Run) -> None:
    """Say what a form still lacks to whoever runs the program; nothing where it lacks nothing."""
    if run.missing:
        said = word("report_lacks", run.language, count=len(run.missing), what="; ".join(run.missing))
        logger.warning(said)


def occasion(run: Run) -> str:
    """To whom a form goes and on which day, as it stands under the title; empty for a free report."""
    if run.form is None:
        return ""
    language, about = run.language, run.about
    to = governor(about.date, language)
    county = one_line(spoken(about.county, language))
    said = word("report_to_county" if county else "report_to", language, governor=to, county=county)
    return f"{said}, {day_text(about.date, language)}" if about.date else said


def assembled(run: Run) -> tuple[Block, ...]:
    """All blocks of the report in their order, with the numbers of figures and tables, and a form's appendices."""
    in_chapters = in_order(run.written, run.form, run.language, run.about.date)
    if run.form is None:
        return numbered(in_chapters, run.language)
    name = word("appendix", run.language, letter="A", name=word("appendix_tables", run.language))
    shortened = numbered([_pointed(block, name, run.language) for block in in_chapters], run.language)
    long = [block for block in in_chapters if _long(block)]
    return (*shortened, *numbered(appendices(run, run.form, shortened, long), run.language, shortened))


def _long(block: Block) -> bool:
    return isinstance(block, TableBlock) and len(block.table.rows) > LONGEST


def _pointed(block: Block, appendix: str, language: str) -> Block:
    """The block itself, or for a long table where it stands."""
    if isinstance(block, TableBlock) and _long(block):
        return Paragraph(word("table_in_appendix", language, name=block.caption, appendix=appendix), "note")
    return block


def appendices(run: Run, form: str, before: Sequence[Block], long: Sequence[Block]) -> tuple[Block, ...]:
    """The appendices' blocks. ``long`` the tables too long for a chapter; ``before`` the chapters' blocks, with
    the numbers of figures and tables.

    The checklist is for comparisons alone: a report without arms emulates no trial.
    """
    compares = run.protocol is not None and run.protocol.arms is not None
    kinds = [kind for kind in APPENDICES if kind != "target" or compares]
    letters = dict(zip(kinds, "ABCDE", strict=False))
    names = {
        kind: word("appendix", run.language, letter=letter, name=word(f"appendix_{kind}", run.language))
        for kind, letter in letters.items()
    }
    made: dict[str, list[Block]] = {
        "tables": [*long, *_tables((*before, *numbered(long, run.language, before)), run.language)],
        "codebook": _codebook(run.protocol, run.language),
        "methods": methods(run.added, run.language),
        "run_log": run_log(run.facts, run.about, run.missing, run.language),
    }
    if compares:
        made["target"] = _target(run, form, before, names)
    return tuple(block for kind in kinds for block in (Heading(names[kind]), *made[kind]))


def _tables(blocks: Sequence[Block], language: str) -> list[Block]:
    """Every table and figure with its file."""
    rows = [(caption.partition(". ")[0], caption.partition(". ")[2], block.name)
            for block in blocks if isinstance(block, TableBlock | FigureBlock) and block.name
            for caption in (block.caption,)]  # fmt: skip
    told = Paragraph(word("tables_told", language, folder="tables"))
    if not rows:
        return [told]
    heads = (word("col_number", language), word("col_contents", language), word("col_file", language))
    printed = PrintedTable(word("appendix_tables_caption", language), heads, tuple(rows), (False,) * 3, (), language)
    return [told, TableBlock(printed, printed.caption)]


def _codebook(protocol: Protocol | None, language: str) -> list[Block]:
    """Endings and the codes they gather, and what each column was used for."""
    if protocol is None:
        return [Paragraph(word("codebook_empty", language))]
    rows: list[tuple[str, str, str]] = []
    for name, classes in protocol.pooled:
        role = word("role_outcome" if name == protocol.outcome else "role_competing", language)
        role = role if classes == (name,) else f"{role} ({ending(name, language)})"
        rows += [(code, ending(code, language), role) for code in classes]
    rows += [(code, ending(code, language), word("role_censoring", language)) for code in protocol.censored_by]
    uses: list[tuple[str, str]] = [(protocol.time_zero, word("role_time_zero", language))]
    uses += [(rule.column, word("role_eligibility", language)) for rule in protocol.eligibility]
    if protocol.arms is not None:
        role = word("role_arm", language, reference=protocol.arms.reference)
        uses.append((protocol.arms.column, role))
    terms = [
        part for term in protocol.adjust_for for part in (term.terms if isinstance(term, Interaction) else (term,))
    ]
    uses += [(term.column, word("role_adjusted", language)) for term in terms]
    roles: dict[str, list[str]] = {}
    for column, role in dict.fromkeys(uses):
        roles.setdefault(column, []).append(role)
    rows += [(column, term_name(column, language), "; ".join(said)) for column, said in roles.items()]
    heads = tuple(word(head, language) for head in ("col_code", "col_meaning", "col_role"))
    printed = PrintedTable(word("codebook_caption", language), heads, tuple(rows), (False,) * 3, (), language)
    return [TableBlock(printed, printed.caption)]


def _target(run: Run, form: str, before: Sequence[Block], names: dict[str, str]) -> list[Block]:
    chapters = {key: f"{number} {chapter_name(form, key, run.language)}" for number, key in enumerate(FORMS[form])}
    empty = unwritten(run.written, form)
    places: dict[str, str] = {}
    for block in before:
        if isinstance(block, FigureBlock | TableBlock) and block.name:
            place = block.caption.partition(". ")[0]
            places[block.name] = f"{places[block.name]}, {place}" if block.name in places else place
    assert run.protocol is not None
    stated = Stated(
        protocol=run.protocol,
        added=run.added,
        places=places,
        chapters={key: name for key, name in chapters.items() if key not in empty},
        here=names["target"].partition(":")[0],
        methods=names["methods"].partition(":")[0],
        log=names["run_log"].partition(":")[0],
        sources=tuple(one["name"] for one in run.facts["data"]),
        about=run.about,
    )
    printed = target_checklist(stated, run.language)
    return [TableBlock(printed, printed.caption)]
