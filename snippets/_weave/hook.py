"""MkDocs' side of the machinery: when to start, where to say what is wrong."""

import atexit
import base64
import logging
import re
import sys
from hashlib import sha256
from pathlib import Path

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File

sys.path.insert(0, str(Path(__file__).parent.parent))

from _weave.faults import WeaveError
from _weave.markdown import WeaveExtension, red_box
from _weave.translate import script
from _weave.weave import Weaver

log = logging.getLogger("mkdocs.weave")

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_FIGURE = re.compile(r"<!-- weave figure \d+ -->")
# What only the pages load that have such an element.
_LOADED = {
    element: re.compile(
        rf'\s*<(?:script src|link rel="stylesheet" href)="[^"]*assets/(?:js|css)/{name}'
        r'\.(?:js|css)"[^>]*>(?:</script>)?'
    )
    for element, name in {
        "<weave-explore": "explore(?:-functions)?",
        "<weave-bank": "practice",
    }.items()
}

_serving = False
_extension = None
_faults = []


def on_startup(command, dirty):
    global _serving
    _serving = command == "serve"


def on_config(config):
    """Add the extension, which MkDocs could not import by name from snippets/.

    Every run that is needed starts here; MkDocs goes on and reads the pages.
    """
    global _extension
    if _extension is None:
        root = Path(config.config_file_path).resolve().parent
        docs = Path(config.docs_dir).resolve().relative_to(root)
        _extension = WeaveExtension(Weaver(root, docs), on_error=_note)
        atexit.register(_extension.weaver.close)
    config.markdown_extensions.append(_extension)
    _faults.clear()
    _extension.late = {}
    try:
        _extension.weaver.prepare()
    except WeaveError as error:
        raise PluginError(str(error)) from None
    return config


def on_files(files, config):
    """Add what is kept nowhere: the functions of the explorables, in JavaScript."""
    file = _extension.weaver.snippets / "explore.py"
    if file.exists():
        try:
            code = script(file.read_text("utf-8"), "snippets/explore.py")
        except WeaveError as error:
            _note(error)
            return
        name = "assets/js/explore-functions.js"
        files.append(File.generated(config, name, content=code))


def on_page_markdown(markdown, page, config, files):
    _extension.page = page.file.src_uri if page.file.src_uri.endswith(".md") else None


def on_env(env, config, files):
    """All pages are read, none is written yet: the last moment to stop."""
    if _faults and not _serving:
        listing = "\n".join(map(str, sorted(set(_faults))))
        raise PluginError(f"nothing was published, because of\n{listing}")


def on_post_page(output, page, config):
    for element, loaded in _LOADED.items():
        if element not in output:
            output = loaded.sub("", output)
    return _guarded(
        _FIGURE.sub(lambda match: _extension.late.get(match[0], match[0]), output)
    )


def on_post_template(output_content, template_name, config):
    return _guarded(output_content) if template_name.endswith(".html") else None


def _guarded(html):
    """Forbid the page to load anything from elsewhere, or to run any other script."""
    scripts = _SCRIPT.findall(html)
    hashes = {base64.b64encode(sha256(code.encode()).digest()) for code in scripts}
    allowed = " ".join(f"'sha256-{digest.decode()}'" for digest in sorted(hashes))
    policy = (
        f"default-src 'self'; script-src 'self' {allowed}; style-src 'self'; "
        "img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'"
    )
    tag = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    return html.replace("<head>", f"<head>{tag}", 1)


def _note(error):
    """Remember a page's faults for the end of the build; show them in its place."""
    _faults.extend(error.faults)
    if _serving:
        for fault in error.faults:
            log.error("%s", fault)
    return red_box(error)
