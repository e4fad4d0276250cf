"""A neuron that classifies: Rosenblatt's rule, and the sigmoid unit.

x, X       the inputs of one example, one row per example   x, X
y          the label, 0 or 1                                y
±1         the side of the line where x belongs             side
θ          (w₁, w₂, …, b), all parameters in one array      theta
z          the weighted sum                                 linear(theta, X)
p = σ(z)   the probability of label 1                       sigmoid(z)
A          X with a column of ones                          design(X)
L, ∇L, H   mean cross-entropy, its derivatives              loss, gradient, hessian
"""

import math
from functools import cache

import numpy as np
from directions import newton
from failures import damped_newton
from loss import cross_entropy_score, sigmoid
from regression import GUESS, POINT, linear, train
from shared import draw
from shared.data import gate_x, gate_y, overlap_x, overlap_y, parted_y
from shared.explorable import Knob, Layer, Marks, Target, movable
from shared.inputs import design
from shared.neuron import sigmoid_slope
from shared.numbers import signed
from shared.path import first_within
from shared.sketch import canvas, node, wire
from shared.tables import table


def perceptron(X, y, passes=100):
    """Return theta after each mistake, and the mistakes of each pass.

    The rule of Rosenblatt (1958). It ends with a pass without mistakes.

    >>> path, mistakes = perceptron(gate_x, gate_y["OR"])
    >>> path[-1], mistakes
    (array([ 2.,  2., -1.]), [3, 1, 2, 2, 1, 0])
    """
    path, mistakes = [np.zeros(X.shape[1] + 1)], []
    while len(mistakes) < passes and 0 not in mistakes:
        mistakes.append(0)
        for x, side in zip(design(X), 2 * y - 1, strict=True):
            if side * (path[-1] @ x) <= 0:
                path.append(path[-1] + side * x)
                mistakes[-1] += 1
    return np.array(path), mistakes


def loss(theta, X, y):
    """Return the mean cross-entropy of the unit.

    >>> round(loss(np.zeros(3), gate_x, gate_y["AND"]), 4)  # ln 2
    0.6931
    """
    return float(np.mean(cross_entropy_score(y, linear(theta, X))))


def gradient(theta, X, y):
    """Return the slopes of the loss in every weight and in the bias.

    >>> gradient(np.zeros(3), gate_x, gate_y["AND"])
    array([0.  , 0.  , 0.25])
    """
    error = sigmoid(linear(theta, X)) - y
    return design(X).T @ error / len(y)


def hessian(theta, X):
    """Return the second derivatives of the loss.

    >>> hessian(np.zeros(2), np.array([[2.0], [-2.0]]))
    array([[1.  , 0.  ],
           [0.  , 0.25]])
    """
    z = linear(theta, X)
    weighted = design(X) * sigmoid_slope(z)[:, None]
    return weighted.T @ design(X) / len(X)


def irls(start, X, y, steps=6):
    """Return the path of Newton's method on the cross-entropy."""
    slopes = lambda theta: gradient(theta, X, y)
    return newton(slopes, lambda theta: hessian(theta, X), start, steps)


def damped_irls(start, X, y, steps=8):
    """Return the path of Newton steps, halved until they help."""
    height = lambda theta: loss(theta, X, y)
    slopes = lambda theta: gradient(theta, X, y)
    bends = lambda theta: hessian(theta, X)
    start = np.array(start, float)
    return damped_newton(height, slopes, bends, start, steps)


LINE = overlap_x[:, None]
NOT_FIRST = gate_y["NOT x1 AND x2"]
STEEPEST = 7 / 16  # no curvature of the loss on LINE is larger
SHORTEST = np.array([2.0, 2.0, -3.0])  # of all with margins ≥ 1 on AND


def one_pass(theta, X, y):
    """Return theta after one pass of Rosenblatt's rule.

    >>> one_pass(np.zeros(3), gate_x, gate_y["OR"])
    array([1., 1., 1.])
    """
    sides = 2 * y - 1
    for i, x in enumerate(design(X)):
        if sides[i] * (theta @ x) <= 0:
            theta = theta + sides[i] * x
    return theta


def margins(theta, X, y):
    """Return how far each example is on its right side, times ‖w‖.

    >>> margins(SHORTEST, gate_x, gate_y["AND"])
    array([3., 1., 1., 1.])
    """
    return (2 * y - 1) * (design(X) @ theta)


def novikoff(theta, X):
    """Return the bound R²‖θ‖² on the mistakes, theta with margins ≥ 1."""
    return float((design(X) ** 2).sum(axis=1).max() * (theta @ theta))


