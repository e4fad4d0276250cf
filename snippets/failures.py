"""When Newton's method fails, and the repairs.

    x, θ       the point, on a curve, in the plane   x, theta
    f, L       the loss                              f
    f′, g      slope, gradient                       grad
    f″, H      curvature, Hessian                    hess
    λᵢ         an eigenvalue of H                    values[i]
    p, t       a direction, and how far along it     p, t
    μ          what is added to the curvature        mu
    m          the order of the zero of f′           m

A repair is written as a change of the Hessian where that is what it is: pass
`shifted(hess, mu)` or `absolute(hess)` to any Newton method in place of `hess`.
"""

from functools import cache

import directions
import numpy as np
from curvature import overlap_grad, overlap_hess
from descent import descend
from loss import cross_entropy_score
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from newton import newton, newton_step
from rate import backtrack
from shared import draw
from shared.data import overlap_x, overlap_y
from shared.landscapes import (
    Landscape,
    camel,
    himmelblau,
    lncosh,
    minimum_at,
    pow43,
    quartic,
    rosenbrock,
    saddle,
    sqrt1p,
    well,
)

# A convex curve with the slope arctan x; and a curve with one minimum and a trap.
arctan = Landscape(
    name="arctan",
    tex=r"x \arctan x - \tfrac12 \ln(1 + x^2)",
    about="The slope levels off on both sides.",
    value=lambda x: x * np.arctan(x) - np.log1p(x * x) / 2,
    slopes=np.arctan,
    curvatures=lambda x: 1 / (1 + x * x),
    box=(-3.0, 3.0),
    stationary=(minimum_at(0.0),),
)
trap = Landscape(
    name="trap",
    tex=r"\tfrac14 x^4 - x^2 + 2x",
    about="One minimum, and a cycle that attracts Newton's method.",
    value=lambda x: x * x * x * x / 4 - x * x + 2 * x,
    slopes=lambda x: x * x * x - 2 * x + 2,
    curvatures=lambda x: 3 * x * x - 2,
    box=(-3.0, 3.0),
    stationary=(minimum_at(-1.7692923542386314),),
)


def solve(hess, b):
    """Solve Hp = b, for a matrix or for a single curvature.

    >>> solve(4.0, 2.0)
    0.5
    """
    return np.linalg.solve(hess, b) if np.ndim(hess) else b / hess


def damped_newton(f, grad, hess, start, steps=10):
    """Return the path of Newton's method with a line search.

    Each step is halved until f falls enough (Armijo 1966).

    >>> path = damped_newton(sqrt1p.f, sqrt1p.grad, sqrt1p.hess, 2.0, 2)
    >>> path.round(12)
    array([ 2.   , -0.5  ,  0.125])
    """
    path = [start]
    for _ in range(steps):
        x = path[-1]
        p = solve(hess(x), -grad(x))
        t, _trials = backtrack(f, grad, x, p)
        path.append(x + t * p)
    return np.array(path)


def shifted(hess, mu):
    """Return the Hessian with μ added to every eigenvalue.

    Levenberg (1944), Marquardt (1963).

    >>> shifted(saddle.hess, 3.0)([1.0, 1.0])
    array([[5., 0.],
           [0., 1.]])
    """

    def raised(x):
        return hess(x) + mu * (np.eye(len(x)) if np.ndim(x) else 1)

    return raised


def absolute(hess, least=1e-8):
    """Return the Hessian with every eigenvalue made positive.

    Dauphin et al. (2014) call the method saddle-free Newton.

    >>> absolute(saddle.hess)([1.0, 1.0])
    array([[2., 0.],
           [0., 2.]])
    """

    def bent_up(x):
        if not np.ndim(x):
            return max(abs(hess(x)), least)
        values, vectors = np.linalg.eigh(hess(x))
        sizes = np.maximum(np.abs(values), least)
        return vectors * sizes @ vectors.T

    return bent_up


