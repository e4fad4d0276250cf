"""First- and second-order methods at equal budgets.

    s, y     a step, and how the gradient changed on it     s, y
    B        the estimate of the inverse Hessian            inverse
    p, t     direction and length of a step                 direction, t
    d        the number of parameters                       d
    m        how many steps L-BFGS remembers                memory
    λ₁, λ_d  smallest and largest curvature of a problem    lowest, highest
    η, β     the rate, and how much momentum keeps          rate, heavy = (η, β)

What an optimiser asks of a problem is counted: losses, gradients, Hessians.
"""

import math
import operator
from collections import Counter
from copy import copy
from decimal import Decimal, localcontext
from functools import cache, lru_cache
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from curvature import hessian_cross_entropy
from descent import descend, step
from directions import newton as solved_path
from directions import newton_step as solved_step
from failures import damped_newton
from loss import cross_entropy_score, sigmoid
from momentum import adam, best_pair, momentum
from newton import newton_step
from shared import draw
from shared.explorable import Choice, Knob, Layer, Target, movable
from shared.landscapes import explog, quad1, quartic, ravine, rosenbrock, tilted
from shared.path import distances, first_within
from shared.plane import quadratic, quadratic_grad, valley
from shared.tables import table


def secant(grad, first, second, steps=10):
    """Return the path of Newton's method with a measured curvature.

    >>> secant(lambda x: 2 * x, 3.0, 2.0, steps=1)
    array([3., 2., 0.])
    """
    path = [first, second]
    for _ in range(steps):
        x, y = path[-2:]
        rise = grad(y) - grad(x)
        if rise == 0:
            break
        path.append(y - grad(y) * (y - x) / rise)
    return np.array(path)


def updated(inverse, s, y):
    """Return B changed as little as B y = s and symmetry allow.

    Source: Nocedal and Wright, Numerical Optimization, chapter 6.

    >>> updated(np.eye(2), np.array([1.0, 0]), np.array([2.0, 0]))
    array([[0.5, 0. ],
           [0. , 1. ]])
    """
    rho = 1 / (s @ y)
    left = np.eye(len(s)) - rho * np.outer(s, y)
    return left @ inverse @ left.T + rho * np.outer(s, s)


def bfgs(f, grad, start, steps=10):
    """Return the path of BFGS, which learns B from the gradients."""
    path, inverse = [np.asarray(start, float)], np.eye(len(start))
    for _ in range(steps):
        x, g = path[-1], grad(path[-1])
        if np.linalg.norm(g) < 1e-12:
            break
        p = -inverse @ g
        path.append(x + wolfe(f, grad, x, p) * p)
        s, y = path[-1] - x, grad(path[-1]) - g
        if len(path) == 2:  # a first guess of the size
            inverse *= (s @ y) / (y @ y)
        inverse = updated(inverse, s, y)
    return np.array(path)


def wolfe(f, grad, x, direction, c=1e-4, kept=0.9):
    """Return a step length that lowers f enough, with a risen slope.

    Of the slope along the step, negative at x, at most `kept` is left.
    """
    height, slope = f(x), grad(x) @ direction
    height += 1e-14 * abs(height)  # what is less than that is rounding
    low, high, t = 0.0, math.inf, 1.0
    for _ in range(60):
        there = x + t * direction
        if not f(there) <= height + c * t * slope:
            high = t
        elif grad(there) @ direction < kept * slope:
            low = t
        else:
            break
        t = (low + high) / 2 if high < math.inf else 2 * t
    return t


def two_loops(g, pairs, scale=1.0):
    """Return B g for the B that the pairs (s, y) make of scale · I.

    No matrix is formed: the memory is that of the pairs.
    Source: Nocedal and Wright, Numerical Optimization, chapter 7.
    """
    weights = []
    for s, y in reversed(pairs):
        weights.append((s @ g) / (s @ y))
        g = g - weights[-1] * y
    g = scale * g
    for (s, y), weight in zip(pairs, reversed(weights), strict=True):
        g = g + (weight - (y @ g) / (s @ y)) * s
    return g


def gibibytes(d, bytes_per_entry=4):
    """Return the memory of a d × d matrix in GiB.

    >>> round(gibibytes(1_000_000), 2)
    3725.29
    """
    return d * d * bytes_per_entry / 2**30


def secant_orders(first="1.6", second="1.5", steps=14, digits=200):
    """Return the measured orders of the secant method on eˣ − ln x."""
    with localcontext() as context:
        context.prec = digits
        slope = lambda x: x.exp() - 1 / x
        best = Decimal("0.57")
        for _ in range(12):  # Newton's method, until the digits are used up
            best -= slope(best) / (best.exp() + 1 / (best * best))
        path = secant(slope, Decimal(first), Decimal(second), steps)
        errors = [abs(x - best) for x in path if abs(x - best) > Decimal("1e-180")]
        logs = [float(error.ln()) for error in errors]
    return [
        (c - b) / (b - a) for a, b, c in zip(logs, logs[1:], logs[2:], strict=False)
    ]


class Classes:
    """Logistic regression on d invented features of unequal size.

    A problem to minimise: `f`, `grad` and `hess` are functions of the weights,
    shape (d,), and `best` is where f is lowest. There are 10 d examples.
    `lowest` is the smallest curvature at the best weights, `highest` the largest
    anywhere, `highest_here` the largest at the best weights.
    """

    def __init__(self, d, seed=0, penalty=1e-3):
        rng = np.random.default_rng(seed)
        sizes = np.geomspace(1, 0.1, d)
        self.x = rng.normal(size=(10 * d, d)) * sizes
        truth = self.x @ (rng.normal(size=d) / sizes) / math.sqrt(d)
        self.y = (rng.random(10 * d) < sigmoid(2 * truth)).astype(float)
        self.penalty, self.d = penalty, d
        self.best = self._best()
        self.lowest, *_, here = np.linalg.eigvalsh(self.hess(self.best))
        self.highest = np.linalg.eigvalsh(self.hess(np.zeros(d)))[-1]
        self.highest_here, self.condition = here, here / self.lowest
        self.rate, self.heavy = _tuned(self.lowest, self.highest)
        self.memory = 10

    def f(self, w):
        loss = np.mean(cross_entropy_score(self.y, self.x @ w))
        return float(loss + self.penalty / 2 * w @ w)

    def grad(self, w):
        error = sigmoid(self.x @ w) - self.y
        return self.x.T @ error / len(error) + self.penalty * w

    def hess(self, w):
        return hessian_cross_entropy(w, self.x) + self.penalty * np.eye(self.d)

    def _best(self):
        w = damped_newton(self.f, self.grad, self.hess, np.zeros(self.d), 12)[-1]
        for _ in range(3):  # there f is level to its last digit: the search is blind
            w = w - np.linalg.solve(self.hess(w), self.grad(w))
        return w


START = np.array([-1.2, 1.0])
ADAM_RATES = 0.05, 0.1, 0.2


class Bananas:
    """Rosenbrock's valley, with the best constants of a sweep from `START`.

    The rates were the multiples of 0.0001, the β those of 0.01.
    """

    f, grad, hess = rosenbrock.f, rosenbrock.grad, rosenbrock.hess
    rate, heavy, memory, best = 0.0019, (0.0025, 0.95), 10, np.ones(2)


