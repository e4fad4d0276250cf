"""The facts that the lessons rely on when they use a data set."""

import math
from itertools import product

import numpy as np
import pytest
from shared import data
from shared.data import (
    gate_x,
    gate_y,
    houses,
    line_noise,
    line_x,
    line_y,
    outlier_y,
    overlap_x,
    overlap_y,
    plane_x,
    plane_y,
    steep_x,
    steep_y,
)

ARRAYS = [v for v in vars(data).values() if isinstance(v, np.ndarray)]


def design(inputs):
    """The inputs with a column of ones, for the bias."""
    return np.column_stack([inputs, np.ones(len(inputs))])


def least_squares(inputs, targets):
    return np.linalg.lstsq(design(inputs), targets)[0]


def eigenvalues(matrix):
    return np.linalg.eigvalsh(matrix.T @ matrix)


def condition(matrix):
    low, *_, high = eigenvalues(matrix)
    return high / low


@pytest.mark.parametrize("array", [*ARRAYS, *gate_y.values()])
def test_every_data_set_is_float_and_cannot_be_overwritten(array):
    assert array.dtype == float
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 7


@pytest.mark.parametrize(
    ("inputs", "targets"),
    [
        (line_x, line_y),
        (steep_x, steep_y),
        (plane_x, plane_y),
        (overlap_x, overlap_y),
        *((gate_x, targets) for targets in gate_y.values()),
    ],
)
def test_every_example_has_its_target(inputs, targets):
    assert len(inputs) == len(targets)


def test_line_is_two_x_plus_one():
    assert np.array_equal(line_x, [0, 1, 2, 3])
    assert np.array_equal(line_y, 2 * line_x + 1)


def test_line_has_the_loss_the_gradient_and_the_rates_of_the_lessons():
    A = design(line_x)
    assert np.mean(line_y**2) == 21
    gradient = 2 / 4 * A.T @ (A @ [0, 0] - line_y)
    assert gradient.tolist() == [-17, -8]
    step = -0.1 * gradient
    assert step == pytest.approx([1.7, 0.8])
    assert np.mean((A @ step - line_y) ** 2) == pytest.approx(0.535)
    low, high = 2 / 4 * eigenvalues(A)
    root = math.sqrt(61)
    assert [low, high] == pytest.approx([(9 - root) / 2, (9 + root) / 2])
    assert 2 / high == pytest.approx(0.2379500648, abs=5e-11)
    assert 2 / (low + high) == pytest.approx(2 / 9)
    assert high / low == pytest.approx(14.1292247, abs=5e-8)
    hessian = 2 / 4 * A.T @ A
    assert np.linalg.solve(hessian, -gradient) == pytest.approx([2, 1])


def test_noise_leaves_the_line_of_least_squares_where_it_is():
    assert line_noise.sum() == line_noise @ line_x == 0
    assert np.array_equal(np.abs(line_noise), [0.5] * 4)
    assert least_squares(line_x, line_y + line_noise) == pytest.approx([2, 1])


def test_steep_line_is_four_x_minus_four_and_badly_conditioned():
    assert np.array_equal(steep_x, [1, 5, 6])
    assert np.array_equal(steep_y, 4 * steep_x - 4)
    A = design(steep_x)
    residual = A @ [2, 2] - steep_y
    assert residual @ residual == 68
    assert (2 * A.T @ residual).tolist() == [-104, -12]
    assert 1 / eigenvalues(A)[-1] == pytest.approx(0.0155406696, abs=5e-11)
    assert condition(A) == pytest.approx(98.585, abs=5e-4)
    assert condition(design(steep_x - steep_x.mean())) == pytest.approx(14 / 3)


def test_plane_is_three_x1_minus_two_x2_plus_one():
    assert plane_y.tolist() == [1, 4, -1, 2, 5]
    assert np.array_equal(plane_y, plane_x @ [3, -2] + 1)
    A = design(plane_x)
    gradient = A.T @ (A @ [0, 0, 0] - plane_y) / 5
    assert gradient == pytest.approx([-3.2, -1.2, -2.2])
    assert least_squares(plane_x, plane_y) == pytest.approx([3, -2, 1])
    assert 2 / (eigenvalues(A)[-1] / 5) == pytest.approx(0.8610095605, abs=5e-11)


def test_gates_are_their_truth_tables():
    assert gate_x.tolist() == [list(row) for row in product((0, 1), repeat=2)]
    for x1, x2, *targets in zip(*gate_x.T, *gate_y.values(), strict=True):
        x1, x2 = bool(x1), bool(x2)
        assert targets == [x1 and x2, x1 or x2, not x1 and x2, x1 != x2]
    assert list(gate_y) == ["AND", "OR", "NOT x1 AND x2", "XOR"]


def test_every_gate_but_xor_is_parted_by_a_line():
    lines = [(1, 1, -1.5), (1, 1, -0.5), (-1, 1, -0.5)]
    for name, line in zip(["AND", "OR", "NOT x1 AND x2"], lines, strict=True):
        assert np.array_equal(design(gate_x) @ line > 0, gate_y[name])
    # The ends of each diagonal have the same middle, so whatever line puts one
    # diagonal on its upper side has the other's middle there as well.
    ones, zeros = gate_x[gate_y["XOR"] == 1], gate_x[gate_y["XOR"] == 0]
    assert np.array_equal(ones.mean(axis=0), zeros.mean(axis=0))
    assert least_squares(gate_x, gate_y["XOR"]) == pytest.approx([0, 0, 0.5], abs=1e-15)


def test_classes_overlap():
    ones, zeros = overlap_x[overlap_y == 1], overlap_x[overlap_y == 0]
    assert zeros.min() < ones.min() < zeros.max() < ones.max()
    assert np.array_equal(overlap_x, -overlap_x[::-1])
    assert np.array_equal(overlap_y, 1 - overlap_y[::-1])
    # Newton's first step on the log loss, from zero, where every p is 1/2.
    first = overlap_x @ (overlap_y - 0.5) / (0.25 * overlap_x @ overlap_x)
    assert first == pytest.approx(20 / 21)


def test_outlier_moves_the_mean_and_not_the_median():
    assert outlier_y.mean() == 22
    assert np.median(outlier_y) == 3


def test_houses_are_the_same_on_every_call():
    assert houses().shape == (100, 2)
    assert np.array_equal(houses(), houses())
    area, rooms = houses().T
    assert np.all((area >= 50) & (area <= 250))
    assert np.array_equal(rooms, np.round(rooms))


def test_houses_are_badly_conditioned_until_they_are_standardised():
    raw = houses()
    centred = raw - raw.mean(axis=0)
    standardised = centred / raw.std(axis=0)
    kappas = [condition(design(inputs)) for inputs in (raw, centred, standardised)]
    assert kappas == pytest.approx([231790.37, 6184, 16.37546], rel=1e-4)
    # Steps to a millionth of the error at the best fixed rate: log of (κ+1)/(κ-1).
    steps = [math.ceil(math.log(1e6) / math.log1p(2 / (k - 1))) for k in kappas]
    assert (steps[0], steps[2]) == (1_601_152, 113)
