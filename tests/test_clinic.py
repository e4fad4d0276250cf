"""The debug clinic: every sign that a curve is said to show is measured here."""

import clinic
import layers
import numpy as np
import pytest
import regression
import sympy
from clinic import (
    LOWERED,
    STEADY,
    _floor,
    _scaled_slope,
    _xor_path,
    above,
    best_step,
    bounce,
    claim_it_leaves_the_wave,
    crawl,
    curved,
    fitted,
    frozen,
    if_halved,
    noisy,
    per_step,
    probe,
    right_curvature,
    same_looking_slope,
    steep,
    steep_factor,
    stuck,
    table_floor,
    table_overfitting,
    table_plateau,
    too_large,
    turns,
    uphill,
    walk,
    wrong_curvature,
    xor,
    xor_slope,
)
from conftest import cells
from descent import descend
from momentum import momentum
from newton import newton
from shared.data import gate_x, line_noise, line_x, line_y, plane_x, plane_y
from shared.landscapes import explog, quad1, ravine, tilted
from shared.path import first
from start import wave

LINE = np.linalg.eigvalsh(2 * np.array([[14, 6], [6, 4]]) / 4)  # 2 XᵀX / n
PLANE = np.linalg.eigvalsh(regression.hessian(plane_x))


def test_a_walk_with_one_rate_is_gradient_descent():
    same = walk(quad1.grad, 2.0, [0.1] * 10)
    assert np.array_equal(same, descend(quad1.grad, 2.0, 0.1, 10))


def test_a_walk_takes_its_rates_in_their_order():
    assert walk(quad1.grad, 2.0, [0.5, 7.0]).tolist() == [2, 0, 0]
    assert walk(quad1.grad, 1.0, [1.0, 0.25]).tolist() == [1, -1, -0.5]


def test_the_probe_halves_at_step_30_and_begins_anew_at_60():
    rates = probe([1 / (k + 1) for k in range(60)])
    assert len(rates) == 90
    assert rates[29] == 1 / 30
    assert rates[30] == 1 / 31 / 2
    assert set(rates[60:]) == {1.0}


def test_a_smooth_curve_has_no_turn_and_a_saw_has_one_at_every_tooth():
    assert turns(np.arange(9)) == 0
    assert turns([0, 1, 0, 1, 0]) == 3


# Curve 1: the rate.


def test_the_steep_direction_grows_by_the_factor_of_theory():
    assert 2 / LINE[1] < 0.25 < 2 / LINE[0]
    assert per_step(steep(0.25))[-1] == pytest.approx((1 - 0.25 * LINE[1]) ** 2)
    assert steep_factor(0.25) == pytest.approx((1 - 0.25 * LINE[1]) ** 2)


def test_curve_1_falls_in_the_flat_direction_before_it_rises():
    losses = steep(0.25)
    assert turns(losses) == 1
    assert losses.argmin() == 10
    flat = (1 - 0.25 * LINE[0]) ** 2
    assert per_step(losses)[1] == pytest.approx(flat, abs=0.01)


def test_half_the_rate_is_within_the_limit_and_falls_all_the_way():
    assert 2 / LINE[1] > 0.125
    assert (per_step(steep(0.125)) < 1).all()
    assert per_step(steep(0.125))[-1] == pytest.approx((1 - 0.125 * LINE[0]) ** 2)


def test_curve_1_is_the_loss_of_the_four_points():
    w, b = 0.0, 5.0
    for value in steep(0.25)[:6]:
        residuals = [w * x + b - y for x, y in zip(line_x, line_y, strict=True)]
        assert value == pytest.approx(float(sum(r**2 for r in residuals) / 4))
        dw = sum(r * x for r, x in zip(residuals, line_x, strict=True)) / 2
        db = sum(residuals) / 2
        w, b = w - dw / 4, b - db / 4


# Curve 2: the sign.


