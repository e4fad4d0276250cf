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
from itertools import pairwise

import numpy as np
from descent import descend, step, steps_to_a_millionth
from loss import largest_rate
from shared import draw
from shared.explorable import Knob, Layer, Marks, Target, movable
from shared.landscapes import explog, lncosh, quad1, quartic, sqrt1p, tilted
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


def swept_loss(rate):
    """Return the loss of the line after fifty steps with this rate, from w = b = 0."""
    return sweep(line_loss, line_grad, [0.0, 0.0], [rate], steps=50)[0]


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


_SHOWN_RATES = 0.01, 0.1, 0.5, 0.9, 1.0, 1.1
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


def claim_six_rates_do_what_the_figure_says():
    """From x = 2: 0.01 and 0.1 approach, 0.5 lands, 0.9 overshoots and comes closer.

    Rate 1 jumps between 2 and −2, and 1.1 climbs.
    """
    run = {rate: descend(quad1.grad, 2.0, rate, 30) for rate in _SHOWN_RATES}
    nearer = {rate: (np.diff(np.abs(path)) < 0).all() for rate, path in run.items()}
    sides = {rate: np.sign(path) for rate, path in run.items()}
    jumps = (-1.0) ** np.arange(31)
    return bool(
        all(nearer[rate] and (sides[rate] == 1).all() for rate in (0.01, 0.1))
        and (run[0.5][1:] == 0).all()
        and nearer[0.9]
        and all((sides[rate] == jumps).all() for rate in (0.9, 1.0, 1.1))
        and run[1.0].tolist() == [2.0, -2.0] * 15 + [2.0]
        and (np.diff(np.abs(run[1.1])) > 0).all()
    )


def claim_a_step_multiplies_by_the_factor():
    """On x^2 a step from x leads to (1 − 2η) x, which is x − η · 2x."""
    rates, starts = np.linspace(0, 1.2, 25), np.linspace(-3, 3, 25)[:, np.newaxis]
    return bool(np.allclose(step(quad1.grad, starts, rates), factor(rates, 2) * starts))


def claim_the_factor_tells_the_regime():
    """At 59 rates the run on x^2 does what its factor says; best ½, limit 1."""
    for rate in np.arange(2, 120, 2) / 100:
        errors = descend(quad1.grad, 2.0, rate, 40)
        nearer = abs(errors[1]) < 2
        overshoots = errors[1] < 0
        said = {
            (True, False): "approaches" if rate != 0.5 else "lands in one step",
            (True, True): "overshoots, converges",
            (False, True): "oscillates for ever" if rate == 1 else "diverges",
        }[nearer, overshoots]
        if regime(rate, 2) != said or (abs(errors[40]) < 2) != nearer:
            return False
    return True


def claim_the_best_rate_is_half_the_limit():
    """For 40 λ: 1/λ, half the limit, lands in one step; just below 2/λ it converges."""
    for curvature in np.geomspace(0.01, 1000, 40):
        slope = lambda x, curvature=curvature: curvature * x
        size = lambda rate, slope=slope: abs(descend(slope, 1.0, rate, 200)[-1])
        lands = abs(descend(slope, 1.0, best_rate(curvature), 1)[1]) < 1e-15
        ends = [size(share * limit(curvature)) for share in (0.01, 0.99, 1.01)]
        if not (lands and max(ends[:2]) < 0.1 < 10 < ends[2]):
            return False
    return best_rate(3.0) == limit(3.0) / 2


def claim_the_steps_are_a_mirror_image():
    """Rates η and 1 − η, as 0.1 and 0.9, need the same steps to a millionth."""
    rates = np.arange(1, 50) / 100
    paths = descend(quad1.grad, np.full(98, 2.0), np.append(rates, 1 - rates), 720)
    counts = [first_within(path, 0.0, 1e-6) for path in paths.T]
    return counts[:49] == counts[49:]


def claim_the_factor_has_a_curvature_on_the_way():
    """At 25 starts and three rates on eˣ − ln x."""
    best = explog.minima[0]
    for x in np.linspace(0.1, 3, 25):
        way = explog.hess(np.linspace(min(x, best), max(x, best), 2001))
        for rate in (0.05, 0.2, 0.4):
            met = (1 - (step(explog.grad, x, rate) - best) / (x - best)) / rate
            if not way.min() * (1 - 1e-6) < met < way.max() * (1 + 1e-6):
                return False
    return True


