"""Measure how long builds and saves take, against MkDocs and Python alone.

    python tests/bench.py             the course itself, then 10 and 50 lessons
    python tests/bench.py course      the course itself
    python tests/bench.py 10 50       synthetic courses of so many lessons

Times are medians, all of one table measured in one run: on a machine where nothing
else runs. `plain` is MkDocs with the same theme, plugins and Markdown extensions on
the same text, without our hook; `bare` are all snippets one after another in one
Python process, as the pages ask for them.
"""

import http.client
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
MKDOCS = [sys.executable, "-m", "mkdocs"]
REPEATS = 5
LESSONS = "/practice/", "/compare/", "/layers/", "/reference/verification/"

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
    """How long a command takes, by the clock."""
    start = time.perf_counter()
    subprocess.run(command, cwd=folder, check=True, capture_output=True)
    return time.perf_counter() - start


def printed(title, times, total, plain):
    """Print one table of medians, in seconds and against the sum and plain."""
    print(f"\n{title}; medians")
    for name, values in times.items():
        value = statistics.median(values)
        print(
            f"{name:34} {value:6.2f} s   {value / total:5.2f} × (plain + bare)"
            f"   {value / plain:5.2f} × plain   ({len(values)} times)",
            flush=True,
        )


def measured(tasks, repeats):
    """The times of all tasks, one after another, again and again."""
    times = {name: [] for name in tasks}
    for _ in range(repeats):
        for name, task in tasks.items():
            times[name].append(task())
    return times


# Synthetic courses


def synthetic(lessons, repeats=3):
    """Print the table of a course that is written for it."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = course(Path(temporary) / "course", lessons)
        mkdocs = [*MKDOCS, "build", "-q"]
        bare = (
            "import sys, io; sys.path.insert(0, 'snippets')\n"
            "import importlib, matplotlib; matplotlib.use('svg')\n"
            "import matplotlib.pyplot as plt\n"
            "for n in range(*map(int, sys.argv[1:])):\n"
            "    module = importlib.import_module(f'lesson{n}')\n"
            "    for name in 'path', 'error', 'rates':\n"
            "        figure = getattr(module, 'figure_' + name)()\n"
            "        figure.savefig(io.StringIO(), format='svg')\n"
            "        plt.close(figure)\n"
        )
        page, module = folder / "docs/lesson3.md", folder / "snippets/lesson3.py"
        edits = iter(range(1000))

        def cold():
            shutil.rmtree(folder / ".cache", ignore_errors=True)
            return seconds(mkdocs, folder)

        def prose_edited():
            page.write_text(re.sub("slope", "slope,", page.read_text(), count=1))
            return seconds(mkdocs, folder)

        def snippet_edited():
            module.write_text(module.read_text() + f"EDITED = {next(edits)}\n")
            return seconds(mkdocs, folder)

        def run(*numbers):
            return seconds([sys.executable, "-c", bare, *map(str, numbers)], folder)

        tasks = {
            "plain": lambda: seconds([*mkdocs, "-f", "plain.yml"], folder),
            "bare": lambda: run(lessons),
            "bare: one lesson": lambda: run(3, 4),
            "cold": cold,
            "unchanged": lambda: seconds(mkdocs, folder),
            "prose edited": prose_edited,
            "snippet edited": snippet_edited,
        }
        times = measured(tasks, repeats)
    plain, alone = (statistics.median(times[name]) for name in ("plain", "bare"))
    printed(f"{lessons} lessons, three figures each", times, plain + alone, plain)


# The course itself

BARE = """
import json, sys
from pathlib import Path
sys.path.insert(0, "snippets")
from _weave.model import Job
from _weave.read.page import Page
from _weave.read.site import Site
from _weave.run.session import Session
site = Site(Path.cwd())
out = sys.stdout
for uri in site.pages():
    source = site.source(uri)
    page = Page(source.path, source.body, site.snippets, source.first_line)
    faults = Session(site.snippets, Job(page.path, page.stem, page.items)).run().faults
    assert not faults, faults
