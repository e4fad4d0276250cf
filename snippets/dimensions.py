"""Gradient descent in many dimensions.

θ, θₖ      the point, after k steps           theta, path[k]
g, ∇L      the gradient                       grad
H          the Hessian, the curvatures        hess
λ₁ … λ_d   its eigenvalues, least to largest  low … high
κ          the condition number, λ_d / λ₁     condition
η          the learning rate                  rate
"""

import math
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from descent import descend
from shared import draw
from shared.data import houses, line_x, line_y
from shared.explorable import Knob, Layer, Marks, movable
from shared.inputs import centre, design
from shared.landscapes import bowl, course, ravine
from shared.line import line_grad, line_hess
from shared.numbers import listed
from shared.path import first, first_within
from shared.plane import angle, quadratic_grad, rotation, turned, valley
from shared.tables import table


def steepest_by_trial(f, theta, length=1e-3):
    """Return which of 360 directions drops f most, in degrees."""
    angles = np.radians(np.arange(360))
    ways = length * np.array([np.cos(angles), np.sin(angles)])
    return int(np.argmin(f(theta[:, None] + ways)))


def along_eigenvectors(hess, start, rate, steps):
    """Return the path on ½θᵀHθ from the formula, without descending.

    >>> along_eigenvectors(np.diag([2.0, 1.0]), [8.0, 4.0], 0.5, 2)
    array([[8., 4.],
           [0., 2.],
           [0., 1.]])
    """
    curvatures, axes = np.linalg.eigh(hess)
    k = np.arange(steps + 1)[:, None]
    factors = (1 - rate * curvatures) ** k
    return (start @ axes * factors) @ axes.T


class Report(NamedTuple):
    """What a Hessian says about gradient descent; rates are η."""

    condition: float
    limit: float
    best: float
    factor: float


def report(hess):
    """Return condition number, limit and best of the rate, best factor.

    >>> report(np.diag([1.0, 4.0]))
    Report(condition=4.0, limit=0.5, best=0.4, factor=0.6)
    """
    low, *_, high = np.linalg.eigvalsh(hess).tolist()
    limit, best = 2 / high, 2 / (low + high)
    return Report(high / low, limit, best, 1 - best * low)


def predicted_steps(condition, tolerance=1e-6):
    """Return the steps until the error is tolerance times its start.

    For the best fixed rate, and a condition number above 1. Boyd and
    Vandenberghe, Convex Optimization, section 9.3.

    >>> predicted_steps(3.0, tolerance=0.3)  # ½, ¼
    2
    """
    factor = (condition - 1) / (condition + 1)
    return math.ceil(math.log(tolerance) / math.log(factor))


def zigzags(path, axis):
    """Say whether every step crosses to the other side along axis.

    >>> zigzags(np.array([[3, 1], [2, -1], [1, 1]]), axis=[0, 1])
    True
    """
    side = path @ axis
    return bool(np.all(side[1:] * side[:-1] < 0))


window_hess = valley(100)
window_start = np.array([2.5, 0.3])
window_rates = (0.005, 0.01, 0.019)


def regression_hessian(inputs):
    """Return the Hessian of the mean squared error, 2AᵀA / n.

    >>> regression_hessian(line_x)
    array([[7., 3.],
           [3., 2.]])
    """
    A = design(inputs)
    return 2 * A.T @ A / len(A)


def diagonal_descent(hess, start, steps):
    """Return the path of θ ← θ - g / diag(H), one rate an axis."""
    rates = 1 / np.diag(hess)
    return descend(quadratic_grad(hess), start, rates, steps)


def standardise(inputs):
    """Give every column the mean 0 and the standard deviation 1.

    >>> standardise(np.array([[10.0, 0.1], [30.0, 0.5]]))
    array([[-1., -1.],
           [ 1.,  1.]])
    """
    return (inputs - inputs.mean(axis=0)) / inputs.std(axis=0)


def residuals(w, b):
    """Return y - (wx + b) of the four points, shape (4,)."""
    return line_y - (w * line_x + b)


def measured_steps(hess, start, tolerance=1e-6):
    """Return the steps of a run at the best rate, error relative to the start."""
    start, told = np.asarray(start, float), report(hess)
    steps = predicted_steps(told.condition, tolerance) + 2
    path = descend(quadratic_grad(hess), start, told.best, steps)
    return first_within(path, 0, tolerance * np.linalg.norm(start))


def round_steps(start):
    """Return the steps to the minimum of the round bowl at its best rate."""
    hess = valley(1)
    path = descend(quadratic_grad(hess), np.array(start, float), report(hess).best, 3)
    return first_within(path, 0, 1e-12)


