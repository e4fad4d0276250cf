"""Figures to move: what they compute is the lessons' own, and faults are said."""

import functools
import itertools
import json
import math
import os
import random
import re
from fractions import Fraction
from html import unescape

import batches
import classification
import compare
import convergence
import curvature
import descent
import dimensions
import directions
import explorables
import failures
import layers
import loss
import matplotlib.pyplot as plt
import momentum
import newton
import numpy as np
import pytest
import rate as lesson
import regression
import start as hike
from _weave.draw.live import described, filled
from _weave.draw.translate import translated
from _weave.markdown.explore import signed
from descent import descend
from explorables import EXPLORABLES, asked_for, explore_js
from project import Project
from shared import basins, explorable, landscapes, numbers, palette
from shared.landscapes import camel, himmelblau
from shared.path import first_within
from shared.plane import angle, quadratic, quadratic_grad, rotation, valley

# Of the degrees and tenths that a slider can stand at, unless WHOLE_SITE is set.
EVERY = 1 if os.environ.get("WHOLE_SITE") else 3


@pytest.fixture(autouse=True)
def _closed():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A small course, the process of which serves all tests."""
    project = Project(tmp_path_factory.mktemp("course"))
    yield project
    project.close()


@pytest.mark.parametrize("start", [-2.2, 0.3, 2.0])
def test_the_path_on_the_parabola_is_the_lessons(start):
    for rate in (0.01, 0.1, 0.5, 0.9, 1.0, 1.15):
        path = descend(landscapes.quad1.grad, start, rate, 10)
        told = np.array(lesson._square_path(rate, start))
        assert np.array_equal(told, np.transpose([path, landscapes.quad1.f(path)]))


def test_what_is_said_of_a_step_is_true_for_every_state_of_the_knobs():
    """In fractions: the sliders' steps are hundredths and tenths."""
    for r, k in itertools.product(range(1, 111), range(-22, 23)):
        rate, x = Fraction(r, 100), Fraction(k, 10)
        after = x - rate * 2 * x
        change = after**2 - x**2
        which, *told = descent._step_says(k / 10, r / 100)
        true = {
            "rests": x == 0,
            "rises": change > 0,
            "level": x != 0 and change == 0,
            "lands": x != 0 and after == 0,
            "crosses": after * x < 0 and change < 0,
            "falls": after * x > 0 and change < 0,
        }
        assert [one for one, holds in true.items() if holds] == [which], (rate, x)
        part = -change / (rate * 4 * x**2) if x else 0
        slopes = [rate, 2 * x, -2 * rate * x, after]
        expected = [*slopes, rate * 4 * x**2, abs(change), part]
        assert told == pytest.approx([float(one) for one in expected], abs=1e-12)
        assert descent._rests(k / 10) == true["rests"]
        assert descent._rises(k / 10, r / 100) == true["rises"]
        assert descent._crosses(k / 10, r / 100) == true["crosses"]


def test_the_rows_of_a_step_are_the_lessons_path():
    for x, rate in (2.0, 0.1), (-2.2, 1.1), (0.3, 0.75):
        path = descend(landscapes.quad1.grad, x, rate, steps=10)
        rows = np.array(descent._step_rows(x, rate))
        height = landscapes.quad1.f(path)
        assert np.array_equal(rows[:, 0], path[:-1])
        assert np.array_equal(rows[:, 1], height[:-1])
        assert rows[:, 2] == pytest.approx(rate * landscapes.quad1.grad(path[:-1]) ** 2)
        assert np.array_equal(rows[:, 3], -np.diff(height))


def test_the_promised_fall_ends_on_the_tangent_and_the_fall_on_the_curve():
    for x, rate in (2.0, 0.1), (-2.2, 1.1), (0.3, 0.75):
        (low, low_height), (high, high_height) = descent._step_tangent(x)
        (start, corner), (same, (at, foot)) = descent._step_sides(x, rate)
        fall = descent._step_fall(x, rate)
        assert [start, fall[1]] == descent._step_dots(x, rate)
        assert corner == same == fall[0] == [at, start[1]]
        slope = (high_height - low_height) / (high - low)
        assert slope == pytest.approx(landscapes.quad1.grad(x))
        assert foot == pytest.approx(low_height + slope * (at - low))
        assert low_height + slope * (x - low) == pytest.approx(x * x)


def test_the_hike_is_the_lessons_until_it_leaves_the_picture():
    for rate in (0.01, 0.1, 0.2, 0.3):
        for start in (-1.9, -0.4, 0.1, 1.5, 1.9):
            with np.errstate(over="ignore", invalid="ignore"):
                path = descend(landscapes.tilted.grad, start, rate, 20)
            path = path[: np.append(np.flatnonzero(abs(path) > 3), 21)[0]]
            told = np.array(hike._hike_path(rate, start))
            expected = np.transpose([path, landscapes.tilted.f(path)])
            assert np.array_equal(told, expected)


def test_the_hidden_curves_are_the_landscape_moved_and_their_looks_are_true():
    x, pick = np.linspace(-5, 5, 2001), random.Random(31)
    for curve in range(1, len(hike._SIDES) + 1):
        heights, slopes, bends = np.transpose(
            [hike._seen_at(float(curve), z) for z in x.tolist()]
        )
        assert np.gradient(heights, x)[1:-1] == pytest.approx(slopes[1:-1], abs=0.01)
        assert np.gradient(slopes, x)[1:-1] == pytest.approx(bends[1:-1], abs=0.01)
        best = heights.argmin()
        assert heights[best] == pytest.approx(hike._TILTED_LOWEST, abs=1e-4)
        assert abs(x[best]) < 4  # in the picture, as the hill is
        assert abs(x[(abs(slopes) < 0.01) & (bends < 0)]).max() < 4
        looks = tuple(pick.uniform(-4, 4) for _ in range(hike._LOOKS))
        least = np.interp(looks, x, heights).min()
        which, told, lowest, plain, newton = hike._blind_says(float(curve), looks)
        assert [told, lowest] == pytest.approx([least, heights[best]], abs=1e-3)
        assert (which == "found") == hike._finds_the_lowest(float(curve), looks)
        slope = lambda z, curve=curve: hike._seen_at(float(curve), z)[1]
        path = descend(slope, looks[0], 0.3, hike._LOOKS - 1)
        if np.all(abs(np.array(path)) <= 5):
            walked = hike._descent_looks(float(curve), looks)
            assert [z for z, _ in walked] == pytest.approx(path)
            assert plain == walked[-1][1]
        if len(points := hike._newton_looks(float(curve), looks)) > 1:
            bend = hike._seen_at(float(curve), looks[0])[2]
            assert points[1][0] == pytest.approx(looks[0] - slope(looks[0]) / bend)
            assert newton == points[-1][1]
        assert not hike._revealed(float(curve), looks[1:])
        assert not hike._descent_looks(float(curve), looks[1:])
        assert len(hike._revealed(float(curve), looks)) > 100


def test_the_constants_are_those_of_the_lesson():
    pick = random.Random(3)
    for _ in range(200):
        far, delta = pick.uniform(4, 40), pick.uniform(0.5, 40)
        labels = np.array([1, 2, 3, 4, far])
        found = [loss.huber_constant(labels, delta), labels.mean()]
        median, constant, mean = [c for c, _ in loss._constants(far, delta)][1:]
        assert median == np.median(labels)
        assert [constant, mean] == pytest.approx(found, abs=1e-9)
        said = loss._constants_say(far, delta)[0]
        assert (said == "mean") == (abs(labels - constant).max() <= delta)
        rows = np.array(loss._constant_rows(far, delta))
        assert rows[:, 2].sum() == pytest.approx(0, abs=1e-9)


def test_the_bench_of_the_line_is_the_lessons_neuron():
    X, y, pick = regression.STEEP, regression.steep_y, random.Random(17)
    for _ in range(2000):
        w, b, rate = pick.uniform(-2, 8), pick.uniform(-10, 6), pick.uniform(0.02, 0.12)
        theta = np.array([w, b])
        path, losses = regression.train(
            regression.loss, regression.gradient, theta, X, y, rate, 10
        )
        told = np.array(regression._bench_run(w, b, rate))
        assert told[:, :2] == pytest.approx(path, rel=1e-9)
        assert told[:, 2] == pytest.approx(losses, rel=1e-9)
        slopes = regression.gradient(theta, X, y)
        assert regression._bench_slopes(w, b) == pytest.approx(slopes, abs=1e-9)
        landing = regression.newton_step(theta, X, y)
        assert regression._bench_newton(w, b) == pytest.approx(landing, abs=1e-9)
        dots = regression._bench_line(w, b)[1:-1]
        assert dots == pytest.approx(
            np.transpose([X[:, 0], regression.linear(theta, X)])
        )
    limit = dimensions.report(regression.hessian(X)).limit
    assert regression._bench_marks() == pytest.approx([limit / 2, limit])


def test_what_is_said_of_the_line_is_true_for_every_state_of_the_knobs():
    X, y = regression.STEEP, regression.steep_y
    for w in np.arange(-20, 81, EVERY) / 10:
        for b in np.arange(-100, 61, 5) / 10:
            theta = np.array([w, b])
            here, slopes = (
                f(theta, X, y) for f in (regression.loss, regression.gradient)
            )
            answers = []
            for rate in np.append(np.arange(4, 25) / 200, regression._bench_marks()):
                after = theta - rate * slopes
                there = regression.loss(after, X, y)
                which, *told = regression._bench_says(float(w), float(b), float(rate))
                answers.append((told, [here, *slopes, *after, there, 4, -4]))
                assert (which == "there") == (w == 4 and b == -4)
                left = there / here if which != "there" else 0
                true = {
                    "there": here < 1e-20,
                    "falls": left <= 0.95 + 1e-9,
                    "crawls": 0.95 - 1e-9 < left < 1,
                    "rises": left >= 1,
                }
                assert true[which], (w, b, rate, which)
            told, expected = zip(*answers, strict=True)  # at once: that is faster
            assert np.allclose(told, expected, rtol=1e-9, atol=1e-9), (w, b)


