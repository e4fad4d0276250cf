"""The small NumPy of the reader's browser, against NumPy itself.

It is plain Python, so that it can be tried here; the browser runs it in MicroPython
(tests/browser).
"""

import importlib.util
import math
import re
import sys
from unittest.mock import patch

import numpy as np
import pytest
from conftest import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

BROWSER = ROOT / "snippets/_weave/browser"


def loaded(name):
    spec = importlib.util.spec_from_file_location(f"small_{name}", BROWSER / name)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


more_math = loaded("more_math.py")
with patch.dict(sys.modules, math=more_math):  # as judge.py does in the browser
    small = loaded("numpy.py")
quick = settings(max_examples=60, deadline=None, derandomize=True)

FLOATS = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, -2.5, 0.1, 1e-7, 3e8, float("inf"), float("nan")]),
    st.floats(-1e6, 1e6).map(lambda x: float(f"{x:.6g}")),
)
TAME = st.floats(-100, 100).map(lambda x: float(f"{x:.5g}"))
INTEGERS = st.integers(-1000, 1000)
SHAPES = st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple)


@st.composite
def arrays(draw, numbers=TAME, shapes=SHAPES):
    """The same numbers for both, as nested lists."""
    shape = draw(shapes)
    size = int(np.prod(shape))
    flat = draw(st.lists(numbers, min_size=size, max_size=size))
    return np.array(flat).reshape(shape).tolist()


def plain(value):
    """A value of either as shape, kind and numbers."""
    if isinstance(value, (tuple, list)) and not isinstance(value, str):
        return [plain(one) for one in value]
    shape = getattr(value, "shape", ())
    flat = value.tolist() if hasattr(value, "tolist") else value
    kind = np.array(flat).dtype.kind
    return shape, kind, flat


def alike(ours, theirs, rtol=1e-13):
    ours, theirs = plain(ours), plain(theirs)
    if isinstance(theirs, list):
        assert len(ours) == len(theirs)
        for one, other in zip(ours, theirs, strict=True):
            assert one[:2] == other[:2]
            np.testing.assert_allclose(one[2], other[2], rtol=rtol, atol=1e-12)
        return
    assert ours[:2] == theirs[:2]
    np.testing.assert_allclose(ours[2], theirs[2], rtol=rtol, atol=1e-12)


def both(function, *given, rtol=1e-13):
    """Compare what a function of the module gives with each of the two."""
    with np.errstate(all="ignore"):
        try:
            theirs = function(np, *given)
        except (ValueError, IndexError, TypeError):
            with pytest.raises((ValueError, IndexError, TypeError)):
                function(small, *given)
            return
    alike(function(small, *given), theirs, rtol)


@quick
@given(arrays(FLOATS) | arrays(INTEGERS) | arrays(st.booleans()))
def test_arrays_are_printed_as_numpy_prints_them(rows):
    assert repr(small.array(rows)) == repr(np.array(rows))
    assert str(small.array(rows)) == str(np.array(rows))


def test_zeros_keep_their_sign():
    for rows in [[-1e-9, 1e-9]], [[-0.0, -0.0], [-0.0, 0.0]]:
        for made in (lambda a: a.round(4)), (lambda a: a.sum(axis=0)), abs:
            assert repr(made(small.array(rows))) == repr(made(np.array(rows)))
    both(lambda m: m.array([[0.0, 1.0]]) @ m.array([-1.0, 0.0]))


@pytest.mark.parametrize("rows", [[], 0.5, [1e-300, 1], [[1e-9, 1.0]], [True, True]])
def test_arrays_at_the_edge_are_printed_alike(rows):
    assert repr(small.array(rows)) == repr(np.array(rows))


@quick
@given(st.lists(st.floats(-1e9, 1e9), min_size=20, max_size=40))
def test_long_rows_are_broken_where_numpy_breaks_them(row):
    for rows in row, [row, row], [[row], [row]]:
        assert repr(small.array(rows)) == repr(np.array(rows))


