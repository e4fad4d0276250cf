"""Debug clinic: ten runs that went wrong, and the same runs repaired.

    θ          the parameters                      theta
    L          the loss after each step            losses
    ηₖ         the rate of step k                  rates[k]
    λ          a curvature of the loss             curvature
    Σ          the covariance of noisy steps       spread

Every run is one of an earlier lesson, by the functions of that lesson; most of
the functions return the losses of a run.
"""

import math
from functools import cache

import numpy as np
from batches import sgd
from descent import descend
from layers import gradient as network_gradient
from layers import loss as network_loss
from layers import random_start
from momentum import momentum
from newton import newton
from regression import gradient as neuron_gradient
from regression import hessian as neuron_hessian
from regression import loss as neuron_loss
from regression import train
from shared import draw
from shared.data import (
    gate_x,
    gate_y,
    line_noise,
    line_x,
    noisy_y,
    plane_x,
    plane_y,
)
from shared.inputs import design
from shared.landscapes import explog, ravine, tilted
from shared.line import line_grad, line_hess, line_loss
from shared.path import first
from shared.tables import table
from start import wave


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


def probe(rates):
    """Return 30 of the rates, the next 30 halved, then 30 of the first.

    >>> [len(probe([0.5] * 60)), probe([0.5] * 60)[45]]
    [90, 0.25]
    """
    halved = [rate / 2 for rate in rates[30:60]]
    return [*rates[:30], *halved, *[rates[0]] * 30]


def wrong_curvature(x):
    """The bug: a square is missing in the second term."""
    return np.exp(x) + 1 / x


def walk(grad, start, rates):
    """Return the path of gradient descent with a rate for each step.

    >>> walk(lambda x: 2 * x, 2.0, [0.25, 0.5])
    array([2., 1., 0.])
    """
    path = [start]
    for rate in rates:
        path.append(path[-1] - rate * grad(path[-1]))
    return np.array(path)


def steep(rate):
    """Return the losses of a line, from an error along the flat direction."""
    path = descend(line_grad, np.array([0.0, 5.0]), rate, 40)
    return np.array([line_loss(theta) for theta in path])


def steep_factor(rate):
    """Return what a step multiplies the line's loss by in the steep direction.

    >>> f"{steep_factor(0.25):.4f}"
    '1.2128'
    """
    return (1 - rate * np.linalg.eigvalsh(line_hess())[-1]) ** 2


def uphill(rate, sign=1):
    """Return the losses of a linear neuron; with the sign −1 it has the bug."""
    slopes = lambda *at: sign * neuron_gradient(*at)
    return train(neuron_loss, slopes, np.zeros(3), plane_x, plane_y, rate, 40)[1]


def too_large(factor):
    """Return the ηλ above 2 at which a step multiplies the loss by a factor.

    >>> too_large(4.0)
    3.0
    """
    return 1 + factor**0.5


def if_halved(factor):
    """Return what half of that rate would multiply the loss by.

    >>> if_halved(4.0)
    0.25
    """
    return (1 - too_large(factor) / 2) ** 2


def crawl(rate):
    """Return the losses of the line again, from zero."""
    path = descend(line_grad, np.zeros(2), rate, 200)
    return np.array([line_loss(theta) for theta in path])


@cache
def xor(seed=5, beta=0.0):
    """Return the losses of two layers on XOR, with or without momentum."""
    return network_loss(_xor_path(seed, beta), gate_x, gate_y["XOR"])


def xor_slope(k, seed=5):
    """Return the length of the gradient at step k of that run."""
    slopes = network_gradient(_xor_path(seed)[k], gate_x, gate_y["XOR"])
    return float(np.linalg.norm(slopes))


@cache
def noisy(rates, seed=0):
    """Return the losses of the line on noisy labels, one example at a time.

    The example is drawn anew for every update, and each has its rate.
    """
    rng = np.random.default_rng(seed)
    theta, losses = np.zeros(2), [line_loss(np.zeros(2), noisy_y)]
    for rate in rates:
        drawn = lambda theta, _: line_grad(theta, [rng.integers(4)], noisy_y)
        theta = sgd(drawn, theta, 1, rate, 1)[-1]
        losses.append(line_loss(theta, noisy_y))
    return np.array(losses)


