"""The learning rate: theory beside runs, and the searches against exact fractions."""

import math
from fractions import Fraction
from itertools import count

import numpy as np
import pytest
import rate
import sympy
from conftest import cells
from descent import descend
from loss import largest_rate
from rate import (
    _measured_factor,
    accepted_step,
    backtrack,
    bowl_search_steps,
    descend_searching,
    explog_search_steps,
    explog_steps,
    factor,
    polyak,
    predicted_steps,
    regime,
    steps_needed,
    sweep,
)
from shared.data import line_x, line_y
from shared.landscapes import explog, quad1, quartic, rosenbrock, sqrt1p, tilted
from shared.line import line_grad, line_hess, line_loss
from shared.path import first_within
from shared.plane import quadratic, quadratic_grad

BEST = explog.minima[0]
BOWL = np.diag([5.0, 1.0])


CLAIMS = [name for name in vars(rate) if name.startswith("claim_")]


@pytest.mark.parametrize("name", CLAIMS)
def test_the_claims_of_the_page_hold(name):
    assert getattr(rate, name)() is True


def behaviour(path):
    """What a run does, told from its points alone."""
    size = np.abs(path)
    if size[-1] > size[0]:
        return "diverges"
    if (size == size[0]).all():
        return "oscillates for ever"
    if size[1] == 0:
        return "lands in one step"
    return "approaches" if (path > 0).all() else "overshoots, converges"


@pytest.mark.parametrize("eta", [0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0, 1.1])
def test_the_regime_is_what_the_run_does(eta):
    assert regime(eta, curvature=2) == behaviour(descend(quad1.grad, 2.0, eta, 30))


@pytest.mark.parametrize(
    ("eta", "first", "tenth"),
    [
        (0.01, 1.96, 1.634145613775),
        (0.25, 1.0, 0.001953125),
        (0.5, 0.0, 0.0),
        (0.75, -1.0, 0.001953125),
        (0.9, -1.6, 0.2147483648),
        (1.0, -2.0, 2.0),
        (1.1, -2.4, 12.3834728448),
    ],
)
def test_the_first_and_the_tenth_point_on_the_parabola(eta, first, tenth):
    path = descend(quad1.grad, 2.0, eta, 10)
    assert path[1] == pytest.approx(first, rel=1e-14)
    assert path[10] == pytest.approx(tenth, rel=1e-9)


@pytest.mark.parametrize(
    ("eta", "steps"),
    [(0.01, 719), (0.1, 66), (0.25, 21), (0.75, 21), (0.9, 66), (0.99, 719)],
)
def test_the_steps_to_a_millionth_are_predicted(eta, steps):
    path = descend(quad1.grad, 2.0, eta, 800)
    assert first_within(path, 0.0, 1e-6) == steps
    assert steps_needed(factor(eta, 2), distance=2, tolerance=1e-6) == steps
    assert predicted_steps(eta) == steps


def test_ten_times_smaller_is_ten_times_slower():
    needed = [steps_needed(factor(eta, 2), 2, 1e-6) for eta in (1e-2, 1e-3, 1e-4)]
    assert needed == [719, 7248, 72537]
    for eta, steps in zip((1e-2, 1e-3, 1e-4), needed, strict=True):
        assert 2 * math.exp(steps * math.log1p(-2 * eta)) < 1e-6
        assert 2 * math.exp((steps - 1) * math.log1p(-2 * eta)) >= 1e-6


def test_one_step_multiplies_the_distance_by_the_factor():
    x, best, eta, curvature = sympy.symbols("x best eta lambda")
    f = curvature * (x - best) ** 2 / 2
    after = x - eta * sympy.diff(f, x) - best
    assert sympy.simplify(after / (x - best) - (1 - eta * curvature)) == 0
    assert factor(eta, curvature) == 1 - eta * curvature