def test_the_bench_of_the_unit_is_the_lessons_neuron():
    y, pick = classification.overlap_y, random.Random(19)
    for number in range(500):
        place, w, b = pick.uniform(-2.5, 2.5), pick.uniform(-2, 6), pick.uniform(-4, 4)
        X, theta = classification._moved_to(place), np.array([w, b])
        slopes = classification.gradient(theta, X, y)
        assert classification._unit_slopes(place, w, b) == pytest.approx(
            slopes, abs=1e-12
        )
        height = classification.loss(theta, X, y)
        assert classification._unit_loss(place, w, b) == pytest.approx(
            height, rel=1e-12
        )
        if number < 3:
            path, losses = classification.train(
                classification.loss, classification.gradient, theta, X, y, 1.0, 1024
            )
            steps = 2 ** np.arange(11)
            rows = np.transpose([steps, *path[steps].T, losses[steps]])
            told = np.array(classification._unit_rows(place, w, b, 10.0))
            assert told == pytest.approx(rows, abs=1e-9)


def test_what_is_said_of_the_unit_is_true_for_every_state_of_the_knobs():
    """Its sentence depends on the place alone; its numbers are those of a run."""
    y, ends = classification.overlap_y, []
    for place in (np.arange(-25, 26) / 10).tolist():
        X = classification._moved_to(place)
        which, *_ = classification._unit_says(place, 0.0, 0.0, 0.0)
        gap = X[y == 1].min() - X[y == 0].max()
        assert which == {-1: "overlap", 0: "touch", 1: "parted"}[np.sign(gap)]
        if which == "overlap":
            best = classification.damped_irls(np.zeros(2), X, y, 40)[-1]
            assert classification.gradient(best, X, y) == pytest.approx(0, abs=1e-9)
            ends.append(best[0])
    assert np.all(np.diff(ends) > 0)
    for place, w, b in (
        (-2.5, 6.0, -4.0),
        (0.4, -2.0, 4.0),
        (0.5, 0.0, 0.0),
        (2.5, 6, 4),
    ):
        path, losses = classification.train(
            *(classification.loss, classification.gradient, [w, b]),
            *(classification._moved_to(place), y, 1.0, 2048),
        )
        assert np.all(np.diff(losses) <= 1e-15)
        for doublings in (0.0, 5.0, 10.0):
            _, *told = classification._unit_says(place, w, b, doublings)
            k = int(2**doublings)
            expected = [k, *path[k], losses[k], path[2 * k][0]]
            assert told == pytest.approx(expected, abs=1e-9)


def test_the_map_of_the_network_is_the_lessons_network():
    X, y = layers.gate_x, layers.XOR
    starts = np.random.default_rng(23).uniform(-8, 8, (2000, 2))
    networks = layers._tied(*starts.T)
    heights, slopes = (f(networks, X, y) for f in (layers.loss, layers.gradient))
    tied = slopes[:, [0, 1]] + slopes[:, [3, 2]]
    says = layers.answers(networks)
    for (s, t), height, along, four in zip(
        starts.tolist(), heights, tied, says, strict=True
    ):
        assert layers._map_loss(s, t) == pytest.approx(height, abs=1e-12)
        assert layers._map_slopes(s, t) == pytest.approx(along, abs=1e-12)
        told = [layers._map_answers(s, t, *x)[-1] for x in X.tolist()]
        assert told == pytest.approx(four, abs=1e-12)
    for s, t in starts[:20].tolist():
        path = np.array(layers._map_run(s, t))
        assert path[-1] == pytest.approx(runs_on_the_map([[s, t]])[0], abs=1e-6)
        rows = np.array(layers._map_rows(s, t))
        assert np.array_equal(rows[:, :2], path[::10])
        assert rows[:, 2] == pytest.approx(
            layers.loss(layers._tied(*path[::10].T), X, y)
        )


def runs_on_the_map(starts):
    """Where descent in s and t leads on the lesson's loss, from all starts at once."""
    at = np.array(starts, dtype=float)
    for _ in range(100):
        slopes = layers.gradient(layers._tied(*at.T), layers.gate_x, layers.XOR)
        at = at - (slopes[:, [0, 1]] + slopes[:, [3, 2]])
    return at


def test_what_is_said_of_the_map_is_true_for_every_state_of_the_knobs():
    grid = np.arange(-80, 81, 5) / 10
    starts = [(s, t) for s in grid.tolist() for t in grid.tolist()]
    ends = runs_on_the_map(starts)
    heights = layers.loss(layers._tied(*ends.T), layers.gate_x, layers.XOR)
    for (s, t), end, height in zip(starts, ends, heights, strict=True):
        which, *_, steps, s1, t1, there = layers._map_says(s, t)
        assert steps == 100
        assert [s1, t1, there] == pytest.approx([*end, height], abs=1e-6)
        p = layers.answers(layers._tied(s1, t1))
        known = bool(
            np.all((p > 0.5) == layers.XOR) and abs(p - layers.XOR).max() < 0.2
        )
        true = {
            "twins": s == t and s1 == t1 and height > layers.THIRDS,
            "solved": known and s1 > t1,
            "swapped": known and t1 > s1,
            "stuck": s != t and height >= layers.SOLVED,
        }
        assert true[which], (s, t, which)


def test_the_marks_are_those_of_the_curvature():
    best = landscapes.explog.minima[0]
    curvature = landscapes.explog.hess(best)
    assert lesson._explog_marks() == pytest.approx([1 / curvature, 2 / curvature])
    assert lesson._square_marks() == descent._step_marks() == [0.5, 1.0]
    bends = [landscapes.tilted.hess(best) for best in landscapes.tilted.minima]
    assert hike._hike_limits() == pytest.approx([2 / bend for bend in bends])


def test_marked_starts_begin_a_cycle_of_newtons_or_have_no_curvature():
    cycle, edge = newton._well_edges()
    assert landscapes.well.hess(edge) == pytest.approx(0, abs=1e-12)
    starts = {name: failures._exhibit_cycle(name) for name in failures._EXHIBITS}
    assert starts.pop(failures._WELLS) == [cycle]
    for shown, start in (
        (landscapes.well, cycle),
        (landscapes.sqrt1p, *starts.pop(failures._FAR)),
        (failures.trap, *starts.pop(failures._TRAP)),
    ):
        one, two = (newton.newton(shown.grad, shown.hess, start, k)[-1] for k in (1, 2))
        assert two == pytest.approx(start, abs=1e-12) != one
    for name, none in starts.items():
        runs = [failures._exhibit_ends(name, x / 10, 0.0) for x in range(-30, 31)]
        assert none == []
        assert "cycle" not in runs


def test_marked_edges_part_what_they_are_said_to_part():
    for a, c in (1.0, 2.0), (-0.5, -2.0), (0.0, 3.0):
        [b] = curvature._form_edge(a, c)
        assert np.linalg.det([[a, b], [b, c]]) == pytest.approx(0, abs=1e-12)
    assert curvature._form_edge(-1.0, 1.0) == []
    for far in 4.5, 12.0, 40.0:
        [delta], labels = loss._mean_from(far), np.array([1, 2, 3, 4, far])
        huber = [loss.huber_constant(labels, delta - less) for less in (0, 0.01)]
        assert abs(huber[0] - labels.mean()) < 1e-6 < abs(huber[1] - labels.mean())
    [even] = loss._symmetric_label()
    assert np.mean([1, 2, 3, 4, even]) == np.median([1, 2, 3, 4, even])
    [rate] = batches._half_the_floor()
    half = batches.noise_floor(rate, 1.0, 1.0) / batches.noise_floor(0.5, 1.0, 1.0)
    assert half == pytest.approx(0.5)


def test_steps_and_lost_runs_are_those_that_the_lesson_counts():
    best, rates = landscapes.explog.minima[0], np.linspace(0.01, 0.6, 2000)
    paths = descend(landscapes.explog.grad, np.full(2000, 1.6), rates, 400).T
    counts = lesson.explog_steps(rates)
    for rate, path, steps in zip(rates.tolist(), paths, counts, strict=True):
        which, number, *_ = lesson._explog_says(rate, 1.6)
        if which == "leaves":
            assert np.isnan(steps)
            assert number == int(np.argmax(path <= 0))
        elif which == "far":
            assert first_within(path, best, 5e-5) in (None, 0)
        else:
            assert number == steps


def states(count):
    """Condition numbers, rates and starts, as the knobs of the ravine have them."""
    pick = random.Random(5)
    for _ in range(count):
        kappa, rate = pick.uniform(1, 100), pick.uniform(0.05, 2.1)
        yield kappa, rate, pick.uniform(-2.3, 2.5), pick.uniform(-1.2, 1.2)


