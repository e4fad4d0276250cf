"""Newton's method in one dimension.

    x, xₖ      where we stand, after k steps      x, path[k]
    f′, f″     slope and curvature of the loss    grad, hess
    m          the parabola that replaces f       model
    x*         where f is lowest                  best
    eₖ         the error xₖ − x*                  errors[k]
    p          the order of convergence           order(errors)

`grad` is the gradient and `hess` the Hessian; in one dimension these are the
slope f′ and the curvature f″.
"""

import math
from decimal import Decimal, localcontext
from functools import cache

import numpy as np
from descent import descend
from shared import draw
from shared.explorable import Knob, Layer, Marks, Target, movable
from shared.landscapes import (
    Landscape,
    curves,
    explog,
    lncosh,
    minimum_at,
    quad1,
    quartic,
    quintic,
    sqrt1p,
    well,
)
from shared.numbers import signed
from shared.path import first, first_within
from shared.tables import table


def quadratic_model(f, grad, hess, x):
    """Return the parabola with the height, slope and bend of f at x.

    >>> f, grad, hess = quartic.f, quartic.grad, quartic.hess
    >>> model = quadratic_model(f, grad, hess, 1.0)
    >>> model(1.0), model(2.0)
    (1.0, 11.0)
    """
    height, slope, bend = f(x), grad(x), hess(x)
    return lambda z: height + slope * (z - x) + bend / 2 * (z - x) ** 2


def newton_step(grad, hess, x):
    """Step by the slope divided by the curvature.

    >>> newton_step(lambda x: 2 * x, lambda x: 2, 2.0)
    0.0
    """
    return x - grad(x) / hess(x)


def newton(grad, hess, start, steps=10):
    """Return the path of Newton's method: the start and all steps.

    To find a root of a function, pass the function and its slope.
    Source: Nocedal and Wright, Numerical Optimization, section 3.3.

    >>> newton(lambda x: x * x - 2, lambda x: 2 * x, start=2.0, steps=1)
    array([2. , 1.5])
    """
    path = [start]
    for _ in range(steps):
        path.append(newton_step(grad, hess, path[-1]))
    return np.array(path)


def errors_in_decimals(start="1.6", steps=8, digits=300):
    """Return Newton's errors on eˣ − ln x, in long arithmetic."""
    grad = lambda x: x.exp() - 1 / x
    hess = lambda x: x.exp() + 1 / (x * x)
    with localcontext() as arithmetic:
        arithmetic.prec = digits
        path = newton(grad, hess, Decimal(start), steps + 2)
        return [float(x - path[-1]) for x in path[:-2]]


def order(errors):
    """Estimate the order p from each three errors in a row.

    If each error is about C times the one before to the power p, then p
    is the ratio of two successive changes of their logarithms.

    >>> order([1e-1, 1e-2, 1e-4, 1e-8])
    array([2., 2.])
    """
    change = np.diff(np.log(np.abs(errors)))
    return change[1:] / change[:-1]


def correct_digits(errors):
    """Return −log₁₀ of each error: about how many decimals are right.

    >>> correct_digits([0.001, -1e-6])
    array([3., 6.])
    """
    return -np.log10(np.abs(errors))


def agreeing_digits(path, decimals=10):
    """Return how many decimals of each place agree with those of the last.

    >>> agreeing_digits([0.51, 0.53, 0.5349], decimals=2)
    [1, 2, 2]
    """
    *texts, last = [f"{x:.{decimals}f}".partition(".")[2] for x in path]
    agree = lambda text: [a == b for a, b in zip(text, last, strict=True)]
    return [[*agree(text), False].index(False) for text in [*texts, last]]


def square_ratios(errors):
    """Return |eₖ₊₁| / eₖ², which settles where the order is 2.

    >>> square_ratios([0.5, -0.25, 0.125])
    array([1., 2.])
    """
    errors = np.asarray(errors)
    return np.abs(errors[1:] / errors[:-1] ** 2)


def constant(landscape, best):
    """Return f‴/(2f″) at best, with f‴ from a difference of f″."""
    h = 1e-5
    third = (landscape.hess(best + h) - landscape.hess(best - h)) / (2 * h)
    return third / (2 * landscape.hess(best))


def steps_from(start):
    """Return how many steps lead within 10⁻¹² of x* on eˣ − ln x."""
    path = newton(explog.grad, explog.hess, start, steps=14)
    return first_within(path, explog.minima[0], 1e-12)


def digits_by_descent(rate, steps):
    """Return the correct digits after each gradient step from 1.6."""
    path = descend(explog.grad, 1.6, rate, steps)
    return correct_digits(path - explog.minima[0])