@pytest.mark.parametrize("rate", [0.1, 0.05, 1e-3, 1e-6])
def test_with_the_wrong_sign_the_loss_rises_at_once_at_every_rate(rate):
    assert (per_step(uphill(rate, sign=-1)) > 1).all()


@pytest.mark.parametrize("rate", [0.1, 0.05])
def test_with_the_wrong_sign_no_rate_is_small_enough_for_a_factor_below_1(rate):
    last = per_step(uphill(rate, sign=-1))[-1]
    assert last == pytest.approx((1 + rate * PLANE[-1]) ** 2, rel=1e-3)


@pytest.mark.parametrize("product", [2.1, 2.5, 4.0])
def test_half_of_a_rate_that_is_too_large_would_help(product):
    """With ηλ a step multiplies the loss by (1 − ηλ)², with half by (1 − ηλ/2)²."""
    factor = (1 - product) ** 2
    assert too_large(factor) == pytest.approx(product)
    assert if_halved(factor) == pytest.approx((1 - product / 2) ** 2)
    assert (if_halved(factor) < 1) == (product < 4)


def test_the_rates_of_curve_2_are_not_to_blame():
    assert 2 / PLANE[-1] > 0.8
    assert (per_step(uphill(0.1)) < 1).all()


# Curve 3: a rate that is too small.


def test_curve_3_is_straight():
    factors = per_step(crawl(0.0002))
    assert np.ptp(factors) < 1e-4
    assert factors[0] == pytest.approx(1 - 2 * 0.0002 * LINE[1], abs=1e-4)
    assert crawl(0.0002)[-1] > 0.5 * crawl(0.0002)[0]


def test_ten_times_the_rate_is_about_ten_times_the_slope():
    slopes = [np.log(per_step(crawl(rate))[0]) for rate in (0.0002, 0.002, 0.02)]
    assert slopes[1] / slopes[0] == pytest.approx(10, rel=0.01)
    assert slopes[2] / slopes[1] == pytest.approx(10, rel=0.1)


# Curve 4: a plateau.


def test_the_network_waits_at_ln_2_and_then_falls():
    losses = xor(5)
    assert np.ptp(losses[50:600]) < 0.006
    assert losses[50:600].mean() == pytest.approx(np.log(2), abs=1e-3)
    assert losses[-1] < 0.07
    assert turns(losses) == 0
    assert first(losses < 0.35) == 829


def test_on_the_plateau_the_network_says_one_half_to_all():
    assert layers.answers(_xor_path(5)[300]) == pytest.approx(0.5, abs=0.03)


def test_without_momentum_the_network_takes_the_steps_of_gradient_descent():
    slopes = lambda theta: layers.gradient(theta, gate_x, layers.XOR)
    path = descend(slopes, layers.random_start(5), 1.0, 200)
    assert np.array_equal(path, _xor_path(5)[:201])
    assert np.array_equal(path, momentum(slopes, path[0], 1.0, 200, beta=0.0))


def test_the_plateau_has_a_slope_that_is_small_and_not_zero():
    slope = lambda k: np.linalg.norm(
        layers.gradient(_xor_path(5)[k], gate_x, layers.XOR)
    )
    assert 1e-4 < slope(300) < 0.01
    assert slope(800) > 10 * slope(300)
    assert [xor_slope(k) for k in (300, 800)] == [slope(300), slope(800)]


def test_another_start_and_momentum_both_leave_the_plateau_sooner():
    assert first(xor(3) < 0.35) == 225
    assert first(xor(5, 0.9) < 0.35) == 176


def test_the_table_of_the_plateau_has_the_steps_that_other_loops_take():
    """Momentum by hand: a velocity for each of the nine parameters."""
    told = [int(step) for _, step in cells(table_plateau())]
    for (seed, beta), step in zip([(5, 0.0), (3, 0.0), (5, 0.9)], told, strict=True):
        theta, velocity, k = layers.random_start(seed), np.zeros(9), 0
        while layers.loss(theta, gate_x, layers.XOR) >= 0.35:
            velocity = beta * velocity + layers.gradient(theta, gate_x, layers.XOR)
            theta, k = theta - velocity, k + 1
        assert step == k


