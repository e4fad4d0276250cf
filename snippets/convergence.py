"""Convergence: how to tell a minimum from a stall.

x, θ, θₖ   the point, after k steps           x, path[k]
L, f       the loss                           landscape.f
∇L         the gradient                       landscape.grad
η          the learning rate                  rate
ε          the tolerance of a stopping test   tolerance
q          what one step leaves of the error  factor
"""

import math
from functools import cache

import numpy as np
from descent import descend
from shared import draw, landscapes
from shared.landscapes import (
    cubic,
    himmelblau,
    plateau,
    quad1,
    rosenbrock,
    saddle,
    tilted,
)
from shared.numbers import listed, signed
from shared.path import first, first_within
from shared.tables import table


def signals(landscape, path):
    """Return what three stopping tests look at, for each step."""
    points = path.T
    moves = np.diff(np.atleast_2d(points))
    slopes = np.atleast_2d(landscape.grad(points))
    return {
        "step": np.linalg.norm(moves, axis=0),
        "loss": np.abs(np.diff(landscape.f(points))),
        "gradient": np.linalg.norm(slopes, axis=0)[1:],
    }


def stops(signal, tolerance=1e-6):
    """Return the first step whose signal is below tolerance, or None.

    >>> stops(np.array([1.0, 0.1, 0.01]), tolerance=0.5)
    2
    """
    return first([False, *(signal < tolerance)])  # step 0 has none


RUNS = {  # landscape, start, rate, budget of steps
    "an honest run": (quad1, 2.0, 0.1, 100),
    "tiny rate": (quad1, 2.0, 1e-8, 100),
    "two-cycle": (quad1, 2.0, 1.0, 100),
    "plateau": (plateau, 8.0, 0.1, 100),
    "saddle": (saddle, np.array([1.0, 1e-12]), 0.1, 100),
    "valley": (rosenbrock, np.array([-1.2, 1.0]), 0.001, 15_000),
}


def still_to_go(step, factor):
    """Return the distance left after a step, if each leaves factor.

    >>> still_to_go(1.0, factor=0.5)  # ½ + ¼ + ⅛ + …
    1.0
    """
    return step * factor / (1 - factor)


def steps_to_leave(y, rate):
    """Return the steps on x² - y² from (x, y) until |y| > 1.

    >>> steps_to_leave(0.3, rate=0.5)  # 0.6, 1.2
    2
    """
    return math.ceil(math.log(1 / y) / math.log(1 + 2 * rate))


def multistart(landscape, starts, rate, steps):
    """Return the deepest of the points where the runs end, and all."""
    ends = descend(landscape.grad, starts, rate, steps)[-1]
    return ends[np.argmin(landscape.f(ends))], ends


def not_convex(f, points):
    """Return two points whose chord runs below the curve, or None.

    >>> not_convex(quad1.f, [-1.0, 0.0, 2.0]) is None
    True
    """
    for a in points:
        for b in points:
            if f((a + b) / 2) > (f(a) + f(b)) / 2 + 1e-12:
                return float(a), float(b)
    return None


def flat(x):
    """Return 1 + x², whose last digit is worth 2.2e-16."""
    return 1 + x * x


BLIND = math.sqrt(2**-53)  # where 1 + x² begins to differ from 1


@cache
def outcome(name):
    """Return the path of a run, and the step at which each test stops it."""
    landscape, start, rate, budget = RUNS[name]
    path = descend(landscape.grad, start, rate, budget)
    tests = signals(landscape, path)
    return path, {test: stops(signal) for test, signal in tests.items()}


def distance(name, k):
    """Return how far a run is from the nearest minimum after k steps."""
    landscape, path = RUNS[name][0], outcome(name)[0]
    if not landscape.minima:
        return math.inf
    return min(float(np.linalg.norm(path[k] - best)) for best in landscape.minima)


def distance_at_stop(name, test):
    """Return how far a run is from a minimum when a test stops it, or None."""
    k = outcome(name)[1][test]
    return None if k is None else distance(name, k)


def fooled(name, test):
    """Say whether the test stops the run farther than 1e-3 from a minimum."""
    left = distance_at_stop(name, test)
    return left is not None and left > 1e-3


def counted_to_leave(y, rate=0.1, budget=200):
    """Return the steps of a run until |y| > 1, or None if the budget is spent."""
    path = descend(saddle.grad, np.array([1.0, y]), rate, budget)
    return first(np.abs(path[:, 1]) > 1)


def steps_on_plateau(x, rate):
    """Return about how many steps cross the plain of tanh²x from x."""
    return math.exp(2 * x) / (16 * rate)


def steps_to_loss(level, start=4.0):
    """Return the first step across the plain of tanh²x at which the loss is lower."""
    return first(plateau.f(_plateau_path(start)) < level)


def basin(low=-2.0, high=2.0):
    """Return the share of starts on the left of the hill of `tilted`."""
    (hill,) = (p.at for p in tilted.stationary if p.kind == "maximum")
    return (hill - low) / (high - low)


