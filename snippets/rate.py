"""The learning rate: which rates crawl, converge, overshoot and explode.

η          the learning rate                     rate
f″, λ      the curvature                         curvature
q          what one step multiplies x - x* by    factor
x*, f*     where f is lowest, and how low        best, lowest
p, t       a direction, and how far along it     direction, t
c          the part of the promised fall that    c
           a step must deliver
"""

import math
from functools import cache

import numpy as np
from descent import descend, step, steps_to_a_millionth
from loss import largest_rate
from shared import draw
from shared.explorable import Knob, Layer, Marks, movable
from shared.landscapes import explog, quad1, quartic
from shared.line import line_grad, line_hess, line_loss
from shared.path import first_within
from shared.plane import quadratic, quadratic_grad
from shared.tables import table


def factor(rate, curvature):
    """Return what one step multiplies the distance to the minimum by.

    >>> factor(0.75, curvature=2)
    -0.5
    """
    return 1 - rate * curvature


def regime(rate, curvature):
    """Say what gradient descent with this rate does on a parabola.

    >>> regime(0.75, curvature=2)
    'overshoots, converges'
    """
    q = factor(rate, curvature)
    if abs(q) >= 1:
        return "oscillates for ever" if q == -1 else "diverges"
    if q == 0:
        return "lands in one step"
    return "approaches" if q > 0 else "overshoots, converges"


def steps_needed(q, distance, tolerance):
    """Return the first k with |q|ᵏ · distance < tolerance.

    Here 0 < |q| < 1, and the start is not within the tolerance.

    >>> steps_needed(0.5, distance=4.0, tolerance=0.75)
    3
    """
    ratio = math.log(tolerance / distance) / math.log(abs(q))
    return math.floor(ratio) + 1


# Outside the domain of f its value is nan, and nan passes no test.
@np.errstate(invalid="ignore", over="ignore", divide="ignore")
def backtrack(f, grad, x, direction, t=1.0, shrink=0.5, c=1e-4):
    """Shrink the step t until f falls enough; return t and the trials.

    `f` and `grad` are functions. Enough is at least the fraction c of
    the fall that the slope promises: the condition of Armijo (1966).

    >>> backtrack(quad1.f, quad1.grad, 2.0, -quad1.grad(2.0))
    (0.5, 2)
    """
    height, slope = f(x), np.dot(grad(x), direction)
    if not (slope <= 0 and height < math.inf):
        raise ValueError("the direction does not lead down from x")
    trials = 1
    while not f(x + t * direction) <= height + c * t * slope:
        t, trials = shrink * t, trials + 1
    return t, trials


def descend_searching(f, grad, start, steps=10, **search):
    """Return the path of gradient descent with a search at each step.

    >>> descend_searching(quad1.f, quad1.grad, 2.0, steps=1)
    array([2., 0.])
    """
    path = [start]
    for _ in range(steps):
        x = path[-1]
        t, _ = backtrack(f, grad, x, -grad(x), **search)
        path.append(step(grad, x, t))
    return np.array(path)


def polyak(f, grad, start, lowest, steps=10):
    """Return the path with Polyak's rate, (f - f*) / |grad|².

    B. T. Polyak, Minimization of unsmooth functionals (1969).

    >>> polyak(quad1.f, quad1.grad, 2.0, lowest=0.0, steps=3)
    array([2.  , 1.  , 0.5 , 0.25])
    """
    path = [start]
    for _ in range(steps):
        slope = grad(path[-1])
        gap, squared = f(path[-1]) - lowest, np.dot(slope, slope)
        rate = gap / squared if squared else 0.0
        path.append(path[-1] - rate * slope)
    return np.array(path)


