"""Gradient descent in many dimensions.

θ, θₖ      the point, after k steps           theta, path[k]
g, ∇L      the gradient                       grad
H          the Hessian, the curvatures        hess
λ₁ … λ_d   its eigenvalues, least to largest  low … high
κ          the condition number, λ_d / λ₁     condition
η          the learning rate                  rate
"""

import math
from fractions import Fraction
from itertools import pairwise
from typing import NamedTuple

import matplotlib.pyplot as plt
import numpy as np
from descent import descend
from matplotlib.colors import to_rgba
from rate import factor, regime
from shared import draw
from shared.data import houses
from shared.explorable import Knob, Layer, Marks, Target, movable
from shared.inputs import centre, design
from shared.landscapes import bowl, course, ravine
from shared.line import line_grad, line_hess
from shared.numbers import listed
from shared.path import first, first_within
from shared.plane import (
    angle,
    quadratic,
    quadratic_grad,
    rotation,
    turned,
    valley,
)
from shared.tables import table


def steepest_by_trial(f, theta, length=1e-3):
    """Return which of 360 directions drops f most, in degrees."""
    angles = np.radians(np.arange(360))
    ways = length * np.array([np.cos(angles), np.sin(angles)])
    return int(np.argmin(f(theta[:, None] + ways)))


def predicted_steps(condition, tolerance=1e-6):
    """Return the steps until the error is tolerance times its start.

    For the best fixed rate, and a condition number above 1. Boyd and
    Vandenberghe, Convex Optimization, section 9.3.

    >>> predicted_steps(3.0, tolerance=0.3)  # ½, ¼
    2
    """
    factor = (condition - 1) / (condition + 1)
    return math.ceil(math.log(tolerance) / math.log(factor))


def zigzags(path, axis):
    """Say whether every step crosses to the other side along axis.

    >>> zigzags(np.array([[3, 1], [2, -1], [1, 1]]), axis=[0, 1])
    True
    """
    side = path @ axis
    return bool(np.all(side[1:] * side[:-1] < 0))


def along_eigenvectors(hess, start, rate, steps):
    """Return the path on ½θᵀHθ from the formula, without descending.

    >>> along_eigenvectors(np.diag([2.0, 1.0]), [8.0, 4.0], 0.5, 2)
    array([[8., 4.],
           [0., 2.],
           [0., 1.]])
    """
    curvatures, axes = np.linalg.eigh(hess)
    k = np.arange(steps + 1)[:, None]
    factors = (1 - rate * curvatures) ** k
    return (start @ axes * factors) @ axes.T


def regression_hessian(inputs):
    """Return the Hessian of the mean squared error, 2AᵀA / n.

    >>> regression_hessian(np.arange(4.0))
    array([[7., 3.],
           [3., 2.]])
    """
    A = design(inputs)
    return 2 * A.T @ A / len(A)


class Report(NamedTuple):
    """What a Hessian says about gradient descent; rates are η."""

    condition: float
    limit: float
    best: float
    factor: float


def report(hess):
    """Return condition number, limit and best of the rate, best factor.

    >>> report(np.diag([1.0, 4.0]))
    Report(condition=4.0, limit=0.5, best=0.4, factor=0.6)
    """
    low, *_, high = np.linalg.eigvalsh(hess).tolist()
    limit, best = 2 / high, 2 / (low + high)
    return Report(high / low, limit, best, 1 - best * low)


def standardise(inputs):
    """Give every column the mean 0 and the standard deviation 1.

    >>> standardise(np.array([[10.0, 0.1], [30.0, 0.5]]))
    array([[-1., -1.],
           [ 1.,  1.]])
    """
    return (inputs - inputs.mean(axis=0)) / inputs.std(axis=0)


def diagonal_descent(hess, start, steps):
    """Return the path of θ ← θ - g / diag(H), one rate an axis."""
    rates = 1 / np.diag(hess)
    return descend(quadratic_grad(hess), start, rates, steps)


def measured_steps(hess, start, tolerance=1e-6):
    """Return the steps of a run at the best rate, error relative to the start."""
    start, told = np.asarray(start, float), report(hess)
    steps = predicted_steps(told.condition, tolerance) + 2
    path = descend(quadratic_grad(hess), start, told.best, steps)
    return first_within(path, 0, tolerance * np.linalg.norm(start))


def line_steps(rate, start=(0.0, 0.0), limit=1000):
    """Return the steps until w and b are both right to 1e-6, or None."""
    path = descend(line_grad, np.array(start), rate, limit)
    return first((np.abs(path - _line_best) < 1e-6).all(axis=1))


def window_path(rate, steps=25):
    """Return a path on the bowl with κ = 100."""
    return descend(quadratic_grad(_window_hess), _window_start, rate, steps)


def farthest(rate):
    """Say whether of the rates of the figure this one comes farthest along x."""
    ends = {each: window_path(each)[-1][0] for each in _window_rates}
    return min(ends, key=ends.__getitem__) == rate


def estimated_steps(condition):
    """Return the estimate for a large condition number, ½ κ ln 10⁶.

    >>> round(estimated_steps(100))
    691
    """
    return condition * math.log(1e6) / 2


def steps_at_the_lower_end(condition):
    """Return the steps to a millionth at the rate 1/λ_d, with the factor 1 - 1/κ.

    >>> steps_at_the_lower_end(2)
    20
    """
    return math.ceil(math.log(1e-6) / math.log(factor(1 / condition, 1)))


def course_steps(rate):
    """Return the steps on `course` from (4, 4) to 1e-6, None if it explodes."""
    with np.errstate(over="ignore", invalid="ignore"):  # the explosion itself
        path = descend(course.grad, np.array([4.0, 4.0]), rate, 300)
        return first_within(path, 0, 1e-6)


def curvatures_met(rate, steps=2):
    """Return the mean curvature along each of the first steps on `course`.

    From (4, 4). Early parts of a step count more than late ones: it is the c
    of L(θ + p) = L(θ) + gᵀp + c‖p‖²/2, so the loss falls exactly if c < 2 / rate.
    """
    path = descend(course.grad, np.array([4.0, 4.0]), rate, steps)
    found = []
    for theta, after in pairwise(path):
        p = after - theta
        rest = course.f(after) - course.f(theta) - course.grad(theta) @ p
        found.append(float(2 * rest / (p @ p)))
    return found


def worst_steps(rate):
    """Return the steps on the line's bowl to a millionth, from the worst start.

    The starts lie around the minimum on a half circle, five degrees apart.
    """
    ways = np.radians(np.arange(0, 180, 5))
    starts = np.array([np.cos(ways), np.sin(ways)])
    path = descend(quadratic_grad(line_hess()), starts, rate, 200)
    return first(np.linalg.norm(path, axis=1).max(axis=1) < 1e-6)


def line_parts(start=(0.0, 0.0)):
    """Return how far a start is from the line's minimum along each eigenvector."""
    _, axes = np.linalg.eigh(line_hess())
    return np.abs((np.array(start) - _line_best) @ axes)


def line_factors(rate):
    """Return what a step leaves of these parts."""
    return np.abs(1 - rate * np.linalg.eigvalsh(line_hess()))


def house_losses(columns, steps=100):
    """Return the loss at each step of a fit of the houses' prices.

    `columns` are the houses' features, as they are or scaled. The fit starts
    from 0, at the rate 1 / λ_d.
    """
    A, y = design(columns), _prices(houses())
    rate = report(regression_hessian(columns)).limit / 2
    start = np.zeros(A.shape[1])
    path = descend(_regression_grad(columns, y), start, rate, steps)
    return ((path @ A.T - y) ** 2).mean(axis=1)


