"""What a preview need not do again: pages as they were written, and search entries.

Where page, navigation and settings are what they were, the theme's templates and the
policy would give the same page. MkDocs has no hook for that; Jinja has: the class of
the templates. For the search index there is neither, so an index of ours stands in the
place of the plugin's (written for mkdocs-material 9.7; a test notices when it no longer
fits).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from jinja2 import Environment, Template
from material.plugins.search.plugin import (  # type: ignore[import-untyped]
    SearchIndex,
    SearchPlugin,
)
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page

from ..markdown.context import Kept
from ..run.cache import Cache, digest_of, version_of
from .kept import packed


class Done(str):
    """A page as it was written before: nothing has to be done to it."""

    __slots__ = ()


class Written:
    """The pages of a preview as they were written last, each under a key."""

    def __init__(self) -> None:
        self._pages: dict[str, tuple[str, str]] = {}
        self._keys: dict[str, str] = {}

    def watch(self, env: Environment, key: Callable[[dict[str, Any]], str]) -> None:
        """Let templates of an environment look here first.

        `key(context)` is a digest of all that makes the page of a context.
        """
        pages, keys = self._pages, self._keys

        class Known(Template):
            def render(self, *args: Any, **kwargs: Any) -> str:
                context = dict(*args, **kwargs)
                page = context.get("page")
                if page is None:
                    return super().render(context)
                uri = page.file.src_uri
                keys[uri] = key(context)
                known, html = pages.get(uri, ("", ""))
                return Done(html) if known == keys[uri] else super().render(context)

        env.template_class = Known

    def keep(self, uri: str, html: str) -> str:
        """Keep a page as it is written."""
        self._pages[uri] = self._keys[uri], html
        return html


def key_of(context: dict[str, Any], markup: list[str], *others: object) -> str:
    """A digest of what the theme's templates read, and of what is put in later.

    In the context, `content` is that of the page without the numbers of one build.
    """
    page: Page = context["page"]
    around = [
        (near.title, near.url, near.meta.get("description")) if near else None
        for near in (page.previous_page, page.next_page)
    ]
    return digest_of(
        *(context["content"], page.title, page.url, page.canonical_url, page.edit_url),
        *(page.is_homepage, page.update_date, around, [*map(packed, page.toc)]),
        *(page.meta, _shown(context["nav"])),
        [str(file) for file in context["extra_css"]],
        [str(file) for file in context["extra_javascript"]],
        *(context["base_url"], context.get("tags"), *others),
        *markup,
    )


@lru_cache(maxsize=1)  # all pages of a build have the same
def _shown(nav: Navigation) -> str:
    """A digest of what a navigation may show of itself and of its pages.

    Their titles and addresses are in its own text.
    """
    heads = [
        (page.url, name, value)
        for page in nav.pages
        for name, value in page.meta.items()
        if name not in ("given", "description")
    ]
    return digest_of(nav, *heads)


class KeptIndex(SearchIndex):  # type: ignore[misc]
    """A search index that parses a page only if nobody knows its entries."""

    def __init__(self, cache: Cache, kept: Kept, settings: dict[str, Any]) -> None:
        super().__init__(**settings)
        self._cache, self._kept = cache, kept

    def add_entry_from_context(self, page: Page) -> None:
        content, _ = self._kept.packed(page.content or "")
        own = content, page.title, page.url, page.meta, [*map(packed, page.toc)]
        key = digest_of("search", version_of("mkdocs-material"), *own)
        self.entries += self._cache.get_or(key, lambda: self._entries(page))

    def _entries(self, page: Page) -> list[dict[str, Any]]:
        index = SearchIndex()  # whose settings are for those who search
        index.add_entry_from_context(page)
        entries: list[dict[str, Any]] = index.entries
        return entries


def keep_entries(config: MkDocsConfig, cache: Cache, kept: Kept) -> None:
    """Let the search plugin, if there is one, keep the entries of pages."""
    plugin = config.plugins.get("material/search")
    if isinstance(plugin, SearchPlugin):
        plugin.search_index = KeptIndex(cache, kept, dict(plugin.config))
