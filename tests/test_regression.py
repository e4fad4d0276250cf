"""The neuron that regresses: its numbers, and its code against SciPy and NumPy."""

import inspect

import numpy as np
import pytest
import sympy
from conftest import cells
from descent import descend
from dimensions import predicted_steps, report, standardise
from regression import (
    GUESS,
    LABEL,
    POINT,
    QUIZ_X,
    QUIZ_Y,
    STEEP,
    best_run,
    gradient,
    hessian,
    landing_rate,
    linear,
    loss,
    measured_gradient,
    newton_from_two,
    newton_step,
    posted_gradient,
    predicted_after,
    rises,
    squares,
    step_factor,
    stepped,
    table_scaling,
    table_starts,
    table_training,
    train,
    wanted_gradient,
)
from scipy.optimize import approx_fprime, lsq_linear, minimize
from shared.data import houses, line_x, line_y, plane_x, plane_y, steep_x, steep_y
from shared.inputs import centre, design
from shared.line import line_grad
from shared.path import first


def test_the_drawn_neuron_says_one_and_a_half():
    assert linear(GUESS, POINT).tolist() == [1.5]
    assert gradient(GUESS, POINT, LABEL).tolist() == [-7, -3.5, -3.5]
    better = GUESS - 0.1 * gradient(GUESS, POINT, LABEL)
    assert better == pytest.approx([1.7, -0.65, 0.85], rel=1e-15)
    assert linear(better, POINT) == pytest.approx([3.6])


def test_the_neuron_of_the_questions():
    assert linear(GUESS, QUIZ_X).tolist() == [-0.5]
    slopes = gradient(GUESS, QUIZ_X, QUIZ_Y)
    assert slopes.tolist() == [-9, -13.5, -4.5]
    after = GUESS - 0.1 * slopes
    assert after == pytest.approx([1.9, 0.35, 0.95])
    assert linear(after, QUIZ_X) == pytest.approx([5.8])
    assert stepped(slopes).tolist() == after.tolist()


def test_the_predictions_in_the_questions_follow_from_the_error():
    """A step with slopes s multiplies the error by 1 − 0.1 · 14 s, s = 1 if right."""
    slopes = gradient(GUESS, QUIZ_X, QUIZ_Y)
    predicted = lambda share: 4 - 4.5 * (1 - share)
    assert predicted_after(slopes) == pytest.approx(predicted(1.4))
    assert predicted_after(-slopes) == pytest.approx(predicted(-1.4))
    assert predicted_after(slopes * [1, 1, 0]) == pytest.approx(predicted(1.3))
    assert predicted_after(2 * slopes) == pytest.approx(predicted(2.8))


@pytest.mark.parametrize("rate", [0.01, 0.1, 0.3])
def test_a_step_on_one_example_multiplies_its_error_by_a_known_factor(rate):
    rng = np.random.default_rng(0)
    for _ in range(20):
        theta, x, y = rng.normal(size=4), rng.normal(size=(1, 3)), rng.normal(size=1)
        after = theta - rate * gradient(theta, x, y)
        factor = 1 - rate * (x[0] @ x[0] + 1)
        error = linear(theta, x) - y
        np.testing.assert_allclose(linear(after, x) - y, factor * error, atol=1e-13)
        assert step_factor([*x[0], 1], rate) == pytest.approx(factor, abs=1e-9)


def test_with_the_landing_rate_one_step_fits_the_example():
    for x in ([1.0, 2.0], [0.0, 0.0], [-3.0, 0.5]):
        X, y = np.array([x]), np.array([4.0])
        after = GUESS - landing_rate([*x, 1]) * gradient(GUESS, X, y)
        assert linear(after, X) == pytest.approx(y)


def test_the_chain_rule_by_computer_algebra_gives_the_same_slopes():
    w1, w2, b = parameters = sympy.symbols("w1 w2 b")
    total = 0
    for (x1, x2), y in zip(plane_x.tolist(), plane_y.tolist(), strict=True):
        total += (w1 * x1 + w2 * x2 + b - y) ** 2 / 10
    for theta in ([0, 0, 0], [1, -1, 0.5], [3, -2, 1], [-7, 2, 9]):
        at = dict(zip(parameters, theta, strict=True))
        slopes = [float(sympy.diff(total, p).subs(at)) for p in parameters]
        theta = np.array(theta, float)
        np.testing.assert_allclose(
            gradient(theta, plane_x, plane_y), slopes, atol=1e-13
        )
        assert loss(theta, plane_x, plane_y) == pytest.approx(float(total.subs(at)))
    exact = np.array(sympy.hessian(total, parameters), dtype=float)
    np.testing.assert_allclose(hessian(plane_x), exact, atol=1e-15)


