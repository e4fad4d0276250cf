"""Convergence: how to tell a minimum from a stall.

x, θ, θₖ   the point, after k steps           x, path[k]
L, f       the loss                           landscape.f
∇L         the gradient                       landscape.grad
η          the learning rate                  rate
ε          the tolerance of a stopping test   tolerance
q          what one step leaves of the error  factor
"""

import math
from functools import cache, lru_cache

import numpy as np
from descent import descend
from shared import draw, landscapes
from shared.explorable import Choice, Knob, Layer, Marks, Target, movable
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
    "an honest run": (quad1, 2.0, 0.1, 100),  # quad1 is x²
    "tiny rate": (quad1, 2.0, 1e-8, 100),
    "two-cycle": (quad1, 2.0, 1.0, 100),
    "plateau": (plateau, 8.0, 0.1, 100),  # tanh²x
    "saddle": (saddle, np.array([1.0, 1e-12]), 0.1, 100),  # x² - y²
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


def crossing(y, rate):
    """Return the continuous time at which |y| = 1 on x² - y².

    >>> round(crossing(0.25, rate=0.5), 12)
    2.0
    """
    return math.log(1 / y) / math.log(1 + 2 * rate)


def next_steps(step, factor, count=1):
    """Return how far the next steps lead together, after one of this length.

    >>> next_steps(1.0, factor=0.5, count=2)
    0.75
    """
    return sum(step * factor**k for k in range(1, count + 1))


def missed_by_all(share, starts):
    """Return the probability that no random start lies in a basin of this share.

    >>> missed_by_all(0.5, starts=2)
    0.25
    """
    return (1 - share) ** starts


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


def claim_small_steps_keep_the_border():
    """For rates 0.005, 0.01 and 0.02 the hill parts 401 starts; for 0.1 it does not."""
    starts = np.linspace(-2, 2, 401)
    left = starts < basin_border()
    parted = [
        np.array_equal(
            descend(tilted.grad, starts, rate, round(8 / rate))[-1] < 0, left
        )
        for rate in (0.005, 0.01, 0.02, 0.1)
    ]
    return parted == [True, True, True, False]


def claim_only_the_honest_run_has_arrived():
    """Where a test stops it, the honest run is within 0.002 of its minimum. Each of
    the other five of the six is stopped by at least one test, farther than 0.05 from
    a minimum.
    """
    tests = "step", "loss", "gradient"
    left = {
        name: [d for test in tests if (d := distance_at_stop(name, test)) is not None]
        for name in RUNS
    }
    honest, *impostors = left.values()
    return len(honest) == 3 and max(honest) < 0.002 and min(map(max, impostors)) > 0.05


def claim_the_impostors_stand_there():
    """Where the loss test stops them: at 2, at ±2, at 8, and in the middle of the
    saddle, to less than 0.002; the two losses of the two-cycle are equal.
    """
    at = {name: outcome(name)[0][outcome(name)[1]["loss"]] for name in RUNS}
    cycle = outcome("two-cycle")[0]
    near = abs(at["tiny rate"] - 2), abs(at["plateau"] - 8), *abs(at["saddle"])
    return bool(
        max(near) < 0.002
        and {*cycle.tolist()} == {2.0, -2.0}
        and np.ptp(quad1.f(cycle)) == 0
    )


def claim_a_tiny_rate_stops_at_once():
    """On four landscapes, from three starts each, a rate stops the step test at 1."""
    starts = {
        quad1: (2.0, -1.0, 0.1),
        plateau: (0.5, 2.0, 8.0),
        rosenbrock: ([-1.2, 1.0], [2.0, 2.0], [0.0, 0.0]),
        himmelblau: ([0.0, 0.0], [6.0, 6.0], [-5.0, 1.0]),
    }
    return all(
        stops(signals(one, descend(one.grad, np.array(start), 1e-10, 2))["step"]) == 1
        for one, three in starts.items()
        for start in three
    )


def claim_nearer_starts_cost_little_more():
    """At rates from 0.05 to 0.3 a start a million times nearer costs, to one step,
    ln(1,000,000) / ln(1 + 2 rate) steps more, and all leave at the predicted step.
    """
    for rate in (0.05, 0.1, 0.3):
        more = math.log(1e6) / math.log(1 + 2 * rate)
        for y in (0.3, 1e-3, 1e-5):
            near, far = (counted_to_leave(z, rate, 300) for z in (y * 1e-6, y))
            if abs(near - far - more) > 1 or far != steps_to_leave(y, rate):
                return False
    return True


