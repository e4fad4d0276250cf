"""Numbers as text: with minus signs, powers of ten and as many digits as help."""

import math
import re


def signed(value, form="g"):
    """Return a number with a minus sign, not a hyphen, in a format of Python.

    >>> signed(-0.5), signed(-0.25, ".1f")
    ('−0.5', '−0.2')
    """
    return f"{value:{form}}".replace("-", "−")


def listed(values, form="g"):
    """Return numbers as one text, each in a format of Python.

    >>> listed([0.5, -2.0]), listed([0.5, -2.0], "+.1f")
    ('0.5, −2', '+0.5, −2.0')
    """
    return ", ".join(signed(value, form) for value in values)


def written(x, digits):
    """Return a number with that many decimals, or as a power of ten.

    >>> written(-0.25, 3), written(0.0, 1), written(1234567.0, 2), written(1e-7, 2)
    ('−0.250', '0.0', '1.2e6', '1.0e-7')
    """
    if not math.isfinite(x):
        return "not a number" if math.isnan(x) else "−∞" if x < 0 else "∞"
    if x == 0 or 1e-3 <= abs(x) < 1e6:
        text = f"{abs(x):.{digits}f}"
    else:
        text = re.sub(r"e\+?(-?)0*", r"e\1", f"{abs(x):.1e}")
    return ("−" if x < 0 else "") + text


def short(x):
    """Return a number with at most four decimals, or as `written` if it is too long.

    >>> short(0.5), short(-2.0), short(2 / 3), short(math.inf)
    ('0.5', '−2', '0.6667', '∞')
    """
    if not abs(x) < 1e15:
        return written(x, 4)
    text = f"{x:.4f}".rstrip("0").rstrip(".")
    return ("0" if text == "-0" else text).replace("-", "−")


def in_tex(x, digits=1):
    r"""Return a number for a formula, as a power of ten: 1.6 \cdot 10^{-9}.

    >>> print(in_tex(1.59e-9))
    1.6 \cdot 10^{-9}
    """
    mantissa, exponent = f"{x:.{digits}e}".split("e")
    if float(mantissa) == 1:
        return f"10^{{{int(exponent)}}}"
    return rf"{mantissa} \cdot 10^{{{int(exponent)}}}"