def boundary(theta, x1, z=0.0):
    """Return the x2 at which the weighted sum is z."""
    return (z - theta[0] * x1 - theta[2]) / theta[1]


def newton_weights(start, steps):
    """Return the weights of Newton's method on the overlap, from w = start.

    >>> [f"{w:.2f}" for w in newton_weights(0.0, steps=2)]
    ['0.00', '0.95', '1.27']
    """
    return irls(np.array([start, 0.0]), LINE, overlap_y, steps)[:, 0]


@cache
def descent_weights(steps):
    """Return the weights of descent on the overlap, from 0 with rate 1 / STEEPEST."""
    start, rate = np.zeros(2), 1 / STEEPEST
    return train(loss, gradient, start, LINE, overlap_y, rate, steps)[0][:, 0]


@cache
def best_weight():
    """Return the best weight on the six overlapping points."""
    return float(newton_weights(0.0, steps=8)[-1])


def steps_within(weights, tolerance=1e-7):
    """Return the first step at which the weight is right to the tolerance."""
    return first_within(weights, best_weight(), tolerance)


def slope(w):
    """Return the slope of the loss in w on the six points, with b = 0."""
    return float(gradient(np.array([w, 0.0]), LINE, overlap_y)[0])


def curvature(w):
    """Return the curvature of the loss in w on the six points, with b = 0.

    >>> curvature(0.0)
    0.4375
    """
    return float(hessian(np.array([w, 0.0]), LINE)[0, 0])


@cache
def border():
    """Return the largest start w from which Newton's method converges.

    It is one end of a two-cycle, found by bisection on the second step.
    """
    low, high = 2.0, 4.0
    for _ in range(60):
        middle = (low + high) / 2
        w = newton_weights(middle, steps=2)[2]
        low, high = (middle, high) if w < middle else (low, middle)
    return low


@cache
def xor_run():
    """Return the path and losses of the sigmoid unit on XOR, from ones."""
    start = np.ones(3)
    return train(loss, gradient, start, gate_x, gate_y["XOR"], 1.0, 500)


def xor_answers():
    """Return the probabilities after that run, shape (4,), to six digits."""
    return sigmoid(linear(xor_run()[0][-1], gate_x)).round(6)


def bump_answers():
    """Return where a neuron with the bump exp(−z²) says more than one half.

    >>> bump_answers()
    array([False,  True,  True, False])
    """
    z = linear(np.array([1.0, 1.0, -1.0]), gate_x)
    return np.exp(-(z**2)) > 0.5


def width(theta):
    """Return the width of the strip in which the unit says 0.1 to 0.9.

    >>> f"{width(np.array([3.0, 4.0, 0.0])):.3f}"  # 2 ln 9 / 5
    '0.879'
    """
    return 2 * math.log(9) / math.hypot(*theta[:2])


def settles(y):
    """Return whether the parameters of the unit on LINE come to rest."""
    path = _descended(y)
    return bool(np.abs(path[2000] - path[1000]).max() < 1e-6)


def grows_like_a_logarithm():
    """Return whether each doubling of the steps adds about 2 ln 2 to the weight.

    On the separable points, from 500 steps on, to a tenth.
    """
    added = np.diff(_descended(parted_y)[[500, 1000, 2000], 0])
    return bool(np.abs(added / (2 * math.log(2)) - 1).max() < 0.1)


def claim_the_line_at_the_four_moments():
    """On which side of the line the four corners are, and which it touches.

    After update 2, with (1, 1, 0), it runs through (0, 0) and has three corners on its
    side, two of them wrongly. After updates 5 and 11 it touches one corner. After
    update 18, the last, with (3, 2, −4), it has (1, 1) alone on its side.
    """
    path, mistakes = perceptron(gate_x, gate_y["AND"])
    says = np.sign(design(gate_x) @ path[[2, 5, 11, 18]].T).T
    return (
        path[[2, 18]].tolist() == [[1, 1, 0], [3, 2, -4]]
        and says[0].tolist() == [0, 1, 1, 1]
        and [list(moment).count(0) for moment in says[1:]] == [1, 1, 0]
        and says[3].tolist() == [-1, -1, -1, 1]
        and sum(mistakes) == 18
    )


def claim_the_line_stays_and_the_strip_shrinks():
    """From step 50 to step 1000, between the corners.

    The line of one half moves by less than 0.2. The strip between 0.1 and 0.9 loses
    more than half of its width.
    """
    path, _ = train(loss, gradient, np.zeros(3), gate_x, NOT_FIRST, 1.2, 1000)
    corners = np.array([0.0, 1.0])
    moved = boundary(path[1000], corners) - boundary(path[50], corners)
    return np.abs(moved).max() < 0.2 and width(path[1000]) < width(path[50]) / 2