def test_the_gradient_agrees_with_differences_ours_and_scipys():
    rng = np.random.default_rng(1)
    for theta in rng.normal(size=(5, 3)):
        slopes = gradient(theta, plane_x, plane_y)
        ours = measured_gradient(loss, theta, plane_x, plane_y)
        np.testing.assert_allclose(slopes, ours, atol=1e-8)
        theirs = approx_fprime(theta, loss, 1e-7, plane_x, plane_y)
        np.testing.assert_allclose(slopes, theirs, atol=1e-6)


def test_the_plane_starts_with_the_gradient_and_limit_of_the_lesson():
    assert gradient(np.zeros(3), plane_x, plane_y) == pytest.approx([-3.2, -1.2, -2.2])
    assert report(hessian(plane_x)).limit == pytest.approx(0.8610095605, abs=5e-11)


def test_training_finds_the_plane_from_any_start():
    rng = np.random.default_rng(0)
    for start in (np.zeros(3), *rng.normal(scale=50, size=(4, 3))):
        path, losses = train(loss, gradient, start, plane_x, plane_y, 0.5, 300)
        assert path.shape == (301, 3)
        assert losses.shape == (301,)
        np.testing.assert_allclose(path[-1], [3, -2, 1], atol=1e-6)
        assert np.all(np.diff(losses) <= 0)


def test_train_is_plain_gradient_descent_step_by_step():
    path, losses = train(loss, gradient, [0, 0, 0], plane_x, plane_y, 0.5, 50)
    slopes = lambda theta: gradient(theta, plane_x, plane_y)
    np.testing.assert_array_equal(path, descend(slopes, np.zeros(3), 0.5, 50))
    assert losses.tolist() == [loss(theta, plane_x, plane_y) for theta in path]


def test_train_is_the_closed_form_of_descent_on_a_quadratic():
    values, axes = np.linalg.eigh(hessian(plane_x))
    best = np.array([3.0, -2.0, 1.0])
    path, _ = train(loss, gradient, np.zeros(3), plane_x, plane_y, 0.5, 60)
    for k, theta in enumerate(path):
        formula = best + axes @ ((1 - 0.5 * values) ** k * (axes.T @ -best))
        np.testing.assert_allclose(theta, formula, atol=1e-12)


def test_half_the_loss_takes_twice_the_rate_of_the_line():
    """The first lessons use 1/n, this one 1/2n: rate 0.2 here is 0.1 there."""
    X, theta = line_x[:, None], np.zeros(2)
    path, _ = train(loss, gradient, theta, X, line_y, 0.2, 30)
    other = descend(line_grad, theta, 0.1, 30)
    np.testing.assert_allclose(path, other, rtol=1e-12, atol=1e-12)


def test_train_knows_no_neuron_and_leaves_its_start_alone():
    start = np.array([4.0])
    path, losses = train(
        lambda t, X, y: t[0] ** 2, lambda t, X, y: 2 * t, start, None, None, 0.25, 2
    )
    assert path.tolist() == [[4], [2], [1]]
    assert losses.tolist() == [16, 4, 1]
    assert start.tolist() == [4]
    assert "linear" not in inspect.getsource(train)


def test_train_without_steps_returns_the_start_and_its_loss():
    path, losses = train(loss, gradient, [0, 0, 0], plane_x, plane_y, steps=0)
    assert path.tolist() == [[0, 0, 0]]
    assert losses.tolist() == [loss(np.zeros(3), plane_x, plane_y)]


@pytest.mark.parametrize("rate", [0.85, 0.87])
def test_the_limit_of_the_rate_separates_runs_that_come_and_go(rate):
    _, losses = train(loss, gradient, np.zeros(3), plane_x, plane_y, rate, 2000)
    assert (losses[-1] < losses[0]) == (rate < report(hessian(plane_x)).limit)


def test_one_newton_step_is_least_squares_from_any_start():
    rng = np.random.default_rng(2)
    X, y = rng.normal(size=(20, 4)), rng.normal(size=20)
    best = lsq_linear(design(X), y).x
    for start in rng.normal(scale=100, size=(5, 5)):
        np.testing.assert_allclose(newton_step(start, X, y), best, atol=1e-10)
    np.testing.assert_allclose(np.linalg.lstsq(design(X), y)[0], best, atol=1e-12)
    assert minimize(loss, np.zeros(5), (X, y)).x == pytest.approx(best, abs=1e-4)