def measured_gain(rate, start=1.6, near=1e-6):
    """Return the digits added by the first step that starts near x*."""
    best = explog.minima[0]
    path = descend(explog.grad, start, rate, steps=400)
    k = first_within(path, best, near)
    before, after = correct_digits(path[k : k + 2] - best)
    return after - before


def wrong_slope(x):
    """The slope of x⁵ − x − 1, copied wrongly: the 5 has become a 4."""
    return 4 * x * x * x * x - 1


def half_the_slope(x):
    """Another slip in the slope of x⁵ − x − 1: the 5 has been halved."""
    return 5 / 2 * x * x * x * x - 1


def wrong_factor(slope=wrong_slope):
    """Return what a step with the wrong slope multiplies the error by."""
    root = newton(quintic.f, quintic.grad, 1.0, 12)[-1]
    return 1 - quintic.grad(root) / slope(root)


def step_on(landscape, x):
    """Return where one Newton step from x leads on a landscape.

    >>> step_on(well, 0.5)
    -1.0
    """
    return newton_step(landscape.grad, landscape.hess, x)


def undivided_step(landscape, x):
    """Slip: the slope is subtracted and not divided by the curvature."""
    return x - landscape.grad(x)


def added_step(landscape, x):
    """Slip: the step is added instead of subtracted."""
    return x + landscape.grad(x) / landscape.hess(x)


def root_step(x):
    """Return where a step from x leads that looks for √2.

    >>> root_step(1.0)
    1.5
    """
    return newton_step(lambda x: x * x - 2, lambda x: 2 * x, x)


def xlogx_slope(x):
    """Return the slope of x ln x."""
    return np.log(x) + 1


def xlogx_step(x, slope=xlogx_slope, bend=np.reciprocal):
    """Return where a step from x leads on x ln x; a slip has other derivatives."""
    return newton_step(slope, bend, x)


def short_steps(run, shorter=1e-14):
    """Return how many steps a run takes until one is so short."""
    return 1 + first(np.abs(np.diff(run)) < shorter)


def typical_errors(error=1e-3):
    """Return an error on eˣ − ln x, and what a step of Newton's method leaves of it."""
    best = explog.minima[0]
    return error, abs(step_on(explog, best + error) - best)


def claim_one_step_solves_any_parabola():
    """One step solves ax² + bx + c with a > 0: for 200 random ones and starts.

    On quad1, from 2, the slope is 4 and the second derivative 2.
    """
    rng = np.random.default_rng(0)
    a, b, x = rng.uniform(0.1, 9, 200), rng.normal(size=200), rng.normal(size=200)
    end = newton_step(lambda x: 2 * a * x + b, lambda x: 2 * a, x)
    here = quad1.grad(2.0) == 4 and quad1.hess(2.0) == 2
    return bool(here and np.allclose(end, -b / (2 * a), rtol=0, atol=1e-12))


def claim_only_parabolas_take_one_step():
    """Of eleven curves only x² is solved in one step from each of 200 starts."""
    solved = [curve for curve in curves if _solved_in_one_step(curve).all()]
    return [curve.tex for curve in solved] == ["x^2"]


def claim_both_pictures_agree():
    """Where the parabola is lowest the tangent is zero: Newton's next place.

    On eˣ − ln x from 40 starts, 0.05 to 5.
    """
    agreed = []
    for x in np.geomspace(0.05, 5, 40):
        end = newton_step(explog.grad, explog.hess, x)
        model = quadratic_model(explog.f, explog.grad, explog.hess, x)
        around = model(end + 0.01 * np.array([-1, 0, 1]))
        tangent = explog.grad(x) + explog.hess(x) * (end - x)
        agreed.append(around.argmin() == 1 and abs(tangent) < 1e-9)
        agreed.append(np.isclose(around[0], around[2], rtol=1e-9))
    return all(agreed)


@cache
def claim_newton_doubles_where_descent_adds():
    """Late, Newton's digits double at each step, and descent's grow by addition.

    On eˣ − ln x: from five starts the factor is 2 ± 0.02; with ten rates from 0.02
    to 0.19, and from 0.22 to 0.3, gradient descent adds the same digits to 1 %.
    """
    agreed = []
    for start in "0.3", "1", "1.6", "3", "5":
        digits = correct_digits(errors_in_decimals(start, steps=8))
        near = digits[digits > 2]
        agreed.append(np.all(np.abs(near[1:] / near[:-1] - 2) < 0.02))
    for rate in (*np.linspace(0.02, 0.19, 10), 0.22, 0.25, 0.3):
        errors = np.abs(descend(explog.grad, 1.6, rate, 700) - explog.minima[0])
        gains = np.diff(correct_digits(errors[(errors < 1e-4) & (errors > 1e-11)]))
        agreed.append(np.ptp(gains) < 0.01 * gains.mean())
    return all(agreed)