def test_the_factor_off_a_parabola_is_a_curvature_on_the_way():
    for x in np.linspace(0.1, 3, 30):
        for eta in 0.05, 0.2, 0.4:
            after = (x - eta * explog.grad(x) - BEST) / (x - BEST)
            between = explog.hess(np.linspace(min(x, BEST), max(x, BEST), 400))
            slack = 1e-6 * between.max()
            assert between.min() - slack <= (1 - after) / eta <= between.max() + slack


def test_curvature_best_and_limit_of_explog():
    w = sympy.LambertW(1).evalf(30)
    curvature = 1 / w + 1 / w**2  # since e^w = 1/w
    assert explog.hess(BEST) == pytest.approx(float(curvature), rel=1e-14)
    assert float(curvature) == pytest.approx(4.872177597931833, rel=1e-14)
    assert float(1 / curvature) == pytest.approx(0.2052470338, rel=1e-9)
    assert float(2 / curvature) == pytest.approx(0.4104940675, rel=1e-9)


@pytest.mark.parametrize(
    ("eta", "steps", "to_slope", "size"),
    [
        (0.04, 49, 64, 0.8051),
        (0.1, 17, 21, 0.5128),
        (0.2, 4, 5, 0.0256),
        (0.3, 13, 17, 0.4617),
    ],
)
def test_counts_and_factors_on_explog(eta, steps, to_slope, size):
    path = descend(explog.grad, 1.6, eta, 100)
    assert first_within(path, BEST, 5e-5) == explog_steps([eta])[0] == steps
    assert first_within(explog.grad(path), 0.0, 1e-5) == to_slope
    predicted = factor(eta, explog.hess(BEST))
    assert abs(predicted) == pytest.approx(size, abs=5e-5)
    assert _measured_factor(path, BEST) == pytest.approx(predicted, abs=5e-5)


def test_rate_three_tenths_overshoots_at_every_step():
    errors = descend(explog.grad, 1.6, 0.3, 20) - BEST
    assert (errors[1:] * errors[:-1] < 0).all()


@pytest.mark.parametrize(("change", "shrinks"), [(0.99, True), (1.01, False)])
def test_the_limit_decides_near_the_minimum(change, shrinks):
    eta = change * 2 / explog.hess(BEST)
    errors = np.abs(descend(explog.grad, BEST + 1e-6, eta, 40) - BEST)
    assert (errors[-1] < errors[0]) == shrinks


def test_from_afar_the_limit_comes_earlier():
    lost = rate.lost_from(rate.EXPLOG_RATES)
    assert lost == pytest.approx(0.33)
    gone = np.isnan(explog_steps(rate.EXPLOG_RATES))
    np.testing.assert_array_equal(gone, lost <= rate.EXPLOG_RATES)
    assert lost < 2 / explog.hess(BEST)


def test_leaving_the_domain():
    assert descend(explog.grad, 1.6, 0.5, 1)[1] == pytest.approx(-0.564, abs=5e-4)
    path = descend(explog.grad, 0.02, 0.1, 2)
    np.testing.assert_allclose(path[1:], [4.91798, -8.73430], atol=5e-6)


def test_outside_it_slides_left_for_ever_and_looks_converged():
    path = descend(explog.grad, 1.6, 0.5, 10_000)
    assert (np.diff(path) < 0).all()
    k = np.array([100, 1000, 10_000])
    np.testing.assert_allclose(path[k], -np.sqrt(2 * 0.5 * k), rtol=0.03)
    assert path[-1] == pytest.approx(-100, abs=0.05)
    assert 0 < explog.grad(path[-1]) < 0.01
    with np.errstate(invalid="ignore"):
        assert math.isnan(explog.f(path[-1]))


def test_on_the_quartic_the_start_decides():
    for x in 0.5, 2.0, 2.2:
        assert descend(quartic.grad, x, 0.1, 1)[1] == pytest.approx(x - 0.4 * x**3)
    assert abs(descend(quartic.grad, 2.2, 0.1, 1000)[-1]) < 0.05
    cycle = descend(quartic.grad, 5**0.5, 0.1, 5)
    np.testing.assert_allclose(cycle, [5**0.5, -(5**0.5)] * 3, rtol=1e-12)
    assert abs(descend(quartic.grad, 2.3, 0.1, 5)[-1]) > 1e10
    assert 2 / quartic.hess(2.0) < 0.1


