"""Maps of starts: from each point of a grid, where a method ends.

`starts` are points of the plane stacked as (2, …); a method takes all of them one
step on at once. What they reach is an index into `landscape.stationary`, or −1.
"""

import math

import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from .lab import length, rounded

RATE = 0.005  # of gradient descent, small enough for every start on `himmelblau`
_MOST = 2000  # steps of a run
_FAR = 1e9  # where it is given up
DESCENT, NEWTON, DAMPED = "gradient descent", "Newton", "damped Newton"
_POINT, _G = r"({6:2},\, {7:2})", r"({1:1},\, {2:1})"
_H = r"\begin{pmatrix} {3:1} & {4:1} \\ {4:1} & {5:1} \end{pmatrix}"


def square_grid(n, reach):
    """Return n × n points of a square around 0, stacked as (2, n, n).

    >>> x, y = square_grid(3, reach=2.0)
    >>> x[0], y[0]
    (array([-2.,  0.,  2.]), array([-2., -2., -2.]))
    """
    line = np.linspace(-reach, reach, n)
    return np.stack(np.meshgrid(line, line))


def newton_from_all(landscape, starts, steps=50):
    """Take Newton steps from all starts at once; return where they end."""

    def step(theta):
        g, H = _stacked(landscape, theta)
        return theta + np.moveaxis(np.linalg.solve(H, -g)[..., 0], -1, 0)

    return _walked(landscape, starts, step, steps)


def damped_from_all(landscape, starts, steps=25, least=1e-8):
    """Take Newton steps with |H| and Armijo's rule; return where they end."""

    def step(theta):
        g, H = _stacked(landscape, theta)
        values, vectors = np.linalg.eigh(H)
        sizes = np.maximum(np.abs(values), least)[..., None]
        p = -(vectors @ (vectors.swapaxes(-1, -2) @ g / sizes))[..., 0]
        p = np.moveaxis(p, -1, 0)
        height = landscape.f(theta)
        slope = np.sum(landscape.grad(theta) * p, axis=0)
        t = np.ones_like(height)
        high = np.ones_like(height, dtype=bool)
        while high.any():
            high = landscape.f(theta + t * p) > height + 1e-4 * t * slope
            t[high] /= 2
        return theta + t * p

    return _walked(landscape, starts, step, steps)


def descent_from_all(landscape, starts, rate=RATE, steps=2000):
    """Take gradient steps from all starts at once; return where they end."""
    step = lambda theta: theta - rate * landscape.grad(theta)
    return _walked(landscape, starts, step, steps)


METHODS = {
    "descent": descent_from_all,
    "newton": newton_from_all,
    "damped": damped_from_all,
}


def ends(landscape, points, tolerance=1e-6):
    """Return, for each point, which stationary point it has reached.

    Points are stacked as (2, …); the answer is an index into
    `landscape.stationary`, or −1 for none.

    >>> from shared.landscapes import saddle
    >>> ends(saddle, square_grid(3, reach=1.0))
    array([[-1, -1, -1],
           [-1,  0, -1],
           [-1, -1, -1]])
    """
    at = np.array([place.at for place in landscape.stationary])
    away = np.stack([np.hypot(points[0] - x, points[1] - y) for x, y in at])
    return np.where(away.min(axis=0) < tolerance, away.argmin(axis=0), -1)


def count(landscape, reached):
    """Return how many runs reached each kind of stationary point.

    >>> from shared.landscapes import saddle
    >>> count(saddle, ends(saddle, square_grid(3, reach=1.0)))
    {'minimum': 0, 'saddle': 1, 'maximum': 0, 'nowhere': 8}
    """
    total = {"minimum": 0, "saddle": 0, "maximum": 0}
    for index, place in enumerate(landscape.stationary):
        total[place.kind] += int(np.sum(reached == index))
    return total | {"nowhere": int(np.sum(reached == -1))}