def claim_the_slopes_of_the_long_bowl():
    """The slopes 2x and 20y are what central differences give, at 50 points."""
    h = 1e-5
    for theta in np.random.default_rng(0).uniform(-5, 5, (50, 2)):
        found = [
            (ravine.f(theta + way) - ravine.f(theta - way)) / (2 * h)
            for way in h * np.eye(2)
        ]
        if not np.allclose(found, [2 * theta[0], 20 * theta[1]], rtol=1e-6):
            return False
    return True


def claim_along_the_level_line_the_loss_stays():
    """At 20 points of three bowls the change is of second order."""
    for theta in np.random.default_rng(1).uniform(-3, 3, (20, 2)):
        for landscape in (bowl, ravine, course):
            slope = landscape.grad(theta)
            along = np.array([-slope[1], slope[0]]) / np.linalg.norm(slope)
            changes = [
                landscape.f(theta + length * along) - landscape.f(theta)
                for length in (1e-2, 1e-3)
            ]
            if not abs(changes[1]) < abs(changes[0]) / 90:
                return False
    return True


def claim_the_round_bowl_aims_and_the_long_one_misses():
    """From (5, 1) and 40 other points: 0 degrees off on x^2 + y^2, 52 and up to 55.

    On x^2 + 10y^2 it aims at the other side: the way crosses y = 0 before x = 0.
    """
    misses = []
    for theta in np.random.default_rng(2).uniform(0.2, 5, (40, 2)):
        if angle(bowl.grad(theta), theta) > 1e-3:
            return False
        x, y = theta / ravine.grad(theta)  # the rates at which x, and y, are 0
        if not y < x:
            return False
        misses.append(angle(ravine.grad(theta), theta))
    shown = angle(ravine.grad([5, 1]), [5, 1])
    return round(shown) == 52 and 40 < max(misses) < 55


def claim_the_long_bowl_is_two_problems():
    """Slopes 2x and 20y: a step multiplies x by 1 − 2η, y by 1 − 20η.

    Seven rates, four starts: with the curvature 2, with the curvature 20, each alone.
    """
    for rate in (0.01, 0.05, 1 / 11, 0.095, 0.1, 0.11, 0.5):
        powers = (
            np.array([[factor(rate, 2), factor(rate, 20)]]) ** np.arange(9)[:, None]
        )
        for start in np.array([[10.0, 1.0], [-3.0, 2.0], [0.5, -4.0], [7.0, 0.0]]):
            path = descend(ravine.grad, start, rate, 8)
            if not np.allclose(path, powers * start, rtol=1e-9, atol=1e-12):
                return False
    return True


def claim_the_path_at_one_eleventh():
    """From (10, 1), the rate η = 1/11: x is 10 (9/11)^k, y is (−9/11)^k, for 40 steps.

    The two factors are alike in size; y changes its side at each step, x never.
    """
    k = np.arange(41)
    path = descend(ravine.grad, np.array([10.0, 1.0]), 1 / 11, 40)
    exact = np.stack([10 * (9 / 11) ** k, (-9 / 11) ** k], axis=1)
    return bool(np.allclose(path, exact, rtol=1e-10, atol=0))


def claim_the_steep_axis_fails_first():
    """Up to 2/20 both shrink, from there on y does not, while x still does."""
    for rate in np.arange(1, 400) / 1000:
        flat, steep = abs(factor(rate, 2)), abs(factor(rate, 20))
        if flat >= 1 or (steep < 1 - 1e-12) != (rate < 2 / 20):
            return False
    return True


def claim_the_best_rate_makes_both_alike():
    """For ten κ none of 999 rates below 2/λ has a smaller largest factor than the best.

    That is 2/(λ₁ + λ_d), where both are (κ − 1)/(κ + 1); for 2 and 20 at 1/11.
    """
    for kappa in np.geomspace(1.1, 1e4, 10):
        told = report(valley(kappa))
        ends = np.abs(factor(told.best, np.array([1.0, kappa])))
        rates = np.linspace(0, told.limit, 1001)[1:-1]
        larger = np.abs(1 - np.outer(rates, [1.0, kappa])).max(axis=1)
        exact = (kappa - 1) / (kappa + 1)
        if larger.min() < told.factor or not np.allclose([*ends, told.factor], exact):
            return False
    return bool(np.isclose(report(ravine.hess([0, 0])).best, 1 / 11))


def claim_kappa_gives_enough_steps_for_any_start():
    """In two to six dimensions, four κ, five starts each; the worst needs them all."""
    rng = np.random.default_rng(0)
    for kappa in (2, 10, 100, 300):
        enough = predicted_steps(kappa)
        for d in (2, 3, 6):
            curvatures = np.append(rng.uniform(1, kappa, d - 2), [1.0, kappa])
            left = np.abs(factor(2 / (1 + kappa), curvatures))[:, None]
            starts = rng.normal(size=(d, 5))
            sizes = [
                np.linalg.norm(left**k * starts, axis=0)
                for k in (0, enough, enough - 1)
            ]
            if (sizes[1] > 1e-6 * sizes[0]).any() or left[-1, 0] ** (enough - 1) < 1e-6:
                return False
    return True


def claim_the_three_bowls():
    """From (2, 1): κ = 1 needs one step, twenty leave the more, the larger κ is."""
    left = []
    for kappa in (1, 2, 5, 10, 30, 100, 1000):
        path = descend(
            quadratic_grad(valley(kappa)), [2.0, 1.0], report(valley(kappa)).best, 20
        )
        left.append(np.linalg.norm(path, axis=1) / math.sqrt(5))
    ends = [sizes[20] for sizes in left]
    return bool(left[0][1] == 0 and ends == sorted(ends) and 0.6 < ends[5] < 0.7)


def claim_the_steps_grow_like_kappa():
    """From κ = 30 on they are within 1 % of ½ κ ln 10^6, in TeX 12 κ ln 10^6."""
    kappas = np.geomspace(30, 1e6, 20)
    ratios = [predicted_steps(k) / (k * math.log(10**6) / 2) for k in kappas]
    return bool(max(abs(ratio - 1) for ratio in ratios) < 0.01)


def claim_another_unit_makes_it_round():
    """With u = √10 y it is x^2 + u^2; one step with rate 1/2 (12 in TeX) is enough."""
    for x, y in np.random.default_rng(3).normal(size=(20, 2)):
        new = np.array([x, math.sqrt(10) * y])
        if not np.isclose(bowl.f(new), ravine.f([x, y])):
            return False
        if np.abs(descend(bowl.grad, new, 1 / 2, 1)[1]).max() > 1e-12:
            return False
    return True


def claim_the_marks_of_the_bowl_to_move():
    """½(x^2/κ + y^2), for κ from 1 to 100: its limit 2/λ is 2, its best rate moves."""
    marks = [_ravine_marks(float(kappa)) for kappa in range(1, 101)]
    told = [report(valley(kappa) / kappa) for kappa in range(1, 101)]
    return np.allclose(marks, [[one.best, 2.0] for one in told]) and all(
        one[0] < after[0] for one, after in pairwise(marks)
    )


def claim_the_path_zigzags_in_the_window():
    """Three κ, shares of 1/λ: below none, at 1 no steep part, above 2 it grows."""
    for kappa in (4, 100, 250):
        for share in (0.3, 0.99, 1.01, 1.5, 1.99, 2.01):
            path = descend(quadratic_grad(valley(kappa)), [2.5, 0.3], share / kappa, 25)
            if zigzags(path, [0, 1]) != (share > 1):
                return False
            if (abs(path[-1][1]) < 0.3) != (share < 2):
                return False
        lower = descend(quadratic_grad(valley(kappa)), [2.5, 0.3], 1 / kappa, 1)
        if abs(lower[1][1]) > 1e-15:
            return False
    return True