def claim_ten_times_the_steps_leave_a_tenth():
    """On two gates that a line parts, from step 100 to ten times the steps.

    The loss falls in each step. What is left is a tenth, to a third of that.
    """
    for gate in ("AND", "NOT x1 AND x2"):
        y = gate_y[gate]
        _, losses = train(loss, gradient, np.zeros(3), gate_x, y, 1.2, 1000)
        left = losses[1000] / losses[100]
        if np.any(np.diff(losses) >= 0) or not 2 / 30 < left < 4 / 30:
            return False
    return True


def claim_no_weights_do_better_on_xor():
    """Of 100,000 random weights, of five sizes, none has a loss below ln 2.

    The trained unit says 0.5, one half, to all four examples.
    """
    theta = np.random.default_rng(0).normal(size=(20_000, 3))
    lowest = []
    for size in (0.01, 0.1, 1.0, 10.0, 100.0):
        score = size * theta @ design(gate_x).T
        lowest.append(cross_entropy_score(gate_y["XOR"], score).mean(axis=1).min())
    return min(lowest) > math.log(2) and np.all(xor_answers() == 0.5)


def claim_newton_doubles_and_descent_adds():
    """Newton's method from three starts, and descent from step 5 to 40.

    Once its error is below a tenth, Newton's method nearly doubles the number of
    right digits in each step, or more; the error of descent is multiplied by a factor
    that changes by less than 0.02.
    """
    slow = np.abs(descent_weights(40)[5:] - best_weight())
    for start in (0.0, 0.5, 2.0):
        error = np.abs(newton_weights(start, 5)[:5] - best_weight())
        digits = -np.log10(error[error < 0.1])
        if len(digits) < 2 or np.any(digits[1:] < 1.9 * digits[:-1]):
            return False
    return np.ptp(slow[1:] / slow[:-1]) < 0.02


def claim_two_points_are_left_far_out():
    """The two points nearest to zero make up the curvature to 15 digits."""
    weight = sigmoid_slope(newton_weights(4.0, 2)[2] * overlap_x) * overlap_x**2
    return bool(weight[2:4].sum() > (1 - 1e-15) * weight.sum())


def claim_starts_beyond_the_border_explode():
    """At 24 starts within the two numbers and three beyond them.

    Two steps lead nearer to the best weight from within, and further away from
    beyond. One step leads from each of the two numbers to the other.
    """
    other = newton_weights(border(), 1)[1]
    if abs(newton_weights(other, 1)[1] - border()) > 1e-6:
        return False
    for start in np.concatenate([np.linspace(other, border(), 26), [3.2, 3.5, 6.0]]):
        after, inside = newton_weights(start, 2)[2], other < start < border()
        nearer = abs(after - best_weight()) < abs(start - best_weight())
        if min(abs(start - other), abs(start - border())) > 1e-9 and nearer != inside:
            return False
    return True


def claim_far_out_two_examples_are_the_loss():
    """For w = 12, 16, 20 and 30, each to a hundredth.

    The loss is 1/3 e^(−w/2), its slope −1/6 e^(−w/2), its curvature 1/12 e^(−w/2), and
    a Newton step adds 2. The two examples are those at ±1/2.
    """
    for w in (12.0, 16.0, 20.0, 30.0):
        theta, tail = np.array([w, 0.0]), math.exp(-w / 2)
        bend = hessian(theta, LINE)[0, 0]
        rise = gradient(theta, LINE, parted_y)[0]
        shares = loss(theta, LINE, parted_y) / tail * 3, -rise / tail * 6
        if (
            np.abs(np.array([*shares, bend / tail * 12, -rise / bend / 2]) - 1).max()
            > 0.01
        ):
            return False
    return True


def claim_the_weight_grows_as_the_formula_says():
    """The run on the separable points, from step 500 to step 2000.

    With c taken from step 500, 2 ln(k/12 + c) is its weight to 0.02. This solves
    dw/dk = 1/6 e^(−w/2). For large k, ten times the steps add 2 ln 10 to it.
    """
    k, weights = np.arange(2001), _descended(parted_y)[:, 0]
    c = math.exp(weights[500] / 2) - 500 / 12
    told = 2 * np.log(k[500:] / 12 + c)
    tenfold = 2 * math.log((1e9 / 12 + c) / (1e8 / 12 + c))
    near = abs(tenfold - 2 * math.log(10)) < 1e-4
    return near and np.abs(told - weights[500:]).max() < 0.02