class Basins:
    """What can be asked of a run on a landscape, written for plain floats.

    `kinds` say of each stationary point what it is called; "nowhere" is added. `rate`
    is that of gradient descent. The methods take that of the run, one of DESCENT,
    NEWTON and DAMPED, and its start; what stands above does this for many starts.
    `formulas` are those of a first step, with what `step` gives.
    """

    def __init__(self, landscape, kinds, rate=RATE):
        value, slopes = landscape.value, landscape.slopes
        curvatures = landscape.curvatures
        # To fewer digits than a page would load: ends are nearer than a millionth.
        places = [[round(float(z), 7) for z in p.at] for p in landscape.stationary]
        names = self.kinds = [*kinds, "nowhere"]

        def run(method, x, y):
            """Return the points of a run until it rests, or is far out."""
            return _run(value, slopes, curvatures, rate, method, x, y)

        def end(method, x, y):
            """Return which stationary point a run reaches; their number for none."""
            return _end(value, slopes, curvatures, rate, places, method, x, y)

        def path(method, x, y):
            """Return the points of a run, of gradient descent each tenth."""
            points = run(method, x, y)
            every = 10 if method == DESCENT else 1
            return [points[k] for k in range(0, len(points), every)]

        def rows(method, x, y):
            """Return place, loss and length of the gradient of these points."""
            found = []
            for a, b in path(method, x, y):
                g, h = slopes(a, b)
                found.append([a, b, value(a, b), math.sqrt(g * g + h * h)])
            return found

        def says(method, x, y):
            """Return at what kind of point a run ends, its steps, and the place."""
            points = run(method, x, y)
            kind = names[end(method, x, y)]
            x, y = points[-1]
            return [kind, len(points) - 1, rounded(x), rounded(y)]

        def step(method, x, y):
            """Return the method, g, H, where the first step leads, and its t."""
            g, h = slopes(x, y)
            upper, lower = curvatures(x, y)
            there = _step(value, slopes, curvatures, rate, method, x, y)
            a, b, c = float(upper[0]), float(upper[1]), float(lower[1])
            return [method, g, h, a, b, c, there[0], there[1], there[2]]

        at = r"\theta_0 - "
        self.formulas = {
            DESCENT: rf"{at}\eta g = {at}{rate}\, {_G} = {_POINT}",
            NEWTON: rf"{at}H^{{-1}} g = {at}{_H}^{{-1}} {_G} = {_POINT}",
            DAMPED: rf"{at}t\, |H|^{{-1}} g = {at}{{8:2}}\, |H|^{{-1}} {_G} = {_POINT}",
        }
        self.run, self.end, self.path, self.rows = run, end, path, rows
        self.says, self.step = says, step


def _step(value, slopes, curvatures, rate, method, x, y):
    """Return where one step leads, and how much of it was taken."""
    g, h = slopes(x, y)
    if method == DESCENT:
        return [x - rate * g, y - rate * h, 1.0]
    upper, lower = curvatures(x, y)
    a, b, c = float(upper[0]), float(upper[1]), float(lower[1])
    det = a * c - b * b
    if det == 0:
        return [x, y, 0.0]
    p, q = (b * h - c * g) / det, (b * g - a * h) / det
    if method == NEWTON:
        return [x + p, y + q, 1.0]
    # |H| = ((a + c) H + more I) / size, as for each matrix of two rows
    more = abs(det) - det
    size = math.sqrt((a + c) * (a + c) + 2 * more) * abs(det)
    p = ((a + c) * det * p - more * g) / size
    q = ((a + c) * det * q - more * h) / size
    t = length(value, slopes, x, y, p, q)
    return [x + t * p, y + t * q, t]


def _run(value, slopes, curvatures, rate, method, x, y):
    points = [[x, y]]
    while len(points) <= _MOST:
        g, h = slopes(x, y)
        if not ((abs(g) >= 1e-8 or abs(h) >= 1e-8) and abs(x) + abs(y) <= _FAR):
            break
        p, q, _ = _step(value, slopes, curvatures, rate, method, x, y)
        if p == x and q == y:
            break
        x, y = p, q
        points.append([x, y])
    return points


def _end(value, slopes, curvatures, rate, places, method, x, y):
    x, y = _run(value, slopes, curvatures, rate, method, x, y)[-1]
    for k in range(len(places)):
        a, b = places[k]
        if abs(x - a) + abs(y - b) < 1e-6:
            return k
    return len(places)


