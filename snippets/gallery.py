"""The gallery of landscapes: a small figure of each, and all that is known of it.

f, H       height and Hessian             landscape.f, landscape.hess
λ          an eigenvalue of H; on a       curvatures
           curve, the second derivative
"""

import ast
from pathlib import Path

import numpy as np
from shared import draw, landscapes
from shared.numbers import signed
from shared.tables import table
from shared.words import said

READS = "tests/test_landscapes.py"

_TESTS = Path(__file__).parent.parent / "tests" / "test_landscapes.py"
_LOOKS = {  # the sign in the text, the marker in the figure and its colour
    "minimum": ("●", "o", "optimum"),
    "maximum": ("▲", "^", "alarm"),
    "saddle": ("◆", "D", "third"),
    "inflection": ("■", "s", "fourth"),
}
_TOPS = {"explog": 9}  # where a figure ends, if not at the highest point of the box
_LEVELS = {
    "bowl": (0.3, 1, 2.5, 5),
    "ravine": (5, 20, 60, 130),
    "course": (5, 40, 150, 500),
    "saddle": (-2, -0.5, 0.5, 2),
    "rosenbrock": (2, 20, 150, 800),
    "himmelblau": (15, 80, 150, 178),
    "camel": (0.5, 3, 30, 300),
    "hagan": (1.3, 2.5, 3.2, 10, 40),
    "peano": (-0.15, -0.01, 0.05, 0.5, 2),
    "boyd": (2.7, 4, 8, 25),
}

# Where level lines are narrow or bend sharply, more points than 31 along each axis.
_POINTS = {"rosenbrock": 121, "camel": 61, "himmelblau": 61, "hagan": 61, "boyd": 61}


def formula(landscape):
    """Return what a landscape is for, and its formula."""
    name = "x" if landscape.dim == 1 else "x, y"
    return f"{landscape.about}\n\n$$\nf({name}) = {landscape.tex}\n$$"


def limits(landscape):
    """Return where a landscape is studied, and what leaves it as it is."""
    kept = ", ".join(f"${symmetry.tex}$" for symmetry in landscape.symmetries)
    return f"Box: {box(landscape)}. Symmetries: {kept or 'none'}."


def seen(landscape):
    """Return what the figure of a landscape shows, in words."""
    kinds = [point.kind for point in landscape.stationary]
    counts = [f"{kinds.count(kind)} × {kind}" for kind in _LOOKS if kind in kinds]
    what = "The curve" if landscape.dim == 1 else "Level lines of"
    first = landscape.stationary[0]
    article = "an" if first.kind[0] in "aeiou" else "a"
    return (
        f"{what} {landscape.name}, {box(landscape).replace('$', '')}. Marked: "
        f"{', '.join(counts)}; the first is {article} {first.kind} at {where(first)} "
        f"with height {number(landscape.f(first.at))}."
    )


def certificate():
    """Return what the tests check of every landscape: their names, as sentences."""
    checked = []
    for node in ast.parse(_TESTS.read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            over = {ast.unparse(decorator) for decorator in node.decorator_list}
            which = {
                "each": "",
                "each_curve": " (curves)",
                "each_surface": " (surfaces)",
            }
            for decorator in over & which.keys():
                checked.append(f"- {said(node.name)}{which[decorator]}")
    return "\n".join(checked)


def curvatures(landscape, point):
    """Return the eigenvalues of the Hessian, none where there is no Hessian.

    >>> curvatures(landscapes.ravine, landscapes.ravine.stationary[0])
    [2.0, 20.0]
    >>> curvatures(landscapes.pow43, landscapes.pow43.stationary[0])
    []
    """
    try:
        hessian = landscape.hess(point.at)
    except ZeroDivisionError:
        return []
    return np.linalg.eigvalsh(np.atleast_2d(hessian)).tolist()


def number(value):
    """Return a number with five digits and a minus sign.

    >>> number(-1305.4285), number(0.0), number(1e-31)
    ('−1305.4', '0', '0')
    """
    return signed(0.0 if abs(value) < 1e-12 else value, ".5g")


def where(point):
    """Return the place of a stationary point.

    >>> where(landscapes.bowl.stationary[0]), where(landscapes.well.stationary[0])
    ('(0, 0)', '−1')
    """
    if np.ndim(point.at) == 0:
        return number(point.at)
    return f"({', '.join(map(number, point.at))})"


def box(landscape):
    """Return the box that a landscape is studied on.

    >>> box(landscapes.ravine)
    'x from −11 to 11, y from −4 to 4'
    """
    sides = np.atleast_2d(landscape.box)
    ends = zip("xy", sides.tolist(), strict=False)
    return ", ".join(
        f"{x} from {number(low)} to {number(high)}" for x, (low, high) in ends
    )


def table_overview():
    """All landscapes."""
    rows = []
    for one in landscapes.catalogue:
        tex = one.tex.replace("|x|", r"\lvert x\rvert ")  # a bar would end the cell
        rows.append([f"[`{one.name}`](#{one.name})", f"${tex}$", len(one.minima)])
    return table(["name", "formula", "minima"], rows)


def table_points(name):
    """The stationary points of a landscape, with heights and curvatures."""
    landscape, rows = getattr(landscapes, name), []
    for point in landscape.stationary:
        sign, _, _ = _LOOKS[point.kind]
        bends = ", ".join(map(number, curvatures(landscape, point)))
        height = number(landscape.f(point.at))
        kind = f"{sign}&nbsp;{point.kind}"  # the sign never ends a line
        rows.append([kind, where(point), height, bends or "none"])
    bends = "$f''$" if landscape.dim == 1 else "$\\lambda$ of $H$"
    return table(["kind", "where", "height", bends], rows)


def _mark(ax, landscape):
    ax.locator_params(nbins=4)
    for kind, at in landscape.stationary:
        _, marker, color = _LOOKS[kind]
        place = (at, landscape.f(at)) if landscape.dim == 1 else at
        ax.plot(*place, marker, color=color, markersize=7)


def figure_curve(name):
    """The graph, cut off above its top, with its stationary points."""
    landscape = getattr(landscapes, name)
    figure, ax = draw.axes("x", "f(x)", height=2.4)
    draw.curve(ax, landscape.f, *landscape.box, points=81)
    _mark(ax, landscape)
    ax.set(ylim=(None, _TOPS.get(name)))
    return figure


def figure_surface(name):
    """Level lines, with the stationary points."""
    landscape = getattr(landscapes, name)
    (left, right), (low, high) = landscape.box
    wide = right - left > 2 * (high - low)
    figure, ax = draw.axes("x", "y", height=2.2 if wide else 3.2)
    levels, points = _LEVELS[name], _POINTS.get(name, 31)
    draw.contours(ax, landscape.f, *landscape.box, levels, fill=False, points=points)
    ax.set(aspect="equal")
    _mark(ax, landscape)
    return figure
