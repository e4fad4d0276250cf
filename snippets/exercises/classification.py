"""Mistakes in teaching a neuron to classify."""

import numpy as np
from loss import sigmoid
from regression import linear
from shared.inputs import design


def corrected_always(theta, X, y):
    """You corrected at every example. Where the answer is right, nothing is done.

    >>> corrected_always(np.array([8.0, 9.0]), np.ones((1, 1)), np.array([1]))
    array([ 9., 10.])
    """
    sides = 2 * y - 1
    for i, x in enumerate(design(X)):
        theta = theta + sides[i] * x
    return theta


def kept_on_the_line(theta, X, y):
    """An example on the line, where the sum is 0, counts as a mistake, too. From zero
    parameters nothing would ever begin otherwise."""
    sides = 2 * y - 1
    for i, x in enumerate(design(X)):
        if sides[i] * (theta @ x) < 0:
            theta = theta + sides[i] * x
    return theta


def labels_for_sides(theta, X, y):
    """You took the labels, 0 and 1, for the sides, −1 and 1. So an example with the
    label 0 is never subtracted.

    >>> labels_for_sides(np.array([8.0, 9.0]), np.ones((1, 1)), np.array([0]))
    array([8., 9.])
    """
    for i, x in enumerate(design(X)):
        if y[i] * (theta @ x) <= 0:
            theta = theta + y[i] * x
    return theta


def judged_at_the_start(theta, X, y):
    """You judged all examples by the parameters of the start. Each one is judged by
    those that the examples before it have left."""
    sides, begin = 2 * y - 1, theta
    for i, x in enumerate(design(X)):
        if sides[i] * (begin @ x) <= 0:
            theta = theta + sides[i] * x
    return theta


def ended_at_a_mistake(theta, X, y):
    """You returned after the first correction. The pass goes on to the last example:
    `return` stands after the loop."""
    sides = 2 * y - 1
    for i, x in enumerate(design(X)):
        if sides[i] * (theta @ x) <= 0:
            return theta + sides[i] * x
    return theta


def taken_away(theta, X, y):
    """You corrected the wrong way: an example with the label 1 is added, one with the
    label 0 is subtracted."""
    sides = 2 * y - 1
    for i, x in enumerate(design(X)):
        if sides[i] * (theta @ x) <= 0:
            theta = theta - sides[i] * x
    return theta


def with_the_slope(theta, X, y):
    """The factor $p(1 - p)$ does not belong here. In cross-entropy it cancels; with it
    this is the slope of half the squared error, which is almost flat where the answer
    is sure and wrong."""
    p = sigmoid(linear(theta, X))
    error = (p - y) * p * (1 - p)
    return design(X).T @ error / len(y)


def without_sigmoid(theta, X, y):
    """That is the gradient of the linear unit. The answer here is a probability, the
    sigmoid of the weighted sum."""
    error = linear(theta, X) - y
    return design(X).T @ error / len(y)


def with_thresholds(theta, X, y):
    """You made a class of the probability before you took the error. That is the error
    of a perceptron, which does not say how sure an answer is."""
    error = (linear(theta, X) > 0) - y
    return design(X).T @ error / len(y)


def summed(theta, X, y):
    """That is the sum over the examples. The loss is a mean, so divide by their
    number."""
    error = sigmoid(linear(theta, X)) - y
    return design(X).T @ error


def without_bias(theta, X, y):
    """The slope in the bias is missing. `design(X)` has a column of ones for it."""
    error = sigmoid(linear(theta, X)) - y
    return X.T @ error / len(y)


def unweighted(theta, X):
    """That is the Hessian of the linear unit. Here each example counts with its $p(1 -
    p)$."""
    return design(X).T @ design(X) / len(X)


def by_probability(theta, X):
    """You weighted each example by $p$. An example of which the unit is sure has almost
    no curvature, so the weight is $p(1 - p)$."""
    weighted = design(X) * sigmoid(linear(theta, X))[:, None]
    return weighted.T @ design(X) / len(X)


def bias_unweighted(theta, X):
    """You weighted the inputs and left the ones of the bias as they are. A row is
    weighted as a whole: take `design(X)`."""
    p = sigmoid(linear(theta, X))
    weighted = design(X * (p * (1 - p))[:, None])
    return weighted.T @ design(X) / len(X)


def by_the_root(theta, X):
    """You took the root of $p(1 - p)$, as if both factors of the product were weighted.
    Here only one of them is.

    >>> by_the_root(np.zeros(2), np.ones((1, 1)))  # the root of ¼
    array([[0.5, 0.5],
           [0.5, 0.5]])
    """
    p = sigmoid(linear(theta, X))
    weighted = design(X) * np.sqrt(p * (1 - p))[:, None]
    return weighted.T @ design(X) / len(X)
