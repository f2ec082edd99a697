"""How long does reading a csv of five million rows take beside pyarrow? By hand: `python reading.py [rows]`.

Both make a pandas frame of it: pyarrow with the two dates told and nothing looked at, `nav.read` with everything
looked at that it always looks at (identity numbers, dates, kinds, headers, sums). Best of three runs of each, in turns.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RUNS = 3
OURS = """
import sys, time, warnings
warnings.simplefilter("ignore")
import navoutcomes as nav
nav.read(sys.argv[1])
began = time.perf_counter()
nav.read(sys.argv[1])
print(time.perf_counter() - began)
"""
THEIRS = """
import sys, time
import pyarrow, pyarrow.csv
def read():
    day = pyarrow.timestamp("s")
    convert = pyarrow.csv.ConvertOptions(timestamp_parsers=["%d.%m.%Y"], column_types={"fom": day, "tom": day})
    options = pyarrow.csv.ParseOptions(delimiter=";")
    return pyarrow.csv.read_csv(sys.argv[1], parse_options=options, convert_options=convert).to_pandas()
read()
began = time.perf_counter()
read()
print(time.perf_counter() - began)
"""


def written(path: Path, rows: int) -> None:
    """A register of invented spells: two a person, as offices export them."""
    draw = random.Random(1)
    days = [f"{date(2014, 1, 1) + timedelta(at):%d.%m.%Y}" for at in range(3500)]
    programmes = ("KVP", "IPS", "Arbeid med støtte", "Aktivtiltaket")
    reasons = ("Arbeid", "Utdanning", "Helse", "Annet", "Manglende oppmøte")
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write("Løpenummer;Tiltak;fom;tom;Sluttårsak;alder;Kommunenummer\n")
        for at in range(rows):
            start = draw.randrange(3000)
            cells = (f"P-{at // 2:07}", programmes[at % 4], days[start], days[start + draw.randrange(1, 400)])
            file.write(";".join((*cells, reasons[at % 5], str(18 + at % 48), str(1101 + at % 40))) + "\n")


def seconds(python: Path, code: str, path: Path) -> float:
    """One run in a process of its own, warm."""
    done = subprocess.run([str(python), "-c", code, str(path)], capture_output=True, text=True, check=True)
    return float(done.stdout)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "register.csv")
        written(path, rows)
        ours, theirs = [], []
        for _ in range(RUNS):
            ours.append(seconds(ROOT / ".venv" / "bin" / "python", OURS, path))
            theirs.append(seconds(ROOT / ".venv-peers" / "bin" / "python", THEIRS, path))
        times = f"nav.read {min(ours):.2f} s, pyarrow {min(theirs):.2f} s, ratio {min(ours) / min(theirs):.2f}"
        sys.stdout.write(f"{rows} rows: {times}\n")


if __name__ == "__main__":
    main()