OPERATIONS = {
    "+": lambda np, x, y: x + y,
    "-": lambda np, x, y: x - y,
    "*": lambda np, x, y: x * y,
    "/": lambda np, x, y: x / y,
    "**": lambda np, x, y: abs(x) ** y,
    "<": lambda np, x, y: x < y,
    ">=": lambda np, x, y: x >= y,
    "==": lambda np, x, y: x == y,
    "!=": lambda np, x, y: x != y,
    "maximum": lambda np, x, y: np.maximum(x, y),
    "minimum": lambda np, x, y: np.minimum(x, y),
    "hypot": lambda np, x, y: np.hypot(x, y),
    "where": lambda np, x, y: np.where(x > y, x, y),
}


@pytest.mark.parametrize("name", OPERATIONS)
def test_two_arrays_are_broadcast_as_by_numpy(name):
    operation = OPERATIONS[name]

    @quick
    @given(arrays(st.sampled_from([-2.0, -0.5, 0.0, 1.0, 2.5, 3.0])), st.data())
    def tried(rows, data):
        shape = list(np.shape(rows))
        for axis in range(len(shape)):
            shape[axis] = data.draw(st.sampled_from([1, shape[axis]]))
        shape = tuple(shape[data.draw(st.integers(0, len(shape) - 1)) :])
        other = data.draw(arrays(st.sampled_from([-1.0, 0.5, 2.0]), st.just(shape)))
        both(lambda m, x, y: operation(m, m.array(x), m.array(y)), rows, other)
        both(lambda m, x, y: operation(m, m.array(x), y), rows, 2.0)
        both(lambda m, x, y: operation(m, m.array(x), m.array(y)), rows, [1.0] * 7)

    tried()


NAMES = """
    exp log sqrt sin cos tan tanh sinh cosh arctan abs sign floor ceil square log10
    log1p expm1 log2 cbrt radians degrees isnan isfinite round
"""


@pytest.mark.parametrize("name", NAMES.split())
def test_functions_of_entries_are_numpys(name):
    edges = [0.0, 1.0, -1.0, 0.5, 800.0, -800.0, float("inf"), -float("inf"), 2e-9]
    given = [edges[:3], edges[3:6], edges[6:]]
    both(lambda m, x: getattr(m, name)(m.array(x)), given, rtol=1e-14)
    both(lambda m, x: getattr(m, name)(m.array(x)), [float("nan"), 2.5, -2.5])
    assert float(getattr(small, name)(0.3)) == pytest.approx(
        float(getattr(np, name)(0.3))
    )


REDUCTIONS = {
    name: lambda m, x, axis, name=name: getattr(x, name)(axis=axis)
    for name in ("sum", "prod", "mean", "var", "std", "max", "min", "all", "any")
} | {
    name: lambda m, x, axis, name=name: getattr(m, name)(x, axis=axis)
    for name in ("argmax", "argmin", "cumsum", "diff", "sort", "median", "ptp")
}


@pytest.mark.parametrize("name", REDUCTIONS)
def test_axes_are_reduced_as_by_numpy(name):
    reduced = REDUCTIONS[name]

    @quick
    @given(arrays(), st.integers(-3, 3))
    def tried(rows, axis):
        both(lambda m, x: reduced(m, m.array(x), axis), rows)
        if name not in ("diff", "sort"):
            both(lambda m, x: reduced(m, m.array(x), None), rows)

    tried()


@quick
@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=300))
def test_sums_have_numpys_last_digit(numbers):
    assert float(small.array(numbers).sum()) == float(np.array(numbers).sum())


@quick
@given(arrays(shapes=st.just((2, 3, 2))), st.sampled_from([(0, 1), (0, 2), (1, 2)]))
def test_several_axes_are_summed_together(rows, axes):
    both(lambda m, x: m.array(x).sum(axis=axes), rows)
    both(lambda m, x: m.array(x).mean(axis=-1, keepdims=True), rows)


KEYS = """
    0; -1; 1:; ::-1; ::2; :-1; 5; None; ...; (..., 0); (0, 1); (slice(None), 0);
    (slice(None), None); (0, ...); (slice(None, None, -1), slice(1, 3)); [1, 0];
    (slice(None), [0, 1, 1]); ([0, 1], [1, 0]); (0, 0, 0); (None, 0, None)
"""