@cache
def results(d):
    """Return what each method needs on `Classes(d)`, by the method's name.

    The start is 0 and the tolerance 10⁻⁶. Each result has the `steps`, the
    `count` of what was asked, and the `work` in gradients.
    """
    problem, start = _classes(d), np.zeros(d)
    return {name: _race(problem, start, problem.best, name) for name in _METHODS}


def relative_work(method, d):
    """Return a method's work on `Classes(d)`, with damped Newton's as 1."""
    return results(d)[method].work / results(d)["damped Newton"].work


def cheapest(d):
    """Return the method that needs the least work on `Classes(d)`."""
    return min(results(d), key=lambda method: results(d)[method].work)


def least_work(method):
    """Return the least work that a method needs on any of the sizes drawn."""
    return min(results(d)[method].work for d in _SIZES)


def work_with(method, d=20, **numbers):
    """Return a method's work on `Classes(d)` with other numbers than the tuned.

    The numbers are `rate`, `heavy` or `memory`.
    """
    problem = copy(_classes(d))
    vars(problem).update(numbers)
    return _race(problem, np.zeros(d), problem.best, method).work


@cache
def to_nine_digits(name, d=20):
    """Return what a method needs for an error of 10⁻⁹."""
    problem = _classes(d)
    return _race(problem, np.zeros(d), problem.best, name, tolerance=1e-9)


def moves(landscape, x, rate):
    """Return how far a step of Newton and of gradient descent moves.

    >>> moves(quad1, 2.0, rate=0.1)
    (2.0, 0.4)
    """
    newton = abs(newton_step(landscape.grad, landscape.hess, x) - x)
    return newton, round(abs(step(landscape.grad, x, rate) - x), 12)


def newton_in_ravine():
    """Return where one Newton step from (5, 1) in the ravine leads."""
    return solved_step(ravine.grad, ravine.hess, np.array([5.0, 1.0]))


def flops(d, memory=10):
    """Return the arithmetic of one step beside f, gradient and Hessian."""
    return {
        "gradient descent": 2 * d,
        "momentum": 4 * d,
        "L-BFGS": (8 * memory + 4) * d,
        "BFGS": 8 * d * d,
        "Newton": 2 * d**3 / 3 + 2 * d * d,  # elimination, then two triangles
    }


def counted_operations(d):
    """Return the additions and multiplications of B's update and of B g."""
    numbers = np.random.default_rng(d).normal(size=(d + 3, d))
    asked = Counter()
    *inverse, s, y, g = np.vectorize(lambda x: _Counted(x, asked))(numbers)
    _rank_two(np.array(inverse), s, y) @ g
    return asked["operations"]


def claim_adam_forgives_steepness():
    """Adam needs as many steps when one axis is 10, 100 or ten thousand times steep."""
    steps = {
        first_within(adam(quadratic_grad(valley(kappa)), np.ones(2), 0.1, 99), 0, 1e-3)
        for kappa in (1, 10, 100, 10_000)
    }
    return len(steps) == 1 and None not in steps


def claim_wolfe_lets_the_slope_rise():
    """At 50 points of the valley the slope has risen, mostly to above zero."""
    ratios = []
    for x in np.random.default_rng(0).uniform(-2, 2, size=(50, 2)):
        p = -rosenbrock.grad(x)
        t = wolfe(rosenbrock.f, rosenbrock.grad, x, p)
        ratios.append(rosenbrock.grad(x + t * p) @ p / (-p @ p))
    return bool(max(ratios) <= 0.9 and np.median(ratios) < 0 and min(ratios) < -1)


def claim_second_order_is_not_more_accurate():
    """With 2 and 20 features damped Newton, momentum and gradient descent all come
    within 1e-12 of the minimum in the end.
    """
    for d in (2, 20):
        p, start = _classes(d), np.zeros(d)
        budgets = {"damped Newton": 12, "momentum": 400, "gradient descent": 3000}
        for name, steps in budgets.items():
            path = _METHODS[name](p, start, steps)
            if distances(path[-200:], p.best).min() > 1e-12:
                return False
    return True


def claim_costs_grow_as_drawn():
    """Twice the parameters: a step costs gradient descent and L-BFGS twice as much,
    BFGS four times and Newton eight times; a d by d matrix takes four times the room.
    """
    for d in (1e3, 1e5, 1e7):
        one, two = flops(d), flops(2 * d)
        ratios = [two[name] / one[name] for name in ("L-BFGS", "BFGS", "Newton")]
        if not np.allclose([two["gradient descent"] / one["gradient descent"]], 2):
            return False
        if not np.allclose(
            [*ratios, gibibytes(2 * d) / gibibytes(d)], [2, 4, 8, 4], 0.01
        ):
            return False
    return True


def claim_two_loops_cost_little():
    """The two loops take 8md operations, to a few d and m, besides the products s·y,
    which can be kept; counted for d = 20 and 50, m = 3 and 10.
    """
    for d, m in (20, 3), (50, 10):
        rng, asked = np.random.default_rng(d), Counter()
        count = np.vectorize(lambda x, asked=asked: _Counted(x, asked))
        g, *rest = count(rng.normal(size=(2 * m + 1, d)))
        two_loops(g, [*zip(rest[:m], rest[m:], strict=True)], 0.5)
        more = asked["operations"] - 2 * m * (2 * d - 1) - 8 * m * d
        if abs(more) > 3 * (d + m):
            return False
    return True


def claim_the_secant_order_is_golden():
    """From four pairs of starts the last orders are within 0.02 of the golden ratio."""
    golden = (1 + math.sqrt(5)) / 2
    starts = ("1.6", "1.5"), ("0.5", "0.7"), ("1.0", "0.9"), ("0.4", "0.5")
    return all(
        abs(order - golden) < 0.02
        for first, second in starts
        for order in secant_orders(first, second, steps=13)[-3:]
    )


def claim_the_measured_curvature_enters():
    """For 300 random estimates, steps and gradients: the new one gives s for y, is
    symmetric, and changes directions at right angles to s along s alone.
    """
    rng = np.random.default_rng(0)
    for d in (2, 3, 6):
        for _ in range(100):
            root, s, y, w = rng.normal(size=(d, d)), *rng.normal(size=(3, d))
            if abs(s @ y) < 0.1:
                continue
            old = root @ root.T
            new, w = updated(old, s, y), w - (s @ w) / (s @ s) * s
            change = (new - old) @ w
            along = (change @ s) / (s @ s) * s
            if not (np.allclose(new @ y, s) and np.allclose(new, new.T)):
                return False
            if not np.allclose(change, along, atol=1e-6 * np.abs(new).max()):
                return False
    return True


