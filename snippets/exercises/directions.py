"""Mistakes in writing Newton's method in many dimensions."""

import numpy as np


def away_from_it(grad, hess, theta):
    """There is a minus sign in the system and another before its solution, so this
    walks the other way. One of them is enough.
    """
    return theta - np.linalg.solve(hess(theta), -grad(theta))


def step_alone(grad, hess, theta):
    """That is the step p. The next point is where you stand, plus the step."""
    return np.linalg.solve(hess(theta), -grad(theta))


def each_axis_alone(grad, hess, theta):
    """You divided each slope by the curvature along its own axis. A step along one axis
    changes the slope along the others, so all are solved for together.
    """
    return theta - grad(theta) / np.diag(hess(theta))


def entry_by_entry(grad, hess, theta):
    """You divided by the matrix entry by entry, and a matrix came out. To divide by a
    matrix is to solve a system with it.
    """
    return theta - grad(theta) / hess(theta)


def star_for_at(grad, hess, theta):
    """The star multiplies entry by entry, and a matrix came out. A matrix times a
    vector is `@`; and to solve the system you need no inverse.
    """
    return theta - np.linalg.inv(hess(theta)) * grad(theta)


def without_half(landscape, at, p):
    """The half before the curvature's term is missing, so the model bends twice as much
    as the loss.
    """
    g, H = landscape.grad(at), landscape.hess(at)
    return landscape.f(at) + g @ p + p @ H @ p


def half_of_both(landscape, at, p):
    """Now the slope is halved as well. The half belongs to the last term alone, so that
    the model keeps the gradient of the loss.
    """
    g, H = landscape.grad(at), landscape.hess(at)
    return landscape.f(at) + (g @ p + p @ H @ p) / 2


def tangent_plane(landscape, at, p):
    """That is the tangent plane. It has the height and the gradient of the loss, and no
    curvature, so nowhere a lowest point.
    """
    g = landscape.grad(at)
    return landscape.f(at) + g @ p


def p_as_a_point(landscape, at, p):
    """You took p for a point and subtracted where you stand. It is the step, which
    begins there already.
    """
    g, H = landscape.grad(at), landscape.hess(at)
    way = p - np.asarray(at)
    return landscape.f(at) + g @ way + way @ H @ way / 2


def from_one_side(grad, hess, stretch):
    """The matrix A is missing on the right. The Hessian turns a step into a change of
    the gradient: the step is translated by A, the gradient by its transpose.
    """
    A = np.asarray(stretch)
    grad_z = lambda z: A.T @ grad(A @ z)
    hess_z = lambda z: A.T @ hess(A @ z)
    return grad_z, hess_z


def sides_changed(grad, hess, stretch):
    """The transpose stands on the wrong side. A step in z meets A first, on the right,
    and the transpose last, on the left.
    """
    A = np.asarray(stretch)
    grad_z = lambda z: A.T @ grad(A @ z)
    hess_z = lambda z: A @ hess(A @ z) @ A.T
    return grad_z, hess_z


def at_another_place(grad, hess, stretch):
    """You asked for the Hessian at z. It is a function of θ, and the point that belongs
    to z is Az.
    """
    A = np.asarray(stretch)
    grad_z = lambda z: A.T @ grad(A @ z)
    hess_z = lambda z: A.T @ hess(z) @ A
    return grad_z, hess_z


def not_restated(grad, hess, stretch):
    """That is the Hessian in θ, at the right place. In z the same bend is spread over
    other lengths, so A has to come in on both sides.
    """
    A = np.asarray(stretch)
    grad_z = lambda z: A.T @ grad(A @ z)
    hess_z = lambda z: hess(A @ z)
    return grad_z, hess_z