def line_steps(rate, start=(0.0, 0.0), limit=1000):
    """Return the steps until w and b are both right to 1e-6, or None."""
    path = descend(line_grad, np.array(start), rate, limit)
    return first((np.abs(path - _line_best) < 1e-6).all(axis=1))


def window_path(rate, steps=25):
    """Return a path on the bowl with κ = 100."""
    return descend(quadratic_grad(window_hess), window_start, rate, steps)


def course_steps(rate):
    """Return the steps on `course` from (4, 4) to 1e-6, None if it explodes."""
    with np.errstate(over="ignore", invalid="ignore"):  # the explosion itself
        path = descend(course.grad, np.array([4.0, 4.0]), rate, 300)
        return first_within(path, 0, 1e-6)


def curvatures_met(rate, steps=2):
    """Return the mean curvature along each of the first steps on `course`.

    From (4, 4). Early parts of a step count more than late ones: it is the c
    of L(θ + p) = L(θ) + gᵀp + c‖p‖²/2, so the loss falls exactly if c < 2 / rate.
    """
    path = descend(course.grad, np.array([4.0, 4.0]), rate, steps)
    found = []
    for theta, after in pairwise(path):
        p = after - theta
        rest = course.f(after) - course.f(theta) - course.grad(theta) @ p
        found.append(float(2 * rest / (p @ p)))
    return found


def worst_steps(rate):
    """Return the steps on the line's bowl to a millionth, from the worst start.

    The starts lie around the minimum on a half circle, five degrees apart.
    """
    ways = np.radians(np.arange(0, 180, 5))
    starts = np.array([np.cos(ways), np.sin(ways)])
    path = descend(quadratic_grad(line_hess()), starts, rate, 200)
    return first(np.linalg.norm(path, axis=1).max(axis=1) < 1e-6)


def line_parts(start=(0.0, 0.0)):
    """Return how far a start is from the line's minimum along each eigenvector."""
    _, axes = np.linalg.eigh(line_hess())
    return np.abs((np.array(start) - _line_best) @ axes)


def line_factors(rate):
    """Return what a step leaves of these parts."""
    return np.abs(1 - rate * np.linalg.eigvalsh(line_hess()))


def house_losses(columns, steps=100):
    """Return the loss at each step of a fit of the houses' prices.

    `columns` are the houses' features, as they are or scaled. The fit starts
    from 0, at the rate 1 / λ_d.
    """
    A, y = design(columns), _prices(houses())
    rate = report(regression_hessian(columns)).limit / 2
    start = np.zeros(A.shape[1])
    path = descend(_regression_grad(columns, y), start, rate, steps)
    return ((path @ A.T - y) ** 2).mean(axis=1)


def claim_the_mean_curvature_decides():
    """A step on `course` goes down exactly if its mean curvature is below 2/η.

    Three steps from (4, 4) at each of 29 rates; the mean is taken of Hessians.
    """
    t = (np.arange(200) + 0.5) / 200
    for rate in np.linspace(0.004, 0.032, 29):
        path = descend(course.grad, np.array([4.0, 4.0]), rate, 3)
        for theta, after in pairwise(path):
            way = (after - theta) / np.linalg.norm(after - theta)
            hessians = course.hess(theta[:, None] + np.outer(after - theta, t))
            along = np.einsum("i,ij...,j", way, np.array(hessians), way)
            mean = 2 * np.mean((1 - t) * along)
            if (course.f(after) < course.f(theta)) != (mean < 2 / rate):
                return False
    return True


def claim_the_best_rate_is_best_from_the_worst_start():
    """On the line's bowl none of 24 rates needs fewer steps than 2/9 from its worst
    start, and 2/9 needs the predicted number.
    """
    best = worst_steps(2 / 9)
    others = [worst_steps(rate) or 201 for rate in np.linspace(0.12, 0.235, 24)]
    return best == predicted_steps(report(line_hess()).condition) <= min(others)


def table_kappa():
    header = ["$κ$", "best factor", "predicted", "counted"]
    rows = []
    for kappa in (10, 100, 1000):
        hess = valley(kappa)
        factor = f"{report(hess).factor:.4f}"
        counted = measured_steps(hess, [2, 1])
        rows.append([kappa, factor, predicted_steps(kappa), counted])
    return table(header, rows)


def table_window():
    header = ["rate", "steep factor", "zig-zags", "$x$ after 25 steps"]
    rows = []
    for rate in window_rates:
        path = window_path(rate)
        said = "yes" if zigzags(path, [0, 1]) else "no"
        rows.append([rate, f"{1 - rate * 100:.1f}", said, f"{path[-1][0]:.3f}"])
    return table(header, rows)