def claim_the_step_tells_the_error():
    """Once the error is below 0.03, the next step is as long to 3 %: 40 starts."""
    best, agreed = explog.minima[0], []
    for start in np.geomspace(0.05, 5, 40):
        path = newton(explog.grad, explog.hess, start, 14)
        errors, steps = (path - best)[:-1], np.diff(path)
        near = (np.abs(errors) < 0.03) & (np.abs(errors) > 1e-12)
        agreed.append(np.all(np.abs(steps[near] / errors[near] + 1) < 0.03))
    return all(agreed)


def claim_one_fixed_rate_is_quadratic():
    """With 1/f″(x*) gradient descent has order 2, with 0.1 and 0.3 order 1.

    On eˣ − ln x, from eight starts.
    """
    best = explog.minima[0]
    agreed = []
    for rate, p in (1 / explog.hess(best), 2), (0.1, 1), (0.3, 1):
        for start in np.linspace(0.4, 1.6, 8):
            errors = np.abs(descend(explog.grad, start, rate, 60) - best)
            measured = order(errors[(errors < 0.3) & (errors > 1e-12)])[-1]
            agreed.append(abs(measured - p) < 0.1)
    return all(agreed)


def claim_both_end_at_the_last_digit():
    """Both methods end within 3·10⁻¹⁶ of x* on eˣ − ln x, and no nearer.

    From eight starts, gradient descent with three rates.
    """
    best, ends = explog.minima[0], []
    for start in np.linspace(0.4, 1.8, 8):
        ends.append(newton(explog.grad, explog.hess, start, 20)[-1])
        for rate in 0.1, 0.2, 0.25:
            ends.append(descend(explog.grad, start, rate, 200)[-1])
    return bool(np.all(np.abs(np.array(ends) - best) < 3e-16))


def claim_the_ratio_settles():
    """From four starts |eₖ₊₁|/eₖ² comes to |f‴/(2f″)| at x*, to six digits."""
    limit = abs(constant(explog, explog.minima[0]))
    runs = [errors_in_decimals(start, steps=8) for start in ("0.3", "1", "1.6", "3")]
    return all(abs(square_ratios(run)[-1] / limit - 1) < 1e-6 for run in runs)


def claim_near_enough_is_enough():
    """Where C|e₀| < 1 each error is smaller than the one before, and the run arrives.

    On eˣ − ln x, with C the largest |f‴(ξ)|/(2f″(x)) for ξ and x no farther from x*
    than the start is: for 60 starts, of which that is true of 20 or more.
    """
    best, held = explog.minima[0], 0
    for away in np.linspace(-0.5, 0.5, 60):
        reach = best + abs(away) * np.linspace(-1, 1, 201)
        third = np.abs(np.exp(reach) - 2 / reach**3)
        if third.max() / (2 * explog.hess(reach).min()) * abs(away) >= 1:
            continue
        held += 1
        errors = np.abs(newton(explog.grad, explog.hess, best + away, 12) - best)
        falling = (errors[1:] < errors[:-1]) | (errors[1:] < 1e-15)
        if not falling.all() or errors[-1] > 1e-15:
            return False
    return held >= 20


def claim_division_needs_no_division():
    """x(2 − 3x) comes to 1/3 from each of 200 starts between 0 and 2/3.

    And from none outside, of 40; the step of Newton's method is the same.
    """
    inside = np.linspace(0, 2 / 3, 202)[1:-1]
    x = np.concatenate([inside, np.linspace(-1, -0.01, 20), np.linspace(0.67, 2, 20)])
    same = np.allclose(
        newton_step(lambda x: 1 / x - 3, lambda x: -(x**-2), x), x * (2 - 3 * x)
    )
    for _ in range(40):
        x = np.clip(x * (2 - 3 * x), -1e9, 1)
    arrived = np.abs(x - 1 / 3) < 1e-12
    return bool(same and arrived[:200].all() and not arrived[200:].any())


def claim_a_wrong_slope_adds_digits():
    """With eight wrong slopes ax⁴ − 1, a from 3 to 8, the order is 1.

    With the right one it is 2; measured on errors from 10⁻¹ to 10⁻¹⁴.
    """
    root = newton(quintic.f, quintic.grad, 1.0, 12)[-1]
    orders = {}
    for a in 3, 3.5, 4, 4.5, 5, 5.5, 6, 7, 8:
        slope = lambda x, a=a: a * x * x * x * x - 1
        errors = np.abs(newton(quintic.f, slope, 1.1, 60) - root)
        orders[a] = order(errors[(errors < 1e-1) & (errors > 1e-14)])[-1]
    right = orders.pop(5)
    return abs(right - 2) < 0.1 and all(abs(p - 1) < 0.05 for p in orders.values())