def test_the_ravine_is_the_lessons_bowl_scaled_to_the_steep_curvature_one():
    for kappa, rate, x, y in states(2000):
        hess = valley(kappa) / kappa
        path = descend(quadratic_grad(hess), np.array([x, y]), rate, 20)
        told = dimensions._ravine_path(kappa, rate, x, y)
        assert np.allclose(told, path, rtol=1e-13, atol=1e-15)
        report = dimensions.report(hess)
        assert dimensions._ravine_marks(kappa) == pytest.approx(
            [report.best, report.limit]
        )


def test_predicted_and_counted_steps_are_the_lessons_at_the_best_rate():
    for kappa in range(2, 101):
        best = dimensions._ravine_marks(kappa)[0]
        predicted = dimensions._ravine_predicted(kappa, best)
        assert predicted == dimensions.predicted_steps(kappa)
        counted = dimensions._ravine_measured(kappa, best, 2.0, 1.0)
        assert counted == dimensions.measured_steps(valley(kappa) / kappa, [2, 1])


def test_counted_steps_are_those_of_the_lessons_descent_at_any_rate():
    for kappa, rate, x, y in states(100):
        if dimensions._ravine_factor(kappa, rate) < 0.99:
            start, hess = np.array([x, y]), valley(kappa) / kappa
            path = descend(quadratic_grad(hess), start, rate, 1500)
            within = first_within(path, 0, 1e-6 * np.linalg.norm(start))
            assert dimensions._ravine_measured(kappa, rate, x, y) == within


def test_level_lines_are_level():
    for kappa in (1.0, 10.0, 100.0):
        height = quadratic(valley(kappa) / kappa)
        for line in dimensions._ravine_levels(kappa):
            heights = height(np.transpose(line))
            assert np.allclose(heights, heights[0], rtol=1e-12)


def states_of_the_turned():
    """Condition numbers and angles of the sliders: the ends, and some between."""
    for kappa in 1, 2, 3, 10, 37, 100:
        for degrees in *range(0, 91, 5), 1, 44, 46, 89:
            yield float(kappa), float(degrees)


def test_the_turned_ravine_is_the_lessons_and_so_are_its_three_runs():
    for kappa, degrees in states_of_the_turned():
        hess = valley(kappa, degrees)
        xx, xy, yy = dimensions._turned_bowl(kappa, degrees)
        assert np.allclose([[xx, xy], [xy, yy]], hess, rtol=1e-13, atol=1e-13)
        start, grad = rotation(degrees) @ [2.0, 0.4], quadratic_grad(hess)
        best = dimensions.report(hess).best
        plain = descend(grad, start, best, 20)
        scaled = dimensions.diagonal_descent(hess, start, 20)
        whole = directions.newton_step(grad, lambda _, hess=hess: hess, start)
        for told, expected in [
            (dimensions._plain_path(kappa, degrees), plain),
            (dimensions._scaled_path(kappa, degrees), scaled),
            (dimensions._whole_path(kappa, degrees), [start, whole]),
        ]:
            assert np.allclose(told, expected, rtol=1e-9, atol=1e-12)
        left = np.transpose(dimensions._turned_rows(kappa, degrees))
        for told, path in zip(left, (plain, scaled), strict=True):
            expected = np.linalg.norm(path, axis=1)
            assert np.allclose(told, expected, rtol=1e-9, atol=1e-12)


def test_the_level_lines_of_the_turned_ravine_are_level_and_meet_the_start():
    for kappa, degrees in states_of_the_turned():
        height = quadratic(valley(kappa, degrees))
        lines = dimensions._turned_levels(kappa, degrees)
        heights = [height(np.transpose(line)) for line in lines]
        assert np.allclose(np.ptp(heights, axis=1), 0, atol=1e-12 * kappa)
        start = dimensions._plain_path(kappa, degrees)[0]
        assert heights[-1] == pytest.approx(height(start), rel=1e-12)


def test_gradient_descent_does_not_feel_the_angle_and_its_path_turns_with_it():
    for kappa, degrees in states_of_the_turned():
        flat = np.array(dimensions._plain_path(kappa, 0.0))
        told = dimensions._plain_path(kappa, degrees)
        assert np.allclose(told, flat @ rotation(degrees).T, rtol=0, atol=1e-12)


def test_what_is_said_of_the_turned_ravine_is_true_for_every_state_of_the_knobs():
    """The counts are those of powers; two steps shrink all errors by one factor."""
    for kappa in range(1, 101):
        enough = dimensions.predicted_steps(kappa) if kappa > 1 else 1
        for degrees in range(0, 91, EVERY):
            state = float(kappa), float(degrees)
            which, plain, scaled, whole, *rest = dimensions._turned_says(*state)
            hess = valley(*state)
            assert rest == pytest.approx([enough, 1, 1, *np.diag(hess)], rel=1e-12)
            assert [plain, whole] == [enough, 1]
            once = np.eye(2) - hess / np.diag(hess)[:, None]
            start = rotation(degrees) @ [2.0, 0.4] / math.hypot(2.0, 0.4)
            left = [
                np.linalg.norm(np.linalg.matrix_power(once, k) @ start)
                for k in range(max(scaled - 2, 0), scaled + 1)
            ]
            assert left[-1] < 1e-6 <= min(left[:-1])
            true = {
                "round": kappa == 1 and scaled == 1,
                "along": kappa > 1 and degrees in (0, 90) and scaled == 1,
                "nothing": scaled == plain > 1,
                "turned": 1 < scaled < plain and 0 < degrees < 90,
            }
            assert true[which], (state, which)
            if kappa > 1 and degrees == 45:
                assert which == "nothing"


def test_the_places_on_the_well_are_newtons():
    well = landscapes.well
    for start in np.linspace(-1.6, 1.6, 999).tolist():
        path = newton.newton(well.grad, well.hess, start, 5)
        told = [path, well.f(path), well.grad(path), well.hess(path)]
        assert np.array_equal(np.transpose(newton._well_rows(start)), told)
        model = newton.quadratic_model(well.f, well.grad, well.hess, start)
        for x, height in newton._well_model(start):
            assert height == model(x)


# States in which the sentences are said that those on a grid do not say.
SAID = {
    "explore-step": [*((r, 2) for r in (0.1, 0.5, 0.8, 1, 1.1)), (0.1, 0)],
    "explore-square": [*((r, 2) for r in (0.1, 0.5, 0.9, 1.0, 1.1)), (0.1, 0)],
    "explore-explog": [(0.1, 1.6), (0.3, 1.6), (0.5, 1.6), (0.41, 0.6)],
    "explore-ravine": [
        *((9, 0.5, 2, 1), (9, 1.8, 2, 1), (9, 2.0, 2, 1)),
        *((9, 1.8, 0, 0), (9, 1.8, 2, 0)),
    ],
    "explore-blind": [
        *((0, looks, 1) for looks in ((3.0,), (3.0,) * 12, (-1.9,) * 12)),
    ],
    "explore-constants": [(30, 0.5), (30, 10), (30, 40)],
    "explore-hike": [(0.03, 1.5), (0.2, 1.5), (0.25, 1.5), (0.3, 1.9)],
    "explore-floor": [(0.5, 1, 1), (0.02, 64, 1), (1.9, 1, 1)],
    "explore-basins": [("Newton", x, y) for x, y in ((3, 2), (0, 3), (0, 0))],
    "explore-camel": [
        *(("Newton", x, y) for x, y in ((0, 0), (1.8, 0), (1.1, 0))),
        ("gradient descent", 5, 0),
    ],
    "explore-museum": [
        *(("√(1+x²)", x, 0) for x in (0, 0.5, 1, 1.1)),
        *(("wells", x, 0) for x in (2, 0.5, 0.3)),
        *(("x⁴", 1, 0), ("|x|^(4/3)", 0.1, 0), ("|x|^(4/3)", 0.1, 1)),
    ],
    "explore-corner": [
        *((25, h, 0) for h in (1, 1.96, 3)),
        *((19, 1.9, 0), (25, 2.78, 0.45), (100, 2, 0.9)),
    ],
    "explore-swing": [
        *((b, 0.2) for b in (0.0, 0.31, 0.9)),
        *((0.0, 1.9), (0.0, 2.0)),
    ],
    "explore-turned": [(10, 20), (10, 90), (100, 45), (1, 20)],
    "explore-newton": [(0.7,), (0.3,), (None,), (1.0,), (0.0,)],
    "explore-arrows": [
        *((20, 5, 1), (20, 5, 0), (20, 0, 0), (0, 1, 1), (-4, 3, 1), (-4, 1, 2)),
    ],
    "explore-bend": [
        *((0.9, 1.5, 81, 0, 1), (1, 1, 0, 0, 0), (0.7, 0.5, 0, 0, 0)),
        *((1.0, 1.8, 66, 0, 0), (-1.0, 1.5, 46, 0, 0), (0, 0, 0, 0, 0)),
        *((-1.2, 1, 0, 0, 1), (-0.7, 0.6, 0, 1, 0)),
    ],
    "explore-lab": [
        *((1.2, -0.5, 0, 0, 1), (3, 2, 0, 0, 0), (0.5, 0.5, 10, 0, 0)),
        *((0.5, 0.5, 0, 0, 0), (1, 1, 0, 0, 0), (0, 0, 20, 0, 0), (0.5, 0.5, 20, 0, 0)),
        *((0.5, 0.5, 0, 1, 1), (2, 0, 0, 0, 0), (0.5, 0.5, 50, 0, 0)),
        *((1.7, 0.6, 0, 0, 0), (1.8700456484333694, -4.8578400407843905, 0, 0, 0)),
    ],
    "explore-surfaces": [
        *(
            ("himmelblau", x, y, 0, 0, 0)
            for x, y in ((0, -1.9), (-1.3, 3), (-2.5, -1.5))
        ),
        *(("himmelblau", x, y, 0, 0, 0) for x, y in ((-0.8, -1.2), (1.7, 0.6))),
        *(("himmelblau", 0.4, -3.2, 50, 0, 0), ("himmelblau", 0.5, 0.5, 0, 0, 1)),
        *(("himmelblau", 1.8700456484333694, -4.8578400407843905, 0, 0, 0),),
        *(("course", 4, 3, 0, 0, 0), ("camel", -1.2, -2.4, 0, 0, 0)),
        *(("rosenbrock", -0.1, 1.5, 5, 0, 1), ("bowl", 0, 0, 0, 0, 0)),
    ],
    "explore-line": [*((w, 2, 0.04) for w in (2, 2.8)), (2, 2, 0.1), (4, -4, 0.04)],
    "explore-unit": [(place, 0, 0, 5) for place in (-0.5, 0.5, 1.0)],
    "explore-map": [(2, 1), (1, 2), (1, 1), (7.5, 6.5)],
    "explore-stops": [
        *(("x²", r, test, -6) for r, test in ((0.1, "loss"), (1, "loss"), (1, "step"))),
        *(("x² − y²", 0.1, "loss", -6), ("x² − y²", 0.1, "step", -12)),
    ],
    "explore-budget": [
        *((20, 50, "walls", "work", budget) for budget in (60, 80, 90)),
        (2, 5, "bowl", "work", 2),
    ],
    "explore-form": [(2, 1, 2), (-2, 1, -2), (1, 2, -1), (1, 2, 1), (1, 1, 1)],
}


