"""Gradient descent in one dimension.

    x, xₖ      where we stand, after k steps      x, path[k]
    f, f′      the loss and its slope             f, grad
    η          the learning rate                  rate
    x*         where f is lowest                  best

`grad` is the gradient; in one dimension that is the slope f′.
"""

import inspect
import math
import runpy
from decimal import Decimal
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.patches import FancyBboxPatch
from shared import draw
from shared.explorable import Knob, Layer, Marks, Target, movable
from shared.landscapes import curves, explog, lncosh, quad1, sqrt1p
from shared.line import line_grad, line_hess
from shared.path import first_within
from shared.tables import table


def step(grad, x, rate):
    """Take one step downhill.

    >>> step(quad1.grad, 2.0, rate=0.125)
    1.5
    """
    return x - rate * grad(x)


def descend(grad, start, rate=0.1, steps=10):
    """Return the path of gradient descent: the start and all steps.

    The start may be a number or an array; the path has one more axis.

    >>> descend(quad1.grad, start=2.0, rate=0.25, steps=3)
    array([2.  , 1.  , 0.5 , 0.25])
    """
    path = [start]
    for _ in range(steps):
        path.append(step(grad, path[-1], rate))
    return np.array(path)


def exact(k, start=2.0, rate=0.1):
    """Return xₖ on the parabola by its formula, (1 - 2η)ᵏ x₀."""
    return (1 - 2 * rate) ** k * start


def central_difference(f, x, h=6e-6):
    """Return the slope of f at x as the rise from x - h to x + h.

    >>> central_difference(quad1.f, 3.0, h=0.5)
    6.0
    """
    return (f(x + h) - f(x - h)) / (2 * h)


def update_together(w, b, rate):
    """Step in both parameters from the same point."""
    dw, db = line_grad([w, b])
    return w - rate * dw, b - rate * db


def update_in_turn(w, b, rate):
    """The bug: b's slope is taken after w has moved."""
    w = w - rate * line_grad([w, b])[0]
    b = b - rate * line_grad([w, b])[1]
    return w, b


BEST_H = inspect.signature(central_difference).parameters["h"].default


def slope_without_two(x):
    """The slip: x itself is taken for the slope of x², which is 2x."""
    return x


def explog_sign_slip(x):
    """The slip: +1/x is taken for the slope of −ln x."""
    return math.exp(x) + 1 / x


def steps_of(update, rate, most=3000):
    """Return how many updates bring the line within a millionth of (2, 1), or None.

    They start at (0, 0); a run that goes far away is given up.

    >>> steps_of(update_together, rate=0.2), steps_of(update_together, rate=0.25)
    (87, None)
    """
    w, b = 0.0, 0.0
    for k in range(most):
        away = math.hypot(w - 2, b - 1)
        if away < 1e-6:
            return k
        if away > 1e6:
            return None
        w, b = update(w, b, rate)
    return None


def steps_to_a_millionth(of=abs, start=2.0, rate=0.1):
    """Return the first k with of(xₖ) < 1e-6 on the parabola, or None.

    `of` measures a point, such as `abs` or the loss. A thousand steps
    are tried.

    >>> steps_to_a_millionth(), steps_to_a_millionth(of=quad1.f)
    (66, 35)
    """
    path = descend(quad1.grad, start, rate, steps=1000)
    return first_within(of(path), 0.0, tolerance=1e-6)


def worst_slope(f, grad, points):
    """Return the largest relative error of grad against differences.

    >>> worst_slope(quad1.f, lambda x: 3 * x, [1.0, 2.0]) > 0.3
    True
    """
    errors = []
    for x in points:
        measured = central_difference(f, x)
        scale = max(1.0, abs(measured))
        errors.append(abs(grad(x) - measured) / scale)
    return max(errors)


def difference_errors(steps):
    """Return the error of the central difference of eˣ at 1, for each h."""
    exp = lambda x: float(Decimal(x).exp())  # rightly rounded, by every processor
    return [abs(central_difference(exp, 1.0, h) - math.e) for h in steps]


