"""Momentum and adaptive methods: gradient descent with a memory.

    θ, x       the point                              x
    g          the gradient ∇L(θ)                     grad(x)
    η          the learning rate                      rate
    v, β       the velocity, how much of it is kept   v, beta
    m, s       running means of g and of g²           m, s
    h = ηλ     rate times curvature                   h
    κ          largest ÷ smallest curvature           kappa
    ρ          factor by which the error shrinks      rho

All optimisers take `(grad, start, rate, steps)` and their own constants, work on
numbers and on arrays, and return the path. The updates and the constants are those
of PyTorch.
"""

import math

import numpy as np
from descent import descend
from dimensions import diagonal_descent, predicted_steps
from shared import draw
from shared.landscapes import quad1, ravine, rosenbrock
from shared.path import distances, first_within
from shared.plane import quadratic, quadratic_grad, rotation, valley
from shared.tables import table


def momentum(grad, start, rate=0.1, steps=10, beta=0.9):
    """Return the path of gradient descent with momentum.

    Polyak (1964), the "heavy ball".

    >>> momentum(quad1.grad, start=2.0, rate=0.125, steps=2, beta=0.5)
    array([2.   , 1.5  , 0.875])
    """
    x, v, path = start, 0.0, [start]
    for _ in range(steps):
        v = beta * v + grad(x)
        x = x - rate * v
        path.append(x)
    return np.array(path)


def momentum_matrix(h, beta):
    """Return the matrix that takes (x, ηv) one step on, with h = ηλ.

    >>> momentum_matrix(h=0.5, beta=0.25)
    array([[ 0.5 , -0.25],
           [ 0.5 ,  0.25]])
    """
    return np.array([[1 - h, -beta], [h, beta]])


def bent(x):
    """Return the slope of a convex function; it has two kinks.

    Lessard, Recht and Packard (2016).
    """
    if x < 1:
        return 25 * x
    return x + 24 if x < 2 else 25 * x - 24


def nesterov(grad, start, rate=0.1, steps=10, beta=0.9):
    """Return the path of Nesterov's accelerated gradient (1983).

    >>> nesterov(quad1.grad, start=2.0, rate=0.25, steps=2, beta=0.5)
    array([ 2.   ,  0.5  , -0.125])
    """
    x, v, path = start, 0.0, [start]
    for _ in range(steps):
        g = grad(x)
        v = beta * v + g
        x = x - rate * (g + beta * v)
        path.append(x)
    return np.array(path)


def adagrad(grad, start, rate=0.1, steps=10, eps=1e-10):
    """Return the path of AdaGrad (Duchi, Hazan and Singer, 2011).

    >>> adagrad(lambda x: 3.0, start=2.0, rate=0.5, steps=1)
    array([2. , 1.5])
    """
    x, s, path = start, 0.0, [start]
    for _ in range(steps):
        g = grad(x)
        s = s + g * g
        x = x - rate * g / (np.sqrt(s) + eps)
        path.append(x)
    return np.array(path)


def rmsprop(grad, start, rate=0.1, steps=10, beta=0.99, eps=1e-8):
    """Return the path of RMSProp (Hinton's lecture 6e, 2012).

    >>> rmsprop(lambda x: 3.0, 2.0, 0.5, 1, beta=0.75).round(6)
    array([2., 1.])
    """
    x, s, path = start, 0.0, [start]
    for _ in range(steps):
        g = grad(x)
        s = beta * s + (1 - beta) * g * g
        x = x - rate * g / (np.sqrt(s) + eps)
        path.append(x)
    return np.array(path)


def adam(
    grad,
    start,
    rate=0.1,
    steps=10,
    beta1=0.9,
    beta2=0.999,
    eps=1e-8,
):
    """Return the path of Adam (Kingma and Ba, 2015, algorithm 1).

    >>> adam(lambda x: 3.0, start=2.0, rate=0.5, steps=2)
    array([2. , 1.5, 1. ])
    """
    x, m, s, path = start, 0.0, 0.0, [start]
    for k in range(1, steps + 1):
        g = grad(x)
        m = beta1 * m + (1 - beta1) * g
        s = beta2 * s + (1 - beta2) * g * g
        mean, square = m / (1 - beta1**k), s / (1 - beta2**k)
        x = x - rate * mean / (np.sqrt(square) + eps)
        path.append(x)
    return np.array(path)


