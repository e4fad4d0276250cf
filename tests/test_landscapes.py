"""The certificate of every landscape: nothing it says of itself is believed.

The expressions are written a second time here, for SymPy, and differentiated by it.
That no stationary point is missing is proved by algebra, and counted once more by
the index of the gradient.
"""

import inspect
from itertools import pairwise, product

import mpmath
import numpy as np
import pytest
import sympy as sp
from shared import landscapes
from shared.landscapes import (
    boyd,
    camel,
    catalogue,
    course,
    curves,
    explog,
    hagan,
    himmelblau,
    peano,
    pow43,
    quintic,
    rosenbrock,
    surfaces,
    tilted,
)
from sympy.parsing import sympy_parser

x, y = sp.symbols("x y")
tenth = sp.Rational(1, 10)
EXPRESSIONS = {
    "quad1": x**2,
    "explog": sp.exp(x) - sp.log(x),
    "quartic": x**4,
    "cubic": x**3,
    "well": x**4 / 4 - x**2 / 2,
    "tilted": x**4 - 2 * x**2 + 3 * tenth * x,
    "sqrt1p": sp.sqrt(1 + x**2),
    "lncosh": sp.log(sp.cosh(x)),
    "pow43": (x**2) ** sp.Rational(2, 3),
    "plateau": sp.tanh(x) ** 2,
    "quintic": x**5 - x - 1,
    "bowl": x**2 + y**2,
    "ravine": x**2 + 10 * y**2,
    "course": (
        x**4 + 8 * tenth * y**4 + 4 * x**2 + 2 * y**2 - x * y - 2 * tenth * x**2 * y
    ),
    "saddle": x**2 - y**2,
    "rosenbrock": (1 - x) ** 2 + 100 * (y - x**2) ** 2,
    "himmelblau": (x**2 + y - 11) ** 2 + (x + y**2 - 7) ** 2,
    "camel": (
        2 * x**2 - sp.Rational(105, 100) * x**4 + x**6 / sp.Integer(6) + x * y + y**2
    ),
    "hagan": (y - x) ** 4 + 8 * x * y - x + y + 3,
    "peano": (y - x**2) * (y - 3 * x**2),
    "boyd": (
        sp.exp(x + 3 * y - tenth) + sp.exp(x - 3 * y - tenth) + sp.exp(-x - tenth)
    ),
}
INDEX = {"minimum": 1, "maximum": 1, "saddle": -1}
INDEX_ON_A_CURVE = {"minimum": 1, "maximum": -1, "inflection": 0}

each = pytest.mark.parametrize("landscape", catalogue, ids=repr)
each_curve = pytest.mark.parametrize("landscape", curves, ids=repr)
each_surface = pytest.mark.parametrize("landscape", surfaces, ids=repr)


def expression(landscape):
    variables = (x, y)[: landscape.dim]
    return EXPRESSIONS[landscape.name], variables


def is_polynomial(landscape):
    formula, variables = expression(landscape)
    return formula.is_polynomial(*variables)


polynomials = [landscape for landscape in catalogue if is_polynomial(landscape)]


def sample(landscape, count=200):
    """Seeded points of the box: shape (count,) or (2, count)."""
    low, high = np.array(landscape.box).T
    points = np.random.default_rng(4).uniform(low, high, (count, landscape.dim)).T
    if landscape is pow43:
        # Near zero the curvature changes too fast for any difference.
        points = np.sign(points) * np.maximum(np.abs(points), 0.1)
    return points if landscape.dim > 1 else points[0]


def axes(landscape):
    return np.eye(landscape.dim) if landscape.dim > 1 else [1.0]


def differences(function, landscape, points, h=6e-6):
    """Central differences along each axis, the axis first."""
    shape = (-1, *[1] * (points.ndim - 1))
    steps = [h * np.reshape(axis, shape) for axis in axes(landscape)]
    slopes = [(function(points + s) - function(points - s)) / (2 * h) for s in steps]
    return np.array(slopes) if landscape.dim > 1 else slopes[0]


def assert_close(actual, expected, rtol):
    error = np.abs(actual - expected) / np.maximum(1, np.abs(expected))
    assert np.all(error <= rtol), f"largest error {np.max(error):.2e}"


def ring(radius, count=360):
    angles = 2 * np.pi * np.arange(count) / count
    return radius * np.array([np.cos(angles), np.sin(angles)])


def nearby(landscape, at, radius):
    """Points around `at`: both neighbours on a curve, a ring on a surface."""
    if landscape.dim == 1:
        return at + radius * np.array([-1, 1])
    return at[:, np.newaxis] + ring(radius)