def test_a_fixed_rate_slows_down_on_the_quartic():
    path = descend(quartic.grad, 2.0, 0.1, 10_000)
    assert abs(path[-1]) == pytest.approx(0.01117556, rel=1e-5)
    assert abs(path[-1]) == pytest.approx(1 / math.sqrt(0.8 * 10_000), rel=2e-3)


@pytest.mark.parametrize("start", [-3.0, 0.7, 2.5])
@pytest.mark.parametrize("eta", [0.1, 1.0, 1.9])
def test_below_two_over_the_largest_curvature_every_step_comes_nearer(start, eta):
    """On √(1 + x²) the curvature is largest at 0, where it is 1."""
    size = np.abs(descend(sqrt1p.grad, start, eta, 200))
    moving = size[:-1] > 1e-12
    assert (size[1:][moving] < size[:-1][moving]).all()
    assert size[-1] < 1e-6


def test_just_above_two_over_the_largest_curvature_a_run_may_fail():
    """On a parabola, where every curvature is the largest."""
    size = np.abs(descend(lambda x: 7 * x, 1.0, 2.001 / 7, 1000))
    assert (np.diff(size) > 0).all()


def test_the_curvature_has_to_be_known_on_both_sides_of_the_minimum():
    """From 1.6 the curvatures up to the minimum allow 0.35, and the run is lost.

    The mirror image of the start lies where e^x - ln x does not exist.
    """
    most = explog.hess(np.linspace(BEST, 1.6, 1001)).max()
    assert 2 * BEST - 1.6 < 0
    assert 2 / most > 0.35
    assert (descend(explog.grad, 1.6, 0.35, 20) <= 0).any()


def test_the_curvature_has_to_be_positive_all_the_way():
    """From beyond the hill a safe rate leads down into the other valley."""
    good, poor = tilted.minima
    most = tilted.hess(np.linspace(2 * poor + 0.5, -0.5, 1001)).max()
    end = descend(tilted.grad, -0.5, 0.5 / most, 2000)[-1]
    assert end == pytest.approx(good, abs=1e-6)


@np.errstate(over="ignore", invalid="ignore")  # of runs that leave the domain
def test_what_is_said_of_explog_is_true_for_every_state_of_the_knobs():
    for eta in np.append(0.01, np.arange(3, 61, 3) / 100):
        for start in np.append(0.05, np.arange(4, 57, 4) / 20):
            which, number, *_ = rate._explog_says(float(eta), float(start))
            path = descend(explog.grad, start, eta, 400)
            errors = path - BEST
            near = (np.abs(errors[:-1]) < 1e-3) & (np.abs(errors[:-1]) > 1e-9)
            crosses = (errors[1:] * errors[:-1] < 0)[near]
            if which == "leaves":
                assert path[number] <= 0 < path[:number].min()
            elif which == "far":
                assert (np.abs(errors) >= 5e-5).all()
            else:
                assert number == first_within(path, BEST, 5e-5)
                assert crosses.all() if which == "overshoots" else not crosses.any()


def test_a_rate_carries_the_scale_of_the_loss():
    thousand = lambda x: 1000 * quad1.grad(x)
    np.testing.assert_allclose(
        descend(thousand, 2.0, 0.1 / 1000, 20), descend(quad1.grad, 2.0, 0.1, 20)
    )
    assert abs(descend(thousand, 2.0, 1.01 * 2 / 2000, 500)[-1]) > 2


def test_backtracking_from_two_on_the_parabola():
    assert backtrack(quad1.f, quad1.grad, 2.0, -4.0) == (0.5, 2)
    assert backtrack(quad1.f, quad1.grad, 2.0, -4.0, c=0.6) == (0.25, 3)
    assert accepted_step(c=1e-4) == 0.5
    assert accepted_step(c=0.6) == 0.25