def claim_estimates_become_the_inverse():
    """On bowls with κ = 5, 8 and 10, turned by four angles, from six starts each: after
    ten steps B H is the identity to a tenth of its first error, and on the drawn one
    to a tenth after three steps. There it is a circle at first, nearly round after one
    step and two, and as long as the bowl after three; the fourth step ends within 0.01.
    """
    ways = np.radians(np.arange(10, 190, 30))
    for kappa in (5, 8, 10):
        for degrees in (0, 30, 60, -20):
            hess = valley(kappa, degrees)
            for start in 2 * np.array([np.cos(ways), np.sin(ways)]).T:
                path = _on_bowl(hess, start, 10)
                errors = _estimate_errors(hess, path)
                if errors[-1] > 0.1 * errors[0] and len(path) == 11:
                    return False
    path = _on_bowl(_BOWL, _FROM, 4)
    round_, small, still, long = map(
        np.linalg.cond, _estimates(quadratic_grad(_BOWL), path[:4])
    )
    shapes = round_ == 1 and max(small, still) < 2 and abs(long / 8 - 1) < 0.1
    learned = _estimate_errors(_BOWL, path)[3] < 0.1
    return bool(shapes and learned and np.linalg.norm(path[4]) < 0.01)


def claim_risen_slopes_keep_b_positive():
    """For 600 random estimates: B stays positive definite, and every direction leads
    downhill, if s·y > 0; it does not stay so if s·y < 0.
    """
    rng, kept = np.random.default_rng(0), {True: [], False: []}
    for d in (2, 3, 6):
        for _ in range(200):
            root, s, y, g = rng.normal(size=(d, d)), *rng.normal(size=(3, d))
            new = updated(root @ root.T + 0.1 * np.eye(d), s, y)
            lowest = np.linalg.eigvalsh(new)[0]
            kept[bool(s @ y > 0)].append(lowest > 0 and g @ -new @ g < 0)
    return all(kept[True]) and not any(kept[False])


def claim_bfgs_needs_at_most_d_steps():
    """On bowls of 2, 5 and 8 dimensions with κ = 10 and 100, searched exactly, d steps
    of BFGS lead within a millionth of the start's distance; on Rosenbrock's valley,
    which is no bowl, two do not.
    """
    rng = np.random.default_rng(0)
    for d in (2, 5, 8):
        for kappa in (10, 100):
            turn, _ = np.linalg.qr(rng.normal(size=(d, d)))
            hess = turn @ np.diag(np.geomspace(1, kappa, d)) @ turn.T
            x, inverse = np.ones(d), np.eye(d)
            for _ in range(d):
                g = hess @ x
                p = -inverse @ g
                s = -(g @ p) / (p @ hess @ p) * p
                x, inverse = x + s, updated(inverse, s, hess @ s)
            if np.linalg.norm(x) > 1e-6 * math.sqrt(d):
                return False
    bent = bfgs(rosenbrock.f, rosenbrock.grad, START, 2)[-1]
    return bool(np.linalg.norm(bent - 1) > 0.1)


def claim_newton_doubles_its_digits():
    """With 2, 10 and 20 features each step from one digit on multiplies the digits by
    1.8 at least: it about doubles them.
    """
    for d in (2, 10, 20):
        p = _classes(d)
        errors = distances(damped_newton(p.f, p.grad, p.hess, np.zeros(d), 9), p.best)
        # Closer than that, f has no digit left by which the search could decide.
        digits = -np.log10(errors[: 1 + (errors < 1e-7).argmax()])
        if not ((digits[1:] / digits[:-1])[digits[:-1] > 1] > 1.8).all():
            return False
    return True


def claim_four_arrive_together():
    """To 1e-9 with 20 features: in steps Newton is more than ten times ahead of the
    other four; in work four of the five need no more than a quarter more than the
    least, and gradient descent eight times as much.
    """
    runs = {name: to_nine_digits(name) for name in _METHODS}
    steps = sorted(run.steps for run in runs.values())
    *four, last = sorted(run.work for run in runs.values())
    ahead = steps[0] == runs["damped Newton"].steps and steps[1] > 10 * steps[0]
    return ahead and four[-1] < 1.25 * four[0] and last > 8 * four[-1]


def claim_the_cheapest_changes():
    """Of the sizes drawn damped Newton is cheapest for two parameters, L-BFGS for 5, 10
    and 20, momentum from 50 on. Newton's work is 5 to 7 times d.
    """
    first = ["damped Newton", *["L-BFGS"] * 3, *["momentum"] * 2]
    newton = [results(d)["damped Newton"].work / d for d in _SIZES]
    return [*map(cheapest, _SIZES)] == first and 5 < min(newton) <= max(newton) <= 7


def claim_three_winners():
    """With 20 features: L-BFGS with ten pairs wins; with three it loses to momentum,
    which with its numbers chosen with less care loses to all but gradient descent;
    and damped Newton wins if a Hessian costs d/4: three winners.
    """
    now = {name: result.work for name, result in results(20).items()}
    plain = now.pop("gradient descent")
    careless = work_with("momentum", **_cautious(_classes(20)))
    rest = [work for name, work in now.items() if name != "momentum"]
    return (
        min(now, key=now.get) == "L-BFGS"
        and now["momentum"] < work_with("L-BFGS", memory=3)
        and max(rest) < careless < plain
        and _newton_work(20, 5) < min(now.values())
    )


def claim_curvatures_at_the_minimum_are_faster():
    """With 2 and with 20 features, for gradient descent and for momentum."""
    return all(
        work_with(name, d, **_at_the_minimum(_classes(d))) < results(d)[name].work
        for d in (2, 20)
        for name in ("gradient descent", "momentum")
    )


def claim_newtons_step_is_longer_below_one_over_the_curvature():
    """On four curves, at ten points each, for rates from 0.01 to 3 but the border."""
    for one, points in (
        (quad1, np.linspace(-2, 2, 10)),
        (quartic, np.linspace(0.2, 2, 10)),
        (explog, np.linspace(0.1, 2, 10)),
        (tilted, np.linspace(-2, 2, 10)),
    ):
        for x in map(float, points):
            border = 1 / abs(one.hess(x))
            for rate in (0.01, 0.1, 0.3, 0.9, 3.0):
                newton, descent = moves(one, x, rate)
                if abs(rate / border - 1) > 1e-6 and (newton > descent) != (
                    rate < border
                ):
                    return False
    return True


def claim_bfgs_speeds_up():
    """With 2, 5, 10 features the factors of a run's last quarter are less
    by more than half than those of its first quarter.
    """
    held = []
    for d in (2, 5, 10):
        p = _classes(d)
        errors = distances(bfgs(p.f, p.grad, np.zeros(d), 80), p.best)
        logs = np.log(errors[errors > 1e-9])
        first, *_, last = (q.mean() for q in np.array_split(np.diff(logs), 4))
        held.append(last < first + math.log(0.5))
    return all(held)


def claim_bfgs_does_not_double(d=20):
    """With twenty features: from two digits on, no step of BFGS makes half as many
    again.
    """
    p = _classes(d)
    errors = distances(bfgs(p.f, p.grad, np.zeros(d), 99), p.best)
    digits = -np.log10(errors[errors > 1e-10])
    growth = (digits[1:] / digits[:-1])[digits[:-1] > 2]
    return bool(growth.max() < 1.5)


