r"""The functions that every lesson walks on, with all that is known of them.

Each is a `Landscape`: the function with its first and second derivatives, the
box it is studied on, and every point of that box where the gradient vanishes.

    θ       theta     the point: a float on a curve, shape (2,) on a surface
    x, y    x, y      the coordinates of θ
    f       f         the height, a float
    ∇f      grad      the slopes: a float on a curve, shape (2,) on a surface
    H       hess      the curvatures: a float, shape (2, 2) on a surface

>>> ravine.f([5, 1]), ravine.grad([5, 1])
(35.0, array([10., 20.]))
>>> ravine.hess([5, 1])
array([[ 2.,  0.],
       [ 0., 20.]])

Powers are written as products, because a product of floats is the same number on
every machine and `x**4` need not be, and because a product overflows to infinity
where a power of floats raises an error.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np


class Stationary(NamedTuple):
    """A point where the gradient vanishes.

    The kind is "minimum", "maximum", "saddle" or "inflection". It says
    what the point is, also where the second derivatives are silent.
    """

    kind: str
    at: Any


class Symmetry(NamedTuple):
    """A linear map of the coordinates that keeps every height."""

    tex: str
    matrix: Any


@dataclass(frozen=True, eq=False, repr=False)
class Landscape:
    """A function to minimise, with all that is known of it.

    `value`, `slopes` and `curvatures` are the formulas, written in the
    coordinates; `f`, `grad` and `hess` are the same for a whole point.

    Many points at once are stacked along the last axes. On a curve any
    array will do. On a surface the coordinates come first, as in
    `np.meshgrid`: points of shape (2, …) have heights of shape (…),
    gradients of shape (2, …) and Hessians of shape (2, 2, …).

    >>> well.f(2), well.f(np.array([0.0, 1.0, 2.0]))
    (2.0, array([ 0.  , -0.25,  2.  ]))
    >>> bowl.f(np.meshgrid([0, 1, 2], [0, 3]))
    array([[ 0.,  1.,  4.],
           [ 9., 10., 13.]])
    """

    name: str
    tex: str
    about: str
    value: Callable
    slopes: Callable
    curvatures: Callable
    box: tuple  # (low, high), or one such pair for each coordinate
    stationary: tuple[Stationary, ...]
    symmetries: tuple[Symmetry, ...] = ()

    def f(self, theta):
        """Return the height at theta."""
        return self.value(*self._coordinates(theta))

    def grad(self, theta):
        """Return the gradient at theta; on a curve, the derivative."""
        return self._evaluate(self.slopes, theta)

    def hess(self, theta):
        """Return the Hessian at theta; on a curve, f″."""
        return self._evaluate(self.curvatures, theta)

    @cached_property
    def dim(self):
        """Return how many coordinates a point has."""
        return np.ndim(self.box)

    @property
    def minima(self):
        """Return the minimisers in the box, the deepest first.

        >>> tilted.minima
        [-1.0355787140888537, 0.9601495555191055]
        >>> rosenbrock.minima
        [array([1., 1.])]
        """
        minima = [p.at for p in self.stationary if p.kind == "minimum"]
        return sorted(minima, key=self.f)

    def __repr__(self):
        return self.name

    def _coordinates(self, theta):
        theta = np.asarray(theta, dtype=float)
        if self.dim == 1:
            theta = theta[np.newaxis]
        # Plain floats are faster than NumPy's, and print as numbers.
        return theta.tolist() if theta.ndim == 1 else theta

    def _evaluate(self, formula, theta):
        coordinates = self._coordinates(theta)
        entries = formula(*coordinates)
        if not isinstance(coordinates, list):
            return _spread(entries, coordinates.shape[1:])
        if self.dim == 1:
            return float(entries)
        return np.array(entries, dtype=float)


def _spread(entries, shape):
    """Return the entries as an array, constants spread over the shape."""
    if isinstance(entries, tuple):
        return np.stack([_spread(entry, shape) for entry in entries])
    return np.array(np.broadcast_to(entries, shape), dtype=float)


def _at(kind):
    """Return a function from coordinates to a stationary point."""

    def stationary(*coordinates):
        if len(coordinates) == 1:
            return Stationary(kind, float(*coordinates))
        point = np.array(coordinates, dtype=float)
        point.flags.writeable = False  # All lessons share it.
        return Stationary(kind, point)

    return stationary


minimum_at, maximum_at = _at("minimum"), _at("maximum")
saddle_at, inflection_at = _at("saddle"), _at("inflection")


def _plain(ufunc):
    """Return the ufunc, but with a plain float for a plain float."""

    def function(x):
        y = ufunc(x)
        return y if np.ndim(y) > 0 else float(y)

    return function


exp, log, sqrt = _plain(np.exp), _plain(np.log), _plain(np.sqrt)
cbrt, cosh, tanh = _plain(np.cbrt), _plain(np.cosh), _plain(np.tanh)


def square(x):
    return x * x


def cube(x):
    return x * x * x


even = Symmetry("f(-x) = f(x)", -1)
mirror_x = Symmetry("f(-x, y) = f(x, y)", ((-1, 0), (0, 1)))
mirror_y = Symmetry("f(x, -y) = f(x, y)", ((1, 0), (0, -1)))
half_turn = Symmetry("f(-x, -y) = f(x, y)", ((-1, 0), (0, -1)))
swap = Symmetry("f(y, x) = f(x, y)", ((0, 1), (1, 0)))
cross_swap = Symmetry("f(-y, -x) = f(x, y)", ((0, -1), (-1, 0)))


# Curves: one coordinate.

quad1 = Landscape(
    name="quad1",
    tex="x^2",
    about="The parabola: everything can be worked out by hand.",
    value=lambda x: x * x,
    slopes=lambda x: 2 * x,
    curvatures=lambda x: 2,
    box=(-2.2, 2.2),
    stationary=(minimum_at(0.0),),
    symmetries=(even,),
)

explog = Landscape(
    name="explog",
    tex=r"e^x - \ln x",
    about="Convex; no formula of school gives its minimiser.",
    value=lambda x: exp(x) - log(x),
    slopes=lambda x: exp(x) - 1 / x,
    curvatures=lambda x: exp(x) + 1 / (x * x),
    box=(0.05, 3.0),
    stationary=(minimum_at(0.5671432904097838),),  # W(1): x e^x = 1
)

quartic = Landscape(
    name="quartic",
    tex="x^4",
    about="A minimum without curvature.",
    value=lambda x: x * x * x * x,
    slopes=lambda x: 4 * x * x * x,
    curvatures=lambda x: 12 * x * x,
    box=(-2.0, 2.0),
    stationary=(minimum_at(0.0),),
    symmetries=(even,),
)

cubic = Landscape(
    name="cubic",
    tex="x^3",
    about="A point without slope that is neither minimum nor maximum.",
    value=lambda x: x * x * x,
    slopes=lambda x: 3 * x * x,
    curvatures=lambda x: 6 * x,
    box=(-2.0, 2.0),
    stationary=(inflection_at(0.0),),
)

well = Landscape(
    name="well",
    tex=r"\tfrac14 x^4 - \tfrac12 x^2",
    about="Two equal wells with a hill between them.",
    value=lambda x: x * x * x * x / 4 - x * x / 2,
    slopes=lambda x: x * x * x - x,
    curvatures=lambda x: 3 * x * x - 1,
    box=(-2.0, 2.0),
    stationary=(
        minimum_at(-1.0),
        maximum_at(0.0),
        minimum_at(1.0),
    ),
    symmetries=(even,),
)

tilted = Landscape(
    name="tilted",
    tex="x^4 - 2x^2 + 0.3x",
    about="Two wells, the left one deeper.",
    value=lambda x: x * x * x * x - 2 * x * x + 0.3 * x,
    slopes=lambda x: 4 * x * x * x - 4 * x + 0.3,
    curvatures=lambda x: 12 * x * x - 4,
    box=(-2.0, 2.0),
    stationary=(  # the roots of 40 x^3 - 40 x + 3
        minimum_at(-1.0355787140888537),
        maximum_at(0.07542915856974822),
        minimum_at(0.9601495555191055),
    ),
)

sqrt1p = Landscape(
    name="sqrt1p",
    tex=r"\sqrt{1 + x^2}",
    about="Strictly convex, yet Newton's method explodes from afar.",
    value=lambda x: sqrt(1 + x * x),
    slopes=lambda x: x / sqrt(1 + x * x),
    curvatures=lambda x: 1 / cube(sqrt(1 + x * x)),
    box=(-3.0, 3.0),
    stationary=(minimum_at(0.0),),
    symmetries=(even,),
)

lncosh = Landscape(
    name="lncosh",
    tex=r"\ln \cosh x",
    about="A parabola near the minimum, straight lines away from it.",
    value=lambda x: log(cosh(x)),
    slopes=lambda x: tanh(x),
    curvatures=lambda x: 1 / square(cosh(x)),
    box=(-3.0, 3.0),
    stationary=(minimum_at(0.0),),
    symmetries=(even,),
)

pow43 = Landscape(
    name="pow43",
    tex="|x|^{4/3}",
    about="Convex, with unbounded curvature at the minimum.",
    value=lambda x: square(cbrt(x * x)),
    slopes=lambda x: 4 / 3 * cbrt(x),
    curvatures=lambda x: 4 / 9 / cbrt(x * x),
    box=(-2.0, 2.0),
    stationary=(minimum_at(0.0),),
    symmetries=(even,),
)

plateau = Landscape(
    name="plateau",
    tex=r"\tanh^2 x",
    about="One minimum between two plains with hardly any slope.",
    value=lambda x: square(tanh(x)),
    slopes=lambda x: 2 * tanh(x) / square(cosh(x)),
    curvatures=lambda x: (2 - 6 * square(tanh(x))) / square(cosh(x)),
    box=(-4.0, 4.0),
    stationary=(minimum_at(0.0),),
    symmetries=(even,),
)

quintic = Landscape(
    name="quintic",
    tex="x^5 - x - 1",
    about="Not to be minimised: the one root is sought, where $f = 0$.",
    value=lambda x: x * x * x * x * x - x - 1,
    slopes=lambda x: 5 * x * x * x * x - 1,
    curvatures=lambda x: 20 * x * x * x,
    box=(-1.5, 1.5),
    stationary=(
        maximum_at(-(5**-0.25)),
        minimum_at(5**-0.25),
    ),
)


# Surfaces: two coordinates.

bowl = Landscape(
    name="bowl",
    tex="x^2 + y^2",
    about="The round bowl: steepest descent aims at the minimum.",
    value=lambda x, y: x * x + y * y,
    slopes=lambda x, y: (2 * x, 2 * y),
    curvatures=lambda x, y: ((2, 0), (0, 2)),
    box=((-2.0, 2.0), (-2.0, 2.0)),
    stationary=(minimum_at(0, 0),),
    symmetries=(mirror_x, mirror_y, swap),
)

ravine = Landscape(
    name="ravine",
    tex="x^2 + 10y^2",
    about="A long valley: steepest descent aims at the opposite wall.",
    value=lambda x, y: x * x + 10 * y * y,
    slopes=lambda x, y: (2 * x, 20 * y),
    curvatures=lambda x, y: ((2, 0), (0, 20)),
    box=((-11.0, 11.0), (-4.0, 4.0)),
    stationary=(minimum_at(0, 0),),
    symmetries=(mirror_x, mirror_y),
)

course = Landscape(
    name="course",
    tex="x^4 + 0.8y^4 + 4x^2 + 2y^2 - xy - 0.2x^2y",
    about="A bowl that no single Newton step can solve.",
    value=lambda x, y: (
        x * x * x * x
        + 0.8 * y * y * y * y
        + 4 * x * x
        + 2 * y * y
        - x * y
        - 0.2 * x * x * y
    ),
    slopes=lambda x, y: (
        4 * x * x * x + 8 * x - y - 0.4 * x * y,
        3.2 * y * y * y + 4 * y - x - 0.2 * x * x,
    ),
    curvatures=lambda x, y: (
        (12 * x * x + 8 - 0.4 * y, -1 - 0.4 * x),
        (-1 - 0.4 * x, 9.6 * y * y + 4),
    ),
    box=((-5.0, 5.0), (-5.0, 5.0)),
    stationary=(minimum_at(0, 0),),
)

saddle = Landscape(
    name="saddle",
    tex="x^2 - y^2",
    about="Up along one axis, down along the other.",
    value=lambda x, y: x * x - y * y,
    slopes=lambda x, y: (2 * x, -2 * y),
    curvatures=lambda x, y: ((2, 0), (0, -2)),
    box=((-2.0, 2.0), (-2.0, 2.0)),
    stationary=(saddle_at(0, 0),),
    symmetries=(mirror_x, mirror_y),
)

rosenbrock = Landscape(
    name="rosenbrock",
    tex="(1 - x)^2 + 100(y - x^2)^2",
    about="A bent valley with steep walls and an almost level floor.",
    value=lambda x, y: square(1 - x) + 100 * square(y - x * x),
    slopes=lambda x, y: (
        -2 * (1 - x) - 400 * x * (y - x * x),
        200 * (y - x * x),
    ),
    curvatures=lambda x, y: (
        (2 - 400 * y + 1200 * x * x, -400 * x),
        (-400 * x, 200),
    ),
    box=((-2.0, 2.0), (-1.0, 3.0)),
    stationary=(minimum_at(1, 1),),
)

himmelblau = Landscape(
    name="himmelblau",
    tex="(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
    about="Four minima of equal depth, four saddles and one hill.",
    value=lambda x, y: square(x * x + y - 11) + square(x + y * y - 7),
    slopes=lambda x, y: (
        4 * x * (x * x + y - 11) + 2 * (x + y * y - 7),
        2 * (x * x + y - 11) + 4 * y * (x + y * y - 7),
    ),
    curvatures=lambda x, y: (
        (12 * x * x + 4 * y - 42, 4 * x + 4 * y),
        (4 * x + 4 * y, 12 * y * y + 4 * x - 26),
    ),
    box=((-6.0, 6.0), (-6.0, 6.0)),
    stationary=(
        minimum_at(3, 2),
        minimum_at(-2.805118086952745, 3.131312518250573),
        minimum_at(-3.779310253377747, -3.2831859912861696),
        minimum_at(3.5844283403304917, -1.8481265269644036),
        saddle_at(3.385154183607021, 0.07385187983774928),
        saddle_at(0.08667750455539636, 2.884254701174776),
        saddle_at(-3.0730257507643897, -0.08135304428796751),
        saddle_at(-0.12796134673068008, -1.9537149802445763),
        maximum_at(-0.2708445906673476, -0.9230385564799815),
    ),
)

camel = Landscape(
    name="camel",
    tex=r"2x^2 - 1.05x^4 + \tfrac16 x^6 + xy + y^2",
    about="Three humps: a global minimum between two local ones.",
    value=lambda x, y: (
        2 * x * x - 1.05 * x * x * x * x + x * x * x * x * x * x / 6 + x * y + y * y
    ),
    slopes=lambda x, y: (
        4 * x - 4.2 * x * x * x + x * x * x * x * x + y,
        x + 2 * y,
    ),
    curvatures=lambda x, y: (
        (4 - 12.6 * x * x + 5 * x * x * x * x, 1),
        (1, 2),
    ),
    box=((-5.0, 5.0), (-5.0, 5.0)),
    stationary=(  # x = 0, or x^4 - 4.2 x^2 + 3.5 = 0, and y = -x/2
        minimum_at(0, 0),
        minimum_at(-1.7475523458302888, 0.8737761729151444),
        minimum_at(1.7475523458302888, -0.8737761729151444),
        saddle_at(-1.07054229182366, 0.53527114591183),
        saddle_at(1.07054229182366, -0.53527114591183),
    ),
    symmetries=(half_turn,),
)

hagan = Landscape(
    name="hagan",
    tex="(y - x)^4 + 8xy - x + y + 3",
    about="Two minima of unequal depth with a saddle between them.",
    value=lambda x, y: square(square(y - x)) + 8 * x * y - x + y + 3,
    slopes=lambda x, y: (
        -4 * cube(y - x) + 8 * y - 1,
        4 * cube(y - x) + 8 * x + 1,
    ),
    curvatures=lambda x, y: (
        (12 * square(y - x), 8 - 12 * square(y - x)),
        (8 - 12 * square(y - x), 12 * square(y - x)),
    ),
    box=((-2.0, 2.0), (-2.0, 2.0)),
    stationary=(  # 32 x^3 - 8 x - 1 = 0 and y = -x
        minimum_at(-0.41878271764166153, 0.41878271764166153),
        saddle_at(-0.13479721820272228, 0.13479721820272228),
        minimum_at(0.5535799358443838, -0.5535799358443838),
    ),
    symmetries=(cross_swap,),
)

peano = Landscape(
    name="peano",
    tex="(y - x^2)(y - 3x^2)",
    about="A minimum along every line through 0, yet a saddle.",
    value=lambda x, y: (y - x * x) * (y - 3 * x * x),
    slopes=lambda x, y: (12 * x * x * x - 8 * x * y, 2 * y - 4 * x * x),
    curvatures=lambda x, y: ((36 * x * x - 8 * y, -8 * x), (-8 * x, 2)),
    box=((-1.0, 1.0), (-1.0, 1.0)),
    stationary=(saddle_at(0, 0),),
    symmetries=(mirror_x,),
)

boyd = Landscape(
    name="boyd",
    tex="e^{x + 3y - 0.1} + e^{x - 3y - 0.1} + e^{-x - 0.1}",
    about="Convex, not quadratic: Boyd and Vandenberghe, section 9.3.",
    value=lambda x, y: exp(x + 3 * y - 0.1) + exp(x - 3 * y - 0.1) + exp(-x - 0.1),
    slopes=lambda x, y: (
        exp(x + 3 * y - 0.1) + exp(x - 3 * y - 0.1) - exp(-x - 0.1),
        3 * exp(x + 3 * y - 0.1) - 3 * exp(x - 3 * y - 0.1),
    ),
    curvatures=lambda x, y: (
        (
            exp(x + 3 * y - 0.1) + exp(x - 3 * y - 0.1) + exp(-x - 0.1),
            3 * exp(x + 3 * y - 0.1) - 3 * exp(x - 3 * y - 0.1),
        ),
        (
            3 * exp(x + 3 * y - 0.1) - 3 * exp(x - 3 * y - 0.1),
            9 * exp(x + 3 * y - 0.1) + 9 * exp(x - 3 * y - 0.1),
        ),
    ),
    box=((-2.0, 1.0), (-1.2, 1.2)),
    stationary=(minimum_at(-log(2.0) / 2, 0),),
    symmetries=(mirror_y,),
)

curves = (
    quad1,
    explog,
    quartic,
    cubic,
    well,
    tilted,
    sqrt1p,
    lncosh,
    pow43,
    plateau,
    quintic,
)
surfaces = (
    bowl,
    ravine,
    course,
    saddle,
    rosenbrock,
    himmelblau,
    camel,
    hagan,
    peano,
    boyd,
)
catalogue = curves + surfaces