def claim_a_kick_frees_the_run():
    """With y = 0 the run does not leave in 200 steps; kicks from 1e-15 to 1e-3 do."""
    kicks = 10.0 ** np.arange(-15, -2)
    held = counted_to_leave(0.0) is None
    return held and None not in [counted_to_leave(kick) for kick in kicks]


def claim_a_flat_saddle_holds_half_of_its_starts():
    """On x³ all runs from 40 starts right of 0 come to rest at 0, and none passes it;
    those from the left fall for ever.
    """
    right = np.linspace(0.05, 1, 40)
    ends = descend(cubic.grad, right, 0.1, 3000)[-1]
    left = descend(cubic.grad, -right[::8], 0.1, 3)
    arrived = (ends > 0).all() and ends.max() < 0.002
    return bool(arrived and (np.diff(left, axis=0) < 0).all())


@cache
def claim_no_run_ends_at_a_saddle():
    """Himmelblau's function has four minima, four saddles and one hill. All 441 runs
    end in minima, for the rate, for half of it and for twice the rate.
    """
    kinds = [s.kind for s in himmelblau.stationary]
    counts = census(), census(0.0025, steps=3000), census(0.01, steps=750)
    known = kinds == ["minimum"] * 4 + ["saddle"] * 4 + ["maximum"]
    return known and all(sum(count[:4]) == 21**2 for count in counts)


def claim_the_drawn_runs_end_in_minima():
    """Each of the eight runs that are drawn ends in a minimum after 200 steps."""
    ends = descend(himmelblau.grad, _census_starts().T, 0.005, 200)[-1]
    return len(ends.T) == 8 and bool((himmelblau.f(ends) < 1e-12).all())


def claim_the_plain_is_as_level_as_the_formulas():
    """Beyond x = 3 the loss is 1 − 4 exp(−2x) and the slope 8 exp(−2x), within 1 %,
    and a step lowers exp(2x) by 16 times the rate, within 2 %, for three rates.
    """
    x = np.linspace(3, 10, 71)
    tail = np.exp(-2 * x)
    close = np.allclose((1 - plateau.f(x)) / (4 * tail), 1, atol=0.01)
    close &= np.allclose(plateau.grad(x) / (8 * tail), 1, atol=0.01)
    for rate in (0.01, 0.1, 0.3):
        fall = (1 - np.exp(-2 * rate * plateau.grad(x))) / tail
        close &= np.allclose(fall / (16 * rate), 1, atol=0.02)
    return bool(close)


def claim_the_floor_is_half_a_digit():
    """1 + x² is exactly 1 for 200 x with x² below half of the distance from 1 to the
    next number, and above 1 for 200 beyond.
    """
    edge = math.sqrt(np.finfo(float).eps / 2)
    below, above = np.linspace(-0.999, 0.999, 200), np.linspace(1.001, 9, 200)
    return bool((flat(below * edge) == 1).all() and (flat(above * edge) > 1).all())


def claim_losses_see_half_the_digits():
    """Near minima at 1, 3 and 700, where the loss is 1, losses tell apart points that
    agree with the minimum in seven of sixteen digits, and not in nine: about eight,
    half the digits.
    """
    for best in (1.0, 3.0, 700.0):
        loss = lambda x, best=best: 1 + ((x - best) / best) ** 2
        near, far = best * (1 + 1e-9), best * (1 + 1e-7)
        if not loss(near) == loss(best) < loss(far) or near == best:
            return False
    return 1e-17 < float(np.finfo(float).eps) / 2 < 1e-15


def claim_two_starts_find_two_wells():
    """With rate 0.05, from −0.3 the run ends left of 0, and from 1.5 right of it."""
    left, right = (descend(tilted.grad, start, 0.05, 12)[-1] for start in (-0.3, 1.5))
    return bool(left < 0 < right)


def claim_the_census_is_complete():
    """Four minima, four saddles and one hill."""
    kinds = sorted(point.kind for point in himmelblau.stationary)
    return kinds == ["maximum"] + 4 * ["minimum"] + 4 * ["saddle"]


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
        predicted = missed_by_all(basin(), count)
        rows.append([count, f"{predicted:.2%}", f"{_misses(count):.2%}"])
    return table(["starts $n$", "predicted", "missed"], rows)


def _census_starts():
    """Return the eight starts of the figure: around the edge, and near a saddle."""
    near = himmelblau.stationary[5].at + np.array([0.02, 0.0])
    ways = np.radians([20, 70, 125, 160, 200, 245, 310])
    return np.array([*5.5 * np.stack([np.cos(ways), np.sin(ways)]).T, near])


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