def claim_the_fitting_rate_gains_most():
    """The nearer a fixed rate is to 1/f″(x*), the more digits a step adds.

    Of sixteen rates, eight on either side; Newton's rates end at 1/f″(x*).
    """
    sharp = 1 / explog.hess(explog.minima[0])
    below, above = np.linspace(0.05, 0.19, 8), np.linspace(0.38, 0.22, 8)
    gains = [[measured_gain(rate, 0.6) for rate in side] for side in (below, above)]
    rates = 1 / explog.hess(newton(explog.grad, explog.hess, 1.6, 6))
    return bool(np.all(np.diff(gains) > 0) and abs(rates[-1] - sharp) < 1e-12)


def claim_a_parabola_that_opens_down_is_climbed():
    """Where f″ < 0, the next place is the parabola's top: 99 starts in the wells."""
    starts = np.linspace(-(3**-0.5), 3**-0.5, 101)[1:-1]
    model = quadratic_model(well.f, well.grad, well.hess, starts)
    top = newton_step(well.grad, well.hess, starts)
    return bool(np.all(model(top) >= np.maximum(model(top - 0.1), model(top + 0.1))))


def claim_the_parabola_touches_and_leads_near():
    """At 1.6 it has the height and the slope of the curve, and bends up.

    Its lowest point leaves less than a quarter of the distance from the minimum.
    """
    x, best = 1.6, explog.minima[0]
    model = quadratic_model(explog.f, explog.grad, explog.hess, x)
    rise = (model(x + 1e-6) - model(x - 1e-6)) / 2e-6
    touches = model(x) == explog.f(x) and np.isclose(rise, explog.grad(x))
    end = newton_step(explog.grad, explog.hess, x)
    return bool(touches and explog.hess(x) > 0 and abs(end - best) < (x - best) / 4)


def claim_small_places_at_most_double():
    """On eˣ − ln x a step from below 0.05 makes 1.9 x at least, no more than double x.

    And the slope there is −1/x to 6 %; for 60 places from 10⁻⁶.
    """
    x = np.geomspace(1e-6, 0.05, 60)
    factor = newton_step(explog.grad, explog.hess, x) / x
    near = np.abs(explog.grad(x) * x + 1) < 0.06
    return bool(np.all((factor > 1.9) & (factor <= 2) & near))


def claim_a_cube_or_less_remains():
    """Where f‴ = 0, a step from x = 0.1 to 0.001 is shorter than 10 |x|³."""
    x = np.logspace(-3, -1, 41)
    steps = [newton_step(curve.grad, curve.hess, x) for curve in (sqrt1p, lncosh)]
    for n in 4, 5, 6, 8:
        grad = lambda x, n=n: 2 * x + n * x ** (n - 1)
        hess = lambda x, n=n: 2 + n * (n - 1) * x ** (n - 2)
        steps.append(newton_step(grad, hess, x))
    return bool(np.all(np.abs(steps) < 10 * x**3))


def claim_the_factor_decides():
    """With a wrong slope ax⁴ − 1 the run ends at the root if |1 − g′/d| < 1.

    And not if it is above 1: for 60 values of a from 1.5 to 10, off the border,
    and starts a hundredth to the left and to the right of the root.
    """
    root = newton(quintic.f, quintic.grad, 1.0, 12)[-1]
    a = np.linspace(1.5, 10, 60)
    factor = np.abs(1 - quintic.grad(root) / (a * root**4 - 1))
    a, factor = (v[np.abs(factor - 1) > 0.05] for v in (a, factor))
    for start in 0.99 * root, 1.01 * root:
        slope = lambda x: a * x * x * x * x - 1
        end = newton(quintic.f, slope, np.full(len(a), start), steps=400)[-1]
        if not np.array_equal(np.abs(end - root) < 1e-6, factor < 1):
            return False
    return True


def claim_more_bend_more_steps():
    """On eˣ − ln x steps follow how much f″ changes, not the distance.

    Of any two of 60 starts from 0.005 to 8, that with a change four times as
    large needs as many steps or more; of the farther ones many need fewer.
    """
    starts = np.geomspace(0.005, 8, 60)
    steps = np.array([steps_from(start) for start in starts])
    change = np.array([_bend_changes(start) for start in starts])
    distance = np.abs(starts - explog.minima[0])
    more = steps[:, None] >= steps
    by_change = more[change[:, None] > 4 * change]
    by_distance = more[distance[:, None] > 4 * distance]
    return bool(by_change.all() and not by_distance.all())


