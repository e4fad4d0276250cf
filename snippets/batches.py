"""Batch, stochastic and mini-batch gradient descent.

    n, B       examples in the data, in one batch      n, batch
    gᵢ, g_B    gradient of an example, of a batch      grad(theta, chosen)
    σ²         variance of gᵢ around the mean          sigma ** 2
    ηₜ         the rate of update t                    schedule(t)
    λ          curvature of the loss                   curvature

An update uses one batch; an epoch uses every example once.
"""

import math
from functools import cache
from itertools import combinations

import numpy as np
from shared import draw
from shared.data import line_noise, line_x, line_y
from shared.landscapes import tilted
from shared.line import line_grad, line_loss
from shared.tables import table


def deal(n, batch, rng=None):
    """Deal out n examples in batches: one epoch.

    >>> [chosen.tolist() for chosen in deal(5, batch=2)]
    [[0, 1], [2, 3], [4]]
    """
    order = np.arange(n) if rng is None else rng.permutation(n)
    return np.split(order, range(batch, n, batch))


def sgd(grad, n, start, rate, epochs, batch=1, rng=None):
    """Return the path of mini-batch descent, a point per update.

    grad(theta, chosen) is the mean gradient of the chosen examples.
    Without an rng the examples come in their order.
    """
    path = [np.asarray(start, float)]
    for _ in range(epochs):
        for chosen in deal(n, batch, rng):
            path.append(path[-1] - rate * grad(path[-1], chosen))
    return np.array(path)


def noise_floor(rate, curvature=1.0, sigma=1.0):
    """Return the variance that a constant rate keeps at the minimum.

    >>> noise_floor(0.5)
    0.3333333333333333
    """
    return rate * sigma**2 / (curvature * (2 - rate * curvature))


def wander(start, noise, steps=2000, runs=1000, rate=0.02, seed=0):
    """Return where noisy descent on `tilted` ends, for many runs.

    `noise` is the standard deviation of what is added to the slope, a
    number or a function of the part of the run that is done.
    """
    rng = np.random.default_rng(seed)
    x = np.full(runs, start)
    size = noise if callable(noise) else lambda done: noise
    for t in range(steps):
        kick = size(t / steps) * rng.standard_normal(runs)
        slope = tilted.slopes(x) + kick
        x = np.clip(x - rate * slope, -3, 3)
    return x


_NOISY_Y = line_y + line_noise
GOOD, POOR = tilted.minima


def noisy_grad(theta, chosen):
    """Return `line_grad` with the noisy labels, shape (2,)."""
    return line_grad(theta, chosen, _NOISY_Y)


def loss_after(epochs, batch=1, rate=0.05):
    """Return the loss of the line after epochs in order, from w = b = 0.

    >>> loss_after(0), round(loss_after(1), 4)
    (21.0, 0.0028)
    """
    return line_loss(sgd(line_grad, 4, np.zeros(2), rate, epochs, batch)[-1])


def variance_with(sigma2, batch):
    """Return the variance of a batch's gradient, drawn with replacement."""
    return sigma2 / batch


def variance_without(sigma2, batch, n):
    """Return the same, drawn without replacement.

    >>> variance_without(6.0, batch=4, n=4)
    0.0
    """
    return sigma2 / batch * (n - batch) / (n - 1)


def example_gradients(theta=(0.0, 0.0)):
    """Return the gradient of each noisy example at theta, shape (4, 2)."""
    return np.array([noisy_grad(np.array(theta), [i]) for i in range(4)])


def subset_variance(gradients, batch):
    """Return the variance of the batch mean over all subsets, exactly."""
    means = [np.mean(s, axis=0) for s in combinations(gradients, batch)]
    return float(np.var(means, axis=0).sum())


def halves_the_floor(factor, rate=0.01):
    """Say whether factor times the rate leaves half the variance, to 1 %."""
    return abs(noise_floor(factor * rate) / noise_floor(rate) - 0.5) < 0.01


SCHEDULES = {
    "0.1": lambda t: 0.1,
    "1/(t + 1)": lambda t: 1 / (t + 1),
    "0.1/√(t + 1)": lambda t: 0.1 / math.sqrt(t + 1),
    "0.1 e^(−0.1 t)": lambda t: 0.1 * math.exp(-0.1 * t),
}