@cache
def claim_adam_arrives_and_leaves():
    """With all of `ADAM_RATES` it comes within $10^{-10}$, and later is farther than a
    thousandth.
    """
    p, held = _classes(20), []
    for rate in ADAM_RATES:
        errors = distances(adam(p.grad, np.zeros(20), rate, 3000), p.best)
        arrived = (errors < 1e-10).argmax()
        held.append(arrived > 0 and errors[arrived:].max() > 1e-3)
    return all(held)


def claim_noise_throws_newton_furthest():
    """With noisy gradients Newton's steps end thrice as far off as descent's."""
    held = []
    for d in (2, 20):
        p, rng = _classes(d), np.random.default_rng(d)
        noisy = lambda w, p=p, rng=rng: p.grad(w) + 1e-3 * rng.normal(size=p.d)
        far = []
        for path in (
            descend(noisy, p.best, p.rate, 200),
            solved_path(noisy, p.hess, p.best, 200),
        ):
            far.append(np.mean(distances(path[100:], p.best)))
        held.append(far[1] > 3 * far[0])
    return all(held)


def claim_short_differences_measure_noise():
    """Over short steps half of the measured curvatures are below zero."""
    held = []
    for d in (2, 20):
        p, rng = _classes(d), np.random.default_rng(d)
        ways = rng.normal(size=(300, d))
        ways *= 1e-4 / np.linalg.norm(ways, axis=1)[:, None]
        at_best = p.grad(p.best)
        rises = np.array([p.grad(p.best + s) - at_best for s in ways])
        rises += 1e-3 * math.sqrt(2) * rng.normal(size=ways.shape)
        below = np.mean(np.sum(ways * rises, axis=1) < 0)
        held.append(0.4 < below < 0.6)
    return all(held)


def claim_straight_runs_lose_at_nine_digits():
    """With 20 features Newton and BFGS need less work to 1e-9 than the others.

    For a millionth both need more than momentum and L-BFGS.
    """
    straight, bent = ("momentum", "L-BFGS"), ("damped Newton", "BFGS")
    to = {name: to_nine_digits(name).work for name in (*straight, *bent)}
    six = {name: results(20)[name].work for name in (*straight, *bent)}
    return max(to[name] for name in bent) < min(to[name] for name in straight) and (
        min(six[name] for name in bent) > max(six[name] for name in straight)
    )


def claim_momentum_follows_the_root():
    """On all sizes drawn, two seeds up to 20, momentum's work is 7 to 10 times √κ."""
    ratios = []
    for d in _SIZES:
        for seed in (0, 1)[: 1 + (d <= 20)]:
            p = _classes(d, seed)
            path = momentum(p.grad, np.zeros(d), p.heavy[0], 150, p.heavy[1])
            root = math.sqrt(p.highest / p.lowest)
            ratios.append(first_within(path, p.best, 1e-6) / root)
    return min(ratios) > 7 and max(ratios) < 10


def claim_curvatures_at_the_minimum_may_fail():
    """On one problem momentum arrives with λ_d, and not with that of the minimum."""
    p = _classes(2, seed=3)
    ends = []
    for highest in (p.highest, p.highest_here):
        rate, beta = _tuned(p.lowest, highest)[1]
        ends.append(distances(momentum(p.grad, np.zeros(2), rate, 2000, beta), p.best))
    return bool(ends[0].min() < 1e-6 and ends[1].min() > 1e-6)


def claim_the_race_to_move_is_told():
    """Descent keeps a hundredth, momentum's line is straight, Newton's stairs grow."""
    given = 20, 50, "walls", "work"
    heavy = np.array(_momentum_line(*given))
    [stairs] = np.array(_newton_stairs(*given))
    bend = np.polyfit(*heavy.T, 1, full=True)[1][0] / len(heavy)
    kept = _error_rows(*given)[-1][4]
    leader = _leader_says(*given, 80)[0]
    higher = len(stairs) == 10 and np.diff(-np.diff(stairs[1:8:2, 1])).min() > 0
    return bool(kept > 0.01 and bend < 0.01 and higher and leader == "L-BFGS")


def table_bananas():
    """What each method spends in Rosenbrock's valley."""
    header = ["method", "steps", "losses", "gradients", "Hessians", "work"]
    rows = []
    for name, (steps, count, work) in _banana_results().items():
        asked = count["f"], f"{count['grad']:,}", count["hess"]
        rows.append([name, f"{steps:,}", *asked, f"{work:,.0f}"])
    return table(header, rows)


def table_work():
    """The work of each method on three sizes of the invented classes."""
    rows = []
    for name in _METHODS:
        works = [results(d)[name].work for d in (2, 20, 100)]
        rows.append([name, *(f"{work:,.0f}" for work in works)])
    return table(["method", "$d = 2$", "$d = 20$", "$d = 100$"], rows)


def table_tuning():
    """The work with other numbers, and at another price of a Hessian."""
    here, root = "curvatures at the minimum", "$\\beta = (1 - 1/\\sqrt\\kappa)^2$"
    rows = []
    for name, how, numbers in [
        ("gradient descent", "rate $1/\\lambda_d$", _cautious),
        ("gradient descent", "**rate $2/(\\lambda_1 + \\lambda_d)$**", _as_tuned),
        ("gradient descent", f"the same, {here}", _at_the_minimum),
        ("momentum", f"rate $1/\\lambda_d$, {root}", _cautious),
        ("momentum", "**the best pair**", _as_tuned),
        ("momentum", f"the same, {here}", _at_the_minimum),
        ("L-BFGS", "3 pairs", lambda _: {"memory": 3}),
        ("L-BFGS", "**10 pairs**", lambda _: {"memory": 10}),
        ("L-BFGS", "30 pairs", lambda _: {"memory": 30}),
    ]:
        works = [work_with(name, d, **numbers(_classes(d))) for d in (2, 20, 100)]
        rows.append([name, how, *(f"{work:,.0f}" for work in works)])
    for how, share in (
        ("**a Hessian costs $d$ gradients**", 1),
        ("it costs $d/4$", 0.25),
    ):
        works = [_newton_work(d, share * d) for d in (2, 20, 100)]
        rows.append(["damped Newton", how, *(f"{work:,.0f}" for work in works)])
    return table(["method", "numbers", "$d = 2$", "$d = 20$", "$d = 100$"], rows)


def table_moves():
    """One step of each method: which is the longer?"""
    moved = ["Newton moves", "gradient descent moves"]
    header = ["landscape", "from", "rate", *moved, "the longer step"]
    rows = []
    for landscape, x, rate in _CASES:
        newton, descent = moves(landscape, x, rate)
        longer = "Newton" if newton > descent else "gradient descent"
        lengths = f"{newton:.3f}", f"{descent:.3f}"
        rows.append([f"${landscape.tex}$", x, rate, *lengths, longer])
    return table(header, rows)


_BOWL, _FROM = valley(8, 30), np.array([0.5, 2.0])  # on which BFGS is drawn


def _on_bowl(hess, start, steps):
    """Return the path of BFGS on ½ θᵀHθ."""
    return bfgs(quadratic(hess), quadratic_grad(hess), start, steps)


