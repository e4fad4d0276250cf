"""Two layers: backpropagation against PyTorch, differences and algebra; the census."""

import math
from itertools import pairwise

import layers
import numpy as np
import pytest
import record_torch
import sympy
from conftest import cells
from layers import (
    CUT,
    HALVES,
    HAND,
    PAPER,
    SOLVED,
    THIRDS,
    XOR,
    _flip,
    _hand_hidden,
    _hessian,
    answers,
    backward_one,
    between,
    by_hand,
    census,
    curvatures,
    distinct,
    doubles,
    forward,
    forward_one,
    gradient,
    longer,
    loss,
    loss_from_zero,
    ones_together,
    orders,
    outcome,
    outcomes,
    pack,
    parameters,
    random_start,
    seed_of,
    solved_hidden,
    swap,
    table_by_hand,
    table_outcomes,
    table_parameters,
    threshold,
    unpack,
)
from loss import sigmoid
from record_torch import NETWORK_STEPS, NETWORKS, recorded
from regression import linear, measured_gradient, train
from scipy.integrate import solve_ivp
from scipy.optimize import approx_fprime, check_grad, minimize
from shared.data import gate_x, gate_y

RANDOM = np.random.default_rng(0).normal(size=(20, 9))


def test_three_thresholds_make_xor():
    assert by_hand(*gate_x.T).tolist() == gate_y["XOR"].tolist()
    either, both = _hand_hidden().T
    assert either.tolist() == gate_y["OR"].tolist()
    assert both.tolist() == gate_y["AND"].tolist()


def test_a_line_parts_xor_behind_the_hidden_units_by_hand():
    z = linear(HAND[6:], _hand_hidden())
    assert threshold(z).tolist() == XOR.tolist()


def test_sigmoids_with_large_weights_come_near_to_the_thresholds():
    assert np.abs(answers(20 * HAND) - XOR).max() < 1e-3 * 0.1


def test_the_network_on_paper_has_the_numbers_of_the_lesson():
    assert answers(PAPER) == pytest.approx(
        [0.62484461, 0.64788827, 0.64788827, 0.62484461], abs=5e-9
    )
    assert loss(PAPER, gate_x, XOR) == pytest.approx(0.7072259925, abs=5e-11)
    W1, b1, W2, b2 = unpack(gradient(PAPER, gate_x, XOR))
    first = [[0.03204662, 0.04716229], [0.04716229, 0.03204662]]
    assert pytest.approx(np.array(first), abs=5e-9) == W1
    assert b1[:, 0] == pytest.approx([0.07920891] * 2, abs=5e-9)
    assert W2[0] == pytest.approx([0.04709978] * 2, abs=5e-9)
    assert b2[0, 0] == pytest.approx(0.1363664383, abs=5e-11)


@pytest.mark.parametrize("name", NETWORKS)
def test_backpropagation_is_pytorchs_at_every_step_of_a_training(name):
    theirs = recorded("torch_layers")[name]
    start = np.array(NETWORKS[name])
    path, losses = train(loss, gradient, start, gate_x, XOR, 1.0, NETWORK_STEPS)
    exactly = {"rtol": 0, "atol": 1e-12}
    np.testing.assert_allclose(answers(start), theirs["outputs"], **exactly)
    np.testing.assert_allclose(path, theirs["path"], **exactly)
    np.testing.assert_allclose(losses[:-1], theirs["losses"], **exactly)
    slopes = gradient(path[:-1], gate_x, XOR)
    np.testing.assert_allclose(slopes, theirs["slopes"], **exactly)


def test_pytorch_was_given_our_data():
    """Where it is installed, test_torch.py compares the record with it."""
    assert {"x": gate_x.tolist(), "y": XOR.tolist()} == record_torch.XOR
    assert NETWORKS["paper"] == PAPER.tolist()
    assert "torch_layers" in record_torch.RECORDERS