def claim_the_zigzag_comes_farthest():
    """κ = 100: 0.005 is smooth, 0.01 lands on the floor, 0.019 zig-zags, farthest."""
    paths = [window_path(rate) for rate in _window_rates]
    ends = [path[-1][0] for path in paths]
    return (
        _window_rates == (0.005, 0.01, 0.019)
        and [zigzags(path, [0, 1]) for path in paths] == [False, False, True]
        and bool((paths[0][:, 1] > 0).all() and (paths[1][1:, 1] == 0).all())
        and ends == sorted(ends, reverse=True)
    )


def claim_the_best_rate_lies_in_the_window():
    """For 40 κ above 1: 2/(λ₁ + λ_d) is between 1/λ_d and 2/λ_d."""
    for kappa in 1 + np.geomspace(1e-3, 1e6, 40):
        if not 1 / kappa < report(valley(kappa)).best < 2 / kappa:
            return False
    return True


def claim_the_exact_line_search_zigzags():
    """On x^2 + 10y^2 from (10, 1) it takes 1/11 each time; for other κ 2/(1 + κ)."""
    for kappa in (1.5, 4, 10, 100):
        hess = valley(kappa)
        theta = np.array([kappa, 1.0])
        for _ in range(12):
            slope = hess @ theta
            rate = slope @ slope / (slope @ hess @ slope)
            if abs(rate * (1 + kappa) / 2 - 1) > 1e-9:
                return False
            theta = theta - rate * slope
    return bool(np.isclose(report(2 * valley(10)).best, 1 / 11))


def claim_eigenvectors_are_where_it_points_home():
    """On x^2 + 10y^2, turned by 45 degrees and by others: at the four ends of its axes.

    At (5, 1), not turned, and at 356 other places on a circle it misses. With rate
    0.05 a step from each of them ends on the long axis.
    """
    for degrees in (0, 20, 45, 70):
        hess = turned(ravine.hess([0, 0]), degrees)
        for way in range(360):
            theta = rotation(degrees + way) @ [1.0, 0.0]
            if (angle(hess @ theta, theta) < 1e-3) != (way % 90 == 0):
                return False
            short = rotation(degrees) @ [0.0, 1.0]
            if abs(short @ (theta - 0.05 * hess @ theta)) > 1e-9:
                return False
    return angle(ravine.grad([5, 1]), [5, 1]) > 50


def claim_along_its_own_axes_the_turned_bowl_is_separate():
    """Slopes 11x − 9y, 11y − 9x of (11/2) x^2 − 9xy + …: 2 (x + y) and 20 (y − x).

    With u = (x + y)/√2 and v = (y − x)/√2 it is u^2 + 10v^2: u by 1 − 2η, v by 1 − 20η.
    """
    hess = turned(ravine.hess([0, 0]), 45)
    height, root = quadratic(hess), math.sqrt(2)
    for x, y in np.random.default_rng(4).normal(size=(20, 2)):
        u, v = (x + y) / root, (y - x) / root
        told = 11 / 2 * x**2 - 9 * x * y + 11 / 2 * y**2
        if not np.allclose([height([x, y]), ravine.f([u, v])], told):
            return False
        slopes = np.array([11 * x - 9 * y, 11 * y - 9 * x])
        if not np.allclose(slopes, hess @ [x, y]):
            return False
        if not np.allclose(
            [slopes.sum(), slopes[1] - slopes[0]], [2 * (x + y), 20 * (y - x)]
        ):
            return False
        for rate in (0.01, 1 / 11, 0.2):
            after = np.array([x, y]) - rate * slopes
            parts = [after.sum() / root, (after[1] - after[0]) / root]
            if not np.allclose(parts, [factor(rate, 2) * u, factor(rate, 20) * v]):
                return False
    return True


def claim_turning_turns_the_path():
    """By seven angles, κ = 10 and 100, three rates; the steps stay as many."""
    for kappa in (10, 100):
        start = np.array([2.0, 1.0])
        steps = measured_steps(valley(kappa), start)
        for degrees in (10, 30, 45, 77, 90, 133, 180):
            turn, hess = rotation(degrees), turned(valley(kappa), degrees)
            for share in (0.5, 1.5, 2.02):
                path = descend(quadratic_grad(valley(kappa)), start, share / kappa, 30)
                other = descend(quadratic_grad(hess), turn @ start, share / kappa, 30)
                if not np.allclose(other, path @ turn.T, rtol=1e-9, atol=1e-9):
                    return False
        if measured_steps(turned(valley(kappa), 30), rotation(30) @ start) != steps:
            return False
    return True


def claim_scaling_alone_feels_the_angle():
    """For six κ, angles α from 0 to 45°: what a step leaves of an error at worst.

    Gradient descent at the best rate: (κ − 1)/(κ + 1), at each angle. Newton: nothing.
    Scaling divides by cos² α + κ sin² α and sin² α + κ cos² α. Of two steps it leaves
    0 along the axes, then more and more; at 45° as much as gradient descent.
    """
    for kappa in (2, 5, 10, 30, 100, 1000):
        worst = []
        for degrees in range(46):
            hess, turn = turned(valley(kappa), degrees), math.radians(degrees)
            c, s = math.cos(turn) ** 2, math.sin(turn) ** 2
            if not np.allclose(np.diag(hess), [c + kappa * s, s + kappa * c]):
                return False
            best = report(hess).best * np.eye(2)
            scaled = np.diag(1 / np.diag(hess))
            left = [
                np.abs(np.linalg.eigvals(np.eye(2) - scaling @ hess)).max()
                for scaling in (best, scaled, np.linalg.inv(hess))
            ]
            if not np.allclose(left[::2], [(kappa - 1) / (kappa + 1), 0], atol=1e-9):
                return False
            worst.append(left[1])
        if worst[0] != 0 or not np.isclose(worst[45], left[0]):
            return False
        if (np.diff(worst) <= 0).any():
            return False
    return True


def claim_the_formula_gives_the_path():
    """For bowls with two to seven parameters, three rates up to beyond the limit."""
    rng = np.random.default_rng(5)
    for d in (2, 3, 7):
        root = rng.normal(size=(d, d))
        hess, start = root @ root.T + np.eye(d) / 2, rng.normal(size=d)
        for share in (0.3, 1.0, 1.01):
            rate = share * report(hess).limit
            path = descend(quadratic_grad(hess), start, rate, 30)
            if not np.allclose(along_eigenvectors(hess, start, rate, 30), path):
                return False
    return True


def claim_the_eigenvalues_of_the_line():
    """They are (9 − √61)/2 and (9 + √61)/2, so that 2/λ₂ is 4/(9 + √61)."""
    exact = [(9 - math.sqrt(61)) / 2, (9 + math.sqrt(61)) / 2]
    limit = 4 / (9 + math.sqrt(61))
    return math.isclose(report(line_hess()).limit, limit) and np.allclose(
        np.linalg.eigvalsh(line_hess()), exact, rtol=1e-12
    )


def claim_four_rates_on_the_line():
    """From (0, 3), ten steps, four rates: with 0.05 and 0.1 none crosses the valley.

    At 0.2 each does, and at 0.25 the jumps grow.
    """
    _, axes = np.linalg.eigh(line_hess())
    steep = {
        rate: (descend(line_grad, np.array([0.0, 3.0]), rate, 10) - _line_best)
        @ axes[:, 1]
        for rate in (0.05, 0.1, 0.2, 0.25)
    }
    crosses = {rate: (side[1:] * side[:-1] < 0).all() for rate, side in steep.items()}
    grows = {rate: abs(side[-1]) > abs(side[0]) for rate, side in steep.items()}
    return [*crosses.values()] == [False, False, True, True] and [*grows.values()] == [
        False,
        False,
        False,
        True,
    ]


