"""Good habits: what to do, what to avoid, each with a run of another lesson.

    x, θ       the point                          x, theta
    f, f′      a loss and its slope               f, slope
    d          the number of parameters           d

A `Dual` is a number that carries its derivative with it: automatic
differentiation in its simplest form, the forward mode.
"""

import compare
import numpy as np
from curvature import measured_hessian
from descent import descend
from shared.landscapes import quad1


class Dual:
    """A value and its slope; sums and products carry both.

    >>> x = Dual(3.0, slope=1.0)
    >>> (x * x + 2 * x).slope
    8.0
    """

    def __init__(self, value, slope=0.0):
        self.value, self.slope = value, slope

    def __add__(self, other):
        other = dual(other)
        value = self.value + other.value
        return Dual(value, self.slope + other.slope)

    def __mul__(self, other):
        other = dual(other)
        slope = self.slope * other.value + self.value * other.slope
        return Dual(self.value * other.value, slope)

    def __sub__(self, other):
        return self + -1 * other

    __radd__, __rmul__ = __add__, __mul__


def dual(x):
    """Return x with its slope; that of a plain number is 0."""
    return x if isinstance(x, Dual) else Dual(x)


def slope(f, x):
    """Return f′(x), exact to rounding, with no formula for f′.

    >>> slope(lambda x: x * x * x, 2.0)
    12.0
    """
    return f(Dual(x, slope=1.0)).slope


def uphill(x):
    """Return the slope of x² with the wrong sign."""
    return -quad1.grad(x)


def gradients_for_hessian(d):
    """Return how many gradients it takes to measure a d × d Hessian.

    >>> gradients_for_hessian(3)
    6
    """
    meter = compare.Meter(compare.Classes(d))
    measured_hessian(meter.grad, np.zeros(d))
    return meter.count["grad"]


def after_ten(rate, method=descend):
    """Return x after ten steps on x² from 2.

    >>> after_ten(0.25)
    0.001953125
    """
    return float(method(quad1.grad, 2.0, rate, 10)[-1])