def trust_step(g, H, radius):
    """Return the best step of the model within a radius, and its μ.

    It solves (H + μI)p = −g with the least μ that makes H + μI positive
    and p short enough: Nocedal and Wright (2006), theorem 4.1. Left out
    is their "hard case", g at right angles to the lowest eigenvector.

    >>> g = np.array([4.0, 0.0])
    >>> p, mu = trust_step(g, 2 * np.eye(2), radius=1.0)
    >>> p.round(9), round(mu, 9)
    (array([-1.,  0.]), 2.0)
    """
    step = lambda mu: np.linalg.solve(H + mu * np.eye(len(g)), -g)
    lowest = np.linalg.eigvalsh(H)[0]
    if lowest > 0 and np.linalg.norm(step(0)) <= radius:
        return step(0), 0.0
    low = max(0.0, -lowest)
    high = low + np.linalg.norm(g) / radius
    for _ in range(40):
        mu = (low + high) / 2
        short = np.linalg.norm(step(mu)) <= radius
        low, high = (low, mu) if short else (mu, high)
    return step(high), float(high)


def critical_start(grad, hess, low=0.5, high=2.0):
    """Return the start that Newton's step sends to its mirror image.

    Nearer starts come nearer, farther ones go farther away.

    >>> round(critical_start(sqrt1p.grad, sqrt1p.hess), 12)
    1.0
    """
    for _ in range(60):
        middle = (low + high) / 2
        nearer = abs(newton_step(grad, hess, middle)) < middle
        low, high = (middle, high) if nearer else (low, middle)
    return low


def steps_on_the_cycle(digits):
    """Return how long a rounded start stays on the cycle of ln cosh.

    The count ends at the first step that is off by a tenth.
    """
    exact = critical_start(lncosh.grad, lncosh.hess)
    x, k = float(f"{exact:.{digits - 1}e}"), 0
    while abs(abs(x) - exact) < 0.1:
        x, k = newton_step(lncosh.grad, lncosh.hess, x), k + 1
    return k


def overlap_loss(w):
    """Return the log loss of p = σ(wx) on six points that overlap."""
    z = np.multiply.outer(w, overlap_x)
    return np.mean(cross_entropy_score(overlap_y, z), axis=-1)


PARTED = (overlap_x > 0).astype(float)  # labels that a threshold separates


def parted_grad(w):
    """Return the slope where every positive x has the label 1."""
    return overlap_grad(w, PARTED)


def valley_grad(theta):
    """Return the gradient of (x + y − 2)², lowest on a whole line.

    >>> valley_grad([1.0, 1.0])
    array([0., 0.])
    """
    return 2 * (theta[0] + theta[1] - 2) * np.ones(2)


def valley_hess(theta):
    """Return its Hessian, which has no inverse."""
    return np.full((2, 2), 2.0)


def multiplicity(path):
    """Estimate m, where f′ vanishes like xᵐ, from three steps in a row.

    Newton's steps then shrink by 1 − 1/m each.

    >>> path = newton(quartic.grad, quartic.hess, 1.0, steps=2)
    >>> round(multiplicity(path), 12)
    3.0
    """
    first, second = np.diff(path)[-2:]
    return float(1 / (1 - second / first))


def ends(landscape, points, tolerance=1e-6):
    """Return, for each point, which stationary point it has reached.

    Points are stacked as (2, …); the answer is an index into
    `landscape.stationary`, or −1 for none.
    """
    at = np.array([place.at for place in landscape.stationary])
    away = np.stack([np.hypot(points[0] - x, points[1] - y) for x, y in at])
    return np.where(away.min(axis=0) < tolerance, away.argmin(axis=0), -1)


def count(landscape, reached):
    """Return how many runs reached each kind of stationary point."""
    total = {"minimum": 0, "saddle": 0, "maximum": 0}
    for index, place in enumerate(landscape.stationary):
        total[place.kind] += int(np.sum(reached == index))
    return total | {"nowhere": int(np.sum(reached == -1))}


def square_grid(n, reach):
    """Return n × n points of a square around 0, stacked as (2, n, n)."""
    line = np.linspace(-reach, reach, n)
    return np.stack(np.meshgrid(line, line))


