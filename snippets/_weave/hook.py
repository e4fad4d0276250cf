"""MkDocs' side of the machinery: when to start, where to say what is wrong."""

import atexit
import logging
import re
import sys
from pathlib import Path

from mkdocs.exceptions import PluginError

sys.path.insert(0, str(Path(__file__).parent.parent))

from _weave.markdown import WeaveExtension, red_box
from _weave.weave import Weaver

log = logging.getLogger("mkdocs.weave")

_FIGURE = re.compile(r"<!-- figure \d+ -->")

_serving = False
_extension = None
_faults = []


def on_startup(command, dirty):
    global _serving
    _serving = command == "serve"


def on_config(config):
    """Add the extension, which MkDocs could not import by name from snippets/."""
    global _extension
    if _extension is None:
        root = Path(config.config_file_path).resolve().parent
        docs = Path(config.docs_dir).resolve().relative_to(root)
        _extension = WeaveExtension(Weaver(root, docs), on_error=_note)
        atexit.register(_extension.weaver.close)
    config.markdown_extensions.append(_extension)
    return config


def on_files(files, config):
    """Start every run that is needed; MkDocs reads the pages meanwhile."""
    _faults.clear()
    _extension.late = {}
    for file in files.documentation_pages():
        if file.src_uri.endswith(".md"):
            _extension.weaver.prepare(file.src_uri)


def on_page_markdown(markdown, page, config, files):
    _extension.page = page.file.src_uri if page.file.src_uri.endswith(".md") else None


def on_env(env, config, files):
    """All pages are read, none is written yet: the last moment to stop."""
    if _faults and not _serving:
        listing = "\n".join(map(str, sorted(set(_faults))))
        raise PluginError(f"nothing was published, because of\n{listing}")


def on_post_page(output, page, config):
    return _FIGURE.sub(lambda match: _extension.late[match[0]], output)


def _note(error):
    """Remember a page's faults for the end of the build; show them in its place."""
    _faults.extend(error.faults)
    if _serving:
        for fault in error.faults:
            log.error("%s", fault)
    return red_box(error)