def claim_overshooting_can_be_faster():
    """From 28 starts between 0.4 and 1.75 rate 0.3 needs fewer steps than 0.1.

    And each of its steps overshoots.
    """
    best = explog.minima[0]
    for start in np.arange(0.4, 1.76, 0.05):
        quick, slow = (descend(explog.grad, start, rate, 30) for rate in (0.3, 0.1))
        k = first_within(quick, best, 5e-5)
        crosses = (np.diff(np.sign(quick[: k + 1] - best)) != 0).all()
        if not crosses or k >= first_within(slow, best, 5e-5):
            return False
    return True


def claim_from_afar_runs_are_lost_before_the_limit():
    """From 1.6, at each of EXPLOG_RATES from 0.33 on, and at none below."""
    lost = lost_from(EXPLOG_RATES)
    gone = np.isnan(explog_steps(EXPLOG_RATES))
    limit_here = limit(explog.hess(explog.minima[0]))
    return bool((gone == (lost <= EXPLOG_RATES)).all() and lost < 0.9 * limit_here)


@np.errstate(over="ignore")  # a run that is lost
def claim_for_a_long_way_the_best_rate_is_best():
    """To 10^{-12}, from nine starts, it is within 0.005 of 1/f″."""
    best = best_rate(explog.hess(explog.minima[0]))
    for start in np.linspace(0.2, 1.8, 9):
        counts = explog_steps(EXPLOG_RATES, start, 1e-12, steps=100)
        fewest = EXPLOG_RATES[counts == np.nanmin(counts)]
        if np.abs(fewest - best).min() > 0.005:
            return False
    return True


def claim_two_runs_one_is_lost():
    """From 1.6 rate 0.3 arrives, 0.5 leaves with its first step and slides on."""
    kept, gone = (descend(explog.grad, 1.6, rate, 20) for rate in (0.3, 0.5))
    arrives = (kept > 0).all() and abs(kept[-1] - explog.minima[0]) < 1e-4
    return bool(arrives and (gone[1:] < 0).all() and (np.diff(gone) < 0).all())


def claim_left_of_zero_there_is_no_way_back():
    """The slope formula is positive at 200 places left of zero."""
    return bool((explog.grad(-np.geomspace(1e-6, 500, 200)) > 0).all())


@np.errstate(over="ignore", invalid="ignore")  # a run that explodes
def claim_on_the_quartic_the_start_decides():
    """On x^4, slope 4x^3, a step multiplies by 1 − 4ηx^2.

    With rate 0.1 it comes nearer exactly where x^2 < 5.
    """
    for x in np.append(np.linspace(0.1, 2.23, 30), np.linspace(2.24, 5, 30)):
        first = step(quartic.grad, x, 0.1)
        if abs(first - (1 - 4 * 0.1 * x**2) * x) > 1e-12:
            return False
        if (abs(first) < x) != (x**2 < 5):
            return False
    ends = descend(quartic.grad, np.array([2.0, 2.23, 2.24]), 0.1, 2000)[-1]
    return bool(abs(ends[0]) < 0.05 and abs(ends[1]) < 0.05 and not abs(ends[2]) < 1)


def claim_below_two_over_the_largest_curvature_it_converges():
    """On three curves, from five starts, at four rates up to 0.999 · 2/Λ."""
    for curve in (explog, sqrt1p, lncosh):
        best = curve.minima[0]
        for start in best + np.array([-0.5, -0.2, 0.1, 0.3, 0.5]):
            edge = abs(start - best)
            most = curve.hess(np.linspace(best - edge, best + edge, 999)).max()
            for share in (0.1, 0.5, 0.9, 0.999):
                path = descend(curve.grad, start, share * limit(most), 200)
                errors = np.abs(path - best)
                far = errors[:-1] > 1e-9
                if (np.diff(errors)[far] >= 0).any() or errors[-1] > 0.9 * edge:
                    return False
    return True