def _stacked(landscape, theta):
    """Return gradients and Hessians with the coordinates last."""
    g = np.moveaxis(landscape.grad(theta), 0, -1)[..., None]
    return g, np.moveaxis(landscape.hess(theta), (0, 1), (-2, -1))


def newton_from_all(landscape, starts, steps=50):
    """Take Newton steps from all starts at once; return where they end."""
    theta = starts
    for _ in range(steps):
        g, H = _stacked(landscape, theta)
        p = np.linalg.solve(H, -g)[..., 0]
        theta = theta + np.moveaxis(p, -1, 0)
    return theta


def damped_from_all(landscape, starts, steps=25, least=1e-8):
    """The same with |H| and Armijo's rule."""
    theta = starts
    for _ in range(steps):
        g, H = _stacked(landscape, theta)
        values, vectors = np.linalg.eigh(H)
        sizes = np.maximum(np.abs(values), least)[..., None]
        p = -(vectors @ (vectors.swapaxes(-1, -2) @ g / sizes))[..., 0]
        p = np.moveaxis(p, -1, 0)
        height = landscape.f(theta)
        slope = np.sum(landscape.grad(theta) * p, axis=0)
        t = np.ones_like(height)
        high = np.ones_like(height, dtype=bool)
        while high.any():
            high = landscape.f(theta + t * p) > height + 1e-4 * t * slope
            t[high] /= 2
        theta = theta + t * p
    return theta


def descent_from_all(landscape, starts, rate=0.005, steps=2000):
    """Take gradient steps from all starts at once."""
    theta = starts
    for _ in range(steps):
        theta = theta - rate * landscape.grad(theta)
    return theta


METHODS = {
    "descent": descent_from_all,
    "newton": newton_from_all,
    "damped": damped_from_all,
}


@cache
def himmelblau_map(method, n=61):
    """Return where each of n × n starts ends on `himmelblau`."""
    starts = square_grid(n, 5.985)  # the grid meets no axis of symmetry
    return ends(himmelblau, METHODS[method](himmelblau, starts))


@cache
def camel_map(method="newton", n=81):
    """Return where each of n × n starts ends on `camel`."""
    return ends(camel, METHODS[method](camel, square_grid(n, 5.0)))


def rosenbrock_steps(tolerance=1e-6):
    """Return how many damped steps lead from (−1.2, 1) to the minimum."""
    path = damped_newton(
        rosenbrock.f, rosenbrock.grad, rosenbrock.hess, np.array([-1.2, 1.0]), 30
    )
    return directions.steps_to(path, rosenbrock.minima[0], tolerance)


def first_landing(mu):
    """Return where one step with f″ + μ leads in the wells, from 0.3."""
    return newton_step(well.grad, shifted(well.hess, mu), 0.3)


def camel_shares(n=8001):
    """Return the shares of the x-axis that Newton sends to each minimum.

    The second equation of `camel` is linear: after one step y = −x/2,
    and x goes on alone. So the map is made of stripes.
    """
    x = np.linspace(-5, 5, n)
    theta = newton_from_all(camel, np.stack([x, 0 * x]), steps=60)
    reached = ends(camel, theta)
    return [float(np.mean(reached == index)) for index in range(3)]


def _listed(path, form=".3g"):
    """Write points of a curve as text, with typeset minus signs."""
    return ", ".join(f"{x:{form}}" for x in path).replace("-", "−")


def penalised(grad, hess, weight=0.1):
    """Return both derivatives of the loss plus weight/2 · w²."""
    return lambda w: grad(w) + weight * w, lambda w: hess(w) + weight


