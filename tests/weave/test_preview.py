"""The preview follows what its author saves."""

import http.client
import signal
import socket
import subprocess
import sys
from html import unescape

import pytest

from .waiting import until

# A preview that ends with the process that has started it, whatever ends that.
SERVE = """\
import os, sys, threading
threading.Thread(target=lambda: (os.read(0, 1), os._exit(1)), daemon=True).start()
from mkdocs.__main__ import cli
cli(["serve", "-a", sys.argv[1]])
"""


class Preview:
    """A running `mkdocs serve`."""

    def __init__(self, project):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        address = f"127.0.0.1:{self.port}"
        self.said = project.beside("said")
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [sys.executable, "-c", SERVE, address],
                cwd=project.folder,
                stdin=subprocess.PIPE,
                stdout=said,
                stderr=subprocess.STDOUT,
            )

    def get(self):
        assert self.process.poll() is None, "the preview has ended"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", "/lesson/")
            return unescape(connection.getresponse().read().decode())
        except OSError:
            return ""
        finally:
            connection.close()

    def shows(self, text):
        """Whether the page comes to show a text."""
        return until(lambda: text in self.get())

    def close(self):
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def preview(project):
    project.write("docs/lesson.md", "# A\n\nIt is `{python} 3 - f(2)`.\n")
    project.write("snippets/lesson.py", "def f(x):\n    return +x\n")
    preview = Preview(project)
    yield preview
    preview.close()


def test_the_preview_follows_snippets_shows_faults_and_heals(project, preview):
    assert preview.shows("It is 1.")
    project.write("snippets/lesson.py", "def f(x):\n    return -x\n")
    assert preview.shows("It is 5.")
    project.write("snippets/lesson.py", "def f(x):\n    return x / 0\n")
    assert preview.shows("snippets/lesson.py:2: `{python} 3 - f(2)` raised Zero")
    assert "weave-faults" in preview.get()
    project.write("snippets/lesson.py", "def f(x):\n    return x - 7\n")
    assert preview.shows("It is 8.")
    assert "weave-faults" not in preview.get()


def test_the_preview_shows_what_is_wrong_with_a_head_and_heals(project, preview):
    assert preview.shows("It is 1.")
    project.write("docs/lesson.md", "---\ntitle: [a\n---\n\n# A\n")
    assert preview.shows("docs/lesson.md:3: in the page's head: ")
    project.write("docs/lesson.md", "---\n7: b\ntitle: A\n---\n\n# A\n")
    assert preview.shows("docs/lesson.md:2: in the page's head: nothing reads 7")
    project.write("docs/lesson.md", "# A\n\nHealed: `{python} f(2)`.\n")
    assert preview.shows("Healed: 2.")


def test_the_preview_shows_that_a_page_is_not_utf8_and_heals(project, preview):
    assert preview.shows("It is 1.")
    project.write("docs/lesson.md", "# A\n\nCaf\xe9\n".encode("latin-1"))
    assert preview.shows("docs/lesson.md:3: this is not UTF-8")
    project.write("docs/lesson.md", "# A\n\nHealed: `{python} f(2)`.\n")
    assert preview.shows("Healed: 2.")
    assert "Traceback" not in preview.said.read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="has no such signal")
def test_an_interrupted_preview_ends_without_a_word_of_python(preview):
    assert preview.shows("It is 1.")
    preview.process.send_signal(signal.SIGINT)
    assert preview.process.wait(60) == 0
    assert "Traceback" not in preview.said.read_text("utf-8")
