"""Momentum and adaptive methods: gradient descent with a memory.

    θ, x       the point                              x
    g          the gradient ∇L(θ)                     grad(x)
    η          the learning rate                      rate
    v, β       the velocity, how much of it is kept   v, beta
    m, s       running means of g and of g²           m, s
    h = ηλ     rate times curvature                   h
    κ          largest ÷ smallest curvature           kappa
    ρ          factor by which the error shrinks      rho

All optimisers take `(grad, start, rate, steps)` and their own constants, work on
numbers and on arrays, and return the path. The updates and the constants are those
of PyTorch.
"""

import math
from functools import cache
from itertools import permutations

import numpy as np
from descent import descend
from dimensions import diagonal_descent, predicted_steps
from shared import draw
from shared.data import line_x, line_y
from shared.explorable import Knob, Layer, Marks, Target, movable
from shared.landscapes import quad1, ravine, rosenbrock
from shared.numbers import written
from shared.path import distances, first_within
from shared.plane import quadratic, quadratic_grad, rotation, valley
from shared.tables import table


def momentum(grad, start, rate=0.1, steps=10, beta=0.9):
    """Return the path of gradient descent with momentum.

    Polyak (1964), the "heavy ball".

    >>> momentum(quad1.grad, start=2.0, rate=0.125, steps=2, beta=0.5)
    array([2.   , 1.5  , 0.875])
    """
    path = [start]
    x, v = start, 0.0
    for _ in range(steps):
        v = beta * v + grad(x)
        x = x - rate * v
        path.append(x)
    return np.array(path)


def momentum_matrix(h, beta):
    """Return the matrix that takes (x, ηv) one step on, with h = ηλ.

    >>> momentum_matrix(h=0.5, beta=0.25)
    array([[ 0.5 , -0.25],
           [ 0.5 ,  0.25]])
    """
    return np.array([[1 - h, -beta], [h, beta]])


def bent(x):
    """Return the slope of a convex function; it has two kinks.

    Lessard, Recht and Packard (2016).
    """
    if x < 1:
        return 25 * x
    return x + 24 if x < 2 else 25 * x - 24


def nesterov(grad, start, rate=0.1, steps=10, beta=0.9):
    """Return the path of Nesterov's accelerated gradient (1983).

    >>> nesterov(quad1.grad, start=2.0, rate=0.25, steps=2, beta=0.5)
    array([ 2.   ,  0.5  , -0.125])
    """
    x, v, path = start, 0.0, [start]
    for _ in range(steps):
        g = grad(x)
        v = beta * v + g
        x = x - rate * (g + beta * v)
        path.append(x)
    return np.array(path)


def adagrad(grad, start, rate=0.1, steps=10, eps=1e-10):
    """Return the path of AdaGrad (Duchi, Hazan and Singer, 2011).

    >>> adagrad(lambda x: 3.0, start=2.0, rate=0.5, steps=1)
    array([2. , 1.5])
    """
    x, s, path = start, 0.0, [start]
    for _ in range(steps):
        g = grad(x)
        s = s + g * g
        x = x - rate * g / (np.sqrt(s) + eps)
        path.append(x)
    return np.array(path)


def rmsprop(grad, start, rate=0.1, steps=10, beta=0.99, eps=1e-8):
    """Return the path of RMSProp (Hinton's lecture 6e, 2012).

    >>> rmsprop(lambda x: 3.0, 2.0, 0.5, 1, beta=0.75).round(6)
    array([2., 1.])
    """
    x, s, path = start, 0.0, [start]
    for _ in range(steps):
        g = grad(x)
        s = beta * s + (1 - beta) * g * g
        x = x - rate * g / (np.sqrt(s) + eps)
        path.append(x)
    return np.array(path)


def adam(
    grad,
    start,
    rate=0.1,
    steps=10,
    beta1=0.9,
    beta2=0.999,
    eps=1e-8,
):
    """Return the path of Adam (Kingma and Ba, 2015, algorithm 1).

    >>> adam(lambda x: 3.0, start=2.0, rate=0.5, steps=2)
    array([2. , 1.5, 1. ])
    """
    x, m, s, path = start, 0.0, 0.0, [start]
    for k in range(1, steps + 1):
        g = grad(x)
        m = beta1 * m + (1 - beta1) * g
        s = beta2 * s + (1 - beta2) * g * g
        mean, square = m / (1 - beta1**k), s / (1 - beta2**k)
        x = x - rate * mean / (np.sqrt(square) + eps)
        path.append(x)
    return np.array(path)


FACTORS = 1, 0.9, 0.8, 0.6, 0.4  # per step, whose regions are drawn


def ravine_path(beta, steps=12):
    """Return the path of momentum on `ravine` from (10, 1), at rate 1/11."""
    return momentum(ravine.grad, np.array([10.0, 1.0]), 1 / 11, steps, beta)


def settles_after(beta):
    """Return the step from which on `_three_runs` stays within 0.01 of 0."""
    return _settled(_three_runs(beta), 0.01)


def by_velocity(grad, start, rate=0.1, steps=10, beta=0.9):
    """Return `momentum`'s path; the velocity is the step itself."""
    x, v, path = start, 0.0, [start]
    for _ in range(steps):
        v = beta * v - rate * grad(x)
        x = x + v
        path.append(x)
    return np.array(path)


def by_average(grad, start, rate=1.0, steps=10, beta=0.9):
    """Return `momentum`'s path if the rate is η/(1 - β): v is a running mean."""
    x, v, path = start, 0.0, [start]
    for _ in range(steps):
        v = beta * v + (1 - beta) * grad(x)
        x = x - rate * v
        path.append(x)
    return np.array(path)


def half_life(beta):
    """Return after how many steps a gradient has half its weight.

    >>> half_life(0.5)
    1.0
    """
    return math.log(0.5) / math.log(beta)


def total_weight(beta):
    """Return the sum of the factors 1, β, β², … of all gradients so far.

    >>> total_weight(0.5)
    2.0
    """
    return 1 / (1 - beta)


def radius(h, beta):
    """Return the largest |eigenvalue| of `momentum_matrix`.

    >>> float(radius(h=0.25, beta=0.25)), float(radius(h=0.25, beta=0.0))
    (0.5, 0.75)
    """
    trace = 1 + beta - h
    inside = trace**2 - 4 * beta
    real = (np.abs(trace) + np.sqrt(np.maximum(inside, 0))) / 2
    return np.where(inside < 0, np.sqrt(beta), real)


def largest_rate(curvature, beta):
    """Return the rate from which on momentum does not come to rest: (2 + 2β) / λ.

    >>> largest_rate(2.0, beta=0.0)
    1.0
    """
    return (2 + 2 * beta) / curvature


def updates(examples, batch, epochs):
    """Return how many updates some epochs have.

    >>> updates(10, batch=5, epochs=2)
    4
    """
    return epochs * examples // batch


def best_beta(h):
    """Return the momentum that settles a curvature fastest, h = ηλ ≤ 1.

    >>> best_beta(0.25)
    0.25
    """
    return (1 - math.sqrt(h)) ** 2


def best_pair(kappa):
    """Return rate and momentum for curvatures from 1 to kappa.

    Polyak (1964). The error then shrinks by √beta a step.

    >>> best_pair(9)
    (0.25, 0.25)
    """
    root = math.sqrt(kappa)
    return (2 / (1 + root)) ** 2, ((root - 1) / (root + 1)) ** 2


