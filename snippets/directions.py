"""Newton's method in two and more dimensions.

    θ, θₖ      the point, after k steps          theta, path[k]
    L          the loss                          landscape.f
    g = ∇L     the gradient                      grad
    H          the Hessian                       hess
    p          a step: the next θ is θ + p       p
    m(p)       the quadratic model of L          model
    κ          the condition number of H         kappa
    A          a change of coordinates, θ = Az   stretch

`grad` and `hess` are functions of the point; the Hessian that they give is a matrix.
"""

import math
import runpy
from functools import cache
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from descent import descend, line_slopes
from loss import line_hessian
from matplotlib.colors import to_rgba
from shared import draw
from shared.landscapes import bowl, boyd, course, ravine, rosenbrock


def newton_step(grad, hess, theta):
    """Take one Newton step: solve Hp = −g for p, and go to θ + p.

    >>> newton_step(ravine.grad, ravine.hess, np.array([5.0, 1.0]))
    array([0., 0.])
    """
    return theta + np.linalg.solve(hess(theta), -grad(theta))


def newton(grad, hess, start, steps=10):
    """Return the path of Newton's method: the start and all steps.

    >>> newton(bowl.grad, bowl.hess, [2.0, -1.0], steps=1)
    array([[ 2., -1.],
           [ 0.,  0.]])
    """
    path = [np.asarray(start, dtype=float)]
    for _ in range(steps):
        path.append(newton_step(grad, hess, path[-1]))
    return np.array(path)


def model(landscape, at, p):
    """Return the height of the quadratic model, a step p from a point.

    >>> model(course, [0, 0], np.array([1.0, 0.0]))  # 8/2 of the bend
    np.float64(4.0)
    """
    g, H = landscape.grad(at), landscape.hess(at)
    bend = np.einsum("i...,ij,j...->...", p, H, p)
    return landscape.f(at) + np.tensordot(g, p, 1) + bend / 2


def post_step():
    """Run the program above and return its last line, a SymPy matrix."""
    names = runpy.run_path(str(PROGRAM))
    return names["sp"].simplify(names["theta_next"])


def symbolic_step(loss, *symbols):
    """Return Newton's next point for a loss with these SymPy symbols.

    >>> import sympy
    >>> x, y = sympy.symbols("x y")
    >>> print(symbolic_step(x**2 + y**2, x, y))
    Matrix([[0], [0]])
    """
    import sympy  # takes half a second, so only where it is used

    gradient = sympy.Matrix([loss.diff(symbol) for symbol in symbols])
    hessian = sympy.hessian(loss, symbols)
    theta = sympy.Matrix(symbols)
    return sympy.simplify(theta - hessian.LUsolve(gradient))


PROGRAM = Path(__file__).with_name("post_newton.py")


def angle(u, v):
    """Return the angle between two directions in the plane, in degrees.

    >>> angle([1.0, 0.0], [0.0, -2.0])
    90.0
    """
    across = u[0] * v[1] - u[1] * v[0]
    along = u[0] * v[0] + u[1] * v[1]
    return math.degrees(abs(math.atan2(across, along)))


def restated(grad, hess, stretch):
    """Return both derivatives of L(Az), as functions of z.

    >>> half = np.diag([0.5, 0.5])
    >>> grad, hess = restated(bowl.grad, bowl.hess, half)
    >>> grad([2.0, 4.0])
    array([1., 2.])
    """
    A = np.asarray(stretch)
    grad_z = lambda z: A.T @ grad(A @ z)
    hess_z = lambda z: A.T @ hess(A @ z) @ A
    return grad_z, hess_z


def tilted_valley(kappa, degrees=45):
    """Return the Hessian with eigenvalues 1 and κ, turned by an angle.

    >>> tilted_valley(5).round(12)
    array([[ 3., -2.],
           [-2.,  3.]])
    """
    turn = math.radians(degrees)
    c, s = math.cos(turn), math.sin(turn)
    Q = np.array([[c, -s], [s, c]])
    return Q @ np.diag([1.0, kappa]) @ Q.T


def steps_to(path, best, tolerance):
    """Return the first k at which the path is that near, or None.

    >>> steps_to([[4.0, 3.0], [0.3, 0.4]], best=[0, 0], tolerance=1.0)
    1
    """
    near = np.linalg.norm(np.subtract(path, best), axis=1) < tolerance
    return int(near.argmax()) if near.any() else None