FACTORS = 1, 0.9, 0.8, 0.6, 0.4  # per step, whose regions are drawn


def ravine_path(beta, steps=12):
    """Return the path of momentum on `ravine` from (10, 1), at rate 1/11."""
    return momentum(ravine.grad, np.array([10.0, 1.0]), 1 / 11, steps, beta)


def by_velocity(grad, start, rate=0.1, steps=10, beta=0.9):
    """Return `momentum`'s path; here the velocity is the step itself."""
    x, v, path = start, 0.0, [start]
    for _ in range(steps):
        v = beta * v - rate * grad(x)
        x = x + v
        path.append(x)
    return np.array(path)


def by_average(grad, start, rate=1.0, steps=10, beta=0.9):
    """Return `momentum`'s path if the rate is η/(1 - β): v is a running mean."""
    x, v, path = start, 0.0, [start]
    for _ in range(steps):
        v = beta * v + (1 - beta) * grad(x)
        x = x - rate * v
        path.append(x)
    return np.array(path)


def half_life(beta):
    """Return after how many steps a gradient has half its weight.

    >>> half_life(0.5)
    1.0
    """
    return math.log(0.5) / math.log(beta)


def radius(h, beta):
    """Return the largest |eigenvalue| of `momentum_matrix`.

    >>> float(radius(h=0.25, beta=0.25)), float(radius(h=0.25, beta=0.0))
    (0.5, 0.75)
    """
    trace = 1 + beta - h
    under_root = trace**2 - 4 * beta
    real = (np.abs(trace) + np.sqrt(np.maximum(under_root, 0))) / 2
    return np.where(under_root < 0, np.sqrt(beta), real)


def best_beta(h):
    """Return the momentum that settles a curvature fastest, h = ηλ ≤ 1.

    >>> best_beta(0.25)
    0.25
    """
    return (1 - math.sqrt(h)) ** 2


def best_pair(kappa):
    """Return rate and momentum for curvatures from 1 to kappa.

    Polyak (1964). The error then shrinks by √beta a step.

    >>> best_pair(9)
    (0.25, 0.25)
    """
    root = math.sqrt(kappa)
    return (2 / (1 + root)) ** 2, ((root - 1) / (root + 1)) ** 2


def race(kappa, steps):
    """Return the errors of gradient descent and momentum, at their best."""
    grad, start = quadratic_grad(valley(kappa)), np.ones(2)
    rate, beta = best_pair(kappa)
    return (
        _errors(descend(grad, start, 2 / (1 + kappa), steps)),
        _errors(momentum(grad, start, rate, steps, beta)),
    )


def race_row(kappa):
    """Return kappa and the steps to a millionth, predicted and measured.

    First of gradient descent; then of momentum by ρᵏ alone, by `_bound`, and
    measured.

    >>> race_row(10)
    [10, 69, 69, 22, 27, 27]
    """
    plain, heavy = predicted_steps(kappa), predicted_steps(math.sqrt(kappa))
    runs = *race(kappa, plain + 99), _bound(kappa, plain + 99)
    measured = [first_within(e, 0, 1e-6) for e in runs]
    return [kappa, plain, measured[0], heavy, measured[2], measured[1]]


def on_parabola(method, steps, scale=1):
    """Return a method's path on scale · x², from 2 at rate 0.1.

    >>> on_parabola(descend, steps=2)
    array([2.  , 1.6 , 1.28])
    """
    return method(lambda x: 2 * scale * x, 2.0, rate=0.1, steps=steps)


def feels_scale(method):
    """Say whether a method goes another way on 1000x² than on x², in 50 steps."""
    one, other = on_parabola(method, 50), on_parabola(method, 50, scale=1000)
    return not np.allclose(one, other, atol=1e-6)


def adam_on_slope(slope, steps=1):
    """Return Adam's path from 0 under a constant slope, at rate 0.1."""
    return adam(lambda x: slope, 0.0, 0.1, steps)


def uncorrected(k, rate=0.1, beta1=0.9, beta2=0.999):
    """Return Adam's k-th step under a constant slope without correction."""
    return rate * (1 - beta1**k) / np.sqrt(1 - beta2**k)


