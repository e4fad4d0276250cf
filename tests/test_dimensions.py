"""Gradient descent in many dimensions: the theory, and the runs it predicts."""

import math

import dimensions
import numpy as np
import pytest
from conftest import cells
from descent import descend, update_in_turn
from dimensions import (
    _line_best,
    _prices,
    _random_starts,
    _regression_grad,
    along_eigenvectors,
    course_steps,
    curvatures_met,
    diagonal_descent,
    house_losses,
    line_factors,
    line_parts,
    line_steps,
    measured_steps,
    predicted_steps,
    regression_hessian,
    report,
    standardise,
    steepest_by_trial,
    table_features,
    table_kappa,
    table_starts,
    table_turned,
    table_window,
    window_path,
    worst_steps,
    zigzags,
)
from scipy.integrate import quad
from scipy.optimize import check_grad, lsq_linear, minimize_scalar
from shared.data import houses
from shared.inputs import centre, design
from shared.landscapes import bowl, course, ravine
from shared.line import line_grad, line_hess, line_loss
from shared.path import first_within
from shared.plane import angle, quadratic_grad, rotation, turned, valley

CLAIMS = [name for name in vars(dimensions) if name.startswith("claim_")]
RNG = np.random.default_rng(0)


def random_hessian(d, rng):
    factor = rng.normal(size=(d, d))
    return factor @ factor.T + 0.5 * np.eye(d)


@pytest.mark.parametrize("name", CLAIMS)
def test_the_claims_of_the_page_hold(name):
    assert getattr(dimensions, name)() is True


def test_the_gradient_of_the_line_agrees_with_differences():
    for theta in RNG.normal(size=(5, 2)):
        assert check_grad(line_loss, line_grad, theta) < 1e-5


def test_first_step_on_the_line():
    path = descend(line_grad, np.zeros(2), 0.1, 1)
    assert line_grad([0, 0]).tolist() == [-17, -8]
    assert path[1] == pytest.approx([1.7, 0.8], abs=1e-15)
    assert line_loss([0, 0]) == 21
    assert line_loss([1.7, 0.8]) == pytest.approx(0.535, rel=1e-12)
    assert update_in_turn(0, 0, 0.1)[1] == pytest.approx(0.29, rel=1e-12)


def test_no_direction_of_360_drops_more_than_minus_the_gradient():
    for landscape in (bowl, ravine, course):
        for theta in RNG.normal(size=(5, 2)):
            gx, gy = landscape.grad(theta)
            down = math.degrees(math.atan2(-gy, -gx))
            trial = steepest_by_trial(landscape.f, theta, length=1e-6)
            assert abs((trial - down + 180) % 360 - 180) <= 0.51


def test_along_the_level_line_the_loss_stays():
    theta = np.array([5.0, 1.0])
    gx, gy = ravine.grad(theta)
    along = 1e-6 * np.array([-gy, gx]) / math.hypot(gx, gy)
    assert abs(ravine.f(theta + along) - ravine.f(theta)) < 1e-10


def test_the_gradient_misses_the_minimum_by_52_degrees():
    theta = np.array([5.0, 1.0])
    assert angle(ravine.grad(theta), theta) == pytest.approx(52.1250163489, abs=1e-9)
    # tan(a - b) of the two slopes 2 and 1/5
    by_slopes = math.degrees(math.atan((2 - 0.2) / (1 + 2 * 0.2)))
    assert angle(ravine.grad(theta), theta) == pytest.approx(by_slopes, rel=1e-12)
    assert angle(bowl.grad(theta), theta) == pytest.approx(0, abs=1e-5)


def test_on_an_eigenvector_it_points_at_the_minimum():
    for start in ([3.0, 0.0], [0.0, -2.0]):
        assert angle(ravine.grad(start), np.array(start)) == 0


def test_the_ravine_path_has_its_closed_form():
    path = descend(ravine.grad, np.array([10.0, 1.0]), 1 / 11, 30)
    k = np.arange(31)
    exact = np.stack([10 * (9 / 11) ** k, (-9 / 11) ** k], axis=1)
    np.testing.assert_allclose(path, exact, rtol=1e-12)


def test_the_best_rate_at_each_ravine_step_is_one_eleventh():
    path = descend(ravine.grad, np.array([10.0, 1.0]), 1 / 11, 20)
    for theta in path:
        g = ravine.grad(theta)
        exact = (g @ g) / (g @ ravine.hess(theta) @ g)
        assert exact == pytest.approx(1 / 11, rel=1e-12)
        along = lambda rate, at=theta, way=g: ravine.f(at - rate * way) / ravine.f(at)
        found = minimize_scalar(along, bounds=(0, 1), method="bounded").x
        assert found == pytest.approx(1 / 11, rel=1e-3)