def basin_border():
    """Return the top of the hill of `tilted`, which parts its basins."""
    return 4 * basin() - 2


@cache
def census(rate=0.005, steps=1500, side=21):
    """Return how many starts end in each stationary point of Himmelblau's."""
    line = np.linspace(-6, 6, side)
    point = np.stack(np.meshgrid(line, line)).reshape(2, -1)
    for _ in range(steps):
        point = point - rate * himmelblau.grad(point)
    away = [np.linalg.norm(point.T - s.at, axis=1) for s in himmelblau.stationary]
    return [int((d < 1e-6).sum()) for d in away]


def claim_a_filled_well_is_not_felt_at_the_other():
    """From 40 starts right of the hill the runs are the same whether the left well is
    filled or not, but the lowest point of 4,001 is the right well's only when it is.
    """
    starts, x = np.linspace(0.1, 2, 40), np.linspace(-2, 2, 4001)
    ends, h = [], 1e-6
    for f in tilted.f, _filled:
        slope = lambda x, f=f: (f(x + h) - f(x - h)) / (2 * h)
        ends.append(descend(slope, starts, 0.02, 200))
    left, right = tilted.minima
    same = np.array_equal(*ends) and np.allclose(ends[0][-1], right, atol=1e-3)
    deepest = x[tilted.f(x).argmin()], x[_filled(x).argmin()]
    return same and np.allclose(deepest, (left, right), atol=1e-3)


def claim_no_run_ends_at_a_saddle():
    """On Himmelblau's function all 441 runs end in minima, for three rates."""
    counts = census(), census(0.0025, steps=3000), census(0.01, steps=750)
    return all(sum(count[:4]) == 21**2 for count in counts)


def table_stationary():
    header = ["loss", "where the gradient is zero", "kind"]
    rows = []
    for landscape in (quad1, cubic, tilted, saddle):
        for point in landscape.stationary:
            at = listed(np.atleast_1d(point.at), ".4g")
            rows.append([f"${{{landscape.tex}}}$", at, point.kind])
    return table(header, rows)


def table_stops():
    """Where each test stops each run, and how far the minimum is then."""
    tests = ["step", "loss", "gradient"]
    rows = [[name, *(_verdict(name, test) for test in tests)] for name in RUNS]
    return table(["run", *tests], rows)


def table_to_go():
    header = ["$q$", "still to go, in units of the last step"]
    rows = [[q, f"{still_to_go(1, q):,.0f}"] for q in (0.5, 0.8, 0.99, 0.9999)]
    return table(header, rows)


def table_saddle():
    rows = []
    for y in (1e-1, 1e-3, 1e-6, 1e-12):
        rows.append([f"{y:g}", steps_to_leave(y, 0.1), counted_to_leave(y)])
    return table(["$y_0$", "predicted", "counted"], rows)


def table_plateau():
    rows = []
    for x in (2.0, 3.0, 4.0):
        predicted = f"{steps_on_plateau(x, 0.1):.0f}"
        rows.append([f"{x:g}", predicted, _counted_on_plateau(x)])
    return table(["$x_0$", "predicted", "counted until $x < 1$"], rows)


def table_misses():
    rows = []
    for count in (1, 2, 5, 10):
        predicted = (1 - basin()) ** count
        rows.append([count, f"{predicted:.2%}", f"{_misses(count):.2%}"])
    return table(["starts $n$", "predicted", "missed"], rows)


def _filled(x):
    """Return `tilted` with its left well filled up, to the top of the hill."""
    level = tilted.f(basin_border())
    return np.where(x < basin_border(), np.maximum(tilted.f(x), level), tilted.f(x))


def _verdict(name, test):
    """Return a test's cell of the table: the step, and how far it still is."""
    k = outcome(name)[1][test]
    if k is None:
        return "goes on"
    left = distance_at_stop(name, test)
    return f"{k} (off by {left:.1g})" if left < math.inf else f"{k} (no minimum)"


@cache
def _plateau_path(start, rate=0.1):
    """Return the path across the plain and down to the minimum."""
    steps = math.ceil(1.2 * steps_on_plateau(start, rate)) + 60
    return descend(plateau.grad, start, rate, steps)


def _counted_on_plateau(start, rate=0.1):
    """Return the steps of a run until |x| < 1."""
    return first_within(_plateau_path(start, rate), 0, 1)


@cache
def _misses(count, groups=2000, seed=0):
    """Return the share of groups of random starts that miss the deep well."""
    starts = np.random.default_rng(seed).uniform(-2, 2, (groups, count))
    ends = descend(tilted.grad, starts, 0.05, 60)[-1]
    return float((ends > basin_border()).all(axis=1).mean())


