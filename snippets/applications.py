"""One small data set through the ideas of the course: 333 penguins.

X, y       measurements in columns, the mass in grams      LENGTH, mass
p, y       probability of “male”, 1 for the males          MALE
θ          the weights and the bias                        theta
κ          condition number of the loss's Hessian          report(hessian(X)).condition
"""

from functools import cache

import classification
import matplotlib.pyplot as plt
import numpy as np
from batches import sgd
from classification import irls, margins
from dimensions import predicted_steps, report, standardise
from regression import gradient, hessian, linear, loss, newton_step, train
from shared import draw
from shared.path import first_within
from shared.penguins import (
    bill_depth,
    bill_length,
    flipper,
    mass,
    sex,
    species,
)
from shared.tables import table


def off(theta, X, y):
    """Return by how many grams the line is off, as a root mean square.

    >>> round(off(np.array([0.0, mass.mean()]), LENGTH, mass))
    804
    """
    return np.sqrt(2 * loss(theta, X, y))


def right(theta, X, y):
    """Return the share of the examples on their side of the line.

    >>> right(np.array([0.0, 1.0, 0.0]), BIRDS, MALE)  # heavier is male
    0.6126126126126126
    """
    return float(np.mean(margins(theta, X, y) > 0))


LENGTH = flipper[:, None]
THREE = np.column_stack([bill_length, bill_depth, flipper])
BIRDS = standardise(np.column_stack([bill_depth, mass]))
MALE = (sex == "m").astype(float)

# The same lengths in other units, and standardised.
UNITS = {
    "millimetres": LENGTH,
    "centimetres": LENGTH / 10,
    "decimetres": LENGTH / 100,
    "metres": LENGTH / 1000,
    "standardised": standardise(LENGTH),
}


def condition(X):
    """Return κ of the loss of a line or plane through the masses."""
    return report(hessian(X)).condition


@cache
def run(unit, steps=1000):
    """Return the path from 0 at the best rate, and by how much each point is off."""
    X = UNITS[unit]
    path, losses = train(
        loss, gradient, np.zeros(2), X, mass, report(hessian(X)).best, steps
    )
    return path, np.sqrt(2 * np.array(losses))


def best_line(unit="millimetres"):
    """Return the slope and the height of the line of least squares."""
    return newton_step(np.zeros(2), UNITS[unit], mass)


def steps_with_three(tolerance=1e-6):
    """Return the steps at the best rate on three standardised measurements."""
    X, start = standardise(THREE), np.zeros(4)
    rate = report(hessian(X)).best
    path, _ = train(loss, gradient, start, X, mass, rate, 100)
    best = newton_step(start, X, mass)
    return first_within(path, best, tolerance * np.linalg.norm(best))


_RATES = (0.003, 0.01, 0.03, 0.1, 0.3, 0.9)
_BATCHES = (1, 10, 32, 333)


@cache
def sexed():
    """Return Newton's path on the cross-entropy of “male”."""
    return irls(np.zeros(3), BIRDS, MALE, steps=10)


def turned():
    """Return by how many radians the border turns after Newton's first step.

    >>> round(float(turned()), 3)
    0.008
    """
    first, last = (np.arctan2(*theta[:2]) for theta in (sexed()[1], sexed()[-1]))
    return abs(first - last)


def newton_steps(tolerance=1e-6):
    """Return after how many steps Newton's path is within the tolerance."""
    path = sexed()
    return first_within(path, path[-1], tolerance * np.linalg.norm(path[-1]))


@cache
def descent_steps(rate, tolerance=1e-6, most=3000):
    """Return the same for gradient descent, None if `most` steps do not suffice."""
    path, _ = train(
        classification.loss,
        classification.gradient,
        np.zeros(3),
        BIRDS,
        MALE,
        rate,
        most,
    )
    best = sexed()[-1]
    return first_within(path, best, tolerance * np.linalg.norm(best))


_DESCENT_RATES = (1.0, 2.0, 4.0, 8.0, 12.0, 16.0)


@cache
def splits(count=20):
    """Return the mean of both shares over many ways to hold a third out."""
    return np.mean([_held_out(seed) for seed in range(count)], axis=0)