@pytest.mark.parametrize("d", [2, 3, 7])
def test_descent_is_one_problem_for_each_eigenvector(d):
    rng = np.random.default_rng(d)
    hess, start = random_hessian(d, rng), rng.normal(size=d)
    for rate in (0.3, 1.0, 1.9):
        rate /= np.linalg.eigvalsh(hess)[-1]
        path = descend(quadratic_grad(hess), start, rate, 30)
        formula = along_eigenvectors(hess, start, rate, 30)
        np.testing.assert_allclose(path, formula, atol=1e-12)
        power = np.linalg.matrix_power(np.eye(d) - rate * hess, 30) @ start
        np.testing.assert_allclose(path[-1], power, atol=1e-12)


@pytest.mark.parametrize("d", [2, 3, 7])
def test_the_limit_of_the_rate_is_sharp(d):
    hess = random_hessian(d, np.random.default_rng(d))
    start = np.linalg.eigh(hess)[1][:, -1]
    size = lambda rate: np.linalg.norm(
        descend(quadratic_grad(hess), start, rate, 100)[-1]
    )
    assert size(0.999 * report(hess).limit) < 1 < size(1.001 * report(hess).limit)


@pytest.mark.parametrize("d", [2, 3, 7])
def test_no_rate_has_a_better_worst_factor_than_the_best(d):
    hess = random_hessian(d, np.random.default_rng(d))
    curvatures = np.linalg.eigvalsh(hess)
    rates = np.linspace(0, report(hess).limit, 2001)
    worst = np.abs(1 - np.outer(rates, curvatures)).max(axis=1)
    assert report(hess).factor <= worst.min() + 1e-12
    assert rates[worst.argmin()] == pytest.approx(report(hess).best, abs=rates[1])
    kappa = np.linalg.cond(hess)
    assert report(hess).condition == pytest.approx(kappa)
    assert report(hess).factor == pytest.approx((kappa - 1) / (kappa + 1))


@pytest.mark.parametrize(("kappa", "steps"), [(10, 69), (100, 691), (1000, 6908)])
def test_predicted_steps_are_the_counted_steps(kappa, steps):
    assert predicted_steps(kappa) == steps
    for start in ([2, 1], [1, 5], [-3, 0.1]):
        assert measured_steps(valley(kappa), start) == steps


def test_many_dimensions_need_at_most_the_predicted_steps():
    hess = random_hessian(6, np.random.default_rng(1))
    for start in RNG.normal(size=(5, 6)):
        assert measured_steps(hess, start) <= predicted_steps(report(hess).condition)


def test_steps_grow_in_proportion_to_the_condition_number():
    assert predicted_steps(10_000) == 69_078
    assert predicted_steps(10_000) / 10_000 == pytest.approx(
        math.log(1e6) / 2, rel=1e-4
    )


def test_the_round_bowl_takes_one_step_from_anywhere():
    for start in RNG.normal(size=(10, 2)):
        path = descend(quadratic_grad(valley(1)), start, report(valley(1)).best, 1)
        assert np.abs(path[1]).max() < 1e-12


def test_zigzag_exactly_inside_the_window():
    for kappa in (4, 100, 250):
        hess = valley(kappa)
        for share in (0.5, 0.99, 1.01, 1.5, 1.99):
            rate = share / kappa
            path = descend(quadratic_grad(hess), np.array([2.5, 0.3]), rate, 25)
            assert zigzags(path, [0, 1]) == (share > 1)
            assert abs(path[-1][1]) < 0.3
        past = descend(quadratic_grad(hess), np.array([2.5, 0.3]), 2.01 / kappa, 25)
        assert abs(past[-1][1]) > 0.3


def test_at_the_lower_end_the_steep_part_is_gone_in_one_step():
    path = window_path(0.01)
    assert (path[1:, 1] == 0).all()
    assert path[:, 0] == pytest.approx(2.5 * 0.99 ** np.arange(26), rel=1e-12)
    assert window_path(0.019)[:, 1] == pytest.approx(0.3 * (-0.9) ** np.arange(26))


def test_the_best_rate_lies_in_the_window():
    for kappa in (1.001, 2, 50, 1e5):
        told = report(valley(kappa))
        assert told.limit / 2 < told.best < told.limit


