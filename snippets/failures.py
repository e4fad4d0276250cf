"""When Newton's method fails, and the repairs.

    x, θ       the point, on a curve, in the plane   x, theta
    f, L       the loss                              f
    f′, g      slope, gradient                       grad
    f″, H      curvature, Hessian                    hess
    λᵢ         an eigenvalue of H                    values[i]
    p, t       a direction, and how far along it     p, t
    μ          what is added to the curvature        mu
    m          the order of the zero of f′           m

A repair is written as a change of the Hessian where that is what it is: pass
`shifted(hess, mu)` or `absolute(hess)` to any Newton method in place of `hess`.
"""

import math
from functools import cache, lru_cache
from itertools import pairwise

import numpy as np
from curvature import overlap_grad, overlap_hess
from descent import descend
from directions import newton as plane_newton
from directions import newton_step as plane_step
from loss import cross_entropy_score
from newton import newton, newton_step
from rate import backtrack
from shared import basins, draw
from shared.basins import DAMPED, DESCENT, NEWTON, Basins, count, ends
from shared.data import overlap_x, overlap_y, parted_y
from shared.explorable import Choice, Field, Knob, Layer, Marks, Target, movable
from shared.lab import ORDERS, Lab, middles_of, order_of_sizes
from shared.landscapes import (
    Landscape,
    camel,
    himmelblau,
    lncosh,
    minimum_at,
    pow43,
    quartic,
    rosenbrock,
    saddle,
    sqrt1p,
    surfaces,
    well,
)
from shared.numbers import listed, signed
from shared.path import first, first_within
from shared.tables import table


def critical_start(grad, hess, low=0.5, high=2.0):
    """Return the start that Newton's step sends to its mirror image.

    Nearer starts come nearer, farther ones go farther away.

    >>> round(critical_start(sqrt1p.grad, sqrt1p.hess), 12)
    1.0
    """
    for _ in range(60):
        middle = (low + high) / 2
        nearer = abs(newton_step(grad, hess, middle)) < middle
        low, high = (middle, high) if nearer else (low, middle)
    return low


def multiplicity(path):
    """Estimate m, where f′ vanishes like xᵐ, from three steps in a row.

    Newton's steps then shrink by 1 − 1/m each.

    >>> path = newton(quartic.grad, quartic.hess, 1.0, steps=2)
    >>> round(multiplicity(path), 12)
    3.0
    """
    first, second = np.diff(path)[-2:]
    return float(1 / (1 - second / first))


def damped_newton(f, grad, hess, start, steps=10):
    """Return the path of Newton's method with a line search.

    Each step is halved until f falls enough (Armijo 1966).

    >>> path = damped_newton(sqrt1p.f, sqrt1p.grad, sqrt1p.hess, 2.0, 2)
    >>> path.round(12)
    array([ 2.   , -0.5  ,  0.125])
    """
    path = [start]
    for _ in range(steps):
        x = path[-1]
        p = solve(hess(x), -grad(x))
        t, _trials = backtrack(f, grad, x, p)
        path.append(x + t * p)
    return np.array(path)


def shifted(hess, mu):
    """Return the Hessian with μ added to every eigenvalue.

    Levenberg (1944), Marquardt (1963).

    >>> shifted(saddle.hess, 3.0)([1.0, 1.0])
    array([[5., 0.],
           [0., 1.]])
    """

    def raised(x):
        return hess(x) + mu * (np.eye(len(x)) if np.ndim(x) else 1)

    return raised


def absolute(hess, least=1e-8):
    """Return the Hessian with every eigenvalue made positive.

    Dauphin et al. (2014) call the method saddle-free Newton.

    >>> absolute(saddle.hess)([1.0, 1.0])
    array([[2., 0.],
           [0., 2.]])
    """

    def bent_up(x):
        if not np.ndim(x):
            return max(abs(hess(x)), least)
        values, vectors = np.linalg.eigh(hess(x))
        sizes = np.maximum(np.abs(values), least)
        return vectors * sizes @ vectors.T

    return bent_up


def trust_step(g, H, radius):
    """Return the best step of the model within a radius, and its μ.

    It solves (H + μI)p = −g with the least μ that makes H + μI positive
    and p short enough: Nocedal and Wright (2006), theorem 4.1. Left out
    is their "hard case": g at right angles to the lowest eigenvector,
    the step still short at μ = −λ₁. With g = 0 it is a LinAlgError.

    >>> g = np.array([4.0, 0.0])
    >>> p, mu = trust_step(g, 2 * np.eye(2), radius=1.0)
    >>> p.round(9), round(mu, 9)
    (array([-1.,  0.]), 2.0)
    """
    step = lambda mu: np.linalg.solve(H + mu * np.eye(len(g)), -g)
    lowest = np.linalg.eigvalsh(H)[0]
    if lowest > 0 and np.linalg.norm(step(0)) <= radius:
        return step(0), 0.0
    low = max(0.0, -lowest)
    high = low + np.linalg.norm(g) / radius
    for _ in range(40):
        mu = (low + high) / 2
        short = np.linalg.norm(step(mu)) <= radius
        low, high = (low, mu) if short else (mu, high)
    return step(high), float(high)


# A convex curve with the slope arctan x; and a curve with one minimum and a trap.
arctan = Landscape(
    name="arctan",
    tex=r"x \arctan x - \tfrac12 \ln(1 + x^2)",
    about="The slope levels off on both sides.",
    value=lambda x: x * np.arctan(x) - np.log1p(x * x) / 2,
    slopes=np.arctan,
    curvatures=lambda x: 1 / (1 + x * x),
    box=(-3.0, 3.0),
    stationary=(minimum_at(0.0),),
)
trap = Landscape(
    name="trap",
    tex=r"\tfrac14 x^4 - x^2 + 2x",
    about="One minimum, and a cycle that attracts Newton's method.",
    value=lambda x: x * x * x * x / 4 - x * x + 2 * x,
    slopes=lambda x: x * x * x - 2 * x + 2,
    curvatures=lambda x: 3 * x * x - 2,
    box=(-3.0, 3.0),
    stationary=(minimum_at(-1.7692923542386314),),
)


BEND_RATE = 0.001  # of gradient descent on rosenbrock
CRAWLING = [1.0, 0.8, 0.64]  # the errors of a run at a minimum of high order


def solve(hess, b):
    """Solve Hp = b, for a matrix or for a single curvature.

    >>> solve(4.0, 2.0)
    0.5
    """
    return np.linalg.solve(hess, b) if np.ndim(hess) else b / hess


def newton_on(curve, start, steps):
    """Return the path of Newton's method on a curve.

    >>> newton_on(trap, 0.0, steps=3)
    array([0., 1., 0., 1.])
    """
    return newton(curve.grad, curve.hess, start, steps)


def cycle_growth():
    """Return what a step on the cycle of ln cosh multiplies a small error by."""
    return 2 * np.sinh(critical_start(lncosh.grad, lncosh.hess)) ** 2


def overlap_damped(start, steps):
    """Return damped Newton's path on the log loss of six points."""
    return damped_newton(_overlap_loss, overlap_grad, overlap_hess, start, steps)


def parted_grad(w):
    """Return the slope where every positive x has the label 1."""
    return overlap_grad(w, parted_y)


def valley_grad(theta):
    """Return the gradient of (x + y − 2)², lowest on a whole line.

    >>> valley_grad([1.0, 1.0])
    array([0., 0.])
    """
    return 2 * (theta[0] + theta[1] - 2) * np.ones(2)


def valley_hess(theta):
    """Return its Hessian, which has no inverse."""
    return np.full((2, 2), 2.0)


def steps_off_saddle(height):
    """Return how many gradient steps lead from (1, y) to |y| > 1.

    The saddle is that of x² − y², the rate 0.1.
    """
    path = descend(saddle.grad, np.array([1.0, height]), 0.1, 200)
    return first(abs(path[:, 1]) > 1)


def quartic_steps():
    """Return how many steps on x⁴ lead from 1 to below a millionth."""
    return first_within(newton_on(quartic, 1.0, 60), 0.0, 1e-6)


def rosenbrock_steps(tolerance=1e-6):
    """Return how many damped steps lead from (−1.2, 1) to the minimum."""
    path = damped_newton(
        rosenbrock.f, rosenbrock.grad, rosenbrock.hess, np.array([-1.2, 1.0]), 30
    )
    return first_within(path, rosenbrock.minima[0], tolerance)


