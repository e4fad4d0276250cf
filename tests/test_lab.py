"""The lab: its steps are those of the lessons, its lines level, its sentences true."""

import math
import random

import numpy as np
import pytest
from directions import newton
from failures import absolute, shifted
from rate import backtrack
from shared.lab import (
    FAR_OUT,
    MINIMUM,
    ON_ITS_WAY,
    ORDERS,
    Lab,
    direction,
    length,
    level_lines,
    outlines,
    spectrum,
)
from shared.landscapes import bowl, course, himmelblau, rosenbrock, surfaces


def places(landscape, count):
    """Points of a landscape's box, the same each time."""
    pick = random.Random(3)
    for _ in range(count):
        yield [pick.uniform(*side) for side in landscape.box]


@pytest.mark.parametrize("landscape", surfaces, ids=str)
def test_eigenvalues_and_eigenvectors_are_numpys(landscape):
    for x, y in [*places(landscape, 300), [0.0, 0.0]]:
        low, high, u, v = spectrum(landscape.curvatures, x, y)
        H = landscape.hess([x, y])
        scale = np.abs(H).max()
        assert [low, high] == pytest.approx(np.linalg.eigvalsh(H), abs=1e-13 * scale)
        assert math.hypot(u, v) == pytest.approx(1)
        assert H @ [u, v] == pytest.approx(high * np.array([u, v]), abs=1e-12 * scale)


@pytest.mark.parametrize("landscape", surfaces, ids=str)
def test_a_step_is_newtons_with_the_hessian_changed(landscape):
    for x, y in places(landscape, 300):
        for mu in 0.0, 0.7, 30.0:
            for signs in 0.0, 1.0:
                hess = absolute(landscape.hess) if signs else landscape.hess
                H = shifted(hess, mu)([x, y])
                if np.linalg.cond(H) > 1e6:
                    continue
                path = newton(landscape.grad, shifted(hess, mu), [x, y], 1)
                step = direction(
                    landscape.slopes, landscape.curvatures, x, y, mu, signs
                )
                assert step == pytest.approx(path[1] - path[0], rel=1e-8, abs=1e-8)
                run = Lab(landscape, 0.1, steps=1).run(x, y, mu, signs, 0.0)
                if len(run) == 2:
                    assert run[1] == pytest.approx(path[1], rel=1e-8, abs=1e-8)


def test_damping_is_that_of_the_lesson_and_finds_nothing_uphill():
    met = {True: 0, False: 0}
    for x, y in places(himmelblau, 2000):
        p, q = direction(himmelblau.slopes, himmelblau.curvatures, x, y, 0.0, 0.0)
        t = length(himmelblau.value, himmelblau.slopes, x, y, p, q)
        g, theta, step = himmelblau.grad([x, y]), np.array([x, y]), np.array([p, q])
        met[g @ step < 0] += 1
        if g @ step < 0:
            assert t == backtrack(himmelblau.f, himmelblau.grad, theta, step)[0]
        else:
            assert t == 0
            run = Lab(himmelblau, 0.005).run(x, y, 0.0, 0.0, 1.0)
            assert np.ptp(run, axis=0).max() == 0
    assert min(met.values()) > 100


def test_without_a_shift_a_singular_hessian_gives_no_step():
    flat = lambda x, y: ((0, 0), (0, 2))
    slopes = lambda x, y: (1.0, y)
    assert direction(slopes, flat, 1.0, 1.0, 0.0, 0.0) == [0.0, 0.0]
    assert level_lines(slopes, flat, 1.0, 1.0, 0.0, 0.0) == []
    assert len(level_lines(slopes, flat, 1.0, 1.0, 3.0, 0.0)) == 8