def winding_number(landscape):
    """How often the gradient turns while the edge of the box is walked round."""
    (left, right), (low, high) = landscape.box
    t = np.linspace(0, 1, 20_000)
    corners = [(left, low), (right, low), (right, high), (left, high), (left, low)]
    edge = [np.outer(a, 1 - t) + np.outer(b, t) for a, b in pairwise(corners)]
    slope_x, slope_y = landscape.grad(np.concatenate(edge, axis=1))
    angle = np.unwrap(np.arctan2(slope_y, slope_x))
    assert np.max(np.abs(np.diff(angle))) < np.pi / 2, "walk in smaller steps"
    return round((angle[-1] - angle[0]) / (2 * np.pi))


def real_roots(polynomial, variable):
    roots = sp.Poly(polynomial, variable).real_roots(multiple=False)
    return [root.evalf(40) for root, _ in roots]


def zeros_of_the_gradient(landscape):
    """Every real zero of a polynomial gradient, by elimination, to forty digits."""
    formula, variables = expression(landscape)
    slopes = [formula.diff(v) for v in variables]
    if landscape.dim == 1:
        return [(float(root),) for root in real_roots(slopes[0], x)]
    on_x = real_roots(sp.resultant(*slopes, y), x)
    on_y = real_roots(sp.resultant(*slopes, x), y)
    gradient = sp.lambdify(variables, slopes, "mpmath")
    with mpmath.workdps(40):
        pairs = [tuple(map(mpmath.mpmathify, pair)) for pair in product(on_x, on_y)]
        zeros = [p for p in pairs if max(map(abs, gradient(*p))) < 1e-25]
    return [tuple(map(float, zero)) for zero in zeros]


def from_tex(tex):
    """Read the little TeX that the formulas use."""
    known = {r"\ln \cosh x": "log(cosh(x))", r"\ln x": "log(x)"}
    known |= {r"\tanh^2 x": "tanh(x)^2", r"\sqrt{1 + x^2}": "sqrt(1 + x^2)"}
    known |= {"|x|^{4/3}": "(x^2)^(2/3)", r"\tfrac14": "1/4", r"\tfrac12": "1/2"}
    known |= {r"\tfrac16": "1/6", "{": "(", "}": ")", "xy": "x y"}
    for written, meant in known.items():
        tex = tex.replace(written, meant)
    rules = (
        *sympy_parser.standard_transformations,
        sympy_parser.convert_xor,
        sympy_parser.implicit_multiplication,
        sympy_parser.rationalize,
    )
    names = {"x": x, "y": y, "e": sp.E}
    return sympy_parser.parse_expr(tex, names, rules)


def inside(landscape, point):
    low, high = np.array(landscape.box).T
    return np.all((low <= point) & (point <= high))


@each
def test_every_landscape_is_named_as_its_constant(landscape):
    assert getattr(landscapes, landscape.name) is landscape


def test_the_catalogue_holds_every_landscape_once():
    members = [
        name
        for name, member in inspect.getmembers(landscapes)
        if isinstance(member, landscapes.Landscape)
    ]
    assert sorted(members) == sorted(landscape.name for landscape in catalogue)
    assert sorted(members) == sorted(EXPRESSIONS)
    assert {landscape.dim for landscape in curves} == {1}
    assert {landscape.dim for landscape in surfaces} == {2}


@each
def test_value_gradient_and_hessian_are_those_of_sympy(landscape):
    formula, variables = expression(landscape)
    points = sample(landscape)
    coordinates = points if landscape.dim > 1 else [points]
    value = sp.lambdify(variables, formula, "numpy")
    assert_close(landscape.f(points), value(*coordinates), rtol=1e-12)
    gradient, hessian = landscape.grad(points), landscape.hess(points)
    if landscape.dim == 1:
        gradient, hessian = gradient[np.newaxis], hessian[np.newaxis, np.newaxis]
    for i, v in enumerate(variables):
        slope = sp.lambdify(variables, formula.diff(v), "numpy")
        assert_close(gradient[i], slope(*coordinates), rtol=1e-12)
        for j, w in enumerate(variables):
            curvature = sp.lambdify(variables, formula.diff(v, w), "numpy")
            assert_close(hessian[i, j], curvature(*coordinates), rtol=1e-12)


@each
def test_the_formula_on_the_page_is_the_function(landscape):
    formula, _ = expression(landscape)
    assert sp.simplify(from_tex(landscape.tex) - formula) == 0


