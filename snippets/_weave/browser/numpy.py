"""The part of NumPy that the lessons use, in plain Python, for the reader's browser.

MicroPython, which runs there, has no NumPy. What is here has NumPy's names, results
and printing; tests compare the two. Slices are views, as there. What is not here says
so by its name. Numbers are Python's own: 64-bit floats, integers of any size, bools.
"""

import math

pi, e, inf, nan, newaxis = math.pi, math.e, float("inf"), float("nan"), None
float64, int64, bool_, True_, False_ = float, int, bool, True, False
# Python's own, which NumPy's functions of these names hide further down.
_abs, _max, _min, _round, sum_of = abs, max, min, round, sum
all_of, any_of = all, any


def __getattr__(name):
    if name.startswith("__"):
        raise AttributeError(name)
    raise AttributeError(_missing(f"np.{name}"))


def _missing(name):
    return f"{name} is not in the small NumPy of this page; Python on a computer has it"


class LinAlgError(ValueError):
    pass


# Places: where in a list of numbers the entries of an array stand.


def _size(shape):
    size = 1
    for n in shape:
        size *= n
    return size


def _strides(shape):
    strides, step = [], 1
    for n in reversed(shape):
        strides.append(step)
        step *= n
    return strides[::-1]


def _walk(shape, strides):
    """Return the places of all entries, the last axis first."""
    places = [0]
    for n, stride in zip(shape, strides):
        places = [place + stride * i for place in places for i in range(n)]
    return places


def _common(one, other):
    """Return the shape to which both shapes are broadcast."""
    ndim = _max(len(one), len(other))
    padded = [(1,) * (ndim - len(shape)) + tuple(shape) for shape in (one, other)]
    common = []
    for n, m in zip(*padded):
        if n != m and 1 not in (n, m):
            raise ValueError(
                "operands could not be broadcast together with shapes "
                f"{_shown_shape(one)} {_shown_shape(other)}"
            )
        common.append(m if n == 1 else n)
    return tuple(common)


def _shown_shape(shape):
    return "(" + ",".join(map(str, shape)) + (",)" if len(shape) == 1 else ")")


def _indices(key, n):
    """Return the indices that a slice chooses of n."""
    step = 1 if key.step is None else key.step
    if step > 0:
        low, high, start, stop = 0, n, 0, n
    else:
        low, high, start, stop = -1, n - 1, n - 1, -1

    def within(i):
        return _min(_max(i + n if i < 0 else i, low), high)

    start = start if key.start is None else within(key.start)
    stop = stop if key.stop is None else within(key.stop)
    return list(range(start, stop, step))


class _Flags:
    writeable = True