def valley_steps(kappa, tolerance=1e-6, degrees=45):
    """Return how many steps two methods need in the tilted valley.

    Gradient descent has its best fixed rate. Both start at (1, 0), and
    are done where the distance is the tolerance.
    """
    H = tilted_valley(kappa, degrees)
    grad, hess, start = (lambda theta: H @ theta), (lambda theta: H), [1.0, 0.0]
    slow = descend(grad, np.array(start), rate=2 / (1 + kappa), steps=8 * kappa)
    fast = newton(grad, hess, start, steps=3)
    return steps_to(slow, [0, 0], tolerance), steps_to(fast, [0, 0], tolerance)


def line_grad(theta):
    """Return the gradient of the mean squared error of a line, (w, b)."""
    return np.array(line_slopes(*theta))


def line_hess(theta):
    """Return its Hessian, which is the same everywhere."""
    return line_hessian(1 / 4)


def residual(p, hess, grad):
    """Return how badly p solves Hp = −g, relative to the gradient."""
    return float(np.linalg.norm(hess @ p + grad) / np.linalg.norm(grad))


def hilbert(d):
    """Return the Hilbert matrix, a Hessian that is hard to solve with.

    It belongs to fitting a polynomial with d coefficients on [0, 1].

    >>> hilbert(2)
    array([[1.        , 0.5       ],
           [0.5       , 0.33333333]])
    """
    i = np.arange(1, d + 1)
    return 1 / (i[:, None] + i - 1)


class Counted(float):
    """A float that counts the operations that are done with it."""

    operations = 0


def _counting(name):
    plain = getattr(float, name)

    def operation(self, other):
        Counted.operations += 1
        return Counted(plain(self, other))

    return operation


for _name in "add", "radd", "sub", "rsub", "mul", "rmul", "truediv":
    setattr(Counted, f"__{_name}__", _counting(f"__{_name}__"))


def operations(function, *numbers):
    """Return how many times a function adds, multiplies or divides.

    >>> operations(lambda x, y: 2 * x * x + y, 3.0, 4.0)
    3
    """
    Counted.operations = 0
    function(*map(Counted, numbers))
    return Counted.operations


def solve_two(a, b, c, g, h):
    """Solve [[a, b], [b, c]] p = −(g, h) by elimination."""
    factor = b / a
    q = (factor * g - h) / (c - factor * b)
    return (g + b * q) / -a, q


@cache
def step_costs():
    """Return the operations of one step on `course`: descent, Newton."""
    x, y = 4.0, 3.0
    grad = operations(course.slopes, x, y)
    hess = operations(course.curvatures, x, y)
    descent_moves = operations(lambda x, y: (x - 2 * x, y - 2 * y), x, y)
    newton_moves = operations(lambda x, y: (x + x, y + y), x, y)
    solve = operations(solve_two, 5.0, 1.0, 3.0, 2.0, 1.0)
    return grad + descent_moves, grad + hess + solve + newton_moves


@cache
def course_paths():
    """Return both paths on `course` from (4, 4): descent, Newton."""
    start = np.array([4.0, 4.0])
    slow = descend(course.grad, start, rate=0.02, steps=180)
    return slow, newton(course.grad, course.hess, start, steps=8)


@cache
def bent_valley():
    """Return Newton's path on `rosenbrock` from the classic start."""
    return newton(rosenbrock.grad, rosenbrock.hess, [-1.2, 1.0], steps=6)


STRETCH = np.array([[1.0, 0.5], [0.0, 0.4]])


@cache
def twin_paths(method):
    """Return two paths on `boyd`: in θ, and in z but written as θ.

    The method is "descent" or "newton", with the same rate and start.
    """
    start = np.array([-1.0, 1.0])
    there = np.linalg.solve(STRETCH, start)
    grad, hess = restated(boyd.grad, boyd.hess, STRETCH)
    if method == "newton":
        here = newton(boyd.grad, boyd.hess, start, steps=6)
        elsewhere = newton(grad, hess, there, steps=6)
    else:
        here = descend(boyd.grad, start, rate=0.02, steps=60)
        elsewhere = descend(grad, there, rate=0.02, steps=60)
    return here, elsewhere @ STRETCH.T


