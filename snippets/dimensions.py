"""Gradient descent in many dimensions.

θ, θₖ      the point, after k steps           theta, path[k]
g, ∇L      the gradient                       grad
H          the Hessian, the curvatures        hess
λ₁ … λ_d   its eigenvalues, least to largest  low … high
κ          the condition number, λ_d / λ₁     condition
η          the learning rate                  rate
"""

import math
from typing import NamedTuple

import numpy as np
from descent import descend, line_slopes
from shared import draw
from shared.data import houses, line_x
from shared.landscapes import bowl, course, ravine


def line_grad(theta):
    """Return the gradient of the line's loss at theta = (w, b).

    >>> line_grad(np.array([0.0, 0.0]))
    array([-17.,  -8.])
    """
    return np.array(line_slopes(*theta))


def steepest_by_trial(f, theta, length=1e-3):
    """Return which of 360 directions drops f most, in degrees."""
    angles = np.radians(np.arange(360))
    ways = length * np.array([np.cos(angles), np.sin(angles)])
    return int(np.argmin(f(theta[:, None] + ways)))


def angle(u, v):
    """Return the angle between two vectors, in degrees.

    >>> round(angle(np.array([3.0, 0.0]), np.array([1.0, 1.0])), 9)
    45.0
    """
    cosine = u @ v / (np.linalg.norm(u) * np.linalg.norm(v))
    return math.degrees(math.acos(np.clip(cosine, -1, 1)))


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


def steps_until(path, best, tolerance):
    """Return the first k with ‖θₖ - best‖ < tolerance, or None.

    >>> steps_until(np.array([[3.0, 4.0], [0.3, 0.4]]), 0, 1.0)
    1
    """
    near = np.linalg.norm(path - best, axis=1) < tolerance
    return int(near.argmax()) if near.any() else None


def quadratic(hess):
    """Return the gradient of ½θᵀHθ, a function of θ."""
    return lambda theta: hess @ theta


def zigzags(path, axis):
    """Say whether every step crosses to the other side along axis.

    >>> zigzags(np.array([[3, 1], [2, -1], [1, 1]]), axis=[0, 1])
    True
    """
    side = path @ axis
    return bool(np.all(side[1:] * side[:-1] < 0))


def rotation(degrees):
    """Return the matrix that turns the plane counter-clockwise."""
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[c, -s], [s, c]])


def turned(hess, degrees):
    """Return the Hessian of the same bowl, turned."""
    turn = rotation(degrees)
    return turn @ hess @ turn.T


def diagonal_descent(hess, start, steps):
    """Return the path of θ ← θ - g / diag(H), one rate an axis."""
    return descend(quadratic(hess), start, 1 / np.diag(hess), steps)


def design(inputs):
    """Return the inputs with a column of ones for the intercept."""
    return np.column_stack([inputs, np.ones(len(inputs))])


def regression_hessian(inputs):
    """Return the Hessian of the mean squared error, 2AᵀA / n.

    >>> regression_hessian(line_x)
    array([[7., 3.],
           [3., 2.]])
    """
    A = design(inputs)
    return 2 * A.T @ A / len(A)


def standardise(inputs):
    """Give every column the mean 0 and the standard deviation 1.

    >>> standardise(np.array([[10.0, 0.1], [30.0, 0.5]]))
    array([[-1., -1.],
           [ 1.,  1.]])
    """
    return (inputs - inputs.mean(axis=0)) / inputs.std(axis=0)


def centre(inputs):
    """Give every column the mean 0."""
    return inputs - inputs.mean(axis=0)


def regression_grad(inputs, y):
    """Return the gradient of the mean squared error, a function of θ."""
    A = design(inputs)
    return lambda theta: 2 * A.T @ (A @ theta - y) / len(A)


def fit_losses(inputs, y, steps):
    """Return the loss at each step of descent from 0 with rate 1 / λ_d."""
    rate = report(regression_hessian(inputs)).limit / 2
    start = np.zeros(inputs.shape[1] + 1)
    path = descend(regression_grad(inputs, y), start, rate, steps)
    return ((path @ design(inputs).T - y) ** 2).mean(axis=1)


def prices(inputs):
    """Return invented prices that two features explain exactly."""
    return 2 * inputs[:, 0] + 30 * inputs[:, 1] + 10


def bent(low, high):
    """Return the Hessian with these curvatures along the two axes."""
    return np.diag([float(low), float(high)])


