"""Loss functions: their values, their slopes, and SciPy's word on them."""

import loss
import numpy as np
import pytest
import scipy.optimize
import scipy.special
import sympy
from conftest import cells
from descent import central_difference
from shared.data import line_x, line_y, outlier_y
from shared.line import line_hess


def test_the_line_data_cost_twenty_one_at_the_origin():
    assert loss.mse(line_y, 0 * line_x) == 21.0
    assert loss.half_mse(line_y, 0 * line_x) == 10.5
    assert loss.mse(line_y, line_x + 2) == 1.5
    assert loss.mse(line_y, 2 * line_x + 1) == 0.0


@pytest.mark.parametrize(
    ("factor", "slopes"), [(1, (-68, -32)), (1 / 4, (-17, -8)), (1 / 8, (-8.5, -4))]
)
def test_a_factor_scales_slopes_and_rates_but_moves_no_minimum(factor, slopes):
    def gradient(w, b):
        residuals = line_y - w * line_x - b
        return -2 * factor * np.array([residuals @ line_x, residuals.sum()])

    np.testing.assert_allclose(gradient(0, 0), slopes)
    np.testing.assert_allclose(gradient(2, 1), 0, atol=1e-12)
    hessian = 4 * factor * line_hess()
    step = np.linalg.solve(hessian, -gradient(0, 0))
    np.testing.assert_allclose(step, [2, 1], rtol=1e-12)
    exact = 4 / (9 + np.sqrt(61)) / (4 * factor)
    assert loss.largest_rate(hessian) == pytest.approx(exact, rel=1e-12)
    assert loss.line_limit(4 * factor) == pytest.approx(exact, rel=1e-12)


@pytest.mark.parametrize(("change", "converges"), [(0.999, True), (1.001, False)])
def test_the_largest_rate_is_where_descent_begins_to_diverge(change, converges):
    hessian = line_hess()
    rate = change * loss.largest_rate(hessian)
    error = np.array([1.0, 0.5])
    for _ in range(20000):
        error = error - rate * hessian @ error
    assert (np.linalg.norm(error) < 1e-6) == converges


def test_halving_the_loss_and_doubling_the_rate_is_the_same_path():
    def path(factor, rate):
        theta, points = np.zeros(2), []
        columns = np.stack([line_x, np.ones(4)])
        for _ in range(30):
            residuals = columns.T @ theta - line_y
            theta = theta - rate * 2 * factor * columns @ residuals
            points.append(theta)
        return np.array(points)

    np.testing.assert_allclose(path(1 / 4, 0.05), path(1 / 8, 0.1), rtol=1e-13)


def test_the_best_constants_are_mean_median_and_nearly_the_median():
    def best(of):
        return scipy.optimize.minimize_scalar(of, bounds=(0, 60), method="bounded").x

    squared = best(lambda c: loss.mse(outlier_y, c))
    absolute = best(lambda c: loss.mae(outlier_y, c))
    robust = best(lambda c: loss.huber(outlier_y - c).mean())
    assert squared == pytest.approx(outlier_y.mean(), abs=1e-4) == 22
    assert absolute == pytest.approx(loss.best_constant(loss.mae, outlier_y), abs=1e-4)
    assert robust == pytest.approx(loss.huber_constant(outlier_y), abs=1e-4)
    assert np.median(outlier_y) == loss.best_constant(loss.mae, outlier_y) == 3


@pytest.mark.parametrize(
    ("delta", "best"), [(0.5, 3), (1, 3), (2, 3), (10, 5), (20, 7.5), (40, 12.5)]
)
def test_hubers_constant_moves_with_delta(delta, best):
    """Four labels pull in proportion, or with force δ; the outlier with δ."""
    assert loss.huber_constant(outlier_y, delta) == pytest.approx(best, abs=1e-9)
    huber = lambda c: scipy.special.huber(delta, outlier_y - c).sum()
    found = scipy.optimize.minimize_scalar(huber, bounds=(0, 60), method="bounded")
    assert found.x == pytest.approx(best, abs=1e-4)


def test_a_large_delta_is_the_mean_and_a_small_one_the_median():
    assert loss.huber_constant(outlier_y, 100.0) == pytest.approx(22)
    assert loss.claim_delta_leads_from_median_to_mean()


def test_the_middle_between_the_ends_makes_the_largest_error_least():
    largest = lambda c: abs(outlier_y - c).max()
    found = scipy.optimize.minimize_scalar(largest, bounds=(0, 100), method="bounded")
    assert loss.midrange(outlier_y) == pytest.approx(found.x, abs=1e-4)