# A run that diverges may overflow, or leave the domain of f.
@np.errstate(invalid="ignore", over="ignore")
def sweep(f, grad, start, rates, steps):
    """Return the loss that each rate reaches in the same steps.

    >>> sweep(quad1.f, quad1.grad, 2.0, [0.25, 0.5, 1.0], steps=1)
    [1.0, 0.0, 4.0]
    """
    return [f(descend(grad, start, rate, steps)[-1]) for rate in rates]


def best_rate(curvature):
    """Return the rate that leads to the minimum of a parabola in one step, 1/λ."""
    return 1 / curvature


def limit(curvature):
    """Return the rate from which on a run on a parabola does not converge, 2/λ."""
    return 2 / curvature


def predicted_steps(rate):
    """Return how many steps on x² lead from 2 to within a millionth of 0.

    >>> predicted_steps(0.1)
    66
    """
    return steps_needed(factor(rate, 2), distance=2, tolerance=1e-6)


def explog_steps(rates, start=1.6, tolerance=5e-5, steps=400):
    """Return, for each rate, the steps to the minimum of eˣ - ln x.

    A run that leaves the domain x > 0 has no number of steps: nan.
    """
    paths = descend(explog.grad, np.full(len(rates), start), rates, steps)
    counts = [first_within(path, explog.minima[0], tolerance) for path in paths.T]
    inside = (paths > 0).all(axis=0)
    return np.where(inside, np.array(counts, dtype=float), np.nan)


def lost_from(rates):
    """Return the least of the rates that leads from 1.6 out of x > 0."""
    return float(np.asarray(rates)[np.isnan(explog_steps(rates))][0])


def explog_best_rates():
    """Return those of EXPLOG_RATES that need the fewest steps from 1.6."""
    counts = explog_steps(EXPLOG_RATES)
    return EXPLOG_RATES[counts == np.nanmin(counts)]


def explog_search_steps(start, tolerance=5e-5):
    """Return the steps of a searching run to the minimum of eˣ - ln x."""
    path = descend_searching(explog.f, explog.grad, start, 20)
    return first_within(path, explog.minima[0], tolerance)


def accepted_step(c):
    """Return the step t that backtracking accepts on x² from 2.

    >>> accepted_step(c=1e-4)
    0.5
    """
    return backtrack(quad1.f, quad1.grad, 2.0, -quad1.grad(2.0), c=c)[0]


def largest_accepted(c, curvature=2.0):
    """Return the largest step that Armijo's condition allows on a parabola.

    >>> largest_accepted(c=0.5)
    0.5
    """
    return 2 * (1 - c) / curvature


SHOWN_BOWLS = 1.9, 5.0, 30.0
BOWLS = np.geomspace(1.2, 30, 12)
QUARTIC_STARTS = {"2": 2.0, r"$\sqrt 5$": 5**0.5, "2.3": 2.3}


@cache
def bowl_search_steps(c, curvature=5.0, tolerance=1e-6):
    """Return the steps of a searching run on (λx² + y²) / 2 from (2, 2).

    They are counted until the gradient is shorter than the tolerance.
    """
    bowl = np.diag([curvature, 1.0])
    f, grad = quadratic(bowl), quadratic_grad(bowl)
    for most in 40, 400:
        path = descend_searching(f, grad, [2.0, 2.0], most, c=c)
        needed = first_within(path @ bowl, [0.0, 0.0], tolerance)
        if needed is not None:
            break
    return needed


def claim_a_tiny_fraction_can_cost_twentyfold():
    """On the bowl with λ = 1.9 every c up to 1e-4 needs twenty times c = 0.1."""
    tiny = [bowl_search_steps(c, 1.9) for c in (1e-6, 1e-5, 1e-4)]
    return min(tiny) > 20 * bowl_search_steps(0.1, 1.9)


def claim_below_a_ten_thousandth_c_is_no_matter():
    """On BOWLS the steps for c = 1e-8 and for 1e-4 differ by less than 1 %."""
    pairs = [(bowl_search_steps(1e-8, h), bowl_search_steps(1e-4, h)) for h in BOWLS]
    return all(abs(tiny / usual - 1) < 0.01 for tiny, usual in pairs)