def test_the_gradient_agrees_with_differences_ours_and_scipys():
    for theta in RANDOM:
        ours = measured_gradient(loss, theta, gate_x, XOR)
        np.testing.assert_allclose(gradient(theta, gate_x, XOR), ours, atol=1e-9)
    assert check_grad(loss, gradient, PAPER, gate_x, XOR) < 1e-6
    hidden4 = random_start(3, hidden=4)
    np.testing.assert_allclose(
        gradient(hidden4, gate_x, XOR),
        measured_gradient(loss, hidden4, gate_x, XOR),
        atol=1e-9,
    )


def test_the_gradient_is_what_computer_algebra_gives():
    names = sympy.symbols("a b c d e f g h i")
    a, b, c, d, e, f, g, h, i = names
    squash = lambda z: 1 / (1 + sympy.exp(-z))
    total = 0
    for (x1, x2), y in zip(gate_x.tolist(), XOR.tolist(), strict=True):
        one = squash(a * x1 + b * x2 + e)
        other = squash(c * x1 + d * x2 + f)
        p = squash(g * one + h * other + i)
        total -= (sympy.log(p) if y else sympy.log(1 - p)) / 4
    slopes = sympy.lambdify(names, [sympy.diff(total, name) for name in names])
    for theta in (PAPER, *RANDOM[:3]):
        expected = np.array(slopes(*theta), float)
        np.testing.assert_allclose(gradient(theta, gate_x, XOR), expected, atol=1e-14)


def test_one_example_with_plain_numbers_is_what_the_arrays_give():
    for theta in (PAPER, CUT, *RANDOM):
        each = []
        for n, (x, y) in enumerate(zip(gate_x, XOR, strict=True)):
            a1, a2, p = forward_one(theta, x)
            hidden, z = forward(theta, gate_x[n : n + 1])
            assert [a1, a2] == pytest.approx(hidden[:, 0], rel=1e-15)
            assert p == pytest.approx(sigmoid(z[0, 0]), rel=1e-14)
            each.append(backward_one(theta, x, y))
        mean = np.mean(each, axis=0)
        np.testing.assert_allclose(mean, gradient(theta, gate_x, XOR), atol=1e-15)


def test_along_a_cut_wire_no_error_comes_back():
    slopes = backward_one(CUT, (1, 1), 0)
    assert np.flatnonzero(slopes == 0).tolist() == [0, 1, 4]
    assert np.flatnonzero(CUT != PAPER).tolist() == [6]


def test_a_solved_network_lays_the_ones_together_or_the_zeros():
    path = census()[0][-1]
    solved = [seed for seed, kind in enumerate(outcomes()) if kind == "solved"]
    for seed, ones in zip(solved, ones_together(), strict=True):
        a = forward(path[seed], gate_x)[0]
        near = [np.hypot(*(a[:, i] - a[:, j])) < 0.1 for i, j in ((1, 2), (0, 3))]
        assert near == [ones, not ones]


def test_the_hessian_agrees_with_scipys_differences_and_is_indefinite():
    ours = _hessian(PAPER, gate_x, XOR)
    theirs = approx_fprime(PAPER, gradient, 1e-7, gate_x, XOR)
    np.testing.assert_allclose(ours, theirs, atol=1e-6)
    assert np.array_equal(ours, ours.T)
    values = np.linalg.eigvalsh(ours)
    assert (values < -1e-3).sum() == 2
    assert (values > 1e-3).sum() == 7
    np.testing.assert_array_equal(curvatures(PAPER), values)


def test_a_stack_of_networks_is_each_of_them():
    stacked = RANDOM.reshape(4, 5, 9)
    assert np.array_equal(pack(*unpack(stacked)), stacked)
    losses = loss(stacked, gate_x, XOR)
    slopes = gradient(stacked, gate_x, XOR)
    assert losses.shape == (4, 5)
    for at in np.ndindex(4, 5):
        assert losses[at] == pytest.approx(loss(stacked[at], gate_x, XOR), abs=1e-14)
        one = gradient(stacked[at], gate_x, XOR)
        np.testing.assert_allclose(slopes[at], one, atol=1e-15)