def test_the_best_constants_hold_their_ground_or_follow():
    assert loss.claim_mean_and_median_are_best()
    assert loss.claim_the_mean_follows_the_outlier()
    labels = np.array([1.0, 2, 3, 4, 7])  # too near to be cut off by delta
    assert loss.huber_constant(labels, 10.0) == pytest.approx(labels.mean())


def test_factors_of_the_loss_and_numbers_of_points_move_the_rate():
    assert loss.claim_half_the_loss_needs_double_the_rate()
    assert loss.claim_a_sum_needs_ever_smaller_rates()
    twice = np.tile(line_x, 2), np.tile(line_y, 2)
    slopes = lambda x, y, w: -2 * ((y - w * x) @ x)
    assert slopes(*twice, 0.5) == 2 * slopes(line_x, line_y, 0.5)


def test_far_out_the_square_alone_grows_steeper():
    assert loss.claim_pulls()
    for r in 2.0, 40.0:
        assert central_difference(lambda s: s**2 / 2, r) == pytest.approx(r, rel=1e-7)
        slope = central_difference(lambda s: float(loss.huber(s, 1.5)), r)
        assert slope == pytest.approx(1.5)


def test_a_corner_lets_no_run_with_a_constant_rate_come_to_rest():
    """Unless it meets the corner exactly, as from 3 with rate 0.5."""
    assert loss.claim_a_corner_keeps_steps_long()
    x = 3.0
    for _ in range(6):
        x -= 0.5 * np.sign(x)
    assert x == 0


def test_on_some_labels_hubers_constant_lies_outside_of_median_and_mean():
    """So it is not true that it always lies between them."""
    labels = np.array([0.60851, -0.19952, 2.16753, 0.59011, -0.1843])
    best = loss.huber_constant(labels, 0.5)
    assert best < min(np.median(labels), labels.mean()) - 0.2


def test_at_the_mean_the_outlier_pulls_as_hard_as_the_others_together():
    away = outlier_y - outlier_y.mean()
    assert away[-1] == 78
    assert away[:-1].sum() == -78


def test_huber_is_scipys_huber():
    r = np.linspace(-4, 4, 81)
    for delta in 0.5, 1.0, 2.0:
        np.testing.assert_allclose(
            loss.huber(r, delta), scipy.special.huber(delta, r), rtol=1e-14
        )


def test_sigmoid_and_its_logarithms_are_scipys():
    z = np.linspace(-30, 30, 121)
    np.testing.assert_allclose(loss.sigmoid(z), scipy.special.expit(z), rtol=1e-13)
    ours = loss.cross_entropy_score(1, z)
    np.testing.assert_allclose(ours, -scipy.special.log_expit(z), atol=1e-14)
    ours = loss.cross_entropy_score(0, z)
    np.testing.assert_allclose(ours, -scipy.special.log_expit(-z), atol=1e-14)


def test_sigmoid_at_three_scores():
    values = loss.sigmoid(np.array([-2, 0, 3.5])).round(6)
    assert values.tolist() == [0.119203, 0.5, 0.970688]


@pytest.mark.parametrize(
    ("p", "value"),
    [(0.9, 0.105361), (0.99, 0.010050), (0.1, 2.302585), (0.01, 4.60517)],
)
def test_cross_entropy_of_some_probabilities(p, value):
    assert loss.cross_entropy(1, p) == pytest.approx(value, abs=5e-7)
    assert loss.cross_entropy(0, 1 - p) == pytest.approx(value, abs=5e-7)


def test_the_two_forms_of_cross_entropy_agree_where_both_exist():
    z = np.linspace(-15, 15, 31)
    for y in 0, 1:
        direct = loss.cross_entropy(y, loss.sigmoid(z))
        np.testing.assert_allclose(loss.cross_entropy_score(y, z), direct, rtol=1e-8)


def test_slopes_along_the_score_are_right():
    for y in 0, 1:
        for z in np.linspace(-6, 6, 13):
            measured = central_difference(
                lambda s, y=y: loss.cross_entropy_score(y, s), z
            )
            assert loss.slope_cross_entropy(y, z) == pytest.approx(measured, abs=1e-9)
            squared = central_difference(lambda s, y=y: (y - loss.sigmoid(s)) ** 2, z)
            assert loss.slope_squared(y, z) == pytest.approx(squared, abs=1e-9)


