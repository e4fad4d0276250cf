"""Mistakes in writing Newton's method on a curve."""

import numpy as np
from newton import newton_step


def without_half(f, grad, hess, x):
    """The half before the bend is missing, so this parabola bends twice as much as the
    curve: its second derivative is 2f″.
    """
    height, slope, bend = f(x), grad(x), hess(x)
    return lambda z: height + slope * (z - x) + bend * (z - x) ** 2


def from_zero(f, grad, hess, x):
    """You measured the way from 0. The parabola touches the curve at x, so the way is z
    − x.
    """
    height, slope, bend = f(x), grad(x), hess(x)
    return lambda z: height + slope * z + bend / 2 * z**2


def tangent(f, grad, hess, x):
    """That is the tangent. It has the height and the slope of the curve, and a straight
    line has no lowest point: the bend is missing.
    """
    height, slope, _ = f(x), grad(x), hess(x)
    return lambda z: height + slope * (z - x)


def turned_over(f, grad, hess, x):
    """The bend has the wrong sign: where the curve bends upwards, this parabola bends
    downwards.
    """
    height, slope, bend = f(x), grad(x), hess(x)
    return lambda z: height + slope * (z - x) - bend / 2 * (z - x) ** 2


def earlier_over_later(errors):
    """Upside down: the later change belongs above, the earlier one below."""
    change = np.diff(np.log(np.abs(errors)))
    return change[:-1] / change[1:]


def digits_divided(errors):
    """You divided the logarithms of the errors. What counts is by how much they
    *change*, because then C cancels.
    """
    digits = np.log(np.abs(errors))
    return digits[1:] / digits[:-1]


def without_logarithm(errors):
    """You took the differences of the errors. It is the logarithms whose changes are
    compared: an order is an exponent.
    """
    change = np.diff(np.abs(errors))
    return change[1:] / change[:-1]


def ratios_divided(errors):
    """You divided the ratios of the errors. Take the logarithm of each ratio first: an
    order is an exponent.
    """
    errors = np.abs(errors)
    ratio = errors[1:] / errors[:-1]
    return ratio[1:] / ratio[:-1]


def bend_of_the_start(grad, hess, start, steps=10):
    """The bend is that of the start, for all steps: this is gradient descent with a
    fixed rate. Ask for it anew where each step begins.
    """
    path = [start]
    bend = hess(start)
    for _ in range(steps):
        path.append(path[-1] - grad(path[-1]) / bend)
    return np.array(path)


def slope_of_the_start(grad, hess, start, steps=10):
    """Now the bend is new in each round, and the slope is that of the start. Both
    belong to the last point, `path[-1]`.
    """
    path = [start]
    slope = grad(start)
    for _ in range(steps):
        path.append(path[-1] - slope / hess(path[-1]))
    return np.array(path)


def same_step(grad, hess, start, steps=10):
    """Slope and bend are those of the start, so the same step is taken again and again.
    Ask for both at `path[-1]`.
    """
    path = [start]
    step = grad(start) / hess(start)
    for _ in range(steps):
        path.append(path[-1] - step)
    return np.array(path)


def one_step(grad, hess, start, steps=10):
    """Each step leads from the start to the same place. Take it from the last point,
    `path[-1]`.
    """
    path = [start]
    for _ in range(steps):
        path.append(newton_step(grad, hess, start))
    return np.array(path)


def undivided(grad, hess, x):
    """You subtracted the slope and did not divide it by the second derivative."""
    return x - grad(x)


def added(grad, hess, x):
    """The sign: the step is subtracted. Where the slope is positive and the curve bends
    upwards, the lowest point is to the left.
    """
    return x + grad(x) / hess(x)


def bend_over_slope(grad, hess, x):
    """Upside down: the slope is divided by the second derivative. Near a minimum the
    slope is small, and so is the step.
    """
    return x - hess(x) / grad(x)


def half_a_step(grad, hess, x):
    """That is half of the step. The parabola has ½f″ in it, and its slope has f″: the
    half is gone when you differentiate.
    """
    return x - grad(x) / (2 * hess(x))