"""


class Served:
    """A running `mkdocs serve`, and how long it takes to show what was saved."""

    def __init__(self, folder, *options):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        address = f"127.0.0.1:{self.port}"
        self.process = subprocess.Popen(
            [*MKDOCS, "serve", "-a", address, *options],
            cwd=folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def get(self, path):
        """What is shown at a path; while a build goes on, MkDocs lets us wait."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        try:
            connection.request("GET", path)
            return connection.getresponse().read().decode()
        except OSError:
            return ""
        finally:
            connection.close()

    def until(self, path, text, present=True):
        """Seconds until a text stands at a path, or stands there no more."""
        start = time.perf_counter()
        while True:
            shown = self.get(path)
            if shown and (text in shown) is present:
                return time.perf_counter() - start
            if time.perf_counter() - start > 300:
                raise TimeoutError(f"{path} never comes to show {text}")
            time.sleep(0.01)

    def settle(self, paths):
        """Wait until nothing is being made any more."""
        for path in paths:
            self.until(path, "weave-pending", present=False)
        time.sleep(1)

    def close(self):
        self.process.terminate()
        self.process.wait(30)


def real(repeats=REPEATS):
    """Print the table of this very course, in a copy of its folder."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "course"
        ignored = shutil.ignore_patterns(".cache", ".git", ".venv", "node_modules")
        shutil.copytree(ROOT, folder, ignore=ignored)
        settings = (folder / "mkdocs.yml").read_text("utf-8")
        # The same theme, plugins and extensions; no lab, which needs its outputs.
        plain = re.sub(r"^hooks: .*\n|^watch: .*\n", "", settings, flags=re.M)
        plain = plain.replace(".cache/mkdocs-jupyter", ".cache/plain")
        (folder / "plain.yml").write_text(plain, "utf-8")
        build = [*MKDOCS, "build", "-q"]

        def cold():
            shutil.rmtree(folder / ".cache", ignore_errors=True)
            return seconds(build, folder)

        tasks = {
            "plain": lambda: seconds([*build, "-f", "plain.yml"], folder),
            "bare": lambda: seconds([sys.executable, "-c", BARE], folder),
            "cold": cold,
            "unchanged": lambda: seconds(build, folder),
        }
        few = {name: tasks.pop(name) for name in ("bare", "cold")}
        times = measured(few, min(repeats, 3)) | measured(tasks, repeats)
        times |= saves(folder, "", repeats)
        times |= {
            f"plain: {name}": values
            for name, values in saves(folder, "plain.yml", repeats).items()
        }
    alone, without = (statistics.median(times[name]) for name in ("bare", "plain"))
    printed("This course", times, alone + without, without)


# What is saved: the file, what is replaced by what, and where that is seen.
SAVES = {
    "a sentence": (
        "docs/descent.md",
        "\n## ",
        "\nThis is saved{0}.\n\n## ",
        "/descent/",
    ),
    "a style sheet": (
        "docs/assets/css/home.css",
        ".home-hero",
        ".saved{0} {{ color: red; }}\n.home-hero",
        "/assets/css/home.css",
    ),
}
LESSON_SAVES = {
    "a figure": ("snippets/loss.py", "constant guess c", "saved{0}", "/loss/"),
    "a comment in descent.step": (
        "snippets/descent.py",
        "    return x - rate * grad(x)\n",
        "    return x - rate * grad(x)  # saved{0}\n",
        "/descent/",
    ),
    "the body of descent.step": (
        "snippets/descent.py",
        "    return x - rate * grad(x)\n",
        "    return x - rate * grad(x)  + 0 * {0}  # saved{0}\n",
        "/descent/",
    ),
}


def saves(folder, config, repeats):
    """Seconds from a save under `mkdocs serve` to its sight, by kind of save."""
    if not config:
        shutil.rmtree(folder / ".cache", ignore_errors=True)
    start = time.perf_counter()
    served = Served(folder, *(["-f", config] if config else []))
    times, lessons = {}, [] if config else LESSONS
    try:
        served.until("/", "</html>")
        times["first page, cold"] = [time.perf_counter() - start]
        served.settle(lessons)
        if not config:
            times["all pages, cold"] = [time.perf_counter() - start]
        for name, edit in (SAVES if config else SAVES | LESSON_SAVES).items():
            file, old, new, path = edit
            before = (folder / file).read_text("utf-8")
            assert old in before, (file, old)
            times[name] = []
            for number in range(1000, 1000 + repeats):
                text = before.replace(old, new.format(number), 1)
                (folder / file).write_text(text, "utf-8")
                times[name].append(served.until(path, f"saved{number}"))
                served.settle(lessons)
            (folder / file).write_text(before, "utf-8")
            served.until(path, f"saved{number}", present=False)
            served.settle(lessons)
    finally:
        served.close()
    return times


if __name__ == "__main__":
    asked = sys.argv[1:] or ["course", "10", "50"]
    for one in asked:
        real() if one == "course" else synthetic(int(one))
