"""Debug clinic: ten runs that went wrong, and the same runs repaired.

    θ          the parameters                      theta
    L          the loss after each step            losses
    ηₖ         the rate of step k                  rates[k]
    λ          a curvature of the loss             curvature
    Σ          the covariance of noisy steps       spread

Every run is one of an earlier lesson, by the functions of that lesson; most of
the functions return the losses of a run.
"""

from functools import cache

import layers
import numpy as np
import regression
from batches import NOISY_Y, noisy_grad, sgd
from batches import line_loss as noisy_loss
from descent import descend
from momentum import momentum
from newton import newton
from rate import line_f, line_grad
from shared import draw
from shared.data import gate_x, line_noise, line_x, plane_x, plane_y
from shared.landscapes import explog, ravine, tilted
from start import KNOWN, wave


def walk(grad, start, rates):
    """Return the path of gradient descent with a rate for each step.

    >>> walk(lambda x: 2 * x, 2.0, [0.25, 0.5])
    array([2., 1., 0.])
    """
    path = [start]
    for rate in rates:
        path.append(path[-1] - rate * grad(path[-1]))
    return np.array(path)


def probe(rates):
    """Return 30 of the rates, the next 30 halved, then 30 of the first.

    >>> [len(probe([0.5] * 60)), probe([0.5] * 60)[45]]
    [90, 0.25]
    """
    halved = [rate / 2 for rate in rates[30:60]]
    return [*rates[:30], *halved, *[rates[0]] * 30]


def per_step(losses):
    """Return what each step multiplies the loss by.

    >>> per_step([8.0, 4.0, 1.0])
    array([0.5 , 0.25])
    """
    losses = np.asarray(losses)
    return losses[1:] / losses[:-1]


def turns(losses):
    """Return how many times a curve turns, from up to down or back.

    >>> turns([3, 2, 1, 2, 3]), turns([3, 2, 1])
    (1, 0)
    """
    signs = np.sign(np.diff(losses))
    return int(np.sum(signs[1:] != signs[:-1]))


def steep(rate):
    """A line through four points, from an error along the flat direction."""
    path = descend(line_grad, np.array([0.0, 5.0]), rate, 40)
    return np.array([line_f(theta) for theta in path])


def uphill(rate, sign=1):
    """A linear neuron; the bug is in the sign of its slopes."""
    slopes = lambda *at: sign * regression.gradient(*at)
    start = np.zeros(3)
    return regression.train(regression.loss, slopes, start, plane_x, plane_y, rate, 40)[
        1
    ]


def crawl(rate):
    """The line again, from zero."""
    path = descend(line_grad, np.zeros(2), rate, 200)
    return np.array([line_f(theta) for theta in path])


@cache
def xor_path(seed, beta=0.0):
    """Two layers on XOR, with or without momentum."""
    slopes = lambda theta: layers.gradient(theta, gate_x, layers.XOR)
    return momentum(slopes, layers.random_start(seed), 1.0, 1000, beta)


@cache
def xor(seed, beta=0.0):
    """The losses of the same."""
    return layers.loss(xor_path(seed, beta), gate_x, layers.XOR)


def first_below(losses, limit):
    """Return the first step whose loss is below the limit.

    >>> first_below([4.0, 2.0, 1.0], limit=1.5)
    2
    """
    return int((np.asarray(losses) < limit).argmax())


@cache
def noisy(rates, seed=0):
    """One noisy example at a time, drawn anew for every update."""
    rng = np.random.default_rng(seed)
    theta, losses = np.zeros(2), [noisy_loss(np.zeros(2), NOISY_Y)]
    for rate in rates:
        drawn = lambda theta, _: noisy_grad(theta, [rng.integers(4)])
        theta = sgd(drawn, 1, theta, rate, 1)[-1]
        losses.append(noisy_loss(theta, NOISY_Y))
    return np.array(losses)


def floor(rate):
    """Return the mean loss in which `noisy` ends up at a constant rate.

    Around the best line a step is δ ← (I − ηAᵢ)δ − ηgᵢ, with an example i
    drawn at random. The covariance Σ of δ that a step leaves as it is solves
    a linear equation, and the loss is what is best plus tr(HΣ)/2.
    """
    inputs = np.stack([line_x, np.ones(4)], axis=1)
    bends = 2 * inputs[:, :, None] * inputs[:, None]
    slopes = -2 * inputs * line_noise[:, None]
    moves = np.eye(2) - rate * bends
    carried = np.mean([np.kron(move, move) for move in moves], axis=0)
    added = rate**2 * (slopes.T @ slopes / 4).ravel()
    spread = np.linalg.solve(np.eye(4) - carried, added).reshape(2, 2)
    return float(np.mean(line_noise**2) + np.trace(bends.mean(0) @ spread) / 2)