def exact(value):
    """A value as the page gives it: a text, or a float."""
    return value if isinstance(value, str | tuple) else float(value)


@pytest.mark.parametrize("shown", EXPLORABLES, ids=lambda shown: shown.id)
def test_every_sentence_can_be_said(shown, monkeypatch):
    given = shown.given()
    says, sentences = given.says
    found = set()
    for state in SAID.get(shown.id) or on_a_grid(given):
        if state == (None,):  # where no float makes the second derivative zero
            monkeypatch.setattr(newton, "well", Flat)
            state = (0.7,)
        names = [knob.name for knob in given.knobs]
        known = dict(zip(names, map(exact, state), strict=True))
        said = says(*(known[name] for name in given.parameters(says)))
        monkeypatch.undo()
        found.add(said[0])
        assert "{" not in filled(sentences[said[0]][1], said, numbers.written)
    never = {*sentences} - found
    assert not never, f"SAID has no state of {shown.id} in which it says {never}"


@pytest.mark.parametrize("shown", EXPLORABLES, ids=lambda shown: shown.id)
def test_a_slider_reaches_each_target_and_the_first_state_does_not(shown):
    given = shown.given()
    assert given.targets
    knobs = {knob.name: knob for knob in given.knobs}
    for target in given.targets.values():
        first = {name: knob.value for name, knob in knobs.items()}
        for name, value in target.at.items():
            if explorables.listed(knobs[name]):
                assert knobs[name].takes(value)
                continue
            _, _, low, high, step, *_ = knobs[name]
            on_the_slider = np.arange(low, high + step / 2, step)
            assert abs(on_the_slider - value).min() < 1e-9
        for state, reached in (first, False), (first | target.at, True):
            names = given.parameters(target.function)
            found = target.function(*(exact(state[name]) for name in names))
            assert found == reached, (target, state)


def test_pages_ask_for_every_target():
    targets = {
        (shown.module, shown.name, target)
        for shown in EXPLORABLES
        for target in shown.given().targets
    }
    assert asked_for() == targets


@pytest.fixture
def once(monkeypatch):
    """Long runs, for which several functions of a figure ask, are computed once."""
    for module, name in ((classification, "_unit_after"), (compare, "_races")):
        monkeypatch.setattr(module, name, functools.cache(getattr(module, name)))


@pytest.mark.parametrize("shown", EXPLORABLES, ids=lambda shown: shown.id)
@np.errstate(over="ignore", invalid="ignore")  # of runs that diverge
def test_nothing_raises_wherever_the_sliders_stand(shown, once):
    given, pick, calls = shown.given(), random.Random(9), {}
    for _ in range(200):
        state = {}
        for knob in given.knobs:
            if explorables.listed(knob):
                state[knob.name] = pick.choice(explorables.listed(knob))
                continue
            steps = round((knob.high - knob.low) / knob.step)
            at = pick.choice([0, steps, pick.randint(0, steps)])  # the ends, often
            state[knob.name] = float(knob.low + knob.step * at)
        for function in explorables.functions(given):
            names = given.parameters(function)
            calls[function, tuple(state[name] for name in names)] = None
    named = set()
    for function, arguments in calls:
        told = function(*arguments)
        if given.adds and function is given.adds[0]:
            assert told[0] in given.adds[1]
        if given.formula and function is given.formula[0]:
            named.add(told[0])
    if given.formula and not isinstance(given.formula[1], str):
        assert named == given.formula[1].keys()


def on_a_grid(given):
    """The states of a figure of which no other are listed."""
    return [tuple(state.values()) for state in explorables.states(given, 200)]


class Flat:
    slopes = staticmethod(lambda x: 1.0)
    curvatures = staticmethod(lambda x: 0.0)


@pytest.mark.parametrize("shown", EXPLORABLES, ids=lambda shown: shown.id)
def test_a_figure_tells_where_its_axes_lie_and_what_it_shows(shown):
    data, told, _ = shown.movable()
    assert told.says
    assert len(told.rows[0]) == len(told.columns) - 1
    left, top, width, height = data["box"]
    assert min(left, top) > 0
    assert min(width, height) > 100


def test_lines_and_dots_are_drawn_as_the_build_draws_them():
    figure, ax = plt.subplots()
    marks = {"gid": "live", "color": "path"}
    for kind in "path", "dots", "curve", "line", "level":
        points = lambda: [[0.0, 0.0], [1.0, 1.0]]
        lines = lambda: [[[0.0, 0.0], [1.0, 1.0]]]
        layer = explorable.Layer(lines if kind == "level" else points, kind)
        knob = explorable.Knob("x", "x", 0, 1, 1, 0)
        says = (lambda: ["a"], {"a": ("path", "A.")})
        parts = {"knobs": [knob], "layers": [layer], "says": says}
        explorable.movable(figure, ax, **parts, table=(points, ["k", "x", "y"]))
        line, dot = explorable.drawn_as(kind)
        parts = ax.get_lines()
        if line:
            assert line["stroke-width"] == parts[0].get_linewidth()
            assert ("stroke-dasharray" in line) == (parts[0].get_linestyle() == "--")
        if dot:
            assert dot["r"] == parts[-1].get_markersize() / 2
            assert dot["stroke-width"] == parts[-1].get_markeredgewidth()
        assert len(parts) == bool(line) + 2 * bool(dot)
        assert {part.get_gid() for part in parts} == {marks["gid"]}
        ax.clear()


def refusal(**changed):
    """What is said of a figure that is wrong in one way."""
    points = lambda x: [[x, x]]
    parts = {
        "knobs": [explorable.Knob("x", "x", 0, 1, 1, 0)],
        "layers": [explorable.Layer(points, "dots")],
        "says": (lambda: ["a"], {"a": ("path", "A.")}),
        "table": (points, ["k", "x", "y"]),
    }
    figure, ax = plt.subplots()
    ax.set_xscale(changed.pop("scale", "linear"))
    try:
        explorable.movable(figure, ax, **parts | changed)
        given = explorable.explorable(figure)
        described(figure, given, palette.LIGHT, explorable, numbers)
    except ValueError as error:
        return str(error)
    return "nothing"


def test_what_cannot_be_moved_is_refused():
    knob = explorable.Knob("x", "x", 0, 1, 1, 0)
    marks = explorable.Marks(["best", "limit"], lambda: [1.0, 2.0, 3.0])
    assert "needs linear axes" in refusal(scale="log")
    _, other = plt.subplots()
    other.set_yscale("log")
    elsewhere = explorable.Layer(lambda x: [[x, 1.0]], "dots", axes=other)
    assert "needs linear axes" in refusal(layers=[elsewhere])
    assert "asks for x, which is no knob" in refusal(knobs=[])
    choice = explorable.Choice("x", "x", ["a", "b"], "c")
    assert "c is no name of the choice x" in refusal(knobs=[choice])
    assert "starts outside of its range" in refusal(knobs=[knob._replace(value=2)])
    assert "the marks of x are more values" in refusal(
        knobs=[knob._replace(marks=marks)]
    )
    assert "gives 'b', which is no sentence" in refusal(says=(lambda: ["b"], {}))
    says = (lambda: ["a"], {"a": ("path", "A."), "b": ("red", "B.")})
    assert "red is no role" in refusal(says=says)
    layer = explorable.Layer(lambda x: [[x, x]], "dost")
    assert "there is no kind dost" in refusal(layers=[layer])


def test_a_target_that_is_not_reached_by_moving_is_refused():
    def said(function, **at):
        return refusal(targets={"half": explorable.Target(function, at)})

    knobs = [explorable.Knob("x", "x", 0, 1, 0.25, 0)]
    half = explorable.Target(lambda x: x == 0.5, {"x": 0.5})
    assert refusal(targets={"half": half}, knobs=knobs) == "nothing"
    assert said(lambda x: x == 0, x=1) == "the target half is reached where it starts"
    assert said(lambda x: x > 2, x=1) == "the target half is not reached at {'x': 1}"
    assert "half: no slider gives x = 0.5" in said(lambda x: x > 0, x=0.5)
    assert "half: no slider gives x = 2" in said(lambda x: x > 0, x=2)
    assert "half: no slider gives y = 1" in said(lambda x: x > 0, y=1)
    assert "half: [] is neither True nor False" in said(lambda: [])
    assert "asks for y, which is no knob" in said(lambda y: y > 0, x=1)


