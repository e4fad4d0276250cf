"""What the pages of the reference say about the lessons.

Nothing here is kept in a list of its own: titles and goals are those of the lessons,
formulas those of their proofs.
"""

import ast
import os
import re
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from _weave.read.facts import known
from dimensions import report
from failures import census_share, himmelblau_map
from newton import newton
from shared.landscapes import explog, rosenbrock
from shared.path import first_within
from shared.words import said

READS = "@pages", "tests/test_formulas.py", "$REPO_URL"

_ROOT = Path(__file__).parent.parent


class Formula(NamedTuple):
    """A formula, and the function that proves it."""

    stem: str
    words: str
    tex: str
    proof: str
    line: int


def lessons():
    """Return the lessons, the pages that state a goal, in the order of the site."""
    return [page for page in known(_ROOT) if page.goal]


@cache
def formulas():
    """Return the formulas of `tests/test_formulas.py`, from its proofs' docstrings.

    That a formula is the one that was proved is what the tests there are for.
    """
    found = []
    for node in ast.parse((_ROOT / "tests/test_formulas.py").read_text("utf-8")).body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("prove_"):
            head, tex = ast.get_docstring(node).split("\n\n")
            stem, words = " ".join(head.split()).split(": ", 1)
            found.append(Formula(stem, words, tex, node.name, node.lineno))
    return found


def taught():
    """Return a list of what each lesson teaches."""
    return "\n".join(f"- {link(one)}: {_from_here(one.goal)}" for one in lessons())


def sheet():
    """Return all formulas with their proofs, under the lessons' titles."""
    titles = {stem(lesson): lesson for lesson in lessons()}
    parts = []
    for name, group in groupby(formulas(), lambda formula: formula.stem):
        parts.append(f"## {link(titles[name])} {{ #{name} }}")
        for one in group:
            words = one.words[0].upper() + one.words[1:]
            place = f"tests/test_formulas.py#L{one.line}"
            proof = file(place, said(one.proof))
            parts.append(f"{words}:\n\n$$\n{one.tex}\n$$")
            parts.append(f"proof: {proof}\n{{ .checked }}")
    return "\n\n".join(parts)


def steps_to_twelve_decimals(start):
    """Return how many Newton steps on eˣ − ln x lead to twelve decimals."""
    path = newton(explog.grad, explog.hess, start)
    return first_within(path, explog.minima[0], 1e-12)


def condition_of_rosenbrock():
    """Return the condition number at the minimum of `rosenbrock`."""
    return report(rosenbrock.hess(rosenbrock.minima[0])).condition


def runs_on_himmelblau():
    """Return from how many starts Newton's method was run on `himmelblau`."""
    return himmelblau_map("newton").size


def share_at_saddles():
    """Return which part of these runs ends at a saddle."""
    return census_share("newton", "saddle")


def stem(lesson):
    """Return the name of a lesson's module, which is that of its page."""
    return lesson.uri.removesuffix(".md")


def link(lesson):
    """Return a link from a page of the reference to a lesson."""
    return f"[{lesson.title}](../{lesson.uri})"


def file(path, text):
    """Return a link to a file of the repository, if its address is known."""
    repository = os.environ.get("REPO_URL")
    return (
        f"[{text}]({repository.rstrip('/')}/blob/main/{path})" if repository else text
    )


def _from_here(text):
    """Let the links of a page in `docs/` lead to the same places from below."""
    return re.sub(r"\]\((?=\w+\.md)", "](../", text)