def _estimates(grad, path):
    """Return the B of `bfgs` at each point of its path."""
    found = [np.eye(path.shape[1])]
    for before, x in pairwise(path):
        s, y = x - before, grad(x) - grad(before)
        scale = (s @ y) / (y @ y) if len(found) == 1 else 1.0
        found.append(updated(scale * found[-1], s, y))
    return found


def _estimate_errors(hess, path):
    """Return how far B H is from the identity at each point."""
    identity = np.eye(len(hess))
    found = _estimates(quadratic_grad(hess), path)
    return [float(np.linalg.norm(B @ hess - identity)) for B in found]


def _tuned(lowest, highest):
    """Return the best rate, and momentum's best rate and β, for two curvatures.

    >>> _tuned(1.0, 9.0)
    (0.2, (0.25, 0.25))
    """
    rate, beta = best_pair(highest / lowest)
    return 2 / (lowest + highest), (rate / lowest, beta)


def _newton_work(d, price):
    """Return damped Newton's work on `Classes(d)` if a Hessian costs so much."""
    return _work(results(d)["damped Newton"].count, price)


def _rank_two(inverse, s, y):
    """Return what `updated` returns, without a product of matrices."""
    By, rho = inverse @ y, 1 / (s @ y)
    u = rho * (1 + rho * (y @ By)) / 2 * s - rho * By
    return inverse + np.outer(u, s) + np.outer(s, u)


def _counting(operate):
    """Return a method of `_Counted`; arrays go through it number by number."""

    def method(self, other):
        if isinstance(other, np.ndarray):
            return NotImplemented
        self.asked["operations"] += 1
        value = operate(self.value, getattr(other, "value", other))
        return _Counted(value, self.asked)

    return method


class _Counted:
    """A number that counts what is done with it."""

    def __init__(self, value, asked):
        self.value, self.asked = value, asked

    __add__ = __radd__ = _counting(operator.add)
    __sub__ = _counting(operator.sub)
    __mul__ = __rmul__ = _counting(operator.mul)
    __truediv__ = _counting(operator.truediv)
    __rtruediv__ = _counting(lambda one, other: other / one)


@cache
def _classes(d, seed=0):
    return Classes(d, seed)


def _as_tuned(problem):
    return {"rate": problem.rate, "heavy": problem.heavy}


def _cautious(problem):
    """The rate one over the largest curvature, and the β that suits this rate."""
    rate = 1 / problem.highest
    beta = (1 - math.sqrt(problem.lowest / problem.highest)) ** 2
    return {"rate": rate, "heavy": (rate, beta)}


def _at_the_minimum(problem):
    """The best numbers for the two curvatures at the best weights."""
    rate, heavy = _tuned(problem.lowest, problem.highest_here)
    return {"rate": rate, "heavy": heavy}


def _lbfgs(f, grad, start, steps=10, memory=10):
    """Return the path of L-BFGS, which keeps the last steps only."""
    path, pairs = [np.asarray(start, float)], []
    for _ in range(steps):
        x, g = path[-1], grad(path[-1])
        if np.linalg.norm(g) < 1e-12:
            break
        s, y = pairs[-1] if pairs else (g, g)
        p = -two_loops(g, pairs, (s @ y) / (y @ y))
        path.append(x + wolfe(f, grad, x, p) * p)
        s, y = path[-1] - x, grad(path[-1]) - g
        if s @ y <= 0:  # all digits are used up
            break
        pairs = [*pairs, (s, y)][-memory:]
    return np.array(path)


# The path of each method on a problem, with the numbers that suit the problem.
_METHODS = {
    "damped Newton": lambda p, x, k: damped_newton(p.f, p.grad, p.hess, x, k),
    "BFGS": lambda p, x, k: bfgs(p.f, p.grad, x, k),
    "L-BFGS": lambda p, x, k: _lbfgs(p.f, p.grad, x, k, p.memory),
    "momentum": lambda p, x, k: momentum(p.grad, x, p.heavy[0], k, p.heavy[1]),
    "gradient descent": lambda p, x, k: descend(p.grad, x, p.rate, k),
}
_SIZES = 2, 5, 10, 20, 50, 100
_WIDE = 150  # how many steps, and how much work, the race shows
# One step each: is Newton's the longer? (landscape, where, rate)
_CASES = (quad1, 2.0, 0.1), (quad1, 2.0, 0.9), (quartic, 2.0, 0.1)


class _Meter:
    """A problem that counts what it is asked; the same point is free.

    >>> meter = _Meter(rosenbrock)
    >>> meter.f([1, 1]), meter.f([1, 1]), meter.count["f"]
    (0.0, 0.0, 1)
    """

    def __init__(self, problem):
        self.problem, self.count, self._known = problem, Counter(), {}

    def __getattr__(self, name):  # the tuned numbers are the problem's
        return getattr(self.problem, name)

    def ask(self, what, x):
        key = what, np.asarray(x, float).tobytes()
        if key not in self._known:
            self.count[what] += 1
            self._known[key] = getattr(self.problem, what)(x)
        return self._known[key]

    def f(self, x):
        return self.ask("f", x)

    def grad(self, x):
        return self.ask("grad", x)

    def hess(self, x):
        return self.ask("hess", x)


class _Result(NamedTuple):
    """What a run needed: its steps, what it asked, and the work of that."""

    steps: int | None
    count: Counter
    work: float


def _work(count, price):
    """Return the work in gradients: a Hessian has a price, a loss is a third.

    >>> _work({"grad": 3, "hess": 1, "f": 6}, price=10)
    15.0
    """
    return count["grad"] + price * count["hess"] + count["f"] / 3


def _race(problem, start, best, method, budget=4000, tolerance=1e-6):
    """Return what a method needs until the error is below tolerance."""
    reached, steps = None, 16
    while reached is None and steps <= budget:
        path = _METHODS[method](problem, start, steps)
        reached, steps = first_within(path, best, tolerance), 2 * steps
    if reached is None:
        return _Result(None, Counter(), math.inf)
    meter = _Meter(problem)
    _METHODS[method](meter, start, reached)
    return _Result(reached, meter.count, _work(meter.count, len(start)))


@cache
def _banana_results():
    """Return what each method needs on Rosenbrock's function, from `START`."""
    run = lambda name: _race(Bananas, START, Bananas.best, name, budget=80000)
    return {name: run(name) for name in _METHODS}


def _errors_by_work(problem, start, method, steps):
    """Return the work and the error after each of some steps."""
    spent, errors = [], []
    for k in steps:
        meter = _Meter(problem)
        path = _METHODS[method](meter, start, k)
        spent.append(_work(meter.count, len(start)))
        errors.append(float(np.linalg.norm(path[-1] - problem.best)))
    return np.array(spent), np.array(errors)


# The race to move, without arrays. Its loss is the sum of λ (x²/2 + wall x⁴/4) over
# the parameters, with curvatures λ from 1 to κ; it starts where all x are 1.


def _scales(d, kappa):
    """Return the curvatures at the minimum.

    >>> _scales(3.0, 9.0)
    [1.0, 3.0, 9.0]
    """
    last = math.floor(d - 0.5)
    return [1.0 + (kappa - 1.0) * i * i / (last * last) for i in range(last + 1)]