FORMULA = """formula=(lambda rate: [rate, -rate / 8], {tex}),
        targets={{"""


def test_a_formula_is_shown_with_its_values(course):
    tex = FORMULA.format(tex='r"x - \\dfrac{{1:2}}{{2:4}}"')
    html = course.html(BLOCK, SOURCE.format(body=GOOD).replace("targets={", tex))
    [formula] = re.findall(r'<p class="weave-formula"[^>]*>(.*?)</p>', html)
    values = '<mn data-value="1:2">0.50</mn><mn data-value="2:4">−0.0625</mn>'
    assert "<mi>x</mi>" in formula
    assert re.sub(r"</?(mrow|mfrac|mstyle)[^>]*>", "", values) in formula
    signs = tex.replace(r"\dfrac{{1:2}}{{2:4}}", r"{1:2} + {2:4} \cdot {2:4}")
    html = course.html(BLOCK, SOURCE.format(body=GOOD).replace("targets={", signs))
    [formula] = re.findall(r'<p class="weave-formula"[^>]*>(.*?)</p>', html)
    assert re.sub("<[^>]*>", "", formula) == "x−0.50−0.0625⋅(−0.0625)"
    broken = tex.replace("dfrac", "dfrca")
    fault = course.fault(BLOCK, SOURCE.format(body=GOOD).replace("targets={", broken))
    assert fault.startswith("docs/lesson.md:1: the formula of this figure: ")


@pytest.mark.parametrize("sign", "+−⋅")
@pytest.mark.parametrize("text", ["−0.50", "0.50", "∞"])
def test_the_browser_writes_signs_as_the_page_does(element, sign, text):
    place = json.dumps({"dataset": {"sign": sign}})
    code = f"(place) => [Explore.signed(place, {json.dumps(text)}), place.textContent]"
    told = element.eval(f"JSON.stringify(({code})({place}))")
    assert tuple(json.loads(str(told))[::-1]) == signed(sign, text)


def test_of_several_formulas_the_one_that_holds_is_shown(course):
    tex = FORMULA.format(tex='{"low": "x", "high": r"y = {1:2}"}')
    tex = tex.replace("[rate, -rate / 8]", '["low" if rate < 1 else "high", rate]')
    html = course.html(BLOCK, SOURCE.format(body=GOOD).replace("targets={", tex))
    told = re.findall(r'<p class="weave-formula" data-name="(\w+)"([^>]*)>', html)
    assert [(name, "hidden" in rest) for name, rest in told] == [
        ("low", False),
        ("high", True),
    ]
    assert '<mn data-value="1:2"></mn>' in html
    wrong = tex.replace('"low":', '"slow":')
    fault = course.fault(BLOCK, SOURCE.format(body=GOOD).replace("targets={", wrong))
    assert "'low' is the name of no formula" in fault


def test_a_second_sentence_stands_behind_the_first(course):
    adds = 'adds=(say, {"ends": "So x = {1:2}."}),\n        targets={'
    html = course.html(BLOCK, SOURCE.format(body=GOOD).replace("targets={", adds))
    assert ">It ends at 0.25. So x = 0.25.</p>" in html


def test_numbers_are_written_for_people():
    assert numbers.written(float("inf"), 2) == "∞"
    assert numbers.written(float("nan"), 2) == "not a number"
    assert numbers.written(-1e9, 2) == "−1.0e9"


def floats():
    """Ties of rounding, their neighbours, numbers of all sizes, and the ends."""
    pick = random.Random(11)
    for power in range(1, 15):
        for k in range(400):
            yield (2 * k + 1) / 2**power
    for k in range(2000):
        tie = (2 * k + 1) / 2 ** pick.randint(1, 30) * 10 ** pick.randint(0, 9)
        yield from (tie, np.nextafter(tie, 0).item(), np.nextafter(tie, 1e300).item())
    for _ in range(6000):
        yield pick.uniform(1, 10) * 10.0 ** pick.randint(-300, 300)
    for k in range(100_000, 1_000_000, 2500):  # ties of 1.2e6
        yield 10.0 * k + 50_000
    yield from (0.0, -0.0, 1e-3, 1e6, 1e15, 1e21, 1e22, 5e-324, 1.7976931348623157e308)
    yield from (math.inf, -math.inf, math.nan)


@pytest.fixture(scope="module")
def element():
    """A V8 that holds explore.js, whose element is called Explore."""
    return explore_js()


def test_the_browser_writes_numbers_as_the_page_does(element):
    values = [sign * x for x in floats() for sign in (1, -1)]
    # Python's JSON is JavaScript, with Infinity and NaN.
    element.eval(f"globalThis.values = {json.dumps(values)}")
    for digits in range(10):
        told = element.eval(
            f"JSON.stringify(values.map((x) => Explore.written(x, {digits})))"
        )
        expected = [numbers.written(x, digits) for x in values]
        assert differences(values, expected, json.loads(str(told))) == []
    told = element.eval("JSON.stringify(values.map(Explore.short))")
    expected = [numbers.short(x) for x in values]
    assert differences(values, expected, json.loads(str(told))) == []
    assert len(values) > 30_000


def differences(values, expected, told):
    every = zip(values, expected, told, strict=True)
    return [(x, one, other) for x, one, other in every if one != other][:5]


def test_the_browser_fills_sentences_as_the_page_does(element):
    text = "After {2:0} steps x = {1:4}, not {1:2} nor {3:9}; {0}."
    for said in (["a", 0.03125, 12, 2.5], ["b", -1e9, 0, 1 / 3], ["c", 0.125, 2.5, 1]):
        told = element.eval(f"Explore.filled({json.dumps(text)}, {json.dumps(said)})")
        assert told == filled(text, said, numbers.written)


SOURCE = """\
import numpy as np
from shared import draw
from shared.explorable import Knob, Layer, Target, movable


def path(rate):
    {body}


def say(rate):
    return ["ends", path(rate)[-1][0]]


def is_fast(rate):
    return rate > 0.8


def figure_moved():
    figure, ax = draw.axes("x", "y")
    return movable(
        figure,
        ax,
        knobs=[Knob("rate", "rate", 0, 1, 0.25, 0.5)],
        layers=[Layer(path, "path")],
        says=(say, {{"ends": ("path", "It ends at {{1:2}}.")}}),
        table=(path, ["k", "x", "y"]),
        targets={{"fast": Target(is_fast, {{"rate": 1.0}})}},
    )
"""
GOOD = "return [[rate, 1.0], [rate / 2, 0.0]]"
BLOCK = """\
/// explore | What moves?
![A path](figures/lesson/moved.svg)

- [fast] Move it *fast*.
///
"""


def test_a_figure_of_any_lesson_can_be_moved(project):
    """Two pages, with functions of the same name in two modules, and one without."""
    project.write("snippets/lesson.py", SOURCE.format(body=GOOD))
    other = SOURCE.format(body="return [[2 * rate, 1.0], [rate, 0.0]]")
    project.write("snippets/other.py", other)
    second = BLOCK.replace("lesson/moved", "other/moved")
    project.write("docs/lesson.md", f"# A lesson\n\n{BLOCK}\n{second}")
    project.write("docs/deep/other.md", f"# Another\n\n{second}")
    done = project.build("--strict")
    assert done.returncode == 0, done.stdout
    files = sorted((project.folder / "site/assets/js").glob("explore-*.js"))
    assert len(files) == 2
    for page, moved in (
        ("lesson", {"lesson-moved": 0.25, "other-moved": 0.5}),
        ("deep/other", {"other-moved": 0.5}),
    ):
        html = project.page(page)
        [address] = [file for file in files if f"/{file.name}" in html]
        tag = f'assets/js/{address.name}" defer></script></head>'
        assert "../" * (1 + page.count("/")) + tag in html
        racer = explore_js(address.read_text("utf-8"))
        found = elements(html)
        assert found.keys() == moved.keys()
        for name, data in found.items():
            function, _ = data["says"]["run"]
            own = f'Explore.functions["{data["functions"]}"][{function}](0.5)'
            told = json.loads(str(racer.eval(f"JSON.stringify({own})")))
            assert told == ["ends", moved[name]]
    assert "explore-" not in project.page(".")
    # For builders without hooks, the same functions in one file.
    said = project.python(
        "-m", "_weave.site.assets", "explore-functions.js", PYTHONPATH="snippets"
    )
    assert said.returncode == 0
    both = max((file.read_text("utf-8") for file in files), key=len)
    asked = []
    for script in (both, said.stdout):
        racer = explore_js(script)
        every = "Object.entries(Explore.functions).map(([of, one]) => [of, one[0](3)])"
        asked.append(sorted(json.loads(str(racer.eval(f"JSON.stringify({every})")))))
    assert asked[0] == asked[1]


def elements(html):
    """The elements to explore of a page: what each is told, by its id."""
    tags = re.findall(r"<weave-explore ([^>]*)>", html)
    named = [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in tags]
    return {one["id"]: json.loads(unescape(one["data-explore"])) for one in named}