def rotation_test(method, rate, steps=200, kappa=100, **constants):
    """Return the paths in the valley as it lies, and turned by 45 degrees.

    Both start at the same place of the valley, and the second path is turned
    back at the end. Of a method that does not see the axes they are the same.
    """
    paths = []
    for degrees in 0, 45:
        grad, turn = quadratic_grad(valley(kappa, degrees)), rotation(degrees)
        path = method(grad, turn @ np.ones(2), rate, steps, **constants)
        paths.append(path @ turn)
    return paths


def diagonal_steps(hess):
    """Return the steps from (1, 0) to a millionth with one rate an axis."""
    path = diagonal_descent(hess, np.array([1.0, 0.0]), 50)
    return first_within(_errors(path), 0, 1e-6)


def sharpness(path):
    """Return the largest curvature of Rosenbrock's function along a path."""
    (a, b), (_, c) = rosenbrock.hess(np.asarray(path).T)
    return (a + c) / 2 + np.hypot((a - c) / 2, b)


EDGE_RATES = 0.0019, 0.0025, 0.003  # one below the limit, two above


def table_weights():
    header = ["$\\beta$", "sum of weights", "half-life in steps"]
    rows = []
    for beta in (0.9, 0.99, 0.999):
        rows.append([beta, f"{1 / (1 - beta):.0f}", f"{half_life(beta):.2f}"])
    return table(header, rows)


def table_race():
    header = [
        "$\\kappa$",
        "gradient descent: predicted",
        "measured",
        "momentum: $\\rho^k$ alone",
        "with the factor",
        "measured",
    ]
    return table(header, [race_row(kappa) for kappa in (10, 100, 1000)])


def table_first_step():
    rows = []
    for name, method in [
        ("gradient descent", descend),
        ("momentum", momentum),
        ("AdaGrad", adagrad),
        ("RMSProp", rmsprop),
        ("Adam", adam),
    ]:
        ends = [on_parabola(method, 1, scale)[1] for scale in (1, 1000)]
        rows.append([name, *(f"{end:.4g}" for end in ends)])
    return table(["method", "on $x^2$", "on $1000x^2$"], rows)


def table_turned():
    """The height after 200 steps in the valley, as it lies and turned."""
    height = quadratic(valley(100))
    rows = []
    for name, method, rate in [
        ("gradient descent, rate 0.01", descend, 0.01),
        ("momentum 0.9, rate 0.01", momentum, 0.01),
        ("Adam, rate 0.05", adam, 0.05),
    ]:
        ends = [path[-1] for path in rotation_test(method, rate)]
        rows.append([name, *(f"{height(end):.4g}" for end in ends)])
    return table(["after 200 steps", "as it lies", "turned"], rows)


def table_edge():
    header = ["rate $\\eta$", "$2/\\eta$", "mean sharpness, last 1000 of 8000 steps"]
    paths = _at_the_edge(EDGE_RATES, 8000)
    rows = []
    for rate, found in zip(EDGE_RATES, paths, strict=True):
        rows.append([rate, f"{2 / rate:.1f}", f"{found[-1000:].mean():.1f}"])
    return table(header, rows)


def _corners(rho):
    """Return the corners (h, β) of the region where `radius` is ≤ rho.

    >>> _corners(0.5)
    [(0.5, 0.0), (0.25, 0.25), (2.25, 0.25), (1.5, 0.0)]
    """
    top = rho * rho
    bottom = [(1 - rho, 0.0), (1 + rho, 0.0)]
    return [bottom[0], ((1 - rho) ** 2, top), ((1 + rho) ** 2, top), bottom[1]]


def _errors(path):
    """Return the distance to 0 after each step, the first one as 1."""
    size = distances(path, 0)
    return size / size[0]


def _bound(kappa, steps):
    """Return the errors of momentum's race by formula: ρᵏ and a growing factor."""
    rho = math.sqrt(best_pair(kappa)[1])
    k = np.arange(steps + 1)
    flat, steep = 1 + k * (1 - rho), 1 + k * (1 + rho)
    return np.hypot(flat, steep) * rho**k / math.sqrt(2)


def _at_the_edge(rates, steps=4000, start=(0.0, 0.0)):
    """Return the sharpness along a path of gradient descent for each rate.

    On Rosenbrock's function; Cohen and others (2021) saw the same in networks.
    """
    starts = np.tile(np.reshape(start, (2, 1)), len(rates))
    paths = descend(rosenbrock.grad, starts, np.array(rates), steps)
    return [sharpness(paths[:, :, i]) for i in range(len(rates))]


