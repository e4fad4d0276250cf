"""What travels with a figure that the reader can move.

A figure function asks for it by giving its figure an attribute `explore`, a dict:

    axes     the axes that the live layers lie over
    knobs    dicts: name, label, low, high, step, value; and `marks`, a dict of names
             and, in `values`, the function that gives their values
    layers   (function, kind, role): the function's points, drawn as "path", "dots",
             "line" or, for a list of lines, "level", in the colour of a role; role
             None is the role of what is being said
    says     (function, sentences): the function gives the number of a sentence and
             the numbers in it; a sentence is (role, text), with {1:4} for the first
             number with four decimals
    table    (function, columns), and in `click` the knobs that a click sets
    again    (function, name, text): a button that sets the knob to what it gives

Every function is one of the figure's module that `translate` can translate; its
arguments are the names of knobs. The artists that show the default state have the
gid "live": the script hides them when it draws another state.
"""

import inspect
import math
import re

_KINDS = "path", "dots", "line", "level"
_NUMBER = re.compile(r"\{(\d):(\d)\}")


def described(figure, palette):
    """The dict that stands, as JSON, in a figure's `data-explore`."""
    given = figure.explore
    ax, knobs = given["axes"], [dict(knob) for knob in given["knobs"]]
    state = {knob["name"]: knob["value"] for knob in knobs}
    if {ax.get_xscale(), ax.get_yscale()} != {"linear"}:
        raise ValueError("a figure to explore needs linear axes")
    roles = {"paper", "soft"} | {role for _, _, role in given["layers"] if role}
    marks = {}
    for knob in knobs:
        if not knob["low"] <= knob["value"] <= knob["high"]:
            raise ValueError(f"the knob {knob['name']} starts outside of its range")
        if "marks" in knob:
            mark = knob["marks"] = dict(knob["marks"])
            marks[knob["name"]] = _run(mark["values"], state)
            mark["values"] = _named(mark["values"], state)
            if len(marks[knob["name"]]) != len(mark["names"]):
                raise ValueError(f"{mark['values'][0]} gives not one value a mark")
    for function, kind, _ in given["layers"]:
        if kind not in _KINDS:
            raise ValueError(f"there is no kind {kind}: write {', '.join(_KINDS)}")
        _run(function, state)
    function, sentences = given["says"]
    roles |= {role for role, _ in sentences}
    table, columns = given["table"]
    told = {
        "box": _box(figure, ax),
        "limits": [*map(float, [*ax.get_xlim(), *ax.get_ylim()])],
        "knobs": knobs,
        "layers": [
            [_named(run, state), kind, role] for run, kind, role in given["layers"]
        ],
        "says": [_named(function, state), sentences],
        "table": [_named(table, state), columns],
        "click": given.get("click", []),
        "colours": {role: palette[role] for role in sorted(roles)},
        "shown": {
            "says": sentence(_run(function, state), sentences)[1],
            "marks": marks,
            "rows": [[written(x, 4) for x in row] for row in _run(table, state)],
        },
    }
    if "again" in given:
        run, *rest = given["again"]
        told["again"] = [_named(run, state), *rest]
    return told


def _box(figure, ax):
    """Left, top, width and height of the axes, in the units of the drawing."""
    width, height = 72 * figure.get_size_inches()
    at = ax.get_position()
    box = at.x0 * width, (1 - at.y1) * height, at.width * width, at.height * height
    return [round(float(length), 2) for length in box]


def _named(function, state):
    names = [*inspect.signature(function).parameters]
    for name in names:
        if name not in state:
            raise ValueError(f"{function.__name__} asks for {name}, which is no knob")
    return [function.__name__, names]


def _run(function, state):
    return function(*(state[name] for name in _named(function, state)[1]))


def sentence(said, sentences):
    """The role and the text of what a state is said to be; as in explore.js.

    >>> sentence([0, 0.25, 12], [("path", "x = {1:2} after {2:0} steps")])
    ('path', 'x = 0.25 after 12 steps')
    """
    role, text = sentences[said[0]]
    fill = lambda match: written(said[int(match[1])], int(match[2]))
    return role, _NUMBER.sub(fill, text)


def written(x, digits):
    """A number for people, very large and very small ones with a power of ten.

    >>> written(-0.25, 3), written(0.0, 1), written(1234567.0, 2), written(1e-7, 2)
    ('−0.250', '0.0', '1.2e6', '1.0e-7')
    """
    if not math.isfinite(x):
        return "not a number" if math.isnan(x) else "−∞" if x < 0 else "∞"
    if x == 0 or 1e-3 <= abs(x) < 1e6:
        text = f"{abs(x):.{digits}f}"
    else:
        text = re.sub(r"e\+?(-?)0*", r"e\1", f"{abs(x):.1e}")
    return "−" * (x < 0) + text


def short(x):
    """The value of a knob: at most four decimals.

    >>> short(0.5), short(-2.0), short(2 / 3)
    ('0.5', '−2', '0.6667')
    """
    text = f"{x:.4f}".rstrip("0").rstrip(".")
    return ("0" if text == "-0" else text).replace("-", "−")
