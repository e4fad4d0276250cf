"""The neuron that classifies: its numbers, and its code against SciPy and SymPy."""

import math

import classification
import layers
import mpmath
import numpy as np
import pytest
import regression
import sympy
from classification import (
    LINE,
    NOT_FIRST,
    QUIZ_THETA,
    QUIZ_X,
    SHORTEST,
    STEEPEST,
    best_weight,
    border,
    boundary,
    bump_answers,
    curvature,
    damped_irls,
    descent_weights,
    first_slope,
    gradient,
    grows_like_a_logarithm,
    hessian,
    irls,
    loss,
    margins,
    newton_weights,
    novikoff,
    one_pass,
    perceptron,
    settles,
    slope,
    steps_within,
    table_gates,
    table_training,
    width,
    xor_answers,
    xor_run,
)
from conftest import cells
from loss import sigmoid
from regression import linear, measured_gradient, train
from scipy.optimize import brentq, minimize
from shared.data import gate_x, gate_y, overlap_x, overlap_y, parted_y
from shared.inputs import design


def test_all_three_lessons_train_by_the_same_code():
    assert classification.train is regression.train is layers.train
    assert len({lesson.loss for lesson in (regression, classification, layers)}) == 3
    gradients = {lesson.gradient for lesson in (regression, classification, layers)}
    assert len(gradients) == 3


@pytest.mark.parametrize(
    ("gate", "corrections", "passes", "theta"),
    [
        ("AND", 18, 9, (3, 2, -4)),
        ("OR", 9, 6, (2, 2, -1)),
        ("NOT x1 AND x2", 9, 6, (-3, 2, -1)),
    ],
)
def test_the_perceptron_learns_every_gate_that_a_line_parts(
    gate, corrections, passes, theta
):
    path, mistakes = perceptron(gate_x, gate_y[gate])
    assert sum(mistakes) == corrections == len(path) - 1
    assert len(mistakes) == passes
    assert mistakes[-1] == 0
    assert path[-1].tolist() == list(theta)
    assert np.all(margins(path[-1], gate_x, gate_y[gate]) > 0)


@pytest.mark.parametrize(
    ("X", "y"), [*((gate_x, y) for y in gate_y.values()), (LINE, overlap_y)]
)
def test_one_pass_after_another_is_the_perceptron(X, y):
    path, mistakes = perceptron(X, y, passes=12)
    theta = np.zeros(X.shape[1] + 1)
    for k in range(len(mistakes)):
        theta = one_pass(theta, X, y)
        assert theta.tolist() == path[sum(mistakes[: k + 1])].tolist()


def test_the_perceptron_is_rosenblatts_rule_in_whole_numbers():
    """A second derivation, without arrays and without ±1."""
    w1 = w2 = b = 0
    steps = [(0, 0, 0)]
    clean = False
    while not clean:
        clean = True
        for x1, x2 in (0, 0), (0, 1), (1, 0), (1, 1):
            z, label = w1 * x1 + w2 * x2 + b, x1 and x2
            if (label and z <= 0) or (not label and z >= 0):
                change = 1 if label else -1
                w1, w2, b = w1 + change * x1, w2 + change * x2, b + change
                steps.append((w1, w2, b))
                clean = False
    assert perceptron(gate_x, gate_y["AND"])[0].tolist() == [list(s) for s in steps]


def test_the_moments_of_the_figure():
    path, _ = perceptron(gate_x, gate_y["AND"])
    moments = path[[2, 5, 11, 18]]
    assert moments.tolist() == [[1, 1, 0], [2, 1, -1], [2, 1, -3], [3, 2, -4]]
    touching = [
        int(np.sum(margins(theta, gate_x, gate_y["AND"]) == 0)) for theta in moments
    ]
    assert touching == [1, 1, 1, 0]
    assert np.sum(margins(moments[0], gate_x, gate_y["AND"]) <= 0) == 3


def test_xor_is_a_mistake_at_every_example_for_ever():
    path, mistakes = perceptron(gate_x, gate_y["XOR"], passes=100)
    assert mistakes == [4] * 100
    assert not path[::4].any()
    assert path.shape == (401, 3)