def claim_the_bars_end_where_the_rule_says():
    """For c = 0.0001, 0.5 and c = 0.9 on the parabola; ½ is also the best step."""
    for c in (1e-4, 0.5, 0.9):
        line = lambda t, c=c: quad1.f(2.0) - c * t * quad1.grad(2.0) ** 2
        below = lambda t, line=line: quad1.f(2.0 - t * quad1.grad(2.0)) <= line(t)
        last = largest_accepted(c)
        if not below(last * (1 - 1e-9)) or below(last * (1 + 1e-9)):
            return False
    return largest_accepted(0.5) == best_rate(2.0) == 0.5


def claim_half_is_the_last_that_allows_the_best_step():
    """On parabolas c = 1/2 ends at 1/λ, more ends below it, 1e-4 just below 2/λ.

    In TeX c = 12 is one half.
    """
    for curvature in np.geomspace(0.01, 100, 30):
        ends = [largest_accepted(c, curvature) * curvature for c in (0.5, 0.51, 1e-4)]
        if not (abs(ends[0] - 1) < 1e-12 and ends[1] < 1 and 1.999 < ends[2] < 2):
            return False
    return True


def claim_on_one_bowl_it_hardly_matters():
    """For λ = 5 all c from 1e-5 up to one half need 32 or 33 steps."""
    counts = {bowl_search_steps(c, 5.0) for c in (1e-5, 1e-4, 0.01, 0.1, 0.3, 0.5)}
    return counts == {32, 33}


def claim_a_tiny_fraction_passes_the_full_step():
    """With λ = 1.9 a tiny c lets t = 1 pass at each of 30 steps.

    With c = 0.1 no step after the first is longer than one half.
    """
    bowl = np.diag([1.9, 1.0])
    f, grad = quadratic(bowl), quadratic_grad(bowl)
    taken = []
    for c in (1e-4, 0.1):
        path = descend_searching(f, grad, [2.0, 2.0], 30, c=c)[:-1]
        taken.append([backtrack(f, grad, x, -grad(x), c=c)[0] for x in path])
    return taken[0] == [1.0] * 30 and taken[1][1:] == [0.5] * 29


def claim_a_search_stays_in_the_domain():
    """From 40 starts between 0.01 and 3, and it comes within 5e-5."""
    for start in np.geomspace(0.01, 3, 40):
        path = descend_searching(explog.f, explog.grad, start, 25)
        if (path <= 0).any() or abs(path[-1] - explog.minima[0]) > 5e-5:
            return False
    return True


def claim_a_search_costs_two_to_five_trials_more():
    """In ten steps from 1.6 and from 0.02: two to five trials more than the one."""
    for start in (1.6, 0.02):
        path = descend_searching(explog.f, explog.grad, start, 10)
        for x in path[:-1]:
            if not 3 <= backtrack(explog.f, explog.grad, x, -explog.grad(x))[1] <= 6:
                return False
    return True


def claim_polyak_halves_on_the_parabola():
    """On x^2 the rate x^2/(2x)^2 is 1/4 (in TeX 14), and a step halves the distance."""
    starts = np.linspace(-3, 3, 20)
    rates = [quad1.f(x) / quad1.grad(x) ** 2 for x in starts]
    ends = [polyak(quad1.f, quad1.grad, x, 0.0, 1)[1] for x in starts]
    return bool(np.allclose(rates, 1 / 4) and np.allclose(ends, starts / 2))


def claim_polyak_halves_near_a_minimum():
    """Within a thousandth of five minima it halves the distance, to a thousandth."""
    for curve in (explog, tilted, lncosh, sqrt1p):
        for best in curve.minima:
            for error in (1e-3, -1e-3):
                start, lowest = best + error, curve.f(best)
                after = polyak(curve.f, curve.grad, start, lowest, 1)[1] - best
                if abs(after / error - 0.5) > 1e-3:
                    return False
    return True