def test_the_zigzag_comes_farther_than_the_smooth_paths():
    ends = [window_path(rate)[-1][0] for rate in dimensions._window_rates]
    assert ends == sorted(ends, reverse=True)


def test_the_descent_lemma_holds_on_the_course():
    for theta in RNG.uniform(-4, 4, size=(50, 2)):
        g = course.grad(theta)
        for rate in (1e-3, 3e-3):
            ways = theta[:, None] - rate * np.outer(g, np.linspace(0, 1, 50))
            bends = np.moveaxis(course.hess(ways), -1, 0)
            worst = np.linalg.eigvalsh(bends).max()
            gain = rate * (1 - rate * worst / 2) * (g @ g)
            assert course.f(theta - rate * g) <= course.f(theta) - gain + 1e-12


def test_on_a_quadratic_the_lemma_is_exact_along_the_steepest_axis():
    theta, g = np.array([0.0, 1.0]), np.array([0.0, 20.0])
    assert ravine.f(theta - g / 20) == ravine.f(theta) - g @ g / 40


def test_rates_beyond_the_promise_may_arrive_or_explode():
    steepest = np.linalg.eigvalsh(course.hess([4, 4]))[-1]
    assert steepest == pytest.approx(198.565, abs=1e-3)
    assert 2 / steepest < 0.02
    assert [course_steps(rate) for rate in (0.02, 0.025, 0.03)] == [168, 138, None]


def test_a_step_falls_where_the_mean_curvature_along_it_is_below_the_limit():
    """The mean is SciPy's integral of second derivatives, from random points."""
    rng = np.random.default_rng(2)
    seen = set()
    for theta in rng.uniform(-4, 4, size=(40, 2)):
        g = course.grad(theta)
        for rate in (0.01, 0.02, 0.03, 0.05, 0.08):
            along = lambda t, at=theta, g=g, rate=rate: (
                2 * (1 - t) * (g @ course.hess(at - t * rate * g) @ g) / (g @ g)
            )
            falls = course.f(theta - rate * g) < course.f(theta)
            assert falls == (quad(along, 0, 1)[0] < 2 / rate)
            seen.add(falls)
    assert seen == {True, False}


def test_the_curvatures_met_by_three_rates():
    """The first two arrive: all steps meet less than 2/η. The third climbs."""
    met = {rate: curvatures_met(rate, 4) for rate in (0.02, 0.025, 0.03)}
    told = [met[0.02][0], met[0.025][0], *met[0.03][:2]]
    assert told == pytest.approx([79.1, 69.2, 65.5, 91.7], abs=0.05)
    for rate in 0.02, 0.025:
        assert max(met[rate]) < 2 / rate
    assert met[0.03][0] < 2 / 0.03 < min(met[0.03][1:])
    path = descend(course.grad, np.array([4.0, 4.0]), 0.03, 1)
    bends = [np.linalg.eigvalsh(course.hess(theta))[-1] for theta in path]
    assert bends[1] > bends[0]


def test_the_bowl_of_the_line():
    root = math.sqrt(61)
    assert line_hess().tolist() == [[7, 3], [3, 2]]
    exact = [(9 - root) / 2, (9 + root) / 2]
    assert np.linalg.eigvalsh(line_hess()) == pytest.approx(exact, rel=1e-12)
    told = report(line_hess())
    assert told.limit == pytest.approx(4 / (9 + root), rel=1e-12)
    assert told.limit == pytest.approx(0.2379500648, abs=1e-10)
    assert told.best == pytest.approx(2 / 9, rel=1e-12)
    assert told.condition == pytest.approx(14.1292247, abs=1e-7)
    rates = (0.05, 0.1, 0.2, 2 / 9, 0.25)
    assert [line_steps(rate) for rate in rates] == [360, 178, 86, 103, None]


def test_the_best_rate_is_the_best_for_the_worst_start_only():
    """From 0 a rate below it wins, from a start on the flat axis one above it."""
    assert worst_steps(2 / 9) == predicted_steps(report(line_hess()).condition) == 98
    assert worst_steps(0.2) == 110
    assert min(line_steps(rate) for rate in (0.2, 0.21, 0.216)) < line_steps(2 / 9)
    values, axes = np.linalg.eigh(line_hess())
    flat = tuple(_line_best + axes[:, 0])
    assert line_steps(0.23, flat) < line_steps(2 / 9, flat)
    exact = np.abs(axes.T @ [2.0, 1.0])
    assert line_parts() == pytest.approx(exact, rel=1e-12)
    assert line_parts()[1] > 30 * line_parts()[0]
    assert line_factors(0.2) == pytest.approx(
        [1 - 0.2 * values[0], 0.2 * values[1] - 1], rel=1e-12
    )
    for rate in np.linspace(0.15, 0.228, 18):
        slow = max(line_factors(rate))
        exact = math.log(1e-6) / math.log(slow)
        assert worst_steps(rate) == pytest.approx(exact, abs=1)


