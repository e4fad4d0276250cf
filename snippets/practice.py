"""Try it yourself: how far the methods of the first questions move.

x          where we stand                        x
f, f′, f″  the loss, its slope and curvature     f, grad, hess
η          the learning rate, here 0.1           rate
"""

from descent import step
from newton import newton_step
from shared.landscapes import quad1


def descent_length(landscape=quad1, x=2.0, rate=0.1):
    """Return how far one step of gradient descent moves from x.

    >>> descent_length(quad1, rate=0.125)
    0.5
    """
    return abs(step(landscape.grad, x, rate) - x)


def newton_length(landscape=quad1, x=2.0):
    """Return how far one step of Newton's method moves from x.

    >>> newton_length(quad1)
    2.0
    """
    return abs(newton_step(landscape.grad, landscape.hess, x) - x)
