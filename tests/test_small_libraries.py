"""The other small libraries of the reader's browser, against Python's own."""

import functools
import importlib.util
import itertools

import pytest
from conftest import SNIPPETS


def loaded(name):
    file = SNIPPETS / f"_weave/browser/{name}.py"
    spec = importlib.util.spec_from_file_location(f"small_{name}", file)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


CALLS = """
    islice(count(3), 4); islice(count(1, 0.5), 2, 5); islice("abcdef", 1, None)
    islice("abcdef", 1, 6, 2); islice("ab", 5); repeat(7, 3); repeat(7, 0)
    islice(repeat(7), 2); chain("ab", [1], ()); pairwise("abc"); pairwise("a")
    accumulate([1, 2, 3]); accumulate([2, 3, 4], max); accumulate([])
    product("ab", "cd"); product("ab", repeat=2); product(); cycle("")
    islice(cycle("ab"), 5); permutations("abc"); permutations("abc", 2)
    permutations("abc", 0); combinations("abcd", 2); combinations("ab", 3)
    combinations("ab", 0)
"""


@pytest.mark.parametrize("call", CALLS.replace("\n", ";").split(";")[1:-1])
def test_iterators_give_what_pythons_give(call):
    ours, theirs = (
        [*eval(call.strip(), dict(vars(one)))]
        for one in (loaded("itertools"), itertools)
    )
    assert ours == theirs


@pytest.mark.parametrize("key", [(), (abs,)])
def test_groups_are_pythons(key):
    given = [1, 1, -1, 2, 2, 1]
    ours = [(k, [*group]) for k, group in loaded("itertools").groupby(given, *key)]
    assert ours == [(k, [*group]) for k, group in itertools.groupby(given, *key)]


@pytest.mark.parametrize("small", [True, False])
def test_functions_of_functions_are_pythons(small):
    tools = loaded("functools") if small else functools
    minus = tools.partial(lambda x, y, *, times=1: times * (x - y), 5, times=2)
    assert (minus(3), minus(3, times=1)) == (4, 2)
    assert tools.reduce(lambda x, y: 2 * x + y, [1, 2, 3]) == 11
    assert tools.reduce(lambda x, y: 2 * x + y, [1, 2, 3], 4) == 43
    for kept in tools.cache, tools.lru_cache, tools.lru_cache(None), tools.lru_cache(9):
        assert kept(lambda x: x + 1)(2) == 3
    assert tools.wraps(len)(lambda x: 5)("") == 5

    class Square:
        side = 3

        @tools.cached_property
        def area(self):
            return self.side**2

    assert Square().area == 9


class Point:
    """What the build writes of a class with fields: their names, and what is given."""

    _fields = ("x", "y")
    y: int = 2
    x: int


@pytest.mark.parametrize("made", ["dataclass", "dataclass with options", "tuple"])
def test_fields_are_given_by_place_by_name_or_at_first(made):
    if made == "tuple":
        kind = type("Point", (loaded("typing").NamedTuple,), dict(vars(Point)))
    else:
        data = loaded("dataclasses").dataclass
        copy = type("Point", (), dict(vars(Point)))
        kind = data(frozen=True)(copy) if "options" in made else data(copy)
    for point in kind(1, 5), kind(1, y=5), kind(y=5, x=1):
        assert (point.x, point.y) == (1, 5)
    assert (kind(1).x, kind(x=4).y) == (1, 2)
    with pytest.raises(TypeError, match="'x'"):
        kind()


def test_a_named_tuple_is_a_tuple_with_names():
    kind = type("Pair", (loaded("typing").NamedTuple,), {"_fields": ("a", "b")})
    pair = kind(1, "x")
    a, b = pair
    assert (a, b, len(pair), pair[1], pair[-2]) == (1, "x", 2, "x", 1)
    assert repr(pair) == "Pair(a=1, b='x')"
    assert pair == (1, "x") == tuple(pair)
    assert pair != (1, "y")
