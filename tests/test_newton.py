"""Newton's method on a curve: every number of the lesson, derived a second way."""

import math
from fractions import Fraction
from itertools import pairwise

import mpmath
import numpy as np
import pytest
import scipy
import sympy as sp
from conftest import cells
from descent import descend
from newton import (
    _bend_changes,
    _gain,
    _kinked,
    _parabola,
    added_step,
    agreeing_digits,
    claim_a_cube_or_less_remains,
    claim_a_parabola_that_opens_down_is_climbed,
    claim_a_wrong_slope_adds_digits,
    claim_both_end_at_the_last_digit,
    claim_both_pictures_agree,
    claim_division_needs_no_division,
    claim_more_bend_more_steps,
    claim_near_enough_is_enough,
    claim_newton_doubles_where_descent_adds,
    claim_one_fixed_rate_is_quadratic,
    claim_one_step_solves_any_parabola,
    claim_only_parabolas_take_one_step,
    claim_small_places_at_most_double,
    claim_the_factor_decides,
    claim_the_fitting_rate_gains_most,
    claim_the_ratio_settles,
    claim_the_step_tells_the_error,
    constant,
    correct_digits,
    digits_by_descent,
    errors_in_decimals,
    half_the_slope,
    measured_gain,
    newton,
    newton_step,
    order,
    quadratic_model,
    root_step,
    short_steps,
    square_ratios,
    step_on,
    steps_from,
    table_errors,
    table_orders,
    table_starts,
    typical_errors,
    undivided_step,
    wrong_factor,
    wrong_slope,
    xlogx_slope,
    xlogx_step,
)
from scipy import optimize, special
from shared.landscapes import (
    explog,
    lncosh,
    pow43,
    quad1,
    quartic,
    quintic,
    sqrt1p,
    well,
)
from shared.path import first, first_within

BEST = explog.minima[0]
ROOT = 1.1673039782614187


@pytest.mark.parametrize("start", [0.02, 0.05, 0.25, 1.6, 3.0, 5.0])
def test_every_step_is_that_of_scipy(start):
    path = newton(explog.grad, explog.hess, start, steps=8)
    for k in range(1, 9):
        theirs, _ = optimize.newton(
            explog.grad,
            start,
            explog.hess,
            tol=1e-300,
            maxiter=k,
            full_output=True,
            disp=False,
        )
        assert path[k] == pytest.approx(theirs, rel=1e-12)


def test_every_step_is_that_of_sympy_in_fifty_digits():
    x = sp.symbols("x")
    f = sp.exp(x) - sp.log(x)
    step = sp.lambdify(x, x - f.diff(x) / f.diff(x, 2), "mpmath")
    with mpmath.workdps(50):
        theirs = [mpmath.mpf("1.6")]
        for _ in range(6):
            theirs.append(step(theirs[-1]))
    ours = newton(explog.grad, explog.hess, 1.6, steps=6)
    assert ours == pytest.approx(np.array(theirs, dtype=float), rel=1e-14)


@pytest.mark.parametrize("landscape", [quad1, explog, well, sqrt1p], ids=repr)
@pytest.mark.parametrize("x", [0.3, 0.9, 1.7])
def test_both_pictures_give_the_same_point(landscape, x):
    model = quadratic_model(landscape.f, landscape.grad, landscape.hess, x)
    vertex = newton_step(landscape.grad, landscape.hess, x)
    sign = math.copysign(1, landscape.hess(x))
    for other in vertex - 0.1, vertex + 0.1:
        assert sign * model(other) > sign * model(vertex)
    tangent = landscape.grad(x) + landscape.hess(x) * (vertex - x)
    assert tangent == pytest.approx(0, abs=1e-12)


def test_the_model_has_height_slope_and_bend_of_the_curve():
    x = sp.symbols("x")
    model = quadratic_model(quartic.f, quartic.grad, quartic.hess, 1.0)
    series = sp.series(x**4, x, 1, 3).removeO()
    assert sp.expand(model(x) - series) == 0