def test_the_hessian_is_the_change_of_the_gradient():
    inputs = houses(20)
    grad = _regression_grad(inputs, _prices(inputs))
    theta, step = np.array([1.0, 2.0, 3.0]), np.array([0.5, -1.0, 2.0])
    change = grad(theta + step) - grad(theta)
    np.testing.assert_allclose(regression_hessian(inputs) @ step, change, rtol=1e-10)


def test_every_start_rolls_into_the_one_minimum():
    for start in _random_starts(20):
        path = descend(line_grad, start, 0.2, 200)
        assert path[-1] == pytest.approx(_line_best, abs=1e-9)


@pytest.mark.parametrize("degrees", [15, 30, 45, 77])
def test_gradient_descent_turns_with_the_problem(degrees):
    hess, start, turn = valley(100), np.array([2.0, 1.0]), rotation(degrees)
    path = descend(quadratic_grad(hess), start, 0.019, 100)
    other = descend(quadratic_grad(turned(hess, degrees)), turn @ start, 0.019, 100)
    np.testing.assert_allclose(other, path @ turn.T, atol=1e-12)
    assert measured_steps(turned(hess, degrees), turn @ start) == 691


def test_one_rate_an_axis_feels_the_angle():
    counts = []
    for degrees in (0, 15, 30, 45):
        start = rotation(degrees) @ [2, 1]
        path = diagonal_descent(turned(valley(100), degrees), start, 800)
        counts.append(first_within(path, 0, 1e-6 * math.sqrt(5)))
    assert counts == sorted(counts)
    assert counts[0] == 1
    assert counts[-1] == 691


def test_at_45_degrees_diagonal_scaling_gains_nothing():
    hess = turned(valley(100), 45)
    assert np.diag(hess) == pytest.approx([50.5, 50.5])
    assert np.linalg.cond(hess / 50.5) == pytest.approx(100)
    # κ = 5: the factor is 2/3, and from (10, 10) it takes 30 and 41 steps.
    path = diagonal_descent(turned(valley(5), 45), np.array([10.0, 10.0]), 60)
    sizes = np.linalg.norm(path, axis=1)
    assert sizes[1:] / sizes[:-1] == pytest.approx(2 / 3, rel=1e-9)
    assert [first_within(path, 0, tol) for tol in (1e-4, 1e-6)] == [30, 41]


def test_scaling_the_features_lowers_the_condition_number():
    conditions = [
        report(regression_hessian(columns)).condition
        for columns in (houses(), centre(houses()), standardise(houses()))
    ]
    assert conditions == pytest.approx([231790.37, 6184.49, 16.37546], rel=1e-5)
    assert [predicted_steps(c) for c in conditions] == [1_601_152, 42_721, 113]


def test_the_standardised_fit_takes_the_predicted_steps():
    inputs = standardise(houses())
    y = _prices(houses())
    hess = regression_hessian(inputs)
    _, axes = np.linalg.eigh(hess)
    best = np.linalg.lstsq(design(inputs), y, rcond=None)[0]
    start = best + axes[:, 0] + axes[:, -1]
    path = descend(_regression_grad(inputs, y), start, report(hess).best, 130)
    assert first_within(path, best, 1e-6 * math.sqrt(2)) == 113


def test_the_raw_fit_would_take_the_predicted_steps():
    hess = regression_hessian(houses())
    low, *_, high = np.linalg.eigvalsh(hess)
    factor = max(abs(1 - report(hess).best * np.array([low, high])))
    assert factor**1_601_152 < 1e-6 < factor**1_601_150


def test_raw_features_stall_after_one_step_and_scaled_ones_do_not():
    raw = house_losses(houses())
    scaled = house_losses(standardise(houses()))
    assert raw[0] == pytest.approx(scaled[0])
    assert raw[1] < raw[0] / 100
    assert raw[100] > 0.99 * raw[1]
    assert scaled[100] < 1e-5 * scaled[1]
    assert (np.diff(raw) <= 0).all()
    assert (np.diff(scaled) <= 0).all()


