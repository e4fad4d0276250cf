"""A lab for steps in the plane: Newton's, with its repairs, and as many of descent's.

All is written for plain floats, since a page runs it, too: a Hessian is here its
eigenvalues and one eigenvector.

    λ₁ ≤ λ₂   eigenvalues of H                                      low, high
    (u, v)    the unit eigenvector of λ₂; that of λ₁ is (−v, u)     u, v
    μ         what is added to both                                 mu
    |H|       whether their signs are dropped: above ½ they are     absolute
    (p, q)    a direction                                           p, q
    t         how far along it                                      t

>>> from shared.landscapes import saddle
>>> lab = Lab(saddle, rate=0.1)
>>> lab.run(1.0, 0.5, 0.0, 0.0, 0.0)[1]
[0.0, 0.0]
"""

import math
from functools import lru_cache

import numpy as np

STEPS = 10  # of a run
_FAR = 100.0  # where a run is given up
_LEVEL = 0.01  # the length of a gradient that is called zero
_SHARES = [0.25, 1.0]  # of the level lines of a model; the second leads to the start

# Where a run is last, and which sentence that makes, after its first step.
MINIMUM, SADDLE, MAXIMUM, ON_ITS_WAY, FAR_OUT = range(5)
_SPREAD = 0.97  # of a quarter, between whose ends a hyperbola is drawn
_ENDS = {
    "minimum": "After {4:0} steps: ({5:2}, {6:2}), a minimum.",
    "saddle": "After {4:0} steps: ({5:2}, {6:2}), a saddle.",
    "maximum": "After {4:0} steps: ({5:2}, {6:2}), a maximum.",
    "way": "After {4:0} steps: ({5:2}, {6:2}), and the gradient is not zero yet.",
    "far": "The step from ({5:2}, {6:2}) leads far out of the picture.",
}
_DOWNHILL, _UPHILL = ([f"{way}, {end}" for end in _ENDS] for way in ("down", "up"))
_CURVATURES = "The curvatures are {1:0} and {2:0}; "
_SENTENCES = {
    "stuck": (
        "alarm",
        f"{_CURVATURES}the step leads uphill, g·p = {{3:0}}, and so does each part of "
        "it: damping finds none that lowers the loss.",
    ),
    "level": (
        "alarm",
        f"{_CURVATURES}no step: the gradient is zero, or the matrix is singular.",
    ),
}
_SENTENCES |= {
    f"{way}, {end}": (
        "second" if way == "down" and end in ("minimum", "way") else "alarm",
        f"{_CURVATURES}the step leads {way}hill, g·p = {{3:0}}. {text}",
    )
    for way in ("up", "down")
    for end, text in _ENDS.items()
}


# What a run tells of its order, by its name.
ORDERS = {
    "once": "One step was enough.",
    "squares": "The last steps square the error: order about {1:1}.",
    "share": "The last steps leave a share of the error: order about {1:1}.",
    "other": "The last steps have an order of about {1:1}.",
    "none": "No order of convergence is to be seen.",
    "not yet": "No order of convergence is to be seen yet.",
}