class ndarray:
    """Numbers in a list that views share, the places of its own, and its shape."""

    def __init__(self, numbers, shape, dtype, places=None):
        self._numbers, self.shape, self.dtype = numbers, tuple(shape), dtype
        self._places = places  # None for all, in their order

    @property
    def flags(self):
        return _Flags()

    @property
    def ndim(self):
        return len(self.shape)

    @property
    def size(self):
        return _size(self.shape)

    @property
    def T(self):
        return self.transpose()

    @property
    def mT(self):
        return swapaxes(self, -1, -2)

    @property
    def flat(self):
        return iter(self._values())

    def _values(self):
        if self._places is None:
            return self._numbers
        return [self._numbers[place] for place in self._places]

    def _view(self, places, shape):
        if self._places is not None:
            places = [self._places[p] for p in places]
        return ndarray(self._numbers, shape, self.dtype, places)

    def _spread(self, shape):
        """Return the values, broadcast to a shape."""
        if self.shape == shape:
            return self._values()
        values = self._values()
        if len(values) == 1:
            return values * _size(shape)
        own = (1,) * (len(shape) - self.ndim) + self.shape
        strides = [s if n > 1 else 0 for n, s in zip(own, _strides(own))]
        return [values[place] for place in _walk(shape, strides)]

    # Looking at parts

    def _chosen(self, key):
        """Return the places that a key names, their shape, and if it is a view."""
        keys = list(key) if isinstance(key, tuple) else [key]
        keys = [asarray(k) if isinstance(k, list) else k for k in keys]
        masks = [k for k in keys if isinstance(k, ndarray) and k.dtype is bool]
        if masks and len(keys) == 1 and masks[0].ndim > 1:
            if masks[0].shape != self.shape:
                raise IndexError("boolean index did not match indexed array")
            places = [p for p, yes in enumerate(masks[0]._values()) if yes]
            return places, (len(places),), False
        keys = [flatnonzero(k) if any(k is m for m in masks) else k for k in keys]
        used = sum_of(1 for k in keys if k is not None and k is not Ellipsis)
        if used > self.ndim:
            raise IndexError(
                f"too many indices for array: array is {self.ndim}-dimensional, "
                f"but {used} were indexed"
            )
        at = [i for i, k in enumerate(keys) if k is Ellipsis] or [len(keys)]
        keys[at[0] : at[0] + 1] = [_ALL] * (self.ndim - used)
        arrays = [k for k in keys if isinstance(k, ndarray)]
        if len(arrays) > 1:
            return self._pairs(keys)
        places, shape, axis = [0], [], 0
        strides = _strides(self.shape)
        for k in keys:
            if k is None:
                shape.append(1)
                continue
            n, stride = self.shape[axis], strides[axis]
            if isinstance(k, ndarray):
                chosen = [_within(i, n, axis) for i in k._values()]
                shape += k.shape
            elif k is _ALL:
                chosen = range(n)
                shape.append(n)
            elif isinstance(k, int):
                chosen = [_within(k, n, axis)]
            elif hasattr(k, "start"):
                chosen = _indices(k, n)
                shape.append(len(chosen))
            else:
                raise IndexError("only integers, slices and arrays are valid indices")
            places = [place + stride * i for place in places for i in chosen]
            axis += 1
        return places, tuple(shape), not arrays

    def _pairs(self, keys):
        """Return the places that several arrays name together, one for each axis."""
        many = len([k for k in keys if isinstance(k, (ndarray, int))])
        arrays, rest = [asarray(k) for k in keys[:many]], self.shape[many:]
        if any_of(k is not _ALL for k in keys[many:]):
            raise NotImplementedError(_missing("an index of slices, then arrays"))
        shape = ()
        for array in arrays:
            shape = _common(shape, array.shape)
        places = [0] * _size(shape)
        strides = _strides(self.shape)
        for axis, array in enumerate(arrays):
            n, stride = self.shape[axis], strides[axis]
            for at, i in enumerate(array._spread(shape)):
                places[at] += stride * _within(i, n, axis)
        inner = _walk(rest, strides[many:])
        return [p + q for p in places for q in inner], shape + rest, False

    def __getitem__(self, key):
        if isinstance(key, int) and self.shape:
            at, rest = _within(key, self.shape[0], 0), self.shape[1:]
            step = _size(rest)
            part = range(at * step, (at + 1) * step)
            return self._view(part, rest) if rest else self._values()[at]
        places, shape, is_view = self._chosen(key)
        part = self._view(places, shape)
        if is_view:
            return part if shape else part._values()[0]
        return ndarray(list(part._values()), shape, self.dtype)

    def __setitem__(self, key, value):
        places, shape, _ = self._chosen(key)
        value = asarray(value)
        if _common(shape, value.shape) != shape:
            raise ValueError(
                "could not broadcast input array from shape "
                f"{_shown_shape(value.shape)} into shape {_shown_shape(shape)}"
            )
        if self._places is not None:
            places = [self._places[p] for p in places]
        for place, number in zip(places, list(value._spread(shape))):
            self._numbers[place] = self.dtype(number)

    def __len__(self):
        if not self.shape:
            raise TypeError("len() of unsized object")
        return self.shape[0]

    def __iter__(self):
        if not self.shape:
            raise TypeError("iteration over a 0-d array")
        return iter([self[i] for i in range(self.shape[0])])

    def __contains__(self, number):
        return number in self._values()

    def __bool__(self):
        if self.size != 1:
            raise ValueError(
                "The truth value of an array with more than one element is ambiguous. "
                "Use a.any() or a.all()"
            )
        return bool(self._values()[0])

    def __hash__(self):
        raise TypeError("unhashable type: 'numpy.ndarray'")

    def item(self, *at):
        if not at and self.size != 1:
            raise ValueError("can only convert an array of size 1 to a Python scalar")
        return self._values()[at[0] if at else 0]

    def tolist(self):
        values = list(self._values())
        if not self.shape:
            return values[0]
        for n in reversed(self.shape[1:]):
            count = len(values) // n if n else _size(self.shape[:-1])
            values = [values[i * n : i * n + n] for i in range(count)]
        return values

    def copy(self):
        return ndarray(list(self._values()), self.shape, self.dtype)

    def astype(self, dtype):
        return ndarray([dtype(x) for x in self._values()], self.shape, dtype)

    def fill(self, number):
        self[...] = number

    def reshape(self, *shape):
        shape = list(shape[0] if isinstance(shape[0], (tuple, list)) else shape)
        if -1 in shape:
            shape[shape.index(-1)] = self.size // _max(-_size(shape), 1)
        if _size(shape) != self.size:
            raise ValueError(
                f"cannot reshape array of size {self.size} into shape "
                f"{_shown_shape(shape)}"
            )
        return ndarray(self._numbers, shape, self.dtype, self._places)

    def ravel(self):
        return self.reshape(self.size)

    def flatten(self):
        return self.copy().ravel()

    def transpose(self, *axes):
        axes = axes[0] if len(axes) == 1 else axes
        axes = list(axes or range(self.ndim)[::-1])
        strides = _strides(self.shape)
        shape = [self.shape[a] for a in axes]
        return self._view(_walk(shape, [strides[a] for a in axes]), shape)

    # Arithmetic: the entries one by one, broadcast

    def _floats(self, other):
        """Return the numbers of the other, if both are floats that need no care."""
        if self.dtype is float and isinstance(other, float):
            return [other] * len(self._values())
        both = isinstance(other, ndarray) and self.dtype is other.dtype is float
        return other._values() if both and other.shape == self.shape else None

    def __add__(self, other):
        pairs = self._floats(other)
        if pairs is None:
            return _each(_add, self, other)
        sums = [x + y for x, y in zip(self._values(), pairs)]
        return ndarray(sums, self.shape, float)

    __radd__ = __add__

    def __sub__(self, other):
        pairs = self._floats(other)
        if pairs is None:
            return _each(_sub, self, other)
        differences = [x - y for x, y in zip(self._values(), pairs)]
        return ndarray(differences, self.shape, float)

    def __rsub__(self, other):
        return _each(_sub, other, self)

    def __mul__(self, other):
        pairs = self._floats(other)
        if pairs is None:
            return _each(_mul, self, other)
        products = [x * y for x, y in zip(self._values(), pairs)]
        return ndarray(products, self.shape, float)

    __rmul__ = __mul__

    def __truediv__(self, other):
        return _each(_div, self, other)

    def __rtruediv__(self, other):
        return _each(_div, other, self)

    def __floordiv__(self, other):
        return _each(_floordiv, self, other)

    def __rfloordiv__(self, other):
        return _each(_floordiv, other, self)

    def __mod__(self, other):
        return _each(_mod, self, other)

    def __rmod__(self, other):
        return _each(_mod, other, self)

    def __pow__(self, other):
        return _each(_pow, self, other)

    def __rpow__(self, other):
        return _each(_pow, other, self)

    def __matmul__(self, other):
        return matmul(self, other)

    def __rmatmul__(self, other):
        return matmul(other, self)

    def __neg__(self):
        return _map(lambda x: -x, self)

    def __pos__(self):
        return self.copy()

    def __abs__(self):
        return _map(_abs, self)

    def __invert__(self):
        return _map((lambda x: not x) if self.dtype is bool else (lambda x: ~x), self)

    def __and__(self, other):
        return _each(lambda x, y: x & y, self, other)

    __rand__ = __and__

    def __or__(self, other):
        return _each(lambda x, y: x | y, self, other)

    __ror__ = __or__

    def __xor__(self, other):
        return _each(lambda x, y: x ^ y, self, other)

    def __eq__(self, other):
        if other is None:
            return _map(lambda x: False, self)
        return _each(lambda x, y: x == y, self, other)

    def __ne__(self, other):
        if other is None:
            return _map(lambda x: True, self)
        return _each(lambda x, y: x != y, self, other)

    def __lt__(self, other):
        return _each(lambda x, y: x < y, self, other)

    def __le__(self, other):
        return _each(lambda x, y: x <= y, self, other)

    def __gt__(self, other):
        return _each(lambda x, y: x > y, self, other)

    def __ge__(self, other):
        return _each(lambda x, y: x >= y, self, other)

    def __iadd__(self, other):
        return self._within_itself(_add, other)

    def __isub__(self, other):
        return self._within_itself(_sub, other)

    def __imul__(self, other):
        return self._within_itself(_mul, other)

    def __itruediv__(self, other):
        return self._within_itself(_div, other)

    def _within_itself(self, operation, other):
        result = asarray(_each(operation, self, other))
        if result.dtype is float and self.dtype is not float:
            raise TypeError(
                "Cannot cast ufunc output from dtype('float64') to dtype('int64')"
            )
        self[...] = result
        return self

    # Along the axes

    def sum(self, axis=None, keepdims=False):
        return _reduce(_sum, self, axis, keepdims)

    def prod(self, axis=None, keepdims=False):
        return _reduce(_prod, self, axis, keepdims)

    def mean(self, axis=None, keepdims=False):
        return _reduce(_mean, self, axis, keepdims)

    def var(self, axis=None, ddof=0, keepdims=False):
        return _reduce(lambda values: _var(values, ddof), self, axis, keepdims)

    def std(self, axis=None, ddof=0, keepdims=False):
        return sqrt(self.var(axis, ddof, keepdims))

    def max(self, axis=None, keepdims=False):
        return _reduce(_largest, self, axis, keepdims)

    def min(self, axis=None, keepdims=False):
        return _reduce(_smallest, self, axis, keepdims)

    def all(self, axis=None, keepdims=False):
        return _reduce(lambda values: all_of(values), self, axis, keepdims)

    def any(self, axis=None, keepdims=False):
        return _reduce(lambda values: any_of(values), self, axis, keepdims)

    def argmax(self, axis=None):
        return _reduce(lambda values: values.index(_largest(values)), self, axis, False)

    def argmin(self, axis=None):
        return _reduce(
            lambda values: values.index(_smallest(values)), self, axis, False
        )

    def cumsum(self, axis=None):
        return cumsum(self, axis)

    def round(self, decimals=0):
        return round(self, decimals)

    def clip(self, low, high):
        return clip(self, low, high)

    def dot(self, other):
        return dot(self, other)

    def trace(self):
        return trace(self)

    def diagonal(self):
        return diag(self)

    def sort(self):
        self[...] = sort(self)

    def argsort(self):
        return argsort(self)

    def __repr__(self):
        return _shown(self, "array(", ", ", ")")

    def __str__(self):
        return _shown(self, "", " ", "")

    def __getattr__(self, name):
        raise AttributeError(_missing(f"an array's .{name}"))


