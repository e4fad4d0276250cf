"""Mistakes in measuring and reading second derivatives."""

import numpy as np


def undivided_change(f, x, h=1e-4):
    """That is how much the slope changes over a way of `h`. To have the change for each
    unit, divide by the way.
    """
    left, right = (f(x) - f(x - h)) / h, (f(x + h) - f(x)) / h
    return right - left


def over_twice_the_way(f, x, h=1e-4):
    """You divided by 2h. The two slopes are those of the middles of their stretches,
    and from middle to middle the way is `h`.
    """
    left, right = (f(x) - f(x - h)) / h, (f(x + h) - f(x)) / h
    return (right - left) / (2 * h)


def left_less_right(f, x, h=1e-4):
    """The sign: the slope on the right, minus that on the left. A curve that bends
    upwards has a slope that grows.
    """
    left, right = (f(x) - f(x - h)) / h, (f(x + h) - f(x)) / h
    return (left - right) / h


def mean_slope(f, x, h=1e-4):
    """That is the slope at x, the mean of the two. The bend is how much they differ."""
    left, right = (f(x) - f(x - h)) / h, (f(x + h) - f(x)) / h
    return (left + right) / 2


def as_it_stands(hessian, direction):
    """That is right for a direction of length 1. A longer one makes the result larger:
    divide by the square of its length.
    """
    u = np.asarray(direction)
    return float(u @ np.asarray(hessian) @ u)


def over_the_length(hessian, direction):
    """You divided by the length once. The direction stands in the product twice, so
    divide by the square of its length.
    """
    u = np.asarray(direction)
    return float(u @ np.asarray(hessian) @ u / np.linalg.norm(u))


def without_corners(hessian, direction):
    """You have the curvatures along the axes, weighted. Between the axes the numbers
    beside the diagonal count, too.
    """
    u = np.asarray(direction)
    return float((u * u) @ np.diag(np.asarray(hessian)) / (u @ u))


def without_brackets(hessian, direction):
    """Brackets: `/` and `@` are done from left to right, so this divides by the vector,
    entry by entry, and multiplies by it again. Write `/ (u @ u)`.
    """
    u = np.asarray(direction)
    return float(u @ np.asarray(hessian) @ u / u @ u)


def by_the_diagonal(hessian, tolerance=1e-9):
    """You read the diagonal. It holds the curvatures along the axes, and between them
    the surface may bend another way: ask for the eigenvalues.
    """
    values = np.diag(np.asarray(hessian))
    if min(values) > tolerance:
        return "minimum"
    if max(values) < -tolerance:
        return "maximum"
    if min(values) < -tolerance and max(values) > tolerance:
        return "saddle"
    return "inconclusive"


def by_the_product(hessian, tolerance=1e-9):
    """You looked at the product of the eigenvalues. Two negative ones have a positive
    product as well, and that is a maximum.
    """
    values = np.linalg.eigvalsh(hessian)
    product = values[0] * values[-1]
    if product > tolerance:
        return "minimum"
    if product < -tolerance:
        return "saddle"
    return "inconclusive"


def zero_counts_as_up(hessian, tolerance=1e-9):
    """You took an eigenvalue of 0 for a way up. Along it the second derivative says
    nothing, and the height may rise or fall.
    """
    values = np.linalg.eigvalsh(hessian)
    if values[0] > -tolerance:
        return "minimum"
    if values[-1] < tolerance:
        return "maximum"
    return "saddle"


def one_is_enough(hessian, tolerance=1e-9):
    """One positive eigenvalue is one way up. For a minimum all have to be positive, so
    look at the smallest.
    """
    values = np.linalg.eigvalsh(hessian)
    if values[-1] > tolerance:
        return "minimum"
    if values[0] < -tolerance:
        return "maximum"
    return "inconclusive"