def claim_the_two_rules_are_opposites():
    """On six random data sets in the plane.

    On three that a line parts, the perceptron ends within the bound, and the weights
    of the sigmoid unit go on growing. On three that overlap, with zeros in the middle
    of the ones, the perceptron makes mistakes in each of 30 passes, and gradient
    descent comes to the lowest loss.
    """
    rng = np.random.default_rng(0)
    for _ in range(3):
        X, theta = rng.normal(size=(30, 2)), rng.normal(size=3)
        X = X[np.abs(linear(theta, X)) > 0.3]
        y = (linear(theta, X) > 0).astype(float)
        mistakes = perceptron(X, y, 1000)[1]
        bound = novikoff(theta / margins(theta, X, y).min(), X)
        path, _ = train(loss, gradient, np.zeros(3), X, y, 1.0, 400)
        size = np.linalg.norm(path, axis=1)
        if mistakes[-1] or sum(mistakes) > bound or size[400] < size[200] + 0.1:
            return False
        X = rng.normal(size=(8, 2))
        X, y = np.concatenate([X, X / 3]), np.repeat([1.0, 0.0], 8)
        rate = 4 / np.linalg.eigvalsh(design(X).T @ design(X) / 16)[-1]
        _, losses = train(loss, gradient, np.zeros(3), X, y, rate, 300)
        best = loss(damped_irls(np.zeros(3), X, y)[-1], X, y)
        if 0 in perceptron(X, y, 30)[1] or losses[-1] > best + 1e-3:
            return False
    return True


def claim_curvature_keeps_its_digits():
    """From w = 0 to 300 the curvature is right to twelve digits.

    Judged by 1/(e^(z/2) + e^(−z/2))², where nothing is subtracted.
    """
    for w in (0.0, 4.0, 40.0, 141.2, 300.0):
        z = w * overlap_x
        exact = np.mean(overlap_x**2 / (np.exp(z / 2) + np.exp(-z / 2)) ** 2)
        if abs(curvature(w) / exact - 1) > 1e-12:
            return False
    return True


def claim_descent_can_be_as_quick():
    """With the curvature at the minimum, descent needs one step more than Newton."""
    rate = 1 / curvature(best_weight())
    path, _ = train(loss, gradient, np.zeros(2), LINE, overlap_y, rate, 20)
    newton_steps = steps_within(newton_weights(0.0, 6))
    return steps_within(path[:, 0]) == newton_steps + 1


def claim_touching_data_never_end():
    """On three sets that touch: mistakes after 200 passes, and growing weights."""
    for x, y in [
        ([-1.0, 0.0, 0.0, 1.0], [0, 0, 1, 1]),
        ([-2.0, -1.0, 0.0, 0.0, 3.0], [0, 0, 0, 1, 1]),
        ([0.0, 1.0, 1.0, 1.0, 2.0], [0, 0, 1, 1, 1]),
    ]:
        X, y = np.array(x)[:, None], np.array(y, float)
        path, _ = train(loss, gradient, np.zeros(2), X, y, 1.0, 1000)
        if perceptron(X, y, 200)[1][-1] == 0 or path[1000, 0] < path[500, 0] + 0.5:
            return False
    return True


def claim_the_best_weight_has_no_bound_as_the_overlap_ends():
    """Moved from -0.5 to 0.4999, the one that lies left of the zero at 0.5.

    The best weight grows at each of 40 places, and goes beyond 15. At 0.5 and to the
    right of it the weight still grows between the steps 1000 and 2000.
    """
    before = 0.5 - np.geomspace(1, 1e-4, 40)
    best = [damped_irls(np.zeros(2), _moved_to(x), overlap_y, 40)[-1] for x in before]
    if np.any(np.diff(best, axis=0)[:, 0] <= 0) or best[-1][0] < 15:
        return False
    for x in (0.5, 0.6, 1.0, 2.5):
        path, _ = train(loss, gradient, np.zeros(2), _moved_to(x), overlap_y, 1.0, 2000)
        if path[2000, 0] < path[1000, 0] + 1:
            return False
    return True


def claim_the_labels_overlap():
    """Some yes lies left of some no, and the fitted curve rises."""
    left, right = overlap_x[overlap_y == 1].min(), overlap_x[overlap_y == 0].max()
    return left < right and irls(np.zeros(2), LINE, overlap_y)[-1][0] > 0