def expected_square(schedule, start=5.0, steps=1000):
    """Return E x² after each noisy step on x²/2, by its recursion.

    A step is x − ηₜ (x + ξ), with ξ of mean 0 and variance 1.
    """
    squares = [start**2]
    for t in range(steps):
        rate = schedule(t)
        squares.append((1 - rate) ** 2 * squares[-1] + rate**2)
    return np.array(squares)


def sum_of_rates(schedule, steps=1000):
    """Return what the rates of the first updates add up to."""
    return sum(schedule(t) for t in range(steps))


def left_over(schedule, steps=1000):
    """Return which part of the start is left when the noise is absent."""
    return math.prod(1 - schedule(t) for t in range(steps))


def cool(done):
    """Noise that falls from 8 to 0 in the course of the run."""
    return 8 * (1 - done)


@cache
def freed(noise):
    """Return the share of the runs that leave the poor valley for the good one.

    The noise is a number or a function, as `wander` takes it.
    """
    return _share_in_good(wander(POOR, noise))


@cache
def lost(noise):
    """Return the share of the runs that fall from the good valley into the poor."""
    return 1 - _share_in_good(wander(GOOD, noise))


def table_variance():
    header = [
        "$B$",
        "$\\sigma^2/B$",
        "20,000 draws",
        "without replacement",
        "all subsets, exactly",
    ]
    gradients = example_gradients()
    sigma2 = subset_variance(gradients, 1)
    rows = []
    for batch in (1, 2, 3, 4):
        row = [
            batch,
            f"{variance_with(sigma2, batch):.1f}",
            f"{_drawn_variance(gradients, batch):.1f}",
            f"{variance_without(sigma2, batch, 4):.2f}",
            f"{subset_variance(gradients, batch):.2f}",
        ]
        rows.append(row)
    return table(header, rows)


def table_floor():
    header = ["rate $\\eta$", "floor, by the formula", "5,000 simulated runs"]
    rows = []
    for rate in (0.01, 0.1, 0.5):
        constant = lambda t, rate=rate: rate
        simulated = _simulated_squares(constant, 0.0, 2000, 5000)
        rows.append([rate, f"{noise_floor(rate):.5f}", f"{simulated:.5f}"])
    return table(header, rows)


def table_schedules():
    header = [
        "rate of update $t$",
        "expected $x^2$",
        "2,000 simulated runs",
        "part of the start that is left",
    ]
    formulas = ["0.1", "1/(t+1)", r"0.1/\sqrt{t+1}", r"0.1\,e^{-0.1t}"]
    rows = []
    for tex, schedule in zip(formulas, SCHEDULES.values(), strict=True):
        expected = f"{expected_square(schedule)[-1]:.6f}"
        simulated = f"{_simulated_squares(schedule):.5f}"
        rows.append([f"${tex}$", expected, simulated, f"{left_over(schedule):.2g}"])
    return table(header, rows)


def table_escape():
    header = [
        "size of the noise",
        "from the poor valley to the good one",
        "from the good valley to the poor one",
    ]
    rows = [[s, f"{freed(s):.1%}", f"{lost(s):.1%}"] for s in (1, 2, 3, 4, 6)]
    return table(header, rows)


_HILL = next(p.at for p in tilted.stationary if p.kind == "maximum")


def _drawn_variance(gradients, batch, draws=20000, seed=0):
    """Return the variance of the batch mean, drawn with replacement."""
    rng = np.random.default_rng(seed)
    chosen = rng.integers(len(gradients), size=(draws, batch))
    return float(np.var(gradients[chosen].mean(axis=1), axis=0).sum())


def _simulated_squares(schedule, start=5.0, steps=1000, runs=2000, seed=0):
    """Return the mean x² over runs of the noisy steps of `expected_square`."""
    rng = np.random.default_rng(seed)
    x = np.full(runs, start)
    for t in range(steps):
        x = x - schedule(t) * (x + rng.standard_normal(runs))
    return float(np.mean(x**2))


def _share_in_good(ends):
    """Return the share of runs that end in the deeper valley."""
    return float(np.mean(ends < _HILL))


