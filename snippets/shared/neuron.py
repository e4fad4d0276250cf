"""A sigmoid unit's curvature, written so that rounding does not eat it."""

import numpy as np


def sigmoid_slope(z):
    """Return σ′(z) = p(1 − p), to full precision for any score z.

    Where p rounds to 1, the product p(1 − p) is 0. This one is not: it
    is σ(z)σ(−z), with e⁻ᶻ for positive z and eᶻ for negative.

    >>> float(sigmoid_slope(0.0))
    0.25
    >>> f"{sigmoid_slope(40.0):.4e}", f"{sigmoid_slope(-40.0):.4e}"
    ('4.2484e-18', '4.2484e-18')
    """
    rare = np.exp(-np.abs(z))
    return rare / (1 + rare) ** 2