def claim_polyaks_rate_is_half_the_best():
    """Near minima f − f* ≈ λ e^2 / 2 and η ≈ 1/(2λ), half of 1/λ; in TeX 12 λ e^2."""
    for curve in (explog, tilted, lncosh, sqrt1p):
        for best in curve.minima:
            error, curvature = 1e-3, curve.hess(best)
            gap = curve.f(best + error) - curve.f(best)
            rate = gap / curve.grad(best + error) ** 2
            if abs(gap / (curvature * error**2 / 2) - 1) > 0.01:
                return False
            if abs(rate * 2 * curvature - 1) > 0.01:
                return False
    return True


def claim_polyak_takes_three_quarters_on_the_quartic():
    """On x^4 it multiplies by 3/4, in TeX by 34; fixed rates slow down.

    From 2, three of them, the later of two steps leaves more of the distance.
    """
    path = polyak(quartic.f, quartic.grad, 2.0, 0.0, 60)
    if not np.allclose(path[1:] / path[:-1], 3 / 4):
        return False
    for rate in (0.02, 0.05, 0.1):
        left = np.abs(descend(quartic.grad, 2.0, rate, 100))
        if not left[100] / left[99] > left[20] / left[19] > 3 / 4:
            return False
    return True


def claim_the_sweep_falls_and_then_shoots_up():
    """The loss falls up to the best of SWEEP_RATES; above the limit it explodes."""
    best, cliff = int(np.argmin(SWEPT)), largest_rate(line_hess())
    falls = (np.diff(SWEPT[: best + 1]) < 0).all()
    above = np.array(SWEPT)[cliff * 1.05 < SWEEP_RATES]
    return bool(falls and (above > SWEPT[0]).all() and SWEPT[0] > 0.9 * 21)


def claim_ten_times_smaller_is_ten_times_slower():
    """Ten times smaller is ten times slower.

    To 2 % from 0.01 down, to a tenth from 0.1.
    """
    steps = [predicted_steps(rate) for rate in (0.1, 0.01, 0.001, 0.0001)]
    ratios = [after / before for before, after in pairwise(steps)]
    return abs(ratios[0] - 10) < 1.1 and max(abs(r - 10) for r in ratios[1:]) < 0.2


def claim_at_the_limit_the_loss_stays():
    """With rate 1 on x^2 it jumps between 2 and −2, where the loss is 4."""
    path = descend(quad1.grad, 2.0, 1.0, 8)
    return {*path.tolist()} == {2.0, -2.0} and {*quad1.f(path).tolist()} == {4.0}


def refutes_the_limit_at_the_start(start, rate=0.1):
    """Say whether a run on x⁴ converges though its rate is above 2/f″(start)."""
    with np.errstate(over="ignore", invalid="ignore"):
        end = descend(quartic.grad, start, rate, 200)[-1]
    return bool(rate > limit(quartic.hess(start)) and abs(end) < 0.1)


def claim_a_tiny_fraction_can_cost_twentyfold():
    """On the bowl with λ = 1.9 every c up to 1e-4 needs twenty times c = 0.1."""
    tiny = [bowl_search_steps(c, 1.9) for c in (1e-6, 1e-5, 1e-4)]
    return min(tiny) > 20 * bowl_search_steps(0.1, 1.9)


def claim_below_a_ten_thousandth_c_is_no_matter():
    """On BOWLS the steps for c = 1e-8 and for 1e-4 differ by less than 1 %."""
    pairs = [(bowl_search_steps(1e-8, h), bowl_search_steps(1e-4, h)) for h in BOWLS]
    return all(abs(tiny / usual - 1) < 0.01 for tiny, usual in pairs)


def claim_three_tenths_is_the_safer_choice():
    """On BOWLS 0.3 is safer than 1e-4.

    It never costs a third more steps, and it can save nine tenths.
    """
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


def claim_the_curve_to_move_closes_in():
    """Its first run changes sides at each step, and every second one is nearer."""
    off = np.array(_explog_path(0.3, 1.6))[:, 0] - explog.minima[0]
    return bool((off[1:] * off[:-1] < 0).all() and (abs(off[2:] / off[:-2]) < 1).all())


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


def _jumps_and_converges(rate, start):
    """Whether the steps change the side and the path still converges.

    >>> _jumps_and_converges(0.9, 2.0), _jumps_and_converges(0.1, 2.0)
    (True, False)
    """
    return start != 0 and regime(rate, 2) == "overshoots, converges"


