"""``python -m navoutcomes`` is the command line."""

from __future__ import annotations

import sys

from navoutcomes.cli import main

sys.exit(main())
