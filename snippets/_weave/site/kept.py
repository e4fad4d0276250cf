"""Pages whose conversion is kept: what Markdown made of them, under a key.

The key has all that the conversion depends on: the page as it was taken apart, the key
of its run, the pages that it quotes, the files and the settings of the site, the
machinery and the libraries. A page with a fault or a warning is not kept.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink, TableOfContents

from ..markdown import bank, names
from ..markdown.context import Kept, Scripts
from ..markdown.terms import GLOSSARY
from ..model import WeaveError
from ..read.transcripts import LEFT_OUT
from ..run.cache import MACHINERY, digest_of, version_of
from ..run.weaver import Weaver

_LIBRARIES = (
    "markdown",
    "mkdocs",
    "mkdocs-material",
    "pymdown-extensions",
    "pygments",
    "mini-racer",
)
StandingIn = Callable[[str, list[str], bool], str | None]
_QUOTES = re.compile(r"^[ \t]*/{3,}[ \t]*(?:bank|beliefs)\b", re.MULTILINE)


class Keeper:
    """Keeps the conversions of one build, and finds those of earlier ones."""

    def __init__(
        self, weaver: Weaver, config: MkDocsConfig, kept: Kept, scripts: Scripts
    ) -> None:
        self._weaver, self._kept, self._scripts = weaver, kept, scripts
        site = weaver.site
        glossary = site.docs / GLOSSARY
        settings, without = site.root / "mkdocs.yml", site.snippets / LEFT_OUT
        self._settings = [
            MACHINERY,
            *(f"{name} {version_of(name)}" for name in _LIBRARIES),
            settings.read_bytes() if settings.exists() else b"",
            Path(config.config_file_path).read_bytes(),
            config.mdx_configs,
            config.use_directory_urls,
            sorted(map(str, config.plugins)),
            site.stations(),
            glossary.read_bytes() if glossary.exists() else b"",
            without.read_bytes() if without.exists() else b"",
        ]
        self._files = ""
        self._shown: names.ShownOn | None = None

    def key(self, page: Page, files: Files) -> str:
        """What the conversion of a page depends on."""
        self._files = self._files or digest_of(
            *sorted(f"{file.src_uri} {file.dest_uri}" for file in files)
        )
        uri, quoted = page.file.src_uri, self.quoted(page)
        own = self._weaver.key(uri, page.markdown or "")
        others = [self._taken(other) for other in quoted]
        heads = [self._weaver.site.title(other) for other in quoted]
        meta = sorted(page.meta.items(), key=str)
        said = self._said(uri)
        return digest_of(
            "page", *self._settings, self._files, uri, meta, said, own, *others, *heads
        )

    def _taken(self, uri: str) -> str:
        """What a page gives to one that quotes it."""
        page = self._weaver.page(uri)
        return digest_of(self._weaver.run_key(uri), *(bank.taken(page) if page else ()))

    def _said(self, uri: str) -> str:
        """What stands under "Names used here", which any module may have changed."""
        apart = self._weaver.page(uri)
        if apart is None:
            return ""
        if self._shown is None:
            self._shown = names.pages(self._weaver.site)
        shown, around = self._shown, self._weaver.state_around(uri)
        listed = sorted(shown.items(), key=str)
        key = digest_of("said", MACHINERY, uri, apart.text, around, listed)
        said: str = self._weaver.cache.get_or(
            key, lambda: names.said(apart, uri, shown)
        )
        return said

    def quoted(self, page: Page) -> list[str]:
        """The pages that a page may quote."""
        quotes = _QUOTES.search(page.markdown or "")
        site = self._weaver.site
        return bank.pages_before(site, page.file.src_uri) if quotes else []

    def find(self, key: str) -> Any:
        return self._weaver.cache.get(key)

    def keep(self, key: str, page: Page) -> None:
        """Keep what a page became."""
        content, markup = self._kept.packed(page.content or "")
        links = page.links_to_anchors
        entry: dict[str, Any] = {
            "content": content,
            "markup": markup,
            "functions": self._scripts.of(page.file.src_uri),
            "toc": [packed(link) for link in page.toc],
            "title": page._title_from_render,
            "anchors": sorted(page.present_anchor_ids or ()),
            "links": {file.src_uri: to for file, to in (links or {}).items()},
        }
        self._weaver.cache.put(key, entry)

    def restore(self, entry: Any, page: Page, files: Files) -> None:
        """Give a page what was kept."""
        page.content = self._kept.unpacked(entry["content"], entry["markup"])
        self._scripts.add_all(page.file.src_uri, entry["functions"])
        page.toc = TableOfContents([_unpacked(link) for link in entry["toc"]])
        page._title_from_render = entry["title"]
        page.present_anchor_ids = set(entry["anchors"])
        page.links_to_anchors = {
            file: to
            for uri, to in entry["links"].items()
            if (file := files.get_file_from_path(uri)) is not None
        }


class KeptPage(Page):
    """A page of Markdown that is converted only if nobody knows what it becomes."""

    keeper: Keeper
    standing_in: StandingIn

    def render(self, config: MkDocsConfig, files: Files) -> None:
        uri, quoted = self.file.src_uri, self.keeper.quoted(self)
        try:
            key = self.keeper.key(self, files)
            entry = self.keeper.find(key)
        except WeaveError:  # which the conversion says
            key, entry = "", None
        text = self.standing_in(uri, quoted, entry is not None)
        if text is not None:
            title = str(self.meta.get("title") or Path(uri).stem)
            self.content = f"<h1>{escape(title)}</h1>{text}"
            return
        if not key:
            return super().render(config, files)
        if entry is not None:
            self.keeper.restore(entry, self, files)
            return
        heard = _Heard()
        logger = logging.getLogger("mkdocs")
        logger.addHandler(heard)
        try:
            super().render(config, files)
        finally:
            logger.removeHandler(heard)
        if not heard.something and "weave-faults" not in (self.content or ""):
            self.keeper.keep(key, self)


def pages(
    files: Files, config: MkDocsConfig, keeper: Keeper, standing_in: StandingIn
) -> None:
    """Make the pages of all Markdown files, with the titles that `nav:` gives.

    `standing_in(uri, quoted, is_kept)` is HTML in the place of a page that is not
    ready, or None; `quoted` are the pages that it quotes, and `is_kept` says whether
    its conversion is known.
    """
    titles = dict(_titles(config.nav))
    for file in files.documentation_pages():
        if file.src_uri.endswith(".md") and file.page is None:
            page = KeptPage(titles.get(file.src_uri), file, config)
            page.keeper, page.standing_in = keeper, standing_in


def _titles(nav: Any) -> Iterator[tuple[str, str]]:
    if isinstance(nav, dict):
        for title, value in nav.items():
            if isinstance(value, str):
                yield value, title
            else:
                yield from _titles(value)
    elif isinstance(nav, list):
        for item in nav:
            yield from _titles(item)


class _Heard(logging.Handler):
    """Notes whether something was said, a broken link for instance."""

    something = False

    def __init__(self) -> None:
        super().__init__(logging.INFO)

    def emit(self, record: logging.LogRecord) -> None:
        self.something = True


def packed(link: AnchorLink) -> list[Any]:
    """An entry of a table of contents, and those below it, as JSON."""
    return [
        link.title,
        link.id,
        link.level,
        [packed(child) for child in link.children],
    ]


def _unpacked(entry: list[Any]) -> AnchorLink:
    title, anchor, level, children = entry
    link = AnchorLink(title, anchor, level)
    link.children = [_unpacked(child) for child in children]
    return link