_ALL = object()


def _within(i, n, axis):
    if not -n <= i < n:
        raise IndexError(f"index {i} is out of bounds for axis {axis} with size {n}")
    return i + n if i < 0 else i


# What becomes of two numbers; floats never raise, they become inf and nan.


def _add(x, y):
    return x or y if isinstance(x, bool) and isinstance(y, bool) else x + y


def _sub(x, y):
    return x - y


def _mul(x, y):
    return x and y if isinstance(x, bool) and isinstance(y, bool) else x * y


def _div(x, y):
    try:
        return x / y
    except ZeroDivisionError:
        if x == 0 or x != x:
            return nan
        return inf if (x > 0) == (math.copysign(1, y) > 0) else -inf


def _floordiv(x, y):
    return x // y if y else _div(x, y)


def _mod(x, y):
    return x % y if y else nan


def _pow(x, y):
    try:
        if isinstance(x, int) and isinstance(y, int) and y < 0:
            raise ValueError("Integers to negative integer powers are not allowed.")
        power = x**y
        return nan if isinstance(power, complex) else power
    except ZeroDivisionError:
        return inf
    except OverflowError:
        return -inf if x < 0 and y % 2 == 1 else inf


def _type(values):
    """Return the type that all values have, once they have one in common."""
    types = {type(x) for x in values}
    for kind in str, float, int, bool:
        if kind in types:
            return kind
    return float


def _made(values, shape):
    """Return an array of computed values; of shape (), the number."""
    if shape == ():
        return values[0]
    dtype = _type(values)
    if dtype is float:
        values = [x if type(x) is float else float(x) for x in values]
    return ndarray(values, shape, dtype)


def _map(function, x):
    if not isinstance(x, (ndarray, list, tuple)):
        return function(x)
    x = asarray(x)
    return _made([function(value) for value in x._values()], x.shape)


def _each(operation, x, y):
    texts = isinstance(y, str) and getattr(x, "dtype", None) is not str
    if texts or isinstance(y, dict) or y is None or callable(y):
        raise TypeError(f"an array and {y!r} cannot be combined")
    x, y = asarray(x), asarray(y)
    shape = x.shape if x.shape == y.shape else _common(x.shape, y.shape)
    pairs = zip(x._spread(shape), y._spread(shape))
    return _made([operation(a, b) for a, b in pairs], shape)


def _sum(values):
    """Return the sum in NumPy's order, which decides on the last digit."""
    n = len(values)
    if n < 8:
        total = 0 if values else 0.0
        for x in values:
            total += x
        return total
    if n <= 128:
        part = list(values[:8])
        for i in range(8, n - n % 8, 8):
            for k in range(8):
                part[k] += values[i + k]
        a, b, c, d, e, f, g, h = part
        total = ((a + b) + (c + d)) + ((e + f) + (g + h))
        for x in values[n - n % 8 :]:
            total += x
        return total
    half = n // 2
    half -= half % 8
    return _sum(values[:half]) + _sum(values[half:])


def _prod(values):
    product = 1
    for x in values:
        product *= x
    return product


def _mean(values):
    return _div(_sum(values), float(len(values)))


def _var(values, ddof):
    middle = _mean(values)
    return _div(_sum([(x - middle) * (x - middle) for x in values]), len(values) - ddof)


def _largest(values):
    if not values:
        raise ValueError("zero-size array has no largest and no smallest entry")
    return nan if any_of(x != x for x in values) else _max(values)


def _smallest(values):
    return -_largest([-x for x in values]) if values else _largest(values)


def _axis(axis, ndim):
    if not -ndim <= axis < ndim:
        raise ValueError(f"axis {axis} is out of bounds for array of dimension {ndim}")
    return axis + ndim if axis < 0 else axis


def _along(a, axis):
    """Return the lists of values along an axis, and the shape of the others."""
    axis = _axis(axis, a.ndim)
    values, strides = a._values(), _strides(a.shape)
    n, stride = a.shape[axis], strides[axis]
    shape = a.shape[:axis] + a.shape[axis + 1 :]
    starts = _walk(shape, strides[:axis] + strides[axis + 1 :])
    return [[values[s + stride * i] for i in range(n)] for s in starts], shape


def _reduce(function, a, axis, keepdims):
    a = asarray(a)
    if isinstance(axis, (tuple, list)):
        axes = [_axis(one, a.ndim) for one in axis]
        rest = [one for one in range(a.ndim) if one not in axes]
        last = a.transpose(*rest, *axes)
        shape = [a.shape[one] for one in rest]
        result = _reduce(function, last.reshape(*shape, -1), -1, False)
    elif axis is None:
        axes, result = list(range(a.ndim)), function(list(a._values()))
    else:
        axes = [_axis(axis, a.ndim)]
        lists, shape = _along(a, axis)
        result = _made([function(one) for one in lists], shape)
    if keepdims:
        kept = [1 if one in axes else n for one, n in enumerate(a.shape)]
        return asarray(result).reshape(kept)
    return result


# Making arrays


def _leaves(given):
    """Return the numbers in nested lists, and their shape."""
    if isinstance(given, ndarray):
        return list(given._values()), given.shape
    if isinstance(given, (list, tuple, range)):
        parts = [_leaves(one) for one in given]
        shapes = [shape for _, shape in parts]
        if any_of(shape != shapes[0] for shape in shapes):
            raise ValueError(
                "setting an array element with a sequence. The requested array has an "
                "inhomogeneous shape"
            )
        inner = shapes[0] if shapes else ()
        return [x for values, _ in parts for x in values], (len(parts),) + inner
    if isinstance(given, (bool, int, float, str)):
        return [given], ()
    if hasattr(given, "__next__") or hasattr(given, "__iter__"):
        return _leaves(list(given))
    if callable(given):
        raise TypeError("an array holds numbers, and this is a function: call it")
    raise TypeError(f"an array holds numbers, and {given!r} is none")


def array(given, dtype=None, copy=True):
    values, shape = _leaves(given)
    dtype = dtype or (given.dtype if isinstance(given, ndarray) else _type(values))
    return ndarray([dtype(x) for x in values], shape, dtype)


def asarray(given, dtype=None):
    if isinstance(given, ndarray) and dtype in (None, given.dtype):
        return given
    return array(given, dtype)


def full(shape, number, dtype=None):
    shape = shape if isinstance(shape, (tuple, list)) else (shape,)
    dtype = dtype or type(number)
    return ndarray([dtype(number)] * _size(shape), shape, dtype)


def zeros(shape, dtype=float):
    return full(shape, dtype(0))


def ones(shape, dtype=float):
    return full(shape, dtype(1))


empty = zeros


def zeros_like(a, dtype=None):
    a = asarray(a)
    return full(a.shape, (dtype or a.dtype)(0))


def ones_like(a, dtype=None):
    a = asarray(a)
    return full(a.shape, (dtype or a.dtype)(1))


empty_like = zeros_like


def full_like(a, number, dtype=None):
    a = asarray(a)
    return full(a.shape, (dtype or a.dtype)(number))