def table_errors():
    """The first places on eˣ − ln x, how far off they are, and the next step."""
    header = ["$k$", "$x_k$", "error $e_k = x_k - x^{\\star}$", "next step"]
    path = newton(explog.grad, explog.hess, 1.6, steps=5)
    rows = []
    for k in range(5):
        error, step = path[k] - explog.minima[0], path[k + 1] - path[k]
        rows.append([k, f"{path[k]:.10f}", f"{error:.1e}", f"{step:.1e}"])
    return table(header, rows)


def table_orders():
    """The order of convergence, measured where it is 2 and where it is not."""
    sharp = 1 / explog.hess(explog.minima[0])
    fits = descend(explog.grad, 1.6, sharp, 5)
    runs = [
        (explog, "Newton", newton(explog.grad, explog.hess, 1.6, 5), "the rule"),
        (sqrt1p, "Newton", newton(sqrt1p.grad, sqrt1p.hess, 0.5, 3), "$f''' = 0$"),
        (_kinked, "Newton", newton(_kinked.grad, _kinked.hess, 1.0, 9), "no $f'''$"),
        (quartic, "Newton", newton(quartic.grad, quartic.hess, 1.0, 20), "$f'' = 0$"),
        (explog, "rate 0.1", descend(explog.grad, 1.6, 0.1, 30), "a fixed rate"),
        (explog, "rate 1/f″(x*)", fits, "the one that fits"),
    ]
    rows = []
    for landscape, method, path, why in runs:
        p = order(path - landscape.minima[0])[-1]
        rows.append([f"${landscape.tex}$", method, f"{p:.3f}", why])
    return table(["loss", "method", "order", "because"], rows)


def table_starts():
    """Near and far starts on eˣ − ln x, and how many steps they need."""
    header = ["start", "distance", "$f''$ changes by the factor"]
    header += ["steps to $10^{-12}$"]
    rows = []
    for start in 0.01, 0.05, 1.6, 3, 5:
        distance, change = abs(start - explog.minima[0]), _bend_changes(start)
        row = [start, f"{distance:.2f}", f"{change:,.4g}", steps_from(start)]
        rows.append(row)
    return table(header, rows)


# Its second derivative is continuous, and at 0 has no derivative.
_kinked = Landscape(
    name="kinked",
    tex=r"x^2 + \lvert x\rvert^{5/2}",
    about="No third derivative at the minimum.",
    value=lambda x: x * x + np.abs(x) ** 2.5,
    slopes=lambda x: 2 * x + 2.5 * np.sign(x) * np.abs(x) ** 1.5,
    curvatures=lambda x: 2 + 3.75 * np.abs(x) ** 0.5,
    box=(-2.0, 2.0),
    stationary=(minimum_at(0.0),),
)


def _bend_changes(start, best=explog.minima[0]):
    """Return the largest f″ of eˣ − ln x on the way to x*, over the least.

    >>> round(_bend_changes(0.05), 1)
    82.3
    """
    way = explog.hess(np.linspace(start, best, 2001))
    return float(way.max() / way.min())


def _solved_in_one_step(curve):
    """Return from which of 200 starts one step ends where the slope is zero."""
    starts = np.linspace(*curve.box, 200)
    ends = newton_step(curve.grad, curve.hess, starts)
    known = np.array([point.at for point in curve.stationary])
    return np.min(np.abs(ends[:, None] - known), axis=1) < 1e-9


def _gain(rate):
    """Return the digits that a step of gradient descent adds near x*."""
    best = explog.minima[0]
    return -np.log10(np.abs(1 - rate * explog.hess(best)))


def _parabola(name):
    """The parabola of the model at 0.25, or of a slip."""
    x = 0.25
    if name == "goal":  # the wish: its lowest point is the minimum of f
        best, lowest = explog.minima[0], explog.f(explog.minima[0])
        bend = (explog.f(x) - lowest) / (x - best) ** 2
        return lambda z: lowest + bend * (z - best) ** 2
    factor = {"model": 1, "double": 2, "down": -1}[name]
    hess = lambda x: factor * explog.hess(x)
    return quadratic_model(explog.f, explog.grad, hess, x)


def _well_next(start):
    """Return Newton's next place on the double well; where there is none, the same.

    >>> _well_next(0.5)
    -1.0
    """
    if well.curvatures(start) == 0:
        return start
    return newton_step(well.slopes, well.curvatures, start)


def _well_parabola(start, x):
    """Return the height at x of the parabola that fits the well at the start.

    >>> _well_parabola(1.0, 2.0)
    0.75
    """
    return quadratic_model(well.value, well.slopes, well.curvatures, start)(x)


def _well_model(start):
    """Return that parabola as points.

    >>> len(_well_model(0.5))
    81
    """
    places = [(k - 40) / 20 for k in range(81)]
    return [[x, _well_parabola(start, x)] for x in places]