def outline(cells):
    """Return the closed borders of the true cells, as lists of corners.

    The cell in row i and column j is the square from (j, i) to
    (j + 1, i + 1). Inside is on the left of every border.

    >>> outline(np.array([[True, True]]))
    [[(0, 0), (2, 0), (2, 1), (0, 1)]]
    """
    padded = np.pad(cells.astype(int), 1)
    below, beside = np.diff(padded, axis=0)[:, 1:-1], np.diff(padded, axis=1)[1:-1]
    edges = [((j, i), (j + 1, i)) for i, j in np.argwhere(below == 1).tolist()]
    edges += [((j + 1, i), (j, i)) for i, j in np.argwhere(below == -1).tolist()]
    edges += [((j, i + 1), (j, i)) for i, j in np.argwhere(beside == 1).tolist()]
    edges += [((j, i), (j, i + 1)) for i, j in np.argwhere(beside == -1).tolist()]
    ahead = {}
    for start, end in sorted(edges):
        ahead.setdefault(start, []).append(end)
    loops = []
    while ahead:
        point = start = next(iter(ahead))
        loop = []
        while not loop or point != start:
            loop.append(point)
            further = ahead[point].pop()
            if not ahead[point]:
                del ahead[point]
            point = further
        loops.append(_corners(loop))
    return loops


def paint(ax, landscape, reached, reach, shades):
    """Paint where each start ends, and mark all stationary points.

    `shades` has, for each kind, the (color, alpha) of its points in turn.
    """
    cells = {}  # of one shade; no border is drawn between them
    for index, shade in enumerate(shades_of(landscape, shades)):
        cells[shade] = cells.get(shade, False) | (reached == index)
    for (color, alpha), inside in cells.items():
        _fill(ax, inside, reach, color, alpha)
    marks = {"minimum": "o", "saddle": "x", "maximum": "^"}
    for place in landscape.stationary:
        ax.plot(*place.at, marks[place.kind], color="ink", markerfacecolor="paper")
    ax.set(xlim=(-reach, reach), ylim=(-reach, reach), aspect="equal")


def shades_of(landscape, shades):
    """Return the shade of each stationary point; see `paint`."""
    kinds = [place.kind for place in landscape.stationary]
    return [shades[kind][k % len(shades[kind])] for k, kind in enumerate(kinds)]


def _walked(landscape, starts, step, steps, look=10):
    """Take steps from all starts; those that are found to rest stay where they are."""
    theta = np.reshape(starts, (2, -1)).astype(float)
    going = np.arange(theta.shape[1])
    for k in range(0, steps, look):
        part = theta[:, going]
        for _ in range(min(look, steps - k)):
            part = step(part)
        theta[:, going] = part
        rests = np.abs(landscape.grad(part)).max(axis=0) < 1e-11
        going = going[~rests]
        if not going.size:
            break
    return theta.reshape(np.shape(starts))


def _stacked(landscape, theta):
    """Return gradients and Hessians with the coordinates last."""
    g = np.moveaxis(landscape.grad(theta), 0, -1)[..., None]
    return g, np.moveaxis(landscape.hess(theta), (0, 1), (-2, -1))


def _corners(loop):
    """Leave out the points at which a closed line goes straight on."""
    around = zip(loop[-1:] + loop[:-1], loop, loop[1:] + loop[:1], strict=True)
    return [
        b
        for a, b, c in around
        if (b[0] - a[0], b[1] - a[1]) != (c[0] - b[0], c[1] - b[1])
    ]


def _fill(ax, cells, reach, color, alpha):
    """Fill the true cells of a square grid whose points reach so far."""
    step = 2 * reach / (len(cells) - 1)
    vertices, codes = [], []
    for loop in outline(cells):
        vertices += [
            (-reach + (x - 0.5) * step, -reach + (y - 0.5) * step) for x, y in loop
        ]
        vertices.append(vertices[-len(loop)])
        codes += [Path.MOVETO] + [Path.LINETO] * (len(loop) - 1) + [Path.CLOSEPOLY]
    if vertices:
        shape = Path(vertices, codes)
        style = {"facecolor": color, "alpha": alpha, "edgecolor": "none"}
        ax.add_patch(PathPatch(shape, gid="field", **style))