def figure_valley():
    """Twelve steps with and without memory, at the same rate."""
    figure, axes = draw.panels(2, 1, height=4.4, sharex=True)
    for ax, name, beta in (
        (axes[0, 0], "gradient descent", 0.0),
        (axes[1, 0], "momentum 0.4", 0.4),
    ):
        path = ravine_path(beta)
        levels = (0, 3, 12, 30, 60, 100)
        draw.contours(ax, ravine.f, (-2, 11), (-2.6, 2.6), levels, False, 51)
        ax.plot(*path.T, color="path", linewidth=1)
        draw.path(ax, *path.T, arrows=False, markersize=4)
        draw.optimum(ax, 0, 0)
        text = f"{name}: f = {ravine.f(path[-1]):.2g} after {len(path) - 1} steps"
        ax.set(ylabel="y", title=text)
    axes[1, 0].set(xlabel="x")
    return figure


def figure_anatomy():
    """One step taken apart: the sum of two arrows, and the rescaled gradient."""
    figure, axes = draw.panels(2, 1, height=6.2)
    heavy, adaptive = axes[:, 0]
    rate, beta = 0.07, 0.6
    before, x = momentum(ravine.grad, np.array([9.0, 1.3]), rate, 1, beta)
    kept, push = beta * (x - before), -rate * ravine.grad(x)
    levels = (0, 20, 40, 60, 80)
    for ax in heavy, adaptive:
        draw.contours(ax, ravine.f, (4, 10), (-1.9, 2.2), levels, False, 61)
        ax.set(ylabel="y")
    draw.path(heavy, *np.array([before, x]).T, color="soft")
    for start, move, colour in (
        (x, kept, "second"),
        (x + kept, push, "path"),
        (x, kept + push, "curve"),
    ):
        draw.arrow(heavy, start, start + move, colour)
    draw.label(heavy, "last step", (before + x) / 2, (10, -4), ha="left")
    draw.label(
        heavy, "kept: β × last step", x + kept / 2, (10, -6), "second", ha="left"
    )
    draw.label(heavy, "push: −ηg", x + kept + push / 2, (-10, -4), "path", ha="right")
    draw.label(heavy, "new step", x + kept + push, (0, 14), "curve")
    heavy.set(title="momentum adds two arrows")
    x, reach = np.array([9.0, 1.3]), 1.5
    draw.arrow(adaptive, x, x - rate * ravine.grad(x), "path")
    ends = adam(ravine.grad, x, reach, 1)
    draw.arrow(adaptive, x, ends[1], "curve")
    square = x + reach * np.array([[-1, -1], [-1, 1], [1, 1], [1, -1], [-1, -1]])
    adaptive.plot(*square.T, "--", color="soft", linewidth=1)
    adaptive.plot(*x, "o", color="path", markerfacecolor="paper")
    draw.label(adaptive, "−ηg", x - rate * ravine.grad(x), (0, -10), "path")
    draw.label(adaptive, "Adam's\nfirst step", ends[1], (-8, 8), "curve", ha="right")
    adaptive.set(title="adaptive: each coordinate ÷ its own size", xlabel="x")
    return figure


def figure_radius():
    """The factor per step for each curvature and momentum."""
    figure, ax = draw.axes("h = rate × curvature", "momentum β", height=3.9)
    shades = "level3", "level2", "level1", "level0", "paper"
    for rho, shade in zip(FACTORS, shades, strict=True):
        region = np.array(_corners(rho))
        ax.fill(*region.T, facecolor=shade, edgecolor="soft", linewidth=0.6)
        draw.label(ax, f"{rho:g}", region[1], (8, -9), ha="left")
    draw.label(ax, "diverges", (3.55, 0.3), (0, 0), "alarm")
    rate, beta = best_pair(100)
    ax.plot([rate, 100 * rate], [beta, beta], "o-", color="path")
    draw.label(ax, "curvatures 1 to 100, best pair", (1.95, beta), (0, 9))
    ax.set(xlim=(0, 4.2), ylim=(0, 1.02), title="factor of the error, per step")
    return figure


