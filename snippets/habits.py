"""Good habits: what to do, what to avoid, each with a run of another lesson.

    x, θ       the point                          x, theta
    f, f′      a loss and its slope               f, slope
    d          the number of parameters           d

A `Dual` is a number that carries its derivative with it: automatic
differentiation in its simplest form, the forward mode.
"""

import numpy as np
from curvature import measured_hessian
from descent import descend
from loss import mse
from momentum import adam
from newton import newton
from shared.landscapes import cubic, explog, quad1, quartic, quintic, tilted
from shared.path import first_within
from start import degree_losses, nearest, wave


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


def after_ten(rate, method=descend):
    """Return x after ten steps on x² from 2.

    >>> after_ten(0.25)
    0.001953125
    """
    return float(method(quad1.grad, 2.0, rate, 10)[-1])


def uphill(x):
    """Return the slope of x² with the wrong sign."""
    return -quad1.grad(x)


def nearest_loss():
    """Return the training loss of the nearest neighbour on twelve points."""
    x, y = wave(12, seed=0)
    return mse(y, nearest((x, y), x))


def polynomial_losses(degree):
    """Return a polynomial's losses, on its twelve points and on new ones."""
    known, new = wave(12, seed=0), wave(1000, seed=1)
    trained, tried = degree_losses(known, new, [degree])
    return trained[0], tried[0]


def newton_on(landscape, start, steps):
    """Return the path of Newton's method on a curve.

    >>> newton_on(quad1, 2.0, steps=1)
    array([2., 0.])
    """
    return newton(landscape.grad, landscape.hess, start, steps)


def explog_steps(path):
    """Return the steps until a path is within 10⁻¹² of where eˣ − ln x is least."""
    return first_within(path, explog.minima[0], 1e-12)


def adam_step(slope, rate=0.1):
    """Return how far Adam's first step goes down a line of that slope."""
    return -adam(lambda x: slope, 0.0, rate, 1)[1]


def resting_place(start, rate):
    """Return where gradient descent comes to rest in the two wells of `tilted`."""
    return descend(tilted.grad, start, rate, steps=200)[-1]


def gradients_for_hessian(d):
    """Return how many gradients it takes to measure a d × d Hessian.

    >>> gradients_for_hessian(3)
    6
    """
    points = []

    def grad(theta):  # of ½ |θ|², but any will do
        points.append(theta)
        return theta

    measured_hessian(grad, np.zeros(d))
    return len(points)


def claim_duals_are_exact():
    """On five polynomials, at 41 points of each, to fifteen digits."""
    for curve in quad1, cubic, quartic, tilted, quintic:
        for x in np.linspace(*curve.box, 41):
            right = curve.slopes(x)
            if abs(slope(curve.value, x) - right) > 1e-15 * max(10, abs(right)):
                return False
    return True


def claim_the_limit_is_two():
    """The limit is 2: on ½ λ x², with 12 curvatures from 0.01 to 100, in ten steps.

    With rate times curvature 1.99 and less they shrink x; with 2.01 and more it grows.
    """
    for curvature in np.logspace(-2, 2, 12):
        for product in 0.01, 0.5, 1.0, 1.9, 1.99, 2.01, 2.1, 4.0:
            grad = lambda x, c=curvature: c * x
            end = descend(grad, 2.0, product / curvature, 10)[-1]
            if (abs(end) < 2) != (product < 2):
                return False
    return True


def claim_adams_first_step_is_the_rate():
    """For slopes from 0.001 to 1e6, to a thousandth."""
    return all(abs(adam_step(m) - 0.1) < 1e-4 for m in np.logspace(-3, 6, 19))


def claim_overshooting_is_no_fault():
    """On x² the rates 0.9 and 0.1 are equally far after each step, from five starts.

    So are 1 - η and η for 19 rates η below 0.5; the larger one changes sides always.
    """
    for start in -3.0, -0.7, 0.2, 2.0, 50.0:
        for eta in np.linspace(0.025, 0.475, 19):
            small, large = (
                descend(quad1.grad, start, rate, 10) for rate in (eta, 1 - eta)
            )
            crosses = (np.sign(large[1:]) == -np.sign(large[:-1])).all()
            if not crosses or not np.allclose(abs(large), small * np.sign(start)):
                return False
    return True


def claim_the_wrong_sign_goes_up():
    """With 19 rates from 1e-9 to 1, each of ten steps raises the loss."""
    for rate in np.logspace(-9, 0, 19):
        if not (np.diff(quad1.f(descend(uphill, 2.0, rate, 10))) > 0).all():
            return False
    return True