def test_a_function_that_cannot_travel_stops_the_build(project):
    for name, body in (
        ("power", "return [[rate ** 3, 1.0]]"),
        ("arrays", "return np.stack([[rate, 1.0]])"),
    ):
        project.write(f"snippets/{name}.py", SOURCE.format(body=body))
        project.write(f"docs/{name}.md", BLOCK.replace("lesson", name))
    done = project.build()
    assert done.returncode != 0
    assert "snippets/power.py:7: rate ** 3 has no translation" in done.stdout
    assert "for docs/power.md:2" in done.stdout
    assert "snippets/arrays.py:7: np.stack([[rate, 1.0]]) has no tra" in done.stdout
    assert not (project.folder / "site" / "index.html").exists()


PLAIN = "![A line](figures/lesson/line.svg)"
OWN = BLOCK.replace("moves?\n", "moves?\n    {}\n\n")
ASKED = "- [fast] Move it *fast*."
WRONG = [
    ("/// explore | Move it\nNo figure.\n///\n", 1, "a block to explore holds one"),
    (f"/// explore | Move it\n{PLAIN}\n///\n", 1, "a block to explore holds one"),
    ("/// explore | Move it\n\nText.\n", 1, "this explore never ends"),
    (f"{BLOCK}\n/// explore | Move it\nNo.\n///\n", 7, "a block to explore holds one"),
    (OWN.format("id: 7up"), 2, "id: 7up cannot be an id"),
    (OWN.format("id: a b"), 2, "id: a b cannot be an id"),
    (OWN.format("id: a") + "\n" + OWN.format("id: a"), 10, "two blocks to explore ha"),
    (OWN.format("knob: speed"), 2, "this figure has no knob speed: write knob: rate"),
    (BLOCK.replace(ASKED, ""), 1, "a block to explore has a list of tasks, each with"),
    (BLOCK.replace("[fast] ", ""), 4, "'Move it *fast*.' names no target"),
    (BLOCK.replace("[fast]", "[fats]"), 4, "'[fats] Move it *fast*.' names no target"),
    (BLOCK.replace(ASKED, f"{ASKED}\n- $x$"), 5, "'$x$' names no target of this"),
]


@pytest.mark.parametrize(("blocks", "line", "message"), WRONG)
def test_a_block_that_is_wrong_is_a_fault_with_its_line(course, blocks, line, message):
    plain = (
        "\n\ndef figure_line():\n    figure, ax = draw.axes('x', 'y')\n"
        "    ax.plot([0, 1])\n    return figure\n"
    )
    fault = course.fault(blocks, SOURCE.format(body=GOOD) + plain)
    assert fault.startswith(f"docs/lesson.md:{line}: {message}")


def test_a_block_can_say_its_id(course):
    html = course.html(OWN.format("id: explore-it"), SOURCE.format(body=GOOD))
    assert [*elements(html)] == ["explore-it"]
    assert 'id="explore-it-rate"' in html
    assert 'id="figure-lesson-moved"' in html


def test_a_block_asks_first_and_then_sets_its_tasks(course):
    text = BLOCK.replace(ASKED, f"{ASKED}\n\n- [fast] Or $x$.\n\n    More.\n\nWhy.")
    html = course.html(text, SOURCE.format(body=GOOD))
    parts = (
        *(
            "<small>Before you move</small> What moves?",
            "<figure",
            'class="weave-says"',
        ),
        *('data-target="fast"', "Move it <em>fast</em>.", 'class="weave-found"'),
        *('data-target="fast"', "Or", "<math", "More.", 'class="weave-found"'),
        *("<noscript", "<form", "<details", "Why."),
    )
    at = 0
    for part in parts:
        assert part in html[at:], part
        at = html.index(part, at) + 1
    assert "[fast]" not in html
    before = BLOCK.replace(f"\n{ASKED}\n", "")
    before = before.replace("![", f"{ASKED}\n\n![")
    [one, other] = [course.html(t, SOURCE.format(body=GOOD)) for t in (BLOCK, before)]
    assert one == other


def test_a_page_shows_one_knob_where_that_is_enough(course):
    knob = 'knobs=[Knob("start", "start", 0, 1, 0.25, 0.5), '
    lesson = SOURCE.format(body=GOOD).replace("knobs=[", knob)
    html = course.html(OWN.format("knob: rate"), lesson)
    knobs = re.findall(r'<div [^>]*data-knob="(\w+)"([^>]*)>', html)
    assert [name for name, rest in knobs if "hidden" not in rest] == ["rate"]
    assert len(knobs) == 2
    assert re.search(r'<details class="weave-numbers"[^>]* hidden', html)


def test_what_is_said_of_the_parabola_is_true_for_every_state_of_the_knobs():
    for rate in np.arange(1, 116) / 100:
        for start in np.arange(-22, 23) / 10:
            said, end, _ = lesson._square_says(float(rate), float(start))
            path = [start * (1 - 2 * rate) ** k for k in range(11)]
            signs = {np.sign(x) for x in path if abs(x) > 1e-300}
            assert end == pytest.approx(path[-1], abs=1e-12)
            true = {
                "rests": start == 0,
                "lands in one step": abs(path[1]) < 1e-12 < abs(start),
                "approaches": len(signs) == 1 and abs(path[-1]) < abs(start),
                "overshoots, converges": signs == {-1, 1}
                and abs(path[-1]) < abs(start),
                "oscillates for ever": path[0] == -path[1] != 0,
                "diverges": abs(path[-1]) > abs(start),
            }
            assert true[said], (rate, start, said)


@np.errstate(over="ignore", invalid="ignore")  # of runs that diverge
def test_what_is_said_of_the_ravine_is_true_for_every_state_of_the_knobs():
    steps = np.arange(30_000)
    for rate in np.arange(5, 211, 5) / 100:
        powers = (1 - rate) ** steps
        for kappa in 1.0, 2.0, 10.0, 37.0, 100.0:
            for x, y in (2.0, 1.0), (0.0, 1.0), (2.0, 0.0), (-2.3, -1.2), (0.0, 0.0):
                said, *_ = dimensions._ravine_says(kappa, float(rate), x, y)
                last = x * (1 - rate / kappa) ** steps[-1] if x else 0.0
                ys = y * powers if y else 0.0 * steps
                gone = np.hypot(last, ys[-1]) < 1e-6 * np.hypot(x, y)
                true = {
                    "arrived": x == y == 0,
                    "floor": y == 0 != x and gone,
                    "straight": gone and not np.any(ys[:-1] * ys[1:] < 0),
                    "zig-zags": gone and ys[0] * ys[1] < 0,
                    "stays": not gone,
                }
                assert true[said], (kappa, rate, x, y, said)


def test_what_is_said_of_the_two_curvatures_is_true_for_every_state_of_the_knobs():
    ties = 0
    hs, betas = np.meshgrid(np.arange(1, 201) / 50, np.arange(0, 99, 3) / 100)
    for kappa in 2.0, 19.0, 25.0, 100.0:
        flats, steeps = momentum.radius(hs / kappa, betas), momentum.radius(hs, betas)
        best = (math.sqrt(kappa) - 1) / (math.sqrt(kappa) + 1)
        assert np.maximum(flats, steeps).min() >= best
        for h, beta, flat, steep in zip(
            *(grid.ravel().tolist() for grid in (hs, betas, flats, steeps)), strict=True
        ):
            which, *told = momentum._two_says(kappa, h, beta)
            expected = [max(flat, steep), min(flat, steep), best]
            if which == "diverges":
                expected = [steep, 2 + 2 * beta, best]
            assert told == pytest.approx(expected, rel=1e-7)
            if min(abs(h - 2 - 2 * beta), abs(expected[0] - best - 0.005)) < 1e-9:
                ties += 1
                continue
            root = math.sqrt(beta)
            near, close = expected[0] < best + 0.005, abs(flat - steep) < 1e-7
            true = {
                "diverges": h > 2 + 2 * beta,
                "corner": near,
                "ring": close and abs(flat - root) < 1e-7 and not near,
                "even": close and not near,
                "flat": flat > steep and not near and h < 2 + 2 * beta,
                "steep": steep > flat and not near and h < 2 + 2 * beta,
            }
            assert true[which], (kappa, h, beta, which)
        pair = [float(x) for x in momentum._polyak(kappa)]
        assert momentum._worse_factor(kappa, *pair) == pytest.approx(best, abs=1e-7)
    assert ties < 200


@pytest.mark.parametrize("name", ["basins", "camel"])
@np.errstate(over="ignore", invalid="ignore")  # of runs that diverge
def test_a_map_of_starts_is_numpys_for_each_method(name):
    """In V8: 22,801 runs take plain Python half a minute."""
    given = next(one for one in EXPLORABLES if one.id == f"explore-{name}").given()
    field, racer = given.field, explore_js()
    script = translated([field.function], ["method"])
    line = np.linspace(*field.reach, len(field.first)).tolist()
    own = f"({script.code})(Explore.python)[{script.places[field.function]}]"
    racer.eval(f"globalThis.line = {json.dumps(line)}; globalThis.basin = {own};")
    for method, from_all in (
        (basins.DESCENT, basins.descent_from_all),
        (basins.NEWTON, basins.newton_from_all),
        (basins.DAMPED, basins.damped_from_all),
    ):
        rows = f"line.map((y) => line.map((x) => basin({json.dumps(method)}, x, y)))"
        told = np.array(json.loads(str(racer.eval(f"JSON.stringify({rows})"))))
        if name == "basins":
            key = from_all.__name__.partition("_")[0]
            expected, counted = failures.himmelblau_map(key), failures.census(key)
            assert field._replace(first=told).counts() == counted
        else:
            rate = [failures.CAMEL_RATE] if method == basins.DESCENT else []
            every = 5 if rate else 1  # else the runs that diverge take half a minute
            starts = basins.square_grid(151, 5.0)[:, ::every, ::every]
            expected = basins.ends(camel, from_all(camel, starts, *rate))
            told = told[::every, ::every]
        nowhere = len(field.shades) - 1
        assert np.array_equal(told, np.where(expected < 0, nowhere, expected))
        if method == given.knobs[0].value:
            assert np.array_equal(told, field.first)