@pytest.mark.parametrize("key", [key.strip() for key in KEYS.split(";")])
@pytest.mark.parametrize("shape", [(4,), (3, 4), (2, 3, 4)])
def test_parts_are_chosen_and_changed_as_by_numpy(key, shape):
    key = key if "(" in key or ":" not in key else f"slice({_slice(key)})"
    key = eval(key)
    rows = np.arange(float(np.prod(shape))).reshape(shape).tolist()
    both(lambda m, x: m.array(x)[key], rows)

    def changed(m, x):
        a = m.array(x)
        a[key] = -1.5
        return a

    both(changed, rows)


def _slice(key):
    return ", ".join(part or "None" for part in key.split(":"))


def test_masks_choose_and_change_entries():
    for rows in [1.0, -2.0, 3.0], [[1.0, -2.0], [3.0, -4.0]]:
        both(lambda m, x: m.array(x)[m.array(x) > 0], rows)

        def changed(m, x):
            a = m.array(x)
            a[a < 0] = 0
            return a

        both(changed, rows)


def test_slices_are_views_and_copies_are_not():
    def changed(m):
        a = m.arange(6.0).reshape(2, 3)
        a[0][1] = 10
        a.T[2] -= 1
        a.reshape(6)[3:5] *= 2
        a[:, ::-1][0, 0] = 7
        b = a.copy()
        b += 100
        c = a[[0, 1]]
        c[:] = 0
        return a

    both(changed)


MAKERS = [
    "linspace(0, 1, 5)",
    "linspace(2.0, -1.0, 7)",
    "linspace(0, 1, 1)",
    "arange(5)",
    "arange(1.0, 2.0, 0.25)",
    "arange(5, 0, -2)",
    "logspace(-2, 2, 5)",
    "geomspace(1, 100, 3)",
    "zeros(3)",
    "zeros((2, 2))",
    "ones((2, 1))",
    "full(2, 7.5)",
    "eye(3)",
    "diag([1.0, 2.0])",
    "diag([[1.0, 2.0], [3.0, 4.0]])",
    "zeros_like([1.0, 2.0])",
    "ones_like([[1, 2]])",
    "meshgrid([1.0, 2.0], [3.0, 4.0, 5.0])",
    "stack([[1.0, 2.0], [3.0, 4.0]], axis=1)",
    "stack([[1.0, 2.0], [3.0, 4.0]])",
    "concatenate([[1.0], [2.0, 3.0]])",
    "concatenate([[[1.0], [2.0]], [[3.0], [4.0]]], axis=1)",
    "column_stack([[1.0, 2.0], [3.0, 4.0]])",
    "vstack([[1.0, 2.0], [3.0, 4.0]])",
    "hstack([[1.0, 2.0], [3.0]])",
    "append([1.0], [2.0, 3.0])",
    "tile([1.0, 2.0], 2)",
    "split(array([1.0, 2.0, 3.0, 4.0]), 2)",
    "split(array([1.0, 2.0, 3.0, 4.0]), [1, 3])",
    "linalg.lstsq([[1.0, 2.0], [2.0, 4.0], [0.0, 1.0]], [1.0, 2.0, 3.0])[0]",
    "linalg.lstsq([[1.0, 2.0], [2.0, 4.0]], [1.0, 2.0])[0]",
    "swapaxes([[[1.0, 2.0]]], 0, 2)",
    "array([[1.0, 2.0]]).mT",
    "repeat([1.0, 2.0], 2)",
    "outer([1.0, 2.0], [3.0, 4.0])",
    "moveaxis([[[1.0, 2.0]], [[3.0, 4.0]]], 0, -1)",
    "transpose([[1.0, 2.0]])",
    "atleast_2d([1.0])",
    "unique([3, 1, 3])",
    "argsort([3.0, 1.0, 2.0])",
    "clip([1.0, -5.0, 9.0], -1, 2)",
    "round([1.25, 2.345, -0.5], 1)",
    "array_equal([1.0], [1.0])",
    "array_equal([1.0, 2.0], [1.0, 3.0])",
    "array_equal([1.0], [1.0, 1.0])",
    "allclose([1.0], [1.0 + 1e-9])",
    "flatnonzero([0, 2, 0, 1])",
    "count_nonzero([0, 2, 0, 1])",
    "trace([[1.0, 2.0], [3.0, 4.0]])",
    "logaddexp(1.0, 2.0)",
    "logaddexp(1e400, 1.0)",
    "logaddexp(-1e400, -1e400)",
    "broadcast_to([1.0, 2.0], (2, 2))",
    "array([1.0, 2.0]).reshape(2, -1)",
    "array([[1, 2], [3, 4]]) @ array([1, 2])",
    "array([1, 2]) // 2",
    "array([5, 2]) % 3",
    "dot([1.0, 2.0], [3.0, 4.0])",
    "sum([[1, 2], [3, 4]], axis=0)",
    "ndim(2.0)",
    "shape([[1, 2]])",
    "array([1, 2]).astype(float)",
    "array([True, False]) & array([True, True])",
    "~array([True, False])",
    "average([1.0, 3.0])",
    "finfo(float).eps",
    "finfo(float).max",
    "finfo(float).tiny",
    "average([1.0, 3.0], weights=[1.0, 3.0])",
    "array([True, False]) + array([True, True])",
    "exp2([3.0, -1.0])",
    "-array([1.0, -2.0])",
    "+array([1.0, -2.0])",
    "[1.0, 2.0] @ array([[1.0, 3.0], [2.0, 4.0]])",
    "array([1.0, 2.0]) != None",
    "array([1.0, 2.0]) == None",
    "array([1.0, 2.0])[2]",
    "array([1.0, 2.0])[-3]",
    "linalg.norm([3.0, 4.0])",
    "linalg.norm([[3.0, 4.0], [6.0, 8.0]], axis=1)",
    "linalg.norm([3.0, -4.0], 1)",
    "tensordot([[1.0, 2.0]], [[3.0], [4.0]], axes=1)",
]