def promised(x, rate):
    """Return the fall of the loss that the tangent of x² promises, η f′(x)².

    >>> promised(2.0, rate=0.25)
    4.0
    """
    return rate * quad1.slopes(x) * quad1.slopes(x)


def fall(x, rate):
    """Return how much one step on x² lowers the loss; below zero it rises.

    >>> fall(2.0, rate=0.25), fall(2.0, rate=1.5)
    (3.0, -12.0)
    """
    return quad1.value(x) - quad1.value(step(quad1.slopes, x, rate))


def claim_small_rates_go_down():
    """On eleven curves, at 24 points each, the rates 1e-4, 1e-5 and 1e-6 all do.

    The loss falls by rate times slope², to a tenth of that. Points with a slope
    below a thousandth are left out.
    """
    for curve in curves:
        x = np.linspace(*curve.box, 24)
        x = x[abs(curve.grad(x)) > 1e-3]
        for rate in 1e-4, 1e-5, 1e-6:
            drop = curve.f(x) - curve.f(step(curve.grad, x, rate))
            if not np.allclose(drop, rate * curve.grad(x) ** 2, rtol=0.1, atol=0):
                return False
    return True


def claim_a_step_keeps_the_same_part_everywhere():
    """On x² the fall is 1 − η of the promised: from 48 places, at 60 rates to 1.5."""
    x, rates = np.linspace(-3, 3, 48)[:, np.newaxis], np.linspace(0.025, 1.5, 60)
    return np.allclose(fall(x, rates), (1 - rates) * promised(x, rates), atol=1e-12)


def claim_on_convex_curves_every_start_leads_there():
    """On x², eˣ − ln x, √(1 + x²) and ln cosh x, from 21 starts across the box.

    The rate is 1/L, with L the largest curvature between start and minimum.
    """
    for curve in quad1, explog, sqrt1p, lncosh:
        [best] = curve.minima
        starts = np.linspace(*curve.box, 21)
        between = np.linspace(starts, best, 101)
        rates = 1 / curve.hess(between).max(axis=0)
        path = descend(curve.grad, starts, rates, steps=800)
        if abs(path[-1] - best).max() > 1e-4:
            return False
    return True


def claim_the_formula_counts_the_steps():
    """To a millionth, from 0.5, 2 and 10 with 24 rates from 0.02 to 0.95."""
    rates = np.linspace(0.02, 0.95, 24)
    for start in 0.5, 2.0, 10.0:
        path = descend(quad1.grad, np.full(24, start), rates, steps=500)
        counted = (abs(path) < 1e-6).argmax(axis=0)
        least = np.log(start * 1e6) / -np.log(abs(1 - 2 * rates))
        if (counted != np.floor(least) + 1).any():
            return False
    return True


def claim_no_other_step_notices():
    """Without the 2 in the slope, from 20 starts on x² with rates from 0.1 to 0.9:

    no step is refused, the loss falls at each, and the path is another.
    """
    starts, right, wrong = np.linspace(0.1, 3, 20), quad1.grad, slope_without_two
    for rate in np.linspace(0.1, 0.9, 9):
        path = descend(wrong, starts, rate, steps=10)
        falls = (np.diff(quad1.f(path), axis=0) < 0).all()
        if not falls or np.allclose(path, descend(right, starts, rate, steps=10)):
            return False
    return True


def claim_the_difference_errs_in_two_ways():
    """Of the points drawn: above h = 3e-5 within 6 % of the formula's line.

    Below 6e-6 all lie under the line of the rounding, and the best between 1e-7
    and 1e-5.
    """
    steps, errors = _DRAWN_STEPS, np.array(difference_errors(_DRAWN_STEPS))
    large, small = steps > 3e-5, steps < 6e-6
    formula = np.allclose(errors[large], math.e / 6 * steps[large] ** 2, rtol=0.06)
    rounding = (errors[small] < 2**-53 * math.e / steps[small]).all()
    return formula and rounding and 1e-7 < steps[errors.argmin()] < 1e-5


