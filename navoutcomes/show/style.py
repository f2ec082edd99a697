"""The look of every figure: fonts, colours, dashes, sizes. Readable in colour, in grey and at half size."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from importlib import resources, util
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
# All at least 3:1 on white and apart for colour-blind readers; more than four groups become small multiples.
COLOURS = ("#0063c1", "#e75e01", "#202733", "#c26f92")
DASHES: tuple[Any, ...] = ("solid", (0, (5, 2)), (0, (1.5, 1.5)), (0, (7, 2, 1.5, 2)))
# Areas told apart in grey too: from dark to light, each with a hatch of its own.
AREAS = (("#0063c1", ""), ("#e75e01", "///"), ("#818997", "..."), ("#e8c7d6", "xx"))
FAMILY = "Source Sans Pro"


@cache
def font_family() -> str:
    """Source Sans from its package, registered with matplotlib; DejaVu Sans, with a log line, where it is missing."""
    from matplotlib import font_manager

    if util.find_spec("font_source_sans_pro") is None:
        logger.warning("font-source-sans-pro is not installed: figures use DejaVu Sans")
        return "DejaVu Sans"
    for face in ("Regular", "Bold", "It"):
        with resources.as_file(resources.files("font_source_sans_pro") / "files" / f"SourceSansPro-{face}.ttf") as path:
            font_manager.fontManager.addfont(str(path))
    return FAMILY


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


@lru_cache(maxsize=4096)
def text_cm(text: str, size: float, bold: bool = False) -> float:
    """How wide a text is printed, in centimetres. ``size`` in points."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family=[font_family(), "DejaVu Sans"], weight="bold" if bold else "normal", size=size)
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width) / 72 * 2.54


def wrapped(text: str, width_cm: float, size: float, bold: bool = False) -> list[str]:
    """A text as lines that fit a width; a single word that is too long stands alone."""
    lines: list[str] = []
    for word in text.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_cm(longer, size, bold) <= width_cm:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines or [""]


def colour(place: int) -> str:
    """Colour of the n-th group."""
    return COLOURS[place % len(COLOURS)]


def dash(place: int) -> Any:
    """Line style of the n-th group."""
    return DASHES[place % len(DASHES)]
