"""Tables for the pages, written by the code that has the numbers."""


def table(header, rows):
    """Return a Markdown table; numbers are aligned on the right.

    >>> print(table(["k", "x"], [[0, 2.0], [1, -0.5]]))
    | k | x |
    | --: | --: |
    | 0 | 2.0 |
    | 1 | −0.5 |
    """
    rows = [list(row) for row in rows]
    sides = ["--:" if _is_number(cell) else ":--" for cell in rows[0]]
    lines = [header, sides, *([_typeset(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def _is_number(cell):
    text = str(cell).strip().replace("−", "-").replace(",", "").rstrip("% ×")
    try:
        float(text)
    except ValueError:
        return False
    return True


def _typeset(cell):
    """Write a number's minus sign as a minus sign, not as a hyphen."""
    text = str(cell)
    return text.replace("-", "−") if _is_number(cell) else text