def repairs():
    """Return the exhibits with what pure and what repaired Newton does.

    Each row: loss and start, pure run, name of the repair, repaired run.
    """

    def damped(landscape, start, steps, bend=lambda hess: hess):
        hess = bend(landscape.hess)
        return damped_newton(landscape.f, landscape.grad, hess, start, steps)

    def pure(landscape, start, steps):
        return _listed(newton(landscape.grad, landscape.hess, start, steps)[1:])

    def lengthened(landscape, factor):
        hess = lambda x: landscape.hess(x) / factor
        return _listed(newton(landscape.grad, hess, 1.0, 1)[1:])

    logistic = damped_newton(overlap_loss, overlap_grad, overlap_hess, 4.0, 5)
    least = np.linalg.lstsq(valley_hess(None), -valley_grad([3.0, 1.0]), rcond=None)
    leaving = directions.newton(saddle.grad, absolute(saddle.hess), [1.0, 0.001], 10)
    finite = newton(*penalised(parted_grad, overlap_hess), 0.0, 8)
    grown = newton(parted_grad, overlap_hess, 0.0, 4)
    shift = newton(well.grad, shifted(well.hess, 1.0), 0.3, 40)
    return [
        (
            "√(1+x²) from 2",
            pure(sqrt1p, 2.0, 2),
            "damping",
            _listed(damped(sqrt1p, 2.0, 4)[1:]),
        ),
        (
            "ln cosh x from 2",
            pure(lncosh, 2.0, 2),
            "damping",
            _listed(damped(lncosh, 2.0, 5)[1:]),
        ),
        (
            "log loss from 4",
            _listed(newton(overlap_grad, overlap_hess, 4.0, 2)[1:]),
            "damping",
            _listed(logistic[1:], ".4f"),
        ),
        (
            "two wells from 0.3",
            pure(well, 0.3, 3),
            "shift, μ = 1",
            _listed(shift[1:4]) + " → " + _listed(shift[-1:]),
        ),
        (
            "x² − y² from (1, 0.001)",
            "(0, 0)",
            "|H|",
            "y = " + _listed(leaving[1:6, 1]),
        ),
        (
            "trap from 0",
            pure(trap, 0.0, 4),
            "|f″| and damping",
            _listed(damped(trap, 0.0, 4, absolute)[1:], ".4g"),
        ),
        ("x⁴ from 1", pure(quartic, 1.0, 3), "step × 3", lengthened(quartic, 3)),
        (
            "|x|^(4/3) from 1",
            pure(pow43, 1.0, 3),
            "step × 1/3",
            lengthened(pow43, 1 / 3),
        ),
        (
            "(x + y − 2)² from (3, 1)",
            "refused",
            "least squares",
            "p = (" + _listed(least[0]) + ")",
        ),
        (
            "separable data from 0",
            _listed(grown[1:]),
            "a penalty",
            _listed(finite[1:5], ".4f"),
        ),
    ]


def outline(cells):
    """Return the closed borders of the true cells, as lists of corners.

    The cell in row i and column j is the square from (j, i) to
    (j + 1, i + 1). Inside is on the left of every border.

    >>> outline(np.array([[True, True]]))
    [[(0, 0), (2, 0), (2, 1), (0, 1)]]
    """
    padded = np.pad(cells.astype(int), 1)
    below, beside = np.diff(padded, axis=0)[:, 1:-1], np.diff(padded, axis=1)[1:-1]
    edges = [((j, i), (j + 1, i)) for i, j in np.argwhere(below == 1).tolist()]
    edges += [((j + 1, i), (j, i)) for i, j in np.argwhere(below == -1).tolist()]
    edges += [((j, i + 1), (j, i)) for i, j in np.argwhere(beside == 1).tolist()]
    edges += [((j, i), (j, i + 1)) for i, j in np.argwhere(beside == -1).tolist()]
    ahead = {}
    for start, end in sorted(edges):
        ahead.setdefault(start, []).append(end)
    loops = []
    while ahead:
        point = start = next(iter(ahead))
        loop = []
        while not loop or point != start:
            loop.append(point)
            further = ahead[point].pop()
            if not ahead[point]:
                del ahead[point]
            point = further
        loops.append(_corners(loop))
    return loops


def _corners(loop):
    """Leave out the points at which a closed line goes straight on."""
    around = zip(loop[-1:] + loop[:-1], loop, loop[1:] + loop[:1], strict=True)
    return [
        b
        for a, b, c in around
        if (b[0] - a[0], b[1] - a[1]) != (c[0] - b[0], c[1] - b[1])
    ]