def claim_every_start_of_the_line_arrives():
    """Of 50 random starts, with rate 0.2."""
    ends = descend(quadratic_grad(line_hess()), _random_starts(50).T, 0.2, 200)[-1]
    return bool(np.abs(ends).max() < 1e-9)


def claim_raw_features_have_hardly_begun():
    """After 100 steps more than 99 % of the loss after the first one is left.

    Of three directions one is finished; with standardised features all go on.
    """
    raw, scaled = house_losses(houses()), house_losses(standardise(houses()))
    first_gone = raw[1] < raw[0] / 100
    return bool(
        first_gone and raw[100] > 0.99 * raw[1] and scaled[100] < 1e-5 * scaled[1]
    )


def claim_scaling_changes_no_prediction():
    """Least squares of noisy prices, three kinds of columns, three seeds."""
    for seed in range(3):
        y = _prices(houses()) + np.random.default_rng(seed).normal(0, 20, 100)
        fits = [
            design(columns) @ np.linalg.lstsq(design(columns), y)[0]
            for columns in (houses(), centre(houses()), standardise(houses()))
        ]
        if not np.allclose(fits, fits[0], rtol=1e-8):
            return False
    return True


def claim_one_rate_an_axis_depends_on_the_angle():
    """For four κ: along the axes one step, at 45° as many as gradient descent."""
    for kappa in (2, 10, 100, 300):
        hess = turned(valley(kappa), 45)
        start = rotation(45) @ [2.0, 1.0]
        along = diagonal_descent(valley(kappa), np.array([2.0, 1.0]), 1)[1]
        path = diagonal_descent(hess, start, predicted_steps(kappa) + 1)
        steps = first_within(path, 0, 1e-6 * math.sqrt(5))
        if np.abs(along).max() > 1e-12 or steps != measured_steps(hess, start):
            return False
        if not np.isclose(*np.diag(hess)):
            return False
    return True


def claim_the_descent_lemma_holds():
    """On `course`, 30 points, with Λ the largest curvature on the step, below 2/Λ.

    It is exact along the steep axis of x^2 + 10y^2: there beyond 2/Λ the loss climbs.
    """
    for theta in np.random.default_rng(6).uniform(-4, 4, (30, 2)):
        slope = course.grad(theta)
        for rate in (1e-3, 3e-3, 1e-2, 3e-2):
            ways = theta[:, None] - rate * np.outer(slope, np.linspace(0, 1, 50))
            most = np.linalg.eigvalsh(np.moveaxis(course.hess(ways), -1, 0)).max()
            bound = rate * (1 - rate * most / 2) * (slope @ slope)
            fall = course.f(theta) - course.f(theta - rate * slope)
            if fall < bound - 1e-9 * abs(bound) or (rate < 2 / most and fall <= 0):
                return False
    steep = np.array([0.0, 1.0])
    after = [ravine.f(steep - rate * ravine.grad(steep)) for rate in (0.0999, 0.1001)]
    return after[0] < ravine.f(steep) < after[1]


def claim_larger_rates_may_arrive():
    """From (4, 4) two larger rates than 2/Λ arrive, a third explodes."""
    most = 2 / np.linalg.eigvalsh(course.hess([4, 4]))[-1]
    arrive = [course_steps(rate) is not None for rate in (0.02, 0.025, 0.03)]
    return bool(most < 0.02) and arrive == [True, True, False]


@np.errstate(over="ignore", invalid="ignore")  # the explosion itself
def claim_each_later_step_climbs():
    """With 0.03 the second step climbs, and the five after it, each by more."""
    heights = course.f(descend(course.grad, np.array([4.0, 4.0]), 0.03, 7).T)
    rises = np.diff(heights)
    return bool(rises[0] < 0 < rises[1] and (np.diff(rises) > 0).all())


def claim_the_mean_curvature_decides():
    """A step on `course` goes down exactly if its mean curvature is below 2/η.

    Three steps from (4, 4) at each of 29 rates; the mean is taken of Hessians.
    """
    t = (np.arange(200) + 0.5) / 200
    for rate in np.linspace(0.004, 0.032, 29):
        path = descend(course.grad, np.array([4.0, 4.0]), rate, 3)
        for theta, after in pairwise(path):
            way = (after - theta) / np.linalg.norm(after - theta)
            hessians = course.hess(theta[:, None] + np.outer(after - theta, t))
            along = np.einsum("i,ij...,j", way, np.array(hessians), way)
            mean = 2 * np.mean((1 - t) * along)
            if (course.f(after) < course.f(theta)) != (mean < 2 / rate):
                return False
    return True


def claim_the_best_rate_is_best_from_the_worst_start():
    """On the line's bowl none of 24 rates needs fewer steps than 2/9 from its worst
    start, and 2/9 needs the predicted number.
    """
    best = worst_steps(2 / 9)
    others = [worst_steps(rate) or 201 for rate in np.linspace(0.12, 0.235, 24)]
    return best == predicted_steps(report(line_hess()).condition) <= min(others)


def claim_the_ravine_to_move_is_told():
    """In its first state y changes its sign at each step, and each is nearer."""
    path = np.array(_ravine_path(10, 1.8, 2.0, 1.0))
    jumps = path[1:, 1] * path[:-1, 1] < 0
    return bool(jumps.all() and np.diff(np.hypot(*path.T)).max() < 0)


def claim_the_turned_ravine_to_move_is_told():
    """In its first state descent jumps across at each step, Newton arrives in one.

    Scaling changes sides less often, and by smaller steps.
    """
    plain, scaled = np.array(_plain_path(10, 20)), np.array(_scaled_path(10, 20))
    across = rotation(20).T[1]
    sides = plain @ across, scaled @ across
    flatter = abs(np.diff(sides[1])).max() < abs(np.diff(sides[0])).max()
    jumps = sides[0][1:] * sides[0][:-1] < 0
    end = np.hypot(*_whole_path(10, 20)[-1])
    return bool(jumps.all() and flatter and end < 1e-9)


def table_ravine():
    """Five rates on x² + 10y²: what each does to x and to y, and how long it takes."""
    header = [
        "rate",
        "factor of $x$",
        "factor of $y$",
        "what $y$ does",
        "steps to a millionth",
    ]
    rows = []
    for name, rate in _RAVINE_RATES.items():
        path = descend(ravine.grad, np.array([10.0, 1.0]), rate, 1000)
        steps = first_within(path, 0, 1e-6 * math.hypot(10, 1))
        factors = [f"{factor(rate, curvature):.3g}" for curvature in (2, 20)]
        rows.append([name, *factors, regime(rate, 20), steps or "never"])
    return table(header, rows)


def table_kappa():
    header = ["$κ$", "best factor", "predicted", "counted"]
    rows = []
    for kappa in (10, 100, 1000):
        hess = valley(kappa)
        factor = f"{report(hess).factor:.4f}"
        counted = measured_steps(hess, [2, 1])
        rows.append([kappa, factor, predicted_steps(kappa), counted])
    return table(header, rows)


def table_window():
    header = ["rate", "steep factor", "zig-zags", "$x$ after 25 steps"]
    rows = []
    for rate in _window_rates:
        path = window_path(rate)
        said = "yes" if zigzags(path, [0, 1]) else "no"
        rows.append([rate, f"{1 - rate * 100:.1f}", said, f"{path[-1][0]:.3f}"])
    return table(header, rows)