def claim_the_unit_to_move_is_an_s():
    """Its first state is one half everywhere; after 32 steps low, high and no dip."""
    start = np.array(_unit_start(0.0, 0.0))[:, 1]
    x, curve = np.array(_unit_curve(_MOVED, 0.0, 0.0, 5.0)).T
    [border] = _unit_border(_MOVED, 0.0, 0.0, 5.0)
    half = np.interp(border[0][0], x, curve)
    s = curve[0] < 0.1 and curve[-1] > 0.9 and np.diff(curve).min() > 0
    return bool((start == 0.5).all() and s and abs(half - 0.5) < 0.01)


# The unit of the first question, and its only example, which has the label 1.
QUIZ_THETA, QUIZ_X = np.array([0.5, -0.25, 0.1]), np.array([[1.0, 2.0]])


def first_slope():
    """Return the slope in w₁ at zero, for the labels `NOT_FIRST`."""
    return float(gradient(np.zeros(3), gate_x, NOT_FIRST)[0])


def table_gates():
    """What the perceptron takes to learn three gates."""
    rows = []
    for gate in ("AND", "OR", "NOT x1 AND x2"):
        path, mistakes = perceptron(gate_x, gate_y[gate])
        parameters = [f"{value:g}" for value in path[-1]]
        rows.append([gate, sum(mistakes), len(mistakes), *parameters])
    return table(["gate", "corrections", "passes", "$w_1$", "$w_2$", "$b$"], rows)


def table_training():
    """The run of the sigmoid unit on `NOT_FIRST`, at five moments."""
    start = np.zeros(3)
    path, losses = train(loss, gradient, start, gate_x, NOT_FIRST, 1.2, 1000)
    rows = []
    for k in (0, 1, 2, 50, 1000):
        rows.append([k, f"{losses[k]:.4f}", *(f"{value:.3f}" for value in path[k])])
    return table(["$k$", "loss", "$w_1$", "$w_2$", "$b$"], rows)


@cache
def _descents():
    """Return the paths of descent on LINE for both kinds of labels, 2000 steps."""
    start = np.zeros(2)
    return [
        train(loss, gradient, start, LINE, y, 1.0, 2000)[0]
        for y in (overlap_y, parted_y)
    ]


def _descended(y):
    """Return the path of the unit on LINE with these labels."""
    return _descents()[int(np.array_equal(y, parted_y))]


def _moved_to(place):
    """Return the overlapping points, the one left of the zero moved, shape (6, 1)."""
    return np.where(overlap_x == _MOVED, place, overlap_x)[:, None]


# What moves, and what it has to pass to make the data separable; the other points.
_MOVED = float(overlap_x[overlap_y == 1].min())
_PASSED = float(overlap_x[overlap_y == 0].max())
_OTHERS = np.column_stack([overlap_x, overlap_y])[overlap_x != _MOVED].tolist()


def _examples(place):
    """Return the six points, each with its label; the moved one is the first."""
    examples = [[place, 1.0]]
    for one in _OTHERS:
        examples.append(one)
    return examples


def _unit_loss(place, w, b):
    """Return the mean cross-entropy of the unit, from its scores.

    >>> round(_unit_loss(-0.5, 0.0, 0.0), 4)  # ln 2
    0.6931
    """
    total = 0.0
    for x, y in _examples(place):
        total = total + math.log(1 + math.exp((1 - 2 * y) * (w * x + b)))
    return total / 6


def _unit_slopes(place, w, b):
    """Return the slopes of that loss in w and b; what rounding leaves is 0.

    >>> _unit_slopes(-0.5, 0.0, 0.0)
    [-0.41666666666666663, 0.0]
    """
    along, level = 0.0, 0.0
    for x, y in _examples(place):
        error = float(sigmoid(w * x + b)) - y
        along = along + error * x / 6
        level = level + error / 6
    return [0.0 if abs(slope) < 1e-12 else slope for slope in [along, level]]


def _count(doublings):
    """Return a step, doubled so often.

    >>> _count(5.0)
    32
    """
    steps = 1
    for _ in range(math.floor(doublings)):
        steps = 2 * steps
    return steps


def _unit_after(place, w, b, doublings):
    """Return w and b after so many steps of gradient descent, with rate 1."""
    for _ in range(_count(doublings)):
        along, level = _unit_slopes(place, w, b)
        w, b = w - along, b - level
    return [w, b]


def _unit_start(w, b):
    """Return the sigmoid with the weights at the start, point by point."""
    points = []
    for k in range(113):
        x = k / 20 - 2.8
        points.append([x, sigmoid(w * x + b)])
    return points


def _unit_curve(place, w, b, doublings):
    """Return the sigmoid after the steps."""
    w, b = _unit_after(place, w, b, doublings)
    return _unit_start(w, b)


