"""A figure's SVG in fewer elements and fewer bytes, to look the same.

A browser lays out each element, and each point travels to the reader. So marks that
are alike become one path, lines leave out the points that nobody would miss, and what
is left is written as steps of a tenth: a figure is 324 wide, on a screen some 460.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from itertools import groupby, islice, pairwise
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

Point = tuple[float, float]

_PART = re.compile(r"([MLQCZz])([^MLQCZz]*)")
_CLOSE = 0.06  # how far a line may be from a point that it leaves out
_DOT = 8  # curves of which Matplotlib makes a circle
_INK = "var(--fig-ink"  # the colour of what names none
_MANY = 4  # elements that share attributes, so that they are worth a group


def lighter(svg: str) -> str:
    """An `<svg>` element, rewritten; what is marked as `live` keeps its elements.

    >>> lighter('<svg><path d="M 0 0 L 1 1 L 2 2.01 L 2 9.5" fill="none"/></svg>')
    '<svg><path d="M0 0l2 2v7.5" fill="none"/></svg>'
    """
    root = ElementTree.fromstring(svg)
    marks = {one.get("id", ""): one for one in root.iterfind(".//defs/path")}
    places = Counter(use.get("href", "")[1:] for use in root.iter("use"))
    once = {name for name, count in places.items() if count == 1}
    _joined(root, marks, once)
    used = " ".join(value for one in root.iter() for value in one.attrib.values())
    for parent in list(root.iter()):
        for defs in parent.findall("defs"):
            for one in list(defs):
                if f"#{one.get('id')}" not in used.replace(")", " ").split() and (
                    f"(#{one.get('id')})" not in used
                ):
                    defs.remove(one)
            if not len(defs):
                parent.remove(defs)
    for path in root.iter("path"):
        digits = 2 if path.get("id") in marks else 1
        path.set("d", _written(path.get("d", ""), digits))
    _grouped(root)
    if all("fill" not in group.attrib for group in root.iter("g")):
        for text in root.iter("text"):
            if text.get("fill", "").startswith(_INK):
                del text.attrib["fill"]
    return ElementTree.tostring(root, "unicode").replace(" />", "/>")


def _joined(parent: Element, marks: dict[str, Element], once: set[str]) -> None:
    """Make one element of each run of children that are alike but for their place."""
    if parent.get("class") == "live":
        return
    last: Element | None = None
    for child in list(parent):
        if child.tag in ("text", "defs"):
            continue  # nothing of a run lies under a text
        if child.tag == "use":
            _as_path(child, marks, once)
        if last is not None and _alike(last, child):
            if child.tag == "g":
                last.extend(child)
            else:
                last.set("d", last.get("d", "") + " " + child.get("d", ""))
            parent.remove(child)
        else:
            last = child
    for child in parent:
        _joined(child, marks, once)


def _grouped(parent: Element) -> None:
    """Say once what many neighbours have in common, such as the faces of a surface."""
    if parent.get("class") == "live" or parent.tag == "defs":
        return
    for child in parent:
        _grouped(child)
    for look, run in groupby(list(parent), _look):
        alike = [*run]
        if len(alike) < _MANY or not look:
            continue
        group = Element("g", dict(look))
        parent.insert([*parent].index(alike[0]), group)
        for child in alike:
            parent.remove(child)
            for name, _ in look:
                del child.attrib[name]
            group.append(child)


def _look(child: Element) -> tuple[tuple[str, str], ...]:
    """What a path can leave to a group: all but its place and its colour."""
    own = "d", "id", "fill", "opacity"  # which a group has as a whole
    given = child.attrib.items() if child.tag == "path" else ()
    return tuple((name, value) for name, value in given if name not in own)


def _alike(one: Element, other: Element) -> bool:
    """Whether two siblings look the same as one element."""
    style = [{k: v for k, v in e.attrib.items() if k != "d"} for e in (one, other)]
    if one.tag != other.tag or style[0] != style[1] or "id" in style[0]:
        return False
    if one.tag == "g":
        return list(style[0]) == ["clip-path"]
    through = any("opacity" in name for name in style[0])
    return one.tag == "path" and style[0].get("fill") == "none" and not through


def _as_path(use: Element, marks: dict[str, Element], once: set[str]) -> None:
    """Draw a tick or a full dot by a path of its own, which others can be added to.

    So is a mark that stands in one place.
    """
    name = use.get("href", "")[1:]
    mark = marks.get(name)
    if mark is None:
        return
    style = dict(mark.attrib) | dict(use.attrib)
    through = any("opacity" in name for name in style)
    d, fill, stroke = style.pop("d"), style.get("fill"), style.get("stroke")
    x, y = float(style.pop("x", "0")), float(style.pop("y", "0"))
    signs = [sign for sign, _ in _PART.findall(d)]
    if signs == ["M", "L"] and not through:
        style["fill"] = "none"
        d = _moved(d, x, y)
    elif (
        signs.count("C") == _DOT
        and len(signs) == _DOT + 2
        and (fill == stroke and not through)
    ):
        radius = _read(d)[0][1][0][1]
        width = 2 * radius + float(style.get("stroke-width", "1"))
        style |= {"stroke-width": f"{width:g}", "stroke-linecap": "round"}
        style["fill"] = "none"
        d = f"M {x} {y} L {x} {y}"
    elif name in once:
        d = _moved(d, x, y)
    else:
        return
    for name in ("id", "href", "stroke-linejoin"):
        style.pop(name, None)
    use.tag = "path"
    use.attrib.clear()
    use.attrib.update({"d": d} | style)


def _moved(d: str, x: float, y: float) -> str:
    """A path that begins elsewhere."""
    return " ".join(
        " ".join([sign, *(f"{a + x} {b + y}" for a, b in points)])
        for sign, points in _read(d)
    )


def _read(d: str) -> list[tuple[str, list[Point]]]:
    """The parts of a path with absolute places."""
    parts = []
    for sign, text in _PART.findall(d):
        numbers = [float(word) for word in text.split()]
        parts.append((sign, list(zip(numbers[::2], numbers[1::2], strict=True))))
    return parts


def _written(d: str, digits: int) -> str:
    """A path as steps from point to point; lines leave out what is nearly on them."""
    out, at = [], (0.0, 0.0)
    begun, line = at, list[Point]()
    parts = [*_read(d), ("", [])]
    rest = iter(range(len(parts)))
    for i in rest:
        sign, points = parts[i]
        if sign == "L":
            line = line or [at]
            line += points
            at = points[-1]
            continue
        if line:
            out.append(_lines(_thinned(line), digits))
            line = []
        if sign == "M":
            at = begun = points[0]
            out.append(f"M{_number(at[0], digits)} {_number(at[1], digits)}")
            radius = _radius(parts[i : i + _DOT + 2])
            if radius:
                r, across = _number(radius, digits), _number(2 * radius, digits)
                out.append(f"a{r} {r} 0 1 0 0-{across}a{r} {r} 0 1 0 0 {across}z")
                next(islice(rest, _DOT, None))
        elif sign in ("Z", "z"):
            out.append("z")
            at = begun
        elif points:
            steps = [_step(at, point, digits) for point in points]
            out.append(sign.lower() + _packed(steps, digits))
            at = points[-1]
    return "".join(out)


def _radius(parts: Sequence[tuple[str, list[Point]]]) -> float | None:
    """The radius of a circle that begins at its lowest point, if these are one."""
    if [sign.upper() for sign, _ in parts] != ["M", *"C" * _DOT, "Z"]:
        return None
    ends = [points[-1] for _, points in parts[:-1]]
    x, y = ends[0]
    radius = (y - ends[_DOT // 2][1]) / 2
    far = [abs(math.hypot(a - x, b - y + radius) - radius) for a, b in ends]
    return radius if radius > 0 and max(far) < _CLOSE else None


def _lines(points: Sequence[Point], digits: int) -> str:
    """The lines from each point to the next."""
    out, before = "", ""
    for a, b in pairwise(points):
        dx, dy = _step(a, b, digits)
        if dx and dy:
            sign, text = "l", _packed([(dx, dy)], digits)
        else:
            sign, text = (
                ("h", _number(dx, digits))
                if dx or not dy
                else ("v", _number(dy, digits))
            )
            if not dx and not dy and len(points) > 2:
                continue
        gap = "" if text.startswith("-") else " "
        out += gap + text if sign == before == "l" else sign + text
        before = sign
    return out


def _thinned(points: list[Point]) -> list[Point]:
    """The points without which a line would be seen to change (Douglas and Peucker)."""
    keep, stack = {0, len(points) - 1}, [(0, len(points) - 1)]
    while stack:
        first, last = stack.pop()
        (ax, ay), (bx, by) = points[first], points[last]
        long = math.hypot(bx - ax, by - ay)
        worst, where = _CLOSE, None
        for i in range(first + 1, last):
            px, py = points[i]
            along = (
                ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / long**2 if long else 0
            )
            along = min(1.0, max(0.0, along))
            away = math.hypot(ax + along * (bx - ax) - px, ay + along * (by - ay) - py)
            if away > worst:
                worst, where = away, i
        if where is not None:
            keep.add(where)
            stack += [(first, where), (where, last)]
    return [points[i] for i in sorted(keep)]


def _step(a: Point, b: Point, digits: int) -> Point:
    """From one point to another, both as they will be read."""
    return (
        round(b[0], digits) - round(a[0], digits),
        round(b[1], digits) - round(a[1], digits),
    )


def _packed(steps: Sequence[Point], digits: int) -> str:
    text = ""
    for number in (_number(one, digits) for step in steps for one in step):
        text += number if not text or number.startswith("-") else f" {number}"
    return text


def _number(value: float, digits: int) -> str:
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".") if digits else f"{value:.0f}"
    text = text.replace("0.", ".", 1) if text.startswith(("0.", "-0.")) else text
    return "0" if text in ("-0", "", "-") else text
