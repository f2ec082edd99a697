"""What a drawing carries besides ink: title, caption, alternative text; and how it shows itself in a notebook."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from html import escape
from typing import Any, cast

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from navoutcomes.show.lettering import one_line
from navoutcomes.show.style import house_style, new_figure


@dataclass(frozen=True)
class Drawn:
    """Title (the finding), subtitle, footer lines, and the alternative text made from the same numbers."""

    title: str
    subtitle: str
    footer: tuple[str, ...]
    alt: str
    language: str
    released: bool
    synthetic: bool

    def __post_init__(self) -> None:
        for name in ("title", "subtitle", "alt"):
            object.__setattr__(self, name, one_line(getattr(self, name)))
        object.__setattr__(self, "footer", tuple(map(one_line, self.footer)))


class DrawnAxes(Axes):
    """Axes that know what they show. In a notebook they display their figure with its alternative text."""

    drawn: Drawn | None = None

    @property
    def sheet(self) -> Figure:
        """The whole figure."""
        return cast(Figure, self.figure)

    def _repr_mimebundle_(self, **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The figure, and the same as html: JupyterLab shows alternative text there only."""
        store = io.BytesIO()
        with house_style():
            self.sheet.savefig(store, format="png", dpi=150, metadata={"Software": None})
        picture, alt = store.getvalue(), self.drawn.alt if self.drawn else ""
        source = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
        html = f'<img src="{source}" alt="{escape(alt)}" style="max-width:100%">'
        return {"image/png": picture, "text/html": html}, {"image/png": {"alt": alt}}


def new_axes(height_cm: float, box: tuple[float, float, float, float]) -> DrawnAxes:
    """Axes alone on a new figure; ``box`` is left, bottom, width, height as parts of the figure."""
    figure = new_figure(height_cm)
    axes = figure.add_axes(box, axes_class=DrawnAxes)
    return cast(DrawnAxes, axes)