@each
def test_gradient_is_the_central_difference_of_the_value(landscape):
    points = sample(landscape)
    slopes = differences(landscape.f, landscape, points)
    assert_close(landscape.grad(points), slopes, rtol=1e-7)


@each
def test_hessian_is_the_central_difference_of_the_gradient(landscape):
    points = sample(landscape)
    curvatures = differences(landscape.grad, landscape, points)
    assert_close(landscape.hess(points), curvatures, rtol=1e-6)


@each_surface
def test_hessian_is_symmetric(landscape):
    hessian = landscape.hess(sample(landscape))
    assert np.array_equal(hessian, hessian.swapaxes(0, 1))


@each
def test_a_stack_of_points_gives_what_each_point_gives(landscape):
    points = sample(landscape, count=6)
    grid = points.reshape(*points.shape[:-1], 2, 3)
    for function in landscape.f, landscape.grad, landscape.hess:
        singly = np.stack([function(point) for point in points.T], axis=-1)
        assert_close(function(points), singly, rtol=1e-14)
        stacked = function(grid)
        assert stacked.shape == (*singly.shape[:-1], 2, 3)
        assert np.array_equal(stacked.reshape(singly.shape), function(points))


@each
def test_one_point_gives_plain_floats_and_small_arrays(landscape):
    point = sample(landscape, count=1)[..., 0]
    shape = (2,) if landscape.dim > 1 else ()
    for theta in point, point.tolist(), np.ones(shape, dtype=int):
        assert type(landscape.f(theta)) is float
        gradient, hessian = landscape.grad(theta), landscape.hess(theta)
        assert np.shape(gradient) == shape
        assert np.shape(hessian) == 2 * shape
        kinds = {type(gradient), type(hessian)}
        assert kinds == ({np.ndarray} if landscape.dim > 1 else {float})


def test_a_point_with_a_coordinate_too_many_is_refused():
    with pytest.raises(TypeError):
        rosenbrock.f([1, 2, 3])


@each_surface
def test_the_listed_points_cannot_be_overwritten(landscape):
    for point in landscape.stationary:
        with pytest.raises(ValueError, match="read-only"):
            point.at[0] = 7


@each
def test_gradient_vanishes_at_every_stationary_point(landscape):
    for point in landscape.stationary:
        assert inside(landscape, point.at)
        curvature = (
            1 if landscape is pow43 else np.max(np.abs(landscape.hess(point.at)))
        )
        # No float lies closer to the point than half a unit of its last place.
        slack = 2 * np.spacing(np.max(np.abs(point.at))) * max(1, curvature)
        assert np.max(np.abs(landscape.grad(point.at))) <= max(slack, 1e-15)


@each
def test_kind_agrees_with_the_eigenvalues_of_the_hessian(landscape):
    for point in landscape.stationary:
        if landscape is pow43:
            continue  # has no second derivative at its minimum
        eigenvalues = np.linalg.eigvalsh(np.atleast_2d(landscape.hess(point.at)))
        if np.any(eigenvalues == 0):
            assert landscape.name in {"quartic", "cubic", "peano"}
            continue
        signs = set(np.sign(eigenvalues))
        expected = {"minimum": {1}, "maximum": {-1}, "saddle": {-1, 1}}
        assert signs == expected[point.kind]


@each
def test_kind_agrees_with_the_heights_around_the_point(landscape):
    for point in landscape.stationary:
        for radius in 1e-1, 1e-2, 1e-3:
            points = nearby(landscape, point.at, radius)
            rise = landscape.f(points) - landscape.f(point.at)
            if landscape is peano:
                # The way down is a bent one: between y = x² and y = 3x².
                rise = np.append(rise, peano.f([radius, 2 * radius * radius]))
            if point.kind == "minimum":
                assert np.all(rise > 0)
            elif point.kind == "maximum":
                assert np.all(rise < 0)
            else:
                assert point.kind == ("saddle" if landscape.dim > 1 else "inflection")
                assert np.min(rise) < 0 < np.max(rise)


@pytest.mark.parametrize("landscape", polynomials, ids=repr)
def test_elimination_finds_the_listed_points_and_no_others(landscape):
    found = sorted(p for p in zeros_of_the_gradient(landscape) if inside(landscape, p))
    listed = sorted(tuple(np.atleast_1d(p.at)) for p in landscape.stationary)
    assert len(found) == len(listed)
    assert np.allclose(found, listed, rtol=0, atol=1e-15)