def claim_three_tenths_is_the_safer_choice():
    """On BOWLS c = 0.3 needs at most 1.3 times the steps of 1e-4, on some a tenth."""
    ratios = [bowl_search_steps(0.3, h) / bowl_search_steps(1e-4, h) for h in BOWLS]
    return max(ratios) < 1.3 and np.median(ratios) < 1 and min(ratios) < 0.1


def claim_on_every_bowl_the_cliff_is_near():
    """On bowls with κ from 1 to 1000 the loss falls up to the best rate, then rises.

    At 2.3 times the best rate it is above the start's, after fifty steps.
    """
    rates = np.geomspace(1e-4, 3, 120)
    for kappa in (1, 3, 10, 100, 1000):
        for start in ([1.0, 1.0], [3.0, 0.2], [0.1, 2.0]):
            errors = np.outer(start, np.ones_like(rates))
            curvatures = np.array([[1 / kappa], [1.0]])
            losses = (curvatures * (errors * (1 - rates * curvatures) ** 50) ** 2).sum(
                0
            )
            best = int(losses.argmin())
            before, after = losses[: best + 1], losses[best:]
            high = losses[rates > 2.3 * rates[best]].min(initial=np.inf)
            if (np.diff(before) > 0).any() or (np.diff(after) < 0).any():
                return False
            if high < (curvatures[:, 0] * np.square(start)).sum():
                return False
    return True


EXPLOG_RATES = np.linspace(0.02, 0.42, 161)
SWEEP_RATES = np.logspace(-4, -0.5, 29)
SWEPT = sweep(line_loss, line_grad, [0.0, 0.0], SWEEP_RATES, steps=50)
SWEEP_BEST = float(SWEEP_RATES[np.nanargmin(SWEPT)])


def table_regimes():
    """Nine rates on x² from 2: what each does, where it is, how long it takes."""
    rows = []
    for rate in (0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0, 1.1):
        q, path = factor(rate, 2), descend(quad1.grad, 2.0, rate, steps=10)
        places = f"{path[1]:.4g}", f"{path[10]:.5f}"
        steps = steps_to_a_millionth(rate=rate) or "never"
        rows.append([rate, f"{q:.2f}", regime(rate, 2), *places, steps])
    steps = r"steps until $\lvert x \rvert < 10^{-6}$"
    places = ["after 1 step", "after 10 steps"]
    return table(["rate", "factor", "what it does", *places, steps], rows)


def table_explog():
    """The factor near the minimum of eˣ - ln x, predicted and measured from 1.6."""
    best = explog.minima[0]
    rows = []
    for rate in (0.04, 0.1, 0.2, 0.3):
        predicted = factor(rate, explog.hess(best))
        measured = _measured_factor(descend(explog.grad, 1.6, rate, 80), best)
        steps = explog_steps([rate])[0]
        rows.append([rate, f"{predicted:.4f}", f"{measured:.4f}", f"{steps:.0f}"])
    steps = r"steps to $5 \cdot 10^{-5}$"
    return table(["rate", "predicted factor", "measured factor", steps], rows)


def table_starts():
    """Four steps on x⁴ with rate 0.1 from three starts."""
    rows = []
    for name, start in QUARTIC_STARTS.items():
        path = descend(quartic.grad, start, rate=0.1, steps=4)
        rows.append([name, *(f"{x:.4g}" for x in path[1:])])
    return table(["start", "$x_1$", "$x_2$", "$x_3$", "$x_4$"], rows)


def table_fractions():
    """How many steps a search takes when it asks for more of the promised fall."""
    rows = []
    for c in (1e-5, 1e-4, 0.01, 0.1, 0.3, 0.5, 0.9):
        rows.append([f"{c:g}", *(bowl_search_steps(c, h) for h in SHOWN_BOWLS)])
    header = [rf"steps for $\lambda = {h:g}$" for h in SHOWN_BOWLS]
    return table(["$c$", *header], rows)


