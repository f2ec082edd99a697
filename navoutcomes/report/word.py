"""The Word document: Pandoc's, on a reference document with the styles a municipality would use."""

from __future__ import annotations

import io
import re
import subprocess
import zipfile
from importlib import resources
from pathlib import Path

from navoutcomes.report.blocks import Report
from navoutcomes.report.pandoc import convert, tree
from navoutcomes.show.words import word

FIXED = (1980, 1, 1, 0, 0, 0)
LONGEST_KEPT = 20
# Rows that a longer table begins with on one page: LibreOffice loses a table of which only the head fits.
BEGINS_WITH = 4
# 21 cm, in the units of drawings (360,000 a centimetre).
TALLEST = 21 * 360_000
SIZE = rb'(<wp:extent|<a:ext) cx="(\d+)" cy="(\d+)"'
# What a figure says, and the picture in it, for which Pandoc gives the name of its file.
PICTURE = rb"(<wp:docPr\b[^>]*?\bdescr=\"([^\"]*)\"[^>]*>)((?:(?!<wp:docPr).)*?<pic:cNvPr\b[^>]*?\bdescr=\")[^\"]*(\")"
KEPT = rb"\1<w:keepNext/>"
NOTE = rb"\s*<w:p>\s*<w:pPr>\s*<w:pStyle w:val=\"Note\"\s*/>(?:(?!</w:p>).)*</w:p>"
WHOLE_TABLE = rb"(?P<table><w:tbl>.*?</w:tbl>)(?P<notes>(?:" + NOTE + rb")*)"
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def write_docx(report: Report, folder: Path, output: Path) -> None:
    """Write the report as Word: real heading, caption and table styles, language tag, alt text, page numbers."""
    reference = output.with_suffix(".reference")
    reference.write_bytes(_reference(report))
    try:
        syntax = tree(report, "png")
        convert(syntax, "docx", folder, output, ["--reference-doc", str(reference.resolve())])
    finally:
        reference.unlink()
    output.write_bytes(_finished(output.read_bytes(), report))