class Lab:
    """What can be asked of a landscape where a run starts at (x, y).

    `steps` are those of a run, and of gradient descent with `rate` beside it. All
    methods return lists of floats; points are [x, y]. `sentences` are those that
    `says` names, without those on kinds of points that the landscape has not.
    """

    def __init__(self, landscape, rate, steps=STEPS):
        self.sentences = sentences([landscape])
        value, slopes = landscape.value, landscape.slopes
        curvatures = landscape.curvatures

        def again(x, y, mu, absolute, damped):
            """Return where one step leads."""
            return one_step(value, slopes, curvatures, x, y, mu, absolute, damped)

        def run(x, y, mu, absolute, damped):
            """Return the points of a run; it ends where it is far out."""
            return points_of(
                value, slopes, curvatures, steps, x, y, mu, absolute, damped
            )

        def descent(x, y):
            """Return the points of as many gradient steps."""
            return descended(slopes, rate, steps, x, y)

        def model(x, y, mu, absolute):
            """Return level lines of the model, each a list of points."""
            return level_lines(slopes, curvatures, x, y, mu, absolute)

        def matrices(x, y):
            """Return three entries of H, and both of the gradient."""
            return entries(slopes, curvatures, x, y)

        def singular(x, y):
            """Return the shift μ that makes the matrix singular, in a list."""
            low, _, _, _ = spectrum(curvatures, x, y)
            return [-low]

        def fall(x, y, mu, absolute):
            """Return g·p: below zero the step leads downhill."""
            return slope_of_step(slopes, curvatures, x, y, mu, absolute)

        def end(x, y, mu, absolute, damped):
            """Return where a run ends, as one of MINIMUM, …, FAR_OUT."""
            points = run(x, y, mu, absolute, damped)
            return end_of(slopes, curvatures, steps, points)

        def rows(x, y, mu, absolute, damped):
            """Return x, y, f, the length of the gradient, λ₁ and λ₂ of each point."""
            points = run(x, y, mu, absolute, damped)
            return rows_of(value, slopes, curvatures, points)

        def says(x, y, mu, absolute, damped):
            """Return which sentence is true, λ₁, λ₂, g·p, and where the run is last."""
            points = run(x, y, mu, absolute, damped)
            return said_of(slopes, curvatures, steps, points, mu, absolute, damped)

        def order(x, y, mu, absolute, damped):
            """Return which sentence on the order is true, and the order."""
            points = run(x, y, mu, absolute, damped)
            return order_of(end_of(slopes, curvatures, steps, points), points)

        def turned(x, y, mu, absolute, damped):
            """Whether μ alone turns a step downhill that would lead uphill."""
            alone = absolute < 0.5 and damped < 0.5
            return alone and fall(x, y, 0.0, 0.0) > 0 and fall(x, y, mu, 0.0) < 0

        def repaired(x, y, mu, absolute, damped):
            """Whether |H| and damping lead from an uphill step to a minimum."""
            both = mu == 0 and absolute > 0.5 and damped > 0.5
            uphill = fall(x, y, 0.0, 0.0) > 0
            return both and uphill and end(x, y, mu, absolute, damped) == MINIMUM

        def misled(x, y, mu, absolute, damped):
            """Whether Newton's own steps end on a saddle."""
            pure = mu == 0 and absolute < 0.5 and damped < 0.5
            return pure and end(x, y, mu, absolute, damped) == SADDLE

        def tamed(x, y, mu, absolute, damped):
            """Whether the loss never rises, where Newton's own steps let it."""
            pure = rises(run(x, y, 0.0, 0.0, 0.0))
            return pure and not rises(run(x, y, mu, absolute, damped))

        def rises(points):
            """Whether a step leads higher up."""
            for k in range(len(points) - 1):
                here, there = points[k], points[k + 1]
                if value(there[0], there[1]) > value(here[0], here[1]):
                    return True
            return False

        def quick(x, y, mu, absolute, damped):
            """Whether two of Newton's own steps, and not one, lead to a minimum."""
            pure = mu == 0 and absolute < 0.5 and damped < 0.5
            points = run(x, y, mu, absolute, damped)
            if len(points) <= steps or end(x, y, mu, absolute, damped) != MINIMUM:
                return False
            one, two, last = points[1], points[2], points[-1]
            return pure and distance(one, last) > 1e-6 and distance(two, last) < 1e-6

        self.run, self.descent, self.model = run, descent, model
        self.matrices, self.singular = matrices, singular
        self.fall, self.end, self.rows, self.says = fall, end, rows, says
        self.again, self.turned, self.repaired = again, turned, repaired
        self.misled, self.tamed, self.quick = misled, tamed, quick
        self.order = order


def sentences(landscapes):
    """Return the sentences on runs, without those on kinds of points that are not."""
    kinds = {place.kind for landscape in landscapes for place in landscape.stationary}
    never = {"minimum", "saddle", "maximum"} - kinds
    return {
        name: said
        for name, said in _SENTENCES.items()
        if name.rpartition(" ")[2] not in never
    }


def one_step(value, slopes, curvatures, x, y, mu, absolute, damped):
    """Return where one step leads.

    >>> one_step(lambda x, y: x * x, lambda x, y: (2 * x, 0.0),
    ...     lambda x, y: ((2, 0), (0, 2)), 3.0, 1.0, 0.0, 0.0, 0.0)
    [0.0, 1.0]
    """
    p, q = direction(slopes, curvatures, x, y, mu, absolute)
    t = length(value, slopes, x, y, p, q) if damped > 0.5 else 1.0
    return [x + t * p, y + t * q]


@lru_cache(maxsize=1)
def points_of(value, slopes, curvatures, steps, x, y, mu, absolute, damped):
    """Return the points of a run; it ends where it is far out."""
    points = [[x, y]]
    for _ in range(steps):
        x, y = one_step(value, slopes, curvatures, x, y, mu, absolute, damped)
        if not abs(x) + abs(y) < _FAR:
            break
        points.append([x, y])
    return points


def descended(slopes, rate, steps, x, y):
    """Return the points of as many gradient steps."""
    points = [[x, y]]
    for _ in range(steps):
        g, h = slopes(x, y)
        x, y = x - rate * g, y - rate * h
        if not abs(x) + abs(y) < _FAR:
            break
        points.append([x, y])
    return points


