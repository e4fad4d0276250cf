"""What a preview waits for, what it puts off, and when it asks for a build."""

import os
import socket
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from _weave.site import preview
from _weave.site.preview import Preview
from _weave.site.styled import Styled
from mkdocs.exceptions import PluginError


class Weaver:
    """Runs nothing: what is ready, and how many runs have ended, is told to it."""

    def __init__(self, root):
        self.running, self.ended, self.code = set(), (2, 2), set()
        self.cache = SimpleNamespace(folder=root / ".cache/weave")
        self.site = SimpleNamespace(
            root=root,
            docs=root / "docs",
            snippets=root / "snippets",
            navigation=lambda: ["a.md", "labs/lab.py", "b.md"],
            pages=lambda: ["a.md", "b.md", "c.md"],
        )

    def is_ready(self, uri):
        return uri not in self.running

    def progress(self):
        return self.ended

    def read(self):
        return self.code


class Server:
    """Notes what it is told to watch, and what it watches no more."""

    def __init__(self):
        self.watched, self.builder = [], lambda: None

    def watch(self, path):
        self.watched.append(path)

    def unwatch(self, path):
        if path == "theme":
            raise KeyError(path)
        self.watched.append(f"not {path}")


@pytest.fixture
def weaver(tmp_path):
    (tmp_path / "docs").mkdir()
    for name in "a", "b", "c":
        (tmp_path / f"docs/{name}.md").touch()
    return Weaver(tmp_path)


@pytest.fixture
def shown(weaver):
    return Preview(weaver, SimpleNamespace(dev_addr=("127.0.0.1", 0)))


@pytest.fixture
def follow(shown, weaver, monkeypatch):
    """Let a preview follow a server; gives that, the settings, and the bell's rings."""
    rings = []

    class Timer:
        """Rings again when it is told to, and not by itself."""

        def __init__(self, seconds, ring, given):
            self.ring = lambda: ring(*given)
            assert 0 < seconds < 10

        def start(self):
            assert self.daemon, "who ends a preview need not wait for it"
            rings.append(self)

    def followed():
        server = Server()
        config = SimpleNamespace(
            docs_dir="docs",
            config_file_path="mkdocs.yml",
            theme=SimpleNamespace(dirs=["theme"]),
            watch=["snippets"],
        )
        shown.follow(server, config)
        return server, config, rings

    monkeypatch.setattr(preview.threading, "Timer", Timer)
    return followed


@pytest.fixture
def clock(monkeypatch):
    """The time, which passes by whole seconds, and only for who sleeps."""
    now = [100]
    sleep = lambda _: now.append(now.pop() + 1)
    fake = SimpleNamespace(monotonic=lambda: now[0], sleep=sleep)
    monkeypatch.setattr(preview, "time", fake)
    return now


def test_it_waits_six_seconds_at_first_and_twenty_later(shown, weaver, clock):
    for running, seconds in ({"b.md"}, 0), ({"a.md"}, 6), ({"a.md", "b.md"}, 20):
        weaver.running, clock[0] = running, 100
        os.utime(weaver.site.docs / "a.md", (10**10, 10**10))
        shown.wait()
        assert clock[0] - 100 == seconds
        shown._later = seconds == 6


def test_it_waits_for_nothing_where_there_are_no_pages(shown, weaver, clock):
    weaver.site.navigation = list
    weaver.running = {None}
    shown.wait()
    assert clock == [100]


def test_a_page_that_goes_while_it_is_looked_for_comes_last(shown, weaver):
    shown.wait()
    weaver.site.pages = lambda: ["gone.md", "a.md", "b.md"]
    assert shown.order()[-1] == "gone.md"


def test_what_quotes_others_is_put_off_from_the_first_build_on(shown, weaver):
    shown.wait()
    assert shown.lacks("b.md", ["c.md"]) is True
    assert shown.lacks("b.md", ["c.md"], is_kept=True) is False
    assert shown.lacks("a.md", ["c.md"]) is False, "somebody waits for it"
    assert shown.lacks("b.md") is False
    weaver.running = {"c.md"}
    assert shown.lacks("a.md", ["c.md"]) is True
    assert shown.lacks("b.md", ["c.md"], is_kept=True) is True
    assert shown.lacking == {"a.md", "b.md"}
    weaver.running = set()  # else it would wait for that
    shown.wait()
    assert shown.lacking == set()


