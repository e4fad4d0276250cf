"""MkDocs' side of what goes with the lessons: labs, downloads, dates, comments."""

import posixpath
import re
import subprocess
import tempfile
from functools import partial
from html import escape
from pathlib import Path
from urllib.parse import urljoin

from mkdocs.config.config_options import ExtraScriptValue
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File
from mkdocs.structure.toc import get_toc

from _weave.bundle import alone
from _weave.cache import _MACHINERY, _hash, _version
from _weave.faults import Fault, WeaveError
from _weave.labs import Lab, tidy
from _weave.markdown import WeaveExtension

_RENDERERS = "mkdocs-jupyter", "nbconvert", "jupytext", "beautifulsoup4"
_LINK = re.compile(r'(?<=href=")[\w./-]+\.(?:md|py)(?=[#"])')
_PLACE = re.compile(r"<!-- lab figure (\d+) -->")
_GISCUS = "repo", "repo-id", "category", "category-id"
_COLAB = "https://colab.research.google.com/github/{}/blob/gh-pages/{}"

_labs, _dates = {}, {}


def on_config(config):
    """Start the labs, and look up when each file was changed last."""
    weaver = _weave(config).weaver
    _labs.clear()
    if "mkdocs-jupyter" in config.plugins:
        for file in sorted((weaver.docs / "labs").glob("*.py")):
            uri = f"labs/{file.name}"
            _labs[uri] = Lab(weaver, uri)
    if not config.repo_url:
        config.edit_uri = None
    _dates.clear()
    _dates.update(_last_changed(weaver.root))
    if config.extra.get("giscus"):
        script = ExtraScriptValue("assets/js/discuss.js")
        script.defer = True
        config.extra_javascript.append(script)
    return config


def on_files(files, config):
    """Add what is kept nowhere: labs as notebooks that run alone."""
    weave = _weave(config)
    for uri, lab in _labs.items():
        address = partial(_address, lab, config, files)
        try:
            notebook = lab.download(address)
        except WeaveError as error:
            weave.said(error)
            continue
        name = uri.replace(".py", ".ipynb")
        files.append(File.generated(config, name, content=notebook))


def on_pre_page(page, config, files):
    """Let mkdocs-jupyter show a lab that has run, not the script."""
    lab = _labs.get(page.file.src_uri)
    if lab:
        page.render = partial(_render, page, lab, page.render)


def on_page_markdown(markdown, page, config, files):
    lab = _labs.get(page.file.src_uri)
    if lab:
        page.meta = lab.meta()
        page.title = page.meta["title"]


def on_page_content(html, page, config, files):
    """Put beside a page where its code is, when it changed, and its comments."""
    uri = page.file.src_uri
    sources = [f"docs/{uri}"]
    module = _weave(config).weaver.snippets / f"{Path(uri).stem}.py"
    lesson = uri.endswith(".md") and module.exists()
    if uri in _labs:
        html = _LINK.sub(partial(_relative, page, files), html)
        html = html.replace("</h1>", f"</h1>\n{_ways_to_run(page, config, files)}", 1)
    if lesson:
        sources.append(f"snippets/{module.name}")
        html += _code(module, page, config, files)
    changed = max(filter(None, map(_dates.get, sources)), default=None)
    if changed:
        page.update_date = changed
        if config.repo_url:
            page.meta["revision_date"] = changed
    if config.extra.get("giscus") and (uri in _labs or lesson):
        html += _comments(config.extra["giscus"])
    return html


def on_post_page(output, page, config):
    if not config.extra.get("giscus"):
        return output
    for rule in "script-src", "style-src":
        output = output.replace(
            f"{rule} 'self'", f"{rule} 'self' https://giscus.app", 1
        )
    return output.replace("object-src", "frame-src https://giscus.app; object-src", 1)


def _weave(config):
    extensions = config.markdown_extensions
    return next(e for e in extensions if isinstance(e, WeaveExtension))


def _render(page, lab, theirs, config, files):
    weave = _weave(config)
    try:
        notebook, figures = lab.finished(lab.outputs())
    except WeaveError as error:
        page.content, page.toc = weave.said(error), get_toc([])
        return
    versions = [f"{name} {_version(name)}" for name in _RENDERERS]
    key = _hash("lab", _MACHINERY, *versions, notebook)
    kept = weave.weaver.cache.get(key)
    if kept is None:
        kept = _rendered(page, lab, notebook, partial(theirs, config, files))
        weave.weaver.cache.put(key, kept)
    content, toc = kept

    def placed(match):
        svg, alt = figures[int(match[1])]
        mark = f"<!-- weave figure {len(weave.late)} -->"
        label = f'<svg role="img" aria-label="{escape(alt)}" '
        weave.late[mark] = svg.replace("<svg ", label, 1)
        name = f"figure-{int(match[1]) + 1}"
        return f'<figure class="drawn" id="{name}" data-search-exclude>{mark}</figure>'

    page.content, page.toc = _PLACE.sub(placed, content), get_toc(toc)


