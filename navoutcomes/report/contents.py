"""The table of contents: a field in Word that already shows its entries, a list of links on the page."""

from __future__ import annotations

from html import escape
from typing import Any

from navoutcomes.report.blocks import LISTED_LEVELS, Report
from navoutcomes.show.words import word

Node = dict[str, Any]
FIELD = f' TOC \\o "1-{LISTED_LEVELS}" \\h \\z \\u '


def anchor(place: int) -> str:
    """What a heading is pointed at by: its place among all headings."""
    return f"kap-{place}"


def contents_word(report: Report) -> Node:
    """The field with an entry a heading, as Word keeps it: shown at once; page numbers come with an update.

    The entries are in it because a field that is empty, or marked as old, makes Word ask a question on opening.
    """
    title = escape(word("contents", report.language))
    entries = [_entry(one.level, anchor(place), one.text) for place, one in report.headings()]
    if entries:
        entries[0] = entries[0].replace("</w:pPr>", f"</w:pPr>{_START}", 1)
    kept = (
        "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val=\"Table of Contents\"/><w:docPartUnique/></w:docPartObj>"
        "</w:sdtPr><w:sdtContent>"
        f'<w:p><w:pPr><w:pStyle w:val="TOCHeading"/></w:pPr><w:r><w:t>{title}</w:t></w:r></w:p>'
        f"{''.join(entries)}<w:p><w:r><w:fldChar w:fldCharType=\"end\"/></w:r></w:p></w:sdtContent></w:sdt>"
    )  # fmt: skip
    return {"t": "RawBlock", "c": ["openxml", kept]}


def contents_page(report: Report) -> Node:
    """A list of links, announced as the way around the page."""
    title = word("contents", report.language)
    items = [
        [{"t": "Plain", "c": [{"t": "Link", "c": [["", [f"level-{one.level}"], []], [{"t": "Str", "c": one.text}],
                                                  [f"#{anchor(place)}", ""]]}]}]
        for place, one in report.headings()
    ]  # fmt: skip
    name = {"t": "Div", "c": [["", ["contents-title"], []], [{"t": "Plain", "c": [{"t": "Str", "c": title}]}]]}
    box = [["", ["contents"], [["role", "navigation"], ["aria-label", title]]], [name, {"t": "BulletList", "c": items}]]
    return {"t": "Div", "c": box}


_START = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve">'
    f'{escape(FIELD, quote=False)}</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
)


def _entry(level: int, to: str, text: str) -> str:
    said = f'<w:r><w:t xml:space="preserve">{escape(text, quote=False)}</w:t></w:r>'
    link = f'<w:hyperlink w:anchor="{to}" w:history="1">{said}</w:hyperlink>'
    return f'<w:p><w:pPr><w:pStyle w:val="TOC{level}"/></w:pPr>{link}</w:p>'