def _well_guide(start):
    """Return the line from the parabola's vertex to the curve.

    >>> _well_guide(0.5)
    [[[-1.0, 0.171875], [-1.0, -0.25]]]
    """
    x = _well_next(start)
    return [[[x, _well_parabola(start, x)], [x, well.value(x)]]]


def _well_dots(start):
    """Return the start and the next place, on the curve.

    >>> _well_dots(0.5)
    [[0.5, -0.109375], [-1.0, -0.25]]
    """
    return [[x, well.value(x)] for x in [start, _well_next(start)]]


def _well_rows(start):
    """Return x, f, f′ and f″ for the start and Newton's next five places.

    >>> _well_rows(2.0)[0]
    [2.0, 2.0, 6.0, 11.0]
    """
    rows = []
    x = start
    for _ in range(6):
        rows.append([x, well.value(x), well.slopes(x), well.curvatures(x)])
        x = _well_next(x)
    return rows


def _well_says(start):
    """Return which sentence is true, the second derivative and the next place.

    >>> _well_says(0.5), _well_says(1.0)
    (['up', -0.25, -1.0], ['minimum', 2.0, 1.0])
    """
    bend = well.curvatures(start)
    if well.slopes(start) == 0:
        which = "minimum" if bend > 0 else "maximum"
    elif bend == 0:
        which = "none"
    else:
        which = "down" if bend > 0 else "up"
    return [which, bend, _well_next(start)]


def _well_edges():
    """Return the start of a cycle, 1/√5, and where the curvature changes its sign.

    From below the first, steps end on the hill; between them they lead to the left.

    >>> [round(x, 6) for x in _well_edges()]
    [0.447214, 0.57735]
    """
    return [1 / math.sqrt(5), 1 / math.sqrt(3)]


def _leads_to_the_left(start):
    """Whether one step leads from a start between 0 and 1 to the left minimum.

    >>> _leads_to_the_left(0.5), _leads_to_the_left(0.7)
    (True, False)
    """
    return 0 < start < 1 and abs(_well_next(start) + 1) < 0.05


def _ends_on_the_hill(start):
    """Whether ten steps end at 0, from a start between 0 and 1.

    >>> _ends_on_the_hill(0.3), _ends_on_the_hill(0.7)
    (True, False)
    """
    x = start
    for _ in range(10):
        x = _well_next(x)
    return 0 < start < 1 and abs(x) < 1e-6


_BEND = "f″ = {1:2} is "
_WELL_SENTENCES = {
    "down": (
        "second",
        _BEND + "positive. The parabola’s lowest point is the next x, {2:4}.",
    ),
    "up": ("alarm", _BEND + "negative. The parabola's top is the next x, {2:4}."),
    "none": ("alarm", "f″ = 0: the parabola is a line, and there is no next x."),
    "minimum": ("second", f"The slope is zero, and {_BEND}positive: a minimum."),
    "maximum": ("alarm", f"The slope is zero, and {_BEND}negative: a maximum."),
}


def figure_opening():
    """The parabola that touches the curve, and the leap to its lowest point."""
    figure, ax = draw.opening((-0.5, 2.6), (1.9, 4.7))
    draw.curve(ax, explog.f, 0.1, 1.9, points=61)
    x = newton(explog.grad, explog.hess, 1.6, 1)
    model = quadratic_model(explog.f, explog.grad, explog.hess, x[0])
    draw.curve(ax, model, 0.05, 1.85, "second", points=41, linestyle="--")
    draw.arrow(ax, (x[0], model(x[0])), (x[1], model(x[1])), "second")
    draw.path(ax, x[:1], explog.f(x[:1]), "second")
    ax.plot(x[1:], model(x[1:]), "o", color="second")
    best = explog.minima[0]
    draw.optimum(ax, best, explog.f(best))
    return figure