@pytest.mark.parametrize("code", MAKERS)
def test_arrays_are_made_as_by_numpy(code):
    array = re.sub(r"(?<![.\w])([a-z_0-9]+(?=\(|\.eps)|linalg)", r"m.\1", code)
    array = array.replace("m.float", "float")
    both(lambda m: eval(array, {"m": m}))


# Names that stand nowhere above, in examples for both.
EXAMPLES = """
    m.add(ROW, 1.0); m.subtract(ROW, ROW); m.multiply(ROW, 2.0); m.divide(1.0, ROW)
    m.power(ROW, 2.0); m.matmul(GRID, GRID); m.absolute(ROW); m.arctan2(ROW, 2.0)
    m.arccos([0.5, -1.0, 2.0]); m.arcsin([0.5, 1.0]); m.exp2(ROW); m.deg2rad(ROW)
    m.rad2deg(ROW); m.logical_and(ROW, [0, 1, 1]); m.logical_or(ROW, [0, 0, 0])
    m.logical_not([0.0, 1.0]); m.isinf([1.0, m.inf, -m.inf, m.nan])
    m.isclose([1.0, 2.0], [1.0 + 1e-9, 2.1]); m.nonzero(GRID); m.ravel(GRID)
    m.copy(ROW); m.flip(ROW); m.amax(GRID, axis=0); m.amin(GRID); m.size(GRID)
    m.asarray(ROW, m.float64); m.atleast_1d(3.0); m.identity(2); m.empty((2, 3)).shape
    m.empty_like(GRID).shape; m.full_like(ROW, 7.0); m.array([1.6, 2.0]).astype(m.int64)
    m.array([1, 0]).astype(m.bool_); m.array([m.True_, m.False_])
    m.array([m.pi, m.e]); ROW[:, m.newaxis]; isinstance(ROW, m.ndarray)
    GRID.T; GRID.copy(); GRID.diagonal(); list(GRID.flat); GRID.flatten(); GRID.ravel()
    GRID.size; m.array(GRID.tolist()); m.array([[5.0]]).item(); GRID.flags.writeable
    m.linalg.svdvals(GRID); m.linalg.cond(GRID); m.linalg.eigvalsh(GRID + GRID.T)
    filled(m); quiet(m)(ROW)
"""