STEADY = (0.08,) * 300
LOWERED = (0.08,) * 150 + (0.008,) * 150


def bounce():
    """Return the losses of the ravine at the limit rate 2/20, probed."""
    path = walk(ravine.grad, np.array([20.0, 1.0]), probe([0.1] * 60))
    return np.array([ravine.f(theta) for theta in path])


def frozen():
    """Return the losses of the neuron, with a rate that falls by a fifth a step."""
    slopes = lambda theta: neuron_gradient(theta, plane_x, plane_y)
    path = walk(slopes, np.zeros(3), probe([0.5 * 0.8**k for k in range(60)]))
    return np.array([neuron_loss(theta, plane_x, plane_y) for theta in path])


def stuck(start=1.5):
    """Return the losses in two valleys, counted from the lower one."""
    path = walk(tilted.grad, start, probe([0.03] * 60))
    return tilted.f(path) - tilted.f(tilted.minima[0])


def right_curvature(x):
    """Return the second derivative of eˣ − ln x."""
    return explog.hess(x)


def curved(hess):
    """Return the losses of Newton's method on eˣ − ln x, above the lowest."""
    path = newton(explog.grad, hess, 1.6, 20)
    return explog.f(path) - explog.f(explog.minima[0])


@cache
def fitted(steps=5000, degree=11):
    """Return the losses of a polynomial, on its 12 points and on 200 others.

    It is trained by gradient descent, from zero, with the rate 1 / λ_d.
    """
    path, known = _polynomials(steps, degree)
    new_x, new_y = wave(200, seed=1)
    guesses = path[:, :-1] @ _powers(new_x, degree).T + path[:, -1:]
    return known, np.mean((guesses - new_y) ** 2, axis=1) / 2


def above(x):
    """Return the next number with one digit that x is below.

    >>> above(2.26e-08), above(9.5e-08)
    ('3e-08', '1e-07')
    """
    power = 10.0 ** math.floor(math.log10(x))
    return f"{(math.floor(x / power) + 1) * power:.0e}"


def same_looking_slope():
    """Return the factor of the slope that would draw the line of curve 9."""
    return 1 - per_step(curved(wrong_curvature)[:13])[-1] ** 0.5


def claim_the_four_shapes():
    """Each curve is what its name says.

    The straight one has the same factor in each of its 40 steps, after the first five.
    The factor of the dive falls in each of four steps. The level changes by less than
    1e-4 from step 20 to 30. The jags turn in more than half of their steps.
    """
    straight, dive = per_step(steep(0.125)), curved(right_curvature)[:5]
    level, jags = stuck()[:31], noisy(STEADY)[5:61]
    return (
        np.ptp(straight[5:]) < 1e-3
        and np.all(np.diff(np.log(per_step(dive))) < 0)
        and level[20] - level[30] < 1e-4
        and turns(level) <= 1
        and turns(jags) > len(jags) / 2
    )


def claim_a_direction_shrinks_and_one_grows():
    """The two directions have factors on either side of 1.

    The last ten factors of the run are the larger of the two.
    """
    factors = (1 - 0.25 * np.linalg.eigvalsh(line_hess())) ** 2
    ends = per_step(steep(0.25))[-10:]
    return factors[0] < 1 < factors[1] and np.abs(ends - factors[1]).max() < 1e-3


def claim_the_first_error_was_flat():
    """The flat direction has more than 99 % of the square of its length."""
    ways = np.linalg.eigh(line_hess())[1]
    along = ways.T @ (np.array([0.0, 5.0]) - [2, 1])
    return along[0] ** 2 > 0.99 * (along @ along)