def figure_paths():
    figure, axes = draw.panels(3, 1, height=7.2, sharex=True)
    for ax, (batch, name) in zip(
        axes[:, 0],
        [(4, "batch: all 4 examples"), (2, "mini-batch: 2"), (1, "stochastic: 1")],
        strict=True,
    ):
        rng = np.random.default_rng(3)
        path = sgd(noisy_grad, 4, np.zeros(2), 0.05, 12, batch, rng)
        loss = lambda t: np.mean(
            (t[0][..., None] * line_x + t[1][..., None] - _NOISY_Y) ** 2, axis=-1
        )
        draw.contours(
            ax, loss, (-0.3, 3.1), (-0.4, 2.2), [0.5, 1, 2, 4, 8, 16], points=41
        )
        draw.path(ax, path[:, 0], path[:, 1], arrows=False, markersize=3)
        ax.plot(*path.T, color="path", linewidth=0.8)
        draw.optimum(ax, 2, 1)
        ax.set(ylabel="b", title=f"{name}, {len(path) - 1} updates")
    axes[-1, 0].set(xlabel="w")
    return figure


def figure_variance():
    gradients = example_gradients()
    sigma2 = subset_variance(gradients, 1)
    sizes = np.array([1, 2, 3, 4])
    figure, ax = draw.axes("batch size B", "variance of the gradient", height=3.3)
    smooth = np.linspace(1, 4, 61)
    ax.plot(smooth, variance_with(sigma2, smooth), "-", color="curve")
    ax.plot(smooth, variance_without(sigma2, smooth, 4), "--", color="path")
    ax.plot(sizes, [_drawn_variance(gradients, b) for b in sizes], "o", color="curve")
    ax.plot(sizes, [subset_variance(gradients, b) for b in sizes], "s", color="path")
    at = (2.5, variance_with(sigma2, 2.5))
    draw.label(ax, "with replacement, σ²/B", at, (8, 14), "curve", ha="left")
    draw.label(ax, "without:\n0 at B = n", (1.05, 60), (0, 0), "path", ha="left")
    ax.set(xticks=sizes, ylim=(0, None))
    return figure


def figure_floor():
    rng = np.random.default_rng(0)
    figure, ax = draw.axes("update t", "x", height=3.3)
    noise = rng.standard_normal(400)
    for rate, colour, style in [(0.5, "path", "-"), (0.02, "curve", "-")]:
        x = [3.0]
        for t in range(400):
            x.append(x[-1] - rate * (x[-1] + noise[t]))
        ax.plot(x, style, color=colour, linewidth=1)
        band = math.sqrt(noise_floor(rate))
        ax.axhline(band, color=colour, linestyle="--", linewidth=1)
        ax.axhline(-band, color=colour, linestyle="--", linewidth=1)
    draw.label(ax, "rate 0.5: there at once, then noisy", (200, -2), color="path")
    draw.label(ax, "rate 0.02: slow, then quiet", (60, 2.4), (0, 8), "curve", ha="left")
    ax.set(ylim=(-2.4, 3.4))
    return figure


def figure_schedules():
    figure, ax = draw.axes("update t", "expected x²", height=3.5)
    colours = ["curve", "path", "second", "alarm"]
    styles = ["-", "--", "-.", ":"]
    for i, schedule in enumerate(SCHEDULES.values()):
        ax.loglog(
            np.arange(1, 1001),
            expected_square(schedule)[1:],
            styles[i],
            color=colours[i],
        )
    for name, y, colour in [
        ("0.1", 0.053, "curve"),
        ("0.1/√(t + 1)", 0.0023, "second"),
        ("1/(t + 1)", 0.0008, "path"),
        ("0.1 e^(−0.1t)", 2.9, "alarm"),
    ]:
        draw.label(ax, name, (1200, y), (0, 0), colour, ha="left")
    ax.set(xlim=(0.8, 4e4), xticks=[1, 10, 100, 1000])
    ax.set(ylim=(5e-4, 40))
    return figure


def figure_escape():
    levels = [1, 2, 3, 4, 6]
    reach = [100 * freed(s) for s in levels]
    leave = [100 * lost(s) for s in levels]
    figure, ax = draw.axes("size of the noise", "runs, in per cent", height=3.3)
    ax.plot(levels, reach, "o-", color="second")
    ax.plot(levels, leave, "s--", color="alarm")
    draw.label(
        ax,
        "from the poor valley\ninto the good one",
        (4.3, 38),
        (-12, 20),
        "second",
        ha="right",
    )
    draw.label(ax, "from the good one\ninto the poor one", (5.45, 27), (0, 0), "alarm")
    ax.set(ylim=(-3, 100), xticks=levels)
    return figure