def figure_pictures():
    """The parabolas under f and the tangents of f′ make the same steps."""
    path = newton(explog.grad, explog.hess, 1.6, steps=2)
    figure, axes = draw.panels(2, 1, height=6.0, sharex=True)
    upper, lower = axes[:, 0]
    draw.curve(upper, explog.f, 0.28, 1.8)
    draw.curve(lower, explog.grad, 0.28, 1.8)
    for k, colour, style in (0, "path", "--"), (1, "second", "-."):
        x, target = path[k], path[k + 1]
        model = quadratic_model(explog.f, explog.grad, explog.hess, x)
        low, high = target - 0.25, x + 0.15
        draw.curve(upper, model, low, high, colour, linestyle=style)
        upper.plot([target], [model(target)], "v", color=colour, zorder=3)
        tangent = lambda z, x=x: explog.grad(x) + explog.hess(x) * (z - x)
        draw.curve(lower, tangent, target - 0.08, high, colour, linestyle=style)
        lower.plot([target], [0], "v", color=colour, zorder=3)
        for ax, height in (upper, explog.f(x)), (lower, explog.grad(x)):
            ax.plot([x], [height], "o", color=colour, zorder=3)
    for ax in upper, lower:
        for x in path:
            ax.axvline(x, color="soft", linewidth=0.7, linestyle=":", zorder=0)
    lower.axhline(0, color="soft", linewidth=0.8)
    upper.set(ylabel="f(x)", ylim=(2.0, 5.2))
    lower.set(xlabel="x", ylabel="slope f′(x)", ylim=(-2.3, 5.2))
    for k in 0, 1, 2:
        draw.label(upper, f"x{'₀₁₂'[k]}", (path[k], 5.2), (0, 6))
    draw.label(upper, "f", (1.5, explog.f(1.5)), (-8, 8), "curve")
    draw.label(upper, "parabola at x₀", (1.22, 3.2), (6, -8), "path", ha="left")
    draw.label(upper, "parabola at x₁", (0.32, 2.4), (-2, 40), "second", ha="left")
    draw.label(lower, "f′", (1.5, explog.grad(1.5)), (-8, 8), "curve")
    draw.label(lower, "tangent at x₀", (1.3, 2.6), (5, -11), "path", ha="left")
    draw.label(lower, "tangent at x₁", (0.8, 1.1), (-4, 12), "second", ha="right")
    return figure


def figure_digits():
    """Newton doubles the digits; gradient descent adds the same number."""
    path = newton(explog.grad, explog.hess, 1.6, 5)
    figure, ax = draw.axes("step k", "correct digits", height=3.6)
    runs = [
        (correct_digits(path - explog.minima[0]), "second", "o-"),
        (digits_by_descent(0.2, 9), "curve", "s--"),
        (digits_by_descent(0.1, 20), "path", "^-."),
    ]
    for digits, colour, style in runs:
        ax.plot(digits, style, color=colour, markersize=4)
    ax.axhline(16, color="soft", linewidth=0.8, linestyle=":")
    draw.label(ax, "end of the arithmetic", (20, 16), (0, -9), "soft", ha="right")
    draw.label(ax, "Newton", (5, 13.1), (-6, 2), "second", ha="right")
    draw.label(ax, "rate 0.2", (8, 12), (12, -4), "curve", ha="left")
    draw.label(ax, "rate 0.1", (15.5, 4.4), (6, -15), "path", ha="left")
    ax.set(ylim=(-0.5, 17), xticks=range(0, 21, 4))
    return figure


def figure_constant():
    """The error divided by the square of the error before it settles."""
    errors = errors_in_decimals()
    figure, ax = draw.axes("step k", "error / (error before)²", height=2.8)
    ratios = square_ratios(errors)
    limit = abs(constant(explog, explog.minima[0]))
    ax.axhline(limit, color="optimum", linestyle="--")
    ax.plot(ratios, "o-", color="second")
    text = f"|f‴/(2f″)| = {limit:.4f}"
    draw.label(ax, text, (7, limit), (0, -13), "optimum", ha="right")
    ax.set(ylim=(0, 1.15))
    return figure


def figure_rates():
    """Newton's rate is 1/f″ where it stands; one fixed rate is best at x*."""
    best = explog.minima[0]
    sharp = 1 / explog.hess(best)
    path = newton(explog.grad, explog.hess, 1.6, steps=3)
    figure, axes = draw.panels(2, 1, height=6.2)
    where, speed = axes[:, 0]
    draw.curve(where, lambda x: 1 / explog.hess(x), 0.2, 1.75, "curve")
    where.plot(path[:-1], 1 / explog.hess(path[:-1]), "o", color="second", zorder=3)
    where.axhline(0.1, color="path", linestyle="-.", linewidth=1.2)
    where.axvline(best, color="soft", linestyle=":", linewidth=0.8)
    where.set(xlabel="x", ylabel="rate", ylim=(0, 0.33))
    for k, offset in (0, (2, 12)), (1, (0, 11)), (2, (-12, 8)):
        at = (path[k], 1 / explog.hess(path[k]))
        draw.label(where, f"x{'₀₁₂'[k]}", at, offset, "second")
    draw.label(where, "Newton: rate 1/f″(x)", (0.94, 0.27), (0, 12), "curve", ha="left")
    draw.label(where, "descent: rate 0.1", (1.3, 0.1), (0, -13), "path")
    draw.optimum(where, best, sharp, f"at x*: {sharp:.4f}", (10, -18), ha="left")

    for low, high in (0.005, sharp - 2e-4), (sharp + 2e-4, 2 * sharp):
        draw.curve(speed, _gain, low, high, "curve")
    speed.axvline(sharp, color="optimum", linestyle="--")
    for rate in 0.1, 0.2, 0.3:
        digits = measured_gain(rate)
        speed.plot([rate], [digits], "o", color="path", zorder=3)
        offset, side = ((-8, 6), "right") if rate < sharp else ((8, 6), "left")
        text = f"{rate:g}: {digits:.2f}"
        draw.label(speed, text, (rate, digits), offset, "path", ha=side)
    draw.label(
        speed, f"1/f″(x*) = {sharp:.4f}", (sharp, 2.2), (7, 0), "optimum", ha="left"
    )
    limit = 2 * sharp
    draw.label(speed, f"limit {limit:.4f}", (limit, 0), (-2, -11), "alarm", ha="right")
    speed.plot([limit], [0], "x", color="alarm", zorder=3)
    speed.set(xlabel="fixed rate", ylabel="digits per step", ylim=(-0.32, 2.5))
    return figure