def test_without_an_activation_two_layers_are_one():
    W1, b1, W2, b2 = unpack(RANDOM[0])
    one = np.append(W2 @ W1, W2 @ b1 + b2)
    np.testing.assert_allclose(
        (W2 @ (W1 @ gate_x.T + b1) + b2)[0], linear(one, gate_x), atol=1e-14
    )


def test_training_from_zero_does_not_move():
    assert not gradient(np.zeros(9), gate_x, XOR).any()
    path, losses = train(loss, gradient, np.zeros(9), gate_x, XOR, 1.0, 50)
    assert not path.any()
    assert np.all(losses == losses[0])
    assert losses[0] == pytest.approx(math.log(2), rel=1e-15)
    assert loss_from_zero() == losses[0]


def test_equal_starts_stay_twins():
    starts = np.array([np.full(9, value) for value in (0.1, 0.5, 1.0)])
    path, losses = train(loss, gradient, starts, gate_x, XOR, 1.0, 5000)
    W1, b1, W2, _ = unpack(path[-1])
    assert np.array_equal(W1[:, 0], W1[:, 1])
    assert np.array_equal(b1[:, 0], b1[:, 1])
    assert np.array_equal(W2[..., 0], W2[..., 1])
    assert losses[-1, 1] == pytest.approx(0.4792, abs=5e-5)
    assert np.all(losses[-1] > THIRDS)


def test_a_single_hidden_unit_gets_no_lower_than_the_twins():
    """Twins are one unit with twice the weight; SciPy tries from many starts."""
    rng = np.random.default_rng(1)
    ends = [
        minimize(loss, rng.normal(scale=4, size=5), (gate_x, XOR), jac=gradient).fun
        for _ in range(10)
    ]
    assert min(ends) == pytest.approx(THIRDS, abs=1e-3)
    assert min(ends) > THIRDS


def test_the_starts_of_the_census_have_no_bias():
    for seed in 0, 7:
        for hidden in 2, 4:
            W1, b1, W2, b2 = unpack(random_start(seed, hidden))
            assert W1.shape == (hidden, 2)
            assert W2.shape == (1, hidden)
            assert not b1.any()
            assert not b2.any()
            rng = np.random.default_rng(seed)
            assert np.array_equal(W1, rng.normal(size=(hidden, 2)))
            assert np.array_equal(W2, rng.normal(size=(1, hidden)))


def test_the_census_of_fifty_seeds():
    kinds = outcomes()
    counts = [kinds.count(kind) for kind in ("solved", "halves", "thirds", "other")]
    assert counts == [35, 13, 2, 0]
    path, losses = census()
    solved = losses[-1] < SOLVED
    assert losses[-1][solved].max() < 0.01
    np.testing.assert_array_equal(answers(path[-1][solved]).round(), [XOR] * 35)
    assert losses[-1][~solved].min() > HALVES
    assert seed_of("halves") == 1
    assert seed_of("thirds") == 4


def test_one_run_of_the_census_is_the_run_of_its_seed():
    path, losses = train(loss, gradient, random_start(3), gate_x, XOR, 1.0, 300)
    np.testing.assert_allclose(census()[0][:301, 3], path, atol=1e-9)
    np.testing.assert_allclose(census()[1][:301, 3], losses, atol=1e-10)


def test_stalled_networks_know_some_examples_and_guess_the_others():
    path, _ = census()
    for seed, kind in enumerate(outcomes()):
        wrong = np.sort(np.abs(answers(path[-1, seed]) - XOR))
        if kind == "halves":
            assert wrong == pytest.approx([0, 0, 0.5, 0.5], abs=0.01)
        if kind == "thirds":
            assert wrong == pytest.approx([0, 1 / 3, 1 / 3, 2 / 3], abs=0.01)
    two, three = math.log(2), -2 * math.log(2 / 3) - math.log(1 / 3)
    assert pytest.approx(2 * two / 4) == HALVES
    assert pytest.approx(three / 4) == THIRDS