def table_starts():
    """Random starts on the line's bowl, and where they arrive."""
    header = ["random start $(w, b)$", "after 200 steps at rate 0.2"]
    rows = []
    for start in _random_starts(3):
        end = descend(line_grad, start, 0.2, 200)[-1]
        rows.append([f"({listed(start, '.2f')})", f"({listed(end, '.6f')})"])
    return table(header, rows)


def table_turned():
    header = ["turned by", "gradient descent, best rate", "one rate an axis"]
    rows = []
    for degrees in (0, 15, 30, 45):
        hess, start = turned(valley(100), degrees), rotation(degrees) @ [2, 1]
        path = diagonal_descent(hess, start, 800)
        counted = first_within(path, 0, 1e-6 * math.sqrt(5))
        rows.append([f"{degrees}°", measured_steps(hess, start), counted])
    return table(header, rows)


def table_features():
    header = ["features", "$κ$", "steps to a millionth, best rate"]
    rows = []
    for name, columns in [
        ("as they are", houses()),
        ("centred", centre(houses())),
        ("standardised", standardise(houses())),
    ]:
        condition = report(regression_hessian(columns)).condition
        rows.append([name, f"{condition:,.1f}", f"{predicted_steps(condition):,}"])
    return table(header, rows)


_line_best = np.array([2.0, 1.0])


def _random_starts(count, seed=0):
    """Return starts for the line's fit, uniform between -5 and 5."""
    return np.random.default_rng(seed).uniform(-5, 5, (count, 2))


def _regression_grad(inputs, y):
    """Return the gradient of the mean squared error, a function of θ."""
    A = design(inputs)
    return lambda theta: 2 * A.T @ (A @ theta - y) / len(A)


def _prices(inputs):
    """Return invented prices that two features explain exactly."""
    return 2 * inputs[:, 0] + 30 * inputs[:, 1] + 10


def _ellipses(ax, hess, levels, xlim, ylim, at=(0.0, 0.0)):
    """Draw the level lines of ½(θ - at)ᵀH(θ - at) from their formula."""
    t = np.linspace(0, 2 * np.pi, 37)
    curvatures, axes = np.linalg.eigh(hess)
    ring = axes / np.sqrt(curvatures / 2) @ [np.cos(t), np.sin(t)]
    shades = ["paper", *draw.LEVELS]
    ax.set(xlim=xlim, ylim=ylim, facecolor=shades[len(levels)])
    for level, shade in reversed(list(zip(levels, shades, strict=False))):
        x, y = np.array(at)[:, None] + math.sqrt(level) * ring
        style = {"facecolor": shade, "edgecolor": "soft", "linewidth": 0.6}
        ax.fill(x, y, zorder=0, **style)


def _dots(ax, path):
    """Draw a path without arrows, for steps that are too many or too short."""
    ax.plot(*path.T, color="path", linewidth=1)
    draw.path(ax, *path.T, arrows=False, markersize=3)


def _ravine_step(kappa, rate, x, y):
    """Take one step downhill on ½(x²/κ + y²).

    >>> _ravine_step(2.0, 0.5, 2.0, 1.0)
    [1.5, 0.5]
    """
    return [x - rate * (x / kappa), y - rate * y]


def _ravine_path(kappa, rate, x, y):
    """Return twenty steps on ½(x²/κ + y²).

    >>> _ravine_path(2.0, 1.0, 2.0, 1.0)[:3]
    [[2.0, 1.0], [1.0, 0.0], [0.5, 0.0]]
    """
    path = [[x, y]]
    for _ in range(20):
        x, y = _ravine_step(kappa, rate, x, y)
        path.append([x, y])
    return path


def _ravine_levels(kappa):
    """Return level lines of ½(x²/κ + y²), each a list of points.

    >>> [len(line) for line in _ravine_levels(4.0)]
    [73, 73, 73, 73]
    """
    lines = []
    for share in [0.05, 0.3, 0.65, 1.0]:
        radius = math.sqrt(share * (4 / kappa + 1))
        line = []
        for k in range(73):
            angle = math.pi * k / 36
            x = radius * math.sqrt(kappa) * math.cos(angle)
            line.append([x, radius * math.sin(angle)])
        lines.append(line)
    return lines


def _ravine_marks(kappa):
    """Return the best rate and the limit for the curvatures 1/κ and 1.

    >>> _ravine_marks(3.0)
    [1.5, 2.0]
    """
    return [2 / (1 / kappa + 1), 2.0]