def test_each_parabola_of_the_question_has_its_one_slip():
    at = 0.25
    slopes = {}
    for name in "model", "double", "down", "goal":
        parabola, h = _parabola(name), 2**-6
        assert parabola(at) == pytest.approx(explog.f(at), rel=1e-12)
        slopes[name] = (parabola(at + h) - parabola(at - h)) / (2 * h)
        bend = (parabola(at + h) - 2 * parabola(at) + parabola(at - h)) / h**2
        if name != "goal":
            factor = {"model": 1, "double": 2, "down": -1}[name]
            assert bend == pytest.approx(factor * explog.hess(at), rel=1e-9)
            assert slopes[name] == pytest.approx(explog.grad(at), rel=1e-9)
    goal = _parabola("goal")
    assert goal(BEST) == pytest.approx(explog.f(BEST), rel=1e-12)
    assert min(goal(BEST - 0.1), goal(BEST + 0.1)) > goal(BEST)
    assert slopes["goal"] != pytest.approx(explog.grad(at), rel=0.1)


def test_one_step_solves_any_parabola_that_opens_upwards():
    rng = np.random.default_rng(0)
    a, b, start = rng.uniform(0.1, 9, 50), rng.normal(size=50), rng.normal(size=50)
    end = newton_step(lambda x: 2 * a * x + b, lambda x: 2 * a, start)
    assert end == pytest.approx(-b / (2 * a), rel=1e-12, abs=1e-12)
    assert newton_step(quad1.grad, quad1.hess, 2.0) == step_on(quad1, 2.0) == 0
    assert descend(quad1.grad, 2.0, rate=0.5, steps=1)[1] == 0


def test_from_every_start_only_a_parabola_is_solved_in_one_step():
    """The slopes with f′ = f″ · (x − c) are straight lines through c."""
    x, c = sp.symbols("x c")
    slope = sp.Function("g")
    all_of_them = sp.dsolve(slope(x) - slope(x).diff(x) * (x - c), slope(x)).rhs
    assert sp.simplify(all_of_them.diff(x, 2)) == 0
    assert all_of_them.subs(x, c) == 0
    assert claim_only_parabolas_take_one_step()
    rng = np.random.default_rng(1)  # and in other words, on random quartics
    starts = np.linspace(-3, 3, 101)
    for a, b in rng.normal(size=(50, 2)):
        grad = lambda x, a=a, b=b: 2 * x + 3 * a * x**2 + 4 * b * x**3
        hess = lambda x, a=a, b=b: 2 + 6 * a * x + 12 * b * x**2
        slopes = grad(newton_step(grad, hess, starts))
        assert np.mean(abs(slopes) < 1e-9) < 0.1


def test_from_some_starts_one_step_is_enough_elsewhere():
    """On the wells 2x³ = ±(3x² − 1) leads to ±1."""
    x = sp.Symbol("x")
    lucky = sp.solve(2 * x**3 - (3 * x**2 - 1), x) + sp.solve(
        2 * x**3 + 3 * x**2 - 1, x
    )
    assert set(lucky) == {1, -1, sp.Rational(1, 2), -sp.Rational(1, 2)}
    assert step_on(well, 0.5) == -1
    assert step_on(well, -0.5) == 1
    assert well.hess(0.5) < 0


def test_the_path_from_the_right_and_its_five_steps():
    path = newton(explog.grad, explog.hess, 1.6, steps=4)
    known = [1.6, 0.7900617722, 0.5436324685, 0.5665913614, 0.5671430024]
    assert path == pytest.approx(known, abs=5e-11)
    assert pytest.approx(special.lambertw(1).real, rel=1e-15) == BEST
    assert explog.f(BEST) == pytest.approx(2.330366124761681, rel=1e-15)
    assert explog.hess(BEST) == pytest.approx(4.872177597931833, rel=1e-14)