def eye(n, m=None):
    return array([[float(i == k) for k in range(m or n)] for i in range(n)])


identity = eye


def diag(a):
    a = asarray(a)
    if a.ndim == 1:
        n, values = len(a), a._values()
        zero = a.dtype(0)
        return array(
            [[values[i] if i == k else zero for k in range(n)] for i in range(n)]
        )
    return array([a[i, i] for i in range(_min(a.shape))])


def arange(*given):
    start, stop, step = 0, given[0], 1
    if len(given) > 1:
        start, stop = given[:2]
    if len(given) > 2:
        step = given[2]
    count = _max(math.ceil((stop - start) / step), 0)
    return array([start + i * step for i in range(count)], _type([start, stop, step]))


def linspace(start, stop, num=50):
    if isinstance(start, ndarray) or isinstance(stop, ndarray):
        return stack([start + (stop - start) * (i / (num - 1)) for i in range(num)])
    step = (stop - start) / _max(num - 1, 1)
    points = [start + i * step * 1.0 for i in range(num)]
    return array(points[:-1] + [float(stop)] if num > 1 else [float(start)][:num])


def logspace(start, stop, num=50):
    return 10.0 ** linspace(start, stop, num)


def geomspace(start, stop, num=50):
    points = logspace(math.log10(start), math.log10(stop), num)
    if num > 1:
        points[0], points[-1] = start, stop
    return points


def meshgrid(x, y, indexing="xy"):
    x, y = asarray(x), asarray(y)
    if indexing == "ij":
        return [broadcast_to(x[:, None], (len(x), len(y))).copy(),
                broadcast_to(y, (len(x), len(y))).copy()]  # fmt: skip
    shape = len(y), len(x)
    return [broadcast_to(x, shape).copy(), broadcast_to(y[:, None], shape).copy()]


def broadcast_to(a, shape):
    a = asarray(a)
    shape = tuple(shape) if isinstance(shape, (tuple, list)) else (shape,)
    if _common(a.shape, shape) != shape:
        raise ValueError("operands could not be broadcast together")
    return ndarray(list(a._spread(shape)), shape, a.dtype)


# Putting together and apart


def concatenate(arrays, axis=0):
    arrays = [asarray(a) for a in arrays]
    if any_of(a.ndim == 0 for a in arrays):
        raise ValueError("zero-dimensional arrays cannot be concatenated")
    axis = _axis(axis, arrays[0].ndim)
    if axis:
        moved = [moveaxis(a, axis, 0) for a in arrays]
        return moveaxis(concatenate(moved), 0, axis)
    rest = arrays[0].shape[1:]
    if any_of(a.shape[1:] != rest for a in arrays):
        raise ValueError("all the input array dimensions must match exactly")
    values = [x for a in arrays for x in a._values()]
    return _made(values, (sum_of(len(a) for a in arrays),) + rest)


def stack(arrays, axis=0):
    arrays = [asarray(a) for a in arrays]
    if any_of(a.shape != arrays[0].shape for a in arrays):
        raise ValueError("all input arrays must have the same shape")
    values = [x for a in arrays for x in a._values()]
    return moveaxis(_made(values, (len(arrays),) + arrays[0].shape), 0, axis)


def vstack(arrays):
    return concatenate([atleast_2d(a) for a in arrays])


def hstack(arrays):
    arrays = [atleast_1d(a) for a in arrays]
    return concatenate(arrays, 0 if arrays[0].ndim == 1 else 1)


def column_stack(arrays):
    arrays = [asarray(a) for a in arrays]
    return concatenate([a[:, None] if a.ndim == 1 else a for a in arrays], 1)


def append(a, values, axis=None):
    if axis is None:
        return concatenate([asarray(a).ravel(), asarray(values).ravel()])
    return concatenate([a, values], axis)


def atleast_1d(a):
    a = asarray(a)
    return a.reshape(1) if a.ndim == 0 else a


def atleast_2d(a):
    a = atleast_1d(a)
    return a[None, :] if a.ndim == 1 else a


