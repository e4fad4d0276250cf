"""Good habits: the numbers beside each habit, and the machine that differentiates."""

import math
import re
from pathlib import Path

import compare
import convergence
import momentum
import numpy as np
import pytest
import rate
import sympy
from conftest import ROOT
from descent import descend, exact, update_in_turn, update_together
from dimensions import predicted_steps, report, worst_steps
from habits import (
    Dual,
    adam_step,
    after_ten,
    claim_adams_first_step_is_the_rate,
    claim_duals_are_exact,
    claim_overshooting_is_no_fault,
    claim_the_limit_is_two,
    claim_the_wrong_sign_goes_up,
    explog_steps,
    gradients_for_hessian,
    nearest_loss,
    newton_on,
    polynomial_losses,
    resting_place,
    slope,
    uphill,
)
from newton import newton
from shared.landscapes import (
    cubic,
    explog,
    quad1,
    quartic,
    quintic,
    sqrt1p,
    tilted,
    well,
)
from shared.line import line_hess, line_loss
from shared.path import first_within
from start import degree_losses, wave

PAGE = (Path(ROOT) / "docs" / "habits.md").read_text("utf-8")


@pytest.mark.parametrize("landscape", [quad1, cubic, quartic, tilted, quintic])
def test_a_dual_number_gives_the_slope_of_every_polynomial(landscape):
    for x in (-1.7, -0.3, 0.0, 0.5, 1.5):
        assert slope(landscape.value, x) == pytest.approx(
            landscape.slopes(x), rel=1e-14, abs=1e-14
        )


def test_a_dual_number_follows_the_rules_of_calculus():
    assert claim_duals_are_exact()
    x = sympy.Symbol("x")
    f = lambda z: (z * z - 3 * z) * z + 2 * (z - 7 * z * z)
    expected = sympy.lambdify(x, sympy.diff(f(x), x))
    for at in (-2.0, 0.0, 0.5, 3.0):
        assert slope(f, at) == expected(at)


def test_a_plain_number_has_slope_0_on_either_side():
    assert slope(lambda x: 3 + x, 2.0) == slope(lambda x: x + 3, 2.0) == 1
    assert slope(lambda x: 3 * x, 2.0) == slope(lambda x: x * 3, 2.0) == 3
    assert slope(lambda x: x - 3, 2.0) == 1


def test_a_dual_number_carries_the_value_as_well():
    y = tilted.value(Dual(1.5, slope=1.0))
    assert y.value == tilted.f(1.5)


def test_a_measured_hessian_takes_two_gradients_for_each_parameter():
    assert [gradients_for_hessian(d) for d in (2, 5, 20)] == [4, 10, 40]


def test_the_six_rates_do_what_is_said_of_them():
    assert abs(after_ten(0.001)) > 1.96
    assert after_ten(0.5) == 0
    assert abs(after_ten(0.9)) == pytest.approx(after_ten(0.1), rel=1e-12)
    assert np.all(np.diff(np.sign(descend(quad1.grad, 2.0, 0.9, 10))) != 0)
    assert abs(after_ten(1.0)) == 2
    assert abs(after_ten(1.1)) == pytest.approx(2 * 1.2**10)
    assert claim_overshooting_is_no_fault()


def test_the_limit_of_rate_times_curvature_is_two():
    assert claim_the_limit_is_two()
    for product, sign in (1.99, -1), (2.01, 1):
        assert np.sign(abs(rate.factor(product / 7, 7)) - 1) == sign


def test_program_and_formula_agree_on_the_parabola():
    assert abs(after_ten(0.1) - exact(10)) < 1e-15


def test_the_wrong_sign_goes_up_at_every_rate():
    assert descend(uphill, 2.0, 0.1, 10)[-1] == pytest.approx(2 * 1.2**10)
    assert claim_the_wrong_sign_goes_up()
    for eta in (0.1, 0.001, 1e-9):
        assert (np.diff(descend(uphill, 2.0, eta, 10)) > 0).all()


def test_newton_is_fast_near_a_minimum_and_lost_far_from_it():
    best = explog.minima[0]
    path = newton(explog.grad, explog.hess, 1.6, 10)
    assert first_within(path, best, 1e-12) == 5 == explog_steps(path)
    slow = descend(explog.grad, 1.6, 0.1, 100)
    assert first_within(slow, best, 1e-12) == 43 == explog_steps(slow)
    assert newton(sqrt1p.grad, sqrt1p.hess, 2.0, 2) == pytest.approx([2, -8, 512])
    assert newton_on(sqrt1p, 2.0, 2) == pytest.approx([2, -8, 512])


def test_newton_goes_to_the_top_of_the_hill_between_two_wells():
    assert newton(well.grad, well.hess, 0.3, 8)[-1] == pytest.approx(0, abs=1e-15)
    assert well.hess(0.0) < 0


