"""Measure how long a build takes, against MkDocs and Python alone.

    python tests/bench.py [10 50 ...]

makes a course of that many lessons with three figures each and prints ratios to
the sum (plain `mkdocs build` of the same pages + the bare snippets in one Python
process), and to plain alone. The plain pages have the code and the value pasted in,
and links to pictures. All of one table is measured in one run.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent

LESSON = '''
"""Lesson {n}: gradient descent on a quadratic, from {n}."""

from shared import draw
import numpy as np


def descend(grad, start, rate=0.1, steps=10):
    """Follow the negative gradient; returns all points."""
    path = [start]
    for _ in range(steps):
        path.append(path[-1] - rate * grad(path[-1]))
    return np.array(path)


def figure_path():
    figure, ax = draw.axes("x", "f(x)")
    path = descend(lambda x: 2 * x, 2 + {n} / 100)
    draw.curve(ax, np.square, -2.5, 2.5)
    draw.path(ax, path, path**2)
    draw.optimum(ax, 0, 0, "minimum")
    return figure


def figure_error():
    figure, ax = draw.axes("step", "error")
    ax.semilogy(abs(descend(lambda x: 2 * x, 2 + {n} / 100)), "o-")
    return figure


def figure_rates():
    figure, ax = draw.axes("step", "x")
    for rate in 0.05, 0.2, 0.4, 0.9:
        ax.plot(descend(lambda x: 2 * x, 2.0, rate), "o-", label=f"rate {{rate}}")
    ax.legend()
    return figure
'''
PAGE = """
# Lesson {n}

```python
--8<-- "lesson{n}.py:descend"
```

{prose}

![Ten steps from the right](figures/lesson{n}/path.svg)

The last point is `{{python}} f"{{descend(lambda x: 2 * x, 2.0)[-1]:.3f}}"`.

```pycon
>>> descend(lambda x: 2 * x, 2.0, steps=2)
array([2.  , 1.6 , 1.28])
```

{prose}

![The error falls on a straight line](figures/lesson{n}/error.svg)

## Rates

{prose}

![Four rates](figures/lesson{n}/rates.svg)
"""
PROSE = "The slope says which way is down, the rate says how far to go. " * 12


def course(folder, lessons):
    """Write a course of that many lessons; returns its folder."""
    (folder / "docs").mkdir(parents=True)
    (folder / "plain").mkdir()
    (folder / "snippets").mkdir()
    for name in "_weave", "shared":
        shutil.copytree(ROOT / "snippets" / name, folder / "snippets" / name)
    for n in range(lessons):
        module = LESSON.format(n=n)
        (folder / "snippets" / f"lesson{n}.py").write_text(module.lstrip())
        page = PAGE.format(n=n, prose=PROSE).lstrip()
        (folder / "docs" / f"lesson{n}.md").write_text(page)
        code = re.search(r"^def descend.*?(?=\n\n\n)", module, re.S | re.M)[0]
        page = re.sub(r"^--8<-- .*$", lambda _, code=code: code, page, flags=re.M)
        page = re.sub(r"`\{python\}[^`]*`", "0.215", page)
        (folder / "plain" / f"lesson{n}.md").write_text(page)
    for docs in "docs", "plain":
        (folder / docs / "index.md").write_text("# Home\n")
    config = """
        site_name: bench
        theme: {name: material, font: false}
        markdown_extensions: [pymdownx.superfences, pymdownx.highlight]
    """
    plain = textwrap.dedent(config) + "docs_dir: plain\n"
    (folder / "plain.yml").write_text(plain)
    hook = textwrap.dedent(config) + "hooks: [snippets/_weave/site/hook.py]\n"
    (folder / "mkdocs.yml").write_text(hook)
    return folder


def seconds(command, folder):
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - start


def measure(lessons, repeats=3):
    """Print one table; each time is the least of some runs."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = course(Path(temporary) / "course", lessons)
        mkdocs = [sys.executable, "-m", "mkdocs", "build", "-q"]
        bare = (
            "import sys, io; sys.path.insert(0, 'snippets')\n"
            "import importlib, matplotlib; matplotlib.use('svg')\n"
            "import matplotlib.pyplot as plt\n"
            f"for n in range({lessons}):\n"
            "    module = importlib.import_module(f'lesson{n}')\n"
            "    for name in 'path', 'error', 'rates':\n"
            "        figure = getattr(module, 'figure_' + name)()\n"
            "        figure.savefig(io.StringIO(), format='svg')\n"
            "        plt.close(figure)\n"
        )
        page, module = folder / "docs/lesson3.md", folder / "snippets/lesson3.py"

        def cold():
            shutil.rmtree(folder / ".cache", ignore_errors=True)
            return seconds(mkdocs, folder)

        def prose_edited():
            page.write_text(re.sub("slope", "slope,", page.read_text(), count=1))
            return seconds(mkdocs, folder)

        def snippet_edited():
            module.write_text(module.read_text() + "# edited\n")
            return seconds(mkdocs, folder)

        tasks = {
            "plain": lambda: seconds([*mkdocs, "-f", "plain.yml"], folder),
            "bare": lambda: seconds([sys.executable, "-c", bare], folder),
            "cold": cold,
            "unchanged": lambda: seconds(mkdocs, folder),
            "prose edited": prose_edited,
            "snippet edited": snippet_edited,
        }
        times = {name: [] for name in tasks}
        for _ in range(repeats):
            for name, task in tasks.items():
                times[name].append(task())
    best = {name: min(values) for name, values in times.items()}
    total = best["plain"] + best["bare"]
    print(f"\n{lessons} lessons, three figures each; best of {repeats}")
    for name, value in best.items():
        print(
            f"{name:15} {value:6.2f} s   {value / total:5.2f} × (plain + bare)"
            f"   {value / best['plain']:5.2f} × plain"
        )


if __name__ == "__main__":
    for count in map(int, sys.argv[1:] or ("10", "50")):
        measure(count)
