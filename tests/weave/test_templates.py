"""The theme's templates are listed and compiled sooner, and are the same."""

import _weave.site.templates
import pytest
from _weave.memory import Memory
from _weave.site.templates import QuickTheme
from jinja2 import Environment
from mkdocs.config import load_config
from mkdocs.structure.files import Files
from mkdocs.theme import Theme


@pytest.fixture
def config(tmp_path):
    (tmp_path / "docs").mkdir()
    own = tmp_path / "own"
    (own / "assets").mkdir(parents=True)
    (own / "assets" / "own.css").write_text("a {}")
    (own / ".hidden").mkdir()
    (own / ".hidden" / "no.css").write_text("a {}")
    (own / "main.html").write_text('{% extends "base.html" %}{# ours #}')
    settings = tmp_path / "mkdocs.yml"
    settings.write_text("site_name: a\ntheme: {name: material, custom_dir: own}\n")
    return load_config(str(settings))


@pytest.fixture
def memory(monkeypatch):
    """What is remembered, empty at first; `memory()` is the next process."""

    def fresh():
        before, memory = _weave.site.templates.MEMORY, Memory()
        memory.take(before.given())
        monkeypatch.setattr(_weave.site.templates, "MEMORY", memory)
        return memory

    monkeypatch.setattr(_weave.site.templates, "MEMORY", Memory())
    return fresh


def files_of(theme, config):
    files = Files([])
    files.add_files_from_theme(theme.get_env(), config)
    return {file.src_uri: file.abs_src_path for file in files}


def test_a_theme_gives_the_same_files(config):
    files = files_of(config.theme, config)
    assert "assets/own.css" in files
    assert ".hidden/no.css" not in files
    assert files_of(QuickTheme(config.theme), config) == files
    assert len(files) > 20


def test_a_theme_lists_no_icons(config):
    assert len(config.theme.get_env().list_templates()) > 10_000
    assert len(QuickTheme(config.theme).get_env().list_templates()) < 1_000


def test_a_theme_stays_what_it_was(config):
    quick = QuickTheme(config.theme)
    assert isinstance(quick, Theme)
    assert dict(quick) == dict(config.theme)
    assert (quick.name, quick.dirs) == (config.theme.name, config.theme.dirs)
    assert quick.static_templates == config.theme.static_templates


def test_a_template_is_compiled_once_for_many_builds(config, memory, monkeypatch):
    theme = QuickTheme(config.theme)

    def written():
        env = theme.get_env()
        made = map(env.get_template, ("partials/tags.html", "partials/copyright.html"))
        return [one.render(config=config, page={}, tags=[]) for one in made]

    first = written()
    memory()
    monkeypatch.setattr(Environment, "_generate", None)  # what a compiler is asked for
    assert written() == first


def test_a_template_that_was_edited_is_compiled_anew(config, memory):
    theme = QuickTheme(config.theme)
    file = next(iter(theme.dirs)) + "/own.html"
    for text in "one", "two":
        with open(file, "w", encoding="utf-8") as opened:
            opened.write(text)
        assert theme.get_env().get_template("own.html").render() == text
        memory()


def test_what_cannot_be_a_compiled_template_is_none(config, memory):
    theme = QuickTheme(config.theme)
    theme.get_env().get_template("partials/toc.html")
    given = memory().given() or {}
    kept = _weave.site.templates.MEMORY
    kept.take(dict.fromkeys(given, "AAAA") | {"x": 7})
    assert theme.get_env().get_template("partials/toc.html") is not None