def _unit_errors(place, w, b, doublings):
    """Return a line from each label to its probability."""
    w, b = _unit_after(place, w, b, doublings)
    lines = []
    for x, y in _examples(place):
        lines.append([[x, y], [x, sigmoid(w * x + b)]])
    return lines


def _unit_border(place, w, b, doublings):
    """Return the decision boundary, where the probability is one half."""
    w, b = _unit_after(place, w, b, doublings)
    if w == 0:
        return []
    return [[[-b / w, -0.1], [-b / w, 1.1]]]


def _unit_moved(place):
    """Return the point that moves, behind one below the picture: that is drawn open."""
    return [[place, -9.0], [place, 1.0]]


def _unit_rows(place, w, b, doublings):
    """Return the steps, w, b and the loss each time the steps are doubled."""
    rows = []
    for k in range(math.floor(doublings) + 1):
        w1, b1 = _unit_after(place, w, b, float(k))
        rows.append([float(_count(float(k))), w1, b1, _unit_loss(place, w1, b1)])
    return rows


def _unit_marks():
    """Return where the data touch."""
    return [_PASSED]


_UNIT_STEPS = (
    "At step {1:0} w = {2:2}, b = {3:2} and the loss is {4:4}. "
    "After twice as many w = {5:2}. "
)
_UNIT_SAID = {
    "overlap": ("path", _UNIT_STEPS + "The data overlap: there is a best w."),
    "touch": ("alarm", _UNIT_STEPS + "The data touch: no w is best."),
    "parted": ("alarm", _UNIT_STEPS + "A threshold parts the data: no w is best."),
}


def _unit_says(place, w, b, doublings):
    """Return which sentence is true, and the numbers in it.

    >>> [_unit_says(place, 0.0, 0.0, 1.0)[0] for place in (0.4, 0.5, 0.6)]
    ['overlap', 'touch', 'parted']
    """
    w1, b1 = _unit_after(place, w, b, doublings)
    w2, _ = _unit_after(place, w, b, doublings + 1)
    which = "parted"
    if place < _PASSED:
        which = "overlap"
    elif place == _PASSED:
        which = "touch"
    return [which, _count(doublings), w1, b1, _unit_loss(place, w1, b1), w2]


def _rests_at_once(place, w, b):
    """Whether both slopes are nearly zero at the start, where the data overlap.

    >>> _rests_at_once(-0.5, 1.35, 0.0), _rests_at_once(-0.5, 0.0, 0.0)
    (True, False)
    """
    along, level = _unit_slopes(place, w, b)
    return place < _PASSED and abs(along) < 0.01 and abs(level) < 0.01


def _rests_far_out(place, w, b, doublings):
    """Whether the weight comes to rest beyond 3 while the data overlap.

    >>> [_rests_far_out(place, 0.0, 0.0, 10.0) for place in (-0.5, 0.4, 0.6)]
    [False, True, False]
    """
    w1, _ = _unit_after(place, w, b, doublings)
    w2, _ = _unit_after(place, w, b, doublings + 1)
    return place < _PASSED and w1 > 3 and abs(w2 - w1) < 0.02


def _runs_away(place, w, b, doublings):
    """Whether the data are separable and the weight is beyond 10.

    >>> [_runs_away(place, 0.0, 0.0, 10.0) for place in (-0.5, 1.0)]
    [False, True]
    """
    return place > _PASSED and _unit_after(place, w, b, doublings)[0] > 10


def _gate(ax, y, limits=(-0.6, 1.6)):
    """The four corners, filled where the label is 1, on a square."""
    zeros, ones = gate_x[y == 0], gate_x[y == 1]
    ax.plot(*zeros.T, "o", color="ink", markerfacecolor="paper", markersize=8)
    ax.plot(*ones.T, "o", color="ink", markersize=8)
    ax.set(xlim=limits, ylim=limits, xticks=[0, 1], yticks=[0, 1], aspect="equal")


def _side(ax, theta, limits=(-0.6, 1.6)):
    """The line of theta, and the side on which it says 1."""
    grid = np.stack(np.meshgrid(np.linspace(*limits, 3), np.linspace(*limits, 3)))
    z = np.tensordot(theta[:2], grid, 1) + theta[2]
    if np.any(theta[:2]):
        ax.contourf(*grid, z, [0, np.inf], colors=["level1"])
        ax.contour(*grid, z, [0], colors=["second"])