@pytest.mark.parametrize("c", [1e-4, 0.1, 0.3, 0.6, 0.9])
@pytest.mark.parametrize("curvature", [0.3, 1.7, 12.0, 900.0])
def test_on_a_parabola_a_step_is_accepted_up_to_a_formula(c, curvature):
    f, grad = (lambda x: curvature * x * x / 2), (lambda x: curvature * x)
    expected = next(j for j in count() if 0.5**j <= 2 * (1 - c) / curvature)
    assert backtrack(f, grad, 1.5, -grad(1.5), c=c) == (0.5**expected, expected + 1)


def test_backtracking_finds_the_first_step_of_its_grid_that_falls_enough():
    rng = np.random.default_rng(0)
    for x in rng.uniform(-2, 2, (40, 2)):
        slope = rosenbrock.grad(x)
        direction = -slope * rng.uniform(0.2, 2, 2)
        t, trials = backtrack(rosenbrock.f, rosenbrock.grad, x, direction, shrink=0.3)
        tried = [1.0]
        while len(tried) < trials:
            tried.append(0.3 * tried[-1])
        promised = 1e-4 * np.sum(slope * direction)
        falls = [
            rosenbrock.f(x + s * direction) - rosenbrock.f(x) <= s * promised
            for s in tried
        ]
        assert tried[-1] == t
        assert falls == [False] * (trials - 1) + [True]


def test_every_searched_step_is_what_exact_fractions_give():
    """(5x² + y²)/2 from (2, 2), with the condition checked in fractions."""
    curvatures, x = (Fraction(5), Fraction(1)), (Fraction(2), Fraction(2))
    height = lambda z: sum(h * e * e for h, e in zip(curvatures, z, strict=True)) / 2
    exact = [x]
    for _ in range(12):
        g = [h * e for h, e in zip(curvatures, x, strict=True)]
        t = Fraction(1)
        while True:
            trial = tuple(e - t * s for e, s in zip(x, g, strict=True))
            if height(trial) <= height(x) - t * sum(s * s for s in g) / 10:
                break
            t /= 2
        x = trial
        exact.append(x)
    path = descend_searching(
        quadratic(BOWL), quadratic_grad(BOWL), np.array([2.0, 2.0]), 12, c=0.1
    )
    np.testing.assert_allclose(path, np.array(exact, dtype=float), rtol=1e-12)


def test_a_search_that_cannot_end_is_refused():
    with pytest.raises(ValueError, match="lead down"):
        backtrack(quad1.f, quad1.grad, 2.0, 1.0)
    with pytest.raises(ValueError, match="lead down"):
        backtrack(explog.f, explog.grad, -1.0, -1.0)
    with pytest.raises(ValueError, match="lead down"):
        backtrack(quad1.f, quad1.grad, math.inf, -1.0)


def test_at_the_minimum_the_search_stays():
    assert backtrack(quad1.f, quad1.grad, 0.0, -0.0) == (1.0, 1)
    at = np.array([1.0, 1.0])
    assert backtrack(rosenbrock.f, rosenbrock.grad, at, 0 * at) == (1.0, 1)


def test_the_search_does_not_leave_the_domain():
    slope = explog.grad(0.02)
    assert backtrack(explog.f, explog.grad, 0.02, -slope) == (2**-5, 6)
    for start, steps in (0.02, 7), (0.05, 6), (1.6, 6), (3.0, 6), (5.0, 7):
        path = descend_searching(explog.f, explog.grad, start, 20)
        assert (path > 0).all()
        assert first_within(path, BEST, 5e-5) == steps
        assert explog_search_steps(start) == steps
        assert (np.diff(explog.f(path)) <= 0).all()


