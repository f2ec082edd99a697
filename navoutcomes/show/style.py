"""The look of every figure: fonts, colours, dashes, sizes. Readable in colour, in grey and at half size."""

from __future__ import annotations

import locale
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import resources, util
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.figure import Figure

logger = logging.getLogger(__name__)

WIDTH_CM = 16.0
DPI = 300
SMALLEST_PT = 8.5
BODY_PT = 9.5
TITLE_PT = 12.5
INK = "#202733"
MUTED = "#5d6573"
HAIRLINE = "#cfd3d8"
PAPER = "#ffffff"
WARNING = "#ac4400"
# All at least 3:1 on white and apart for colour-blind readers; more than four groups become small multiples.
COLOURS = ("#0063c1", "#e75e01", "#202733", "#c26f92")
# The same for text, which needs 4.5:1.
TEXT_COLOURS = ("#0063c1", "#b84b00", "#202733", "#a04c72")
DASHES: tuple[Any, ...] = ("solid", (0, (5, 2)), (0, (1.5, 1.5)), (0, (7, 2, 1.5, 2)))
# Areas told apart in grey too, each by a hatch of its own.
AREAS = (("#0063c1", ""), ("#e75e01", "///"), ("#818997", "..."), ("#c26f92", "xx"))
FAMILY = "Source Sans Pro"


@cache
def font_family() -> str:
    """Source Sans from its package, registered with matplotlib; DejaVu Sans, with a log line, where it is missing."""
    from matplotlib import font_manager

    if util.find_spec("font_source_sans_pro") is None:
        logger.warning("font-source-sans-pro is not installed: figures use DejaVu Sans")
        return "DejaVu Sans"
    for path in font_files():
        font_manager.fontManager.addfont(str(path))
    _shape_without_language(font_files()[0])
    return FAMILY


def _shape_without_language(font: Path) -> None:
    """HarfBuzz, which shapes letters for matplotlib, asks once for the language of the process, and Turkish has its own
    i: the first word is shaped without a language. (``text.language`` does not reach texts of several lines.)
    """
    from matplotlib.ft2font import FT2Font

    before = locale.setlocale(locale.LC_CTYPE)
    try:
        locale.setlocale(locale.LC_CTYPE, "C")
        FT2Font(str(font)).set_text("i")
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def font_files() -> tuple[Path, ...]:
    """The faces of Source Sans that figures use."""
    names = [f"SourceSansPro-{face}.ttf" for face in ("Regular", "Bold", "It")]
    return tuple(Path(str(resources.files("font_source_sans_pro") / "files" / name)) for name in names)


@contextmanager
def house_style() -> Iterator[None]:
    """Matplotlib settings for the figures of a report; nothing of them outlives the block."""
    import matplotlib as mpl

    settings: dict[Any, Any] = {
        "font.family": [font_family(), "DejaVu Sans"],
        "font.size": BODY_PT,
        "axes.titlesize": TITLE_PT,
        "axes.titleweight": "bold",
        "axes.edgecolor": HAIRLINE,
        "axes.labelcolor": INK,
        "axes.linewidth": 0.8,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.spines.left": False,
        "axes.grid": True,
        "axes.grid.axis": "y",
        "axes.axisbelow": True,
        "grid.color": HAIRLINE,
        "grid.linewidth": 0.6,
        "text.color": INK,
        "text.usetex": False,
        "text.parse_math": False,
        # Hinted letters are up to three hundredths wider on a screen than the room that was reckoned for them.
        "text.hinting": "no_hinting",
        "xtick.color": INK,
        "ytick.color": INK,
        "xtick.labelsize": BODY_PT,
        "ytick.labelsize": BODY_PT,
        "ytick.left": False,
        "figure.facecolor": PAPER,
        "savefig.facecolor": PAPER,
        "svg.hashsalt": "navoutcomes",
        "svg.fonttype": "path",
        "pdf.fonttype": 42,
        "hatch.linewidth": 0.6,
        "hatch.color": PAPER,
        "figure.max_open_warning": 0,
    }
    with mpl.rc_context(settings):
        yield


def new_figure(height_cm: float) -> Figure:
    """A figure as wide as a Word column, without a window: it lives as long as somebody holds it."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH_CM / 2.54, height_cm / 2.54), dpi=150)
    FigureCanvasAgg(figure)
    return figure


def colour(place: int) -> str:
    """Colour of the n-th group."""
    return COLOURS[place % len(COLOURS)]


def text_colour(place: int) -> str:
    """Colour of the n-th group where its name is written."""
    return TEXT_COLOURS[place % len(TEXT_COLOURS)]


def dash(place: int) -> Any:
    """Line style of the n-th group."""
    return DASHES[place % len(DASHES)]
