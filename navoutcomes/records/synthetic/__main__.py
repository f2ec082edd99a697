"""Writes the committed synthetic extracts again: ``python -m navoutcomes.records.synthetic [folder]``."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

from navoutcomes.records.synthetic.extracts import write_committed, write_innsatsgjengen

_log = logging.getLogger(__name__)


def main(arguments: list[str]) -> int:
    """Command line: one folder, by default ``data/synthetic`` under the current one."""
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    folder = Path(arguments[0]) if arguments else Path("data") / "synthetic"
    write_innsatsgjengen(folder)
    for path in write_committed(folder):
        _log.info("%s: %d bytes", path.name, path.stat().st_size)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