# Curve 5: a noise floor.


@pytest.mark.parametrize("rate", [0.08, 0.02])
def test_the_floor_is_what_many_noisy_runs_have_on_average(rate):
    """Many runs at once: another program, for the mean of the same cloud."""
    rng = np.random.default_rng(7)
    w, b = np.full(20000, 2.0), np.ones(20000)
    y = line_y + line_noise
    for _ in range(400):
        i = rng.integers(4, size=w.shape)
        error = w * line_x[i] + b - y[i]
        w, b = w - 2 * rate * error * line_x[i], b - 2 * rate * error
    losses = np.mean((w * line_x[:, None] + b - y[:, None]) ** 2, axis=0)
    assert np.mean(losses) == pytest.approx(_floor(rate), rel=0.02)


def test_curve_5_lies_on_its_floor_from_the_start_of_the_jags():
    losses = noisy(STEADY)
    assert losses[2] < 1
    assert losses[50:].mean() == pytest.approx(_floor(0.08), rel=0.1)
    early, late = losses[50:175].mean(), losses[175:].mean()
    assert late == pytest.approx(early, rel=0.1)
    assert turns(losses[100:]) > 100
    assert losses.min() > np.mean(line_noise**2)


@pytest.mark.parametrize("rate", [0.08, 0.04, 0.02, 0.01, 1e-4])
def test_half_the_rate_takes_half_or_more_of_the_floor_away(rate):
    best = np.mean(line_noise**2)
    assert _floor(rate / 2) - best <= 0.5001 * (_floor(rate) - best)


def test_the_table_of_the_floor_has_both_columns_near_each_other():
    rows = [[float(text) for text in row] for row in cells(table_floor())]
    assert [rate for rate, _, _ in rows] == [0.08, 0.04, 0.02]
    for rate, formula, measured in rows:
        assert formula == pytest.approx(_floor(rate), abs=5e-5)
        assert measured == pytest.approx(formula, rel=0.1)
        assert formula > np.mean(line_noise**2)
    # As the page says, half the rate takes half or more of the height away.
    heights = [formula - np.mean(line_noise**2) for _, formula, _ in rows]
    assert heights[0] >= 2 * heights[1] >= 4 * heights[2]


def test_a_tenth_of_the_rate_comes_near_the_best_line():
    late = noisy(LOWERED)[200:]
    assert late.mean() == pytest.approx(_floor(0.008), rel=0.05)
    assert late.max() < 0.31 < noisy(STEADY)[200:].max()


def test_the_two_noisy_runs_are_the_same_up_to_update_150():
    assert np.array_equal(noisy(STEADY)[:151], noisy(LOWERED)[:151])


# Curves 6, 7 and 8: level.


@pytest.mark.parametrize("losses", [bounce(), frozen(), stuck()])
def test_the_three_level_curves_look_alike_for_thirty_steps(losses):
    assert (np.diff(losses[:31]) <= 1e-9).all()
    assert losses[0] > 3 * losses[30]
    assert losses[26] == pytest.approx(losses[30], rel=3e-3)


def test_the_bounce_is_level_at_the_height_of_the_walls():
    path = walk(ravine.grad, np.array([20.0, 1.0]), [0.1] * 30)
    assert path[:, 1].tolist() == [1, -1] * 15 + [1]
    assert bounce()[30] == pytest.approx(10, abs=1e-3)


def test_halving_the_rate_frees_the_bounce_at_once():
    assert bounce()[31] < 1e-3
    assert bounce()[-1] < 1e-10


def test_halving_the_rate_does_not_free_the_others():
    for losses in frozen(), stuck():
        assert losses[60] == pytest.approx(losses[30], rel=1e-2)


def test_the_first_rate_frees_the_frozen_run_and_not_the_local_minimum():
    assert frozen()[-1] < frozen()[60] / 100
    assert stuck()[-1] == pytest.approx(stuck()[60], abs=1e-9)