def damped_on_sqrt(start=2.0, steps=3):
    """Return the path of damped Newton on √(1 + x²)."""
    return damped_newton(sqrt1p.f, sqrt1p.grad, sqrt1p.hess, start, steps)


def first_landing(mu):
    """Return where one step with f″ + μ leads in the wells, from 0.3."""
    return newton_step(well.grad, shifted(well.hess, mu), 0.3)


def leads_down(mu):
    """Say whether −1 and 3, shifted by μ, are both positive.

    >>> leads_down(1.0), leads_down(1.5)
    (False, True)
    """
    hess = shifted(lambda theta: np.diag([-1.0, 3.0]), mu)
    return bool(np.linalg.eigvalsh(hess(np.zeros(2)))[0] > 0)


@cache
def himmelblau_map(method, n=151):
    """Return where each of n × n starts ends on `himmelblau`.

    The method is "descent", "newton" or "damped".
    """
    starts = basins.square_grid(n, _REACH)
    return ends(himmelblau, basins.METHODS[method](himmelblau, starts))


def census(method, n=151):
    """Return how many of these runs end at each kind of point."""
    return count(himmelblau, himmelblau_map(method, n))


def census_share(method, kind):
    """Return the share of the starts that end at one kind of point."""
    return census(method)[kind] / himmelblau_map(method).size


@cache
def camel_map(n=151):
    """Return where Newton leads from each of n × n starts on `camel`."""
    return ends(camel, basins.newton_from_all(camel, basins.square_grid(n, 5.0)))


def camel_shares(n=8001):
    """Return the shares of the x-axis that Newton sends to each minimum.

    The second equation of `camel` is linear: after one step y = −x/2,
    and x goes on alone. So the map is made of stripes.
    """
    x = np.linspace(-5, 5, n)
    theta = basins.newton_from_all(camel, np.stack([x, 0 * x]), steps=60)
    reached = ends(camel, theta)
    return [float(np.mean(reached == index)) for index in range(3)]


def near_saddle():
    """Return how far from the saddle Newton's step in the last figure ends."""
    leap = plane_step(himmelblau.grad, himmelblau.hess, _HILLSIDE)
    return float(np.linalg.norm(leap - _SADDLE))


def overlap_steps(start, tolerance=1e-3):
    """Return how many steps bring w on the log loss within a thousandth of its end."""
    path = newton(overlap_grad, overlap_hess, start, 8)
    return first_within(path, path[-1], tolerance)


def claim_inside_the_critical_start_newton_converges():
    """Inside its critical start each of three functions is solved, outside it is lost.

    From 20 starts on either side: the error ends below 10⁻⁹, or it grows at each of
    the first three steps. For √(1 + x²) a step is −x³.
    """
    agreed = []
    for curve in sqrt1p, lncosh, arctan:
        edge = critical_start(curve.grad, curve.hess)
        inside = newton_on(curve, edge * np.linspace(0.05, 0.97, 20), 25)
        outside = newton_on(curve, edge * np.linspace(1.03, 1.3, 20), 3)
        agreed.append(np.all(np.abs(inside[-1]) < 1e-9))
        agreed.append(np.all(np.diff(np.abs(outside), axis=0) > 0))
        if curve is sqrt1p:
            agreed.append(np.allclose(outside[1:], -(outside[:-1] ** 3)))
    return all(agreed)


def claim_six_exhibits_do_what_they_are_named_for():
    """Growing, two thirds left, they double; to the top, the other well, to and fro."""
    grows = np.abs(newton_on(sqrt1p, 1.1, 4))
    crawls, doubles = newton_on(quartic, 1.0, 6), newton_on(pow43, 0.25, 3)
    trapped = newton_on(trap, 0.0, 3)
    return bool(
        np.all(np.diff(grows) > 0)
        and np.allclose(crawls[1:] / crawls[:-1], 2 / 3)
        and np.allclose(doubles[1:] / doubles[:-1], -2)
        and abs(newton_on(well, 0.3, 6)[-1]) < 1e-9
        and newton_on(well, 0.5, 1)[-1] == -1
        and trapped.tolist() == [0, 1, 0, 1]
    )


def claim_one_step_to_the_saddle():
    """On x² − y² a step ends on the saddle, from 100 random starts.

    With |H| it ends at (0, 2y): in the middle of x, at twice the y.
    """
    agreed = []
    for x, y in np.random.default_rng(0).normal(size=(100, 2)):
        start = np.array([x, y])
        pure = plane_step(saddle.grad, saddle.hess, start)
        bent = plane_step(saddle.grad, absolute(saddle.hess), start)
        agreed.append(np.allclose(pure, 0) and np.allclose(bent, [0, 2 * y]))
    return all(agreed)


def claim_descent_parts_the_square_in_four():
    """Each of four minima gets between 22 and 28 % of gradient descent's starts.

    It lies in its own region, and each saddle where two or more regions meet.
    """
    reached = himmelblau_map("descent")
    shares = np.bincount(reached.ravel(), minlength=9) / reached.size
    agreed = [np.all(np.abs(shares[:4] - 0.25) < 0.03), not shares[4:].any()]
    for k, place in enumerate(himmelblau.stationary):
        j, i = _nearest_start(place.at)
        around = {*reached[i - 1 : i + 2, j - 1 : j + 2].ravel().tolist()}
        agreed.append(around == {k} if place.kind == "minimum" else len(around) > 1)
    return all(agreed)


def claim_newton_loses_a_third_of_its_starts():
    """About a third of Newton's runs end at no minimum, on each of three grids.

    From 31 × 31 to 151 × 151 starts: between 33 and 39 %, and the border is more
    than three times as long as gradient descent's. Each stationary point lies in a
    region of its own.
    """
    reached, agreed = himmelblau_map("newton"), []
    for k, place in enumerate(himmelblau.stationary):
        j, i = _nearest_start(place.at)
        agreed.append(np.all(reached[i - 1 : i + 2, j - 1 : j + 2] == k))
    for n in 31, 61, 151:
        lost = 1 - census("newton", n)["minimum"] / n**2
        agreed.append(0.33 < lost < 0.39)
        agreed.append(_border("newton", n) > 3 * _border("descent", n))
    return all(agreed)


def claim_only_pure_newton_ends_on_saddles():
    """On two grids gradient descent and the repaired method end in minima only.

    Pure Newton's border is more than three times as long as that of either.
    """
    agreed = []
    for n in 61, 151:
        for method in "descent", "damped":
            agreed.append(census(method, n)["minimum"] == n * n)
            agreed.append(_border("newton", n) > 3 * _border(method, n))
        agreed.append(
            census("newton", n)["saddle"] > 0 < census("newton", n)["maximum"]
        )
    return all(agreed)


def claim_on_the_camel_x_goes_on_alone():
    """After one step y = −x/2, from 100 random starts; the map is made of stripes."""
    ends_ = [
        plane_step(camel.grad, camel.hess, start)
        for start in np.random.default_rng(0).uniform(-5, 5, size=(100, 2))
    ]
    x, y = np.transpose(ends_)
    return bool(np.allclose(y, -x / 2) and np.all(camel_map() == camel_map()[0]))


def claim_depth_does_not_attract():
    """The deepest minimum of the camel has the smallest share, of three grids too."""
    agreed = []
    for n in 31, 81, 151:
        middle, left, right = (np.mean(camel_map(n) == k) for k in range(3))
        agreed.append(3 * middle < min(left, right))
    heights = [camel.f(best) for best in camel.minima]
    return bool(all(agreed) and heights[0] < min(heights[1:]))


def claim_the_order_of_the_zero_gives_the_factor():
    """Where f′ is |x|ᵐ a step leaves 1 − 1/m, and m times the step nothing.

    For eight m from 1/3 to 7: on x⁴ m = 3, a factor of 2/3; on |x|^(4/3) m = 1/3,
    a factor of −2, so the steps double. The run tells m.
    """
    agreed = []
    for m in 1 / 3, 0.5, 0.8, 1.5, 2, 3, 5, 7:
        grad = lambda x, m=m: np.sign(x) * np.abs(x) ** m
        hess = lambda x, m=m: m * np.abs(x) ** (m - 1)
        path = newton(grad, hess, 0.7, 4)
        agreed.append(np.allclose(path[1:] / path[:-1], 1 - 1 / m))
        agreed.append(np.isclose(multiplicity(path), m))
        full = newton(grad, lambda x, h=hess, m=m: h(x) / m, 0.7, 1)
        agreed.append(abs(full[1]) < 1e-15)
    return all(agreed)