def test_at_minus_five_cross_entropy_pulls_seventy_five_times_harder():
    assert loss.slope_cross_entropy(1, -5.0) == pytest.approx(-0.993307, abs=5e-7)
    assert loss.slope_squared(1, -5.0) == pytest.approx(-0.013207, abs=5e-7)
    ratio = loss.slope_cross_entropy(1, -5.0) / loss.slope_squared(1, -5.0)
    assert round(float(ratio)) == 75
    p = scipy.special.expit(-5.0)
    assert loss.pull_ratio(-5.0) == pytest.approx(1 / (2 * p * (1 - p)), rel=1e-12)


def test_the_squared_error_turns_at_one_third_and_cross_entropy_never():
    z = sympy.Symbol("z")
    p = 1 / (1 + sympy.exp(-z))
    second = sympy.lambdify(z, sympy.diff((1 - p) ** 2, z, 2))
    points = np.linspace(-6, 6, 25)
    np.testing.assert_allclose(
        loss._curvature_squared(points), second(points), atol=1e-12
    )
    assert loss._curvature_squared(-np.log(2)) == pytest.approx(0, abs=1e-15)
    assert loss._curvature_squared(-np.log(2) - 0.01) < 0
    assert loss._curvature_squared(-np.log(2) + 0.01) > 0
    entropy = sympy.diff(sympy.log(1 + sympy.exp(z)) - z, z, 2)
    assert sympy.simplify(entropy - p * (1 - p)) == 0


def test_what_is_said_of_the_slopes_along_the_score():
    assert loss.claim_slopes_along_the_score()
    assert loss.claim_the_slope_of_the_square_fades_for_the_sure()
    assert loss.claim_the_square_levels_off_where_it_is_wrong()
    assert loss.claim_the_square_turns_at_a_third()
    for z in 8.0, -8.0:  # sure and right, sure and wrong
        assert abs(loss.slope_squared(1, z)) < 1e-3
    assert abs(loss.slope_cross_entropy(1, 8.0)) < 1e-3
    assert abs(loss.slope_cross_entropy(1, -8.0)) > 0.999


def test_other_bases_and_odds():
    for p in 0.1, 0.5, 0.9:
        assert loss.cross_entropy_to_base(10, p) == pytest.approx(-np.log10(p))
        assert loss.cross_entropy_to_base(2, p) == pytest.approx(-np.log2(p))
    assert loss.odds(0.99) == pytest.approx(0.99 / 0.01)


def test_a_sure_model_breaks_the_plain_formula_and_not_the_safe_one():
    assert loss.sigmoid(37.0) == 1.0
    assert loss.sigmoid(36.0) < 1.0
    with np.errstate(divide="ignore"):
        assert np.isposinf(-np.log(1 - loss.sigmoid(40.0)))
    with np.errstate(divide="ignore", invalid="ignore"):
        assert np.isposinf(loss.cross_entropy(0, loss.sigmoid(40.0)))
        assert np.isnan(loss.cross_entropy(1, loss.sigmoid(40.0)))
    assert loss.cross_entropy_score(1, 40.0) == pytest.approx(0, abs=1e-15)
    assert loss.cross_entropy_score(0, 40.0) == 40.0
    assert np.isfinite(loss.cross_entropy_score(1, -800.0))


def test_the_table_of_factors_holds_measured_slopes_and_limits():
    sums = {r"$\sum r^2$": 1, r"$\frac1n \sum r^2$": 4, r"$\frac1{2n} \sum r^2$": 8}
    table = cells(loss.table_factors())
    assert [row[0] for row in table] == list(sums)
    for name, *numbers in table:
        along_w = lambda w, n=sums[name]: ((line_y - w * line_x) ** 2).sum() / n
        along_b = lambda b, n=sums[name]: ((line_y - b) ** 2).sum() / n
        dw, db, limit = (float(number) for number in numbers)
        assert dw == pytest.approx(central_difference(along_w, 0.0), rel=1e-8)
        assert db == pytest.approx(central_difference(along_b, 0.0), rel=1e-8)
        exact = sums[name] / (9 + np.sqrt(61))
        assert limit == pytest.approx(exact, abs=5e-5)


def test_the_tables_of_probabilities_are_scipys():
    for z, p in cells(loss.table_sigmoid()):
        expected = scipy.special.expit(float(z))
        assert float(p) == pytest.approx(expected, abs=5.1e-7)
    for p, cost in cells(loss.table_cross_entropy()):
        expected = -scipy.special.xlogy(1, float(p))
        assert float(cost) == pytest.approx(expected, abs=5.1e-7)
