"""Gradient descent in one dimension: its numbers, and its code against SciPy's."""

import math
from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np
import pytest
import sympy
from conftest import cells
from descent import (
    BEST_H,
    central_difference,
    claim_a_step_keeps_the_same_part_everywhere,
    claim_in_turn_outlives_the_limit,
    claim_no_other_step_notices,
    claim_on_convex_curves_every_start_leads_there,
    claim_small_rates_go_down,
    claim_the_best_h_is_near_the_cube_root,
    claim_the_difference_errs_in_two_ways,
    claim_the_formula_counts_the_steps,
    descend,
    difference_errors,
    exact,
    explog_sign_slip,
    fall,
    figure_loop,
    promised,
    slope_without_two,
    step,
    steps_of,
    steps_to_a_millionth,
    table_difference,
    table_first_steps,
    update_in_turn,
    update_together,
    worst_slope,
)
from shared.data import line_x, line_y
from shared.landscapes import curves, explog, quad1, tilted
from shared.line import line_grad, line_loss
from shared.path import first_within


def test_the_first_step_from_two_leads_to_one_point_six():
    assert step(quad1.grad, 2.0, rate=0.1) == 1.6


def test_ten_steps_leave_a_tenth_of_the_distance():
    path = descend(quad1.grad, start=2.0, rate=0.1, steps=10)
    assert len(path) == 11
    assert path[10] == pytest.approx(0.2147483648, rel=1e-14)
    assert quad1.f(path[10]) == pytest.approx(0.046116860184273904, rel=1e-14)


def test_each_step_of_the_path_is_what_exact_fractions_give():
    x = sympy.Symbol("x")
    slope = sympy.diff(x**2, x)
    point, exact_path = sympy.Integer(2), []
    for _ in range(11):
        exact_path.append(float(point))
        point = point - sympy.Rational(1, 10) * slope.subs(x, point)
    path = descend(quad1.grad, start=2.0, rate=0.1, steps=10)
    np.testing.assert_allclose(path, exact_path, rtol=1e-14)


@pytest.mark.parametrize("rate", [0.01, 0.25, 0.5, 0.75, 0.9, 1.0, 1.1])
def test_the_closed_form_is_the_path(rate):
    path = descend(quad1.grad, start=2.0, rate=rate, steps=20)
    formula = [exact(k, 2.0, rate) for k in range(21)]
    np.testing.assert_allclose(path, formula, rtol=1e-12, atol=1e-15)


def test_a_path_of_many_parameters_is_the_paths_of_each():
    def grad(theta):
        return 2 * theta * np.array([1.0, 3.0])

    both = descend(grad, np.array([2.0, -1.0]), rate=0.1, steps=7)
    assert both.shape == (8, 2)
    alone = descend(lambda y: 6 * y, -1.0, rate=0.1, steps=7)
    np.testing.assert_array_equal(both[:, 1], alone)


def test_the_start_is_not_changed():
    start = np.array([1.0, 2.0])
    descend(lambda theta: theta, start, steps=3)
    assert start.tolist() == [1.0, 2.0]


@pytest.mark.parametrize(
    ("rate", "steps"), [(0.01, 719), (0.1, 66), (0.25, 21), (0.75, 21), (0.9, 66)]
)
def test_steps_to_a_millionth(rate, steps):
    path = descend(quad1.grad, start=2.0, rate=rate, steps=800)
    assert first_within(path, point=0.0, tolerance=1e-6) == steps
    assert steps_to_a_millionth(rate=rate) == steps
    predicted = math.log(2e6) / -math.log(abs(1 - 2 * rate))
    assert steps == math.floor(predicted) + 1


def test_a_small_enough_step_goes_down_by_rate_times_slope_squared():
    for landscape in curves:
        x, rate = landscape.box[1] * 0.9, 1e-7
        slope = landscape.grad(x)
        drop = landscape.f(x) - landscape.f(x - rate * slope)
        assert drop == pytest.approx(rate * slope**2, rel=1e-3, abs=1e-14)


def test_small_rates_go_down_where_there_is_a_slope():
    assert claim_small_rates_go_down()
    for rate in 0.5 ** np.arange(20):  # at the corner of |x| none does: 0.3 is a
        assert abs(step(lambda x: 0.3, 0.0, rate)) > 0  # slope of a line below it


def test_a_step_on_the_parabola_keeps_the_same_part_of_the_promise_everywhere():
    x, rate = sympy.symbols("x eta")
    real, hoped = x**2 - (x - rate * 2 * x) ** 2, rate * (2 * x) ** 2
    assert sympy.simplify(real / hoped) == 1 - rate
    for at, eta in (2.0, 0.1), (-1.5, 0.5), (0.3, 1.1):
        values = {x: at, rate: eta}
        assert fall(at, eta) == pytest.approx(float(real.subs(values)))
        assert promised(at, eta) == pytest.approx(float(hoped.subs(values)))
    assert claim_a_step_keeps_the_same_part_everywhere()


