"""The pages as they stand: complete, in order, and with no typed results."""

import ast
import re
import sys
from pathlib import Path

import pytest
import yaml
from _weave.page import Page
from conftest import ROOT, SNIPPETS

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
# What stands beside the lessons: shared by them, and shown by name where needed.
SHARED = {"landscapes", "data", "draw", "tables", "post_descent", "post_newton"}
SHARED |= {"drills", "explore", "tasks"}  # of practice, explorables, labs
SHARED |= {"gallery", "reference"}  # of docs/reference


class _Loader(yaml.SafeLoader):
    """Reads mkdocs.yml, in which tags such as !ENV have a meaning for MkDocs only."""


_Loader.add_multi_constructor("", lambda loader, suffix, node: None)


def nav_pages():
    """The pages that mkdocs.yml names, in their order."""

    def leaves(node):
        if isinstance(node, str):
            yield node
        else:
            for child in node.values() if isinstance(node, dict) else node:
                yield from leaves(child)

    config = yaml.load((ROOT / "mkdocs.yml").read_text("utf-8"), _Loader)
    return list(leaves(config["nav"]))


def page(file):
    text = file.read_text("utf-8")
    return Page(file.relative_to(ROOT).as_posix(), text, SNIPPETS)


def lessons():
    """The stems of the lessons: the pages that have a module of their own."""
    modules = {file.stem for file in SNIPPETS.glob("*.py")}
    return sorted(modules - SHARED)


def test_every_page_is_in_the_navigation_and_every_entry_is_a_page():
    pages = {file.relative_to(DOCS).as_posix() for file in PAGES} - {"404.md"}
    entries = [entry for entry in nav_pages() if entry.endswith(".md")]
    assert sorted(entries) == sorted(pages)


@pytest.mark.parametrize("stem", lessons())
def test_a_lesson_has_its_page_its_module_and_its_test(stem):
    pages = [file.stem for file in PAGES]
    assert stem in pages, f"snippets/{stem}.py has no page docs/{stem}.md"
    assert (ROOT / "tests" / f"test_{stem}.py").exists(), f"tests/test_{stem}.py?"


@pytest.mark.parametrize("stem", lessons())
def test_a_lesson_module_shadows_nothing_of_the_standard_library(stem):
    assert stem not in sys.stdlib_module_names


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_a_page_names_only_what_exists(file):
    assert page(file).faults == []


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_no_result_is_typed_in_the_prose(file):
    text = file.read_text("utf-8")
    head = re.match(r"---\n.*?\n---\n", text, re.DOTALL)
    body = text[head.end() :] if head else text
    first_line = 1 + text[: len(text) - len(body)].count("\n")
    typed = Page(str(file.relative_to(ROOT)), body, SNIPPETS, first_line)
    listing = [
        f"{typed.path}:{line}: {number} is typed; write it as an expression"
        for line, number in typed.typed_decimals()
    ]
    assert not listing, "\n".join(listing)


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_a_page_says_what_it_is(file):
    text = file.read_text("utf-8")
    assert re.match(r"---\n(.*\n)*?title: .+\n", text), "no title in the front matter"
    description = re.search(r"^description: (.+)$", text, re.MULTILINE)
    assert description, "no description in the front matter"
    assert 50 <= len(description[1]) <= 200


def test_every_figure_function_is_shown_on_a_page():
    shown = {
        (item.module, item.text)
        for file in PAGES
        for item in page(file).items
        if item.kind == "figure"
    }
    drawn = {
        (file.stem, node.name.removeprefix("figure_"))
        for file in SNIPPETS.glob("*.py")
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("figure_")
    }
    assert drawn <= shown, f"drawn but shown nowhere: {sorted(drawn - shown)}"


@pytest.mark.parametrize("stem", lessons())
def test_code_that_a_page_shows_is_narrow(stem):
    """A phone shows about 40 columns without scrolling, a desktop 72."""
    file = next(file for file in PAGES if file.stem == stem)
    shown = page(file)
    from _weave.page import source

    for module, name in shown.sources:
        if Path(module).stem.startswith("post_"):
            continue
        code = source(SNIPPETS, module, name)
        wide = [line for line in code.splitlines() if len(line) > 72]
        assert not wide, f"{module}:{name} is wider than 72 columns: {wide[0].strip()}"


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_no_markup_of_the_source_posts_is_left(file):
    text = re.sub(r"```.*?```|`[^`]*`", "", file.read_text("utf-8"), flags=re.DOTALL)
    for trap in "\n---\n\n---\n", "<details", "<img", "<span", "<ul", "javascript:":
        assert trap not in text, f"{trap} in {file.name}"