def claim_small_rates_give_factors_near_one():
    """At three rates up to 0.001, to a fiftieth.

    The factor of the first step is 1 − 2 ηλ, with λ that of the steep direction, which
    has more than nine tenths of the loss.
    """
    bends, ways = np.linalg.eigh(line_hess())
    shares = bends * (ways.T @ np.array([2.0, 1.0])) ** 2
    lost = [(1 - per_step(crawl(rate))[0]) / rate for rate in (1e-4, 2e-4, 1e-3)]
    near = np.abs(np.array(lost) / (2 * bends[1]) - 1).max() < 0.02
    return near and shares[1] > 0.9 * shares.sum()


def claim_ten_times_the_rate_falls_ten_times_as_steeply():
    """With 0.002 the curve falls nine to eleven times as steeply as with 0.0002.

    With 0.02 it is below a thousandth within 40 steps, and falls by less than a fifth
    of that in the next 40. Ten times the rate is about ten times the slope.
    """
    slow, ten, bent = (np.log(crawl(rate)) for rate in (0.0002, 0.002, 0.02))
    steeper = (ten[0] - ten[40]) / (slow[0] - slow[40])
    bends = bent[0] - bent[40] > 5 * (bent[40] - bent[80])
    return 9 < steeper < 11 and bent[40] < np.log(1e-3) and bends


def claim_half_the_rate_takes_half_of_the_floor():
    """By half or more, at twelve rates from 0.001 to 0.1, by formula."""
    best = np.mean(line_noise**2)
    height = lambda rate: _floor(rate) - best
    rates = np.geomspace(0.001, 0.1, 12)
    return all(height(rate / 2) <= height(rate) / 2 for rate in rates)


def claim_the_lower_rate_shrinks_the_cloud():
    """For three seeds.

    A tenth of the rate takes four fifths or more of the mean height over the best
    line's loss away.
    """
    best = np.mean(line_noise**2)
    for seed in range(3):
        losses = noisy(LOWERED, seed)
        if losses[200:].mean() - best > 0.2 * (losses[50:150].mean() - best):
            return False
    return True


def claim_the_right_curvature_dives():
    """From the second step on, each drop is about twice as long as the one before."""
    drops = -np.diff(np.log(curved(right_curvature)[:5]))
    return np.all(np.abs(drops[2:] / drops[1:-1] - 2) < 0.5)


def claim_the_chosen_step_is_flattered():
    """Over 40 pairs of sets of 20 points.

    At the step that the one set chooses, its own loss is lower on average than that
    of the other.
    """
    path = _polynomials(5000, 11)[0][::50]
    x, y = wave(1600, seed=2)
    guesses = path[:, :-1] @ _powers(x).T + path[:, -1:]
    losses = ((guesses - y) ** 2).reshape(len(path), 40, 2, 20).mean(axis=-1)
    chosen = losses[:, :, 0].argmin(axis=0)
    own, other = losses[chosen, np.arange(40)].T
    return own.mean() < other.mean()


def claim_a_slope_wrong_by_a_factor_looks_the_same():
    """With c times the slope the loss shrinks by (1 − c)², in a straight line."""
    for factor in (0.5, 0.618, 1.382, 1.5):
        seen = per_step(_scaled_slope(factor)[:13])[-4:]
        if np.abs(seen - (1 - factor) ** 2).max() > 0.01:
            return False
    return True


def claim_a_wrong_divisor_arrives_if_large_enough():
    """With c times f″ the run arrives from nearby for c of more than one half."""
    best = explog.minima[0]
    for share in (0.4, 0.48, 0.52, 0.7, 1.5, 4.0):
        bent = lambda x, share=share: share * explog.hess(x)
        path = newton(explog.grad, bent, 0.99 * best, 200)
        if (abs(path[-1] - best) < 1e-4) != (share > 0.5):
            return False
    return True


def claim_it_leaves_the_wave(seeds=(0,)):
    """From soon after the best step on, each step leads away from sin 3x.

    Measured without noise at 200 places.
    """
    places = wave(200, seed=1)[0]
    for seed in seeds:
        path = _polynomials(5000, 11, seed)[0]
        guesses = path[:, :-1] @ _powers(places).T + path[:, -1:]
        away = np.mean((guesses - np.sin(3 * places)) ** 2, axis=1)
        if np.any(np.diff(away[away.argmin() :]) <= 0):
            return False
    return True