def _ravine_factor(kappa, rate, x=1.0, y=1.0):
    """Return what a step multiplies the slower error by, of those there are.

    >>> _ravine_factor(3.0, 1.5), _ravine_factor(2.0, 2.0, x=1.0, y=0.0)
    (0.5, 0.0)
    """
    slow = 0.0 if x == 0 else abs(1 - rate / kappa)
    steep = 0.0 if y == 0 else abs(1 - rate)
    return max(slow, steep)


def _ravine_predicted(kappa, rate, x=1.0, y=1.0):
    """Return the steps to a millionth of the error, from the factor.

    >>> _ravine_predicted(3.0, 1.5)
    20
    """
    factor = _ravine_factor(kappa, rate, x, y)
    if factor == 0:
        return 1
    return math.ceil(math.log(1e-6) / math.log(factor))


def _ravine_measured(kappa, rate, x, y):
    """Return the steps of a run to a millionth of the error it starts with.

    >>> _ravine_measured(3.0, 1.5, 2.0, 0.0)
    20
    """
    goal = 1e-12 * (x * x + y * y)
    steps = 0
    while x * x + y * y >= goal and steps < 30_000:
        x, y = _ravine_step(kappa, rate, x, y)
        steps += 1
    return steps


def _ravine_says(kappa, rate, x, y):
    """Return which sentence is true, and its numbers.

    >>> _ravine_says(3.0, 1.5, 2.0, 1.0), _ravine_says(3.0, 2.0, 2.0, 1.0)
    (['zig-zags', 20, 20, 0.5], ['stays', 1.0])
    """
    factor = _ravine_factor(kappa, rate, x, y)
    if x == 0 and y == 0:
        return ["arrived"]
    if factor >= 1:
        return ["stays", factor]
    which = "zig-zags" if rate > 1 else "straight"
    if y == 0:
        which = "floor"
    counted = _ravine_measured(kappa, rate, x, y)
    return [which, _ravine_predicted(kappa, rate, x, y), counted, factor]


def figure_aim():
    """Downhill and the way to the minimum, on a round and a long bowl."""
    theta = np.array([5.0, 1.0])
    figure, axes = draw.panels(2, 1, height=4.6, sharex=True)
    for ax, f, name, inner in [
        (axes[0, 0], bowl, "round: x² + y²", [3, 12]),
        (axes[1, 0], ravine, "long: x² + 10y²", [2, 20]),
    ]:
        levels = [*inner, f.f(theta)]
        _ellipses(ax, f.hess(theta), levels, (-1.4, 6.4), (-1.7, 1.7))
        down = -f.grad(theta)
        ax.set(aspect="equal", ylabel="y", yticks=[-1, 0, 1])
        ax.set_title(f"{name}, {angle(down, -theta):.0f}° apart")
        draw.arrow(ax, theta, 0 * theta, "optimum")
        draw.arrow(ax, theta, theta + 2 * down / np.linalg.norm(down), "path")
        ax.plot(*theta, "o", color="ink")
        draw.optimum(ax, 0, 0)
    draw.label(axes[0, 0], "−gradient", (4.2, 0.84), (4, -18), "path")
    draw.label(axes[1, 0], "−gradient", (4.1, -0.7), (-8, 0), "path", ha="right")
    draw.label(axes[1, 0], "to the minimum", (2.95, 0.05), color="optimum")
    axes[1, 0].set(xlabel="x")
    return figure


def figure_ravine():
    path = descend(ravine.grad, np.array([10.0, 1.0]), 1 / 11, 14)
    figure, ax = draw.axes("x", "y", height=1.8)
    levels = [4, 20, 50, 80, 110]
    _ellipses(ax, ravine.hess([0, 0]), levels, (-1.2, 11.2), (-1.7, 1.7))
    ax.set(aspect="equal", yticks=[-1, 0, 1], title="from (10, 1), rate 1/11")
    draw.path(ax, *path.T, markersize=3)
    draw.optimum(ax, 0, 0)
    return figure


def figure_kappa():
    """Twenty steps at the best rate on ever longer bowls."""
    figure, axes = draw.panels(3, 1, height=6.8, sharex=True)
    for ax, condition in zip(axes[:, 0], (1, 10, 100), strict=True):
        hess = valley(condition)
        levels = np.array([0.05, 0.3, 0.65, 1.0]) * (4 + condition) / 2
        _ellipses(ax, hess, levels, (-2.4, 2.6), (-1.25, 1.25))
        start, rate = np.array([2.0, 1.0]), report(hess).best
        path = descend(quadratic_grad(hess), start, rate, 20)
        left = np.linalg.norm(path[-1]) / np.linalg.norm(path[0])
        ax.set(aspect="equal", ylabel="y", yticks=[-1, 0, 1])
        ax.set_title(f"κ = {condition}: {left:.0%} left after 20 steps")
        _dots(ax, path)
        draw.optimum(ax, 0, 0)
    ax.set(xlabel="x")
    return figure