def test_what_is_said_of_a_run_on_the_map_is_true_for_every_method():
    pick, methods = random.Random(29), (basins.DESCENT, basins.NEWTON, basins.DAMPED)
    for landscape, runs in (
        (himmelblau, failures._FOUR_BASINS),
        (camel, failures._THREE_BASINS),
    ):
        for method, _ in itertools.product(methods, range(12)):
            state = method, pick.randint(-60, 60) / 10, pick.randint(-60, 60) / 10
            which, steps, *at = runs.says(*state)
            points = runs.run(*state)
            assert [len(points) - 1, points[0]] == [steps, [*state[1:]]]
            if which == "nowhere":
                assert method == basins.DESCENT
                assert abs(state[1]) > 3.4
                continue
            place = landscape.stationary[runs.end(*state)]
            assert place.kind in which
            assert (which == "global minimum") == (not np.any(place.at))
            assert at == pytest.approx(place.at, abs=1e-6)
            rows = runs.rows(*state)
            assert [row[:2] for row in rows] == runs.path(*state)
            for row in rows:
                size = np.linalg.norm(landscape.grad(row[:2]))
                height = landscape.f(row[:2])
                assert row[2:] == pytest.approx([height, size], rel=1e-9, abs=1e-9)


def test_the_formula_below_a_map_is_the_methods_first_step():
    start, f = failures._HILLSIDE, himmelblau
    for method, expected in (
        (basins.DESCENT, descend(f.grad, start, basins.RATE, 1)[1]),
        (basins.NEWTON, directions.newton_step(f.grad, f.hess, start)),
        (
            basins.DAMPED,
            failures.damped_newton(f.f, f.grad, failures.absolute(f.hess), start, 1)[1],
        ),
    ):
        which, g, h, a, b, c, *there, _t = failures._FOUR_BASINS.step(method, *start)
        assert which == method
        assert [g, h] == pytest.approx(f.grad(start))
        assert np.array_equal([[a, b], [b, c]], f.hess(start))
        assert there == pytest.approx(expected)
        assert there == failures._FOUR_BASINS.run(method, *start)[1]


MUSEUM = {
    "√(1+x²)": landscapes.sqrt1p,
    "x⁴": landscapes.quartic,
    "|x|^(4/3)": landscapes.pow43,
    "wells": landscapes.well,
    "a trap": failures.trap,
}


def test_what_is_said_of_the_museum_is_true_for_every_state_of_the_knobs():
    for (name, shown), damped in itertools.product(MUSEUM.items(), (0.0, 1.0)):
        for start in (np.arange(-60, 61) / 20).tolist():
            points = np.array(failures._exhibit_run(name, start, damped))
            which, steps, last = failures._exhibit_says(name, start, damped)
            assert [steps, last, start] == [len(points) - 1, points[-1], points[0]]
            if start == 0 and shown is landscapes.pow43:
                assert which == "level"
                continue
            if damped and shown is not landscapes.pow43:  # which has no f″ at 0
                bend = lambda x, shown=shown: abs(shown.hess(x))
                path = failures.damped_newton(shown.f, shown.grad, bend, start, steps)
            else:
                path = newton.newton(shown.grad, shown.hess, start, min(steps, 4))
            if not (damped and shown is landscapes.pow43):
                assert np.allclose(points[: len(path)], path, rtol=1e-6, atol=1e-9)
            away = abs(points - min(shown.minima, key=lambda best: abs(last - best)))
            slope, bend = abs(shown.grad(last)), shown.hess(last)
            before = points[max(steps - 1, 0)]
            true = {
                "minimum": away[-1] < 1e-6,
                "quadratic": away[-1] < 1e-6 and shown is not landscapes.sqrt1p,
                "cubic": away[-1] < 1e-6 and shown is landscapes.sqrt1p,
                "level": steps == 0 and slope == 0,
                "far": abs(last) > 1000,
                "far off": bool(np.all(np.diff(away) > 0)) and abs(last) < 1000,
                "maximum": slope < 1e-9 and bend < 0,
                "cycle": steps > 2
                and abs(last - points[-3]) < 1e-3 < abs(last - before),
                "crawls": np.allclose(away[1:] / away[:-1], 2 / 3),
                "way": steps == 12 and away[-1] > 1e-6,
            }
            assert true[which], (name, start, damped, which)
            if which in ("quadratic", "cubic"):
                power = 2 if which == "quadratic" else 3
                near = away[(away < 0.1) & (away > 1e-13)]
                assert np.all(near[1:] < 2 * near[:-1] ** power + 1e-15)


def test_the_segment_on_the_map_lies_in_its_region_and_the_runs_are_momentums():
    for kappa, h, beta in (25.0, 1.9, 0.0), (25.0, 2.78, 0.45), (100.0, 2.0, 0.9):
        (right, top), (left, same) = momentum._ends_of_the_segment(kappa, h, beta)
        assert [left * kappa, same] == [right, top] == [h, beta]
        rho = momentum._worse_factor(kappa, h, beta)
        assert [*momentum._smallest_region(kappa, h, beta)] == [momentum._corners(rho)]
        slope = lambda x, kappa=kappa: np.array([1 / kappa, 1]) * x
        path = momentum.momentum(slope, np.ones(2), h, 60, beta)
        assert np.allclose(momentum._two_rows(kappa, h, beta), path, rtol=1e-12)
        flat, steep = momentum._flat_run(kappa, h, beta), momentum._swing_path(h, beta)
        told = np.transpose([np.transpose(flat)[1], np.transpose(steep)[1]])
        assert np.allclose(told, path, rtol=1e-12)


def test_what_is_said_of_the_arrows_is_true_for_every_state_of_the_knobs():
    for bend in np.arange(-4, 20.5, 0.5):
        H = np.diag([2.0, bend])
        for x in np.arange(-60, 61, 15) / 10:
            for y in np.arange(-25, 26, 5) / 10:
                which, told, down = directions._arrows_say(float(bend), x, y)
                g = H @ [x, y]
                assert (which == "there") == (x == y == 0 != bend)
                assert (which == "singular") == (bend == 0)
                if which in ("there", "singular"):
                    continue
                p = directions.newton_step(
                    lambda z, H=H: H @ z, lambda z, H=H: H, np.array([x, y])
                ) - [x, y]
                assert directions._leap(bend, x, y)[1] == pytest.approx([0, 0])
                assert down == pytest.approx(g @ p)
                if np.any(g):
                    assert told == pytest.approx(angle(-g, p), abs=1e-4)
                true = {
                    "agree": bend > 0 and abs(g[0] * p[1] - g[1] * p[0]) < 1e-6,
                    "differ": bend > 0 and told > 0.05,
                    "downhill": bend < 0 and g @ p < 0,
                    "uphill": bend < 0 and g @ p >= -1e-12,
                }
                assert true[which], (bend, x, y, which)


def test_the_level_lines_of_the_arrows_are_level():
    for bend in -4.0, -0.5, 0.0, 2.0, 20.0:
        for line in directions._level_lines(bend):
            x, y = np.transpose(line)
            heights = x * x + bend * y * y / 2
            assert np.allclose(heights, heights[0], rtol=1e-12)


def test_the_gradient_step_of_the_arrows_is_descents():
    ravine = landscapes.ravine
    path = descend(ravine.grad, np.array([5.0, 1.0]), 0.08, 1)
    assert np.allclose(directions._downhill(20.0, 5.0, 1.0), path)
    row = directions._arrows_row(20.0, 5.0, 1.0)[0]
    assert row == [5, 1, *-ravine.grad([5.0, 1.0]), -5, -1]


def test_what_is_said_of_the_form_is_true_for_every_state_of_the_knobs():
    for a in np.arange(-30, 41, 5) / 10:
        for b in np.arange(-20, 21, 4) / 10:
            for c in np.arange(-30, 41, 5) / 10:
                H = [[a, b], [b, c]]
                which, *values = curvature._form_says(a, b, c)
                assert values == pytest.approx(np.linalg.eigvalsh(H), abs=1e-12)
                kind = {"hidden": "saddle", "silent": "inconclusive"}.get(which, which)
                assert kind == curvature.classify(H)
                assert (which == "hidden") == (kind == "saddle" and min(a, c) > 0)
                [row] = curvature._form_row(a, b, c)
                assert row[2:] == pytest.approx([np.linalg.det(H), a + c])


GROUNDS = ["x²", "10⁻⁷x²", "x² − y²"]
SIGNALS = ["step", "loss", "gradient"]


class Level:
    """10⁻⁷x², of which the lesson speaks."""

    f = staticmethod(lambda x: 1e-7 * landscapes.quad1.f(x))
    grad = staticmethod(lambda x: 1e-7 * landscapes.quad1.grad(x))