@pytest.mark.parametrize("gate", ["AND", "OR", "NOT x1 AND x2"])
def test_the_mistakes_stay_below_novikoffs_bound(gate):
    y = gate_y[gate]
    sides = [
        {"type": "ineq", "fun": lambda t, i=i: margins(t, gate_x, y)[i] - 1}
        for i in range(4)
    ]
    shortest = minimize(lambda t: t @ t, [1.0, 1, 1], constraints=sides).x
    assert np.all(margins(shortest, gate_x, y) > 1 - 1e-6)
    assert sum(perceptron(gate_x, y)[1]) <= novikoff(shortest, gate_x)
    if gate == "AND":
        assert shortest == pytest.approx([2, 2, -3], abs=1e-5)
        assert shortest == pytest.approx(SHORTEST, abs=1e-5)
        assert novikoff(SHORTEST, gate_x) == 51


def test_the_two_halves_of_the_proof_hold_at_every_mistake():
    path, _ = perceptron(gate_x, gate_y["AND"])
    along = path @ [2, 2, -3]
    squares = (path**2).sum(axis=1)
    assert np.all(np.diff(along) >= 1)
    assert np.all(np.diff(squares) <= 3)


def test_the_drawn_neuron():
    z = linear(np.array([1, -1, 0.5]), np.array([2, 1]))
    assert z == 1.5
    assert sigmoid(z) == pytest.approx(0.8175744761936437)


def test_the_example_of_the_questions():
    theta, x = QUIZ_THETA, QUIZ_X
    assert linear(theta, x) == pytest.approx([0.5 - 0.5 + 0.1])
    assert sigmoid(linear(theta, x)) == pytest.approx(0.52498, abs=5e-6)
    slopes = gradient(theta, x, np.ones(1))
    assert slopes[:2] == pytest.approx([-0.47502, -0.95004], abs=5e-6)


def test_loss_gradient_and_hessian_are_what_computer_algebra_gives():
    parameters = sympy.symbols("w b")
    w, b = parameters
    total = 0
    for x, y in zip(overlap_x.tolist(), overlap_y.tolist(), strict=True):
        p = 1 / (1 + sympy.exp(-(w * sympy.Rational(x) + b)))
        total += -(sympy.log(p) if y else sympy.log(1 - p)) / 6
    for at in ([0, 0], [1, -0.5], [-2, 3]):
        point = dict(zip(parameters, map(sympy.Rational, at), strict=True))
        theta = np.array(at, float)
        assert loss(theta, LINE, overlap_y) == pytest.approx(float(total.subs(point)))
        slopes = [float(sympy.diff(total, p).subs(point)) for p in parameters]
        assert gradient(theta, LINE, overlap_y) == pytest.approx(slopes, abs=1e-14)
        bends = sympy.hessian(total, parameters).subs(point)
        np.testing.assert_allclose(
            hessian(theta, LINE), np.array(bends.evalf(), float), atol=1e-14
        )


def test_the_gradient_agrees_with_differences():
    rng = np.random.default_rng(0)
    for theta in rng.normal(scale=2, size=(5, 3)):
        for y in gate_y.values():
            measured = measured_gradient(loss, theta, gate_x, y)
            np.testing.assert_allclose(gradient(theta, gate_x, y), measured, atol=1e-8)


def test_the_loss_is_convex():
    rng = np.random.default_rng(1)
    for theta in rng.normal(scale=3, size=(50, 3)):
        assert np.linalg.eigvalsh(hessian(theta, gate_x))[0] > 0


def test_training_the_gate_as_the_table_says():
    path, losses = train(loss, gradient, np.zeros(3), gate_x, NOT_FIRST, 1.2, 1000)
    assert path[1] == pytest.approx([-0.3, 0, -0.3], abs=1e-15)
    assert losses[0] == pytest.approx(math.log(2))
    assert losses[1] == pytest.approx(0.5709215975, abs=5e-11)
    assert losses[[2, 50]] == pytest.approx([0.5140, 0.1309], abs=5e-5)
    assert losses[1000] == pytest.approx(0.00765, abs=5e-6)
    # The boundary moves little, the weights grow.
    for x1 in 0.0, 1.0:
        assert abs(boundary(path[1000], x1) - boundary(path[50], x1)) < 0.2
    assert np.linalg.norm(path[1000]) > 2.5 * np.linalg.norm(path[50])