def claim_the_best_h_is_near_the_cube_root():
    """For eˣ, sin x and eˣ − ln x, from 0.5 to 2, it is within a factor 3."""
    root = np.cbrt(np.finfo(float).eps)
    x, h = np.linspace(0.5, 2, 41)[:, np.newaxis], np.logspace(-10, -1, 181)
    cases = (np.exp, np.exp), (np.sin, np.cos), (explog.f, explog.grad)
    for f, grad in cases:
        errors = central_difference(f, x, h) - grad(x)
        best = h[np.mean(errors**2, axis=0).argmin()]
        if not root / 3 < best < root * 3:
            return False
    return True


def claim_in_turn_outlives_the_limit():
    """At 29 rates up to 0.6 it finds the minimum of the line; together, below 2/λ."""
    rates = np.linspace(0.04, 0.6, 29)
    limit = 2 / np.linalg.eigvalsh(line_hess())[-1]
    in_turn = [steps_of(update_in_turn, rate) for rate in rates]
    together = [steps_of(update_together, rate) for rate in rates]
    below = [k is not None for k in together] == (rates < limit).tolist()
    return None not in in_turn and below


def claim_the_steps_get_shorter():
    """Each of seven is shorter than the last, from eleven starts at four rates."""
    for start in np.linspace(0.5, 3, 11):
        for rate in (0.01, 0.1, 0.2, 0.4):
            steps = np.abs(np.diff(descend(quad1.grad, start, rate, 7)))
            if np.diff(steps).max() >= 0:
                return False
    return True


_DRAWN_STEPS = np.array([float(f"{h:.4g}") for h in np.logspace(-13, 0, 53)])


def table_first_steps():
    """The first steps on the parabola, from 2 with rate 0.1."""
    rows = []
    for k, x in enumerate(descend(quad1.grad, 2.0, rate=0.1, steps=4)):
        numbers = x, quad1.f(x), quad1.grad(x), step(quad1.grad, x, rate=0.1)
        rows.append([k, *(f"{number:.4f}" for number in numbers)])
    return table(["$k$", "$x_k$", "$f(x_k)$", "$f'(x_k)$", "next $x$"], rows)


def table_difference():
    """The error of the central difference with a large, a good and a small h."""
    steps = [1e-1, BEST_H, 1e-12]
    errors = zip(steps, difference_errors(steps), strict=True)
    return table(["$h$", "error"], [[f"{h:.0e}", f"{e:.1e}"] for h, e in errors])


_LEAST_SLOPE, _FARTHEST = 1e-3, 2.2


def _step_tangent(x):
    """Return the tangent of x² from one side of the picture to the other.

    >>> _step_tangent(1.0)
    [[-4.0, -9.0], [4.0, 7.0]]
    """
    height, slope = quad1.value(x), quad1.slopes(x)
    return [[z, height + slope * (z - x)] for z in [-4.0, 4.0]]


def _step_sides(x, rate):
    """Return the step, drawn level, and from its end the promised fall.

    >>> _step_sides(2.0, 0.25)
    [[[2.0, 4.0], [1.0, 4.0]], [[1.0, 4.0], [1.0, 0.0]]]
    """
    z, height = step(quad1.slopes, x, rate), quad1.value(x)
    down = [[z, height], [z, height - promised(x, rate)]]
    return [[[x, height], [z, height]], down]


def _step_fall(x, rate):
    """Return the line from there to the curve: the fall.

    >>> _step_fall(2.0, 0.25)
    [[1.0, 4.0], [1.0, 1.0]]
    """
    z = step(quad1.slopes, x, rate)
    return [[z, quad1.value(x)], [z, quad1.value(z)]]


def _step_dots(x, rate):
    """Return where the step begins and where it ends, on the curve.

    >>> _step_dots(2.0, 0.25)
    [[2.0, 4.0], [1.0, 1.0]]
    """
    return [[z, quad1.value(z)] for z in [x, step(quad1.slopes, x, rate)]]