def figure_window():
    """The same bowl with three rates: crawl, straight, zig-zag."""
    figure, axes = draw.panels(3, 1, height=5.6, sharex=True, sharey=True)
    names = "below the window", "at its lower end", "inside it"
    for ax, rate, name in zip(axes[:, 0], window_rates, names, strict=True):
        _ellipses(ax, window_hess, [0.5, 2, 5], (-0.3, 2.8), (-0.37, 0.37))
        _dots(ax, window_path(rate))
        draw.optimum(ax, 0, 0)
        ax.set(ylabel="y")
        ax.set_title(f"η = {rate}, {name}")
    ax.set(xlabel="x")
    return figure


def figure_line():
    """Four rates on the loss of the line, with its two eigenvectors."""
    figure, axes = draw.panels(2, 2, height=4.9, sharex=True, sharey=True)
    _, vectors = np.linalg.eigh(line_hess())
    told = ["crawls", "descends", "zig-zags", "diverges"]
    for ax, rate, name in zip(axes.flat, (0.05, 0.1, 0.2, 0.25), told, strict=True):
        _ellipses(ax, line_hess(), [0.5, 4, 12], (-1, 5), (-2, 4), _line_best)
        ax.set(aspect="equal")
        for way in vectors.T:
            ends = _line_best + 9 * np.outer([-1, 1], way)
            ax.plot(*ends.T, "--", color="soft", linewidth=1)
        _dots(ax, descend(line_grad, np.array([0.0, 3.0]), rate, 10))
        draw.optimum(ax, *_line_best)
        ax.set(xlim=(-1, 5), ylim=(-2, 4))
        ax.set_title(f"η = {rate}: {name}")
    for ax in axes[-1]:
        ax.set(xlabel="w")
    for ax in axes[:, 0]:
        ax.set(ylabel="b")
    return figure


def figure_scaling():
    """The loss of the house _prices, raw and standardised."""
    figure, ax = draw.axes("step k", "mean squared error", height=3.3)
    for columns, colour, style in [
        (houses(), "path", "--"),
        (standardise(houses()), "second", "-"),
    ]:
        ax.semilogy(house_losses(columns), style, color=colour)
    draw.label(ax, "as they are", (60, 5e2), (0, 12), "path")
    draw.label(ax, "standardised", (62, 1e-1), (8, 6), "second", ha="left")
    return figure


def figure_choice(rate):
    """Twelve steps in the ravine from (10, 1); the rate may be a text, "1/11"."""
    rate = float(Fraction(rate))
    path = descend(ravine.grad, np.array([10.0, 1.0]), rate, 12)
    figure, ax = draw.axes("x", "y", width=3.4, height=1.8)
    _ellipses(ax, ravine.hess([0, 0]), [10, 50, 110], (-1, 11), (-1.9, 1.9))
    _dots(ax, path)
    return figure


def figure_explore_ravine():
    figure, ax = draw.axes("x", "y", height=2.7)
    ax.set(xlim=(-2.4, 2.6), ylim=(-1.25, 1.25), aspect="equal", yticks=[-1, 0, 1])
    draw.optimum(ax, 0, 0)
    counted = "Steps to a millionth of the error, predicted: {1:0}, counted: {2:0}. "
    size = "One factor has the size {1:2}: it does not converge."
    marks = Marks(["best", "limit"], _ravine_marks)
    return movable(
        figure,
        ax,
        knobs=[
            Knob("kappa", "condition κ", 1, 100, 1, 10),
            Knob("rate", "rate η", 0.05, 2.1, 0.01, 1.8, marks),
            Knob("x", "start x₀", -2.3, 2.5, 0.1, 2.0),
            Knob("y", "start y₀", -1.2, 1.2, 0.1, 1.0),
        ],
        layers=[Layer(_ravine_levels, "level", "soft"), Layer(_ravine_path, "path")],
        says=(
            _ravine_says,
            {
                "straight": ("path", f"{counted}No zig-zag: y keeps its sign."),
                "zig-zags": (
                    "path",
                    f"{counted}The path zig-zags: y changes its sign.",
                ),
                "floor": (
                    "path",
                    f"{counted}On the floor there is no zig-zag: y is 0.",
                ),
                "stays": ("alarm", size),
                "arrived": ("second", "The start is the minimum."),
            },
        ),
        table=(_ravine_path, ["k", "xₖ", "yₖ"]),
        click=["x", "y"],
    )