def claim_least_squares_takes_the_shortest_step():
    """Of all p with Hp = −g that by least squares is the shortest.

    For 100 random singular H with 2 to 5 rows, and g that Hp can reach: what is
    added out of the null space makes p longer.
    """
    rng = np.random.default_rng(0)
    agreed = []
    for _ in range(100):
        d = int(rng.integers(2, 6))
        half = rng.normal(size=(d, d - 1))
        H, g = half @ half.T, half @ rng.normal(size=d - 1)
        p = np.linalg.lstsq(H, -g, rcond=1e-9)[0]
        null = np.linalg.eigh(H)[1][:, 0] * rng.normal()
        agreed.append(np.allclose(H @ p, -g) and np.allclose(H @ (p + null), -g))
        agreed.append(np.linalg.norm(p + null) > np.linalg.norm(p))
    return all(agreed)


def claim_downhill_if_positive_definite():
    """g·p < 0 if H is positive definite, and the loss falls for a short step.

    At 50 random points of each of ten surfaces, where that holds.
    """
    rng = np.random.default_rng(0)
    agreed = []
    for surface in surfaces:
        low, high = np.transpose(surface.box)
        for theta in rng.uniform(low, high, size=(50, 2)):
            H, g = surface.hess(theta), surface.grad(theta)
            if np.linalg.eigvalsh(H)[0] > 1e-3:
                p = np.linalg.solve(H, -g)
                falls = surface.f(theta + 1e-4 * p) < surface.f(theta)
                agreed.append(g @ p < 0 and falls)
    return all(agreed)


def claim_an_uphill_step_is_not_cured_by_halving():
    """Where g·p > 0 the model rises along all of p: halving finds nothing lower.

    For 300 random H with eigenvalues of both signs and random g in the plane; p
    points uphill for some and downhill for others.
    """
    rng = np.random.default_rng(0)
    t, agreed, kinds = np.linspace(0, 1, 41)[1:], [], set()
    for q, g in zip(rng.uniform(0, np.pi, 300), rng.normal(size=(300, 2)), strict=True):
        Q = np.array([[np.cos(q), -np.sin(q)], [np.sin(q), np.cos(q)]])
        H = Q * (-rng.uniform(0.1, 3), rng.uniform(0.1, 3)) @ Q.T
        p = np.linalg.solve(H, -g)
        rise = t * (g @ p) + t * t * (p @ H @ p) / 2
        kinds.add(bool(g @ p > 0))
        agreed.append(np.all(rise > 0) == (g @ p > 0))
    return all(agreed) and kinds == {True, False}


def claim_a_shift_moves_all_eigenvalues():
    """H + μI has the eigenvalues λᵢ + μ; above −λ₁ its step leads down.

    And for a large μ it is −g/μ, to a thousandth: 200 random H and g, 2 to 5 rows.
    """
    rng = np.random.default_rng(0)
    agreed = []
    for _ in range(200):
        d = int(rng.integers(2, 6))
        half, g = rng.normal(size=(d, d)), rng.normal(size=d)
        H = half + half.T
        values = np.linalg.eigvalsh(H)
        mu = -values[0] + rng.uniform(0.01, 2)
        raised = shifted(lambda theta, H=H: H, mu)(g)
        agreed.append(np.allclose(np.linalg.eigvalsh(raised), values + mu))
        agreed.append(mu < 0 or g @ np.linalg.solve(raised, -g) < 0)
        far = 1e4 * np.abs(values).max()
        step = np.linalg.solve(H + far * np.eye(d), -g)
        agreed.append(np.linalg.norm(step + g / far) < 1e-3 * np.linalg.norm(step))
    return all(agreed)


def claim_the_best_steps_turn_to_the_valley():
    """From the start of the figure: the smallest drawn step is within 2 degrees of −g.

    With the radius, up to 2.2, it comes nearer and nearer to the minimum (3, 2).
    """
    g, H = himmelblau.grad(_HILLSIDE), himmelblau.hess(_HILLSIDE)
    steps = [trust_step(g, H, radius)[0] for radius in np.linspace(0.02, 2.2, 25)]
    away = np.hypot(*(_HILLSIDE + steps - (3, 2)).T)
    first = steps[0] @ -g / (np.linalg.norm(steps[0]) * np.linalg.norm(g))
    return bool(first > np.cos(np.radians(2)) and np.diff(away).max() < 0)


def claim_just_above_the_border_the_step_is_long():
    """In the wells from 0.3 a step is the longer the nearer μ is to −f″.

    It leads right above −f″ and left below; 40 shifts on either side, from 0.01
    away, where a step is longer than 20.
    """
    turn = -well.hess(0.3)
    steps = first_landing(turn + np.geomspace(0.01, 10, 40)) - 0.3
    left = first_landing(turn - np.geomspace(0.01, turn, 40)) - 0.3
    falling = np.all(np.diff(steps) < 0) and np.all(np.diff(left) > 0)
    return bool(falling and np.all(steps > 0) and np.all(left < 0) and steps[0] > 20)


def claim_the_trust_step_is_the_best():
    """No point of the model within the radius is lower: 60 random H, g and radii.

    Of 240 directions and eight distances; N&W, theorem 4.1.
    """
    rng = np.random.default_rng(0)
    turns = np.linspace(0, 2 * np.pi, 241)
    rim = np.stack([np.cos(turns), np.sin(turns)])
    agreed = []
    for _ in range(60):
        half, g = rng.normal(size=(2, 2)), rng.normal(size=2)
        H, radius = half + half.T, rng.uniform(0.1, 2)
        step, mu = trust_step(g, H, radius)
        height = g @ step + step @ H @ step / 2
        disc = rim[:, None] * radius * np.linspace(0.125, 1, 8)[:, None]
        others = np.tensordot(g, disc, 1) + np.einsum("i...,ij,j...", disc, H, disc) / 2
        agreed.append(height <= others.min() + 1e-9)
        agreed.append(np.linalg.norm(step) <= radius + 1e-9)
        agreed.append(mu == 0 or np.isclose(np.linalg.norm(step), radius))
    return all(agreed)


def claim_damping_rescues_the_far_starts():
    """Damped Newton reaches the minimum on four convex losses, from seven starts each.

    From −6 to 6, where the pure method explodes from the far ones.
    """
    agreed = []
    for start in np.linspace(-6, 6, 7):
        runs = [(overlap_damped(start, 9), overlap_damped(0.0, 6)[-1])]
        for curve in sqrt1p, lncosh, arctan:
            path = damped_newton(curve.f, curve.grad, curve.hess, start, 9)
            runs.append((path, 0.0))
        agreed += [np.min(np.abs(path - best)) < 1e-4 for path, best in runs]
    return all(agreed)


def claim_the_trap_holds_its_starts():
    """All of 81 starts from −0.1 to 0.1 come to jump between 0 and 1."""
    last, other = newton_on(trap, np.linspace(-0.1, 0.1, 81), 200)[-2:]
    low, high = np.minimum(last, other), np.maximum(last, other)
    return bool(np.allclose(low, 0) and np.allclose(high, 1))


def claim_beyond_the_inflection_all_reach_one():
    """In the two wells all of 500 starts from 0.578 to 10 end at +1."""
    starts = np.linspace(0.578, 10, 500)
    return bool(np.allclose(newton_on(well, starts, 60)[-1], 1))


def claim_parted_weights_grow_without_end():
    """Newton's w grows by 2 ± 0.05 a step, from step 10 to 30 at least.

    Gradient descent's each time that the steps double, from 100 to 3,200, and
    with the rates 1 and 4, by an amount that comes within 0.045 of 2 ln 2.
    """
    strides = np.diff(newton(parted_grad, overlap_hess, 0.0, 30))[10:]
    agreed = [np.all(np.abs(strides - 2) < 0.05)]
    for rate in 1.0, 4.0:
        path = descend(parted_grad, 0.0, rate, 3200)
        short = 2 * np.log(2) - np.diff(path[100 * 2 ** np.arange(6)])
        agreed.append(np.all(short > 0) and np.all(np.diff(short) < 0))
        agreed.append(short[-1] < 0.045)
    return all(agreed)


