"""One object for MkDocs, with all its hooks: a build from its start to its end."""

from __future__ import annotations

import atexit
import logging
import os
import posixpath
import re
import signal
import sys
import threading
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import partial
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.livereload import LiveReloadServer
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.structure.toc import get_toc
from mkdocs.utils import get_relative_url

from ..markdown import names
from ..markdown.context import Kept, Scripts
from ..markdown.extension import WeaveExtension, red_box
from ..markdown.html import hidden, labelled
from ..model import Fault, Item, WeaveError
from ..read import lessons
from ..run.cache import MACHINERY, digest_of, folder_beside
from ..run.weaver import Weaver
from . import assets, bundle, comments, dates, downloads, kept, lean, policy
from .labs import NOTHING, Lab
from .preview import Preview
from .progress import Progress
from .templates import QuickTheme
from .written import Done, Written, keep_entries, key_of

log = logging.getLogger("mkdocs.weave")

_LINK = re.compile(r'(?<=href=")[\w./-]+\.(?:md|py)(?=[#"])')
_THEME = Path(__file__).parent.parent / "theme"
_OPENING = re.compile(r'id="figure-\w+-opening">(<!--.*?-->)')
_MANY = 20  # faults, more than a screen shows
_COLAB = "https://colab.research.google.com/github/{}/blob/gh-pages/{}"