def searched(c, curvatures, tolerance=1e-6):
    """The steps of searching runs on (λx² + y²)/2 from (2, 2), for many λ at once."""
    hess = np.stack([curvatures, np.ones_like(curvatures)])
    theta, counts = np.full(hess.shape, 2.0), np.full(len(curvatures), -1)
    for k in range(2000):
        slopes = hess * theta
        squared = (slopes**2).sum(axis=0)
        counts[(squared < tolerance**2) & (counts < 0)] = k
        if (counts >= 0).all():
            return counts
        t = np.ones(len(curvatures))
        height = (hess * theta**2).sum(axis=0) / 2
        for _ in range(12):
            there = (hess * (theta - t * slopes) ** 2).sum(axis=0) / 2
            t = np.where(there > height - c * t * squared, t / 2, t)
        theta = theta - t * slopes
    raise AssertionError("a run did not arrive")


def test_a_tiny_fraction_c_lets_steps_pass_that_only_just_do_not_diverge():
    """On 150 bowls; and what the page's function counts is the same."""
    curvatures = np.geomspace(1.1, 150, 150)
    tiny, usual, three, half = (searched(c, curvatures) for c in (1e-8, 1e-4, 0.3, 0.5))
    assert np.abs(tiny / usual - 1).max() < 0.02
    assert (three / usual).max() < 1.3
    assert (three / usual).min() < 0.02
    assert np.median(three / usual) < 0.95
    assert (half / usual).max() > 4  # one half may be too much
    for c in 1e-4, 0.3, 0.9:
        counts = searched(c, np.array(rate.SHOWN_BOWLS))
        assert [bowl_search_steps(c, h) for h in rate.SHOWN_BOWLS] == counts.tolist()
    slow = descend_searching(
        quadratic(np.diag([1.9, 1.0])),
        quadratic_grad(np.diag([1.9, 1.0])),
        [2.0, 2.0],
        30,
    )
    np.testing.assert_allclose(slow[10:, 0] / slow[9:-1, 0], -0.9)


def test_on_one_lucky_bowl_the_fraction_c_hardly_matters():
    assert [bowl_search_steps(c) for c in (1e-5, 1e-4)] == [33, 33]
    assert [bowl_search_steps(c) for c in (0.1, 0.3, 0.5)] == [32, 32, 32]
    assert bowl_search_steps(0.9) == 120
    start = np.array([2.0, 2.0])
    paths = [
        descend_searching(quadratic(BOWL), quadratic_grad(BOWL), start, 40, c=c)
        for c in (1e-5, 1e-4)
    ]
    np.testing.assert_array_equal(*paths)


def test_the_gradient_of_the_stretched_bowl():
    x, y = sympy.symbols("x y")
    f = (5 * x**2 + y**2) / 2
    at = {x: 0.5, y: -3.0}
    theta = np.array([0.5, -3.0])
    assert quadratic(BOWL)(theta) == pytest.approx(float(f.subs(at)))
    expected = [float(sympy.diff(f, v).subs(at)) for v in (x, y)]
    np.testing.assert_allclose(quadratic_grad(BOWL)(theta), expected)


def test_polyak_halves_on_the_parabola():
    path = polyak(quad1.f, quad1.grad, 2.0, lowest=0.0, steps=20)
    np.testing.assert_array_equal(path, 2.0 ** (1 - np.arange(21.0)))


def test_polyak_halves_near_a_minimum_of_any_curvature():
    path = polyak(explog.f, explog.grad, 1.6, lowest=explog.f(BEST), steps=12)
    ratios = (path[1:] - BEST) / (path[:-1] - BEST)
    assert ratios[-1] == pytest.approx(0.5, abs=2e-3)
    assert (path > BEST).all()


def test_polyak_takes_three_quarters_on_the_quartic():
    path = polyak(quartic.f, quartic.grad, 2.0, lowest=0.0, steps=100)
    np.testing.assert_allclose(path, 2 * 0.75 ** np.arange(101), rtol=1e-12)
    assert abs(descend(quartic.grad, 2.0, 0.1, 100)[-1]) > 0.1


def test_polyak_fits_the_line_and_comes_nearer_at_each_step():
    path = polyak(line_loss, line_grad, np.zeros(2), lowest=0.0, steps=200)
    distance = np.linalg.norm(path - [2.0, 1.0], axis=1)
    assert (np.diff(distance) <= 1e-15).all()
    assert distance[-1] < 1e-4