def test_in_5000_more_steps_one_of_fifteen_is_freed():
    after = longer()
    assert after.shape == (5001, 15)
    kinds = [outcome(value) for value in after[-1]]
    assert [kinds.count(k) for k in ("solved", "halves", "thirds")] == [1, 13, 1]
    stuck = np.array([kind != "solved" for kind in kinds])
    fall = (after[0] - after[-1])[stuck]
    assert np.all((fall > 0) & (fall < 1e-3))
    path, losses = census()
    size = np.linalg.norm(path[:, losses[-1] > 0.1][:, stuck], axis=-1)
    assert np.all(size[5000] > size[4000])
    assert np.all(size[4000] > size[3000])


def flow(theta, end):
    """Gradient descent with steps so small that it is a flow, by SciPy's LSODA."""
    slopes = lambda _, theta: -gradient(theta, gate_x, XOR)
    run = solve_ivp(slopes, (0, end), theta, "LSODA", rtol=1e-8, atol=1e-10)
    return run.t, run.y.T


def test_both_thirds_leave_their_saddle_in_the_end():
    """In units of steps at rate 1; gradient descent takes 481,000 for seed 4."""
    left = []
    for seed, kind in enumerate(outcomes()):
        if kind == "thirds":
            times, path = flow(census()[0][-1, seed], 1e6)
            losses = loss(path, gate_x, XOR)
            assert losses[-1] < 1e-3
            left.append((seed, times[(losses < SOLVED).argmax()]))
    (first, late), (second, soon) = left
    assert (first, second) == (4, 26)
    assert 400_000 < late < 550_000
    assert soon < 5000


def test_the_halves_walk_for_a_million_steps_and_stay_above_their_level():
    for seed, kind in enumerate(outcomes()):
        if kind == "halves":
            theta = flow(census()[0][-1, seed], 1e6)[1][-1]
            assert HALVES < loss(theta, gate_x, XOR) < HALVES + 1e-5
            assert curvatures(theta)[0] > 0
            assert np.linalg.norm(theta) > np.linalg.norm(census()[0][-1, seed])


def test_what_zero_does_depends_on_the_balance_of_the_labels():
    """The slopes at zero by hand: only the last layer has any."""
    for number in range(16):
        y = np.array([number >> k & 1 for k in range(4)], float)
        slopes = gradient(np.zeros(9), gate_x, y)
        error = (2 - y.sum()) / 4
        assert slopes == pytest.approx([0] * 6 + [error / 2] * 2 + [error])
    AND, start = gate_y["AND"], np.zeros(9)
    path, losses = train(loss, gradient, start, gate_x, AND, 1.0, 3000)
    np.testing.assert_array_equal(path[-1], swap(path[-1]))
    assert losses[-1] < 0.01 < losses[0]


def test_zero_is_a_flat_saddle_of_xor():
    """Along w and −w in the first layer and 1, 1 in the last the loss is lower."""
    assert curvatures(np.zeros(9)) == pytest.approx([0] * 8 + [0.375], abs=1e-6)
    lower = minimize(loss, np.full(9, 0.3) * RANDOM[0], (gate_x, XOR), jac=gradient)
    assert lower.fun < math.log(2)
    way = lower.x / np.linalg.norm(lower.x)
    assert np.any(loss(np.outer([0.3, 1, 3], way), gate_x, XOR) < math.log(2))


def test_more_hidden_units_fail_less_often():
    assert outcomes(4).count("solved") == 49


@pytest.mark.parametrize("theta", [PAPER, *RANDOM[:3]])
def test_swapping_and_flipping_units_changes_no_answer(theta):
    every = [
        turned
        for one in (theta, swap(theta))
        for turned in (one, _flip(one, 0), _flip(one, 1), _flip(_flip(one, 0), 1))
    ]
    np.testing.assert_array_equal(doubles(theta), every)
    for double in every:
        np.testing.assert_allclose(answers(double), answers(theta), atol=1e-14)
    np.testing.assert_array_equal(swap(swap(theta)), theta)
    if theta is not PAPER:
        assert len({tuple(double.round(9)) for double in every}) == 8
        assert distinct(doubles(theta)) == 8
        assert distinct(orders(theta)) == 2
        assert distinct([theta, theta]) == 1
    for same in orders(theta):
        np.testing.assert_allclose(answers(same), answers(theta), atol=1e-14)