def test_on_convex_curves_every_start_leads_to_the_minimum_if_the_rate_suits_it():
    """Another rate, or another curve, and it need not."""
    assert claim_on_convex_curves_every_start_leads_there()
    assert abs(descend(quad1.grad, 2.0, rate=1.1, steps=50)[-1]) > 1000
    end = descend(tilted.grad, 1.5, rate=0.03, steps=200)[-1]
    assert end == pytest.approx(tilted.minima[1])


def test_the_formula_counts_the_steps_of_other_runs_too():
    assert claim_the_formula_counts_the_steps()
    for start, rate in (1.7, 0.31), (33.0, 0.77):
        x, k = start, 0
        while abs(x) >= 1e-6:
            x, k = x - rate * 2 * x, k + 1
        least = math.log(start * 1e6) / -math.log(abs(1 - 2 * rate))
        assert (
            k == math.floor(least) + 1 == steps_to_a_millionth(start=start, rate=rate)
        )


@pytest.mark.parametrize("lit", [1, 2, 3, 4, 5])
def test_the_loop_lights_the_step_in_question(lit):
    figure = figure_loop(lit)
    first = [text for text in figure.axes[0].texts if text.get_text()[:1].isdigit()]
    edges = [box.get_edgecolor() for box in figure.axes[0].patches]
    plt.close(figure)
    bold = [text.get_text()[0] for text in first if text.get_weight() == "bold"]
    assert len(first) == 5
    assert bold == [str(lit)]
    assert [edges.count(edge) == 1 for edge in edges].index(True) == lit - 1


def test_explog_ends_at_the_omega_constant():
    omega = float(sympy.LambertW(1).evalf(20))
    assert omega == explog.minima[0]
    path = descend(explog.grad, start=1.6, rate=0.1, steps=60)
    assert path[-1] == pytest.approx(omega, abs=1e-10)
    assert first_within(path, omega, 5e-5) == 17


def test_the_central_difference_errs_as_its_two_formulas_say():
    errors = difference_errors([1e-1, 6e-6, 1e-12])
    assert errors[0] == pytest.approx(math.e / 6 * 1e-2, rel=1e-3)
    assert errors[0] == pytest.approx(4.5e-3, rel=0.02)
    assert errors[1] < 2e-11
    assert 1e-6 < errors[2] < 1e-3
    assert claim_the_difference_errs_in_two_ways()


def test_the_best_h_is_near_the_cube_root_of_the_rounding_error():
    steps = np.logspace(-9, -2, 141)
    coarse = [max(difference_errors(steps[i : i + 9])) for i in range(0, 132, 9)]
    best = steps[int(np.argmin(coarse)) * 9 + 4]
    assert 1e-6 < best < 3e-5
    assert np.cbrt(np.finfo(float).eps) == pytest.approx(6e-6, rel=0.02)


def test_the_best_h_of_other_functions_is_near_it_too():
    assert claim_the_best_h_is_near_the_cube_root()
    assert np.cbrt(np.finfo(float).eps) == pytest.approx(BEST_H, rel=0.02)
    h, x = np.logspace(-10, -1, 181), np.linspace(0.5, 2, 41)[:, np.newaxis]
    for f, grad in (np.log, lambda x: 1 / x), (np.tanh, lambda x: 1 / np.cosh(x) ** 2):
        errors = (f(x + h) - f(x - h)) / (2 * h) - grad(x)
        assert 1 / 5 < h[np.mean(errors**2, axis=0).argmin()] / BEST_H < 5


def test_the_slip_of_the_sign_is_twice_the_slope_of_the_logarithm_off():
    for x in 0.5, 1.0, 2.0:
        assert explog_sign_slip(x) - explog.grad(x) == pytest.approx(2 / x)


def test_the_slip_in_the_slope_halves_the_step():
    for x in 2.0, 3.0:
        moved, right = (x - step(g, x, 0.1) for g in (slope_without_two, quad1.grad))
        assert moved == pytest.approx(right / 2)


def test_wrong_slopes_are_found_and_right_ones_pass():
    assert claim_no_other_step_notices()
    points = [0.3, 1.0, 2.0]
    assert worst_slope(explog.f, explog.grad, points) < 1e-9
    assert worst_slope(quad1.f, lambda x: x, points) == pytest.approx(0.5, abs=1e-6)
    assert worst_slope(quad1.f, lambda x: -2 * x, points) > 1
    assert central_difference(quad1.f, 3.0) == pytest.approx(6.0, rel=1e-9)


