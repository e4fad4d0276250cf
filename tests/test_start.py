"""What optimisation is: the landscape of the line, and losses on new data."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pytest
from conftest import cells
from descent import central_difference, descend
from loss import mse
from shared.data import line_x, line_y
from shared.landscapes import tilted
from shared.line import line_grad, line_loss
from start import (
    _HIKE_SAID,
    _HIKE_STEPS,
    HIKE,
    KNOWN,
    LINES,
    NEW,
    _hike_says,
    away,
    beaten_from,
    claim_centimetres_make_valleys_narrower,
    claim_degree_11_leaves_the_picture,
    claim_longer_steps_jump_over_the_hill,
    claim_no_fit_beats_the_wave,
    claim_small_steps_stay_in_their_valley,
    claim_the_degree_that_fits_best_is_not_the_best_model,
    claim_the_loss_on_new_points_turns,
    claim_the_slope_is_not_the_way,
    claim_training_loss_does_not_rise,
    degree_losses,
    figure_keyhole,
    line,
    loss_surface,
    nearest,
    off_the_way,
    parameters,
    table_degrees,
    table_lines,
    table_models,
    units,
    wave,
    weights,
)


@pytest.fixture(scope="module")
def losses():
    return degree_losses(KNOWN, NEW, range(12))


@pytest.mark.parametrize(
    ("layers", "number"),
    [
        ([1, 1], 2),
        ([2, 1], 3),
        ([2, 2, 1], 9),
        ([3, 3, 2, 1], 23),
        ([784, 16, 16, 10], 13_002),
    ],
)
def test_parameters_are_counted_as_arrays_would_have_them(layers, number):
    arrays = [
        array
        for before, after in itertools.pairwise(layers)
        for array in (np.zeros((after, before)), np.zeros(after))
    ]
    assert parameters(layers) == sum(array.size for array in arrays) == number


def test_weights_and_biases_are_all_parameters():
    for layers in [1, 1], [2, 2, 1], [784, 16, 16, 10]:
        assert weights(layers) + units(layers[1:]) == parameters(layers)


def test_a_map_of_the_digit_reader_needs_a_number_of_26005_digits():
    digits = 2 * parameters([784, 16, 16, 10]) + 1
    assert 10 ** (digits - 1) <= 100**13_002 < 10**digits


def test_what_is_said_of_the_hike_is_true_wherever_its_sliders_stand():
    rates, starts = np.arange(1, 31) / 100, np.arange(-38, 39) / 20
    rate, path = rates[:, np.newaxis], [np.tile(starts, (len(rates), 1))]
    with np.errstate(all="ignore"):
        for _ in range(_HIKE_STEPS):
            path.append(path[-1] - rate * tilted.grad(path[-1]))
    path = np.array(path)
    out = abs(path) > 3
    out |= np.isnan(path)
    met = set()
    for i, one in enumerate(rates):
        for j, start in enumerate(starts):
            which, number = _hike_says(float(one), float(start))
            met.add(which)
            if which == "out":
                assert number == out[:, i, j].argmax() > 0
                continue
            near = abs(path[-2:, i, j, np.newaxis] - tilted.minima) < 0.01
            assert not out[:, i, j].any()
            assert number == pytest.approx(path[-1, i, j])
            assert which == ("lowest" if near[:, 0].all() else "nearer") or (
                which == "neither" and not near.all(axis=0).any()
            )
    assert met == _HIKE_SAID.keys()


def test_the_hiker_ends_in_a_valley_that_is_not_the_lowest():
    deepest, other = tilted.minima
    assert HIKE[0] == 1.5
    assert HIKE[-1] == pytest.approx(other, abs=1e-4)
    assert tilted.f(deepest) < tilted.f(other)


def test_small_steps_stay_in_their_valley_and_long_ones_need_not():
    assert claim_small_steps_stay_in_their_valley()
    assert claim_longer_steps_jump_over_the_hill()
    assert descend(tilted.grad, 2.0, rate=0.03, steps=200)[-1] > 0
    jumped = descend(tilted.grad, 2.0, rate=0.1, steps=200)
    assert jumped[-1] == pytest.approx(tilted.minima[0])


def test_the_five_lines_have_these_losses():
    expected = {"P": 21.0, "Q": 5.0, "R": 1.5, "S": 7.5, "T": 0.0}
    assert {name: line_loss(theta) for name, theta in LINES.items()} == expected
    for theta in LINES.values():
        assert mse(line_y, line(theta, line_x)) == line_loss(theta)


def test_the_surface_is_the_quadratic_that_the_sums_give():
    w, b = np.linspace(-1, 5, 7), np.linspace(-2, 6, 5)
    grid_w, grid_b = np.meshgrid(w, b)
    formula = (
        3.5 * grid_w**2 + 3 * grid_w * grid_b + grid_b**2 - 17 * grid_w - 8 * grid_b
    ) + 21
    np.testing.assert_allclose(loss_surface(line_x, line_y, w, b), formula, atol=1e-12)


def test_r_and_s_are_equally_far_and_one_costs_five_times_the_other():
    r, s, t = (np.array(LINES[name]) for name in "RST")
    assert np.linalg.norm(r - t) == np.linalg.norm(s - t) == away("R") == away("S")
    assert line_loss(s) == 5 * line_loss(r)


def test_the_slope_at_s_and_that_it_does_not_point_to_the_minimum():
    here = np.array(LINES["S"])
    slopes = line_grad(here)
    np.testing.assert_array_equal(slopes, [10, 5])
    measured = [
        central_difference(lambda w: line_loss([w, here[1]]), here[0]),
        central_difference(lambda b: line_loss([here[0], b]), here[1]),
    ]
    np.testing.assert_allclose(slopes, measured, rtol=1e-8)
    assert np.hypot(*slopes) == pytest.approx(11.2, abs=0.05)
    way = np.array(LINES["T"]) - here
    cosine = -slopes @ way / np.linalg.norm(slopes) / np.linalg.norm(way)
    assert off_the_way("S") == pytest.approx(np.degrees(np.arccos(cosine)))
    assert 18 < off_the_way("S") < 19


def test_downhill_leads_to_the_minimum_along_the_two_axes_of_the_bowl_alone():
    assert claim_the_slope_is_not_the_way()
    hess = np.array([[7.0, 3.0], [3.0, 2.0]])
    for axis in np.linalg.eigh(hess)[1].T:
        slope = line_grad(LINES["T"] + axis)
        assert abs(slope @ axis) == pytest.approx(np.linalg.norm(slope))


def test_the_arrow_of_the_keyhole_is_a_step_drawn_to_scale():
    figure = figure_keyhole()
    [arrow] = [text for text in figure.axes[0].texts if text.arrow_patch]
    plt.close(figure)
    np.testing.assert_allclose(arrow.xyann, LINES["S"])
    np.testing.assert_allclose(arrow.xy, LINES["S"] - 0.1 * np.array([10.0, 5.0]))
    assert figure.axes[0].get_aspect() == 1


def test_centimetres_make_one_direction_a_hundred_times_narrower():
    assert claim_centimetres_make_valleys_narrower()
    curvature = lambda x: 2 * np.mean(x**2)  # of the loss along w
    assert curvature(100 * line_x) == pytest.approx(100**2 * curvature(line_x))


def test_waves_repeat_and_differ_by_their_seed():
    np.testing.assert_array_equal(wave(5, seed=3), wave(5, seed=3))
    assert not np.array_equal(wave(5, seed=3), wave(5, seed=4))


def test_the_fits_are_least_squares():
    """Against the normal problem in Legendre's basis, solved by QR."""
    x, y = KNOWN
    for degree in range(9):
        basis = lambda z, degree=degree: np.polynomial.legendre.legvander(z, degree)
        q, r = np.linalg.qr(basis(x))
        weights = np.linalg.solve(r, q.T @ y)
        (trained,), (tried,) = degree_losses(KNOWN, NEW, [degree])
        assert trained == pytest.approx(mse(y, basis(x) @ weights), rel=1e-8)
        assert tried == pytest.approx(mse(NEW[1], basis(NEW[0]) @ weights), rel=1e-6)


