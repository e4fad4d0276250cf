"""Momentum and adaptive methods: theory, runs and other people's code agree.

Step by step equality with PyTorch is in `test_torch.py`.
"""

import math
from itertools import cycle, permutations

import momentum as lesson
import numpy as np
import pytest
import scipy  # which imports its parts when they are asked for
from batches import loss_after, sgd
from conftest import cells
from convergence import counted_to_leave
from descent import descend
from dimensions import predicted_steps
from momentum import (
    FACTORS,
    _adam_lengths,
    _at_its_best,
    _at_the_edge,
    _bound,
    _corners,
    _errors,
    _settled,
    adagrad,
    adam,
    adam_on_slope,
    adam_paths,
    after_silence,
    bent,
    best_beta,
    best_pair,
    best_pass,
    by_average,
    by_velocity,
    diagonal_steps,
    divisors_apart,
    feels_scale,
    half_life,
    longest_step,
    momentum,
    momentum_matrix,
    nesterov,
    on_parabola,
    race,
    race_range,
    race_row,
    radius,
    ravine_path,
    rmsprop,
    rotation_test,
    sharpness,
    table_edge,
    table_first_step,
    table_race,
    table_rates,
    table_turned,
    table_weights,
    uncorrected,
    while_growing,
)
from scipy.optimize import minimize
from shared.data import line_x, line_y
from shared.landscapes import plateau, quad1, ravine, rosenbrock, saddle, tilted
from shared.line import line_grad, line_loss
from shared.path import first_within
from shared.plane import quadratic, rotation, valley

CLAIMS = [name for name in vars(lesson) if name.startswith("claim_")]
METHODS = [descend, momentum, nesterov, adagrad, rmsprop, adam]
approx = lambda value: pytest.approx(value, rel=1e-9)


def gradients(path, grad):
    """The gradients that the steps of a path were made from."""
    return np.array([grad(x) for x in path[:-1]])


@pytest.mark.parametrize("name", CLAIMS)
def test_the_claims_of_the_page_hold(name):
    assert getattr(lesson, name)() is True


# The updates, by SciPy's filters: a mean with a memory is a linear filter.


def test_the_velocity_is_the_filtered_gradient():
    path = momentum(rosenbrock.grad, np.array([-1.2, 1.0]), 0.0005, 80)
    v = scipy.signal.lfilter([1], [1, -0.9], gradients(path, rosenbrock.grad), axis=0)
    np.testing.assert_allclose(np.diff(path, axis=0), -0.0005 * v, atol=1e-12)


def test_nesterovs_step_is_the_gradient_and_the_filtered_gradient():
    path = nesterov(rosenbrock.grad, np.array([-1.2, 1.0]), 0.0005, 80)
    g = gradients(path, rosenbrock.grad)
    v = scipy.signal.lfilter([1], [1, -0.9], g, axis=0)
    np.testing.assert_allclose(
        np.diff(path, axis=0), -0.0005 * (g + 0.9 * v), atol=1e-12
    )


def test_adagrads_step_divides_by_the_root_of_the_summed_squares():
    path = adagrad(rosenbrock.grad, np.array([-1.2, 1.0]), 0.5, 80)
    g = gradients(path, rosenbrock.grad)
    size = np.sqrt(np.cumsum(g**2, axis=0)) + 1e-10
    np.testing.assert_allclose(np.diff(path, axis=0), -0.5 * g / size, atol=1e-12)


def test_rmsprops_step_divides_by_the_root_of_the_filtered_squares():
    path = rmsprop(rosenbrock.grad, np.array([-1.2, 1.0]), 0.01, 80)
    g = gradients(path, rosenbrock.grad)
    size = np.sqrt(scipy.signal.lfilter([0.01], [1, -0.99], g**2, axis=0)) + 1e-8
    np.testing.assert_allclose(np.diff(path, axis=0), -0.01 * g / size, atol=1e-12)