def claim_near_a_minimum_steps_are_full():
    """Near every minimum with a positive definite H the full step passes.

    For c from 10⁻⁴ to 0.45, at 12 points around each minimum of ten surfaces, a
    hundredth away from it; with c = 0.55 none passes.
    """
    turns = np.radians(np.arange(0, 360, 30))
    around = 0.01 * np.stack([np.cos(turns), np.sin(turns)], axis=1)
    taken = {c: set() for c in (1e-4, 0.1, 0.45, 0.55)}
    for surface in surfaces:
        for best in surface.minima:
            if np.linalg.eigvalsh(surface.hess(best))[0] < 1e-6:
                continue
            for theta in best + around:
                p = plane_step(surface.grad, surface.hess, theta) - theta
                for c in taken:
                    t, _ = backtrack(surface.f, surface.grad, theta, p, c=c)
                    taken[c].add(t)
    return taken.pop(0.55) == {0.5} and set.union(*taken.values()) == {1.0}


def claim_the_absolute_hessian_leads_down():
    """With |H| the step leads down at 50 random points of each of ten surfaces."""
    rng = np.random.default_rng(0)
    agreed = []
    for surface in surfaces:
        low, high = np.transpose(surface.box)
        for theta in rng.uniform(low, high, size=(50, 2)):
            g = surface.grad(theta)
            agreed.append(g @ solve(absolute(surface.hess)(theta), -g) < 0)
    return all(agreed)


def claim_only_the_hard_case_is_left_out():
    """On a saddle's axis the trust step is the best, unless it is too short.

    It is too short where the step at μ = −λ₁ is shorter than the radius. For 40
    gradients and radii, against 721 points of the rim.
    """
    H, turns = np.diag([1.0, -1.0]), np.radians(np.arange(0, 360.5, 0.5))
    agreed = []
    for size in np.linspace(0.5, 10, 10):
        for radius in 0.5, 1.1, 2.1, 4.2:
            step, _ = trust_step(np.array([size, 0.0]), H, radius)
            x, y = radius * np.stack([np.cos(turns), np.sin(turns)])
            lowest = np.min(size * x + (x * x - y * y) / 2)
            height = size * step[0] + step @ H @ step / 2
            best = height <= lowest + 1e-9
            agreed.append(best == (size / 2 >= radius))
            agreed.append(best == (np.linalg.norm(step) > 0.999 * radius))
    return all(agreed)


def claim_a_shift_that_stays_slows_the_end():
    """Leave each minimum of himmelblau along q₁, by 0.0001, and take two steps.

    With a shift each leaves μ/(λ₁ + μ) of the error, to a thousandth; without, one
    leaves less than a thousandth.
    """
    fine = []
    for best in himmelblau.minima:
        values, vectors = np.linalg.eigh(himmelblau.hess(best))
        for mu in (0.0, 1.0, 10.0, 30.0, 100.0):
            hess, start = shifted(himmelblau.hess, mu), best + 1e-4 * vectors[:, 0]
            errors = plane_newton(himmelblau.grad, hess, start, 2) - best
            sizes = np.linalg.norm(errors, axis=1)
            left = sizes[1:] / sizes[:-1] if mu else sizes[1:2] / sizes[0]
            fine += [*(abs(left - mu / (values[0] + mu)) < 1e-3)]
    return all(fine)


def claim_two_steps_lead_from_the_floor():
    """Start on y = x² on rosenbrock, away from its minimum.

    Step 1 leads to x = 1 and below the floor, step 2 to the minimum.
    """
    fine = []
    for x in np.linspace(-2, 0.9, 30):
        path = plane_newton(rosenbrock.grad, rosenbrock.hess, [x, x * x], 2)
        below = 1 - (1 - x) ** 2
        fine += [np.allclose(path[1], [1, below]), np.allclose(path[2], [1, 1])]
    return all(fine)


def claim_the_exhibit_to_move_jumps_farther():
    """Its first run changes sides at each step, and is farther out each time."""
    x = np.array([row[0] for row in _exhibit_rows(_FAR, 1.1, 0.0)])
    return bool((x[1:] * x[:-1] < 0).all() and np.diff(abs(x)).min() > 0)


def claim_the_labs_to_move_are_told():
    """On himmelblau the first run ends on the hill, and descent goes to (3, 2).

    On rosenbrock its second step leads far below and up, and it ends in (1, 1), while
    descent comes no farther than a fifth. The models lie around the first steps.
    """
    hill, bend = Lab(himmelblau, basins.RATE), Lab(rosenbrock, BEND_RATE)
    told = []
    for lab, start in (hill, (0.5, 0.5)), (bend, (-1.2, 1.0)):
        run = np.array(lab.run(*start, 0.0, 0.0, 0.0))
        middles = middles_of(lab.model(*start, 0.0, 0.0))
        told += [np.allclose(middles, run[1]), run, np.array(lab.descent(*start))]
    near, over, down, also, bent, floor = told
    top = next(p.at for p in himmelblau.stationary if p.kind == "maximum")
    away = np.hypot(*(down - (3, 2)).T)
    return bool(
        (near and also and np.allclose(over[-1], top) and np.diff(away).max() < 0)
        and (bent[2, 1] < -2 and rosenbrock.f(bent[2]) > 10 * rosenbrock.f(bent[0]))
        and (np.allclose(bent[-1], 1) and np.hypot(*(floor[-1] - floor[0])) < 0.2)
    )


def table_cubes():
    """Newton's steps on √(1 + x²), near, at and beyond the critical start."""
    rows = []
    for start in 0.9, 1.0, 1.1, 2.0:
        path = newton_on(sqrt1p, start, steps=4)
        rows.append([start, *(f"{x:.4g}" for x in path[1:])])
    return table(["start", "$x_1$", "$x_2$", "$x_3$", "$x_4$"], rows)


def table_critical():
    """The critical starts of three convex functions."""
    losses = [
        (r"\sqrt{1 + x^2}", r"x/\sqrt{1 + x^2}", sqrt1p),
        (r"\ln \cosh x", r"\tanh x", lncosh),
        (r"x \arctan x - \frac12 \ln(1 + x^2)", r"\arctan x", arctan),
    ]
    rows = []
    for loss, slope, curve in losses:
        critical = critical_start(curve.grad, curve.hess)
        rows.append([f"${loss}$", f"${slope}$", f"{critical:.10f}"])
    return table(["loss", "slope", "critical start"], rows)


def table_cycle():
    """How long a rounded start stays on the cycle of ln cosh."""
    rows = [[digits, _steps_on_the_cycle(digits)] for digits in (3, 6, 9, 12)]
    return table(["digits of the start", "steps until off by 0.1"], rows)


def table_wells():
    """Four starts in the two wells, and what becomes of them."""
    starts = {
        0.3: "climbs to the **maximum**",
        5**-0.5: "cycles",
        0.5: "the other minimum, in one step",
        0.6: "leaps far out, and returns to +1",
    }
    rows = []
    for start, what in starts.items():
        name = "1/√5" if start == 5**-0.5 else f"{start:g}"
        path = newton_on(well, start, steps=3)
        rows.append([name, *(f"{x:.4g}" for x in path[1:]), what])
    return table(["start", "$x_1$", "$x_2$", "$x_3$", "what happens"], rows)


def table_census():
    """Where the runs of three methods end on `himmelblau`."""
    methods = {
        "gradient descent": "descent",
        "Newton": "newton",
        "Newton, with both repairs below": "damped",
    }
    rows = []
    for name, method in methods.items():
        row = [f"{census(method)[k]:,} ({census_share(method, k):.1%})" for k in _MARKS]
        rows.append([name, *row])
    starts = himmelblau_map("newton").size
    return table([f"of {starts:,} starts", *_MARKS], rows)


def table_shifts():
    """Where runs from 0.3 in the two wells lead, with a shift μ."""
    rows = []
    for mu in 0.0, 0.5, 0.75, 1.0, 2.0:
        end = newton(well.grad, shifted(well.hess, mu), 0.3, 200)[-1]
        rows.append([mu, f"{first_landing(mu):.4f}", f"{end:.0f}"])
    return table(["μ", "$x_1$", "ends at"], rows)