def test_the_closed_form_needs_columns_that_are_independent():
    """Up to the edge of the condition it is right, and on it there is no step."""
    x = np.arange(6.0)
    for gap in 1.0, 1e-3, 0.0:
        X = np.column_stack([x, 2 * x + 1 + gap * x**2])  # the ones are a column, too
        if gap:
            step = newton_step(np.zeros(3), X, X @ [1, 2] + 3)
            np.testing.assert_allclose(step, [1, 2, 3], atol=1e-5)
        else:
            assert np.linalg.matrix_rank(design(X)) == 2
            assert report(hessian(X)).condition > 1e12


def test_the_program_to_debug_starts_where_the_lesson_says():
    start = np.array([2.0, 2.0])
    assert squares(start, STEEP, steep_y) == 68
    assert wanted_gradient(start, STEEP, steep_y).tolist() == [-104, -12]
    np.testing.assert_array_equal(
        posted_gradient(start, STEEP, steep_y), -wanted_gradient(start, STEEP, steep_y)
    )
    measured = measured_gradient(squares, start, STEEP, steep_y)
    assert measured == pytest.approx([-104, -12], abs=1e-6)


def test_both_bugs_end_beyond_a_million_million():
    run = lambda slopes: train(squares, slopes, [2, 2], STEEP, steep_y, 0.05, 20)[0]
    for slopes, k in (posted_gradient, 14), (wanted_gradient, 17):
        largest = np.abs(run(slopes)).max(axis=1)
        assert first(largest > 1e12) == k
        assert largest[k - 1] <= 1e12 < largest[k]


@pytest.mark.parametrize("rate", [0.05, 0.015, 5e-4, 5e-6, 1e-8])
def test_a_wrong_sign_rises_at_every_rate(rate):
    _, losses = train(squares, posted_gradient, [2, 2], STEEP, steep_y, rate, 20)
    assert np.all(np.diff(losses) > 0)


def test_too_large_a_rate_jumps_from_side_to_side_and_a_smaller_one_cures_it():
    path, _ = train(squares, wanted_gradient, [2, 2], STEEP, steep_y, 0.05, 20)
    side = np.sign(path[1:, 0] - 4)
    assert np.all(side[1:] == -side[:-1])
    posted, _ = train(squares, posted_gradient, [2, 2], STEEP, steep_y, 0.05, 20)
    assert np.all(np.diff(posted[:, 0]) < 0)
    path, losses = train(squares, wanted_gradient, [2, 2], STEEP, steep_y, 0.015, 1000)
    assert path[-1] == pytest.approx([4, -4], abs=1e-6)
    assert int((losses < 1e-12).argmax()) == 781


def test_the_limit_and_the_condition_of_the_three_points():
    told = report(2 * 3 * hessian(STEEP))
    assert told.limit == pytest.approx(0.0155406696, abs=5e-11)
    assert told.condition == pytest.approx(98.585, abs=5e-4)
    assert report(hessian(centre(STEEP))).condition == pytest.approx(14 / 3)
    assert steep_x.mean() == 4


def test_centring_changes_the_parameters_and_no_prediction():
    raw = newton_step(np.zeros(2), STEEP, steep_y)
    centred = newton_step(np.zeros(2), centre(STEEP), steep_y)
    assert raw == pytest.approx([4, -4])
    assert centred == pytest.approx([4, 12])
    same = linear(centred, centre(STEEP))
    np.testing.assert_allclose(linear(raw, STEEP), same, atol=1e-12)


def test_the_best_rate_needs_the_predicted_steps():
    """The error of the parameters, in the worst direction, to a millionth."""
    for X in STEEP, centre(STEEP), standardise(houses()):
        told = report(hessian(X))
        worst = np.eye(len(hessian(X))) - told.best * hessian(X)
        predicted = predicted_steps(told.condition)
        power = np.linalg.matrix_power
        assert np.linalg.norm(power(worst, predicted), 2) <= 1e-6
        assert np.linalg.norm(power(worst, predicted - 1), 2) > 1e-6


def test_the_houses_need_standardising():
    kappas = [
        report(hessian(X)).condition
        for X in (houses(), centre(houses()), standardise(houses()))
    ]
    assert kappas == pytest.approx([231790.37, 6184.49, 16.37546], rel=1e-6)
    assert predicted_steps(kappas[2]) == 113
    assert abs(predicted_steps(kappas[0]) - 1_601_151) <= 1