_LEVEL, _SADDLE = "10⁻⁷x²", "x² − y²"
_SEEN = {
    "step": r"\|\theta_k - \theta_{k-1}\|",
    "loss": r"|L(\theta_k) - L(\theta_{k-1})|",
    "gradient": r"\|\nabla L(\theta_k)\|",
}
_STOP_FORMULAS = {
    f"{test}{end}": f"k = {{1:0}}:\\; {size} = {{2:4}} {sign} {{3:4}} = \\varepsilon"
    for end, sign in [("", "<"), (", on", r"\ge")]
    for test, size in _SEEN.items()
}
_STOP_NAMES = list(_STOP_FORMULAS)


def _ground(run, x, y):
    """Return the height and the slopes of the landscape of a run.

    >>> _ground("x²", 3.0, 0.0), _ground("x² − y²", 3.0, 1.0)
    ([9.0, 6.0, 0.0], [8.0, 6.0, -2.0])
    """
    if run == _SADDLE:
        right, up = saddle.slopes(x, y)
        return [saddle.value(x, y), right, up]
    unit = 1e-7 if run == _LEVEL else 1.0
    return [unit * quad1.value(x), unit * quad1.slopes(x), 0.0]


def _start(run):
    """Return where a run starts, as in RUNS; on a curve y stays 0."""
    return [1.0, 1e-12] if run == _SADDLE else [2.0, 0.0]


def _column(test):
    """Return where `_seen` has what a test looks at."""
    if test == "step":
        return 0
    return 1 if test == "loss" else 2


@lru_cache(maxsize=1)
def _seen(run, rate):
    """Return what is seen after each step: step, change, gradient, and distance.

    The distance is that to the minimum; on the saddle there is none. A run that has
    left the saddle is not followed.

    >>> len(_seen("x²", 0.1)), _seen("x²", 1.0)[0]
    (100, [4.0, 0.0, 4.0, 2.0])
    """
    x, y = _start(run)
    height, right, up = _ground(run, x, y)
    seen = []
    for _ in range(100):
        left, low, before = x, y, height
        x, y = x - rate * right, y - rate * up
        height, right, up = _ground(run, x, y)
        row = [_length(x - left, y - low), abs(height - before), _length(right, up)]
        if run != _SADDLE:
            row.append(abs(x))
        seen.append(row)
        if abs(y) > 1:
            break
    return seen


def _length(x, y):
    return math.sqrt(x * x + y * y)


def _power(size):
    """Return log₁₀ of a size, or -13 for what is smaller.

    >>> _power(0.0), _power(1.0)
    (-13.0, 0.0)
    """
    return math.log(size) / math.log(10.0) if size > 1e-13 else -13.0


def _stop(seen, test, tolerance):
    """Return the step at which a test stops a run, or 0.

    >>> _stop(_seen("x²", 0.1), "loss", -6.0), _stop(_seen("x²", 1.0), "step", -6.0)
    (33, 0)
    """
    column = _column(test)
    for k in range(len(seen)):
        if _power(seen[k][column]) < tolerance:
            return k + 1
    return 0


def _signal_line(run, rate, test):
    """Return what the test sees, after each fourth step."""
    seen = _seen(run, rate)
    column = _column(test)
    return [[k + 1.0, _power(seen[k][column])] for k in range(0, len(seen), 4)]


def _distance_line(run, rate):
    """Return the distance to the minimum; where there is none, above the picture."""
    seen = _seen(run, rate)
    if len(seen[0]) < 4:
        return [[1.0, 99.0] for _ in seen]
    return [[k + 1.0, _power(seen[k][3])] for k in range(len(seen))]


def _tolerance_line(tolerance):
    return [[[1.0, tolerance], [100.0, tolerance]]]


def _stop_line(run, rate, test, tolerance):
    """Return where the test stops the run: from the tolerance to the distance.

    Without a distance it is a point; without a stop it lies left of the picture.
    """
    seen = _seen(run, rate)
    k = _stop(seen, test, tolerance)
    at = 1.0 * k if k > 0 else -99.0
    far = tolerance if len(seen[0]) < 4 else _power(seen[k - 1][3])
    return [[at, tolerance], [at, far]]