def table_repairs():
    """The exhibits, with what pure and what repaired Newton does."""

    def pure(curve, start, steps):
        return _after(newton_on(curve, start, steps))

    def damped(curve, steps):
        return _after(damped_newton(curve.f, curve.grad, curve.hess, 2.0, steps))

    def longer(curve, factor):
        hess = lambda x: curve.hess(x) / factor
        return _after(newton(curve.grad, hess, 1.0, 1))

    leaps = _after(newton(overlap_grad, overlap_hess, 4.0, 2))
    settles = _after(overlap_damped(4.0, 5), ".4f")
    shift = newton(well.grad, shifted(well.hess, 1.0), 0.3, 40)
    climbs = f"{_after(shift[:4])} → {signed(shift[-1], '.3g')}"
    leaving = plane_newton(saddle.grad, absolute(saddle.hess), [1.0, 0.001], 5)
    leaves = f"y = {_after(leaving[:, 1])}"
    bent = damped_newton(trap.f, trap.grad, absolute(trap.hess), 0.0, 4)
    escapes = _after(bent, ".4g")
    least = np.linalg.lstsq(valley_hess(None), -valley_grad([3.0, 1.0]), rcond=None)
    shortest = f"p = ({listed(least[0], '.3g')})"
    grows = _after(newton(parted_grad, overlap_hess, 0.0, 4))
    stays = _after(newton(*_penalised(parted_grad, overlap_hess), 0.0, 4), ".4f")
    rows = [
        ("√(1+x²) from 2", pure(sqrt1p, 2.0, 2), "damping", damped(sqrt1p, 4)),
        ("ln cosh x from 2", pure(lncosh, 2.0, 2), "damping", damped(lncosh, 5)),
        ("log loss from 4", leaps, "damping", settles),
        ("two wells from 0.3", pure(well, 0.3, 3), "shift, μ = 1", climbs),
        ("x² − y² from (1, 0.001)", "(0, 0)", "|H|", leaves),
        ("trap from 0", pure(trap, 0.0, 4), "|f″| and damping", escapes),
        ("x⁴ from 1", pure(quartic, 1.0, 3), "step × 3", longer(quartic, 3)),
        (
            "|x|^(4/3) from 1",
            pure(pow43, 1.0, 3),
            "step × 1/3",
            longer(pow43, 1 / 3),
        ),
        ("(x + y − 2)² from (3, 1)", "refused", "least squares", shortest),
        ("separable data from 0", grows, "a penalty", stays),
    ]
    header = ["exhibit", "pure Newton", "repair", "repaired"]
    return table(header, [[cell.replace("|", "\\|") for cell in row] for row in rows])


CAMEL_RATE = 0.02  # of gradient descent there, too large beyond x = 3.5
_REACH = 5.985  # the grid on himmelblau meets no axis of symmetry
_MARKS = {"minimum": "○", "saddle": "×", "maximum": "△"}
_FOUR = {
    "minimum": [("curve", 0.55), ("path", 0.5), ("second", 0.5), ("third", 0.5)],
    "saddle": [("soft", 0.25)],
    "maximum": [("ink", 0.8)],
}
_HUMPS = {
    "minimum": [("optimum", 0.5), ("curve", 0.35), ("third", 0.35)],
    "saddle": [("soft", 0.4)],
}
_FAR, _FLAT, _SHARP, _WELLS, _TRAP = _EXHIBITS = [
    "√(1+x²)",
    "x⁴",
    "|x|^(4/3)",
    "wells",
    "a trap",
]
_TRAPPED = float(trap.minima[0])
_DEPTHS = ["global minimum", "local minimum", "local minimum", "saddle", "saddle"]


def _exhibit(exhibit, x):
    """Return height, slope and curvature of an exhibit.

    >>> _exhibit("wells", 2.0), _exhibit("|x|^(4/3)", 0.0)
    ([2.0, 6.0, 11.0], [0.0, 0.0, 0.0])
    """
    if exhibit == _FAR:
        return [sqrt1p.value(x), sqrt1p.slopes(x), sqrt1p.curvatures(x)]
    if exhibit == _FLAT:
        return [quartic.value(x), quartic.slopes(x), quartic.curvatures(x)]
    if exhibit == _WELLS:
        return [well.value(x), well.slopes(x), well.curvatures(x)]
    if exhibit == _TRAP:
        return [trap.value(x), trap.slopes(x), trap.curvatures(x)]
    if x == 0:
        return [0.0, 0.0, 0.0]  # where the curvature has no bound
    return [pow43.value(x), pow43.slopes(x), pow43.curvatures(x)]


def _exhibit_best(exhibit, x):
    """Return the minimum of an exhibit that is nearest to a point.

    >>> _exhibit_best("wells", -0.5), _exhibit_best("x⁴", 2.0)
    (-1.0, 0.0)
    """
    if exhibit == _WELLS:
        return -1.0 if x < 0 else 1.0
    return _TRAPPED if exhibit == _TRAP else 0.0


def _exhibit_move(exhibit, x, damped):
    """Return Newton's step, and how much of it is taken: without a step, none.

    >>> _exhibit_move("wells", 2.0, 0.0)
    [-0.5454545454545454, 1.0]
    """
    height, slope, bend = _exhibit(exhibit, x)
    if slope == 0 or bend == 0:
        return [0.0, 0.0]
    p = -slope / (abs(bend) if damped > 0.5 else bend)
    t = 1.0
    while (
        damped > 0.5 and _exhibit(exhibit, x + t * p)[0] > height + 1e-4 * t * slope * p
    ):
        t = t / 2
    return [p, t]


@lru_cache(maxsize=1)
def _exhibit_run(exhibit, start, damped):
    """Return the points of at most 12 steps, to where there is no step, or far out.

    >>> _exhibit_run("a trap", 0.0, 0.0)[:4]
    [0.0, 1.0, 0.0, 1.0]
    """
    x = start
    points = [x]
    for _ in range(12):
        p, t = _exhibit_move(exhibit, x, damped)
        if t == 0:
            break
        x = x + t * p
        points.append(x)
        if abs(x) > 1000:
            break
    return points


def _exhibit_ends(exhibit, start, damped):
    """Return how a run ends.

    >>> [_exhibit_ends("√(1+x²)", start, 0.0) for start in (0.5, 1.0, 1.5)]
    ['minimum', 'cycle', 'far']
    >>> [_exhibit_ends(name, 0.2, 0.0) for name in ("x⁴", "|x|^(4/3)", "wells")]
    ['crawls', 'far off', 'maximum']
    """
    points = _exhibit_run(exhibit, start, damped)
    last = points[-1]
    _, slope, bend = _exhibit(exhibit, last)
    away = abs(last - _exhibit_best(exhibit, last))
    if len(points) < 2:
        return "level"
    if away < 1e-6:
        return "minimum"
    if abs(last) > 1000:
        return "far"
    if abs(slope) < 1e-9 and bend < 0:
        return "maximum"
    before = points[-2]
    if abs(last - points[-3]) < 1e-3 < abs(last - before):
        return "cycle"
    if exhibit == _SHARP and abs(last) > abs(before):
        return "far off"
    return "crawls" if exhibit == _FLAT else "way"


def _exhibit_order(exhibit, start, damped):
    """Return the order of the last errors above rounding, or 0 where it is not seen.

    >>> round(_exhibit_order("√(1+x²)", 0.5, 0.0), 3)
    3.0
    """
    points = _exhibit_run(exhibit, start, damped)
    best = _exhibit_best(exhibit, points[-1])
    return order_of_sizes([abs(x - best) for x in points])


def _exhibit_says(exhibit, start, damped):
    """Return which sentence is true, the steps, the last place, and the order.

    >>> _exhibit_says("√(1+x²)", 1.1, 0.0)[0]
    'far'
    """
    points = _exhibit_run(exhibit, start, damped)
    which = _exhibit_ends(exhibit, start, damped)
    order = _exhibit_order(exhibit, start, damped)
    if which == "minimum" and order > 1.5:
        which = "cubic" if order > 2.5 else "quadratic"
    return [which, len(points) - 1, points[-1]]


def _exhibit_curve(exhibit):
    """Return the points of the curve."""
    places = [(k - 60) / 20 for k in range(121)]
    return [[x, _exhibit(exhibit, x)[0]] for x in places]


def _exhibit_points(exhibit, start, damped):
    """Return the points of a run on the curve."""
    return [[x, _exhibit(exhibit, x)[0]] for x in _exhibit_run(exhibit, start, damped)]


def _exhibit_line(exhibit, start, damped):
    """Return the line through them, in a list."""
    return [_exhibit_points(exhibit, start, damped)]


def _exhibit_rows(exhibit, start, damped):
    """Return x, height, slope and curvature of each point."""
    run = _exhibit_run(exhibit, start, damped)
    return [[x, *_exhibit(exhibit, x)] for x in run]