def race(kappa, steps):
    """Return the errors of gradient descent and momentum, at their best."""
    grad, start = quadratic_grad(valley(kappa)), np.ones(2)
    rate, beta = best_pair(kappa)
    return (
        _errors(descend(grad, start, 2 / (1 + kappa), steps)),
        _errors(momentum(grad, start, rate, steps, beta)),
    )


def race_row(kappa):
    """Return kappa and the steps to a millionth, predicted and measured.

    First of gradient descent; then of momentum by ρᵏ alone, by `_bound`, and
    measured.

    >>> race_row(10)
    [10, 69, 69, 22, 27, 27]
    """
    plain, heavy = predicted_steps(kappa), predicted_steps(math.sqrt(kappa))
    runs = *race(kappa, plain + 99), _bound(kappa, plain + 99)
    measured = [first_within(e, 0, 1e-6) for e in runs]
    return [kappa, plain, measured[0], heavy, measured[2], measured[1]]


@cache
def race_range(kappa):
    """Return the fewest and the most steps of momentum's race, whatever the start.

    The starts lie on a circle, a degree apart.
    """
    ways = np.radians(np.arange(360))
    starts = np.array([np.cos(ways), np.sin(ways)])
    rate, beta = best_pair(kappa)
    budget = 2 * race_row(kappa)[5]
    path = momentum(quadratic_grad(valley(kappa)), starts, rate, budget, beta)
    counts = (np.linalg.norm(path, axis=1) < 1e-6).argmax(axis=0)
    return int(counts.min()), int(counts.max())


def on_parabola(method, steps, scale=1):
    """Return a method's path on scale · x², from 2 at rate 0.1.

    >>> on_parabola(descend, steps=2)
    array([2.  , 1.6 , 1.28])
    """
    return method(lambda x: 2 * scale * x, 2.0, rate=0.1, steps=steps)


def feels_scale(method):
    """Say whether a method goes another way on 1000x² than on x², in 50 steps."""
    one, other = on_parabola(method, 50), on_parabola(method, 50, scale=1000)
    return not np.allclose(one, other, atol=1e-6)


def adam_on_slope(slope, steps=1):
    """Return Adam's path from 0 under a constant slope, at rate 0.1."""
    return adam(lambda x: slope, 0.0, 0.1, steps)


def uncorrected(k, rate=0.1, beta1=0.9, beta2=0.999):
    """Return Adam's k-th step under a constant slope without correction."""
    return rate * (1 - beta1**k) / np.sqrt(1 - beta2**k)


def longest_step(beta1=0.9, beta2=0.999):
    """Return how many times its rate a step of Adam's can be long, at most.

    By Cauchy and Schwarz's inequality, for beta1² < beta2.

    >>> f"{longest_step():.2f}"
    '7.27'
    """
    return (1 - beta1) / math.sqrt((1 - beta2) * (1 - beta1**2 / beta2))


def after_silence(silent=5000):
    """Return the length of Adam's step at a slope after so many slopes of 0."""
    return float(_adam_lengths([*np.zeros(silent), 1.0])[-1])


def while_growing(steps=5000):
    """Return the length of Adam's last step under slopes that grow by a ninth."""
    return float(_adam_lengths((10 / 9) ** np.arange(-steps, 1.0))[-1])


def rotation_test(method, rate, steps=200, kappa=100, start=(1.0, 1.0), **constants):
    """Return the paths in the valley as it lies, and turned by 45 degrees.

    Both start at the same place of the valley, and the second path is turned
    back at the end. Of a method that does not see the axes they are the same.
    """
    paths = []
    for degrees in 0, 45:
        grad, turn = quadratic_grad(valley(kappa, degrees)), rotation(degrees)
        path = method(grad, turn @ np.array(start), rate, steps, **constants)
        paths.append(path @ turn)
    return paths


def adam_paths(rate):
    """Return `rotation_test` of Adam from (1, 0.3)."""
    return rotation_test(adam, rate, start=(1.0, 0.3))


def divisors_apart(degrees, rate=0.05):
    """Return the largest ratio of Adam's two divisors during 200 steps."""
    path = adam(
        quadratic_grad(valley(100, degrees)), rotation(degrees) @ np.ones(2), rate, 200
    )
    s, apart = 0.0, []
    for theta in path[:-1]:
        s = 0.999 * s + 0.001 * (valley(100, degrees) @ theta) ** 2
        apart.append(math.sqrt(s.max() / s.min()))
    return max(apart)