@pytest.mark.parametrize(
    ("ended", "said"),
    [
        ((1, 2), "made: its code is running. 1 of 2 lessons are ready. It will"),
        ((2, 2), "made. It will"),
    ],
)
def test_a_page_that_is_not_there_says_what_it_waits_for(shown, weaver, ended, said):
    weaver.ended = ended
    assert f"This page is still being {said} appear here" in shown.said()


def test_a_server_looks_more_often_at_files_and_at_tests_too(follow, weaver):
    server, config, _ = follow()
    bell, mine = weaver.site.root / ".cache/bell", ["not docs", "not mkdocs.yml"]
    assert server.watched == [*mine, "docs", "mkdocs.yml", str(bell)]
    assert server.observer.timeout == preview._POLL < 1
    assert server.build_delay == preview._QUIET < 0.1
    assert isinstance(server.builder, Styled)
    assert bell.joinpath("rung").read_text() == ""
    assert config.watch == ["snippets"]
    tests = weaver.site.root / "tests"
    tests.mkdir()
    _, config, _ = follow()
    assert config.watch == ["snippets", str(tests)]


def test_a_style_sheet_is_published_alone_where_no_page_lacks_or_reads_it(
    shown, weaver
):
    sheet, code = Path("a.css"), Path("b.css")
    weaver.code = {code}
    assert shown._may_be_alone({sheet})
    assert not shown._may_be_alone({sheet, code})
    shown.lacking.add("a.md")
    assert not shown._may_be_alone({sheet})


def test_the_bell_is_rung_until_it_is_heard(shown, weaver, follow, clock):
    weaver.running = {"b.md"}
    shown.wait()
    shown.lacks("b.md")
    _, _, rings = follow()
    rung = weaver.site.root / ".cache/bell/rung"
    assert rung.read_text() == "100", "what was lacking is there since it was built"
    for _ in range(2):
        rung.unlink()
        rings.pop().ring()
        assert rung.read_text() == "100"
    shown.wait()
    rung.unlink()
    rings.pop().ring()
    assert not rung.exists()
    assert rings == []


def test_the_bell_is_rung_for_good_where_its_folder_has_gone(shown, follow, clock):
    shown.wait()
    _, _, rings = follow()
    shown.lacking.add("b.md")
    shown._bell.unlink()
    shown._bell.parent.rmdir()
    shown.built()
    assert rings == []


@pytest.mark.parametrize(
    ("since", "ended", "rings"),
    [(0, (1, 2), 0), (3, (1, 2), 0), (4, (1, 2), 1), (0, (2, 2), 1)],
)
def test_while_lessons_run_pages_are_filled_in_every_three_seconds(
    shown, weaver, follow, clock, since, ended, rings
):
    shown.wait()
    weaver.ended = (1, 2)
    shown.lacking.add("b.md")
    weaver.when_done()
    *_, rung = follow()
    assert len(rung) == 1
    clock[0], weaver.ended = 100 + since, ended
    weaver.when_done()
    assert len(rung) == 1 + rings
    weaver.ended = (2, 2)
    shown.built()
    assert len(rung) == 2 + rings, "all has run while it was built"
    shown.lacking.clear()
    weaver.when_done()
    shown.built()
    assert len(rung) == 2 + rings


# The address


@contextmanager
def listening(host):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, True)
        server.bind((host, 0))
        server.listen()
        yield server, server.getsockname()[1]


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_an_address_in_use_is_said_with_another_one(weaver, host):
    if ":" in host and not Path("/proc/net/if_inet6").exists():
        pytest.skip("this machine has no IPv6")
    with listening(host) as (_, port):
        said = f"cannot have the address {host}:{port} .* -a {host}:{port + 1}`"
        with pytest.raises(PluginError, match=said):
            Preview(weaver, SimpleNamespace(dev_addr=(host, port)))
    assert Preview(weaver, SimpleNamespace(dev_addr=(host, port)))


@pytest.mark.skipif(os.name != "posix", reason="elsewhere it means another thing")
def test_an_address_that_was_in_use_until_now_can_be_had():
    with listening("127.0.0.1") as (server, port), socket.socket() as client:
        client.connect(("127.0.0.1", port))
        server.accept()[0].close()  # who closes first keeps the address for a while
    with socket.socket() as plain, pytest.raises(OSError, match="in use"):
        plain.bind(("127.0.0.1", port))
    preview._check_port("127.0.0.1", port)
