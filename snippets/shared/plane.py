"""The plane, and bowls in it: rotations, angles, ½ θᵀHθ. Angles are in degrees."""

import math

import numpy as np


def rotation(degrees):
    """Return the matrix that turns the plane counter-clockwise, shape (2, 2).

    >>> rotation(0)
    array([[ 1., -0.],
           [ 0.,  1.]])
    """
    c, s = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return np.array([[c, -s], [s, c]])


def turned(hess, degrees):
    """Return the Hessian of the same bowl, turned: R H Rᵀ."""
    if degrees == 0:
        return np.array(hess, float)
    R = rotation(degrees)
    return R @ hess @ R.T


def valley(kappa, degrees=0.0):
    """Return a Hessian with the curvatures 1 and kappa, turned by an angle.

    >>> valley(9)
    array([[1., 0.],
           [0., 9.]])
    """
    return turned(np.diag([1.0, float(kappa)]), degrees)


def quadratic(hess):
    """Return the function ½ θᵀHθ, for points stacked as (2, …).

    >>> float(quadratic(np.diag([1.0, 4.0]))([2.0, 1.0]))
    4.0
    """
    return lambda theta: np.einsum("i...,ij,j...", theta, hess, theta) / 2


def quadratic_grad(hess):
    """Return the gradient of `quadratic(hess)`, a function of θ: Hθ.

    >>> quadratic_grad(np.diag([1.0, 4.0]))([2.0, 1.0])
    array([2., 4.])
    """
    return lambda theta: hess @ np.asarray(theta)


def angle(u, v):
    """Return the angle between two directions in degrees, 0 to 180.

    >>> angle([1.0, 0.0], [0.0, -2.0])
    90.0
    """
    cosine = np.dot(u, v) / (np.linalg.norm(u) * np.linalg.norm(v))
    return math.degrees(math.acos(np.clip(cosine, -1, 1)))