_TWO = species != "C"
BILLS = standardise(np.column_stack([bill_length, bill_depth])[_TWO])
GENTOO = (species[_TWO] == "G").astype(float)


@cache
def runaway(steps):
    """Return the length of the weights of descent on Adelie against Gentoo."""
    path, _ = train(
        classification.loss,
        classification.gradient,
        np.zeros(3),
        BILLS,
        GENTOO,
        1.0,
        1000,
    )
    return float(np.linalg.norm(path[steps][:2]))


def claim_units_change_no_line():
    """Newton's line predicts the same masses in every unit, to a millionth gram."""
    predicted = [linear(best_line(unit), X) for unit, X in UNITS.items()]
    return max(np.ptp(predicted, axis=0)) < 1e-6


def claim_an_epoch_is_enough_for_small_batches():
    """After an epoch, batches of 1, 3, 10, 32 miss the best plane by less than 30 g.

    The whole data set as one batch misses it by more than 300 g, at the best of the
    same six rates.
    """
    best = off(newton_step(np.zeros(4), standardise(THREE), mass), *_three())
    small = [_best_epoch(batch)[1] - best for batch in (1, 3, 10, 32)]
    return max(small) < 30 and _best_epoch(333)[1] - best > 300


def claim_newton_needs_fewer_steps_at_every_rate():
    """Newton needs fewer steps than descent at six rates from 1 to 16."""
    needed = [descent_steps(rate) for rate in _DESCENT_RATES]
    return all(steps is None or steps > newton_steps() for steps in needed)


def claim_new_penguins_are_a_little_harder():
    """The mean share right over twenty splits is lower for those held out."""
    used, new = splits()
    return new < used < new + 0.05


def claim_the_weights_run_away():
    """Three times the steps, from 10 to 1,000, and the weights are longer each time."""
    lengths = [runaway(steps) for steps in (10, 30, 100, 300, 1000)]
    return all(np.diff(lengths) > 1)


def claim_metres_and_decimetres_fall_late():
    """In both, ten steps take less than 2 % of the error, and the thousand 30 %."""
    for unit in ("metres", "decimetres"):
        errors = run(unit)[1]
        if errors[10] < 0.98 * errors[0] or errors[-1] > 0.7 * errors[0]:
            return False
    return True


def table_birds():
    """Six of the penguins."""
    names = {"A": "Adélie", "C": "Chinstrap", "G": "Gentoo"}
    rows = [
        [
            names[species[i]],
            "male" if sex[i] == "m" else "female",
            *(f"{size[i]:g}" for size in (bill_length, bill_depth, flipper, mass)),
        ]
        for i in (0, 1, 146, 147, 265, 266)
    ]
    sizes = ["bill, mm", "its depth, mm", "flipper, mm", "mass, g"]
    return table(["species", "sex", *sizes], rows)


def table_units():
    """κ, the limit of the rate, and what 1,000 steps leave, for each unit."""
    rows = []
    for unit, X in UNITS.items():
        said = report(hessian(X))
        needed = 1 if said.condition < 1.001 else predicted_steps(said.condition)
        limit = f"{said.limit:.2g}"
        left = f"{run(unit)[1][-1]:,.0f}"
        rows.append([unit, f"{said.condition:,.0f}", limit, f"{needed:,}", left])
    head = ["flipper in", "κ", "limit of the rate", "steps to a millionth"]
    return table([*head, "grams off after 1,000 steps"], rows)