def _seen(x, scales, wall):
    """Return the loss, in a list, and the gradient.

    >>> _seen([1.0, 2.0], [1.0, 4.0], 0.0)
    [[8.5], [1.0, 8.0]]
    """
    loss = 0.0
    slopes = []
    for i in range(len(x)):
        slope, bend = scales[i] * x[i], 1.0 + wall * x[i] * x[i]
        loss += slope * x[i] * (1.0 + bend) / 4
        slopes.append(slope * bend)
    return [[loss], slopes]


def _dot(a, b):
    """Return a · b, of two lists.

    >>> _dot([1.0, 2.0], [3.0, 4.0])
    11.0
    """
    total = 0.0
    for i in range(len(a)):
        total += a[i] * b[i]
    return total


def _along(x, t, p):
    """Return x + t p, of two lists.

    >>> _along([1.0, 2.0], 0.5, [2.0, 0.0])
    [2.0, 2.0]
    """
    return [x[i] + t * p[i] for i in range(len(x))]


def _mean_size(x):
    """Return the distance to the minimum, as a share of the first.

    >>> _mean_size([0.5, 0.5])
    0.5
    """
    return math.sqrt(_dot(x, x) / len(x))


def _first_order_race(scales, wall, rate, beta):
    """Return the work of momentum, and its error, after each step.

    With β = 0 it is gradient descent.
    """
    x, v = [1.0 for _ in scales], [0.0 for _ in scales]
    points = [[0.0, 1.0]]
    while len(points) <= 120 and points[-1][1] > 1e-10:
        v = _along(_seen(x, scales, wall)[1], beta, v)
        x = _along(x, -rate, v)
        points.append([float(len(points)), _mean_size(x)])
    return points


def _newton_race(wall, price):
    """Return the same of Newton's method, for which all parameters are alike."""
    x, k = 1.0, 0.0
    points = [[0.0, 1.0]]
    while x > 1e-10:
        x, k = x - (x + wall * x * x * x) / (1.0 + 3.0 * wall * x * x), k + 1.0
        points.append([k * (1.0 + price) + (k + 1.0) / 3, abs(x)])
    return points


def _newton_price(d, kappa, landscape, counted, budget):
    """Return which formula counts, Newton's steps for a budget, d, and the work.

    >>> _newton_price(20.0, 50.0, "walls", "work", 80.0)[:3]
    ['work', 3, 20.0]
    """
    points = _races(d, kappa, landscape, counted)[0]
    k = _steps_within(points, budget)
    return [counted, k, d, k + 1, points[k][0], budget]


_WORK = (
    r"k\,(1 + %s) + \tfrac13 (k + 1) = {1:0} \cdot (1 + %s) + \tfrac13 \cdot {3:0}"
    r" = {4:2} \le {5:0}"
)
_PRICES = {
    "steps": r"k = {1:0} \le {5:0}",
    "work": _WORK % ("d", "{2:0}"),
    "cheap H": _WORK % (r"\tfrac14 d", r"\tfrac14 \cdot {2:0}"),
}


def _remembered(g, pairs, newest):
    """Return what `two_loops` does, of lists, for ten pairs [s, y] up to the newest.

    The first pair is the first gradient, twice, and is not one of them.

    >>> _remembered([1.0, 4.0], [[[1.0, 1.0], [1.0, 1.0]], [[1.0, 0.0], [2.0, 0.0]]], 1)
    [0.5, 2.0]
    """
    if newest < max(len(pairs) - 10, 1):
        s, y = pairs[-1]
        scale = _dot(s, y) / _dot(y, y)
        return [scale * one for one in g]
    s, y = pairs[newest]
    product = _dot(s, y)
    weight = _dot(s, g) / product
    g = _remembered(_along(g, -weight, y), pairs, newest - 1)
    return _along(g, weight - _dot(y, g) / product, s)


def _memory_race(scales, wall):
    """Return the same of L-BFGS."""
    x, work = [1.0 for _ in scales], 4.0 / 3
    points = [[0.0, 1.0]]
    loss, g = _seen(x, scales, wall)
    pairs = [[g, g]]
    while len(points) <= 120 and points[-1][1] > 1e-10:
        p = _remembered(g, pairs, len(pairs) - 1)
        slope = _dot(g, p)
        low, high, t = 0.0, 0.0, 1.0
        there, after, rise = x, loss, g
        for _ in range(60):  # the search of `wolfe`; high is 0 until there is one
            there = _along(x, -t, p)
            after, rise = _seen(there, scales, wall)
            work += 1.0 / 3
            if after[0] > loss[0] - 1e-4 * t * slope:
                high = t
            else:
                work += 1.0
                if _dot(rise, p) <= 0.9 * slope:
                    break
                low = t
            t = (low + high) / 2 if high > 0 else 2 * t
        pairs.append([_along(there, -1.0, x), _along(rise, -1.0, g)])
        x, loss, g = there, after, rise
        points.append([work, _mean_size(x)])
    return points


@lru_cache(maxsize=1)
def _races(d, kappa, landscape, counted):
    """Return what each method has spent, and its error, after each step.

    In the order of the sentences: Newton, L-BFGS, momentum, gradient descent.
    """
    scales, wall = _scales(d, kappa), 0.25 if landscape == "walls" else 0.0
    steepest = kappa * (1.0 + 3.0 * wall)  # the largest curvature on the way: at first
    rate, beta = best_pair(steepest)
    races = [
        _newton_race(wall, d / 4 if counted == "cheap H" else d),
        _memory_race(scales, wall),
        _first_order_race(scales, wall, rate, beta),
        _first_order_race(scales, wall, 2.0 / (1.0 + steepest), 0.0),
    ]
    if counted == "steps":
        return [[[float(k), race[k][1]] for k in range(len(race))] for race in races]
    return races


def _steps_within(points, budget):
    """Return how many steps of a race a budget is enough for.

    >>> _steps_within([[0.0, 1.0], [2.5, 0.1], [4.0, 0.01]], 3.0)
    1
    """
    k = 0
    for i in range(len(points)):
        k = i if points[i][0] <= budget else k
    return k


def _errors_at(d, kappa, landscape, counted, budget):
    """Return the errors when a budget is spent, in the same order.

    >>> _errors_at(2.0, 9.0, "bowl", "steps", 0.0)
    [1.0, 1.0, 1.0, 1.0]
    """
    races = _races(d, kappa, landscape, counted)
    return [points[_steps_within(points, budget)][1] for points in races]


def _leader(d, kappa, landscape, counted, budget):
    """Return the name of the method with the smallest error.

    >>> race = 20.0, 50.0, "walls", "work"
    >>> [_leader(*race, budget) for budget in (60.0, 80.0, 90.0)]
    ['momentum', 'L-BFGS', 'Newton']
    """
    errors = _errors_at(d, kappa, landscape, counted, budget)
    leader = 0
    for i in range(4):
        if errors[i] < errors[leader]:
            leader = i
    return _RUNNERS[leader]


def _leader_says(d, kappa, landscape, counted, budget):
    """Return who leads, the budget, and the errors."""
    leader = _leader(d, kappa, landscape, counted, budget)
    return [leader, budget, *_errors_at(d, kappa, landscape, counted, budget)]