def _is_the_largest(rate, start):
    """Whether the path does not diverge, and at a rate 0.01 larger it would.

    >>> _is_the_largest(1.0, 2.0), _is_the_largest(0.99, 2.0)
    (True, False)
    """
    border = limit(2)
    return start != 0 and rate <= border < rate + 0.01


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


def _leaves(rate, start):
    """Whether the run leaves x > 0 at the rate at which the figure begins.

    >>> _leaves(0.3, 0.1), _leaves(0.3, 1.6), _leaves(0.5, 1.6)
    (True, False, False)
    """
    return abs(rate - 0.3) < 0.005 and len(_explog_walk(rate, start, 400)) <= 400


def _leaves_at_best(rate, start):
    """Whether the run leaves x > 0 at a rate that is no larger than the best.

    >>> _leaves_at_best(0.2, 0.05), _leaves_at_best(0.3, 0.05)
    (True, False)
    """
    best = _explog_marks()[0]
    return rate <= best and len(_explog_walk(rate, start, 400)) <= 400


_POINTS = ["k", "xₖ", "f(xₖ)"]


def _rate_knob(high, value, marks, waits):
    given = Marks(["best", "limit"], marks, waits)
    return Knob("rate", "rate η", 0.01, high, 0.01, value, given)


def figure_opening():
    """One parabola, three rates: creeping, zig-zagging, leaving."""
    figure, ax = draw.opening((-3.2, 14.2), (-0.8, 7.4))
    for at, start, rate in (0, 2.4, 0.08), (5.5, 2.4, 0.9), (11, 1.3, 1.09):
        path = descend(quad1.grad, start, rate, steps=4)
        draw.curve(
            ax, lambda x, at=at: quad1.f(x - at), at - 2.65, at + 2.65, points=31
        )
        colour = "path" if rate < 1 else "alarm"
        ax.plot(at + path, quad1.f(path), color=colour, linewidth=1)
        draw.path(ax, at + path, quad1.f(path), colour, arrows=False)
        draw.optimum(ax, at, 0)
    return figure


def figure_regimes():
    figure, axes = draw.panels(3, 2, height=6.6, sharex=True, sharey=True)
    for ax, rate in zip(axes.flat, _SHOWN_RATES, strict=True):
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
        (0.5, 1, "overshoots,\nconverges", (0.56, -0.66), "path"),
        (1, 1.25, "diverges", (1.25, -1.3), "alarm"),
    ]:
        style = {"second": "-", "path": "--", "alarm": ":"}[colour]
        draw.curve(ax, lambda r: factor(r, 2), low, high, colour, 2, linestyle=style)
        side = "right" if colour == "path" else "left"
        draw.label(ax, text, at, (0, 0), colour, ha=side)
    draw.optimum(ax, 0.5, 0, "η = ½: one step", (8, 12), ha="left")
    ax.plot([1], [-1], "s", color="alarm")
    draw.label(ax, "η = 1: for ever", (1, -1), (8, 8), "alarm", ha="left")
    draw.label(ax, "inside the band\nthe error shrinks", (1.14, 0.6), (0, 0), "soft")
    ax.set(xlim=(0, 1.7), ylim=(-1.65, 1.15), yticks=[-1, 0, 1])
    return figure


def figure_steps():
    rates = np.linspace(0.01, 0.99, 99)
    paths = descend(quad1.grad, np.full(99, 2.0), rates, 720)
    counts = [first_within(path, 0.0, 1e-6) for path in paths.T]
    figure, ax = draw.axes("rate η", "steps until |x| < 10⁻⁶", height=3.3)
    ax.semilogy(rates, counts, "o", markersize=3, color="path")
    ax.set(ylim=(0.7, 1500), xlim=(-0.02, 1.02))
    for at, offset, side in [
        (0, (8, 2), "left"),
        (9, (8, 2), "left"),
        (24, (8, 4), "left"),
        (89, (-8, 2), "right"),
        (98, (-8, 2), "right"),
    ]:
        text = f"{counts[at]} at {rates[at]:.2g}"
        draw.label(ax, text, (rates[at], counts[at]), offset, ha=side)
    draw.optimum(ax, 0.5, counts[49], f"{counts[49]} step at ½", (10, 0), ha="left")
    return figure