def _paint(ax, cells, reach, color, alpha):
    """Fill the true cells of a square grid whose points reach so far."""
    step = 2 * reach / (len(cells) - 1)
    vertices, codes = [], []
    for loop in outline(cells):
        vertices += [
            (-reach + (x - 0.5) * step, -reach + (y - 0.5) * step) for x, y in loop
        ]
        vertices.append(vertices[-len(loop)])
        codes += [Path.MOVETO] + [Path.LINETO] * (len(loop) - 1) + [Path.CLOSEPOLY]
    if vertices:
        shape = Path(vertices, codes)
        ax.add_patch(PathPatch(shape, facecolor=color, alpha=alpha, edgecolor="none"))


def _map(ax, landscape, reached, reach, shades):
    """Paint where each start ends, and mark all stationary points."""
    for index, place in enumerate(landscape.stationary):
        color, alpha = shades[place.kind][index % len(shades[place.kind])]
        _paint(ax, reached == index, reach, color, alpha)
    marks = {"minimum": "o", "saddle": "x", "maximum": "^"}
    for place in landscape.stationary:
        ax.plot(*place.at, marks[place.kind], color="ink", markerfacecolor="paper")
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")


FOUR = {
    "minimum": [("curve", 0.55), ("path", 0.5), ("second", 0.5), ("third", 0.5)],
    "saddle": [("soft", 0.25)],
    "maximum": [("ink", 0.8)],
}
HUMPS = {
    "minimum": [("optimum", 0.5), ("curve", 0.35), ("third", 0.35)],
    "saddle": [("soft", 0.4)],
}


def _himmelblau(method, n=61, width=4.5):
    reached = himmelblau_map(method, n)
    figure, ax = draw.axes("x", "y", width=width, height=0.95 * width)
    _map(ax, himmelblau, reached, 5.985, FOUR)
    ax.set(xticks=[-4, 0, 4], yticks=[-4, 0, 4])
    return figure, ax, count(himmelblau, reached)


def _basins(method):
    figure, ax, ended = _himmelblau(method)
    marks = {"minimum": "○", "saddle": "×", "maximum": "△"}
    ax.set_title(" · ".join(f"{marks[k]} {ended[k]:,}" for k in marks))
    return figure


def figure_basins_descent():
    return _basins("descent")


def figure_basins_newton():
    return _basins("newton")


def figure_basins_damped():
    return _basins("damped")


def figure_choice_descent():
    return _himmelblau("descent", n=31, width=3.2)[0]


def figure_choice_newton():
    return _himmelblau("newton", n=31, width=3.2)[0]


def figure_choice_damped():
    return _himmelblau("damped", n=31, width=3.2)[0]


def figure_camel():
    figure, ax = draw.axes("x", "y", height=4.3)
    _map(ax, camel, camel_map(), 5.0, HUMPS)
    for index, place in enumerate(camel.stationary[:3]):
        share = f"{np.mean(camel_map() == index):.1%}"
        draw.label(ax, share, (1.9 * place.at[0], -3.9))
    ax.set_title("global minimum between two local ones")
    return figure


def _walk(ax, landscape, start, steps, low, high, title):
    """One exhibit: a curve, and the first steps on it."""
    draw.curve(ax, landscape.f, low, high)
    path = newton(landscape.grad, landscape.hess, start, steps)
    draw.path(ax, path, landscape.f(path), color="second")
    ax.set_title(title)
    ax.set(xticks=[], yticks=[])
    return path


def figure_museum():
    """Six exhibits."""
    figure, axes = draw.panels(3, 2, height=6.2)
    far, flat, sharp = axes[0, 0], axes[0, 1], axes[1, 0]
    _walk(far, sqrt1p, 1.1, 2, -2.6, 2.6, "√(1+x²): too far")
    _walk(sharp, pow43, 0.25, 3, -2.4, 2.4, "|x|^(4/3): doubling")
    _walk(flat, quartic, 1.0, 6, -1.1, 1.1, "x⁴: crawling")
    _walk(axes[1, 1], well, 0.3, 3, -1.5, 1.5, "wells: to the top")
    _walk(axes[2, 0], well, 0.5, 1, -1.5, 1.5, "wells: to the other")
    _walk(axes[2, 1], trap, 0.0, 3, -2.6, 1.9, "a trap: 0, 1, 0, 1")
    return figure