def entries(slopes, curvatures, x, y):
    """Return three entries of H, and both of the gradient."""
    upper, lower = curvatures(x, y)
    g, h = slopes(x, y)
    return [float(z) for z in [upper[0], upper[1], lower[1], g, h]]


def slope_of_step(slopes, curvatures, x, y, mu, absolute):
    """Return g·p: below zero the step leads downhill."""
    p, q = direction(slopes, curvatures, x, y, mu, absolute)
    g, h = slopes(x, y)
    return g * p + h * q


def end_of(slopes, curvatures, steps, points):
    """Return where a run ends, as one of MINIMUM, …, FAR_OUT."""
    x, y = points[-1]
    g, h = slopes(x, y)
    low, high, _, _ = spectrum(curvatures, x, y)
    if len(points) <= steps:
        return FAR_OUT
    if math.sqrt(g * g + h * h) > _LEVEL:
        return ON_ITS_WAY
    if low > 0:
        return MINIMUM
    return MAXIMUM if high < 0 else SADDLE


def rows_of(value, slopes, curvatures, points):
    """Return x, y, f, the length of the gradient, λ₁ and λ₂ of each point."""
    found = []
    for x, y in points:
        g, h = slopes(x, y)
        low, high, _, _ = spectrum(curvatures, x, y)
        size = math.sqrt(g * g + h * h)
        found.append([x, y, float(value(x, y)), size, low, high])
    return found


def said_of(slopes, curvatures, steps, points, mu, absolute, damped):
    """Return which sentence is true, λ₁, λ₂, g·p, and where the run is last."""
    x, y = points[0]
    low, high, _, _ = spectrum(curvatures, x, y)
    down = slope_of_step(slopes, curvatures, x, y, mu, absolute)
    kind = end_of(slopes, curvatures, steps, points)
    which = _DOWNHILL[kind] if down < 0 else _UPHILL[kind]
    if down == 0:
        which = "level"
    elif down > 0 and damped > 0.5:
        which = "stuck"
    x, y = points[-1]
    return [which, low, high, down, len(points) - 1, rounded(x), rounded(y)]


def rounded(x):
    """Return a coordinate for a sentence: what has no place in two decimals is 0.

    >>> rounded(-1e-9), rounded(0.25)
    (0.0, 0.25)
    """
    return 0.0 if abs(x) < 1e-3 else x


def order_of(kind, points):
    """Return which sentence on the order of a run is true, and the order.

    `kind` says where it ends. See `measured_order`.

    >>> order_of(MINIMUM, [[z, 0.0] for z in (0.4, 0.1, 1e-2, 1e-4, 1e-8)])[0]
    'squares'
    >>> order_of(MINIMUM, [[0.5**k, 0.0] for k in range(9)])
    ['share', 1.0]
    """
    if kind == FAR_OUT:
        return ["none", 0.0]
    order = measured_order(points)
    if kind == ON_ITS_WAY or order == 0:
        return ["not yet", 0.0]
    if order < 0:
        return ["once", 0.0]
    if is_squared(order):
        return ["squares", order]
    return ["share" if 0.9 < order < 1.1 else "other", order]


def is_squared(order):
    """Whether an order is about 2."""
    return 1.8 < order < 2.2


def measured_order(points):
    """Return the order of the last three steps between ½ and the rounding.

    Near its end a step of Newton's is as long as the error before it. The order is 0
    where there are not so many, or they do not fall, and −1 where the second is none.
    """
    sizes = [distance(points[k], points[k + 1]) for k in range(len(points) - 1)]
    if sizes[1] < 1e-9:
        return -1.0
    return order_of_sizes(sizes)


def order_of_sizes(sizes):
    """Return the order of the last three between ½ and the rounding; else 0.

    >>> round(order_of_sizes([0.4, 0.1, 1e-2, 1e-4, 1e-8, 0.0]), 3)
    2.0
    """
    a, b, c = 0.0, 0.0, 0.0
    for size in sizes:
        if 1e-13 < size < 0.5:
            a, b, c = b, c, math.log(size)
    return (c - b) / (b - a) if c < b < a < 0 else 0.0


def distance(one, other):
    """Return how far apart two points are."""
    a, b = one
    c, d = other
    return math.sqrt((a - c) * (a - c) + (b - d) * (b - d))