def _reference(report: Report) -> bytes:
    """Pandoc's own reference document with our styles, A4, margins of 2.5 cm and a page number."""
    import pypandoc

    command = [pypandoc.get_pandoc_path(), "--print-default-data-file", "reference.docx"]
    plain = subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603
    styles = resources.files("navoutcomes.report").joinpath("files", "styles.xml").read_text(encoding="utf-8")
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(plain)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "word/styles.xml":
                content = styles.replace("{lang}", report.tag).encode()
            elif name == "word/document.xml":
                content = re.sub(rb"<w:sectPr.*?</w:sectPr>", SECTION.encode(), content, flags=re.DOTALL)
                content = content.replace(b"<w:document", f'<w:document xmlns:r="{RELATIONS}"'.encode(), 1) \
                    if b"xmlns:r=" not in content else content  # fmt: skip
            elif name == "word/_rels/document.xml.rels":
                content = content.replace(
                    b"</Relationships>", (HEADER_RELATION + FOOTER_RELATION).encode() + b"</Relationships>"
                )
            elif name == "[Content_Types].xml":
                content = content.replace(b"</Types>", (HEADER_TYPE + FOOTER_TYPE).encode() + b"</Types>")
            new.writestr(zipfile.ZipInfo(name, FIXED), content, zipfile.ZIP_DEFLATED)
        header = HEADER.format(namespace=NAMESPACE, banner=_escaped(report.banner))
        new.writestr(zipfile.ZipInfo("word/header9.xml", FIXED), header, zipfile.ZIP_DEFLATED)
        footer = FOOTER.format(namespace=NAMESPACE, title=_escaped(report.title), page=word("page", report.language))
        new.writestr(zipfile.ZipInfo("word/footer9.xml", FIXED), footer, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _finished(document: bytes, report: Report) -> bytes:
    """The document with its language in the settings and rows that do not break over a page."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(document)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist()):
            content = old.read(name)
            if name == "word/settings.xml":
                content = re.sub(
                    rb"<w:themeFontLang[^>]*/>", f'<w:themeFontLang w:val="{report.tag}"/>'.encode(), content
                )
            if name == "word/document.xml":
                content = re.sub(rb'<w:pStyle w:val="ImageCaption"\s*/>', FIGURE_CAPTION, content)
                content = re.sub(rb'<w:pStyle w:val="TableCaption"\s*/>', TABLE_CAPTION, content)
                content = content.replace(b"<w:tblHeader", b"<w:cantSplit/><w:tblHeader")
                content = re.sub(rb"<w:tr>(?!<w:trPr>)", b"<w:tr><w:trPr><w:cantSplit/></w:trPr>", content)
                content = re.sub(SIZE, _fitted, content)
                content = re.sub(PICTURE, rb"\1\3\2\4", content, flags=re.DOTALL)
                content = re.sub(WHOLE_TABLE, _kept_together, content, flags=re.DOTALL)
            new.writestr(zipfile.ZipInfo(name, FIXED), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _fitted(size: re.Match[bytes]) -> bytes:
    """A figure that leaves no room for its caption is made smaller."""
    wide, tall = int(size[2]), int(size[3])
    if tall <= TALLEST:
        return size[0]
    return b'%b cx="%d" cy="%d"' % (size[1], wide * TALLEST // tall, TALLEST)


def _kept_together(found: re.Match[bytes]) -> bytes:
    """A table short enough for a page stays on one page, with its notes but for the last, which follows them. A longer
    one begins with more than its head."""
    table, notes = found["table"], _aired(found["notes"])
    kept = re.compile(rb"(<w:pStyle w:val=\"Compact\"\s*/>)")
    rows = table.split(b"<w:tr>")
    if len(rows) - 1 > LONGEST_KEPT:
        begun, rest = b"<w:tr>".join(rows[:BEGINS_WITH]), b"<w:tr>".join(rows[BEGINS_WITH:])
        return kept.sub(KEPT, begun) + b"<w:tr>" + rest + notes
    if notes:
        return kept.sub(KEPT, table) + re.sub(
            rb"(<w:pStyle w:val=\"Note\"\s*/>)(?=.*<w:pStyle)", KEPT, notes, flags=re.DOTALL
        )
    # Nothing follows that belongs to it: the last row lets go.
    return kept.sub(KEPT, b"<w:tr>".join(rows[:-1])) + b"<w:tr>" + rows[-1]


def _aired(notes: bytes) -> bytes:
    """Notes with air above the first and below the last."""
    spots = [one.end() for one in re.finditer(rb"<w:pStyle w:val=\"Note\"\s*/>", notes)]
    for place, spot in reversed(list(enumerate(spots))):
        first, last = place == 0, place == len(spots) - 1
        air = BOTH if first and last else FIRST_NOTE if first else LAST_NOTE if last else b""
        notes = notes[:spot] + air + notes[spot:]
    return notes


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


# Word lists tables and figures by its own caption style; the one above a table stays with it.
TABLE_CAPTION = b'<w:pStyle w:val="Caption"/><w:keepNext/><w:spacing w:before="240" w:after="80"/>'
FIGURE_CAPTION = b'<w:pStyle w:val="Caption"/><w:spacing w:before="60" w:after="240"/>'
# Air between a table and its notes, and between the last of these and what follows.
FIRST_NOTE, LAST_NOTE = b'<w:spacing w:before="80"/>', b'<w:spacing w:after="200"/>'
BOTH = b'<w:spacing w:before="80" w:after="200"/>'
SECTION = (
    '<w:sectPr><w:headerReference w:type="default" r:id="rIdHeader9"/>'
    '<w:footerReference w:type="default" r:id="rIdFooter9"/><w:footerReference w:type="first" r:id="rIdFooter9"/>'
    '<w:footnotePr><w:numRestart w:val="eachSect"/>'
    '</w:footnotePr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1247" w:right="1418" w:bottom="1247" '
    'w:left="1418" w:header="709" w:footer="709" w:gutter="0"/><w:titlePg/></w:sectPr>'
)
# The first page has the banner under its title, and no header.
HEADER_RELATION = f'<Relationship Id="rIdHeader9" Type="{RELATIONS}/header" Target="header9.xml"/>'
HEADER_TYPE = (
    '<Override PartName="/word/header9.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.header+xml"/>'
)
HEADER = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:hdr xmlns:w="{namespace}"><w:p><w:pPr>'
    '<w:pStyle w:val="Header"/></w:pPr><w:r><w:t xml:space="preserve">{banner}</w:t></w:r></w:p></w:hdr>'
)
FOOTER_RELATION = f'<Relationship Id="rIdFooter9" Type="{RELATIONS}/footer" Target="footer9.xml"/>'
FOOTER_TYPE = (
    '<Override PartName="/word/footer9.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"/>'
)
FOOTER = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:ftr xmlns:w="{namespace}"><w:p><w:pPr>'
    '<w:pStyle w:val="Footer"/></w:pPr><w:r><w:t xml:space="preserve">{title}</w:t></w:r><w:r><w:tab/></w:r><w:r>'
    '<w:t xml:space="preserve">{page} </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r>'
    '<w:instrText xml:space="preserve"> PAGE </w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r>'
    '<w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r></w:p></w:ftr>'
)