def _budget_line(budget):
    return [[[budget, -10.0], [budget, 0.5]]]


def _height(error):
    """Return log₁₀ of an error, or -10 for what is smaller.

    >>> _height(1.0), _height(0.0)
    (0.0, -10.0)
    """
    return math.log(error) / math.log(10.0) if error > 1e-10 else -10.0


@lru_cache(maxsize=1)
def _lines(d, kappa, landscape, counted):
    """Return what each method has spent, and the height of its error."""
    return [
        [[spent, _height(error)] for spent, error in points]
        for points in _races(d, kappa, landscape, counted)
    ]


def _newton_dots(d, kappa, landscape, counted):
    return _lines(d, kappa, landscape, counted)[0]


def _newton_stairs(d, kappa, landscape, counted):
    """Return the line on which nothing is won until the next step is paid."""
    stairs = []
    last = 0.0
    for spent, height in _newton_dots(d, kappa, landscape, counted):
        stairs.append([spent, last])
        stairs.append([spent, height])
        last = height
    return [stairs]


def _memory_line(d, kappa, landscape, counted):
    return [_lines(d, kappa, landscape, counted)[1]]


def _momentum_line(d, kappa, landscape, counted):
    return _lines(d, kappa, landscape, counted)[2]


def _descent_line(d, kappa, landscape, counted):
    """Return every fifth of its points."""
    line = _lines(d, kappa, landscape, counted)[3]
    return [line[k] for k in range(0, len(line), 5)]


def _error_rows(d, kappa, landscape, counted):
    """Return the errors of all four, each time that ten more are spent."""
    return [
        [10.0 * k, *_errors_at(d, kappa, landscape, counted, 10.0 * k)]
        for k in range(13)
    ]


def _leads_at_first(name, d, kappa, landscape, counted, budget):
    """Whether a method leads in the race of the start, with another budget."""
    is_first = d == 20 and kappa == 50 and landscape == "walls" and counted == "work"
    return is_first and _leader(d, kappa, landscape, counted, budget) == name


def _momentum_leads(d, kappa, landscape, counted, budget):
    """Whether momentum leads in the race of the start.

    >>> race = 20.0, 50.0, "walls", "work"
    >>> [_momentum_leads(*race, budget) for budget in (60.0, 80.0)]
    [True, False]
    """
    return _leads_at_first("momentum", d, kappa, landscape, counted, budget)


def _newton_leads(d, kappa, landscape, counted, budget):
    """Whether Newton's method does.

    >>> race = 20.0, 50.0, "walls", "work"
    >>> [_newton_leads(*race, budget) for budget in (90.0, 80.0)]
    [True, False]
    """
    return _leads_at_first("Newton", d, kappa, landscape, counted, budget)


def _price_decides(d, kappa, landscape, budget):
    """Whether Newton's method leads with 50 parameters if a Hessian costs d/4 only.

    >>> [_price_decides(50.0, 50.0, "walls", budget) for budget in (80.0, 20.0)]
    [True, False]
    """
    if d != 50 or _leader(d, kappa, landscape, "work", budget) == "Newton":
        return False
    return _leader(d, kappa, landscape, "cheap H", budget) == "Newton"


_RUNNERS = ["Newton", "L-BFGS", "momentum", "gradient descent"]
_LINES = {
    "damped Newton": ("second", "s-"),
    "BFGS": ("third", "-."),
    "L-BFGS": ("path", "-"),
    "momentum": ("fourth", "--"),
    "gradient descent": ("curve", ":"),
}


def figure_opening():
    """Three methods and what is left of their errors, on a logarithmic axis."""
    figure, ax = draw.opening((-0.6, 18), (-12, 1.2))
    best = explog.minima[0]
    paths = {
        "path": descend(explog.grad, 1.6, 0.1, 17),
        "third": secant(explog.grad, 1.6, 1.5, 7),
        "second": [1.6],
    }
    for _ in range(5):
        last = paths["second"][-1]
        paths["second"].append(newton_step(explog.grad, explog.hess, last))
    for colour, path in paths.items():
        error = np.log10(np.abs(np.array(path) - best) + 1e-13)
        ax.plot(error[error > -11.5], "o-", color=colour, markersize=4)
    return figure


def figure_ellipses():
    """What BFGS takes for the bowl's level lines, step by step."""
    figure, axes = draw.panels(2, 2, height=5.2)
    path = _on_bowl(_BOWL, _FROM, 4)
    estimates = _estimates(quadratic_grad(_BOWL), path)
    ways = np.linspace(0, 2 * np.pi, 45)
    circle = np.array([np.cos(ways), np.sin(ways)])
    true = np.linalg.cholesky(np.linalg.inv(_BOWL)) @ circle
    for k, ax in enumerate(axes.flat):
        x, believed = path[k], np.linalg.cholesky(estimates[k]) @ circle
        for level in (0.5, 2, 5, 10, 17):
            ax.plot(*math.sqrt(2 * level) * true, color="soft", linewidth=0.6)
        ax.set(xlim=(-1.7, 2.6), ylim=(-1.5, 2.8))
        ax.plot(*path[: k + 2].T, "o-", color="path", markersize=3, linewidth=1)
        ax.plot(*(x[:, None] + true), "--", color="soft", linewidth=1.2)
        ax.plot(*(x[:, None] + believed), color="second")
        ax.plot(*x, "o", color="second", markersize=5)
        draw.optimum(ax, 0, 0)
        ax.set(xticks=[], yticks=[], title=f"k = {k}", aspect="equal")
    return figure


def figure_race():
    problem, start = _classes(20), np.zeros(20)
    figure, axes = draw.panels(2, 1, height=6.6)
    by_steps, by_work = axes[:, 0]
    for name, (colour, style) in _LINES.items():
        last = min(to_nine_digits(name).steps, _WIDE)
        steps = np.unique(np.linspace(0, last, 40).round().astype(int))
        spent, errors = _errors_by_work(problem, start, name, steps)
        for ax, across in zip(axes[:, 0], [steps, spent], strict=True):
            ax.semilogy(across, errors, style, color=colour, markersize=4)
    for ax, across in (by_steps, "steps"), (by_work, "work, in gradients"):
        ax.set(xlabel=across, ylabel="error", xlim=(0, _WIDE), ylim=(2e-11, 20))
        ax.axhline(1e-9, color="soft", linewidth=0.8)
        draw.label(ax, "gradient descent", (100, 1), (0, 13), "curve")
    draw.label(by_steps, "Newton", (6, 1e-8), (6, 0), "second", ha="left")
    draw.label(by_steps, "L-BFGS", (42, 1e-6), (0, 0), "path", ha="right")
    draw.label(by_steps, "BFGS", (73, 1e-9), (4, -12), "third", ha="right")
    draw.label(by_steps, "momentum", (95, 1e-7), (6, 6), "fourth", ha="left")
    draw.label(by_work, "Newton", (64, 1e-2), (8, 5), "second", ha="left")
    draw.label(by_work, "momentum", (56, 1e-4), (-10, -6), "fourth", ha="right")
    draw.label(by_work, "L-BFGS", (56, 1e-4), (-10, -19), "path", ha="right")
    draw.label(by_work, "BFGS", (97, 1e-9), (4, -12), "third", ha="right")
    return figure


