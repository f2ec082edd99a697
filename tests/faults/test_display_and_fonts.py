"""No screen, no home, no font: figures are drawn all the same, with every Norwegian letter."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.faults.elsewhere import ran, told
from tests.report.bundle_examples import is_whole

CODE = (
    "import json, logging, sys; from pathlib import Path\n"
    "said = []; logging.getLogger().addHandler(h := logging.Handler())\n"
    "h.emit = lambda r: said.append(r.getMessage())\n"
    "from tests.report.bundle_examples import small\n"
    "bundle = small(Path(sys.argv[1]), 'Blåbærsyltetøy på ærlig vis: ÆØÅ æøå')\n"
    "print(json.dumps(said))"
)
NO_SCREEN = dict.fromkeys(
    ("DISPLAY", "WAYLAND_DISPLAY", "MPLBACKEND", "MPLCONFIGDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME")
)


def inked(picture: Path) -> float:
    with Image.open(picture) as opened:
        return float(np.asarray(opened.convert("L"), dtype=float).std())


@pytest.mark.parametrize("home", ["/proc/nowhere", pytest.param(None, marks=pytest.mark.full)])
def test_without_screen_home_or_folder_for_settings_the_report_is_whole(home: str | None, tmp_path: Path) -> None:
    done = ran(["-c", CODE, str(tmp_path / "r")], NO_SCREEN | {"HOME": home})
    told(done)
    bundle = tmp_path / "r" / "nb"
    assert is_whole(bundle)
    pictures = list((bundle / "figures").glob("*.png"))
    assert pictures
    assert all(inked(picture) > 10 for picture in pictures)
    assert not Path("/proc/nowhere").exists()


def test_without_the_houses_font_letters_are_drawn_in_another_and_that_is_said_once(tmp_path: Path) -> None:
    missing = (
        "import sys\nclass Gone:\n    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] == 'font_source_sans_pro': raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Gone())\n"
        "import importlib.util as u; find = u.find_spec\n"
        "u.find_spec = lambda name, package=None: None if name == 'font_source_sans_pro' else find(name, package)\n"
    )
    done = ran(["-W", "error::UserWarning", "-c", missing + CODE, str(tmp_path / "r")])
    said = told(done)
    bundle = tmp_path / "r" / "nb"
    assert is_whole(bundle)
    assert sum("DejaVu Sans" in one for one in said) == 1
    assert "missing from" not in done.stderr + " ".join(said)
    assert all(inked(picture) > 10 for picture in (bundle / "figures").glob("*.png"))
    assert "BlÃ" not in (bundle / "rapport.html").read_text(encoding="utf-8")