@pytest.mark.parametrize("signs", [0.0, 1.0])
@pytest.mark.parametrize("landscape", [himmelblau, rosenbrock], ids=str)
def test_the_lines_of_the_model_are_level_and_the_first_step_is_their_middle(
    landscape, signs
):
    kinds = set()
    for x, y in places(landscape, 200):
        start = np.array([x, y])
        g, H = landscape.grad(start), landscape.hess(start)
        B = (absolute if signs else lambda hess: hess)(landscape.hess)(start)
        lines = Lab(landscape, 0.1).model(x, y, 0.0, signs)
        definite = np.linalg.det(B) > 0
        kinds.add(definite)
        assert np.shape(lines) == (8, 17, 2)
        for line in lines:
            moves = np.array(line) - start
            heights = moves @ g + np.einsum("ni,ij,nj->n", moves, B, moves) / 2
            scale = 1 + np.abs(moves).max() ** 2 * np.abs(H).max()
            assert np.ptp(heights) < 1e-9 * scale
        if definite:
            ellipse = np.concatenate(lines[4:])
            assert ellipse[16::17] == pytest.approx(np.roll(ellipse[::17], -1, 0))
            middle = np.mean(ellipse, axis=0)
            step = direction(landscape.slopes, landscape.curvatures, x, y, 0.0, signs)
            assert middle == pytest.approx(start + step, abs=1e-9)
            through = np.hypot(*(ellipse - start).T).min()
            length_of_it = np.hypot(*np.ptp(ellipse, axis=0))
            assert through < 0.2 * length_of_it
    assert kinds == ({True} if signs else {True, False})


def test_descent_beside_it_takes_gradient_steps():
    lab, x = Lab(rosenbrock, 0.001, steps=4), np.array([-1.2, 1.0])
    for point in lab.descent(-1.2, 1.0):
        assert point == pytest.approx(x)
        x = x - 0.001 * rosenbrock.grad(x)


def test_what_leads_far_out_ends_before_that():
    lab = Lab(rosenbrock, rate=1.0)
    assert lab.descent(-1.2, 1.0) == [[-1.2, 1.0]]
    steep = -1.0, 1.5, 46.0, 0.0, 0.0
    assert lab.end(*steep) == FAR_OUT
    assert len(lab.run(*steep)) <= 10
    assert np.abs(lab.run(*steep)).max() < 100


def test_the_table_has_the_height_the_slope_and_the_curvatures():
    lab = Lab(himmelblau, 0.005)
    for x, y in places(himmelblau, 50):
        points = lab.run(x, y, 20.0, 0.0, 1.0)
        rows = lab.rows(x, y, 20.0, 0.0, 1.0)
        for point, row in zip(points, rows, strict=True):
            g, H = himmelblau.grad(point), himmelblau.hess(point)
            facts = himmelblau.f(point), np.linalg.norm(g), *np.linalg.eigvalsh(H)
            assert row == pytest.approx([*point, *facts], rel=1e-9, abs=1e-9)


def test_a_run_ends_at_the_kind_of_point_that_the_landscape_has_there():
    lab, kinds = Lab(himmelblau, 0.005, steps=30), ("minimum", "saddle", "maximum")
    found = set()
    for x, y in places(himmelblau, 400):
        end = lab.end(x, y, 0.0, 0.0, 0.0)
        last = np.array(lab.run(x, y, 0.0, 0.0, 0.0)[-1])
        near = [
            p.kind for p in himmelblau.stationary if np.hypot(*(p.at - last)) < 0.01
        ]
        if end >= ON_ITS_WAY:
            assert near == []
        else:
            assert near == [kinds[end]]
        found.add(end)
    assert len(found) >= 4


def test_a_run_is_tamed_where_it_lets_the_loss_rise_no_more():
    lab, pick, met = Lab(rosenbrock, 0.001), random.Random(6), set()
    for x, y in places(rosenbrock, 500):
        repairs = [pick.choice([0.0, 50.0]), 0.0, float(pick.randint(0, 1))]
        pure, run = lab.run(x, y, 0.0, 0.0, 0.0), lab.run(x, y, *repairs)
        rose, rises = (
            bool(np.any(np.diff(rosenbrock.f(np.transpose(points))) > 0))
            for points in (pure, run)
        )
        assert lab.tamed(x, y, *repairs) == (rose and not rises)
        met.add((rose, rises))
    assert len(met) >= 3


def test_two_steps_are_enough_on_the_floor_and_not_beside_it():
    lab = Lab(rosenbrock, 0.001)
    for x in np.linspace(-1.9, 0.9, 29).tolist():
        assert lab.quick(x, x * x, 0.0, 0.0, 0.0)
        assert not lab.quick(x, x * x + 0.1, 0.0, 0.0, 0.0)
        assert not lab.quick(x, x * x, 1.0, 0.0, 0.0)
        assert not lab.quick(x, x * x, 0.0, 0.0, 1.0)
    assert not lab.quick(1.0, 0.5, 0.0, 0.0, 0.0)  # one is enough
    assert not lab.quick(1.0, 1.0, 0.0, 0.0, 0.0)