def test_the_path_from_near_zero():
    path = newton(explog.grad, explog.hess, 0.05, steps=6)
    known = [0.0972476470, 0.1831766668, 0.3205196896, 0.4772976524]
    known += [0.5578497671, 0.5670598902]
    assert path[1:] == pytest.approx(known, abs=5e-11)


def test_steps_from_near_and_far_starts():
    starts = [1.6, 0.05, 0.03, 0.02, 0.01, 3, 5]
    assert [steps_from(start) for start in starts] == [5, 8, 9, 9, 10, 6, 8]


def test_steps_follow_the_change_of_the_second_derivative():
    starts = np.geomspace(0.01, 6, 80)
    steps = [steps_from(start) for start in starts]
    change = [_bend_changes(start) for start in starts]
    assert scipy.stats.spearmanr(change, steps).statistic > 0.97
    assert scipy.stats.spearmanr(abs(starts - BEST), steps).statistic < 0.8
    assert claim_more_bend_more_steps()


def test_a_farther_start_can_need_fewer_steps():
    assert abs(3 - BEST) > 4 * abs(0.01 - BEST)
    assert steps_from(3) < steps_from(0.01)


def test_the_table_of_starts_counts_what_scipy_needs():
    rows = cells(table_starts())
    assert [row[0] for row in rows] == ["0.01", "0.05", "1.6", "3", "5"]
    for start, distance, change, steps in rows:
        x = float(start)
        between = sorted([x, BEST])
        bend = lambda x: math.exp(x) + x**-2
        least = optimize.minimize_scalar(bend, bounds=between, method="bounded").fun
        largest = max(map(bend, between))  # f″ is convex
        assert float(change.replace(",", "")) == pytest.approx(
            largest / least, rel=6e-3
        )
        assert float(distance) == pytest.approx(abs(x - BEST), abs=0.005)
        for k, near in (int(steps) - 1, False), (int(steps), True):
            theirs, _ = optimize.newton(
                explog.grad,
                x,
                explog.hess,
                tol=1e-300,
                maxiter=k,
                full_output=True,
                disp=False,
            )
            assert (abs(theirs - BEST) < 1e-12) == near


def test_no_step_leaves_the_domain_or_more_than_doubles_x_and_all_starts_converge():
    starts = np.logspace(-6, 1, 400)
    path = newton(explog.grad, explog.hess, starts, steps=40)
    assert np.all(path > 0)
    assert np.all(path[1:] <= 2 * path[:-1])
    assert path[-1] == pytest.approx(np.full(400, BEST), rel=1e-14)


def test_descent_adds_about_the_same_number_of_digits_at_each_step():
    for rate, steps in (0.1, 20), (0.2, 9):
        digits = digits_by_descent(rate, steps)
        left = abs(descend(explog.grad, 1.6, rate, steps)[-1] - BEST)
        assert digits[-1] == pytest.approx(-math.log10(left), rel=1e-12)
        assert np.diff(digits)[-3:] == pytest.approx(np.full(3, _gain(rate)), rel=0.01)


def test_steps_of_gradient_descent_for_comparison():
    for rate, tight, loose in (
        (0.04, 131, 49),
        (0.1, 43, 17),
        (0.2, 9, 4),
        (0.3, 36, 13),
    ):
        path = descend(explog.grad, 1.6, rate, steps=300)
        assert first_within(path, BEST, 1e-12) == tight
        assert first_within(path, BEST, 5e-5) == loose


def test_both_methods_end_at_the_last_digits():
    ends = newton(explog.grad, explog.hess, 1.6, 20), descend(explog.grad, 1.6, 0.2, 60)
    for path in ends:
        assert abs(path[-1] - BEST) < 3e-16


def test_the_next_step_tells_the_present_error():
    path = newton(explog.grad, explog.hess, 1.6, steps=5)
    errors, steps = path[2:5] - BEST, np.diff(path)[2:]
    assert steps == pytest.approx(-errors, rel=0.03)