def table_sweep():
    """The losses of a coarse sweep on the line."""
    rates = [0.0001, 0.001, 0.01, 0.1, 1.0]
    losses = sweep(line_loss, line_grad, [0.0, 0.0], rates, steps=50)
    rows = [[f"{r:g}", f"{loss:.2g}"] for r, loss in zip(rates, losses, strict=True)]
    return table(["rate", "loss after 50 steps"], rows)


def _measured_factor(path, best):
    """Return the last ratio of two errors that are not yet mere rounding."""
    errors = np.asarray(path) - best
    k = int(np.flatnonzero(np.abs(errors) > 1e-7)[-1])
    return float(errors[k] / errors[k - 1])


def _square_path(rate, start):
    """Return ten steps down x², as points of the curve.

    >>> np.array(_square_path(0.25, 2.0)[:3])
    array([[2.  , 4.  ],
           [1.  , 1.  ],
           [0.5 , 0.25]])
    """
    path = descend(quad1.slopes, start, rate, steps=10)
    return [[x, quad1.value(x)] for x in path]


def _best_and_limit(curvature):
    """Return the best rate and the limit, 1/f″ and 2/f″.

    >>> _best_and_limit(2)
    [0.5, 1.0]
    """
    return [best_rate(curvature), limit(curvature)]


def _square_marks():
    """Return the best rate on x² and the limit."""
    return _best_and_limit(quad1.curvatures(0.0))


def _square_says(rate, start):
    """Return what the rate does, the place after ten steps, and the factor.

    >>> _square_says(0.5, 2.0), _square_says(1.0, 2.0)
    (['lands in one step', 0.0, 0.0], ['oscillates for ever', 2.0, -1.0])
    """
    if start == 0:
        return ["rests", 0.0, factor(rate, 2)]
    path = descend(quad1.slopes, start, rate, steps=10)
    return [regime(rate, 2), float(path[-1]), factor(rate, 2)]


def _explog_walk(rate, start, steps):
    """Return the path on eˣ - ln x; it ends where the next step leaves x > 0.

    >>> len(_explog_walk(0.5, 1.6, 10)), len(_explog_walk(0.3, 1.6, 10))
    (1, 11)
    """
    path = [start]
    for _ in range(steps):
        x = step(explog.slopes, path[-1], rate)
        if x <= 0:
            break
        path.append(x)
    return path


def _explog_path(rate, start):
    """Return ten steps on eˣ - ln x, as points of the curve.

    >>> _explog_path(0.5, 1.0)[0] == [1.0, math.e]
    True
    """
    return [[x, explog.value(x)] for x in _explog_walk(rate, start, 10)]


def _explog_marks():
    """Return the best rate near the minimum of eˣ - ln x, and the limit.

    >>> [f"{rate:.4f}" for rate in _explog_marks()]
    ['0.2052', '0.4105']
    """
    return _best_and_limit(explog.curvatures(explog.minima[0]))


def _explog_says(rate, start):
    """Return which sentence is true, and its numbers.

    >>> _explog_says(0.5, 1.6)  # the first step leaves x > 0
    ['leaves', 1]
    """
    path = _explog_walk(rate, start, 400)
    if len(path) <= 400:
        return ["leaves", len(path)]
    which = "overshoots" if rate > _explog_marks()[0] else "approaches"
    for k in range(len(path)):
        if abs(path[k] - explog.minima[0]) < 5e-5:
            return [which, k, path[10]]
    return ["far", path[-1], 400]


_POINTS = ["k", "xₖ", "f(xₖ)"]


def _rate_knob(high, value, marks):
    given = Marks(["best", "limit"], marks)
    return Knob("rate", "rate η", 0.01, high, 0.01, value, given)


