"""The line y = wx + b through the four points of `data`: its loss, once for all.

w, b       slope and height of the line          theta = (w, b), shape (2,)
L          the mean squared error                line_loss
∇L, H      its derivatives                       line_grad, line_hess
"""

import numpy as np

from shared.data import line_x, line_y


def line_loss(theta, y=line_y):
    """Return the mean squared error of the line y = wx + b.

    >>> line_loss([0.0, 0.0])
    21.0
    """
    w, b = theta
    return float(np.mean((y - (w * line_x + b)) ** 2))


def line_grad(theta, chosen=..., y=line_y):
    """Return the gradient of `line_loss`, (∂L/∂w, ∂L/∂b), shape (2,).

    `chosen` are the examples that it sees, all of them if not given.

    >>> line_grad([0.0, 0.0])
    array([-17.,  -8.])
    """
    w, b = theta
    x = line_x[chosen]
    residuals = w * x + b - y[chosen]
    dw = 2 * np.mean(residuals * x)
    db = 2 * np.mean(residuals)
    return np.array([dw, db])


def line_hess(theta=None):
    """Return the Hessian of `line_loss`, 2AᵀA / n, the same at every theta.

    A has a row (x, 1) for each example.

    >>> line_hess()
    array([[7., 3.],
           [3., 2.]])
    """
    A = np.column_stack([line_x, np.ones_like(line_x)])
    return 2 * A.T @ A / len(A)