def _exhibit_step(exhibit, start, damped):
    """Return which formula holds, x₀, f′, f″, x₁, and how much of the step is taken.

    >>> _exhibit_step("wells", 2.0, 0.0)
    ['pure', 2.0, 6.0, 11.0, 1.4545454545454546, 1.0]
    >>> _exhibit_step("|x|^(4/3)", 1.0, 1.0)[0], _exhibit_step("x⁴", 0.0, 0.0)[0]
    ('damped', 'none')
    """
    p, t = _exhibit_move(exhibit, start, damped)
    _, slope, bend = _exhibit(exhibit, start)
    which = "damped" if damped > 0.5 else "pure"
    return ["none" if t == 0 else which, start, slope, bend, start + t * p, t]


def _exhibit_next(exhibit, start, damped):
    """Return where the first step leads; without one, the start."""
    p, t = _exhibit_move(exhibit, start, damped)
    return [start + t * p]


def _exhibit_cycle(exhibit):
    """Return where a cycle of two steps begins, if there is one.

    >>> _exhibit_cycle("√(1+x²)"), _exhibit_cycle("x⁴")
    ([1.0], [])
    """
    if exhibit == _FAR:
        return [1.0]
    if exhibit == _WELLS:
        return [1 / math.sqrt(5)]
    return [0.0] if exhibit == _TRAP else []


def _is_critical(exhibit, start, damped):
    """Whether the run on √(1+x²) neither comes nor goes.

    >>> _is_critical("√(1+x²)", 1.0, 0.0), _is_critical("√(1+x²)", 1.1, 0.0)
    (True, False)
    """
    return exhibit == _FAR and _exhibit_ends(exhibit, start, damped) == "cycle"


def _is_on_the_hill(exhibit, start, damped):
    """Whether a run in the wells comes to rest on the hill between them.

    >>> _is_on_the_hill("wells", 0.3, 0.0), _is_on_the_hill("wells", 0.3, 1.0)
    (True, False)
    """
    return exhibit == _WELLS and _exhibit_ends(exhibit, start, damped) == "maximum"


def _is_freed(exhibit, start, damped):
    """Whether damping leads a run from the trap to the minimum.

    >>> _is_freed("a trap", 0.0, 1.0), _is_freed("a trap", 0.0, 0.0)
    (True, False)
    """
    caught = _exhibit_ends(exhibit, start, 0.0) == "cycle"
    freed = _exhibit_ends(exhibit, start, damped) == "minimum"
    return exhibit == _TRAP and caught and freed


_FOUR_BASINS = Basins(himmelblau, [place.kind for place in himmelblau.stationary])
_THREE_BASINS = Basins(camel, _DEPTHS, CAMEL_RATE)


def _ends_on_a_saddle(method, x, y):
    """Whether Newton's run ends on a saddle.

    >>> _ends_on_a_saddle("Newton", 0.1, 3.0), _ends_on_a_saddle("Newton", 3.0, 2.0)
    (True, False)
    """
    kind = _FOUR_BASINS.kinds[_FOUR_BASINS.end(method, x, y)]
    return method == NEWTON and kind == "saddle"


def _ends_elsewhere(method, x, y):
    """Whether damped Newton ends in another minimum than gradient descent.

    >>> _ends_elsewhere("damped Newton", 3.0, 2.0)
    False
    """
    other = _FOUR_BASINS.end(DESCENT, x, y)
    return method == DAMPED and _FOUR_BASINS.end(method, x, y) != other


def _finds_it_from_afar(method, x, y):
    """Whether a run finds the global minimum from far beyond the others.

    >>> _finds_it_from_afar("Newton", 4.0, 0.0)
    False
    """
    return abs(x) > 3 and _THREE_BASINS.end(method, x, y) == 0


def _climbs_out(method, x, y):
    """Whether gradient descent leaves the picture.

    >>> _climbs_out("gradient descent", 5.0, 0.0), _climbs_out("Newton", 5.0, 0.0)
    (True, False)
    """
    return method == DESCENT and _THREE_BASINS.end(method, x, y) == 5


_HILLSIDE = np.array([0.5, 3.3])  # on himmelblau, near a saddle
_SADDLE = himmelblau.stationary[5].at  # that saddle


def _border(method, n=151):
    """Return how many neighbours in this map end at different points."""
    ends = himmelblau_map(method, n)
    return int(np.sum(ends[1:] != ends[:-1]) + np.sum(ends[:, 1:] != ends[:, :-1]))


def _nearest_start(at, n=151):
    """Return column and row of the start nearest to a point of the map."""
    return np.round((np.asarray(at) + _REACH) / (2 * _REACH) * (n - 1)).astype(int)


def _overlap_loss(w):
    """Return the log loss of p = σ(wx) on six points that overlap."""
    z = np.multiply.outer(w, overlap_x)
    return np.mean(cross_entropy_score(overlap_y, z), axis=-1)


def _steps_on_the_cycle(digits):
    """Return how long a rounded start stays on the cycle of ln cosh.

    The count ends at the first step that is off by a tenth.
    """
    exact = critical_start(lncosh.grad, lncosh.hess)
    x, k = float(f"{exact:.{digits - 1}e}"), 0
    while abs(abs(x) - exact) < 0.1:
        x, k = newton_step(lncosh.grad, lncosh.hess, x), k + 1
    return k


def _penalised(grad, hess, weight=0.1):
    """Return both derivatives of the loss plus weight/2 · w²."""
    return lambda w: grad(w) + weight * w, lambda w: hess(w) + weight


def _after(path, form=".3g"):
    """Write the points of a path after its start as text."""
    return listed(path[1:], form)


def _square(n):
    """Axes for a map of n × n starts, each two points wide and at whole points.

    So the corners of the outlines are short numbers.
    """
    width, height = 348, 362
    figure, ax = draw.axes("x", "y", width=width / 72, height=height / 72)
    figure.set_layout_engine("none")
    ax.xaxis.labelpad = ax.yaxis.labelpad = 4
    ax.set_position(
        (42 / width, 38 / height, 2 * (n - 1) / width, 2 * (n - 1) / height)
    )
    return figure, ax


def _walk(ax, landscape, start, steps, low, high, title, away=(), bend=0.0):
    """One exhibit: a curve, its minima, and the first steps on it, numbered."""
    draw.curve(ax, landscape.f, low, high, points=35)
    path = newton_on(landscape, start, steps)
    points = np.stack([path, landscape.f(path)], axis=1)
    for here, there in pairwise(points):
        draw.arrow(ax, here, there, "second", bend)
    ax.plot(*points[1:].T, "o", color="second", zorder=3, markersize=4)
    draw.start(ax, *points[0], "second")
    for best in landscape.minima:
        draw.optimum(ax, best, landscape.f(best))
    for k, offset in enumerate(away):
        draw.label(ax, str(k), points[k], offset, "second")
    ax.set_title(title)
    ax.margins(y=0.16)
    ax.locator_params("x", nbins=3)
    ax.set_yticks([])  # how high is not the matter here


def _lab(landscape, lab, xlim, ylim, levels, start, step, targets):
    """A landscape with its stationary points, and what can be moved on it."""
    figure, ax = draw.axes("x", "y", height=4.4)
    draw.contours(ax, landscape.f, xlim, ylim, levels, fill=False, points=41)
    for kind, x, y in ((p.kind, *p.at) for p in landscape.stationary):
        marker = {"minimum": "o", "saddle": "x", "maximum": "^"}[kind]
        ax.plot(x, y, marker, color="ink", markersize=7, markerfacecolor="none")
    ax.set(aspect="equal")
    ax.locator_params(nbins=5)
    return movable(
        figure,
        ax,
        knobs=[
            Knob("x", "start x", *xlim, step, start[0]),
            Knob("y", "start y", *ylim, step, start[1]),
            Knob("mu", "shift μ", 0, 100, 1, 0, Marks(["−λ₁"], lab.singular)),
            Knob("absolute", "|H| in place of H", 0, 1, 1, 0),
            Knob("damped", "damping", 0, 1, 1, 0),
        ],
        layers=[
            Layer(lab.model, "level", "third"),
            Layer(lab.descent, "line", "path"),
            Layer(lab.run, "path"),
        ],
        says=(lab.says, lab.sentences),
        adds=(lab.order, ORDERS),
        formula=(
            lab.matrices,
            r"H = \begin{pmatrix} {1:1} & {2:1} \\ {2:1} & {3:1} \end{pmatrix},\;"
            r" g = \begin{pmatrix} {4:1} \\ {5:1} \end{pmatrix},\;"
            r" (H + \mu I)\,p = -g",
        ),
        table=(lab.rows, ["k", "x", "y", "f", "|g|", "λ₁", "λ₂"]),
        click=["x", "y"],
        again=(lab.again, "Take the step"),
        targets=targets,
    )