def figure_race():
    """Kappa 100: the error after each step, at the best constants."""
    plain, heavy = race(100, 720)
    rho = math.sqrt(best_pair(100)[1])
    k = np.arange(131)
    figure, ax = draw.axes("step k", "distance ÷ first distance", height=3.4)
    ax.semilogy(20 * np.arange(37), plain[::20], color="path")
    ax.semilogy(k, heavy[:131], color="second")
    ax.semilogy(k, rho**k, "--", color="soft", linewidth=1.2)
    ax.axhline(1e-6, color="soft", linewidth=0.8)
    for errs, colour in (plain, "path"), (heavy, "second"):
        last = first_within(errs, 0, 1e-6)
        ax.plot([last], [errs[last]], "o", color=colour)
        draw.label(ax, f"{last}", (last, errs[last]), (4, 11), colour, ha="left")
    draw.label(ax, "gradient descent", (350, plain[350]), (8, 9), "path", ha="left")
    draw.label(ax, "momentum", (125, heavy[125]), (8, 4), "second", ha="left")
    draw.label(ax, "ρᵏ alone", (110, rho**110), (8, -8), "soft", ha="left")
    ax.set(ylim=(1e-11, 20))
    return figure


def figure_correction():
    """The first steps under a constant slope, with and without correction."""
    k = np.arange(1, 61)
    corrected = -np.diff(adam_on_slope(3.0, 60))
    figure, ax = draw.axes("step k", "length of the step", height=3.0)
    ax.plot(k, uncorrected(k), "o", color="alarm", markersize=4)
    ax.plot(k, corrected, "s", color="second", markersize=3)
    peak = int(uncorrected(k).argmax())
    at = (k[peak], uncorrected(k[peak]))
    text = f"without correction, up to {at[1]:.2f}"
    draw.label(ax, text, at, (0, 10), "alarm", ha="left")
    first = f"{uncorrected(1):.3f}"
    draw.label(ax, first, (1, uncorrected(1)), (8, -6), "alarm", ha="left")
    draw.label(
        ax,
        "with correction: always the rate",
        (60, 0.1),
        (0, -11),
        "second",
        ha="right",
    )
    ax.set(ylim=(0, 0.76))
    return figure


def figure_turned():
    """Adam in the valley and in the turned valley; gradient descent as well."""
    figure, axes = draw.panels(2, 1, height=4.8, sharex=True)
    for ax, method, rate in ((axes[0, 0], descend, 0.01), (axes[1, 0], adam, 0.05)):
        lying, turned_back = rotation_test(method, rate)
        ax.plot(*lying.T, color="curve")
        ax.plot(*turned_back[::4].T, "o", color="path", markersize=3)
        ax.plot(1, 1, "o", color="path", markerfacecolor="paper")
        draw.optimum(ax, 0, 0)
        ax.set(ylabel="across", ylim=(-0.4, 1.2))
    top, bottom = axes[:, 0]
    top.set(title="gradient descent: the same path")
    bottom.set(title="Adam: two paths", xlabel="along the floor", xlim=(-0.3, 1.2))
    draw.label(bottom, "as it lies", (0.5, 0.5), (-8, 8), "curve", ha="right")
    draw.label(bottom, "turned by 45°", (0.92, 0), (0, -14), "path", ha="right")
    return figure


def figure_edge():
    """The sharpness that gradient descent meets, for three rates."""
    figure, ax = draw.axes("step k", "largest curvature", height=3.7)
    paths = _at_the_edge(EDGE_RATES)
    for rate, colour, found in zip(EDGE_RATES, draw.SERIES, paths, strict=False):
        groups = found[:4000].reshape(-1, 80)
        k = 40 + 80 * np.arange(len(groups))
        ax.fill_between(k, groups.min(1), groups.max(1), color=colour, alpha=0.3)
        ax.plot(k, groups.mean(1), color=colour)
        ax.hlines(2 / rate, 0, 4000, color=colour, linestyle="--", linewidth=1)
        text = f"η = {rate:g}\n2/η = {2 / rate:.0f}"
        draw.label(ax, text, (4050, 2 / rate), (2, 0), colour, ha="left")
    ax.set(xticks=[0, 1000, 2000, 3000, 4000], xlim=(-100, 5700))
    return figure


def figure_choice(rate, beta):
    """Forty steps of momentum on x², from 2."""
    figure, ax = draw.axes("step k", "x", width=3.4, height=2.2)
    path = momentum(quad1.grad, 2.0, rate, 40, beta)
    ax.axhline(0, color="optimum", linewidth=0.8)
    ax.plot(path, "o-", color="path", markersize=3, linewidth=1)
    ax.set(ylim=(-2.3, 2.3))
    return figure