def figure_critical():
    """How far Newton's step leads, against how far off it starts."""
    figure, ax = draw.axes("distance of the start", "distance after a step", height=3.9)
    distance = np.linspace(0, 1.7, 100)
    for landscape, colour, style, name in [
        (sqrt1p, "path", "-", "√(1+x²)"),
        (lncosh, "curve", "--", "ln cosh x"),
        (arctan, "third", "-.", "slope arctan x"),
    ]:
        after = abs(newton_step(landscape.grad, landscape.hess, distance))
        critical = critical_start(landscape.grad, landscape.hess)
        ax.plot(distance, after, style, color=colour, label=f"{name}: {critical:.5g}")
        ax.plot([critical], [critical], "o", color="alarm")
    ax.plot(distance, distance, color="soft", linewidth=1, label="as far as before")
    ax.legend(loc="upper left")
    ax.set(ylim=(0, 2.9), xlim=(0, 1.7))
    return figure


def figure_logistic():
    """Newton on a convex loss from w = 4, and with damping."""
    figure, axes = draw.panels(2, 1, height=5.4)
    pure, damped = axes[:, 0]
    path = newton(overlap_grad, overlap_hess, 4.0, 2)
    draw.curve(pure, overlap_loss, -25, 160)
    draw.path(pure, path, overlap_loss(path), color="alarm")
    draw.label(pure, "w = 4", (4, overlap_loss(4.0)), (9, 0), ha="left")
    for k, side in (1, "right"), (2, "left"):
        text = f"{path[k]:.1f}".replace("-", "−")
        away = (-9, -4) if side == "right" else (-4, 12)
        draw.label(pure, text, (path[k], overlap_loss(path[k])), away, ha="right")
    pure.set(ylabel="log loss", title="pure Newton")
    path = damped_newton(overlap_loss, overlap_grad, overlap_hess, 4.0, 6)
    draw.curve(damped, overlap_loss, -1, 5)
    draw.path(damped, path, overlap_loss(path), color="second")
    draw.label(damped, "w = 4", (4, overlap_loss(4.0)), (9, -6), ha="left")
    best = path[-1]
    draw.optimum(damped, best, overlap_loss(best), f"w = {best:.4f}", (0, 17))
    damped.set(xlabel="w", ylabel="log loss", title="the same steps, damped")
    return figure


def figure_saddle():
    """Eight starts around the saddle of x² − y², one step from each."""
    figure, axes = draw.panels(2, 1, height=6.6, sharex=True)
    turns = np.pi / 8 + np.arange(8) * np.pi / 4
    for ax, hess, title in (
        (axes[0, 0], saddle.hess, "pure Newton: onto the saddle"),
        (axes[1, 0], absolute(saddle.hess), "with |H|: towards it in x, away in y"),
    ):
        levels = [-4, -2, -0.5, 0, 0.5, 2, 4]
        draw.contours(ax, saddle.f, (-1.9, 1.9), (-1.9, 1.9), levels, False, points=25)
        for turn in turns:
            start = np.array([np.cos(turn), np.sin(turn)]) * 0.9
            path = directions.newton(saddle.grad, hess, start, steps=1)
            draw.path(ax, *path.T, color="second")
        ax.plot([0], [0], "x", color="alarm", markersize=10)
        ax.set(ylabel="y", title=title)
    axes[1, 0].set(xlabel="x")
    return figure