def figure_wrong():
    """With the right slope the digits double, with a wrong one they trickle."""
    root = newton(quintic.f, quintic.grad, 1.0, 12)[-1]
    figure, ax = draw.axes("step k", "correct digits", height=3.4)
    right = newton(quintic.f, quintic.grad, 1.0, 5)
    wrong = newton(quintic.f, wrong_slope, 1.0, 25)
    ax.plot(correct_digits(right - root), "o-", color="second", markersize=4)
    ax.plot(correct_digits(wrong - root), "^-.", color="alarm", markersize=4)
    draw.label(ax, "right slope", (5, 13.7), (9, 0), "second", ha="left")
    draw.label(ax, "wrong slope", (16, 7.5), (9, -8), "alarm", ha="left")
    ax.set(ylim=(0, 16.5))
    return figure


def figure_hill():
    """Where the curvature is negative the parabola opens downwards."""
    path = newton(well.grad, well.hess, 0.3, steps=2)
    figure, ax = draw.axes("x", "f(x)", height=3.2)
    draw.curve(ax, well.f, -1.45, 1.45)
    model = quadratic_model(well.f, well.grad, well.hess, path[0])
    draw.curve(ax, model, -0.75, 0.62, "alarm", linestyle="--")
    top = (path[1], model(path[1]))
    ax.plot(*top, "v", color="alarm", zorder=3)
    ax.plot([path[0]], [well.f(path[0])], "o", color="path", zorder=3)
    draw.label(ax, "start 0.3", (path[0], well.f(path[0])), (9, 7), ha="left")
    text = f"parabola's top, x = {signed(path[1], '.3f')}"
    draw.label(ax, text, top, (0, 14), "alarm")
    draw.label(ax, "it opens\ndownwards", (0, -0.17), (0, 0), "alarm")
    for best in well.minima:
        draw.optimum(ax, best, well.f(best), "minimum", (0, -16))
    ax.set(ylim=(-0.36, 0.14))
    return figure


def figure_choice(parabola="model"):
    """The curve with the model at 0.25, or with the parabola of a slip."""
    figure, ax = draw.axes("x", "f(x)", width=3.4, height=2.4)
    draw.curve(ax, explog.f, 0.09, 1.15)
    draw.curve(ax, _parabola(parabola), 0.02, 1.15, "path", linestyle="--")
    ax.plot([0.25], [explog.f(0.25)], "o", color="path")
    ax.set(xlim=(0, 1.2), ylim=(2, 3.6))
    return figure


def figure_explore_newton():
    figure, ax = draw.axes("x", "f(x)", height=3.4)
    edges = Marks(["to and fro", "f″ = 0"], _well_edges, waits=True)
    draw.curve(ax, well.f, -2, 2)
    ax.set(xlim=(-2, 2), ylim=(-0.75, 0.6), xticks=[-2, -1, 0, 1, 2])
    for best in well.minima:
        draw.optimum(ax, best, well.f(best))
    return movable(
        figure,
        ax,
        knobs=[Knob("start", "start x₀", -1.6, 1.6, 0.05, 0.7, edges)],
        layers=[
            Layer(_well_guide, "level", "soft"),
            Layer(_well_model, "line"),
            Layer(_well_dots, "dots"),
        ],
        says=(_well_says, _WELL_SENTENCES),
        table=(_well_rows, ["k", "xₖ", "f", "f′", "f″"]),
        formula=(
            lambda start: [
                start,
                well.slopes(start),
                well.curvatures(start),
                _well_next(start),
            ],
            r"x - \dfrac{f'(x)}{f''(x)} = {1:3} - \dfrac{{2:3}}{{3:3}} = {4:3}",
        ),
        click=["start"],
        again=(lambda start: [_well_next(start)], "Take the step"),
        targets={
            "left": Target(_leads_to_the_left, {"start": 0.5}),
            "hill": Target(_ends_on_the_hill, {"start": 0.3}),
        },
    )