def test_polyak_stays_at_the_minimum():
    assert polyak(quad1.f, quad1.grad, 0.0, lowest=0.0, steps=2).tolist() == [0, 0, 0]


def test_the_sweep_gives_the_loss_of_independent_runs():
    design = np.column_stack([line_x, np.ones(4)])
    rates = [0.001, 0.03, 0.2]
    for eta, loss in zip(
        rates, sweep(line_loss, line_grad, [0.0, 0.0], rates, 50), strict=True
    ):
        step = np.eye(2) - eta * design.T @ design / 2
        theta = [2, 1] + np.linalg.matrix_power(step, 50) @ [-2, -1]
        expected = np.mean((line_y - design @ theta) ** 2)
        assert loss == pytest.approx(expected, rel=1e-9)


def test_the_best_of_the_sweep_stands_before_the_cliff():
    limit = largest_rate(line_hess())
    assert limit == pytest.approx(4 / (9 + math.sqrt(61)), rel=1e-12)
    assert limit == pytest.approx(0.2379500648, rel=1e-9)
    best = int(np.argmin(rate.SWEPT))
    assert pytest.approx(rate.SWEEP_RATES[best]) == rate.SWEEP_BEST
    assert rate.SWEEP_RATES[best] < limit < rate.SWEEP_RATES[best + 2]
    assert (np.diff(rate.SWEPT[: best + 1]) < 0).all()
    assert rate.SWEPT[-1] > 1e20


def test_a_sweep_survives_rates_that_overflow_or_leave_the_domain():
    lost = sweep(explog.f, explog.grad, 1.6, [0.5], 5)
    assert math.isnan(lost[0])
    assert sweep(quartic.f, quartic.grad, 3.0, [1.0], 3)[0] > 1e10


def test_the_table_of_regimes_says_what_the_closed_form_gives():
    for row in cells(rate.table_regimes()):
        eta, q, first, tenth = (float(row[i]) for i in (0, 1, 3, 4))
        exact = 1 - 2 * Fraction(row[0])
        assert q == pytest.approx(float(exact), abs=5.1e-3)
        assert first == pytest.approx(float(2 * exact), rel=5.1e-4)
        assert tenth == pytest.approx(float(2 * exact**10), abs=5.1e-6)
        assert row[2] == behaviour(descend(quad1.grad, 2.0, eta, 30))
        size, k = 2.0, 0
        while size >= 1e-6 and k < 1000:
            size, k = size * abs(1 - 2 * eta), k + 1
        assert row[5] == (str(k) if size < 1e-6 else "never")


def test_the_table_of_explog_predicts_what_it_measures():
    w = sympy.LambertW(1).evalf(30)
    for row in cells(rate.table_explog()):
        eta, predicted, measured, steps = (float(c) for c in row)
        assert predicted == pytest.approx(float(1 - eta * (1 / w + 1 / w**2)), abs=5e-5)
        assert measured == pytest.approx(predicted, abs=1.01e-4)
        x, k = 1.6, 0
        while abs(x - float(w)) >= 5e-5:
            x, k = x - eta * (math.exp(x) - 1 / x), k + 1
        assert steps == k


def test_the_table_of_starts_multiplies_by_one_minus_four_tenths_x_squared():
    starts = {"2": 2.0, r"$\sqrt 5$": math.sqrt(5), "2.3": 2.3}
    table = cells(rate.table_starts())
    assert [row[0] for row in table] == list(starts)
    for name, *places in table:
        x = starts[name]
        for place in places:
            x *= 1 - 0.4 * x**2
            assert float(place) == pytest.approx(x, rel=6e-4)