def test_adam_steps_by_the_rate_whatever_the_slope():
    for slope_of_line in (3.0, 300.0):
        path = momentum.adam(lambda x, m=slope_of_line: m, 0.0, 0.1, 1)
        assert path[1] == pytest.approx(-0.1)
        assert adam_step(slope_of_line) == -path[1]
    assert claim_adams_first_step_is_the_rate()
    assert abs(adam_step(1e-9)) < 0.01  # where Adam's own constant, 1e-8, is larger
    assert after_ten(0.001, momentum.adam) == pytest.approx(1.99, abs=1e-4)


def test_the_costs_are_those_of_the_comparison():
    assert compare.gibibytes(1_000_000) == pytest.approx(1e12 * 4 / 2**30)
    assert compare.flops(10**6)["Newton"] == pytest.approx(2 / 3 * 1e18, rel=1e-5)
    twenty, hundred = compare.results(20), compare.results(100)
    assert twenty["damped Newton"][0] == hundred["damped Newton"][0]
    assert twenty["L-BFGS"][2] < twenty["damped Newton"][2]
    assert hundred["damped Newton"][2] > 4 * hundred["L-BFGS"][2]


def test_a_stopping_test_can_be_passed_at_once():
    assert convergence.outcome("tiny rate")[1]["step"] == 1
    assert convergence.distance("tiny rate", 1) == pytest.approx(2)
    assert convergence.outcome("two-cycle")[1]["loss"] == 1


def test_the_steps_for_a_millionth_are_counted_right():
    for eta in (0.001, 0.1):
        steps = rate.steps_needed(rate.factor(eta, 2), 2.0, 1e-6)
        path = descend(quad1.grad, 2.0, eta, steps)
        assert first_within(path, 0.0, 1e-6) == steps


def test_the_early_update_shows_after_one_step():
    right, wrong = update_together(0, 0, 0.1), update_in_turn(0, 0, 0.1)
    assert right[0] == wrong[0]
    assert (round(right[1], 2), round(wrong[1], 2)) == (0.8, 0.29)


def test_a_local_minimum_is_higher_than_the_deepest_point():
    end = descend(tilted.grad, 1.5, 0.05, 200)[-1]
    assert end == pytest.approx(tilted.minima[1])
    assert resting_place(1.5, 0.05) == end
    assert tilted.f(end) > tilted.f(tilted.minima[0]) + 0.5
    assert descend(tilted.grad, -1.5, 0.05, 200)[-1] == pytest.approx(tilted.minima[0])


def test_the_best_fit_is_not_the_best_model():
    known, new = wave(12, seed=0), wave(1000, seed=1)
    trained, tried = degree_losses(known, new, [3, 11])
    assert trained[1] < 1e-20 < trained[0]
    assert tried[1] > 1000 > 1 > tried[0]
    assert polynomial_losses(11) == (trained[1], tried[1])
    assert polynomial_losses(3) == (trained[0], tried[0])


def test_the_nearest_neighbour_of_a_known_point_is_the_point():
    assert len(set(wave(12, seed=0)[0])) == 12
    assert nearest_loss() == 0


def test_one_step_on_the_four_points_lowers_the_loss():
    """From (0, 0) with the slopes −17 and −8."""
    w, b = 1.7, 0.8
    squares = [(2 * x + 1 - w * x - b) ** 2 for x in range(4)]
    assert line_loss(update_together(0, 0, 0.1)) == pytest.approx(sum(squares) / 4)


def test_the_condition_of_the_line_is_told_in_two_ways():
    told = report(line_hess()).condition
    assert np.linalg.cond(line_hess()) == pytest.approx(told, rel=1e-12)
    assert predicted_steps(np.linalg.cond(line_hess())) == predicted_steps(told)


def test_the_best_rate_of_the_line_brings_every_start_to_a_millionth():
    told = report(line_hess())
    assert told.best == pytest.approx(2 / 9)
    steps = predicted_steps(told.condition)
    shrunk = np.linalg.matrix_power(np.eye(2) - 2 / 9 * line_hess(), steps)
    assert np.linalg.norm(shrunk, 2) < 1e-6
    assert worst_steps(2 / 9) == steps < worst_steps(0.2)


def test_the_largest_rate_of_the_sweep_explodes():
    assert max(rate.SWEPT) == rate.SWEPT[-1] > 1e20
    assert min(rate.SWEPT) < 1e-3
    assert math.isclose(rate.SWEEP_RATES[-1], 10**-0.5)


def test_each_section_has_five_items_and_each_item_a_link_and_a_result():
    sections = re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]
    assert [text.splitlines()[0] for text in sections] == [
        "Level up",
        "Best practices",
        "Common pitfalls",
    ]
    for section in sections:
        items = re.split(r"^\*\*", section, flags=re.MULTILINE)[1:]
        assert len(items) == 5
        for item in items:
            assert re.search(r"\]\([\w/]*\.md", item), item[:40]
            assert "{python}" in item or ">>>" in item, item[:40]