def _stop_says(run, rate, test, tolerance):
    """Return which sentence is true, the step, and the distance then.

    >>> _stop_says("x²", 1.0, "loss", -6.0)
    ['fooled', 1, 2.0]
    """
    seen = _seen(run, rate)
    k = _stop(seen, test, tolerance)
    if len(seen[0]) < 4:
        return ["nowhere", k] if k > 0 else ["on, nowhere", len(seen)]
    left = seen[k - 1][3]  # of the last step, if none stops it
    if k == 0:
        return ["on", len(seen), left]
    return ["fooled" if left > 0.01 else "near", k, left]


def _stop_formula(run, rate, test, tolerance):
    """Return which formula holds, the step, what the test sees there, and ε.

    >>> _stop_formula("x²", 0.1, "gradient", -1.0)[:2]
    ['gradient', 17]
    >>> _stop_formula("x²", 1.0, "step", -1.0)[:3]
    ['step, on', 100, 4.0]
    """
    seen = _seen(run, rate)
    k, column = _stop(seen, test, tolerance), _column(test)
    last = k if k > 0 else len(seen)
    which = _STOP_NAMES[column if k > 0 else column + 3]
    return [which, last, seen[last - 1][column], math.exp(tolerance * math.log(10.0))]


def _is_fooled(run, rate, test, tolerance):
    """Whether the test stops the run, and no minimum is near.

    >>> [_is_fooled("x²", rate, "loss", -6.0) for rate in (1.0, 0.1)]
    [True, False]
    """
    seen = _seen(run, rate)
    k = _stop(seen, test, tolerance)
    return k > 0 and (len(seen[0]) < 4 or seen[k - 1][3] > 0.01)


def _is_fooled_by_the_rate(run, rate, test, tolerance):
    """Whether the step test is fooled on the parabola, at a small tolerance.

    >>> [_is_fooled_by_the_rate("x²", rate, "step", -3.0) for rate in (0.03, 0.1)]
    [True, False]
    """
    at = run == "x²" and test == "step" and tolerance <= -3
    return at and _is_fooled(run, rate, test, tolerance)


def _sees_the_slope(run, rate, test, tolerance):
    """Whether the gradient test lets a run on 10⁻⁷x² go on.

    >>> [_sees_the_slope(_LEVEL, 0.1, "gradient", power) for power in (-7.0, -6.0)]
    [True, False]
    """
    at = run == _LEVEL and test == "gradient"
    return at and _stop(_seen(run, rate), test, tolerance) == 0


def _is_fooled_at_last(run, rate, test, tolerance):
    """Whether a test is fooled at the smallest tolerance.

    >>> _is_fooled_at_last("x²", 1.0, "loss", -12.0)
    True
    """
    return tolerance == -12 and _is_fooled(run, rate, test, tolerance)


def _rate_marks():
    """Return the best rate and the limit for x².

    >>> _rate_marks()
    [0.5, 1.0]
    """
    bend = quad1.curvatures(0.0)
    return [1 / bend, 2 / bend]


def figure_opening():
    """A run that stands on a plain, far from the minimum."""
    figure, ax = draw.opening((-9.4, 9.4), (-0.2, 1.3))
    draw.curve(ax, plateau.f, -9.2, 9.2, points=121)
    path, stop = outcome("plateau")
    stopped = path[stop["loss"]]
    ax.plot(stopped, plateau.f(stopped), "o", color="alarm", markersize=7)
    draw.optimum(ax, 0, 0)
    return figure


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
            draw.label(ax, "down", (0, 0.8), (7, 0), "optimum", ha="left")
            continue
        width = 9 if landscape is plateau else 2.4
        draw.curve(ax, landscape.f, -width, width)
        x = path[: k + 1]
        if name == "two-cycle":
            ax.plot(x, landscape.f(x), "--", color="alarm", linewidth=1)
        ax.plot(x, landscape.f(x), "o", color="alarm", markersize=7)
        draw.optimum(ax, 0, 0)
    return figure


def figure_valley():
    """Where the loss test gives up in Rosenbrock's valley."""
    path, stop = outcome("valley")
    k = stop["loss"]
    figure, ax = draw.axes("x", "y", height=3.5)
    levels = (0, 1, 4, 16, 64, 256)
    draw.contours(ax, rosenbrock.f, (-1.6, 1.4), (-0.5, 1.8), levels, points=121)
    way = np.r_[0, np.cumsum(np.hypot(*np.diff(path[: k + 1], axis=0).T))]
    some = np.searchsorted(way, np.linspace(0, way[-1], 90))
    ax.plot(*path[some].T, color="path")
    draw.start(ax, *path[0])
    ax.plot(*path[k], "o", color="alarm", markersize=7)
    draw.label(ax, "start", path[0], (0, 13), "path")
    draw.label(ax, f"“converged”, k = {k:,}", path[k], (6, 25), "alarm", ha="right")
    draw.optimum(ax, 1, 1)
    return figure