def _step_rows(x, rate):
    """Return x, f, the promised fall and the fall, for each of ten steps.

    >>> _step_rows(2.0, 0.25)[:2]
    [[2.0, 4.0, 4.0, 3.0], [1.0, 1.0, 1.0, 0.75]]
    """
    rows = []
    for _ in range(10):
        rows.append([x, quad1.value(x), promised(x, rate), fall(x, rate)])
        x = step(quad1.slopes, x, rate)
    return rows


def _step_says(x, rate):
    """Return which sentence is true, and its numbers.

    They are the rate, the slope, the step and where it ends; the fall that the
    tangent promises, how much the loss changes, and its part of the promise.

    >>> _step_says(2.0, 0.25)
    ['falls', 0.25, 4.0, -1.0, 1.0, 4.0, 3.0, 0.75]
    """
    slope, z = quad1.slopes(x), step(quad1.slopes, x, rate)
    hoped, real = promised(x, rate), fall(x, rate)
    if abs(slope) < _LEAST_SLOPE:
        return ["rests", rate, slope, -rate * slope, z, hoped, abs(real), 0.0]
    if real < 0:
        which = "rises"
    elif real == 0:
        which = "level"
    elif z == 0:
        which = "lands"
    else:
        which = "crosses" if x * z < 0 else "falls"
    return [which, rate, slope, -rate * slope, z, hoped, abs(real), real / hoped]


def _step_next(x, rate):
    """Return the next place, or the same one where the next is off the slider.

    >>> _step_next(2.0, 0.25), _step_next(2.2, 1.1)
    ([1.0], [2.2])
    """
    z = step(quad1.slopes, x, rate)
    return [z if abs(z) <= _FARTHEST else x]


def _rises(x, rate):
    """Whether one step raises the loss.

    >>> _rises(2.0, 1.1), _rises(2.0, 1.0)
    (True, False)
    """
    return fall(x, rate) < 0


def _crosses(x, rate):
    """Whether one step leads past the minimum, and still lowers the loss.

    >>> _crosses(2.0, 0.8), _crosses(2.0, 1.0), _crosses(2.0, 0.4)
    (True, False, False)
    """
    return x * step(quad1.slopes, x, rate) < 0 < fall(x, rate)


def _step_marks():
    """Return the rates 1/f″, which leads to the minimum, and 2/f″, as far beyond it.

    >>> _step_marks()
    [0.5, 1.0]
    """
    return [1 / quad1.curvatures(0.0), 2 / quad1.curvatures(0.0)]


def _rests(x):
    """Whether there is next to no slope.

    >>> _rests(0.0), _rests(0.1)
    (True, False)
    """
    return abs(quad1.slopes(x)) < _LEAST_SLOPE


_STEP = "Slope {2:2}, rate {1:2}: the step is {3:3}, to x = {4:3}"
_HOPED = "The tangent promises that the loss falls by {5:3}; it "
_STEP_SENTENCES = {
    "falls": ("path", f"{_STEP}. {_HOPED}falls by {{6:3}}, {{7:2}} of that."),
    "lands": (
        "second",
        f"{_STEP}, the minimum. {_HOPED}falls by {{6:3}}, {{7:2}} of that.",
    ),
    "crosses": (
        "path",
        f"{_STEP}, on the other side. {_HOPED}falls by {{6:3}}, {{7:2}} of that.",
    ),
    "level": ("alarm", f"{_STEP}. {_HOPED}stays as it is."),
    "rises": ("alarm", f"{_STEP}. {_HOPED}rises by {{6:3}}."),
    "rests": (
        "second",
        "The slope is {2:2}, so the step is {3:3}: no rate here leads away from x.",
    ),
}


def figure_opening():
    """Steps down a parabola."""
    figure, ax = draw.opening((-3.6, 3.6), (-0.6, 4.8))
    draw.curve(ax, quad1.f, -2.15, 2.15, points=41)
    path = descend(quad1.grad, 2.0, rate=0.1, steps=7)
    draw.path(ax, path, quad1.f(path))
    draw.optimum(ax, 0, 0)
    return figure