def test_adams_step_is_a_weighted_mean_over_a_weighted_root_mean_square():
    path = adam(rosenbrock.grad, np.array([-1.2, 1.0]), 0.1, 80)
    g = gradients(path, rosenbrock.grad)
    for k in range(1, 81):
        mean = np.average(g[:k], axis=0, weights=0.9 ** np.arange(k - 1, -1, -1))
        square = np.average(
            g[:k] ** 2, axis=0, weights=0.999 ** np.arange(k - 1, -1, -1)
        )
        step = -0.1 * mean / (np.sqrt(square) + 1e-8)
        np.testing.assert_allclose(path[k] - path[k - 1], step, atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_all_optimisers_share_one_shape(method):
    path = method(ravine.grad, np.array([5.0, 1.0]), rate=0.01, steps=7)
    assert path.shape == (8, 2)
    assert path[0].tolist() == [5.0, 1.0]
    assert method(quad1.grad, 2.0, rate=0.01, steps=7).shape == (8,)
    assert method(quad1.grad, 2.0, rate=0.01, steps=0).tolist() == [2.0]


@pytest.mark.parametrize("method", METHODS)
def test_at_a_point_without_slope_all_stay(method):
    path = method(rosenbrock.grad, np.array([1.0, 1.0]), rate=0.1, steps=5)
    assert (path == 1).all()


def test_the_runs_from_two_on_the_parabola():
    assert momentum(quad1.grad, 2.0, 0.1, 5).tolist() == approx(
        [2, 1.6, 0.92, 0.124, -0.6172, -1.16084]
    )
    assert adam(quad1.grad, 2.0, 0.1, 3)[1:] == pytest.approx(
        [1.9, 1.80016649, 1.70062339], abs=5e-9
    )
    assert rmsprop(quad1.grad, 2.0, 0.1, 1)[1] == pytest.approx(1.0)
    short = rmsprop(quad1.grad, 2.0, 0.1, 1, beta=0.9)[1]
    assert short == pytest.approx(1.68377, abs=5e-6)
    assert adagrad(quad1.grad, 2.0, 0.1, 2)[1:] == pytest.approx(
        [1.9, 1.83112505], abs=5e-9
    )


def test_in_the_first_figure_only_the_memory_differs():
    start = np.array([10.0, 1.0])
    plain = momentum(ravine.grad, start, 1 / 11, 12, beta=0.0)
    assert plain == pytest.approx(descend(ravine.grad, start, 1 / 11, 12))
    k = np.arange(13)
    assert plain[:, 0] == approx(10 * (9 / 11) ** k)
    assert plain[:, 1] == pytest.approx((-9 / 11) ** k, rel=1e-9)
    assert ravine_path(0.0).tolist() == plain.tolist()
    heavy = ravine_path(0.4)
    assert ravine.f(heavy[-1]) < ravine.f(plain[-1]) / 300
    along, slow = -np.diff(heavy[:, 0]), -np.diff(plain[:, 0])
    assert along[0] == approx(slow[0])
    assert (along[1:5] > slow[1:5]).all()
    assert along[1] > along[0] > along[3]
    assert np.abs(heavy[5:, 1]).max() < 0.2 * np.abs(heavy[:, 1]).max()


# Momentum.


def test_without_memory_momentum_is_gradient_descent():
    start = np.array([-1.2, 1.0])
    plain = descend(rosenbrock.grad, start, 0.001, 50)
    for method in momentum, by_velocity, by_average, nesterov:
        path = method(rosenbrock.grad, start, 0.001, 50, beta=0.0)
        np.testing.assert_allclose(path, plain, atol=1e-14)


def test_the_three_notations_and_polyaks_own_are_one_path():
    start, rate, beta = np.array([-1.2, 1.0]), 0.0005, 0.9
    path = momentum(rosenbrock.grad, start, rate, 100, beta)
    same = by_velocity(rosenbrock.grad, start, rate, 100, beta)
    mean = by_average(rosenbrock.grad, start, rate / (1 - beta), 100, beta)
    np.testing.assert_allclose(same, path, atol=1e-12)
    np.testing.assert_allclose(mean, path, atol=1e-12)
    for k in range(1, 100):
        polyak = beta * (path[k] - path[k - 1]) - rate * rosenbrock.grad(path[k])
        np.testing.assert_allclose(path[k + 1], path[k] + polyak, atol=1e-12)


def test_the_first_two_notations_part_when_the_rate_changes():
    rates = [0.1, 0.1, 0.01, 0.01]
    x, v = 2.0, 0.0
    z, w = 2.0, 0.0
    for k, rate in enumerate(rates):
        v = 0.9 * v + 2 * x
        x = x - rate * v
        w = 0.9 * w - rate * 2 * z
        z = z + w
        assert (x == pytest.approx(z)) == (k < 2)


def test_nesterovs_points_are_where_the_velocity_looks_ahead_to():
    start, rate, beta = np.array([-1.2, 1.0]), 0.0005, 0.9
    path = nesterov(rosenbrock.grad, start, rate, 60, beta)
    x, v = start, 0.0
    for k in range(60):
        ahead = x + beta * v
        np.testing.assert_allclose(path[k], ahead, atol=1e-12)
        v = beta * v - rate * rosenbrock.grad(ahead)
        x = x + v


def test_on_a_constant_slope_steps_grow_to_one_over_one_minus_beta():
    for beta in 0.9, 0.99:
        path = momentum(lambda x: 3.0, 0.0, 0.1, 4000, beta)
        assert np.diff(path)[-1] == approx(-0.1 * 3 / (1 - beta))


def test_half_lives():
    lives = [half_life(beta) for beta in (0.9, 0.99, 0.999)]
    assert lives == pytest.approx([6.579, 68.97, 692.8], rel=1e-4)
    assert 0.9 ** half_life(0.9) == approx(0.5)


def test_the_matrix_is_the_method():
    rate, beta, curvature = 0.3, 0.7, 1.6
    path = momentum(lambda x: curvature * x, 2.0, rate, 30, beta)
    matrix = momentum_matrix(rate * curvature, beta)
    for k in range(31):
        state = np.linalg.matrix_power(matrix, k) @ [2.0, 0.0]
        assert path[k] == pytest.approx(state[0], abs=1e-12)


def test_powers_of_the_matrix_split_along_its_eigenvalues():
    matrix = momentum_matrix(0.1, 0.2)
    one, two = np.linalg.eigvals(matrix)
    first = (matrix - two * np.eye(2)) / (one - two)
    second = (matrix - one * np.eye(2)) / (one - two)
    for k in range(1, 8):
        power = np.linalg.matrix_power(matrix, k)
        np.testing.assert_allclose(power, one**k * first - two**k * second, atol=1e-14)


def test_the_radius_is_the_largest_eigenvalue():
    for h in np.linspace(0, 4.4, 45):
        for beta in np.linspace(0, 1, 21):
            sizes = np.abs(np.linalg.eigvals(momentum_matrix(h, beta)))
            assert radius(h, beta) == pytest.approx(sizes.max(), abs=1e-7)


def test_complex_eigenvalues_have_size_root_beta_whatever_the_curvature():
    beta = 0.5
    low, high = (1 - math.sqrt(beta)) ** 2, (1 + math.sqrt(beta)) ** 2
    inside = np.linspace(low + 1e-9, high - 1e-9, 50)
    assert radius(inside, beta) == pytest.approx(math.sqrt(beta))
    for h in inside:
        assert (1 - math.sqrt(h)) ** 2 < beta < (1 + math.sqrt(h)) ** 2
    assert radius(low - 0.01, beta) > math.sqrt(beta) + 0.01
    assert radius(high + 0.01, beta) > math.sqrt(beta) + 0.01


def test_nothing_grows_below_two_plus_two_beta_and_something_above():
    for beta in 0.0, 0.3, 0.9:
        assert radius(2 + 2 * beta - 1e-6, beta) < 1 < radius(2 + 2 * beta + 1e-6, beta)


def test_the_drawn_regions_are_where_the_radius_is_at_most_rho():
    for rho in (*FACTORS, 9 / 11):
        (left, _), (up, top), (over, _), (right, _) = _corners(rho)
        for h, beta in _corners(rho):
            assert radius(h, beta) == pytest.approx(rho, abs=1e-7)
        for beta in np.linspace(0, top, 9):
            share = beta / top
            low, high = left + share * (up - left), right + share * (over - right)
            h = np.linspace(low, high, 31)
            assert (radius(h, beta) <= rho + 1e-7).all()
            assert radius(low - 1e-3, beta) > rho
            assert radius(high + 1e-3, beta) > rho
        assert radius(1.0, top + 1e-3) > rho


def test_the_best_momentum_for_one_curvature():
    assert best_beta(0.2) == approx(0.3055728090)
    assert radius(0.2, best_beta(0.2)) == pytest.approx(0.5527864045, abs=1e-7)
    betas = np.linspace(0, 0.999, 2000)
    assert betas[radius(0.2, betas).argmin()] == pytest.approx(0.3056, abs=1e-3)


def test_polyaks_pair_has_both_ends_on_the_corners_and_no_better_neighbour():
    rate, beta = best_pair(100)
    rho = math.sqrt(beta)
    assert rho == approx(9 / 11)
    ends = _corners(rho)[1:3]
    assert ends[0] == approx((rate, beta))
    assert ends[1] == approx((100 * rate, beta))
    worst = lambda rate, beta: max(radius(rate, beta), radius(100 * rate, beta))
    for factor in 0.99, 1.01:
        assert worst(rate * factor, beta) > rho + 1e-4
        assert worst(rate, beta * factor) > rho + 1e-4


def test_steps_to_a_millionth_predicted_and_measured():
    steps = [race_row(kappa) for kappa in (10, 100, 1000)]
    assert steps == [
        [10, 69, 69, 22, 27, 27],
        [100, 691, 691, 69, 93, 93],
        [1000, 6908, 6908, 219, 315, 315],
    ]
    assert cells(table_race()) == [[*map(str, row)] for row in steps]
    for kappa, plain, _, alone, *_ in steps:
        rho = (math.sqrt(kappa) - 1) / (math.sqrt(kappa) + 1)
        assert rho**alone < 1e-6 <= rho ** (alone - 1)
        slow = (kappa - 1) / (kappa + 1)
        assert slow**plain < 1e-6 <= slow ** (plain - 1)


def test_the_factor_of_the_double_root_is_exact():
    assert race(100, 200)[1] == pytest.approx(_bound(100, 200), rel=1e-6)
    assert 2.4 < race(100, 50)[1].max() < 3


def test_momentums_steps_from_any_start_lie_in_its_range():
    rng = np.random.default_rng(0)
    for kappa, told in (10, (26, 27)), (100, (83, 95)):
        assert race_range(kappa) == told
        rate, beta = best_pair(kappa)
        matrices = [momentum_matrix(rate * one, beta) for one in (1, kappa)]
        for start in rng.normal(size=(40, 2)):
            states = [np.array([x, 0.0]) for x in start / np.linalg.norm(start)]
            k = 0
            while math.hypot(*(state[0] for state in states)) >= 1e-6:
                states = [m @ x for m, x in zip(matrices, states, strict=True)]
                k += 1
            assert told[0] <= k <= told[1]


def test_when_a_run_has_settled_it_never_leaves_again():
    for rate in 0.01, 0.1, 0.3:
        for beta in 0.0, 0.5, 0.9:
            path = np.abs(momentum(quad1.grad, 2.0, rate, 1500, beta))
            k = _settled(path)
            assert path[k:].max() < 1e-6 <= path[k - 1]
    with_memory = [_settled(momentum(quad1.grad, 2.0, r, 900)) for r in (0.1, 0.01)]
    without = [_settled(descend(quad1.grad, 2.0, r, 900)) for r in (0.1, 0.01)]
    assert (with_memory, without) == ([274, 265], [66, 719])


def test_polyaks_pair_can_cycle_on_a_convex_function_that_is_not_quadratic():
    x = np.linspace(-5, 5, 2001)
    rise = np.diff([bent(z) for z in x]) / np.diff(x)
    assert rise.min() == approx(1)
    assert rise.max() == approx(25)
    assert bent(0) == 0
    rate, beta = best_pair(25)
    assert (rate, beta) == approx((1 / 9, 4 / 9))
    cycle_of_three = momentum(bent, 3.3, rate, 3000, beta)[-3:]
    exact = np.array([792, -2208, 2592]) / 1225
    assert sorted(cycle_of_three) == approx(sorted(exact))
    assert abs(descend(bent, 3.3, 2 / 26, 300)[-1]) < 1e-10
    root = math.sqrt(25)
    arrived = nesterov(bent, 3.3, 1 / 25, 300, (root - 1) / (root + 1))[-1]
    assert abs(arrived) < 1e-10


def test_nesterovs_factor_where_it_swings():
    h, beta = 0.2, 0.9
    matrix = np.array([[(1 + beta) * (1 - h), -beta * (1 - h)], [1, 0]])
    sizes = np.abs(np.linalg.eigvals(matrix))
    assert sizes == pytest.approx(math.sqrt(beta * (1 - h)))
    path = nesterov(quad1.grad, 2.0, 0.1, 40)
    before = np.array([path[1], path[0]])
    for x in path[2:]:
        before = matrix @ before
        assert x == pytest.approx(before[0], abs=1e-12)
    assert path.min() > momentum(quad1.grad, 2.0, 0.1, 40).min() + 0.5


def test_more_momentum_is_not_always_faster():
    assert radius(0.2, 0.9) > radius(0.2, 0.0) > radius(0.2, best_beta(0.2))


def test_what_is_said_of_the_swing_is_true_for_every_state_of_the_knobs():
    for h in np.arange(1, 196) * 0.02:
        for beta in np.arange(0, 97, 2) / 100:
            said, factor, number = lesson._swing_says(float(h), float(beta))
            assert factor == pytest.approx(float(radius(h, beta)), abs=1e-7)
            x = momentum(lambda x: x, 1.0, h, 400, beta)
            kept, inside = (np.abs(x) < 0.01), (1 + beta - h) ** 2 - 4 * beta
            changes = np.count_nonzero(np.diff(np.sign(x[:60])))
            if said != "stays":
                assert number < 400
                assert kept[int(number) :].all()
                assert not kept[int(number) - 1]
            true = {
                "stays": number <= h + 1e-9 and number == 2 + 2 * beta,
                "settles": abs(beta - (1 - math.sqrt(h)) ** 2) <= 0.00501,
                "rings": inside < 0,
                "jumps": inside > 0 and changes > 2,
                "creeps": inside > 0 and changes == 0,
            }
            assert true[said], (h, beta, said)


# Adaptive methods.


def test_under_a_constant_slope_adagrads_steps_are_rate_over_root_k():
    steps = -np.diff(adagrad(lambda x: 3.0, 0.0, 0.1, 50))
    assert steps == approx(0.1 / np.sqrt(np.arange(1, 51)))


def test_adams_first_step_is_the_rate_times_the_sign():
    slopes = np.array([3.0, -0.02, 1e5])
    assert adam(lambda x: slopes, np.zeros(3), 0.1, 1)[1] == pytest.approx(
        [-0.1, 0.1, -0.1], rel=1e-6
    )


def test_adam_divides_by_three_where_there_is_no_curvature():
    path = adam(lambda x: 3.0, 0.0, 0.1, 20)
    assert path == pytest.approx(-0.1 * np.arange(21))
    assert adam_on_slope(3.0, 20).tolist() == path.tolist()
    assert adam_on_slope(300.0, 20) == pytest.approx(path)


@pytest.mark.parametrize("method", [adagrad, rmsprop, adam])
def test_a_factor_before_the_loss_changes_no_adaptive_path(method):
    one = method(quad1.grad, 2.0, 0.1, 50)
    other = method(lambda x: 2000 * x, 2.0, 0.1, 50)
    assert other == pytest.approx(one, abs=1e-6)
    assert on_parabola(method, 50, scale=1000).tolist() == other.tolist()
    assert not feels_scale(method)


def test_methods_with_one_rate_feel_a_factor_before_the_loss():
    for method in descend, momentum, nesterov:
        assert feels_scale(method)


def test_no_slopes_that_can_be_found_make_adams_step_longer_than_the_bound():
    """The longest step is sought by SciPy over 40 slopes, for memories that fit."""
    for beta1, beta2 in (0.5, 0.6), (0.8, 0.9), (0.9, 0.95):
        bound = longest_step(beta1, beta2)
        ages = np.arange(39, -1, -1)
        lengths = lambda g, b1=beta1, b2=beta2, ages=ages: (
            (1 - b1) * (b1**ages) @ g / np.sqrt((1 - b2) * (b2**ages) @ g**2)
        )
        found = minimize(lambda g, f=lengths: -f(g), np.ones(40), method="L-BFGS-B")
        assert 0.97 * bound < -found.fun <= bound
        # with the correction for the start at zero a step is at most that long
        slopes = 1e3 * found.x
        last = _adam_lengths(slopes, beta1=beta1, beta2=beta2)[-1]
        correction = math.sqrt(1 - beta2**40) / (1 - beta1**40)
        assert last == pytest.approx(-found.fun * correction, rel=1e-6)
        assert last <= bound


def test_adams_steps_longer_than_the_rate():
    assert longest_step() == pytest.approx(7.2702918, abs=1e-7)
    after_ever = 0.1 / math.sqrt(0.001)  # one slope after a silence without end
    assert 0.99 * after_ever < after_silence() < after_ever
    assert after_silence(50_000) == pytest.approx(after_ever, rel=1e-6)
    assert 0.99 * longest_step() < while_growing() < longest_step()
    # On a loss: where the plain of tanh² falls off, the slopes grow.
    moves = np.abs(np.diff(adam(plateau.grad, 4.0, 0.01, 600))) / 0.01
    assert 2 < moves.max() < longest_step()


def test_without_bias_correction_adams_steps_are_too_long():
    m = s = 0.0
    for k in range(1, 100):
        m, s = 0.9 * m + 0.1 * 3.0, 0.999 * s + 0.001 * 9.0
        assert 0.1 * m / math.sqrt(s) == approx(uncorrected(k))
    assert 2 - uncorrected(1) == pytest.approx(1.68377, abs=5e-6)
    k = np.arange(1, 1000)
    assert k[uncorrected(k).argmax()] == 12
    assert uncorrected(k).max() == pytest.approx(0.657, abs=1e-3)
    assert uncorrected(500) > 1.5 * 0.1


def test_gradient_descent_and_momentum_do_not_see_the_axes():
    for method, rate in (descend, 0.01), (momentum, 0.01), (nesterov, 0.005):
        one, other = rotation_test(method, rate)
        np.testing.assert_allclose(one, other, atol=1e-12)
    assert quadratic(valley(100))(rotation_test(descend, 0.01)[0][-1]) == pytest.approx(
        0.008975, abs=5e-7
    )


def test_adaptive_methods_see_the_axes():
    for method, rate in (adagrad, 0.5), (rmsprop, 0.05), (adam, 0.05):
        one, other = rotation_test(method, rate)
        assert np.abs(one - other).max() > 0.5
    one, other = rotation_test(adam, 0.05)
    assert quadratic(valley(100))(one[-1]) == pytest.approx(4.0879e-8, rel=1e-3)
    assert quadratic(valley(100))(other[-1]) == pytest.approx(0.158999, rel=1e-5)


def test_turned_by_45_degrees_adams_divisors_are_nearly_one_number():
    for rate in 0.05, 0.1, 0.5:
        assert divisors_apart(45, rate) < 1.04
        assert divisors_apart(0, rate) == pytest.approx(100, rel=1e-4)
    assert 3 < divisors_apart(15) < 5


def test_each_at_its_best_rate_from_random_starts():
    """Turned, only the methods with momentum keep their lead."""
    for start in np.random.default_rng(1).normal(size=(6, 2)):
        best = {
            (method, degrees): _at_its_best(method, degrees, tuple(start))[1]
            for method in METHODS
            for degrees in (0, 45)
        }
        for method in descend, momentum, nesterov:
            assert best[method, 45] == pytest.approx(best[method, 0], rel=1e-3)
        plain = best[descend, 0]
        for method in adagrad, rmsprop:
            assert best[method, 0] < 1e-20 * plain
            assert plain / 10 < best[method, 45] < 20 * plain
        assert best[adam, 0] < 1e-3 * plain
        assert best[adam, 45] < 1e-2 * plain


def test_the_best_rate_of_gradient_descent_in_the_valley():
    """After 200 steps the height is the sum of two powers; no rate is better."""
    rates = np.linspace(0.001, 0.02, 20_000)
    heights = ((1 - rates) ** 400 + 100 * (1 - 100 * rates) ** 400) / 2
    rate, height = _at_its_best(descend, 0)
    assert rate == pytest.approx(rates[heights.argmin()], rel=0.06)
    assert heights.min() <= height < 1.5 * heights.min()


def test_a_start_with_equal_coordinates_is_special_for_adam():
    equal = rotation_test(adam, 0.05)[0]
    assert equal[:, 1] == pytest.approx(equal[:, 0], abs=1e-6)
    lying, turned_back = adam_paths(0.05)
    assert lying[:, 1].min() == pytest.approx(-0.112, abs=1e-3)
    assert lying[:, 1].argmin() == 12
    assert turned_back[-1][0] == pytest.approx(0.06, abs=5e-3)


def test_the_turned_valley_is_the_same_valley():
    lying, turned_valley = valley(100), valley(100, 45)
    np.testing.assert_allclose(np.linalg.eigvalsh(turned_valley), [1, 100])
    np.testing.assert_allclose(turned_valley, [[50.5, -49.5], [-49.5, 50.5]])
    point = np.array([0.3, -0.8])
    assert quadratic(turned_valley)(rotation(45) @ point) == approx(
        quadratic(lying)(point)
    )


def test_dividing_by_the_diagonal_does_not_help_at_45_degrees():
    hess = valley(5, 45)
    assert np.diag(hess) == pytest.approx([3, 3])
    path = descend(lambda x: hess @ x, np.array([1.0, 0.0]), 1 / np.diag(hess), 50)
    assert _errors(path) == approx((2 / 3) ** np.arange(51))
    assert first_within(_errors(path), 0, 1e-6) == predicted_steps(5) == 35
    assert diagonal_steps(hess) == 35
    scaled = valley(100, 45) / 50.5
    low, high = np.linalg.eigvalsh(scaled)
    assert high / low == approx(100)


def walk(beta1, beta2, steps=300):
    slopes = cycle([3.0, -1.0, -1.0])
    return adam(lambda x: next(slopes), 0.0, 0.1, steps, beta1=beta1, beta2=beta2)


def test_adam_with_a_short_memory_walks_up_a_slope():
    assert walk(0.0, 0.1)[-1] == pytest.approx(6.814, abs=1e-3)
    assert walk(0.9, 0.999)[-1] < -5


@pytest.mark.parametrize("corrected", [False, True])
def test_between_walls_it_ends_at_the_worst_point(corrected):
    """Reddi, Kale and Kumar (2018), theorem 1: C = 3, steps that shrink."""
    x, s = 0.0, 0.0
    for k, g in zip(range(1, 3001), cycle([3.0, -1.0, -1.0]), strict=False):
        s = 0.1 * s + 0.9 * g * g
        square = s / (1 - 0.1**k) if corrected else s
        x = float(np.clip(x - 0.1 / math.sqrt(k) * g / math.sqrt(square), -1, 1))
    assert x > 0.98


# The edge of stability.


def test_sharpness_is_the_largest_eigenvalue_of_the_hessian():
    points = np.random.default_rng(0).uniform(-2, 2, (50, 2))
    largest = [np.linalg.eigvalsh(rosenbrock.hess(p))[-1] for p in points]
    assert sharpness(points) == approx(np.array(largest))
    assert sharpness([[1.0, 1.0]])[0] == pytest.approx(1001.60064, abs=5e-6)
    assert 2 / sharpness([[1.0, 1.0]])[0] == pytest.approx(0.0019968038, abs=5e-11)


def test_above_the_limit_the_mean_sharpness_settles_at_two_over_the_rate():
    slow, fast, faster = _at_the_edge((0.0019, 0.0025, 0.003), steps=8000)
    assert fast[-1000:].mean() == pytest.approx(800.4, abs=0.05)
    assert faster[-1000:].mean() == pytest.approx(667.5, abs=0.05)
    assert (np.diff(slow[1000:]) > 0).all()
    assert 999 < slow[-1] < 1001.6
    assert slow.max() < 2 / 0.0019
    assert fast.max() > 2 / 0.0025 + 100


def test_just_above_the_limit_it_settles_as_well_and_below_it_converges():
    path = descend(rosenbrock.grad, np.array([-1.2, 1.0]), 0.002, 30000)
    assert sharpness(path[-2000:]).mean() == pytest.approx(1000.003, abs=0.01)
    assert np.abs(path[-2000:] - 1).max() > 1e-3
    path = descend(rosenbrock.grad, np.array([0.9, 0.8]), 0.0019, 20000)
    assert path[-1] == pytest.approx([1, 1], abs=1e-3)


def test_lowering_the_rate_lets_a_hovering_run_go_on():
    hovering = descend(rosenbrock.grad, np.zeros(2), 0.003, 6000)
    assert min(rosenbrock.f(x) for x in hovering[-100:]) > 0.03
    on = descend(rosenbrock.grad, hovering[-1], 0.0019, 6000)
    assert rosenbrock.f(on[-1]) < 1e-3


# The runs behind the seven places where training is optimisation.


def test_one_pass_over_the_line_in_batches():
    columns = np.stack([line_x, np.ones(4)])
    for batch in 1, 2, 4:
        theta = np.zeros(2)
        for rows in np.arange(4).reshape(-1, batch):
            a = columns[:, rows]
            theta = theta - 0.05 * 2 * a @ (a.T @ theta - line_y[rows]) / batch
        residuals = columns.T @ theta - line_y
        path = sgd(line_grad, np.zeros(2), 4, 0.05, 1, batch)
        assert path[-1] == approx(theta)
        assert line_loss(path[-1]) == approx(residuals @ residuals / 4)
        assert loss_after(1, batch) == line_loss(path[-1])
    assert theta == pytest.approx([0.85, 0.4])


@pytest.mark.parametrize("batch", [1, 2, 4])
def test_the_best_pass_over_the_line_in_all_orders(batch):
    def mean_loss(rate):
        losses = []
        for order in permutations(range(4)):
            turned = lambda theta, chosen, order=order: line_grad(
                theta, np.array(order)[chosen]
            )
            path = sgd(turned, np.zeros(2), 4, rate, 1, batch)
            losses.append(line_loss(path[-1]))
        return np.mean(losses)

    around = [mean_loss(rate) for rate in np.arange(0.035, 0.13, 0.004)]
    assert best_pass(batch) <= min(around) < 1.6 * best_pass(batch)


def test_numbers_of_the_other_places():
    assert predicted_steps(1e4) == 69078
    assert descend(tilted.grad, 1.5, 0.05, 200)[-1] == pytest.approx(0.9601, abs=5e-5)
    counts = [
        first_within(descend(quad1.grad, 2.0, rate, 900), 0, 1e-6)
        for rate in (0.01, 0.25)
    ]
    assert counts == [719, 21]
    path = descend(saddle.grad, np.array([1.0, 0.001]), 0.1, 60)
    left = next(k for k, (_, y) in enumerate(path) if abs(y) > 1)
    assert left == counted_to_leave(0.001) == 38


# The tables, by other means.


def test_the_table_of_weights_adds_up_powers():
    for beta, total, life in cells(table_weights()):
        weights = float(beta) ** np.arange(20_000)
        assert int(total) == round(weights.sum())
        assert float(beta) ** float(life) == pytest.approx(0.5, rel=1e-3)


def test_the_table_of_first_steps_from_the_formulas():
    told = {name: rest for name, *rest in cells(table_first_step())}
    # one gradient, 4 or 4000, times the rate
    assert told["gradient descent"] == told["momentum"] == ["1.6", "-398"]
    assert told["AdaGrad"] == told["Adam"] == ["1.9", "1.9"]
    # the root of a hundredth of g² is a tenth of |g|
    assert told["RMSProp"] == ["1", "1"]


def test_the_table_of_the_turned_valley_has_the_powers_of_the_factors():
    told = {name: rest for name, *rest in cells(table_turned())}
    plain, heavy, *alone, adaptive = told.values()
    # the heights at the rates that the table tells are sums of powers
    height, rate = map(float, plain[0].split(" with "))
    steep = 100 * (1 - 100 * 10 ** (round(40 * math.log10(rate)) / 40)) ** 400
    flat = (1 - 10 ** (round(40 * math.log10(rate)) / 40)) ** 400
    assert height == pytest.approx((flat + steep) / 2, rel=0.03)
    assert plain[0] == plain[1]
    assert heavy[0] == heavy[1]
    height, rate = map(float, heavy[0].split(" with "))
    rate, found = 10 ** (round(40 * math.log10(rate)) / 40), 0
    for curvature in 1, 100:
        power = np.linalg.matrix_power(momentum_matrix(rate * curvature, 0.9), 200)
        found += curvature * power[0, 0] ** 2 / 2
    assert height == pytest.approx(found, rel=0.05)
    for lying, turned in alone:
        assert lying.startswith("below 1e-16")
        assert float(turned.split()[0]) > 1e-5
    lying, turned = (float(text.split()[0]) for text in adaptive)
    assert lying < turned < 1e-8


def test_the_table_of_adams_rates():
    """Where the coordinates are the eigenvectors, they are runs on parabolas."""
    rows = np.array(cells(table_rates()), float)
    assert rows[:, 0].tolist() == [0.05, 0.1, 0.2, 0.5]
    for rate, lying, turned, lying_too, turned_too in rows:
        for start, told in ((1.0, 1.0), lying), ((1.0, 0.3), lying_too):
            x = adam(lambda x: x, start[0], rate, 200)[-1]
            y = adam(lambda y: 100 * y, start[1], rate, 200)[-1]
            assert told == pytest.approx((x * x + 100 * y * y) / 2, rel=0.05)
        worse = turned / lying, turned_too / lying_too
        assert (min(worse) > 1e5) == (rate == 0.05)
    assert rows[-1, 1:].max() < 1e-7


def test_the_table_of_the_edge_is_near_two_over_the_rate():
    slow, *above = cells(table_edge())
    assert slow[1] == f"{2 / 0.0019:.1f}"
    assert 999 < float(slow[2]) < 1001.6
    for rate, edge, found in above:
        assert float(edge) == pytest.approx(2 / float(rate), abs=0.05)
        assert float(found) == pytest.approx(2 / float(rate), rel=0.002)


def lengths(path):
    """The steps downhill of a path, in units of a tenth, which is the rate."""
    assert len(path) == 11
    return -np.diff(path) / 0.1


def test_unasked_momentum_and_nesterov_take_ten_steps_of_a_geometric_sum():
    """Under a constant slope of 1 the velocity is 1 + 0.9 + 0.81 + …"""
    slope = lambda x: 1.0
    sums = np.array([sum(0.9**j for j in range(k)) for k in range(1, 11)])
    np.testing.assert_allclose(lengths(lesson.momentum(slope, 0.0)), sums)
    told = lengths(lesson.nesterov(slope, 0.0))
    np.testing.assert_allclose(told, 1 + 0.9 * sums)


def test_a_slope_as_small_as_eps_is_not_blown_up():
    """The slopes are near to the eps of their methods, with their own constants."""
    k = np.arange(1, 11)
    told = lengths(lesson.adagrad(lambda x: 1e-10, 0.0))
    np.testing.assert_allclose(told, 1 / (np.sqrt(k) + 1))
    told = lengths(lesson.rmsprop(lambda x: 1e-7, 0.0))
    np.testing.assert_allclose(told, 10 / (10 * np.sqrt(1 - 0.99**k) + 1))
    told = lengths(lesson.adam(lambda x: 1e-8, 0.0))
    np.testing.assert_allclose(told, np.full(10, 1 / 2))
