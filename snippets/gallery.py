"""The gallery of landscapes: a small figure of each, and all that is known of it.

f, H       height and Hessian             landscape.f, landscape.hess
λ          an eigenvalue of H; on a       curvatures
           curve, the second derivative
"""

import ast
from pathlib import Path

import numpy as np
from shared import draw, landscapes
from shared.tables import table

READS = "tests/test_landscapes.py"

_TESTS = Path(__file__).parent.parent / "tests" / "test_landscapes.py"
_LOOKS = {  # the sign in the text, the marker in the figure and its colour
    "minimum": ("●", "o", "optimum"),
    "maximum": ("▲", "^", "alarm"),
    "saddle": ("◆", "D", "third"),
    "inflection": ("■", "s", "fourth"),
}


def facts(landscape):
    """Return what is known of a landscape, as text for its page."""
    name, bends = (
        ("x", "$f''$") if landscape.dim == 1 else ("x, y", "$\\lambda$ of $H$")
    )
    kept = ", ".join(f"${symmetry.tex}$" for symmetry in landscape.symmetries)
    rows = [
        [
            f"{_LOOKS[point.kind][0]} {point.kind}",
            where(point),
            number(landscape.f(point.at)),
            ", ".join(map(number, curvatures(landscape, point))) or "none",
        ]
        for point in landscape.stationary
    ]
    parts = [
        landscape.about,
        f"$$\nf({name}) = {landscape.tex}\n$$",
        table(["stationary point", "where", "height", bends], rows),
        f"Box: {box(landscape)}. Symmetries: {kept or 'none'}.",
    ]
    return "\n\n".join(parts)


def seen(landscape):
    """Return what the figure of a landscape shows, in words."""
    kinds = [point.kind for point in landscape.stationary]
    counts = [f"{kinds.count(kind)} × {kind}" for kind in _LOOKS if kind in kinds]
    what = "The curve" if landscape.dim == 1 else "Level lines of"
    first = landscape.stationary[0]
    return (
        f"{what} {landscape.name}, {box(landscape).replace('$', '')}. Marked: "
        f"{', '.join(counts)}; the first is a {first.kind} at {where(first)} "
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
                words = node.name.removeprefix("test_").replace("_", " ")
                checked.append(f"- {words}{which[decorator]}")
    return "\n".join(checked)


def overview():
    """Return a table of all landscapes."""
    rows = [
        [f"[`{one.name}`](#{one.name})", f"${_in_cell(one.tex)}$", len(one.minima)]
        for one in landscapes.catalogue
    ]
    return table(["name", "formula", "minima"], rows)


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
    return f"{0.0 if abs(value) < 1e-12 else value:.5g}".replace("-", "−")


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


def _in_cell(tex):
    """A bar would end the cell of a table."""
    return tex.replace("|x|", r"\lvert x\rvert ")


def _curve(landscape, top=None):
    """The graph, cut off above `top`, with its stationary points."""
    figure, ax = draw.axes("x", "f(x)", height=2.4)
    draw.curve(ax, landscape.f, *landscape.box, points=81)
    _mark(ax, landscape)
    ax.set(ylim=(None, top))
    return figure


def _surface(landscape, *levels, points=31):
    """Level lines at these heights, with the stationary points."""
    figure, ax = draw.axes("x", "y", height=3.2)
    draw.contours(ax, landscape.f, *landscape.box, levels, fill=False, points=points)
    ax.set(aspect="equal")
    _mark(ax, landscape)
    return figure


def _mark(ax, landscape):
    ax.locator_params(nbins=4)
    for kind, at in landscape.stationary:
        _, marker, color = _LOOKS[kind]
        place = (at, landscape.f(at)) if landscape.dim == 1 else at
        ax.plot(*place, marker, color=color, markersize=7)


def figure_quad1():
    return _curve(landscapes.quad1)


def figure_explog():
    return _curve(landscapes.explog, top=9)


def figure_quartic():
    return _curve(landscapes.quartic)


def figure_cubic():
    return _curve(landscapes.cubic)


def figure_well():
    return _curve(landscapes.well)


def figure_tilted():
    return _curve(landscapes.tilted)


def figure_sqrt1p():
    return _curve(landscapes.sqrt1p)


def figure_lncosh():
    return _curve(landscapes.lncosh)


def figure_pow43():
    return _curve(landscapes.pow43)


def figure_plateau():
    return _curve(landscapes.plateau)


def figure_quintic():
    return _curve(landscapes.quintic)


def figure_bowl():
    return _surface(landscapes.bowl, 0.3, 1, 2.5, 5)


def figure_ravine():
    return _surface(landscapes.ravine, 5, 20, 60, 130)


def figure_course():
    return _surface(landscapes.course, 5, 40, 150, 500)


def figure_saddle():
    return _surface(landscapes.saddle, -2, -0.5, 0.5, 2)


def figure_rosenbrock():
    return _surface(landscapes.rosenbrock, 2, 20, 150, 800)


def figure_himmelblau():
    return _surface(landscapes.himmelblau, 15, 80, 150, 178)


def figure_camel():
    return _surface(landscapes.camel, 0.5, 3, 30, 300)


def figure_hagan():
    return _surface(landscapes.hagan, 1.3, 2.5, 3.2, 10, 40)


def figure_peano():
    return _surface(landscapes.peano, -0.15, -0.01, 0.05, 0.5, 2)


def figure_boyd():
    return _surface(landscapes.boyd, 2.7, 4, 8, 25)