def figure_tangent():
    figure, ax = draw.axes("x", "f(x)", height=3.2)
    draw.curve(ax, quad1.f, -2.2, 2.6)
    x, rate = 2.0, 0.1
    slope, lower = quad1.grad(x), step(quad1.grad, x, rate)
    tangent = lambda z: quad1.f(x) + slope * (z - x)
    draw.curve(ax, tangent, 0.9, 2.6, color="soft", linestyle="--")
    draw.path(ax, [x, lower], [quad1.f(x), quad1.f(lower)])
    draw.label(ax, f"start, slope {slope:g}", (x, 4), (-10, 6), ha="right")
    draw.label(ax, "one step", (lower, quad1.f(lower)), (-12, 0), ha="right")
    draw.label(ax, "tangent", (1.05, tangent(1.05)), (6, -4), "soft", ha="left")
    draw.optimum(ax, 0, 0, "lowest point", (0, -17))
    ax.set(ylim=(-1.4, None))
    return figure


def figure_post():
    """The post's own script, run as it stands."""
    figure = plt.figure(figsize=(4.5, 3.2))
    show, plt.show = plt.show, lambda: None
    try:
        runpy.run_path(str(Path(__file__).with_name("post_descent.py")))
    finally:
        plt.show = show
    return figure


def figure_path():
    path = descend(quad1.grad, 2.0, rate=0.1, steps=10)
    figure, ax = draw.axes("x", "f(x)", height=3.4)
    draw.curve(ax, quad1.f, -2.2, 2.2)
    draw.path(ax, path, quad1.f(path))
    for k in 0, 1, 2, 3:
        at = (path[k], quad1.f(path[k]))
        draw.label(ax, f"{path[k]:g}", at, (9, -4), ha="left")
    draw.label(ax, f"x₁₀ = {path[10]:.3f}", (path[10], 0), (4, -14), ha="left")
    draw.optimum(ax, 0, 0, "minimum", (-6, -15), ha="right")
    ax.set(ylim=(-0.8, 5))
    return figure


def figure_decay():
    """The loss after each step, on a plain and on a logarithmic axis."""
    loss = quad1.f(descend(quad1.grad, 2.0, rate=0.1, steps=40))
    figure, axes = draw.panels(2, 1, height=4.6, sharex=True)
    plain, logarithmic = axes[:, 0]
    plain.plot(loss, "o-", color="path", markersize=3)
    plain.set(ylabel="f(xₖ)")
    draw.label(plain, "plain axis: it seems to stop", (8, 1.2), ha="left")
    logarithmic.semilogy(loss, "o-", color="path", markersize=3)
    logarithmic.set(xlabel="step k", ylabel="f(xₖ)")
    draw.label(logarithmic, "logarithmic axis: it does not", (7, 2), ha="left")
    return figure


def figure_explog():
    path = descend(explog.grad, 1.6, rate=0.1, steps=17)
    figure, ax = draw.axes("x", "f(x)")
    draw.curve(ax, explog.f, 0.12, 1.75)
    draw.path(ax, path, explog.f(path))
    best = explog.minima[0]
    draw.label(
        ax, f"start {path[0]:g}", (path[0], explog.f(path[0])), (-8, 6), ha="right"
    )
    draw.optimum(ax, best, explog.f(best), f"x* = {best:.4f}", (0, -16))
    ax.set(ylim=(1.7, None))
    return figure