def test_the_frozen_run_has_spent_its_budget():
    rates = 0.5 * 0.8 ** np.arange(1000)
    assert rates.sum() == pytest.approx(2.5)
    left = np.prod(1 - rates * PLANE[0])
    best = np.linalg.lstsq(np.column_stack([plane_x, np.ones(5)]), plane_y, rcond=None)[
        0
    ]
    slopes = lambda theta: regression.gradient(theta, plane_x, plane_y)
    end = walk(slopes, np.zeros(3), rates)[-1]
    along = np.linalg.eigh(regression.hessian(plane_x))[1][:, 0]
    assert along @ (end - best) / (along @ -best) == pytest.approx(left)


def test_the_rate_at_which_the_frozen_run_began_is_within_the_limit():
    assert 2 / PLANE[-1] > 0.5


def test_the_level_of_curve_8_is_the_floor_of_the_other_valley():
    best, poor = tilted.minima
    assert stuck()[29] == pytest.approx(tilted.f(poor) - tilted.f(best), abs=1e-6)
    assert [round(stuck(s)[-1], 4) for s in (1.5, 0.5, -0.3, -1.5)] == pytest.approx(
        [0.5996, 0.5996, 0, 0]
    )


# Curve 9: a wrong second derivative.


def test_the_wrong_curvature_is_wrong_and_the_right_one_is_right():
    x = sympy.Symbol("x")
    second = sympy.diff(sympy.exp(x) - sympy.log(x), x, 2)
    for at in 0.3, 0.6, 1.6:
        assert right_curvature(at) == pytest.approx(float(second.subs(x, at)))
        assert abs(wrong_curvature(at) / float(second.subs(x, at)) - 1) > 0.04


def test_a_wrong_curvature_converges_by_a_fixed_factor_to_the_right_place():
    best = explog.minima[0]
    path = newton(explog.grad, wrong_curvature, 1.6, 40)
    assert path[-1] == pytest.approx(best, abs=1e-15)
    factor = 1 - explog.hess(best) / wrong_curvature(best)
    assert per_step(curved(wrong_curvature)[:13])[6:] == pytest.approx(
        factor**2, rel=0.02
    )


def test_the_right_curvature_dives():
    drops = -np.diff(np.log(curved(right_curvature)[:5]))
    assert (drops[1:] > 1.4 * drops[:-1]).all()
    assert drops[-1] > 1.9 * drops[-2]
    assert first(curved(wrong_curvature) < curved(right_curvature)[4]) == 15


@pytest.mark.parametrize("factor", [0.4, 0.6, 0.8, 1.3, 1.6])
@pytest.mark.parametrize("landscape", [explog, tilted], ids=repr)
def test_a_slope_wrong_by_a_factor_draws_a_straight_line_too(factor, landscape):
    """From near the minimum of two landscapes: each error is 1 − c times the last."""
    best = landscape.minima[0]
    x = best + 1e-3
    for _ in range(5):
        left = x - best
        x -= factor * landscape.grad(x) / landscape.hess(x)
        assert x - best == pytest.approx((1 - factor) * left, rel=0.02)


def test_the_line_of_curve_9_is_also_that_of_a_slope_that_is_too_small():
    look = per_step(_scaled_slope(same_looking_slope())[:12])[6:11]
    assert look == pytest.approx(per_step(curved(wrong_curvature)[:12])[6:11], rel=0.03)
    assert same_looking_slope() == pytest.approx(0.62, abs=0.005)


@pytest.mark.parametrize("x", [2.26e-8, 9.99e-5, 3.1e-4, 0.55, 7.2])
def test_above_is_above_and_has_one_digit(x):
    assert x < float(above(x)) <= 2 * x + 1e-12 * x
    assert above(x) == f"{float(above(x)):.0e}"