def figure_surface():
    """The post's surface; directions live in the plane of x and y below."""
    figure = plt.figure(figsize=(4.5, 4.2))
    ax = figure.add_subplot(projection="3d", computed_zorder=False)
    floor = -3.0
    radius, turn = np.meshgrid(np.linspace(0, 2, 8), np.linspace(0, 2 * np.pi, 25))
    disc = np.stack([radius * np.cos(turn), radius * np.sin(turn)])
    shades = np.array([to_rgba(draw.LEVELS[i * 6 // 7]) for i in range(7)])
    for ring in range(1, 8):
        ax.plot(*disc[:, :, ring], floor, color="faint", linewidth=0.8)
    start = np.array([-1.6, -0.3])
    goal = newton_step(bowl.grad, bowl.hess, start)
    down = start - 0.25 * bowl.grad(start)
    for point in start, goal:
        ax.plot(*np.stack([point, point]).T, [floor, bowl.f(point)], ":", color="soft")
    ax.plot(*np.stack([start, goal]).T, floor, "--", color="second")
    ax.quiver(*start, floor, *(down - start), 0, color="path", arrow_length_ratio=0.3)
    ax.plot_surface(
        *disc,
        bowl.f(disc),
        facecolors=np.broadcast_to(shades, (24, 7, 4)),
        edgecolor="soft",
        linewidth=0.3,
        shade=False,
        rstride=1,
        cstride=1,
        alpha=0.8,
    )
    ax.plot(*start, bowl.f(start), "o", color="ink")
    ax.plot(*goal, bowl.f(goal), "o", color="second")
    ax.plot(*goal, floor, "o", color="second")
    ax.plot(*start, floor, "o", color="ink")
    ax.text(*start, bowl.f(start) + 0.45, "start", ha="center")
    ax.text(*goal, bowl.f(goal) + 0.45, "Newton", color="second", ha="center")
    ax.text(*down, floor - 0.9, "−gradient", color="path", ha="center")
    ax.set(xlabel="x", ylabel="y", zticks=[0, 2, 4], xticks=[-2, 0, 2])
    ax.set(yticks=[-2, 0, 2], zlim=(floor, 4), box_aspect=(1, 1, 0.9))
    for axis in ax.xaxis, ax.yaxis, ax.zaxis:
        axis.set_pane_color((0, 0, 0, 0))
        axis.pane.set_edgecolor("faint")
    ax.view_init(elev=32, azim=-60)
    return figure


def figure_arrows():
    """From one point, both directions; the axes have the same scale."""
    figure, axes = draw.panels(2, 1, height=4.6, sharex=True)
    start = np.array([5.0, 1.0])
    for ax, landscape in zip(axes[:, 0], (bowl, ravine), strict=True):
        height = landscape.f(start)
        levels = height * np.array([0, 0.2, 1, 3])
        draw.contours(ax, landscape.f, (-6, 7), (-2.7, 2.7), levels, points=35)
        ax.set(aspect="equal", ylabel="y")
        down = -landscape.grad(start)
        leap = newton_step(landscape.grad, landscape.hess, start) - start
        arrow = start + 2.4 * down / np.linalg.norm(down)
        draw.arrow(ax, start, start + leap, "second")
        draw.arrow(ax, start, arrow, "path")
        ax.plot(*start, "o", color="ink")
        ax.set_title(f"{landscape.name}: {angle(down, leap):.3g}° between the two")
        draw.label(ax, "Newton", start + 0.6 * leap, (0, 10), "second")
        draw.label(ax, "−gradient", arrow, (2, -9), "path")
        draw.optimum(ax, 0, 0)
    axes[1, 0].set(xlabel="x")
    return figure


def figure_model():
    """The model of `course` at (4, 4), from above and along the step."""
    figure, axes = draw.panels(2, 1, height=6.2)
    above, along = axes[:, 0]
    at = np.array([4.0, 4.0])
    after = newton_step(course.grad, course.hess, at)
    height = course.f(at)
    levels = height * np.array([0, 0.05, 0.3, 1, 2])
    draw.contours(above, course.f, (-1.5, 6.5), (-1.2, 5.2), levels, points=41)
    grid = np.stack(np.meshgrid(np.linspace(0, 5.2, 41), np.linspace(0, 5.2, 41)))
    there = model(course, at, grid - at[:, None, None])
    above.contour(*grid, there, [height], colors="third", linestyles="--")
    draw.path(above, *np.stack([at, after]).T, color="second")
    draw.label(above, "start (4, 4)", at, (7, 7), ha="left")
    draw.label(above, "level of\nthe model", (0.75, 2.6), (-6, 0), "third", ha="right")
    text = f"next\n({after[0]:.2f}, {after[1]:.2f})"
    draw.label(above, text, after, (0, -18), "second")
    draw.optimum(above, 0, 0, "minimum", (0, 15))
    above.set(xlabel="x", ylabel="y")
    p = after - at
    t = np.linspace(-0.1, 3, 63)
    way = at[:, None] + t * p[:, None]
    along.plot(t, course.f(way), color="curve")
    along.plot(t, model(course, at, t * p[:, None]), "--", color="third")
    along.plot([0], [height], "o", color="ink")
    along.plot([1], [course.f(after)], "o", color="second")
    lowest = model(course, at, p)
    along.plot([1], [lowest], "o", color="third", markerfacecolor="paper")
    draw.label(along, "loss", (2.4, course.f(at + 2.4 * p)), (0, 11), "curve")
    draw.label(along, "model", (2.3, 760), (-8, 10), "third", ha="right")
    draw.label(along, "start", (0, height), (8, 8), ha="left")
    draw.label(along, "next", (1, course.f(after)), (0, -13), "second")
    along.set(xlabel="steps p along the line", ylabel="height", ylim=(-90, 1500))
    return figure


def figure_error():
    """The same two runs, against steps and against operations."""
    figure, axes = draw.panels(2, 1, height=5.0, sharey=True)
    for ax, costs in zip(axes[:, 0], ((1, 1), step_costs()), strict=True):
        for path, cost, colour, mark in zip(
            course_paths(), costs, ("path", "second"), ("-", "o-"), strict=True
        ):
            error = np.linalg.norm(path, axis=1)
            ax.semilogy(cost * np.arange(len(path)), error, mark, color=colour)
        ax.axhline(1e-6, color="soft", linewidth=0.8, linestyle=":")
        end = costs[0] * 90, np.linalg.norm(course_paths()[0][90])
        draw.label(ax, "gradient descent", end, (4, 10), "path", ha="left")
        last = costs[1] * 7, 1e-8
        draw.label(ax, "Newton", last, (10, 0), "second", ha="left")
        ax.set(ylabel="distance", ylim=(1e-10, 20), yticks=[1, 1e-4, 1e-8])
    axes[0, 0].set(xlabel="steps")
    axes[1, 0].set(xlabel="additions, multiplications, divisions")
    return figure


def figure_uphill():
    figure, axes = draw.panels(2, 1, height=6.4)
    above, loss = axes[:, 0]
    path = bent_valley()
    levels = [0, 20, 200, 900]
    draw.contours(above, rosenbrock.f, (-2, 2), (-3.8, 2.4), levels, points=41)
    draw.path(above, *path.T, color="second")
    draw.optimum(above, 1, 1)
    for k, away in enumerate([(-9, -9), (9, 10), (10, 0), (-10, 3), (14, 0)]):
        draw.label(above, f"{k}", path[k], away)
    above.set(xlabel="x", ylabel="y")
    heights = [rosenbrock.f(theta) for theta in path]
    loss.semilogy(heights, "o-", color="second")
    draw.label(loss, f"{heights[2]:.0f}", (2, heights[2]), (9, 6), ha="left")
    draw.label(loss, f"{heights[4]:.2f}", (4, heights[4]), (9, 6), ha="left")
    loss.set(xlabel="step k", ylabel="loss")
    return figure


def figure_invariance():
    """Two systems of coordinates: two descents, one Newton path."""
    figure, axes = draw.panels(2, 1, height=6.2, sharex=True)
    titles = {
        "descent": "gradient descent: two paths",
        "newton": "Newton: the same path twice",
    }
    levels = [boyd.f(boyd.minima[0]) + rise for rise in (0, 0.15, 1, 5)]
    for ax, method in zip(axes[:, 0], ("descent", "newton"), strict=True):
        draw.contours(ax, boyd.f, (-1.9, 0.9), (-0.5, 1.15), levels, points=35)
        here, elsewhere = twin_paths(method)
        every = 6 if method == "descent" else 1
        ax.plot(*here.T, "o-", color="path", markevery=every)
        ax.plot(*elsewhere.T, "x--", color="third", markevery=every, markersize=8)
        draw.optimum(ax, *boyd.minima[0])
        draw.label(ax, "start", here[0], (8, 4), ha="left")
        ax.set(ylabel="y", title=titles[method])
    near = twin_paths("descent")
    draw.label(axes[0, 0], "steps in θ", near[0][12], (-12, -12), "path", ha="right")
    draw.label(axes[0, 0], "steps in z", near[1][12], (44, 6), "third", ha="left")
    axes[1, 0].set(xlabel="x")
    return figure
