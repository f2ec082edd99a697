"""Office files whose bytes depend on no clock and no machine."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from xml.etree.ElementTree import canonicalize

FIXED_TIME = datetime(2000, 1, 1)
XML_START = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def without_clock(book: bytes, moment: datetime = FIXED_TIME) -> bytes:
    """The same workbook with fixed times, in bytes that depend on no machine.

    The parts are canonical xml, because openpyxl writes other bytes where lxml is installed, and stored, because zlib
    and its successors compress to different bytes.
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as new:
        for name in sorted(old.namelist()):
            content = canonicalize(old.read(name).decode())
            if name == "docProps/core.xml":
                stamp = f">{moment:%Y-%m-%dT%H:%M:%SZ}</dcterms:modified>"
                content = re.sub(">[^<]*</dcterms:modified>", stamp, content)
            part = zipfile.ZipInfo(name, moment.timetuple()[:6])
            part.create_system = 3
            new.writestr(part, XML_START + content.encode())
    return made.getvalue()