def figure_explore_budget():
    """Four errors against what was spent, and who leads when a budget is."""
    figure, ax = draw.axes("steps, or work in gradients", "error", height=3.9)
    ax.set(xlim=(-3, 123), ylim=(-10.5, 3.6))
    powers = [-10, -8, -6, -4, -2, 0]
    ax.set_yticks(powers, [draw.power(10.0**y) for y in powers])
    for name, style, x, y in [
        ("Newton", "o-", 3, 2.8),
        ("L-BFGS", "-", 3, 1.5),
        ("momentum", "--", 50, 2.8),
        ("gradient descent", "o", 50, 1.5),
    ]:
        colour, _ = _LINES.get(name) or _LINES["damped Newton"]
        ax.plot([x, x + 4, x + 8], [y, y, y], style, color=colour, linewidth=1)
        draw.label(ax, name, (x + 13, y), color=colour, ha="left")
    errors = "Newton {2:4}, L-BFGS {3:4}, momentum {4:4}, gradient descent {5:4}."
    colours = ["second", "path", "fourth", "curve"]
    return movable(
        figure,
        ax,
        knobs=[
            Knob("d", "parameters", 2, 50, 1, 20),
            Knob("kappa", "condition κ", 2, 100, 1, 50),
            Choice("landscape", "landscape", ["bowl", "walls"], "walls"),
            Choice("counted", "counted", ["steps", "work", "cheap H"], "work"),
            Knob("budget", "budget", 1, 120, 1, 80),
        ],
        layers=[
            Layer(_descent_line, "dots", "curve"),
            Layer(_momentum_line, "line", "fourth"),
            Layer(_memory_line, "level", "path"),
            Layer(_newton_stairs, "level", "second"),
            Layer(_newton_dots, "dots", "second"),
            Layer(_budget_line, "level"),
        ],
        says=(
            _leader_says,
            {
                name: (
                    colour,
                    f"When {{1:0}} is spent, {name} leads. Errors: {errors}",
                )
                for name, colour in zip(_RUNNERS, colours, strict=True)
            },
        ),
        formula=(_newton_price, _PRICES),
        table=(_error_rows, ["row", "spent", *_RUNNERS]),
        targets={
            "momentum": Target(_momentum_leads, {"budget": 50}),
            "Newton": Target(_newton_leads, {"budget": 90}),
            "price": Target(_price_decides, {"d": 50}),
        },
    )


def figure_cost():
    sizes = np.logspace(1, 9, 65)
    figure, axes = draw.panels(2, 1, height=6.2, sharex=True)
    arithmetic, memory = axes[:, 0]
    for name, colour, style in [
        ("gradient descent", "curve", ":"),
        ("L-BFGS", "path", "-"),
        ("BFGS", "third", "-."),
        ("Newton", "second", "--"),
    ]:
        arithmetic.loglog(sizes, flops(sizes)[name], style, color=colour)
    for numbers, colour, style in [
        (sizes, "curve", ":"),
        (20 * sizes, "path", "-"),
        (sizes**2, "second", "--"),
    ]:
        memory.loglog(sizes, 4 * numbers, style, color=colour)
    arithmetic.set(ylabel="operations a step")
    memory.set(xlabel="parameters d", ylabel="memory, in bytes")
    memory.axhline(24 * 2**30, color="soft", linewidth=0.8)
    one = flops(1)
    draw.label(arithmetic, "Newton 2d³/3", (1e5, 1e15), (-6, 10), "second", ha="right")
    draw.label(
        arithmetic, f"BFGS {one['BFGS']}d²", (1e7, 1e15), (7, -3), "third", ha="left"
    )
    text = f"L-BFGS {one['L-BFGS']}d"
    draw.label(arithmetic, text, (1e9, 8e10), (0, 9), "path", ha="right")
    text = f"descent {one['gradient descent']}d"
    draw.label(arithmetic, text, (1e6, 1e6), (10, -8), "curve", ha="left")
    draw.label(memory, "d × d matrix", (1e6, 4e12), (-10, 4), "second", ha="right")
    draw.label(memory, "L-BFGS", (1e7, 8e8), (8, -9), "path", ha="left")
    draw.label(memory, "one gradient", (1e6, 4e6), (10, -8), "curve", ha="left")
    draw.label(memory, "24 GiB", (1e2, 24 * 2**30), (0, 8), "soft")
    return figure


def figure_crossover():
    figure, ax = draw.axes("parameters d", "work to an error of 10⁻⁶", height=3.6)
    for name, (colour, style) in _LINES.items():
        spent = [results(d)[name].work for d in _SIZES]
        ax.loglog(
            _SIZES, spent, style.replace("s", "") or "-", color=colour, marker="o"
        )
        up = {"momentum": -9, "L-BFGS": -1, "BFGS": 4}.get(name, -3)
        draw.label(ax, name, (_SIZES[-1], spent[-1]), (8, up), colour, ha="left")
    ax.set(xlim=(1.8, 3600), xticks=[10, 100])
    return figure


def figure_secant():
    figure, ax = draw.axes("x", "slope of eˣ − ln x", height=3.3)
    draw.curve(ax, explog.slopes, 0.35, 1.7)
    ax.axhline(0, color="soft", linewidth=0.8)
    path = secant(explog.grad, 1.6, 1.5, 3)
    for (a, b), colour in zip([path[0:2], path[1:3]], ["path", "second"], strict=True):
        line = lambda x, a=a, b=b: (
            explog.grad(b) + (x - b) * (explog.grad(b) - explog.grad(a)) / (b - a)
        )
        zero = secant(explog.grad, a, b, 1)[-1]
        draw.curve(ax, line, zero, 1.7, color=colour, linestyle="--", linewidth=1)
        ax.plot([a, b], [explog.grad(a), explog.grad(b)], "o", color=colour)
        ax.plot([zero], [0], "s", color=colour)
    draw.label(ax, "x₀", (1.6, explog.grad(1.6)), (-11, 8))
    draw.label(ax, "x₁", (1.5, explog.grad(1.5)), (-11, 8))
    draw.label(ax, f"x₂ = {path[2]:.3f}", (path[2], 0), (14, -12), "path")
    draw.label(ax, f"x₃ = {path[3]:.3f}", (path[3], 0), (12, 15), "second", ha="right")
    draw.optimum(ax, explog.minima[0], 0)
    ax.set(xlim=(0.2, 1.75))
    return figure


def figure_choice(method, steps, points):
    """The error of one method, at so many points; a link has _ for a space."""
    problem = _classes(20)
    figure, ax = draw.axes("step", "error", width=3.4, height=2.2)
    shown = np.linspace(0, steps, points).round().astype(int)
    name = method.replace("_", " ")
    _, errors = _errors_by_work(problem, np.zeros(20), name, shown)
    ax.semilogy(shown, errors, "o-", color="curve", markersize=3)
    ax.set(ylim=(1e-9, 20))
    return figure