def bounce():
    """The ravine at the limit rate 2/20, probed."""
    path = walk(ravine.grad, np.array([20.0, 1.0]), probe([0.1] * 60))
    return np.array([ravine.f(theta) for theta in path])


def frozen():
    """The linear neuron, with a rate that falls by a fifth each step."""
    slopes = lambda theta: regression.gradient(theta, plane_x, plane_y)
    path = walk(slopes, np.zeros(3), probe([0.5 * 0.8**k for k in range(60)]))
    return np.array([regression.loss(theta, plane_x, plane_y) for theta in path])


def stuck(start=1.5):
    """Two valleys; the loss is counted from the lower one."""
    path = walk(tilted.grad, start, probe([0.03] * 60))
    return tilted.f(path) - tilted.f(tilted.minima[0])


def right_curvature(x):
    """Return the second derivative of eˣ − ln x."""
    return explog.hess(x)


def wrong_curvature(x):
    """The bug: a square is missing in the second term."""
    return np.exp(x) + 1 / x


def curved(hess):
    """Newton's method on eˣ − ln x, from 1.6; the loss above the lowest."""
    path = newton(explog.grad, hess, 1.6, 20)
    return explog.f(path) - explog.f(explog.minima[0])


@cache
def fitted(steps=5000, degree=11):
    """A polynomial, trained on 12 points and tried on 200 others."""
    powers = lambda x: np.stack([x**k for k in range(1, degree + 1)], axis=1)
    (x, y), (new_x, new_y) = KNOWN, wave(200, seed=1)
    rate = 1 / np.linalg.eigvalsh(regression.hessian(powers(x)))[-1]
    path, known = regression.train(
        regression.loss,
        regression.gradient,
        np.zeros(degree + 1),
        powers(x),
        y,
        rate,
        steps,
    )
    guesses = path[:, :-1] @ powers(new_x).T + path[:, -1:]
    return known, np.mean((guesses - new_y) ** 2, axis=1) / 2


STEADY = (0.08,) * 300
LOWERED = (0.08,) * 150 + (0.008,) * 150


def _chart(ylim, name="loss", **limits):
    figure, ax = draw.axes("step", name, width=3.6, height=2.4)
    ax.set_yscale("log")
    ax.minorticks_off()
    ax.set(ylim=ylim, **limits)
    return figure, ax


def _line(ax, losses, style="-", color="path", every=1):
    """A curve, thinned where it is long, without what lies below the axis."""
    k = np.arange(0, len(losses), every)
    ax.plot(k, losses[k], style, color=color, markersize=3)


def _marked(losses, ylim):
    """One of the curves that level off, with the two changes of the rate."""
    figure, ax = _chart(ylim, "loss − lowest known", xlim=(-2, 92))
    _line(ax, losses)
    top = ylim[1] ** 0.93 * ylim[0] ** 0.07
    for k, text in (30, "halved"), (60, "first rate"):
        ax.axvline(k, color="soft", linestyle=":", linewidth=1)
        draw.label(ax, text, (k, top), (3, 0), "soft", ha="left", fontsize=10)
    ax.set(xticks=[0, 30, 60, 90])
    return figure


def figure_reading():
    """Four shapes to know: a straight line, a dive, a level, jags."""
    figure, axes = draw.panels(2, 2, height=4.2)
    dive = np.maximum(curved(right_curvature)[:6], 1e-16)
    shown = [
        ("straight: factor", steep(0.125), (1e-3, 1e2)),
        ("a dive: order 2", dive, (1e-17, 1e3)),
        ("smooth, level", stuck()[:31], (1e-3, 1e2)),
        ("jags, a floor", noisy(STEADY)[:61], (1e-3, 1e2)),
    ]
    for ax, (title, losses, ylim) in zip(axes.flat, shown, strict=True):
        ax.semilogy(losses, color="path")
        ax.minorticks_off()
        ticks = [1, 1e-8, 1e-16] if ylim[0] < 1e-9 else [1e2, 1, 1e-2]
        ax.set(title=title, ylim=ylim, yticks=ticks, xticks=[0, len(losses) - 1])
    for ax in axes[1]:
        ax.set(xlabel="step")
    for ax in axes[:, 0]:
        ax.set(ylabel="loss")
    return figure


def figure_one():
    figure, ax = _chart((1e-2, 500))
    _line(ax, steep(0.25))
    return figure