def figure_regimes():
    figure, axes = draw.panels(3, 2, height=6.6, sharex=True, sharey=True)
    rates = 0.01, 0.1, 0.5, 0.9, 1.0, 1.1
    for ax, rate in zip(axes.flat, rates, strict=True):
        path = descend(quad1.grad, 2.0, rate, steps=3)
        draw.curve(ax, quad1.f, -4.4, 4.4, points=61)
        draw.path(ax, path, quad1.f(path))
        draw.optimum(ax, 0, 0)
        ax.set(title=f"η = {rate:g}", ylim=(-1.2, 21.5), xticks=[-2, 0, 2])
        text = regime(rate, 2).replace(", ", ",\n").replace(" for", "\nfor")
        draw.label(ax, text.replace(" in", "\nin"), (0, 17))
    for ax in axes[-1]:
        ax.set(xlabel="x")
    return figure


def figure_factor():
    figure, ax = draw.axes("rate η", "factor q = 1 − 2η", height=3.4)
    ax.axhspan(-1, 1, color="level0")
    ax.axhline(0, color="soft", linewidth=0.8)
    for low, high, text, at, colour in [
        (0, 0.5, "approaches", (0.18, 0.8), "second"),
        (0.5, 1, "overshoots,\nconverges", (0.62, -0.62), "path"),
        (1, 1.25, "diverges", (1.25, -1.3), "alarm"),
    ]:
        style = {"second": "-", "path": "--", "alarm": ":"}[colour]
        draw.curve(ax, lambda r: factor(r, 2), low, high, colour, 2, linestyle=style)
        side = "right" if colour == "path" else "left"
        draw.label(ax, text, at, (0, 0), colour, ha=side)
    draw.optimum(ax, 0.5, 0, "η = ½: one step", (8, 12), ha="left")
    ax.plot([1], [-1], "s", color="alarm")
    draw.label(ax, "η = 1: for ever", (1, -1), (8, 8), "alarm", ha="left")
    draw.label(ax, "inside the band\nthe error shrinks", (1.0, 0.6), (0, 0), "soft")
    ax.set(xlim=(0, 1.6), ylim=(-1.65, 1.15), yticks=[-1, 0, 1])
    return figure


def figure_steps():
    rates = np.linspace(0.01, 0.99, 99)
    paths = descend(quad1.grad, np.full(99, 2.0), rates, 720)
    counts = [first_within(path, 0.0, 1e-6) for path in paths.T]
    figure, ax = draw.axes("rate η", "steps until |x| < 1e-6", height=3.3)
    ax.semilogy(rates, counts, "o", markersize=3, color="path")
    ax.set(ylim=(0.7, 1500), xlim=(-0.02, 1.02))
    for at, text, offset in [
        (0, f"{counts[0]}", (8, 2)),
        (9, f"{counts[9]} at 0.1", (8, 2)),
        (24, f"{counts[24]} at 0.25", (-6, -12)),
    ]:
        side = "right" if at == 24 else "left"
        draw.label(ax, text, (rates[at], counts[at]), offset, ha=side)
    for at, text in [(89, f"{counts[89]} at 0.9"), (98, f"{counts[98]}")]:
        draw.label(ax, text, (rates[at], counts[at]), (-8, 2), ha="right")
    draw.optimum(ax, 0.5, counts[49], "1 step at ½", (10, 0), ha="left")
    return figure