class Build:
    """What one `mkdocs build` or `mkdocs serve` knows, from one hook to the next.

    Under `serve` the same object builds the site again and again; `on_config` begins
    each time anew. A build collects what is wrong in `faults`, and stops with them
    before anything is written; a preview says it at once, and on the pages.
    """

    missing: list[Fault]  # of lessons, for their pages
    kept: Kept
    scripts: Scripts
    labs: dict[str, Lab]

    def __init__(self) -> None:
        self.serving = False  # nor does who reads the settings and builds nothing
        self.faults: list[Fault] = []
        self.dates: dict[str, str] = {}
        self.page: str | None = None  # that is being converted
        self.preview: Preview | None = None
        self.written: Written | None = None
        self._weaver: Weaver | None = None
        self._figures: dict[str, list[Item]] | None = None

    @property
    def weaver(self) -> Weaver:
        assert self._weaver is not None  # on_config makes it
        return self._weaver

    def on_startup(self, *, command: str, dirty: bool) -> None:
        self.serving = command == "serve"
        for name in "mkdocs.plugins.mkdocs_jupyter", "mkdocs.mkdocs-jupyter":
            # It names each of our temporary files.
            logging.getLogger(name).setLevel(logging.WARNING)
        if (
            threading.current_thread() is threading.main_thread()
            and signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
        ):
            # What ends a build ends what it has begun, too: exit handlers run.
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    def on_config(self, config: MkDocsConfig) -> None:
        """Start every run that is needed; MkDocs goes on and reads the pages."""
        if self._weaver is None:
            root = Path(config.config_file_path).resolve().parent
            docs = Path(config.docs_dir).resolve()
            if root not in docs.parents:
                raise PluginError(f"docs_dir: {docs} is not below {root}")
            self._weaver = Weaver(root, docs.relative_to(root).as_posix())
            self._progress = Progress(self._weaver)
            atexit.register(self._weaver.close)
            if self.serving:
                self.preview = Preview(self._weaver, config)
                self.written = Written()
        config.theme = QuickTheme(config.theme)
        self._figures = None
        self.kept, self.scripts = Kept(), Scripts()
        # MkDocs could not import the extension by name from snippets/.
        extension = WeaveExtension(
            self.weaver, lambda: self.page, self.note, self.kept, self.scripts
        )
        config.markdown_extensions.append(extension)  # type: ignore[arg-type]
        self.missing = []
        try:
            lessons.check(self.weaver.site)
        except WeaveError as error:
            self.note(error)
            self.missing = error.faults
            if not self.serving:
                raise PluginError(str(error)) from None
        try:
            self.weaver.prepare(self._order())
        except WeaveError as error:
            if not self.serving:  # a preview says it on the pages
                raise PluginError(str(error)) from None
        self._start_labs(config)
        self._progress.begin()
        if self.preview:
            self.preview.wait()
        if not self.dates:  # a preview need not ask again
            self.dates = dates.last_changed(self.weaver.site.root)
        if not config.repo_url:
            config.edit_uri = None

    def on_files(self, files: Files, *, config: MkDocsConfig) -> None:
        """Add what is kept nowhere: generated style, notebooks, assets uncommented."""
        for file in files:
            own = file.abs_src_path and self.weaver.site.docs in (
                Path(file.abs_src_path).parents
            )
            if own and file.src_uri.endswith((".css", ".js")):
                file.content_string = assets.without_comments(file.content_string)
        css = assets.palette_css(self.weaver.site.snippets)
        files.append(File.generated(config, "assets/css/palette.css", content=css))
        for lab in self.labs.values():
            try:
                notebook = lab.download(partial(self._address, lab, config, files))
            except WeaveError as error:
                self.note(error)
                continue
            name = lab.uri.replace(".py", ".ipynb")
            files.append(File.generated(config, name, content=notebook))
        keeper = kept.Keeper(self.weaver, config, self.kept, self.scripts)
        kept.pages(files, config, keeper, self._standing_in)
        keep_entries(config, self.weaver.cache, self.kept)

    @event_priority(100)  # mkdocs-jupyter looks at the page's file then
    def on_pre_page(self, page: Page, *, config: MkDocsConfig, files: Files) -> None:
        """Give mkdocs-jupyter a lab's finished notebook in the place of its script."""
        lab = self.labs.get(page.file.src_uri)
        if lab:
            try:
                lacks = self.serving and not self.weaver.is_ready(lab.uri)
                notebook = NOTHING if lacks else lab.finished()
            except WeaveError:
                return  # which is said when its content is asked for
            page.file.abs_src_path = self._beside(f"{lab.name}.ipynb", notebook)

    def on_page_read_source(self, *, page: Page, config: MkDocsConfig) -> str | None:
        """Read a page that is not UTF-8, too: its fault is said when it is woven."""
        file = page.file.abs_src_path
        if not file or not page.file.src_uri.endswith(".md"):
            return None
        return Path(file).read_text("utf-8-sig", errors="replace")

    def on_page_markdown(
        self, markdown: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> None:
        uri = page.file.src_uri
        self.page = uri if uri.endswith(".md") else None
        if "station" in page.meta:
            page.meta["status"] = "station"  # which the navigation shows
        if uri in self.labs:
            try:
                page.meta = self.labs[uri].meta()
            except WeaveError as error:
                self.note(error)
            page.title = page.meta.get("title")

    def on_page_content(
        self, html: str, *, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        """Put beside a page where its code is, when it changed, and its comments."""
        uri = page.file.src_uri
        self.page = None
        site = self.weaver.site
        module = site.snippets / f"{Path(uri).stem}.py"
        sources = [site.path(uri)]
        lesson = uri.endswith(".md") and module.exists()
        if uri in self.labs:
            html = self._lab(self.labs[uri], html, page, config, files)
        if self.preview and uri in self.preview.lacking:
            return html  # nothing was checked yet
        opening = _OPENING.search(html)
        if opening:  # which stands beside the page's name elsewhere, too
            page.meta["picture"] = hidden(self.kept.restore(opening[1]))
        known = self.weaver.page(uri)
        if lesson:
            sources.append(f"snippets/{module.name}")
        used = names.used(known) if known else None
        if lesson or used:
            address = partial(self._download, page, config, files)
            more = files.get_file_from_path("reference/verification.md")
            checked = downloads.checked(
                known,
                site.root / f"tests/test_{module.stem}.py",
                more.url_relative_to(page.file) if more else None,
            )
            stem = used.module if used else module.stem
            html += downloads.line(stem, known, address, checked)
        missing = [one for one in self.missing if one.path in sources]
        html = red_box(WeaveError(missing)) + html if missing else html
        changed = max(filter(None, map(self.dates.get, sources)), default=None)
        if changed:
            page.update_date = changed
            if config.repo_url:
                page.meta["revision_date"] = changed
        if config.extra.get("giscus") and (uri in self.labs or lesson):
            html += comments.button(config.extra["giscus"])
        return self.kept.without_maths(html)

    def on_env(self, env: Environment, *, config: MkDocsConfig, files: Files) -> None:
        """All pages are read, none is written yet: the last moment to stop."""
        if self.written:
            theme = [file.read_bytes() for file in sorted(_THEME.glob("**/*.html"))]
            settings = Path(config.config_file_path).read_bytes()
            around = digest_of(settings, *theme, config.site_url)
            self.written.watch(env, partial(self._key, around))
        if self.faults:
            raise PluginError(
                f"nothing was published, because of\n{_listed(self.faults)}"
            )
        for path, code in self.scripts.files().items():
            files.append(File.generated(config, path, content=code))
        if any(_runs_python(file.page) for file in files.documentation_pages()):
            key = digest_of("python.js", MACHINERY)
            python = self.weaver.cache.get_or(key, assets.python_js)
            files.append(File.generated(config, "assets/js/python.js", content=python))

    def on_post_page(self, output: str, *, page: Page, config: MkDocsConfig) -> str:
        if isinstance(output, Done):
            return output
        # Among scripts that wait for the page, those in its head run first.
        for path in self.scripts.paths(page.file.src_uri):
            address = get_relative_url(path, page.url)
            tag = f'<script src="{address}" defer></script>'
            output = output.replace("</head>", f"{tag}</head>", 1)
        html = self._guarded(self.kept.restore(output), config)
        return self.written.keep(page.file.src_uri, html) if self.written else html

    def on_post_build(self, *, config: MkDocsConfig) -> None:
        self.weaver.remember()
        if self.preview:
            self.preview.built()
        else:
            offline = config.plugins.get("material/offline")
            is_offline = offline is not None and offline.config.enabled
            lean.trim(Path(config.site_dir), offline=is_offline)

    def on_serve(
        self, server: LiveReloadServer, *, config: MkDocsConfig, builder: object
    ) -> None:
        if self.preview:
            self.preview.follow(server, config)

    def on_post_template(
        self, output_content: str, *, template_name: str, config: MkDocsConfig
    ) -> str | None:
        if not template_name.endswith(".html"):
            return None
        return self._guarded(output_content, config)

    def note(self, error: WeaveError) -> str:
        """Remember a page's faults for the end of the build; show them in its place.

        A preview says them now: it does not end with them.
        """
        if self.serving:
            for fault in error.faults:
                log.error("%s", fault)
        else:
            self.faults.extend(error.faults)
        return red_box(error)

    def _guarded(self, html: str, config: MkDocsConfig) -> str:
        also = comments.RULES if config.extra.get("giscus") else {}
        return policy.guarded(html, also, preview=self.serving)

    def _order(self) -> list[str]:
        """The pages to run first."""
        return self.preview.order() if self.preview else self.weaver.site.navigation()

    def _standing_in(self, uri: str, quoted: list[str], is_kept: bool) -> str | None:
        """What a preview shows in the place of a page that cannot be shown yet."""
        if self.preview and self.preview.lacks(uri, quoted, is_kept):
            return self.preview.said()
        return None

    def _key(self, around: str, context: dict[str, Any]) -> str:
        """What a page that the theme makes of a context depends on.

        `around` is a digest of what all pages have in common.
        """
        page: Page = context["page"]
        content, markup = self.kept.packed(page.content or "")
        scripts = self.scripts.paths(page.file.src_uri)
        return key_of(context | {"content": content}, markup, around, scripts)

    def _start_labs(self, config: MkDocsConfig) -> None:
        self.labs = {}
        if "mkdocs-jupyter" in config.plugins:
            for file in sorted((self.weaver.site.docs / "labs").glob("*.py")):
                uri = f"labs/{file.name}"
                try:
                    self.labs[uri] = Lab(self.weaver, uri)
                except WeaveError as error:
                    raise PluginError(str(error)) from None

    def _lab(
        self, lab: Lab, html: str, page: Page, config: MkDocsConfig, files: Files
    ) -> str:
        if self.preview and self.preview.lacks(lab.uri):
            page.toc = get_toc([])
            return f"<h1>{escape(page.title or '')}</h1>{self.preview.said()}"
        try:
            html = lab.page(html, self._drawn)
        except WeaveError as error:
            page.toc = get_toc([])
            return self.note(error)
        html = _LINK.sub(partial(_relative, page, files), html)
        ways = _ways_to_run(page, config, files)
        return html.replace("</h1>", f"</h1>\n{ways}", 1)

    def _drawn(self, svg: str, alt: str) -> str:
        return self.kept.keep(labelled(svg, alt))

    def _beside(self, name: str, text: str) -> str:
        """A file for another plugin to read, in the cache's folder if that is ours."""
        folder = folder_beside(self.weaver.cache.folder, "labs")
        return _written(folder / name, text)

    def _download(
        self, page: Page, config: MkDocsConfig, files: Files, stem: str
    ) -> str:
        """The address of a module's download, which is made when first asked for."""
        name = f"downloads/{stem}.py"
        file = files.get_file_from_path(name)
        if file is None:
            module = self.weaver.site.snippets / f"{stem}.py"
            figures = self._figures_of(stem)
            state = self.weaver.sources.state([stem])
            key = digest_of("alone", MACHINERY, stem, figures, state)
            content: str = self.weaver.cache.get_or(
                key, lambda: bundle.alone(module, self.weaver.sources, figures)
            )
            file = File.generated(config, name, content=content)
            files.append(file)
        return file.url_relative_to(page.file)

    def _figures_of(self, stem: str) -> list[Item]:
        """The figures of a module that any page shows."""
        if self._figures is None:
            self._figures = defaultdict(list)
            for page in filter(None, map(self.weaver.page, self.weaver.site.pages())):
                for item in page.items:
                    if item.form == "figure":
                        self._figures[item.module].append(item)
        return self._figures[stem]

    def _address(
        self, lab: Lab, config: MkDocsConfig, files: Files, link: str
    ) -> str | None:
        """The published address of what a lab links to; None where none is known."""
        target = _target(link, files)
        if target is None:
            raise lab.fault(link)
        return urljoin(config.site_url, target.url) if config.site_url else None


def _listed(faults: Iterable[Fault]) -> str:
    """All faults; behind many of them, in a line that is seen last, where they are."""
    found = sorted(set(faults))
    listing = "\n".join(map(str, found))
    files = Counter(fault.path for fault in found).most_common()
    if len(found) <= _MANY:
        return listing
    most = ", ".join(f"{path} ({count})" for path, count in files[:3])
    return (
        f"{listing}\n\nThat is {len(found)} faults in {len(files)} files, most of them "
        f"in {most}. One mistake can show in many places: begin with the file that "
        "was changed last."
    )


def _runs_python(page: Page | None) -> bool:
    """Whether a page has code that its reader can run."""
    return page is not None and "<weave-python" in (page.content or "")


def _written(file: Path, text: str) -> str:
    """Write a file that another build may read just now; returns where it is."""
    data = text.encode()
    if not file.exists() or file.read_bytes() != data:
        half = file.with_suffix(f".{os.getpid()}")
        half.write_bytes(data)
        half.replace(file)
    return str(file)


def _target(link: str, files: Files) -> File | None:
    """The file that a lab links to, as seen from docs/labs, or None."""
    return files.get_file_from_path(posixpath.normpath(f"labs/{link}"))


def _relative(page: Page, files: Files, link: re.Match[str]) -> str:
    target = _target(link[0], files)
    return target.url_relative_to(page.file) if target else link[0]


def _ways_to_run(page: Page, config: MkDocsConfig, files: Files) -> str:
    notebook = files.get_file_from_path(page.file.src_uri.replace(".py", ".ipynb"))
    if notebook is None:  # there is a fault in it, which has been said
        return ""
    address = notebook.url_relative_to(page.file)
    ways = [f'<a href="{address}" download>Download the notebook</a>']
    _, github, repository = (config.repo_url or "").partition("https://github.com/")
    if github:
        colab = _COLAB.format(repository.strip("/"), notebook.url)
        ways.append(f'<a href="{escape(colab)}">Open it in Colab</a>')
    return (
        f'<p class="lab-ways" data-search-exclude>{" or ".join(ways)}: it brings along '
        "the code of the lessons, and needs NumPy and Matplotlib.</p>"
    )
