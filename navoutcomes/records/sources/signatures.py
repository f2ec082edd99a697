"""What is this file really? Its first bytes say, whatever its name says."""

from __future__ import annotations

import re

OFFICE_OLE = b"\xd0\xcf\x11\xe0"
ZIP, GZIP, PARQUET = b"PK\x03\x04", b"\x1f\x8b", b"PAR1"
SQLITE, DUCK = b"SQLite format 3\x00", b"DUCK"
SAS = bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")

_STARTS = (
    (b"%PDF-", "PDF"),
    (b"{\\rtf", "RTF"),
    (b"$FL2", "SPSS (.sav)"),
    (b"$FL3", "SPSS (.zsav)"),
    (b"<stata_dta>", "Stata (.dta)"),
    (b"ARROW1", "Arrow/Feather"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ", "xz"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!", "RAR"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"\x93NUMPY", "NumPy (.npy)"),
    (b"\x89HDF", "HDF5"),
    (b"X\n", "R (.rds)"),
    (b"RDX", "R (.RData)"),
    (b"\x7fELF", "ELF"),
    (b"MZ\x90", "EXE"),
)
_HTML = re.compile(
    rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html|head|body|table|div|meta)\b", re.IGNORECASE | re.DOTALL
)
_XML = re.compile(rb"\s*<\?xml\b", re.IGNORECASE)
_JSON = re.compile(rb"\s*(?:\{\s*\"[^\"\n]{0,200}\"\s*:|\[\s*[\[{])")


def foreign_kind(start: bytes) -> str | None:
    """The name of a kind of file that is not read here, or None for text and what else may be readable."""
    if start.startswith(OFFICE_OLE):
        return "Excel 97–2003 (.xls)"
    if SAS in start[:64]:
        return "SAS7BDAT"
    for signs, name in _STARTS:
        if start.startswith(signs):
            return name
    if re.match(rb"\x80[\x02-\x05][\x95}\]\(c]", start):
        return "pickle"
    text = start.lstrip(b"\xef\xbb\xbf")
    for pattern, name in ((_HTML, "HTML"), (_XML, "XML"), (_JSON, "JSON")):
        if pattern.match(text):
            return name
    return None