def figure_difference():
    """The error of a central difference has a lowest point of its own."""
    steps = _DRAWN_STEPS
    figure, ax = draw.axes("h", "error of the slope of eˣ at 1", height=3.3)
    ax.loglog(steps, difference_errors(steps), "o", markersize=4, color="curve")
    ax.loglog(steps, math.e / 6 * steps**2, "--", color="second")
    ax.loglog(steps, 2**-53 * math.e / steps, "--", color="path")
    ax.set(ylim=(1e-13, 1))
    draw.label(ax, "formula\nf‴h²/6", (2e-3, 2e-6), (-12, 12), "second", ha="right")
    draw.label(ax, "rounding\nεf/h", (3e-12, 1e-4), (14, 14), "path", ha="left")
    power = 10.0 ** math.floor(math.log10(BEST_H))
    text = f"h = {BEST_H / power:.0f}·{draw.power(power)}"
    draw.optimum(ax, BEST_H, difference_errors([BEST_H])[0], text, (-62, -14))
    return figure


def figure_loop(lit=4):
    """The five steps of every training run; the one in question is lit."""
    places = (-1.3, 2.05), (-1.3, 0.9), (1.3, 0.9), (1.3, -0.9), (-1.3, -0.9)
    texts = (
        "initialise",
        "compute\nthe loss",
        "compute the\ngradient",
        "update",
        "repeat until\nthe change is\nsmall enough",
    )
    figure, ax = draw.axes("", "", height=3.9)
    ax.axis("off")
    ax.set(xlim=(-2.3, 2.3), ylim=(-1.55, 2.4))
    for number, (at, text) in enumerate(zip(places, texts, strict=True), 1):
        look = {"facecolor": "level0", "edgecolor": "soft"}
        if number == lit:
            look = {"facecolor": "level1", "edgecolor": "path", "linewidth": 2.5}
        lines = f"{number}  {text}".split("\n")
        size = np.array([1.75, 0.3 * len(lines) + 0.12])
        box = FancyBboxPatch(at - size / 2, *size, "round,pad=0,rounding_size=.08")
        ax.add_patch(box).set(**look)
        for line, words in enumerate(lines):
            low = (len(lines) - 1) / 2 - line
            weight = "bold" if number == lit else "normal"
            draw.label(ax, words, at, (0, 17 * low), weight=weight)
    draw.arrow(ax, (-1.3, 1.84), (-1.3, 1.26))
    for start, end in [
        ((-0.42, 1.05), (0.42, 1.05)),
        ((1.45, 0.54), (1.45, -0.69)),
        ((0.42, -1.05), (-0.42, -1.05)),
        ((-1.45, -0.39), (-1.45, 0.54)),
    ]:
        draw.arrow(ax, start, end, "ink", bend=-0.28)
    ax.text(0, 0, "again and\nagain", ha="center", va="center", color="soft")
    return figure


def figure_explore_step():
    figure, ax = draw.axes("x", "f(x) = x²", height=3.4)
    rates = Marks(["to the bottom", "as high"], _step_marks, waits=True)
    draw.curve(ax, quad1.f, -2.75, 2.75)
    draw.optimum(ax, 0, 0)
    ax.set(xlim=(-2.75, 2.75), ylim=(-2.3, 7.4), yticks=range(-2, 7, 2))
    return movable(
        figure,
        ax,
        knobs=[
            Knob("rate", "rate η", 0.01, 1.1, 0.01, 0.2, rates),
            Knob("x", "start x", -_FARTHEST, _FARTHEST, 0.1, 2.0),
        ],
        layers=[
            Layer(_step_tangent, "line", "soft"),
            Layer(_step_sides, "level", "ink"),
            Layer(_step_fall, "curve"),
            Layer(_step_dots, "dots"),
        ],
        says=(_step_says, _STEP_SENTENCES),
        table=(_step_rows, ["k", "xₖ", "f(xₖ)", "promised", "fall"]),
        formula=(
            lambda x, rate: [x, rate, quad1.slopes(x), step(quad1.slopes, x, rate)],
            r"x - \eta f'(x) = {1:2} - {2:2} \cdot {3:2} = {4:2}",
        ),
        click=["x"],
        again=(_step_next, "Take the step"),
        targets={
            "crosses": Target(_crosses, {"rate": 0.8}),
            "rises": Target(_rises, {"rate": 1.1}),
            "rests": Target(_rests, {"x": 0.0}),
        },
    )