def test_one_half_for_all_is_the_best_that_a_line_can_say_of_xor():
    xor = gate_y["XOR"]
    assert not gradient(np.zeros(3), gate_x, xor).any()
    assert loss(np.zeros(3), gate_x, xor) == pytest.approx(math.log(2))
    found = minimize(loss, np.array([1.0, -2.0, 0.5]), (gate_x, xor), jac=gradient)
    assert found.x == pytest.approx([0, 0, 0], abs=1e-4)
    assert np.linalg.lstsq(design(gate_x), xor)[0] == pytest.approx([0, 0, 0.5])


def test_irls_starts_with_twenty_over_twenty_one():
    path = irls(np.zeros(2), LINE, overlap_y, 6)
    known = [0.95238095, 1.27458568, 1.34787419, 1.35110621, 1.35111216]
    assert path[1:6, 0] == pytest.approx(known, abs=5e-9)
    assert path[1, 0] == pytest.approx(20 / 21, rel=1e-15)
    assert np.abs(path[:, 1]).max() < 1e-15


def test_irls_is_least_squares_with_new_weights_in_each_step():
    """The textbook form: regress z + (y − p)/s on A, with the weights s."""
    theta, A = np.array([0.3, -0.2]), design(LINE)
    path = irls(theta, LINE, overlap_y, 6)
    for step in path[1:]:
        z = A @ theta
        p = sigmoid(z)
        s = p * (1 - p)
        root = np.sqrt(s)
        response = z + (overlap_y - p) / s
        theta = np.linalg.lstsq(root[:, None] * A, root * response)[0]
        np.testing.assert_allclose(step, theta, rtol=1e-10, atol=1e-12)


def test_scipy_finds_the_same_best_weight():
    total = lambda w: overlap_x @ (sigmoid(w * overlap_x) - overlap_y)
    assert best_weight() == pytest.approx(brentq(total, 0, 5, xtol=1e-15), rel=1e-14)
    found = minimize(loss, np.zeros(2), (LINE, overlap_y), jac=gradient, tol=1e-10)
    # Nearer than the root of the rounding, two losses are equal.
    assert found.x == pytest.approx([best_weight(), 0], abs=1e-7)


def test_newton_needs_five_steps_where_descent_needs_thirty_six():
    curvatures = [hessian(np.array([w, 0.0]), LINE) for w in np.linspace(-5, 5, 101)]
    assert max(np.linalg.eigvalsh(H)[-1] for H in curvatures) == STEEPEST
    path, _ = train(
        loss, gradient, np.zeros(2), LINE, overlap_y, 1 / STEEPEST, steps=60
    )
    assert np.array_equal(path[:, 0], descent_weights(60))
    newton = irls(np.zeros(2), LINE, overlap_y)[:, 0]
    assert np.array_equal(newton, newton_weights(0.0, 6))
    for weights, k in (path[:, 0], 36), (newton, 5):
        assert steps_within(weights) == k
        before, after = np.abs(weights[k - 1 : k + 1] - best_weight())
        assert after < 1e-7 <= before


def test_newton_from_four_runs_away_as_far_as_60_digits_say():
    """By mpmath, with b = 0, where the labels are symmetric."""
    path = irls(np.array([4.0, 0.0]), LINE, overlap_y, 3)
    with mpmath.workdps(60):
        w, exact = mpmath.mpf(4), []
        points = list(zip(overlap_x.tolist(), overlap_y.tolist(), strict=True))
        for _ in range(3):
            ps = [1 / (1 + mpmath.exp(-w * x)) for x, _ in points]
            both = list(zip(ps, points, strict=True))
            rise = sum((p - y) * x for p, (x, y) in both)
            w -= rise / sum(p * (1 - p) * x * x for p, (x, _) in both)
            exact.append(float(w))
    assert path[1:, 0] == pytest.approx(exact, rel=1e-9)
    assert exact[-1] == pytest.approx(-9.17065e30, rel=1e-5)
    with np.errstate(over="ignore"), pytest.raises(np.linalg.LinAlgError):
        irls(path[3], LINE, overlap_y, 1)