def test_the_table_of_errors_is_that_of_long_arithmetic():
    rows = cells(table_errors())
    exact = errors_in_decimals()
    for k, (number, x, error, step) in enumerate(rows):
        assert int(number) == k
        assert float(x) - BEST == pytest.approx(exact[k], abs=5.1e-11)
        assert float(error) == pytest.approx(exact[k], rel=0.05)
        assert float(step) == pytest.approx(exact[k + 1] - exact[k], rel=0.05)


def test_the_errors_in_long_arithmetic_are_those_of_mpmath():
    errors = errors_in_decimals()
    with mpmath.workdps(400):
        best, x = mpmath.lambertw(1), mpmath.mpf("1.6")
        for error in errors:
            assert error == pytest.approx(float(x - best), rel=1e-12)
            x -= (mpmath.exp(x) - 1 / x) / (mpmath.exp(x) + 1 / x**2)
    assert errors[:6] == pytest.approx(
        [1.03286, 0.222918, -0.0235108, -5.51929e-4, -2.88006e-7, -7.83168e-14],
        rel=1e-5,
    )


def test_the_digits_double():
    digits = correct_digits(errors_in_decimals())
    assert digits[4:] / digits[3:-1] == pytest.approx(np.full(5, 2), abs=0.01)


def test_the_constant_is_the_third_derivative_over_twice_the_second():
    x, w = sp.symbols("x"), sp.LambertW(1)
    f = sp.exp(x) - sp.log(x)
    exact = (f.diff(x, 3) / (2 * f.diff(x, 2))).subs(x, w).evalf(20)
    assert float(exact) == pytest.approx(-0.9441709626693413, rel=1e-14)
    assert constant(explog, BEST) == pytest.approx(float(exact), rel=1e-8)
    errors = np.array(errors_in_decimals())
    assert square_ratios(errors)[-1] == pytest.approx(-float(exact), rel=1e-12)
    assert errors[-1] / errors[-2] ** 2 == pytest.approx(float(exact), rel=1e-12)
    assert np.all(errors[2:] < 0)


def test_the_order_of_made_up_errors_is_found():
    for p in 1.5, 2, 3:
        errors = [0.5 * 0.1 ** (p**k) for k in range(5)]
        assert order(errors)[-1] == pytest.approx(p, rel=0.15)
    assert order(0.9 ** np.arange(6)) == pytest.approx(np.ones(4))
    assert order([0.1, 1e-2, 1e-4]) == pytest.approx([2])


def test_newton_has_order_two_on_explog():
    assert order(errors_in_decimals())[-1] == pytest.approx(2, abs=1e-9)


def test_the_measured_orders():
    """By algebra: the first derivative of the step that is not 0 at the minimum."""
    x = sp.Symbol("x", real=True)
    losses = {
        "$e^x - \\ln x$": (sp.exp(x) - sp.log(x), sp.LambertW(1)),
        "$\\sqrt{1 + x^2}$": (sp.sqrt(1 + x**2), sp.Integer(0)),
        "$x^4$": (x**4, sp.Integer(0)),
    }
    rows = cells(table_orders())
    kinked = rows.pop(2)
    assert kinked[:1] + kinked[2:3] == ["$x^2 + \\lvert x\\rvert^{5/2}$", "1.500"]
    assert [row[1] for row in rows[3:]] == ["rate 0.1", "rate 1/f″(x*)"]
    rates = 0.1, 1 / explog.hess(BEST)
    for k, (name, method, measured, _) in enumerate(rows):
        f, best = losses[name]
        rate = 1 / f.diff(x, 2) if method == "Newton" else rates[k - 3]
        step = sp.simplify(x - rate * f.diff(x))
        slopes = [abs(step.diff(x, n).subs(x, best).evalf()) for n in (1, 2, 3)]
        exact = 1 + first([slope > 1e-9 for slope in slopes])
        assert float(measured) == pytest.approx(exact, abs=0.005)