def table_starts():
    """Random starts on the line's bowl, and where they arrive."""
    header = ["random start $(w, b)$", "after 200 steps at rate 0.2"]
    rows = []
    for start in _random_starts(3):
        end = descend(line_grad, start, 0.2, 200)[-1]
        rows.append([f"({listed(start, '.2f')})", f"({listed(end, '.6f')})"])
    return table(header, rows)


def table_turned():
    header = ["turned by", "gradient descent, best rate", "one rate an axis"]
    rows = []
    for degrees in (0, 15, 30, 45):
        hess, start = turned(valley(100), degrees), rotation(degrees) @ [2, 1]
        path = diagonal_descent(hess, start, 800)
        counted = first_within(path, 0, 1e-6 * math.sqrt(5))
        rows.append([f"{degrees}°", measured_steps(hess, start), counted])
    return table(header, rows)


def table_features():
    header = ["features", "$κ$", "steps to a millionth, best rate"]
    rows = []
    for name, columns in [
        ("as they are", houses()),
        ("centred", centre(houses())),
        ("standardised", standardise(houses())),
    ]:
        condition = report(regression_hessian(columns)).condition
        rows.append([name, f"{condition:,.1f}", f"{predicted_steps(condition):,}"])
    return table(header, rows)


_window_hess = valley(100)
_window_start = np.array([2.5, 0.3])
_window_rates = (0.005, 0.01, 0.019)
_line_best = np.array([2.0, 1.0])
_RAVINE_RATES = {"0.02": 0.02, "0.05": 0.05, "1/11": 1 / 11, "0.1": 0.1, "0.11": 0.11}


def _random_starts(count, seed=0):
    """Return starts for the line's fit, uniform between -5 and 5."""
    return np.random.default_rng(seed).uniform(-5, 5, (count, 2))


def _regression_grad(inputs, y):
    """Return the gradient of the mean squared error, a function of θ."""
    A = design(inputs)
    return lambda theta: 2 * A.T @ (A @ theta - y) / len(A)


def _prices(inputs):
    """Return invented prices that two features explain exactly."""
    return 2 * inputs[:, 0] + 30 * inputs[:, 1] + 10


def _fraction(rate):
    """Return a rate as it is written by hand.

    >>> _fraction(1 / 11)
    '1/11'
    """
    return str(Fraction(rate).limit_denominator(99))


def _eigen(hess):
    """Return curvatures and axes of a plane bowl; each axis points to the right.

    Which way an axis points NumPy leaves to the processor.

    >>> _eigen(np.array([[2.0, 1.0], [1.0, 2.0]]))[1].round(6)
    array([[ 0.707107,  0.707107],
           [-0.707107,  0.707107]])
    """
    curvatures, axes = np.linalg.eigh(hess)
    return curvatures, axes * np.where(axes[0] < 0, -1, 1)


def _ellipses(ax, hess, levels, xlim, ylim, at=(0.0, 0.0)):
    """Draw the level lines of ½(θ - at)ᵀH(θ - at) from their formula."""
    t = np.linspace(0, 2 * np.pi, 37)
    curvatures, axes = _eigen(hess)
    ring = axes / np.sqrt(curvatures / 2) @ [np.cos(t), np.sin(t)]
    shades = ["paper", *draw.LEVELS]
    ax.set(xlim=xlim, ylim=ylim, facecolor=shades[len(levels)])
    for level, shade in reversed(list(zip(levels, shades, strict=False))):
        x, y = np.array(at)[:, None] + math.sqrt(level) * ring
        style = {"facecolor": shade, "edgecolor": "soft", "linewidth": 0.6}
        ax.fill(x, y, zorder=0, **style)


def _dots(ax, path):
    """Draw a path without arrows, for steps that are too many or too short."""
    ax.plot(*path.T, color="path", linewidth=1)
    draw.path(ax, *path.T, arrows=False, markersize=3)


def _ravine_step(kappa, rate, x, y):
    """Take one step downhill on ½(x²/κ + y²).

    >>> _ravine_step(2.0, 0.5, 2.0, 1.0)
    [1.5, 0.5]
    """
    return [x - rate * (x / kappa), y - rate * y]


def _ravine_path(kappa, rate, x, y):
    """Return twenty steps on ½(x²/κ + y²).

    >>> _ravine_path(2.0, 1.0, 2.0, 1.0)[:3]
    [[2.0, 1.0], [1.0, 0.0], [0.5, 0.0]]
    """
    path = [[x, y]]
    for _ in range(20):
        x, y = _ravine_step(kappa, rate, x, y)
        path.append([x, y])
    return path


def _ravine_levels(kappa):
    """Return level lines of ½(x²/κ + y²), each a list of points.

    >>> [len(line) for line in _ravine_levels(4.0)]
    [73, 73, 73, 73]
    """
    lines = []
    for share in [0.05, 0.3, 0.65, 1.0]:
        radius = math.sqrt(share * (4 / kappa + 1))
        line = []
        for k in range(73):
            angle = math.pi * k / 36
            x = radius * math.sqrt(kappa) * math.cos(angle)
            line.append([x, radius * math.sin(angle)])
        lines.append(line)
    return lines


def _ravine_marks(kappa):
    """Return the best rate and the limit for the curvatures 1/κ and 1.

    >>> _ravine_marks(3.0)
    [1.5, 2.0]
    """
    return [2 / (1 / kappa + 1), 2.0]


def _ravine_factor(kappa, rate, x=1.0, y=1.0):
    """Return what a step multiplies the slower error by, of those there are.

    >>> _ravine_factor(3.0, 1.5), _ravine_factor(2.0, 2.0, x=1.0, y=0.0)
    (0.5, 0.0)
    """
    slow = 0.0 if x == 0 else abs(1 - rate / kappa)
    steep = 0.0 if y == 0 else abs(1 - rate)
    return max(slow, steep)


def _ravine_predicted(kappa, rate, x=1.0, y=1.0):
    """Return the steps to a millionth of the error, from the factor.

    >>> _ravine_predicted(3.0, 1.5)
    20
    """
    factor = _ravine_factor(kappa, rate, x, y)
    if factor == 0:
        return 1
    return math.ceil(math.log(1e-6) / math.log(factor))


def _ravine_measured(kappa, rate, x, y):
    """Return the steps of a run to a millionth of the error it starts with.

    >>> _ravine_measured(3.0, 1.5, 2.0, 0.0)
    20
    """
    goal = 1e-12 * (x * x + y * y)
    steps = 0
    while x * x + y * y >= goal and steps < 30_000:
        x, y = _ravine_step(kappa, rate, x, y)
        steps += 1
    return steps


def _ravine_says(kappa, rate, x, y):
    """Return which sentence is true, and its numbers.

    >>> _ravine_says(3.0, 1.5, 2.0, 1.0), _ravine_says(3.0, 2.0, 2.0, 1.0)
    (['zig-zags', 20, 20, 0.5], ['stays', 1.0])
    """
    factor = _ravine_factor(kappa, rate, x, y)
    if x == 0 and y == 0:
        return ["arrived"]
    if factor >= 1:
        return ["stays", factor]
    which = "zig-zags" if rate > 1 else "straight"
    if y == 0:
        which = "floor"
    counted = _ravine_measured(kappa, rate, x, y)
    return [which, _ravine_predicted(kappa, rate, x, y), counted, factor]


def _ravine_least(kappa, rate, x, y):
    """Whether κ is 50 and no rate 0.01 away has a smaller factor, off the axes.

    >>> _ravine_least(50.0, 1.96, 2.0, 1.0), _ravine_least(50.0, 1.0, 2.0, 1.0)
    (True, False)
    """
    here = _ravine_factor(kappa, rate, x, y)
    less = _ravine_factor(kappa, rate - 0.01, x, y)
    more = _ravine_factor(kappa, rate + 0.01, x, y)
    return kappa == 50 and x != 0 and y != 0 and here < less and here < more