def filled(m):
    a = m.zeros(3)
    a.fill(2.5)
    return a


def quiet(m):
    """NumPy's `errstate` is a decorator, too."""

    @m.errstate(divide="ignore")
    def inverse(x):
        with m.errstate(over="ignore"):
            return 1.0 / x

    return inverse


@pytest.mark.parametrize("code", re.split(r"[;\n]\s*", EXAMPLES.strip()))
def test_every_other_name_gives_what_numpys_gives(code):
    def made(m):
        rows = {"ROW": [1.0, -2.0, 4.0], "GRID": [[1.0, 2.0], [-3.0, 5.0]]}
        given = {name: m.array(row) for name, row in rows.items()}
        return eval(code, given | {"m": m, "filled": filled, "quiet": quiet})

    both(made, rtol=1e-12)


@quick
@given(st.lists(FLOATS | TAME, min_size=2, max_size=4))
def test_what_math_lacks_is_pythons(numbers):
    for name in "prod", "hypot":
        given = [numbers] if name == "prod" else numbers
        ours, theirs = (getattr(one, name)(*given) for one in (more_math, math))
        assert ours == pytest.approx(theirs, rel=1e-15, nan_ok=True)
    tame = [x for x in numbers if -1 < x < math.inf]
    assert more_math.dist(tame, tame[::-1]) == pytest.approx(
        math.dist(tame, tame[::-1]), rel=1e-15
    )
    for x in tame:
        assert more_math.log1p(x) == pytest.approx(math.log1p(x), rel=1e-15)
    assert [more_math.comb(n, 2) for n in range(5)] == [0, 0, 1, 3, 6]


SEEDS = [0, 1, 12345, 2**32, 2**40 + 7, 2**200 + 99]
DRAWN = """
    random(5); random(); uniform(-2, 3, 4); uniform(-8, 8, (2, 3)); integers(7, size=9)
    integers(2, 40); integers(1); normal(0, 0.3, 5); normal([5, -300], [1, 100], (3, 2))
    normal(); standard_normal(4); permutation(10); permutation([3.0, 1.0, 2.0])
    uniform(); uniform(size=3)
"""


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_seed_gives_the_same_random_numbers(seed):
    """To the last bit, and in any order."""
    ours, theirs = small.random.default_rng(seed), np.random.default_rng(seed)
    for call in re.split(r"[;\n]\s*", DRAWN.strip()):
        one = eval(f"rng.{call}", {"rng": ours})
        other = eval(f"rng.{call}", {"rng": theirs})
        assert plain(one) == plain(other)
    row, same = list(range(20)), list(range(20))
    ours.shuffle(row)
    theirs.shuffle(same)
    assert row == same


def test_every_layer_under_the_bell_and_its_tail_are_numpys():
    """So many that each of the 256 is met, and what lies beyond 3.65, too."""
    ours = small.random.default_rng(3).normal(size=20_000).tolist()
    theirs = np.random.default_rng(3).normal(size=20_000)
    assert ours == theirs.tolist()
    assert np.abs(theirs).max() > 3.6541528853610088


def test_without_a_seed_numbers_differ():
    assert small.random.default_rng().random() != small.random.default_rng().random()


def test_every_public_name_is_compared_with_numpys():
    holders = vars(small), *map(vars, (small.ndarray, small.Generator))
    names = {name for holder in holders for name in holder} | {*dir(small.linalg)}
    own = {"math", "sum_of", "all_of", "any_of"}  # Python's, under other names
    theirs = {name for name in names - own if name[0] != "_"}
    tried = {*NAMES.split(), *REDUCTIONS, *OPERATIONS}
    tried |= {*re.findall(r"\w+", " ".join([*MAKERS, EXAMPLES, DRAWN]))}
    # In tests of their own, above and below.
    tried |= {"solve", "inv", "det", "eigh", "shuffle", "fill", "errstate"}
    tried |= {"Generator", "LinAlgError"}
    assert theirs - tried == set()