def figure_flat():
    """Three methods on x⁴: slow, slower, and done in one step."""
    figure, ax = draw.axes("step k", "distance from the minimum", height=3.4)
    path = newton(quartic.grad, quartic.hess, 1.0, 40)
    ax.semilogy(path, color="second")
    slow = descend(quartic.grad, 1.0, rate=0.1, steps=40)
    ax.semilogy(slow, "--", color="path")
    cured = lambda x: quartic.hess(x) / 3
    assert newton_step(quartic.grad, cured, 1.0) == 0
    draw.arrow(ax, (0, 1), (1, 1e-8), "third")
    draw.label(
        ax, "gradient descent, rate 0.1", (14, slow[14]), (0, 11), "path", ha="left"
    )
    draw.label(ax, "Newton: × 2/3", (22, path[22]), (7, 7), "second", ha="left")
    draw.label(
        ax, "Newton, step × 3: exact after one", (1, 2e-8), (9, 2), "third", ha="left"
    )
    ax.set(ylim=(1e-8, 4), yticks=[1, 1e-2, 1e-4, 1e-6, 1e-8])
    return figure


def figure_shift():
    """Where one shifted step from 0.3 leads, against the shift."""
    figure, ax = draw.axes("μ added to the curvature", "next x, from 0.3", height=3.8)
    turn = -well.hess(0.3)
    for low, high in ((0, turn - 0.02), (turn + 0.02, 2.6)):
        mu = np.linspace(low, high, 120)
        ax.plot(mu, first_landing(mu), color="second")
    ax.axvline(turn, color="alarm", linestyle="--", linewidth=1)
    draw.label(ax, f"μ = {turn:.2f} = −f″", (turn, -3.5), (7, 0), "alarm", ha="left")
    for height in 0.3, 1.0, -1.0:
        ax.axhline(height, color="soft", linestyle=":", linewidth=1)
    draw.label(ax, "minimum +1", (-0.1, 1), (0, 8), "soft", ha="left")
    draw.label(ax, "minimum −1", (2.6, -1), (0, -9), "soft", ha="right")
    draw.label(ax, "start", (2.6, 0.3), (0, -9), "soft", ha="right")
    for mu, away in (0.0, (12, -11)), (0.5, (-24, -13)), (1.0, (22, 4)), (2.0, (0, 11)):
        ax.plot([mu], [first_landing(mu)], "o", color="second")
        text = f"{first_landing(mu):.2f}".replace("-", "−")
        draw.label(ax, text, (mu, first_landing(mu)), away, "second")
    ax.set(ylim=(-4, 4))
    return figure


HILLSIDE = np.array([0.5, 3.3])  # on himmelblau, near a saddle


def figure_trust():
    """The best step of the model for each radius, near a saddle."""
    figure, ax = draw.axes("x", "y", height=3.4)
    levels = [0, 20, 45, 70, 100, 150]
    draw.contours(ax, himmelblau.f, (-1.6, 3.8), (1.2, 4.6), levels, points=31)
    g, H = himmelblau.grad(HILLSIDE), himmelblau.hess(HILLSIDE)
    turns = np.linspace(0, 2 * np.pi, 61)
    for radius in 0.5, 1, 2:
        circle = HILLSIDE[:, None] + radius * np.stack([np.cos(turns), np.sin(turns)])
        ax.plot(*circle, ":", color="ink", linewidth=1)
        step, _mu = trust_step(g, H, radius)
        ax.plot(*(HILLSIDE + step), "s", color="third")
    radii = np.linspace(0.02, 2.2, 40)
    way = np.array([HILLSIDE + trust_step(g, H, radius)[0] for radius in radii])
    ax.plot(*way.T, color="third")
    down = HILLSIDE - 0.6 * g / np.linalg.norm(g)
    draw.arrow(ax, HILLSIDE, down, "path")
    leap = directions.newton_step(himmelblau.grad, himmelblau.hess, HILLSIDE)
    draw.arrow(ax, HILLSIDE, leap, "alarm")
    ax.plot(*HILLSIDE, "o", color="ink")
    draw.label(ax, "start", HILLSIDE, (2, 10))
    draw.label(ax, "−g", down, (0, -9), "path")
    draw.label(ax, "Newton:\nthe saddle", leap, (-7, -4), "alarm", ha="right")
    draw.label(ax, "best steps", way[-1], (-2, 12), "third")
    draw.optimum(ax, 3, 2, "minimum", (0, -16))
    ax.set(aspect="equal")
    return figure