def test_the_line_loss_has_these_slopes():
    w, b = sympy.symbols("w b")
    loss = sum(
        (sympy.nsimplify(y) - w * sympy.nsimplify(x) - b) ** 2
        for x, y in zip(line_x, line_y, strict=True)
    ) / len(line_x)
    for at in [(0, 0), (1.7, 0.8), (-1.0, 2.5)]:
        values = {w: at[0], b: at[1]}
        assert line_loss(at) == pytest.approx(float(loss.subs(values)), rel=1e-14)
        slopes = [float(sympy.diff(loss, v).subs(values)) for v in (w, b)]
        np.testing.assert_allclose(line_grad(at), slopes, rtol=1e-13)


def test_updating_in_turn_is_another_method():
    together = update_together(0.0, 0.0, rate=0.1)
    assert together == pytest.approx((1.7, 0.8), rel=1e-14)
    assert line_loss(together) == pytest.approx(0.535, rel=1e-12)
    assert update_in_turn(0.0, 0.0, rate=0.1) == pytest.approx((1.7, 0.29), rel=1e-13)


def test_updating_in_turn_converges_where_its_two_halves_together_shrink():
    """Its matrix on the line: the limit is 9/14, far above 4/(9 + √61)."""

    def size(eta):
        first = np.array([[1 - 7 * eta, -3 * eta], [0, 1]])
        second = np.array([[1, 0], [-3 * eta, 1 - 2 * eta]])
        return np.abs(np.linalg.eigvals(second @ first)).max()

    assert all(size(eta) < 1 for eta in np.linspace(0.01, 0.64, 100))
    assert size(9 / 14) == pytest.approx(1)
    assert size(0.65) > 1
    assert claim_in_turn_outlives_the_limit()
    assert steps_of(update_in_turn, 0.65) is None
    for eta, together, in_turn in (0.1, 179, 194), (0.23, 212, 70), (0.28, None, 52):
        assert steps_of(update_together, eta) == together
        assert steps_of(update_in_turn, eta) == in_turn


def test_coordinate_descent_lowers_any_bowl_below_two_over_its_diagonal():
    """So it outlives the limit 2/λ of gradient descent wherever H is not diagonal."""
    rng = np.random.default_rng(0)
    for _ in range(50):
        root = rng.normal(size=(3, 3))
        hess, theta = root @ root.T, rng.normal(size=3)
        eta = 1.99 / hess.diagonal().max()
        height = theta @ hess @ theta
        for i in [0, 1, 2] * 5:
            theta[i] -= eta * (hess @ theta)[i]
            assert theta @ hess @ theta <= height * (1 + 1e-12)
            height = theta @ hess @ theta
        assert eta > 1.99 / np.linalg.eigvalsh(hess)[-1]


def test_with_the_best_rate_of_each_parameter_it_is_gauss_seidel():
    hess, right = np.array([[7.0, 3.0], [3.0, 2.0]]), np.array([17.0, 8.0])
    theta = np.zeros(2)
    for i in 0, 1:
        theta[i] -= line_grad(theta)[i] / hess[i, i]
    lower = np.tril(hess)
    np.testing.assert_allclose(theta, np.linalg.solve(lower, right))


def test_first_within_says_none_when_it_never_is():
    assert first_within([3.0, 2.0], point=0.0, tolerance=1.0) is None


def test_other_starts_and_the_loss_need_these_steps_to_a_millionth():
    """Counted on 2 · 0.8ᵏ in exact fractions, and on its square."""
    millionth, factor = Fraction(1, 10**6), Fraction(4, 5)

    def steps(start, power=1):
        k = 0
        while (start * factor**k) ** power >= millionth:
            k += 1
        return k

    assert steps_to_a_millionth() == steps(2)
    assert steps_to_a_millionth(start=1.0) == steps(1)
    assert steps_to_a_millionth(of=quad1.f) == steps(2, power=2)
    assert steps_to_a_millionth(rate=1.0) is None


def test_the_table_of_the_first_steps_is_what_exact_fractions_give():
    for k, row in enumerate(cells(table_first_steps())):
        x = 2 * Fraction(4, 5) ** k
        expected = k, x, x**2, 2 * x, x * Fraction(4, 5)
        assert [float(cell) for cell in row] == pytest.approx(
            [float(number) for number in expected], abs=5.1e-5
        )


def test_the_table_of_differences_has_the_error_that_the_series_gives():
    """The central difference of eˣ at 1 is e sinh(h)/h, before any rounding."""
    large, good, small = cells(table_difference())
    h = float(large[0])
    assert float(large[1]) == pytest.approx(math.e * (math.sinh(h) / h - 1), rel=0.02)
    assert float(good[1]) < 2e-11
    assert float(small[1]) > 1000 * float(good[1])


def test_unasked_it_takes_ten_steps_from_two_at_rate_a_tenth():
    path = descend(quad1.grad, 2.0)
    np.testing.assert_allclose(path, [2 * 0.8**k for k in range(11)], rtol=1e-14)
    assert exact(3) == pytest.approx(2 * 0.8**3, rel=1e-14)