@functools.cache
def watched(run, rate):
    """What the lesson's tests see of a run, and how far it is from the minimum."""
    name = "saddle" if run == "x² − y²" else "an honest run"
    landscape, start, _, budget = convergence.RUNS[name]
    landscape = Level if run == "10⁻⁷x²" else landscape
    path = descend(landscape.grad, start, rate, budget)
    if run == "x² − y²":
        gone = np.flatnonzero(abs(path[:, 1]) > 1)
        path = path[: gone[0] + 1] if len(gone) else path
    tests = convergence.signals(landscape, path)
    return [tests[name] for name in SIGNALS], np.abs(path[1:])


def test_what_the_tests_see_is_the_lessons():
    for run in GROUNDS:
        for rate in np.arange(1, 101) / 100:
            signals, away = watched(run, float(rate))
            told = convergence._seen(run, float(rate))
            is_saddle = run == "x² − y²"
            assert {len(row) for row in told} == {3 if is_saddle else 4}
            expected = signals if is_saddle else [*signals, away]
            # np.linalg.norm need not round as a square root of squares does
            assert np.allclose(np.transpose(told), expected, rtol=1e-12, atol=1e-300)


def test_what_is_said_of_the_tests_is_true_for_every_state_of_the_knobs(monkeypatch):
    monkeypatch.setattr(convergence, "_seen", functools.cache(convergence._seen))
    rates = np.arange(1, 101) / 100
    states = itertools.product(GROUNDS, rates, SIGNALS)
    ties = 0
    for run, rate, test in states:
        signals, away = watched(run, float(rate))
        is_saddle, signal = run == "x² − y²", signals[SIGNALS.index(test)]
        assert len(signal) == 100 or is_saddle
        powers = np.arange(-12, -0.9, 0.5)
        column = np.array(signal)[:, None]
        tied = np.isclose(column, 10.0**powers, rtol=1e-12, atol=0).any(axis=0)
        for power, tie in zip(powers, tied, strict=True):
            if tie:
                ties += 1  # as 2 · 0.05 and 10⁻¹: which is smaller, rounding decides
                continue
            state = run, float(rate), test, float(power)
            which, steps, *left = convergence._stop_says(*state)
            stop = convergence.stops(signal, 10.0**power)
            assert steps == (stop or len(signal))
            stops = "nowhere" if is_saddle else "near or fooled"
            goes_on = "on, nowhere" if is_saddle else "on"
            if not is_saddle:
                assert left == pytest.approx([away[steps - 1]], rel=1e-12)
                stops = "near" if away[steps - 1] <= 0.01 else "fooled"
            assert which == (stops if stop else goes_on), state
            is_fooled = which in ("fooled", "nowhere")
            assert convergence._is_fooled(*state) == is_fooled
            drawn = convergence._stop_line(*state)
            if stop:
                assert drawn[0] == [stop, power]
                if is_saddle:
                    assert drawn[1] == drawn[0]
                else:
                    assert 10 ** drawn[1][1] == pytest.approx(max(left[0], 1e-13))
            else:
                assert max(x for x, _ in drawn) < 0
    assert ties < 10


def test_the_marks_of_the_tests_are_those_of_the_parabola():
    assert convergence._rate_marks() == lesson._square_marks()


class Walls:
    """The loss of the race to move, as `compare` takes its problems."""

    memory = 10

    def __init__(self, d, kappa, wall):
        self.scales, self.wall, self.best = _curvatures(d, kappa), wall, np.zeros(d)
        highest = np.linalg.eigvalsh(self.hess(np.ones(d)))[-1]
        self.rate, self.heavy = compare._tuned(1.0, highest)

    def f(self, x):
        return float(self.scales @ (x**2 / 2 + self.wall * x**4 / 4))

    def grad(self, x):
        return self.scales * (x + self.wall * x**3)

    def hess(self, x):
        return np.diag(self.scales * (1 + 3 * self.wall * x**2))


def _curvatures(d, kappa):
    return 1 + (kappa - 1) * np.linspace(0, 1, d) ** 2


RUNNERS = "damped Newton", "L-BFGS", "momentum", "gradient descent"


@pytest.mark.parametrize("landscape", ["bowl", "walls"])
def test_the_races_are_those_of_the_lessons_methods(landscape):
    for d, kappa in ((2, 2), (2, 100), (7, 10), (20, 50), (50, 100)):
        problem, start = Walls(d, kappa, 0.25 * (landscape == "walls")), np.ones(d)
        races = compare._races(float(d), float(kappa), landscape, "work")
        for name, points in zip(RUNNERS, races, strict=True):
            steps = np.unique(np.linspace(0, len(points) - 1, 9).round().astype(int))
            found = compare._errors_by_work(problem, start, name, steps)
            spent, errors = found[0], found[1] / math.sqrt(d)
            told = np.transpose([points[k] for k in steps])
            assert told[0] == pytest.approx(spent, rel=1e-12), (name, d, kappa)
            assert told[1] == pytest.approx(errors, rel=1e-3, abs=1e-10)
            assert told[1][:3] == pytest.approx(errors[:3], rel=1e-9, abs=1e-14)


def test_races_count_steps_and_the_price_of_a_hessian():
    for d, landscape in ((2.0, "bowl"), (20.0, "walls"), (50.0, "walls")):
        steps, work, cheap = (
            compare._races(d, 50.0, landscape, counted)
            for counted in ("steps", "work", "cheap H")
        )
        for one, two in zip(steps, work, strict=True):
            shared = zip(one, two, strict=False)
            assert all(a[0] == k and a[1] == b[1] for k, (a, b) in enumerate(shared))
        saved = [a[0] - b[0] for a, b in zip(work[0], cheap[0], strict=True)]
        assert saved == pytest.approx([0.75 * d * k for k in range(len(saved))])
        assert work[1:] == cheap[1:]


def test_what_is_said_of_the_race_is_true_for_every_state_of_the_knobs(monkeypatch):
    monkeypatch.setattr(compare, "_races", functools.cache(compare._races))
    runners = compare._RUNNERS
    names = ("bowl", "walls"), ("steps", "work", "cheap H")
    sizes, kappas = (2.0, 3.0, 9.0, 20.0, 50.0), (2.0, 10.0, 50.0, 100.0)
    for state in itertools.product(sizes, kappas, *names):
        races = compare._races(*state)
        for points in races:
            spent, errors = np.transpose(points)
            assert np.all(np.diff(spent) > 0)
            assert np.all(np.isfinite(errors))
            assert spent[-1] >= 120 or errors[-1] <= 1e-10
        for budget in range(1, 121):
            name, said, *errors = compare._leader_says(*state, float(budget))
            for points, error in zip(races, errors, strict=True):
                assert error == [e for s, e in points if s <= budget][-1]
            assert errors[runners.index(name)] == min(errors)
            assert said == budget
        rows = compare._error_rows(*state)
        assert rows[-1] == [120, *compare._errors_at(*state, 120.0)]


def test_the_stairs_of_newton_are_at_the_height_of_the_last_step():
    for race in ((2.0, 50.0, "bowl", "work"), (20.0, 50.0, "walls", "work")):
        points = compare._races(*race)[0]
        [stairs] = compare._newton_stairs(*race)
        for budget in np.arange(points[-1][0]):
            height = [y for x, y in stairs if x <= budget][-1]
            last = [error for spent, error in points if spent <= budget][-1]
            assert height == compare._height(last)
            assert np.interp(budget, *np.transpose(stairs)) == height or budget == 0


def test_remembered_pairs_give_what_the_two_loops_give():
    rng = np.random.default_rng(0)
    for count in (1, 3, 10, 14):
        A = rng.normal(size=(6, 6))
        moves = rng.normal(size=(count, 6))
        rises = moves @ (A @ A.T)
        g, pairs = rng.normal(size=6), [*zip(moves, rises, strict=True)]
        scale = moves[-1] @ rises[-1] / (rises[-1] @ rises[-1])
        expected = compare.two_loops(g, pairs[-10:], scale)
        given = [[g, g], *pairs]  # as `_remembered` has them: first the first gradient
        lists = [[one.tolist() for one in pair] for pair in given]
        told = compare._remembered(g.tolist(), lists, count)
        assert told == pytest.approx(expected, rel=1e-9)


def test_the_wave_of_the_form_is_the_curvature_in_each_direction():
    for a, b, c in (1.0, 2.0, 1.0), (-3.0, 0.4, 2.0):
        H = np.array([[a, b], [b, c]])
        for degrees, bend in curvature._form_wave(a, b, c):
            turn = np.radians(degrees)
            along = curvature.curvature_along(H, [np.cos(turn), np.sin(turn)])
            assert bend == pytest.approx(along)
        bounds = [line[0][1] for line in curvature._form_bounds(a, b, c)]
        assert bounds == pytest.approx(np.linalg.eigvalsh(H))
        assert curvature._form_axes(a, c) == [[0, a], [90, c], [180, a]]


def test_what_is_said_of_the_well_is_true_for_every_state_of_the_knob():
    well = landscapes.well
    for start in np.arange(-160, 161, 5) / 100:
        which, bend, after = newton._well_says(float(start))
        slope = start**3 - start
        assert bend == pytest.approx(3 * start**2 - 1)
        true = {
            "minimum": abs(start) == 1,
            "maximum": start == 0,
            "down": bend > 0 and slope != 0,
            "up": bend < 0 and slope != 0,
        }
        assert true[which], (start, which)
        around = np.array([after - 0.1, after, after + 0.1])
        heights = newton.quadratic_model(well.f, well.grad, well.hess, start)(around)
        assert heights.argmin() == 1 if bend > 0 else heights.argmax() == 1