def outlines(value, heights, xs, ys):
    """Return the level lines of a surface, as the pieces of them in each cell.

    xs and ys are the lines of the grid.

    >>> outlines(lambda x, y: x, [0.5], [0.0, 1.0], [0.0, 1.0])
    [[[0.5, 1.0], [0.5, 0.0]]]
    """
    lines = []
    below = []
    for y in ys:
        row = [[x, y, float(value(x, y))] for x in xs]
        for height in heights:
            for i in range(1, len(below)):
                ends = []
                p, q, a = below[i]
                for r, s, b in [row[i], row[i - 1], below[i - 1], below[i]]:
                    if (a < height) != (b < height):
                        t = (height - a) / (b - a)
                        ends.append([p + t * (r - p), q + t * (s - q)])
                    p, q, a = r, s, b
                for k in range(0, len(ends), 2):
                    lines.append([ends[k], ends[k + 1]])
        below = row
    return lines


def spectrum(curvatures, x, y):
    """Return λ₁, λ₂ and the unit eigenvector of λ₂.

    >>> spectrum(lambda x, y: ((2, 0), (0, 20)), 1.0, 1.0)
    [2.0, 20.0, 0.0, 1.0]
    """
    upper, lower = curvatures(x, y)
    a, b, c = float(upper[0]), float(upper[1]), float(lower[1])
    half = (a - c) / 2
    root = math.sqrt(half * half + b * b)
    u, v = half + root, b
    if half < 0:
        u, v = b, root - half
    size = math.sqrt(u * u + v * v)
    if size == 0:
        u, size = 1.0, 1.0
    return [(a + c) / 2 - root, (a + c) / 2 + root, u / size, v / size]


def bent(curvature, mu, absolute):
    """Return an eigenvalue as a step uses it.

    >>> bent(-3.0, 1.0, 0.0), bent(-3.0, 1.0, 1.0)
    (-2.0, 4.0)
    """
    return (abs(curvature) if absolute > 0.5 else curvature) + mu


def direction(slopes, curvatures, x, y, mu, absolute):
    """Return the step to the level point of the model; no step where there is none.

    >>> direction(lambda x, y: (2 * x, 20 * y), lambda x, y: ((2, 0), (0, 20)),
    ...     5.0, 1.0, 0.0, 0.0)
    [-5.0, -1.0]
    """
    low, high, u, v = spectrum(curvatures, x, y)
    low, high = bent(low, mu, absolute), bent(high, mu, absolute)
    if low == 0 or high == 0:
        return [0.0, 0.0]
    g, h = slopes(x, y)
    along, across = (u * g + v * h) / high, (u * h - v * g) / low
    return [v * across - u * along, -v * along - u * across]


def length(value, slopes, x, y, p, q):
    """Return the first of 1, ½, ¼, … that lowers f enough (Armijo); else 0.

    >>> length(lambda x, y: x * x, lambda x, y: (2 * x, 0.0), 1.0, 0.0, -3.0, 0.0)
    0.5
    """
    here = value(x, y)
    g, h = slopes(x, y)
    fall = g * p + h * q
    t = 1.0
    for _ in range(40):
        if fall < 0 and value(x + t * p, y + t * q) <= here + 1e-4 * t * fall:
            return t
        t = t / 2
    return 0.0


def level_lines(slopes, curvatures, x, y, mu, absolute):
    """Return lines on which the quadratic model at (x, y) is level, in quarters.

    They are ellipses, or, where the signs differ, hyperbolas between the diagonals of
    their half axes. One leads through (x, y), or, at a saddle, as far from its middle.

    >>> lines = level_lines(lambda x, y: (2 * x, 20 * y),
    ...     lambda x, y: ((2, 0), (0, 20)), 5.0, 1.0, 0.0, 0.0)
    >>> [len(line) for line in lines]
    [17, 17, 17, 17, 17, 17, 17, 17]
    """
    low, high, u, v = spectrum(curvatures, x, y)
    low, high = bent(low, mu, absolute), bent(high, mu, absolute)
    lines = []
    if low == 0 or high == 0:
        return lines
    p, q = direction(slopes, curvatures, x, y, mu, absolute)
    along, across = u * p + v * q, u * q - v * p
    size = abs(high) * along * along + abs(low) * across * across
    spread = 1.0 if low * high > 0 else _SPREAD
    for share in _SHARES:
        for quarter in range(4):
            line = []
            for k in range(-8, 9):
                turn, far = math.pi / 32 * (16 * quarter + spread * k), share * size
                if low * high < 0:
                    far = far / abs(math.cos(2 * turn))
                s = math.sqrt(far / abs(high)) * math.cos(turn)
                r = math.sqrt(far / abs(low)) * math.sin(turn)
                line.append([x + p + u * s - v * r, y + q + v * s + u * r])
            lines.append(line)
    return lines


def middles_of(quarters):
    """The middle of each level line of a model, drawn in four parts; shape (n, 2)."""
    points = np.array(quarters)[:, :-1]
    return points.reshape(len(quarters) // 4, -1, 2).mean(axis=1)
