"""The process that runs lessons: that it starts, shares out its workers, and ends.

Whoever gets no outcome here fails after a minute, and does not wait for ever.
"""

import os
import signal
import sys
import threading

import pytest
from _weave.model import Item, Job, Text
from _weave.run import server as server_module
from _weave.run.server import Server
from _weave.run.session import too_long
from _weave.run.weaver import Weaver
from conftest import SNIPPETS

from .waiting import ended, until, written

PATIENCE = 60  # seconds


@pytest.fixture
def serve(tmp_path):
    """Servers of a course with one module, by its code; they are closed at the end."""
    snippets, begun = tmp_path / "course" / "snippets", []
    snippets.mkdir(parents=True)
    for name in "_weave", "shared":
        (snippets / name).symlink_to(SNIPPETS / name)

    def start(code="", **how):
        (snippets / "lesson.py").write_text(code, "utf-8")
        begun.append(Server(snippets, **how))
        return begun[-1]

    yield start
    for server in begun:
        server.close()


def job(*values):
    """A page with a value in every third line."""
    items = [Item("value", 3 * i, code) for i, code in enumerate(values, start=1)]
    return Job("docs/lesson.md", "lesson", items)


def test_a_process_that_cannot_start_is_a_fault_and_no_wait(serve):
    """As where its Python is broken, or it is killed before it has connected."""
    server, given = serve(environment={"PYTHONHOME": "/nowhere"}), []
    ask = lambda: given.append(server.submit(job("1", "2"), 9))
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(PATIENCE)
    [future] = given
    [fault] = future.result(PATIENCE).faults
    assert (fault.path, fault.line) == ("docs/lesson.md", 3)
    assert fault.message.startswith("the process that runs the lessons ended (exit")


MEETS = """\
import time
from pathlib import Path

HERE = Path({folder!r})


def f(name, other):
    (HERE / name).touch()
    end = time.monotonic() + {seconds}
    while time.monotonic() < end:
        if (HERE / other).exists():
            return "met"
        time.sleep(0.01)
    (HERE / name).unlink()
    return "alone"
"""


@pytest.mark.parametrize(
    ("workers", "seconds", "said"), [(1, 1, "alone"), (2, PATIENCE, "met")]
)
def test_so_many_pages_run_at_a_time_as_it_has_workers(
    serve, tmp_path, workers, seconds, said
):
    code = MEETS.format(folder=str(tmp_path), seconds=seconds)
    server = serve(code, workers=workers)
    jobs = job("f('a', 'b')"), job("f('b', 'a')")
    futures = [server.submit(one, 2 * PATIENCE) for one in jobs]
    outcomes = [future.result(2 * PATIENCE) for future in futures]
    assert [outcome.results for outcome in outcomes] == [[Text(said)]] * 2


DEAF = f"""\
import os
import signal
import time
from pathlib import Path


def f(begun):
    end = time.monotonic() + {3 * PATIENCE}  # whatever goes wrong
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    Path(begun).write_text(str(os.getpid()))
    while time.monotonic() < end:
        pass
"""


def test_a_page_that_cannot_stop_itself_is_killed_and_makes_room(serve, tmp_path):
    server = serve(DEAF, workers=1)
    late = server.submit(job("1", f"f({str(tmp_path / 'begun')!r})"), 0.2)
    after = server.submit(job("1 + 1"), PATIENCE)
    [fault] = late.result(PATIENCE).faults
    assert (fault.line, fault.message) == (3, too_long(0.2))
    assert after.result(PATIENCE).results == [Text("2")]


def test_what_is_called_off_ends_and_makes_room(serve, tmp_path):
    """A page under way is killed, and one that waits is never begun."""
    server = serve(DEAF, workers=1)
    first, second = tmp_path / "first", tmp_path / "second"
    running = server.submit(job(f"f({str(first)!r})"), 10 * PATIENCE)
    waiting = server.submit(job(f"f({str(second)!r})"), 10 * PATIENCE)
    after = server.submit(job("1 + 1"), PATIENCE)
    until(first.exists)
    for future in waiting, running:
        server.cancel(future)
        assert "called off" in str(future.result(0).faults)
    assert after.result(PATIENCE).results == [Text("2")]
    assert not second.exists()


def test_a_process_that_has_ended_is_replaced_for_the_next_page(serve):
    server = serve()
    assert server.submit(job("1 + 1"), PATIENCE).result(PATIENCE).results
    server._line._process.kill()
    until(server._line.is_lost)
    given = server.submit(job("1 + 1"), PATIENCE).result(PATIENCE)
    assert given.results == [Text("2")]


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_closing_ends_even_a_page_that_does_not_listen(serve, tmp_path):
    server, begun = serve(DEAF), tmp_path / "begun"
    server.submit(job(f"f({str(begun)!r})"), 10 * PATIENCE)
    pid = int(written(begun))
    server.close()
    assert until(lambda: ended(pid), PATIENCE)


def test_closing_ends_even_a_process_that_does_not_hear(serve, monkeypatch):
    monkeypatch.setattr(server_module, "_ENDING", 0.2)
    server = serve("X = 1\n")
    assert server.submit(job("lesson.X"), 20).result(PATIENCE).faults == []
    process = server._line._process
    os.kill(process.pid, signal.SIGSTOP)
    closing = threading.Thread(target=server.close, daemon=True)
    closing.start()
    closing.join(10)
    code = process.returncode
    process.kill()  # which a server that does not close has not done
    assert code == -signal.SIGKILL


def test_closing_a_weaver_ends_the_process_that_it_has_begun_if_any(course):
    weaver = Weaver(course.folder, workers=1)
    weaver.close()
    assert "server" not in vars(weaver), "one was begun to end it"
    course.write("docs/lesson.md", "`{python} 1 + 1`\n")
    weaver.prepare()
    process = weaver.server._line._process
    weaver.close()
    assert process.poll() is not None


GATE = """\
import time
from pathlib import Path


def f():
    Path({begun!r}).touch()
    while not Path({gate!r}).exists():
        time.sleep(0.01)
    return 1
"""


def test_a_page_is_ready_when_its_run_has_ended(course):
    """So a preview knows what it can show; a page without code always is."""
    begun, gate = course.beside("begun"), course.beside("gate")
    course.write("snippets/lesson.py", GATE.format(begun=str(begun), gate=str(gate)))
    course.write("docs/lesson.md", "`{python} f()`\n")
    course.weaver.prepare()
    assert not course.weaver.is_ready("lesson.md")
    assert course.weaver.is_ready("index.md")
    gate.touch()
    assert until(lambda: course.weaver.is_ready("lesson.md"))
    assert course.html() == "<p>1</p>"


@pytest.mark.skipif(sys.platform == "win32", reason="there, a signal is a kill")
def test_only_the_build_says_when_a_run_ends_and_not_the_terminal(course):
    """Which sends Ctrl-C to all that it has begun; the build hears it, too."""
    begun, gate = course.beside("begun"), course.beside("gate")
    course.write("snippets/lesson.py", GATE.format(begun=str(begun), gate=str(gate)))
    course.write("docs/lesson.md", "`{python} f()`\n")
    course.weaver.prepare()
    until(begun.exists)
    os.kill(course.weaver.server._line._process.pid, signal.SIGINT)
    gate.touch()
    assert course.html() == "<p>1</p>"