def test_without_a_third_derivative_the_order_is_three():
    assert newton(sqrt1p.grad, sqrt1p.hess, 0.5, 3) == pytest.approx(
        [0.5, -(0.5**3), 0.5**9, -(0.5**27)], rel=1e-6
    )
    assert order(newton(lncosh.grad, lncosh.hess, 0.5, 3))[-1] == pytest.approx(
        3, abs=0.02
    )


def test_where_the_third_derivative_is_zero_the_order_is_three_or_more():
    x = sp.Symbol("x")
    leading = {}
    for extra in x**4, x**4 + x**5, x**6, x**8:
        f = x**2 + extra
        step = sp.series(x - f.diff(x) / f.diff(x, 2), x, 0, 9).removeO()
        leading[extra] = sp.Poly(step, x).EM().exponents[0]
    assert list(leading.values()) == [3, 3, 5, 7]
    f = x**2 + x**6
    step = sp.series(x - f.diff(x) / f.diff(x, 2), x, 0, 7).removeO()
    assert step == 12 * x**5
    assert claim_a_cube_or_less_remains()


def test_without_a_third_derivative_the_order_can_be_three_halves():
    """Right of 0 the step leads from x to 5/8 · x^(3/2), and less."""
    t = sp.Symbol("t", positive=True)  # the root of x
    x = t**2
    step = x - (2 * x + sp.Rational(5, 2) * t**3) / (2 + sp.Rational(15, 4) * t)
    assert sp.series(step, t, 0, 4).removeO() == sp.Rational(5, 8) * t**3
    path = newton(_kinked.grad, _kinked.hess, 1.0, 8)
    assert order(path)[-1] == pytest.approx(1.5, abs=1e-3)
    h = 1e-6
    for at in -1.3, 0.4, 2.0:
        slope = (_kinked.f(at + h) - _kinked.f(at - h)) / (2 * h)
        bend = (_kinked.grad(at + h) - _kinked.grad(at - h)) / (2 * h)
        assert (_kinked.grad(at), _kinked.hess(at)) == pytest.approx((slope, bend))


def test_near_enough_is_enough_at_its_edge():
    """x² + x³ has C = 3·2/(2·(2 − 6r)) within r of 0; C·r = 1 at r = 2/9.

    Just inside, the run arrives from both sides. The other stationary point, to
    which runs are lost, is farther out: the condition is enough, and not needed.
    """
    grad, hess = lambda x: 2 * x + 3 * x**2, lambda x: 2 + 6 * x
    r = sp.Symbol("r")
    assert sp.solve(6 / (2 * (2 - 6 * r)) * r - 1, r) == [sp.Rational(2, 9)]
    for start in -0.2222, 0.2222:
        path = abs(newton(grad, hess, start, 9))
        assert np.all((path[1:] < path[:-1]) | (path[1:] < 1e-15))
        assert path[-1] < 1e-15
    assert newton(grad, hess, -0.34, 12)[-1] == pytest.approx(-2 / 3)
    assert claim_near_enough_is_enough()


def test_the_claims_of_the_page():
    assert claim_one_step_solves_any_parabola()
    assert claim_both_pictures_agree()
    assert claim_newton_doubles_where_descent_adds()
    assert claim_both_end_at_the_last_digit()
    assert claim_the_ratio_settles()
    assert claim_the_step_tells_the_error()
    assert claim_one_fixed_rate_is_quadratic()
    assert claim_the_fitting_rate_gains_most()
    assert claim_division_needs_no_division()
    assert claim_a_wrong_slope_adds_digits()
    assert claim_a_parabola_that_opens_down_is_climbed()
    assert claim_small_places_at_most_double()


def test_agreeing_digits_are_counted_by_hand():
    path = newton(explog.grad, explog.hess, 1.6, 5)
    assert agreeing_digits(path) == [0, 0, 1, 2, 6, 10]


