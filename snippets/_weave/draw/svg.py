"""A Matplotlib figure as inline SVG that follows the page's palette."""

from __future__ import annotations

import importlib
import io
import re
from collections.abc import Mapping
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape, quoteattr

import matplotlib
import numpy as np
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.colors import to_hex

from ..model import Drawing
from .light import lighter
from .live import described

_LARGEST = 300_000
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_NUMBER = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")
_REFERENCE = re.compile(r"url\(#(?P<id>[^)]+)\)")
_COLOURED = "fill", "stroke", "stop-color"
_KEPT = {
    *_COLOURED,
    *("fill-opacity", "stroke-opacity", "opacity", "stroke-width", "stroke-dasharray"),
    *("stroke-dashoffset", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit"),
    *("text-anchor", "font-size", "font-style", "font-weight", "fill-rule"),
}
_GEOMETRY = {
    *("d", "points", "transform", "x", "y", "width", "height", "cx", "cy", "r"),
    "patternUnits",
}
# What Matplotlib's global style sheet would set, and the colour of all text.
_ROOT = 'fill="var(--fig-ink)" stroke-linejoin="round" stroke-linecap="butt"'


def render(figure: Any, prefix: str, palette: Mapping[str, str]) -> Drawing:
    """The figure as an `<svg>` element without its accessible name, and what moves.

    `palette` maps the name of a role to its colour in the light scheme. In the
    markup each colour is a CSS variable, `var(--fig-role, #colour)`; a colour that
    is in no role is a ValueError. Ids start with `prefix`. The same figure gives
    the same bytes. What shows the default state of a figure that can be moved, with
    the gid "live" or "field", keeps that as a class.
    """
    roles = {to_hex(colour): role for role, colour in palette.items()}
    with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": prefix}):
        buffer = io.StringIO()
        # The same bytes as savefig, which would first draw once for the layout.
        canvas: Any = FigureCanvasSVG(figure)
        canvas.print_svg(buffer, metadata={"Date": None})
    explorable = importlib.import_module("shared.explorable")
    given, movable = explorable.explorable(figure), None
    # Now that the limits of its axes are known. What moves may wait beside them.
    wrong = _nothing_in(figure, anywhere=bool(given))
    if wrong:
        raise ValueError(wrong)
    root = ElementTree.fromstring(buffer.getvalue())
    writer = _Writer(prefix, roles, root)
    box = _NUMBER.sub(_rounded, root.get("viewBox", ""))
    *_, width, height = box.split()
    inner = "".join(writer.element(child) for child in root)
    head = f'viewBox="{box}" width="{width}" height="{height}" {_ROOT}'
    if given:
        numbers = importlib.import_module("shared.numbers")
        movable = described(figure, given, palette, explorable, numbers)
    svg = lighter(f"<svg {head}>{inner}</svg>")
    if len(svg) > _LARGEST:
        raise ValueError(
            f"its SVG has {len(svg):,} characters, and may have {_LARGEST:,}: draw "
            "fewer points"
        )
    return Drawing(svg, movable)


def _nothing_in(figure: Any, anywhere: bool) -> str | None:
    """What a reader would look for in vain in a figure, or None."""
    axes = figure.get_axes()
    if not axes:
        return "it has no axes: draw on those of draw.axes()"
    if not any(ax.has_data() or ax.texts or ax.artists for ax in axes):
        return "there is nothing in it: draw something on its axes"
    for ax in axes:
        for line in ax.lines:
            path = line.get_path()
            if len(path.vertices) and not np.isfinite(path.vertices).all(axis=1).any():
                return "a line has no finite point: look for the nan in its data"
            if anywhere:
                continue
            shown = line.get_transform().transform_path(path).cleaned()
            if len(path.vertices) and not shown.intersects_bbox(ax.bbox, filled=False):
                return (
                    "a line lies outside of its axes, where nobody sees it: widen the "
                    "limits or leave it out"
                )
    return None


def _rounded(match: re.Match[str]) -> str:
    text = f"{float(match[0]):.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


class _Writer:
    """Writes elements; keeps only the ids that something refers to."""

    def __init__(
        self, prefix: str, roles: Mapping[str, str], root: ElementTree.Element
    ) -> None:
        self.prefix, self.roles = prefix, roles
        used: list[str] = []
        for element in root.iter():
            used += [element.get(_HREF, "").removeprefix("#")]
            used += _REFERENCE.findall(" ".join(element.attrib.values()))
        names = dict.fromkeys(filter(None, used))
        self.ids = {name: f"{prefix}-{i}" for i, name in enumerate(names)}

    def element(self, element: ElementTree.Element) -> str:
        tag = element.tag.removeprefix(_SVG)
        if tag in ("metadata", "style", "title"):
            return ""
        inner = escape(element.text or "") if tag in ("text", "tspan") else ""
        for child in element:
            inner += self.element(child)
            if tag in ("text", "tspan"):
                inner += escape(child.tail or "")
        attributes = self.attributes(element)
        if tag in ("g", "defs", "text") and not inner:
            return ""
        invisible = attributes.get("fill") == "none" and "stroke" not in attributes
        if tag == "path" and invisible and "id" not in attributes:
            return ""
        if tag == "g" and not attributes:
            return inner
        head = "".join(f" {name}={quoteattr(v)}" for name, v in attributes.items())
        return f"<{tag}{head}>{inner}</{tag}>" if inner else f"<{tag}{head}/>"

    def attributes(self, element: ElementTree.Element) -> dict[str, str]:
        kept: dict[str, str] = {}
        link = element.get(_HREF, "#")
        if not link.startswith("#"):
            raise ValueError(
                "it has pixels or a link, which cannot follow the palette: draw "
                "with draw.contours instead of imshow, and without url="
            )
        if element.get("id") in ("live", "field"):
            kept["class"] = element.attrib["id"]
        if element.get("id", "") in self.ids:
            kept["id"] = self.ids[element.attrib["id"]]
        if _HREF in element.attrib:
            kept["href"] = "#" + self.ids[element.attrib[_HREF][1:]]
        for name, value in element.attrib.items():
            if name in _GEOMETRY:
                kept[name] = _NUMBER.sub(_rounded, " ".join(value.split()))
        if kept.get("transform", "").startswith("rotate(-0 "):
            del kept["transform"]
        if "clip-path" in element.attrib:
            kept["clip-path"] = self.referring(element.attrib["clip-path"])
        kept |= self.style(element)
        return kept

    def referring(self, value: str) -> str:
        """A value whose references lead to the ids that are kept."""
        return _REFERENCE.sub(lambda match: f"url(#{self.ids[match['id']]})", value)

    def style(self, element: ElementTree.Element) -> dict[str, str]:
        """The style as attributes: a content security policy forbids `style`."""
        given = {name: v for name, v in element.attrib.items() if name in _KEPT}
        for declaration in element.get("style", "").split(";"):
            name, _, value = declaration.partition(":")
            given[name.strip()] = value.strip()
        kept = {}
        for name in sorted(given.keys() & _KEPT):
            value = given[name].removesuffix("px")
            if name in _COLOURED and value.startswith("#"):
                value = self.colour(value)
            value = self.referring(value)
            if value:
                kept[name] = _NUMBER.sub(_rounded, value)
        return kept

    def colour(self, value: str) -> str:
        role = self.roles.get(to_hex(value))
        if role is None:
            raise ValueError(
                f"the colour {value} is in no palette: use a name of palette.LIGHT, "
                + ", ".join(self.roles.values())
            )
        return f"var(--fig-{role}, {to_hex(value)})"