def _ravine_left(kappa, rate, y):
    """Whether the path does not come to rest, and at a rate 0.02 smaller it would.

    >>> _ravine_left(10.0, 2.0, 1.0), _ravine_left(10.0, 2.05, 1.0)
    (True, False)
    """
    less = _ravine_factor(kappa, rate - 0.02, 1.0, y)
    return less < 1 and _ravine_factor(kappa, rate, 1.0, y) >= 1


# Where the runs in the turned ravine start: so far along its floor, and across it.
_ALONG, _ACROSS = 2.0, 0.4


def _turned_bowl(kappa, degrees):
    """Return the entries xx, xy and yy of `valley(kappa, degrees)`.

    >>> _turned_bowl(9.0, 90.0)[0]
    9.0
    """
    turn = math.pi * degrees / 180
    c, s = math.cos(turn), math.sin(turn)
    return [c * c + kappa * s * s, (1 - kappa) * c * s, s * s + kappa * c * c]


def _turned_place(degrees, along, across):
    """Return the point that lies there in the ravine's own axes.

    >>> _turned_place(0.0, 2.0, 0.5)
    [2.0, 0.5]
    """
    turn = math.pi * degrees / 180
    c, s = math.cos(turn), math.sin(turn)
    return [c * along - s * across, s * along + c * across]


def _plain_step(xx, xy, yy, x, y):
    """Take a step of gradient descent at the best rate, 2 / (λ₁ + λ₂).

    The two eigenvalues have the sum of the diagonal.
    """
    rate = 2 / (xx + yy)
    return [x - rate * (xx * x + xy * y), y - rate * (xy * x + yy * y)]


def _scaled_step(xx, xy, yy, x, y):
    """Divide each slope by its own entry on the diagonal."""
    return [x - (xx * x + xy * y) / xx, y - (xy * x + yy * y) / yy]


def _whole_step(xx, xy, yy, x, y):
    """Take Newton's step: divide by the whole matrix."""
    g, h = xx * x + xy * y, xy * x + yy * y
    size = xx * yy - xy * xy
    return [x - (yy * g - xy * h) / size, y - (xx * h - xy * g) / size]


def _turned_path(step, kappa, degrees, steps):
    """Return the points of a run down the turned ravine."""
    xx, xy, yy = _turned_bowl(kappa, degrees)
    x, y = _turned_place(degrees, _ALONG, _ACROSS)
    path = [[x, y]]
    for _ in range(steps):
        x, y = step(xx, xy, yy, x, y)
        path.append([x, y])
    return path


def _plain_path(kappa, degrees):
    return _turned_path(_plain_step, kappa, degrees, 20)


def _scaled_path(kappa, degrees):
    return _turned_path(_scaled_step, kappa, degrees, 20)


def _whole_path(kappa, degrees):
    return _turned_path(_whole_step, kappa, degrees, 1)


def _turned_rows(kappa, degrees):
    """Return how far gradient descent and scaling are from the minimum, each step."""
    plain, scaled = _plain_path(kappa, degrees), _scaled_path(kappa, degrees)
    rows = []
    for k in range(21):
        x, y = plain[k]
        p, q = scaled[k]
        rows.append([math.sqrt(x * x + y * y), math.sqrt(p * p + q * q)])
    return rows


def _turned_levels(kappa, degrees):
    """Return level lines of the turned ravine, each a list of points."""
    lines = []
    for share in [0.1, 0.4, 1.0]:
        radius = math.sqrt(share * (_ALONG * _ALONG / kappa + _ACROSS * _ACROSS))
        line = []
        for k in range(37):
            angle = math.pi * k / 18
            along = radius * math.sqrt(kappa) * math.cos(angle)
            line.append(_turned_place(degrees, along, radius * math.sin(angle)))
        lines.append(line)
    return lines


def _turned_count(step, kappa, degrees):
    """Return the steps of a run to a millionth of the error it starts with.

    >>> [_turned_count(_plain_step, 100.0, angle) for angle in (0.0, 20.0)]
    [691, 691]
    """
    xx, xy, yy = _turned_bowl(kappa, degrees)
    x, y = _turned_place(degrees, _ALONG, _ACROSS)
    goal = 1e-12 * (x * x + y * y)
    steps = 0
    while x * x + y * y >= goal and steps < 30_000:
        x, y = step(xx, xy, yy, x, y)
        steps += 1
    return steps


def _turned_counts(kappa, degrees):
    """Return the steps of the three: gradient descent, scaled, Newton.

    >>> _turned_counts(100.0, 0.0), _turned_counts(100.0, 45.0)
    ([691, 1, 1], [691, 691, 1])
    """
    return [
        _turned_count(_plain_step, kappa, degrees),
        _turned_count(_scaled_step, kappa, degrees),
        _turned_count(_whole_step, kappa, degrees),
    ]


_COUNTED = (
    "Steps to a millionth of the error: gradient descent {1:0}, scaled {2:0}, "
    "Newton {3:0}. "
)
_NOT_TURNED = f"{_COUNTED}Not turned: {{4:0}}, {{5:0}} and {{6:0}}. "
_DIAGONAL = "the curvatures along x and y, {7:2} and {8:2}"
_TURNED_SAID = {
    "turned": (
        "third",
        f"{_NOT_TURNED}Scaling alone feels the angle: all it knows are {_DIAGONAL}.",
    ),
    "nothing": (
        "alarm",
        f"{_NOT_TURNED}Scaling saves no step here: all it knows are {_DIAGONAL}.",
    ),
    "along": (
        "second",
        f"{_COUNTED}For scaling, {_DIAGONAL}, tell all: they are those of the ravine.",
    ),
    "round": (
        "second",
        f"{_COUNTED}The bowl is round, and to turn it changes nothing.",
    ),
}


def _turned_says(kappa, degrees):
    """Return which sentence is true, the steps as they are and not turned, xx, yy.

    >>> _turned_says(10.0, 0.0)
    ['along', 69, 1, 1, 69, 1, 1, 1.0, 10.0]
    """
    plain, scaled, whole = _turned_counts(kappa, degrees)
    plain0, scaled0, whole0 = _turned_counts(kappa, 0.0)
    xx, _, yy = _turned_bowl(kappa, degrees)
    which = "turned"
    if plain == 1:
        which = "round"
    elif scaled == 1:
        which = "along"
    elif scaled >= plain:
        which = "nothing"
    return [which, plain, scaled, whole, plain0, scaled0, whole0, xx, yy]


def _turned_along(kappa, degrees):
    """Whether one scaled step is enough, and one of gradient descent is not.

    >>> _turned_along(10.0, 90.0), _turned_along(10.0, 20.0), _turned_along(1.0, 0.0)
    (True, False, False)
    """
    plain, scaled, _ = _turned_counts(kappa, degrees)
    return plain > 1 and scaled == 1


def _turned_in_vain(kappa, degrees):
    """Whether κ is 100, and scaling needs as many steps as gradient descent.

    >>> _turned_in_vain(100.0, 45.0), _turned_in_vain(100.0, 44.0)
    (True, False)
    """
    plain, scaled, _ = _turned_counts(kappa, degrees)
    return kappa == 100 and scaled >= plain


def _turned_round(kappa, degrees):
    """Whether one step of any of them is enough, though the bowl is turned.

    >>> _turned_round(1.0, 20.0), _turned_round(2.0, 20.0), _turned_round(1.0, 0.0)
    (True, False, False)
    """
    plain, scaled, _ = _turned_counts(kappa, degrees)
    return 0 < degrees < 90 and plain == 1 and scaled == 1