def test_curve_8_stays_below_what_the_feedback_says():
    s = stuck()
    assert abs(s[31] - s[30]) == pytest.approx(2.26e-8, rel=0.01)
    assert float(above(abs(s[31] - s[30]))) == 3e-8
    assert np.abs(s[30:61, None] - s[30:61]).max() < float(above(np.ptp(s[30:61])))


def test_curve_7_falls_by_factors_that_grow_towards_a_limit():
    """The slowest direction of the neuron at rate one half: (1 − λ/2)²."""
    factors = per_step(frozen())[60:]
    assert np.all(np.diff(factors) > 0)
    assert factors[0] == pytest.approx(0.787, abs=5e-4)
    assert factors[-1] < (1 - PLANE[0] / 2) ** 2 < factors[-1] + 0.002


# Curve 10: overfitting.


def test_on_other_points_too_the_run_leaves_the_wave():
    assert claim_it_leaves_the_wave(seeds=(2, 3, 4))


def test_the_training_loss_falls_in_every_step_and_the_held_out_loss_turns():
    known, new = fitted()
    assert (np.diff(known) < 0).all()
    assert new.argmin() == 135 == best_step()
    assert new[-1] > 2 * new.min()
    assert turns(known) == 0
    assert turns(new[5:]) >= 1


def test_the_held_out_loss_is_that_of_the_polynomial():
    """NumPy's own polynomial, at the parameters of a run by hand."""
    (x, y), (new_x, new_y) = wave(12, seed=0), wave(200, seed=1)
    A = np.vander(x, 12, increasing=True)
    rate = 1 / np.linalg.eigvalsh(A.T @ A / 12)[-1]
    c = np.zeros(12)
    for _ in range(20):
        c = c - rate * A.T @ (A @ c - y) / 12
    guess = np.polynomial.Polynomial(c)
    known, new = fitted()
    assert known[20] == pytest.approx(np.mean((guess(x) - y) ** 2) / 2)
    assert new[20] == pytest.approx(np.mean((guess(new_x) - new_y) ** 2) / 2)


def test_a_stiffer_polynomial_does_better_on_new_points():
    assert fitted(5000, 3)[1][-1] < fitted()[1].min()


def test_the_table_of_the_overfitting_is_that_of_numpys_polynomials():
    """Each run again, by the normal equations of a Vandermonde matrix."""
    (x, y), (new_x, new_y) = wave(12, seed=0), wave(200, seed=1)
    rows = cells(table_overfitting())
    runs = (11, 5000), (11, 135), (3, 5000)
    for (_, known, new), (degree, steps) in zip(rows, runs, strict=True):
        A = np.vander(x, degree + 1, increasing=True)
        M, v = A.T @ A / 12, A.T @ y / 12
        rate, c = 1 / np.linalg.eigvalsh(M)[-1], np.zeros(degree + 1)
        for _ in range(steps):
            c = c - rate * (M @ c - v)
        guess = np.polynomial.Polynomial(c)
        assert known == f"{np.mean((guess(x) - y) ** 2) / 2:.4f}"
        assert new == f"{np.mean((guess(new_x) - new_y) ** 2) / 2:.4f}"
    assert f"step {best_step()}" in rows[1][0]


def test_the_probed_curves_are_those_of_the_three_runs():
    for curve, losses in (6, bounce()), (7, frozen()), (8, stuck()):
        line = clinic.figure_probed(curve).axes[0].lines[0]
        assert np.array_equal(line.get_ydata(), losses)


def test_every_curve_of_the_page_stays_small():
    """A figure draws few points, so that ten of them load fast."""
    for name in ("one", "three", "four", "nine", "ten"):
        figure = getattr(clinic, f"figure_{name}")()
        points = sum(len(line.get_xdata()) for line in figure.axes[0].lines)
        assert points <= 300, name


def test_a_probe_takes_ninety_rates_of_any_number():
    rates = [float(k) for k in range(1, 101)]
    halves = [k / 2 for k in range(31, 61)]
    assert probe(rates) == [*rates[:30], *halves, *[1.0] * 30]