def split(a, at):
    """Return the parts of an array along its first axis, as views."""
    a = asarray(a)
    if isinstance(at, int):
        if len(a) % at:
            raise ValueError("array split does not result in an equal division")
        at = [len(a) // at * k for k in range(1, at)]
    ends = [0] + list(at) + [len(a)]
    return [a[start:end] for start, end in zip(ends, ends[1:])]


def tile(a, times):
    return concatenate([asarray(a)] * times)


def repeat(a, times):
    return array([x for x in asarray(a)._values() for _ in range(times)])


def reshape(a, shape):
    return asarray(a).reshape(shape)


def ravel(a):
    return asarray(a).ravel()


def transpose(a, axes=()):
    return asarray(a).transpose(*axes)


def moveaxis(a, source, goal):
    a = asarray(a)
    axes = list(range(a.ndim))
    axes.insert(_axis(goal, a.ndim), axes.pop(_axis(source, a.ndim)))
    return a.transpose(*axes)


def swapaxes(a, one, other):
    axes = list(range(ndim(a)))
    axes[one], axes[other] = axes[other], axes[one]
    return asarray(a).transpose(*axes)


def shape(a):
    return asarray(a).shape


def ndim(a):
    return asarray(a).ndim


def size(a):
    return asarray(a).size


def copy(a):
    return array(a)


# Entry by entry


def _safe(function, edges=()):
    """Return a function of numbers for arrays; past its domain is inf or nan."""
    edges = dict(edges)

    def one(x):
        x = float(x)
        if x in edges:
            return edges[x]
        try:
            return function(x)
        except OverflowError:
            return inf
        except ValueError:
            return nan

    return lambda x: _map(one, x)


def _cube_root(x):
    y = math.copysign(_abs(x) ** (1 / 3), x)
    return y - (y * y * y - x) / (3 * y * y) if 0 < _abs(x) < inf else y


def _odd(function):
    """Return an odd function that is right below zero, too, where it overflows."""
    return lambda x: math.copysign(_over(function, _abs(x)), x)


def _over(function, x):
    try:
        return function(x)
    except OverflowError:
        return inf


_ENDS = {inf: inf, -inf: 0.0}
exp = _safe(math.exp, _ENDS)
exp2 = _safe(lambda x: 2.0**x, _ENDS)
expm1 = _safe(math.expm1, {inf: inf, -inf: -1.0})
log = _safe(math.log, {0.0: -inf, inf: inf})
log2 = _safe(math.log2, {0.0: -inf, inf: inf})
log10 = _safe(math.log10, {0.0: -inf, inf: inf})
log1p = _safe(math.log1p, {-1.0: -inf})
sqrt = _safe(math.sqrt, {inf: inf})
cbrt = _safe(_cube_root)
sin, cos, tan = _safe(math.sin), _safe(math.cos), _safe(math.tan)
arcsin, arccos, arctan = _safe(math.asin), _safe(math.acos), _safe(math.atan)
sinh, cosh = _safe(_odd(math.sinh)), _safe(math.cosh)
tanh = _safe(math.tanh)
floor = _safe(lambda x: float(math.floor(x)), {inf: inf, -inf: -inf})
ceil = _safe(lambda x: float(math.ceil(x)), {inf: inf, -inf: -inf})
radians = deg2rad = _safe(lambda x: x * (pi / 180))
degrees = rad2deg = _safe(lambda x: x * (180 / pi))


def abs(x):
    return _map(_abs, x)


absolute = abs


def sign(x):
    return _map(lambda y: type(y)((y > 0) - (y < 0)) if y == y else y, x)


def square(x):
    return _map(lambda y: y * y, x)


def isnan(x):
    return _map(lambda y: y != y, x)


def isfinite(x):
    return _map(lambda y: y == y and _abs(y) != inf, x)


def isinf(x):
    return _map(lambda y: _abs(y) == inf, x)


def logical_not(x):
    return _map(lambda y: not y, x)


def logical_and(x, y):
    return _each(lambda a, b: bool(a and b), x, y)


def logical_or(x, y):
    return _each(lambda a, b: bool(a or b), x, y)


def round(x, decimals=0):
    power = 10.0**decimals

    def one(y):
        whole = isinstance(y, int) or y != y or _abs(y) == inf
        return y if whole else math.copysign(_round(y * power) / power, y)

    return _map(one, x)


def add(x, y):
    return _each(_add, x, y)


def subtract(x, y):
    return _each(_sub, x, y)


def multiply(x, y):
    return _each(_mul, x, y)


def divide(x, y):
    return _each(_div, x, y)


def power(x, y):
    return _each(_pow, x, y)


def maximum(x, y):
    return _each(lambda a, b: nan if a != a or b != b else _max(a, b), x, y)


def minimum(x, y):
    return _each(lambda a, b: nan if a != a or b != b else _min(a, b), x, y)


def hypot(x, y):
    return _each(math.hypot, x, y)


def arctan2(x, y):
    return _each(math.atan2, x, y)


def logaddexp(x, y):
    def one(a, b):
        high = _max(a, b)
        if _abs(high) == inf:
            return high
        return high + math.log1p(math.exp(_min(a, b) - high))

    return _each(one, x, y)


def clip(a, low, high):
    a = a if low is None else maximum(a, low)
    return a if high is None else minimum(a, high)


def where(condition, *values):
    condition = asarray(condition)
    if not values:
        return nonzero(condition)
    x, y = [asarray(v) for v in values]
    shape = _common(condition.shape, _common(x.shape, y.shape))
    rows = zip(condition._spread(shape), x._spread(shape), y._spread(shape))
    return _made([a if yes else b for yes, a, b in rows], shape)


def nonzero(a):
    a = asarray(a)
    strides, found = _strides(a.shape), flatnonzero(a)._values()
    pairs = zip(a.shape, strides)
    return tuple(
        ndarray([p // s % n for p in found], (len(found),), int) for n, s in pairs
    )


def flatnonzero(a):
    found = [place for place, x in enumerate(asarray(a)._values()) if x]
    return ndarray(found, (len(found),), int)


def isclose(x, y, rtol=1e-5, atol=1e-8):
    return _each(
        lambda a, b: (
            a == b or (_abs(b) != inf and _abs(a - b) <= atol + rtol * _abs(b))
        ),
        x,
        y,
    )


def allclose(x, y, rtol=1e-5, atol=1e-8):
    return bool(all(isclose(x, y, rtol, atol)))


def array_equal(x, y):
    x, y = asarray(x), asarray(y)
    return x.shape == y.shape and bool(all(x == y))


# Over the entries


def sum(a, axis=None, keepdims=False):
    return asarray(a).sum(axis, keepdims)


def prod(a, axis=None, keepdims=False):
    return asarray(a).prod(axis, keepdims)


def mean(a, axis=None, keepdims=False):
    return asarray(a).mean(axis, keepdims)


def var(a, axis=None, ddof=0, keepdims=False):
    return asarray(a).var(axis, ddof, keepdims)


def std(a, axis=None, ddof=0, keepdims=False):
    return asarray(a).std(axis, ddof, keepdims)


def max(a, axis=None, keepdims=False):
    return asarray(a).max(axis, keepdims)


def min(a, axis=None, keepdims=False):
    return asarray(a).min(axis, keepdims)


amax, amin = max, min


def ptp(a, axis=None):
    return max(a, axis) - min(a, axis)


def all(a, axis=None, keepdims=False):
    return asarray(a).all(axis, keepdims)


def any(a, axis=None, keepdims=False):
    return asarray(a).any(axis, keepdims)


def argmax(a, axis=None):
    return asarray(a).argmax(axis)


def argmin(a, axis=None):
    return asarray(a).argmin(axis)


def count_nonzero(a):
    return len(flatnonzero(a))


def median(a, axis=None):
    def middle(values):
        values, n = sorted(values), len(values)
        return (values[(n - 1) // 2] + values[n // 2]) / 2

    return _reduce(middle, a, axis, False)


def average(a, weights=None):
    return mean(a) if weights is None else sum(a * asarray(weights)) / sum(weights)


def _rows(function, a, axis):
    """Return what a function makes of each list of values along an axis."""
    a = asarray(a)
    axis = _axis(axis, a.ndim)
    lists, shape = _along(a, axis)
    made = [function(one) for one in lists]
    n = len(made[0]) if made else 0
    return moveaxis(_made([x for one in made for x in one], shape + (n,)), -1, axis)


def _running(values):
    sums = values[:1]
    for x in values[1:]:
        sums.append(sums[-1] + x)
    return sums


def cumsum(a, axis=None):
    return _rows(_running, ravel(a) if axis is None else a, axis or 0)


def diff(a, axis=-1):
    a = asarray(a)
    minus = (lambda x, y: x != y) if a.dtype is bool else _sub
    return _rows(
        lambda values: [minus(y, x) for x, y in zip(values, values[1:])], a, axis
    )


def sort(a, axis=-1):
    return _rows(sorted, a, axis)


def argsort(a, axis=-1):
    return _rows(lambda v: sorted(range(len(v)), key=lambda i: v[i]), a, axis)


def unique(a):
    return array(sorted(set(asarray(a)._values())))


def flip(a, axis=0):
    return _rows(lambda values: values[::-1], a, axis)


# Linear algebra


def dot(x, y):
    if ndim(x) == 0 or ndim(y) == 0:
        return multiply(x, y)
    return matmul(x, y)


def matmul(x, y):
    x, y = asarray(x), asarray(y)
    if x.ndim == 0 or y.ndim == 0:
        raise ValueError("matmul: an operand is a number; write * for it")
    row, column = x.ndim == 1, y.ndim == 1
    x = x.reshape(1, x.size) if row else x
    y = y.reshape(y.size, 1) if column else y
    if x.shape[-1] != y.shape[-2]:
        raise ValueError(
            f"matmul: shapes {_shown_shape(x.shape)} and {_shown_shape(y.shape)} do "
            "not fit: the columns of the first must be the rows of the second"
        )
    n, k, m = x.shape[-2], x.shape[-1], y.shape[-1]
    if x.ndim == y.ndim == 2:
        many, xs, ys = (), x._values(), y._values()
    else:
        many = _common(x.shape[:-2], y.shape[:-2])
        xs, ys = x._spread(many + (n, k)), y._spread(many + (k, m))
    product = []
    for one in range(_size(many)):
        rows = [xs[(one * n + i) * k : (one * n + i + 1) * k] for i in range(n)]
        columns = [[ys[(one * k + i) * m + j] for i in range(k)] for j in range(m)]
        for r in rows:
            for c in columns:
                product.append(_added([a * b for a, b in zip(r, c)]))
    shape = many + (() if row else (n,)) + (() if column else (m,))
    return _made(product, shape)


def _added(numbers):
    """Return a sum from its first number on: of zeros it keeps the sign."""
    total = numbers[0] if numbers else 0.0
    for x in numbers[1:]:
        total += x
    return total


def outer(x, y):
    return ravel(x)[:, None] * ravel(y)


def trace(a):
    return sum(diag(a))


def tensordot(x, y, axes=2):
    x, y = asarray(x), asarray(y)
    k = _size(x.shape[x.ndim - axes :])
    product = x.reshape(-1, k) @ y.reshape(k, -1)
    return product.reshape(x.shape[: x.ndim - axes] + y.shape[axes:])


def _square(a):
    a = asarray(a, float)
    if a.ndim != 2 or a.shape[0] != a.shape[1]:
        raise LinAlgError("Last 2 dimensions of the array must be square")
    return a


def _eliminated(a, b):
    """Solve by elimination with pivots; also returns the determinant of a."""
    n, det = len(a), 1.0
    for k in range(n):
        pivot = _max(range(k, n), key=lambda i: _abs(a[i][k]))
        if a[pivot][k] == 0:
            return None, 0.0
        if pivot != k:
            a[k], a[pivot], b[k], b[pivot] = a[pivot], a[k], b[pivot], b[k]
            det = -det
        det *= a[k][k]
        for i in range(k + 1, n):
            factor = a[i][k] / a[k][k]
            if factor:
                a[i] = [x - factor * y for x, y in zip(a[i], a[k])]
                b[i] = [x - factor * y for x, y in zip(b[i], b[k])]
    for k in range(n - 1, -1, -1):
        b[k] = [x / a[k][k] for x in b[k]]
        for i in range(k):
            b[i] = [x - a[i][k] * y for x, y in zip(b[i], b[k])]
    return b, det


class _Linalg:
    LinAlgError = LinAlgError

    def solve(self, a, b):
        a, b = _square(a), asarray(b, float)
        columns = b[:, None] if b.ndim == 1 else b
        solution, _ = _eliminated(a.tolist(), columns.tolist())
        if solution is None:
            raise LinAlgError("Singular matrix")
        return array(solution).reshape(b.shape)

    def inv(self, a):
        return self.solve(a, eye(len(a)))

    def det(self, a):
        a = _square(a)
        return _eliminated(a.tolist(), [[] for _ in a])[1]

    def norm(self, a, ord=None, axis=None):
        a = asarray(a)
        if ord == inf and (a.ndim == 1 or axis is not None):
            return max(abs(a), axis)
        if ord == 1 and (a.ndim == 1 or axis is not None):
            return sum(abs(a), axis)
        if ord == 2 and a.ndim == 2 and axis is None:
            return self.svdvals(a)[0]
        if ord not in (None, 2):
            raise NotImplementedError(_missing(f"np.linalg.norm(…, ord={ord})"))
        return sqrt(sum(a * a, axis))

    def svdvals(self, a):
        a = asarray(a)
        return sqrt(clip(self.eigvalsh(a.T @ a), 0.0, None))[::-1]

    def cond(self, a):
        sizes = self.svdvals(a)
        return _div(sizes[0], sizes[-1])

    def eigvalsh(self, a):
        return self.eigh(a)[0]

    def eigh(self, a):
        """Eigenvalues in rising order, and vectors, by Jacobi's rotations.

        A vector's largest entry is positive; elsewhere its sign may be the other.
        """
        a = _square(a)
        n, m, v = len(a), a.tolist(), eye(len(a)).tolist()
        for _ in range(60):
            off = [_abs(m[i][k]) for i in range(n) for k in range(i)]
            if (
                not off
                or _max(off) <= 1e-300
                or _max(off) < 1e-17 * _max([_abs(m[i][i]) for i in range(n)])
            ):
                break
            for p in range(n):
                for q in range(p + 1, n):
                    _rotate(m, v, n, p, q)
        order = sorted(range(n), key=lambda i: m[i][i])
        for i in range(n):
            column = [v[k][i] for k in range(n)]
            if _max(column, key=_abs) < 0:
                for k in range(n):
                    v[k][i] = -v[k][i]
        vectors = [[v[k][i] for i in order] for k in range(n)]
        return array([m[i][i] for i in order]), array(vectors)

    def lstsq(self, a, b, rcond=None):
        """The shortest of the best solutions, by the eigenvalues of aᵀa."""
        a, b = asarray(a, float), asarray(b, float)
        values, vectors = self.eigh(a.T @ a)
        least = values[-1] * finfo.eps * _max(a.shape)
        turned = vectors.T @ (a.T @ b)
        parts = [t / v if v > least else t * 0.0 for t, v in zip(turned, values)]
        return (vectors @ array(parts),)

    def __getattr__(self, name):
        raise AttributeError(_missing(f"np.linalg.{name}"))


def _rotate(m, v, n, p, q):
    """Make the entry (p, q) of a symmetric matrix zero, by a rotation."""
    if m[p][q] == 0:
        return
    theta = (m[q][q] - m[p][p]) / (2 * m[p][q])
    t = 1 / (_abs(theta) + math.sqrt(1 + theta * theta)) if _abs(theta) < 1e150 else 0
    t = -t if theta < 0 else t
    c = 1 / math.sqrt(1 + t * t)
    s = t * c
    h = t * m[p][q]
    m[p][p] -= h
    m[q][q] += h
    m[p][q] = m[q][p] = 0.0
    for k in range(n):
        if k not in (p, q):
            x, y = m[k][p], m[k][q]
            m[k][p] = m[p][k] = c * x - s * y
            m[k][q] = m[q][k] = s * x + c * y
        x, y = v[k][p], v[k][q]
        v[k][p], v[k][q] = c * x - s * y, s * x + c * y


linalg = _Linalg()


# Random numbers: NumPy's generator PCG64 with its seeding, so that the same seed gives
# the same numbers. How each is made of 64 random bits stands in NumPy's sources
# bit_generator.pyx, pcg64.h and distributions.c.

_M32, _M64, _M128 = (1 << 32) - 1, (1 << 64) - 1, (1 << 128) - 1


class _Hash:
    """Mixes 32 bits at a time into 32 others; its constant changes each time."""

    def __init__(self, constant, factor):
        self.constant, self.factor = constant, factor

    def __call__(self, value):
        value = (value ^ self.constant) & _M32
        self.constant = self.constant * self.factor & _M32
        value = value * self.constant & _M32
        return value ^ value >> 16


def _seeded(seed):
    """Return four words of 64 bits, as SeedSequence(seed) gives them."""
    words = []
    while seed or not words:
        words.append(seed & _M32)
        seed >>= 32

    def mixed(x, y):
        z = (0xCA01F9DD * x - 0x4973F715 * y) & _M32
        return z ^ z >> 16

    hashed = _Hash(0x43B0D7E5, 0x931E8875)
    pool = [hashed(word) for word in (words + [0] * 4)[:4]]
    for i in range(4):
        for k in range(4):
            if i != k:
                pool[k] = mixed(pool[k], hashed(pool[i]))
    for word in words[4:]:
        for k in range(4):
            pool[k] = mixed(pool[k], hashed(word))
    hashed = _Hash(0x8B51F9DD, 0x58F38DED)
    state = [hashed(word) for word in pool * 2]
    return [low | high << 32 for low, high in zip(state[::2], state[1::2])]


# Where the 256 layers end that NumPy lays under the bell curve, as 64-bit floats; the
# first is the width that the lowest would have as a rectangle.
_LAYERS = (
    "edkVeDtJD0DG9v3jC43LP7RbLDyvUNI/YTtEOLl81T8Mpy/o/AHYP7zQTC4MI9o/92E4L00A3D90"
    "cnRaL6zdP8PVTC1IMt8/rbuOJzJN4D9DXQI7BfXgP3c2QZemkuE/9Rp6j6In4j+A2GM4LrXiP/WR"
    "V8A/POM/L7GiwZ694z9Vm/+N7znkP6f+PTa7seQ/dNMaYnUl5T+WzgengJXlP+p+2c8xAuY/PXyj"
    "YdJr5j9wBQCSotLmP6b4RtPaNuc/dyqzEK2Y5z9D9UatRfjnP3cKQ1PMVeg/mnZ7nmSx6D+Yz06p"
    "LgvpP+oeLIJHY+k/RsU4jsm56T8sp6TczA7qP1nNd21nYuo/MBYQbq206j+cbBNtsQXrPyl6QoeE"
    "Ves/Op9Sjjak6z8ygr8q1vHrP/NOWflwPuw/YTsypROK7D+LJnL+ydTsP0i3gA6fHu0/EB/kKZ1n"
    "7T/DuCMAzq/tP1N28ak69+0//u3Stes97j8Ab3oz6YPuP86C+b06ye4/JmLwhOcN7z+I9thU9lHv"
    "P67Xh55tle8/rC76fVPY7z/sNELgVg3wP5qPOfVALvA//KUWnupO8D8QoHJbVm/wPwv0cZCGj/A/"
    "E2G8hH2v8D9/zEtmPc/wP2sIFkvI7vA/7hWVMiAO8T++DzEHRy3xP0GRjp8+TPE/HiDEvwhr8T80"
    "2ngap4nxP4ht7lEbqPE/yyr4+GbG8T8u1OCTi+TxP5+gQJmKAvI/6cbEcmUg8j8fw+l9HT7yP/tr"
    "qQy0W/I/f9MdZip58j8b1xnHgZbyP9ouuGK7s/I/U7jhYtjQ8j+Oqcvo2e3yP9dIbg3BCvM/MLn0"
    "4Y4n8z+hXiZwRETzP9VSyrriYPM/algFvmp98z9ksrJv3ZnzPwM9uL87tvM/4B1WmIbS8z+DWnLe"
    "vu7zP3Se4HHlCvQ/XXSmLfsm9D+kMDzoAEP0P13HynP3XvQ/NsNmnt969D8vj0gyupb0P11BAvaH"
    "svQ/3BGzrEnO9D8FpjgWAOr0P2JVXu+rBfU/WosK8k0h9T9PZmrV5jz1P8iyG053WPU/eF9VDgB0"
    "9T8UhQ7GgY/1P1kbJCP9qvU/PXN90XLG9T/TjC974+H1Pzhen8hP/fU/wx+jYLgY9j+isKLoHTT2"
    "PwsmtwSBT/Y/cpbJV+Jq9j83MbGDQob2P7GyUCmiofY/u0Oz6AG99j9S0yhhYtj2P1T4YTHE8/Y/"
    "62iL9ycP9z/GFGlRjir3P9zucNz3Rfc/H3PlNWVh9z9J9O/61nz3P5O9ushNmPc/CRSLPMqz9z/7"
    "ItvzTM/3P+fec4zW6vc/H+qGpGcG+D92hsjaACL4PxWfic6iPfg/vfXRH05Z+D/FfnpvA3X4Py33"
    "R1/DkPg/Q8AFko6s+D+cDKGrZcj4PydqRFFJ5Pg/j7VzKToA+T9HgyjcOBz5P/wK7xJGOPk/iqID"
    "eWJU+T/u1XC7jnD5PzEqLonLjPk/v5k/kxmp+T8s2dWMecX5PxF0byvs4fk/StL6JnL++T+SNvk5"
    "DBv6P1vIoiG7N/o/iLsLnn9U+j+kqUpyWnH6Pz0xoGRMjvo/CPGfPlar+j/O9VrNeMj6Pzazi+G0"
    "5fo/GqHDTwsD+z9bmJrwfCD7PwAM4KAKPvs/Az3OQbVb+z8niT+5fXn7Pzz35fFkl/s/biWF22u1"
    "+z+iwC5rk9P7P4OugZvc8fs/oBbsbEgQ/D8tevDl1y78PxwNbhOMTfw/BYfsCGZs/D8XpuvgZov8"
    "P6uiNr2Pqvw/kNY7x+HJ/D834GgwXun8P26PizIGCf0/IO83ENso/T9HxjMV3kj9PyPx55YQaf0/"
    "pfvX9HOJ/T9wbiCZCar9Pw5J/PjSyv0/Ny5SldHr/T8c0kn7Bg3+P/ZG6sR0Lv4/iNHBmRxQ/j8l"
    "/pcvAHL+Pwq/KkshlP4/CG/3wIG2/j86pxB2I9n+P6nsAWEI/P4/IVPCijIf/z9tTbcPpEL/P2gB"
    "ySBfZv8/gpeJBGaK/z+/InEYu67/P4XnL9Jg0/8/C/YYwVn4/z91oNNH1A4AQEfJjwKoIQBAqwKp"
    "g6k0AEDH9T5O2kcAQH6zrfY7WwBAaCanI9BuAEAXLmOPmIIAQFSi6AiXlgBAxMBxdc2qAEBI1O7R"
    "Pb8AQDA9qjTq0wBAk2URz9ToAEC2n6bv//0AQEFwIARuEwFANV27myEpAUBtCcRpHT8BQDsuYEhk"
    "VQFA8+6dO/lrAUBhEtJ034IBQKzrTlYamgFAji9/d62xAUCUpnGpnMkBQDmu5Pvr4QFAAdniwp/6"
    "AUCBzASdvBMCQO7Tb3pHLQJAJJyspEVHAkDgWHbHvGECQC5ZqPqyfAJAeA53zS6YAkBSCipTN7QC"
    "QJfbljHU0AJA9XipsQ3uAkDurlbS7AsDQKOkaF57KgNAoxKuBcRJA0BAqDN60mkDQApBVpKzigNA"
    "+oiucHWsA0CmBBezJ88DQHX0YKrb8gNA2uW5nKQXBECUXlQVmD0EQBU6p0TOZARAvEOcdWKNBEAn"
    "Wmudc7cEQAKJzQ0l4wRAQazpU58QBUBCfjpSEUAFQBvkSqmxcQVA2Y1xi8ClBUD+0DokitwFQEwe"
    "hs9pFgZA6moAe85TBkDD5Z++QJUGQDLiCY1r2wZANHpf8CgnB0BzBglWlXkHQIzO1vQt1AdANPIp"
    "BQM5CEAUfKq/D6sIQJZEb5TgLglAq1dAAe7LCUBad5R43I8KQLH9eDgfmAtAM60JgrQ7DUA="
)


class Generator:
    def __init__(self, seed):
        a, b, c, d = _seeded(seed)
        self._step = (c << 64 | d) << 1 & _M128 | 1
        self._state = ((a << 64 | b) + self._step) & _M128
        self._half = None  # 32 bits that are left over
        self._advance()

    def _advance(self):
        factor = 0x2360ED051FC65DA44385DF649FCCF645
        self._state = (self._state * factor + self._step) & _M128

    def _bits(self):
        """Return 64 random bits."""
        self._advance()
        turn, x = self._state >> 122, (self._state >> 64 ^ self._state) & _M64
        return (x >> turn | x << (64 - turn)) & _M64

    def _bits32(self):
        if self._half is not None:
            half, self._half = self._half, None
            return half
        both = self._bits()
        self._half = both >> 32
        return both & _M32

    def _one(self):
        return (self._bits() >> 11) * 2.0**-53

    def _below(self, n):
        """Return an integer from 0 to n - 1, by Lemire's way."""
        if n == 1:
            return 0
        if n >= 1 << 32:
            raise NotImplementedError(_missing("a range of 2³² integers"))
        product = self._bits32() * n
        while product & _M32 < n and product & _M32 < (1 << 32) % n:
            product = self._bits32() * n
        return product >> 32

    def _bell(self):
        """Return a number of the normal distribution, by the ziggurat."""
        ends = self._ends()
        while True:
            bits = self._bits()
            layer, size = bits & 255, bits >> 9 & (1 << 52) - 1
            sign, x = -1.0 if bits & 256 else 1.0, size * (ends[layer] / 2.0**52)
            end, inner = ends[layer], ends[layer - 1] if layer > 1 else 0.0
            if x < (inner if layer else ends[255]):
                return sign * x
            if layer == 0:
                return self._tail(ends[255]) * (-1.0 if size & 256 else 1.0)
            low, high = math.exp(-end * end / 2), math.exp(-inner * inner / 2)
            if (high - low) * self._one() + low < math.exp(-0.5 * x * x):
                return sign * x

    def _tail(self, end):
        while True:
            x = -math.log1p(-self._one()) / end
            if -2 * math.log1p(-self._one()) > x * x:
                return end + x

    def _ends(self):
        if _Random.ends is None:
            import binascii
            import struct

            _Random.ends = struct.unpack("<256d", binascii.a2b_base64(_LAYERS.encode()))
        return _Random.ends

    def _filled(self, one, size, *given):
        """Return as many as asked for; `given` are numbers or arrays of parameters."""
        if size is None and not any_of(ndim(x) for x in given):
            return one(*given)
        if size is None:
            shape = ()
            for x in given:
                shape = _common(shape, asarray(x).shape)
        else:
            shape = tuple(size) if isinstance(size, (tuple, list)) else (size,)
        columns = [asarray(x)._spread(shape) for x in given]
        numbers = [one(*[c[i] for c in columns]) for i in range(_size(shape))]
        return ndarray(numbers, shape, _type(numbers))

    def random(self, size=None):
        return self._filled(self._one, size)

    def uniform(self, low=0.0, high=1.0, size=None):
        return self._filled(
            lambda low, high: low + (high - low) * self._one(), size, low, high
        )

    def normal(self, loc=0.0, scale=1.0, size=None):
        return self._filled(
            lambda loc, scale: loc + scale * self._bell(), size, loc, scale
        )

    def standard_normal(self, size=None):
        return self._filled(self._bell, size)

    def integers(self, low, high=None, size=None):
        low, high = (0, low) if high is None else (low, high)
        if low >= high:
            raise ValueError("low >= high")
        return self._filled(lambda: low + self._below(high - low), size)

    def shuffle(self, x):
        for i in range(len(x) - 1, 0, -1):
            mask = 1
            while mask < i:
                mask = mask << 1 | 1
            k = self._bits32() & mask
            while k > i:
                k = self._bits32() & mask
            x[i], x[k] = x[k], x[i]

    def permutation(self, x):
        order = list(range(x if isinstance(x, int) else len(x)))
        self.shuffle(order)
        return array(order) if isinstance(x, int) else asarray(x)[order]

    def __getattr__(self, name):
        raise AttributeError(_missing(f"a generator's .{name}"))


class _Random:
    Generator, ends = Generator, None

    def default_rng(self, seed=None):
        if seed is None:
            import random

            seed = random.getrandbits(30)
        return Generator(seed)

    def __getattr__(self, name):
        raise AttributeError(_missing(f"np.random.{name}"))


random = _Random()


class finfo:
    eps, max, tiny = 2.0**-52, (2 - 2.0**-52) * 2.0**1023, 2.0**-1022

    def __init__(self, dtype=float):
        pass


class errstate:
    """What NumPy may warn of; here nothing ever warns."""

    def __init__(self, **what):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False

    def __call__(self, function):
        return function


# Printing


def _trimmed(text):
    """Return a number without the zeros at its end, in two parts."""
    whole, _, rest = text.partition(".")
    while rest.endswith("0"):
        rest = rest[:-1]
    return whole, rest


def _texts(values, dtype):
    """Return the numbers of an array as NumPy prints them, all equally wide."""
    if dtype is bool:
        return [" True" if x else "False" for x in values]
    if dtype is str:
        return _right([repr(x) for x in values])
    if dtype is int:
        return _right([str(x) for x in values])
    finite = [x for x in values if x == x and _abs(x) != inf]
    sizes = [_abs(x) for x in finite if x]
    high, low = (_max(sizes), _min(sizes)) if sizes else (0, 0)
    if sizes and (high >= 1e8 or low < 1e-4 or high / low > 1000):
        digits = _max([len(_trimmed(f"{x:.8e}".partition("e")[0])[1]) for x in finite])
        dot = "" if digits else "."
        parts = {x: f"{x:.{digits}e}".partition("e") for x in finite}
        wide = _max([len(power) for _, _, power in parts.values()])
        shown = {
            x: f"{whole}{dot}e{power[0]}" + "0" * (wide - len(power)) + power[1:]
            for x, (whole, _, power) in parts.items()
        }
    else:
        parts = {x: _trimmed(f"{x:.8f}") for x in finite}
        width = _max([len(rest) for _, rest in parts.values()] or [0])
        shown = {
            x: f"{whole}.{rest}" + " " * (width - len(rest))
            for x, (whole, rest) in parts.items()
        }
    return _right([_number(x, shown) for x in values])


def _number(x, shown):
    if x == 0 and math.copysign(1, x) < 0:  # as a key, it is the other zero
        text = shown[x]
        return text if text.startswith("-") else f"-{text}"
    if x == 0:
        return shown[x][1:] if shown[x].startswith("-") else shown[x]
    return shown[x] if x in shown else str(x)


def _right(texts):
    width = _max([len(text) for text in texts] or [0])
    return [" " * (width - len(text)) + text for text in texts]


def _shown(a, before, between, after):
    if a.size > 1000:
        raise NotImplementedError(_missing("printing more than 1000 numbers"))
    texts = _texts(list(a._values()), a.dtype)
    if not a.shape:
        return f"{before}{texts[0]}{after}"
    if a.size == 0:
        more = ", dtype=float64" if before else ""
        return f"{before}[]{more}{after}"

    def rows(start, shape, indent, width):
        n, step = shape[0], _size(shape[1:])
        if len(shape) > 1:
            inner = [rows(start + i * step, shape[1:], indent + " ", width - 1)
                     for i in range(n)]  # fmt: skip
            gap = between.rstrip() + "\n" * (len(shape) - 1) + indent
            return "[" + gap.join(inner) + "]"
        text, line = "", indent
        for i, word in enumerate(texts[start : start + n]):
            if len(line) + len(word) > width - 1 and len(line) > len(indent):
                text, line = text + line.rstrip() + "\n", indent
            line += word + (between if i < n - 1 else "")
        return "[" + (text + line)[len(indent) :] + "]"

    indent = " " * (len(before) + 1)
    return before + rows(0, a.shape, indent, 75 - len(after)) + after