def claim_other_data_may_turn_as_well():
    """With labels of the held-out data raised by 0.3, or turned over, they turn."""
    path = _polynomials(5000, 11)[0]
    x, y = wave(200, seed=1)
    guesses = path[:, :-1] @ _powers(x).T + path[:, -1:]
    ends = []
    for other in y + 0.3, -y:
        new = np.mean((guesses - other) ** 2, axis=1)
        ends.append(new.argmin() < 1000 and new[-1] > 1.5 * new.min())
    return all(ends)


def best_step():
    """Return the step at which the held-out loss is lowest."""
    return int(fitted()[1].argmin())


def table_plateau():
    """When three runs leave the plateau."""
    rows = []
    for name, losses in [
        ("as it was, seed 5", xor(5)),
        ("another start, seed 3", xor(3)),
        ("seed 5, with momentum 0.9", xor(5, 0.9)),
    ]:
        rows.append([name, first(losses < 0.35)])
    return table(["run", "first step with a loss below 0.35"], rows)


def table_floor():
    """The noise floor of three rates, by formula and measured."""
    rows = []
    for rate in (0.08, 0.04, 0.02):
        measured = noisy((rate,) * 300)[50:].mean()
        rows.append([rate, f"{_floor(rate):.4f}", f"{measured:.4f}"])
    header = ["rate", "mean loss, by formula", "measured, updates 50 to 300"]
    return table(header, rows)


def table_overfitting():
    """Both losses of the polynomial: to the end, stopped early, and stiffer."""
    best = best_step()
    rows = []
    for name, (known, new), step in [
        ("degree 11, 5,000 steps", fitted(), -1),
        (f"degree 11, stopped at step {best}", fitted(), best),
        ("degree 3, 5,000 steps", fitted(5000, 3), -1),
    ]:
        rows.append([name, f"{known[step]:.4f}", f"{new[step]:.4f}"])
    return table(["run", "training loss", "held-out loss"], rows)


def _powers(x, degree=11):
    """Return x, x², … as columns."""
    return np.stack([x**k for k in range(1, degree + 1)], axis=1)


@cache
def _polynomials(steps, degree, seed=0):
    """Return the parameters and losses of that training on twelve points."""
    x, y = wave(12, seed)
    inputs, start = _powers(x, degree), np.zeros(degree + 1)
    rate = 1 / np.linalg.eigvalsh(neuron_hessian(inputs))[-1]
    return train(neuron_loss, neuron_gradient, start, inputs, y, rate, steps)


@cache
def _xor_path(seed, beta=0.0):
    """Return the path of two layers on XOR, with or without momentum."""
    slopes = lambda theta: network_gradient(theta, gate_x, gate_y["XOR"])
    return momentum(slopes, random_start(seed), 1.0, 1000, beta)


def _floor(rate):
    """Return the mean loss in which `noisy` ends up at a constant rate.

    Around the best line a step is δ ← (I − ηAᵢ)δ − ηgᵢ, with an example i
    drawn at random. The covariance Σ of δ that a step leaves as it is solves
    a linear equation, and the loss is what is best plus tr(HΣ)/2.
    """
    inputs = design(line_x)
    bends = 2 * inputs[:, :, None] * inputs[:, None]
    slopes = -2 * inputs * line_noise[:, None]
    moves = np.eye(2) - rate * bends
    carried = np.mean([np.kron(move, move) for move in moves], axis=0)
    added = rate**2 * (slopes.T @ slopes / 4).ravel()
    spread = np.linalg.solve(np.eye(4) - carried, added).reshape(2, 2)
    return float(np.mean(line_noise**2) + np.trace(bends.mean(0) @ spread) / 2)


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