SQUARES = st.integers(1, 4).flatmap(lambda n: arrays(shapes=st.just((n, n))))


@quick
@given(SQUARES, st.data())
def test_matrices_are_multiplied_solved_and_inverted(rows, data):
    n = len(rows)
    vector = data.draw(arrays(shapes=st.just((n,))))
    both(lambda m: m.array(rows) @ m.array(vector), rtol=1e-10)
    both(lambda m: m.array(vector) @ m.array(rows), rtol=1e-10)
    both(lambda m: m.array([rows, rows]) @ m.array(rows), rtol=1e-10)
    a = np.array(rows) + 500 * np.eye(n)  # far from singular
    both(lambda m: m.linalg.solve(a.tolist(), vector), rtol=1e-9)
    both(lambda m: m.linalg.inv(a.tolist()), rtol=1e-9)
    both(lambda m: m.linalg.det(a.tolist()), rtol=1e-9)


@quick
@given(SQUARES)
def test_eigenvalues_and_vectors_are_those_of_the_matrix(rows):
    a = np.array(rows) + np.array(rows).T
    values, vectors = small.linalg.eigh(a.tolist())
    size = max(np.abs(a).max(), 1)
    np.testing.assert_allclose(
        values.tolist(), np.linalg.eigvalsh(a), rtol=1e-10, atol=1e-10 * size
    )
    v = np.array(vectors.tolist())
    np.testing.assert_allclose(v.T @ v, np.eye(len(a)), atol=1e-12)
    np.testing.assert_allclose(a @ v, v * values.tolist(), atol=1e-10 * size)


def test_a_singular_matrix_has_no_solution():
    with pytest.raises(small.LinAlgError, match="Singular matrix"):
        small.linalg.solve([[1.0, 2.0], [2.0, 4.0]], [1.0, 2.0])
    assert small.linalg.det([[1.0, 2.0], [2.0, 4.0]]) == 0


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (lambda m: m.fft, "np.fft is not in the small NumPy"),
        (lambda m: m.random.binomial(9, 0.5), "np.random.binomial is not in"),
        (lambda m: m.random.default_rng(0).gamma(1.0), "a generator's .gamma is not"),
        (lambda m: m.random.default_rng(0).integers(2**33), "a range of 2³² integers"),
        (lambda m: m.linalg.qr([[1.0]]), "np.linalg.qr is not in"),
        (lambda m: m.zeros(2).dump("x"), "an array's .dump is not in"),
        (lambda m: m.linalg.norm(m.eye(2), "nuc"), r"np.linalg.norm\(…, ord=nuc\)"),
        (lambda m: repr(m.zeros(1001)), "printing more than 1000 numbers"),
    ],
)
def test_what_it_has_not_it_says_by_name(wrong, says):
    with pytest.raises((AttributeError, NotImplementedError), match=says):
        wrong(small)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda m: bool(m.array([1.0, 2.0])),
        lambda m: m.array([1.0, 2.0]) + m.array([1.0, 2.0, 3.0]),
        lambda m: m.array([[1.0], [1.0, 2.0]]),
        lambda m: m.array([1.0])[3],
        lambda m: m.array([1.0])[0, 0],
        lambda m: m.array([1, 2]).__iadd__(0.5),
        lambda m: m.array([[1.0, 2.0]]) @ m.array([1.0, 2.0, 3.0]),
        lambda m: m.array([1.0, 2.0]).reshape(3),
        lambda m: m.array([]).max(),
        lambda m: m.array([1.0, 2.0]) + None,
        lambda m: hash(m.array([1.0])),
        lambda m: len(m.array(1.0)),
        lambda m: m.array([1, 2]) ** -1,
        lambda m: m.stack([[1.0], [1.0, 2.0]]),
    ],
)
def test_it_refuses_what_numpy_refuses(wrong):
    both(wrong)
    with pytest.raises((ValueError, IndexError, TypeError)):
        wrong(small)
