"""The pages and their modules as they stand: complete, in order, and plain."""

import ast
import re
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from _weave.read.page import Page
from _weave.read.site import Site
from _weave.read.source import source
from conftest import ROOT, SNIPPETS

DOCS = ROOT / "docs"
PAGES = sorted(DOCS.rglob("*.md"))
LABS = sorted(DOCS.glob("labs/*.py"))
MODULES = sorted(SNIPPETS.glob("*.py"))
# A lesson is a module with the stem of a page; what else stands there serves several.
LESSONS = sorted({file.stem for file in MODULES} & {file.stem for file in PAGES})

each_page = pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
each_lesson = pytest.mark.parametrize("stem", LESSONS)


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


@cache
def page(file):
    """A page, taken apart."""
    read = Site(ROOT).source(file.relative_to(DOCS).as_posix())
    return Page(read.path, read.body, SNIPPETS, read.first_line)


@cache
def tree(stem):
    """A module at the top of snippets/, as Python reads it."""
    return ast.parse((SNIPPETS / f"{stem}.py").read_text("utf-8"))


# The pages


def test_every_page_is_in_the_navigation_and_every_entry_is_a_page():
    pages = {file.relative_to(DOCS).as_posix() for file in PAGES} - {"404.md"}
    entries = [entry for entry in nav_pages() if entry.endswith(".md")]
    assert sorted(entries) == sorted(pages)
    labs = [entry for entry in nav_pages() if entry.endswith(".py")]
    assert sorted(labs) == [lab.relative_to(DOCS).as_posix() for lab in LABS]


@each_page
def test_a_page_names_only_what_exists(file):
    assert page(file).faults == []


@each_page
def test_no_result_is_typed_in_the_prose(file):
    typed = page(file)
    listing = [
        f"{typed.path}:{line}: {number} is typed; write it as an expression"
        for line, number in typed.typed_decimals()
    ]
    assert not listing, "\n".join(listing)


@each_page
def test_a_page_says_what_it_is(file):
    head = Site(ROOT).source(file.relative_to(DOCS).as_posix()).head
    assert head["title"]
    assert 50 <= len(head["description"]) <= 200


@each_page
def test_no_markup_of_the_source_posts_is_left(file):
    text = re.sub(r"```.*?```|`[^`]*`", "", file.read_text("utf-8"), flags=re.DOTALL)
    for trap in "\n---\n\n---\n", "<details", "<img", "<span", "<ul", "javascript:":
        assert trap not in text, f"{trap} in {file.name}"


# Expressions: what is longer, or computes more, has a name in the lesson's module.

LONGEST = 60
PROGRAMS = {
    ast.ListComp: "a comprehension",
    ast.SetComp: "a comprehension",
    ast.DictComp: "a comprehension",
    ast.GeneratorExp: "a comprehension",
    ast.Lambda: "a lambda",
    ast.IfExp: "a condition",
}


def breaches(expression):
    """What makes a program of an expression."""
    if len(expression) > LONGEST:
        yield f"{len(expression)} characters"
    for node in ast.walk(ast.parse(expression, mode="eval")):
        if type(node) in PROGRAMS:
            yield PROGRAMS[type(node)]


@each_page
def test_an_expression_on_a_page_is_no_program(file):
    listing = [
        f"docs/{file.name}:{item.line}: {', '.join(found)}: {item.text}"
        for item in page(file).items
        if item.form in ("value", "check") and (found := [*breaches(item.text)])
    ]
    assert not listing, "\n".join(listing)


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        ("f'{x:.3f}'", []),
        ("x" * 60, []),
        ("x" * 61, ["61 characters"]),
        ("[f(x) for x in xs]", ["a comprehension"]),
        ("max(f(x) for x in xs)", ["a comprehension"]),
        ("f'{ {k: 1 for k in xs} }'", ["a comprehension"]),
        ("first(lambda x: x > 1)", ["a lambda"]),
        ("1 if x else 2", ["a condition"]),
    ],
)
def test_programs_are_told_from_expressions(expression, said):
    assert [*breaches(expression)] == said


# What pages show


def test_every_figure_and_table_function_is_shown_on_a_page():
    shown = {
        (item.form, item.module, item.text)
        for file in PAGES
        for item in page(file).items
        if item.form in ("figure", "table")
    }
    written = {
        (form, file.stem, node.name.removeprefix(f"{form}_"))
        for file in MODULES
        for node in tree(file.stem).body
        for form in ("figure", "table")
        if isinstance(node, ast.FunctionDef) and node.name.startswith(f"{form}_")
    }
    assert written <= shown, f"shown nowhere: {sorted(written - shown)}"


@each_page
def test_code_that_a_page_shows_is_narrow(file):
    """A phone shows about 40 columns without scrolling, a desktop 72."""
    for module, name in page(file).sources:
        if not module.startswith("post_"):
            code = source(SNIPPETS, module, name)
            wide = [line.strip() for line in code.splitlines() if len(line) > 72]
            assert not wide, f"{module}:{name} is wider than 72 columns: {wide[0]}"


# Modules


@each_lesson
def test_a_lesson_has_its_test(stem):
    assert (ROOT / "tests" / f"test_{stem}.py").exists(), f"tests/test_{stem}.py?"


