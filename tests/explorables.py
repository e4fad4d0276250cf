"""The figures to move, found where the pages name them, and the states to try."""

import functools
import importlib
import itertools
import random
import re
from typing import NamedTuple

import matplotlib.pyplot as plt
from _weave.draw.live import described
from conftest import ROOT
from py_mini_racer import MiniRacer
from shared import explorable, numbers, palette

_BLOCK = re.compile(
    r"^/// explore \|.*\n(?:    .*\n)*?    id: (?P<id>[\w-]+)\n(?:    .*\n)*\s*"
    r"!\[.*\]\(figures/(?P<module>\w+)/(?P<name>\w+)\.svg\)$",
    re.MULTILINE,
)


class Explorable(NamedTuple):
    """A figure to move: the id of its block, its module, and its name there."""

    id: str
    module: str
    name: str

    def figure(self):
        """The figure, drawn anew, and what can be moved in it."""
        function = f"figure_{self.name}"
        figure = getattr(importlib.import_module(self.module), function)()
        return figure, explorable.explorable(figure)

    def given(self):
        """What the figure function says of the figure."""
        _, given = self.figure()
        plt.close("all")
        return given

    @functools.cache  # noqa: B019 (there are a few, and each is drawn but once)
    def movable(self):
        """What the build makes of it."""
        figure, given = self.figure()
        figure.draw_without_rendering()
        try:
            return described(figure, given, palette.LIGHT, explorable, numbers)
        finally:
            plt.close("all")


def asked_for():
    """The targets that the blocks of the pages name: (module, figure, target)."""
    found = set()
    for file in (ROOT / "docs").rglob("*.md"):
        text = file.read_text("utf-8")
        for match in _BLOCK.finditer(text):
            block = text[match.end() :].partition("\n///\n")[0]
            names = re.findall(r"^- \[([^\]\n]+)\] ", block, re.MULTILINE)
            found |= {(match["module"], match["name"], name) for name in names}
    return found


def on_pages():
    """All figures to move, each once, in the order of their ids."""
    found = set()
    for file in (ROOT / "docs").rglob("*.md"):
        text = file.read_text("utf-8")
        blocks = [Explorable(*match.groups()) for match in _BLOCK.finditer(text)]
        assert len(blocks) == text.count("\n/// explore"), file
        found |= {*blocks}
    return sorted(found)


EXPLORABLES = on_pages()


def explore_js(before=""):
    """A V8 that holds a page's functions and explore.js; its element is Explore."""
    racer = MiniRacer()
    racer.eval(
        "globalThis.HTMLElement = class {};"
        "globalThis.customElements = {"
        "  get() {}, define(name, made) { globalThis.Explore = made; } };"
    )
    racer.eval(before)
    racer.eval((ROOT / "docs/assets/js/explore.js").read_text("utf-8"))
    return racer


def functions(given):
    """The functions that the page calls: each once, in the order of their letters."""
    called = [layer.function for layer in given.layers]
    called += [given.says[0], given.table[0]]
    pairs = given.again, given.formula, given.adds, given.field
    called += [pair[0] for pair in pairs if pair]
    called += [target.function for target in given.targets.values()]
    marks = [getattr(knob, "marks", None) for knob in given.knobs]
    called += [mark.function for mark in marks if mark]
    return list(dict.fromkeys(called))


def states(given, count):
    """The state at first, all corners, and as many states in between."""
    knobs, pick = given.knobs, random.Random(7)
    ends = [listed(knob) or [float(knob.low), float(knob.high)] for knob in knobs]
    chosen = [[one.value if listed(one) else float(one.value) for one in knobs]]
    chosen += itertools.product(*ends)
    for _ in range(count):
        pairs = zip(knobs, ends, strict=True)
        chosen.append(
            [
                pick.choice(end) if listed(knob) else pick.uniform(*end)
                for knob, end in pairs
            ]
        )
    names = [knob.name for knob in knobs]
    return [dict(zip(names, state, strict=True)) for state in chosen]


def listed(knob):
    """Values of a knob that is no slider, to be tried; of a slider none."""
    if isinstance(knob, explorable.Asked):
        return [knob.value, tuple(k - knob.most / 2 for k in range(knob.most))]
    return knob.names if isinstance(knob, explorable.Choice) else []


def names_of(given, kind):
    """The names of the knobs of a kind."""
    return [knob.name for knob in given.knobs if isinstance(knob, kind)]


def calls(given, count):
    """Functions of the page with arguments: in many states, each once."""
    found = {}
    for function in functions(given):
        names = given.parameters(function)
        for state in states(given, count):
            arguments = tuple(state[name] for name in names)
            found[function, arguments] = None
    return list(found)


def leaves(value):
    """All numbers and texts of nested lists, in their order."""
    if not isinstance(value, (list, tuple)):
        return [value]
    return [leaf for part in value for leaf in leaves(part)]


def check_equal(function, arguments, told):
    """Assert that the browser computed what Python computes."""
    one, other = leaves(function(*arguments)), leaves(told)
    scale = max([1, *(abs(x) for x in one if not isinstance(x, str))])
    assert len(one) == len(other), (function.__name__, arguments)
    for a, b in zip(one, other, strict=True):
        same = a == b if isinstance(a, str) else abs(a - b) <= 1e-12 * scale
        assert same, (function.__name__, arguments, a, b)
