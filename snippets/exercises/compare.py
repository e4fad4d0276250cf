"""Mistakes in counting memory, and in measuring curvature."""

import numpy as np


def of_a_vector(d, bytes_per_entry=4):
    """That is the gradient, one number for each parameter. A matrix has one for each
    pair of them."""
    return d * bytes_per_entry / 2**30


def in_gigabytes(d, bytes_per_entry=4):
    """That is in gigabytes of $10^9$ bytes. A GiB is $2^{30}$ bytes."""
    return d * d * bytes_per_entry / 10**9


def in_mebibytes(d, bytes_per_entry=4):
    """That is in MiB, of $2^{20}$ bytes. A GiB is $2^{30}$ bytes."""
    return d * d * bytes_per_entry / 2**20


def entries_alone(d, bytes_per_entry=4):
    """You counted the entries. Each of them takes `bytes_per_entry` bytes."""
    return d * d / 2**30


def of_a_triangle(d, bytes_per_entry=4):
    """You counted each pair once. A Hessian is symmetric, so that could be saved, but
    all of the matrix is asked for."""
    return d * (d + 1) / 2 * bytes_per_entry / 2**30


def two_points(grad, first, second, steps=10):
    """These are the two points of the beginning. `return` comes after the loop."""
    return np.array([first, second])


def added(grad, first, second, steps=10):
    """You added the step. As in Newton's method it is subtracted."""
    path = [first, second]
    for _ in range(steps):
        x, y = path[-2:]
        rise = grad(y) - grad(x)
        if rise == 0:
            break
        path.append(y + grad(y) * (y - x) / rise)
    return np.array(path)


def always_the_first_chord(grad, first, second, steps=10):
    """You measured the curvature on the first two points, once and for all. Take the
    last two, `path[-2:]`."""
    path = [first, second]
    for _ in range(steps):
        rise = grad(second) - grad(first)
        path.append(path[-1] - grad(path[-1]) * (second - first) / rise)
    return np.array(path)


def by_the_rise(grad, first, second, steps=10):
    """You divided by the rise of the slope alone. The curvature is that rise divided by
    the way, `y - x`."""
    path = [first, second]
    for _ in range(steps):
        x, y = path[-2:]
        rise = grad(y) - grad(x)
        if rise == 0:
            break
        path.append(y - grad(y) / rise)
    return np.array(path)


def times_the_curvature(grad, first, second, steps=10):
    """You multiplied by the measured curvature. Newton's step divides by it."""
    path = [first, second]
    for _ in range(steps):
        x, y = path[-2:]
        rise = grad(y) - grad(x)
        path.append(y - grad(y) * rise / (y - x))
    return np.array(path)


def turned(inverse, s, y):
    """You exchanged $s$ and $y$ in the product beside $B$. It is $s y^\\top$, so that a
    multiple of $y$ is taken out of what the matrix is given."""
    rho = 1 / (s @ y)
    left = np.eye(len(s)) - rho * np.outer(y, s)
    return left @ inverse @ left.T + rho * np.outer(s, s)


def old_one_answers_too(inverse, s, y):
    """The old estimate still has its say on $y$ as well. The two factors beside it have
    to take $y$ out first."""
    rho = 1 / (s @ y)
    return inverse + rho * np.outer(s, s)


def on_one_side(inverse, s, y):
    """You took $y$ out on one side. Without the factor on the other side the new $B$ is
    not symmetric, and does not give $s$ for $y$."""
    rho = 1 / (s @ y)
    left = np.eye(len(s)) - rho * np.outer(s, y)
    return left @ inverse + rho * np.outer(s, s)


def nothing_put_in(inverse, s, y):
    """You took $y$ out and put nothing in its place, so that $B y = 0$. The last term,
    $\\rho s s^\\top$, gives $s$."""
    rho = 1 / (s @ y)
    left = np.eye(len(s)) - rho * np.outer(s, y)
    return left @ inverse @ left.T


def changes_put_in(inverse, s, y):
    """The last term is made of $y$, and so it gives a multiple of $y$ for $y$. It has
    to give $s$."""
    rho = 1 / (s @ y)
    left = np.eye(len(s)) - rho * np.outer(s, y)
    return left @ inverse @ left.T + rho * np.outer(y, y)