def figure_opening():
    """Examples of two kinds, and the sigmoid between them."""
    figure, ax = draw.opening((-4.5, 4.5), (-0.25, 1.25))
    w, b = irls(np.zeros(2), LINE, overlap_y)[-1]
    for level in 0, 1:
        ax.axhline(level, color="faint", linewidth=1)
    draw.curve(ax, lambda x: sigmoid(w * x + b), -4.3, 4.3, points=61)
    for label, colour in (0, "second"), (1, "path"):
        x = overlap_x[overlap_y == label]
        ax.plot(x, np.full(len(x), label), "so"[label], color=colour, markersize=7)
    return figure


def figure_perceptron():
    """The line of the perceptron on AND, at four moments."""
    path, _ = perceptron(gate_x, gate_y["AND"])
    figure, axes = draw.panels(2, 2, height=4.7)
    for ax, k in zip(axes.flat, (2, 5, 11, 18), strict=True):
        _side(ax, path[k])
        _gate(ax, gate_y["AND"])
        w1, w2, b = (signed(value) for value in path[k])
        ax.set_title(f"update {k}\n({w1}, {w2}, {b})")
    return figure


def figure_neuron():
    """The sigmoid unit with its numbers."""
    x, theta = POINT[0], GUESS
    z = float(linear(theta, x))
    figure, ax = canvas(9.6, 5)
    total, bend, out = (3.9, 2.9), (6.3, 2.9), (8.7, 2.9)
    for at, name, value in [((0.8, 4.2), "x₁", x[0]), ((0.8, 1.6), "x₂", x[1])]:
        node(ax, at, f"{name}\n{value:g}")
    wire(ax, (0.8, 4.2), total, f"w₁ = {theta[0]:g}", offset=(10, 11))
    wire(ax, (0.8, 1.6), total, f"w₂ = {signed(theta[1])}", offset=(10, -13))
    wire(ax, (3.9, 0.1), total)
    draw.label(ax, f"bias b = {theta[2]:g}", (3.9, 0.4))
    node(ax, total, "Σ")
    wire(ax, total, bend, f"z = {z:g}", offset=(0, 22))
    node(ax, bend, "σ", color="third")
    wire(ax, bend, (out[0] - 0.1, out[1]))
    node(ax, out, f"p\n{sigmoid(z):.2f}", radius=0.72, color="path")
    draw.label(ax, "label y = 1", (8.1, 1.6))
    text = f"p − y = {signed(sigmoid(z) - 1, '.2f')}"
    draw.label(ax, text, (8.1, 0.85), color="alarm")
    return figure


def figure_training():
    """The loss of the run on `NOT_FIRST`."""
    _, losses = train(loss, gradient, np.zeros(3), gate_x, NOT_FIRST, 1.2, 1000)
    k = np.unique(np.geomspace(1, 1000, 60).astype(int))
    figure, ax = draw.axes("step", "loss", height=2.6)
    ax.loglog(k, losses[k], color="path")
    ax.minorticks_off()
    ax.set(ylim=(0.005, 1), yticks=[0.01, 0.1, 1])
    return figure


def figure_boundary():
    """Where the unit says 0.1, 0.5 and 0.9, early and late in the training."""
    path, _ = train(loss, gradient, np.zeros(3), gate_x, NOT_FIRST, 1.2, 1000)
    figure, axes = draw.panels(1, 2, height=2.9)
    for ax, k in zip(axes[0], (50, 1000), strict=True):
        _side(ax, path[k])
        for p, style in (0.1, ":"), (0.9, "--"):
            x1, z = np.array([-0.6, 1.6]), math.log(p / (1 - p))
            ax.plot(x1, boundary(path[k], x1, z), style, color="second", linewidth=1.2)
            x2 = 0.25 if p < 0.5 else 1.35
            at = ((z - path[k, 1] * x2 - path[k, 2]) / path[k, 0], x2)
            offset, side = ((5, -4), "left") if p < 0.5 else ((-4, 3), "right")
            draw.label(ax, f"{p:g}", at, offset, "second", ha=side)
        _gate(ax, NOT_FIRST)
        ax.set_title(f"after {k} steps")
    return figure


def figure_newton():
    """The error of the weight: descent against Newton's method."""
    slow, fast = descent_weights(40), newton_weights(0.0, 5)
    figure, ax = draw.axes("step", "error of w", height=3.2)
    for weights, colour, style in [(slow, "path", "o--"), (fast, "second", "s-")]:
        error = np.abs(weights - best_weight())
        ax.semilogy(error, style, color=colour, markersize=3)
    draw.label(ax, "gradient descent", (20, 1e-4), (10, 8), "path", ha="left")
    draw.label(ax, "Newton’s method", (5, 1e-10), (12, 0), "second", ha="left")
    ax.set(ylim=(1e-12, 3))
    return figure