@pytest.mark.parametrize("name", ["sqrt1p", "lncosh", "pow43", "plateau"])
def test_an_even_curve_that_only_rises_to_the_right_has_no_other_point(name):
    right = sp.Symbol("x", positive=True)
    formula = EXPRESSIONS[name]
    assert sp.simplify(formula - formula.subs(x, -x)) == 0
    assert sp.simplify(formula.subs(x, right).diff(right)).is_positive
    assert [p.at for p in getattr(landscapes, name).stationary] == [0]


def test_a_strictly_convex_curve_has_no_other_point():
    right = sp.Symbol("x", positive=True)
    assert EXPRESSIONS["explog"].subs(x, right).diff(right, 2).is_positive
    assert explog.box[0] > 0
    assert len(explog.stationary) == 1


def test_a_strictly_convex_surface_has_no_other_point():
    real = dict(zip((x, y), sp.symbols("x y", real=True), strict=True))
    hessian = sp.hessian(EXPRESSIONS["boyd"], (x, y)).subs(real)
    assert hessian[0, 0].is_positive
    assert sp.expand(hessian.det()).is_positive
    assert len(boyd.stationary) == 1


def test_every_landscape_has_a_proof_that_its_list_is_complete():
    others = {landscape.name for landscape in set(catalogue) - set(polynomials)}
    assert others == {"explog", "sqrt1p", "lncosh", "pow43", "plateau", "boyd"}


@each_curve
def test_the_slopes_at_both_ends_count_the_points_between(landscape):
    left, right = np.sign([landscape.grad(end) for end in landscape.box])
    indices = [INDEX_ON_A_CURVE[point.kind] for point in landscape.stationary]
    assert sum(indices) == (right - left) / 2


@each_surface
def test_the_turns_of_the_gradient_along_the_edge_count_the_points(landscape):
    indices = [INDEX[point.kind] for point in landscape.stationary]
    assert sum(indices) == winding_number(landscape)


@each
def test_minima_are_the_listed_ones_with_the_deepest_first(landscape):
    heights = [landscape.f(point) for point in landscape.minima]
    assert heights == sorted(heights)
    kinds = [point.kind for point in landscape.stationary]
    assert len(heights) == kinds.count("minimum")


@each
def test_every_symmetry_leaves_the_height_as_it_is(landscape):
    formula, variables = expression(landscape)
    for symmetry in landscape.symmetries:
        image = np.atleast_2d(symmetry.matrix) @ np.array(variables)
        there = dict(zip(variables, image, strict=True))
        assert sp.simplify(formula.subs(there, simultaneous=True) - formula) == 0
        points = sample(landscape)
        moved = mapped(symmetry.matrix, points)
        assert_close(landscape.f(moved), landscape.f(points), rtol=1e-12)
        words = [", ".join(map(str, point)) for point in (image, variables)]
        assert symmetry.tex == "f({}) = f({})".format(*words)


@each
def test_no_symmetry_of_the_square_is_left_out(landscape):
    if landscape is explog:
        assert not explog.symmetries  # it is defined on the right only
        return
    signs = list(product((-1, 1), repeat=2))
    square = {(a, 0, 0, b) for a, b in signs} | {(0, a, b, 0) for a, b in signs}
    every = square if landscape.dim > 1 else {(-1,), (1,)}
    points = sample(landscape)
    held = {m for m in every if is_kept(landscape, points, as_matrix(m))}
    claimed = [np.atleast_2d(s.matrix) for s in landscape.symmetries]
    group = {tuple(np.eye(landscape.dim).ravel())}
    for _ in range(4):
        group |= {tuple((as_matrix(m) @ c).ravel()) for m in group for c in claimed}
    assert group == held


def mapped(matrix, points):
    return (np.atleast_2d(matrix) @ np.atleast_2d(points)).reshape(points.shape)


def as_matrix(entries):
    return np.reshape(entries, (2, 2) if len(entries) > 1 else (1, 1))


def is_kept(landscape, points, matrix):
    return np.allclose(landscape.f(mapped(matrix, points)), landscape.f(points))


def test_explog_has_its_minimum_at_the_omega_constant():
    [omega] = explog.minima
    assert omega == pytest.approx(float(sp.LambertW(1)), rel=1e-15)
    assert explog.f(omega) == pytest.approx(2.330366124761681, rel=1e-14)
    assert explog.hess(omega) == pytest.approx(4.872177597931833, rel=1e-14)
    third = np.exp(omega) - 2 / omega**3
    error_constant = abs(third) / (2 * explog.hess(omega))
    assert error_constant == pytest.approx(0.9441709626693413, rel=1e-13)