def test_training_loss_falls_with_the_degree_to_nothing(losses):
    trained, _ = losses
    assert (np.diff(trained) < 0).all()
    assert trained[11] < 1e-15


def test_the_loss_on_new_points_is_least_at_degree_three_and_then_explodes(losses):
    trained, tried = losses
    assert int(np.argmin(tried)) == 3
    assert tried[10] > 200
    assert tried[11] > 1000
    assert trained[9] < trained[3] / 2
    assert tried[9] > 4 * tried[3]
    assert tried[0] > tried[3]


def test_training_falls_and_new_points_turn_on_other_data_too():
    """On seeds that the claims have not seen, by an SVD."""
    assert claim_training_loss_does_not_rise()
    assert claim_the_loss_on_new_points_turns()
    for seed in range(200, 210):
        (x, y), (new_x, new_y) = wave(12, seed), wave(1000, seed + 1)
        trained, tried = [], []
        for degree in range(12):
            basis = lambda z, n=degree: np.polynomial.chebyshev.chebvander(z, n)
            weights, *_ = np.linalg.lstsq(basis(x), y, rcond=None)
            trained.append(mse(y, basis(x) @ weights))
            tried.append(mse(new_y, basis(new_x) @ weights))
        assert max(np.diff(trained)) < 1e-9
        assert min(tried) < min(tried[0] / 2, tried[11] / 10)