def table_batches():
    """One epoch at the best of five rates, for each size of the batch."""
    rows = []
    for batch in _BATCHES:
        rate, grams = _best_epoch(batch)
        rows.append([batch, -(-len(mass) // batch), f"{rate:g}", f"{grams:.1f}"])
    return table(["batch", "updates", "best rate", "grams off"], rows)


def table_steps():
    """Steps to a millionth on the cross-entropy, for six rates and for Newton."""
    rows = [["descent", f"{rate:g}", descent_steps(rate)] for rate in _DESCENT_RATES]
    return table(["method", "rate", "steps"], [*rows, ["Newton", "", newton_steps()]])


def _three():
    return standardise(THREE), mass


def _after_an_epoch(batch, rate, seed=0):
    """Return by how many grams the line is off after each penguin was used once."""
    X = standardise(THREE)

    def grad(theta, chosen):
        return gradient(theta, X[chosen], mass[chosen])

    rng = np.random.default_rng(seed)
    path = sgd(grad, np.zeros(4), len(mass), rate, 1, batch, rng)
    return off(path[-1], X, mass)


@cache
def _best_epoch(batch, seeds=5):
    """Return the best of `_RATES` for a batch, and how far off it is on average."""
    means = {
        rate: np.mean([_after_an_epoch(batch, rate, seed) for seed in range(seeds)])
        for rate in _RATES
    }
    rate = min(means, key=means.get)
    return rate, means[rate]


def _held_out(seed):
    """Return the shares right among 222 penguins used for the fit, and the rest."""
    order = np.random.default_rng(seed).permutation(len(mass))
    test, used = order[:111], order[111:]
    theta = irls(np.zeros(3), BIRDS[used], MALE[used], steps=10)[-1]
    return right(theta, BIRDS[used], MALE[used]), right(theta, BIRDS[test], MALE[test])


def _birds(ax, X, filled):
    """Two measurements of each penguin, filled or open."""
    ax.plot(*X[~filled].T, "o", color="soft", markerfacecolor="paper", markersize=3.5)
    ax.plot(*X[filled].T, "o", color="path", markersize=3.5)


def figure_opening():
    """Every third penguin, and the line of least squares."""
    figure, ax = draw.opening((160, 241), (2500, 6500))
    some = slice(None, None, 3)
    points = flipper[some], mass[some]
    ax.plot(*points, "o", color="soft", markerfacecolor="paper", markersize=3)
    ends = np.array([168.0, 233.0])
    ax.plot(ends, linear(best_line(), ends[:, None]), color="curve", linewidth=2.5)
    return figure


def figure_line():
    """The masses against the flippers, with the line of least squares."""
    figure, ax = draw.axes("length of the flipper, mm", "mass, g")
    ax.plot(flipper, mass, "o", color="soft", markerfacecolor="paper", markersize=3)
    ends = np.array([170.0, 233.0])
    ax.plot(ends, linear(best_line(), ends[:, None]), color="curve")
    ax.axhline(mass.mean(), color="soft", linestyle="--", linewidth=1)
    draw.label(ax, "mean", (228, mass.mean()), (0, -9), "soft")
    slope = best_line()[0]
    draw.label(ax, f"{slope:.0f} g for each mm", (186, 5300), color="curve")
    return figure


def figure_units():
    """By how much the line is off, step by step, in four units."""
    figure, ax = draw.axes("step", "grams off")
    units = [unit for unit in UNITS if unit != "centimetres"]
    for unit, color in zip(units, draw.SERIES, strict=False):
        ax.plot(np.arange(1, 1001), run(unit)[1][1:], color=color)
        draw.label(ax, unit, (1000, run(unit)[1][-1]), (4, 0), color, ha="left")
    ax.set(
        xscale="log", xlim=(0.8, 60_000), ylim=(0, 4800), xticks=10.0 ** np.arange(4)
    )
    ax.xaxis.set_minor_locator(plt.NullLocator())
    return figure


def figure_sexes():
    """Males and females by the depth of the bill and the mass, with Newton's line."""
    figure, ax = draw.axes("depth of the bill, standardised", "mass, standardised")
    _birds(ax, BIRDS, MALE == 1)
    for k, style in (1, ":"), (len(sexed()) - 1, "-"):
        x1 = np.array([-2.1, 2.3])
        x2 = classification.boundary(sexed()[k], x1)
        ax.plot(x1, x2, style, color="curve")
    ax.set(xlim=(-2.2, 2.4), ylim=(-2.2, 2.8))
    draw.label(ax, "says male", (1.5, 2.3), color="path")
    draw.label(ax, "says female", (-1.5, -1.9), color="soft")
    return figure