def measured_steps(hess, start, tolerance=1e-6):
    """Return the steps of a run at the best rate, error relative to the start."""
    start, told = np.asarray(start, float), report(hess)
    steps = predicted_steps(told.condition, tolerance) + 2
    path = descend(quadratic(hess), start, told.best, steps)
    return steps_until(path, 0, tolerance * np.linalg.norm(start))


def round_steps(start):
    """Return the steps to the minimum of the round bowl at its best rate."""
    hess = bent(1, 1)
    path = descend(quadratic(hess), np.array(start, float), report(hess).best, 3)
    return steps_until(path, 0, 1e-12)


line_hess = regression_hessian(line_x)
line_best = np.array([2.0, 1.0])


def line_steps(rate, start=(0.0, 0.0), limit=1000):
    """Return the steps until w and b are both right to 1e-6, or None."""
    path = descend(line_grad, np.array(start), rate, limit)
    near = (np.abs(path - line_best) < 1e-6).all(axis=1)
    return int(near.argmax()) if near.any() else None


window_hess = bent(1, 100)
window_start = np.array([2.5, 0.3])
window_rates = (0.005, 0.01, 0.019)


def window_path(rate, steps=25):
    """Return a path on the bowl with κ = 100."""
    return descend(quadratic(window_hess), window_start, rate, steps)


def course_steps(rate):
    """Return the steps on `course` from (4, 4) to 1e-6, None if it explodes."""
    with np.errstate(over="ignore", invalid="ignore"):  # the explosion itself
        path = descend(course.grad, np.array([4.0, 4.0]), rate, 300)
        return steps_until(path, 0, 1e-6)


def random_starts(count, seed=0):
    """Return starts for the line's fit, uniform between -5 and 5."""
    return np.random.default_rng(seed).uniform(-5, 5, (count, 2))


def _ellipses(ax, hess, levels, xlim, ylim, at=(0.0, 0.0)):
    """Draw the level lines of ½(θ - at)ᵀH(θ - at) from their formula."""
    t = np.linspace(0, 2 * np.pi, 45)
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
        hess = bent(1, condition)
        levels = np.array([0.05, 0.3, 0.65, 1.0]) * (4 + condition) / 2
        _ellipses(ax, hess, levels, (-2.4, 2.6), (-1.25, 1.25))
        path = descend(quadratic(hess), np.array([2.0, 1.0]), report(hess).best, 20)
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
    _, vectors = np.linalg.eigh(line_hess)
    told = ["crawls", "descends", "zig-zags", "diverges"]
    for ax, rate, name in zip(axes.flat, (0.05, 0.1, 0.2, 0.25), told, strict=True):
        _ellipses(ax, line_hess, [0.5, 4, 12], (-1, 5), (-2, 4), line_best)
        ax.set(aspect="equal")
        for way in vectors.T:
            ends = line_best + 9 * np.outer([-1, 1], way)
            ax.plot(*ends.T, "--", color="soft", linewidth=1)
        _dots(ax, descend(line_grad, np.array([0.0, 3.0]), rate, 10))
        draw.optimum(ax, *line_best)
        ax.set(xlim=(-1, 5), ylim=(-2, 4))
        ax.set_title(f"η = {rate}: {name}")
    for ax in axes[-1]:
        ax.set(xlabel="w")
    for ax in axes[:, 0]:
        ax.set(ylabel="b")
    return figure


def figure_scaling():
    """The loss of the house prices, raw and standardised."""
    inputs = houses()
    y = prices(inputs)
    figure, ax = draw.axes("step k", "mean squared error", height=3.3)
    for columns, colour, style in [
        (inputs, "path", "--"),
        (standardise(inputs), "second", "-"),
    ]:
        ax.semilogy(fit_losses(columns, y, 100), style, color=colour)
    draw.label(ax, "as they are", (60, 5e2), (0, 12), "path")
    draw.label(ax, "standardised", (62, 1e-1), (8, 6), "second", ha="left")
    return figure


def _choice(rate):
    path = descend(ravine.grad, np.array([10.0, 1.0]), rate, 12)
    figure, ax = draw.axes("x", "y", width=3.4, height=1.8)
    _ellipses(ax, ravine.hess([0, 0]), [10, 50, 110], (-1, 11), (-1.9, 1.9))
    _dots(ax, path)
    return figure


def figure_choice_bounces():
    return _choice(0.1)


def figure_choice_shrinks():
    return _choice(1 / 11)


def figure_choice_straight():
    return _choice(0.05)