def figure_opening():
    """From wall to wall in a long bowl."""
    figure, ax = draw.opening((-6.4, 11.2), (-3.1, 3.1))
    hess = ravine.hess(np.zeros(2))
    _ellipses(ax, hess, [2, 10, 30, 60, 100], (-6.4, 11.2), (-3.1, 3.1))
    path = descend(ravine.grad, (10.0, 2.0), 0.093, 14)
    ax.plot(*path.T, color="path", linewidth=1)
    draw.path(ax, *path.T, arrows=False)
    draw.optimum(ax, 0, 0)
    return figure


def figure_aim():
    """Downhill and the way to the minimum, on a round and a long bowl."""
    theta = np.array([5.0, 1.0])
    figure, axes = draw.panels(2, 1, height=4.6, sharex=True)
    for ax, f, name, inner in [
        (axes[0, 0], bowl, "round: x² + y²", [3, 12]),
        (axes[1, 0], ravine, "long: x² + 10y²", [2, 20]),
    ]:
        levels = [*inner, f.f(theta)]
        _ellipses(ax, f.hess(theta), levels, (-1.4, 6.4), (-1.7, 1.7))
        down = -f.grad(theta)
        ax.set(aspect="equal", ylabel="y", yticks=[-1, 0, 1])
        ax.set_title(f"{name}, {angle(down, -theta):.0f}° apart")
        draw.arrow(ax, theta, 0 * theta, "optimum")
        draw.arrow(ax, theta, theta + 2 * down / np.linalg.norm(down), "path")
        ax.plot(*theta, "o", color="ink")
        draw.optimum(ax, 0, 0)
    draw.label(axes[0, 0], "−gradient", (4.2, 0.84), (4, -18), "path")
    draw.label(axes[1, 0], "−gradient", (4.1, -0.7), (-8, 0), "path", ha="right")
    draw.label(axes[1, 0], "to the minimum", (2.3, -0.12), color="optimum")
    axes[1, 0].set(xlabel="x")
    return figure


def figure_surface():
    """The long bowl in space, and its level lines below it like a map."""
    figure = plt.figure(figsize=(4.5, 4.0))
    ax = figure.add_subplot(projection="3d", computed_zorder=False)
    shares, turn = np.meshgrid(np.linspace(0, 1, 7), np.linspace(0, 2 * np.pi, 25))
    ring = np.stack([10.5 * shares * np.cos(turn), 3.3 * shares * np.sin(turn)])
    shades = np.array([to_rgba(draw.LEVELS[i]) for i in range(6)])
    floor = -110.0
    path = descend(ravine.grad, np.array([8.0, 1.5]), 1 / 11, 12).T
    for line in range(1, 7):
        ax.plot(*ring[:, :, line], floor, color="soft", linewidth=0.6)
    ax.plot(*path, floor, "o-", color="path", markersize=3, linewidth=1)
    ax.plot_surface(
        *ring,
        ravine.f(ring),
        facecolors=np.broadcast_to(shades, (24, 6, 4)),
        edgecolor="soft",
        linewidth=0.3,
        shade=False,
        rstride=1,
        cstride=1,
        alpha=0.8,
    )
    ax.plot(*path, ravine.f(path), "o-", color="path", markersize=3, linewidth=1)
    ax.set(xlabel="x", ylabel="y", zlabel="height", xticks=[-10, 0, 10])
    ax.set(yticks=[-3, 0, 3], zticks=[0, 50, 100], zlim=(floor, 110))
    ax.set_box_aspect((1.3, 1, 1), zoom=0.9)
    for axis in ax.xaxis, ax.yaxis, ax.zaxis:
        axis.set_pane_color((0, 0, 0, 0))
        axis.pane.set_edgecolor("faint")
    ax.view_init(elev=28, azim=-65)
    return figure


def figure_ravine():
    """The zig-zag, and its two coordinates, each as a part of its start."""
    start, rate, steps = np.array([10.0, 1.0]), 1 / 11, 14
    path = descend(ravine.grad, start, rate, steps)
    figure, axes = draw.panels(2, 1, height=4.2)
    upper, lower = axes[:, 0]
    levels = [4, 20, 50, 80, 110]
    _ellipses(upper, ravine.hess([0, 0]), levels, (-1.2, 11.2), (-1.7, 1.7))
    title = f"from ({start[0]:g}, {start[1]:g}), rate {_fraction(rate)}"
    upper.set(aspect="equal", xlabel="x", ylabel="y", yticks=[-1, 0, 1], title=title)
    _dots(upper, path)
    draw.optimum(upper, 0, 0)
    for part, colour, mark, name in [
        (path[:, 0] / start[0], "curve", "o", "x: what is left of its start"),
        (path[:, 1] / start[1], "path", "s", "y: the same, with its side"),
    ]:
        lower.plot(part, mark + "-", color=colour, markersize=4, linewidth=1)
        draw.label(
            lower, name, (4.2, 0.75 if mark == "o" else -0.85), color=colour, ha="left"
        )
    lower.axhline(0, color="soft", linewidth=0.8)
    lower.set(xlabel="step k", ylim=(-1.1, 1.1), yticks=[-1, 0, 1])
    return figure


def figure_crossing():
    """The sizes of the two factors of the long bowl; the larger one decides."""
    told = report(ravine.hess([0, 0]))
    rates = np.linspace(0, 0.115, 231)
    flat, steep = abs(factor(rates, 2)), abs(factor(rates, 20))
    figure, ax = draw.axes("rate η", "size of the factor", height=3.4)
    ax.plot(rates, np.maximum(flat, steep), color="level3", linewidth=6)
    ax.plot(rates, flat, color="curve")
    ax.plot(rates, steep, "--", color="path")
    ax.axhline(1, color="soft", linewidth=0.8)
    ax.axvline(told.limit, color="soft", linestyle=":")
    draw.label(ax, "x: |1 − 2η|", (0.05, 0.88), (0, -16), "curve")
    draw.label(ax, "y: |1 − 20η|", (0.027, 0.46), (12, 6), "path", ha="left")
    draw.label(ax, "bold: the larger one decides", (0.002, 1.12), ha="left")
    draw.label(ax, f"limit {told.limit:g}", (told.limit, 0.08), (4, 0), ha="left")
    text = f"best {_fraction(told.best)}"
    draw.optimum(ax, told.best, told.factor, text, (-44, -24))
    ax.set(xlim=(0, 0.125), ylim=(0, 1.3), yticks=[0, 0.5, 1])
    return figure


def figure_turned():
    """Minus the gradient around a turned bowl; on its own axes it points home."""
    degrees = 45
    hess = turned(ravine.hess([0, 0]), degrees)
    _, axes = _eigen(hess)
    level = 10.0
    half = axes * np.sqrt(2 * level / np.array([2.0, 20.0]))  # columns: half axes
    figure, ax = draw.axes("x", "y", height=4.2)
    _ellipses(ax, hess, [level], (-3.6, 3.6), (-3.2, 3.2))
    for column, colour in zip(half.T, ("second", "third"), strict=True):
        ax.plot(*np.outer([-1.35, 1.35], column).T, "--", color=colour, linewidth=1)
    for part in range(12):
        turn = math.radians(30 * part)
        theta = half @ [math.cos(turn), math.sin(turn)]
        colour = "optimum" if part % 3 == 0 else "path"
        draw.arrow(ax, theta, theta - 0.05 * hess @ theta, colour)
        ax.plot(*theta, "o", color=colour, markersize=4)
    draw.optimum(ax, 0, 0)
    ax.set_title(f"turned by {degrees}°", pad=3)
    ax.set(aspect="equal")
    return figure


