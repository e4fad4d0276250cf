"""What belongs to a lesson: a page, a module, tests, and a line under `nav:`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from ..model import Fault, WeaveError, did_you_mean
from .site import Site

# What only a lesson has: a goal, or something by the name of its own module.
_OF_A_LESSON = r'^!!! goal\b|--8<-- "{0}\.py\b|\]\((?:figures|tables)/{0}/'
_USE = r'\b{0}\.[^\W\d]|\b(?:from|import) {0}\b|"{0}\.py\b|\]\((?:figures|tables)/{0}/'


def check(site: Site) -> None:
    """Raise WeaveError for pages of lessons of which another part is missing.

    It looks at names alone and runs nothing. In a project without a folder `tests` or
    without `nav:`, nobody asks for those.
    """
    faults = [*_unlisted(site), *_without_module(site)]
    if (site.root / "tests").is_dir():
        faults += _without_tests(site)
    if faults:
        raise WeaveError(sorted(faults))


def _unlisted(site: Site) -> Iterator[Fault]:
    """Pages and labs that the navigation does not name, and the other way round."""
    if not site.configuration().get("nav"):
        return
    named = [uri for uri in site.navigation() if uri.endswith((".md", ".py"))]
    labs = [f"labs/{file.name}" for file in sorted(site.docs.glob("labs/*.py"))]
    there = [uri for uri in site.pages() if uri != "404.md"] + labs
    for uri in there:
        if uri not in named:
            yield Fault(
                site.path(uri),
                1,
                "no reader would find this page: nav: in mkdocs.yml does not name it; "
                f"add the line - {uri} where it belongs",
            )
    lines = (site.root / "mkdocs.yml").read_text("utf-8").split("\n")
    for uri in named:
        if uri.endswith(".md") and uri not in there:
            line = next((n for n, text in enumerate(lines, 1) if uri in text), 1)
            hint = did_you_mean(uri, there)
            message = f"nav: names {uri}, and there is no {site.path(uri)}{hint}"
            yield Fault("mkdocs.yml", line, message)


def _without_module(site: Site) -> Iterator[Fault]:
    for uri in site.pages():
        stem = Path(uri).stem
        if not (site.snippets / f"{stem}.py").exists():
            path, text = site.path(uri), (site.docs / uri).read_text("utf-8", "replace")
            match = re.search(_OF_A_LESSON.format(re.escape(stem)), text, re.MULTILINE)
            if match:
                line = 1 + text.count("\n", 0, match.start())
                yield Fault(
                    path,
                    line,
                    f"this page is a lesson, and there is no snippets/{stem}.py: write "
                    "its functions there",
                )


def _without_tests(site: Site) -> Iterator[Fault]:
    for uri in site.pages():
        stem = Path(uri).stem
        module, tests = site.snippets / f"{stem}.py", f"tests/test_{stem}.py"
        if module.exists() and not (site.root / tests).exists():
            yield Fault(
                f"snippets/{stem}.py",
                1,
                f"nothing tests this lesson: there is no {tests}; write what must be "
                "true there, and a comparison with an independent implementation",
            )


def without_page(site: Site) -> Iterator[Fault]:
    """Modules that have no page of their own and that nothing else uses.

    They publish nothing, so it is the tests that ask for them.
    """
    stems = {Path(uri).stem for uri in site.pages()}
    modules = sorted(site.snippets.glob("*.py"))
    lonely = [file for file in modules if file.stem not in stems]
    users = [site.docs / uri for uri in site.pages()] if lonely else []
    users += [*site.docs.glob("labs/*.py"), *modules] if lonely else []
    texts = {file: file.read_text("utf-8", "replace") for file in users}
    for file in lonely:
        use = re.compile(_USE.format(re.escape(file.stem)))
        if not any(use.search(text) for at, text in texts.items() if at != file):
            yield Fault(
                f"snippets/{file.name}",
                1,
                f"no page shows this: there is no docs/{file.stem}.md, and no other "
                "page, lab or module uses it",
            )
