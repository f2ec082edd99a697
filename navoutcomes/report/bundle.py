"""A report as a folder: figures, tables, Word, html, PDF, and the manifest last. Only released results enter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from navoutcomes.design.flow import Flow
from navoutcomes.design.protocol import Protocol
from navoutcomes.errors import DesignProblem, DisclosureRefused, door
from navoutcomes.estimate.result import Result
from navoutcomes.notes import Log, Note
from navoutcomes.records.origin import Origin
from navoutcomes.release.guard import Guard
from navoutcomes.release.policy import DisclosurePolicy
from navoutcomes.release.released import Released
from navoutcomes.report.blocks import Block, Bullets, FigureBlock, Heading, Paragraph, Report, TableBlock
from navoutcomes.report.draft import decided, inside, stem
from navoutcomes.report.drawings import DRAWINGS, drawn, label
from navoutcomes.report.figures import write_figure
from navoutcomes.report.folder import COMPLETE, put_in_place, thrown_away, workshop, writing
from navoutcomes.report.manifest import Manifest, digest, seed_of
from navoutcomes.report.names import check_name, report_folder
from navoutcomes.report.pdf import write_pdf
from navoutcomes.report.tables import write_csv, write_xlsx
from navoutcomes.report.web import write_html
from navoutcomes.report.word import write_docx
from navoutcomes.show.frame import mark_inside
from navoutcomes.show.lettering import one_line
from navoutcomes.show.table import table
from navoutcomes.show.words import language_of, word
from navoutcomes.texts import Text, spoken
from navoutcomes.texts import table as texts

Words = str | Text
KINDS = ("body", "emphasis", "note")


class Bundle:
    """A report being written, in one language, under ``folder/<language>/``.

    Arguments: ``folder`` where the report belongs, as ``reports/innsatsgjengen``; ``protocol`` the question;
    ``title`` and ``subtitle`` in your words; ``language`` nb, nn or en; ``draft`` for the room only: results need not
    be released, and folder, files, figures, pages and manifest say «Internt utkast».
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
    ) -> None:
        self._language = language_of(language)
        self._protocol = protocol
        self._draft = draft
        self._final = report_folder(Path(folder)) / stem(self._language, draft)
        self._guard = Guard(self._final.parent, draft)
        self._title = self._marked(self._text(title) or Path(folder).name)
        self._subtitle = self._text(subtitle)
        self._made = workshop(self._final)
        self._blocks: list[Block] = []
        self._origins: list[Origin] = [origin] if origin else []
        self._decisions: dict[str, tuple[Note, ...]] = {}
        self._seeds: dict[str, int | str] = {}
        self._policy: DisclosurePolicy | None = None
        self._numbers = {"figure": 0, "table": 0}
        self._open = True

    def chapter(self, name: Words, level: int = 1) -> None:
        """Begin a chapter: one of the report's own (summary, method, results, ...) by key, or in your own words."""
        key = f"chapter_{name}"
        own = isinstance(name, str) and key in texts("words")
        self._add(Heading(word(key, self._language) if own else self._text(name), level))

    def say(self, text: Words, kind: str = "body") -> None:
        """A paragraph: ``body``, ``emphasis`` (question and answer) or ``note`` (small print)."""
        if kind not in KINDS:
            raise DesignProblem("choice_unknown", asked=kind, known=KINDS)
        self._add(Paragraph(self._text(text), kind))

    def points(self, lines: Sequence[Words]) -> None:
        """A list of short lines."""
        self._add(Bullets(tuple(self._text(line) for line in lines)))

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
    ) -> None:
        """Put a released result into the report: its figure, its table, and their files; remarks become a list.

        Arguments: ``name`` of the files (lower-case letters, digits, hyphens; ``nav.file_name`` makes one of any
        label); ``at`` times written on the figure and in the table (the follow-up's own unit); ``cause`` which ending
        to draw; ``drawing`` ``default``, ``stacked`` (all endings) or ``none``; ``title`` instead of the finding;
        ``caption`` instead of the result's name.
        Raises: ``DisclosureRefused`` for anything that has not been released, but in a draft; ``DesignProblem`` for a
        bad or used name, a drawing that does not exist, a result without a table, or a second disclosure rule. Beside
        what this report and its neighbours show already, a table may hide more and a curve step more seldom.
        """
        self._require_open()
        self._check(name, released, drawing)
        released = self._guard.admitted(name, released)
        self._decisions[name] = decided(released).notes
        self._policy = released.policy if isinstance(released, Released) else self._policy
        result, language = inside(released), self._language
        self._seeds |= seed_of(name, result)
        if isinstance(result, Log):
            self.points([remark.text(language) for remark in result])
            return
        origin = self._origins[0] if self._origins else None
        if isinstance(result, Result):
            self._origins.append(result.origin)
        heading = None if title is None else self._text(title)
        axes = None if drawing == "none" else drawn(released, at, cause, drawing, heading, language, origin)
        name_of = label(result, cause, language) if caption is None else self._text(caption)
        with writing(self._final):
            if axes is not None and axes.drawn is not None:
                if self._draft and axes.drawn.released:
                    mark_inside(axes, replace(axes.drawn, released=False))
                file = stem(name, self._draft)
                write_figure(axes, self._made / "figures", file)
                self._add(FigureBlock(file, axes.drawn, f"{self._number('figure')}. {self._marked(name_of)}"))
            if isinstance(result, Result):
                self._tabulate(name, released, at, name_of)

    @door
    def close(self) -> Path:
        """Write the documents and the manifest, and let the report take its place. Returns its folder."""
        self._require_open()
        with writing(self._final):
            place = self._write()
        self._open = False
        return place

    def _write(self) -> Path:
        report = Report(self._title, self._subtitle, self._language, self._banner(), tuple(self._blocks))
        for write, ending in ((write_docx, "docx"), (write_html, "html"), (write_pdf, "pdf")):
            write(report, self._made, self._made / f"{stem('rapport', self._draft)}.{ending}")
        files = sorted(path for path in self._made.rglob("*") if path.is_file())
        manifest = Manifest(
            title=self._title,
            language=self._language,
            question=self._protocol,
            origins=tuple(self._origins),
            policy=self._policy,
            decisions=(*self._decisions.items(), *self._guard.remarks()),
            outputs=tuple((file.relative_to(self._made).as_posix(), digest(file)) for file in files),
            synthetic_words=word("synthetic_data", self._language) if self._synthetic else "",
            name=self._final.parent.name,
            draft=self._draft,
            seeds=tuple(self._seeds.items()),
        )
        (self._made / COMPLETE).write_text(manifest.text(), encoding="utf-8")
        self._guard.done()
        return put_in_place(self._made, self._final)

    def abandon(self) -> None:
        """Throw away what was written; the old report stays."""
        thrown_away(self._made, self._final)
        self._open = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        if not self._open:
            return
        if kind is not None:
            self.abandon()
            return
        try:
            self.close()
        finally:
            if self._open:
                self.abandon()

    @property
    def _synthetic(self) -> bool:
        return any(origin.synthetic for origin in self._origins)

    def _banner(self) -> str:
        said = [word("footer_draft", self._language)] * self._draft
        return " ".join([*said, *[word("synthetic_warning", self._language)] * self._synthetic])

    def _marked(self, text: str) -> str:
        return f"{word('internal_draft', self._language)}: {text}" if self._draft else text

    def _text(self, words: Words) -> str:
        return self._guard.said(one_line(spoken(words, self._language)))

    def _check(self, name: str, released: Any, drawing: str) -> None:
        if not isinstance(released, Released) and not self._draft:
            raise DisclosureRefused("not_released", kind=type(released).__name__)
        check_name(name)
        if name in self._decisions:
            raise DesignProblem("bundle_name_used", name=name)
        if drawing not in DRAWINGS:
            raise DesignProblem("choice_unknown", asked=drawing, known=DRAWINGS)
        if not isinstance(inside(released), Result | Flow | Log):
            raise DesignProblem("no_table", kind=type(inside(released)).__name__)
        if isinstance(released, Released) and self._policy not in (None, released.policy):
            limits = {"first": self._policy.threshold, "second": released.policy.threshold}
            raise DesignProblem("bundle_two_rules", **limits)

    def _require_open(self) -> None:
        if not self._open:
            raise DesignProblem("bundle_closed")

    def _add(self, block: Block) -> None:
        self._require_open()
        self._blocks.append(block)

    def _number(self, kind: str) -> str:
        self._numbers[kind] += 1
        return f"{word(kind, self._language)} {self._numbers[kind]}"

    def _tabulate(self, name: str, released: Any, at: float | Sequence[float] | None, label: str) -> None:
        language = self._language
        printed = table(released, at=at, language=language, caption=self._marked(label))
        caption = f"{self._number('table')}. {printed.caption}"
        self._add(TableBlock(printed, caption))
        file = self._made / "tables" / stem(name, self._draft)
        write_csv(released, file.with_suffix(".csv"), language, self._draft)
        write_xlsx(released, printed.caption, printed.notes, file.with_suffix(".xlsx"), language, self._draft)