def test_the_table_of_fractions_is_what_a_run_of_its_own_gives():
    """On (λx² + y²)/2 each step is halved until it is accepted."""
    for c, *told in cells(rate.table_fractions()):
        for h, steps in zip(rate.SHOWN_BOWLS, told, strict=True):
            x, y, k = 2.0, 2.0, 0
            height = lambda x, y, h=h: (h * x * x + y * y) / 2
            while math.hypot(h * x, y) >= 1e-6:
                t, squared = 1.0, h * h * x * x + y * y
                promised = float(c) * squared
                while height(x - h * t * x, y - t * y) > height(x, y) - t * promised:
                    t /= 2
                x, y, k = x - h * t * x, y - t * y, k + 1
            assert int(steps) == k


def test_the_largest_accepted_step_is_where_the_condition_turns():
    for c in 1e-4, 0.1, 0.5, 0.9:
        for curvature in 0.5, 1.9, 30.0:
            f = lambda x, h=curvature: h * x * x / 2
            grad = lambda x, h=curvature: h * x
            most = rate.largest_accepted(c, curvature)
            for t, trials in (0.999 * most, 1), (1.001 * most, 2):
                assert backtrack(f, grad, 1.5, -grad(1.5), t, c=c)[1] == trials


def test_best_rate_and_limit_do_what_they_say():
    for curvature in 0.3, 2.0, 10.0:
        grad = lambda x, h=curvature: h * x
        assert descend(grad, 2.0, rate.best_rate(curvature), 1)[1] == 0
        below, above = (
            abs(descend(grad, 2.0, change * rate.limit(curvature), 300)[-1])
            for change in (0.99, 1.01)
        )
        assert below < 2 < above


def test_the_fewest_steps_on_explog_lie_right_of_the_best_rate():
    best = rate.explog_best_rates()
    assert 1 / explog.hess(BEST) < min(best) <= max(best) < 0.23
    for eta in best:
        assert first_within(descend(explog.grad, 1.6, eta, 9), BEST, 5e-5) == 3
    assert explog_steps([1 / explog.hess(BEST)])[0] == 4


def test_the_loss_against_the_rate_is_convex_on_every_bowl():
    """So it falls, has one lowest point and rises: each part is a power of 1 - ηλ."""
    eta, curvature = sympy.symbols("eta lambda", positive=True)
    bend = sympy.diff((1 - eta * curvature) ** 100, eta, 2)
    assert sympy.simplify(bend - 9900 * curvature**2 * (1 - eta * curvature) ** 98) == 0


def test_the_table_of_the_sweep_is_the_power_of_a_matrix():
    design = np.column_stack([line_x, np.ones(4)])
    for eta, loss in cells(rate.table_sweep()):
        step = np.eye(2) - float(eta) * design.T @ design / 2
        theta = [2, 1] + np.linalg.matrix_power(step, 50) @ [-2, -1]
        expected = np.mean((line_y - design @ theta) ** 2)
        assert float(loss) == pytest.approx(expected, rel=0.06)


@pytest.mark.parametrize(("share", "enough"), [(1.5e-4, True), (7e-5, False)])
def test_a_ten_thousandth_of_the_promised_fall_is_enough(share, enough):
    f, promises_one = lambda x: -share * x, lambda x: -1.0
    _, trials = backtrack(f, promises_one, 0.0, 1.0)
    assert (trials == 1) == enough


def test_a_direction_that_rises_a_little_is_an_error():
    with pytest.raises(ValueError, match="does not lead down"):
        backtrack(lambda x: x / 2, lambda x: 0.5, 0.0, 1.0)


def test_unasked_ten_steps_are_taken():
    """On x² Polyak's step is half of the way; on x⁴ a search tries 1, ½, ¼, …"""
    path = polyak(quad1.f, quad1.grad, 2.0, 0.0)
    np.testing.assert_allclose(path, [2 * 0.5**k for k in range(11)], rtol=1e-14)
    f, slope, x, expected = lambda x: x**4, lambda x: 4 * x**3, 2.0, [2.0]
    for _ in range(10):
        g = slope(x)
        t = next(
            t
            for t in (0.5**k for k in count())
            if f(x - t * g) <= f(x) - 1e-4 * t * g * g
        )
        x -= t * g
        expected.append(x)
    np.testing.assert_allclose(descend_searching(f, slope, 2.0), expected, rtol=1e-12)
