"""A report as a folder: figures, tables, Word, html, PDF, and the manifest last. Only released results enter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from navoutcomes.design.protocol import Protocol
from navoutcomes.errors import DesignProblem, door
from navoutcomes.estimate.result import Result
from navoutcomes.notes import Log, Note
from navoutcomes.records.origin import Origin
from navoutcomes.release.guard import Guard
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.release.released import Released
from navoutcomes.report.appendices import Run, assembled, occasion, tell_missing
from navoutcomes.report.blocks import Block, Bullets, FigureBlock, Heading, Paragraph, Report, TableBlock
from navoutcomes.report.chapters import CHAPTERS, Written, chapter_heading, check_chapter, check_form, home_of
from navoutcomes.report.draft import banner, decided, inside, stem
from navoutcomes.report.drawings import drawn, label
from navoutcomes.report.entry import check_entry
from navoutcomes.report.every_row import every_row
from navoutcomes.report.examined import examined
from navoutcomes.report.figures import write_figure
from navoutcomes.report.folder import COMPLETE, or_nothing, put_in_place, thrown_away, workshop, writing
from navoutcomes.report.forms import write_forms
from navoutcomes.report.manifest import Manifest, digests, seed_of
from navoutcomes.report.methods import Added, times_of
from navoutcomes.report.names import report_folder
from navoutcomes.report.particulars import Particulars
from navoutcomes.report.pdf import write_pdf
from navoutcomes.report.sentences import said_again
from navoutcomes.report.tables import write_tables
from navoutcomes.report.web import write_html
from navoutcomes.report.word import write_docx
from navoutcomes.show.frame import mark_inside
from navoutcomes.show.lettering import one_line
from navoutcomes.show.sentence import Said
from navoutcomes.show.table import table
from navoutcomes.show.words import language_of, word
from navoutcomes.texts import Text, spoken

Words = str | Text
KINDS = ("body", "emphasis", "note")


class Bundle:
    """A report being written, in one language, under ``folder/<language>/``.

    Arguments: ``folder`` where the report belongs, as ``reports/innsatsgjengen``; ``protocol`` the question;
    ``title`` and ``subtitle`` in your words; ``language`` nb, nn or en; ``draft`` for the room only: results need not
    be released, and folder, files, figures, pages and manifest say «Internt utkast»; ``form`` None, or ``sluttrapport``
    (the county governor's chapters 0-8, appendices and workbooks; what nobody has written is marked, and listed in
    ``missing``); ``particulars`` to whom, when and on which basis.
    Use it as ``with nav.Bundle(...) as bundle:``; a run that stops half-way leaves the old report as it was.
    Raises: ``DataProblem`` when nothing can be written there, or when another process writes the same report;
    ``DesignProblem`` for a name that some machines cannot have and for a link.
    """

    @door
    def __init__(
        self,
        folder: str | Path,
        protocol: Protocol | None = None,
        language: str | None = None,
        title: Words = "",
        subtitle: Words = "",
        origin: Origin | None = None,
        draft: bool = False,
        form: str | None = None,
        particulars: Particulars | None = None,
    ) -> None:
        self._language = language_of(language)
        self._protocol, self._draft = protocol, draft
        self._final = report_folder(Path(folder)) / stem(self._language, draft)
        self._made = workshop(self._final)
        with or_nothing(self._made, self._final):
            check_form(form)
            self._guard = Guard(self._final.parent, draft)
            self._title = self._marked(self._text(title) or Path(folder).name)
            self._subtitle = self._text(subtitle)
        self._form, self._chapter, self._about = form, "", particulars or Particulars()
        self._written: list[Written] = []
        self._sentences: dict[int, Said] = {}
        self._added: list[Added] = []
        self._origins: list[Origin] = [origin] if origin else []
        self._decisions: dict[str, tuple[Note, ...]] = {}
        self._seeds: dict[str, int | str] = {}
        self._policy: DisclosurePolicy | None = None
        self._open = True

    def chapter(self, name: Words, level: int = 1) -> None:
        """Begin a chapter: one of the report's own (summary, method, results, ...) by key, or in your own words.

        In a form the chapters stand already: a key (summary, background, goals, organisation, method, results, economy,
        uncertainty, continuation) says which one is written in from here on, and your own words begin a section of it.
        """
        self._require_open()
        if self._form and name in CHAPTERS[self._form]:
            self._chapter = str(name)
            return
        self._add(Heading(self._text(chapter_heading(name, self._language)), max(level, 2) if self._form else level))

    def say(self, text: Words, kind: str = "body") -> None:
        """A paragraph: ``body``, ``emphasis`` (question and answer) or ``note`` (small print). A result's sentence
        (``nav.show.sentence``) says what its table here says, whichever of them came first."""
        if kind not in KINDS:
            raise DesignProblem("choice_unknown", asked=kind, known=KINDS)
        self._add(Paragraph(self._text(text), kind), own=True)
        if isinstance(text, Said):
            self._sentences[len(self._written) - 1] = text

    def points(self, lines: Sequence[Words]) -> None:
        """A list of short lines."""
        self._add(Bullets(tuple(self._text(line) for line in lines)), own=True)

    @door
    def add(
        self,
        name: str,
        released: Released[Any] | Any,
        at: float | Sequence[float] | None = None,
        cause: str | None = None,
        drawing: str = "default",
        title: Words | None = None,
        caption: Words | None = None,
        chapter: str | None = None,
    ) -> Released[Any] | Any:
        """Put a released result into the report: its figure, its table, and their files; remarks become a list.

        Arguments: ``name`` of the files (lower-case letters, digits, hyphens; ``nav.file_name`` makes one of any
        label); ``at`` times written on the figure and in the table (the follow-up's own unit); ``cause`` which ending
        to draw; ``drawing`` ``default``, ``stacked`` (all endings) or ``none``; ``title`` instead of the finding;
        ``caption`` instead of the result's name; ``chapter`` of a form (None: the one being written, else where such a
        result belongs).
        Returns: the result as it stands: beside others a table may hide more and a curve step more seldom.
        Raises: ``DisclosureRefused`` for anything that has not been released, but in a draft; ``DesignProblem`` for a
        bad or used name, a drawing that does not exist, a result without a table, or a second disclosure rule.
        """
        self._require_open()
        check_entry(name, released, drawing, self._decisions, self._policy, self._draft)
        place = check_chapter(self._form, chapter) or self._chapter or home_of(inside(released))
        released = self._guard.admitted(name, released)
        self._decisions[name] = decided(released).notes
        self._policy = released.policy if isinstance(released, Released) else self._policy
        result, language = inside(released), self._language
        self._seeds |= seed_of(name, result)
        if isinstance(result, Log):
            self._add(Bullets(tuple(self._text(remark.text(language)) for remark in result)), place)
            return released
        origin = self._origins[0] if self._origins else None
        if isinstance(result, Result):
            self._origins.append(result.origin)
        own = None if title is None else self._text(title)
        axes = None if drawing == "none" else drawn(released, at, cause, drawing, own, language, origin)
        name_of = label(result, cause, language) if caption is None else self._text(caption)
        file = stem(name, self._draft)
        self._added.append(Added(file, name_of, released, times_of(at), cause))
        with writing(self._final):
            if axes is not None and axes.drawn is not None:
                if self._draft and axes.drawn.released:
                    mark_inside(axes, replace(axes.drawn, released=False))
                write_figure(axes, self._made / "figures", file)
                self._add(FigureBlock(file, axes.drawn, self._marked(name_of)), place)
            if isinstance(result, Result):
                printed = table(released, at=at, language=language, caption=self._marked(name_of))
                self._add(TableBlock(printed, printed.caption, file, every_row(released, printed)), place)
                write_tables(released, printed, self._made / "tables" / file, self._draft)
        return released

    @door
    def close(self) -> Path:
        """Write the documents and the manifest, and let the report take its place. Returns its folder."""
        self._require_open()
        with writing(self._final):
            place = self._write()
        self._open = False
        return place

    def _write(self) -> Path:
        self._written = said_again(self._written, self._sentences, self._guard, self._text)
        remarks = examined(self._added, self._written, self._policy, self._protocol, self._language)
        if remarks:
            self._decisions["rapport"] = (*self._decisions.get("rapport", ()), *remarks)
        made = self._run()
        mark = banner(self._draft, self._synthetic, self._language)
        report = Report(self._title, self._subtitle, self._language, mark, assembled(made), occasion(made))
        write_forms(made, self._made, self._draft)
        for write, ending in ((write_docx, "docx"), (write_html, "html"), (write_pdf, "pdf")):
            write(report, self._made, self._made / f"{stem('rapport', self._draft)}.{ending}")
        (self._made / COMPLETE).write_text(self._manifest(digests(self._made)).text(), encoding="utf-8")
        tell_missing(made)
        self._guard.done()
        return put_in_place(self._made, self._final)

    def _run(self) -> Run:
        facts, added, written = self._manifest(()).as_data(), tuple(self._added), tuple(self._written)
        return Run(self._form, self._language, self._protocol, added, written, facts, self._about)

    def _manifest(self, outputs: tuple[tuple[str, str], ...]) -> Manifest:
        return Manifest(
            title=self._title, language=self._language, question=self._protocol, origins=tuple(self._origins),
            policy=self._policy, decisions=(*self._decisions.items(), *self._guard.remarks()), outputs=outputs,
            synthetic_words=word("synthetic_data", self._language) if self._synthetic else "",
            name=self._final.parent.name, draft=self._draft, seeds=tuple(self._seeds.items()),
        )  # fmt: skip

    @property
    def missing(self) -> tuple[str, ...]:
        """What a form asks for and nobody has written yet, in words."""
        return self._run().missing

    def abandon(self) -> None:
        """Throw away what was written; the old report stays."""
        thrown_away(self._made, self._final)
        self._open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if not self._open:
            return
        try:
            if kind is None:
                self.close()
        finally:
            if self._open:
                self.abandon()

    @property
    def _synthetic(self) -> bool:
        return any(origin.synthetic for origin in self._origins)

    def _marked(self, text: str) -> str:
        return f"{word('internal_draft', self._language)}: {text}" if self._draft else text

    def _text(self, words: Words) -> str:
        return self._guard.said(one_line(spoken(words, self._language)))

    def _require_open(self) -> None:
        if not self._open:
            raise DesignProblem("bundle_closed")

    def _add(self, block: Block, place: str = "", own: bool = False) -> None:
        self._require_open()
        self._written.append(Written(block, place or self._chapter or CHAPTERS[self._form][0], own))