def best_pass(batch):
    """Return the loss after one pass over the line's four points, at its best rate.

    It is the mean over all 24 orders of the points, and the rate is the best of
    101 from 0.03 to 0.13.
    """
    orders = np.array(list(permutations(range(4))))
    rates = np.linspace(0.03, 0.13, 101)
    w = b = np.zeros((len(orders), len(rates)))
    for chosen in np.split(orders, 4 // batch, axis=1):
        x, y = line_x[chosen][:, None], line_y[chosen][:, None]
        rest = w[..., None] * x + b[..., None] - y
        w = w - rates * 2 * (rest * x).mean(axis=2)
        b = b - rates * 2 * rest.mean(axis=2)
    losses = ((w[..., None] * line_x + b[..., None] - line_y) ** 2).mean(axis=2)
    return float(losses.mean(axis=0).min())


def diagonal_steps(hess):
    """Return the steps from (1, 0) to a millionth with one rate an axis."""
    path = diagonal_descent(hess, np.array([1.0, 0.0]), 50)
    return first_within(_errors(path), 0, 1e-6)


def sharpness(path):
    """Return the largest curvature of Rosenbrock's function along a path."""
    (a, b), (_, c) = rosenbrock.hess(np.asarray(path).T)
    return (a + c) / 2 + np.hypot((a - c) / 2, b)


EDGE_RATES = 0.0019, 0.0025, 0.003  # one below the limit, two above


def claim_the_zigzag_dies_out():
    """In the ravine gradients alternate across and agree along, at the drawn rate; with
    momentum 0.4 the path is nearer to the floor than 0.1 after five of the twelve
    steps, where gradient descent's is farther than 0.3.
    """
    gradients = ravine.grad(ravine_path(0.0).T)
    along, across = gradients[0, 1:] * gradients[0, :-1], gradients[1]
    agree = (along > 0).all() and (across[1:] * across[:-1] < 0).all()
    plain, heavy = (np.abs(ravine_path(beta)[:, 1]) for beta in (0.0, 0.4))
    return bool(agree and heavy[5:].max() < 0.1 and plain[5] > 0.3)


def claim_little_creeps_and_much_rings():
    """For h from 0.01 to 0.5: with half the momentum that is best, and with the best,
    the run stays on its side; with more it changes sides again and again. The best
    one is within a hundredth before the other two.
    """
    for h in (0.01, 0.04, 0.1, 0.2, 0.5):
        best = best_beta(h)
        runs = [
            momentum(lambda x: x, 1.0, h, 1500, beta)
            for beta in (best / 2, best, (1 + best) / 2)
        ]
        creeps, settles, rings = (np.count_nonzero(x[1:] * x[:-1] < 0) for x in runs)
        counts = [_settled(run, 0.01) for run in runs]
        if not creeps == settles == 0 < 3 < rings or min(counts) != counts[1]:
            return False
    return True


def claim_the_three_runs_are_drawn_so():
    """With 0.3 and 0.64 the points stay above 0; with 0.95 they swing below −1."""
    creeps, settles, rings = map(_three_runs, _THREE)
    return bool(creeps.min() > 0 and settles.min() > 0 and rings.min() < -1)


def claim_a_run_is_a_mixture_of_two_powers():
    """From x₀, at rest, xₖ is a z₁ᵏ + b z₂ᵏ with the two roots, for 40 steps."""
    for h, beta in (0.1, 0.2), (0.04, 0.3), (0.04, 0.95), (1.7, 0.5), (3.0, 0.8):
        one, two = np.roots([1, h - 1 - beta, beta])
        a, b = np.linalg.solve([[1, 1], [one, two]], [1, 1 - h])
        k = np.arange(41)
        run = momentum(lambda x: x, 1.0, h, 40, beta)
        if not np.allclose(a * one**k + b * two**k, run, atol=1e-9):
            return False
    return True


def claim_errors_die_out_just_inside():
    """Both roots are smaller than 1 in size for β from 0 to 0.999 and h from 0.001 to
    0.001 below 2 + 2β, and not at h = 0, at h = 2 + 2β, beyond, or with β = 1.
    """
    beta, share = np.meshgrid(np.linspace(0, 0.999, 100), np.linspace(0, 1, 200))
    edge = 2 + 2 * beta
    inside = radius(0.001 + share * (edge - 0.002), beta)
    outside = radius(edge + share, beta), radius(-share, beta), radius(edge * share, 1)
    return bool(inside.max() < 1 and min(map(np.min, outside)) >= 1 - 1e-12)


def claim_the_best_momentum_meets_the_roots():
    """For h from 0.01 to 1 no momentum out of 2,000 has a smaller factor than the one
    at which the discriminant is 0; beyond it the factor is √β, and grows.
    """
    betas = np.linspace(0, 0.9995, 2000)
    for h in np.linspace(0.01, 1, 34):
        found, best = radius(h, betas), best_beta(h)
        more = betas[betas > best + 1e-9]
        if found.min() < math.sqrt(best) - 1e-7 or abs(_under_root(h, best)) > 1e-9:
            return False
        if not np.allclose(radius(h, more), np.sqrt(more)):
            return False
    return True


def claim_regions_lie_one_within_the_other():
    """The factor is at most ρ just inside a trapezoid, whose top is level at β = ρ²,
    for 20,000 points and each of the drawn factors.
    """
    h, beta = np.random.default_rng(0).uniform([[0], [0]], [[4.2], [1]], (2, 20_000))
    for rho in FACTORS:
        up = beta / rho
        inside = (beta <= rho**2) & (h >= (1 - rho) * (1 - up))
        inside &= h <= (1 + rho) * (1 + up)
        if not np.array_equal(inside, radius(h, beta) <= rho):
            return False
    return True


def claim_no_pair_is_better_than_polyaks():
    """For κ = 2, 10, 100 and 1000 none of 20,000 other pairs has a smaller factor for
    both ends, λ₁ and λ_d; Polyak's has ρ, and at all curvatures between at most ρ.
    """
    tried = np.random.default_rng(0)
    for kappa in (2, 10, 100, 1000):
        rate, beta = best_pair(kappa)
        rho = (math.sqrt(kappa) - 1) / (math.sqrt(kappa) + 1)
        rates = rate * np.exp(tried.normal(size=20_000))
        betas = tried.uniform(0, 1, 20_000)
        worst = np.maximum(radius(rates, betas), radius(kappa * rates, betas))
        between = radius(rate * np.geomspace(1, kappa, 99), beta)
        if worst.min() < rho or abs(between.max() - rho) > 1e-6:
            return False
    return True


def claim_the_best_pair_can_cycle():
    """With curvatures 1 and 25 the best pair for κ = 25 repeats three points, from all
    of 9 starts between 3.2 and 3.4, and gradient descent arrives from them.
    """
    rate, beta = best_pair(25)
    for start in np.linspace(3.2, 3.4, 9):
        path = momentum(bent, start, rate, 300, beta)
        repeats = np.allclose(path[-30:-3], path[-27:], atol=1e-6)
        moves = np.abs(np.diff(path[-9:])).min() > 1
        arrives = abs(descend(bent, start, 2 / 26, 300)[-1]) < 1e-6
        if not (repeats and moves and arrives):
            return False
    return True


def claim_nesterov_overshoots_less():
    """On parabolas with h = 0.02, 0.2 and 0.5 and β = 0.9 and 0.99 Nesterov's
    lowest point is not as low as momentum's.
    """
    return all(
        nesterov(lambda x: x, 1.0, h, 400, beta).min()
        > momentum(lambda x: x, 1.0, h, 400, beta).min()
        for h in (0.02, 0.2, 0.5)
        for beta in (0.9, 0.99)
    )


def claim_adams_first_step_is_its_rate():
    """From slopes of 1e-3 to 1e6, of both signs, at rates 0.001, 0.1 and 1."""
    slopes = np.concatenate([10.0 ** np.arange(-3, 7), -(10.0 ** np.arange(-3, 7))])
    return all(
        np.allclose(
            adam(lambda x: slopes, np.zeros(20), rate, 1)[1],
            -rate * np.sign(slopes),
            rtol=1e-4,
        )
        for rate in (0.001, 0.1, 1.0)
    )


def claim_the_drawn_step_is_a_sum_and_a_corner():
    """Momentum's new step is the two arrows, and Adam's first goes by its reach in
    both coordinates, although the gradient is more than twice as steep across.
    """
    before, x, after = momentum(ravine.grad, _AT, _RATE, 2, _KEPT)
    parts = _KEPT * (x - before) - _RATE * ravine.grad(x)
    corner = adam(ravine.grad, _AT, _REACH, 1)[1] - _AT
    along, across = np.abs(ravine.grad(_AT))
    square = np.allclose(np.abs(corner), _REACH) and across > 1.4 * along
    return bool(np.allclose(after - x, parts) and square)


def claim_dividing_by_the_diagonal_is_gradient_descent():
    """Turned by 45 degrees, for κ = 5, 10 and 100: the diagonal's entries are equal,
    and a step leaves (κ − 1)/(κ + 1), which is 2/3 for κ = 5.
    """
    for kappa in (5, 10, 100):
        hess = valley(kappa, 45)
        path = diagonal_descent(hess, np.array([1.0, 0.0]), 50)
        left = _errors(path)[1:] / _errors(path)[:-1]
        if not np.allclose(left, (kappa - 1) / (kappa + 1)):
            return False
        if not np.isclose(hess[0, 0], hess[1, 1]):
            return False
    return True


def claim_adam_ends_at_the_worst_point():
    """Between walls at −1 and 1, with rates that shrink like 1/√k, from three starts,
    with bias correction and without: β₂ = 0.1 ends near +1, β₂ = 0.999 near −1.
    """
    for start in (-1.0, 0.0, 0.7):
        for beta2, end in (0.1, 1.0), (0.999, -1.0):
            for corrected in (False, True):
                x, s = start, 0.0
                for k in range(1, 1501):
                    g = 3.0 if k % 3 == 1 else -1.0
                    s = beta2 * s + (1 - beta2) * g * g
                    square = s / (1 - beta2**k) if corrected else s
                    x -= 0.5 / math.sqrt(k) * g / math.sqrt(square)
                    x = min(max(x, -1.0), 1.0)
                if abs(x - end) > 0.1:
                    return False
    return True


def claim_above_the_limit_no_run_stays():
    """From a billionth beside the minimum of Rosenbrock's valley runs with 1.02 to 1.5
    times the limit leave by more than 0.001; with 0.98 times and less they do not.
    """
    limit = 2 / sharpness([[1.0, 1.0]])[0]
    rates = limit * np.array([0.5, 0.98, 1.02, 1.1, 1.5])
    starts = np.tile([[1.0], [1.0 + 1e-9]], len(rates))
    away = np.abs(descend(rosenbrock.grad, starts, rates, 600) - 1).max(axis=(0, 1))
    return bool((away[:2] < 1e-8).all() and (away[2:] > 1e-3).all())


def claim_the_run_hovers_at_the_edge():
    """The last 1,000 of the drawn steps: above the limit the largest curvature swings
    to both sides of 2/η, with a mean within 2 % of it; below, it stays under 2/η.
    """
    below, *above = _at_the_edge(EDGE_RATES)
    held = below.max() < 2 / EDGE_RATES[0]
    for rate, found in zip(EDGE_RATES[1:], above, strict=True):
        edge, late = 2 / rate, found[-1000:]
        held &= late.min() < edge < late.max() and abs(late.mean() / edge - 1) < 0.02
    return bool(held)


def claim_a_lower_rate_goes_on():
    """Runs that hover at the rates above the limit, with a loss above 0.01, come below
    a hundredth of it after 3,000 steps more at the rate below it.
    """
    starts = np.zeros((2, 2))
    hovering = descend(rosenbrock.grad, starts, np.array(EDGE_RATES[1:]), 2000)[-1]
    on = descend(rosenbrock.grad, hovering, EDGE_RATES[0], 3000)[-1]
    before, after = rosenbrock.f(hovering), rosenbrock.f(on)
    return bool((before > 0.01).all() and (after < before / 100).all())


def claim_memory_pays_for_small_rates_only():
    """On a parabola β = 0.9 beats β = 0 exactly for rates with h < 1 − √0.9.

    From there to h = 1 the swing is slower than no momentum at all.
    """
    h = np.linspace(0.001, 1, 1000)
    faster = radius(h, 0.9) < radius(h, 0.0)
    return bool((faster == (h < 1 - math.sqrt(0.9))).all())


@cache
def claim_the_formula_of_the_race_is_exact():
    """Momentum's error is that of the formula at every step, from (1, 1)."""
    return all(
        np.allclose(race(kappa, 300)[1], _bound(kappa, 300), rtol=1e-4)
        for kappa in (4, 10, 100, 1000)
    )


def claim_gradient_descent_needs_its_number_from_every_start():
    """At its best rate, from 36 starts around the minimum, for κ = 10, 100 and 200."""
    ways = np.radians(np.arange(0, 360, 10))
    starts = np.array([np.cos(ways), np.sin(ways)])
    for kappa in (10, 100, 200):
        steps = predicted_steps(kappa)
        path = descend(quadratic_grad(valley(kappa)), starts, 2 / (1 + kappa), steps)
        before, after = np.linalg.norm(path[-2:], axis=1)
        if not ((before > 1e-6) & (after < 1e-6)).all():
            return False
    return True


def claim_no_step_of_adam_is_longer():
    """No slopes, wild, growing or rare, make a step longer than `longest_step`."""
    rng = np.random.default_rng(0)
    wild = rng.standard_cauchy((300, 50))
    rare = wild * (rng.random((300, 50)) < 0.02)
    growing = rng.uniform(1, 2, 50) ** np.arange(300)[:, None]
    for constants in {}, {"beta2": 0.99}, {"beta1": 0.5, "beta2": 0.9}:
        most = longest_step(**constants) * (1 + 1e-9)
        for slopes in wild, rare, growing:
            if _adam_lengths(slopes, **constants).max() > most:
                return False
    return True


def claim_any_rate_will_do_as_the_valley_lies():
    """As it lies, Adam ends below 1e-6 at rates from 0.05 to 0.5, from four starts."""
    height = quadratic(valley(100))
    return all(
        height(rotation_test(adam, rate, start=start)[0][-1]) < 1e-6
        for rate in (0.05, 0.1, 0.2, 0.5)
        for start in _STARTS
    )


@cache
def claim_the_rate_decides_what_turning_costs():
    """At 0.05 Adam ends more than five powers of ten higher when turned; at 0.5 it
    ends below $10^{-7}$ in both positions; from four starts.
    """
    height = quadratic(valley(100))
    ends = {
        rate: [
            [height(path[-1]) for path in rotation_test(adam, rate, start=start)]
            for start in _STARTS
        ]
        for rate in (0.05, 0.5)
    }
    slow = all(turned > 1e5 * lying for lying, turned in ends[0.05])
    return bool(slow and max(map(max, ends[0.5])) < 1e-7)


def claim_turned_adam_lives_by_its_momentum():
    """Turned, each at its best rate, AdaGrad and RMSProp end no lower than a tenth
    of gradient descent's height, Adam and momentum below a thousandth of it; from
    four starts.
    """
    for start in _STARTS:
        plain = _at_its_best(descend, 45, start)[1]
        alone = [_at_its_best(one, 45, start)[1] for one in (adagrad, rmsprop)]
        heavy = [_at_its_best(one, 45, start)[1] for one in (momentum, adam)]
        if min(alone) < plain / 10 or max(heavy) > plain / 1000:
            return False
    return True


def claim_scaling_wins_as_the_valley_lies():
    """As it lies, each at its best rate, all three adaptive methods end below a
    hundred-thousandth of gradient descent's height; from four starts.
    """
    return all(
        _at_its_best(one, 0, start)[1] < 1e-5 * _at_its_best(descend, 0, start)[1]
        for one in (adagrad, rmsprop, adam)
        for start in _STARTS
    )


def claim_the_first_runs_to_move_are_told():
    """One swings about 0 and comes to rest; of two, one jumps and one only falls."""
    swing = np.array(_swing_path(0.2, 0.9))[:, 1]
    flat, steep = np.array(_two_rows(25, 1.9, 0.0)).T
    waves = [abs(swing[k : k + 15]).max() for k in (0, 15, 30, 46)]
    swings = sum(swing[1:] * swing[:-1] < 0) > 5 and np.diff(waves).max() < 0
    jumps = (steep[1:] * steep[:-1] < 0).all() and np.diff(flat).max() < 0 < flat.min()
    return bool(swings and jumps and flat[10] > 0.4)


def table_weights():
    header = ["$\\beta$", "sum of the factors", "half-life in steps"]
    rows = []
    for beta in (0.9, 0.99, 0.999):
        rows.append([beta, f"{total_weight(beta):.0f}", f"{half_life(beta):.2f}"])
    return table(header, rows)


def table_three():
    """The roots of the runs at h = 0.04, and when they have settled."""
    header = ["$\\beta$", "under the root", "roots", "factor", "within 0.01 from step"]
    rows = []
    for beta in (0.0, *_THREE):
        inside = _under_root(0.04, beta)
        kind = "a pair" if inside < -1e-9 else "two" if inside > 1e-9 else "one, double"
        size = f"{float(radius(0.04, beta)):.3f}"
        rows.append([beta, f"{inside:.3f}", kind, size, settles_after(beta)])
    return table(header, rows)


def table_race():
    header = [
        "$\\kappa$",
        "gradient descent: predicted",
        "measured",
        "momentum: $\\rho^k$ alone",
        "with the factor",
        "measured",
    ]
    return table(header, [race_row(kappa) for kappa in (10, 100, 1000)])


def table_first_step():
    rows = []
    for name, method in [
        ("gradient descent", descend),
        ("momentum", momentum),
        ("AdaGrad", adagrad),
        ("RMSProp", rmsprop),
        ("Adam", adam),
    ]:
        ends = [on_parabola(method, 1, scale)[1] for scale in (1, 1000)]
        rows.append([name, *(f"{end:.4g}" for end in ends)])
    return table(["method", "on $x^2$", "on $1000x^2$"], rows)


def table_rates():
    """Adam's height after 200 steps, for some rates and two starts."""
    height = quadratic(valley(100))
    header = ["Adam's rate", "from (1, 1)", "turned", "from (1, 0.3)", "turned"]
    rows = []
    for rate in (0.05, 0.1, 0.2, 0.5):
        row = [rate]
        for start in _STARTS[:2]:
            ends = [path[-1] for path in rotation_test(adam, rate, start=start)]
            row += [written(float(height(end)), 4) for end in ends]
        rows.append(row)
    return table(header, rows)


def table_turned():
    """The height after 200 steps at the best rate, as it lies and turned.

    Where more rates are nearly as good, they are told with one digit of the height:
    which of them is the best may be a matter of rounding, as it is for RMSProp, which
    jumps about the floor of the turned valley.
    """
    rows = []
    for name, method in [
        ("gradient descent", descend),
        ("momentum 0.9", momentum),
        ("AdaGrad", adagrad),
        ("RMSProp", rmsprop),
        ("Adam", adam),
    ]:
        row = [name]
        for degrees in (0, 45):
            rate, height = _at_its_best(method, degrees)
            rates, heights = _swept(method, degrees)
            good = rates[heights < 1.25 * height]
            if len(good) > 1:
                told = f"{height:.0e}".replace("e-0", "e-")
                row.append(f"{told} with {good[0]:.1f} to {good[-1]:.1f}")
                continue
            told = written(height, 4) if height > 1e-16 else "below 1e-16"
            row.append(f"{told} with {rate:.2g}")
        rows.append(row)
    return table(["at its best rate", "as it lies", "turned"], rows)


def table_edge():
    header = ["rate $\\eta$", "$2/\\eta$", "mean sharpness, last 1000 of 8000 steps"]
    paths = _at_the_edge(EDGE_RATES, 8000)
    rows = []
    for rate, found in zip(EDGE_RATES, paths, strict=True):
        rows.append([rate, f"{2 / rate:.1f}", f"{found[-1000:].mean():.1f}"])
    return table(header, rows)


_THREE = 0.3, 0.64, 0.95  # too little memory for rate 0.02 on x², the best, too much
_AT, _RATE, _KEPT, _REACH = np.array([9.0, 1.3]), 0.07, 0.6, 1.5  # of the anatomy
_STARTS = (1.0, 1.0), (1.0, 0.3), (0.3, 1.0), (-0.7, 0.9)  # in the valley


def _settled(path, tolerance=1e-6):
    """Return the first k from which on a path stays within tolerance of 0.

    >>> _settled(np.array([2.0, 0.1, -2.0, 0.5, -0.1]), tolerance=1.0)
    3
    """
    return int(np.flatnonzero(distances(path, 0) >= tolerance)[-1]) + 1


def _three_runs(beta, steps=240):
    """Return a run of momentum on x² from 2, at the small rate 0.02."""
    return momentum(quad1.grad, 2.0, 0.02, steps, beta)


def _under_root(h, beta):
    """Return the discriminant of z² - (1 + β - h) z + β.

    >>> _under_root(h=0.25, beta=0.25)
    0.0
    """
    return (1 + beta - h) ** 2 - 4 * beta


def _adam_lengths(slopes, **constants):
    """Return how long Adam's steps are, in units of the rate, if these slopes come.

    >>> _adam_lengths([3.0, 3.0]).round(6)
    array([1., 1.])
    """
    coming, start = iter(slopes), np.zeros_like(slopes[0])
    path = adam(lambda x: next(coming), start, 1.0, len(slopes), **constants)
    return np.abs(np.diff(path, axis=0))


@cache
def _at_its_best(method, degrees, start=(1.0, 1.0)):
    """Return the rate that suits a method best in the valley, and where it ends."""
    rates, heights = _swept(method, degrees, start)
    best = np.nanargmin(heights)
    return float(rates[best]), float(heights[best])


def _swept(method, degrees, start=(1.0, 1.0)):
    """Return 161 rates from 0.001 to 10, and where each of them ends.

    The height after 200 steps in the valley with κ = 100, turned by an angle.
    """
    hess, rates = valley(100, degrees), np.geomspace(1e-3, 10, 161)
    starts = np.tile((rotation(degrees) @ start)[:, None], len(rates))
    with np.errstate(over="ignore", invalid="ignore"):  # rates above the limit
        ends = method(quadratic_grad(hess), starts, rates, 200)[-1]
        return rates, quadratic(hess)(ends)


def _corners(rho):
    """Return the corners (h, β) of the region where `radius` is ≤ rho.

    >>> _corners(0.5)
    [(0.5, 0.0), (0.25, 0.25), (2.25, 0.25), (1.5, 0.0)]
    """
    top = rho * rho
    bottom = [(1 - rho, 0.0), (1 + rho, 0.0)]
    return [bottom[0], ((1 - rho) ** 2, top), ((1 + rho) ** 2, top), bottom[1]]


def _unit_slope(x):
    return x


def _swing_path(h, beta):
    """Return sixty steps where the curvature is 1, from 1, as points (k, xₖ).

    >>> np.array(_swing_path(0.25, 0.0)[:3])
    array([[0.    , 1.    ],
           [1.    , 0.75  ],
           [2.    , 0.5625]])
    """
    path = momentum(_unit_slope, 1.0, h, 60, beta)
    points = []
    for k in range(61):
        points.append([float(k), float(path[k])])
    return points


def _swing_table(h, beta):
    """Return the same steps, as rows [xₖ].

    >>> _swing_table(0.25, 0.0)[2]
    [np.float64(0.5625)]
    """
    path = momentum(_unit_slope, 1.0, h, 60, beta)
    return [[x] for x in path]


def _swing_factor(h, beta):
    """Return what `radius` returns, with plain floats only.

    >>> _swing_factor(0.25, 0.25), _swing_factor(0.25, 0.0)
    (0.5, 0.75)
    """
    trace = 1 + beta - h
    inside = trace * trace - 4 * beta
    if inside < 0:
        return math.sqrt(beta)
    return (abs(trace) + math.sqrt(inside)) / 2


def _swing_marks(h):
    """Return the momentum that settles this curvature fastest.

    >>> _swing_marks(0.25)
    [0.25]
    """
    return [(1 - math.sqrt(h)) * (1 - math.sqrt(h))]


_END = "In the long run a step leaves {1:3} of the error, and from step {2:0} on the "
_END += "run is within 1% of its start’s distance."
_SWINGS = {
    "creeps": ("path", f"Little memory: it creeps. {_END}"),
    "settles": ("second", f"The memory that suits h: it settles. {_END}"),
    "rings": ("path", f"Much memory: it rings. {_END}"),
    "jumps": ("path", f"It jumps from side to side. {_END}"),
    "stays": ("alarm", "It does not come to rest: h is not below 2 + 2β = {2:2}."),
}


def _swing_says(h, beta):
    """Return what the run does, its factor, and when it is within 1% for good.

    >>> _swing_says(0.25, 0.25), _swing_says(0.25, 0.0)
    (['settles', 0.5, 10.0], ['creeps', 0.75, 17.0])
    """
    path = momentum(_unit_slope, 1.0, h, 400, beta)
    last = 0.0
    for k in range(401):
        if abs(path[k]) >= 0.01:
            last = float(k)
    factor, best = _swing_factor(h, beta), _swing_marks(h)[0]
    if h > 2 + 2 * beta - 1e-9:
        return ["stays", factor, 2 + 2 * beta]
    if abs(beta - best) < 0.00501:
        return ["settles", factor, last + 1]
    if beta > best:
        return ["rings", factor, last + 1]
    if 1 + beta - h < 0:
        return ["jumps", factor, last + 1]
    return ["creeps", factor, last + 1]


def _has_the_smallest_factor(h, beta):
    """Whether h is 0.2 and no other momentum on the slider has a smaller factor.

    >>> _has_the_smallest_factor(0.2, 0.31), _has_the_smallest_factor(0.2, 0.3)
    (True, False)
    """
    here, less = _swing_factor(h, beta), _swing_factor(h, beta - 0.01)
    return abs(h - 0.2) < 0.01 and here < less and here < _swing_factor(h, beta + 0.01)


def _is_the_largest(h, beta):
    """Whether β is 0.5, the run comes to rest, and with h larger by 0.02 it would not.

    >>> _is_the_largest(2.98, 0.5), _is_the_largest(3.0, 0.5)
    (True, False)
    """
    border = 2 + 2 * beta - 1e-9
    return abs(beta - 0.5) < 0.005 and h <= border < h + 0.02


def _errors(path):
    """Return the distance to 0 after each step, the first one as 1."""
    size = distances(path, 0)
    return size / size[0]


def _bound(kappa, steps):
    """Return the errors of momentum's race by formula: ρᵏ and a growing factor."""
    rho = math.sqrt(best_pair(kappa)[1])
    k = np.arange(steps + 1)
    flat, steep = 1 + k * (1 - rho), 1 + k * (1 + rho)
    return np.hypot(flat, steep) * rho**k / math.sqrt(2)


@cache
def _at_the_edge(rates, steps=4000, start=(0.0, 0.0)):
    """Return the sharpness along a path of gradient descent for each rate.

    On Rosenbrock's function; Cohen and others (2021) saw the same in networks.
    """
    starts = np.tile(np.reshape(start, (2, 1)), len(rates))
    paths = descend(rosenbrock.grad, starts, np.array(rates), steps)
    return [sharpness(paths[:, :, i]) for i in range(len(rates))]


def _two_factors(kappa, h, beta):
    """Return what a step leaves of the error along the flat and the steep curvature.

    >>> _two_factors(4.0, 1.0, 0.0)
    [0.75, 0.0]
    """
    return [_swing_factor(h / kappa, beta), _swing_factor(h, beta)]


def _worse_factor(kappa, h, beta):
    """Return the larger of the two."""
    flat, steep = _two_factors(kappa, h, beta)
    return max(flat, steep)


def _rings(h, beta):
    """Whether the roots are complex.

    >>> _rings(0.25, 0.5), _rings(0.25, 0.25)
    (True, False)
    """
    trace = 1 + beta - h
    return trace * trace < 4 * beta


def _is_best(kappa, h, beta):
    """Whether that is within 0.005 of the smallest there is."""
    return _worse_factor(kappa, h, beta) < math.sqrt(_polyak(kappa)[1]) + 0.005


def _two_says(kappa, h, beta):
    """Return which curvature is behind, the factor, the other's, and the best one.

    >>> [_two_says(25.0, *pair)[0] for pair in ((1.0, 0.0), (3.0, 0.0), (2.78, 0.45))]
    ['flat', 'diverges', 'corner']
    """
    flat, steep = _two_factors(kappa, h, beta)
    best = math.sqrt(_polyak(kappa)[1])
    which = "steep" if steep > flat else "flat"
    if steep > 1 - 1e-9:
        return ["diverges", steep, 2 + 2 * beta, best]
    if _is_best(kappa, h, beta):
        which = "corner"
    elif _rings(h / kappa, beta) and _rings(h, beta):
        which = "ring"
    elif abs(flat - steep) < 1e-9:
        which = "even"
    return [which, max(flat, steep), min(flat, steep), best]


def _polyak(kappa):
    """Return h of the steep curvature and β for the smallest factor.

    >>> _polyak(9.0)
    [2.25, 0.25]
    """
    rate, beta = best_pair(kappa)
    return [kappa * rate, beta]


def _ends_of_the_segment(kappa, h, beta):
    return [[h, beta], [h / kappa, beta]]


def _smallest_region(kappa, h, beta):
    """Return the outline of the smallest region that holds both curvatures."""
    return [_corners(min(_worse_factor(kappa, h, beta), 1.0))]


def _flat_run(kappa, h, beta):
    return _swing_path(h / kappa, beta)


def _two_rows(kappa, h, beta):
    """Return the place along the flat and along the steep curvature, each step."""
    flat = momentum(_unit_slope, 1.0, h / kappa, 60, beta)
    steep = momentum(_unit_slope, 1.0, h, 60, beta)
    return [[flat[k], steep[k]] for k in range(61)]


def _is_the_corner(kappa, h, beta):
    """Whether κ is 25 and no pair has a factor that is smaller by 0.005.

    >>> _is_the_corner(25.0, 2.78, 0.45), _is_the_corner(25.0, 2.78, 0.5)
    (True, False)
    """
    return kappa == 25 and _is_best(kappa, h, beta)


def _is_beyond(kappa, h, beta):
    """Whether the run converges far beyond 2, the limit of gradient descent.

    >>> _is_beyond(25.0, 3.2, 0.7), _is_beyond(25.0, 3.2, 0.5)
    (True, False)
    """
    return h > 3 and _worse_factor(kappa, h, beta) < 1 - 1e-9


def _is_level(kappa, h, beta):
    """Whether both curvatures ring, at κ = 100.

    >>> _is_level(100.0, 2.0, 0.9), _is_level(100.0, 2.0, 0.7)
    (True, False)
    """
    return kappa == 100 and _rings(h / kappa, beta) and _rings(h, beta)


_TWO_SAID = {
    "corner": (
        "second",
        "Polyak's corner: a step leaves {1:3} of the error; no pair leaves less than "
        "{3:3}.",
    ),
    "ring": (
        "path",
        "Both ring: a step leaves √β = {1:3} of both errors. The best pair leaves "
        "{3:3}.",
    ),
    "even": ("path", "A step leaves {1:3} of both errors; the best pair, {3:3}."),
    "flat": (
        "path",
        "The flat curvature is behind: a step leaves {1:3} of its error, {2:3} of the "
        "steep one’s. The best pair leaves {3:3}.",
    ),
    "steep": (
        "path",
        "The steep curvature is behind: a step leaves {1:3} of its error, {2:3} of the "
        "flat one’s. The best pair leaves {3:3}.",
    ),
    "diverges": (
        "alarm",
        "The steep curvature does not come to rest: h is not below 2 + 2β = {2:2}.",
    ),
}


def figure_opening():
    """Three runs with more and more memory: creeping, settling, ringing."""
    figure, ax = draw.opening((-4, 114), (-1.8, 2.2))
    ax.axhline(0, color="optimum", linewidth=1)
    k = np.arange(0, 111, 2)
    for beta, colour in zip(_THREE, ("third", "second", "path"), strict=True):
        ax.plot(k, _three_runs(beta)[k], color=colour)
    draw.path(ax, [0], [2.0])
    return figure


def figure_valley():
    """Twelve steps with and without memory, at the same rate."""
    figure, axes = draw.panels(2, 1, height=4.4, sharex=True)
    for ax, beta in zip(axes[:, 0], (0.0, 0.4), strict=True):
        path = ravine_path(beta)
        name = f"momentum {beta:g}" if beta else "gradient descent"
        levels = (0, 3, 12, 30, 60, 100)
        draw.contours(ax, ravine.f, (-2, 11), (-2.6, 2.6), levels, False, 51)
        ax.plot(*path.T, color="path", linewidth=1)
        draw.path(ax, *path.T, arrows=False, markersize=4)
        draw.optimum(ax, 0, 0)
        text = f"{name}: f = {ravine.f(path[-1]):.2g} at step {len(path) - 1}"
        ax.set(ylabel="y", title=text)
    axes[1, 0].set(xlabel="x")
    return figure


def figure_three():
    """Too little memory, the best, and too much: the same slope and rate."""
    figure, axes = draw.panels(3, 1, height=5.4, sharex=True)
    for ax, beta, does in zip(
        axes[:, 0], _THREE, ("creeps", "settles", "rings"), strict=True
    ):
        ax.axhline(0, color="optimum", linewidth=0.8)
        ax.plot(_three_runs(beta, 120), "o-", color="path", markersize=2, linewidth=0.8)
        k = settles_after(beta)
        title = f"β = {beta:g} {does}"
        if k <= 120:
            ax.plot([k], [0], "o", color="second", markersize=6)
            draw.label(ax, f"k = {k}", (k, 0), (0, 12), "second")
        else:
            title += f" until k = {k}"
        ax.set(ylabel="x", ylim=(-2.2, 2.2), title=title)
    axes[2, 0].set(xlabel="step k")
    return figure


def figure_anatomy():
    """One step taken apart: the sum of two arrows, and the rescaled gradient."""
    figure, axes = draw.panels(2, 1, height=6.2)
    heavy, adaptive = axes[:, 0]
    rate, beta = _RATE, _KEPT
    before, x = momentum(ravine.grad, _AT, rate, 1, beta)
    kept, push = beta * (x - before), -rate * ravine.grad(x)
    levels = (0, 20, 40, 60, 80)
    for ax in heavy, adaptive:
        draw.contours(ax, ravine.f, (4, 10), (-1.9, 2.2), levels, False, 61)
        ax.set(ylabel="y")
    draw.path(heavy, *np.array([before, x]).T, color="soft")
    for start, move, colour in (
        (x, kept, "second"),
        (x + kept, push, "path"),
        (x, kept + push, "curve"),
    ):
        draw.arrow(heavy, start, start + move, colour)
    draw.label(heavy, "last step", (before + x) / 2, (10, -4), ha="left")
    draw.label(heavy, "kept: β × last step", x + kept / 2, (2, -8), "second", ha="left")
    draw.label(heavy, "push: −ηg", x + kept + push / 2, (-10, -4), "path", ha="right")
    draw.label(heavy, "new step", x + kept + push, (0, 14), "curve")
    heavy.set(title="momentum adds two arrows")
    x, reach = _AT, _REACH
    draw.arrow(adaptive, x, x - rate * ravine.grad(x), "path")
    ends = adam(ravine.grad, x, reach, 1)
    draw.arrow(adaptive, x, ends[1], "curve")
    square = x + reach * np.array([[-1, -1], [-1, 1], [1, 1], [1, -1], [-1, -1]])
    adaptive.plot(*square.T, "--", color="soft", linewidth=1)
    draw.start(adaptive, *x)
    draw.label(adaptive, "−ηg", x - rate * ravine.grad(x), (0, -10), "path")
    draw.label(adaptive, "Adam's\nfirst step", ends[1], (-20, 14), "curve", ha="right")
    adaptive.set(title="adaptive: coordinate ÷ its own size", xlabel="x")
    return figure


def figure_explore_corner():
    """The two curvatures on the map of the factor, and below it the run of each."""
    figure, axes = draw.panels(2, 1, height=5.6)
    above, below = axes[:, 0]
    shades = "level3", "level2", "level1", "level0", "paper"
    for rho, shade in zip(FACTORS, shades, strict=True):
        region = np.array(_corners(rho))
        above.fill(*region.T, facecolor=shade, edgecolor="soft", linewidth=0.6)
        draw.label(above, f"{rho:g}", region[1], (8, -9), ha="left")
    draw.label(above, "diverges", (3.55, 0.3), (0, 0), "alarm")
    above.set(xlim=(0, 4.2), ylim=(0, 1.02))
    above.set(xlabel="h = rate × curvature", ylabel="momentum β")
    above.set(yticks=[0, 0.5, 1])  # whose numbers leave room on a phone
    below.axhline(0, color="optimum", linewidth=0.8)
    below.set(xlim=(-1, 61), ylim=(-1.4, 1.4), xlabel="step k", ylabel="error")
    draw.label(below, "flat, dashed", (60, 1.1), (0, 0), "curve", ha="right")
    draw.label(below, "steep", (60, -1.2), (0, 0), "path", ha="right")
    steep = Marks(["Polyak’s"], lambda kappa: [_polyak(kappa)[0]], waits=True)
    memory = Marks(["Polyak’s"], lambda kappa: [_polyak(kappa)[1]], waits=True)
    return movable(
        figure,
        above,
        knobs=[
            Knob("kappa", "condition κ", 2, 100, 1, 25),
            Knob("h", "steep h", 0.02, 4.0, 0.02, 1.9, steep),
            Knob("beta", "momentum β", 0.0, 0.98, 0.01, 0.0, memory),
        ],
        layers=[
            Layer(_smallest_region, "level", "path"),
            Layer(_ends_of_the_segment, "path", "path"),
            Layer(_flat_run, "line", "curve", below),
            Layer(_swing_path, "path", "path", below),
        ],
        says=(_two_says, _TWO_SAID),
        formula=(
            lambda kappa, h, beta: [h, h / kappa, _worse_factor(kappa, h, beta)],
            r"\max_{\lambda} |r(\eta\lambda, \beta)|"
            r" = \max(|r({1:2})|,\, |r({2:3})|) = {3:3}",
        ),
        table=(_two_rows, ["k", "flat", "steep"]),
        click=["h", "beta"],
        targets={
            "corner": Target(_is_the_corner, {"h": 2.78, "beta": 0.45}),
            "beyond": Target(_is_beyond, {"h": 3.2, "beta": 0.7}),
            "level": Target(_is_level, {"kappa": 100, "h": 2.0, "beta": 0.9}),
        },
    )


def figure_radius():
    """The factor per step for each curvature and momentum."""
    figure, ax = draw.axes("h = rate × curvature", "momentum β", height=3.9)
    shades = "level3", "level2", "level1", "level0", "paper"
    for rho, shade in zip(FACTORS, shades, strict=True):
        region = np.array(_corners(rho))
        ax.fill(*region.T, facecolor=shade, edgecolor="soft", linewidth=0.6)
        draw.label(ax, f"{rho:g}", region[1], (8, -9), ha="left")
    draw.label(ax, "diverges", (3.55, 0.3), (0, 0), "alarm")
    kappa = 100
    rho = math.sqrt(best_pair(kappa)[1])
    best = np.array(_corners(rho))
    ax.fill(*best.T, facecolor="none", edgecolor="path", linewidth=1.2)
    ax.plot(*best[1:3].T, "o-", color="path")
    text = f"curvatures 1 to {kappa},\nbest pair: {rho:.3f}"
    draw.label(ax, text, (1.7, best[1][1]), (0, -24), "path")
    ax.set(xlim=(0, 4.2), ylim=(0, 1.02), title="factor of the error, per step")
    return figure


def figure_race():
    """Kappa 100: the error after each step, at the best constants."""
    plain, heavy = race(100, 720)
    rho = math.sqrt(best_pair(100)[1])
    k = np.arange(131)
    figure, ax = draw.axes("step k", "distance ÷ first distance", height=3.4)
    ax.semilogy(20 * np.arange(37), plain[::20], color="path")
    ax.semilogy(k, heavy[:131], color="second")
    ax.semilogy(k, rho**k, "--", color="soft", linewidth=1.2)
    ax.axhline(1e-6, color="soft", linewidth=0.8)
    for errs, colour in (plain, "path"), (heavy, "second"):
        last = first_within(errs, 0, 1e-6)
        ax.plot([last], [errs[last]], "o", color=colour)
        draw.label(ax, f"{last}", (last, errs[last]), (4, 11), colour, ha="left")
    draw.label(ax, "gradient descent", (350, plain[350]), (8, 9), "path", ha="left")
    draw.label(ax, "momentum", (125, heavy[125]), (8, 4), "second", ha="left")
    draw.label(ax, "ρᵏ alone", (110, rho**110), (8, -8), "soft", ha="left")
    ax.set(xlim=(-36, 800), ylim=(1e-11, 20))
    return figure


def figure_correction():
    """The first steps under a constant slope, with and without correction."""
    k = np.arange(1, 61)
    corrected = -np.diff(adam_on_slope(3.0, 60))
    figure, ax = draw.axes("step k", "length of the step", height=3.0)
    ax.plot(k, uncorrected(k), "o", color="alarm", markersize=4)
    ax.plot(k, corrected, "s", color="second", markersize=3)
    peak = int(uncorrected(k).argmax())
    at = (k[peak], uncorrected(k[peak]))
    text = f"without correction, up to {at[1]:.2f}"
    draw.label(ax, text, at, (0, 10), "alarm", ha="left")
    first = f"{uncorrected(1):.3f}"
    draw.label(ax, first, (1, uncorrected(1)), (8, -6), "alarm", ha="left")
    draw.label(
        ax,
        "with correction: always the rate",
        (60, 0.1),
        (0, -11),
        "second",
        ha="right",
    )
    ax.set(ylim=(0, 0.76))
    return figure


def figure_turned():
    """Adam in the valley and in the turned valley; gradient descent as well."""
    figure, axes = draw.panels(3, 1, height=6.6, sharex=True)
    for ax, method, rate in zip(
        axes[:, 0], (descend, adam, adam), (0.01, 0.05, 0.5), strict=True
    ):
        lying, turned_back = rotation_test(method, rate, start=(1.0, 0.3))
        ax.plot(*lying.T, color="curve")
        ax.plot(*turned_back[::4].T, "o", color="path", markersize=3)
        draw.start(ax, 1, 0.3)
        draw.optimum(ax, 0, 0)
        ax.set(ylabel="across")
        name = "Adam" if method is adam else "gradient descent"
        paths = "one path" if np.allclose(lying, turned_back) else "two paths"
        ax.set(title=f"{name}, rate {rate:g}: {paths}")
    middle, bottom = axes[1:, 0]
    bottom.set(xlabel="along the floor")
    draw.label(middle, "as it lies", (0.92, 0.2), (-10, 2), "curve", ha="right")
    draw.label(middle, "turned by 45°", (0.12, 0), (0, 12), "path", ha="left")
    return figure


def figure_edge():
    """The sharpness that gradient descent meets, for three rates."""
    figure, ax = draw.axes("step k", "largest curvature", height=4.1)
    paths = _at_the_edge(EDGE_RATES)
    for rate, colour, found in zip(EDGE_RATES, draw.SERIES, paths, strict=False):
        groups = found[:4000].reshape(-1, 80)
        k = 40 + 80 * np.arange(len(groups))
        ax.fill_between(k, groups.min(1), groups.max(1), color=colour, alpha=0.3)
        ax.plot(k, groups.mean(1), color=colour)
        ax.hlines(2 / rate, 0, 4000, color=colour, linestyle="--", linewidth=1)
        text = f"η = {rate:g}: {2 / rate:.0f}"
        draw.label(ax, text, (4050, 2 / rate), (2, 0), colour, ha="left")
    ax.set(xticks=[0, 1000, 2000, 3000, 4000], xlim=(-100, 7200))
    return figure


def figure_choice(rate, beta):
    """Forty steps of momentum on x², from 2."""
    figure, ax = draw.axes("step k", "x", width=3.4, height=2.2)
    path = momentum(quad1.grad, 2.0, rate, 40, beta)
    ax.axhline(0, color="optimum", linewidth=0.8)
    ax.plot(path, "o-", color="path", markersize=3, linewidth=1)
    ax.set(ylim=(-2.3, 2.3))
    return figure


def figure_explore_swing():
    figure, ax = draw.axes("step k", "x", height=3.2)
    ax.axhline(0, color="optimum", linewidth=0.8)
    ax.set(xlim=(-1, 61), ylim=(-1.15, 1.15))
    best = Marks(["best"], _swing_marks, waits=True)
    limit = Marks(["limit"], lambda beta: [2 + 2 * beta], waits=True)
    return movable(
        figure,
        ax,
        knobs=[
            Knob("beta", "momentum β", 0.0, 0.96, 0.01, 0.9, best),
            Knob("h", "rate × curvature h", 0.02, 3.9, 0.02, 0.2, limit),
        ],
        layers=[Layer(_swing_path, "path")],
        says=(_swing_says, _SWINGS),
        formula=(
            lambda h, beta: [1 + beta - h, beta],
            r"x_{k+1} = (1 + \beta - h)\,x_k - \beta\,x_{k-1}"
            r" = {1:2}\,x_k - {2:2}\,x_{k-1}",
        ),
        table=(_swing_table, ["k", "xₖ"]),
        targets={
            "smallest": Target(_has_the_smallest_factor, {"beta": 0.31}),
            "largest": Target(_is_the_largest, {"beta": 0.5, "h": 2.98}),
        },
    )