def test_the_loss_bulges_between_two_equal_solutions():
    theta = census()[0][-1, 0]
    ends = between(theta, swap(theta), np.array([0.0, 1.0]))
    middle = between(theta, swap(theta), 0.5)
    assert ends[0] == pytest.approx(ends[1], rel=1e-12)
    assert middle > THIRDS > 100 * ends[0]
    W1, b1, W2, _ = unpack((theta + swap(theta)) / 2)
    assert np.array_equal(W1[0], W1[1])
    assert b1[0] == b1[1]
    assert W2[0, 0] == W2[0, 1]


def test_hidden_units_of_the_solution_put_the_ones_together():
    theta = census()[0][-1, 0]
    hidden, z = forward(theta, gate_x)
    np.testing.assert_array_equal(solved_hidden(), hidden.T)
    one, other = hidden[:, XOR == 1].T
    assert np.linalg.norm(one - other) < 0.1
    assert np.array_equal(z[0] > 0, XOR == 1)


def test_the_two_networks_of_the_regions():
    path, _ = census()
    band = answers(path[-1, seed_of("solved")])
    assert np.array_equal(band > 0.5, XOR == 1)
    guess = answers(path[-1, seed_of("halves")])
    assert guess == pytest.approx([0, 0.5, 1, 0.5], abs=0.01)


def test_tanh_is_the_sigmoid_in_other_units():
    z = np.linspace(-5, 5, 21)
    np.testing.assert_allclose(np.tanh(z), 2 * sigmoid(2 * z) - 1, atol=1e-15)


def test_counts_of_parameters():
    assert parameters(2, 1) == 3
    assert parameters(2, 2, 1) == 9 == len(PAPER)
    assert parameters(3, 3, 2, 1) == 23
    assert parameters(784, 16, 16, 10) == 13_002


def test_the_loop_is_that_of_regression():
    assert layers.train is train
    assert train.__module__ == "regression"


def test_the_table_by_hand_is_that_of_three_sentences():
    """Either, both, and either but not both, of whole numbers."""
    rows = [
        [str(int(v)) for v in (a, b, a or b, a and b, (a or b) and not (a and b))]
        for a in (0, 1)
        for b in (0, 1)
    ]
    assert cells(table_by_hand()) == rows


def test_the_table_of_the_outcomes_counts_all_seeds_and_has_the_loss_of_its_answers():
    rows = cells(table_outcomes())
    assert sum(int(count) for _, count, _, _ in rows) == 50
    for _, _, value, says in rows:
        p = [float(text) for text in says.split(", ")]
        said = [q if y else 1 - q for q, y in zip(p, (0, 1, 1, 0), strict=True)]
        mean = -sum(math.log(q) for q in said) / 4
        assert float(value) == pytest.approx(mean, abs=0.012)
    assert [float(value) < SOLVED for _, _, value, _ in rows] == [True, False, False]


def test_the_table_of_the_parameters_counts_every_array():
    for layers_of, count, entries in cells(table_parameters()):
        sizes = [int(text) for text in layers_of.split("–")]
        weights = [np.empty((h, m)) for m, h in pairwise(sizes)]
        d = sum(W.size + len(W) for W in weights)
        assert (count, entries) == (f"{d:,}", f"{d * d:,}")


def test_the_runs_that_solve_later_are_those_below_the_limit():
    kinds = [outcome(value) for value in longer()[-1]]
    assert np.sum(longer()[-1] < SOLVED) == kinds.count("solved")


def test_a_unit_answers_above_its_threshold_and_not_on_it():
    np.testing.assert_array_equal(layers.threshold([-1e-9, 0.0, 1e-9]), [0, 0, 1])


@pytest.mark.parametrize(
    ("x1", "x2", "answer"), [(0.3, 0.1, 0), (0.4, 0.2, 1), (0.7, 0.7, 1), (0.9, 0.8, 0)]
)
def test_the_units_by_hand_part_the_plane_by_two_lines(x1, x2, answer):
    """Between x₁ + x₂ = ½ and 1½ the answer is 1."""
    assert layers.by_hand(x1, x2) == answer