def test_slips_are_what_their_names_say():
    assert undivided_step(quad1, 2.0) == 2 - 4
    assert added_step(quad1, 2.0) == 2 + 4 / 2
    assert xlogx_slope(0.5) == pytest.approx(1 - math.log(2))
    assert xlogx_step(0.5, slope=math.log) == pytest.approx(0.5 + math.log(2) / 2)
    assert xlogx_step(0.5, bend=np.positive) == pytest.approx(2 * math.log(2) - 1.5)
    assert short_steps([1.0, 0.5, 0.25, 0.2], shorter=0.3) == 2
    error, left = typical_errors()
    assert left == pytest.approx(-constant(explog, BEST) * error**2, rel=0.01)


def test_without_curvature_the_order_is_one():
    path = newton(quartic.grad, quartic.hess, 1.0, 40)
    assert path[1:] / path[:-1] == pytest.approx(np.full(40, 2 / 3), rel=1e-12)
    assert first_within(path, 0, 1e-6) == 35
    assert newton(pow43.grad, pow43.hess, 1.0, 3) == pytest.approx([1, -2, 4, -8])


def test_newton_is_gradient_descent_with_the_rate_one_over_the_curvature():
    for x in 0.1, 0.5, 2.0:
        with_rate = descend(explog.grad, x, rate=1 / explog.hess(x), steps=1)[1]
        step = newton_step(explog.grad, explog.hess, x)
        assert step == pytest.approx(with_rate, rel=1e-13)


def test_the_best_fixed_rate_makes_gradient_descent_quadratic_with_the_same_constant():
    path = descend(explog.grad, 1.6, rate=1 / explog.hess(BEST), steps=5)
    errors = path - BEST
    assert order(errors)[-1] == pytest.approx(2, abs=0.02)
    ratio = errors[4] / errors[3] ** 2
    assert ratio == pytest.approx(-constant(explog, BEST), rel=0.02)


def test_digits_per_step_are_those_of_the_formula():
    for rate, factor in (0.04, 0.8051), (0.1, 0.5128), (0.2, 0.0256), (0.3, 0.4617):
        assert 10 ** -_gain(rate) == pytest.approx(factor, abs=5e-5)
        assert measured_gain(rate) == pytest.approx(_gain(rate), abs=0.001)
    assert round(_gain(0.1), 2) == 0.29
    assert round(_gain(0.2), 2) == 1.59
    assert 1 / explog.hess(BEST) == pytest.approx(0.2052470338, abs=5e-11)
    assert _gain(2 / explog.hess(BEST)) == pytest.approx(0, abs=1e-15)


def test_square_root_of_two_in_fractions():
    g, slope = (lambda x: x * x - 2), (lambda x: 2 * x)
    path = newton(g, slope, Fraction(1), 3).tolist()
    assert path == [1, Fraction(3, 2), Fraction(17, 12), Fraction(577, 408)]
    for x, after in pairwise(path):
        assert after == (x + 2 / x) / 2
        assert g(after) == (g(x) / (2 * x)) ** 2
    assert newton_step(g, slope, 1.0) == newton_step(g, slope, 2.0) == 1.5
    assert root_step(1.0) == root_step(2.0) == 1.5


def test_reciprocal_without_division():
    path = newton(lambda x: 1 / x - 3, lambda x: -1 / x**2, 0.1, 8)
    products = [0.1]
    for _ in range(8):
        products.append(products[-1] * (2 - 3 * products[-1]))
    assert path == pytest.approx(products, rel=1e-13)
    assert path[1:3] == pytest.approx([0.17, 0.2533], rel=1e-12)
    assert 1 - 3 * path[1:4] == pytest.approx((1 - 3 * path[:3]) ** 2)


def test_x_ln_x_steps_to_minus_x_ln_x():
    grad, hess = (lambda x: math.log(x) + 1), (lambda x: 1 / x)
    for x in 0.1, 0.5, 0.9, 2.0:
        step = newton_step(grad, hess, x)
        assert step == pytest.approx(-x * math.log(x), rel=1e-12)
        assert xlogx_step(x) == pytest.approx(step, rel=1e-12)
    assert newton_step(grad, hess, 0.5) == pytest.approx(0.34657, abs=5e-6)
    assert newton_step(grad, hess, 2.0) < 0
    assert newton(grad, hess, 0.5, 6)[-1] == pytest.approx(1 / math.e, rel=1e-14)