def test_the_figure_of_the_scaling_falls_as_its_text_says():
    runs = {}
    for name, X in ("given", STEEP), ("centred", centre(STEEP)):
        rate = report(hessian(X)).best
        runs[name] = train(loss, gradient, np.zeros(2), X, steep_y, rate, 300)[1]
    assert runs["given"][300] == pytest.approx(5e-4, rel=0.5)
    assert runs["centred"][40] < 1e-12 < runs["centred"][30]
    for name, X in ("given", STEEP), ("centred", centre(STEEP)):
        np.testing.assert_array_equal(best_run(X, 300), runs[name])


def test_the_first_step_rises_with_the_wrong_sign_and_with_nothing_else():
    assert rises(posted_gradient)
    assert not rises(wanted_gradient)
    assert not rises(wanted_gradient, centre(STEEP))
    assert rises(wanted_gradient, rate=0.05)


def test_newton_on_the_root_runs_from_two_to_minus_eight():
    """The step is −x(1 + x²), so it leads to −x³."""
    assert newton_from_two() == -(2**3)
    assert newton_from_two(sign=1) == 2 + 2 * (1 + 2**2)


def test_the_table_of_the_training_is_the_formula_of_descent_on_a_bowl():
    values, axes = np.linalg.eigh(hessian(plane_x))
    best = np.array([3.0, -2.0, 1.0])
    for k, loss_then, *parameters in cells(table_training()):
        shrunk = (1 - 0.5 * values) ** int(k) * (axes.T @ -best)
        told = [float(text.replace("−", "-")) for text in parameters]
        assert told == pytest.approx(best + axes @ shrunk, abs=5.1e-5)
        assert float(loss_then.replace("−", "-")) == pytest.approx(
            values @ shrunk**2 / 2, rel=0.05
        )


def test_the_table_of_the_scaling_has_the_singular_values_of_the_inputs():
    """κ is the square of the ratio of the singular values of A."""
    rows = cells(table_scaling())
    columns = [
        *(steep_x[:, None], steep_x[:, None] - 4),
        *(houses(), houses() - houses().mean(0)),
        (houses() - houses().mean(0)) / houses().std(0),
    ]
    for (_, kappa, limit, steps), X in zip(rows, columns, strict=True):
        high, *_, low = np.linalg.svd(design(X), compute_uv=False)
        assert kappa == f"{(high / low) ** 2:,.2f}"
        assert float(limit.replace("−", "-")) == pytest.approx(
            2 * len(X) / high**2, rel=5e-3
        )
        assert int(steps.replace(",", "")) == pytest.approx(
            np.log(1e6) * (high / low) ** 2 / 2, rel=0.05
        )


def test_the_table_of_the_starts_has_the_plane_in_every_row():
    rows = cells(table_starts())
    assert [start for start, *_ in rows] == ["0", "-40", "700"]
    assert all(row[1:] == ["3.0000", "-2.0000", "1.0000"] for row in rows)


@pytest.mark.parametrize("seed", range(4))
def test_above_the_limit_a_parameter_jumps_and_the_loss_does_not(seed):
    """On random data: one feature without a bias, where all is one formula."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=20)
    y, curvature = 3 * x, x @ x / 20
    for share in (1.05, 1.5, 2.0):
        w, errors = 0.0, []
        for _ in range(12):
            errors.append(w - 3.0)
            w -= share * 2 / curvature * (x @ (w * x - y)) / 20
        losses = np.square(errors) * curvature / 2
        assert np.all(np.diff(losses) > 0)
        assert np.all(np.diff(np.sign(errors)) != 0)


def test_the_two_losses_of_the_three_points_have_limits_six_apart():
    assert report(hessian(STEEP)).limit == pytest.approx(0.0932, abs=5e-5)
    A = design(STEEP)
    assert 2 / np.linalg.eigvalsh(2 * A.T @ A)[-1] == pytest.approx(0.01554, abs=5e-6)


def test_unasked_training_takes_a_hundred_steps_at_rate_a_tenth():
    path, losses = train(lambda *at: at[0][0], lambda *at: np.ones(1), [3], None, None)
    np.testing.assert_allclose(path[:, 0], 3 - np.arange(101) / 10, atol=1e-12)
    np.testing.assert_array_equal(losses, path[:, 0])