def test_tilted_has_its_deepest_minimum_on_the_left():
    points = [point.at for point in tilted.stationary]
    assert points == pytest.approx([-1.0355787, 0.0754292, 0.9601496], abs=5e-8)
    heights = [tilted.f(point) for point in points]
    assert heights == pytest.approx([-1.3054285, 0.0112820, -0.7058535], abs=5e-8)


def test_quintic_has_one_real_root():
    [root] = real_roots(EXPRESSIONS["quintic"], x)
    assert float(root) == pytest.approx(1.1673039782614187, rel=1e-15)
    assert quintic.f(float(root)) == pytest.approx(0, abs=1e-14)


def test_course_at_its_start_and_at_its_minimum():
    assert course.grad([4, 4]) == pytest.approx([277.6, 213.6], rel=1e-14)
    expected = np.array([[198.4, -2.6], [-2.6, 157.6]])
    assert course.hess([4, 4]) == pytest.approx(expected, rel=1e-14)
    low, high = np.linalg.eigvalsh(course.hess([0, 0]))
    assert [low, high] == pytest.approx([6 - 5**0.5, 6 + 5**0.5], rel=1e-14)
    assert high / low == pytest.approx(2.188155, abs=5e-7)


def test_rosenbrock_at_its_start_and_at_its_minimum():
    start = [-1.2, 1]
    assert rosenbrock.f(start) == pytest.approx(24.2, rel=1e-14)
    assert rosenbrock.grad(start) == pytest.approx([-215.6, -88], rel=1e-14)
    expected = np.array([[1330, 480], [480, 200]])
    assert rosenbrock.hess(start) == pytest.approx(expected, rel=1e-14)
    hessian = rosenbrock.hess([1, 1])
    low, high = np.linalg.eigvalsh(hessian)
    assert low == pytest.approx(0.39936, abs=5e-6)
    assert high == pytest.approx(1001.60064, abs=5e-6)
    assert high / low == pytest.approx(2508.0096, abs=5e-5)
    assert 2 / high == pytest.approx(0.0019968038, abs=5e-11)
    assert np.linalg.det(hessian) == pytest.approx(400, rel=1e-12)


def test_himmelblau_has_four_minima_four_saddles_and_a_maximum():
    kinds = [point.kind for point in himmelblau.stationary]
    assert [kinds.count(k) for k in ("minimum", "saddle", "maximum")] == [4, 4, 1]
    assert [himmelblau.f(p) for p in himmelblau.minima] == pytest.approx([0] * 4)


def test_camel_has_its_global_minimum_in_the_middle():
    middle, *others = camel.minima
    assert camel.f(middle) == 0
    assert len(others) == 2
    outer = (2.1 + 0.91**0.5) ** 0.5
    for point in others:
        assert abs(point[0]) == pytest.approx(outer, rel=1e-15)
        assert camel.f(point) > 0.29


def test_hagan_has_the_points_of_the_book():
    points = [(*point.at, hagan.f(point.at)) for point in hagan.stationary]
    low, between, high = points
    assert low == pytest.approx([-0.41878, 0.41878, 2.92666], abs=5e-6)
    assert between[:2] == pytest.approx([-0.13480, 0.13480], abs=5e-6)
    assert high == pytest.approx([0.55358, -0.55358, 0.94383], abs=5e-6)


def test_pow43_has_no_curvature_at_its_minimum():
    with pytest.raises(ZeroDivisionError):
        pow43.hess(0)
    assert pow43.hess(1e-9) > 1e5


def test_peano_rises_along_every_line_and_falls_along_a_parabola():
    for direction in ring(1.0).T:
        t = np.array([-1e-3, -1e-4, 1e-4, 1e-3])
        assert np.all(peano.f(np.outer(direction, t)) > 0)
    assert peano.f([0.1, 0.02]) == pytest.approx(-0.0001, rel=1e-12)
    assert peano.f([0.5, 0.5]) == -0.0625


def test_boyd_has_its_minimum_in_closed_form():
    [minimiser] = boyd.minima
    assert minimiser == pytest.approx([-np.log(2) / 2, 0], rel=1e-15)
    assert minimiser[0] == pytest.approx(-0.3465735903, abs=5e-11)
    assert boyd.f(minimiser) == pytest.approx(2.5592666966582156, rel=1e-14)
    assert boyd.f(minimiser) == pytest.approx(2 * 2**0.5 * np.exp(-0.1), rel=1e-14)