def test_a_wrong_slope_finds_the_same_root_at_order_one():
    right = newton(quintic.f, quintic.grad, 1.0, 40)
    wrong = newton(quintic.f, wrong_slope, 1.0, 40)
    assert np.roots([1, 0, 0, 0, -1, -1]).real.max() == pytest.approx(ROOT)
    assert right[-1] == pytest.approx(ROOT, rel=1e-15)
    assert wrong[-1] == pytest.approx(ROOT, rel=1e-15)
    short = [1 + first(abs(np.diff(path)) < 1e-14) for path in (right, wrong)]
    assert short == [7, 25]
    factor = wrong_factor()
    assert factor == pytest.approx(1 - (5 * ROOT**4 - 1) / (4 * ROOT**4 - 1))
    assert factor == pytest.approx(-0.2889002160, abs=5e-11)
    errors = wrong[5:15] - ROOT
    assert errors[1:] / errors[:-1] == pytest.approx(np.full(9, factor), rel=2e-3)
    assert order(errors)[-1] == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("first_digit", [1.6, 2, 2.5, 2.7, 3, 3.5, 4.5, 6, 9, 20])
def test_a_wrong_slope_ends_at_the_root_only_if_the_factor_is_below_one(first_digit):
    slope = lambda x: first_digit * x**4 - 1
    factor = wrong_factor(slope)
    h = 1e-6  # the factor is the slope of the step
    there = newton_step(quintic.f, slope, np.array([ROOT - h, ROOT + h]))
    assert np.diff(there) / (2 * h) == pytest.approx(factor, abs=1e-6)
    starts = ROOT + np.array([-0.02, -1e-4, 1e-4, 0.02])
    ends = newton(quintic.f, slope, starts, 600)[-1]
    assert (abs(ends - ROOT) < 1e-9).tolist() == [abs(factor) < 1] * 4
    assert claim_the_factor_decides()


def test_half_the_slope_ends_in_a_cycle_of_two():
    assert half_the_slope(ROOT) == pytest.approx((5 * ROOT**4) / 2 - 1)
    path = newton(quintic.f, half_the_slope, 1.0, 400)
    assert path[-1] == pytest.approx(path[-3], rel=1e-12)
    assert min(path[-2:]) < ROOT - 0.1 < ROOT + 0.1 < max(path[-2:])
    assert wrong_factor(half_the_slope) == pytest.approx(-1.274598, abs=1e-6)


def test_from_the_hill_newton_finds_the_maximum_or_the_far_well():
    path = newton(well.grad, well.hess, 0.3, 6)
    assert path[-1] == 0
    assert well.hess(0.0) < 0
    assert newton_step(well.grad, well.hess, 0.3) == pytest.approx(-0.0739726027)
    assert newton_step(well.grad, well.hess, 0.5) == -1
    assert newton_step(well.grad, well.hess, 0.6) == pytest.approx(5.4)
    with pytest.raises(ZeroDivisionError):
        newton_step(lambda x: 1.0, lambda x: 0.0, 0.0)


def test_unasked_newton_takes_ten_steps():
    """On x⁴ each of them leaves two thirds."""
    path = newton(lambda x: 4 * x**3, lambda x: 12 * x * x, 1.0)
    np.testing.assert_allclose(path, [(2 / 3) ** k for k in range(11)], rtol=1e-12)


def test_the_errors_are_taken_from_the_point_two_steps_on():
    with mpmath.workdps(50):
        path = [mpmath.mpf("1.6")]
        for _ in range(3):
            x = path[-1]
            slope, bend = mpmath.exp(x) - 1 / x, mpmath.exp(x) + 1 / x**2
            path.append(x - slope / bend)
        expected = [float(x - path[3]) for x in path[:2]]
    assert errors_in_decimals(steps=1) == pytest.approx(expected, rel=1e-14)