def figure_kappa():
    """Twenty steps at the best rate on ever longer bowls."""
    figure, axes = draw.panels(3, 1, height=6.8, sharex=True)
    for ax, condition in zip(axes[:, 0], (1, 10, 100), strict=True):
        hess = valley(condition)
        levels = np.array([0.05, 0.3, 0.65, 1.0]) * (4 + condition) / 2
        _ellipses(ax, hess, levels, (-2.4, 2.6), (-1.25, 1.25))
        start, rate = np.array([2.0, 1.0]), report(hess).best
        path = descend(quadratic_grad(hess), start, rate, 20)
        left = np.linalg.norm(path[-1]) / np.linalg.norm(path[0])
        ax.set(aspect="equal", ylabel="y", yticks=[-1, 0, 1])
        ax.set_title(f"κ = {condition}: {left:.0%} left after {len(path) - 1} steps")
        _dots(ax, path)
        draw.optimum(ax, 0, 0)
    ax.set(xlabel="x")
    return figure


def figure_window():
    """The same bowl with three rates: crawl, straight, zig-zag."""
    figure, axes = draw.panels(3, 1, height=5.6, sharex=True, sharey=True)
    names = "below the window", "at its lower end", "inside it"
    for ax, rate, name in zip(axes[:, 0], _window_rates, names, strict=True):
        _ellipses(ax, _window_hess, [0.5, 2, 5], (-0.3, 2.8), (-0.37, 0.37))
        _dots(ax, window_path(rate))
        draw.optimum(ax, 0, 0)
        ax.set(ylabel="y")
        ax.set_title(f"η = {rate}, {name}")
    ax.set(xlabel="x")
    return figure


def figure_line():
    """Four rates on the loss of the line, with its two eigenvectors."""
    figure, axes = draw.panels(2, 2, height=4.9, sharex=True, sharey=True)
    _, vectors = np.linalg.eigh(line_hess())
    told = ["crawls", "descends", "zig-zags", "diverges"]
    for ax, rate, name in zip(axes.flat, (0.05, 0.1, 0.2, 0.25), told, strict=True):
        _ellipses(ax, line_hess(), [0.5, 4, 12], (-1, 5), (-2, 4), _line_best)
        ax.set(aspect="equal")
        for way in vectors.T:
            ends = _line_best + 9 * np.outer([-1, 1], way)
            ax.plot(*ends.T, "--", color="soft", linewidth=1)
        _dots(ax, descend(line_grad, np.array([0.0, 3.0]), rate, 10))
        draw.optimum(ax, *_line_best)
        ax.set(xlim=(-1, 5), ylim=(-2, 4))
        ax.set_title(f"η = {rate}: {name}")
    for ax in axes[-1]:
        ax.set(xlabel="w")
    for ax in axes[:, 0]:
        ax.set(ylabel="b")
    return figure


def figure_scaling():
    """The loss of the house _prices, raw and standardised."""
    figure, ax = draw.axes("step k", "mean squared error", height=3.3)
    for columns, colour, style in [
        (houses(), "path", "--"),
        (standardise(houses()), "second", "-"),
    ]:
        ax.semilogy(house_losses(columns), style, color=colour)
    draw.label(ax, "as they are", (60, 5e2), (0, 12), "path")
    draw.label(ax, "standardised", (62, 1e-1), (8, 6), "second", ha="left")
    return figure


def figure_choice(rate):
    """Twelve steps in the ravine from (10, 1); the rate may be a text, "1/11"."""
    rate = float(Fraction(rate))
    path = descend(ravine.grad, np.array([10.0, 1.0]), rate, 12)
    figure, ax = draw.axes("x", "y", width=3.4, height=1.8)
    _ellipses(ax, ravine.hess([0, 0]), [10, 50, 110], (-1, 11), (-1.9, 1.9))
    _dots(ax, path)
    return figure


def figure_explore_ravine():
    figure, ax = draw.axes("x", "y", height=2.7)
    ax.set(xlim=(-2.4, 2.6), ylim=(-1.25, 1.25), aspect="equal", yticks=[-1, 0, 1])
    draw.optimum(ax, 0, 0)
    counted = "Steps to a millionth of the error, predicted: {1:0}, counted: {2:0}. "
    size = "One factor has the size {1:2}: it does not converge."
    marks = Marks(["best", "limit"], _ravine_marks, waits=True)
    return movable(
        figure,
        ax,
        knobs=[
            Knob("kappa", "condition κ", 1, 100, 1, 10),
            Knob("rate", "rate η", 0.05, 2.1, 0.01, 1.8, marks),
            Knob("x", "start x₀", -2.3, 2.5, 0.1, 2.0),
            Knob("y", "start y₀", -1.2, 1.2, 0.1, 1.0),
        ],
        layers=[Layer(_ravine_levels, "level", "soft"), Layer(_ravine_path, "path")],
        says=(
            _ravine_says,
            {
                "straight": ("path", f"{counted}No zig-zag: y keeps its sign."),
                "zig-zags": (
                    "path",
                    f"{counted}The path zig-zags: y changes its sign.",
                ),
                "floor": (
                    "path",
                    f"{counted}On the floor there is no zig-zag: y is 0.",
                ),
                "stays": ("alarm", size),
                "arrived": ("second", "The start is the minimum."),
            },
        ),
        formula=(
            lambda kappa, rate: [
                abs(1 - rate),
                abs(1 - rate / kappa),
                _ravine_factor(kappa, rate),
            ],
            r"\max(|1 - \eta|,\, |1 - \eta/\kappa|)"
            r" = \max({1:2},\, {2:3}) = {3:3}",
        ),
        table=(_ravine_path, ["k", "xₖ", "yₖ"]),
        click=["x", "y"],
        targets={
            "least": Target(_ravine_least, {"kappa": 50, "rate": 1.96}),
            "left": Target(_ravine_left, {"rate": 2.0}),
        },
    )


def figure_explore_turned():
    """Three methods from the same place of a ravine, at any angle."""
    figure, ax = draw.axes("x", "y", height=4.2)
    angles = Marks(["in vain", "along"], lambda: [45.0, 90.0], waits=True)
    ax.set(xlim=(-1.4, 3.3), ylim=(-1.4, 3.3), aspect="equal")
    ax.set(xticks=range(-1, 4), yticks=range(-1, 4))
    draw.optimum(ax, 0, 0)
    for name, height, colour in [
        ("gradient descent", -0.65, "path"),
        ("scaled, dashed", -0.95, "third"),
        ("Newton", -1.25, "second"),
    ]:
        draw.label(ax, name, (3.2, height), color=colour, ha="right")
    return movable(
        figure,
        ax,
        knobs=[
            Knob("kappa", "condition κ", 1, 100, 1, 10),
            Knob("degrees", "angle in degrees", 0, 90, 1, 20, angles),
        ],
        layers=[
            Layer(_turned_levels, "level", "soft"),
            Layer(_plain_path, "path", "path"),
            Layer(_scaled_path, "line", "third"),
            Layer(_whole_path, "path", "second"),
        ],
        says=(_turned_says, _TURNED_SAID),
        formula=(
            _turned_bowl,
            r"H = \begin{pmatrix} {1:2} & {2:2} \\ {2:2} & {3:2} \end{pmatrix}",
        ),
        table=(_turned_rows, ["k", "descent: ‖θₖ‖", "scaled: ‖θₖ‖"]),
        targets={
            "along": Target(_turned_along, {"degrees": 90}),
            "nothing": Target(_turned_in_vain, {"kappa": 100, "degrees": 45}),
            "round": Target(_turned_round, {"kappa": 1}),
        },
    )