def test_only_of_points_that_there_are_is_spoken():
    assert "up, maximum" in Lab(himmelblau, 0.1).sentences
    told = {*Lab(rosenbrock, 0.1).sentences}
    assert {*Lab(himmelblau, 0.1).sentences} - told == {
        *("up, saddle", "up, maximum", "down, saddle", "down, maximum")
    }


def test_what_is_said_and_what_is_asked_for_is_true():
    lab, pick = Lab(himmelblau, 0.005), random.Random(4)
    asked = {lab.turned: 0, lab.repaired: 0, lab.misled: 0}
    for x, y in places(himmelblau, 3000):
        mu = pick.choice([0.0, float(pick.randint(0, 100))])
        signs, damped = float(pick.randint(0, 1)), float(pick.randint(0, 1))
        state = x, y, mu, signs, damped
        which, low, high, fall, taken, *last = lab.says(*state)
        g, H = himmelblau.grad([x, y]), himmelblau.hess([x, y])
        assert [low, high] == pytest.approx(np.linalg.eigvalsh(H))
        p = direction(himmelblau.slopes, himmelblau.curvatures, x, y, mu, signs)
        assert fall == pytest.approx(g @ p)
        first = "down" if fall < 0 else "stuck" if damped else "up"
        assert which.startswith(first)
        assert [taken, last] == [len(lab.run(*state)) - 1, lab.run(*state)[-1]]
        assert len(lab.rows(*state)) == taken + 1
        pure = direction(himmelblau.slopes, himmelblau.curvatures, x, y, 0.0, 0.0)
        ends_low = lab.end(*state) == MINIMUM
        true = {
            lab.turned: g @ pure > 0 > fall and mu > 0 and not signs and not damped,
            lab.repaired: g @ pure > 0 and signs and damped and not mu and ends_low,
            lab.misled: not (mu or signs or damped) and which.endswith("saddle"),
        }
        for target, expected in true.items():
            assert target(*state) == bool(expected)
            asked[target] += bool(expected)
    assert min(asked.values()) > 10


def test_what_is_said_of_the_order_of_a_run_is_true():
    pick, met = random.Random(8), set()
    for landscape in himmelblau, course, bowl, rosenbrock:
        lab, best = (
            Lab(landscape, 0.001),
            [np.array(p.at) for p in landscape.stationary],
        )
        for _ in range(150):
            state = (
                pick.uniform(-4, 4),
                pick.uniform(-3, 3),
                pick.choice([0.0, 0.0, 9.0]),
            )
            state = *state, pick.choice([0.0, 1.0]), pick.choice([0.0, 1.0])
            which, order = lab.order(*state)
            points, end = np.array(lab.run(*state)), lab.end(*state)
            met.add(which)
            assert which in ORDERS
            assert (which == "none") == (end == FAR_OUT)
            if end in (FAR_OUT, ON_ITS_WAY):
                assert which in ("none", "not yet")
                continue
            away = min((np.linalg.norm(points - one, axis=1) for one in best), key=min)
            sizes = np.linalg.norm(np.diff(points, axis=0), axis=1)
            near = sizes[(sizes < 0.5) & (sizes > 1e-13)]
            if which == "once":
                assert away[1] < 1e-8
            elif which != "not yet":
                one, two, three = np.log(near[-3:])
                assert order == pytest.approx((three - two) / (two - one))
                if which == "squares":  # as the errors tell, too
                    errors = away[(away < 0.1) & (away > 1e-13)]
                    assert np.all(errors[1:] < 30 * errors[:-1] ** 2 + 1e-13)
                assert (which == "squares") == (1.8 < order < 2.2)
                assert (which == "share") == (0.9 < order < 1.1)
    assert met == ORDERS.keys()


def test_the_pieces_of_level_lines_are_level_and_none_is_missing():
    line = [k / 5 for k in range(-20, 21)]
    pieces = np.array(outlines(bowl.value, [5.03, 9.1], line, line))
    ends, counts = np.unique(pieces.reshape(-1, 2).round(9), axis=0, return_counts=True)
    assert set(counts) == {2}  # each piece goes on in another
    sizes = np.hypot(*ends.T)
    assert np.all(np.minimum(abs(sizes - 5.03**0.5), abs(sizes - 9.1**0.5)) < 0.01)