def test_far_out_two_points_keep_the_hessian_regular():
    """At 141 it has both eigenvalues, where p(1 − p) would lose one point."""
    w = newton_weights(4.0, 2)[2]
    bends = hessian(np.array([w, 0.0]), LINE)
    share = math.exp(-w / 2) / 6
    assert np.linalg.cond(bends) == pytest.approx(4, rel=1e-9)
    assert np.diag(bends) == pytest.approx([share / 2, 2 * share], rel=1e-9)
    p = sigmoid(w * overlap_x)
    rounded = design(LINE).T @ np.diag(p * (1 - p)) @ design(LINE)
    assert np.linalg.matrix_rank(rounded) == 1


@pytest.mark.parametrize("seed", range(5))
def test_descent_at_the_curvature_of_the_minimum_is_about_as_quick(seed):
    """Labels that overlap, drawn at random; weights without a bias, by loops."""
    rng = np.random.default_rng(seed)
    x = rng.normal(size=40)
    y = (rng.random(40) < sigmoid(1.5 * x)).astype(float)
    slopes = lambda w: x @ (sigmoid(w * x) - y) / 40
    bends = lambda w: x**2 @ (sigmoid(w * x) * sigmoid(-w * x)) / 40
    best = brentq(slopes, -20, 20, xtol=1e-14)

    def steps(rate):
        w = 0.0
        for k in range(1000):
            if abs(w - best) < 1e-7:
                return k
            w -= rate(w) * slopes(w)
        return None

    fast, careful = steps(lambda w: 1 / bends(best)), steps(lambda w: 1 / bends(0.0))
    newton = steps(lambda w: 1 / bends(w))
    assert newton <= fast <= 3 * newton < careful + newton


def test_a_bump_makes_xor_and_a_rising_answer_does_not():
    assert bump_answers().astype(float).tolist() == gate_y["XOR"].tolist()
    rng = np.random.default_rng(0)
    sums = design(gate_x) @ rng.normal(size=(3, 10_000))
    for rising in sums, -sums:
        for limit in (-1.0, 0.0, 0.7):
            says = rising > limit
            assert not np.all(says == (gate_y["XOR"] == 1)[:, None], axis=0).any()


def test_data_that_touch_a_line_can_be_parted_by_another():
    X = np.array([[0.0, 1.0], [1.0, 0.0], [0.0, -1.0], [-1.0, 0.0]])
    y = np.array([1.0, 1.0, 0.0, 0.0])
    assert set(y[X[:, 0] == 0]) == {0, 1}
    assert np.all((X[:, 0] >= 0)[y == 1])
    assert np.all((X[:, 0] <= 0)[y == 0])
    assert sum(perceptron(X, y)[1]) == 4


def test_halving_the_step_mends_it():
    path = damped_irls([4.0, 0.0], LINE, overlap_y, 8)
    assert path[-1] == pytest.approx([best_weight(), 0], abs=1e-12)
    losses = [loss(theta, LINE, overlap_y) for theta in path[:6]]
    assert np.all(np.diff(losses) < 0)


def test_the_border_is_a_two_cycle_between_coming_and_going():
    def newton(w):
        p = sigmoid(w * overlap_x)
        return w - overlap_x @ (p - overlap_y) / (overlap_x**2 @ (p * (1 - p)))

    edge = brentq(lambda w: newton(newton(w)) - w, 3.0, 3.2, xtol=1e-15)
    assert border() == pytest.approx(edge, rel=1e-12)
    other = newton(edge)
    assert other == pytest.approx(-1.1607, abs=5e-5)
    for near, comes in (edge - 0.01, 1), (edge + 0.01, 0), (other + 0.01, 1):
        w = near
        for _ in range(30):
            w = newton(w) if abs(w) < 20 else w
        assert (abs(w - best_weight()) < 1e-9) == bool(comes)
    w = other - 0.01
    for _ in range(30):
        w = newton(w) if abs(w) < 20 else w
    assert abs(w) > 20


def test_the_strip_is_as_wide_as_its_two_lines_are_apart():
    for theta in np.random.default_rng(3).normal(size=(10, 3)):
        w, b = theta[:2], theta[2]
        ends = [
            w * (math.log(p / (1 - p)) - b) / (w @ w) for p in (0.1, 0.9)
        ]  # the points of both lines nearest to 0
        assert np.linalg.norm(ends[1] - ends[0]) == pytest.approx(width(theta))
        assert sigmoid(linear(theta, np.array(ends))) == pytest.approx([0.1, 0.9])