def figure_far():
    """The slope of the loss in w, and Newton's tangent from near and from far."""
    w = np.linspace(-6.5, 6, 101)
    figure, ax = draw.axes("weight w, with b = 0", "slope of the loss", height=3.4)
    ax.axhline(0, color="soft", linewidth=0.8)
    ax.plot(w, [slope(value) for value in w], color="curve")
    for start, colour, style in (0.0, "second", "--"), (4.0, "alarm", "-."):
        end = newton_weights(start, 1)[1]
        ax.plot([start, end], [slope(start), 0], style, color=colour)
        draw.start(ax, start, slope(start), colour)
        ax.plot([end], [0], "o", color=colour)
        text = f"from {start:g} to {signed(end, '.2f')}"
        if start:
            draw.label(ax, text, (end, 0), (-6, -14), colour, ha="left")
        else:
            draw.label(ax, text, (0, slope(0)), (12, 0), colour, ha="left")
    best = best_weight()
    draw.optimum(ax, best, 0, f"w* = {best:.2f}", (12, -12), ha="left")
    ax.set(ylim=(-0.72, 0.24))
    return figure


def figure_growth():
    """The weight over ten thousand steps, with a best value and without."""
    figure, ax = draw.axes("step", "weight w", height=3.2)
    k = np.unique(np.logspace(0, 4, 60).astype(int))
    for y, colour, style, text, at in [
        (parted_y, "alarm", "-", "separable: grows like 2 ln k", (1.1, 10.8)),
        (overlap_y, "curve", "--", "overlapping: settles", (70, 0.4)),
    ]:
        path, _ = train(loss, gradient, np.zeros(2), LINE, y, 1.0, 10_000)
        ax.semilogx(k, path[k, 0], style, color=colour)
        draw.label(ax, text, at, color=colour, ha="left")
    ax.set(ylim=(-0.8, 14.5))
    return figure


def figure_choice(slip):
    """The perceptron on AND after its first pass, or after a slip in that pass."""
    path, _ = perceptron(gate_x, gate_y["AND"])
    theta = {
        "none": path[2],
        "bias": [*path[2, :2], path[1, 2]],  # left as the first correction left it
        "corner": path[1] + [0, 1, 1],  # corrected with (0, 1) in place of (1, 1)
    }
    figure, ax = draw.axes("x₁", "x₂", width=3.4, height=2.2)
    _side(ax, np.array(theta[slip], float))
    _gate(ax, gate_y["AND"])
    return figure


def figure_explore_unit():
    """The sigmoid unit on the six points, one of which can be moved."""
    figure, ax = draw.axes("input x", "label y, probability p", height=3.4)
    ax.set(xlim=(-2.8, 2.8), ylim=(-0.12, 1.12), yticks=[0, 0.5, 1])
    ax.axhline(0.5, color="faint", linewidth=0.8)
    for x, y in _OTHERS:
        face = "ink" if y else "paper"
        ax.plot([x], [y], "s", color="ink", markerfacecolor=face, markersize=7)
    for text, colour, style in [
        ("start", "soft", "--"),
        ("trained", "path", "-"),
        ("to move", "curve", "o"),
    ]:
        ax.plot([], [], style, color=colour, label=text)
    place = {"loc": "lower left", "bbox_to_anchor": (-0.05, 1)}
    ax.legend(**place, ncols=3, columnspacing=2, handlelength=1.6)
    return movable(
        figure,
        ax,
        knobs=[
            Knob(
                *("place", "point at x", -2.5, 2.5, 0.1, _MOVED),
                Marks(["touch"], _unit_marks),
            ),
            Knob("w", "start w", -2, 6, 0.05, 0.0),
            Knob("b", "start b", -4, 4, 0.1, 0.0),
            Knob("doublings", "doublings", 0, 10, 1, 5),
        ],
        layers=[
            Layer(_unit_errors, "level", "alarm"),
            Layer(_unit_border, "level", "path"),
            Layer(_unit_start, "line", "soft"),
            Layer(_unit_curve, "curve", "path"),
            Layer(_unit_moved, "dots", "curve"),
        ],
        says=(_unit_says, _UNIT_SAID),
        formula=(
            _unit_after,
            r"p = \sigma(wx + b) = \sigma({1:2}\,x + {2:2})",
        ),
        table=(_unit_rows, ["doublings", "steps", "w", "b", "loss"]),
        targets={
            "at rest": Target(_rests_at_once, {"w": 1.35}),
            "far out": Target(_rests_far_out, {"place": 0.4, "doublings": 10}),
            "away": Target(_runs_away, {"place": 1, "doublings": 10}),
        },
    )
