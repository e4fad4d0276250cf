"""The gallery shows every landscape, with all that it says of itself."""

import re

import gallery
import matplotlib.pyplot as plt
import numpy as np
import pytest
from conftest import ROOT, cells
from shared import landscapes

PAGE = (ROOT / "docs/reference/landscapes.md").read_text("utf-8")
NUMBER = r"(?:from|to) (−?\d+(?:\.\d+)?)"
EACH = pytest.mark.parametrize("one", landscapes.catalogue, ids=lambda one: one.name)


def test_the_page_shows_every_landscape_once_in_the_order_of_the_catalogue():
    names = [one.name for one in landscapes.catalogue]
    shown = re.findall(r"^### `(\w+)`", PAGE, re.MULTILINE)
    assert sorted(shown) == sorted(names)
    assert re.findall(r"figures/gallery/\w+\.svg\?name=(\w+)\)", PAGE) == shown
    assert re.findall(r"tables/gallery/points\?name=(\w+)\)", PAGE) == shown
    for text in "seen", "formula", "limits":
        assert re.findall(rf"gallery\.{text}\(landscapes\.(\w+)\)", PAGE) == shown


@EACH
def test_a_figure_marks_every_stationary_point_and_shows_its_box(one):
    draw = gallery.figure_curve if one.dim == 1 else gallery.figure_surface
    figure = draw(one.name)
    plt.close(figure)
    [ax] = figure.axes
    marked = [
        (float(line.get_xdata()[0]), float(line.get_ydata()[0]))
        for line in ax.lines
        if len(line.get_xdata()) == 1
    ]
    points = [
        (p.at, one.f(p.at)) if one.dim == 1 else tuple(p.at) for p in one.stationary
    ]
    np.testing.assert_allclose(sorted(marked), sorted(points), atol=1e-12)
    low, high = np.atleast_2d(one.box)[0]
    assert ax.get_xlim()[0] <= low < high <= ax.get_xlim()[1]


@EACH
def test_the_table_tells_each_point_with_its_height_and_its_curvatures(one):
    rows = cells(gallery.table_points(one.name))
    assert len(rows) == len(one.stationary)
    for (kind, place, height, bends), point in zip(rows, one.stationary, strict=True):
        assert kind.endswith(point.kind)
        at = [float(x) for x in place.strip("()").split(",")]
        np.testing.assert_allclose(at, np.atleast_1d(point.at), rtol=1e-4, atol=1e-9)
        assert float(height) == pytest.approx(one.f(point.at), rel=1e-4, abs=1e-9)
        signs = {float(x) > 0 for x in bends.split(", ") if x not in ("none", "0")}
        expected = {"minimum": {True}, "maximum": {False}, "saddle": {True, False}}
        assert signs <= expected.get(point.kind, set())


@EACH
def test_the_text_tells_the_formula_the_box_and_the_symmetries(one):
    assert f" = {one.tex}\n$$" in gallery.formula(one)
    ends = [float(x.replace("−", "-")) for x in re.findall(NUMBER, gallery.limits(one))]
    np.testing.assert_allclose(ends, np.ravel(one.box), rtol=1e-4)
    kept = gallery.limits(one).split("Symmetries: ")[1]
    assert kept.count("$") == 2 * len(one.symmetries)


def test_the_overview_counts_the_minima_of_every_landscape():
    rows = gallery.table_overview().split("\n")[2:]
    assert len(rows) == len(landscapes.catalogue)
    for row, one in zip(rows, landscapes.catalogue, strict=True):
        name, tex, minima = row.strip("| ").split(" | ")
        assert name == f"[`{one.name}`](#{one.name})"
        assert "|" not in tex
        kinds = [point.kind for point in one.stationary]
        assert int(minima) == kinds.count("minimum")


@EACH
def test_the_text_for_the_figure_counts_its_points(one):
    counts = re.findall(r"(\d+) × (\w+)", gallery.seen(one))
    kinds = [point.kind for point in one.stationary]
    assert {kind: int(count) for count, kind in counts} == {
        kind: kinds.count(kind) for kind in set(kinds)
    }


@EACH
def test_the_text_for_the_figure_names_the_first_point_with_its_article(one):
    kind = one.stationary[0].kind
    article = {"inflection": "an"}.get(kind, "a")
    assert f" the first is {article} {kind} at " in gallery.seen(one)


def test_the_certificate_names_tests_that_run_on_every_landscape():
    source = (ROOT / "tests/test_landscapes.py").read_text("utf-8")
    said = re.findall(r"^- (.+?)(?: \(\w+\))?$", gallery.certificate(), re.MULTILINE)
    assert len(said) >= 12
    for sentence in said:
        name = f"def test_{sentence.lower().replace(' ', '_')}("
        assert re.search(rf"^@each\w*\n{re.escape(name)}", source, re.MULTILINE)
    assert "value gradient and Hessian are those of SymPy" in said