def test_the_best_weight_goes_to_infinity_where_the_overlap_ends():
    """The condition of the theorem: the labels overlap by 2e, down to a touch."""
    best = []
    for e in 0.5, 0.1, 0.01, 0.001:
        X = np.array([-2, -1, -e, e, 1, 2])[:, None]
        theta = damped_irls(np.zeros(2), X, overlap_y, 40)[-1]
        assert gradient(theta, X, overlap_y) == pytest.approx([0, 0], abs=1e-9)
        assert 0 in perceptron(X, parted_y, 10_000)[1]
        best.append(theta[0])
    assert np.all(np.diff(best) > 1)
    touch = np.array([-2.0, -1, 0, 0, 1, 2])[:, None]
    path, _ = train(loss, gradient, np.zeros(2), touch, overlap_y, 1.0, 4000)
    assert path[4000, 0] > path[2000, 0] + 0.5 > path[1000, 0] + 1
    assert 0 not in perceptron(touch, overlap_y, 200)[1]


def test_which_runs_of_the_sigmoid_unit_come_to_rest():
    """On overlapping labels near a zero of the gradient; else it goes on like ln k."""
    assert settles(overlap_y)
    assert not settles(parted_y)
    assert grows_like_a_logarithm()
    path, _ = train(loss, gradient, np.zeros(2), LINE, overlap_y, 1.0, 2000)
    assert gradient(path[-1], LINE, overlap_y) == pytest.approx([0, 0], abs=1e-9)


def test_the_slope_in_the_figure_is_the_gradient():
    assert slope(best_weight()) == pytest.approx(0, abs=1e-15)
    assert slope(0) == pytest.approx(-2.5 / 6)


def test_separable_labels_have_no_best_weight():
    path = irls(np.zeros(2), LINE, parted_y, 12)[:, 0]
    assert path[1:4] == pytest.approx([1.33, 2.43, 3.84], abs=5e-3)
    assert np.diff(path)[-1] == pytest.approx(2, abs=1e-3)
    losses = [loss(np.array([w, 0.0]), LINE, parted_y) for w in path]
    ratio = losses[12] / losses[11]
    assert ratio == pytest.approx(math.exp(-1), rel=1e-2)


def test_descent_on_separable_labels_grows_like_twice_the_logarithm():
    w, seen = 0.0, []
    for k in range(1, 100_001):
        # p − y is odd in x, so the points at 0.5, 1 and 2 count twice.
        w += sum(x / (1 + math.exp(w * x)) for x in (0.5, 1, 2)) / 3
        if k in (10, 100, 1000, 10_000, 100_000):
            seen.append(w)
    assert seen == pytest.approx([2.12, 4.95, 8.98, 13.47, 18.06], abs=5e-3)
    assert seen[4] - seen[3] == pytest.approx(2 * math.log(10), rel=5e-3)
    path, _ = train(loss, gradient, np.zeros(2), LINE, parted_y, 1.0, 1000)
    assert path[[10, 100, 1000], 0] == pytest.approx(seen[:3], rel=1e-12)


def test_the_loss_of_large_weights_is_that_of_the_two_nearest_examples():
    for w in 20.0, 30.0:
        at = np.array([w, 0.0])
        small = math.exp(-w / 2)
        assert loss(at, LINE, parted_y) == pytest.approx(small / 3, rel=1e-4)
        assert gradient(at, LINE, parted_y)[0] == pytest.approx(-small / 6, rel=1e-3)
        assert hessian(at, LINE)[0, 0] == pytest.approx(small / 12, rel=1e-3)


def test_a_penalty_gives_separable_labels_a_minimum():
    penalised = lambda t: loss(t, LINE, parted_y) + 0.01 * t[0] ** 2
    ends = [minimize(penalised, [w, 0.0]).x[0] for w in (0.0, 10.0)]
    assert ends[0] == pytest.approx(ends[1], abs=1e-4)


def test_data_that_touch_end_for_neither():
    x, y = np.array([[-1.0], [0], [0], [1]]), np.array([0.0, 0, 1, 1])
    assert perceptron(x, y, passes=50)[1][-1] > 0
    path, losses = train(loss, gradient, np.zeros(2), x, y, 1.0, 3000)
    assert path[3000, 0] - path[300, 0] > 2
    assert losses[-1] > math.log(2) / 2