def _map(landscape, runs, first, method, start, shades, reach, sentences, targets):
    """Where every start ends, for a method of the reader's, and one run."""
    figure, ax = _square(151)
    basins.paint(ax, landscape, first, reach, shades)
    ax.set(xticks=[-4, 0, 4], yticks=[-4, 0, 4])
    shades = [*basins.shades_of(landscape, shades), ("paper", 0)]  # none for nowhere
    return movable(
        figure,
        ax,
        knobs=[
            Choice("method", "method", [DESCENT, NEWTON, DAMPED], method),
            Knob("x", "start x", -6, 6, 0.1, start[0]),
            Knob("y", "start y", -6, 6, 0.1, start[1]),
        ],
        layers=[Layer(runs.path, "path", "ink")],
        says=(runs.says, sentences),
        formula=(runs.step, runs.formulas),
        field=Field(
            runs.end,
            (-reach, reach),
            [(*one, kind) for one, kind in zip(shades, runs.kinds, strict=True)],
            first,
        ),
        table=(runs.rows, ["k", "x", "y", "f", "|g|"]),
        click=["x", "y"],
        targets=targets,
    )


_AFTER = "At step {1:0} the run is at ({2:2}, {3:2}), "


def figure_opening():
    """Newton's steps that climb to the top between two wells."""
    figure, ax = draw.opening((-2.1, 2.1), (-0.32, 0.2))
    draw.curve(ax, well.f, -1.52, 1.52, points=61)
    path = newton_on(well, 0.33, 2)
    draw.path(ax, path, well.f(path), "alarm")
    for best in well.minima:
        draw.optimum(ax, best, well.f(best))
    return figure


def figure_museum():
    """Six exhibits."""
    figure, axes = draw.panels(3, 2, height=7.2)
    figure.get_layout_engine().set(w_pad=0.08)
    far, flat, sharp = axes[0, 0], axes[0, 1], axes[1, 0]
    beside = [(9, -4), (-9, 4), (-2, 9)]
    _walk(far, sqrt1p, 1.1, 2, -2.6, 2.6, "√(1+x²): too far", beside)
    downhill = [(8, 0), (8, -4), (8, -7)]
    _walk(flat, quartic, 1.0, 6, -1.1, 1.1, "x⁴: crawling", downhill)
    beside = [(9, 0), (-9, 2), (9, -2), (2, 8)]
    _walk(sharp, pow43, 0.25, 3, -2.4, 2.4, "³√x⁴: doubling", beside)
    uphill = [(8, 6), (-9, 6)]
    _walk(axes[1, 1], well, 0.3, 1, -1.5, 1.5, "wells: to the top", uphill)
    across = [(8, 6), (-12, 3)]
    _walk(axes[2, 0], well, 0.5, 1, -1.5, 1.5, "wells: to the other", across)
    between = [(-8, 6), (8, -6)]
    _walk(axes[2, 1], trap, 0.0, 2, -2.6, 1.9, "a trap: to and fro", between, 0.5)
    return figure


def figure_critical():
    """How far Newton's step leads, against how far off it starts."""
    figure, ax = draw.axes("distance of the start", "distance after a step", height=3.9)
    distance = np.linspace(0, 1.7, 41)
    for landscape, colour, style, name in [
        (sqrt1p, "path", "-", "√(1+x²)"),
        (lncosh, "curve", "--", "ln cosh x"),
        (arctan, "third", "-.", "slope arctan x"),
    ]:
        after = abs(newton_step(landscape.grad, landscape.hess, distance))
        critical = critical_start(landscape.grad, landscape.hess)
        ax.plot(distance, after, style, color=colour, label=f"{name}: {critical:.5g}")
        ax.plot([critical], [critical], "o", color="alarm")
    ax.plot(distance, distance, color="soft", linewidth=1, label="as far as before")
    ax.legend(loc="upper left")
    ax.set(ylim=(0, 2.9), xlim=(0, 1.7))
    return figure


def figure_logistic():
    """Newton on a convex loss from w = 4, and with damping."""
    figure, axes = draw.panels(2, 1, height=5.4)
    pure, damped = axes[:, 0]
    path = newton(overlap_grad, overlap_hess, 4.0, 2)
    draw.curve(pure, _overlap_loss, -25, 160, points=61)
    draw.path(pure, path, _overlap_loss(path), color="alarm")
    draw.label(pure, "w = 4", (4, _overlap_loss(4.0)), (9, 0), ha="left")
    for k, side in (1, "right"), (2, "left"):
        text = signed(path[k], ".1f")
        away = (-9, -4) if side == "right" else (-4, 12)
        draw.label(pure, text, (path[k], _overlap_loss(path[k])), away, ha="right")
    pure.set(ylabel="log loss", title="pure Newton")
    path = overlap_damped(4.0, 6)
    draw.curve(damped, _overlap_loss, -1, 5, points=61)
    draw.path(damped, path, _overlap_loss(path), color="second")
    draw.label(damped, "w = 4", (4, _overlap_loss(4.0)), (9, -6), ha="left")
    best = path[-1]
    draw.optimum(damped, best, _overlap_loss(best), f"w = {best:.4f}", (0, 17))
    damped.set(xlabel="w", ylabel="log loss", title="the same steps, damped")
    return figure


def figure_basins(method="newton"):
    """Where every start ends, and how many at each kind of point."""
    figure, ax = _square(151)
    basins.paint(ax, himmelblau, himmelblau_map(method), _REACH, _FOUR)
    ended = census(method)
    minima, saddles = f"minima {ended['minimum']:,}", f"saddles {ended['saddle']:,}"
    ax.set_title(f"{minima} · {saddles} · hill {ended['maximum']:,}")
    ax.set(xticks=[-4, 0, 4], yticks=[-4, 0, 4])
    return figure


def figure_explore_museum():
    """An exhibit of the reader's choice, and Newton's run on it."""
    figure, ax = draw.axes("x", "f(x)", height=3.6)
    ax.set(xlim=(-3, 3), ylim=(-4.6, 4.6))
    cycle = Marks(["to and fro"], _exhibit_cycle, waits=True)
    there = "At step {1:0} the run is at a minimum, x = {2:4}. "
    return movable(
        figure,
        ax,
        knobs=[
            Choice("exhibit", "exhibit", _EXHIBITS, _FAR),
            Knob("start", "start x₀", -3, 3, 0.05, 1.1, cycle),
            Knob("damped", "|f″| and damping", 0, 1, 1, 0),
        ],
        layers=[
            Layer(_exhibit_curve, "curve", "curve"),
            Layer(_exhibit_line, "level"),
            Layer(_exhibit_points, "dots"),
        ],
        says=(
            _exhibit_says,
            {
                "minimum": ("second", there),
                "quadratic": (
                    "second",
                    f"{there}The last steps converge quadratically.",
                ),
                "cubic": ("second", f"{there}The last steps converge cubically."),
                "level": ("soft", "There is no step: slope or curvature is zero."),
                "far": ("alarm", "Step {1:0} leads far away, to x = {2:0}."),
                "far off": (
                    "alarm",
                    "After {1:0} steps x = {2:2}, farther from the minimum each time.",
                ),
                "maximum": (
                    "alarm",
                    "At step {1:0} the run is on the hill, x = {2:4}.",
                ),
                "cycle": (
                    "alarm",
                    "To and fro: after {1:0} steps x = {2:4}, where it was before.",
                ),
                "crawls": (
                    "path",
                    "It crawls: after {1:0} steps x = {2:4}; each step leaves a share.",
                ),
                "way": ("path", "After {1:0} steps x = {2:4}, and it goes on."),
            },
        ),
        formula=(
            _exhibit_step,
            {
                "pure": r"x_1 = x_0 - \frac{f'(x_0)}{f''(x_0)}"
                r" = {1:2} - \frac{{2:4}}{{3:4}} = {4:4}",
                "damped": r"x_1 = x_0 - t\,\frac{f'(x_0)}{|f''(x_0)|}"
                r" = {1:2} - {5:4} \cdot \frac{{2:4}}{|{3:4}|} = {4:4}",
                "none": r"f'(x_0) = {2:4},\; f''(x_0) = {3:4}",
            },
        ),
        table=(_exhibit_rows, ["k", "xₖ", "f", "f′", "f″"]),
        click=["start"],
        again=(_exhibit_next, "Take the step"),
        targets={
            "critical": Target(_is_critical, {"start": 1.0}),
            "hill": Target(_is_on_the_hill, {"exhibit": _WELLS, "start": 0.3}),
            "freed": Target(_is_freed, {"exhibit": _TRAP, "start": 0.0, "damped": 1.0}),
        },
    )