def _rendered(page, lab, notebook, render):
    """What mkdocs-jupyter makes of the finished notebook, tidied, and its contents."""
    script = page.file.abs_src_path
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, f"{lab.name}.ipynb")
        file.write_text(notebook, encoding="utf-8")
        page.file.abs_src_path = str(file)
        try:
            render()
        finally:
            page.file.abs_src_path = script
    content = tidy(page.content, lambda number: f"<!-- lab figure {number} -->")
    return content, [_token(link) for link in page.toc]


def _token(link):
    children = [_token(child) for child in link.children]
    return {
        "level": link.level,
        "id": link.id,
        "name": link.title,
        "children": children,
    }


def _target(link, files):
    """The file that a lab links to, as seen from docs/labs, or None."""
    return files.get_file_from_path(posixpath.normpath(f"labs/{link}"))


def _relative(page, files, link):
    target = _target(link[0], files)
    return target.url_relative_to(page.file) if target else link[0]


def _address(lab, config, files, link):
    """The published address of what a lab links to; "" where no address is known."""
    target = _target(link, files)
    if target is None:
        line = 1 + lab.text.count("\n", 0, lab.text.index(link))
        message = f"there is no page {link}, as seen from docs/labs"
        raise WeaveError([Fault(lab.path, line, message)])
    return config.site_url and urljoin(config.site_url, target.url)


def _ways_to_run(page, config, files):
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


def _code(module, page, config, files):
    """The line under a lesson: its code as files that run alone, and who draws what."""
    woven, _ = _weave(config).woven or (None, None)
    draws = {module.stem: {}}
    for item in woven.items if woven else ():
        if item.kind == "figure":
            anchor = f"#figure-{item.slug()}"
            link = f'<a href="{anchor}"><code>figure_{escape(item.text)}</code></a>'
            draws.setdefault(item.module, {})[anchor] = link
    parts = []
    for stem, links in draws.items():
        file = _download(module.with_stem(stem), config, files)
        address = file.url_relative_to(page.file)
        part = f'<a href="{address}" download>{stem}.py</a>'
        parts.append(part + (f" draws {', '.join(links.values())}" if links else ""))
    line = f"The code of this page, as files that run alone: {'; '.join(parts)}."
    if len(parts) == 1:
        line = line.replace("as files that run", "as one file that runs")
    # The class is the theme's own for such lines.
    return (
        f'\n<div class="md-source-file weave-source" data-search-exclude>{line}</div>'
    )


def _download(module, config, files):
    """The published file of a module and all that it needs."""
    name = f"downloads/{module.name}"
    file = files.get_file_from_path(name)
    if file is None:
        file = File.generated(config, name, content=alone(module))
        files.append(file)
    return file


def _comments(given):
    """A button that loads the comments, from what giscus.app says to configure."""
    pairs = dict(part.strip().split("=", 1) for part in given.split(";") if "=" in part)
    missing = [name for name in _GISCUS if name not in pairs]
    if missing:
        raise PluginError(
            f"GISCUS lacks {', '.join(missing)}: write it as "
            f"{';'.join(f'{name}=…' for name in _GISCUS)}"
        )
    data = " ".join(f'data-{name}="{escape(pairs[name])}"' for name in _GISCUS)
    return (
        f'\n<section class="weave-discuss" data-search-exclude {data}>'
        '<button class="md-button" type="button" hidden>'
        "Load the comments from giscus.app (GitHub)</button></section>"
    )


def _last_changed(root):
    """The date of the last commit for each file; none where git does not know."""

    def git(*words):
        done = subprocess.run(
            ["git", *words], cwd=root, capture_output=True, text=True, check=True
        )
        return done.stdout

    try:
        if git("rev-parse", "--is-shallow-repository").strip() != "false":
            return {}
        log = git("log", "--format=%x00%cs", "--name-only", "--relative", "--", ".")
    except (OSError, subprocess.CalledProcessError):
        return {}
    dates = {}
    for commit in log.split("\0")[1:]:
        date, *files = filter(None, commit.split("\n"))
        for file in files:
            dates.setdefault(file, date)
    return dates