def figure_impostors():
    """Four runs where a test says 'converged' and no minimum is near."""
    figure, axes = draw.panels(2, 2, height=5.2)
    for ax, name in zip(
        axes.flat, ("tiny rate", "two-cycle", "plateau", "saddle"), strict=True
    ):
        landscape = RUNS[name][0]
        path, stop = outcome(name)
        k = stop["loss"]
        ax.set_title(f"{name}, k = {k}")
        ax.set(xticks=[], yticks=[])
        if landscape is saddle:
            draw.contours(ax, saddle.f, (-1.3, 1.3), (-1.3, 1.3), [-1, 0, 1], points=41)
            ax.plot(*path[: k + 1].T, color="path", linewidth=1)
            ax.plot(*path[k], "o", color="alarm", markersize=7)
            draw.arrow(ax, (0, 0.1), (0, 1.15), "optimum")
            draw.arrow(ax, (0, -0.1), (0, -1.15), "optimum")
            draw.label(ax, "down", (0, 0.8), (21, 0), "optimum")
            continue
        width = 9 if landscape is plateau else 2.4
        draw.curve(ax, landscape.f, -width, width)
        x = path[: k + 1]
        if name == "two-cycle":
            ax.plot(x, landscape.f(x), "--", color="alarm", linewidth=1)
        ax.plot(x, landscape.f(x), "o", color="alarm", markersize=7)
        draw.optimum(ax, 0, 0)
    return figure


def figure_saddle():
    """The distance from the saddle's ridge grows by one factor at each step."""
    figure, ax = draw.axes("step k", "|y|", height=3.5)
    styles = ["-", "--", "-.", ":"]
    for y, style in zip((0.1, 1e-3, 1e-6, 1e-12), styles, strict=True):
        k = counted_to_leave(y)
        path = descend(saddle.grad, np.array([1.0, y]), 0.1, k)
        ax.semilogy(path[:, 1], style, color="path")
        ax.plot([k], [path[-1, 1]], "o", color="path")
        draw.label(ax, f"{k}", (k, path[-1, 1]), (0, 11), "path")
    ax.axhline(1, color="soft", linewidth=0.8)
    draw.label(ax, "left at |y| = 1", (114, 1), (0, 9), "soft")
    ax.set(ylim=(3e-13, 60))
    return figure


def figure_plateau():
    """The loss on the plain: nothing, nothing, and then everything."""
    path = _plateau_path(4.0)
    figure, ax = draw.axes("step k", "loss tanh²x", height=3.0)
    ax.plot(plateau.f(path), color="path")
    predicted = steps_on_plateau(4.0, 0.1)
    ax.axvline(predicted, color="soft", linestyle="--", linewidth=1)
    draw.label(
        ax,
        f"predicted:\n{predicted:.0f}",
        (predicted, 0.5),
        (-8, 0),
        "soft",
        ha="right",
    )
    draw.label(ax, "“converged”", (500, 1), (0, -12), "path")
    ax.set(ylim=(-0.05, 1.1))
    return figure


def figure_tilted():
    """Two wells, their basins, and a run into each."""
    figure, ax = draw.axes("x", "f(x)", height=3.5)
    border = basin_border()
    draw.curve(ax, tilted.f, -1.75, 1.75)
    ax.axvline(border, color="soft", linestyle="--", linewidth=1)
    for start, colour in (-0.3, "second"), (1.5, "path"):
        path = descend(tilted.grad, start, 0.05, 12)
        draw.path(ax, path, tilted.f(path), color=colour, markersize=4)
        text, at = f"start {signed(start)}", (start, tilted.f(start))
        draw.label(ax, text, at, (-9, 4), colour, ha="right")
    deep, shallow = tilted.minima
    text = f"global, f = {signed(tilted.f(deep), '.2f')}"
    draw.optimum(ax, deep, tilted.f(deep), text, (8, -17))
    at = shallow, tilted.f(shallow)
    ax.plot(*at, "o", markersize=11, color="fourth", markerfacecolor="none")
    text = f"local, f = {signed(at[1], '.2f')}"
    draw.label(ax, text, at, (4, -17), "fourth")
    draw.label(ax, "left basin", (border, 1.7), (-8, 0), "soft", ha="right")
    draw.label(ax, "right basin", (border, 1.7), (8, 0), "soft", ha="left")
    ax.set(ylim=(-1.75, 1.9))
    return figure


def figure_flat():
    """What is left of the parabola 1 + x² in sixteen digits."""
    x = np.linspace(-4e-8, 4e-8, 1201)
    figure, ax = draw.axes("x · 10⁸", "(1 + x²) − 1, in 10⁻¹⁶", height=3.2)
    ax.plot(x * 1e8, x * x * 1e16, "--", color="soft", linewidth=1)
    ax.step(x * 1e8, (flat(x) - 1) * 1e16, color="curve", where="mid")
    blind = BLIND * 1e8
    ax.plot([-blind, blind], [0, 0], color="alarm", linewidth=4)
    draw.label(ax, "all equal", (0, 0), (0, 30), "alarm")
    return figure


def figure_choice(landscape, start, rate, steps):
    """The loss of a run on a landscape, by its name."""
    f = getattr(landscapes, landscape)
    figure, ax = draw.axes("step", "loss", width=3.4, height=2.0)
    ax.plot(f.f(descend(f.grad, start, rate, steps)), color="path")
    ax.set(xticks=[], yticks=[0, 1], ylim=(-0.1, 1.2))
    return figure