def test_scaling_changes_the_units_and_not_the_model():
    y = _prices(houses()) + np.random.default_rng(1).normal(0, 20, 100)
    fits = []
    for columns in (houses(), standardise(houses())):
        A = design(columns)
        fits.append(A @ lsq_linear(A, y).x)
    np.testing.assert_allclose(*fits, rtol=1e-9)


def test_the_choice_of_the_quiz_bounces_for_ever():
    path = descend(ravine.grad, np.array([10.0, 1.0]), 0.1, 50)
    assert path[:, 1].tolist() == [(-1.0) ** k for k in range(51)]


# The tables, by other means.


def counted_by_powers(matrix, start, tolerance=1e-6):
    """The first k with ‖Mᵏ start‖ below the tolerance, relative to the start."""
    state, k = np.array(start, float), 0
    while np.linalg.norm(state) >= tolerance * np.linalg.norm(start):
        state, k = matrix @ state, k + 1
    return k


def test_the_table_of_condition_numbers():
    for row, kappa in zip(cells(table_kappa()), (10, 100, 1000), strict=True):
        factor = (kappa - 1) / (kappa + 1)
        steps = counted_by_powers(np.diag([factor, -factor]), [2, 1])
        assert row == [str(kappa), f"{factor:.4f}", str(steps), str(steps)]


def test_the_table_of_rates_has_the_powers_of_the_factors():
    for rate, steep, said, x in cells(table_window()):
        assert float(steep) == pytest.approx(1 - 100 * float(rate))
        assert (said == "yes") == steep.startswith("-")
        assert float(x) == pytest.approx(2.5 * (1 - float(rate)) ** 25, abs=5e-4)


def test_the_table_of_starts_ends_where_least_squares_does():
    rows = cells(table_starts())
    assert len({start for start, _ in rows}) == 3
    assert {end for _, end in rows} == {"(2.000000, 1.000000)"}


def test_the_table_of_turned_bowls_counts_powers_of_the_iteration():
    for angle_told, plain, diagonal in cells(table_turned()):
        degrees = float(angle_told.rstrip("°"))
        hess, start = turned(valley(100), degrees), rotation(degrees) @ [2, 1]
        scaled = hess / np.diag(hess)[:, None]
        assert int(plain) == counted_by_powers(np.eye(2) - hess * 2 / 101, start)
        assert int(diagonal) == counted_by_powers(np.eye(2) - scaled, start)


def test_the_table_of_features_has_the_squared_condition_of_the_columns():
    inputs = houses()
    spread = inputs - inputs.mean(axis=0)
    told = cells(table_features())
    for row, columns in zip(
        told, (inputs, spread, spread / inputs.std(axis=0)), strict=True
    ):
        values = np.linalg.svd(np.column_stack([columns, np.ones(100)]))[1]
        condition = (values[0] / values[-1]) ** 2
        assert row[1] == f"{condition:,.1f}"
        # ln(1e6) / (ln(κ + 1) - ln(κ - 1)), by the series of the artanh
        steps = math.log(1e6) / (2 * math.atanh(1 / condition))
        assert int(row[2].replace(",", "")) == math.ceil(steps)


def test_the_steepest_way_is_looked_for_a_thousandth_away():
    """Of 1000 x² - x on a circle of radius r the lowest point has cos = 1 / 2000 r."""
    f = lambda p: 1000 * p[0] ** 2 - p[0]
    assert steepest_by_trial(f, np.zeros(2)) == 60


def test_every_degree_is_tried():
    for degrees in 0, 1, 180, 359:
        way = np.array(
            [math.cos(math.radians(degrees)), math.sin(math.radians(degrees))]
        )
        assert steepest_by_trial(lambda p, way=way: -way @ p, np.zeros(2)) == degrees


def test_an_angle_is_that_of_the_arctangents_up_to_half_a_turn():
    for degrees in 0, 30, 90, 135, 179, 180:
        turn = math.radians(degrees)
        u, v = np.array([3.0, 0.0]), [math.cos(turn), math.sin(turn)]
        assert angle(u, v) == pytest.approx(degrees, abs=1e-6)
    for k in range(1, 200):  # of some the cosine is rounded to less than -1
        u = np.array([k / 10, (k + 3) / 7])
        assert angle(u, -3.3 * u) == pytest.approx(180, abs=1e-5)
        assert angle(u, 3.3 * u) == pytest.approx(0, abs=1e-5)