def test_the_three_fits_do_what_the_picture_says():
    assert claim_degree_11_leaves_the_picture()
    weights = np.linalg.solve(np.vander(KNOWN[0]), KNOWN[1])
    assert abs(np.polyval(weights, np.linspace(-1, 1, 201))).max() > 2.4


def test_no_fit_beats_the_wave_itself(losses):
    assert claim_no_fit_beats_the_wave()
    x, y = NEW  # noise that is not zero on average, and the wave can be beaten
    assert mse(y + 0.2, np.sin(3 * x) + 0.2) < mse(y + 0.2, np.sin(3 * x)) - 0.01
    noise = mse(NEW[1], np.sin(3 * NEW[0]))
    assert noise == pytest.approx(0.3**2, rel=0.15)
    assert min(losses[1]) > noise


def test_the_nearest_neighbour_is_the_nearest():
    guess = nearest(KNOWN, NEW[0][:50])
    known = list(zip(*KNOWN, strict=True))
    for x, y in zip(NEW[0][:50], guess, strict=True):
        _, expected = min((abs(other - x), label) for other, label in known)
        assert y == expected


def test_the_nearest_neighbour_beats_every_fit_above_degree_five(losses):
    assert mse(KNOWN[1], nearest(KNOWN, KNOWN[0])) == 0.0
    score = mse(NEW[1], nearest(KNOWN, NEW[0]))
    assert score < min(losses[1][6:])
    assert score > losses[1][5]
    assert beaten_from() == 6


def test_on_other_data_the_best_fit_is_not_the_best_model_either():
    """Fits by an SVD, and points that the claim has not seen."""
    assert claim_the_degree_that_fits_best_is_not_the_best_model()
    for seed in range(100, 140):
        (x, y), (new_x, new_y) = wave(12, seed), wave(500, seed + 1000)
        low, high = (
            mse(new_y, np.vander(new_x, d) @ np.linalg.lstsq(np.vander(x, d), y)[0])
            for d in (4, 12)
        )
        assert high > 5 * low


def test_the_table_of_models_counts_the_parameters_that_it_names():
    models = cells(table_models())
    assert [row[2] for row in models] == ["1", "2", "3", "9", "13,002"]
    for _, named, number, _ in models[:3]:
        assert len(named.split(",")) == int(number)


def test_the_table_of_lines_adds_up():
    """Each prediction from the row's w and b, and its loss from the predictions."""
    for name, w, b, predictions, loss in cells(table_lines()):
        guesses = np.array([float(guess) for guess in predictions.split(",")])
        assert LINES[name] == (float(w), float(b))
        np.testing.assert_array_equal(guesses, np.polyval([float(w), float(b)], line_x))
        assert float(loss) == ((line_y - guesses) ** 2).sum() / 4


def test_the_table_of_degrees_holds_the_losses_of_least_squares():
    for degree, trained, tried in cells(table_degrees()):
        basis = lambda x, n=int(degree) + 1: np.vander(x, n)
        weights, *_ = np.linalg.lstsq(basis(KNOWN[0]), KNOWN[1], rcond=None)
        known, new = (mse(y, basis(x) @ weights) for x, y in (KNOWN, NEW))
        assert float(trained) == pytest.approx(known, abs=5.1e-5)
        assert float(tried.replace(",", "")) == pytest.approx(new, rel=1e-6, abs=5.1e-4)


def test_a_wave_is_made_of_the_numbers_that_its_seed_draws():
    rng = np.random.default_rng(8)
    x = 2 * rng.random(50) - 1
    y = np.sin(3 * x) + 0.3 * rng.standard_normal(50)
    np.testing.assert_allclose(wave(50, seed=8), [x, y], rtol=1e-12)