def figure_explog():
    rates, counts = EXPLOG_RATES, explog_steps(EXPLOG_RATES)
    curvature = explog.hess(explog.minima[0])
    figure, ax = draw.axes("rate η", "steps to 5e-5", height=3.5)
    ax.axvspan(lost_from(rates), 0.58, color="level1")
    ax.semilogy(rates, counts, "o", markersize=3, color="path")
    for rate, text in [(1 / curvature, "best 1/f″"), (2 / curvature, "limit 2/f″")]:
        ax.axvline(rate, color="second", linestyle="--", linewidth=1)
        draw.label(ax, text, (rate, 95), (-4, 0), "second", ha="right")
    draw.label(
        ax, "from 1.6\nit leaves\nx > 0", (2 / curvature, 9), (6, 0), "alarm", ha="left"
    )
    some = [0.04, 0.1, 0.3]
    for rate, count in zip(some, explog_steps(some), strict=True):
        side, shift = ("right", -6) if rate > 0.2 else ("left", 6)
        draw.label(ax, f"{count:.0f}", (rate, count), (shift, 6), ha=side)
    draw.label(ax, f"{explog_steps([0.2])[0]:.0f}", (0.2, 4), (-8, -8))
    ax.set(ylim=(2.2, 130), xlim=(0, 0.58), yticks=[3, 10, 30, 100])
    ax.set_yticklabels(["3", "10", "30", "100"])
    return figure


def figure_domain():
    figure, ax = draw.axes("step k", "xₖ", height=3.4)
    ax.axhspan(-6, 0, color="level1")
    for rate, colour, marker, at in [
        (0.3, "path", "o", (12, 1.15)),
        (0.5, "alarm", "s", (13, -3.2)),
    ]:
        path = descend(explog.grad, 1.6, rate, 20)
        ax.plot(path, marker + "-", markersize=4, linewidth=1, color=colour)
        draw.label(ax, f"η = {rate:g}", at, (0, 0), colour)
    ax.axhline(explog.minima[0], color="optimum", linestyle="--", linewidth=1)
    draw.label(ax, "x*", (19, explog.minima[0]), (0, 9), "optimum")
    draw.label(ax, "f is not defined here", (1, -5.3), ha="left")
    draw.label(ax, "start 1.6", (0, 1.6), (8, 4), ha="left")
    ax.set(ylim=(-6, 2.2), xlim=(-0.6, 21), xticks=range(0, 21, 5))
    return figure


def figure_armijo():
    """Along the downhill direction from x = 2, on the parabola."""
    slope = quad1.grad(2.0)
    figure, ax = draw.axes("step t", "f(2 − t f′(2))", height=3.6)
    draw.curve(ax, lambda t: quad1.f(2.0 - t * slope), 0, 1.12)
    for c, colour, line, end in [
        (1e-4, "second", "--", 1.12),
        (0.5, "third", "-.", 0.55),
        (0.9, "path", ":", 0.2),
    ]:
        bar = lambda t, c=c: 4.0 - c * t * slope**2
        draw.curve(ax, bar, 0, end, colour, 2, linestyle=line)
        last = largest_accepted(c)
        ax.plot([last], [bar(last)], "D", color=colour, markersize=6)
    says = [f"c = {c:g}: t ≤ {largest_accepted(c):g}" for c in (1e-4, 0.5, 0.9)]
    draw.label(ax, says[0], (0.98, 4), (0, 11), "second", ha="right")
    draw.label(ax, says[1], (0.25, 2.4), (0, 0), "third", ha="left")
    lines = says[2].replace(": ", ":\n")
    draw.label(ax, lines, (0.01, 0.55), (0, 0), "path", ha="left")
    ax.plot([1], [4], "o", color="alarm", markersize=9, markerfacecolor="none")
    draw.label(ax, "t = 1\nrejected", (1, 4), (14, -20), "alarm", ha="left")
    t = accepted_step(1e-4)
    draw.optimum(ax, t, quad1.f(2.0 - t * slope), f"t = {t:g} accepted", (0, -17))
    ax.set(xlim=(-0.02, 1.42), ylim=(-0.95, 5.2))
    return figure