def figure_one_again():
    figure, ax = _chart((1e-2, 500))
    _line(ax, steep(0.25))
    _line(ax, steep(0.125), "--", "second")
    draw.label(ax, "rate 0.25", (33, steep(0.25)[33]), (-6, 8), "path", ha="right")
    draw.label(ax, "0.125", (20, steep(0.125)[20]), (6, 6), "second", ha="left")
    return figure


def figure_two():
    figure, ax = _chart((1, 1e9))
    _line(ax, uphill(0.1, -1))
    _line(ax, uphill(0.05, -1), "--", "third")
    draw.label(ax, "rate 0.1", (26, uphill(0.1, -1)[26]), (-6, 6), "path", ha="right")
    draw.label(ax, "0.05", (30, uphill(0.05, -1)[30]), (4, -9), "third", ha="left")
    return figure


def figure_two_again():
    figure, ax = _chart((1e-2, 500))
    _line(ax, uphill(0.1, -1))
    _line(ax, uphill(0.1), "--", "second")
    draw.label(ax, "as it was", (12, uphill(0.1, -1)[12]), (10, -4), "path", ha="left")
    draw.label(ax, "sign repaired", (20, uphill(0.1)[20]), (0, 10), "second", ha="left")
    return figure


def figure_three():
    figure, ax = _chart((1e-4, 1e2))
    _line(ax, crawl(0.0002), every=10)
    return figure


def figure_three_again():
    figure, ax = _chart((1e-4, 1e2))
    for rate, style, colour, at in [
        (0.0002, "-", "path", 130),
        (0.002, "--", "third", 120),
        (0.02, "-.", "second", 60),
    ]:
        losses = crawl(rate)
        _line(ax, losses, style, colour, every=4)
        draw.label(ax, f"{rate:g}", (at, losses[at]), (0, 10), colour, ha="left")
    return figure


def figure_four():
    figure, ax = _chart((1e-2, 2))
    _line(ax, xor(5), every=10)
    return figure


def figure_four_again():
    figure, ax = _chart((1e-4, 2))
    _line(ax, xor(5), every=10)
    _line(ax, xor(5, 0.9), "--", "second", every=5)
    _line(ax, xor(3), "-.", "third", every=10)
    draw.label(ax, "as it was", (760, 0.3), (0, 0), "path", ha="right")
    draw.label(ax, "momentum", (400, xor(5, 0.9)[400]), (8, 6), "second", ha="left")
    draw.label(ax, "seed 3", (600, xor(3)[600]), (8, 9), "third", ha="left")
    return figure


def figure_five():
    figure, ax = _chart((1e-1, 1e2))
    _line(ax, noisy(STEADY))
    return figure


def figure_five_again():
    figure, ax = _chart((1e-1, 1e2))
    _line(ax, noisy(LOWERED))
    best = float(np.mean(line_noise**2))
    ax.axhline(best, color="optimum", linestyle="--", linewidth=1)
    ax.axvline(150, color="soft", linestyle=":", linewidth=1)
    draw.label(ax, "rate ÷ 10", (150, 40), (4, 0), "soft", ha="left")
    draw.label(ax, "the best line", (10, best), (0, -9), "optimum", ha="left")
    return figure


def figure_six():
    return _marked(bounce(), (1e-8, 1e4))


def figure_seven():
    return _marked(frozen(), (1e-4, 1e2))


def figure_eight():
    return _marked(stuck(), (1e-2, 1e2))


def figure_nine():
    figure, ax = _chart((1e-16, 10), "loss − lowest")
    _line(ax, curved(wrong_curvature)[:17], "o-")
    return figure


def figure_nine_again():
    figure, ax = _chart((1e-16, 10), "loss − lowest")
    _line(ax, curved(wrong_curvature)[:17], "o-")
    _line(ax, curved(right_curvature)[:5], "s--", "second")
    draw.label(ax, "as it was", (9, curved(wrong_curvature)[9]), (6, 7), ha="left")
    draw.label(ax, "repaired", (4, 1e-13), (6, -4), "second", ha="left")
    return figure


def figure_ten():
    figure, ax = _chart((0.016, 0.4))
    known, new = fitted()
    k = np.unique(np.geomspace(1, 5000, 60).round().astype(int))
    ax.semilogx(k, known[k], color="path")
    ax.semilogx(k, new[k], "--", color="third")
    draw.label(ax, "training", (k[-1], known[-1]), (-2, -9), "path", ha="right")
    draw.label(ax, "held out", (k[-1], new[-1]), (-4, 9), "third", ha="right")
    ax.set_yticks([0.02, 0.05, 0.1, 0.2], ["0.02", "0.05", "0.1", "0.2"])
    ax.set_yticks([], minor=True)
    return figure