def _scaled_slope(factor):
    """Return the losses of Newton's method with a slope wrong by a factor."""
    path = newton(lambda x: factor * explog.grad(x), explog.hess, 1.6, 20)
    return explog.f(path) - explog.f(explog.minima[0])


def figure_reading():
    """Four shapes to know: a straight line, a dive, a level, jags."""
    figure, axes = draw.panels(2, 2, height=5.2)
    shown = [
        ("a straight line", steep(0.125), (1e-3, 1e2)),
        ("a dive: order 2", curved(right_curvature)[:5], (1e-14, 1e3)),
        ("smooth, level", stuck()[:31], (1e-3, 1e2)),
        ("jags, a floor", noisy(STEADY)[:61], (1e-3, 1e2)),
    ]
    for ax, (title, losses, ylim) in zip(axes.flat, shown, strict=True):
        ax.semilogy(losses, color="path")
        ax.minorticks_off()
        ticks = [1, 1e-6, 1e-12] if ylim[0] < 1e-9 else [1e2, 1, 1e-2]
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
    for rate, style, colour, at, side in [
        (0.25, "-", "path", 33, "right"),
        (0.125, "--", "second", 20, "left"),
    ]:
        _line(ax, steep(rate), style, colour)
        at, offset = (at, steep(rate)[at]), (-6 if side == "right" else 6, 7)
        draw.label(ax, f"rate {rate:g}", at, offset, colour, ha=side)
    return figure


def figure_two():
    figure, ax = _chart((1, 1e9))
    for rate, style, colour, at, offset, side in [
        (0.1, "-", "path", 26, (-6, 6), "right"),
        (0.05, "--", "third", 27, (4, -9), "left"),
    ]:
        losses = uphill(rate, -1)
        _line(ax, losses, style, colour)
        draw.label(ax, f"rate {rate:g}", (at, losses[at]), offset, colour, ha=side)
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
    other = 3
    _line(ax, xor(other), "-.", "third", every=10)
    draw.label(ax, "as it was", (760, 0.3), (0, 0), "path", ha="right")
    draw.label(ax, "momentum", (400, xor(5, 0.9)[400]), (8, 6), "second", ha="left")
    at = 600, xor(other)[600]
    draw.label(ax, f"seed {other}", at, (8, 9), "third", ha="left")
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
    share = LOWERED[0] / LOWERED[-1]
    draw.label(ax, f"rate ÷ {share:.0f}", (150, 40), (4, 0), "soft", ha="left")
    draw.label(ax, "the best line", (10, best), (0, -9), "optimum", ha="left")
    return figure


def figure_probed(curve):
    """Curve 6, 7 or 8, which level off, with the two changes of the rate."""
    run, ylim = {
        6: (bounce, (1e-8, 1e4)),
        7: (frozen, (1e-4, 1e2)),
        8: (stuck, (1e-2, 1e2)),
    }[curve]
    figure, ax = _chart(ylim, "loss − lowest", xlim=(-2, 92))
    _line(ax, run())
    top = ylim[1] ** 0.93 * ylim[0] ** 0.07
    for k, text in (30, "halved"), (60, "first rate"):
        ax.axvline(k, color="soft", linestyle=":", linewidth=1)
        draw.label(ax, text, (k, top), (3, 0), "soft", ha="left")
    ax.set(xticks=[0, 30, 60, 90])
    return figure


def figure_nine():
    figure, ax = _chart((1e-16, 10), "loss − lowest")
    _line(ax, curved(wrong_curvature)[:17], "o-")
    return figure


def figure_nine_again():
    figure, ax = _chart((1e-16, 10), "loss − lowest")
    _line(ax, curved(wrong_curvature)[:17], "o-")
    _line(ax, curved(right_curvature)[:5], "s--", "second")
    draw.label(
        ax, "as it was", (9, curved(wrong_curvature)[9]), (6, 7), "path", ha="left"
    )
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
    ticks = [0.02, 0.05, 0.1, 0.2]
    ax.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    ax.set_yticks([], minor=True)
    return figure