def figure_sweep():
    limit = largest_rate(line_hess())
    figure, ax = draw.axes("rate η", "loss after 50 steps", height=3.4)
    ax.loglog(SWEEP_RATES, SWEPT, "o-", color="path", linewidth=1)
    ax.axhline(line_loss([0, 0]), color="soft", linestyle=":")
    ax.axvline(limit, color="second", linestyle="--", linewidth=1)
    draw.label(ax, "limit", (limit, 3e3), (-5, 0), "second", ha="right")
    draw.label(ax, "loss at the start", (1e-3, 21), (0, 10), "soft", ha="left")
    draw.label(ax, "too small:\nhardly moved", (1.3e-4, 20), (0, -30), ha="left")
    text = f"best of these\n{SWEEP_BEST:.2f}"
    draw.optimum(ax, SWEEP_BEST, min(SWEPT), text, (-10, 4), ha="right")
    ax.set(ylim=(min(SWEPT) / 30, 1e4))
    return figure


def figure_choice(rate=1.0):
    """The loss of eight steps on the parabola from 2, for a question."""
    path = descend(quad1.grad, 2.0, rate, 8)
    figure, ax = draw.axes("step k", "loss", width=3.4, height=2.2)
    ax.plot(quad1.f(path), "o-", color="path", linewidth=1)
    ax.set(ylim=(-0.9, 22))
    return figure


_POINTS = ["k", "xₖ", "f(xₖ)"]


def figure_explore_square():
    figure, ax = draw.axes("x", "f(x) = x²", height=3.2)
    draw.curve(ax, quad1.f, -2.4, 2.4)
    draw.optimum(ax, 0, 0)
    ax.set(xlim=(-2.4, 2.4), ylim=(-0.5, 5.6))
    end = "After 10 steps x = {1:4}. "
    each = "Each step multiplies x by {2:2}: "
    return movable(
        figure,
        ax,
        knobs=[
            _rate_knob(1.15, 0.1, _square_marks),
            Knob("start", "start x₀", -2.2, 2.2, 0.1, 2.0),
        ],
        layers=[Layer(_square_path, "path")],
        says=(
            _square_says,
            {
                "approaches": ("path", f"{end}{each}it approaches."),
                "lands in one step": (
                    "second",
                    f"{end}The first step lands on the minimum.",
                ),
                "overshoots, converges": (
                    "path",
                    f"{end}{each}it overshoots and converges.",
                ),
                "oscillates for ever": (
                    "alarm",
                    f"{end}{each}it jumps to and fro for ever.",
                ),
                "diverges": ("alarm", f"{end}{each}it diverges."),
                "rests": ("second", "The start is the minimum: its slope is 0."),
            },
        ),
        table=(_square_path, _POINTS),
        click=["start"],
    )


def figure_explore_explog():
    best = explog.minima[0]
    figure, ax = draw.axes("x", "f(x) = eˣ − ln x", height=3.4)
    ax.axvspan(-0.4, 0, color="level1")
    draw.curve(ax, explog.f, 1e-6, 2.6, points=401)
    draw.optimum(ax, best, explog.f(best))
    ax.set(xlim=(-0.4, 2.6), ylim=(1.4, 12))
    draw.label(ax, "no f here", (-0.2, 6.7), rotation=90)
    near = "After 10 steps x = {2:4}. After {1:0} it is within 0.00005 of the minimum; "
    near += "near it "
    return movable(
        figure,
        ax,
        knobs=[
            _rate_knob(0.6, 0.3, _explog_marks),
            Knob("start", "start x₀", 0.05, 2.5, 0.05, 1.6),
        ],
        layers=[Layer(_explog_path, "path")],
        says=(
            _explog_says,
            {
                "approaches": ("path", f"{near}no step overshoots."),
                "overshoots": ("path", f"{near}every step overshoots."),
                "leaves": (
                    "alarm",
                    "Step {1:0} leads below zero, where f does not exist.",
                ),
                "far": (
                    "alarm",
                    "After {2:0} steps x = {1:4}, not near the minimum yet.",
                ),
            },
        ),
        table=(_explog_path, _POINTS),
        click=["start"],
    )