def figure_explore_basins():
    """The map of `himmelblau`."""
    said = {"minimum": "a minimum.", "saddle": "a saddle.", "maximum": "on the hill."}
    return _map(
        himmelblau,
        _FOUR_BASINS,
        himmelblau_map("damped"),
        DAMPED,
        (-0.5, 3.5),
        _FOUR,
        _REACH,
        {kind: ("ink", _AFTER + there) for kind, there in said.items()},
        {
            "saddle": Target(_ends_on_a_saddle, {"method": NEWTON, "x": 0.1, "y": 3}),
            "elsewhere": Target(_ends_elsewhere, {"x": -0.3, "y": -0.9}),
        },
    )


def figure_explore_camel():
    """The map of `camel`, on which the deepest minimum has the smallest share."""
    said = {kind: f"{_AFTER}a {kind}." for kind in _DEPTHS}
    said["global minimum"] = f"{_AFTER}the global minimum."
    said["nowhere"] = "Step {1:0} leads far out of the picture."
    return _map(
        camel,
        _THREE_BASINS,
        camel_map(),
        NEWTON,
        (3.0, 2.0),
        _HUMPS,
        5.0,
        {kind: ("ink", text) for kind, text in said.items()},
        {
            "afar": Target(_finds_it_from_afar, {"method": DESCENT, "x": 3.1}),
            "out": Target(_climbs_out, {"method": DESCENT, "x": 5, "y": 0}),
        },
    )


def figure_saddle():
    """Eight starts around the saddle of x² − y², one step with |H| from each."""
    figure, ax = draw.axes("x", "y", height=3.7)
    levels = [-4, -2, -0.5, 0, 0.5, 2, 4]
    draw.contours(ax, saddle.f, (-1.9, 1.9), (-1.9, 1.9), levels, False, points=19)
    for turn in np.pi / 8 + np.arange(8) * np.pi / 4:
        start = np.array([np.cos(turn), np.sin(turn)]) * 0.9
        path = plane_newton(saddle.grad, absolute(saddle.hess), start, steps=1)
        draw.path(ax, *path.T, color="second")
    ax.plot([0], [0], "x", color="alarm", markersize=10)
    ax.set_title("with |H|: towards it in x, away in y")
    return figure


def figure_flat():
    """Three methods on x⁴: slow, slower, and done in one step."""
    figure, ax = draw.axes("step k", "distance from the minimum", height=3.4)
    path = newton_on(quartic, 1.0, 40)
    ax.semilogy(path, color="second")
    slow = descend(quartic.grad, 1.0, rate=0.1, steps=40)
    ax.semilogy(slow, "--", color="path")
    draw.arrow(ax, (0, 1), (1, 1e-8), "third")
    draw.label(
        ax, "gradient descent, rate 0.1", (12, slow[12]), (0, 11), "path", ha="left"
    )
    draw.label(ax, "Newton: × 2/3", (22, path[22]), (7, 7), "second", ha="left")
    draw.label(
        ax, "Newton, step × 3: exact after one", (1, 2e-8), (9, 2), "third", ha="left"
    )
    ax.set(ylim=(1e-8, 4), yticks=[1, 1e-2, 1e-4, 1e-6, 1e-8])
    ax.tick_params(which="minor", length=0)
    return figure


def figure_shift():
    """Where one shifted step from 0.3 leads, against the shift."""
    figure, ax = draw.axes("μ added to the curvature", "next x, from 0.3", height=3.8)
    turn = -well.hess(0.3)
    for low, high in ((0, turn - 0.02), (turn + 0.02, 2.6)):
        mu = np.linspace(low, high, 61)
        ax.plot(mu, first_landing(mu), color="second")
    ax.axvline(turn, color="alarm", linestyle="--", linewidth=1)
    draw.label(ax, f"μ = {turn:.2f} = −f″", (turn, -3.5), (7, 0), "alarm", ha="left")
    for height in 0.3, 1.0, -1.0:
        ax.axhline(height, color="soft", linestyle=":", linewidth=1)
    draw.label(ax, "minimum +1", (2.6, 1), (0, 8), "soft", ha="right")
    draw.label(ax, "minimum −1", (2.6, -1), (0, -9), "soft", ha="right")
    draw.label(ax, "start", (2.6, 0.3), (0, -9), "soft", ha="right")
    for mu, away in (0, (12, -16)), (0.5, (-22, -18)), (1.0, (22, 6)), (2.0, (0, -12)):
        ax.plot([mu], [first_landing(mu)], "o", color="second")
        text = signed(first_landing(mu), ".2f")
        draw.label(ax, text, (mu, first_landing(mu)), away, "second")
    ax.set(ylim=(-4, 4))
    return figure


def figure_trust():
    """The best step of the model for each radius, near a saddle."""
    figure, ax = draw.axes("x", "y", height=3.4)
    levels = [0, 20, 60, 110]
    draw.contours(ax, himmelblau.f, (-1.6, 3.8), (1.2, 4.6), levels, points=21)
    g, H = himmelblau.grad(_HILLSIDE), himmelblau.hess(_HILLSIDE)
    turns = np.linspace(0, 2 * np.pi, 41)
    for radius in 0.5, 1, 2:
        circle = _HILLSIDE[:, None] + radius * np.stack([np.cos(turns), np.sin(turns)])
        ax.plot(*circle, ":", color="ink", linewidth=1)
        step, _mu = trust_step(g, H, radius)
        ax.plot(*(_HILLSIDE + step), "s", color="third")
    radii = np.linspace(0.02, 2.2, 25)
    way = np.array([_HILLSIDE + trust_step(g, H, radius)[0] for radius in radii])
    ax.plot(*way.T, color="third")
    down = _HILLSIDE - 0.6 * g / np.linalg.norm(g)
    draw.arrow(ax, _HILLSIDE, down, "path")
    leap = plane_step(himmelblau.grad, himmelblau.hess, _HILLSIDE)
    draw.arrow(ax, _HILLSIDE, leap, "alarm")
    ax.plot(*_HILLSIDE, "o", color="ink")
    draw.label(ax, "start", _HILLSIDE, (2, 10))
    draw.label(ax, "−g", down, (0, -9), "path")
    draw.label(ax, "Newton", leap, (-7, 5), "alarm", ha="right")
    ax.plot(*_SADDLE, "x", color="ink", markersize=7)
    draw.label(ax, "saddle", _SADDLE, (-8, -12), "ink", ha="right")
    draw.label(ax, "best steps", way[-1], (-2, 12), "third")
    draw.optimum(ax, 3, 2, "minimum", (0, -16))
    ax.set(aspect="equal")
    return figure


def figure_explore_lab():
    """Newton's run with its repairs, and as many gradient steps, on himmelblau."""
    lab, levels = Lab(himmelblau, basins.RATE), [0, 20, 60, 120, 200, 400]
    targets = {
        "turned": Target(lab.turned, {"mu": 30}),
        "repaired": Target(lab.repaired, {"absolute": 1, "damped": 1}),
        "misled": Target(lab.misled, {"x": 2, "y": 0}),
    }
    return _lab(himmelblau, lab, [-5, 5], [-5, 5], levels, [0.5, 0.5], 0.1, targets)


def figure_explore_bend():
    """The same on rosenbrock."""
    lab, levels = Lab(rosenbrock, BEND_RATE), [0, 10, 60, 200, 600, 1500]
    targets = {
        "tamed": Target(lab.tamed, {"damped": 1}),
        "quick": Target(lab.quick, {"x": 0, "y": 0}),
    }
    return _lab(rosenbrock, lab, [-2, 2], [-1, 3], levels, [-1.2, 1.0], 0.05, targets)