def figure_explore_stops():
    """What a test sees and how far the minimum is, against the steps."""
    figure, ax = draw.axes("step k", "size", height=3.9)
    ax.set(xlim=(-3, 103), ylim=(-13.5, 5.5))
    powers = [-12, -9, -6, -3, 0]
    ax.set_yticks(powers, [draw.power(10.0**y) for y in powers])
    for y, style, colour, text in [
        (4.6, "--", "curve", "distance to the minimum"),
        (3.3, "o-", "path", "what the test sees"),
        (2.0, "-", "soft", "tolerance ε"),
    ]:
        ax.plot([2, 6, 10], [y, y, y], style, color=colour, linewidth=1)
        draw.label(ax, text, (13, y), color=colour, ha="left")
    rates = Marks(["best for x²:", "limit for x²:"], _rate_marks)
    stops = "The test stops at step {1:0}"
    goes_on = "The test does not stop this run in {1:0} steps"
    return movable(
        figure,
        ax,
        knobs=[
            Choice("run", "landscape", ["x²", "10⁻⁷x²", "x² − y²"], "x²"),
            Knob("rate", "rate η", 0.01, 1.0, 0.01, 0.1, rates),
            Choice("test", "test", ["step", "loss", "gradient"], "loss"),
            Knob("tolerance", "log₁₀ ε", -12, -1, 0.5, -6),
        ],
        layers=[
            Layer(_tolerance_line, "level", "soft"),
            Layer(_distance_line, "line", "curve"),
            Layer(_signal_line, "path", "path"),
            Layer(_stop_line, "path"),
        ],
        says=(
            _stop_says,
            {
                "near": ("second", f"{stops}, {{2:4}} from the minimum."),
                "fooled": ("alarm", f"Fooled. {stops}, {{2:4}} from the minimum."),
                "nowhere": ("alarm", f"Fooled. {stops}, and there is no minimum."),
                "on": ("ink", f"{goes_on}. It is then {{2:4}} from the minimum."),
                "on, nowhere": ("ink", f"{goes_on}. There is no minimum."),
            },
        ),
        formula=(_stop_formula, _STOP_FORMULAS),
        table=(_seen, ["steps before", "step", "change", "gradient", "distance"]),
        targets={
            "by the rate": Target(
                _is_fooled_by_the_rate, {"rate": 0.03, "test": "step", "tolerance": -3}
            ),
            "goes on": Target(
                _sees_the_slope, {"run": _LEVEL, "test": "gradient", "tolerance": -7}
            ),
            "at last": Target(_is_fooled_at_last, {"rate": 1, "tolerance": -12}),
        },
    )


def figure_census():
    """Eight runs on Himmelblau's function, and all its stationary points."""
    figure, ax = draw.axes("x", "y", height=4.3)
    levels = (0, 20, 70, 140, 250, 500)
    draw.contours(ax, himmelblau.f, (-6, 6), (-6, 6), levels, points=45)
    for start in _census_starts():
        path = descend(himmelblau.grad, start, 0.005, 200)
        ax.plot(*path[::4].T, color="path", linewidth=1.2)
        draw.start(ax, *start)
    marks = {"saddle": ("x", "alarm"), "maximum": ("^", "alarm")}
    for point in himmelblau.stationary:
        if point.kind == "minimum":
            draw.optimum(ax, *point.at)
        else:
            mark, colour = marks[point.kind]
            ax.plot(*point.at, mark, color=colour, markersize=7)
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
    draw.label(ax, "left at |y| = 1", (112, 1), (0, 9), "soft")
    ax.set(ylim=(3e-13, 60))
    return figure


def figure_plateau():
    """The loss on the plain: nothing, nothing, and then everything."""
    path = _plateau_path(4.0)
    figure, ax = draw.axes("step k", "loss tanh²x", height=3.0)
    ax.plot(plateau.f(path), color="path")
    predicted = steps_on_plateau(4.0, 0.1)
    ax.axvline(predicted, color="soft", linestyle="--", linewidth=1)
    text = f"predicted: {predicted:,.0f}"
    draw.label(ax, text, (predicted, 0.5), (-8, 0), "soft", ha="right")
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
        draw.path(ax, path, tilted.f(path), colour, arrows=False, markersize=4)
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
    figure, ax = draw.axes("x, in units of 10⁻⁸", "(1 + x²) − 1, in 10⁻¹⁶", height=3.2)
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