def test_the_perceptron_never_ends_on_overlapping_labels():
    _, mistakes = perceptron(LINE, overlap_y, passes=300)
    assert len(mistakes) == 300
    assert mistakes[99] == 3
    assert perceptron(LINE, parted_y)[1][-1] == 0


def test_the_curvature_is_the_mean_of_x_squared_p_times_not_p():
    for w in 0.0, 1.35, 4.0:
        p = [1 / (1 + math.exp(-w * x)) for x in overlap_x]
        terms = [x * x * q * (1 - q) for x, q in zip(overlap_x, p, strict=True)]
        assert curvature(w) == pytest.approx(sum(terms) / 6)
    assert curvature(0.0) == STEEPEST


def test_the_first_slope_counts_the_two_examples_with_a_one():
    assert first_slope() == (1 / 2 + 1 / 2) / 4


def test_the_run_on_xor_ends_at_one_half_for_all():
    path, losses = xor_run()
    assert path[0].tolist() == [1, 1, 1]
    assert losses[-1] == pytest.approx(math.log(2), abs=1e-9)
    assert xor_answers().tolist() == [0.5] * 4


def test_the_table_of_the_gates_has_the_parameters_that_make_no_mistake():
    for gate, corrections, passes, *parameters in cells(table_gates()):
        theta = [int(text.replace("−", "-")) for text in parameters]
        says = [float(theta[0] * a + theta[1] * b + theta[2] > 0) for a, b in gate_x]
        assert says == gate_y[gate].tolist()
        assert int(corrections) <= novikoff(SHORTEST, gate_x)
        assert 0 < int(passes) <= int(corrections)
        # Each correction changes the bias by one, up or down.
        assert (int(corrections) - theta[2]) % 2 == 0


def test_the_table_of_the_training_is_descent_in_plain_python():
    w1 = w2 = b = 0.0
    seen = {}
    examples = [(0, 0, 0), (0, 1, 1), (1, 0, 0), (1, 1, 0)]
    for k in range(1001):
        p = [1 / (1 + math.exp(-(w1 * x1 + w2 * x2 + b))) for x1, x2, _ in examples]
        said = [q if y else 1 - q for q, (*_, y) in zip(p, examples, strict=True)]
        value = -sum(map(math.log, said)) / 4
        seen[str(k)] = [f"{value:.4f}", *(f"{v:.3f}" for v in (w1, w2, b))]
        error = [q - y for q, (*_, y) in zip(p, examples, strict=True)]
        w1 -= 1.2 * (error[2] + error[3]) / 4
        w2 -= 1.2 * (error[1] + error[3]) / 4
        b -= 1.2 * sum(error) / 4
    rows = cells(table_training())
    assert [row[0] for row in rows] == ["0", "1", "2", "50", "1000"]
    for k, *row in rows:
        value, *parameters = (float(text.replace("−", "-")) for text in row)
        told = [float(text) for text in seen[k]]
        assert [value, *parameters] == told


def test_a_slip_moves_the_line_of_the_first_pass():
    drawn = {
        slip: classification.figure_choice(slip).axes[0].collections
        for slip in ("none", "bias", "corner")
    }
    lines = {
        slip: found[-1].get_paths()[0].vertices.round(9).tolist()
        for slip, found in drawn.items()
    }
    assert len({str(line) for line in lines.values()}) == 3
    for x, y in lines["none"]:
        assert x + y == pytest.approx(0)
    for x, y in lines["bias"]:
        assert x + y == pytest.approx(1)
    for _, y in lines["corner"]:
        assert y == pytest.approx(0)


def test_the_perceptron_gives_up_after_a_hundred_passes():
    _, mistakes = perceptron(gate_x, gate_y["XOR"])
    assert len(mistakes) == 100
    assert 0 not in mistakes


def test_an_example_without_its_side_is_an_error():
    with pytest.raises(ValueError, match="zip"):
        perceptron(gate_x, gate_y["OR"][:-1])


def test_damped_newton_takes_eight_steps_from_a_list():
    by_default = damped_irls([4, 0], LINE, overlap_y)
    assert len(by_default) == 9
    assert np.array_equal(
        by_default, damped_irls(np.array([4.0, 0.0]), LINE, overlap_y, 8)
    )
