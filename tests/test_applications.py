"""The penguins, against least squares and a minimiser written by others."""

import applications
import classification
import numpy as np
import pytest
from applications import BILLS, BIRDS, GENTOO, LENGTH, MALE, THREE, UNITS
from dimensions import report
from regression import hessian, newton_step
from shared import penguins
from shared.inputs import design


def test_the_data_are_those_that_were_published():
    counts = {kind: int((penguins.species == kind).sum()) for kind in "ACG"}
    assert counts == {"A": 146, "C": 68, "G": 119}
    assert [int((penguins.sex == kind).sum()) for kind in "fm"] == [165, 168]
    sizes = penguins.bill_length, penguins.bill_depth, penguins.flipper, penguins.mass
    # The means that the data's own documentation gives for complete rows.
    means = [43.99, 17.16, 200.97, 4207.06]
    assert [round(float(size.mean()), 2) for size in sizes] == means
    assert not any(size.flags.writeable for size in sizes)


def test_the_best_line_is_numpys():
    wanted = np.polyfit(penguins.flipper, penguins.mass, 1)
    assert np.allclose(applications.best_line(), wanted, rtol=1e-6)


def test_the_plane_is_that_of_least_squares():
    wanted, *_ = np.linalg.lstsq(design(THREE), penguins.mass, rcond=None)
    found = newton_step(np.zeros(4), THREE, penguins.mass)
    assert np.allclose(found, wanted, rtol=1e-5)


def test_the_line_is_the_same_in_every_unit():
    assert applications.claim_units_change_no_line()
    slopes = [applications.best_line(unit)[0] for unit in UNITS]
    assert len({round(float(slope), 3) for slope in slopes}) == len(UNITS)


@pytest.mark.parametrize("unit", UNITS)
def test_the_best_rate_is_the_best_of_a_grid(unit):
    """The worst of both factors, over rates: the least is at the best rate."""
    curvatures = np.linalg.eigvalsh(hessian(UNITS[unit]))
    rates = np.linspace(0.01, 2, 400) * report(hessian(UNITS[unit])).best
    worst = [np.abs(1 - rate * curvatures).max() for rate in rates]
    best = rates[int(np.argmin(worst))]
    assert best == pytest.approx(report(hessian(UNITS[unit])).best, rel=0.01)


def test_the_weights_of_the_sex_are_where_the_slopes_vanish():
    """Found again by bisection along each axis in turn, which knows no Hessian."""
    theta = np.zeros(3)
    A = design(BIRDS)
    for _ in range(200):
        for axis in range(3):
            low, high = theta[axis] - 5, theta[axis] + 5
            for _ in range(40):
                theta[axis] = (low + high) / 2
                p = 1 / (1 + np.exp(-(A @ theta)))
                low, high = (
                    (low, theta[axis])
                    if (A[:, axis] @ (p - MALE)) > 0
                    else (theta[axis], high)
                )
    assert np.allclose(theta, applications.sexed()[-1], atol=1e-6)


def test_the_share_that_is_right_is_counted():
    theta = applications.sexed()[-1]
    said = [theta[0] * a + theta[1] * b + theta[2] > 0 for a, b in BIRDS]
    by_hand = sum(one == (male == 1) for one, male in zip(said, MALE, strict=True))
    assert applications.right(theta, BIRDS, MALE) == pytest.approx(by_hand / len(MALE))


def test_who_is_held_out_is_not_used(monkeypatch):
    used = []

    def noted(start, X, y, steps):
        used.append(X)
        return [np.zeros(3)]

    monkeypatch.setattr(applications, "irls", noted)
    applications._held_out(3)
    [X] = used
    assert len(X) == 222
    assert len(np.unique(np.vstack([X, BIRDS]), axis=0)) == len(
        np.unique(BIRDS, axis=0)
    )


def test_an_epoch_uses_every_penguin_once(monkeypatch):
    seen = []

    def noted(theta, X, y):
        seen.append(len(y))
        return np.zeros(4)

    monkeypatch.setattr(applications, "gradient", noted)
    applications._after_an_epoch(32, 0.1)
    assert seen == [32] * 10 + [13]


def test_one_step_on_standardised_data_is_exact():
    path, grams = applications.run("standardised")
    assert np.allclose(path[1], applications.best_line("standardised"))
    assert grams[1] == pytest.approx(
        applications.off(path[1], UNITS["standardised"], penguins.mass)
    )


def test_a_line_parts_adelie_from_gentoo():
    path, mistakes = classification.perceptron(BILLS, GENTOO)
    assert mistakes[-1] == 0
    assert (classification.margins(path[-1], BILLS, GENTOO) > 0).all()


def test_the_flippers_are_not_changed_by_standardising():
    assert LENGTH.mean() == pytest.approx(200.97, abs=0.01)
    assert UNITS["standardised"].mean() == pytest.approx(0, abs=1e-12)
    assert UNITS["standardised"].std() == pytest.approx(1)


@pytest.mark.parametrize(
    "claim",
    [
        applications.claim_an_epoch_is_enough_for_small_batches,
        applications.claim_newton_needs_fewer_steps_at_every_rate,
        applications.claim_new_penguins_are_a_little_harder,
        applications.claim_the_weights_run_away,
    ],
)
def test_claims_of_the_page(claim):
    assert claim()


def test_a_penguin_on_the_line_is_on_no_side():
    assert applications.right(np.zeros(3), BIRDS, MALE) == 0.0
