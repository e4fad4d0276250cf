"""Mistakes in two layers: by hand, forward, backward, and in swapping units."""

import numpy as np
from layers import forward_one, threshold
from loss import sigmoid


def like_either(x1, x2):
    """That is “either” once more, so that nothing is left of “either, but not both”.
    The unit “both” should wait for a larger sum."""
    either = threshold(x1 + x2 - 0.5)
    both = threshold(x1 + x2 - 0.5)
    return threshold(either - both - 0.5)


def on_the_border(x1, x2):
    """With the bias −2 the sum is 0 where both inputs are 1, and a threshold says 1
    above 0. Put the border between one input and two."""
    either = threshold(x1 + x2 - 0.5)
    both = threshold(x1 + x2 - 2)
    return threshold(either - both - 0.5)


def sum_passed_on(x1, x2):
    """You passed on the sum. A threshold unit says 1 or 0: put `threshold` around
    it."""
    either = threshold(x1 + x2 - 0.5)
    both = x1 + x2 - 1.5
    return threshold(either - both - 0.5)


def first_alone(x1, x2):
    """This unit looks at the first input alone. “Both” has to see both of them."""
    either = threshold(x1 + x2 - 0.5)
    both = threshold(x1 - 0.5)
    return threshold(either - both - 0.5)


def second_alone(x1, x2):
    """This unit looks at the second input alone. “Both” has to see both of them."""
    either = threshold(x1 + x2 - 0.5)
    both = threshold(x2 - 0.5)
    return threshold(either - both - 0.5)


def sums_of_sums(theta, x):
    """The hidden units passed on their sums. Without the sigmoids between them, the two
    layers are one."""
    w11, w12, w21, w22, b1, b2, v1, v2, c = theta
    a1 = w11 * x[0] + w12 * x[1] + b1
    a2 = w21 * x[0] + w22 * x[1] + b2
    p = sigmoid(v1 * a1 + v2 * a2 + c)
    return a1, a2, p


def sum_for_probability(theta, x):
    """The last number is the sum $z$. The last unit has a sigmoid, too."""
    w11, w12, w21, w22, b1, b2, v1, v2, c = theta
    a1 = sigmoid(w11 * x[0] + w12 * x[1] + b1)
    a2 = sigmoid(w21 * x[0] + w22 * x[1] + b2)
    return a1, a2, v1 * a1 + v2 * a2 + c


def inputs_again(theta, x):
    """Your last unit looks at the inputs. It sees what the hidden units say, $a_1$ and
    $a_2$."""
    w11, w12, w21, w22, b1, b2, v1, v2, c = theta
    a1 = sigmoid(w11 * x[0] + w12 * x[1] + b1)
    a2 = sigmoid(w21 * x[0] + w22 * x[1] + b2)
    p = sigmoid(v1 * x[0] + v2 * x[1] + c)
    return a1, a2, p


def wires_crossed(theta, x):
    """You exchanged $w_{12}$ and $w_{21}$. The first index is that of the unit into
    which the wire leads."""
    w11, w12, w21, w22, b1, b2, v1, v2, c = theta
    a1 = sigmoid(w11 * x[0] + w21 * x[1] + b1)
    a2 = sigmoid(w12 * x[0] + w22 * x[1] + b2)
    p = sigmoid(v1 * a1 + v2 * a2 + c)
    return a1, a2, p


def without_biases(theta, x):
    """You forgot the biases: each of the sums has one."""
    w11, w12, w21, w22, _, _, v1, v2, _ = theta
    a1 = sigmoid(w11 * x[0] + w12 * x[1])
    a2 = sigmoid(w21 * x[0] + w22 * x[1])
    p = sigmoid(v1 * a1 + v2 * a2)
    return a1, a2, p


def label_minus_answer(theta, x, y):
    """The signs are the other way round: the last error is $p - y$, so that the slopes
    point uphill."""
    return -_slopes(theta, x, y, *_errors(theta, x, y))


def without_sigmoid_slopes(theta, x, y):
    """You forgot the slopes of the hidden sigmoids, $a_1(1 - a_1)$ and $a_2(1 - a_2)$.
    An error passes them on its way back."""
    last = forward_one(theta, x)[2] - y
    v1, v2 = theta[6:8]
    return _slopes(theta, x, y, last * v1, last * v2, last)


def without_wires(theta, x, y):
    """You forgot $v_1$ and $v_2$. An error goes back through the weight by which the
    answer came."""
    a1, a2, p = forward_one(theta, x)
    last = p - y
    return _slopes(theta, x, y, last * a1 * (1 - a1), last * a2 * (1 - a2), last)


def with_the_last_slope(theta, x, y):
    """The last error has the factor $p(1 - p)$ too many. With cross-entropy it cancels,
    and $p - y$ is left."""
    v1, v2 = theta[6:8]
    a1, a2, p = forward_one(theta, x)
    last = (p - y) * p * (1 - p)
    first1, first2 = last * v1 * a1 * (1 - a1), last * v2 * a2 * (1 - a2)
    return _slopes(theta, x, y, first1, first2, last)


def errors_not_multiplied(theta, x, y):
    """The slopes of $v_1$ and $v_2$ are the last error alone. Each is error times
    input, and the inputs of the last unit are $a_1$ and $a_2$."""
    first1, first2, last = _errors(theta, x, y)
    slopes = _slopes(theta, x, y, first1, first2, last)
    return np.concatenate([slopes[:6], [last, last, last]])


def biases_first(theta, x, y):
    """The numbers are right, but in another order than `theta`: after the four weights
    of the hidden units come their two biases, and after $v_1$ and $v_2$ comes $c$."""
    slopes = _slopes(theta, x, y, *_errors(theta, x, y))
    return slopes[[0, 1, 4, 2, 3, 5, 6, 7, 8]]


def wires_left(theta):
    """You swapped what leads into the units, and left $v_1$ and $v_2$ where they were.
    The wires that lead out of a unit belong to it as well."""
    return theta[[2, 3, 0, 1, 5, 4, 6, 7, 8]]


def biases_left(theta):
    """You left the biases of the hidden units where they were. They belong to the
    units, too."""
    return theta[[2, 3, 0, 1, 4, 5, 7, 6, 8]]


def inputs_exchanged(theta):
    """You exchanged the two weights of each hidden unit. That swaps the inputs; to swap
    the units, exchange the pairs."""
    return theta[[1, 0, 3, 2, 5, 4, 7, 6, 8]]


def all_turned_round(theta):
    """You turned the whole array round. Each parameter of the one unit takes the place
    of its counterpart in the other, and $c$ stays."""
    return theta[::-1]


def _errors(theta, x, y):
    """Return the errors of the two hidden units and of the last one."""
    v1, v2 = theta[6:8]
    a1, a2, p = forward_one(theta, x)
    last = p - y
    return last * v1 * a1 * (1 - a1), last * v2 * a2 * (1 - a2), last


def _slopes(theta, x, y, first1, first2, last):
    """Return error times input for all parameters."""
    a1, a2, _ = forward_one(theta, x)
    slopes = [first1 * x[0], first1 * x[1], first2 * x[0], first2 * x[1]]
    slopes += [first1, first2, last * a1, last * a2, last]
    return np.array(slopes)