def test_a_module_that_is_no_lesson_serves_a_page_or_a_lab():
    """Else its page has been forgotten."""
    named = {item.module for file in PAGES for item in page(file).items}
    named |= {Path(name).stem for file in PAGES for name, _ in page(file).sources}
    for file in MODULES:
        others = [other for other in [*PAGES, *LABS, *MODULES] if other != file]
        said = rf'\b{file.stem}\.\w|\b(from|import) {file.stem}\b|"{file.name}"'
        if file.stem not in {*LESSONS, *named}:
            assert any(re.search(said, code_of(other)) for other in others), file.name


@cache
def text_of(file):
    return file.read_text("utf-8")


@cache
def code_of(file):
    """What a page or a lab says in Python."""
    if file.suffix == ".py":
        return text_of(file)
    forms = "value", "check", "transcript"
    return "\n".join(item.text for item in page(file).items if item.form in forms)


@cache
def imported_names():
    """Who imports what by its name: {file: {(module, name), …}}."""
    return {
        file: {
            (node.module, alias.name)
            for node in ast.walk(ast.parse(text_of(file)))
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        }
        for file in [*MODULES, *SNIPPETS.glob("shared/*.py"), *LABS]
    }


@cache
def own_page(stem):
    return next(file for file in PAGES if file.stem == stem)


@cache
def shown_by(file, stem):
    """The names of a module's functions that a page shows, in its order."""
    found = re.findall(rf'--8<--\s+"{stem}\.py:(\w+)"', text_of(file))
    return [*dict.fromkeys(found)]


def names_of(node):
    """The names that a statement at the top of a module binds."""
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, ast.Assign):
        return [target.id for target in node.targets if isinstance(target, ast.Name)]
    return []


def functions(stem):
    return [node.name for node in tree(stem).body if isinstance(node, ast.FunctionDef)]


@each_lesson
def test_the_functions_that_a_page_shows_come_first_and_in_its_order(stem):
    shown = shown_by(own_page(stem), stem)
    defined = functions(stem)
    in_order = [name for name in defined if name in shown]
    assert in_order == [name for name in shown if name in defined]
    assert defined[: len(in_order)] == in_order


ORDER = "what others use", "tables", "helpers", "figures"


def rank(name):
    """Where a function that its page does not show stands: see ORDER."""
    if name.startswith("figure_"):
        return 3
    return 1 if name.startswith("table_") else 2 * name.startswith("_")


@each_lesson
def test_behind_them_come_what_others_use_tables_helpers_and_figures(stem):
    shown = shown_by(own_page(stem), stem)
    ranks = [(rank(name), name) for name in functions(stem) if name not in shown]
    listing = [
        f"{name} stands behind {other}, but {ORDER[one]} come before {ORDER[two]}"
        for (two, other), (one, name) in pairwise(ranks)
        if one < two
    ]
    assert not listing, f"snippets/{stem}.py: " + "; ".join(listing)


# Named by nobody, and still no helper.
PUBLIC = {
    ("dimensions", "Report"): "what `report` returns, of which pages name the fields",
    ("layers", "pack"): "the other way round from `unpack`, which its page shows",
}


@each_lesson
def test_a_public_name_is_named_by_a_page_or_imported_by_another_module(stem):
    on_own = code_of(own_page(stem))
    elsewhere = "\n".join(map(code_of, [*PAGES, *LABS]))
    used = {name for names in imported_names().values() for name in names}
    used |= {(stem, name) for file in PAGES for name in shown_by(file, stem)}
    used |= PUBLIC.keys() | {(stem, "READS")}
    lost = [
        name
        for node in tree(stem).body
        for name in names_of(node)
        if not name.startswith(("_", "figure_", "table_"))
        and (stem, name) not in used
        and not re.search(rf"\b{name}\b", on_own)
        and not re.search(rf"\b{stem}\.{name}\b", elsewhere)
    ]
    assert not lost, f"snippets/{stem}.py: begin them with an underscore: {lost}"


# Imported from another lesson, whose page does not show it.
BORROWED = {
    ("regression", "loss", "half_mse"): "the loss of the page, from where losses are",
}
# Imported as a whole.
WHOLE = {
    ("regression", "directions"): "its shown code says directions.newton_step",
}


@each_lesson
def test_a_lesson_takes_from_another_what_one_of_the_two_pages_names(stem):
    for module, name in imported_names()[SNIPPETS / f"{stem}.py"]:
        if module in LESSONS and (stem, module, name) not in BORROWED:
            theirs = {n for file in PAGES for n in shown_by(file, module)}
            named = re.search(rf"\b{name}\b", text_of(own_page(stem)))
            assert name in theirs or named, f"{stem}.py: {name} of {module}"


@each_lesson
def test_a_lesson_imports_no_other_as_a_whole(stem):
    whole = {
        (stem, alias.name)
        for node in ast.walk(tree(stem))
        if isinstance(node, ast.Import)
        for alias in node.names
        if alias.name in LESSONS
    }
    assert whole <= WHOLE.keys()


def test_every_exception_is_still_needed():
    for stem, name in PUBLIC:
        assert name in [n for node in tree(stem).body for n in names_of(node)]
    for stem, module, name in BORROWED:
        assert (module, name) in imported_names()[SNIPPETS / f"{stem}.py"]
    for stem, module in WHOLE:
        assert f"import {module}\n" in text_of(SNIPPETS / f"{stem}.py")
