"""What the commands share: the exit code of wrong use, and the type of the list they are added to."""

from __future__ import annotations

import argparse
from typing import TypeAlias

MISUSE = 2
Commands: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