def figure_explog():
    rates, counts = EXPLOG_RATES, explog_steps(EXPLOG_RATES)
    curvature = explog.hess(explog.minima[0])
    figure, ax = draw.axes("rate η", "steps to 5·10⁻⁵", height=3.5)
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
    ticks = [3, 10, 30, 100]
    ax.set(ylim=(2.2, 130), xlim=(0, 0.58), yticks=ticks)
    ax.set_yticklabels([f"{tick}" for tick in ticks])
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
    """Along the downhill direction from x = 2: the lines, and what they accept."""
    slope = quad1.grad(2.0)
    figure, ax = draw.axes("step t", "f(2 − t f′(2))", height=4.0)
    draw.curve(ax, lambda t: quad1.f(2.0 - t * slope), 0, 1.12)
    for c, colour, line, y in [
        (1e-4, "second", "--", -0.9),
        (0.5, "third", "-.", -1.6),
        (0.9, "path", ":", -2.3),
    ]:
        bar = lambda t, c=c: 4.0 - c * t * slope**2
        last = largest_accepted(c)
        draw.curve(ax, bar, 0, min(1.12, 1.3 * last), colour, 2, linestyle=line)
        ax.plot([last], [bar(last)], "D", color=colour, markersize=6)
        ax.plot([0, last], [y, y], color=colour, linewidth=5, solid_capstyle="butt")
        ax.plot([last, last], [y, bar(last)], color=colour, linewidth=0.6)
        draw.label(ax, f"c = {c:g}", (last, y), (6, 0), colour, ha="left")
    draw.label(ax, "accepted", (0.12, -0.45), (0, 0), "soft", ha="left")
    ax.plot([1], [4], "o", color="alarm", markersize=9, markerfacecolor="none")
    draw.label(ax, "t = 1\nrejected", (1, 4), (14, -20), "alarm", ha="left")
    t = accepted_step(1e-4)
    draw.optimum(ax, t, quad1.f(2.0 - t * slope), f"t = {t:g}", (34, -9))
    ax.set(xlim=(-0.02, 1.4), ylim=(-2.8, 5), yticks=range(5))
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
    draw.optimum(ax, SWEEP_BEST, min(SWEPT), text, (-30, -4), ha="right")
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
            _rate_knob(1.15, 0.1, _square_marks, waits=True),
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
        formula=(
            lambda rate: [quad1.curvatures(0.0), rate, factor(rate, 2)],
            r"x_{k+1} = (1 - f''\eta)\,x_k = (1 - {1:0} \cdot {2:2})\,x_k = {3:2}\,x_k",
        ),
        click=["start"],
        targets={
            "jumps": Target(_jumps_and_converges, {"rate": 0.9}),
            "largest": Target(_is_the_largest, {"rate": 1.0}),
        },
    )


def figure_explore_explog():
    best = explog.minima[0]
    bend = explog.curvatures(best)
    figure, ax = draw.axes("x", "f(x) = eˣ − ln x", height=3.4)
    ax.axvspan(-0.4, 0, color="level1")
    draw.curve(ax, explog.f, 1e-6, 3.0, points=401)
    draw.optimum(ax, best, explog.f(best))
    ax.set(xlim=(-0.4, 3.0), ylim=(1.4, 16))
    draw.label(ax, "no f here", (-0.2, 8.7), rotation=90)
    near = "After 10 steps x = {2:4}. After {1:0} it is within 0.00005 of the minimum; "
    near += "near it "
    return movable(
        figure,
        ax,
        knobs=[
            _rate_knob(0.6, 0.3, _explog_marks, waits=False),
            Knob("start", "start x₀", 0.05, 2.8, 0.05, 1.6),
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
        formula=(
            lambda rate: [bend, rate, factor(rate, bend)],
            r"1 - f''(x^\star)\,\eta = 1 - {1:3} \cdot {2:2} = {3:3}",
        ),
        click=["start"],
        targets={
            "leaves": Target(_leaves, {"start": 0.1}),
            "first mark": Target(_leaves_at_best, {"rate": 0.2, "start": 0.05}),
        },
    )
