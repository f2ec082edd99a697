"""The commands of the command line: a file each, with `add` (its words) and `run` (what it does; the exit code)."""
