"""The first questions of the practice page: how far one step moves."""

from fractions import Fraction

import pytest
from practice import descent_length, newton_length
from shared.landscapes import quad1, quartic


@pytest.mark.parametrize("x", [Fraction(2), Fraction(-3), Fraction(1, 2)])
def test_the_lengths_of_one_step_are_what_exact_fractions_give(x):
    """x² has the slope 2x and the curvature 2, x⁴ has 4x³ and 12x²."""
    tenth = Fraction(1, 10)
    for landscape, slope, bend in (
        (quad1, 2 * x, 2),
        (quartic, 4 * x**3, 12 * x**2),
    ):
        walked = descent_length(landscape, float(x), 0.1)
        assert walked == pytest.approx(float(abs(tenth * slope)), rel=1e-12)
        jumped = newton_length(landscape, float(x))
        assert jumped == pytest.approx(float(abs(slope / bend)), rel=1e-12)


def test_which_step_is_longer_depends_on_the_landscape():
    assert newton_length(quad1) > descent_length(quad1)
    assert newton_length(quartic) < descent_length(quartic)
